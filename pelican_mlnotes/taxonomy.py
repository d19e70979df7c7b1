"""Which topics exist? The bundled topics, a site's changes to them, and the names they are found by.

The format is described at the head of ``taxonomy.toml``; a site's own file has the same format and adds,
changes or removes topics by id.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import starmap
from math import log
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from pelican_mlnotes.patterns import pattern
from pelican_mlnotes.text import normalise, normalise_all, stop_words, words

BUNDLED = Path(__file__).with_name("taxonomy.toml")
KINDS = ("field", "task", "method", "model", "concept", "dataset", "tool")

_ID = pattern(r"[a-z0-9]+(-[a-z0-9]+)*")
_IN_LANGUAGE = pattern(r"aliases_([a-z]{2,3})")
_KEYS = ("id", "label", "description", "broader", "kind", "explicit", "weak", "aliases", "signs", "ambiguous")
_CHANGES = ("remove", "add_aliases", "add_ambiguous", "remove_names")
_RULE_KEYS = ("name", "sign", "case", "near", "with", "without")


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


class Topic(NamedTuple):
    """A subject a post can have."""

    id: str
    label: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    """Other names that always mean this topic; the label is a name too unless ``rules`` has it."""
    signs: tuple[str, ...] = ()
    """Words of its trade ("random variable"): a post full of them is about it, yet they do not name it."""
    broader: tuple[str, ...] = ()
    """Ids of the more general topics, closest first."""
    kind: str = "concept"
    explicit: bool = False
    """Is suggested only if the post names it, however much the post has on narrower topics."""
    weak: bool = False
    """Says by itself nothing about whether a post is about machine learning (SQL, Fourier transform)."""
    rules: tuple[Rule, ...] = ()
    """Names that mean other things too, with the evidence they need (key ``ambiguous``)."""
    aliases_lang: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(language, names) for posts in that language."""


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """One name of one topic."""

    text: str
    topic: str
    rule: Rule | None
    sign: bool


# From one word of a name to the next; the key "" holds the names that end there.
Trie = dict[str, Any]


class Evidence(NamedTuple):
    """A word list of a rule, ready for look-ups."""

    words: frozenset[str]
    phrases: tuple[tuple[frozenset[str], str], ...]
    """(its words, the phrase between blanks)."""
    lists: tuple[tuple[str, ...], ...]
    """Shared lists it refers to."""


class _Tries(dict[str, Trie]):
    """What follows each first word, arranged when it is first asked for."""

    def __init__(self, first: Mapping[str, Sequence[tuple[str, "_Claimed"]]]) -> None:
        super().__init__()
        self._first = first

    def __missing__(self, word: str) -> Trie:
        self[word] = trie = _make_trie(self._first[word])
        return trie


