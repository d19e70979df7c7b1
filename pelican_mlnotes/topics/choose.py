"""Which topics does a post get?

Not the best five: a set.  A specific topic goes before a general one, and one that is broader than a chosen
topic is told only where it is surer than the others have to be, mostly because title or headings name it
(subject indexing is exhaustive and specific: C. A. Cutter, "Rules for a printed dictionary catalogue", 1876).
The largest number is a limit, no quota.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from pelican_mlnotes.document.model import Document
from pelican_mlnotes.topics.mentions import Post
from pelican_mlnotes.topics.score import Considered, load_weights, score_subject, score_topics
from pelican_mlnotes.topics.taxonomy import Taxonomy, Topic

SUPPORT = 0.3
"""What a narrower topic must score to be named as evidence."""
_BROADER = 0.6
"""What a topic must score that is broader than one that the post has..."""
_GATHERED = 3
"""...unless it is broader than so many, side by side: a post on three tasks of a field is on the field."""
_ON_SUBJECT = 0.5
"""How likely the post must be about machine learning, data or statistics."""


@dataclass(frozen=True, slots=True)
class TopicSuggestion:
    """A subject of a post."""

    topic: Topic
    score: float
    """Strength in 0..1."""
    _post: Post = field(repr=False, compare=False)
    _narrower: Sequence[tuple[float, str]] = field(repr=False, compare=False)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Where it was seen: "title: siamese network" or "body: 7x triplet loss", strongest place first.

        Last come the topics that support it from below, as "narrower: BERT, Machine Translation".
        """
        return _evidence(self._post, self.topic, self._narrower)


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
    given: Set[str] = frozenset(),
    barred: Set[str] = frozenset(),
) -> tuple[TopicSuggestion, ...]:
    """Return at most ``max`` topics that score ``min_score`` or more, best first.

    None if the post is not about machine learning, data or statistics.

    ``tokens`` are the words of ``document.prose``, if the caller has them already.  Ties are broken by id.
    ``given`` are ids of topics that the author added, which count against ``max`` and are not
    suggested again; ``barred`` are those that it must not have, and that count nothing for others.
    """
    post = Post(title, document, taxonomy, tokens, lang)
    return tuple(
        TopicSuggestion(one.topic, round(one.score, 4), post, one.narrower)
        for one, lost in _choose(post, max, min_score, given, barred)
        if not lost
    )


def judge_topics(
    title: str,
    document: Document,
    taxonomy: Taxonomy,
    *,
    max: int,  # noqa: A002
    min_score: float,
    tokens: list[str] | None = None,
    lang: str = "en",
    given: Set[str] = frozenset(),
    barred: Set[str] = frozenset(),
) -> tuple[Verdict, ...]:
    """Return every topic with any evidence, the suggested ones first, each with the reason if it lost."""
    post = Post(title, document, taxonomy, tokens, lang)
    ranked = sorted(
        _choose(post, max, min_score, given, barred),
        key=lambda row: (bool(row[1]), -row[0].score, row[0].topic.id),
    )
    return tuple(
        Verdict(
            one.topic,
            round(one.score, 4),
            _evidence(post, one.topic, one.narrower),
            lost,
            _labels(one.narrower, taxonomy),
        )
        for one, lost in ranked
    )


def choose(
    considered: Sequence[Considered],
    taxonomy: Taxonomy,
    *,
    subject: float,
    most: int,
    min_score: float,
    given: Set[str] = frozenset(),
) -> list[str]:
    """Return for each of the topics, which come best first, why it is not chosen; "" for those that are.

    ``subject`` is how likely the post is about machine learning, data or statistics.
    """
    weak = f"scores less than {min_score:g}"
    chosen = sorted(given)
    reasons = []
    for one in considered:
        id_ = one.topic.id
        if id_ in given:
            reasons.append("the author added it")
        elif round(one.score, 4) < min_score:  # as it is told
            reasons.append(weak)
        elif subject < _ON_SUBJECT:
            reasons.append("too little else says that the post is about machine learning, data or statistics")
        elif one.score < _BROADER and 0 < len(below := _narrowest(id_, chosen, taxonomy)) < _GATHERED:
            narrower = taxonomy.topics[below[0]].label
            reasons.append(f"{narrower} is narrower, and this one scores less than {_BROADER:g}")
        elif len(chosen) >= most:
            reasons.append(f"{most} others are stronger")
        else:
            chosen.append(id_)
            reasons.append("")
    return reasons


def _narrowest(topic: str, chosen: Sequence[str], taxonomy: Taxonomy) -> list[str]:
    """Return those that are narrower than ``topic``, without those of them that stand above others."""
    below = [other for other in chosen if topic in taxonomy.above(other)]
    return [other for other in below if not any(other in taxonomy.above(one) for one in below)]


def _choose(
    post: Post, most: int, min_score: float, given: Set[str], barred: Set[str]
) -> list[tuple[Considered, str]]:
    weights = load_weights()
    considered = score_topics(post, weights, barred)
    subject = score_subject(considered, post, weights)
    reasons = choose(considered, post.taxonomy, subject=subject, most=most, min_score=min_score, given=given)
    return list(zip(considered, reasons, strict=True))


def _evidence(post: Post, topic: Topic, narrower: Sequence[tuple[float, str]]) -> tuple[str, ...]:
    places, labels = post.evidence(topic.id), _labels(narrower, post.taxonomy)
    return (*places, f"narrower: {', '.join(labels)}") if labels else places


def _labels(narrower: Sequence[tuple[float, str]], taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the names of those narrower topics that are strong enough to be told as evidence."""
    return tuple([taxonomy.topics[id_].label for score, id_ in narrower if score >= SUPPORT])
