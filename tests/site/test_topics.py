"""Topics that become tags, as a built site shows them."""

import importlib
import json
import posixpath
import re

import pytest

from pelican_mlnotes import theme_path
from pelican_mlnotes.document.model import Document
from pelican_mlnotes.settings import SettingsError
from pelican_mlnotes.topics.choose import judge_topics
from pelican_mlnotes.topics.taxonomy import BUNDLED, TaxonomyError, cached_taxonomy
from tests.pages import parse_page

RL = """Reinforcement learning trains an agent to act. In reinforcement learning the agent sees a state,
takes an action and receives a reward. Q-learning estimates the value of each action; deep
reinforcement learning lets a neural network do so. Policy gradients follow the reward directly.
"""
TRAVEL = "We walked from the harbour to the old town, ate bread and olives, and slept under the stars."


def themes():
    reflex = importlib.import_module("pelican.themes.reflex")
    return {"simple": "simple", "notmyidea": "notmyidea", "reflex": reflex.path(), "ours": theme_path()}


def names(tags):
    return [tag.name for tag in tags]


def test_a_topic_becomes_a_tag_with_a_page(site):
    site.post("deep-reinforcement-learning", RL)
    built = site.build()
    assert "Reinforcement Learning" in names(built.articles["deep-reinforcement-learning"].tags)
    assert "tag/reinforcement-learning.html" in built.files()


def test_a_note_that_is_not_about_ml_gets_no_topic(site):
    site.post("a-day-in-the-old-town", TRAVEL)
    article = site.build().articles["a-day-in-the-old-town"]
    assert article.topics == []
    assert not getattr(article, "tags", [])


def test_the_authors_tags_come_first_in_the_authors_spelling(site):
    site.post("deep-reinforcement-learning", RL, Tags="zoo, reinforcement learning")
    tags = names(site.build().articles["deep-reinforcement-learning"].tags)
    assert tags[:2] == ["zoo", "reinforcement learning"]
    assert "Reinforcement Learning" not in tags


def test_an_authors_alias_stands_for_the_topic_on_every_post(site):
    site.post("deep-reinforcement-learning", RL)
    site.post("diary", TRAVEL, Tags="rl")
    built = site.build()
    assert "rl" in names(built.articles["deep-reinforcement-learning"].tags)
    assert "tag/reinforcement-learning.html" not in built.files()


def test_topics_none_adds_nothing(site):
    site.post("deep-reinforcement-learning", RL, Topics="none")
    assert site.build().articles["deep-reinforcement-learning"].topics == []


def test_topics_of_the_author_are_exactly_those(site):
    site.post("deep-reinforcement-learning", RL, Topics="Cats, q-learning")
    assert names(site.build().articles["deep-reinforcement-learning"].topics) == ["Cats", "Q-Learning"]


def test_a_topic_too_long_for_the_name_of_a_file_gets_no_tag_and_a_warning(site):
    site.post("one", Topics=f"{'about it ' * 50}, Cats")
    site.post("two", Topics=f"+{'x' * 4000}, +Dogs")
    built = site.build()
    assert [names(built.articles[slug].tags) for slug in ("one", "two")] == [["Cats"], ["Dogs"]]
    assert [names(built.articles[slug].topics) for slug in ("one", "two")] == [["Cats"], ["Dogs"]]
    assert len(built.warnings) == 2
    assert all("its name is too long for that of a file" in warning for warning in built.warnings)


def test_a_misspelt_topic_with_a_sign_is_said_once(site):
    site.post("one", RL, Topics="+Grpah Neural Networks, -Reinforcement Learnin")
    first, second = site.build().warnings
    assert "'Grpah Neural Networks'; did you mean 'Graph Neural Networks'?" in first
    assert "'Reinforcement Learnin'; did you mean 'Reinforcement Learning'?" in second


def test_signs_add_and_bar_single_topics(site):
    site.post("plain", RL)
    site.post("signed", RL, Topics="+Cats, -reinforcement learning, +robotics")
    built = site.build()
    plain, signed = (names(built.articles[slug].topics) for slug in ("plain", "signed"))
    assert "Reinforcement Learning" in plain
    assert signed[:2] == ["Cats", "Robotics"]
    assert "Reinforcement Learning" not in signed
    assert set(signed[2:]) <= {*plain, "Q-Learning", "Deep Reinforcement Learning", "Policy Gradients"}
    assert not any(tag.startswith(("-", "+")) for tag in signed)
    assert built.warnings == []


