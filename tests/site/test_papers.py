"""The papers that posts treat, on built sites: under each post, on a page, in BibTeX."""

import pytest
from pelican import signals

import pelican_mlnotes
from tests.pages import parse_page

THEME = pelican_mlnotes.theme_path()
OURS = {"THEME": THEME, "MLNOTES_PAPERS": True}
ATTENTION = "https://arxiv.org/abs/1706.03762"
BERT = "https://arxiv.org/abs/1810.04805"
LAYERS = ["reader", "generator"]


def papers(built, slug):
    return [(paper.kind, paper.id, paper.url, paper.title) for paper in built.articles[slug].papers]


def rows(built, name="papers.html"):
    """Title, address and posts of each row of the page."""
    items = parse_page(built.read(name)).select(".archive li")
    return [
        (item.a.get_text(), item.a["href"], [link.get_text() for link in item.select("p a")])
        for item in items
    ]


def test_forms_of_an_address_are_one_paper_by_the_title_that_links_give_it(site):
    site.post(
        "one",
        f"[Vaswani et al., 2017](https://www.alphaxiv.org/pdf/1706.03762v5?x=1) and [here]({BERT}) too.\n\n"
        f"1. Vaswani et al. [*“Attention is all you need.”*](http://arxiv.org/pdf/1706.03762.pdf#page=2)",
    )
    site.post("two", f"[BERT: Pre-training of Deep Transformers]({BERT}v2), after [it]({ATTENTION}).")
    built = site.build(**OURS)
    attention = ("arxiv", "1706.03762", ATTENTION, "Attention is all you need")
    bert = ("arxiv", "1810.04805", BERT, "BERT: Pre-training of Deep Transformers")
    assert papers(built, "one") == [attention, bert]
    assert papers(built, "two") == [bert, attention]
    assert rows(built) == [
        (bert[3], BERT, ["One", "Two"]),
        (attention[3], ATTENTION, ["One", "Two"]),
    ]
    section = parse_page(built.read("one.html")).select_one("section[aria-labelledby=mlnotes-papers]")
    assert [link["href"] for link in section.select("li > a")] == [ATTENTION, BERT]
    assert section.select_one(".related__reasons a")["href"] == "/papers.html#arxiv:1706.03762"
    assert built.read("papers.bib").count("@misc{") == 2
    assert "title = {{Attention is all you need}}" in built.read("papers.bib")
    assert built.warnings == []


def test_by_default_there_is_neither_attribute_nor_page_nor_byte(site):
    site.post("one", f"See [it]({ATTENTION}).", Papers="Mine")
    site.post("two", f"See [it]({ATTENTION}).")
    built = site.build(THEME=THEME)
    assert built.articles["one"].papers == "Mine"
    assert not hasattr(built.articles["two"], "papers")
    assert not [name for name in built.files() if "papers" in name]
    assert "mlnotes-papers" not in built.read("one.html")
    assert "papers.html" not in built.read("index.html")


def test_a_site_without_papers_has_no_page_of_them(site):
    site.post("one", "Nothing.")
    built = site.build(**OURS)
    assert papers(built, "one") == []
    assert not [name for name in built.files() if name.startswith("papers")]
    assert "papers.html" not in built.read("index.html")


@pytest.mark.parametrize(
    "body",
    [
        f"[Attention]({ATTENTION}",
        f"[Attention [is all]({ATTENTION} you",
        f'<a href="{ATTENTION})">it</a>',
        f'<a href="{ATTENTION}]">it</a>',
        "[it](https://arxiv.org/abs/)",
        "[it](https://arxiv.org/abs/1706)",
        "[it](https://doi.org/)",
        "[it](https://[::1/abs/1706.03762)",
        f"`[it]({ATTENTION})`",
        f"```\n[it]({ATTENTION})\n```",
        f"<!-- [it]({ATTENTION}) -->",
        ATTENTION,
    ],
    ids=range(12),
)
def test_a_broken_address_stays_what_it_is(site, body):
    site.post("one", body)
    built = site.build(**OURS)
    assert papers(built, "one") == []
    without = site.build(THEME=THEME, DELETE_OUTPUT_DIRECTORY=True)
    assert built.read("one.html") == without.read("one.html")


