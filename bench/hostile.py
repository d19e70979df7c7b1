"""Texts of any length that are meant to take too long, and everything of ours that reads texts.

Each text is a head, a part as often as fits, and a tail; each reader gets all the texts of its kind.
"""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension

from pelican_mlnotes.cli.front_matter import set_markdown_field, set_rest_field
from pelican_mlnotes.document.model import Document
from pelican_mlnotes.document.pictures import shown_address
from pelican_mlnotes.document.reader import parse_document, parse_text
from pelican_mlnotes.excerpt import make_excerpt, shorten
from pelican_mlnotes.formulas.convert import Converter
from pelican_mlnotes.formulas.delimiters import Formula, find_formulas, mark_text
from pelican_mlnotes.formulas.leftovers import first_leftover
from pelican_mlnotes.formulas.markdown import MathExtension
from pelican_mlnotes.formulas.plain import tex_to_text
from pelican_mlnotes.formulas.titles import plain_formulas, title_html, title_text
from pelican_mlnotes.importers.html import find_tags, mend_less_than
from pelican_mlnotes.importers.obsidian import WikiLinks
from pelican_mlnotes.plugin.own_theme.html import edit_html
from pelican_mlnotes.plugin.own_theme.paper import fit_formulas
from pelican_mlnotes.search.records import make_sections
from pelican_mlnotes.text.words import normalise, words
from pelican_mlnotes.topics.choose import suggest_topics
from pelican_mlnotes.topics.taxonomy import Taxonomy, load_taxonomy

Text = tuple[str, str, str]
_WIDE = " + ".join(f"w_{{{n}}}" for n in range(30))

