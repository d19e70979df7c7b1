"""Pelican turns each line of front matter into an attribute; none that templates read comes alive."""

import re
from pathlib import Path

import jinja2
import pytest
from bs4 import BeautifulSoup
from jinja2 import nodes
from markupsafe import Markup

import pelican_mlnotes

THEME = pelican_mlnotes.theme_path()
OURS = Path(pelican_mlnotes.__file__).parent / "plugin" / "templates"
EVIL = '<img src=x onerror="alert(1)"> <zzlive>"\'</zzlive></script><zzlive></title><zzlive>'
# What Pelican itself reads from these lines decides whether and where a file is built; `content` it refuses,
# and text in place of a method of its own ends the build, with us or without.
PELICANS = {
    *("category", "content", "date", "lang", "modified", "save_as", "slug", "status", "title", "url"),
    "get_url_setting",
}
# Kind -> the folder of its files, what slugs start with, other lines, the address of its pages.
KINDS = {
    "article": ("", "post", "Date: 2026-01-01\n", "{}.html"),
    "translation": ("", "post", "Date: 2026-01-01\nLang: fr\n", "{}-fr.html"),
    "draft": ("", "draft", "Date: 2026-01-01\nStatus: draft\n", "drafts/{}.html"),
    "hidden": ("", "hidden", "Date: 2026-01-01\nStatus: hidden\n", "{}.html"),
    "page": ("pages/", "page", "", "pages/{}.html"),
}


def attributes_of(*folders):
    """Every name that a template of ``folders`` reads from anything."""
    environment = jinja2.Environment()
    found = set()
    for folder in folders:
        files = list(Path(folder).rglob("*.html"))
        assert files, folder
        for file in files:
            tree = environment.parse(file.read_text(encoding="utf-8"))
            found.update(node.attr for node in tree.find_all(nodes.Getattr))
            for node in tree.find_all((nodes.Filter, nodes.Getitem)):
                values = [node.arg] if isinstance(node, nodes.Getitem) else [
                    *node.args, *(pair.value for pair in node.kwargs)
                ]  # fmt: skip
                found.update(
                    part
                    for value in values
                    if isinstance(value, nodes.Const) and isinstance(value.value, str)
                    for part in value.value.split(".")
                )
    return {name for name in found if re.fullmatch("[a-z_]+", name)}


NAMES = sorted((attributes_of(Path(THEME, "templates"), OURS) | {"title_text", "title_html"}) - PELICANS)


def plant(site, lines):
    """Write a file of each kind for each name, and one with all of them; return the pages that they make."""
    # Two lines make a list of texts, another type of attribute.
    value = f"{EVIL}\n    {EVIL}\n" if lines == 2 else f"{EVIL}\n"
    made = set()
    for kind, (folder, start, head, page) in KINDS.items():
        for name, names in (*((name, [name]) for name in NAMES), ("together", NAMES)):
            slug = f"{start}-{name.replace('_', '-')}"
            planted = "".join(f"{one.capitalize()}: {value}" for one in names)
            site.write(
                f"{folder}{kind}-{name}.md", f"Title: A *plain* title\nSlug: {slug}\n{head}{planted}\nText.\n"
            )
            made.add(page.format(slug))
    return made


def live(html):
    """The elements and attributes of the planted text that a browser would run."""
    if not re.search(r'<zzlive|<img src=x|onerror="', html):
        return []  # to parse every page would take a minute
    soup = BeautifulSoup(html, "lxml")
    return [
        node.name
        for node in soup.find_all(True)
        if node.name == "zzlive" or any(name.startswith("on") for name in node.attrs)
    ]


def test_the_attributes_are_found_in_the_templates():
    assert {
        "title_html", "title_text", "toc_entries", "reading_minutes", "badges", "related_posts", "series",
        "prev_article", "next_article", "translations", "image", "excerpt", "description", "topics",
        "backlinks", "papers",
    } <= set(NAMES)  # fmt: skip


@pytest.mark.parametrize(
    ("plugins", "lines"),
    [
        pytest.param(["pelican_mlnotes"], 1, id="plugin, text"),
        pytest.param(["pelican_mlnotes"], 2, id="plugin, list"),
        pytest.param([], 1, id="theme alone, text"),
        pytest.param([], 2, id="theme alone, list", marks=pytest.mark.slow),
    ],
)
@pytest.mark.filterwarnings("default")
def test_no_line_of_front_matter_comes_alive(site, plugins, lines):
    made = plant(site, lines)
    built = site.build(
        THEME=THEME,
        PLUGINS=plugins,
        MLNOTES_LIST_META=["date", "reading_time", "topics", "thumbnail"],
        MLNOTES_SHARE=["email"],
        MLNOTES_BACKLINKS=True,
        MLNOTES_PAPERS=True,
        DEFAULT_PAGINATION=False,
    )
    pages = {name: text.decode() for name, text in built.files().items() if name.endswith(".html")}
    assert made <= set(pages)
    for name, text in pages.items():
        assert live(text) == [], name
        # What the parts of a page are made of, where templates took a text for a post.
        assert "built-in method" not in text, name


def test_the_macro_for_other_themes_shows_no_text_under_the_name_of_our_html_and_no_draft():
    def post(**attributes):
        return {"url": "x.html", "title": "Title", "status": "published", **attributes}

    article = {"related_posts": [
        post(title_html=EVIL), post(title_html=Markup("<em>Own</em>")), post(title="Secret", status="draft")
    ]}  # fmt: skip
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(OURS))
    macros = environment.get_template("mlnotes/macros.html").module
    html = macros.related_posts(article, "")
    assert live(html) == []
    assert re.findall(r"<a [^>]*>(.*?)</a>", html) == ["Title", "<em>Own</em>"]
    assert macros.related_posts({"related_posts": [post(status="hidden")]}, "").strip() == ""
