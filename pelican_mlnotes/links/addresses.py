"""Which post of the site is at an address that an author wrote?"""

import posixpath
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urljoin, urlsplit

from pelican_mlnotes._patterns import pattern

_FILENAME = pattern(r"[{|]filename[|}](?P<path>[^?#]+)")
_SCHEME = pattern(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_SOMEWHERE = "http://site.invalid"
"""Where a site is that does not say it; no host has this name (RFC 2606)."""
_PORTS = {"http": 80, "https": 443}
_IN_PATHS = str.maketrans({"%": "%25", "?": "%3F", "#": "%23"})
_FRAGMENT = "#"
_Parameters = frozenset[tuple[str, str]]
_NONE: _Parameters = frozenset()


@dataclass(frozen=True, slots=True)
class Post:
    """Where a post comes from and where it goes. All paths have forward slashes."""

    key: str
    source: str
    """Path below the content folder; empty if there is none."""
    url: str
    """Address below that of the site; posts may share its path and differ in the query or the fragment."""
    save_as: str
    """Path below the output folder."""


def may_be_own(address: str, site_url: str) -> bool:
    """Return whether ``address`` may lead to a page of the site at ``site_url``."""
    if address[:1] in ("", "#", "?"):
        return False
    scheme = _SCHEME.match(address)
    if scheme is None and address[:2] != "//":
        return address[:1] not in "{|" or _FILENAME.match(address) is not None
    if scheme is not None and scheme[0].lower() not in ("http:", "https:"):
        return False
    there, here = _split(address), _split(_base(site_url))
    return there is not None and here is not None and _host(there) == _host(here)


class Sources:
    """The files that a site's posts come from."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        """Know posts by their paths below the content folder; the values are their ``keys``."""
        self._keys = keys

    def find(self, address: str, source: str) -> str | None:
        """Return the key of the post that ``address`` names as ``{filename}path``, or ``None``.

        ``source`` is the path of the post that the link stands in.
        """
        named = _FILENAME.match(address)
        if named is None:
            return None
        written, folder = named["path"], posixpath.dirname(source)
        # As Pelican does: the path as written, then unquoted. Windows knows another slash.
        for path in (written, unquote(written), unquote(written).replace("\\", "/")):
            start = "" if path.startswith("/") else folder
            key = self._keys.get(posixpath.normpath(posixpath.join(start, path.lstrip("/"))))
            if key is not None:
                return key
        return None


class Addresses:
    """The addresses of a site's posts."""

    def __init__(self, posts: Iterable[Post], site_url: str) -> None:
        """Know ``posts``, which are below ``site_url``; of two at one address, the first counts."""
        self._base = _base(site_url)
        base = _split(self._base)
        self._host = _host(base) if base else None
        sources: dict[str, str] = {}
        self._sources = Sources(sources)
        self._by_file: dict[str, str] = {}
        self._by_url: dict[tuple[str, _Parameters], str] = {}
        self._telling: dict[str, set[str]] = {}
        """Paths -> names of the parameters that tell the posts there apart; of most paths, none does."""
        for post in posts:
            if post.source:
                sources.setdefault(post.source, post.key)
            # In the name of a file, each sign stands for itself.
            file = self._place(self._base + post.save_as.translate(_IN_PATHS).lstrip("/"))
            if post.save_as and file is not None:
                self._by_file.setdefault(file[0], post.key)
            place = self._place(self._base + post.url.lstrip("/"))
            if post.url and place is not None:
                path, parameters = place[0], _parameters(place[1])
                self._by_url.setdefault((path, parameters), post.key)
                if parameters:
                    self._telling.setdefault(path, set()).update(name for name, _ in parameters)

    def find(self, address: str, source: str, url: str) -> str | None:
        """Return the key of the post at ``address``, or ``None``.

        ``source`` and ``url`` are those of the post that the link stands in.
        """
        if _FILENAME.match(address):
            return self._sources.find(address, source)
        try:
            place = self._place(urljoin(self._base + url.lstrip("/"), address))
        except ValueError:
            return None
        if place is None:
            return None
        path, telling = place[0], self._telling.get(place[0])
        # No parameter that a link has for itself, such as one for statistics, leads to another post.
        told = frozenset(pair for pair in _parameters(place[1]) if pair[0] in telling) if telling else _NONE
        return self._by_url.get((path, told)) or self._by_file.get(path)

    def _place(self, address: str) -> tuple[str, SplitResult] | None:
        """Return a path, the same for all addresses of one file, and the parts; ``None`` for other hosts."""
        parts = _split(address)
        if parts is None or _host(parts) != self._host:
            return None
        path = unicodedata.normalize("NFC", posixpath.normpath("/" + unquote(parts.path).lstrip("/")))
        # Servers show the file of that name for a folder.
        return path.removesuffix("/index.html") or "/", parts


def _parameters(parts: SplitResult) -> _Parameters:
    """Return the names and values in a query, in no order, and the fragment as one of them."""
    found = parse_qsl(parts.query, keep_blank_values=True)
    if parts.fragment:
        found.append((_FRAGMENT, unquote(parts.fragment)))
    return frozenset([(name, unicodedata.normalize("NFC", value)) for name, value in found])


def _base(site_url: str) -> str:
    """Return the address of the site's root, which ends with a slash."""
    site_url = site_url.strip().rstrip("/") + "/"
    parts = _split(site_url)
    if parts is None or not parts.hostname:
        return urljoin(_SOMEWHERE, "/" if parts is None else parts.path)
    return site_url


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts


def _host(parts: SplitResult) -> tuple[str, int | None]:
    port = parts.port
    return (parts.hostname or "").rstrip("."), None if port == _PORTS.get(parts.scheme) else port
