"""A line gets into the front matter, and every other byte stays as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from pelican_mlnotes.cli.front_matter import set_markdown_field, set_rest_field

TOPICS = "Metric Learning, Siamese Networks"


def markdown(source: str) -> str:
    return set_markdown_field(source.encode(), "Topics", TOPICS).source.decode()


def rest(source: str) -> str:
    return set_rest_field(source.encode(), "Topics", TOPICS).source.decode()


def test_the_line_follows_the_tags():
    assert markdown("Title: A\nTags: b\nDate: 2026-01-01\n\nText.\n") == (
        f"Title: A\nTags: b\nTopics: {TOPICS}\nDate: 2026-01-01\n\nText.\n"
    )


def test_the_line_comes_last_where_there_are_no_tags():
    assert markdown("Title: A\nDate: 2026-01-01\n\nText.\n") == (
        f"Title: A\nDate: 2026-01-01\nTopics: {TOPICS}\n\nText.\n"
    )


def test_the_line_follows_a_list_of_tags_over_several_lines():
    assert markdown("Title: A\nTags: b\n    c\n\nText.\n") == (
        f"Title: A\nTags: b\n    c\nTopics: {TOPICS}\n\nText.\n"
    )


def test_an_old_line_is_replaced_with_all_its_lines():
    assert markdown("Title: A\nTopics: x\n    y\nDate: 2026-01-01\n\nTopics: stay\n") == (
        f"Title: A\nTopics: {TOPICS}\nDate: 2026-01-01\n\nTopics: stay\n"
    )


def test_lower_case_front_matter_gets_a_lower_case_line():
    assert markdown("title: A\ntags: b\n\nText.\n") == f"title: A\ntags: b\ntopics: {TOPICS}\n\nText.\n"


def test_fenced_front_matter_keeps_its_fences():
    assert markdown("---\nTitle: A\n---\nText.\n") == f"---\nTitle: A\nTopics: {TOPICS}\n---\nText.\n"


def test_line_endings_stay_and_the_new_line_has_the_same():
    assert (
        markdown("Title: A\r\n\r\nText.\r\nMore.\n")
        == f"Title: A\r\nTopics: {TOPICS}\r\n\r\nText.\r\nMore.\n"
    )


def test_a_byte_order_mark_stays_first():
    edit = set_markdown_field(b"\xef\xbb\xbfTitle: A\n\nText.\n", "Topics", TOPICS)
    assert edit.source == b"\xef\xbb\xbfTitle: A\nTopics: " + TOPICS.encode() + b"\n\nText.\n"


def test_a_file_that_ends_in_its_front_matter_still_ends_without_a_line_ending():
    assert markdown("Title: A") == f"Title: A\nTopics: {TOPICS}"


def test_a_file_without_front_matter_keeps_its_text_apart():
    assert markdown("Text.\n") == f"Topics: {TOPICS}\n\nText.\n"


def test_the_number_of_the_new_line_is_told():
    assert set_markdown_field(b"Title: A\nTags: b\n\nText.\n", "Topics", TOPICS).line == 3


def test_fields_behind_the_title_of_a_rest_file_get_one_more():
    assert rest("A\n#\n\n:date: 2026-01-01\n:tags: b\n:slug: a\n\nText.\n") == (
        f"A\n#\n\n:date: 2026-01-01\n:tags: b\n:topics: {TOPICS}\n:slug: a\n\nText.\n"
    )


def test_a_rest_file_with_overlined_title_and_subtitle_is_understood():
    assert rest("==\nAb\n==\n\nCd\n--\n\n:Tags: b\n   c\n\nText.\n") == (
        f"==\nAb\n==\n\nCd\n--\n\n:Tags: b\n   c\n:Topics: {TOPICS}\n\nText.\n"
    )


def test_a_rest_file_without_fields_gets_a_list_of_its_own():
    assert rest("Ab\n==\n\nText.\n") == f"Ab\n==\n\n:Topics: {TOPICS}\n\nText.\n"


def test_fields_in_the_text_of_a_rest_file_are_no_front_matter():
    assert rest("Ab\n==\n:date: 2026-01-01\n\nText.\n\n:tags: not these\n") == (
        f"Ab\n==\n:date: 2026-01-01\n:topics: {TOPICS}\n\nText.\n\n:tags: not these\n"
    )


def test_comments_before_the_title_of_a_rest_file_stay():
    assert rest(".. note to self\n   more\n\nAb\n==\n\n:date: 2026-01-01\n") == (
        f".. note to self\n   more\n\nAb\n==\n\n:date: 2026-01-01\n:topics: {TOPICS}\n"
    )


LINES = st.lists(
    st.sampled_from(
        [
            "Title: A",
            "Tags: b",
            "    c",
            "---",
            "...",
            "Text: no",
            "",
            " ",
            "Topics: old",
            ":tags: x",
            "Ab",
            "==",
        ]
    ),
    max_size=8,
)


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
@pytest.mark.parametrize("edit", [set_markdown_field, set_rest_field])
def test_nothing_is_lost_but_an_old_line(edit, lines, ending, open_end):
    source = ending.join(lines) + ("" if open_end else ending)
    changed = edit(source.encode(), "Topics", TOPICS)
    left = iter(changed.source.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    kept = [line for line in lines if line.strip() and not line.startswith(("Topics: old", "    c"))]
    assert [line for line in kept if line not in left] == []
    assert changed.source.count(TOPICS.encode()) == 1


@given(LINES)
def test_python_markdown_reads_the_line(lines):
    reader = Markdown(extensions=["meta"])
    reader.convert(
        set_markdown_field("\n".join(["Title: A", *lines]).encode(), "Topics", TOPICS).source.decode()
    )
    assert TOPICS in reader.Meta["topics"]
