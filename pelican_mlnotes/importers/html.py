"""Where in a post's HTML do links and scripts stand, and how is it changed there and nowhere else?

Beautiful Soup says where start tags are; it never writes: that would make ``<br>`` into ``<br/>``, entities
into characters, and close what the author left open. End tags it does not place.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import accumulate

from pelican_mlnotes._patterns import pattern

_NAME = pattern(r"<([a-zA-Z][^\t\n\r\f />\x00]*)")
_ATTRIBUTE = pattern(r"""[\s/]*([^\s/>][^\s/=>]*)(?:\s*=\s*("[^"]*"|'[^']*'|(?!["'])[^>\s]*))?""")
_END = pattern(r"[\s/]*>")
# What may be an element, known or not. "b$ and" in "$a<b$ and" is none.
_ELEMENT = pattern(r"[a-z][a-z0-9]*(?:[:._-][a-z0-9]+)*")
_OPAQUE = ("script", "style")  # nothing in them is a tag
_PASSES = 8

Edit = tuple[int, int, str]
"""From, to, and what stands there instead."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag: where it stands and what it says."""

    name: str
    start: int
    end: int
    """Index behind its ``>``."""
    attributes: dict[str, tuple[int, int]]
    """Name, in lower case, of each that has a value -> where that stands, its quotes included."""
    content: str
    """What an element that cannot hold tags, as ``script``, holds; empty for others."""


def find_tags(html: str) -> Iterator[Tag]:
    """Yield the start tags of ``html`` in their order; one whose end cannot be told is left out."""
    from bs4 import BeautifulSoup, ParserRejectedMarkup  # here, because a build must not load it

    # Behind the last ">" no tag ends; for one that does not, the parser starts again at each "<".
    closed = html[: html.rfind(">") + 1]
    try:
        soup = BeautifulSoup(closed, "html.parser")
    except ParserRejectedMarkup:
        return
    lines = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
    for found in soup.find_all(True):
        if found.sourceline is None or found.sourcepos is None:
            continue
        start = lines[found.sourceline - 1] + found.sourcepos
        tag = _read_tag(html, start, found.name)
        if tag:
            content = found.get_text() if found.name in _OPAQUE else ""
            yield Tag(found.name, start, tag[0], tag[1], content)


def _read_tag(html: str, start: int, name: str) -> tuple[int, dict[str, tuple[int, int]]] | None:
    opened = _NAME.match(html, start)
    if not opened or opened[1].lower() != name:
        return None
    attributes: dict[str, tuple[int, int]] = {}
    at = opened.end()
    while not (end := _END.match(html, at)):
        found = _ATTRIBUTE.match(html, at)
        if not found:
            return None
        if found[2] is not None:
            attributes.setdefault(found[1].lower(), found.span(2))
        at = found.end()
    return end.end(), attributes


def value_at(html: str, place: tuple[int, int]) -> str:
    """Return the value that stands at a ``place`` of ``Tag.attributes``."""
    value = html[slice(*place)]
    return unescape(value[1:-1] if value[:1] in ("'", '"') else value)


def splice(html: str, edits: Iterable[Edit]) -> str:
    """Return ``html`` with ``edits`` made, the first of two that overlap; all else stays as it is."""
    parts, position = [], 0
    for start, end, text in sorted(edits):
        if start < position:
            continue
        parts += [html[position:start], text]
        position = end
    return "".join([*parts, html[position:]])


def mend_less_than(html: str) -> str:
    """Return ``html`` with ``&lt;`` where ``<`` begins what no element is called, as in ``$a<b$``.

    Pelican's reader would take all up to the next ``>`` for attributes, and write them anew.
    """
    for _ in range(_PASSES):  # such a "tag" may hide another
        if all(map(_is_element, _NAME.findall(html))):
            break
        edits = [(tag.start, tag.start + 1, "&lt;") for tag in find_tags(html) if not _is_element(tag.name)]
        if not edits:
            break
        html = splice(html, edits)
    return html


def _is_element(name: str) -> bool:
    return bool(_ELEMENT.fullmatch(name.lower()))
