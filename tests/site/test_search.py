"""The index and the search page of built sites; ``tests/browser`` searches them."""

import gzip
import json
import os
import stat
import sys
from pathlib import Path

import pytest

import pelican_mlnotes
from tests.pages import parse_page

pytest.importorskip("pagefind")

OURS = {"THEME": pelican_mlnotes.theme_path(), "SITEURL": "https://example.org/notes", "MLNOTES_SEARCH": True}
NONE = "pelican_mlnotes: there is no search: "


def fragments(output):
    """Return language and text -> what results show, of everything that can be found."""
    found = {}
    for path in (output / "pagefind" / "fragment").iterdir():
        fragment = json.loads(gzip.decompress(path.read_bytes())[12:])
        found[path.name.partition("_")[0], fragment["content"]] = fragment
    return found


def everything(output):
    """Return all bytes below ``pagefind``, unpacked."""
    files = [path.read_bytes() for path in (output / "pagefind").rglob("*") if path.is_file()]
    return b"\n".join(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data for data in files)


def index_files(output):
    folder = output / "pagefind"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_by_default_there_is_neither_index_nor_page_nor_link(site):
    site.post("one")
    built = site.build(**OURS | {"MLNOTES_SEARCH": False})
    assert not [name for name in built.files() if "pagefind" in name or "search" in name]
    assert "search" not in built.read("index.html")


def test_what_is_published_is_found_and_nothing_else(site):
    site.post("one", "Walrus.", Tags="b, a")
    site.write("one-de.md", "Title: Eins\nDate: 2026-01-01\nSlug: one\nLang: de\n\nSeepferd.\n")
    site.write("pages/about.md", "Title: About\n\nPenguin.\n")
    site.write("pages/about-de.md", "Title: Über\nSlug: about\nLang: de\n\nPinguin.\n")
    for status in ("draft", "hidden", "skip"):
        site.post(f"secret-{status}", f"Secretword{status}.", Status=status, Tags=f"Secrettag{status}")
        site.write(f"pages/{status}.md", f"Title: Secretpage{status}\nStatus: {status}\n\nSecretword.\n")
    built = site.build(**OURS)
    found = fragments(built.output)
    assert set(found) == {("en", "Walrus."), ("de", "Seepferd."), ("en", "Penguin."), ("de", "Pinguin.")}
    assert b"secret" not in everything(built.output).lower()
    topics = json.loads(built.read("pagefind/topics.json"))
    assert {lang: part["topics"] for lang, part in topics.items()} == {"de": {}, "en": {"a": [0], "b": [0]}}
    assert built.warnings == []


def test_formulas_are_found_in_unicode_and_headings_with_their_ids(site):
    site.post("one", "Sorting takes $O(n^2)$.\n\n## What else\n\nNothing.")
    ((_, text),) = found = fragments(site.build(**OURS, MLNOTES_MATH="mathml").output)
    assert text == "Sorting takes O(n²). What else. Nothing."
    assert [anchor["id"] for anchor in found["en", text]["anchors"][1:]] == ["what-else"]


def test_every_page_links_to_the_search_page(site):
    site.post("one")
    site.write("pages/about.md", "Title: About\n\nPenguin.\n")
    built = site.build(**OURS)
    for name in ("index.html", "one.html", "pages/about.html", "search.html", "category/misc.html"):
        link = parse_page(built.read(name)).select_one(".site-header__search")
        assert link["href"] == "https://example.org/notes/search.html", name
    page = parse_page(built.read("search.html"))
    assert page.select_one(".mlnotes-search")["data-root"] == "https://example.org/notes/"
    assert page.select_one("script")["src"] == "https://example.org/notes/pagefind/search.js"
    assert page.select_one(".site-header__search")["aria-current"] == "page"


def test_a_page_in_a_folder_finds_the_index_with_relative_addresses(site):
    site.post("one")
    built = site.build(**OURS | {"SITEURL": ""}, RELATIVE_URLS=True, MLNOTES_SEARCH_SAVE_AS="find/index.html")
    page = parse_page(built.read("find/index.html"))
    assert page.select_one(".mlnotes-search")["data-root"] == "../"
    assert page.select_one("script")["src"] == "../pagefind/search.js"
    one = parse_page(built.read("one.html"))
    assert one.select_one(".site-header__search")["href"] == "./find/index.html"


def test_without_a_page_there_is_an_index_for_a_page_of_the_site(site):
    site.post("one")
    built = site.build(**OURS, MLNOTES_SEARCH_SAVE_AS="")
    assert (built.output / "pagefind" / "search.js").is_file()
    assert not (built.output / "search.html").exists()
    assert "mlnotes-search" not in built.read("index.html")
    assert "site-header__search" not in built.read("index.html")


def test_only_what_a_search_loads_is_written(site):
    site.post("one", "Walrus.")
    site.write("zwei.md", "Title: Zwei\nDate: 2026-01-01\nLang: zh\n\n卷积。\n")
    names = {name.split("/")[0].split(".")[0] for name in index_files(site.build(**OURS).output)}
    assert names == {"pagefind", "pagefind-entry", "wasm", "index", "fragment", "topics", "search"}


