"""What is a word here?

One definition for topics and related posts, so that a name in the taxonomy and its mention in a post
always meet.  A post of 800 English words takes about 0.03 ms: letters are folded and separators blanked
on the encoded bytes, in one table look-up a byte, and ``split`` does the rest.
"""

import re
import unicodedata
from collections.abc import Sequence
from operator import add
from pathlib import Path

from pelican_mlnotes._patterns import pattern

# UTF-8 keeps bytes from 128 for other alphabets; they pass, because _fold has blanked what separates there.
# The two control characters stand for the signs of "c++" and "c#" while every other sign is blanked.
_PLUS, _SHARP = "\x01", "\x02"
_SEPARATE = bytes(
    byte if byte > 127 or byte == 10 else ord(chr(byte).lower()) if chr(byte).isalnum() else 32
    for byte in range(256)
)
_SEPARATE_SIGNS = bytes(
    {ord(_PLUS): ord("+"), ord(_SHARP): ord("#")}.get(byte, _SEPARATE[byte]) for byte in range(256)
)

_POSSESSIVE = pattern(r"'[sS](?!\w)")
_LANGUAGE_NAME = pattern(r"(?<![\w+#])(?:([cCgG])\+\+|([cCfF])#)(?![+#])")
_APOSTROPHES = "’ʼ"
# Letters that writers replace at will by others; Persian is typed with either yeh and either kaf.
_ALIKE = {
    **dict.fromkeys(_APOSTROPHES, "'"),
    **{"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th"},
    **{"ي": "ی", "ى": "ی", "ك": "ک", "ё": "е"},
    "ـ": "",  # tatweel only stretches a word
    **dict.fromkeys("\u00ad\u034f\u200d\u2060\ufeff", ""),  # soft hyphen, joiners, byte order mark
}
_MOST_MARKS = 30
# No letters, and so perhaps marks; but for runs of them, this is not looked at sign by sign.
_MANY_MARKS = pattern(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
_BEYOND_ASCII = pattern(r"[^\x00-\x7f][^\x00-\x7f]*")  # as "+" would, but found ten times faster
_RESPELT = pattern(rf"[\u0080-\u036f\u1e00-\u1eff{''.join(_ALIKE)}]")  # Latin letters, marks, those above
# Vowel points of Hebrew and Arabic are written at will, so they do not tell words apart; nor do variation
# selectors, which only choose a glyph.
_POINTS = frozenset(
    map(
        chr,
        (
            *range(0x0591, 0x05C8),
            *range(0x0610, 0x061B),
            *range(0x064B, 0x0660),
            0x0670,
            *range(0xFE00, 0xFE10),
            *range(0xE0100, 0xE01F0),
        ),
    )
)
_NON_JOINER = "\u200c"
_ARABIC = range(0x0600, 0x0700)
# Thai, Lao, Burmese, Khmer, kana, Han, Hangul: no blanks between words, or (Hangul) blanks between phrases.
_UNSPACED_LETTER = (
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\U00020000-\U0003ffff]"
)
_FIRST_UNSPACED = "\u0e00"
_UNSPACED = pattern(rf"{_UNSPACED_LETTER}(?:{_UNSPACED_LETTER}|[^\w\s'])*")  # with the marks that follow
_ADDRESS = pattern(
    r"(?:\b(?:https?|ftp)://|\bwww\.)\S+"
    r"|\b[\w-]+(?:\.[\w-]+){0,4}\.(?:com|org|net|edu|gov|info|io|ai|dev|app|me|co|uk|de|fr|nl|ch|eu)/\S*",
    re.IGNORECASE,
)
_LETTER_AND_MARKS = pattern(r"\w\W*")


def words(text: str) -> list[str]:
    """Return the words of ``text`` in order, in lower case.

    Letters and digits of any alphabet make words, everything else separates them: "self-attention" gives
    "self", "attention" and "word2vec" stays whole.  "c++" and "c#" keep their signs; an English "'s" is
    dropped.  Where a script sets no blanks between words (Chinese, Japanese, Thai ...), each run of it
    gives its overlapping pairs of characters, which is how search engines find words there.  The address of
    a web page says where something is, not what is spoken of: no words.
    """
    return _separated(text).split()


def normalise(text: str) -> str:
    """Return the words of ``text`` with single blanks between them: equal for spellings of one name."""
    return " ".join(words(text))


def normalise_all(texts: Sequence[str]) -> list[str]:
    """Return each of ``texts`` normalised: thousands in one go take a quarter of the time."""
    plain = [text if text.isascii() and "+" not in text and "#" not in text else "" for text in texts]
    joined = _separated("\n".join(plain))
    while "  " in joined:
        joined = joined.replace("  ", " ")
    lines = joined.replace(" \n", "\n").replace("\n ", "\n").strip(" ").split("\n")
    if len(lines) != len(texts):  # one of them holds a line end
        return list(map(normalise, texts))
    return [line or normalise(text) for line, text in zip(lines, texts, strict=True)]


