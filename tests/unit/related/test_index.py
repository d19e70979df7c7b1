from datetime import UTC, datetime, timedelta

from pelican_mlnotes.document.model import Document, Post
from pelican_mlnotes.related import neighbours as module
from pelican_mlnotes.related.index import RelatedIndex, rank_related
from pelican_mlnotes.settings import Settings

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
    assert reasons_of(relation, one) == reasons_of(relation, two) == ("Triplet loss", "LSTM cells")


def test_a_reason_is_written_as_inside_a_sentence_if_it_stands_there():
    posts = [
        make_post(
            "a",
            "Compost matters. Compost heaps rot, and compost heats. Bayes agrees with Bayes on Bayes."
            " Then compost grew, old compost, and our compost with Bayes, and Bayes, and Bayes.",
        ),
        make_post("b", "Compost wins. Compost! Compost. Long live Bayes and Bayes alone, Bayes."),
        make_post("c", SHIPS),
    ]
    relation = rank_related(posts, max=5, min_score=0.0)["a"][0]
    assert set(reasons_of(relation, posts[0])) == {"compost", "Bayes"}
    assert set(reasons_of(relation, posts[1])) == {"Compost", "Bayes"}


def test_chinese_posts_are_related_and_say_why():
    posts = [
        make_post("a", "深度学习模型很大。深度学习需要数据。深度学习快。", lang="zh"),
        make_post("b", "我喜欢深度学习。深度学习好。深度学习多。", lang="zh"),
        make_post("c", "今天天气好。", lang="zh"),
    ]
    relations = rank_related(posts, max=5, min_score=0.0)["b"]
    assert keys(relations) == ["a"]
    assert reasons_of(relations[0], posts[1])[0] in "深度学习"


def test_a_broader_topic_is_no_reason_beside_a_narrower_one():
    index = RelatedIndex("en", {"BERT": {"Language models"}})
    for key in ("a", "b"):
        index.add(make_post(key, GARDEN), topics=["Language models", "BERT"])
    assert index.rank(max=5, min_score=0.0)["a"][0].topics == ("BERT",)


def test_words_said_once_are_no_reason():
    posts = [make_post("a", "A vase stood there."), make_post("b", "The vase broke."), make_post("c", SHIPS)]
    relation = rank_related(posts, max=5, min_score=0.0)["a"][0]
    assert relation.key == "b"
    assert reasons_of(relation, posts[0]) == ()


def test_a_single_word_that_both_posts_repeat_is_told_where_there_is_nothing_better():
    one = make_post("a", "A vase stood there. Near the vase lay pumice, pumice and pumice again.")
    other = make_post("b", "The vase broke. Ash fell on pumice, on pumice alone.")
    assert reasons_between(one, other) == ("pumice",)


def test_a_pair_of_words_that_one_post_repeats_is_told_rather_than_a_word():
    one = make_post("a", "Near pumice, near pumice, near pumice was a lava dome, a lava dome.")
    other = make_post("b", "Ash fell on pumice, on pumice alone, on the lava dome.")
    assert reasons_between(one, other) == ("lava dome",)


def test_what_something_is_based_on_is_told_without_that_it_is_based():
    text = (
        "A pumice-based filter, the pumice-based filter. Take a fine-grained rule, a fine-grained rule. " * 3
    )
    told = reasons_between(make_post("a", text), make_post("b", text))
    assert "fine-grained" in " ".join(told)
    assert "based" not in " ".join(told)


def test_the_initials_of_a_reason_do_not_stand_beside_it():
    text = "In LDA we trust, for LDA is LDA. And LDA, LDA, LDA again, with pumice. " * 2
    told = reasons_between(make_post("a", text), make_post("b", text), topics=["Latent Dirichlet Allocation"])
    assert told[0] == "Latent Dirichlet Allocation"
    assert "LDA" not in " ".join(told[1:]).split()


def test_what_one_post_is_titled_and_the_other_mentions_is_told_where_there_is_nothing_better():
    one = make_post("a", "A geyser stood there.", title="My geyser")
    other = make_post("b", "The geyser broke.")
    assert reasons_of(index_of(one, other).rank(max=5, min_score=0.0)["a"][0], one) == ("geyser",)


