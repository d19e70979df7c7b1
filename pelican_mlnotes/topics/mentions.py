"""Where do the names of topics stand in a post?

An ambiguous name counts if the post spells it right, has one of the words that go with it, near or anywhere,
and none that speak against it.  Met once, a rule holds for the post (W. A. Gale, K. W. Church and D.
Yarowsky, "One sense per discourse", 1992).  Where names overlap, the longest counts.
"""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from itertools import compress

from pelican_mlnotes.document.model import Document
from pelican_mlnotes.text.words import language_of, words
from pelican_mlnotes.topics.taxonomy import Evidence, Name, Names, Rule, Taxonomy, Trie

_NEAR = 12
"""How many words before and after a name its rule calls near."""
_BREAK = "\n"  # between two texts; no word, so no name reaches across


@dataclass(slots=True)
class Seen:
    """Where the names of one topic stand."""

    title: int = 0
    title_alone: int = 0
    """How many of those in the title are names of the topic itself, not of something narrower."""
    headings: int = 0
    shared: int = 0
    """How many headings hold a name."""
    whole: float = 0.0
    """The largest share of a heading that one of the names fills."""
    lead: int = 0
    body: int = 0
    captions: int = 0
    signs: int = 0
    """Words of the topic's trade in the body."""
    parts: int = 0
    """In how many eighths of the body."""
    names: int = 0
    """How many different names."""
    words: int = 0
    """How many of those and of the words of its trade."""


