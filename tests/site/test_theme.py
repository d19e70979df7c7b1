"""The theme in real builds: other people's settings, odd titles, the plugin off."""

import json
import re
from pathlib import Path

import pytest

import pelican_mlnotes
from tests.pages import parse_page

THEME = str(Path(__file__).resolve().parents[2] / "theme")
FULL = {
    "THEME": THEME,
    "SITEURL": "https://example.org",
    "DIRECT_TEMPLATES": ["index", "tags", "categories", "authors", "archives", "404"],
    "YEAR_ARCHIVE_SAVE_AS": "{date:%Y}/index.html",
    "AUTHOR": "Ada",
}
TITLES = {
    "A & B": "A & B",
    "Using <canvas>": "Using <canvas>",
    'Say "x" > y': 'Say "x" > y',
    "A &amp; B": "A & B",
    "</title><script>alert(1)</script>": "</title><script>alert(1)</script>",
}


def tree(built, name):
    return parse_page(built.read(name))


@pytest.mark.parametrize("plugins", [["pelican_mlnotes"], []], ids=["plugin on", "plugin off"])
def test_titles_are_escaped_once_wherever_they_stand(site, plugins):
    for number, title in enumerate(TITLES):
        site.post(f"post-{number}", Title=title)
    built = site.build(**FULL, PLUGINS=plugins)
    index = {node.get_text() for node in tree(built, "index.html").select("main article h2")}
    assert index == set(TITLES.values())
    for number, shown in enumerate(TITLES.values()):
        page = tree(built, f"post-{number}.html")
        assert page.select_one("h1").get_text() == shown
        assert page.select_one("title").get_text() == f"{shown} – Notes"
        assert page.select_one('meta[property="og:title"]')["content"] == shown
        assert not [node for node in page.select("script") if "alert" in node.get_text() and not node.attrs]


def test_every_kind_of_page_builds_with_the_plugin_off(site):
    site.post("one", Tags="a, b", Category="c")
    site.post("two", Tags="a", date="2025-02-03", Status="draft")
    site.write("pages/about.md", "Title: About\n\nHello.\n")
    built = site.build(**FULL, PLUGINS=[], DEFAULT_PAGINATION=1)
    assert built.warnings == []
    kinds = (
        "index one tags tag/a categories category/c authors author/ada archives pages/about 404 drafts/two"
    )
    for name in [*kinds.split(), "2026/index"]:
        page = tree(built, f"{name}.html")
        assert len(page.select("h1")) == 1, name
        assert len(page.select("main")) == 1, name
    assert tree(built, "index.html").select_one(".post-card__excerpt") is None


def test_structured_data_cannot_leave_its_script(site):
    site.post("one", Title="</script><b>x</b>", Tags="</script>")
    built = site.build(**FULL)
    scripts = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', built.read("one.html"), re.DOTALL
    )
    posting, crumbs = map(json.loads, scripts)
    assert posting["headline"] == "</script>x"
    assert posting["url"] == "https://example.org/one.html"
    assert crumbs["@type"] == "BreadcrumbList"


def test_a_site_without_tag_pages_links_to_none(site):
    site.post("one", Tags="alpha")
    built = site.build(**FULL, TAG_SAVE_AS="")
    assert "alpha" in tree(built, "one.html").select_one(".tag-list").get_text()
    assert not tree(built, "one.html").select(".tag-list a")
    assert not [node for node in tree(built, "index.html").select("nav a") if "tags.html" in node["href"]]


@pytest.mark.parametrize(
    ("lang", "direction", "archive"),
    [("de", None, "Archiv"), ("zh_CN", None, "归档"), ("ar", "rtl", "الأرشيف"), ("xx", None, "Archive")],
)
def test_the_interface_speaks_the_language_of_the_site(site, lang, direction, archive):
    site.post("one")
    page = tree(site.build(**FULL, DEFAULT_LANG=lang), "archives.html")
    assert page.select_one("html").get("dir") == direction
    assert page.select_one("h1").get_text() == archive


def test_a_translation_speaks_its_own_language(site):
    site.post("one")
    site.write("one-fa.md", "Title: One\nDate: 2026-01-01\nSlug: one\nLang: fa\n\nx\n")
    page = tree(site.build(**FULL), "one-fa.html")
    assert (page.select_one("html")["lang"], page.select_one("html")["dir"]) == (
        "fa",
        "rtl",
    )


