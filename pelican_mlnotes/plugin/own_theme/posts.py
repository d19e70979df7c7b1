"""How are posts fitted to our theme? Another one may not have the styles that this needs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.plugin.files import local_file, measure
from pelican_mlnotes.plugin.guard import guard
from pelican_mlnotes.plugin.own_theme.html import edit_html

CONTENTS_FROM = 3  # fewest headings of a table of contents
OWN_CONTENTS = pattern(r"<(?:div|nav|ul)\s[^>]{0,200}\b(?:toc|contents)\b")


def edit_posts(contents: Sequence[Any], settings: Mapping[str, Any]) -> None:
    """Give pictures their sizes, headings their anchors and callouts their form; note tables of contents."""
    sizes: dict[tuple[str, str], tuple[int, int] | None] = {}
    for content in contents:
        with guard(content, "picture sizes, table of contents or callouts"):
            _edit_post(content, settings, sizes)


def _edit_post(
    content: Any, settings: Mapping[str, Any], sizes: dict[tuple[str, str], tuple[int, int] | None]
) -> None:
    folder = content.relative_dir or ""

    def size(address: str) -> tuple[int, int] | None:
        key = folder, address
        if key not in sizes:
            file = local_file(address, Path(settings["PATH"]), folder, settings["SITEURL"])
            sizes[key] = measure(file) if file else None
        return sizes[key]

    html = content._content or ""
    edited = edit_html(html, size)
    content._content = edited.html
    if len(edited.headings) >= CONTENTS_FROM and not OWN_CONTENTS.search(html):
        content.toc_entries = edited.headings
