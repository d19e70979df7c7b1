import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pelican_mlnotes.formulas.colors import readable_color
from pelican_mlnotes.formulas.convert import MAX_TEX, Converter, Formula, mark_text
from tests.pages import parse_page

CASES = [
    line.split(" | ", 1)
    for line in Path(__file__)
    .parents[2]
    .joinpath("cases/formulas.txt")
    .read_text(encoding="utf-8")
    .splitlines()
    if line and not line.startswith("#")
]


def convert(*formulas, **options):
    html = "".join(f"<p>{formula.marked()}</p>" for formula in formulas)
    return Converter(**options).convert_marked(html)


@pytest.mark.parametrize("tex", [tex for _, tex in CASES], ids=[name for name, _ in CASES])
def test_formulas_of_ml_notes_become_mathml_without_styles(tex):
    html, faults = convert(Formula(tex, display=True))
    assert faults == []
    tree = parse_page(html)
    assert tree.select_one("math")["alttext"] == " ".join(tex.split())
    assert tree.select_one("annotation").get_text() == tex
    assert tree.select_one("[style]") is None


def test_there_are_enough_formulas_to_mean_something():
    assert len(CASES) >= 150


@pytest.mark.parametrize(("tex", "sign"), [(r"a + \dots + b", "⋯"), (r"a \perp b", "⊥")])
def test_signs_are_those_of_latex_fonts(tex, sign):
    assert sign in parse_page(convert(Formula(tex, False))[0]).select_one("mrow").get_text()


def test_without_our_stylesheet_styles_stay():
    assert ' style="' in convert(Formula(r"\begin{cases} 1 \\ 0 \end{cases}", True), classes=False)[0]


def test_a_display_formula_stands_in_a_box():
    assert '<span class="math-display"><math' in convert(Formula("x", True))[0]
    assert "<span" not in convert(Formula("x", False))[0]


def test_a_long_formula_in_a_line_scrolls_within_it():
    wide = " + ".join(f"w_{n} x_{n}" for n in range(20))
    assert '<span class="math-wide"><math' in convert(Formula(wide, False))[0]


@pytest.mark.parametrize(
    ("before", "behind", "rest"),
    [
        ("(", ")", " is"),
        ("", ",", " so"),
        ("", "th", " of"),
        ("", "-", "means of"),
        ("“", "”.", ""),
        ("", "&quot;", ""),
        ("", "。", "然后"),
    ],
)
def test_a_formula_keeps_what_belongs_to_it_on_its_line(before, behind, rest):
    mark = Formula("x", False).marked()
    for classes, how in ((True, 'class="math-kept"'), (False, 'style="white-space:nowrap"')):
        html, _ = Converter(classes=classes).convert_marked(f"<p>a {before}{mark}{behind}{rest}</p>")
        assert html.startswith(f"<p>a <span {how}>{before}<math")
        assert html.endswith(f"</math>{behind}</span>{rest}</p>")


@pytest.mark.parametrize(("before", "behind"), [("a ", " b"), ("a", "word"), ("<b>", "</b>"), ("我", "我")])
def test_other_neighbours_of_a_formula_are_left_alone(before, behind):
    html, _ = Converter().convert_marked(f"<p>{before}{Formula('x', False).marked()}{behind}</p>")
    assert html.startswith(f"<p>{before}<math")
    assert html.endswith(f"</math>{behind}</p>")


def test_the_comma_of_a_long_formula_scrolls_with_it():
    wide = Formula(" + ".join(f"w_{n}" for n in range(20)), False).marked()
    html, _ = Converter().convert_marked(f"<p>({wide}), {Formula('x', True).marked()}, y</p>")
    assert html.startswith('<p><span class="math-wide">(<math')
    assert '</math>),</span> <span class="math-display">' in html
    assert html.endswith("</math></span>, y</p>")


