"""Which posts are close?

Whole posts are compared, as vectors of their terms: words, repeated pairs of words, and the pages they link
to; words of the title and of headings count several times.  A term weighs the square root of its count times
its rarity ``log(1 + (n - d + 0.5) / (d + 0.5))``, for d of n posts (the weight of Robertson and Sparck Jones,
1976, smoothed as in Lucene so that it never reaches zero).  Closeness is the cosine of two vectors, where
terms that both use only once are left out, plus a little for each title whose words the other post uses.

The work grows with the number of posts, not of pairs.  A post meets only posts that share one of its
weightiest terms, in an inverted index that keeps a frequent term's best posts only; those that share most of
them are compared.
"""

import re
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import chain, islice, pairwise, repeat
from itertools import count as number_from
from math import dist, hypot, log, sqrt
from operator import attrgetter, itemgetter, mul
from typing import NamedTuple
from unicodedata import normalize

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.model import Post
from pelican_mlnotes.text.words import common_words, stop_words, words

# How many times a word of each part of a post counts; one of its text counts once.
_TITLE, _HEADING, _TAG, _CAPTION = 10, 3, 3, 1
_LINK = 4  # how many times the address of a linked page counts
_COVERAGE = 0.03  # closeness added for a title all of whose words the other post uses

_SOUGHT = 16  # a post seeks others by so many of its weightiest terms,
_LISTED = 24  # each leads to at most so many posts,
_CANDIDATES = 8  # and the so many that share most of these terms are compared
_SHORT = 24  # a post that repeats fewer terms than these is compared as a whole

_SUBJECT = 128  # most repeated terms that count for a score
_SAME = 0.8  # posts with this score say the same: a list shows one of them
_SERIES = 2  # and at most so many of a series
_TERMS = 8  # most terms considered as reasons of a relation,
_REASONS = 3  # most reasons told,
_OCCURRENCES = 8  # most places of a word that tell how a post writes it

_TINY = 1e-9  # less than any weight above zero
_NO_TERM = 0  # stands for stop words, and twice before each list: itemgetter gives a tuple only for two
_PAGE, _POST = "//", "key:"  # how terms start that are addresses of pages, keys of posts
_MOST = 255  # what a term may count
_ROOTS = tuple(map(sqrt, range(_MOST + 1)))

_OPENING = " \"'(*“‘«\n"
_ENDING = ".!?:;,)"
_UNSPACED = "\u0e00"  # from here on there are scripts without blanks between words

_FOREIGN = pattern(r"(?<!\S)[!-~]*+[^\x00-\x7f\s]\S*")
_CITED = pattern(r" et al|,? \(?(?:19|20)\d\d[a-z]?\b")  # behind the name of an author
_BEFORE = pattern(r"(?:[^\W\d_]+-)+$")  # what hyphens join to a word,
_BEHIND = pattern(r"(?:-[^\W\d_]+)+")  # as in "fine-grained"

