"""Edits to the author's HTML: what changes, and that nothing else does."""

import pytest

from pelican_mlnotes.plugin.own_theme.html import Heading, Seen, edit_html


def edited(html, size=None):
    return edit_html(html, lambda address: Seen(size)).html


def test_a_picture_gets_size_and_loads_at_once_only_if_it_is_the_first():
    html = '<p><img src="a.png"> <img src="b.png" alt=\'x > y\' /></p>'
    assert edited(html, (30, 40)) == (
        '<p><img src="a.png" width="30" height="40" loading="eager" decoding="async">'
        ' <img src="b.png" alt=\'x > y\' width="30" height="40" loading="lazy" decoding="async" /></p>'
    )


@pytest.mark.parametrize(("words", "loading"), [(100, "eager"), (300, "lazy")])
def test_a_picture_far_down_does_not_load_at_once(words, loading):
    html = f'<p class="{"c" * 2000}">{"word " * words}</p><img src="a.png">'
    assert f'loading="{loading}"' in edited(html)


def test_what_the_author_wrote_on_a_picture_stays():
    html = '<img src="a.png" width="7" loading="lazy" decoding="sync">'
    assert edited(html, (30, 40)) == html


def test_the_address_of_a_picture_is_asked_for_unescaped():
    asked = []
    edit_html('<img src="a&amp;b.png">', lambda address: asked.append(address))
    assert asked == ["a&b.png"]


def test_a_cell_aligned_by_style_gets_a_class():
    html = '<td style="text-align: right;" class="n">1</td><th style="text-align:center">2</th>'
    assert edited(html) == '<td class="n align-right">1</td><th class="align-center">2</th>'


def test_the_empty_corner_of_a_table_is_no_heading():
    assert edited('<th class="blank"></th><th>a</th>') == '<td class="blank"></td><th>a</th>'


def test_any_other_style_of_a_cell_stays():
    html = '<td style="border: 0; text-align: right">1</td>'
    assert edited(html) == html


def test_an_outer_table_gets_one_focusable_box():
    html = "<table><tr><td><table></table></td></tr></table>"
    assert edited(html) == f'<div class="scroll-box" tabindex="0">{html}</div>'


def test_a_table_that_never_closes_is_left_alone():
    assert edited("<table><tr><td>1") == "<table><tr><td>1"


def test_code_can_be_scrolled_from_the_keyboard():
    assert edited("<pre><code>x</code></pre>") == '<pre tabindex="0"><code>x</code></pre>'


def test_headings_get_ids_and_make_a_table_of_contents_of_two_levels():
    result = edit_html('<h2 id="a">A &amp; <em>B</em></h2><h3>B</h3><h4>C</h4><h2>A</h2>')
    assert result.html == (
        '<h2 id="a">A &amp; <em>B</em></h2><h3 id="b">B</h3><h4 id="c">C</h4><h2 id="a-2">A</h2>'
    )
    assert result.headings == (Heading("a", "A & B", (Heading("b", "B"),)), Heading("a-2", "A"))


def test_a_heading_of_the_first_level_moves_all_of_them_down():
    assert edited('<h1 id="a">A</h1><h2 id="b">B</h2>') == '<h2 id="a">A</h2><h3 id="b">B</h3>'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<blockquote>\n<p>[!warning] Mind <em>this</em>\nbody</p>\n</blockquote>",
            '<div class="admonition warning"><p class="admonition-title">Mind <em>this</em></p>\n'
            "<p>body</p>\n</div>",
        ),
        (
            "<blockquote>\n<p>[!NOTE]\nbody</p>\n</blockquote>",
            '<div class="admonition note"><p class="admonition-title">Note</p>\n<p>body</p>\n</div>',
        ),
        (
            "<blockquote><p>[!tip]- Fold</p><blockquote><p>q</p></blockquote></blockquote>",
            '<div class="admonition tip"><p class="admonition-title">Fold</p>'
            "<blockquote><p>q</p></blockquote></div>",
        ),
        ("<blockquote><p>[!note] A\nb</p>", "<blockquote><p>[!note] A\nb</p>"),
    ],
)
def test_a_marked_quotation_becomes_a_callout(html, expected):
    assert edited(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<blockquote>\n<p>[!note]\na</p>\n<p>more</p>\n<p>[!tip] T\nb</p>\n</blockquote>",
            '<div class="admonition note"><p class="admonition-title">Note</p>\n<p>a</p>\n<p>more</p>\n'
            "</div>\n"
            '<div class="admonition tip"><p class="admonition-title">T</p>\n<p>b</p>\n</div>',
        ),
        (
            "<blockquote>\n<p>Said.</p>\n<p>[!tip]\nb</p>\n</blockquote>",
            "<blockquote>\n<p>Said.</p>\n</blockquote>\n"
            '<div class="admonition tip"><p class="admonition-title">Tip</p>\n<p>b</p>\n</div>',
        ),
        (
            "<blockquote>\n<ul>\n<li>\n<p>[!tip]\nb</p>\n</li>\n</ul>\n</blockquote>",
            "<blockquote>\n<ul>\n<li>\n<p>[!tip]\nb</p>\n</li>\n</ul>\n</blockquote>",
        ),
    ],
)
def test_callouts_in_a_row_stay_apart(html, expected):
    assert edited(html) == expected


