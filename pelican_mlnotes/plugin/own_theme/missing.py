"""Which files do settings of our theme name that the site does not have?"""

import logging
from pathlib import Path
from urllib.parse import unquote

from pelican import Pelican

from pelican_mlnotes.plugin.enabled import is_enabled
from pelican_mlnotes.plugin.own_theme.compiled import has_our_theme
from pelican_mlnotes.settings import load_settings

logger = logging.getLogger(__name__)


def warn_of_missing_files(pelican: Pelican) -> None:
    """Say once everything is written which logo, icon or stylesheet is not among it."""
    if not is_enabled(pelican.settings) or not has_our_theme(pelican):
        return
    settings = load_settings(pelican.settings)
    named = [("LOGO", settings.logo), ("FAVICON", settings.favicon), *(("CSS", one) for one in settings.css)]
    for name, address in named:
        if not _is_written(address, Path(pelican.output_path)):
            logger.warning(
                "pelican_mlnotes: MLNOTES_%s names %r, but the site has no such file; its path is "
                "below the output folder, and its folder must be in STATIC_PATHS",
                name,
                address,
            )


def _is_written(address: str, output: Path) -> bool:
    """Return whether ``address`` names a file that was written, or one that is elsewhere."""
    place = address.replace("{static}", "", 1)
    path = unquote(place.partition("?")[0].partition("#")[0])
    elsewhere = place.startswith("//") or ":" in place.partition("/")[0]
    return elsewhere or not path.strip("/") or (output / path.lstrip("/")).is_file()
