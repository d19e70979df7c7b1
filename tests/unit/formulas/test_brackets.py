"""How many brackets does a formula leave open, as the converter reads it?"""

import pytest

from pelican_mlnotes.formulas.brackets import MAX_WORK, Brackets
from pelican_mlnotes.formulas.convert import Converter, Formula
from pelican_mlnotes.formulas.titles import title_html

OPENING = [
    *"([⟨⌊⌈⟦⦃⟪⟬⟮⦅⦇⌜⌞⎰❲",
    *(
        rf"\{name} "
        for name in ("{", "langle", "lfloor", "lceil", "lbrace", "lBrace", "ulcorner", "llcorner")
    ),
    *(rf"\{name} " for name in ("lvert", "lVert", "lgroup", "lmoustache", "llbracket", "lAngle", "lparen")),
    r"\bigl(",
    r"\mathopen[",
]
# Lines that nothing closes are taken for plain ones.
CLOSED = [sign for sign in OPENING if "vert" not in sign.lower()]


@pytest.fixture(scope="module")
def brackets():
    return Brackets(Converter()._shown, ["norm"])


@pytest.mark.parametrize("sign", [r"\lvert ", r"\lVert "])
def test_a_line_of_lines_that_nothing_closes_is_one_of_plain_lines(sign):
    assert Converter().convert_marked(Formula(sign * 40 + "x", False).marked())[1] == []


@pytest.mark.parametrize("sign", OPENING)
def test_every_bracket_that_the_library_waits_for_is_counted(brackets, sign):
    assert brackets.open_in(sign * 7 + "x") == 7


@pytest.mark.parametrize("sign", CLOSED)
def test_a_line_of_open_brackets_is_not_converted(sign):
    html, faults = Converter().convert_marked(Formula(sign * 40 + "x", False).marked())
    assert [fault.reason for fault in faults] == [
        "is shown as TeX: too many of its brackets are never closed"
    ]
    assert '<code class="math-source">' in html


@pytest.mark.parametrize("sign", CLOSED)
def test_nor_is_one_in_a_title(sign):
    title = title_html(f"Of ${sign * 40}x$", mark=True)
    assert "math-source" in Converter().convert_marked(title)[0]


@pytest.mark.parametrize(
    "tex",
    [
        "(x^)",
        r"(x_\mathrm)",
        r"(\hat)",
        r"(\frac 1)",
        r"(\big)",
        r"(\sqrt\bigr)",
        r"(\left.x\right)",
        r"(\middle)",
        r"(\text{)}",
        "({)}",
        r"(\sqrt[)]{x}",
        "(% )\n",
        r"(\displaystyle x)",
        r"(x \over y)",
        r"(\begin{matrix}) \end{matrix}",
        r"(\norm)",
        r"(\unknown)",
    ],
)
def test_what_another_command_takes_in_closes_no_bracket(brackets, tex):
    assert brackets.open_in(tex) == 1


@pytest.mark.parametrize(
    "tex",
    [
        "[0, 1)",
        r"p(\mathbf x \mid \hat y_1^2)",
        r"\{x : \lvert x\rvert < 1\}",
        r"\langle x, y \rangle",
        r"\bigl(x\bigr) \big[y\big)",
        r"\left(\frac{1}{2}\right] + \left\{ x \right.",
        r"(\begin{matrix}a & b\\ c & d\end{matrix})",
        r"\sqrt[n]{x}",
        r"⟦x⟧ ⌜y⌝",
        r"f(\R, \alpha)",
    ],
)
def test_brackets_that_are_closed_do_not_count(brackets, tex):
    assert brackets.open_in(tex) == 0
    assert brackets.work_of(tex * 100) < MAX_WORK


@pytest.mark.parametrize("tex", [r"\pmod\bigl(", r"\pmod_", r"\norm\hat x"])
def test_a_command_that_is_replaced_takes_in_no_command_that_takes_in_its_bracket(brackets, tex):
    assert brackets.open_in(tex * 8) >= 99


def test_commands_of_a_page_are_looked_into():
    page = Formula(r"\newcommand{\o}{\hat}\def\p#1{p(#1)}", True).marked()
    bad, good = Formula(r"(\o)" * 30, False).marked(), Formula(r"\p{x}" * 30, False).marked()
    html, faults = Converter().convert_marked(page + bad + good)
    assert [fault.reason[-12:] for fault in faults] == ["never closed"]
    assert html.count("math-source") == 1


def test_a_longer_formula_may_leave_fewer_open(brackets):
    assert brackets.work_of("(" * 12 + "x") < MAX_WORK < brackets.work_of("(" * 12 + "x+" * 2000)
