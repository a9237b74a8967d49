"""What a scan or a photo is, by its own bytes, and the same without what a camera wrote into it. Pure.

Nothing is ever decoded: no picture is unpacked, so that none can be made to fill the machine. A JPEG is read marker by
marker, a PNG and a WebP chunk by chunk; what is not needed to show the picture (place and time of a photo, the device, a preview,
comments, whatever stands behind the end) stays behind. A JPEG keeps which way up it is. A PDF is kept as it is: what stands in
it, also a photo's place, stays in it.

Sources: ITU-T T.81 annex B (markers of JPEG); TIFF 6.0 (the tag of orientation); W3C PNG (chunks); RFC 9649
(WebP).
"""

from __future__ import annotations

from enum import StrEnum

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_

MOST_POINTS = 100_000_000  # ours: width times height, far beyond any phone's camera or scanner


class Kind(StrEnum):
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


KINDS: dict[Kind, tuple[str, str]] = {
    Kind.PDF: (N_("PDF"), "application/pdf"),
    Kind.JPEG: (N_("photo (JPEG)"), "image/jpeg"),
    Kind.PNG: (N_("picture (PNG)"), "image/png"),
    Kind.WEBP: (N_("picture (WebP)"), "image/webp"),
}


def cleaned(body: bytes, *, most: int) -> tuple[Kind, bytes]:
    """What a file is, and its bytes as they are kept. most: bytes that there is room for. Raises BadInput."""
    if not body:
        raise _no(N_("This file is empty."), N_("Choose the scan or the photo again."))
    if len(body) > most:
        raise BadInput(
            N_("This file is too large."),
            N_("There is room for %(megabytes)s MB. Scan it in gray, or photograph one page at a time."),
            field="file",
            facts={"megabytes": str(most // 1_000_000)},
        )
    if body.startswith(b"%PDF-"):
        if b"%%EOF" not in body[-2048:]:
            raise _broken()
        return Kind.PDF, body
    if body.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG, _jpeg(body)
    if body.startswith(_PNG):
        return Kind.PNG, _png(body)
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return Kind.WEBP, _webp(body)
    raise _no(N_("This is no scan that can be kept here."), N_("Keep a PDF, or a photo as JPEG, PNG or WebP."))


# JPEG

_START, _END, _SCAN, _EXIF, _COMMENT = 0xD8, 0xD9, 0xDA, 0xE1, 0xFE
_APPLICATION = range(0xE0, 0xF0)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
# Of what programs write, what a picture cannot be shown rightly without: its density, its colors.
_SHOWS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}


def _jpeg(body: bytes) -> bytes:
    kept = bytearray()  # not a list: of a file of markers alone it would take seventy times the room
    turned, at, has_frame = 1, 2, False
    while True:
        while body[at : at + 2] == b"\xff\xff":
            at += 1
        if len(body) < at + 2 or body[at] != 0xFF:
            raise _broken()
        marker = body[at + 1]
        if marker == _END:
            break
        if marker in _ALONE:
            kept += body[at : at + 2]
            at += 2
            continue
        end = at + 2 + int.from_bytes(body[at + 2 : at + 4], "big")
        if end < at + 4 or end > len(body):
            raise _broken()
        inside = body[at + 4 : end]
        if marker in _FRAMES:
            _check_size(int.from_bytes(inside[3:5], "big"), int.from_bytes(inside[1:3], "big"))
            has_frame = True
        if marker == _SCAN:
            end = _end_of_scan(body, end)
        if marker == _EXIF:
            turned = _turned(inside) or turned
        if (marker not in _APPLICATION and marker != _COMMENT) or inside.startswith(_SHOWS.get(marker, b"\0none")):
            kept += body[at:end]
        at = end
    if not has_frame:
        raise _broken()
    return b"\xff\xd8" + _way_up(turned) + kept + b"\xff\xd9"


def _end_of_scan(body: bytes, at: int) -> int:
    """Where the picture's own data end and the next marker begins."""
    while (at := body.find(b"\xff", at)) >= 0 and at + 1 < len(body):
        following = body[at + 1]
        if following == 0 or following in _ALONE:
            at += 2
        elif following == 0xFF:
            at += 1
        else:
            return at
    raise _broken()


_ORIENTATION = 0x0112


def _turned(inside: bytes) -> int:
    """Which way up a photo is (1 to 8), by what its camera wrote; 0 where it says nothing that can be read."""
    tags = inside[6:]
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(tags[:4])
    if not inside.startswith(b"Exif\0\0") or order is None:
        return 0

    def number(at: int, size: int) -> int:
        return int.from_bytes(tags[at : at + size], "little" if order == "little" else "big")

    first = number(4, 4)
    for at in range(first + 2, min(first + 2 + 12 * number(first, 2), len(tags)), 12):  # it may say more than it holds
        if number(at, 2) == _ORIENTATION:
            found = number(at + 8, 2)
            return found if 1 <= found <= 8 else 0
    return 0


def _way_up(turned: int) -> bytes:
    """The one thing of a camera's that is kept, written anew."""
    if turned == 1:
        return b""
    tag = _ORIENTATION.to_bytes(2, "big") + b"\0\x03" + b"\0\0\0\x01" + turned.to_bytes(2, "big") + b"\0\0"
    inside = b"Exif\0\0" + b"MM\0*\0\0\0\x08" + b"\0\x01" + tag + b"\0\0\0\0"
    return b"\xff\xe1" + (len(inside) + 2).to_bytes(2, "big") + inside


# PNG

_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNKS = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT", b"bKGD"))


def _png(body: bytes) -> bytes:
    kept, at = bytearray(_PNG), len(_PNG)
    names: set[bytes] = set()
    while b"IEND" not in names:
        size, name = int.from_bytes(body[at : at + 4], "big"), body[at + 4 : at + 8]
        end = at + 12 + size
        if end > len(body) or (not names and name != b"IHDR"):
            raise _broken()
        if name == b"IHDR":
            _check_size(int.from_bytes(body[at + 8 : at + 12], "big"), int.from_bytes(body[at + 12 : at + 16], "big"))
        if name in _CHUNKS:
            kept += body[at:end]
        names.add(name)
        at = end
    if b"IDAT" not in names:
        raise _broken()
    return bytes(kept)


# WebP: one still picture. One that moves is read as not whole.

_PARTS = frozenset((b"VP8X", b"ICCP", b"ALPH", b"VP8 ", b"VP8L"))
_COLORS_AND_ALPHA = 0x30  # of what VP8X says is there; not a camera's words, nor other pictures


def _webp(body: bytes) -> bytes:
    kept, at, names = bytearray(), 12, set[bytes]()
    end = 8 + int.from_bytes(body[4:8], "little")
    if end > len(body):
        raise _broken()
    while at < end:
        name, size = body[at : at + 4], int.from_bytes(body[at + 4 : at + 8], "little")
        inside = body[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
        if at > end or (name in _SIZES and len(inside) < 10):
            raise _broken()
        if name in _SIZES:
            _check_size(*_SIZES[name](inside))
        if name == b"VP8X":
            inside = bytes([inside[0] & _COLORS_AND_ALPHA]) + inside[1:]
        if name in _PARTS:
            kept += name + len(inside).to_bytes(4, "little") + inside + b"\0" * (size % 2)
        names.add(name)
    if not names & {b"VP8 ", b"VP8L"}:
        raise _broken()
    return b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WEBP" + kept


def _packed(inside: bytes, at: int, apart: int, bits: int, more: int) -> tuple[int, int]:
    """Two numbers of some bits in one, the second so many bits apart; each says so much less than it means."""
    both, most = int.from_bytes(inside[at : at + 6], "little"), (1 << bits) - 1
    return (both & most) + more, (both >> apart & most) + more


_SIZES = {
    b"VP8X": lambda inside: _packed(inside, 4, 24, 24, 1),
    b"VP8 ": lambda inside: _packed(inside, 6, 16, 14, 0),
    b"VP8L": lambda inside: _packed(inside, 1, 14, 14, 1),
}


def _check_size(width: int, height: int) -> None:
    if not 0 < width * height <= MOST_POINTS:
        raise _no(N_("This picture says that it is larger than any scan."), N_("Scan or photograph the paper again."))


def _broken() -> BadInput:
    return _no(
        N_("This file is damaged or not whole."), N_("Open it on your device; if it shows well there, save it anew.")
    )


def _no(found: str, expected: str) -> BadInput:
    return BadInput(found, expected, field="file")
