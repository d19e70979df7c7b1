"""How likely is it that a librarian would file a post under a topic?

A name that occurs is not yet a subject.  Subject indexing (ISO 5963) asks what a document is about, as
specifically as it treats it.  Evidence is added up in log-odds, and the score is the logistic function of the
sum.

*Position.*  Titles, headings and opening paragraphs announce subjects (P. B. Baxendale, "Machine-made index
for technical literature", 1958; H. P. Edmundson, "New methods in automatic extracting", 1969).  A heading
that is the name itself says more than one that contains it; one of two headings says more than one of twenty.
A title that names only something narrower, a product say, announces less.

*Density and spread.*  In the body, mentions count against the length of the post with diminishing returns,
``1 - exp(-density)`` (as in BM25: S. E. Robertson and S. Walker, 1994), and for more if they stand all over
the post: a subject comes back (M. A. Hearst, "TextTiling", 1997), and under more than one name.  Words of a
topic's trade ("random variable") count a quarter of its names and announce nothing.

*Broader topics.*  A topic hands strength up to its parents, so that a post on two narrow topics is known to
be about their common field, which it may never name.  The less a topic says (its information content, see
``Taxonomy.depth``), the less it gains; an explicit one gains only as far as the post names it.

*Is the post on the subject at all?*  A second sum answers that: the scores of all topics that say so (not
a regular expression), those of tools apart, the strongest one that is announced, and how many are named.

The weights of both are no opinion.  They were fitted by ``bench/fit_topics.py``, logistic regression with a
small penalty, to posts that people had indexed by hand, and are kept with the data set, the date and the
command in ``weights.toml``.  The program prints what each blog gets from weights that were fitted without it;
a sum set by hand, which this replaced, found a tenth less.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush
from math import exp, log1p
from pathlib import Path

from pelican_mlnotes._cache import read_toml
from pelican_mlnotes.topics.mentions import Post, Seen
from pelican_mlnotes.topics.taxonomy import Taxonomy, Topic

WEIGHTS = Path(__file__).with_name("weights.toml")
_UNSEEN = Seen()
_SIGN = 0.25
"""What a word of the trade counts, of a name in the body."""
_HEADINGS = 3
"""By how many headings a share of the headings is lessened: one of one says little more than one of two."""
_CHILDREN = (1.0, 0.45, 0.45)
"""What the three strongest narrower topics hand up."""
_THROUGH = 0.8
"""What a topic passes on of that which is below it, if that is stronger than itself."""
_OTHER_LANGUAGES = 3
"""What a name counts for the subject in other languages, in which only a part of the topics has names."""
_WIDE = 0.25
"""Topics that say less than this (machine learning itself) gain by what they say."""

OWN = (
    "bias",
    "title",
    "title_instance",
    "headings",
    "heading_whole",
    "heading_share",
    "lead",
    "density",
    "spread",
    "names",
    "model",
    "concept",
    "dataset",
    "tool",
    "depth",
    "narrower_in_title",
)
"""What is known of a topic from its own names and its place, in the order of ``own_features``."""
BELOW = ("narrower", "narrower_unnamed", "narrower_named")
"""What its narrower topics add, in the order of ``below_features``."""
SUBJECT = ("bias", "sum", "tools", "announced", "title", "named", "length")
"""What is known of the post as a whole, in the order of ``subject_features``."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds for each feature."""

    own: tuple[float, ...]
    below: tuple[float, ...]
    subject: tuple[float, ...]


