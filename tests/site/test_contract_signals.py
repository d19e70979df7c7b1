"""What Pelican's signals promise, and what the plugin must therefore do at each."""

import weakref
from pathlib import Path

import pytest
from pelican import signals
from pelican.generators import ArticlesGenerator

import pelican_mlnotes
from pelican_mlnotes.plugin import handlers as plugin
from pelican_mlnotes.settings import SettingsError
from pelican_mlnotes.topics.taxonomy import TaxonomyError

REPOSITORY = Path(plugin.__file__).resolve().parents[2]
RL = "Reinforcement learning trains an agent; deep reinforcement learning uses a network. " * 4
TAG = "reinforcement-learning"

OURS = {
    "article_generator_init": "load_configuration",
    "article_generator_pretaxonomy": "annotate_tags",
    "article_generator_finalized": "annotate_articles",
}


def receivers(name):
    """The plugin's functions that are connected to a signal, each as often as it is."""
    found = [
        reference() if isinstance(reference, weakref.ref) else reference
        for reference in getattr(signals, name).receivers.values()
    ]
    return [function for function in found if getattr(function, "__module__", "") == plugin.__name__]


def test_topics_are_tags_before_tag_pages_feeds_and_templates_are_fed(site):
    site.post(TAG, RL)
    built = site.build(TAG_FEED_ATOM="feeds/tag.{slug}.atom.xml")
    assert {f"tag/{TAG}.html", f"feeds/tag.{TAG}.atom.xml"} <= set(built.files())
    assert "Reinforcement Learning" in built.read("tags.html")
    assert 'term="Reinforcement Learning"' in built.read(f"feeds/tag.{TAG}.atom.xml")


def test_a_translation_is_on_no_tag_page(site):
    site.post(TAG, RL)
    site.write(f"{TAG}-fr.md", f"Title: Deux\nDate: 2026-01-01\nSlug: {TAG}\nLang: fr\n\n{RL}")
    page = site.build().read(f"tag/{TAG}.html")
    assert f"/{TAG}.html" in page
    assert f"{TAG}-fr.html" not in page


def test_drafts_and_hidden_posts_make_no_tag_page(site):
    site.post("one", RL, Status="draft", Topics="Cats")
    site.post("two", RL, Status="hidden", Topics="Dogs")
    built = site.build(TAG_FEED_ATOM="feeds/tag.{slug}.atom.xml")
    assert [tag.name for tag in built.articles["one"].topics] == ["Cats"]
    assert not [name for name in built.files() if name.startswith(("tag/", "feeds/"))]


def test_what_refers_to_other_posts_is_set_after_the_cache_is_written(site, monkeypatch):
    site.post("one", RL)
    site.post("two", RL)
    seen = []
    save = ArticlesGenerator.save_cache
    ours = ("excerpt", "badges", "image", "topics", "related_posts", "related_reasons", "title_html")

    def record(self):
        seen.extend(name for article in self.articles for name in ours if hasattr(article, name))
        save(self)

    monkeypatch.setattr(ArticlesGenerator, "save_cache", record)
    articles = site.build().articles
    assert seen == []
    assert articles["one"].related_posts == [articles["two"]]


def test_content_and_summary_are_not_read_before_every_file_is_known(site, monkeypatch):
    site.post("one", "![plot]({static}/plot.png) [two]({filename}two.md) " + RL)
    site.post("two", "Text.")
    site.write("plot.png", b"")
    early = []

    def look(generators):
        for generator in generators:
            for article in getattr(generator, "articles", ()):
                early.extend(
                    name for name in vars(article) if "memo" in name or name in ("content", "summary")
                )

    signals.all_generators_finalized.connect(look)
    page = site.build(STATIC_PATHS=["plot.png"]).read("one.html")
    assert early == []
    assert 'src="/plot.png"' in page
    assert 'href="/two.html"' in page


def test_a_later_plugins_rewrite_of_the_content_is_kept(site):
    site.post("one", "Before. " + RL)

    def rewrite(generators):
        for generator in generators:
            for article in getattr(generator, "articles", ()):
                article._content = article._content.replace("Before.", "After.")

    signals.all_generators_finalized.connect(rewrite)
    page = site.build().read("one.html")
    assert "After." in page
    assert "Before." not in page


@pytest.mark.parametrize("name", OURS)
def test_receivers_are_functions_of_the_module_and_connect_once(name):
    for _ in range(3):
        pelican_mlnotes.register()
    found = receivers(name)
    assert [function.__name__ for function in found] == [OURS[name]]
    assert getattr(plugin, found[0].__name__) is found[0]


def test_receivers_are_still_there_after_a_garbage_collection(site):
    import gc

    site.post(TAG, RL)
    pelican_mlnotes.register()
    gc.collect()
    assert site.build().articles[TAG].excerpt


