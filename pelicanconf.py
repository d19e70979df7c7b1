"""The demo site. ``pelican content`` builds it into ``output/``."""

from importlib.util import find_spec

AUTHOR = "The pelican_mlnotes team"
SITENAME = "Machine learning notes"
SITEURL = ""
RELATIVE_URLS = True  # so that output/index.html can be opened from a folder on disk
TIMEZONE = "UTC"
DEFAULT_LANG = "en"

THEME = "theme"
PLUGIN_PATHS = ["."]
PLUGINS = ["pelican_mlnotes"]
MLNOTES_MATH = "mathml"
MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.codehilite": {"css_class": "highlight"},
        "markdown.extensions.extra": {},
        "markdown.extensions.meta": {},
        "markdown.extensions.toc": {},
        "markdown.extensions.admonition": {},
    },
    "output_format": "html5",
}
MLNOTES_COPY_BUTTON = True
MLNOTES_BACKLINKS = True
MLNOTES_PAPERS = True
MLNOTES_SEARCH = find_spec("pagefind") is not None  # pip install -e '.[search]'

# Beyond Pelican's defaults: a page for wrong addresses, and one for each year.
DIRECT_TEMPLATES = ["index", "tags", "categories", "authors", "archives", "404"]
YEAR_ARCHIVE_SAVE_AS = "{date:%Y}/index.html"
YEAR_ARCHIVE_URL = "{date:%Y}/index.html"

# Real sites turn feeds on in publishconf.py, where SITEURL is known.
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
