"""``pelican-mlnotes``: what was asked, and how does it end?

Exit codes: 0 all is well, 1 ``check`` found something, 2 the question or the site's configuration is wrong.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pelican_mlnotes import __version__
from pelican_mlnotes.cli.check import LEVELS, Finding
from pelican_mlnotes.cli.commands import NEVER, OK, run_check, run_explain, run_suggest, run_topics
from pelican_mlnotes.cli.file_commands import run_blogger, run_new, run_redirects
from pelican_mlnotes.cli.output import print_json, tell
from pelican_mlnotes.cli.site import SiteError
from pelican_mlnotes.cli.start import StartError
from pelican_mlnotes.document.pictures import PictureRulesError
from pelican_mlnotes.importers.blogger import BloggerError
from pelican_mlnotes.importers.files import FolderError
from pelican_mlnotes.importers.redirects import FORMATS
from pelican_mlnotes.settings import SettingsError
from pelican_mlnotes.topics.taxonomy import TaxonomyError

WRONG = 2

# What stops a build before a post is read, and the kind of finding that it is.
_STOPPING: dict[type[Exception], str] = {
    SettingsError: "settings",
    TaxonomyError: "taxonomy",
    PictureRulesError: "picture-rules",
}
# What ends a command with a message instead of a traceback.
_TOLD: tuple[type[Exception], ...] = (*_STOPPING, SiteError, BloggerError, FolderError, StartError, OSError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot show a character of a title must not end the command.
            stream.reconfigure(errors="backslashreplace")
    asked = _parser().parse_args(arguments)
    try:
        code: int = asked.run(asked)
        sys.stdout.flush()
    except _TOLD as error:
        if isinstance(error, BrokenPipeError):
            # The reader, "head" for one, has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return OK
        kind = next((kind for fault, kind in _STOPPING.items() if isinstance(error, fault)), "")
        if asked.json and kind and asked.run is run_check:
            print_json([Finding("error", kind, "", str(error))])
        else:
            tell(error)
        return WRONG
    return code


def _open_streams() -> None:
    """Open what the shell has closed, as ``check >&-`` does: there is nobody to print for, and no fault."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # For as long as the process lives; not inherited from whoever closed it.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_program(sys.argv[0]), description="Look into a Pelican site of machine-learning notes."
    )
    parser.add_argument("--version", action="version", version=f"pelican-mlnotes {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        one.set_defaults(run=run)
        one.add_argument("--json", action="store_true", help="print JSON")
        return one

    def about_posts(one: argparse.ArgumentParser) -> None:
        one.add_argument("paths", nargs="*", type=Path, metavar="POST", help="posts or folders; all if none")
        one.add_argument("-s", "--settings", type=Path, metavar="FILE", help="default: pelicanconf.py")

    explain = command(
        "explain", run_explain, "say why posts have their excerpts, badges, topics and related posts"
    )
    about_posts(explain)
    explain.add_argument("--site", action="store_true", help="say what becomes of the whole site")
    explain.add_argument(
        "--before",
        type=Path,
        metavar="PATH",
        help="a former output, or a list of its tag pages (default: output)",
    )
    check = command("check", run_check, "look for mistakes in settings, taxonomy and posts")
    about_posts(check)
    check.add_argument(
        "--fail-on",
        choices=(*LEVELS, NEVER),
        default="error",
        help="lowest level of a finding that makes the exit code 1 (default: error)",
    )
    suggest = command("suggest", run_suggest, "show the line 'Topics: ...' for posts that have none")
    about_posts(suggest)
    suggest.add_argument("--write", action="store_true", help="write the lines into the posts")
    topics = command("topics", run_topics, "list topics, look for one, or propose those that the site lacks")
    topics.add_argument(
        "words", nargs="*", metavar="WORD", help="what a name of it holds; all topics if none"
    )
    topics.add_argument("-s", "--settings", type=Path, metavar="FILE", help="default: pelicanconf.py")
    topics.add_argument(
        "--missing",
        action="store_true",
        help="topics that titles and headings call for and the taxonomy lacks, as TOML to paste",
    )
    new = command("new", run_new, "begin a blog of your own")
    new.add_argument("folder", type=Path, metavar="DIR", help="a new folder, or an empty one")
    new.add_argument("--title", default="", help="default: the name of the folder")
    new.add_argument("--author", default="", help="your name")
    new.add_argument("--url", default="", help="where the site will be, as https://notes.example")
    new.add_argument("--lang", default="en", help="its language, as de or pt-BR (default: en)")
    blogger = command("blogger", run_blogger, "turn an export file of Blogger into posts")
    blogger.add_argument("export", type=Path, metavar="FILE", help="blog-....xml or feed.atom")
    blogger.add_argument("-o", "--output", type=Path, default=Path("content"), help="default: content")
    blogger.add_argument("--new-addresses", action="store_true", help="let your settings decide addresses")
    blogger.add_argument("--comments", type=Path, metavar="FILE", help="write the comments there, as JSON")
    blogger.add_argument("--replace", action="store_true", help="write over files that exist")
    redirects = command("redirects", run_redirects, "print where former addresses lead now")
    redirects.add_argument("export", type=Path, nargs="?", metavar="FILE", help="blog-....xml or feed.atom")
    redirects.add_argument("--tags", action="store_true", help="tag pages of a former output, too")
    redirects.add_argument(
        "--before",
        type=Path,
        metavar="PATH",
        help="that output, or a list of its tag pages (default: output)",
    )
    redirects.add_argument("-s", "--settings", type=Path, metavar="FILE", help="default: pelicanconf.py")
    redirects.add_argument("--format", choices=tuple(FORMATS), default="netlify")
    redirects.add_argument("--pages", type=Path, metavar="FOLDER", help="write pages that redirect instead")
    return parser


def _program(called: str) -> str:
    """Return what to write in help: the name that we were ``called`` by."""
    name = Path(called).name
    return "python -m pelican_mlnotes" if name == "__main__.py" else name.removesuffix(".exe")
