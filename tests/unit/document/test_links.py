"""What a link says and what stands around it; what is asked for changes nothing else that is read."""

import pytest

from pelican_mlnotes.document.reader import parse_document


def links_of(html, **options):
    return parse_document(html, links=lambda address: True, **options).links


def one(html, **options):
    (link,) = links_of(html, **options)
    assert link.around[link.start : link.end].strip() == link.text
    return link


def test_a_link_knows_its_paragraph_and_its_place_there():
    link = one(
        "<p>Before it.</p><p>See  <b>my <a href=' b.html '>other\nnote</a></b>, please.</p><p>After.</p>"
    )
    assert (link.address, link.text) == ("b.html", "other note")
    assert link.around == "See my other note, please."


def test_formulas_are_written_in_unicode_and_known_as_such():
    link = one("<p>It takes $O(n^2)$ steps to <a href='b.html'>sort $x_i$</a>.</p>")
    assert (link.around, link.text) == ("It takes O(n²) steps to sort xᵢ.", "sort xᵢ")
    assert [link.around[start:end] for start, end in link.formulas] == ["O(n²)", "xᵢ"]


def test_marked_formulas_are_read_as_in_the_prose():
    html = '<p>Since <span class="math">\\(a_1\\)</span>, <a href="b">it</a> costs $5.</p>'
    assert one(html, marked=True).around == "Since a₁, it costs $5."


@pytest.mark.parametrize(
    ("html", "around"),
    [
        ("<ul><li>One <a href='b'>two</a></li><li>Three</li></ul>", "One two;"),
        ("<h2>What <a href='b'>it</a> is</h2><p>Text.</p>", "What it is"),
        ("<table><tr><td>A</td><td>In <a href='b'>here</a></td></tr><tr><td>B</td></tr></table>", "In here"),
        ("<p>Text<sup><a href='b.html#fn1'>[1]</a></sup> goes on.</p>", "Text[1] goes on."),
        (
            "<div class='footnote'><ol><li id='fn:1'><p>As <a href='b'>said</a>.</p></li></ol></div>",
            "As said.",
        ),
        ("<p>Some <code>x$</code> and <a href='b'><code>y$</code></a></p>", "Some x$ and y$"),
        ("<p><a href='b'><img src='a.png' alt='A curve'></a> Caption</p>", "Caption"),
    ],
    ids=["item", "heading", "cell", "mark", "footnote", "code", "picture"],
)
def test_a_link_is_found_wherever_it_stands(html, around):
    assert one(html).around == around


def test_only_addresses_that_are_asked_for_are_kept():
    html = "<p><a href='a'>A</a> <a href='b'>B</a> <a name='c'>C</a></p>"
    assert [link.text for link in parse_document(html, links=lambda address: address == "b").links] == ["B"]
    assert parse_document(html).links == ()


def test_what_links_say_does_not_change_what_the_post_says():
    html = (
        "<p>One <a href='a'> two </a>, three <a href='b'>four</a><sup><a href='c'>[1]</a></sup>.</p>"
        "<ul><li><a href='d'>five</a></li><li>six</li></ul><p>$x <a href='e'>y</a> z^2$</p>"
        "<table><tr><td>a<td><a href='f'>b</a></tr></table><p><a href='g'>Read more</a></p>"
    )
    asked, plain = parse_document(html, links=lambda address: True), parse_document(html)
    for name in ("prose", "formulas", "headings", "captions", "kinds", "lead", "more"):
        assert getattr(asked, name) == getattr(plain, name), name
    assert [link.address for link in asked.links] == list("abcdefg")


def test_links_that_are_never_closed_raise_nothing():
    links = links_of(
        "<p><a href='a'>one <p>two <a href='b'>three <table><a href='c'><td>four</table> <li>five"
    )
    assert {link.address for link in links} == {"a", "b", "c"}


def test_a_link_inside_a_formula_is_kept_with_its_own_text():
    assert one("<p>$a_1 + <a href='b'>b</a>^2$ is it</p>").text == "b"
