r"""Where are the formulas in a text? They are found by their delimiters and marked for conversion.

A formula travels through a post's HTML as ``<span class="math">\(TeX\)</span>`` or, on a line of its own,
``\[TeX\]``: the form that docutils writes too, and that other plugins leave alone.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from typing import NamedTuple

from pelican_mlnotes._patterns import pattern

NUMBERED = "equation|align|alignat|gather|multline|eqnarray|flalign"
_ENVIRONMENT = rf"\\begin\{{(?P<environment>(?:{NUMBERED}|displaymath)\*?)\}}"
_STARTS_ENVIRONMENT = pattern(_ENVIRONMENT)
_TOKEN = pattern(
    rf"{_ENVIRONMENT}|(?P<double>\\\\[\[(])|(?P<single>\\[\[(])"
    r"|(?P<reference>\\(?:eq)?ref\{[^{}\s\\$]{1,200}\})|\\.|(?P<dollars>\$+)",
    re.DOTALL,
)
_BLANK_LINE = pattern(r"\n[ \t]*\n")
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_CLOSERS = {"[": "]", "(": ")"}

_TEX_SIGN = pattern(r"[\\^_={}+<>|*]")
_LONG_WORD = pattern(r"[^\W\d_]{4}")

# -- is it a formula between two dollar signs, or money, or the variables of a shell? ---------------
# Signs that hardly stand in prose; "x_1", but not the "MY_PATH" of a shell.
_STRONG_SIGN = pattern(r"\\(?!\$)|[\^{}]|(?<![^\W_])[^\W\d_]_")
_OPERATORS = frozenset("=+<>|*/≤≥≠≈∈→·×")
# What reads as words but is TeX: commands with their arguments, groups, and names of operators.
_NO_WORDS = pattern(
    r"\\[a-zA-Z]+\*?(?:\s*\{[^{}]*\})*|\{[^{}]*\}"
    r"|\b(?:log|ln|exp|sin|cos|tan|tanh|max|min|argmax|argmin|sup|inf|lim|mod|in|det|tr|softmax)\b"
)
_WORD = pattern(r"[^\W\d_]{2,}")
_BETWEEN_WORDS = pattern(r"[,;:.!?)\"'’”]*\s+[(\"'‘“]*|[，。、；：]\s*")
_COMMA = pattern(r"[,;]\s")
_SENTENCE_SIGN = pattern(r"\w[,;:.!?]\s+[^\W\d_]{2}")
# "$HOME/bin:$PATH", "${HOME}:${PATH}".
_SHELL_VARIABLE = pattern(r"\{?[A-Z_][A-Z0-9_]+\}?(?![A-Za-z0-9_])")
_NEVER_FIRST = ",;)"
# With more text right behind the sign: "$HOME/$file", "$5 ($n$ runs)".
_NEVER_LAST = pattern(r"(?<![\\^_])[.,;:=/+<(\[{\"“‘-]\Z")
# Scripts without spaces: a sign may follow a letter there. Thai to Lao, Burmese, Khmer, and East Asia's.
_UNSPACED = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"), ("\u2e80", "\U0003ffff"))
_OPEN_EMPHASIS = pattern(r"\s[*_~]+\Z")
_MOST_WORDS = 4
_ESCAPE = pattern(r"\\([\\$])")

# What the filters for typography could take for something else.
_TELLING = pattern(r"""[A-Z"'`.\-&<>*]""")

