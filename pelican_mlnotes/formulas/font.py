"""What of a math font do the formulas of a site need?

``drawn_in`` says which characters browsers draw for MathML, ``make_font`` cuts a font down to them. Brackets,
sums, roots and arrows bring the larger forms and the pieces that the font's table ``MATH`` names for them.
Sources: W3C, MathML Core; OpenType 1.9, tables ``MATH`` and ``GSUB``.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import unescape
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from pelican_mlnotes._patterns import pattern

FAMILY = "MLNotes Math"
"""What the font is called, within its file too: an author may have reserved the name for the whole."""
_OFL = Path(__file__).with_name("OFL.txt")
_FEATURES = ("dtls", "flac", "ssty")  # letters without dots under accents, flat accents, forms of scripts
_PRIMES = range(0x2032, 0x2038), range(0x2057, 0x2058)
_NAMED = (0, 7, 13, 14)  # copyright, trademark, licence, its address
_CALLED = ((1, FAMILY), (2, "Regular"), (4, FAMILY), (6, FAMILY.replace(" ", "")))
# Browsers made of Chromium widen the signs on the left, which the library writes for wide accents, and not
# those on the right, which fonts have wide forms of.
_WIDE_ACCENTS = {ord("~"): 0x303, ord("ˇ"): 0x30C}
_SPACE = 0x20  # browsers take no font for the first of a list that lacks it

_IS_OFL = pattern(r"Open\s+Font\s+License|openfontlicense\.org|scripts\.sil\.org/OFL", re.IGNORECASE)
_ANNOTATION = pattern(r"<annotation\b[^<]*</annotation>?")
_PIECE = pattern(r"<(/?[a-z]++)([^<>]*)>([^<]*)")

# MathML Core, appendix C.13, "italic mappings": a single letter in <mi> is drawn in italics.
_ITALIC = {
    **{ord("A") + n: 0x1D434 + n for n in range(26)},
    **{ord("a") + n: 0x1D44E + n for n in range(26)},
    ord("h"): 0x210E,
    ord("ı"): 0x1D6A4,
    ord("ȷ"): 0x1D6A5,
    **{ord("Α") + n: 0x1D6E2 + n for n in range(17)},
    ord("ϴ"): 0x1D6F3,
    **{ord("Σ") + n: 0x1D6F4 + n for n in range(7)},
    ord("∇"): 0x1D6FB,
    **{ord("α") + n: 0x1D6FC + n for n in range(25)},
    **dict(zip(map(ord, "∂ϵϑϰϕϱϖ"), range(0x1D715, 0x1D71C), strict=True)),
}


class FontError(ValueError):
    """There is no font of the site's own: says why, and what to do about it."""


def drawn_in(html: str) -> set[int]:
    """Return the code points that browsers may draw for the ``math`` elements of ``html``, however formed."""
    found: set[int] = set()
    for part in html.split("<math")[1:]:
        formula = _ANNOTATION.sub("", part.partition("</math")[0])
        for match in _PIECE.finditer(f"<math{formula}"):
            name, attributes, text = match.groups()
            points = set(map(ord, unescape(text)))
            if name == "mi" and "normal" not in attributes:
                sign = unescape(text).strip()
                points = {_ITALIC.get(ord(sign), ord(sign))} if len(sign) == 1 else points
            elif name in ("msqrt", "mroot"):
                points.add(ord("√"))
            elif name == "mo" and text.strip() == "-":
                points.add(ord("−"))
            found |= points
    return found - set(range(_SPACE + 1))


