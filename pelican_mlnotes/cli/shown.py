"""How do an explanation, a survey and topics read, on a terminal and in a pipe?"""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from pelican_mlnotes.cli.explain import ChosenTopic, Explanation, RunnerUp
from pelican_mlnotes.cli.output import clean, fits_table, show_table
from pelican_mlnotes.cli.survey import Survey
from pelican_mlnotes.cli.topics import TopicEntry

# What of a survey fits on a page of a terminal.
_SHOWN = 8
_EXAMPLES = 3
_WIDTH = 80
_AHEAD = 20  # characters shown before two texts differ, or more to the start of a word
_WHOLE = 5  # topics that are told whole


def explanation_facts(one: Explanation) -> list[tuple[str, ...]]:
    facts: list[tuple[str, ...]] = [("excerpt", str(one.excerpt_length), one.excerpt_from)]
    facts += [("badge", badge) for badge in one.badges]
    facts += [("picture", one.picture)] if one.picture else []
    facts += [("image", one.image)] if one.image != one.picture else []
    facts += [
        ("topic", topic.tag, rounded(topic.score), _chosen(topic, one), topic.without_page)
        for topic in one.topics
    ]
    facts += [
        ("lost", loser.topic, rounded(loser.score), loser.lost, _why(loser)) for loser in one.runners_up
    ]
    facts += [("tag", tag.tag, tag.topic) for tag in one.author_tags]
    facts += [("related", it.path, rounded(it.score), ", ".join(it.reasons)) for it in one.related]
    facts += [("short", one.related_short)] if one.related_short else []
    facts += [("missed", it.path, rounded(it.score)) for it in one.near_misses]
    facts += [("mentioned in", it.path, it.sentence) for it in one.backlinks]
    facts += [("paper", it.title, it.label, it.url) for it in one.papers]
    return facts


def rounded(score: float | None) -> str:
    # Rounded down: 0.5996 is less than 0.60.
    return "" if score is None else f"{score:.4f}"[:-2]


def _why(topic: ChosenTopic | RunnerUp) -> str:
    through = ["narrower topics: " + ", ".join(topic.through)] if topic.through else []
    return "; ".join([*topic.evidence, *through])


def _chosen(topic: ChosenTopic, one: Explanation) -> str:
    """Return why the post has the topic."""
    added = topic.chosen_by == "author" and one.topics_chosen_by == "text and author"
    return "; ".join(filter(None, ("the author added it" if added else "", _why(topic))))


def show_explanation(one: Explanation) -> None:
    console = Console(highlight=False)
    console.print(Text(clean(one.title), style="bold"), Text(clean(one.path), style="dim"))
    badges = ", ".join(one.badges) or "none"
    source = f" from {one.excerpt_from}" if one.excerpt_from else ""
    console.print(Text(clean(f"  Excerpt: {one.excerpt_length:,} characters{source}. Badges: {badges}.")))
    if one.picture:
        console.print(Text(clean(f"  First picture in the text: {one.picture}")))
    if one.image != one.picture:
        console.print(Text(clean(f"  The author's line 'Image:' names {one.image or 'none'}.")))
    if one.topics_chosen_by == "author":
        console.print(Text("  The author chose the topics."))
    elif one.topics_chosen_by == "text and author":
        console.print(Text("  The author added or barred single topics."))
    rows = [
        (topic.tag, rounded(topic.score), _chosen(topic, one), topic.without_page) for topic in one.topics
    ]
    rows += [(loser.topic, rounded(loser.score), _why(loser), loser.lost) for loser in one.runners_up]
    if rows:
        show_table(("Topic", "Score", "Evidence", "Why not"), rows)
    else:
        console.print(Text("  No topic of the taxonomy is named."))
    for tag in one.author_tags:
        if tag.topic and tag.topic != tag.tag:
            console.print(Text(clean(f'  Your tag "{tag.tag}" stands for {tag.topic}.')))
    for other in one.related:
        told = ", ".join(filter(None, (rounded(other.score), *other.reasons))) or "the author's choice"
        console.print(Text(clean(f"  Related: {other.title} ({told})")))
    if one.related_short:
        more = "No more related posts" if one.related else "No related posts"
        console.print(Text(clean(f"  {more}: {one.related_short}.")))
    for miss in one.near_misses:
        console.print(Text(clean(f"  Missed: {miss.title} ({rounded(miss.score)})")))
    for link in one.backlinks:
        said = f": {link.sentence}" if link.sentence else ""
        console.print(Text(clean(f"  Mentioned in: {link.title}{said}")))
    for paper in one.papers[:_SHOWN]:
        known = paper.label.endswith(paper.title)
        console.print(Text(clean(f"  Paper: {paper.label if known else f'{paper.title} ({paper.label})'}")))
    if len(one.papers) > _SHOWN:
        console.print(Text(f"  and {len(one.papers) - _SHOWN} more papers; --json lists all"))
    console.print()


def survey_facts(found: Survey) -> list[tuple[str, ...]]:
    facts: list[tuple[str, ...]] = [("posts", str(found.posts)), ("compared with", found.compared_with)]
    facts += [("new tag page", one.tag, str(one.posts), one.address) for one in found.tag_pages_new]
    facts += [("longer tag page", one.tag, str(one.posts), str(one.before)) for one in found.tag_pages_longer]
    facts += [("tag page gone", one.address, one.tag, one.new, one.broader) for one in found.tag_pages_gone]
    facts += [("summary", one.path, one.before, one.after, str(one.pictures)) for one in found.summaries]
    facts += [("topics found", str(found.topics_found)), ("topics written", str(found.topics_written))]
    facts += [("topic without page", name) for name in found.topics_without_page]
    facts += [("no topics", path) for path in found.topics_none]
    facts += [("related posts full", str(found.related_full))]
    facts += [("related posts short", one.path, str(one.related), one.why) for one in found.related_short]
    facts += [("keep", one.setting, one.keeps) for one in found.keep]
    return facts


