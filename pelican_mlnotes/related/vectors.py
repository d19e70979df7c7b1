"""What is a post compared by? Counts of its words and pairs of words, and what a term weighs.

A vector is that of Salton and Buckley ("Term-weighting approaches in automatic text retrieval", 1988): a
term's frequency times its inverse document frequency, compared by the cosine. Frequencies are damped by the
square root and rarity is smoothed as in Lucene's ``ClassicSimilarity``, so that a term that all posts hold
still counts a little: two posts alone can be related.

Terms are hashed to numbers ("the hashing trick": Weinberger and others, "Feature hashing for large scale
multitask learning", 2009), for a blog has millions of pairs of words, most of them in a single post.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from math import log, sqrt
from operator import itemgetter
from sys import byteorder
from typing import NamedTuple
from zlib import crc32

SLOTS = 1 << 20
"""So many numbers there are for terms; on a blog of 733 posts the lists are as good as without hashing."""
MOST = 255
"""What a term may count."""
ROOTS = tuple(map(sqrt, range(MOST + 1)))
"""The square root of each count."""
POWER = 2.5  # of the rarity
_SPREAD = 5  # odd, so that "loss of weight" is another pair than "weight of loss"


class Counts(NamedTuple):
    """How often a post says its terms, each of them once here."""

    terms: Sequence[int]
    """The numbers of words and pairs of words,"""
    counts: bytes
    """with their counts, 255 for all above."""


class TermNumbers(dict[str, int]):
    """The number of each word, 0 for stop words; a word keeps its number from blog to blog."""

    def __init__(self, stop_words: Iterable[str]) -> None:
        """Give ``stop_words`` no number of their own."""
        super().__init__(dict.fromkeys(stop_words, 0))
        self[""] = 0

    def __missing__(self, word: str) -> int:
        number = self[word] = crc32(word.encode()) % (SLOTS - 1) + 1
        return number

    def of(self, text: Sequence[str]) -> list[int]:
        """Return the numbers of the words of ``text``, stop words left out."""
        # An itemgetter takes half as long as a loop, but gives a tuple only for two and more.
        return list(filter(None, itemgetter("", "", *text)(self)))


def pair_number(one: int, other: int) -> int:
    """Return the number of the pair of the words ``one`` and ``other``."""
    return (_SPREAD * one + other) & (SLOTS - 1)


def count_terms(text: Sequence[int], marked: Iterable[tuple[int, Sequence[int]]]) -> Counts:
    """Return the counts of the words and the pairs of neighbours in ``text`` and in each part of ``marked``.

    Those of a marked part count as many times as stands before it.
    """
    counts = Counter(chain(text, _pair_numbers(text)))
    for weight, part in marked:
        for word in part:
            counts[word] += weight
        for one, other in pairwise(part):
            counts[pair_number(one, other)] += weight
    most = max(counts.values(), default=0)
    numbers = counts.values() if most <= MOST else [min(count, MOST) for count in counts.values()]
    return Counts(array("I", list(counts)), bytes(numbers))


def _pair_numbers(text: Sequence[int]) -> Sequence[int]:
    """Return ``pair_number`` of all neighbours in ``text``.

    All at once, as lanes of 32 bits in one large integer: a pair then takes 200 instructions, not 700, and a
    blog has as many pairs as words.
    """
    lanes = int.from_bytes(_little(array("I", text)), "little")
    masks = int.from_bytes((SLOTS - 1).to_bytes(4, "little") * len(text), "little")
    pairs = array("I", ((_SPREAD * lanes + (lanes >> 32)) & masks).to_bytes(4 * len(text), "little"))
    if byteorder == "big":
        pairs.byteswap()
    return pairs[:-1]


def _little(numbers: array[int]) -> bytes:
    if byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def rarities(posts: int) -> list[float]:
    """Return what a term of count 1 adds to the product of two vectors, by how many of ``posts`` hold it.

    That is the square of its weight: of ``ln((1 + posts) / (1 + holders)) + 1`` to ``POWER``. What no post
    holds is as rare as what a single one does.
    """
    return [(log((1 + posts) / (1 + max(1, held))) + 1) ** (2 * POWER) for held in range(posts + 1)]
