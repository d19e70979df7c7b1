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
from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from typing import Any

from pelican import Pelican, signals
from pelican.generators import ArticlesGenerator

from pelican_mlnotes.document.pictures import PictureRulesError
from pelican_mlnotes.plugin.append import append_to_posts, without_related
from pelican_mlnotes.plugin.articles import (
    fingerprint_post,
    is_complete,
    link_neighbours,
    read_post,
    set_excerpt,
    set_title,
)
from pelican_mlnotes.plugin.attributes import drop_planted
from pelican_mlnotes.plugin.build import build_of, start_build
from pelican_mlnotes.plugin.collisions import drop_colliding_tags
from pelican_mlnotes.plugin.contents import (
    all_articles,
    all_contents,
    all_pages,
    key_of,
    published_articles,
)
from pelican_mlnotes.plugin.enabled import is_enabled
from pelican_mlnotes.plugin.files import depends_on_files, written_files
from pelican_mlnotes.plugin.formulas import (
    is_marking,
    make_readers_mark,
    mark_formulas,
    read_body,
    show_formulas,
    write_plain_titles_in_feed,
)
from pelican_mlnotes.plugin.guard import guard
from pelican_mlnotes.plugin.image import settle_pictures, show_pictures
from pelican_mlnotes.plugin.links import link_mentions, links_wanted
from pelican_mlnotes.plugin.macros import offer_macros
from pelican_mlnotes.plugin.math_font import make_math_fonts, offer_math_font
from pelican_mlnotes.plugin.misspelt import line_of, misspelt_topics
from pelican_mlnotes.plugin.own_theme.compiled import has_our_theme, keep_compiled
from pelican_mlnotes.plugin.own_theme.missing import warn_of_missing_files
from pelican_mlnotes.plugin.own_theme.posts import (
    check_introduction,
    edit_posts,
    fit_to_paper,
    without_page_parts,
)
from pelican_mlnotes.plugin.own_theme.stylesheet import style_theme
from pelican_mlnotes.plugin.papers import make_paper_page, offer_papers, set_papers
from pelican_mlnotes.plugin.post_cache import ReadingsCache
from pelican_mlnotes.plugin.related import Relating, is_asked_for
from pelican_mlnotes.plugin.search import make_indexes, offer_search
from pelican_mlnotes.plugin.tags import (
    TopicTags,
    adds_topics,
    drop_rare_tags,
    drop_tags_without_page,
    show_author_tags,
    tag_article,
)
from pelican_mlnotes.plugin.topic_pages import describe_tags
from pelican_mlnotes.settings import SettingsError, load_settings
from pelican_mlnotes.text.words import words
from pelican_mlnotes.topics.taxonomy import TaxonomyError

logger = logging.getLogger(__name__)


def connect() -> None:
    """Connect the handlers below to Pelican's signals."""
    logging.getLogger("pelican").addFilter(show_message_alone)
    signals.initialized.connect(configure_readers)
    signals.generator_init.connect(offer_macros)
    signals.generator_init.connect(keep_compiled)
    signals.get_generators.connect(offer_search)
    signals.get_generators.connect(offer_papers)
    signals.get_generators.connect(offer_math_font)
    signals.article_generator_init.connect(load_configuration)
    signals.feed_generated.connect(finish_feed)
    signals.finalized.connect(style_theme)
    signals.finalized.connect(warn_of_missing_files)
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
    if is_enabled(pelican.settings) and load_settings(pelican.settings).math != "off":
        make_readers_mark(pelican.settings)


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
    if not is_enabled(generator.settings):
        return
    generator.mlnotes = start_build(generator)
    # Pelican calls in order of connection. Every plugin is registered by now, so this puts ours last, and
    # posts that another one hides, drops or rewrites are seen as readers will, wherever PLUGINS lists us.
    connect()


@_uncollected
def annotate_tags(generator: ArticlesGenerator) -> None:
    """Parse every post once and add the tags of its topics, before Pelican groups posts by tag."""
    build = build_of(generator)
    if build is None:
        return
    articles = all_articles(generator)
    published = published_articles(generator)
    tags = None
    if build.taxonomy:
        with guard("every post", "topics"):
            tags = TopicTags(published, build.taxonomy, generator.settings)
    elif any(adds_topics(article) for article in articles):
        tags = TopicTags(published, None, generator.settings)
    marking = is_marking(generator.settings)
    links = links_wanted(build.settings, build.site_url)
    parse = partial(read_body, rules=build.picture_rules, marking=marking, links=links)
    if build.settings.related_max:
        now = build.settings.related_append or is_asked_for(generator.env)
        build.relating = Relating(generator, build.settings, parse, now=now)
    cache = None
    if build.basis:
        cache = ReadingsCache.of_site(generator.settings, f"{build.basis} {marking}")
    for article in articles:
        with guard(article, "excerpt, badges, topics or related posts"):
            key = key_of(article)
            fingerprint = fingerprint_post(article) if cache else None
            reading = cache.get(key, fingerprint) if cache else None
            document = tokens = None
            if reading is None or (build.relating and build.relating.needs(article, reading.related_by)):
                document = parse(article, article._content or "")
                tokens = words(document.prose)
                if reading is None:
                    reading = read_post(article, document, tokens, build, topics=tags is not None)
                    if cache and is_complete(article, reading, build):
                        cache.keep(key, fingerprint, reading)
            build.readings[key] = reading
            if tags is not None:
                with guard(article, "topics"):
                    if build.taxonomy or adds_topics(article):
                        topics, added = tag_article(article, reading.topics, tags, generator.settings)
                        build.topic_tags[key] = topics
                        if added:
                            build.added_tags[key] = added
            if build.relating:
                with guard(article, "related posts"):
                    labels = [tag.name for tag in build.topic_tags.get(key, ())]
                    if build.taxonomy:
                        build.relating.place_topics(labels, build.taxonomy)
                    build.relating.read(article, document, tokens, labels, reading.related_by)
    if cache:
        if build.relating:
            with guard("every post", "related posts for the next build"):
                for key, related_by in build.relating.recall().items():
                    cache.add(key, related_by)
        cache.save()
    if build.taxonomy:
        with guard("every post", "words under Topics"):
            for article, name, label in misspelt_topics(articles, build.taxonomy, generator.settings):
                logger.warning(
                    "pelican_mlnotes: %s: Topics%s names %r, which no topic, tag or other post has; "
                    "did you mean %r?",
                    article,
                    f" (line {line})" if (line := line_of(article, "topics")) else "",
                    name,
                    label,
                )
    if tags is not None:
        with guard("every post", "topics of too few posts"):
            least = build.settings.topics_min_posts
            drop_rare_tags(generator, tags, build.topic_tags, build.added_tags, least)
    drop_tags_without_page(generator, build.topic_tags, build.added_tags)


