"""Whatever stands between dollar signs, a page holds MathML Core and nothing that lives."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from pelican_mlnotes.formulas.convert import Converter, Formula, mark_text
from tests.pages import parse_page

PIECES = st.sampled_from(
    [
        "x", "1", " ", "{", "}", "[", "]", "(", ")", "^", "_", "&", r"\\", "%", "#", "~", "'", '"', "<", ">",
        "$", r"\frac", r"\sqrt", r"\text{", r"\left(", r"\right)", r"\begin{cases}", r"\end{cases}", r"\sum",
        r"\begin{align}", r"\end{align}", r"\label{a}", r"\eqref{a}", r"\tag{1}", r"\color{red}", r"\mathbf",
        r"\href{javascript:alert(1)}{x}", r"\textcolor{url(x)}", "<script>alert(1)</script>", "</math>",
        "<img src=x onerror=alert(1)>", "</span>", r"\newcommand{\a}{", r"\a", r"\def", r"\boxed", r"\cancel",
        r"\substack{", "&lt;", "\x00",
    ]
)  # fmt: skip
TEX = st.lists(PIECES, max_size=25).map("".join)
# Source: W3C, MathML Core, "MathML elements and attributes".
ELEMENTS = """
    math mrow mi mn mo mtext mspace ms mfrac msqrt mroot mstyle merror mpadded mphantom msub msup msubsup
    munder mover munderover mmultiscripts mprescripts mtable mtr mtd semantics annotation
    html head body p span code a
"""
ATTRIBUTES = """
    class id href tabindex alttext display displaystyle scriptlevel mathcolor mathvariant encoding accent
    accentunder stretchy symmetric lspace rspace minsize maxsize largeop movablelimits form fence separator
    aria-hidden linethickness width height depth voffset columnspan rowspan mathsize
"""


def live(html):
    elements, attributes = set(ELEMENTS.split()), set(ATTRIBUTES.split())
    found = []
    for node in parse_page(html).select("*"):
        found += [] if node.name in elements else [node.name]
        for name, value in node.attrs.items():
            if name not in attributes or (name == "href" and not re.fullmatch(r"#equation-[\w:.-]+", value)):
                found.append(f"{node.name} {name}={value}")
    return found


@settings(deadline=None)
@given(st.lists(st.builds(Formula, TEX, st.booleans()), max_size=4))
def test_a_page_of_formulas_holds_only_mathml_core(formulas):
    html, _ = Converter().convert_marked("".join(f"<p>{formula.marked()}</p>" for formula in formulas))
    assert live(html) == []


@settings(deadline=None)
@given(TEX)
def test_marking_changes_nothing_but_formulas(text):
    assert mark_text(mark_text(text)) == mark_text(text)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["$", "$$", "`", "x", " ", "\n", "\n\n", "    ", r"\(", r"\)", "<b>", "]( ", "```math\n"]
        )
    )
)
def test_markdown_gets_every_placeholder_back(pieces):
    html = Markdown(extensions=["extra", "pelican_mlnotes.formulas.markdown"]).convert("".join(pieces))
    assert not re.search("[\ue000-\ue01f]", html)
