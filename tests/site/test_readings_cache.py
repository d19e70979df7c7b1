"""What a build takes over from the one before: the same site as from nothing, with less work."""

import os
import shutil
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pelican import signals

import pelican_mlnotes
from pelican_mlnotes.plugin import build
from pelican_mlnotes.plugin import post_cache as readings_cache
from pelican_mlnotes.plugin.post_cache import FILE
from pelican_mlnotes.related.index import RelatedIndex
from tests.edge import caller_of

LAYERS = ["reader", "generator"]
# For long lists of what counts: which layer of Pelican's own caches there is makes no difference to them.
LONG_LIST = pytest.mark.parametrize(
    "cached", ["generator", pytest.param("reader", marks=pytest.mark.slow)], indirect=True
)
THEMES = {"simple": "simple", "ours": pelican_mlnotes.theme_path()}
FOREST = "A random forest is an ensemble of decision trees. Bagging grows each of them. " * 4
HTML = "<html><head><title>One</title><meta name='date' content='2026-01-01'></head><body>{}</body></html>"
BREAD = "Knead the dough and bake the bread. " * 6


@pytest.fixture(params=LAYERS)
def cached(request):
    return {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True, "CONTENT_CACHING_LAYER": request.param}


@pytest.fixture
def calls(monkeypatch):
    """Counts what is worked out."""
    counted = Counter()

    def count(owner, name):
        function = getattr(owner, name)

        def run(*args, **kwargs):
            counted[name] += 1
            return function(*args, **kwargs)

        monkeypatch.setattr(owner, name, run)

    for name in ("read_body", "words", "suggest_topics", "make_excerpt"):
        count(caller_of(name), name)
    count(RelatedIndex, "add")
    return counted


def write_posts(site):
    site.post("forest", FOREST, Title="Random forests", Tags="trees")
    site.post(
        "wood", FOREST + "![plot](https://far.example/plot.png)", Title="Gradient boosting", date="2026-01-02"
    )
    site.post("bread", BREAD, date="2026-01-03", Summary="A *loaf*.")
    site.post("draft", FOREST, date="2026-01-04", Status="draft")


def touch(path, second):
    """Pelican's own caches go by the time of a file."""
    os.utime(path, (1_000_000_000 + second, 1_000_000_000 + second))


def cache_file(site):
    return site.folder / "cache" / FILE


def test_where_nothing_changed_no_post_is_read_again(site, cached, calls):
    write_posts(site)
    first = site.build(**cached).files()
    assert calls == {"read_body": 4, "words": 4, "suggest_topics": 4, "make_excerpt": 4}
    calls.clear()
    second = site.build(**cached)
    assert calls == {}
    assert second.files() == first
    assert second.articles["forest"].topics
    assert second.articles["wood"].badges == ["Image"]


def test_where_related_posts_are_shown_posts_are_only_compared_again(site, cached, calls):
    write_posts(site)
    first = site.build(THEME=THEMES["ours"], **cached).files()
    calls.clear()
    second = site.build(THEME=THEMES["ours"], **cached)
    assert calls == {"add": 4}
    assert second.files() == first
    assert "forest.html" in second.read("wood.html")


def test_a_new_tag_has_its_post_compared_by_it(site, cached, calls):
    write_posts(site)
    shown = {"THEME": THEMES["ours"], **cached}
    site.build(**shown)
    calls.clear()
    touch(site.post("bread", BREAD, date="2026-01-03", Summary="A *loaf*.", Tags="trees"), 1)
    warm = site.build(DELETE_OUTPUT_DIRECTORY=True, **shown)
    assert calls == {"read_body": 1, "words": 1, "add": 4}
    assert warm.files() == site.build(DELETE_OUTPUT_DIRECTORY=True, THEME=THEMES["ours"]).files()
    calls.clear()
    assert site.build(DELETE_OUTPUT_DIRECTORY=True, **shown).files() == warm.files()
    assert calls == {"add": 4}


