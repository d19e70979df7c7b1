"""Which topics a post is about."""

from pathlib import Path

import pytest

from pelican_mlnotes.document.model import Document
from pelican_mlnotes.document.reader import parse_document
from pelican_mlnotes.settings import Settings
from pelican_mlnotes.text.words import words
from pelican_mlnotes.topics.choose import judge_topics, suggest_topics
from pelican_mlnotes.topics.mentions import Post
from pelican_mlnotes.topics.taxonomy import BUNDLED, load_taxonomy

TAXONOMY = """
[words]
vision = ["image", "camera"]

[[topic]]
id = "learning"
label = "Learning"
explicit = true

[[topic]]
id = "networks"
label = "Neural Networks"
broader = ["learning"]

[[topic]]
id = "pooling"
label = "Pooling"
kind = "method"
broader = ["networks"]
aliases = ["pooling layer", "average pooling"]

[[topic]]
id = "dropout"
label = "Dropout"
broader = ["networks"]
signs = ["mixes vectors"]
aliases_de = ["Ausfall"]

[[topic]]
id = "compiler"
label = "Compiler"
weak = true

[[topic]]
id = "clip"
label = "CLIP"
ambiguous = [{ name = "CLIP", case = true, with = ["@vision", "contrastive loss"], without = ["paper"] }]

[[topic]]
id = "transformers"
label = "Transformers"
ambiguous = [{ name = "transformer", near = ["token", "attention layer"] }]
"""

FILLER = "We went on to the next part and looked at what was left over from the day before. " * 3


@pytest.fixture(scope="module")
def taxonomy(tmp_path_factory):
    path = tmp_path_factory.mktemp("taxonomy") / "topics.toml"
    path.write_text(TAXONOMY, encoding="utf-8")
    return load_taxonomy(path)


@pytest.fixture
def judge(taxonomy):
    """Judge a post given as title, paragraphs and headings; returns the verdicts by id."""

    def judge(title="", *paragraphs, headings=(), captions=(), lang="en"):
        prose = " ".join(paragraphs)
        lead = len(paragraphs[0]) if paragraphs else 0
        document = Document(prose=prose, headings=tuple(headings), captions=tuple(captions), lead=lead)
        verdicts = judge_topics(title, document, taxonomy, max=5, min_score=0.3, lang=lang)
        return {verdict.topic.id: verdict for verdict in verdicts}

    return judge


def test_a_title_outweighs_a_heading_and_that_a_mention(judge):
    long = FILLER * 10
    title = judge("Pooling", long, "About pooling.")["pooling"].score
    heading = judge("", long, "About pooling.", headings=["Pooling"])["pooling"].score
    lead = judge("", "About pooling.", long)["pooling"].score
    mention = judge("", long, "About pooling.")["pooling"].score
    assert title > heading > lead > mention > 0


def test_density_counts_not_number(judge):
    short = judge("", FILLER, "Pooling. " * 5)["pooling"].score
    long = judge("", FILLER * 20, "Pooling. " * 5)["pooling"].score
    assert short > long


def test_mentions_all_over_a_post_outweigh_mentions_in_one_place(judge):
    spread = judge("", FILLER, *(FILLER + "Pooling." for _ in range(4)))["pooling"].score
    together = judge("", FILLER, FILLER * 4, "Pooling. " * 4)["pooling"].score
    assert spread > together


def test_a_parent_gains_from_its_children(judge):
    one = judge("Pooling", FILLER)["networks"].score
    two = judge("Pooling and dropout", FILLER)["networks"].score
    assert two > one > 0


def test_an_explicit_topic_needs_to_be_named(judge):
    unnamed = judge("Pooling", FILLER)["learning"].score
    named = judge("Pooling", FILLER, "It is a part of learning.")["learning"].score
    assert named > 2 * unnamed


def test_the_longest_name_counts(judge):
    assert judge("", "A pooling layer.", FILLER)["pooling"].evidence == ("body: pooling layer",)


def test_names_do_not_reach_from_one_heading_to_the_next(judge):
    assert "networks" not in judge("", FILLER, headings=["Neural", "Networks"])


def test_a_name_that_needs_its_spelling_counts_in_no_other(judge):
    assert "clip" in judge("CLIP", "An image.")
    assert "clip" not in judge("Clip", "An image and a clip.")


def test_a_name_counts_only_with_its_evidence(judge):
    assert "clip" not in judge("CLIP", FILLER)
    assert "clip" in judge("CLIP", "It has a contrastive loss.")
    assert "clip" in judge("CLIP", "Two cameras.")
    assert "clip" not in judge("CLIP", "An image on paper.")


