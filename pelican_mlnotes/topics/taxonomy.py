"""Which topics exist? The bundled topics, a site's changes to them, and the names they are found by.

The format is described at the head of ``taxonomy.toml``; a site's own file has the same format and adds,
changes or removes topics by id.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain
from math import log
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from pelican_mlnotes._cache import cached
from pelican_mlnotes.text.words import language_of, normalise_all, stop_words, words

BUNDLED = Path(__file__).with_name("taxonomy.toml")
KINDS = ("field", "task", "method", "model", "concept", "dataset", "tool")


class TaxonomyError(ValueError):
    """The taxonomy is wrong: lists every fault with its file, topic and key."""


class Rule(NamedTuple):
    """What a post must show before an ambiguous name counts. Empty tuples ask for nothing."""

    name: str
    sign: bool = False
    """Is a word of the topic's trade, not a name of it."""
    case: bool = False
    """Only this exact spelling counts."""
    near: tuple[str, ...] = ()
    """One of these within 12 words of the name, at least once in the post."""
    anywhere: tuple[str, ...] = ()
    """One of these anywhere in the post (key ``with``)."""
    without: tuple[str, ...] = ()
    """None of these anywhere in the post."""
    instance: bool = False
    """Names something narrower than the topic: evidence for it, and never its name on a site."""


class Topic(NamedTuple):
    """A subject a post can have."""

    id: str
    label: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    """Other names that always mean this topic; the label is a name too unless ``rules`` has it."""
    instances: tuple[str, ...] = ()
    """Names of models, products, libraries, special cases of it: evidence, never its own name on a site."""
    signs: tuple[str, ...] = ()
    """Words of its trade ("random variable"): a post full of them is about it, yet they do not name it."""
    broader: tuple[str, ...] = ()
    """Ids of the more general topics, closest first."""
    kind: str = "concept"
    explicit: bool = False
    """Is suggested only if the post names it, however much the post has on narrower topics."""
    weak: bool = False
    """Says by itself nothing about whether a post is about machine learning (SQL, Fourier transform)."""
    aliases_lang: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(language, names) for posts in that language."""
    instances_lang: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(language, instances) for posts in that language."""
    rules: tuple[Rule, ...] = ()
    """Names that mean other things too, with the evidence they need (key ``ambiguous``)."""


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """One name of one topic."""

    text: str
    topic: str
    rule: Rule | None
    sign: bool
    instance: bool


# From one word of a name to the next; the key "" holds the names that end there.
Trie = dict[str, Any]


class Evidence(NamedTuple):
    """A word list of a rule, ready for look-ups."""

    words: frozenset[str]
    phrases: tuple[tuple[frozenset[str], str], ...]
    """(its words, the phrase between blanks)."""
    lists: tuple[tuple[str, ...], ...]
    """Shared lists it refers to."""


# A name as a topic gives it: text, id of the topic, rule, key. No named tuple, as there are ten thousand.
Claimed = tuple[str, str, Rule | None, str]


class _Spelled(NamedTuple):
    """The names of one language as they are looked up, in plain data."""

    lines: str
    """All names, normalised, a line each, in the order of ``claims``."""
    first: Mapping[str, Sequence[int]]
    """From each first word to the lines of the names that begin with it."""
    openers: frozenset[str]
    grammar: frozenset[str]
    seconds: frozenset[str]


def _spell(topics: Mapping[str, Topic], lang: str) -> _Spelled:
    """Arrange the names that can occur in posts of one language.

    The last word of a name counts in singular and plural, and so does the first of one like "mixture of
    experts".  A single word that the language needs for its grammar ("die", "sur", "est") is no name there.
    """
    lines = normalise_all([claim[0] for claim in claims(topics.values(), lang)])
    first: dict[str, list[int]] = {}
    seconds: dict[str, set[str]] = {}
    stop = stop_words(lang)
    for number, line in enumerate(lines):
        word, _, more = line.partition(" ")
        for form in (word, _other_form(word)) if not more or more.startswith("of ") else (word,):
            if more or lang == "en" or form not in stop:
                first.setdefault(form, []).append(number)
                if form in stop:
                    seconds.setdefault(form, set()).add(more.partition(" ")[0])
    grammar = frozenset(word for word, after in seconds.items() if "" not in after and stop.isdisjoint(after))
    second = frozenset().union(*(seconds[word] for word in grammar))
    return _Spelled(
        lines="\n".join(lines),
        first=first,
        openers=frozenset(first.keys() - grammar),
        grammar=grammar,
        seconds=second.union(map(_other_form, second)),
    )


