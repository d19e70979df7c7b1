"""Why does a post have its excerpt, badges, topics and related posts?"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pelican.contents import Article
from pelican.urlwrappers import Tag

from pelican_mlnotes.cli.site import Site, shown_path
from pelican_mlnotes.document.model import Document
from pelican_mlnotes.document.pictures import can_preview
from pelican_mlnotes.formulas.titles import title_text
from pelican_mlnotes.plugin.build import topic_files
from pelican_mlnotes.plugin.contents import (
    TopicLine,
    author_names,
    author_topics,
    choice_of,
    key_of,
    published_articles,
)
from pelican_mlnotes.plugin.papers import treated_papers
from pelican_mlnotes.plugin.related import ATTRIBUTE, RelatedPosts, Relating
from pelican_mlnotes.plugin.tags import author_tags
from pelican_mlnotes.text.words import normalise, words
from pelican_mlnotes.topics.choose import Verdict, judge_topics
from pelican_mlnotes.topics.taxonomy import Taxonomy, Topic, load_taxonomy

RUNNERS_UP = 5
THROUGH = 3
NEAR_MISSES = 3


@dataclass(frozen=True, slots=True)
class ChosenTopic:
    """A topic that the post has."""

    tag: str
    """The name that readers see."""
    topic: str
    """Label in the taxonomy; empty for one that it does not know."""
    chosen_by: str
    """``"author"``, by a line ``Topics:``, or ``"text"``."""
    score: float | None
    """Strength in 0..1; ``None`` if the text alone says nothing of it."""
    evidence: tuple[str, ...]
    """Where its names stand."""
    through: tuple[str, ...]
    """Narrower topics that speak for it."""
    without_page: str
    """Why it is a name only, where topics have pages; empty otherwise."""


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
    score: float | None
    """Closeness in 0..1; ``None`` for a post that the author chose and the text alone says nothing of."""
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Backlink:
    """A post that links to the one explained."""

    path: str
    title: str
    sentence: str
    """What stands around the link; empty where that is no text."""


@dataclass(frozen=True, slots=True)
class TreatedPaper:
    """A paper that the post links to."""

    title: str
    """Its id where no link says more."""
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A post that is not close enough to be listed."""

    path: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that the plugin concluded about a post, and from what."""

    path: str
    title: str
    status: str
    lang: str
    excerpt_length: int
    """In characters."""
    excerpt_from: str
    """What it was made from, in words; empty if there is none."""
    badges: tuple[str, ...]
    picture: str
    """Address of the first picture in the text, which counts for the badge; empty if there is none."""
    image: str
    """Address as written, the author's line ``Image:`` first; empty if there is none."""
    topics_chosen_by: str
    """``"author"`` if a line ``Topics:`` names all, ``"text and author"`` if it adds some; or ``"text"``."""
    topics: tuple[ChosenTopic, ...]
    runners_up: tuple[RunnerUp, ...]
    author_tags: tuple[AuthorTag, ...]
    related: tuple[RelatedPost, ...]
    related_short: str
    """Why there are no more of them, if there could be."""
    near_misses: tuple[NearMiss, ...]
    """The closest of the posts that are not close enough."""
    backlinks: tuple[Backlink, ...]
    """The posts that link to it; empty without ``MLNOTES_BACKLINKS``."""
    papers: tuple[TreatedPaper, ...]
    """The papers that it links to; empty without ``MLNOTES_PAPERS``."""


@dataclass(frozen=True, slots=True)
class Background:
    """What is known of a whole site, and asked for at each of its posts."""

    site: Site
    relating: Relating
    """What is close to each post, however little."""
    whole: Taxonomy | None
    """All topics with those that the site never wants; ``None`` if nothing is to be told of these."""
    uses: Mapping[str, int]
    """Names of tags and topics -> number of listed posts that have them."""


def background_of(site: Site, *, never: bool = True) -> Background:
    """Return what explanations need of ``site``; without ``never``, they leave out what it never wants."""
    settings = site.build.settings
    whole = None
    if never and site.build.taxonomy is not None and settings.topics_never:
        whole = load_taxonomy(*topic_files(settings, site.articles))
    uses: Counter[str] = Counter()
    for post in site.articles.articles:
        uses.update({tag.name for tag in (*getattr(post, "tags", ()), *getattr(post, "topics", ()))})
    return Background(site, _relate_all(site), whole, uses)


