"""How do files get into a folder: none outside of it, none twice, none written over unasked, all or none?"""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from unicodedata import normalize

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.text.words import with_few_marks

LONGEST_NAME = 150  # bytes; most file systems take 255, and dates, numbers and extensions come with it

_ODD = pattern(r"[^\w.-]+")
# Windows keeps these for devices, whatever extension they have.
_DEVICE = pattern(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|\Z)", re.IGNORECASE)


class FolderError(ValueError):
    """A file would lie outside of its folder, or is there already."""


class FreshNames:
    """Names, none twice, in no other case or composition either: some file systems take both for one."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def take(self, name: str) -> str:
        """Return ``name``, with the next free number behind it if it is taken."""
        fresh, key = name, _key(name)
        while _key(fresh) in self._taken:
            # Counted on from the last one: thousands of posts may be called alike.
            self._numbers[key] = self._numbers.get(key, 1) + 1
            fresh = f"{name}-{self._numbers[key]}"
        self._taken.add(_key(fresh))
        return fresh


def _key(name: str) -> str:
    return normalize("NFC", normalize("NFC", with_few_marks(name)).casefold())


def file_name(*texts: str, default: str = "untitled") -> str:
    """Return the first of ``texts`` that has a letter or a digit, as a name that every file system takes."""
    for text in texts:
        name = _ODD.sub("-", text).strip("-._")
        name = name.encode("utf-8", "ignore")[:LONGEST_NAME].decode("utf-8", "ignore").strip("-._")
        if name:
            return f"{name}-" if _DEVICE.match(name) else name
    return default


def path_inside(folder: Path, relative: str) -> Path:
    """Return the path ``relative`` below ``folder``; raises ``FolderError`` if it does not lie there.

    Links on the way are followed. A leading slash stands for the folder itself.
    """
    path = folder / relative.lstrip("/")
    outside = "\\" in relative or "\0" in relative or ".." in relative.split("/")
    if outside or folder.resolve() not in path.resolve().parents:
        raise FolderError(f"{relative!r} would be written outside of {folder}; it is left out")
    return path


def write_files(files: Mapping[Path, bytes], *, replace: bool = False) -> None:
    """Write all of ``files``, or none if that fails.

    Raises ``FolderError`` if one exists, unless it is to be replaced, and ``OSError``.
    """
    made: list[Path] = []
    waiting: list[tuple[Path, Path]] = []
    try:
        for path, data in files.items():
            made += _make_folders(path.parent)
            written = path.with_name(f".{os.urandom(8).hex()}.tmp") if replace else path
            try:
                with written.open("xb") as file:
                    made.append(written)
                    file.write(data)
            except FileExistsError as error:
                raise FolderError(f"{path} exists; add --replace to write over it") from error
            if replace:
                if path.is_dir():
                    raise FolderError(f"{path} is a folder; a file of this name is to be written")
                waiting.append((written, path))
        for written, path in waiting:
            written.replace(path)
    except BaseException:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        raise


def _make_folders(folder: Path) -> list[Path]:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    missing.reverse()
    for one in missing:
        one.mkdir()
    return missing
