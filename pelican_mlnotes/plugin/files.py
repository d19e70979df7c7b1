"""Where does a picture's address lead, and how large is the file?"""

import posixpath
import re
from pathlib import Path, PurePath
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from pelican_mlnotes._patterns import pattern

AnyPath = TypeVar("AnyPath", bound=PurePath)

_PLACED = pattern(r"[{|](?:static|attach|filename)[|}](?P<path>.*)", re.DOTALL)


def local_file(address: str, content: Path, folder: str, site: str = "") -> Path | None:
    """Return the file below ``content`` that ``address`` names, or ``None``.

    ``folder`` is the post's own, relative to ``content`` with forward slashes; ``site`` is ``SITEURL``.
    Understands ``{static}`` and ``{attach}``, addresses from the site's root, and relative ones, provided
    the file keeps its place in the output as Pelican's static files do.
    """
    file = place(address, content, folder, site)
    try:
        return file if file is not None and file.is_file() else None
    except (OSError, ValueError):
        return None


def place(address: str, content: AnyPath, folder: str, site: str = "") -> AnyPath | None:
    """Return the path below ``content`` that ``address`` names, by the rules of the system that has it."""
    placed = _PLACED.match(address)
    if placed:
        address = placed["path"]
    elif site and address.startswith(site.rstrip("/") + "/"):
        address = address[len(site.rstrip("/")) :]
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path:
        return None
    path = unquote(parts.path)
    if "\0" in path:
        return None
    start = "" if path.startswith("/") else folder
    file = content / posixpath.normpath(posixpath.join(start, path.lstrip("/")))
    # Windows knows drives, shares and another slash.
    return file if content in file.parents and ".." not in file.parts[len(content.parts) :] else None


def measure(file: Path) -> tuple[int, int] | None:
    """Return width and height in pixels of a picture file, or ``None`` if they cannot be read."""
    import imagesize  # here, because most sites with another theme do without

    try:
        width, height = imagesize.get(str(file))
    except Exception:
        # A broken or odd file is shown by the browser or not; its size is a nicety.
        return None
    return (round(width), round(height)) if width > 0 and height > 0 else None
