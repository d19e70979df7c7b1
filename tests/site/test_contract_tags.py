"""Tags: whose spelling, whose list, and whose path. Every way a tag of ours could stop a healthy build."""

import pickle

import pytest
from pelican import signals
from pelican.urlwrappers import Tag

from pelican_mlnotes.plugin.tags import TagList

TAG = "reinforcement-learning"
TITLE = "Deep reinforcement learning"
RL = "Reinforcement learning trains an agent; deep reinforcement learning uses a network. " * 4


def names(tags):
    return [tag.name for tag in tags]


def write_rl(site, slug="rl-notes", body=RL, **metadata):
    site.post(slug, body, Title=TITLE, **metadata)


def test_two_spellings_of_one_tag_on_a_post_are_listed_once(site):
    write_rl(site, Tags="my zoo, My Zoo, My-zoo")
    built = site.build(TAG_FEED_ATOM="feeds/{slug}.xml")
    assert names(built.articles["rl-notes"].tags)[0] == "my zoo"
    assert sum(tag.slug == "my-zoo" for tag in built.articles["rl-notes"].tags) == 1
    assert built.read("feeds/my-zoo.xml").count("<entry>") == 1


def test_the_authors_spelling_names_the_page_for_every_post(site):
    write_rl(site)
    write_rl(site, "rl-more")
    site.post("diary", "A walk in the old town.", date="2025-01-01", Tags="Reinforcement LEARNING")
    built = site.build()
    for slug in ("rl-notes", "rl-more"):
        assert "Reinforcement LEARNING" in names(built.articles[slug].tags)
    assert "Reinforcement LEARNING" in built.read(f"tag/{TAG}.html")
    assert "Reinforcement Learning" not in built.read(f"tag/{TAG}.html").replace(TITLE, "")


def test_a_topic_whose_slug_is_empty_becomes_no_tag(site):
    write_rl(site, Topics="???, !!!, Cats")
    assert names(site.build().articles["rl-notes"].topics) == ["Cats"]


def test_a_topic_whose_slug_the_post_has_is_not_added_again(site):
    write_rl(site, Tags="Reinforcement-learning!")
    tags = site.build().articles["rl-notes"].tags
    assert [tag.slug for tag in tags].count(TAG) == 1


def test_the_list_in_the_metadata_is_never_changed(site):
    write_rl(site, Tags="zoo")
    article = site.build().articles["rl-notes"]
    assert names(article.metadata["tags"]) == ["zoo"]
    assert article.tags is not article.metadata["tags"]
    assert TAG in [tag.slug for tag in article.tags]


def test_the_tags_of_a_post_pickle_as_the_author_wrote_them(site):
    write_rl(site, Tags="zoo, Zoo")
    article = site.build().articles["rl-notes"]
    assert isinstance(article.tags, TagList)
    back = pickle.loads(pickle.dumps(article.tags))
    assert type(back) is list
    assert names(back) == ["zoo", "Zoo"]


@pytest.mark.parametrize("layer", ["reader", "generator"])
def test_tags_of_an_earlier_build_do_not_come_back_with_tagging_switched_off(site, layer):
    write_rl(site, Tags="zoo")
    cached = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True, "CONTENT_CACHING_LAYER": layer}
    assert TAG in [tag.slug for tag in site.build(**cached).articles["rl-notes"].tags]
    again = site.build(**cached, MLNOTES_TOPICS_MAX=0, DELETE_OUTPUT_DIRECTORY=True)
    assert names(again.articles["rl-notes"].tags) == ["zoo"]
    assert f"tag/{TAG}.html" not in again.files()