def _separated(text: str) -> str:
    """Return ``text`` in lower case, with blanks for all that separates words but ends of lines."""
    if "/" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    if not text.isascii():
        text = _fold(text)
    if "'" in text:
        text = _POSSESSIVE.sub(" ", text)
    table = _SEPARATE
    if "+" in text or "#" in text:
        marked = text.replace(_PLUS, " ").replace(_SHARP, " ")
        marked, found = _LANGUAGE_NAME.subn(_mark_signs, marked)
        if found:
            text, table = marked, _SEPARATE_SIGNS
    return text.encode().translate(table).decode()


def language_of(tag: str) -> str:
    """Return the first part of a language tag, in lower case: "pt" for "pt-BR" and "pt_br"."""
    return tag.strip().lower().replace("_", "-").partition("-")[0]


def stop_words(lang: str) -> frozenset[str]:
    """Return the words of language ``lang`` that carry no subject; empty for a language without a list.

    Articles, pronouns, prepositions, conjunctions, auxiliary verbs, the commonest adverbs and quantities, and
    what a possessive, an elision or a contraction leaves behind.  ``lang`` is a language tag; only its first
    part counts ("pt-BR", "zh_Hans").  Reads the list from the package each time: call it once a build.
    """
    return _listed("stop_words", lang)


def common_words(lang: str) -> frozenset[str]:
    """Return words of language ``lang`` that posts on any subject repeat; empty for one without a list.

    Alone they are no reason why two posts are related.
    """
    return _listed("common_words", lang)


def _listed(folder: str, lang: str) -> frozenset[str]:
    # Spelling follows the language, and words() brings lists and posts to one form. Chinese and Japanese are
    # compared by pairs of characters, so their lists hold such pairs.
    code = language_of(lang)
    file = Path(__file__).with_name(folder) / f"{code}.txt"
    return frozenset(words(file.read_text(encoding="utf-8")) if code.isalpha() and file.is_file() else ())


def _mark_signs(name: re.Match[str]) -> str:
    return f"{name[1]}{_PLUS}{_PLUS} " if name[1] else f"{name[2]}{_SHARP} "


def with_few_marks(text: str) -> str:
    """Return ``text`` with at most 30 combining marks on a letter, which no language needs.

    ``unicodedata.normalize`` sorts the marks of a letter in quadratic time. Source of the number: Unicode
    Standard Annex 15, "Stream-Safe Text Format".
    """
    return _MANY_MARKS.sub(_first_marks, text) if len(text) > _MOST_MARKS else text


def _first_marks(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for sign in run[0]:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def _fold(text: str) -> str:
    """Return ``text`` with only words left beyond ASCII: no capitals, no accents on Latin letters."""
    return _BEYOND_ASCII.sub(_fold_run, text)


def _fold_run(run: re.Match[str]) -> str:
    # Compatibility forms only change letters and marks that stand together: no need to rewrite all the text.
    signs = unicodedata.normalize("NFKC", with_few_marks(run[0])).casefold()
    if not signs.isalnum() or _RESPELT.search(signs):
        signs = _respell(run.string[run.start() - 1] if run.start() else " ", signs)
    return _UNSPACED.sub(_pairs, signs) if signs and max(signs) >= _FIRST_UNSPACED else signs


def _respell(before: str, signs: str) -> str:
    """Return what words keep of ``signs``, which follow the letter or sign ``before``."""
    kept = ""
    for sign in signs:
        if (alike := _ALIKE.get(sign)) is not None:
            kept += alike
            before = alike[-1:] or before
        elif sign in _POINTS:
            pass
        elif sign.isascii():
            before = sign if sign.isalnum() or sign in "'+#" else " "
            kept += before
        elif sign.isalnum():
            letter = unicodedata.normalize("NFKD", sign)[0]
            before = letter if letter.isascii() else sign
            kept += before
        elif sign == _NON_JOINER and ord(before) not in _ARABIC:
            pass  # it shapes a letter; between Persian morphemes it stands where others type a blank
        elif not unicodedata.category(sign).startswith("M"):
            before = " "
            kept += before
        elif not before.isascii():
            kept += sign
    return unicodedata.normalize("NFKC", kept)


def _pairs(run: re.Match[str]) -> str:
    """Return the overlapping pairs of characters of ``run``, vowel signs and tones kept with their letter."""
    characters = run[0] if run[0].isalnum() else _LETTER_AND_MARKS.findall(run[0])
    if len(characters) < 2:
        return f" {''.join(characters)} "
    return f" {' '.join(map(add, characters, characters[1:]))} "
