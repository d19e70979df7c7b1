"""The theme's options, above all that no value of MLNOTES_TOKENS leaves its place."""

import re
from pathlib import Path

import pytest

from pelican_mlnotes.plugin.own_theme.stylesheet import compact
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


def test_an_unknown_token_like_no_other_is_refused_with_all_names():
    with pytest.raises(SettingsError, match=f"'shadow' is none .*{', '.join(TOKENS)}"):
        load_settings({"MLNOTES_TOKENS": {"shadow": "red"}})


@pytest.mark.parametrize(
    "color",
    [
        "teal",
        "RebeccaPurple",
        " transparent ",
        "currentColor",
        "CanvasText",
        "inherit",
        "#abc",
        "#abcd",
        "#B00020",
        "#b00020cc",
        "rgb(176 0 32)",
        "RGBA(176, 0, 32, 50%)",
        "rgb(from var(--color-ink) r g b / 0.5)",
        "hsl(210deg 60% 35%)",
        "hwb(200 10% 20% / 0.5)",
        "lab(40% 30 -20)",
        "lch(50% 40 200)",
        "oklab(0.5 0.1 -0.1)",
        "oklch(0.55 0.15 calc(var(--hue) + 20))",
        "color(display-p3 0.7 0 0.1)",
        "color-mix(in oklab, #1c5396 80%, white)",
        "light-dark(#1c5396, light-dark(teal, oklch(0.8 0.1 200)))",
        "light-dark(var(--a, #fff), color-mix(in srgb, red, blue))",
        "contrast-color(#1c5396)",
        "var(--color-accent)",
        "var(--brand, #b00020)",
    ],
)
def test_every_form_of_a_colour_is_taken_for_a_token_that_is_one(color):
    assert load_settings({"MLNOTES_TOKENS": {"color-accent": color}}).tokens == {"color-accent": color}


@pytest.mark.parametrize(
    "value",
    [
        "readable",
        "12px",
        "1",
        "serif",
        "'red'",
        "b00020",
        "#b0002",
        "#ggg",
        "#",
        "# fff",
        "red blue",
        "red, blue",
        "light-dark(red)",
        "light-dark(red, #12345)",
        "light-dark(red, blu)",
        "light-dark(red, blue, green)",
        "rgb()",
        "rgb(1, 2, 3) red",
        "rgb(1, 2, 3) rgb(1, 2, 3)",
        "red rgb(1, 2, 3)",
        "calc(1px + 2px)",
        "(red)",
        "color-mix(in srgb, #12345, red)",
        " ",
    ],
)
def test_what_is_no_colour_is_refused_for_a_token_that_is_one(value):
    with pytest.raises(SettingsError, match=r"MLNOTES_TOKENS .*'color-accent' is a colour"):
        load_settings({"MLNOTES_TOKENS": {"color-accent": value}})


def test_other_tokens_need_be_no_colour():
    assert load_settings({"MLNOTES_TOKENS": {"measure": "40rem", "font-body": "Charter, serif"}})


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
        ("GISCUS", {"repoo": "me/blog"}),
    ],
)
def test_wrong_values_are_refused(name, value):
    with pytest.raises(SettingsError, match=f"MLNOTES_{name}"):
        load_settings({f"MLNOTES_{name}": value})


def test_readers_load_no_comments_and_no_room_of_a_stylesheet():
    css = '/* a\n */ a , b > c {\n  color : red ;\n  content: " /* , */ ";\n}\n'
    assert compact(css) == 'a,b>c{color:red;content:" /* , */ "}'
    assert compact(compact(css)) == compact(css)


def test_room_that_means_something_in_a_stylesheet_stays():
    css = "a :hover{}@media (width > 1rem) and (height>1rem){b c + d:not(e){margin:calc(1px + 2px)}}"
    assert compact(css) == css.replace(" > ", ">")


@pytest.mark.parametrize(
    "value",
    [
        "Hello",
        {"texts": "Hello"},
        {"text": 1},
        {"links": "https://example.org"},
        {"links": [("one",)]},
        {"links": [("one", 2)]},
        {"links": {"a": "b"}},
    ],
)
def test_an_introduction_of_the_wrong_form_is_refused(value):
    with pytest.raises(SettingsError, match="MLNOTES_INTRO must be a mapping"):
        load_settings({"MLNOTES_INTRO": value})


def test_a_misspelt_key_of_giscus_is_said_with_the_right_one():
    with pytest.raises(SettingsError, match=r"did you mean 'repo-id'\?"):
        load_settings({"MLNOTES_GISCUS": {"repo": "me/blog", "repo_id": "R_1"}})
