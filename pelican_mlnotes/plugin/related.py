"""When are related posts looked for, and what do articles get?

Part of the edge. What is close to what is found out when the first list is asked for, so that a site whose
theme shows no related posts does not pay for them. Where a template names them, posts are indexed while they
are read, or as an earlier build recalled them; if only a plugin asks, after all, they are read once more.
"""

import logging
from collections import UserList
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from functools import cached_property, partial
from html import unescape
from typing import Any

from jinja2 import Environment, TemplateError
from pelican.contents import Article
from pelican.generators import ArticlesGenerator

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.model import Document, Post
from pelican_mlnotes.formulas.titles import title_text
from pelican_mlnotes.links.addresses import Sources
from pelican_mlnotes.plugin.contents import all_articles, author_names, key_of, published_articles
from pelican_mlnotes.plugin.guard import guard
from pelican_mlnotes.plugin.macros import MACROS
from pelican_mlnotes.plugin.papers import shared_paper
from pelican_mlnotes.plugin.tags import author_tags
from pelican_mlnotes.related.index import RelatedIndex
from pelican_mlnotes.related.reasons import Relation, tell_reasons, with_paper
from pelican_mlnotes.related.texts import Texts
from pelican_mlnotes.settings import Settings
from pelican_mlnotes.topics.taxonomy import Taxonomy

logger = logging.getLogger(__name__)

ATTRIBUTE = "related_posts"
_MARKUP = pattern(r"<math\b[^<]*+(?:<(?!/?math\b)[^<]*+)*+</math>|<[^<>]*>")
_NOTHING = Document("")


class RelatedPosts(UserList[Article]):
    """A list that is filled when it is first looked at.

    Comparing all posts takes 2.5 million instructions a post of 800 words, a fifteenth of Pelican's own work.
    A build is spared them where a template names the list but no page shows it.
    """

    def __init__(self, posts: Iterable[Article] | Callable[[], Iterable[Article]] = ()) -> None:
        """Make a list of ``posts``, or of what ``posts`` returns when it is called."""
        # Not that of UserList, which fills the list.
        self._posts = posts

    @cached_property
    def data(self) -> list[Article]:  # type: ignore[override]  # UserList keeps its posts here
        """The posts."""
        posts, self._posts = self._posts, ()
        return list(posts() if callable(posts) else posts)

    def __iter__(self) -> Iterator[Article]:
        # That of UserList asks for one post after the other.
        return iter(self.data)

    def __copy__(self) -> "RelatedPosts":
        return RelatedPosts(self.data)

    def __deepcopy__(self, memo: dict[int, Any]) -> list[Article]:
        return deepcopy(self.data, memo)

    def __reduce__(self) -> tuple[Any, ...]:
        # Pages that Pelican pickles hold articles. From one to the next by their lists, pickle would go
        # deeper than Python allows; and a cache shall hold nothing of ours.
        return list, ()


class RelatedReasons(Mapping[str, tuple[str, ...]]):
    """Why: slugs of related posts to words, found when they are first looked at.

    A post itself finds its words, too: several may have one slug.
    """

    __slots__ = ("_article", "_found", "_posts", "_relating")

    def __init__(self, relating: "Relating", article: Article, posts: Sequence[Article]) -> None:
        """Tell why ``posts`` are related to ``article``; those that its author chose need no reason."""
        self._relating = relating
        self._article = article
        self._posts = posts
        self._found: dict[Article, tuple[str, ...]] | None = None

    @property
    def _told(self) -> dict[Article, tuple[str, ...]]:
        if self._found is None:
            self._found = {}
            # Let go of afterwards: what shows how a post writes its words is a hundred times its reasons.
            texts = Texts(partial(_texts, self._article))
            with guard(self._article, "reasons for related posts"):
                relations = self._relating.relations(self._article)
                related = [post for post in self._posts if post in relations]
                told = tell_reasons([relations[post] for post in related], texts)
                self._found = dict.fromkeys(self._posts, ()) | dict(zip(related, told, strict=True))
        return self._found

    def __getitem__(self, post: str | Article) -> tuple[str, ...]:
        post = post if isinstance(post, Article) else self._by_slug[post]
        # Papers are known when all posts are: later than another plugin may look.
        return with_paper(self._told[post], shared_paper(self._article, post))

    @property
    def _by_slug(self) -> dict[str, Article]:
        return {post.slug: post for post in reversed(self._told)}

    def __iter__(self) -> Iterator[str]:
        by_slug = self._by_slug
        return iter([post.slug for post in self._told if by_slug[post.slug] is post])

    def __len__(self) -> int:
        return len(self._by_slug)

    def __reduce__(self) -> tuple[Any, ...]:
        # Pages that Pelican pickles hold articles, and a cache shall hold nothing of ours.
        return dict, ()


