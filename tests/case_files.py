"""Cases as text: a title, an input and what is expected of it, each ended by a line with one dot.

A title may end in options: ``A title [length=20, cut=sentence]``. Text before the first title of a file, up
to a line of three hyphens, says what its cases are about.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

FOLDER = Path(__file__).with_name("cases")

_TITLE = re.compile(r"(.*?)(?:\s*\[([a-z_]+=[^\]]*)\])?\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Case:
    """One case of a file."""

    title: str
    options: dict[str, str]
    given: str
    expected: str


def read_cases(name: str) -> list:
    """Return the cases of ``tests/cases/NAME.md`` as parameters for pytest, named by their titles.

    Raises ``ValueError`` if a case has no expected text or two cases share a title.
    """
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    _, marker, rest = text.partition("\n---\n")
    parts = re.split(r"^\.\n", rest if marker else text, flags=re.MULTILINE)
    if len(parts) % 3 != 1 or parts[-1].strip():
        raise ValueError(f"{name}.md: {len(parts) - 1} lines with a dot, which is not three a case")
    cases = [_case(*parts[at : at + 3]) for at in range(0, len(parts) - 1, 3)]
    titles = [case.title for case in cases]
    for title in titles:
        if not title or titles.count(title) > 1:
            raise ValueError(f"{name}.md: no title, or two cases with the title {title!r}")
    return [pytest.param(case, id=case.title) for case in cases]


def _case(title: str, given: str, expected: str) -> Case:
    words, options = _TITLE.fullmatch(title.strip()).groups()
    pairs = [pair.split("=", 1) for pair in options.split(",")] if options else []
    return Case(words, {key.strip(): value.strip() for key, value in pairs}, given[:-1], expected[:-1])
