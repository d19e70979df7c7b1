"""A Markdown extension that keeps Markdown's hands off formulas.

Before raw HTML is taken out and after fenced code is, each formula is replaced by a placeholder that
Markdown passes through. At the end it comes back, marked for ``formulas.Converter``. Where the text
turns out to be indented code or the value of an attribute, the author's own characters come back.
"""

import re
from bisect import bisect_right
from html import escape, unescape
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown, util
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.formulas.delimiters import (
    MARKDOWN,
    SCRIPT,
    Formula,
    Nearest,
    find_formulas,
    from_script,
    lowered,
)
from pelican_mlnotes.formulas.plain import COMMANDS, tex_to_text

NAME = "pelican_mlnotes.formulas.markdown"

# Private-use characters: no Markdown syntax, and no letters that would end up in a heading's id.
_OPEN, _CLOSE, _ZERO = "\ue000", "\ue001", 0xE010
_PLACEHOLDER = pattern(f"{_OPEN}([{chr(_ZERO)}-{chr(_ZERO + 9)}]{{1,9}}){_CLOSE}")
_DIGITS = {ord("0") + digit: chr(_ZERO + digit) for digit in range(10)}
_FROM_DIGITS = {_ZERO + digit: str(digit) for digit in range(10)}

_FENCE = pattern(r"^(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,})(?P<info>[^`\n]*)$", re.MULTILINE)
_MATH_INFO = pattern(r"\s*(?:math|\{\s*\.?math\s*\})\s*")
# MyST's options stand in the first lines of a directive.
_DIRECTIVE_OPTIONS = pattern(r"(?:[ \t]*:[a-z-]+:[^\n]*\n)+")
_DIRECTIVE_LABEL = pattern(r":(?:label|name):[ \t]*([\w.:-]+)")
# What may hold dollar signs that are no formula's: code, comments, tags, addresses.
_OPAQUE = pattern(
    r"\\.|(?P<ticks>`+)|(?P<comment><!--)|(?P<address>\]\()"
    r"|<(?P<raw>script|style|pre|code|textarea|math|svg|kbd|samp|tt|template|title|xmp)\b|(?P<tag><(?=[a-z/]))",
    re.DOTALL | re.IGNORECASE,
)
_TAG = pattern(
    r"<(?:https?://|mailto:)[^<>\s]*>"
    r"|</?[a-z][\w-]*(?:\s+[\w:@.-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?)*\s*/?>",
    re.IGNORECASE,
)
_LIKE_ADDRESS = pattern(r"[/:#?@]|\.[a-z]|^\{")
_ADDRESS = pattern(r"\]\((?:<[^<>\n]*>|[^)\s]*)")
_DEFINITION = pattern(r"^[ ]{0,3}\[[^\]\n^][^\]\n]*\]:[^\n]*$", re.MULTILINE)
_BLANK_LINE = pattern(r"\n[ \t]*\n")
_QUOTE = pattern(r"[ \t]*(?:>[ ]?)+")
_HTML_TAG = pattern(r"<[a-zA-Z!][^<>]*>")
_READ_ALOUD = pattern(r"\s(?:alt|title)=\"[^\"]*\"")
_BARE_MARK = pattern(r"\\\((?:(?!\\\().)*?\\\)|\\\[(?:(?!\\\[).)*?\\\]", re.DOTALL)
_BLANKED = pattern("[\ue002\ue006]")
_TAG_ALONE = pattern(r"</?(?!code\b|kbd\b|samp\b|tt\b)[a-zA-Z][^<>]*>|<!--.*", re.DOTALL)
_TEX_CODE = pattern(
    r"(?:(?<![\\$`\w])(?P<dollar>\$)|\{(?P<role>math|eq)\})(?P<ticks>`+)(?!`)(?P<tex>[^`\n]+?)(?<!`)(?P=ticks)"
    r"(?(dollar)\$(?![$`\d])|(?!`))"
)
_ENTITY = pattern(r"&(?:lt|gt|amp|quot|apos|nbsp|minus|times|le|ge|ne|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_DOUBLED_COMMAND = pattern(r"\\\\([a-zA-Z]{2,})")
_SINGLE_COMMAND = pattern(r"(?<!\\)(?:\\\\)*\\[a-zA-Z]")
_DOUBLED_ESCAPE = pattern(
    r"\\(?:(?P<row>\\(?:\\\\){1,2})|\\(?P<literal>\\[_*^`])|(?P<escaped>\\[{}_*%#$,;:!|>])"
    r"|(?P<sign>[_*\]\[()^`]))"
)
_DOUBLED_SIGN = pattern(r"\\\\\\?([{}_|,;:!%#&$])")
# Signs that mean nothing behind a backslash in a formula; and those that mean accents in its text alone.
_ESCAPED_SIGN = pattern(r"(\\\\)|\\([*\[\]<+\-@?])")
_ESCAPED_OUTSIDE_TEXT = pattern(r"(\\\\)|\\([\^=.`\"'~()])")
_WITH_ESCAPES = pattern(r"\\\\\\\\|(?<!\\)\\[_*](?!\w*\})|\\\*\}")
_ESCAPED_PIPE = pattern(r"\\(\\?\|)")
_ESCAPED_INDEX = pattern(
    r"\\(?:text[a-z]*|math(?:rm|tt|sf|it|bf)|mbox|hbox|operatorname\*?)\s*\{[^{}]*\}|\\\\"
    r"|\\_(?P<index>(?=\s*[{\\])|(?=[^\W_](?![^\W_])))?"
)
_CODE_OR_ADDRESS = pattern(r"`|<!--|\]\(|://|=[\"']|</")
_NO_NEWLINE = pattern(r"[^\n]")
_TICKS = pattern("`+")
_LONGEST_TAG = 1000


class MathExtension(Extension):
    """Marks formulas; see the module's docstring."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.found: list[tuple[Formula, str]] = []
        """The formulas of the text that is being converted, each with the author's own characters."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Markdown's name
        """Register the steps with ``md``, each at its place among Markdown's own."""
        md.registerExtension(self)
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "$"]
        # Fenced code is taken out at 25 and raw HTML at 20.
        md.preprocessors.register(_Fences(self, md), "mlnotes_math_fences", 26)
        md.preprocessors.register(_Formulas(self, md), "mlnotes_math", 22)
        # Code is highlighted at 30.
        md.treeprocessors.register(_Code(self, md), "mlnotes_math_code", 31)
        # The table of contents is made at 5.
        md.treeprocessors.register(_Contents(self, md), "mlnotes_math_contents", 4)
        # After everything that writes or escapes text.
        md.postprocessors.register(_Marks(self, md), "mlnotes_math_marks", -10)

    def reset(self) -> None:
        """Forget the last text."""
        self.found = []

    def stash(self, formula: Formula, source: str) -> str:
        """Return the placeholder that stands for a formula from now on."""
        self.found.append((formula, source))
        return f"{_OPEN}{str(len(self.found) - 1).translate(_DIGITS)}{_CLOSE}"

    def stashed(self, match: re.Match[str]) -> tuple[Formula, str] | None:
        """Return what a placeholder stands for; ``None`` if it is the author's own odd text."""
        number = int(match[1].translate(_FROM_DIGITS))
        return self.found[number] if number < len(self.found) else None


