import json
import logging

import pytest

from pelican_mlnotes._cache import digest_of
from pelican_mlnotes.document.model import Picture
from pelican_mlnotes.plugin import post_cache as readings_cache
from pelican_mlnotes.plugin.post_cache import (
    FILE,
    Reading,
    ReadingsCache,
    basis_of,
    code_digest,
    fingerprint_of,
)

FULL = Reading(
    frozenset({"image", "code"}), (Picture("a.png", "Ünï “x”", 3, None),), 4, "An excerpt…", ("a", "b")
)
BARE = Reading(frozenset(), (), 1, None, None)


def open_cache(folder, basis="basis", load=True, save=True):
    return ReadingsCache(folder / "cache" / FILE, basis, load=load, save=save)


@pytest.fixture
def written(tmp_path):
    cache = open_cache(tmp_path)
    cache.keep("one", "1", FULL)
    cache.keep("two", "2", BARE)
    cache.save()
    return tmp_path / "cache" / FILE


@pytest.mark.parametrize(
    "reading",
    [FULL, BARE, BARE._replace(topics=()), BARE._replace(excerpt=""), BARE._replace(minutes=10**30)],
)
def test_a_reading_comes_back_as_it_was(tmp_path, reading):
    cache = open_cache(tmp_path)
    cache.keep("post", "f", reading)
    cache.save()
    found = open_cache(tmp_path).get("post", "f")
    assert found == reading
    assert type(found) is Reading


def test_a_post_with_another_fingerprint_is_read_anew(tmp_path, written):
    cache = open_cache(tmp_path)
    assert cache.get("one", "2") is None
    assert cache.get("one", None) is None
    assert cache.get("three", "1") is None
    assert cache.get("one", "1") == FULL


def test_nothing_is_taken_over_on_another_basis(tmp_path, written):
    assert open_cache(tmp_path, "basi").get("one", "1") is None
    assert open_cache(tmp_path, "basis ").get("one", "1") is None


def test_a_site_that_does_not_load_gets_nothing_and_writes_all_the_same(tmp_path, written):
    cache = open_cache(tmp_path, load=False)
    assert cache.get("one", "1") is None
    cache.keep("one", "1", BARE)
    cache.save()
    assert open_cache(tmp_path).get("one", "1") == BARE


def test_a_site_that_does_not_save_writes_nothing(tmp_path):
    cache = open_cache(tmp_path, save=False)
    cache.keep("one", "1", FULL)
    cache.save()
    assert list(tmp_path.iterdir()) == []


def test_a_post_that_nobody_asked_for_is_dropped(tmp_path, written):
    cache = open_cache(tmp_path)
    cache.get("two", "2")
    cache.save()
    later = open_cache(tmp_path)
    assert later.get("one", "1") is None
    assert later.get("two", "2") == BARE


def test_a_reading_without_fingerprint_is_not_kept(tmp_path):
    cache = open_cache(tmp_path)
    cache.keep("one", None, FULL)
    cache.save()
    assert list(tmp_path.iterdir()) == []


def test_the_file_stays_untouched_while_nothing_changes(tmp_path, written):
    before = written.stat()
    cache = open_cache(tmp_path)
    cache.get("two", "2")
    cache.get("one", "1")
    cache.save()
    after = written.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_any_damage_makes_the_whole_file_worthless(tmp_path, written, caplog):
    whole = written.read_bytes()
    damaged = [whole[:at] for at in range(0, len(whole), 7)]
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 3)]
    damaged += [
        whole + b" ",
        b"\x1f\x8b\x08",
        b"\x80\x04.",
        b"[" * 100_000,
        b"9" * 10_000,
        "é".encode("utf-16"),
    ]
    with caplog.at_level(logging.DEBUG):
        for data in damaged:
            written.write_bytes(data)
            caplog.clear()
            cache = open_cache(tmp_path)
            assert cache.get("one", "1") is cache.get("two", "2") is None
            # Pelican logs the same words once a process.
            assert [record.levelno for record in caplog.records] in ([], [logging.DEBUG])


NO_READINGS = [
    b"[" * 100_000,
    b"[]",
    b"null",
    b'{"one":' + b"9" * 10_000 + b"}",
    b"{",
    b'{"one": "1"}',
    b'{"one": []}',
    b'{"one": ["1"]}',
    b'{"one": ["1", [], null, "4", null, null, null]}',
    b'{"one": ["1", [], null, 1e999, null, null, null]}',
    b'{"one": ["1", [], null, NaN, null, null, null]}',
    b'{"one": ["1", [7], null, 1, null, null, null]}',
    b'{"one": ["1", "image", null, 1, null, null, null]}',
    b'{"one": ["1", [], [], 1, null, null, null]}',
    b'{"one": ["1", [], ["a", "b", 1], 1, null, null, null]}',
    b'{"one": ["1", [], ["a", "b", 1.5, 2], 1, null, null, null]}',
    b'{"one": ["1", [], null, 1, 7, null, null]}',
    b'{"one": ["1", [], null, 1, null, [null], null]}',
    b'{"one": ["1", [], null, 1, null, "ab", null]}',
    b'{"one": ["1", [], null, 1, null, null]}',
    b'{"one": ["1", [], null, 1, null, null, "ab"]}',
    b'{"one": ["1", [], null, 1, null, null, null, null]}',
]


@pytest.mark.parametrize("body", NO_READINGS, ids=range(len(NO_READINGS)))
def test_a_sealed_file_of_something_else_is_no_reading(tmp_path, written, body):
    seal = open_cache(tmp_path)._seal(body)
    written.write_bytes(seal + b"\n" + body)
    assert open_cache(tmp_path).get("one", "1") is None


def test_what_is_written_is_json_below_a_seal(written):
    _, _, body = written.read_bytes().partition(b"\n")
    assert set(json.loads(body)) == {"one", "two"}


