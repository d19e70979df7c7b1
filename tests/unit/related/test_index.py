from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from pelican_mlnotes.document.model import Document, Post
from pelican_mlnotes.related import index as related_module
from pelican_mlnotes.related.index import Reasons, RelatedIndex, Relation, rank_related

START = datetime(2024, 1, 1, tzinfo=UTC)

GARDEN = "Tomatoes ripen late because tomatoes want warm soil and warm nights. Compost feeds the soil."
VINES = "Compost and warm soil feed the vines, and tomatoes grow well beside vines in warm soil."
SHIPS = "Harbours silted up, sailors left, and sailors built a lighthouse far from old harbours."
PORTS = "The lighthouse guided sailors into harbours whose pilots knew sailors by name."


def make_post(key, prose="", *, title="", day=0, headings=(), captions=(), links=(), tags=(), lang="en"):
    document = Document(prose=prose, headings=headings, captions=captions, links=links)
    return Post(key, title, document, tags, START + timedelta(days=day), lang)


def index_of(*posts, **each):
    """An index of posts, each a Post or a pair of a Post and what else ``add`` takes."""
    index = RelatedIndex("en")
    for entry in posts:
        post, more = entry if isinstance(entry, tuple) else (entry, {})
        index.add(post, **each, **more)
    return index


def reasons_of(relation, *posts):
    """The reasons of a relation as ``posts`` write them."""
    return relation.reasons(*[post.document.prose for post in posts])


def keys(relations):
    return [relation.key for relation in relations]


def test_posts_about_one_thing_are_related_and_others_are_not():
    posts = [
        make_post("garden", GARDEN),
        make_post("vines", VINES),
        make_post("ships", SHIPS),
        make_post("ports", PORTS),
    ]
    related = rank_related(posts, max=5, min_score=0.0)
    assert {key: keys(found) for key, found in related.items()} == {
        "garden": ["vines"],
        "vines": ["garden"],
        "ships": ["ports"],
        "ports": ["ships"],
    }


def test_no_posts_give_no_lists():
    assert rank_related([], max=5, min_score=0.0) == {}


def test_a_single_post_and_an_empty_post_have_empty_lists():
    assert rank_related([make_post("a", GARDEN)], max=5, min_score=0.0) == {"a": ()}
    posts = [make_post("a", GARDEN), make_post("b"), make_post("c", "the and of")]
    assert rank_related(posts, max=5, min_score=0.0) == {"a": (), "b": (), "c": ()}


def test_a_word_that_all_posts_share_relates_them_in_a_tiny_blog():
    posts = [make_post("a", "tomatoes"), make_post("b", "tomatoes")]
    related = rank_related(posts, max=5, min_score=0.0)
    assert keys(related["a"]) == ["b"]
    assert related["a"][0].score == 1


def test_stop_words_relate_nothing():
    posts = [make_post("a", "this is about it tomatoes"), make_post("b", "this is about it sailors")]
    assert rank_related(posts, max=5, min_score=0.0)["a"] == ()


def test_no_list_is_longer_than_max():
    posts = [make_post(f"{number}", GARDEN, day=number) for number in range(4)] + [make_post("v", VINES)]
    assert all(len(found) <= 1 for found in rank_related(posts, max=1, min_score=0.0).values())
    assert all(found == () for found in rank_related(posts, max=0, min_score=0.0).values())


def test_relations_below_min_score_are_left_out():
    posts = [make_post("garden", GARDEN), make_post("vines", VINES)]
    score = rank_related(posts, max=5, min_score=0.0)["garden"][0].score
    assert rank_related(posts, max=5, min_score=score - 0.01)["garden"] != ()
    assert rank_related(posts, max=5, min_score=score + 0.01)["garden"] == ()


