"""What did the site owner ask for? The only description of the ``MLNOTES_`` options."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from pelican_mlnotes._patterns import pattern

PREFIX = "MLNOTES_"

BADGE_KINDS = ("image", "video", "audio", "code", "math", "table", "notebook")
EXCERPT_CUTS = ("word", "sentence", "character")

INTRO = ("text", "picture", "alt", "links")
LIST_META = ("date", "topics", "reading_time", "thumbnail")
SERVICES = ("bluesky", "email", "facebook", "hackernews", "linkedin", "mastodon", "reddit", "x")

# The custom properties of the theme's stylesheet; a test compares.
TOKENS = (
    "color-paper",
    "color-ink",
    "color-strong",
    "color-muted",
    "color-rule",
    "color-accent",
    "color-tint",
    "color-ground",
    "color-mark",
    "color-note",
    "color-tip",
    "color-warning",
    "color-danger",
    "color-code-keyword",
    "color-code-name",
    "color-code-string",
    "color-code-number",
    "color-code-comment",
    "font-body",
    "font-ui",
    "font-code",
    "size-body",
    "size-title",
    "size-heading",
    "size-small",
    "leading",
    "measure",
    "page",
    "gap",
    "radius",
)
COLOR_FUNCTIONS = frozenset(
    {"color", "color-mix", "contrast-color", "hsl", "hsla", "hwb", "lab", "lch", "light-dark"}
    | {"oklab", "oklch", "rgb", "rgba", "var"}
)
CSS_FUNCTIONS = COLOR_FUNCTIONS | {"", "calc", "clamp", "max", "min", "round"}
# CSS Color Module Level 4, https://www.w3.org/TR/css-color-4/: named colours, those of the system, and words.
_COLOR_NAMES = """
    aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown
    burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue
    darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange
    darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise
    darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia
    gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo
    ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
    lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue
    lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon
    mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue
    mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin
    navajowhite navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen
    paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple rebeccapurple red
    rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue
    slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white
    whitesmoke yellow yellowgreen
    accentcolor accentcolortext activetext buttonborder buttonface buttontext canvas canvastext field
    fieldtext graytext highlight highlighttext linktext mark marktext selecteditem selecteditemtext
    visitedtext
    currentcolor transparent inherit initial unset revert revert-layer
