"""Formulas, as a built site shows them."""

import json
from html import escape

import pytest

from tests.pages import parse_page

MARKDOWN = {"extensions": ["markdown.extensions.extra", "markdown.extensions.toc"], "extension_configs": {}}
POST = "The cost is $O(n^2)$.\n\n$$x_1 = y_1$$\n"
HTML = (
    "<html><head><title>H</title><meta name='date' content='2026-01-03'></head>\n"
    "<body>\n<p>{}</p>\n</body></html>"
)


def test_posts_and_pages_in_every_format_get_mathml(site):
    site.post("markdown", POST)
    site.write(
        "rest.rst",
        "Rest\n####\n\n:date: 2026-01-02\n\nA :math:`n^2` and\n\n.. math::\n\n   a &= b \\\\\n   c &= d\n",
    )
    site.write("html.html", HTML.format("A $n^2$ here."))
    site.write("pages/about.md", "Title: About\n\nA $n^2$ page.\n")
    built = site.build(MLNOTES_MATH="mathml")
    assert built.warnings == []
    for name, count in (("markdown.html", 2), ("rest.html", 2), ("h.html", 1), ("pages/about.html", 1)):
        assert built.read(name).count("<math") == count, name
        assert "\\(" not in built.read(name), name


def test_off_leaves_posts_untouched(site):
    site.post("note", POST)
    before = site.build(PLUGINS=[], DELETE_OUTPUT_DIRECTORY=True).articles["note"].content
    assert site.build().articles["note"].content == before


def test_excerpts_and_feeds_know_formulas(site):
    site.post("note", POST)
    built = site.build(MLNOTES_MATH="mathml", SITEURL="https://notes.example", FEED_ALL_ATOM="all.atom.xml")
    assert built.articles["note"].excerpt == "The cost is O(n²)."
    assert "&lt;math" in built.read("all.atom.xml")


def test_excerpts_have_the_dollar_signs_that_the_page_has(site):
    prices = "It costs $5, or $20. US$ 3 and $HOME, or \\$x\\$ and 7$."
    site.post("markdown", prices)
    site.write("html.html", HTML.format(prices.replace("\\", "") + " Of $n^2$."))
    site.write("rest.rst", "Rest\n####\n\n:date: 2026-01-02\n\nIt is $x$ of :math:`n^2`.\n")
    articles = site.build(MLNOTES_MATH="mathml").articles
    assert articles["markdown"].excerpt == "It costs $5, or $20. US$ 3 and $HOME, or $x$ and 7$."
    assert articles["h"].excerpt == "It costs $5, or $20. US$ 3 and $HOME, or x and 7$. Of n²."
    assert articles["rest"].excerpt == "It is $x$ of n²."
    assert site.build().articles["markdown"].excerpt == articles["markdown"].excerpt


def test_restructured_text_has_the_brackets_of_scripts_for_formulas(site):
    site.write("rest.rst", "Rest\n####\n\n:date: 2026-01-02\n\nThe \\\\(1\\\\) and ``\\(2\\)`` for $5.\n")
    built = site.build(MLNOTES_MATH="mathml")
    assert built.articles["rest"].excerpt == "The 1 and \\(2\\) for $5."
    assert built.read("rest.html").count("<math") == 1


def test_a_bad_formula_is_shown_as_tex_with_one_warning(site):
    site.post("note", r"See $\nonsense{x}$ and $y$.")
    built = site.build(MLNOTES_MATH="mathml")
    assert len(built.warnings) == 1
    assert "note.md" in built.warnings[0]
    assert "nonsense" in built.warnings[0]
    assert '<code class="math-source">\\nonsense{x}</code>' in built.read("note.html")


