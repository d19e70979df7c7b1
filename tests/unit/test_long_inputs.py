"""Inputs on which some step once took time that grew with the square of their length, or a level a sign.

Each is so long that the old code took minutes; ``python -m bench doubling`` looks for more of their kind.
"""

from pelican_mlnotes.document.pictures import shown_address
from pelican_mlnotes.document.reader import parse_document
from pelican_mlnotes.formulas.plain import tex_to_text
from pelican_mlnotes.formulas.titles import title_html, title_text
from pelican_mlnotes.links.sentences import sentence_of
from pelican_mlnotes.plugin.own_theme.html import edit_html


def test_backticks_beside_a_dollar_sign_in_a_title():
    title = "$" + "`" * 200_000
    assert title_text(title) == title
    assert title_html(title, mark=True) == title


def test_runs_of_backticks_that_nothing_ends_in_a_title():
    title = "$" + "".join("`" * number + "a" for number in range(2, 600))
    assert title_text(title) == title


def test_commas_in_a_set_of_pictures():
    assert shown_address({"srcset": "," * 100_000}) is None
    assert shown_address({"srcset": " " * 99_000 + "a.png 2x,,b.png 1x"}) == "a.png"


def test_letters_that_are_raised():
    letters = "a" * 1_000_000
    assert parse_document(f"<p>x<sup>{letters}</sup></p>").prose == f"x^({letters})"


def test_spans_in_spans_that_may_be_headings():
    html = '<span class="rubric">' * 100_000 + "word"
    assert "word" in " ".join([parse_document(html).prose, *parse_document(html).headings])


def test_callouts_that_begin_in_callouts_on_one_line():
    html = "<blockquote><p>[!note] a" * 20_000
    edited = edit_html(html).html
    assert len(edited) < 10 * len(html)


def test_a_callout_has_the_title_that_stands_on_its_line():
    html = "<blockquote><p>[!note] <b>Read</b> this</p><p>text</p></blockquote>"
    assert '<p class="admonition-title"><b>Read</b> this' in edit_html(html).html


def test_accents_over_accents():
    tex = r"\hat" * 100_000
    assert tex_to_text(tex) == tex
    assert tex_to_text(r"\frac" * 1000) == r"\frac" * 1000


def test_many_links_in_one_paragraph_that_are_asked_for():
    html = "<p>" + "See <a href='x.html'>a note</a> on it. " * 10_000
    links = parse_document(html, links=lambda address: True).links
    assert len(links) == 10_000
    assert {sentence_of(link) for link in links} == {"See a note on it."}


def test_many_links_in_a_footnote_that_are_asked_for():
    html = "<div class='footnote'><p>" + "See <a href='x.html'>a note</a> on it. " * 10_000
    assert len(parse_document(html, links=lambda address: True).links) == 10_000
