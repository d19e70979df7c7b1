"""The same sources give the same bytes, whatever the process, the order of files or of plugins."""

import os
import sys
import types
from importlib.machinery import ModuleSpec

import pelican_mlnotes

THEME = pelican_mlnotes.theme_path()
RL = "Reinforcement learning trains an agent; deep reinforcement learning uses a network. "
WORDS = (
    "gradient",
    "kernel",
    "sampler",
    "token",
    "encoder",
    "reward",
    "posterior",
    "graph",
    "harbour",
    "bread",
)
FEEDS = {
    "SITEURL": "https://notes.example",
    "CATEGORY_FEED_ATOM": "feeds/c-{slug}.xml",  # Pelican's feed of all posts has translations in any order
    "TAG_FEED_ATOM": "feeds/{slug}.xml",
    "MLNOTES_RELATED_APPEND": True,
}


def write_all(site, posts=12):
    for number in range(posts):
        text = " ".join(WORDS[(number * step) % len(WORDS)] for step in range(1, 60))
        site.post(
            f"post-{number}",
            f"{RL * (number % 3)}{text}. ![plot](plot-{number}.png)\n\n"
            f"    :::text\n    code()\n\n$a_{number}$ and so on.",
            date=f"2026-01-{number + 1:02}",
            Tags=f"{WORDS[number % 4]}, {WORDS[number % 3]}",
            Author=WORDS[number % 2],
            Category=WORDS[number % 5],
        )
        for lang in ("fr", "de"):
            site.write(
                f"{lang}/post-{number}.md",
                f"Title: T\nDate: 2026-01-{number + 1:02}\nSlug: post-{number}\nLang: {lang}\n\n{text}",
            )


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_no_hash_seed_and_no_clock_changes_a_byte(site):
    write_all(site)
    outputs = []
    for seed, epoch in (("0", "0"), ("1", "1700000000"), ("4242", None)):
        env = {"PYTHONHASHSEED": seed, **({"SOURCE_DATE_EPOCH": epoch} if epoch else {})}
        output = site.folder / f"output-{seed}"
        result = site.run(env=env, THEME=THEME, OUTPUT_PATH=str(output), **FEEDS)
        assert result.returncode == 0, result.stdout
        outputs.append(files(output))
    assert len(outputs[0]) > 40
    assert outputs[0] == outputs[1] == outputs[2]


def test_the_order_in_which_files_are_found_changes_nothing(site, monkeypatch):
    write_all(site)
    first = site.build(THEME=THEME, **FEEDS).files()
    walk = os.walk

    def backwards(*args, **options):
        for folder, folders, names in walk(*args, **options):
            folders.sort(reverse=True)
            yield folder, folders, sorted(names, reverse=True)

    monkeypatch.setattr(os, "walk", backwards)
    assert site.build(THEME=THEME, DELETE_OUTPUT_DIRECTORY=True, **FEEDS).files() == first


def make_neighbour():
    """A plugin that does at each signal what others do there."""
    from pelican import signals

    module = types.ModuleType("a_neighbour")
    module.__spec__ = ModuleSpec("a_neighbour", None)

    def rewrite(generator):
        for article in generator.articles:
            article._content = article._content.replace("harbour", "port").replace("code()", "more()")

    def drop(generator):
        generator.articles = [one for one in generator.articles if one.slug != "post-3"]
        for article in list(generator.articles):
            if article.slug == "post-4":
                generator.articles.remove(article)
                article.status = "draft"
                generator.drafts.append(article)

    def relate(generator):
        for article in generator.articles:
            if article.slug == "post-5":
                article.related_posts = [generator.articles[-1]]

    module.rewrite, module.drop, module.relate = rewrite, drop, relate

    def register():
        signals.article_generator_pretaxonomy.connect(rewrite)
        signals.article_generator_pretaxonomy.connect(drop)
        signals.article_generator_finalized.connect(relate)

    def unregister():
        signals.article_generator_pretaxonomy.disconnect(rewrite)
        signals.article_generator_pretaxonomy.disconnect(drop)
        signals.article_generator_finalized.disconnect(relate)

    module.register, module.unregister = register, unregister
    return module


def test_the_place_among_the_plugins_changes_nothing(site, monkeypatch):
    write_all(site)
    neighbour = make_neighbour()
    monkeypatch.setitem(sys.modules, "a_neighbour", neighbour)
    outputs, warnings = [], []
    for plugins in (["pelican_mlnotes", "a_neighbour"], ["a_neighbour", "pelican_mlnotes"]):
        neighbour.unregister()
        built = site.build(THEME=THEME, PLUGINS=plugins, DELETE_OUTPUT_DIRECTORY=True, **FEEDS)
        outputs.append(built.files())
        warnings += built.warnings
    neighbour.unregister()
    assert warnings == []
    assert outputs[0] == outputs[1]
    assert b"post-4.html" not in outputs[0]["post-5.html"]


def test_a_rebuild_in_one_process_over_caches_equals_a_clean_build(site):
    cached = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True, "CONTENT_CACHING_LAYER": "generator"}
    own = {"MLNOTES_TOPICS_TAXONOMY": "mine.toml"}
    write_all(site, 6)
    site.write("mine.toml", '[[topic]]\nid = "harbours"\nlabel = "Harbour"\n')
    site.post("draft", RL * 3, Status="draft")
    site.build(**cached, **own)
    before = site.build(**cached, **own, DELETE_OUTPUT_DIRECTORY=True).files()
    for change in ("more", "edited", "less", "published", "a setting", "a topic"):
        changed = None
        if change == "more":
            site.post("new", RL * 5)
        elif change == "edited":
            changed = site.post("post-3", "Knead the dough and bake olive bread.", date="2026-01-04")
        elif change == "less":
            (site.content / "post-3.md").unlink()
        elif change == "published":
            changed = site.post("draft", RL * 3)
        elif change == "a setting":
            own["MLNOTES_EXCERPT_LENGTH"] = 30
        else:
            site.write("mine.toml", '[[topic]]\nid = "reinforcement-learning"\nlabel = "Rewards"\n')
        if changed:
            os.utime(changed, (2_000_000_000, 2_000_000_000))
        warm = site.build(**cached, **own, DELETE_OUTPUT_DIRECTORY=True).files()
        assert warm != before, change
        assert warm == site.build(**own, DELETE_OUTPUT_DIRECTORY=True).files(), change
        before = warm
