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
from pelican_mlnotes.formulas.plain import COMMANDS

NUMBERED = "equation|align|alignat|gather|multline|eqnarray|flalign"
_UNNUMBERED = (
    "displaymath|array|aligned|alignedat|gathered|split|[dr]?cases|drcases|[pbBvV]?matrix|smallmatrix"
    "|subarray|subequations"
)
_STARTS_ENVIRONMENT = pattern(rf"\\begin\{{(?:{NUMBERED}|displaymath)\*?\}}")
# ox-hugo writes "align\*".
_NAME = rf"(?:{NUMBERED}|{_UNNUMBERED})(?:\\?\*)?"
_ENVIRONMENT_SIDE = pattern(rf"\\(?P<side>begin|end)\{{(?P<name>{_NAME})\}}")
_TOKEN = pattern(
    rf"(?P<environment>\\begin\{{{_NAME}\}})|(?P<escaped>\\\$(?=\$(?!\$)))"
    r"|(?P<double>\\\\[\[(])|(?P<single>\\[\[(])"
    r"|(?P<reference>\\(?:eq)?ref\{[^{}\s\\$]{1,200}\})|\\.|(?P<dollars>\$+)",
    re.DOTALL,
)
_BLANK_LINE = pattern(r"\n[ \t>]*\n")
_BLANK_LINES = pattern(r"\n[ \t>]*(?=\n)")
_MOST_PARTS = 20
"""Most parts that empty lines may make of a formula."""
_MOST_NESTED = 16
"""Most dollar signs within a formula."""
# Before a formula that has a line of its own, these may stand; behind it, those.
_QUOTE_OR_LIST = pattern(r"^(?:[ \t]*(?:>|[-*+:](?=[ \t])|\d{1,9}[.)](?=[ \t])))+")
_BEHIND_DISPLAY = pattern(r"[\s.,;:!?\ue006]+|\{[:#][^{}\n]*\}")
_ONLY_DISPLAYS = pattern(r"(?:\$\$[^$\n]+\$\$|[\s.,;:!?\ue006]+|\{[:#][^{}\n]*\})*+")
# Two backslashes before a name are a command escaped for Markdown.
_OF_ITS_OWN = pattern(r"\n|\\\\(?![a-zA-Z]{2})|\\(?:tag|label|begin)\b")
_NUMBERED_TEX = pattern(rf"\\(?:tag|label)\b|\\begin\{{(?:{NUMBERED})\}}")
# "$$x$$ (1)", and "$$x$$ (eq:name)" of Sphinx and MyST.
_LABEL_BEHIND = pattern(
    r"[ \t]*\((?:(?P<number>\d+(?:\.\d+)*[a-z]?)|(?P<label>eq[\w.:-]*|[\w.]+[:-][\w.:-]+))\)[ \t]*(?=\n|\Z)"
)
_OPEN_TEXT = pattern(r"\\(?:text[a-z]*|[mh]box)\s*\{(?:[^{}]|\{[^{}]*\})*+\Z")
_LATEX_WORD = pattern(r"latex(?:\s+|=\s*|(?=[\\{]))")
# Pelican's reader of HTML ends what looks like an entity: "&s;=2".
_LATEX_OPTIONS = pattern(r"(?:&(?:amp;)?(?:bg|fg|s);?=-?\w++)++(?P<last>\s*\Z)?")
_LINK_BEHIND = pattern(r"\]\\{0,2}\(")
_PLAIN_WORD = pattern(r"[(\"'“‘]*[^\W\d_]{2,}(?:['’-][^\W\d_]+)*[)\"'”’.,;:!?]*")
_CALL = pattern(r"\w\(")
_COMMAND = pattern(r"\\([a-zA-Z]{2,})")
_RELATION = pattern(r"(?:[<>=≤≥≠≈≃∼±×]|&[lg][te];){1,2}")
# "10$^{-3}$", "H$_2$O".
_SCRIPT_BEHIND = pattern(r"[\^_](?:\{|\\|[+-]?\d+\Z|[^\W\d_]\Z)")
_SHORT_WORD = pattern(r"[^\W\d_]{3}")
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
    r"""<(?P<tag>span|div)[ ]class="(?=(?:[^"<>]*[ ])?(?:math|arithmatex)[ "])[^"<>]*+"
    (?P<id>[ ]id="[^"<>]*")?>\s*+
    (?:(?>\\\((?P<inline>[^<]*)\\\))\s*+|(?>\\\[(?P<display>[^<]*)\\\])\s*+|(?P<environment>\\begin\{[^<]*+))
    </(?P=tag)>""",
    re.VERBOSE,
)
"""A formula in HTML, as docutils, ``Formula.marked`` and the like write it."""


