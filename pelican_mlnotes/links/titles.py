"""Is the text of a link the title of the paper that it leads to?"""

import re
from collections.abc import Iterable

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.prose import balanced


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


LONGEST = 250
"""Characters of a title."""
_FEWEST, _MOST = 3, 40
"""Words of what is surely a title. With fewer, as "BERT", it may be the name of what the paper is about."""

_YEAR = pattern(r"(?:(?:19|20)\d\d|['’]\d\d)[a-z]?")
# What stands between the names of authors.
_BETWEEN_NAMES = pattern(r"[,;&]|\band\b|\bet\.? al\b\.?")
_MOST_NAMES, _MOST_NAME_WORDS = 8, 3
_ET_AL = pattern(r"\bet\.? al\b")
_BEHIND = pattern(r"[\s,]*[(\[](?P<who>[^()\[\]]{1,120})[)\]][.,;\s]*\Z", at_most=2 * LONGEST)
_BEFORE = pattern(
    r"[(\[]?(?P<who>[^()\[\]]{1,120}?[\s,(\[]+(?:19|20)\d\d[a-z]?)[)\]]?[.,:)\]]*\s+(?P<rest>\S.*)",
    at_most=2 * LONGEST,
)
_NUMBER = pattern(r"\s*(?:\[[\w+, -]{1,12}\]|\(\d{1,3}\)|\d{1,3}[.)])\s+", at_most=2 * LONGEST)
_QUOTED = pattern('[“„«「『"](?P<inside>[^“”„«»「」『』"]{8,})[”“»」』"]')
_QUOTES = "\"'“”‘’«»„‟‹›「」『』《》 \t"
_PAIRED = '"“”«»„「」『』'
_LETTER = pattern(r"[^\W\d_]")
_WIDE = pattern("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ADDRESS = pattern(
    r"\S*(?:https?:|www\.|\w\.(?:org|com|net|edu|cc|press|html?|pdf)(?:/|\Z))\S*",
    re.IGNORECASE,
    at_most=LONGEST,
)
_ID = pattern(
    r"\S*(?:\d{4}\.\d{4,5}(?:v\d+)?|10\.\d{4,9}/\S+|[a-z-]{2,}/\d{7}|[A-Z]\d\d-\d{4}|W\d{5,}"
    r"|\[[a-z-]+\.[a-z-]+\])\S*",
    re.IGNORECASE,
    at_most=LONGEST,
)
# Words of which alone no title is made, and that a title does not begin with if they are written small.
_NO_TITLE = _each(
    """
    a an the this that these those here there it its his her their our my your original recent new full
    first second same following seminal classic famous great nice excellent related corresponding
    accompanying official paper papers article articles publication publications preprint preprints
    manuscript study work works report link links url source sources website site page webpage web post
    blog read more see also details pdf html ps abstract abs arxiv ar5iv alphaxiv doi openreview open
    review acl anthology pmlr jmlr nips neurips icml iclr cvpr iccv eccv emnlp naacl eacl aaai ijcai kdd
    proceedings conference journal workshop version versions citation citations cite ref refs reference
    references bibtex bib code download slides video project supplementary supplement appendix poster
    talk and or of in on by at from for to with is et al hier artikel ici article aquí aqui artículo
    lien enlace qui articolo questo dieser diese dieses этой статье статья здесь тут
    论文 原文 链接 这里 此处 原论文 論文 こちら ここ
    """
)
_AROUND_WORDS = ".,;:!?()[]{}\"'“”‘’/"


def clean_title(text: str) -> str:
    """Return the text of a link without what stands around a title: quotes, a number, authors and years.

    Its writing directions are balanced, so that it turns nothing that stands behind it.
    """
    return balanced(_bare(" ".join(text.split())))


