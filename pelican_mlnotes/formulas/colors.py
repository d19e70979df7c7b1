"""Which colours do formulas name, and how can they be read on a light and on a dark page?"""

from pelican_mlnotes.formulas.tables import tables

# Relative luminance with a contrast of 3 to 1 on a face nearly black, and on white.
_DARKEST, _LIGHTEST = 0.13, 0.29


def named_color(name: str) -> str | None:
    """Return the colour that CSS knows by ``name`` (lower case) as ``#rrggbb``, or ``None``."""
    digits = tables()["colors"].get(name)
    return f"#{digits}" if digits else None


def readable_color(color: str) -> str:
    """Return ``color``, ``#rgb`` or ``#rrggbb``, with a contrast of 3 on white and nearly on black.

    Our theme has a light and a dark face, and the author has seen one. Source of the formulas: W3C, WCAG 2.2,
    "relative luminance" and "contrast ratio".
    """
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    levels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    if _DARKEST <= luminance <= _LIGHTEST:
        return color
    if luminance > _LIGHTEST:
        linear = [level * _LIGHTEST / luminance for level in linear]
    else:
        share = (_DARKEST - luminance) / (1 - luminance)
        linear = [level + (1 - level) * share for level in linear]
    levels = [level * 12.92 if level <= 0.0031308 else 1.055 * level ** (1 / 2.4) - 0.055 for level in linear]
    return "#" + "".join(f"{round(255 * level):02x}" for level in levels)