def test_the_same_posts_give_the_same_bytes_in_any_process_and_order(site):
    for number in range(12):
        tags = ", ".join(f"tag {(number * place) % 7}" for place in range(1, 4))
        site.post(f"post-{number}", f"Walrus {number} counts.", Tags=tags)
        site.write(
            f"d{number}.md",
            f"Title: D{number}\nDate: 2026-01-01\nLang: de\nTags: {tags}\n\nHallo {number}.\n",
        )
    seen = []
    for seed in ("1", "2"):
        done = site.run("--ignore-cache", env={"PYTHONHASHSEED": seed}, **OURS)
        assert done.returncode == 0, done.stdout + done.stderr
        seen.append(index_files(site.folder / "output"))
    languages = json.loads(seen[0]["pagefind-entry.json"])["languages"]
    assert list(languages) == ["de", "en"]
    assert seen[0] == seen[1]


def test_a_rebuild_leaves_nothing_of_what_is_gone(site):
    site.post("one", "Walrus.")
    other = site.post("two", "Penguin.")
    site.build(**OURS)
    other.write_text(
        other.read_text(encoding="utf-8").replace("Slug", "Status: draft\nSlug"), encoding="utf-8"
    )
    built = site.build(**OURS)
    assert set(fragments(built.output)) == {("en", "Walrus.")}
    assert b"penguin" not in everything(built.output).lower()


def test_an_unchanged_index_is_not_written_again(site):
    site.post("one", "Walrus.")
    built = site.build(**OURS)
    times = {
        path: path.stat().st_mtime_ns for path in (built.output / "pagefind").rglob("*") if path.is_file()
    }
    site.build(**OURS)
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_the_output_folder_may_be_emptied_first(site):
    site.post("one", "Walrus.")
    for _ in range(2):
        built = site.build(**OURS, DELETE_OUTPUT_DIRECTORY=True, OUTPUT_RETENTION=[".git"])
    assert set(fragments(built.output)) == {("en", "Walrus.")}
    assert (built.output / "search.html").is_file()


def program(folder, text):
    file = folder / "program"
    file.write_text(f"#!{sys.executable}\n{text}\n", encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


@pytest.mark.skipif(os.name == "nt", reason="starts a script as a program")
@pytest.mark.parametrize(
    "text",
    [
        "raise SystemExit('walrus found no way')",
        "pass",
        "import sys; sys.stderr.buffer.write(b'\\xff'); exit(3)",
    ],
)
def test_a_program_that_fails_costs_the_search_alone(site, monkeypatch, text):
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", program(site.folder, text))
    site.post("one")
    built = site.build(**OURS)
    (warning,) = built.warnings
    assert warning.startswith(f"{NONE}Pagefind ended with code")
    assert ("walrus found no way" in warning) == ("walrus" in text)
    assert not [name for name in built.files() if "pagefind" in name or "search" in name]
    assert "search" not in built.read("index.html")
    assert "search" not in built.read("one.html")


def test_a_missing_program_costs_the_search_alone(site, monkeypatch):
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(site.folder / "none"))
    site.post("one")
    built = site.build(**OURS)
    (warning,) = built.warnings
    assert warning.startswith(f"{NONE}Pagefind could not be run")
    assert "search" not in built.read("index.html")


def test_a_missing_package_is_named(site, monkeypatch):
    monkeypatch.setitem(sys.modules, "pagefind.service", None)
    site.post("one")
    (warning,) = site.build(**OURS).warnings
    assert "pip install 'pelican-mlnotes[search]'" in warning


def test_options_of_the_environment_change_nothing(site, monkeypatch):
    site.post("one", "Walrus.")
    before = index_files(site.build(**OURS).output)
    monkeypatch.setenv("PAGEFIND_FORCE_LANGUAGE", "fr")
    monkeypatch.chdir(site.folder)
    Path("pagefind.toml").write_text('force_language = "de"\n', encoding="utf-8")
    assert index_files(site.build(**OURS).output) == before


@pytest.mark.parametrize("name", ["archives.html", "one.html", "ARCHIVES.html", "x/../one.html"])
def test_a_search_page_that_would_overwrite_another_is_not_written(site, name):
    site.post("one")
    if ".." in name:
        with pytest.raises(Exception, match="MLNOTES_SEARCH_SAVE_AS must be"):
            site.build(**OURS, MLNOTES_SEARCH_SAVE_AS=name)
        return
    built = site.build(**OURS, MLNOTES_SEARCH_SAVE_AS=name)
    (warning,) = built.warnings
    assert f"its page {name!r} would overwrite another file; change MLNOTES_SEARCH_SAVE_AS" in warning
    assert "site-header__search" not in built.read("index.html")


@pytest.mark.parametrize("name", ["pagefind/one.html", "pagefind", "PAGEFIND"])
def test_a_folder_of_the_site_s_own_is_left_alone(site, name):
    site.post("one", Save_as=name, Url=name)
    (warning,) = site.build(**OURS).warnings
    assert f"its folder 'pagefind' already holds {name.lower()!r}" in warning


