"""Which subjects do posts announce that the taxonomy has no topic for?

Titles and headings announce subjects, and what is announced comes back in the text. A phrase counts if
several posts announce it and go on to speak of it, or one does in its title. It counts for more the larger a
part of all that is said of it those posts say: a subject keeps to its posts, while a turn of phrase does not
(K. W. Church and W. A. Gale, "Poisson mixtures", 1995). Of phrases that hold one another the one stands that
names the subject whole (after the C-value of K. Frantzi and S. Ananiadou, 1996). A single word must be
written as a name, or be none of those in which the taxonomy itself speaks: as a topic, "network" would be
found everywhere.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log1p

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.model import Document
from pelican_mlnotes.text.words import common_words, language_of, stop_words, words
from pelican_mlnotes.topics.taxonomy import Taxonomy, claims, singular

_LONGEST = 4  # words of a phrase
_LONGEST_NAME = 10  # words of a topic's name that are looked for in a title
_TREATED = 3  # how often a text must say a phrase to be on it...
_ALONE = 5  # ...if it is the only one that is
_KEPT = 0.5  # share of all that is said of a word that its posts must say, if it is not written as a name
_NO_NAME = 0.4  # what such a word counts for, of a name
_WHOLE = 0.4  # how often a phrase must stand inside a longer one for that to be the name
_INNER = frozenset(("of",))  # words of grammar that a name may hold inside

# Where one thought of a title ends: signs that neither join words nor stand inside of them.
_SEGMENTS = pattern(r"[^\w\s'’.+#/&-]+|(?<!\w)[-.&/]+|[-.]+(?!\w)")
# A word that does not begin its sentence, hence has a capital for itself.
_INSIDE = pattern(r"(?<=[a-z,;:)] )[(\"'“]?([\w-]+)")

Key = tuple[str, ...]
"""A phrase as it is compared: its words, the last one in the singular."""


@dataclass(frozen=True, slots=True)
class Text:
    """A post as it is searched."""

    key: str
    title: str
    document: Document
    lang: str


@dataclass(frozen=True, slots=True)
class MissingTopic:
    """A phrase that posts are on, and that is no name of a topic."""

    label: str
    """As the texts spell it, in capitals as titles have them."""
    titles: tuple[str, ...]
    """Keys of the posts whose titles hold it."""
    headings: tuple[str, ...]
    """Keys of the other posts of whose headings one holds it."""
    said: Mapping[str, int]
    """Key of a post -> how often its text says it."""
    score: float
    """Higher is surer; comparable within one site only."""


@dataclass(slots=True)
class _Found:
    titles: dict[str, None] = field(default_factory=dict)
    headings: Counter[str] = field(default_factory=Counter)
    said: dict[str, int] = field(default_factory=dict)


def find_missing(texts: Sequence[Text], taxonomy: Taxonomy, names: Iterable[str] = ()) -> list[MissingTopic]:
    """Return what ``texts`` announce and ``taxonomy`` lacks, best first; ties are broken by spelling.

    ``names`` are those of the site and its authors, which are no subjects. Languages without blanks between
    words are left out, since nothing there tells where a name ends.
    """
    readers: dict[str, _Reader] = {}
    found: dict[Key, _Found] = defaultdict(_Found)
    for text in texts:
        lang = language_of(text.lang)
        reader = readers[lang] = readers.get(lang) or _Reader(lang, taxonomy)
        for phrase in set(reader.phrases(text.title)):
            found[phrase].titles[text.key] = None
        for heading in text.document.headings:
            for phrase in set(reader.phrases(heading)):
                found[phrase].headings[text.key] += 1
    own = {singular(word) for name in names for word in words(name)}
    for phrase in [phrase for phrase in found if own.issuperset(map(singular, phrase))]:
        del found[phrase]
    _count(texts, found)
    named = _written_as_names(texts, {phrase[0] for phrase in found if len(phrase) == 1})
    vocabulary = _vocabulary(taxonomy)
    scores = {}
    for phrase, one in found.items():
        is_name = len(phrase) > 1 or phrase[0] in named
        if (is_name or phrase[0] not in vocabulary) and (score := _score(one, is_name=is_name)):
            scores[phrase] = score
    by_key = {text.key: text for text in texts}
    return [
        MissingTopic(
            _label(
                phrase,
                [by_key[key] for key in (*found[phrase].titles, *found[phrase].headings)],
                is_name=len(phrase) == 1 and phrase[0] in named,
            ),
            tuple(found[phrase].titles),
            tuple([key for key in found[phrase].headings if key not in found[phrase].titles]),
            found[phrase].said,
            round(scores[phrase], 4),
        )
        for phrase in _told_apart(_whole(scores, found), found)
    ]


class _Reader:
    """Finds phrases in what is written in one language."""

    def __init__(self, lang: str, taxonomy: Taxonomy) -> None:
        self._names = taxonomy.names(lang)
        self._stop = stop_words(lang) | stop_words("en")
        self._grammar = self._stop - _INNER
        self._empty = self._stop | common_words(lang) | common_words("en")

    def phrases(self, text: str) -> Iterator[Key]:
        """Yield the phrases in ``text`` that could name a subject, and are no part of a topic's name."""
        for segment in _SEGMENTS.split(text):
            told = words(segment) if segment else []
            known = self._known(told)
            for start in range(len(told)):
                for end in range(start + 1, min(start + _LONGEST, len(told)) + 1):
                    if self._is_fit(told, start, end) and self._is_new(told, start, end, known):
                        yield (*told[start : end - 1], singular(told[end - 1]))

    def _known(self, told: Sequence[str]) -> list[tuple[int, int]]:
        """Return where names of topics stand, at each place the longest."""
        spans: list[tuple[int, int]] = []
        start = 0
        while start < len(told):
            ends = range(min(len(told), start + _LONGEST_NAME), start, -1)
            end = next((end for end in ends if self._names.find(" ".join(told[start:end]))), start)
            if end > start:
                spans.append((start, end))
            start = max(end, start + 1)
        return spans

    def _is_fit(self, told: Sequence[str], start: int, end: int) -> bool:
        first, last = told[start], told[end - 1]
        if first in self._stop or last in self._stop or not all(map(_is_spaced, told[start:end])):
            return False
        if not self._grammar.isdisjoint(told[start + 1 : end - 1]):
            return False
        if first.isdigit() or len(last) == 1 or (end - start == 1 and len(first) < 3):
            return False
        # "Building agents", "based serialization": what is done, seldom what a post is about.
        return not (first in self._empty and first.endswith(("ing", "ed")))

    def _is_new(self, told: Sequence[str], start: int, end: int, known: Sequence[tuple[int, int]]) -> bool:
        """Return whether the phrase cuts no name in two, and says something beside those that it holds."""
        free = set(range(start, end))
        for begin, stop in known:
            if begin < end and start < stop:
                if begin < start or end < stop:
                    return False
                free.difference_update(range(begin, stop))
        return any(
            self._empty.isdisjoint((told[at], singular(told[at]))) and not told[at].isdigit() for at in free
        )


