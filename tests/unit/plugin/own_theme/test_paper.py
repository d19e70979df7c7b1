"""Formulas that are wider than paper."""

import re
from pathlib import Path

import pytest

from pelican_mlnotes.plugin.own_theme.paper import SIZES, fit_formulas

SHEET = Path(__file__).parents[4] / "theme/static/css/reading.css"


def shown(inside):
    return f'<span class="math-display"><math>{inside}</math></span>'


def sum_of(terms):
    return "<mo>+</mo>".join(["<mi>x</mi>"] * terms)


def size(html):
    found = re.search(r"math-paper-(\d+)", fit_formulas(html))
    return int(found[1]) if found else 100


def test_the_wider_a_formula_the_smaller_it_is_printed():
    sizes = [size(shown(f"<mrow>{sum_of(terms)}</mrow>")) for terms in (10, 26, 32, 50, 200)]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (100, SIZES[-1])


def test_what_stands_above_each_other_is_as_wide_as_the_widest():
    half = f"<mrow>{sum_of(20)}</mrow>"
    assert size(shown(half + half)) < 100
    assert size(shown(f"<mfrac>{half}{half}</mfrac>")) == 100
    row = f"<mtr><mtd>{half}</mtd></mtr>"
    assert size(shown(f"<mtable>{row * 9}</mtable>")) == 100


@pytest.mark.parametrize(
    "html", ["<p>none</p>", shown("<mi>&nosuch;</mi>"), shown("<mtable></mtable>"), shown("<mi>x"), shown("")]
)
def test_what_is_narrow_or_cannot_be_read_stays(html):
    assert fit_formulas(html) == html


def test_fitting_twice_is_fitting_once():
    once = fit_formulas(shown(sum_of(60)))
    assert fit_formulas(once).count("math-paper") == once.count("math-paper") == 1


@pytest.mark.parametrize(("terms", "stops"), [(10, 0), (40, 1)])
def test_what_no_column_holds_gets_a_tab_stop(terms, stops):
    html = shown(f"<mrow>{sum_of(terms)}</mrow>")
    for one in (html, html.replace("math-display", "math-wide")):
        assert fit_formulas(one).count('tabindex="0"') == stops


def test_in_a_link_nothing_else_takes_the_focus():
    wide = shown(sum_of(60))
    fitted = fit_formulas(f'<a name>x <a href="y">{wide}</a> {wide}')
    assert fitted.count('tabindex="0"') == 1
    assert fitted.index("</a>") < fitted.index('tabindex="0"')


def test_links_that_are_never_closed_beside_a_wide_formula():
    # Quadratic work on these would take minutes; the suite would show it.
    assert 'tabindex="0"' in fit_formulas(f"<p>{shown(sum_of(60))}" + "<p><a name>" * 40_000)


def test_the_stylesheet_knows_each_size():
    assert tuple(map(int, re.findall(r"math-paper-(\d+)", SHEET.read_text(encoding="utf-8")))) == SIZES
