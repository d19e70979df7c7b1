"""Patterns are compiled when they are first used."""

import importlib
import pkgutil
import re

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
