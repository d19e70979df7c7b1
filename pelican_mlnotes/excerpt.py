"""Which first characters of a post does a list show?"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.model import Document
from pelican_mlnotes.document.prose import balanced

Spans = Sequence[tuple[int, int]]

SENTENCE_SHARE = 0.6
"""A cut after a full sentence must keep at least this share of the length."""
_NEAR = 40
_FAR = 8
"""Scripts without spaces are cut between letters only if no space is this near."""

_DANGLING = frozenset(",;:–—―‒‐‑-([{<«‹“‘„‚¿¡、，；：（「『《〈【〔［｛〝｢·•|،؛\u0387՝፣፤፥־")
_SIGNS = frozenset("&+=*/~@#%^_\\<>$\"'»›”’")
_OPENING = frozenset("([{«‹“‘„‚¿¡（「『《〈【〔［｛〝｢")
# A line of Chinese or Japanese never starts with one of these.
_NEVER_FIRST = frozenset(
    "、。，．：；？！）」』》〉】〕］｝〟｣・ーゝゞ々〻ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ%‰℃°′″!?,.;:)]}…‥"
)
_THAI_LEADING = frozenset("เแโใไເແໂໃໄ")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SENTENCE_END = pattern(
    r"[.!?…](?<![.!?…].)[.!?…]*+[\"'”’»)\]]*+(?=\s|\Z)|[。！？｡．]+[」』）”’》】]*|[।॥۔؟።፧။។՜։]+[\"'”’»)\]]*"
)
# A word of a summary: a run without blanks, or one character of a script that sets none.
_WORD = pattern("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_INITIAL = pattern(r"(?:^|[\s(\[.-])[^\W\d_]\Z")
_LONGEST_ABBREVIATION = 24
_LAST_WORD = pattern(r"[\w.'’/-]*\Z", at_most=_LONGEST_ABBREVIATION)
_ABBREVIATIONS = _names(
    """
    al app approx apr assoc aug avg ca capt cf ch chap co col corp def dec dept diff dr ed eds eq eqn
    eqs esp est et etc ex exp feb fig figs fn gen gov inc incl jan jr jul jun lem lt ltd mar max min
    mr mrs ms mt nb no nos nov obs oct op p par pp prof prop pt rem rep resp sec sect secs sen sep
    sept sr st supp tab tabs thm vol vols viz vs abb abs allg bd bspw bzgl bzw dt evtl ggf hrsg inkl
    insb ggfs nr sog str tel usw vgl zzgl env p.ex art cap pag sra sto sta num núm pág fam ref refs
    i.e e.g a.k.a w.r.t s.t i.i.d u.s u.k e.u ph.d m.sc b.sc z.b d.h u.a o.ä
    """
)
_ENTITY = pattern(r"&#?\w{1,31};")


def make_excerpt(document: Document, length: int, cut: str = "word", ellipsis: str = "...") -> str:
    """Return at most ``length`` characters of the document's prose, with ``ellipsis`` where they are cut.

    The author's "read more" marker ends it first. A post without prose gives its headings.
    ``cut`` is ``"word"``, ``"sentence"`` or ``"character"``.
    """
    text, spans = _told(document)
    return shorten(text, length, cut, ellipsis, spans)


def make_summary(document: Document, words: int | None, cut: str = "word", ellipsis: str = "...") -> str:
    """Return at most ``words`` words of what ``make_excerpt`` cuts, or all of it.

    As in Pelican, where a script sets no blanks between words each character counts as one.
    """
    text, spans = _told(document)
    text = balanced(text)
    if words is not None:
        ends = [match.end() for match in islice(_WORD.finditer(text), words + 1)]
        if len(ends) > words:
            end = ends[words - 1] if words > 0 else 0
            text = shorten(text, end + len(ellipsis), cut, ellipsis, spans) if end else ""
    return text


def _told(document: Document) -> tuple[str, Spans]:
    """Return what an excerpt is cut from, and the spans of it that stay whole."""
    text, spans = document.prose, document.formulas
    if document.more is not None:
        text = text[: document.more].rstrip()
        spans = tuple(span for span in spans if span[1] <= len(text))
    return (text, spans) if text else (_list(document.headings), ())


def shorten(text: str, length: int, cut: str = "word", ellipsis: str = "...", spans: Spans = ()) -> str:
    """Return ``text`` if it has at most ``length`` characters, else its start and ``ellipsis`` in that many.

    No cut falls inside one of ``spans``. Where not even the ellipsis has room, it is left out.
    """
    text = balanced(text)
    if len(text) <= length:
        return text
    room = length - len(ellipsis)
    return (room > 0 and _shortened(text, room, cut, ellipsis, spans)) or _shortened(
        text, length, cut, "", spans
    )


def _shortened(text: str, room: int, cut: str, ellipsis: str, spans: Spans) -> str:
    """Return at most ``room`` characters of ``text`` and the ellipsis; empty if nothing fits."""
    limit = room
    while limit > 0:
        body = balanced(_cut(text, limit, cut, ellipsis, spans))
        if cut == "sentence" and ellipsis and not ellipsis[0].isspace() and _ends_with_sentence(body):
            body += " "
        if len(body) <= room:
            return body + ellipsis if body else ""
        limit -= len(body) - room
    return ""


def _ends_with_sentence(body: str) -> bool:
    return any(match.end() == len(body) for match in SENTENCE_END.finditer(body, max(len(body) - _FAR, 0)))


def _cut(text: str, limit: int, cut: str, ellipsis: str, spans: Spans) -> str:
    """Return the start of ``text``, at most ``limit`` characters, cut where a reader allows it."""
    if cut == "sentence" and (end := _sentence_end(text, limit, spans)):
        return text[:end]
    if cut != "character" and (end := _word_end(text, limit, spans)):
        body = _stripped(text, end, ellipsis, spans)
        if body:
            return body
    end = limit
    while end > 0 and not may_cut(text, end, spans):
        end -= 1
    return _stripped(text, end, ellipsis, spans)


def _word_end(text: str, limit: int, spans: Spans) -> int:
    """Return the last place up to ``limit`` between two words; 0 if there is none."""
    best = 0
    for at in range(limit, 0, -1):
        before, after = text[at - 1], text[at] if at < len(text) else " "
        if after == " ":
            kind = 2
        elif after < "\u0e00" and before < "\u0e00":
            continue
        else:
            kind = break_kind(before, after)
        if not kind or not may_cut(text, at, spans):
            continue
        if kind == 2:
            return at if not best or best - at < _NEAR else best
        best = best or at
        if best - at >= _NEAR:
            return best
    return best


def break_kind(before: str, after: str) -> int:
    """Return 2 where a reader breaks between two characters, 1 where he does so at need, 0 elsewhere."""
    if before in _OPENING or after in _NEVER_FIRST:
        return 0
    if _is_wide(before) or _is_wide(after):
        return 2
    if before == "\u0f0b" or "—" in (before, after):
        return 2
    if _has_no_spaces(before) and _has_no_spaces(after):
        return 0 if before in _THAI_LEADING or after in "ะาำๆฯ" else 1
    return 0


def _is_wide(character: str) -> bool:
    return (
        character >= "\u2e80"
        and unicodedata.east_asian_width(character) in "WF"
        and not "\uac00" <= character <= "\ud7a3"
    )


def _has_no_spaces(character: str) -> bool:
    return (
        "\u0e00" <= character <= "\u0eff"
        or "\u1000" <= character <= "\u109f"
        or "\u1780" <= character <= "\u17ff"
        or "\u1950" <= character <= "\u1aaf"
        or "\ua980" <= character <= "\ua9ff"
        or "\uaa60" <= character <= "\uaadf"
    )


def may_cut(text: str, at: int, spans: Spans) -> bool:
    """Return whether a cut at ``at`` splits no formula, no grapheme cluster and nothing like an entity."""
    if at >= len(text):
        return True
    index = bisect_left(spans, (at, 0)) - 1
    if index >= 0 and spans[index][0] < at < spans[index][1]:
        return False
    if not is_boundary(text, at):
        return False
    start = text.rfind("&", max(at - 32, 0), at)
    if start >= 0:
        entity = _ENTITY.match(text, start)
        return entity is None or entity.end() <= at
    return True


def is_boundary(text: str, at: int) -> bool:
    """Return whether a user-perceived character ends at ``at``.

    Follows the rules of extended grapheme clusters in Unicode Standard Annex 29, as far as the standard
    library knows the properties they need.
    """
    before, after = text[at - 1], text[at]
    if before < "\u0300" and after < "\u0300":
        return before != "\r" or after != "\n"
    kind = unicodedata.category(after)
    if kind in ("Mn", "Me", "Mc") or after in "\u200c\u200d\u0e33\u0eb3\uff9e\uff9f":
        return False
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return False
    if before == "\u200d" and (kind == "So" or kind[0] == "L"):
        return False
    if unicodedata.combining(before) == 9 and kind == "Lo":
        return False
    if before in "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e":
        return False
    if "\u1100" <= before <= "\ud7ff" and "\u1100" <= after <= "\ud7ff":
        return not _same_syllable(before, after)
    if "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff":
        first = at
        while first > 0 and "\U0001f1e6" <= text[first - 1] <= "\U0001f1ff":
            first -= 1
        return (at - first) % 2 == 0
    return True


def _same_syllable(before: str, after: str) -> bool:
    """Return whether two Hangul letters belong to one syllable (rules GB6 to GB8)."""
    leading = "\u1100" <= before <= "\u115f" or "\ua960" <= before <= "\ua97c"
    whole = "\uac00" <= before <= "\ud7a3"
    open_syllable = whole and (ord(before) - 0xAC00) % 28 == 0
    vowel = "\u1160" <= before <= "\u11a7" or "\ud7b0" <= before <= "\ud7c6"
    final = "\u11a8" <= before <= "\u11ff" or "\ud7cb" <= before <= "\ud7fb"
    after_vowel = "\u1160" <= after <= "\u11a7" or "\ud7b0" <= after <= "\ud7c6"
    after_final = "\u11a8" <= after <= "\u11ff" or "\ud7cb" <= after <= "\ud7fb"
    after_leading = "\u1100" <= after <= "\u115f" or "\ua960" <= after <= "\ua97c"
    if leading:
        return after_leading or after_vowel or "\uac00" <= after <= "\ud7a3"
    if vowel or open_syllable:
        return after_vowel or after_final
    return (final or whole) and after_final


def _sentence_end(text: str, limit: int, spans: Spans) -> int:
    """Return where the last full sentence within ``limit`` ends; 0 if too little would be left."""
    least = SENTENCE_SHARE * limit
    found = 0
    for match in SENTENCE_END.finditer(text, 0, min(limit + 2, len(text))):
        end = match.end()
        if least <= end <= limit and ends_sentence(text, match) and may_cut(text, end, spans):
            found = end
    return found


def ends_sentence(text: str, match: re.Match[str]) -> bool:
    """Return whether a full stop, or what looks like one, ends a sentence."""
    following = text[match.end() : match.end() + 2].lstrip()
    if following[:1].islower():
        return False
    if not match[0].startswith("."):
        return True
    if match[0].startswith(".."):
        return True
    word = _LAST_WORD.search(text, max(match.start() - _LONGEST_ABBREVIATION, 0), match.start())
    last = word[0].lower().strip("'’") if word else ""
    if last in _ABBREVIATIONS or last.rpartition("-")[2] in _ABBREVIATIONS:
        return False
    return not _INITIAL.search(text, max(match.start() - 2, 0), match.start())


def _stripped(text: str, end: int, ellipsis: str, spans: Spans) -> str:
    """Return ``text[:end]`` without punctuation that would dangle before the ellipsis."""
    index = bisect_left(spans, (end, 0)) - 1
    floor = min(spans[index][1], end) if index >= 0 else 0
    while end > floor:
        last = text[end - 1]
        alone = end < 2 or text[end - 2] == " " or text[end - 2] in _OPENING
        if (
            last == " "
            or last in _DANGLING
            or (alone and last in _SIGNS)
            or (last in ".…" and ellipsis[:1] in (".", "…") and ellipsis)
        ):
            end -= 1
        else:
            break
    return text[:end]


def _list(texts: Sequence[str]) -> str:
    """Return headings as one line."""
    return " ".join(text if text[-1] in ".,;:!?…。！？" else f"{text};" for text in texts).removesuffix(";")