def test_a_tie_goes_to_the_newer_post_and_then_to_the_lower_key():
    near = [
        make_post("b", "warm soil lighthouse", day=1),
        make_post("c", "warm soil harbours", day=2),
        make_post("a", "warm soil sailors", day=1),
    ]
    for order in (near, near[::-1]):
        related = rank_related([make_post("x", "warm soil"), *order], max=5, min_score=0.0)
        assert keys(related["x"]) == ["c", "a", "b"]


def test_the_title_says_more_than_the_text():
    posts = [
        make_post("x", "Sailors slept beside it.", title="Compost"),
        make_post("ships", "Sailors and a lighthouse, sailors and pilots."),
        make_post("garden", "Compost and vines, soil and tomatoes."),
    ]
    assert keys(rank_related(posts, max=5, min_score=0.0)["x"]) == ["garden", "ships"]


def test_headings_tags_and_captions_count():
    for part in ("headings", "tags", "captions"):
        posts = [
            make_post("a", **{part: ("Triplet loss",)}),
            make_post("b", "A triplet loss"),
            make_post("c", SHIPS),
        ]
        assert keys(rank_related(posts, max=5, min_score=0.0)["a"]) == ["b"], part


def test_a_link_to_the_same_page_relates():
    posts = [
        make_post("a", "tomatoes", links=("https://www.example.org/Paper/#results",)),
        make_post("b", "sailors", links=("http://example.org/paper",)),
        make_post("c", "compost", links=("https://example.org/other", "#top", "", "mailto:a@example.org")),
    ]
    assert keys(rank_related(posts, max=5, min_score=0.0)["a"]) == ["b"]


@pytest.mark.parametrize(
    "other", ["https://arxiv.org/pdf/1706.03762v5.pdf", "https://arxiv.org/abs/1706.03762v1"]
)
def test_versions_and_formats_of_a_paper_are_one_page(other):
    posts = [
        make_post("a", "tomatoes", links=("https://arxiv.org/abs/1706.03762",)),
        make_post("b", "sailors", links=(other,)),
    ]
    assert keys(rank_related(posts, max=5, min_score=0.0)["a"]) == ["b"]


def test_a_post_that_cites_another_is_related_to_it():
    index = index_of(
        (make_post("my posts/a.md", "tomatoes"), {}),
        (make_post("b", "sailors"), {"cites": ["my posts/a.md"]}),
    )
    assert keys(index.rank(max=5, min_score=0.0)["b"]) == ["my posts/a.md"]


def test_translations_of_one_text_are_never_related():
    index = index_of(
        (make_post("a", GARDEN), {"group": "garden"}),
        (make_post("b", GARDEN), {"group": "garden"}),
        (make_post("c", VINES), {"group": "vines"}),
    )
    related = index.rank(max=5, min_score=0.0)
    assert keys(related["a"]) == ["c"]
    assert keys(related["b"]) == ["c"]


def test_at_most_two_parts_of_a_series_are_listed():
    parts = [
        (make_post(f"part-{day}", f"{GARDEN} part{day}", day=day), {"series": "Soil"}) for day in range(3)
    ]
    apart = (make_post("apart", "Warm nights, said the sailors."), {})
    related = index_of((make_post("x", GARDEN), {}), *parts, apart).rank(max=5, min_score=0.0)
    listed = keys(related["x"])
    assert sum(key.startswith("part") for key in listed) <= 2
    assert listed[-1] == "apart"


def test_near_duplicates_do_not_fill_a_list_with_one_another():
    posts = [
        make_post("x", "Warm soil under an old lighthouse"),
        make_post("one", GARDEN, day=1),
        make_post("same", GARDEN, day=2),
        make_post("ports", PORTS),
    ]
    assert sorted(keys(rank_related(posts, max=5, min_score=0.0)["x"])) == ["ports", "same"]