PLAIN: tuple[Text, ...] = (
    *(("", sign, "") for sign in "$`\\*_[](){}<>&\"'-.,:;!/#^~|=+@ \t\n0aé"),
    *(
        ("", sign, "")
        for sign in (
            "\u0301",
            "\u0301\u0323",
            "\u200b",
            "\ue000",
            "\u200d",
            "\u202e",
            "\u00ad",
            "\ufe0f",
            "👍🏽",
            "🇦",
            "e\u0301",
            "中",
            "ก",
            "한",
        )
    ),
    *(
        ("", pair, "")
        for pair in ("$ ", "$a", "$a ", "a$", "$$", "$ $", "$`", "`$", "``$`", "\\$", "\\(", "\\[", "\\)$")
    ),
    *(
        ("", pair, "")
        for pair in ("a.", "a. ", "A.B.", "a, ", "a-", "a/", "://", "http://a ", "x_1 ", "(a", "a) ", "a\n\n")
    ),
    ("$", "`", ""),
    ("", "`", "$"),
    ("", "$x ", "`"),
    ("", "\\begin{align}", ""),
    ("", "\\begin{align}x\\end{align*}", ""),
    ("\\begin{", " ", ""),
    ("\\begin{align}", " ", ""),
    ("", "\\begin{equation}\\label{a}", ""),
    ("", "\\ref{a} ", ""),
    ("$", "{", "$"),
    ("$", "x", "$"),
    ("", "$5 and $10 ", ""),
    ("", "neural network ", ""),
    ("", "C++ C# .NET ", ""),
    ("", "A B C D ", ""),
    ("", "U.S.A. ", ""),
)
HTML: tuple[Text, ...] = (
    *PLAIN,
    *(
        ("", tag, "")
        for tag in (
            *(
                "<",
                "<a",
                "<a ",
                "<a>",
                "<p>",
                "<b>",
                "<i><b>",
                "<div>",
                "<ul><li>",
                "<table><tr><td>",
                "<math>",
                "<svg>",
            ),
            *(
                "<pre>",
                "<code>",
                "<script>",
                "<style>",
                "<h1>",
                "<h2>a",
                "<h2>a</h2>",
                "<h3 id=a>",
                "<img>",
                "<img src=a>",
            ),
            *(
                "<br>",
                "<hr>",
                "<!--",
                "<!-- a",
                "<!",
                "<?",
                "</",
                "</p>",
                "</div>",
                "<figure>",
                "<figcaption>a",
                "<sup>",
            ),
            *(
                "<a name>",
                "<p><a name>",
                "<a href='#a'>",
                "<span>",
                "<blockquote>",
                "<dl><dt>",
                "<details>",
                "<select>",
            ),
            *(
                "<video>",
                "<audio>",
                "<iframe>",
                "<object>",
                "<picture>",
                "<source srcset=a>",
                "<input>",
                "<noscript>",
            ),
            *(
                "<textarea>",
                "<template>",
                "<title>",
                "<button>",
                "<ruby><rt>",
                "<font>",
                "<center>",
                "<tt>",
                "<nobr>",
            ),
            *(
                '<a b="',
                "<a b='",
                '<img alt="<',
                '<p title="',
                "<p style=",
                "[caption]",
                "[/caption]",
                "[caption",
                "&amp;",
            ),
            *(
                '<div class="',
                '<span class="rubric">',
                '<div class="admonition">',
                '<div class="footnote">',
                "<div class=toc>",
            ),
            *(
                "<blockquote><p>[!note] a",
                "<blockquote><p>[!note] a</p></blockquote>",
                "<blockquote><p>[!note] a\n",
            ),
            *(
                '<span class="math">\\(x',
                '<span class="math">\\(x\\)</span>',
                '<div class="math">\\[',
                '<span class="math">',
            ),
            *(
                "<annotation>",
                "<semantics>",
                '<script type="math/tex">',
                '<span class="katex">',
                "<mjx-container>",
            ),
            *(
                '<td style="text-align: right">',
                '<p align="',
                "<li><p>[ ] a",
                '<sup id="fnref:1">',
                '<a class="footnote-ref">',
            ),
            *(
                "<table>",
                "</table>",
                "<table><table>",
                "<pre><code>a",
                '<div class="highlight">',
                "<p>a</p>",
                "<p></p>",
                "<p>\n",
            ),
        )
    ),
    ('<span class="', "a ", '">'),
    ('<span class="', "math ", '">\\(x\\)</span>'),
    ('<span class="math">', "\\(", "</span>"),
    ('<span class="math">\\begin{', " ", "</span>"),
    ("<p ", "a=b ", ">"),
    ("<p ", 'a="b" ', ">"),
    ("<p ", "a", ">"),
    ('<img srcset="', ",", '">'),
    ('<img srcset="', "a 1x, ", '">'),
    ('<img srcset="', " ", '">'),
    ('<img src="data:', "a", '">'),
    ('<p style="', "a:b;", '">'),
    ('<p style="', "display:", '">'),
    ('<svg viewBox="', "0 ", '">'),
    ("<p>word", "<b></b>", ""),
    (f'<p><span class="math">\\({_WIDE}\\)</span>', "<p><a name>", ""),
    (f'<p><span class="math">\\({_WIDE}\\)</span>', "<a name></a>", ""),
    ("", f'<a href=x><span class="math">\\({_WIDE}\\)</span>', ""),
    ("<h2>", "a", "</h2>"),
    ("<div>" * 500, "<p>a</p>", ""),
    ("<b>" * 500, "<p>a", ""),
    ("", "<b><p>a</b>", ""),
    ("", "<a><div>a", ""),
    ("<table>", "a<tr>", ""),
    ("<select>", "<option>a", ""),
    ("", '<span class="math-display" tabindex="0"><math>', ""),
    ('<span class="', "math ", '">\\(x</span>'),
    ('<span class="math">\\(x\\)', " ", "<b></span>"),
    ('<span class="math">', " ", ""),
    ("$latex x", "&bg=f", "-$"),
    ("", "$latex x&bg=f$ ", ""),
    ("<style>", "</style ", ""),
    ("<a href=#a>\\(", "\\(", "</a>"),
    ("\\begin{eqnarray}", "&a&", ""),
)
TEX: tuple[Text, ...] = (
    *(("", sign, "") for sign in "abx01+-=<>.,;:!?'\"`^_{}[]()|/\\&%#~@$* \n\té∑⟨中"),
    *(
        ("", part, "")
        for part in (
            *(
                "x_",
                "x^",
                "x_1",
                "x^{",
                "{x",
                "\\frac",
                "\\frac{",
                "\\frac{a}{",
                "\\frac{a}{b}",
                "\\sqrt",
                "\\sqrt[",
                "\\sqrt{",
            ),
            *(
                "\\left(",
                "\\right)",
                "\\left( x \\right)",
                "\\bigl(",
                "\\big(x\\big)",
                "\\begin{matrix}",
                "\\begin{align}",
            ),
            *(
                "\\begin{matrix}a\\end{matrix}",
                "\\end{matrix}",
                "\\text{",
                "\\text{a}",
                "\\text{$a$}",
                "\\mbox{a}",
                "\\hat",
                "\\hat{x}",
            ),
            *(
                "\\\\",
                "\\\\*",
                "a\\\\",
                "&",
                "a&",
                "\\color{red}",
                "\\color{red}{",
                "\\textcolor{red}{x}",
                "\\label{a}",
                "\\tag{1}",
            ),
            *(
                "\\ref{a}",
                "\\eqref{a}",
                "\\limits",
                "\\sum\\limits",
                "\\sum_",
                "\\operatorname{",
                "\\operatorname{a}",
                "\\mathbb{R}",
            ),
            *(
                "\\newcommand{\\a}{x}",
                "\\newcommand{\\a}{",
                "\\def\\a{x}",
                "\\def\\a#1{#1}",
                "\\DeclareMathOperator{\\a}{a}",
            ),
            *(
                "\\not",
                "\\not=",
                "\\mathrm{",
                "\\boldsymbol{x}",
                "\\bm{x}",
                "\\hspace{1em}",
                "\\cancel{x}",
                "\\boxed{x}",
                "\\dots",
            ),
            *(
                "\\overset{a}{b}",
                "\\underbrace{x}",
                "\\stackrel",
                "\\xrightarrow",
                "\\xrightarrow[a]{b}",
                "\\binom{a}{b}",
                "\\over",
            ),
            *(
                "\\mathop{",
                "\\mathop{a}",
                "{a \\over b}",
                "\\hline",
                "\\verb|",
                "\\unknown",
                "\\unknown{x}",
                "%a\n",
                "\\'e",
                "'''",
            ),
        )
    ),
    ("\\begin{array}{", "c", "} a \\end{array}"),
    ("\\begin{array}{", "|", "} a \\end{array}"),
    ("\\begin{array}{c}", "a \\\\ \\hline ", "\\end{array}"),
    ("\\begin{align} a ", "&= b \\\\ ", "\\end{align}"),
    ("\\begin{", " ", ""),
    ("\\newcommand{\\a}{x}", "\\a", ""),
    ("\\newcommand{\\a}[1]{#1#1}", "\\a{x}", ""),
    ("\\newcommand{\\a}{x}\\newcommand{\\b}{\\a\\a}\\newcommand{\\c}{\\b\\b}", "\\c", ""),
    ("\\def\\a{x}", "\\a ", ""),
    ("\\text{", "a", "}"),
    ("\\text{", "$", "}"),
    ("\\tag{", "a", "}"),
    ("\\label{", "a", "}"),
    ("\\color{", "a", "} x"),
    ("\\color{", " ", ""),
    ("\\color", " ", ""),
    ("\\dv", " ", ""),
    ("\\newcommand{\\a}", " ", ""),
    ("\\let\\a", " ", ""),
    ("\\mathop{\\rm a", " ", ""),
    ("", "\\begin{eqnarray}", ""),
    ("\\begin{eqnarray}", "&a&", "\\end{eqnarray}"),
    ("\\begin{alignat}", " ", ""),
    ("x^{a,", " ", "+}"),
)
META: tuple[Text, ...] = (
    *PLAIN,
    *(
        ("", line, "")
        for line in (
            "a: b\n",
            "a:\n",
            ":a: b\n",
            ":a:\n",
            "    a\n",
            "---\n",
            "Title\n=====\n",
            "..\n",
            ".. a\n",
        )
    ),
    *(("---\n", line, "") for line in ("a: b\n", "- a\n", "tags:\n", "  - a\n")),
    ("---\ntags:\n", "  - a\n", "---\n"),
    ("Title\n=====\n\n", ":a: b\n", ""),
    ("Tags: ", "a, ", "\n"),
    (":", "a", ":"),
    (":", "\\:", ""),
    ("", "=", "\n"),
)


