r"""What do packages, plain TeX and slips of authors write? It is put into the words of the library."""

import re
from collections.abc import Callable, Mapping

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.formulas.definitions import Arguments

__all__ = ["rewritten"]

_STAR = pattern(r"(\\(?!operatorname\b|hspace\b|tag\b|mspace\b)[a-zA-Z]+)\*")
_STARRED = pattern(r"\\(abs|norm|vb|va|vu|pqty|bqty|vqty|comm|ev|expval|eval|order)\*")
_SPECIFICATION = pattern(r"(?P<name>\\begin\{(?:array|subarray)\})\s*(?:\[[a-z]\]\s*)?(?=\{)")
_REPEATED = pattern(r"\*\s*\{\s*(\d{1,2})\s*\}\s*\{([^{}]*)\}")
_BETWEEN = pattern(r"[@!<>]\s*\{(?:[^{}]|\{[^{}]*\})*\}")
_WIDTH = pattern(r"[pmbX]\s*(?:\{[^{}]*\})?")
_NO_COLUMN = pattern(r"[^lcr|:]")
_TABLE = pattern(r"\\([a-zA-Z]*(?:matrix|cases)|eqalign|displaylines)\s*(?=\{)")
_ROW_END = pattern(r"\\cr(?![a-zA-Z])")
_DERIVATIVE = pattern(
    r"\\(dv|pdv|fdv|derivative|partialderivative)(?![a-zA-Z])\s*+(?:\[([^\[\]]*+)\])?+\s*+(?=\{)"
)
_DERIVED = {"pdv": r"\partial", "partialderivative": r"\partial", "fdv": r"\delta"}
_DIFFERENTIAL = pattern(r"\\dd(?![a-zA-Z])\s*(?:\[([^\[\]]*)\])?")
_QUANTITY = pattern(r"\\qty(?![a-zA-Z])\*?\s*(?:(?P<round>\(([^()]*)\))|(?P<square>\[([^\[\]]*)\]))")
_ROOT = pattern(r"\\root\s*(\{[^{}]*\}|[^\s{}\\])\s*\\of\s*")
_BUILT = pattern(r"\\buildrel\s*(\{[^{}]*\}|\\?[a-zA-Z]+|[^\s{}\\])\s*\\over\s*")
_BOXED = pattern(
    r"\\bbox\s*\[[^\[\]]*\]\s*|\\bbox(?![a-zA-Z])\s*|\\enclose\s*\{[^{}]*\}\s*(?:\[[^\[\]]*\]\s*)?"
)
_MOVED = pattern(r"\\(?:raise|lower|moveleft|moveright)\s*-?[\d.]+\s*(?:em|ex|pt|mm|cm|in|px|mu)\s*")
_DROPPED = pattern(r"\\(?:hfill?|hss|nobreak|definecolor\s*\{[^{}]*\}\s*\{[^{}]*\}\s*\{[^{}]*\})(?![a-zA-Z])")
_CIRCLED = pattern(r"\\textcircled\s*(?:\{([^{}]{1,3})\}|(\w))")
_CODE_POINT = pattern(r"\\unicode\s*\{\s*(?:[xX]([0-9a-fA-F]{1,6})|(\d{1,7}))\s*\}")
_ANGLE = pattern(r"(\\(?:left|right|middle|[bB]igg?[lrm]?))\s*([<>])")
_SIGN = pattern(r"[∅√∠-∢∴∵⊤⊥⇫-⇳⟀⟁⟃⟄⟊-⟐⟓⟔⟠-⟥⤙-⤜⦁⦙-⦴⦺-⦿⧂⧃⧉-⧍⧖⧗⧜-⧞⧧-⧳⧾⧿⫙-⫝⫬-⫱⫴⫵⫻]")
_M_SIDE = pattern(r"\\m(left|right)(?![a-zA-Z])")
_VERTICAL = pattern(r"\\([lr])([vV])ert(?![a-zA-Z])")
_OPERATOR = pattern(
    r"\\operatorname(\*?)\s*\{\s*\\(?:sf|rm|bf|it|tt|mathrm|mathsf|mathbf|textrm|text)(?![a-zA-Z])\s*"
)
_NESTED = pattern(r"\\begin\b|[{}]|\\left\b|\\right\b|\\end\b|\\\\")
_ONLY_IN_DISPLAY = pattern(r"\\label\s*\{[^{}]*\}|\\tag\*?\s*\{([^{}]*)\}")


