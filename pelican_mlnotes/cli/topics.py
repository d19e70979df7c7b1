"""Which topics are there, how many posts of a site have each, and which ones does the site miss?"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory

from pelican.utils import slugify

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.cli.output import clean
from pelican_mlnotes.cli.site import Site, shown_path
from pelican_mlnotes.formulas.titles import title_text
from pelican_mlnotes.plugin.articles import suggest_ids
from pelican_mlnotes.plugin.build import topic_files
from pelican_mlnotes.plugin.contents import key_of
from pelican_mlnotes.settings import Settings
from pelican_mlnotes.text.words import normalise, words
from pelican_mlnotes.topics.missing import MissingTopic, Text, find_missing
from pelican_mlnotes.topics.taxonomy import Taxonomy, Topic, load_taxonomy, singular

MOST = 20
"""Topics that are proposed."""
_TRIED = 40
"""Phrases that are tried as topics, since posts have no place for some of them."""
_SHARED = 2
"""Posts that must share a topic for it to be proposed as broader."""
_ENDS = ("model", "dataset", "tool")
"""Kinds that other topics seldom belong to."""
_SHORTEST = 3
"""Letters that are looked for inside of words, if no word begins so."""
_NOT_IN_IDS = pattern(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """A topic of the taxonomy."""

    id: str
    label: str
    description: str
    kind: str
    broader: tuple[str, ...]
    """Ids of the more general topics, closest first."""
    narrower: tuple[str, ...]
    """Ids of those for which it is one."""
    posts: int | None
    """How many listed posts of the site have it; ``None`` without a site."""
    tag: str
    """What its tag is called on the site; empty if it has none."""
    names: tuple[str, ...]
    """What else it is called, in English or everywhere, with or without a rule."""
    instances: tuple[str, ...]
    """What belongs to it: evidence for it, never its name."""
    translations: Mapping[str, tuple[str, ...]]
    """Code of a language -> names and instances in it."""
    found_by: str
    """The name that was looked for; empty where all topics are listed."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A topic that the taxonomy lacks and posts call for."""

    id: str
    label: str
    broader: tuple[str, ...]
    """Ids of topics that most of its posts have: a guess, and a comment in ``toml``."""
    titles: tuple[str, ...]
    """Paths of the posts whose titles hold it."""
    headings: tuple[str, ...]
    """Paths of other posts of whose headings one holds it."""
    posts: tuple[str, ...]
    """Paths of the posts that would get it, all proposals taken over."""
    toml: str
    """Its entry for a file of the site's own."""


def taxonomy_of(site: Site) -> Taxonomy:
    """Return the topics of ``site``, also where no post gets any."""
    settings = site.build.settings
    if site.build.taxonomy is not None:
        return site.build.taxonomy
    return load_taxonomy(*topic_files(settings, site.articles), never=settings.topics_never)


# ---------------------------------------------------------------------------------------------- listing


def list_topics(taxonomy: Taxonomy, site: Site | None, asked: str = "") -> list[TopicEntry]:
    """Return the topics of which a name or the id holds ``asked``, best first; all if it is empty."""
    posts, tags = _uses(site, taxonomy) if site else (None, {})
    narrower: dict[str, list[str]] = {id_: [] for id_ in taxonomy.topics}
    for topic in taxonomy.topics.values():
        for parent in topic.broader:
            narrower[parent].append(topic.id)

    def entry(topic: Topic, found_by: str) -> TopicEntry:
        ruled = [rule for rule in topic.rules if not rule.sign]
        names = (*topic.aliases, *(rule.name for rule in ruled if not rule.instance))
        instances = (*topic.instances, *(rule.name for rule in ruled if rule.instance))
        translations: dict[str, tuple[str, ...]] = {}
        for lang, local in (*topic.aliases_lang, *topic.instances_lang):
            translations[lang] = (*translations.get(lang, ()), *local)
        return TopicEntry(
            id=topic.id,
            label=topic.label,
            description=topic.description,
            kind=topic.kind,
            broader=topic.broader,
            narrower=tuple(narrower[topic.id]),
            posts=None if posts is None else posts[topic.id],
            tag=tags.get(topic.id, ""),
            names=tuple(name for name in dict.fromkeys(names) if name != topic.label),
            instances=tuple(dict.fromkeys(instances)),
            translations=translations,
            found_by=found_by,
        )

    former: dict[str, list[str]] = {}
    for old, new in taxonomy.moved.items():
        former.setdefault(new, []).append(old)
    for label, new in taxonomy.former.values():
        former.setdefault(new, []).append(label)
    if not asked:
        ordered = sorted(taxonomy.topics.values(), key=lambda topic: (normalise(topic.label), topic.id))
        return [entry(topic, "") for topic in ordered]
    found = []
    forms, plain = _forms(words(asked)), asked.strip().casefold()
    for topic in taxonomy.topics.values():
        matches = [
            (rank, place, name)
            for place, name in enumerate((*_names(topic), *former.get(topic.id, ())))
            if (rank := _rank(name, forms, plain)) is not None
        ]
        if matches:
            found.append((min(matches), topic))
    if any(rank < _INSIDE for (rank, _, _), _ in found):
        found = [(match, topic) for match, topic in found if match[0] < _INSIDE]

    def order(match: tuple[tuple[int, int, str], Topic]) -> tuple[int, bool, int, str, str]:
        (rank, place, _), topic = match
        return rank, place > 0, -(posts[topic.id] if posts else 0), normalise(topic.label), topic.id

    return [entry(topic, name) for (_, _, name), topic in sorted(found, key=order)]