def test_a_post_leads_to_its_translations_if_there_are_any(site):
    site.post("one")
    site.post("two")
    site.write("one-fr.md", "Title: Un\nDate: 2026-01-01\nSlug: one\nLang: fr\n\nx\n")
    built = site.build(**FULL)
    assert tree(built, "one.html").select_one("a[hreflang=fr]").get_text() == "Un"
    assert "Also in" not in built.read("two.html")


def test_a_site_changes_a_word_and_adds_a_language(site, tmp_path):
    own = tmp_path / "own" / "words"
    own.mkdir(parents=True)
    (own / "en.txt").write_text("archives: Old & new\nposts: Notes\n", encoding="utf-8")
    (own / "it.txt").write_text("archives: Archivio\n", encoding="utf-8")
    site.post("one")
    for lang, archive, menu in (("en", "Old & new", None), ("it", "Archivio", "Menu")):
        built = site.build(**FULL, DEFAULT_LANG=lang, THEME_TEMPLATES_OVERRIDES=[str(tmp_path / "own")])
        page = tree(built, "archives.html")
        assert page.select_one("h1").get_text() == archive
        assert page.select_one("header nav")["aria-label"] == menu or not menu


def test_topics_stand_at_the_end_of_a_post_without_numbers_that_look_like_versions(site):
    site.post("one", Tags="alpha, beta")
    site.post("two", Tags="alpha")
    for plugins in ([], ["pelican_mlnotes"]):
        page = tree(site.build(**FULL, PLUGINS=plugins), "one.html")
        assert [node.get_text(strip=True) for node in page.select("footer .tag-list li")] == ["alpha", "beta"]
        assert "alpha" not in page.select_one(".post__header").get_text()


def test_a_menu_of_many_entries_opens_for_those_behind_the_sixth(site):
    site.post("one")
    for number, entries in ((8, [8]), (9, [6, 3])):
        menu = [(f"Entry {n}", f"/{n}") for n in range(number)]
        built = site.build(**FULL, MENUITEMS=menu, DISPLAY_CATEGORIES_ON_MENU=False)
        page = tree(built, "index.html")
        assert [len(node.select("li")) for node in page.select(".site-header__menu ul")] == entries
        assert len(page.select(".site-header__menu details ul li")) == number - entries[0]


def test_the_header_has_an_end_for_tools_only_where_there_are_some(site):
    site.post("one")
    assert tree(site.build(**FULL), "index.html").select_one(".site-header__tools") is None
    page = tree(site.build(**FULL, MLNOTES_COLOR_TOGGLE=True), "index.html")
    button = page.select_one(".site-header__tools button")
    assert button["aria-label"] == "Light or dark"
    assert button.select_one("svg[aria-hidden=true]") is not None


def test_a_blog_without_posts_says_so(site):
    site.write("pages/about.md", "Title: About\n\nHello.\n")
    built = site.build(**FULL)
    for name in ("index.html", "archives.html"):
        assert "No posts yet." in tree(built, name).select_one("main").get_text()


def test_the_page_of_a_year_says_the_year_once(site):
    site.post("one", date="2025-05-01")
    page = tree(site.build(**FULL), "2025/index.html")
    assert page.select_one("main").get_text().count("2025") == 1
    assert not page.select("[aria-labelledby]")


def test_a_wrong_address_leads_to_the_archive_if_there_is_one(site):
    site.post("one")
    for settings, names in (({}, ["Front page", "Archive"]), ({"ARCHIVES_SAVE_AS": ""}, ["Front page"])):
        page = tree(site.build(**FULL | settings), "404.html")
        assert [node.get_text() for node in page.select("main a")] == names


def test_the_feed_of_a_topic_is_a_link_on_its_page(site):
    site.post("one", Tags="alpha", Category="c")
    built = site.build(**FULL, TAG_FEED_ATOM="feeds/{slug}.xml", FEED_DOMAIN="https://example.org")
    link = tree(built, "tag/alpha.html").select_one("main .page-feed a")
    assert link["href"] == "https://example.org/feeds/alpha.xml"
    assert link.get_text(strip=True) == "Feed: alpha"
    assert tree(built, "category/c.html").select_one(".page-feed") is None


