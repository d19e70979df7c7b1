"""Formulas in a real browser: none widens a page, scroll boxes take the focus, signs keep their room."""

from pathlib import Path

import pytest

from pelican_mlnotes.formulas.convert import Converter, Formula

REPOSITORY = Path(__file__).resolve().parents[2]
STYLES = "".join(
    REPOSITORY.joinpath(f"theme/static/css/{name}.css").read_text(encoding="utf-8")
    for name in ("mlnotes", "reading")
)
CASES = [
    line.split(" | ", 1)[1]
    for line in REPOSITORY.joinpath("tests/cases/formulas.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
ALMOST_LONG = "W" * 20  # short enough to stand in its line, and wide in any font
LONG = " + ".join(f"w_{{{n}}} x_{{{n}}}" for n in range(30))


@pytest.fixture
def show(tab):
    def show(*formulas, width=390, more=""):
        marked = more + "".join(f"<p>Words {formula.marked()} and words.</p>" for formula in formulas)
        html, _ = Converter().convert_marked(marked)
        page = tab(width)
        page.goto("about:blank")
        page.set_content(
            f'<!doctype html><html lang="en"><style>{STYLES}</style><body><main class="main">'
            f'<div class="prose">{html}</div></main></body></html>'
        )
        return page

    return show


def test_no_formula_widens_the_page(show):
    page = show(*(Formula(tex, display) for tex in [*CASES, ALMOST_LONG, LONG] for display in (True, False)))
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_hangs_over_the_edge_of_a_formula_is_not_cut_off(show):
    page = show(*(Formula(tex, False) for tex in CASES), width=1280)
    shown = page.screenshot(full_page=True)
    page.add_style_tag(content="math { overflow: visible !important }")
    assert page.screenshot(full_page=True) == shown


def test_what_scrolls_can_be_reached_by_keys(show):
    page = show(Formula(LONG, True), Formula(LONG, False), width=390)
    for kind in ("math-display", "math-wide"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == kind


def test_what_does_not_scroll_is_no_stop_for_keys(show):
    page = show(Formula("x + y", True), Formula("p(x, y) = p(x) + p(y) + p(z) + p(u)", False), width=1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_edges_fade_only_where_there_is_more_to_scroll_to(show):
    page = show(Formula("x + y", True), Formula(LONG, True), Formula(LONG, False), width=390)
    fades = """[...document.querySelectorAll('.math-display, .math-wide')]
      .map(box => ['--math-start', '--math-end'].map(name => getComputedStyle(box).getPropertyValue(name)))"""
    assert page.evaluate(fades) == [["0px", "0px"], ["0px", "32px"], ["0px", "32px"]]
    page.evaluate("document.querySelectorAll('.math-display')[1].scrollLeft = 9999")
    page.wait_for_function(f"{fades}[1][0] == '32px'")
    assert page.evaluate(fades)[1] == ["32px", "0px"]


def test_no_line_begins_with_the_punctuation_of_a_formula(show):
    formula = Formula("x_n^2", False).marked()
    page = show(more=f"<p>{f'word ({formula}), or {formula}; ' * 20}</p>")
    broken = (
        "[...document.querySelectorAll('.math-kept')].filter(one => one.getClientRects().length > 1).length"
    )

    def found():
        for width in range(200, 460, 20):
            page.set_viewport_size({"width": width, "height": 800})
            yield page.evaluate(broken)

    assert sum(found()) == 0
    page.add_style_tag(content=".math-kept { white-space: normal }")
    assert sum(found()) > 0


def test_a_long_formula_in_a_line_stands_on_the_line_of_its_words(show):
    tex = "p(x, y, z) = p(x) + p(y) + p(z) + p(u)"
    page = show(Formula(tex, False), width=1280)
    assert page.locator(".math-wide").count() == 1
    words, formula = page.evaluate(
        """(() => {
          const words = document.createRange();
          words.selectNode(document.querySelector('p').firstChild);
          return [words, document.querySelector('.math-wide mi')].map(e => e.getBoundingClientRect().bottom)
        })()"""
    )
    assert abs(words - formula) < 8


def test_brackets_stand_close_to_what_they_hold(show):
    page = show(
        Formula(r"\left( x \right)", False), Formula("(x)", False), Formula(r"\bigl( x \bigr)", False)
    )
    low, plain, big = page.evaluate(
        "[...document.querySelectorAll('math')].map(e => e.getBoundingClientRect().width)"
    )
    assert low == plain
    assert plain < big < 1.4 * plain


def test_an_arrow_stands_over_its_letter(show):
    page = show(Formula(r"\vec{x}", False))
    letter, arrow = page.evaluate(
        """['mi', 'mo'].map(name => document.querySelector('mover ' + name).getBoundingClientRect())
          .map(box => (box.left + box.right) / 2)"""
    )
    assert abs(letter - arrow) < 3


def test_print_cuts_nothing_off(show):
    page = show(Formula(LONG, True))
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.math-display')).overflowX") == "visible"


def test_what_has_no_width_takes_no_room_and_lies_where_it_belongs(show):
    page = show(
        Formula(r"a\rlap{/}p", False),
        Formula(r"ap", False),
        Formula(r"a\mathllap{b}c", False),
        Formula(r"\sum_{\mathclap{1 \le i \le j \le n}} x", True),
    )

    def boxes(number, selector):
        script = "(all, n) => { const r = all[n].getBoundingClientRect(); return [r.left, r.right] }"
        return page.locator("math").nth(number).locator(selector).evaluate_all(script, 0)

    widths = page.locator("math").evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    assert abs(widths[0] - widths[1]) < 0.5
    (_, end), (_, moved) = boxes(2, "mi"), boxes(2, ".math-llap")
    assert abs(end - moved) < 0.5
    operator, limit = boxes(3, "munder > mo"), boxes(3, ".math-clap")
    assert abs(sum(operator) - sum(limit)) < 2
    assert limit[1] - limit[0] > operator[1] - operator[0]


def test_a_centred_limit_at_the_start_of_what_scrolls_is_not_cut_off(show):
    page = show(Formula(r"\sum_{\mathclap{1 \le i \le j \le n}} x" + LONG, True))
    start, limit = page.evaluate(
        "['.math-display', '.math-clap'].map(s => document.querySelector(s).getBoundingClientRect().left)"
    )
    assert start <= limit
