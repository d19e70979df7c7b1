"""Formulas in plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelican_mlnotes.formulas.plain import lowered, raised, tex_to_text


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"O(n^2)", "O(n²)"),
        (r"\theta_t", "θₜ"),
        (r"p_\theta(x \mid z)", "p_θ(x | z)"),
        (r"x_{\text{max}}", "x_max"),
        (r"x_{i,j}", "x_{i,j}"),
        (r"10^{-3}", "10⁻³"),
        (r"\frac{\partial L}{\partial w}", "∂L/∂w"),
        (r"\frac12", "1/2"),
        (r"\frac{a + b}{2}", "(a + b)/2"),
        (r"\sqrt{d_k}", "√(dₖ)"),
        (r"\hat{y}_i", "ŷᵢ"),
        (r"\mathbb{R}^n", "ℝⁿ"),
        (r"\mathcal{N}(\mu, \sigma^2)", "𝒩(μ, σ²)"),
        (r"n\log n", "n log n"),
        (r"\sum_{i=1}^n x_i", "∑ᵢ₌₁ⁿ xᵢ"),
        (r"x\in\{0,1\}", "x ∈ {0,1}"),
        (r"\left( x \right.", "( x"),
        (r"\lVert x \rVert_2", "‖x‖₂"),
        (r"W^\top x", "Wᵀx"),
        (r"45^\circ", "45°"),
        (r"f'(x)", "f'(x)"),
        (r"\operatorname{softmax}(z)", "softmax(z)"),
        (r"a\,b \quad c", "a b c"),
        (r"50\%", "50%"),
        ("word", "word"),
        ("", ""),
    ],
)
def test_unicode_where_nothing_is_lost(tex, text):
    assert tex_to_text(tex) == text


@pytest.mark.parametrize(
    "tex", [r"\KL(p \| q)", r"\underset{x}{\min} f", r"a & b", "{a", "a}", "^", "x_", r"\hat{xy}"]
)
def test_tex_where_something_would_be_lost(tex):
    assert tex_to_text(tex) == tex


def test_deep_nesting_is_left_as_it_is():
    tex = "{" * 5000 + "x" + "}" * 5000
    assert tex_to_text(tex) == tex


def test_no_delimiter_is_left():
    assert tex_to_text(r"\KL $x$ \(y\) \\[2pt] z") == r"\KL x y \\ [2pt] z"


def test_indices_and_exponents_need_a_character_for_each_letter():
    assert raised("2n") == "²ⁿ"
    assert raised("q") is None
    assert lowered("ij") == "ᵢⱼ"
    assert lowered("b") is None
    assert raised("") is None


@given(st.text(alphabet="\\{}^_ abxαfrcsqt$&%~|()\n", max_size=40))
def test_any_text_gives_one_line(tex):
    text = tex_to_text(tex)
    assert text == " ".join(text.split())
