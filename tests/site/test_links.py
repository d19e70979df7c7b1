"""Posts that mention each other, on built sites."""

import json
import subprocess
import sys

import pytest

import pelican_mlnotes
from tests.pages import parse_page

THEME = pelican_mlnotes.theme_path()
OURS = {"THEME": THEME, "MLNOTES_BACKLINKS": True}
LAYERS = ["reader", "generator"]


def mentions(built, slug):
    return [
        (post.slug if post.in_default_lang else f"{post.slug}-{post.lang}", sentence)
        for post, sentence in built.articles[slug].backlinks
    ]


def shown(page):
    """Title, address and sentence of each post under "Mentioned in"."""
    section = parse_page(page).select_one("section[aria-labelledby=mlnotes-backlinks]")
    return section and [
        (item.a.get_text(), item.a["href"], item.p and item.p.get_text()) for item in section.select("li")
    ]


@pytest.mark.parametrize(
    ("address", "settings"),
    [
        ("{filename}/target.md", {}),
        ("{filename}target.md#part", {"RELATIVE_URLS": True}),
        ("target.html", {}),
        ("target.html?x=1", {"RELATIVE_URLS": True}),
        ("https://notes.example/blog/target.html", {"SITEURL": "https://notes.example/blog"}),
        ("/blog/target.html", {"SITEURL": "https://notes.example/blog"}),
        (
            "../target/",
            {"ARTICLE_URL": "n/{slug}/", "ARTICLE_SAVE_AS": "n/{slug}/index.html"},
        ),
        (
            "{filename}target.md",
            {"ARTICLE_URL": "n/{slug}/", "ARTICLE_SAVE_AS": "n/{slug}/index.html", "RELATIVE_URLS": True},
        ),
    ],
)
def test_a_link_to_a_posts_own_address_counts_however_it_is_written(site, address, settings):
    site.post("target")
    site.post("source", f"Before. It needs [$O(n^2)$ steps]({address}), as you know. After.")
    built = site.build(**OURS, **settings)
    assert mentions(built, "target") == [("source", "It needs O(n²) steps, as you know.")]
    assert mentions(built, "source") == []
    (found,) = shown(built.read(built.articles["target"].save_as))
    assert (found[0], found[2]) == ("Source", "It needs O(n²) steps, as you know.")
    assert built.warnings == []


def test_by_default_no_post_has_the_attribute_and_no_byte_changes(site):
    site.post("target", Backlinks="Mine")
    site.post("source", "See [it]({filename}target.md).")
    site.post("other")
    built = site.build(THEME=THEME)
    assert not hasattr(built.articles["source"], "backlinks")
    assert built.articles["target"].backlinks == "Mine"
    assert shown(built.read("target.html")) is None
    assert b"mlnotes-backlinks" not in b"".join(built.files().values())


def test_the_newest_stands_first_and_each_post_once(site):
    site.post("target", "It is [this](target.html).", date="2026-02-01")
    for day in range(1, 13):
        body = f"Note {day} has [it]({{filename}}target.md). And [again](target.html)."
        site.post(f"source-{day:02}", body, date=f"2026-01-{day:02}")
    found = mentions(site.build(**OURS), "target")
    assert found == [(f"source-{day:02}", f"Note {day} has it.") for day in range(12, 2, -1)]


def test_a_link_of_a_translation_counts_for_its_own_language(site):
    for slug, body in (("target", "Text."), ("source", "See [it]({filename}target.md).")):
        site.post(slug, body)
        site.write(
            f"{slug}-de.md",
            f"Title: De\nSlug: {slug}\nLang: de\nDate: 2026-01-01\n\n{body.replace('See', 'Siehe')}\n",
        )
    built = site.build(**OURS)
    assert mentions(built, "target") == [("source", "See it.")]
    assert mentions(built, "target-de") == [("source-de", "Siehe it.")]
    assert "Erwähnt in" in built.read("target-de.html")


@pytest.mark.parametrize("lines", [{"Status": "draft"}, {"Status": "hidden"}, {"date": "2999-01-01"}])
def test_what_is_not_published_is_neither_named_nor_told_of(site, lines):
    site.post("target")
    site.post("source", "See [it]({filename}target.md) and [that]({filename}secret.md).")
    site.post("secret", "Zzsecret [it]({filename}target.md).", **lines)
    built = site.build(**OURS, WITH_FUTURE_DATES=False)
    assert mentions(built, "target") == [("source", "See it and that.")]
    if "secret" in built.articles:
        assert mentions(built, "secret") == []
    assert "Zzsecret" not in built.read("target.html")