class Names:
    """The names that can occur in posts of one language.

    There are thousands, and a blog meets a fraction of them: what follows a first word is arranged when the
    word is first met.  The last word of a name counts in singular and plural, and so does the first of one
    like "mixture of experts".  A single word that the language needs for its grammar ("die", "sur", "est")
    is no name there.
    """

    def __init__(self, topics: Iterable[Topic], lang: str) -> None:
        claims = list(_claims(topics, lang))
        first: dict[str, list[tuple[str, _Claimed]]] = {}
        for spelled, claim in zip(normalise_all([claim[0] for claim in claims]), claims, strict=True):
            word, _, more = spelled.partition(" ")
            first.setdefault(word, []).append((more, claim))
            if not more or more.startswith("of "):
                first.setdefault(_other_form(word), []).append((more, claim))
        stop = stop_words(lang)
        for word in stop if lang != "en" else ():
            if word in first:
                first[word] = [named for named in first[word] if named[0]]
        self.first = first
        """The first words, with the rest of each name and what it stands for."""
        seconds = {word: {more.split(" ")[0] for more, _ in first[word]} for word in stop if word in first}
        self.grammar = frozenset(
            word for word, after in seconds.items() if "" not in after and stop.isdisjoint(after)
        )
        """First words that are common as grammar, as in "the Pile"; names are found by the next word."""
        second = set().union(*(seconds[word] for word in self.grammar))
        self.seconds = second | set(map(_other_form, second))
        """The words that follow those."""
        self.openers = first.keys() - self.grammar
        """All other first words."""
        self.signals = self.openers | self.seconds
        """The words that any name is found by."""
        self.local = _make_evidence(text for text, _, _, key in claims if key == f"aliases_{lang}")
        """The names that only posts in this language have: that one occurs is evidence for others."""
        self.after = _Tries(first)
        """For each of ``first``: the names that begin with it, by their further words."""

    def find(self, name: str) -> list[Name]:
        """Return the names that are spelled ``name`` but for case, hyphens and plural."""
        spelled = words(name)
        if not spelled or spelled[0] not in self.first:
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
    _names: dict[str, Names] = field(default_factory=dict, repr=False, compare=False)
    evidence_words: set[str] = field(default_factory=set, repr=False, compare=False)
    """The words of every list that ``evidence`` was asked for so far."""
    _evidence: dict[tuple[str, ...], Evidence] = field(default_factory=dict, repr=False, compare=False)

    def names(self, lang: str = "en") -> Names:
        """Return the names that can occur in a post written in ``lang``."""
        code = re.split(r"[-_]", lang.strip().lower())[0]
        if code not in self._names:
            self._names[code] = Names(self.topics.values(), code)
        return self._names[code]

    def evidence(self, listed: tuple[str, ...]) -> Evidence:
        """Return the words and phrases of a rule's list, or of the shared list ("@name",)."""
        if listed not in self._evidence:
            own = self.lists[listed[0][1:]] if len(listed) == 1 and listed[0][0] == "@" else listed
            made = self._evidence[listed] = _make_evidence(own)
            self.evidence_words.update(made.words, *(spelled for spelled, _ in made.phrases))
        return self._evidence[listed]

    def find(self, name: str, lang: str = "en") -> Topic | None:
        """Return the topic that ``name``, given as a tag, stands for; None if no or several topics have it.

        A tag is chosen on purpose, so names count that a text would need evidence for ("rl").  Of topics
        that share a name the one wins that has it as its label, or in this spelling.
        """
        found = self.names(lang).find(name)
        exact = [one for one in found if one.text == name]
        labelled = [one for one in found if _same(self.topics[one.topic].label, [name])]
        owners = {one.topic for one in labelled or exact or found}
        return self.topics[owners.pop()] if len(owners) == 1 else None


def load_taxonomy(*paths: Path) -> Taxonomy:
    """Return the topics of all files; topics of later files are added to those before or change them by id.

    A change gives the keys that become different; ``label`` renames and keeps the former label as a name,
    ``add_aliases``, ``add_ambiguous`` and ``remove_names`` change single names, ``remove = true`` takes the
    topic away and gives its children to its parents.  Raises ``TaxonomyError`` with every fault found.
    """
    faults = _Faults()
    drafts: dict[str, _Draft] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for path in paths:
        data = _read(path, faults)
        for key in data:
            if key not in ("topic", "words"):
                faults.add(path, None, key, f"unknown key{_near(key, ('topic', 'words'))}")
        lists.update(_read_lists(path, data.get("words", {}), faults))
        _merge(path, data.get("topic", []), drafts, faults)
    topics = _make_topics(drafts, lists, faults)
    height = _heights(topics, paths, drafts, faults)
    if any(path != BUNDLED for path in paths):  # the tests check ours
        _check_labels(topics, paths, drafts, faults)
        for lang in ["en", *_added_languages(drafts)]:
            _check_names(topics, lang, paths, drafts, faults)
    if faults.found:
        raise TaxonomyError("\n".join(faults.found))
    return Taxonomy(
        MappingProxyType(topics),
        MappingProxyType(lists),
        MappingProxyType(height),
        MappingProxyType(_depths(topics, height)),
    )