class _Fences(Preprocessor):
    """Takes out fenced blocks of the language ``math``."""

    def __init__(self, extension: MathExtension, md: Markdown) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        if "math" not in text:
            return lines
        parts: list[str] = []
        at = 0
        for start, end, opening, body in _fenced(text):
            tex = _without_options(_unquoted(body, opening["indent"]).strip())
            if _MATH_INFO.fullmatch(opening["info"]) and tex:
                mark = self.extension.stash(Formula(tex, display=True), text[start:end])
                parts += [text[at:start], opening["indent"], mark]
                at = end
        parts.append(text[at:])
        return "".join(parts).split("\n")


class _Formulas(Preprocessor):
    """Takes out the formulas that stand in the text."""

    def __init__(self, extension: MathExtension, md: Markdown) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        given = text = "\n".join(lines)
        if "$`" in text or "}`" in text:
            text = self._without_code_that_is_tex(text)
        if "math/tex" in text:
            text = SCRIPT.sub(lambda match: self.extension.stash(from_script(match), match[0]), text)
        if "$" not in text and "\\" not in text:
            return lines if text is given else text.split("\n")
        opaque = _opaque(text)
        # Blanked out, so that no formula begins, ends or is interrupted there.
        shown: list[str] = []
        at = 0
        for start, end in opaque:
            shown += [text[at:start], _blank(text[start:end])]
            at = end
        shown.append(text[at:])
        visible = "".join(shown)
        parts: list[str] = []
        at = 0
        for found in find_formulas(visible, MARKDOWN):
            source = text[found.start : found.end]
            tex, display = found.formula
            if _BLANKED.search(visible, found.start, found.end):
                # Between two signs, "<y and z>" is no tag; but no formula holds code or an address.
                if _CODE_OR_ADDRESS.search(source):
                    continue
                # What was blanked out is as long as before, wherever the formula has lost empty lines.
                span = range(found.start, found.end)
                written = iter([text[place] for place in span if _is_blank(visible[place])])
                tex = "".join(next(written) if _is_blank(sign) else sign for sign in tex)
            line_start = text.rfind("\n", 0, found.start) + 1
            quote = _QUOTE.match(text, line_start, found.start)
            if "\\|" in tex and "\n" not in source and text[line_start:].lstrip(" \t>").startswith("|"):
                tex = _ESCAPED_PIPE.sub(r"\1", tex)
            tex = _as_meant(_unquoted(tex, quote[0] if quote else ""), _is_doubled(source), display)
            parts += [text[at : found.start], self.extension.stash(Formula(tex, display), source)]
            at = found.end
        parts.append(text[at:])
        return "".join(parts).split("\n")

    def _without_code_that_is_tex(self, text: str) -> str:
        """Take out formulas with backticks: ``$`x`$`` of GitHub and GitLab, roles of MyST."""
        blocks = _fenced(text)

        def stashed(match: re.Match[str]) -> str:
            if any(start <= match.start() < end for start, end, _, _ in blocks):
                return match[0]
            tex = match["tex"].strip()
            if match["role"] == "eq":
                tex = rf"\eqref{{{tex}}}"
            return self.extension.stash(Formula(tex, display=False), match[0])

        return _TEX_CODE.sub(stashed, text)


