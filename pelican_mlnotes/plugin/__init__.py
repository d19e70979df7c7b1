"""The door to Pelican: the only room, beside the command line, that imports it."""

from pelican_mlnotes.plugin.handlers import connect

__all__ = ["connect"]
