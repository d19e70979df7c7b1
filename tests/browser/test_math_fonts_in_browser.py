"""Formulas where few fonts are installed: what is drawn, what is loaded, and what is copied."""

import base64
import os
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import CHROMIUM, STRICT

TALL = r"\frac{\frac{a}{b}}{\frac{c}{d}}"
FORMULAS = (
    rf"\left( {TALL} \right)",
    r"\sum_i x",
    rf"\sqrt{{{TALL}}}",
    r"\overbrace{abcdef}",
    r"\widehat{xyz}",
    r"\hat{x}",
    r"\overline{xyz}",
    r"\widetilde{xyz}",
)
POST = "Title: {}\nDate: 2026-01-01\n\n{}\n"
FILES = {
    "signs.md": POST.format("Signs", "\n\n".join(f"$${tex}$$" for tex in FORMULAS)),
    "words.md": POST.format("Words", "No formula."),
    "copy.md": POST.format(
        "Copy", "The cost $\\frac{a}{b} < x^2$ is small.\n\n$$\n\\sum_i x_i\n$$\n\nIt ends."
    ),
}
# As Debian and its children name what stands for the browser's own choice.
CONFIGURATION = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{0}</dir><cachedir>{0}/cache</cachedir>
<alias binding="same">
<family>Times New Roman</family><accept><family>Liberation Serif</family></accept>
</alias>
</fontconfig>"""
# The box around all that differs between two pictures; null if nothing does.
DIFFERENCE = """async pictures => {
  const [one, other] = await Promise.all(pictures.map(async data => {
    const picture = await createImageBitmap(await (await fetch('data:image/png;base64,' + data)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    canvas.drawImage(picture, 0, 0);
    return canvas.getImageData(0, 0, picture.width, picture.height);
  }));
  const xs = [], ys = [];
  for (let n = 0; n < one.data.length; n += 4)
    if ([0, 1, 2].some(k => one.data[n + k] != other.data[n + k])) {
      xs.push(n / 4 % one.width); ys.push(Math.floor(n / 4 / one.width));
    }
  const span = all => all.reduce((a, b) => Math.max(a, b)) - all.reduce((a, b) => Math.min(a, b)) + 1;
  return xs.length ? [span(xs), span(ys)] : null;
}"""
HIDE = """node => {
  for (const child of node.children) child.style.color = getComputedStyle(node).color;
  node.style.color = 'transparent';
}"""


@pytest.fixture(scope="module")
def address(build, serve):
    return serve(build(FILES, MLNOTES_MATH="mathml"), policy=STRICT)


@pytest.fixture(scope="module")
def own_font(build, serve):
    """Return the address of the same site with a font of its own."""
    for name in ("fontTools", "brotli", "ziamath"):
        pytest.importorskip(name)
    return serve(build(FILES, MLNOTES_MATH="mathml", MLNOTES_MATH_FONT="stix-two"), policy=STRICT)


@pytest.fixture
def measure(browser, tmp_path):
    """Return a function that opens a page where certain fonts alone are installed, and measures signs."""
    if not sys.platform.startswith("linux"):
        pytest.skip("needs fontconfig")
    launched = []

    def measure(address, *names):
        fonts = tmp_path / "fonts"
        fonts.mkdir()
        for name in ("LiberationSerif-Regular.ttf", *names):
            found = sorted(Path("/usr/share/fonts").rglob(name))
            if not found:
                pytest.skip(f"needs {name}")
            (fonts / name).symlink_to(found[0])
        configuration = tmp_path / "fonts.conf"
        configuration.write_text(CONFIGURATION.format(fonts), encoding="utf-8")
        other = browser.browser_type.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu"],
            env={**os.environ, "FONTCONFIG_FILE": str(configuration)},
        )
        launched.append(other)
        page = other.new_page(viewport={"width": 500, "height": 1000})
        page.goto(f"{address}signs.html")
        page.evaluate("document.fonts.ready")
        blank = other.new_page()

        def ink(number, selector):
            node = page.locator("math").nth(number).locator(selector).first
            pictures = [page.screenshot()]
            node.evaluate(HIDE)
            pictures.append(page.screenshot())
            return blank.evaluate(DIFFERENCE, [base64.b64encode(one).decode() for one in pictures])

        def box(number, selector):
            found = page.locator("math").nth(number).locator(selector).first.bounding_box()
            return found["width"], found["height"]

        fraction, content = box(0, "mfrac"), box(2, "mfrac")
        brace, hat, line = (box(number, "mover > mrow") for number in (3, 4, 6))
        return {
            "bracket": ink(0, "mo")[1] / fraction[1],
            "sum": ink(1, "mo")[1] / ink(1, "munder + mi, munder ~ mi")[1],
            "root": ink(2, "msqrt")[1] / content[1],
            "brace": (ink(3, "mover > mo") or [0])[0] / brace[0],
            "hat": (ink(4, "mover > mo") or [0])[0] / hat[0],
            "small hat": (ink(5, "mover > mo") or [0])[0],
            "line": (ink(6, "mover > mo") or [0])[0] / line[0],
            "tilde": (ink(7, "mover > mo") or [0])[0] / box(7, "mover > mrow")[0],
        }

    yield measure
    for other in launched:
        other.close()


def test_without_a_math_font_brackets_and_roots_stay_small(measure, address):
    found = measure(address)
    assert found["bracket"] < 0.6
    assert found["sum"] < 2
    assert found["small hat"] > 0


def test_the_text_font_of_many_linux_systems_lets_them_grow(measure, address):
    found = measure(address, "DejaVuSerif.ttf")
    assert found["bracket"] > 0.95
    assert found["sum"] > 2
    assert found["root"] > 1
    assert found["small hat"] > 0
    assert found["hat"] > 0
    assert found["line"] > 0


def test_a_font_of_the_sites_own_lets_them_grow_anywhere(measure, own_font):
    found = measure(own_font)
    assert found["bracket"] > 0.95
    assert found["sum"] > 2
    assert found["root"] > 1
    assert found["brace"] > 0.9
    assert found["hat"] > 0.9
    assert found["line"] > 0.9
    assert found["tilde"] > 0.9
    assert found["small hat"] > 0


def test_only_pages_with_formulas_load_the_font(visit, own_font):
    for name, loads in (("words", False), ("index", False), ("signs", True)):
        page = visit(f"{own_font}{name}.html")
        page.evaluate("document.fonts.ready")
        loaded = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
        assert any(".woff2" in one for one in loaded) == loads, name
        assert page.evaluate("broken") == []
        assert page.evaluate("[...document.fonts].map(face => face.status)") == [
            "loaded" if loads else "unloaded"
        ]


def copied(page, start, end):
    """Return what is copied when the mouse is dragged from ``start`` to ``end``."""
    page.evaluate("getSelection().removeAllRanges()")
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, start[1])
    page.mouse.move(*end)
    page.mouse.up()
    page.keyboard.press("Control+c")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<textarea>')")
    page.locator("textarea").focus()
    page.keyboard.press("Control+v")
    text = page.locator("textarea").input_value()
    page.evaluate("document.querySelector('textarea').remove()")
    return text


def test_a_drag_over_formulas_copies_their_tex(open_page):
    page = open_page("copy.html")
    first, last = (page.locator(".prose p").nth(n).bounding_box() for n in (0, -1))
    text = copied(page, (first["x"], first["y"] + 8), (last["x"] + last["width"], last["y"] + 8))
    assert " ".join(text.split()) == r"The cost \frac{a}{b} < x^2 is small. \sum_i x_i It ends."


def test_a_drag_within_a_formula_copies_all_of_it(open_page):
    page = open_page("copy.html")
    for number, expected in ((0, r"\frac{a}{b} < x^2"), (1, r"\sum_i x_i")):
        box = page.locator("math mrow").nth(number).bounding_box()
        middle = box["y"] + box["height"] / 2
        end = (box["x"] + box["width"] - 1, middle)
        assert copied(page, (box["x"] + 2, middle), end).strip() == expected


def picture(page):
    """Return what is seen of ``page``; Chromium has no picture of one that has not been drawn yet."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.screenshot()


@pytest.mark.parametrize("options", [{}, {"forced_colors": "active"}], ids=["plain", "forced colours"])
def test_what_is_copied_is_not_seen(open_page, options):
    page = open_page("copy.html", **options)
    before = picture(page)
    page.evaluate("document.querySelectorAll('annotation').forEach(node => node.textContent = '')")
    assert picture(page) == before


def test_what_is_copied_is_not_read_out(open_page):
    page = open_page("copy.html")
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    names = [node.get("name", {}).get("value") or "" for node in tree if not node["ignored"]]
    assert not [name for name in names if "frac{" in name]
