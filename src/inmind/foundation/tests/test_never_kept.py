"""What has no field here is warned about in free text."""

from __future__ import annotations

import pytest

from inmind.foundation.never_kept import looks_like_ssn


@pytest.mark.parametrize(
    "text", ["000-12-3456", "Her number is 000-12-3456.", "000 12 3456", "000.12.3456", "000–12–3456", "000123456"]
)
def test_what_looks_like_a_social_security_number_is_seen(text: str) -> None:
    """As people write it. Invented ones begin with 000, which is given to nobody."""
    assert looks_like_ssn(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "555-0142",
        "(555) 555-0142",
        "555-555-0142",
        "+15555550142",
        "5555550142",
        "2026-11-21",
        "62704-1234",
        "12 weeks",
        "01a1fd43-20b5-7e38-b42e-d7a123456789",
        "form a123456789b",
    ],
)
def test_phones_days_and_postal_codes_are_not(text: str) -> None:
    """Nobody is stopped for nothing."""
    assert not looks_like_ssn(text)
