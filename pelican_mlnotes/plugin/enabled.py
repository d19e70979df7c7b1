"""Does the site want the plugin?

Signals keep firing after a plugin was taken out of ``PLUGINS`` while Pelican reloads.
"""

from collections.abc import Mapping
from typing import Any

NAMES = frozenset(("pelican_mlnotes", "pelican.plugins.mlnotes"))


def is_enabled(settings: Mapping[str, Any]) -> bool:
    """Return whether ``PLUGINS`` names this plugin."""
    return not NAMES.isdisjoint(settings["PLUGINS"])
