"""What of the library's MathML do browsers, validators or strict content policies not take?

Source of the elements and attributes: W3C, MathML Core.
"""

import re
from functools import partial
from html import escape

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.formulas.colors import readable_color
from pelican_mlnotes.formulas.delimiters import Formula, marked_formula
from pelican_mlnotes.formulas.plain import tex_to_text
from pelican_mlnotes.formulas.prepare import LAP, NO_BRACKETS, SMALL, TINT

_ONLY_REFERENCE = pattern(r"\s*\\(eq)?ref\s*\{([^{}]*)\}\s*")
_ANNOTATION = pattern(r"<annotation [^<]*</annotation>")
_TINTED = pattern(rf' style="color:#FF0000;"><mtext>{TINT}(#[0-9a-fA-F]{{3,6}});</mtext>')
_SMALL_TABLE = pattern(rf'<mtext>{SMALL}</mtext>(<mtable displaystyle="false") scriptlevel="0"')
_BARE_REFERENCE = pattern(rf'<mtext>{NO_BRACKETS}</mtext>(<mtext><a href="[^"<>]*">)\(([^<>]*)\)(</a>)')
_DEAD_REFERENCE = pattern(r'<a href="[^"]*">(\(?\?\?\)?)</a>')
_LINK = pattern(r'<mtext><a href="(#[^"]*)">([^<]*)</a></mtext>')
_ENCLOSED = pattern(r'<menclose notation="([a-z ]*)">')
_STRIKE = pattern(r'<mrow class="menclose-[a-z]*"></mrow>')
_LAPPED = pattern(rf'<mpadded style="padding-left:0;padding-right:0;"><mrow><mtext>{LAP}([rlc])</mtext>')
_SHOWN = pattern(rf">(?!{LAP})[^<]")
_PADDED = pattern(r"<(/?)mpadded\b")
_STYLE = pattern(r' style="([^"]*)"')
_HEADER_CELL = pattern(r"<th(?:\s[^<>]*)?>\s*\Z")
_ELEMENT = pattern(r"<(?P<closes>/?)(?P<name>m[a-z]++)(?P<attributes>[^<>]*?)(?P<empty>/?)>")
# Chromium leaves room for the widest form of a sign that may stretch. Around what is low, none need to.
_SPACED = r"(?: [lr]space=\"[^\"]*\")*"
_TALL = r'<m(?:frac|table|under|over(?! accent="true")|sqrt|root|style|multi|padded)|[∏-∑∫-∳⋀-⋃⨀-⨜]'
_LOW_FENCED = pattern(
    rf"<mrow><mo(?P<before>{_SPACED})>(?P<open>[(\[{{])</mo>"
    rf"(?P<inside>(?:(?!<mo{_SPACED}>[(\[{{]|{_TALL}).)*?)"
    rf"<mo(?P<after>{_SPACED})>(?P<close>[)\]}}])</mo></mrow>",
    re.DOTALL,
)
_THREE_DOTS = pattern(r"(?:<mo(?: [^<>]*)?>·</mo>){3}")
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
_COLOR = pattern(r"color:\s*(#[0-9a-fA-F]{6});?")
_VISIBLE = pattern(r"<[^<>]*>")
_NO_NAME = pattern(r"[^a-z0-9]+")
_WIDE = 20  # signs: narrower ones fit on every telephone
_ENCLOSURES = {
    "box": ("math-boxed", "border: 0.05em solid; padding: 0.2em"),
    "updiagonalstrike": (
        "math-cancel-up",
        _UP := "background: linear-gradient(to bottom right, "
        "transparent calc(50% - .025em), currentcolor 0 calc(50% + .025em), transparent 0)",
    ),
    "downdiagonalstrike": ("math-cancel-down", _UP.replace("bottom right", "bottom left")),
}

_TO_LEFT = {
    "r": ("", ""),
    "l": (' class="math-llap"', ' style="translate: -100%"'),
    "c": (' class="math-clap"', ' style="translate: -50%"'),
}