def test_added_topics_count_against_the_most(site):
    site.post("signed", RL, Topics="+Cats, +robotics")
    assert len(site.build(MLNOTES_TOPICS_MAX=2).articles["signed"].topics) == 2
    assert names(site.build(MLNOTES_TOPICS_MAX=0).articles["signed"].topics) == ["Cats", "robotics"]


def test_signs_before_some_names_mean_exactly_these_and_are_told(site):
    site.post("mixed", RL, Topics="+Cats, q-learning, -dogs")
    built = site.build()
    assert names(built.articles["mixed"].topics) == ["Cats", "Q-Learning", "dogs"]
    assert sum("some have none" in message for message in built.warnings) == 1


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        ("+Cats, -", "+Cats"),
        ("\u2212, +Cats, +, -reinforcement learning", "+Cats, -reinforcement learning"),
        ("Cats, - +", "Cats"),
        ("Cats, -, +Dogs", "Cats, +Dogs"),
        ("none, -", "none"),
        ("-", None),
        ("+", None),
        ("\u2212, --", None),
    ],
)
def test_a_sign_without_a_name_is_ignored(site, line, clean):
    site.post("stray", RL, Topics=line)
    site.post("clean", RL, **({"Topics": clean} if clean else {}))
    built = site.build()
    stray, right = (names(built.articles[slug].topics) for slug in ("stray", "clean"))
    assert stray == right
    assert bool(right) == (clean != "none")
    assert len(built.warnings) == (2 if clean == "Cats, +Dogs" else 0)


def test_a_sign_before_no_topic_is_told_with_the_name_that_was_meant(site):
    site.post("signed", RL, Topics="-reinforcment learning")
    told = [message for message in site.build().warnings if "no topic is called" in message]
    assert len(told) == 1
    assert "did you mean 'Reinforcement Learning'?" in told[0]


def test_a_topic_that_a_site_never_has_is_on_no_post(site):
    site.post("deep-reinforcement-learning", RL)
    built = site.build(MLNOTES_TOPICS_NEVER=("reinforcement learning", "policy-gradients"))
    topics = names(built.articles["deep-reinforcement-learning"].topics)
    assert not {"Reinforcement Learning", "Policy Gradients"} & set(topics)


def test_a_topic_that_a_site_cannot_have_stops_the_build(site):
    site.post("deep-reinforcement-learning", RL)
    with pytest.raises(TaxonomyError, match=r"NEVER: there is no topic 'reinforcment-learning'"):
        site.build(MLNOTES_TOPICS_NEVER=("reinforcment-learning",))


def test_a_topic_that_the_site_has_removed_may_be_named_wherever_topics_are(site):
    site.write("topics.toml", '[[topic]]\nid = "reinforcement-learning"\nremove = true\n')
    site.post("barred", RL, Topics="-reinforcement learning, -RL")
    site.post("added", RL, Topics="+reinforcement learning")
    site.post("chosen", RL, Topics="Reinforcement Learning")
    site.post("typo", RL, Topics="-reinforcment learning")
    built = site.build(
        MLNOTES_TOPICS_TAXONOMY="topics.toml", MLNOTES_TOPICS_NEVER=("Reinforcement Learning",)
    )
    assert len(built.warnings) == 1
    assert "typo.md: no topic is called 'reinforcment learning'" in built.warnings[0]
    assert names(built.articles["added"].topics)[0] == "reinforcement learning"
    assert names(built.articles["chosen"].topics) == ["Reinforcement Learning"]


@pytest.mark.parametrize("theme", ["simple", "ours"])
def test_a_topic_of_too_few_posts_is_a_name_without_a_page(site, theme):
    site.post("one", RL)
    site.post("draft", RL, Status="draft")
    site.post("two", RL, Topics="q-learning")
    used = {} if theme == "simple" else {"THEME": theme_path()}
    built = site.build(MLNOTES_TOPICS_MIN_POSTS=2, **used)
    topics = built.articles["one"].topics
    alone = [tag for tag in topics if not tag.save_as]
    assert "Reinforcement Learning" in names(alone)
    assert {tag.url for tag in alone} == {""}
    assert "Reinforcement Learning" not in names(built.articles["one"].tags)
    assert "tag/reinforcement-learning.html" not in built.files()
    assert "tag/q-learning.html" in built.files()
    assert "tag/reinforcement-learning" not in built.read("one.html")


