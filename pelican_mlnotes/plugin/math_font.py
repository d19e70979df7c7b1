"""When is the font for a site's formulas made, and where is it written?

Part of the edge. It is made when all formulas are shown and before anything is written, since templates ask
whether there is one. It stands beside the theme's stylesheets; browsers load it where they draw a formula.
"""

import logging
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from jinja2 import ChoiceLoader, DictLoader
from pelican.generators import Generator

from pelican_mlnotes._cache import cached, write_at_once
from pelican_mlnotes.formulas.font import FAMILY, FontError, drawn_in, make_font
from pelican_mlnotes.plugin.contents import all_contents
from pelican_mlnotes.plugin.enabled import is_enabled
from pelican_mlnotes.plugin.formulas import shown_elsewhere
from pelican_mlnotes.plugin.guard import guard
from pelican_mlnotes.plugin.macros import MACROS
from pelican_mlnotes.settings import load_settings

logger = logging.getLogger(__name__)

STYLESHEET = "mlnotes-math.css"
"""What other themes load; its first line alone is for ours, which names the font already."""
LICENCE = "mlnotes-math-licence.txt"
BUNDLED = "stix-two"
"""What ``MLNOTES_MATH_FONT`` calls the font that ziamath brings."""
_FONT = "mlnotes-math-{}.woff2"
# As in our theme's stylesheet: Chromium draws wide hats as far as their box goes, which has no width.
_WHOLE = ":is(mover,munder)>mo{box-shadow:0 0 0 9em transparent}"
_PLACE = f"{MACROS}math_font"


class MathFontGenerator(Generator):  # type: ignore[misc]
    """Writes the font, its licence, and the stylesheet that names it."""

    _files: Mapping[str, bytes] = {}

    def prepare(self, generators: Sequence[Any]) -> None:
        """Make the font for the formulas that ``generators`` publish; one warning if there is none.

        Formulas must be MathML by now. Without any, there is no font either.
        """
        settings = load_settings(self.settings)
        points: set[int] = set()
        for html in _shown(generators, settings.math_macros):
            points |= drawn_in(html)
        if not points:
            return
        folder = posixpath.normpath(posixpath.join(self.settings["THEME_STATIC_DIR"], "css"))
        try:
            file = _font_file(settings.math_font, self.path)
            # A site within another, whose theme's files it uses, has the font of that, too.
            if not folder.startswith(".."):
                self._files = _made(file, points)
        except FontError as error:
            logger.warning("pelican_mlnotes: formulas have no font of the site's own: %s", error)
            return
        place = DictLoader({_PLACE: quote(f"{folder}/{STYLESHEET}")})
        for generator in generators:
            environment = getattr(generator, "env", None)
            if environment is not None and environment.loader is not None:
                environment.loader = ChoiceLoader([environment.loader, place])

    def generate_output(self, writer: Any) -> None:  # noqa: ARG002
        """Write what ``prepare`` has made, and take away what it made for other formulas."""
        folder = Path(self.output_path, self.settings["THEME_STATIC_DIR"], "css")
        if self._files:
            folder.mkdir(parents=True, exist_ok=True)
        elif Path(self.output_path).resolve() not in folder.resolve().parents:
            return
        for name, data in self._files.items():
            file = folder / name
            if not file.is_file() or file.read_bytes() != data:
                write_at_once(file, data)
        for file in (*folder.glob(_FONT.format("*")), folder / STYLESHEET, folder / LICENCE):
            if file.name not in self._files:
                file.unlink(missing_ok=True)


def offer_math_font(pelican: Any) -> type[MathFontGenerator] | None:
    """Give Pelican the generator of a site that wants a font for its formulas."""
    if is_enabled(pelican.settings) and load_settings(pelican.settings).math_font:
        return MathFontGenerator
    return None


def make_math_fonts(generators: Sequence[Any]) -> None:
    """Let the generator of the build, if there is one, make its font."""
    for generator in generators:
        if isinstance(generator, MathFontGenerator):
            with guard("every formula", "font of the site's own"):
                generator.prepare(generators)


def font_face(folder: Path) -> str:
    """Return the rule that names the font which the build has written into ``folder``; empty if none."""
    file = folder / STYLESHEET
    return file.read_text(encoding="utf-8").partition("\n")[0] if file.is_file() else ""


def _shown(generators: Sequence[Any], macros: Mapping[str, str]) -> Iterator[str]:
    """Yield the HTML of all that is written, and of what sites within this one write."""
    elsewhere: dict[int, Any] = {}
    for generator in generators:
        for content in all_contents(generator):
            with guard(content, "font for its formulas"):
                if content.save_as:
                    yield content._content or ""
                    yield str(content.metadata.get("summary") or "")
                    yield str(getattr(content, "title_html", ""))
        subsites = generator.settings.get("I18N_SUBSITES") or ()
        for content in generator.context.get("generated_content", {}).values() if subsites else ():
            if getattr(content, "lang", None) in subsites:
                elsewhere[id(content)] = content
    yield from shown_elsewhere(elsewhere.values(), macros)


def _font_file(name: str, path: str) -> Path:
    """Return the file that ``MLNOTES_MATH_FONT`` names; raises ``FontError`` if there is none."""
    if name == BUNDLED:
        package = find_spec("ziamath")
        for folder in (package and package.submodule_search_locations) or ():
            for file in sorted(Path(folder, "fonts").glob("STIXTwoMath*.[ot]tf")):
                return file
        raise FontError(
            f"{BUNDLED!r} is the font of ziamath, which is not installed; "
            "install it with: pip install 'pelican-mlnotes[math-font]'"
        )
    file = Path(path, name)
    if ".." in PurePath(name.replace("\\", "/")).parts or Path(path) not in file.parents:
        raise FontError(f"MLNOTES_MATH_FONT must name a file below PATH or be {BUNDLED!r}, not {name!r}")
    if not file.is_file():
        from difflib import get_close_matches  # here, because right settings do without

        near = get_close_matches(name.lower(), [BUNDLED], cutoff=0.6)
        asks = f"; did you mean {BUNDLED!r}?" if near else ""
        raise FontError(f"MLNOTES_MATH_FONT names {name!r}, but there is no file {file}{asks}")
    return file


def _made(file: Path, points: set[int]) -> dict[str, bytes]:
    """Return the files of the font by name; raises ``FontError``."""
    from importlib.metadata import PackageNotFoundError, version  # here, because it takes long to load

    tools = []
    for package in ("fonttools", "brotli", "brotlicffi"):
        try:
            tools.append((package, version(package)))
        except PackageNotFoundError:
            continue
    wanted = sorted(points)
    font, licence = cached("math-font", partial(make_font, file, wanted), [file], wanted, tools)
    name = _FONT.format(sha256(font).hexdigest()[:16])
    face = (
        f'@font-face{{font-family:"{FAMILY}";src:url("{name}") format("woff2");font-display:swap}}\n'
        f'math{{font-family:"{FAMILY}",math}}\n{_WHOLE}\n'
    )
    return {name: font, LICENCE: licence.encode(), STYLESHEET: face.encode()}
