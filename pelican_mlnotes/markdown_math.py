"""A Markdown extension that keeps Markdown's hands off formulas.

It runs before raw HTML is taken out and after fenced code is: each formula is replaced by a
placeholder that Markdown passes through, and comes back at the very end, marked for
``formulas.Converter``. In code, attributes and comments the author's own characters come back.
"""

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor

from pelican_mlnotes.formulas import DELIMITED, Formula, read_delimited

# Private-use characters: no Markdown syntax, and no letters that would end up in a heading's id.
_OPEN, _CLOSE, _ZERO = "\ue000", "\ue001", 0xE010
_PLACEHOLDER = re.compile(f"{_OPEN}([{chr(_ZERO)}-{chr(_ZERO + 9)}]+){_CLOSE}")
_TO_DIGITS = str.maketrans("0123456789", "".join(chr(_ZERO + digit) for digit in range(10)))
_FROM_DIGITS = {_ZERO + digit: str(digit) for digit in range(10)}

_MATH_FENCE = re.compile(
    r"^(?P<indent>[ ]*)(?P<fence>`{3,}|~{3,})[ ]*(?P<math>\{?\.?math\}?[ ]*)?(?P<info>[^\n]*)\n"
    r"(?P<tex>.*?)^(?P=indent)(?P=fence)[ ]*$",
    re.MULTILINE | re.DOTALL,
)
# What may hold dollar signs that are no formula's: code spans, comments, tags, addresses, link targets.
_OPAQUE = (
    r"(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)*?(?<!`)(?P=ticks)(?!`)|<!--.*?-->|<https?://[^>\s]*>"
    r"|</?[a-zA-Z][\w-]*(?:\s+[\w:@-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?)*\s*/?>"
    r"|(?<=\]\()[^)\s]+|^[ ]{0,3}\[[^\]\n]+\]:[^\n]*$"
)
_TOKEN = re.compile(f"(?P<opaque>{_OPAQUE})|{DELIMITED.pattern}", re.VERBOSE | re.DOTALL | re.MULTILINE)
_HTML = re.compile(
    r"(?P<verbatim><!--.*?-->|<(?P<raw>script|style)\b.*?</(?P=raw)\s*>)"
    r"|(?P<escaped><(?P<code>pre|code|textarea|title)\b.*?</(?P=code)\s*>|<[a-zA-Z/](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)",
    re.DOTALL | re.IGNORECASE,
)


class MathExtension(Extension):
    """Marks the formulas of a Markdown text for ``formulas.Converter``."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        kept: list[tuple[str, Formula | None]] = []
        # Before "fenced_code_block" (25), which takes math fences for code, and after "meta" (27).
        md.preprocessors.register(_Fences(md, kept), "mlnotes_math_fences", 26)
        # After fenced code, and before "html_block" (20), for which "a<b" starts a tag.
        md.preprocessors.register(_Formulas(md, kept), "mlnotes_math", 22)
        # After "raw_html" (30) and all others have put back what they took out.
        md.postprocessors.register(_Restore(md, kept), "mlnotes_math", -10)


def makeExtension(**options: Any) -> MathExtension:  # noqa: N802 - Markdown's name
    """Return the extension; Markdown calls this when it is listed by its module's name."""
    return MathExtension(**options)


class _Fences(Preprocessor):
    """Takes ``math`` fences out of the text."""

    def __init__(self, md: Markdown, kept: list[tuple[str, Formula | None]]) -> None:
        super().__init__(md)
        self.kept = kept

    def run(self, lines: list[str]) -> list[str]:
        self.kept.clear()
        text = "\n".join(lines)
        if "math" not in text:
            return lines
        return _MATH_FENCE.sub(self._take, text).split("\n")

    def _take(self, match: re.Match[str]) -> str:
        tex = match["tex"].strip()
        if match["math"] is None or match["info"].strip() or not tex:
            return match.group()
        return f"{match['indent']}{_keep(self.kept, match.group(), Formula(tex, display=True))}"


class _Formulas(Preprocessor):
    """Takes delimited formulas out of the text."""

    def __init__(self, md: Markdown, kept: list[tuple[str, Formula | None]]) -> None:
        super().__init__(md)
        self.kept = kept

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        if "$" not in text and "\\" not in text:
            return lines
        return _TOKEN.sub(self._take, text).split("\n")

    def _take(self, match: re.Match[str]) -> str:
        if match["opaque"] is not None:
            return match.group()
        formula = read_delimited(match)
        if formula is None and not match["escaped"]:
            return match.group()
        return _keep(self.kept, match.group(), formula)


class _Restore(Postprocessor):
    """Puts formulas back: marked where they are text, as written where they are not."""

    def __init__(self, md: Markdown, kept: Sequence[tuple[str, Formula | None]]) -> None:
        super().__init__(md)
        self.kept = kept

    def run(self, text: str) -> str:
        if _OPEN not in text:
            return text
        parts = []
        position = 0
        for match in _HTML.finditer(text):
            if _OPEN not in match.group():
                continue
            parts.append(self._put(text[position : match.start()], _shown))
            parts.append(self._put(match.group(), _verbatim if match["verbatim"] else _escaped))
            position = match.end()
        parts.append(self._put(text[position:], _shown))
        return "".join(parts)

    def _put(self, html: str, show: Callable[[str, Formula | None], str]) -> str:
        def put(match: re.Match[str]) -> str:
            number = int(match[1].translate(_FROM_DIGITS))
            return show(*self.kept[number]) if number < len(self.kept) else match.group()

        return _PLACEHOLDER.sub(put, html)


def _shown(written: str, formula: Formula | None) -> str:
    # Without a formula it is an escaped dollar sign.
    return formula.marked() if formula else written.removeprefix("\\")


def _verbatim(written: str, _: Formula | None) -> str:
    return written


def _escaped(written: str, _: Formula | None) -> str:
    return escape(written)


def _keep(kept: list[tuple[str, Formula | None]], written: str, formula: Formula | None) -> str:
    kept.append((written, formula))
    return f"{_OPEN}{str(len(kept) - 1).translate(_TO_DIGITS)}{_CLOSE}"
