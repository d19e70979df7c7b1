"""A font of the site's own for formulas: which files are written, which pages load them, what if it fails."""

import io
import re
import shutil
from pathlib import Path

import pytest

import pelican_mlnotes
from pelican_mlnotes.plugin import math_font

pytest.importorskip("fontTools")
pytest.importorskip("brotli")

from fontTools.ttLib import TTFont

from tests.math_fonts import write_font

ON = {"MLNOTES_MATH": "mathml", "MLNOTES_MATH_FONT": "fonts/tiny.ttf"}
OURS = {**ON, "THEME": pelican_mlnotes.theme_path()}
NONE = "pelican_mlnotes: formulas have no font of the site's own: "
CSS = Path("theme", "css")
BASE = '{% from "mlnotes/macros.html" import math_head %}<head>{{ math_head(SITEURL) }}</head>'


@pytest.fixture
def tiny(site):
    """Return a site with a font and a post with a formula."""
    write_font(site.content / "fonts" / "tiny.ttf")
    site.post("one", "Here $x^7$ and\n\n$$\\left( x \\right)$$\n", Title="With a formula")
    return site


@pytest.fixture
def other_theme(tmp_path):
    """Return a theme that asks for the font, and for nothing else of ours."""
    theme = tmp_path / "plain"
    for name in ("article", "page", "index"):
        path = theme / "templates" / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(BASE + "{{ (article or page or {}).content }}", encoding="utf-8")
    (theme / "static").mkdir()
    return str(theme)


def fonts(output):
    return sorted(path.name for path in (output / CSS).glob("*.woff2"))


def signs(output):
    [name] = fonts(output)
    return "".join(map(chr, sorted(TTFont(output / CSS / name).getBestCmap())))


def linked(html):
    return re.findall(r'<link rel="stylesheet" href="([^"]*)">', html)


def test_by_default_there_is_none(tiny):
    built = tiny.build(**OURS | {"MLNOTES_MATH_FONT": ""})
    assert not [name for name in built.files() if "math" in name]
    assert "@font-face" not in built.read("theme/css/mlnotes.css")


def test_the_font_of_our_theme_is_named_by_its_stylesheet_alone(tiny):
    built = tiny.build(**OURS)
    assert built.warnings == []
    [name] = fonts(built.output)
    assert f'src:url("{name}") format("woff2");font-display:swap' in built.read("theme/css/mlnotes.css")
    assert "math{font-family:MLNotes Math," in built.read("theme/css/mlnotes.css")
    assert "mlnotes-math" not in built.read("one.html")
    assert "Free for all." in built.read("theme/css/mlnotes-math-licence.txt")


def test_the_font_holds_what_the_formulas_of_the_site_need(tiny):
    tiny.write("pages/about.md", "Title: About $7$\n\nNo more.\n")
    tiny.post("two", "Here $+$.", Status="draft")
    built = tiny.build(**OURS)
    assert signs(built.output) == " ()+7\U0001d465"


def test_tokens_and_font_stand_in_the_stylesheet_together(tiny):
    for _ in range(2):
        sheet = tiny.build(**OURS, MLNOTES_TOKENS={"radius": "7px"}).read("theme/css/mlnotes.css")
        assert sheet.count("@font-face") == sheet.count("--radius: 7px") == 1
    assert "@font-face" in tiny.build(**OURS).read("theme/css/mlnotes.css")
    assert "@font-face" not in tiny.build(**OURS | {"MLNOTES_MATH_FONT": ""}).read("theme/css/mlnotes.css")


def test_other_themes_load_it_by_a_macro(tiny, other_theme):
    built = tiny.build(**ON, THEME=other_theme, SITEURL="https://example.org/notes")
    assert built.warnings == []
    assert linked(built.read("one.html")) == ["https://example.org/notes/theme/css/mlnotes-math.css"]
    [name] = fonts(built.output)
    assert f'url("{name}")' in built.read("theme/css/mlnotes-math.css")
    assert 'math{font-family:"MLNotes Math",math}' in built.read("theme/css/mlnotes-math.css")


def test_the_macro_leads_there_from_every_folder(tiny, other_theme):
    tiny.write("pages/about.md", "Title: About\n\nWords.\n")
    built = tiny.build(**ON, THEME=other_theme, RELATIVE_URLS=True, THEME_STATIC_DIR="a b/{{ x }}")
    for page in ("one.html", "pages/about.html"):
        [address] = linked(built.read(page))
        assert address.endswith("a%20b/%7B%7B%20x%20%7D%7D/css/mlnotes-math.css")
        assert address.startswith("../" if "/" in page else "./")
    assert (built.output / "a b/{{ x }}/css/mlnotes-math.css").is_file()


def test_the_macro_writes_nothing_where_there_is_no_font(tiny, other_theme):
    for settings in ({"MLNOTES_MATH_FONT": ""}, {"MLNOTES_MATH_FONT": "none.ttf"}):
        built = tiny.build(**ON | settings, THEME=other_theme)
        assert "<head></head>" in built.read("one.html")


def test_a_site_without_formulas_has_no_font(site):
    site.post("one", "No formula.")
    write_font(site.content / "fonts" / "tiny.ttf")
    built = site.build(**OURS)
    assert built.warnings == []
    assert fonts(built.output) == []


def test_mathml_that_authors_wrote_counts_too(site):
    write_font(site.content / "fonts" / "tiny.ttf")
    site.post("one", "<p><math><mn>7</mn></math></p>")
    built = site.build(**OURS | {"MLNOTES_MATH": "off"})
    assert signs(built.output) == " 7"


def test_the_font_of_other_formulas_goes(tiny):
    before = fonts(tiny.build(**OURS).output)
    tiny.post("two", "And $+$.")
    after = fonts(tiny.build(**OURS).output)
    assert len(after) == 1
    assert after != before


