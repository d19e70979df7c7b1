"""The plugin under the name by which Pelican discovers installed plugins."""

from pelican_mlnotes import register

__all__ = ["register"]
