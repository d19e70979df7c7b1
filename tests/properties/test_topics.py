"""Laws that hold for the topics of any post."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pelican_mlnotes.document.model import Document
from pelican_mlnotes.document.reader import parse_document
from pelican_mlnotes.topics.choose import judge_topics, suggest_topics
from pelican_mlnotes.topics.taxonomy import BUNDLED, Taxonomy, load_taxonomy

TAXONOMY = load_taxonomy(BUNDLED)
NAMES = sorted(
    name
    for topic in TAXONOMY.topics.values()
    for name in (topic.label, *topic.aliases, *topic.signs, *(rule.name for rule in topic.rules))
)

pieces = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(
        ["the", "of", "a", "R", "c++", "loss", "n", "search", "image", "LLM", "…", "’s", "\n", "<p>"]
    ),
    st.text(max_size=8),
)
texts = st.lists(pieces, max_size=60).map(" ".join)


@st.composite
def documents(draw):
    prose = draw(texts)
    lead = draw(st.integers(0, len(prose)))
    headings = tuple(draw(st.lists(texts, max_size=4)))
    return Document(
        prose=prose, headings=headings, captions=tuple(draw(st.lists(texts, max_size=2))), lead=lead
    )


@settings(deadline=None)
@given(title=texts, document=documents(), most=st.integers(0, 8), min_score=st.floats(0, 1))
def test_suggestions_are_few_and_strong_and_best_first(title, document, most, min_score):
    found = suggest_topics(title, document, TAXONOMY, max=most, min_score=min_score)
    scores = [suggestion.score for suggestion in found]
    assert len(found) <= most
    assert scores == sorted(scores, reverse=True)
    assert all(min_score - 1e-4 <= score <= 1 for score in scores)
    assert len({suggestion.topic.id for suggestion in found}) == len(found)


@settings(deadline=None)
@given(title=texts, document=documents())
def test_every_verdict_is_reasoned_and_agrees_with_the_suggestions(title, document):
    verdicts = judge_topics(title, document, TAXONOMY, max=3, min_score=0.5)
    found = suggest_topics(title, document, TAXONOMY, max=3, min_score=0.5)
    won = [verdict for verdict in verdicts if not verdict.lost]
    assert [(one.topic, one.score, one.evidence) for one in won] == [
        (one.topic, one.score, one.evidence) for one in found
    ]
    assert all(0 <= verdict.score <= 1 for verdict in verdicts)


@settings(deadline=None)
@given(
    html=st.text(max_size=300), title=st.text(max_size=40), lang=st.sampled_from(["en", "de", "zh", "xx", ""])
)
def test_no_text_in_any_language_breaks_it(html, title, lang):
    suggest_topics(title, parse_document(html), TAXONOMY, max=5, min_score=0.5, lang=lang)


@settings(deadline=None)
@given(title=texts, document=documents())
def test_what_was_read_before_changes_nothing(title, document):
    # What the taxonomy arranges when first asked for must not depend on who asked first.
    fresh = Taxonomy(TAXONOMY.topics, TAXONOMY.lists, TAXONOMY.height, TAXONOMY.depth)
    assert suggest_topics(title, document, fresh, max=5, min_score=0.3) == suggest_topics(
        title, document, TAXONOMY, max=5, min_score=0.3
    )


@given(tag=st.one_of(st.sampled_from(NAMES), st.text(max_size=20)))
def test_a_tag_stands_for_one_topic_or_none(tag):
    topic = TAXONOMY.find(tag)
    assert topic is None or TAXONOMY.topics[topic.id] is topic


@given(label=st.sampled_from(sorted(topic.label for topic in TAXONOMY.topics.values())))
def test_a_label_stands_for_its_own_topic(label):
    topic = TAXONOMY.find(label)
    assert topic is not None
    assert topic.label == label