def test_the_sites_own_commands_hold_in_posts_and_pages(site):
    site.post("note", r"See $\M$ and $\inner{x}{y}$.")
    site.write("pages/about.md", "Title: About\n\nHere $\\M$.\n")
    macros = {"M": r"\mathcal{M}", r"\inner": r"\langle #1, #2 \rangle"}
    built = site.build(MLNOTES_MATH="mathml", MLNOTES_MATH_MACROS=macros)
    assert built.warnings == []
    assert "⟨" in built.read("note.html")
    assert "ℳ" in built.read("pages/about.html")


def test_switching_math_leaves_no_trace_in_pelicans_caches(site):
    site.post("note", POST)
    cached = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True}
    for layer in ("reader", "generator"):
        off = site.build(**cached, CONTENT_CACHING_LAYER=layer).files()
        site.build(**cached, CONTENT_CACHING_LAYER=layer, MLNOTES_MATH="mathml")
        again = site.build(**cached, CONTENT_CACHING_LAYER=layer, MLNOTES_MATH="mathml").files()
        assert "<math" in again["note.html"].decode()
        assert site.build(**cached, CONTENT_CACHING_LAYER=layer).files() == off


def test_alignment_keeps_its_styles_where_our_stylesheet_is_missing(site):
    site.post("note", "$$\\begin{cases} 1 \\\\ 0 \\end{cases}$$")
    assert ' style="' in site.build(MLNOTES_MATH="mathml").read("note.html")
    ours = site.build(MLNOTES_MATH="mathml", THEME="theme").read("note.html")
    assert "math-text-align-left" in ours
    assert ' style="' not in ours


TITLED = r"Why $O(n^2)$ & $\alpha < \beta$ matter for \$5"


def test_a_title_reads_well_wherever_it_stands(site):
    site.post("one", POST, Title=TITLED)
    site.post("two", POST, date="2026-01-02")
    feeds = {"FEED_ALL_ATOM": "all.atom.xml", "FEED_ALL_RSS": "all.rss.xml"}
    for math in ("mathml", "off"):
        built = site.build(THEME="theme", SITEURL="https://notes.example", MLNOTES_MATH=math, **feeds)
        text = "Why O(n²) & α < β matter for $5"
        page = parse_page(built.read("one.html"))
        assert page.select_one("title").get_text().startswith(text)
        headline = json.loads(page.select_one('script[type="application/ld+json"]').get_text())["headline"]
        assert headline == text
        for name in feeds.values():
            assert f"<title>{escape(text, quote=False)}</title>" in built.read(name)
        for found in (
            page.select_one("h1"),
            parse_page(built.read("index.html")).select(".post-card a")[-1],
        ):
            if math == "mathml":
                assert [node["alttext"] for node in found.select("math")] == [
                    "O(n^2)",
                    r"\alpha < \beta",
                ]
                for node in found.select("annotation"):
                    node.decompose()
                assert found.get_text() == "Why O(n2) & α<β matter for $5"
            else:
                assert found.get_text() == text


def test_escaped_dollars_are_dollars_in_page_and_excerpt(site):
    text = r"Pay \$x\$ or \$5 for $y$."
    site.post("markdown", text)
    site.write("html.html", HTML.format(text))
    site.write("rest.rst", "Rest\n####\n\n:date: 2026-01-02\n\nPay $x$ or $5 for :math:`y`.\n")
    built = site.build(MLNOTES_MATH="mathml")
    for slug in ("markdown", "h", "rest"):
        assert built.articles[slug].excerpt == "Pay $x$ or $5 for y.", slug
        page = parse_page(built.articles[slug].content)
        page.select_one("annotation").decompose()
        assert " ".join(page.body.get_text().split()) == "Pay $x$ or $5 for y.", slug
    site.post("summary", "Text.", Summary=text)
    assert site.build(MLNOTES_MATH="mathml").articles["summary"].excerpt == "Pay $x$ or $5 for y."
    built = site.build()
    assert built.articles["markdown"].excerpt == "Pay $x$ or $5 for y."
    assert r"\$x\$" in built.read("markdown.html")


