"""Which tag pages did a site have before, and where do they lead now?"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pelican.urlwrappers import Tag

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.cli.site import Site, SiteError
from pelican_mlnotes.importers.redirects import as_address, base_of
from pelican_mlnotes.topics.map import nearest_broader
from pelican_mlnotes.topics.taxonomy import Taxonomy, Topic

_FIELD = pattern(r"\\\{slug(?:![^{}]*)?\\\}")
_OTHER_FIELD = pattern(r"\\\{[^{}]*\\\}")


@dataclass(frozen=True, slots=True)
class FormerPage:
    """A tag page that the site had."""

    address: str
    """Absolute path on its server."""
    slug: str
    """That of its tag, also where the page continues another."""


@dataclass(frozen=True, slots=True)
class Heir:
    """Where a tag page that is gone leads now."""

    address: str
    """Of the former page."""
    tag: str
    """Name of the tag that stands for the same topic now; empty if none does."""
    new: str
    """Address of its page; empty if there is none."""
    broader: str
    """Where no tag stands for it: name of the nearest broader topic's tag, for whoever redirects by hand."""


def former_pages(source: Path, site: Site) -> list[FormerPage]:
    """Return the tag pages in ``source``, a former output, or a file with an address or a tag's name a line.

    Raises ``SiteError`` if there is no such file or folder, or it is no text.
    """
    settings = site.articles.settings
    if source.is_dir():
        return sorted(_pages_in(source, site), key=lambda page: page.address)
    try:
        lines = source.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise SiteError(f"there is no {source}; name the folder of a former output, or a list") from error
    except UnicodeDecodeError as error:
        raise SiteError(f"{source} is no list of addresses: it is not in UTF-8") from error
    pages: dict[str, FormerPage] = {}
    for line in lines:
        text = line.strip()
        if text and not text.startswith("#"):
            page = _listed_page(text, settings)
            if page:
                pages.setdefault(page.address, page)
    return list(pages.values())


def last_output(site: Site) -> Path | None:
    """Return the folder of the site's last output, if there is one."""
    folder = Path(site.articles.settings["OUTPUT_PATH"])
    return folder if folder.is_dir() else None


def _pages_in(folder: Path, site: Site) -> Iterator[FormerPage]:
    settings = site.articles.settings
    shape = _shape(settings["TAG_SAVE_AS"])
    if shape is None:
        return
    found = {}
    for file in folder.rglob("*.*"):
        path = file.relative_to(folder).as_posix()
        match = shape.fullmatch(path)
        if match and file.is_file():
            found[match["slug"]] = path
    known = {tag.slug for tag in site.articles.tags}
    taxonomy = site.build.taxonomy
    for slug, path in found.items():
        first = slug.rstrip("0123456789") or slug[:1]
        # Page 2 of "gpt" is "gpt2.html", and so is the page of the tag "gpt2".
        continues = (
            first != slug
            and first in found
            and slug not in known
            and not (taxonomy and _topic(slug, taxonomy))
        )
        start = base_of(settings) + path
        address = start.removesuffix("index.html") if settings["TAG_URL"].endswith("/") else start
        yield FormerPage(as_address(address), first if continues else slug)


def _shape(setting: str) -> re.Pattern[str] | None:
    """Return what paths look like that ``setting``, such as ``tag/{slug}.html``, makes."""
    escaped = re.escape(setting)
    named, count = _FIELD.subn("(?P<slug>[^/]+)", escaped, count=1)
    return pattern(_OTHER_FIELD.sub("[^/]*", named)) if count else None


def _listed_page(text: str, settings: Mapping[str, Any]) -> FormerPage | None:
    try:
        path = unquote(urlsplit(text).path)
    except ValueError:
        return None
    base = base_of(settings)
    inner = path.removeprefix(base).lstrip("/")
    for name in ("TAG_URL", "TAG_SAVE_AS"):
        shape = _shape(settings[name])
        match = shape.fullmatch(inner) if shape else None
        if match:
            return FormerPage(as_address(base + inner), match["slug"])
    if "/" in text:
        return None
    tag = Tag(text, settings)
    return FormerPage(as_address(base + tag.url), tag.slug) if tag.slug else None


def find_heirs(pages: Iterable[FormerPage], site: Site) -> list[Heir]:
    """Return where each of ``pages`` leads now that the site has no longer, in their order."""
    settings, taxonomy = site.articles.settings, site.build.taxonomy
    base = base_of(settings)
    tags = [tag for tag in site.articles.tags if tag.save_as]
    slugs = {tag.slug for tag in tags}
    by_name = {_letters(tag.name): tag for tag in tags}
    by_topic: dict[str, Tag] = {}
    if taxonomy:
        for tag in sorted(tags, key=lambda tag: taxonomy.is_former(tag.name)):
            topic = taxonomy.find(tag.name)
            if topic:
                by_topic.setdefault(topic.id, tag)
    heirs = []
    for page in pages:
        if page.slug in slugs:
            continue
        topic = _topic(page.slug, taxonomy) if taxonomy else None
        heir = by_name.get(_letters(page.slug)) or (by_topic.get(topic.id) if topic else None)
        broader = ""
        if taxonomy and topic and not heir:
            near = nearest_broader(topic.id, by_topic, taxonomy)
            broader = by_topic[near[0]].name if near else ""
        new = as_address(base + heir.url) if heir else ""
        heirs.append(Heir(page.address, heir.name if heir else "", new, broader))
    return heirs


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def _topic(slug: str, taxonomy: Taxonomy) -> Topic | None:
    """Return the topic that the slug of a tag stands for: by a name of it, or by an id that it has or had."""
    return taxonomy.find(slug) or taxonomy.topics.get(taxonomy.moved.get(slug, slug))
