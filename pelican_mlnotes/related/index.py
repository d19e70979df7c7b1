"""Which posts are shown as related to each?

Whole posts are compared, by the cosine of their vectors (see ``vectors``), each with a few that it may be
near to (see ``neighbours``).
"""

from base64 import b85decode, b85encode
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from pelican_mlnotes.document.model import Post
from pelican_mlnotes.related.neighbours import find_neighbours
from pelican_mlnotes.related.reasons import Evidence, Relation
from pelican_mlnotes.related.vectors import BOOSTS, Holders, TermNumbers, Terms, make_terms
from pelican_mlnotes.text.words import normalise_all, stop_words, words

_SAME = 0.8  # posts with this cosine say the same: a list shows one of them
_SERIES = 2  # and at most so many of a series
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Entry(NamedTuple):
    """What is kept of a post."""

    key: str
    age: float  # seconds, the smaller the newer
    topics: tuple[str, ...]
    series: str
    group: str
    terms: Terms


class RelatedIndex:
    """Posts of one language, added one by one, then ranked against each other.

    Of a post of 800 words about 6 KB are kept, and nothing of its document.
    """

    def __init__(self, lang: str, broader: Mapping[str, Container[str]] | None = None) -> None:
        """Start an index of posts in ``lang``; ``broader`` says which labels are more general than one."""
        self._lang = lang
        self._broader = {} if broader is None else broader
        self._numbers = TermNumbers(stop_words(lang))
        self._holders = Holders()
        self._published: list[_Entry] = []
        self._queries: list[_Entry] = []

    def add(
        self,
        post: Post,
        *,
        tokens: Sequence[str] | None = None,
        terms: Sequence[str] | None = None,
        topics: Sequence[str] = (),
        series: str = "",
        group: str = "",
        published: bool = True,
    ) -> None:
        """Add ``post``; its key must be new.

        ``tokens`` is ``words(post.document.prose)`` if the caller has it; with ``terms``, which ``recall``
        gave of the same post, its document is not looked at.  ``topics`` are labels to name as reasons, best
        first.  ``series`` names the series it is part of, ``group`` the text it translates: posts of one
        group are never related.  A post that is not ``published`` (a draft) is given related posts, and
        changes nothing for any other.
        """
        counted = self._read(post, tokens) if terms is None else _unpack(terms)
        if published:
            self._holders.add(counted)
        date = post.date if post.date.tzinfo else post.date.replace(tzinfo=UTC)
        (self._published if published else self._queries).append(
            _Entry(post.key, -(date - _EPOCH).total_seconds(), tuple(topics), series, group, counted)
        )

    def _read(self, post: Post, tokens: Sequence[str] | None) -> Terms:
        document, encode = post.document, self._numbers.encode
        fields = ((post.title,), document.headings, post.tags, document.captions)
        boosts = [boost for boost, field in zip(BOOSTS, fields, strict=True) for _ in field]
        # All passages in one go: each by itself takes four times as long.
        passages = normalise_all([passage for field in fields for passage in field])
        return make_terms(
            encode(words(document.prose) if tokens is None else tokens),
            [(boost, encode(text.split())) for boost, text in zip(boosts, passages, strict=True)],
        )

    def recall(self, keys: Container[str]) -> dict[str, list[str]]:
        """Return, as plain data, the terms of those posts added whose key is one of ``keys``."""
        entries = chain(self._published, self._queries)
        return {entry.key: _pack(entry.terms) for entry in entries if entry.key in keys}

    def rank(self, *, max: int, min_score: float) -> dict[str, tuple[Relation, ...]]:  # noqa: A002
        """Return, for the key of each post added, at most ``max`` relations to published posts, best first.

        Those with a score below ``min_score`` are left out.  Ties go to the newer post, then to the lower
        key.
        """
        published = sorted(self._published, key=attrgetter("age", "key"))
        entries = [*published, *self._queries]
        if not published:
            return {entry.key: () for entry in entries}
        near = find_neighbours(
            [entry.terms for entry in entries],
            [entry.group for entry in entries],
            self._holders,
            len(published),
        )
        evidence = Evidence(near.vectors, self._holders, near.rarities, self._numbers, self._lang)
        relations = {}
        for place, entry in enumerate(entries):
            chosen = _choose(entries, near.cosines, place, max, min_score)
            relations[entry.key] = tuple(
                [
                    Relation(
                        entries[other].key,
                        round(score, 4),
                        _most_special(entry.topics, entries[other].topics, self._broader),
                        evidence,
                        (place, other),
                    )
                    for other, score in chosen
                ]
            )
        return relations


def rank_related(
    posts: Iterable[Post],
    *,
    max: int,  # noqa: A002
    min_score: float,
    queries: Iterable[Post] = (),
) -> dict[str, tuple[Relation, ...]]:
    """Return related posts for the key of each of ``posts`` and ``queries``, all of one language.

    Only ``posts`` are listed; see ``RelatedIndex``.
    """
    index: RelatedIndex | None = None
    for published, group in ((True, posts), (False, queries)):
        for post in group:
            index = index or RelatedIndex(post.lang)
            index.add(post, published=published)
    return index.rank(max=max, min_score=min_score) if index else {}


def _most_special(
    labels: Sequence[str], others: Sequence[str], broader: Mapping[str, Container[str]]
) -> tuple[str, ...]:
    """Return those of ``labels`` that are among ``others``, none beside one that it is broader than."""
    shared = [label for label in labels if label in others]
    return tuple([one for one in shared if not any(one in broader.get(other, ()) for other in shared)])


def _pack(terms: Terms) -> list[str]:
    return [b85encode(part).decode("ascii") for part in terms]


def _unpack(packed: Sequence[str]) -> Terms:
    return Terms(*map(b85decode, packed))


def _choose(
    entries: Sequence[_Entry],
    cosines: Sequence[Mapping[int, float]],
    place: int,
    most: int,
    min_score: float,
) -> list[tuple[int, float]]:
    """Return places and scores of at most ``most`` posts, closest first."""
    chosen: list[tuple[int, float]] = []
    series: Counter[str] = Counter()
    for score, other in sorted([(-cosine, other) for other, cosine in cosines[place].items()]):
        if len(chosen) >= most or round(-score, 4) < min_score:
            break
        name = entries[other].series
        if name and series[name] >= _SERIES:
            continue
        if any(cosines[other].get(known, 0.0) >= _SAME for known, _ in chosen):
            continue
        series[name] += 1
        chosen.append((other, -score))
    return chosen
