"""What does an export file of Blogger hold, and how does a post of it become a file for Pelican?

Reads both forms: the backup ``blog-….xml``, and ``feed.atom`` of Google Takeout. A post becomes an HTML file
with the author's markup as it was, so that code keeps its lines and formulas their backslashes.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

_ATOM = "{http://www.w3.org/2005/Atom}"
_APP = ("{http://purl.org/atom/app#}", "{http://www.w3.org/2007/app}")
_THREAD = "{http://purl.org/syndication/thread/1.0}"
_TAKEOUT = "{http://schemas.google.com/blogger/2018}"
_KIND = "http://schemas.google.com/g/2005#kind"
_LABEL = "http://www.blogger.com/atom/ns#"
_TAKEOUT_LABEL = "tag:blogger.com,"

_SCRIPT = re.compile(r"(<(script|style)\b.*?</\2\s*>)", re.IGNORECASE | re.DOTALL)
_FRAME = re.compile(r"</?(?:html|head|body)\b[^>]*>", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?![A-Za-z][A-Za-z0-9]*;|#[0-9]+;|#[xX][0-9A-Fa-f]+;)")
_LINK = re.compile(r"""(\bhref\s*=\s*)(["'])https?://([^/"'?#]+)(/[^"'?#]*)(#[^"']*)?\2""", re.IGNORECASE)
_ODD = re.compile(r"[^\w.-]+")


class BloggerError(ValueError):
    """The file is no export of Blogger."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reader wrote below a post."""

    post: str
    """Address of the post, or its id where the file gives no address."""
    author: str
    date: str
    html: str


@dataclass(frozen=True, slots=True)
class BloggerPost:
    """A post or a page."""

    id: str
    kind: str
    """``"post"`` or ``"page"``."""
    title: str
    html: str
    date: datetime
    author: str
    labels: tuple[str, ...]
    draft: bool
    address: str
    """Path on the old blog, as ``/2013/05/title.html``; empty for a draft."""
    host: str
    """Name of the old blog's server; empty if the file does not say."""

    @property
    def slug(self) -> str:
        return posixpath.splitext(posixpath.basename(self.address))[0]

    @property
    def file(self) -> str:
        """Name of the file that the post becomes, below the content folder."""
        name = _ODD.sub("-", self.slug or self.title or self.id).strip("-.")[:100] or "untitled"
        if self.kind == "page":
            return f"pages/{name}.html"
        return f"{self.date:%Y-%m-%d}-{name}.html"


@dataclass(frozen=True, slots=True)
class Blog:
    """The contents of an export file."""

    posts: tuple[BloggerPost, ...]
    """Posts and pages, oldest first."""
    comments: tuple[Comment, ...]


def read_blogger(source: bytes) -> Blog:
    """Return posts, pages and comments of an export file; raises ``BloggerError`` for any other file."""
    try:
        # The owner's own file; expat itself refuses entities that expand without bound.
        feed = ElementTree.fromstring(source)  # noqa: S314
    except ElementTree.ParseError as error:
        raise BloggerError(f"this is no export file of Blogger: {error}") from error
    if feed.tag != f"{_ATOM}feed":
        raise BloggerError("this is no export file of Blogger: it holds no Atom feed")
    posts: list[BloggerPost] = []
    comments: list[Comment] = []
    for entry in feed.iter(f"{_ATOM}entry"):
        kind = _kind(entry)
        if kind in ("post", "page"):
            post = _post(entry, kind)
            if post:
                posts.append(post)
        elif kind == "comment":
            comments.append(_comment(entry))
    addresses = {post.id: post.address for post in posts if post.address}
    posts.sort(key=lambda post: (post.date.timestamp(), post.id))
    return Blog(
        tuple(_with_own_files(posts)),
        tuple(replace(one, post=addresses.get(one.post, one.post)) for one in comments),
    )


def make_html_post(
    post: BloggerPost, files: Iterable[BloggerPost], slug: str = "", *, keep: bool = True
) -> str:
    """Return the HTML file of ``post``; links to the posts in ``files`` become links to their files.

    ``slug`` replaces the one in the old address; with ``keep`` the post stays at that address.
    """
    known = {one.address: one.file for one in files if one.address}
    head = {"date": post.date.isoformat(" ", "seconds"), "authors": post.author}
    head["tags"] = ", ".join(post.labels)
    head["slug"] = slug or post.slug
    if post.draft:
        head["status"] = "draft"
    elif keep and _is_safe(post.address):
        head["save_as"] = unquote(post.address.lstrip("/"))
        head["url"] = post.address.lstrip("/")
    lines = [
        "<!DOCTYPE html>",
        "<html>",
        "<head>",
        '<meta name="generator" content="pelican-mlnotes">',
        f"<title>{escape(' '.join(post.title.split()) or 'Untitled', quote=False)}</title>",
        *(f'<meta name="{name}" content="{escape(value)}">' for name, value in head.items() if value),
        "</head>",
        "<body>",
        _readable(_with_links(post, known)),
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines)


def unique_slugs(posts: Iterable[BloggerPost]) -> dict[str, str]:
    """Return id -> slug: that of the address, numbered where two months have a post of one name."""
    slugs: dict[str, str] = {}
    taken: set[str] = set()
    for post in posts:
        slug, number = post.slug, 1
        while slug and slug in taken:
            number += 1
            slug = f"{post.slug}-{number}"
        taken.add(slug)
        slugs[post.id] = slug
    return slugs


def _text(entry: ElementTree.Element, name: str) -> str:
    return (entry.findtext(name) or "").strip()


def _kind(entry: ElementTree.Element) -> str:
    takeout = _text(entry, f"{_TAKEOUT}type")
    if takeout:
        return takeout.lower()
    for category in entry.iter(f"{_ATOM}category"):
        if category.get("scheme") == _KIND:
            return category.get("term", "").rpartition("#")[2]
    return ""


def _post(entry: ElementTree.Element, kind: str) -> BloggerPost | None:
    status = _text(entry, f"{_TAKEOUT}status").upper()
    if "TRASHED" in status:
        return None
    link = next(
        (one.get("href", "") for one in entry.iter(f"{_ATOM}link") if one.get("rel") == "alternate"), ""
    )
    draft = status == "DRAFT" or any(_text(entry, f"{app}control/{app}draft") == "yes" for app in _APP)
    try:
        parts = urlsplit(_text(entry, f"{_TAKEOUT}filename") or link)
        address, host = parts.path, parts.netloc
        date = datetime.fromisoformat(_text(entry, f"{_ATOM}published"))
    except ValueError as error:
        raise BloggerError(f"entry {_text(entry, f'{_ATOM}id')!r}: {error}") from error
    labels = [
        category.get("term", "").strip()
        for category in entry.iter(f"{_ATOM}category")
        if category.get("scheme", "").startswith((_LABEL, _TAKEOUT_LABEL))
    ]
    return BloggerPost(
        id=_text(entry, f"{_ATOM}id"),
        kind=kind,
        title=_text(entry, f"{_ATOM}title"),
        html=entry.findtext(f"{_ATOM}content") or "",
        date=date,
        author=_text(entry, f"{_ATOM}author/{_ATOM}name"),
        labels=tuple(dict.fromkeys(label for label in labels if label)),
        draft=draft,
        address="" if draft else address,
        host=host,
    )


def _comment(entry: ElementTree.Element) -> Comment:
    parent = entry.find(f"{_THREAD}in-reply-to")
    return Comment(
        post=_text(entry, f"{_TAKEOUT}parent") or ("" if parent is None else parent.get("ref", "")),
        author=_text(entry, f"{_ATOM}author/{_ATOM}name"),
        date=_text(entry, f"{_ATOM}published"),
        html=entry.findtext(f"{_ATOM}content") or "",
    )


def _with_own_files(posts: Iterable[BloggerPost]) -> Iterator[BloggerPost]:
    """Yield the posts, drafts of one name told apart by their ids."""
    taken: set[str] = set()
    for post in posts:
        named = post
        if post.file.lower() in taken:
            named = replace(post, title=f"{post.title} {post.id.rpartition('-')[2]}") if post.draft else post
        taken.add(named.file.lower())
        yield named


def _is_safe(address: str) -> bool:
    path = unquote(address)
    return path.startswith("/") and path != "/" and ".." not in path.split("/") and "\\" not in path


def _with_links(post: BloggerPost, known: dict[str, str]) -> str:
    def linked(match: re.Match[str]) -> str:
        name, quote, host, path, anchor = match.groups()
        # Takeout does not name the blog's server; any that has a post of ours at this address is it.
        if path not in known or (post.host and _bare(host) != _bare(post.host)):
            return match[0]
        return f"{name}{quote}{{filename}}/{known[path]}{anchor or ''}{quote}"

    return _LINK.sub(linked, post.html)


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def _readable(html: str) -> str:
    """Return ``html`` so that Pelican's reader hands it on unchanged.

    It ends at ``</body>``, and puts a semicolon behind the name in ``R&D``.
    """
    parts = _SCRIPT.split(html)
    # The split yields text, script, name of its element, text, ...
    for index in range(0, len(parts), 3):
        parts[index] = _BARE_AMPERSAND.sub("&amp;", _FRAME.sub("", parts[index]))
    return "".join(part for index, part in enumerate(parts) if index % 3 != 2)
