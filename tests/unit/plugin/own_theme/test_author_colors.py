"""Colours that authors chose for one page, on a light and on a dark one."""

import re

import pytest

from pelican_mlnotes.plugin.own_theme.colors import luminance, parse_color, readable_colors


@pytest.mark.parametrize(
    ("style", "face"),
    [
        ("background: #e8f5e9", "light"),
        ("background-color:white; color: #333", "light"),
        ("padding: 1em; background: rgb(240, 248, 255)", "light"),
        ("background: hsl(210 40% 96%)", "light"),
        ("background: linear-gradient(135deg, #fff, #eee)", "light"),
        ("background: #222", "dark"),
        ("background:navy", "dark"),
        ("background: #ff000033", "tint"),
        ("background: rgba(186, 164, 215, 0.5)", "tint"),
        ("background: rgb(255 255 255 / 90%)", "light"),
        ("background: rgba(0, 0, 0, .8)", "dark"),
    ],
)
def test_a_box_with_a_ground_of_its_own_is_coloured_for_it(style, face):
    assert readable_colors(f'<div style="{style}">x</div>') == (
        f'<div style="{style}" class="mlnotes-on-{face}">x</div>'
    )


@pytest.mark.parametrize(
    "style",
    [
        "background: transparent",
        "background: none",
        "background: rgba(0, 0, 0, .01)",
        "background: var(--mine)",
        "background: url(a.png) white",
        "background: linear-gradient(#fff, #000)",
        "background: #12",
        "color: inherit",
        "color: var(--mine)",
        "border: 1px solid red",
    ],
)
def test_what_is_no_ground_or_no_colour_stays(style):
    html = f'<div style="{style}">x</div>'
    assert readable_colors(html) == html


def test_what_is_coloured_the_old_way_counts():
    assert 'style="color: light-dark(' in readable_colors('<font size="1" color="olive">x</font>')
    assert 'class="a mlnotes-on-light"' in readable_colors('<td bgcolor="#ffffcc" class="a">')


@pytest.mark.parametrize(
    "color", ["black", "#000", "rgb(102,102,102)", "royalblue", "purple", "#ffff00", "white"]
)
def test_words_can_be_read_on_light_and_on_dark(color):
    styled = readable_colors(f"<p><span style='color: {color}; margin:0'>x</span></p>")
    light, dark = re.search(r"light-dark\((#\w{6}), (#\w{6})\); margin:0", styled).groups()
    for shown, ground in ((light, "#f3f0e9"), (dark, "#202327")):
        levels = sorted(luminance(parse_color(name)[0]) + 0.05 for name in (shown, ground))
        assert levels[1] / levels[0] >= 4.5


def test_colours_of_what_has_a_ground_of_its_own_stay():
    html = '<b style="background: #fff; color: #000" class="mlnotes-on-light">x</b>'
    assert readable_colors(html) == html


def test_colouring_twice_is_colouring_once():
    html = '<div style="background:#eee"><i style="color:#111">x</i></div><svg style="color:#000"><g/></svg>'
    once = readable_colors(html)
    assert readable_colors(once) == once
    assert '<svg style="color:#000">' in once


@pytest.mark.parametrize(
    "part", ['<p style="color:', "<p style='", '<p style="color:#000"', "color:#", "<script"]
)
def test_broken_html_of_any_length_is_read_in_linear_time(part):
    assert len(readable_colors(part * 20_000)) >= 20_000
