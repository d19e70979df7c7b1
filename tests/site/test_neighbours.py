"""Other people's plugins, before and after ours. Those that are not installed are skipped."""

import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.util import find_spec

import pytest
from pelican import signals

import pelican_mlnotes

TAG = "reinforcement-learning"
RL = "Reinforcement learning trains an agent; deep reinforcement learning uses a network. " * 4

# Short name -> settings that make it do something.
NEIGHBOURS = {
    "jinja2content": {},
    "render_math": {},
    "katex": {},
    "neighbors": {},
    "series": {},
    "sitemap": {"SITEMAP": {"format": "xml"}},
    "seo": {"SEO_REPORT": False},
    "search": {},
    "image_process": {"IMAGE_PROCESS": {"thumb": ["scale_in 100 100 True"]}},
    "featured_image": {},
    "readtime": {},
    "tag_cloud": {},
    "more_categories": {},
    "liquid_tags": {"LIQUID_TAGS": ["img"]},
    "related_posts": {},
    "similar_posts": {},
    "statistics": {},
    "linkclass": {},
    "add_css_classes": {"ADD_CSS_CLASSES": {"p": ["x"]}},
    "read_more": {},
    "share_post": {},
    "simple_footnotes": {},
    "table_wrapper": {},
}
# What these need beside themselves, and what they change in the texts by design.

NEEDS = {"similar_posts": "gensim", "search": None}


def plugin_name(name):
    spec = find_spec(f"pelican.plugins.{name}")
    return spec.name if spec else None


def write_all(site):
    site.post("one", RL + "See $a < b$ and {{ 1 }}.\n\n![plot](plot.png)", Title="Deep learning agents",
              Tags="zoo", Series="walks")  # fmt: skip
    site.post(
        "two", RL, Title="Deep reinforcement learning, again", date="2026-01-02", Tags="zoo", Series="walks"
    )
    site.post("three", "A walk in the old town.", date="2026-01-03", Summary="A *walk*.", Tags="ark")
    site.post("draft", RL, Status="draft")


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", NEIGHBOURS)
def test_the_order_of_the_plugins_changes_nothing_that_we_set(site, monkeypatch, name):
    other = plugin_name(name)
    if other is None:
        pytest.skip(f"pelican-{name.replace('_', '-')} is not installed")
    if NEEDS.get(name, name) is None or (name in NEEDS and find_spec(NEEDS[name]) is None):
        pytest.skip(f"pelican-{name.replace('_', '-')} needs a program or package that is not installed")
    monkeypatch.chdir(site.folder)  # where some leave their reports
    write_all(site)
    own = {"SITEURL": "https://notes.example", **NEIGHBOURS[name]}
    built = []
    # Each in a process of its own: plugins that are not ours stay connected.
    for plugins in ([other], [other, "pelican_mlnotes"], ["pelican_mlnotes", other], ["pelican_mlnotes"]):
        result = site.run(PLUGINS=plugins, DELETE_OUTPUT_DIRECTORY=True, **own)
        assert result.returncode == 0, result.stdout[-2000:]
        assert "Traceback" not in result.stdout + result.stderr
        output = site.folder / "output"
        pages = {str(path.relative_to(output)) for path in output.rglob("*") if path.is_file()}
        index = (output / "index.html").read_text(encoding="utf-8")
        built.append((pages, re.findall(r"<p>Reinforcement learning trains.*?</p>", index, re.DOTALL)))
    (alone, _), first, last, (_, excerpts) = built
    assert first == last
    assert alone - {"robots.txt"} <= first[0]
    assert f"tag/{TAG}.html" in first[0]
    assert len(excerpts) == 2
    if name != "jinja2content":  # which is there to change texts
        assert first[1] == excerpts


@pytest.mark.skipif(find_spec("typogrify") is None, reason="typogrify is not installed")
def test_typogrify_and_excerpts_live_together(site):
    write_all(site)
    built = site.build(TYPOGRIFY=True)
    assert built.warnings == []
    assert built.articles["one"].excerpt.startswith("Reinforcement learning trains an agent;")
    assert "&nbsp;" not in built.articles["one"].excerpt


WORDS = {
    "en": "The boat left the harbour before dawn, and nobody on the quay waved. " * 3,
    "de": "Der Teig ruht über Nacht und wird am Morgen mit Oliven gebacken. " * 3,
    "zh": "清晨的市场里人很多，卖花的老人在门口等着第一位客人。" * 3,
}
OUTPUTS = {"en": "out", "de": "out/de", "zh": "out/zh"}
ADDRESSES = {
    "en": "https://notes.example",
    "de": "https://notes.example/de",
    "zh": "https://notes.example/zh",
}


@dataclass(frozen=True)
class Listed:
    """A post from elsewhere, as another plugin may make it: its ``tags`` let it be no key."""

    title: str
    slug: str
    url: str
    date: datetime
    tags: list[str] = field(default_factory=list)
    status: str = "published"
    locale_date: str = "1 May"


