"""Write a blog of any size, the same one for the same numbers.

The words are made of syllables and follow Zipf's law, so that texts share common words and few rare ones, as
real ones do.  Names of topics are the taxonomy's own; each post is about a few that lie close together.
"""

import struct
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from pelican_mlnotes.topics.taxonomy import BUNDLED, load_taxonomy


def _each(texts: str) -> list[str]:
    return texts.split()


_SYLLABLES = _each("a be di fo gu ha ke li mo nu pa re si to vu ya ze chi dro fle gra plo ste tri")
_GRAMMAR = _each("the of and to a in is that it for as with on be this are by from we not an or have at use")
_VOCABULARY = 8000
_SENTENCE = range(6, 23)
_PARAGRAPH = range(3, 8)
_NAMED = 0.4  # of the sentences name a topic
_CODE = """\
```python
def step(weights, gradient, rate=0.1):
    return weights - rate * gradient
```"""
_TABLE = """\
| model | error |
|-------|-------|
| ours  | 0.12  |
| other | 0.15  |"""
_MATH = r"It is $f(x) = \sum_i w_i x_i$, where $w_i$ is a weight."


@dataclass(frozen=True, slots=True)
class Shape:
    """What the posts of a blog are like, each number for one post."""

    words: int = 800
    images: int = 1
    links: int = 3
    topics: int = 4


def write_corpus(folder: Path, posts: int, shape: Shape = Shape()) -> None:
    """Write ``posts`` Markdown files of that ``shape``, and the pictures they show, below ``folder``."""
    random = Random(20240229)  # noqa: S311
    vocabulary = [*_GRAMMAR, *_words(random)]
    bounds = list(accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))
    topics = load_taxonomy(BUNDLED).topics
    groups: dict[str, list[str]] = {}
    for topic in topics.values():
        for parent in topic.broader[:1]:
            groups.setdefault(parent, []).append(topic.label)
    wide = [labels for labels in groups.values() if len(labels) >= shape.topics]
    pictures = folder / "images"
    pictures.mkdir(parents=True, exist_ok=True)
    for number in range(10):
        (pictures / f"{number}.png").write_bytes(_png(320 + number, 240))
    for number in range(posts):
        labels = random.sample(random.choice(wide), shape.topics)
        body = _body(random, shape, vocabulary, bounds, labels, number)
        date = datetime(2015, 1, 1, 8) + timedelta(hours=7 * number)
        title = f"{labels[0] if labels else 'Note'}: {' '.join(random.sample(vocabulary, 3))} {number}"
        text = f"Title: {title}\nDate: {date:%Y-%m-%d %H:%M}\nCategory: notes\n\n{body}\n"
        (folder / f"note-{number:05}.md").write_text(text, encoding="utf-8")


def write_taxonomy(file: Path, topics: int) -> None:
    """Write a site's own taxonomy with so many more topics, three names each."""
    random = Random(20240301)  # noqa: S311
    vocabulary = _words(random)
    lines = []
    for number in range(topics):
        names = [f"{' '.join(random.sample(vocabulary, 2))} {number}" for _ in range(3)]
        lines += ["[[topic]]", f'id = "own-{number}"', f'label = "{names[0]}"']
        lines.append(f'aliases = ["{names[1]}", "{names[2]}"]\n')
    file.write_text("\n".join(lines), encoding="utf-8")


def _words(random: Random) -> list[str]:
    made = ("".join(random.choices(_SYLLABLES, k=random.randint(2, 4))) for _ in range(2 * _VOCABULARY))
    return list(dict.fromkeys(made))[:_VOCABULARY]


def _body(
    random: Random, shape: Shape, vocabulary: list[str], bounds: list[float], labels: list[str], number: int
) -> str:
    blocks = []
    left = shape.words
    while left > 0:
        sentences = []
        for _ in range(random.choice(_PARAGRAPH)):
            sentence = random.choices(vocabulary, cum_weights=bounds, k=random.choice(_SENTENCE))
            left -= len(sentence)
            if labels and random.random() < _NAMED:
                sentence.insert(random.randrange(len(sentence)), random.choice(labels))
            if random.random() < 0.1:
                sentence.append(f"*{random.choice(vocabulary)}*")
            sentences.append(" ".join(sentence).capitalize() + ".")
        if not random.randrange(6):
            blocks.append(f"## {random.choice(vocabulary)} {random.choice(labels or vocabulary)}")
        if not random.randrange(8):
            blocks.append("\n".join(f"- {sentence}" for sentence in sentences))
        else:
            blocks.append(" ".join(sentences))
    for image in range(shape.images):
        alt = " ".join(random.sample(vocabulary, 4))
        place = random.randint(1, len(blocks))
        blocks.insert(place, f"![{alt}]({{static}}/images/{(number + image) % 10}.png)")
    for _ in range(shape.links):
        page = random.choice(vocabulary)
        blocks.insert(random.randint(1, len(blocks)), f"As [{page}](https://example.org/{page}) says.")
    if number and not number % 7:
        blocks.append(f"See [before]({{filename}}/note-{random.randrange(number):05}.md).")
    blocks += [extra for extra, each in ((_CODE, 4), (_TABLE, 5), (_MATH, 4)) if not number % each]
    return "\n\n".join(blocks)


def _png(width: int, height: int) -> bytes:
    """Return a black picture of that size in pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(b"\0" * ((width + 7) // 8 + 1) * height))
    return b"\x89PNG\r\n\x1a\n" + header + rows + chunk(b"IEND", b"")
