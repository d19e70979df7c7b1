"""The list of related posts at the end of a post, for themes that have no place for it."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from pelican.generators import ArticlesGenerator

from pelican_mlnotes._cache import read_toml
from pelican_mlnotes.formulas.titles import title_text
from pelican_mlnotes.plugin.contents import all_articles
from pelican_mlnotes.plugin.formulas import pelican_summary
from pelican_mlnotes.plugin.guard import guard
from pelican_mlnotes.text.words import language_of

_START = '\n<nav class="mlnotes-related" aria-label="'
_END = "</nav>"


def append_to_posts(generator: ArticlesGenerator) -> None:
    """Add to each post of ``generator`` the list of those related to it."""
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


def append_related(html: str, posts: Sequence[tuple[str, str]], heading: str) -> str:
    """Return ``html`` with a list of ``posts`` at its end; as it is if there are none or they stand there.

    ``posts`` are pairs of a title (plain text) and a source path relative to the content folder, which
    Pelican turns into the address that the page being written needs.
    """
    if not posts or _START in html:
        return html
    items = "\n".join(
        f'<li><a href="{{filename}}/{quote(path)}">{escape(title)}</a></li>' for title, path in posts
    )
    name = escape(heading)
    return f'{html}{_START}{name}">\n<h2>{name}</h2>\n<ul>\n{items}\n</ul>\n{_END}'


def without_related(html: str) -> str:
    """Return ``html`` without the list that ``append_related`` added."""
    start = html.rfind(_START)
    return html[:start] if start >= 0 and html.rstrip().endswith(_END) else html


def related_heading(lang: str) -> str:
    """Return the words "Related posts" in ``lang``; in English if that language is missing."""
    words = read_toml(Path(__file__).with_name("words.toml"))["related_posts"]
    return str(words.get(language_of(lang), words["en"]))
