"""What is a post compared by? Counts of its words and pairs of words, and what a term weighs.

A vector is that of Salton and Buckley ("Term-weighting approaches in automatic text retrieval", 1988): a
term's frequency times its inverse document frequency, compared by the cosine. Frequencies are damped by the
square root and rarity is smoothed as in Lucene's ``ClassicSimilarity``, so that a term that all posts hold
still counts a little: two posts alone can be related.

Terms are hashed to numbers ("the hashing trick": Weinberger and others, "Feature hashing for large scale
multitask learning", 2009), for a blog has millions of pairs of words, most of them in a single post. Numbers
stay encoded, four bytes each, until posts are compared: what is done to all terms of a post is then one step
of the interpreter, not hundreds.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import compress, repeat
from math import log, sqrt
from operator import itemgetter, setitem
from struct import pack, unpack
from typing import NamedTuple
from zlib import crc32

SLOTS = 1 << 23
"""So many numbers there are for terms: on 10,000 posts, two for each pair of words that real ones hold."""
MOST = 255
"""What a term may count."""
ROOTS = tuple(map(sqrt, range(MOST + 1)))
"""The square root of each count."""
BOOSTS = (20, 3, 3, 1)
"""How many times a word of the title, a heading, a tag, a caption counts; one of the text counts once."""
FREQUENT = 33
"""What so many posts hold, or more, adds next to nothing to a cosine, and is left out of it."""
_POWER = 2.5  # of the rarity
_SPREAD = 5  # odd, so that "loss of weight" is another pair than "weight of loss"
_LANE = 4  # bytes of a number
_ONE_MORE = bytes([min(held + 1, FREQUENT) for held in range(256)])
_OTHERS = bytes([*range(2), *range(FREQUENT, 256)])  # what neither several posts hold nor too many


class TermNumbers(dict[str, bytes]):
    """The number of each word, encoded, nothing for stop words; a word keeps its number from blog to blog."""

    def __init__(self, stop_words: Iterable[str]) -> None:
        """Give ``stop_words`` no number."""
        super().__init__(dict.fromkeys(stop_words, b""))

    def __missing__(self, word: str) -> bytes:
        encoded = self[word] = (crc32(word.encode()) % (SLOTS - 1) + 1).to_bytes(_LANE, "little")
        return encoded

    def encode(self, text: Iterable[str]) -> bytes:
        """Return the numbers of the words of ``text``, stop words left out, then those of their pairs."""
        numbers = b"".join(map(self.__getitem__, text))
        return numbers + _pair_numbers(numbers)

    def told(self, text: Sequence[str]) -> tuple[list[str], Sequence[int], Sequence[int]]:
        """Return the words of ``text`` that are no stop words, their numbers, and those of their pairs."""
        numbers = list(map(self.__getitem__, text))
        encoded = b"".join(numbers)
        return list(compress(text, numbers)), _decode(encoded), _decode(_pair_numbers(encoded))


def _decode(numbers: bytes) -> tuple[int, ...]:
    return unpack(f"<{len(numbers) // _LANE}I", numbers)


def _pair_numbers(numbers: bytes) -> bytes:
    """Return the numbers of all pairs of neighbours in ``numbers``.

    All at once, as lanes of one large integer: a pair then takes 200 instructions, not 700, and a blog has as
    many pairs as words.
    """
    lanes = int.from_bytes(numbers, "little")
    masks = int.from_bytes((SLOTS - 1).to_bytes(_LANE, "little") * (len(numbers) // _LANE), "little")
    return ((_SPREAD * lanes + (lanes >> 8 * _LANE)) & masks).to_bytes(len(numbers), "little")[:-_LANE]


class Terms(NamedTuple):
    """What of a post is counted: some four bytes a word of it, and as many a pair."""

    text: bytes
    """The numbers of its words and of all pairs of neighbours, as often as they stand there."""
    marked: bytes
    """The numbers of those in its title, headings, tags and captions, each once;"""
    boosts: bytes
    """how much each of these counts for that, at most ``MOST``."""


def make_terms(text: bytes, marked: Iterable[tuple[int, bytes]]) -> Terms:
    """Return the terms of a post: of its ``text``, and of ``marked`` passages, each with what it counts.

    Text and passages are encoded.
    """
    counts: dict[int, int] = {}
    for boost, passage in marked:
        for term in _decode(passage):
            counts[term] = counts.get(term, 0) + boost
    return Terms(text, pack(f"<{len(counts)}I", *counts), bytes(map(min, counts.values(), repeat(MOST))))


class Holders(bytearray):
    """How many posts hold each term, ``FREQUENT`` for more.

    A byte each: lists would be walked through by every garbage collection.
    """

    def __init__(self) -> None:
        super().__init__(SLOTS)

    def add(self, post: Terms) -> None:
        """Count ``post``."""
        terms = _decode(post.text + post.marked)
        # All are read before one is written, so that a term that a post repeats counts once.
        more = self.of(terms).translate(_ONE_MORE)
        any(map(setitem, repeat(self), terms, more))  # 370 instructions a term; a loop takes twice as many

    def of(self, terms: Sequence[int]) -> bytes:
        """Return how many posts hold each of ``terms``."""
        # An itemgetter of a single one gives no tuple.
        return bytes(itemgetter(*terms)(self) if len(terms) > 1 else [self[term] for term in terms])


def rarities(posts: int) -> list[float]:
    """Return what a term of count 1 adds to the product of two vectors, by how many of ``posts`` hold it.

    That is the square of its weight: of ``ln((1 + posts) / (1 + holders)) + 1`` to the power of 2.5. What no
    post holds is as rare as what a single one does; what is ``FREQUENT`` adds nothing.
    """
    squares = [
        (log((1 + posts) / (1 + max(1, held))) + 1) ** (2 * _POWER)
        for held in range(min(posts + 1, FREQUENT))
    ]
    return squares + [0.0] * (FREQUENT + 1 - len(squares))


class Vector(NamedTuple):
    """What is compared of a post: those of its terms that others hold, too, but not too many."""

    once: Sequence[int]
    """Terms that count 1."""
    often: Sequence[int]
    """The others,"""
    counts: bytes
    """with their counts."""
    norm: float
    """The length of the whole vector."""


class Weighing:
    """Makes the vectors of a blog's posts."""

    def __init__(self, holders: Holders, posts: int, *, shared_from: int, weightiest: int) -> None:
        """Weigh terms by how many of ``posts`` are their ``holders``.

        Those that fewer than ``shared_from`` hold are left out; so many of the ``weightiest`` are told.
        """
        self.holders = holders
        self.rarities = rarities(posts)
        """What a term adds, by how many posts hold it."""
        self._compared = bytes([shared_from <= held < FREQUENT for held in range(256)])
        self._left_out = bytes([held for held in range(256) if not self._compared[held]])
        self._weightiest = weightiest

    def held_once(self, post: Terms) -> set[int]:
        """Return those terms of ``post`` that one post holds."""
        terms = _decode(post.text + post.marked)
        return {term for term, posts in zip(terms, self.holders.of(terms), strict=True) if posts == 1}

    def make_vector(self, post: Terms, more: frozenset[int] = frozenset()) -> tuple[Vector, list[int]]:
        """Return the vector of ``post``, and its weightiest terms in order.

        It has its terms among ``more``, too, though no other post holds them.
        """
        weights, holders, compared = self.rarities, self.holders, self._compared
        terms = _decode(post.text)
        held = holders.of(terms)
        # Half of the terms are the post's own, or too frequent: they need not be looked at one by one.
        square = weights[1] * (held.count(0) + held.count(1))
        square += sum([weights[posts] for posts in held.translate(None, _OTHERS)])
        said = list(compress(terms, held.translate(compared)))
        held = held.translate(None, self._left_out)
        counts = Counter(said)
        ranked = self._rarest(said, held, len(said) - len(counts))
        marked = _decode(post.marked)
        for term, posts, count in zip(marked, holders.of(marked), post.boosts, strict=True):
            square += weights[posts] * count
            if compared[posts]:
                counts[term] = counts.get(term, 0) + count
                ranked.add(term)
        often = {term: min(count, MOST) for term, count in counts.items() if count > 1}
        ranked.update(often)
        squares = {term: weights[holders[term]] * counts[term] for term in ranked}
        # Equal weights are common: the number of a term, which follows from its letters alone, decides.
        weightiest = sorted(sorted(squares, reverse=True), key=squares.__getitem__, reverse=True)
        for term in often:
            counts.pop(term)
        for term in more and more.intersection(terms + marked):
            count = terms.count(term) + sum(compress(post.boosts, [term == other for other in marked]))
            (often if count > 1 else counts)[term] = min(count, MOST)
        vector = Vector(array("I", [*counts]), array("I", often), bytes(often.values()), sqrt(square) or 1.0)
        return vector, weightiest[: self._weightiest]

    def _rarest(self, said: Sequence[int], held: bytes, repeated: int) -> set[int]:
        """Return those of the terms ``said`` that may be weightiest if all count the same.

        That is a fifth of them. ``held`` is by how many posts, ``repeated`` how many stand there again.
        """
        rarest: set[int] = set()
        for most in (self._weightiest, self._weightiest + repeated):
            found = posts = 0
            while found < most and posts < FREQUENT:
                posts += 1
                found += held.count(posts)
            rarest = {*compress(said, held.translate(b"\1" * (posts + 1) + bytes(255 - posts)))}
            if len(rarest) >= self._weightiest:
                break
        return rarest
