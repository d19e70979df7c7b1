"""The edge: when does Pelican call, and what is written back?

``article_generator_init``: settings and taxonomy are read, before any post is.
``article_generator_pretaxonomy``: each post is parsed, once, and its topics become tags.
``article_generator_finalized``: excerpts, badges, pictures and related posts are set. Pelican has
pickled its articles by then, so no cache of its own holds anything of ours.
``all_generators_finalized``: every output path is known; tags that would overwrite a file are taken back,
and formulas become MathML.
"""

import gc
import logging
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property, partial, wraps
from html import escape, unescape
from pathlib import Path
from typing import Any, Self

from markupsafe import Markup
from pelican import Pelican, signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator
from pelican.urlwrappers import Tag

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.pictures import BUNDLED as PICTURES
from pelican_mlnotes.document.pictures import PictureRules, PictureRulesError, load_picture_rules
from pelican_mlnotes.document.reader import Document, Picture, parse_text
from pelican_mlnotes.excerpt import make_excerpt
from pelican_mlnotes.formulas.titles import title_html, title_text
from pelican_mlnotes.plugin.append import append_related, related_heading, without_related
from pelican_mlnotes.plugin.attributes import drop_planted
from pelican_mlnotes.plugin.files import local_file, measure
from pelican_mlnotes.plugin.formulas import (
    as_summary,
    is_marking,
    make_readers_mark,
    mark_formulas,
    pelican_summary,
    read_body,
    read_summary,
    show_formulas,
    write_plain_titles_in_feed,
)
from pelican_mlnotes.plugin.guard import guard
from pelican_mlnotes.plugin.macros import offer_macros
from pelican_mlnotes.plugin.own_theme.compiled import has_our_theme, keep_compiled
from pelican_mlnotes.plugin.own_theme.html import edit_html
from pelican_mlnotes.plugin.post_cache import Reading, ReadingsCache, basis_of, fingerprint_of
from pelican_mlnotes.plugin.related import Relating, is_asked_for
from pelican_mlnotes.plugin.tags import (
    NONE,
    TagList,
    TopicTags,
    all_articles,
    all_pages,
    author_names,
    author_tags,
    drop_colliding_tags,
    fits_tag_feeds,
    key_of,
    published_articles,
)
from pelican_mlnotes.settings import Settings, SettingsError, load_settings, with_tokens
from pelican_mlnotes.text.words import words
from pelican_mlnotes.topics.map import Branch, make_topic_map, nearest_broader
from pelican_mlnotes.topics.score import suggest_topics
from pelican_mlnotes.topics.taxonomy import BUNDLED as TOPICS
from pelican_mlnotes.topics.taxonomy import Taxonomy, TaxonomyError, kept_taxonomy

logger = logging.getLogger(__name__)

CONTENTS_FROM = 3  # fewest headings of a table of contents
NEIGHBOURS = 6  # most topics named beside one
# Silent reading of non-fiction: M. Brysbaert, "How many words do we read per minute?" (2019).
WORDS_PER_MINUTE = 238
OWN_CONTENTS = pattern(r"<(?:div|nav|ul)\s[^>]{0,200}\b(?:toc|contents)\b")


@dataclass(slots=True)
class Build:
    """What one handler leaves for the next; hangs on the generator, so nested builds do not meet."""

    settings: Settings
    taxonomy: Taxonomy | None
    picture_rules: PictureRules | None
    basis: str = ""
    """What readings follow from beside their posts; empty where they are not cached."""
    readings: dict[str, Reading] = field(default_factory=dict)
    relating: Relating | None = None
    topic_tags: dict[str, list[Tag]] = field(default_factory=dict)
    added_tags: dict[str, list[Tag]] = field(default_factory=dict)


def connect() -> None:
    """Connect the handlers below to Pelican's signals."""
    logging.getLogger("pelican").addFilter(show_message_alone)
    signals.initialized.connect(configure_readers)
    signals.generator_init.connect(offer_macros)
    signals.generator_init.connect(keep_compiled)
    signals.article_generator_init.connect(load_configuration)
    signals.feed_generated.connect(finish_feed)
    signals.finalized.connect(style_theme)
    for signal, handler in (
        (signals.article_generator_pretaxonomy, annotate_tags),
        (signals.article_generator_finalized, annotate_articles),
        (signals.all_generators_finalized, finish_build),
    ):
        signal.disconnect(handler)
        signal.connect(handler)