_OPAQUE = pattern(
    r"<!--|<(?P<raw>script|style|pre|code|textarea|math|svg|kbd|samp|tt|template|title|xmp|button|select)\b"
    r"|<(?=[a-zA-Z/])",
    re.IGNORECASE,
)
_TAG = pattern(r"</?[a-zA-Z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
# Quotes are paired in no longer tags, so that unpaired ones cost no second look at all that follows.
_LONGEST_TAG = 1000
_MARK_START = pattern(r"<(?P<tag>span|div)\s[^<>]*class=\"(?:[^\"<>]*\s)?(?:math|arithmatex)[\s\"]")
MARKED = pattern(
    r"""<(?P<tag>span|div)[ ]class="(?:[^"<>]*[ ])?(?:math|arithmatex)(?:[ ][^"<>]*)?"(?P<id>[ ]id="[^"<>]*")?
    >\s*
    (?:\\\((?P<inline>[^<]*)\\\)|\\\[(?P<display>[^<]*)\\\]|(?P<environment>\\begin\{[^<]*))
    \s*</(?P=tag)>""",
    re.VERBOSE,
)
"""A formula in HTML, as docutils, ``Formula.marked`` and the like write it."""


class Formula(NamedTuple):
    """TeX without its delimiters, and whether it stands on a line of its own."""

    tex: str
    display: bool

    def marked(self) -> str:
        """Return the formula as HTML for ``formulas.Converter``."""
        return f'<span class="{"math math--display" if self.display else "math"}">{self.delimited()}</span>'

    def delimited(self) -> str:
        """Return what is inside the mark: the formula between delimiters, escaped."""
        start, end = (r"\[", r"\]") if self.display else (r"\(", r"\)")
        return start + _TELLING.sub(lambda match: f"&#{ord(match[0])};", self.tex) + end


class Found(NamedTuple):
    """A formula and the span of the text that it takes up, delimiters included."""

    start: int
    end: int
    formula: Formula


def marked_formula(mark: re.Match[str]) -> Formula:
    """Return the formula of a match of ``MARKED``."""
    tex = mark["inline"] or mark["display"] or mark["environment"] or ""
    tex = unescape(tex).replace("\xa0", " ").strip()
    # An environment with numbers stands on a line of its own, whatever is around it.
    return Formula(tex, display=mark["inline"] is None or _STARTS_ENVIRONMENT.match(tex) is not None)


def lowered(text: str) -> str:
    """Return ``text`` with ASCII letters in lower case: as long as before, unlike ``str.lower``."""
    return text.translate(_LOWER)


class Nearest:
    """Finds the next occurrence of a few strings from ever later places; each is looked for once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, int] = {}

    def __call__(self, needle: str, start: int) -> int:
        """Return where ``needle`` occurs next; the length of the text if it does not."""
        at = self._known.get(needle, -1)
        if at < start:
            at = self._text.find(needle, start)
            self._known[needle] = at = len(self._text) if at < 0 else at
        return at


def find_formulas(text: str, doubled: bool = False) -> Iterator[Found]:
    r"""Yield the formulas of ``text`` in order: ``$..$``, ``$$..$$``, ``\(..\)``, ``\[..\]``, environments.

    ``doubled`` adds ``\\(..\\)`` and ``\\[..\\]``, as some write them for Markdown. Prices and shell
    variables are no formulas, nor is what an empty line interrupts. Takes linear time.
    """
    tokens = list(_TOKEN.finditer(text))
    dollars = [match for match in tokens if match["dollars"]]
    starts = [match.start() for match in dollars]
    # Between two pairs, single signs may stand: "$$x \\text{ if $y$}$$".
    pairs = [match for match in dollars if len(match[0]) == 2]
    pair_starts = [match.start() for match in pairs]
    blanks = [match.start() for match in _BLANK_LINE.finditer(text)]
    nearest = Nearest(text)
    behind = 0
    for match in tokens:
        start, inside = match.span()
        if start < behind:
            # The first half of "$$" may have closed "$a$"; then the second opens "$b$".
            if not match["dollars"] or inside <= behind:
                continue
            start = behind
        blank = bisect_left(blanks, start)
        limit = blanks[blank] if blank < len(blanks) else len(text)
        found = None
        if match["dollars"]:
            display = inside - start == 2
            index = bisect_left(pair_starts if display else starts, inside)
            closing = (pairs if display else dollars)[index : index + 2]
            if closing and closing[0].start() < limit:
                end = closing[0].start()
                stop = end + _closed_by(closing) if not display else end + 2
                found = _between_dollars(text, start, inside, end, stop)
        elif match["reference"]:
            found = Found(start, inside, Formula(match[0], display=False))
        elif name := match["environment"]:
            end = nearest(rf"\end{{{name}}}", inside)
            again = nearest(match[0], inside)
            if end < min(limit, again):
                end += len(name) + 6
                found = Found(start, end, Formula(text[start:end], display=True))
        elif match["single"] or (doubled and match["double"]):
            closer = match[0][:-1] + _CLOSERS[match[0][-1]]
            end = nearest(closer, inside)
            if end < min(limit, nearest(match[0], inside)) and _is_tex(text[inside:end]):
                formula = Formula(text[inside:end].strip(), display=match[0][-1] == "[")
                found = Found(start, end + len(closer), formula)
        if found is not None:
            yield found
            behind = found.end


def _closed_by(following: list[re.Match[str]]) -> int:
    """Return how many of the next dollar signs close a formula that one has opened; 0 if they do not."""
    signs = len(following[0][0])
    if signs == 2 and len(following) == 2 and len(following[1][0]) == 1:
        return 1
    return signs if signs == 1 else 0


def _between_dollars(text: str, start: int, inside: int, end: int, stop: int) -> Found | None:
    signs, tex = inside - start, text[inside:end]
    if stop - end != signs:
        return None
    if signs == 1:
        accepted = is_between_dollars(tex, text[max(start - 1, 0) : start], text[stop : stop + 1])
    else:
        accepted = is_between_pairs(tex)
    return Found(start, stop, Formula(tex.strip(), display=signs == 2)) if accepted else None


def is_between_dollars(tex: str, before: str = "", after: str = "") -> bool:
    """Return whether what stands between two dollar signs is a formula of a line, not money or a variable.

    ``before`` and ``after`` are the characters outside the two signs. No formula begins or ends with white
    space or is followed by a digit (as in pandoc, User's Guide, "tex_math_dollars"), and none reads as words.
    """
    if not tex or tex[0].isspace() or tex[-1].isspace() or after.isdigit():
        return False
    # "US$5", but "so$\\mu$" is a slip.
    if before.isalnum() and tex[0] != "\\" and not _is_unspaced(before):
        return False
    if len(tex) == 1:
        return True
    begins = (after.isascii() and after.isalnum()) or after in ("{", "(", "_", "\\")
    if tex[0] in _NEVER_FIRST or (begins and _NEVER_LAST.search(tex)) or _OPEN_EMPHASIS.search(tex):
        return False
    if _SHELL_VARIABLE.match(tex) and (after.isupper() or after in ("{", "_")):
        return False
    return not _is_prose(tex)


def _is_unspaced(letter: str) -> bool:
    return any(first <= letter <= last for first, last in _UNSPACED)


def is_between_pairs(tex: str) -> bool:
    """Return whether what stands between two pairs of dollar signs is a formula, not words."""
    tex = tex.lstrip()
    return bool(tex) and tex[0] not in _NEVER_FIRST and not _is_prose(tex)


def _is_prose(tex: str) -> bool:
    """Return whether the words of a text outweigh its signs."""
    bare = _NO_WORDS.sub("\0", tex)
    words = list(_WORD.finditer(bare))
    if not words:
        return False
    pairs = sum(
        _BETWEEN_WORDS.fullmatch(bare, one.end(), other.start()) is not None for one, other in pairwise(words)
    )
    operator = not _OPERATORS.isdisjoint(tex)
    strong = _STRONG_SIGN.search(tex) is not None
    if tex[0].isdigit():
        # An amount and words: "5 or US", "20/month, 30"; but not "2 * precision * recall".
        return not strong and (pairs > 0 or not operator or _COMMA.search(tex) is not None)
    if pairs and not strong and tex[-1].isdigit() and (not operator or pairs > 1):
        return True
    if strong or operator:
        return pairs >= _MOST_WORDS
    return pairs > 1 or _SENTENCE_SIGN.search(bare) is not None


def _is_tex(content: str) -> bool:
    """Return whether a text between escaped brackets is TeX rather than words: ``\\[citation needed\\]``."""
    content = content.strip()
    if _TEX_SIGN.search(content):
        return True
    return bool(content) and not content.isdigit() and not _LONG_WORD.search(content)


def mark_text(html: str) -> str:
    """Return ``html`` with the formulas of its text marked.

    For pages that no Markdown extension has seen: HTML files and notebooks. A dollar sign behind a backslash
    loses it. Code, scripts, comments, attributes and what is marked already stay as they are.
    """
    if "$" not in html and "\\" not in html:
        return html
    nearest = Nearest(lowered(html))
    parts: list[str] = []
    at = 0
    for match in _OPAQUE.finditer(html):
        start = match.start()
        if start < at:
            continue
        end = _end_of_opaque(html, match, nearest)
        if end is None:
            continue
        parts += [_marked(html[at:start]), html[start:end]]
        at = end
    parts.append(_marked(html[at:]))
    return "".join(parts)


def _end_of_opaque(html: str, match: re.Match[str], nearest: Nearest) -> int | None:
    start = match.start()
    if match[0] == "<!--":
        return min(nearest("-->", start) + 3, len(html))
    closing = None
    if match["raw"]:
        closing = f"</{match['raw'].lower()}"
    elif mark := _MARK_START.match(html, start, start + 400):
        closing = f"</{mark['tag']}"
    if closing:
        return min(nearest(closing, start), len(html))
    end = nearest(">", start)
    if end == len(html):
        return None
    near = min(end, start + _LONGEST_TAG)
    if html.find('"', start, near) >= 0 or html.find("'", start, near) >= 0:
        tag = _TAG.match(html, start, start + _LONGEST_TAG)
        return tag.end() if tag else end + 1
    return end + 1


def _marked(text: str) -> str:
    if "$" not in text and "\\" not in text:
        return text
    parts: list[str] = []
    at = 0
    for found in find_formulas(text):
        formula = Formula(unescape(found.formula.tex), found.formula.display)
        parts += [_without_escapes(text[at : found.start]), formula.marked()]
        at = found.end
    parts.append(_without_escapes(text[at:]))
    return "".join(parts)


def _without_escapes(text: str) -> str:
    # A reference, so that marking again finds no formula.
    return _ESCAPE.sub(lambda match: match[0] if match[1] == "\\" else "&#36;", text)
