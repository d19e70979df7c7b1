"""Which posts are close?

Whole posts are compared, as vectors of their terms: words, repeated pairs of words, and the pages they link
to; words of the title and of headings count several times.  A term weighs the square root of its count times
its rarity ``log(1 + (n - d + 0.5) / (d + 0.5))``, for d of n posts (the weight of Robertson and Sparck Jones,
1976, smoothed as in Lucene so that it never reaches zero).  Closeness is the cosine of two vectors, plus a
little for each title whose words the other post uses.

The work grows with the number of posts, not of pairs.  A post meets only posts that share one of its
weightiest terms, in an inverted index that keeps a frequent term's best posts only; those that share most of
them are compared, by the weightiest terms of one against the whole of the other, both ways.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nlargest, nsmallest
from itertools import chain, islice, pairwise
from math import log, sqrt
from operator import itemgetter, mul

from pelican_mlnotes.document import Post
from pelican_mlnotes.text import stop_words, words

# How many times a word of each part of a post counts; one of its text counts once.
_TITLE, _HEADING, _TAG, _CAPTION = 15, 4, 3, 1
_LINK = 4  # how many times the address of a linked page counts
_COVERAGE = 0.03  # closeness added for a title all of whose words the other post uses

_SOUGHT = 24  # a post seeks others by so many of its weightiest terms,
_LISTED = 24  # each leads to at most so many posts,
_CANDIDATES = 10  # and the so many that share most of these terms are compared
_COMPARED = 64  # by so many of the weightiest terms

_SAME = 0.8  # posts with this score say the same: a list shows one of them
_SERIES = 2  # and at most so many of a series
_REASONS = 3  # most reasons given for a relation,
_WEIGHED = 10  # from so many of the weightiest shared terms
_OCCURRENCES = 8  # so many of a word tell how a post writes it

_TINY = 1e-9  # less than any weight above zero
_NO_TERM = 0  # twice before each list of terms: itemgetter gives a tuple only for two or more
_PAIR = "_"  # joins the two words of a term; no word holds it
_ADDRESSES = _PAGE, _POST = "//", "key:"  # how terms start that are addresses of pages, keys of posts

_OPENING = " \"'(*“‘«\n"
_ENDING = ".!?:;,)"
_UNSPACED = "\u0e00"  # from here on there are scripts without blanks between words

_WEB_PAGE = re.compile(r"https?://(?:www\.)?([^#\s]+)", re.IGNORECASE)
_ARXIV_PAPER = re.compile(r"arxiv\.org/(?:abs|pdf|html)/(.+?)(?:v\d+)?(?:\.pdf)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Relation:
    """A post worth reading next."""

    key: str  # of that post
    score: float  # 0..1: how much of what they weightily say both say; 1 for the same text
    reasons: tuple[str, ...]  # what both are about, strongest first, as the posts write it


@dataclass(frozen=True, slots=True)
class _Sketch:
    """What is kept of a post; terms are numbers of ``RelatedIndex``."""

    post: Post
    topics: tuple[str, ...]
    series: str
    group: str
    once: tuple[int, ...]  # terms that count once
    often: tuple[int, ...]  # the others,
    roots: tuple[float, ...]  # with the square roots of their counts
    title: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Vector:
    """What is compared of a post."""

    norm: float  # length of the whole vector
    heavy: tuple[int, ...]  # the weightiest terms, in the post's order,
    weights: tuple[float, ...]  # with weight times rarity: what the other's root count is multiplied by
    sought: tuple[int, ...]  # the weightiest of these, weightiest first
    title: tuple[tuple[int, float], ...]  # the title's terms, with their shares of its rarity
    itself: float  # closeness of the post to itself


class RelatedIndex:
    """Posts of one language, added one by one, then ranked against each other.

    Of a post of 800 words about 8 KB are kept, beside the post itself.
    """

    def __init__(self, lang: str) -> None:
        self._stop = stop_words(lang)
        self._published: list[_Sketch] = []
        self._queries: list[_Sketch] = []
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self._numbers[""]  # _NO_TERM

    def add(
        self,
        post: Post,
        *,
        tokens: Sequence[str] | None = None,
        topics: Sequence[str] = (),
        cites: Iterable[str] = (),
        series: str = "",
        group: str = "",
        published: bool = True,
    ) -> None:
        """Add ``post``; its key must be new.

        ``tokens`` is ``words(post.document.prose)`` if the caller has it, ``topics`` are labels to name as
        reasons, best first, ``cites`` keys of posts it links to.  ``series`` names the series it is part
        of, ``group`` the text it translates: posts of one group are never related.  A post that is not
        ``published`` (a draft) is given related posts, and changes nothing for any other.
        """
        document = post.document
        text = self._content(words(document.prose) if tokens is None else tokens)
        title = self._content(words(post.title))
        counts = Counter(text)
        pairs: Counter[tuple[str, str]] = Counter()
        for part, weight in (
            (title, _TITLE),
            *((self._content(words(heading)), _HEADING) for heading in document.headings),
            *((self._content(words(tag)), _TAG) for tag in post.tags),
            *((self._content(words(caption)), _CAPTION) for caption in document.captions),
        ):
            for word in part:
                counts[word] += weight
            for pair in pairwise(part):
                pairs[pair] += weight
        often = {word: count for word, count in counts.items() if count > 1}
        # Two words that follow each other repeatedly, what is said only once left out, make a term.
        pairs.update(pairwise([word for word in text if word in often]))
        often.update([(f"{one}{_PAIR}{two}", count) for (one, two), count in pairs.items() if count > 1])
        often.update(dict.fromkeys(_pages(document.links), _LINK))
        often.update(dict.fromkeys([_POST + "".join(key.split()) for key in (post.key, *cites)], _LINK))

        once = [word for word, count in counts.items() if count == 1]
        number = self._numbers.__getitem__
        (self._published if published else self._queries).append(
            _Sketch(
                post=post,
                topics=tuple(topics),
                series=series,
                group=group,
                once=(_NO_TERM, _NO_TERM, *map(number, once)),
                often=(_NO_TERM, _NO_TERM, *map(number, often)),
                roots=(0.0, 0.0, *map(sqrt, often.values())),
                title=tuple(map(number, dict.fromkeys(title))),
            )
        )

    def _content(self, tokens: Iterable[str]) -> list[str]:
        stop = self._stop
        return [word for word in tokens if word not in stop]

    def rank(self, *, max: int, min_score: float) -> dict[str, tuple[Relation, ...]]:  # noqa: A002
        """Return, for the key of each post added, at most ``max`` relations to published posts, best first.

        Those with a score below ``min_score`` are left out.  The order follows closeness, which also
        counts against a post what only it says, so scores need not fall along a list.  Ties go to the
        newer post, then to the lower key.
        """
        index = _make_index(sorted(self._published, key=_newest_first), list(self._numbers))
        closeness = _compare_all(index)
        found = {
            sketch.post.key: (sketch, vector, _choose(index, vector, near, closeness, max, min_score))
            for sketch, vector, near in zip(index.sketches, index.vectors, closeness, strict=True)
        }
        for sketch in self._queries:
            vector = _make_vector(sketch, index.rarity, index.held)
            near = _compare(index, sketch, vector)
            found[sketch.post.key] = (
                sketch,
                vector,
                _choose(index, vector, near, closeness, max, min_score),
            )
        names = _Names(list(self._numbers))
        return {
            key: tuple(
                Relation(
                    index.sketches[other].post.key,
                    round(score, 4),
                    names.reasons(sketch, vector, index.sketches[other], index.vectors[other]),
                )
                for other, score in chosen
            )
            for key, (sketch, vector, chosen) in found.items()
        }


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


def _pages(links: Iterable[str]) -> Iterator[str]:
    """Yield the addresses of web pages in ``links`` as terms, equal for spellings of one address."""
    for link in links:
        if found := _WEB_PAGE.match(link.strip()):
            page = found[1].lower().rstrip("/")
            if paper := _ARXIV_PAPER.fullmatch(page):
                page = f"arxiv.org/{paper[1]}"
            yield _PAGE + page


def _newest_first(sketch: _Sketch) -> tuple[float, str]:
    date = sketch.post.date
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return -(aware - _EPOCH).total_seconds(), sketch.post.key


@dataclass(frozen=True, slots=True)
class _Index:
    """The published posts, newest first, and the way from a term to those that hold it."""

    sketches: Sequence[_Sketch]
    vectors: Sequence[_Vector]
    rarity: Sequence[float]  # of each term
    held: Sequence[float]  # the same, but zero for terms that no published post holds
    leads: Sequence[Sequence[int]]  # for each term: positions in ``sketches``


def _make_index(sketches: Sequence[_Sketch], names: Sequence[str]) -> _Index:
    """Return the index of ``sketches``, whose terms have ``names``."""
    counted = Counter(chain.from_iterable([chain(sketch.once, sketch.often) for sketch in sketches]))
    counted[_NO_TERM] = 0
    frequency = [counted[term] for term in range(len(names))]
    posts = len(sketches)
    # What only a query holds is as rare as what a single post holds.
    rarities = [log(1 + (posts - d + 0.5) / (d + 0.5)) for d in (min(1, posts), *range(1, posts + 1))]
    rarity = [rarities[d] for d in frequency]
    rarity[_NO_TERM] = 0.0
    for term, (name, d) in enumerate(zip(names, frequency, strict=True)):
        if d < 2 and name.startswith(_ADDRESSES):
            rarity[term] = 0.0  # what only one post links to says nothing of how much it says
    held = [weight if d else 0.0 for weight, d in zip(rarity, frequency, strict=True)]
    shared = [weight if d > 1 else 0.0 for weight, d in zip(rarity, frequency, strict=True)]
    vectors = [_make_vector(sketch, rarity, shared) for sketch in sketches]

    leads: list[list[int]] = [[] for _ in frequency]
    rare = {term for term, d in enumerate(frequency) if 0 < d <= _LISTED}
    best: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for position, (sketch, vector) in enumerate(zip(sketches, vectors, strict=True)):
        for term in filter(rare.__contains__, chain(sketch.once, sketch.often)):
            leads[term].append(position)
        weights = dict(zip(vector.heavy, vector.weights, strict=True))
        for term in vector.sought:
            if term not in rare:
                best[term].append((-weights[term] / vector.norm, position))
    for term, ranked in best.items():
        leads[term] = [position for _, position in nsmallest(_LISTED, ranked)]
    return _Index(sketches, vectors, rarity, held, leads)


def _make_vector(sketch: _Sketch, rarity: Sequence[float], held: Sequence[float]) -> _Vector:
    terms = sketch.once + sketch.often
    rarities: tuple[float, ...] = itemgetter(*terms)(rarity)
    once = len(sketch.once)
    weights = [*rarities[:once], *map(mul, rarities[once:], sketch.roots)]
    norm = sqrt(sum(map(mul, weights, weights))) or 1.0
    itself = sum([weight * weight for weight in sorted(weights, reverse=True)[:_COMPARED]]) / norm**2
    rarities = itemgetter(*terms)(held)
    weights = [*rarities[:once], *map(mul, rarities[once:], sketch.roots)]
    falling = sorted(weights, reverse=True)
    heavy = _at_least(falling, _COMPARED, zip(terms, weights, strict=True))
    sought = sorted(_at_least(falling, _SOUGHT, heavy), key=itemgetter(1), reverse=True)
    title = [(term, rarity[term]) for term in sketch.title]
    total = sum([weight for _, weight in title])
    return _Vector(
        norm=norm,
        heavy=(_NO_TERM, _NO_TERM, *[term for term, _ in heavy]),
        weights=(0.0, 0.0, *[weight * rarity[term] for term, weight in heavy]),
        sought=tuple([term for term, _ in sought]),
        title=tuple([(term, weight / total) for term, weight in title]),
        itself=itself + (2 * _COVERAGE if title else 0.0),
    )


def _at_least(
    falling: Sequence[float], count: int, weighed: Iterable[tuple[int, float]]
) -> list[tuple[int, float]]:
    """Return those ``weighed`` like the first ``count`` of ``falling``: equal weights stay together."""
    least = max(falling[min(count, len(falling)) - 1], _TINY)
    return [pair for pair in weighed if pair[1] >= least]


def _candidates(index: _Index, sketch: _Sketch, vector: _Vector) -> list[int]:
    """Return the positions of the posts that share most of the terms ``vector`` seeks, weightiest first."""
    counts = Counter(chain.from_iterable(map(index.leads.__getitem__, vector.sought)))
    # The sort is stable: of equal counts, those come first that a weightier term led to.
    ranked = sorted(counts, key=counts.__getitem__, reverse=True)[: _CANDIDATES + 1]
    others = [other for other in ranked if index.sketches[other] is not sketch][:_CANDIDATES]
    if sketch.group:
        return [other for other in others if index.sketches[other].group != sketch.group]
    return others


def _compare_all(index: _Index) -> list[dict[int, float]]:
    """Return, for each published post, its closeness to each post that it was compared with."""
    closeness: list[dict[int, float]] = [{} for _ in index.sketches]
    for position, (sketch, vector) in enumerate(zip(index.sketches, index.vectors, strict=True)):
        for other in _candidates(index, sketch, vector):
            closeness[position][other] = closeness[other][position] = 0.0
    roots = [0.0] * len(index.rarity)
    for position, (sketch, near) in enumerate(zip(index.sketches, closeness, strict=True)):
        _write(roots, sketch)
        norm = index.vectors[position].norm
        for other in near:
            half = _half(index.vectors[other], roots, norm)
            near[other] += half
            closeness[other][position] += half
        _erase(roots, sketch)
    return closeness


def _compare(index: _Index, sketch: _Sketch, vector: _Vector) -> dict[int, float]:
    """Return the closeness of a query to each published post that it is compared with."""
    near = {}
    roots = [0.0] * len(index.rarity)
    for other in _candidates(index, sketch, vector):
        _write(roots, sketch)
        near[other] = _half(index.vectors[other], roots, vector.norm)
        _erase(roots, sketch)
        _write(roots, index.sketches[other])
        near[other] += _half(vector, roots, index.vectors[other].norm)
        _erase(roots, index.sketches[other])
    return near


def _write(roots: list[float], sketch: _Sketch) -> None:
    """Set the root counts of the terms of ``sketch`` in ``roots``, which holds one number for each term."""
    for term in sketch.once:
        roots[term] = 1.0
    for term, root in zip(sketch.often, sketch.roots, strict=True):
        roots[term] = root


def _erase(roots: list[float], sketch: _Sketch) -> None:
    for term in chain(sketch.once, sketch.often):
        roots[term] = 0.0


def _half(vector: _Vector, roots: Sequence[float], norm: float) -> float:
    """Return what ``vector`` adds to its closeness to the post of length ``norm`` written in ``roots``."""
    product: float = sum(map(mul, itemgetter(*vector.heavy)(roots), vector.weights))
    covered = sum([share for term, share in vector.title if roots[term]])
    return product / (2 * norm * vector.norm) + _COVERAGE * covered


def _choose(
    index: _Index,
    vector: _Vector,
    near: Mapping[int, float],
    closeness: Sequence[Mapping[int, float]],
    max: int,  # noqa: A002
    min_score: float,
) -> list[tuple[int, float]]:
    """Return positions and scores of at most ``max`` of the posts ``near``, closest first."""
    chosen: list[tuple[int, float]] = []
    series: Counter[str] = Counter()
    for other in sorted(near, key=lambda other: (-round(near[other], 9), other)):
        if len(chosen) >= max:
            break
        score = _score(near[other], vector, index.vectors[other])
        if score < min_score or score <= 0:
            continue
        name = index.sketches[other].series
        if name and series[name] >= _SERIES:
            continue
        if any(
            _score(closeness[other].get(known, 0.0), index.vectors[other], index.vectors[known]) >= _SAME
            for known, _ in chosen
        ):
            continue
        series[name] += 1
        chosen.append((other, score))
    return chosen


def _score(closeness: float, one: _Vector, other: _Vector) -> float:
    """Return ``closeness`` as a share of what the two posts have with themselves, at most 1."""
    return min(1.0, closeness / sqrt(one.itself * other.itself)) if closeness else 0.0


class _Names:
    """What two posts share, in the words that they write."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._terms = terms
        self._written: dict[int, str] = {}  # each term is looked up once

    def reasons(
        self, sketch: _Sketch, vector: _Vector, other: _Sketch, other_vector: _Vector
    ) -> tuple[str, ...]:
        """Return shared topics, then the weightiest shared terms, at most ``_REASONS``."""
        topics = [topic for topic in sketch.topics if topic in other.topics]
        known = {_stem(word) for topic in topics for word in words(topic)}
        weights = dict(zip(vector.heavy, vector.weights, strict=True))
        shared = [
            (weight * weights[term], term)
            for term, weight in zip(other_vector.heavy, other_vector.weights, strict=True)
            if term in weights
        ]
        terms: list[tuple[set[str], str]] = []
        for _, term in nlargest(_WEIGHED, shared, key=itemgetter(0)):
            stems = {_stem(word) for word in self._terms[term].split(_PAIR)}
            parts = [part for part, _ in terms if part < stems]
            if stems & known or any(part & stems for part, _ in terms if part not in parts):
                continue  # said already
            if written := self._write(term, sketch, other):
                place = min([terms.index(entry) for entry in terms if entry[0] in parts], default=len(terms))
                terms[place:] = [
                    (stems, written),
                    *[entry for entry in terms[place:] if entry[0] not in parts],
                ]
        return tuple([*topics, *[written for _, written in terms]][:_REASONS])

    def _write(self, term: int, *sketches: _Sketch) -> str:
        """Return how ``sketches`` write ``term``, "" if readers would make nothing of it."""
        if term not in self._written:
            name = self._terms[term]
            texts = [
                text
                for sketch in sketches
                for text in (sketch.post.document.prose, *sketch.post.document.headings, sketch.post.title)
            ]
            self._written[term] = _written(name.split(_PAIR), texts) if _is_telling(name) else ""
        return self._written[term]


