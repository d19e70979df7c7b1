"""What the cases say about the text of a post and where it is cut."""

import pytest

from pelican_mlnotes.document.reader import parse_document
from pelican_mlnotes.excerpt import make_excerpt
from tests.case_files import Case, read_cases


@pytest.mark.parametrize("case", read_cases("prose") + read_cases("math") + read_cases("cuts"))
def test_excerpt(case: Case):
    length = int(case.options.get("length", 1000))
    cut = case.options.get("cut", "word")
    excerpt = make_excerpt(parse_document(case.given), length, cut, case.options.get("ellipsis", "..."))
    assert excerpt == case.expected
    assert len(excerpt) <= length
