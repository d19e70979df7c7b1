"""How does a theme that knows nothing of us find our macros?"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PrefixLoader

from pelican_mlnotes import theme_path
from pelican_mlnotes.plugin.enabled import is_enabled

FOLDER = Path(__file__).resolve().parent / "templates" / "mlnotes"
MACROS = "mlnotes/"
"""How the names of our templates start."""


def offer_macros(generator: Any) -> None:
    """Let the generator's templates import ``mlnotes/macros.html``.

    Asked last: every name that the theme or the site has a template for still leads there.
    """
    if not is_enabled(generator.settings):
        return
    environment = getattr(generator, "env", None)
    if environment is not None and environment.loader is not None:
        loaders: list[BaseLoader] = [FileSystemLoader(FOLDER)]
        # A copy of the plugin alone has no theme, and no words of the interface.
        with suppress(FileNotFoundError):
            words = FileSystemLoader(Path(theme_path(), "templates", "words"))
            loaders.append(PrefixLoader({"words": words}))
        ours = PrefixLoader({MACROS.rstrip("/"): ChoiceLoader(loaders)})
        environment.loader = ChoiceLoader([environment.loader, ours])
