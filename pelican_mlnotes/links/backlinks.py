"""Which posts mention a post?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

MOST = 10
"""Posts that are said to mention a post."""


@dataclass(frozen=True, slots=True)
class Source:
    """A published post, and the posts that its text links to."""

    key: str
    group: str
    """What a post and its translations have in common."""
    lang: str
    date: datetime
    """Aware of its time zone."""
    links: tuple[tuple[str, str], ...]
    """Keys of the posts that it links to, and the sentences around the links, in order."""


class Mention(NamedTuple):
    """A post that mentions another one."""

    key: str
    sentence: str
    """Plain text; empty where a link stands in none."""


def find_mentions(sources: Sequence[Source], most: int = MOST) -> dict[str, tuple[Mention, ...]]:
    """Return, by their keys, which of ``sources`` mention a post: at most ``most``, newest first, each once.

    A link of a translation counts for the version of the post in its own language, if there is one. Of
    several versions of one post that mention the same version of another, the one in that one's language is
    named. No post mentions itself or another version of itself.
    """
    by_key = {source.key: source for source in sources}
    versions = {(source.group, source.lang): source.key for source in reversed(sources)}
    found: dict[str, dict[str, Mention]] = {}
    ranks: Mapping[str, tuple[float, str]] = {
        source.key: (-source.date.timestamp(), source.key) for source in sources
    }
    for source in sources:
        for named, sentence in source.links:
            target = by_key.get(named)
            if target is None or target.group == source.group:
                continue
            if target.lang != source.lang:
                target = by_key[versions.get((target.group, source.lang), target.key)]
            mentions = found.setdefault(target.key, {})
            known = mentions.get(source.group)
            if known is None or _says_more(source, sentence, known, by_key[known.key], target.lang):
                mentions[source.group] = Mention(source.key, sentence)
    return {
        key: tuple(sorted(mentions.values(), key=lambda mention: ranks[mention.key])[:most])
        for key, mentions in found.items()
    }


def _says_more(source: Source, sentence: str, known: Mention, other: Source, lang: str) -> bool:
    """Return whether ``source`` is to be named rather than ``other``, the same post or a version of it."""
    if known.key == source.key:
        return bool(sentence) and not known.sentence
    return (source.lang != lang, source.lang, source.key) < (other.lang != lang, other.lang, other.key)


def first_of_each(links: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return ``links``, pairs of an address and a sentence, with the first sentence of each address alone."""
    kept: dict[str, str] = {}
    for address, sentence in links:
        if not kept.get(address):
            kept[address] = sentence
    return tuple(kept.items())