def _is_telling(name: str) -> bool:
    """Return whether a reader may make something of ``name``: no address, number or single letter."""
    return not name.startswith(_ADDRESSES) and any(
        len(word) > 1 and not word.isdecimal() for word in name.split(_PAIR)
    )


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _written(name: Sequence[str], texts: Iterable[str]) -> str:
    """Return the commonest spelling in ``texts`` of the word or the pair ``name``, "" if it stands nowhere.

    Where a sentence begins, a capital says nothing, so that spelling counts only if there is no other.
    """
    inside: Counter[str] = Counter()
    first: Counter[str] = Counter()
    for text in texts:
        lower = text.lower()
        if len(lower) != len(text):
            lower = text  # the places would not fit; what is written with capitals is passed over
        for start, end in islice(_places(name, lower), _OCCURRENCES):
            before = text[max(0, start - 4) : start].rstrip(_OPENING)
            spellings = first if not before or before[-1] in _ENDING else inside
            spellings[text[start:end]] += 1
    found = inside or first
    if found:
        return max(found, key=found.__getitem__)
    if len(name) > 1:
        return ""
    # The letters may carry accents, which words() drops.
    accented = (
        piece.strip(_OPENING + _ENDING) for text in texts if not text.isascii() for piece in text.split()
    )
    return next((piece for piece in accented if not piece.isascii() and words(piece) == [*name]), name[0])


def _places(name: Sequence[str], lower: str) -> Iterator[tuple[int, int]]:
    """Yield where ``name`` stands in ``lower``: start and end, words whole."""
    spaced = name[0].isascii() or name[0] < _UNSPACED
    spellings = [joint.join(name) for joint in ((" ", "-") if len(name) > 1 else ("",))]
    if not spaced and len(name) > 1:
        spellings = [name[0] + name[1][1:]]  # overlapping pairs of characters
    for spelling in spellings:
        start = lower.find(spelling)
        while start >= 0:
            end = start + len(spelling)
            if not spaced or not (lower[start - 1 : start].isalnum() or lower[end : end + 1].isalnum()):
                yield start, end
            start = lower.find(spelling, end)
