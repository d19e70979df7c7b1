"""Fit the weights of topics to posts that people have indexed, and tell what a blog gets without its own.

    python -m bench.fit_topics CORPORA LABELS.json ... [--off BLOG ...] [--write] [--per-blog]

CORPORA holds a folder of Pelican content for each blog.  LABELS is
``{"blog/slug": {"core": [..], "ok": [..]}}``, labels of the taxonomy: what an indexer must give a post, and
what else would be right; both empty for a post that is off the subject.  Of the blogs after ``--off``, every
post without labels is one.

The table is that of weights which were fitted without the blog that they are judged on.  ``--write`` puts the
weights of all posts into ``weights.toml``.  Needs NumPy, which the plugin does not.
"""

import argparse
import json
import logging
import pickle
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from pelican.readers import Readers
from pelican.settings import read_settings

from pelican_mlnotes.document.model import Document
from pelican_mlnotes.document.reader import parse_document
from pelican_mlnotes.formulas.titles import title_text
from pelican_mlnotes.settings import Settings
from pelican_mlnotes.topics.choose import choose
from pelican_mlnotes.topics.mentions import Post
from pelican_mlnotes.topics.score import (
    BELOW,
    OWN,
    SUBJECT,
    WEIGHTS,
    Considered,
    Weights,
    below_features,
    own_features,
    score_subject,
    score_topics,
    subject_features,
    titled_below,
)
from pelican_mlnotes.topics.taxonomy import BUNDLED, Taxonomy, load_taxonomy

_OK = 0.75  # a topic that is right, yet not what the post must have, counts as this sure
_OFF = 0.3  # what a post of a blog that is off the subject counts, of one that was read
_PENALTY = 2.0
_ROUNDS = 3  # scores of narrower topics are features themselves

Array = Any


class Indexed:
    """A post with what its indexers said."""

    def __init__(
        self, key: str, post: Post, right: Callable[[str], float], on_subject: bool, weight: float
    ) -> None:
        self.blog = key.partition("/")[0]
        self.key = key
        self.post = post
        self.on_subject = on_subject
        self.weight = weight
        titled = titled_below(post)
        # Every topic that can be scored, in the order of scoring.
        found = score_topics(post, Weights((0.0,) * len(OWN), (0.0,) * len(BELOW), (0.0,) * len(SUBJECT)))
        self.topics = [one.topic.id for one in found]
        self.own = np.array([own_features(one, post, titled) for one in found]).reshape(len(found), len(OWN))
        self.right = [right(id_) for id_ in self.topics]

    def score(self, weights: Weights) -> list[Considered]:
        """Return the topics with their scores, best first."""
        return score_topics(self.post, weights)


def read_posts(
    corpora: Path, wanted: Callable[[str], bool], kept: Path | None
) -> dict[str, tuple[str, Document]]:
    """Return title and parsed body of the posts whose ``blog/slug`` is ``wanted``."""
    if kept and kept.exists():
        return pickle.loads(kept.read_bytes())  # noqa: S301
    logging.disable(logging.CRITICAL)
    readers = Readers(read_settings(override={"TIMEZONE": "UTC"}))
    posts = {}
    for file in sorted(corpora.rglob("*")):
        blog = file.relative_to(corpora).parts[0]
        if file.suffix not in {".md", ".html"} or not wanted(f"{blog}/{file.stem}"):
            continue
        content = readers.read_file(str(file.parent), file.name)
        posts[f"{blog}/{file.stem}"] = title_text(content.title), parse_document(content._content)
    if kept:
        kept.write_bytes(pickle.dumps(posts))
    return posts


def regress(features: Array, right: Array, weight: Array) -> Array:
    """Return the coefficients of a logistic regression, by Newton's method; the first has no penalty."""
    spread = features.std(axis=0)
    spread[spread == 0] = 1.0
    spread[0] = 1.0
    scaled = features / spread
    penalty = np.eye(features.shape[1]) * _PENALTY
    penalty[0, 0] = 1e-6
    found = np.zeros(features.shape[1])
    for _ in range(20):
        likely = 1 / (1 + np.exp(-(scaled @ found)))
        slope = scaled.T @ (weight * (likely - right)) + penalty @ found
        bend = (scaled.T * (weight * likely * (1 - likely))) @ scaled + penalty
        step = np.linalg.solve(bend, slope)
        found -= step
        if abs(step).max() < 1e-6:
            break
    return found / spread


def fit(posts: Sequence[Indexed]) -> Weights:
    """Return the weights that suit ``posts`` best."""
    labelled = [one for one in posts if one.weight == 1.0]
    own = np.vstack([one.own for one in labelled])
    right = np.array([value for one in labelled for value in one.right])
    weights = Weights((0.0,) * len(OWN), (0.0,) * len(BELOW), (0.0,) * len(SUBJECT))
    for number in range(_ROUNDS):
        below = np.zeros((len(right), len(BELOW)))
        if number:
            below = np.vstack([_below(one, weights) for one in labelled])
        found = regress(np.hstack([own, below]), right, np.ones(len(right)))
        weights = Weights(tuple(found[: len(OWN)]), tuple(found[len(OWN) :]), weights.subject)
    whole = np.array([subject_features(one.score(weights), one.post) for one in posts])
    on_subject = np.array([float(one.on_subject) for one in posts])
    subject = regress(whole, on_subject, np.array([one.weight for one in posts]))
    return Weights(weights.own, weights.below, tuple(subject))