def test_what_two_formulas_share_is_said_once():
    mark = Formula("x", False).marked()
    html, _ = Converter().convert_marked(f"<p>{mark},({mark}).</p>")
    assert re.sub("<math.*?</math>", "x", re.sub("</?span[^>]*>", "", html)) == "<p>x,(x).</p>"


def test_a_formula_that_cannot_be_read_stays_as_tex_and_is_reported():
    html, faults = convert(Formula(r"\nonsense{<x>}", False), Formula("y", False))
    assert '<code class="math-source">\\nonsense{&lt;x&gt;}</code>' in html
    assert "<math" in html
    assert [(fault.tex, "nonsense" in fault.reason) for fault in faults] == [(r"\nonsense{<x>}", True)]


class PanicException(BaseException):  # the name that a library in Rust gives it
    pass


@pytest.mark.parametrize("numbered", [True, False])
def test_a_panic_of_the_library_costs_one_formula_and_an_interrupt_ends_the_build(monkeypatch, numbered):
    class Library:
        def convert_with_local_state(self, tex, displaystyle):
            raise self.error

        def convert_all(self, snippets):
            return []

    monkeypatch.setattr(Converter, "_library", lambda self, macros=True: Library())
    mark = Formula(r"x \label{a}" if numbered else "x", True).marked()
    Library.error = PanicException("index out of bounds")
    html, faults = Converter().convert_marked(mark)
    assert "math-source" in html
    assert "index out of bounds" in faults[0].reason
    Library.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        Converter().convert_marked(mark)


def test_numbered_equations_can_be_referred_to_before_and_after():
    one = Formula(r"\begin{equation}\label{eq:one} x = 1 \end{equation}", True)
    html, faults = convert(Formula(r"\eqref{eq:one}", False), one, Formula(r"\eqref{eq:one}", False))
    assert faults == []
    target = re.search(r'id="([^"]*eq:one)"', html)[1]
    assert html.count(f'href="#{target}"') == 2
    assert html.count("(1)") >= 3


def test_a_faulty_equation_does_not_take_the_others_numbers_away():
    good = Formula(r"x \tag{7}", True)
    html, faults = convert(Formula(r"\nonsense \tag{6}", True), good)
    assert "(7)" in html
    assert len(faults) == 1


def test_the_same_formula_is_converted_once():
    converter = Converter()
    page = "".join(Formula("x^2", False).marked() for _ in range(5))
    assert converter.convert_marked(page)[0] == converter.convert_marked(page)[0]
    assert converter.converted == 1


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\url{javascript:alert(1)}",
        r"\textcolor{\"onclick=alert(1)}{x}",
        r"\label{\" onmouseover=\"alert(1)} x",
        "</math><script>alert(1)</script>",
        "x" * (MAX_TEX + 1),
        "{" * 5000,
        r"\frac{1}{" * 400 + "x" + "}" * 400,
        r"\begin{aligned}" * 300,
        r"\text{" * 500,
        r"\href{https://example.org/?a=1&b=<x>}{\text{<img src=x onerror=alert(1)>}}",
        r"\style{background:url(javascript:alert(1))}{x}",
        r"\class{\" onclick=\"alert(1)}{x}",
        r"\cssId{\"><script>alert(1)</script>}{x}",
        r"\htmlData{onclick=alert(1)}{x}",
        r"\includegraphics{https://example.org/x.png}",
        r"\unicode{x3c}script\unicode{x3e}",
        r"\begin{html}<script>alert(1)</script>\end{html}",
        r"\tag{<b onclick=alert(1)>}",
        r"\operatorname{</math><script>}",
        r"\color{red;background:url(x)} x",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "\x00\ud7ff\ufffe",
        "}",
        "",
    ],
)
@pytest.mark.parametrize("display", [True, False])
def test_nothing_in_a_formula_is_live_and_none_hangs(tex, display):
    html, _ = convert(Formula(tex, display))
    assert dangerous(html) == []


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *r"\{}$&<>_^\"'#%~ ",
                "\\text{",
                "\\begin{matrix}",
                "\\\\",
                "\\frac",
                "x",
                "1",
                "</p>",
                "\\tag{",
                "\\label{",
                "\\color{",
            ]
        ),
        max_size=30,
    )
)
def test_whatever_tex_says_only_mathml_comes_out(parts):
    html, _ = convert(Formula("".join(parts), display=True))
    assert dangerous(html) == []


