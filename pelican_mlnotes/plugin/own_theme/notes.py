"""Which footnotes may stand beside the text?

The stylesheet puts a footnote at the height of its mark, below the one before. Here, both are marked with one
number; where notes are so many or so long that they would be pushed away from their marks, none is, and all
stay at the end of the post.
"""

import re
from html import unescape

from pelican_mlnotes._patterns import pattern

MOST = 20
"""As many pairs has the stylesheet."""
_REFERENCE = pattern(r'<a\b(?=[^<>]*\bclass="[^"<>]*\bfootnote-ref\b)[^<>]*\bhref="#(?P<to>[^"<>]+)"[^<>]*')
_NOTE = pattern(r'<li\b[^<>]*\bid="(?P<id>[^"<>]+)"[^<>]*')
_BLOCK = pattern(r"<(?:pre|table|img|iframe|figure|video|svg)\b|\$\$|\\\[", re.IGNORECASE)
_TAG = pattern(r"<[^<>]*>")
# Letters of a line and its height in pixels, of the text and of the small print beside it.
_TEXT, _SMALL = (72, 27), (34, 20)
_GAP = 8
_FAR = 240  # pixels that a note may stand below its mark


def mark_notes(html: str) -> str:
    """Return ``html`` with ``data-note`` on footnotes and their first marks, if all may stand beside it."""
    if "footnote-ref" not in html or "data-note" in html:
        return html
    references: dict[str, re.Match[str]] = {}
    for match in _REFERENCE.finditer(html):
        references.setdefault(unescape(match["to"]), match)
    notes = {
        unescape(match["id"]): match for match in _NOTE.finditer(html) if unescape(match["id"]) in references
    }
    if not notes or len(notes) > MOST or notes.keys() != references.keys():
        return html
    # Each stands below the one before, so they must be listed in the order of their marks.
    if list(references) != list(notes) or _is_crowded(html, references, notes):
        return html
    parts, position = [], 0
    marks = [
        (match.end(), number)
        for group in (references, notes)
        for number, match in enumerate(group.values(), 1)
    ]
    for end, number in sorted(marks):
        parts += [html[position:end], f' data-note="{number}"']
        position = end
    return "".join([*parts, html[position:]])


def _is_crowded(html: str, references: dict[str, re.Match[str]], notes: dict[str, re.Match[str]]) -> bool:
    free, read, at = 0.0, 0, 0
    for name, reference in references.items():
        start = notes[name].end()
        end = html.find("</li>", start)
        note = html[start:end]
        if end < 0 or "<li" in note or _BLOCK.search(note):
            return True
        read += len(_TAG.sub("", html[at : reference.start()]))
        at = reference.start()
        place = read / _TEXT[0] * _TEXT[1]
        top = max(place, free)
        if top - place > _FAR:
            return True
        free = top + (len(_TAG.sub("", note)) / _SMALL[0] + 1) * _SMALL[1] + _GAP
    return False
