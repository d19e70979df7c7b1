"""What takes more than twice as long when its input is doubled?

    python -m bench doubling                 # every pattern, every reader and parser
    python -m bench doubling patterns _CLASSED blockquote   # those whose line holds one of the words

Each input is made n signs long, and 2n, where the longer takes 50 ms: of what is linear the second takes
twice as long, of what is quadratic four times. More than three times is a fault, and the exit code is 1.

Inputs for patterns are made from what they parse to: for each repeated part a text that leads to it, the part
n times, and an end that lets the match fail; and what leads to it n times, since a search begins everywhere.
A pattern that its callers show but so much at a time says so (``pattern(..., at_most=200)``), which is
enforced; it is tried at that length.
"""

import ast
import importlib
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pelican_mlnotes
from bench.hostile import READERS

_ENOUGH = 0.05  # seconds: below, a ratio says nothing
_MOST = 3.0
_FIRST, _PROBE = 64, 32_768  # signs: whatever is quadratic takes longer than enough for the second
_PATIENCE = 20.0  # seconds of CPU, for what grows faster than can be waited for
_GLANCE = 0.5  # for what takes long, whether or not it grows
_ROUNDS = 3
# What tells matching at one place from looking at every place.
_ANCHORED = frozenset(("match", "fullmatch"))


@dataclass(frozen=True, slots=True)
class Case:
    """Something that reads a text, and texts of any length for it."""

    name: str
    run: Callable[[Any], object]
    make: Callable[[int], Any]
    most: int = _PROBE
    """Signs of the longest text."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How the time of a case grows."""

    name: str
    size: int
    """The n at which the ratio was taken; 0 if even a long input took no time worth a ratio."""
    seconds: float
    """At 2n; infinite if nobody could wait for it."""
    ratio: float


class _TooLongError(Exception):
    pass


def measure(case: Case) -> Growth:
    """Return how the time of ``case`` grows when its input is doubled."""
    if (seconds := _seconds(case, case.most, _GLANCE)) < _ENOUGH:
        return Growth(case.name, 0, seconds, 1.0)
    size, before, after = _FIRST, 0.0, _seconds(case, _FIRST)
    while after < _ENOUGH and 2 * size <= case.most:
        size, before, after = 2 * size, after, _seconds(case, 2 * size)
    ratio = after / before if before else float("inf")
    rounds = _ROUNDS
    while rounds and ratio > _MOST and after < float("inf"):
        # The least of several ratios: what else the machine does can make each of the two longer.
        rounds -= 1
        half, whole = _seconds(case, size // 2), _seconds(case, size)
        if whole >= _ENOUGH:
            ratio, after = min(ratio, whole / half if half else ratio), min(after, whole)
        elif 2 * size <= case.most:
            # What took so long was something else, such as an import.
            size, ratio, rounds = 2 * size, float("inf"), _ROUNDS
        else:
            return Growth(case.name, 0, whole, 1.0)
    return Growth(case.name, size // 2, after, ratio)


def _seconds(case: Case, size: int, patience: float = _PATIENCE) -> float:
    text = case.make(size)

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooLongError

    former = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, patience)
    start = time.process_time()
    try:
        case.run(text)
    except _TooLongError:
        return float("inf")
    except Exception as error:
        raise RuntimeError(f"{type(error).__name__} at {size:,}: {case.name}") from error
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)
    return time.process_time() - start


# ------------------------------------------------------------------------------------------- patterns


