"""What shows through a picture, as its file says."""

import struct
import zlib

import pytest

from pelican_mlnotes.plugin.own_theme.transparency import is_transparent

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def filtered(rows, pixel, kind):
    """Return ``rows`` as PNG stores them by the filter ``kind`` (W3C, PNG, section 9)."""
    out, above = b"", bytes(len(rows[0]))
    for row in rows:
        line = bytearray()
        for at, value in enumerate(row):
            left = row[at - pixel] if at >= pixel else 0
            corner = above[at - pixel] if at >= pixel else 0
            up = above[at]
            guess = left + up - corner
            near = min((left, up, corner), key=lambda other: abs(guess - other))
            line.append((value - (0, left, up, (left + up) // 2, near)[kind]) % 256)
        out += bytes([kind]) + bytes(line)
        above = row
    return out


def png(kind=6, depth=8, size=(5, 4), see_through=(), how=0, extra=b"", interlaced=False):
    pixel = CHANNELS[kind] * depth // 8

    def row(columns, y):
        line = b""
        for x in columns:
            dots = bytearray((x * 7 + y * 13 + channel * 5) % 256 for channel in range(pixel))
            if kind in (4, 6):
                dots[-(depth // 8) :] = (b"\x10" if (x, y) in see_through else b"\xff") * (depth // 8)
            line += bytes(dots)
        return line

    if interlaced:
        passes = (
            (0, 0, 8, 8),
            (4, 0, 8, 8),
            (0, 4, 4, 8),
            (2, 0, 4, 4),
            (0, 2, 2, 4),
            (1, 0, 2, 2),
            (0, 1, 1, 2),
        )
        grids = [(range(left, size[0], dx), range(top, size[1], dy)) for left, top, dx, dy in passes]
    else:
        grids = [(range(size[0]), range(size[1]))]
    data = b"".join(filtered([row(xs, y) for y in ys], pixel, how) for xs, ys in grids if xs and ys)
    head = struct.pack(">IIBBBBB", *size, depth, kind, 0, 0, int(interlaced))
    packed = zlib.compress(data)
    half = len(packed) // 2
    parts = chunk(b"IDAT", packed[:half]) + chunk(b"IDAT", packed[half:])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + parts + chunk(b"IEND", b"")


@pytest.fixture
def seen(tmp_path):
    def seen(data, name="a.png"):
        file = tmp_path / name
        file.write_bytes(data)
        return is_transparent(file)

    return seen


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("how", range(5))
@pytest.mark.parametrize(("kind", "depth"), [(4, 8), (4, 16), (6, 8), (6, 16)])
def test_an_alpha_channel_counts_only_where_it_is_used(seen, kind, depth, how, interlaced):
    options = {"kind": kind, "depth": depth, "how": how, "interlaced": interlaced}
    assert not seen(png(**options))
    for place in ((0, 0), (4, 3), (2, 1)):
        assert seen(png(**options, see_through={place}))


def test_a_palette_and_a_colour_key_are_read(seen):
    assert not seen(png(kind=2))
    assert not seen(png(kind=3))
    assert seen(png(kind=2, extra=chunk(b"tRNS", b"\0\0\0\0\0\0")))
    assert seen(png(kind=3, extra=chunk(b"tRNS", b"\xff\x00")))
    assert not seen(png(kind=3, extra=chunk(b"tRNS", b"\xff\xff")))


def test_drawings_are_always_seen_through(seen):
    assert seen(b"<svg/>", "a.svg")


def test_other_formats_say_it_in_their_heads(seen):
    gif = b"GIF89a\x01\0\x01\0\x80\0\0" + b"\0" * 6 + b"!\xf9\x04%c\0\0\0\0,"
    assert seen(gif % b"\x01", "a.gif")
    assert not seen(gif % b"\x00", "a.gif")
    webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0%c" + b"\0" * 9
    assert seen(webp % b"\x10", "a.webp")
    assert not seen(webp % b"\x00", "a.webp")


def test_damaged_files_are_left_alone(seen):
    whole = png(see_through={(4, 3)})
    for end in range(len(whole)):
        seen(whole[:end])
    assert not seen(b"")
    assert not seen(b"\xff\xd8\xff\xe0JFIF", "a.jpg")


def test_a_small_file_of_very_many_rows_is_read_a_few_at_a_time(seen):
    head = struct.pack(">IIBBBBB", 1000, 2_000, 8, 6, 0, 0, 0)
    row = b"\0" + b"\0\0\0\xff" * 1000
    data = zlib.compress(row * 2_000, 9)
    assert not seen(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data))