def show_message_alone(record: logging.LogRecord) -> bool:
    """Take the traceback off a wrong setting or taxonomy: what to mend is all in the message."""
    if record.exc_info and isinstance(record.exc_info[1], (SettingsError, TaxonomyError, PictureRulesError)):
        record.exc_info = None
    return True


def configure_readers(pelican: Pelican) -> None:
    """Make Markdown and docutils mark formulas, if the site wants MathML and no other plugin does math."""
    if _is_enabled(pelican.settings) and load_settings(pelican.settings).math != "off":
        make_readers_mark(pelican.settings)


def _is_enabled(settings: Mapping[str, Any]) -> bool:
    return bool({"pelican_mlnotes", "pelican.plugins.mlnotes"}.intersection(settings["PLUGINS"]))


def _uncollected(handler: Callable[[Any], None]) -> Callable[[Any], None]:
    """Run ``handler`` without Python's search for cyclic garbage, which takes a fifth of its time.

    Handlers make many objects, all of which reference counts free; the search would look through those of
    Pelican, too, again and again.
    """

    @wraps(handler)
    def run(argument: Any) -> None:
        enabled = gc.isenabled()
        gc.disable()
        try:
            handler(argument)
        finally:
            if enabled:
                gc.enable()

    return run


@_uncollected
def load_configuration(generator: ArticlesGenerator) -> None:
    """Read settings and taxonomy; raises ``SettingsError`` or ``TaxonomyError`` for a wrong one."""
    generator.mlnotes = None
    # Signals keep firing after a plugin was taken out of PLUGINS while Pelican reloads.
    if not _is_enabled(generator.settings):
        return
    settings = load_settings(generator.settings)
    topics, own_rules = [], _own_file("MLNOTES_PICTURE_RULES", settings.picture_rules, generator)
    if settings.topics_max:
        topics = [TOPICS, *_own_file("MLNOTES_TOPICS_TAXONOMY", settings.topics_taxonomy, generator)]
    files = [*topics, PICTURES, *own_rules]
    basis = basis_of(generator.settings, files, settings)
    # Tags are looked up in English, whatever the site is written in.
    langs = ["en", generator.settings["DEFAULT_LANG"]]
    taxonomy = kept_taxonomy(topics, langs) if topics else None
    rules = load_picture_rules(PICTURES, *own_rules) if own_rules else None
    # Of a file that was saved meanwhile, it cannot be told which version was loaded.
    if basis and basis != basis_of(generator.settings, files, settings):
        basis = ""
    generator.mlnotes = Build(settings, taxonomy, rules, basis)
    # Pelican calls in order of connection. Every plugin is registered by now, so this puts ours last, and
    # posts that another one hides, drops or rewrites are seen as readers will, wherever PLUGINS lists us.
    connect()


def _own_file(name: str, value: str, generator: ArticlesGenerator) -> list[Path]:
    if not value:
        return []
    file = Path(generator.settings["PATH"], value)
    if not file.is_file():
        raise SettingsError(
            f"{name} names {value!r}, but there is no file {file}; the path is relative to PATH"
        )
    return [file]


