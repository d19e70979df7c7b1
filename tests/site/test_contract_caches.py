"""Pelican's two caches: what we set must not come back from them, nor break them."""

import gzip
import logging
import pickle
import threading

import pytest
from pelican import signals

import pelican_mlnotes
from pelican_mlnotes.plugin.post_cache import FILE

TAG = "reinforcement-learning"
RL = "Reinforcement learning trains an agent; deep reinforcement learning uses a network. " * 4
GENERATOR = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True, "CONTENT_CACHING_LAYER": "generator"}
READER = {**GENERATOR, "CONTENT_CACHING_LAYER": "reader"}
LAYERS = {"reader": READER, "generator": GENERATOR}


@pytest.fixture(params=LAYERS)
def cached(request):
    return LAYERS[request.param]


def write_all(site):
    site.post("one", RL + "![plot](plot.png)", Title="Deep reinforcement learning", Tags="zoo")
    site.post("two", RL, Title="Deep reinforcement learning, again", date="2026-01-02")
    site.post("three", "A walk in the old town.", date="2026-01-03", Summary="A *walk*.")
    # Pelican pickles pages after articles are finished, and pages hold all articles.
    site.write("pages/about.md", "Title: About\n\nA page on reinforcement learning.\n")


def seen(built):
    """What templates see of us."""
    return {
        slug: (
            article.excerpt,
            article.badges,
            str(article.image),
            [tag.name for tag in article.tags] if hasattr(article, "tags") else None,
            [tag.name for tag in article.topics],
            [other.slug for other in getattr(article, "related_posts", ())],
            article.summary,
        )
        for slug, article in built.articles.items()
    }


def test_a_warm_build_equals_a_clean_one(site, cached):
    write_all(site)
    clean = site.build()
    cold = site.build(**cached, DELETE_OUTPUT_DIRECTORY=True)
    warm = site.build(**cached, DELETE_OUTPUT_DIRECTORY=True)
    assert seen(clean) == seen(cold) == seen(warm)
    assert clean.files() == cold.files() == warm.files()
    assert warm.warnings == []


class Uninstalled(pickle.Unpickler):
    """Reads a cache as a Python does that does not know us."""

    def find_class(self, module, name):
        assert not module.startswith("pelican_mlnotes"), f"{module}.{name}"
        return super().find_class(module, name)


@pytest.mark.parametrize("more", [{}, {"MLNOTES_RELATED_APPEND": True}, {"MLNOTES_MATH": "mathml"}])
@pytest.mark.parametrize("theme", ["simple", pelican_mlnotes.theme_path()])
def test_no_cache_of_a_site_with_pages_needs_us(site, cached, more, theme):
    write_all(site)
    for _ in range(2):
        assert site.build(THEME=theme, **cached, **more).warnings == []
    cache = site.folder / "cache"
    kept = [file for file in cache.rglob("PagesGenerator*") if file.is_file()]
    if "MLNOTES_MATH" in more:  # has a folder of its own, which no build without us looks into
        assert {file.parent for file in kept} == {cache / "mathml"}
        return
    assert {file.parent for file in kept} == {cache}
    for file in cache.iterdir():
        if file.name == FILE:  # ours, which nobody else looks for
            continue
        with gzip.open(file) as opened:
            Uninstalled(opened).load()


@pytest.mark.slow
def test_a_long_blog_with_a_page_can_be_cached(site, cached):
    # From one post to the next or to a related one, pickle would go as deep as the blog is long.
    for number in range(400):
        site.post(f"post-{number}", f"Note {number // 2} on subject{number // 2} and {number}.")
    site.write("pages/about.md", "Title: About\n\nA page.\n")
    for _ in range(2):
        articles = site.build(**cached).articles
        assert articles["post-6"].related_posts
        assert articles["post-6"].prev_article.next_article is articles["post-6"]


def test_the_cache_is_really_used(site, cached, monkeypatch):
    from pelican.readers import MarkdownReader

    write_all(site)
    site.build(**cached)
    monkeypatch.setattr(MarkdownReader, "read", lambda *_: pytest.fail("read again"))
    assert set(site.build(**cached).articles) == {"one", "two", "three"}


def test_a_cached_article_holds_nothing_of_ours(site):
    write_all(site)
    site.build(**GENERATOR)
    site.build(**GENERATOR)
    with gzip.open(site.folder / "cache" / "ArticlesGenerator") as file:
        cached = [article for _, article in pickle.load(file).values()]
    assert len(cached) == 3
    for article in cached:
        ours = {"excerpt", "badges", "image", "topics", "related_posts", "title_html", "title_text"}
        assert not ours & set(vars(article))
        assert type(getattr(article, "tags", [])) is list
        assert {tag.slug for tag in getattr(article, "tags", ())} <= {"zoo"}
        assert "summary" not in article.metadata or article.slug == "three"


def test_the_plugin_taken_out_leaves_nothing_in_the_caches(site, cached):
    write_all(site)
    never = site.build(PLUGINS=[]).files()
    site.build(**cached)
    site.build(**cached)
    assert site.build(**cached, PLUGINS=[], DELETE_OUTPUT_DIRECTORY=True).files() == never


