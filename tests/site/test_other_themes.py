"""Other people's themes: excerpts in their lists, related posts, and our macros for the rest."""

import importlib
import os
import re
from pathlib import Path

import pytest

TEXT = (
    "Gradient descent follows the slope of the loss, one step of the learning rate at a time. "
    "Stochastic gradient descent looks at one batch only, and momentum remembers earlier steps. "
)
OWN_CLONES = Path(os.environ.get("PELICAN_THEMES", "/nowhere"))


def theme(name: str) -> str:
    """Return the folder of a theme: bundled with Pelican, installed as a package, or a clone.

    ``PELICAN_THEMES`` names a folder that holds clones.
    """
    if name in ("simple", "notmyidea"):
        return name
    if (OWN_CLONES / name / "templates").is_dir():
        return str(OWN_CLONES / name)
    try:
        module = importlib.import_module(f"pelican.themes.{name.lower()}")
    except ImportError:
        pytest.skip(f"the theme {name} is neither installed nor below PELICAN_THEMES")
    return module.path()


def translate(message: str, **values: str) -> str:
    return message % values


# What the two ask of a site: a licence, and Jinja's translations, here the message itself.
TRANSLATED = {
    "JINJA_ENVIRONMENT": {"extensions": ["jinja2.ext.i18n"]},
    "JINJA_GLOBALS": {"gettext": translate},
    "CC_LICENSE": {"name": "Creative Commons", "version": "4.0", "slug": "by"},
}
OPTIONS = {"Flex": TRANSLATED, "reflex": TRANSLATED}
BODIES = (
    "It is the plainest way to fit a regression, and the first to try on a new data set.",
    "A convex problem has one minimum, so that every start ends in the same place sooner or later.",
    "Neural networks have many minima, and batches that differ shake the weights out of the worst of them.",
)


@pytest.fixture
def notes(site):
    for number, title in enumerate(("One", "Two", "Three"), start=1):
        site.post(
            f"note-{number}",
            f"{TEXT} ![A curve](https://images.example/{number}.png)\n\n" + BODIES[number - 1],
            date=f"2026-01-0{number}",
            Title=f"Note <em>{title}</em>",
            Author="Ada",
        )
    return site


@pytest.mark.parametrize("name", ["simple", "notmyidea", "reflex", "Flex", "elegant"])
def test_a_theme_shows_excerpts_topics_and_related_posts(notes, name):
    built = notes.build(
        THEME=theme(name),
        AUTHOR="Ada",
        MLNOTES_RELATED_APPEND=name in ("simple", "notmyidea"),
        **OPTIONS.get(name, {}),
    )
    article = built.articles["note-1"]
    page = built.read(article.url)
    assert any(f"note-{number}.html" in page for number in (2, 3))
    for tag in article.topics:
        assert tag.name in page
    if name != "elegant":  # its lists hold titles alone
        listed = re.sub(r"\s+", " ", built.read("index.html"))
        assert f"<p>{article.excerpt}</p>" in listed


README = Path(__file__).resolve().parents[2] / "README.md"
SNIPPET = README.read_text(encoding="utf-8").partition("```jinja\n")[2].partition("```")[0]


def override(site, name, text):
    folder = site.folder / "overrides"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [str(folder)]


@pytest.mark.parametrize("name", ["simple", "notmyidea", "reflex"])
def test_any_theme_can_import_the_macros(notes, name):
    overrides = override(notes, "article.html", SNIPPET)
    built = notes.build(
        THEME=theme(name),
        THEME_TEMPLATES_OVERRIDES=overrides,
        SITEURL="https://notes.example",
        **OPTIONS.get(name, {}),
    )
    page = built.read("note-1.html")
    assert '<span class="mlnotes-badge">Image</span>' in page
    tag = built.articles["note-1"].topics[0]
    assert f'<a href="https://notes.example/{tag.url}">{tag.name}</a>' in page
    assert '<li><a href="https://notes.example/note-2.html">Note <em>Two</em></a></li>' in page
    assert "<h2>Related posts</h2>" in page


def test_macros_write_nothing_for_an_article_without_our_attributes(notes):
    overrides = override(notes, "page.html", SNIPPET.replace("article", "page"))
    notes.write("pages/about.md", "Title: About\n\nText.\n")
    built = notes.build(THEME_TEMPLATES_OVERRIDES=overrides)
    assert built.read("pages/about.html").strip() == ""


def test_macros_escape_and_link_no_tags_where_there_are_no_pages(notes):
    overrides = override(notes, "article.html", SNIPPET)
    built = notes.build(
        THEME_TEMPLATES_OVERRIDES=overrides, TAG_SAVE_AS="", MLNOTES_BADGES={"image": "Images & <b>"}
    )
    page = built.read("note-1.html")
    assert "Images &amp; &lt;b&gt;" in page
    assert "/tag/" not in page


def test_a_site_replaces_the_macros_with_its_own(notes):
    overrides = override(notes, "article.html", SNIPPET)
    override(
        notes,
        "mlnotes/macros.html",
        "{% macro badges(a) %}mine{% endmacro %}{% macro topics(a, s) %}{% endmacro %}"
        "{% macro related_posts(a, s) %}{% endmacro %}{% macro backlinks(a, s) %}{% endmacro %}"
        "{% macro papers(a) %}{% endmacro %}",
    )
    assert notes.build(THEME_TEMPLATES_OVERRIDES=overrides).read("note-1.html").split() == ["mine"]


def test_no_name_of_a_template_leads_elsewhere_because_of_us(notes):
    """Each template that Pelican finds without the plugin is the same file with it."""

    def templates(built):
        environment = built.generators[0].env
        names = environment.list_templates()
        return {name: environment.get_template(name).filename for name in names if name.endswith(".html")}

    without = templates(notes.build(PLUGINS=[]))
    with_us = templates(notes.build())
    assert {name: with_us[name] for name in without} == without
    ours = {f"mlnotes/{name}.html" for name in ("macros", "papers", "search", "search_form")}
    assert {name for name in with_us if name not in without} == ours
