"""The theme's options, above all that no value of MLNOTES_TOKENS leaves its place."""

import re
from pathlib import Path

import pytest

from pelican_mlnotes.settings import TOKENS, SettingsError, is_css_value, load_settings, with_tokens

STYLESHEET = Path(__file__).parents[2] / "theme/static/css/mlnotes.css"


def test_the_tokens_are_the_custom_properties_of_the_stylesheet():
    names = re.findall(r"^    --([a-z-]+):", STYLESHEET.read_text(encoding="utf-8"), re.MULTILINE)
    assert list(TOKENS) == names


@pytest.mark.parametrize(
    "value",
    ["#b00020", "light-dark(#b00020, #ff8a80)", 'Charter, "Noto Serif", serif', "calc((1rem + 2px) * 2)"],
)
def test_values_that_style_a_page_are_taken(value):
    assert is_css_value(value)


@pytest.mark.parametrize(
    "value",
    [
        "red; } body { display: none",
        "red } body { color: red",
        "url(https://example.org/x)",
        "image-set('https://example.org/x' 1x)",
        "red /* ",
        "red */ x",
        "'unclosed",
        "rgb(1, 2",
        ") red (",
        "\\75rl(x)",
        "</style><script>",
        "@import 'x'",
        "red\n}",
        "",
    ],
)
def test_values_that_could_leave_their_place_or_fetch_something_are_refused(value):
    assert not is_css_value(value)


def test_an_unknown_token_is_refused_with_the_nearest_name():
    with pytest.raises(SettingsError, match="'color-accent'"):
        load_settings({"MLNOTES_TOKENS": {"colour-accent": "red"}})


def test_tokens_are_added_once():
    once = with_tokens("a {}\n", {"color-accent": "red"})
    assert once.endswith("@layer tokens {\n  :root {\n    --color-accent: red;\n  }\n}\n")
    assert with_tokens(once, {"color-accent": "red"}) == once


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIST_META", ["author"]),
        ("LIST_META", "date"),
        ("COLOR_SCHEME", "dim"),
        ("SHARE", ["myspace"]),
        ("CSS", "own.css"),
        ("GISCUS", {"repo": 1}),
    ],
)
def test_wrong_values_are_refused(name, value):
    with pytest.raises(SettingsError, match=f"MLNOTES_{name}"):
        load_settings({f"MLNOTES_{name}": value})