def names_like(taxonomy: Taxonomy, asked: str) -> list[str]:
    """Return a few labels that are spelled like ``asked``, most alike first."""
    labels = {topic.label.lower(): topic.label for topic in taxonomy.topics.values()}
    return [labels[near] for near in get_close_matches(asked.lower(), labels, n=3)]


_SAME, _START, _INSIDE = range(3)


def _names(topic: Topic) -> Iterator[str]:
    """Yield whatever ``topic`` can be found by, the label first."""
    yield topic.label
    yield topic.id
    yield from topic.aliases
    yield from (rule.name for rule in topic.rules)
    yield from topic.instances
    for _, local in (*topic.aliases_lang, *topic.instances_lang):
        yield from local
    yield from topic.signs


def _rank(name: str, forms: set[str], plain: str) -> int | None:
    """Return how well ``name`` fits what was asked for, 0 best; ``None`` if it does not.

    What was asked for is given by its ``forms``, and in ``plain`` lower case.  Accents, hyphens and the
    plural of the last word are nothing; what was asked for may be the beginning of a word, or, if nothing
    better is found, stand inside of one.
    """
    named = words(name)
    if not forms.isdisjoint(_forms(named)):
        return _SAME
    spelled = " ".join(named)
    if any(f" {form}" in f" {spelled}" for form in forms):
        return _START
    # Where words have no blanks between them, they are compared by pairs of signs.
    inside = any(len(form) >= _SHORTEST and form in spelled for form in forms)
    return _INSIDE if inside or (not plain.isascii() and plain in name.casefold()) else None


def _forms(spelled: list[str]) -> set[str]:
    """Return the name of these words normalised, as it is and in the singular."""
    return {" ".join(spelled), " ".join([*spelled[:-1], singular(spelled[-1])])} if spelled else set()


def _uses(site: Site, taxonomy: Taxonomy) -> tuple[Counter[str], dict[str, str]]:
    """Return how many listed posts have each topic, and the name of its tag."""
    posts: Counter[str] = Counter()
    tags: dict[str, str] = {}
    for article in site.articles.articles:
        held = {}
        for tag in (*getattr(article, "topics", ()), *getattr(article, "tags", ())):
            topic = taxonomy.find(tag.name)
            if topic is not None:
                held[topic.id] = tag.name
        posts.update(held.keys())
        tags.update(held)
    return posts, tags


# ---------------------------------------------------------------------------------------------- missing


def propose_topics(site: Site, taxonomy: Taxonomy) -> list[Proposal]:
    """Return at most ``MOST`` topics that the listed posts of ``site`` announce and the taxonomy lacks.

    Each is tried: those that no post would get are left out.
    """
    listed = [post for post in site.articles.articles if key_of(post) in site.bodies]
    texts = [Text(key_of(post), title_text(post.title), site.document(post), post.lang) for post in listed]
    names = {str(getattr(post, "author", "")) for post in listed} | {site.articles.settings["SITENAME"]}
    found = find_missing(texts, taxonomy, sorted(names))[:_TRIED]
    entries = dict(_entries(found, taxonomy, _topics_by_post(site, taxonomy)))
    got = _try(entries, texts, site)
    kept = [id_ for id_ in entries if got[id_]][:MOST]
    entries = {id_: entries[id_] for id_ in kept}
    got = _try(entries, texts, site)

    def paths(keys: Iterable[str]) -> tuple[str, ...]:
        return tuple([shown_path(key) for key in keys])

    return [
        Proposal(
            id=id_,
            label=missing.label,
            broader=broader,
            titles=paths(missing.titles),
            headings=paths(missing.headings),
            posts=paths(got[id_]),
            toml=make_entry(id_, missing.label, broader),
        )
        for id_, (missing, broader) in entries.items()
        if got[id_]
    ]


