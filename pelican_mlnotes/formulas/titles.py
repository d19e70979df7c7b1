"""What does a title say? Pelican hands titles over as the reader left them.

A Markdown file's ``Using <canvas>`` and ``A & B`` arrive raw; an HTML or reStructuredText file's arrive
escaped, ``A &amp; B``; Typogrify and reStructuredText add inline elements. So an element counts as
markup only where it is complete and one that titles use; whatever else looks like a tag is text.
Formulas stand between delimiters in all of them.
"""

import re
from collections.abc import Callable
from html import escape, unescape

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.formulas.delimiters import Formula, find_formulas
from pelican_mlnotes.formulas.plain import tex_to_text

# Elements that carry meaning in a title, and those that only carry a class or an address.
_KEPT = "abbr|b|bdi|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|strong|sub|sup|u|var"
_DROPPED = "a|span|tt"
# In a longer one no element is looked for: unclosed ones would each be looked for to the end.
_LONGEST = 2000
_ELEMENT = pattern(
    rf"<(?P<tag>{_KEPT})(?:\s[^<>]*)?>(?P<inside>.*?)</(?P=tag)\s*>",
    re.IGNORECASE | re.DOTALL,
    at_most=_LONGEST,
)
_DROPPED_ELEMENT = pattern(
    rf"<(?P<tag>{_DROPPED})(?:\s[^<>]*)?>(?P<inside>.*?)</(?P=tag)\s*>",
    re.IGNORECASE | re.DOTALL,
    at_most=_LONGEST,
)
_CODE = frozenset(("code", "kbd", "samp"))
# As many as begin it end it; of a longer run, none is looked at twice.
_BACKTICKS = pattern(r"(?<!`)(`++)[^`]++(?:\1)")
# A named or numbered reference needs its semicolon here: "R&D" and "Q&A" are words.
_REFERENCE = pattern(r"&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9A-Fa-f]+);")
# What is written otherwise in HTML, in plain text or in either.
_TELLING = pattern(r"[<>&\"'$\\]|\s\s|[^\S ]")
_MAX_DEPTH = 8

# Writes a formula; its second argument is the author's own text, delimiters included.
Show = Callable[[Formula, str], str]


def title_text(title: str) -> str:
    """Return ``title`` as plain text, formulas in Unicode, white space collapsed; not escaped."""
    if _is_plain(title):
        return title
    return " ".join(_written(_merged(title), str, _as_text, False, _MAX_DEPTH).split())


def title_html(title: str, *, mark: bool = False) -> str:
    """Return ``title`` as HTML: everything escaped once, complete inline elements kept without attributes.

    Formulas are written in Unicode, or left as they are where that has no signs for them; with ``mark`` they
    are marked for ``formulas.Converter`` instead.
    """
    if _is_plain(title):
        return title
    merged = " ".join(_merged(title).split())
    return _written(merged, escape, _as_mark if mark else _as_html, True, _MAX_DEPTH)


def _is_plain(title: str) -> bool:
    # Most titles are, and a blog has thousands.
    return _TELLING.search(title) is None and title == title.strip()


def plain_formulas(text: str) -> str:
    """Return ``text``, which is not escaped, with formulas in Unicode, or as TeX without delimiters."""
    return _with_formulas(text, str, _as_text)


def _merged(title: str) -> str:
    """Return ``title`` without the elements that mean nothing, which may stand in the middle of a formula."""
    if len(title) > _LONGEST:
        return title
    for _ in range(_MAX_DEPTH):
        title, found = _DROPPED_ELEMENT.subn(lambda match: match["inside"], title)
        if not found:
            break
    return title


def _written(title: str, text: Callable[[str], str], show: Show, tags: bool, depth: int) -> str:
    parts = []
    position = 0
    for match in _ELEMENT.finditer(title) if depth and len(title) <= _LONGEST else ():
        parts.append(_with_formulas(_decode(title[position : match.start()]), text, show))
        tag = match["tag"].lower()
        literal = tag in _CODE or show is _as_written
        inside = _written(match["inside"], text, _as_written if literal else show, tags, depth - 1)
        parts.append(f"<{tag}>{inside}</{tag}>" if tags else inside)
        position = match.end()
    parts.append(_with_formulas(_decode(title[position:]), text, show))
    return "".join(parts)


def _with_formulas(text: str, other: Callable[[str], str], show: Show) -> str:
    if show is _as_written or ("$" not in text and "\\" not in text):
        return other(text)
    # A text as long as the title, in which no formula begins in code.
    visible = _BACKTICKS.sub(lambda match: "`" * len(match[0]), text)
    parts: list[str] = []
    at = 0
    for found in find_formulas(visible):
        parts.append(other(text[at : found.start].replace(r"\$", "$")))
        parts.append(show(found.formula, text[found.start : found.end]))
        at = found.end
    return "".join([*parts, other(text[at:].replace(r"\$", "$"))])


def _as_text(formula: Formula, _: str) -> str:
    return tex_to_text(formula.tex)


def _as_html(formula: Formula, source: str) -> str:
    text = tex_to_text(formula.tex)
    return escape(source if "\\" in text else text)


def _as_mark(formula: Formula, _: str) -> str:
    # In a title, a formula stands in the line whatever its delimiters.
    return Formula(formula.tex, display=False).marked()


def _as_written(_: Formula, source: str) -> str:
    return source


def _decode(text: str) -> str:
    return _REFERENCE.sub(lambda match: unescape(match.group()), text)
