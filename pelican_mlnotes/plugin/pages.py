"""How is a page written that Pelican does not know of?"""

import posixpath
from typing import Any

from pelican_mlnotes.plugin.macros import MACROS
from pelican_mlnotes.plugin.own_theme.compiled import has_our_theme


def write_page(generator: Any, writer: Any, name: str, save_as: str) -> None:
    """Write the page ``name`` at ``save_as``, by our theme's template or the one for all other themes."""
    writer.write_file(
        save_as,
        generator.get_template(name if has_our_theme(generator) else f"{MACROS}{name}"),
        generator.context,
        relative_urls=generator.settings["RELATIVE_URLS"],
        template_name=name,
        page_name=posixpath.splitext(save_as)[0],
        url=save_as,
    )