def test_the_map_shows_each_topic_once_with_its_number(site):
    site.post(
        "one", Tags="Attention Mechanism, Deep Learning, Self-Attention, birds, Optimization", Topics="none"
    )
    page = tree(site.build(**FULL), "tags.html")
    shown = [node.get_text().replace("\xa0", " ") for node in page.select(".topic-map__topic")]
    assert sorted(shown) == sorted(set(shown))
    assert {"Deep Learning 1", "birds 1", "Self-Attention 1"} <= set(shown)
    assert not page.select(".name-index")
    assert not page.select("li li li")


def test_the_menu_shows_where_the_reader_is(site):
    site.post("one", Category="c")
    site.write("pages/about.md", "Title: About\n\nHello.\n")
    built = site.build(**FULL, DEFAULT_PAGINATION=1)
    for name, shown in (
        ("index.html", ["Notes"]),
        ("archives.html", ["Archive"]),
        ("pages/about.html", ["About"]),
        ("category/c.html", ["c"]),
        ("one.html", []),
    ):
        assert [node.get_text() for node in tree(built, name).select("header [aria-current]")] == shown


def test_a_link_to_a_post_without_letters_in_its_title_has_a_name(site):
    site.post("one", Title="<b></b>")
    assert tree(site.build(**FULL), "index.html").select_one("h2 a").get_text() == "one"


def test_the_logo_may_be_a_static_file(site):
    site.post("one")
    for logo in ("{static}/images/logo.svg", "images/logo.svg", "/images/logo.svg"):
        page = tree(site.build(**FULL, MLNOTES_LOGO=logo), "index.html")
        assert page.select_one("header img")["src"] == "https://example.org/images/logo.svg"


def test_every_language_has_every_word():
    words = {
        file.stem: dict(line.split(": ", 1) for line in file.read_text(encoding="utf-8").splitlines())
        for file in Path(THEME, "templates", "words").iterdir()
    }
    assert words.keys() == {"ar", "de", "en", "es", "fr", "it", "ja", "pt", "ru", "zh"}
    for lang, own in words.items():
        assert own.keys() == words["en"].keys(), lang
        for key, value in own.items():
            assert sorted(re.findall(r"{\w}|%", value)) == sorted(re.findall(r"{\w}|%", words["en"][key])), (
                key
            )


def test_every_word_is_used():
    folders = Path(THEME, "templates"), Path(THEME).parent / "pelican_mlnotes"
    files = [file for folder in folders for file in folder.rglob("*.html")]
    templates = "".join(file.read_text(encoding="utf-8") for file in files)
    files = Path(pelican_mlnotes.__file__).parent.joinpath("plugin", "own_theme").glob("*.py")
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    lines = Path(THEME, "templates", "words", "en.txt").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[0] for line in lines]
    callouts = [name for name in names if name.startswith("callout_") and '"callout_"' in code]
    assert len(callouts) == 19
    assert [
        name
        for name in names
        if name not in callouts and not re.search(rf"w\.{name}\b", templates) and f'"{name}"' not in code
    ] == []


def test_tokens_reach_the_stylesheet_once_however_often_the_site_is_built(site):
    site.post("one")
    for _ in range(2):
        built = site.build(**FULL, MLNOTES_TOKENS={"color-accent": "#b00020"})
    sheet = built.read("theme/css/mlnotes.css")
    assert sheet.count("--color-accent: #b00020;") == 1
    assert sheet.rindex("--color-accent") > sheet.index("--color-accent:light-dark")
    assert "--color-accent: #b00020;" not in site.build(**FULL).read("theme/css/mlnotes.css")


def test_the_list_shows_more_where_the_site_asks_for_it(site):
    site.post("one", "![x](https://example.org/i.png) Text.", Tags="alpha")
    built = site.build(**FULL, MLNOTES_LIST_META=["date", "reading_time", "topics", "thumbnail"])
    card = tree(built, "index.html").select_one("article")
    assert card.select_one("time") is not None
    assert "alpha" in card.get_text()
    assert "1 min read" in card.get_text()
    assert card.select_one("img") is not None


