"""What comes next in a house that has just begun."""

from __future__ import annotations

import pytest

from inmind.workspace import next_steps


@pytest.mark.parametrize(
    ("agencies", "alone", "steps"),
    [
        (0, [], [("add_organization", "", "")]),
        (2, [("1", "Harbor"), ("2", "Prairie")], [("invite", "1", "Harbor"), ("invite", "2", "Prairie")]),
        (2, [], []),
    ],
    ids=["no agency", "two without anybody", "each has somebody"],
)
def test_the_administrator_names_agencies_and_invites_their_first_people(
    agencies: int, alone: list[tuple[str, str]], steps: list[tuple[str, str, str]]
) -> None:
    """One step for the house, or one for each agency where nobody works."""
    found = next_steps.of_administrator(agencies, alone)
    assert [(step.goes, step.at, step.agency) for step in found] == steps


@pytest.mark.parametrize(
    ("has_visitor", "has_clinician", "on_call", "goes"),
    [
        (False, False, False, ["invite", "invite"]),
        (True, False, False, ["invite"]),
        (True, True, False, ["on_call"]),
        (False, True, False, ["invite", "on_call"]),
        (True, True, True, []),
    ],
)
def test_the_supervisor_invites_and_names_who_is_on_call(
    has_visitor: bool, has_clinician: bool, on_call: bool, goes: list[str]
) -> None:
    """Nobody can be named before a clinician is there, so that step comes after."""
    found = next_steps.of_supervisor(has_visitor=has_visitor, has_clinician=has_clinician, on_call=on_call)
    assert [step.goes for step in found] == goes


@pytest.mark.parametrize(
    ("has_family", "on_call", "goes"),
    [
        (False, True, ["family_register"]),
        (False, False, ["family_register", ""]),
        (True, False, [""]),
        (True, True, []),
    ],
)
def test_a_worker_registers_a_family_and_knows_whom_to_ask(has_family: bool, on_call: bool, goes: list[str]) -> None:
    """Nobody on call is somebody else's step: it is told without a button."""
    found = next_steps.of_worker(has_family=has_family, on_call=on_call)
    assert [step.goes for step in found] == goes


def test_whose_families_were_handed_over_is_not_told_that_there_is_none() -> None:
    (step,) = next_steps.of_worker(has_family=False, on_call=True, gave_over=True)
    assert (step.goes, step.title) == ("family_register", "No family is with you now")
    assert next_steps.of_worker(has_family=True, on_call=True, gave_over=True) == []
