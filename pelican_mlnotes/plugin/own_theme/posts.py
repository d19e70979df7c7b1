"""How are posts fitted to our theme? Another one may not have the styles that this needs."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pelican.generators import Generator

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.plugin.files import local_file, measure
from pelican_mlnotes.plugin.guard import guard
from pelican_mlnotes.plugin.own_theme.html import Seen, edit_html
from pelican_mlnotes.plugin.own_theme.paper import fit_formulas
from pelican_mlnotes.plugin.own_theme.transparency import is_transparent
from pelican_mlnotes.settings import Settings

logger = logging.getLogger(__name__)

CONTENTS_FROM = 3  # fewest headings of a table of contents
OWN_CONTENTS = pattern(r"<(?:div|nav|ul)\s[^>]{0,200}\b(?:toc|contents)\b")
ONLY_FOR_PAGES = pattern(r' data-note="\d+"|<a class="mlnotes-link"[^<>]*></a>')
OWN_ENTRY = pattern(r"""<li[^<>]*>\s*(?:<p>\s*)?<a\s[^<>]*href=["']?#""")

Looks = dict[tuple[str, str], Seen | None]


def edit_posts(contents: Sequence[Any], generator: Generator, settings: Settings) -> None:
    """Give pictures their sizes, headings their anchors and callouts their form; note tables of contents."""
    looks: Looks = {}
    words: dict[str, Mapping[str, str]] = {}
    for content in contents:
        with guard(content, "picture sizes, table of contents or callouts"):
            lang = content.lang or ""
            if lang not in words:
                words[lang] = words_of(generator, lang)
            _edit_post(content, generator.settings, settings, words[lang], looks)


def fit_to_paper(contents: Sequence[Any]) -> None:
    """Have formulas that are wider than paper printed smaller."""
    for content in contents:
        with guard(content, "size of printed formulas"):
            content._content = fit_formulas(content._content or "")


def without_page_parts(html: str) -> str:
    """Return ``html`` without the marks and links that only our theme's pages have a use for."""
    return ONLY_FOR_PAGES.sub("", html)


def check_introduction(generator: Generator, settings: Settings) -> None:
    """Warn of a picture of ``MLNOTES_INTRO`` that is no file of the site."""
    name = settings.intro.get("picture", "")
    if not name or "//" in name or name.startswith("data:"):
        return
    place = name.replace("{static}", "").lstrip("/")
    written = {str(content.save_as) for content in generator.context.get("static_content", {}).values()}
    if place not in written and not local_file(f"/{place}", Path(generator.settings["PATH"]), ""):
        logger.warning(
            "pelican_mlnotes: MLNOTES_INTRO names the picture %r, but no file of the site is written there; "
            "put it below a folder of STATIC_PATHS",
            name,
        )


def words_of(generator: Generator, lang: str) -> Mapping[str, str]:
    """Return the words of the theme's interface in ``lang``, ready for HTML, the site's own among them."""
    found: dict[str, str] = {}
    with guard("every post", "words of its language in callouts and links of headings"):
        default = str(generator.settings["DEFAULT_LANG"])
        key = (lang or default).replace("_", "-").lower()
        # Not the module that templates share: translations of the site may not be installed yet.
        module: Any = generator.env.get_template("words.html").make_module()
        module.learn(key, not lang or lang == default)
        # Plain strings: what is added to Markup would be escaped.
        found.update((name, str(word)) for name, word in module.words[key].items())
    return found


def _edit_post(
    content: Any, site: Mapping[str, Any], settings: Settings, words: Mapping[str, str], looks: Looks
) -> None:
    folder = content.relative_dir or ""

    def look(address: str) -> Seen | None:
        key = folder, address
        if key not in looks:
            file = local_file(address, Path(site["PATH"]), folder, site["SITEURL"])
            looks[key] = (
                Seen(measure(file), settings.picture_ground and is_transparent(file)) if file else None
            )
        return looks[key]

    html = content._content or ""
    edited = edit_html(html, look, words, captions=settings.picture_captions)
    content._content = edited.html
    if len(edited.headings) >= CONTENTS_FROM and not has_own_contents(html):
        content.toc_entries = edited.headings


def has_own_contents(html: str) -> bool:
    """Return whether the author wrote contents: a box of that name, or items that begin with inner links."""
    return bool(OWN_CONTENTS.search(html)) or len(OWN_ENTRY.findall(html)) >= CONTENTS_FROM