def test_a_link_that_is_never_closed_is_a_paper_all_the_same(site):
    site.post("one", f'<p>See <a href="{ATTENTION}">attention is\n\nNext <a href="{BERT}">BERT')
    assert [paper[1] for paper in papers(site.build(**OURS), "one")] == ["1706.03762", "1810.04805"]


def test_old_ids_versions_cases_and_query_strings(site):
    site.post(
        "one",
        "[a](https://arxiv.org/abs/hep-th/9901001v3) [b](https://doi.org/10.1038/NATURE14236?x=1&y=2)"
        " [c](HTTPS://DX.DOI.ORG/10.1038/nature14236) [d](https://openreview.net/pdf?id=rJY0-Kcll&x=<b>)",
    )
    built = site.build(**OURS)
    assert [paper[:2] for paper in papers(built, "one")] == [
        ("arxiv", "hep-th/9901001"),
        ("doi", "10.1038/nature14236"),
        ("openreview", "rJY0-Kcll"),
    ]
    # What no link says is not made up.
    assert [title for title, _, _ in rows(built)] == [
        "arXiv hep-th/9901001",
        "DOI 10.1038/nature14236",
        "OpenReview rJY0-Kcll",
    ]
    assert "title" not in built.read("papers.bib")
    assert "author" not in built.read("papers.bib")


def test_of_five_hundred_papers_a_dozen_is_in_sight_and_all_are_there(site):
    links = (f"- [A paper of number {n}](https://arxiv.org/abs/1706.{n:05})" for n in range(500))
    site.post("one", "\n".join(links))
    built = site.build(**OURS)
    assert len(built.articles["one"].papers) == 500
    section = parse_page(built.read("one.html")).select_one("section[aria-labelledby=mlnotes-papers]")
    assert len(section.select("div > ul > li")) == 12
    assert len(section.select("details li")) == 488
    assert len(rows(built)) == 500
    assert built.read("papers.bib").count("@misc{arxiv:1706.") == 500


def test_most_treated_come_first_then_by_year(site):
    site.post("one", f"[Attention is All You Need]({ATTENTION}), [BERT is the Title]({BERT})")
    site.post("two", f"[it]({ATTENTION}), [Old Paper of Strings](https://arxiv.org/abs/hep-th/9901001)")
    built = site.build(**OURS)
    assert [row[0] for row in rows(built)] == [
        *("Attention is All You Need", "BERT is the Title", "Old Paper of Strings"),
    ]
    page = parse_page(built.read("papers.html"))
    assert [heading.get_text() for heading in page.select("h2")] == ["In several posts", "In one post"]
    assert [time["datetime"] for time in page.select(".archive time")] == ["2017", "2018", "1999"]


@pytest.mark.parametrize("lines", [{"Status": "draft"}, {"Status": "hidden"}, {"date": "2999-01-01"}])
def test_what_is_not_published_adds_no_paper_and_no_title(site, lines):
    site.post("one", f"See [it]({ATTENTION}).")
    site.post("secret", f"[Zzsecret title here]({ATTENTION}), [Zzsecret other paper]({BERT})", **lines)
    built = site.build(**OURS, WITH_FUTURE_DATES=False)
    assert papers(built, "one") == [("arxiv", "1706.03762", ATTENTION, "1706.03762")]
    assert rows(built) == [("arXiv 1706.03762", ATTENTION, ["One"])]
    for name in ("papers.html", "papers.bib", "one.html", "index.html"):
        assert "Zzsecret" not in built.read(name)
        assert "secret" not in built.read(name)
    if "secret" in built.articles:
        assert [paper[3] for paper in papers(built, "secret")] == [
            "Zzsecret title here",
            "Zzsecret other paper",
        ]


def test_titles_are_text_wherever_they_stand(site):
    site.post(
        "one",
        f'<p><a href="{ATTENTION}">&lt;script&gt;alert(1)&lt;/script&gt; "a" &amp; {{b}} c% \\d</a></p>',
    )
    built = site.build(**OURS)
    for name in ("papers.html", "one.html"):
        assert "<script>alert" not in built.read(name)
        assert "&lt;script&gt;alert(1)&lt;/script&gt; " in built.read(name)
    text = built.read("papers.bib")
    assert text.count("{") == text.count("}")
    assert "\\textbraceleft{}b\\textbraceright{} c\\% \\textbackslash{}d" in text