def make_font(file: Path, points: Iterable[int]) -> tuple[bytes, str]:
    """Return a WOFF2 font with what ``file`` has for ``points``, and what ``file`` says of its licence.

    The same file and points give the same bytes. Raises ``FontError`` if fontTools or Brotli is missing, or
    ``file`` is no font with a ``MATH`` table.
    """
    if find_spec("fontTools") is None or not (find_spec("brotli") or find_spec("brotlicffi")):
        raise FontError(
            "fontTools or Brotli is not installed; "
            "install them with: pip install 'pelican-mlnotes[math-font]'"
        )
    from fontTools.subset import Options, Subsetter  # here, because most sites have no font of their own

    options = Options()
    options.layout_features = [*options.layout_features, *_FEATURES]
    options.hinting = False  # a fourth of the file, for screens that are rare by now
    options.name_IDs = list(_NAMED)
    options.harfbuzz_repacker = False  # whether it is installed must not change the file
    try:
        with _quiet():
            font = _open(file)
            licence = _licence(font)
            _keep_scripts_of_primes(font)
            _widen_accents(font)
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=[_SPACE, *points])
            subsetter.subset(font)
            _rename(font)
            font.flavor = "woff2"
            written = BytesIO()
            font.save(written)
    except FontError:
        raise
    except Exception as error:  # a damaged font is met anywhere, by errors of any kind
        said = " ".join(str(error).split())
        raise FontError(f"{file} cannot be read as a font: {type(error).__name__}: {said}") from error
    return written.getvalue(), licence


def _open(file: Path) -> Any:
    """Return the font of ``file``, of several the first with a ``MATH`` table."""
    from fontTools.ttLib import TTFont

    with file.open("rb") as opened:
        several = opened.read(4) == b"ttcf"
    number = 0
    while True:
        # The time of the last change would be now.
        font = TTFont(file, fontNumber=number if several else -1, recalcTimestamp=False, lazy=False)
        if "MATH" in font:
            return font
        number += 1
        if not several or number >= font.reader.numFonts:
            raise FontError(
                f"{file} has no MATH table, so brackets and roots would not grow; "
                "choose a font for formulas, such as Latin Modern Math"
            )


def _keep_scripts_of_primes(font: Any) -> None:
    """Drop the forms that a font has for scripts, but those of primes, which are too small without.

    Firefox alone asks for them, and they would double the file.
    """
    if "GSUB" not in font:
        return
    table = font["GSUB"].table
    primes = {font.getBestCmap().get(point) for points in _PRIMES for point in points}
    if table.FeatureList is None:
        return
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag != "ssty":
            continue
        for index in record.Feature.LookupListIndex:
            for subtable in table.LookupList.Lookup[index].SubTable:
                rule = getattr(subtable, "ExtSubTable", subtable)
                for kind in ("alternates", "mapping"):
                    forms = getattr(rule, kind, None)
                    if forms:
                        setattr(rule, kind, {name: forms[name] for name in forms if name in primes})


def _widen_accents(font: Any) -> None:
    """Let signs grow over what is wide by the forms that the font has for accents of the same shape."""
    variants = font["MATH"].table.MathVariants
    if variants is None or variants.HorizGlyphCoverage is None:
        return
    forms = dict(zip(variants.HorizGlyphCoverage.glyphs, variants.HorizGlyphConstruction, strict=True))
    called = font.getBestCmap()
    for sign, accent in _WIDE_ACCENTS.items():
        if sign in called and called.get(accent) in forms:
            forms.setdefault(called[sign], forms[called[accent]])
    names = sorted(forms, key=font.getGlyphID)
    variants.HorizGlyphCoverage.glyphs = names
    variants.HorizGlyphConstruction = [forms[name] for name in names]
    variants.HorizGlyphCount = len(names)


def _rename(font: Any) -> None:
    for number, name in _CALLED:
        font["name"].setName(name, number, 3, 1, 0x409)
    if "CFF " in font:
        outlines = font["CFF "].cff
        outlines.fontNames = [FAMILY.replace(" ", "")]
        for key in ("FullName", "FamilyName"):
            if key in outlines[0].rawDict:
                outlines[0].rawDict[key] = FAMILY


def _licence(font: Any) -> str:
    """Return what a font says of its authors and its licence, with that in full if it is the SIL's."""
    called = font["name"].getBestFullName() or "a font without a name"
    said = [font["name"].getDebugName(number) for number in _NAMED]
    texts = [" ".join(text.split("\r")) for text in said if text]
    head = f"This is a part of {called}, under another name. Of its authors and its licence, the font says:"
    parts = [head, *(texts or ["nothing."])]
    if _IS_OFL.search(" ".join(texts)):
        parts.append(_OFL.read_text(encoding="utf-8"))
    return "\n\n".join(part.strip() for part in parts) + "\n"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library's own remarks on odd fonts out of the log: what matters is said in one line."""
    logger = logging.getLogger("fontTools")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
