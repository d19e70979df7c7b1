"""Does every page of a tag have a path of its own?"""

import os
import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from pelican.contents import Article
from pelican.generators import ArticlesGenerator
from pelican.paginator import Paginator
from pelican.urlwrappers import Tag

from pelican_mlnotes.plugin.contents import PAGE_LISTS, all_articles, key_of, published_articles


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
    taken = set(map(one_path, other_paths(generators)))
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


def one_path(path: str | os.PathLike[str]) -> str:
    """Return the same for all output paths that are one file on some system."""
    return posixpath.normpath(os.fspath(path).replace("\\", "/")).casefold()


def clash_of(path: str, taken: Set[str]) -> str:
    """Return the first of ``taken``, as ``one_path`` writes them, that cannot be written beside ``path``.

    It is the same file, or one of both would have to be the folder of the other. Empty if there is none.
    """
    ours = one_path(path)
    return min(
        (
            other
            for other in taken
            if other == ours or other.startswith(f"{ours}/") or ours.startswith(f"{other}/")
        ),
        default="",
    )


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


def taken_paths(generators: Sequence[Any]) -> set[str]:
    """Return every output path of the build, as ``one_path`` writes them; tags are those that are written."""
    paths = set(map(one_path, filter(None, other_paths(generators))))
    for generator in generators:
        paths.update(getattr(generator, "mlnotes_paths", ()))
        if isinstance(generator, ArticlesGenerator):
            for tag, posts in generator.tags.items():
                paths.update(_tag_paths(tag, posts, generator.settings))
    return paths


def copied_paths(generators: Sequence[Any]) -> set[str]:
    """Return the folder of the theme's files and where static files go, as ``one_path`` writes them."""
    copied = {one_path(generators[0].settings["THEME_STATIC_DIR"])}
    for generator in generators:
        for file in getattr(generator, "staticfiles", ()):
            # Not `save_as`: to ask for that would pin it, so that a later {attach} could no longer move it.
            written = file.metadata.get("path", file.get_relative_source_path())
            copied.add(one_path(getattr(file, "override_save_as", written)))
    return copied


def other_paths(generators: Sequence[Any]) -> Iterator[str]:
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