def test_no_writing_direction_is_left_open(site):
    doi = "https://doi.org/10.1038/x%E2%80%AEy"
    site.post("one", f"See [A \u202etitle of many words]({ATTENTION}) and [BERT]({doi}).", Summary="None.")
    site.post("two", f"See [it]({ATTENTION}) and [A title \u2067of BERT]({BERT}).", Summary="None.")
    built = site.build(**OURS)
    assert [paper[3] for paper in papers(built, "one")] == ["A \u202etitle of many words\u202c"]
    assert [paper[3] for paper in papers(built, "two")][1:] == ["A title \u2067of BERT\u2069"]
    pages = [str(parse_page(built.read("two.html")).select_one("#mlnotes-papers").parent)]
    pages += [built.read("papers.html"), built.read("papers.bib")]
    for page in pages:
        for opened, closed in ("\u202e\u202c", "\u2067\u2069"):
            assert page.count(opened) == page.count(closed) > 0


@pytest.mark.parametrize("save_as", ["read/index.html", "list.html"])
@pytest.mark.parametrize("relative", [False, True])
def test_the_page_may_lie_elsewhere(site, save_as, relative):
    site.post("one", f"See [it]({ATTENTION}).")
    settings = {"RELATIVE_URLS": True} if relative else {"SITEURL": "https://notes.example/blog"}
    built = site.build(**OURS, **settings, MLNOTES_PAPERS_SAVE_AS=save_as)
    up = ("../" if "/" in save_as else "./") if relative else "https://notes.example/blog/"
    page = parse_page(built.read(save_as))
    bibtex = save_as.replace(".html", ".bib")
    assert page.select_one("a[download]")["href"] == up + bibtex
    assert "@misc{arxiv:1706.03762," in built.read(bibtex)
    (entry,) = [link for link in page.select("header a") if link.get_text() == "Papers"]
    assert (entry["href"], entry["aria-current"]) == (up + save_as, "page")


def test_without_a_page_posts_have_their_papers_all_the_same(site):
    site.post("one", f"See [it]({ATTENTION}).")
    built = site.build(**OURS, MLNOTES_PAPERS_SAVE_AS="")
    assert not [name for name in built.files() if name.endswith((".bib", "papers.html"))]
    assert ATTENTION in str(parse_page(built.read("one.html")).select_one("#mlnotes-papers").parent)


@pytest.mark.parametrize(
    "taken",
    [
        {"MLNOTES_PAPERS_SAVE_AS": "one.html"},
        {"MLNOTES_PAPERS_SAVE_AS": "pages/about.html"},
        {"MLNOTES_PAPERS_SAVE_AS": "tag/t.html"},
        {"MLNOTES_PAPERS_SAVE_AS": "archives.html"},
        {"MLNOTES_PAPERS_SAVE_AS": "one.html/index.html"},
        {"ARTICLE_SAVE_AS": "papers.bib"},
        {"MLNOTES_PAPERS_SAVE_AS": "papers.bib"},
        {"MLNOTES_PAPERS_SAVE_AS": "data/mine.html", "STATIC_PATHS": ["data"]},
    ],
)
def test_the_page_overwrites_no_other(site, taken):
    site.post("one", f"See [it]({ATTENTION}).", Tags="t")
    site.write("pages/about.md", "Title: About\n\nUs.\n")
    site.write("data/mine.bib", "@misc{mine}")
    built = site.build(**OURS, **taken)
    (warning,) = built.warnings
    assert "there is no page of papers" in warning
    assert "MLNOTES_PAPERS_SAVE_AS" in warning
    assert "Papers</a>" not in built.read("index.html")


@pytest.mark.parametrize("layer", LAYERS)
def test_a_cached_build_knows_the_same_papers(site, layer):
    cached = {"CACHE_CONTENT": True, "LOAD_CONTENT_CACHE": True, "CONTENT_CACHING_LAYER": layer}
    site.post("one", f"See [Attention is all you need]({ATTENTION}).")
    site.build(THEME=THEME, **cached)
    first = site.build(**OURS, **cached, DELETE_OUTPUT_DIRECTORY=True)
    for _ in range(2):
        assert site.build(**OURS, **cached, DELETE_OUTPUT_DIRECTORY=True).files() == first.files()
    assert site.build(**OURS, DELETE_OUTPUT_DIRECTORY=True).files() == first.files()
    assert papers(first, "one") == [("arxiv", "1706.03762", ATTENTION, "Attention is all you need")]