class Post:
    """The words of a post and the names among them."""

    def __init__(
        self, title: str, document: Document, taxonomy: Taxonomy, tokens: list[str] | None, lang: str
    ) -> None:
        self.taxonomy = taxonomy
        self.texts = (title, "\n".join(document.headings), document.prose, "\n".join(document.captions))
        prose = words(document.prose) if tokens is None else tokens
        headings = [words(heading) for heading in document.headings]
        self.heading_count = len(headings)
        numbered = enumerate(headings)
        self._heading_of = [(number, len(one)) for number, one in numbered for _ in (*one, _BREAK)]
        self.tokens = words(title)
        ends = []
        for more in (
            [_BREAK],
            [word for heading in headings for word in (*heading, _BREAK)],
            prose,
            [_BREAK],
            [*(word for caption in document.captions for word in (*words(caption), _BREAK)), _BREAK],
        ):
            ends.append(len(self.tokens))
            self.tokens += more
        self.title_end, self.headings_start = ends[0], ends[1]
        self.body_start, self.body_end, self.captions_start = ends[2], ends[3], ends[4]
        self.lead_end = self.body_start + len(words(document.prose[: document.lead]))
        self.length = len(prose)
        self._vocabulary: set[str] = set()
        self._asked = 0
        self._joined = ""
        self._held: dict[tuple[str, ...], bool] = {}
        self._allowed: dict[Name, bool] = {}
        self._near: set[Name] = set()
        self.names = taxonomy.names(lang)
        self.english = language_of(lang) == "en"
        self.found = self._find(self.names)
        self.seen = self._place()

    def _find(self, names: Names) -> dict[Name, list[int]]:
        """Return the places of every name that counts; where names overlap, the first and longest counts."""
        tokens = self.tokens
        openers, after, grammar, seconds = names.openers, names.after, names.grammar, names.seconds
        allowed = self._allowed
        found: defaultdict[Name, list[int]] = defaultdict(list)
        pending: dict[Name, list[int]] = {}
        free = 0
        starts = []
        for at in compress(range(len(tokens) - 1), map(names.signals.__contains__, tokens)):
            word = tokens[at]
            if word in seconds and at and (before := tokens[at - 1]) in grammar:
                trie = after[before]
                if word in trie:
                    starts.append((at - 1, trie))
            # Most first words are common ones; here those drop that another word follows.
            if word in openers:
                trie = after[word]
                if tokens[at + 1] in trie or "" in trie:
                    starts.append((at, trie))
        for start, trie in starts:
            if start < free:
                continue
            node: Trie | None = trie
            at = start
            ends = []
            while node is not None:
                at += 1
                if "" in node:
                    ends.append((at, node[""]))
                node = node.get(tokens[at])
            for end, candidates in reversed(ends):
                for name in candidates:
                    rule = name.rule
                    if rule is None:
                        found[name].append(start)
                        free = end
                    elif allowed[name] if name in allowed else self._is_allowed(name, rule):
                        if not rule.near or name in self._near or self._is_near(name, rule, start, end):
                            found[name] += (*pending.pop(name, ()), start)
                            free = end
                        else:
                            pending.setdefault(name, []).append(start)
                if free == end:
                    break
        self._add_within(names, found)
        return found

    def _add_within(self, names: Names, found: defaultdict[Name, list[int]]) -> None:
        """Add what the title names within the name of something else, as "fine-tuning" in "BERT fine-tuning".

        Only within names of special cases, and not where one topic is broader than the other: "dynamic linear
        model" and "Bayesian neural network" are names of one thing.
        """
        titled = [(name, places[0]) for name, places in found.items() if places[0] < self.title_end]
        above = self.taxonomy.above
        for outer, first in titled:
            if not outer.instance:
                continue
            last = first + len(words(outer.text))
            for start in range(first, last):
                node: Trie | None = (
                    names.after[word] if (word := self.tokens[start]) in names.openers else None
                )
                end = start
                while node is not None and end < last:
                    end += 1
                    for name in node.get("", ()):
                        if (
                            name.topic not in above(outer.topic)
                            and outer.topic not in (name.topic, *above(name.topic))
                            and not name.sign
                            and self._counts(name, start, end)
                        ):
                            found[name].append(start)
                    node = node.get(self.tokens[end])

    def _counts(self, name: Name, start: int, end: int) -> bool:
        """Does the post show what the rule of the name asks for?"""
        rule = name.rule
        return rule is None or (
            self._is_allowed(name, rule)
            and (not rule.near or name in self._near or self._is_near(name, rule, start, end))
        )

    def _is_allowed(self, name: Name, rule: Rule) -> bool:
        """Does the post as a whole show what the rule asks for?"""
        allowed = (
            (not rule.case or any(rule.name in text for text in self.texts))
            and (not rule.anywhere or self._holds(rule.anywhere) or (rule.case and self._is_local()))
            and not (rule.without and self._holds(rule.without))
        )
        self._allowed[name] = allowed
        return allowed

    def _is_near(self, name: Name, rule: Rule, start: int, end: int) -> bool:
        """Did the name stand near one of its words, here or before?"""
        before, after = self.tokens[max(0, start - _NEAR) : start], self.tokens[end : end + _NEAR]
        window = ""
        for listed in (rule.near, *self.taxonomy.evidence(rule.near).lists):
            evidence = self.taxonomy.evidence(listed)
            near = not evidence.words.isdisjoint(before) or not evidence.words.isdisjoint(after)
            if not near and evidence.phrases:
                # Phrases may contain the name itself.
                window = window or f" {' '.join(before + self.tokens[start:end] + after)} "
                near = any(phrase in window for _, phrase in evidence.phrases)
            if near:
                self._near.add(name)
                return True
        return False

    def _holds(self, listed: tuple[str, ...]) -> bool:
        """Is one of the listed words or phrases in the post?"""
        held = self._held.get(listed)
        if held is None:
            evidence = self.taxonomy.evidence(listed)
            asked = self.taxonomy.evidence_words
            if len(asked) != self._asked:
                # Of all words of a post, rules ask for a few; to keep the others takes twice as long.
                self._vocabulary, self._asked = asked.intersection(self.tokens), len(asked)
            held = self._shows(evidence, self._vocabulary) or any(map(self._holds, evidence.lists))
            self._held[listed] = held
        return held

    def _is_local(self) -> bool:
        """Does the post have names in its own language? Rules list their evidence in English."""
        if () not in self._held:
            local = self.names.local
            self._held[()] = bool(local.words or local.phrases) and self._shows(local, set(self.tokens))
        return self._held[()]

    def _shows(self, evidence: Evidence, vocabulary: Set[str]) -> bool:
        """Are the words or phrases of this very list in the post, whose words are ``vocabulary``?"""
        if not evidence.words.isdisjoint(vocabulary):
            return True
        phrases = [phrase for spelled, phrase in evidence.phrases if spelled.issubset(vocabulary)]
        if phrases and not self._joined:
            self._joined = f" {' '.join(self.tokens)} "
        return any(phrase in self._joined for phrase in phrases)

    def _place(self) -> dict[str, Seen]:
        """Return for each topic where its names stand."""
        seen: dict[str, Seen] = {}
        parts: dict[str, set[int]] = {}
        headings: dict[str, set[int]] = {}
        part = max(1, -(-self.length // 8))
        for name, places in self.found.items():
            kept = self._exact(name, places) if name.rule and name.rule.case else places
            one = seen.setdefault(name.topic, Seen())
            one.names += bool(kept) and not name.sign
            one.words += bool(kept)
            for at in kept:
                if at < self.title_end and not name.sign:
                    one.title += 1
                    one.title_alone += not name.instance
                elif at < self.title_end:
                    one.headings += 1
                elif name.sign:
                    if self.body_start <= at < self.body_end:
                        one.signs += 1
                        parts.setdefault(name.topic, set()).add((at - self.body_start) // part)
                elif at < self.body_start:
                    one.headings += 1
                    size = name.text.count(" ") + name.text.count("-") + 1
                    number, length = self._heading_of[at - self.headings_start]
                    one.whole = max(one.whole, size / length)
                    headings.setdefault(name.topic, set()).add(number)
                elif at < self.body_end:
                    one.body += 1
                    one.lead += at < self.lead_end
                    parts.setdefault(name.topic, set()).add((at - self.body_start) // part)
                else:
                    one.captions += 1
        for topic, numbers in parts.items():
            seen[topic].parts = len(numbers)
        for topic, numbers in headings.items():
            seen[topic].shared = len(numbers)
        return seen

    def _exact(self, name: Name, places: list[int]) -> list[int]:
        """Return as many of the places in each text as show the exact spelling there."""
        bounds = (self.title_end, self.body_start, self.body_end, len(self.tokens))
        kept = []
        start = 0
        for text, end in zip(self.texts, bounds, strict=True):
            inside = [at for at in places if start <= at < end]
            if inside:
                kept += inside[: _count_exact(text, name.text)]
            start = end
        return kept

    def evidence(self, topic: str) -> tuple[str, ...]:
        """Return where the names of a topic stand, as "body: 7x triplet loss", title first."""
        bounds = (self.title_end, self.body_start, self.body_end, len(self.tokens))
        counts: dict[str, dict[str, int]] = {zone: {} for zone in ("title", "headings", "body", "captions")}
        for name, places in self.found.items():
            if name.topic == topic:
                for at in self._exact(name, places) if name.rule and name.rule.case else places:
                    zone = next(zone for zone, end in zip(counts, bounds, strict=True) if at < end)
                    counts[zone][name.text] = counts[zone].get(name.text, 0) + 1
        return tuple(
            f"{zone}: " + ", ".join(f"{count}x {name}" if count > 1 else name for name, count in ranked)
            for zone, found in counts.items()
            if (ranked := sorted(found.items(), key=lambda item: (-item[1], item[0])))
        )


def _count_exact(text: str, name: str) -> int:
    """Return how often ``name`` stands in ``text`` in this spelling, alone or with a plural s."""
    count = 0
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        before, after = text[at - 1 : at], text[end : end + 2]
        if after[:1] == "s":
            after = after[1:]
        count += not (before.isalnum() or after[:1].isalnum())
        at = text.find(name, end)
    return count
