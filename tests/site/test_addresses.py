"""Every address that the theme writes leads where its reader expects, whatever the site's settings say."""

import re

import pytest
from bs4 import BeautifulSoup

import pelican_mlnotes

THEME = pelican_mlnotes.theme_path()
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x01\0\x08\2\0\0\0\x9a\x1c\xb1\x10\0\0\0\0IEND\xaeB`\x82"


def soup(built, name):
    return BeautifulSoup(built.read(name), "lxml")


def canonical(built, name):
    page = soup(built, name)
    links = [page.find("link", rel="canonical")["href"], page.find("meta", property="og:url")["content"]]
    assert links[0] == links[1]
    return links[0]


def menu(built, name):
    links = soup(built, name).find("nav", class_="site-header__menu").find_all("a")
    return {link.get_text(strip=True): link["href"] for link in links}


def current(built, name):
    return [
        link.get_text(strip=True)
        for link in soup(built, name).find("header").find_all(attrs={"aria-current": "page"})
    ]


# -- lists ------------------------------------------------------------------------------------------


CLEAN = {
    "ARTICLE_URL": "{slug}",
    "CATEGORY_URL": "in/{slug}",
    "CATEGORY_SAVE_AS": "in/{slug}.html",
    "TAG_URL": "on/{slug}",
    "TAG_SAVE_AS": "on/{slug}.html",
    "AUTHOR_URL": "by/{slug}",
    "AUTHOR_SAVE_AS": "by/{slug}.html",
    "ARCHIVES_URL": "all",
    "ARCHIVES_SAVE_AS": "all.html",
    "TAGS_URL": "topics",
    "CATEGORIES_URL": "sections/",
    "CATEGORIES_SAVE_AS": "sections/index.html",
    "AUTHORS_URL": "people",
    "YEAR_ARCHIVE_URL": "{date:%Y}",
    "YEAR_ARCHIVE_SAVE_AS": "{date:%Y}.html",
    "MONTH_ARCHIVE_URL": "{date:%Y}/{date:%m}/",
    "MONTH_ARCHIVE_SAVE_AS": "{date:%Y}/{date:%m}/index.html",
}


def write_posts(site):
    for number in (1, 2, 3):
        site.post(f"post-{number}", Category="notes", Tags="zoo", Author="ada", date=f"2026-01-0{number}")


def test_the_canonical_address_of_a_list_is_the_one_that_links_use(site):
    write_posts(site)
    built = site.build(THEME=THEME, SITEURL="https://ex.org/blog", DEFAULT_PAGINATION=2, **CLEAN)
    for file, address in {
        "index.html": "",
        "in/notes.html": "in/notes",
        "on/zoo.html": "on/zoo",
        "by/ada.html": "by/ada",
        "all.html": "all",
        "tags.html": "topics",
        "sections/index.html": "sections/",
        "authors.html": "people",
        "2026.html": "2026",
        "2026/01/index.html": "2026/01/",
        "post-1.html": "post-1",
        "in/notes2.html": "in/notes2.html",
        "index2.html": "index2.html",
    }.items():
        assert canonical(built, file) == f"https://ex.org/blog/{address}", file
    assert menu(built, "post-1.html") == {
        "Topics": "https://ex.org/blog/topics",
        "Archive": "https://ex.org/blog/all",
        "notes": "https://ex.org/blog/in/notes",
    }
    newer = soup(built, "in/notes2.html").find("a", rel="prev")
    assert newer["href"] == "https://ex.org/blog/in/notes"


def test_later_pages_and_moved_first_pages_follow_the_patterns_of_pagination(site):
    write_posts(site)
    built = site.build(
        THEME=THEME,
        SITEURL="https://ex.org",
        DEFAULT_PAGINATION=2,
        PAGINATED_TEMPLATES={"index": None, "archives": None, "category": None, "period_archives": None},
        PAGINATION_PATTERNS=[
            (1, "{base_name}/", "{base_name}/index.html"),
            (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
        ],
        YEAR_ARCHIVE_SAVE_AS="{date:%Y}/index.html",
        YEAR_ARCHIVE_URL="{date:%Y}/",
    )
    assert canonical(built, "archives/index.html") == "https://ex.org/archives/"
    assert canonical(built, "archives/page/2/index.html") == "https://ex.org/archives/page/2/"
    assert canonical(built, "2026/index.html") == "https://ex.org/2026/"
    assert canonical(built, "category/notes/index.html") == "https://ex.org/category/notes/"
    for name in ("index.html", "archives/index.html", "archives/page/2/index.html", "post-1.html"):
        for address in menu(built, name).values():
            path = address.removeprefix("https://ex.org/")
            assert (built.output / path).is_file() or (built.output / path / "index.html").is_file(), address
    assert current(built, "archives/index.html") == ["Archive"]
    assert current(built, "archives/page/2/index.html") == []


@pytest.mark.parametrize("relative", [False, True])
def test_a_page_at_the_sites_address_is_in_the_menu_and_the_name_leads_there(site, relative):
    site.post("one")
    site.write("pages/home.md", "Title: Welcome\nURL:\nsave_as: index.html\n\nHello.\n")
    built = site.build(
        THEME=THEME, SITEURL="https://ex.org", RELATIVE_URLS=relative,
        INDEX_SAVE_AS="blog/index.html", INDEX_URL="blog/",
    )  # fmt: skip
    root = "./" if relative else "https://ex.org/"
    assert menu(built, "index.html")["Welcome"] == root
    assert current(built, "index.html") == ["Notes", "Welcome"]
    assert current(built, "blog/index.html") == []
    if not relative:
        assert canonical(built, "blog/index.html") == "https://ex.org/blog/"


def test_without_a_page_at_the_sites_address_the_name_leads_to_the_list_of_posts(site):
    site.post("one")
    built = site.build(
        THEME=THEME, SITEURL="https://ex.org", INDEX_SAVE_AS="blog/index.html", INDEX_URL="blog/"
    )
    name = soup(built, "one.html").find("p", class_="site-header__name").a
    assert name["href"] == "https://ex.org/blog/"
    assert current(built, "blog/index.html") == ["Notes"]


@pytest.mark.parametrize(
    ("lang", "month", "day"),
    [("en", "January 2026", "5 January 2026"), ("de", "January 2026", "5. January 2026"),
     ("es", "January de 2026", "5 de January de 2026"), ("zh", "2026年1月", "2026年1月5日")],
)  # fmt: skip
def test_a_period_is_named_in_the_order_of_its_language(site, lang, month, day):
    site.post("one", date="2026-01-05", Lang=lang)
    built = site.build(
        THEME=THEME, DEFAULT_LANG=lang, MONTH_ARCHIVE_SAVE_AS="m.html", DAY_ARCHIVE_SAVE_AS="d.html"
    )
    for name, shown in (("m.html", month), ("d.html", day)):
        page = soup(built, name)
        assert page.title.string == f"{shown} – Notes"
        assert page.h1.get_text() == shown
        assert shown in page.find("meta", attrs={"name": "description"})["content"]


# -- settings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "below", "relative"),
    [
        ("/archives.html", "https://ada.example/notes/archives.html", "./archives.html"),
        ("archives.html", "https://ada.example/notes/archives.html", "./archives.html"),
        ("{static}/files/cv.pdf", "https://ada.example/notes/files/cv.pdf", "./files/cv.pdf"),
        ("/", "https://ada.example/notes/", "./"),
        ("/search?q=//x", "https://ada.example/notes/search?q=//x", "./search?q=//x"),
        ("//cdn.example/x", "//cdn.example/x", "//cdn.example/x"),
        ("https://far.example/a:b", "https://far.example/a:b", "https://far.example/a:b"),
        ("mailto:ada@far.example", "mailto:ada@far.example", "mailto:ada@far.example"),
        ("#top", "#top", "#top"),
    ],
)
def test_one_rule_says_what_an_address_in_the_settings_means(site, written, below, relative):
    site.post("one")
    settings = {
        "THEME": THEME,
        "SITEURL": "https://ada.example/notes",
        "MENUITEMS": (("Menu", written),),
        "LINKS": (("Link", written),),
        "MLNOTES_LOGO": written,
        "MLNOTES_FAVICON": written,
        "MLNOTES_CSS": [written],
    }
    for more, address in (({}, below), ({"RELATIVE_URLS": True}, relative)):
        page = soup(site.build(**settings, **more), "one.html")
        assert page.find("a", string="Menu")["href"] == address
        assert page.find("a", string="Link")["href"] == address
        assert page.find("img", class_="site-header__logo")["src"] == address
        assert page.find("link", rel="icon")["href"] == address
        assert page.find_all("link", rel="stylesheet")[-1]["href"] == address


# -- pictures ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("siteurl", ["", "/blog", "https://ex.org/blog"])
@pytest.mark.parametrize("relative", [False, True])
def test_a_thumbnail_leads_to_its_file_from_every_list(site, siteurl, relative):
    site.write("images/p.png", PNG)
    site.post("in-text", "![p]({static}/images/p.png)")
    site.post("by-author", Image="{static}/images/p.png")
    site.post("from-root", Image="/images/p.png")
    built = site.build(
        THEME=THEME, SITEURL=siteurl, RELATIVE_URLS=relative, MLNOTES_LIST_META=["thumbnail"],
        STATIC_PATHS=["images"],
    )  # fmt: skip
    for name in ("index.html", "category/misc.html"):
        sources = {img["src"] for img in soup(built, name).find_all("img", class_="post-card__thumbnail")}
        up = "../" if "/" in name else "./"
        assert sources == {f"{up if relative else siteurl + '/'}images/p.png"}, name


def test_a_preview_has_an_address_that_is_complete(site):
    site.write("images/p.png", PNG)
    bodies = {
        "static": "![p]({static}/images/p.png)",
        "host": "![p](/images/p.png)",
        "other": "![p](//cdn.example/p.png)",
        "data": f"![p](data:image/png;base64,{'iVBORw0KGgo' * 40}) ![q](https://far.example/q.png)",
    }
    for slug, body in bodies.items():
        site.post(slug, body)
    site.post("only-data", f"![p](data:image/png;base64,{'iVBORw0KGgo' * 40})")
    site.post("wrong", "![q](https://far.example/q.png)", Image="javascript:alert(1)")
    built = site.build(
        THEME=THEME, SITEURL="https://ex.org/blog", STATIC_PATHS=["images"], MLNOTES_LIST_META=["thumbnail"]
    )
    for slug, address in {
        "static": "https://ex.org/blog/images/p.png",
        "host": "https://ex.org/images/p.png",
        "other": "https://cdn.example/p.png",
        "data": "https://far.example/q.png",
        "wrong": "https://far.example/q.png",
    }.items():
        page = soup(built, f"{slug}.html")
        assert page.find("meta", property="og:image")["content"] == address
        assert f'"image": "{address}"' in page.find("script", type="application/ld+json").string
    head = re.sub(r"<link rel=.icon.*", "", built.read("only-data.html").partition("</head>")[0])
    assert "data:" not in head
    assert "data:image/png" not in built.read("index.html")
    assert built.articles["only-data"].badges == ["Image"]
    assert built.articles["only-data"].image is None