class _Tries(dict[str, Trie]):
    """What follows each first word, arranged when it is first asked for."""

    def __init__(self, spelled: _Spelled, topics: Mapping[str, Topic], lang: str) -> None:
        super().__init__()
        self._spelled = spelled
        self._topics = topics
        self._lang = lang

    @cached_property
    def _named(self) -> tuple[list[str], list[Claimed]]:
        """The lines of all names, and what each stands for."""
        return self._spelled.lines.split("\n"), list(claims(self._topics.values(), self._lang))

    def __missing__(self, word: str) -> Trie:
        lines, claimed = self._named
        numbers = self._spelled.first[word]
        named = [(lines[number].partition(" ")[2], claimed[number]) for number in numbers]
        self[word] = trie = _make_trie(named)
        return trie


class Names:
    """The names that can occur in posts of one language.

    There are thousands, and a blog meets a fraction of them: what follows a first word is arranged when the
    word is first met.
    """

    def __init__(self, topics: Mapping[str, Topic], lang: str, spelled: _Spelled | None = None) -> None:
        """Arrange the names of ``topics``; ``spelled`` is what that gave before."""
        spelled = spelled or _spell(topics, lang)
        self._topics = topics
        self._lang = lang
        self._first = spelled.first
        self.openers: Set[str] = spelled.openers
        """The words that names are found by at their start."""
        self.grammar: Set[str] = spelled.grammar
        """First words that are common as grammar, as in "the Pile"; names are found by the next word."""
        self.seconds: Set[str] = spelled.seconds
        """The words that follow those."""
        self.signals: Set[str] = self.openers | self.seconds
        """The words that any name is found by."""
        self.after: Mapping[str, Trie] = _Tries(spelled, topics, lang)
        """For each first word: the names that begin with it, by their further words."""

    @cached_property
    def local(self) -> Evidence:
        """The names that only posts in this language have: that one occurs is evidence for others."""
        topics = self._topics.values()
        by_lang = chain.from_iterable((*topic.aliases_lang, *topic.instances_lang) for topic in topics)
        return _make_evidence(chain.from_iterable(texts for lang, texts in by_lang if lang == self._lang))

    def find(self, name: str) -> list[Name]:
        """Return the names that are spelled ``name`` but for case, hyphens and plural."""
        spelled = words(name)
        if not spelled or spelled[0] not in self._first:
            return []
        node: Trie | None = self.after[spelled[0]]
        for word in spelled[1:]:
            node = node.get(word) if node else None
        found: list[Name] = (node or {}).get("", [])
        return found


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All topics. Made by ``load_taxonomy``; what is derived from the topics is made when first asked for."""

    topics: Mapping[str, Topic]
    """By id, in the order of ids."""
    lists: Mapping[str, tuple[str, ...]]
    """Word lists that rules share, written "@list" in a rule."""
    height: Mapping[str, int]
    """Steps from the topic down to its farthest descendant: parents always stand higher than children."""
    depth: Mapping[str, float]
    """How much a topic says, 0..1: ``1 - log(descendants + 1) / log(topics)``, the intrinsic information
    content of N. Seco, T. Veale and J. Hayes (2004)."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """Id of a topic that is gone -> id of the one that stands for it."""
    former: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Folded label of a topic that is gone -> that label, and the id of the one that stands for it."""
    removed: Set[str] = frozenset()
    """Folded names of the topics that the site has taken away."""
    _names: dict[str, Names] = field(default_factory=dict, repr=False, compare=False)
    _above: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)
    evidence_words: set[str] = field(default_factory=set, repr=False, compare=False)
    """The words of every list that ``evidence`` was asked for so far."""
    _evidence: dict[tuple[str, ...], Evidence] = field(default_factory=dict, repr=False, compare=False)

    def above(self, topic: str) -> frozenset[str]:
        """Return the ids of all topics that are broader than ``topic``."""
        if topic not in self._above:
            parents = self.topics[topic].broader
            self._above[topic] = frozenset(parents).union(*map(self.above, parents))
        return self._above[topic]

    def names(self, lang: str = "en") -> Names:
        """Return the names that can occur in a post written in ``lang``."""
        code = language_of(lang)
        if code not in self._names:
            self._names[code] = Names(self.topics, code)
        return self._names[code]

    def evidence(self, listed: tuple[str, ...]) -> Evidence:
        """Return the words and phrases of a rule's list, or of the shared list ("@name",)."""
        if listed not in self._evidence:
            own = self.lists[listed[0][1:]] if len(listed) == 1 and listed[0][0] == "@" else listed
            made = self._evidence[listed] = _make_evidence(own)
            self.evidence_words.update(made.words, *(spelled for spelled, _ in made.phrases))
        return self._evidence[listed]

    def find(self, name: str, lang: str = "en", *, instances: bool = False) -> Topic | None:
        """Return the topic that ``name``, given as a tag, stands for; None if no or several topics have it.

        A tag is chosen on purpose, so names count that a text would need evidence for ("rl").  Of topics
        that share a name the one wins that has it as its label, or in this spelling.  With ``instances``,
        the name of something narrower than a topic ("ggplot" for charts) stands for that, too.  What no
        topic is called may be an id, or the former id or label of one for which another stands.
        """
        found = [one for one in self.names(lang).find(name) if instances or not one.instance]
        exact = [one for one in found if one.text == name]
        labelled = [one for one in found if is_same_name(self.topics[one.topic].label, [name])]
        owners = {one.topic for one in labelled or exact or found}
        if not owners:
            return self.topics.get(name) or self._find_former(name)
        return self.topics[owners.pop()] if len(owners) == 1 else None

    def is_former(self, name: str) -> bool:
        """Does ``name`` mean a topic only because it was that of one which is gone?"""
        if name in self.topics or self._find_former(name) is None:
            return False
        return all(one.instance for one in self.names().find(name))

    def is_removed(self, name: str) -> bool:
        """Is ``name``, which no topic has, that of one which the site has taken away?"""
        return bool(self.removed) and folded_name(name) in self.removed

    def _find_former(self, name: str) -> Topic | None:
        if name in self.moved or not self.former:
            return self.topics.get(self.moved.get(name, ""))
        _, new = self.former.get(folded_name(name), ("", ""))
        return self.topics.get(new)


