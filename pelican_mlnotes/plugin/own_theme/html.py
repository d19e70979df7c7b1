"""How is the author's HTML changed without disturbing the rest?

The text is read tag by tag and only start tags that need it are rewritten where they stand; every other
character stays as it was. A tree parser would write the whole post anew: entities, quotes, broken nesting.
"""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import NamedTuple
from unicodedata import normalize

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.formulas.delimiters import MARKED, marked_formula
from pelican_mlnotes.formulas.plain import tex_to_text

Size = tuple[int, int]

_EDITED = r"(?i:img|t[dh]|pre|div|table|blockquote|h[1-6])"
_OPAQUE = r"(?i:script|style|textarea|svg|math|iframe|noscript|template|title)"
_VALUES = r"""(?>[^<>"']+|"[^"]*"|'[^']*')*+"""
_PLAIN_VALUES = r"""(?>[^<>"']+|"[^"<>]*"|'[^'<>]*')*+"""
# Coloured code is full of tags that nothing is done about. They are only read where a value of an attribute
# holds what looks like a tag; and only names are read without regard to case, which takes twice the time.
_TOKEN = pattern(
    rf"<(?:(?P<slash>/?)(?P<name>{_EDITED})(?P<attributes>(?:\s{_VALUES})?)>"
    r"|!--.*?(?:-->|\Z)"
    rf"|(?P<opaque>{_OPAQUE})\b.*?(?:</(?i:(?P=opaque))\s*>|\Z)"
    rf"|/?[a-zA-Z][a-zA-Z0-9]*\s{_PLAIN_VALUES}(?!>){_VALUES}>)",
    re.DOTALL,
)
_ATTRIBUTE = pattern(
    r"""(?P<name>[^\s"'<>/=]+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+)))?"""
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ID = pattern(r"""[iI][dD](?<!\w..)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_ALIGN = pattern(r"\s*text-align\s*:\s*(left|right|center)\s*;?\s*\Z", re.IGNORECASE)
_CALLOUT = pattern(
    r"\s*<p>\s*\[!(?P<kind>[A-Za-z-]{1,30})\][+-]?[ \t]*"
    r"(?P<title>(?:(?!</p>|<br)[^\n])*)(?P<end>\n|<br\s*/?>\s*|(?=</p>))"
)
_TAG = pattern(r"<[^<>]*>")
_NO_SLUG = pattern(r"[^\w]+")
_FIRST_VIEW = 800  # characters of text that a screen shows beside title and contents
_SCROLL_BOX = '<div class="scroll-box" tabindex="0">'


class Heading(NamedTuple):
    """An entry of the table of contents."""

    id: str
    text: str  # plain
    children: tuple["Heading", ...] = ()


class Edited(NamedTuple):
    """A post as the theme shows it, and its headings on two levels."""

    html: str
    headings: tuple[Heading, ...]


def edit_html(html: str, size: Callable[[str], Size | None] = lambda _: None) -> Edited:
    """Return ``html`` fit for a strict page; editing twice gives the same as editing once. Never raises.

    Pictures get the ``width`` and ``height`` in pixels that ``size`` gives for their ``src``, and load when
    they come into view, the first one at once if little stands before it. Cells aligned by Markdown's
    ``style`` get a class. Tables and code get a focusable box to scroll in. Headings get an ``id`` and leave
    the first level to the post's title. A quotation that starts with ``[!note]`` becomes a callout.
    """
    tokens = [(name.lower(), match) for match in _TOKEN.finditer(html) if (name := match["name"])]
    demote = any(name == "h1" for name, _ in tokens)
    ids: set[str] = set()
    edits: list[tuple[int, int, str]] = []
    headings: list[tuple[int, Heading]] = []
    tables: list[re.Match[str]] = []
    quotes: list[tuple[int, int, str] | None] = []
    numbers: dict[str, int] = {}
    heading: tuple[re.Match[str], str] | None = None
    box = -1  # where the tag after an own scroll box would start
    pictures = 0
    for name, token in tokens:
        closes = bool(token["slash"])
        if name == "img" and not closes:
            seen = pictures == 0 and len(_TAG.sub("", html[: token.start()])) < _FIRST_VIEW
            edits.append((*token.span(), _picture(token, size, seen)))
            pictures += 1
        elif name in ("td", "th") and not closes and "style" in token["attributes"]:
            edits.append((*token.span(), _cell(token)))
        elif name == "pre" and not closes and "tabindex" not in token["attributes"]:
            edits.append((token.end() - 1, token.end() - 1, ' tabindex="0"'))
        elif name == "div" and token.group() == _SCROLL_BOX:
            box = token.end()
        elif name == "table":
            if not closes:
                tables.append(token)
            elif tables:
                opening = tables.pop()
                own = opening.start() == box or "highlighttable" in opening["attributes"]
                if not tables and not own:
                    edits.append((opening.start(), opening.start(), _SCROLL_BOX))
                    edits.append((token.end(), token.end(), "</div>"))
        elif name == "blockquote":
            if not closes:
                callout = _CALLOUT.match(html, token.end())
                quotes.append((token.start(), callout.end(), _callout(callout)) if callout else None)
            elif quotes and (edit := quotes.pop()):
                edits += [edit, (*token.span(), "</div>")]
        elif name in _HEADINGS:
            level = min(6, int(name[1]) + demote)
            if not closes:
                given = _attributes(token["attributes"], "id").get("id", "")
                heading = (token, given)
                if demote:
                    start = token.start("name")
                    edits.append((start, start + 2, f"h{level}"))
            elif heading is not None:
                opening, given = heading
                text = _plain(html[opening.end() : token.start()])
                if not given:
                    # Most headings have one, from Markdown's own table of contents.
                    ids = ids or {unescape("".join(groups)) for groups in _ID.findall(html)}
                    given = _fresh_id(text, ids, numbers)
                    edits.append((opening.end() - 1, opening.end() - 1, f' id="{escape(given)}"'))
                if demote:
                    start = token.start("name")
                    edits.append((start, start + 2, f"h{level}"))
                if text:
                    headings.append((level, Heading(given, text)))
                heading = None
    return Edited(_splice(html, edits), _nest(headings))


def _attributes(text: str, *names: str) -> dict[str, str]:
    """Return the values of those ``names`` that ``text``, the inside of a start tag, gives."""
    lower = text.lower()
    if not any(name in lower for name in names):
        return {}
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        name = match["name"].lower()
        if name in names and name not in found:
            value = match["double"] or match["single"] or match["bare"] or ""
            found[name] = unescape(value)
    return found


def _picture(token: re.Match[str], size: Callable[[str], Size | None], first: bool) -> str:
    names = ("src", "width", "height", "loading", "decoding", "style")
    has = _attributes(token["attributes"], *names)
    more = []
    if not has.keys() & {"width", "height", "style"} and has.get("src"):
        measured = size(has["src"])
        if measured:
            more += [f'width="{measured[0]}"', f'height="{measured[1]}"']
    if "loading" not in has:
        more.append('loading="eager"' if first else 'loading="lazy"')
    if "decoding" not in has:
        more.append('decoding="async"')
    if not more:
        return token.group()
    inside = token.group()[:-1].rstrip()
    end = ">"
    if inside.endswith("/"):
        inside, end = inside[:-1].rstrip(), " />"
    return f"{inside} {' '.join(more)}{end}"


def _cell(token: re.Match[str]) -> str:
    found = _attributes(token["attributes"], "style", "class")
    align = _ALIGN.match(found.get("style", ""))
    if not align:
        return token.group()
    kept = [
        match.group()
        for match in _ATTRIBUTE.finditer(token["attributes"])
        if match["name"].lower() not in ("style", "class")
    ]
    names = f"{found.get('class', '')} align-{align[1].lower()}".strip()
    return " ".join([f"<{token['name']}", *kept, f'class="{escape(names)}"']) + ">"


def _callout(match: re.Match[str]) -> str:
    kind = match["kind"].lower()
    title = match["title"].strip() or kind.replace("-", " ").capitalize()
    opening = f'<div class="admonition {kind}"><p class="admonition-title">{title}'
    # Where nothing follows the title, the author's own </p> closes it.
    return opening if not match["end"] else f"{opening}</p>\n<p>"


def _plain(html: str) -> str:
    """Return the text of a heading, formulas in Unicode."""
    if "\\" in html:
        html = MARKED.sub(lambda mark: escape(tex_to_text(marked_formula(mark).tex)), html)
    return " ".join(unescape(_TAG.sub("", html)).split())


def _fresh_id(text: str, ids: set[str], numbers: dict[str, int]) -> str:
    # "O(n²)" and other small signs in the letters that people type.
    base = slug = _NO_SLUG.sub("-", normalize("NFKC", text).lower()).strip("-_")[:60] or "section"
    while slug in ids:
        # Counted on from the last one: a post may repeat a heading thousands of times.
        numbers[base] = numbers.get(base, 1) + 1
        slug = f"{base}-{numbers[base]}"
    ids.add(slug)
    return slug


def _splice(html: str, edits: list[tuple[int, int, str]]) -> str:
    parts, position = [], 0
    for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
        if start < position:
            continue
        parts += [html[position:start], text]
        position = end
    return "".join([*parts, html[position:]])


def _nest(headings: list[tuple[int, Heading]]) -> tuple[Heading, ...]:
    if not headings:
        return ()
    top = min(level for level, _ in headings)
    entries: list[tuple[Heading, list[Heading]]] = []
    for level, heading in headings:
        if level == top:
            entries.append((heading, []))
        elif level == top + 1 and entries:
            entries[-1][1].append(heading)
    return tuple(Heading(heading.id, heading.text, tuple(inner)) for heading, inner in entries)