def _relate_all(site: Site) -> Relating:
    """Return what is close to each post of ``site``, however little."""
    settings = site.build.settings
    settings = replace(settings, related_max=settings.related_max + NEAR_MISSES, related_min_score=0.0)
    relating = Relating(site.articles, settings, lambda post, _: site.document(post), now=True)
    if site.build.settings.related_max:
        for post in site.posts():
            document = site.document(post)
            topics = [tag.name for tag in getattr(post, "topics", ())]
            relating.read(post, document, words(document.prose), topics)
    return relating


def explain_post(post: Article, known: Background) -> Explanation:
    """Return what was concluded about ``post``, one of the site that ``known`` tells of."""
    site, relating = known.site, known.relating
    settings, taxonomy = site.build.settings, site.build.taxonomy
    document = site.document(post)
    verdicts: tuple[Verdict, ...] = ()
    line = author_topics(post)
    if taxonomy:
        choice = choice_of(line, taxonomy, settings.topics_max)
        verdicts = judge_topics(
            title_text(post.title),
            document,
            taxonomy,
            max=choice.most,
            min_score=settings.topics_min_score,
            lang=post.lang,
            given=choice.given,
            barred=choice.barred,
        )
    by_id = {verdict.topic.id: verdict for verdict in verdicts}

    def topic_of(name: str) -> tuple[str, Verdict | None]:
        topic = taxonomy.find(name) if taxonomy else None
        return (topic.label, by_id.get(topic.id)) if topic else ("", None)

    def narrower(verdict: Verdict) -> tuple[str, ...]:
        # Where none is strong, the weak ones are all that there is to tell.
        weak = (one.topic.label for one in verdicts if verdict.topic.id in one.topic.broader)
        return verdict.narrower or tuple(dict.fromkeys(weak))[:THROUGH]

    chosen, ids = [], set()
    for tag in getattr(post, "topics", ()):
        label, verdict = topic_of(tag.name)
        if verdict:
            ids.add(verdict.topic.id)
        chosen.append(
            ChosenTopic(
                tag.name,
                label,
                _chooser(tag.name, line, taxonomy),
                verdict.score if verdict else None,
                _places(verdict) if verdict else (),
                narrower(verdict) if verdict else (),
                _why_without_page(tag, known),
            )
        )
    runners_up = [
        RunnerUp(
            one.topic.label,
            one.score,
            _places(one),
            narrower(one),
            one.lost or "the author chose otherwise",
        )
        for one in verdicts
        if one.topic.id not in ids
    ]
    barred = _barred(post, document, known, line, narrower)
    image = str(post.metadata.get("image") or "").strip()
    picture = next((found.src for found in document.pictures if can_preview(found.src)), "")
    given = getattr(post, ATTRIBUTE, ())
    # What the author wrote while there are no lists, or another plugin's idea of one.
    posts = given if isinstance(given, list | RelatedPosts) else ()
    listed = tuple(other for other in posts if isinstance(other, Article))
    close = relating.relations(post) if settings.related_max else {}
    reasons = getattr(post, "related_reasons", {})
    misses: tuple[NearMiss, ...] = ()
    if len(listed) < settings.related_max and author_names(post, ATTRIBUTE) != []:
        misses = tuple(
            NearMiss(shown_path(other.source_path or key_of(other)), title_text(other.title), one.score)
            for other, one in close.items()
            if other not in listed and one.score < settings.related_min_score
        )[:NEAR_MISSES]
    return Explanation(
        path=shown_path(post.source_path or key_of(post)),
        title=title_text(post.title),
        status=post.status,
        lang=post.lang,
        excerpt_length=len(getattr(post, "excerpt", "")),
        excerpt_from=_excerpt_source(post, document, site),
        badges=tuple(getattr(post, "badges", ())),
        picture=picture,
        image="" if image.lower() == "none" else image or picture,
        topics_chosen_by=_chosen_by(line),
        topics=tuple(chosen),
        runners_up=(*barred, *runners_up[:RUNNERS_UP]),
        author_tags=tuple(
            AuthorTag(tag.name, topic_of(tag.name)[0]) for tag in author_tags(post, site.articles.settings)
        ),
        related=tuple(
            RelatedPost(
                shown_path(other.source_path or key_of(other)),
                title_text(other.title),
                close[other].score if other in close else None,
                tuple(reasons.get(other, ())),
            )
            for other in listed
        ),
        related_short=_why_short(post, site, len(listed), misses),
        near_misses=misses,
        backlinks=tuple(
            Backlink(shown_path(other.source_path or key_of(other)), title_text(other.title), sentence)
            for other, sentence in (getattr(post, "backlinks", ()) if settings.backlinks else ())
        ),
        papers=tuple(
            TreatedPaper(paper.title, paper.label, paper.url)
            for paper in (treated_papers(post) if settings.papers else ())
        ),
    )


