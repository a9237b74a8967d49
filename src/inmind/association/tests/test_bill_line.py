"""What a bill for a membership says."""

from __future__ import annotations

from datetime import date

import pytest

from inmind.association.actions.buying import LINE, bill_line
from inmind.association.models import Level
from inmind.foundation.values import Period

DAYS = Period(date(2026, 11, 22), date(2028, 1, 1))


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("", "Membership Professional, Nov. 22, 2026 to Dec. 31, 2027"),
        ("en", "Membership Professional, Nov. 22, 2026 to Dec. 31, 2027"),
        ("es", "Membresía Profesional, del 22 de noviembre de 2026 al 31 de diciembre de 2027"),
    ],
)
def test_a_bill_says_level_and_days_in_the_payers_language(language: str, says: str) -> None:
    assert bill_line(Level(name="Professional", name_es="Profesional"), DAYS, language) == says


def test_a_name_that_is_too_long_is_cut_and_the_days_stay() -> None:
    line = bill_line(Level(name="P" * 200), DAYS)
    assert len(line) == LINE and line.endswith("to Dec. 31, 2027")