def test_of_two_builds_at_once_one_counts(tmp_path, written):
    first, second = open_cache(tmp_path), open_cache(tmp_path)
    first.keep("one", "new", BARE)
    second.get("one", "1")
    second.keep("three", "3", BARE)
    first.save()
    second.save()
    later = open_cache(tmp_path)
    assert later.get("one", "new") is None
    assert (later.get("one", "1"), later.get("three", "3")) == (FULL, BARE)
    assert [file.name for file in written.parent.iterdir()] == [FILE]


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_a_build_that_is_stopped_while_writing_leaves_the_former_file(tmp_path, written, monkeypatch, error):
    cache = open_cache(tmp_path)
    cache.keep("one", "new", BARE)

    def stop(*_):
        raise error

    monkeypatch.setattr(readings_cache.Path, "replace", stop)
    with pytest.raises(error):
        cache.save()
    assert [file.name for file in written.parent.iterdir()] == [FILE]
    assert open_cache(tmp_path).get("one", "1") == FULL


def test_what_a_killed_build_left_disturbs_no_other(tmp_path, written):
    written.with_name(f"{FILE}.0123456789abcdef.tmp").write_bytes(b"half")
    cache = open_cache(tmp_path)
    assert cache.get("one", "1") == FULL
    cache.save()
    assert open_cache(tmp_path).get("one", "1") == FULL


def test_a_folder_that_cannot_be_written_gives_one_warning(tmp_path, caplog):
    (tmp_path / "cache").write_text("a file")
    cache = open_cache(tmp_path)
    cache.keep("one", "1", FULL)
    with caplog.at_level(logging.INFO):
        cache.save()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "cache" in caplog.text


def test_a_folder_in_the_place_of_the_file_gives_one_warning(tmp_path, caplog):
    (tmp_path / "cache" / FILE).mkdir(parents=True)
    cache = open_cache(tmp_path)
    cache.keep("one", "1", FULL)
    cache.save()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert [file.name for file in (tmp_path / "cache").iterdir()] == [FILE]


def test_texts_with_other_borders_have_another_fingerprint():
    prints = [
        fingerprint_of(texts) for texts in (["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], [])
    ]
    assert len(set(prints)) == 6
    assert fingerprint_of(["ab", "c"]) == prints[0]


@pytest.mark.parametrize("text", ["\ud83d", None, 7, b"bytes"])
def test_what_is_no_text_has_no_fingerprint(text):
    assert fingerprint_of(["a", text]) is None


def test_a_site_that_does_not_cache_has_no_basis(tmp_path, monkeypatch):
    monkeypatch.setattr(readings_cache, "code_digest", lambda: pytest.fail("looked at files"))
    site = {"CACHE_CONTENT": False, "LOAD_CONTENT_CACHE": False}
    assert basis_of(site, [tmp_path / "missing.toml"]) == ""


@pytest.mark.parametrize("name", ["CACHE_CONTENT", "LOAD_CONTENT_CACHE"])
def test_the_basis_changes_with_files_and_with_whatever_else_is_given(tmp_path, name):
    site = {"CACHE_CONTENT": False, "LOAD_CONTENT_CACHE": False, name: True}
    file = tmp_path / "mine.toml"
    file.write_text("a")
    first = basis_of(site, [file], 1)
    assert basis_of(site, [file], 1) == first != ""
    assert basis_of(site, [file], 2) != first
    assert basis_of(site, [file, file], 1) != first
    file.write_text("b")
    assert basis_of(site, [file], 1) != first
    file.unlink()
    assert basis_of(site, [file], 1) == ""


def test_files_with_other_borders_have_another_digest(tmp_path):
    for name, text in (("ab", "ab"), ("c", "c"), ("a", "a"), ("bc", "bc")):
        (tmp_path / name).write_text(text)
    assert digest_of([tmp_path / "ab", tmp_path / "c"]) != digest_of([tmp_path / "a", tmp_path / "bc"])


def test_the_code_counts_down_to_its_last_file(tmp_path, monkeypatch):
    monkeypatch.setattr(readings_cache, "_PACKAGE", tmp_path)
    for name in ("a.py", "b.toml", "c.txt"):
        (tmp_path / name).write_text(name)
    find = code_digest.__wrapped__
    digests = [find()]
    for name in ("a.py", "b.toml"):
        (tmp_path / name).write_text("changed")
        digests.append(find())
    (tmp_path / "a.py").rename(tmp_path / "d.py")
    digests.append(find())
    assert len(set(digests)) == 4
    (tmp_path / "c.txt").write_text("changed")
    assert find() == digests[-1]
    for module, name in ((readings_cache.sys, "version"), (readings_cache, "__version__")):
        monkeypatch.setattr(module, name, "0")
        digests.append(find())
    for library in (readings_cache.selectolax, readings_cache.pelican):
        monkeypatch.setattr(library, "__version__", "0")
        digests.append(find())
    assert len(set(digests)) == 8


@pytest.mark.parametrize("name", ["stop_words/en.txt", "common_words/en.txt"])
def test_the_word_lists_count_as_code(tmp_path, monkeypatch, name):
    monkeypatch.setattr(readings_cache, "_PACKAGE", tmp_path)
    (tmp_path / name).parent.mkdir()
    digests = [code_digest.__wrapped__()]
    for text in ("the", "the a"):
        (tmp_path / name).write_text(text)
        digests.append(code_digest.__wrapped__())
    assert len(set(digests)) == 3


def test_what_is_loaded_stays_when_another_version_is_installed_over_it(tmp_path, monkeypatch):
    before = code_digest()
    monkeypatch.setattr(readings_cache, "_PACKAGE", tmp_path)
    assert code_digest() == before
