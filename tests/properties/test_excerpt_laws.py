"""Laws of excerpts and badges, for HTML built from real parts and for plain nonsense."""

import html
import itertools
import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pelican_mlnotes.document.model import Document
from pelican_mlnotes.document.reader import parse_document
from pelican_mlnotes.excerpt import is_boundary, make_excerpt

KEPT, LEFT = "\u27e6k\u27e7", "\u27e6l\u27e7"

# Posts of which every word is known to be kept or left out. The words get numbers when all is put together.


def each(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


def tagged(tag: str, text: str) -> str:
    return f"<{tag}>{text}</{tag}>"


word = each(KEPT, f"{KEPT},", f"{KEPT}.", f"({KEPT})", f"“{KEPT}”", f"{KEPT} &amp; {KEPT}")
inline_left = each(
    f"<!-- {LEFT} -->",
    f"<script>var {LEFT} = '</p>';</script>",
    f"<style>.{LEFT} {{}}</style>",
    f"<template><b>{LEFT}</b></template>",
    '<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup>',
    f'<span class="sr-only">{LEFT}</span>',
    f"<span hidden>{LEFT}</span>",
    f'<span style="display:none">{LEFT}</span>',
    f'<i class="icon" aria-hidden="true">{LEFT}</i>',
    f"<button>{LEFT}</button>",
    f"<select><option>{LEFT}</select>",
    f"<textarea>{LEFT}</textarea>",
    f"<iframe>{LEFT}</iframe>",
    f'<svg width="99"><text>{LEFT}</text></svg>',
    f'<img class="icon" src="a.png" alt="{LEFT}">',
    f"<video>{LEFT}</video>",
    f"<noscript>{LEFT}</noscript>",
    f'<span class="math display">\\[{LEFT}\\]</span>',
)
inline_tag = each("b", "i", "em", "a", "code", "kbd", "span", "abbr", "small", "mark", "tt", "my-tag")
inline = word | inline_left | st.builds(tagged, inline_tag, word | inline_left)
line = st.lists(inline | st.builds(tagged, inline_tag, inline), min_size=1, max_size=4).map(" ".join)
block_left = each(
    f"<pre><code>{LEFT}</code></pre>",
    f'<div class="highlight"><pre><span>{LEFT}</span></pre></div>',
    f"<table><tr><th>{LEFT}</th></tr><tr><td>{LEFT}</td></tr></table>",
    f'<figure><img src="b.png"><figcaption>{LEFT}</figcaption></figure>',
    f'<div class="toc"><ul><li><a href="#x">{LEFT}</a></li></ul></div>',
    f'<div class="footnote"><ol><li id="fn:1"><p>{LEFT}</p></li></ol></div>',
    f"<nav>{LEFT}</nav>",
    f"<h2>{LEFT}<a class='headerlink' href='#x'>¶</a></h2>",
    f"<div hidden><p>{LEFT}</p></div>",
    f'<div class="wp-caption"><img src="c.png"><p class="wp-caption-text">{LEFT}</p></div>',
    f"<p>$${LEFT}\n= 1$$</p>",
    f'<div class="math">$${LEFT}$$</div>',
    "<hr>",
    "<p></p>",
)
block_tag = each("p", "div", "section", "article", "blockquote", "li", "dd", "details", "aside")
block = (
    st.builds(tagged, block_tag, line)
    | st.lists(line, max_size=3).map(lambda items: tagged("ul", "".join(f"<li>{item}" for item in items)))
    | st.tuples(line, line).map(lambda pair: f"<dl><dt>{pair[0]}<dd>{pair[1]}</dl>")
    | block_left
)
nested = st.builds(tagged, each("div", "section", "ul"), block)
posts = st.lists(block | nested, min_size=1, max_size=6).map("\n".join)


def numbered(post: str) -> tuple[str, list[str]]:
    """Return a post with its words, and those of them that are kept."""
    count = itertools.count()
    kept: list[str] = []

    def name(match: re.Match[str]) -> str:
        text = f"{match[1]}{next(count)}w"
        if match[1] == "k":
            kept.append(text)
        return text

    return re.sub("\u27e6([kl])\u27e7", name, post), kept


# Nonsense: real parts in any order, broken off anywhere.

# A tilde stands for a space, so that a piece can have one.
PIECES = """
    <p> </p> <div> </div> <b> </b> <i> <a> <a~href="#fn:1"> </a> <ul> <li> </ul> <h2> </h2> <pre> </pre>
    <code> </code> <table> <tr> <td> <th> </table> <figure> <figcaption> </figure> <script> </script> <style>
    </style> <!-- --> <!--more--> <br> <hr> <img~src=a.png> <img> <svg> <path> </svg>
    <math> <mi> <msup> </math> <span~class="math">
    <span~class="katex"> <annotation> </span> <sup> </sup> <sub> <template> </template>
    <noscript> </noscript> <select> <option> <textarea> </textarea> <iframe> <object> <video> <dl> <dt> <dd>
    <blockquote> <details> <summary> <ruby> <rt> <plaintext> <xmp> </xmp> <frameset> <body> </body> <html>
    <head> <title> </title> <![CDATA[ ]]> <?php ?> < > & &amp; &lt; &nbsp; &#0; &#x202e; &#x2069; &shy; &zwj;
    &#9999999999; &mdash " ' $ $$ $x^2$ $a$$b$ \\( \\) \\[ \\] \\$ \\begin{align} \\end{align} \\frac{1}{2}
    \\alpha { } ^ _ <p~hidden> <p~class="toc"> <div~class="footnote"> <div~class="highlight"> <input~ <p~a="~
    <a~name=more> [caption] [/caption] . , ; ( ) “ ” — e.g. Fig. 3.14 Dr. U.S. word
"""
fragments = each(*(piece.replace("~", " ") for piece in PIECES.split()))
LETTERS = "aé 汉ไกे́‍️🇩🇪👩💻🏽\u202e\u2067\u2069\u202c\xa0\xad\u200b\0\ud800\x07。、กำक्ष한ᄀ"
texts = (
    st.text(max_size=12)
    | st.text(alphabet=LETTERS, max_size=12)
    | each("word ", " and ", "One. Two? ", "深度学习。", "e.g. this ", "\n", "   ")
)
nonsense = st.lists(fragments | texts, max_size=40).map("".join)

lengths = st.integers(0, 60) | st.sampled_from([100, 200, 1000])
cuts = each("word", "sentence", "character")
ellipses = each("...", "…", "", " [more]", ". . .")
DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
FILLERS = "\u115f\u1160\u3164\uffa0"  # letters of Hangul that show nothing
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\ud800-\udfff\ue000-\uf8ff\ufffe\uffff]")


