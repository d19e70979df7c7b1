"""What a new user tries first: tags, front matter, pictures, titles, lists in two languages."""

import shutil

import pytest
from bs4 import BeautifulSoup

import pelican_mlnotes
from tests.site.test_addresses import PNG

THEME = pelican_mlnotes.theme_path()
RL = "Reinforcement learning trains an agent; deep reinforcement learning uses a network. " * 4
CNN = (
    "A convolutional neural network slides small filters over an image; image classification is its task. "
    * 4
)


def soup(built, name):
    return BeautifulSoup(built.read(name), "lxml")


def tags_of(built, slug):
    return [tag.name for tag in built.articles[slug].tags]


# -- tags ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [THEME, "simple"], ids=["ours", "simple"])
def test_tags_of_one_slug_are_all_shown_and_stand_once_in_lists(site, theme):
    site.post("one", "Text.", Tags="C++, C#, C, Deep-Learning, deep learning")
    site.post("two", "Text.", Tags="c++, c#", Status="draft")
    built = site.build(
        THEME=theme, SITEURL="https://ex.org", TAG_FEED_ATOM="t-{slug}.xml", FEED_ALL_ATOM="all.xml"
    )
    assert tags_of(built, "one") == ["C++", "C#", "C", "Deep-Learning"]
    assert tags_of(built, "two") == ["c++", "c#"]
    feed = BeautifulSoup(built.read("all.xml"), "xml")
    assert [one["term"] for one in feed.find_all("category")] == ["misc", "C++", "C#", "C", "Deep-Learning"]
    assert len(BeautifulSoup(built.read("t-c.xml"), "xml").find_all("entry")) == 1
    if theme == THEME:
        shown = soup(built, "one.html").find("ul", class_="tag-list").find_all("a")
        assert [link.get_text() for link in shown] == tags_of(built, "one")
        assert len(soup(built, "tag/c.html").find_all("article")) == 1


def test_a_tag_without_a_slug_is_text(site):
    site.post("one", "Text.", Tags="..., zoo", Topics="none")
    built = site.build(THEME=THEME, MLNOTES_LIST_META=["topics"])
    assert tags_of(built, "one") == ["...", "zoo"]
    for name in ("one.html", "index.html", "tags.html"):
        page = soup(built, name)
        assert "..." in page.main.get_text()
        assert [link["href"] for link in page.main.find_all("a") if "tag/" in link["href"]] == [
            "/tag/zoo.html"
        ]


# -- front matter ----------------------------------------------------------------------------------


def warned_of_topics(built):
    return [message for message in built.warnings if "did you mean" in message]


def test_a_misspelt_topic_is_said_once_with_its_place_and_the_right_name(site):
    site.post("one", "Text.", Topics="Tansformers, Reinforcment Learning, Rowing boats")
    first, second = warned_of_topics(site.build())
    assert "one.md: Topics (line 4) names 'Tansformers'" in first
    assert "did you mean 'Transformers'?" in first
    assert "did you mean 'Reinforcement Learning'?" in second


def test_a_name_that_a_tag_or_another_post_has_is_meant_so(site):
    site.post("one", "Text.", Topics="Tansformers, Transfrmers, GPT-9, Cats")
    site.post("two", "Text.", Tags="tansformers")
    site.post("three", "Text.", Topics="Transfrmers")
    assert warned_of_topics(site.build()) == []


# -- pictures --------------------------------------------------------------------------------------


NESTED = {"ARTICLE_URL": "{date:%Y}/{slug}/", "ARTICLE_SAVE_AS": "{date:%Y}/{slug}/index.html"}


