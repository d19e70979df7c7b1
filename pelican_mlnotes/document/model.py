"""What is known of a post that has been read?"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the post shows."""

    src: str
    """Address as written; may be relative, ``{static}…`` or ``data:…``."""
    alt: str
    """Alternative text, white space collapsed; empty if there is none."""
    width: int | None
    """In CSS pixels, if the markup says so."""
    height: int | None
    """In CSS pixels, if the markup says so."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link that somebody asked for."""

    address: str
    """As written, without white space around it."""
    text: str
    """Readable text on one line; empty for a picture."""
    around: str
    """Readable text on one line of the paragraph, item or cell that it stands in."""
    start: int
    """Offset in ``around`` where the link starts."""
    end: int
    """Offset in ``around`` where it ends."""
    formulas: tuple[tuple[int, int], ...] = ()
    """Spans of ``around`` that must never be cut, in order."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed body."""

    prose: str
    """Readable text on one line: no code blocks, tables, headings, captions, footnotes, display formulas."""
    formulas: tuple[tuple[int, int], ...] = ()
    """Spans of ``prose`` that must never be cut, in order."""
    headings: tuple[str, ...] = ()
    """Texts of the headings in order."""
    captions: tuple[str, ...] = ()
    """Captions, table texts and alternative texts: what the post shows rather than says."""
    pictures: tuple[Picture, ...] = ()
    """Real pictures in order: no tracking pixels, icons, badges, formulas."""
    links: tuple[Link, ...] = ()
    """The links that were asked for, in order."""
    kinds: frozenset[str] = frozenset()
    """Which of image, video, audio, code, math, table and notebook the post holds."""
    more: int | None = None
    """Offset in ``prose`` of the author's "read more" marker."""
    lead: int = 0
    """Offset in ``prose`` where the first paragraph ends."""
    drawing: bool = False
    """Whether a drawing is part of the page itself, so that ``kinds`` has image without any picture."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post as the topics and the related posts see it."""

    key: str
    """Source path: unique and stable."""
    title: str
    document: Document
    tags: tuple[str, ...]
    date: datetime
    lang: str
