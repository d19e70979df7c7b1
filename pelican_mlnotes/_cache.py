"""What need not be worked out again at every start?

Plain data that follows from the package and a site's own files alone: the ten thousand names of topics in the
form in which they are looked up, the tables of the package read from TOML. It is kept among the system's
temporary files, in Python's own format ``marshal``, as Python keeps compiled modules; and as with those, it
counts that no file has changed. Whoever can write there could make us compute nonsense, so it is kept in a
folder that is the user's alone, or not at all.
"""

import marshal
import os
import stat
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent
_SEAL = 16
_MOST = 16  # files of one name: one for each site with topics of its own, and for each place we are installed


def cached(name: str, make: Callable[[], Any], files: Iterable[Path] = (), *more: object) -> Any:
    """Return what ``make`` does, or did before if since then nothing has changed that it follows from.

    That may be the package, the contents of ``files``, and ``more``, which is told apart by its ``repr``.
    ``make`` returns plain data, as Python's ``marshal`` writes. What it raises goes on, and where nothing can
    be cached, it is called each time.
    """
    files = list(files)
    try:
        way = repr((str(_PACKAGE), sys.version, [str(file) for file in files], more))
        place = Path(own_folder(), f"mlnotes-{name}-{_digest(way).hex()}.data")
        basis = _basis(files)
    except OSError:
        return make()
    with suppress(OSError, EOFError, ValueError, TypeError):
        found = place.read_bytes()
        body = memoryview(found)[_SEAL:]
        if found[:_SEAL] == _seal(basis, body):
            return marshal.loads(body)  # noqa: S302  # none but this user wrote it
    data = make()
    with suppress(OSError):
        # Of a file that was saved meanwhile, it cannot be told which version was read.
        if _basis(files) == basis:
            body = memoryview(marshal.dumps(data))
            write_at_once(place, _seal(basis, body) + body)
            _drop_oldest(place.parent, name)
    return data


def _drop_oldest(folder: Path, name: str) -> None:
    """Let not all sites that ever were leave something."""
    found = [(file.stat().st_mtime_ns, file.name) for file in folder.glob(f"mlnotes-{name}-*.data")]
    for _, old in sorted(found)[:-_MOST]:
        (folder / old).unlink(missing_ok=True)


def read_toml(file: Path) -> dict[str, Any]:
    """Return what ``file`` says; that of a file of the package is kept.

    Raises ``OSError``, or ``ValueError`` if it is no TOML.
    """

    def parse() -> dict[str, Any]:
        import tomllib  # here, because a start that finds everything cached does without

        return tomllib.loads(file.read_text(encoding="utf-8"))

    if not file.is_relative_to(_PACKAGE):
        return parse()
    # Two rooms may have files of one name; and no name may begin as another does, up to its hyphen.
    found: dict[str, Any] = cached(".".join(file.relative_to(_PACKAGE).with_suffix("").parts), parse)
    return found


def write_at_once(file: Path, data: bytes, mode: int | None = None) -> None:
    """Replace ``file`` in one step, so that whoever is stopped leaves the former one; raises ``OSError``.

    ``mode`` holds who may read and write it; the system's default if left out.
    """
    written = file.with_name(f"{file.name}.{os.urandom(8).hex()}.tmp")
    try:
        written.write_bytes(data)
        if mode is not None:
            written.chmod(stat.S_IMODE(mode))
        written.replace(file)
    finally:
        with suppress(OSError):
            written.unlink(missing_ok=True)


def sources(package: Path) -> list[Path]:
    """Return the files that what a package works out follows from: code, tables, lists of words, in order."""
    return sorted(file for name in ("*.py", "*.toml", "*_words/*.txt") for file in package.rglob(name))


def digest_of(files: Iterable[Path]) -> str:
    """Return a digest of the contents of ``files`` in their order; raises ``OSError``."""
    digest = blake2b(digest_size=16)
    for file in files:
        digest.update(blake2b(file.read_bytes()).digest())
    return digest.hexdigest()


def own_folder() -> str:
    """Return a folder for temporary files that only this user can reach.

    Raises ``OSError`` if there is none. Whatever stands in its place is left as it is: another user may have
    put a link there that leads elsewhere.
    """
    if os.name == "nt":
        return tempfile.gettempdir()  # each user has one
    folder = Path(tempfile.gettempdir(), f"mlnotes-{os.getuid()}")
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise PermissionError(f"{folder} is not this user's alone")
    return str(folder)


def _basis(files: Iterable[Path]) -> str:
    return repr((_state_of_package(), digest_of(files)))


@cache
def _state_of_package() -> list[tuple[str, int, int, int]]:
    """Return what tells when a file of the package has changed; found once a process, as modules are loaded.

    Its files hold a megabyte, so they are not read for this.
    """
    states = [(file.relative_to(_PACKAGE).as_posix(), file.stat()) for file in sources(_PACKAGE)]
    return [(name, state.st_size, state.st_mtime_ns, state.st_ctime_ns) for name, state in states]


def _seal(basis: str, body: memoryview) -> bytes:
    # The sum finds damage, as after a loss of power.
    return _digest(f"{basis} {zlib.crc32(body)}")


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SEAL).digest()
