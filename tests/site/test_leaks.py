"""What is not published appears in no public file: no title, slug, text, topic, label or address of it."""

import json
import os

import pytest
from pelican import signals

import pelican_mlnotes

THEME = pelican_mlnotes.theme_path()
RL = "Reinforcement learning trains an agent; deep reinforcement learning uses a network. " * 4
KINDS = {
    "draft": {"Status": "draft"},
    "hidden": {"Status": "hidden"},
    "skipped": {"Status": "skip"},
    "future": {"date": "2999-01-01"},
}
# What nobody may see, one word of each kind.
SECRETS = ("zzslug", "zztitle", "zzbody", "zztag", "zztopic", "zzexcerpt", "zzauthor", "zzalt", "zzpicture")


def write_all(site, kind):
    site.post("one", RL, Title="Deep reinforcement learning")
    site.post(
        "two",
        f"{RL} See [one](one.html), [A paper](https://arxiv.org/abs/1706.03762).",
        Title="Deep reinforcement learning, again",
        date="2025-01-01",
    )
    site.write("one-fr.md", f"Title: Un\nDate: 2026-01-01\nSlug: one\nLang: fr\n\n{RL}")
    site.post(
        "zzslug",
        f"{RL} zzbody ![zzalt](zzpicture.png) [zzbody](one.html)"
        "[The zztitle of a paper](https://arxiv.org/abs/1706.03762) [zzbody](https://arxiv.org/abs/1810.04805)",
        Title="Deep reinforcement learning zztitle",
        Tags="zztag, reinforcement LEARNING",
        Topics="zztopic, Reinforcement Learning, Cats",
        Excerpt="zzexcerpt",
        Author="zzauthor",
        Related_posts="one",
        **KINDS[kind],
    )
    site.write(
        "zz-fr.md",
        "".join(
            f"{key}: {value}\n"
            for key, value in {
                "Title": "zztitle",
                "Slug": "zzslug",
                "Lang": "fr",
                "Topics": "zztopic",
                "Date": "2026-01-01",
                **{("Date" if key == "date" else key): value for key, value in KINDS[kind].items()},
            }.items()
        )
        + f"\n{RL} zzbody",
    )