def mended(formula: Formula, mathml: str, *, classes: bool) -> str:
    """Return what the library made of ``formula`` as browsers and strict policies take it.

    With ``classes``, for the bundled stylesheet, else with ``style`` attributes.
    """
    source = escape(formula.tex, quote=False)
    # Our stylesheet lays it over the formula, for copying; to readers of screens it would say all twice.
    hidden = ' aria-hidden="true"' if classes else ""
    annotation = f'<annotation encoding="application/x-tex"{hidden}>{source}</annotation>'
    mathml = _ANNOTATION.sub(lambda _: annotation, mathml).replace("&ApplyFunction;", "\u2061")
    if SMALL in mathml:
        mathml = _SMALL_TABLE.sub(r'\1 class="math-small"', mathml)
    if "<a " in mathml:
        mathml = _DEAD_REFERENCE.sub(r"\1", _BARE_REFERENCE.sub(r"\1\2\3", mathml))
        link = _LINK.search(mathml)
        if link and _ONLY_REFERENCE.fullmatch(formula.tex) and not formula.display:
            return f'<a class="math-reference" href="{link[1]}">{link[2]}</a>'
        # To readers of screens, nothing in a formula can be followed.
        mathml = _LINK.sub(r"<mtext>\2</mtext>", mathml)
    if "<menclose" in mathml:
        mathml = _STRIKE.sub("", _ENCLOSED.sub(partial(_enclosure, classes=classes), mathml)).replace(
            "</menclose>", "</mrow>"
        )
    if LAP in mathml:
        mathml = _overlapping(mathml, formula.display, classes=classes)
    if TINT in mathml:
        mathml = _TINTED.sub(lambda tint: f' mathcolor="{_color(tint[1], classes=classes)}">', mathml)
    if " style=" in mathml:
        mathml = _STYLE.sub(partial(_style, classes=classes), mathml)
    if "\u27c2" in mathml:
        # The sign of LaTeX for "perp", which fonts have, for that of a newer one.
        mathml = mathml.replace(">\u27c2</mo>", ">⊥</mo>")
    if ">·</mo>" in mathml:
        mathml = _THREE_DOTS.sub('<mo lspace="0" rspace="0">⋯</mo>', mathml)
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
    # With a line of its own or within one, what may be too wide for a telephone scrolls.
    return f'<span class="{"math-display" if formula.display else "math-wide"}">{mathml}</span>'


def kept_together(before: str, shown: str, behind: str, *, classes: bool) -> str:
    """Return a formula of a line with the bracket ``before`` it and the punctuation ``behind`` it.

    Browsers break lines on either side of a formula, whatever stands there.
    """
    if classes and shown.startswith('<span class="math-wide">'):
        # What scrolls is as wide as the line: its comma has to be inside.
        return f"{shown[:24]}{before}{shown[24:-7]}{behind}</span>"
    how = 'class="math-kept"' if classes else 'style="white-space:nowrap"'
    return f"<span {how}>{before}{shown}{behind}</span>"


def _overlapping(mathml: str, display: bool, *, classes: bool) -> str:
    """Return ``mathml`` with what has no width in TeX lying over what is beside it.

    Not over the words around a formula, nor where a browser would cut it off.
    """
    formula, note, annotation = mathml.partition("<annotation")
    shown = [match.start() for match in _SHOWN.finditer(formula)]
    first, last = min(shown, default=0), max(shown, default=0)
    ends = _ends_of_padded(formula)
    centred = False

    def opening(match: re.Match[str]) -> str:
        nonlocal centred
        kind, starts, ends_it = match[1], match.start() <= first, ends.get(match.start(), 0) >= last
        if (kind != "r" and starts) or (kind != "l" and ends_it and not display):
            return "<mpadded><mrow>"
        centred |= kind == "c"
        return f'<mpadded width="0"><mrow{_TO_LEFT[kind][not classes]}>'

    formula = _LAPPED.sub(opening, formula)
    if centred and display and "<semantics>" in formula and "<mtable" not in formula:
        # A box that scrolls shows nothing of what begins before it.
        room = '<mspace width="2em"/>'
        formula = formula.replace("<semantics>", f"<semantics><mrow>{room}", 1) + f"{room}</mrow>"
    return formula + note + annotation


def _ends_of_padded(mathml: str) -> dict[int, int]:
    """Return for the start of each ``mpadded`` where it ends."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for match in _PADDED.finditer(mathml):
        if not match[1]:
            opened.append(match.start())
        elif opened:
            ends[opened.pop()] = match.start()
    return ends


def _enclosure(match: re.Match[str], *, classes: bool) -> str:
    found = [_ENCLOSURES[name] for name in match[1].split() if name in _ENCLOSURES]
    if classes:
        return f'<mrow class="{" ".join(name for name, _ in found)}">'
    return f'<mrow style="{"; ".join(style for _, style in found[:1])}">'


def _color(color: str, *, classes: bool) -> str:
    return readable_color(color) if classes else color


def _style(match: re.Match[str], *, classes: bool) -> str:
    if color := _COLOR.fullmatch(match[1]):
        return f' mathcolor="{_color(color[1], classes=classes)}"'
    if not classes:
        return match[0]
    declared = (_NO_NAME.sub("-", part.lower()).strip("-") for part in match[1].split(";"))
    names = [f"math-{part}" for part in declared if part]
    return f' class="{" ".join(names)}"' if names else ""


def in_place(mathml: str, mark: re.Match[str]) -> str:
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
