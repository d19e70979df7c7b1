"""Tokens that would come alive unescaped, planted everywhere, live nowhere."""

import json
import re
from html import unescape
from xml.etree import ElementTree

import pytest

import pelican_mlnotes

tinyhtml5 = pytest.importorskip("tinyhtml5")

THEME = pelican_mlnotes.theme_path()
RL = "Reinforcement learning trains an agent; deep reinforcement learning uses a network. " * 4
TOKENS = {
    "element": "<zzlive>",
    "attribute": "\"><zzlive x=\"' onzz='1' \"",
    "script": "</script><zzlive>",
    "comment": "--><zzlive><!--",
    "title": "</title></textarea></style><zzlive>",
    "entity": "&lt;zzlive&gt;",
    "bidi": "\u202ezzbidi \u2066<zzlive>",
    "template": "{{ 7 * 191 }}{% raw %}<zzlive>",
}


def live(html):
    """What of the tokens a browser would run, by the grammar of HTML, but not by the engine under test."""
    found = []
    for node in tinyhtml5.parse(html, namespace_html_elements=False).iter():
        if node.tag == "zzlive":
            found.append(node.tag)
        for name, value in node.items():
            if name.startswith("onzz") or value.strip().lower().startswith("javascript:"):
                found.append(f"{node.tag} {name}")
    return found


def write_all(site, token):
    text = token.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    quoted = text.replace('"', "&quot;")
    label = json.dumps(f"Label {token}")
    site.write("mine.toml", f'[[topic]]\nid = "zz-token"\nlabel = {label}\naliases = ["zzconcept"]\n')
    names = {"Tags": f"tag {token}, zoo", "Author": f"author {token}", "Category": f"category {token}"}
    site.post("one", f'{RL} <p>body {text} <img src="p.png" alt="alt {quoted}"> end.</p>',
              Title=f"one {token}", Topics=f"zzconcept, topic {token}", **names)  # fmt: skip
    site.post("two", RL, Title=f"two {token}", date="2026-01-02", **names)
    site.post(
        "three", RL, Title="three", Excerpt=f"excerpt {text}", Image="javascript:zz()", date="2026-01-03"
    )
    site.post(
        "four", RL, Title="four", Summary=f"summary {text}", Series=f"series {token}", date="2026-01-04"
    )
    site.write("pages/about.md", f"Title: page {token}\n\nText.")


def settings(token):
    return {
        "SITENAME": f"site {token}",
        "SITESUBTITLE": f"subtitle {token}",
        "SITEURL": "https://notes.example",
        "MENUITEMS": ((f"menu {token}", "/menu"),),
        "LINKS": ((f"link {token}", "/link"),),
        "SOCIAL": ((f"social {token}", "/social"),),
        "MLNOTES_LIST_HEADING": f"heading {token}",
        "MLNOTES_BADGES": {"image": f"badge {token}"},
        "MLNOTES_EXCERPT_ELLIPSIS": f"end {token}",
        "MLNOTES_EXCERPT_LENGTH": 150,
        "MLNOTES_TOPICS_TAXONOMY": "mine.toml",
        "MLNOTES_RELATED_APPEND": True,
        "FEED_ALL_ATOM": "all.xml",
        "FEED_ALL_RSS": "all.rss",
        "TAG_FEED_ATOM": "feeds/t-{slug}.xml",
        "YEAR_ARCHIVE_SAVE_AS": "{date:%Y}.html",
    }


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
def test_no_token_is_live_in_any_page_of_our_theme(site, token):
    write_all(site, token)
    built = site.build(THEME=THEME, **settings(token))
    pages = [name for name in built.files() if name.endswith(".html")]
    assert {"index.html", "one.html", "tags.html", "categories.html", "authors.html", "2026.html"} <= set(
        pages
    )
    for name in pages:
        assert live(built.read(name)) == [], name
        assert "1337" not in built.read(name)
        for data in re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', built.read(name), re.DOTALL
        ):
            json.loads(data)
    assert "zzlive" in built.read("index.html")
    for name in ("all.xml", "all.rss"):
        ElementTree.fromstring(built.read(name))
    summaries = re.findall(r"<summary[^>]*>(.*?)</summary>", built.read("all.xml"), re.DOTALL)
    assert len(summaries) == 4
    for summary in summaries:
        assert live(unescape(summary)) == []


@pytest.mark.parametrize("kind", ["element", "attribute", "script"])
def test_pelicans_own_theme_shows_no_token_that_it_did_not_show_without_us(site, kind):
    token = TOKENS[kind]
    write_all(site, token)
    chosen = {name: value for name, value in settings(token).items() if not name.startswith("MLNOTES_")}
    bare = site.build(PLUGINS=[], **chosen)
    built = site.build(**settings(token), DELETE_OUTPUT_DIRECTORY=True)
    for name in ("index.html", "two.html", "three.html", "four.html", "archives.html", "2026.html"):
        assert len(live(built.read(name))) <= len(live(bare.read(name))), name


def test_a_new_line_or_control_character_in_a_name_breaks_no_attribute(site):
    from pelican import signals

    site.post("one", RL, Tags="zoo")

    def spoil(generator):
        for article in generator.articles:
            article.title = 'a\n"b\x07" \u202e<c'
            article.metadata["title"] = article.title

    signals.article_generator_pretaxonomy.connect(spoil)
    page = site.build(THEME=THEME, SITENAME='x\n"y" \x1f').read("one.html")
    assert live(page) == []
    (title,) = re.findall(r'<meta property="og:title" content="([^"]*)">', page)
    assert "&lt;c" in title