def readable(document: Document) -> str:
    """All of the text that an excerpt can show."""
    return make_excerpt(document, 10**9)


def body_of(excerpt: str, ellipsis: str, text: str) -> str:
    """The part of an excerpt that comes from the text."""
    if excerpt == text or not ellipsis or not excerpt.endswith(ellipsis):
        return excerpt
    return excerpt.removesuffix(ellipsis)


def is_balanced(text: str) -> bool:
    opened = []
    for character in DIRECTIONS.findall(text):
        if character in "\u202c\u2069":
            if not opened or opened.pop() != character:
                return False
        else:
            opened.append("\u2069" if character in "\u2066\u2067\u2068" else "\u202c")
    return not opened


@given(posts)
def test_what_is_kept_comes_in_order_and_what_is_left_out_does_not_come(post):
    text, kept = numbered(post)
    prose = parse_document(text).prose
    assert re.findall(r"[kl]\d+w", prose) == kept


@given(posts)
def test_text_is_clean(post):
    prose = parse_document(numbered(post)[0]).prose
    assert not re.search(r"\s{2}|^\s|\s$|\s[,.;!?](\s|$)|<|>|w[kl]\d", prose.replace("& ", ""))


@given(nonsense, lengths, cuts, ellipses)
def test_nonsense_never_raises_and_keeps_the_laws(post, length, cut, ellipsis):
    document = parse_document(post)
    text = readable(document)
    excerpt = make_excerpt(document, length, cut, ellipsis)
    assert len(excerpt) <= length
    assert not CONTROL.search(excerpt)
    assert "  " not in excerpt.removesuffix(ellipsis)
    assert is_balanced(excerpt)
    body = DIRECTIONS.sub("", body_of(excerpt, ellipsis, text)).rstrip()
    assert DIRECTIONS.sub("", text).startswith(body)


@given(nonsense, st.integers(1, 80), cuts)
def test_an_excerpt_of_an_excerpt_is_the_excerpt(post, length, cut):
    excerpt = make_excerpt(parse_document(post), length, cut)
    assert make_excerpt(Document(excerpt), length, cut) == excerpt


@given(posts, st.integers(1, 200))
def test_an_excerpt_read_again_is_the_excerpt(post, length):
    excerpt = make_excerpt(parse_document(numbered(post)[0]), length)
    assert make_excerpt(parse_document(f"<p>{html.escape(excerpt)}</p>"), length) == excerpt


@given(nonsense, st.integers(1, 80), cuts)
def test_no_cut_falls_inside_a_formula_or_a_character(post, length, cut):
    document = parse_document(post)
    excerpt = make_excerpt(document, length, cut, "")
    if (
        document.prose
        and excerpt
        and document.more is None
        and excerpt != document.prose
        and not DIRECTIONS.search(document.prose)
    ):
        end = len(excerpt)
        assert not any(start < end < stop for start, stop in document.formulas)
        assert is_boundary(document.prose, end)
        assert not unicodedata.combining(document.prose[end])


@given(nonsense)
def test_offsets_lie_inside_the_prose(post):
    document = parse_document(post)
    assert 0 <= document.lead <= len(document.prose)
    assert document.more is None or 0 < document.more <= len(document.prose)
    assert all(0 <= start < end <= len(document.prose) for start, end in document.formulas)
    assert list(document.formulas) == sorted(document.formulas)


@given(posts, st.booleans(), st.booleans())
def test_badges_do_not_change_when_the_markup_is_rewritten_harmlessly(post, wrapped, spaced):
    text = numbered(post)[0]
    other = text.replace('"', "'") if "\"'" not in text and "'" not in text else text
    if wrapped:
        other = f'<div class="post"><!-- note -->{other}</div>'
    if spaced:
        other = other.replace("\n", "\n\n<!-- x -->\n")
    one, two = parse_document(text), parse_document(other)
    assert (one.kinds, one.pictures, one.prose) == (two.kinds, two.pictures, two.prose)


@given(st.text())
def test_plain_text_is_its_own_prose_but_for_white_space_and_unseen_characters(text):
    prose = parse_document(f"<p>{html.escape(text)}</p>").prose
    seen = [c for c in text if c.isalnum() and c not in FILLERS]
    # Dollar signs and backslashes may make a formula; the others are words for tools.
    if not re.search(r"[$\\]|more|toc", text, re.IGNORECASE):
        assert [c for c in prose if c.isalnum()] == seen
