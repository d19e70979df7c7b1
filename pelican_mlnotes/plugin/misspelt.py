"""Which words of front matter are likely misspelt?"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from pelican.contents import Article

from pelican_mlnotes.plugin.contents import TopicLine, author_topics
from pelican_mlnotes.plugin.tags import author_tags
from pelican_mlnotes.text.words import normalise
from pelican_mlnotes.topics.taxonomy import Taxonomy

OUR_KEYS = ("excerpt", "image", "related_posts", "topics")
# One edit from ours, but words that authors, Pelican and other plugins mean.
_MEANT = frozenset(("images", "tag", "tags", "summary"))
_SHORTEST = 5  # letters; shorter names are too close to each other
_MOST = 200  # names a build that are looked at: each takes milliseconds
_LONGEST = 100  # letters; no topic has such a name, and what one edit makes of it takes the square of them


def misspelt_topics(
    articles: Iterable[Article], taxonomy: Taxonomy, settings: Mapping[str, Any]
) -> Iterator[tuple[Article, str, str]]:
    """Yield posts with a name under ``Topics:`` that is one edit from a topic's, and what that is called.

    A name that a tag or another post has is meant so. Names with a sign are looked at where they get tags.
    """
    lines = [(article, line) for article in articles if (line := _topics_of(article))]
    named = [name for _, line in lines for name in (*(line.exactly or ()), *line.added)]
    strange = [
        (article, name)
        for article, line in lines
        for name in line.exactly or ()
        if taxonomy.find(name) is None and not taxonomy.is_removed(name)
    ]
    if not strange:
        return
    uses = Counter(map(normalise, named))
    tags = {normalise(tag.name) for article in articles for tag in author_tags(article, settings)}
    for article, name in islice(strange, _MOST):
        key = normalise(name)
        if uses[key] == 1 and key not in tags and (label := _near_label(key, taxonomy)):
            yield article, name, label


def misspelt_keys(articles: Iterable[Article]) -> Iterator[tuple[Article, str, str]]:
    """Yield posts with a key of front matter that is one edit from one of ours, and that one.

    A key that another post has, too, is something else.
    """
    articles = list(articles)
    uses = Counter(key for article in articles for key in article.metadata)
    near = {edit: ours for ours in reversed(OUR_KEYS) for edit in _edits(ours, f"{ascii_lowercase}_-")}
    for article in articles:
        for key in article.metadata:
            if uses[key] == 1 and key not in _MEANT and key not in OUR_KEYS:
                right = near.get(key)
                if right:
                    yield article, key, right


def _topics_of(article: Article) -> TopicLine | None:
    with suppress(Exception):  # where the post gets its tags, a warning says what is wrong with it
        return author_topics(article)
    return None


def line_of(article: Article, key: str) -> int | None:
    """Return the number of the line of the source of ``article`` that starts with ``key``, from 1."""
    try:
        text = Path(article.source_path).read_text(encoding="utf-8", errors="replace")
    except (OSError, TypeError):
        return None
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip().lstrip(":").lower().startswith(f"{key.lower()}:"):
            return number
    return None


def _near_label(key: str, taxonomy: Taxonomy) -> str | None:
    """Return the label of a topic one of whose names is one edit from ``key``, which is normalised."""
    if not _SHORTEST <= len(key) <= _LONGEST:
        return None
    # Digits tell versions apart: another one is another thing.
    edits = sorted(edit for edit in _edits(key, f"{ascii_lowercase} ") if _digits(edit) == _digits(key))
    found = (taxonomy.find(edit) for edit in edits)
    return next((topic.label for topic in found if topic is not None), None)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _edits(word: str, signs: str) -> set[str]:
    """Return what a letter left out, added or changed, or two of them swapped, make of ``word``."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {start + end[1:] for start, end in halves if end}
    found |= {start + end[1] + end[0] + end[2:] for start, end in halves if len(end) > 1}
    found |= {start + sign + end[1:] for start, end in halves if end for sign in signs}
    found |= {start + sign + end for start, end in halves for sign in signs}
    return found - {word}
