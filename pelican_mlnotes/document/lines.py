"""How is the text of a page collected, piece by piece, before it becomes lines?

Pieces go to a list; a break ends a block. No piece is ever empty.
"""

from selectolax.lexbor import LexborNode

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.prose import BREAK, MORE
from pelican_mlnotes.document.tree import element_before

# Where collected text goes; None while it is left out.
Sink = list[str] | None

SPACE = " \t\n\r\f"
FAR = 8
"""Pieces or characters that are looked at around a place."""
_WIDE_CLOSERS = "。，、；：？！）」』】》〉"
SPACE_OR_CLOSER = frozenset(" \t\n\r\f.,;:!?)]}" + _WIDE_CLOSERS)
_CLOSER = pattern(rf"(?![:;][-']?[)(])[.,;:!?)\]}}]+(?=[\s\"'”’»]|\Z)|[{_WIDE_CLOSERS}]")
_BRACKETS = {"(": ")", "[": "]"}
# After these, no sign is needed to set the next item of a list apart.
_ENDS = frozenset(".,;:!?…。，；：！？、·–—([{«“‘")


def break_line(out: list[str]) -> None:
    if out and out[-1] != BREAK:
        out.append(BREAK)


def gap(out: list[str]) -> None:
    if out and out[-1] != BREAK and not out[-1][-1].isspace():
        out.append(" ")


def has_text(out: list[str]) -> bool:
    """Return whether anything readable was collected near the end of ``out``."""
    return any(piece.strip("\0 \t\n\r\f\xa0") for piece in reversed(out[-FAR:])) or len(out) > 4 * FAR


def close_up(out: list[str], text: str) -> str:
    """Return ``text`` without space that is out of place, and take such space from the end of ``out``."""
    rest = text.lstrip(SPACE)
    last = out[-1] if out else BREAK
    if last == BREAK or (not rest and last[-1].isspace()):
        return rest
    if not rest or rest[0] not in SPACE_OR_CLOSER or not _CLOSER.match(rest):
        return rest if last[-1] in _BRACKETS else text
    while out and out[-1] != BREAK:
        last = out[-1].rstrip(SPACE)
        if last:
            # Brackets around nothing but a footnote mark.
            if rest[0] == _BRACKETS.get(last[-1]):
                last, rest = last[:-1], rest[1:]
            # No piece is ever empty.
            out[-1:] = [last] if last else []
            return rest
        out.pop()
    return rest


def separate(node: LexborNode, tag: str, out: list[str]) -> int:
    """Set an item of a list apart from the one before it, or from the words that a nested list belongs to.

    Returns where among ``out`` a sign was added, or -1.
    """
    before = element_before(node)
    if before is None and tag == "dt" and (group := node.parent) is not None and group.tag == "div":
        before = element_before(group)
    if before is not None:
        sign = ":" if tag == "dd" and before.tag == "dt" else ";"
    elif (
        tag == "li"
        and (around := node.parent) is not None
        and (outer := around.parent) is not None
        and outer.tag == "li"
    ):
        sign = ":"
    else:
        return -1
    for index in range(len(out) - 1, max(len(out) - FAR, 0) - 1, -1):
        text = out[index].rstrip("\0 \t\n\r\f\xa0")
        if text:
            if text[-1] not in _ENDS and text != MORE:
                out[index] = text + sign
                return index
            return -1
        if sign == ":" and out[index] == BREAK and index < len(out) - 2:
            return -1
    return -1