@dataclass(slots=True)
class Considered:
    """A topic of which the post shows anything."""

    topic: Topic
    seen: Seen
    narrower: Sequence[tuple[float, str]] = ()
    """Strengths and ids of the strongest narrower topics, strongest first: what they score, or pass on."""
    score: float = 0.0
    """In 0..1."""


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Return the weights that come with the package."""
    data = read_toml(WEIGHTS)
    topic, subject = data["topic"], data["subject"]
    return Weights(
        tuple([topic[name] for name in OWN]),
        tuple([topic[name] for name in BELOW]),
        tuple([subject[name] for name in SUBJECT]),
    )


def score_topics(post: Post, weights: Weights, barred: Set[str] = frozenset()) -> list[Considered]:
    """Return all topics with any evidence, and their parents, best first; ties are broken by id.

    ``barred`` are ids of topics that are left out, and count nothing for others.
    """
    taxonomy = post.taxonomy
    considered: list[Considered] = []
    handed: dict[str, list[tuple[float, str]]] = {id_: [] for id_ in post.seen if id_ not in barred}
    queue = [(taxonomy.height[id_], id_) for id_ in handed]
    heapify(queue)
    titled = titled_below(post)
    while queue:
        _, id_ = heappop(queue)
        topic = taxonomy.topics[id_]
        one = Considered(topic, post.seen.get(id_, _UNSEEN))
        logit = _dot(weights.own, own_features(one, post, titled))
        strength = 0.0
        if handed[id_]:
            one.narrower = sorted(handed[id_], reverse=True)[: len(_CHILDREN)]
            logit += _dot(weights.below, below_features(one, taxonomy))
            strength = _THROUGH * one.narrower[0][0]
        one.score = _logistic(logit)
        if len(one.narrower) == len(_CHILDREN) and not topic.explicit:
            # A post on three tasks of a field is on the field.
            one.score = max(one.score, one.narrower[-1][0])
        considered.append(one)
        strength = max(strength, one.score)
        for parent in topic.broader:
            if parent in barred:
                continue
            if parent not in handed:
                handed[parent] = []
                heappush(queue, (taxonomy.height[parent], parent))
            handed[parent].append((strength, id_))
    return sorted(considered, key=lambda one: (-one.score, one.topic.id))


def score_subject(considered: Sequence[Considered], post: Post, weights: Weights) -> float:
    """Return how likely the post is about machine learning, data or statistics at all, in 0..1."""
    return _logistic(_dot(weights.subject, subject_features(considered, post)))


def titled_below(post: Post) -> set[str]:
    """Return the topics of which something narrower is named in the title."""
    above: set[str] = set()
    todo = [id_ for id_, seen in post.seen.items() if seen.title]
    while todo:
        for parent in post.taxonomy.topics[todo.pop()].broader:
            if parent not in above:
                above.add(parent)
                todo.append(parent)
    return above


def own_features(one: Considered, post: Post, titled: set[str]) -> tuple[float, ...]:
    """Return the values of ``OWN`` for a topic."""
    seen, kind = one.seen, one.topic.kind
    density = 1 - exp(-250 * (seen.body + _SIGN * seen.signs) / (post.length + 200))
    return (
        1.0,
        float(seen.title > 0),
        float(seen.title > 0 and not seen.title_alone),
        log1p(min(seen.headings, 6)),
        seen.whole,
        seen.shared / (post.heading_count + _HEADINGS),
        float(seen.lead > 0),
        density,
        density * min(1.0, seen.parts / 4),
        log1p(seen.names - 1) if seen.names else 0.0,
        float(kind == "model"),
        float(kind == "concept"),
        float(kind == "dataset"),
        float(kind == "tool"),
        post.taxonomy.depth[one.topic.id],
        float(one.topic.id in titled),
    )


def below_features(one: Considered, taxonomy: Taxonomy) -> tuple[float, ...]:
    """Return the values of ``BELOW`` for a topic with something narrower."""
    handed = 0.0
    for share, (strength, _) in zip(_CHILDREN, one.narrower, strict=False):
        handed += share * strength
    handed *= min(1.0, taxonomy.depth[one.topic.id] / _WIDE)
    if one.topic.explicit:
        handed *= 1.0 if one.seen.title or one.seen.headings else min(1.0, one.seen.body / 4)
    unnamed = one.seen is _UNSEEN
    return handed, handed if unnamed else 0.0, 0.0 if unnamed else one.narrower[0][0]


def subject_features(considered: Sequence[Considered], post: Post) -> tuple[float, ...]:
    """Return the values of ``SUBJECT``: weak topics do not count, tools by themselves."""
    total = tools = announced = titled = 0.0
    named = 0
    for one in considered:
        if one.topic.weak:
            continue
        if one.topic.kind == "tool":
            tools += one.score
            continue
        seen = one.seen
        total += one.score
        if seen.title or seen.headings or seen.lead:
            announced = max(announced, one.score)
        if seen.title_alone:
            titled = 1.0
        named += seen.words
    if not post.english:
        named *= _OTHER_LANGUAGES
    return 1.0, min(total, 3.0), min(tools, 2.0), announced, titled, log1p(named), log1p(post.length / 100)


def _dot(weights: Sequence[float], values: Sequence[float]) -> float:
    total = 0.0
    for weight, value in zip(weights, values, strict=True):
        total += weight * value
    return total


def _logistic(logit: float) -> float:
    return 1 / (1 + exp(-logit))
