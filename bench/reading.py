"""What reading one post costs: ordinary posts, then posts that are meant to be too much.

    python -m bench.reading                  # everything
    python -m bench.reading attributes       # one hostile post, in this process

Each hostile post is read in a process of its own, for its peak of memory. CPU time is that of the process.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from markdown import markdown

from bench.corpus import write_corpus
from pelican_mlnotes.document.reader import parse_document
from pelican_mlnotes.excerpt import make_excerpt

_ROUNDS = 30
_PARAGRAPH = "<p>" + "Some words, <b>bold</b> &amp; <a href='x'>linked</a>. " * 20 + "</p>\n"

HOSTILE: dict[str, Callable[[], str]] = {
    "empty": lambda: "",
    "body of 5 MB": lambda: _PARAGRAPH * (5_000_000 // len(_PARAGRAPH)),
    "one word of 5 MB": lambda: "a" * 5_000_000,
    "50,000 nested div": lambda: "<div>" * 50_000 + "word" + "</div>" * 50_000,
    "50,000 nested b": lambda: "<b>" * 50_000 + "word" + "</b>" * 50_000,
    "50,000 nested lists": lambda: "<ul><li>" * 50_000 + "word",
    "50,000 nested tables": lambda: "<table><tr><td>" * 50_000 + "word",
    "100,000 attributes": lambda: "<p " + " ".join(f"a{n}={n}" for n in range(100_000)) + ">word",
    "20,000 unclosed p": lambda: "<p>word " * 20_000,
    "20,000 unclosed b in p": lambda: "".join(f"<p><b id={n}>word " for n in range(20_000)),
    "20,000 unclosed a in div": lambda: "<div><a href=x>word " * 20_000,
    "100,000 images": lambda: "<img src=a.png>" * 100_000,
    "100,000 formulas": lambda: "$x_1$ " * 100_000,
    "500,000 dollar signs": lambda: "$x " * 500_000,
    "300,000 directions": lambda: "\u202e" * 300_000,
    "500,000 accents": lambda: "a" + "\u0301" * 500_000,
}


def read_hostile(name: str) -> None:
    """Read one hostile post and print what it took."""
    html = HOSTILE[name]()
    start = time.process_time()
    excerpt = make_excerpt(parse_document(html), 1000)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = len(html.encode()) / 1e6
    rate = f"{seconds / size:6.2f} s/MB" if size > 0.01 else " " * 11
    print(f"{name:26} {size:6.2f} MB {seconds:7.3f} s {rate} {peak:5} MB peak, {len(excerpt)} characters")


def best(function: Callable[[str], object], posts: list[str]) -> float:
    """Return the milliseconds of CPU that a post takes: the least of several rounds."""
    rounds = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        for post in posts:
            function(post)
        rounds.append((time.process_time() - start) / len(posts) * 1000)
    return min(rounds)


def main() -> None:
    """Print what ordinary and hostile posts cost."""
    with TemporaryDirectory() as folder:
        write_corpus(Path(folder), 100)
        texts = [path.read_text(encoding="utf-8").partition("\n\n")[2] for path in Path(folder).rglob("*.md")]
    posts = [markdown(text, extensions=["extra", "codehilite"]) for text in texts]
    documents = {post: parse_document(post) for post in posts}
    parse = best(parse_document, posts)
    excerpt = best(lambda post: make_excerpt(documents[post], 1000), posts)
    size = sum(map(len, posts)) / len(posts) / 1000
    print(f"{len(posts)} posts of {size:.1f} KB: parse {parse:.3f} ms, excerpt {excerpt:.3f} ms", flush=True)
    for name in HOSTILE:
        subprocess.run([sys.executable, "-m", "bench.reading", name], check=True)  # noqa: S603


if __name__ == "__main__":
    if len(sys.argv) > 1:
        for case in sys.argv[1:]:
            read_hostile(case)
    else:
        main()
