"""What looks like a formula and still stands in a finished page as text?"""

import re

from pelican_mlnotes._patterns import pattern

__all__ = ["first_leftover"]

# Code, and what is no text to a reader; formulas hold their TeX beside what is shown.
_UNREAD = pattern(
    r"<(?P<tag>code|pre|math|script|style|textarea|kbd|samp|svg)\b[^<>]*>"
    # Never past the next of its kind, so that unclosed ones take linear time.
    r"[^<]*(?:<(?!/?(?P=tag)\b)[^<]*)*</(?P=tag)>|<!--(?:(?!<!--).)*?-->|<[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_LEFTOVER = pattern(
    r"\$\s?\\[a-zA-Z]{2,}[^$<>\n]{0,40}|\$\$[^<>\n]{0,40}|\\\([^<>\n]{0,40}|\\begin\{[^<>\n]{0,40}"
)


def first_leftover(html: str) -> str | None:
    """Return the first piece of TeX that readers of ``html`` see as text, or ``None``."""
    if "\\" not in html and "$$" not in html:
        return None
    found = _LEFTOVER.search(_UNREAD.sub(" ", html))
    return " ".join(found[0].split()) if found else None
