"""Which papers do the posts of a site treat, by which titles, in which order?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pelican_mlnotes.links.papers import Paper, paper_at
from pelican_mlnotes.links.titles import best_title, is_title

Texts = tuple[tuple[str, str], ...]
"""Addresses of papers, and the best text that a post's links to each have."""


@dataclass(frozen=True, slots=True)
class Note:
    """A published post as a list of papers sees it."""

    key: str
    group: str
    """What a post and its translations have in common."""
    in_default_lang: bool
    date: datetime
    """Aware of its time zone."""
    topic: str
    """Label of its main topic; empty if there is none."""
    papers: Texts


@dataclass(frozen=True, slots=True)
class Treated:
    """A paper, and the posts that treat it."""

    paper: Paper
    topic: str
    """The main topic of most of the posts; empty if none has one."""
    notes: tuple[str, ...]
    """Keys of the posts, newest first; of several versions of a post one."""


def first_texts(links: Iterable[tuple[str, str]]) -> Texts:
    """Return each paper among ``links``, pairs of an address and a clean text, in their order."""
    texts: dict[str, list[str]] = {}
    for address, text in links:
        paper = paper_at(address)
        if paper is not None:
            texts.setdefault(paper.url, []).append(text)
    return tuple([(url, best_title(some)) for url, some in texts.items()])


def common_titles(posts: Iterable[Texts]) -> dict[str, str]:
    """Return, by their addresses, what papers are called in ``posts``; none is empty."""
    texts: dict[str, list[str]] = {}
    for papers in posts:
        for url, text in papers:
            texts.setdefault(url, []).append(text)
    return {url: title for url, some in texts.items() if (title := best_title(some))}


def papers_of(texts: Texts, common: Mapping[str, str]) -> tuple[Paper, ...]:
    """Return the papers of a post, each by the title that the post gives it, or else the site, or its id."""
    found = []
    for url, text in texts:
        paper = paper_at(url)
        if paper is not None:
            title = text if is_title(text) else best_title((text, common.get(url, "")))
            found.append(replace(paper, title=title) if title else paper)
    return tuple(found)


def shelve(notes: Sequence[Note]) -> tuple[Treated, ...]:
    """Return the papers that ``notes`` treat: most treated first, then the newest, then by topic."""
    common = common_titles(note.papers for note in notes)
    treating: dict[str, dict[str, Note]] = {}
    for note in sorted(notes, key=lambda note: (not note.in_default_lang, note.key)):
        for url, _ in note.papers:
            treating.setdefault(url, {}).setdefault(note.group, note)
    found = []
    for url, by_group in treating.items():
        newest = sorted(by_group.values(), key=lambda note: (-note.date.timestamp(), note.key))
        topics = Counter(note.topic for note in newest if note.topic)
        topic = min(topics, key=lambda name: (-topics[name], name), default="")
        keys = tuple([note.key for note in newest])
        found += [Treated(paper, topic, keys) for paper in papers_of(((url, ""),), common)]
    return tuple(sorted(found, key=_place))


def _place(treated: Treated) -> tuple[int, int, bool, str, str, str]:
    paper, topic = treated.paper, treated.topic
    return (
        -len(treated.notes),
        -(paper.year or 0),
        not topic,
        topic.casefold(),
        paper.title.casefold(),
        paper.key,
    )
