"""Which images are real pictures? The rules are data: ``pictures.toml``, and a site's own file after it."""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pelican_mlnotes._cache import read_toml
from pelican_mlnotes._patterns import pattern

BUNDLED = Path(__file__).with_name("pictures.toml")

_LAZY = (
    "data-src", "data-lazy-src", "data-original", "data-lazy", "data-url", "data-orig-file",
    "data-large-file", "data-image", "data-echo", "data-hi-res-src", "data-full-src", "data-srcset",
    "data-lazy-srcset",
)  # fmt: skip
_LATE = pattern(r"src|lazy")
_SEEN = frozenset(("src", "srcset", *_LAZY))
_LIKE_ADDRESS = pattern(r"/|\.[a-z]{3,4}\b", re.IGNORECASE)
_PLACEHOLDER = pattern(
    r"(?:placeholder|lazy|loading|loader|blank|spacer|transparent|pixel|1x1|grey|spinner)[^/]*\Z",
    re.IGNORECASE,
)
_UNUSABLE = pattern(
    r"#|[./?]+\Z|https?:/*\Z|(?:javascript|vbscript|about|mailto|tel|file|blob|cid|attachment|chrome):|data:(?!image/[^,]+,)",
    re.IGNORECASE,
)
_LINE_END = pattern(r"[\t\n\r]+")
_NO_BASE64 = pattern(r"[^A-Za-z0-9+/]")
_DRAWN = pattern(r"(?:<|%3c|&lt;)(?:path|rect|circle|ellipse|line|poly|text|image|use)", re.IGNORECASE)
_STYLE_SIZE = pattern(r"(?:^|[;\s])(width|height)\s*:\s*([^;]+)", re.IGNORECASE)
_LENGTH = pattern(
    r"\s*([0-9]{1,6})?(\.[0-9]{1,6})?\s*(px|em|rem|ex|ch|pt)?\s*(?:!important\s*)?", re.IGNORECASE
)
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0}
_VIEW_BOX = pattern(r"[\s,]+")

_LONGEST = 2000
_LONGEST_SET = 100_000
# An address may hold commas, but not end in one. Source: HTML standard, parsing a srcset attribute.
_CANDIDATE = pattern(r"[\s,]*+(\S*[^\s,])(?:\s+([^\s,]+))?[^,]*")
_LISTS = ("class", "address", "alt")
_START = 4


class PictureRulesError(ValueError):
    """A file of picture rules is wrong: names the file, the rule, the value and what is allowed."""


class _Wholes(NamedTuple):
    """Words that a text must be, each with the id of its rule; a word with "*" as its parts."""

    plain: Mapping[str, str]
    starred: Mapping[tuple[str, ...], str]

    def rule(self, text: str) -> str | None:
        """Return the id of a rule that has ``text`` among its words, or None."""
        found = self.plain.get(text)
        if found is None:
            found = next((id_ for parts, id_ in self.starred.items() if _is_like(text, parts)), None)
        return found


class _Parts(NamedTuple):
    """Words that a text must hold, as their parts between "*", each with the id of its rule."""

    starts: Mapping[str, Mapping[tuple[str, ...], str]]
    """By the first ``_START`` characters, because there are hundreds."""
    short: Mapping[tuple[str, ...], str]
    """Those whose first part is shorter."""

    def rule(self, text: str) -> str | None:
        """Return the id of a rule of which ``text`` holds a word, or None."""
        for at in range(len(text) - _START + 1):
            words = self.starts.get(text[at : at + _START])
            if words is not None:
                for parts, id_ in words.items():
                    if text.startswith(parts[0], at) and _follow(text, parts, at):
                        return id_
        return next((id_ for parts, id_ in self.short.items() if _follow(text, parts)), None)


class PictureRules(NamedTuple):
    """What makes an image no picture, ready to be asked."""

    spacer: int
    """An image with a side of at most this many pixels is none."""
    icon: int
    """An image whose stated sides are all at most this many pixels is none."""
    button: tuple[int, int]
    """Nor is one that is at most this wide and this high."""
    classes: _Wholes
    addresses: _Parts
    alts: _Wholes

    def refuse_size(self, width: int | None, height: int | None) -> bool:
        """Return whether a box of this size in CSS pixels is too small for a picture; None is unknown."""
        sides = [side for side in (width, height) if side is not None]
        if not sides:
            return False
        if min(sides) <= self.spacer or max(sides) <= self.icon:
            return True
        return (
            width is not None and height is not None and width <= self.button[0] and height <= self.button[1]
        )

    def refused(self, address: str, classes: str, alt: str) -> str | None:
        """Return the id of a rule by which an image is no picture, or None; it may have no address."""
        found = None
        if address[:5].lower() != "data:":
            found = self.addresses.rule("/" + address[:_LONGEST].lower())
        for name in classes[:_LONGEST].lower().split() if found is None else ():
            found = found or self.classes.rule(name)
        # An alternative text of several formulas and words describes a picture.
        if found is None and alt and "$" not in alt.strip("$"):
            found = self.alts.rule(alt[:_LONGEST].lower())
        return found


