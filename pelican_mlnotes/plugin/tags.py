"""Which Pelican tags does a post get, and does every page of theirs have a path of its own?

Part of the edge: the only module beside ``plugin`` that knows Pelican's tags and output paths.
"""

import os
import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pelican.contents import Article
from pelican.generators import ArticlesGenerator
from pelican.paginator import Paginator
from pelican.urlwrappers import Tag

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.topics.taxonomy import Taxonomy, Topic

PAGE_LISTS = (
    "pages",
    "translations",
    "hidden_pages",
    "hidden_translations",
    "draft_pages",
    "draft_translations",
)

NONE = "none"
_CONTROL = pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class TagList(list[Tag]):
    """An article's tags, topics included, that pickles as the author's tags alone.

    Pelican pickles its articles when ``CONTENT_CACHING_LAYER`` is ``"generator"``; what we added must
    not come back from that cache, least of all after the plugin has been taken out.
    """

    def __init__(self, article: Article, tags: Iterable[Tag]) -> None:
        self.author = article.metadata.get("tags")
        super().__init__(tags)

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (self.author or (),)


def author_tags(article: Article, settings: Mapping[str, Any]) -> list[Tag]:
    """Return the tags that the author wrote, each slug once, first spelling kept."""
    written = article.metadata.get("tags") or ()
    names = written.split(",") if isinstance(written, str) else written
    tags = [name if isinstance(name, Tag) else Tag(str(name), settings) for name in names]
    return list(dict.fromkeys(tag for tag in tags if tag.name))


def author_names(article: Article, key: str) -> list[str] | None:
    """Return the names that the author listed under ``key``; ``None`` if there is no such line."""
    value = article.metadata.get(key)
    if value is None:
        return None
    parts = value.split(",") if isinstance(value, str) else [str(part) for part in value]
    names = [part.strip() for part in parts if part.strip()]
    return [] if [name.lower() for name in names] == [NONE] else names


def fits_tag_feeds(article: Article, settings: Mapping[str, Any]) -> bool:
    """Return whether a new tag could not stop the build at a feed: XML 1.0 has no control characters."""
    if not (settings.get("TAG_FEED_ATOM") or settings.get("TAG_FEED_RSS")):
        return True
    texts = (article.title, article._content, article.metadata.get("summary"), getattr(article, "author", ""))
    return not any(_CONTROL.search(str(text)) for text in texts if text)


class TopicTags:
    """Which tag stands for a topic on this site, and which topic a tag of the author's stands for.

    Where authors have a tag of their own for a topic it is used on every post: of several spellings the
    most used, then the first in alphabetical order.
    """

    def __init__(self, articles: Iterable[Article], taxonomy: Taxonomy, settings: Any) -> None:
        self._taxonomy = taxonomy
        self._settings = settings
        self._topics: dict[str, Topic | None] = {}
        uses = Counter(tag.name for article in articles for tag in author_tags(article, settings))
        self._tags: dict[str, Tag] = {}
        for name in sorted(uses, key=lambda name: (-uses[name], name)):
            topic = self.topic(name)
            if topic is not None and topic.id not in self._tags:
                self._tags[topic.id] = Tag(name, settings)

    def topic(self, name: str) -> Topic | None:
        """Return the topic that a tag called ``name`` stands for."""
        if name not in self._topics:
            self._topics[name] = self._taxonomy.find(name)
        return self._topics[name]

    def tag(self, topic: Topic) -> Tag:
        """Return the tag for ``topic``: one object each, because making its slug takes time."""
        if topic.id not in self._tags:
            self._tags[topic.id] = Tag(topic.label, self._settings)
        return self._tags[topic.id]


def drop_colliding_tags(
    articles: ArticlesGenerator, generators: Sequence[Any], added: Mapping[str, Sequence[Tag]]
) -> Iterator[str]:
    """Take back automatic tags whose pages or feeds would overwrite another file.

    ``added`` maps keys of articles to the tags that we added. Yields one message for each tag taken back.
    Pelican stops a build when two pages share a path, and a tag of ours must never be the cause.
    """
    if not any(added.values()):
        return
    ours: dict[Tag, set[str]] = defaultdict(set)
    for path, tags in added.items():
        for tag in tags:
            ours[tag].add(path)
    written: dict[str, list[Article]] = {}
    taken = set(map(one_path, _other_paths(generators)))
    for tag, posts in articles.tags.items():
        own = [post for post in posts if key_of(post) not in ours.get(tag, ())]
        if own:
            written[tag.slug] = own
            taken.update(_tag_paths(tag, own, articles.settings))
    refused = set()
    for tag in sorted(ours, key=lambda tag: str(tag.slug)):
        posts = articles.tags.get(tag)
        if not posts:
            continue
        own = written.get(tag.slug, [])
        paths = set(_tag_paths(tag, posts, articles.settings))
        paths -= set(_tag_paths(tag, own, articles.settings)) if own else set()
        clash = sorted(paths & taken)
        if clash:
            refused.add(tag)
            yield (
                f"the topic {tag.name!r} got no tag: its page or feed {clash[0]!r} would overwrite another "
                "file; rename the topic in your taxonomy, or change TAG_SAVE_AS or TAG_FEED_ATOM"
            )
            if own:
                articles.tags[tag] = own
            else:
                del articles.tags[tag]
        else:
            taken |= paths
    if refused:
        for article in all_articles(articles):
            dropped = refused.intersection(added.get(key_of(article), ()))
            if dropped:
                article.tags = [tag for tag in article.tags if tag not in dropped]
                article.topics = [tag for tag in article.topics if tag not in dropped]
        articles._update_context(("tags",))


