from html import unescape

import pytest
from markdown import Markdown

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