def show_survey(found: Survey) -> None:
    """Print one page: numbers, and the first few of each list."""
    console = Console(highlight=False)

    def say(text: str, *, style: str = "") -> None:
        console.print(Text(clean(text), style=style))

    def more(rows: Sequence[object]) -> None:
        if len(rows) > _SHOWN:
            say(f"  and {len(rows) - _SHOWN} more; --json lists all")

    than = found.compared_with or "the tags that authors wrote"
    say(f"{found.posts} posts; tag pages compared with {than}. Nothing is written.", style="bold")
    say(f"New tag pages: {len(found.tag_pages_new)}", style="bold")
    rows = [(one.tag, str(one.posts), one.address) for one in found.tag_pages_new]
    show_table(("Tag", "Posts", "Page"), rows[:_SHOWN])
    more(rows)
    say(
        f"Tag pages with more posts than their authors gave them: {len(found.tag_pages_longer)}", style="bold"
    )
    rows = [(one.tag, f"{one.before} -> {one.posts}", one.address) for one in found.tag_pages_longer]
    show_table(("Tag", "Posts", "Page"), rows[:_SHOWN])
    more(rows)
    if found.compared_with:
        say(f"Tag pages that are gone: {len(found.tag_pages_gone)}", style="bold")
        rows = [(one.address, one.new or "nothing", one.broader) for one in found.tag_pages_gone]
        show_table(("Page", "Leads to", "Nearest broader"), rows[:_SHOWN])
        more(rows)
        if any(one.new for one in found.tag_pages_gone):
            say("  pelican-mlnotes redirects --tags: writes where these lead.")
    say(f"Summaries that change in lists and feeds: {len(found.summaries)}", style="bold")
    for one in found.summaries[:_EXAMPLES]:
        lost = f" and {one.pictures} picture{'s'[: one.pictures > 1]}" if one.pictures else ""
        say(f"  {one.path}")
        start = _shown_from(one.before, one.after)
        say(f"    before: {_cut(one.before, start)}{lost}")
        say(f"    after:  {_cut(one.after, start)}")
    say(
        f"Topics: {found.topics_found} posts get some, {found.topics_written} have a line 'Topics:', "
        f"{len(found.topics_none)} get none.",
        style="bold",
    )
    if found.topics_without_page:
        say(f"  Names without a page, as few posts have them: {len(found.topics_without_page)}")
    reasons = Counter(one.why for one in found.related_short)
    say(
        f"Related posts: {found.related_full} full lists, {len(found.related_short)} short ones.",
        style="bold",
    )
    show_table(("Posts", "Why"), [(str(count), why) for why, count in reasons.most_common(_SHOWN)])
    if found.keep:
        say("To keep what you have:", style="bold")
        for keep in found.keep:
            say(f"  {keep.setting}: {keep.keeps}.")


def topic_facts(one: TopicEntry) -> tuple[str, ...]:
    names = [*one.names, *one.instances, *(name for names in one.translations.values() for name in names)]
    return (one.label, one.id, _posts(one), ", ".join(one.broader), ", ".join(dict.fromkeys(names)))


def show_topics(found: Sequence[TopicEntry]) -> None:
    """Print a few topics with all that is known of them, more as a table; as lines where that is too wide."""
    brief = len(found) > _WHOLE or not any(one.found_by for one in found)
    if brief:
        rows: list[tuple[str, ...]] = [
            (one.label, one.id, _posts(one), ", ".join(one.broader)) for one in found
        ]
        columns = ["Topic", "Id", "Posts", "Broader"]
        found_by = [one.found_by if one.found_by not in (one.label, one.id) else "" for one in found]
        if any(found_by):
            columns.append("Found by")
            rows = [(*row, name) for row, name in zip(rows, found_by, strict=True)]
        if fits_table(columns, rows):
            show_table(columns, rows)
            return
    console = Console(highlight=False)

    def say(name: str, values: Sequence[str]) -> None:
        if values:
            console.print(Text("  " + clean(f"{name}: {', '.join(values)}")))

    for one in found:
        console.print(Text(clean(one.label), style="bold"), Text(clean(one.id), style="dim"))
        if brief:
            say("Posts", [_posts(one)] if _posts(one) else [])
            say("Broader", one.broader)
            say("Found by", [one.found_by] if one.found_by not in ("", one.label, one.id) else [])
            continue
        if one.description:
            console.print(Text("  " + clean(one.description)))
        if one.posts is not None:
            called = f', tag "{one.tag}"' if one.tag and one.tag != one.label else ""
            console.print(Text("  " + clean(f"Posts: {one.posts}{called}")))
        say("Broader", one.broader)
        say("Narrower", one.narrower)
        say("Names", one.names)
        say("Belongs to it", one.instances)
        for lang, names in sorted(one.translations.items()):
            say(f"In {lang!r}", names)
        console.print()


def _posts(one: TopicEntry) -> str:
    return "" if one.posts is None else str(one.posts)


def _shown_from(before: str, after: str) -> int:
    """Return where to begin to show two texts, so that one sees in what they differ."""
    pairs = enumerate(zip(before, after, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), min(len(before), len(after)))
    if same < _WIDTH - _AHEAD or before == after:
        return 0
    # At the start of a word; some languages have no blanks.
    return max(before.rfind(" ", 0, same - _AHEAD) + 1, same - 2 * _AHEAD)


def _cut(text: str, start: int) -> str:
    end = start + _WIDTH
    return f"{'...' if start else ''}{text[start:end]}{'...' if len(text) > end else ''}"
