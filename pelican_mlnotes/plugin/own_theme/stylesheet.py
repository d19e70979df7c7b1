"""How do a site's own colours and sizes get into the stylesheet?"""

from pathlib import Path

from pelican import Pelican

from pelican_mlnotes.plugin.enabled import is_enabled
from pelican_mlnotes.settings import load_settings, with_tokens


def style_theme(pelican: Pelican) -> None:
    """Add ``MLNOTES_TOKENS`` to the stylesheet that Pelican has copied."""
    if not is_enabled(pelican.settings):
        return
    tokens = load_settings(pelican.settings).tokens
    sheet = Path(pelican.output_path, pelican.settings["THEME_STATIC_DIR"], "css", "mlnotes.css")
    if tokens and sheet.is_file():
        sheet.write_text(with_tokens(sheet.read_text(encoding="utf-8"), tokens), encoding="utf-8")