"""
_LONGEST_CSS_VALUE = 500
_CSS_VALUE = pattern(rf"""[\w \t#.,%()+*/'"-]{{1,{_LONGEST_CSS_VALUE}}}""")
_CSS_STRING = pattern(r"""'[^'"]*'|"[^'"]*\"""")
_HASH = pattern(r"#([\w-]*)")
_HEX = pattern(r"[0-9a-f]+")
_CSS_CALL = pattern(r"([\w-]*)\s*\(", at_most=_LONGEST_CSS_VALUE)
_COMMAND = pattern(r"\\?[A-Za-z]+")
_ESCAPED = pattern(r"\\.", re.DOTALL)
_LIKE, _SURELY = 0.7, 0.85  # how like a name must be to be suggested; and to be taken for a misspelt one
_SAME_PREFIX = 0.85
_LONGEST_NAME, _LONGEST_PATH = 200, 1000  # bytes, with room for an ending and for the output folder
_MEANS_MORE = pattern(r"[?#%]")
_TOKENS_MARK = "\n/* MLNOTES_TOKENS */\n"


class SettingsError(ValueError):
    """The configuration is wrong: names the setting, its value and what is allowed."""


# A check returns the value to keep, or raises ValueError with what is allowed.
Check = Callable[[Any], Any]


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("True or False")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text in quotes")
    return value


def _output_path(value: Any) -> str:
    path = _text(value).replace("\\", "/")
    parts = path.split("/")
    if ".." in parts or (path and not parts[0]) or ":" in path or (path and parts[-1] in ("", ".")):
        raise ValueError("a path of a file below the output folder, such as 'search/index.html'")
    if not path.isprintable() or path != path.strip() or _MEANS_MORE.search(path):
        raise ValueError(
            "a path that is an address as well, such as 'search/index.html': without '?', '#', '%', "
            "signs that are not printed, and spaces at its ends"
        )
    if len(path.encode()) > _LONGEST_PATH or any(len(part.encode()) > _LONGEST_NAME for part in parts):
        raise ValueError(
            f"a path of at most {_LONGEST_PATH} bytes, and {_LONGEST_NAME} for each name in it, "
            "as file systems keep no longer ones"
        )
    return path


def _whole_number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("a whole number, 0 or more")
    return value


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise ValueError("a number between 0 and 1")
    return float(value)


def _one_of(*names: str) -> Check:
    def check(value: Any) -> str:
        if value not in names or not isinstance(value, str):
            raise ValueError("one of " + ", ".join(map(repr, names)))
        return str(value)

    return check


def _labels(kinds: tuple[str, ...]) -> Check:
    allowed = "a mapping of kinds to labels, with kinds from " + ", ".join(map(repr, kinds))

    def check(value: Any) -> Mapping[str, str]:
        if not isinstance(value, Mapping):
            raise ValueError(allowed)
        for kind, label in value.items():
            if kind not in kinds or not isinstance(label, str) or not label.strip():
                raise ValueError(allowed)
        return MappingProxyType(dict(value))

    return check


def _option(default: Any, check: Check) -> Any:
    # A factory, because a dataclass refuses unhashable defaults such as read-only mappings.
    return field(default_factory=lambda: default, metadata={"check": check})


def _some_of(*names: str) -> Check:
    def check(value: Any) -> tuple[str, ...]:
        if (
            isinstance(value, str)
            or not isinstance(value, Sequence)
            or any(name not in names for name in value)
        ):
            raise ValueError("a list of " + ", ".join(map(repr, names)))
        return tuple(value)

    return check


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ValueError("a list of texts")
    if not all(isinstance(part, str) for part in value):
        raise ValueError("a list of texts")
    return tuple(value)


# https://giscus.app, "Enable giscus"
_GISCUS = (
    *("repo", "repo-id", "category", "category-id", "mapping", "term", "strict", "reactions-enabled"),
    *("emit-metadata", "input-position", "theme", "lang", "loading"),
)


def _giscus(value: Any) -> Mapping[str, str]:
    found = _text_mapping(value)
    for name in found:
        if name not in _GISCUS:
            near = _close_matches(name, _GISCUS, _LIKE)
            meant = f" ({name!r} is none of them; did you mean {near[0]!r}?)" if near else ""
            raise ValueError(f"a mapping of texts with keys from {', '.join(map(repr, _GISCUS))}{meant}")
    return found


def _text_mapping(value: Any) -> Mapping[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError("a mapping of texts to texts")
    if not all(isinstance(part, str) for pair in value.items() for part in pair):
        raise ValueError("a mapping of texts to texts")
    return MappingProxyType(dict(value))


def _intro(value: Any) -> Mapping[str, Any]:
    allowed = "a mapping of 'text', 'picture' and 'alt' to texts and of 'links' to pairs of name and address"
    if not isinstance(value, Mapping):
        raise ValueError(allowed)
    for name, part in value.items():
        if name == "links":
            pairs = list(part) if isinstance(part, list | tuple) else [None]
            right = all(
                isinstance(pair, list | tuple)
                and len(pair) == 2
                and all(isinstance(text, str) for text in pair)
                for pair in pairs
            )
        else:
            right = name in INTRO and isinstance(part, str)
        if not right:
            raise ValueError(f"{allowed}; {name!r} is not right")
    return MappingProxyType(dict(value))


def _commands(value: Any) -> Mapping[str, str]:
    allowed = r"a mapping of TeX commands to what they stand for, such as {'E': r'\mathbb{E}'}"
    if not isinstance(value, Mapping):
        raise ValueError(allowed)
    for name, tex in value.items():
        if not isinstance(name, str) or not _COMMAND.fullmatch(name) or not isinstance(tex, str):
            raise ValueError(allowed)
        braces = _ESCAPED.sub("", tex)
        if braces.count("{") != braces.count("}"):
            raise ValueError(f"{allowed}; the braces of {name!r} do not pair up")
    return MappingProxyType({name.removeprefix("\\"): tex for name, tex in value.items()})


def _tokens(value: Any) -> Mapping[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError("a mapping of custom properties to values")
    for name, text in value.items():
        if name not in TOKENS:
            near = _close_matches(str(name), TOKENS, _LIKE)
            names = f"did you mean {near[0]!r}?" if near else "the names are " + ", ".join(TOKENS)
            raise ValueError(f"a mapping of the theme's custom properties; {name!r} is none ({names})")
        if not isinstance(text, str) or not is_css_value(text):
            raise ValueError(
                f"a mapping to values that CSS allows, without addresses; that of {name!r} is none"
            )
        if name.startswith("color-") and not is_css_color(text):
            raise ValueError(
                f"a mapping in which {name!r} is a colour, such as '#b00020', 'teal' or "
                "'light-dark(#1c5396, #8cb9ef)'"
            )
    return MappingProxyType(dict(value))


def is_css_color(text: str) -> bool:
    """May ``text``, for which ``is_css_value`` holds, be a colour, by its name or its outer form?

    The forms are those of CSS Color 4 and 5. What a function holds is only looked at where it is easily
    wrong: digits of ``#rgb``, and the two colours of ``light-dark()``.
    """
    text = text.strip().lower()
    if any(len(digits) not in (3, 4, 6, 8) or not _HEX.fullmatch(digits) for digits in _HASH.findall(text)):
        return False
    call = _CSS_CALL.match(text)
    if call is None:
        return text in _COLOR_NAMES.split() or bool(_HASH.fullmatch(text))
    inside = text[call.end() : -1]
    if call[1] not in COLOR_FUNCTIONS or _closing(text, call.end()) != len(text) - 1 or not inside.strip():
        return False
    if call[1] == "light-dark":
        colors = _split(inside)
        return len(colors) == 2 and all(map(is_css_color, colors))
    return True


def _closing(text: str, start: int) -> int:
    """Return where the bracket closes that was opened before ``start``."""
    depth = 1
    for at in range(start, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return at
    return len(text)


def _split(text: str) -> list[str]:
    """Return what stands between the commas of ``text`` that are in no brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def is_css_value(text: str) -> bool:
    """Is ``text`` a value of a custom property that ends where it ends, and fetches nothing?

    Only characters of colours, lengths, fonts and functions are allowed, quotes and brackets pair up, and
    functions are the ones named in ``CSS_FUNCTIONS``.
    """
    if not _CSS_VALUE.fullmatch(text) or "/*" in text or "*/" in text or "//" in text:
        return False
    bare = _CSS_STRING.sub("", text)
    if (
        "'" in bare
        or '"' in bare
        or any(name.lower() not in CSS_FUNCTIONS for name in _CSS_CALL.findall(bare))
    ):
        return False
    depth = 0
    for character in bare:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0


def with_tokens(stylesheet: str, tokens: Mapping[str, str]) -> str:
    """Return ``stylesheet`` with ``tokens`` after its own, once however often asked."""
    stylesheet = stylesheet.partition(_TOKENS_MARK)[0]
    lines = "".join(f"    --{name}: {value};\n" for name, value in tokens.items())
    return f"{stylesheet}{_TOKENS_MARK}@layer tokens {{\n  :root {{\n{lines}  }}\n}}\n"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every option with its default; field ``name`` reads the setting ``MLNOTES_NAME``."""

    excerpt_length: int = _option(1000, _whole_number)
    """Longest excerpt, in characters, ellipsis included; 0 turns excerpts off."""
    excerpt_cut: str = _option("word", _one_of(*EXCERPT_CUTS))
    """Where a long text is cut: after a full sentence, a whole word, or any character."""
    excerpt_ellipsis: str = _option("...", _text)
    """What a shortened excerpt ends with."""
    excerpt_as_summary: bool = _option(True, _flag)
    """Show the excerpt in other themes' lists where the author wrote no ``Summary:``."""
    badges: Mapping[str, str] = _option(MappingProxyType({"image": "Image"}), _labels(BADGE_KINDS))
    """Kind of content -> label; order kept; empty turns badges off."""
    picture_rules: str = _option("", _text)
    """TOML file below ``PATH`` that adds rules for what is no real picture, or replaces some by id."""
    topics_max: int = _option(5, _whole_number)
    """Most topics added to a post; 0 turns auto-tagging off."""
    topics_min_score: float = _option(0.3, _share)
    """Weaker suggestions are dropped."""
    topics_min_posts: int = _option(1, _whole_number)
    """Fewest listed posts of a topic that gets a tag, unless an author wrote it."""
    topics_never: tuple[str, ...] = _option((), _texts)
    """Ids or labels of topics that this site never has; their narrower topics go to their parents."""
    topics_taxonomy: str = _option("", _text)
    """TOML file below ``PATH`` that adds topics, and changes or removes bundled ones by id."""
    related_max: int = _option(5, _whole_number)
    """Most related posts; 0 turns them off."""
    related_min_score: float = _option(0.01, _share)
    """Weaker relations are dropped."""
    related_append: bool = _option(False, _flag)
    """Add the list to the end of each post, for themes that do not show it."""
    backlinks: bool = _option(False, _flag)
    """Tell of each post which others link to it, and in which sentence."""
    papers: bool = _option(False, _flag)
    """Tell of each post which papers it links to, and of each paper which posts do."""
    papers_save_as: str = _option("papers.html", _output_path)
    """Where the page of all papers is written, and beside it their list in BibTeX; empty for neither."""
    math: str = _option("off", _one_of("off", "mathml"))
    """Show the TeX formulas of posts as MathML, without scripts; off leaves posts untouched."""
    math_macros: Mapping[str, str] = _option(MappingProxyType({}), _commands)
    """Commands of the site's own for formulas: name -> TeX, in which ``#1`` and so on stand for arguments."""
    math_font: str = _option("", _text)
    """Font file below ``PATH``, or ``stix-two``, of which formulas get what they need as a web font."""
    search: bool = _option(False, _flag)
    """Make a full-text index of posts and pages, and a page that searches it in the reader's browser."""
    search_save_as: str = _option("search.html", _output_path)
    """Where the search page is written, below the output folder; empty for none."""
    list_heading: str = _option("Posts", _text)
    """Theme: heading of the post list."""
    list_meta: tuple[str, ...] = _option((), _some_of(*LIST_META))
    """Theme: what the list shows beside title, badges and excerpt."""
    color_scheme: str = _option("auto", _one_of("auto", "light", "dark"))
    """Theme: follow the reader's system, or always light or dark."""
    color_toggle: bool = _option(False, _flag)
    """Theme: a button that switches between light and dark, for readers with scripts."""
    copy_button: bool = _option(False, _flag)
    """Theme: a button that copies a block of code, for readers with scripts."""
    list_lines: int = _option(0, _whole_number)
    """Theme: lines of an excerpt that the list shows before it is opened; 0 for all."""
    intro: Mapping[str, Any] = _option(MappingProxyType({}), _intro)
    """Theme: what stands above the posts of the front page; ``text``, ``picture``, ``alt``, ``links``."""
    picture_ground: bool = _option(True, _flag)
    """Theme: a light ground on dark pages for local pictures that the page shows through."""
    picture_captions: bool = _option(False, _flag)
    """Theme: the title of a picture that stands alone as its caption."""
    tokens: Mapping[str, str] = _option(MappingProxyType({}), _tokens)
    """Theme: values for custom properties of the stylesheet, without the leading dashes."""
    css: tuple[str, ...] = _option((), _texts)
    """Theme: addresses of more stylesheets; their rules win over the theme's."""
    logo: str = _option("", _text)
    """Theme: address of a picture before the site's name."""
    favicon: str = _option("", _text)
    """Theme: address of the icon; empty for the theme's own."""
    head: str = _option("", _text)
    """Theme: HTML for the head of every page."""
    footer: str = _option("", _text)
    """Theme: HTML for the foot of every page, in place of the author's name."""
    cite: bool = _option(True, _flag)
    """Theme: offer a BibTeX entry under each post."""
    share: tuple[str, ...] = _option((), _some_of(*SERVICES))
    """Theme: services that posts can be shared on, by plain links."""
    edit_url: str = _option("", _text)
    """Theme: address where a post is edited, with ``{path}`` for its path below ``PATH``."""
    giscus: Mapping[str, str] = _option(MappingProxyType({}), _giscus)
    """Theme: comments by giscus, its ``data-`` attributes without that prefix; empty for none."""


def load_settings(values: Mapping[str, Any]) -> Settings:
    """Return the checked ``MLNOTES_`` options among Pelican's settings ``values``.

    Raises ``SettingsError`` that lists every unknown name, a misspelt prefix included, and every wrong value.
    """
    known = {PREFIX + f.name.upper(): f for f in fields(Settings)}
    faults, kept = [], {}
    for name, value in sorted(values.items()):
        if name in known:
            try:
                kept[known[name].name] = known[name].metadata["check"](value)
            except ValueError as allowed:
                faults.append(f"{name} must be {allowed}, not {value!r}")
        elif name.startswith(PREFIX):
            near = _near_options(name.removeprefix(PREFIX))
            asks = f"; did you mean {' or '.join([PREFIX + option for option in near])}?" if near else ""
            faults.append(f"{name} is not a setting of this plugin{asks}")
        elif name.startswith("M") and (option := _misspelt_option(name)):
            faults.append(f"{name} is not a setting of this plugin; did you mean {PREFIX + option}?")
    if faults:
        raise SettingsError("; ".join(faults))
    return Settings(**kept)


def _near_options(name: str) -> list[str]:
    """Return the options, without prefix, that ``name`` may stand for; none if it is like none of them."""
    options = [f.name.upper() for f in fields(Settings)]
    said = set(name.split("_"))
    inside = [option for option in options if said.issubset(option.split("_"))]  # "MAX_TOPICS", "EXCERPT"
    return inside or _close_matches(name, options, _LIKE)


def _misspelt_option(name: str) -> str:
    """Return the option that a name with almost our prefix stands for; empty if it may be someone else's."""
    ours = PREFIX[:-1]
    for at in (at for at, sign in enumerate(name) if sign == "_"):
        prefix, option = name[:at], name[at + 1 :]
        # One letter more, less or other behind "ML", or two that changed places: not "MYNOTES".
        if (prefix.startswith(PREFIX[:2]) or sorted(prefix) == sorted(ours)) and _close_matches(
            prefix, [ours], _SAME_PREFIX
        ):
            near = _close_matches(option, [f.name.upper() for f in fields(Settings)], _SURELY)
            if near:
                return near[0]
    return ""


def _close_matches(name: str, known: Sequence[str], least: float) -> list[str]:
    from difflib import get_close_matches  # here, because right settings do without

    return get_close_matches(name, known, n=1, cutoff=least)
