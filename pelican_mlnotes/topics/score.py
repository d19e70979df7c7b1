"""Which topics is this post about?

A name that occurs is not yet a subject.  Subject indexing (ISO 5963) asks what a document is about, as
specifically as it treats it.  The evidence is added up in log-odds, and the score is the logistic function
of the sum: an estimate of how likely a librarian would file the post there.

*Position.*  Titles, headings and opening paragraphs announce subjects (P. B. Baxendale, "Machine-made index
for technical literature", 1958; H. P. Edmundson, "New methods in automatic extracting", 1969).  A heading
that is the name itself says more than one that contains it.

*Density and spread.*  In the body, mentions count against the length of the post with diminishing returns,
``1 - exp(-density)`` (as in BM25: S. E. Robertson and S. Walker, 1994), and for more if they stand all over
the post: a subject comes back (M. A. Hearst, "TextTiling", 1997).  Words of a topic's trade ("random
variable") count a quarter of its names and announce nothing.

*Evidence rules.*  An ambiguous name counts if the post spells it right, has one of the words that go with
it, near or anywhere, and none that speak against it.  Met once, a rule holds for the post (W. A. Gale, K.
W. Church and D. Yarowsky, "One sense per discourse", 1992).  Where names overlap, the longest counts.

*Broader topics.*  A topic hands strength up to its parents, so that a post on two narrow topics is known to
be about their common field, which it may never name.  The less a topic says (its information content, see
``Taxonomy.depth``), the less it gains; an explicit one gains only as far as the post names it.

*Is this a post on the subject at all?*  Some topic must vouch for that: announced, or strong, and not one
like SQL that says nothing about it.

Left out, because measured without gain: addresses of links, and ranking the variants of a chosen topic
lower.
"""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import compress
from math import exp, log1p
from typing import NamedTuple

from pelican_mlnotes.document.model import Document
from pelican_mlnotes.text.words import words
from pelican_mlnotes.topics.taxonomy import Evidence, Name, Names, Rule, Taxonomy, Topic, Trie

_NEAR = 12
"""How many words before and after a name its rule calls near."""

# Weights of evidence in log-odds.  Round numbers; logistic regression on hand-indexed posts of either half of
# the development blogs gives about the same.
_DOUBT = 2.5
_TITLE = 3.0
_HEADINGS = 1.2
_WHOLE_HEADING = 1.0
_LEAD = 0.8
_BODY = 2.8
_SPREAD = 1.0
_CAPTIONS = 0.5
_SURE = 0.75
"""What a topic must score to vouch for a post that does not announce it in title, headings or lead."""
_SIGN = 0.25
"""What a word of the trade counts, of a name in the body."""
_CHILDREN = (3.0, 1.3, 1.3)
"""What the three strongest narrower topics hand up."""
_SUPPORT = 0.3
"""What a narrower topic must score to be named as evidence."""
_INCIDENTAL = {"concept": 0.7, "dataset": 0.3, "tool": 0.3}
"""Kinds of topics that posts mention without being about them."""
_WIDE = 0.25
"""Topics that say less than this (machine learning itself) count by what they say."""

_BREAK = "\n"  # between two texts; no word, so no name reaches across


