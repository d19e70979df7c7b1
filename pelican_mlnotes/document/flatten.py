"""Which HTML would keep a parser busy for too long, and what may it be given instead?

Building a tree by the standard takes time quadratic in the depth of open elements, in the attributes of one
element and, for formatting that is never closed, even in memory. Browsers cap the depth for that reason.
"""

import re

from pelican_mlnotes._patterns import pattern

DEEPEST = 128
"""Elements nested deeper are dropped; their content stays."""
MOST_ATTRIBUTES = 256
"""Further attributes of an element are dropped."""

_MANY_TAGS = 1000
"""With fewer tags even quadratic time is short."""
_STRETCH = 4000
"""Within so many characters, no more spans can open than a reader can bear."""
_LONG_HTML = 8000
"""In shorter HTML no element has too many attributes."""

_NAME = pattern(r"<(/?[a-zA-Z][a-zA-Z0-9]*)")
_MANY_OPTIONS = 1000
_OPTION = pattern(r"</?option\b[^<>]*>", re.IGNORECASE)
# Two patterns, because a search for either start alone is ten times faster.
_LONG_TAG = pattern(r"<[a-zA-Z][^<>]{2000}")
_ANGLE_IN_VALUE = pattern(r"=\s*(?:\"[^\"<>]*[<>]|'[^'<>]*[<>])")
_ATTRIBUTE = r"[\s/]++(?:[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>]*+))?+)?+"
_FIRST_ATTRIBUTES = pattern(rf"(?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+")
_TOKEN = pattern(
    rf"<!--(?:-?>|.*?(?:--!?>|\Z))|<(/?)([a-zA-Z][^\s/>]*+)((?:{_ATTRIBUTE})*+)(?:>|\Z)|<[!?/][^>]*+(?:>|\Z)",
    re.DOTALL,
)


def _each(names: str) -> frozenset[str]:
    return frozenset(names.split())


_VOID = _each(
    "area base br col embed frame hr img input keygen link meta param source track wbr bgsound basefont image"
)
_RAW = _each("script style textarea title xmp iframe noembed noframes")
_RAW_END = {name: pattern(rf"</{name}(?=[\s/>])[^>]*+(?:>|\Z)", re.IGNORECASE) for name in sorted(_RAW)}
# An element of these names ends by itself where the next one starts.
_SELF_ENDING = _each(
    "p li dt dd tr td th thead tbody tfoot caption colgroup option optgroup rb rt rp rtc body html head"
)
_FLAT = frozenset(name for names in (_VOID, _SELF_ENDING) for word in names for name in (word, word.upper()))
_ENDS_PARAGRAPH = _each(
    "address article aside blockquote center details dialog dir div dl dd dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol p plaintext pre search"
    " section summary table ul xmp"
)
# Which open elements an element ends, and what it does not look beyond.
_ENDS = {
    "li": (_each("li"), _each("ul ol menu dir")),
    "dt": (_each("dt dd"), _each("dl")),
    "dd": (_each("dt dd"), _each("dl")),
    "td": (_each("td th"), _each("table tr")),
    "th": (_each("td th"), _each("table tr")),
    "tr": (_each("tr"), _each("table")),
    "tbody": (_each("thead tbody tfoot"), _each("table")),
    "option": (_each("option"), _each("select datalist optgroup")),
    "a": (_each("a"), _each("td th table")),
}


def flatten(html: str) -> str:
    """Return ``html``, or something that reads the same but is parsed in linear time."""
    if len(html) > _LONG_HTML and _may_have_many_attributes(html):
        return _flattened(html)
    tags = html.count("<")
    if tags > _MANY_TAGS:
        if html.lower().count("<option") > _MANY_OPTIONS:
            # Lexbor looks through all options of a list at each; nobody reads them as text.
            html = _OPTION.sub("", html)
        # Coloured code is full of spans, which need a look at each tag only where many are open at once.
        spans = html.count("<span") + html.count("</span")
        if (tags - spans > _MANY_TAGS and _is_deep(html)) or (spans > _MANY_TAGS and _has_deep_spans(html)):
            return _flattened(html)
    return html


