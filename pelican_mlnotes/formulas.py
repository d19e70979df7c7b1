"""How is TeX shown? Formulas become MathML at build time, so that no page needs a script for them.

A formula travels through a post's HTML as ``<span class="math">\\(TeX\\)</span>`` or, on a line of its
own, ``\\[TeX\\]``: the form that docutils writes, that MathJax understands and that survives every
other plugin. ``convert_marked`` turns these into MathML Core with the library math-core.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

# Longer ones are no formulas a reader could take in, and would only feed a hostile input.
MAX_TEX = 10_000
# A browser lays out nested elements recursively; TeX that people write stays far below this.
MAX_DEPTH = 60

MACROS = {
    # Commands that KaTeX or MathJax define beyond the library's own, so notes use them freely.
    "argmax": r"\operatorname*{argmax}",
    "argmin": r"\operatorname*{argmin}",
    "mbox": r"\text{#1}",
    "bold": r"\mathbf{#1}",
    "widetilde": r"\tilde{#1}",
    "pmb": r"\boldsymbol{#1}",
    "ref": r"\eqref{#1}",
    "R": r"\mathbb{R}",
    "N": r"\mathbb{N}",
    "Z": r"\mathbb{Z}",
}

# \(..\), \[..\], $..$, $$..$$ and numbered environments, in the text of a page. Every branch stops at
# its own opener, so that unmatched ones cost no second look at the text that follows.
DELIMITED = re.compile(
    r"""
    (?P<escaped>\\\$)
    | (?P<reference>\\(?:eq)?ref\{[^{}\n]+\})
    | \\\\\[(?P<brackets2>(?:(?!\\\\\[).)+?)\\\\\]
    | \\\\\((?P<parens2>(?:(?!\\\\\().)+?)\\\\\)
    | \\\[(?P<brackets>(?:(?!\\\[).)+?)\\\]
    | \\\((?P<parens>(?:(?!\\\().)+?)\\\)
    | (?P<environment>\\begin\{(?P<name>(?:equation|align|alignat|gather|multline|eqnarray|flalign)\*?)\}
        (?:(?!\\begin\{(?P=name)\}).)+?\\end\{(?P=name)\})
    | \$\$(?P<dollars>(?:[^$\\]|\\.)+?)\$\$
    | (?<![\w$\\])\$(?P<dollar>(?![\s$])(?:[^$\\\n]|\\.|\n(?![ \t]*\n))+?)(?<!\s)\$(?![\d$])
    """,
    re.VERBOSE | re.DOTALL,
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
# "$5 and 10$": an amount of money, then words. TeX between the dollars would show a sign of it.
_PRICE = re.compile(r"\d[^\n]*?[\s(][A-Za-z]{2}")
_TEX_SIGNS = re.compile(r"[\\^_={}+<>|]")
_SHELL_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]+\b[^ ]*")

_MARKED = re.compile(
    r"""<(?P<tag>span|div)\s+class="(?:[^"]*\s)?math(?:\s[^"]*)?"\s*>\s*
    (?:\\\((?P<inline>[^<]*)\\\)|\\\[(?P<display>[^<]*)\\\]|(?P<environment>\\begin\{[^<]*))
    \s*</(?P=tag)>""",
    re.VERBOSE,
)
# What the library lacks, written with what it has: (pattern, replacement).
_MENDED = tuple(
    (re.compile(pattern, re.DOTALL), replacement)
    for pattern, replacement in (
        (r"\\(begin|end)\{split\}", r"\\\1{aligned}"),
        (r"\\(begin|end)\{flalign(\*?)\}", r"\\\1{align\2}"),
        (r"\\begin\{alignedat\}\{\d+\}", r"\\begin{aligned}"),
        (r"\\end\{alignedat\}", r"\\end{aligned}"),
        (r"\\(begin|end)\{eqnarray(\*?)\}", r"\\\1{align\2}"),
        (r"&\s*(=|\\(?:leq?|geq?|approx|equiv|sim))\s*&", r"&\1 "),
        (r"\\(begin|end)\{smallmatrix\}", r"\\\1{matrix}"),
        (r"\\substack\s*\{((?:[^{}]|\{[^{}]*\})*)\}", r"{\\begin{gathered}\1\\end{gathered}}"),
        (r"\\operatorname\*\{(\\[a-zA-Z]+\{[^{}]*\})\}", r"\\mathop{\1}"),
    )
)
_COLOR = re.compile(r"color:\s*(#[0-9a-fA-F]{3,8})")
_NUMBERED = re.compile(r"\\(?:tag|label|ref|eqref|begin\{(?:equation|align|gather|multline|alignat)\})")
_TAGGED = re.compile(r"\\(?:tag|label)\b")
_ANNOTATION = re.compile(r"(<annotation[^>]*>).*?(</annotation>)", re.DOTALL)
_STYLE = re.compile(r' style="([^"]*)"')
_TERMINAL = re.compile(r"\x1b\[[0-9;]*m")
_OPAQUE = re.compile(
    r'<!--.*?-->|<!--.*|<(?P<marked>span|div)\s+class="(?:[^"]*\s)?math(?:\s[^"]*)?"[^>]*>.*?</(?P=marked)\s*>'
    r"|<(script|style|pre|code|textarea|math|svg|kbd|samp|tt|template|title)\b.*?</\2\s*>"
    r'|</?[a-zA-Z](?:[^<>"\']|"[^"]*"|\'[^\']*\')*>',
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Formula:
    """TeX without its delimiters, and whether it stands on a line of its own."""

    tex: str
    display: bool

    def marked(self) -> str:
        """Return the formula as HTML that ``convert_marked`` recognises."""
        start, end = (r"\[", r"\]") if self.display else (r"\(", r"\)")
        kind = "math math--display" if self.display else "math"
        return f'<span class="{kind}">{start}{escape(self.tex, quote=False)}{end}</span>'


@dataclass(frozen=True, slots=True)
class Fault:
    """A formula that could not be converted, and why."""

    tex: str
    reason: str


@dataclass(slots=True)
class Converter:
    """Converts the formulas of one build; keeps what it converted, so each is converted once."""

    classes: bool = True
    """Write classes that the bundled stylesheet knows instead of ``style`` attributes, which a strict
    content policy refuses."""
    done: dict[Formula, str] = field(default_factory=dict)
    converted: int = 0
    """How many times the library was asked."""

    def convert_marked(self, html: str) -> tuple[str, list[Fault]]:
        """Return ``html`` with every marked formula as MathML, and the faults found on the way.

        A formula that cannot be converted stays readable: its TeX in a ``code`` element.
        """
        if 'class="' not in html or "math" not in html:
            return html, []
        formulas = [_formula(match) for match in _MARKED.finditer(html)]
        if not formulas:
            return html, []
        faults: list[Fault] = []
        shown = iter(self._convert_page(formulas, faults))
        return _MARKED.sub(lambda _: next(shown), html), faults

    def _convert_page(self, formulas: Sequence[Formula], faults: list[Fault]) -> list[str]:
        # Numbers and references belong to one page; everything else is the same wherever it stands.
        numbered = [formula for formula in formulas if _NUMBERED.search(formula.tex)]
        page = dict(zip(numbered, self._convert_numbered(numbered, faults), strict=True)) if numbered else {}
        shown = []
        for formula in formulas:
            if formula in page:
                shown.append(page[formula])
                continue
            if formula not in self.done:
                self.done[formula] = self._convert(formula, faults)
            shown.append(self.done[formula])
        return shown

    def _convert_numbered(self, formulas: Sequence[Formula], faults: list[Fault]) -> list[str]:
        library = _library()
        sound = [formula for formula in formulas if _refusal(formula.tex) is None]
        self.converted += len(sound)
        snippets = [(_mended(f.tex), f.display) for f in sound]
        try:
            results = library.convert_all(snippets)
        except Exception:
            # One bad formula must not take its neighbours' numbers away for good: without it, again.
            sound = [f for f in sound if _error(library, f) is None]
            snippets = [(_mended(f.tex), f.display) for f in sound]
            try:
                results = library.convert_all(snippets)
            except Exception:
                sound, results = [], []
        found = {
            formula: self._dress(formula, result) for formula, result in zip(sound, results, strict=True)
        }
        return [found.get(formula) or self._refuse(formula, faults) for formula in formulas]

    def _convert(self, formula: Formula, faults: list[Fault]) -> str:
        if _refusal(formula.tex) is not None:
            return self._refuse(formula, faults)
        self.converted += 1
        try:
            result = _library().convert_with_local_state(_mended(formula.tex), displaystyle=formula.display)
        except Exception:
            return self._refuse(formula, faults)
        return self._dress(formula, result)

    def _refuse(self, formula: Formula, faults: list[Fault]) -> str:
        reason = _refusal(formula.tex) or _error(_library(), formula) or "it cannot be read as TeX"
        faults.append(Fault(formula.tex, reason))
        return f'<code class="math-source">{escape(formula.tex)}</code>'

    def _dress(self, formula: Formula, mathml: str) -> str:
        name = escape(" ".join(formula.tex.split()))
        mathml = mathml.replace("<math", f'<math alttext="{name}"', 1).replace("&ApplyFunction;", "\u2061")
        # Copying gives the author's own TeX, not what it was mended to.
        mathml = _ANNOTATION.sub(lambda match: match[1] + escape(formula.tex, quote=False) + match[2], mathml)
        if self.classes:
            mathml = _STYLE.sub(_style_class, mathml)
        if formula.display:
            return (
                f'<span class="math-display" tabindex="0" role="group" aria-label="Formula">{mathml}</span>'
            )
        return mathml


def mark_text(html: str) -> str:
    """Return ``html`` with the delimited formulas of its text marked for ``convert_marked``.

    For pages that no Markdown extension has seen: HTML files and notebooks. Code, scripts, comments,
    attributes and what is marked already are left alone.
    """
    if "$" not in html and "\\" not in html:
        return html
    parts = []
    position = 0
    for match in _OPAQUE.finditer(html):
        parts += [_mark(html[position : match.start()]), match.group()]
        position = match.end()
    parts.append(_mark(html[position:]))
    return "".join(parts)


def _mark(text: str) -> str:
    return DELIMITED.sub(lambda m: f.marked() if (f := read_delimited(m, unescape)) else m.group(), text)


def read_delimited(match: re.Match[str], decode: Callable[[str], str] = str) -> Formula | None:
    """Return the formula that a match of ``DELIMITED`` is; ``None`` for prices and the like."""
    if match["escaped"]:
        return None
    dollar = match["dollar"]
    if dollar is not None:
        if not _TEX_SIGNS.search(dollar) and _PRICE.match(dollar):
            return None
        following = match.string[match.end() : match.end() + 1]
        if following.isalnum() and _SHELL_VARIABLE.fullmatch(dollar):
            return None
        return Formula(decode(dollar.strip()), display=False)
    inline = match["parens"] or match["parens2"] or match["reference"]
    tex = inline or match["brackets"] or match["brackets2"] or match["environment"] or match["dollars"]
    if not tex.strip() or _BLANK_LINE.search(tex):
        return None
    return Formula(decode(tex.strip()), display=inline is None)


def _formula(match: re.Match[str]) -> Formula:
    tex = match["inline"] or match["display"] or match["environment"] or ""
    return Formula(unescape(tex).strip(), display=match["inline"] is None)


def _library() -> Any:
    # Imported late: a blog without formulas pays nothing for it.
    from math_core import LatexToMathML

    return LatexToMathML(annotation=True, macros=MACROS, fancy_error=False, id_prefix="equation-")


def _refusal(tex: str) -> str | None:
    if not tex:
        return "it is empty"
    if len(tex) > MAX_TEX:
        return f"it has {len(tex)} characters; at most {MAX_TEX} are converted"
    if _depth(tex) > MAX_DEPTH:
        return f"its braces are nested more than {MAX_DEPTH} deep"
    return None


def _depth(tex: str) -> int:
    deepest = depth = 0
    for sign in _nesting(tex):
        depth += sign
        deepest = max(deepest, depth)
    return deepest


def _nesting(tex: str) -> Iterator[int]:
    for match in re.finditer(r"\\.|[{}]", tex, re.DOTALL):
        if match.group() in "{}":
            yield 1 if match.group() == "{" else -1


def _error(library: Any, formula: Formula) -> str | None:
    try:
        library.convert_with_local_state(_mended(formula.tex), displaystyle=formula.display)
    except Exception as error:
        return " ".join(_TERMINAL.sub("", str(error)).split())
    return None


def _mended(tex: str) -> str:
    """Return ``tex`` in words that the library knows."""
    for pattern, replacement in _MENDED:
        tex = pattern.sub(replacement, tex)
    return _in_numbered_environment(tex)


def _in_numbered_environment(tex: str) -> str:
    r"""Return ``tex`` so that ``\tag`` and ``\label`` stand where the library allows them."""
    if not _TAGGED.search(tex) or re.match(r"\\begin\{(?:equation|align|gather|multline)", tex):
        return tex
    if tex.startswith(r"\begin{aligned}") and tex.endswith(r"\end{aligned}"):
        return tex.replace(r"\begin{aligned}", r"\begin{align}", 1)[: -len("ed}")] + "}"
    return rf"\begin{{equation}}{tex}\end{{equation}}"


def _style_class(match: re.Match[str]) -> str:
    """Return a class for each declaration that math-core writes, such as ``math-text-align-right``."""
    names, attributes = [], ""
    for declaration in match[1].split(";"):
        color = _COLOR.fullmatch(declaration.strip())
        if color:
            attributes += f' mathcolor="{color[1]}"'
        elif declaration.strip():
            names.append("math-" + re.sub(r"[^a-z0-9]+", "-", declaration.strip().lower()).strip("-"))
    return (f' class="{" ".join(names)}"' if names else "") + attributes