def load_taxonomy(*paths: Path, never: Sequence[str] = ()) -> Taxonomy:
    """Return the topics of all files; topics of later files are added to those before or change them by id.

    A change gives the keys that become different; ``label`` renames and keeps the former label as a name,
    ``add_aliases``, ``add_ambiguous`` and ``remove_names`` change single names, ``remove = true`` takes the
    topic away and gives its children to its parents, ``replaced_by`` gives them and its id to another,
    which an author may call by its label, too.  ``never`` lists ids or labels, also former ones, of topics
    to take away.  Raises ``TaxonomyError`` with every fault found.
    """
    # What reads files is not loaded where their topics are kept.
    from pelican_mlnotes.topics.files import read_taxonomy

    topics, lists, height, moved, former, removed = read_taxonomy(*paths, never=never)
    return _make_taxonomy(topics, lists, height, _depths(topics, height), moved, former, removed)


def cached_taxonomy(paths: Sequence[Path], langs: Iterable[str], never: Sequence[str] = ()) -> Taxonomy:
    """Return what ``load_taxonomy`` does, from what was kept of it while none of the files changed.

    The names that can occur in posts written in ``langs`` are kept with it; those of other languages are
    arranged when they are asked for.
    """
    codes = sorted(set(map(language_of, langs)))
    own = [path for path in paths if path != BUNDLED]
    make = partial(_plain, paths, codes, never)
    kept = cached("topics", make, own, codes, BUNDLED in paths, never)
    rows, lists, height, depth, moved, former, removed, names = kept
    topics = {row[0]: Topic._make((*row, tuple([Rule._make(rule) for rule in rules]))) for row, rules in rows}
    taxonomy = _make_taxonomy(topics, lists, height, depth, moved, former, frozenset(removed))
    for code, spelled in names.items():
        taxonomy._names[code] = Names(topics, code, _Spelled._make(spelled))
    return taxonomy


def _plain(paths: Sequence[Path], codes: Sequence[str], never: Sequence[str]) -> tuple[Any, ...]:
    """Return a taxonomy as ``cached_taxonomy`` reads it, without types of ours."""
    taxonomy = load_taxonomy(*paths, never=never)
    topics = taxonomy.topics
    return (
        [(tuple(topic[:-1]), [tuple(rule) for rule in topic.rules]) for topic in topics.values()],
        dict(taxonomy.lists),
        dict(taxonomy.height),
        dict(taxonomy.depth),
        dict(taxonomy.moved),
        dict(taxonomy.former),
        sorted(taxonomy.removed),
        {code: tuple(_spell(topics, code)) for code in codes},
    )


