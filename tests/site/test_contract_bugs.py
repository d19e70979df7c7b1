"""Thirty bugs that other plugins and themes had, one test each.

P = getpelican/pelican, PP = getpelican/pelican-plugins, ps = pelican-plugins/.
"""

import re
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pelican import Pelican, signals
from pelican.settings import read_settings

import pelican_mlnotes

THEME = pelican_mlnotes.theme_path()
TAG = "reinforcement-learning"
TITLE = "Deep reinforcement learning"
RL = "Reinforcement learning trains an agent; deep reinforcement learning uses a network. " * 4


def write_rl(site, slug, body=RL, **metadata):
    site.post(slug, body, **{"Title": TITLE, **metadata})


def test_01_page_3_of_one_tag_does_not_meet_a_tag_that_ends_in_3(site):  # P#2754, P#2806
    for number in range(5):
        write_rl(site, f"post-{number}", date=f"2026-01-0{number + 1}")
    site.post("third", "A walk.", Tags=f"{TAG}3")
    built = site.build(DEFAULT_PAGINATION=2)
    assert "Third" in built.read(f"tag/{TAG}3.html")


def test_02_no_feed_or_tag_page_is_written_twice(site):  # P#2146, P#1105, P#1164
    write_rl(site, "one", Category="Reinforcement Learning", Tags="Reinforcement Learning")
    write_rl(site, "two", Category="Deep Learning")
    site.build(
        TAG_FEED_ATOM="f/t-{slug}.xml",
        CATEGORY_FEED_ATOM="f/c-{slug}.xml",
        TAG_SAVE_AS="t/{slug}.html",
        CATEGORY_SAVE_AS="c/{slug}.html",
    )


def test_03_duplicate_titles_give_two_posts_that_may_be_related(site):  # P#1223
    write_rl(site, "one")
    write_rl(site, "two", date="2026-01-02")
    articles = site.build().articles
    assert articles["one"].related_posts == [articles["two"]]


def test_04_an_empty_tag_slug_is_pelicans_to_report_and_the_build_goes_on(site):  # P#3266
    write_rl(site, "one", Tags="???, zoo")
    bare = site.build(PLUGINS=[]).warnings
    built = site.build()
    assert built.warnings == bare
    assert "tag/zoo.html" in built.files()


def test_05_tag_instead_of_tags_is_no_list_of_tags(site):  # P#2470, P#2177
    write_rl(site, "one", Tag="zoo")
    article = site.build().articles["one"]
    assert TAG in [tag.slug for tag in article.tags]
    assert "zoo" not in [tag.slug for tag in article.tags]


def test_06_the_displayed_tag_name_is_the_same_in_every_build(site):  # pyvideo/data#1352
    write_rl(site, "one", Tags="reinforcement learning")
    write_rl(site, "two", Tags="Reinforcement-Learning", date="2026-01-02")
    write_rl(site, "three", date="2026-01-03")
    shown = {re.search(r"<h2>(.*?)</h2>", site.build(ARTICLE_ORDER_BY=order).read(f"tag/{TAG}.html"))[0]
             for order in ("slug", "reversed-slug", "reversed-date")
             for _ in range(2)}  # fmt: skip
    articles = site.build().articles
    assert "Reinforcement-Learning" in [tag.name for tag in articles["three"].tags]
    assert len(shown) <= 2  # the author's two spellings; Pelican shows that of the first post listed


@pytest.mark.parametrize("theme", [THEME, "simple"], ids=["ours", "simple"])
def test_07_a_post_without_tags_renders(site, theme):  # br-pyladies-pelican#447
    site.post("one", "A walk.")
    assert "A walk." in site.build(THEME=theme).read("one.html")
    assert "A walk." in site.build(THEME=theme, PLUGINS=[]).read("one.html")


def test_08_an_ampersand_in_a_tag_is_escaped(site):  # pelican-themes#119
    site.post("one", "A walk.", Tags="R&D &copy", Topics="Q&A")
    built = site.build(THEME=THEME)
    slug = built.articles["one"].tags[0].slug
    for name in ("one.html", "tags.html", f"tag/{slug}.html"):
        page = built.read(name)
        assert "R&amp;D &amp;copy" in page
        assert "R&D" not in page


def test_09_the_meta_description_is_escaped(site):  # pelican-bootstrap3#76, Elegant#119
    site.post("one", 'He said "a < b" & left <b>at once</b>.')
    page = site.build(THEME=THEME).read("one.html")
    (description,) = re.findall(r'<meta name="description" content="([^"]*)">', page)
    assert description == "He said &#34;a &lt; b&#34; &amp; left at once."


@pytest.mark.parametrize("cut", ["word", "sentence", "character"])
def test_10_no_excerpt_ends_inside_a_tag(site, cut):  # P#1082, pelican-clean-blog#35
    site.post("one", '<p>Some <a href="https://example.org/a?b=c&d=e" title="a > b">text</a> here.</p>' * 9)
    for length in (3, 27, 58):
        excerpt = site.build(MLNOTES_EXCERPT_LENGTH=length, MLNOTES_EXCERPT_CUT=cut).articles["one"].excerpt
        assert len(excerpt) <= length
        assert not set("<>=/") & set(excerpt)


