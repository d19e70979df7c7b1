from hypothesis import given
from hypothesis import strategies as st

from pelican_mlnotes.text.words import normalise, words

WRITTEN = st.text() | st.text(
    alphabet="aZé'’ˢßI\u0301\u0130\u200c\u00adي深ー각ก้+#\x01\x02_ \ud800", max_size=12
)


@given(WRITTEN)
def test_words_never_hold_blanks_nor_are_empty(text):
    assert all(word and not any(letter.isspace() for letter in word) for word in words(text))


@given(WRITTEN)
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(WRITTEN, WRITTEN)
def test_a_blank_separates(one, other):
    assert words(f"{one} {other}") == words(one) + words(other)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_case_does_not_matter(text):
    assert words(text.upper()) == words(text)
