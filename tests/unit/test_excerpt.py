from pelican_mlnotes.document import Document
from pelican_mlnotes.excerpt import make_excerpt


def test_excerpt_ends_at_a_whole_word():
    assert make_excerpt(Document("one two three"), 10) == "one two..."


def test_excerpt_never_cuts_a_formula():
    assert make_excerpt(Document("is x + y here", formulas=((3, 8),)), 9) == "is..."


def test_a_short_text_stays_whole():
    assert make_excerpt(Document("one two"), 7) == "one two"