def dangerous(html):
    allowed = re.compile(r"html|head|body|p|span|code|a|math|semantics|annotation|m[a-z]+")
    found = []
    for node in parse_page(html).select("*"):
        found += [node.name] if not allowed.fullmatch(node.name) else []
        for name, value in node.attrs.items():
            if name.startswith("on") or (name == "href" and not value.startswith("#")):
                found.append(f"{node.name} {name}={value}")
    return found


def _twice(*texs):
    return "<p>" + " ".join(rf'<span class="math">\({tex}\)</span>' for tex in texs) + "</p>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Let $x$ be.</p>", r'<p>Let <span class="math">\(x\)</span> be.</p>'),
        ("<p>$$x$$</p>", r'<p><span class="math math--display">\[x\]</span></p>'),
        (r"<p>\(x\)</p>", r'<p><span class="math">\(x\)</span></p>'),
        (r"<p>\[x\]</p>", r'<p><span class="math math--display">\[x\]</span></p>'),
        ("<p>$a &lt; b$</p>", r'<p><span class="math">\(a &lt; b\)</span></p>'),
        ("<p>the $k$th</p>", r'<p>the <span class="math">\(k\)</span>th</p>'),
        (r"<p>\(scale\) \(see below\)</p>", _twice("scale", "see below")),
        ("<p>$latex k(x)&amp;s=2$</p>", r'<p><span class="math">\(k(x)\)</span></p>'),
        ("<p>of $$x$$-norm</p>", r'<p>of <span class="math">\(x\)</span>-norm</p>'),
        ("<p>of\n$$x$$\nis</p>", '<p>of\n<span class="math math--display">\\[x\\]</span>\nis</p>'),
        ("<p>of $$x$$.</p>", r'<p>of <span class="math math--display">\[x\]</span>.</p>'),
        ("<li>of $$x$$ is</li>", r'<li>of <span class="math math--display">\[x\]</span> is</li>'),
        ("<p>a<br>$$x$$<br>b</p>", r'<p>a<br><span class="math math--display">\[x\]</span><br>b</p>'),
        ("<p>$latex=x&s;=2$, $latex{y}$</p>", _twice("x", "{y}").replace("</span> ", "</span>, ")),
        ("<p>$x<br />+ y$</p>", r'<p><span class="math">\(x     \n+ y\)</span></p>'.replace(r"\n", "\n")),
        ("<p>$$x<br/>\n+ y$$</p>", '<p><span class="math math--display">\\[x     \n+ y\\]</span></p>'),
        ("<p>$5<br>$6<br><br>x$</p>", "<p>$5<br>$6<br><br>x$</p>"),
        ('<p><script type="math/tex">x<y</script></p>', r'<p><span class="math">\(x<y\)</span></p>'),
        (
            '<script type="math/tex; mode=display">% <![CDATA[\nx %]]></script>',
            r'<span class="math math--display">\[x\]</span>',
        ),
        (
            '<div class="math notranslate" id="equation-a">\n<span class="eqno">(3)<a class="headerlink"'
            r' href="#e" title="x">¶</a></span>\[x\]</div>',
            r'<div class="math" id="equation-a">\[x \tag{3}\]</div>',
        ),
    ],
)  # fmt: skip
def test_delimited_formulas_of_a_page_are_marked(html, expected):
    marked = mark_text(html)
    assert unescape(marked) == unescape(expected)
    assert mark_text(marked) == marked


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $10",
        "US$ 3 and US$ 4",
        "it costs $5, or 10$ of theirs",
        "$HOME/bin:$PATH",
        "<code>$x$</code>",
        "<pre>\\(x\\)</pre>",
        '<a title="$x$">y</a>',
        "<!-- $x$ -->",
        "<script>var a = '$x$'</script>",
        "a $ b $ c",
        "$$",
        "$",
    ],
)
def test_what_is_no_formula_is_left_alone(text):
    assert mark_text(text) == text


