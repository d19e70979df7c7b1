"""The bundled topics are consistent, and no everyday word drags a post in."""

import tomllib
from pathlib import Path

import pytest

from pelican_mlnotes.text.words import normalise, words
from pelican_mlnotes.topics import files as taxonomy_files
from pelican_mlnotes.topics.taxonomy import BUNDLED, KINDS, load_taxonomy, singular

IDS = Path(__file__).with_name("topic_ids.txt")
EVERYDAY = Path(__file__).with_name("everyday_words.txt")
FIELDS = (
    "machine-learning deep-learning natural-language-processing computer-vision speech-processing",
    "reinforcement-learning recommender-systems information-retrieval generative-models",
    "large-language-models ai-agents bayesian-methods probabilistic-models optimization evaluation mlops",
    "data-engineering interpretability fairness ai-safety graph-learning time-series causal-inference",
    "hardware model-compression instruction-tuning rlhf dpo retrieval-augmented-generation lora",
    "quantization mixture-of-experts deep-state-space-models diffusion-transformers tool-use",
    "llm-evaluation data-sets statistics",
)


@pytest.fixture(scope="module")
def taxonomy():
    return load_taxonomy(BUNDLED)


@pytest.fixture(scope="module")
def data():
    return tomllib.loads(BUNDLED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def everyday():
    lines = EVERYDAY.read_text(encoding="utf-8").splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def test_no_name_parent_or_label_is_at_fault(tmp_path):
    # Our own file is not checked in every build; under another path all checks apply, and names in every
    # language too.
    path = tmp_path / "copy.toml"
    path.write_bytes(BUNDLED.read_bytes())
    assert load_taxonomy(path).topics.keys() == load_taxonomy(BUNDLED).topics.keys()


def test_the_quick_reader_reads_what_tomllib_does(data):
    assert taxonomy_files._read_own_toml(BUNDLED.read_bytes()) == data


def test_there_are_at_least_500_topics_in_the_order_of_ids(data):
    ids = [topic["id"] for topic in data["topic"]]
    assert len(ids) >= 500
    assert ids == sorted(ids)


@pytest.mark.parametrize("field", " ".join(FIELDS).split())
def test_the_field_is_covered(taxonomy, field):
    assert field in taxonomy.topics


def test_every_topic_has_a_kind_and_a_sentence(data):
    for topic in data["topic"]:
        assert topic["kind"] in KINDS, topic["id"]
        assert topic["description"].endswith("."), topic["id"]
        assert 20 <= len(topic["description"]) <= 200, topic["id"]


def test_no_topic_of_a_release_has_gone(taxonomy):
    # Ids are addresses of tag pages on people's blogs.
    released = IDS.read_text(encoding="utf-8").split()
    assert set(released) - {*taxonomy.topics, *taxonomy.moved} == set()


def test_no_label_is_something_narrower_than_a_stranger(taxonomy):
    labels = {singular(normalise(topic.label)): topic for topic in taxonomy.topics.values()}
    strangers = []
    for topic in taxonomy.topics.values():
        ruled = (rule.name for rule in topic.rules if rule.instance)
        for name in (*topic.instances, *ruled):
            other = labels.get(singular(normalise(name)), topic)
            if other is not topic and topic.id not in _above(other, taxonomy):
                strangers.append((topic.id, name))
    assert strangers == []


def _above(topic, taxonomy):
    return {*topic.broader, *(id_ for up in topic.broader for id_ in _above(taxonomy.topics[up], taxonomy))}


def test_everything_but_fields_has_a_parent(taxonomy):
    assert [
        id_ for id_, topic in taxonomy.topics.items() if not topic.broader and topic.kind != "field"
    ] == []


def test_shared_lists_are_used(data):
    used = {
        word[1:]
        for topic in data["topic"]
        for rule in topic.get("ambiguous", ())
        for key in ("near", "with", "without")
        for word in rule.get(key, ())
        if word.startswith("@")
    }
    assert used == set(data["words"])


def test_everyday_words_need_evidence(taxonomy, everyday):
    free = []
    for topic in taxonomy.topics.values():
        ruled = {singular(normalise(rule.name)) for rule in topic.rules}
        for name in (topic.label, *topic.aliases, *topic.instances, *topic.signs):
            word = singular(normalise(name))
            if word not in ruled and word in everyday:
                free.append((topic.id, name))
    assert free == []


def test_an_everyday_word_needs_more_than_its_spelling(taxonomy, everyday):
    # "Ray" begins a sentence, or is a person.
    bare = [
        (topic.id, rule.name)
        for topic in taxonomy.topics.values()
        for rule in topic.rules
        if singular(normalise(rule.name)) in everyday and not (rule.near or rule.anywhere)
    ]
    assert bare == []


def test_short_names_need_their_spelling_or_evidence(taxonomy):
    bare = [
        (topic.id, name)
        for topic in taxonomy.topics.values()
        for name in (*topic.aliases, *topic.instances)
        if len(normalise(name)) < 4 and normalise(name).isalpha()
        if normalise(name) not in {normalise(rule.name) for rule in topic.rules}
    ]
    assert [pair for pair in bare if pair not in ALLOWED_SHORT] == []


# Three letters that nothing else is called.
ALLOWED_SHORT = [
    ("dqn", "DQN"),
    ("large-language-models", "LLM"),
    ("visual-question-answering", "VQA"),
    ("xgboost", "XGB"),
]


def test_evidence_is_not_the_name_itself(taxonomy):
    # A rule that asks for a word of the name would always be met.
    vain = []
    for topic in taxonomy.topics.values():
        for rule in topic.rules:
            name = set(map(singular, words(rule.name)))
            lists = [taxonomy.lists[word[1:]] for word in rule.anywhere if word.startswith("@")]
            asked = [word for word in rule.anywhere if not word.startswith("@")]
            vain += [
                (topic.id, rule.name, word)
                for word in (*asked, *(word for listed in lists for word in listed))
                if set(map(singular, words(word))) <= name
            ]
    assert vain == []


def test_no_evidence_is_both_asked_for_and_refused(taxonomy):
    for topic in taxonomy.topics.values():
        for rule in topic.rules:
            asked = {normalise(word) for word in rule.near + rule.anywhere}
            assert asked.isdisjoint(map(normalise, rule.without)), (topic.id, rule.name)