def rewritten(tex: str, tables: Mapping[str, Mapping[str, str]], display: bool) -> str:
    """Return ``tex`` with what the library lacks in commands that it has; ``tables`` is ``commands.toml``."""
    if not tex.isascii():
        signs = tables["signs"]
        tex = _SIGN.sub(lambda m: f"{signs[m[0]]} " if m[0] in signs else rf"\text{{{m[0]}}}", tex)
    if "\\" not in tex:
        return tex
    tex = tex.replace("\\\n", "\\ ") if "\\\n" in tex else tex
    if "*" in tex:
        tex = _STAR.sub(r"\1 *", _STARRED.sub(r"\\\1 ", tex))
        tex = _with_columns(tex)
    elif r"\begin{array}" in tex:
        tex = _with_columns(tex)
    if "<" in tex or ">" in tex:
        tex = _ANGLE.sub(lambda m: m[1] + (r"\langle " if m[2] == "<" else r"\rangle "), tex)
    if r"\cr" in tex or "matrix" in tex or "cases" in tex or r"\eqalign" in tex or r"\displaylines" in tex:
        tex = _with_tables(_ROW_END.sub(r"\\\\ ", tex), tables["tables"])
    for needle, change in _CHANGES:
        if needle in tex:
            tex = change(tex)
    if not display and (r"\label" in tex or r"\tag" in tex):
        tex = _ONLY_IN_DISPLAY.sub(lambda m: rf"\quad\text{{({m[1]})}}" if m[1] else "", tex)
    if "\\\\" in tex:
        tex = _rows(tex, display)
    return tex


def _with_columns(tex: str) -> str:
    """Return ``tex`` with columns of tables that are only aligned; what stands between them is left out."""
    parts: list[str] = []
    arguments = Arguments(tex)
    at = 0
    for match in _SPECIFICATION.finditer(tex):
        end = arguments.end(match.end())
        if match.start() < at or end == match.end():
            continue
        columns = tex[match.end() + 1 : end - 1]
        for _ in range(3):
            columns = _REPEATED.sub(lambda m: m[2] * int(m[1]), columns)[:200]
        columns = _WIDTH.sub("l", _BETWEEN.sub("", columns))
        parts += [tex[at : match.start()], match["name"], "{", _NO_COLUMN.sub("", columns) or "c", "}"]
        at = end
    return "".join((*parts, tex[at:]))


def _with_tables(tex: str, tables: Mapping[str, str]) -> str:
    parts: list[str] = []
    arguments = Arguments(tex)
    at = 0
    for match in _TABLE.finditer(tex):
        end = arguments.end(match.end())
        if match.start() < at or end == match.end() or match[1] not in tables:
            continue
        name = tables[match[1]]
        body = tex[match.end() + 1 : end - 1].rstrip().removesuffix("\\\\")
        parts += [tex[at : match.start()], rf"\begin{{{name}}}{body}\end{{{name}}}"]
        at = end
    return "".join((*parts, tex[at:]))


def _derivatives(tex: str) -> str:
    r"""Return ``tex`` with ``\dv[n]{f}{x}`` and its like, of the package physics, as fractions."""
    parts: list[str] = []
    braces = Arguments(tex)
    at = 0
    for match in _DERIVATIVE.finditer(tex):
        if match.start() < at:
            continue
        arguments: list[str] = []
        end = match.end()
        while len(arguments) < 3 and tex.startswith("{", end) and (after := braces.end(end)) > end:
            arguments.append(tex[end + 1 : after - 1])
            end = after
        if not arguments:
            continue
        sign = _DERIVED.get(match[1], r"\mathrm{d}")
        power = f"^{{{match[2]}}}" if match[2] else ""
        above, below = (arguments[0], arguments[1:]) if len(arguments) > 1 else ("", arguments)
        if len(below) == 2:
            power = "^{2}"
        lower = r"\,".join(f"{sign} {one}" for one in below) + (power if len(below) == 1 else "")
        parts += [tex[at : match.start()], rf"\frac{{{sign}{power} {above}}}{{{lower}}}"]
        at = end
    return "".join((*parts, tex[at:]))


