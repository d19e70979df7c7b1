"""How is the author's HTML changed without disturbing the rest?

The text is read tag by tag and only start tags that need it are rewritten where they stand; every other
character stays as it was. A tree parser would write the whole post anew: entities, quotes, broken nesting.
"""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from types import MappingProxyType
from typing import NamedTuple
from unicodedata import normalize

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.formulas.delimiters import MARKED, marked_formula
from pelican_mlnotes.formulas.plain import tex_to_text
from pelican_mlnotes.plugin.own_theme.callouts import write_callouts
from pelican_mlnotes.plugin.own_theme.colors import readable_colors, with_class
from pelican_mlnotes.plugin.own_theme.notes import mark_notes
from pelican_mlnotes.text.words import with_few_marks

_EDITED = r"(?i:img|t[dh]|pre|div|table|h[1-6])"
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
# Looked for by its "=", which is rare: letters take twenty times as long.
_ID = pattern(
    r"""=(?:(?<=[iI][dD]=)(?<!\w...)|(?<=[iI][dD]\s=)(?<!\w....))\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
)
_ALIGN = pattern(r"\s*text-align\s*:\s*(left|right|center)\s*+;?\s*+\Z", re.IGNORECASE)
_TAG = pattern(r"<[^<>]*>")
_NO_SLUG = pattern(r"[^\w]+")
_EMPTY_HEAD = pattern(rf"<th(?P<attributes>(?:\s{_VALUES})?)>(?P<room>\s*)</th>")
_TASK = pattern(r"<li>(?P<before>\s*(?:<p>\s*)?)\[(?P<done>[ xX])\](?=\s)")
_LONE_PICTURE = pattern(rf"<p>\s*(?P<picture><img\s{_VALUES}>)\s*</p>")
_CAPTION = pattern(r"""(?<=\s)title=("[^"]+"|'[^']+')\s*""")
_GROUNDED = frozenset({"mlnotes-ground", "mlnotes-plain", "mlnotes-invert"})
_OWN_LINK = pattern(r"mlnotes-link|headerlink|anchor-link")
_FIRST_VIEW = 800  # characters of text that a screen shows beside title and contents
_SCROLL_BOX = '<div class="scroll-box" tabindex="0">'


class Seen(NamedTuple):
    """A picture, as far as the page needs to know its file."""

    size: tuple[int, int] | None
    """Width and height in pixels."""
    on_ground: bool = False
    """Whether it needs a light ground on a dark page."""


class Heading(NamedTuple):
    """An entry of the table of contents."""

    id: str
    text: str  # plain
    children: tuple["Heading", ...] = ()


class Edited(NamedTuple):
    """A post as the theme shows it, and its headings on two levels."""

    html: str
    headings: tuple[Heading, ...]


def edit_html(
    html: str,
    look: Callable[[str], Seen | None] = lambda _: None,
    words: Mapping[str, str] = MappingProxyType({}),
    *,
    captions: bool = False,
) -> Edited:
    """Return ``html`` fit for a strict page; editing twice gives the same as editing once. Never raises.

    ``look`` tells of a picture's ``src`` what is seen of its file. Pictures get its size, and load when they
    come into view, the first one at once if little stands before it; those that need one get a ground; with
    ``captions``, one that stands alone gets its ``title`` below. Cells aligned by Markdown's ``style`` get a
    class. Tables and code get a focusable box to scroll in. Headings get an ``id``, a link to themselves, and
    leave the first level to the post's title. A quotation that starts with ``[!note]`` becomes a callout, ``[
    ]`` at the start of an item a box, and footnotes are marked that may stand in the margin. Colours that the
    author set can be read on light and dark pages. ``words`` are those of the interface, ready for HTML.
    """
    titles = {name[8:]: word for name, word in words.items() if name.startswith("callout_")}
    html = mark_notes(readable_colors(write_callouts(html, titles)))
    if "<th" in html:
        # The corner of a table is no heading of anything.
        html = _EMPTY_HEAD.sub(r"<td\g<attributes>>\g<room></td>", html)
    if "<li>" in html:
        html = _TASK.sub(_task, html)
    if captions:
        html = _LONE_PICTURE.sub(_figure, html)
    link = words.get("heading_link", "")
    tokens = [(name.lower(), match) for match in _TOKEN.finditer(html) if (name := match["name"])]
    demote = any(name == "h1" for name, _ in tokens)
    ids: set[str] = set()
    edits: list[tuple[int, int, str]] = []
    headings: list[tuple[int, Heading]] = []
    tables: list[re.Match[str]] = []
    numbers: dict[str, int] = {}
    heading: tuple[re.Match[str], str] | None = None
    box = -1  # where the tag after an own scroll box would start
    pictures = 0
    for name, token in tokens:
        closes = bool(token["slash"])
        if name == "img" and not closes:
            seen = pictures == 0 and _is_in_first_view(html, token.start())
            edits.append((*token.span(), _picture(token, look, seen)))
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
                if link and text and not _OWN_LINK.search(html, opening.end(), token.start()):
                    anchor = f'<a class="mlnotes-link" href="#{escape(given)}" aria-label="{link}"></a>'
                    edits.append((token.start(), token.start(), anchor))
                if demote:
                    start = token.start("name")
                    edits.append((start, start + 2, f"h{level}"))
                if text:
                    headings.append((level, Heading(given, text)))
                heading = None
    return Edited(_splice(html, edits), _nest(headings))