@_uncollected
def annotate_articles(generator: ArticlesGenerator) -> None:
    """Set excerpt, badges, picture, topics and related posts on every article."""
    build = build_of(generator)
    if build is None:
        return
    marking = is_marking(generator.settings)
    # Where a plugin for summaries marked by hand is at work, it looks for them later than this.
    markers = [generator.settings.get(name) for name in ("SUMMARY_BEGIN_MARKER", "SUMMARY_END_MARKER")]
    for article in all_articles(generator):
        drop_planted(article)
        article.topics = build.topic_tags.get(key_of(article), [])
        with guard(article, "tags"):
            show_author_tags(article, generator.settings)
        with guard(article, "plain title"):
            set_title(article, marking=marking)
        reading = build.readings.get(key_of(article))
        if reading is None:
            continue
        article.reading_minutes = reading.minutes
        if reading.papers:
            build.papers[key_of(article)] = reading.papers
        if reading.links:
            build.links[key_of(article)] = reading.links
        if reading.excerpt is not None:
            with guard(article, "excerpt"):
                summary = reading.excerpt if reading.summary is None else reading.summary
                set_excerpt(article, reading.excerpt, summary, build.settings, markers)
        with guard(article, "badges or image"):
            show_pictures(article, reading, reading.pictures, build.settings, generator)
            if any(depends_on_files(picture.src) for picture in reading.pictures):
                build.unsettled[key_of(article)] = reading
    if build.relating:
        with guard("every post", "related posts"):
            build.relating.link(generator)
    if build.settings.related_append:
        append_to_posts(generator)
    build.readings.clear()
    build.relating = None


def finish_build(generators: Sequence[Any]) -> None:
    """Take back tags whose pages would overwrite another file, and show formulas.

    Every output path is known now, and nothing has been written.
    """
    for generator in generators:
        build = build_of(generator)
        if build is None:
            continue
        # Pelican pickles pages before this, and with them articles: a chain of a thousand is too deep.
        with guard("every post", "posts before and after"):
            link_neighbours(generator)
        if build.settings.backlinks:
            with guard("every post", "posts that mention it"):
                link_mentions(generator, build.links)
        if build.unsettled:
            with guard("every post", "badges or image"):
                settle_pictures(generator, build, written_files(generators))
        with guard("every topic", "check that its page overwrites no other"):
            for message in drop_colliding_tags(generator, generators, build.added_tags):
                logger.warning("pelican_mlnotes: %s", message)
        if build.taxonomy:
            with guard("every tag", "description or place among the topics"):
                describe_tags(generator, build.taxonomy)
        if build.settings.papers:
            with guard("every post", "papers"):
                set_papers(generator, build.papers)
                make_paper_page(generators, generator, build.papers)
        # Pelican needs its memory for writing now.
        build.taxonomy = None
        build.topic_tags.clear()
        build.added_tags.clear()
        contents = [content for other in generators for content in all_contents(other)]
        for page in (content for other in generators for content in all_pages(other)):
            drop_planted(page)
            with guard(page, "plain title"):
                set_title(page, marking=is_marking(generator.settings))
        if is_marking(generator.settings):
            mark_formulas(contents)
        if has_our_theme(generator):
            edit_posts(contents, generator, build.settings)
            with guard("the front page", "check of its introduction"):
                check_introduction(generator, build.settings)
        if build.settings.search:
            make_indexes(generators, build.settings.search_save_as)
        if is_marking(generator.settings):
            show_formulas(contents, classes=has_our_theme(generator), macros=build.settings.math_macros)
            if has_our_theme(generator):
                fit_to_paper(contents)
        if build.settings.math_font:
            make_math_fonts(generators)


def finish_feed(context: Mapping[str, Any], feed: Any) -> None:
    """Take off in feeds what only pages are for, and the appended list; write titles in Unicode."""
    with guard("every feed", "posts without what only pages are for"):
        for item in feed.items:
            for key in ("description", "content"):
                if isinstance(item.get(key), str):
                    item[key] = without_page_parts(without_related(item[key]))
    if is_enabled(context):
        with guard("every feed", "formulas in titles"):
            write_plain_titles_in_feed(feed)