@_uncollected
def annotate_tags(generator: ArticlesGenerator) -> None:
    """Parse every post once and add the tags of its topics, before Pelican groups posts by tag."""
    build = _build_of(generator)
    if build is None:
        return
    articles = all_articles(generator)
    published = published_articles(generator)
    tags = None
    if build.taxonomy:
        with guard("every post", "topics"):
            tags = TopicTags(published, build.taxonomy, generator.settings)
    marking = is_marking(generator.settings)
    parse = partial(read_body, rules=build.picture_rules, marking=marking)
    if build.settings.related_max:
        now = build.settings.related_append or is_asked_for(generator.env)
        build.relating = Relating(generator, build.settings, parse, now=now)
    cache = None
    if build.basis:
        cache = ReadingsCache.of_site(generator.settings, f"{build.basis} {marking}")
    for article in articles:
        with guard(article, "excerpt, badges, topics or related posts"):
            key = key_of(article)
            fingerprint = _fingerprint(article) if cache else None
            reading = cache.get(key, fingerprint) if cache else None
            document = tokens = None
            if reading is None or (build.relating and build.relating.needs(article, reading.related_by)):
                document = parse(article, article._content or "")
                tokens = words(document.prose)
                if reading is None:
                    reading = _read(article, document, tokens, build, topics=tags is not None)
                    if cache and _is_complete(article, reading, build):
                        cache.keep(key, fingerprint, reading)
            build.readings[key] = reading
            if tags is not None:
                with guard(article, "topics"):
                    _tag_article(article, reading, build, tags, generator.settings)
            if build.relating:
                with guard(article, "related posts"):
                    labels = [tag.name for tag in build.topic_tags.get(key, ())]
                    build.relating.read(article, document, tokens, labels, reading.related_by)
    if cache:
        if build.relating:
            with guard("every post", "related posts for the next build"):
                for key, related_by in build.relating.recall().items():
                    cache.add(key, related_by)
        cache.save()
    _drop_tags_without_page(generator, build)


@_uncollected
def annotate_articles(generator: ArticlesGenerator) -> None:
    """Set excerpt, badges, picture, topics and related posts on every article."""
    build = _build_of(generator)
    if build is None:
        return
    marking = is_marking(generator.settings)
    # Where a plugin for summaries marked by hand is at work, it looks for them later than this.
    markers = [generator.settings.get(name) for name in ("SUMMARY_BEGIN_MARKER", "SUMMARY_END_MARKER")]
    for article in all_articles(generator):
        drop_planted(article)
        article.topics = build.topic_tags.get(key_of(article), [])
        with guard(article, "plain title"):
            article.title_text = title_text(article.title)
            article.title_html = Markup(title_html(article.title, mark=marking))  # noqa: S704
        reading = build.readings.get(key_of(article))
        if reading is None:
            continue
        article.reading_minutes = reading.minutes
        if reading.excerpt is not None:
            with guard(article, "excerpt"):
                _set_excerpt(article, reading.excerpt, build.settings, markers)
        with guard(article, "badges"):
            article.badges = [label for kind, label in build.settings.badges.items() if kind in reading.kinds]
        with guard(article, "image"):
            _set_image(article, reading.picture, generator)
    if build.relating:
        with guard("every post", "related posts"):
            build.relating.link(generator)
    if build.settings.related_append:
        _append_related(generator)
    build.readings.clear()
    build.relating = None


def finish_build(generators: Sequence[Any]) -> None:
    """Take back tags whose pages would overwrite another file, and show formulas.

    Every output path is known now, and nothing has been written.
    """
    for generator in generators:
        build = _build_of(generator)
        if build is None:
            continue
        # Pelican pickles pages before this, and with them articles: a chain of a thousand is too deep.
        with guard("every post", "posts before and after"):
            _link_neighbours(generator)
        with guard("every topic", "check that its page overwrites no other"):
            for message in drop_colliding_tags(generator, generators, build.added_tags):
                logger.warning("pelican_mlnotes: %s", message)
        if build.taxonomy:
            with guard("every tag", "description or place among the topics"):
                _describe_tags(generator, build.taxonomy)
        # Pelican needs its memory for writing now.
        build.taxonomy = None
        build.topic_tags.clear()
        build.added_tags.clear()
        contents = [content for other in generators for content in _contents(other)]
        for page in (content for other in generators for content in all_pages(other)):
            drop_planted(page)
        if is_marking(generator.settings):
            mark_formulas(contents)
        if has_our_theme(generator):
            _edit_posts(contents, generator.settings)
        if is_marking(generator.settings):
            show_formulas(contents, classes=has_our_theme(generator), macros=build.settings.math_macros)


def _contents(generator: Any) -> list[Any]:
    return all_articles(generator) if isinstance(generator, ArticlesGenerator) else all_pages(generator)


