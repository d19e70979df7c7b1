"""Where does an old address lead, in the words of the usual hosts?"""

import json
from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import quote, unquote

from pelican.generators import PagesGenerator

from pelican_mlnotes.blogger import Blog
from pelican_mlnotes.reading import Site
from pelican_mlnotes.tagging import published_articles


def find_redirects(blog: Blog, site: Site) -> dict[str, str]:
    """Return old path -> new path for posts, pages, labels and feeds that have moved.

    Both begin with a slash. A post is known by its slug, or by the address that it kept.
    """
    settings = site.articles.settings
    contents = list(published_articles(site.articles))
    for generator in site.generators:
        if isinstance(generator, PagesGenerator):
            contents += generator.pages
    by_slug = {one.slug: one.url for one in reversed(contents)}
    kept = {one.url for one in contents}
    found: dict[str, str] = {}
    for post in blog.posts:
        old = post.address.lstrip("/")
        if old and old not in kept and post.slug in by_slug:
            found[f"/{old}"] = "/" + by_slug[post.slug]
    tags = {tag.name: tag for tag in site.articles.tags}
    for label in dict.fromkeys(label for post in blog.posts for label in post.labels):
        if label in tags and tags[label].save_as:
            found[f"/search/label/{quote(label)}"] = "/" + tags[label].url
    for name, old in (("FEED_ALL_ATOM", "/feeds/posts/default"), ("FEED_ALL_RSS", "/rss.xml")):
        if settings.get(name):
            found[old] = "/" + str(settings.get(f"{name}_URL") or settings[name])
    return {old: new for old, new in found.items() if old != new}


def _netlify(found: Mapping[str, str]) -> str:
    return "".join(f"{old}  {new}  301\n" for old, new in found.items())


def _apache(found: Mapping[str, str]) -> str:
    # Not "Redirect": that one also catches every address that begins alike.
    lines = (f"RewriteRule ^{_pattern(old)}$ {new} [R=301,L,NE]\n" for old, new in found.items())
    return "RewriteEngine On\n" + "".join(lines)


def _pattern(old: str) -> str:
    path = unquote(old.lstrip("/"))
    return "".join(char if char.isalnum() or char in "/_-" else f"\\{char}" for char in path)


def _nginx(found: Mapping[str, str]) -> str:
    lines = (f'    "{_quoted(unquote(old))}" "{_quoted(new)}";\n' for old, new in found.items())
    return "map $uri $moved_to {\n" + "".join(lines) + "}\n"


def _quoted(path: str) -> str:
    return path.replace("\\", "\\\\").replace('"', '\\"')


def _json(found: Mapping[str, str]) -> str:
    return json.dumps(dict(found), ensure_ascii=False, indent=2) + "\n"


FORMATS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "netlify": _netlify,
    "apache": _apache,
    "nginx": _nginx,
    "json": _json,
}
"""Name of a format -> how it is written. ``netlify`` is the ``_redirects`` file of Cloudflare Pages too."""


def make_page(new: str) -> str:
    """Return a page that sends its reader to ``new``, for hosts that have no other way."""
    there = escape(new)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Moved</title>\n'
        f'<link rel="canonical" href="{there}">\n<meta name="robots" content="noindex">\n'
        f'<meta http-equiv="refresh" content="0; url={there}">\n</head>\n'
        f'<body><p>This page has moved to <a href="{there}">{there}</a>.</p></body>\n</html>\n'
    )
