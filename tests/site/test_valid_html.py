"""Pages follow the grammar of HTML and some rules beyond it, whatever titles, names and tags hold."""

from itertools import pairwise

import pytest

tinyhtml5 = pytest.importorskip("tinyhtml5")
from tinyhtml5.parser import HTMLParser  # noqa: E402

import pelican_mlnotes  # noqa: E402
from tests.pages import parse_page  # noqa: E402

HOSTILE = (
    "A & B",
    "Using <canvas> & </title> in <b>HTML</b>",
    "\"Quotes\" and 'more' > less",
    "AT&T &copy; &nosuch; &#0;",
    "</script><!-- ]]> --><p>",
    "`<div>`",
)
BODY = """[TOC]

See [post 0](post-0.html), [A "paper" & &lt;more>](https://arxiv.org/abs/1706.03762) and
[another](https://doi.org/10.1002/(SICI)1097%3C1661::AID%3E3.0.CO;2-2).

![a "picture"](https://example.org/a.png "<title>")

# One

> [!warning] *Careful* & <b>bold</b>
> text

| a | b |
|---|--:|
| 1 | 2 |

## Two

- one

    ```python
    if a < b: pass
    ```

### Three

Term
:   Definition[^1]

## Two

[^1]: Note.
"""
SETTINGS = {
    "THEME": pelican_mlnotes.theme_path(),
    "SITEURL": "https://example.org",
    "SITENAME": "Notes & \"Queries\" 'n' more",
    "SITESUBTITLE": 'a < b & "c"',
    "AUTHOR": 'Ada "L" & <Co>',
    "DIRECT_TEMPLATES": ["index", "tags", "categories", "authors", "archives", "404"],
    "YEAR_ARCHIVE_SAVE_AS": "{date:%Y}/index.html",
    "DEFAULT_PAGINATION": 3,
    "FEED_ALL_ATOM": "feeds/all.xml",
    "TAG_FEED_ATOM": "feeds/{slug}.xml",
    "LINKS": [("A & B", "https://example.org/?a=1&b=2")],
    "SOCIAL": [("<x>", "https://example.org/?a=1&copy=2")],
    "TWITTER_USERNAME": '"x',
    "MLNOTES_COLOR_TOGGLE": True,
    "MLNOTES_BACKLINKS": True,
    "MLNOTES_PAPERS": True,
    "MLNOTES_LIST_META": ["date", "reading_time", "topics", "thumbnail"],
    "MLNOTES_SHARE": ["bluesky", "email", "x"],
    "MLNOTES_EDIT_URL": "https://example.org/{path}?a=1&b=2",
    "MLNOTES_FOOTER": "<b>Mine</b> &amp; yours",
}


def faults(html):
    """What is wrong with a page, in words."""
    parser = HTMLParser()
    parser.parse(html)
    found = [f"line {place[0]}: {code} {data or ''}" for place, code, data in parser.errors]
    tree = parse_page(html)
    ids = [node["id"] for node in tree.select("[id]")]
    found += [
        f"id {name!r} stands {ids.count(name)} times" for name in sorted(set(ids)) if ids.count(name) > 1
    ]
    for name in ("aria-labelledby", "aria-describedby", "for"):
        used = [node[name] for node in tree.select(f"[{name}]")]
        found += [f"{name} {value!r} leads nowhere" for value in used if value not in ids]
    links = [node["href"] or "" for node in tree.select("a[href^='#']")]
    found += [f"the link {link!r} leads nowhere" for link in links if link[1:] not in ids]
    for parents, children in (("ul, ol", ["li"]), ("dl", ["dt", "dd", "div"]), ("tr", ["td", "th"])):
        inner = [node.name for parent in tree.select(parents) for node in parent.find_all(recursive=False)]
        found += [f"{tag} in {parents}" for tag in inner if tag not in children]
    found += [f"no alt: {node}" for node in tree.select("img:not([alt])")]
    found += [
        f"no name: {node}"
        for node in tree.select("main a, nav a, button")
        if not node.get_text(strip=True) and not node.get("aria-label")
    ]
    levels = [int(node.name[1]) for node in tree.select("h1, h2, h3, h4, h5, h6")]
    if levels.count(1) != 1:
        found.append(f"{levels.count(1)} h1")
    found += [f"h{after} after h{before}" for before, after in pairwise(levels) if after > before + 1]
    return found


@pytest.mark.parametrize("plugins", [["pelican_mlnotes"], []], ids=["plugin on", "plugin off"])
def test_pages_are_valid_whatever_titles_and_names_hold(site, plugins):
    for number, title in enumerate(HOSTILE):
        body = BODY if plugins else "Text."
        site.post(
            f"post-{number}",
            body,
            Title=title,
            Tags=f"{title.replace(',', '')}, deep learning",
            Category=title,
        )
    site.write("post-0-ar.md", "Title: <أ> & ب\nDate: 2026-01-01\nSlug: post-0\nLang: ar\n\nنص\n")
    site.write("pages/about.md", f"Title: {HOSTILE[1]}\n\n{BODY if plugins else 'Text.'}\n")
    site.post("draft", "Text.", Title=HOSTILE[2], Status="draft")
    built = site.build(**SETTINGS, PLUGINS=plugins)
    pages = [name for name in built.files() if name.endswith(".html")]
    assert len(pages) > 25
    assert {name: found for name in pages if (found := faults(built.read(name)))} == {}


def test_the_fault_finder_finds_faults():
    page = "<!DOCTYPE html><html lang=en><head><title>x</title></head><body><h1>x</h1>{}</body></html>"
    assert faults(page.format("<p>fine")) == []
    for wrong in (
        "<p>a</div>",
        "<p><div></div></p>",
        "<b><i></b></i>",
        "<p class=a class=b>",
        "<p title='&nosuch;'></p><a href='#x'>x</a>",
        "<i id=a></i><i id=a></i>",
        "<ul><p>x</p></ul>",
        "<h3>x</h3>",
        "<img src=x>",
        "<nav><a href=/></a></nav>",
        "<button aria-label=''><svg></svg></button>",
        "<section aria-labelledby=x></section>",
    ):
        assert faults(page.format(wrong)), wrong