def _edit_posts(contents: Sequence[Any], settings: Mapping[str, Any]) -> None:
    """Fit posts to our theme; another one may not have the styles that this needs."""
    sizes: dict[tuple[str, str], tuple[int, int] | None] = {}
    for content in contents:
        with guard(content, "picture sizes, table of contents or callouts"):
            _edit_post(content, settings, sizes)


def _edit_post(
    content: Any, settings: Mapping[str, Any], sizes: dict[tuple[str, str], tuple[int, int] | None]
) -> None:
    folder = content.relative_dir or ""

    def size(address: str) -> tuple[int, int] | None:
        key = folder, address
        if key not in sizes:
            file = local_file(address, Path(settings["PATH"]), folder, settings["SITEURL"])
            sizes[key] = measure(file) if file else None
        return sizes[key]

    html = content._content or ""
    edited = edit_html(html, size)
    content._content = edited.html
    if len(edited.headings) >= CONTENTS_FROM and not OWN_CONTENTS.search(html):
        content.toc_entries = edited.headings


def style_theme(pelican: Pelican) -> None:
    """Add ``MLNOTES_TOKENS`` to the stylesheet that Pelican has copied."""
    if not _is_enabled(pelican.settings):
        return
    tokens = load_settings(pelican.settings).tokens
    sheet = Path(pelican.output_path, pelican.settings["THEME_STATIC_DIR"], "css", "mlnotes.css")
    if tokens and sheet.is_file():
        sheet.write_text(with_tokens(sheet.read_text(encoding="utf-8"), tokens), encoding="utf-8")


def _link_neighbours(generator: ArticlesGenerator) -> None:
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


def _build_of(generator: Any) -> Build | None:
    # Other plugins send these signals too, for generators that never sent ours the first one.
    build = getattr(generator, "mlnotes", None)
    return build if isinstance(build, Build) else None


def _drop_tags_without_page(generator: ArticlesGenerator, build: Build) -> None:
    """Take back the tags of ours that have no page, because a theme would link to it all the same.

    Pelican makes tag pages of listed posts only.
    """
    listed = generator.articles
    paged = {tag for article in listed for tag in getattr(article, "tags", ())}
    for article in all_articles(generator)[len(listed) :]:
        added = build.added_tags.get(key_of(article), [])
        lost = [tag for tag in added if tag not in paged]
        if lost:
            build.added_tags[key_of(article)] = [tag for tag in added if tag in paged]
            article.tags = TagList(article, [tag for tag in article.tags if tag not in lost])


def _describe_tags(generator: ArticlesGenerator, taxonomy: Taxonomy) -> None:
    """Tell templates what the site's tags mean and how they hang together.

    ``mlnotes_topics`` maps the slug of a tag to its description and to the tags that are broader, narrower,
    and most often on the same posts; ``mlnotes_topic_map`` is the list of trees that they form.
    """
    tags: dict[str, Tag] = {}
    uses: dict[str, int] = {}
    ids: dict[str, str] = {}
    for tag, articles in generator.tags.items():
        found = taxonomy.find(tag.name)
        if found is not None and found.id not in tags:
            tags[found.id], uses[found.id], ids[tag.slug] = tag, len(articles), found.id
    broader = {topic: nearest_broader(topic, uses, taxonomy) for topic in tags}
    narrower: dict[str, list[str]] = {topic: [] for topic in tags}
    for topic, parents in broader.items():
        for parent in parents:
            narrower[parent].append(topic)
    together: dict[str, Counter[str]] = {topic: Counter() for topic in tags}
    for article in generator.articles:
        topics = [ids[tag.slug] for tag in getattr(article, "tags", ()) if tag.slug in ids]
        for topic in topics:
            together[topic].update(topics)
    described = {}
    for slug, topic in ids.items():
        above, below = broader[topic], sorted(narrower[topic], key=lambda other: (-uses[other], other))
        beside = [other for other in together[topic] if other not in {topic, *above, *below}]
        beside.sort(key=lambda other: (-together[topic][other], other))
        described[slug] = {
            "count": uses[topic],
            "description": taxonomy.topics[topic].description,
            "broader": [tags[other] for other in above],
            "narrower": [tags[other] for other in below],
            "related": [tags[other] for other in beside[:NEIGHBOURS]],
        }

    def dress(branch: Branch) -> dict[str, Any]:
        tag = tags[branch.topic]
        children = [dress(inner) for inner in branch.branches]
        return {"label": tag.name, "tag": tag, "count": uses[branch.topic], "children": children}

    trees = [dress(branch) for branch in make_topic_map(uses, taxonomy)]
    own = sorted((tag for tag in generator.tags if tag.slug not in ids), key=lambda tag: tag.name.lower())
    if trees and own:
        leaves = [
            {"label": tag.name, "tag": tag, "count": len(generator.tags[tag]), "children": []} for tag in own
        ]
        trees.append({"label": "", "tag": None, "count": len(own), "children": leaves})
    generator.context["mlnotes_topics"] = described
    generator.context["mlnotes_topic_map"] = trees


