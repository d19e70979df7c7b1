"""How does the text collected from a page become one clean line?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pelican_mlnotes.tex import tex_to_text

# Marks that may stand among the collected text. An HTML parser never passes these on: it drops or replaces
# NUL, and a surrogate cannot come out of UTF-8.
BREAK = "\0"
"""Ends a block: what follows is another paragraph, item or cell."""
MORE = "\ud800"
"""The author's "read more" marker."""
FORMULA = "\ud801"
"""Stands on either side of a formula's number."""
LITERAL = {ord("$"): "\ud802", ord("\\"): "\ud803"}
"""For ``str.translate``: protects signs that delimit no formula, such as those in inline code."""

LONGEST_FORMULA = 120
"""A longer formula is left out, as if it stood on lines of its own."""

_RESTORED = {0xD802: "$", 0xD803: "\\"}
_LEAD = "\ud804"
_DOLLAR = "\ud802"

_ENVIRONMENT = (
    r"((?:equation|align|alignat|aligned|gather|gathered|multline|eqnarray|flalign|displaymath|math|split|array"
    r"|cases|dcases|[pbvVB]?matrix|subequations)\*?)"
)
_SIGN = re.compile(rf"\\begin\{{{_ENVIRONMENT}\}}|\\end\{{{_ENVIRONMENT}\}}|\\\\?[()\[\]]|\\\$|\$\$|\$")
_REFERENCE = re.compile(r"\\(?:eq)?ref\{[^{}]*\}|\\label\{[^{}]*\}")
_CLOSERS = {"(": ")", "[": "]"}
_TEX_SIGN = re.compile(r"[\\^_]")
_OPERATOR = re.compile(r"[=<>+*/|≤≥≠≈∈→∞{}-]")
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_PLAIN_FORMULA = re.compile(r"[^\W\d_]+|[\w']{1,3}(?:\s?[,;:.'!()\[\]]\s?[\w']{0,3})*")
_TEXT_COMMAND = re.compile(r"\\(?:text\w*|mathrm|operatorname\*?|mbox)\s*\{[^{}]*\}|\\[a-zA-Z]+")

_LATE_COMMA = re.compile(r"\s+([.,])(?=[\s)\]\"'”’\0]|\Z)")
_UNSEEN = re.compile(
    "[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065"
    "\u206a-\u206f\u3164\ud805-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U0010ffff]+"
)
_JOINER = re.compile("[\u200c\u200d]+")
_TAGS = re.compile("(?<!\U0001f3f4)(?<![\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+")
_EMBEDDING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OPENED = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)
_MARK = re.compile(f"{FORMULA}([0-9]+){FORMULA}|[{MORE}{_LEAD}]")


@dataclass(frozen=True, slots=True)
class Line:
    """A clean line of text."""

    text: str
    formulas: tuple[tuple[int, int], ...] = ()
    """Spans of the formulas in ``text``, in order."""
    more: int | None = None
    """Offset of the "read more" marker."""
    lead: int = 0
    """Offset where the first block ends."""
    math: bool = False
    """Whether the text holds formulas between delimiters."""


def make_line(pieces: list[str], formulas: list[str]) -> Line:
    """Return ``pieces`` as one line: white space collapsed, formulas readable, unseen characters gone.

    A mark ``FORMULA + "3" + FORMULA`` stands for ``formulas[3]``.
    """
    raw = "".join(pieces)
    text = " ".join(raw.replace(BREAK, " ").split())
    # Most posts have nothing that needs a closer look; the marks are not printable either.
    if text.isprintable() and "$" not in text and "\\" not in text and " ," not in text and " ." not in text:
        first = raw.lstrip("\0 \t\n\r\f").partition(BREAK)[0]
        return Line(text, lead=len(" ".join(first.split())))
    known = list(formulas)
    if "$" in raw or "\\" in raw:
        raw = BREAK.join(_marked(block, known) for block in raw.split(BREAK))
    if not text.isprintable():
        raw = _seen(raw)
    return _assembled(_joined(raw), known, len(known) > len(formulas))


def without_delimiters(tex: str) -> tuple[str, bool]:
    """Return a formula without the delimiters around it, and whether they set it on lines of its own."""
    tex = tex.strip().removeprefix("% <![CDATA[").removesuffix("%]]>").strip()
    for opening, closing, display in (
        ("\\(", "\\)", False),
        ("\\[", "\\]", True),
        ("$$", "$$", True),
        ("$", "$", False),
    ):
        if tex.startswith(opening) and tex.endswith(closing) and len(tex) >= len(opening) + len(closing):
            return tex[len(opening) : len(tex) - len(closing)].strip(), display
    return tex, tex.startswith("\\begin{")


def formula_mark(tex: str, display: bool, formulas: list[str]) -> str:
    """Return what stands in the collected text for a formula: its mark, or a space if it is left out."""
    if display or len(tex) > 4 * LONGEST_FORMULA:
        return " "
    text = tex_to_text(tex)
    if not text or len(text) > LONGEST_FORMULA:
        return " "
    formulas.append(text)
    return f"{FORMULA}{len(formulas) - 1}{FORMULA}"


# -- formulas between delimiters ------------------------------------------------------------------


def _marked(block: str, formulas: list[str]) -> str:
    """Return a block with marks for the formulas that delimiters set off, and no delimiter left."""
    if "\\" in block:
        block = _REFERENCE.sub("", block)
    signs = list(_SIGN.finditer(block))
    if not signs:
        return block
    return "".join(_parts(block, signs, formulas))