def test_a_topic_of_enough_posts_keeps_its_tag(site):
    site.post("one", RL)
    site.post("two", RL)
    built = site.build(MLNOTES_TOPICS_MIN_POSTS=2)
    assert all(tag.save_as in built.files() for tag in built.articles["one"].topics)


@pytest.mark.parametrize("theme", ["simple", "notmyidea", "reflex", "ours"])
@pytest.mark.parametrize("relative", [False, True])
def test_no_page_links_to_a_page_of_a_topic_that_has_none(site, theme, relative):
    site.post("one", RL)
    site.post("two", RL, Topics="q-learning")
    site.post("three", RL, Topics="+Cats, -q-learning")
    site.post("draft", RL, Status="draft", Tags="Dogs")
    site.post("hidden", RL + "Graph neural networks pass messages. A graph neural network.", Status="hidden")
    site.post("one-de", RL, Slug="one", Lang="de", Topics="Katzen, Deep Reinforcement Learning")
    site.post("long", RL * 9, Title="Policy gradients")
    built = site.build(
        THEME=themes()[theme],
        AUTHOR="Ada",
        MLNOTES_TOPICS_MIN_POSTS=4,
        MLNOTES_LIST_META=("topics", "date"),
        RELATIVE_URLS=relative,
        DEFAULT_PAGINATION=2,
        JINJA_ENVIRONMENT={"extensions": ["jinja2.ext.i18n"]},
        JINJA_GLOBALS={"gettext": lambda message, **values: message % values},
        CC_LICENSE={"name": "Creative Commons", "version": "4.0", "slug": "by"},
    )
    assert any(not tag.save_as for tag in built.articles["one"].topics)
    written = {name for name in built.files() if name.startswith("tag/")}
    assert "tag/cats.html" in written
    linked = set()
    for name in built.files():
        if name.endswith(".html"):
            found = re.findall(r'href="([^"]*tag/[^"]*)"', built.read(name))
            places = (posixpath.join("/", posixpath.dirname(name), one) for one in found)
            linked |= {posixpath.normpath(place).lstrip("/") for place in places}
    # What a draft's author wrote as a tag is linked by Pelican's rules, not ours.
    assert linked - {"tag/dogs.html"} <= written
    assert "tag/cats.html" in linked


def test_rare_topics_are_told_without_a_link(site):
    site.post("one", RL)
    site.post("alone", RL, Topics="none", Tags="zoo")
    built = site.build(THEME=theme_path(), MLNOTES_TOPICS_MIN_POSTS=2, MLNOTES_LIST_META=("topics",))
    page, front, topics = (parse_page(built.read(name)) for name in ("one.html", "index.html", "tags.html"))
    rare = names(built.articles["one"].topics)
    assert rare
    assert [one.get_text(strip=True) for one in page.select(".tag-list li")] == rare
    assert page.select(".tag-list a") == []
    assert [one["content"] for one in page.select('meta[property="article:tag"]')] == rare
    (posting,) = [json.loads(one.string) for one in page.select("script") if "BlogPosting" in one.string]
    assert posting["keywords"] == ", ".join(rare)
    shown = [one.get_text(strip=True) for one in front.select(".post-card__meta li")]
    assert set(rare) <= set(shown)
    mapped = {one.find(string=True).strip(): one.select("a") for one in topics.select(".topic-map__topic")}
    assert {name: mapped[name] for name in rare} == {name: [] for name in rare}
    assert mapped["zoo"]


def test_macros_tell_rare_topics_without_a_link(site):
    folder = site.folder / "templates"
    folder.mkdir()
    macro = '{% from "mlnotes/macros.html" import topics %}{{ topics(article, SITEURL) }}'
    (folder / "article.html").write_text(macro, encoding="utf-8")
    site.post("one", RL, Topics="+Cats")
    site.post("draft", RL, Status="draft")
    overrides = {"THEME_TEMPLATES_OVERRIDES": [str(folder)]}
    built = site.build(MLNOTES_TOPICS_MIN_POSTS=2, **overrides)
    page, draft = (parse_page(built.read(name)) for name in ("one.html", "drafts/draft.html"))
    assert [one.get_text() for one in page.select("a")] == ["Cats"]
    assert "Reinforcement Learning" in page.get_text()
    assert {one["href"].lstrip("/") for one in draft.select("a")} <= set(built.files())
    built = site.build(**overrides)
    links = parse_page(built.read("drafts/draft.html")).select("a")
    assert links
    assert {one["href"].lstrip("/") for one in links} <= set(built.files())