def test_two_builds_write_the_same_bytes(tiny, tmp_path):
    def built(seed):
        temporary = tmp_path / seed  # nothing is kept from one to the next
        temporary.mkdir()
        env = {"PYTHONHASHSEED": seed, "TMPDIR": str(temporary), "TEMP": str(temporary)}
        shutil.rmtree(tiny.folder / "output", ignore_errors=True)
        done = tiny.run(env=env, **OURS)
        assert done.returncode == 0, done.stdout + done.stderr
        folder = tiny.folder / "output" / CSS
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    assert built("1") == built("2")


def test_a_rebuild_cuts_no_font_anew(tiny, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    first = tiny.build(**OURS).files()
    monkeypatch.setattr(math_font, "make_font", lambda *_: pytest.fail("cut anew"))
    assert tiny.build(**OURS).files() == first


def test_another_font_under_the_same_name_is_seen(tiny):
    before = tiny.build(**OURS).files()
    write_font(tiny.content / "fonts" / "tiny.ttf", licence="Other.")
    assert "Other." in tiny.build(**OURS).read("theme/css/mlnotes-math-licence.txt")
    assert before != tiny.build(**OURS).files()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.ttf", "but there is no file"),
        ("fonts", "but there is no file"),
        ("fonts/plain.ttf", "has no MATH table"),
        ("fonts/broken.ttf", "cannot be read as a font"),
        ("one.md", "cannot be read as a font"),
        ("../tiny.ttf", "must name a file below PATH"),
        ("fonts/../fonts/tiny.ttf", "must name a file below PATH"),
        ("..\\tiny.ttf", "must name a file below PATH"),
        ("/etc/hosts", "must name a file below PATH"),
        (".", "must name a file below PATH"),
        ("a\0b", "there is no file"),
        ("STIX-two", "did you mean 'stix-two'?"),
        ("stix2", "did you mean 'stix-two'?"),
    ],
)
def test_what_is_no_such_font_is_said_in_one_line(tiny, name, said):
    write_font(tiny.folder / "tiny.ttf")
    write_font(tiny.content / "fonts" / "plain.ttf", math=False)
    (tiny.content / "fonts" / "broken.ttf").write_bytes(b"\0\1\0\0" + b"x" * 100)
    built = tiny.build(**OURS | {"MLNOTES_MATH_FONT": name})
    [warning] = [message for message in built.warnings if message.startswith("pelican_mlnotes")]
    assert warning.startswith(NONE)
    assert said in warning
    assert "\n" not in warning
    assert "<math" in built.read("one.html")
    assert fonts(built.output) == []
    assert "@font-face" not in built.read("theme/css/mlnotes.css")


def test_a_font_that_is_gone_is_not_named_by_what_was_built_before(tiny):
    tiny.build(**OURS)
    (tiny.content / "fonts" / "tiny.ttf").unlink()
    built = tiny.build(**OURS)
    assert not [name for name in built.files() if "mlnotes-math" in name]
    assert "@font-face" not in built.read("theme/css/mlnotes.css")


def test_without_the_package_that_brings_a_font_a_line_says_how_to_get_it(tiny, monkeypatch):
    monkeypatch.setattr(math_font, "find_spec", lambda name: None)
    built = tiny.build(**OURS | {"MLNOTES_MATH_FONT": "stix-two"})
    [warning] = built.warnings
    assert warning.startswith(NONE)
    assert "pip install 'pelican-mlnotes[math-font]'" in warning


def test_with_the_plugin_off_there_is_none(tiny):
    built = tiny.build(PLUGINS=[], MLNOTES_MATH_FONT="fonts/tiny.ttf")
    assert fonts(built.output) == []


def test_the_bundled_name_stands_for_stix_two(tiny):
    pytest.importorskip("ziamath")
    built = tiny.build(**OURS | {"MLNOTES_MATH_FONT": "stix-two"})
    assert built.warnings == []
    [name] = fonts(built.output)
    font = TTFont(io.BytesIO((built.output / CSS / name).read_bytes()))
    assert ord("(") in font.getBestCmap()
    assert font["MATH"].table.MathVariants.VertGlyphConstruction[0].VariantCount > 5
    licence = built.read("theme/css/mlnotes-math-licence.txt")
    assert "STIX Fonts Project Authors" in licence
    assert "SIL OPEN FONT LICENSE" in licence


@pytest.mark.parametrize("theme", ["ours", "other"])
def test_translations_on_sites_of_their_own_share_the_font(site, theme, other_theme):
    pytest.importorskip("pelican.plugins.i18n_subsites")
    write_font(site.content / "fonts" / "tiny.ttf")
    site.post("one", "Here $x$.", Lang="en")
    site.write("one-de.md", "Title: Eins\nDate: 2026-01-01\nSlug: one\nLang: de\n\nHier $7$.\n")
    settings = {
        **ON,
        "THEME": other_theme if theme == "other" else pelican_mlnotes.theme_path(),
        "PLUGINS": ["i18n_subsites", "pelican_mlnotes"],
        "SITEURL": "https://example.org",
        "I18N_SUBSITES": {"de": {}},
    }
    for _ in range(2):
        done = site.run(**settings)
        assert done.returncode == 0, done.stdout + done.stderr
        output = site.folder / "output"
        assert signs(output) == " 7\U0001d465"
        assert list(output.rglob("*.woff2")) == list((output / CSS).glob("*.woff2"))
        if theme == "ours":
            assert "@font-face" in (output / CSS / "mlnotes.css").read_text(encoding="utf-8")
        else:
            [address] = linked((output / "de/one.html").read_text(encoding="utf-8"))
            assert address == "https://example.org/de/../theme/css/mlnotes-math.css"
