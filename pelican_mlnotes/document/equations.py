"""What do the elements that show formulas say, and superscripts and subscripts with them?"""

from selectolax.lexbor import LexborNode

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.classify import treats
from pelican_mlnotes.document.lines import FAR, SPACE
from pelican_mlnotes.document.mathml import to_tex
from pelican_mlnotes.document.page import Page
from pelican_mlnotes.document.prose import BREAK, FORMULA, without_delimiters
from pelican_mlnotes.document.tree import Attributes, text_of
from pelican_mlnotes.formulas.plain import lowered, raised

TEX_LIKE = pattern(r"[\\^_${}=+<>|]")
"""What the alternative text of a picture of a formula holds."""
BRACKETED_MARK = pattern(r"\[\s*\w{1,4}\s*\]")
"""What points to a note or a reference."""
_TEX = pattern(r"[\\^_${}]")
_SLANTED = "i,em,var,sub,sup"
_WORD = pattern(r"[^\W\d_\u0370-\u03ff]{2,}")
_WORDS = pattern(r"[^\W\d_]{2}\s+[^\W\d_]{2}")
_NUMBERS = pattern(r"[0-9]{1,3}(?:[,–-]\s?[0-9]{1,3})*")
# A number that is raised after one of these points to a note; it is no exponent.
_AFTER_SENTENCE = frozenset('.,;:!?”"’»')
_SIGNS = {"TM": "™", "SM": "℠", "®": "®"}
_NOTE_MARKS = pattern(r"[\[\](),;\s]*")


def formula_mark(
    page: Page, node: LexborNode, tag: str, attributes: Attributes, *, display: bool
) -> str | None:
    """Return what stands in the text for an element that shows a formula.

    Empty if the element says nothing, ``None`` if its content is to be read as words in italics are.
    """
    source = node if tag == "math" else node.css_first("math")
    display = display or tag in treats().blocks or "block" in attributes
    display = display or attributes.get("display") in ("true", "block")
    if source is not None:
        tex = to_tex(source)
        display = display or source.attributes.get("display") == "block"
    elif (script := node.css_first("script")) is not None:
        tex = text_of(script)
    elif tag == "mjx-container":
        return ""
    else:
        tex = text_of(node)
        if not display and not _TEX.search(tex) and node.css_first(_SLANTED) is not None:
            return None
    tex, alone = without_delimiters(tex)
    return page.formulas.mark(tex, display or alone)


def script_mark(page: Page, node: LexborNode, kind: str) -> str:
    """Return what stands in the text for a script that holds a formula; ``kind`` is its type."""
    tex, alone = without_delimiters(text_of(node))
    return page.formulas.mark(tex, alone or "display" in kind)


def slanted_formula(page: Page, text: str) -> str:
    """Return what a formula written with letters in italics, indices and exponents adds to the line."""
    return text if FORMULA in text else page.formulas.mark_text(text.replace(BREAK, " "))


def superscript(before: list[str], text: str) -> str:
    """Return what a superscript adds to the line behind ``before``; nothing if it points to a note."""
    word, last = text.strip(SPACE), _last_sign(before)
    if len(word) > FAR or FORMULA in word:
        if FORMULA in word or not _is_base(last) or BREAK in word:
            return text
        return f" {text}" if last.isalpha() and _WORDS.search(word) else f"^({word})"
    if _NOTE_MARKS.fullmatch(word) or BRACKETED_MARK.fullmatch(word):
        return ""
    if last in _AFTER_SENTENCE and _NUMBERS.fullmatch(word):
        return ""
    if word.upper() in _SIGNS:
        return _SIGNS[word.upper()]
    if _is_word(word, last):
        return text
    shifted = raised(word)
    if shifted is not None:
        return shifted
    # Without a sign, 2 to the power of n/2 would read 2n/2.
    return f"^({word})" if _is_base(last) else text


def subscript(before: list[str], text: str) -> str:
    """Return what a subscript adds to the line behind ``before``."""
    word, last = text.strip(SPACE), _last_sign(before)
    if len(word) > FAR or FORMULA in word:
        return text
    if _NOTE_MARKS.fullmatch(word):
        return ""
    if _is_word(word, last):
        return text
    shifted = lowered(word)
    return text if shifted is None else shifted


def _last_sign(before: list[str]) -> str:
    return before[-1][-1:] if before else ""


def _is_base(sign: str) -> bool:
    """Return whether an exponent can follow ``sign``."""
    return sign.isalnum() or sign in ")]"


def _is_word(word: str, last: str) -> bool:
    # 1st, 2e and the like are words; so is what follows a space.
    return bool(_WORD.fullmatch(word) or (last.isdigit() and word in "eoaº") or not last.strip(SPACE))