def test_drafts_hidden_posts_and_translations_do_not_make_a_topic_frequent(site):
    site.post("one", RL)
    site.post("draft", RL, Status="draft")
    site.post("hidden", RL, Status="hidden")
    site.post("one-de", RL, Slug="one", Lang="de")
    built = site.build(MLNOTES_TOPICS_MIN_POSTS=2)
    assert not any(name.startswith("tag/") for name in built.files())
    site.post("two", RL)
    built = site.build(MLNOTES_TOPICS_MIN_POSTS=2)
    assert "tag/reinforcement-learning.html" in built.files()


def test_never_is_a_short_way_to_remove(site):
    site.post("one", RL)
    site.post("two", RL, Topics="+q-learning")
    site.write("topics.toml", '[[topic]]\nid = "reinforcement-learning"\nremove = true\n')
    removed = site.build(MLNOTES_TOPICS_TAXONOMY="topics.toml", DELETE_OUTPUT_DIRECTORY=True).files()
    for name in ("reinforcement-learning", "Reinforcement Learning", "reinforcement learning"):
        never = site.build(MLNOTES_TOPICS_NEVER=(name,), DELETE_OUTPUT_DIRECTORY=True)
        assert never.files() == removed
    assert "tag/reinforcement-learning.html" in site.build(DELETE_OUTPUT_DIRECTORY=True).files()


@pytest.mark.parametrize("line", [{"Tags": "reinforcement learning"}, {"Topics": "reinforcement learning"}])
def test_a_rare_topic_that_an_author_wrote_keeps_its_tag_on_every_post(site, line):
    site.post("one", RL)
    site.post("two", TRAVEL, **line)
    built = site.build(MLNOTES_TOPICS_MIN_POSTS=9)
    for slug in ("one", "two"):
        (tag,) = [tag for tag in built.articles[slug].tags if tag.slug == "reinforcement-learning"]
        assert tag.save_as in built.files()
    site.post("two", TRAVEL, **line, Status="draft")
    built = site.build(MLNOTES_TOPICS_MIN_POSTS=9, DELETE_OUTPUT_DIRECTORY=True)
    assert not any(name.startswith("tag/") for name in built.files())


def test_an_added_topic_that_is_misspelt_is_told_with_the_name_that_was_meant(site):
    site.post("signed", RL, Topics="+reinforcment learning, +Cats")
    (told,) = site.build().warnings
    assert "'reinforcment learning'; did you mean 'Reinforcement Learning'?" in told


def test_where_tags_have_no_pages_topics_of_drafts_are_names(site):
    site.post("one", RL, Status="draft", Topics="???, Cats")
    built = site.build(TAG_SAVE_AS="", TAG_URL="")
    assert names(built.articles["one"].topics) == ["???", "Cats"]


def test_a_list_of_yaml_may_hold_signed_topics(site):
    front = 'title: Signed\ndate: 2026-01-01\ntopics:\n  - "+Cats"\n  - "-reinforcement learning"\n'
    body = "BERT is a transformer. BERT reads text in both directions, and BERT is fine-tuned. " * 4
    site.write("signed.md", f"---\n{front}---\n\n## BERT\n\n{body}{RL}")
    built = site.build(PLUGINS=["pelican_mlnotes", "yaml_metadata"])
    (post,) = built.articles.values()
    assert isinstance(post.metadata["topics"], list)
    assert names(post.topics)[0] == "Cats"
    assert "Reinforcement Learning" not in names(post.topics)
    assert len(post.topics) > 1


def test_a_barred_topic_lends_no_strength_to_broader_ones():
    text = "A siamese network has twins, and each siamese network shares weights. " * 3
    taxonomy = cached_taxonomy([BUNDLED], ["en"])

    def scores(**barred):
        verdicts = judge_topics(
            "Siamese networks", Document(prose=text), taxonomy, max=5, min_score=0.3, **barred
        )
        return {one.topic.id: one.score for one in verdicts}

    assert scores()["metric-learning"] > 0
    assert scores(barred={"siamese-networks"}).get("metric-learning", 0) < scores()["metric-learning"]
    assert "siamese-networks" not in scores(barred={"siamese-networks"})


