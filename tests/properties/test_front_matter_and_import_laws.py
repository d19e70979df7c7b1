"""Editing what authors wrote, and reading what other programs did: nothing else changes, nothing raises."""

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from pelican_mlnotes.cli.front_matter import set_markdown_field, set_rest_field
from pelican_mlnotes.importers.html import find_tags, mend_less_than, splice

lines = st.sampled_from(
    (
        *(
            "Title: a",
            "title:b",
            "Tags: x, y",
            "    more",
            "Topics: old",
            "topics:",
            " Date: 1",
            ":tags: x",
            ":topics: z",
        ),
        *(
            "---",
            "...",
            "",
            "a",
            "=====",
            ".. comment",
            "  indented",
            "\t",
            "\x0c",
            "# a",
            "é: ü",
            "\u2028",
            "Title: \x00",
        ),
    )
)
ends = st.sampled_from(("\n", "\r\n", "\r"))
sources = st.builds(
    lambda mark, pairs, last: (mark + "".join(line + end for line, end in pairs) + last).encode(),
    st.sampled_from(("", "\ufeff")),
    st.lists(st.tuples(lines, ends), max_size=12),
    st.one_of(lines, st.text(max_size=20)),
)
INDENTED = re.compile(rb"(?m)^(?:\xef\xbb\xbf)?[ \t]|[\r\x0b\x0c][ \t]")
editors = st.sampled_from((set_markdown_field, set_rest_field))


@given(sources, editors)
def test_a_field_that_is_set_twice_is_set_once(source, edit):
    # Of reStructuredText, what is indented behind a field is a part of it.
    assume(
        edit is set_markdown_field or not re.search(rb"(?m)^(?:\xef\xbb\xbf)?[ \t]|[\r\x0b\x0c][ \t]", source)
    )
    once = edit(source, "Topics", "a, b").source
    assert edit(once, "Topics", "a, b").source == once


@given(sources, editors)
def test_setting_a_field_adds_one_line_and_takes_none_but_its_own(source, edit):
    edited = edit(source, "Topics", "a, b")
    new = edited.source.splitlines()[edited.line - 1 :]
    assert edited.source.count(b"a, b") == source.count(b"a, b") + 1
    assert new[0].removeprefix(b"\xef\xbb\xbf").strip().lower().lstrip(b":").startswith(b"topics")
    # What stood before stands there still.
    start = edited.source[: edited.source.index(new[0])]
    assert source.startswith(start.rstrip(b"\r\n"))


@given(
    st.lists(
        st.sampled_from(
            (
                *("<a", "<p>", "</p>", "<!--", "-->", "<script>", "</script>", '"', "'", "=", ">", "<", "/"),
                *("a", "b$", "<x<y", "<![", "<!d", "?", "&", "\n"),
            )
        ),
        max_size=25,
    )
)
def test_tags_of_an_imported_post_stand_where_they_say(parts):
    html = " ".join(parts)
    end = 0
    for tag in find_tags(html):
        assert html[tag.start] == "<"
        assert html[tag.end - 1] == ">"
        assert html[tag.start + 1 : tag.start + 1 + len(tag.name)].lower() == tag.name
        for start, stop in tag.attributes.values():
            assert tag.start < start <= stop < tag.end
        assert tag.start >= end or tag.end >= end
        end = tag.end
    assert splice(html, []) == html
    assert mend_less_than(html).replace("&lt;", "<") == html.replace("&lt;", "<")
