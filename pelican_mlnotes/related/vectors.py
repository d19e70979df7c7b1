"""What is a post compared by? Counts of its words and pairs of words, and what a term weighs.

A vector is that of Salton and Buckley ("Term-weighting approaches in automatic text retrieval", 1988): a
term's frequency times its inverse document frequency, compared by the cosine. Frequencies are damped by the
square root and rarity is smoothed as in Lucene's ``ClassicSimilarity``, so that a term that all posts hold
still counts a little: two posts alone can be related.

Terms are hashed to numbers ("the hashing trick": Weinberger and others, "Feature hashing for large scale
multitask learning", 2009), for a blog has millions of pairs of words, most of them in a single post.

Passages stay encoded, four bytes a word, until posts are compared: what is done to all words of a post is
then one step of the interpreter, not hundreds.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import compress
from math import log, sqrt
from sys import byteorder
from typing import NamedTuple
from zlib import crc32

SLOTS = 1 << 23
"""So many numbers there are for terms: on 10,000 posts, two for each pair of words that real ones hold."""
MOST = 255
"""What a term may count, and the most posts that are told apart by how many hold it."""
ROOTS = tuple(map(sqrt, range(MOST + 1)))
"""The square root of each count."""
POWER = 2.5  # of the rarity
_SPREAD = 5  # odd, so that "loss of weight" is another pair than "weight of loss"
_LANE = 4  # bytes of a number
_BREAK = bytes(_LANE)  # between two passages of a field


class TermNumbers(dict[str, bytes]):
    """The number of each word, encoded, nothing for stop words; a word keeps its number from blog to blog."""

    def __init__(self, stop_words: Iterable[str]) -> None:
        """Give ``stop_words`` no number."""
        super().__init__(dict.fromkeys(stop_words, b""))

    def __missing__(self, word: str) -> bytes:
        encoded = self[word] = (crc32(word.encode()) % (SLOTS - 1) + 1).to_bytes(_LANE, "little")
        return encoded

    def encode(self, text: Iterable[str]) -> bytes:
        """Return the numbers of the words of ``text``, encoded, stop words left out."""
        return b"".join(map(self.__getitem__, text))

    def told(self, text: Sequence[str]) -> tuple[list[str], list[int], list[int]]:
        """Return the words of ``text`` that are no stop words, their numbers, and those of their pairs."""
        numbers = list(map(self.__getitem__, text))
        encoded = b"".join(numbers)
        return list(compress(text, numbers)), decode(encoded), decode(_pair_numbers(encoded))


def decode(numbers: bytes) -> list[int]:
    """Return ``numbers`` as what they are."""
    if byteorder == "little":
        return memoryview(numbers).cast("I").tolist()
    swapped = array("I", numbers)
    swapped.byteswap()
    return swapped.tolist()


def pair_number(one: int, other: int) -> int:
    """Return the number of the pair of the words with the numbers ``one`` and ``other``."""
    return (_SPREAD * one + other) & (SLOTS - 1)


class Fields(NamedTuple):
    """What of a post is counted: some four bytes a word of it, and as many a pair."""

    text: bytes
    """The numbers of its words and of all pairs of neighbours, as often as they stand there."""
    marked: tuple[bytes, ...]
    """Its title, headings, tags, captions: the numbers of the words, a zero between two passages."""


BOOSTS = (20, 3, 3, 1)
"""How many times a word of each marked field counts; one of the text counts once."""


def make_fields(text: bytes, marked: Iterable[Iterable[bytes]]) -> Fields:
    """Return the fields of a post with the words ``text`` and the passages ``marked``, both encoded."""
    return Fields(text + _pair_numbers(text), tuple(map(_BREAK.join, marked)))


def _pair_numbers(text: bytes) -> bytes:
    """Return ``pair_number`` of all neighbours in ``text``.

    All at once, as lanes of one large integer: a pair then takes 200 instructions, not 700, and a blog has as
    many pairs as words.
    """
    lanes = int.from_bytes(text, "little")
    masks = int.from_bytes((SLOTS - 1).to_bytes(_LANE, "little") * (len(text) // _LANE), "little")
    return ((_SPREAD * lanes + (lanes >> 8 * _LANE)) & masks).to_bytes(len(text), "little")[:-_LANE]


def count_marked(fields: Fields) -> dict[int, int]:
    """Return how much each word, and each pair of neighbours, of the marked ``fields`` counts."""
    counts: dict[int, int] = {}
    for boost, field in zip(BOOSTS, fields.marked, strict=True):
        before = 0
        for word in decode(field):
            if word:
                counts[word] = counts.get(word, 0) + boost
                if before:
                    pair = pair_number(before, word)
                    counts[pair] = counts.get(pair, 0) + boost
            before = word
    return counts


class Holders(bytearray):
    """How many posts hold each term: 255 for all above, which is rarity enough to tell.

    A byte each: lists would be walked through by every garbage collection.
    """

    def __init__(self) -> None:
        super().__init__(SLOTS)

    def add(self, fields: Fields) -> None:
        """Count a post."""
        for term in {*decode(fields.text), *count_marked(fields)}:
            if (held := self[term]) < MOST:
                self[term] = held + 1


def rarities(posts: int) -> list[float]:
    """Return what a term of count 1 adds to the product of two vectors, by how many of ``posts`` hold it.

    That is the square of its weight: of ``ln((1 + posts) / (1 + holders)) + 1`` to ``POWER``. What no post
    holds is as rare as what a single one does.
    """
    return [
        (log((1 + posts) / (1 + max(1, held))) + 1) ** (2 * POWER) for held in range(min(posts, MOST) + 1)
    ]