@pytest.mark.parametrize(
    "name",
    [
        "pagefind",
        "pagefind/search.js",
        "Pagefind/search.html",
        "theme/css/mlnotes.css",
        "files/x.html",
        "y.html",
    ],
)
def test_a_search_page_among_the_files_of_index_theme_or_site_is_not_written(site, name):
    site.post("one")
    for file in ("files/x.html", "files/z.html"):
        site.write(file, "Own.")
    moved = {"files/z.html": {"path": "y.html"}}
    settings = {"STATIC_PATHS": ["files"], "ARTICLE_EXCLUDES": ["files"], "EXTRA_PATH_METADATA": moved}
    built = site.build(**OURS, **settings, MLNOTES_SEARCH_SAVE_AS=name)
    (warning,) = built.warnings
    assert f"its page {name!r} would overwrite another file" in warning
    assert built.read("files/x.html") == built.read("y.html") == "Own."


@pytest.mark.parametrize(("post", "page"), [("search.html/one.html", "search.html"), ("find", "find/x.html")])
def test_a_post_that_would_be_the_folder_of_the_search_page_or_below_it_stays(site, post, page):
    site.post("one", "Walrus.", Save_as=post, Url=post)
    built = site.build(**OURS, MLNOTES_SEARCH_SAVE_AS=page)
    (warning,) = built.warnings
    assert f"its page {page!r} would overwrite another file" in warning
    assert "Walrus." in built.read(post)


def test_what_is_not_written_is_not_found(site):
    site.post("one", "Walrus.")
    site.write("pages/about.md", "Title: About\n\nPenguin.\n")
    built = site.build(**OURS, PAGE_SAVE_AS="")
    assert set(fragments(built.output)) == {("en", "Walrus.")}


def test_a_site_without_posts_has_nothing_to_find(site):
    built = site.build(**OURS)
    assert not (built.output / "pagefind").exists()
    assert "site-header__search" not in built.read("index.html")


@pytest.mark.parametrize("theme", ["simple", "notmyidea"])
def test_another_theme_shows_the_search_page_inside_its_own(site, theme):
    site.post("one", "Walrus.")
    built = site.build(**OURS | {"THEME": theme, "DEFAULT_LANG": "de"})
    page = parse_page(built.read("search.html"))
    form = page.select_one("form.mlnotes-search")
    assert page.select_one("title").get_text().startswith("Suche")
    assert page.select_one("h1, h2").get_text()
    assert form.select_one("button").get_text() == "Suche"
    assert form["data-root"] == "https://example.org/notes/"
    assert "{q}" in form["data-none"]
    assert built.warnings == []


def test_a_site_can_put_the_search_into_a_page_of_its_own(site):
    site.post("one", "Walrus.")
    own = site.folder / "templates"
    own.mkdir()
    (own / "find.html").write_text(
        '{% from "mlnotes/macros.html" import search %}<main>{{ search(SITEURL) }}</main>', encoding="utf-8"
    )
    built = site.build(
        **OURS | {"THEME": "simple"},
        MLNOTES_SEARCH_SAVE_AS="",
        THEME_TEMPLATES_OVERRIDES=[str(own)],
        TEMPLATE_PAGES={},
        DIRECT_TEMPLATES=["index", "find"],
    )
    page = parse_page(built.read("find.html"))
    assert page.select_one("main form button").get_text() == "Search"
    assert page.select_one("main script")["src"] == "https://example.org/notes/pagefind/search.js"


def test_each_subsite_has_an_index_of_its_own(site):
    pytest.importorskip("pelican.plugins.i18n_subsites")
    site.post("one", "Walrus.", Lang="en")
    site.write("one-de.md", "Title: Eins\nDate: 2026-01-01\nSlug: one\nLang: de\n\nSeepferd.\n")
    done = site.run(
        **OURS, PLUGINS=["i18n_subsites", "pelican_mlnotes"], I18N_SUBSITES={"de": {"SITENAME": "Notizen"}}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    output = site.folder / "output"
    assert ("en", "Walrus.") in fragments(output)
    assert set(fragments(output / "de")) == {("de", "Seepferd.")}
    page = parse_page((output / "de" / "search.html").read_text(encoding="utf-8"))
    assert page.select_one("h1").get_text() == "Suche"
    assert page.select_one(".mlnotes-search")["data-root"] == "https://example.org/notes/de/"


@pytest.mark.skipif(os.name == "nt", reason="starts a script as a program")
def test_commands_that_only_read_make_no_index(site, monkeypatch):
    from pelican_mlnotes.cli.site import read_site

    monkeypatch.setenv("PAGEFIND_BINARY_PATH", program(site.folder, "raise SystemExit('was run')"))
    site.post("one")
    conf = site.folder / "pelicanconf.py"
    conf.write_text(
        "".join(f"{name} = {value!r}\n" for name, value in site.settings(**OURS).items()), encoding="utf-8"
    )
    assert read_site(conf).warned == ()
