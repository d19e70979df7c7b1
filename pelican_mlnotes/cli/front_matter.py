"""How does a line get into a post's front matter, while every other byte stays as it is?

Markdown as Python-Markdown's ``meta`` extension reads it, with and without ``---`` fences;
reStructuredText with its list of fields after the title.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pelican_mlnotes._patterns import pattern

BOM = b"\xef\xbb\xbf"
# Ends of lines as readers know them; anything else, a form feed for one, belongs to its line.
_LINES = pattern(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

_META = pattern(rb" {0,3}(?P<key>[A-Za-z0-9_-]+):[ \t]*(?P<value>.*)")
_META_MORE = pattern(rb" {4,}\S")
_FENCE = pattern(rb"-{3}(?:\s.*)?")
_FENCE_END = pattern(rb"(?:-{3}|\.{3})(?:\s.*)?")

_FIELD = pattern(rb":(?P<key>[^:\s](?:[^:]|\\:)*):(?:[ \t]+(?P<value>.*)|)")
_ADORNMENT = pattern(rb"([!-/:-@\[-`{-~])\1*[ \t]*")


@dataclass(frozen=True, slots=True)
class Edit:
    """A changed source."""

    source: bytes
    line: int
    """Number of the line that is new, from 1."""


@dataclass(frozen=True, slots=True)
class _Field:
    key: bytes
    start: int
    end: int
    """Index behind its last line."""


def set_markdown_field(source: bytes, name: str, value: str, after: str = "tags") -> Edit:
    """Return ``source`` with the line ``Name: value`` in its front matter.

    An old line of that name is replaced; a new one stands behind the field ``after``, else last.
    Case and line ending follow the other lines.
    """
    mark, lines = _split(source)
    fields: list[_Field] = []
    at = 1 if lines and _FENCE.fullmatch(_text(lines[0])) else 0
    fenced = at
    while at < len(lines):
        text = _text(lines[at])
        found = _META.fullmatch(text)
        if not text.strip() or ((fields or fenced) and _FENCE_END.fullmatch(text)):
            break
        if found:
            fields.append(_Field(found["key"], at, at + 1))
        elif fields and _META_MORE.match(text):
            fields[-1] = _Field(fields[-1].key, fields[-1].start, at + 1)
        else:
            break
        at += 1
    line = _cased(name, fields) + b": " + value.encode()
    # Without any front matter the first line of the text must not be taken for the value's second.
    gap = not fields and not fenced
    return _put(mark, lines, fields, name, after, line, fenced, gap)


def set_rest_field(source: bytes, name: str, value: str, after: str = "tags") -> Edit:
    """Return ``source`` with the field ``:name: value`` in the list of fields after its title."""
    mark, lines = _split(source)
    fields: list[_Field] = []
    start = at = _behind_title(lines)
    while at < len(lines):
        text = _text(lines[at])
        found = _FIELD.fullmatch(text)
        if found:
            fields.append(_Field(found["key"], at, at + 1))
        elif fields and text[:1] in (b" ", b"\t") and text.strip():
            fields[-1] = _Field(fields[-1].key, fields[-1].start, at + 1)
        elif text.strip() or not fields:
            break
        at += 1
    line = b":" + _cased(name, fields) + b": " + value.encode()
    return _put(mark, lines, fields, name, after, line, start, not fields)


EDITORS: dict[str, Callable[[bytes, str, str], Edit]] = {
    ".md": set_markdown_field,
    ".markdown": set_markdown_field,
    ".mkd": set_markdown_field,
    ".mdown": set_markdown_field,
    ".rst": set_rest_field,
}
"""By a file's extension: ``(source, name, value)`` -> the changed source."""


def _split(source: bytes) -> tuple[bytes, list[bytes]]:
    mark = BOM if source.startswith(BOM) else b""
    return mark, _LINES.findall(source[len(mark) :])


def _text(line: bytes) -> bytes:
    return line.rstrip(b"\r\n")


def _ending(line: bytes) -> bytes:
    return line[len(_text(line)) :]


def _cased(name: str, fields: list[_Field]) -> bytes:
    lower = [field.key == field.key.lower() for field in fields]
    return (name.lower() if fields and all(lower) else name).encode()


def _put(
    mark: bytes,
    lines: list[bytes],
    fields: list[_Field],
    name: str,
    after: str,
    line: bytes,
    default: int,
    gap: bool,
) -> Edit:
    by_key = {field.key.lower(): field for field in reversed(fields)}
    old = by_key.get(name.lower().encode())
    before = by_key.get(after.lower().encode()) or (fields[-1] if fields else None)
    start = old.start if old else before.end if before else default
    end = old.end if old else start
    newline = next((_ending(one) for one in lines if _ending(one)), b"\n")
    new = [line + newline]
    head = lines[:start]
    if head and not _ending(head[-1]):
        head[-1] += newline
        new = [line]
    elif old and end == len(lines) and not _ending(lines[-1]):
        new = [line]
    if gap:
        if head and _text(head[-1]).strip():
            new.insert(0, newline)
        if end < len(lines) and _text(lines[end]).strip():
            new.append(newline)
    number = len(head) + 1 + (new[0] == newline)
    return Edit(mark + b"".join([*head, *new, *lines[end:]]), number)


def _underlines(line: bytes, title: bytes) -> bool:
    # Docutils takes a shorter line from four characters on, with a warning.
    return bool(_ADORNMENT.fullmatch(line)) and len(line.rstrip()) >= min(
        4, len(title.decode(errors="replace"))
    )


def _behind_title(lines: list[bytes]) -> int:
    """Return the index of the first line behind comments, title and subtitle."""
    at = behind = 0
    titles = 0
    while at < len(lines):
        text = _text(lines[at])
        following = _text(lines[at + 1]) if at + 1 < len(lines) else b""
        third = _text(lines[at + 2]) if at + 2 < len(lines) else b""
        if not text.strip():
            at += 1
        elif text.startswith(b".. ") or text == b"..":
            at += 1
            while at < len(lines) and (_text(lines[at])[:1] in (b" ", b"\t") or not _text(lines[at]).strip()):
                at += 1
        elif titles < 2 and _ADORNMENT.fullmatch(text) and following.strip() and third == text:
            at += 3
            titles, behind = titles + 1, at
        elif titles < 2 and _underlines(following, text) and not _FIELD.fullmatch(text):
            at += 2
            titles, behind = titles + 1, at
        else:
            return at if _FIELD.fullmatch(text) else behind
    return behind
