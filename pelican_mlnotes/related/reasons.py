"""Why are two posts related, in the words that they are written with?"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Protocol
from unicodedata import normalize

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.related.vectors import ROOTS, TermNumbers
from pelican_mlnotes.text.words import common_words, words

_REASONS = 3  # most reasons told
_TERMS = 24  # most terms considered for them
# How many words stand together, how often the post that says them less often does, and the other one.
_STRONG = (2, 2, 2), (1, 3, 6)  # six: in a title, in a heading and three times in the text
_WEAK = (2, 1, 2), (1, 2, 6), (1, 1, 20), (1, 2, 3)  # twenty: in a title
_OCCURRENCES = 8  # most places of a word that tell how a post writes it

_OPENING = " \"'(*“‘«\n"
_ENDING = ".!?:;,)"
_UNSPACED = "\u0e00"  # from here on there are scripts without blanks between words

_FOREIGN = pattern(r"(?<!\S)[!-~]*+[^\x00-\x7f\s]\S*")
_CITED = pattern(r" et al|,? \(?(?:19|20)\d\d[a-z]?\b")  # behind the name of an author
_NEAR = 20  # characters
_BEFORE = pattern(r"(?:[^\W\d_]+-)+$", at_most=_NEAR)  # what hyphens join to a word,
_BEHIND = pattern(r"(?:-[^\W\d_]+)+")  # as in "fine-grained",
# but that something is "JSON-based" says no more than "JSON".
_TAILS = frozenset(
    {"aware", "based", "driven", "free", "friendly", "independent", "level", "like", "oriented", "ready"}
    | {"related", "sized", "specific", "style", "supported", "valued", "wise"}
)


class _Counted(Protocol):
    """What of a vector is looked at."""

    @property
    def once(self) -> Sequence[int]: ...
    @property
    def often(self) -> Sequence[int]: ...
    @property
    def counts(self) -> bytes: ...


class Evidence:
    """What stays of an index for as long as someone may ask why posts are related: 2 KB a post."""

    def __init__(
        self,
        vectors: Sequence[_Counted],
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
        found = [
            (
                self._weights[self._holders[term]] * ROOTS[counts[term]] * ROOTS[others[term]],
                term,
                min(counts[term], others[term]),
                max(counts[term], others[term]),
            )
            for term in counts.keys() & others.keys()
        ]
        return [(term, less, more) for _, term, less, more in sorted(found, reverse=True)]

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
        return self.told(Texts(lambda: texts))

    def told(self, texts: "Texts") -> tuple[str, ...]:
        """Return what ``reasons`` does."""
        told = list(self.topics[:_REASONS])
        if len(told) == _REASONS or self.evidence is None:
            return tuple(told)
        said = {stem for topic in told for stem in _says(topic, texts)}
        for name in self._names(self.evidence, texts, _STRONG):
            _tell(name, texts, told, said)
            if len(told) == _REASONS:
                return tuple(told)
        if not told:
            for name in self._names(self.evidence, texts, _WEAK):
                _tell(name, texts, told, said)
                if told:
                    break
        return tuple(told)

    def _names(
        self, evidence: Evidence, texts: "Texts", kinds: Sequence[tuple[int, int, int]]
    ) -> Iterator[tuple[str, ...]]:
        """Yield what may be a reason: words, and pairs of words, that both posts say often enough."""
        terms = evidence.shared(*self.places, repeated=all(least > 1 for _, least, _ in kinds))
        if not terms:
            return
        names = texts.names(evidence.numbers, {term for term, _, _ in terms})
        shared = [(names[term], less, more) for term, less, more in terms if term in names]
        for length, least, most in kinds:
            repeated = [
                name for name, less, more in shared if len(name) == length and less >= least and more >= most
            ]
            for name in islice(repeated, _TERMS):
                if (
                    not evidence.common.issuperset(name)
                    and not any(map(str.isdecimal, name))
                    and _TAILS.isdisjoint(name)
                ):
                    yield name


def _tell(name: tuple[str, ...], texts: "Texts", told: list[str], said: set[str]) -> None:
    """Add ``name``, as the post writes it, to what was ``told``; nothing ``said`` before, or no subject."""
    if not said.isdisjoint(map(_stem, name)):  # so is what it is written with
        return
    written = texts.written(name)
    says = _says(written, texts)
    if _may_name(written) and says.isdisjoint(said):
        said |= says
        told.append(written)


def _says(name: str, texts: "Texts") -> frozenset[str]:
    """Return the stems of ``name`` and, of several words, what may stand for them: initials, all in one."""
    stems = texts.stems(name)
    several = words(name)
    if len(several) < 2:
        return stems
    return stems | {_stem("".join([word[0] for word in several])), _stem("".join(several))}


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


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


class _Spoken:
    """The words of a text that are no stop words, to be found by their numbers."""

    __slots__ = ("pairs", "said", "singles")

    def __init__(self, said: Sequence[str], singles: Sequence[int], pairs: Sequence[int]) -> None:
        self.said = said
        self.singles = dict(zip(singles, said, strict=True))
        self.pairs = dict(zip(reversed(pairs), reversed(range(len(pairs))), strict=True))
        """Where each pair stands first."""


class Texts:
    """What shows how a post writes its words; read once, when it is first looked at."""

    def __init__(self, read: Callable[[], Iterable[str]]) -> None:
        self._read = read
        # The posts that are related to one share much of what they share with it.
        self._written: dict[tuple[str, ...], str] = {}
        self._stems: dict[str, frozenset[str]] = {}
        self._spoken: list[_Spoken] | None = None

    @cached_property
    def cased(self) -> list[str]:
        """The texts."""
        return list(self._read())

    @cached_property
    def lowered(self) -> list[str]:
        """The texts in lower case; where the places would not fit, as they are."""
        lowered = map(str.lower, self.cased)
        return [
            lower if len(lower) == len(text) else text
            for lower, text in zip(lowered, self.cased, strict=True)
        ]

    def names(self, numbers: TermNumbers, wanted: Set[int]) -> dict[int, tuple[str, ...]]:
        """Return the words and the pairs of neighbours here whose numbers are ``wanted``, by these."""
        if self._spoken is None:
            self._spoken = [_Spoken(*numbers.told(words(text))) for text in self.cased]
        found: dict[int, tuple[str, ...]] = {}
        for text in self._spoken:
            # Of thousands of terms, another post shares a few: sets find these without a look at each.
            for pair in text.pairs.keys() & wanted:
                at = text.pairs[pair]
                found.setdefault(pair, (text.said[at], text.said[at + 1]))
            for word in text.singles.keys() & wanted:
                found[word] = (text.singles[word],)
        return found

    def stems(self, text: str) -> frozenset[str]:
        """Return the words of ``text`` without the "s" of their plurals."""
        if text not in self._stems:
            self._stems[text] = frozenset(map(_stem, words(text)))
        return self._stems[text]

    def written(self, name: tuple[str, ...]) -> str:
        """Return how the post spells the word or the pair ``name``; "" if it has none such."""
        if name not in self._written:
            self._written[name] = _written(name, self)
        return self._written[name]

    @cached_property
    def accented(self) -> dict[tuple[str, ...], str]:
        """The words with other letters than English ones, as the first of their spellings."""
        found = (piece for text in self.cased if not text.isascii() for piece in _FOREIGN.findall(text))
        pieces = [piece.strip(_OPENING + _ENDING) for piece in found]
        accented = [piece for piece in dict.fromkeys(pieces) if not piece.isascii()]
        return {tuple(words(piece)): piece for piece in reversed(accented)}


def _written(name: Sequence[str], texts: Texts) -> str:
    """Return how the first of ``texts`` that holds the word or the pair ``name`` spells it most often.

    Where a sentence begins, a capital says nothing, so that spelling counts only if there is no other.
    What stands nowhere, a pair not together, gives "".
    """
    first = ""
    for text, lower in zip(texts.cased, texts.lowered, strict=True):
        inside: dict[str, int] = {}
        for start, end in islice(_places(name, lower), _OCCURRENCES):
            if _CITED.match(text, end) or text.startswith("\\", start - 1):  # a command of TeX
                continue
            if (
                start
                and text[start - 1] == "-"
                and (joined := _BEFORE.search(text, max(0, start - _NEAR), start))
            ):
                start = joined.start()
            if text.startswith("-", end) and (joined := _BEHIND.match(text, end)):
                end = end if joined[0][1:].lower() in _TAILS else joined.end()
            before = text[max(0, start - 4) : start].rstrip(_OPENING)
            if before and before[-1] not in _ENDING:
                inside[text[start:end]] = inside.get(text[start:end], 0) + 1
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
