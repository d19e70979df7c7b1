"""How does a build get by without compiling the theme's templates anew?

Jinja turns templates into Python for every build, and again for every kind of generator; of a small blog's
build, that took an eighth. Jinja's own cache of the results is used, in a folder among the system's temporary
files, for the theme's templates, and for them alone: Jinja applies filters to constants while it compiles,
and what the filters of another theme or of the site do may change from one build to the next.
"""

import os
from contextlib import suppress
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache

from pelican_mlnotes._cache import own_folder, write_at_once
from pelican_mlnotes.plugin.enabled import is_enabled

STYLESHEET = "static/css/mlnotes.css"
"""What tells our theme from others, and from copies that have been made another theme."""
_SEAL = 16
# What of an environment shapes the code that a template becomes.
_SYNTAX = (
    *("block_start_string", "block_end_string", "variable_start_string", "variable_end_string"),
    *("comment_start_string", "comment_end_string", "line_statement_prefix", "line_comment_prefix"),
    *("trim_blocks", "lstrip_blocks", "newline_sequence", "keep_trailing_newline", "optimized", "autoescape"),
)


class ThemeCode(FileSystemBytecodeCache):
    """Keeps the code of the templates in one folder; of others, nothing."""

    def __init__(self, templates: Path, environment: jinja2.Environment) -> None:
        """Raises ``OSError`` where there is no folder that is the user's alone."""
        values = [getattr(environment, name) for name in _SYNTAX]
        way = repr((jinja2.__version__, values, sorted(environment.extensions)))
        super().__init__(own_folder(), f"mlnotes-{sha256(way.encode()).hexdigest()[:16]}-%s.cache")
        self._templates = f"{templates.as_posix()}/"

    def get_bucket(
        self, environment: jinja2.Environment, name: str, filename: str | None, source: str
    ) -> Bucket:
        """Return what is kept of this very source, if anything."""
        if filename is None or not filename.replace(os.sep, "/").startswith(self._templates):
            return Bucket(environment, "", "")
        return super().get_bucket(environment, name, filename, source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill ``bucket``, unless the file cannot be read or is damaged, as after a loss of power."""
        # Python may end, or run anything, on code with a flipped bit: it is looked at behind its seal alone.
        with suppress(OSError):
            found = Path(self._get_cache_filename(bucket)).read_bytes()
            if found[:_SEAL] == _seal(found[_SEAL:]):
                bucket.bytecode_from_string(found[_SEAL:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what ``bucket`` holds, unless the file cannot be written."""
        if bucket.key:
            code = bucket.bytecode_to_string()
            with suppress(OSError):
                write_at_once(Path(self._get_cache_filename(bucket)), _seal(code) + code)


def _seal(code: bytes) -> bytes:
    return blake2b(code, digest_size=_SEAL).digest()


def has_our_theme(generator: Any) -> bool:
    """Return whether the site is shown by the theme of this project."""
    return Path(generator.theme, STYLESHEET).is_file()


def keep_compiled(generator: Any) -> None:
    """Let the generator's templates be compiled once a version, if they are our theme's."""
    if not is_enabled(generator.settings) or not has_our_theme(generator):
        return
    environment = generator.env
    # Each build has environments of its own, so no template changes within one: no need to look at its file
    # again for every include.
    environment.auto_reload = False
    # A site that has a cache of its own, or code of its own that takes part in compiling, keeps them.
    if (
        environment.bytecode_cache is None
        and environment.finalize is None
        and not callable(environment.autoescape)
        and all(name.startswith("jinja2.ext.") for name in environment.extensions)
    ):
        with suppress(OSError):
            environment.bytecode_cache = ThemeCode(Path(generator.theme, "templates"), environment)