_WEB_PAGE = pattern(r"https?://(?:www\.)?([^#\s]+)", re.IGNORECASE)
_ARXIV_PAPER = pattern(r"arxiv\.org/(?:abs|pdf|html)/(.+?)(?:v\d+)?(?:\.pdf)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Relation:
    """A post worth reading next."""

    key: str
    """Of that post."""
    score: float
    """0..1: closeness; 0.5 and more for two posts on one thing."""
    topics: tuple[str, ...] = ()
    """Labels that both posts have, best first."""
    find_terms: Callable[[], Iterable[str]] = field(default=tuple, repr=False, compare=False)
    """Gives the weightiest words, and pairs of words, of the other post, in lower case, shared ones first."""

    def reasons(self, *texts: str) -> tuple[str, ...]:
        """Return what both posts are about, strongest first: topics, then terms as ``texts`` write them.

        ``texts`` are those of the post whose relation this is (body, headings, title): what none of them
        holds is no reason.  At most three reasons are told.
        """
        return self._told(_Texts(texts))

    def _told(self, texts: "_Texts") -> tuple[str, ...]:
        told = list(self.topics[:_REASONS])
        if len(told) == _REASONS:
            return tuple(told)
        said = {_stem(word) for topic in told for word in words(topic)}
        terms = islice(self.find_terms(), _TERMS)
        names = [(term.split(), _written(term.split(), texts)) for term in terms]
        names = [(name, written) for name, written in names if _may_name(written)]
        paired = {_stem(word) for name, _ in names if len(name) > 1 for word in name}
        for name, written in names:
            stems = set(map(_stem, words(written)))
            if stems.isdisjoint(said) and not (len(name) == 1 and stems <= paired):
                said |= stems
                told.append(written)
        return tuple(told[:_REASONS])


class Reasons(Mapping[str, tuple[str, ...]]):
    """Why posts are related: names of posts to reasons, found out when they are asked for."""

    def __init__(self, relations: Mapping[str, Relation], read: Callable[[], Iterable[str]]) -> None:
        """Tell the reasons of ``relations`` as the texts that ``read`` returns write them."""
        self._relations = relations
        self._read = read

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self._relations[name]._told(self._texts)

    @cached_property
    def _texts(self) -> "_Texts":
        return _Texts(self._read())

    def __iter__(self) -> Iterator[str]:
        return iter(self._relations)

    def __len__(self) -> int:
        return len(self._relations)


class Terms(NamedTuple):
    """What a post is compared by, in plain data for another index; words stand between blanks."""

    once: str
    """The words that count once."""
    often: str
    """The other words."""
    counts: Sequence[int]
    """How much each of those counts, then each pair."""
    pairs: Sequence[int]
    """The pairs: of each, the places of its two words in ``often``."""
    title: str
    """The words of the title."""
    pages: Sequence[str]
    """Addresses of web pages that the post links to, as terms."""


class _Sketch(NamedTuple):
    """What is kept of a post; terms are numbers of ``RelatedIndex``."""

    key: str
    age: float  # seconds, the smaller the newer
    topics: tuple[str, ...]
    series: str
    group: str
    once: Sequence[int]  # terms that count once, in the order of the post
    often: tuple[int, ...]  # the others,
    counts: bytes  # with their counts
    title: tuple[int, ...]


class _Counted(NamedTuple):
    """What a post holds of its own accord, in numbers of ``RelatedIndex``."""

    once: list[int]
    often: dict[int, int]
    title: tuple[int, ...]
    pages: Iterable[str]


class _Vector(NamedTuple):
    """What is compared of a post."""

    norm: float  # length of the whole vector
    terms: tuple[int, ...]  # that are looked for in the other post
    pull: tuple[float, ...]  # their weights times their rarity: what the other's root counts multiply
    length: float  # of ``pull``
    sought: tuple[int, ...]  # the weightiest terms, weightiest first
    title: tuple[int, ...]  # the terms of the title,
    titled: float  # with all their rarity
    itself: float  # closeness of the post to itself


class RelatedIndex:
    """Posts of one language, added one by one, then ranked against each other.

    Of a post of 800 words about 4 KB are kept, and nothing of its document.
    """

    def __init__(self, lang: str) -> None:
        self._common = common_words(lang)
        self._last = number_from(_NO_TERM + 1)
        number = partial(next, self._last)
        self._words = defaultdict(number, dict.fromkeys(("", *stop_words(lang)), _NO_TERM))
        self._pairs: defaultdict[tuple[int, int], int] = defaultdict(number)
        self._addresses: defaultdict[str, int] = defaultdict(number)
        self._frequency: Counter[int] = Counter()
        self._published: list[_Sketch] = []
        self._queries: list[_Sketch] = []

    def add(
        self,
        post: Post,
        *,
        tokens: Sequence[str] | None = None,
        terms: Terms | None = None,
        topics: Sequence[str] = (),
        cites: Iterable[str] = (),
        series: str = "",
        group: str = "",
        published: bool = True,
    ) -> None:
        """Add ``post``; its key must be new.

        ``tokens`` is ``words(post.document.prose)`` if the caller has it; with ``terms``, which ``recall``
        gave of the same post, its document is not looked at.  ``topics`` are labels to name as reasons, best
        first, ``cites`` keys of posts it links to.  ``series`` names the series it is part of, ``group`` the
        text it translates: posts of one group are never related.  A post that is not ``published`` (a draft)
        is given related posts, and changes nothing for any other.
        """
        once, often, title, pages = self._count(post, tokens) if terms is None else self._look_up(terms)
        addresses = [*pages, _POST + post.key, *[_POST + key for key in cites]]
        often |= dict.fromkeys(map(self._addresses.__getitem__, addresses), _LINK)
        if published:
            self._frequency.update(chain(once, often))
        most = max(often.values())
        date = post.date if post.date.tzinfo else post.date.replace(tzinfo=UTC)
        (self._published if published else self._queries).append(
            _Sketch(
                key=post.key,
                age=-(date - _EPOCH).total_seconds(),
                topics=tuple(topics),
                series=series,
                group=group,
                once=array("I", [_NO_TERM, _NO_TERM, *once]),
                often=(_NO_TERM, _NO_TERM, *often),
                counts=bytes(
                    [0, 0, *(often.values() if most <= _MOST else map(min, often.values(), repeat(_MOST)))]
                ),
                title=title,
            )
        )

    def _count(self, post: Post, tokens: Sequence[str] | None) -> _Counted:
        document = post.document
        text = self._content(words(document.prose) if tokens is None else tokens)
        counts = Counter(text)
        pairs: Counter[tuple[int, int]] = Counter()
        title = self._content(words(post.title))
        for part, weight in (
            (title, _TITLE),
            *[(self._content(words(heading)), _HEADING) for heading in document.headings],
            *[(self._content(words(tag)), _TAG) for tag in post.tags],
            *[(self._content(words(caption)), _CAPTION) for caption in document.captions],
        ):
            for word in part:
                counts[word] += weight
            for pair in pairwise(part):
                pairs[pair] += weight
        often: dict[int, int] = {}
        once: list[int] = []
        for word, count in counts.items():
            if count > 1:
                often[word] = count
            else:
                once.append(word)
        # Two words that follow each other repeatedly, what is said only once left out, make a term.
        pairs.update(pairwise(filter(often.__contains__, text)))
        number = self._pairs.__getitem__
        often |= {number(pair): count for pair, count in pairs.items() if count > 1}
        return _Counted(once, often, tuple(dict.fromkeys(title)), _pages(document.links))

    def _look_up(self, terms: Terms) -> _Counted:
        said = self._content(terms.often.split())
        counts = iter(terms.counts)
        often = dict(zip(said, counts, strict=False))
        for one, other, count in zip(terms.pairs[::2], terms.pairs[1::2], counts, strict=True):
            often[self._pairs[said[one], said[other]]] = count
        once, title = self._content(terms.once.split()), self._content(terms.title.split())
        return _Counted(once, often, tuple(title), terms.pages)

    def recall(self, keys: Container[str]) -> dict[str, Terms]:
        """Return the terms of those posts added whose key is one of ``keys``."""
        names = {term: word for word, term in self._words.items() if term != _NO_TERM}
        pairs = {term: pair for pair, term in self._pairs.items()}
        addresses = {term: address for address, term in self._addresses.items()}
        recalled = {}
        for sketch in chain(self._published, self._queries):
            if sketch.key in keys:
                said = [term for term in sketch.often if term in names]
                paired = [term for term in sketch.often if term in pairs]
                place = {term: at for at, term in enumerate(said)}
                counts = dict(zip(sketch.often, sketch.counts, strict=True))
                linked = (addresses.get(term, "") for term in sketch.often)
                recalled[sketch.key] = Terms(
                    once=" ".join([names[term] for term in sketch.once if term in names]),
                    often=" ".join([names[term] for term in said]),
                    counts=[counts[term] for term in (*said, *paired)],
                    pairs=[place[word] for term in paired for word in pairs[term]],
                    title=" ".join([names[term] for term in sketch.title]),
                    pages=[address for address in linked if address.startswith(_PAGE)],
                )
        return recalled

    def _content(self, text: Sequence[str]) -> list[int]:
        """Return the numbers of the words of ``text`` but stop words."""
        return list(filter(None, itemgetter("", "", *text)(self._words)))

    def rank(self, *, max: int, min_score: float) -> dict[str, tuple[Relation, ...]]:  # noqa: A002
        """Return, for the key of each post added, at most ``max`` relations to published posts, best first.

        Those with a score below ``min_score`` are left out.  The order follows closeness, which also
        counts against a post what only it says, so scores need not fall along a list.  Ties go to the
        newer post, then to the lower key.
        """
        frequency = list(map(self._frequency.get, range(next(self._last)), repeat(0)))
        index = _make_index(
            sorted(self._published, key=attrgetter("age", "key")),
            self._queries,
            frequency,
            self._addresses.values(),
        )
        meetings = _meet_all(index)
        near: Iterable[tuple[_Sketch, _Vector, Mapping[int, float]]] = chain(
            zip(index.sketches, index.vectors, map(meetings.of, range(len(index.sketches))), strict=True),
            (
                (sketch, vector, _meet(index, sketch, vector))
                for sketch, vector in zip(self._queries, index.queries, strict=True)
            ),
        )
        evidence = _Evidence(index, self._names(index.leads), self._common)
        return {
            sketch.key: tuple(
                [
                    Relation(
                        index.sketches[other].key,
                        round(score, 4),
                        _shared(sketch.topics, index.sketches[other].topics),
                        partial(evidence.find_terms, vector.terms, vector.sought, other),
                    )
                    for other, score in _choose(index, meetings, closeness, max, min_score)
                ]
            )
            for sketch, vector, closeness in near
        }

    def _names(self, terms: Container[int]) -> dict[int, str]:
        """Return those of ``terms`` that are words or pairs of words."""
        names = {term: word for word, term in self._words.items()}
        named = {term: word for term, word in names.items() if term in terms}
        for (one, other), term in self._pairs.items():
            if term in terms:
                named[term] = f"{names[one]} {names[other]}"
        return named


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


class _Index(NamedTuple):
    """The published posts, newest first, and the way from a term to those that hold it."""

    sketches: Sequence[_Sketch]
    vectors: Sequence[_Vector]
    queries: Sequence[_Vector]
    rarity: Sequence[float]  # of each term
    leads: Mapping[int, Sequence[int]]  # from each term that is sought to positions in ``sketches``


def _make_index(
    sketches: Sequence[_Sketch],
    queries: Sequence[_Sketch],
    frequency: Sequence[int],
    addresses: Iterable[int],
) -> _Index:
    """Return the index of ``sketches``, in which ``queries`` may look too.

    ``frequency`` says how many of ``sketches`` hold each term; ``addresses`` are the terms that are some.
    """
    posts = len(sketches)
    # What only a query holds is as rare as what a single post holds.
    rarities = [log(1 + (posts - d + 0.5) / (d + 0.5)) for d in (min(1, posts), *range(1, posts + 1))]
    rarity = [rarities[d] for d in frequency]
    rarity[_NO_TERM] = 0.0
    for term in addresses:
        if frequency[term] < 2:
            rarity[term] = 0.0  # an address that only one post links to says nothing of what it says
    shared = [weight if d > 1 else 0.0 for weight, d in zip(rarity, frequency, strict=True)]
    held = [weight if d > 0 else 0.0 for weight, d in zip(rarity, frequency, strict=True)]
    pool: dict[float, float] = {}
    vectors = [_make_vector(sketch, rarity, shared, pool) for sketch in sketches]
    seekers = [_make_vector(sketch, rarity, held, pool) for sketch in queries]

    leads: dict[int, list[int]] = {term: [] for vector in chain(vectors, seekers) for term in vector.sought}
    rare = {term for term in leads if frequency[term] <= _LISTED}
    for position, sketch in enumerate(sketches):
        for terms in (sketch.once, sketch.often):
            for term in rare.intersection(terms):
                leads[term].append(position)
    # A frequent term leads to the posts among whose weightiest terms it comes first.
    for rank in range(max([len(vector.sought) for vector in vectors], default=0)):
        for position, vector in enumerate(vectors):
            if rank < len(vector.sought) and (term := vector.sought[rank]) not in rare:
                lead = leads[term]
                if len(lead) < _LISTED:
                    lead.append(position)
    return _Index(sketches, vectors, seekers, rarity, leads)


def _make_vector(
    sketch: _Sketch, rarity: Sequence[float], held: Sequence[float], pool: dict[float, float]
) -> _Vector:
    """Return the vector of ``sketch``; it looks only for terms of which ``held`` is not zero.

    ``pool`` keeps one object of each number.
    """
    once: tuple[float, ...] = itemgetter(*sketch.once)(rarity)
    roots: Sequence[float] = itemgetter(*sketch.counts)(_ROOTS)
    often = list(map(mul, itemgetter(*sketch.often)(rarity), roots))
    norm = hypot(*once, *often) or 1.0
    # The score of a long post would fall with all that it repeats beyond its subject.
    strongest = often if len(often) <= _SUBJECT else sorted(often, reverse=True)[:_SUBJECT]
    terms, itself = sketch.often, hypot(*strongest)
    looked = itemgetter(*terms)(held)
    if len(terms) - looked.count(0.0) < _SHORT:
        terms, itself = (*sketch.once, *terms), norm
        roots = (*(1.0,) * len(once), *roots)
        looked = itemgetter(*terms)(held)
    weights = list(map(mul, looked, roots))
    falling = sorted(weights, reverse=True)
    # Of equal weights, all are sought or none is, so that the order of terms decides nothing.
    least = falling[min(_SOUGHT, len(falling)) - 1] or _TINY
    sought = [pair for pair in zip(terms, weights, strict=True) if pair[1] >= least]
    sought.sort(key=itemgetter(1), reverse=True)
    pull = list(map(mul, looked, weights))
    titled = sum([rarity[term] for term in sketch.title])
    return _Vector(
        norm=norm,
        terms=terms,
        pull=tuple(map(pool.setdefault, pull, pull)),
        length=hypot(*pull),
        sought=tuple([term for term, _ in sought]),
        title=sketch.title,
        titled=titled or 1.0,
        itself=(itself / norm) ** 2 + (2 * _COVERAGE if titled else 0.0),
    )


def _candidates(index: _Index, sketch: _Sketch, vector: _Vector) -> list[int]:
    """Return the positions of the posts that share most of the terms ``vector`` seeks, weightiest first."""
    counts = Counter(chain.from_iterable(map(index.leads.__getitem__, vector.sought)))
    # The sort is stable: of equal counts, those come first that a weightier term led to.
    ranked = sorted(counts, key=counts.__getitem__, reverse=True)[: _CANDIDATES + 1]
    others = [other for other in ranked if index.sketches[other] is not sketch][:_CANDIDATES]
    if sketch.group:
        return [other for other in others if index.sketches[other].group != sketch.group]
    return others


class _Meetings(NamedTuple):
    """Which published posts were compared, and what came out."""

    partners: Sequence[Sequence[int]]  # for each post: positions of others, rising
    halves: Sequence[Sequence[float]]  # for each of these: what it adds to their closeness

    def of(self, post: int) -> dict[int, float]:
        """Return the closeness of a post to each of its partners."""
        partners = self.partners[post]
        return {
            other: half + self._half(other, post)
            for other, half in zip(partners, self.halves[post], strict=True)
        }

    def between(self, one: int, other: int) -> float:
        """Return the closeness of two posts, 0 if they were not compared."""
        half = self._half(one, other)
        return half + self._half(other, one) if half else 0.0

    def _half(self, post: int, other: int) -> float:
        partners = self.partners[post]
        place = bisect_left(partners, other)
        return self.halves[post][place] if place < len(partners) and partners[place] == other else 0.0


def _meet_all(index: _Index) -> _Meetings:
    """Compare each published post with its candidates."""
    found: list[list[int]] = [[] for _ in index.sketches]
    for position, (sketch, vector) in enumerate(zip(index.sketches, index.vectors, strict=True)):
        for other in _candidates(index, sketch, vector):
            found[position].append(other)
            found[other].append(position)
    partners = [array("I", sorted(set(others))) for others in found]
    halves = []
    roots = [0.0] * len(index.rarity)
    for sketch, vector, others in zip(index.sketches, index.vectors, partners, strict=True):
        terms = _write(roots, sketch)
        looking = [index.vectors[other] for other in others]
        halves.append(array("d", [_half(other, roots, vector.norm, index.rarity) for other in looking]))
        _erase(roots, terms)
    return _Meetings(partners, halves)


def _meet(index: _Index, sketch: _Sketch, vector: _Vector) -> dict[int, float]:
    """Return the closeness of a query to each of its candidates."""
    closeness = {}
    roots = [0.0] * len(index.rarity)
    for position in _candidates(index, sketch, vector):
        looking = index.vectors[position]
        terms = _write(roots, sketch)
        closeness[position] = _half(looking, roots, vector.norm, index.rarity)
        _erase(roots, terms)
        terms = _write(roots, index.sketches[position])
        closeness[position] += _half(vector, roots, looking.norm, index.rarity)
        _erase(roots, terms)
    return closeness


def _write(roots: list[float], sketch: _Sketch) -> tuple[int, ...]:
    """Set the root counts of the terms of ``sketch`` in ``roots``, which holds a number for each term.

    The terms come back, for ``_erase``.
    """
    once, often = tuple(sketch.once), sketch.often
    for term in once:
        roots[term] = 1.0
    for term, count in zip(often, sketch.counts, strict=True):
        roots[term] = _ROOTS[count]
    return once + often


def _erase(roots: list[float], terms: Iterable[int]) -> None:
    for term in terms:
        roots[term] = 0.0


def _half(vector: _Vector, roots: Sequence[float], norm: float, rarity: Sequence[float]) -> float:
    """Return what ``vector`` adds to its closeness to the post of length ``norm`` written in ``roots``."""
    met = itemgetter(*vector.terms)(roots)
    # Twice the inner product, by the law of cosines: lengths take a third of the time of a sum of products.
    product = hypot(*met) ** 2 + vector.length**2 - dist(met, vector.pull) ** 2
    covered = sum([rarity[term] for term in vector.title if roots[term]]) / vector.titled
    return product / (4 * norm * vector.norm) + _COVERAGE * covered


def _choose(
    index: _Index,
    meetings: _Meetings,
    closeness: Mapping[int, float],
    max: int,  # noqa: A002
    min_score: float,
) -> list[tuple[int, float]]:
    """Return positions and scores of at most ``max`` posts, closest first."""
    chosen: list[tuple[int, float]] = []
    series: Counter[str] = Counter()
    vectors = index.vectors
    # Closeness is compared to nine digits: what is less may come from the order of terms.
    for near, other in sorted([(-int(near * 1e9 + 0.5), other) for other, near in closeness.items()]):
        score = min(1.0, -near / 1e9)
        if len(chosen) >= max or round(score, 4) < min_score or score <= 0:
            break
        name = index.sketches[other].series
        if name and series[name] >= _SERIES:
            continue
        for known, _ in chosen:
            mutual = meetings.between(other, known)
            if mutual and _score(mutual, vectors[other], vectors[known]) >= _SAME:
                break
        else:
            series[name] += 1
            chosen.append((other, score))
    return chosen


def _score(closeness: float, one: _Vector, other: _Vector) -> float:
    """Return ``closeness`` as a share of what the two posts have with themselves, at most 1."""
    return min(1.0, closeness / sqrt(one.itself * other.itself)) if closeness > 0 else 0.0


def _shared(labels: Iterable[str], others: Sequence[str]) -> tuple[str, ...]:
    return tuple([label for label in labels if label in others])


class _Evidence:
    """What stays of an index for as long as someone may ask why posts are related: 2 KB a post."""

    def __init__(self, index: _Index, names: Mapping[int, str], common: frozenset[str]) -> None:
        self._vectors = [(vector.terms, vector.sought, vector.title) for vector in index.vectors]
        self._names = names
        self._common = common

    def find_terms(self, terms: Sequence[int], sought: Sequence[int], position: int) -> list[str]:
        """Return what both a post and the one at ``position`` look for, first what both seek most."""
        their_terms, their_sought, their_title = self._vectors[position]
        places = dict.fromkeys(filter(set(their_terms).__contains__, sought), 0)
        places |= dict.fromkeys(filter(set(terms).__contains__, their_sought), 0)
        for seek in (sought, their_sought):
            for place, term in enumerate(seek, -_SOUGHT):
                if term in places:
                    places[term] += place
        shared = self._named(sorted(places, key=places.__getitem__))
        telling = [name for name in shared if not self._common.issuperset(name.split())]
        if len(telling) < _REASONS - 1:  # the post may say words of the other title once
            titled = self._named([term for term in their_title if term not in places])
            telling += [name for name in titled if name not in self._common]
        # Two common words may still name something: "training set".
        return telling or [name for name in shared if " " in name]

    def _named(self, terms: Iterable[int]) -> list[str]:
        names = [self._names[term] for term in terms if term in self._names]
        return [name for name in names if _is_telling(name)]


def _is_telling(name: str) -> bool:
    """Return whether a reader may make something of ``name``: no number or single letter."""
    if name.isalpha():
        return len(name) > 1
    return any(len(word) > 1 and not word.isdecimal() for word in name.split())


def _may_name(written: str) -> bool:
    """Return whether ``written`` may name a subject: no letters of formulas, no "xt", no "N log"."""
    return (
        len(written) > 1
        and normalize("NFKC", written) == normalize("NFC", written)
        and (
            written.istitle()  # "R Tutorial"
            or all(
                len(word) > 2 or (len(word) > 1 and (word.isupper() or not word.isascii()))
                for word in written.split()
            )
        )
    )


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


class _Texts:
    """What shows how a post writes its words; prepared once for all of them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.cased = list(texts)
        lowered = map(str.lower, self.cased)
        # Where the places would not fit, what is written with capitals is passed over.
        self.lowered = [
            lower if len(lower) == len(text) else text
            for lower, text in zip(lowered, self.cased, strict=True)
        ]

    @cached_property
    def accented(self) -> dict[tuple[str, ...], str]:
        """The words with other letters than English ones, as the first of their spellings."""
        found = (piece for text in self.cased if not text.isascii() for piece in _FOREIGN.findall(text))
        pieces = [piece.strip(_OPENING + _ENDING) for piece in found]
        accented = [piece for piece in dict.fromkeys(pieces) if not piece.isascii()]
        return {tuple(words(piece)): piece for piece in reversed(accented)}


def _written(name: Sequence[str], texts: _Texts) -> str:
    """Return how the first of ``texts`` that holds the word or the pair ``name`` spells it most often.

    Where a sentence begins, a capital says nothing, so that spelling counts only if there is no other.
    What stands nowhere, a pair not together, gives "".
    """
    first = ""
    for text, lower in zip(texts.cased, texts.lowered, strict=True):
        inside: Counter[str] = Counter()
        for start, end in islice(_places(name, lower), _OCCURRENCES):
            if _CITED.match(text, end):
                continue
            before_it = _BEFORE.search(text, max(0, start - 20), start)
            behind = _BEHIND.match(text, end)
            start, end = before_it.start() if before_it else start, behind.end() if behind else end
            before = text[max(0, start - 4) : start].rstrip(_OPENING)
            if before and before[-1] not in _ENDING:
                inside[text[start:end]] += 1
            else:
                first = first or text[start:end]
        if inside:
            return max(inside, key=inside.__getitem__)
    if first or len(name) > 1:
        return first
    # The letters may carry accents, which words() drops.
    return texts.accented.get(tuple(name), "")


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
