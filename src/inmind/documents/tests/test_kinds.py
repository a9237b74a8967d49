"""What a scan is, by its own bytes, and what of a camera's words stays behind. Rules of their own, no database."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.documents.kinds import KINDS, MOST_POINTS, Kind, cleaned
from inmind.foundation.errors import BadInput

MOST = 10_000


def segment(marker: int, inside: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + (len(inside) + 2).to_bytes(2, "big") + inside


def exif(turned: int = 6, order: str = "big", tag: int = 0x0112) -> bytes:
    """As a camera writes it: which way up, and a canary where the place stands."""

    def number(value: int, size: int) -> bytes:
        return value.to_bytes(size, "big" if order == "big" else "little")

    head = (b"MM\0*" if order == "big" else b"II*\0") + number(8, 4) + number(2, 2)
    place = number(0x8825, 2) + number(4, 2) + number(1, 4) + number(99, 4)
    up = number(tag, 2) + number(3, 2) + number(1, 4) + number(turned, 2) + b"\0\0"
    return segment(0xE1, b"Exif\0\0" + head + place + up + number(0, 4) + b"CANARY 38.9N 95.2W")


FRAME = segment(0xC0, b"\x08" + (200).to_bytes(2, "big") + (300).to_bytes(2, "big") + b"\x01\x01\x11\0")
JFIF = segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0")
TABLES, SCAN = segment(0xDB, b"tables"), segment(0xDA, b"scan") + b"data\xff\0more\xff\xd0again\xff"
END = b"\xff\xd9"


def jpeg(*parts: bytes, end: bytes = END) -> bytes:
    return b"\xff\xd8" + b"".join(parts) + end


def chunk(name: bytes, inside: bytes = b"") -> bytes:
    return len(inside).to_bytes(4, "big") + name + inside + b"crc."


def header(width: int = 30, height: int = 20) -> bytes:
    return chunk(b"IHDR", width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0")


def png(*parts: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


PICTURE = png(header(), chunk(b"IDAT", b"packed"), chunk(b"IEND"))


def riff(name: bytes, inside: bytes) -> bytes:
    return name + len(inside).to_bytes(4, "little") + inside + b"\0" * (len(inside) % 2)


def webp(*parts: bytes) -> bytes:
    return b"RIFF" + (4 + sum(map(len, parts))).to_bytes(4, "little") + b"WEBP" + b"".join(parts)


STILL = riff(b"VP8 ", b"tag\x9d\x01\x2a" + b"\x2c\x01\xc8\x00" + b"packed!")  # 300 by 200, an odd length
PACKED = riff(b"VP8L", b"\x2f" + (299 | 199 << 14).to_bytes(4, "little") + b"packed")
WIDE = b"\0\0\0" + (299).to_bytes(3, "little") + (199).to_bytes(3, "little")
PDF = b"%PDF-1.7\n...\n%%EOF\n"


def test_a_photo_leaves_its_place_and_its_camera_behind() -> None:
    """And a preview, a comment, a second picture, and whatever stands behind its end. Which way up it is stays."""
    photo = jpeg(
        JFIF,
        exif(),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0CANARY"),
        segment(0xE2, b"MPF\0CANARY"),
        segment(0xE2, b"ICC_PROFILE\0colors"),
        segment(0xED, b"CANARY"),
        segment(0xFE, b"CANARY"),
        b"\xff",  # a byte that fills
        TABLES,
        b"\xff\x01",
        FRAME,
        SCAN,
        end=END + b"CANARY",
    )
    kind, kept = cleaned(photo, most=MOST)
    assert kind is Kind.JPEG and b"CANARY" not in kept and b"ICC_PROFILE" in kept and b"JFIF" in kept
    assert kept.endswith(b"data\xff\0more\xff\xd0again\xff" + END) and TABLES + b"\xff\x01" + FRAME in kept
    assert b"\x01\x12\0\x03\0\0\0\x01\0\x06" in kept
    assert cleaned(kept, most=MOST) == (kind, kept)  # once more changes nothing


@pytest.mark.parametrize(
    ("said", "is_kept"),
    [
        (exif(8, "little"), True),
        (exif(1), False),
        (exif(9), False),
        (exif(6, tag=0x0110), False),
        (segment(0xE1, b"Exif\0\0??"), False),
        (b"", False),
    ],
    ids=["little end first", "already up", "no way at all", "not said", "cannot be read", "no camera"],
)
def test_which_way_up_is_kept_where_it_can_be_read(said: bytes, is_kept: bool) -> None:
    _kind, kept = cleaned(jpeg(said, FRAME, SCAN), most=MOST)
    assert (b"Exif" in kept) is is_kept


def test_a_photo_that_says_it_holds_more_than_it_does_takes_no_longer_to_read() -> None:
    """Each of these says that 65,535 facts of a camera follow; half a million of them fit into one file."""
    hollow = segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\xff\xff")
    began = time.process_time()
    cleaned(jpeg(hollow * 2_000, FRAME, SCAN), most=100_000)
    assert time.process_time() - began < 5  # it took a minute


def test_a_picture_keeps_what_shows_it_and_no_word_besides() -> None:
    words = [chunk(name, b"CANARY") for name in (b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME", b"iCCP", b"prIV")]
    body = png(header(), *words, chunk(b"pHYs", b"scale"), chunk(b"IDAT", b"packed"), chunk(b"IEND")) + b"CANARY"
    assert cleaned(body, most=MOST) == (
        Kind.PNG,
        png(header(), chunk(b"pHYs", b"scale"), chunk(b"IDAT", b"packed"), chunk(b"IEND")),
    )


def test_a_webp_keeps_what_shows_it_and_says_no_more_that_it_holds_a_camera_s_words() -> None:
    words = [riff(name, b"CANARY!") for name in (b"EXIF", b"XMP ", b"prIV")]
    colors, clear = riff(b"ICCP", b"colors"), riff(b"ALPH", b"clear")
    body = webp(riff(b"VP8X", b"\x3c" + WIDE), colors, *words, clear, STILL) + b"CANARY"
    assert cleaned(body, most=MOST) == (Kind.WEBP, webp(riff(b"VP8X", b"\x30" + WIDE), colors, clear, STILL))
    assert cleaned(webp(PACKED), most=MOST) == (Kind.WEBP, webp(PACKED))


def test_a_pdf_is_kept_as_it_is() -> None:
    assert cleaned(PDF, most=MOST) == (Kind.PDF, PDF)
    assert set(KINDS) == set(Kind)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x" * (MOST + 1),
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04",
        b"%PDF-1.7 cut",
        b"\xff\xd8\xff",
        jpeg(FRAME, SCAN, end=b""),
        jpeg(SCAN),
        jpeg(FRAME, b"no marker"),
        jpeg(b"\xff\xdb\xff\xff"),
        jpeg(b"\xff\xdb\0\0"),
        jpeg(FRAME, segment(0xDA, b"scan") + b"data\xff\xff", end=b""),
        jpeg(segment(0xC0, b"\x08" + b"\xff\xff" * 2), SCAN),
        png(),
        png(chunk(b"IDAT")),
        png(header(), chunk(b"IEND")),
        png(header(), chunk(b"IDAT", b"packed")),
        png(header(0, 20), chunk(b"IDAT"), chunk(b"IEND")),
        png(header(MOST_POINTS, 2), chunk(b"IDAT"), chunk(b"IEND")),
        webp(),
        webp(STILL)[:-1],
        webp(STILL[:-2]),
        webp(riff(b"VP8X", b"\x02" + WIDE), riff(b"ANIM", b"moves"), riff(b"ANMF", b"one")),
        webp(riff(b"VP8 ", b"short")),
        webp(riff(b"VP8L", b"\x2f" + b"\xff" * 9)),
        webp(riff(b"VP8X", b"\0" * 4 + b"\xff" * 6), STILL),
    ],
)
def test_what_is_no_whole_scan_is_refused_at_its_field(body: bytes) -> None:
    """Nothing, too much, another kind under any name, cut or broken, or one that says it is larger than any scan."""
    with pytest.raises(BadInput) as refusal:
        cleaned(body, most=MOST)
    assert refusal.value.field == "file"


@given(
    st.sampled_from([jpeg(JFIF, exif(), FRAME, SCAN), PICTURE, webp(riff(b"VP8X", b"\x30" + WIDE), STILL)]), st.data()
)
def test_no_damage_is_more_than_refused(body: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body) - 1))
    damaged = body[:at] + data.draw(st.binary(max_size=3)) + body[at + data.draw(st.integers(0, 3)) :]
    try:
        kind, kept = cleaned(damaged, most=MOST)
    except BadInput:
        return
    assert len(kept) <= len(damaged) + 40 and cleaned(kept, most=MOST)[0] is kind
