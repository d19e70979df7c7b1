import pytest

from pelican_mlnotes.document.model import Document
from pelican_mlnotes.document.reader import parse_document


def parse(html: str) -> Document:
    return parse_document(html)


def test_prose_has_no_space_before_punctuation_because_a_link_ended_there():
    assert parse('<p>See the <a href="x">paper</a> .</p>').prose == "See the paper."


def test_blocks_are_set_apart():
    assert parse("<p>One</p><p>two</p>").prose == "One two"


def test_headings_code_and_tables_are_not_prose():
    document = parse("<h2>Title</h2><p>Text.</p><pre>code</pre><table><tr><td>a<td>b</table>")
    assert document.prose == "Text."
    assert document.headings == ("Title",)
    assert document.captions == ("a b",)
    assert document.kinds == {"code", "table"}


def test_a_short_formula_is_readable_and_never_cut():
    document = parse("<p>It is $O(n^2)$ at best.</p>")
    assert document.prose == "It is O(n²) at best."
    assert [document.prose[start:end] for start, end in document.formulas] == ["O(n²)"]


def test_where_elements_mark_all_formulas_a_dollar_sign_is_one():
    html = r'<p>Cost $x$ or <span class="math">\(x^2\)</span> and $5.</p>'
    assert parse_document(html, marked=True).prose == "Cost $x$ or x² and $5."
    assert parse_document(html).prose == "Cost x or x² and $5."


def test_a_marker_of_the_author_is_an_offset_in_the_prose():
    document = parse("<p>Before.</p><!-- more --><p>After.</p>")
    assert document.prose[: document.more] == "Before."


@pytest.mark.parametrize(
    ("html", "prose"),
    [
        ("a <!-- more -->", "a"),
        ("<p>a <!-- more --></p><p>b</p>", "a b"),
        ("<p>a <!-- more -->b</p><p>c</p>", "a b c"),
    ],
)
def test_a_marker_at_the_end_of_the_first_paragraph_leaves_no_space_behind(html, prose):
    document = parse(html)
    assert document.prose == prose
    assert document.more == 1


@pytest.mark.parametrize(
    "html", ["<p>a</p><div>\\[ \\]</div><p>b</p>", "<p>a</p><p>\\]</p>b", "a<p>b</p><p>\\]</p>"]
)
def test_a_formula_without_content_leaves_no_space_behind(html):
    assert parse(html).prose == "a b"
