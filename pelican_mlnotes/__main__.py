"""``python -m pelican_mlnotes``."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        # The working folder, where the commands ``pelican`` and ``pelican-mlnotes`` look for no modules
        # either: a blog with a random.py of its own must not stop ours.
        del sys.path[0]
    from pelican_mlnotes.cli.main import main

    raise SystemExit(main())