# What kramdown writes for MathJax 2, and what Sphinx writes for a display with a number.
SCRIPT = pattern(
    r"<script type=\"(?P<type>math/tex(?:; ?mode=display)?)\"[^>]*>"
    r"(?P<tex>[^<]*(?:<(?!/?script)[^<]*)*)</script>",
    re.IGNORECASE,
)
_SPHINX = pattern(
    r"<div class=\"math[^\"<>]*\"(?P<id> id=\"[^\"<>]*\")?>\s*<span class=\"eqno\">\((?P<number>[\w.]+)\)"
    r"(?:<a [^<>]*>[^<>]*</a>)?</span>\s*\\\[(?P<tex>[^<]*)\\\]\s*</div>"
)
_FAR = 2000
"""Characters in which the bounds of a paragraph are looked for."""
_BOUNDARY = pattern(
    r"<(?P<closes>/?)(?P<tag>p|div|br|hr|h[1-6]|[uod]l|li|d[dt]|table|t[rdh]|blockquote|pre|section|article"
    r"|figure|figcaption|body|main|details|summary|aside|header|footer)\b[^<>]*>",
    re.IGNORECASE,
)
_LINE_BREAK = pattern(r"<br\s*/?>(?P<behind>\s*\n)?", re.IGNORECASE)
_PAIRS_OR_TAG = pattern(r"\$\$[^$<>]+\$\$|<[^<>]*>")


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


class Dialect(NamedTuple):
    """How formulas are written in one kind of text."""

    doubled: bool = False
    r"""``\\(..\\)`` and ``\\[..\\]`` are formulas, as some write them for Markdown."""
    lines: bool = False
    """``$$..$$`` within a line of words is a formula of that line, as in kramdown."""
    escapes: bool = False
    r"""``\(see below\)`` may be an escaped bracket."""
    dollars: bool = True
    """Formulas may stand between dollar signs."""


MARKDOWN = Dialect(doubled=True, lines=True, escapes=True)
TITLE = Dialect(escapes=True)
HTML = Dialect()
REST = Dialect(dollars=False)


def find_formulas(text: str, dialect: Dialect = TITLE) -> Iterator[Found]:
    r"""Yield the formulas of ``text`` in order: ``$..$``, ``$$..$$``, ``\(..\)``, ``\[..\]``, environments.

    Prices and shell variables are no formulas, nor is what an empty line interrupts, unless signs that stand
    alone on their lines set it off. Takes linear time.
    """
    tokens = list(_TOKEN.finditer(text))
    dollars = [match for match in tokens if match["dollars"]]
    starts = [match.start() for match in dollars]
    # Between two pairs, single signs may stand: "$$x \\text{ if $y$}$$".
    pairs = [match for match in dollars if len(match[0]) == 2]
    pair_starts = [match.start() for match in pairs]
    blanks = [match.start() for match in _BLANK_LINE.finditer(text)]
    ends = _ends_of_environments(text) if "\\begin{" in text else {}
    nearest = Nearest(text)
    behind = torn = 0
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
        if match["dollars"] and not dialect.dollars:
            continue
        if match["escaped"]:
            # A line that would be a block of its own in kramdown, were its first sign not escaped.
            index = bisect_left(pair_starts, inside)
            end = pairs[index].start() if index < len(pairs) else limit
            if dialect.lines and end < limit and not _before(text, start):
                found = _between_pairs(text, start + 1, end, limit, dialect)
                found = found and Found(start, found.end, Formula(found.formula.tex, display=False))
        elif match["dollars"] and inside - start == 2:
            index = bisect_left(pair_starts, inside)
            if index < len(pairs):
                end = pairs[index].start()
                found = _between_pairs(text, start, end, limit, dialect)
        elif match["dollars"]:
            index = bisect_left(starts, inside)
            found = _between_dollars(text, start, inside, dollars[index : index + _MOST_NESTED], limit)
        elif match["reference"]:
            found = Found(start, inside, Formula(match[0], display=False))
        elif match["environment"]:
            end = ends.get(start, 0)
            # Those inside one that is none are none either, and are not looked through again.
            if end and (end < limit or (start >= torn and _is_whole(text[start:end]))):
                found = Found(start, end, Formula(_without_blanks(text[start:end]), display=True))
            elif end:
                torn = max(torn, end)
        elif match["single"] or (dialect.doubled and match["double"]):
            closer = match[0][:-1] + _CLOSERS[match[0][-1]]
            end = nearest(closer, inside)
            if end < nearest(match[0], inside):
                found = _between_brackets(text, start, inside, end, end + len(closer), limit, dialect)
        if found is not None:
            yield found
            behind = found.end