def _is_in_first_view(html: str, at: int) -> bool:
    """Return whether little text stands before ``at``."""
    near = html.rfind(">", 0, 4 * _FIRST_VIEW) + 1  # so much is enough, mostly, and is read in no time
    return not any(len(_TAG.sub("", html[:end])) >= _FIRST_VIEW for end in sorted({min(near, at), at}))


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


def _picture(token: re.Match[str], look: Callable[[str], Seen | None], first: bool) -> str:
    names = ("src", "width", "height", "loading", "decoding", "style", "class")
    has = _attributes(token["attributes"], *names)
    more = []
    seen = look(has["src"]) if has.get("src") else None
    if seen and seen.size and not has.keys() & {"width", "height", "style"}:
        more += [f'width="{seen.size[0]}"', f'height="{seen.size[1]}"']
    if "loading" not in has:
        more.append('loading="eager"' if first else 'loading="lazy"')
    if "decoding" not in has:
        more.append('decoding="async"')
    tag = token.group()
    if seen and seen.on_ground and not _GROUNDED.intersection(has.get("class", "").split()):
        tag = with_class(tag, "mlnotes-ground")
    if not more:
        return tag
    inside = tag[:-1].rstrip()
    end = ">"
    if inside.endswith("/"):
        inside, end = inside[:-1].rstrip(), " />"
    return f"{inside} {' '.join(more)}{end}"


def _task(match: re.Match[str]) -> str:
    box = "☐" if match["done"] == " " else "☑"
    return f'<li class="task">{match["before"]}<span class="task__box">{box}</span>'


def _figure(match: re.Match[str]) -> str:
    picture = match["picture"]
    if not (caption := _CAPTION.search(picture)):
        return match[0]
    picture = picture[: caption.start()] + picture[caption.end() :]
    return f"<figure>{picture}<figcaption>{caption[1][1:-1]}</figcaption></figure>"


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


def _plain(html: str) -> str:
    """Return the text of a heading, formulas in Unicode."""
    if "\\" in html:
        html = MARKED.sub(lambda mark: escape(tex_to_text(marked_formula(mark).tex)), html)
    return " ".join(unescape(_TAG.sub("", html)).split())


def _fresh_id(text: str, ids: set[str], numbers: dict[str, int]) -> str:
    # "O(n²)" and other small signs in the letters that people type.
    base = slug = (
        _NO_SLUG.sub("-", normalize("NFKC", with_few_marks(text)).lower()).strip("-_")[:60] or "section"
    )
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
    if len(headings) > 1 and [level for level, _ in headings].count(top) == 1 and headings[0][0] == top:
        return _nest(headings[1:])  # the one that the post begins with is another title
    entries: list[tuple[Heading, list[Heading]]] = []
    for level, heading in headings:
        if level == top:
            entries.append((heading, []))
        elif level == top + 1 and entries:
            entries[-1][1].append(heading)
    return tuple(Heading(heading.id, heading.text, tuple(inner)) for heading, inner in entries)
