"""Formulas, as a built site shows them."""

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


def test_a_bad_formula_is_shown_as_tex_with_one_warning(site):
    site.post("note", r"See $\nonsense{x}$ and $y$.")
    built = site.build(MLNOTES_MATH="mathml")
    assert len(built.warnings) == 1
    assert "note.md" in built.warnings[0]
    assert "nonsense" in built.warnings[0]
    assert '<code class="math-source">\\nonsense{x}</code>' in built.read("note.html")


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
