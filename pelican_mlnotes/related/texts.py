"""How does a post write its words?"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import cached_property, lru_cache
from itertools import compress, count, islice
from typing import NamedTuple

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.related.vectors import TermNumbers
from pelican_mlnotes.text.words import words

_OCCURRENCES = 8  # most places of a word that tell how a post writes it

_OPENING = " \"'(*“‘«\n"
_ENDING = ".!?:;,)"
_UNSPACED = "\u0e00"  # from here on there are scripts without blanks between words

_FOREIGN = pattern(r"(?<!\S)[!-~]*+[^\x00-\x7f\s]\S*")
_CITED = pattern(r" et al|,? \(?(?:19|20)\d\d[a-z]?\b")  # behind the name of an author
_NEAR = 20  # characters
_BEFORE = pattern(r"(?:[^\W\d_]+-)+$", at_most=_NEAR)  # what hyphens join to a word,
_BEHIND = pattern(r"(?:-[^\W\d_]+)+")  # as in "fine-grained",
# but that something is "JSON-based" says no more than "JSON":
TAILS = frozenset(
    {"aware", "based", "driven", "free", "friendly", "independent", "level", "like", "oriented", "ready"}
    | {"related", "sized", "specific", "style", "supported", "valued", "wise"}
)
"""What says nothing of itself behind a hyphen."""


def stem(word: str) -> str:
    """Return ``word`` without the "s" of an English plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=4096)
def says(name: str) -> frozenset[str]:
    """Return the stems of ``name`` and, of several words, what stands for them: initials, and all in one."""
    several = words(name)
    joined = ["".join([word[0] for word in several]), "".join(several)] if len(several) > 1 else []
    return frozenset(map(stem, several + joined))


class _Spoken(NamedTuple):
    """The words of a text that are no stop words."""

    said: Sequence[str]
    singles: Sequence[int]
    """Their numbers."""
    pairs: Sequence[int]
    """Those of each with the next one."""


class Texts:
    """What shows how a post writes its words; read once, when it is first looked at."""

    def __init__(self, read: Callable[[], Iterable[str]]) -> None:
        self._read = read
        # The posts that are related to one share much of what they share with it.
        self._written: dict[tuple[str, ...], str] = {}
        self._spoken: list[_Spoken] = []

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
        found: dict[int, tuple[str, ...]] = {}
        for place, text in enumerate(self.cased):
            if place == len(self._spoken):
                self._spoken.append(_Spoken(*numbers.told(words(text))))
            said, singles, pairs = self._spoken[place]
            found |= {pair: (said[at], said[at + 1]) for pair, at in _places_of(wanted, pairs)}
            found |= {word: (said[at],) for word, at in _places_of(wanted, singles)}
            if len(found) == len(wanted):
                break
        return found

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
                end = end if joined[0][1:].lower() in TAILS else joined.end()
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


def _places_of(wanted: Set[int], numbers: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Return those of ``numbers`` that are ``wanted``, each once, and where."""
    # Without a step of the interpreter for each of thousands.
    return dict(compress(zip(numbers, count()), map(wanted.__contains__, numbers))).items()


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