def test_a_plugin_taken_out_of_the_settings_is_silent_in_the_same_process(site):
    site.post(TAG, RL)
    before = site.build(PLUGINS=[]).files()
    site.build()
    again = site.build(PLUGINS=[], DELETE_OUTPUT_DIRECTORY=True)
    assert again.files() == before
    assert not hasattr(again.articles[TAG], "excerpt")


@pytest.mark.parametrize("name", ["pelican_mlnotes", "pelican.plugins.mlnotes", "mlnotes"])
def test_the_plugin_works_under_each_of_its_names(site, name):
    site.post(TAG, RL)
    folder = REPOSITORY / "pelican_mlnotes" / "namespace"
    result = site.run(env={"PYTHONPATH": f"{folder}:{REPOSITORY}"}, PLUGINS=[name])
    assert result.returncode == 0, result.stdout[-800:]
    assert (site.folder / "output" / "tag" / f"{TAG}.html").is_file()


def test_a_wrong_setting_stops_the_build_before_any_post_is_read(site):
    site.post("broken", "Title", Date="not a date")
    result = site.run(MLNOTES_EXCERPT_LENGHT=5)
    assert result.returncode != 0
    log = " ".join((result.stdout + result.stderr).split())
    assert "MLNOTES_EXCERPT_LENGHT" in log
    assert "MLNOTES_EXCERPT_LENGTH" in log
    assert "broken.md" not in log
    assert not list((site.folder / "output").rglob("*.html"))


@pytest.mark.parametrize(
    ("setting", "value", "allowed"),
    [
        ("MLNOTES_EXCERPT_LENGTH", -1, "0 or more"),
        ("MLNOTES_EXCERPT_CUT", "line", "'sentence'"),
        ("MLNOTES_TOPICS_MIN_SCORE", 3, "between 0 and 1"),
        ("MLNOTES_BADGES", {"picture": "P"}, "'image'"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_and_what_is_allowed(site, setting, value, allowed):
    site.post("one")
    with pytest.raises(SettingsError) as caught:
        site.build(**{setting: value})
    message = str(caught.value)
    assert setting in message
    assert repr(value) in message
    assert allowed in message


def test_a_wrong_taxonomy_stops_the_build_with_file_topic_and_key(site):
    site.post("one")
    site.write("mine.toml", '[[topic]]\nid = "my-topic"\nlabel = "Mine"\nbroader = ["nowhere-at-all"]\n')
    with pytest.raises(TaxonomyError) as caught:
        site.build(MLNOTES_TOPICS_TAXONOMY="mine.toml")
    message = str(caught.value)
    assert "mine.toml" in message
    assert "my-topic" in message
    assert "nowhere-at-all" in message


def test_posts_that_other_plugins_drop_are_simply_not_there(site):
    site.post("one", RL)
    site.post("two", RL)

    def drop(generator):
        generator.articles = [article for article in generator.articles if article.slug != "two"]

    signals.article_generator_pretaxonomy.connect(drop)
    built = site.build()
    assert built.warnings == []
    assert built.articles["one"].related_posts == []


@pytest.mark.parametrize("fatal", [(), ("--fatal", "errors"), ("--fatal", "warnings")])
@pytest.mark.parametrize("wrong", ["setting", "taxonomy", "picture rule"])
def test_what_is_wrong_is_told_without_a_traceback(site, wrong, fatal):
    site.post("one")
    site.write("mine.toml", '[[topic]]\nid = "x"\n[[rule]]\nid = "x"\n')
    own = {
        "setting": {"MLNOTES_EXCERPT_LENGTH": -1},
        "taxonomy": {"MLNOTES_TOPICS_TAXONOMY": "mine.toml"},
        "picture rule": {"MLNOTES_PICTURE_RULES": "mine.toml"},
    }[wrong]
    result = site.run(*fatal, env={"COLUMNS": "1000"}, **own)
    assert result.returncode == 1
    said = result.stdout + result.stderr
    assert "CRITICAL" in said
    assert ("MLNOTES_EXCERPT_LENGTH" if wrong == "setting" else "mine.toml") in said
    assert "Traceback" not in said


def test_other_faults_keep_their_traceback(site):
    site.post("one")
    with_us, without = (site.run(PLUGINS=names, THEME="no-theme") for names in (["pelican_mlnotes"], []))
    assert with_us.returncode == without.returncode == 1
    assert with_us.stdout.count("Traceback") == without.stdout.count("Traceback")  # none in Pelican 4.11


def test_we_listen_to_no_signal_that_swallows_a_fault(site):
    """An exception there drops the post, and the build goes on as if it had never been written."""
    site.post("one")
    site.build()
    for name in ("content_object_init", "article_generator_context", "article_generator_preread"):
        receivers = list(getattr(signals, name).receivers_for(None))
        assert not [one for one in receivers if one.__module__.startswith("pelican_mlnotes")]
