"""Topics that become tags, as a built site shows them."""

import pytest

from pelican_mlnotes import theme_path
from pelican_mlnotes.settings import SettingsError
from pelican_mlnotes.topics.taxonomy import TaxonomyError

RL = """Reinforcement learning trains an agent to act. In reinforcement learning the agent sees a state,
takes an action and receives a reward. Q-learning estimates the value of each action; deep
reinforcement learning lets a neural network do so. Policy gradients follow the reward directly.
"""
TRAVEL = "We walked from the harbour to the old town, ate bread and olives, and slept under the stars."


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
