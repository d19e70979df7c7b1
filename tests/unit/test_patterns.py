"""Patterns are compiled when they are first used."""

import ast
import importlib
import pkgutil
import re
from functools import partial
from pathlib import Path

import pytest

import pelican_mlnotes
from pelican_mlnotes import _patterns as patterns

MODULES = [
    module.name
    for module in pkgutil.walk_packages(pelican_mlnotes.__path__, "pelican_mlnotes.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_every_pattern_of_the_package_is_one(name):
    for value in vars(importlib.import_module(name)).values():
        if isinstance(value, patterns._Lazy):
            assert value.groups >= 0


def test_a_pattern_does_what_a_compiled_one_does():
    compiled, lazy = (
        re.compile("(b+)(?P<end>c)?", re.IGNORECASE),
        patterns.pattern("(b+)(?P<end>c)?", re.IGNORECASE),
    )
    for _ in range(2):
        assert lazy.sub("x", "aBBc") == compiled.sub("x", "aBBc")
        assert lazy.search("abbc").groupdict() == {"end": "c"}
        assert (lazy.pattern, lazy.flags, lazy.groups) == (compiled.pattern, compiled.flags, compiled.groups)


def test_a_wrong_pattern_is_told_when_it_is_used():
    lazy = patterns.pattern("(")
    with pytest.raises(re.error, match="unterminated"):
        lazy.search("a")


def test_what_a_pattern_does_not_have_is_not_there():
    with pytest.raises(AttributeError, match="nothing"):
        patterns.pattern("a").nothing  # noqa: B018


def test_every_regular_expression_of_the_package_is_made_by_pattern():
    allowed = {"Pattern", "Match", "escape", "error", *re.RegexFlag.__members__}
    package = Path(pelican_mlnotes.__file__).parent
    wrong = []
    for file in sorted(package.rglob("*.py")):
        if file.name == "_patterns.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module in ("re", "regex", "fnmatch"):
                wrong.append(f"{file.name}:{node.lineno}")
            if (
                isinstance(node, ast.Attribute)
                and node.attr not in allowed
                and ast.unparse(node.value) == "re"
            ):
                wrong.append(f"{file.name}:{node.lineno} re.{node.attr}")
    assert wrong == []


def test_a_pattern_for_short_texts_is_shown_no_longer_ones():
    short = patterns.pattern("a*b", at_most=3)
    assert short.search("aab")
    assert short.search("aaab", 1).start() == 1
    assert short.search("baaaaa", 0, 3).end() == 1
    assert short.sub("c", "aab") == "c"
    for asked in (partial(short.search, "aaab"), partial(short.sub, "", "aaab")):
        with pytest.raises(ValueError, match="4 characters, not at most 3"):
            asked()


def test_bytes_have_patterns_too():
    assert patterns.pattern(rb"a+").sub(b"b", b"caac") == b"cbc"