def test_a_name_that_was_near_its_evidence_once_counts_everywhere(judge):
    far = "A transformer stands there. " + FILLER
    assert "transformers" not in judge("", far)
    assert judge("", far, "The transformer reads a token.")["transformers"].evidence == (
        "body: 2x transformer",
    )


def test_a_name_counts_near_a_phrase(judge):
    assert "transformers" in judge("", "An attention layer makes it a transformer.")


def test_evidence_tells_the_places(judge):
    verdict = judge("Pooling", "Average pooling.", FILLER, "Pooling, pooling.", headings=["A pooling layer"])
    assert verdict["pooling"].evidence == (
        "title: Pooling",
        "headings: pooling layer",
        "body: 2x Pooling, average pooling",
    )


def test_evidence_tells_what_supports_a_topic_from_below(judge):
    verdict = judge("Pooling and dropout", "Pooling and dropout.", FILLER)["networks"]
    assert verdict.evidence == ("narrower: Pooling, Dropout",)


def test_names_of_a_language_count_in_its_posts(judge):
    assert "dropout" in judge("Ausfall", FILLER, lang="de")
    assert "dropout" not in judge("Ausfall", FILLER, lang="en")


def test_what_lost_says_why(judge):
    verdicts = judge("Pooling", FILLER, "Dropout.")
    assert verdicts["pooling"].lost == ""
    assert verdicts["dropout"].lost


@pytest.mark.parametrize("html", ["", "<p>", "<h2></h2>", "<p>12 + 4 = 16</p>"])
def test_a_post_that_says_nothing_has_no_topics(taxonomy, html):
    assert suggest_topics("", parse_document(html), taxonomy, max=5, min_score=0.1) == ()


def test_given_tokens_change_nothing():
    taxonomy = load_taxonomy(BUNDLED)
    document = parse_document("<p>Convolutional neural networks see edges first, then shapes.</p>")
    plain = suggest_topics("Convolutional neural networks", document, taxonomy, max=5, min_score=0.4)
    tokens = words(document.prose)
    assert plain
    assert plain == suggest_topics(
        "Convolutional neural networks", document, taxonomy, max=5, min_score=0.4, tokens=tokens
    )


def test_tools_alone_do_not_make_a_post_one_on_the_subject(judge):
    alone = judge("The compiler", "A compiler. " * 9, headings=["Compiler"])["compiler"]
    assert alone.score > 0.9
    assert alone.lost == "too little else says that the post is about machine learning, data or statistics"
    beside = judge("A compiler for dropout", "A compiler for dropout. " * 9, headings=["Compiler"])
    assert beside["compiler"].lost == ""


def test_words_of_the_trade_count_less_than_names(judge):
    sign = judge("", FILLER, "It mixes vectors. " * 3)["dropout"]
    name = judge("", FILLER, "It has dropout. " * 3)["dropout"]
    assert 0 < sign.score < name.score
    assert sign.evidence == ("body: 3x mixes vectors",)


def test_words_of_the_trade_do_not_announce(judge):
    title = judge("It mixes vectors", FILLER)["dropout"].score
    assert title < judge("Dropout", FILLER)["dropout"].score


def test_a_heading_that_is_the_name_outweighs_one_that_contains_it(judge):
    whole = judge("", FILLER, headings=["Dropout"])["dropout"].score
    part = judge("", FILLER, headings=["Why we no longer think much about dropout at all"])["dropout"].score
    assert whole > part


def test_no_more_than_asked_for(taxonomy):
    document = parse_document("<p>Pooling and dropout, dropout and pooling.</p>")
    found = suggest_topics("Pooling and dropout", document, taxonomy, max=1, min_score=0.1)
    assert len(found) == 1
    assert suggest_topics("Pooling and dropout", document, taxonomy, max=0, min_score=0.1) == ()


# ------------------------------------------------------------------------------------------- whole posts


def test_a_title_names_what_lies_within_the_name_of_a_special_case(bundled):
    seen = Post("BERT fine-tuning at home", parse_document("<p>On one card.</p>"), bundled, None, "en").seen
    assert (seen["bert"].title, seen["fine-tuning"].title) == (1, 1)


def test_a_title_does_not_name_the_fields_within_a_name(bundled):
    title = "Dynamic linear models and Bayesian neural networks"
    seen = Post(title, parse_document("<p>On one card.</p>"), bundled, None, "en").seen
    assert set(seen) == {"dynamic-linear-models", "bayesian-neural-networks"}


CASES = Path(__file__).parents[2] / "cases" / "topics.md"


