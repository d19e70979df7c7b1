"""Who mentions a post: the newest first, each once, each in its language."""

from datetime import UTC, datetime, timedelta

from pelican_mlnotes.links.backlinks import MOST, Source, find_mentions, first_of_each


def source(key, *links, day=0, lang="en", group=None):
    pairs = tuple((link, f"{key} to {link}") if isinstance(link, str) else link for link in links)
    return Source(key, group or key, lang, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day), pairs)


def keys(mentions, key):
    return [mention.key for mention in mentions.get(key, ())]


def test_the_newest_post_is_named_first_and_ties_go_by_key():
    sources = [source("a"), source("b", "a", day=1), source("d", "a", day=2), source("c", "a", day=2)]
    assert keys(find_mentions(sources), "a") == ["c", "d", "b"]
    assert find_mentions(sources) == find_mentions(sources[::-1])


def test_a_post_is_named_once_with_the_first_sentence_that_says_something():
    mentions = find_mentions([source("a"), source("b", ("a", ""), ("a", "First."), ("a", "Second."))])
    assert mentions == {"a": (("b", "First."),)}


def test_at_most_ten_are_named():
    sources = [source("a"), *(source(f"b{day}", "a", day=day) for day in range(MOST + 5))]
    assert keys(find_mentions(sources), "a") == [f"b{day}" for day in range(MOST + 4, 4, -1)]


def test_neither_a_post_nor_another_version_of_it_mentions_itself():
    sources = [source("a", "a", "a-de", group="a"), source("a-de", "a", group="a", lang="de")]
    assert find_mentions(sources) == {}


def test_a_link_of_a_translation_counts_for_its_own_language():
    sources = [
        source("a", group="a"),
        source("a-de", group="a", lang="de"),
        source("b", "a", group="b"),
        source("b-de", "a", group="b", lang="de"),
    ]
    mentions = find_mentions(sources)
    assert (keys(mentions, "a"), keys(mentions, "a-de")) == (["b"], ["b-de"])


def test_where_there_is_no_version_in_its_language_a_post_is_still_named_once():
    sources = [
        source("a"),
        source("b-de", "a", group="b", lang="de", day=1),
        source("b", "a", group="b"),
        source("c-fr", "a", lang="fr"),
    ]
    assert keys(find_mentions(sources), "a") == ["b", "c-fr"]
    assert find_mentions(sources) == find_mentions(sources[::-1])


def test_what_is_not_among_the_posts_is_not_mentioned():
    assert find_mentions([source("a", "draft")]) == {}


def test_each_address_is_kept_with_its_first_sentence():
    links = [("a", ""), ("b", "B."), ("a", "A."), ("a", "Again.")]
    assert first_of_each(links) == (("a", "A."), ("b", "B."))
