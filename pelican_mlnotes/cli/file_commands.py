"""What do the commands do that make files: a new blog, imported posts, redirects?"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pelican_mlnotes.cli.commands import OK, read_asked
from pelican_mlnotes.cli.output import print_json, print_line, show_rows, tell
from pelican_mlnotes.cli.site import SiteError, shown_path
from pelican_mlnotes.cli.start import StartError, is_free, make_site, own_requirement
from pelican_mlnotes.importers.blogger import Blog, files_by_address, make_html_post, read_blogger
from pelican_mlnotes.importers.files import FolderError, path_inside, write_files
from pelican_mlnotes.importers.former_tags import find_heirs, former_pages, last_output
from pelican_mlnotes.importers.redirects import FORMATS, find_redirects, is_page, make_page, page_path


@dataclass(frozen=True, slots=True)
class Imported:
    """A file made from a post of an export file."""

    path: str
    kind: str
    title: str
    address: str
    """Path on the old blog; empty for a draft."""
    draft: bool


def run_new(asked: argparse.Namespace) -> int:
    folder: Path = asked.folder
    if not is_free(folder):
        raise StartError(f"{folder} is no empty folder; name one that does not exist")
    itself = own_requirement()
    title = asked.title or folder.resolve().name
    day = datetime.now(UTC).date()
    made = make_site(title, asked.author, asked.url, asked.lang, day, itself)
    write_files({path_inside(folder, name): text.encode() for name, text in made.items()})
    paths = sorted(shown_path(folder / name) for name in made)
    if asked.json:
        print_json({"files": paths, "missing": itself.missing})
        return OK
    for path in paths:
        print_line(path)
    if itself.missing:
        tell(f"fill in, in {folder / 'requirements.txt'}: {itself.missing}")
    print(f"Next: read {folder / 'README.md'}.", file=sys.stderr)
    return OK


def _read_export(file: Path) -> Blog:
    """Raises ``SiteError`` for a folder, ``BloggerError`` for a file of another kind."""
    if file.is_dir():
        raise SiteError(
            f"{file} is a folder; name an export file of Blogger (a former output goes behind --before)"
        )
    return read_blogger(file.read_bytes())


def run_blogger(asked: argparse.Namespace) -> int:
    blog = _read_export(asked.export)
    known = files_by_address(blog.posts)
    files: dict[Path, bytes] = {}
    written = []
    for post in blog.posts:
        file = path_inside(asked.output, post.file)
        text = make_html_post(post, known, keep=not asked.new_addresses)
        files[file] = text.encode("utf-8", "replace")
        written.append(Imported(shown_path(file), post.kind, post.title, post.address, post.draft))
    if asked.comments:
        comments = [asdict(comment) for comment in blog.comments]
        text = json.dumps(comments, ensure_ascii=False, indent=2) + "\n"
        files[asked.comments] = text.encode("utf-8", "replace")
    write_files(files, replace=asked.replace)
    if asked.json:
        print_json(written)
    else:
        rows = [(one.path, "draft" if one.draft else one.kind, one.title) for one in written]
        show_rows(("File", "Kind", "Title"), rows)
        if blog.comments and not asked.comments:
            print(f"Comments left out: {len(blog.comments)}; --comments FILE keeps them.", file=sys.stderr)
    return OK


def run_redirects(asked: argparse.Namespace) -> int:
    if not asked.export and not asked.tags:
        raise SiteError("name an export file of Blogger, or ask for --tags")
    blog = _read_export(asked.export) if asked.export else None
    site = read_asked(asked)
    found = find_redirects(blog, site) if blog else {}
    if asked.tags:
        before = asked.before or last_output(site)
        if before is None:
            raise SiteError("there is no former output; name one, or a list of its tag pages, with --before")
        for heir in find_heirs(former_pages(before, site), site):
            if heir.new:
                found[heir.address] = heir.new
            else:
                near = f"; the nearest broader one is {heir.broader!r}" if heir.broader else ""
                tell(f"{heir.address}: no tag stands for it now{near}")
    if asked.pages is None:
        sys.stdout.write(FORMATS["json" if asked.json else asked.format](found))
        return OK
    pages: dict[Path, bytes] = {}
    lines: list[tuple[str, str]] = []
    for old, new in found.items():
        try:
            page = page_path(asked.pages, old)
        except FolderError as error:
            tell(error)
            continue
        if page and page.exists() and not is_page(page):
            tell(f"{page} is a page of the site's own; it is left as it is")
        elif page:
            pages[page] = make_page(new).encode()
            lines.append((str(page), new))
    write_files(pages, replace=True)
    for line in lines:
        print_line(*line)
    return OK