def _is_spaced(word: str) -> bool:
    """Return whether ``word`` is one; of languages without blanks between words, pairs of signs are not."""
    return word.isascii() or len(words(f"{word}{word}")) == 1


def _vocabulary(taxonomy: Taxonomy) -> set[str]:
    """Return the words in which the taxonomy speaks of its topics, in the singular."""
    texts = [claim[0] for claim in claims(taxonomy.topics.values(), "en")]
    texts += [topic.description for topic in taxonomy.topics.values()]
    texts += [word for listed in taxonomy.lists.values() for word in listed]
    return set(map(singular, words("\n".join(texts))))


def _count(texts: Sequence[Text], found: Mapping[Key, _Found]) -> None:
    """Count the phrases in each text."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for phrase in found:
        if len(phrase) > 1:
            lengths[phrase[0]].add(len(phrase))
    for text in texts:
        tokens = words(text.document.prose)
        said: Counter[Key] = Counter()
        for at, word in enumerate(tokens):
            starts = [length for length in lengths.get(word, ()) if at + length <= len(tokens)]
            phrases: list[Key] = [(singular(word),)]
            phrases += [(*tokens[at : at + n - 1], singular(tokens[at + n - 1])) for n in starts]
            said.update(phrase for phrase in phrases if phrase in found)
        for phrase, count in said.items():
            found[phrase].said[text.key] = count


def _written_as_names(texts: Sequence[Text], asked: set[str]) -> set[str]:
    """Return those of ``asked``, words in the singular, that mostly stand with capitals or digits."""
    seen: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for text in texts:
        for found in _INSIDE.finditer(_without_accents(text.document.prose)):
            word = found[1]
            if word.lower() in asked or singular(word.lower()) in asked:
                one = singular(word.lower())
                seen[one] += 1
                named[one] += word != word.lower() or any(map(str.isdigit, word))
    return {word for word, count in seen.items() if 2 * named[word] >= count}


def _score(one: _Found, *, is_name: bool) -> float:
    """Return how much posts call for a phrase; 0 if they do not."""
    treated = [key for key in {*one.titles, *one.headings} if one.said.get(key, 0) >= _TREATED]
    titled = [key for key in treated if key in one.titles]
    if not titled and len(treated) < 2:
        return 0.0
    if len(treated) == 1 and one.said[treated[0]] < _ALONE:
        return 0.0
    share = sum(one.said[key] for key in treated) / sum(one.said.values())
    if not is_name and (len(titled) < 2 or share < _KEPT):
        return 0.0
    announced = {key: 2.0 * (key in one.titles) + min(1.0, 0.5 * one.headings[key]) for key in treated}
    trust = 1.0 if is_name else _NO_NAME
    return trust * share * sum(announced[key] * log1p(one.said[key]) for key in sorted(treated))


def _whole(scores: Mapping[Key, float], found: Mapping[Key, _Found]) -> dict[Key, float]:
    """Return ``scores`` without phrases that mostly stand inside a longer one, which inherits theirs."""
    kept = dict(scores)
    for phrase in sorted(scores, key=lambda phrase: (len(phrase), phrase)):
        longer = [
            other
            for other in kept
            if len(other) > len(phrase)
            and _holds(other, phrase)
            and sum(found[other].said.values()) >= _WHOLE * sum(found[phrase].said.values())
        ]
        if longer:
            heir = max(longer, key=lambda other: (sum(found[other].said.values()), -len(other), other))
            kept[heir] = max(kept[heir], kept.pop(phrase))
    return kept


def _told_apart(scores: Mapping[Key, float], found: Mapping[Key, _Found]) -> list[Key]:
    """Return the phrases best first, of those that share words and most of their posts the best alone."""
    chosen: list[tuple[Key, set[str]]] = []
    for phrase in sorted(scores, key=lambda phrase: (-scores[phrase], phrase)):
        posts = {*found[phrase].titles, *found[phrase].headings}
        if not any(
            not set(_one(other)).isdisjoint(_one(phrase)) and 2 * len(posts & theirs) >= len(posts)
            for other, theirs in chosen
        ):
            chosen.append((phrase, posts))
    return [phrase for phrase, _ in chosen]


def _holds(longer: Key, shorter: Key) -> bool:
    count = len(shorter)
    return any(_one(longer[at : at + count]) == _one(shorter) for at in range(len(longer) - count + 1))


def _one(phrase: Key) -> Key:
    """Return ``phrase`` with every word in the singular, as the last one of a phrase is anyway."""
    return tuple([singular(word) for word in phrase])


def _label(phrase: Key, texts: Iterable[Text], *, is_name: bool) -> str:
    """Return ``phrase`` as ``texts`` spell it most often."""
    *first, last = map(re.escape, phrase)
    ending = rf"{last[:-1]}(?:y|ies)" if last.endswith("y") else rf"{last}(?:e?s)?"
    together = r"(?:[\s_-]+|\.(?=\w))".join([*first, ending])
    spelled = pattern(rf"(?<!\w){together}(?!\w)", re.IGNORECASE)
    forms: Counter[str] = Counter()
    for text in texts:
        for place in (text.document.prose, text.title, *text.document.headings):
            found = [place[slice(*one.span())] for one in spelled.finditer(_without_accents(place))]
            forms.update(" ".join(form.split()) for form in found)
    lower = {form: is_name and form == form.lower() for form in forms}
    best = sorted(forms, key=lambda form: (lower[form], -forms[form], form))
    parts = best[0].split() if best else list(phrase)
    if len(phrase) == 1:
        return parts[0]
    plain = [part == part.lower() and part not in _INNER for part in parts]
    return " ".join(
        part[:1].upper() + part[1:] if lower else part for part, lower in zip(parts, plain, strict=True)
    )


def _without_accents(text: str) -> str:
    """Return ``text`` with each letter without its accents, in as many characters."""
    return text if text.isascii() else "".join(unicodedata.normalize("NFKD", char)[0] for char in text)
