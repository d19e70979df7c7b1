"""What does a site hold? Reads it through Pelican, with every plugin that it has; writes nothing."""

import logging
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pelican import Pelican, signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator
from pelican.settings import get_settings_from_file, read_settings

from pelican_mlnotes import register
from pelican_mlnotes.document.model import Document
from pelican_mlnotes.document.pictures import PictureRulesError
from pelican_mlnotes.plugin.build import Build
from pelican_mlnotes.plugin.contents import all_articles, key_of
from pelican_mlnotes.plugin.formulas import is_marking, read_body
from pelican_mlnotes.plugin.search import SearchGenerator
from pelican_mlnotes.settings import SettingsError
from pelican_mlnotes.topics.taxonomy import TaxonomyError

NAMES = ("pelican_mlnotes", "pelican.plugins.mlnotes")


class SiteError(ValueError):
    """The site cannot be read: says why, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning or an error that a build of the site would log."""

    logger: str
    level: int
    path: str
    """Source of the post that it is about, if any."""
    message: str


@dataclass(frozen=True, slots=True)
class Site:
    """What Pelican knows after reading and before writing."""

    generators: tuple[Any, ...]
    articles: ArticlesGenerator
    build: Build
    bodies: dict[str, str]
    """Key of a post -> its HTML, as the plugin read it."""
    summed: frozenset[str]
    """Keys of the posts whose author wrote a line ``Summary:``."""
    warned: tuple[Warned, ...]
    unreadable: tuple[str, ...]
    """Sources that Pelican gave up on."""

    @property
    def content(self) -> Path:
        return Path(self.articles.settings["PATH"])

    def posts(self) -> list[Article]:
        """Return every post that the plugin could read, by source path."""
        posts = [post for post in all_articles(self.articles) if key_of(post) in self.bodies]
        return sorted(posts, key=key_of)

    def document(self, post: Article) -> Document:
        """Return what ``post`` says and shows."""
        marking = is_marking(self.articles.settings)
        return read_body(post, self.bodies[key_of(post)], self.build.picture_rules, marking=marking)


def read_site(conf: Path | None, paths: Sequence[Path] = ()) -> Site:
    """Return the site of the settings file ``conf``; without one, a site made of ``paths`` alone.

    Raises ``SettingsError``, ``TaxonomyError`` or ``PictureRulesError`` as a build does, and
    ``SiteError`` for anything else.
    """
    override: dict[str, Any] = {"DELETE_OUTPUT_DIRECTORY": False, "CACHE_CONTENT": False}
    override |= {"LOAD_CONTENT_CACHE": False, "OUTPUT_SOURCES": False}
    if conf is None:
        override |= {"PATH": str(_common_folder(paths)), "PLUGINS": [], "TIMEZONE": "UTC"}
    elif not conf.is_file():
        raise SiteError(f"there is no settings file {conf}; name yours with --settings")
    root, records = logging.getLogger(), _Records()
    handlers, root.handlers = root.handlers, [records]
    # Python would write the settings, and plugins of the site, as bytecode beside them.
    writes_none, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        if conf and "PATH" not in get_settings_from_file(str(conf)):
            # The pelican command gets the folder as an argument, most often this one.
            folder = conf.resolve().parent / "content"
            override |= {"PATH": str(folder)} if folder.is_dir() else {}
        return _read(read_settings(str(conf) if conf else None, override=override), records)
    except (SettingsError, TaxonomyError, PictureRulesError):
        raise
    except Exception as error:
        raise SiteError(f"Pelican cannot read the site: {type(error).__name__}: {error}") from error
    finally:
        root.handlers = handlers
        sys.dont_write_bytecode = writes_none


def chosen_posts(site: Site, paths: Iterable[Path]) -> list[Article]:
    """Return the posts that ``paths``, files and folders, name; all if there are none.

    Raises ``SiteError`` for a path that holds no post of the site.
    """
    posts = site.posts()
    kept: dict[str, Article] = {}
    everything = True
    for path in paths:
        everything = False
        asked = path.resolve()
        found = [post for post in posts if _is_below(Path(post.source_path or "."), asked)]
        if not found:
            why = "there is no such file" if not path.exists() else f"it holds no post of {site.content}"
            raise SiteError(f"{path}: {why}")
        kept |= {key_of(post): post for post in found}
    return posts if everything else [kept[key] for key in sorted(kept)]


def shown_path(path: str | Path) -> str:
    """Return ``path`` relative to the working folder if it lies there."""
    try:
        return Path(path).resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return str(path)


def _is_below(source: Path, asked: Path) -> bool:
    source = source.resolve()
    return source == asked or asked in source.parents


def _common_folder(paths: Sequence[Path]) -> Path:
    folders = [path.resolve() if path.is_dir() else path.resolve().parent for path in paths]
    if not folders:
        raise SiteError("there is no pelicanconf.py here; name one with --settings, or name posts")
    try:
        return Path(os.path.commonpath(folders))
    except ValueError as error:
        raise SiteError("the posts lie on different drives; name a settings file with --settings") from error


class _Stop(Exception):  # noqa: N818  # an end, not an error
    """Everything is read."""


class _Reader(Pelican):  # type: ignore[misc]
    """A Pelican that stops where it would begin to write."""

    def init_plugins(self) -> None:
        super().init_plugins()
        if not any(name in self.settings["PLUGINS"] for name in NAMES):
            register()
            self.settings["PLUGINS"].append(NAMES[0])

    def _get_generator_classes(self) -> list[type]:
        return [one for one in super()._get_generator_classes() if one is not SearchGenerator]

    def _get_writer(self) -> Any:
        raise _Stop


class _Records(logging.Handler):
    """Keeps what would be printed."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warned: list[Warned] = []

    def emit(self, record: logging.LogRecord) -> None:
        arguments = record.args if isinstance(record.args, tuple) else ()
        posts = [str(one.source_path) for one in arguments if isinstance(one, Article) and one.source_path]
        message = record.getMessage()
        for post in posts[:1]:  # its path is told beside the message
            message = message.removeprefix(f"pelican_mlnotes: {post}: ")
        if record.exc_info and record.exc_info[1]:
            message += f": {record.exc_info[1]}"
        self.warned.append(
            Warned(record.name, record.levelno, shown_path(posts[0]) if posts else "", message.strip())
        )


def _read(settings: dict[str, Any], records: _Records) -> Site:
    generators: list[Any] = []
    bodies: dict[str, str] = {}
    summed: set[str] = set()
    builds: dict[int, Build] = {}

    def keep_generators(given: Sequence[Any]) -> None:
        generators.extend(given)

    def keep_bodies(generator: ArticlesGenerator) -> None:
        # Connected before the plugin connects, hence called before it lets go of what it read.
        builds[id(generator)] = replace(generator.mlnotes)
        read = generator.mlnotes.readings
        bodies.update(
            (key_of(one), one._content or "") for one in all_articles(generator) if key_of(one) in read
        )
        summed.update(key_of(one) for one in all_articles(generator) if one.metadata.get("summary"))

    with (
        signals.article_generator_finalized.connected_to(keep_bodies),
        signals.all_generators_finalized.connected_to(keep_generators),
        suppress(_Stop),
    ):
        _Reader(settings).run()
    articles = next(one for one in generators if isinstance(one, ArticlesGenerator))
    failed = [path for path, read in articles.context["generated_content"].items() if read is None]
    return Site(
        tuple(generators),
        articles,
        builds[id(articles)],
        bodies,
        frozenset(summed),
        tuple(dict.fromkeys(records.warned)),
        tuple(shown_path(Path(articles.path, path)) for path in sorted(failed)),
    )
