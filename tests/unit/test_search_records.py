"""What of a post can be found, as plain data."""

import html as html_library
import json
import re
from urllib.parse import unquote

import pytest

from pelican_mlnotes.document.reader import parse_document
from pelican_mlnotes.search.records import Record, Section, make_sections, spaced, topics_of, write_page


def sections(html):
    return make_sections(html, parse_document)


def make_record(**values):
    return Record(**{"url": "a.html", "title": "A", "lang": "en", "sections": (), **values})


def shown(page):
    """Return what results show of ``page`` beside its text."""
    found = re.search(r'<a id="(.*?)">', page)[1]
    assert not re.search(r"\s", found)
    return json.loads(unquote(html_library.unescape(found)))


def test_text_is_cut_at_headings():
    assert sections("<p>First.</p><h2 id='why'>Why <em>so</em>?</h2><p>Because.</p><h3>Then</h3>") == (
        Section("", 0, "", "First."),
        Section("Why so?", 2, "why", "Because."),
        Section("Then", 3, "", ""),
    )


def test_a_section_of_restructuredtext_gives_its_heading_the_id():
    html = '<p>A.</p>\n<section id="one">\n<h2>One</h2>\n<p>B.</p>\n</section>'
    html += '<div class="section" id="two"><h2>Two</h2>C.</div>'
    assert [found.anchor for found in sections(html)] == ["", "one", "two"]


def test_a_heading_that_is_not_shown_cuts_nothing():
    assert sections("<p>A.</p><!-- <h2>B</h2> --><p>C.</p>") == (Section("", 0, "", "A. C."),)


def test_a_post_without_text_has_no_sections():
    assert sections("") == ()


def test_what_looks_like_a_place_of_ours_does_no_harm():
    found = sections("<p>Say mlnotesheading7x and mlnotesheading0x.</p><h2>H</h2><p>End.</p>")
    assert found[-1] == Section("H", 2, "", "End.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words, 1 + 1", "plain words, 1 + 1"),
        ("卷积神经", "卷 积 神 经"),
        ("用BERT模型。", "用 BERT 模 型。"),
        ("分支。卷积", "分 支。 卷 积"),
        ("カタカナ と ひら", "カ タ カ ナ と ひ ら"),
        ("한국어 문장", "한국어 문장"),
    ],
)
def test_each_letter_of_a_script_without_spaces_stands_alone(text, expected):
    assert spaced(text) == expected


def test_a_page_holds_text_headings_and_what_results_show():
    record = make_record(
        url="posts/a b.html",
        title='Q&A <"x"> 100%\xa0',
        sections=(Section("", 0, "", "1 < 2"), Section("H & M", 3, 'i"d', "Text.")),
        date="1 May 2026",
        iso_date="2026-05-01",
        topics=("R&D",),
    )
    page = write_page(record)
    assert shown(page) == {
        "url": "posts/a b.html",
        "title": 'Q&A <"x"> 100%\xa0',
        "date": "1 May 2026",
        "iso": "2026-05-01",
        "topics": ["R&D"],
    }
    assert '<p>1 &lt; 2</p><h3 id="i&quot;d">H &amp; M</h3><p>Text.</p>' in page


@pytest.mark.parametrize(
    ("tag", "language"),
    [("de", "de"), ("pt_BR", "pt"), ("zh-Hant", "zh"), ('x"><script>', "en"), ("../../x", "en"), ("", "en")],
)
def test_a_language_is_the_first_part_of_its_tag(tag, language):
    record = make_record(lang=tag)
    assert record.language == language
    assert f'<html lang="{language}">' in write_page(record)


def test_topics_know_their_records():
    records = [make_record(topics=("b", "a")), make_record(), make_record(topics=("a",))]
    assert topics_of(records) == {"a": [0, 2], "b": [0]}
    assert list(topics_of(records)) == ["a", "b"]