def test_in_text_without_dollars_only_brackets_and_environments_mark_formulas():
    html = r"<p>\(1\), $x$, \$y and <code>\(2\)</code></p>"
    assert unescape(mark_text(html, dollars=False)) == html.replace(
        r"\(1\)", r'<span class="math">\(1\)</span>'
    )


def test_escaped_dollars_are_dollars_however_often_the_page_is_marked():
    marked = mark_text(r"<p>\$x\$ <code>\$y\$</code></p>")
    assert unescape(marked) == r"<p>$x$ <code>\$y\$</code></p>"
    assert mark_text(marked) == marked


@pytest.mark.parametrize("unit", ["$", "$x", "\\[", "\\(", "\\begin{align}", "$$x", "<code>", "<!--", "{"])
def test_work_grows_with_the_length_of_a_hostile_page(unit):
    # Quadratic work on these would take minutes; the suite would show it.
    html = unit * (200_000 // len(unit)) + unit[0]
    assert len(mark_text(html)) >= len(html)


# Unguarded, each of these ends the process or takes longer than anyone waits: the library recurses.
@pytest.mark.parametrize(
    "piece",
    [
        "{", "[", "(", r"\{", r"\langle ", r"\bigl[", r"\left(", r"\sqrt", r"\hat ", r"\not ", r"\log ",
        r"\log[",
        r"\sum ", r"\int ", r"\ldots ", r"\frac1", r"\frac{1}{", r"\color{red}", r"\displaystyle ", "x^{",
        r"\begin{matrix}", r"\substack{", r"\mathbf ", r"\sqrt[", r"\newcommand{\a}{", r"\def\a{\a\a}\a ",
        r"\def\a{[}\a", r"\let\a=[\a", r"\argmax ", "~", "'",
        r"\norm{", r"\abs{x}", r"\text{$", r"\text{\(", r"\textcolor{royalblue}{",
        r"\color{royalblue}", r"\color{#123}{",
        r"\begin{align}\tag{1}", r"\end{align}\tag{1}", r"\class{a}{", r"\ensuremath{", r"\fcolorbox{a}{b}{",
    ],
)  # fmt: skip
def test_no_nesting_ends_the_process_or_takes_forever(piece):
    for tex in (piece * (9_990 // len(piece)), piece * 300 + "x", piece * 40 + "x"):
        html, _ = convert(Formula(tex, True))
        assert "<math" in html or "math-source" in html or not html.replace("<p>", "").replace("</p>", "")


def test_commands_that_a_page_defines_hold_on_the_whole_page():
    html, faults = convert(
        Formula(r"\newcommand{\vect}[1]{\mathbf{#1}} \DeclareMathOperator*{\best}{best}", True),
        Formula(r"\vect{x}", False),
        Formula(r"\best_x", True),
    )
    assert faults == []
    assert "𝐱" in html
    assert "<munder>" in html
    assert html.count("<math") == 2


def test_commands_of_the_site_hold_on_every_page_and_a_page_may_change_them():
    converter = Converter(
        macros={"M": r"\mathcal{M}", "inner": r"\langle #1, #2 \rangle", "half": r"\frac{1}{2}"}
    )
    page = "".join(Formula(tex, False).marked() for tex in (r"\M", r"\inner{x}{y}", r"\half \M", "z"))
    for _ in range(2):
        html, faults = converter.convert_marked(page)
        assert faults == []
        assert html.count("ℳ") == 2
        assert "⟨" in html
    changed = Formula(r"\newcommand{\M}{\mathbb{M}}", True).marked() + Formula(r"\M", False).marked()
    assert "𝕄" in converter.convert_marked(changed)[0]
    assert "ℳ" in converter.convert_marked(page)[0]


def test_labels_of_any_signs_become_ids_that_differ():
    html, faults = convert(
        Formula(r"a \label{eq:a_b}", True),
        Formula(r"b \label{eq:a b}", True),
        Formula(r"\ref{eq:a b}", False),
    )
    assert faults == []
    assert 'id="equation-eq:a-b"' in html
    assert 'id="equation-eq:a-b-2"' in html
    assert '<a class="math-reference" href="#equation-eq:a-b-2">2</a>' in html


def test_a_label_that_stands_twice_and_one_that_is_missing_are_reported():
    html, faults = convert(
        Formula(r"a \label{x}", True), Formula(r"b \label{x}", True), Formula(r"\eqref{y}", False)
    )
    assert html.count('id="equation-x"') == 1
    assert "href" not in html
    assert [("'x'" in fault.reason, "'y'" in fault.reason) for fault in faults] == [
        (True, False),
        (False, True),
    ]


def test_an_equation_that_cannot_be_read_leaves_its_neighbours_their_numbers():
    html, faults = convert(
        Formula(r"\begin{equation}a\end{equation}", True),
        Formula(r"\begin{equation}\nonsense\end{equation}", True),
        Formula(r"\begin{equation}c\end{equation}", True),
    )
    assert len(faults) == 1
    assert [node.get_text() for node in parse_page(html).select("mtext")] == ["(1)", "(2)"]


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"\begin{aligned} a &= b \\[6pt] c &= d \end{aligned}", "a=bc=d"),
        (r"\text{if $x > 0$ then}", "if\xa0x>0\xa0then"),
        (r"\begin{eqnarray} a &=& b \\ c &=& d \end{eqnarray}", "a=b(1)c=d(2)"),
        (r"\begin{align} a &= b \\ \end{align}", "a=b(1)"),
        (r"\mathbbm{1}", "𝟙"),
        (r"\begin{align} a &= b \\ c &= d \end{align} \tag{4}", "a=bc=d(4)"),
        (r"\begin{gather} a \nonumber \\ b \end{gather} \label{x}.", "ab(1)"),
        (r"\text{a_b \& c&d #1, \(x\) 5\%}", "a_b\xa0&c&d\xa0#1,\xa0x\xa05%"),
        (r"p_\* \small x \\*", "p∗x"),
        (r"\norm{x} \indep y", "‖x‖⫫y"),
    ],
)
def test_what_the_library_lacks_is_written_in_what_it_has(tex, shown):
    html, faults = convert(Formula(tex, True))
    assert faults == []
    math = parse_page(html).select_one("math")
    math.select_one("annotation").decompose()
    assert math.get_text() == shown