def test_11_a_tag_that_spans_lines_at_the_cut_is_no_text(site):  # P#1787
    site.post("one", '<p>Before <a\n  href="x.html"\n  title="long\ntitle">link</a> after.</p>')
    assert site.build().articles["one"].excerpt == "Before link after."


@pytest.mark.parametrize("entity", ["&mdash", "&#9999999999;", "&#xD800;", "&bogus;", "&", "&#0;"])
def test_12_a_broken_entity_raises_nothing(site, entity):  # P#2285
    site.post("one", f"<p>One {entity} two.</p>", Title=f"T {entity} t", Summary=f"S {entity} s")
    built = site.build(THEME=THEME)
    assert built.warnings == []
    assert built.articles["one"].excerpt.startswith("S ")


def test_13_math_around_a_marker_is_not_cut(site):  # PP#784
    site.post("one", "We have $a+b$ here.\n\n<!-- more -->\n\n$$c<d$$\n\nAnd $e$ there.")
    assert site.build().articles["one"].excerpt.startswith("We have")


def test_14_a_summary_with_a_linked_image_is_resolved(site):  # PP#23, PP#147
    site.write("plot.png", b"")
    site.post("one", "Text.", Summary="See ![plot]({static}/plot.png) and [two]({filename}two.md).")
    site.post("two", "Text.")
    page = site.build(STATIC_PATHS=["plot.png"]).read("index.html")
    assert 'src="/plot.png"' in page
    assert 'href="/two.html"' in page


def test_15_links_are_not_broken_by_an_early_look_at_the_content(site):  # PP#577, readtime#4, open_graph#10
    site.post("one", "[page]({filename}pages/about.md) [later]({filename}zz.md) " + RL)
    site.post("zz", "Text.")
    site.write("pages/about.md", "Title: About\n\nText.")
    page = site.build().read("one.html")
    assert 'href="/pages/about.html"' in page
    assert 'href="/zz.html"' in page


def test_16_attach_is_not_left_raw_in_an_image(site):  # PP#854
    site.write("2026/plot.png", b"")
    site.write("2026/one.md", "Title: One\nDate: 2026-01-01\nSlug: one\n\n![plot]({attach}plot.png)")
    where = {"ARTICLE_SAVE_AS": "a/{slug}.html", "ARTICLE_URL": "a/{slug}.html"}
    built = site.build(THEME=THEME, SITEURL="https://notes.example", **where)
    assert "a/plot.png" in built.files()
    assert "{attach}" not in built.read("index.html")
    page = built.read("a/one.html")
    assert "{attach}" not in page
    assert 'property="og:image" content="https://notes.example/a/plot.png"' in page


@pytest.mark.parametrize("image", ["<img>", '<img alt="a">', '<img src="">', '<img src="  ">', "<img src>"])
def test_17_an_image_without_an_address_is_no_picture(site, image):  # PP#1411
    site.post("one", f"<p>Text. {image}</p>")
    built = site.build(THEME=THEME)
    assert built.articles["one"].badges == []
    assert built.articles["one"].image is None
    assert built.warnings == []


def test_18_pages_are_left_alone(site):  # PP#1408
    site.write("pages/about.md", f"Title: {TITLE}\n\n{RL}")
    page = site.build()
    about = next(one for generator in page.generators for one in getattr(generator, "pages", ()))
    assert not {"excerpt", "badges", "topics", "related_posts"} & set(vars(about))
    assert not [name for name in page.files() if name.startswith("tag/")]


@pytest.mark.parametrize("status", ["draft", "hidden"])
def test_19_an_unlisted_post_keeps_no_string_that_a_theme_trips_over(site, status):  # ps series#18
    write_rl(site, "one")
    write_rl(site, "two", Status=status, Related_posts="one", Topics="Cats", Image="none", Badges="x",
             Excerpt="Mine.")  # fmt: skip
    article = site.build(THEME=THEME).articles["two"]
    assert [other.slug for other in article.related_posts] == ["one"]
    assert [tag.name for tag in article.topics] == ["Cats"]
    assert article.image is None
    assert article.badges == []
    assert article.excerpt == "Mine."


def test_20_no_post_is_related_to_itself_and_the_closest_comes_first(site):  # P#465
    bread = "Knead the dough, add olives, let it rest, and bake the bread in a hot oven. "
    site.post("near", bread * 4 + RL)
    site.post("same", bread * 8, date="2020-01-01")
    site.post("other", bread * 8, date="2020-01-02", Tags="zoo")
    articles = site.build().articles
    for article in articles.values():
        assert article not in article.related_posts
    assert articles["same"].related_posts[0] is articles["other"]


def test_21_the_related_posts_of_a_draft_are_published(site):  # PP#708
    write_rl(site, "one")
    write_rl(site, "two", Status="draft")
    write_rl(site, "three", Status="draft")
    assert [other.slug for other in site.build().articles["two"].related_posts] == ["one"]


