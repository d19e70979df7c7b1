"""Which formulas are too wide for paper, and how much smaller must they be?

On screens a wide formula scrolls; on paper it would lose its end. Browsers do not break formulas into lines,
so the stylesheet prints the widest in smaller type, by a class that says how much.
"""

import re
from xml.etree import ElementTree

from pelican_mlnotes._patterns import pattern

_DISPLAY = pattern(
    r'<span class="math-display"(?P<focus> tabindex="0")>'
    # Never past the next of its kind, so that unclosed ones take linear time.
    r"(?P<math><math\b[^<]*+(?:<(?!/?math\b)[^<]*+)*+</math>)"
)
_PAPER = 35  # ems of type in a wide font between the margins of A4
SIZES = (85, 70, 55, 40, 30)
"""Percent of its size that a formula is printed in; as many classes has the stylesheet."""
_SPACED = 0.5  # ems around an operator


def fit_formulas(html: str) -> str:
    """Return ``html`` with a class on displayed formulas that paper would cut off."""
    return _DISPLAY.sub(_fitted, html) if 'class="math-display' in html else html


def _fitted(match: re.Match[str]) -> str:
    try:
        ems = width(ElementTree.fromstring(match["math"]))  # noqa: S314  # written by the converter
    except (ElementTree.ParseError, RecursionError):
        return match[0]
    if ems <= _PAPER:
        return match[0]
    size = next((size for size in SIZES if ems * size <= _PAPER * 100), SIZES[-1])
    return f'<span class="math-display math-paper-{size}"{match["focus"]}>{match["math"]}'


def width(element: ElementTree.Element) -> float:
    """Return about how many ems wide a piece of MathML is."""
    name = element.tag.rpartition("}")[2]
    text = (element.text or "").strip()
    parts = [width(child) for child in element]
    if name in ("annotation", "annotation-xml", "mphantom"):
        return 0
    if name == "mo":
        return 0.4 * len(text) if text in "()[]{}|,;\u2061" else 0.6 * len(text) + _SPACED
    if not parts:
        return 0.55 * len(text) if text else 0.2
    if name == "mfrac":
        return max(parts) + 0.2
    if name in ("munder", "mover", "munderover"):
        return max(parts)
    if name in ("msub", "msup", "msubsup", "mmultiscripts"):
        return parts[0] + 0.7 * max(parts[1:], default=0)
    if name == "mtable":
        rows = [[width(cell) for cell in row] for row in element]
        columns = range(max(map(len, rows)))
        return sum(max(row[at] for row in rows if at < len(row)) for at in columns)
    return sum(parts)
