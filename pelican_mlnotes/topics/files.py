"""What do the files of a taxonomy say? They are read, merged and checked here; every fault is reported.

The format is described at the head of ``taxonomy.toml``. A start that finds topics kept needs none of this.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import starmap
from pathlib import Path
from typing import Any, NamedTuple

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.text.words import normalise, words
from pelican_mlnotes.topics.taxonomy import (
    BUNDLED,
    KINDS,
    Rule,
    TaxonomyError,
    Topic,
    claims,
    folded_name,
    is_same_name,
    singular,
)

_ID = pattern(r"[a-z0-9]+(-[a-z0-9]+)*")
_IN_LANGUAGE = pattern(r"(?:aliases|instances)_([a-z]{2,3})")
_KEYS = (
    "id",
    "label",
    "description",
    "broader",
    "kind",
    "explicit",
    "weak",
    "aliases",
    "instances",
    "signs",
    "ambiguous",
)
_CHANGES = ("remove", "add_aliases", "add_instances", "add_ambiguous", "remove_names")
_RULE_KEYS = ("name", "sign", "instance", "case", "near", "with", "without")


class Read(NamedTuple):
    """What the files say together."""

    topics: dict[str, Topic]
    """By id, in the order of ids."""
    lists: dict[str, tuple[str, ...]]
    """Word lists that rules share."""
    height: dict[str, int]
    """Steps from each topic down to its farthest descendant."""
    moved: dict[str, str]
    """Id of a topic that is gone -> id of the one that stands for it."""
    former: dict[str, tuple[str, str]]
    """Folded label of a topic that is gone -> that label, and the id of the one that stands for it."""
    removed: frozenset[str]
    """Folded names of the topics that the site has taken away."""


def read_taxonomy(*paths: Path, never: Sequence[str] = ()) -> Read:
    """Return the topics of all files, later ones changing those before, without those of ``never``.

    Raises ``TaxonomyError`` with every fault found.
    """
    faults = _Faults()
    drafts: dict[str, _Draft] = {}
    forwards: dict[str, _Forward] = {}
    removed: dict[str, _Draft] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for path in paths:
        data = _read(path, faults)
        for key in data:
            if key not in ("topic", "words"):
                faults.add(path, None, key, f"unknown key{_near(key, ('topic', 'words'))}")
        lists.update(_read_lists(path, data.get("words", {}), faults))
        before = dict(drafts)
        _merge(path, data.get("topic", []), drafts, forwards, faults)
        removed |= before
    removed = {id_: draft for id_, draft in removed.items() if id_ not in drafts and id_ not in forwards}
    moved = _follow(forwards, drafts, removed, faults)
    if forwards:
        _forward_parents(drafts, forwards, moved)
    former = _former_labels(forwards, drafts, moved)
    removed |= _remove(never, drafts, moved, former, _names_of(removed, forwards), faults)
    topics = _make_topics(drafts, lists, faults)
    height = _heights(topics, paths, drafts, faults)
    if any(path != BUNDLED for path in paths):  # the tests check ours
        _check_labels(topics, paths, drafts, faults)
        for lang in ["en", *_added_languages(drafts)]:
            _check_names(topics, lang, paths, drafts, faults)
    if faults.found:
        raise TaxonomyError("\n".join(faults.found))
    moved = {old: new for old, new in moved.items() if new in topics}
    former = {folded: (label, new) for folded, (label, new) in former.items() if new in topics}
    return Read(topics, lists, height, moved, former, _names_of(removed, forwards))


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


@dataclass(frozen=True, slots=True)
class _Forward:
    """The entry of a topic that is gone: which one stands for it, and what was broader than it."""

    to: str
    path: Path
    parents: tuple[str, ...] = ()
    label: str = ""
    """What it was called; empty if no file had it."""


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
        (b', instance": ', b', "instance": '),
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


def _merge(
    path: Path, given: Any, drafts: dict[str, _Draft], forwards: dict[str, _Forward], faults: _Faults
) -> None:
    """Add the topics of one file to ``drafts``, or change those; what it forwards, to ``forwards``."""
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        faults.add(path, None, "topic", "must be written as [[topic]] tables")
        return
    before = set(drafts)
    here: set[str] = set()
    leaving = []  # last, so that what the file says of topics below them holds wherever it stands
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
        if "replaced_by" in values:
            _replace(path, values, drafts, forwards, faults)
            continue
        if id_ not in drafts and id_ in forwards and forwards[id_].path != path:
            values = {**values, "id": _end_of(id_, forwards)[-1]}  # the topic that it means
            id_ = values["id"]
        known = dict(values)
        if not checked:
            known = {key: value for key, value in values.items() if _check_key(path, id_, key, value, faults)}
        if known.get("remove") and id_ in before:
            leaving.append(id_)
        elif id_ in before:
            _change(path, known, drafts, faults)
        elif near := [key for key in _CHANGES if key in known]:
            message = f"there is no topic of this id to change{_near(id_, before)}"
            faults.add(path, id_, near[0], message)
        elif "label" not in values:
            faults.add(path, id_, "label", f"missing; a new topic needs a label{_near(id_, before)}")
        else:
            # A wrong label is reported by now; its topic stays, so that others may name it as broader.
            drafts[id_] = _Draft({"label": id_, **known}, dict.fromkeys(known, path))
    for id_ in leaving:
        if id_ in drafts:  # a former id and the present one are two entries for one topic
            _take_away(id_, drafts)


def _replace(
    path: Path,
    values: dict[str, Any],
    drafts: dict[str, _Draft],
    forwards: dict[str, _Forward],
    faults: _Faults,
) -> None:
    """Let the id of an entry lead to another topic; the topic that it has been so far goes."""
    id_, to = values["id"], values["replaced_by"]
    others = [key for key in values if key not in ("id", "replaced_by")]
    if others:
        message = f"says that another topic replaces this one, so it can hold nothing else, as {others[0]!r}"
        faults.add(path, id_, "replaced_by", message)
    elif not isinstance(to, str) or not _ID.fullmatch(to):
        faults.add(path, id_, "replaced_by", f"must be the id of a topic, not {to!r}")
    else:
        before = forwards.get(id_, _Forward(to, path))
        if gone := drafts.pop(id_, None):
            before = _Forward(to, path, tuple(gone.values.get("broader", ())), gone.values["label"])
        forwards[id_] = replace(before, to=to, path=path)


def _end_of(id_: str, forwards: Mapping[str, _Forward]) -> list[str]:
    """Return the way from ``id_`` over forwarded ids; one that goes in a circle ends where it comes back."""
    way = [id_]
    while way[-1] in forwards and forwards[way[-1]].to not in way:
        way.append(forwards[way[-1]].to)
    return way


def _follow(
    forwards: Mapping[str, _Forward],
    drafts: Mapping[str, _Draft],
    removed: Mapping[str, _Draft],
    faults: _Faults,
) -> dict[str, str]:
    """Return the id that each forwarded one leads to in the end; report those that lead nowhere.

    Not those that lead to a topic that a site has ``removed``, which is gone under its former ids, too.
    """
    moved: dict[str, str] = {}
    told: set[str] = set()
    for id_, forward in forwards.items():
        way = _end_of(id_, forwards)
        end = way[-1]
        if end in forwards:
            if told.isdisjoint(way):
                circle = f"goes in a circle: {' > '.join([*way, forwards[end].to])}"
                faults.add(forward.path, id_, "replaced_by", circle)
            told.update(way)
        elif end not in drafts:
            if id_ == way[-2] and end not in removed:  # those that lead here are no more wrong than it is
                message = f"there is no topic {end!r}{_near(end, drafts)}"
                faults.add(forward.path, id_, "replaced_by", message)
        else:
            moved[id_] = end
    return moved


def _forward_parents(
    drafts: Mapping[str, _Draft], forwards: Mapping[str, _Forward], moved: Mapping[str, str]
) -> None:
    """Let topics below one that is gone be below the one that stands for it."""

    def resolve(parent: str, child: str, seen: frozenset[str] = frozenset()) -> list[str]:
        new = moved.get(parent, parent)
        if parent not in forwards or (new in drafts and new != child):
            return [new]
        # What replaces the topic above it takes its place, below what that was below.
        above = [one for one in forwards[parent].parents if one not in seen]
        return [one for other in above for one in resolve(other, child, seen | {parent})]

    for id_, draft in drafts.items():
        broader = draft.values.get("broader", [])
        if not forwards.keys().isdisjoint(broader):
            found = (one for parent in broader for one in resolve(parent, id_))
            draft.values["broader"] = list(dict.fromkeys(found))


def _former_labels(
    forwards: Mapping[str, _Forward], drafts: Mapping[str, _Draft], moved: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """Return ``Read.former``: of topics that are gone, the labels that are the name of no other one."""
    former = {
        folded: (forward.label, moved[id_])
        for id_, forward in forwards.items()
        if id_ in moved and (folded := folded_name(forward.label))
    }
    for id_, draft in drafts.items() if former else ():
        for name in map(folded_name, _called(draft)):
            if name in former and former[name][1] != id_:
                del former[name]
    return former


def _called(draft: _Draft) -> Iterator[str]:
    """Yield what names the topic as a tag, in any language."""
    yield draft.values["label"]
    for key, value in draft.values.items():
        if key in ("aliases", "signs") or key.startswith("aliases_"):
            yield from value
        elif key == "ambiguous":
            yield from (rule["name"] for rule in value if not rule.get("instance"))


def _remove(
    names: Iterable[str],
    drafts: dict[str, _Draft],
    moved: Mapping[str, str],
    former: Mapping[str, tuple[str, str]],
    gone: Set[str],
    faults: _Faults,
) -> dict[str, _Draft]:
    """Take away the topics that have one of ``names`` as id or label, or had it as such, and return them.

    A name among ``gone`` is that of a topic which a file has taken away: nothing is left to do.
    """
    labels = {draft.values["label"]: id_ for id_, draft in drafts.items()}
    # All are looked up before the first goes, which may have several of the names.
    unwanted: dict[str, None] = {}
    for given in names:
        name = moved.get(given, given)
        if name in drafts:
            unwanted[name] = None
        elif same := [id_ for label, id_ in labels.items() if is_same_name(name, [label])]:
            unwanted[same[0]] = None
        elif (folded := folded_name(name)) in former:
            unwanted[former[folded][1]] = None
        elif folded not in gone:
            message = f"MLNOTES_TOPICS_NEVER: there is no topic {name!r}{_near(name, [*labels, *drafts])}"
            faults.found.append(message)
    return {id_: _take_away(id_, drafts) for id_ in unwanted}


def _take_away(id_: str, drafts: dict[str, _Draft]) -> _Draft:
    """Take the topic away, give its children to its parents, and return it."""
    gone = drafts.pop(id_)
    parents = gone.values.get("broader", [])
    for other in drafts.values():
        broader = other.values.get("broader", [])
        if id_ in broader:
            at = broader.index(id_)
            merged = [*broader[:at], *parents, *broader[at + 1 :]]
            other.values["broader"] = list(dict.fromkeys(one for one in merged if one in drafts))
    return gone


def _names_of(removed: Mapping[str, _Draft], forwards: Mapping[str, _Forward]) -> frozenset[str]:
    """Return the names, folded, of topics that are ``removed``, and of those for which they stood."""
    names = [name for id_, draft in removed.items() for name in (id_, *_called(draft))]
    for id_, forward in forwards.items() if removed else ():
        if _end_of(id_, forwards)[-1] in removed:
            names += [id_, forward.label]
    return frozenset(map(folded_name, names)) - {""}


def _change(path: Path, values: dict[str, Any], drafts: dict[str, _Draft], faults: _Faults) -> None:
    """Apply one later topic to the draft of the same id."""
    id_ = values["id"]
    draft = drafts[id_]
    old_names = [draft.values["label"], *draft.values.get("aliases", [])]
    ruled = [rule["name"] for rule in draft.values.get("ambiguous", [])]
    for key, value in values.items():
        if key not in _CHANGES:
            draft.values[key] = value
            draft.paths[key] = path
    if "label" in values and not is_same_name(old_names[0], [values["label"], *ruled]):
        draft.values["aliases"] = [*draft.values.get("aliases", []), old_names[0]]
    if "add_aliases" in values:
        draft.values["aliases"] = [*draft.values.get("aliases", []), *values["add_aliases"]]
        draft.paths["aliases"] = path
    if "add_instances" in values:
        draft.values["instances"] = [*draft.values.get("instances", []), *values["add_instances"]]
        draft.paths["instances"] = path
    if "add_ambiguous" in values:
        added = [rule["name"] for rule in values["add_ambiguous"]]
        rules = [rule for rule in draft.values.get("ambiguous", []) if not is_same_name(rule["name"], added)]
        draft.values["ambiguous"] = [*rules, *values["add_ambiguous"]]
        for key in ("aliases", "instances"):
            draft.values[key] = [one for one in draft.values.get(key, []) if not is_same_name(one, added)]
        draft.paths["ambiguous"] = path
    old_names += draft.values.get("instances", [])
    for name in values.get("remove_names", []):
        if not is_same_name(name, [*old_names, *ruled]):
            message = f"{name!r} is no name of this topic{_near(name, [*old_names, *ruled])}"
            faults.add(path, id_, "remove_names", message)
        elif is_same_name(name, [draft.values["label"]]):
            faults.add(path, id_, "remove_names", f"{name!r} is the label; give the topic another label")
        for key in ("aliases", "instances"):
            draft.values[key] = [one for one in draft.values.get(key, []) if not is_same_name(one, [name])]
        rules = draft.values.get("ambiguous", [])
        draft.values["ambiguous"] = [rule for rule in rules if not is_same_name(rule["name"], [name])]


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
            elif part in ("sign", "instance", "case") and not isinstance(value, bool):
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
                rule.get("instance", False),
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
            instances=tuple(values.get("instances", ())),
            signs=tuple(values.get("signs", ())),
            broader=tuple(values.get("broader", ())),
            kind=values.get("kind", "concept"),
            explicit=values.get("explicit", False),
            weak=values.get("weak", False),
            rules=tuple(rules),
            aliases_lang=_by_language(values, "aliases_"),
            instances_lang=_by_language(values, "instances_"),
        )
    return topics


def _by_language(values: Mapping[str, Any], start: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (key.removeprefix(start), tuple(value)) for key, value in values.items() if key.startswith(start)
    )


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
    for claim in starmap(_Claim, claims(topics.values(), lang)):
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
            elif "instances" in keys and keys < {"aliases", "instances", "ambiguous"}:
                message = (
                    f"{claim.text!r} is listed twice, under {first.key} and {claim.key}; remove one of them"
                )
            else:
                continue
            faults.add(drafts[claim.topic].path(claim.key), claim.topic, claim.key, message)


def _added_languages(drafts: Mapping[str, _Draft]) -> list[str]:
    """Return the languages that a site's own files add names in; ours are tested."""
    keys = {key for draft in drafts.values() for key, path in draft.paths.items() if path != BUNDLED}
    return sorted({found[1] for key in keys if (found := _IN_LANGUAGE.fullmatch(key))})


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, str) and one and not one.isspace() for one in value
    )


class _Claim(NamedTuple):
    """A name as a topic gives it, where files are checked."""

    text: str
    topic: str
    rule: Rule | None
    key: str


def _near(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches  # here, because files without a fault do without

    near = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