def test_a_command_of_tex_is_no_reason():
    text = r"Take \nabla f, then \nabla g, and \nabla h beside pumice, pumice, pumice. "
    assert reasons_between(make_post("a", text), make_post("b", text)) == ("pumice",)


def test_a_blog_of_five_posts_has_related_ones_by_the_default_settings():
    others = ["Bread rises slowly.", "Tyres wear out fast in spring.", "Clouds hang over slopes."]
    posts = [make_post("garden", GARDEN), make_post("vines", VINES)]
    posts += [make_post(f"{number}", prose) for number, prose in enumerate(others)]
    related = rank_related(posts, max=5, min_score=Settings().related_min_score)
    assert keys(related["garden"]) == ["vines"]
    assert not any(related[f"{number}"] for number in range(3))


def test_a_word_that_hundreds_of_posts_hold_relates_none_of_them():
    posts = [make_post(f"{number:03}", f"tomatoes number{number}") for number in range(300)]
    posts += [make_post("one", "tomatoes in compost"), make_post("other", "compost for tomatoes")]
    related = rank_related(posts, max=5, min_score=0.0)
    assert keys(related["one"]) == ["other"]
    assert related["000"] == ()


def test_pairs_of_words_that_two_posts_say_once_relate_them():
    posts = [
        make_post("a", "Triplet loss is one of many."),
        make_post("b", "A triplet loss was used."),
        make_post("c", "A triplet was born without loss.", day=1),
    ]
    assert keys(rank_related(posts, max=5, min_score=0.0)["a"])[0] == "b"


def reasons_between(one, other, *, topics=()):
    """The reasons that the first of two posts is given, beside two posts on other things."""
    others = [make_post("ships", SHIPS), make_post("ports", PORTS)]
    index = index_of((one, {"topics": topics}), (other, {"topics": topics}), *others)
    (relation, *_) = index.rank(max=5, min_score=0.0)[one.key]
    assert relation.key == other.key
    return reasons_of(relation, one)


def test_at_most_three_reasons_are_told():
    topics = ["Soil", "Vines", "Gardens", "Compost"]
    assert reasons_between(make_post("a", GARDEN), make_post("b", VINES), topics=topics) == tuple(topics[:3])
    words = "Basalt pumice magma geyser caldera. " * 6
    assert len(reasons_between(make_post("a", words), make_post("b", words))) == 3


def test_no_reason_says_again_what_one_before_it_said():
    text = "We grow a tomato here, the tomato there, a tomato everywhere. " * 2
    reasons = reasons_between(make_post("a", text), make_post("b", text), topics=["Tomatoes", "Tomato"])
    assert not [reason for reason in reasons[2:] if "tomato" in reason.lower()]


def test_a_reason_keeps_its_accents():
    text = "Hier ist eine Gärung, dort die Gärung, und noch eine Gärung. "
    assert "Gärung" in reasons_between(make_post("a", text), make_post("b", text))


def test_a_post_meets_a_bounded_number_of_others_however_long_the_blog(monkeypatch):
    compare, lead = module._compare, module._make_leads
    compared, longest = [], []

    def count_pairs(pairs, *rest):
        compared.append(sum(map(len, pairs)))
        return compare(pairs, *rest)

    def measure_leads(*given):
        leads = lead(*given)
        longest.append(max(map(len, leads.values())))
        return leads

    monkeypatch.setattr(module, "_compare", count_pairs)
    monkeypatch.setattr(module, "_make_leads", measure_leads)
    for posts in (40, 160):
        themes = posts // 20  # each word is in twenty posts
        blog = [
            make_post(f"{n:03}", " ".join(f"word{place}x{n * place % themes}" for place in range(30)), day=n)
            for n in range(posts)
        ]
        rank_related(blog, max=5, min_score=0)
    assert 0 < compared[0] <= 6 * 40
    assert 0 < compared[1] <= 6 * 160
    assert longest == [16, 16]
