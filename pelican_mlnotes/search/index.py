"""How do records become what a browser can search? By Pagefind, run once a build."""

import gzip
import json
import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pelican_mlnotes.search.records import Record, topics_of, write_page

FOLDER = "pagefind"
"""Where the index stands below the output folder."""
_HERE = Path(__file__).parent
OWN_FILES = ("search.js", "search.css")
"""What pages of results load beside the index; they stand in the same folder."""
_KEPT = (
    *("pagefind.js", "pagefind-entry.json", "pagefind.*.pf_meta", "wasm.*.pagefind"),
    *("index/*", "fragment/*", "topics.json"),
)
_LONGEST_RUN = 900  # seconds; 5,000 posts take about thirty


class SearchError(RuntimeError):
    """There is no index: says why, and what to do about it."""


def make_index(records: Sequence[Record], folder: Path) -> None:
    """Write the index of ``records``, one for each language, into ``folder``; raises ``SearchError``.

    The same records give the same files, whatever their order. Filters of Pagefind are not used, because it
    writes them in an order that changes from run to run; ``topics.json`` takes their place.
    """
    try:
        with TemporaryDirectory(prefix="mlnotes-search-") as work:
            pages, made = Path(work, "pages"), Path(work, "index")
            pages.mkdir()
            # Of equally good results, the newest comes first.
            ordered = sorted(records, key=lambda record: (record.url, record.lang, record.title))
            ordered.sort(key=lambda record: record.iso_date, reverse=True)
            for number, record in enumerate(ordered):
                (pages / f"{number:07}.html").write_text(write_page(record), encoding="utf-8")
            _run(pages, made, Path(work))
            _write_topics(made, ordered)
            _sort_entry(made / "pagefind-entry.json")
            for path in _needed(made):
                target = folder / path.relative_to(made)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
            for name in OWN_FILES:
                (folder / name).write_bytes((_HERE / name).read_bytes())
    except (OSError, ValueError, KeyError) as error:
        raise SearchError(f"Pagefind's index cannot be used: {type(error).__name__}: {error}") from error


def replace_folder(new: Path, folder: Path) -> None:
    """Make ``folder`` hold what ``new`` does, and nothing else; raises ``OSError``.

    What has not changed is not touched, so that a copy to a host sends only what has.
    """
    wanted = {path.relative_to(new): path for path in new.rglob("*") if path.is_file()}
    for relative, source in wanted.items():
        target, data = folder / relative, source.read_bytes()
        if not target.is_file() or target.read_bytes() != data:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder) not in wanted:
            path.unlink()


def _run(pages: Path, made: Path, folder: Path) -> None:
    try:
        from pagefind.service import get_executable  # here, because most sites have no search
    except ImportError:
        raise SearchError(
            "Pagefind is not installed; install it with: pip install 'pelican-mlnotes[search]'"
        ) from None
    try:
        program = get_executable()
    except FileNotFoundError:
        program = None
    if program is None:
        raise SearchError(
            "Pagefind has no program for this system; install one with: pip install 'pagefind[bin]'"
        )
    # Neither options of the environment nor a pagefind.toml of the working folder shall change the index.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    command: list[str | Path] = [program, "--site", pages, "--output-path", made, "--silent"]
    try:
        done = subprocess.run(  # noqa: S603  # the program of an installed package, and paths of ours
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LONGEST_RUN,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise SearchError(f"Pagefind could not be run: {error}") from error
    if done.returncode or not (made / "pagefind-entry.json").is_file():
        said = (done.stderr + done.stdout).decode("utf-8", "replace").strip()
        raise SearchError(f"Pagefind ended with code {done.returncode}: {' '.join(said.split())[-300:]}")


def _needed(made: Path) -> Iterable[Path]:
    """Yield the files that a search loads; interfaces of Pagefind's own, 400 KB, are not among them."""
    languages = _entry(made / "pagefind-entry.json")["languages"].values()
    programs = {f"wasm.{language['wasm'] or 'unknown'}.pagefind" for language in languages}
    for glob in _KEPT:
        for path in sorted(made.glob(glob)):
            if not path.name.startswith("wasm.") or path.name in programs:
                yield path


def _write_topics(made: Path, records: Sequence[Record]) -> None:
    """Tell which results have a topic: language -> ids of its posts, and topics with places among them."""
    ids = {}
    for path in (made / "fragment").iterdir():
        # Twelve bytes stand before the JSON, to tell that it is none of an older format.
        fragment = json.loads(gzip.decompress(path.read_bytes())[12:])
        ids[int(Path(fragment["url"]).stem)] = path.stem
    found: dict[str, Any] = {}
    for language in sorted({record.language for record in records}):
        numbers = [number for number, record in enumerate(records) if record.language == language]
        found[language] = {
            "posts": [ids[number].removeprefix(f"{language}_") for number in numbers],
            "topics": topics_of([records[number] for number in numbers]),
        }
    data = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    (made / "topics.json").write_text(data, encoding="utf-8")


def _sort_entry(file: Path) -> None:
    """Write the list of languages in order: Pagefind's changes from run to run."""
    data = json.dumps(_entry(file), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    file.write_text(data, encoding="utf-8")


def _entry(file: Path) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return entry
