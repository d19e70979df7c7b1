"""What does a new blog consist of?"""

import json
import re
import sys
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from docutils.languages import get_language

from pelican_mlnotes._patterns import pattern

DISTRIBUTION = "pelican-mlnotes"

_FILES = Path(__file__).with_name("new_site")
# Pelican warns of a language that docutils has no words for.
_NO_REST = 'READERS = {"rst": None}  # reStructuredText has no words in this language\n'
_LANG = pattern(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_ADDRESS = pattern(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)


class StartError(ValueError):
    """No blog can be made of what was asked for: says why, and what to do about it."""


class _Form(Template):
    delimiter = "§"  # the sign for dollars begins formulas


@dataclass(frozen=True, slots=True)
class Requirement:
    """A line of ``requirements.txt`` that brings this package."""

    line: str
    """Begins with ``#`` where nobody else could install from it."""
    missing: str
    """What is to be filled in then; empty otherwise."""


def make_site(title: str, author: str, url: str, lang: str, day: date, itself: Requirement) -> dict[str, str]:
    """Return path -> text of the files of a blog; raises ``StartError`` for a value that cannot be right."""
    for name, value in (("--title", title), ("--author", author)):
        if not value.isprintable():
            raise StartError(f"{name} {value!r} holds a line break or another sign that cannot be shown")
    if not _LANG.fullmatch(lang):
        raise StartError(f"--lang {lang!r} is no code of a language; write 'en', or 'pt-BR'")
    values = {
        "title": repr(title),
        "author": f"AUTHOR = {author!r}" if author else '# AUTHOR = "Your name"',
        "url": repr(_checked_address(url)) if url else 'os.environ.get("SITEURL", "")',
        "lang": repr(lang.replace("_", "-")),
        "readers": "" if get_language(lang) else _NO_REST,
        "python": ".".join(map(str, sys.version_info[:2])),
        "heading": title,
        "date": day.isoformat(),
        "pelican": metadata.version("pelican"),
        "markdown": metadata.version("markdown"),
        "itself": itself.line,
    }
    post = _FILES / f"post.{lang.replace('_', '-').partition('-')[0].lower()}.md"
    forms = {
        "pelicanconf.py": _FILES / "pelicanconf.py.txt",
        "publishconf.py": _FILES / "publishconf.py.txt",
        "requirements.txt": _FILES / "requirements.txt.txt",
        "README.md": _FILES / "README.md.txt",
        ".gitignore": _FILES / "gitignore.txt",
        ".github/workflows/pages.yml": _FILES / "pages.yml.txt",
        "content/how-a-note-is-written.md": post if post.is_file() else _FILES / "post.en.md",
    }
    made = {path: _Form(form.read_text(encoding="utf-8")).substitute(values) for path, form in forms.items()}
    made["content/images/softmax.svg"] = (_FILES / "softmax.svg").read_text(encoding="utf-8")
    return made


def _checked_address(url: str) -> str:
    """Return ``url`` without a slash at its end; raises ``StartError``."""
    try:
        parts = urlsplit(url)
        right = bool(_ADDRESS.fullmatch(url) and parts.hostname and not parts.query and not parts.fragment)
    except ValueError:
        right = False
    if not right:
        raise StartError(f"--url {url!r} is no address of a site; write https://notes.example")
    return url.rstrip("/")


def is_free(folder: Path) -> bool:
    """Return whether a blog can be put into ``folder``: it does not exist, or holds a repository at most."""
    return not folder.exists() or (folder.is_dir() and all(one.name == ".git" for one in folder.iterdir()))


def requirement_of(version: str, origin: str | None) -> Requirement:
    """Return how others install this package as it is installed here.

    ``origin`` is the text of its ``direct_url.json``, see
    https://packaging.python.org/en/latest/specifications/direct-url/; ``None`` for one from an index.
    """
    if origin is None:
        return Requirement(f"{DISTRIBUTION}=={version}", "")
    try:
        said = json.loads(origin)
        url, repository = str(said["url"]), said.get("vcs_info")
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]  # a name and a password are nobody else's business
        public = parts._replace(netloc=host).geturl()
        folder = f"#subdirectory={said['subdirectory']}" if said.get("subdirectory") else ""
        if repository and parts.scheme != "file":
            place = f"{repository['vcs']}+{public}@{repository['commit_id']}{folder}"
            return Requirement(f"{DISTRIBUTION} @ {place}", "")
        if "archive_info" in said and parts.scheme in ("http", "https"):
            return Requirement(f"{DISTRIBUTION} @ {public}{folder}", "")
    except (ValueError, KeyError, TypeError, AttributeError):
        url = "a place that cannot be told"
    return Requirement(
        f"# {DISTRIBUTION} @ git+https://...  # it was installed from a folder, which others do not have",
        f"the address of the repository that {DISTRIBUTION} comes from; here it was installed from {url}",
    )


def own_requirement() -> Requirement:
    """Return how others install this package as it is installed here."""
    try:
        installed = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:  # a clone that is merely on the path
        return requirement_of("", '{"url": "a folder on the path of Python", "dir_info": {}}')
    return requirement_of(installed.version, installed.read_text("direct_url.json"))
