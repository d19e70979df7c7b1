r"""What do references to equations say in a text that shows none? Their numbers, as the page has them.

A reference to what has no number is left out, with the words that lead to it: "as in equation".
"""

import re
from collections.abc import Mapping
from html import unescape

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.formulas.delimiters import MARKED, mark_text, marked_formula

__all__ = ["with_numbers"]

_REFERENCE = r"(?:<span class=\"math\">\\\(\s{0,9})?\\(?:eq)?ref\{[^{}<>\n]{1,200}\}(?:\s{0,9}\\\)</span>)?"
_ONE = pattern(
    r"(?:<span class=\"math\">\\\(\s{0,9})?\\(?P<eq>eq)?ref\{(?P<label>[^{}<>\n]{1,200})\}"
    r"(?:\s{0,9}\\\)</span>)?"
)
_SPACE = r"(?:\s|~|&nbsp;)"
_AND = r"(?:,|;|–|-|&amp;|and|or|to|und|oder|bis|et|ou|à|y|o|e|и|или|و|和|与|と|、|，)"
# Words before a reference, in the languages that the theme has; those after the bar need no space.
_LEADS = (
    r"as\s+(?:(?:shown|given|defined)\s+)?(?:in|by)|see(?:\s+also)?|by|from|in|using|with|cf\.|via"
    r"|wie\s+in|siehe|vgl\.|nach|aus|mit|laut|gemäß"
    r"|comme\s+dans|voir|par|d['’]après|selon|dans|avec"
    r"|como\s+en|véase|ver|por|según|en|como\s+na|veja|pela|segundo|em|na"
    r"|come\s+in|vedi|dalla|secondo|nella|con|как\s+в|см\.|из|по|согласно|в|انظر|في|من"
)
_UNSPACED_LEADS = r"见|參見|参见|由|如|根据"
_ARTICLES = r"the|der|die|den|dem|la|le|les|las|los|el|il|lo|a|o|as|os"
_NOUNS = (
    r"eqn?s?\.?|equations?|expressions?|formulas?|formulae|inequality|figures?|fig\.?|tables?|sections?|sec\."
    r"|gl\.|gleichung(?:en)?|formeln?|éq\.|équations?|formules?|ec\.|ecuaci(?:ón|ones)|fórmulas?"
    r"|equaç(?:ão|ões)|equazion[ei]|ур\.|уравнени\w+|формул\w+|المعادلة"
)
_UNSPACED_NOUNS = r"公式|方程式?|式"
_PHRASE = pattern(
    rf"(?P<stop>,)?(?P<open>\s?[(（\[]\s*)?"
    rf"(?P<lead>\s?(?:(?<!\w)(?:{_LEADS}){_SPACE}+|(?:{_UNSPACED_LEADS}){_SPACE}*))?"
    rf"(?:(?<!\w)(?:(?:{_ARTICLES})\s+|l['’])?(?<!\w)(?:{_NOUNS}){_SPACE}*|(?:{_UNSPACED_NOUNS}))?"
    rf"{_REFERENCE}(?:{_SPACE}*{_AND}{_SPACE}*{_REFERENCE})*(?P<close>\s*[)）\]])?"
    r"(?P<behind>[,.，。])?",
    re.IGNORECASE,
    at_most=1000,
)
_ENDS_SENTENCE = pattern(r"(?:[.!?>。]|\A)\s*\Z", at_most=20)
_NEAR, _BEHIND = 80, 300  # characters
# Stands where a sentence begins whose first words are gone.
_BEGINS = "\ue008"
_FIRST_LETTER = pattern(rf"{_BEGINS}\s*(\w?)")


def with_numbers(html: str, macros: Mapping[str, str]) -> str:
    """Return ``html`` with the numbers of equations in place of references to them, marked or not.

    ``macros`` are commands of the site's own, without backslash.
    """
    if r"\eqref{" not in html and r"\ref{" not in html:
        return html
    numbers: dict[str, str] = {}
    if r"\label{" in html:
        # Imported late: a blog without references pays nothing for it.
        from pelican_mlnotes.formulas.convert import Converter

        formulas = [marked_formula(mark) for mark in MARKED.finditer(mark_text(html))]
        numbers = Converter(macros=macros).numbers(formulas)

    def number(match: re.Match[str]) -> str:
        shown = numbers.get(unescape(match["label"]))
        if shown is None:
            return match[0]
        return f"({shown})" if match["eq"] else shown

    html = _ONE.sub(number, html)
    parts: list[str] = []
    at = 0
    for one in _ONE.finditer(html):
        if one.start() < at:
            continue
        # Only what is near a reference can lead to it.
        phrase = _PHRASE.search(html, max(at, one.start() - _NEAR), one.end() + _BEHIND)
        if phrase:
            parts += [html[at : phrase.start()], _without_phrase(phrase)]
            at = phrase.end()
    if not parts:
        return html
    return _FIRST_LETTER.sub(lambda match: match[1].upper(), "".join((*parts, html[at:])))


def _without_phrase(match: re.Match[str]) -> str:
    stop, behind, lead = (match[name] or "" for name in ("stop", "behind", "lead"))
    opening, closing = match["open"] or "", match["close"] or ""
    if opening and closing:
        return stop + behind
    if not lead:
        return match[0]
    before = match.string[max(match.start() - 20, 0) : match.start()]
    if not opening and not stop and _ENDS_SENTENCE.search(before):
        # What follows begins the sentence now; if nothing does, it is gone as a whole.
        return lead[: lead[:1].isspace()] + _BEGINS
    return opening + closing + (behind or stop)
