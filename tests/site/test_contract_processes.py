"""One process, many builds: rebuilds while Pelican reloads, and builds nested in builds."""

import pytest
from pelican import Pelican, signals
from pelican.settings import read_settings

import pelican_mlnotes
from pelican_mlnotes.plugin import articles, build, handlers, related, tags

TAG = "reinforcement-learning"
RL = "Reinforcement learning trains an agent; deep reinforcement learning uses a network. " * 4
FR = "On pétrit la pâte, on laisse lever le pain, puis on enfourne le pain aux olives. " * 4


def write_all(site):
    site.post("one", RL, Title="Deep reinforcement learning", Lang="en")
    site.post("two", RL, Title="Deep reinforcement learning, again", date="2026-01-02", Lang="en")
    site.write("one-fr.md", f"Title: Le pain\nDate: 2026-01-01\nSlug: one\nLang: fr\n\n{FR}")
    site.write("pain-fr.md", f"Title: Autre pain\nDate: 2026-01-03\nSlug: pain\nLang: fr\n\n{FR}")


@pytest.mark.slow
def test_the_fiftieth_rebuild_in_one_process_equals_the_first(site):
    write_all(site)
    settings = {
        "THEME": pelican_mlnotes.theme_path(),
        "SITEURL": "https://notes.example",
        "TAG_FEED_ATOM": "feeds/{slug}.xml",
        "CACHE_CONTENT": True,
        "LOAD_CONTENT_CACHE": True,
        "CONTENT_CACHING_LAYER": "generator",
    }
    first = site.build(**settings)
    assert f"feeds/{TAG}.xml" in first.files()
    for _ in range(48):
        site.build(**settings)
    last = site.build(DELETE_OUTPUT_DIRECTORY=True, **settings)
    assert last.files() == first.files()
    assert last.warnings == first.warnings == []


def test_one_instance_that_runs_again_gives_the_same(site):
    write_all(site)
    pelican = Pelican(read_settings(override=site.settings()))
    pelican.run()
    first = {path: path.read_bytes() for path in (site.folder / "output").rglob("*.html")}
    pelican.run()
    assert first == {path: path.read_bytes() for path in (site.folder / "output").rglob("*.html")}


def test_no_module_keeps_anything_of_a_build():
    kept = [
        name
        for module in (articles, build, handlers, related, tags)
        for name, value in vars(module).items()
        if isinstance(value, (list, set)) or (isinstance(value, dict) and name != "__builtins__")
    ]
    assert kept == []


def test_a_build_nested_in_another_gives_what_separate_builds_give(site):
    write_all(site)
    english = site.build(OUTPUT_PATH=str(site.folder / "en")).files()
    french = site.build(OUTPUT_PATH=str(site.folder / "fr"), DEFAULT_LANG="fr").files()
    nested = {}

    def build_inner(generators):
        if generators[0].settings["DEFAULT_LANG"] == "fr" or nested:
            return
        values = site.settings(OUTPUT_PATH=str(site.folder / "inner"), DEFAULT_LANG="fr")
        nested["fr"] = True
        Pelican(read_settings(override=values)).run()

    signals.all_generators_finalized.connect(build_inner)
    outer = site.build(OUTPUT_PATH=str(site.folder / "outer")).files()
    assert nested
    inner = {
        str(path.relative_to(site.folder / "inner")): path.read_bytes()
        for path in sorted((site.folder / "inner").rglob("*"))
        if path.is_file()
    }
    assert inner == french
    assert outer == english


def test_translations_keep_their_own_excerpt_badges_topics_and_related_posts(site):
    write_all(site)
    articles = site.build().articles
    assert articles["one"].excerpt.startswith("Reinforcement learning")
    assert articles["one-fr"].excerpt.startswith("On pétrit")
    assert TAG in [tag.slug for tag in articles["one"].topics]
    assert TAG not in [tag.slug for tag in articles["one-fr"].topics]
    assert [other.slug for other in articles["one"].related_posts] == ["two"]
    assert [other.title for other in articles["one-fr"].related_posts] == ["Autre pain"]


def test_a_translation_relates_to_no_other_version_of_itself(site):
    write_all(site)
    for article in site.build().articles.values():
        assert article.slug not in [other.slug for other in article.related_posts]


def test_translations_are_taken_in_an_order_of_our_own(site):
    for lang in ("de", "fr", "es", "ru", "fa"):
        site.write(f"one-{lang}.md", f"Title: T {lang}\nDate: 2026-01-01\nSlug: one\nLang: {lang}\n\n{FR}")
        site.write(f"two-{lang}.md", f"Title: U {lang}\nDate: 2026-01-02\nSlug: two\nLang: {lang}\n\n{FR}")
    write_all(site)
    first = None
    for seed in ("0", "1", "77"):
        done = site.run(env={"PYTHONHASHSEED": seed}, THEME=pelican_mlnotes.theme_path())
        assert done.returncode == 0, done.stdout
        pages = {
            str(path.relative_to(site.folder)): path.read_bytes()
            for path in sorted((site.folder / "output").rglob("*.html"))
        }
        assert len(pages) > 12
        assert pages == (first := first or pages), seed