def test_a_former_id_stands_for_its_topic_wherever_ids_do(site):
    site.write(
        "topics.toml",
        '[[topic]]\nid = "q-learning"\nreplaced_by = "value-learning"\n'
        '[[topic]]\nid = "value-learning"\nlabel = "Value Learning"\n'
        'broader = ["reinforcement-learning"]\naliases = ["Q-learning"]\n',
    )
    site.post("found", RL)
    site.post("named", TRAVEL, Topics="q-learning")
    built = site.build(MLNOTES_TOPICS_TAXONOMY="topics.toml")
    assert names(built.articles["named"].topics) == ["Value Learning"]
    assert "tag/value-learning.html" in built.files()
    assert "tag/q-learning.html" not in built.files()
    never = site.build(MLNOTES_TOPICS_TAXONOMY="topics.toml", MLNOTES_TOPICS_NEVER=("q-learning",))
    assert "Value Learning" not in names(never.articles["found"].topics)


def test_a_former_label_is_what_authors_and_settings_may_write(site):
    site.write(
        "topics.toml",
        '[[topic]]\nid = "q-learning"\nreplaced_by = "value-learning"\n'
        '[[topic]]\nid = "value-learning"\nlabel = "Value Learning"\n'
        'broader = ["reinforcement-learning"]\naliases = ["value finding"]\n',
    )
    text = RL + "Value learning tells what is to come, and value learning does so by value finding. " * 3
    site.post("found", text)
    site.post("barred", text, Topics="-Q-Learning")
    site.post("added", TRAVEL, Topics="+Q-Learning")
    for number in range(2):
        site.post(f"a-{number}", TRAVEL, Tags="Q-Learning")
    built = site.build(MLNOTES_TOPICS_TAXONOMY="topics.toml")
    assert "Value Learning" in names(built.articles["found"].topics)
    assert "Value Learning" not in names(built.articles["barred"].topics)
    assert names(built.articles["added"].topics) == ["Value Learning"]
    assert names(built.articles["a-0"].tags) == ["Q-Learning"]
    assert built.warnings == []
    themed = site.build(MLNOTES_TOPICS_TAXONOMY="topics.toml", THEME=theme_path())
    described = themed.generators[0].context["mlnotes_topics"]
    assert "value-learning" in described
    assert "q-learning" not in described
    never = site.build(
        MLNOTES_TOPICS_TAXONOMY="topics.toml", MLNOTES_TOPICS_NEVER=("Q-Learning", "q-learning")
    )
    assert "Value Learning" not in names(never.articles["found"].topics)


def test_a_former_id_that_leads_nowhere_stops_the_build(site):
    site.write("topics.toml", '[[topic]]\nid = "q-learning"\nreplaced_by = "value-lerning"\n')
    site.post("note")
    with pytest.raises(
        TaxonomyError, match=r"topics\.toml: topic 'q-learning': key 'replaced_by': there is no"
    ):
        site.build(MLNOTES_TOPICS_TAXONOMY="topics.toml")


def test_max_0_turns_topics_off(site):
    site.post("deep-reinforcement-learning", RL)
    built = site.build(MLNOTES_TOPICS_MAX=0)
    assert built.articles["deep-reinforcement-learning"].topics == []
    assert not any(name.startswith("tag/") for name in built.files())


def test_a_draft_leaks_no_tag_page(site):
    site.post("deep-reinforcement-learning", RL, Status="draft")
    assert not any(name.startswith("tag/") for name in site.build().files())


def test_a_topic_page_that_would_overwrite_a_category_page_is_left_out(site):
    site.post("deep-reinforcement-learning", RL, Category="Reinforcement Learning")
    built = site.build(TAG_SAVE_AS="x/{slug}.html", CATEGORY_SAVE_AS="x/{slug}.html")
    assert "Reinforcement Learning" not in names(built.articles["deep-reinforcement-learning"].tags)
    assert "Reinforcement Learning" not in names(built.articles["deep-reinforcement-learning"].topics)
    assert sum("'Reinforcement Learning' got no tag" in message for message in built.warnings) == 1


def test_a_missing_taxonomy_file_stops_the_build_with_its_name(site):
    site.post("note")
    with pytest.raises(SettingsError, match=r"MLNOTES_TOPICS_TAXONOMY names 'mine\.toml'"):
        site.build(MLNOTES_TOPICS_TAXONOMY="mine.toml")


def test_nothing_of_ours_stays_in_the_generator_cache(site):
    site.post("deep-reinforcement-learning", RL, Tags="zoo")
    cached = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True, "CONTENT_CACHING_LAYER": "generator"}
    before = site.build(PLUGINS=[]).files()
    first = site.build(**cached).files()
    again = site.build(**cached).files()
    without = site.build(**cached, PLUGINS=[], DELETE_OUTPUT_DIRECTORY=True).files()
    assert first == again
    assert without == before
