"""What a new blog consists of."""

import ast
import json
from datetime import date

import pytest

from pelican_mlnotes.cli.start import StartError, is_free, make_site, requirement_of

DAY = date(2026, 3, 1)
ITSELF = requirement_of("1.2.3", None)


def made(title="Notes", author="", url="", lang="en") -> dict[str, str]:
    return make_site(title, author, url, lang, DAY, ITSELF)


def assigned(source: str) -> dict[str, object]:
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            found[node.targets[0].id] = node.value.value
    return found


@pytest.mark.parametrize("text", ['O\'Neil "x" \\', "{{ x }} §title $x ${x}", "</title><script>", "机器学习"])
def test_what_is_asked_for_stands_in_the_settings_as_it_is(text):
    conf = assigned(made(title=text, author=text)["pelicanconf.py"])
    assert (conf["SITENAME"], conf["AUTHOR"]) == (text, text)
    assert "AUTHOR" not in assigned(made(title=text)["pelicanconf.py"])


def test_a_given_address_is_the_published_sites():
    assert assigned(made(url="https://notes.example/blog/")["publishconf.py"])["SITEURL"] == (
        "https://notes.example/blog"
    )
    assert 'os.environ.get("SITEURL", "")' in made()["publishconf.py"]


def test_each_language_has_its_own_note_and_others_the_english_one():
    notes = {
        lang: made(lang=lang)["content/how-a-note-is-written.md"]
        for lang in (
            "en",
            "de",
            "ar",
            "zh",
            "fr",
            "es",
            "it",
            "pt",
            "ru",
            "ja",
            "hi",
            "pt_BR",
            "DE-at",
            "arn",
        )
    }
    assert len(set(notes.values())) == 10
    assert notes["hi"] == notes["arn"] == notes["en"]
    assert (notes["DE-at"], notes["pt_BR"]) == (notes["de"], notes["pt"])
    assert all("Date: 2026-03-01\n" in note for note in notes.values())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": "a\nb"}, "--title"),
        ({"author": "\x1b[31m"}, "--author"),
        ({"author": "\udce9"}, "--author"),
        ({"lang": "../de"}, "--lang"),
        ({"lang": "english"}, "--lang"),
        ({"lang": ""}, "--lang"),
        ({"url": "notes.example"}, "--url"),
        ({"url": "javascript:alert(1)//"}, "--url"),
        ({"url": "https://"}, "--url"),
        ({"url": "https://[::1"}, "--url"),
        ({"url": "https://notes.example/?a"}, "--url"),
        ({"url": "https://notes example"}, "--url"),
    ],
)
def test_a_value_that_cannot_be_right_is_told(values, words):
    with pytest.raises(StartError, match=words):
        made(**values)


COMMIT = "0123456789abcdef0123456789abcdef01234567"
GIT = {"vcs": "git", "commit_id": COMMIT, "requested_revision": "main"}


@pytest.mark.parametrize(
    ("origin", "line"),
    [
        (None, "pelican-mlnotes==1.2.3"),
        (
            {"url": "https://git.example/a/b.git", "vcs_info": GIT},
            f"pelican-mlnotes @ git+https://git.example/a/b.git@{COMMIT}",
        ),
        (
            {"url": "https://ada:secret@git.example/a/b.git", "vcs_info": GIT, "subdirectory": "x"},
            f"pelican-mlnotes @ git+https://git.example/a/b.git@{COMMIT}#subdirectory=x",
        ),
        (
            {"url": "https://files.example/a-1.2.3.whl", "archive_info": {}},
            "pelican-mlnotes @ https://files.example/a-1.2.3.whl",
        ),
    ],
)
def test_others_install_what_is_installed_here(origin, line):
    found = requirement_of("1.2.3", None if origin is None else json.dumps(origin))
    assert (found.line, found.missing) == (line, "")
    assert made()["requirements.txt"].splitlines()[-1] == "pelican-mlnotes==1.2.3"


@pytest.mark.parametrize(
    "origin",
    [
        '{"url": "file:///home/me/clone", "dir_info": {"editable": true}}',
        '{"url": "file:///home/me/a.whl", "archive_info": {}}',
        '{"url": "file:///home/me/clone", "vcs_info": {"vcs": "git", "commit_id": "0"}}',
        '{"url": "https://git.example/a", "vcs_info": {}}',
        '{"url": "https://[::1", "archive_info": {}}',
        "[]",
        "no json",
        "",
    ],
)
def test_what_is_installed_from_a_folder_is_commented_out_and_told(origin):
    found = requirement_of("1.2.3", origin)
    assert found.line.startswith("# pelican-mlnotes")
    assert "address of the repository" in found.missing


def test_a_folder_is_free_if_it_is_new_or_holds_an_empty_repository(tmp_path):
    assert is_free(tmp_path / "new")
    assert is_free(tmp_path)
    (tmp_path / ".git").mkdir()
    assert is_free(tmp_path)
    (tmp_path / "mine.txt").touch()
    assert not is_free(tmp_path)
    assert not is_free(tmp_path / "mine.txt")
