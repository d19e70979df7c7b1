"""What is read from a post, and what do articles get of it?"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from markupsafe import Markup
from pelican.contents import Article
from pelican.generators import ArticlesGenerator

from pelican_mlnotes.document.model import Document
from pelican_mlnotes.document.reader import parse_text
from pelican_mlnotes.excerpt import make_excerpt, make_summary
from pelican_mlnotes.formulas.titles import title_html, title_text
from pelican_mlnotes.plugin.build import EXCERPT, Build
from pelican_mlnotes.plugin.contents import author_line, author_topics, choice_of, key_of, published_articles
from pelican_mlnotes.plugin.formulas import as_summary, is_marking, read_summary
from pelican_mlnotes.plugin.guard import guard
from pelican_mlnotes.plugin.image import candidates
from pelican_mlnotes.plugin.links import read_links
from pelican_mlnotes.plugin.papers import read_papers
from pelican_mlnotes.plugin.post_cache import Reading, fingerprint_of
from pelican_mlnotes.settings import Settings
from pelican_mlnotes.topics.choose import suggest_topics
from pelican_mlnotes.topics.taxonomy import Taxonomy

# Silent reading of non-fiction: M. Brysbaert, "How many words do we read per minute?" (2019).
WORDS_PER_MINUTE = 238


def read_post(
    article: Article, document: Document, tokens: list[str], build: Build, *, topics: bool
) -> Reading:
    """Return what stays of ``document``, which ``article`` says; ``tokens`` are the words of its prose."""
    settings, excerpt, summary, suggested = build.settings, None, None, None
    if settings.excerpt_length:
        with guard(article, "excerpt"):
            excerpt = _excerpt(article, document, settings)
            if build.summary_words != EXCERPT and not author_line(article, "excerpt"):
                words = build.summary_words
                summary = make_summary(document, words, settings.excerpt_cut, settings.excerpt_ellipsis)
    if topics and build.taxonomy:
        with guard(article, "topics"):
            suggested = suggest_ids(article, document, tokens, settings, build.taxonomy)
    links: tuple[tuple[str, str], ...] = ()
    if settings.backlinks:
        with guard(article, "place among the posts that mention others"):
            links = read_links(document, build.site_url)
    papers: tuple[tuple[str, str], ...] = ()
    if settings.papers:
        with guard(article, "papers"):
            papers = read_papers(document)
    return Reading(
        kinds=document.kinds if document.drawing else document.kinds - {"image"},
        pictures=candidates(document.pictures),
        minutes=max(1, round(len(tokens) / WORDS_PER_MINUTE)),
        excerpt=excerpt,
        topics=suggested,
        summary=summary,
        links=links,
        papers=papers,
    )


def suggest_ids(
    article: Article, document: Document, tokens: list[str], settings: Settings, taxonomy: Taxonomy
) -> tuple[str, ...] | None:
    """Return the ids of the topics found; ``None`` if the author says which ones the post has."""
    if _names_topics(article):
        return None
    choice = choice_of(author_topics(article), taxonomy, settings.topics_max)
    suggestions = suggest_topics(
        title_text(article.title),
        document,
        taxonomy,
        max=choice.most,
        min_score=settings.topics_min_score,
        tokens=tokens,
        lang=article.lang,
        given=choice.given,
        barred=choice.barred,
    )
    return tuple([found.topic.id for found in suggestions])


def fingerprint_post(article: Article) -> str | None:
    """Return a digest of all that a reading follows from in its post: whatever ``_read`` looks at."""
    with suppress(Exception):  # where the post is read, a warning says what is wrong with it
        summary = author_line(article, "summary")
        if summary:
            # One out of Pelican's cache has the settings of the build that cached it.
            summary += f" {is_marking(article.settings)} {article.settings.get('FORMATTED_FIELDS')}"
        return fingerprint_of(
            (
                article._content or "",
                article.title,
                article.lang,
                str(article.source_path or ""),
                author_line(article, "excerpt"),
                summary,
                f"{article.metadata.get('topics') is not None} {author_line(article, 'topics')}",
            )
        )
    return None


def is_complete(article: Article, reading: Reading, build: Build) -> bool:
    """Return whether nothing failed that another build should try again, and warn of."""
    with suppress(Exception):  # a line of topics that cannot be read, which has been said
        return (reading.excerpt is not None or not build.settings.excerpt_length) and (
            reading.topics is not None or not build.taxonomy or _names_topics(article)
        )
    return False


def set_title(content: Any, *, marking: bool) -> None:
    """Give an article or a page its title as plain text and as HTML; with ``marking``, formulas marked."""
    content.title_text = title_text(content.title)
    content.title_html = Markup(title_html(content.title, mark=marking))  # noqa: S704


def set_excerpt(
    article: Article, excerpt: str, summary: str, settings: Settings, markers: Iterable[str | None]
) -> None:
    """Give ``article`` its excerpt, and ``summary`` where other themes look for one."""
    article.excerpt = excerpt
    if any(marker and marker in (article._content or "") for marker in markers):
        return
    # A line "_context:" of front matter takes away what Pelican needs to finish a summary.
    usable = isinstance(article._context, dict)
    if settings.excerpt_as_summary and summary and usable and not article.metadata.get("summary"):
        article._summary = as_summary(summary)
        # Pelican copies _summary there only while FORMATTED_FIELDS lists "summary".
        article.metadata["summary"] = article._summary


def link_neighbours(generator: ArticlesGenerator) -> None:
    """Set ``prev_article`` (older) and ``next_article`` (newer) within a language, unless a plugin has."""
    newest: dict[str, Article] = {}
    for article in sorted(published_articles(generator), key=lambda post: (post.date, key_of(post))):
        older = newest.get(article.lang)
        if older is not None:
            if not hasattr(article, "prev_article"):
                article.prev_article = older
            if not hasattr(older, "next_article"):
                older.next_article = article
        newest[article.lang] = article


def _names_topics(article: Article) -> bool:
    """Return whether the author says exactly which topics the post has."""
    line = author_topics(article)
    return line is not None and line.exactly is not None


def _excerpt(article: Article, document: Document, settings: Settings) -> str:
    if own := author_line(article, "excerpt"):
        document = parse_text(own)
    elif own := author_line(article, "summary"):
        document = read_summary(article, own, marking=is_marking(article.settings))
    return make_excerpt(document, settings.excerpt_length, settings.excerpt_cut, settings.excerpt_ellipsis)