def _ends_of_environments(text: str) -> dict[int, int]:
    """Return where the environments of ``text`` end, by where they begin."""
    ends: dict[int, int] = {}
    opened: dict[str, list[int]] = {}
    for match in _ENVIRONMENT_SIDE.finditer(text):
        begun = opened.setdefault(match["name"], [])
        if match["side"] == "begin":
            begun.append(match.start())
        elif begun:
            ends[begun.pop()] = match.end()
    return ends


def _is_alone(text: str, start: int, inside: int, end: int, stop: int) -> bool:
    """Return whether nothing but delimiters stands on the first and the last line of a formula."""
    return not (
        _QUOTE_OR_LIST.sub("", text[text.rfind("\n", 0, start) + 1 : start]).strip()
        or text[inside : _end_of_line(text, inside)].strip()
        or text[text.rfind("\n", inside, end) + 1 : end].strip(" \t>")
        or _BEHIND_DISPLAY.sub("", text[stop : _end_of_line(text, stop)])
    )


def _end_of_line(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _is_whole(tex: str) -> bool:
    """Return whether a text with empty lines inside is one formula all the same."""
    parts = _BLANK_LINE.split(tex, _MOST_PARTS + 1)
    return len(parts) <= _MOST_PARTS and all(not part.strip() or _is_tex_alone(part) for part in parts)


def _is_tex_alone(part: str) -> bool:
    signs = _STRONG_SIGN.search(part) is not None or not _OPERATORS.isdisjoint(part)
    return signs and not _is_prose(part.strip())


def _without_blanks(tex: str) -> str:
    return _BLANK_LINES.sub("", tex)


def _between_pairs(text: str, start: int, end: int, limit: int, dialect: Dialect) -> Found | None:
    inside, stop = start + 2, end + 2
    tex = text[inside:end]
    alone = end < limit or tex.lstrip().startswith("\\begin{") or _is_alone(text, start, inside, end, stop)
    if not alone or (end >= limit and not _is_whole(tex)):
        return None
    if not is_between_pairs(tex):
        return None
    display = True
    if dialect.lines:
        number = _LABEL_BEHIND.match(text, stop)
        if number and not _before(text, start) and not _NUMBERED_TEX.search(tex):
            tex, stop = f"{tex} {_number(number)}", number.end()
        else:
            display = not _is_in_line(text, start, stop, tex)
    return Found(start, stop, Formula(_without_blanks(tex.strip()), display))


def _number(match: re.Match[str]) -> str:
    return rf"\label{{{match['label']}}}" if match["label"] else rf"\tag{{{match['number']}}}"


def _before(text: str, start: int) -> str:
    """Return what stands before ``start`` on its line, without signs of quotations and lists."""
    return _QUOTE_OR_LIST.sub("", text[text.rfind("\n", 0, start) + 1 : start]).strip()


def _is_in_line(text: str, start: int, stop: int, tex: str) -> bool:
    """Return whether a formula between two pairs of dollar signs is a part of the line that it stands on.

    Source: kramdown, Syntax, "Math Blocks": a block starts and ends with its line.
    """
    if _OF_ITS_OWN.search(tex):
        return False
    before = _before(text, start)
    if before and (len(before) > _FAR or not _ONLY_DISPLAYS.fullmatch(before)):
        return True
    end = _end_of_line(text, stop)
    return not _ONLY_DISPLAYS.fullmatch(text, stop, min(end, stop + _FAR)) or end > stop + _FAR


def _between_dollars(
    text: str, start: int, inside: int, closing: list[re.Match[str]], limit: int
) -> Found | None:
    if inside - start != 1:
        return None
    first = None
    for at, sign in enumerate(closing):
        end = sign.start()
        if end >= limit:
            break
        tex = text[inside:end]
        first = at if first is None else first
        # In the text of a formula, others may stand: "$x \\text{ if $y$}$".
        if "{" not in tex or not _OPEN_TEXT.search(tex):
            first = at
            break
    if first is None:
        return None
    stop = closing[first].start() + _closed_by(closing[first:])
    tex = text[inside : closing[first].start()]
    if stop - closing[first].start() != 1:
        return None
    word = _LATEX_WORD.match(tex)
    if word and tex[word.end() :].strip():
        # WordPress wants its formulas marked so, and takes sizes and colours behind them.
        tex = _LATEX_OPTIONS.sub(lambda one: one[0] if one["last"] is None else "", tex[word.end() :])
        return Found(start, stop, Formula(tex.strip(), display=False))
    if not is_between_dollars(tex, text[max(start - 1, 0) : start], text[stop : stop + 1]):
        return None
    return Found(start, stop, Formula(tex.strip(), display=False))


def _closed_by(following: list[re.Match[str]]) -> int:
    """Return how many of the next dollar signs close a formula that one has opened; 0 if they do not."""
    signs = len(following[0][0])
    if signs == 2 and len(following) > 1 and len(following[1][0]) == 1:
        return 1
    return signs if signs == 1 else 0


def _between_brackets(
    text: str, start: int, inside: int, end: int, stop: int, limit: int, dialect: Dialect
) -> Found | None:
    display = text[inside - 1] == "["
    tex = text[inside:end]
    if end >= limit and not (display and _is_alone(text, start, inside, end, stop) and _is_whole(tex)):
        return None
    if not tex.strip():
        return None
    if dialect.escapes and (_is_escaped_link(text, start, stop) or not _is_meant(tex, display)):
        return None
    return Found(start, stop, Formula(_without_blanks(tex.strip()), display))


def _is_escaped_link(text: str, start: int, stop: int) -> bool:
    r"""Return whether escaped brackets are those of a link, as in ``\[text\](address)``."""
    return text[start - 1 : start] == "]" or _LINK_BEHIND.match(text, stop - 1) is not None


def _is_meant(tex: str, display: bool) -> bool:
    """Return whether a text between escaped brackets is TeX rather than words: ``\\[citation needed\\]``."""
    if _TEX_SIGN.search(tex):
        return True
    if display:
        return not tex.strip().isdigit() and not _LONG_WORD.search(tex)
    pieces = tex.split()
    words = sum(_PLAIN_WORD.fullmatch(piece) is not None for piece in pieces)
    # "2 people" is text as well, and "1 x" is not.
    return words < 2 and not (len(pieces) > 1 and _LONG_WORD.search(tex) and not _CALL.search(tex))


def is_between_dollars(tex: str, before: str = "", after: str = "") -> bool:
    """Return whether what stands between two dollar signs is a formula of a line, not money or a variable.

    ``before`` and ``after`` are the characters outside the two signs. No formula begins or ends with white
    space or is followed by a digit (as in pandoc, User's Guide, "tex_math_dollars"), and none reads as words.
    A command of TeX outweighs all of that but the words.
    """
    if not tex.strip():
        return False
    command = has_command(tex)
    if tex[0].isspace() or tex[-1].isspace():
        spaced = tex[0].isspace() and tex[-1].isspace() and _STRONG_SIGN.search(tex)
        if not command and (not spaced or _SHORT_WORD.search(tex)):
            return False
        tex = tex.strip()
    if _RELATION.fullmatch(tex):
        return True
    if after.isdigit() and not command:
        return False
    # "US$5", but "so$\\mu$" is a slip.
    if before.isalnum() and not command and tex[0] != "\\" and not _is_unspaced(before):
        return _SCRIPT_BEHIND.match(tex) is not None and not after.isdigit()
    if len(tex) == 1:
        return True
    if command:
        return not _is_prose(tex)
    begins = (after.isascii() and after.isalnum()) or after in ("{", "(", "_", "\\")
    if tex[0] in _NEVER_FIRST or (begins and _NEVER_LAST.search(tex)) or _OPEN_EMPHASIS.search(tex):
        return False
    if _SHELL_VARIABLE.match(tex) and (after.isupper() or after in ("{", "_")):
        return False
    return not _is_prose(tex)


def has_command(tex: str) -> bool:
    """Return whether a text holds a command that TeX knows, rather than the folders of a path."""
    return "\\" in tex and any(name in COMMANDS for name in _COMMAND.findall(tex))


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


def mark_text(html: str, *, dollars: bool = True) -> str:
    """Return ``html`` with the formulas of its text marked.

    For pages that no Markdown extension has seen: HTML files, notebooks and, without ``dollars``, which are
    text there, reStructuredText. Else a dollar sign behind a backslash loses it. Code, scripts, comments,
    attributes and what is marked already stay as they are; what kramdown and Sphinx have marked in their way
    is marked in ours.
    """
    if "<script" in html:
        html = SCRIPT.sub(lambda match: from_script(match).marked(), html)
    if "$" not in html and "\\" not in html:
        return html
    if "eqno" in html:
        html = _SPHINX.sub(_from_sphinx, html)
    dialect = HTML if dollars else REST
    nearest = Nearest(lowered(html))
    parts: list[str] = []
    at = 0
    for match in _OPAQUE.finditer(html):
        start = match.start()
        # Lines of a formula may be broken by elements: Blogger writes them for those of the source.
        if start < at or _LINE_BREAK.match(html, start):
            continue
        end = _end_of_opaque(html, match, nearest)
        if end is None:
            continue
        parts += [_marked(html, at, start, dialect), html[start:end]]
        at = end
    parts.append(_marked(html, at, len(html), dialect))
    return "".join(parts)


def from_script(match: re.Match[str]) -> Formula:
    """Return the formula of a match of ``SCRIPT``."""
    tex = match["tex"].strip().removeprefix("% <![CDATA[").removesuffix("%]]>").strip()
    return Formula(tex, display="display" in match["type"])


def _from_sphinx(match: re.Match[str]) -> str:
    tex = unescape(match["tex"]).strip()
    if not _NUMBERED_TEX.search(tex):
        tex += rf" \tag{{{match['number']}}}"
    return f'<div class="math"{match["id"] or ""}>{Formula(tex, display=True).delimited()}</div>'


def _end_of_opaque(html: str, match: re.Match[str], nearest: Nearest) -> int | None:
    start = match.start()
    if match[0] == "<!--":
        return min(nearest("-->", start) + 3, len(html))
    closing = None
    if match["raw"]:
        closing = f"</{match['raw'].lower()}"
    elif (mark := _MARK_START.match(html, start, start + 400)) and MARKED.match(html, start):
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


def _marked(html: str, start: int, end: int, dialect: Dialect) -> str:
    text = html[start:end]
    if "\\" not in text and not (dialect.dollars and "$" in text):
        return text
    read = _LINE_BREAK.sub(_as_line, text) if "<" in text else text
    parts: list[str] = []
    at = 0
    for found in find_formulas(read, dialect):
        tex, display = unescape(found.formula.tex), found.formula.display
        if text.startswith("$$", found.start) and display:
            display = not _is_in_paragraph(html, start + found.start, start + found.end, tex)
        parts += [text[at : found.start], Formula(tex, display).marked()]
        at = found.end
    parts.append(text[at:])
    if dialect.dollars:
        parts[::2] = map(_without_escapes, parts[::2])
    return "".join(parts)


def _is_in_paragraph(html: str, start: int, stop: int, tex: str) -> bool:
    """Return whether text stands on both sides of a formula, on its own line too, in one paragraph."""
    if _OF_ITS_OWN.search(tex):
        return False
    before, after = html[max(start - _FAR, 0) : start], html[stop : stop + _FAR]
    opened = next(reversed(list(_BOUNDARY.finditer(before))), None)
    if opened is None or opened["tag"].lower() not in ("p", "br") or opened["closes"]:
        return False
    before = before[opened.end() :]
    if closed := _BOUNDARY.search(after):
        after = after[: closed.start()]
    if not _has_words(before) or not _has_words(after):
        return False
    return _has_words(before[before.rfind("\n") + 1 :]) or _has_words(after[: _end_of_line(after, 0)])


def _as_line(match: re.Match[str]) -> str:
    """Return an end of a line in place of an element that breaks it, as long as that."""
    behind = match["behind"] or "\n"
    return " " * (len(match[0]) - len(behind)) + behind


def _has_words(html: str) -> bool:
    return _BEHIND_DISPLAY.sub("", _PAIRS_OR_TAG.sub("", html)) != ""


def _without_escapes(text: str) -> str:
    # A reference, so that marking again finds no formula.
    return _ESCAPE.sub(lambda match: match[0] if match[1] == "\\" else "&#36;", text)
