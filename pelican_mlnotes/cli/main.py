"""``pelican-mlnotes``: what was asked, and how is the answer printed?

Exit codes: 0 all is well, 1 ``check`` found something, 2 the question or the site's configuration is wrong.
Tables where a person reads, one line with tabs a fact where a program does, JSON with ``--json``.
"""

import argparse
import json
import os
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pelican.contents import Article
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pelican_mlnotes import __version__
from pelican_mlnotes.cli.check import LEVELS, Finding, check_site
from pelican_mlnotes.cli.explain import ChosenTopic, Explanation, RunnerUp, explain_post, relate_all
from pelican_mlnotes.cli.front_matter import EDITORS
from pelican_mlnotes.cli.site import Site, SiteError, chosen_posts, read_site, shown_path
from pelican_mlnotes.cli.start import StartError, is_free, make_site, own_requirement
from pelican_mlnotes.cli.survey import Survey, survey_site
from pelican_mlnotes.document.pictures import PictureRulesError
from pelican_mlnotes.importers.blogger import BloggerError, files_by_address, make_html_post, read_blogger
from pelican_mlnotes.importers.files import FolderError, path_inside, write_files
from pelican_mlnotes.importers.former_tags import find_heirs, former_pages, last_output
from pelican_mlnotes.importers.redirects import FORMATS, find_redirects, is_page, make_page, page_path
from pelican_mlnotes.settings import SettingsError
from pelican_mlnotes.topics.taxonomy import TaxonomyError

OK, FOUND, WRONG = 0, 1, 2
NEVER = "never"
# What fits on a page of a terminal.
_SHOWN = 8
_EXAMPLES = 3
_WIDTH = 80

# What stops a build before a post is read, and the kind of finding that it is.
_STOPPING: dict[type[Exception], str] = {
    SettingsError: "settings",
    TaxonomyError: "taxonomy",
    PictureRulesError: "picture-rules",
}
# What ends a command with a message instead of a traceback.
_TOLD: tuple[type[Exception], ...] = (*_STOPPING, SiteError, BloggerError, FolderError, StartError, OSError)