def _given(tex: str) -> str:
    r"""Return ``tex`` with ``\lvert`` that nothing closes as a plain line, as some write "given"."""
    opened: dict[str, list[re.Match[str]]] = {"v": [], "V": []}
    for match in _VERTICAL.finditer(tex):
        if tex[max(match.start() - 6, 0) : match.start()].rstrip().endswith(("left", "right", "ig", "igg")):
            continue
        if match[1] == "l":
            opened[match[2]].append(match)
        elif opened[match[2]]:
            opened[match[2]].pop()
    for match in sorted((*opened["v"], *opened["V"]), key=lambda one: -one.start()):
        tex = f"{tex[: match.start()]}\\{match[2]}ert {tex[match.end() :]}"
    return tex


def _circled(match: re.Match[str]) -> str:
    text = (match[1] or match[2]).strip()
    if text.isascii() and text.isdigit() and int(text) <= 20:
        return rf"\text{{{chr(0x245F + int(text)) if int(text) else '⓪'}}}"
    if len(text) == 1 and text.isascii() and text.isalpha():
        first, circled = ("A", 0x24B6) if text.isupper() else ("a", 0x24D0)
        return rf"\text{{{chr(ord(text) - ord(first) + circled)}}}"
    return rf"\boxed{{\text{{{text}}}}}"


def _code_point(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    sign = chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else ""
    return (
        rf"\text{{{sign}}}" if sign.isprintable() and sign not in ("\\", "{", "}", "$", "%", "#", "&") else ""
    )


def _rows(tex: str, display: bool) -> str:
    """Return ``tex`` with rows that stand in no table in one; within a line of text, apart."""
    depth = 0
    breaks = []
    for match in _NESTED.finditer(tex):
        if match[0] == "\\\\":
            if not depth:
                breaks.append(match)
        else:
            depth += 1 if match[0] in ("{", r"\begin", r"\left") else -1
    if not breaks:
        return tex
    last = breaks[-1]
    if not tex[last.end() :].strip():
        tex = tex[: last.start()]
        breaks.pop()
    if not breaks or (display and r"\tag" in tex):
        return tex
    if not display:
        for match in reversed(breaks):
            tex = rf"{tex[: match.start()]}\quad {tex[match.end() :]}"
        return tex
    name = "aligned" if "&" in tex and r"\begin" not in tex else "gathered"
    return rf"\begin{{{name}}}{tex}\end{{{name}}}"


_CHANGES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("dv", _derivatives),
    ("derivative", _derivatives),
    (
        r"\dd",
        lambda tex: _DIFFERENTIAL.sub(lambda m: rf"\mathrm{{d}}{'^{' + m[1] + '}' if m[1] else ''} ", tex),
    ),
    (r"\qty", lambda tex: _QUANTITY.sub(_sized, tex)),
    (r"\root", lambda tex: _ROOT.sub(lambda m: rf"\sqrt[{m[1].strip('{}')}]", tex)),
    (r"\buildrel", lambda tex: _BUILT.sub(lambda m: rf"\overset{{{m[1].strip('{}')}}}", tex)),
    (r"\bbox", lambda tex: _BOXED.sub("", tex)),
    (r"\enclose", lambda tex: _BOXED.sub("", tex)),
    (r"\raise", lambda tex: _MOVED.sub("", tex)),
    (r"\lower", lambda tex: _MOVED.sub("", tex)),
    (r"\hf", lambda tex: _DROPPED.sub(" ", tex)),
    (r"\definecolor", lambda tex: _DROPPED.sub(" ", tex)),
    (r"\textcircled", lambda tex: _CIRCLED.sub(_circled, tex)),
    (r"\unicode", lambda tex: _CODE_POINT.sub(_code_point, tex)),
    (r"\l", _given),
    (r"\m", lambda tex: _M_SIDE.sub(r"\\\1", tex)),
    (r"\operatorname", lambda tex: _OPERATOR.sub(r"\\operatorname\1{", tex)),
)


def _sized(match: re.Match[str]) -> str:
    if match["round"]:
        return rf"\left({match[2]}\right)"
    return rf"\left[{match[4]}\right]"
