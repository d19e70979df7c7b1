r"""How is TeX shown? Formulas become MathML at build time, so that no page needs a script for them.

``Converter.convert_marked`` turns the marks of ``delimiters`` into MathML Core with the library
math-core. What that library lacks is written in commands that it knows before it sees a formula, and
what it writes for HTML in general is mended for browsers and strict content policies afterwards.
Source of the elements and attributes: W3C, MathML Core.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from pelican_mlnotes._cache import read_toml
from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.formulas.brackets import MAX_WORK, Brackets
from pelican_mlnotes.formulas.definitions import (
    Definition,
    argument_end,
    definitions_in,
    expand,
    of_site,
    without_definitions,
)
from pelican_mlnotes.formulas.delimiters import MARKED, NUMBERED, Formula, mark_text, marked_formula
from pelican_mlnotes.formulas.plain import tex_to_text
from pelican_mlnotes.formulas.prepare import rewritten

__all__ = ["Converter", "Fault", "Formula", "mark_text"]

MAX_TEX = 10_000
"""Longest formula that is converted, in characters."""
MAX_NESTING = 60
"""Deepest nesting of braces and environments that is converted."""
MAX_OPEN = 150
"""Most things that may be nested, with commands that need no brace. The library and browsers recurse; with a
stack of only 256 KiB the library took 200 of any kind but braces, and thousands end the process."""
MAX_EXPANSIONS = 100
"""Most uses of a post's own commands in one formula."""
MAX_EXPANDED_NESTING = 300
TOO_OPEN = "too many of its brackets are never closed"

# -- before: what the library lacks ---------------------------------------------------------------
_ENVIRONMENT = pattern(r"\\(?P<side>begin|end)\{(?P<name>[a-zA-Z]+\*?)\}")
_COLUMNS = pattern(r"\s*\{\d+\}")
_ALIGNMENT = pattern(r"\s*\[[a-z]\]")
_EQNARRAY = pattern(r"(\\begin\{eqnarray\*?\})(.*?)(\\end\{eqnarray\*?\})", re.DOTALL)
_ROW = pattern(r"&([^&\\]*|[^&\\]*\\[a-zA-Z]+[^&\\]*)&")
_ROW_SPACE = pattern(r"\\\\\*?[ \t]*(?:\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|mu|bp|pc|px)\s*\])?")
_LAST_ROW = pattern(r"\\\\\s*(?=\\end\{(?:align|gather)\b)")
# A tag behind "align" counts for all its lines, which then are no longer numbered one by one.
_TAG_AFTER = pattern(
    r"\s*\\begin\{(?P<name>align|gather|equation|eqnarray|multline)(?P<star>\*?)\}(?P<body>.*)"
    r"\\end\{(?P=name)(?P=star)\}(?P<tags>(?:\s*\\(?:tag\*?|label)\s*\{[^{}]*\})+)[\s.,;]*",
    re.DOTALL,
)
_ONE_NUMBER = {"align": "aligned", "eqnarray": "aligned", "gather": "gathered", "multline": "gathered"}
_NO_NUMBER = pattern(r"\\(?:nonumber|notag)(?![a-zA-Z])")
# Sizes for text, which browsers have no use for in a formula, and what loads packages.
_DROPPED = pattern(
    r"\\(?:tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE|huge|Huge)(?![a-zA-Z])"
    r"|\\require\s*\{[^{}]*\}"
)
_INNER_FORMULA = pattern(r"(?<!\\)\$|(?<!\\)\\[()]")
_BARE_IN_TEXT = pattern(r"\\.|[_#&]|(\^)", re.DOTALL)
_TEXT = r"\\text(?:rm|bf|it|sf|tt|normal)?|\\mbox"
_COLORED = pattern(
    r"\\(?P<command>color|textcolor)\s*(?:\[(?P<model>[a-zA-Z]+)\]\s*)?"
    r"\{\s*(?P<value>[^{}]{1,40}?)\s*\}(?P<brace>\s*\{)?"
)
_NAME_OF_COLOR = pattern(r"[a-z][\w!.-]*")
_LABEL = pattern(r"\\label\s*\{([^{}]*)\}")
_REFERENCE = pattern(r"\\(eq)?ref\s*\{([^{}]*)\}")
_NO_NAME = pattern(r"[^A-Za-z0-9:.-]+")
_TAGGED = pattern(r"\\(?:tag|label)\b")
_NUMBERED = pattern(
    rf"\\(?:tag|label|(?:eq)?ref|begin\{{(?:{NUMBERED})\}}|newcommand|renewcommand|providecommand"
    r"|def\b|DeclareMathOperator)"
)
_NUMBERED_START = pattern(rf"\s*\\begin\{{(?:{NUMBERED})\*?\}}")
_ALIGNED = pattern(r"\s*\\begin\{(aligned|split|gathered)\}(.*)\\end\{\1\}(.*)", re.DOTALL)
_ONLY_REFERENCE = pattern(r"\s*\\(eq)?ref\s*\{([^{}]*)\}\s*")
_PARAMETER = pattern(r"(?<!\\)#([1-9])")
_MACRO_USE = pattern(r"\\[a-zA-Z]+")

