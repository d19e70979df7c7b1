"""Pages as tests read them: by Beautiful Soup, not by the engine whose output they judge."""

from bs4 import BeautifulSoup


def parse_page(html: str) -> BeautifulSoup:
    """Return the tree of ``html``; a class attribute is one text, as it is written."""
    return BeautifulSoup(html, "lxml", multi_valued_attributes=None)
