"""What the documentation says of the command line is what it does."""

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from pelican_mlnotes.cli.check import LEVELS, Finding
from pelican_mlnotes.cli.commands import Suggestion
from pelican_mlnotes.cli.explain import AuthorTag, ChosenTopic, Explanation, NearMiss, RelatedPost, RunnerUp
from pelican_mlnotes.cli.main import _parser
from pelican_mlnotes.cli.survey import Keep, ShortList, SummaryChange, Survey, TagPage
from pelican_mlnotes.cli.topics import Proposal, TopicEntry
from pelican_mlnotes.importers.former_tags import Heir
from pelican_mlnotes.importers.redirects import FORMATS

REPOSITORY = Path(__file__).resolve().parents[2]
MANUALS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
COMMAND = re.compile(r"python -m pelican_mlnotes( [^\n`#>|]*)")


def text(name: str) -> str:
    return (REPOSITORY / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.name)
def test_every_command_in_the_manuals_is_understood(manual):
    for command in COMMAND.findall(manual.read_text(encoding="utf-8")):
        if command.strip() and not command.strip().startswith("…"):
            _parser().parse_args(shlex.split(command))


@pytest.mark.parametrize(
    "kind",
    [
        *(Explanation, ChosenTopic, RunnerUp, AuthorTag, RelatedPost, NearMiss),
        *(Survey, TagPage, Heir, SummaryChange, ShortList, Keep),
        *(Finding, Suggestion, TopicEntry, Proposal),
    ],
)
def test_every_key_of_the_json_is_documented(kind):
    manual = text("command-line.md")
    assert [field.name for field in fields(kind) if f"`{field.name}`" not in manual] == []


def test_every_level_of_a_finding_is_documented():
    manual = text("command-line.md")
    assert [level for level in LEVELS if f"--fail-on {level}" not in manual] == []


def test_every_format_of_redirects_is_documented():
    assert [name for name in FORMATS if f"| `{name}`" not in text("from-blogger.md")] == []
