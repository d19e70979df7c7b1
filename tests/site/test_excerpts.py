"""Excerpts and badges, as a built site shows them."""

import pytest

LONG = "Gradient descent takes small steps downhill on the loss surface. " * 40


def test_a_long_post_gets_an_excerpt_of_at_most_the_asked_length(site):
    site.post("long", LONG)
    excerpt = site.build(MLNOTES_EXCERPT_LENGTH=200).articles["long"].excerpt
    assert 150 < len(excerpt) <= 200
    assert excerpt.endswith("...")
    assert LONG.startswith(excerpt[:-3])


def test_a_short_post_is_shown_whole(site):
    site.post("short", "A *short* note with a [link](https://example.org).")
    assert site.build().articles["short"].excerpt == "A short note with a link."


def test_other_themes_lists_show_the_excerpt_where_the_author_wrote_no_summary(site):
    site.post("long", "Use `<b>` & co. " + LONG)
    page = site.build(MLNOTES_EXCERPT_LENGTH=100).read("index.html")
    assert "Use &lt;b&gt; &amp; co. Gradient descent" in page
    assert page.count("Gradient descent takes") == 1


def test_an_authors_summary_stays_and_becomes_the_excerpt(site):
    site.post("note", LONG, Summary="In *one* line.")
    built = site.build()
    assert built.articles["note"].excerpt == "In one line."
    assert "<em>one</em>" in built.articles["note"].summary


def test_an_authors_excerpt_wins_over_the_summary(site):
    site.post("note", LONG, Summary="The summary.", Excerpt="The excerpt.")
    assert site.build().articles["note"].excerpt == "The excerpt."


def test_summaries_are_left_alone_when_asked(site):
    site.post("note", LONG)
    built = site.build(MLNOTES_EXCERPT_AS_SUMMARY=False, MLNOTES_EXCERPT_LENGTH=80)
    assert len(built.articles["note"].summary) > 250


def test_length_0_turns_excerpts_off(site):
    site.post("note", LONG)
    article = site.build(MLNOTES_EXCERPT_LENGTH=0).articles["note"]
    assert not hasattr(article, "excerpt")
    assert len(article.summary) > 250


def test_an_unlisted_formatted_field_does_not_keep_the_excerpt_from_the_list(site):
    site.post("note", LONG)
    assert (
        site.build(FORMATTED_FIELDS=[], MLNOTES_EXCERPT_LENGTH=50).articles["note"].summary.startswith("<p>")
    )


def test_links_in_posts_still_work_after_the_excerpt_was_made(site):
    site.post("a", "See [b]({filename}b.md) and ![c]({static}c.png).")
    site.post("b", "Back to [a]({filename}a.md).")
    site.write("c.png", b"")
    built = site.build(STATIC_PATHS=["c.png"])
    assert 'href="/b.html"' in built.articles["a"].content
    assert 'src="/c.png"' in built.articles["a"].content


def test_a_picture_gives_the_image_badge_and_none_gives_no_badge(site):
    site.post("with", "Text.\n\n![A plot](https://far.example/plot.png)")
    site.post("without", "Text only.")
    built = site.build()
    assert built.articles["with"].badges == ["Image"]
    assert built.articles["without"].badges == []


def test_badge_labels_are_the_sites_words(site):
    site.post("with", "![A plot](https://far.example/plot.png)\n\n    code()")
    assert site.build(MLNOTES_BADGES={"code": "Code", "image": "Bild"}).articles["with"].badges == [
        "Code",
        "Bild",
    ]


def test_posts_of_only_code_or_only_a_picture_or_nothing_are_built(site):
    site.post("code", "    import numpy")
    site.post("picture", "![A plot](plot.png)")
    site.post("empty", "")
    built = site.build()
    assert built.warnings == []
    assert {"code.html", "picture.html", "empty.html"} <= set(built.files())
    assert built.articles["empty"].excerpt == ""