def test_a_theme_that_shows_related_posts_from_now_on_has_posts_parsed_once(site, cached, calls):
    write_posts(site)
    site.build(**cached)
    for expected in ({"read_body": 4, "words": 4, "add": 4}, {"add": 4}):
        calls.clear()
        warm = site.build(THEME=THEMES["ours"], DELETE_OUTPUT_DIRECTORY=True, **cached)
        assert calls == expected
    assert warm.files() == site.build(THEME=THEMES["ours"], DELETE_OUTPUT_DIRECTORY=True).files()


def test_related_posts_that_a_plugin_asks_for_later_are_those_of_a_clean_build(site, cached):
    write_posts(site)
    site.build(**cached)

    def related(built):
        return {slug: [other.slug for other in post.related_posts] for slug, post in built.articles.items()}

    warm = related(site.build(**cached))
    assert warm == related(site.build())
    assert warm["forest"] == ["wood"]


def test_of_one_changed_post_only_that_is_read(site, cached, calls):
    write_posts(site)
    site.build(**cached)
    calls.clear()
    touch(site.post("wood", BREAD, date="2026-01-02"), 1)
    warm = site.build(DELETE_OUTPUT_DIRECTORY=True, **cached)
    assert calls == {"read_body": 1, "words": 1, "suggest_topics": 1, "make_excerpt": 1}
    assert warm.files() == site.build(DELETE_OUTPUT_DIRECTORY=True).files()


@LONG_LIST
@pytest.mark.parametrize(
    "lines",
    [
        {"Title": "Convolutional networks"},
        {"Lang": "de"},
        {"Excerpt": "My own words."},
        {"Summary": "My *own* summary."},
        {"Topics": "none"},
        {"Topics": "Deep learning"},
        {"Topics": "+Deep learning"},
        {"Topics": "-Gradient boosting"},
    ],
    ids=str,
)
def test_a_line_of_front_matter_that_counts_has_its_post_read_again(site, cached, calls, lines):
    write_posts(site)
    site.build(**cached)
    calls.clear()
    lines = {"Title": "Gradient boosting", **lines}
    touch(site.post("wood", FOREST + "![plot](https://far.example/plot.png)", date="2026-01-02", **lines), 1)
    warm = site.build(DELETE_OUTPUT_DIRECTORY=True, **cached)
    assert calls["read_body"] == 1
    assert warm.files() == site.build(DELETE_OUTPUT_DIRECTORY=True).files()


def test_posts_of_a_topic_are_counted_with_those_that_were_not_read_again(site, cached, calls):
    rare = {"MLNOTES_TOPICS_MIN_POSTS": 2}
    site.post("forest", FOREST, Title="Random forests")
    first = site.build(**cached, **rare)
    assert "tag/random-forests.html" not in first.files()
    calls.clear()
    site.post("wood", FOREST, Title="More random forests", date="2026-01-02")
    second = site.build(**cached, **rare)
    assert calls["suggest_topics"] == 1
    assert "tag/random-forests.html" in second.files()
    for post in second.articles.values():
        assert "Random Forests" in [tag.name for tag in post.tags]


@LONG_LIST
@pytest.mark.parametrize(
    "lines", [{"Tags": "random forest"}, {"Image": "other.png"}, {"Category": "x"}], ids=str
)
def test_a_line_of_front_matter_that_does_not_count_has_nothing_read_again(site, cached, calls, lines):
    write_posts(site)
    base = {"date": "2026-01-02", "Title": "Gradient boosting"}
    site.build(**cached)
    calls.clear()
    touch(site.post("wood", FOREST + "![plot](https://far.example/plot.png)", **base, **lines), 1)
    warm = site.build(DELETE_OUTPUT_DIRECTORY=True, **cached)
    assert calls == {}
    assert warm.files() == site.build(DELETE_OUTPUT_DIRECTORY=True).files()


