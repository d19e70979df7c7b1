"""What does an export file of Blogger hold, and how does a post of it become a file for Pelican?

Reads both forms: the backup ``blog-….xml``, and ``feed.atom`` of Google Takeout. A post becomes an HTML file
with the author's markup as it was, so that code keeps its lines and formulas their backslashes.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.importers.files import FreshNames, file_name
from pelican_mlnotes.importers.html import Edit, Tag, find_tags, mend_less_than, splice, value_at

_ATOM = "{http://www.w3.org/2005/Atom}"
_APP = ("{http://purl.org/atom/app#}", "{http://www.w3.org/2007/app}")
_THREAD = "{http://purl.org/syndication/thread/1.0}"
_TAKEOUT = "{http://schemas.google.com/blogger/2018}"
_KIND = "http://schemas.google.com/g/2005#kind"
_LABEL = "http://www.blogger.com/atom/ns#"
_TAKEOUT_LABEL = "tag:blogger.com,"

_FRAME = pattern(r"</?(?:html|head|body)\b[^<>]*>", re.IGNORECASE)
_BARE_AMPERSAND = pattern(r"&(?![A-Za-z][A-Za-z0-9]*;|#[0-9]+;|#[xX][0-9A-Fa-f]+;)")


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

    slug: str = ""
    """That of the address, else of the title; no other post of the blog has it."""
    file: str = ""
    """Path of the file that the post becomes, below the content folder."""
    keeps: bool = False
    """Whether a file can be written for its old address: no other post has it, and it leads nowhere else."""


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
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise BloggerError(f"this is no export file of Blogger: {error}{_hint(source, error)}") from error
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
        tuple(_with_own_names(posts)),
        tuple(replace(one, post=addresses.get(one.post, one.post)) for one in comments),
    )


def _hint(source: bytes, error: Exception) -> str:
    if source.startswith(b"PK"):
        return "; it is an archive: unpack it, and name the file feed.atom in it"
    if not source.rstrip().endswith(b">"):
        return "; it seems to be cut off: download it again"
    if isinstance(error, ElementTree.ParseError):
        return "; a character there is not in the encoding that the file names, or its markup is damaged"
    return ""


def files_by_address(posts: Iterable[BloggerPost]) -> dict[str, str]:
    """Return the address of each published post on the old blog -> the file that the post becomes."""
    found: dict[str, str] = {}
    for post in posts:
        if post.address:
            found.setdefault(post.address, post.file)
    return found


def make_html_post(post: BloggerPost, files: Mapping[str, str], *, keep: bool = True) -> str:
    """Return the HTML file of ``post``, at its old address with ``keep``, else where the settings say.

    Links to the addresses in ``files``, see ``files_by_address``, become links to the files.
    """
    head = {"date": post.date.isoformat(" ", "seconds"), "authors": _one_line(post.author)}
    head["tags"] = _listed(post.labels)
    head["slug"] = post.slug
    if post.draft:
        head["status"] = "draft"
    elif keep and post.keeps:
        head["save_as"] = unquote(post.address.lstrip("/"))
        head["url"] = post.address.lstrip("/")
    lines = [
        "<!DOCTYPE html>",
        "<html>",
        "<head>",
        '<meta name="generator" content="pelican-mlnotes">',
        f"<title>{escape(_one_line(post.title) or 'Untitled', quote=False)}</title>",
        *(f'<meta name="{name}" content="{escape(value)}">' for name, value in head.items() if value),
        "</head>",
        "<body>",
        _edited(post, files),
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _listed(labels: Iterable[str]) -> str:
    """Return ``labels`` as Pelican reads them: parted by semicolons if there is one, else by commas."""
    names = [_one_line(label).replace(";", ",") for label in labels]
    return "; ".join([*names, ""]).rstrip() if any("," in name for name in names) else ", ".join(names)


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
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
    except ValueError as error:
        name = _text(entry, f"{_ATOM}title") or _text(entry, f"{_ATOM}id")
        raise BloggerError(f"the entry {name!r} cannot be read: {error}; mend it in the file") from error
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


def _with_own_names(posts: Iterable[BloggerPost]) -> Iterator[BloggerPost]:
    """Yield the posts with files, slugs and addresses that no two of them share."""
    slugs, files, addresses = FreshNames(), FreshNames(), FreshNames()
    for post in posts:
        stem = posixpath.splitext(posixpath.basename(post.address))[0]
        name = file_name(unquote(stem), post.title) if stem else file_name(post.title).lower()
        start = "pages/" if post.kind == "page" else f"{post.date:%Y-%m-%d}-"
        path = unquote(post.address)
        keeps = _is_safe(path) and addresses.take(path) == path
        yield replace(post, slug=slugs.take(name), file=f"{files.take(start + name)}.html", keeps=keeps)


def _is_safe(path: str) -> bool:
    """Return whether a page of the old blog can be written at ``path`` of the new site.

    What lies in no folder may be a page of Pelican's own, such as ``/index.html``.
    """
    parts = path.split("/")
    return (
        len(parts) > 2
        and not parts[0]
        and all(part.strip(". ") for part in parts[1:])
        and path.isprintable()
        and not any(char in path for char in '\\:*?"<>|')
    )


def _edited(post: BloggerPost, files: Mapping[str, str]) -> str:
    """Return the HTML of ``post``, its links leading to ``files``, for Pelican's reader to hand on unchanged.

    That one ends at ``</body>``, and puts a semicolon behind the name in ``R&D``.
    """
    html = mend_less_than(post.html)
    edits: list[Edit] = []
    position = 0
    small = html.lower()
    tags = find_tags(html) if any(name in small for name in ("href", "<script", "<style")) else ()
    for tag in tags:
        link = _link(html, tag, post, files)
        if link:
            edits.append(link)
        if tag.content:
            edits += _readable(html, position, tag.end)
            position = tag.end + len(tag.content)
    edits += _readable(html, position, len(html))
    return splice(html, edits)


def _readable(html: str, start: int, end: int) -> Iterator[Edit]:
    # Beautiful Soup does not say where end tags stand.
    for match in _FRAME.finditer(html, start, end):
        yield *match.span(), ""
    for match in _BARE_AMPERSAND.finditer(html, start, end):
        yield *match.span(), "&amp;"


def _link(html: str, tag: Tag, post: BloggerPost, files: Mapping[str, str]) -> Edit | None:
    place = tag.attributes.get("href")
    if place is None or tag.name not in ("a", "area"):
        return None
    try:
        parts = urlsplit(value_at(html, place).strip())
    except ValueError:
        return None
    file = files.get(parts.path)
    if file is None or parts.query or parts.scheme not in ("", "http", "https"):
        return None
    # Takeout does not name the blog's server; any that has a post of ours at this address is it.
    if post.host and parts.netloc and _bare(parts.netloc) != _bare(post.host):
        return None
    anchor = f"#{parts.fragment}" if parts.fragment else ""
    return *place, f'"{{filename}}/{escape(file + anchor)}"'


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")
