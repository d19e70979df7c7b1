"""Texts for CommonMark are read by Python-Markdown as they were meant."""

import re

import pytest
from markdown import Markdown

from pelican_mlnotes.importers.commonmark import as_read

EXTENSIONS = ["extra", "codehilite", "pelican_mlnotes.importers.commonmark"]


def html(text):
    made = Markdown(extensions=EXTENSIONS, extension_configs={"codehilite": {"use_pygments": False}})
    return re.sub(r">\s+<", "><", made.convert(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("These:\n- a\n- b", "<p>These:</p><ul><li>a</li><li>b</li></ul>"),
        ("These:\n1. a\n2) b", "<p>These:</p><ol><li>a</li><li>b</li></ol>"),
        ("in\n2024. It was", "<p>in\n2024. It was</p>"),
        ("- a\n  - b\n    - c\n- d", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"),
        ("- a\n\t- b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("1. a\n   - b\n\n   c\n2. d", "<li><p>a</p><ul><li>b</li></ul><p>c</p></li><li><p>d</p></li>"),
        ("- a\n\n1. b", "<ul><li>a</li></ul><!-- --><ol><li>b</li></ol>"),
        ("- a\n# H", "<ul><li>a</li></ul><h1>H</h1>"),
        ("- a\n  > b\n- c", "<p>a</p><blockquote><p>b</p></blockquote></li><li><p>c</p>"),
        ("> a\n> - b\n> - c", "<blockquote><p>a</p><ul><li>b</li><li>c</li></ul></blockquote>"),
        ("text\n---", "<h2>text</h2>"),
        ("* * *", "<hr />"),
        ("*a* and\n**b**", "<p><em>a</em> and\n<strong>b</strong></p>"),
        ("#tag and #other\n\n# Heading", "<p>#tag and #other</p><h1>Heading</h1>"),
        ("- #tag", "<ul><li>#tag</li></ul>"),
        (
            "> a\n>\n> b\nlazy\n\n> c",
            "<blockquote><p>a</p><p>b\nlazy</p></blockquote><!-- --><blockquote><p>c</p></blockquote>",
        ),
        ("> a\n2. b\n3. c", "<blockquote><p>a</p></blockquote><ol><li>b</li><li>c</li></ol>"),
        ("# H\n2. b\n3. c", "<h1>H</h1><ol><li>b</li><li>c</li></ol>"),
        ("- a\n-\n- b", "<ul><li>a</li><li></li><li>b</li></ul>"),
        ("> 1. a\n> 2.\n> 3. b", "<ol><li>a</li><li></li><li>b</li></ol>"),
        ("a:\n| b |\n|:-:|\n| c |", '<p>a:</p><table><thead><tr><th style="text-align: center;">b</th>'),
        ("a |\n--- or |\nb", "<p>a |\n--- or |\nb</p>"),
        ("~~gone~~, ~~ not ~~ and ~~~no~~~", "<p><del>gone</del>, ~~ not ~~ and ~~~no~~~</p>"),
        ("term\n: means *it*", "<dl><dt>term</dt><dd>means <em>it</em></dd></dl>"),
    ],
)
def test_blocks_are_read_as_in_commonmark(text, shown):
    assert shown in html(text)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("- a\n  ```python\n  - x\n\n  #y\n  ```\n- b", "<ul><li><p>a</p><pre"),
        ("1. a\n\n    ```python\n    - x\n\n    #y\n    ```\n2. b", "<ol><li><p>a</p><pre"),
        (
            "1. a\n   - b\n\n   ```python\n   - x\n\n   #y\n   ```\n2. c",
            "<ol><li><p>a</p><ul><li>b</li></ul><!-- --><pre",
        ),
        ("> - a\n> ```python\n> - x\n>\n> #y\n> ```", "<blockquote><ul><li>a</li></ul><!-- --><pre"),
        ('a\n```python title="x" {1}\n- x\n\n#y\n```\nb', "<p>a</p><pre"),
        ("   ~~~python\n   - x\n\n   #y\n   ~~~", "<pre"),
        ("```python\n- x\n\n#y", "<pre"),
    ],
)
def test_code_is_code_wherever_a_fence_stands(text, before):
    shown = html(text)
    assert shown.startswith(before)
    code = re.search(r'<code class="language-python">(.*?)</code>', shown, re.DOTALL)[1]
    assert code.strip() == "- x\n\n#y"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('<div class="n">\n\nIt *is*.\n\n</div>', '<div class="n"><p>It <em>is</em>.</p></div>'),
        (
            "<details>\n<summary>S</summary>\n<div>\n\n- *a*\n\n</div>\n</details>\n\nb",
            "<details><summary>S</summary><div><ul><li><em>a</em></li></ul></div></details><p>b</p>",
        ),
        (
            '<div class="n">\n    <b>*a*</b>\n    \n- b\n\n</div>',
            '<div class="n"><p><b><em>a</em></b></p><ul><li>b</li></ul></div>',
        ),
        ("<div>*a*</div>\n\n*b*", "<div>*a*</div><p><em>b</em></p>"),
        ('<a id="x"></a>\n```\nc\n```', '<p><a id="x"></a></p>'),
    ],
)
def test_markdown_is_read_in_html_behind_an_empty_line(text, shown):
    assert shown in html(text)


@pytest.mark.parametrize(
    "text",
    [
        "a\n$$\n- x\n+ y\n$$\nb",
        "a\n\\\\[\n- x\n\\\\]\nb",
        "\\begin{align}\n- x\n+ y\n\\end{align}",
        "    - code\n    #no tag",
        "| a |\n|---|\n| - b |",
        "[^1]: note\n    - of it",
        "-   item of four\n\n    ends\n-   other",
        "!!! note\n    - a",
    ],
)
def test_formulas_code_by_indent_and_texts_for_python_markdown_stay(text):
    lines = text.split("\n")
    assert [line.split() for line in as_read(lines) if line] == [line.split() for line in lines if line]
    assert as_read(lines)[0].rstrip()[:4] == re.sub("^-   ", "- ", lines[0])[:4]


@pytest.mark.parametrize(
    "text",
    [
        "<style>\n#a { b }\n\n- c\n</style>",
        "a\n<script>\n  - b\n  #c\n</script>",
        "<!--\n- a\n#b\n-->",
        "<pre>\n- a\n\n  #b\n</pre>",
        "<table>\n<tr><td>\n- a\n#b\n</td></tr>\n</table>",
    ],
)
def test_html_that_holds_no_markdown_stays(text):
    assert as_read(text.split("\n")) == text.split("\n")


def test_html_that_nothing_ends_is_text():
    assert "<li>" in html("<!--\n- a\n- b")


def test_without_the_extensions_that_read_them_no_marks_for_them_are_left():
    made = Markdown(extensions=["pelican_mlnotes.importers.commonmark"])
    text = "<div>\n\n- a\n  ```python\n  x\n  ```\n\n</div>"
    assert "markdown=" not in made.convert(text)
    assert ":::" not in made.convert(text)


def test_a_text_that_is_rewritten_is_not_rewritten_again():
    text = "a\n- b\n  - c\n\n    d\n- e\n\n> f\n> - g\n\n```\n- h\n```\n\n<div>\n\n#i\n\n</div>"
    once = as_read(text.split("\n"))
    assert as_read(once) == once


@pytest.mark.parametrize(
    "text", [">" * 3000 + " a", "- " * 3000, "\n".join(f"{' ' * n}- a" for n in range(300))]
)
def test_what_is_nested_beyond_sense_is_borne(text):
    assert as_read(text.split("\n"))
