"""What is not published appears in no public file: no title, slug, text, topic, label or address of it."""

import json

import pytest
from pelican import signals

import pelican_mlnotes

THEME = pelican_mlnotes.theme_path()
RL = "Reinforcement learning trains an agent; deep reinforcement learning uses a network. " * 4
KINDS = {
    "draft": {"Status": "draft"},
    "hidden": {"Status": "hidden"},
    "skipped": {"Status": "skip"},
    "future": {"date": "2999-01-01"},
}
# What nobody may see, one word of each kind.
SECRETS = ("zzslug", "zztitle", "zzbody", "zztag", "zztopic", "zzexcerpt", "zzauthor", "zzalt", "zzpicture")


def write_all(site, kind):
    site.post("one", RL, Title="Deep reinforcement learning")
    site.post("two", RL, Title="Deep reinforcement learning, again", date="2025-01-01")
    site.write("one-fr.md", f"Title: Un\nDate: 2026-01-01\nSlug: one\nLang: fr\n\n{RL}")
    site.post(
        "zzslug",
        f"{RL} zzbody ![zzalt](zzpicture.png)",
        Title="Deep reinforcement learning zztitle",
        Tags="zztag, reinforcement LEARNING",
        Topics="zztopic, Reinforcement Learning, Cats",
        Excerpt="zzexcerpt",
        Author="zzauthor",
        Related_posts="one",
        **KINDS[kind],
    )
    site.write(
        "zz-fr.md",
        "".join(
            f"{key}: {value}\n"
            for key, value in {
                "Title": "zztitle",
                "Slug": "zzslug",
                "Lang": "fr",
                "Topics": "zztopic",
                "Date": "2026-01-01",
                **{("Date" if key == "date" else key): value for key, value in KINDS[kind].items()},
            }.items()
        )
        + f"\n{RL} zzbody",
    )


@pytest.mark.parametrize("theme", [THEME, "simple"], ids=["ours", "simple"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_an_unpublished_post_is_in_a_public_file(site, kind, theme):
    write_all(site, kind)
    context = {}

    def keep(generators):
        context.update(generators[0].context)

    signals.all_generators_finalized.connect(keep)
    built = site.build(
        THEME=theme,
        WITH_FUTURE_DATES=False,
        SITEURL="https://notes.example",
        FEED_ALL_ATOM="all.xml",
        FEED_ALL_RSS="all.rss",
        TAG_FEED_ATOM="feeds/{slug}.xml",
        CATEGORY_FEED_ATOM="feeds/c-{slug}.xml",
        AUTHOR_FEED_ATOM="feeds/a-{slug}.xml",
        TRANSLATION_FEED_ATOM="feeds/all-{lang}.xml",
        MLNOTES_RELATED_APPEND=True,
        YEAR_ARCHIVE_SAVE_AS="{date:%Y}.html",
    )
    own = {name for name in built.files() if name.startswith(("drafts/", "zzslug"))}
    assert (kind == "skipped") == (not own)
    public = {
        name: data.decode("utf-8", "replace") for name, data in built.files().items() if name not in own
    }
    assert len(public) > 10
    for name, text in public.items():
        for secret in SECRETS:
            assert secret not in text, (name, secret)
            assert secret not in name
        assert "reinforcement LEARNING" not in text, name
    for name in ("cats.html", "tag/cats.html", "2999.html"):
        assert name not in public
    shown = json.dumps([context.get("mlnotes_topic_map"), context.get("mlnotes_topics")], default=str)
    assert not [secret for secret in SECRETS if secret in shown]
    assert "Cats" not in shown


@pytest.mark.parametrize("kind", KINDS)
def test_an_unpublished_post_changes_no_public_page(site, kind):
    write_all(site, kind)
    built = site.build(THEME=THEME, WITH_FUTURE_DATES=False).files()
    for name in ("zzslug.md", "zz-fr.md"):
        (site.content / name).unlink()
    without = site.build(THEME=THEME, DELETE_OUTPUT_DIRECTORY=True).files()
    assert {
        name: data for name, data in built.items() if not name.startswith(("drafts/", "zzslug"))
    } == without


@pytest.mark.parametrize("kind", ["draft", "hidden", "future"])
def test_its_own_page_links_to_public_pages_only(site, kind):
    write_all(site, kind)
    built = site.build(THEME=THEME, WITH_FUTURE_DATES=False)
    (name,) = [name for name in built.files() if name.endswith("zzslug.html")]
    page = built.read(name)
    assert "zzbody" in page
    for address in ("/tag/zztopic.html", "/tag/cats.html"):
        assert f'href="{address}"' not in page or address.lstrip("/") in built.files()
