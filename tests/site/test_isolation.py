"""A fault in one feature on one post costs that feature on that post, and nothing else."""

import pytest

import pelican_mlnotes
from pelican_mlnotes.plugin import handlers as plugin
from pelican_mlnotes.related.index import RelatedIndex
from tests.edge import caller_of

THEME = pelican_mlnotes.theme_path()
RL = "Reinforcement learning trains an agent; deep reinforcement learning uses a network. " * 4
BREAD = "Knead the dough, add olives, let it rest, and bake the bread in a hot oven. " * 4
TRAIN = "The night train left the harbour late; the conductor sold tea and kept the windows open. " * 4

# What is called for each post -> what the warning says the post goes without.
STAGES = {
    "read_body": "excerpt, badges, topics or related posts",
    "words": "excerpt, badges, topics or related posts",
    "make_excerpt": "excerpt",
    "suggest_topics": "topics",
    "title_html": "plain title",
    "set_excerpt": "excerpt",
    "show_pictures": "badges or image",
    "author_topics": "topics",
}


class InjectedError(Exception):
    """Injected."""


def write_all(site):
    # The post that breaks is about nothing that the others are about, so that no list of theirs names it.
    site.post(
        "broken", TRAIN + "![plot](plot.png)", Title="BROKEN night train", date="2026-01-03", Tags="zoo"
    )
    site.post("one", RL, Title="Deep reinforcement learning", date="2026-01-02")
    site.post("two", RL, Title="Deep reinforcement learning, again")
    site.post("bread", BREAD, date="2025-01-01")
    site.post("more-bread", BREAD, date="2025-01-02")


def break_one(monkeypatch, name, sign="BROKEN", sources="night train left"):
    """Make ``name`` raise for the one post, whichever way it is handed over."""
    right = getattr(caller_of(name), name)

    def fail(*args, **options):
        if any(sign in text or sources in text or "broken.md" in text for text in map(describe, args[:2])):
            raise InjectedError("injected <b>")
        return right(*args, **options)

    monkeypatch.setattr(caller_of(name), name, fail)


def describe(value):
    if isinstance(value, list) and value and isinstance(value[0], str):
        return " ".join(value)
    prose = getattr(value, "prose", "")
    return f"{value} {prose} {getattr(value, 'source_path', '')}"


def pages_of_others(files):
    """Every page but the broken post's own, and the lists that show it."""
    lists = ("index", "archives", "tags", "categories", "authors", "category/", "tag/zoo", "broken")
    return {name: data for name, data in files.items() if not name.startswith(lists)}


@pytest.mark.parametrize("stage", STAGES)
def test_a_fault_costs_one_feature_of_one_post(site, monkeypatch, stage):
    write_all(site)
    healthy = site.build(THEME=THEME)
    assert healthy.warnings == []
    break_one(monkeypatch, stage)
    built = site.build(THEME=THEME, DELETE_OUTPUT_DIRECTORY=True)
    assert set(built.files()) >= {name for name in healthy.files() if "tag/" not in name}
    assert pages_of_others(built.files()) == pages_of_others(healthy.files())
    assert {name for name in built.files() if b"BROKEN" in built.files()[name]} >= {
        "broken.html",
        "index.html",
        "archives.html",
    }
    expected = 1 if STAGES[stage] else len(built.warnings)
    assert len(built.warnings) == expected >= 1
    assert "broken.md" in built.warnings[0]
    assert "InjectedError: injected" in built.warnings[0]
    if STAGES[stage]:
        assert f"gets no {STAGES[stage]}" in built.warnings[0]


@pytest.mark.parametrize(
    ("function", "owner"),
    [
        ("TopicTags", plugin),
        ("link", plugin.Relating),
        ("drop_colliding_tags", plugin),
        ("describe_tags", plugin),
        ("rank", RelatedIndex),
    ],
)
def test_a_fault_in_what_is_done_for_all_posts_stops_no_build(site, monkeypatch, function, owner):
    write_all(site)
    theme = THEME if function == "rank" else "simple"  # no list is ranked that nobody looks at
    healthy = site.build(THEME=theme)

    def fail(*args, **options):
        raise InjectedError("injected")

    monkeypatch.setattr(owner, function, fail)
    built = site.build(THEME=theme, DELETE_OUTPUT_DIRECTORY=True)
    (warning,) = built.warnings
    assert "every" in warning
    assert "InjectedError: injected" in warning
    posts = ("broken.html", "one.html", "two.html", "bread.html", "index.html")
    assert set(posts) <= set(built.files())
    if function not in ("TopicTags", "rank"):
        assert {name: built.files()[name] for name in posts} == {
            name: healthy.files()[name] for name in posts
        }


@pytest.mark.parametrize("error", [RecursionError, MemoryError, UnicodeError, AssertionError])
def test_any_kind_of_exception_is_held(site, monkeypatch, error):
    write_all(site)

    def fail(*args, **options):
        raise error

    monkeypatch.setattr(caller_of("make_excerpt"), "make_excerpt", fail)
    built = site.build()
    assert len(built.warnings) == 5
    assert "one.html" in built.files()


def test_an_interrupt_is_not_held(site, monkeypatch):
    write_all(site)

    def interrupt(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(plugin, "read_body", interrupt)
    with pytest.raises(KeyboardInterrupt):
        site.build()


def test_fatal_warnings_stops_at_a_fault_and_at_nothing_else(site):
    write_all(site)
    assert site.run("--fatal", "warnings").returncode == 0
    site.write("faulty.py", "from pelican_mlnotes.plugin import articles\n"
               "def fail(*args, **options):\n    raise ValueError('injected')\n"
               "def register():\n    articles.make_excerpt = fail\n")  # fmt: skip
    both = {"PLUGINS": ["pelican_mlnotes", "faulty"]}
    both["PLUGIN_PATHS"] = [*site.settings()["PLUGIN_PATHS"], str(site.content)]
    healthy = site.run(**both)
    assert healthy.returncode == 0
    assert "WARNING" in healthy.stdout + healthy.stderr
    assert site.run("--fatal", "warnings", **both).returncode != 0


def test_a_post_without_content_or_with_odd_metadata_is_built(site):
    from pelican import signals

    write_all(site)

    def spoil(generator):
        for article in generator.articles:
            if article.slug == "broken":
                article._content = None
                article.metadata.update(topics=5, related_posts=object(), image=[1], excerpt={"a": 1})

    signals.article_generator_pretaxonomy.connect(spoil)
    built = site.build(PLUGINS=["pelican_mlnotes"])
    assert all("broken.md" in warning for warning in built.warnings)
    assert {"one.html", "two.html"} <= set(built.files())
