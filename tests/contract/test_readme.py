"""README is the manual, so what it says must be so."""

import ast
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from pelican_mlnotes.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def plain(value):
    return dict(value) if isinstance(value, Mapping) else value


def test_the_table_lists_every_setting_with_its_default():
    rows = dict(re.findall(r"^\| `(MLNOTES_\w+)` \| `(.*?)` \|", README, re.MULTILINE))
    defaults = Settings()
    expected = {f"MLNOTES_{f.name.upper()}": plain(getattr(defaults, f.name)) for f in fields(Settings)}
    assert {name: ast.literal_eval(value) for name, value in rows.items()} == expected


def test_both_commands_are_there_for_the_machine_that_runs_them():
    for name in ("Build the demo", "Run the tests"):
        assert re.search(rf"^# {name}\n\S", README, re.MULTILINE)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_every_link_into_the_repository_leads_to_a_file(name):
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)|(?:src|srcset)=\"([^\"]+)\"", text):
        path = target[0] or target[1]
        assert (REPOSITORY / path).exists(), path


def test_every_link_within_readme_leads_to_a_heading():
    headings = {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= headings


def test_readme_stays_short_enough_to_be_read():
    assert len(README.splitlines()) < 400
