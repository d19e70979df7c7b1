r"""References to equations, where none is shown."""

import pytest

from pelican_mlnotes.formulas.references import with_numbers

EQUATIONS = (
    r"<p>\begin{equation}\label{one} x \end{equation} $$y \label{two-a}$$ $$z \tag{3.1}\label{own}$$"
    r" \begin{align} a &= b \label{row}\\ c &= d \notag \end{align}</p>"
)


def said(text):
    return with_numbers(f"<p>{text}</p>{EQUATIONS}", {}).partition("</p>")[0].removeprefix("<p>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"As in equation \eqref{one}, it is", "As in equation (1), it is"),
        (r"by \eqref{one} and \eqref{two-a}", "by (1) and (2)"),
        (r"(see Eq. \ref{one})", "(see Eq. 1)"),
        (r"Eq. (\ref{own}), \eqref{row}", "Eq. (3.1), (3)"),
        (r'by <span class="math">\(\eqref{two&#45;a}\)</span>', "by (2)"),
    ],
)
def test_a_reference_reads_as_the_number_that_the_page_shows(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"As in equation \eqref{none}, we see it.", "We see it."),
        (r"We know (see Eq. \eqref{none}) that.", "We know that."),
        (r"It holds by \eqref{none} and \eqref{nine}.", "It holds."),
        (r"It holds. See Figure \ref{none}. It falls.", "It holds. It falls."),
        (r"So it is, as in Equation~\ref{none}.", "So it is."),
        (r"Nach Gleichung \eqref{none} fällt es.", "Fällt es."),
        (r"On a, d’après l’équation \eqref{none}, tout.", "On a, tout."),
        (r"Es así, según la ecuación \eqref{none}.", "Es así."),
        (r"Это так, см. уравнение \eqref{none}.", "Это так."),
        (r"如公式\eqref{none}，我们有", "我们有"),
    ],
)
def test_a_reference_to_nothing_goes_with_the_words_that_lead_to_it(text, expected):
    assert said(text) == expected


def test_words_that_a_sentence_needs_stay():
    text = r"Equation \eqref{none} shows it."
    assert said(text) == text


def test_a_text_without_references_is_not_touched():
    assert with_numbers("<p>see (1)</p>", {}) == "<p>see (1)</p>"


def test_numbers_follow_the_commands_of_the_site():
    html = r"<p>$$\R \label{a}$$ \begin{equation} \R \label{b}\end{equation} by \eqref{b}</p>"
    assert with_numbers(html, {"R": r"\mathbb{R}"}).endswith("by (2)</p>")


@pytest.mark.parametrize(
    "unit", ["see ", "(see the ", r"\ref{", r"\ref{a} and ", "(", " ", ", ", r"see \ref{a}"]
)
def test_work_on_hostile_references_grows_with_the_length(unit):
    # Quadratic work on these would take minutes; the suite would show it.
    assert with_numbers(r"\eqref{x}" + unit * (200_000 // len(unit)), {}) is not None
