"""Tiny fonts for formulas, made when a test asks for one."""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.otlLib.builder import buildMathTable
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

SIGNS = {
    **{"parenleft": "(", "parenright": ")", "plus": "+", "minus": "−", "radical": "√", "summation": "∑"},
    **{"prime": "′", "A": "A", "x": "x", "xitalic": "\U0001d465", "seven": "7", "space": " "},
    **{"asciitilde": "~", "tildecomb": "\u0303", "caron": "ˇ"},
}
OTHERS = (".notdef", "parenleft.tall", "parenleft.top", "parenleft.bottom", "radical.tall", "x.script")
OTHERS += ("prime.script", "seven.script", "xitalic.script", "tildecomb.wide")


def _drawn(pen):
    for point, draw in (((0, 0), pen.moveTo), ((0, 500), pen.lineTo), ((500, 500), pen.lineTo)):
        draw(point)
    pen.closePath()
    return pen


def write_font(
    file: Path, *, math: bool = True, licence: str = "Free for all.", curves: str = "TrueType"
) -> Path:
    """Write a font of a few triangles to ``file``, with a table ``MATH`` and forms for scripts, or without.

    ``curves`` are those of "TrueType" or of "PostScript".
    """
    builder = FontBuilder(1000, isTTF=curves == "TrueType")
    names = [*OTHERS, *SIGNS]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(sign): name for name, sign in SIGNS.items()})
    if curves == "TrueType":
        builder.setupGlyf({name: _drawn(TTGlyphPen(None)).glyph() for name in names})
    else:
        shapes = {name: _drawn(T2CharStringPen(600, None)).getCharString() for name in names}
        builder.setupCFF("Tiny-Regular", {"FullName": "Tiny Regular", "FamilyName": "Tiny"}, shapes, {})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Tiny", "styleName": "Regular", "licenseDescription": licence})
    builder.setupOS2()
    builder.setupPost()
    builder.addOpenTypeFeatures(
        "feature ssty { "
        + " ".join(f"sub {name.removesuffix('.script')} by {name};" for name in OTHERS if "script" in name)
        + " } ssty;"
    )
    if math:
        buildMathTable(
            builder.font,
            vertGlyphVariants={
                "parenleft": [("parenleft", 500), ("parenleft.tall", 900)],
                "radical": [("radical", 500), ("radical.tall", 900)],
            },
            horizGlyphVariants={"tildecomb": [("tildecomb", 300), ("tildecomb.wide", 900)]},
            vertGlyphAssembly={
                "parenleft": ([("parenleft.bottom", 0, 0, 100, 500), ("parenleft.top", 0, 100, 0, 500)], 0)
            },
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    builder.save(file)
    return file