def test_a_tag_of_one_post_names_the_topics_of_others_that_were_not_read_again(site, cached, calls):
    site.post("one", FOREST)
    site.post("two", BREAD, date="2026-01-02")
    before = site.build(**cached)
    assert "Random Forests" in [tag.name for tag in before.articles["one"].tags]
    calls.clear()
    touch(site.post("two", BREAD, date="2026-01-02", Tags="RANDOM FORESTS"), 1)
    warm = site.build(DELETE_OUTPUT_DIRECTORY=True, **cached)
    assert "RANDOM FORESTS" in [tag.name for tag in warm.articles["one"].tags]
    assert calls == {}
    assert warm.files() == site.build(DELETE_OUTPUT_DIRECTORY=True).files()


@LONG_LIST
@pytest.mark.parametrize(
    "change",
    [
        {"MLNOTES_EXCERPT_LENGTH": 40},
        {"MLNOTES_EXCERPT_LENGTH": 0},
        {"MLNOTES_EXCERPT_CUT": "sentence"},
        {"MLNOTES_EXCERPT_ELLIPSIS": "…"},
        {"MLNOTES_TOPICS_MAX": 1},
        {"MLNOTES_TOPICS_MIN_POSTS": 2},
        {"MLNOTES_TOPICS_NEVER": ("random-forests",)},
        {"MLNOTES_TOPICS_MAX": 0},
        {"MLNOTES_TOPICS_MIN_SCORE": 0.95},
        {"MLNOTES_TOPICS_TAXONOMY": "mine.toml"},
        {"MLNOTES_PICTURE_RULES": "rules.toml"},
        {"MLNOTES_MATH": "mathml"},
        {"FORMATTED_FIELDS": []},
        {"DEFAULT_LANG": "de"},
    ],
    ids=str,
)
def test_after_a_setting_that_counts_posts_are_read_again(site, cached, calls, change):
    write_posts(site)
    site.write("mine.toml", '[[topic]]\nid = "random-forests"\nlabel = "Woods"\n')
    site.write("rules.toml", '[[rule]]\nid = "plots"\nreason = "x"\naddress = ["plot.png"]\n')
    site.post("price", "It costs $x^2$ or so. ", Summary="About $y$.", date="2026-01-05")
    start = {"MLNOTES_EXCERPT_LENGTH": 90}
    clean = site.build(**{**start, **change}).files()
    shutil.rmtree(site.folder / "output")
    site.build(**cached, **start)
    calls.clear()
    warm = site.build(DELETE_OUTPUT_DIRECTORY=True, **{**cached, **start, **change})
    if change != {"FORMATTED_FIELDS": []} and change != {"DEFAULT_LANG": "de"}:
        assert calls["read_body"] == 5
        assert warm.files() == clean
        return
    # Here Pelican's own caches give what they hold from before, with or without us.
    shutil.rmtree(site.folder / "cache")
    site.build(**cached, **start)
    cache_file(site).unlink()
    assert site.build(DELETE_OUTPUT_DIRECTORY=True, **{**cached, **start, **change}).files() == warm.files()


@LONG_LIST
@pytest.mark.parametrize(
    ("setting", "name", "old", "new"),
    [
        (
            "MLNOTES_TOPICS_TAXONOMY",
            "mine.toml",
            '[[topic]]\nid = "random-forests"\nlabel = "Woods"\n',
            '[[topic]]\nid = "random-forests"\nremove = true\n',
        ),
        (
            "MLNOTES_PICTURE_RULES",
            "rules.toml",
            "[size]\nicon = 1\n",
            "[size]\nicon = 99\n",
        ),
    ],
)
def test_after_a_line_of_a_file_changed_posts_are_read_again(site, cached, calls, setting, name, old, new):
    write_posts(site)
    site.post("icon", '<img src="https://far.example/a.png" width="50" height="50">')
    own = {setting: name, "THEME": THEMES["ours"]}
    site.write(name, old)
    before = site.build(**cached, **own).files()
    calls.clear()
    site.write(name, new)
    warm = site.build(DELETE_OUTPUT_DIRECTORY=True, **cached, **own)
    assert calls["read_body"] == 5
    assert before != warm.files() == site.build(DELETE_OUTPUT_DIRECTORY=True, **own).files()