def test_a_draft_gets_published_posts_and_changes_nothing_for_them():
    posts = [make_post("garden", GARDEN), make_post("vines", VINES), make_post("ships", SHIPS)]
    without = rank_related(posts, max=5, min_score=0.0)
    queries = [make_post("draft", f"{GARDEN} Vines beside a zeppelin."), make_post("second", GARDEN)]
    related = rank_related(posts, max=5, min_score=0.0, queries=queries)
    assert {key: related[key] for key in without} == without
    assert keys(related["draft"]) == ["garden", "vines"]
    assert keys(related["second"])[0] == "garden"


def test_a_draft_finds_what_a_single_post_says():
    posts = [make_post("garden", GARDEN), make_post("ships", SHIPS)]
    related = rank_related(posts, max=5, min_score=0.0, queries=[make_post("draft", "About nights.")])
    assert keys(related["draft"]) == ["garden"]


def test_drafts_alone_have_empty_lists():
    assert rank_related([], max=5, min_score=0.0, queries=[make_post("draft", GARDEN)]) == {"draft": ()}


def test_tokens_of_the_caller_stand_for_the_prose():
    index = index_of(
        (make_post("a", "unread"), {"tokens": ["warm", "soil"]}),
        (make_post("b", "unread"), {"tokens": ["warm", "nights"]}),
        (make_post("c", "unread"), {"tokens": ["sailors"]}),
    )
    assert keys(index.rank(max=5, min_score=0.0)["a"]) == ["b"]


def test_dates_with_and_without_time_zone_can_be_compared():
    naive = Post("naive", "", Document(prose=GARDEN), (), datetime(1, 1, 1), "en")
    aware = make_post("aware", VINES)
    assert keys(rank_related([naive, aware], max=5, min_score=0.0)["naive"]) == ["aware"]


def test_reasons_are_shared_topics_and_then_shared_words_as_written():
    one = make_post("a", "We met LSTM cells. LSTM cells forget sailors.")
    two = make_post("b", "LSTM cells have gates: LSTM cells leak.")
    index = index_of(
        (one, {"topics": ["Soil", "Triplet loss"]}),
        (two, {"topics": ["Triplet loss", "Ports"]}),
        make_post("c", SHIPS),
    )
    relation = index.rank(max=5, min_score=0.0)["a"][0]
    assert relation.key == "b"
    assert relation.topics == ("Triplet loss",)
    assert "lstm cells" in relation.find_terms()
    assert reasons_of(relation, one) == reasons_of(relation, two) == ("Triplet loss", "LSTM cells")


def test_a_reason_is_written_as_inside_a_sentence_if_it_stands_there():
    posts = [
        make_post("a", "Compost matters. Compost heaps rot, and compost heats. Bayes agrees with Bayes."),
        make_post("b", "Compost wins. Long live Bayes and Bayes alone."),
        make_post("c", SHIPS),
    ]
    relation = rank_related(posts, max=5, min_score=0.0)["a"][0]
    assert set(reasons_of(relation, posts[0])) == {"compost", "Bayes"}
    assert set(reasons_of(relation, posts[1])) == {"Compost", "Bayes"}


def test_a_reason_keeps_the_accents_of_the_text():
    relation = Relation("b", 1.0, find_terms=lambda: ("modele",))
    assert relation.reasons("Le modèle gelé, le modèle chaud.") == ("modèle",)


def test_a_pair_of_words_is_a_reason_only_where_it_stands_together():
    relation = Relation("b", 1.0, find_terms=lambda: ("triplet loss", "loss", "margin"))
    assert relation.reasons("The Triplet-Loss has a margin.") == ("Triplet-Loss", "margin")
    assert relation.reasons("A loss of a triplet has a margin.") == ("loss", "margin")


def test_reasons_do_not_say_the_same_twice():
    relation = Relation(
        "b", 1.0, topics=("Graph neural networks",), find_terms=lambda: ("graphs", "node", "nodes")
    )
    assert relation.reasons("Graphs of one node and more nodes.") == ("Graph neural networks", "node")


