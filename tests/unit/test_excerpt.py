"""Cuts of a text; what a cut looks like in each script is in ``tests/cases/cuts.md``."""

import pytest

from pelican_mlnotes.document.model import Document
from pelican_mlnotes.document.reader import parse_text
from pelican_mlnotes.excerpt import SENTENCE_SHARE, is_boundary, make_excerpt, shorten

TEXT = "Gradient descent takes small steps, and each of them goes downhill. It stops there. Then it rests."


@pytest.mark.parametrize("cut", ["word", "sentence", "character"])
@pytest.mark.parametrize("ellipsis", ["...", "…", "", " [more]"])
def test_an_excerpt_is_never_longer_than_asked(cut, ellipsis):
    for length in range(len(TEXT) + 3):
        assert len(make_excerpt(Document(TEXT), length, cut, ellipsis)) <= length


@pytest.mark.parametrize("cut", ["word", "sentence", "character"])
def test_an_excerpt_is_the_start_of_the_text_and_the_ellipsis(cut):
    for length in range(1, len(TEXT)):
        excerpt = make_excerpt(Document(TEXT), length, cut)
        assert TEXT.startswith(excerpt.removesuffix("...").rstrip())
        assert excerpt.endswith("...") or length <= 3 or "..." not in excerpt


def test_a_short_text_stays_whole():
    assert make_excerpt(Document("one two"), 7) == "one two"


def test_length_0_gives_nothing():
    assert make_excerpt(Document("one two"), 0) == ""


def test_a_word_is_never_cut_while_another_one_fits():
    for length in range(12, len(TEXT)):
        body = make_excerpt(Document(TEXT), length).removesuffix("...")
        assert TEXT[len(body)] in " .,"


def test_a_sentence_keeps_its_share_of_the_length():
    for length in range(20, len(TEXT)):
        excerpt = make_excerpt(Document(TEXT), length, "sentence")
        if excerpt.endswith(". ..."):
            assert len(excerpt) >= SENTENCE_SHARE * length


@pytest.mark.parametrize(
    "text",
    [
        "as shown by Vaswani et al. Some more",
        "many, e.g. These and those",
        "see Fig. 3 of it",
        "by J. Smith and others",
        "about 3. 14 of them",
        "in the U.S. Army and",
        "a Ph.D. Thesis on",
    ],
)
def test_an_abbreviation_ends_no_sentence(text):
    long = text + " words" * 9
    excerpt = make_excerpt(Document(long), len(text) + 6, "sentence", "")
    assert not excerpt.endswith(".")


def test_the_marker_of_the_author_ends_the_excerpt_without_an_ellipsis():
    assert make_excerpt(Document("One. Two.", more=4), 100) == "One."


def test_headings_stand_in_for_prose_but_captions_never_do():
    assert make_excerpt(Document("", headings=("One", "Two."), captions=("Three",)), 100) == "One; Two."
    assert make_excerpt(Document("", captions=("Three", "Four")), 100) == ""


def test_a_formula_is_shown_whole_or_not_at_all():
    text, spans = "so x + y = z holds", ((3, 12),)
    for length in range(1, len(text)):
        body = shorten(text, length, "character", "", spans)
        assert not 3 < len(body) < 12


def test_directions_are_closed_within_the_length():
    text = "\u2067" * 30 + "word" * 30 + "\u2069" * 30
    for length in range(1, 200):
        excerpt = shorten(text, length)
        assert len(excerpt) <= length
        assert excerpt.count("\u2067") == excerpt.count("\u2069")


@pytest.mark.parametrize(
    ("cluster", "parts"),
    [
        ("e\u0301", 1),
        ("👩\u200d💻", 1),
        ("👍🏽", 1),
        ("🇩🇪", 1),
        ("🇩🇪🇫🇷", 2),
        ("1\ufe0f\u20e3", 1),
        ("각", 1),
        ("\u1100\u1161\u11a8", 1),
        ("กำ", 1),
        ("क्षि", 1),
        ("நி", 1),
        ("ab", 2),
        ("汉字", 2),
        ("🏴\U000e0067\U000e0062\U000e007f", 1),
    ],
)
def test_boundaries_follow_what_a_reader_calls_a_character(cluster, parts):
    assert sum(is_boundary(cluster, at) for at in range(1, len(cluster))) == parts - 1


def test_front_matter_is_text_unless_it_holds_html():
    assert parse_text("if a <x and y> d & e").prose == "if a <x and y> d & e"
    assert parse_text("<p>In <em>one</em> line &amp; more.</p>").prose == "In one line & more."
    assert parse_text("AT&amp;T").prose == "AT&T"
    assert parse_text("Costs $5, or $x^2$.").prose == "Costs $5, or x²."
