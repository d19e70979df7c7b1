import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pelican_mlnotes.document.model import Document, Post
from pelican_mlnotes.related.index import RelatedIndex

START = datetime(2024, 1, 1, tzinfo=UTC)
TEXTS = st.lists(
    st.sampled_from(["loss", "net", "word2vec", "c++", "tree", "深度学习", "1984", "the"]), max_size=9
).map(" ".join)
TOLD = ["A net, a tree, a loss: c++ and word2vec. Tree loss, net loss, loss net, 深度学习."]
HREFS = st.lists(
    st.sampled_from(["https://a.example", "//b.example", "", "https://arxiv.org/abs/1"]), max_size=2
)


@st.composite
def entries(draw, published=None):
    """What ``add`` takes for a post, its key yet to be given; few words and days, so that ties abound."""
    document = Document(prose=draw(TEXTS), headings=(draw(TEXTS),), links=tuple(draw(HREFS)))
    post = Post("", draw(TEXTS), document, (), START + timedelta(days=draw(st.integers(0, 2))), "en")
    more = {
        "topics": draw(st.lists(st.sampled_from(["Losses", "Trees"]), max_size=2)),
        "series": draw(st.sampled_from(["", "", "one"])),
        "group": draw(st.sampled_from(["", "", "g"])),
        "published": draw(st.booleans()) if published is None else published,
    }
    return post, more


def keyed(drawn):
    return [
        (Post(f"{number}", post.title, post.document, post.tags, post.date, post.lang), more)
        for number, (post, more) in enumerate(drawn)
    ]


BLOGS = st.lists(entries(), max_size=16).map(keyed)


def rank(blog, *, longest=5, min_score=0.0):
    index = RelatedIndex("en")
    for post, more in blog:
        index.add(post, **more)
    return index.rank(max=longest, min_score=min_score)


def told(related):
    """All that can be seen of ranked posts."""
    return {
        key: [(one.key, one.score, one.topics, one.reasons(*TOLD)) for one in relations]
        for key, relations in related.items()
    }


@given(BLOGS, st.integers(0, 6), st.floats(0, 1))
def test_lists_hold_other_published_posts_once_and_no_translations(blog, longest, min_score):
    entry = {post.key: more for post, more in blog}
    related = rank(blog, longest=longest, min_score=min_score)
    assert related.keys() == entry.keys()
    for key, relations in related.items():
        listed = [one.key for one in relations]
        assert len(listed) == len(set(listed)) <= longest
        assert key not in listed
        for one in relations:
            assert entry[one.key]["published"]
            assert not entry[key]["group"] or entry[one.key]["group"] != entry[key]["group"]
            assert min_score - 0.0001 <= one.score <= 1
            assert one.score > 0
        assert sum(entry[other]["series"] == "one" for other in listed) <= 2


@given(BLOGS, BLOGS, st.data())
def test_recalled_posts_are_compared_as_read_ones_are(blog, gone, data):
    read = RelatedIndex("en")
    for post, more in [*[(replace(post, key=f"gone {post.key}"), more) for post, more in gone], *blog]:
        read.add(post, **more)
    keys = {post.key for post, _ in blog if data.draw(st.booleans())}
    recalled = {key: json.loads(json.dumps(terms)) for key, terms in read.recall(keys).items()}
    assert recalled.keys() == keys
    index = RelatedIndex("en")
    for post, more in blog:
        if post.key in keys:
            index.add(replace(post, document=Document("nothing")), terms=recalled[post.key], **more)
        else:
            index.add(post, **more)
    assert told(index.rank(max=5, min_score=0.0)) == told(rank(blog))


@given(BLOGS, st.randoms(use_true_random=False))
def test_the_order_of_posts_changes_nothing(blog, random):
    shuffled = list(blog)
    random.shuffle(shuffled)
    assert told(rank(shuffled)) == told(rank(blog))


@given(BLOGS)
def test_drafts_change_nothing_for_published_posts(blog):
    published = [(post, more) for post, more in blog if more["published"]]
    alone = told(rank(published))
    together = told(rank(blog))
    assert {key: together[key] for key in alone} == alone


@given(BLOGS)
def test_reasons_are_told_for_any_text(blog):
    texts = {post.key: post.document.prose for post, _ in blog}
    for key, relations in rank(blog).items():
        for one in relations:
            reasons = one.reasons(texts[key])
            assert len(reasons) <= 3
            assert all(reason in one.topics or reason in texts[key] for reason in reasons)


@given(BLOGS)
def test_closeness_is_mutual(blog):
    scores = {
        (key, one.key): one.score
        for key, relations in rank([entry for entry in blog if entry[1]["published"]]).items()
        for one in relations
    }
    assert all(
        scores[other, key] == score for (key, other), score in scores.items() if (other, key) in scores
    )