class _Code(Treeprocessor):
    """Gives indented code its own characters back."""

    def __init__(self, extension: MathExtension, md: Markdown) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, root: Element) -> None:
        def source(match: re.Match[str]) -> str:
            found = self.extension.stashed(match)
            return util.code_escape(found[1]) if found else match[0]

        if not self.extension.found:
            return
        for code in root.iter("code"):
            if code.text and _OPEN in code.text:
                code.text = util.AtomicString(_PLACEHOLDER.sub(source, code.text))


class _Contents(Treeprocessor):
    """Marks formulas again in entries of the table of contents, which is made without elements."""

    def __init__(self, extension: MathExtension, md: Markdown) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, root: Element) -> None:
        marks = {formula.delimited(): formula for formula, _ in self.extension.found}

        def marked(match: re.Match[str]) -> str:
            formula = marks.get(match[0])
            return self.extension.stash(formula, match[0]) if formula else match[0]

        for link in root.iter("a") if marks else ():
            if link.text and "\\" in link.text and link.get("href", "").startswith("#"):
                link.text = util.AtomicString(_BARE_MARK.sub(marked, link.text))


class _Marks(Postprocessor):
    """Puts the formulas back, marked; in attributes that are read as text, in Unicode."""

    def __init__(self, extension: MathExtension, md: Markdown) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, text: str) -> str:
        if _OPEN not in text:
            return text

        def source(match: re.Match[str]) -> str:
            found = self.extension.stashed(match)
            return escape(found[1]) if found else match[0]

        def mark(match: re.Match[str]) -> str:
            found = self.extension.stashed(match)
            return found[0].marked() if found else match[0]

        def plain(match: re.Match[str]) -> str:
            found = self.extension.stashed(match)
            return escape(tex_to_text(found[0].tex)) if found else match[0]

        def without_marks(tag: re.Match[str]) -> str:
            if _OPEN not in tag[0]:
                return tag[0]
            read = _READ_ALOUD.sub(lambda attribute: _PLACEHOLDER.sub(plain, attribute[0]), tag[0])
            return _PLACEHOLDER.sub(source, read)

        text = _HTML_TAG.sub(without_marks, text)
        return _PLACEHOLDER.sub(mark, text)


