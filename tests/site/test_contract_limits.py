"""What stops Pelican by itself stops it with us in the same way, and costs us no more."""

import pytest

import pelican_mlnotes

# What a post says -> settings with which Pelican cannot build it.
LIMITS = {
    "control character": ("Title: One\nDate: 2026-01-01\n\nA\x08b.\n", {"FEED_ALL_ATOM": "all.xml"}),
    "duplicate slug": ("Title: One\nDate: 2026-01-01\nSlug: two\n\nText.\n", {}),
    "unknown template": ("Title: One\nDate: 2026-01-01\nTemplate: nowhere\n\nText.\n", {}),
    "broken address": ("Title: One\nDate: 2026-01-01\n\n[x]({static}http://[::1)\n", {}),
    "long tag": (f"Title: One\nDate: 2026-01-01\nTags: {'t' * 500}\n\nText.\n", {}),
    "long title": (f"Title: {'t' * 5000}\nDate: 2026-01-01\n\nText.\n", {}),
    "reserved name": ("Title: One\nDate: 2026-01-01\n_context: x\n\nText.\n", {"FEED_ALL_ATOM": "all.xml"}),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_of_pelicans_stays_what_it_is(site, name):
    text, settings = LIMITS[name]
    site.write("one.md", text)
    site.post("two", "Reinforcement learning trains an agent. " * 9)
    settings = {"SITEURL": "https://notes.example", **settings}
    with pytest.raises(Exception, match=r"\w") as alone:
        site.build(PLUGINS=[], **settings)
    with pytest.raises(alone.type) as both:
        site.build(DELETE_OUTPUT_DIRECTORY=True, **settings)
    assert both.type is alone.type


RESERVED = (
    *(
        "_context",
        "_content",
        "_summary",
        "badges",
        "category",
        "date_format",
        "excerpt",
        "image",
        "lang",
        "locale_date",
    ),
    *(
        "next_article",
        "prev_article",
        "reading_minutes",
        "related_posts",
        "related_reasons",
        "series",
        "status",
    ),
    *(
        "tags",
        "template",
        "title_html",
        "title_text",
        "toc_entries",
        "topics",
        "translations",
        "in_default_lang",
    ),
)


@pytest.mark.parametrize("value", ["x", ""])
def test_no_line_of_front_matter_stops_a_build_that_goes_on_without_us(site, value):
    """Pelican makes an attribute of every line, whatever stands there already."""
    stopped = []
    for name in RESERVED:
        post = site.post(name.replace("_", "-"), "Reinforcement learning agents.", **{name: value})
        try:
            site.build(PLUGINS=[])
        except Exception:
            stopped.append(post)
        post.rename(post.with_suffix(".kept"))
    for post in set(site.content.glob("*.kept")) - {post.with_suffix(".kept") for post in stopped}:
        post.rename(post.with_suffix(".md"))
    assert len(site.build().articles) >= len(RESERVED) / 2
    site.build(THEME=pelican_mlnotes.theme_path(), MLNOTES_RELATED_APPEND=True)


def test_a_feed_without_entries_is_pelicans_own(site):
    site.post("one", Status="draft")
    built = site.build(SITEURL="https://notes.example", FEED_ALL_ATOM="all.xml")
    assert "<entry>" not in built.read("all.xml")


def test_twenty_thousand_brackets_cost_us_little_beside_what_they_cost_pelican(site, monkeypatch):
    """Counted in characters looked at by our parser, not in seconds."""
    from pelican_mlnotes.plugin import handlers as plugin

    lengths = []
    read = plugin.read_body
    monkeypatch.setattr(
        plugin,
        "read_body",
        lambda one, html, *args, **how: lengths.append(len(html)) or read(one, html, *args, **how),
    )
    site.write("one.html", f"<html><head><title>One</title><meta name='date' content='2026-01-01'></head>"
               f"<body><p>Text {'&lt;' * 20000}</p></body></html>")  # fmt: skip
    built = site.build(SUMMARY_MAX_LENGTH=None)
    assert len(lengths) == 1
    assert len(built.articles["one"].excerpt) <= 1000