@dataclass(frozen=True, slots=True)
class TopicSuggestion:
    """A subject of a post."""

    topic: Topic
    score: float
    """Strength in 0..1."""
    _post: "_Post" = field(repr=False, compare=False)
    _narrower: Sequence[tuple[float, str]] = field(repr=False, compare=False)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Where it was seen: "title: siamese network" or "body: 7x triplet loss", strongest place first.

        Last come the topics that support it from below, as "narrower: BERT, Machine Translation".
        """
        return self._post.evidence(self.topic.id, self._narrower)


class Verdict(NamedTuple):
    """A topic that was considered for a post."""

    topic: Topic
    score: float
    evidence: tuple[str, ...]
    lost: str
    """Why it is not suggested; empty for those that are."""
    narrower: tuple[str, ...]
    """Labels of the topics that support it from below, strongest first; ``evidence`` ends with them."""


def suggest_topics(
    title: str,
    document: Document,
    taxonomy: Taxonomy,
    *,
    max: int,  # noqa: A002
    min_score: float,
    tokens: list[str] | None = None,
    lang: str = "en",
) -> tuple[TopicSuggestion, ...]:
    """Return at most ``max`` topics that score ``min_score`` or more, best first.

    None if the post is not about machine learning, data or statistics.

    ``tokens`` are the words of ``document.prose``, if the caller has them already.  Ties are broken by id.
    """
    post = _Post(title, document, taxonomy, tokens, lang)
    chosen = [one for one in _judge(post, max, min_score) if not one.lost]
    return tuple(TopicSuggestion(one.topic, round(one.score, 4), post, one.narrower) for one in chosen)


def judge_topics(
    title: str,
    document: Document,
    taxonomy: Taxonomy,
    *,
    max: int,  # noqa: A002
    min_score: float,
    tokens: list[str] | None = None,
    lang: str = "en",
) -> tuple[Verdict, ...]:
    """Return every topic with any evidence, the suggested ones first, each with the reason if it lost."""
    post = _Post(title, document, taxonomy, tokens, lang)
    ranked = sorted(_judge(post, max, min_score), key=lambda one: (bool(one.lost), -one.score, one.topic.id))
    return tuple(
        Verdict(
            one.topic,
            round(one.score, 4),
            post.evidence(one.topic.id, one.narrower),
            one.lost,
            post.labels(one.narrower),
        )
        for one in ranked
    )


# --------------------------------------------------------------------------------------------- mentions


@dataclass(slots=True)
class _Seen:
    """Where the names of one topic stand."""

    title: int = 0
    headings: int = 0
    whole: float = 0.0
    """The largest share of a heading that one of the names fills."""
    lead: int = 0
    body: int = 0
    captions: int = 0
    signs: int = 0
    """Words of the topic's trade in the body."""
    parts: int = 0
    """In how many eighths of the body."""