def test_frames_and_strokes_are_drawn_by_the_stylesheet():
    html, _ = convert(Formula(r"\boxed{x} + \cancel{y}", True))
    assert "menclose" not in html
    assert 'class="math-boxed"' in html
    assert 'class="math-cancel-up"' in html


@pytest.mark.parametrize(
    ("tex", "color"),
    [
        (r"\textcolor{royalblue}{x}", "#4169e1"),
        (r"\color{royalblue} x", "#4169e1"),
        (r"\color{#4169e1}{x}", "#4169e1"),
        (r"\textcolor[RGB]{65, 105, 225}{x}", "#4169e1"),
        (r"\textcolor[rgb]{1,0,.5}{x}", "#ff0080"),
        (r"\textcolor[gray]{.5}{x}", "#808080"),
        (r"\textcolor[HTML]{4169E1}{x}", "#4169E1"),
        (r"\textcolor{RoyalBlue}{x}", "#0073C0"),
    ],
)
def test_colours_that_browsers_know_are_shown(tex, color):
    html, faults = convert(Formula(tex, False))
    assert faults == []
    assert [node["mathcolor"] for node in parse_page(html).select("[mathcolor]")] == [color]
    assert "style" not in html
    assert parse_page(html).select_one("mtext") is None


@pytest.mark.parametrize("color", ["url(x)", "red;background:url(x)", "#12", "expression(1)"])
def test_what_is_no_colour_is_refused(color):
    html, faults = convert(Formula(rf"\textcolor{{{color}}}{{x}}", False))
    assert len(faults) == 1
    assert "mathcolor" not in html


