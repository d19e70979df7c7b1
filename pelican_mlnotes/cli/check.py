"""What should the owner of a site look at?"""

import logging
import posixpath
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from urllib.parse import unquote, urlsplit

from pelican.contents import Article
from pelican.generators import PagesGenerator

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.cli.site import Site, shown_path
from pelican_mlnotes.document.pictures import can_preview
from pelican_mlnotes.formulas.leftovers import first_leftover
from pelican_mlnotes.plugin.contents import NONE, all_articles, author_line, key_of
from pelican_mlnotes.plugin.files import depends_on_files, local_file, written_files
from pelican_mlnotes.plugin.formulas import LEFTOVERS, is_marking
from pelican_mlnotes.plugin.misspelt import line_of, misspelt_keys
from pelican_mlnotes.plugin.tags import count_tags
from pelican_mlnotes.text.words import words

LEVELS = ("error", "warning", "note")
"""Most serious first."""

_LEASTS = (1, 2, 3, 5, 10)
_WARNINGS = ("misspelt", "mixed-signs")
_KINDS = (
    ("Related_posts ", "related-posts"),
    ("the formula ", "formula"),
    ("Topics ", "misspelt"),
    ("no topic is called ", "misspelt"),
    ("some names of its line 'Topics:' ", "mixed-signs"),
)  # how messages of ours start

_UNKNOWN_COMMAND = pattern(r"is shown as TeX: Unknown command \"(\\[a-zA-Z]+)\"")

