"""Other people's plugins, before and after ours. Those that are not installed are skipped."""

import re
from importlib.util import find_spec

import pytest

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
    alone = site.build(PLUGINS=[other], DELETE_OUTPUT_DIRECTORY=True, **own)
    both = []
    for plugins in ([other, "pelican_mlnotes"], ["pelican_mlnotes", other]):
        result = site.run(PLUGINS=plugins, DELETE_OUTPUT_DIRECTORY=True, **own)
        assert result.returncode == 0, result.stdout[-2000:]
        assert "Traceback" not in result.stdout + result.stderr
        output = site.folder / "output"
        pages = {str(path.relative_to(output)) for path in output.rglob("*") if path.is_file()}
        assert set(alone.files()) - {"robots.txt"} <= pages
        index = (output / "index.html").read_text(encoding="utf-8")
        both.append((pages, re.findall(r"<p>Reinforcement learning trains.*?</p>", index, re.DOTALL)))
    assert both[0] == both[1]
    assert f"tag/{TAG}.html" in both[0][0]
    assert all(len(excerpts) == 2 for _, excerpts in both)


@pytest.mark.skipif(find_spec("typogrify") is None, reason="typogrify is not installed")
def test_typogrify_and_excerpts_live_together(site):
    write_all(site)
    built = site.build(TYPOGRIFY=True)
    assert built.warnings == []
    assert built.articles["one"].excerpt.startswith("Reinforcement learning trains an agent;")
    assert "&nbsp;" not in built.articles["one"].excerpt


@pytest.mark.skipif(plugin_name("i18n_subsites") is None, reason="pelican-i18n-subsites is not installed")
@pytest.mark.parametrize("order", [1, -1])
def test_subsites_give_what_separate_builds_give(site, order):
    bread = "On pétrit la pâte, on laisse lever le pain, puis on enfourne le pain aux olives. " * 4
    write_all(site)
    site.write("one-fr.md", f"Title: Le pain\nDate: 2026-01-01\nSlug: one\nLang: fr\n\n{bread}")
    site.write("pain.md", f"Title: Autre pain\nDate: 2026-01-05\nSlug: pain\nLang: fr\n\n{bread}")
    plugins = ["pelican_mlnotes", "i18n_subsites"][::order]
    own = {"SITEURL": "https://notes.example", "I18N_SUBSITES": {"fr": {"SITENAME": "Notes"}}}
    result = site.run(PLUGINS=plugins, **own)
    assert result.returncode == 0, result.stdout[-2000:]
    assert "pelican_mlnotes:" not in result.stdout + result.stderr
    output = site.folder / "output"
    french = (output / "fr" / "index.html").read_text(encoding="utf-8")
    assert "On pétrit la pâte" in french
    assert "Reinforcement learning trains" not in french
    assert not (output / "fr" / "tag" / f"{TAG}.html").exists()
    english = (output / "tag" / f"{TAG}.html").read_text(encoding="utf-8")
    assert english.count("<article") <= 2
    assert "pain" not in english