def _why_without_page(tag: Tag, known: Background) -> str:
    if tag.save_as or not known.site.articles.settings["TAG_SAVE_AS"]:
        return ""
    uses = known.uses.get(tag.name, 0)
    if not uses:
        return "a name without a page: no listed post has it"
    have = "1 post has it" if uses == 1 else f"{uses} posts have it"
    least = known.site.build.settings.topics_min_posts
    return f"a name without a page: {have}, MLNOTES_TOPICS_MIN_POSTS is {least}"


def _chosen_by(line: TopicLine | None) -> str:
    if line is None:
        return "text"
    return "text and author" if line.exactly is None else "author"


def _chooser(name: str, line: TopicLine | None, taxonomy: Taxonomy | None) -> str:
    """Return who chose the topic whose tag is called ``name``."""
    if line is None or line.exactly is not None:
        return "text" if line is None else "author"

    def same(other: str) -> str:
        topic = taxonomy.find(other) if taxonomy else None
        return topic.id if topic else normalise(other)

    return "author" if same(name) in map(same, line.added) else "text"


def _barred(
    post: Article,
    document: Document,
    known: Background,
    line: TopicLine | None,
    narrower: Callable[[Verdict], tuple[str, ...]],
) -> list[RunnerUp]:
    """Return the topics that somebody keeps from the post, with what the text would give them."""
    settings, taxonomy = known.site.build.settings, known.site.build.taxonomy
    if taxonomy is None:
        return []
    whole = known.whole or taxonomy
    barred = choice_of(line, whole, settings.topics_max).barred
    if not barred and not known.whole:
        return []

    def why(topic: Topic) -> str:
        return "barred by the author" if topic.id in taxonomy.topics else "MLNOTES_TOPICS_NEVER has it"

    verdicts = judge_topics(
        title_text(post.title),
        document,
        whole,
        max=settings.topics_max,
        min_score=settings.topics_min_score,
        lang=post.lang,
    )
    found = []
    for one in verdicts:
        never = one.topic.id not in taxonomy.topics and one.score >= settings.topics_min_score
        if never or one.topic.id in barred:
            found.append(RunnerUp(one.topic.label, one.score, _places(one), narrower(one), why(one.topic)))
    unnamed = barred - {one.topic.id for one in verdicts}
    topics = map(whole.topics.__getitem__, sorted(unnamed))
    return found + [RunnerUp(topic.label, 0.0, (), (), why(topic)) for topic in topics]


def _places(verdict: Verdict) -> tuple[str, ...]:
    """Return the evidence of a topic's own names."""
    return verdict.evidence[:-1] if verdict.narrower else verdict.evidence


def _excerpt_source(post: Article, document: Document, site: Site) -> str:
    length = site.build.settings.excerpt_length
    if not length or not getattr(post, "excerpt", ""):
        return ""
    if str(post.metadata.get("excerpt") or "").strip():
        return "the line 'Excerpt:'"
    if key_of(post) in site.summed:
        return "the line 'Summary:'"
    text = document.prose[: document.more].rstrip()
    if not text:
        return "the headings"
    if document.more is not None and len(text) <= length:
        return "the text up to the 'more' marker"
    return "the text" if len(text) <= length else "the start of the text"


def _why_short(post: Article, site: Site, listed: int, misses: tuple[NearMiss, ...]) -> str:
    settings = site.build.settings
    if not settings.related_max:
        return "MLNOTES_RELATED_MAX is 0"
    if author_names(post, ATTRIBUTE) == []:
        return "the author wrote 'Related_posts: none'"
    if not isinstance(getattr(post, ATTRIBUTE, None), RelatedPosts):
        return "another plugin made the list"
    if listed >= settings.related_max:
        return ""
    versions = {key_of(post), *map(key_of, post.translations)}
    others = sum(
        other.lang == post.lang and key_of(other) not in versions
        for other in published_articles(site.articles)
    )
    if not others and not listed:
        return f"no other post in {post.lang!r} is published"
    if others <= listed:
        return "there are no other posts"
    if misses:
        return f"the next scores less than {settings.related_min_score:g}"
    same = ", or say the same as one that is listed" if listed else ""
    return f"the others share too few telling words{same}"
