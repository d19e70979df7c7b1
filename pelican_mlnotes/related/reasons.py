"""Why are two posts related, in the words that they are written with?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from unicodedata import normalize

from pelican_mlnotes.related.texts import TAILS, Texts, says, stem
from pelican_mlnotes.related.vectors import ROOTS, TermNumbers, Vector
from pelican_mlnotes.text.words import common_words

_REASONS = 3  # most reasons told
_TERMS = 24  # most terms considered for them
# How many words stand together, how often the post that says them less often does, and the other one.
_STRONG = (2, 2, 2), (1, 3, 6)  # six: in a title, in a heading and three times in the text
_WEAK = (2, 1, 2), (1, 2, 6), (1, 1, 20), (1, 2, 3)  # twenty: in a title


class Evidence:
    """What stays of an index for as long as someone may ask why posts are related: 2 KB a post."""

    def __init__(
        self,
        vectors: Sequence[Vector],
        holders: Sequence[int],
        weights: Sequence[float],
        numbers: TermNumbers,
        lang: str,
    ) -> None:
        """Keep ``vectors`` by their places; ``weights`` is by the number of ``holders``."""
        self._vectors = vectors
        self._holders = holders
        self._weights = weights
        self.numbers = numbers
        """The numbers of words."""
        self._lang = lang

    def shared(self, one: int, other: int, *, repeated: bool) -> list[tuple[int, int, int]]:
        """Return the terms of both posts, weightiest first, each with the smaller and the greater count.

        With ``repeated``, only those that both say more than once: they are few, and soon found.
        """
        counts, others = self._counts(one, repeated), self._counts(other, repeated)
        weights, holders = self._weights, self._holders
        found = [
            (weights[holders[term]] * ROOTS[counts[term]] * ROOTS[others[term]], term)
            for term in counts.keys() & others.keys()
        ]
        found.sort(reverse=True)
        return [
            (term, mine, theirs)
            if (mine := counts[term]) < (theirs := others[term])
            else (term, theirs, mine)
            for _, term in found
        ]

    def _counts(self, place: int, repeated: bool) -> dict[int, int]:
        vector = self._vectors[place]
        often = dict(zip(vector.often, vector.counts, strict=True))
        return often if repeated else dict.fromkeys(vector.once, 1) | often

    @cached_property
    def common(self) -> frozenset[str]:
        """Words that posts on any subject repeat."""
        return common_words(self._lang)


@dataclass(frozen=True, slots=True)
class Relation:
    """A post worth reading next."""

    key: str
    """Of that post."""
    score: float
    """0..1: the cosine of the two vectors; 1 for two posts that say the same."""
    topics: tuple[str, ...] = ()
    """Labels that both posts have, best first."""
    evidence: Evidence | None = field(default=None, repr=False, compare=False)
    """What both posts say."""
    places: tuple[int, int] = field(default=(0, 0), repr=False, compare=False)
    """Of the two posts in it."""

    def reasons(self, *texts: str) -> tuple[str, ...]:
        """Return what both posts are about, strongest first: topics, then terms as ``texts`` write them.

        ``texts`` are those of the post whose relation this is (body, headings, title): what none of them
        holds is no reason.  At most three reasons are told; none where the posts share but everyday words.
        """
        return tell_reasons([self], Texts(lambda: texts))[0]


def tell_reasons(relations: Sequence[Relation], texts: Texts) -> list[tuple[str, ...]]:
    """Return the ``reasons`` of all ``relations`` of the post with ``texts``, which is read through once."""
    told = [list(relation.topics[:_REASONS]) for relation in relations]
    for kinds, enough in (_STRONG, _REASONS), (_WEAK, 1):
        asked = [
            (relation.evidence, relation.places, reasons)
            for relation, reasons in zip(relations, told, strict=True)
            if len(reasons) < enough and relation.evidence is not None
        ]
        shared = [one.shared(*places, repeated=kinds is _STRONG) for one, places, _ in asked]
        if wanted := {term for terms in shared for term, _, _ in terms}:
            names = texts.names(asked[0][0].numbers, wanted)
            for (evidence, _, reasons), terms in zip(asked, shared, strict=True):
                said = {word for reason in reasons for word in says(reason)}
                for name in _candidates(terms, names, kinds, evidence.common):
                    _tell(name, texts, reasons, said)
                    if len(reasons) == enough:
                        break
    return [tuple(reasons) for reasons in told]


def _candidates(
    terms: Iterable[tuple[int, int, int]],
    names: Mapping[int, tuple[str, ...]],
    kinds: Iterable[tuple[int, int, int]],
    common: frozenset[str],
) -> Iterator[tuple[str, ...]]:
    """Yield what may be a reason: words, and pairs of words, that both posts say often enough."""
    shared = [(names[term], less, more) for term, less, more in terms if term in names]
    for length, least, most in kinds:
        repeated = [
            name for name, less, more in shared if len(name) == length and less >= least and more >= most
        ]
        for name in islice(repeated, _TERMS):
            if not common.issuperset(name) and not any(map(str.isdecimal, name)) and TAILS.isdisjoint(name):
                yield name


def _tell(name: tuple[str, ...], texts: Texts, told: list[str], said: set[str]) -> None:
    """Add ``name``, as the post writes it, to what was ``told``; nothing ``said`` before, or no subject."""
    if said.isdisjoint(map(stem, name)):  # else what it is written with was said, too
        written = texts.written(name)
        if said.isdisjoint(says(written)) and _may_name(written):
            said |= says(written)
            told.append(written)


def with_paper(told: tuple[str, ...], paper: str) -> tuple[str, ...]:
    """Return the reasons ``told`` and, as the last of at most three, the ``paper`` that both posts are on."""
    return (*told[: _REASONS - 1], paper) if paper else told


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
