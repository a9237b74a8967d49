"""What there is to do about a window that closes soon; and the face of nobody, for demonstrations. Pure."""

from __future__ import annotations

import zlib
from datetime import date

from inmind.documents.kinds import Kind, cleaned
from inmind.services.matches.closing import NEXT, TOO_LATE, next_step
from inmind.services.matches.windows import Look
from inmind.services.referrals.invented_face import INK, SIDE, drawn
from inmind.services.referrals.referral import State


def test_each_referral_that_waits_has_a_next_step_and_a_late_place_another() -> None:
    waits = [one for one in State if not (one.is_over or one.is_connected)]
    assert set(NEXT) == set(waits)
    for state in waits:
        assert next_step(state, Look(date(2026, 6, 1), None, False)) == NEXT[state]
        assert next_step(state, Look(date(2026, 6, 1), date(2026, 7, 1), True)) == TOO_LATE


def test_the_face_of_nobody_is_a_small_whole_picture_that_smiles() -> None:
    assert cleaned(drawn(), most=20_000) == (Kind.PNG, drawn())
    at = drawn().index(b"IDAT") + 4
    plain = zlib.decompress(drawn()[at : at + int.from_bytes(drawn()[at - 8 : at - 4], "big")])
    assert len(plain) == SIDE * (1 + 3 * SIDE) and plain.count(bytes(INK)) > 50