def makeExtension(**options: Any) -> MathExtension:  # noqa: N802  # Markdown's name
    """Return the extension; Markdown calls this."""
    return MathExtension(**options)


def _fenced(text: str) -> list[tuple[int, int, re.Match[str], str]]:
    """Return the fenced blocks: start, end, the opening line and what is between the fences."""
    blocks = []
    opening: re.Match[str] | None = None
    for match in _FENCE.finditer(text):
        if opening is None:
            opening = match
        elif match["fence"].startswith(opening["fence"]) and not match["info"].strip():
            body = text[opening.end() + 1 : max(match.start() - 1, opening.end() + 1)]
            blocks.append((opening.start(), match.end(), opening, body))
            opening = None
    return blocks


def _unquoted(tex: str, prefix: str) -> str:
    """Return ``tex`` without the signs of quotation before its lines, if ``prefix`` has them too."""
    if ">" not in prefix:
        return tex
    quotes = ((_QUOTE.match(line), line) for line in tex.split("\n"))
    return "\n".join(line[quote.end() :] if quote else line for quote, line in quotes).strip()


def _blank(text: str) -> str:
    # What is no text to a reader is told apart: a formula within a tag stands on a line of its own.
    sign = "\ue006" if _TAG_ALONE.fullmatch(text) else "\ue002"
    return _NO_NEWLINE.sub(sign, text)


def _is_blank(sign: str) -> bool:
    return sign in "\ue002\ue006"


def _without_options(tex: str) -> str:
    """Return the TeX of a directive without its options; a label becomes TeX."""
    options = _DIRECTIVE_OPTIONS.match(tex + "\n")
    if options is None:
        return tex
    label = _DIRECTIVE_LABEL.search(options[0])
    tex = tex[options.end() :].strip()
    return rf"{tex} \label{{{label[1]}}}" if label and tex and "\\label" not in tex else tex


def _is_doubled(source: str) -> bool:
    r"""Return whether an author has escaped a formula for Markdown throughout, as ox-hugo does.

    That shows in the delimiters, ``\\(``; in an environment without any, in signs that mean nothing else; and
    between dollar signs, in commands that all have two backslashes.
    """
    if source.startswith("\\\\"):
        return True
    if source.startswith("\\begin"):
        return _WITH_ESCAPES.search(source) is not None
    return (
        "\\\\" in source
        and any(name in COMMANDS for name in _DOUBLED_COMMAND.findall(source))
        and _SINGLE_COMMAND.search(source) is None
    )


def _as_meant(tex: str, doubled: bool, display: bool) -> str:
    r"""Return TeX without what its author wrote for Markdown's sake, such as ``\_`` and ``\\{``, or ``&lt;``.

    Markdown takes a backslash off signs of its own before a script for formulas sees them, and authors write
    one more. ``doubled`` tells that they did so throughout.
    """
    if "&" in tex:
        tex = _ENTITY.sub(lambda match: unescape(match[0]), tex)
    if "\\" not in tex:
        return tex
    if doubled:
        tex = _DOUBLED_COMMAND.sub(_once, tex)
        tex = _DOUBLED_ESCAPE.sub(_as_escaped, tex)
    elif "\\\\" in tex:
        tex = tex.replace("\\\\\\\\", "\\\\")
        if not display and "\\begin" not in tex and "\\substack" not in tex:
            tex = _DOUBLED_SIGN.sub(r"\\\1", tex)
        elif tex.count("\\\\{") == tex.count("\\\\}") and "\\\\}" in tex:
            tex = tex.replace("\\\\{", "\\{").replace("\\\\}", "\\}")
    if "\\_" in tex and not doubled:
        tex = _ESCAPED_INDEX.sub(_index, tex)
    if r"\|\|" in tex and r"\|" not in tex.replace(r"\|\|", ""):
        # "||x||", its signs escaped against tables. Of two norms side by side, the outer lines stand alone.
        tex = tex.replace(r"\|\|", "||")
    tex = _ESCAPED_SIGN.sub(_bare, tex)
    if "\\text" not in tex and "box" not in tex:
        tex = _ESCAPED_OUTSIDE_TEXT.sub(_bare, tex)
    return tex