class _Post:
    """The words of a post and the names among them."""

    def __init__(
        self, title: str, document: Document, taxonomy: Taxonomy, tokens: list[str] | None, lang: str
    ) -> None:
        self.taxonomy = taxonomy
        self.texts = (title, "\n".join(document.headings), document.prose, "\n".join(document.captions))
        prose = words(document.prose) if tokens is None else tokens
        headings = [words(heading) for heading in document.headings]
        self.heading_sizes = [len(heading) for heading in headings for _ in (*heading, _BREAK)]
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
        return found

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

    def _place(self) -> dict[str, _Seen]:
        """Return for each topic where its names stand."""
        seen: dict[str, _Seen] = {}
        parts: dict[str, set[int]] = {}
        part = max(1, -(-self.length // 8))
        for name, places in self.found.items():
            kept = self._exact(name, places) if name.rule and name.rule.case else places
            one = seen.setdefault(name.topic, _Seen())
            for at in kept:
                if at < self.title_end and not name.sign:
                    one.title += 1
                elif at < self.title_end:
                    one.headings += 1
                elif name.sign:
                    if self.body_start <= at < self.body_end:
                        one.signs += 1
                        parts.setdefault(name.topic, set()).add((at - self.body_start) // part)
                elif at < self.body_start:
                    one.headings += 1
                    size = name.text.count(" ") + name.text.count("-") + 1
                    one.whole = max(one.whole, size / self.heading_sizes[at - self.headings_start])
                elif at < self.body_end:
                    one.body += 1
                    one.lead += at < self.lead_end
                    parts.setdefault(name.topic, set()).add((at - self.body_start) // part)
                else:
                    one.captions += 1
        for topic, places_ in parts.items():
            seen[topic].parts = len(places_)
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

    def evidence(self, topic: str, narrower: Sequence[tuple[float, str]]) -> tuple[str, ...]:
        """Return where the names of a topic stand, as "body: 7x triplet loss", and what supports it."""
        labels = self.labels(narrower)
        bounds = (self.title_end, self.body_start, self.body_end, len(self.tokens))
        counts: dict[str, dict[str, int]] = {zone: {} for zone in ("title", "headings", "body", "captions")}
        for name, places in self.found.items():
            if name.topic == topic:
                for at in self._exact(name, places) if name.rule and name.rule.case else places:
                    zone = next(zone for zone, end in zip(counts, bounds, strict=True) if at < end)
                    counts[zone][name.text] = counts[zone].get(name.text, 0) + 1
        zones = [
            f"{zone}: " + ", ".join(f"{count}x {name}" if count > 1 else name for name, count in ranked)
            for zone, found in counts.items()
            if (ranked := sorted(found.items(), key=lambda item: (-item[1], item[0])))
        ]
        return (*zones, *([f"narrower: {', '.join(labels)}"] if labels else []))

    def labels(self, narrower: Sequence[tuple[float, str]]) -> tuple[str, ...]:
        """Return the names of those narrower topics that are strong enough to be told as evidence."""
        return tuple([self.taxonomy.topics[id_].label for score, id_ in narrower if score >= _SUPPORT])


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


# -------------------------------------------------------------------------------------------- judgement


@dataclass(slots=True)
class _Considered:
    topic: Topic
    seen: _Seen
    below: float = 0.0
    """Evidence that narrower topics hand up."""
    narrower: Sequence[tuple[float, str]] = ()
    """Scores and ids of the strongest of those, strongest first."""
    score: float = 0.0
    lost: str = ""


def _weigh(post: _Post) -> list[_Considered]:
    """Return all topics with any evidence, and their parents, best first."""
    taxonomy = post.taxonomy
    considered: list[_Considered] = []
    handed: dict[str, list[tuple[float, str]]] = {id_: [] for id_ in post.seen}
    queue = [(taxonomy.height[id_], id_) for id_ in handed]
    heapify(queue)
    unseen = _Seen()
    while queue:
        _, id_ = heappop(queue)
        topic = taxonomy.topics[id_]
        seen = post.seen.get(id_)
        one = _Considered(topic, seen or unseen)
        width = min(1.0, taxonomy.depth[id_] / _WIDE)
        if handed[id_]:
            one.narrower = sorted(handed[id_], reverse=True)[: len(_CHILDREN)]
            below = 0.0
            for share, (score, _) in zip(_CHILDREN, one.narrower, strict=False):
                below += share * score
            one.below = width * below
            if topic.explicit:
                one.below *= _named(one.seen)
        # Most parents are not named themselves.
        own = _own(seen, topic, (1 + width) / 2, post.length) if seen else -_INCIDENTAL.get(topic.kind, 0.0)
        one.score = 1 / (1 + exp(-(own + one.below - _DOUBT)))
        considered.append(one)
        for parent in topic.broader:
            if parent not in handed:
                handed[parent] = []
                heappush(queue, (taxonomy.height[parent], parent))
            handed[parent].append((one.score, id_))
    return sorted(considered, key=lambda one: (-one.score, one.topic.id))


def _named(seen: _Seen) -> float:
    """Return how far the post names the topic, 0..1."""
    return 1.0 if seen.title or seen.headings else min(1.0, seen.body / 4)


def _own(seen: _Seen, topic: Topic, width: float, length: int) -> float:
    """Return the evidence of the topic's own names, in log-odds."""
    density = 1 - exp(-250 * (seen.body + _SIGN * seen.signs) / (length + 200))
    return (
        _TITLE * bool(seen.title)
        + _HEADINGS * log1p(min(seen.headings, 6))
        + _WHOLE_HEADING * seen.whole
        + width * _LEAD * bool(seen.lead)
        + width * density * (_BODY + _SPREAD * min(1.0, seen.parts / 4))
        + _CAPTIONS * bool(seen.captions)
        - _INCIDENTAL.get(topic.kind, 0.0)
    )


def _judge(post: _Post, most: int, min_score: float) -> list[_Considered]:
    """Return the considered topics, best first, with the reason for each that is not suggested."""
    considered = _weigh(post)
    on_subject = any(_vouches(one, min_score) for one in considered)
    weak = f"scores less than {min_score:g}"
    taken = 0
    for one in considered:
        if round(one.score, 4) < min_score:  # as it is told
            one.lost = weak
        elif not on_subject:
            one.lost = "nothing else says that the post is about machine learning"
        elif taken == most:
            one.lost = f"{most} others are stronger"
        else:
            taken += 1
    return considered


def _vouches(one: _Considered, min_score: float) -> bool:
    """Does this topic show that the post is about machine learning, data or statistics at all?"""
    announced = one.seen.title or one.seen.headings or one.seen.lead
    return not one.topic.weak and one.score >= (min_score if announced else max(min_score, _SURE))
