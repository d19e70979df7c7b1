"""The papers of a site: their titles, their order, and the posts that treat them."""

from datetime import UTC, datetime, timedelta

import pytest

from pelican_mlnotes.links.shelf import Note, common_titles, first_texts, papers_of, shelve

A, B, C, D = (
    f"https://arxiv.org/abs/{name}" for name in ("1706.03762", "1810.04805", "1412.6980", "1901.00001")
)
DOI = "https://doi.org/10.1/x"
DOI = "https://doi.org/10.1038/nature14236"


def note(key, *papers, day=0, topic="", group=None, lang="en"):
    texts = tuple(paper if isinstance(paper, tuple) else (paper, "") for paper in papers)
    return Note(key, group or key, lang, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day), topic, texts)


def test_each_paper_of_a_post_is_named_once_by_the_best_of_its_texts():
    links = [
        (f"{A}v1", "Vaswani et al."),
        (B, "BERT"),
        ("https://example.org/", "x"),
        (A, "Attention is all"),
    ]
    assert first_texts(links) == ((A, "Attention is all"), (B, "BERT"))


def test_a_title_is_the_posts_own_text_else_the_longest_of_the_site_else_the_id():
    common = common_titles([("en", ((A, "Attention is all you need"), (B, "BERT"), (C, "")))])
    papers = papers_of(((A, "Attention is All"), (A, ""), (B, "B"), (C, ""), (A, "AIAYN")), common, "en")
    assert [paper.title for paper in papers] == [
        *("Attention is All", "Attention is all you need", "BERT", "1412.6980", "Attention is all you need"),
    ]


def test_most_treated_first_then_by_year_then_by_topic_then_by_title():
    notes = [
        note("x", C, (B, "B paper here"), (D, "Old but late"), DOI, topic="vision"),
        note("y", C, A, day=1, topic="language"),
    ]
    shelf = shelve(notes, "en")
    assert [(one.paper.url, one.notes, one.topic) for one in shelf] == [
        (C, ("y", "x"), "language"),
        (D, ("x",), "vision"),
        (B, ("x",), "vision"),
        (A, ("y",), "language"),
        (DOI, ("x",), "vision"),
    ]
    assert shelve(notes[::-1], "en") == shelf


def test_within_a_year_papers_of_one_topic_stand_together():
    notes = [
        note("x", A, topic="b"),
        note("y", "https://arxiv.org/abs/1701.00001", topic="a"),
        note("z", "https://arxiv.org/abs/1701.00002"),
    ]
    assert [one.topic for one in shelve(notes, "en")] == ["a", "b", ""]


def test_versions_of_one_post_count_once():
    notes = [
        note("x-de", A, group="x", lang="de"),
        note("x", A, group="x"),
        note("y-de", A, lang="de"),
    ]
    (one,) = shelve(notes, "en")
    assert one.notes == ("x", "y-de")


GERMAN = "Aufmerksamkeit ist alles was man wirklich braucht"
TITLES = [
    note("x", (A, "Attention is all you need"), (B, "BERT"), (C, "here")),
    note("x-de", (A, GERMAN), (B, "BERT auf Deutsch erklärt"), (C, "Ein Verfahren von Adam"), lang="de"),
    note("y", (A, "Attention is all"), (B, ""), C),
]


@pytest.mark.parametrize(
    ("lang", "titles"),
    [
        ("en", {A: "Attention is all you need", B: "BERT", C: "Ein Verfahren von Adam"}),
        ("de", {A: GERMAN, B: "BERT auf Deutsch erklärt", C: "Ein Verfahren von Adam"}),
        ("fr", {A: GERMAN, B: "BERT auf Deutsch erklärt", C: "Ein Verfahren von Adam"}),
    ],
)
def test_a_page_calls_papers_what_posts_in_its_language_do_and_else_what_any_does(lang, titles):
    assert {one.paper.url: one.paper.title for one in shelve(TITLES, lang)} == titles
    common = common_titles((one.lang, one.papers) for one in TITLES)
    of_post = papers_of(tuple((url, "") for url in titles), common, lang)
    assert {paper.url: paper.title for paper in of_post} == titles


def test_a_name_that_a_post_gives_a_paper_stays_where_only_other_languages_have_a_title():
    common = common_titles([("de", ((B, "BERT auf Deutsch erklärt"),))])
    assert [paper.title for paper in papers_of(((B, "BERT"),), common, "en")] == ["BERT"]
