"""Why does a post have its excerpt, badges and topics?"""

from dataclasses import dataclass

from pelican.contents import Article

from pelican_mlnotes.reading import Site, shown_path
from pelican_mlnotes.tagging import author_tags, key_of
from pelican_mlnotes.taxonomy import Topic
from pelican_mlnotes.titles import title_text
from pelican_mlnotes.topics import Verdict, judge_topics

RUNNERS_UP = 5
THROUGH = 3


@dataclass(frozen=True, slots=True)
class ChosenTopic:
    """A topic that the post has."""

    tag: str
    """The name that readers see."""
    topic: str
    """Label in the taxonomy; empty for one that it does not know."""
    score: float | None
    """Strength in 0..1; ``None`` if the text alone says nothing of it."""
    evidence: tuple[str, ...]
    """Where its names stand."""
    through: tuple[str, ...]
    """Narrower topics that speak for it."""


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """A topic that the post does not have."""

    topic: str
    score: float
    evidence: tuple[str, ...]
    through: tuple[str, ...]
    lost: str
    """Why."""


@dataclass(frozen=True, slots=True)
class AuthorTag:
    """A tag that the author wrote."""

    tag: str
    topic: str
    """Label of the topic that it stands for; empty if none."""


@dataclass(frozen=True, slots=True)
class RelatedPost:
    """A post listed as related."""

    path: str
    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that the plugin concluded about a post, and from what."""

    path: str
    title: str
    status: str
    lang: str
    excerpt_length: int
    """In characters."""
    badges: tuple[str, ...]
    image: str
    """Address as written, the author's line ``Image:`` first; empty if there is none."""
    topics_chosen_by: str
    """``"author"`` if the post has a ``Topics:`` line, else ``"text"``."""
    topics: tuple[ChosenTopic, ...]
    runners_up: tuple[RunnerUp, ...]
    author_tags: tuple[AuthorTag, ...]
    related: tuple[RelatedPost, ...]


def explain_post(post: Article, site: Site) -> Explanation:
    """Return what was concluded about ``post``, one of ``site``'s."""
    settings, taxonomy = site.build.settings, site.build.taxonomy
    document = site.document(post)
    verdicts: tuple[Verdict, ...] = ()
    if taxonomy:
        verdicts = judge_topics(
            title_text(post.title),
            document,
            taxonomy,
            max=settings.topics_max,
            min_score=settings.topics_min_score,
            lang=post.lang,
        )
    by_id = {verdict.topic.id: verdict for verdict in verdicts}

    def topic_of(name: str) -> tuple[str, Verdict | None]:
        topic = taxonomy.find(name) if taxonomy else None
        return (topic.label, by_id.get(topic.id)) if topic else ("", None)

    def narrower(topic: Topic) -> tuple[str, ...]:
        return tuple(one.topic.label for one in verdicts if topic.id in one.topic.broader)[:THROUGH]

    chosen, ids = [], set()
    for tag in getattr(post, "topics", ()):
        label, verdict = topic_of(tag.name)
        if verdict:
            ids.add(verdict.topic.id)
        chosen.append(
            ChosenTopic(
                tag.name,
                label,
                verdict.score if verdict else None,
                verdict.evidence if verdict else (),
                narrower(verdict.topic) if verdict else (),
            )
        )
    runners_up = [
        RunnerUp(
            one.topic.label,
            one.score,
            one.evidence,
            narrower(one.topic),
            one.lost or "the author chose otherwise",
        )
        for one in verdicts
        if one.topic.id not in ids
    ]
    reasons = getattr(post, "related_reasons", {})
    image = str(post.metadata.get("image") or "").strip()
    if not image and document.pictures:
        image = document.pictures[0].src
    return Explanation(
        path=shown_path(post.source_path or key_of(post)),
        title=title_text(post.title),
        status=post.status,
        lang=post.lang,
        excerpt_length=len(getattr(post, "excerpt", "")),
        badges=tuple(getattr(post, "badges", ())),
        image="" if image.lower() == "none" else image,
        topics_chosen_by="author" if "topics" in post.metadata else "text",
        topics=tuple(chosen),
        runners_up=tuple(runners_up[:RUNNERS_UP]),
        author_tags=tuple(
            AuthorTag(tag.name, topic_of(tag.name)[0]) for tag in author_tags(post, site.articles.settings)
        ),
        related=tuple(
            RelatedPost(
                shown_path(other.source_path or key_of(other)),
                title_text(other.title),
                tuple(reasons.get(other.slug, ())),
            )
            for other in getattr(post, "related_posts", ())
        ),
    )