def _below(one: Indexed, weights: Weights) -> Array:
    scored = {found.topic.id: found for found in one.score(weights)}
    taxonomy = one.post.taxonomy
    rows = [
        below_features(scored[id_], taxonomy) if scored[id_].narrower else (0.0,) * len(BELOW)
        for id_ in one.topics
    ]
    return np.array(rows).reshape(len(rows), len(BELOW))


def give(one: Indexed, weights: Weights) -> list[str]:
    """Return the labels of the topics that the post gets."""
    considered = one.score(weights)
    taxonomy = one.post.taxonomy
    reasons = choose(
        considered,
        taxonomy,
        subject=score_subject(considered, one.post, weights),
        most=Settings().topics_max,
        min_score=Settings().topics_min_score,
    )
    return [found.topic.label for found, reason in zip(considered, reasons, strict=True) if not reason]


def grade(given: dict[str, list[str]], labels: dict[str, Any], taxonomy: Taxonomy) -> str:
    """Return precision, recall, F1, main subjects found, and posts off the subject tagged, as a line."""
    count = right = wanted = found = first = firsts = off = tagged = above = 0
    ids = {topic.label: topic.id for topic in taxonomy.topics.values()}
    for key, topics in given.items():
        core, ok = ([_id(name, taxonomy) for name in labels[key][kind]] for kind in ("core", "ok"))
        got = [ids[label] for label in topics]
        if not core and not ok:
            off, tagged = off + 1, tagged + bool(got)
            continue
        count, right = count + len(got), right + sum(id_ in {*core, *ok} for id_ in got)
        wanted, found = wanted + len(set(core)), found + len(set(core) & set(got))
        above += sum(any(id_ in taxonomy.above(other) for other in got) for id_ in got)
        if core:
            firsts, first = firsts + 1, first + (core[0] in got)
    precision, recall = right / (count or 1), found / (wanted or 1)
    both = 2 * precision * recall / ((precision + recall) or 1)
    return (
        f"posts {len(given):4} topics {count:4} precision {precision:.3f} recall {recall:.3f} F1 {both:.3f} "
        f"main {first / (firsts or 1):.3f} ancestors {above / (count or 1):.2f} off {off:3} tagged {tagged}"
    )


def _id(name: str, taxonomy: Taxonomy) -> str:
    topic = taxonomy.find(name.removeprefix("+"))
    return topic.id if topic else name


def _write(weights: Weights, posts: int, blogs: int, command: str) -> None:
    parts = (("topic", OWN + BELOW, weights.own + weights.below), ("subject", SUBJECT, weights.subject))
    lines = [
        "# Weights of evidence in log-odds: of a topic for its post, and of a post for the subject.",
        f"# Fitted {datetime.now(UTC).date()} to {posts} indexed posts of {blogs} blogs by:",
        f"# {command}",
    ]
    for table, names, values in parts:
        lines += [
            "",
            f"[{table}]",
            *(f"{name} = {value:.2f}" for name, value in zip(names, values, strict=True)),
        ]
    WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: Iterable[str] | None = None) -> None:
    """Print the tables, and write the weights if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", type=Path)
    parser.add_argument("labels", type=Path, nargs="+")
    parser.add_argument("--off", nargs="*", default=[], metavar="BLOG")
    parser.add_argument("--kept", type=Path, help="a file that spares reading the posts again")
    parser.add_argument("--per-blog", action="store_true")
    parser.add_argument("--out", type=Path, help="write what posts get as {blog: {slug: [labels]}}")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(list(arguments) if arguments is not None else None)
    labels: dict[str, Any] = {}
    for file in asked.labels:
        labels |= json.loads(file.read_text(encoding="utf-8"))
    taxonomy = load_taxonomy(BUNDLED)
    texts = read_posts(
        asked.corpora, lambda key: key in labels or key.partition("/")[0] in asked.off, asked.kept
    )
    posts = []
    for key, (title, document) in texts.items():
        core, ok = (
            {_id(name, taxonomy) for name in labels.get(key, {}).get(kind, ())} for kind in ("core", "ok")
        )

        def right(id_: str, core: set[str] = core, ok: set[str] = ok) -> float:
            return 1.0 if id_ in core else _OK if id_ in ok else 0.0

        post = Post(title, document, taxonomy, None, "en")
        posts.append(Indexed(key, post, right, bool(core | ok), 1.0 if key in labels else _OFF))
    given: dict[str, list[str]] = {}
    others = 0
    for blog in sorted({one.blog for one in posts}):
        weights = fit([one for one in posts if one.blog != blog])
        here = {one.key: give(one, weights) for one in posts if one.blog == blog}
        others += sum(bool(topics) for key, topics in here.items() if key not in labels)
        mine = {key: topics for key, topics in here.items() if key in labels}
        given |= mine
        if asked.per_blog and mine:
            print(f"{blog:12} {grade(mine, labels, taxonomy)}")
    print(f"{'all':12} {grade(given, labels, taxonomy)}; of {len(posts) - len(given)} others {others} tagged")
    if asked.out:
        tags: dict[str, dict[str, list[str]]] = {}
        for key, topics in given.items():
            tags.setdefault(key.partition("/")[0], {})[key.partition("/")[2]] = topics
        asked.out.write_text(json.dumps(tags), encoding="utf-8")
    if asked.write:
        names = " ".join(file.name for file in asked.labels)
        command = f"python -m bench.fit_topics CORPORA {names} --off {' '.join(asked.off)} --write"
        blogs = len({key.partition("/")[0] for key in labels})
        _write(
            fit(posts), len([one for one in posts if one.key in labels]), blogs, command.replace("  ", " ")
        )


if __name__ == "__main__":
    main()