class _Faults:
    """Collects faults, each with the place where it can be mended."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, path: Path, topic: str | None, key: str | None, message: str) -> None:
        place = [str(path)]
        if topic is not None:
            place.append(f"topic {topic!r}")
        if key is not None:
            place.append(f"key {key!r}")
        self.found.append(f"{': '.join(place)}: {message}")


@dataclass(slots=True)
class _Draft:
    """A topic while files are merged: its values, and which file each came from."""

    values: dict[str, Any]
    paths: dict[str, Path]

    def path(self, key: str) -> Path:
        return self.paths.get(key) or self.paths["id"]


# ---------------------------------------------------------------------------------------------- reading


def _read(path: Path, faults: _Faults) -> dict[str, Any]:
    """Return the file as data; a fault and nothing if it cannot be read."""
    try:
        raw = path.read_bytes()
        data = (_read_own_toml(raw) if path == BUNDLED else None) or tomllib.loads(raw.decode())
    except FileNotFoundError:
        faults.add(path, None, None, "there is no such file")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.add(path, None, None, f"cannot be read: {error}")
    else:
        return data
    return {}


def _read_own_toml(raw: bytes) -> dict[str, Any] | None:
    """Return what tomllib would, about ten times faster, for the layout of our own file; None for any other.

    Our file keeps to one key a line, with strings, lists of strings, true and rules of a few known keys.
    There only the keys differ from JSON.  A test compares the two readers.
    """
    # Bytes are replaced in a third of the time that text with a few wide characters takes.
    head, start, rest = raw[raw.find(b"\n[words]\n") :].partition(b"\n\n[[topic]]\n")
    if not head.startswith(b"\n[words]\n") or not start:
        return None
    rest = rest.strip().replace(b"\n  { ", b"\r").replace(b",\n]", b"]")
    for old, new in (
        (b"\n\n[[topic]]\n", b'}, {"'),
        (b"\n", b', "'),
        (b"\r", b'{"'),
        (b" = ", b'": '),
        (b', sign": ', b', "sign": '),
        (b', case": ', b', "case": '),
        (b', near": ', b', "near": '),
        (b', with": ', b', "with": '),
        (b', without": ', b', "without": '),
    ):
        rest = rest.replace(old, new)
    lists = head.removeprefix(b"\n[words]\n").replace(b"\n", b', "').replace(b" = ", b'": ')
    try:
        data = json.loads(b'{"words": {"%b}, "topic": [{"%b}]}' % (lists, rest))
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _read_lists(path: Path, given: Any, faults: _Faults) -> dict[str, tuple[str, ...]]:
    if not isinstance(given, dict):
        faults.add(path, None, "words", "must be a table of word lists")
        return {}
    lists = {}
    for name, listed in given.items():
        if _are_texts(listed):
            lists[name] = tuple(listed)
        else:
            faults.add(path, None, f"words.{name}", f"must be a list of texts, not {listed!r}")
    return lists


# ---------------------------------------------------------------------------------------------- merging


def _merge(path: Path, given: Any, drafts: dict[str, _Draft], faults: _Faults) -> None:
    """Add the topics of one file to ``drafts``, or change those."""
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        faults.add(path, None, "topic", "must be written as [[topic]] tables")
        return
    before = set(drafts)
    here: set[str] = set()
    checked = path == BUNDLED  # the tests check ours
    for values in given:
        if not isinstance(values.get("id"), str) or not _ID.fullmatch(values["id"]):
            allowed = "must be small letters, digits and single hyphens"
            faults.add(path, str(values.get("id", values.get("label", "?"))), "id", allowed)
            continue
        id_ = values["id"]
        if id_ in here:
            faults.add(path, id_, "id", "used twice in this file")
            continue
        here.add(id_)
        known = dict(values)
        if not checked:
            known = {key: value for key, value in values.items() if _check_key(path, id_, key, value, faults)}
        if id_ in before:
            _change(path, known, drafts, faults)
        elif near := [key for key in _CHANGES if key in known]:
            message = f"there is no topic of this id to change{_near(id_, before)}"
            faults.add(path, id_, near[0], message)
        elif "label" not in values:
            faults.add(path, id_, "label", f"missing; a new topic needs a label{_near(id_, before)}")
        else:
            # A wrong label is reported by now; its topic stays, so that others may name it as broader.
            drafts[id_] = _Draft({"label": id_, **known}, dict.fromkeys(known, path))


def _change(path: Path, values: dict[str, Any], drafts: dict[str, _Draft], faults: _Faults) -> None:
    """Apply one later topic to the draft of the same id."""
    id_ = values["id"]
    draft = drafts[id_]
    if values.get("remove"):
        parents = draft.values.get("broader", [])
        del drafts[id_]
        for other in drafts.values():
            broader = other.values.get("broader", [])
            if id_ in broader:
                at = broader.index(id_)
                merged = [*broader[:at], *parents, *broader[at + 1 :]]
                other.values["broader"] = list(dict.fromkeys(one for one in merged if one in drafts))
        return
    old_names = [draft.values["label"], *draft.values.get("aliases", [])]
    ruled = [rule["name"] for rule in draft.values.get("ambiguous", [])]
    for key, value in values.items():
        if key not in _CHANGES:
            draft.values[key] = value
            draft.paths[key] = path
    if "label" in values and not _same(old_names[0], [values["label"], *ruled]):
        draft.values["aliases"] = [*draft.values.get("aliases", []), old_names[0]]
    if "add_aliases" in values:
        draft.values["aliases"] = [*draft.values.get("aliases", []), *values["add_aliases"]]
        draft.paths["aliases"] = path
    if "add_ambiguous" in values:
        added = [rule["name"] for rule in values["add_ambiguous"]]
        rules = [rule for rule in draft.values.get("ambiguous", []) if not _same(rule["name"], added)]
        draft.values["ambiguous"] = [*rules, *values["add_ambiguous"]]
        draft.values["aliases"] = [one for one in draft.values.get("aliases", []) if not _same(one, added)]
        draft.paths["ambiguous"] = path
    for name in values.get("remove_names", []):
        if not _same(name, [*old_names, *ruled]):
            message = f"{name!r} is no name of this topic{_near(name, [*old_names, *ruled])}"
            faults.add(path, id_, "remove_names", message)
        elif _same(name, [draft.values["label"]]):
            faults.add(path, id_, "remove_names", f"{name!r} is the label; give the topic another label")
        aliases = draft.values.get("aliases", [])
        draft.values["aliases"] = [one for one in aliases if not _same(one, [name])]
        rules = draft.values.get("ambiguous", [])
        draft.values["ambiguous"] = [rule for rule in rules if not _same(rule["name"], [name])]


def _check_key(path: Path, id_: str, key: str, value: Any, faults: _Faults) -> bool:
    """Report an unknown key or a value of a wrong type; return whether the value can be used."""
    message = None
    if key in ("id", "label", "description"):
        if not isinstance(value, str) or not value.strip():
            message = f"must be a text, not {value!r}"
    elif key in ("explicit", "weak", "remove"):
        if not isinstance(value, bool):
            message = f"must be true or false, not {value!r}"
    elif key == "kind":
        if value not in KINDS:
            message = f"must be one of {', '.join(KINDS)}, not {value!r}"
    elif key in ("ambiguous", "add_ambiguous"):
        return _check_rules(path, id_, key, value, faults)
    elif key not in (*_KEYS, *_CHANGES) and not _IN_LANGUAGE.fullmatch(key):
        message = f"unknown key{_near(key, (*_KEYS, *_CHANGES))}"
    elif not _are_texts(value):
        message = f"must be a list of texts, not {value!r}"
    if message:
        faults.add(path, id_, key, message)
    return message is None


def _check_rules(path: Path, id_: str, key: str, rules: Any, faults: _Faults) -> bool:
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        faults.add(path, id_, key, 'must be a list of rules, as { name = "CLIP", case = true }')
        return False
    right = True
    for rule in rules:
        name = rule.get("name")
        wrong = []
        if not isinstance(name, str) or not name.strip():
            wrong.append(f"a rule without a name: {rule!r}")
        for part, value in rule.items():
            if part not in _RULE_KEYS:
                wrong.append(f"{name!r}: unknown key {part!r}{_near(part, _RULE_KEYS)}")
            elif part in ("sign", "case") and not isinstance(value, bool):
                wrong.append(f"{name!r}: {part} must be true or false, not {value!r}")
            elif part in ("near", "with", "without") and not (_are_texts(value) and value):
                wrong.append(f"{name!r}: {part} must be a list of texts, not {value!r}")
        if not (rule.get("case") or "near" in rule or "with" in rule):
            wrong.append(f"{name!r}: needs case, near or with; an alias needs no rule")
        for message in wrong:
            faults.add(path, id_, key, message)
        right = right and not wrong
    return right


# --------------------------------------------------------------------------------------------- checking


def _make_topics(
    drafts: Mapping[str, _Draft], lists: Mapping[str, tuple[str, ...]], faults: _Faults
) -> dict[str, Topic]:
    topics = {}
    for id_, draft in sorted(drafts.items()):
        values = draft.values
        rules = [
            Rule(
                rule["name"],
                rule.get("sign", False),
                rule.get("case", False),
                tuple(rule.get("near", ())),
                tuple(rule.get("with", ())),
                tuple(rule.get("without", ())),
            )
            for rule in values.get("ambiguous", ())
        ]
        path = draft.path("ambiguous")
        for rule in rules if path != BUNDLED else ():
            for listed in (word[1:] for word in rule.near + rule.anywhere + rule.without if word[0] == "@"):
                if listed not in lists:
                    message = f"{rule.name!r}: there is no word list {listed!r}{_near(listed, lists)}"
                    faults.add(path, id_, "ambiguous", message)
        topics[id_] = Topic(
            id=id_,
            label=values["label"],
            description=values.get("description", ""),
            aliases=tuple(values.get("aliases", ())),
            signs=tuple(values.get("signs", ())),
            broader=tuple(values.get("broader", ())),
            kind=values.get("kind", "concept"),
            explicit=values.get("explicit", False),
            weak=values.get("weak", False),
            rules=tuple(rules),
            aliases_lang=tuple(
                (key.removeprefix("aliases_"), tuple(value))
                for key, value in values.items()
                if key.startswith("aliases_")
            ),
        )
    return topics


def _heights(
    topics: Mapping[str, Topic], paths: Sequence[Path], drafts: Mapping[str, _Draft], faults: _Faults
) -> dict[str, int]:
    """Return each topic's height; report parents that do not exist, and circles."""
    narrower: dict[str, list[str]] = {id_: [] for id_ in topics}
    for id_, topic in topics.items():
        for parent in topic.broader:
            if parent in topics:
                narrower[parent].append(id_)
            else:
                message = f"there is no topic {parent!r}{_near(parent, topics)}"
                faults.add(drafts[id_].path("broader"), id_, "broader", message)
    waiting = {id_: len(children) for id_, children in narrower.items()}
    height = dict.fromkeys(topics, 0)
    free = [id_ for id_, count in waiting.items() if not count]
    for id_ in free:
        for parent in topics[id_].broader:
            if parent in topics:
                height[parent] = max(height[parent], height[id_] + 1)
                waiting[parent] -= 1
                if not waiting[parent]:
                    free.append(parent)
    told: set[str] = set()
    for id_ in sorted(
        set(topics) - set(free), key=lambda id_: (-paths.index(drafts[id_].path("broader")), id_)
    ):
        if id_ not in told and (circle := _circle(id_, topics)):
            told.update(circle)
            faults.add(drafts[id_].path("broader"), id_, "broader", f"goes in a circle: {' > '.join(circle)}")
    return height


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