def test_another_version_reads_every_post(site, cached, calls, monkeypatch):
    write_posts(site)
    site.build(**cached)
    calls.clear()
    monkeypatch.setattr(readings_cache, "code_digest", lambda: "another version")
    site.build(**cached)
    assert calls["read_body"] == 4


def test_a_taxonomy_saved_while_it_is_loaded_is_not_cached(site, cached, calls, monkeypatch):
    write_posts(site)
    site.write("mine.toml", '[[topic]]\nid = "random-forests"\nlabel = "Woods"\n')
    load = build.cached_taxonomy

    def load_late(*asked):
        site.write("mine.toml", "")
        return load(*asked)

    monkeypatch.setattr(build, "cached_taxonomy", load_late)
    site.build(MLNOTES_TOPICS_TAXONOMY="mine.toml", **cached)
    assert not cache_file(site).exists()
    monkeypatch.undo()
    site.build(MLNOTES_TOPICS_TAXONOMY="mine.toml", **cached)
    assert cache_file(site).exists()


def test_a_site_that_does_not_cache_has_nothing_read_written_or_hashed(site, calls, monkeypatch):
    write_posts(site)
    for name in ("ReadingsCache", "fingerprint_of"):
        monkeypatch.setattr(caller_of(name), name, None)
    for name in ("blake2b", "code_digest", "digest_of"):
        monkeypatch.setattr(readings_cache, name, None)
    assert site.build().warnings == []
    assert calls["read_body"] == 4
    assert not (site.folder / "cache").exists()


def test_ignore_cache_reads_every_post_and_writes_for_the_next_build(site, cached, calls):
    write_posts(site)
    site.build(**cached)
    before = cache_file(site).read_bytes()
    cache_file(site).write_bytes(b"damaged")
    calls.clear()
    site.build(**{**cached, "LOAD_CONTENT_CACHE": False})
    assert calls["read_body"] == 4
    assert cache_file(site).read_bytes() == before
    calls.clear()
    site.build(**cached)
    assert calls == {}


def test_a_site_that_only_loads_writes_nothing(site, cached, calls):
    write_posts(site)
    site.build(**cached)
    before = cache_file(site).read_bytes()
    touch(site.post("wood", BREAD), 1)
    for _ in range(2):
        calls.clear()
        site.build(**{**cached, "CACHE_CONTENT": False})
        assert calls["read_body"] == 1
    assert cache_file(site).read_bytes() == before


def test_a_post_that_failed_is_tried_and_warned_of_again(site, cached, calls, monkeypatch):
    write_posts(site)
    clean = site.build().files()
    for name in ("read_body", "make_excerpt", "suggest_topics", "TopicTags"):
        shutil.rmtree(site.folder / "output")
        with monkeypatch.context() as patch:
            patch.setattr(caller_of(name), name, lambda *_, **__: 1 / 0)
            for _ in range(2):
                assert any("ZeroDivisionError" in line for line in site.build(**cached).warnings)
        assert site.build(DELETE_OUTPUT_DIRECTORY=True, **cached).files() == clean
        cache_file(site).unlink()


def test_a_removed_post_leaves_the_file_and_a_renamed_one_takes_its_reading_anew(site, cached, calls):
    write_posts(site)
    site.build(**cached)
    (site.content / "bread.md").unlink()
    (site.content / "wood.md").rename(site.content / "woods.md")
    calls.clear()
    warm = site.build(DELETE_OUTPUT_DIRECTORY=True, **cached)
    assert calls["read_body"] == 1
    kept = cache_file(site).read_text(encoding="ascii")
    assert "bread.md" not in kept
    assert "wood.md" not in kept
    assert warm.files() == site.build(DELETE_OUTPUT_DIRECTORY=True).files()


