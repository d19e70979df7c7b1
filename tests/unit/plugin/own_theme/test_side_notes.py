"""Footnotes that may stand in the margin."""

import re
from pathlib import Path

import pytest

from pelican_mlnotes.plugin.own_theme.notes import MOST, mark_notes

STYLES = Path(__file__).parents[4] / "theme/static/css/reading.css"


def post(notes, between="word " * 60):
    marks = "".join(
        f'<p>{between}<sup id="fnref:{n}"><a class="footnote-ref" href="#fn:{n}">{n}</a></sup></p>'
        for n in notes
    )
    listed = "".join(
        f'<li id="fn:{n}"><p>{text} <a class="footnote-backref" href="#fnref:{n}">↩</a></p></li>'
        for n, text in notes.items()
    )
    return f'{marks}<div class="footnote"><hr /><ol>{listed}</ol></div>'


def test_a_footnote_and_its_mark_get_one_number():
    marked = mark_notes(post({"a": "One.", "b": "Two."}))
    assert '<a class="footnote-ref" href="#fn:b" data-note="2">' in marked
    assert '<li id="fn:b" data-note="2">' in marked
    assert mark_notes(marked) == marked


def test_only_the_first_of_two_marks_of_one_note_counts():
    html = post({"a": "One."})
    again = '<p><a class="footnote-ref" href="#fn:a">1</a></p><div class="footnote">'
    assert mark_notes(html.replace('<div class="footnote">', again)).count("data-note") == 2


@pytest.mark.parametrize(
    "html",
    [
        post({str(n): "Short." for n in range(MOST + 1)}),
        post({"a": "Long. " * 300, "b": "Two."}),
        post({"a": "x", "b": "y" * 900, "c": "z"}, between=""),
        post({"a": "<pre>code</pre>"}),
        post({"a": "One.", "b": "Two."}).replace('href="#fn:a"', 'href="#fn:c"'),
        '<p><a class="footnote-ref" href="#fn:a">1</a></p>',
        post({"a": "One."}).replace("footnote-ref", "other"),
    ],
)
def test_notes_that_are_many_long_or_odd_stay_at_the_end(html):
    assert mark_notes(html) == html


def test_the_stylesheet_has_a_rule_for_each_that_may_be_marked():
    numbers = re.findall(r'\[data-note="(\d+)"\] { --mark: --r\1; }', STYLES.read_text(encoding="utf-8"))
    assert numbers == [str(n) for n in range(1, MOST + 1)]
