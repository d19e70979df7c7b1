"""Who may import whom: the core knows nothing of Pelican, and each library has one home."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "pelican_mlnotes"

EVERYONE_MAY = {"patterns"}
# Beside the standard library. A module that is missing here fails the test: its place must be decided.
MAY_IMPORT = {
    "__init__": {"plugin"},
    "settings": set(),
    "text": set(),
    "patterns": set(),
    "titles": {"formula_marks", "tex"},
    "tex": set(),
    "prose": {"formula_marks", "tex"},
    "pictures": {"kept"},
    "tame": set(),
    "images": {"imagesize"},
    "document": {"selectolax", "kept", "pictures", "prose", "tame", "tex", "text"},
    "markup": {"formula_marks", "tex"},
    "excerpt": {"document", "prose", "text"},
    "taxonomy": {"kept", "taxonomy_files", "text"},
    "taxonomy_files": {"taxonomy", "text"},
    "topics": {"document", "taxonomy", "text"},
    "topic_map": {"taxonomy"},
    "related_nav": {"kept", "text"},
    "formula_marks": set(),
    "attributes": set(),
    "brackets": set(),
    "formulas": {"brackets", "math_core", "formula_marks", "tex"},
    "page_formulas": {
        "markupsafe",
        "pelican",
        "document",
        "excerpt",
        "formula_marks",
        "formulas",
        "guard",
        "pictures",
        "titles",
    },
    "markdown_math": {"markdown", "formula_marks", "tex"},
    "related": {"document", "text"},
    "tagging": {"pelican", "taxonomy"},
    "macros": {"jinja2"},
    "compiled": {"jinja2", "kept", "macros"},
    "kept": set(),
    "guard": set(),
    "relating": {
        "jinja2",
        "pelican",
        "document",
        "guard",
        "macros",
        "related",
        "settings",
        "tagging",
        "titles",
    },
    "front_matter": set(),
    "blogger": {"importers"},
    "reading": {
        "register",
        "pelican",
        "document",
        "page_formulas",
        "pictures",
        "plugin",
        "settings",
        "tagging",
        "taxonomy",
    },
    "readings_cache": {"pelican", "selectolax", "__version__", "document", "kept"},
    "redirects": {"pelican", "blogger", "importers", "reading", "tagging"},
    "explaining": {"pelican", "document", "reading", "relating", "tagging", "text", "titles", "topics"},
    "checking": {"pelican", "images", "reading", "tagging", "text"},
    "cli": {
        "rich",
        "__version__",
        "pelican",
        "blogger",
        "checking",
        "explaining",
        "front_matter",
        "importers",
        "pictures",
        "reading",
        "redirects",
        "settings",
        "start",
        "taxonomy",
    },
    "start": {"docutils"},
    "__main__": {"cli"},
    "plugin": {
        "markupsafe",
        "pelican",
        "attributes",
        "compiled",
        "document",
        "excerpt",
        "guard",
        "images",
        "macros",
        "markup",
        "page_formulas",
        "pictures",
        "readings_cache",
        "related_nav",
        "relating",
        "settings",
        "tagging",
        "taxonomy",
        "text",
        "titles",
        "topic_map",
        "topics",
    },
}


def imported(module: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "pelican_mlnotes":
            names |= {f"pelican_mlnotes.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    short = {name.removeprefix("pelican_mlnotes.").split(".")[0] for name in names}
    return short - set(sys.stdlib_module_names)


@pytest.mark.parametrize("module", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.stem)
def test_a_module_imports_only_what_its_place_allows(module):
    assert imported(module) <= MAY_IMPORT[module.stem] | EVERYONE_MAY
