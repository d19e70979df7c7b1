"""A Markdown extension for texts that were written for CommonMark, as those of Hugo and Obsidian.

Python-Markdown keeps to older rules: a list needs an empty line before it and steps of four blanks, a fence
must stand at the margin, ``#word`` is a heading, and what an element of HTML holds is no Markdown. Here the
text is rewritten into what it reads the same (https://spec.commonmark.org/0.31.2/), and ``~~words~~`` are
struck out, as in GitHub's dialect.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import SimpleTagInlineProcessor
from markdown.preprocessors import Preprocessor

from pelican_mlnotes._patterns import pattern

FENCE = pattern(r"( *)(`{3,}|~{3,}) *([^`]*)")
STRUCK = pattern(r"(~~)(?=[^\s~])([^~]++(?:~[^~]++)*+)(?<=\S)~~(?!~)")

_STEP = 4  # blanks that Python-Markdown wants
_DEEPEST = 20  # quotations in quotations
_QUOTED = pattern(r" {0,3}> ?")
_ITEM = pattern(r"( *)([-+*]|\d{1,9}[.)])(?:( +)(.*))?")
_HEADING = pattern(r" {0,3}#{1,6}(?:\s|\Z)")
_RULE = pattern(r" {0,3}([-*_]) *(?:\1 *){2,}")
_TAG_OF_OBSIDIAN = pattern(r"#{1,6}(?=[^#\s])")
_TEX = pattern(r"\s*(?:\\\\?\[|\\begin\{)")
_TEX_END = pattern(r"\\\\?\]|\\end\{[^{}]*\}\s*$")
# Elements of CommonMark's sixth kind of HTML that may hold text as a page does.
_ELEMENT = pattern(
    r"<(/?)(?:article|aside|center|details|div|figcaption|figure|footer|header|main|nav|section)\b[^<>]*>",
    re.IGNORECASE,
)
# HTML of the first two kinds, which has an end of its own, and the rest of the sixth, which an empty line
# ends.
_RAW = pattern(r" {0,3}<(?:(?P<element>script|pre|style|textarea)(?=[\s>]|\Z)|!--)", re.IGNORECASE)
_RAW_ENDS = {
    "element": pattern(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
    "comment": pattern(r"-->"),
}
_TAG = pattern(
    r" {0,3}</?(?:address|blockquote|caption|col|colgroup|dd|dialog|dl|dt|fieldset|form|h[1-6]|iframe|legend|"
    r"li|link|ol|p|source|summary|table|tbody|td|tfoot|th|thead|tr|track|ul)(?=[\s/>]|\Z)",
    re.IGNORECASE,
)
_TABLE_RULE = pattern(r" *+\|?+ *+:?-++:?+ *+(?:\| *+:?-++:?+ *+)*+\|?+ *+")
_LANGUAGE = pattern(r"[\w+#.-]*")
_CODE = pattern(r"`[^`]*`")


class CommonMark(Extension):
    """Reads what CommonMark reads and Python-Markdown does not."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Markdown's name
        """Register the steps with ``md``."""
        if "mlnotes_commonmark" in md.preprocessors:
            return
        # Front matter is taken away at 27, formulas and code at 26 and 25.
        md.preprocessors.register(_Blocks(md), "mlnotes_commonmark", 26.5)
        md.inlinePatterns.register(SimpleTagInlineProcessor(STRUCK.pattern, "del"), "mlnotes_struck", 55)