def test_contents_show_the_formulas_of_headings(site):
    headings = r"## The $O(n)$ way" + "\n\nA.\n\n" + r"## Now $a_1 < b$" + "\n\nB.\n\n## Third $x$\n\nC.\n"
    site.post("own", "[TOC]\n\n" + headings)
    site.post("ours", headings, date="2026-01-02")
    site.write("html.html", HTML.format("<h2>The $O(n)$ way</h2><h2>Now $a_1 &lt; b$</h2><h2>Third $x$</h2>"))
    built = site.build(THEME="theme", MLNOTES_MATH="mathml", MARKDOWN=MARKDOWN)
    own = parse_page(built.read("own.html"))
    assert [link.select_one("math")["alttext"] for link in own.select(".toc a")] == [
        "O(n)",
        "a_1 < b",
        "x",
    ]
    for name in ("ours.html", "h.html"):
        page = parse_page(built.read(name))
        links = page.select(".toc a")
        assert [link.get_text() for link in links] == ["The O(n) way", "Now a₁ < b", "Third x"], name
        for link in links:
            assert page.select_one(f"[id='{link['href'][1:]}']") is not None


def test_labels_of_several_posts_on_one_page_do_not_meet(site):
    for slug in ("one", "two"):
        site.post(slug, "\\begin{equation}\\label{eq:a} x \\end{equation}\n\nSee \\eqref{eq:a}.")
    articles = site.build(MLNOTES_MATH="mathml").articles
    page = parse_page(articles["one"].content + articles["two"].content)
    ids = [node["id"] for node in page.select("[id]")]
    assert len(ids) == len(set(ids)) == 2
    assert [f"#{name}" for name in ids] == [node["href"] for node in page.select("a.math-reference")]


def test_no_summary_shows_marks_or_half_a_formula(site):
    site.post("own", "Text.", Summary=r"Where $x^2$ costs \$5.")
    site.post("cut", "Words before " + "$a + b + c + d + e$ " * 30, date="2026-01-02")
    site.write(
        "html.html", HTML.format("A.").replace("<meta", "<meta name='summary' content='Now $y$.'><meta")
    )
    site.write("pages/about.md", "Title: About $n$\n\n" + r"A page $x_1$ of \$5.")
    options = {"SUMMARY_MAX_LENGTH": 20, "MLNOTES_EXCERPT_AS_SUMMARY": False}
    built = site.build(THEME="theme", MLNOTES_MATH="mathml", **options)
    for slug, alone in (("own", "x^2"), ("h", "y"), ("cut", "a + b + c + d + e")):
        summary = parse_page(built.articles[slug].summary)
        maths = summary.select("math")
        assert {node["alttext"] for node in maths} == {alone}, slug
        assert len(summary.select("annotation")) == len(maths)
        assert "\\(" not in built.articles[slug].summary.replace("<annotation", "")
    page = parse_page(built.read("pages/about-n.html"))
    assert page.select_one('meta[name="description"]')["content"] == "A page x₁ of $5."
    assert page.select_one("title").get_text().startswith("About n ")


def test_typography_leaves_formulas_alone(site):
    pytest.importorskip("typogrify")
    text = r"""A "quote" $f'' -- "g" AND a--b$ here."""
    site.post("markdown", text, Title="The $KL(p)$ -- why")
    site.write(
        "rest.rst",
        'Rest\n####\n\n:date: 2026-01-02\n\nA "quote" :math:`f\'\' -- "g" AND a--b` here.\n',
    )
    site.write("html.html", HTML.format(text))
    built = site.build(MLNOTES_MATH="mathml", TYPOGRIFY=True)
    for slug in ("markdown", "rest", "h"):
        page = parse_page(built.articles[slug].content)
        assert page.select_one("annotation").get_text() == r"""f'' -- "g" AND a--b""", slug
        assert "“quote”" in page.body.get_text()
    assert built.articles["markdown"].title_text.startswith("The KL(p)")
