"""The demo, and what a stranger's first posts look like in the bundled theme."""

import re

from tests.pages import parse_page

THEME = {"THEME": "theme"}
DEMO = [
    "Tips for working better.",
    "Recommendations at YouTube",
    "Deep Reinforcement Learning",
    "Transfer learning & Multi-task learning",
    "Wide and Deep learning for Recommender Systems",
    "Siamese Network",
    "ResNet",
]
WITH_PICTURES = {DEMO[3], DEMO[4]}


def build_demo(site, **settings):
    import runpy
    from pathlib import Path

    conf = runpy.run_path("pelicanconf.py")
    values = {name: value for name, value in conf.items() if name.isupper()}
    values |= {"PATH": str(Path("content").resolve()), "CACHE_CONTENT": False} | settings
    return site.build(**values)


def cards(html):
    return parse_page(html).select("main article")


def test_the_front_page_shows_title_label_and_excerpt_and_nothing_else(site):
    built = build_demo(site)
    page = parse_page(built.read("index.html"))
    assert [node.get_text() for node in page.select("h1")] == ["Posts"]
    articles = page.select("main article")
    assert [article.select_one("h2 a").get_text() for article in articles] == DEMO
    for article, title in zip(articles, DEMO, strict=True):
        excerpt = article.select_one("p").get_text()
        labels = [node.get_text() for node in article.select(".badge")]
        assert labels == (["Image"] if title in WITH_PICTURES else [])
        assert 900 < len(excerpt) <= 1000
        assert excerpt.endswith("...")
        assert article.select_one("img, svg, picture, code, em, strong") is None
        shown = " ".join(article.get_text(separator=" ").split())
        assert shown == " ".join([title, *labels, excerpt])


def test_the_demo_builds_without_a_warning_and_its_links_lead_somewhere(site):
    built = build_demo(site, RELATIVE_URLS=False)
    assert built.warnings == []
    files = set(built.files())
    for name in files:
        if not name.endswith(".html"):
            continue
        for address in re.findall(r'(?:href|src)="(/[^"#?]*)', built.read(name)):
            target = address.lstrip("/")
            assert target in files or f"{target}index.html".lstrip("/") in files, (name, address)


def test_the_note_that_is_not_about_ml_has_no_topic(site):
    built = build_demo(site)
    assert built.articles["tips-for-working-better"].topics == []
    for slug, article in built.articles.items():
        if slug != "tips-for-working-better":
            assert article.topics, slug


def test_titles_read_as_written_and_are_escaped_once_everywhere(site):
    site.post("amp", "Text.", Title="A & B", Tags="one")
    site.post("tag", "Text.", Title='Using <canvas> "now"', Tags="one")
    html = "<html><head><title>C &amp; D &lt;e&gt;</title><meta name='date' content='2026-01-03'>"
    site.write(
        "page.html", f"{html}<meta name='slug' content='html'></head>\n<body>\n<p>Text.</p>\n</body></html>"
    )
    built = site.build(**THEME, SITEURL="https://notes.example")
    wanted = {"amp": "A & B", "tag": 'Using <canvas> "now"', "html": "C & D <e>"}
    listed = {article.select_one("h2 a").get_text() for article in cards(built.read("index.html"))}
    assert listed == set(wanted.values())
    for slug, title in wanted.items():
        page = parse_page(built.read(f"{slug}.html"))
        assert page.select_one("title").get_text().startswith(f"{title} – ")
        assert page.select_one("h1").get_text() == title
        assert page.select_one('meta[property="og:title"]')["content"] == title
        assert page.select_one("canvas, e") is None


def test_posts_without_a_proper_text_are_listed(site):
    site.post("empty", "")
    site.post("code", "    import numpy")
    site.post("picture", "![A plot](plot.png)")
    site.write(
        "broken.md", "Title: Broken\nDate: 2026-01-01\nTags:\nCategory:\nSummary:\nAuthors:\n\nText.\n"
    )
    built = site.build(**THEME)
    assert len(cards(built.read("index.html"))) == 4


def test_every_page_kind_is_written(site):
    site.post("one", "Text.", Tags="x", Category="Y", Authors="Z")
    site.write("pages/about.md", "Title: About\n\nText.\n")
    built = site.build(
        **THEME,
        YEAR_ARCHIVE_SAVE_AS="{date:%Y}/index.html",
        DIRECT_TEMPLATES=["index", "tags", "categories", "authors", "archives", "404"],
    )
    kinds = {
        "index.html", "tags.html", "categories.html", "authors.html", "archives.html", "404.html", "one.html",
        "tag/x.html", "category/y.html", "author/z.html", "2026/index.html", "pages/about.html",
    }  # fmt: skip
    assert kinds <= set(built.files())


def test_the_theme_works_without_the_plugin(site):
    site.post("one", "Some *text*.", Tags="x")
    built = site.build(**THEME, PLUGINS=[])
    assert [article.select_one("h2 a").get_text() for article in cards(built.read("index.html"))] == ["One"]
    assert "<em>text</em>" in built.read("one.html")