def test_the_image_of_a_post_is_resolved_and_measured(site):
    site.write("images/plot.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="400"></svg>')
    site.post("placed", "![A plot & more]({static}/images/plot.svg)")
    site.post("remote", "![Far](https://example.org/far.png)")
    site.post("beside", "![Near](near.png)", Slug="2026/beside")
    site.write("2026/near.png", "")
    site.post("chosen", "![Far](https://example.org/far.png)", Image="/images/plot.svg")
    site.post("refused", "![Far](https://example.org/far.png)", Image="none")
    articles = site.build(SITEURL="https://notes.example", STATIC_PATHS=["images", "2026"]).articles
    placed = articles["placed"].image
    assert (placed.url, placed.alt) == ("https://notes.example/images/plot.svg", "A plot & more")
    assert (placed.width, placed.height) == (640, 400)
    assert articles["remote"].image.url == "https://example.org/far.png"
    assert articles["2026/beside"].image.url == "https://notes.example/2026/near.png"
    assert articles["chosen"].image.url == "https://notes.example/images/plot.svg"
    assert articles["refused"].image is None


def test_a_site_can_say_which_images_are_no_pictures(site):
    site.write("rules.toml", '[[rule]]\nid = "mine"\nreason = "our logo"\naddress = ["/logo-"]\n')
    site.post("logo", "![Us](/images/logo-large.png)")
    assert site.build().articles["logo"].badges == ["Image"]
    assert site.build(MLNOTES_PICTURE_RULES="rules.toml").articles["logo"].badges == []


def test_a_wrapped_line_of_front_matter_is_read_whole(site):
    site.post("note", "Text.", Excerpt="One\n    two")
    assert site.build().articles["note"].excerpt == "One two"


def test_the_description_of_a_page_says_what_the_excerpt_says(site):
    site.post("note", "If p < 0.05 and n > 30, use the `<video>` tag.")
    page = site.build(THEME="theme").read("note.html")
    assert 'name="description" content="If p &lt; 0.05 and n &gt; 30, use the &lt;video&gt; tag."' in page


# What the plugin "summary" does, in its order: it knows its markers only once other plugins are through.
MARKING_PLUGIN = """
from pelican import signals

MARKERS = {
    "SUMMARY_BEGIN_MARKER": "<!-- PELICAN_BEGIN_SUMMARY -->",
    "SUMMARY_END_MARKER": "<!-- PELICAN_END_SUMMARY -->",
}

def prepare(pelican):
    for name, marker in MARKERS.items():
        pelican.settings.setdefault(name, marker)

def mark(generators):
    for article in generators[0].articles:
        begin, end = (article._content.find(marker) for marker in MARKERS.values())
        if "summary" not in article.metadata and not hasattr(article, "_summary") and end >= 0:
            article.metadata["summary"] = article._content[max(begin, 0):end]

def register():
    signals.initialized.connect(prepare)
    signals.all_generators_finalized.connect(mark)
"""


@pytest.mark.parametrize("order", [1, -1])
def test_a_summary_between_the_markers_of_another_plugin_is_the_authors(site, order):
    site.write("plugins/marking.py", MARKING_PLUGIN)
    site.post("marked", "First, a *word*.\n\n<!-- PELICAN_END_SUMMARY -->\n\nThe rest.")
    site.post("plain", "First, a *word*.\n\nThe rest.")
    paths = [*site.settings()["PLUGIN_PATHS"], str(site.content / "plugins")]
    plugins = ["pelican_mlnotes", "marking"][::order]
    result = site.run(PLUGINS=plugins, PLUGIN_PATHS=paths, STATIC_PATHS=[])
    assert result.returncode == 0
    index = (site.folder / "output" / "index.html").read_text(encoding="utf-8")
    assert "<p>First, a <em>word</em>.</p>" in index
    assert "<p>First, a word. The rest.</p>" in index