def _circle(start: str, topics: Mapping[str, Topic]) -> list[str]:
    """Return the way up from ``start`` back to itself, if there is one."""
    ways = [[start]]
    seen = set()
    for way in ways:
        for parent in topics[way[-1]].broader:
            if parent == start:
                return [*way, start]
            if parent in topics and parent not in seen:
                seen.add(parent)
                ways.append([*way, parent])
    return []


def _check_labels(
    topics: Mapping[str, Topic], paths: Sequence[Path], drafts: Mapping[str, _Draft], faults: _Faults
) -> None:
    """Report labels that would share a tag page; the later file is to blame."""
    pages: dict[str, str] = {}
    for id_ in sorted(topics, key=lambda id_: (paths.index(drafts[id_].path("label")), id_)):
        label = topics[id_].label
        other = pages.setdefault(normalise(label), id_)
        if other != id_:
            message = f"{label!r} and the label of topic {other!r} would share a page"
            faults.add(drafts[id_].path("label"), id_, "label", message)


def _check_names(
    topics: Mapping[str, Topic],
    lang: str,
    paths: Sequence[Path],
    drafts: Mapping[str, _Draft],
    faults: _Faults,
) -> None:
    """Report names without letters, and equal names of which one asks for no evidence.

    Of two equal names the one in the later file is to blame.  For another language than English only names
    of that language are reported.
    """
    rivals: dict[str, list[_Claim]] = {}
    for claim in starmap(_Claim, _claims(topics.values(), lang)):
        spelled = words(claim.text)
        if spelled:
            same = rivals.setdefault(" ".join([*spelled[:-1], singular(spelled[-1])]), [])
            # A label that its topic lists as ambiguous counts by that rule alone.
            if claim.key != "label" or all(one.topic != claim.topic for one in same):
                same.append(claim)
        elif lang == "en" or claim.key.endswith(f"_{lang}"):
            path = drafts[claim.topic].path(claim.key)
            faults.add(path, claim.topic, claim.key, f"{claim.text!r} has no letters or digits")

    def order(claim: _Claim) -> tuple[int, bool, str]:
        return paths.index(drafts[claim.topic].path(claim.key)), bool(claim.rule), claim.topic

    for rival in rivals.values():
        first, *others = sorted(rival, key=order)
        for claim in others:
            keys = {claim.key, first.key}
            if (first.rule and claim.rule) or keys == {"label"}:
                continue
            if lang != "en" and not any(key.endswith(f"_{lang}") for key in keys):
                continue
            if first.topic != claim.topic:
                message = (
                    f"{claim.text!r} is already a name of topic {first.topic!r}; take it from there with "
                    "remove_names, or list it under ambiguous in both"
                )
            elif keys == {"aliases", "ambiguous"}:
                message = f"{claim.text!r} is listed both as an alias and as ambiguous; remove one of them"
            else:
                continue
            faults.add(drafts[claim.topic].path(claim.key), claim.topic, claim.key, message)


