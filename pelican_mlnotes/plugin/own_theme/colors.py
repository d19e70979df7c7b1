"""Can the colours that an author chose for one page be read on a page that is light or dark?

An author saw one page, and set boxes of light grey or words of dark blue on it. A box with a ground of its
own keeps it, and what stands in it is coloured for such a ground. Words that are too near to one of the
page's grounds get another colour there, by ``light-dark()``.
"""

import re
from colorsys import hls_to_rgb
from html import escape, unescape

from pelican_mlnotes._patterns import pattern

Color = tuple[float, float, float]
"""Red, green and blue in 0..1."""

_VALUES = r"""(?>[^<>"']+|"[^"]*"|'[^']*')*+"""
_TAG = pattern(
    rf"<!--.*?(?:-->|\Z)"
    rf"|<(?P<opaque>(?i:script|style|textarea|svg|math|template))\b.*?(?:</(?i:(?P=opaque))\s*>|\Z)"
    rf"|<[a-zA-Z][\w-]*(?P<attributes>\s{_VALUES})>",
    re.DOTALL,
)
_STYLE = pattern(r"""(?<![\w-])style\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
_CLASS = pattern(r"""(?<![\w-])class\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
_BGCOLOR = pattern(r"""(?<![\w-])bgcolor\s*=\s*["']?([#\w]+)""", re.IGNORECASE)
_FONT = pattern(r"""<font\s(?:[^<>]*\s)?color\s*=\s*["']?(?P<color>#?\w+)""", re.IGNORECASE)
_IMPORTANT = pattern(r"!\s*important")
_DECLARATION = pattern(r"(?<![\w-])(?P<name>[\w-]++)\s*+:\s*+(?P<value>[^;]*)")
_COLOR = pattern(r"#[0-9a-fA-F]{3,8}\b|(?:rgb|hsl)a?\([^()]*\)|[a-zA-Z]+(?![\w(-])")
_NUMBER = pattern(r"[\d.]+%?")
# What the theme's grounds are at most and at least, callouts and code included, as luminance (WCAG 2.2).
_LIGHT_GROUND, _DARK_GROUND = 0.86, 0.02
_ENOUGH = 4.5
_LIGHT_PAPER, _DARK_PAPER = 0.98, 0.1  # the pages themselves, as grey
_SHOWS = 0.05  # opacity below which a ground is none


def readable_colors(html: str) -> str:
    """Return ``html`` with classes on light or dark boxes, and words that can be read in both schemes."""
    if "color" not in html and "background" not in html:
        return html
    return _TAG.sub(_readable, html)


def _readable(tag: re.Match[str]) -> str:
    attributes = tag["attributes"]
    if not attributes or ("color" not in attributes and "background" not in attributes):
        return tag[0]
    style = _STYLE.search(attributes)
    text = unescape(style[1][1:-1]) if style else ""
    declared = {match["name"].lower(): match for match in _DECLARATION.finditer(text)}
    grounds = [declared[name]["value"] for name in ("background", "background-color") if name in declared]
    grounds += _BGCOLOR.findall(attributes)[:1] if not grounds else []
    face = next((face for ground in reversed(grounds) if (face := _face(ground))), "")
    if face:
        return with_class(tag[0], f"mlnotes-on-{face}")
    if any("url" in ground for ground in grounds):
        return tag[0]
    offset = tag.start("attributes") - tag.start()
    if style is None:
        old = _FONT.match(tag[0])
        both = old and _for_both(old["color"])
        return f'{tag[0][:-1]} style="color: {both}">' if both else tag[0]
    if "color" not in declared:
        return tag[0]
    value = declared["color"]
    both = _for_both(_IMPORTANT.sub("", value["value"]).strip())
    if not both:
        return tag[0]
    text = text[: value.start("value")] + both + text[value.end("value") :]
    start, end = style.span(1)
    return f'{tag[0][: offset + start]}"{escape(text)}"{tag[0][offset + end :]}'


def _for_both(name: str) -> str:
    """Return what stands for the colour ``name`` on light and dark; empty if it may stay, or is none."""
    color, opacity = parse_color(name) or (None, 0)
    if color is None or opacity < 1:
        return ""
    light, dark = _away(color, _LIGHT_GROUND, 0), _away(color, _DARK_GROUND, 1)
    return "" if light == dark == color else f"light-dark({_hex(light)}, {_hex(dark)})"


def _face(ground: str) -> str:
    """Return what a CSS background is on either page, "light", "dark" or a "tint" of it; else nothing."""
    if "url" in ground or "var(" in ground:
        return ""
    found = [color for match in _COLOR.findall(ground) if (color := parse_color(match))]
    if not found or any(opacity < _SHOWS for _, opacity in found):
        return ""
    # Black and white can be read equally well on a luminance of .179.
    light, dark = (
        {luminance(_mixed(color, paper, opacity)) > 0.179 for color, opacity in found}
        for paper in (_LIGHT_PAPER, _DARK_PAPER)
    )
    if len(light) == len(dark) == 1:
        return "tint" if light != dark else "light" if light.pop() else "dark"
    return ""


def _mixed(color: Color, paper: float, opacity: float) -> Color:
    red, green, blue = (level * opacity + paper * (1 - opacity) for level in color)
    return red, green, blue


def with_class(tag: str, name: str) -> str:
    """Return the start tag ``tag`` with the class ``name`` among its others."""
    found = _CLASS.search(tag)
    if found is None:
        end = len(tag) - (2 if tag.endswith("/>") else 1)
        return f'{tag[:end].rstrip()} class="{name}"{" " if tag.endswith("/>") else ""}{tag[end:]}'
    if name in found[1][1:-1].split():
        return tag
    at = found.end() - 1
    return f"{tag[:at]} {name}{tag[at:]}"


def parse_color(text: str) -> tuple[Color, float] | None:
    """Return a CSS colour and its opacity in 0..1, or ``None`` for what is none.

    Source: W3C, CSS Color Module Level 4: names, hexadecimal, ``rgb()`` and ``hsl()``.
    """
    text = text.lower()
    if text.startswith("#"):
        digits = text[1:] if len(text) > 5 else "".join(digit * 2 for digit in text[1:])
        if len(digits) not in (6, 8):
            return None
        levels = [int(digits[at : at + 2], 16) / 255 for at in range(0, len(digits), 2)]
        return (levels[0], levels[1], levels[2]), levels[3] if len(levels) == 4 else 1
    if "(" in text:
        numbers = _NUMBER.findall(text.partition("(")[2])
        if not 3 <= len(numbers) <= 4 or any(
            number.count(".") > 1 or not number.strip(".%") for number in numbers
        ):
            return None
        opacity = _part(numbers[3], 1) if len(numbers) == 4 else 1
        if text.startswith("hsl"):
            hue, saturation, lightness = (
                float(numbers[0].rstrip("%")),
                _part(numbers[1], 100),
                _part(numbers[2], 100),
            )
            return hls_to_rgb(hue / 360 % 1, lightness, saturation), opacity
        return (_part(numbers[0], 255), _part(numbers[1], 255), _part(numbers[2], 255)), opacity
    from pelican_mlnotes.formulas.colors import named_color  # here, because it reads a table

    named = named_color(text)
    return parse_color(named) if named else None


def _part(number: str, whole: float) -> float:
    return min(float(number.rstrip("%")) / (100 if number.endswith("%") else whole), 1)


def luminance(color: Color) -> float:
    """Return the relative luminance of ``color``, 0 for black and 1 for white (WCAG 2.2)."""
    linear = [level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in color]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _away(color: Color, ground: float, end: int) -> Color:
    """Return ``color`` mixed with black (``end`` 0) or white (1) until it can be read on such a ground."""
    for step in range(20):
        red, green, blue = (level + (end - level) * step / 20 for level in color)
        lighter, darker = sorted((luminance((red, green, blue)), ground), reverse=True)
        if (lighter + 0.05) / (darker + 0.05) >= _ENOUGH:
            return red, green, blue
    return float(end), float(end), float(end)


def _hex(color: Color) -> str:
    return "#" + "".join(f"{round(255 * level):02x}" for level in color)