@LONG_LIST
@pytest.mark.parametrize("damage", [b"", b"{}", b"\x80\x04\x95.", b"0" * 5000, b"[" * 9999])
def test_a_damaged_file_is_passed_over(site, cached, calls, damage):
    write_posts(site)
    clean = site.build(**cached).files()
    for data in (damage, cache_file(site).read_bytes()[:-1], cache_file(site).read_bytes() + damage + b" "):
        cache_file(site).write_bytes(data)
        calls.clear()
        warm = site.build(**cached)
        assert calls["read_body"] == 4
        assert warm.warnings == []
        assert warm.files() == clean


def test_a_folder_that_cannot_be_written_stops_no_build(site, cached):
    write_posts(site)
    clean = site.build().files()
    (site.folder / "cache").write_text("a file")
    built = site.build(**cached)
    assert sum("pelican_mlnotes" in line for line in built.warnings) == 1
    assert built.files() == clean


def test_posts_that_other_plugins_change_are_seen_as_they_are(site):
    # Pelican's cache of whole articles keeps such changes.
    reader = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True, "CONTENT_CACHING_LAYER": "reader"}

    def rewrite(generator):
        for article in generator.articles:
            article._content = article._content.replace("forest", rewrite.word)

    write_posts(site)
    signals.article_generator_pretaxonomy.connect(rewrite)
    try:
        for word in ("grove", "grove", "wood"):
            rewrite.word = word
            warm = site.build(DELETE_OUTPUT_DIRECTORY=True, **reader)
            assert warm.files() == site.build(DELETE_OUTPUT_DIRECTORY=True).files()
            assert word in warm.articles["forest"].excerpt
    finally:
        signals.article_generator_pretaxonomy.disconnect(rewrite)


def test_whether_formulas_are_marked_counts_whatever_made_it_so(site, cached, calls):
    site.write("page.html", HTML.format("A sum $x^2 + 1$ that is short."))
    ways = [{}, {"MARKDOWN": {"extensions": ["pelican_mlnotes.formulas.markdown"]}}]
    for way in [*ways, *ways]:
        calls.clear()
        warm = site.build(DELETE_OUTPUT_DIRECTORY=True, **cached, **way)
        assert calls["read_body"] == 1
        assert warm.files() == site.build(DELETE_OUTPUT_DIRECTORY=True, **way).files()


def test_how_a_summary_is_read_counts_for_posts_that_have_one(site, calls):
    reader = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True}
    write_posts(site)
    for fields, read in ((["summary"], 4), (["summary"], 0), ([], 1), (["summary"], 1)):
        calls.clear()
        site.build(FORMATTED_FIELDS=fields, **reader)
        assert calls["read_body"] == read


def test_front_matter_of_odd_types_loses_no_more_than_without_caches(site):
    reader = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True}

    def spoil(generator):
        for article in generator.articles:
            if article.slug == "wood":
                article.metadata.update(topics=5, excerpt={"a": 1})
            elif article.slug == "bread":
                article.title = article._content = None

    def outcome(built):
        return [
            (
                slug,
                *(getattr(post, name, None) for name in ("excerpt", "badges", "reading_minutes", "topics")),
            )
            for slug, post in built.articles.items()
        ]

    write_posts(site)
    signals.article_generator_pretaxonomy.connect(spoil)
    built = site.build()
    clean = outcome(built), built.warnings
    assert any("wood.md gets no topics" in warning for warning in built.warnings)
    for _ in range(2):
        warm = site.build(**reader)
        assert (outcome(warm), warm.warnings) == clean


def test_formulas_and_posts_without_them_do_not_share_a_file(site, cached, calls):
    site.write("page.html", HTML.format("It is $x^2$."))
    for math in ("mathml", "off", "mathml", "off"):
        warm = site.build(MLNOTES_MATH=math, DELETE_OUTPUT_DIRECTORY=True, **cached)
        assert warm.files() == site.build(MLNOTES_MATH=math, DELETE_OUTPUT_DIRECTORY=True).files()
    assert (site.folder / "cache" / "mathml" / FILE).is_file()