@pytest.mark.parametrize("theme", ["simple", "notmyidea"])
def test_another_theme_has_the_macro_and_the_page(site, theme):
    site.post("one", f"See [Attention & all <b>you</b> need]({ATTENTION}).")
    folder = site.folder / "overrides"
    folder.mkdir()
    (folder / "article.html").write_text(
        '{% from "mlnotes/macros.html" import papers %}[{{ papers(article) }}]', encoding="utf-8"
    )
    settings = {
        "THEME": theme,
        "THEME_TEMPLATES_OVERRIDES": [str(folder)],
        "SITEURL": "https://notes.example",
    }
    built = site.build(MLNOTES_PAPERS=True, **settings)
    page = built.read("one.html")
    assert "<h2>Papers</h2>" in page
    assert f'<li><a href="{ATTENTION}">Attention &amp; all you need</a></li>' in page
    page = parse_page(built.read("papers.html"))
    assert [link["href"] for link in page.select(".mlnotes-papers a")] == [
        ATTENTION,
        "https://notes.example/one.html",
    ]
    assert site.build(**settings).read("one.html").strip() == "[]"


def test_the_page_in_another_theme_names_a_paper_without_a_title_once(site):
    site.post(
        "one", f"See [Attention is all you need]({ATTENTION}) and [here](https://arxiv.org/abs/1412.6980)."
    )
    page = parse_page(site.build(MLNOTES_PAPERS=True, THEME="simple").read("papers.html"))
    told = {" ".join(row.get_text().split()) for row in page.select(".mlnotes-papers > li")}
    assert told == {
        "Attention is all you need, arXiv 1706.03762, 2017 One",
        "arXiv 1412.6980, 2014 One",
    }


def test_a_post_and_its_translation_count_once(site):
    site.post("one", f"See [it]({ATTENTION}).")
    site.write(
        "one-de.md", f"Title: Eins\nSlug: one\nLang: de\nDate: 2026-01-01\n\nSiehe [das]({ATTENTION}).\n"
    )
    built = site.build(**OURS)
    assert rows(built) == [("arXiv 1706.03762", ATTENTION, ["One"])]
    assert "Veröffentlichungen" in built.read("one-de.html")


def test_titles_are_those_of_posts_in_the_language_of_the_page(site):
    head = "Title: Eins\nSlug: one\nLang: de\nDate: 2026-01-01"
    german = "Aufmerksamkeit ist alles was man wirklich braucht"
    site.post("one", f"See [Attention is all you need]({ATTENTION}).")
    site.post("two", f"See [it]({ATTENTION}) and [this]({BERT}).")
    site.write("one-de.md", f"{head}\n\nSiehe [{german}]({ATTENTION}), [Ein Titel über BERT]({BERT}).\n")
    site.write("two-de.md", f"{head.replace('one', 'two')}\n\nSiehe [das]({ATTENTION}) und [das]({BERT}).\n")
    built = site.build(**OURS)
    titles = [title for title, _, _ in rows(built)]
    assert sorted(titles) == ["Attention is all you need", "Ein Titel über BERT"]
    assert german not in built.read("papers.bib")
    assert [paper[3] for paper in papers(built, "two")] == [
        "Attention is all you need",
        "Ein Titel über BERT",
    ]
    assert [paper[3] for paper in papers(built, "two-de")] == [german, "Ein Titel über BERT"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAPERS", 1),
        ("PAPERS", "yes"),
        ("PAPERS_SAVE_AS", "../x.html"),
        ("PAPERS_SAVE_AS", "/x.html"),
        ("PAPERS_SAVE_AS", 3),
        ("PAPERS_SAVE_AS", "."),
        ("PAPERS_SAVE_AS", "x\0.html"),
        ("PAPERS_SAVE_AS", "x" * 300),
        ("PAPERS_SAVE_AS", "x?y#z.html"),
    ],
)
def test_a_wrong_value_for_papers_stops_the_build(site, name, value):
    site.post("one")
    with pytest.raises(ValueError, match=f"MLNOTES_{name} must be"):
        site.build(**{f"MLNOTES_{name}": value})