def _added_languages(drafts: Mapping[str, _Draft]) -> list[str]:
    """Return the languages that a site's own files add names in; ours are tested."""
    keys = {key for draft in drafts.values() for key, path in draft.paths.items() if path != BUNDLED}
    return sorted(key.removeprefix("aliases_") for key in keys if _IN_LANGUAGE.fullmatch(key))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, str) and one and not one.isspace() for one in value
    )


def _same(name: str, others: Iterable[str]) -> bool:
    """Is ``name`` the same as one of ``others`` but for case, hyphens and plurals?"""
    folded = _folded(name)
    return any(_folded(other) == folded for other in others)


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


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


def _folded(name: str) -> str:
    return " ".join(map(singular, words(name)))


class _Claim(NamedTuple):
    """A name as a topic gives it, where files are checked."""

    text: str
    topic: str
    rule: Rule | None
    key: str


# The same where a start must not wait for ten thousand named tuples.
_Claimed = tuple[str, str, Rule | None, str]


def _claims(topics: Iterable[Topic], lang: str) -> Iterator[_Claimed]:
    """Yield the names of all topics for posts written in ``lang``; of one topic those with rules first."""
    for topic in topics:
        for rule in topic.rules:
            yield rule.name, topic.id, rule, "ambiguous"
        yield topic.label, topic.id, None, "label"
        for text in topic.aliases:
            yield text, topic.id, None, "aliases"
        for text in topic.signs:
            yield text, topic.id, None, "signs"
        for code, texts in topic.aliases_lang:
            if code == lang:
                for text in texts:
                    yield text, topic.id, None, f"aliases_{lang}"


def _make_trie(named: Iterable[tuple[str, _Claimed]]) -> Trie:
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
            ends.append(Name(text, topic, rule, rule.sign if rule else key == "signs"))
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