# Near duplicates: A. Z. Broder, "On the resemblance and containment of documents" (1997).
_SHINGLE = 5  # words in a row
_SKETCH = 96  # smallest hashes kept of a post
_SAME = 0.6  # share of common shingles from which two posts count as near duplicates
_SHORTEST = 40  # words; shorter posts say too little to be told apart
_COMMON = 12  # a hash that more posts have belongs to a text that they all quote


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at."""

    level: str
    kind: str
    path: str
    message: str


def check_site(site: Site, posts: Sequence[Article]) -> list[Finding]:
    """Return what is found about ``posts``, by level and path."""
    shown = {shown_path(post.source_path or key_of(post)) for post in posts}
    found = [
        *_log(site),
        *(Finding("error", "unreadable", path, "Pelican cannot read this post") for path in site.unreadable),
        *_images(site, posts),
        *_topics(site, posts),
        *_keys(site, posts),
        *_leftovers(site, posts),
        *(one for one in _duplicates(site) if one.path in shown),
    ]
    return sorted(
        dict.fromkeys(found), key=lambda one: (LEVELS.index(one.level), one.path, one.kind, one.message)
    )


def tags_left(site: Site) -> dict[int, int]:
    """Return how many tags have a page for a few values of ``MLNOTES_TOPICS_MIN_POSTS``, the site's own too.

    Nothing where no post gets topics, or tags have no pages.
    """
    if site.build.taxonomy is None or not site.articles.settings["TAG_SAVE_AS"]:
        return {}
    leasts = sorted({*_LEASTS, site.build.settings.topics_min_posts})
    return count_tags(site.articles, site.build.taxonomy, leasts)


def undefined_commands(site: Site) -> dict[str, int]:
    """Return the commands that no formula of ``site`` knows, and in how many each stands; most first."""
    uses = Counter(name for warned in site.warned for name in _UNKNOWN_COMMAND.findall(warned.message))
    return dict(sorted(uses.items(), key=lambda one: (-one[1], one[0])))


def _log(site: Site) -> Iterator[Finding]:
    for warned in site.warned:
        message = warned.message.removeprefix("pelican_mlnotes: ")
        if message.startswith(LEFTOVERS):  # which are told by post here
            continue
        if warned.logger.startswith("pelican_mlnotes"):
            kind = next((kind for start, kind in _KINDS if message.startswith(start)), "plugin")
            yield Finding("warning" if kind in _WARNINGS else "error", kind, warned.path, message)
        elif not message.startswith("Empty alt attribute"):  # our own words come with every such image
            level = "error" if warned.level >= logging.ERROR else "warning"
            yield Finding(level, "pelican", warned.path, message)


def _topics(site: Site, posts: Sequence[Article]) -> Iterator[Finding]:
    taxonomy = site.build.taxonomy
    if taxonomy is None:
        return
    for post in posts:
        named = any(taxonomy.find(tag.name, instances=True) for tag in getattr(post, "tags", ()))
        if not named and not getattr(post, "topics", ()) and "topics" not in post.metadata:
            yield Finding(
                "note",
                "no-topics",
                shown_path(post.source_path or key_of(post)),
                "no topic of the taxonomy fits; the line 'Topics: none' says that this is right",
            )


def _keys(site: Site, posts: Sequence[Article]) -> Iterator[Finding]:
    asked = set(map(key_of, posts))
    for post, key, right in misspelt_keys(all_articles(site.articles)):
        if key_of(post) in asked:
            path = shown_path(post.source_path or key_of(post))
            line = line_of(post, key)
            place = f"line {line}: " if line else ""
            message = f"{place}nothing reads {key.capitalize()!r}; did you mean {right.capitalize()!r}?"
            yield Finding("warning", "misspelt", path, message)


def _leftovers(site: Site, posts: Sequence[Article]) -> Iterator[Finding]:
    if not is_marking(site.articles.settings):
        return
    whole = len(posts) == len(site.posts())
    pages = [one for one in site.generators if isinstance(one, PagesGenerator)] if whole else []
    for content in (*posts, *(page for one in pages for page in (*one.pages, *one.translations))):
        if piece := first_leftover(content._content or ""):
            advice = "put it between delimiters, or in backticks if it is code"
            path = shown_path(content.source_path or content.slug)
            yield Finding("warning", "left-over", path, f"the page shows {piece} as text; {advice}")


def _images(site: Site, posts: Sequence[Article]) -> Iterator[Finding]:
    written = written_files(site.generators)
    for post in posts:
        path = shown_path(post.source_path or key_of(post))
        for picture in site.document(post).pictures:
            name = _shown_address(picture.src)
            if not picture.alt:
                yield Finding("warning", "no-alt-text", path, f"image {name} has no alternative text")
            if fault := _fault(picture.src, site, post, written):
                yield Finding("error", "no-image-file", path, f"image {name} {fault}")
        own = author_line(post, "image")
        if own and own.lower() != NONE:
            if not can_preview(own):
                message = f"Image: {_shown_address(own)} is no address that a list or a network can show"
                yield Finding("error", "no-image-file", path, message)
            elif fault := _fault(own, site, post, written):
                yield Finding("error", "no-image-file", path, f"Image: {_shown_address(own)} {fault}")


def _shown_address(address: str) -> str:
    if address[:5].lower() == "data:":
        return "in the text itself"
    return address if len(address) <= 100 else address[:97] + "..."


def _fault(address: str, site: Site, post: Article, written: Collection[str]) -> str:
    """Return what is wrong with the file that ``address`` of ``post`` names; empty if nothing is."""
    settings = site.articles.settings
    if not _is_ours(address, settings) or _output_path(address, post, settings) in written:
        return ""
    file = local_file(address, site.content, post.relative_dir, settings["SITEURL"])
    if file is None:
        return "has no file"
    if not depends_on_files(address):
        return ""
    return f"has no file where the page {post.save_as} looks for it; write {{attach}}{address}"


def _is_ours(address: str, settings: Any) -> bool:
    """Is the file one that this site has to bring?"""
    if settings["SITEURL"] and address.startswith(settings["SITEURL"].rstrip("/") + "/"):
        return True
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and bool(parts.path)


def _output_path(address: str, post: Article, settings: Any) -> str:
    site = settings["SITEURL"].rstrip("/")
    address = address.removeprefix(site) if site else address
    path = unquote(urlsplit(address).path)
    start = "" if path.startswith("/") else posixpath.dirname(post.save_as)
    return posixpath.normpath(posixpath.join(start, path.lstrip("/")))


def _duplicates(site: Site) -> Iterator[Finding]:
    sketches: dict[str, list[int]] = {}
    holders: dict[tuple[str, int], list[str]] = defaultdict(list)
    posts = [post for post in site.posts() if post.status == "published"]
    for post in posts:
        tokens = words(site.document(post).prose)
        if len(tokens) < _SHORTEST:
            continue
        sketches[key_of(post)] = sketch = make_sketch(tokens)
        for value in sketch:
            holders[post.lang, value].append(key_of(post))
    common: dict[str, dict[str, int]] = defaultdict(dict)
    for keys in holders.values():
        for index, first in enumerate(keys[:_COMMON]):
            for second in keys[index + 1 : _COMMON]:
                common[first][second] = common[first].get(second, 0) + 1
    by_key = {key_of(post): post for post in posts}
    for first, others in common.items():
        for second in others:
            share = resemblance(sketches[first], sketches[second])
            if share >= _SAME:
                other = by_key[second]
                yield Finding(
                    "warning",
                    "near-duplicate",
                    shown_path(by_key[first].source_path or first),
                    f"shares about {share:.0%} of its text with {shown_path(other.source_path or second)}",
                )


def make_sketch(tokens: Sequence[str]) -> list[int]:
    """Return the smallest hashes of the runs of five words in ``tokens``, ascending."""
    runs = {" ".join(tokens[at : at + _SHINGLE]) for at in range(max(1, len(tokens) - _SHINGLE + 1))}
    hashes = (int.from_bytes(blake2b(run.encode(), digest_size=8).digest()) for run in runs)
    return sorted(set(hashes))[:_SKETCH]


def resemblance(first: Sequence[int], second: Sequence[int]) -> float:
    """Return the estimated share, 0..1, of runs of words that two texts have in common."""
    smallest = sorted({*first, *second})[: max(len(first), len(second))]
    both = {*first} & {*second}
    return sum(value in both for value in smallest) / len(smallest) if smallest else 0.0
