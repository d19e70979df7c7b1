"""What does one build of a site know?"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pelican import settings as pelicans
from pelican.generators import ArticlesGenerator
from pelican.urlwrappers import Tag

from pelican_mlnotes.document.pictures import BUNDLED as PICTURES
from pelican_mlnotes.document.pictures import PictureRules, load_picture_rules
from pelican_mlnotes.plugin.own_theme.compiled import has_our_theme
from pelican_mlnotes.plugin.post_cache import Reading, basis_of
from pelican_mlnotes.plugin.related import Relating
from pelican_mlnotes.settings import Settings, SettingsError, load_settings
from pelican_mlnotes.topics.taxonomy import BUNDLED as TOPICS
from pelican_mlnotes.topics.taxonomy import Taxonomy, cached_taxonomy

EXCERPT = -1


@dataclass(slots=True)
class Build:
    """What one handler leaves for the next; hangs on the generator, so nested builds do not meet."""

    settings: Settings
    taxonomy: Taxonomy | None
    picture_rules: PictureRules | None
    summary_words: int | None = EXCERPT
    """Words of a summary in other themes; ``None`` for all, ``EXCERPT`` where it is the excerpt."""
    site_url: str = ""
    basis: str = ""
    """What readings follow from beside their posts; empty where they are not cached."""
    readings: dict[str, Reading] = field(default_factory=dict)
    relating: Relating | None = None
    topic_tags: dict[str, list[Tag]] = field(default_factory=dict)
    unsettled: dict[str, Reading] = field(default_factory=dict)
    """Those of posts whose pictures are shown only if there is a file in the right place."""
    added_tags: dict[str, list[Tag]] = field(default_factory=dict)
    links: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Addresses that may be the site's own, and the sentences around them, of each post; if asked for."""
    papers: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Addresses of papers, and what links to them say, of each post; if asked for."""


def start_build(generator: ArticlesGenerator) -> Build:
    """Read settings, taxonomy and picture rules of the site; raises the error of a wrong one."""
    settings = load_settings(generator.settings)
    own_rules = _own_file("MLNOTES_PICTURE_RULES", settings.picture_rules, generator)
    topics = topic_files(settings, generator) if settings.topics_max else []
    files = [*topics, PICTURES, *own_rules]
    words = _summary_words(settings, generator)
    site_url = generator.settings["SITEURL"]
    # Of the site's own settings, readings follow from this one, by which links are known as its own.
    more = (settings, words, site_url if settings.backlinks else "")
    basis = basis_of(generator.settings, files, *more)
    # Tags are looked up in English, whatever the site is written in.
    langs = ["en", generator.settings["DEFAULT_LANG"]]
    taxonomy = cached_taxonomy(topics, langs, settings.topics_never) if topics else None
    rules = load_picture_rules(PICTURES, *own_rules) if own_rules else None
    # Of a file that was saved meanwhile, it cannot be told which version was loaded.
    if basis and basis != basis_of(generator.settings, files, *more):
        basis = ""
    return Build(settings, taxonomy, rules, words, site_url, basis)


def topic_files(settings: Settings, generator: ArticlesGenerator) -> list[Path]:
    """Return the files of the site's topics, ours first; raises ``SettingsError`` if its own is missing."""
    return [TOPICS, *_own_file("MLNOTES_TOPICS_TAXONOMY", settings.topics_taxonomy, generator)]


def build_of(generator: Any) -> Build | None:
    """Return what ``generator`` was given at its start, if it was."""
    # Other plugins send these signals too, for generators that never sent ours the first one.
    build = getattr(generator, "mlnotes", None)
    return build if isinstance(build, Build) else None


def _summary_words(settings: Settings, generator: ArticlesGenerator) -> int | None:
    """Return how long Pelican's own setting wants summaries, where nothing else says it."""
    words = generator.settings["SUMMARY_MAX_LENGTH"]
    if (
        words == pelicans.DEFAULT_CONFIG["SUMMARY_MAX_LENGTH"]
        or "MLNOTES_EXCERPT_LENGTH" in generator.settings
        or not settings.excerpt_as_summary
        or has_our_theme(generator)
    ):
        return EXCERPT
    return None if words is None else max(0, int(words))


def _own_file(name: str, value: str, generator: ArticlesGenerator) -> list[Path]:
    if not value:
        return []
    file = Path(generator.settings["PATH"], value)
    if not file.is_file():
        raise SettingsError(
            f"{name} names {value!r}, but there is no file {file}; the path is relative to PATH"
        )
    return [file]