@pytest.mark.parametrize(
    ("tex", "start"),
    [
        (r"\dfrac{a}{b}", '<mstyle displaystyle="true"><mfrac>'),
        (r"\displaystyle x", '<mstyle displaystyle="true" scriptlevel="0"><mi>x</mi></mstyle>'),
        (r"\begin{matrix} a \end{matrix}", '<mtable displaystyle="false"><mtr>'),
        (r"x^{\begin{matrix} a \end{matrix}}", '<mstyle scriptlevel="0"><mtable displaystyle="false"><mtr>'),
        (r"{\scriptstyle \begin{matrix} a \end{matrix}}", '<mstyle scriptlevel="0"><mtable'),
    ],
)
def test_sizes_are_set_where_validators_allow_it(tex, start):
    html, _ = convert(Formula(tex, True))
    assert start in html
    assert html.count("<mstyle") == html.count("</mstyle>")
    for node in parse_page(html).select("[scriptlevel], [displaystyle]"):
        assert node.name == "mstyle" or (node.name == "mtable" and "scriptlevel" not in node.attrs)


def test_a_header_cell_that_holds_a_formula_alone_has_a_name():
    mark = Formula("O(n^2)", False).marked()
    html, _ = Converter().convert_marked(
        f'<table><tr><th>{mark}</th><th class="a">{mark}</th><th>a {mark}</th><td>{mark}</td></tr></table>'
    )
    names = [node.get("aria-label") for node in parse_page(html).select("math")]
    assert names == ["O(n²)", "O(n²)", None, None]


@pytest.mark.parametrize("low", ["x", "y_i - f(x)", r"\hat{y}", r"a \left[ b \right]", r"x^2 \mid y"])
@pytest.mark.parametrize("tall", [r"\frac{a}{b}", r"\sum_i x", r"\int f", r"\begin{matrix} a \end{matrix}"])
def test_brackets_stretch_only_around_what_is_tall(low, tall):
    around_low, around_tall = (
        convert(Formula(rf"\left( {inside} \right)", True))[0] for inside in (low, f"{low} + {tall}")
    )
    assert '<mo stretchy="false">(</mo>' in around_low
    assert "<mo>(</mo>" not in around_low
    assert "<mrow><mo>(</mo>" in around_tall


@pytest.mark.parametrize("tex", [r"\bigl( x \bigr)", r"\bigl| x \bigr|", r"\big\| x \big\|", r"\bigm/"])
def test_big_signs_take_no_more_room_than_they_need(tex):
    html, _ = convert(Formula(tex, True))
    signs = re.findall(r"<mo[^>]*mathsize[^>]*>", html)
    assert signs
    assert all(sign.count("stretchy=") == 1 and "minsize" not in sign for sign in signs)


@pytest.mark.parametrize(
    ("color", "shown"),
    [("#ff0000", "#ff0000"), ("#4169e1", "#4169e1"), ("#0000ff", "#4747ff"), ("#000", "#656565")],
)
def test_colours_are_readable_in_the_light_and_the_dark(color, shown):
    assert readable_color(color) == shown


@pytest.mark.parametrize("color", ["#ffffff", "#ffff00", "#00ff00", "#fa5", "#000080", "#010101"])
def test_a_colour_that_is_changed_needs_no_further_change(color):
    assert readable_color(color) != color
    assert readable_color(readable_color(color)) == readable_color(color)