@pytest.mark.parametrize("theme", [THEME, "simple"], ids=["ours", "simple"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_an_unpublished_post_is_in_a_public_file(site, kind, theme):
    write_all(site, kind)
    context = {}

    def keep(generators):
        context.update(generators[0].context)

    signals.all_generators_finalized.connect(keep)
    built = site.build(
        THEME=theme,
        WITH_FUTURE_DATES=False,
        SITEURL="https://notes.example",
        FEED_ALL_ATOM="all.xml",
        FEED_ALL_RSS="all.rss",
        TAG_FEED_ATOM="feeds/{slug}.xml",
        CATEGORY_FEED_ATOM="feeds/c-{slug}.xml",
        AUTHOR_FEED_ATOM="feeds/a-{slug}.xml",
        TRANSLATION_FEED_ATOM="feeds/all-{lang}.xml",
        MLNOTES_RELATED_APPEND=True,
        MLNOTES_BACKLINKS=True,
        MLNOTES_PAPERS=True,
        YEAR_ARCHIVE_SAVE_AS="{date:%Y}.html",
    )
    own = {name for name in built.files() if name.startswith(("drafts/", "zzslug"))}
    assert (kind == "skipped") == (not own)
    public = {
        name: data.decode("utf-8", "replace") for name, data in built.files().items() if name not in own
    }
    assert len(public) > 10
    for name, text in public.items():
        for secret in SECRETS:
            assert secret not in text, (name, secret)
            assert secret not in name
        assert "reinforcement LEARNING" not in text, name
    for name in ("cats.html", "tag/cats.html", "2999.html"):
        assert name not in public
    shown = json.dumps([context.get("mlnotes_topic_map"), context.get("mlnotes_topics")], default=str)
    assert not [secret for secret in SECRETS if secret in shown]
    assert "Cats" not in shown


# All that a page, a feed or a map of the site can be made of.
EVERYTHING = {
    "SITEURL": "https://notes.example",
    "WITH_FUTURE_DATES": False,
    "FEED_ALL_ATOM": "all.xml",
    "FEED_ALL_RSS": "all.rss",
    "TAG_FEED_ATOM": "feeds/{slug}.xml",
    "CATEGORY_FEED_ATOM": "feeds/c-{slug}.xml",
    "AUTHOR_FEED_ATOM": "feeds/a-{slug}.xml",
    "TRANSLATION_FEED_ATOM": "feeds/all-{lang}.xml",
    "YEAR_ARCHIVE_SAVE_AS": "{date:%Y}.html",
    "DIRECT_TEMPLATES": ["index", "tags", "categories", "authors", "archives", "sitemap"],
    "SITEMAP_SAVE_AS": "sitemap.xml",
    "MLNOTES_LIST_META": ["date", "topics", "thumbnail"],
    "MLNOTES_BACKLINKS": True,
    "MLNOTES_PAPERS": True,
}
SITEMAP = """<urlset>{% for post in articles + pages %}
<url><loc>{{ SITEURL }}/{{ post.url }}</loc>
{% for other in post.translations %}<link href="{{ SITEURL }}/{{ other.url }}"/>{% endfor %}</url>
{% endfor %}{% for tag, posts in tags %}<url><loc>{{ tag.url }}</loc><n>{{ posts | length }}</n></url>
{% endfor %}</urlset>"""


def list_all(generator):
    """Do as plugins do that know nothing of drafts: put every post into every list."""
    posts = [
        *generator.articles,
        *generator.translations,
        *generator.drafts,
        *generator.drafts_translations,
        *generator.hidden_articles,
        *generator.hidden_translations,
    ]
    posts.sort(key=lambda post: (post.status != "published", post.slug, post.lang))
    for post in posts:
        others = [other for other in posts if other is not post]
        post.series = {"name": "walks", "index": 1, "all": posts}
        post.related_posts = others
        post.next_article = others[0]
        post.prev_article = next((other for other in others if other.status != "published"), None)
        post.translations = others


def built_with_and_without(site, **settings):
    """Build the site with all of its posts, and with the public ones; return the public files of both."""
    for name, text in (("themes/sitemap.html", SITEMAP), ("content/pages/about.md", "Title: About\n\nUs.\n")):
        file = site.folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    settings |= {**EVERYTHING, "THEME_TEMPLATES_OVERRIDES": [str(site.folder / "themes")]}
    secret = [site.content / name for name in ("zzslug.md", "zz-fr.md")]
    for file in site.content.rglob("*.md"):
        os.utime(file, (1_700_000_000, 1_700_000_000))
    built = site.build(**settings).files()
    for file in secret:
        file.unlink()
    without = site.build(**settings, DELETE_OUTPUT_DIRECTORY=True).files()
    return {name: data for name, data in built.items() if not name.startswith(("drafts/", "zzslug"))}, without


@pytest.mark.parametrize("theme", [THEME, "simple"], ids=["ours", "simple"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_unpublished_post_changes_no_public_file(site, kind, theme):
    write_all(site, kind)
    built, without = built_with_and_without(site, THEME=theme, MLNOTES_RELATED_APPEND=theme == "simple")
    assert built == without
    assert {"papers.html", "papers.bib"} <= set(without)
    assert {"sitemap.xml", "tags.html", "one.html", "one-fr.html", "2026.html", "all.xml"} <= set(without)


@pytest.mark.parametrize("append", [False, True], ids=["theme", "appended"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_unpublished_post_in_the_lists_of_other_plugins_changes_no_public_page(site, kind, append):
    write_all(site, kind)
    signals.article_generator_finalized.connect(list_all)
    try:
        built, without = built_with_and_without(site, THEME=THEME, MLNOTES_RELATED_APPEND=append)
    finally:
        signals.article_generator_finalized.disconnect(list_all)
    # Pelican's feeds and the site's own map trust these lists.
    pages = {name: data for name, data in built.items() if name.endswith(".html")}
    assert pages == {name: data for name, data in without.items() if name.endswith(".html")}
    page = pages["one.html"].decode()
    for name in ("series", "related", "neighbours", "translations"):
        assert f'class="{name}"' in page
    assert 'rel="alternate" hreflang="fr"' in page


def test_an_unpublished_post_stands_in_its_own_series_and_links_to_its_translations(site):
    write_all(site, "draft")
    signals.article_generator_finalized.connect(list_all)
    try:
        page = site.build(THEME=THEME).read("drafts/zzslug.html")
    finally:
        signals.article_generator_finalized.disconnect(list_all)
    assert '<span aria-current="page">Deep reinforcement learning zztitle</span>' in page
    assert page.count('href="/drafts/zzslug-fr.html"') == 2


@pytest.mark.parametrize("kind", ["draft", "hidden", "future"])
def test_its_own_page_links_to_public_pages_only(site, kind):
    write_all(site, kind)
    built = site.build(THEME=THEME, WITH_FUTURE_DATES=False)
    (name,) = [name for name in built.files() if name.endswith("zzslug.html")]
    page = built.read(name)
    assert "zzbody" in page
    for address in ("/tag/zztopic.html", "/tag/cats.html"):
        assert f'href="{address}"' not in page or address.lstrip("/") in built.files()
