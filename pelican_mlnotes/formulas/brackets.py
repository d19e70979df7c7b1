r"""How much work does a formula's brackets make for the converter?

At a bracket that opens, math-core reads ahead for one that closes; if there is none, it reads all that
follows a second time. Each bracket left open so doubles the time, and a line of thirty would stop a build.
What closes a bracket depends on what the commands before it take in: the ``)`` of ``(x^)`` is an exponent.
"""

import re
import unicodedata
from collections.abc import Callable, Collection

from pelican_mlnotes._patterns import pattern

__all__ = ["MAX_WORK", "Brackets"]

MAX_WORK = 1 << 20
"""Characters that the converter reads in about 20 ms."""
UNENDING = 3
"""What a command takes in that is unknown, or changes all that follows it: more than any other."""

_TOKEN = pattern(
    r"(?P<skipped>\s+|%[^\n]*)|\\(?P<word>[a-zA-Z]+)\*?|\\(?P<sign>.)|(?P<special>[{}^_&])|(?P<character>.)",
    re.DOTALL,
)
# Of no category of Unicode's that says so.
_OPENING, _CLOSING = frozenset("⌜⌞⎰"), frozenset("⌝⌟⎱")
_VERTICAL = "|‖"
_MAY_OPEN = pattern(r"[(\[\\]|[^\x00-\x7f]")
_HAS_OPTION = pattern(r"sqrt|x[a-zA-Z]+")
_SHOWN_SIGN = pattern(r"<mo(?P<attributes>[^<>]*)>(?P<sign>[^<])</mo>")
# The bracket behind these is one that closes, or one of those that need no partner.
_CLOSED_BY = frozenset(("bigr", "Bigr", "biggr", "Biggr", "mathclose"))
_SIZED = frozenset(
    ("big", "Big", "bigg", "Bigg", "bigm", "Bigm", "biggm", "Biggm", "left", "right", "middle")
)
_TAKES_ONE = (
    "bigl",
    "Bigl",
    "biggl",
    "Biggl",
    "mathopen",
    "hspace",
    "mspace",
    "tag",
    "label",
    "ref",
    "eqref",
    "pmod",
    "pod",
)
_REPLACED = ("pmod", "pod")  # by the library itself
ENDLESS = 99
"""Brackets that a formula has if what stands in place of a command takes a bracket of it for its own."""
# Of these, the library takes no letters, or not anywhere.
_TAKES = {
    **dict.fromkeys((*_CLOSED_BY, *_SIZED, *_TAKES_ONE), 1),
    **dict.fromkeys(("limits", "nolimits", "nonumber", "notag", "hline"), 0),
    "textcolor": 2,
}


class Brackets:
    """Counts what brackets a formula leaves open, as the converter itself reads its commands."""

    def __init__(self, show: Callable[[str], str], macros: Collection[str] = ()) -> None:
        """Take ``show``, which returns TeX as MathML with an annotation, or raises.

        ``macros`` are the names of commands that ``show`` replaces.
        """
        self._show = show
        self._macros = {*macros, *_REPLACED}
        self._taken: dict[tuple[str, str], int] = {}
        self._sides: dict[str, int] = {}

    def open_in(self, tex: str) -> int:
        """Return how many brackets of ``tex`` may be left open, never fewer than are."""
        return self._read(tex)[0]

    def work_of(self, tex: str) -> int:
        """Return how many characters the converter may have to read."""
        most = sum(1 for _ in _MAY_OPEN.finditer(tex))
        # Most formulas need no closer look.
        return len(tex) << min(most if len(tex) << most <= MAX_WORK else self.open_in(tex), ENDLESS)

    def _read(self, tex: str) -> tuple[int, int]:
        """Return how many brackets are left open, and how many things the last command still takes in."""
        total = here = due = taking = 0
        groups: list[tuple[str, int, int]] = []
        command = ""  # the last token, if it was a command
        for match in _TOKEN.finditer(tex):
            if match["skipped"]:
                continue
            last, command = command, ""
            passed, taking = taking, 0
            word, special, character = match["word"], match["special"], match["character"]
            if special == "{" or word in ("begin", "left"):
                groups.append(("{", here, max(due - 1, 0)))
                here, due = 0, int(word == "left")
                command = word or ""
            elif special == "}" or word in ("end", "right"):
                total += here
                kind = ""
                while groups and kind != "{":
                    kind, here, due = groups.pop()
                    total += here if kind == "[" else 0
                if kind != "{":
                    here = due = 0
                if word == "right":
                    due, command = 1, word
            elif special == "&" or match["sign"] == "\\":
                total += here
                here = due = 0
            elif special:
                if passed and last in self._macros:
                    return ENDLESS, due
                due = min(due + 1, UNENDING)
            elif character == "[" and due and _HAS_OPTION.fullmatch(last):
                groups.append(("[", here, due))
                here = due = 0
            elif character == "]" and not due and groups and groups[-1][0] == "[":
                total += here
                _, here, due = groups.pop()
            else:
                name = word or match["sign"] or ""
                side = self._side(name) if name else _side_of(character)
                if side > 0:
                    here += last not in _SIZED
                elif side < 0 and (not due or last in _CLOSED_BY):
                    here = max(here - 1, 0)
                taken = self._takes(name, "^" if due else "") if name else 0
                if taken and passed and last in self._macros:
                    return ENDLESS, due
                if taken >= UNENDING:
                    total += here
                    here = 0
                command = "" if due and name in _CLOSED_BY else name
                due, taking = max(due - 1, 0) + taken, taken
        return total + here + sum(before for _, before, _ in groups), due

    def side(self, command: str) -> int:
        """Return 1 for a command or a sign that is a bracket that opens, -1 for one that closes."""
        return self._side(command[1:]) if command[0] == "\\" else _side_of(command)

    def takes(self, name: str) -> int:
        """Return how many things behind a command it takes in; ``UNENDING`` for all that follow."""
        return self._takes(name, "")

    def _takes(self, name: str, script: str) -> int:
        """Return how many things behind a command it takes in; behind a ``script``, what that takes."""
        key = name, script
        if key not in self._taken:
            self._taken[key] = _TAKES.get(name, UNENDING)
            for count in range(UNENDING) if name not in _TAKES else ():
                shown = self._shown(rf"y{script}\{name} {'y' * count})y")
                if '<mo stretchy="false">)</mo><mi>y</mi></mrow><annotation' in shown:
                    self._taken[key] = count
                    break
        return self._taken[key]

    def _side(self, name: str) -> int:
        """Return 1 for a command that is a bracket that opens or may be one, -1 for one that closes."""
        if name not in self._sides:
            side = 0
            signs = _SHOWN_SIGN.findall(self._shown(rf"y\{name} y"))
            if len(signs) == 1:
                attributes, sign = signs[0]
                side = _side_of(sign)
                if sign in _VERTICAL and "form=" in attributes:
                    side = 1 if 'form="prefix"' in attributes else -1
            self._sides[name] = side
        return self._sides[name]

    def _shown(self, tex: str) -> str:
        try:
            return self._show(tex)
        except BaseException as error:
            # A panic of the library, which is written in Rust, is no ``Exception`` in Python.
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            return ""


def _side_of(character: str) -> int:
    if character.isascii():
        return (character in "([{") - (character in ")]}")
    category = unicodedata.category(character)
    if category in ("Ps", "Pi") or character in _OPENING:
        return 1
    return -(category in ("Pe", "Pf") or character in _CLOSING)
