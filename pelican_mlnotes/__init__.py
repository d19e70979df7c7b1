"""Machine-learning notes that organise themselves: a Pelican plugin and a theme."""

# Nothing is imported here: "python -m" looks into the working folder first until __main__ forbids it, and a
# blog may have a math.py of its own.

__version__ = "0.1.0"
__all__ = ["__version__", "register", "theme_path"]


def register() -> None:
    """Connect the plugin to Pelican's signals; Pelican calls this once a build."""
    # Imported late, so that theme_path() in a pelicanconf.py does not load the plugin.
    from pelican_mlnotes import plugin

    plugin.connect()


def theme_path() -> str:
    """Return the folder of the bundled theme, to be assigned to ``THEME``.

    Raises ``FileNotFoundError`` if the theme is neither inside the package (wheel)
    nor beside it (clone, editable install).
    """
    from pathlib import Path

    package = Path(__file__).resolve().parent
    for folder in (package / "theme", package.parent / "theme"):
        if (folder / "templates").is_dir():
            return str(folder)
    raise FileNotFoundError(f"pelican_mlnotes: no theme in {package} or beside it; install the package again")