def test_at_most_three_reasons_are_told():
    relation = Relation("b", 1.0, topics=("A", "B"), find_terms=lambda: ("compost", "soil"))
    assert relation.reasons("compost and soil") == ("A", "B", "compost")


def test_reasons_read_the_texts_once_and_only_when_asked():
    reads = []

    def read():
        reads.append(1)
        return ["Warm soil"]

    relations = {"a": Relation("a", 1.0, find_terms=lambda: ("soil",)), "b": Relation("b", 1.0)}
    reasons = Reasons(relations, read)
    assert list(reasons) == ["a", "b"]
    assert len(reasons) == 2
    assert reads == []
    assert dict(reasons) == {"a": ("soil",), "b": ()}
    assert reads == [1]


def test_numbers_addresses_and_keys_are_no_reasons():
    posts = [
        make_post("a", "1984 1984 x", links=("https://example.org/x",)),
        make_post("b", "1984 1984 x", links=("https://example.org/x",)),
        make_post("c", SHIPS),
    ]
    relation = rank_related(posts, max=5, min_score=0.0)["a"][0]
    assert list(relation.find_terms()) == []


def test_chinese_posts_are_related_and_say_why():
    posts = [
        make_post("a", "深度学习模型很大。深度学习需要数据。", lang="zh"),
        make_post("b", "我喜欢深度学习。", lang="zh"),
        make_post("c", "今天天气好。", lang="zh"),
    ]
    relations = rank_related(posts, max=5, min_score=0.0)["b"]
    assert keys(relations) == ["a"]
    assert reasons_of(relations[0], posts[1])[0] in "深度学习"


def make_blog(size):
    """A blog where every word stands in half of the posts, so that all of them share words."""
    random = Random(5)
    vocabulary = [f"word{number}" for number in range(400)]
    return [
        make_post(f"{number}", " ".join(random.choices(vocabulary, k=300)), day=number)
        for number in range(size)
    ]


def count_work(monkeypatch, size):
    """Comparisons and index entries touched per post when a blog of ``size`` posts is ranked."""
    work = Counter()

    def compare(*args):
        work["comparisons"] += 1
        return half(*args)

    def seek(index, sketch, vector):
        work["entries"] += sum(len(index.leads[term]) for term in vector.sought)
        return candidates(index, sketch, vector)

    half, candidates = related_module._half, related_module._candidates
    with monkeypatch.context() as patch:
        patch.setattr(related_module, "_half", compare)
        patch.setattr(related_module, "_candidates", seek)
        rank_related(make_blog(size), max=5, min_score=0.0)
    return {name: count / size for name, count in work.items()}


@pytest.mark.parametrize("size", [100, 1000])
def test_the_work_for_a_post_is_bounded_however_large_the_blog(monkeypatch, size):
    work = count_work(monkeypatch, size)
    # 24 terms are sought, more if they weigh the same; each leads to 24 posts at most.
    assert work["entries"] <= 1.2 * 24 * 24
    # Ten posts are compared, each way.
    assert work["comparisons"] <= 2 * 10


@pytest.mark.parametrize("count", [100, 1000])
def test_a_post_touches_a_few_hundred_posting_entries_however_long_the_blog(monkeypatch, count):
    touched = []
    candidates = related_module._candidates

    def counting(index, sketch, vector):
        touched.append(sum(len(index.leads[term]) for term in vector.sought))
        found = candidates(index, sketch, vector)
        assert len(found) <= 8
        return found

    monkeypatch.setattr(related_module, "_candidates", counting)
    random = Random(5)
    vocabulary = [f"word{number}x" for number in range(500)]
    falling = [1 / (rank + 1) for rank in range(len(vocabulary))]  # as in real texts (Zipf's law)
    posts = [
        make_post(f"post{day}", " ".join(random.choices(vocabulary, falling, k=100)), day=day)
        for day in range(count)
    ]
    rank_related(posts, max=5, min_score=0.0)
    assert len(touched) == count
    assert sum(touched) / count <= 16 * 24