class Alike(Listed):
    """One that equals every other of its slug."""

    def __eq__(self, other):
        return isinstance(other, Alike) and other.slug == self.slug

    def __hash__(self):
        return hash(self.slug)


def list_what_others_make(generator):
    for article in generator.articles:
        known = "Elsewhere", "elsewhere"
        one = asdict(Listed(*known, "a&b.html", article.date))
        listed = [one, *(kind(*known, url, article.date) for kind, url in KINDS)]
        article.related_posts, article.prev_article = [*listed, *generator.articles[:1]], one


KINDS = (Listed, "frozen.html"), (Alike, "first.html"), (Alike, "second.html")


def test_lists_may_hold_what_can_be_no_key_or_equals_another(site):
    write_all(site)
    signals.article_generator_finalized.connect(list_what_others_make)
    try:
        page = site.build(THEME=pelican_mlnotes.theme_path()).read("one.html")
    finally:
        signals.article_generator_finalized.disconnect(list_what_others_make)
    assert page.count('href="/a&amp;b.html"') == 2
    assert [page.count(f'href="/{url}"') for _, url in KINDS] == [1, 1, 1]


def write_in_three_languages(site):
    for number in range(9):
        for lang, words in WORDS.items():
            if (lang == "zh" and number % 3) or (lang == "en" and number == 8):
                continue  # not everything is translated
            text = RL if number % 2 else words
            site.write(
                f"{number}-{lang}.md",
                f"Title: {lang} {number}\nDate: 2026-01-0{number + 1}\nSlug: post-{number}\nLang: {lang}\n"
                f"Tags: zoo, {lang}\n\n{lang} {number}. {text}\n\n![p](https://far.example/{lang}.png)\n",
            )


def language_of(name):
    return name[:2] if name.startswith(("de/", "zh/")) else "en"


def subsites(site, main, **more):
    """Return the settings of a site whose main language is ``main``; each language keeps its place."""

    def place(lang):
        static = {} if lang == "en" else {"THEME_STATIC_DIR": "../theme", "THEME_STATIC_PATHS": []}
        return {
            "DEFAULT_LANG": lang,
            "SITEURL": ADDRESSES[lang],
            "OUTPUT_PATH": str(site.folder / main / OUTPUTS[lang]),
            "CACHE_PATH": str(site.folder / main / f"cache-{lang}"),
            "FEED_DOMAIN": ADDRESSES[lang],
            **{"THEME_STATIC_DIR": "theme", "THEME_STATIC_PATHS": ["static"], **static},
        }

    others = {lang: place(lang) for lang in sorted(WORDS) if lang != main}
    return {
        **place(main),
        "FEED_ALL_ATOM": "all.xml",
        "TAG_FEED_ATOM": "tag/{slug}.xml",
        "STATIC_PATHS": [],
        "I18N_SUBSITES": others,
        "I18N_TEMPLATES_LANG": "en",
        **more,
    }


@pytest.mark.skipif(plugin_name("i18n_subsites") is None, reason="pelican-i18n-subsites is not installed")
# With "keep", Pelican picks the version that it lists by the hash seed.
@pytest.mark.parametrize(
    ("theme", "policy"),
    [
        ("ours", "hide"),
        pytest.param("simple", "hide", marks=pytest.mark.slow),
        pytest.param("simple", "remove", marks=pytest.mark.slow),
    ],
)
def test_a_language_looks_the_same_whether_its_site_is_the_main_one_or_nested(site, theme, policy):
    write_in_three_languages(site)
    built = {}
    order = ["pelican_mlnotes", "i18n_subsites"]
    for main, plugins in (("en", order), ("en", order[::-1]), ("de", order), ("zh", order)):
        path = "simple" if theme == "simple" else pelican_mlnotes.theme_path()
        own = {"THEME": path, "PLUGINS": plugins, "I18N_UNTRANSLATED_ARTICLES": policy}
        result = site.run(**subsites(site, main, **own))
        said = result.stdout + result.stderr
        assert result.returncode == 0, said[-3000:]
        assert "pelican_mlnotes:" not in said
        root = site.folder / main / "out"
        files = {
            str(path.relative_to(root)): path.read_bytes()
            for path in root.rglob("*")
            if path.suffix in {".html", ".xml"}
        }
        for lang in WORDS:
            of_lang = {name: text for name, text in files.items() if language_of(name) == lang}
            assert len(of_lang) > 8
            assert built.setdefault(lang, of_lang) == of_lang, (main, plugins, lang)
    for lang, files in built.items():
        folder = "" if lang == "en" else f"{lang}/"
        index = files[f"{folder}index.html"].decode()
        assert all(f"{other} 0. " not in index for other in WORDS if other != lang)
        page = files[f"{folder}tag/{lang}.html"].decode()
        titles = re.findall(r">\s*(\w\w \d)\s*<", page)
        assert len(titles) == len(set(titles)) > 2
        if lang == "zh":
            assert f"{folder}tag/{TAG}.html" in files
