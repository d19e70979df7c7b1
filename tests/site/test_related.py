"""Related posts, as a built site shows them."""

import gc
from copy import copy

import pytest

from pelican_mlnotes.related.texts import Texts

TEXTS = {
    "triplet-loss": "Triplet loss pulls an anchor towards a positive and away from a negative face image.",
    "face-verification": "Face verification compares face images by an embedding trained by triplet loss.",
    "olive-bread": "Knead the dough, add olives, let it rest, and bake the bread in a hot oven.",
    "sourdough": "A sourdough starter makes bread dough rise slowly; bake it in a hot oven.",
}


def slugs(articles):
    return [article.slug for article in articles]


def write_all(site, **metadata):
    for day, (slug, text) in enumerate(TEXTS.items(), start=1):
        site.post(slug, text * 3, date=f"2026-01-{day:02}", **metadata)


def test_posts_on_one_subject_are_related(site):
    write_all(site)
    articles = site.build().articles
    assert slugs(articles["triplet-loss"].related_posts)[:1] == ["face-verification"]
    assert slugs(articles["olive-bread"].related_posts)[:1] == ["sourdough"]


def test_reasons_keep_nothing_of_the_texts_that_they_were_found_in(site):
    write_all(site)
    articles = site.build().articles
    bread, sourdough = articles["olive-bread"], articles["sourdough"]
    assert bread.related_reasons[sourdough] == bread.related_reasons["sourdough"] != ()
    # A hundred kilobytes a post, for as long as Pelican keeps the article.
    assert not [one for one in gc.get_objects() if isinstance(one, Texts)]


def test_max_0_turns_related_posts_off(site):
    write_all(site)
    assert not hasattr(site.build(MLNOTES_RELATED_MAX=0).articles["sourdough"], "related_posts")


def test_drafts_and_hidden_posts_are_related_to_nothing_public(site):
    write_all(site)
    site.post("secret", TEXTS["sourdough"] * 3, Status="draft")
    site.post("quiet", TEXTS["sourdough"] * 3, Status="hidden")
    articles = site.build().articles
    for slug in TEXTS:
        assert not {"secret", "quiet"} & set(slugs(articles[slug].related_posts))


def test_a_draft_lists_published_posts(site):
    write_all(site)
    site.post("secret", TEXTS["sourdough"] * 3, Status="draft")
    assert slugs(site.build().articles["secret"].related_posts)[:1] == ["sourdough"]


def test_the_author_chooses_related_posts_in_order(site):
    write_all(site)
    site.post("mine", TEXTS["sourdough"] * 3, Related_posts="triplet-loss, olive-bread")
    assert slugs(site.build().articles["mine"].related_posts)[:2] == ["triplet-loss", "olive-bread"]


def test_an_unknown_related_post_is_named_in_a_warning(site):
    write_all(site)
    site.post("mine", "Text.", Related_posts="nowhere")
    warnings = site.build().warnings
    assert len(warnings) == 1
    assert "mine.md" in warnings[0]
    assert "'nowhere'" in warnings[0]


def test_related_posts_none_shows_nothing(site):
    write_all(site)
    site.post("mine", TEXTS["sourdough"] * 3, Related_posts="none")
    assert site.build().articles["mine"].related_posts == []


def test_related_posts_can_be_appended_for_any_theme(site):
    write_all(site)
    html = site.build(MLNOTES_RELATED_APPEND=True).read("olive-bread.html")
    assert html.count('<nav class="mlnotes-related" aria-label="Related posts">') == 1
    assert '<a href="/sourdough.html">Sourdough</a>' in html


def test_appended_links_are_below_the_address_of_the_site(site):
    write_all(site)
    for site_url in ("https://notes.example/blog", "https://notes.example/blog/"):
        built = site.build(MLNOTES_RELATED_APPEND=True, SITEURL=site_url, ARTICLE_URL="a/{slug}/")
        assert '<a href="https://notes.example/blog/a/sourdough/">' in built.read("olive-bread.html")


def test_appended_links_follow_relative_urls(site):
    write_all(site)
    built = site.build(
        MLNOTES_RELATED_APPEND=True,
        RELATIVE_URLS=True,
        ARTICLE_URL="a/{slug}/",
        ARTICLE_SAVE_AS="a/{slug}/index.html",
    )
    assert '<a href="../../a/sourdough/">Sourdough</a>' in built.read("a/olive-bread/index.html")


def test_appended_related_posts_stay_out_of_feeds_and_lists(site):
    write_all(site)
    for excerpts in (True, False):
        built = site.build(
            MLNOTES_RELATED_APPEND=True,
            MLNOTES_EXCERPT_AS_SUMMARY=excerpts,
            SITEURL="https://notes.example",
            FEED_ALL_ATOM="feeds/all.atom.xml",
            FEED_ALL_RSS="feeds/all.rss.xml",
        )
        for name in ("feeds/all.atom.xml", "feeds/all.rss.xml", "index.html"):
            assert "mlnotes-related" not in built.read(name)
        assert "mlnotes-related" in built.read("olive-bread.html")


def test_a_translation_alone_in_its_language_lists_the_originals_posts(site):
    write_all(site)
    site.write(
        "sourdough-de.md",
        "Title: Sauerteig\nDate: 2026-01-04\nSlug: sourdough\nLang: de\n\nSauerteig geht langsam.\n",
    )
    built = site.build(THEME="theme")
    assert slugs(built.articles["sourdough-de"].related_posts) == ["olive-bread"]
    assert 'olive-bread.html" hreflang="en" lang="en">' in built.read("sourdough-de.html")
    assert "hreflang" not in built.read("olive-bread.html").split("related__heading")[1]


def test_a_link_with_the_slashes_of_windows_names_the_post(site):
    site.write("notes/near.md", "Title: Near\nDate: 2026-01-01\nSlug: near\n\nBread.\n")
    site.post("one", "A walk.", Related_posts=r"{filename}notes\near.md")
    built = site.build()
    assert [post.slug for post in built.articles["one"].related_posts] == ["near"]
    assert built.warnings == []


@pytest.mark.parametrize(
    "look",
    [
        lambda posts: ["x"] + posts,  # noqa: RUF005  # the case
        lambda posts: sum([posts], ["x"]),  # another
        lambda posts: posts.__setitem__(slice(0, 0), ["x"]) or list(posts),
        lambda posts: posts.insert(0, "x") or list(posts),
    ],
)
def test_a_list_is_filled_whatever_is_done_with_it_first(site, look):
    write_all(site)
    looked = look(site.build().articles["olive-bread"].related_posts)
    assert looked[0] == "x"
    assert looked[1].slug == "sourdough"


def test_a_copy_of_a_list_holds_its_posts(site):
    write_all(site)
    posts = site.build().articles["olive-bread"].related_posts
    assert copy(posts) == list(posts)


def test_the_first_thing_done_to_a_list_may_take_the_place_of_a_post(site):
    write_all(site)
    posts = site.build().articles["olive-bread"].related_posts
    posts[0] = "x"
    assert posts[0] == "x"