def test_other_themes_get_the_colours_as_written():
    html, _ = convert(Formula(r"\textcolor{yellow}{x}", False), classes=False)
    assert 'mathcolor="#ffff00"' in html


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"\text{precision} + \text{recall}", "<mi>precision</mi><mo>+</mo><mi>recall</mi>"),
        (r"\text{a} \to b", '<mi mathvariant="normal">a</mi><mo stretchy="false">→</mo><mi>b</mi>'),
        (r"\text{if } -x", "<mtext>if\xa0</mtext><mo>−</mo>"),
        (r"x \text{ and } y", "<mtext>\xa0and\xa0</mtext>"),
    ],
)
def test_text_beside_a_sign_is_a_term(tex, shown):
    assert shown in convert(Formula(tex, False))[0]


@pytest.mark.parametrize(
    "tex",
    [r"\mathop{\rm arg\,max}\limits_x f", r"\mathop{\text{arg max}}_x f", r"\mathop{\mathrm{minimize}}_x f"],
)
def test_letters_as_an_operator_are_one(tex):
    html, faults = convert(Formula(tex, True))
    assert faults == []
    assert "<munder><mrow>" in html
    assert "mpadded" not in html
    assert "\u2061" in html


def test_accents_are_signs_with_a_width():
    html, _ = convert(Formula(r"\vec{x} + \dddot{y}", True))
    assert html.count("mathsize") == 2
    assert not re.search("[\u20d0-\u20ff]", html)


def test_smaller_matrices_and_stacked_limits_take_the_size_of_what_is_around_them():
    html, _ = convert(Formula(r"\sum_{\substack{i \\ j}} \begin{smallmatrix} a \end{smallmatrix}", True))
    assert html.count('<mtable displaystyle="false" class="math-small">') == 2
    assert "scriptlevel" not in html


@pytest.mark.parametrize(
    ("tex", "letters"),
    [
        (r"f + \lambda*g", "f+λ∗g"),
        (r"\textcolor{nonesuch}{x} + y", "x+y"),
        (r"\definecolor{mine}{RGB}{1,2,3}\color{mine}{x} + y", "x+y"),
        (r"\begin{array}{@{}l*{2}{c}>{\bf}r|p{2cm}@{}} a & b & c & d & e \end{array}", "abcde"),
        (r"\begin{array}[t]{ll} a & b \end{array}", "ab"),
        (r"x \hbox{ if } y", "xify"),
        (r"\textcircled{1} \textcircled{a} \textcircled{Z}", "①ⓐⓏ"),
        (r"\rlap{/}p \mathclap{x} \llap{y}", "/pxy"),
        ("∵ x ∴ y ⊥ ∅ ⧖", "∵x∴y⊥∅⧖"),
        (r"\dv{f}{x} \dv[2]{f}{x} \dv{x}", "dfdxd2fdx2ddx"),
        (r"\pdv{f}{x}{y} \pdv{x} \dd{x}", "∂2f∂x∂y∂∂xdx"),
        (r"\norm*{x} \qty(x) \ev{A} \comm{A}{B}", "‖x‖(x)⟨A⟩[A,B]"),
        (r"\pmatrix{a & b \cr c & d \cr} \cases{a & b \cr c & d} \matrix{a}", "(abcd){abcda"),
        (r"\eqalign{a &= b \cr c &= d}", "a=bc=d"),
        (r"a \\ b \\", "ab"),
        (r"p(x \lvert y) + p(x \lvert z)", "p(x|y)+p(x|z)"),
        (r"\lvert x \rvert", "|x|"),
        (r"\operatorname{\sf Uniform}(0)", "Uniform(0)"),
        (r"\left<x\right>", "⟨x⟩"),
        (r"\root 3 \of x + \buildrel a \over = \unicode{x2212}", "x3+=a−"),
        (r"\bbox[5px]{x} \enclose{circle}{y} \raise1em{z}", "xyz"),
        ("a\\\n b", "ab"),
        (r"x \tag{1}", "x(1)"),
    ],
)
def test_packages_plain_tex_and_slips_are_shown(tex, letters):
    html, faults = convert(Formula(tex, False))
    assert faults == []
    math = parse_page(html).select_one("math")
    math.select_one("annotation").extract()
    assert "".join(math.get_text().split()).translate(dict.fromkeys((0x2061, 0x2063, 0xFE00))) == letters


