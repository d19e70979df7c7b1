r"""How is a formula written in what the library knows, before it sees it?

``packages`` knows what others write; this is what the library lacks of TeX and LaTeX themselves:
environments, text with formulas in it, colours, operators, labels and numbers.
"""

import re
from collections.abc import Callable, Mapping

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.formulas.definitions import Arguments
from pelican_mlnotes.formulas.delimiters import NUMBERED
from pelican_mlnotes.formulas.packages import rewritten
from pelican_mlnotes.formulas.tables import tables

# Notes for ``mend``, in signs of private use, which no formula holds.
SMALL = "\ue003"
NO_BRACKETS = "\ue004"
TINT = "\ue005"
LAP = "\ue006"  # in commands.toml, too
LABEL = pattern(r"\\label\s*\{([^{}]*)\}")
REFERENCE = pattern(r"\\(eq)?ref\s*\{([^{}]*)\}")

_ENVIRONMENT = pattern(r"\\(?P<side>begin|end)\{(?P<name>[a-zA-Z]+\*?)\}")
_COLUMNS = pattern(r"\s*\{\d+\}")
_ALIGNMENT = pattern(r"\s*\[[a-z]\]")
_EQNARRAY = pattern(
    r"(\\begin\{eqnarray\*?\})([^\\]*+(?:\\(?!(?:begin|end)\{eqnarray)[^\\]*+)*+)(\\end\{eqnarray\*?\})"
)
_ROW = pattern(r"&([^&\\]*+(?:\\[a-zA-Z]++[^&\\]*+)?+)&")
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
_TEXT = pattern(r"(\\text(?:rm|bf|it|sf|tt|normal)?|\\mbox)\s*+(?=\{)")
_LAP = pattern(r"\\([rlc]lap)\s*+(?=\{)")
_LAPPED_SIGN = pattern(r"(\\[rlc]lap)\s*+([^\sa-zA-Z{}\\])")
_SUBSTACK = pattern(r"(\\substack)\s*+(?=\{)")
_COLORED = pattern(
    r"\\(?P<command>color|textcolor)\s*+(?:\[(?P<model>[a-zA-Z]++)\]\s*+)?+"
    r"\{(?P<value>[^{}]{1,60})\}(?P<brace>\s*\{)?"
)
_NAME_OF_COLOR = pattern(r"[a-z][\w!.-]*")
_HEX_COLOR = pattern(r"#(?:[0-9a-fA-F]{3}){1,2}")
_NUMBER = pattern(r"[\d.]+")
_TAGGED = pattern(r"\\(?:tag|label)\b")
_NUMBERED_START = pattern(rf"\s*\\begin\{{(?:{NUMBERED})\*?\}}")
_ALIGNED = pattern(r"\s*\\begin\{(aligned|split|gathered)\}(.*)\\end\{\1\}(.*)", re.DOTALL)
_ESCAPED_STAR = pattern(r"(\\\\)|\\\*")
_SPACING = pattern(r"\\[,:; !]|\\q?quad\b")
# Letters as an operator: the library sets the right space behind these.
_LETTERS = r"(?:[a-zA-Z -]|\\[,;:!])++"
_NAMED_OPERATOR = pattern(
    r"\\mathop\s*\{\s*\\(?P<how>mathrm|textrm|text|rm)(?![a-zA-Z])\s*+"
    rf"(?:\{{(?P<braced>{_LETTERS})\}}|(?P<bare>{_LETTERS}))\s*+\}}"
)
_LIMITED = {
    r"\operatorname*": pattern(r"\\operatorname\*\s*+(?=\{)"),
    r"\mathop": pattern(r"\\mathop\s*+(?=\{)"),
}
_SUBSCRIPT = pattern(r"\s*(?P<limits>\\limits\s*)?_\s*\{")