def test_a_site_replaces_a_partial(site, tmp_path):
    own = tmp_path / "own" / "partials"
    own.mkdir(parents=True)
    (own / "site_footer.html").write_text("<footer>Mine</footer>", encoding="utf-8")
    site.post("one")
    built = site.build(**FULL, THEME_TEMPLATES_OVERRIDES=[str(tmp_path / "own")])
    assert tree(built, "index.html").select_one("footer").get_text() == "Mine"


def test_a_site_replaces_every_partial_and_still_builds(site, tmp_path):
    own = tmp_path / "own" / "partials"
    own.mkdir(parents=True)
    for file in Path(THEME, "templates", "partials").iterdir():
        (own / file.name).write_text(f"<p>Mine: {file.stem}</p>\n", encoding="utf-8")
    site.post("one", "## A\n\n## B\n\n## C\n", Tags="a", Series="s")
    built = site.build(**FULL, THEME_TEMPLATES_OVERRIDES=[str(tmp_path / "own")], MLNOTES_COLOR_TOGGLE=True)
    assert built.warnings == []
    assert "Mine: tag_list" in built.read("one.html")


def test_comments_sharing_and_editing_are_there_when_asked_for(site):
    site.post("one")
    page = site.build(**FULL).read("one.html")
    assert "disqus" not in page
    assert "giscus" not in page
    page = site.build(
        **FULL, DISQUS_SITENAME="x", MLNOTES_SHARE=["mastodon"], MLNOTES_EDIT_URL="https://e.org/{path}"
    ).read("one.html")
    assert "https://x.disqus.com/embed.js" in page
    assert "https://mastodon.social/share?text=One%20https%3A%2F%2Fexample.org%2Fone.html" in page
    assert 'href="https://e.org/one.md"' in page


def test_posts_lead_to_the_ones_before_and_after(site):
    for number in (1, 2, 3):
        site.post(f"post-{number}", date=f"2026-01-0{number}")
    page = tree(site.build(**FULL), "post-2.html")
    hrefs = [node["href"].rpartition("/")[2] for node in page.select(".neighbours a")]
    assert hrefs == ["post-1.html", "post-3.html"]


def test_another_theme_gets_posts_as_they_were_written(site):
    site.post("one", "| a |\n|--:|\n| 1 |\n")
    assert 'style="text-align: right;"' in site.build().read("one.html")
    assert 'style="text-align' not in site.build(**FULL).read("one.html")


def test_relative_addresses_have_no_canonical_one(site):
    site.post("one", Tags="a")
    built = site.build(**FULL | {"RELATIVE_URLS": True})
    page = tree(built, "tag/a.html")
    assert page.select_one('link[rel="stylesheet"]')["href"] == "../theme/css/mlnotes.css"
    assert page.select_one('link[rel="canonical"]') is None


def test_callouts_are_called_in_the_language_of_their_post(site):
    site.post("one", "> [!note]\n> a\n\n> [!tip]\n> b\n")
    site.write("one-de.md", "Title: Eins\nDate: 2026-01-01\nSlug: one\nLang: de\n\n> [!note]\n> a\n\n## B\n")
    built = site.build(**FULL)
    titles = {
        name: [node.get_text() for node in tree(built, name).select(".admonition > .admonition-title")]
        for name in ("one.html", "one-de.html")
    }
    assert titles == {"one.html": ["Note", "Tip"], "one-de.html": ["Hinweis"]}
    assert tree(built, "one-de.html").select_one("h2 > a")["aria-label"] == "Link zu diesem Abschnitt"