class _Blocks(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        names, html = "hilite" in self.md.treeprocessors, "markdown_block" in self.md.parser.blockprocessors
        return as_read(lines, names=names, html=html)


def as_read(lines: Sequence[str], *, names: bool = True, html: bool = True, depth: int = 0) -> list[str]:
    """Return ``lines`` of CommonMark, tabs expanded, as Python-Markdown reads the same.

    With ``names``, code within lists keeps the name of its language, as codehilite wants it; with ``html``,
    elements ask for Markdown in them, as md_in_html wants it. ``depth`` is that of the quotation around.
    """
    return _Rewriter(lines, names, html, depth).rewritten()


class _Rewriter:
    """One pass over the lines of a text, or of a quotation in it."""

    def __init__(self, lines: Sequence[str], names: bool, html: bool, depth: int) -> None:
        self._lines = lines
        self._names = names
        self._reads_html = html
        self._depth = depth
        self._out: list[str] = []
        self._lists: list[int] = []
        """Of each item that is open, the column where its content begins."""
        self._numbered = False
        """Are the outermost ones numbered?"""
        self._after_text = False
        """Does the line before belong to a paragraph that a line could go on?"""
        self._closed = False
        """Is it a heading, a rule or of a quotation, behind which any item begins a list?"""
        self._quoted = -1
        """How many lines there were when the last quotation ended."""
        self._after_block = False
        """Is it that of a block of its own in an item, which the next item would be taken for a part of?"""
        self._displays = displays(lines)
        self._raw = {start: end for start, end, raw in _blocks_in(lines) if raw}

    def rewritten(self) -> list[str]:
        """Return the lines as Python-Markdown reads them."""
        at = 0
        while at < len(self._lines):
            line = self._lines[at]
            if at in self._displays:
                at = self._keep(at, self._displays[at] + 1)
            elif at in self._raw:
                at = self._keep_html(at, self._raw[at] + 1)
            elif fence := FENCE.fullmatch(line):
                at = self._fence(at, fence)
            elif _TEX.match(line):
                at = self._keep(at, self._end_of_tex(at))
            elif self._depth < _DEEPEST and _QUOTED.match(line) and self._ends_lists(line):
                at = self._quotation(at)
            elif not line.strip():
                self._out.append("")
                self._after_text = False
                at += 1
            else:
                at = self._text(at)
        return self._out

    def _keep(self, start: int, end: int) -> int:
        """Leave lines of a formula as they are, but within a list where its items have them now."""
        self._close_lists(self._lines[start])
        for line in self._lines[start:end]:
            self._out.append(self._moved(line))
        self._after_text, self._closed = True, False
        return end

    def _keep_html(self, start: int, end: int) -> int:
        """Leave HTML that holds no Markdown as it is."""
        self._close_lists(self._lines[start])
        indent, margin = (self._lists[-1], " " * _STEP * len(self._lists)) if self._lists else (0, "")
        for line in self._lines[start:end]:
            self._out.append(margin + _without_indent(line, indent) if line.strip() else "")
        self._after_text = self._closed = True
        return end

    def _end_of_tex(self, start: int) -> int:
        for at in range(start, len(self._lines)):
            if _TEX_END.search(self._lines[at]) or not self._lines[at].strip():
                return at + 1
        return len(self._lines)

    def _fence(self, start: int, fence: re.Match[str]) -> int:
        """Keep a block of code; in a list or a quotation, where no fence is read, by its indent."""
        within = len(self._lists)
        self._close_lists(self._lines[start])
        indent, mark = len(fence[1]), fence[2]
        if not self._lists and indent >= _STEP:
            return self._text(start)
        end = start + 1
        while end < len(self._lines) and not _closes(self._lines[end], mark):
            end += 1
        code = [_without_indent(line, indent) for line in self._lines[start + 1 : end]]
        language = found[0] if (found := _LANGUAGE.match(fence[3])) else ""
        if self._lists or self._depth:
            margin = " " * _STEP * (len(self._lists) + 1)
            named = [f":::{language}"] if language and self._names else []
            if within > len(self._lists):
                self._out += ["", f"{margin[_STEP:]}<!-- -->"]  # or the code would be the inner list's
            self._out += ["", *(f"{margin}{line}" if line.strip() else "" for line in (*named, *code)), ""]
        else:
            # Of options, such as "python title=x", it knows its own alone.
            known = fence[3].startswith("{") or "hl_lines=" in fence[3]
            self._out += [f"{mark}{fence[3] if known else language}".rstrip(), *code, mark]
            if end == len(self._lines):
                self._out.append("")
        self._after_text = False
        return end + 1

    def _quotation(self, start: int) -> int:
        end = start
        inside = []
        while end < len(self._lines) and (found := _QUOTED.match(self._lines[end])):
            inside.append(self._lines[end][found.end() :])
            end += 1
        quoted = as_read(inside, names=self._names, html=self._reads_html, depth=self._depth + 1)
        if 0 < self._quoted < len(self._out) and not any(map(str.strip, self._out[self._quoted :])):
            self._out += ["<!-- -->", ""]  # or both would be one quotation
        self._out += [f"> {line}" if line.strip() else ">" for line in quoted]
        self._quoted = len(self._out)
        self._after_text = self._closed = True
        return end

    def _text(self, at: int) -> int:
        line = self._lines[at]
        item = None if _RULE.fullmatch(line) else _ITEM.fullmatch(line)
        if item and self._starts_item(item):
            self._item(item)
            return at + 1
        quoted = _QUOTED.match(line.lstrip()) is not None
        if not self._after_text:
            self._close_lists(line)
            self._after_block = bool(self._lists)
        elif self._lists and quoted and not self._after_block:
            self._out.append("")
            self._after_block = True
        elif self._lists and (_HEADING.match(line) or _RULE.fullmatch(line)):
            self._ends_lists(line)
        indented = not self._lists and line.startswith(" " * _STEP)
        if self._after_text and not quoted and self._starts_table(at):
            self._out.append("")
        if not indented:
            line = self._moved(line)
            margin = line[: len(line) - len(line.lstrip())]
            line = margin + _no_heading(line.lstrip())
            if self._reads_html and _ELEMENT.match(line):
                return self._html(at)
            if _TAG.match(line):
                end = at + 1
                while end < len(self._lines) and self._lines[end].strip():
                    end += 1
                return self._keep_html(at, end)
        self._closed = bool(_HEADING.match(line) or _RULE.fullmatch(line))
        goes_on = self._quoted == len(self._out)
        self._out.append(line)
        if goes_on:
            self._quoted = len(self._out)
        self._after_text = not indented
        return at + 1

    def _starts_table(self, at: int) -> bool:
        """Is the line the head of a table, and the line before it no part of one?"""
        if "|" not in self._lines[at] or "|" in self._lines[at - 1]:
            return False
        following = self._lines[at + 1 : at + 2]
        return bool(following) and "|" in following[0] and _TABLE_RULE.fullmatch(following[0]) is not None

    def _starts_item(self, item: re.Match[str]) -> bool:
        indent, marker, content = len(item[1]), item[2], (item[4] or "").strip()
        if self._lists:
            return indent < self._lists[-1] + _STEP
        if indent >= _STEP:
            return False
        # Only so can a list end a paragraph: "in\n2024. It" is none.
        return (
            not self._after_text
            or self._closed
            or (bool(content) and (not marker[0].isdigit() or marker[:-1] == "1"))
        )

    def _item(self, item: re.Match[str]) -> None:
        indent, marker, blanks = len(item[1]), item[2], len(item[3] or " ")
        begins = not self._lists
        while self._lists and indent < self._lists[-1]:
            self._lists.pop()
        numbered = marker[0].isdigit()
        if not self._lists:
            if not begins and numbered != self._numbered:
                self._out += ["", "<!-- -->", ""]  # or both would be one list
            self._numbered = numbered
        if self._after_text and (begins or self._after_block):
            self._out.append("")
        self._after_block = self._closed = False
        margin = " " * _STEP * len(self._lists)
        self._lists.append(indent + len(marker) + (blanks if blanks <= _STEP else 1))
        content = _no_heading((item[4] or "").strip(" "))
        # Of nothing but dashes, the line before would be made a heading.
        marker = marker[:-1] + "." if numbered else marker if content else "*"
        self._out.append(f"{margin}{marker} {content}")
        self._after_text = True

    def _html(self, start: int) -> int:
        """Let Markdown be read in elements that are still open at the next empty line."""
        end = start
        opened = 0
        while end < len(self._lines) and self._lines[end].strip() and not FENCE.fullmatch(self._lines[end]):
            opened += sum(1 - 2 * bool(found[1]) for found in _ELEMENT.finditer(self._lines[end]))
            end += 1
        # A tag at an indent would be code, now that Markdown is read.
        indented = opened <= 0 or any("<pre" in line for line in self._lines[start:end])
        for line in self._lines[start:end]:
            line = line if indented else line.lstrip(" ")
            found = _ELEMENT.match(line)
            if opened > 0 and found and not found[1] and "markdown=" not in found[0]:
                opened -= 1
                line = f'{found[0][:-1]} markdown="1">{line[found.end() :]}'
            self._out.append(line)
        self._after_text, self._closed = True, False
        return end

    def _close_lists(self, line: str) -> None:
        """Close the items that ``line``, which begins a block, does not belong to."""
        indent = len(line) - len(line.lstrip(" "))
        while self._lists and indent < self._lists[-1]:
            self._lists.pop()

    def _ends_lists(self, line: str) -> bool:
        """Close lists that ``line``, which begins a block, ends; return whether none is open now."""
        if not self._lists:
            return True
        self._close_lists(line)
        if not self._lists and self._after_text:
            self._out.append("")
        return not self._lists

    def _moved(self, line: str) -> str:
        """Return ``line`` of an open item at the indent that Python-Markdown wants."""
        if not self._lists or not line.strip():
            return line
        rest = _without_indent(line, self._lists[-1])
        bare = rest.lstrip(" ")
        # Less than a step means nothing.
        return " " * _STEP * len(self._lists) + (bare if len(rest) - len(bare) < _STEP else rest)


def displays(lines: Sequence[str]) -> dict[int, int]:
    """Return where formulas between dollars that reach over lines begin -> where they end.

    With an empty line in it, one is read as text, which does it no harm.
    """
    found: dict[int, int] = {}
    start = -1
    for at, outside in outside_code(lines):
        line = lines[at]
        if not outside or not line.strip():
            start = -1
        elif "$$" in line and _CODE.sub("", line).count("$$") % 2:
            if start >= 0:
                found[start] = at
            start = -1 if start >= 0 else at
    return found


def outside_code(lines: Sequence[str]) -> Iterator[tuple[int, bool]]:
    """Yield the number of each line, and whether it stands outside of fences, scripts and their like."""
    at = 0
    for start, end, raw in _blocks_in(lines):
        yield from ((number, True) for number in range(at, start))
        at = end if raw else end + 1  # behind the end of an element, its line goes on
        yield from ((number, False) for number in range(start, min(at, len(lines))))
    yield from ((number, True) for number in range(at, len(lines)))


def _blocks_in(lines: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
    """Yield the first and the last line of what holds no Markdown, and whether it is HTML."""
    verbatim = Verbatim(lines)
    at = 0
    while at < len(lines):
        if (end := verbatim.end_of_fence(at)) is not None:
            yield at, end, False
            at = end
        elif (end := verbatim.end_of_html(at)) is not None:
            yield at, end, True
            at = end
        at += 1


class Verbatim:
    """Finds the ends of blocks that hold no Markdown; what has none is looked for once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._endless: set[str] = set()

    def end_of_fence(self, at: int, limit: int | None = None) -> int | None:
        """Return the line that ends the fence of line ``at``; ``None`` if that is none.

        Where no line before ``limit`` does, which is the number of lines if not given, it is the limit.
        """
        fence = FENCE.fullmatch(self._lines[at].lstrip("> "))
        if not fence:
            return None
        last = len(self._lines)
        limit = last if limit is None else limit
        if fence[2] in self._endless:
            return limit
        end = next(
            (number for number in range(at + 1, limit) if _closes(self._lines[number], fence[2])), limit
        )
        if end == last:
            self._endless.add(fence[2])
        return end

    def end_of_html(self, at: int) -> int | None:
        """Return the line that ends the script, or its like, of line ``at``; ``None`` if no other does."""
        line = self._lines[at].lstrip("> ")
        raw = _RAW.match(line)
        kind = ("element" if raw["element"] else "comment") if raw else ""
        if not raw or kind in self._endless or _RAW_ENDS[kind].search(line, raw.end()):
            return None
        behind = range(at + 1, len(self._lines))
        end = next((number for number in behind if _RAW_ENDS[kind].search(self._lines[number])), None)
        if end is None:
            self._endless.add(kind)
        return end


def _closes(line: str, mark: str) -> bool:
    bare = line.strip().lstrip("> ")
    return len(bare) >= len(mark) and not bare.strip(mark[0])


def _without_indent(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]


def _no_heading(text: str) -> str:
    return f"\\{text}" if _TAG_OF_OBSIDIAN.match(text) else text


def makeExtension(**options: Any) -> CommonMark:  # noqa: N802  # Markdown's name
    """Return the extension; Markdown calls this for the name of the module."""
    return CommonMark(**options)
