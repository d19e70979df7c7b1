"""Where does a picture's address lead, and how large is the file?"""

import posixpath
import re
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from pelican.contents import Content
from pelican.generators import StaticGenerator

from pelican_mlnotes._patterns import pattern

AnyPath = TypeVar("AnyPath", bound=PurePath)

_SCHEME = pattern(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
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


def depends_on_files(address: str) -> bool:
    """Return whether a browser looks for ``address`` from the place of the page that it stands on."""
    return address[:1] not in ("", "/", "{", "|", "#", "?") and _SCHEME.match(address) is None


def output_path(address: str, save_as: str) -> str:
    """Return the output path at which a browser looks for ``address``, which depends on files.

    ``save_as`` is the output path of the page that it stands on.
    """
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        path = address
    return posixpath.normpath(posixpath.join(posixpath.dirname(save_as.replace("\\", "/")), path))


def written_files(generators: Iterable[Any]) -> frozenset[str]:
    """Return the output paths of all static files of a build."""
    return frozenset(
        # Asking a static file itself would pin it, so that a later {attach} could no longer move it.
        posixpath.normpath(str(Content.save_as.fget(file)).replace("\\", "/"))
        for generator in generators
        if isinstance(generator, StaticGenerator)
        for file in generator.staticfiles
    )


def measure(file: Path) -> tuple[int, int] | None:
    """Return width and height in pixels of a picture file, or ``None`` if they cannot be read."""
    import imagesize  # here, because most sites with another theme do without

    try:
        width, height = imagesize.get(str(file))
    except Exception:
        # A broken or odd file is shown by the browser or not; its size is a nicety.
        return None
    return (round(width), round(height)) if width > 0 and height > 0 else None
