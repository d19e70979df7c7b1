"""The theme under the name that packaged themes have: ``from pelican.themes import mlnotes``."""

from pelican_mlnotes import theme_path as path

__all__ = ["path"]