def test_a_picture_that_the_page_does_not_show_is_no_badge_and_no_preview(site):
    site.write("images/p.png", PNG)
    site.post("broken", "![p](images/p.png)")
    site.post("up", "![p](../../images/p.png)")
    site.post("next", "![p](images/p.png) ![q](https://far.example/q.png)")
    site.post("attached", "![p]({attach}images/p.png)")
    site.post("drawn", '![p](images/p.png)\n\n<svg width="300" height="300"><path d="M0 0"/></svg>')
    site.post("queried", "![p](../../images/p.png?v=2#x)")
    built = site.build(THEME=THEME, STATIC_PATHS=["images"], **NESTED)
    badges = {slug: article.badges for slug, article in built.articles.items()}
    assert badges.pop("broken") == []
    assert set(map(tuple, badges.values())) == {("Image",)}
    images = {slug: article.image and str(article.image) for slug, article in built.articles.items()}
    assert images["broken"] is None
    assert images["drawn"] is None
    assert images["next"] == "https://far.example/q.png"
    assert images["up"].endswith("../../images/p.png")


def test_a_file_added_later_brings_the_badge_back_without_touching_the_post(site):
    site.post("one", "![p](pictures/p.png)")
    cached = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True, "STATIC_PATHS": ["pictures"]}
    assert site.build(**cached).articles["one"].badges == []
    site.write("pictures/p.png", PNG)
    built = site.build(**cached)
    assert built.articles["one"].badges == ["Image"]
    assert built.articles["one"].image is not None
    shutil.rmtree(site.content / "pictures")
    assert site.build(**cached).articles["one"].badges == []


def test_a_later_attach_link_still_moves_the_file(site):
    site.write("images/p.png", PNG)
    site.post("broken", "![p](images/p.png)")
    site.post("attaching", "![p]({attach}images/p.png)", date="2025-01-01")
    built = site.build(STATIC_PATHS=["images"], **NESTED)
    assert (built.output / "2025/attaching/images/p.png").is_file()


# -- settings --------------------------------------------------------------------------------------


def test_files_that_settings_of_the_theme_name_and_the_site_lacks_are_said(site):
    site.write("images/logo.png", PNG)
    site.post("one")
    built = site.build(
        THEME=THEME, STATIC_PATHS=["images"], MLNOTES_LOGO="images/lgo.png", MLNOTES_CSS=["css/own.css"]
    )
    assert ["MLNOTES_LOGO" in built.warnings[0], "MLNOTES_CSS" in built.warnings[1]] == [True, True]
    assert "'images/lgo.png'" in built.warnings[0]
    right = {"MLNOTES_LOGO": "/images/logo.png?v=1", "MLNOTES_FAVICON": "https://far.example/i.png"}
    assert site.build(THEME=THEME, STATIC_PATHS=["images"], **right).warnings == []
    assert site.build(STATIC_PATHS=["images"], MLNOTES_LOGO="images/lgo.png").warnings == []


# -- titles of pages -------------------------------------------------------------------------------


@pytest.mark.parametrize("plugins", [["pelican_mlnotes"], []], ids=["plugin", "theme alone"])
def test_titles_of_pages_are_treated_as_titles_of_articles(site, plugins):
    site.write("pages/trick.rst", "The *kernel* ``trick`` & <b>\n############################\n\nText.\n")
    site.write("pages/raw.md", "Title: Using <canvas> & A <em>new</em> B\nSlug: raw\n\nText.\n")
    site.write(
        "one.rst", "The *kernel* trick\n##################\n\n:date: 2026-01-01\n:slug: one\n\nText.\n"
    )
    built = site.build(THEME=THEME, PLUGINS=plugins)
    for name, text, inside in (
        ("pages/the-kernel-trick-b.html", "The kernel trick & <b>", ["em"]),
        ("pages/raw.html", "Using <canvas> & A new B", ["em"]),
        ("one.html", "The kernel trick", ["em"]),
    ):
        page = soup(built, name)
        assert page.title.string == f"{text} – Notes"
        assert page.find("meta", property="og:title")["content"] == text
        assert page.h1.get_text() == text
        assert [node.name for node in page.h1.find_all(True)] == inside
    links = soup(built, "one.html").find("nav", class_="site-header__menu").find_all("a")
    assert "The kernel trick & <b>" in [link.get_text() for link in links]


