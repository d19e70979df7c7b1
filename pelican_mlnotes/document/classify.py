"""How is an element read: by its name, or by what its attributes say about it?"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from pelican_mlnotes._cache import read_toml
from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.tree import BLOCKS, SECTIONS, Attributes, holds, text_of


class Treats(NamedTuple):
    """How elements are read, by their name, a class, their id or their ARIA role."""

    element: dict[str, str]
    classes: dict[str, str]
    ids: dict[str, str]
    roles: dict[str, str]
    blocks: frozenset[str]
    """Names of elements that stand on lines of their own, whatever a class makes of them."""
    contents: frozenset[str]
    """Words that announce a table of contents."""
    tools: frozenset[str]
    """Texts that are meant for a tool, alone in their block."""


_BLOCK_TREATS = frozenset(("block", "list", "item", "heading", "table", "figure", "caption", "code"))
# A class makes no text of these.
_EMBEDDED = frozenset(("image", "svg", "script", "video", "audio", "object", "frame", "comment"))
# A screen reader passes these over where they are marked so; others still see them.
_SEEN_WHEN_MUTE = _EMBEDDED | {"formula", "literal"}
# Only these attributes can change how an element is read.
TELLING = frozenset(("class", "id", "role", "style", "hidden", "aria-hidden"))
_MOSTLY = 0.9
_MORE_ID = pattern(r"more(?:-[0-9]+)?")  # pandoc writes the first form for <a name="more">
# Styles in lower case.
_HIDDEN_STYLE = pattern(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]"
    r"|clip-path\s*:\s*inset\(\s*(?:50|100)%|(?:left|text-indent)\s*:\s*-\d{4}|mso-hide\s*:\s*all"
)
_TRANSPARENT = pattern(r"(?<![\w-])opacity\s*:\s*0(?:\.0{1,9})?\s*(?:;|!|\Z)")
_FADES = pattern(r"transition|animation")
_NO_SIZE = pattern(r"(?<![\w-])(width|height|font-size)\s*:\s*(?:0|1px)(?:[a-z%]{1,3})?\s*(?:;|!|\Z)")
_OVERFLOW = pattern(r"overflow\s*:\s*hidden")
_NOTE_ID = pattern(
    r"fn:[\w:-]+|_?(?:fn|ftn|ftnt|edn)[-_.]?\d+|(?:footnote|endnote|cite_note|sdfootnote)[-_:.]?\w+"
)
_PERMALINK = pattern(
    r"[^\w]{0,3}|permalink|permanent link|anchor|link|link to (?:this|the) (?:heading|section)", re.IGNORECASE
)


@cache
def treats() -> Treats:
    """Return the tables of ``elements.toml``."""
    data = read_toml(Path(__file__).with_name("elements.toml"))
    parts: dict[str, dict[str, str]] = {"element": {}, "class": {}, "id": {}, "role": {}}
    for part in data["part"]:
        for attribute, words in parts.items():
            words.update(dict.fromkeys(part.get(attribute, ()), part["treat"]))
    blocks = (tag for tag, treat in parts["element"].items() if treat in _BLOCK_TREATS)
    return Treats(
        element=parts["element"],
        classes=parts["class"],
        ids=parts["id"],
        roles=parts["role"],
        blocks=frozenset(("hr", "nav", *blocks)),
        contents=frozenset(data["text"]["contents"]),
        tools=frozenset(data["text"]["tool"]),
    )


def classify(treat: str, tag: str, node: LexborNode, attributes: Attributes, kinds: set[str]) -> str:
    """Return how an element is read whose attributes may say more than its name, which says ``treat``.

    What holds a notebook is added to ``kinds``.
    """
    tables = treats()
    if "hidden" in attributes or (attributes.get("style") and _is_hidden(attributes, treat)):
        return "hidden"
    classes = tables.classes
    for name in (attributes.get("class") or "").lower().split():
        found = classes.get(name) or classes.get(f"{tag}.{name}")
        if found == "notebook":
            kinds.add("notebook")
        elif found and _fits(found, treat, node):
            return found
    found = tables.roles.get((attributes.get("role") or "").lower())
    if identity := attributes.get("id"):
        if treat in ("line", "link") and node.first_child is None and _MORE_ID.fullmatch(identity):
            return "more"
        if treat in ("item", "block", "table") and _NOTE_ID.fullmatch(identity):
            return "note"
        found = found or tables.ids.get(identity.lower())
    if found and _fits(found, treat, node):
        return found
    if attributes.get("aria-hidden") == "true" and treat not in _SEEN_WHEN_MUTE:
        return "hidden"
    return treat


def _fits(found: str, treat: str, node: LexborNode) -> bool:
    """Return whether a class can mean ``found`` on this element."""
    if treat in _EMBEDDED:
        return found == "hidden"
    if found == "code":
        return treat == "table" or node.css_first("pre") is not None or _is_only_code(node, treat)
    if found in ("formula", "display"):
        return treat != "code" and not holds(node, BLOCKS)
    if found == "heading":
        return not holds(node, BLOCKS)
    if found == "caption":
        return node.css_first(SECTIONS) is None
    if found == "toc":
        text = text_of(node)
        return len(text) < 200 or 2 * sum(len(text_of(link)) for link in node.css("a")) > len(text)
    if found == "permalink":
        return treat in ("link", "line") and _PERMALINK.fullmatch(text_of(node)) is not None
    return True


def _is_only_code(node: LexborNode, treat: str) -> bool:
    code = node.css_first("code") if treat == "block" else None
    return code is not None and len(text_of(code)) >= _MOSTLY * len(text_of(node)) > 0


def _is_hidden(attributes: Attributes, treat: str) -> bool:
    """Return whether the style of an element makes it show nothing."""
    style = (attributes.get("style") or "").lower()
    if _HIDDEN_STYLE.search(style):
        return True
    if "opacity" in style and _TRANSPARENT.search(style) and not _FADES.search(style):
        # Pictures that a script fades in once they are loaded are only not there yet.
        return not any(name == "loading" or name.startswith("data-") for name in attributes)
    if "font-size" not in style and "overflow" not in style:
        return False
    none = set(_NO_SIZE.findall(style))
    # A container of size 0 may be there to lay out what it holds; a word of size 0 may not.
    return ("font-size" in none and treat == "line") or (
        none >= {"width", "height"} and _OVERFLOW.search(style) is not None
    )
