"""The door to the terminal: ``python -m pelican_mlnotes``."""