@pytest.mark.parametrize("tex", [r"a \\ b", r"a &= b \\ &= c"])
def test_rows_in_no_table_are_rows_of_a_display(tex):
    html, faults = convert(Formula(tex, True))
    assert faults == []
    assert len(parse_page(html).select("mtr")) == 2


@pytest.mark.parametrize(
    ("tex", "display", "over"),
    [
        (r"\rlap{/}p", False, ["/"]),
        (r"\rlap /p", False, ["/"]),
        (r"p\llap{/}", False, ["/"]),
        (r"a\clap{+}b", False, ["+"]),
        (r"\mathrlap{\frac{a}{b}} c", True, ["ab"]),
        (r"x \mathrlap{\mathllap{y}z} w", True, ["yz", "y"]),
        (r"a \rlap{$\sim$ or} b", True, ["∼ or"]),
        (r"\sum_{\mathclap{i \le j}} x", True, ["i≤j"]),
        (r"= 5 \mathrlap{\text{ by law}}", True, [" by law"]),
        # Words around a formula stay free, and so does what a browser would cut off.
        (r"x\rlap{ where}", False, []),
        (r"\llap{so} x", False, []),
        (r"\llap{so} x", True, []),
        (r"\mathclap{x}", False, []),
        (r"\frac{\mathllap{x}}{2}", True, []),
    ],
)
def test_what_has_no_width_lies_over_what_is_beside_it(tex, display, over):
    html, faults = convert(Formula(tex, display))
    assert faults == []
    found = parse_page(html).select('mpadded[width="0"]')
    assert [piece.get_text().replace("\xa0", " ") for piece in found] == over
    assert not re.search("[\ue000-\uf8ff]", html)


@pytest.mark.parametrize(("command", "way"), [("llap", "-100%"), ("clap", "-50%")])
def test_what_lies_to_the_left_is_moved_there_by_a_class_or_a_style(command, way):
    formula = Formula(rf"a\math{command}{{x}} b", False)
    assert f'<mpadded width="0"><mrow class="math-{command}">' in convert(formula)[0]
    assert f'<mpadded width="0"><mrow style="translate: {way}">' in convert(formula, classes=False)[0]


def test_a_large_bracket_with_a_script_stretches():
    html, _ = convert(Formula(r"\Big(x\Big)^2", True))
    assert parse_page(html).select_one("msup > mrow > mo[minsize]") is not None


def test_commands_of_a_post_may_have_options_and_lead_to_others():
    page = Formula(
        r"\newcommand{\given}[1][\vert]{\:#1\:}\DeclareMathOperator{\opp}{p}\newcommand{\pof}[1]{\opp(#1)}"
        r"\let\w\omega",
        True,
    ).marked()
    html, faults = Converter().convert_marked(
        page + Formula(r"\pof{x \given \w} \given[;] x^\w", False).marked()
    )
    assert faults == []
    assert Converter().convert_marked(Formula(r"\operatorname{p}(x", False).marked())[1] == []
    assert "ω" in html


@pytest.mark.parametrize(
    "tex", [r"\def\a{\a\a}\a", r"\def\a#1{#1#1}" + r"\a{" * 20 + "x" + "}" * 20, r"\def\a#1{x}\a"]
)
def test_commands_that_lead_nowhere_are_refused(tex):
    _, faults = convert(Formula(tex, False))
    assert len(faults) == 1