def usable_address(address: str | None) -> str | None:
    """Return ``address`` without white space around it, or None if no picture can be loaded from it."""
    # Browsers drop line ends and tabs anywhere in an address.
    address = _LINE_END.sub("", address or "").strip()
    if not address or _UNUSABLE.match(address):
        return None
    return address


def can_preview(address: str) -> bool:
    """Return whether a network or a list of posts can show the picture at ``address``.

    A ``data:`` address doubles every page that it stands on, and no network loads it.
    """
    usable = usable_address(address)
    return usable is not None and usable[:5].lower() != "data:"


def shown_address(
    attributes: Mapping[str, str | None], sources: Sequence[Mapping[str, str | None]] = ()
) -> str | None:
    """Return the address of the picture that an ``img`` shows now or once it is loaded, or None.

    ``sources`` are the attributes of the ``source`` elements beside it in a ``picture``.
    """
    plain = usable_address(attributes.get("src"))
    if plain is not None and not plain.startswith("data:") and not _PLACEHOLDER.search(plain[:_LONGEST]):
        return plain
    for name in _LAZY:
        if value := attributes.get(name):
            address = _largest(value) if name.endswith("set") else usable_address(value)
            if address is not None and _LIKE_ADDRESS.search(address):
                return address
    for name, value in attributes.items():
        # Every script that loads pictures late has an attribute of its own for their addresses.
        if value and name not in _SEEN and _LATE.search(name):
            address = _largest(value) if name.endswith("set") else usable_address(value)
            if address is not None and _LIKE_ADDRESS.search(address):
                return address
    for element in (attributes, *sources):
        for name in ("srcset", "data-srcset"):
            if address := _largest(element.get(name) or ""):
                return address
    return plain


def _largest(candidates: str) -> str | None:
    """Return the address of the largest candidate in a ``srcset``."""
    best, most = None, -1.0
    candidates = candidates[:_LONGEST_SET]
    at = 0
    # One behind the other: a search would begin anew at each of many commas with nothing behind them.
    while candidate := _CANDIDATE.match(candidates, at):
        at = candidate.end()
        written, descriptor = candidate.groups("")
        address = usable_address(written)
        if address is None:
            continue
        try:
            size = float(descriptor[:-1] or 0)
        except ValueError:
            size = 0.0
        if size > most:
            best, most = address, size
    return best


def size_of(attributes: Mapping[str, str | None]) -> tuple[int | None, int | None]:
    """Return width and height in CSS pixels as the attributes state them; None where they do not."""
    stated = {name: attributes.get(name) for name in ("width", "height")}
    stated |= {name.lower(): value for name, value in _STYLE_SIZE.findall(attributes.get("style") or "")}
    return _pixels(stated["width"]), _pixels(stated["height"])


def view_box_of(value: str | None) -> tuple[int | None, int | None]:
    """Return width and height of an SVG ``viewBox``."""
    parts = _VIEW_BOX.split((value or "")[:200].strip())
    return (_pixels(parts[2]), _pixels(parts[3])) if len(parts) == 4 else (None, None)


def _pixels(length: str | None) -> int | None:
    match = _LENGTH.fullmatch(length or "")
    if not match or not (match[1] or match[2]):
        return None
    return round(float((match[1] or "0") + (match[2] or "")) * _PIXELS[(match[3] or "").lower()])