COLLISIONS = {
    "tag feed and category feed": {
        "TAG_FEED_ATOM": "feeds/{slug}.xml",
        "CATEGORY_FEED_ATOM": "feeds/{slug}.xml",
    },
    "tag page and category page": {"TAG_SAVE_AS": "x/{slug}.html", "CATEGORY_SAVE_AS": "x/{slug}.html"},
    "the same paths written differently": {
        "TAG_SAVE_AS": "x//{slug}.html",
        "CATEGORY_SAVE_AS": "./x/{slug}.html",
    },
    "tag page and author page": {"TAG_SAVE_AS": "x/{slug}.html", "AUTHOR_SAVE_AS": "x/{slug}.html"},
    "tag page and article": {"TAG_SAVE_AS": "{slug}.html"},
    "tag page and page": {"TAG_SAVE_AS": "pages/{slug}.html"},
    "tag page and draft": {"TAG_SAVE_AS": "drafts/{slug}.html"},
    "tag page and hidden page": {"TAG_SAVE_AS": "hidden/{slug}.html"},
    "tag page and a template page": {
        "TAG_SAVE_AS": "t/{slug}.html",
        "TEMPLATE_PAGES": {"own.html": f"t/{TAG}.html"},
    },
    "tag page and a direct template": {
        "TAG_SAVE_AS": "{slug}/index.html",
        "ARCHIVES_SAVE_AS": f"{TAG}/index.html",
    },
    "tag page and a year": {
        "TAG_SAVE_AS": "{slug}/index.html",
        "YEAR_ARCHIVE_SAVE_AS": f"{TAG}/index.html",
    },
    "tag feed and the feed of all posts": {
        "TAG_FEED_RSS": "{slug}.xml",
        "FEED_ALL_RSS": f"{TAG}.xml",
    },
    "tag feed without a slug": {"TAG_FEED_ATOM": "feeds/tags.xml"},
    "tag page without a slug": {"TAG_SAVE_AS": "tag.html"},
}


@pytest.mark.parametrize("kind", COLLISIONS)
def test_a_topic_never_stops_a_build_that_was_healthy(site, kind):
    write_rl(
        site,
        body=RL + "Deep learning with convolutional neural networks. " * 5,
        Category="Reinforcement Learning",
        Author="Reinforcement Learning",
    )
    site.post(TAG, "A walk.", date="2026-01-02", Category="Reinforcement Learning")
    site.post("draft", "A walk.", Status="draft", Slug=TAG)
    site.write(f"pages/{TAG}.md", f"Title: Page\nSlug: {TAG}\n\nText.")
    site.write("pages/quiet.md", f"Title: Page\nSlug: {TAG}\nStatus: hidden\nSave_as: hidden/{TAG}.html\n\n")
    site.write("own.html", "Own.")
    settings = {**COLLISIONS[kind], "READERS": {"html": None}}
    bare = site.build(PLUGINS=[], **settings).files()
    built = site.build(**settings, DELETE_OUTPUT_DIRECTORY=True)
    assert set(bare) <= set(built.files())
    refused = [message for message in built.warnings if "'Reinforcement Learning' got no tag" in message]
    if "without a slug" not in kind:
        assert len(refused) == 1
        assert TAG not in [tag.slug for tag in built.articles["rl-notes"].tags]
        assert TAG not in [tag.slug for tag in built.articles["rl-notes"].topics]


def test_a_topic_page_never_meets_another_topic_page(site):
    write_rl(site, body=RL + "Deep learning with convolutional neural networks. " * 5)
    built = site.build(TAG_SAVE_AS="tag.html")
    assert len(built.articles["rl-notes"].tags) <= 1


def test_page_2_of_a_topic_never_meets_the_page_of_another_tag(site):
    for number in range(4):
        write_rl(site, f"post-{number}", date=f"2026-01-0{number + 1}")
    site.post("diary", "A walk.", Tags="Reinforcement Learning2")
    built = site.build(DEFAULT_PAGINATION=2)
    assert f"tag/{TAG}2.html" in built.files()
    assert "Diary" in built.read(f"tag/{TAG}2.html")
    assert sum("got no tag" in message for message in built.warnings) == 1


def test_a_page_that_only_our_posts_add_to_an_authors_tag_does_not_meet_another(site):
    for number in range(4):
        write_rl(site, f"post-{number}", date=f"2026-01-0{number + 1}")
    write_rl(site, "tagged", Tags="Reinforcement Learning")
    site.post("diary", "A walk.", Tags="Reinforcement Learning2")
    built = site.build(DEFAULT_PAGINATION=2)
    assert "Diary" in built.read(f"tag/{TAG}2.html")
    assert "Reinforcement Learning" in names(built.articles["tagged"].tags)


