"""A Markdown extension for notes that are written in Obsidian: links by name.

``[[Note]]``, ``[[Note#Heading|words]]`` and ``![[picture.png|300]]`` become links to files as Pelican knows
them, which lead to wherever the note is published (https://help.obsidian.md/links). What no file is called
becomes plain words.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any
from unicodedata import normalize
from urllib.parse import quote
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from pelican import signals

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.text.words import with_few_marks

_LINK = pattern(r"(?<!\\)(!?)\[\[([^\[\]|#\n]*)(?:#([^\[\]|\n]*))?(?:\|([^\[\]\n]*))?\]\]")
_NOTES = (".md", ".markdown")
_NO_SLUG = pattern(r"[^\w]+")
# These end the path of an address.
_NO_PATH = pattern(r"[?#;]")


class WikiLinks(Extension):
    """Turns Obsidian's links into Pelican's."""

    def __init__(self, **options: Any) -> None:
        self.config = {"folder": ["content", "the folder with the notes, as PATH"]}
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Markdown's name
        """Register the step with ``md``."""
        # Code is taken out at 190, what a backslash stands before at 180.
        md.inlinePatterns.register(_WikiLink(str(self.getConfig("folder")), md), "mlnotes_wikilink", 185)


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
    said = words or (f"{name} – {heading}" if name and heading else name or heading)
    anchor = (
        _NO_SLUG.sub("-", normalize("NFKC", with_few_marks(heading)).lower()).strip("-_")
        if heading[:1] != "^"
        else ""
    )
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
    # A number behind the bar is a width in pixels.
    width = words.partition("x")[0]
    sized = {"width": width} if width.isdecimal() and width.isascii() else {}
    alt = PurePosixPath(file).stem if sized or not words else words
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
