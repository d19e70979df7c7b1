"""When are the formulas of a site marked and shown, and where are they kept out?

Part of the edge. Readers mark the formulas of Markdown and reStructuredText; those of other files are marked
here. They stay marks until everything is read, because other plugins may ask for the text, and become MathML
just before Pelican writes.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pelican.contents import Article
from pelican.readers import HTMLReader, MarkdownReader, RstReader
from pelican.utils import truncate_html_paragraphs, truncate_html_words

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.model import Document
from pelican_mlnotes.document.pictures import PictureRules
from pelican_mlnotes.document.reader import parse_document, parse_text
from pelican_mlnotes.excerpt import make_excerpt
from pelican_mlnotes.formulas.definitions import definitions_in, expand, of_site, without_definitions
from pelican_mlnotes.formulas.delimiters import MARKED, Formula, mark_text, marked_formula
from pelican_mlnotes.formulas.leftovers import first_leftover
from pelican_mlnotes.formulas.references import with_numbers
from pelican_mlnotes.formulas.titles import plain_formulas, title_html
from pelican_mlnotes.plugin.guard import guard

logger = logging.getLogger(__name__)

MATH_EXTENSION = "pelican_mlnotes.formulas.markdown"
LEFTOVERS = "what may be meant as formulas is shown as text"
MOST_NAMED = 5  # posts in one warning
LONGEST_NAMED = 100  # characters of a formula in a warning
LONGEST_DESCRIPTION = 200  # characters, as in the theme
_MATH_PLUGIN = pattern(r"(?:render_math|katex|mathjax)")
_DEFINES = pattern(r"\\(?:(?:re)?new|provide)command|\\[egx]?def\b|\\let\b|\\DeclareMathOp")
_HIDDEN = pattern(r"mlnotesformula([0-9]{1,9})x")


class MarkingHTMLReader(HTMLReader):  # type: ignore[misc]
    """Marks the formulas of an HTML file."""

    def read(self, filename: str) -> tuple[str, dict[str, Any]]:
        """Return the body of the file, formulas marked, and its metadata."""
        html, metadata = super().read(filename)
        return mark_text(html), metadata


def make_readers_mark(settings: dict[str, Any]) -> None:
    """Make Markdown and docutils mark formulas, unless another plugin of the site does math."""
    others = [name for name in settings["PLUGINS"] if _MATH_PLUGIN.search(name)]
    if others:
        logger.info("pelican_mlnotes: %s shows the formulas, so MLNOTES_MATH changes nothing", others[0])
        return
    markdown = dict(settings["MARKDOWN"])
    markdown["extensions"] = list(dict.fromkeys([*markdown.get("extensions", ()), MATH_EXTENSION]))
    settings["MARKDOWN"] = markdown
    # Typography is set after reading. What it takes for quotes and dashes may be TeX.
    settings["READERS"] = {
        **dict.fromkeys(HTMLReader.file_extensions, MarkingHTMLReader),
        **settings["READERS"],
    }
    settings["TYPOGRIFY_IGNORE_TAGS"] = [*settings["TYPOGRIFY_IGNORE_TAGS"], ".math"]
    # docutils wants an address of MathJax, and writes it into a head that Pelican does not use.
    settings["DOCUTILS_SETTINGS"] = {"math_output": "MathJax none", **settings.get("DOCUTILS_SETTINGS", {})}
    # Readers' results depend on it, and Pelican's caches do not know: each way of reading has its own.
    settings["CACHE_PATH"] = str(Path(settings["CACHE_PATH"], "mathml"))


def is_marking(settings: Mapping[str, Any]) -> bool:
    """Return whether ``make_readers_mark`` has prepared ``settings``."""
    return MATH_EXTENSION in settings["MARKDOWN"].get("extensions", ())


def read_body(
    content: Any,
    html: str,
    rules: PictureRules | None,
    *,
    marking: bool,
    links: Callable[[str], bool] | None = None,
) -> Document:
    """Return what ``html``, the body of ``content``, says and shows.

    With ``marking``, its formulas are those that its page will show. ``links`` is that of ``parse_document``.
    """
    html = with_numbers(_as_shown(content, html) if marking else html, _macros(content))
    return parse_document(html, rules, marked=marking, links=links)


def _as_shown(content: Any, html: str) -> str:
    """Return ``html`` with formulas marked, and in them what the author's own commands stand for."""
    html = _marked(content, html)
    macros = _macros(content)
    if not macros and not _DEFINES.search(html):
        return html
    found = [marked_formula(mark) for mark in MARKED.finditer(html)]
    definitions = of_site(macros)
    definitions |= definitions_in(formula.tex for formula in found)
    formulas = iter(found)

    def expanded(mark: re.Match[str]) -> str:
        formula = next(formulas)
        with suppress(ValueError):
            tex = expand(without_definitions(formula.tex), definitions).strip()
            return Formula(tex, formula.display).marked() if tex else ""
        return mark[0]

    return MARKED.sub(expanded, html)


def _macros(content: Any) -> dict[str, str]:
    macros = content.settings.get("MLNOTES_MATH_MACROS") or {}
    return {name.removeprefix("\\"): tex for name, tex in macros.items()}


def read_summary(content: Any, summary: str, *, marking: bool) -> Document:
    """Return what the author's ``summary`` says; with ``marking``, its formulas are those it will show."""
    marking = marking and "summary" in content.settings["FORMATTED_FIELDS"]
    return parse_text(_as_shown(content, summary) if marking else summary, marked=marking)


