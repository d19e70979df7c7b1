r"""How is TeX shown? Formulas become MathML at build time, so that no page needs a script for them.

``Converter.convert_marked`` turns the marks of ``delimiters`` into MathML Core with the library
math-core. What that library lacks is written in commands that it knows before it sees a formula, and
what it writes for HTML in general is mended for browsers and strict content policies afterwards.
Source of the elements and attributes: W3C, MathML Core.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.formulas.brackets import MAX_WORK, Brackets
from pelican_mlnotes.formulas.definitions import (
    Definition,
    definitions_in,
    expand,
    of_site,
    without_definitions,
)
from pelican_mlnotes.formulas.delimiters import MARKED, NUMBERED, Formula, mark_text, marked_formula
from pelican_mlnotes.formulas.mend import in_place, kept_together, mended
from pelican_mlnotes.formulas.nesting import CLOSES, OPENS, SPACE, TERM, nesting
from pelican_mlnotes.formulas.prepare import LABEL, REFERENCE, prepared
from pelican_mlnotes.formulas.tables import tables

__all__ = ["Converter", "Fault", "Formula", "mark_text"]

MAX_TEX = 10_000
"""Longest formula that is converted, in characters."""
MAX_NESTING = 60
"""Deepest nesting of braces and environments that is converted."""
MAX_OPEN = 150
"""Deepest that the library may go into itself, see ``nesting``."""
MAX_EXPANSIONS = 1000
"""Most uses of bundled commands in one formula; none of them leads to itself."""
TOO_OPEN = "too many of its brackets are never closed"

_NO_NAME = pattern(r"[^A-Za-z0-9:.-]+")
_PLACE = pattern(r"^\d+: ")
_NUMBERED = pattern(
    rf"\\(?:tag|label|(?:eq)?ref|begin\{{(?:{NUMBERED})\}}|newcommand|renewcommand|providecommand"
    r"|def\b|DeclareMathOperator)"
)

_DEFINING = pattern(r"\\(?:(?:re)?new|provide)command|\\[egx]?def\b|\\(?:future)?let\b|\\DeclareMathOp")

# What belongs to a formula and must not lose it at the end of a line: "($x$)", "$n$th", "$k$-means", "$x$,".
_OPENING = pattern(r"[(\[{“‘«„¿¡（【「『\"']+\Z", at_most=3)
_CLOSING = pattern(
    r"(?:[a-zA-Z]{1,3}(?![a-zA-Z]))?"
    r"(?:[,.;:!?)\]}’”»…%°/\"'-]|[。，、；：！？）】」』]|&(?:quot|#39|rsquo|rdquo);){0,4}"
)

_REFERRED = pattern(r'<a class="math-reference" [^<>]*>([^<>]+)</a>')
# Elements that one command without an argument leads to.
# No operator that takes in what follows, such as a sum.
_LEAF = pattern(
    r"<math>(?:</?mrow>|<mspace[^>]*/>|<(mi|mo|mn|mtext)(?: [^>]*)?>(?:[^<&∀∏-∑∫-∳⋀-⋃⨀-⨜]|&(?!A))*</\1>)*"
    r"<mi>y</mi><mi>z</mi>(?:</mrow>)?</math>"
)
_NESTING = pattern(
    r"(?P<opens>\\(?:begin|left)(?![a-zA-Z])|\{)|(?P<closes>\\(?:end|right)(?![a-zA-Z])|\})|\\(?:[a-zA-Z]+|.)",
    re.DOTALL,
)


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
    _taken: dict[str, int] = field(default_factory=dict)
    _brackets: Brackets = field(init=False)

    def __post_init__(self) -> None:
        self._brackets = Brackets(self._shown, tables()["macros"])

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
        parts: list[str] = []
        at = 0
        for mark in marks:
            start, end = mark.span()
            formula = in_place(next(shown), mark)
            before = behind = ""
            if mark["inline"] is not None and not formula.startswith(("<a ", '<span class="math-display"')):
                opening = _OPENING.search(html, max(start - 3, at), start)
                closing = _CLOSING.match(html, end)
                before, behind = opening[0] if opening else "", closing[0] if closing else ""
            parts.append(html[at : start - len(before)])
            if (before or behind) and (self.classes or not formula.startswith("<code")):
                formula = kept_together(before, formula, behind, classes=self.classes)
            parts.append(formula)
            at = end + len(behind)
        return "".join((*parts, html[at:])), faults

    def numbers(self, formulas: Sequence[Formula]) -> dict[str, str]:
        """Return the number that each label of a page stands for, without brackets."""
        names, _ = _label_names(formulas, "")
        numbered = [formula for formula in formulas if _NUMBERED.search(formula.tex)]
        numbered += [Formula(rf"\ref{{{label}}}", display=False) for label in names]
        shown = self._convert_page(numbered, "", [])[len(numbered) - len(names) :]
        found = zip(names, map(_REFERRED.search, shown), strict=True)
        return {label: match[1] for label, match in found if match}

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
                tex = prepared(tex, formula.display)
                reason = self._unfit(tex)
                if reason is None:
                    result = library.convert_with_local_state(tex, displaystyle=formula.display)
                    return mended(formula, result, classes=self.classes), None
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
                tex = prepared(tex, formula.display, names, unused)
                reason = self._unfit(tex)
            if reason is None:
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
            mended(formula, next(results), classes=self.classes) if old is None else old
            for formula, old in zip(formulas, shown, strict=True)
        ]
        faults += [
            Fault(formula.tex, f"has the label {label!r}, as an earlier one has") for formula, label in twice
        ]
        for formula in formulas:
            missing = [label for _, label in REFERENCE.findall(formula.tex) if label not in names]
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
                macros=tables()["macros"] if macros else None,
                fancy_error=False,
                allow_unreliable_rendering=True,
                max_expansions=MAX_EXPANSIONS,
                id_prefix="equation-",
            )
        return self._libraries[macros]

    # -- what is refused ---------------------------------------------------------------------------

    def _refusal(self, tex: str) -> str | None:
        if not tex:
            return "it is empty"
        if len(tex) > MAX_TEX:
            return f"it has {len(tex)} characters; at most {MAX_TEX} are converted"
        if _depth(tex) > MAX_NESTING:
            return f"it is nested more than {MAX_NESTING} deep"
        return None

    def _unfit(self, tex: str) -> str | None:
        """Return why the library must not be asked for ``tex``, which is prepared."""
        # Most have too few signs for that.
        signs = len(tex.encode()) - len(tex) + sum(map(tex.count, r"\{_^!)]"))
        if signs > MAX_OPEN and nesting(tex, self._takes, _deep) > MAX_OPEN:
            return f"more than {MAX_OPEN} of its commands are nested in each other"
        if self._brackets.work_of(tex) > MAX_WORK:
            return TOO_OPEN
        return None

    def _takes(self, command: str) -> int:
        """Return how much of what follows it a command takes in, for ``nesting``."""
        if command not in self._taken:
            try:
                shown = self._library(macros=False).convert_with_local_state(
                    f"{command} yz", displaystyle=False
                )
            except BaseException as error:
                _reason(error)
                shown = ""
            leaf = _LEAF.fullmatch(shown)
            side = self._brackets.side(command) if leaf else 0
            if side:
                taken = OPENS if side > 0 else CLOSES
            elif leaf and leaf[1] != "mo":
                taken = TERM if leaf[1] else SPACE
            else:
                # The library looks behind every operator for what decides about its space.
                taken = self._brackets.takes(command[1:]) if not leaf and command[0] == "\\" else 0
            self._taken[command] = taken
        return self._taken[command]


def _source(formula: Formula) -> str:
    return f'<code class="math-source">{escape(formula.tex)}</code>'


def _reason(error: BaseException) -> str:
    """Return what is wrong, in words; raises ``error`` itself if it is not about a formula.

    A panic of the library, which is written in Rust, is no ``Exception`` in Python.
    """
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    text = " ".join(str(error).split())
    return _PLACE.sub("", text) or type(error).__name__


def _expanded(tex: str, definitions: Mapping[str, Definition]) -> tuple[str, str | None]:
    """Return ``tex`` with what the author's commands stand for, or why that cannot be."""
    if not definitions or len(tex) > MAX_TEX:
        return tex, None
    try:
        return expand(tex, definitions), None
    except ValueError as error:
        return tex, str(error)


def _deep(command: str) -> int:
    return 3 if command[1:] in tables()["macros"] else 1


def _depth(tex: str) -> int:
    """Return how deep braces and environments are nested."""
    deepest = depth = 0
    for match in _NESTING.finditer(tex):
        if match["opens"]:
            depth += 1
            deepest = max(deepest, depth)
        elif match["closes"]:
            depth -= 1
    return deepest


def _label_names(formulas: Sequence[Formula], page: str) -> tuple[dict[str, str], list[tuple[Formula, str]]]:
    """Return a name fit for an ``id`` for each label, and the labels that stand twice."""
    names: dict[str, str] = {}
    prefix = f"{_NO_NAME.sub('-', page)}-" if page else ""
    twice = []
    taken = set()
    next_number: dict[str, int] = {}
    for formula in formulas:
        for label in LABEL.findall(formula.tex):
            if label in names:
                twice.append((formula, label))
                continue
            name = base = prefix + (_NO_NAME.sub("-", label).strip("-") or "unnamed")
            number = next_number.get(base, 2)
            while name in taken:
                name, number = f"{base}-{number}", number + 1
            next_number[base] = number
            taken.add(name)
            names[label] = name
    return names, twice
