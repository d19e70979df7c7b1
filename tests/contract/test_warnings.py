"""What do warnings of ours say? Each in the source is looked at, so a new one is, too."""

import ast
import logging
from pathlib import Path

import pytest
from pelican.log import FatalLogger

import pelican_mlnotes
from pelican_mlnotes.plugin import guard

PACKAGE = Path(pelican_mlnotes.__file__).parent
START = "pelican_mlnotes: "
# What stands at the end has words of its own for what is wrong and what to do, or nobody can say it.
SAID_BY_WHAT_IS_PUT_IN = {
    "%s": "of a page of a topic and the file that it would overwrite",
    "%s gets no %s: %s: %s": "of a fault of ours, which names the post",
    "%s: the formula %s %s": "of TeX, as what is wrong with it says",
    "formulas have no font of the site's own: %s": "of the setting or the package",
    "there is no search: %s": "of Pagefind, and how to install it",
}


def warnings():
    """Yield where each warning or error is logged, and its text before anything is put in."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name("logger"), attr="warning" | "error" | "critical"),
                    args=[text, *_],
                ):
                    yield f"{file.relative_to(PACKAGE)}:{node.lineno}", ast.literal_eval(text)


WARNINGS = dict(warnings())


def test_there_are_warnings():
    assert len(WARNINGS) > 15
    assert {START + text for text in SAID_BY_WHAT_IS_PUT_IN} <= set(WARNINGS.values())


@pytest.mark.parametrize("place", WARNINGS)
def test_each_warning_says_whose_it_is_what_it_is_about_and_what_to_do(place):
    text = WARNINGS[place]
    assert text.startswith(START)
    said = text.removeprefix(START)
    assert "%" in said  # a file, a setting or a value
    if said not in SAID_BY_WHAT_IS_PUT_IN:
        advice = said.rpartition("; ")[2]
        assert advice != said, "what can be done about it?"
        assert len(advice.split()) >= 3 or advice == "%s"


def test_under_fatal_warnings_a_guarded_fault_stops_the_build(monkeypatch):
    fatal = FatalLogger("fatal")
    monkeypatch.setattr(FatalLogger, "fatal_lvl", logging.WARNING)
    monkeypatch.setattr(guard, "logger", fatal)
    with pytest.raises(RuntimeError), guard.guard("every post", "page"), guard.guard("a.md", "topics"):
        raise ValueError("broken")
