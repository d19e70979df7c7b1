"""What an author writes as summary, or leaves out, and what lists and feeds make of it."""

import pytest

LONG = "The boat left the harbour before dawn, and nobody on the quay waved. " * 40


def test_lists_and_feeds_show_the_excerpt_where_there_is_no_summary(site):
    site.post("one", LONG)
    built = site.build(SITEURL="https://notes.example", FEED_ALL_RSS="rss.xml", FEED_ALL_ATOM="atom.xml")
    excerpt = built.articles["one"].excerpt
    assert excerpt.endswith("...")
    assert f"<p>{excerpt}</p>" in built.read("index.html")
    assert f"&lt;p&gt;{excerpt}&lt;/p&gt;" in built.read("rss.xml")
    assert f'<summary type="html">&lt;p&gt;{excerpt}&lt;/p&gt;' in built.read("atom.xml")


@pytest.mark.parametrize("line", ["Summary:", "Summary:   "])
def test_an_empty_summary_is_none(site, line):
    site.write("one.md", f"Title: One\nDate: 2026-01-01\nSlug: one\n{line}\n\n{LONG}\n")
    site.post("two", LONG)
    built = site.build()
    assert built.articles["one"].excerpt == built.articles["two"].excerpt
    assert built.read("index.html").count(f"<p>{built.articles['one'].excerpt}</p>") == 2


def test_a_summary_that_stays_markdown_is_text(site):
    site.post("one", LONG, Summary="A *short* <walk> & `talk`")
    site.post("two", LONG)
    built = site.build(FORMATTED_FIELDS=[])
    assert built.warnings == []
    assert built.articles["one"].excerpt.startswith("A *short*")
    assert built.articles["one"].metadata["summary"] == "A *short* <walk> & `talk`"
    assert f"<p>{built.articles['two'].excerpt}</p>" in built.read("index.html")


@pytest.mark.parametrize("attribute", ["Excerpt", "Image", "Topics", "Related_posts", "Badges", "Title_text"])
@pytest.mark.parametrize("status", ["published", "draft", "hidden"])
def test_a_line_of_front_matter_is_never_left_as_a_string_that_templates_loop_over(site, attribute, status):
    site.post("one", LONG, Status=status, **{attribute: "none of <b>these</b>, really"})
    site.post("two", LONG, date="2026-01-02")
    built = site.build()
    article = next(one for one in built.articles.values() if one.slug == "one")
    assert isinstance(article.excerpt, str)
    assert article.image is None or article.image.url
    assert all(tag.slug for tag in article.topics)
    assert list(article.badges) == []
    assert all(other.slug for other in article.related_posts)
