"""Who may import whom: the core does not know Pelican, each library has one home, no import goes round."""

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "pelican_mlnotes"
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in {"namespace", "theme"}
)

CORE = {"text", "document", "formulas", "topics", "related", "links", "search", "excerpt", "settings"}
HELPERS = {"_cache", "_patterns"}
# What a room may take from others. A room that is missing here fails the test: its place must be decided.
MAY_IMPORT = {
    "__init__": {"plugin"},
    "__main__": {"cli"},
    "_cache": set(),
    "_patterns": set(),
    "settings": set(),
    "text": set(),
    "formulas": set(),
    "document": {"formulas", "text"},
    "excerpt": {"document"},
    "topics": {"document", "text"},
    "related": {"document", "text"},
    "links": {"document", "excerpt", "text"},
    "search": {"document", "text"},
    "plugin": CORE,
    "importers": CORE | {"plugin", "cli"},
    "cli": CORE | {"plugin", "importers"},
}
# Libraries, and the rooms or files that may know them; whatever is not listed is unknown everywhere.
HOMES = {
    "pelican": {"plugin", "cli", "importers"},
    "jinja2": {"plugin"},
    "markupsafe": {"plugin", "cli/survey.py"},
    "selectolax": {"document", "plugin/post_cache.py"},
    "math_core": {"formulas/convert.py"},
    "fontTools": {"formulas/font.py"},
    "markdown": {"formulas/markdown.py", "importers/commonmark.py", "importers/obsidian.py"},
    "imagesize": {"plugin/files.py"},
    "rich": {"cli"},
    "docutils": {"cli/start.py"},
    "bs4": {"importers/html.py"},
    "pagefind": {"search/index.py"},
}


def name_of(module: Path) -> str:
    parts = module.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(("pelican_mlnotes", *parts)).removesuffix(".__init__")


NAMES = {name_of(module) for module in MODULES}


def imported(tree: ast.AST) -> set[str]:
    """Return the dotted names of all modules that ``tree`` imports."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                names.add(inner if inner in NAMES else node.module or "")
    return names


def room_of(name: str) -> str:
    return name.split(".")[1] if "." in name else "__init__"


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_room_imports_only_what_its_place_allows(module):
    here = module.relative_to(PACKAGE).as_posix()
    room = here.removesuffix(".py").split("/")[0]
    for name in imported(ast.parse(module.read_text(encoding="utf-8"))):
        library = name.split(".")[0]
        if name == "pelican_mlnotes":
            continue  # the version, and what a plugin is registered by
        if library == "pelican_mlnotes":
            assert room_of(name) in MAY_IMPORT[room] | HELPERS | {room}, f"{here} imports {name}"
        elif library not in sys.stdlib_module_names:
            assert HOMES[library] & {room, here}, f"{here} imports {name}"


def test_no_import_goes_round():
    graph = {}
    for module in MODULES:
        # What stands in a function is imported when it is called.
        tree = ast.parse(module.read_text(encoding="utf-8"))
        tree.body = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        graph[name_of(module)] = imported(tree) & NAMES
    # The package of a module is loaded before it, and is no part of a circle for that.
    TopologicalSorter({name: found - {"pelican_mlnotes"} for name, found in graph.items()}).prepare()
