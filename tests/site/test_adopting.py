"""What an owner sees before the plugin changes anything, and where old tag pages lead after."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from pelican_mlnotes import theme_path
from pelican_mlnotes.cli.main import main

REPOSITORY = Path(__file__).resolve().parents[2]
SIAMESE = (
    "Siamese networks learn a metric: two twins with shared weights embed two faces, and the triplet loss "
    "pulls embeddings of one person together. A siamese network needs few examples of a class. "
    "Metric learning with the triplet loss is sensitive to the choice of triplets."
)
COAST = "We walked along the coast for nine days, and it rained on *most* mornings."


@pytest.fixture
def owned(site, monkeypatch):
    """A blog with its own tags and an output of the days before the plugin."""
    monkeypatch.chdir(site.folder)
    site.post("siamese-networks", SIAMESE, Tags="face recognition, notes")
    site.post("twins", SIAMESE + " Few will do.", Tags="siamese networks")
    site.post("walk", COAST, Tags="notes")
    site.post("hidden", SIAMESE, Tags="secret plans", Status="draft")
    configure(site)
    return site


def configure(site, **settings):
    values = {name: value for name, value in site.settings(**settings).items() if name != "PATH"}
    text = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    (site.folder / "pelicanconf.py").write_text(text, encoding="utf-8")


def answer(capsys, *arguments):
    capsys.readouterr()
    assert main([*map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def tags_of(site, **settings) -> dict[str, int]:
    """Return slug -> number of posts of the tag pages that a build writes."""
    built = site.build(OUTPUT_PATH=str(site.folder / "elsewhere"), **settings)
    (generator,) = [one for one in built.generators if hasattr(one, "tags")]
    return {tag.slug: len(posts) for tag, posts in generator.tags.items()}


def test_the_survey_says_what_a_build_with_and_one_without_differ_by(owned, capsys):
    found = answer(capsys, "explain", "--site")
    without, having = tags_of(owned, PLUGINS=[]), tags_of(owned)
    new = {
        one["address"].removeprefix("tag/").removesuffix(".html"): one["posts"]
        for one in found["tag_pages_new"]
    }
    assert new
    assert new == {slug: count for slug, count in having.items() if slug not in without}
    longer = {one["tag"]: (one["before"], one["posts"]) for one in found["tag_pages_longer"]}
    assert longer == {"siamese networks": (without["siamese-networks"], having["siamese-networks"])}
    assert (found["posts"], found["topics_found"], found["topics_none"]) == (3, 2, ["content/walk.md"])
    assert found["compared_with"] == ""
    assert "secret" not in json.dumps(found)
    assert "hidden" not in json.dumps(found)


def test_the_survey_reads_and_writes_nothing(owned, capsys):
    before = {path: path.read_bytes() for path in owned.folder.rglob("*") if path.is_file()}
    answer(capsys, "explain", "--site")
    assert {path: path.read_bytes() for path in owned.folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("keeping", "gone"),
    [
        ({"MLNOTES_TOPICS_MAX": 0}, {"tag_pages_new", "tag_pages_longer", "topics_found"}),
        ({"MLNOTES_EXCERPT_AS_SUMMARY": False}, {"summaries"}),
    ],
)
def test_the_setting_that_is_named_keeps_what_it_says(owned, capsys, keeping, gone):
    owned.post("long", COAST * 60)
    found = answer(capsys, "explain", "--site")
    ((name, value),) = keeping.items()
    assert f"{name} = {value}" in [one["setting"] for one in found["keep"]]
    configure(owned, **keeping)
    kept = answer(capsys, "explain", "--site")
    assert all(found[key] for key in gone)
    assert not any(kept[key] for key in gone)
    assert f"{name} = {value}" not in [one["setting"] for one in kept["keep"]]


def test_only_summaries_that_change_are_told_before_and_after(owned, capsys):
    (owned.content / "walk.md").unlink()
    owned.post("long", COAST * 60, Topics="none")
    owned.post("mine", COAST, Summary="My own.")
    owned.post("seen", f"![Sea]({{static}}/sea.png) {COAST}")
    changed = {one["path"]: one for one in answer(capsys, "explain", "--site")["summaries"]}
    # What is shorter than both limits reads the same; of a picture only the old summary showed anything.
    assert set(changed) == {"content/long.md", "content/seen.md"}
    assert changed["content/seen.md"]["pictures"] == 1
    assert changed["content/long.md"]["before"].startswith("We walked")
    assert changed["content/long.md"]["after"] == owned.build().articles["long"].excerpt


def test_with_a_former_output_new_and_gone_pages_are_those_that_differ_from_it(owned, capsys):
    configure(owned, MLNOTES_TOPICS_TAXONOMY="own.toml")
    owned.write("own.toml", '[[topic]]\nid = "siamese-networks"\nlabel = "Twin Nets"\n')
    output = owned.folder / "output" / "tag"
    output.mkdir(parents=True)
    for slug in ("notes", "notes2", "face-recognition", "twin-nets", "gone", "metric-learning2"):
        (output / f"{slug}.html").touch()
    found = answer(capsys, "explain", "--site")
    assert found["compared_with"] == "output"
    gone = {one["address"]: (one["tag"], one["new"]) for one in found["tag_pages_gone"]}
    assert gone == {
        "/tag/gone.html": ("", ""),
        "/tag/metric-learning2.html": ("", ""),  # no page that it could continue
        "/tag/twin-nets.html": ("siamese networks", "/tag/siamese-networks.html"),
    }
    assert not {"notes", "face recognition"} & {one["tag"] for one in found["tag_pages_new"]}


def test_pages_that_the_plugin_made_before_are_neither_new_nor_longer(owned, capsys):
    before = {one["tag"] for one in answer(capsys, "explain", "--site")["tag_pages_new"]}
    assert before
    owned.build()
    found = answer(capsys, "explain", "--site")
    assert found["compared_with"] == "output"
    assert found["tag_pages_new"] == []
    assert before.isdisjoint(one["tag"] for one in found["tag_pages_longer"])
    assert all(0 < one["before"] < one["posts"] for one in found["tag_pages_longer"])


def test_the_page_of_a_topic_that_is_gone_leads_to_the_one_that_stands_for_it(owned, capsys):
    listed = owned.folder / "tag-pages.txt"
    listed.write_text("/tag/old-twins.html\n", encoding="utf-8")
    moved = '[[topic]]\nid = "old-twins"\nreplaced_by = "siamese-networks"\n'
    owned.write("topics.toml", moved)
    configure(owned, MLNOTES_TOPICS_TAXONOMY="topics.toml")
    found = answer(capsys, "redirects", "--tags", "--before", listed)
    assert found == {"/tag/old-twins.html": "/tag/siamese-networks.html"}


def test_former_tag_pages_lead_to_the_tags_that_stand_for_them_now(owned, capsys):
    former = owned.folder / "former.txt"
    lines = [
        "# addresses, paths and names",
        "https://notes.example/blog/tag/siamese-network.html",
        "/blog/tag/Face_Recognition.html",
        "notes",
        "/blog/tag/knitting.html",
        "deep q-networks",
        "/blog/about.html",
        "http://[::1",
        "/blog/tag/..%2F..%2Fnotes.html",
    ]
    former.write_text("\n".join(lines), encoding="utf-8")
    configure(owned, SITEURL="https://notes.example/blog")
    moved = answer(capsys, "redirects", "--tags", "--before", former)
    assert moved == {
        "/blog/tag/siamese-network.html": "/blog/tag/siamese-networks.html",
        "/blog/tag/Face_Recognition.html": "/blog/tag/face-recognition.html",
    }
    assert main(["redirects", "--tags", "--before", str(former)]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[0].endswith("  301")
    assert "/blog/tag/knitting.html: no tag stands for it now" in told.err
    assert "/blog/tag/deep-q-networks.html: no tag stands for it now" in told.err


def test_pages_that_lead_on_are_written_beside_the_new_ones_and_over_none(owned, capsys):
    configure(owned, TAG_URL="topics/{slug}/", TAG_SAVE_AS="topics/{slug}/index.html")
    output = owned.folder / "output"
    for slug in ("siamese-network", "notes"):
        (output / "topics" / slug).mkdir(parents=True)
        (output / "topics" / slug / "index.html").write_text("old", encoding="utf-8")
    former = owned.folder / "former.txt"
    former.write_text("/topics/siamese-network/\n/topics/face_recognition/\n", encoding="utf-8")
    assert main(["redirects", "--tags", "--before", str(former), "--pages", str(output)]) == 0
    assert "is a page of the site's own" in capsys.readouterr().err
    assert (output / "topics" / "siamese-network" / "index.html").read_text(encoding="utf-8") == "old"
    page = output / "topics" / "face_recognition" / "index.html"
    assert 'url=/topics/face-recognition/"' in page.read_text(encoding="utf-8")
    assert main(["redirects", "--tags", "--before", str(former), "--pages", str(output)]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["redirects"], "--tags"),
        (["redirects", "--tags"], "--before"),
        (["redirects", "--tags", "--before", "nowhere"], "nowhere"),
        (["explain", "--site", "--before", "picture.png"], "UTF-8"),
    ],
)
def test_what_is_missing_is_told_with_a_way_out(owned, capsys, arguments, words):
    (owned.folder / "picture.png").write_bytes(b"\x89PNG\xff")
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


def test_the_survey_fits_on_a_page_of_a_terminal(owned, capsys, monkeypatch):
    for number in range(30):
        owned.post(f"note-{number}", f"{SIAMESE} {COAST * 20}", Tags=f"number {number}")
    configure(owned, THEME=theme_path())
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "50")  # without, a dumb terminal is taken for 80 columns
    assert main(["explain", "--site"]) == 0
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) < 50
    for words in ("33 posts", "New tag pages", "before:", "after:", "MLNOTES_EXCERPT_AS_SUMMARY = False"):
        assert words in printed


@pytest.mark.parametrize("words", [COAST.replace("*", ""), "海岸で九日間風を測った。" * 9])
def test_what_changes_of_a_summary_is_in_sight_on_a_terminal(site, capsys, monkeypatch, words):
    monkeypatch.chdir(site.folder)
    same = (words * 9)[:700].strip()
    site.post("long", f"{same} Here they part. {'And so on. ' * 300}")
    configure(site, SUMMARY_MAX_LENGTH=10_000, MLNOTES_EXCERPT_LENGTH=len(same) + 10)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("LINES", "50")  # without, a dumb terminal is taken for 80 columns
    assert main(["explain", "--site"]) == 0
    before, after = re.findall(r"(?:before|after):\s+(.*)", capsys.readouterr().out)
    assert before.startswith(f"...{after[3:20]}")
    assert "Here they part" in before
    assert "Here they part" not in after


def test_every_command_of_readme_runs_in_its_order(site, monkeypatch, capsys):
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    commands = [re.sub(r"^(?:python -m pelican_mlnotes|pelican-mlnotes) ", "", line) for line in lines]
    ours = [shlex.split(command) for command, line in zip(commands, lines, strict=True) if command != line]
    assert {"new", "explain", "check", "suggest", "blogger", "redirects"} <= {command[0] for command in ours}
    monkeypatch.chdir(site.folder)
    site.post("post", SIAMESE)
    configure(site)
    shutil.copy(REPOSITORY / "tests" / "site" / "data" / "blogger.xml", site.folder / "blog.xml")
    for command in ours:
        if command[0] == "new":
            shutil.rmtree(site.folder / "my-notes", ignore_errors=True)
        assert main(command) == 0, (command, capsys.readouterr().err)
    assert (site.folder / "my-notes" / "content").is_dir()
