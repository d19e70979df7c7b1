"""The list of related posts at the end of a post, for themes that have no place for it."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from pelican_mlnotes._cache import read_toml
from pelican_mlnotes.text.words import language_of

_START = '\n<nav class="mlnotes-related" aria-label="'
_END = "</nav>"


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
