"""Which articles and pages did Pelican read, and what did their authors write in front matter?"""

import os
from dataclasses import dataclass
from typing import Any, NamedTuple

from pelican.contents import Article
from pelican.generators import ArticlesGenerator

from pelican_mlnotes.topics.taxonomy import Taxonomy

PAGE_LISTS = (
    "pages",
    "translations",
    "hidden_pages",
    "hidden_translations",
    "draft_pages",
    "draft_translations",
)
NONE = "none"
"""What an author writes under a key to have nothing."""
_SIGNS = "+-\u2212"


def key_of(article: Article) -> str:
    """Return what names ``article`` in this build, and orders it alike on every system.

    One that a plugin made up has no source file.
    """
    return str(article.source_path or article.save_as).replace(os.sep, "/")


def all_articles(generator: ArticlesGenerator) -> list[Article]:
    """Return every article that the generator read, published first."""
    return [*published_articles(generator), *unlisted_articles(generator)]


def published_articles(generator: ArticlesGenerator) -> list[Article]:
    """Return what readers can find from a list: articles and their translations."""
    return [*generator.articles, *generator.translations]


def is_written(content: Any) -> bool:
    """Is there a public page of ``content``?

    Lists that another plugin has changed may hold more than what is published and written.
    """
    return bool(content.status == "published" and content.save_as)


def written_articles(generator: ArticlesGenerator) -> dict[str, Article]:
    """Return by their keys the articles and translations of which there are public pages."""
    return {key_of(article): article for article in published_articles(generator) if is_written(article)}


def unlisted_articles(generator: ArticlesGenerator) -> list[Article]:
    """Return drafts and hidden articles, with their translations."""
    return [
        *generator.drafts,
        *generator.drafts_translations,
        *generator.hidden_articles,
        *generator.hidden_translations,
    ]


def all_pages(generator: Any) -> list[Any]:
    """Return every page that a pages generator read; nothing for other generators."""
    return [page for name in PAGE_LISTS for page in getattr(generator, name, ())]


def all_contents(generator: Any) -> list[Any]:
    """Return every article or page that a generator read; nothing for other generators."""
    return all_articles(generator) if isinstance(generator, ArticlesGenerator) else all_pages(generator)


def author_names(article: Article, key: str) -> list[str] | None:
    """Return the names that the author listed under ``key``; ``None`` if there is no such line."""
    value = article.metadata.get(key)
    if value is None:
        return None
    parts = value.split(",") if isinstance(value, str) else [str(part) for part in value]
    names = [part.strip() for part in parts if part.strip()]
    return [] if [name.lower() for name in names] == [NONE] else names


@dataclass(frozen=True, slots=True)
class TopicLine:
    """What an author wrote under ``Topics:``."""

    exactly: tuple[str, ...] | None
    """The names of all topics of the post; ``None`` if the line only adds and bars some."""
    added: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    is_mixed: bool = False
    """Has signs before some of its names, but not all: they mean nothing then."""


def author_topics(article: Article) -> TopicLine | None:
    """Return what the author wrote under ``Topics:``; ``None`` if there is no such line.

    "+x, -y" adds one topic and bars another, while the rest stays automatic. A sign without a name
    is nothing, and a line of such signs is none.
    """
    names = author_names(article, "topics")
    if names is None:
        return None
    meant = [name for name in names if any(char not in _SIGNS and not char.isspace() for char in name)]
    if names and not meant:
        return None
    names = [] if [name.lower() for name in meant] == [NONE] else meant
    signed = [(name[0], name[1:].strip()) for name in names if name[0] in _SIGNS]
    if not signed:
        return TopicLine(tuple(names))
    if len(signed) < len(names):
        return TopicLine(tuple([name.lstrip(_SIGNS).strip() for name in names]), is_mixed=True)
    return TopicLine(
        None,
        tuple([name for sign, name in signed if sign == "+"]),
        tuple([name for sign, name in signed if sign != "+"]),
    )


class Choice(NamedTuple):
    """What a line ``Topics:`` leaves to the text of its post."""

    most: int
    """The largest number of topics, without those that the author added and the taxonomy does not know."""
    given: frozenset[str]
    """Ids of topics that the author added."""
    barred: frozenset[str]
    """Ids of topics that the post must not have."""


def choice_of(line: TopicLine | None, taxonomy: Taxonomy, most: int) -> Choice:
    """Return what ``line`` leaves of ``most`` topics to the text of its post."""
    if line is None:
        return Choice(most, frozenset(), frozenset())
    given, barred = (
        frozenset(topic.id for name in names if (topic := taxonomy.find(name)))
        for names in (line.added, line.barred)
    )
    return Choice(max(0, most - (len(line.added) - len(given))), given, barred)


def author_line(article: Article, key: str) -> str:
    """Return what the author wrote under ``key``, on one line; Markdown makes a list of a wrapped one."""
    value = article.metadata.get(key) or ""
    return (" ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)).strip()
