"""What is kept from one start to the next is what would be made anew."""

import errno
import os
import tempfile
from pathlib import Path

import pytest

from pelican_mlnotes import _cache as module
from pelican_mlnotes._cache import cached, read_toml
from pelican_mlnotes.topics.taxonomy import BUNDLED, TaxonomyError, cached_taxonomy, load_taxonomy

PACKAGE = Path(module.__file__).parent


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """The folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def made():
    """What ``make`` was asked for, in order."""
    return []


@pytest.fixture
def make(made):
    def make():
        made.append(len(made))
        return {"words": ["näturlich", ("a", 1, 0.5, None, True)], "made": len(made)}

    return make


def test_what_was_made_once_is_kept(make, made):
    first = cached("some", make)
    assert cached("some", make) == first
    assert cached("other", make) != first
    assert made == [0, 1]


def test_a_change_of_what_it_follows_from_makes_it_anew(make, made, tmp_path, monkeypatch):
    file = tmp_path / "own.toml"
    for text in ("a", "a", "b", "a"):
        file.write_text(text, encoding="utf-8")
        cached("some", make, [file])
    assert made == [0, 1, 2]
    for langs in (["en"], ["en"], ["en", "de"], ["en"]):
        cached("some", make, [file], langs)
    assert made == [0, 1, 2, 3, 4]
    monkeypatch.setattr(module, "_state_of_package", lambda: [("words.py", 1, 2, 3)])
    cached("some", make, [file])
    cached("some", make, [file])
    assert made == [0, 1, 2, 3, 4, 5]


def test_every_source_and_table_of_the_package_counts():
    names = {name for name, *_ in module._state_of_package()}
    assert {"text/words.py", "topics/taxonomy.toml", "topics/files.py", "text/stop_words/en.txt"} <= names


def test_what_cannot_be_made_is_not_kept(make, made):
    def fail():
        raise KeyError("why")

    for _ in range(2):
        with pytest.raises(KeyError, match="why"):
            cached("some", fail)
    cached("some", make)
    assert made == [0]


def test_what_a_file_said_while_it_was_saved_is_not_kept(make, made, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text("early", encoding="utf-8")

    def make_late():
        file.write_text("late", encoding="utf-8")
        return make()

    cached("some", make_late, [file])
    file.write_text("early", encoding="utf-8")
    cached("some", make, [file])
    assert made == [0, 1]


@pytest.mark.parametrize("damage", [b"", b"x" * 40, "cut", "changed"])
def test_damage_is_noticed_and_mended(make, made, folder, damage):
    first = cached("some", make)
    (file,) = folder.rglob("*.data")
    whole = file.read_bytes()
    damaged = {"cut": whole[:-1], "changed": whole.replace(b"words", b"swords"[:5])}
    file.write_bytes(damaged[damage] if isinstance(damage, str) else damage)
    assert cached("some", make) != first
    cached("some", make)
    assert made == [0, 1]
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_nothing_is_kept_without_a_folder(make, made, folder):
    folder.rmdir()
    cached("some", make)
    cached("some", make)
    assert made == [0, 1]


def test_sites_that_come_and_go_do_not_fill_the_folder(make, made, folder, tmp_path):
    for number in range(40):
        file = tmp_path / f"{number}.toml"
        file.write_text("", encoding="utf-8")
        cached("some", make, [file])
        cached("other", make)
    names = [path.name for path in folder.rglob("*.data")]
    assert sum(name.startswith("mlnotes-some-") for name in names) == module._MOST
    assert sum(name.startswith("mlnotes-other-") for name in names) == 1
    before = len(made)
    cached("some", make, [file])
    assert len(made) == before


def test_a_file_that_is_missing_is_for_make_to_tell(make, made, tmp_path):
    for _ in range(2):
        cached("some", make, [tmp_path / "missing.toml"])
    assert made == [0, 1]


@pytest.mark.skipif(os.name == "nt", reason="each user of Windows has a folder for temporary files")
def test_a_folder_that_others_reach_is_not_used(make, made, folder):
    shared = folder / f"mlnotes-{os.getuid()}"
    shared.mkdir()
    shared.chmod(0o770)
    cached("some", make)
    cached("some", make)
    assert made == [0, 1]
    assert not list(shared.iterdir())


def test_a_table_of_the_package_is_kept_and_others_are_read(folder, tmp_path):
    table = PACKAGE / "plugin" / "words.toml"
    assert read_toml(table) == read_toml(table)
    assert len(list(folder.rglob("*.data"))) == 1
    own = tmp_path / "words.toml"
    for number in range(2):
        own.write_text(f"a = {number}", encoding="utf-8")
        assert read_toml(own) == {"a": number}
    own.write_text("a = ", encoding="utf-8")
    with pytest.raises(ValueError, match="Invalid value"):
        read_toml(own)


OWN = """
[words]
mine = ["loom"]

[[topic]]
id = "weaving"
label = "Weaving"
aliases = ["warp and weft", "tricks of looms"]
aliases_de = ["Weberei", "die"]
broader = ["machine-learning"]
ambiguous = [{ name = "Shed", case = true, near = ["@mine", "heddle"] }]

[[topic]]
id = "transformers"
remove = true
"""


def tries(names):
    return {word: spelled(names.after[word]) for word in sorted(names.openers | names.grammar)}


def spelled(trie):
    return {
        key: [(one.text, one.topic, one.rule, one.sign) for one in value] if key == "" else spelled(value)
        for key, value in trie.items()
    }


@pytest.mark.parametrize("bundled", [True, False])
def test_a_kept_taxonomy_is_the_one_that_is_loaded(tmp_path, folder, bundled):
    own = tmp_path / "own.toml"
    text = OWN if bundled else OWN.split('[[topic]]\nid = "trans')[0].replace('["machine-learning"]', "[]")
    own.write_text(text, encoding="utf-8")
    paths = [BUNDLED, own] if bundled else [own]
    loaded = load_taxonomy(*paths)
    looked_up = {lang: tries(loaded.names(lang)) for lang in ("en", "de", "fr")}
    for _ in range(2):
        taxonomy = cached_taxonomy(paths, ["de-AT", "en"])
        assert taxonomy == loaded
        assert list(taxonomy.topics) == list(loaded.topics)
        for lang in looked_up:
            names, others = taxonomy.names(lang), loaded.names(lang)
            assert tries(names) == looked_up[lang]
            assert (names.signals, names.seconds, names.local) == (
                others.signals,
                others.seconds,
                others.local,
            )
        assert taxonomy.find("Sheds") == loaded.find("Sheds") == loaded.topics["weaving"]
        assert taxonomy.evidence(("@mine",)) == loaded.evidence(("@mine",))
    assert len(list(folder.rglob("mlnotes-topics-*.data"))) == 1


def test_faults_of_a_taxonomy_are_told_at_every_start(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text("[[topic]]\nid = 3\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(TaxonomyError, match="small letters"):
            cached_taxonomy([BUNDLED, own], ["en"])


def test_a_full_disk_keeps_nothing_and_stops_nothing(make, made, folder, monkeypatch):
    def full(file, _data):
        raise OSError(errno.ENOSPC, "No space left on device", str(file))

    monkeypatch.setattr(Path, "write_bytes", full)
    assert [cached("names", make)["made"], cached("names", make)["made"]] == [1, 2]
    assert made == [0, 1]
    assert not list(folder.rglob("mlnotes-names-*"))
