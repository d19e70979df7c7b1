"""A Markdown extension for notes that are written in Obsidian: links by name, and what else is its own.

``[[Note]]``, ``[[Note#Heading|words]]`` and ``![[picture.png|300]]`` become links to files as Pelican knows
them, which lead to wherever the note is published (https://help.obsidian.md/links). What no file is called
becomes plain words. ``%%comments%%`` and ``^names-of-blocks`` are not shown, ``==words==`` are marked,
``^[notes]`` stand with the footnotes, and ``![words|80](picture.png)`` has that width
(https://help.obsidian.md/syntax). Lists, fences and HTML are read as ``commonmark`` says.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any
from unicodedata import normalize
from urllib.parse import quote
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor, SimpleTagInlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from pelican import signals

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.importers.commonmark import CommonMark, Verbatim, displays, outside_code
from pelican_mlnotes.text.words import with_few_marks

_LINK = pattern(r"(?<!\\)(!?)\[\[([^\[\]|#\n]*)(?:#([^\[\]|\n]*))?(?:\|([^\[\]\n]*))?\]\]")
_NOTES = (".md", ".markdown")
_NO_SLUG = pattern(r"[^\w]+")
# These end the path of an address.
_NO_PATH = pattern(r"[?#;]")
_MARKED = pattern(r"(==)(?=[^\s=])([^=]++(?:=[^=]++)*+)(?<=\S)==(?!=)")
_TICKS_OR_COMMENT = pattern(r"(?<!\\)`+|%%")
_BLOCK_NAME = pattern(r"(?:\A|(?<=\s))\^[a-zA-Z0-9-]+\s*\Z")
_STARTS_BLOCK = pattern(r"\s*(?:[-+*>]|\d+[.)]|\Z)")
_CODE_OR_BRACKET = pattern(r"`[^`]*`|\^\[|[\[\]]")
_SIZED = pattern(r"(.*?)\\?\|(\d{1,5})(?:x\d{1,5})?\s*", re.DOTALL)


class WikiLinks(Extension):
    """Reads what is Obsidian's own."""

    def __init__(self, **options: Any) -> None:
        self.config = {"folder": ["content", "the folder with the notes, as PATH"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Markdown's name
        """Register the steps with ``md``."""
        CommonMark().extendMarkdown(md)
        # Before formulas and code are taken out, at 26 and 25; then behind them.
        md.preprocessors.register(_Hidden(md), "mlnotes_obsidian_hidden", 26.7)
        md.preprocessors.register(_Notes(md), "mlnotes_obsidian_notes", 21)
        md.inlinePatterns.register(SimpleTagInlineProcessor(_MARKED.pattern, "mark"), "mlnotes_marked", 56)
        md.treeprocessors.register(_Widths(md), "mlnotes_obsidian_widths", 15)
        # Code is taken out at 190, what a backslash stands before at 180.
        md.inlinePatterns.register(_WikiLink(str(self.getConfig("folder")), md), "mlnotes_wikilink", 185)


class _Hidden(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return without_block_names(without_comments(lines))


class _Notes(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        if "footnote" not in self.md.inlinePatterns:
            return lines
        notes: list[str] = []
        found = [
            _with_footnotes(lines[at], notes) if outside and "^[" in lines[at] else lines[at]
            for at, outside in outside_code(lines)
        ]
        numbered = enumerate(notes, 1)
        return [*found, *(line for number, note in numbered for line in ("", f"[^{_note(number)}]: {note}"))]


class _Widths(Treeprocessor):
    def run(self, root: Element) -> None:
        for picture in root.iter("img"):
            if sized := _SIZED.fullmatch(picture.get("alt", "")):
                picture.set("alt", sized[1].strip())
                picture.set("width", sized[2])


def without_comments(lines: Sequence[str]) -> list[str]:
    """Return ``lines`` without what stands between two ``%%``, which a note shows to its author alone."""
    if not any("%%" in line for line in lines):
        return list(lines)
    shown: list[str] = []
    parts: list[str] = []  # of the line at hand
    line = column = 0
    for (first, start), (last, end) in _comments(lines):
        if first > line:
            shown += ["".join((*parts, lines[line][column:])), *lines[line + 1 : first]]
            parts, column = [], 0
        parts.append(lines[first][column:start])
        line, column = last, end + 2
    return [*shown, "".join((*parts, lines[line][column:])), *lines[line + 1 :]]


def _comments(lines: Sequence[str]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield for each comment the places of its marks. The first stands in no code and no display."""
    verbatim, formulas = Verbatim(lines), displays(lines)
    alone = [number for number, line in enumerate(lines) if line.strip() == "%%"]
    at = column = 0
    looked_at, code = -1, dict[int, int]()
    while at < len(lines):
        if not column and (end := verbatim.end_of_fence(at)) is not None:
            at = end + 1
            continue
        if not column and (end := verbatim.end_of_html(at)) is not None:
            at = end
        line = lines[at]
        if looked_at != at:
            looked_at, code = at, _code_in(line)
        start = _opening(line, column, code)
        if at in formulas and column <= (dollars := line.rfind("$$")) and not 0 <= start < dollars:
            at = formulas[at]
            column = lines[at].find("$$") + 2
        elif start < 0:
            at, column = at + 1, 0
        elif (found := _end_of_comment(lines, at, start + 2, verbatim, alone)) is None:
            return
        else:
            yield (at, start), found
            at, column = found[0], found[1] + 2


def _code_in(line: str) -> dict[int, int]:
    """Return where code in ``line`` could begin -> where it ends."""
    found: dict[int, int] = {}
    ends: dict[int, int] = {}
    for ticks in reversed([*_TICKS_OR_COMMENT.finditer(line)] if "`" in line and "%%" in line else []):
        if ticks[0] != "%%":
            if len(ticks[0]) in ends:
                found[ticks.start()] = ends[len(ticks[0])]
            ends[len(ticks[0])] = ticks.end()
    return found


def _opening(line: str, column: int, code: Mapping[int, int]) -> int:
    """Return where a comment opens in ``line`` from ``column`` on; -1 if nowhere."""
    for mark in _TICKS_OR_COMMENT.finditer(line, column):
        if mark.start() >= column:
            if mark[0] == "%%":
                return mark.start()
            column = code.get(mark.start(), column)
    return -1


def _end_of_comment(
    lines: Sequence[str], at: int, column: int, verbatim: Verbatim, alone: Sequence[int]
) -> tuple[int, int] | None:
    """Return the place of the mark that ends a comment, whose text begins at ``column`` of line ``at``.

    One in a fence that the comment holds does not. If the first mark has a line of its own, another such line
    does in any case; ``alone`` are the numbers of all.
    """
    last = len(lines)
    following = bisect_right(alone, at)
    limit = alone[following] if 0 < following < len(alone) and alone[following - 1] == at else last
    number = at
    while number < limit:
        code = verbatim.end_of_fence(number, limit) if number > at else None
        if code is not None and code < last:
            number = code if code == limit else code + 1
            continue
        found = lines[number].find("%%", column if number == at else 0)
        if found >= 0:
            return number, found
        number += 1
    return (limit, lines[limit].find("%%")) if limit < last else None


def without_block_names(lines: Sequence[str]) -> list[str]:
    """Return ``lines`` without the names of blocks (``^claim``) that other notes may link to."""
    shown = list(lines)
    for at, outside in outside_code(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if outside and "^" in lines[at] and _STARTS_BLOCK.match(following):
            shown[at] = _BLOCK_NAME.sub("", lines[at])
    return shown


def _with_footnotes(line: str, notes: list[str]) -> str:
    """Return ``line`` with references for the notes in it, which are added to ``notes``."""
    parts: list[str] = []
    at = start = depth = 0
    for found in _CODE_OR_BRACKET.finditer(line):
        if found[0] == "^[" and not start:
            start, depth = found.end(), 1
        elif start and found[0][-1] == "[":
            depth += 1
        elif start and found[0] == "]":
            depth -= 1
            if not depth:
                notes.append(line[start : found.start()])
                parts += [line[at : start - 2], f"[^{_note(len(notes))}]"]
                at, start = found.end(), 0
    return "".join((*parts, line[at:]))


def _note(number: int) -> str:
    return f"mlnotes-{number}"


class _WikiLink(InlineProcessor):
    def __init__(self, folder: str, md: Markdown) -> None:
        super().__init__(_LINK.pattern, md)
        self.folder = folder

    def handleMatch(  # type: ignore[override]  # noqa: N802  # Markdown's name
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002  # the whole text
    ) -> tuple[Element | str, int, int]:
        found = make_link(m, files_by_name(self.folder))
        return found, m.start(0), m.end(0)


def make_link(match: re.Match[str], files: Mapping[str, str]) -> Element | str:
    """Return what a link by name becomes: a link, a picture, or its words if ``files`` has no such name."""
    # In a table the bar is written "\\|".
    name, heading, words = match[2].rstrip("\\ ").lstrip(), (match[3] or "").strip(), (match[4] or "").strip()
    if heading[:1] == "^":  # the name of a block, which has no address
        heading, words = "", words or name or heading[1:]
    said = words or (f"{name} – {heading}" if name and heading else name or heading)
    anchor = _NO_SLUG.sub("-", normalize("NFKC", with_few_marks(heading)).lower()).strip("-_")
    file = files.get(_key(name))
    if not name and anchor:
        return _element("a", said, href=f"#{anchor}")
    if file is None:
        return said
    # Pelican finds other names as they are; pictures outside of STATIC_PATHS in no other way.
    address = quote(file) if _NO_PATH.search(file) else file
    if PurePosixPath(file).suffix.lower() in _NOTES:
        return _element("a", said, href=f"{{filename}}/{address}" + (f"#{anchor}" if anchor else ""))
    if not match[1]:
        return _element("a", said, href=f"{{static}}/{address}")
    # A number behind the last bar is a width in pixels.
    before, _, width = words.rpartition("|")
    width = width.partition("x")[0].strip()
    sized = {"width": width} if width.isdecimal() and width.isascii() else {}
    alt = (before.rstrip("\\ ") if sized else words) or PurePosixPath(file).stem
    return _element("img", "", src=f"{{static}}/{address}", alt=alt, **sized)


def _element(tag: str, text: str, **attributes: str) -> Element:
    element = Element(tag, attributes)
    element.text = text or None
    return element


@lru_cache(maxsize=4)
def files_by_name(folder: str) -> dict[str, str]:
    """Return name -> path below ``folder``: of notes without extension, of other files with it.

    Of two files of one name that of the shorter path has it; a name may be given with folders before it.
    """
    paths = sorted(_files(Path(folder)), key=lambda path: (len(path.parts), path.as_posix()))
    found: dict[str, str] = {}
    for path in paths:
        named = path.with_suffix("") if path.suffix.lower() in _NOTES else path
        for start in range(len(named.parts)):
            found.setdefault(_key("/".join(named.parts[start:])), path.as_posix())
    return found


def _files(folder: Path) -> Iterator[PurePosixPath]:
    for file in folder.rglob("*"):
        path = PurePosixPath(file.relative_to(folder).as_posix())
        if not any(part.startswith(".") for part in path.parts) and file.is_file():
            yield path


def _key(name: str) -> str:
    return normalize("NFC", with_few_marks(name).strip().removesuffix(".md")).casefold()


def _forget(_: Any) -> None:
    # Pelican may build again in the same process, with other files.
    files_by_name.cache_clear()


signals.generator_init.connect(_forget)


def makeExtension(**options: Any) -> WikiLinks:  # noqa: N802  # Markdown's name
    """Return the extension; Markdown calls this for the name of the module."""
    return WikiLinks(**options)