def test_a_callout_without_a_title_is_called_in_the_language_of_the_post():
    words = {"callout_note": "Hinweis"}
    assert ">Hinweis</p>" in edit_html("<blockquote><p>[!note]\na</p></blockquote>", words=words).html
    assert ">Mine</p>" in edit_html("<blockquote><p>[!note] Mine\na</p></blockquote>", words=words).html
    box = '<div class="admonition note">\n<p class="admonition-title">{}</p>\n</div>'
    assert edit_html(box.format("Note"), words=words).html == box.format("Hinweis")
    assert edit_html(box.format("Mine"), words=words).html == box.format("Mine")


def test_a_picture_that_the_page_shows_through_gets_a_ground_unless_the_author_says_otherwise():
    def shown(html):
        return edit_html(html, lambda _: Seen(None, on_ground=True)).html

    assert 'class="mlnotes-ground"' in shown('<img src="a.png">')
    assert 'class="wide mlnotes-ground"' in shown('<img class="wide" src="a.png" width="3">')
    for name in ("mlnotes-plain", "mlnotes-invert"):
        assert "mlnotes-ground" not in shown(f'<img class="{name}" src="a.png">')
    assert "mlnotes-ground" not in edit_html('<img src="a.png">', lambda _: Seen((1, 1))).html


def test_headings_link_to_themselves_unless_the_author_made_them_do_so():
    words = {"heading_link": "Link"}
    link = '<a class="mlnotes-link" href="#a" aria-label="Link"></a>'
    once = edit_html('<h2 id="a">A</h2>', words=words).html
    assert once == f'<h2 id="a">A{link}</h2>'
    assert edit_html(once, words=words).html == once
    own = '<h2 id="a">A<a class="headerlink" href="#a">¶</a></h2>'
    assert edit_html(own, words=words).html == own


def test_one_heading_that_the_post_begins_with_is_no_entry_of_its_contents():
    found = edit_html("<h1>All</h1><h2>A</h2><h3>B</h3><h2>C</h2>").headings
    assert [entry.text for entry in found] == ["A", "C"]
    assert [entry.text for entry in edit_html("<h2>A</h2><h1>B</h1><h2>C</h2>").headings] == ["B"]


def test_items_that_begin_with_a_box_become_tasks():
    html = "<ul>\n<li>[ ] a</li>\n<li>[x] b</li>\n<li>[y] c</li>\n<li>[x](d)</li>\n</ul>"
    assert edited(html) == (
        '<ul>\n<li class="task"><span class="task__box">☐</span> a</li>\n'
        '<li class="task"><span class="task__box">☑</span> b</li>\n<li>[y] c</li>\n<li>[x](d)</li>\n</ul>'
    )


def test_the_title_of_a_picture_that_stands_alone_is_its_caption_where_the_site_asks():
    html = '<p><img alt="x" src="a.png" title="Fig. 1"></p><p>a <img src="b.png" title="no"></p>'
    assert "figcaption" not in edit_html(html).html
    made = edit_html(html, captions=True).html
    assert made.count("<figure>") == 1
    assert "<figcaption>Fig. 1</figcaption></figure>" in made


def test_comments_scripts_and_drawings_are_not_read():
    html = "<!-- <img src=a> --><script>'<pre>'</script><svg><title><h2>x</h2></title></svg><!-- <h2>"
    assert edit_html(html) == edit_html(html).__class__(html, ())


def test_editing_twice_is_editing_once():
    html = (
        '<h1>A</h1><p><img src="a.png"></p><table><tr><td style="text-align: left;">1</td></tr></table>'
        "<blockquote><p>[!note] T\nb</p></blockquote><pre>x</pre>"
    )
    once = edited(html, (1, 2))
    assert edited(once, (1, 2)) == once


@pytest.mark.parametrize(
    "part",
    [
        "<",
        "<p>[!a]",
        "<blockquote><p>[!a] x",
        "<li>[ ",
        "<th ",
        "<p><img a",
        "<a class=footnote-ref ",
        "<img ",
        "<img '",
        '<td style="',
        "<table>",
        "<h2>a",
        "<!--",
        "<pre a=",
    ],
)
def test_broken_html_of_any_length_is_read_in_linear_time(part):
    html = part * 20_000
    assert len(edited(html)) >= len(html)
