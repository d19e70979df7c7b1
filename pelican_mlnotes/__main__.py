"""``python -m pelican_mlnotes``."""

from pelican_mlnotes.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