_DEFINING = pattern(r"\\(?:(?:re)?new|provide)command|\\[egx]?def\b|\\(?:future)?let\b|\\DeclareMathOp")
_BRACE = pattern(r"\\.|[{}]", re.DOTALL)
_SPACING = pattern(r"\\[,:; !]|\\q?quad\b")
# Letters as an operator: the library sets the right space behind these.
_LETTERS = r"(?:[a-zA-Z -]|\\[,;:!])+"
_NAMED_OPERATOR = pattern(
    r"\\mathop\s*\{\s*\\(?P<how>mathrm|textrm|text|rm)(?![a-zA-Z])\s*"
    rf"(?:\{{(?P<braced>{_LETTERS})\}}|(?P<bare>{_LETTERS}))\s*\}}"
)
_SUBSCRIPT = pattern(r"\s*(?P<limits>\\limits\s*)?_\s*\{")

# -- after: what browsers or policies do not take -------------------------------------------------
_ANNOTATION = pattern(r"<annotation [^<]*</annotation>")
_SMALL = "\ue003"
_NO_BRACKETS = "\ue004"
_TINT = "\ue005"
_TINTED = pattern(rf' style="color:#FF0000;"><mtext>{_TINT}(#[0-9a-fA-F]{{3,6}});</mtext>')
_SMALL_TABLE = pattern(rf'<mtext>{_SMALL}</mtext>(<mtable displaystyle="false") scriptlevel="0"')
_BARE_REFERENCE = pattern(rf'<mtext>{_NO_BRACKETS}</mtext>(<mtext><a href="[^"]*">)\((.*?)\)(</a>)')
_DEAD_REFERENCE = pattern(r'<a href="[^"]*">(\(?\?\?\)?)</a>')
_LINK = pattern(r'<mtext><a href="(#[^"]*)">([^<]*)</a></mtext>')
_ENCLOSED = pattern(r'<menclose notation="([a-z ]*)">')
_STRIKE = pattern(r'<mrow class="menclose-[a-z]*"></mrow>')
_STYLE = pattern(r' style="([^"]*)"')
_HEADER_CELL = pattern(r"<th(?:\s[^<>]*)?>\s*\Z")
_ELEMENT = pattern(r"<(?P<closes>/?)(?P<name>m[a-z]+)(?P<attributes>[^<>]*?)(?P<empty>/?)>")
# Chromium leaves room for the widest form of a sign that may stretch. Around what is low, none need to.
_SPACED = r"(?: [lr]space=\"[^\"]*\")*"
_TALL = r'<m(?:frac|table|under|over(?! accent="true")|sqrt|root|style|multi|padded)|[∏-∑∫-∳⋀-⋃⨀-⨜]'
_LOW_FENCED = pattern(
    rf"<mrow><mo(?P<before>{_SPACED})>(?P<open>[(\[{{])</mo>"
    rf"(?P<inside>(?:(?!<mo{_SPACED}>[(\[{{]|{_TALL}).)*?)"
    rf"<mo(?P<after>{_SPACED})>(?P<close>[)\]}}])</mo></mrow>",
    re.DOTALL,
)
_BIG = pattern(r'<mo([^<>]*) minsize="1\.2em" maxsize="1\.2em"([^<>]*)>')
# Combining signs have no width: over a narrow letter, Chromium sets them beside it with most fonts.
_COMBINING = {
    '<mo stretchy="false">\u20d7</mo></mover>': '<mo stretchy="false" mathsize="0.55em">→</mo></mover>',
    "<mo>\u20db</mo></mover>": '<mo stretchy="false" mathsize="0.6em">…</mo></mover>',
    "<mo>\u20dc</mo></mover>": '<mo stretchy="false" mathsize="0.6em">….</mo></mover>',
}
# Text counts as a space, so a sign with only text on one side would be set as if nothing stood there.
_WORDS = "<mtext>((?!\xa0)[^<]+(?<!\xa0))</mtext>"
_TERM = pattern(rf"{_WORDS}(?=<mo(?: [^>]*)?>[^<])|(?<=</mo>){_WORDS}")
_SCRIPTED_BIG = pattern(r"(<m(?:sub|sup|subsup)>)(<mo[^<>]* minsize=[^<>]*>[^<]*</mo>)")
_ROOT_UNIT = pattern(r'="(-?[0-9.]+)rem"')
_LEVEL = pattern(r' scriptlevel="[^"]*"')
_STYLE_OR_LEVEL = pattern(r' (?:displaystyle|scriptlevel)="[^"]*"')
_SHRINKING = frozenset(
    ("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mfrac", "mroot", "mstyle")
)
# Relative luminance with a contrast of 3 to 1 on a face nearly black, and on white.
_DARKEST, _LIGHTEST = 0.13, 0.29
_COLOR = pattern(r"color:\s*(#[0-9a-fA-F]{6});?")
_VISIBLE = pattern(r"<[^>]*>")
_FOCUS = ' tabindex="0"'
# No link holds another: one that is never closed ends where the next begins.
_LINKED = pattern(r"<a\s[^<>]*>(?:(?!<a\s).)*?</a>", re.DOTALL)
_WIDE = 24  # signs: narrower ones fit on every telephone
_ENCLOSURES = {
    "box": ("math-boxed", "border: 0.05em solid; padding: 0.2em"),
    "updiagonalstrike": (
        "math-cancel-up",
        _UP := "background: linear-gradient(to bottom right, "
        "transparent calc(50% - .025em), currentcolor 0 calc(50% + .025em), transparent 0)",
    ),
    "downdiagonalstrike": ("math-cancel-down", _UP.replace("bottom right", "bottom left")),
}

