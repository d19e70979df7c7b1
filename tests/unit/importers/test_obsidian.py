"""Links by name, as Obsidian writes them."""

import pytest
from markdown import Markdown

from pelican_mlnotes.importers.obsidian import files_by_name


@pytest.fixture
def convert(tmp_path):
    notes = [
        "Gradient descent.md",
        "deep/Momentum.md",
        "Momentum.md",
        "deep/A & B.md",
        "What now?.md",
        "50% of A; B & C.png",
        "50% off.md",
        "img/Curve.PNG",
        "paper.pdf",
    ]
    for name in [*notes, ".obsidian/Hidden.md"]:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.touch()
    files_by_name.cache_clear()
    md = Markdown(
        extensions=["fenced_code", "tables", "footnotes"],
        extension_configs={"pelican_mlnotes.importers.obsidian": {"folder": str(tmp_path)}},
    )
    # Pelican hands names over in extension_configs too.
    md.registerExtensions(
        ["pelican_mlnotes.importers.obsidian"],
        {"pelican_mlnotes.importers.obsidian": {"folder": str(tmp_path)}},
    )
    return lambda text: md.reset().convert(text).removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("[[Gradient descent]]", '<a href="{filename}/Gradient descent.md">Gradient descent</a>'),
        (
            "[[gradient descent.md|this *one*]]",
            '<a href="{filename}/Gradient descent.md">this <em>one</em></a>',
        ),
        ("[[Momentum\\|it]]", '<a href="{filename}/Momentum.md">it</a>'),
        ("[[Momentum]]", '<a href="{filename}/Momentum.md">Momentum</a>'),
        ("[[deep/Momentum]]", '<a href="{filename}/deep/Momentum.md">deep/Momentum</a>'),
        ("[[A & B]]", '<a href="{filename}/deep/A &amp; B.md">A &amp; B</a>'),
        ("[[50% off]]", '<a href="{filename}/50% off.md">50% off</a>'),
        ("[[What now?#So]]", '<a href="{filename}/What%20now%3F.md#so">What now? – So</a>'),
        (
            "![[50% of A; B & C.png|it]]",
            '<img alt="it" src="{static}/50%25%20of%20A%3B%20B%20%26%20C.png" />',
        ),
        ("[[Momentum#Two Steps!]]", '<a href="{filename}/Momentum.md#two-steps">Momentum – Two Steps!</a>'),
        ("[[Momentum#^ab12|it]]", '<a href="{filename}/Momentum.md">it</a>'),
        ("[[#Two Steps]]", '<a href="#two-steps">Two Steps</a>'),
        ("![[curve.png]]", '<img alt="Curve" src="{static}/img/Curve.PNG" />'),
        ("![[Curve.PNG|300]]", '<img alt="Curve" src="{static}/img/Curve.PNG" width="300" />'),
        ("![[Curve.PNG|300x200]]", '<img alt="Curve" src="{static}/img/Curve.PNG" width="300" />'),
        ('![[Curve.PNG|A "curve"]]', '<img alt="A &quot;curve&quot;" src="{static}/img/Curve.PNG" />'),
        ("[[paper.pdf]]", '<a href="{static}/paper.pdf">paper.pdf</a>'),
        ("![[Curve.PNG|A curve|80]]", '<img alt="A curve" src="{static}/img/Curve.PNG" width="80" />'),
        ("[[Momentum#^ab12]] and [[#^ab12]]", '<a href="{filename}/Momentum.md">Momentum</a> and ab12'),
        ("![A net|80x60](n.png)", '<img alt="A net" src="n.png" width="80" />'),
        ("![a|b](n.png)", '<img alt="a|b" src="n.png" />'),
        ("![[Momentum]]", '<a href="{filename}/Momentum.md">Momentum</a>'),
        ("[[Nowhere]] and [[Nowhere|there]]", "Nowhere and there"),
        ("[[Hidden]]", "Hidden"),
        ("[[../Momentum]]", "../Momentum"),
        ("`[[Momentum]]`", "<code>[[Momentum]]</code>"),
        ("[[]] and [[|x]] and [[a\nb]]", " and x and [[a\nb]]"),
        ("[[x<b>]]", "x&lt;b&gt;"),
        ("[text](Momentum.md)", '<a href="Momentum.md">text</a>'),
    ],
)
def test_a_link_by_name_becomes_one_that_pelican_follows(convert, text, made):
    assert convert(text) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Seen %%not seen%% and `%%` and `%%`.", "Seen  and <code>%%</code> and <code>%%</code>."),
        ("a %%b\n\nc\n\nd%% e %%f%% g", "a  e  g"),
        ("%%\n```\nx\n```\n%%\na", "a"),
        ("50%% more", "50%% more"),
        # What opens a comment stands in no code, display or script; what ends it, in no fence of the comment.
        ("%%a `b%% c `d`", "c <code>d</code>"),
        ("``a ` %% b`` c%%d%%", "<code>a ` %% b</code> c"),
        ("%%\n```\n%%\na\n\n```\nb\n```", "a</p>\n<pre><code>b\n</code></pre>"),
        ("%%\na %%b%%", "b%%"),
        ("$$\na %% b\n$$\nc%%d%%\n$$\ne %% f\n$$", "$$\na %% b\n$$\nc\n$$\ne %% f\n$$"),
        ("b%%c%%\n<script>\na %%\n/[^[d]/\n</script>", "b</p>\n<script>\na %%\n/[^[d]/\n</script>"),
        ("<!--\na %%b%%", "&lt;!--\na"),
        ("- a\n- %%b%%", "<ul>\n<li>a</li>\n<li></li>\n</ul>"),
        ("```\n%%x%% ==y== ^z\n```", "<pre><code>%%x%% ==y== ^z\n</code></pre>"),
        ("A claim. ^a-1", "A claim. "),
        ("A claim ^a-1 of this\nline", "A claim ^a-1 of this\nline"),
        ("a ^b\nc", "a ^b\nc"),
        ("==read *this*== or a == b == c", "<mark>read <em>this</em></mark> or a == b == c"),
        ("~~gone~~", "<del>gone</del>"),
    ],
)
def test_what_only_the_author_sees_is_not_shown_and_marks_are_marks(convert, text, made):
    assert convert(text).strip() == made.strip()


def test_list_items_lose_the_names_that_other_notes_link_to_them_by(convert):
    assert convert("- a ^x\n- b ^y").count("<li>") == 2
    assert "^" not in convert("- a ^x\n- b ^y")


def test_a_note_in_the_line_stands_with_the_footnotes(convert):
    page = convert("One^[first, see [[Momentum]]], two[^1], `^[x]`, ^[open.\n\n[^1]: second")
    assert page.count("footnote-ref") == 2
    assert page.index("footnote-ref") < page.index("<hr") < page.index("first, see")
    assert '<a href="{filename}/Momentum.md">Momentum</a>' in page
    assert "<code>^[x]</code>, ^[open." in page