def read_cases():
    blocks = CASES.read_text(encoding="utf-8").split("\n---\n", 1)[1].split("\n.\n")
    for name, post, expected in zip(blocks[::3], blocks[1::3], blocks[2::3], strict=True):
        title, html = post.split("\n", 1)
        yield pytest.param(title, html, expected.strip(), id=name.strip())


@pytest.fixture(scope="module")
def bundled():
    return load_taxonomy(BUNDLED)


@pytest.mark.parametrize(("title", "html", "expected"), list(read_cases()))
def test_case(bundled, title, html, expected):
    found = suggest_topics(title, parse_document(html), bundled, max=5, min_score=Settings().topics_min_score)
    labels = [suggestion.topic.label for suggestion in found]
    if expected == "none":
        assert labels == []
        return
    for line in expected.splitlines():
        kind, _, names = line.partition(": ")
        assert kind in ("has", "not")
        for name in names.split(", "):
            assert (name in labels) == (kind == "has"), labels


@pytest.mark.parametrize(
    ("lang", "title", "text", "label"),
    [
        (
            "de",
            "Bienen zählen",
            "Die Objekterkennung findet Bienen. Nachts irrt die Objekterkennung.",
            "Object Detection",
        ),
        (
            "fr",
            "Mon premier réseau de neurones",
            "Un réseau de neurones apprend lentement.",
            "Neural Networks",
        ),
        (
            "es",
            "Mi gato",
            "El aprendizaje por refuerzo premia. Aprendizaje por refuerzo.",
            "Reinforcement Learning",
        ),
        ("ru", "Обучение с подкреплением", "Награда приходит поздно.", "Reinforcement Learning"),
        ("zh-CN", "强化学习入门", "强化学习的基础是奖励。", "Reinforcement Learning"),
        (
            "pt",
            "Uma introdução ao aprendizado profundo",
            "O aprendizado profundo usa redes neurais.",
            "Deep Learning",
        ),
        ("pt-BR", "Meu gato", "A visão computacional vê. Visão computacional é útil.", "Computer Vision"),
        ("ja", "強化学習入門", "強化学習では報酬を最大にします。", "Reinforcement Learning"),
        ("ar", "مقدمة في التعلم العميق", "التعلم العميق فرع من تعلم الآلة.", "Deep Learning"),
        ("de", "Wissensdestillation", "Ein kleines Modell lernt vom großen.", "Knowledge Distillation"),
        ("fr", "Bandits manchots", "Choisir un bras, observer, recommencer.", "Multi-Armed Bandits"),
        ("es", "Valores atípicos", "Los valores atípicos cambian la media.", "Outliers"),
        ("ru", "Самовнимание", "Слова смотрят друг на друга.", "Self-Attention"),
        ("zh", "变分自编码器", "变分自编码器学习分布。", "Variational Autoencoders"),
        ("de", "BERT liest Urteile", "BERT zerlegt Namen. Als Sprachmodell kennt BERT kein Recht.", "BERT"),
    ],
)
def test_posts_in_other_languages(bundled, lang, title, text, label):
    found = suggest_topics(title, parse_document(f"<p>{text}</p>"), bundled, max=5, min_score=0.3, lang=lang)
    assert label in [suggestion.topic.label for suggestion in found]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "DIE BAHN fährt bis oben. Art und Weise der Rast: Brot. Der Agent der Bahn sah den Baum."),
        ("fr", "Les arbres SONT verts, le vent EST fort, et la perte du chapeau fut drôle."),
        ("pt", "SEM pressa fomos ao MAR. A perda do chapéu foi cômica."),
        ("ja", "今日は東京タワーに行きました。学習塾の前を通りました。"),
    ],
)
def test_grammar_of_other_languages_is_no_acronym(bundled, lang, text):
    document = parse_document(f"<p>{text}</p>")
    assert judge_topics("", document, bundled, max=5, min_score=0.6, lang=lang) == ()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Der Datensatz des Kunden fehlt. Ein Chat mit der Bank half, doch Ausreißer im Zug störten."),
        ("fr", "Le jeu de données de la mairie est vide. Un exemple, un modèle, une mise en scène."),
        ("es", "El conjunto de datos del padrón no está. La limpieza y el despliegue de la bandera."),
        ("ru", "Набор данных о погоде потерян. Обучение щенка, выбросы завода, моделирование одежды."),
        ("zh", "今天去动物园，老虎机坏了，数据集在桌上。"),
    ],
)
def test_everyday_words_of_other_languages_are_no_subject(bundled, lang, text):
    title = text.partition(".")[0].partition("，")[0]
    document = parse_document(f"<p>{text}</p>")
    assert suggest_topics(title, document, bundled, max=5, min_score=0.3, lang=lang) == ()
