"""Inputs on which some step once took time that grew with the square of their length, or a level a sign.

Each is so long that the old code took minutes; ``python -m bench doubling`` looks for more of their kind.
"""

import pytest

from pelican_mlnotes.document.pictures import shown_address
from pelican_mlnotes.document.reader import parse_document
from pelican_mlnotes.formulas.convert import Converter, Formula, _label_names
from pelican_mlnotes.formulas.definitions import definitions_in, without_definitions
from pelican_mlnotes.formulas.delimiters import MARKED, find_formulas
from pelican_mlnotes.formulas.plain import tex_to_text
from pelican_mlnotes.formulas.prepare import prepared
from pelican_mlnotes.formulas.titles import title_html, title_text
from pelican_mlnotes.importers.html import find_tags
from pelican_mlnotes.links.sentences import sentence_of
from pelican_mlnotes.plugin.own_theme.html import edit_html
from pelican_mlnotes.plugin.own_theme.paper import fit_formulas
from pelican_mlnotes.plugin.tags import TopicTags
from pelican_mlnotes.text.words import normalise, with_few_marks
from pelican_mlnotes.topics.taxonomy import BUNDLED, load_taxonomy


def test_backticks_beside_a_dollar_sign_in_a_title():
    title = "$" + "`" * 200_000
    assert title_text(title) == title
    assert title_html(title, mark=True) == title


def test_runs_of_backticks_that_nothing_ends_in_a_title():
    title = "$" + "".join("`" * number + "a" for number in range(2, 600))
    assert title_text(title) == title


def test_commas_in_a_set_of_pictures():
    assert shown_address({"srcset": "," * 100_000}) is None
    assert shown_address({"srcset": " " * 99_000 + "a.png 2x,,b.png 1x"}) == "a.png"


def test_letters_that_are_raised():
    letters = "a" * 1_000_000
    assert parse_document(f"<p>x<sup>{letters}</sup></p>").prose == f"x^({letters})"


def test_spans_in_spans_that_may_be_headings():
    html = '<span class="rubric">' * 100_000 + "word"
    assert "word" in " ".join([parse_document(html).prose, *parse_document(html).headings])


def test_callouts_that_begin_in_callouts_on_one_line():
    html = "<blockquote><p>[!note] a" * 20_000
    edited = edit_html(html).html
    assert len(edited) < 10 * len(html)


def test_a_callout_has_the_title_that_stands_on_its_line():
    html = "<blockquote><p>[!note] <b>Read</b> this</p><p>text</p></blockquote>"
    assert '<p class="admonition-title"><b>Read</b> this' in edit_html(html).html


def test_accents_over_accents():
    tex = r"\hat" * 100_000
    assert tex_to_text(tex) == tex
    assert tex_to_text(r"\frac" * 1000) == r"\frac" * 1000


def test_many_links_in_one_paragraph_that_are_asked_for():
    html = "<p>" + "See <a href='x.html'>a note</a> on it. " * 10_000
    links = parse_document(html, links=lambda address: True).links
    assert len(links) == 10_000
    assert {sentence_of(link) for link in links} == {"See a note on it."}


def test_many_links_in_a_footnote_that_are_asked_for():
    html = "<div class='footnote'><p>" + "See <a href='x.html'>a note</a> on it. " * 10_000
    assert len(parse_document(html, links=lambda address: True).links) == 10_000


def test_a_mark_of_a_formula_with_thousands_of_classes():
    html = '<span class="' + "math " * 40_000 + '">\\(x</span>'
    assert Converter().convert_marked(html + r'<span class="math">\(x\)</span>')[1] == []
    assert MARKED.search(html) is None


def test_blanks_in_a_marked_environment_that_does_not_end():
    html = r'<span class="math">\begin{' + " " * 300_000 + "<b></span>"
    assert MARKED.search(html) is None


def test_options_of_sizes_and_colours_behind_a_formula_of_wordpress():
    tex = "latex x" + "&bg=f" * 40_000
    assert [found.formula.tex for found in find_formulas(f"${tex}$")] == ["x"]
    assert [found.formula.tex for found in find_formulas(f"${tex}-1$")] == [tex.removeprefix("latex ") + "-1"]


@pytest.mark.parametrize("start", [r"\newcommand{\a}{", r"\text{", r"\mathop{\rm ", r"\dv{", r"\matrix{"])
def test_arguments_that_never_end(start):
    tex = start * 40_000
    assert definitions_in([tex]) == {}
    assert without_definitions(tex) == tex
    assert prepared(tex, display=True)


def test_a_thousand_definitions_are_used_a_thousand_times():
    names = [
        f"\\a{'bcdefghijk'[n // 100]}{'bcdefghijk'[n // 10 % 10]}{'bcdefghijk'[n % 10]}" for n in range(1000)
    ]
    marks = [
        Formula(rf"\newcommand{{{name}}}{{x_{{{at}}}}} y", False).marked() for at, name in enumerate(names)
    ]
    marks += [Formula(name, False).marked() for name in names]
    html, faults = Converter().convert_marked("".join(marks))
    assert faults == []
    assert html.count("<math") == 2000


def test_labels_that_share_a_stem():
    stems = (f"a{number:b}".replace("0", "!").replace("1", "?") for number in range(1, 40_000))
    names, twice = _label_names([Formula(rf"\label{{{stem}}}", True) for stem in stems], "")
    assert len(set(names.values())) == len(names) == 39_999
    assert twice == []


def test_formulas_that_are_displayed_and_never_end():
    html = '<span class="math-display" tabindex="0"><math>' * 40_000
    assert fit_formulas(html) == html


def test_combining_marks_out_of_order():
    text = "e" + "\u0301\u0323" * 200_000
    assert normalise(text) == "e"
    assert len(with_few_marks(text)) == 31
    edited = edit_html(f"<h2>{text}</h2>").html
    assert text in edited


def test_options_of_one_list():
    html = "<p>before</p><select>" + "<option>a" * 100_000 + "</select><p>after</p>"
    assert parse_document(html).prose == "before after"


def test_ends_of_style_sheets_that_do_not_end():
    html = "<div>" * 2000 + "<p>word<style>" + "</style " * 100_000
    assert parse_document(html).prose == "word"


@pytest.mark.parametrize("part", ["<a ", "<p <", '<a b="', "<a b", "<a"])
def test_tags_that_are_never_closed_in_an_imported_post(part):
    html = "<p id=x>" + part * 20_000
    assert [tag.name for tag in find_tags(html)] == ["p"]


def test_signs_of_a_subscript_between_blanks():
    tex = "x_{\\text{a" + " \\ " * 30_000 + "}}"
    assert tex_to_text(tex)


def test_thousands_of_names_that_no_topic_has():
    tags = TopicTags([], load_taxonomy(BUNDLED), {})
    assert tags.like("deep learnin") == "Deep Learning"
    assert not any([tags.like(f"deep learnin {number}") for number in range(40_000)][1000:])
    assert tags.like("deep learnin") == "Deep Learning"
