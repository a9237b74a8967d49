"""The first story, from an empty folder: two agencies, an invited home visitor, a mother's answer, and help first.

An administrator at a small table with a laptop; a supervisor between two meetings; Luz, the home visitor, on a sofa
beside María, the baby asleep; Dana, the clinician on call, on her phone in the corridor; Sam, of another agency.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys import steps
from tests.journeys.installation import House

HARBOR, PRAIRIE = "Harbor Family Services", "Prairie Early Years"


@pytest.mark.both_databases
def test_a_mothers_answer_reaches_a_person(house: House, device: Callable[..., Any]) -> None:
    """The whole way, and each refusal beside it; `who looked` tells it all."""
    _begin(house, device)
    luz, dana = device(), device()
    steps.arrive(luz, house, "luz@example.org")
    steps.arrive(dana, house, "dana@example.org")

    _register_with_an_accent(luz, house)
    _find_without_the_accent(luz, house)
    dyad = luz.url
    _answer_one_question(luz)
    _see_help_first(luz)

    letter = house.letter_to("dana@example.org")
    assert "María" not in letter and "self-harm" not in letter
    _close_the_task(dana, house)
    _a_colleague_elsewhere_is_refused(house, device(), dyad)
    _who_looked(luz, dyad)


def _begin(house: House, device: Callable[..., Any]) -> None:
    """The administrator's morning, and the supervisor's."""
    house.begin(
        "--profile",
        "network",
        "--name",
        "Coastal Network",
        "--state",
        "TX",
        "--zone",
        "America/Chicago",
        "--admin-name",
        "Robin Vance",
    )
    house.serve()
    admin = device()
    steps.open_link(admin, house.first_link)
    steps.enrol(admin)
    for name in (HARBOR, PRAIRIE):
        admin.goto(f"{house.address}/organizations/add/")
        admin.get_by_label("Name").first.fill(name)
        steps.is_sound(admin)
        admin.locator("main form button.button").last.click()
    for name, given, address in ((HARBOR, "Ngozi", "ngozi@example.org"), (PRAIRIE, "Tom", "tom@example.org")):
        _invite_first_supervisor(admin, house, name, given, address)
    for supervisor_address, people in (
        ("ngozi@example.org", (("Luz", "luz", "home_visitor"), ("Dana", "dana", "clinician"))),
        ("tom@example.org", (("Sam", "sam", "home_visitor"),)),
    ):
        supervisor = device()
        steps.arrive(supervisor, house, supervisor_address)
        steps.is_sound(supervisor)
        for given, mailbox, role in people:
            supervisor.goto(f"{house.address}/people/")
            steps.invite(supervisor, given=given, family="Example", address=f"{mailbox}@example.org", role=role)
        if "clinician" in {role for _, _, role in people}:
            supervisor.goto(f"{house.address}/agency/on-call/")
            steps.put_on_call_day_and_night(supervisor)


def _invite_first_supervisor(admin: Any, house: House, agency: str, given: str, address: str) -> None:
    """The administrator of several agencies chooses one, then invites."""
    admin.goto(f"{house.address}/people/")
    admin.get_by_label("Organization").select_option(agency)
    admin.get_by_role("button", name="Show its people").click()
    steps.is_sound(admin)
    steps.invite(admin, given=given, family="Example", address=address, role="agency_supervisor")


def _register_with_an_accent(luz: Any, house: House) -> None:
    """On a phone, in a living room: a baby and a mother whose name has accents."""
    luz.goto(f"{house.address}/families/")
    steps.is_sound(luz)
    luz.get_by_role("link", name="Register a family").click()
    steps.is_sound(luz)
    luz.get_by_role("button", name="Register this family").click()
    luz.locator(".error-summary").wait_for()  # an empty form says what is missing, on its fields
    assert not luz.get_by_label("Born on").is_visible()  # what belongs to a choice shows once it is chosen
    luz.get_by_label("Born", exact=True).check()
    assert not luz.get_by_label("Expected on").is_visible()
    luz.get_by_label("Baby's first name").fill("Ángel")
    luz.get_by_label("Born on").fill("2026-05-01")
    luz.get_by_label("First name", exact=True).fill("María")
    luz.get_by_label("Last name", exact=False).last.fill("Ñúñez Peña")
    luz.get_by_label("Cares for the child as").select_option("mother")
    luz.get_by_label("Phone").fill("555-0142")
    luz.get_by_label("yes", exact=True).check()
    luz.get_by_role("button", name="Register this family").click()
    luz.get_by_role("heading", name="Ángel", exact=True).wait_for()
    steps.is_sound(luz)


def _find_without_the_accent(luz: Any, house: House) -> None:
    luz.goto(f"{house.address}/families/")
    luz.get_by_label("Find a child or an adult by name").fill("nunez maria")
    luz.get_by_role("button", name="Find").click()
    luz.get_by_role("link", name="María Ñúñez Peña").click()
    luz.get_by_role("heading", name="Ángel", exact=True).wait_for()


def _answer_one_question(luz: Any) -> None:
    """María gives back the sheet with one cross on it: the tenth question, the third choice from the top."""
    luz.get_by_role("link", name="Open María’s page").click()
    steps.is_sound(luz)
    luz.get_by_label("EPDS: Edinburgh").check()
    luz.get_by_role("button", name="Enter it from paper").click()
    luz.get_by_role("group", name="self-harm thoughts").wait_for()
    steps.is_sound(luz)
    luz.get_by_role("group", name="self-harm thoughts").get_by_role("radio").nth(2).click()


def _see_help_first(luz: Any) -> None:
    """As it is typed: the very next page is help, before anything was sent by a button."""
    luz.wait_for_url("**/help/")
    steps.is_sound(luz)
    assert luz.get_by_role("link", name=re.compile("Call 988")).get_attribute("href") == "tel:988"
    luz.get_by_text("Dana Example").wait_for()
    luz.get_by_role("link", name="Go on to the screen").click()
    luz.get_by_role("button", name="Finish and see the result").click()
    luz.wait_for_url("**/help/")
    luz.get_by_role("link", name="Go on to the screen").click()
    luz.get_by_text("1–28").wait_for()  # one point is certain; nine blanks may add up to 27
    steps.is_sound(luz)


def _close_the_task(dana: Any, house: House) -> None:
    """Today shows it first; it is closed only with what was done."""
    dana.goto(f"{house.address}/today/")
    steps.is_sound(dana)
    dana.get_by_role("link", name="Open this now").click()
    dana.get_by_role("heading", name="María Ñúñez Peña").wait_for()
    steps.is_sound(dana)
    dana.get_by_role("button", name="Close with these words").click()
    dana.get_by_text("A task is closed only with what was done").first.wait_for()
    dana.get_by_label("What did you do?").fill(
        "Called her at 555-0142; her sister is with her. Visit tomorrow at nine."
    )
    dana.get_by_role("button", name="Close with these words").click()
    dana.wait_for_url("**/today/")
    assert dana.get_by_role("link", name="Open this now").count() == 0


def _a_colleague_elsewhere_is_refused(house: House, sam: Any, dyad: str) -> None:
    steps.arrive(sam, house, "sam@example.org")
    answer = sam.goto(dyad)
    assert answer.status == 403
    sam.get_by_text("This family is not one you serve").wait_for()
    steps.is_sound(sam)
    assert sam.get_by_text("Ángel").count() == 0


def _who_looked(luz: Any, dyad: str) -> None:
    """Registered, found, looked, refused: all there, newest first, on one screen."""
    luz.goto(dyad)
    luz.get_by_role("link", name="Who looked at this family").click()
    steps.is_sound(luz)
    for opened in luz.locator("main details").all():
        opened.locator("summary").click()
    steps.is_sound(luz)
    said = luz.locator("main").inner_text()
    for words in ("Luz Example", "Dana Example", HARBOR, PRAIRIE, "was refused", "registered the family"):
        assert words in said, words
    assert "Sam Example" not in said, "of a stranger, role and agency alone"
