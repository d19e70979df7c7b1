from pelican_mlnotes.plugin.append import append_related, related_heading, without_related

POSTS = [("A & <b>", '/a.html?"b"&c'), ("C", "/c.html")]


def test_titles_and_addresses_are_escaped():
    html = append_related("<p>Text.</p>", POSTS, "Related posts")
    assert '<a href="/a.html?&quot;b&quot;&amp;c">A &amp; &lt;b&gt;</a>' in html
    assert html.startswith("<p>Text.</p>\n<nav ")


def test_nothing_is_added_twice_or_for_no_posts():
    once = append_related("<p>Text.</p>", POSTS, "Related posts")
    assert append_related(once, POSTS, "Related posts") == once
    assert append_related("<p>Text.</p>", [], "Related posts") == "<p>Text.</p>"


def test_what_was_added_can_be_taken_off_again():
    assert without_related(append_related("<p>Text.</p>", POSTS, "Related posts")) == "<p>Text.</p>"
    assert without_related("<p>Text.</p><nav>Mine</nav>") == "<p>Text.</p><nav>Mine</nav>"


def test_the_heading_speaks_the_posts_language():
    assert related_heading("de_AT") == "Verwandte Beiträge"
    assert related_heading("xx") == "Related posts"