def package_patterns() -> dict[str, tuple[re.Pattern[Any], frozenset[str]]]:
    """Return the package's patterns by their place, each with the methods that are called on it."""
    found: dict[str, tuple[re.Pattern[Any], frozenset[str]]] = {}
    modules = [
        importlib.import_module(info.name)
        for info in pkgutil.walk_packages(pelican_mlnotes.__path__, "pelican_mlnotes.")
        if not info.name.endswith("__main__") and ".namespace" not in info.name
    ]
    called = {module.__name__: _calls(Path(str(module.__file__))) for module in modules}
    for module in modules:
        for name, value in sorted(vars(module).items()):
            for at, one in _patterns_in(name, value):
                place = f"{module.__name__.removeprefix('pelican_mlnotes.')}.{at}"
                if one.pattern not in [other.pattern for other, _ in found.values()]:
                    # A private one is called in its own module only, whatever others have of that name.
                    by = [module.__name__] if name.startswith("_") else list(called)
                    found[place] = (one, frozenset().union(*(called[each].get(name, ()) for each in by)))
    return found


def _patterns_in(name: str, value: object) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern) or type(value).__name__ == "_Lazy":
        yield name, value  # type: ignore[misc]
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _patterns_in(f"{name}[{key!r}]", one)
    elif isinstance(value, (tuple, list, frozenset)):
        for number, one in enumerate(value):
            yield from _patterns_in(f"{name}[{number}]", one)


def _calls(file: Path) -> dict[str, frozenset[str]]:
    calls: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            calls.setdefault(node.value.id, set()).add(node.attr)
    return {name: frozenset(methods) for name, methods in calls.items()}


def pattern_cases(place: str, found: re.Pattern[Any], methods: frozenset[str]) -> Iterator[Case]:
    """Yield a case for each input that follows from what the pattern is parsed to."""
    anchored = bool(methods) and methods <= _ANCHORED
    run: Callable[[Any], object] = found.match if anchored else partial(found.sub, _same)
    encode = str.encode if isinstance(found.pattern, bytes) else str
    most = getattr(found, "at_most", None) or _PROBE
    texts = list(dict.fromkeys(hostile_texts(found)))
    for prefix, part, suffix in texts:
        shown = f"{place} on {prefix!r} + n * {part!r} + {suffix!r}"
        yield Case(shown, run, partial(_repeated, encode, prefix, part, suffix, most), most)


def _same(match: re.Match[Any]) -> Any:
    return match[0]