def _may_have_many_attributes(html: str) -> bool:
    if _LONG_TAG.search(html):
        return True
    # A ">" inside a value hides where a tag ends, but then the attributes have values.
    return html.count("=") > _LONG_HTML // 4 and _ANGLE_IN_VALUE.search(html) is not None


def _is_deep(html: str) -> bool:
    """Return whether more than ``DEEPEST`` elements may be open at once."""
    depth = 0
    opened: dict[str, int] = {}
    for name in _NAME.findall(html):
        if name[0] == "/":
            count = opened.get(name[1:])
            if count:
                opened[name[1:]] = count - 1
                depth -= 1
        elif name not in _FLAT:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            if depth > DEEPEST:
                return True
    return False


def _has_deep_spans(html: str) -> bool:
    """Return whether far more than ``DEEPEST`` spans are open at once."""
    opened = 0
    for start in range(0, len(html), _STRETCH):
        if opened > DEEPEST:
            return True
        stretch = html[start : start + _STRETCH]
        opened += stretch.count("<span") - stretch.count("</span")
    return opened > DEEPEST


def _flattened(html: str) -> str:
    """Return ``html`` with balanced tags, no deeper than ``DEEPEST`` and with few attributes."""
    out: list[str] = []
    stack: list[str] = []
    opened: dict[str, int] = {}
    dropped: dict[str, int] = {}
    at = 0
    while (match := _TOKEN.search(html, at)) is not None:
        out.append(html[at : match.start()])
        at = match.end()
        name = (match[2] or "").lower()
        if not name:
            out.append(match[0])
        elif match[1]:
            if dropped.get(name):
                dropped[name] -= 1
            elif opened.get(name):
                _close(name, stack, opened, out)
            elif name == "br":
                out.append("<br>")
        else:
            foreign = bool(opened.get("svg") or opened.get("math"))
            if not foreign:
                if name in _ENDS_PARAGRAPH and opened.get("p"):
                    _close("p", stack, opened, out)
                if name in _ENDS:
                    _end_sibling(*_ENDS[name], stack, opened, out)
            tag = f"<{match[2]}{_few(match[3])}>"
            if name in _VOID:
                out.append(tag)
            elif foreign and match[3].endswith("/"):
                out.append(f"{tag[:-1]}/>")
            elif name in _RAW and not foreign:
                end = _RAW_END[name].search(html, at)
                stop = end.end() if end else len(html)
                out.append(tag + html[at:stop])
                at = stop
            elif len(stack) >= DEEPEST:
                dropped[name] = dropped.get(name, 0) + 1
                out.append("<br>" if name in _ENDS_PARAGRAPH else "")
            else:
                out.append(tag)
                stack.append(name)
                opened[name] = opened.get(name, 0) + 1
    out.append(html[at:])
    return "".join(out)


def _few(attributes: str) -> str:
    if len(attributes) > 2 * MOST_ATTRIBUTES:
        first = _FIRST_ATTRIBUTES.match(attributes)
        attributes = first[0] if first else ""
    return attributes.rstrip("/")


def _close(name: str, stack: list[str], opened: dict[str, int], out: list[str]) -> None:
    """End the innermost open element of that name, and what is open inside it."""
    while stack:
        inner = stack.pop()
        opened[inner] -= 1
        out.append(f"</{inner}>")
        if inner == name:
            return


def _end_sibling(
    names: frozenset[str], bounds: frozenset[str], stack: list[str], opened: dict[str, int], out: list[str]
) -> None:
    """End the innermost open element with one of ``names``, unless one of ``bounds`` holds it in."""
    for name in reversed(stack):
        if name in names:
            _close(name, stack, opened, out)
            return
        if name in bounds:
            return
