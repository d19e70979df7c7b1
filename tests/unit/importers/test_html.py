"""Links and scripts are found where they stand, and nothing else of a post is touched."""

import pytest

from pelican_mlnotes.importers.html import find_tags, mend_less_than, splice, value_at

# What writing a post anew would change.
AS_WRITTEN = (
    "<P>One<br>two<BR/>three &nbsp;&lt; &amp; &eacute; é\r\n<p class=a id='b' hidden>\N{HERB}\n"
    "<pre>\n  if a &lt; b:\n\n    f( a )</pre><li>open<p>If $a &lt; b$ and 1 < 2 <!-- <a href=x> -->"
)


def links(html: str) -> list[str]:
    places = [tag.attributes["href"] for tag in find_tags(html) if "href" in tag.attributes]
    return [value_at(html, place) for place in places]


@pytest.mark.parametrize("before", ["", AS_WRITTEN, "a\r\nb\rc\n\n", "\N{HERB}\u2028x\x0c", "<p>" * 50])
def test_a_link_is_found_where_it_stands_and_all_else_stays(before):
    html = f"{before}<a\n title='>' HREF = \"/x?a=1&amp;b\" >y</a>{AS_WRITTEN}"
    (tag,) = [tag for tag in find_tags(html) if tag.name == "a"]
    assert html[tag.start : tag.start + 2] == "<a"
    assert html[tag.end : tag.end + 2] == "y<"
    assert value_at(html, tag.attributes["href"]) == "/x?a=1&b"
    changed = splice(html, [(*tag.attributes["href"], "'/z'")])
    assert changed == f"{before}<a\n title='>' HREF = '/z' >y</a>{AS_WRITTEN}"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<a href=/x>a</a>", ["/x"]),
        ("<a href=/x/>a</a>", ["/x/"]),
        ("<a href='/x' href='/y'>a</a>", ["/x"]),
        ("<a data-href='/x'>a</a>", []),
        ("<!-- <a href='/x'> -->", []),
        ("<script>'<a href=/x>'</script><a href=/y>", ["/y"]),
        ("<style>/*<a href=/x>*/</style><a href=/y>", ["/y"]),
        ("<p title='<a href=/x>'>", []),
        ("<p>open <p>open <a href=/x>", ["/x"]),
        ("<a href='/x", []),
        ("<a href>", []),
        ("<![odd[ <a href=/x> ", []),
    ],
)
def test_only_what_a_reader_could_follow_is_a_link(html, found):
    assert links(html) == found


@pytest.mark.parametrize(
    ("html", "mended"),
    [
        ("If $a<b$ and <a href='/x'>x</a>", "If $a&lt;b$ and <a href='/x'>x</a>"),
        ("<pre>for i<n: f(<T,U>) <b>bold</b></pre>", "<pre>for i&lt;n: f(&lt;T,U>) <b>bold</b></pre>"),
        ("$a<b$ $c<d$ $e<f$ >", "$a&lt;b$ $c&lt;d$ $e&lt;f$ >"),
        ("<o:p>x</o:p> <my-box>y</my-box> <script>a<b$</script>", None),
        ("1 < 2 <3 $x < y$ &lt;b$", None),
    ],
)
def test_what_no_element_is_called_is_no_tag(html, mended):
    assert mend_less_than(html) == (html if mended is None else mended)


def test_of_two_edits_that_overlap_the_first_is_made():
    assert splice("abcdef", [(3, 4, "x"), (1, 4, "-"), (5, 5, "+")]) == "a-e+f"