def is_asked_for(environment: Environment) -> bool:
    """Return whether a template of the site or its theme names related posts; our macros alone do not."""
    loader = environment.loader
    if loader is None:
        return True
    try:
        names = environment.list_templates(filter_func=lambda name: not name.startswith(MACROS))
        return any(ATTRIBUTE in loader.get_source(environment, name)[0] for name in names)
    except (TemplateError, OSError, TypeError, UnicodeDecodeError):
        return True  # it cannot be told


class Relating:
    """The related posts of one build."""

    def __init__(
        self,
        generator: ArticlesGenerator,
        settings: Settings,
        parse: Callable[[Article, str], Document],
        *,
        now: bool,
    ) -> None:
        """Index posts while they are read if ``now``, else when a list is first asked for.

        ``parse`` reads an article's HTML then, as it was read before.
        """
        # Articles hold us, and Pelican holds articles of past builds for as long as its process lives: what
        # else a generator has must not stay.
        self._site = generator.settings
        self._settings = settings
        self._published = _by_key(published_articles(generator))
        self._parse = parse
        self.now = now
        """Whether posts are indexed while they are read."""
        self._indices: dict[str, RelatedIndex] = {}
        # Of the label of each topic: its id, and the ids of all that is more general.
        self._above: dict[str, tuple[str, frozenset[str]]] = {}
        self._broader: dict[str, set[str]] = {}
        """Of the label of each topic: the labels that are more general; filled before posts are ranked."""
        self._later: list[tuple[Article, str, str, Sequence[str]]] = []
        # Of the posts that were read in this build: their tags.
        self._parts: dict[str, list[str]] = {}

    def needs(self, article: Article, recalled: Sequence[Any] | None) -> bool:
        """Return whether ``read`` wants a document of ``article``, beside what an earlier build recalled."""
        return self.now and (recalled is None or recalled[0] != self._tags(article))

    def _tags(self, article: Article) -> list[str]:
        return [tag.name for tag in author_tags(article, self._site)]

    def read(
        self,
        article: Article,
        document: Document | None,
        tokens: Sequence[str] | None,
        topics: Sequence[str],
        recalled: Sequence[Any] | None = None,
    ) -> None:
        """Take note of a post: of its document, whose words are ``tokens``, and of its topics' labels.

        In place of a document, ``recalled`` is what ``recall`` gave of the same post in an earlier build.
        Without either, the post is read when it is needed.
        """
        if self.now and document is not None:
            tags = self._parts[key_of(article)] = self._tags(article)
            self._index(article, title_text(article.title), document, topics, tags, tokens=tokens)
        elif self.now and recalled is not None:
            tags, *terms = recalled
            self._index(article, title_text(article.title), _NOTHING, topics, tags, terms=terms)
        else:
            # The text is Pelican's own, so keeping it takes no memory.
            self._later.append((article, article.title, article._content or "", topics))

    def _index(
        self,
        article: Article,
        title: str,
        document: Document,
        topics: Iterable[str],
        tags: Iterable[str],
        *,
        tokens: Sequence[str] | None = None,
        terms: Sequence[str] | None = None,
    ) -> None:
        if article.lang not in self._indices:
            self._indices[article.lang] = RelatedIndex(article.lang, self._broader)
        key = key_of(article)
        versions = [key, *map(key_of, article.translations)]
        self._indices[article.lang].add(
            Post(key, title, document, tuple(tags), article.date, article.lang),
            tokens=tokens,
            terms=terms,
            topics=list(topics),
            series=str(article.metadata.get("series") or ""),
            group=min(versions) if len(versions) > 1 else "",
            published=article.status == "published",
        )

    def place_topics(self, labels: Iterable[str], taxonomy: Taxonomy) -> None:
        """Take note of what lies above the topics with ``labels``: no reason beside them."""
        for label in labels:
            if label not in self._above:
                topic = taxonomy.find(label)
                above: set[str] = set()
                rising = list(topic.broader) if topic else []
                while rising:
                    parent = rising.pop()
                    if parent not in above:
                        above.add(parent)
                        rising.extend(taxonomy.topics[parent].broader)
                self._above[label] = topic.id if topic else "", frozenset(above)

    def recall(self) -> dict[str, list[Any]]:
        """Return, by their keys, what the posts read in this build are compared by, in plain data."""
        return {
            key: [self._parts[key], *terms]
            for index in self._indices.values()
            for key, terms in index.recall(self._parts).items()
        }

    def link(self, generator: ArticlesGenerator) -> None:
        """Give every article of ``generator`` its list; one that another plugin has given stays."""
        # Other plugins may have hidden posts since they were read.
        self._published = _by_key(published_articles(generator))
        self.__dict__.pop("_sources", None)
        foreign = 0
        by_slug = {article.slug: article for article in reversed(generator.articles)}
        for article in all_articles(generator):
            with guard(article, "related posts"):
                names = author_names(article, ATTRIBUTE)
                if names is None and hasattr(article, ATTRIBUTE):
                    foreign += 1
                    continue
                chosen = self._chosen(article, names, by_slug) if names else () if names is None else None
                listed = () if chosen is None else partial(self.posts, article, chosen)
                article.related_posts = RelatedPosts(listed)
                article.related_reasons = RelatedReasons(self, article, article.related_posts)
        if foreign:
            logger.info(
                "pelican_mlnotes: related_posts of %d posts were set by another plugin and stay", foreign
            )

    def relations(self, article: Article) -> dict[Article, Relation]:
        """Return what is close to ``article``, closest first.

        For a translation without any it is what is close to the original; an original has none from another
        language.
        """
        versions = (
            [] if article.in_default_lang else [one for one in article.translations if one.in_default_lang]
        )
        versions.sort(key=key_of)
        found = (self._ranked.get(key_of(version), ()) for version in (article, *versions))
        relations = next((relations for relations in found if relations), ())
        return {self._published[one.key]: one for one in relations if one.key in self._published}

    def posts(self, article: Article, chosen: Sequence[Article]) -> list[Article]:
        """Return those of ``chosen``, then the closest to ``article``."""
        posts = list(dict.fromkeys(chosen))
        with guard(article, "related posts"):
            posts = list(dict.fromkeys([*chosen, *self.relations(article)]))
        return posts[: max(self._settings.related_max, len(chosen))]

    @cached_property
    def _ranked(self) -> dict[str, tuple[Relation, ...]]:
        for article, title, html, topics in self._later:
            with guard(article, "related posts"):
                document = self._parse(article, html)
                tags = self._tags(article)
                self._index(article, title_text(title), document, topics, tags)
        self._later.clear()
        self._broader |= {
            label: {other for other, (topic, _) in self._above.items() if topic in above}
            for label, (_, above) in self._above.items()
            if above
        }
        ranked: dict[str, tuple[Relation, ...]] = {}
        most, least = self._settings.related_max, self._settings.related_min_score
        for lang, index in self._indices.items():
            with guard(f"every post in {lang!r}", "related posts"):
                ranked |= index.rank(max=most, min_score=least)
        self._indices.clear()
        self._parts.clear()
        return ranked

    @cached_property
    def _sources(self) -> Sources:
        return Sources(
            {post.relative_source_path: key for key, post in self._published.items() if post.source_path}
        )

    def _linked(self, article: Article, link: str) -> Article | None:
        """Return the post that ``link`` names as ``{filename}path``; ``None`` for any other link."""
        key = self._sources.find(link, article.relative_source_path or "")
        return self._published[key] if key else None

    def _chosen(
        self, article: Article, names: Iterable[str], by_slug: Mapping[str, Article]
    ) -> list[Article]:
        """Return the posts that the author chose, in the author's order; warns of names that no post has."""
        chosen = []
        for name in names:
            post = self._linked(article, name) or by_slug.get(name)
            if post is None:
                logger.warning(
                    "pelican_mlnotes: %s: Related_posts names %r, but no published post has that slug "
                    "or path; write the slug of one, or {filename} and its path",
                    article,
                    name,
                )
            elif post is not article:
                chosen.append(post)
        return chosen


def _by_key(articles: Iterable[Article]) -> dict[str, Article]:
    return {key_of(article): article for article in articles}


def _texts(article: Article) -> tuple[str, str]:
    return unescape(_MARKUP.sub(" ", article._content or "")), title_text(article.title)
