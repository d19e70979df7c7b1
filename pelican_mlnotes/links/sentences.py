"""Which sentence does a link stand in?"""

from pelican_mlnotes.document.model import Link
from pelican_mlnotes.document.prose import balanced
from pelican_mlnotes.excerpt import SENTENCE_END, break_kind, ends_sentence, may_cut, shorten

LONGEST = 200
"""Characters of a sentence that are kept."""
_ELLIPSIS = "…"


def sentence_of(link: Link, longest: int = LONGEST) -> str:
    """Return the sentence around ``link``, at most ``longest`` characters of it, as plain text.

    A longer one is cut between words before and behind the link, with "…" in place of what is left out.
    """
    text = link.around
    # What is farther away makes the sentence too long, whatever it is.
    start, end = max(link.start - 2 * longest, 0), min(link.end + 2 * longest, len(text))
    for match in SENTENCE_END.finditer(text, start, end):
        if any(first <= match.start() < last for first, last in link.formulas):
            continue
        if not ends_sentence(text, match):
            continue
        if match.end() <= link.start:
            start = match.end()
        elif match.end() >= link.end:
            end = match.end()
            break
    sentence = balanced(text[start:end].strip())
    return sentence if len(sentence) <= longest else _around(link, start, end, longest)


def _around(link: Link, start: int, end: int, longest: int) -> str:
    """Return at most ``longest`` characters of ``link.around[start:end]``, the link's among them."""
    text = link.around
    room = longest - 2 * len(_ELLIPSIS) - (link.end - link.start)
    if room < 0:
        return shorten(text[link.start : link.end], longest, "word", _ELLIPSIS)
    # As much before the link as behind it, unless one of the two needs less.
    at = link.start - min(link.start - start, max(room // 2, room - (end - link.end)))
    while start < at < link.start and not _may_start(link, at):
        at += 1
    head = _ELLIPSIS if text[start:at].strip() else ""
    spans = tuple([(first - at, last - at) for first, last in link.formulas if at <= first and last <= end])
    said = text[at:end].rstrip()
    blank = len(said) - len(said.lstrip())
    spans = tuple([(first - blank, last - blank) for first, last in spans])
    return head + shorten(said[blank:], longest - len(head), "word", _ELLIPSIS, spans)


def _may_start(link: Link, at: int) -> bool:
    before, after = link.around[at - 1], link.around[at]
    return (before.isspace() or break_kind(before, after) == 2) and may_cut(link.around, at, link.formulas)
