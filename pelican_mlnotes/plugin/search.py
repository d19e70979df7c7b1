"""When is the index for searching made, and which page shows it?

Part of the edge. The index is made when everything is read and before anything is written, because every page
of the theme has a link to the search page, or where there is no index, none has.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pelican.generators import ArticlesGenerator, Generator, PagesGenerator

from pelican_mlnotes.formulas.titles import title_text
from pelican_mlnotes.plugin.collisions import clash_of, copied_paths, taken_paths
from pelican_mlnotes.plugin.contents import is_written, published_articles
from pelican_mlnotes.plugin.enabled import is_enabled
from pelican_mlnotes.plugin.formulas import is_marking, read_body
from pelican_mlnotes.plugin.guard import guard
from pelican_mlnotes.plugin.pages import write_page
from pelican_mlnotes.search.index import FOLDER, SearchError, make_index, replace_folder
from pelican_mlnotes.search.records import Record, make_sections
from pelican_mlnotes.settings import load_settings

logger = logging.getLogger(__name__)


class SearchGenerator(Generator):  # type: ignore[misc]
    """Writes the index and the search page."""

    _made: TemporaryDirectory[str] | None = None
    _save_as = ""

    def prepare(self, generators: Sequence[Any], save_as: str) -> None:
        """Make the index of what ``generators`` publish; one warning if there is none, and no link to it.

        Formulas must be marked or shown, headings have their ids, and tags be those that are written.
        """
        taken = taken_paths(generators)
        if save_as and (clash_of(save_as, taken) or clash_of(save_as, copied_paths(generators) | {FOLDER})):
            logger.warning(
                "pelican_mlnotes: there is no search: its page %r would overwrite another file; "
                "change MLNOTES_SEARCH_SAVE_AS, or set it to '' for a page of your own",
                save_as,
            )
            return
        clash = clash_of(FOLDER, taken)
        if clash:
            logger.warning(
                "pelican_mlnotes: there is no search: its folder %r already holds %r; give that another path",
                FOLDER,
                clash,
            )
            return
        records = list(_records(generators))
        if not records:
            return
        made = TemporaryDirectory(prefix="mlnotes-search-")
        try:
            make_index(records, Path(made.name))
        except SearchError as error:
            made.cleanup()
            logger.warning("pelican_mlnotes: there is no search: %s", error)
            return
        self._made, self._save_as = made, save_as
        if save_as:
            self.context["mlnotes_search"] = save_as

    def generate_output(self, writer: Any) -> None:
        """Write what ``prepare`` has made."""
        if self._made is None:
            return
        with self._made as made:
            replace_folder(Path(made), Path(self.output_path, FOLDER))
        self._made = None
        if self._save_as:
            write_page(self, writer, "search", self._save_as)


def offer_search(pelican: Any) -> type[SearchGenerator] | None:
    """Give Pelican the generator of a site that wants to be searched."""
    if is_enabled(pelican.settings) and load_settings(pelican.settings).search:
        return SearchGenerator
    return None


def make_indexes(generators: Sequence[Any], save_as: str) -> None:
    """Let the generator of the build, if there is one, make its index."""
    for generator in generators:
        if isinstance(generator, SearchGenerator):
            with guard("every page", "link to a search"):
                generator.prepare(generators, save_as)


def _records(generators: Sequence[Any]) -> Iterator[Record]:
    for generator in generators:
        if isinstance(generator, ArticlesGenerator):
            contents = published_articles(generator)
        elif isinstance(generator, PagesGenerator):
            contents = [*generator.pages, *generator.translations]
        else:
            continue
        for content in contents:
            with guard(content, "place in the search"):
                if is_written(content):
                    yield _record(content, generator.settings)


def _record(content: Any, settings: Mapping[str, Any]) -> Record:
    parse = partial(read_body, content, rules=None, marking=is_marking(settings))
    dated = isinstance(getattr(content, "locale_date", None), str)
    return Record(
        url=content.url,
        title=title_text(content.title) or content.slug,
        lang=content.lang or settings["DEFAULT_LANG"],
        sections=make_sections(content._content or "", parse),
        date=content.locale_date if dated else "",
        iso_date=content.date.isoformat() if dated else "",
        topics=tuple(dict.fromkeys(tag.name for tag in getattr(content, "tags", None) or ())),
    )
