"""What looks like a formula and is none on a finished page."""

import pytest

from pelican_mlnotes.formulas.leftovers import first_leftover


@pytest.mark.parametrize(
    ("html", "piece"),
    [
        (r"<p>so $\alpha is</p>", r"$\alpha is"),
        (r"<p>a \(x and</p>", r"\(x and"),
        (r"<p>\begin{tikzpicture} x</p>", r"\begin{tikzpicture} x"),
        ("<p>$$ x</p>", "$$ x"),
    ],
)
def test_tex_that_stands_as_text_is_found(html, piece):
    assert first_leftover(html) == piece


@pytest.mark.parametrize(
    "html",
    [
        r"<p><code>$\alpha</code> <pre>\begin{x}</pre></p>",
        r'<math alttext="\(x\)"><annotation>\begin{x}</annotation></math>',
        r'<a title="$$">x</a><!-- \( -->',
        "<p>$5 and $10, C:\\alpha</p>",
    ],
)
def test_code_and_formulas_are_none(html):
    assert first_leftover(html) is None


@pytest.mark.parametrize("unit", ["<code>", "<!--", "<code><pre>", "<", "$"])
def test_work_grows_with_the_length_of_a_hostile_page(unit):
    # Quadratic work on these would take minutes; the suite would show it.
    assert first_leftover("\\" + unit * (200_000 // len(unit))) is None or unit == "$"