def test_lists_that_are_added_to_a_post_do_not_count(site):
    text = "A random forest is an ensemble of decision trees. Bagging grows each of them. " * 4
    site.post("one", text)
    site.post("two", text, date="2026-01-02")
    built = site.build(MLNOTES_BACKLINKS=True, MLNOTES_RELATED_APPEND=True)
    assert "two.html" in built.read("one.html")
    assert mentions(built, "one") == mentions(built, "two") == []


def test_it_needs_neither_related_posts_nor_excerpts_nor_topics(site):
    site.post("target")
    site.post("source", "See [it]({filename}target.md).")
    off = {
        "MLNOTES_RELATED_MAX": 0,
        "MLNOTES_EXCERPT_LENGTH": 0,
        "MLNOTES_TOPICS_MAX": 0,
        "MLNOTES_BADGES": {},
    }
    assert mentions(site.build(**OURS, **off), "target") == [("source", "See it.")]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_cached_build_knows_the_same_backlinks(site, layer):
    cached = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True, "CONTENT_CACHING_LAYER": layer}
    site.post("target")
    site.post("source", "See [it](https://notes.example/target.html).")
    site.build(THEME=THEME, **cached)
    first = site.build(**OURS, **cached)
    assert mentions(first, "target") == []
    for _ in range(2):
        built = site.build(**OURS, **cached, SITEURL="https://notes.example", DELETE_OUTPUT_DIRECTORY=True)
        assert mentions(built, "target") == [("source", "See it.")]
    assert (
        site.build(**OURS, SITEURL="https://notes.example", DELETE_OUTPUT_DIRECTORY=True).files()
        == built.files()
    )
    assert shown(site.build(THEME=THEME, **cached).read("target.html")) is None


def test_another_theme_shows_them_by_the_macro(site):
    site.post("target")
    site.post("source", "See [it]({filename}target.md) & <b>that</b>.", Title="One & <em>two</em>")
    folder = site.folder / "overrides"
    folder.mkdir()
    (folder / "article.html").write_text(
        '{% from "mlnotes/macros.html" import backlinks %}[{{ backlinks(article, SITEURL) }}]',
        encoding="utf-8",
    )
    settings = {"THEME_TEMPLATES_OVERRIDES": [str(folder)], "SITEURL": "https://notes.example"}
    page = site.build(MLNOTES_BACKLINKS=True, **settings).read("target.html")
    assert "<h2>Mentioned in</h2>" in page
    assert '<li><a href="https://notes.example/source.html">One &amp; <em>two</em></a>' in page
    assert "<p>See it &amp; that.</p>" in page
    assert site.build(**settings).read("target.html").strip() == "[]"


def test_what_a_sentence_holds_is_text(site):
    site.post("target")
    site.post("source", '`<script>alert(1)</script>` & "q" of [it]({filename}target.md).')
    page = site.build(**OURS).read("target.html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; " in page
    assert "<script>alert" not in page


def test_explain_names_them(site):
    site.post("target")
    source = site.post("source", "See [it]({filename}target.md).")
    settings = site.settings(**OURS)
    (site.folder / "pelicanconf.py").write_text(
        "".join(f"{name} = {value!r}\n" for name, value in settings.items()), encoding="utf-8"
    )
    command = [sys.executable, "-B", "-m", "pelican_mlnotes", "explain", str(site.content / "target.md")]
    run = subprocess.run([*command, "--json"], cwd=site.folder, capture_output=True, text=True, check=True)
    (told,) = json.loads(run.stdout)
    assert told["backlinks"] == [
        {"path": source.relative_to(site.folder).as_posix(), "title": "Source", "sentence": "See it."}
    ]
    run = subprocess.run(command, cwd=site.folder, capture_output=True, text=True, check=True)
    assert "mentioned in" in run.stdout.lower()


@pytest.mark.parametrize("value", [1, "yes", None])
def test_a_wrong_value_stops_the_build(site, value):
    site.post("one")
    with pytest.raises(ValueError, match="MLNOTES_BACKLINKS must be True or False"):
        site.build(MLNOTES_BACKLINKS=value)


def test_posts_at_one_path_are_told_apart_by_their_queries(site):
    for slug in ("aa", "bb", "cc"):
        site.post(slug)
    site.post(
        "zz", 'See <a href="/p?id=cc">it</a>, <a href="p?utm=1&amp;id=bb">that</a>, <a href="/p?id=x">no</a>.'
    )
    built = site.build(**OURS, ARTICLE_URL="p?id={slug}", ARTICLE_SAVE_AS="p/{slug}.html")
    assert [len(mentions(built, slug)) for slug in ("aa", "bb", "cc")] == [0, 1, 1]