@dataclass(frozen=True, slots=True)
class Imported:
    """A file made from a post of an export file."""

    path: str
    kind: str
    title: str
    address: str
    """Path on the old blog; empty for a draft."""
    draft: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line for a post's front matter."""

    path: str
    topics: tuple[str, ...]
    line: int
    """Number of the line, from 1; 0 if there is nothing to write."""
    written: bool
    skipped: str
    """Why nothing is to be written; empty otherwise."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
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
        if asked.json and kind and asked.run is _check:
            _print_json([Finding("error", kind, "", str(error))])
        else:
            _tell(error)
        return WRONG
    return code


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
        "explain", _explain, "say why posts have their excerpts, badges, topics and related posts"
    )
    about_posts(explain)
    explain.add_argument("--site", action="store_true", help="say what becomes of the whole site")
    explain.add_argument(
        "--before",
        type=Path,
        metavar="PATH",
        help="a former output, or a list of its tag pages (default: output)",
    )
    check = command("check", _check, "look for mistakes in settings, taxonomy and posts")
    about_posts(check)
    check.add_argument(
        "--fail-on",
        choices=(*LEVELS, NEVER),
        default="error",
        help="lowest level of a finding that makes the exit code 1 (default: error)",
    )
    suggest = command("suggest", _suggest, "show the line 'Topics: ...' for posts that have none")
    about_posts(suggest)
    suggest.add_argument("--write", action="store_true", help="write the lines into the posts")
    new = command("new", _new, "begin a blog of your own")
    new.add_argument("folder", type=Path, metavar="DIR", help="a new folder, or an empty one")
    new.add_argument("--title", default="", help="default: the name of the folder")
    new.add_argument("--author", default="", help="your name")
    new.add_argument("--url", default="", help="where the site will be, as https://notes.example")
    new.add_argument("--lang", default="en", help="its language, as de or pt-BR (default: en)")
    blogger = command("blogger", _blogger, "turn an export file of Blogger into posts")
    blogger.add_argument("export", type=Path, metavar="FILE", help="blog-....xml or feed.atom")
    blogger.add_argument("-o", "--output", type=Path, default=Path("content"), help="default: content")
    blogger.add_argument("--new-addresses", action="store_true", help="let your settings decide addresses")
    blogger.add_argument("--comments", type=Path, metavar="FILE", help="write the comments there, as JSON")
    blogger.add_argument("--replace", action="store_true", help="write over files that exist")
    redirects = command("redirects", _redirects, "print where former addresses lead now")
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


# ------------------------------------------------------------------------------------------- commands


def _read(asked: argparse.Namespace) -> Site:
    conf: Path | None = asked.settings
    if conf is None and Path("pelicanconf.py").is_file():
        conf = Path("pelicanconf.py")
    paths: list[Path] = getattr(asked, "paths", [])
    for path in paths:
        if not path.exists():
            raise SiteError(f"{path}: there is no such file")
    with Console(stderr=True).status("Reading the posts"):
        return read_site(conf, paths)


def _explain(asked: argparse.Namespace) -> int:
    site = _read(asked)
    if asked.site:
        return _survey(site, asked)
    posts, relating = chosen_posts(site, asked.paths), relate_all(site)
    explained = [explain_post(post, site, relating) for post in posts]
    if asked.json:
        _print_json(explained)
    elif sys.stdout.isatty():
        for one in explained:
            _show_explanation(one)
    else:
        for one in explained:
            for fact in _facts(one):
                _print_line(one.path, *fact)
    return OK


def _survey(site: Site, asked: argparse.Namespace) -> int:
    before = asked.before or last_output(site)
    found = survey_site(
        site, former_pages(before, site) if before else [], shown_path(before) if before else ""
    )
    if asked.json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    elif sys.stdout.isatty():
        _show_survey(found)
    else:
        for line in _survey_facts(found):
            _print_line(*line)
    return OK


def _check(asked: argparse.Namespace) -> int:
    site = _read(asked)
    found = check_site(site, chosen_posts(site, asked.paths))
    if asked.json:
        _print_json(found)
    else:
        rows = [(one.level, one.kind, one.path, one.message) for one in found]
        _show_rows(("Level", "Kind", "Post", "What"), rows)
        counts = Counter(one.level for one in found)
        print(", ".join(f"{level}s: {counts[level]}" for level in LEVELS), file=sys.stderr)
    if asked.fail_on == NEVER:
        return OK
    serious = LEVELS[: LEVELS.index(asked.fail_on) + 1]
    return FOUND if any(one.level in serious for one in found) else OK


def _suggest(asked: argparse.Namespace) -> int:
    site = _read(asked)
    suggestions = [_suggest_one(post, write=asked.write) for post in chosen_posts(site, asked.paths)]
    if asked.json:
        _print_json(suggestions)
        return OK
    rows = [
        (one.path, str(one.line or ""), one.skipped or "Topics: " + ", ".join(one.topics))
        for one in suggestions
    ]
    _show_rows(("Post", "Line", "Written" if asked.write else "Would be written"), rows)
    if not asked.write and any(one.line for one in suggestions):
        print("Nothing is changed; --write writes these lines.", file=sys.stderr)
    return OK


def _suggest_one(post: Article, *, write: bool) -> Suggestion:
    file = Path(post.source_path or "")
    path = shown_path(file)
    if "topics" in post.metadata:
        return Suggestion(path, (), 0, False, "has a line 'Topics:'")
    if file.suffix.lower() not in EDITORS:
        return Suggestion(path, (), 0, False, "neither Markdown nor reStructuredText")
    topics = tuple(tag.name for tag in getattr(post, "topics", ()))
    if not topics:
        return Suggestion(path, (), 0, False, "no topic fits")
    edit = EDITORS[file.suffix.lower()](file.read_bytes(), "Topics", ", ".join(topics))
    if write:
        file.write_bytes(edit.source)
    return Suggestion(path, topics, edit.line, write, "")


def _new(asked: argparse.Namespace) -> int:
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
        print(json.dumps({"files": paths, "missing": itself.missing}, ensure_ascii=False, indent=2))
        return OK
    for path in paths:
        _print_line(path)
    if itself.missing:
        _tell(f"fill in, in {folder / 'requirements.txt'}: {itself.missing}")
    print(f"Next: read {folder / 'README.md'}.", file=sys.stderr)
    return OK


def _blogger(asked: argparse.Namespace) -> int:
    blog = read_blogger(asked.export.read_bytes())
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
        _print_json(written)
    else:
        rows = [(one.path, "draft" if one.draft else one.kind, one.title) for one in written]
        _show_rows(("File", "Kind", "Title"), rows)
        if blog.comments and not asked.comments:
            print(f"Comments left out: {len(blog.comments)}; --comments FILE keeps them.", file=sys.stderr)
    return OK


def _redirects(asked: argparse.Namespace) -> int:
    if not asked.export and not asked.tags:
        raise SiteError("name an export file of Blogger, or ask for --tags")
    blog = read_blogger(asked.export.read_bytes()) if asked.export else None
    site = _read(asked)
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
                _tell(f"{heir.address}: no tag stands for it now{near}")
    if asked.pages is None:
        sys.stdout.write(FORMATS["json" if asked.json else asked.format](found))
        return OK
    pages: dict[Path, bytes] = {}
    lines: list[tuple[str, str]] = []
    for old, new in found.items():
        try:
            page = page_path(asked.pages, old)
        except FolderError as error:
            _tell(error)
            continue
        if page and page.exists() and not is_page(page):
            _tell(f"{page} is a page of the site's own; it is left as it is")
        elif page:
            pages[page] = make_page(new).encode()
            lines.append((str(page), new))
    write_files(pages, replace=True)
    for line in lines:
        _print_line(*line)
    return OK


def _tell(what: object) -> None:
    print("pelican_mlnotes: " + "\n".join(map(_clean, str(what).splitlines())), file=sys.stderr)


# ------------------------------------------------------------------------------------------- printing


def _facts(one: Explanation) -> list[tuple[str, ...]]:
    facts: list[tuple[str, ...]] = [("excerpt", str(one.excerpt_length), one.excerpt_from)]
    facts += [("badge", badge) for badge in one.badges]
    facts += [("picture", one.picture)] if one.picture else []
    facts += [("image", one.image)] if one.image != one.picture else []
    facts += [("topic", topic.tag, _shown(topic.score), _why(topic)) for topic in one.topics]
    facts += [("lost", loser.topic, _shown(loser.score), loser.lost, _why(loser)) for loser in one.runners_up]
    facts += [("tag", tag.tag, tag.topic) for tag in one.author_tags]
    facts += [("related", it.path, _shown(it.score), ", ".join(it.reasons)) for it in one.related]
    facts += [("short", one.related_short)] if one.related_short else []
    facts += [("missed", it.path, _shown(it.score)) for it in one.near_misses]
    return facts


def _shown(score: float | None) -> str:
    # Rounded down: 0.5996 is less than 0.60.
    return "" if score is None else f"{score:.4f}"[:-2]


def _why(topic: ChosenTopic | RunnerUp) -> str:
    through = ["narrower topics: " + ", ".join(topic.through)] if topic.through else []
    return "; ".join([*topic.evidence, *through])


def _show_explanation(one: Explanation) -> None:
    console = Console(highlight=False)
    console.print(Text(_clean(one.title), style="bold"), Text(_clean(one.path), style="dim"))
    badges = ", ".join(one.badges) or "none"
    source = f" from {one.excerpt_from}" if one.excerpt_from else ""
    console.print(Text(_clean(f"  Excerpt: {one.excerpt_length:,} characters{source}. Badges: {badges}.")))
    if one.picture:
        console.print(Text(_clean(f"  First picture in the text: {one.picture}")))
    if one.image != one.picture:
        console.print(Text(_clean(f"  The author's line 'Image:' names {one.image or 'none'}.")))
    if one.topics_chosen_by == "author":
        console.print(Text("  The author chose the topics."))
    rows = [(topic.tag, _shown(topic.score), _why(topic), "") for topic in one.topics]
    rows += [(loser.topic, _shown(loser.score), _why(loser), loser.lost) for loser in one.runners_up]
    if rows:
        _show_table(("Topic", "Score", "Evidence", "Why not"), rows)
    else:
        console.print(Text("  No topic of the taxonomy is named."))
    for tag in one.author_tags:
        if tag.topic and tag.topic != tag.tag:
            console.print(Text(_clean(f'  Your tag "{tag.tag}" stands for {tag.topic}.')))
    for other in one.related:
        told = ", ".join(filter(None, (_shown(other.score), *other.reasons))) or "the author's choice"
        console.print(Text(_clean(f"  Related: {other.title} ({told})")))
    if one.related_short:
        more = "No more related posts" if one.related else "No related posts"
        console.print(Text(_clean(f"  {more}: {one.related_short}.")))
    for miss in one.near_misses:
        console.print(Text(_clean(f"  Missed: {miss.title} ({_shown(miss.score)})")))
    console.print()


def _survey_facts(found: Survey) -> list[tuple[str, ...]]:
    facts: list[tuple[str, ...]] = [("posts", str(found.posts)), ("compared with", found.compared_with)]
    facts += [("new tag page", one.tag, str(one.posts), one.address) for one in found.tag_pages_new]
    facts += [("longer tag page", one.tag, str(one.posts), str(one.before)) for one in found.tag_pages_longer]
    facts += [("tag page gone", one.address, one.tag, one.new, one.broader) for one in found.tag_pages_gone]
    facts += [("summary", one.path, one.before, one.after, str(one.pictures)) for one in found.summaries]
    facts += [("topics found", str(found.topics_found)), ("topics written", str(found.topics_written))]
    facts += [("no topics", path) for path in found.topics_none]
    facts += [("related posts full", str(found.related_full))]
    facts += [("related posts short", one.path, str(one.related), one.why) for one in found.related_short]
    facts += [("keep", one.setting, one.keeps) for one in found.keep]
    return facts


def _show_survey(found: Survey) -> None:
    """Print one page: numbers, and the first few of each list."""
    console = Console(highlight=False)

    def say(text: str, *, style: str = "") -> None:
        console.print(Text(_clean(text), style=style))

    def more(rows: Sequence[object]) -> None:
        if len(rows) > _SHOWN:
            say(f"  and {len(rows) - _SHOWN} more; --json lists all")

    than = found.compared_with or "the tags that authors wrote"
    say(f"{found.posts} posts; tag pages compared with {than}. Nothing is written.", style="bold")
    say(f"New tag pages: {len(found.tag_pages_new)}", style="bold")
    rows = [(one.tag, str(one.posts), one.address) for one in found.tag_pages_new]
    _show_table(("Tag", "Posts", "Page"), rows[:_SHOWN])
    more(rows)
    say(
        f"Tag pages with more posts than their authors gave them: {len(found.tag_pages_longer)}", style="bold"
    )
    rows = [(one.tag, f"{one.before} -> {one.posts}", one.address) for one in found.tag_pages_longer]
    _show_table(("Tag", "Posts", "Page"), rows[:_SHOWN])
    more(rows)
    if found.compared_with:
        say(f"Tag pages that are gone: {len(found.tag_pages_gone)}", style="bold")
        rows = [(one.address, one.new or "nothing", one.broader) for one in found.tag_pages_gone]
        _show_table(("Page", "Leads to", "Nearest broader"), rows[:_SHOWN])
        more(rows)
        if any(one.new for one in found.tag_pages_gone):
            say("  pelican-mlnotes redirects --tags: writes where these lead.")
    say(f"Summaries that change in lists and feeds: {len(found.summaries)}", style="bold")
    for one in found.summaries[:_EXAMPLES]:
        lost = f" and {one.pictures} picture{'s'[: one.pictures > 1]}" if one.pictures else ""
        say(f"  {one.path}")
        say(f"    before: {_start(one.before)}{lost}")
        say(f"    after:  {_start(one.after)}")
    say(
        f"Topics: {found.topics_found} posts get some, {found.topics_written} have a line 'Topics:', "
        f"{len(found.topics_none)} get none.",
        style="bold",
    )
    reasons = Counter(one.why for one in found.related_short)
    say(
        f"Related posts: {found.related_full} full lists, {len(found.related_short)} short ones.",
        style="bold",
    )
    _show_table(("Posts", "Why"), [(str(count), why) for why, count in reasons.most_common(_SHOWN)])
    if found.keep:
        say("To keep what you have:", style="bold")
        for keep in found.keep:
            say(f"  {keep.setting}: {keep.keeps}.")


def _start(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}..."


def _show_rows(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if sys.stdout.isatty():
        _show_table(names, rows)
    else:
        for row in rows:
            _print_line(*row)


def _show_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_clean(cell)) for cell in row))
    if rows:
        Console(highlight=False).print(table)


def _print_line(*cells: str) -> None:
    print("\t".join(map(_clean, cells)).rstrip("\t"))


def _print_json(results: Sequence[Any]) -> None:
    print(json.dumps([asdict(one) for one in results], ensure_ascii=False, indent=2))


def _clean(text: str) -> str:
    """Return ``text`` on one line, without characters that could steer a terminal."""
    line = " ".join(text.split())
    return "".join("\ufffd" if unicodedata.category(char) == "Cc" else char for char in line)
