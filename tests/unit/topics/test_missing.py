"""What posts announce and the taxonomy lacks."""

import pytest

from pelican_mlnotes.document.model import Document
from pelican_mlnotes.topics.missing import Text, find_missing
from pelican_mlnotes.topics.taxonomy import BUNDLED, cached_taxonomy


@pytest.fixture(scope="module")
def taxonomy():
    return cached_taxonomy([BUNDLED], ["en"])


def make_text(key, title, prose, headings=(), lang="en"):
    return Text(key, title, Document(prose=prose, headings=tuple(headings)), lang)


def labels(texts, taxonomy, names=()):
    return [one.label for one in find_missing(texts, taxonomy, names)]


def test_a_title_that_its_text_goes_on_to_speak_of_announces_a_subject(taxonomy):
    said = make_text("a", "Quokka sampling in practice", "We like quokka sampling. " * 5)
    named = make_text("b", "Wombat sampling in practice", "We like the sea. " * 5)
    (found,) = find_missing([said, named], taxonomy)
    assert (found.label, found.titles, found.headings, dict(found.said)) == (
        "Quokka Sampling",
        ("a",),
        (),
        {"a": 5},
    )


def test_headings_announce_where_several_posts_have_them(taxonomy):
    texts = [make_text(key, "Notes", "About quokka sampling. " * 4, ["Quokka sampling"]) for key in "ab"]
    assert labels(texts[:1], taxonomy) == []
    assert labels(texts, taxonomy) == ["Quokka Sampling"]


@pytest.mark.parametrize(
    "title", ["Policy gradient", "The multi-armed bandit problem", "The transformer models", "Deep learning"]
)
def test_what_has_a_name_is_not_missing_nor_is_a_part_of_it(taxonomy, title):
    assert labels([make_text(key, title, f"About {title}. " * 9) for key in "ab"], taxonomy) == []


@pytest.mark.parametrize(
    "title", ["Final thoughts", "Getting started", "Using models", "Part 2", "What is it?"]
)
def test_turns_of_phrase_are_no_subjects(taxonomy, title):
    assert labels([make_text(key, title, f"{title} ".lower() * 9) for key in "abc"], taxonomy) == []


def test_a_turn_of_phrase_does_not_keep_to_its_posts(taxonomy):
    texts = [make_text("a", "Quokka sampling", "We like quokka sampling and wet weather. " * 5)]
    texts += [make_text("b", "Wet weather", "We like wet weather. " * 5)]
    texts += [make_text(f"c{n}", "Notes", "We like wet weather. " * 5) for n in range(9)]
    assert labels(texts, taxonomy) == ["Quokka Sampling", "Wet Weather"]


def test_a_single_word_must_be_a_name_or_a_word_of_its_own(taxonomy):
    def two(title, prose):
        return [make_text(key, title, prose) for key in "ab"]

    assert labels(two("Quokka at work", "We use Quokka here. " * 5), taxonomy) == ["Quokka"]
    assert labels(two("Pixirun at work", "We use pixirun here. " * 5), taxonomy) == ["pixirun"]
    assert labels(two("Networks at work", "We use networks here. " * 5), taxonomy) == []


def test_a_name_stands_whole(taxonomy):
    text = "We flew to San Fransokyo, and San Fransokyo was cold. " * 5
    assert labels([make_text(key, "San Fransokyo", text) for key in "ab"], taxonomy) == ["San Fransokyo"]


def test_accents_and_capitals_stay_in_the_name(taxonomy):
    text = make_text(
        "a", "Pokémon cards", "All Pokémon here are Pokémon, and all pokemon are a Pokémon. " * 3
    )
    assert labels([text], taxonomy) == ["Pokémon"]


def test_names_of_the_site_are_no_subjects(taxonomy):
    text = make_text("a", "Quokka sampling", "We like quokka sampling. " * 5)
    assert labels([text], taxonomy, ["Quokka Sampling Inc.", "Ada"]) == []


def test_nothing_is_guessed_where_words_have_no_blanks_between_them(taxonomy):
    text = "我们喜欢袋鼠采样。" * 9 + "Quokka is used here, and Quokka helps. " * 9
    assert labels([make_text("a", "袋鼠采样 Quokka 入门", text, lang="zh")], taxonomy) == ["Quokka"]


def test_a_language_of_programs_keeps_its_sign(taxonomy):
    text = make_text("a", "C++ quokkas", "All C++ quokkas are fast, and C++ quokkas are many. " * 3)
    assert labels([text], taxonomy) == ["C++ Quokkas"]


def test_the_order_of_posts_changes_nothing(taxonomy):
    words = ["Quokka sampling", "Wombat pooling", "Numbat decoding"]
    texts = [make_text(str(n), f"{word} {n}", f"With {word} here. " * 6) for n, word in enumerate(words * 2)]
    assert labels(texts, taxonomy) == labels(texts[::-1], taxonomy) == sorted(labels(texts, taxonomy))


def test_an_empty_site_lacks_nothing(taxonomy):
    assert find_missing([], taxonomy) == []
    assert find_missing([make_text("a", "", "")], taxonomy) == []
