"""What of a post's reading may the next build take over?

Part of the edge. Only for a site that caches: ``CACHE_CONTENT`` writes and ``LOAD_CONTENT_CACHE`` reads, as
for Pelican's own caches, in the same folder. One file holds what was read of every post, each under a
fingerprint of all that this follows from in the post; where related posts are shown, also what they are found
by. A seal over the whole file covers the rest: settings, topics, rules, and the code that read. With another
seal, as after a change of these, or if the file was damaged, nothing is taken over.

The file is JSON, which cannot run anything when it is loaded. It is not packed with ``GZIP_CACHE``, since it
is read at each build, and written whole when one post has changed.
"""

import json
import logging
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, Self

import pelican
import selectolax

from pelican_mlnotes import __version__
from pelican_mlnotes._cache import digest_of, sources, write_at_once
from pelican_mlnotes.document.model import Picture

logger = logging.getLogger(__name__)

FILE = "mlnotes-readings"
_PACKAGE = Path(__file__).parents[1]


class Reading(NamedTuple):
    """What stays of a post once it is read: of 10,000 posts, the documents would fill 100 MB."""

    kinds: frozenset[str]
    pictures: tuple[Picture, ...]  # up to the first that every list can show, whatever files there are
    minutes: int
    excerpt: str | None  # None if excerpts are off, or this one could not be made
    topics: tuple[str, ...] | None  # ids, best first; None if nobody asked, or they could not be found
    summary: str | None = None  # None if it is the excerpt
    links: tuple[tuple[str, str], ...] = ()  # addresses and sentences, if asked for; see plugin/links.py
    papers: tuple[tuple[str, str], ...] = ()  # addresses and titles, if asked for; see plugin/papers.py
    related_by: Sequence[Any] | None = None  # what related posts are found by, in plain data, if kept


class ReadingsCache:
    """The readings of the build before, and those that the next one will find."""

    @classmethod
    def of_site(cls, settings: Mapping[str, Any], basis: str) -> Self:
        """Return the cache of a site with Pelican's ``settings``."""
        file = Path(settings["CACHE_PATH"], FILE)
        return cls(file, basis, load=settings["LOAD_CONTENT_CACHE"], save=settings["CACHE_CONTENT"])

    def __init__(self, file: Path, basis: str, *, load: bool, save: bool) -> None:
        """Read ``file`` if ``load``; ``save`` says whether to write it.

        ``basis`` is what all readings follow from beside their posts.
        """
        self._file = file
        self._basis = basis.encode()
        self._saves = save
        self._loaded: dict[str, Any] = self._load() if load else {}
        self._kept: dict[str, Any] = {}
        self._changed = False

    def get(self, key: str, fingerprint: str | None) -> Reading | None:
        """Return the reading of the post ``key`` if nothing that it follows from has changed."""
        entry = self._loaded.get(key)
        if fingerprint is None or not isinstance(entry, list) or entry[:1] != [fingerprint]:
            return None
        reading = _reading(entry[1:])
        if reading is not None:
            self._kept[key] = entry
        return reading

    def keep(self, key: str, fingerprint: str | None, reading: Reading) -> None:
        """Let the next build find ``reading``; nothing is kept without a fingerprint."""
        if fingerprint is None:
            return
        self._kept[key] = [
            fingerprint,
            sorted(reading.kinds),
            [[picture.src, picture.alt, picture.width, picture.height] for picture in reading.pictures],
            reading.minutes,
            reading.excerpt,
            None if reading.topics is None else list(reading.topics),
            reading.summary,
            [list(link) for link in reading.links],
            [list(paper) for paper in reading.papers],
            reading.related_by,
        ]
        self._changed = True

    def add(self, key: str, related_by: Sequence[Any]) -> None:
        """Keep with the reading of ``key``, if there is one, what its related posts are found by."""
        if key in self._kept:
            self._kept[key] = [*self._kept[key][:-1], related_by]
            self._changed = True

    def save(self) -> None:
        """Write what ``get`` returned and ``keep`` took, unless the file holds just that.

        The file is replaced in one step, so that a build that is stopped leaves the former one, and of two
        builds at once the last one counts. Where it cannot be written there is one warning.
        """
        if not self._saves or not (self._changed or len(self._kept) != len(self._loaded)):
            return
        body = json.dumps(self._kept, separators=(",", ":")).encode("ascii")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_at_once(self._file, self._seal(body) + b"\n" + body)
        except OSError as error:
            logger.warning(
                "pelican_mlnotes: the next build must read every post again, as its cache cannot be written: "
                "%s; let CACHE_PATH be a folder that can be",
                error,
            )

    def _load(self) -> dict[str, Any]:
        try:
            seal, _, body = self._file.read_bytes().partition(b"\n")
            if seal == self._seal(body):
                loaded = json.loads(body)
                if isinstance(loaded, dict):
                    return loaded
            logger.debug("pelican_mlnotes: %s was written by another setup, or is damaged", self._file)
        except (OSError, ValueError, RecursionError) as error:
            logger.debug("pelican_mlnotes: nothing to take over from an earlier build: %s", error)
        return {}

    def _seal(self, body: bytes) -> bytes:
        digest = blake2b(len(self._basis).to_bytes(8), digest_size=16)
        digest.update(self._basis)
        digest.update(body)
        return digest.hexdigest().encode("ascii")


