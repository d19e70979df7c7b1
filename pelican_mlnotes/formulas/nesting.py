r"""How deep does the converter go into itself for a formula?

math-core calls itself for what a command takes in, for what follows an operator before its own space is
known, and for what a declaration changes. A stack of 256 KiB holds two hundred of these; thousands end the
process. Commands that follow each other, as in ``\hat x + \hat y``, are not nested.
"""

from collections.abc import Callable

from pelican_mlnotes._patterns import pattern

__all__ = ["CLOSES", "OPENS", "SPACE", "TERM", "UNENDING", "nesting"]

UNENDING = 3
"""What a command takes in that changes all that follows it: more than any other."""

_TOKEN = pattern(
    r"(?P<skipped>\s+|%[^\n]*)|\\(?P<word>[a-zA-Z]+)\*?|\\(?P<sign>.)|(?P<special>[{}_^\[\]])|(?P<character>.)"
)
_DELIMITED = frozenset(("left", "right", "middle", "big", "Big", "bigg", "Bigg")) | {
    f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in "lrm"
}
_NOTHING = frozenset(("limits", "nolimits", "nonumber", "notag", "hline"))
# What follows a sign that ends something goes deeper, up to the next between two things.
_INFIX = "+-=<>*/,;:|"
_GROUP, _OPTION, _BRACKET, _TRAIL, _ARGUMENTS, _OPERATOR, _SCRIPT, _DECLARATION = range(8)
SPACE, TERM, OPENS, CLOSES = -1, -2, -3, -4
"""What a command is that takes nothing in and is no operator."""
_ASCII = {"(": OPENS, ")": CLOSES}


def nesting(tex: str, takes: Callable[[str], int], macros: Callable[[str], int]) -> int:
    r"""Return how deep the converter goes for ``tex``, at most.

    ``takes`` returns how many things behind a command or a sign it takes in: 0 for an operator, ``UNENDING``
    for a declaration, else ``SPACE``, ``TERM``, ``OPENS`` or ``CLOSES``. ``macros`` returns how deep what
    stands in place of a command goes by itself.
    """
    open_: list[list[int]] = []  # kind, what is still to come, how deep it goes
    depth = deepest = 0
    skipping = fresh = False
    for match in _TOKEN.finditer(tex.replace("\n", " ")):
        if match["skipped"]:
            continue
        if skipping:
            skipping = False
            continue
        word, special = match["word"], match["special"]
        after_command, fresh = fresh, False
        opened: list[int] | None = None
        ends = False
        count = SPACE
        if special == "{" or word in ("left", "begin"):
            opened = [_GROUP, 0, 1]
            skipping = word == "left"
        elif special == "}" or word in ("right", "end"):
            kind = -1
            while open_ and kind != _GROUP:
                kind, _, deep = open_.pop()
                depth -= deep
            skipping = word == "right"
            ends = word != "end"
        elif special == "[" and after_command:
            opened = [_OPTION, 0, 1]
        elif special in ("[", "]"):
            count = OPENS if special == "[" else CLOSES
        elif special in ("_", "^"):
            opened = [_SCRIPT, 1, 1]
        elif word in _DELIMITED:
            skipping = ends = True
        elif word in _NOTHING or match["sign"] == "\\" or match["character"] in ("&", "'", "~"):
            continue
        else:
            name = rf"\{word or match['sign']}" if word or match["sign"] else match[0]
            count = _ASCII.get(name, TERM) if name.isascii() and name[0] != "\\" else takes(name)
            ends = count == TERM
            if count >= 0:
                kind = _DECLARATION if count >= UNENDING else _ARGUMENTS if count else _OPERATOR
                opened = [kind, count, macros(name)]
                fresh = True
        if count == OPENS:
            opened = [_BRACKET, 0, 1]
        elif count == CLOSES:
            at = len(open_) - 1
            while at >= 0 and open_[at][0] not in (_GROUP, _BRACKET, _OPTION):
                at -= 1
            if at >= 0 and open_[at][0] != _GROUP:
                # What an option belongs to still waits for its argument.
                ends = open_[at][0] == _BRACKET
                depth -= sum(deep for _, _, deep in open_[at:])
                del open_[at:]
            else:
                opened = [_TRAIL, 0, 1]
        elif match["character"] == "!":
            ends, opened = False, [_TRAIL, 0, 1]
        elif match["character"] and match["character"] in _INFIX:
            while open_ and open_[-1][0] in (_TRAIL, _OPERATOR):
                depth -= open_.pop()[2]
        if opened:
            open_.append(opened)
            depth += opened[2]
            deepest = max(deepest, depth)
        while ends and open_:
            top = open_[-1]
            if top[0] == _ARGUMENTS and top[1] > 1:
                top[1] -= 1
                break
            if top[0] not in (_ARGUMENTS, _OPERATOR, _SCRIPT):
                break
            open_.pop()
            depth -= top[2]
            # What a script is of has been there already.
            ends = top[0] != _SCRIPT
    return deepest