def test_a_local_picture_that_the_page_shows_through_gets_a_ground(site):
    site.write("images/plot.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    pictures = ("{static}/images/plot.svg", "{static}/images/missing.svg", "https://example.com/plot.svg")
    site.post("one", "\n\n".join(f"![x]({picture})" for picture in pictures))
    options = {**FULL, "STATIC_PATHS": ["images"]}
    for settings, grounded in (({}, [True, False, False]), ({"MLNOTES_PICTURE_GROUND": False}, [False] * 3)):
        page = tree(site.build(**options, **settings), "one.html")
        shown = ["mlnotes-ground" in node.get("class", []) for node in page.select(".prose img")]
        assert shown == grounded


def test_a_list_of_a_few_lines_holds_the_whole_text_and_opens_without_scripts(site):
    site.post("one", "word " * 150)
    site.post("two", "A few words.")
    page = tree(site.build(**FULL, MLNOTES_LIST_LINES=4), "index.html")
    long, short = sorted(page.select(".post-card"), key=lambda card: -len(card.get_text()))
    assert long.select_one(".post-card__excerpt").get_text().count("word") == 150
    assert long.select_one("details summary").get_text() == "Show all: One"
    assert short.select_one("details") is None
    assert "post-list--clamped" in page.select_one(".post-list")["class"]
    assert not tree(site.build(**FULL), "index.html").select("details, .post-list--clamped")


def test_lists_of_a_few_lines_open_where_letters_are_twice_as_wide(site):
    site.post("zh", "市" * 60, Lang="zh", Title="Wide")
    site.post("de", "wort " * 12, Lang="de", Title="Slim")
    page = tree(site.build(**FULL, MLNOTES_LIST_LINES=2), "index.html")
    opens = {card.h2.get_text(): card.select_one("details") is not None for card in page.select(".post-card")}
    assert opens == {"Wide": True, "Slim": False}


def test_the_site_introduces_itself_on_its_first_page_alone(site):
    site.post("one", Tags="a")
    site.post("two")
    site.write("images/me.png", b"x")
    intro = {
        "text": "<p>I am <b>Ada</b>.</p>",
        "picture": "{static}/images/me.png",
        "alt": 'Ada "L"',
        "links": [("About & me", "pages/about.html"), ("Git", "https://example.com/?a&b")],
    }
    built = site.build(**FULL, MLNOTES_INTRO=intro, DEFAULT_PAGINATION=1)
    page = tree(built, "index.html")
    assert page.select_one(".intro b").get_text() == "Ada"
    assert page.select_one(".intro img")["alt"] == 'Ada "L"'
    assert page.select_one(".intro img")["src"] == "https://example.org/images/me.png"
    links = [(node.get_text(), node["href"]) for node in page.select(".intro a")]
    assert links == [
        ("About & me", "https://example.org/pages/about.html"),
        ("Git", "https://example.com/?a&b"),
    ]
    for name in ("index2.html", "tag/a.html"):
        assert tree(built, name).select_one(".intro") is None
    assert [warning for warning in built.warnings if "MLNOTES_INTRO" in warning] == []
    missing = site.build(**FULL, MLNOTES_INTRO={"picture": "images/no.png"})
    assert [warning for warning in missing.warnings if "images/no.png" in warning] != []


def test_footnotes_are_marked_for_the_margin_on_pages_and_not_in_feeds(site):
    site.post("one", "Text.[^a]\n\n[^a]: Note.\n")
    built = site.build(**FULL, FEED_ALL_ATOM="feeds/all.xml", FEED_DOMAIN="https://example.org")
    assert built.read("one.html").count('data-note="1"') == 2
    assert "data-note" not in built.read("feeds/all.xml")
    assert "mlnotes-link" not in built.read("feeds/all.xml")


def test_the_examples_of_the_manual_build(site, tmp_path):
    manual = Path(THEME).parent.joinpath("docs", "theme.md").read_text(encoding="utf-8")
    examples = re.findall(r"^### (\w+)$.*?^```python\n(.*?)^```", manual, re.MULTILINE | re.DOTALL)
    assert len(examples) == 3
    site.post("one", "word " * 200, Tags="alpha")
    site.write("images/transfer-and-multi-task.svg", "<svg/>")
    site.write("extra/cards.css", "")
    shown = set()
    for name, block in examples:
        settings = {}
        exec(block, settings)  # the manual's own
        settings = {key: value for key, value in settings.items() if key.isupper()}
        built = site.build(**FULL | settings)
        assert built.warnings == [], name
        page = tree(built, "index.html")
        shown.add((page.select_one("h1").get_text(), bool(page.select(".intro")), len(page.select("link"))))
    assert len(shown) == 3
    own = tmp_path / "own"
    own.mkdir()
    extended = re.search(r"```jinja\n({% extends .*?)```", manual, re.DOTALL)[1]
    (own / "base.html").write_text(extended, encoding="utf-8")
    built = site.build(**FULL, THEME_TEMPLATES_OVERRIDES=[str(own)])
    assert [node.get_text() for node in tree(built, "one.html").select("body > footer")] == ["Mine."]
