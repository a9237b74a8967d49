"""What an agency's own sign-in may say, row by row: who it is for, by when, and what counts as a second factor."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.access.sign_on import (
    LEEWAY,
    ClocksApart,
    Expected,
    NotAnswering,
    NotBegun,
    NotHereAlone,
    NotLinked,
    Said,
    SignOnProblem,
    TurnedAway,
    Untrusted,
    read,
)

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
EXPECTED = Expected("https://login.example.org", "inmind", "n-1", frozenset({"mfa", "urn:strong"}))
RIGHT: dict[str, Any] = {
    "iss": EXPECTED.issuer,
    "aud": "inmind",
    "sub": "luz-7",
    "nonce": "n-1",
    "iat": AT - 5,
    "exp": AT + 300,
}
WITHOUT = object()


def claims(**other: Any) -> dict[str, Any]:
    return {name: value for name, value in (RIGHT | other).items() if value is not WITHOUT}


def test_what_was_asked_for_is_taken() -> None:
    assert read(claims(), EXPECTED, NOW) == Said("luz-7", second_factor=False)


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "https://login.example.org/"},
        {"iss": WITHOUT},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": WITHOUT},
        {"aud": {"inmind": 1}},
        {"aud": ["inmind", "another"]},
        {"aud": ["inmind", "another"], "azp": "another"},
        {"azp": "another"},
        {"nonce": "n-2"},
        {"nonce": WITHOUT},
        {"sub": ""},
        {"sub": WITHOUT},
        {"sub": 7},
        {"sub": "x" * 256},
        {"exp": WITHOUT},
        {"iat": "soon"},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": 2**60},
    ],
    ids=lambda other: str(other).replace(str(WITHOUT), "gone"),
)
def test_anything_else_is_not_trusted(other: dict[str, Any]) -> None:
    """OpenID Connect Core 1.0, 3.1.3.7, points 2 to 5 and 11; and what a token must have at all."""
    with pytest.raises(Untrusted):
        read(claims(**other), EXPECTED, NOW)


@pytest.mark.parametrize("audience", [["inmind"], ["inmind", "another"]], ids=str)
def test_several_audiences_are_taken_where_we_are_the_party(audience: list[str]) -> None:
    assert read(claims(aud=audience, azp="inmind"), EXPECTED, NOW).subject == "luz-7"


@pytest.mark.parametrize(
    ("times", "taken"),
    [
        ({"exp": AT - LEEWAY + 1}, True),
        ({"exp": AT - LEEWAY}, False),
        ({"iat": AT + LEEWAY}, True),
        ({"iat": AT + LEEWAY + 1}, False),
    ],
    ids=["just over", "long over", "just early", "too early"],
)
def test_clocks_may_differ_by_a_minute(times: dict[str, int], taken: bool) -> None:
    if taken:
        assert read(claims(**times), EXPECTED, NOW).subject == "luz-7"
    else:
        with pytest.raises(ClocksApart):
            read(claims(**times), EXPECTED, NOW)


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "urn:strong"}, True),
        ({"acr": "urn:weak"}, False),
        ({"amr": "mfa"}, False),
        ({"amr": [{"mfa": 1}], "acr": 7}, False),
    ],
    ids=str,
)
def test_a_second_factor_counts_only_by_the_words_that_were_set(said: dict[str, Any], counts: bool) -> None:
    assert read(claims(**said), EXPECTED, NOW).second_factor is counts
    nothing = Expected(EXPECTED.issuer, EXPECTED.client, EXPECTED.nonce)
    assert read(claims(**said), nothing, NOW).second_factor is False


@given(
    st.dictionaries(
        st.sampled_from([*RIGHT, "azp", "amr", "acr"]), st.none() | st.integers() | st.text() | st.lists(st.text())
    )
)
def test_no_token_whatever_it_holds_is_a_fault(other: dict[str, Any]) -> None:
    """It is read, or refused with a sentence."""
    with suppress(SignOnProblem):
        assert read(RIGHT | other, EXPECTED, NOW).subject


@pytest.mark.parametrize(
    "problem", [NotAnswering, TurnedAway, NotBegun, Untrusted, ClocksApart, NotLinked, NotHereAlone]
)
def test_whatever_fails_there_the_way_on_is_said(problem: type[SignOnProblem]) -> None:
    """What was found and what to do now; in the trail a word of its own."""
    said = problem()
    assert said.found and said.next_step
    assert said.key not in {
        SignOnProblem.key,
        *(other.key for other in SignOnProblem.__subclasses__() if other is not problem),
    }
    assert said.status in {400, 410, 503}