def _tag_article(
    article: Article, reading: Reading, build: Build, tags: TopicTags, settings: Mapping[str, Any]
) -> None:
    own = author_tags(article, settings)
    names = author_names(article, "topics")
    if names is not None:
        topics = [tags.tag(topic) if (topic := tags.topic(name)) else Tag(name, settings) for name in names]
    elif reading.topics is None or build.taxonomy is None:
        return
    else:
        spoken_for = {topic.id: tag for tag in own if (topic := tags.topic(tag.name))}
        known = build.taxonomy.topics
        topics = [spoken_for.get(found) or tags.tag(known[found]) for found in reading.topics]
    added: list[Tag] = []
    if settings["TAG_SAVE_AS"]:
        topics = [tag for tag in dict.fromkeys(topics) if tag.slug]
        added = [tag for tag in topics if tag not in own]
    else:
        # No tag page, no tag: a theme would link to it all the same. Nor is a slug made, which takes time.
        topics = list({tag.name: tag for tag in topics}.values())
    if added and not fits_tag_feeds(article, settings):
        logger.warning(
            "pelican_mlnotes: %s gets no topics: it holds a control character, with which Pelican cannot "
            "write the feeds of tags; remove the character, or turn TAG_FEED_ATOM and TAG_FEED_RSS off",
            article,
        )
        topics, added = [tag for tag in topics if tag in own], []
    build.topic_tags[key_of(article)] = topics
    if added:
        build.added_tags[key_of(article)] = added
    if added or len(own) != len(article.metadata.get("tags") or ()):
        article.tags = TagList(article, [*own, *added])


def _read(article: Article, document: Document, tokens: list[str], build: Build, *, topics: bool) -> Reading:
    settings, excerpt, suggested = build.settings, None, None
    if settings.excerpt_length:
        with guard(article, "excerpt"):
            excerpt = _excerpt(article, document, settings)
    if topics and build.taxonomy and not _names_topics(article):
        with guard(article, "topics"):
            suggestions = suggest_topics(
                title_text(article.title),
                document,
                build.taxonomy,
                max=settings.topics_max,
                min_score=settings.topics_min_score,
                tokens=tokens,
                lang=article.lang,
            )
            suggested = tuple([found.topic.id for found in suggestions])
    return Reading(
        kinds=document.kinds,
        picture=document.pictures[0] if document.pictures else None,
        minutes=max(1, round(len(tokens) / WORDS_PER_MINUTE)),
        excerpt=excerpt,
        topics=suggested,
    )


def _fingerprint(article: Article) -> str | None:
    """Return a digest of all that a reading follows from in its post: whatever ``_read`` looks at."""
    with suppress(Exception):  # where the post is read, a warning says what is wrong with it
        summary = _author_line(article, "summary")
        if summary:
            # One out of Pelican's cache has the settings of the build that cached it.
            summary += f" {is_marking(article.settings)} {article.settings.get('FORMATTED_FIELDS')}"
        return fingerprint_of(
            (
                article._content or "",
                article.title,
                article.lang,
                str(article.source_path or ""),
                _author_line(article, "excerpt"),
                summary,
                str(_names_topics(article)),
            )
        )
    return None


