"""No file outside of its folder, none twice, none written over unasked; all of them or none."""

import os
import sys

import pytest

from pelican_mlnotes.importers.files import FolderError, FreshNames, file_name, path_inside, write_files


def test_names_are_told_apart_in_any_case_and_composition():
    names = FreshNames()
    given = ["Note", "note", "NOTE", "cafe\u0301", "caf\u00e9", "other", "note"]
    assert [names.take(name) for name in given] == [
        "Note",
        "note-2",
        "NOTE-3",
        "cafe\u0301",
        "caf\u00e9-2",
        "other",
        "note-4",
    ]


def test_a_number_that_is_a_name_already_is_passed_over():
    names = FreshNames()
    assert [names.take(name) for name in ("note-2", "note", "note", "note")] == [
        "note-2",
        "note",
        "note-3",
        "note-4",
    ]


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (("About!",), "About"),
        (("a/../b",), "a-..-b"),
        (("...", "!?", "third"), "third"),
        (("", "\u2603"), "untitled"),
        (("con",), "con-"),
        (("NUL.txt",), "NUL.txt-"),
        (("console",), "console"),
        (("\ud800x",), "x"),
    ],
)
def test_a_name_is_one_that_every_file_system_takes(texts, name):
    assert file_name(*texts) == name


def test_a_name_is_cut_by_its_bytes_at_a_whole_letter():
    name = file_name("机器学习" * 25)
    assert len(name) == 50
    assert len(name.encode()) == 150


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/..", "a\\..\\..\\x", "x\0", "", "/", "//"])
def test_a_path_that_leads_out_of_the_folder_is_refused(tmp_path, path):
    with pytest.raises(FolderError, match="outside"):
        path_inside(tmp_path, path)


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "inner").mkdir()
    try:
        (tmp_path / "inner" / "link").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links for everybody")
    with pytest.raises(FolderError, match="outside"):
        path_inside(tmp_path / "inner", "link/x.html")


def test_an_absolute_path_is_taken_from_the_folder(tmp_path):
    assert path_inside(tmp_path, "/etc/passwd") == tmp_path / "etc" / "passwd"


def test_no_file_is_written_over_unasked_and_then_none_is_written(tmp_path):
    (tmp_path / "b").write_bytes(b"old")
    files = {tmp_path / "new" / "a": b"1", tmp_path / "b": b"2"}
    with pytest.raises(FolderError, match=r"b exists; add --replace"):
        write_files(files)
    assert {path.name: path.is_dir() for path in tmp_path.iterdir()} == {"b": False}
    assert (tmp_path / "b").read_bytes() == b"old"
    write_files(files, replace=True)
    assert (tmp_path / "new" / "a").read_bytes() + (tmp_path / "b").read_bytes() == b"12"


def test_a_folder_in_the_way_leaves_every_file_as_it_was(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").mkdir()
    with pytest.raises(FolderError, match="b is a folder"):
        write_files({tmp_path / "a": b"1", tmp_path / "b": b"2"}, replace=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
    assert (tmp_path / "a").read_bytes() == b"old"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions bind nobody here")
def test_a_folder_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(PermissionError):
        write_files({tmp_path / "a": b"1", tmp_path / "locked" / "b": b"2"})
    assert not (tmp_path / "a").exists()


def test_a_link_is_replaced_not_followed(tmp_path):
    (tmp_path / "kept").write_bytes(b"kept")
    try:
        (tmp_path / "link").symlink_to(tmp_path / "kept")
    except OSError:
        pytest.skip("this system makes no links for everybody")
    write_files({tmp_path / "link": b"new"}, replace=True)
    assert (tmp_path / "kept").read_bytes() == b"kept"
    assert (tmp_path / "link").read_bytes() == b"new"