def pelican_summary(content: Any) -> str:
    """Return what Pelican would show as the summary, links not yet resolved and no formula cut."""
    settings = content.settings
    formulas: dict[int, str] = {}

    def hide(mark: re.Match[str]) -> str:
        formulas[len(formulas)] = mark[0]
        return f"mlnotesformula{len(formulas) - 1}x"

    def shown(place: re.Match[str]) -> str:
        # Each once: the author may have written what looks like a place of ours.
        return formulas.pop(int(place[1]), place[0])

    html = content._content
    if is_marking(settings):
        html = MARKED.sub(hide, _marked(content, html))
    if settings.get("SUMMARY_MAX_PARAGRAPHS") is not None:
        html = truncate_html_paragraphs(html, settings["SUMMARY_MAX_PARAGRAPHS"])
    if settings["SUMMARY_MAX_LENGTH"] is not None:
        html = truncate_html_words(html, settings["SUMMARY_MAX_LENGTH"], settings["SUMMARY_END_SUFFIX"])
    return _HIDDEN.sub(shown, str(html)) if formulas else str(html)


def _forget_readings(content: Any) -> None:
    """Let Pelican work out anew what other plugins have asked it for before, with formulas still marked."""
    for method in (content.get_content, content.get_summary):
        known = getattr(method, "cache", {})
        for siteurl in {content.get_siteurl(), content.settings["SITEURL"], ""}:
            known.pop((content, siteurl), None)


class PlainSummary(str):
    """A summary that was made of plain text: it is HTML, and its dollar signs are none of a formula."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        # Pages that Pelican pickles hold articles, and a cache shall hold nothing of ours.
        return str, (str(self),)


def as_summary(text: str) -> PlainSummary:
    """Return plain text in the form of a summary."""
    return PlainSummary(f"<p>{escape(text)}</p>")


def mark_formulas(contents: Iterable[Any]) -> None:
    """Mark the formulas that readers have not, and see to what templates make of pages with formulas."""
    for content in contents:
        with guard(content, "formulas"):
            content._content = _marked(content, content._content or "")
            _mark_summary(content)
            if not isinstance(content, Article):
                _describe_page(content)


def show_formulas(contents: Iterable[Any], *, classes: bool, macros: Mapping[str, str]) -> None:
    """Show every marked formula as MathML, with ``classes`` for our stylesheet or styles for others.

    ``macros`` are commands of the site's own.
    """
    # Imported late: a blog without formulas pays nothing for it.
    from pelican_mlnotes.formulas.convert import Converter

    converter = Converter(classes=classes, macros=macros)

    def shown(content: Any, html: str, name: str = "") -> str:
        html, faults = converter.convert_marked(html, name)
        for fault in faults:
            logger.warning("pelican_mlnotes: %s: the formula %s %s", content, _named(fault.tex), fault.reason)
        return html

    left: list[tuple[str, str]] = []
    for content in contents:
        _forget_readings(content)
        with guard(content, "formulas"):
            content._content = shown(content, content._content or "", content.slug)
            if piece := first_leftover(content._content):
                left.append((str(content), piece))
            title = getattr(content, "title_html", "")
            if "math" in title:
                content.title_html = Markup(shown(content, str(title)))  # noqa: S704
            summary = content.metadata.get("summary")
            if isinstance(summary, str) and "math" in summary:
                _set_summary(content, shown(content, summary, f"{content.slug}-summary"))
    if left:
        named = "; ".join(f"{name} has {piece}" for name, piece in sorted(left)[:MOST_NAMED])
        more = f"; and {len(left) - MOST_NAMED} more" if len(left) > MOST_NAMED else ""
        logger.warning(
            "pelican_mlnotes: %s: %s%s; put it between delimiters, or in backticks if it is code",
            LEFTOVERS,
            named,
            more,
        )


def shown_elsewhere(contents: Iterable[Any], macros: Mapping[str, str]) -> Iterator[str]:
    """Yield titles and bodies of ``contents``, which this build has read but leaves to another, as HTML."""
    from pelican_mlnotes.formulas.convert import Converter  # here, as above

    converter = Converter(macros=macros)
    for content in contents:
        with guard(content, "formulas"):
            html = content._content or ""
            if is_marking(content.settings):
                html = title_html(content.title, mark=True) + _marked(content, html)
            yield converter.convert_marked(html)[0]


def write_plain_titles_in_feed(feed: Any) -> None:
    """Write the formulas of titles in Unicode: a feed's titles are plain text."""
    for item in feed.items:
        if isinstance(item.get("title"), str):
            item["title"] = plain_formulas(item["title"])


def _named(tex: str) -> str:
    """Return the start of a formula on one line, its backslashes as they are."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in tex).split())
    return line if len(line) <= LONGEST_NAMED else line[: LONGEST_NAMED - 3] + "..."


def _marked(content: Any, html: str) -> str:
    suffix = Path(content.source_path or "").suffix[1:].lower()
    if suffix in MarkdownReader.file_extensions:
        return html
    # docutils marks its own, and leaves what an author writes for MathJax: ``\\(x\\)``.
    return mark_text(html, dollars=suffix not in RstReader.file_extensions)


def _mark_summary(content: Any) -> None:
    summary = content.metadata.get("summary")
    if summary is None and 'class="math' in content._content:
        # Pelican would cut MathML anywhere.
        _set_summary(content, content._update_content(pelican_summary(content), content.get_siteurl()))
    elif isinstance(summary, str) and not isinstance(summary, PlainSummary):
        _set_summary(content, _marked(content, summary))


def _set_summary(content: Any, html: str) -> None:
    content._summary = content.metadata["summary"] = html


def _describe_page(page: Any) -> None:
    """Give a page with formulas what templates need to write its description without MathML."""
    if 'class="math' in page._content and not hasattr(page, "excerpt"):
        document = read_body(page, page._content, None, marking=True)
        page.excerpt = make_excerpt(document, LONGEST_DESCRIPTION)
