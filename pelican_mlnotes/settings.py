"""What did the site owner ask for? The only description of the ``MLNOTES_`` options."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

PREFIX = "MLNOTES_"

BADGE_KINDS = ("image", "video", "audio", "code", "math", "table", "notebook")
EXCERPT_CUTS = ("word", "sentence", "character")


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
    topics_min_score: float = _option(0.6, _share)
    """Weaker suggestions are dropped."""
    topics_taxonomy: str = _option("", _text)
    """TOML file below ``PATH`` that adds topics, and changes or removes bundled ones by id."""
    related_max: int = _option(5, _whole_number)
    """Most related posts; 0 turns them off."""
    related_min_score: float = _option(0.05, _share)
    """Weaker relations are dropped."""
    related_append: bool = _option(False, _flag)
    """Add the list to the end of each post, for themes that do not show it."""
    math: str = _option("off", _one_of("off", "mathml"))
    """Show the TeX formulas of posts as MathML, without scripts; off leaves posts untouched."""
    list_heading: str = _option("Posts", _text)
    """Theme: heading of the post list."""


def load_settings(values: Mapping[str, Any]) -> Settings:
    """Return the checked ``MLNOTES_`` options among Pelican's settings ``values``.

    Raises ``SettingsError`` that lists every unknown name and every wrong value.
    """
    known = {PREFIX + f.name.upper(): f for f in fields(Settings)}
    given = {name: value for name, value in values.items() if name.startswith(PREFIX)}
    faults, kept = [], {}
    for name, value in sorted(given.items()):
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.0)[0]
            faults.append(f"{name} is not a setting of this plugin; did you mean {near}?")
            continue
        try:
            kept[known[name].name] = known[name].metadata["check"](value)
        except ValueError as allowed:
            faults.append(f"{name} must be {allowed}, not {value!r}")
    if faults:
        raise SettingsError("; ".join(faults))
    return Settings(**kept)