def _parts(block: str, signs: list[re.Match[str]], formulas: list[str]) -> Iterator[str]:
    following = _following(signs)
    at = index = 0
    while index < len(signs):
        sign = signs[index]
        # The first half of a "$$" may have closed "$a$"; then the second opens "$b$".
        name = "$" if sign.start() < at else sign[0].replace("\\\\", "\\")
        yield block[at : sign.start()]
        at = sign.end()
        index += 1
        close = _closing(name, sign, following[index - 1])
        if close is not None:
            content = block[at : close.start()]
            if name != "$":
                yield formula_mark(content, name != "\\(", formulas)
                at, index = close.end(), signs.index(close, index) + 1
                continue
            end = close.start() + 1
            if _is_formula(content) and not block[end : end + 1].isdigit():
                yield formula_mark(content, False, formulas)
                at, index = end, index if close[0] == "$$" else index + 1
                continue
        # A lone dollar is money; any other lone delimiter means nothing to a reader.
        if name in ("$", "\\$"):
            yield _DOLLAR
    yield block[at:]


def _following(signs: list[re.Match[str]]) -> list[dict[str, re.Match[str]]]:
    """For each sign, the next closing sign of each sort; one walk from the end keeps this linear."""
    found: list[dict[str, re.Match[str]]] = []
    ahead: dict[str, re.Match[str]] = {}
    for sign in reversed(signs):
        found.append(ahead)
        if sign[2]:
            ahead = ahead | {sign[2]: sign}
        elif sign[0] == "$$":
            ahead = ahead | {"$": sign, "$$": sign}
        elif sign[0] == "$" or sign[0][-1] in ")]":
            ahead = ahead | {sign[0][-1]: sign}
    return found[::-1]


def _closing(name: str, sign: re.Match[str], following: dict[str, re.Match[str]]) -> re.Match[str] | None:
    """Return the sign that closes the formula opened by a sign, if there is one."""
    return following.get(sign[1] or {"\\(": ")", "\\[": "]"}.get(name, name))


def _is_formula(content: str) -> bool:
    """Return whether what stands between two dollar signs is a formula rather than prices."""
    if not content or content[0].isspace() or content[-1].isspace() or len(content) > 4 * LONGEST_FORMULA:
        return False
    if _TEX_SIGN.search(content):
        return len(_LONG_WORD.findall(_TEXT_COMMAND.sub("", content))) <= 8
    if _OPERATOR.search(content):
        return len(_LONG_WORD.findall(content)) <= 2
    return _PLAIN_FORMULA.fullmatch(content) is not None


# -- characters -----------------------------------------------------------------------------------


def _seen(raw: str) -> str:
    """Return ``raw`` without characters that show nothing, and with balanced writing directions."""
    raw = _TAGS.sub("", _UNSEEN.sub("", raw))
    raw = _JOINER.sub(_kept_joiner, raw)
    if _EMBEDDING.search(raw):
        raw = BREAK.join(map(balanced, raw.split(BREAK)))
    return raw


def _kept_joiner(match: re.Match[str]) -> str:
    # Joiners shape emoji and the scripts from Hebrew to Mongolian; elsewhere they are dirt.
    text, start, end = match.string, match.start(), match.end()
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    if not before or not after or before.isspace() or after.isspace():
        return ""
    if all(
        "\u0590" <= character <= "\u1fff" or "\ua800" <= character <= "\uabff"
        for character in (before, after)
    ):
        return match[0][0]
    emoji = before >= "\u2190" and after >= "\u2190" and not before.isalpha() and not after.isalpha()
    return "\u200d" if emoji and "\u200d" in match[0] else ""


def balanced(text: str) -> str:
    """Return ``text`` with every embedding and isolate closed, and nothing closed that was not open."""
    out: list[str] = []
    opened: list[str] = []
    at = 0
    for match in _EMBEDDING.finditer(text):
        character = match[0]
        out.append(text[at : match.start()])
        at = match.end()
        if character in _OPENED:
            opened.append(_OPENED[character])
        elif opened and opened[-1] == character:
            opened.pop()
        else:
            continue
        out.append(character)
    return "".join(out) + text[at:] + "".join(reversed(opened))


# -- the line -------------------------------------------------------------------------------------


def _joined(raw: str) -> str:
    """Return the blocks of ``raw`` as one line, the marks still in place."""
    line = ""
    parts: list[str] = []
    marked = False
    for block in raw.split(BREAK):
        text = _LATE_COMMA.sub(r"\1", " ".join(block.split()))
        if not text:
            continue
        if parts and not (text[0] in ".,;" and (len(text) == 1 or text[1] == " ")):
            parts.append(" ")
        parts.append(text)
        if not marked and text != MORE:
            parts.append(_LEAD)
            marked = True
    line = "".join(parts)
    if MORE in line:
        before, _, after = line.partition(MORE)
        kept, rest = before.rstrip(" "), after.lstrip(" ")
        apart = " " if (kept != before or rest != after) and kept and rest else ""
        line = kept + MORE + apart + rest
    return line


def _assembled(line: str, formulas: list[str], math: bool) -> Line:
    """Return ``line`` with its marks turned into formulas and offsets."""
    out: list[str] = []
    spans: list[tuple[int, int]] = []
    more, lead, size, at = None, 0, 0, 0
    for match in _MARK.finditer(line):
        piece = line[at : match.start()]
        out.append(piece)
        size += len(piece)
        at = match.end()
        if match[0] == MORE:
            more = size or None
        elif match[0] == _LEAD:
            lead = size
        else:
            formula = formulas[int(match[1])]
            out.append(formula)
            spans.append((size, size + len(formula)))
            size += len(formula)
    out.append(line[at:])
    text = "".join(out).translate(_RESTORED)
    return Line(text, tuple(spans), more, lead, math)
