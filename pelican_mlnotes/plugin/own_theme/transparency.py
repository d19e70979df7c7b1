"""Can the page be seen through a picture?

Plots are drawn in black on nothing, and are lost on a dark page. What says so is read from the file itself,
as far as it must be: a PNG with an alpha channel may use it nowhere, and then stays as it is.

Sources: W3C, Portable Network Graphics (Third Edition), https://www.w3.org/TR/png-3/; CompuServe, GIF89a;
Google, WebP Container Specification.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_MOST_PIXELS = 50_000_000  # beyond, a file is rather an attack than a plot
_CHANNELS = {4: 2, 6: 4}  # colour types with alpha: grey, and red, green and blue
# Interlaced rows and columns of a PNG: first column, first row, and how far apart.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def is_transparent(file: Path) -> bool:
    """Return whether anything shows through the picture in ``file``; ``False`` if it cannot be read."""
    try:
        if file.suffix.lower() in (".svg", ".svgz"):
            return True
        with file.open("rb") as data:
            start = data.read(12)
            if start.startswith(b"\x89PNG\r\n\x1a\n"):
                data.seek(8)
                return _png(data)
            if start.startswith(b"GIF8"):
                data.seek(10)
                return _gif(data)
            if start.startswith(b"RIFF") and start.endswith(b"WEBP"):
                return _webp(data)
    except (OSError, ValueError, IndexError, zlib.error):
        return False
    return False


def _png(data: BinaryIO) -> bool:
    width = height = depth = kind = interlaced = 0
    for name, body in _chunks(data):
        if name == b"IHDR":
            width, height = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
            depth, kind, interlaced = body[8], body[9], body[12]
        elif name == b"tRNS":
            # For a palette, the alpha of its colours; else the one colour that is not drawn.
            return kind != 3 or any(alpha < 255 for alpha in body)
        elif name == b"IDAT":
            if kind not in _CHANNELS:
                return False
            if not 0 < width * height <= _MOST_PIXELS:
                return True
            sample = depth // 8
            return not _is_opaque(
                data, body, (width, height), sample, _CHANNELS[kind] * sample, bool(interlaced)
            )
    return False


def _chunks(data: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    while len(head := data.read(8)) == 8:
        yield head[4:], data.read(int.from_bytes(head[:4], "big"))
        data.seek(4, 1)


def _is_opaque(
    data: BinaryIO, first: bytes, size: tuple[int, int], sample: int, pixel: int, interlaced: bool
) -> bool:
    """Return whether every pixel of ``pixel`` bytes has full alpha, which is its last ``sample`` bytes.

    Rows are stored as differences from their neighbours, each byte from the one a pixel before and a row
    above. As long as all alpha was full, what a full row looks like follows from its filter alone; so a row
    is compared as it is stored, and the first that differs is the answer.
    """
    unpack = zlib.decompressobj()
    data.seek(4, 1)
    packed, buffer = first, b""
    more = _chunks(data)
    for columns, rows in _passes(size, interlaced):
        length = 1 + columns * pixel
        for row in range(rows):
            while len(buffer) < length:
                # At most a few rows at a time: a small file may hold gigabytes.
                buffer += unpack.decompress(packed, max(length, 1 << 16))
                packed = unpack.unconsumed_tail
                if len(buffer) < length and not packed:
                    packed = next((body for name, body in more if name == b"IDAT"), b"")
                    if not packed:
                        return True  # cut off; what there is, is opaque
            line, buffer = buffer[:length], buffer[length:]
            full = _full(line[0], columns, top=row == 0)
            for offset in range(pixel - sample, pixel):
                if line[1 + offset :: pixel] != full:
                    return False
    return True


def _passes(size: tuple[int, int], interlaced: bool) -> Iterator[tuple[int, int]]:
    if not interlaced:
        yield size
        return
    for left, top, across, down in _PASSES:
        columns, rows = -(-(size[0] - left) // across), -(-(size[1] - top) // down)
        if columns > 0 and rows > 0:
            yield columns, rows


def _full(filtered: int, columns: int, *, top: bool) -> bytes:
    """Return how a row of full alpha is stored below rows of full alpha, by its filter (PNG, section 9)."""
    first, rest = {
        0: (255, 255),  # as it is
        1: (255, 0),  # less the one before
        2: (255, 255) if top else (0, 0),  # less the one above
        3: (255, 128) if top else (128, 0),  # less half of both
        4: (255, 0) if top else (0, 0),  # less the one that Paeth's predictor chooses
    }.get(filtered, (0, 0))
    return bytes([first]) + bytes([rest]) * (columns - 1)


def _gif(data: BinaryIO) -> bool:
    """Return whether the first frame has a colour that is not drawn."""
    flags = data.read(3)[0]
    data.seek(3 << ((flags & 7) + 1) if flags & 0x80 else 0, 1)
    while data.read(1) == b"!":
        label = data.read(1)
        while length := data.read(1)[0]:
            body = data.read(length)
            if label == b"\xf9":
                return bool(body[0] & 1)
    return False


def _webp(data: BinaryIO) -> bool:
    name, body = data.read(4), data.read(14)
    if name == b"VP8X":
        return bool(body[4] & 0x10)
    return name == b"VP8L" and bool(body[8] & 0x10)
