"""What does the plugin change on a site, and which setting keeps what it has?

Nobody should have to build a site of hundreds of posts to see what happens to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from pelican.contents import Article
from pelican.urlwrappers import Tag
from pelican.utils import truncate_html_paragraphs, truncate_html_words

from pelican_mlnotes.cli.explain import background_of, explain_post
from pelican_mlnotes.cli.site import Site, shown_path
from pelican_mlnotes.importers.former_tags import FormerPage, Heir, find_heirs
from pelican_mlnotes.plugin.contents import key_of, published_articles
from pelican_mlnotes.plugin.formulas import as_summary
from pelican_mlnotes.plugin.tags import author_tags


@dataclass(frozen=True, slots=True)
class TagPage:
    """A tag page whose list of posts becomes longer."""

    tag: str
    address: str
    posts: int
    before: int
    """How many of them have the tag by their authors."""


@dataclass(frozen=True, slots=True)
class SummaryChange:
    """A post that lists and feeds show with another summary."""

    path: str
    before: str
    """Pelican's own, as text."""
    after: str
    pictures: int
    """How many pictures the summary showed that the new one, plain text, does not."""


@dataclass(frozen=True, slots=True)
class ShortList:
    """A post with fewer related posts than there could be."""

    path: str
    related: int
    why: str


@dataclass(frozen=True, slots=True)
class Keep:
    """A setting that keeps what a site has."""

    setting: str
    keeps: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What a site becomes with the plugin."""

    posts: int
    """Published ones, translations included."""
    compared_with: str
    """The former output or list; empty if tag pages are compared with those of the authors' own tags."""
    tag_pages_new: tuple[TagPage, ...]
    tag_pages_longer: tuple[TagPage, ...]
    tag_pages_gone: tuple[Heir, ...]
    summaries: tuple[SummaryChange, ...]
    topics_found: int
    """Posts that get topics from their text."""
    topics_written: int
    """Posts whose authors wrote a line ``Topics:``."""
    topics_without_page: tuple[str, ...]
    """Names of topics that too few listed posts have, see ``MLNOTES_TOPICS_MIN_POSTS``."""
    topics_none: tuple[str, ...]
    """Paths of the posts that no topic fits."""
    related_full: int
    """Posts with as many related posts as the setting allows."""
    related_short: tuple[ShortList, ...]
    keep: tuple[Keep, ...]


def survey_site(site: Site, former: Sequence[FormerPage], compared_with: str = "") -> Survey:
    """Return what ``site`` becomes; ``former`` are the tag pages that it had, see ``former_pages``."""
    shown = {key_of(post) for post in published_articles(site.articles)}
    posts = [post for post in site.posts() if key_of(post) in shown]
    known = background_of(site, never=False)
    explained = [explain_post(post, known) for post in posts]
    new, longer = _tag_pages(site, {page.slug for page in former} if compared_with else None)
    summaries = tuple(filter(None, (_summary(post, site) for post in posts)))
    gone = tuple(find_heirs(former, site))
    written = [one for one in explained if one.topics_chosen_by == "author"]
    none = [one for one in explained if one not in written and not one.topics]
    pageless = {topic.tag for one in explained for topic in one.topics if topic.without_page}
    related = bool(site.build.settings.related_max)
    short = [
        ShortList(one.path, len(one.related), one.related_short) for one in explained if one.related_short
    ]
    keep = []
    if new or longer:
        keep.append(Keep("MLNOTES_TOPICS_MAX = 0", "no post gets a tag that its author did not write"))
    if summaries:
        keep.append(
            Keep("MLNOTES_EXCERPT_AS_SUMMARY = False", "lists and feeds show the summaries of before")
        )
    return Survey(
        posts=len(posts),
        compared_with=compared_with,
        tag_pages_new=tuple(new),
        tag_pages_longer=tuple(longer),
        tag_pages_gone=gone,
        summaries=summaries,
        topics_found=len(posts) - len(written) - len(none),
        topics_written=len(written),
        topics_without_page=tuple(sorted(pageless)),
        topics_none=tuple(one.path for one in none),
        related_full=len(posts) - len(short) if related else 0,
        related_short=tuple(short) if related else (),
        keep=tuple(keep),
    )


def _tag_pages(site: Site, former: set[str] | None) -> tuple[list[TagPage], list[TagPage]]:
    """Return the tag pages that are new, and those with more posts than authors gave them; largest first.

    New are those that ``former``, slugs of tags, lacks; if it is ``None``, those that no author's tag makes.
    """
    new, longer = [], []
    own: dict[str, list[Tag]] = {}
    for tag, posts in site.articles.tags.items():
        if not tag.save_as:
            continue
        for post in posts:
            if key_of(post) not in own:
                own[key_of(post)] = author_tags(post, site.articles.settings)
        page = TagPage(tag.name, tag.url, len(posts), sum(tag in own[key_of(post)] for post in posts))
        if tag.slug not in former if former is not None else not page.before:
            new.append(page)
        elif 0 < page.before < page.posts:  # one that the plugin made before is neither
            longer.append(page)
    for pages in (new, longer):
        pages.sort(key=lambda page: (-page.posts, page.tag))
    return new, longer


def _summary(post: Article, site: Site) -> SummaryChange | None:
    """Return how the summary of ``post`` changes, if it does."""
    body = site.bodies.get(key_of(post))
    excerpt = getattr(post, "excerpt", "")
    # Only where the plugin has set it: not where the author wrote one, nor where the setting is off.
    if body is None or not excerpt or key_of(post) in site.summed:
        return None
    if post.metadata.get("summary") != as_summary(excerpt):
        return None
    settings = site.articles.settings
    before = body
    if settings.get("SUMMARY_MAX_PARAGRAPHS") is not None:
        before = truncate_html_paragraphs(before, settings["SUMMARY_MAX_PARAGRAPHS"])
    if settings["SUMMARY_MAX_LENGTH"] is not None:
        before = truncate_html_words(before, settings["SUMMARY_MAX_LENGTH"], settings["SUMMARY_END_SUFFIX"])
    text = " ".join(Markup(before).striptags().split())  # noqa: S704  # for tags to be taken off
    pictures = before.lower().count("<img")
    if text == " ".join(excerpt.split()) and not pictures:
        return None
    return SummaryChange(shown_path(post.source_path or key_of(post)), text, excerpt, pictures)
