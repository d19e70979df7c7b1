"""Picture rules: data that a site can add to."""

import tomllib

import pytest

from pelican_mlnotes.document.pictures import (
    BUNDLED,
    PictureRulesError,
    load_picture_rules,
    shown_address,
    size_of,
    view_box_of,
)
from pelican_mlnotes.document.reader import parse_document


def write(folder, text: str):
    path = folder / "pictures.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_bundled_rule_has_a_reason():
    rules = tomllib.loads(BUNDLED.read_text(encoding="utf-8"))["rule"]
    assert all(rule["reason"] for rule in rules)
    assert len({rule["id"] for rule in rules}) == len(rules)


def test_a_site_adds_a_rule(tmp_path):
    own = write(tmp_path, '[[rule]]\nid = "sponsor"\nreason = "an advert"\naddress = ["/ads/*.png"]')
    rules = load_picture_rules(BUNDLED, own)
    html = '<img src="/ads/a.png"><img src="/a/b.png"><img class="icon" src="c.png">'
    assert [picture.src for picture in parse_document(html, rules).pictures] == ["/a/b.png"]
    assert [picture.src for picture in parse_document(html).pictures] == ["/ads/a.png", "/a/b.png"]


def test_a_site_replaces_a_rule_by_its_id(tmp_path):
    rules = load_picture_rules(BUNDLED, write(tmp_path, '[[rule]]\nid = "avatar"'))
    assert parse_document('<img class="avatar" src="a.png">', rules).kinds == {"image"}
    assert parse_document('<img class="avatar" src="a.png">').kinds == frozenset()


def test_a_site_changes_a_size(tmp_path):
    rules = load_picture_rules(BUNDLED, write(tmp_path, "[size]\nicon = 20\nbutton = [0, 0]"))
    assert parse_document('<img width="28" height="28" src="digit.png">', rules).kinds == {"image"}
    assert parse_document('<img width="28" height="28" src="digit.png">').kinds == frozenset()


def test_rules_without_words_refuse_nothing(tmp_path):
    rules = load_picture_rules(write(tmp_path, '[[rule]]\nid = "none"'))
    assert rules.refused("https://example.org/icons/a.png", "icon", "alt") is None
    assert load_picture_rules().refused("a.png", "icon", ":)") is None


def test_a_class_is_a_whole_word_and_a_star_any_letters(tmp_path):
    rules = load_picture_rules(write(tmp_path, '[[rule]]\nid = "x"\nclass = ["badge", "*-icon"]'))
    assert rules.refused("a.png", "wide Badge", "") == "x"
    assert rules.refused("a.png", "rss-icon", "") == "x"
    assert rules.refused("a.png", "badges rss-icons", "") is None


def test_every_fault_of_a_file_is_reported_at_once(tmp_path):
    path = write(
        tmp_path,
        "[other]\n[size]\nicon = -1\nbutton = 3\nwide = 2\n"
        '[[rule]]\nreason = 1\nclass = "icon"\nhost = ["a"]\n',
    )
    with pytest.raises(PictureRulesError) as caught:
        load_picture_rules(path)
    message = str(caught.value)
    for part in (
        "'other'",
        "icon must be",
        "button must be",
        "'wide'",
        "needs an id",
        "reason",
        "class",
        "'host'",
    ):
        assert part in message
    assert message.count(str(path)) == len(message.splitlines()) == 8


@pytest.mark.parametrize("text", ["rule = 1", "[rule]\nid = 'x'", "size = 1", "[[rule]", "\x00"])
def test_a_file_that_is_no_list_of_rules_is_refused(tmp_path, text):
    with pytest.raises(PictureRulesError, match=r"pictures\.toml"):
        load_picture_rules(write(tmp_path, text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PictureRulesError, match=r"missing\.toml"):
        load_picture_rules(tmp_path / "missing.toml")


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ({"width": "640", "height": "480"}, (640, 480)),
        ({"width": "640px", "height": " 4.6 "}, (640, 5)),
        ({"width": "50%", "height": "auto"}, (None, None)),
        ({"width": "-1", "height": None}, (None, None)),
        ({"width": "640", "style": "width: 2em; HEIGHT:10PX !important"}, (32, 10)),
        ({"style": "max-width:100px;line-height:3px"}, (None, None)),
        ({"width": "9" * 5000}, (None, None)),
    ],
)
def test_sizes_are_those_that_the_markup_states(attributes, size):
    assert size_of(attributes) == size


def test_a_view_box_has_a_size():
    assert view_box_of("0 0 24 16") == (24, 16)
    assert view_box_of("0,0,24,16") == (24, 16)
    assert view_box_of("0 0 24") == (None, None)
    assert view_box_of(None) == (None, None)


@pytest.mark.parametrize(
    ("srcset", "address"),
    [
        ("a.png", "a.png"),
        ("a.png 1x, b.png 2x", "b.png"),
        ("a.png 300w,b.png 200w", "a.png"),
        ("https://example.org/w_1,h_2/a.png 1x, b.png 1.5x", "b.png"),
        ("data:image/png;base64,AAAA 1x", "data:image/png;base64,AAAA"),
        (", ,", None),
        ("a.png wide", "a.png"),
        ("", None),
    ],
)
def test_the_largest_candidate_is_shown(srcset, address):
    assert shown_address({"srcset": srcset}) == address


def test_a_class_of_two_words_is_told_because_it_would_match_nothing(tmp_path):
    with pytest.raises(PictureRulesError, match="'x': a class is a single word, not 'logo small'"):
        load_picture_rules(write(tmp_path, '[[rule]]\nid = "x"\nclass = ["logo", "logo small"]'))
