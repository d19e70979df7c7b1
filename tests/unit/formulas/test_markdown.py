import re
from html import unescape

import pytest
from markdown import Markdown

from tests.case_files import read_cases

EXTENSIONS = ["extra", "toc", "codehilite", "meta", "pelican_mlnotes.formulas.markdown"]


def render(text):
    # Marks write some signs as references, so that filters for typography leave them alone.
    return unescape(Markdown(extensions=EXTENSIONS).convert(text))


def inline(tex):
    return rf'<span class="math">\({tex}\)</span>'


def display(tex):
    return rf'<span class="math math--display">\[{tex}\]</span>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$a_1 * b_2 * c_3$", inline("a_1 * b_2 * c_3")),
        (r"\(x*y*z\)", inline("x*y*z")),
        (r"\\(x\\)", inline("x")),
        (r"\[x \\ y\]", display(r"x \\ y")),
        ("$$\nx_1\n> 0\n$$", display("x_1\n> 0")),
        ("$a<b$ and $c>d$", f"{inline('a<b')} and {inline('c>d')}"),
        ("```math\n\\sum_i x_i\n```", display(r"\sum_i x_i")),
        ("\\begin{align}\na &= b\n\\end{align}", display("\\begin{align}\na &= b\n\\end{align}")),
        (r"see \eqref{eq:a}", "see " + inline(r"\eqref{eq:a}")),
        ("**$x$**", f"<strong>{inline('x')}</strong>"),
        ("the $k$th and $n$-gram", f"the {inline('k')}th and {inline('n')}-gram"),
    ],
)
def test_formulas_come_through_untouched(text, expected):
    assert render(text) == f"<p>{expected}</p>"


def test_formulas_stand_in_lists_tables_and_headings():
    html = render("## The $O(n)$ way\n\n- item $x_1$\n\n| a |\n|---|\n| $x|y$ |\n\n<div>$a<b$</div>\n")
    assert f'<h2 id="the-on-way">The {inline("O(n)")} way</h2>' in html
    assert f"<li>item {inline('x_1')}</li>" in html
    assert f"<td>{inline('x|y')}</td>" in html
    assert f"<div>{inline('a<b')}</div>" in html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`$x$`", "<code>$x$</code>"),
        ("`` a`$x$ ``", "<code>a`$x$</code>"),
        ("$5 and $10", "$5 and $10"),
        ("US$ 3, US$ 4", "US$ 3, US$ 4"),
        (r"\$x\$", "$x$"),
        ("$HOME/bin:$PATH", "$HOME/bin:$PATH"),
        ("![a $x_1<y$ b](c.png)", '<img alt="a x₁<y b" src="c.png" />'),
        ('[a](b "$x^2$")', '<a href="b" title="x²">a</a>'),
        ("[a](b?$c$)", '<a href="b?$c$">a</a>'),
        ("<https://example.org/$a$>", '<a href="https://example.org/$a$">https://example.org/$a$</a>'),
    ],
)
def test_what_is_no_formula_stays_as_markdown_has_it(text, expected):
    assert render(text) == f"<p>{expected}</p>"


def test_code_blocks_keep_their_dollars():
    for block in ("    cost = '$x$'", "```python\ncost = '$x$'\n```"):
        assert "$x$" in render(block).replace('<span class="s1">', "").replace("</span>", "")
        assert "math" not in render(block)


def test_comments_and_scripts_come_back_as_written():
    text = "<!-- $x<y$ -->\n\n<script>a = '$x<y$'</script>\n"
    assert "<!-- $x<y$ -->" in render(text)
    assert "a = '$x<y$'" in render(text)


def test_one_converter_renders_text_after_text():
    md = Markdown(extensions=EXTENSIONS)
    assert md.convert("$x$") == md.reset().convert("$x$") == f"<p>{inline('x')}</p>"


def test_front_matter_is_not_touched():
    md = Markdown(extensions=EXTENSIONS)
    md.convert("Title: The $O(n)$ way\n\nText.")
    assert md.Meta["title"] == ["The $O(n)$ way"]


@pytest.mark.parametrize("unit", ["$", "`", "$x ", "\\[", "\\(", "```math\n"])
def test_hostile_texts_are_rendered(unit):
    assert render(unit * (20_000 // len(unit)))


def shown(html):
    html = re.sub(r'<span class="math math--display">\\\[(.*?)\\\]</span>', r"⟦⟦\1⟧⟧", html, flags=re.DOTALL)
    return re.sub(r'<span class="math">\\\((.*?)\\\)</span>', r"⟦\1⟧", html, flags=re.DOTALL)


@pytest.mark.parametrize("case", read_cases("dialects"))
def test_formulas_are_read_as_the_dialects_have_them(case):
    assert shown(render(case.given)) == f"<p>{case.expected}</p>"


@pytest.mark.parametrize(
    "text",
    [
        r"\(see below\)",
        r"\(2 people\)",
        r"\[citation needed\]",
        r"\[1\]",
        r"\[text\](https://example.org)",
        r"\[text\]\(address\)",
        "The $$ is\n\nfar from $$ cheap",
        "$$\nThe price of it is told here, and here\n\nand again it is told\n$$",
        "[a $b](c) and $d",
        r"C:\bin$x and D:\bar$y",
        "$`x`$5",
        r"\begin{itemize} \item x \end{itemize}",
    ],
)
def test_escaped_brackets_paths_and_words_are_no_formulas(text):
    assert 'class="math' not in render(text)


def test_displays_stand_in_lists_quotations_and_tags():
    html = render("- $$x$$\n\n> $$y$$\n\n<center>$$z$$</center>\n\n| a |\n|---|\n| $$t$$ |\n")
    assert all(display(tex) in html for tex in "xyz")
    assert f"<td>{inline('t')}</td>" in html


@pytest.mark.parametrize(
    "unit",
    [
        "\\begin{array}{c} a\n\nmany words stand here and there \\end{array}",
        "\\begin{array} ",
        "$$x$$ ",
        "$$\n\n",
        r"$\text{ $",
        "](\\a",
        "$`x`$",
        r"\(a ",
        r"$\\{\_",
        "&lt;$x&gt;$",
    ],
)
def test_work_on_hostile_dialects_grows_with_the_length(unit):
    # Quadratic work on these would take minutes; the suite would show it.
    assert render(unit * (30_000 // len(unit)))
