"""Hostile HTML is flattened so that the parser stays linear; what any author writes is left as it is.

Time is not tested: what makes it grow is, the depth and the number of attributes.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from pelican_mlnotes.document.flatten import DEEPEST, MOST_ATTRIBUTES, _flattened, flatten
from pelican_mlnotes.document.reader import parse_document

HOSTILE = {
    "nested divisions": "<div>" * 5000 + "word",
    "nested and closed": "<section><div>" * 3000 + "word" + "</div></section>" * 3000,
    "nested in capitals": "<DIV>" * 5000 + "word",
    "stray ends between": "<div></i>" * 5000 + "word",
    "nested formatting": "<b>" * 3000 + "word",
    "different formatting in paragraphs": "".join(f"<p><b id={n}>word" for n in range(3000)),
    "nested lists": "<ul><li>" * 3000 + "word",
    "nested tables": "<table><tr><td>" * 3000 + "word",
    "nested drawings": "<svg>" + "<g>" * 5000 + "</g>" * 5000 + "</svg>word",
    "many attributes": "<p " + " ".join(f"a{n}={n}" for n in range(5000)) + ">word",
    "many bare attributes": "<p " + " ".join(f"a{n}" for n in range(5000)) + ">word",
    "many quoted angle brackets": "<p " + " ".join(f'a{n}=">"' for n in range(5000)) + ">word",
    "many quoted tags": "<p " + " ".join(f"a{n}='<p '" for n in range(5000)) + ">word",
}


def depth_of(html: str) -> int:
    deepest, level = 0, [LexborHTMLParser(html).body]
    while level:
        level = [child for node in level for child in node.iter()]
        deepest += 1
    return deepest


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_html_becomes_flat_and_keeps_its_words(html):
    flat = flatten(html)
    assert flat is not html
    # The parser adds the body of each table.
    assert depth_of(flat) <= 1.5 * DEEPEST
    assert all(len(node.attributes) <= MOST_ATTRIBUTES for node in LexborHTMLParser(flat).css("*"))
    words = parse_document(html).prose or parse_document(html).captions[0]
    assert words.split("; ")[0].split()[0] == "word"


def test_ordinary_html_is_not_touched():
    html = "<div><p>Text <b>bold</b></p><ul><li>a<li>b</ul></div>\n" * 500
    assert flatten(html) is html


def test_paragraphs_and_items_without_ends_are_ordinary():
    html = "<p>One<p>Two<ul><li>a<li>b</ul>" * 500
    assert flatten(html) is html


def test_coloured_code_is_ordinary():
    html = "<pre>" + '<span class="k">a</span>' * 5000 + "</pre>"
    assert flatten(html) is html


# A tilde stands for a space.
WRITTEN = """
    <p> </p> <div> </div> <b> </b> <ul> <li> </ul> <table> <tr> <td> </table> <pre> </pre> <h2> </h2> <br>
    <img~src="a.png"> <a~href="x"> </a> <svg> <path/> </svg> <!--~c~--> <script>"</p>"</script> <code> </code>
    <textarea>~<b>~</textarea> word , <blockquote> </blockquote> <figure> </figure> <sup> </sup> a<b
"""
PIECES = st.sampled_from([piece.replace("~", " ") for piece in WRITTEN.split()])


def is_nested_well(pieces: list[str]) -> bool:
    opened = []
    for piece in pieces:
        if match := re.fullmatch(r"</(\w+)>", piece):
            if not opened or opened.pop() != match[1]:
                return False
        elif (match := re.fullmatch(r"<(\w+)[^/>]*>", piece)) and match[1] not in ("br", "img"):
            opened.append(match[1])
    return not opened


@given(st.lists(PIECES, max_size=30).filter(is_nested_well))
def test_what_is_nested_well_reads_the_same_when_flattened(pieces):
    html = "".join(pieces)
    flat = _flattened(html)
    assert parse_document(flat) == parse_document(html)


@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join))
def test_flattening_never_fails_and_ends_every_element(html):
    flat = _flattened(html)
    assert isinstance(flat, str)
    assert parse_document(flat) == parse_document(_flattened(flat))