def is_blank(address: str) -> bool:
    """Return whether a ``data:`` address holds a single pixel or nothing, as placeholders and spacers do."""
    if address[:5].lower() != "data:":
        return False
    head, _, body = address.partition(",")
    coded = "base64" in head.lower()
    if coded:
        letters = _NO_BASE64.sub("", body[:_LONGEST])
        # Whole groups of four letters, so that the end of what was taken cannot be wrong.
        start = b64decode(letters[: len(letters) // 4 * 4])
    else:
        start = body[:_LONGEST].encode()
    if "svg" in head[:40].lower():
        # Drawings start with their style or their gradients; one that is long shows something.
        return len(body) <= _LONGEST and not _DRAWN.search(start.decode(errors="replace"))
    if start.startswith(b"GIF8"):
        sides = start[6:8], start[8:10]
        return min(int.from_bytes(side, "little") for side in sides) <= 1
    if start.startswith(b"\x89PNG"):
        sides = start[16:20], start[20:24]
        return min(int.from_bytes(side, "big") for side in sides) <= 1
    return coded and len(body) <= 100


def load_picture_rules(*paths: Path) -> PictureRules:
    """Return the rules of all ``paths`` together; a later file adds rules or replaces them by id.

    Raises ``PictureRulesError`` that lists every fault.
    """
    size: dict[str, Any] = {}
    rules: dict[str, Mapping[str, Any]] = {}
    faults: list[str] = []
    for path in paths:
        try:
            data = read_toml(path)
        except (OSError, ValueError) as error:
            faults.append(f"{path}: {error}")
            continue
        faults += [
            f"{path}: unknown key {key!r}; known are 'rule' and 'size'"
            for key in data.keys() - {"rule", "size"}
        ]
        size |= _checked_size(path, data.get("size", {}), faults)
        for rule in _tables(path, data.get("rule", []), faults):
            _check_rule(path, rule, faults)
            rules[str(rule.get("id"))] = rule
    if faults:
        raise PictureRulesError("\n".join(sorted(faults)))
    return PictureRules(
        spacer=size.get("spacer", 0),
        icon=size.get("icon", 0),
        button=tuple(size.get("button", (0, 0))),
        classes=_wholes(rules, "class"),
        addresses=_parts(rules, "address"),
        alts=_wholes(rules, "alt"),
    )


def _written(rules: Mapping[str, Mapping[str, Any]], key: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the words of one list of all rules, in parts, with the ids of the rules."""
    for id_, rule in rules.items():
        for word in rule.get(key, ()):
            yield tuple(word.lower().split("*")), id_


def _wholes(rules: Mapping[str, Mapping[str, Any]], key: str) -> _Wholes:
    written = list(_written(rules, key))
    return _Wholes(
        {parts[0]: id_ for parts, id_ in reversed(written) if len(parts) == 1},
        {parts: id_ for parts, id_ in written if len(parts) > 1},
    )


def _parts(rules: Mapping[str, Mapping[str, Any]], key: str) -> _Parts:
    starts: dict[str, dict[tuple[str, ...], str]] = {}
    short: dict[tuple[str, ...], str] = {}
    for parts, id_ in _written(rules, key):
        group = starts.setdefault(parts[0][:_START], {}) if len(parts[0]) >= _START else short
        group.setdefault(parts, id_)
    return _Parts(starts, short)


def _follow(text: str, parts: Sequence[str], at: int = 0) -> bool:
    """Return whether ``parts`` stand in ``text`` from ``at`` on, one after the other, whatever is between."""
    for part in parts:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _is_like(text: str, parts: Sequence[str]) -> bool:
    """Return whether ``text`` starts with the first of ``parts``, ends with the last, and has all others."""
    first, *inner, last = parts
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    return _follow(text[len(first) : len(text) - len(last)], inner)


def _tables(path: Path, value: Any, faults: list[str]) -> list[dict[str, Any]]:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    faults.append(f"{path}: 'rule' must be written as [[rule]] tables, not {value!r}")
    return []


def _check_rule(path: Path, rule: Mapping[str, Any], faults: list[str]) -> None:
    place = f"{path}: rule {rule.get('id')!r}"
    if not isinstance(rule.get("id"), str) or not rule["id"]:
        faults.append(f"{path}: a rule needs an id, not {rule.get('id')!r}")
    if not isinstance(rule.get("reason", ""), str):
        faults.append(f"{place}: reason must be a text, not {rule['reason']!r}")
    known = ("id", "reason", *_LISTS)
    faults += [
        f"{place}: unknown key {key!r}; known are {', '.join(known)}" for key in rule if key not in known
    ]
    for key in _LISTS:
        words = rule.get(key, [])
        if not isinstance(words, list) or not all(
            isinstance(word, str) and word.strip("* ") for word in words
        ):
            faults.append(f"{place}: {key} must be a list of texts, not {words!r}")
        elif key == "class":
            faults += [
                f"{place}: a class is a single word, not {word!r}" for word in words if len(word.split()) > 1
            ]


def _checked_size(path: Path, size: Any, faults: list[str]) -> dict[str, Any]:
    if not isinstance(size, dict):
        faults.append(f"{path}: 'size' must be a table, not {size!r}")
        return {}
    for key, value in size.items():
        if key not in ("spacer", "icon", "button"):
            faults.append(f"{path}: size: unknown key {key!r}; known are spacer, icon, button")
        elif not (_is_pair(value) if key == "button" else _is_side(value)):
            wanted = "a pair of whole numbers" if key == "button" else "a whole number, 0 or more"
            faults.append(f"{path}: size: {key} must be {wanted}, not {value!r}")
    return size


def _is_side(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_side, value))
