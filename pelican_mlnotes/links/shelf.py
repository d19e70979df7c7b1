"""Which papers do the posts of a site treat, by which titles, in which order?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pelican_mlnotes.links.papers import Paper, paper_at
from pelican_mlnotes.links.titles import best_title, is_title

Texts = tuple[tuple[str, str], ...]
"""Addresses of papers, and the best text that a post's links to each have."""
Titles = Mapping[str, Mapping[str, str]]
"""Addresses of papers -> languages -> what posts in that language call each; under ``""`` those in any."""


@dataclass(frozen=True, slots=True)
class Note:
    """A published post as a list of papers sees it."""

    key: str
    group: str
    """What a post and its translations have in common."""
    lang: str
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


def common_titles(posts: Iterable[tuple[str, Texts]]) -> Titles:
    """Return what papers are called in ``posts``, pairs of a language and the papers."""
    texts: dict[str, dict[str, list[str]]] = {}
    for lang, papers in posts:
        for url, text in papers:
            for group in {lang, ""}:
                texts.setdefault(url, {}).setdefault(group, []).append(text)
    return {url: {lang: best_title(some) for lang, some in by.items()} for url, by in texts.items()}


def papers_of(texts: Texts, common: Titles, lang: str) -> tuple[Paper, ...]:
    """Return the papers of a post in ``lang``.

    Each is called what the post calls it if that is a title, else what posts in its language do, else what
    posts in others do, else by its id.
    """
    found = []
    for url, text in texts:
        paper = paper_at(url)
        if paper is not None:
            known = common.get(url, {})
            title = text if is_title(text) else best_title((text, known.get(lang, ""))) or known.get("", "")
            found.append(replace(paper, title=title) if title else paper)
    return tuple(found)


def shelve(notes: Sequence[Note], lang: str) -> tuple[Treated, ...]:
    """Return the papers that ``notes`` treat: most treated first, then the newest, then by topic.

    Titles, and versions of a post, are those in ``lang`` where there are any.
    """
    common = common_titles((note.lang, note.papers) for note in notes)
    treating: dict[str, dict[str, Note]] = {}
    for note in sorted(notes, key=lambda note: (note.lang != lang, note.key)):
        for url, _ in note.papers:
            treating.setdefault(url, {}).setdefault(note.group, note)
    found = []
    for url, by_group in treating.items():
        newest = sorted(by_group.values(), key=lambda note: (-note.date.timestamp(), note.key))
        topics = Counter(note.topic for note in newest if note.topic)
        topic = min(topics, key=lambda name: (-topics[name], name), default="")
        keys = tuple([note.key for note in newest])
        found += [Treated(paper, topic, keys) for paper in papers_of(((url, ""),), common, lang)]
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
