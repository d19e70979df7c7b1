"""Which attributes of an article or a page does the plugin alone set?

Part of the edge. Pelican turns every line of front matter into an attribute of that name, and themes print
some of ours as they are.
"""

from typing import Any

# The other attributes of ours hold what the author wrote in front matter, where it says something.
OURS = (
    "badges",
    "next_article",
    "prev_article",
    "reading_minutes",
    "related_reasons",
    "title_html",
    "title_text",
    "toc_entries",
)


def drop_planted(content: Any) -> None:
    """Take away what front matter set under names of ours; what a plugin set there stays."""
    for name in OURS:
        written = content.metadata.get(name)
        if written is not None and vars(content).get(name) is written:
            delattr(content, name)
    # Pelican sets this itself, but not on a site without ARTICLE_TRANSLATION_ID or PAGE_TRANSLATION_ID.
    written = content.metadata.get("translations")
    if written is not None and content.translations is written:
        content.translations = []
