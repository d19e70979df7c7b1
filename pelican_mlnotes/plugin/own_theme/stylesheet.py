"""How do a site's own colours and sizes get into the stylesheet, and what of it need readers not load?"""

import re
from pathlib import Path

from pelican import Pelican

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.plugin.enabled import is_enabled
from pelican_mlnotes.plugin.math_font import font_face
from pelican_mlnotes.settings import load_settings, with_tokens

_COMMENT = r"/\*.*?(?:\*/|\Z)"
# A colon that no room follows may begin a pseudo-class, before which room means something.
_ROOM = pattern(
    rf"""("[^"]*"|'[^']*')|{_COMMENT}|\s*+([{{}};,>]|:(?=\s))(?:\s|{_COMMENT})*+|\s+""", re.DOTALL
)
_LAST = pattern(r"""("[^"]*"|'[^']*')|;(?=})""")
_MARK = "/* MLNOTES_TOKENS */"


def style_theme(pelican: Pelican) -> None:
    """Add ``MLNOTES_TOKENS`` to the stylesheet that Pelican has copied, and take the room out of both."""
    if not is_enabled(pelican.settings):
        return
    folder = Path(pelican.output_path, pelican.settings["THEME_STATIC_DIR"], "css")
    everywhere = folder / "mlnotes.css"
    if not everywhere.is_file():
        return
    settings = load_settings(pelican.settings)
    # Pelican copies a file anew only if it has changed, so this one may hold the tokens of an earlier build.
    sheet = compact(everywhere.read_text(encoding="utf-8").partition(_MARK)[0])
    if settings.tokens:
        sheet = with_tokens(sheet, settings.tokens)
    # An earlier build may have left what it wrote there.
    if settings.math_font and (face := font_face(folder)):
        sheet += face if settings.tokens else f"\n{_MARK}\n{face}"
    everywhere.write_text(sheet, encoding="utf-8")
    reading = folder / "reading.css"
    if reading.is_file():
        reading.write_text(compact(reading.read_text(encoding="utf-8")), encoding="utf-8")


def compact(css: str) -> str:
    """Return ``css`` without comments, room and semicolons that mean nothing; twice is once."""
    return _LAST.sub(lambda match: match[1] or "", _ROOM.sub(_tight, css).strip())


def _tight(match: re.Match[str]) -> str:
    return match[1] or match[2] or ("" if match[0].startswith("/*") else " ")