def fingerprint_of(texts: Iterable[object]) -> str | None:
    """Return a digest of ``texts``; ``None`` if one of them is not valid text.

    What could not be written to a page need not be kept.
    """
    digest = blake2b(digest_size=16)
    for text in texts:
        if not isinstance(text, str):
            return None
        try:
            data = text.encode()
        except UnicodeEncodeError:
            return None
        digest.update(len(data).to_bytes(8))
        digest.update(data)
    return digest.hexdigest()


def basis_of(site: Mapping[str, Any], files: Iterable[Path], *more: object) -> str:
    """Return what all readings follow from: the code, the contents of ``files``, and ``more``.

    Empty if the settings ``site`` ask for no cache, or a file cannot be read.
    """
    if not (site["CACHE_CONTENT"] or site["LOAD_CONTENT_CACHE"]):
        return ""
    try:
        return repr((code_digest(), digest_of(files), more))
    except OSError:
        return ""


@cache
def code_digest() -> str:
    """Return a digest of the code that reads posts, and of the data that comes with it.

    Found once a process: what is loaded stays the same when a version is installed over it.
    """
    files = sources(_PACKAGE)
    names = [file.relative_to(_PACKAGE).as_posix() for file in files]
    versions = (__version__, pelican.__version__, selectolax.__version__, sys.version)
    return repr((versions, names, digest_of(files)))


def _reading(values: list[Any]) -> Reading | None:
    """Return what ``keep`` has written; ``None`` if it never writes that."""
    match values:
        case [
            list(kinds),
            list(pictures),
            int(minutes),
            str() | None as excerpt,
            list() | None as topics,
            str() | None as summary,
            list(links),
            list(papers),
            list() | None as related_by,
        ]:
            shown = tuple([picture for values in pictures if (picture := _picture(values))])
            if (
                len(shown) == len(pictures)
                and _are_texts(kinds)
                and _are_texts(topics or [])
                and all(map(_are_two_texts, [*links, *papers]))
            ):
                return Reading(
                    kinds=frozenset(kinds),
                    pictures=shown,
                    minutes=minutes,
                    excerpt=excerpt,
                    topics=None if topics is None else tuple(topics),
                    summary=summary,
                    links=tuple(map(tuple, links)),
                    papers=tuple(map(tuple, papers)),
                    related_by=related_by,
                )
    return None


def _picture(values: Any) -> Picture | None:
    match values:
        case [str(src), str(alt), int() | None as width, int() | None as height]:
            return Picture(src, alt, width, height)
    return None


def _are_two_texts(values: Any) -> bool:
    return isinstance(values, list) and len(values) == 2 and _are_texts(values)


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)
