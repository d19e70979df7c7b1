"""The list of related posts at the end of a post, for themes that have no place for it."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote, urljoin

from pelican.contents import Article
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
    links: dict[Article, tuple[str, str]] = {}
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
            for post in posts:
                if post not in links:
                    links[post] = title_text(post.title), _address(post)
            entries = [links[post] for post in posts]
            article._content = append_related(article._content, entries, headings[article.lang])


def _address(post: Article) -> str:
    """Return the address of ``post``; where it depends on the page it stands on, what Pelican makes it of."""
    if post.settings["RELATIVE_URLS"]:
        return f"{{filename}}/{quote(post.relative_source_path)}"
    # Pelican would take 200,000 instructions for each link to find the same.
    site_url = str(post.get_siteurl())
    return urljoin(site_url if site_url.endswith("/") else f"{site_url}/", str(post.url).replace("\\", "/"))


def append_related(html: str, posts: Sequence[tuple[str, str]], heading: str) -> str:
    """Return ``html`` with a list of ``posts`` at its end; as it is if there are none or they stand there.

    ``posts`` are pairs of a title (plain text) and an address.
    """
    if not posts or _START in html:
        return html
    items = "\n".join(f'<li><a href="{escape(address)}">{escape(title)}</a></li>' for title, address in posts)
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