FOREST = "A random forest is an ensemble of decision trees. Bagging grows each of them. " * 4


def write_forests(site, *linking):
    endings = {
        "one": "Pruning stops a deep tree early, and boosting follows where errors stay.",
        "two": "Votes of many weak learners beat one strong learner on noisy tables.",
        "three": "Missing values split off into a branch of surrogate columns.",
    }
    for slug, ending in endings.items():
        named = f"[Pre-training of deep transformers]({BERT})"
        link = f" See [it]({ATTENTION}) and {named}." if slug in linking else ""
        site.post(slug, f"{FOREST} {ending * 3}{link}", Title=f"Forests {slug}", Papers="planted")


def test_a_paper_that_both_are_on_is_a_reason_where_a_post_is_related(site):
    write_forests(site, "one", "two")
    site.post("bread", f"{'Knead the dough. ' * 9} [it]({BERT})", Papers="planted")
    built = site.build(**OURS)
    one, two, three, bread = (built.articles[slug] for slug in ("one", "two", "three", "bread"))
    assert set(one.related_posts) == {two, three}
    assert one.related_reasons[two][-1] == one.related_reasons["two"][-1] == "arXiv 1810.04805"
    assert len(one.related_reasons[two]) <= 3
    assert "arXiv 1810.04805" not in one.related_reasons[three]
    assert list(bread.related_posts) == []
    assert "arXiv 1810.04805" in built.read("one.html").split('id="mlnotes-related"')[1]
    without = site.build(THEME=THEME).articles["one"]
    assert "arXiv 1810.04805" not in without.related_reasons["two"]


def look_at_reasons(generators):
    for article in generators[0].articles:
        assert dict(article.related_reasons)


def test_who_looks_at_reasons_before_papers_are_known_changes_none(site):
    write_forests(site, "one", "two")
    expected = {slug: dict(post.related_reasons) for slug, post in site.build(**OURS).articles.items()}
    assert "arXiv 1810.04805" in expected["one"]["two"]
    signals.all_generators_finalized.connect(look_at_reasons)
    try:
        built = site.build(**OURS)
    finally:
        signals.all_generators_finalized.disconnect(look_at_reasons)
    assert {slug: dict(post.related_reasons) for slug, post in built.articles.items()} == expected


def test_a_paper_that_nobody_calls_by_a_name_is_no_reason(site):
    write_forests(site, "one", "two")
    built = site.build(**OURS)
    one, two = (built.articles[slug] for slug in ("one", "two"))
    assert "1706.03762" in [paper.title for paper in one.papers]
    assert not any("1706.03762" in reason for reason in one.related_reasons[two])
    site.post("three", f"Trees. [Attention is all you need]({ATTENTION})")
    built = site.build(**OURS)
    one, two = (built.articles[slug] for slug in ("one", "two"))
    assert one.related_reasons[two][-1] == "arXiv 1706.03762"


def test_whether_papers_are_read_changes_no_list_of_related_posts(site):
    write_forests(site, "one", "three")
    lists = []
    for settings in (OURS, {"THEME": THEME}):
        built = site.build(**settings)
        lists.append(
            {slug: [post.slug for post in built.articles[slug].related_posts] for slug in built.articles}
        )
    assert lists[0] == lists[1]


def hide(generator):
    for article in generator.articles:
        if article.slug == "secret":
            article.status = "hidden"


def test_what_another_plugin_hides_is_neither_named_nor_told_of(site):
    site.post("one", f"See [it]({ATTENTION}).")
    site.post(
        "secret", f"Zzsecret [Zzsecret title here]({ATTENTION}), [it]({BERT}), [one]({{filename}}one.md)"
    )
    signals.article_generator_finalized.connect(hide)
    try:
        built = site.build(**OURS, MLNOTES_BACKLINKS=True)
    finally:
        signals.article_generator_finalized.disconnect(hide)
    assert built.articles["one"].backlinks == ()
    assert papers(built, "one") == [("arxiv", "1706.03762", ATTENTION, "1706.03762")]
    assert rows(built) == [("arXiv 1706.03762", ATTENTION, ["One"])]
