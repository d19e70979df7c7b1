"""What is a formula in MathML as TeX?"""

from selectolax.lexbor import LexborNode

from pelican_mlnotes.document.tree import text_of
from pelican_mlnotes.formulas.plain import DEEPEST

_TEX_ACCENTS = {
    "^": "hat",
    "ˆ": "hat",
    "~": "tilde",
    "˜": "tilde",
    "¯": "bar",
    "‾": "bar",
    "→": "vec",
    "˙": "dot",
}
_TEX_LITERAL = str.maketrans(
    {sign: f"\\{sign}" for sign in "{}_&%#$"} | {"\\": "\\backslash ", "^": "\\hat{}"}
)


def to_tex(math: LexborNode) -> str:
    """Return a ``math`` element as TeX: the author's own where the page keeps it."""
    if alternative := math.attributes.get("alttext"):
        return alternative
    annotation = math.css_first("annotation")
    return text_of(annotation) if annotation is not None else _tex(math, 0)


def _tex(node: LexborNode, depth: int) -> str:
    """Return a MathML element as TeX; below ``DEEPEST`` levels only its text."""
    if depth > DEEPEST:
        return text_of(node).translate(_TEX_LITERAL)
    tag = node.tag or ""
    parts = [child for child in node.iter() if child.tag != "annotation-xml"]
    if not parts:
        return text_of(node).translate(_TEX_LITERAL)
    if tag == "mphantom":
        return ""
    texts = [_tex(child, depth + 1) for child in parts]
    if len(parts) == 2:
        first, second = texts
        accent = _TEX_ACCENTS.get(second) if tag == "mover" else None
        if accent:
            return f"\\{accent}{{{first}}}"
        if tag in ("msup", "mover"):
            return f"{{{first}}}^{{{second}}}"
        if tag in ("msub", "munder"):
            return f"{{{first}}}_{{{second}}}"
        if tag == "mfrac":
            return f"\\frac{{{first}}}{{{second}}}"
    if len(parts) == 3 and tag in ("msubsup", "munderover"):
        return f"{{{texts[0]}}}_{{{texts[1]}}}^{{{texts[2]}}}"
    if tag == "msqrt":
        return f"\\sqrt{{{''.join(texts)}}}"
    if tag == "mfenced":
        return f"({','.join(texts)})"
    if tag == "semantics":
        return texts[0]
    return " ".join(texts) if tag in ("mtr", "mtable") else "".join(texts)