def make_entry(id_: str, label: str, broader: Sequence[str] = ()) -> str:
    """Return the entry of a topic in TOML, whatever signs its ``label`` holds.

    What may be ``broader`` is a comment, since a post on the topic would be a little on that, too.
    """
    lines = ["[[topic]]", f"id = {_quoted(id_)}", f"label = {_quoted(label)}"]
    if broader:
        lines.append(f"# broader = [{', '.join(map(_quoted, broader))}]")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    # A basic string of TOML is one of JSON but for the delete character, and has no halves of characters.
    whole = text.encode("utf-8", "replace").decode()
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007F")


def commented(proposals: Iterable[Proposal]) -> str:
    """Return the entries of ``proposals`` as TOML, the posts that would get each as comments."""
    blocks = []
    for one in proposals:
        count = f"{len(one.posts)} post{'s'[: len(one.posts) != 1]}"
        posts = [f"#   {clean(path)}" for path in one.posts]
        blocks.append("\n".join([f"# {count} would get it:", *posts, one.toml]))
    return "\n\n".join(blocks)


def _entries(
    found: Iterable[MissingTopic], taxonomy: Taxonomy, topics: Mapping[str, set[str]]
) -> Iterator[tuple[str, tuple[MissingTopic, tuple[str, ...]]]]:
    """Yield an id for each phrase with the phrase, and what could be broader."""
    taken = {*taxonomy.topics, *taxonomy.moved}
    uses = Counter(id_ for held in topics.values() for id_ in held)
    for missing in found:
        plain = _NOT_IN_IDS.sub("-", slugify(missing.label, use_unicode=False)).strip("-") or "topic"
        id_, number = plain, 1
        while id_ in taken:
            number += 1
            id_ = f"{plain}-{number}"
        taken.add(id_)
        keys = [*missing.titles, *missing.headings]
        shared = Counter(topic for key in keys for topic in topics.get(key, ()))
        usual = [
            id_
            for id_, count in shared.items()
            if count >= _SHARED and 2 * count >= len(keys) and taxonomy.topics[id_].kind not in _ENDS
        ]
        usual.sort(key=lambda id_: (-(shared[id_] ** 2) / uses[id_], id_))
        yield id_, (missing, tuple(usual[:1]))


def _topics_by_post(site: Site, taxonomy: Taxonomy) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    for post in site.articles.articles:
        found = (taxonomy.find(tag.name) for tag in getattr(post, "topics", ()))
        held[key_of(post)] = {topic.id for topic in found if topic}
    return held


def _try(
    entries: Mapping[str, tuple[MissingTopic, tuple[str, ...]]], texts: Sequence[Text], site: Site
) -> dict[str, list[str]]:
    """Return for each entry the keys of the posts that would get it."""
    got: dict[str, list[str]] = {id_: [] for id_ in entries}
    if not entries:
        return got
    settings = site.build.settings
    if not settings.topics_max:
        settings = replace(settings, topics_max=Settings().topics_max)
    with TemporaryDirectory() as folder:
        file = Path(folder, "missing.toml")
        file.write_text(
            "\n\n".join(make_entry(id_, one.label, above) for id_, (one, above) in entries.items()),
            encoding="utf-8",
        )
        taxonomy = load_taxonomy(*topic_files(settings, site.articles), file, never=settings.topics_never)
    holding = {key for one, _ in entries.values() for key in (*one.titles, *one.headings, *one.said)}
    by_key = {key_of(post): post for post in site.articles.articles}
    for text in texts:
        if text.key in holding:
            tokens = words(text.document.prose)
            for id_ in suggest_ids(by_key[text.key], text.document, tokens, settings, taxonomy) or ():
                if id_ in got:
                    got[id_].append(text.key)
    return got