# Elements that one command without an argument leads to.
# No operator that takes in what follows, such as a sum.
_LEAF = pattern(
    r"<math>(?:</?mrow>|<mspace[^>]*/>|<(mi|mo|mn|mtext)(?: [^>]*)?>[^<∀∏-∑∫-∳⋀-⋃⨀-⨜]*</\1>)*"
    r"<mi>y</mi><mi>z</mi></mrow></math>"
)
# These take an argument and then all that follows in their group.
_DECLARATIONS_WITH_BRACE = (r"\color",)
_NESTING = pattern(r"\\(?:begin|end)\b|(?P<command>\\[a-zA-Z]+\*?)(?P<brace>\s*\{)?|\\.|[{}]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a formula, for a warning."""

    tex: str
    reason: str
    """What is said of the formula, after its name: "is shown as TeX: ..."."""


@dataclass(slots=True)
class Converter:
    """Converts the formulas of one build, each only once."""

    classes: bool = True
    """Write classes, which the bundled stylesheet knows, instead of ``style`` attributes, which a strict
    content policy refuses."""
    macros: Mapping[str, str] = field(default_factory=dict)
    """Commands of the site's own, without backslash, and what they stand for."""
    converted: int = 0
    """How many formulas the library was asked for."""
    _done: dict[tuple[str, str, bool], tuple[str, str | None]] = field(default_factory=dict)
    _libraries: dict[bool, Any] = field(default_factory=dict)
    _leaves: dict[str, bool] = field(default_factory=dict)
    _brackets: Brackets = field(init=False)

    def __post_init__(self) -> None:
        self._brackets = Brackets(self._shown, _tables()["macros"])

    def convert_marked(self, html: str, page: str = "") -> tuple[str, list[Fault]]:
        """Return ``html`` with every marked formula as MathML, and the faults of this page in order.

        A formula that cannot be converted stays readable: its TeX in a ``code`` element. Numbers count,
        and labels and references meet, within ``html``; the ids of labels begin with ``page``, the post's
        own name, so that they differ where a page shows several posts. Never raises for odd TeX.
        """
        if "\\" not in html or ('math"' not in html and "math " not in html and "arithmatex" not in html):
            return html, []
        marks = list(MARKED.finditer(html))
        if not marks:
            return html, []
        faults: list[Fault] = []
        shown = iter(self._convert_page([marked_formula(mark) for mark in marks], page, faults))
        html = MARKED.sub(lambda mark: _in_place(next(shown), mark), html)
        if _FOCUS in html:
            # What keys reach already must not hold what they reach.
            html = _LINKED.sub(lambda link: link[0].replace(_FOCUS, ""), html)
        return html, faults

    def _convert_page(self, formulas: Sequence[Formula], name: str, faults: list[Fault]) -> list[str]:
        # Numbers, references and the author's commands belong to one page; all else is the same anywhere.
        page = any(_NUMBERED.search(formula.tex) for formula in formulas)
        definitions = of_site(self.macros)
        if page:
            definitions |= definitions_in(formula.tex for formula in formulas if len(formula.tex) <= MAX_TEX)
        numbered: list[int] = []
        shown = [""] * len(formulas)
        for index, formula in enumerate(formulas):
            tex, reason = _expanded(formula.tex, definitions)
            if page and _NUMBERED.search(tex):
                numbered.append(index)
                continue
            key = formula.tex, tex, formula.display
            if key not in self._done:
                self._done[key] = (_source(formula), reason) if reason else self._convert(formula, tex)
            shown[index], reason = self._done[key]
            if reason:
                faults.append(Fault(formula.tex, f"is shown as TeX: {reason}"))
        if numbered:
            chosen = [formulas[index] for index in numbered]
            for index, html in zip(
                numbered, self._convert_numbered(chosen, name, definitions, faults), strict=True
            ):
                shown[index] = html
        return shown

    def _convert(self, formula: Formula, tex: str) -> tuple[str, str | None]:
        reason = self._refusal(tex)
        if reason is None:
            self.converted += 1
            library = self._library()
            try:
                prepared = _prepared(tex, formula.display)
                result = library.convert_with_local_state(prepared, displaystyle=formula.display)
                return self._dressed(formula, result), None
            except BaseException as error:
                reason = _reason(error)
        return _source(formula), reason

    def _convert_numbered(
        self,
        formulas: Sequence[Formula],
        page: str,
        definitions: Mapping[str, Definition],
        faults: list[Fault],
    ) -> list[str]:
        library = self._library()
        names, twice = _label_names(formulas, page)
        unused = dict(names)
        snippets: list[tuple[str, bool]] = []
        shown: list[str | None] = []
        for formula in formulas:
            tex, reason = _expanded(without_definitions(formula.tex), definitions)
            if reason is None and not tex.strip() and formula.tex:
                shown.append("")
                continue
            if reason is None and _DEFINING.search(tex):
                reason = "it defines commands in a way that is not supported"
            reason = reason or self._refusal(tex)
            if reason is None:
                tex = _prepared(tex, formula.display, names, unused)
                try:
                    # One bad formula must not take its neighbours' numbers away: each alone first.
                    library.convert_with_local_state(tex, displaystyle=formula.display)
                    snippets.append((tex, formula.display))
                    shown.append(None)
                    continue
                except BaseException as error:
                    reason = _reason(error)
            faults.append(Fault(formula.tex, f"is shown as TeX: {reason}"))
            shown.append(_source(formula))
        self.converted += len(snippets)
        results = iter(library.convert_all(snippets))
        html = [
            self._dressed(formula, next(results)) if old is None else old
            for formula, old in zip(formulas, shown, strict=True)
        ]
        faults += [
            Fault(formula.tex, f"has the label {label!r}, as an earlier one has") for formula, label in twice
        ]
        for formula in formulas:
            missing = [label for _, label in _REFERENCE.findall(formula.tex) if label not in names]
            faults += [
                Fault(formula.tex, f"refers to the label {label!r}, which nothing on this page has")
                for label in missing
            ]
        return html

    def _shown(self, tex: str) -> str:
        """Return ``tex`` as the library itself writes it; raises what it raises."""
        shown: str = self._library().convert_with_local_state(tex, displaystyle=False)
        return shown

    def _library(self, macros: bool = True) -> Any:
        if macros not in self._libraries:
            # Imported late: a blog without formulas pays nothing for it.
            from math_core import LatexToMathML

            self._libraries[macros] = LatexToMathML(
                annotation=macros,
                macros=_tables()["macros"] if macros else None,
                fancy_error=False,
                allow_unreliable_rendering=True,
                max_expansions=MAX_EXPANSIONS,
                id_prefix="equation-",
            )
        return self._libraries[macros]

    def _dressed(self, formula: Formula, mathml: str) -> str:
        source = escape(formula.tex, quote=False)
        annotation = f'<annotation encoding="application/x-tex">{source}</annotation>'
        mathml = _ANNOTATION.sub(lambda _: annotation, mathml).replace("&ApplyFunction;", "\u2061")
        if _SMALL in mathml:
            mathml = _SMALL_TABLE.sub(r'\1 class="math-small"', mathml)
        if "<a " in mathml:
            mathml = _DEAD_REFERENCE.sub(r"\1", _BARE_REFERENCE.sub(r"\1\2\3", mathml))
            link = _LINK.search(mathml)
            if link and _ONLY_REFERENCE.fullmatch(formula.tex) and not formula.display:
                return f'<a class="math-reference" href="{link[1]}">{link[2]}</a>'
            # To readers of screens, nothing in a formula can be followed.
            mathml = _LINK.sub(r"<mtext>\2</mtext>", mathml)
        if "<menclose" in mathml:
            mathml = _STRIKE.sub("", _ENCLOSED.sub(self._enclosure, mathml)).replace("</menclose>", "</mrow>")
        if _TINT in mathml:
            mathml = _TINTED.sub(lambda tint: f' mathcolor="{self._color(tint[1])}">', mathml)
        if " style=" in mathml:
            mathml = _STYLE.sub(self._style, mathml)
        if "<mover" in mathml:
            for combining, sign in _COMBINING.items():
                mathml = mathml.replace(combining, sign)
        if "<mtext>" in mathml:
            mathml = _TERM.sub(_as_term, mathml)
        mathml = _LOW_FENCED.sub(_unstretched, _LOW_FENCED.sub(_unstretched, mathml))
        mathml = _BIG.sub(_enlarged, mathml)
        if " minsize=" in mathml:
            # Chromium stretches no operator that a script hangs on directly.
            mathml = _SCRIPTED_BIG.sub(r"\1<mrow>\2</mrow>", mathml)
        if 'rem"' in mathml:
            mathml = _ROOT_UNIT.sub(r'="\1em"', mathml)
        if "style=" in mathml or "level=" in mathml:
            mathml = _in_schema(mathml)
        name = escape(" ".join(formula.tex.split()))
        mathml = mathml.replace("<math", f'<math alttext="{name}"', 1)
        wide = len(_VISIBLE.sub("", mathml)) - len(source) > _WIDE
        if not wide and not formula.display:
            return mathml
        # With a line of its own or within one, what may be too wide for a telephone scrolls, by keys too.
        kind = "math-display" if formula.display else "math-wide"
        return f'<span class="{kind}"{_FOCUS if wide else ""}>{mathml}</span>'

    def _enclosure(self, match: re.Match[str]) -> str:
        found = [_ENCLOSURES[name] for name in match[1].split() if name in _ENCLOSURES]
        if self.classes:
            return f'<mrow class="{" ".join(name for name, _ in found)}">'
        return f'<mrow style="{"; ".join(style for _, style in found[:1])}">'

    def _color(self, color: str) -> str:
        return readable_color(color) if self.classes else color

    def _style(self, match: re.Match[str]) -> str:
        if color := _COLOR.fullmatch(match[1]):
            return f' mathcolor="{self._color(color[1])}"'
        if not self.classes:
            return match[0]
        declared = (re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in match[1].split(";"))
        names = [f"math-{part}" for part in declared if part]
        return f' class="{" ".join(names)}"' if names else ""

    # -- what is refused ---------------------------------------------------------------------------

    def _refusal(self, tex: str) -> str | None:
        if not tex:
            return "it is empty"
        if len(tex) > MAX_TEX:
            return f"it has {len(tex)} characters; at most {MAX_TEX} are converted"
        depth, open_commands = _depths(tex)
        if depth <= MAX_NESTING and depth + len(open_commands) > MAX_OPEN:
            nested = depth + sum(not self._is_leaf(command) for command in open_commands)
            if nested > MAX_OPEN:
                return f"more than {MAX_OPEN} of its commands may be nested in each other"
        if depth > MAX_NESTING:
            return f"it is nested more than {MAX_NESTING} deep"
        if self._brackets.work_of(tex) > MAX_WORK:
            return TOO_OPEN
        return None

    def _is_leaf(self, command: str) -> bool:
        """Return whether a command takes in nothing of what follows it, as the library reads it."""
        if command not in self._leaves:
            try:
                shown = self._library(macros=False).convert_with_local_state(
                    f"{command} yz", displaystyle=False
                )
            except BaseException as error:
                _reason(error)
                shown = ""
            self._leaves[command] = _LEAF.fullmatch(shown) is not None
        return self._leaves[command]


def _in_place(mathml: str, mark: re.Match[str]) -> str:
    """Return a formula as it stands where ``mark`` was: with its id, and named where it is all there is."""
    html = mark.string
    if html.startswith("</th", mark.end()) and _HEADER_CELL.search(
        html, max(mark.start() - 200, 0), mark.start()
    ):
        # Validators of accessibility find no text in MathML, and a header cell must have some.
        name = escape(tex_to_text(marked_formula(mark).tex))
        mathml = mathml.replace("<math ", f'<math aria-label="{name}" ', 1)
    return f"<span{mark['id']}>{mathml}</span>" if mark["id"] else mathml


def _unstretched(match: re.Match[str]) -> str:
    opening, closing = (f'<mo{match[side]} stretchy="false">' for side in ("before", "after"))
    return f"<mrow>{opening}{match['open']}</mo>{match['inside']}{closing}{match['close']}</mo></mrow>"


def _as_term(match: re.Match[str]) -> str:
    text = match[1] or match[2]
    single = ' mathvariant="normal"' if len(text) == 1 else ""
    return f"<mi{single}>{text}</mi>"


def _enlarged(match: re.Match[str]) -> str:
    attributes = (match[1] + match[2]).replace(' stretchy="true"', "").replace(' symmetric="true"', "")
    return f'<mo{attributes} stretchy="false" mathsize="1.2em">'


def named_color(name: str) -> str | None:
    """Return the colour that CSS knows by ``name`` (lower case) as ``#rrggbb``, or ``None``."""
    digits = _tables()["colors"].get(name)
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


def _in_schema(mathml: str) -> str:
    """Return ``mathml`` with sizes set where validators expect them.

    MathML Core lets every element set ``displaystyle`` and ``scriptlevel``; MathML 3, which the schemas of
    validators still follow, only ``mstyle``, and ``mtable`` the first of them. Browsers know both forms.
    """
    parts: list[str] = []
    opened: list[tuple[str, int]] = []
    at = shrunk = 0
    for match in _ELEMENT.finditer(mathml):
        parts.append(mathml[at : match.start()])
        at = match.end()
        if match["closes"]:
            closing, shrinks = opened.pop()
            shrunk -= shrinks
            parts.append(closing)
            continue
        name, attributes = match["name"], match["attributes"]
        moved = ""
        if name not in ("math", "mstyle"):
            pattern = _LEVEL if name == "mtable" else _STYLE_OR_LEVEL
            moved = "".join(pattern.findall(attributes))
            attributes = pattern.sub("", attributes)
            if name == "mtable" and not shrunk:
                moved = moved.replace(' scriptlevel="0"', "")
        start, closing = f"<{name}{attributes}{match['empty']}>", f"</{name}>"
        if moved and name == "mrow":
            start, closing = f"<mstyle{moved}{attributes}>", "</mstyle>"
        elif moved:
            start, closing = f"<mstyle{moved}>{start}", f"{closing}</mstyle>"
        parts.append(start)
        if match["empty"]:
            parts.append("</mstyle>" if moved else "")
        else:
            shrinks = int(name in _SHRINKING or ("level=" in moved and '"0"' not in moved))
            shrunk += shrinks
            opened.append((closing, shrinks))
    parts.append(mathml[at:])
    return "".join(parts)


def _source(formula: Formula) -> str:
    return f'<code class="math-source">{escape(formula.tex)}</code>'


def _reason(error: BaseException) -> str:
    """Return what is wrong, in words; raises ``error`` itself if it is not about a formula.

    A panic of the library, which is written in Rust, is no ``Exception`` in Python.
    """
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    text = " ".join(str(error).split())
    return re.sub(r"^\d+: ", "", text) or type(error).__name__


def _expanded(tex: str, definitions: Mapping[str, Definition]) -> tuple[str, str | None]:
    """Return ``tex`` with what the author's commands stand for, or why that cannot be."""
    if not definitions or len(tex) > MAX_TEX:
        return tex, None
    try:
        return expand(tex, definitions), None
    except ValueError as error:
        return tex, str(error)


@cache
def _tables() -> dict[str, dict[str, str]]:
    return read_toml(Path(__file__).with_name("commands.toml"))


def _depths(tex: str) -> tuple[int, list[str]]:
    """Return how deep braces and environments are nested, and the commands with no brace behind them."""
    deepest = depth = 0
    commands = []
    for match in _NESTING.finditer(tex):
        sign, command = match[0], match["command"]
        if command == r"\left" or sign == r"\begin" or sign == "{" or match["brace"]:
            depth += 1
            deepest = max(deepest, depth)
            if command in _DECLARATIONS_WITH_BRACE:
                commands.append(r"\displaystyle")
        elif command == r"\right" or sign in (r"\end", "}"):
            depth -= 1
        elif command:
            commands.append(command)
    return deepest, commands


def _label_names(formulas: Sequence[Formula], page: str) -> tuple[dict[str, str], list[tuple[Formula, str]]]:
    """Return a name fit for an ``id`` for each label, and the labels that stand twice."""
    names: dict[str, str] = {}
    prefix = f"{_NO_NAME.sub('-', page)}-" if page else ""
    twice = []
    taken = set()
    for formula in formulas:
        for label in _LABEL.findall(formula.tex):
            if label in names:
                twice.append((formula, label))
                continue
            name = base = prefix + (_NO_NAME.sub("-", label).strip("-") or "unnamed")
            number = 2
            while name in taken:
                name, number = f"{base}-{number}", number + 1
            taken.add(name)
            names[label] = name
    return names, twice


def _prepared(
    tex: str, display: bool, names: Mapping[str, str] | None = None, unused: dict[str, str] | None = None
) -> str:
    """Return ``tex`` in what the library knows; ``names`` are the page's labels, ``unused`` those left."""
    tex = rewritten(tex, _tables(), display)
    if r"\begin" in tex:
        tex = _EQNARRAY.sub(lambda m: m[1] + _ROW.sub(r"&\1", m[2]) + m[3], tex)
        tex = _renamed_environments(tex)
    if "\\\\" in tex:
        tex = _ROW_SPACE.sub(r"\\\\ ", tex)
        tex = _LAST_ROW.sub("", tex)
    if r"\substack" in tex:
        tex = _with_arguments(
            tex, r"\\substack", lambda _, body: rf"{{\text{{{_SMALL}}}\begin{{matrix}}{body}\end{{matrix}}}}"
        )
    if r"\text" in tex or r"\mbox" in tex:
        tex = _with_arguments(tex, _TEXT, _text_around_formulas)
    if r"\*" in tex:
        tex = re.sub(r"(\\\\)|\\\*", lambda m: m[1] or "*", tex)
    if "color" in tex:
        tex = _COLORED.sub(_tinted, tex)
    tex = _DROPPED.sub(" ", tex)
    if r"\mathop" in tex:
        tex = _NAMED_OPERATOR.sub(_as_operator, tex)
    for command in (r"\operatorname*", r"\mathop"):
        if command in tex:
            tex = _with_limits(tex, command, display)
    if names is not None and unused is not None:
        tex = _LABEL.sub(lambda m: rf"\label{{{name}}}" if (name := unused.pop(m[1], None)) else "", tex)
        tex = _REFERENCE.sub(
            lambda m: (
                ("" if m[1] else rf"\text{{{_NO_BRACKETS}}}") + rf"\eqref{{{names.get(m[2], 'unknown')}}}"
            ),
            tex,
        )
    if display and (after := _TAG_AFTER.fullmatch(tex)) and not _TAGGED.search(after["body"]):
        body, inner = _NO_NUMBER.sub("", after["body"]), _ONE_NUMBER.get(after["name"])
        body = rf"\begin{{{inner}}}{body}\end{{{inner}}}" if inner else body
        tex = rf"\begin{{equation}}{body}{after['tags']}\end{{equation}}"
    elif display and _TAGGED.search(tex) and not _NUMBERED_START.match(tex):
        if aligned := _ALIGNED.match(tex):
            tex = rf"\begin{{align*}}{aligned[2]}{aligned[3]}\end{{align*}}"
        else:
            tex = rf"\begin{{equation}}{tex}\end{{equation}}"
    return tex


def _renamed_environments(tex: str) -> str:
    names = _tables()["environments"]
    parts: list[str] = []
    at = 0
    for match in _ENVIRONMENT.finditer(tex):
        if match.start() < at:
            continue
        name, end = match["name"], match.end()
        parts.append(tex[at : match.start()])
        if name == "smallmatrix":
            mark = rf"{{\text{{{_SMALL}}}" if match["side"] == "begin" else ""
            parts.append(rf"{mark}\{match['side']}{{matrix}}{'' if mark else '}'}")
        else:
            parts.append(rf"\{match['side']}{{{names.get(name, name)}}}")
            option = _COLUMNS if "alignat" in name or "alignedat" in name else _ALIGNMENT
            if match["side"] == "begin" and name in names and (found := option.match(tex, end)):
                end = found.end()
        at = end
    parts.append(tex[at:])
    return "".join(parts)


def _with_arguments(tex: str, command: str, change: Callable[[str, str], str]) -> str:
    """Return ``tex`` with ``change(name, argument)`` for each command that the pattern ``command`` finds."""
    parts: list[str] = []
    at = 0
    for match in re.finditer(rf"({command})\s*(?=\{{)", tex):
        end = argument_end(tex, match.end()) if match.start() >= at else at
        if match.start() < at or end == match.end():
            continue
        parts += [tex[at : match.start()], change(match[1], tex[match.end() + 1 : end - 1])]
        at = end
    parts.append(tex[at:])
    return "".join(parts)


def _text_around_formulas(command: str, body: str) -> str:
    """Return the text of a ``\\text`` in which formulas stand, and signs that TeX wants escaped."""
    pieces = _INNER_FORMULA.split(body)
    if len(pieces) % 2 == 0:
        pieces = [body]
    return "".join(
        piece if index % 2 else rf"{command}{{{_BARE_IN_TEXT.sub(_escaped, piece)}}}"
        for index, piece in enumerate(pieces)
        if piece or len(pieces) == 1
    )


def _escaped(match: re.Match[str]) -> str:
    if match[1]:
        return r"\textasciicircum "
    return match[0] if len(match[0]) == 2 else "\\" + match[0]


def _tinted(match: re.Match[str]) -> str:
    """Return a colour in red, which the library knows, with a note of the colour itself behind it."""
    model, value = (match["model"] or "").lower(), match["value"]
    numbers = re.findall(r"[\d.]+", value)
    if model == "html":
        value = f"#{value}"
    elif model in ("rgb", "gray") and len(numbers) == (3 if model == "rgb" else 1):
        whole = 1 if match["model"] == "RGB" else 255
        levels = [min(round(float(number) * whole), 255) for number in numbers if number.count(".") < 2]
        value = "#" + "".join(f"{level:02x}" for level in levels * (1 if model == "rgb" else 3))
    value = f"#{_tables()['colors'][value]}" if value in _tables()["colors"] else value
    if re.fullmatch(r"(?:[0-9a-fA-F]{3}){1,2}", value) and not value.isalpha():
        value = f"#{value}"
    if not re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", value):
        # Of an unknown colour, the formula is kept. The library knows those of dvips, in capitals.
        return (match["brace"] or "") if _NAME_OF_COLOR.fullmatch(value) else match[0]
    note = rf"\text{{{_TINT}{value};}}".replace("#", r"\#")
    brace = match["brace"] or ""
    # After \\color, what is in the brace is only the first thing that is coloured.
    return rf"\{match['command']}{{red}}" + (note + brace if match["command"] == "color" else brace + note)


def _as_operator(match: re.Match[str]) -> str:
    name = match["braced"] or match["bare"]
    if match["how"].startswith("text"):
        name = name.replace(" ", "\\ ")
    return rf"\operatorname*{{{name}}}"


def _with_limits(tex: str, command: str, display: bool) -> str:
    r"""Return ``tex`` with the limit of an operator that is more than letters below it, as in display TeX."""
    parts: list[str] = []
    at = 0
    for match in re.finditer(re.escape(command) + r"\s*(?=\{)", tex):
        if match.start() < at:
            continue
        end = argument_end(tex, match.end())
        body = tex[match.end() : end]
        if end == match.end() or (command != r"\mathop" and "\\" not in _SPACING.sub("", body)):
            continue
        parts.append(tex[at : match.start()])
        at = end
        limit = _SUBSCRIPT.match(tex, end)
        below = argument_end(tex, limit.end() - 1) if limit else end
        if limit and below > limit.end() and (display or limit["limits"]):
            parts.append(rf"\underset{tex[limit.end() - 1 : below]}{{\mathop{body}}}")
            at = below
        else:
            parts.append(rf"\mathop{body}")
    parts.append(tex[at:])
    return "".join(parts)