# -- related posts ---------------------------------------------------------------------------------


def test_an_original_has_no_related_posts_of_its_translations_language(site):
    german = "Ein neuronales Netz lernt aus Beispielen, und der Gradientenabstieg findet gute Gewichte. " * 3
    site.post("filters", CNN)
    site.write("filters.de.md", f"Title: Filter\nDate: 2026-01-01\nSlug: filters\nLang: de\n\n{german}")
    site.write(
        "only.de.md", f"Title: Nur\nDate: 2026-01-01\nSlug: nur\nLang: de\n\n{german} Belohnung folgt."
    )
    built = site.build(THEME=THEME)
    assert list(built.articles["filters"].related_posts) == []
    assert [post.slug for post in built.articles["filters-de"].related_posts] == ["nur"]


def test_reasons_belong_to_two_posts_even_where_slugs_are_equal(site):
    for folder, text in (("agents", RL), ("vision", CNN)):
        site.write(f"{folder}/intro.md", f"Title: Intro to {folder}\nDate: 2026-01-01\n\n{text}")
    site.write("mix/other.md", f"Title: Mixed\nDate: 2026-01-01\n\n{RL}{CNN}")
    built = site.build(
        THEME=THEME,
        ARTICLE_TRANSLATION_ID=["slug", "category"],
        ARTICLE_URL="{category}/{slug}/",
        ARTICLE_SAVE_AS="{category}/{slug}/index.html",
        SLUGIFY_SOURCE="basename",
    )
    post = built.articles["other"]
    reasons = {other.title: " ".join(post.related_reasons[other]).lower() for other in post.related_posts}
    assert len(reasons) == 2
    assert "reinforcement" in reasons["Intro to agents"]
    assert "reinforcement" not in reasons["Intro to vision"]
    shown = soup(built, "mix/other/index.html").find_all("span", class_="related__reasons")
    assert len({node.get_text() for node in shown}) == 2


# -- summaries -------------------------------------------------------------------------------------


def words_of_summary(built, slug):
    return BeautifulSoup(built.articles[slug].summary, "lxml").get_text().split()


def test_other_themes_summaries_are_as_long_as_pelicans_own_setting_says(site):
    site.post("one", " ".join(f"w{number}" for number in range(400)))
    site.post("own", "Text. " * 200, Excerpt="These are the words of the author, more than six of them.")
    built = site.build(SUMMARY_MAX_LENGTH=6)
    assert words_of_summary(built, "one") == ["w0", "w1", "w2", "w3", "w4", "w5..."]
    assert 900 < len(built.articles["one"].excerpt) <= 1000
    assert len(words_of_summary(built, "own")) == 12
    assert len(words_of_summary(site.build(SUMMARY_MAX_LENGTH=None), "one")) == 400
    for settings in ({}, {"SUMMARY_MAX_LENGTH": 6, "MLNOTES_EXCERPT_LENGTH": 1000}):
        built = site.build(**settings)
        assert " ".join(words_of_summary(built, "one")) == built.articles["one"].excerpt
    built = site.build(SUMMARY_MAX_LENGTH=6, THEME=THEME)
    assert " ".join(words_of_summary(built, "one")) == built.articles["one"].excerpt


def test_a_summary_of_other_length_comes_back_from_the_cache_as_it_was(site):
    site.post("one", "An agent pays $5 and $6, " + " ".join(f"w{number}" for number in range(400)))
    settings = {"SUMMARY_MAX_LENGTH": 9, "CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True}
    first = site.build(**settings, MLNOTES_MATH="mathml").articles["one"].summary
    assert site.build(**settings, MLNOTES_MATH="mathml").articles["one"].summary == first
    assert "$5 and $6" in first
    longer = (
        site.build(**{**settings, "SUMMARY_MAX_LENGTH": 12}, MLNOTES_MATH="mathml").articles["one"].summary
    )
    assert len(longer) > len(first)
