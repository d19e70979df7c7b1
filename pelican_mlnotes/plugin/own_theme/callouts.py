"""How does a quotation that begins with ``[!note]`` become a callout, and what is it called?"""

import re
from collections.abc import Mapping

from pelican_mlnotes._patterns import pattern

_VALUES = r"""(?>[^<>"']+|"[^"]*"|'[^']*')*+"""
_BOX = "(?i:blockquote|li|div|t[dh]|dd|section|details|figure)"
_MARK = (
    r"<p>\s*\[!(?P<kind>[A-Za-z-]{1,30})\][+-]?[ \t]*"
    r"(?P<title>(?:(?!</p>|<br)[^\n]){0,200}+)(?P<end>\n|<br\s*/?>\s*|(?=</p>))"
)
# A mark counts where it begins a paragraph of the quotation itself, so what stands between is followed too.
_TOKEN = pattern(
    rf"{_MARK}"
    rf"|<(?P<slash>/?)(?P<name>{_BOX})(?:\s{_VALUES})?>"
    r"|<!--.*?(?:-->|\Z)"
    r"|<(?P<opaque>(?i:script|style|textarea|svg|math|pre|template))\b.*?(?:</(?i:(?P=opaque))\s*>|\Z)",
    re.DOTALL,
)
_TITLE = pattern(
    r'(?P<before><div class="admonition (?P<kind>[a-z]{1,30})">\s*<p class="admonition-title">)'
    r"(?P<title>[A-Za-z]+)"
    r"(?=</p>)"
)
Open = tuple[str, re.Match[str], list[re.Match[str]]]


def write_callouts(html: str, titles: Mapping[str, str]) -> str:
    """Return ``html`` with marked quotations as callouts; each mark in a quotation begins one.

    Markdown joins quotations that follow each other, so a second mark may stand in the same one. ``titles``,
    ready for HTML, are those of callouts that the author gave none, by kind; those that Markdown's own
    extension gave in English are among them.
    """
    if "[!" in html:
        html = _from_quotations(html, titles)
    if titles and '<div class="admonition ' in html:
        html = _TITLE.sub(lambda match: match["before"] + _own_title(match, titles), html)
    return html


def _from_quotations(html: str, titles: Mapping[str, str]) -> str:
    edits: list[tuple[int, int, str]] = []
    opened: list[Open] = []
    for token in _TOKEN.finditer(html):
        if token["kind"]:
            if opened and opened[-1][0] == "blockquote":
                opened[-1][2].append(token)
        elif not token["name"]:
            continue
        elif not token["slash"]:
            opened.append((token["name"].lower(), token, []))
        elif any(name == token["name"].lower() for name, _, _ in opened):
            while opened:
                name, opening, marks = opened.pop()
                if name == token["name"].lower():
                    if marks:
                        edits += _edits(html, opening, marks, token, titles)
                    break
    parts, position = [], 0
    for start, end, text in sorted(edits):
        parts += [html[position:start], text]
        position = end
    return "".join([*parts, html[position:]])


def _edits(
    html: str,
    opening: re.Match[str],
    marks: list[re.Match[str]],
    closing: re.Match[str],
    titles: Mapping[str, str],
) -> list[tuple[int, int, str]]:
    first = marks[0]
    if html[opening.end() : first.start()].strip():
        edits = [(*first.span(), f"</blockquote>\n{_opening(first, titles)}")]
    else:
        edits = [(opening.start(), first.end(), _opening(first, titles))]
    edits += [(*mark.span(), f"</div>\n{_opening(mark, titles)}") for mark in marks[1:]]
    return [*edits, (*closing.span(), "</div>")]


def _opening(mark: re.Match[str], titles: Mapping[str, str]) -> str:
    kind = mark["kind"].lower()
    title = mark["title"].strip() or titles.get(kind) or kind.replace("-", " ").capitalize()
    opening = f'<div class="admonition {kind}"><p class="admonition-title">{title}'
    # Where nothing follows the title, the author's own </p> closes it.
    return opening if not mark["end"] else f"{opening}</p>\n<p>"


def _own_title(match: re.Match[str], titles: Mapping[str, str]) -> str:
    given = match["title"]
    return titles.get(match["kind"], given) if given.lower() == match["kind"] else given
