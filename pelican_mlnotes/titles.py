"""What does a title say? Pelican hands titles over as the reader left them.

A Markdown file's ``Using <canvas>`` and ``A & B`` arrive raw; an HTML or reStructuredText file's arrive
escaped, ``A &amp; B``; Typogrify and reStructuredText add inline elements. So an element counts as
markup only where it is complete and one that titles use; whatever else looks like a tag is text.
"""

import re
from html import escape, unescape

# Elements that carry meaning in a title, and those that only carry a class or an address.
_KEPT = "abbr|b|bdi|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|strong|sub|sup|u|var"
_DROPPED = "a|span|tt"
_ELEMENT = re.compile(
    rf"<(?P<tag>{_KEPT}|{_DROPPED})(?:\s[^<>]*)?>(?P<inside>.*?)</(?P=tag)\s*>", re.IGNORECASE | re.DOTALL
)
# A named or numbered reference needs its semicolon here: "R&D" and "Q&A" are words.
_REFERENCE = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9A-Fa-f]+);")
_MAX_DEPTH = 8


def title_text(title: str) -> str:
    """Return ``title`` as plain text, white space collapsed; not escaped."""
    for _ in range(_MAX_DEPTH):
        title, found = _ELEMENT.subn(lambda match: match["inside"], title)
        if not found:
            break
    return " ".join(_decode(title).split())


def title_html(title: str) -> str:
    """Return ``title`` as HTML: everything escaped once, complete inline elements kept without attributes."""
    return _title_html(" ".join(title.split()), _MAX_DEPTH)


def _title_html(title: str, depth: int) -> str:
    parts = []
    position = 0
    for match in _ELEMENT.finditer(title) if depth else ():
        parts.append(escape(_decode(title[position : match.start()])))
        tag = match["tag"].lower()
        inside = _title_html(match["inside"], depth - 1)
        parts.append(inside if tag in _DROPPED.split("|") else f"<{tag}>{inside}</{tag}>")
        position = match.end()
    parts.append(escape(_decode(title[position:])))
    return "".join(parts)


def _decode(text: str) -> str:
    return _REFERENCE.sub(lambda match: unescape(match.group()), text)