def _is_complete(article: Article, reading: Reading, build: Build) -> bool:
    """Return whether nothing failed that another build should try again, and warn of."""
    return (reading.excerpt is not None or not build.settings.excerpt_length) and (
        reading.topics is not None or not build.taxonomy or _names_topics(article)
    )


def _names_topics(article: Article) -> bool:
    """Return whether the author says which topics the post has."""
    return article.metadata.get("topics") is not None


def _author_line(article: Article, key: str) -> str:
    """Return what the author wrote under ``key``, on one line; Markdown makes a list of a wrapped one."""
    value = article.metadata.get(key) or ""
    return (" ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)).strip()


def _excerpt(article: Article, document: Document, settings: Settings) -> str:
    if own := _author_line(article, "excerpt"):
        document = parse_text(own)
    elif own := _author_line(article, "summary"):
        document = read_summary(article, own, marking=is_marking(article.settings))
    return make_excerpt(document, settings.excerpt_length, settings.excerpt_cut, settings.excerpt_ellipsis)


def _set_excerpt(article: Article, excerpt: str, settings: Settings, markers: Iterable[str | None]) -> None:
    article.excerpt = excerpt
    if any(marker and marker in (article._content or "") for marker in markers):
        return
    # A line "_context:" of front matter takes away what Pelican needs to finish a summary.
    usable = isinstance(article._context, dict)
    if settings.excerpt_as_summary and excerpt and usable and not article.metadata.get("summary"):
        article._summary = as_summary(excerpt)
        # Pelican copies _summary there only while FORMATTED_FIELDS lists "summary".
        article.metadata["summary"] = article._summary


def _set_image(article: Article, picture: Picture | None, generator: ArticlesGenerator) -> None:
    own = _author_line(article, "image")
    if own.lower() == NONE:
        article.image = None
    elif own:
        article.image = Image(article, Picture(own, "", None, None), generator, own)
    else:
        article.image = Image(article, picture, generator) if picture else None


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
        if re.match(r"[{|]", self._src):
            html = f'<img src="{escape(self._src)}">'
            # An article out of Pelican's cache only knows the files of the build that cached it.
            article = copy(self._article)
            article._context = self._context
            resolved = article._update_content(html, site)
            return unescape(resolved[len('<img src="') : -len('">')])
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/", self._src):
            return self._src
        # Written relative to the post's own page; lists stand elsewhere.
        return posixpath.join(site, posixpath.dirname(self._article.url), self._src)

    def __str__(self) -> str:
        return self._own or self.url

    def __reduce__(self) -> tuple[Any, ...]:
        # Pages that Pelican pickles hold articles, and a cache shall hold nothing of ours.
        return str, (str.__str__(self),)


def _append_related(generator: ArticlesGenerator) -> None:
    headings: dict[str, str] = {}
    for article in all_articles(generator):
        listed = getattr(article, "related_posts", ())
        posts = [post for post in listed if getattr(post, "status", "") == "published"]
        if not posts:
            continue
        with guard(article, "related posts at its end"):
            if article.lang not in headings:
                headings[article.lang] = related_heading(article.lang)
            if "summary" not in article.metadata and isinstance(article._context, dict):
                # Pelican would cut its summary from a short post's end, list and all.
                article._summary = article.metadata["summary"] = pelican_summary(article)
            links = [(title_text(post.title), post.relative_source_path) for post in posts]
            article._content = append_related(article._content, links, headings[article.lang])


def finish_feed(context: Mapping[str, Any], feed: Any) -> None:
    """Take the appended list off again in feeds, whose readers show single posts; write titles in Unicode."""
    with guard("every feed", "posts without the list at their end"):
        for item in feed.items:
            for key in ("description", "content"):
                if isinstance(item.get(key), str):
                    item[key] = without_related(item[key])
    # Signals keep firing after a plugin was taken out of PLUGINS while Pelican reloads.
    if _is_enabled(context):
        with guard("every feed", "formulas in titles"):
            write_plain_titles_in_feed(feed)
