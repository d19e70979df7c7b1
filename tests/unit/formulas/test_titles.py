import pytest

from pelican_mlnotes.formulas.delimiters import MARKED, marked_formula
from pelican_mlnotes.formulas.titles import title_html, title_text


@pytest.mark.parametrize(
    ("title", "text", "html"),
    [
        ("A & B", "A & B", "A &amp; B"),
        ("A &amp; B", "A & B", "A &amp; B"),
        ("Using <canvas>", "Using <canvas>", "Using &lt;canvas&gt;"),
        ("Using &lt;canvas&gt;", "Using <canvas>", "Using &lt;canvas&gt;"),
        ("R&D, Q&A and AT&T", "R&D, Q&A and AT&T", "R&amp;D, Q&amp;A and AT&amp;T"),
        ("The <em>new</em> way", "The new way", "The <em>new</em> way"),
        ('Me <span class="amp">&amp;</span> you', "Me & you", "Me &amp; you"),
        ("x < y > z", "x < y > z", "x &lt; y &gt; z"),
        ("An unclosed <b>old tag", "An unclosed <b>old tag", "An unclosed &lt;b&gt;old tag"),
        ("<b><i>Deep</i></b> end", "Deep end", "<b><i>Deep</i></b> end"),
        ("“Quotes” 'and' \"more\"", "“Quotes” 'and' \"more\"", "“Quotes” &#x27;and&#x27; &quot;more&quot;"),
        ("two\n  lines", "two lines", "two lines"),
        ("", "", ""),
    ],
)
def test_a_title_reads_as_written_and_is_escaped_once(title, text, html):
    assert title_text(title) == text
    assert title_html(title) == html


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>",
        '<b onclick="alert(1)">x</b>',
        '<a href="javascript:alert(1)">x</a>',
        "<b><script>alert(1)</script></b>",
        "<img src=x onerror=alert(1)>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<b " * 50,
    ],
)
def test_nothing_in_a_title_is_live(title):
    html = title_html(title)
    assert "<script" not in html
    assert "<img" not in html
    assert "<a" not in html
    assert "<b onclick" not in html


def test_elements_nested_beyond_sense_become_text():
    title = "<i>" * 500 + "x" + "</i>" * 500
    assert "x" in title_html(title)


@pytest.mark.parametrize("unit", ["<code>$", "<b>", "<a ", "$x ", "`$", r"\\("])
def test_work_grows_with_the_length_of_a_hostile_title(unit):
    # Quadratic work on these would take minutes; the suite would show it.
    title = unit * (200_000 // len(unit))
    assert title_text(title)
    assert title_html(title, mark=True)


@pytest.mark.parametrize(
    ("title", "text", "html", "marked"),
    [
        (r"Why $O(n^2)$ is slow", "Why O(n²) is slow", "Why O(n²) is slow", r"Why M(O(n^2)) is slow"),
        (r"$\alpha < \beta$ & more", "α < β & more", "α &lt; β &amp; more", r"M(\alpha < \beta) &amp; more"),
        (r"Save \$5 on $x$", "Save $5 on x", "Save $5 on x", "Save $5 on M(x)"),
        ("From $5 to $10", "From $5 to $10", "From $5 to $10", "From $5 to $10"),
        ("<code>$x$</code>, `$y$`", "$x$, `$y$`", "<code>$x$</code>, `$y$`", "<code>$x$</code>, `$y$`"),
        ('$<span class="caps">KL</span>(p)$', "KL(p)", "KL(p)", "M(KL(p))"),
        ('A <span class="math">\\(x^2\\)</span>', "A x²", "A x²", "A M(x^2)"),
        (
            r"$\underset{x}{\min}$ f",
            r"\underset{x}{\min} f",
            r"$\underset{x}{\min}$ f",
            r"M(\underset{x}{\min}) f",
        ),
        (r"On $$x$$ alone", "On x alone", "On x alone", "On M(x) alone"),
    ],
)
def test_formulas_in_titles_are_readable_or_marked(title, text, html, marked):
    assert title_text(title) == text
    assert title_html(title) == html
    found = MARKED.sub(lambda mark: f"M({marked_formula(mark).tex})", title_html(title, mark=True))
    assert found == marked
    assert "display" not in title_html(title, mark=True)