def key_of(article: Article) -> str:
    """Return what names ``article`` in this build, and orders it alike on every system.

    One that a plugin made up has no source file.
    """
    return str(article.source_path or article.save_as).replace(os.sep, "/")


def one_path(path: str | os.PathLike[str]) -> str:
    """Return the same for all output paths that are one file on some system."""
    return posixpath.normpath(os.fspath(path).replace("\\", "/")).casefold()


def all_articles(generator: ArticlesGenerator) -> list[Article]:
    """Return every article that the generator read, published first."""
    return [*published_articles(generator), *unlisted_articles(generator)]


def all_pages(generator: Any) -> list[Any]:
    """Return every page that a pages generator read; nothing for other generators."""
    return [page for name in PAGE_LISTS for page in getattr(generator, name, ())]


def published_articles(generator: ArticlesGenerator) -> list[Article]:
    """Return what readers can find from a list: articles and their translations."""
    return [*generator.articles, *generator.translations]


def unlisted_articles(generator: ArticlesGenerator) -> list[Article]:
    """Return drafts and hidden articles, with their translations."""
    return [
        *generator.drafts,
        *generator.drafts_translations,
        *generator.hidden_articles,
        *generator.hidden_translations,
    ]


def _pages(
    name: str, save_as: str, url: str, posts: Sequence[Article], settings: Mapping[str, Any]
) -> list[str]:
    """Return the paths of a list page and of the pages that continue it."""
    if not save_as:
        return []
    if name not in settings["PAGINATED_TEMPLATES"]:
        return [save_as]
    per_page = settings["PAGINATED_TEMPLATES"][name] or settings["DEFAULT_PAGINATION"]
    paginator = Paginator(save_as, url, posts, settings, per_page)
    return [paginator.page(number + 1).save_as for number in range(paginator.num_pages)]


def _feeds(kind: str, settings: Mapping[str, Any], slug: str = "") -> list[str]:
    names = (f"{kind}_ATOM", f"{kind}_RSS")
    return [str(settings[name]).format(slug=slug, lang=slug) for name in names if settings.get(name)]


def _tag_paths(tag: Tag, posts: Sequence[Article], settings: Mapping[str, Any]) -> list[str]:
    paths = _pages("tag", tag.save_as, tag.url, posts, settings) + _feeds("TAG_FEED", settings, tag.slug)
    return [one_path(path) for path in paths]


def _other_paths(generators: Sequence[Any]) -> Iterator[str]:
    """Yield every output path of the build that no tag has."""
    for generator in generators:
        settings = generator.settings
        if isinstance(generator, ArticlesGenerator):
            for article in all_articles(generator):
                yield article.save_as
            for kind, groups in (("category", generator.categories), ("author", generator.authors)):
                for wrapper, posts in groups:
                    yield from _pages(kind, wrapper.save_as, wrapper.url, posts, settings)
                    yield from _feeds(f"{kind.upper()}_FEED", settings, wrapper.slug)
            for kind in ("FEED", "FEED_ALL"):
                yield from _feeds(kind, settings)
            for lang in sorted({article.lang for article in published_articles(generator)}):
                yield from _feeds("TRANSLATION_FEED", settings, lang)
            for name in settings["DIRECT_TEMPLATES"]:
                save_as = settings.get(f"{name.upper()}_SAVE_AS", f"{name}.html")
                url = settings.get(f"{name.upper()}_URL", f"{name}.html")
                yield from _pages(name, save_as, url, generator.articles, settings)
            for periods in generator.period_archives.values():
                for period in periods:
                    yield from _pages(
                        "period_archives", period["save_as"], period["url"], period["articles"], settings
                    )
            yield from settings["TEMPLATE_PAGES"].values()
        else:
            # Static files do not count: Pelican lets a page replace a copied file, and asking one for its
            # path would pin it, so that a later {attach} could no longer move it.
            for name in PAGE_LISTS:
                for page in getattr(generator, name, ()):
                    yield page.save_as
