"""The demo site. ``pelican content`` builds it into ``output/``."""

AUTHOR = "The pelican_mlnotes team"
SITENAME = "Machine learning notes"
SITEURL = ""
TIMEZONE = "UTC"
DEFAULT_LANG = "en"

THEME = "theme"
PLUGIN_PATHS = ["."]
PLUGINS = ["pelican_mlnotes"]

# The demo is looked at from a folder on disk; real sites turn feeds on in publishconf.py.
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
