"""Which commands, signs, environments and colours does the library lack? ``commands.toml`` lists them."""

from functools import cache
from pathlib import Path

from pelican_mlnotes._cache import read_toml


@cache
def tables() -> dict[str, dict[str, str]]:
    """Return the tables of ``commands.toml``, each from a name to what stands for it."""
    return read_toml(Path(__file__).with_name("commands.toml"))
