"""A mother answers the questions of her visit on her own phone, on a bus with a poor network; and what her partner finds.

She stops, goes on with another phone, says that she thinks of hurting herself, and help is the next page. Dana, who is on
call, is told at once. Whoever opens the link again learns no answer.
"""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import steps, traces
from tests.journeys.harbor import Harbor
from tests.journeys.installation import House
from tests.wordings import answer_for_tests, question_for_tests

ROSA, NUMBER, WHEN = "rosa@example.net", "555-010-7741", "when the children sleep, canary"
SEND = """
from inmind import cli
cli.set_up()
from tests.journeys import test_her_own_phone
test_her_own_phone.is_sent()
"""
KEPT = """
from inmind import cli
cli.set_up()
import json
from inmind.screening.models import Screen
from inmind.tasks.models import Task
print(json.dumps([Screen.objects.get().answers, Screen.objects.get().state, Task.objects.filter(red=True).count()]))
"""


def is_sent() -> None:
    """Inside the house: Luz serves Rosa, Dana is on call, and a letter with the link leaves."""
    from inmind.access.models import Account
    from inmind.families.intake import AdultFacts
    from inmind.foundation import clock
    from inmind.people.models import Contact, Person
    from inmind.screening import sending_actions
    from tests import make, wordings

    luz, dana = (make.Worker(Account.objects.get(person__given_name=name), None) for name in ("Luz", "Dana"))
    agency = make.make_network().agencies[0]
    supervisor = make.Worker(Account.objects.get(person__given_name="Ngozi"), agency)
    make.make_rota(agency, make.at_all_hours(dana), by=supervisor)
    rosa = AdultFacts("Rosaura", "Quintero", "mother", language="es")
    family = make.make_family(make.Worker(luz.account, agency), child="Camilo Quintero", adults=(rosa,))
    mail = {"channel": Contact.Channel.MAIL, "address": ROSA, "safe": True}
    make.together(lambda act: Contact.objects.create(person=Person.objects.get(pk=family.adult.pk), **mail))
    wordings.make_wording("epds", languages=("es",))
    today, given = clock.today(agency.zone), {"episode": family.episode, "adult": family.adult, "language": "es"}
    sending_actions.send(luz.actor, parts=("epds",), on=today, by_letter=True, **given)


@pytest.mark.parametrize("device", ["phone"], indirect=True)
def test_a_mother_answers_on_a_bus_and_whoever_opens_the_link_again_learns_nothing(harbor: Harbor) -> None:
    house = harbor.house
    house.does(SEND)
    link = house.link_to(ROSA)
    first = harbor.device()
    expected = _on_the_bus(first, link)
    other = harbor.device()
    _goes_on_elsewhere(other, link, expected)
    _says_it_and_finds_help(other)
    _dana_is_told(harbor.enter("Dana"))
    _a_partner_looks(other, harbor.device(), link, house)
    other.goto(f"{house.address}/for-you/visit/end/")
    other.locator("form.visit-answers button").click()
    expect(other.locator("a[href='/l/leave/'].button.wide")).to_be_visible()
    answers, state, tasks = json.loads(house.does(KEPT))
    assert answers == expected | {f"epds_{number}": None for number in range(5, 10)} | {"epds_10": 2}
    assert (state, tasks) == ("incomplete", 1), "each answer arrived once, and called one person"


def _on_the_bus(page: Any, link: str) -> dict[str, int]:
    """Four answers, each with the network cut: after it arrived, or before; she goes on from her letter's page each time."""
    page.goto(link)
    expect(page).to_have_title("InMind")
    expect(page).to_have_url(re.compile("/for-you/visit/$"))
    steps.is_sound(page)
    kinds = ["after", "before", "after", "before"]
    random.Random(5).shuffle(kinds)
    for number, kind in enumerate(kinds, start=1):
        page.goto(link)
        page.locator(".visit-begin a").click()
        expect(page.locator("#question")).to_contain_text(question_for_tests(number, "es"))
        _press_and_lose_the_network(page, kind)
        if kind == "before":
            page.goto(link)
            page.locator(".visit-begin a").click()
            _press(page, number)
    return {f"epds_{number}": _points(number) for number in range(1, 5)}


def _points(number: int) -> int:
    """Of the second answer; the form prints some questions with the worst on top."""
    return 1 if number in (1, 2, 4) else 2


def _press(page: Any, number: int) -> None:
    page.get_by_role("button", name=answer_for_tests(number, 2, "es")).click()
    expect(page.locator("#question")).to_contain_text(question_for_tests(number + 1, "es"))


def _press_and_lose_the_network(page: Any, kind: str) -> None:
    def cut(route: Any) -> None:
        if kind == "after":
            route.fetch(max_redirects=0)
        route.abort()

    page.route("**/for-you/visit/1/**", cut)
    with page.expect_event("requestfailed"):
        page.locator("button.answer-button").nth(1).dispatch_event("click")
    page.unroute("**/for-you/visit/1/**")
    expect(page).to_have_url(re.compile("^chrome-error:"))


def _goes_on_elsewhere(page: Any, link: str, expected: dict[str, int]) -> None:
    """Another phone goes on where she stopped; by the keyboard alone she skips what she likes to skip."""
    page.goto(link)
    page.locator(".visit-begin a").press("Enter")
    for number in range(len(expected) + 1, 10):
        expect(page.locator("#question")).to_contain_text(question_for_tests(number, "es"))
        if number == 5:
            steps.is_sound(page)
        page.locator("button[value=skip]").press("Enter")


def _says_it_and_finds_help(page: Any) -> None:
    expect(page.locator("#question")).to_contain_text(question_for_tests(10, "es"))
    page.get_by_role("button", name=answer_for_tests(10, 2, "es")).click()
    expect(page.locator("a[href='tel:988']").first).to_be_visible()
    page.get_by_text("Dana Example").first.wait_for()
    steps.is_sound(page)
    page.locator("input[name=wanted][value=yes]").check()
    page.locator("input[name=number]").fill(NUMBER)
    page.locator("input[name=when]").fill(WHEN)
    page.locator("#call-back button.button").click()
    expect(page.locator("#call-back")).to_have_count(0)
    assert NUMBER not in page.content()


def _dana_is_told(dana: Any) -> None:
    """The red task stands on Today, with the number that is safe."""
    dana.locator(".task-now a, .card-now a").first.click()
    dana.get_by_text(NUMBER).first.wait_for()
    dana.get_by_text(WHEN).first.wait_for()


def _a_partner_looks(taken: Any, own: Any, link: str, house: House) -> None:
    """On the phone taken from her hand by its back button, and on another phone by the link: no answer, no help that came."""
    seen = []
    for _step in range(3):
        taken.go_back()
        seen.append(taken.content())
    taken.goto(f"{house.address}/for-you/visit/help/")
    seen.append(taken.content())
    own.goto(link)
    seen.append(own.content())
    for where in ("", "1/1/", "1/4/", "1/10/", "end/", "help/"):
        own.goto(f"{house.address}/for-you/visit/{where}")
        seen.append(own.content())
    kept = {str(number): page for number, page in enumerate(seen)}
    kept |= {"this phone": traces.kept_by(taken, taken.context), "the other": traces.kept_by(own, own.context)}
    # The help that came after the answer thanked her for telling.
    assert not traces.found_in(kept, {NUMBER, WHEN, "decírnoslo", "checked", "aria-pressed"})