def _repeated(encode: Callable[[str], Any], prefix: str, part: str, suffix: str, most: int, size: int) -> Any:
    text: Any = encode(prefix + part * (size // len(part)) + suffix)
    return text if most >= _PROBE else text[-most:]


_PARSER = re._parser  # type: ignore[attr-defined]  # the only parser that reads patterns as they are matched
_LONG = 16  # repeated at most so often, nothing can take long
_SAMPLES = 5
_FAILING = ("", "\0", "\n")


def hostile_texts(found: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """Yield for each repeated part of ``found`` what leads to it, the part, and what may end it."""
    parsed = _PARSER.parse(found.pattern, found.flags & ~re.LOCALE)
    alphabet = sorted({chr(code) for code in _literals(parsed)} | set("a0 \n\t-_=\"'<>()[]{}$\\`&;:/é\u0301"))
    for prefix, body in _repeats(parsed, "", alphabet):
        for part in filter(None, body):
            for suffix in _FAILING:
                yield prefix, part, suffix
            if prefix:
                yield "", prefix + part, "\0"
                yield "", prefix, "\0"


def _literals(parsed: Any) -> Iterator[int]:
    for kind, value in parsed:
        name = str(kind)
        if name in ("LITERAL", "NOT_LITERAL"):
            yield value
        elif name == "IN":
            yield from (code for one, code in value if str(one) == "LITERAL")
        else:
            for inner in _inner(name, value):
                yield from _literals(inner)


def _inner(name: str, value: Any) -> list[Any]:
    """Return the sequences that stand inside a node."""
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return [value[2]]
    if name == "SUBPATTERN":
        return [value[3]]
    if name == "BRANCH":
        return list(value[1])
    if name in ("ASSERT", "ASSERT_NOT"):
        return [value[1]]
    if name == "ATOMIC_GROUP":
        return [value]
    if name == "GROUPREF_EXISTS":
        return [one for one in value[1:] if one is not None]
    return []


def _repeats(parsed: Any, prefix: str, alphabet: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    for kind, value in parsed:
        name = str(kind)
        if name.endswith("_REPEAT") and (value[1] > _LONG):
            yield prefix, _samples(value[2], alphabet)
        for inner in _inner(name, value):
            yield from _repeats(inner, prefix, alphabet)
        if name != "ASSERT_NOT":
            prefix += next(iter(_of_node(kind, value, alphabet)), "")


def _samples(parsed: Any, alphabet: Sequence[str]) -> list[str]:
    """Return some texts that ``parsed`` matches, not all of them for certain."""
    texts = [""]
    for kind, value in parsed:
        some = _of_node(kind, value, alphabet)
        texts = [text + more for text in texts for more in some or [""]][: _SAMPLES * 4]
    return list(dict.fromkeys(texts))[: _SAMPLES * 4]


def _of_node(kind: Any, value: Any, alphabet: Sequence[str]) -> list[str]:
    name = str(kind)
    if name == "LITERAL":
        return [chr(value)]
    if name in ("NOT_LITERAL", "IN", "ANY"):
        one = re.compile(_source(name, value), re.DOTALL)
        return [sign for sign in alphabet if one.fullmatch(sign)][: _SAMPLES * 2]
    if name.endswith("_REPEAT"):
        return [text * max(value[0], 1) for text in _samples(value[2], alphabet)][:_SAMPLES]
    if name in ("SUBPATTERN", "BRANCH", "ATOMIC_GROUP", "GROUPREF_EXISTS"):
        return [text for inner in _inner(name, value) for text in _samples(inner, alphabet)][: _SAMPLES * 2]
    return [""]


_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}


def _source(name: str, value: Any) -> str:
    """Return the pattern of one sign."""
    if name == "ANY":
        return "."
    if name == "NOT_LITERAL":
        return f"[^{re.escape(chr(value))}]"
    parts = []
    for kind, one in value:
        match str(kind):
            case "NEGATE":
                parts.insert(0, "^")
            case "LITERAL":
                parts.append(re.escape(chr(one)))
            case "RANGE":
                parts.append(f"{re.escape(chr(one[0]))}-{re.escape(chr(one[1]))}")
            case "CATEGORY":
                parts.append(_CATEGORIES[str(one)])
    return f"[{''.join(parts)}]"


# -------------------------------------------------------------------------------------------- printing


def cases(words: Iterable[str] = ()) -> Iterator[Case]:
    """Yield every case, or those whose name holds one of ``words``."""
    wanted = tuple(words)
    every: list[Case] = []
    for place, (found, methods) in package_patterns().items():
        every += pattern_cases(f"pattern {place}", found, methods)
    every += [
        Case(f"reader {reader} on {name}", run, make)
        for reader, (run, inputs) in READERS.items()
        for name, make in inputs.items()
    ]
    return (case for case in every if not wanted or any(word in case.name for word in wanted))


def main(arguments: Sequence[str] = ()) -> int:
    """Measure and print; returns the exit code."""
    if not hasattr(signal, "setitimer"):
        print("python -m bench doubling needs a system with setitimer: Linux, macOS", file=sys.stderr)
        return 2
    faults: list[Growth] = []
    count, slowest = 0, Growth("nothing", 0, 0.0, 1.0)
    for case in cases(arguments):
        count += 1
        try:
            growth = measure(case)
        except RuntimeError as error:
            growth = Growth(str(error), 1, 0.0, float("inf"))
        if growth.size:
            slowest = max(slowest, growth, key=lambda one: one.seconds)
        if growth.size and growth.ratio > _MOST:
            faults.append(growth)
            print(
                f"{growth.ratio:6.1f} times, {growth.seconds:.2f} s at {2 * growth.size:,}: {growth.name}",
                flush=True,
            )
    print(f"{count} inputs doubled, {len(faults)} grow faster than {_MOST:g} times")
    return 1 if faults else 0
