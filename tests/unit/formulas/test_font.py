"""What a math font is cut down to, on fonts of a few squares."""

import io
from functools import cache

import pytest

from pelican_mlnotes.formulas import font as module
from pelican_mlnotes.formulas.convert import Converter, Formula
from pelican_mlnotes.formulas.font import FontError, drawn_in, make_font

pytest.importorskip("fontTools")
pytest.importorskip("brotli")

from fontTools.ttLib import TTCollection, TTFont

from tests.math_fonts import write_font


@cache
def mathml(tex):
    return Converter().convert_marked(Formula(tex, True).marked())[0]


def drawn(html):
    return "".join(map(chr, sorted(drawn_in(html))))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return write_font(tmp_path_factory.mktemp("fonts") / "tiny.ttf")


def made(file, signs):
    data, _ = make_font(file, map(ord, signs))
    return TTFont(io.BytesIO(data))


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("x", "\U0001d465"),
        ("h", "\u210e"),
        (r"\mathrm{x}", "x"),
        (r"\text{if } 7", "7fi\xa0"),
        (r"\alpha\nabla", "∇𝛼"),
        (r"\sqrt{7}", "7√"),
        ("7-7", "7−"),
        ("f'", "′𝑓"),
        (r"\sin", "ins"),
        (r"\mathbb{E}", "𝔼"),
        ("7<8", "78<"),
    ],
)
def test_what_is_drawn_for_a_formula(tex, expected):
    assert drawn(mathml(tex)) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>x (7)</p>", ""),
        ("a <math><mi>x</mi></math> b <math><mn>7</mn></math> c", "7\U0001d465"),
        ("<math><mo>-</mo><mo>&#40;</mo></math>", "(-−"),
        ('<math><mi mathvariant="normal">x</mi></math>', "x"),
        ("<math><mi>x", "\U0001d465"),
        ('<math><mn>7</mn><annotation encoding="application/x-tex">Q</annotation></math>', "7"),
        ("<mathjax>", ""),
    ],
)
def test_what_is_drawn_for_any_html(html, expected):
    assert drawn(html) == expected


def test_a_sign_too_many_is_better_than_one_too_few():
    assert set("7") <= set(drawn('<math alttext="Q > 0"><mn>7</mn></math>'))


def test_time_to_look_through_a_page_grows_with_its_length():
    for text in ("<math", "<math><mi", "<math><annotation ", "<math>&#"):
        drawn_in(text * 20_000)


def test_a_font_holds_the_signs_it_is_asked_for_and_no_others(tiny):
    assert set(made(tiny, "7x").getBestCmap()) == set(map(ord, " 7x"))


def test_a_font_keeps_the_table_by_which_brackets_grow(tiny):
    # Two parentheses; a larger form of one and its two pieces.
    plain, bracket = made(tiny, "7"), made(tiny, "7()")
    assert bracket["maxp"].numGlyphs == plain["maxp"].numGlyphs + 5
    variants = bracket["MATH"].table.MathVariants
    assert len(variants.VertGlyphConstruction) == 1
    assert variants.VertGlyphConstruction[0].VariantCount == 2
    assert len(variants.VertGlyphConstruction[0].GlyphAssembly.PartRecords) == 2


def test_a_font_keeps_forms_for_scripts_of_primes_alone(tiny):
    assert made(tiny, "7")["maxp"].numGlyphs + 2 == made(tiny, "7′")["maxp"].numGlyphs
    assert made(tiny, "x")["maxp"].numGlyphs == made(tiny, "7")["maxp"].numGlyphs


def test_wide_accents_grow_by_the_forms_of_accents_of_their_shape(tiny):
    font = made(tiny, "~ˇ")
    variants = font["MATH"].table.MathVariants
    (grown,) = variants.HorizGlyphCoverage.glyphs
    assert grown == font.getBestCmap()[ord("~")]
    widths = [form.AdvanceMeasurement for form in variants.HorizGlyphConstruction[0].MathGlyphVariantRecord]
    assert widths == [300, 900]
    assert len(font.getGlyphOrder()) - len(made(tiny, "ˇ").getGlyphOrder()) == 3


def test_a_font_bears_another_name_than_the_whole(tmp_path, tiny):
    names = made(tiny, "x")["name"]
    assert names.getBestFullName() == "MLNotes Math"
    assert "Tiny" not in "".join(str(name) for name in names.names)
    outlines = made(write_font(tmp_path / "own.otf", curves="PostScript"), "x")["CFF "].cff
    assert outlines.fontNames == ["MLNotesMath"]
    assert [outlines[0].FullName, outlines[0].FamilyName] == ["MLNotes Math", "MLNotes Math"]


def test_curves_of_postscript_are_kept(tmp_path):
    font = made(write_font(tmp_path / "own.otf", curves="PostScript"), "7(")
    assert "CFF " in font
    assert set(font.getBestCmap()) >= set(map(ord, " 7("))
    assert font["MATH"].table.MathVariants.VertGlyphConstruction[0].VariantCount == 2


def test_a_font_is_the_same_whenever_and_in_whatever_order(tiny):
    assert make_font(tiny, map(ord, "x7(√")) == make_font(tiny, map(ord, "√(7x"))


def test_of_a_collection_the_first_font_for_formulas_is_taken(tmp_path):
    collection = TTCollection()
    collection.fonts = [
        TTFont(write_font(tmp_path / "plain.ttf", math=False)),
        TTFont(write_font(tmp_path / "math.ttf")),
    ]
    collection.save(tmp_path / "both.ttc")
    assert "MATH" in made(tmp_path / "both.ttc", "(")


def test_the_licence_is_what_the_font_says_of_itself(tmp_path):
    file = write_font(tmp_path / "own.ttf", licence="You may read with it.")
    _, licence = make_font(file, [ord("x")])
    assert "part of Tiny," in licence
    assert "You may read with it." in licence
    assert "SIL OPEN FONT LICENSE" not in licence


def test_the_open_font_licence_is_told_in_full(tmp_path):
    named = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
    _, licence = make_font(write_font(tmp_path / "own.ttf", licence=named), [ord("x")])
    assert named in licence
    assert "PERMISSION & CONDITIONS" in licence


def test_a_font_without_the_table_for_formulas_is_refused(tmp_path):
    with pytest.raises(FontError, match=r"plain\.ttf has no MATH table"):
        make_font(write_font(tmp_path / "plain.ttf", math=False), [ord("x")])


@pytest.mark.parametrize("keep", [0, 3, 100, -200])
def test_a_damaged_font_is_refused_in_one_line(tmp_path, tiny, keep):
    file = tmp_path / "broken.ttf"
    file.write_bytes(tiny.read_bytes()[:keep])
    with pytest.raises(FontError, match=r"broken\.ttf cannot be read as a font: ") as caught:
        make_font(file, [ord("x")])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("missing", ["fontTools", "brotli"])
def test_without_the_extra_a_line_says_how_to_install_it(monkeypatch, tiny, missing):
    found = module.find_spec
    monkeypatch.setattr(module, "find_spec", lambda name: None if name.startswith(missing) else found(name))
    with pytest.raises(FontError, match=r"pip install 'pelican-mlnotes\[math-font\]'"):
        make_font(tiny, [ord("x")])
