"""Which picture stands for a post, and what do templates see of it?"""

import posixpath
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property
from html import escape, unescape
from pathlib import Path
from typing import Any, Self

from pelican.contents import Article
from pelican.generators import ArticlesGenerator

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.model import Picture
from pelican_mlnotes.document.pictures import can_preview
from pelican_mlnotes.plugin.build import Build
from pelican_mlnotes.plugin.contents import NONE, all_articles, author_line, key_of
from pelican_mlnotes.plugin.files import depends_on_files, local_file, measure, output_path
from pelican_mlnotes.plugin.guard import guard
from pelican_mlnotes.plugin.post_cache import Reading
from pelican_mlnotes.settings import Settings

_MOST_CANDIDATES = 20
_ABSOLUTE = pattern(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/")


class Image(str):
    """The picture that stands for a post, as templates see it.

    A string, because other themes print, search and change what an author wrote under ``Image:``; as such it
    is just that, or where nothing was written, the address of the picture that was found.
    """

    _article: Article
    _context: dict[str, Any]
    _src: str
    _own: str
    _settings: Mapping[str, Any]
    _written: tuple[int | None, int | None]
    alt: str

    def __new__(cls, article: Article, picture: Picture, generator: ArticlesGenerator, own: str = "") -> Self:
        """Make the picture of ``article``; ``own`` is what its author wrote."""
        image = super().__new__(cls, own or picture.src)
        image._article = article
        image._context = generator.context
        image._src = picture.src
        image._own = own
        image.alt = picture.alt
        image._settings = generator.settings
        image._written = picture.width, picture.height
        return image

    @property
    def width(self) -> int | None:
        """In CSS pixels, if the markup or the file says so."""
        return self._size[0]

    @property
    def height(self) -> int | None:
        """In CSS pixels, if the markup or the file says so."""
        return self._size[1]

    @cached_property
    def _size(self) -> tuple[int, int] | tuple[None, None]:
        width, height = self._written
        if width and height:
            return width, height
        content = Path(self._settings["PATH"])
        file = local_file(self._src, content, self._article.relative_dir or "", self._settings["SITEURL"])
        return (measure(file) if file else None) or (None, None)

    @property
    def url(self) -> str:
        """The complete address, resolved by Pelican for the page that is being written."""
        site = str(self._context.get("localsiteurl", ""))
        if self._src.startswith(("{", "|")):
            html = f'<img src="{escape(self._src)}">'
            # An article out of Pelican's cache only knows the files of the build that cached it.
            article = copy(self._article)
            article._context = self._context
            resolved = article._update_content(html, site)
            return unescape(resolved[len('<img src="') : -len('">')])
        if self._own.startswith("/") and not self._own.startswith("//"):
            # Front matter is no page: its paths start at the site's address, wherever on a host that is.
            return site + self._own
        if _ABSOLUTE.match(self._src):
            return self._src
        # Written relative to the post's own page; lists stand elsewhere.
        return posixpath.join(site, posixpath.dirname(self._article.url), self._src)

    def __str__(self) -> str:
        return self._own or self.url

    def __reduce__(self) -> tuple[Any, ...]:
        # Pages that Pelican pickles hold articles, and a cache shall hold nothing of ours.
        return str, (str.__str__(self),)


def candidates(pictures: Sequence[Picture]) -> tuple[Picture, ...]:
    """Return those of ``pictures`` that may stand for a post: up to the first that surely can.

    Of one that is part of the page itself, which may fill megabytes, only the start of its address stays.
    """
    found: list[Picture] = []
    for picture in pictures[:_MOST_CANDIDATES]:
        if can_preview(picture.src):
            found.append(picture)
            if not depends_on_files(picture.src):
                break
        else:
            found.append(replace(picture, src=picture.src.partition(",")[0] + ","))
    return tuple(found)


def show_pictures(
    article: Article,
    reading: Reading,
    pictures: Sequence[Picture],
    settings: Settings,
    generator: ArticlesGenerator,
) -> None:
    """Set badges and image of ``article``, whose page shows ``pictures``."""
    kinds = reading.kinds | {"image"} if pictures else reading.kinds
    article.badges = [label for kind, label in settings.badges.items() if kind in kinds]
    own = author_line(article, "image")
    found = next((picture for picture in pictures if can_preview(picture.src)), None)
    if own.lower() == NONE:
        article.image = None
    elif own and can_preview(own):
        article.image = Image(article, Picture(own, "", None, None), generator, own)
    else:
        article.image = Image(article, found, generator) if found else None


def settle_pictures(generator: ArticlesGenerator, build: Build, written: Collection[str]) -> None:
    """Take badge and image back that follow from pictures which no page shows.

    An address relative to the post's source, written without ``{attach}``, leads from its page to a file only
    where Pelican writes one there, one of ``written``.
    """
    for article in all_articles(generator):
        reading = build.unsettled.get(key_of(article))
        if reading is None:
            continue
        with guard(article, "badges or image"):
            shown = [
                picture
                for picture in reading.pictures
                if not depends_on_files(picture.src) or output_path(picture.src, article.save_as) in written
            ]
            if len(shown) < len(reading.pictures):
                show_pictures(article, reading, shown, build.settings, generator)
    build.unsettled.clear()
