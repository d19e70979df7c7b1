"""Where does the edge call a function? There a test puts another in its place."""

from types import ModuleType

from pelican_mlnotes.plugin import articles, build, handlers, tags


def caller_of(name: str) -> ModuleType:
    """Return the module of the edge that calls ``name`` by this name; raises ``LookupError`` if none does."""
    for module in (handlers, articles, build, tags):
        if hasattr(module, name):
            return module
    raise LookupError(name)
