import pytest

from pelican_mlnotes.topics.map import DEEPEST, Branch, make_topic_map, nearest_broader
from pelican_mlnotes.topics.taxonomy import load_taxonomy


@pytest.fixture
def taxonomy(tmp_path):
    file = tmp_path / "topics.toml"
    file.write_text(
        "".join(
            f'[[topic]]\nid = "{id_}"\nlabel = "{id_.title()}"\nbroader = {broader}\n'
            for id_, broader in {
                "field": [],
                "other": [],
                "vision": ["field"],
                "networks": ["field"],
                "detection": ["vision", "networks"],
                "yolo": ["detection"],
            }.items()
        ),
        encoding="utf-8",
    )
    return load_taxonomy(file)


def test_a_parent_without_posts_is_looked_through(taxonomy):
    assert nearest_broader("yolo", {"yolo", "vision", "field"}, taxonomy) == ("vision", "field")


def test_a_parent_with_posts_hides_what_is_above_it(taxonomy):
    assert nearest_broader("yolo", {"yolo", "detection", "vision", "field"}, taxonomy) == ("detection",)


def test_every_topic_stands_once_in_the_map(taxonomy):
    uses = {"yolo": 1, "networks": 2, "vision": 3, "field": 1, "other": 1}
    assert make_topic_map(uses, taxonomy) == (
        Branch("field", (Branch("vision", (Branch("yolo", ()),)), Branch("networks", ()))),
        Branch("other", ()),
    )


def test_a_site_without_topics_has_no_map(taxonomy):
    assert make_topic_map({}, taxonomy) == ()


def test_a_map_of_hundreds_of_levels_has_all_topics_in_order_and_few_levels(tmp_path):
    names = [f"deep-{number}" for number in range(300)]
    file = tmp_path / "topics.toml"
    file.write_text(
        "".join(
            f'[[topic]]\nid = "{name}"\nlabel = "{name}"\nbroader = {[names[number - 1]] if number else []}\n'
            for number, name in enumerate(names)
        ),
        encoding="utf-8",
    )
    branches = make_topic_map(dict.fromkeys(names, 1), load_taxonomy(file))
    found = []
    for level in range(1, DEEPEST + 1):
        found += [branch.topic for branch in branches]
        assert len(branches) == (1 if level < DEEPEST else len(names) - DEEPEST + 1)
        branches = branches[0].branches
    assert found == names
    assert branches == ()
