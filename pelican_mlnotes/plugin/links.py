"""Which links of a post are read, and what do articles get of them?

Part of the edge. A link is kept as it was written, since where it leads is known
only when all posts are read.
"""

from collections.abc import Callable, Mapping
from functools import partial

from pelican.contents import Article
from pelican.generators import ArticlesGenerator

from pelican_mlnotes.document.model import Document
from pelican_mlnotes.links.addresses import Addresses, Post, may_be_own
from pelican_mlnotes.links.backlinks import Source, find_mentions, first_of_each
from pelican_mlnotes.links.papers import paper_at
from pelican_mlnotes.links.sentences import sentence_of
from pelican_mlnotes.plugin.contents import all_articles, key_of, written_articles
from pelican_mlnotes.settings import Settings

Links = tuple[tuple[str, str], ...]


def links_wanted(settings: Settings, site_url: str) -> Callable[[str], bool] | None:
    """Return what tells of an address whether its links are read; ``None`` if none are."""
    if settings.papers and settings.backlinks:
        return lambda address: may_be_own(address, site_url) or paper_at(address) is not None
    if settings.papers:
        return lambda address: paper_at(address) is not None
    return partial(may_be_own, site_url=site_url) if settings.backlinks else None


def read_links(document: Document, site_url: str) -> Links:
    """Return the addresses in ``document`` that may be the site's own, each with the sentence around it."""
    return first_of_each(
        (link.address, sentence_of(link)) for link in document.links if may_be_own(link.address, site_url)
    )


def link_mentions(generator: ArticlesGenerator, links: Mapping[str, Links]) -> None:
    """Set ``backlinks`` of every article: the published ones that mention it, each with a sentence."""
    published = written_articles(generator)
    addresses = Addresses(map(_post, published.values()), generator.settings["SITEURL"])
    sources = []
    for key, article in published.items():
        found = [
            (named, sentence)
            for address, sentence in links.get(key, ())
            if (named := addresses.find(address, article.relative_source_path or "", article.url))
        ]
        group = min([key, *map(key_of, article.translations)])
        sources.append(Source(key, group, article.lang, article.date, tuple(found)))
    mentions = find_mentions(sources)
    for article in all_articles(generator):
        article.backlinks = tuple(
            [(published[one.key], one.sentence) for one in mentions.get(key_of(article), ())]
        )


def _post(article: Article) -> Post:
    source = (article.relative_source_path or "") if article.source_path else ""
    return Post(key_of(article), source, article.url, article.save_as.replace("\\", "/"))
