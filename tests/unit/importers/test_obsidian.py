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
        extensions=["fenced_code", "tables"],
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