def test_22_naive_and_aware_dates_live_together(site):  # ps series#34, PP#264
    write_rl(site, "one", date="2026-01-01")
    write_rl(site, "two", date="2026-01-02T10:00:00+05:30")
    write_rl(site, "three", date="2026-01-03 10:00")

    def make_naive(generator, metadata):
        if metadata["slug"] == "three":
            metadata["date"] = datetime(2026, 1, 3, 10)

    signals.article_generator_context.connect(make_naive)
    articles = site.build(
        TIMEZONE="Asia/Tehran", ARTICLE_ORDER_BY="slug", NEWEST_FIRST_ARCHIVES=True
    ).articles
    assert all(article.related_posts for article in articles.values())


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def test_23_future_posts_and_drafts_without_a_date_are_compared(site, zone):  # P#1536, P#2541
    write_rl(site, "one")
    write_rl(site, "future", date="2999-01-01")
    site.write("draft.md", f"Title: {TITLE}\nStatus: draft\nSlug: draft\n\n{RL}")
    built = site.build(TIMEZONE=zone, WITH_FUTURE_DATES=False, THEME=THEME)
    assert built.warnings == []
    assert built.articles["one"].related_posts == []
    for slug in ("future", "draft"):
        assert [other.slug for other in built.articles[slug].related_posts] == ["one"]


def test_24_a_cache_that_could_not_be_written_is_not_our_doing(site):  # P#3034, P#2677
    write_rl(site, "one")
    cached = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True, "CONTENT_CACHING_LAYER": "generator"}
    for _ in range(3):
        assert site.build(**cached).warnings == []


def test_25_no_module_and_no_generator_gets_into_the_cache(site):  # P#2828, P#2905
    import gzip

    write_rl(site, "one", RL + "![plot](plot.png)")
    site.build(CACHE_CONTENT=True, CONTENT_CACHING_LAYER="generator")
    for path in (site.folder / "cache").glob("*Generator*"):
        assert b"pelican_mlnotes." not in gzip.decompress(path.read_bytes())


def test_26_registering_again_does_nothing_twice(site, monkeypatch):  # P#2817
    write_rl(site, "one")
    calls = []
    from pelican_mlnotes.plugin import handlers as plugin

    read = plugin.read_body
    monkeypatch.setattr(plugin, "read_body", lambda *args, **how: calls.append(1) or read(*args, **how))
    pelican = Pelican(read_settings(override=site.settings()))
    pelican_mlnotes.register()
    pelican_mlnotes.register()
    pelican.run()
    assert len(calls) == 1


def test_27_a_rebuild_leaves_no_instance_behind(site):  # ps sitemap#3
    import gc

    from pelican_mlnotes.plugin.build import Build

    write_rl(site, "one")
    for _ in range(3):
        site.build()
    gc.collect()
    alive = [one for one in gc.get_objects() if type(one) is Build]
    assert len(alive) <= 1


def test_28_a_build_inside_a_build_ends(site):  # PP#751
    write_rl(site, "one")
    depth = []

    def nest(generators):
        if len(depth) < 2:
            depth.append(1)
            Pelican(
                read_settings(override=site.settings(OUTPUT_PATH=str(site.folder / str(len(depth)))))
            ).run()

    signals.all_generators_finalized.connect(nest)
    site.build()
    assert (site.folder / "2" / "one.html").read_text() == (site.folder / "output" / "one.html").read_text()


def test_29_a_page_has_no_category_and_no_address_has_a_backslash(site):  # PP#126, P#1503
    site.write("pages/about.md", "Title: About\n\nText.")
    site.write("2026/plot.png", b"")
    site.write(
        "2026/one.md", f"Title: {TITLE}\nDate: 2026-01-01\nSlug: one\n\n![a]({{static}}plot.png)\n\n{RL}"
    )
    built = site.build(THEME=THEME, STATIC_PATHS=["2026"])
    for name in ("index.html", "one.html", "pages/about.html", f"tag/{TAG}.html"):
        assert not re.search(r'(?:href|src)="[^"]*\\', built.read(name))


def test_30_a_feed_stays_well_formed_whatever_a_post_holds(site):  # P#2049, P#3340
    write_rl(site, "one", RL + "</content>]]><script>alert(1)</script> &bogus; \ufffe \u202e <b>open")
    site.post("two", "A &lt;b&gt; walk <!-- ]]> -->")
    built = site.build(
        FEED_ALL_ATOM="all.xml",
        FEED_ALL_RSS="all.rss",
        TAG_FEED_ATOM="{slug}.xml",
        SITEURL="https://notes.example",
        RSS_FEED_SUMMARY_ONLY=True,
    )
    for name in ("all.xml", "all.rss", f"{TAG}.xml"):
        text = built.read(name).replace("\ufffe", "")
        ElementTree.fromstring(text)
    summaries = re.findall(r"<summary[^>]*>(.*?)</summary>", built.read("all.xml"), re.DOTALL)
    assert summaries
    assert "script" not in "".join(summaries)


def test_every_bug_of_the_list_has_its_test():
    source = Path(__file__).read_text(encoding="utf-8")
    assert re.findall(r"^def test_(\d\d)_", source, re.MULTILINE) == [f"{n:02}" for n in range(1, 31)]