def test_a_new_tag_feed_pulls_no_post_that_cannot_be_written_to_a_feed(site):
    for number in range(3):
        site.post(f"new-{number}", "A walk.", date=f"2026-02-0{number + 1}")
    write_rl(site, "old", body=RL + "A bell\x07 rings.", date="2020-01-01")
    settings = {"FEED_ALL_ATOM": "all.xml", "FEED_MAX_ITEMS": 3, "TAG_FEED_RSS": "feeds/{slug}.rss"}
    settings |= {"TAG_FEED_ATOM": "feeds/{slug}.xml", "SITEURL": "https://notes.example"}
    assert site.build(PLUGINS=[], **settings).warnings == []
    built = site.build(**settings)
    assert built.articles["old"].topics == []
    (warning,) = built.warnings
    assert "old.md" in warning
    assert "control character" in warning


def test_without_tag_feeds_such_a_post_has_its_topics(site):
    write_rl(site, "old", body=RL + "A bell\x07 rings.")
    built = site.build()
    assert built.warnings == []
    assert TAG in [tag.slug for tag in built.articles["old"].topics]


@pytest.mark.parametrize("theme", ["simple", "ours"])
def test_without_tag_pages_nothing_links_to_one(site, theme):
    import pelican_mlnotes

    write_rl(site)
    chosen = {} if theme == "simple" else {"THEME": pelican_mlnotes.theme_path()}
    built = site.build(TAG_SAVE_AS="", TAGS_SAVE_AS="", **chosen)
    assert TAG in [tag.slug for tag in built.articles["rl-notes"].topics]
    for name in built.files():
        assert not name.startswith("tag/")
        if name.endswith(".html"):
            assert "tag/" not in built.read(name)


SLUG_SETTINGS = [
    {"TAG_REGEX_SUBSTITUTIONS": [("learning", "lernen"), (r"[^\w\s-]", ""), (r"\s+", "-")]},
    {"SLUGIFY_PRESERVE_CASE": True},
    {"SLUGIFY_USE_UNICODE": True},
    {"SLUGIFY_SOURCE": "basename"},
]


@pytest.mark.parametrize("settings", SLUG_SETTINGS, ids=lambda one: next(iter(one)))
def test_slugs_are_made_by_the_sites_own_settings(site, settings):
    write_rl(site)
    built = site.build(**settings)
    tags = built.articles["rl-notes"].tags
    wanted = Tag("Reinforcement Learning", built.generators[0].settings).slug
    assert wanted in [tag.slug for tag in tags]
    assert f"tag/{wanted}.html" in built.files()


def test_a_list_of_tags_that_path_metadata_shares_between_posts_stays_as_it_is(site):
    shared = ["zoo", "ark"]
    write_rl(site)
    write_rl(site, "rl-more")
    paths = {name: {"tags": shared} for name in ("rl-notes.md", "rl-more.md")}

    def make_tags(generator, metadata):
        metadata["tags"] = [
            tag if isinstance(tag, Tag) else Tag(tag, generator.settings) for tag in metadata["tags"]
        ]

    signals.article_generator_context.connect(make_tags)
    built = site.build(EXTRA_PATH_METADATA=paths)
    assert shared == ["zoo", "ark"]
    assert names(built.articles["rl-notes"].tags)[:2] == ["zoo", "ark"]


def test_a_raw_string_of_tags_is_read_as_the_author_meant_it(site):
    write_rl(site)

    def spoil(generator, metadata):
        metadata["tags"] = "zoo, ark"

    def mend(generator):
        for article in generator.articles:
            article.tags = [tag for tag in article.tags if isinstance(tag, Tag)]

    signals.article_generator_context.connect(spoil)
    signals.article_generator_pretaxonomy.connect(mend)
    assert names(site.build().articles["rl-notes"].tags)[:2] == ["zoo", "ark"]


def test_a_topic_page_meets_no_file_that_differs_in_case_or_slashes_alone(site):
    """Such a file would be overwritten on Windows and macOS."""
    write_rl(site, "one")
    site.write("pages/rl.md", f"Title: Mine\nSave_as: Tag\\{TAG.title()}.html\nURL: x\n\nText.\n")
    built = site.build()
    assert f"tag/{TAG}.html" not in built.files()
    assert len(built.warnings) == 1
    assert "would overwrite another file" in built.warnings[0]
