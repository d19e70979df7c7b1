r"""Which commands has an author defined, and what does TeX read like with what they stand for?

``\newcommand``, ``\def`` and their like, and ``MLNOTES_MATH_MACROS``, are replaced here, before the converter
sees a formula, so that whatever is asked of TeX is asked of what will be shown.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pelican_mlnotes._patterns import pattern

__all__ = ["Definition", "definitions_in", "expand", "of_site", "without_definitions"]

MAX_EXPANSIONS = 1000
"""Most uses of defined commands in one formula."""
MAX_LENGTH = 10_000
"""Longest TeX that definitions may lead to, in characters."""

_HEAD = pattern(
    r"\\(?:(?P<how>newcommand|renewcommand|providecommand|DeclareMathOperator|[gex]?def)(?P<star>\*?)\s*+"
    r"(?:\{\s*+(?P<braced>\\[a-zA-Z]++|\\[^a-zA-Z\s{}])\s*+\}|(?P<bare>\\[a-zA-Z]++))\s*+"
    r"(?P<count>\[[0-9]\]|(?:\#[0-9])*+)\s*+(?:\[(?P<option>[^\[\]{}]*+)\]\s*+)?+(?=\{)"
    r"|let\s*+(?P<name>\\[a-zA-Z]++)\s*+=?+\s*+(?P<same>\\[a-zA-Z]+|[^\s\\]))"
)
_BRACE = pattern(r"\\.|[{}]", re.DOTALL)
_PARAMETER = pattern(r"#([1-9])")
_USE = pattern(r"\\(?:[a-zA-Z]+|[^a-zA-Z\s])")
_BLANK = pattern(r"\s*")
_OPTION = pattern(r"\s*\[([^\[\]]*)\]")
_SCRIPTED = pattern(r"[\^_]\s*\Z")
_ENDS_IN_NAME = pattern(r"\\[a-zA-Z]+\Z")
_UNTOUCHED = frozenset((r"\begin", r"\end", r"\left", r"\right"))


class Definition(NamedTuple):
    """A command: how many arguments it takes, and what it stands for."""

    arguments: int
    body: str
    option: str | None = None
    """What stands for the first argument where none is in square brackets."""


def argument_end(tex: str, start: int) -> int:
    """Return where the ``{...}`` that begins at ``start`` ends; ``start`` if it does not."""
    depth = 0
    for match in _BRACE.finditer(tex, start):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth == 0:
                return match.end()
    return start


class Arguments:
    """Where the ``{...}`` of a text end: all are looked for once, so that unclosed ones take linear time."""

    def __init__(self, tex: str) -> None:
        self._tex = tex
        self._ends: dict[int, int] | None = None

    def end(self, start: int) -> int:
        """Return what ``argument_end`` does."""
        if self._ends is None:
            self._ends = {}
            opened: list[int] = []
            for match in _BRACE.finditer(self._tex):
                if match[0] == "{":
                    opened.append(match.start())
                elif match[0] == "}" and opened:
                    self._ends[opened.pop()] = match.end()
        return self._ends.get(start, start)


def of_site(macros: Mapping[str, str]) -> dict[str, Definition]:
    """Return commands by name, with backslash; what each stands for says how many arguments it takes."""
    return {
        f"\\{name}": Definition(max(map(int, _PARAMETER.findall(body)), default=0), body)
        for name, body in macros.items()
    }


def definitions_in(texts: Iterable[str]) -> dict[str, Definition]:
    """Return the commands that the formulas of a page define; of those that two define, the last counts."""
    found: dict[str, Definition] = {}
    for tex in texts:
        for match, end in _heads(tex):
            name = match["braced"] or match["bare"] or match["name"]
            if name in _UNTOUCHED:
                continue
            if match["name"]:
                same = found.get(match["same"])
                found[name] = same or Definition(0, match["same"])
                continue
            body = tex[match.end() + 1 : end - 1]
            if match["how"] == "DeclareMathOperator":
                body = rf"\operatorname{match['star']}{{{body}}}"
            elif match["how"] == "providecommand" and name in found:
                continue
            count = match["count"]
            number = int(count[1]) if count.startswith("[") else count.count("#")
            found[name] = Definition(number, body, match["option"])
    return found


def without_definitions(tex: str) -> str:
    """Return ``tex`` without the definitions in it."""
    parts: list[str] = []
    at = 0
    for match, end in _heads(tex):
        parts.append(tex[at : match.start()])
        at = end
    return "".join((*parts, tex[at:]))


def _heads(tex: str) -> Iterable[tuple[re.Match[str], int]]:
    arguments = Arguments(tex)
    at = 0
    for match in _HEAD.finditer(tex):
        if match.start() < at:
            continue
        end = match.end() if match["name"] else arguments.end(match.end())
        if match["name"] or end > match.end():
            at = end
            yield match, end


def expand(tex: str, definitions: Mapping[str, Definition]) -> str:
    r"""Return ``tex`` with what its commands stand for in their places.

    Raises ``ValueError``, which says why, if that is too much, or an argument is missing.
    """
    at = uses = 0
    while match := _USE.search(tex, at):
        definition = definitions.get(match[0])
        if definition is None:
            at = match.end()
            continue
        uses += 1
        text, end = _replaced(tex, match.end(), definition)
        if uses > MAX_EXPANSIONS or len(tex) + len(text) > MAX_LENGTH:
            raise ValueError("it uses commands of the post's own too often or too deep")
        before, behind = tex[: match.start()], tex[end:]
        if _SCRIPTED.search(before[-20:]):
            text = f"{{{text}}}"
        elif behind[:1].isalpha() and _ENDS_IN_NAME.search(text):
            text += " "
        at = match.start()
        tex = before + text + behind
    return tex


def _replaced(tex: str, at: int, definition: Definition) -> tuple[str, int]:
    arguments: list[str] = []
    if definition.option is not None and definition.arguments:
        found = _OPTION.match(tex, at)
        arguments.append(found[1] if found else definition.option)
        at = found.end() if found else at
    while len(arguments) < definition.arguments:
        blank = _BLANK.match(tex, at)
        start = blank.end() if blank else at
        if tex.startswith("{", start) and (end := argument_end(tex, start)) > start:
            arguments.append(tex[start + 1 : end - 1])
        elif one := _USE.match(tex, start):
            arguments.append(one[0])
            end = one.end()
        elif start < len(tex) and tex[start] not in "{}":
            arguments.append(tex[start])
            end = start + 1
        else:
            raise ValueError("a command in it lacks an argument")
        at = end

    def argument(match: re.Match[str]) -> str:
        number = int(match[1])
        if number > len(arguments):
            return ""
        text = arguments[number - 1]
        following = definition.body[match.end() : match.end() + 1]
        return text + " " if following.isalpha() and _ENDS_IN_NAME.search(text) else text

    return _PARAMETER.sub(argument, definition.body), at
