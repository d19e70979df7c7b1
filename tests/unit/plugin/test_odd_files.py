"""Files that are no pictures neither stop nor delay a build."""

import os
import random
import struct
import zlib

import pytest

from pelican_mlnotes.plugin.files import local_file, measure
from pelican_mlnotes.plugin.own_theme.transparency import is_transparent


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(kind, channels):
    head = struct.pack(">IIBBBBB", 9, 7, 8, kind, 0, 0, 0)
    rows = b"".join(b"\0" + b"\xff" * 9 * channels for _ in range(7))
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


PICTURES = {
    "a.png": png(6, 4),
    "b.png": png(2, 3),
    "a.gif": b"GIF89a\5\0\6\0\x80\0\0" + b"\0" * 6 + b"!\xf9\4\1\0\0\0\0,\0\0\0\0\5\0\6\0\0\2\2L\1\0;",
    "a.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    b"\xff\xc0\0\x11\x08\0\6\0\5\3\1\x22\0\2\x11\1\3\x11\1\xff\xd9",
    "a.webp": b"RIFF\x1e\0\0\0WEBPVP8X\n\0\0\0\x10\0\0\0\4\0\0\5\0\0",
    "a.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="10cm" height="5cm"><rect/></svg>',
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_damaged_picture_has_a_size_or_none(tmp_path, name):
    chance = random.Random(name)
    file = tmp_path / name
    file.write_bytes(PICTURES[name])
    assert measure(file) is not None
    for _ in range(300):
        data = bytearray(PICTURES[name])
        for _ in range(chance.randrange(1, 5)):
            data[chance.randrange(len(data))] = chance.choice((0, 1, 127, 128, 255))
        file.write_bytes(data[: chance.randrange(len(data) + 1)])
        size = measure(file)
        assert size is None or min(size) > 0
        assert is_transparent(file) in (True, False)


def test_an_empty_file_has_no_size(tmp_path):
    (tmp_path / "a.png").touch()
    assert measure(tmp_path / "a.png") is None
    assert not is_transparent(tmp_path / "a.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes and devices among files")
def test_pipes_and_devices_are_no_files_of_a_site(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "zero.png").symlink_to("/dev/zero")
    assert local_file("pipe.png", tmp_path, "") is None
    assert local_file("zero.png", tmp_path, "") is None