def prepared(
    tex: str, display: bool, names: Mapping[str, str] | None = None, unused: dict[str, str] | None = None
) -> str:
    """Return ``tex`` in what the library knows; ``names`` are the page's labels, ``unused`` those left."""
    tex = rewritten(tex, tables(), display)
    if r"\begin" in tex:
        tex = _EQNARRAY.sub(lambda m: m[1] + _ROW.sub(r"&\1", m[2]) + m[3], tex)
        tex = _renamed_environments(tex)
    if "\\\\" in tex:
        tex = _ROW_SPACE.sub(r"\\\\ ", tex)
        tex = _LAST_ROW.sub("", tex)
    if r"\substack" in tex:
        tex = _with_arguments(
            tex, _SUBSTACK, lambda _, body: rf"{{\text{{{SMALL}}}\begin{{matrix}}{body}\end{{matrix}}}}"
        )
    if "lap" in tex:
        tex = _LAPPED_SIGN.sub(r"\1{\2}", tex)
        tex = _with_arguments(tex, _LAP, _lapped)
    if r"\text" in tex or r"\mbox" in tex:
        tex = _with_arguments(tex, _TEXT, _text_around_formulas)
    if r"\*" in tex:
        tex = _ESCAPED_STAR.sub(lambda m: m[1] or "*", tex)
    if "color" in tex:
        tex = _COLORED.sub(_tinted, tex)
    tex = _DROPPED.sub(" ", tex)
    if r"\mathop" in tex:
        tex = _NAMED_OPERATOR.sub(_as_operator, tex)
    for command, found in _LIMITED.items():
        if command in tex:
            tex = _with_limits(tex, found, display, always=command == r"\mathop")
    if names is not None and unused is not None:
        tex = LABEL.sub(lambda m: rf"\label{{{name}}}" if (name := unused.pop(m[1], None)) else "", tex)
        tex = REFERENCE.sub(
            lambda m: (
                ("" if m[1] else rf"\text{{{NO_BRACKETS}}}") + rf"\eqref{{{names.get(m[2], 'unknown')}}}"
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
    names = tables()["environments"]
    parts: list[str] = []
    at = 0
    for match in _ENVIRONMENT.finditer(tex):
        if match.start() < at:
            continue
        name, end = match["name"], match.end()
        parts.append(tex[at : match.start()])
        if name == "smallmatrix":
            mark = rf"{{\text{{{SMALL}}}" if match["side"] == "begin" else ""
            parts.append(rf"{mark}\{match['side']}{{matrix}}{'' if mark else '}'}")
        else:
            parts.append(rf"\{match['side']}{{{names.get(name, name)}}}")
            if match["side"] == "begin" and name in names:
                counted = "alignat" in name or "alignedat" in name
                option = _COLUMNS.match(tex, end) if counted else _ALIGNMENT.match(tex, end)
                end = option.end() if option else end
        at = end
    parts.append(tex[at:])
    return "".join(parts)


def _with_arguments(tex: str, command: re.Pattern[str], change: Callable[[str, str], str]) -> str:
    """Return ``tex`` with ``change(name, argument)`` for each that ``command`` finds before a brace."""
    parts: list[str] = []
    arguments = Arguments(tex)
    at = 0
    for match in command.finditer(tex):
        end = arguments.end(match.end())
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


def _lapped(command: str, body: str) -> str:
    return rf"\math{command}{{" + _text_around_formulas(r"\text", body) + "}"


def _escaped(match: re.Match[str]) -> str:
    if match[1]:
        return r"\textasciicircum "
    return match[0] if len(match[0]) == 2 else "\\" + match[0]


def _tinted(match: re.Match[str]) -> str:
    """Return a colour in red, which the library knows, with a note of the colour itself behind it."""
    model, value = (match["model"] or "").lower(), match["value"].strip()
    numbers = _NUMBER.findall(value)
    if model == "html":
        value = f"#{value}"
    elif model in ("rgb", "gray") and len(numbers) == (3 if model == "rgb" else 1):
        whole = 1 if match["model"] == "RGB" else 255
        levels = [min(round(float(number) * whole), 255) for number in numbers if number.count(".") < 2]
        value = "#" + "".join(f"{level:02x}" for level in levels * (1 if model == "rgb" else 3))
    value = f"#{tables()['colors'][value]}" if value in tables()["colors"] else value
    if _HEX_COLOR.fullmatch(f"#{value}") and not value.isalpha():
        value = f"#{value}"
    if not _HEX_COLOR.fullmatch(value):
        # Of an unknown colour, the formula is kept. The library knows those of dvips, in capitals.
        return (match["brace"] or "") if _NAME_OF_COLOR.fullmatch(value) else match[0]
    note = rf"\text{{{TINT}{value};}}".replace("#", r"\#")
    brace = match["brace"] or ""
    # After \\color, what is in the brace is only the first thing that is coloured.
    return rf"\{match['command']}{{red}}" + (note + brace if match["command"] == "color" else brace + note)


def _as_operator(match: re.Match[str]) -> str:
    name = match["braced"] or match["bare"]
    if match["how"].startswith("text"):
        name = name.replace(" ", "\\ ")
    return rf"\operatorname*{{{name}}}"


def _with_limits(tex: str, command: re.Pattern[str], display: bool, *, always: bool) -> str:
    r"""Return ``tex`` with the limit of an operator that is more than letters below it, as in display TeX."""
    parts: list[str] = []
    arguments = Arguments(tex)
    at = 0
    for match in command.finditer(tex):
        if match.start() < at:
            continue
        end = arguments.end(match.end())
        body = tex[match.end() : end]
        if end == match.end() or (not always and "\\" not in _SPACING.sub("", body)):
            continue
        parts.append(tex[at : match.start()])
        at = end
        limit = _SUBSCRIPT.match(tex, end)
        below = arguments.end(limit.end() - 1) if limit else end
        if limit and below > limit.end() and (display or limit["limits"]):
            parts.append(rf"\underset{tex[limit.end() - 1 : below]}{{\mathop{body}}}")
            at = below
        else:
            parts.append(rf"\mathop{body}")
    parts.append(tex[at:])
    return "".join(parts)
