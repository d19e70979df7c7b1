"""How does the text collected from a page become one clean line?"""

import re
from bisect import bisect_left
from typing import NamedTuple

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.formulas.delimiters import is_between_dollars, is_between_pairs
from pelican_mlnotes.formulas.plain import COMMANDS, tex_to_text

# Marks that may stand among the collected text. An HTML parser never passes these on: it drops or replaces
# NUL, and a surrogate cannot come out of UTF-8.
BREAK = "\0"
"""Ends a block: what follows is another paragraph, item or cell."""
MORE = "\ud800"
"""The author's "read more" marker, between two breaks."""
FORMULA = "\ud801"
"""Stands on either side of a formula's number."""

LONGEST_FORMULA = 120
"""A longer formula is left out, as if it stood on lines of its own."""

_LONE_DOLLAR = pattern(r"(?<!\$)\$(?!\$)")
_DOLLAR, _BACKSLASH = "\ud802", "\ud803"

_ENVIRONMENT = (
    r"((?:equation|align|alignat|aligned|gather|gathered|multline|eqnarray|flalign|displaymath|math|split|array"
    r"|cases|dcases|[pbvVB]?matrix|subequations)\*?)"
)
_SIGN = pattern(rf"\\begin\{{{_ENVIRONMENT}\}}|\\end\{{{_ENVIRONMENT}\}}|\\\\?[()\[\]]|\\\$|\${{3,}}|\$\$|\$")
# A reference to the number of an equation says nothing where the equation is left out.
_REFERENCE = pattern(r"\\(?:eq)?ref\{[^{}]*\}|\\label\{[^{}]*\}")
_CLOSING = {"\\(": ")", "\\[": "]"}
_COMMAND = pattern(r"\\([a-zA-Z]+)")
_FORMULA_SIGN = pattern(r"[=^_+&<>}]")
_MOST_BLOCKS = 12
_TEX_SIGN = pattern(r"[\\^_]")
_PATH = pattern(r"(?<!\w)[A-Za-z]:\\|\\\\\w")
_LONG_WORD = pattern(r"[^\W\d_]{3,}")
_TEXT_COMMAND = pattern(r"\\(?:text\w*|mathrm|operatorname\*?|mbox)\s*\{[^{}]*\}|\\[a-zA-Z]+")

_SPACE = "\0 \t\n\r\f"
_NOTHING = f"{BREAK} {BREAK}"
_PRINTABLE = bytes(range(0x20, 0x7F))
_WIDE_STOPS = "。，、；：？！"
_CROWDED = ("  ", " .", " ,")
_CROWDED_WIDE = pattern(f" [{_WIDE_STOPS}]")
# Letters and marks that show nothing, though Python takes them for printable.
_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
_LATE_STOP = pattern(r" (?:([.,])(?=[\s)\]\"'”’]|\Z)|([。，、；：？！]))")
_STOP_ALONE = pattern(r"[.,;](?:\s|\Z)")
_UNSEEN = pattern(
    "[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065"
    "\u206a-\u206f\u3164\ud804-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U0010ffff]+"
)
_JOINER = pattern("[\u200c\u200d]+")
_TAGS = pattern("(?<!\U0001f3f4)(?<![\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+")
_EMBEDDINGS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_EMBEDDING = pattern(f"[{_EMBEDDINGS}]")
_OPENED = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)