# Blocks of Markdown for Obsidian and CommonMark.
BLOCKS: tuple[Text, ...] = (
    ("", "%%\n```a\n", ""),
    ("", "x %%\n```a\n%%\n", ""),
    ("%%\n", "```a\nx %% y\n", "%%"),
    ("   ", "`a` %%x%% ", ""),
    ("", "`", " %%x"),
    ("", "```b %% ", ""),
    ("", "$$\nx %% y\n", ""),
    ("", "a $$ %%\n", ""),
    ("", "<script>\n", ""),
    ("", "<!--\n", ""),
    ("> ", "<!--\n> ", ""),
    ("", "<pre>\na\n</pre>\n", ""),
    ("", "<div>\n", ""),
    ("", "<table>\n- a\n\n", ""),
    ("", "~~~a\n", ""),
    ("", "-\n", ""),
    ("", "- a\n  - b\n", ""),
    ("", "> - a\n2. b\n", ""),
    ("", "a ^b\n\n", ""),
    ("a\nb|\n", "|- ", "x"),
    ("", "a^[b ", ""),
    ("", "^[a [b] ", "]"),
    ("", "\\[\n", ""),
)


def _texts(texts: tuple[Text, ...]) -> dict[str, Callable[[int], Any]]:
    return {
        f"{head[:60]!r} + n * {part[:60]!r} + {tail[:40]!r}": partial(_text, head, part, tail)
        for head, part, tail in dict.fromkeys(texts)
    }