# -- any edits at all ---------------------------------------------------------------------------

BODIES = [
    "",
    "## Bagging of trees\n\n" + FOREST + "[one]({filename}one.md), [two]({filename}/two.html#x), "
    "[a paper](https://arxiv.org/abs/1706.03762v2) and [a page](https://www.far.example/Trees/).\n\n" + BREAD,
    "[three]({filename}three.md) [a paper](http://arxiv.org/pdf/1706.03762) " + BREAD + FOREST * 70,
    BREAD,
    FOREST,
    FOREST + '<img src="plot.png" alt="A plot">',
    '<img src="dot.png" width="20" height="20">\n\n' + BREAD,
    "Let $x^2 + \\alpha$ be. " + FOREST,
    "```python\nimport torch\n```\n\nA transformer with attention. " * 3,
    "Der Zufallswald ist ein Ensemble von Entscheidungsbäumen. " * 4,
]
LINES = [
    {},
    {"Title": "Random forests in *practice*"},
    {"Title": "On $O(n^2)$"},
    {"Lang": "de"},
    {"Excerpt": "Own words with $x$."},
    {"Summary": "A *summary* of $x$."},
    {"Topics": "none"},
    {"Topics": "Woods, deep learning"},
    {"Topics": "+Deep learning, -random forests"},
    {"Topics": "-Deep learning, +random forests"},
    {"Tags": "random forest, RANDOM FORESTS"},
    {"Tags": "baking, random forest"},
    {"Series": "Trees"},
    {"Slug": "one", "Lang": "de"},
    {"Image": "none"},
    {"Status": "draft"},
    {"Related_posts": "one"},
]
SETTINGS = [
    {},
    {"MLNOTES_EXCERPT_LENGTH": 60},
    {"MLNOTES_EXCERPT_LENGTH": 60, "MLNOTES_EXCERPT_CUT": "sentence"},
    {"MLNOTES_TOPICS_MAX": 0},
    {"MLNOTES_TOPICS_MAX": 1},
    {"MLNOTES_TOPICS_TAXONOMY": "mine.toml"},
    {"MLNOTES_PICTURE_RULES": "rules.toml"},
    {"MLNOTES_RELATED_MAX": 0},
    {"MLNOTES_RELATED_APPEND": True},
    {"MLNOTES_MATH": "mathml"},
]
TAXONOMIES = [
    "",
    '[[topic]]\nid = "random-forests"\nlabel = "Woods"\n',
    '[[topic]]\nid = "random-forests"\nremove = true\n',
    '[[topic]]\nid = "baking"\nlabel = "Baking"\naliases = ["dough", "bread"]\n',
]
RULES = ["", "[size]\nicon = 10\n", "[size]\nicon = 99\n"]

names = st.sampled_from(["one", "two", "three", "seven"])
bodies = st.sampled_from(BODIES)
lines = st.sampled_from(LINES)
edits = st.one_of(
    st.tuples(st.just("write"), names, st.sampled_from([".md", ".html"]), bodies, lines),
    st.tuples(st.just("change_body"), names, bodies),
    st.tuples(st.just("change_lines"), names, lines),
    st.tuples(st.just("remove"), names),
    st.tuples(st.just("rename"), names, names),
    st.tuples(st.just("set"), st.sampled_from(SETTINGS)),
    st.tuples(st.just("change_taxonomy"), st.sampled_from(TAXONOMIES)),
    st.tuples(st.just("change_rules"), st.sampled_from(RULES)),
    st.just(("damage",)),
    st.just(("ignore",)),
)


