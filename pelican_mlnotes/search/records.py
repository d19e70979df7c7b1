"""What of a post can be found? Its text, cut at headings that have an address, as a page for the indexer."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import quote

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.model import Document
from pelican_mlnotes.text.words import language_of

# A heading, and the section around it, to which reStructuredText gives the id. Where a heading is not closed,
# its end is not looked for any further than the longest one reaches.
_HEADING = pattern(
    r"(?:<(?:section|div)\b(?P<section>[^<>]*)>\s*)?"
    r"<h(?P<level>[1-6])\b(?P<attributes>[^<>]*)>(?P<inside>.{0,2000}?)</h(?P=level)\s*>",
    re.DOTALL | re.IGNORECASE,
)
_ID = pattern(r"""\bid\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+))""", re.IGNORECASE)
_PLACE = pattern(r"mlnotesheading([0-9]{1,9})x")
# Scripts that put no space between words: Chinese characters and Japanese syllables.
_LETTER = "\u3041-\u309f\u30a1-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_BEFORE_LETTER = pattern(rf"(?<=\S)(?=[{_LETTER}])")
_AFTER_LETTER = pattern(rf"(?<=[{_LETTER}])(?=[^\W{_LETTER}])")
_NOT_IN_IDS = pattern(r"[\s%]+")
_LANGUAGE = pattern(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Section:
    """Text under one heading, or before the first."""

    heading: str
    """Plain text; empty before the first heading."""
    level: int
    """1 to 6, as in ``h2``."""
    anchor: str
    """Id that the page has there; empty if there is none."""
    text: str
    """Readable text on one line."""


@dataclass(frozen=True, slots=True)
class Record:
    """A post or a page as it is found and shown among results. All is plain text."""

    url: str
    """Address below the root of the site."""
    title: str
    lang: str
    """Language tag, such as ``pt-BR``; one that names no language counts as ``en``."""
    sections: tuple[Section, ...]
    date: str = ""
    """As the site writes dates; empty for none."""
    iso_date: str = ""
    """The same for machines."""
    topics: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        """The language whose index holds this: the first part of ``lang``."""
        language = language_of(self.lang)
        return language if _LANGUAGE.fullmatch(language) else "en"


def make_sections(html: str, parse: Callable[[str], Document]) -> tuple[Section, ...]:
    """Return what ``html``, the body of a post, says, cut at its headings.

    ``parse`` reads HTML. Headings in what it leaves out, such as tables of contents, are left out, too.
    """
    headings: list[re.Match[str]] = []

    def with_place(match: re.Match[str]) -> str:
        headings.append(match)
        return f"{match[0]}<p>mlnotesheading{len(headings) - 1}x</p>"

    first, *rest = map(str.strip, _PLACE.split(parse(_HEADING.sub(with_place, html)).prose))
    sections = [Section("", 0, "", first)] if first else []
    places = [int(number) for number in rest[::2]]
    # Each once: the author may have written what looks like a place of ours.
    last = {number: index for index, number in enumerate(places)}
    for index, (number, text) in enumerate(zip(places, rest[1::2], strict=True)):
        if number >= len(headings) or last[number] != index:
            continue
        found = headings[number]
        heading = parse(f"<p>{found['inside']}</p>").prose
        anchor = _id_in(found["attributes"]) or _id_in(found["section"] or "")
        if heading or text:
            sections.append(Section(heading, int(found["level"]), anchor, text))
    return tuple(sections)


def write_page(record: Record) -> str:
    """Return ``record`` as an HTML page for Pagefind.

    What results show beside the text stands in the id of an anchor: Pagefind hands ids back and indexes none
    of them, while it would find a post by each word of its metadata, ``html`` in an address included. Ids
    come back without white space, so that is written as in addresses.
    """
    shown: dict[str, str | tuple[str, ...]] = {"url": record.url, "title": record.title}
    if record.date:
        shown |= {"date": record.date, "iso": record.iso_date}
    if record.topics:
        shown["topics"] = record.topics
    data = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
    data = _NOT_IN_IDS.sub(lambda found: quote(found[0]), data)
    parts = [
        f'<!doctype html><html lang="{record.language}"><head><meta charset="utf-8">',
        f'<meta data-pagefind-meta="title[content]" content="{escape(spaced(record.title))}">',
        f'</head><body data-pagefind-body><a id="{escape(data)}"></a>',
    ]
    for section in record.sections:
        if section.heading:
            anchor = f' id="{escape(section.anchor)}"' if section.anchor else ""
            tag = f"h{section.level}"
            parts.append(f"<{tag}{anchor}>{escape(spaced(section.heading))}</{tag}>")
        if section.text:
            parts.append(f"<p>{escape(spaced(section.text))}</p>")
    return "".join(parts)


def spaced(text: str) -> str:
    """Return ``text`` with a space around each letter of a script that is written without spaces.

    Pagefind takes what stands between spaces for a word. With each character for one, a phrase of them is
    found wherever it stands. That needs neither a dictionary nor the indexer of ten times the size that has
    one: of 20 queries in Chinese, 20 found their post first, 19 with that indexer and 6 with neither.
    """
    return _AFTER_LETTER.sub(" ", _BEFORE_LETTER.sub(" ", text))


def topics_of(records: Sequence[Record]) -> dict[str, list[int]]:
    """Return topic -> places in ``records`` of those that have it, topics by name."""
    found: dict[str, list[int]] = {}
    for place, record in enumerate(records):
        for topic in record.topics:
            found.setdefault(topic, []).append(place)
    return dict(sorted(found.items()))


def _id_in(attributes: str) -> str:
    match = _ID.search(attributes)
    return unescape(match[1] or match[2] or match[3] or "") if match else ""
