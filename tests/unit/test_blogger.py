"""What an export file of Blogger holds, in both of its forms."""

from pathlib import Path

import pytest

from pelican_mlnotes.blogger import BloggerError, make_html_post, read_blogger, unique_slugs
from pelican_mlnotes.redirects import FORMATS, make_page

EXPORT = Path(__file__).resolve().parents[1] / "site" / "data" / "blogger.xml"

TAKEOUT = """<?xml version='1.0' encoding='utf-8'?>
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>
  <title>Margin notes</title>
  {entries}
</feed>
"""


def entry(number: int, html: str = "Text.", **values: str) -> str:
    named = {"type": "POST", "status": "LIVE", "filename": f"/2020/0{number}/note.html", **values}
    return (
        f"<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id>"
        + "".join(f"<blogger:{name}>{value}</blogger:{name}>" for name, value in named.items())
        + f"<author><name>Ada</name></author><title>Note {number}</title>"
        + f"<content type='html'><![CDATA[{html}]]></content>"
        + f"<published>2020-0{number}-01T10:00:00Z</published>"
        + "<category scheme='tag:blogger.com,1999:blog-1' term='Vision'/></entry>"
    )


def takeout(*entries: str):
    return read_blogger(TAKEOUT.format(entries="".join(entries)).encode())


def test_a_backup_holds_posts_pages_drafts_and_comments():
    blog = read_blogger(EXPORT.read_bytes())
    assert [(post.kind, post.draft, post.address) for post in blog.posts] == [
        ("page", False, "/p/about.html"),
        ("post", False, "/2013/05/why-margins-matter.html"),
        ("post", False, "/2014/11/precision-recall-whats-in-name.html"),
        ("post", False, "/2015/01/learning-curves-of-small-network.html"),
        ("post", True, ""),
        ("post", False, "/2015/03/ten-days-without-screen.html"),
        ("post", False, "/2016/07/gradient-descent-in-2-3-steps.html"),
    ]
    assert [comment.post for comment in blog.comments] == ["/2013/05/why-margins-matter.html"]
    assert blog.posts[1].labels == ("SVM", "Machine Learning")


def test_takeout_holds_the_same_in_other_words():
    comment = entry(3, type="COMMENT", parent="tag:blogger.com,1999:blog-1.post-1", filename="")
    blog = takeout(entry(2, status="DRAFT"), entry(1), comment, entry(4, status="SOFT_TRASHED"))
    assert [(post.title, post.draft, post.labels) for post in blog.posts] == [
        ("Note 1", False, ("Vision",)),
        ("Note 2", True, ("Vision",)),
    ]
    assert [comment.post for comment in blog.comments] == ["/2020/01/note.html"]


@pytest.mark.parametrize("source", [b"", b"<feed>", b"<html></html>", b"<rss xmlns='x'/>", b"\xff\xfe"])
def test_another_file_is_refused(source):
    with pytest.raises(BloggerError, match="no export file of Blogger"):
        read_blogger(source)


def test_posts_of_one_name_in_two_months_get_slugs_of_their_own():
    blog = takeout(entry(1), entry(2))
    assert list(unique_slugs(blog.posts).values()) == ["note", "note-2"]


def test_a_post_keeps_its_old_address():
    (post,) = takeout(entry(1)).posts
    assert '<meta name="save_as" content="2020/01/note.html">' in make_html_post(post, [])
    assert "save_as" not in make_html_post(post, [], keep=False)


@pytest.mark.parametrize(
    "address", ["/../../etc/note.html", "/%2e%2e/note.html", "note.html", "/", "/a\\..\\b.html"]
)
def test_an_address_that_leads_out_of_the_site_is_not_kept(address):
    (post,) = takeout(entry(1, filename=address)).posts
    assert "save_as" not in make_html_post(post, [])
    assert ".." not in post.file.split("/")
    assert "\\" not in post.file


def test_links_between_posts_lead_to_files():
    html = '<a href="https://old.example/2020/02/note.html#b">b</a> <a href="https://old.example/else">c</a>'
    blog = takeout(entry(1, html), entry(2))
    made = make_html_post(blog.posts[0], blog.posts)
    assert 'href="{filename}/2020-02-01-note.html#b"' in made
    assert 'href="https://old.example/else"' in made


def test_markup_that_would_end_the_post_early_is_left_out():
    (post,) = takeout(entry(1, "One</body></html> two <BODY class='x'>three")).posts
    made = make_html_post(post, [])
    assert "One two three" in made
    assert made.lower().count("</body>") == 1


def test_a_bare_ampersand_is_escaped_outside_of_scripts():
    (post,) = takeout(entry(1, "R&D &amp; &#960; <script>if (a && b) c()</script> &")).posts
    assert "R&amp;D &amp; &#960; <script>if (a && b) c()</script> &amp;" in make_html_post(post, [])


def test_code_keeps_its_lines():
    (post,) = takeout(entry(1, "<pre>for x in y:\n    f(x)\n\n    g(x)</pre>")).posts
    assert "<pre>for x in y:\n    f(x)\n\n    g(x)</pre>" in make_html_post(post, [])


MOVED = {"/2013/05/a.html": "/a.html", "/search/label/Neural%20Networks": "/tag/neural-networks.html"}


def test_redirects_in_the_words_of_each_host():
    assert FORMATS["netlify"](MOVED) == (
        "/2013/05/a.html  /a.html  301\n/search/label/Neural%20Networks  /tag/neural-networks.html  301\n"
    )
    assert FORMATS["apache"](MOVED) == (
        "RewriteEngine On\n"
        "RewriteRule ^2013/05/a\\.html$ /a.html [R=301,L,NE]\n"
        "RewriteRule ^search/label/Neural\\ Networks$ /tag/neural-networks.html [R=301,L,NE]\n"
    )
    assert FORMATS["nginx"](MOVED) == (
        "map $uri $moved_to {\n"
        '    "/2013/05/a.html" "/a.html";\n'
        '    "/search/label/Neural Networks" "/tag/neural-networks.html";\n'
        "}\n"
    )


def test_a_page_that_redirects_is_escaped():
    assert 'href="/a&quot;&lt;b"' in make_page('/a"<b')
