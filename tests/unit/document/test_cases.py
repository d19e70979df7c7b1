"""What the cases say about the pictures and the kinds of content of a post."""

import pytest

from pelican_mlnotes.document.reader import parse_document
from tests.case_files import Case, read_cases


@pytest.mark.parametrize("case", read_cases("pictures"))
def test_pictures(case: Case):
    document = parse_document(case.given)
    shown = [picture.src for picture in document.pictures]
    if "image" in document.kinds and not shown:
        shown = ["drawing"]
    assert shown == case.expected.splitlines()
    assert bool(shown) == ("image" in document.kinds)


@pytest.mark.parametrize("case", read_cases("kinds"))
def test_kinds(case: Case):
    assert sorted(parse_document(case.given).kinds) == case.expected.split()
