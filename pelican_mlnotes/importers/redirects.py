"""Where does an old address lead, in the words of the usual hosts?"""

import json
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from pelican.generators import PagesGenerator

from pelican_mlnotes.cli.site import Site
from pelican_mlnotes.importers.blogger import Blog
from pelican_mlnotes.importers.files import path_inside
from pelican_mlnotes.plugin.contents import published_articles


def find_redirects(blog: Blog, site: Site) -> dict[str, str]:
    """Return old address -> new address for posts, pages, labels and feeds that have moved.

    Both begin with a slash and are fit for every one of ``FORMATS``, see ``as_address``. A post is known by
    its slug, or by the address that it kept.
    """
    settings = site.articles.settings
    base = base_of(settings)
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
            found[old] = by_slug[post.slug]
    tags = {tag.name: tag for tag in site.articles.tags}
    for label in dict.fromkeys(label for post in blog.posts for label in post.labels):
        if label in tags and tags[label].save_as:
            found[f"search/label/{quote(label)}"] = tags[label].url
    for name, old in (("FEED_ALL_ATOM", "feeds/posts/default"), ("FEED_ALL_RSS", "rss.xml")):
        new = str(settings.get(f"{name}_URL") or settings.get(name) or "")
        if new and "://" not in new:  # a feed of another server is no page of this one
            found[old] = new
    return cleaned((old, base + new) for old, new in found.items())


def base_of(settings: Mapping[str, Any]) -> str:
    """Return the folder on its server that a site lies in, from its ``SITEURL``: ``"/"``, or ``"/blog/"``."""
    return f"/{urlsplit(settings['SITEURL']).path.strip('/')}/".replace("//", "/")


def cleaned(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return ``found`` as addresses, without those that lead to themselves or that no host can be told."""
    pairs = ((as_address(old), as_address(new)) for old, new in found)
    return {old: new for old, new in pairs if old != new and unquote(old).isprintable()}


def as_address(path: str) -> str:
    """Return ``path``, quoted or not, as an absolute path of ASCII letters, digits and ``/-._~%`` alone.

    So none of its characters is a wildcard, a variable, a comment or the end of a line to any host.
    """
    return "/" + quote(unquote(path).lstrip("/"), safe="/")


def _netlify(found: Mapping[str, str]) -> str:
    return "".join(f"{old}  {new}  301\n" for old, new in found.items())


def _apache(found: Mapping[str, str]) -> str:
    # Not "Redirect": that one also catches every address that begins alike. Unescaped, "%2" is a group of
    # a condition.
    lines = (
        f"RewriteRule ^{_pattern(old)}$ {_escaped(new, '%')} [R=301,L,NE]\n" for old, new in found.items()
    )
    return "RewriteEngine On\n" + "".join(lines)


def _pattern(old: str) -> str:
    path = unquote(old.lstrip("/"))
    return "".join(char if char.isalnum() or char in "/_-" else f"\\{char}" for char in path)


def _nginx(found: Mapping[str, str]) -> str:
    # Names are compared with decoded paths; what a "$" in them would be is no variable.
    lines = (f'    "{_escaped(unquote(old), _SPECIAL)}" "{new}";\n' for old, new in found.items())
    return "map $uri $moved_to {\n" + "".join(lines) + "}\n"


_SPECIAL = '\\"'


def _escaped(text: str, special: str) -> str:
    return "".join(f"\\{char}" if char in special else char for char in text)


def _json(found: Mapping[str, str]) -> str:
    return json.dumps(dict(found), ensure_ascii=False, indent=2) + "\n"


FORMATS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "netlify": _netlify,
    "apache": _apache,
    "nginx": _nginx,
    "json": _json,
}
"""Name of a format -> how it is written. ``netlify`` is the ``_redirects`` file of Cloudflare Pages too."""


_PAGE_START = (
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="generator" content="pelican-mlnotes redirects">\n'
)


def page_path(folder: Path, old: str) -> Path | None:
    """Return the file below ``folder`` that servers show at the address ``old``; ``None`` if there is none.

    Raises ``FolderError`` for an address that leads out of ``folder``.
    """
    path = unquote(old)
    if not path.endswith((".html", ".htm", "/")):
        return None
    return path_inside(folder, path + "index.html" if path.endswith("/") else path)


def is_page(file: Path) -> bool:
    """Return whether ``file`` is one that ``make_page`` made."""
    start = _PAGE_START.encode()
    with file.open("rb") as opened:
        return opened.read(len(start)) == start


def make_page(new: str) -> str:
    """Return a page that sends its reader to ``new``, for hosts that have no other way."""
    there = escape(new)
    return (
        f"{_PAGE_START}<title>Moved</title>\n"
        f'<link rel="canonical" href="{there}">\n<meta name="robots" content="noindex">\n'
        f'<meta http-equiv="refresh" content="0; url={there}">\n</head>\n'
        f'<body><p>This page has moved to <a href="{there}">{there}</a>.</p></body>\n</html>\n'
    )
