"""Which post is at an address: by its source, from its page, below the site."""

import pytest

from pelican_mlnotes.links.addresses import Addresses, Post, may_be_own

POSTS = (
    Post("a", "a.md", "a.html", "a.html"),
    Post("b", "deep/b note.md", "posts/b/", "posts/b/index.html"),
    Post("c", "c.md", "posts/c", "posts/c.html"),
    Post("d", "d.md", "posts/dé-x.html", "posts/dé-x.html"),
    Post("e", "", "", "e.html"),
)


def find(address, source="deep/f.md", url="posts/f.html", site="https://Notes.example/blog"):
    if not may_be_own(address, site):
        return None
    return Addresses(POSTS, site).find(address, source, url)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        # by its source
        ("{filename}/a.md", "a"),
        ("{filename}../a.md#part", "a"),
        ("|filename|/a.md?x=1", "a"),
        ("{filename}b%20note.md", "b"),
        ("{filename}b note.md", "b"),
        ("{filename}/deep\\b note.md", "b"),
        ("{filename}a.md", None),
        ("{filename}/A.md", None),
        ("{static}/a.md", None),
        ("{attach}/a.md", None),
        ("{tag}a", None),
        ("{filename}", None),
        # from its page
        ("../a.html", "a"),
        ("../a.html?utm=1#x", "a"),
        ("a.html", None),
        ("b/", "b"),
        ("b", "b"),
        ("b/index.html", "b"),
        ("./b/./", "b"),
        ("c", "c"),
        ("c.html", "c"),
        ("d%C3%A9-x.html", "d"),
        ("dé-x.html", "d"),
        ("de\u0301-x.html", "d"),
        ("../e.html", "e"),
        ("#part", None),
        ("?q=1", None),
        ("", None),
        # below the site
        ("https://notes.example/blog/a.html", "a"),
        ("http://notes.example/blog/a.html", "a"),
        ("//notes.example/blog/a.html", "a"),
        ("HTTPS://NOTES.example:443/blog/a.html", "a"),
        ("/blog/posts/b/", "b"),
        ("https://notes.example/a.html", None),
        ("/a.html", None),
        ("https://notes.example:8000/blog/a.html", None),
        ("https://notes.example.evil.org/blog/a.html", None),
        ("https://notes.example@evil.org/blog/a.html", None),
        ("https://www.notes.example/blog/a.html", None),
        # neither
        ("mailto:a.html", None),
        ("javascript:a.html", None),
        ("data:,a.html", None),
        ("http://[::1/a.html", None),
        ("https://notes.example:port/blog/a.html", None),
        ("../../../../../a.html", None),
        ("https://notes.example/blog/../blog/a.html", "a"),
    ],
)
def test_an_address_leads_to_the_post_that_is_there(address, expected):
    assert find(address) == expected


@pytest.mark.parametrize("site", ["", "/", "."])
def test_a_site_that_does_not_say_where_it_is_has_addresses_all_the_same(site):
    assert find("/a.html", site=site) == "a"
    assert find("../a.html", site=site) == "a"
    assert find("https://notes.example/a.html", site=site) is None


def test_a_site_may_only_say_its_folder():
    assert find("/blog/a.html", site="/blog") == "a"
    assert find("/a.html", site="/blog") is None


def test_of_two_posts_at_one_address_the_first_counts():
    posts = [Post("x", "x.md", "same.html", "same.html"), Post("y", "y.md", "same.html", "same.html")]
    assert Addresses(posts, "").find("/same.html", "", "z.html") == "x"


QUERIES = (
    Post("aa", "aa.md", "p?id=aa", "p/aa.html"),
    Post("bb", "bb.md", "p?id=bb", "p/bb.html"),
    Post("bb-de", "bb-de.md", "p?id=bb&lang=de", "p/bb-de.html"),
    Post("é b", "c.md", "p?id=é b", "p/é b.html"),
    Post("d", "d.md", "all.html#d", "d.html"),
    Post("e", "e.md", "all.html#e", "e.html"),
    Post("f", "f.md", "f.html?v=2", "f.html"),
    Post("g", "g.md", "g", "g?x#y%41.html"),
)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/p?id=aa", "aa"),
        ("/p?id=bb", "bb"),
        ("p?id=bb#part", "bb"),
        ("/p?utm_source=x&id=bb", "bb"),
        ("/p?lang=de&id=bb", "bb-de"),
        ("/p?id=bb&lang=fr", None),
        ("/p?id=%C3%A9+b", "é b"),
        ("/p?id=e%CC%81%20b", "é b"),
        ("/p?id=cc", None),
        ("/p?id=", None),
        ("/p", None),
        ("/p/bb.html?id=aa", "bb"),
        ("/all.html#e", "e"),
        ("/all.html?utm=1#d", "d"),
        ("/all.html#f", None),
        ("/all.html", None),
        ("/f.html?v=2", "f"),
        ("/f.html?v=1", "f"),
        ("/f.html#part", "f"),
        ("/g?utm=1#part", "g"),
        ("/g%3Fx%23y%2541.html", "g"),
        ("/g?x#y%41.html", "g"),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_posts_that_only_a_query_or_a_fragment_tells_apart_are_told_apart(address, expected, order):
    assert Addresses(QUERIES[::order], "").find(address, "aa.md", "p?id=aa") == expected
