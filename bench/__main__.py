"""What a build costs with the plugin and without it.

    python -m bench                      # 1,000 posts, five pairs of builds, then the stages
    python -m bench --posts 1000 10000 --pairs 9
    python -m bench --growth             # what doubling each input does to the plugin's own time
    python -m bench doubling reader      # what grows faster than its input; exit code 1 if something does
    python -m bench --instructions       # 600 posts, counted by valgrind: what budgets are set by

Each build runs in its own process; the two of a pair follow each other, and who is first alternates, so that
a machine whose speed drifts treats both alike.  CPU time is user and system time together.  Related posts are
looked for only where something shows them, so there are two tables: the plainest theme as it is, and the same
with ``MLNOTES_RELATED_APPEND``.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench import instructions
from bench.build import STAGES
from bench.corpus import Shape, write_corpus, write_taxonomy

ROOT = Path(__file__).resolve().parents[1]
_APPENDED = ("MLNOTES_RELATED_APPEND=true",)
_TOPICS = 500  # a taxonomy of one's own, before it is doubled


@dataclass(frozen=True, slots=True)
class Cost:
    """What one build took."""

    cpu: float  # seconds
    memory: float  # peak, in megabytes
    report: dict[str, Any]


def build(content: Path, output: Path, mode: str, *settings: str) -> Cost:
    """Build the site of ``content`` in a new process; raises ``RuntimeError`` if that fails."""
    command = [sys.executable, "-m", "bench.build", str(content), str(output), mode, *settings]
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    with subprocess.Popen(  # noqa: S603
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None  # noqa: S101
        assert process.stderr is not None  # noqa: S101
        printed = process.stdout.read().decode()
        errors = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {errors}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, json.loads(printed.splitlines()[-1]))


def compare(content: Path, output: Path, pairs: int, *settings: str) -> list[tuple[Cost, Cost]]:
    """Return the costs of pairs of builds, with the plugin and without it."""
    found = []
    for number in range(pairs):
        costs = {
            mode: build(content, output / mode, mode, *settings)
            for mode in sorted(("with", "bare"), reverse=number % 2)
        }
        found.append((costs["with"], costs["bare"]))
    return found


def summary(values: Sequence[float], digits: int = 2) -> str:
    """Return the median and, in brackets, the least and the greatest."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def table(pairs: Sequence[tuple[Cost, Cost]]) -> Iterator[str]:
    """Yield the lines of a table of ``pairs``."""
    yield f"{'':12}{'with':>24}{'without':>24}{'ratio':>24}"
    for name, digits, values in (
        ("CPU, s", 2, [(one.cpu, other.cpu) for one, other in pairs]),
        ("memory, MB", 0, [(one.memory, other.memory) for one, other in pairs]),
    ):
        columns = (
            summary([one for one, _ in values], digits),
            summary([other for _, other in values], digits),
            summary([one / other for one, other in values], 3),
        )
        yield f"{name:12}" + "".join(f"{column:>24}" for column in columns)


def profile(content: Path, output: Path, posts: int, runs: int, *settings: str) -> Iterator[str]:
    """Yield the lines of a table of the plugin's stages."""
    costs = [build(content, output, "profile", *settings) for _ in range(runs)]
    yield f"{'stage':12}{'CPU, ms':>24}{'ms a post':>12}"
    for stage in ("import", *STAGES):
        values = [
            1000 * (cost.report["import"] if stage == "import" else cost.report["stages"].get(stage, 0.0))
            for cost in costs
        ]
        each = "" if stage in ("import", "set-up") else f"{median(values) / posts:.3f}"
        yield f"{stage:12}{summary(values, 0):>24}{each:>12}"


def growth(folder: Path, posts: int, words: int, runs: int) -> Iterator[str]:
    """Yield what happens to the plugin's own time, set-up included, when one thing is doubled."""
    base = Shape(words=words, images=4, links=20)
    sizes = {
        "posts": (2 * posts, base, _TOPICS),
        "words": (posts, replace(base, words=2 * base.words), _TOPICS),
        "images": (posts, replace(base, images=2 * base.images), _TOPICS),
        "links": (posts, replace(base, links=2 * base.links), _TOPICS),
        "topics": (posts, replace(base, topics=2 * base.topics), _TOPICS),
        "taxonomy": (posts, base, 2 * _TOPICS),
    }
    sites = {}
    for name, (number, shape, topics) in {"": (posts, base, _TOPICS), **sizes}.items():
        sites[name] = folder / f"growth-{name}"
        write_corpus(sites[name], number, shape)
        write_taxonomy(sites[name] / "own.toml", topics)
    settings = ('MLNOTES_TOPICS_TAXONOMY="own.toml"', *_APPENDED)
    own: dict[str, list[float]] = {name: [] for name in sites}
    for _ in range(runs):
        for name, site in sites.items():
            stages = build(site, folder / "output", "profile", *settings).report["stages"]
            own[name].append(sum(stages.values()))
    yield f"{'doubled':12}{'own time, times':>24}"
    for name in sizes:
        ratios = [after / before for after, before in zip(own[name], own[""], strict=True)]
        yield f"{name:12}{summary(ratios):>24}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments[:1] == ["doubling"]:
        from bench.doubling import main as double

        sys.exit(double(arguments[1:]))
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, nargs="+", help="sizes of the blogs")
    parser.add_argument("--words", type=int, default=Shape().words, help="of a post")
    parser.add_argument("--pairs", type=int, default=5, help="builds with and without the plugin")
    parser.add_argument("--content", type=Path, help="an existing blog's content instead of a generated one")
    parser.add_argument("--growth", action="store_true", help="double each input instead")
    parser.add_argument("--instructions", action="store_true", help="count instructions instead, by valgrind")
    options = parser.parse_args(arguments)
    sizes = options.posts or [600 if options.instructions else 1000]
    valgrind = ""
    if options.instructions:
        try:
            valgrind = instructions.find_valgrind()
        except instructions.MissingToolError as error:
            parser.error(str(error))
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for posts in sizes:
            if options.growth:
                print(f"\n{posts} posts")
                print(*growth(folder / str(posts), posts, options.words, options.pairs), sep="\n", flush=True)
                continue
            content = options.content or folder / str(posts)
            if options.content:
                posts = sum(1 for _ in content.rglob("*.md"))
            else:
                write_corpus(content, posts, Shape(words=options.words))
            if options.instructions:
                print(f"\n{posts} posts, counted by valgrind", flush=True)
                for line in instructions.table(valgrind, content, posts):
                    print(line, flush=True)
                continue
            for what, settings in (("no related posts shown", ()), ("related posts shown", _APPENDED)):
                print(f"\n{posts} posts, {what}, {options.pairs} pairs: median (least to greatest)")
                pairs = compare(content, folder / "output", options.pairs, *settings)
                print(*table(pairs), sep="\n", flush=True)
                stages = profile(content, folder / "profile", posts, options.pairs, *settings)
                print(*stages, sep="\n", flush=True)


if __name__ == "__main__":
    main()
