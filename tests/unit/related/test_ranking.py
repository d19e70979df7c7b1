"""What decides which of two posts is closer: each test pits two posts that differ in one respect."""

from datetime import UTC, datetime, timedelta

from pelican_mlnotes.document.model import Document, Post
from pelican_mlnotes.related.index import rank_related

START = datetime(2024, 1, 1, tzinfo=UTC)
OTHERS = [
    "Sailors built a lighthouse; sailors left the harbour.",
    "Bread rises slowly, and bread cools before it is cut.",
    "Winter tyres wear out fast, so tyres are changed in spring.",
]


def make_post(key, prose, *, title="", headings=(), links=(), day=0):
    document = Document(prose=prose, headings=headings, links=links)
    return Post(key, title, document, (), START + timedelta(days=day), "en")


def nearest(*posts):
    """Keys of the posts related to the first of ``posts``; others stand around them."""
    around = [make_post(f"other{number}", prose) for number, prose in enumerate(OTHERS)]
    related = rank_related([*posts, *around], max=5, min_score=0.0)
    return [relation.key for relation in related[posts[0].key]]


def test_a_long_post_that_touches_everything_is_not_nearest():
    everything = " ".join(
        [f"Chapter{number} tells story{number} twice: story{number}." for number in range(90)]
    )
    post = make_post("post", "Compost heats, and compost rots in warm soil, on soil.")
    short = make_post("short", "Soil wants compost; compost wants soil.")
    long = make_post("long", f"Soil wants compost; compost wants soil. {everything}", day=9)
    assert nearest(post, long, short) == ["short", "long"]


def test_words_that_belong_together_say_more_than_each_alone():
    post = make_post("post", "Triplet loss trains well. Few read on triplet loss.")
    together = make_post("together", "Triplet loss won: a triplet loss without heads.")
    apart = make_post("apart", "Triplet heads won: a loss without triplet heads, loss.", day=9)
    assert nearest(post, apart, together) == ["together", "apart"]


def test_a_title_that_the_other_post_uses_says_more_than_the_same_words_elsewhere():
    post = make_post("post", "Items of little value were greedy choices.")
    # The word counts ten times either way: in a title, or in three headings and the text.
    titled = make_post("titled", "Melons ripen on walls.", title="Greedy")
    headed = make_post("headed", "Clouds hang over greedy slopes.", headings=("Greedy",) * 3, day=9)
    assert nearest(post, headed, titled) == ["titled", "headed"]
