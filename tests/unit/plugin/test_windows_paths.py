"""What Windows calls a path, told by pure paths: no test needs Windows."""

import os
from pathlib import PurePosixPath, PureWindowsPath
from types import SimpleNamespace

import pytest

from pelican_mlnotes.plugin.collisions import one_path
from pelican_mlnotes.plugin.contents import key_of
from pelican_mlnotes.plugin.files import place

CONTENT = PureWindowsPath(r"C:\site\content")


@pytest.mark.parametrize(
    ("address", "folder", "file"),
    [
        ("{static}/images/a.png", "", r"C:\site\content\images\a.png"),
        ("{static}images/a.png", "2026", r"C:\site\content\2026\images\a.png"),
        (r"{static}images\a.png", "2026", r"C:\site\content\2026\images\a.png"),
        (r"{attach}\images\a.png", "", None),  # from the root of the drive
        ("../a.png", "2026", r"C:\site\content\a.png"),
        ("https://notes.example/a.png", "", r"C:\site\content\a.png"),
        (r"..\a.png", "", None),
        (r"a\..\..\a.png", "", None),
        ("../../a.png", "2026", None),
        (r"C:\windows\a.png", "", None),
        ("/C:/windows/a.png", "", None),
        ("/D:a.png", "", None),
        (r"\\server\share\a.png", "", None),
        ("//server/share/a.png", "", None),
        (r"{static}\\server\share\a.png", "", None),
        ("%5C%5Cserver%5Cshare%5Ca.png", "", None),
        ("%43:%5Cwindows%5Ca.png", "", None),
        (".", "", None),
    ],
)
def test_a_picture_lies_below_the_content_folder_or_nowhere(address, folder, file):
    found = place(address, CONTENT, folder, "https://notes.example/")
    assert found == (PureWindowsPath(file) if file else None)


def test_elsewhere_a_colon_and_a_backslash_are_letters():
    content = PurePosixPath("/site/content")
    assert place("/C:/a.png", content, "") == content / "C:/a.png"
    assert place(r"{static}images\a.png", content, "") == content / r"images\a.png"
    assert place("../a.png", content, "") is None


def test_posts_stand_in_the_same_order_on_every_system(monkeypatch):
    paths = ["a/b.md", "a-c.md", "a.md", "A/b.md", "a/b/c.md"]
    posts = [SimpleNamespace(source_path=f"/site/content/{path}") for path in paths]
    here = [posts.index(post) for post in sorted(posts, key=key_of)]
    monkeypatch.setattr(os, "sep", "\\")
    there = [
        SimpleNamespace(source_path=r"C:\site\content" + "\\" + path.replace("/", "\\")) for path in paths
    ]
    assert [there.index(post) for post in sorted(there, key=key_of)] == here
    assert key_of(there[0]) == "C:/site/content/a/b.md"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tag/rl.html", r"tag\rl.html"),
        ("tag/RL.html", "tag/rl.html"),
        ("feeds//x.xml", r"feeds\.\X.xml"),
        ("tag/ÜBER.html", "tag/über.html"),
    ],
)
def test_output_paths_that_are_one_file_on_some_system_are_one_path(one, other):
    assert one_path(one) == one_path(other)


def test_other_output_paths_are_not():
    assert one_path("tag/rl.html") != one_path("tag/rl/index.html")
    assert one_path(PurePosixPath("a/b.html")) == "a/b.html"