def _as_escaped(match: re.Match[str]) -> str:
    if match["row"]:
        return "\\\\"
    return match["sign"] or match["escaped"] or match["literal"]


def _bare(match: re.Match[str]) -> str:
    return match[1] or match[2]


def _once(match: re.Match[str]) -> str:
    return match[0][1:] if match[1] in COMMANDS else match[0]


def _index(match: re.Match[str]) -> str:
    # In text, and between words, an underscore is meant: "step\\_num".
    return match[0] if match["index"] is None else "_"


def _opaque(text: str) -> list[tuple[int, int]]:
    """Return the spans of ``text`` that hold no formulas, in order and apart from each other."""
    blocks = [(start, end) for start, end, _, _ in _fenced(text)]
    blocks += [match.span() for match in _DEFINITION.finditer(text)]
    blocks.sort()
    block = 0
    ticks: dict[int, list[int]] = {}
    for run in _TICKS.finditer(text):
        ticks.setdefault(len(run[0]), []).append(run.start())
    blanks = [match.start() for match in _BLANK_LINE.finditer(text)]
    nearest = Nearest(lowered(text))
    spans: list[tuple[int, int]] = []
    behind = 0
    for match in _OPAQUE.finditer(text):
        start, end = match.span()
        while block < len(blocks) and blocks[block][0] <= start:
            if blocks[block][0] >= behind:
                spans.append(blocks[block])
                behind = blocks[block][1]
            block += 1
        if start < behind:
            continue
        span_end = None
        if match["ticks"]:
            same = ticks.get(len(match[0]), [])
            index = bisect_right(same, start)
            blank = bisect_right(blanks, start)
            limit = blanks[blank] if blank < len(blanks) else len(text)
            if index < len(same) and same[index] < limit:
                span_end = same[index] + len(match[0])
        elif match["comment"]:
            span_end = nearest("-->", end)
        elif match["address"]:
            address = _ADDRESS.match(text, start, start + 2000)
            if address and not _is_in_formula(text, address):
                span_end = address.end()
        elif match["raw"] or match["tag"]:
            if match["raw"]:
                closing = nearest(f"</{match['raw'].lower()}", end)
                if closing < len(text):
                    span_end = closing
            if span_end is None and nearest(">", start) < start + _LONGEST_TAG:
                tag = _TAG.match(text, start, start + _LONGEST_TAG)
                span_end = tag.end() if tag else None
        if span_end is not None:
            spans.append((start, span_end))
            behind = span_end
    spans += [span for span in blocks[block:] if span[0] >= behind]
    return _apart(spans)


def _is_in_formula(text: str, address: re.Match[str]) -> bool:
    r"""Return whether ``](`` is a part of a formula, as in ``$F[f](\omega)$``, and no link."""
    opened = text.rfind("[", max(address.start() - _LONGEST_TAG, 0), address.start())
    if opened < 0 or text[address.start() - 6 : address.start()] == r"\right":
        return True
    inside = address[0][2:]
    if _LIKE_ADDRESS.search(inside):
        return False
    # Words stand before a link with a space; the argument of a function has none.
    if text[opened - 1 : opened] == "$" and text.startswith(")$", address.end()):
        return True
    return (
        "\\" in inside or text[opened - 1 : opened].isalnum() or text[opened - 1 : opened] in tuple("}_^)]'")
    )


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    apart: list[tuple[int, int]] = []
    for start, end in spans:
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart
