"""What an export file of Blogger holds, in both of its forms."""

import re
from pathlib import Path

import pytest

from pelican_mlnotes.importers.blogger import BloggerError, files_by_address, make_html_post, read_blogger
from pelican_mlnotes.importers.files import FolderError
from pelican_mlnotes.importers.redirects import FORMATS, cleaned, make_page, page_path

EXPORT = Path(__file__).resolve().parents[2] / "site" / "data" / "blogger.xml"

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
    assert [post.slug for post in blog.posts] == ["note", "note-2"]


def test_a_post_keeps_its_old_address():
    (post,) = takeout(entry(1)).posts
    assert '<meta name="save_as" content="2020/01/note.html">' in make_html_post(post, {})
    assert "save_as" not in make_html_post(post, {}, keep=False)


@pytest.mark.parametrize(
    "address", ["/../../etc/note.html", "/%2e%2e/note.html", "note.html", "/", "/a\\..\\b.html"]
)
def test_an_address_that_leads_out_of_the_site_is_not_kept(address):
    (post,) = takeout(entry(1, filename=address)).posts
    assert "save_as" not in make_html_post(post, {})
    assert ".." not in post.file.split("/")
    assert "\\" not in post.file


def test_links_between_posts_lead_to_files():
    html = '<a href="https://old.example/2020/02/note.html#b">b</a> <a href="https://old.example/else">c</a>'
    blog = takeout(entry(1, html), entry(2))
    made = make_html_post(blog.posts[0], files_by_address(blog.posts))
    assert 'href="{filename}/2020-02-01-note.html#b"' in made
    assert 'href="https://old.example/else"' in made


def test_markup_that_would_end_the_post_early_is_left_out():
    (post,) = takeout(entry(1, "One</body></html> two <BODY class='x'>three")).posts
    made = make_html_post(post, {})
    assert "One two three" in made
    assert made.lower().count("</body>") == 1


def test_a_bare_ampersand_is_escaped_outside_of_scripts():
    (post,) = takeout(entry(1, "R&D &amp; &#960; <script>if (a && b) c()</script> &")).posts
    assert "R&amp;D &amp; &#960; <script>if (a && b) c()</script> &amp;" in make_html_post(post, {})


def test_code_keeps_its_lines():
    (post,) = takeout(entry(1, "<pre>for x in y:\n    f(x)\n\n    g(x)</pre>")).posts
    assert "<pre>for x in y:\n    f(x)\n\n    g(x)</pre>" in make_html_post(post, {})


def test_no_two_files_slugs_or_kept_addresses_are_one():
    titles = ["About!", "About?", "...", "\N{SNOWMAN}", "机器学习" * 25, "机器学习" * 26]
    drafts = [
        entry(1, type=kind, status="DRAFT", filename="").replace("Note 1", title)
        for kind in ("POST", "PAGE")
        for title in titles
    ]
    live = [entry(1), entry(1, filename="/2020/01/NOTE.html"), entry(1, filename="/2019/12/note.html")]
    posts = takeout(*drafts, *live).posts
    for names in ([post.file for post in posts], [post.slug for post in posts]):
        assert len({name.casefold() for name in names}) == len(posts) == 15
        assert all(0 < len(name.encode()) < 200 for name in names)
    kept = [post.address for post in posts if post.keeps]
    assert len(kept) == 2
    assert len({address.casefold() for address in kept}) == 2


def test_an_address_that_may_be_a_page_of_pelicans_own_is_not_kept():
    (post,) = takeout(entry(1, filename="/index.html")).posts
    assert "save_as" not in make_html_post(post, {})


def test_a_label_with_a_comma_stays_one_tag():
    labels = (
        "term='Vision'",
        "term='Vision, early'/><category scheme='tag:blogger.com,1999:blog-1' term='R;D'",
    )
    (post,) = takeout(entry(1).replace(*labels)).posts
    assert '<meta name="tags" content="Vision, early; R,D;">' in make_html_post(post, {})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"PK\x03\x04", "unpack it"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>", "no export file"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>a", "cut off"),
        (b"<?xml version='1.0' encoding='klingon'?><feed/>", "klingon"),
        (b"<?xml version='1.0' encoding='utf-8'?><feed>\xe9</feed>", "encoding"),
        (TAKEOUT.format(entries=entry(1)).replace("2020-01-01T10", "2020-13-01T10").encode(), "'Note 1'"),
        (TAKEOUT.format(entries=entry(1)).replace("2020-01-01T10:00:00Z", "").encode(), "'Note 1'"),
        (TAKEOUT.format(entries=entry(1, filename="http://[::1/x")).encode(), "'Note 1'"),
    ],
)
def test_a_damaged_file_is_told_with_its_place_and_a_way_out(source, words):
    with pytest.raises(BloggerError, match=words):
        read_blogger(source)


def test_a_date_without_a_zone_is_read():
    dates = "2020-01-01T10:00:00Z", "2020-01-01T10:00:00"
    blog = read_blogger(TAKEOUT.format(entries=entry(1).replace(*dates) + entry(2)).encode())
    assert [post.title for post in blog.posts] == ["Note 1", "Note 2"]


@pytest.mark.parametrize(
    ("html", "made"),
    [
        ("$a<b$ and R&D<br>&lt;&eacute;<p>open", "$a&lt;b$ and R&amp;D<br>&lt;&eacute;<p>open"),
        ("<pre>if a &lt; b && c</pre>", "<pre>if a &lt; b &amp;&amp; c</pre>"),
        ("<script>a&&b;'</body>'</script>&", "<script>a&&b;'</body>'</script>&amp;"),
        ("<a HREF=/2020/02/note.html>", '<a HREF="{filename}/2020-02-01-note.html">'),
        (
            "<a href='//www.old.example/2020/02/note.html#a&b' x=y>",
            '<a href="{filename}/2020-02-01-note.html#a&amp;b" x=y>',
        ),
        ("<a href='ftp://old.example/2020/02/note.html'>", None),
        ("<!-- <a href='/2020/02/note.html'> -->", None),
        ("<img src='/2020/02/note.html'>", None),
    ],
)
def test_only_links_and_what_pelican_would_misread_are_changed(html, made):
    blog = takeout(entry(1, html), entry(2))
    text = make_html_post(blog.posts[0], files_by_address(blog.posts))
    assert f"<body>\n{html if made is None else made}\n</body>" in text


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


HOSTILE = [
    ("/* /evil 302!", "x"),
    ("/a/:splat/#c", "x/:splat"),
    ('/$http_cookie";}', 'to/$http_cookie";}'),
    ("/%2e%2e/a\\", "%{HTTP_COOKIE}\\$1 %1"),
    ("/b\n/*", "x\n/* /evil 301"),
    ("/c", "//evil.example/%0d%0aSet-Cookie:x"),
    ("/d.html", "/d.html"),
]


def test_no_character_of_an_address_means_anything_to_a_host():
    found = cleaned(HOSTILE)
    assert len(found) == 5  # one had a line break in it, one leads to itself
    for old, new in found.items():
        assert re.fullmatch(r"/[\w/.~%-]*", old, re.ASCII)
        assert re.fullmatch(r"/(?!/)[\w/.~%-]*", new, re.ASCII)
    assert all(re.fullmatch(r"\S+  \S+  301", line) for line in FORMATS["netlify"](found).splitlines())
    # Backslashes before whatever is no letter, and before "%", which would be a group.
    rule = re.compile(r"RewriteRule \^(?:[\w/-]|\\[^\w\n])*\$ /(?:[\w/.~-]|\\%)* \[R=301,L,NE\]")
    assert all(rule.fullmatch(line) for line in FORMATS["apache"](found).splitlines()[1:])
    entry_of_map = re.compile(r'    "(?:[^"\\]|\\["\\])*" "/[\w/.~%-]*";')
    assert all(entry_of_map.fullmatch(line) for line in FORMATS["nginx"](found).splitlines()[1:-1])


def test_a_page_that_redirects_is_escaped():
    assert 'href="/a&quot;&lt;b"' in make_page('/a"<b')


@pytest.mark.parametrize("old", ["/..%2F..%2Fx.html", "/a/../../x.html", "/%2e%2e/x.html", "/..%5Cx.html"])
def test_a_page_that_redirects_stays_in_its_folder(tmp_path, old):
    with pytest.raises(FolderError, match="outside"):
        page_path(tmp_path, old)


def test_a_page_that_redirects_is_a_file_that_servers_show(tmp_path):
    assert page_path(tmp_path, "/a/b%20c.html") == tmp_path / "a" / "b c.html"
    assert page_path(tmp_path, "/tag/x/") == tmp_path / "tag" / "x" / "index.html"
    assert page_path(tmp_path, "/feeds/posts/default") is None
