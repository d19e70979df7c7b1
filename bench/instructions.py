"""Instructions that builds execute, counted by valgrind.

CPU time of one and the same build swings by far more than a change of ours may cost; the count of
instructions under cachegrind, with one seed for hashes, repeats within a hundredth beside any load.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
_LISTS = "MLNOTES_RELATED_APPEND=true"
_THEME = f'THEME="{(ROOT / "theme").as_posix()}"'

# What is counted, and how it is built: mode of bench.build and settings. The theme shows lists by itself.
ROWS: dict[str, tuple[str, ...]] = {
    "bare": ("bare",),
    "plugin": ("with",),
    "lists": ("with", _LISTS),
    "theme": ("with", _THEME),
}
# Ratios that are budgeted: a row, what it is divided by, and what that says.
RATIOS = {
    ("plugin", "bare"): "plugin, no list shown, to bare Pelican",
    ("lists", "bare"): "plugin, lists on every page, to bare Pelican",
    ("theme", "lists"): "our theme to `simple`, plugin and lists in both",
}


class MissingToolError(RuntimeError):
    """What counts is not installed."""


def find_valgrind() -> str:
    """Return where valgrind is; raises ``MissingToolError`` with the way out where there is none."""
    found = shutil.which("valgrind")
    if found is None:
        raise MissingToolError(
            "python -m bench --instructions counts with valgrind, which is not on PATH; install it "
            "(Debian, Ubuntu: apt-get install valgrind; Fedora: dnf install valgrind), or leave "
            "--instructions out to measure CPU time"
        )
    return found


def count(valgrind: str, content: Path, mode: str, *settings: str) -> int:
    """Return the instructions of one build of ``content``; raises ``RuntimeError`` if the build fails.

    The build is done once before, uncounted: what is compiled or kept at the first is there for all later.
    """
    with TemporaryDirectory() as folder:
        log = Path(folder, "log")
        build = [sys.executable, "-m", "bench.build", str(content), f"{folder}/output", mode, *settings]
        counting = [
            valgrind,
            "--tool=cachegrind",
            "--cache-sim=no",
            f"--cachegrind-out-file={folder}/counts",
            f"--log-file={log}",
        ]
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        # Nothing of other builds on this machine, and modules compiled as on a reader's.
        env = {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0", "TMPDIR": folder}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        for command in (build, [*counting, *build]):
            shutil.rmtree(f"{folder}/output", ignore_errors=True)
            done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603
            if done.returncode:
                raise RuntimeError(f"{' '.join(command)} failed: {done.stderr}")
        refs = re.search(r"I\s+refs:\s+([\d,]+)", log.read_text(encoding="utf-8"))
        if refs is None:
            raise RuntimeError(f"{valgrind} counted nothing: {log.read_text(encoding='utf-8')}")
        return int(refs[1].replace(",", ""))


def table(valgrind: str, content: Path, posts: int) -> Iterator[str]:
    """Count the builds of ``ROWS``, one a core; yield each line as it is known, and the budgeted ratios.

    Raises ``RuntimeError`` if a build fails.
    """
    yield f"{'':12}{'10^9 instructions':>20}{'10^6 a post':>14}"
    counts = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        counting = pool.map(lambda how: count(valgrind, content, *how), ROWS.values())
        for name, counted in zip(ROWS, counting, strict=True):
            counts[name] = counted
            yield f"{name:12}{counted / 1e9:>20.3f}{counted / 1e6 / posts:>14.2f}"
    for (row, base), meaning in RATIOS.items():
        yield f"{row + '/' + base:12}{counts[row] / counts[base]:>20.3f}  {meaning}"
