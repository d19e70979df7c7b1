"""How is an answer printed?

As tables where a person reads, as one line with tabs a fact where a program does, as JSON with ``--json``.
"""

import json
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

# What embeds or overrides a direction of writing (Unicode Standard Annex 9): letters have their own.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_BETWEEN = 2  # columns of a terminal between two of a table


def show_rows(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if sys.stdout.isatty():
        show_table(names, rows)
    else:
        for row in rows:
            print_line(*row)


def show_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, _BETWEEN, 0, 0), header_style="dim")
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean(cell)) for cell in row))
    if rows:
        Console(highlight=False).print(table)


def fits_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the terminal is wide enough for the rows as a table without a broken line."""
    widths = (max(map(cell_len, map(clean, column))) for column in zip(names, *rows, strict=True))
    return sum(width + _BETWEEN for width in widths) <= Console().width


def print_line(*cells: str) -> None:
    print("\t".join(map(clean, cells)).rstrip("\t"))


def print_json(results: object) -> None:
    """Print plain data, with dataclasses in it or not."""
    print(json.dumps(results, default=asdict, ensure_ascii=False, indent=2))


def clean(text: str) -> str:
    """Return ``text`` on one line, without characters that could steer a terminal or turn its words round."""
    line = " ".join(text.split())
    return "".join(
        "\ufffd" if unicodedata.category(char) == "Cc" or char in _TURNING else char for char in line
    )


def tell(what: object) -> None:
    print("pelican_mlnotes: " + "\n".join(map(clean, str(what).splitlines())), file=sys.stderr)