class Editor:
    """Carries out edits on a site."""

    def __init__(self, site, layer):
        self.site = site
        # Articles in Pelican's cache find only files of the build that cached them, with or without us.
        self.anchor = "{filename}" if layer == "reader" else ""
        self.clock = 0
        self.chosen = {}
        self.posts = {}
        self.load = True
        site.write("mine.toml", "")
        site.write("rules.toml", "")

    def write(self, name, suffix, body, lines):
        self.remove(name)
        kept = {"Title": name.title(), "Date": f"2026-01-0{len(name)}", **lines}
        if suffix == ".md":
            text = "".join(f"{key}: {value}\n" for key, value in kept.items()) + f"\n{body}\n"
        else:
            metas = "".join(f'<meta name="{key.lower()}" content="{value}">' for key, value in kept.items())
            text = f"<html><head><title>{kept['Title']}</title>{metas}</head><body>{body}</body></html>"
        self.posts[name] = suffix, body, lines
        text = text.replace("{filename}", self.anchor)
        self.clock += 1
        touch(self.site.write(name + suffix, text), self.clock)

    def change_body(self, name, body):
        if name in self.posts:
            suffix, _, lines = self.posts[name]
            self.write(name, suffix, body, lines)

    def change_lines(self, name, lines):
        if name in self.posts:
            suffix, body, _ = self.posts[name]
            self.write(name, suffix, body, lines)

    def remove(self, name):
        if name in self.posts:
            (self.site.content / (name + self.posts.pop(name)[0])).unlink()

    def rename(self, name, other):
        if name in self.posts and other not in self.posts:
            post = self.posts[name]
            self.remove(name)
            self.write(other, *post)

    def set(self, chosen):
        self.chosen = chosen

    def change_taxonomy(self, text):
        self.site.write("mine.toml", text)
        self.chosen = {**self.chosen, "MLNOTES_TOPICS_TAXONOMY": "mine.toml"}

    def change_rules(self, text):
        self.site.write("rules.toml", text)
        self.chosen = {**self.chosen, "MLNOTES_PICTURE_RULES": "rules.toml"}

    def damage(self):
        for file in (self.site.folder / "cache").rglob(FILE):
            file.write_bytes(file.read_bytes()[:-9])

    def ignore(self):
        self.load = False

    def build(self, theme, layer):
        """Return the files of a build with caches, and those of a clean one."""
        own = {"THEME": THEMES[theme], "SLUGIFY_SOURCE": "basename", **self.chosen}
        cached = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": self.load, "CONTENT_CACHING_LAYER": layer}
        self.load = True
        return [self.site.build(DELETE_OUTPUT_DIRECTORY=True, **own, **more).files() for more in (cached, {})]


@pytest.mark.parametrize(
    ("layer", "theme"),
    [
        ("reader", "simple"),
        ("generator", "ours"),
        pytest.param("reader", "ours", marks=pytest.mark.slow),
        pytest.param("generator", "simple", marks=pytest.mark.slow),
    ],
)
@settings(
    max_examples=settings.default.max_examples // 15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.lists(edits, min_size=1, max_size=2), min_size=1, max_size=6))
def test_whatever_is_edited_the_site_is_that_of_a_clean_build(site, tmp_path, caplog, theme, layer, steps):
    editor = Editor(type(site)(Path(mkdtemp(dir=tmp_path)), caplog), layer)
    editor.write("one", ".md", FOREST, {})
    editor.write("two", ".md", BODIES[-2], {})
    for step in [[], *steps]:
        for name, *values in step:
            getattr(editor, name)(*values)
        warm, clean = editor.build(theme, layer)
        assert warm == clean


def test_two_sites_built_in_turns_over_one_cache_folder_are_those_of_clean_builds(
    site, tmp_path, caplog, cached
):
    (tmp_path / "other").mkdir()
    first, second = site, type(site)(tmp_path / "other", caplog)
    cached |= {"CACHE_PATH": str(tmp_path / "cache")}
    write_posts(first)
    second.post("forest", BREAD)
    clean = first.build().files(), second.build().files()
    for _ in range(2):
        # Pelican's own caches of one folder go by the paths of posts below PATH, and would mix them up.
        for file in (tmp_path / "cache").glob("*Generator*"):
            file.unlink()
        assert (first.build(**cached).files(), second.build(**cached).files()) == clean
