"""Which Pelican tags does a post get?"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import suppress
from typing import Any

from pelican.contents import Article
from pelican.generators import ArticlesGenerator
from pelican.urlwrappers import Tag

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.plugin.contents import (
    TopicLine,
    all_articles,
    author_topics,
    key_of,
    published_articles,
)
from pelican_mlnotes.topics.taxonomy import Taxonomy, Topic

logger = logging.getLogger(__name__)

_NOT_TOLD_APART = pattern(r"[\s_-]+")
_LONGEST_SLUG = 200  # bytes; names of files hold 255, and page numbers, endings and words of feeds are added
_MOST_LIKENED = 200
"""Names a build for which the most similar topic is looked for: each takes milliseconds."""
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
    return list(dict.fromkeys(_written_tags(article, settings)))


def show_author_tags(article: Article, settings: Mapping[str, Any]) -> None:
    """Give ``article`` all tags that its author wrote; C, C++ and C# have one slug, and were grouped as one.

    Names that differ only in case, blanks and hyphens stay one.
    """
    written = _written_tags(article, settings)
    if len(set(written)) == len(written):
        return
    shown: dict[str, Tag] = {}
    for tag in written:
        shown.setdefault(_NOT_TOLD_APART.sub("", tag.name).casefold(), tag)
    known = set(written)
    article.tags = TagList(article, [*shown.values(), *(tag for tag in article.tags if tag not in known)])


def _written_tags(article: Article, settings: Mapping[str, Any]) -> list[Tag]:
    written = article.metadata.get("tags") or ()
    names = written.split(",") if isinstance(written, str) else written
    tags = [name if isinstance(name, Tag) else Tag(str(name), settings) for name in names]
    return [tag for tag in tags if tag.name]


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

    def __init__(self, articles: Iterable[Article], taxonomy: Taxonomy | None, settings: Any) -> None:
        self._taxonomy = taxonomy
        self._settings = settings
        self._topics: dict[str, Topic | None] = {}
        self._like: dict[str, str] = {}
        uses = Counter(tag.name for article in articles for tag in author_tags(article, settings))
        self._tags: dict[str, Tag] = {}
        for name in sorted(uses, key=lambda name: (-uses[name], name)):
            # The name of a topic that is gone means the one that replaced it, yet is not what that is called.
            topic = None if taxonomy and taxonomy.is_former(name) else self.topic(name)
            if topic is not None and topic.id not in self._tags:
                self._tags[topic.id] = Tag(name, settings)

    def topic(self, name: str) -> Topic | None:
        """Return the topic that a tag called ``name`` stands for."""
        if name not in self._topics:
            self._topics[name] = self._taxonomy.find(name) if self._taxonomy else None
        return self._topics[name]

    def is_removed(self, name: str) -> bool:
        """Is ``name``, which no topic has, that of one which the site has taken away?"""
        return self._taxonomy is not None and self._taxonomy.is_removed(name)

    def tag(self, topic: Topic) -> Tag:
        """Return the tag for ``topic``: one object each, because making its slug takes time."""
        if topic.id not in self._tags:
            self._tags[topic.id] = Tag(topic.label, self._settings)
        return self._tags[topic.id]

    def tag_of(self, topic: str) -> Tag:
        """Return the tag for the topic whose id is ``topic``."""
        if self._taxonomy is None:
            raise KeyError(topic)
        return self.tag(self._taxonomy.topics[topic])

    def named(self, name: str) -> Tag:
        """Return the tag for what an author calls ``name``: that of its topic, or a new one."""
        topic = self.topic(name)
        return self.tag(topic) if topic else Tag(name, self._settings)

    def like(self, name: str) -> str:
        """Return the label that is most like ``name``, which none has; empty if there is none.

        Empty, too, for long names, and once a build has asked for hundreds.
        """
        if name not in self._like:
            from difflib import get_close_matches  # here, because few sites name a topic that there is not

            if len(self._like) >= _MOST_LIKENED or len(name) > _LONGEST_SLUG or self._taxonomy is None:
                return ""
            labels = {topic.label.lower(): topic.label for topic in self._taxonomy.topics.values()}
            near = get_close_matches(name.lower(), labels, n=1, cutoff=0.8)
            self._like[name] = labels[near[0]] if near else ""
        return self._like[name]


def adds_topics(article: Article) -> bool:
    """Return whether the author adds single topics, which a site without automatic ones has, too."""
    with suppress(Exception):  # front matter that is no text, and adds nothing
        line = author_topics(article)
        return line is not None and bool(line.added)
    return False


def tag_article(
    article: Article, found: Sequence[str] | None, tags: TopicTags, settings: Mapping[str, Any]
) -> tuple[list[Tag], list[Tag]]:
    """Set the tags of ``article``: its author's, then those of its topics.

    ``found`` are ids of topics, ``None`` where none were looked for; topics that the author names go before
    them. Returns the tags of all its topics, and those of them that the author's tags have not had.
    """
    own = author_tags(article, settings)
    line = author_topics(article)
    if line:
        _warn_of(line, article, tags)
    if line and line.exactly is not None:
        topics = [tags.named(name) for name in line.exactly]
    elif found is None and not line:
        return [], []
    else:
        spoken_for = {topic.id: tag for tag in own if (topic := tags.topic(tag.name))}
        topics = [tags.named(name) for name in line.added] if line else []
        topics += [spoken_for.get(topic) or tags.tag_of(topic) for topic in found or ()]
    added: list[Tag] = []
    if settings["TAG_SAVE_AS"]:
        topics = [tag for tag in dict.fromkeys(topics) if tag.slug]
        known = set(own)
        added = [tag for tag in topics if tag not in known]
        too_long = {tag: None for tag in added if len(tag.slug.encode()) > _LONGEST_SLUG}
        for tag in too_long:
            logger.warning(
                "pelican_mlnotes: %s: the topic %r gets no tag: its name is too long for that of a file; "
                "topics are separated by commas",
                article,
                f"{tag.name[:40]}...",
            )
        topics, added = ([tag for tag in some if tag not in too_long] for some in (topics, added))
    else:
        # No tag page, no tag: a theme would link to it all the same. Nor is a slug made, which takes time.
        topics = list({tag.name: tag for tag in topics}.values())
    if added and not fits_tag_feeds(article, settings):
        logger.warning(
            "pelican_mlnotes: %s gets no topics: it holds a control character, with which Pelican cannot "
            "write the feeds of tags; remove the character, or turn TAG_FEED_ATOM and TAG_FEED_RSS off",
            article,
        )
        own_tags = set(own)
        topics, added = [tag for tag in topics if tag in own_tags], []
    if added or len(own) != len(article.metadata.get("tags") or ()):
        article.tags = TagList(article, [*own, *added])
    return topics, added


def _warn_of(line: TopicLine, article: Article, tags: TopicTags) -> None:
    """Warn of signs that mean nothing, and of names that no topic has."""
    if line.is_mixed:
        logger.warning(
            "pelican_mlnotes: %s: some names of its line 'Topics:' have a sign and some have none, so it "
            "means exactly these; write a sign before each name to add or bar single ones",
            article,
        )
    for name in (*line.added, *line.barred):
        if tags.topic(name) or tags.is_removed(name):
            continue
        like = tags.like(name)
        if like or name in line.barred:
            hint = f"did you mean {like!r}?" if like else "python -m pelican_mlnotes topics lists them"
            logger.warning("pelican_mlnotes: %s: no topic is called %r; %s", article, name, hint)


def drop_rare_tags(
    generator: ArticlesGenerator,
    tags: TopicTags,
    topics: dict[str, list[Tag]],
    added: dict[str, list[Tag]],
    least: int,
) -> None:
    """Take back the tags of topics that fewer than ``least`` listed posts have and no author wrote.

    ``topics`` and ``added`` map keys of articles to tags of their topics, and to those that we added; in the
    first, a topic without a tag stays as a name without address and file.
    """
    if least < 2 or not any(added.values()):
        return
    uses = Counter(tag for article in generator.articles for tag in getattr(article, "tags", ()))
    rare = {tag for ours in added.values() for tag in ours if uses[tag] < least}
    rare -= _written_by_authors(generator, tags)
    if not rare:
        return
    for article in all_articles(generator):
        _take_back(article, rare, topics, added, generator.settings)


def drop_tags_without_page(
    generator: ArticlesGenerator, topics: dict[str, list[Tag]], added: dict[str, list[Tag]]
) -> None:
    """Take back the tags of ours that have no page, because a theme would link to it all the same.

    Pelican makes tag pages of listed posts only. ``topics`` and ``added`` are those of ``drop_rare_tags``.
    """
    if not generator.settings["TAG_SAVE_AS"]:
        return
    listed = generator.articles
    paged = {tag for article in listed for tag in getattr(article, "tags", ())}
    for article in all_articles(generator)[len(listed) :]:
        without = set(topics.get(key_of(article), ())) - paged
        if without:
            _take_back(article, without, topics, added, generator.settings)


def count_tags(generator: ArticlesGenerator, taxonomy: Taxonomy, leasts: Iterable[int]) -> dict[int, int]:
    """Return how many tags have a page if a topic needs as many listed posts as each of ``leasts`` says."""
    tags = TopicTags(published_articles(generator), taxonomy, generator.settings)
    uses: Counter[Tag] = Counter()
    for article in generator.articles:
        uses.update({*getattr(article, "tags", ()), *getattr(article, "topics", ())})
    written = _written_by_authors(generator, tags)
    return {least: sum(count >= least or tag in written for tag, count in uses.items()) for least in leasts}


def _written_by_authors(generator: ArticlesGenerator, tags: TopicTags) -> set[Tag]:
    """Return the tags of published posts that their authors wrote, as such or under ``Topics:``."""
    written: set[Tag] = set()
    for article in published_articles(generator):
        line = author_topics(article)
        written.update(author_tags(article, generator.settings))
        written.update(map(tags.named, (*(line.exactly or ()), *line.added) if line else ()))
    return written


def _take_back(
    article: Article,
    lost: Set[Tag],
    topics: dict[str, list[Tag]],
    added: dict[str, list[Tag]],
    settings: Mapping[str, Any],
) -> None:
    """Leave of the tags ``lost`` the names of topics; an author's own tag stays a tag, too."""
    key = key_of(article)
    topics[key] = [_unlinked(tag, settings) if tag in lost else tag for tag in topics.get(key, ())]
    ours = {tag for tag in added.get(key, ()) if tag in lost}
    if ours:
        added[key] = [tag for tag in added[key] if tag not in ours]
        article.tags = TagList(article, [tag for tag in article.tags if tag not in ours])


def _unlinked(tag: Tag, settings: Mapping[str, Any]) -> Tag:
    return Tag(tag.name, {**settings, "TAG_URL": "", "TAG_SAVE_AS": ""})