def test_the_plugin_put_in_over_a_warm_cache_gives_what_a_clean_build_gives(site, cached):
    write_all(site)
    clean = site.build().files()
    site.build(**cached, PLUGINS=[])
    assert site.build(**cached, DELETE_OUTPUT_DIRECTORY=True).files() == clean


# Both layers in .ci/run alone: the list is long.
@pytest.mark.parametrize(
    "cached", ["generator", pytest.param("reader", marks=pytest.mark.slow)], indirect=True
)
@pytest.mark.parametrize(
    "change",
    [
        {"MLNOTES_EXCERPT_LENGTH": 40},
        {"MLNOTES_EXCERPT_AS_SUMMARY": False},
        {"MLNOTES_TOPICS_MAX": 1},
        {"MLNOTES_TOPICS_TAXONOMY": "mine.toml"},
        {"MLNOTES_RELATED_MAX": 0},
        {"MLNOTES_BADGES": {"image": "Bild"}},
        {"SITEURL": "https://notes.example"},
        {"TAG_SAVE_AS": "t/{slug}.html", "TAG_URL": "t/{slug}.html"},
        {"ARTICLE_SAVE_AS": "n/{slug}.html", "ARTICLE_URL": "n/{slug}.html"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_after_a_setting_changed_a_warm_build_equals_a_clean_one(site, cached, change):
    write_all(site)
    site.write("mine.toml", '[[topic]]\nid = "reinforcement-learning"\nlabel = "Rewards"\n')
    site.build(**cached)
    bare = site.build(**change, PLUGINS=[], DELETE_OUTPUT_DIRECTORY=True).files()
    bare_warm = site.build(**cached, **change, PLUGINS=[], DELETE_OUTPUT_DIRECTORY=True).files()
    site.build(**cached)
    warm = site.build(**cached, **change, DELETE_OUTPUT_DIRECTORY=True)
    clean = site.build(**change, DELETE_OUTPUT_DIRECTORY=True)
    # Where Pelican's own cache of articles keeps the addresses of the build before, so do we.
    if bare == bare_warm:
        assert seen(warm) == seen(clean)
        assert warm.files() == clean.files()
    else:
        assert seen(warm)["two"] == seen(clean)["two"]


def test_after_a_post_changed_a_warm_build_equals_a_clean_one(site, cached):
    write_all(site)
    site.build(**cached)
    path = site.post("two", "Knead the dough and bake olive bread. " * 5, date="2026-01-02")
    import os

    os.utime(path, (2_000_000_000, 2_000_000_000))
    site.post("four", RL, date="2026-01-04")
    (site.content / "three.md").unlink()
    warm = site.build(**cached, DELETE_OUTPUT_DIRECTORY=True)
    assert warm.files() == site.build(DELETE_OUTPUT_DIRECTORY=True).files()


def test_after_a_line_of_the_taxonomy_changed_a_warm_build_equals_a_clean_one(site, cached):
    write_all(site)
    own = {"MLNOTES_TOPICS_TAXONOMY": "mine.toml"}
    site.write("mine.toml", '[[topic]]\nid = "old-town"\nlabel = "Old Town"\n')
    site.build(**cached, **own)
    site.write("mine.toml", '[[topic]]\nid = "reinforcement-learning"\nlabel = "Rewards"\n')
    warm = site.build(**cached, **own, DELETE_OUTPUT_DIRECTORY=True)
    assert "Rewards" in [tag.name for tag in warm.articles["one"].tags]
    assert warm.files() == site.build(**own, DELETE_OUTPUT_DIRECTORY=True).files()


@pytest.mark.parametrize("thing", [threading.Lock(), lambda: None, logging], ids=["lock", "lambda", "module"])
def test_a_setting_that_does_not_pickle_breaks_no_later_build_more_than_without_us(site, thing):
    write_all(site)

    def outcome(**settings):
        try:
            return site.build(**READER, **settings).files()
        except Exception as error:
            return type(error)

    bare = [outcome(OWN_THING=thing, PLUGINS=[]) for _ in range(2)]
    for path in (site.folder / "cache").iterdir():
        path.unlink()
    ours = [outcome(OWN_THING=thing) for _ in range(2)]
    assert [isinstance(one, dict) for one in ours] == [isinstance(one, dict) for one in bare]


def test_what_we_put_on_an_article_never_keeps_the_cache_from_being_written(site):
    write_all(site)
    lost = []

    def check(generator):
        for article in generator.articles:
            try:
                pickle.dumps({key: value for key, value in vars(article).items() if key != "_context"})
            except (TypeError, pickle.PicklingError) as error:
                lost.append(error)

    signals.article_generator_pretaxonomy.connect(check)
    built = site.build(**GENERATOR)
    assert lost == []
    assert built.warnings == []


def test_a_picture_of_a_cached_article_is_resolved_like_any_other(site, cached):
    site.post("one", "![plot]({static}/plot.png)")
    site.write("plot.png", b"")
    for _ in range(2):
        built = site.build(**cached, STATIC_PATHS=["plot.png"])
        assert built.articles["one"].image.url == "/plot.png"
