"""What a page shows as a formula, its plain text knows as one: in prose, headings, titles and summaries."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from pelican_mlnotes.document.reader import parse_document
from pelican_mlnotes.excerpt import make_excerpt
from pelican_mlnotes.formulas.convert import Converter
from pelican_mlnotes.formulas.delimiters import mark_text
from pelican_mlnotes.formulas.plain import tex_to_text
from pelican_mlnotes.plugin.own_theme.html import edit_html
from tests.pages import parse_page

WORDS = st.sampled_from(
    ["The", "cost", "of", "attention", "grows", "with", "length", "here.", r"\$5", "US$ 3"]
)
INLINE = st.sampled_from(
    [
        "O(n^2)", r"\theta_t", r"x_{max}", r"\mathbb{E}[X]", "n", r"\frac{a}{b}", r"\underset{x}{\arg\min} f",
        r"\hat{y}_i", r"p(x \mid y)", r"\text{if } a < b", r"a \& b", r"\| x \|_2 \le 1", r"\sqrt{x + 1}",
    ]
)  # fmt: skip
DISPLAY = st.sampled_from(
    [
        r"\begin{align} a &= b \label{eq:a} \\ c &= d \tag{7} \end{align}",
        r"\sum_{i=1}^n x_i",
        r"\begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}",
    ]
)
PARAGRAPH = st.lists(WORDS | INLINE.map(lambda tex: f"${tex}$"), min_size=1, max_size=25).map(" ".join)
BLOCK = (
    PARAGRAPH
    | DISPLAY.map(lambda tex: f"$${tex}$$")
    | st.lists(WORDS | INLINE.map(lambda tex: f"${tex}$"), min_size=1, max_size=5).map(
        lambda parts: "## " + " ".join(parts)
    )
)
POST = st.lists(BLOCK, min_size=1, max_size=6).map("\n\n".join)


def page(post: str) -> str:
    return Markdown(extensions=["extra", "pelican_mlnotes.formulas.markdown"]).convert(post)


@settings(deadline=None)
@given(POST)
def test_the_text_is_the_same_before_and_after_formulas_are_shown(post):
    marked = page(post)
    shown, faults = Converter().convert_marked(marked, "post")
    assert [fault for fault in faults if "label" not in fault.reason] == []
    before, after = parse_document(marked, marked=True), parse_document(shown, marked=True)
    assert (after.prose, after.formulas, after.headings) == (before.prose, before.formulas, before.headings)
    assert "math" in before.kinds or "$" not in post.replace(r"\$", "").replace("US$", "")


@settings(deadline=None)
@given(POST)
def test_no_formula_is_written_twice_and_no_delimiter_is_left(post):
    document = parse_document(Converter().convert_marked(page(post), "post")[0], marked=True)
    texts = (document.prose, *document.headings)
    inline = re.findall(r"(?<![\\$])\$([^$]+)\$(?!\$)", post.replace("US$ 3", "").replace(r"\$5", ""))
    assert sum(len(text) for text in texts) <= len(post) + sum(len(tex_to_text(tex)) for tex in inline)
    for text in texts:
        assert not re.search(r"\\[()\[\]]|\$\$", text)
        assert text.count("$") == text.count("$5") + text.count("US$ 3")


@settings(deadline=None)
@given(POST, st.integers(1, 120), st.sampled_from(["word", "sentence", "character"]))
def test_no_excerpt_cuts_a_formula(post, length, cut):
    document = parse_document(page(post), marked=True)
    excerpt = make_excerpt(document, length, cut)
    assert len(excerpt) <= length
    kept = excerpt.removesuffix("...").rstrip()
    if document.prose.startswith(kept):
        end = len(kept)
        assert not any(start < end < stop for start, stop in document.formulas)


@settings(deadline=None)
@given(POST)
def test_a_table_of_contents_holds_plain_text_and_every_id_once(post):
    edited = edit_html(page(post))
    shown, _ = Converter().convert_marked(edited.html, "post")
    tree = parse_page(shown)
    ids = [node["id"] for node in tree.select("[id]")]
    assert len(ids) == len(set(ids))
    for node in tree.select("annotation"):
        node.decompose()
    for heading in edited.headings:
        assert tree.select_one(f"[id='{heading.id}']") is not None
        assert not re.search(r"\\[()\[\]]|</?(?:math|m[a-z]|span)", heading.text)


@settings(deadline=None)
@given(POST)
def test_an_html_file_shows_the_formulas_that_markdown_does(post):
    def formulas(html):
        shown, _ = Converter().convert_marked(html, "post")
        return [node["alttext"] for node in parse_page(shown).select("math")]

    escaped = post.replace("&", "&amp;").replace("<", "&lt;").replace("## ", "")
    html = "".join(f"<p>{block}</p>" for block in escaped.split("\n\n"))
    assert formulas(mark_text(html)) == formulas(page(post))