class Formulas:
    """The formulas of a page in plain text; the collected text holds marks in their places."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._marks: dict[str, str] = {}

    def mark(self, tex: str, display: bool) -> str:
        """Return what stands in the collected text for a formula: its mark, or a space if it is left out."""
        mark = self._marks.get(tex) if not display else " "
        if mark is None:
            if len(tex) > 4 * LONGEST_FORMULA or "\\begin{" in tex or _REFERENCE.fullmatch(tex):
                mark = " "
            else:
                mark = self.mark_text(tex_to_text(tex))
            self._marks[tex] = mark
        return mark

    def mark_text(self, text: str) -> str:
        """Return the mark for a formula that is plain text already."""
        if not text.isalnum():
            text = " ".join(_UNSEEN.sub("", _EMBEDDING.sub("", text)).split())
        if not text or len(text) > LONGEST_FORMULA:
            return " "
        self.texts.append(text)
        return f"{FORMULA}{len(self.texts) - 1}{FORMULA}"


class Line(NamedTuple):
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


def make_line(pieces: list[str], formulas: Formulas) -> Line:
    """Return ``pieces`` as one line: white space collapsed, formulas readable, unseen characters gone.

    ``formulas`` are those that marks among the pieces stand for; more are added from between delimiters.
    """
    # A picture leaves a space; alone in its paragraph, it separates nothing.
    raw = "".join(pieces).strip(_SPACE).replace(_NOTHING, BREAK)
    text = raw.replace(BREAK, " ").replace("\n", " ")
    # Most posts have nothing that needs a closer look; the marks are not printable either.
    if _is_plain(text):
        first = raw.find(BREAK)
        return Line(text, lead=len(text) if first < 0 else first)
    math = False
    blocks = []
    for block in _whole(raw.split(BREAK)):
        text = block
        if "$" in text or "\\" in text:
            text, found = _marked(text, formulas)
            math = math or found
        text = text.replace("\n", " ").strip(_SPACE)
        if not _is_plain(text):
            text = _clean(text)
        if text:
            blocks.append(text)
    return _assembled(blocks, formulas.texts, math)


def _whole(blocks: list[str]) -> list[str]:
    """Return ``blocks`` with those in one that a formula between two delimiters was spread over.

    Markdown makes paragraphs of the empty lines inside a formula.
    """
    if not any(_has_open_display(block) for block in blocks):
        return blocks
    whole: list[str] = []
    index = 0
    while index < len(blocks):
        block = blocks[index]
        index += 1
        if _has_open_display(block):
            for end in range(index, min(index + _MOST_BLOCKS, len(blocks))):
                if _has_open_display(blocks[end]):
                    if all(map(_is_tex, blocks[index:end])):
                        block = "\n".join((block, *blocks[index : end + 1]))
                        index = end + 1
                    break
        whole.append(block)
    return whole


def _has_open_display(block: str) -> bool:
    return "$$" in block and block.count("$$") % 2 == 1


def _is_tex(text: str) -> bool:
    """Return whether a text without delimiters is TeX all the same, rather than words."""
    names = sum(name in COMMANDS for name in _COMMAND.findall(text))
    if not names and not (_FORMULA_SIGN.search(text) and len(text) < LONGEST_FORMULA):
        return not text.strip()
    return len(_LONG_WORD.findall(_TEXT_COMMAND.sub("", text))) <= (names or 2)


def _is_plain(text: str) -> bool:
    """Return whether a text is clean already, but for what only neighbours could tell."""
    if "$" in text or "\\" in text or any(map(text.__contains__, _CROWDED)):
        return False
    # What is asked of each character is asked of those beyond ASCII only, which are few.
    rest = text.encode(errors="surrogatepass").translate(None, _PRINTABLE).decode(errors="surrogatepass")
    if not rest:
        return True
    if not rest.isprintable() or any(map(rest.__contains__, _BLANK_LETTERS)):
        return False
    # Only a text that has such stops is worth a search.
    return not any(map(rest.__contains__, _WIDE_STOPS)) or _CROWDED_WIDE.search(text) is None


def _clean(text: str) -> str:
    """Return the text of one block without characters that show nothing or stand in the wrong place."""
    if not (text.isascii() and text.isprintable()):
        text = _seen(text)
    return _LATE_STOP.sub(r"\1\2", " ".join(text.split()))


def literal(text: str) -> str:
    """Return ``text``, such as inline code, with its dollar signs and backslashes marked as no delimiters."""
    return text.replace("$", _DOLLAR).replace("\\", _BACKSLASH)


def money(text: str) -> str:
    """Return ``text`` with its single dollar signs marked as no delimiters."""
    return _LONE_DOLLAR.sub(_DOLLAR, text)


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


# -- formulas between delimiters ------------------------------------------------------------------


def _marked(block: str, formulas: Formulas) -> tuple[str, bool]:
    """Return a block with marks for the formulas that delimiters set off, and whether there are any.

    No delimiter is left; a lone dollar sign is money, any other lone one means nothing to a reader.
    """
    if "ref{" in block or "label{" in block:
        block = _REFERENCE.sub("", block)
    signs = list(_SIGN.finditer(block))
    closers = _closers(signs)
    # Words and formulas in turn; the words in pieces.
    out: list[str] = []
    words: list[str] = []
    pairs = False
    # Only what is TeX beyond doubt may have spaces inside its signs.
    spaced = _TEX_SIGN.search(block) is not None
    at = index = 0
    while index < len(signs):
        sign = signs[index]
        # The first half of a "$$" may have closed "$a$"; then the second opens "$b$".
        start = sign.start()
        name = sign[0]
        if start < at:
            name = "$"
        elif name[:2] == "\\\\":
            name = name[1:]
        words.append(block[at:start])
        at = sign.end()
        if name == "$" and not spaced and block[at : at + 1].isspace():
            words.append(_DOLLAR)
            index += 1
            continue
        same = closers.get(sign[1] or _CLOSING.get(name, name), ())
        index += 1
        nearest = bisect_left(same, index)
        close = same[nearest] if nearest < len(same) else None
        if close is not None:
            end = signs[close]
            content = block[at : end.start()]
            half = end.start() + 1
            mark = None
            if name == "$":
                if _is_formula(content, block[max(at - 2, 0) : at - 1], block[half : half + 1]):
                    # WordPress wants its formulas marked so.
                    mark = formulas.mark(content.removeprefix("latex "), False)
                    at, index = half, close + (len(end[0]) == 1)
            elif name != "$$" or is_between_pairs(content):
                inline = name == "\\(" or (name == "$$" and _is_in_sentence(block, content))
                mark = formulas.mark(content, not inline)
                at, index = end.end(), close + 1
            if mark is not None:
                out += ("".join(words), mark)
                words = []
                continue
        # Pairs that no formula stands between are words; so is one that follows them.
        pairs = pairs or (name == "$$" and close is not None)
        if name != "$$" or pairs:
            words.append(_DOLLAR * name.count("$"))
    out.append("".join((*words, block[at:])))
    found = len(out) > 1
    for index in range(0, len(out), 2):
        if _is_residue(out[index], found):
            out[index] = " "
    text = "".join(out).rstrip()
    if found and text.endswith((";", ":")):
        # The sign that sets list items apart may be left behind by a formula.
        head = text[:-1].rstrip()
        text = head + text[-1] if head and head[-1] not in ".,;:!?" else head
    return text, found


def _is_in_sentence(block: str, content: str) -> bool:
    """Return whether a formula between two pairs of dollar signs is a part of a sentence, as in kramdown."""
    return "\n" not in content and len(content) <= LONGEST_FORMULA and len(block) > len(content) + 8


def _is_residue(text: str, found: bool) -> bool:
    """Return whether a text is what is left of a formula that the writing tool tore apart."""
    names = sum(name in COMMANDS for name in _COMMAND.findall(text)) if "\\" in text else 0
    if not names and not (found and _TEX_SIGN.search(text)):
        return False
    if text.count("{") == text.count("}"):
        # A path or a pattern has commands as well, by chance; a formula has no words beside them.
        return names > 0 and not _PATH.search(text) and not _LONG_WORD.search(_TEXT_COMMAND.sub("", text))
    return _is_tex(text)


def _closers(signs: list[re.Match[str]]) -> dict[str, list[int]]:
    """Return for each sort of closing sign where among ``signs`` it stands, in order."""
    found: dict[str, list[int]] = {}
    for index, sign in enumerate(signs):
        text = sign[0]
        if text == "$":
            found.setdefault("$", []).append(index)
        elif text == "$$":
            # Its first half may close a formula that one sign has opened.
            found.setdefault("$", []).append(index)
            found.setdefault("$$", []).append(index)
        elif text[-1] in ")]":
            found.setdefault(text[-1], []).append(index)
        elif sign[2]:
            found.setdefault(sign[2], []).append(index)
    return found


def _is_formula(content: str, before: str, after: str) -> bool:
    """Return whether what stands between two dollar signs is a formula rather than prices."""
    if content[:1].isspace() and content[-1:].isspace() and _TEX_SIGN.search(content):
        # Some write spaces inside the signs, and scripts for formulas let them.
        content = content.strip()
    return is_between_dollars(content, before, after)


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
    # Few texts have any, and to look for each of them takes a third of the time of the pattern.
    if text.isascii() or not any(map(text.__contains__, _EMBEDDINGS)):
        return text
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


def _assembled(blocks: list[str], formulas: list[str], math: bool) -> Line:
    """Return clean blocks as one line, their marks turned into formulas and offsets."""
    out: list[str] = []
    spans: list[tuple[int, int]] = []
    more: int | None = None
    lead = size = 0
    for block in blocks:
        if block == MORE:
            more = size or more
            continue
        if size and not _STOP_ALONE.match(block):
            out.append(" ")
            size += 1
        # Formulas stand between marks, so every second part is the number of one.
        for index, part in enumerate(block.split(FORMULA)):
            text = formulas[int(part)] if index % 2 else part
            out.append(text)
            if index % 2:
                spans.append((size, size + len(text)))
            size += len(text)
        lead = lead or size
    text = "".join(out).replace(_DOLLAR, "$").replace(_BACKSLASH, "\\")
    return Line(text, tuple(spans), more, lead, math)