def _make_taxonomy(
    topics: dict[str, Topic],
    lists: dict[str, tuple[str, ...]],
    height: dict[str, int],
    depth: dict[str, float],
    moved: dict[str, str],
    former: dict[str, tuple[str, str]],
    removed: Set[str],
) -> Taxonomy:
    return Taxonomy(
        MappingProxyType(topics),
        MappingProxyType(lists),
        MappingProxyType(height),
        MappingProxyType(depth),
        MappingProxyType(moved),
        MappingProxyType(former),
        removed,
    )


def _depths(topics: Mapping[str, Topic], height: Mapping[str, int]) -> dict[str, float]:
    """Return each topic's information content."""
    above: dict[str, set[str]] = {}
    descendants = dict.fromkeys(topics, 0)
    for id_ in sorted(topics, key=lambda id_: -height[id_]):
        above[id_] = set(topics[id_].broader).union(*(above[parent] for parent in topics[id_].broader))
        for ancestor in above[id_]:
            descendants[ancestor] += 1
    whole = log(max(2, len(topics)))
    return {id_: 1 - log(count + 1) / whole for id_, count in descendants.items()}


# ------------------------------------------------------------------------------------------------ names


def singular(word: str) -> str:
    """Return ``word`` without an English plural ending; other words as they are."""
    if len(word) < 4 or word[-1] != "s" or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    return word[:-1]


def plural(word: str) -> str:
    """Return the regular English plural of ``word``."""
    if word.endswith("y") and len(word) > 2 and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _other_form(word: str) -> str:
    """Return the singular of a plural, the plural of any other word."""
    one = singular(word)
    return plural(word) if one == word else one


def is_same_name(name: str, others: Iterable[str]) -> bool:
    """Is ``name`` the same as one of ``others`` but for case, hyphens and plurals?"""
    folded = folded_name(name)
    return any(folded_name(other) == folded for other in others)


def folded_name(name: str) -> str:
    """Return ``name`` as it is compared: without case and hyphens, each word in the singular."""
    return " ".join(map(singular, words(name)))


def claims(topics: Iterable[Topic], lang: str) -> Iterator[Claimed]:
    """Yield the names of all topics for posts written in ``lang``; of one topic those with rules first."""
    for topic in topics:
        for rule in topic.rules:
            yield rule.name, topic.id, rule, "ambiguous"
        yield topic.label, topic.id, None, "label"
        for text in topic.aliases:
            yield text, topic.id, None, "aliases"
        for text in topic.instances:
            yield text, topic.id, None, "instances"
        for text in topic.signs:
            yield text, topic.id, None, "signs"
        for code, texts in topic.aliases_lang:
            if code == lang:
                for text in texts:
                    yield text, topic.id, None, f"aliases_{lang}"
        for code, texts in topic.instances_lang:
            if code == lang:
                for text in texts:
                    yield text, topic.id, None, f"instances_{lang}"


def _make_trie(named: Iterable[tuple[str, Claimed]]) -> Trie:
    """Return names as a tree of the words that follow the first."""
    root: Trie = {}
    for more, (text, topic, rule, key) in named:
        node = root
        *inner, last = more.split() or [""]
        for word in inner:
            node = node.setdefault(word, {})
        if last:
            after = node.get(last)
            if after is None:
                after = node[last] = node.get(_other_form(last), {})
            node.setdefault(_other_form(last), after)
            node = after
        ends = node.setdefault("", [])
        # A label that is ambiguous counts by its rule alone, which has come before it.
        if key != "label" or all(name.topic != topic for name in ends):
            instance = rule.instance if rule else key.startswith("instances")
            ends.append(Name(text, topic, rule, rule.sign if rule else key == "signs", instance))
    return root


def _make_evidence(listed: Iterable[str]) -> Evidence:
    single: set[str] = set()
    phrases: dict[tuple[frozenset[str], str], None] = {}
    lists = []
    for item in listed:
        spelled = words(item)
        if item.startswith("@"):
            lists.append((item,))
        elif len(spelled) == 1:
            single.update((spelled[0], _other_form(spelled[0])))
        elif spelled:
            for last in (spelled[-1], _other_form(spelled[-1])):
                phrase = [*spelled[:-1], last]
                phrases[frozenset(phrase), f" {' '.join(phrase)} "] = None
    return Evidence(frozenset(single), tuple(phrases), tuple(lists))
