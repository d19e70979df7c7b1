"""What do the commands do that look into a site?"""

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pelican.contents import Article
from pelican.readers import Readers
from rich.console import Console

from pelican_mlnotes._cache import write_at_once
from pelican_mlnotes.cli.check import LEVELS, check_site, tags_left, undefined_commands
from pelican_mlnotes.cli.explain import background_of, explain_post
from pelican_mlnotes.cli.front_matter import EDITORS
from pelican_mlnotes.cli.output import print_json, print_line, show_rows, tell
from pelican_mlnotes.cli.shown import (
    explanation_facts,
    show_explanation,
    show_survey,
    show_topics,
    survey_facts,
    topic_facts,
)
from pelican_mlnotes.cli.site import Site, SiteError, chosen_posts, read_site, shown_path
from pelican_mlnotes.cli.survey import survey_site
from pelican_mlnotes.cli.topics import commented, list_topics, names_like, propose_topics, taxonomy_of
from pelican_mlnotes.importers.former_tags import former_pages, last_output
from pelican_mlnotes.topics.taxonomy import BUNDLED, Taxonomy, load_taxonomy

OK, FOUND = 0, 1
NEVER = "never"


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


def read_asked(asked: argparse.Namespace) -> Site:
    conf: Path | None = asked.settings
    if conf is None and Path("pelicanconf.py").is_file():
        conf = Path("pelicanconf.py")
    paths: list[Path] = getattr(asked, "paths", [])
    for path in paths:
        if not path.exists():
            raise SiteError(f"{path}: there is no such file")
    with Console(stderr=True).status("Reading the posts"):
        return read_site(conf, paths)


def run_explain(asked: argparse.Namespace) -> int:
    site = read_asked(asked)
    if asked.site:
        return _survey(site, asked)
    posts, known = chosen_posts(site, asked.paths), background_of(site)
    explained = [explain_post(post, known) for post in posts]
    if asked.json:
        print_json(explained)
    elif sys.stdout.isatty():
        for one in explained:
            show_explanation(one)
    else:
        for one in explained:
            for fact in explanation_facts(one):
                print_line(one.path, *fact)
    return OK


def _survey(site: Site, asked: argparse.Namespace) -> int:
    before = asked.before or last_output(site)
    found = survey_site(
        site, former_pages(before, site) if before else [], shown_path(before) if before else ""
    )
    if asked.json:
        print_json(found)
    elif sys.stdout.isatty():
        show_survey(found)
    else:
        for line in survey_facts(found):
            print_line(*line)
    return OK


def run_check(asked: argparse.Namespace) -> int:
    site = read_asked(asked)
    found = check_site(site, chosen_posts(site, asked.paths))
    if asked.json:
        print_json(found)
    else:
        rows = [(one.level, one.kind, one.path, one.message) for one in found]
        show_rows(("Level", "Kind", "Post", "What"), rows)
        counts = Counter(one.level for one in found)
        print(", ".join(f"{level}s: {counts[level]}" for level in LEVELS), file=sys.stderr)
    if any((left := tags_left(site)).values()):
        told = ", ".join(f"{count} if it is {least}" for least, count in left.items())
        print(f"Tags left by MLNOTES_TOPICS_MIN_POSTS: {told}.", file=sys.stderr)
    if undefined := undefined_commands(site):
        told = ", ".join(f"{name} ({count})" for name, count in undefined.items())
        print(
            f"Commands that nothing defines, with their formulas: {told}; MLNOTES_MATH_MACROS can do so.",
            file=sys.stderr,
        )
    if asked.fail_on == NEVER:
        return OK
    serious = LEVELS[: LEVELS.index(asked.fail_on) + 1]
    return FOUND if any(one.level in serious for one in found) else OK


def run_topics(asked: argparse.Namespace) -> int:
    word = " ".join(asked.words).strip()
    if asked.missing and word:
        raise SiteError("name a word to look for, or ask for --missing, not both")
    lonely = asked.settings is None and not Path("pelicanconf.py").is_file()
    if lonely and asked.missing:
        raise SiteError("there is no pelicanconf.py here; name one with --settings")
    site = None if lonely else read_asked(asked)
    for path in site.unreadable if site else ():
        tell(f"{path}: Pelican cannot read this post, so it is left out")
    taxonomy = taxonomy_of(site) if site else load_taxonomy(BUNDLED)
    if site and asked.missing:
        return _propose(site, taxonomy, json=asked.json)
    found = list_topics(taxonomy, site, word)
    if asked.json:
        print_json(found)
    elif sys.stdout.isatty():
        show_topics(found)
    else:
        for one in found:
            print_line(*topic_facts(one))
    if not found:
        near = " or ".join(map(repr, names_like(taxonomy, word)))
        tell(f"no topic is called {word!r}" + (f"; did you mean {near}?" if near else ""))
    return OK


def _propose(site: Site, taxonomy: Taxonomy, *, json: bool) -> int:
    proposals = propose_topics(site, taxonomy)
    if json:
        print_json(proposals)
        return OK
    if proposals:
        print(commented(proposals))
    own = site.build.settings.topics_taxonomy
    if not proposals:
        tell("titles and headings call for no topic that the taxonomy lacks")
    elif own:
        tell(f"paste what you like into {shown_path(site.content / own)}")
    else:
        tell('save what you like as topics.toml below PATH, and set MLNOTES_TOPICS_TAXONOMY = "topics.toml"')
    return OK


def run_suggest(asked: argparse.Namespace) -> int:
    site = read_asked(asked)
    suggestions = [_suggest_one(post, site, write=asked.write) for post in chosen_posts(site, asked.paths)]
    if asked.json:
        print_json(suggestions)
        return OK
    rows = [
        (one.path, str(one.line or ""), one.skipped or "Topics: " + ", ".join(one.topics))
        for one in suggestions
    ]
    show_rows(("Post", "Line", "Written" if asked.write else "Would be written"), rows)
    if not asked.write and any(one.line for one in suggestions):
        print("Nothing is changed; --write writes these lines.", file=sys.stderr)
    return OK


def _suggest_one(post: Article, site: Site, *, write: bool) -> Suggestion:
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
        if not _changes_topics_alone(file, edit.source, site):
            return Suggestion(
                path, (), 0, False, "more than its topics would change: write the line yourself"
            )
        write_at_once(file.resolve(), edit.source, file.stat().st_mode)
    return Suggestion(path, topics, edit.line, write, "")


def _changes_topics_alone(file: Path, source: bytes, site: Site) -> bool:
    """Return whether the site's own readers find in ``source`` what is in ``file``, and a line for topics."""
    reader = Readers(site.articles.settings).readers[file.suffix[1:].lower()]
    found = []
    with TemporaryDirectory() as folder:
        copy = Path(folder, file.name)
        for text in (file.read_bytes(), source):
            copy.write_bytes(text)
            try:
                found.append(reader.read(str(copy)))
            except Exception:  # whatever a reader of the site raises: it cannot read this
                return False
    (body, before), (edited_body, after) = found
    return bool(after.pop("topics", None)) and after == before and edited_body == body