def _text(head: str, part: str, tail: str, size: int) -> str:
    return head + part * (size // len(part)) + tail


def _read_post(html: str) -> object:
    document = parse_document(html)
    return make_excerpt(document, 1000), words(document.prose)


def _read_marked(html: str) -> object:
    marked = mark_text(html)
    return parse_document(marked, marked=True), Converter().convert_marked(marked)


@cache
def _preprocessors(extension: type[Extension]) -> tuple[Any, ...]:
    md = Markdown(extensions=["extra", extension()])
    return tuple(one for one in md.preprocessors if type(one).__module__.startswith("pelican_mlnotes"))


def _read_markdown(text: str, extension: type[Extension] = MathExtension) -> object:
    # What Markdown itself does with such a text is not ours.
    lines = text.split("\n")
    for one in _preprocessors(extension):
        lines = one.run(lines)
    return lines


def _convert(tex: str) -> object:
    return [Converter().convert_marked(Formula(tex, display).marked()) for display in (True, False)]


def _convert_many(tex: str) -> object:
    # Many formulas on a page, among them one that defines what they use.
    define = Formula("\\newcommand{\\a}{x}\\newcommand{\\b}[1]{\\a#1}", False).marked()
    return Converter().convert_marked(define + tex)


def _each_formula(part: str, size: int) -> str:
    marked = f"<p>{Formula(part, False).marked()}</p>"
    return marked * (size // len(marked))


@cache
def _bundled() -> Taxonomy:
    return load_taxonomy(Path(str(load_taxonomy.__code__.co_filename)).with_name("taxonomy.toml"))


def _suggest(text: str) -> object:
    document = Document(prose=text, headings=(text,), captions=(text,))
    return suggest_topics(text, document, _bundled(), max=5, min_score=0.1)


def _load(source: str) -> object:
    with TemporaryDirectory() as folder:
        file = Path(folder, "own.toml")
        file.write_text(source, encoding="utf-8")
        try:
            return load_taxonomy(file)
        except ValueError as error:
            return error


def _topics(line: str, size: int) -> str:
    count = size // 60
    return "".join(
        f'[[topic]]\nid = "t-{number}"\nlabel = "{line.format(number)}"\n' for number in range(count)
    )


def _chain(size: int) -> str:
    """Topics each of which is narrower than the one before."""
    return "".join(
        f'[[topic]]\nid = "t-{number}"\nlabel = "Topic {number}"\n'
        + (f'broader = ["t-{number - 1}"]\n' if number else "")
        for number in range(size // 80)
    )


def _as_formulas(text: str) -> object:
    return _read_marked(f"${text}$ {text} $${text}$$")


def _distinct(part: str, size: int) -> str:
    """Return marked formulas, each with another number in ``part``."""
    number = size // (len(part) + len(_EMPTY_MARK))
    return "".join(Formula(part.format(at), False).marked() for at in range(number))


_EMPTY_MARK = Formula("", False).marked()
_NUMBERED_FORMULA = (
    r"\label{{a {0}}} x",
    r"\label{{{0:b}}} x",
    r"\newcommand{{\a}}{{{0}}} \a",
    r"\def\a{{{0}}}\a\a",
    r"\ref{{{0}}}",
    r"\color{{#{0:06x}}} x",
)
_ONE_FORMULA = ("x", "\\a", "\\b{x}", "\\label{e} x", "\\newcommand{\\d}{x}", _WIDE)
_LABELS = ("Topic {}", "{} topics", "Stem{}", "same", "learning {} learning")
READERS: dict[str, tuple[Callable[[Any], object], dict[str, Callable[[int], Any]]]] = {
    "post": (_read_post, _texts(HTML)),
    "formulas of a post": (_read_marked, _texts(HTML)),
    "own theme": (edit_html, _texts(HTML)),
    "paper": (fit_formulas, _texts(HTML)),
    "sections to search": (lambda html: make_sections(html, parse_document), _texts(HTML)),
    "formulas left over": (first_leftover, _texts(HTML)),
    "line of front matter": (lambda text: shorten(parse_text(text).prose, 1000), _texts(PLAIN)),
    "excerpt cut at sentences": (lambda text: shorten(text, 1000, "sentence"), _texts(PLAIN)),
    "excerpt cut at characters": (lambda text: shorten(text, 1000, "character"), _texts(PLAIN)),
    "title as text": (title_text, _texts(HTML)),
    "title as HTML": (lambda text: title_html(text, mark=True), _texts(HTML)),
    "summary": (plain_formulas, _texts(PLAIN)),
    "text with formulas": (_as_formulas, _texts(PLAIN)),
    "delimiters": (lambda text: list(find_formulas(text)), _texts(PLAIN)),
    "Markdown": (_read_markdown, _texts((*HTML, *META))),
    "Markdown of Obsidian": (
        partial(_read_markdown, extension=WikiLinks),
        _texts((*BLOCKS, *HTML)),
    ),
    "formula": (_convert, _texts(TEX)),
    "formula as text": (tex_to_text, _texts(TEX)),
    "many formulas": (
        _convert_many,
        {
            **{f"n * {part!r}": partial(_each_formula, part) for part in _ONE_FORMULA},
            **{f"n numbers in {part!r}": partial(_distinct, part) for part in _NUMBERED_FORMULA},
        },
    ),
    "words": (words, _texts(PLAIN)),
    "folded words": (normalise, _texts(PLAIN)),
    "pictures": (lambda text: shown_address({"srcset": text, "data-src": text}), _texts(PLAIN)),
    "Markdown's front matter": (lambda text: set_markdown_field(text.encode(), "Topics", "a"), _texts(META)),
    "reStructuredText's front matter": (
        lambda text: set_rest_field(text.encode(), "Topics", "a"),
        _texts(META),
    ),
    "import": (lambda html: (list(find_tags(html)), mend_less_than(html)), _texts(HTML)),
    "topics": (_suggest, _texts(PLAIN)),
    "taxonomy": (
        _load,
        {
            **{f"n labels {line!r}": partial(_topics, line) for line in _LABELS},
            "a chain of topics": _chain,
        },
    ),
}  # fmt: skip
