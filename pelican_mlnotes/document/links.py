"""Where in the text of a page do its links stand?

A link is noted while the page is read, by its place among the collected pieces, which stay as they are. What
it says, and what stands around it, is made of the pieces of its block when all are there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from pelican_mlnotes.document.lines import Sink
from pelican_mlnotes.document.model import Link
from pelican_mlnotes.document.prose import BREAK, FORMULA, Formulas, make_line
from pelican_mlnotes.document.tree import BLOCKS

_FRAMES = frozenset(BLOCKS.split(",")) | frozenset(
    ("li", "dd", "dt", "td", "th", "figcaption", "div", "section", "article", "aside", "details", "body")
)
_LONGEST_UNREAD = 4000
"""Of text that was left out, a longer block says nothing about a link: characters."""


@dataclass(slots=True)
class OpenLink:
    """A link that is being read, or has been."""

    address: str
    node: LexborNode
    sink: Sink
    """Where its text goes; ``None`` if that is left out, as in footnotes."""
    start: int
    """Number of pieces there before it."""
    end: int = 0
    """Number of pieces there when it ends."""


def make_links(links: Sequence[OpenLink], formulas: Formulas) -> tuple[Link, ...]:
    """Return ``links``, which are in order, with their texts; takes time in proportion to the page."""
    made: dict[int, Link] = {}
    by_sink: dict[int, list[int]] = {}
    for number, link in enumerate(links):
        by_sink.setdefault(0 if link.sink is None else id(link.sink), []).append(number)
    unread: dict[int, str] = {}
    for number in by_sink.pop(0, ()):
        made[number] = _unread(links[number], unread, formulas)
    for numbers in by_sink.values():
        pieces = links[numbers[0]].sink or []
        for first, last, some in _by_block(pieces, links, numbers):
            found = _in_block(pieces, first, last, [links[number] for number in some], formulas)
            made.update(zip(some, found, strict=True))
    return tuple([made[number] for number in range(len(links))])


def _by_block(
    pieces: Sequence[str], links: Sequence[OpenLink], numbers: Sequence[int]
) -> Iterator[tuple[int, int, list[int]]]:
    """Yield where a block starts and ends among ``pieces``, and which of the links stand in it."""
    first = last = -1
    some: list[int] = []
    for number in sorted(numbers, key=lambda number: links[number].start):
        # Pieces may have been taken away behind a link, never before it.
        at = min(links[number].start, len(pieces))
        if at > last:
            if some:
                yield first, last, some
            some = []
            first = last = at
            while first and pieces[first - 1] != BREAK:
                first -= 1
            while last < len(pieces) and pieces[last] != BREAK:
                last += 1
        some.append(number)
    if some:
        yield first, last, some


def _in_block(
    pieces: Sequence[str], first: int, last: int, links: Sequence[OpenLink], formulas: Formulas
) -> list[Link]:
    """Return ``links``, which stand in the block ``pieces[first:last]``."""
    # A formula without any text marks a place, and shows nothing.
    formulas.texts.append("")
    mark = f"{FORMULA}{len(formulas.texts) - 1}{FORMULA}"
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    order: list[tuple[int, int, int]] = []
    for number, link in enumerate(links):
        start = min(link.start, last)
        end = max(start, min(link.end, last))
        starts[start] = starts.get(start, 0) + 1
        order.append((start, 2 if end > start else 1, number))
        if end > start:
            ends[end] = ends.get(end, 0) + 1
            order.append((end, 0, number))
    out: list[str] = []
    for at in range(first, last + 1):
        if at in ends and out:
            # White space stays outside, where it can collapse.
            text = out[-1].rstrip()
            out[-1] = text + ends[at] * mark + out[-1][len(text) :]
        piece = pieces[at] if at < last else ""
        if at in starts:
            text = piece.lstrip()
            out.append(piece[: len(piece) - len(text)] + starts[at] * mark + text)
        elif piece:
            out.append(piece)
    line = make_line(out, formulas)
    places = [start for start, end in line.formulas if start == end]
    if len(places) != len(order):
        # A formula between delimiters has swallowed one.
        return [_alone(link, _text(pieces[link.start : link.end], formulas)) for link in links]
    order.sort()
    found: dict[int, list[int]] = {}
    for (_, _, number), place in zip(order, places, strict=True):
        found.setdefault(number, []).append(place)
    spans = tuple([span for span in line.formulas if span[0] < span[1]])
    made = []
    for number, link in enumerate(links):
        start, end = found[number][0], found[number][-1]
        if line.text[start:end].endswith((";", ":")) and not link.node.text().rstrip().endswith((";", ":")):
            end -= 1  # that sign only sets items of a list apart
        made.append(Link(link.address, line.text[start:end].strip(), line.text, start, end, spans))
    return made


def _unread(link: OpenLink, blocks: dict[int, str], formulas: Formulas) -> Link:
    """Return a link in a text that was left out; ``blocks`` remembers those that were looked at."""
    text = _text([link.node.text()], formulas)
    frame = link.node.parent
    while frame is not None and frame.tag not in _FRAMES:
        frame = frame.parent
    if frame is None:
        return _alone(link, text)
    around = blocks.get(frame.mem_id)
    if around is None:
        raw = frame.text()
        around = _text([raw], formulas) if len(raw) <= _LONGEST_UNREAD else ""
        blocks[frame.mem_id] = around
    start = around.find(text)
    return Link(link.address, text, around, start, start + len(text)) if start >= 0 else _alone(link, text)


def _alone(link: OpenLink, text: str) -> Link:
    return Link(link.address, text, text, 0, len(text))


def _text(pieces: Sequence[str], formulas: Formulas) -> str:
    return make_line(list(pieces), formulas).text
