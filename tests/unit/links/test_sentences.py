"""The sentence that a link stands in: whole, or as much of it as fits."""

import pytest

from pelican_mlnotes.document.reader import parse_document
from pelican_mlnotes.links.sentences import LONGEST, sentence_of


def sentence(html, longest=LONGEST):
    (link,) = parse_document(html, links=lambda address: True).links
    return sentence_of(link, longest)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("First. Here is <a href='b'>the note</a> on it. Last.", "Here is the note on it."),
        ("As Doe et al. say in <a href='b'>it</a>, e.g. here. Last.", "As Doe et al. say in it, e.g. here."),
        ("Was it? <a href='b'>Yes!</a> So be it.", "Yes!"),
        ("The rate is 0.5 in <a href='b'>it</a>. Last.", "The rate is 0.5 in it."),
        ("第一句。我们在<a href='b'>这篇文章</a>里说过。第三句。", "我们在这篇文章里说过。"),
        ("One. We need $O(n. N)$ of <a href='b'>it</a>. Two.", "We need O(n. N) of it."),
        ("No end <a href='b'>here</a>", "No end here"),
        ("<a href='b'><img src='a.png' alt=''></a>", ""),
    ],
)
def test_the_sentence_around_a_link(text, expected):
    assert sentence(f"<p>{text}</p>") == expected


@pytest.mark.parametrize("word", ["word ", "我们在", "antidisestablishmentarianism, "])
@pytest.mark.parametrize(("before", "after"), [(0, 90), (90, 0), (90, 90), (3, 90), (90, 3)])
def test_a_long_sentence_is_cut_between_words_around_its_link(word, before, after):
    text = f"<p>{word * before}<a href='b'>the note</a> {word * after}</p>"
    found = sentence(text)
    assert len(found) <= LONGEST
    assert "the note" in found
    assert (found[0] == "…") == (len(word) * before > LONGEST)
    assert (found[-1] == "…") == (len(word) * after > LONGEST)
    words = set(word.split()) if word != "我们在" else set()
    for part in found.strip("…").replace("the note", "").split() if words else ():
        assert part.strip(",") in {one.strip(",") for one in words}


def test_no_cut_goes_through_a_formula():
    found = sentence("<p>" + "$a_1 + b_2$ " * 60 + "<a href='b'>it</a> " + "$a_1 + b_2$ " * 60 + "</p>")
    assert set(found.strip("…").replace(" it ", " ").replace("a₁ + b₂", "").split()) == set()
    assert len(found) <= LONGEST


def test_of_a_link_that_is_longer_than_a_sentence_its_start_is_kept():
    found = sentence(f"<p>Word <a href='b'>{'link ' * 80}</a> word.</p>", 50)
    assert found.startswith("link link")
    assert len(found) <= 50
