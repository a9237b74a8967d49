"""The face of nobody: a small drawn picture (PNG) for demonstrations, so that no photo of a person stands in one. Pure.

Source: W3C PNG (chunks, filter 0).
"""

from __future__ import annotations

import struct
import zlib

SIDE = 160
SAGE, TEAL, SKIN, HAIR, INK = (141, 170, 145), (31, 95, 91), (196, 148, 112), (58, 42, 36), (34, 49, 58)


def drawn() -> bytes:
    """A woman who smiles, as circles."""
    rows = (b"\0" + b"".join(bytes(_color(x, y)) for x in range(SIDE)) for y in range(SIDE))
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(name: bytes, inside: bytes) -> bytes:
    return struct.pack(">I", len(inside)) + name + inside + struct.pack(">I", zlib.crc32(name + inside))


def _color(x: int, y: int) -> tuple[int, int, int]:
    def within(at_x: int, at_y: int, wide: int, tall: int) -> bool:
        return ((x - at_x) / wide) ** 2 + ((y - at_y) / tall) ** 2 <= 1

    smile = within(80, 88, 17, 14) and not within(80, 82, 20, 14)
    if within(66, 70, 4, 5) or within(94, 70, 4, 5) or smile:
        return INK
    if within(80, 76, 33, 39) and not within(80, 36, 40, 17):
        return SKIN
    if within(80, 68, 43, 48):
        return HAIR
    return TEAL if within(80, 172, 64, 56) else SAGE
