"""Which formulas are too wide for paper, and how much smaller must they be? Which are for any screen?

On screens a wide formula scrolls; on paper it would lose its end. Browsers do not break formulas into lines,
so the stylesheet prints the widest in smaller type, by a class that says how much.

What is wider than the column of text scrolls on every screen, and gets a tab stop for the browsers that give
none to what scrolls. Most do (Chromium from 130, Firefox), also where only a narrow screen makes it scroll.
"""

import re
from xml.etree import ElementTree

from pelican_mlnotes._patterns import pattern

_SCROLLING = pattern(
    r'<span class="math-(?P<kind>display|wide)">(?P<before>[^<>]{0,20})'
    # Never past the next of its kind, so that unclosed ones take linear time.
    r"(?P<math><math\b[^<]*+(?:<(?!/?math\b)[^<]*+)*+</math>)"
)
_FOCUS = ' tabindex="0"'
# No link holds another: one that is never closed ends where the next begins.
_LINKED = pattern(r"<a\s[^<>]*>(?:(?!<a\s).)*?</a>", re.DOTALL)
_SHORT = 400  # characters of MathML that are narrower than a column
# Ems by `width`. About from here on, displays are too wide for the theme's column in DejaVu, the widest font
# that formulas fall back to.
_COLUMN = 24
_PAPER = 35  # ems of type in a wide font between the margins of A4
SIZES = (85, 70, 55, 40, 30)
"""Percent of its size that a formula is printed in; as many classes has the stylesheet."""
_SPACED = 0.5  # ems around an operator


def fit_formulas(html: str) -> str:
    """Return ``html`` with a class on displays that paper would cut off, and tab stops on what is widest."""
    if 'class="math-display' not in html and 'class="math-wide' not in html:
        return html
    html = _SCROLLING.sub(_fitted, html)
    if _FOCUS in html:
        # What keys reach already must not hold what they reach.
        html = _LINKED.sub(lambda link: link[0].replace(_FOCUS, ""), html)
    return html


def _fitted(match: re.Match[str]) -> str:
    if len(match["math"]) < _SHORT:
        return match[0]
    try:
        ems = width(ElementTree.fromstring(match["math"]))  # noqa: S314  # written by the converter
    except (ElementTree.ParseError, RecursionError):
        return match[0]
    if ems <= _COLUMN:
        return match[0]
    name = f"math-{match['kind']}"
    if ems > _PAPER and match["kind"] == "display":
        size = next((size for size in SIZES if ems * size <= _PAPER * 100), SIZES[-1])
        name += f" math-paper-{size}"
    return f'<span class="{name}"{_FOCUS}>{match["before"]}{match["math"]}'


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
