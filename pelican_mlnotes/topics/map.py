"""How do the topics that a site writes about hang together?"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pelican_mlnotes.topics.taxonomy import Taxonomy

DEEPEST = 20
"""Levels of a tree; a site's own taxonomy may have more than a template can follow."""


class Branch(NamedTuple):
    """A topic that has posts, with those of its narrower topics that have some."""

    topic: str
    """Its id."""
    branches: tuple["Branch", ...]
    """The most used first."""


def nearest_broader(topic: str, present: Iterable[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the closest topics above ``topic`` that are ``present``, those of the closest parent first.

    A parent that has no posts is looked through: its own parents stand in for it.
    """
    present = frozenset(present)
    found: dict[str, None] = {}
    seen: set[str] = set()

    def climb(topic: str) -> None:
        for parent in taxonomy.topics[topic].broader:
            if parent in seen:
                continue
            seen.add(parent)
            if parent in present:
                found[parent] = None
            else:
                climb(parent)

    climb(topic)
    return tuple(found)


def make_topic_map(uses: Mapping[str, int], taxonomy: Taxonomy) -> tuple[Branch, ...]:
    """Return the topics of ``uses`` (id -> number of posts) as trees, each topic once.

    A topic hangs below the first of its nearest broader topics; one without any starts a tree. What is deeper
    than ``DEEPEST`` stands side by side on that level, each topic before its narrower ones.
    """
    below: dict[str | None, list[str]] = {}
    for topic in uses:
        parents = nearest_broader(topic, uses, taxonomy)
        below.setdefault(parents[0] if parents else None, []).append(topic)

    def under(parent: str | None) -> list[str]:
        return sorted(below.get(parent, ()), key=lambda topic: (-uses[topic], topic))

    def grow(parent: str | None, level: int) -> tuple[Branch, ...]:
        if level < DEEPEST:
            return tuple(Branch(topic, grow(topic, level + 1)) for topic in under(parent))
        leaves, left = [], under(parent)[::-1]
        while left:
            leaves.append(Branch(left.pop(), ()))
            left += under(leaves[-1].topic)[::-1]
        return tuple(leaves)

    return grow(None, 1)