def _bare(text: str) -> str:
    if len(text) > 2 * LONGEST:
        return text
    text = _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text
    quoted = _QUOTED.search(text)
    if quoted and len(quoted["inside"].split()) >= _FEWEST:
        around = f"{text[: quoted.start()]} {text[quoted.end() :]}"
        if _is_citation(around) or _says_nothing(around):
            text = quoted["inside"]
    if _is_citation(text):
        return text
    behind = _BEHIND.search(text)
    if behind and (_is_citation(behind["who"]) or _says_nothing(behind["who"])):
        text = text[: behind.start()]
    before = _BEFORE.fullmatch(text)
    if before and _is_citation(before["who"]) and len(before["rest"].split()) >= _FEWEST:
        text = before["rest"]
    return _unquoted(text.strip().rstrip(".,;:"))


def _unquoted(text: str) -> str:
    """Return ``text`` without quotes around all of it, or at one end alone."""
    bare = text.strip(_QUOTES).rstrip(".,;:")
    lost = (text[:1] in _QUOTES) + (text[-1:] in _QUOTES)
    return bare.strip() if lost == 2 or not any(map(bare.__contains__, _PAIRED)) else text


def is_sensible(text: str) -> bool:
    """Return whether ``text``, which is clean, may stand for a paper: "BERT", but not "here" or "[1]"."""
    if not 2 <= len(text) <= LONGEST or _LETTER.search(text) is None:
        return False
    if text == text.lower() != text.upper() and not any(map(str.isdecimal, text)):
        return False  # a word of the sentence around it
    return not _says_nothing(text) and not _is_citation(text)


def is_title(text: str) -> bool:
    """Return whether ``text``, which is clean, is a title rather than a name or a piece of a sentence."""
    if not is_sensible(text):
        return False
    words = text.split()
    if _WIDE.search(text):
        return len(text) >= 2 * _FEWEST
    if not _FEWEST <= len(words) <= _MOST or words[-1].lower() in ("paper", "papers", "article", "al", "al."):
        return False
    if words[0].islower() and words[0].isalpha():
        # A piece of a sentence; but "word2vec explained: ..." is a title, and so is "mixup: Beyond ...".
        large = sum(not word[0].islower() for word in words)
        return words[0] not in _NO_TITLE and (words[0][-1] == ":" or 2 * large >= len(words))
    return True


def best_title(texts: Iterable[str]) -> str:
    """Return the best of the clean ``texts`` of links to one paper; empty if none says what it is.

    That is the longest title, else the longest sensible text; of two of one length, the first by its letters.
    """
    sensible = [text for text in texts if is_sensible(text)]
    titles = [text for text in sensible if is_title(text)]
    return min(titles or sensible, key=lambda text: (-len(text), text), default="")


def _says_nothing(text: str) -> bool:
    return all(_ADDRESS.fullmatch(word) or _ID.fullmatch(word) or _is_empty(word) for word in text.split())


def _is_empty(word: str) -> bool:
    bare = word.strip(_AROUND_WORDS).lower()
    return (
        bare in _NO_TITLE
        or bare.isdecimal()
        or not bare
        or all(part in _NO_TITLE for part in bare.split("/"))
    )


def _is_citation(text: str) -> bool:
    """Return whether ``text`` names authors and a year, as "Kingma & Welling (2014)", or authors "et al."."""
    years = _YEAR.findall(text)
    bare = _YEAR.sub(",", text) if years else text
    et_al = _ET_AL.search(bare) is not None
    if not years and not et_al:
        return False
    names = [name.strip(_AROUND_WORDS + " ").split() for name in _BETWEEN_NAMES.split(bare)]
    names = [name for name in names if name and not all(map(_is_empty, name))]
    if len(names) > _MOST_NAMES and not et_al:
        return False
    return all(len(name) <= _MOST_NAME_WORDS and _may_be_name(name) for name in names)


def _may_be_name(words: list[str]) -> bool:
    return any(word[0].isupper() or not word[0].isalpha() for word in words) or len(words) == 1
