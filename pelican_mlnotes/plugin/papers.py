"""Which papers does an article treat, and when is the page of all of them written?

Part of the edge. The page is prepared when everything is read and before anything is written, as every page
of the theme links to it where there is one.
"""

import logging
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pelican.contents import Article
from pelican.generators import ArticlesGenerator, Generator

from pelican_mlnotes.document.model import Document
from pelican_mlnotes.links.bibtex import write_bibtex
from pelican_mlnotes.links.papers import Paper
from pelican_mlnotes.links.shelf import Note, Texts, Treated, common_titles, first_texts, papers_of, shelve
from pelican_mlnotes.links.titles import clean_title
from pelican_mlnotes.plugin.collisions import clash_of, copied_paths, one_path, taken_paths
from pelican_mlnotes.plugin.contents import all_articles, key_of, written_articles
from pelican_mlnotes.plugin.enabled import is_enabled
from pelican_mlnotes.plugin.guard import guard
from pelican_mlnotes.plugin.pages import write_page
from pelican_mlnotes.settings import load_settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PaperPage:
    """What templates know of the page of all papers, as ``mlnotes_papers``."""

    save_as: str
    """Path below the output folder, and address below that of the site."""
    bibtex: str
    """The same of its list in BibTeX."""
    rows: tuple[tuple[Treated, tuple[Article, ...]], ...]
    """Papers in order, and the posts that treat each, newest first."""
    counts: Mapping[str, int]
    """Keys of papers -> number of posts that treat them."""


class PapersGenerator(Generator):  # type: ignore[misc]
    """Writes the page of all papers, and their list in BibTeX."""

    _page: PaperPage | None = None

    def prepare(self, generators: Sequence[Any], rows: Sequence[tuple[Treated, tuple[Article, ...]]]) -> None:
        """Let pages link to the one of ``rows``; one warning if it would overwrite another file."""
        save_as = load_settings(self.settings).papers_save_as
        if not save_as or not rows:
            return
        bibtex = posixpath.splitext(save_as)[0] + ".bib"
        taken = taken_paths(generators) | copied_paths(generators)
        if clash := clash_of(save_as, taken) or clash_of(bibtex, taken | {one_path(save_as)}):
            logger.warning(
                "pelican_mlnotes: there is no page of papers: %r and %r cannot be written beside %r; "
                "change MLNOTES_PAPERS_SAVE_AS, or set it to '' for none",
                save_as,
                bibtex,
                clash,
            )
            return
        counts = {treated.paper.key: len(articles) for treated, articles in rows}
        self._page = PaperPage(save_as, bibtex, tuple(rows), counts)
        self.context["mlnotes_papers"] = self._page

    @property
    def mlnotes_paths(self) -> tuple[str, ...]:
        """The output paths that nothing else may have, as ``one_path`` writes them."""
        return (one_path(self._page.save_as), one_path(self._page.bibtex)) if self._page else ()

    def generate_output(self, writer: Any) -> None:
        """Write what ``prepare`` was given."""
        if self._page is None:
            return
        page = self._page
        write_page(self, writer, "papers", page.save_as)
        file = Path(self.output_path, page.bibtex)
        file.parent.mkdir(parents=True, exist_ok=True)
        text = write_bibtex(treated.paper for treated, _ in page.rows)
        file.write_text(text, encoding="utf-8", newline="\n")


def offer_papers(pelican: Any) -> type[PapersGenerator] | None:
    """Give Pelican the generator of a site that lists its papers."""
    if is_enabled(pelican.settings) and load_settings(pelican.settings).papers:
        return PapersGenerator
    return None


def read_papers(document: Document) -> Texts:
    """Return the papers that ``document`` links to, and what its links call each."""
    return first_texts((link.address, clean_title(link.text)) for link in document.links)


def set_papers(generator: ArticlesGenerator, texts: Mapping[str, Texts]) -> None:
    """Set ``papers`` of every article; titles come from its own text, then from those of published ones."""
    published = written_articles(generator).items()
    common = common_titles((article.lang, texts.get(key, ())) for key, article in published)
    for article in all_articles(generator):
        article.papers = papers_of(texts.get(key_of(article), ()), common, article.lang)


def shared_paper(article: Article, other: Article) -> str:
    """Return the label of the first paper of ``article`` that ``other`` treats, too; empty if none.

    A paper that no link calls by a name is none: with its label alone, nobody knows what it is.
    """
    kept = {paper.key for paper in treated_papers(other)}
    shared = (paper for paper in treated_papers(article) if paper.key in kept and paper.title != paper.id)
    return next((paper.label for paper in shared if paper.label.endswith(paper.id)), "")


def treated_papers(article: Article) -> tuple[Paper, ...]:
    """Return what ``set_papers`` set, and nothing that front matter says under that name."""
    papers = getattr(article, "papers", ())
    return papers if isinstance(papers, tuple) else ()


def make_paper_page(
    generators: Sequence[Any], generator: ArticlesGenerator, texts: Mapping[str, Texts]
) -> None:
    """Let the generator of the build, if there is one, prepare its page."""
    for other in generators:
        if isinstance(other, PapersGenerator):
            with guard("every post", "page of papers"):
                published = written_articles(generator)
                rows = [
                    (treated, tuple([published[key] for key in treated.notes]))
                    for treated in shelve(
                        list(_notes(published, texts)), generator.settings["DEFAULT_LANG"].lower()
                    )
                ]
                other.prepare(generators, rows)


def _notes(published: Mapping[str, Article], texts: Mapping[str, Texts]) -> Iterator[Note]:
    for key, article in published.items():
        if texts.get(key):
            topics = getattr(article, "topics", ())
            yield Note(
                key,
                min([key, *map(key_of, article.translations)]),
                article.lang,
                article.date,
                topics[0].name if topics else "",
                texts[key],
            )
