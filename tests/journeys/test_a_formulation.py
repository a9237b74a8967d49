"""A formulation by DC:0-5, from the first visit to the code on a claim: a toddler in foster care, three who care for her, and
what somebody else may read of it.

Luz writes her visits down on her phone, on the step before each door; Dana counts them, writes each axis at her desk, and signs;
three months later she looks again. Ngozi keeps what payers allow. A court's paper holds the child's part and says what it does
not hold; and the list of codes changes between two days of service.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from inmind.diagnosis.releases import Release
from inmind.diagnosis.tests.invented import AUTISM, NEW, OLD, as_published
from tests.journeys import steps
from tests.journeys.harbor import ZONE, Harbor
from tests.journeys.installation import House

PAYER, COUNSEL = "State Medicaid", "Adams, counsel of the child"
JOYCE, ROSA, ELENA = "Joyce Brown", "Rosa Quintero", "Elena Quintero"
DOMAINS = 5  # of Axis V
THREE_MONTHS, SIX_WEEKS = timedelta(days=92), timedelta(days=42)
# What a court's paper never holds unless an adult agreed and somebody chose it: words that only Axis II has here.
OF_AXIS_II = (
    "Level 3",
    "Level 2",
    "Level 1",
    "Comfort for distress",
    "canaryjoyce",
    "canaryrosa",
    "canaryelena",
    "canaryplace",
)
BEGIN = """
from inmind import cli
cli.set_up()
from tests.journeys import test_a_formulation
print(test_a_formulation.a_child_in_foster_care())
"""


def a_child_in_foster_care() -> str:
    """Inside the house: for three weeks Luz and Dana serve Alma, of 26 months, whom her foster mother, her mother and her
    grandmother care for; her mother, whose rights stand, agreed to what counsel may be told. The key of her family's page."""
    from inmind.access.consents import Days, Kind, Purpose
    from inmind.access.models import Account
    from inmind.families.intake import AdultFacts
    from inmind.families.models import Episode
    from inmind.foundation import clock
    from tests import make

    agency = make.make_network().agencies[0]
    luz, dana = (make.Worker(Account.objects.get(person__given_name=name), agency) for name in ("Luz", "Dana"))
    parts = ((ROSA, "birth_mother"), (JOYCE, "foster_mother"), (ELENA, "grandmother"))
    adults = [AdultFacts(*name.split(" "), part) for name, part in parts]
    family = make.make_family(luz, child="Alma Quintero", age_months=26, adults=adults)
    make.join_team(family, dana)
    today = clock.today(make.ZONE)
    began = today - timedelta(weeks=3)
    make.together(lambda act: Episode.objects.filter(pk=family.episode.pk).update(since=began))
    said = {"kinds": frozenset({Kind.FORMULATIONS, Kind.SERVED}), "purpose": Purpose.COURT, "days": Days(began)}
    make.make_consent(family, COUNSEL, about=family.child, **said)
    return str(family.dyad.pk)


@pytest.mark.both_databases
def test_a_toddler_in_foster_care_is_understood_over_three_visits(harbor: Harbor, tmp_path: Path) -> None:
    house, today = harbor.house, datetime.now(ZoneInfo(ZONE)).date()
    family = f"{house.address}/families/{house.does(BEGIN).strip().splitlines()[-1]}/"
    turn = today + SIX_WEEKS
    _codes_are_loaded(house, tmp_path, today, turn)
    ngozi, luz, dana = _at_a_desk(harbor, "Ngozi"), _on_a_phone(harbor, "Luz"), _at_a_desk(harbor, "Dana")
    _says_what_a_payer_allows(ngozi, house)

    assessment = _opens(dana, family)
    _writes_down(luz, family, today - timedelta(days=9), "at home", JOYCE)
    _writes_down(luz, family, today - timedelta(days=5), "at child care", ELENA)
    _writes_down(luz, family, today, "at the agency", ROSA)
    _counts(luz, assessment, 3)
    _is_no_place_for(luz, assessment, "A formulation is for the clinicians")
    _drafts(dana, assessment, today)
    ratings = _rates_each(dana, assessment)
    for one in ratings:
        _is_refused(luz, one, "How relationships are rated is for the clinicians")
    first = _signs(dana, assessment, 1)
    for one in (first, f"{assessment}sign/"):
        _is_refused(ngozi, one, "A formulation is for the clinicians")

    harbor = harbor.later(THREE_MONTHS)
    dana, ngozi = _at_a_desk(harbor, "Dana"), _at_a_desk(harbor, "Ngozi")
    second = _looks_again(dana, family, today + THREE_MONTHS)
    _are_beside_each_other(dana, first, second)
    _is_refused(ngozi, second, "A formulation is for the clinicians")
    _leaves_axis_ii_out_of_a_courts_paper(dana, family)
    _asks_for_the_code(dana, first, house, tmp_path, (today, turn + timedelta(days=3)))


def _at_a_desk(harbor: Harbor, name: str) -> Any:
    page = harbor.enter(name)
    page.set_viewport_size({"width": 1280, "height": 900})
    return page


def _on_a_phone(harbor: Harbor, name: str) -> Any:
    page = harbor.enter(name)
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def _press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _reads(page: Any, *words: str | re.Pattern[str]) -> None:
    text = re.sub(r"\s+", " ", page.locator("main").inner_text())
    for one in words:
        assert re.search(one, text) if isinstance(one, re.Pattern) else one in text, f"{page.url}: {one}: {text}"


def _is_refused(page: Any, address: str, words: str) -> None:
    assert page.goto(address).status == 403
    _reads(page, words)
    steps.is_sound(page)


# Codes and payers


def _codes_are_loaded(house: House, folder: Path, today: date, turn: date) -> None:
    """By whoever runs the house: two invented releases, the second from a day that lies ahead, and a state's table."""
    before = today - timedelta(days=60)
    for release, name, since in ((OLD, "the old one", before), (NEW, "the new one", turn)):
        _loads(house, _file(folder, release), "load-release", "--name", name, "--since", str(since))
    table = folder / "table.csv"
    table.write_text(f"disorder,code\n{AUTISM},F84.9\n", encoding="utf-8")
    said = ("--publisher", PAYER, "--edition", "1", "--since", str(before), "--working", "yes", "--yes")
    _loads(house, table, "load", *said)


def _file(folder: Path, release: Release) -> Path:
    file = folder / f"{release.name}.xml"
    file.write_text(as_published(release), encoding="utf-8")
    return file


def _loads(house: House, file: Path, what: str, *said: str) -> None:
    done = house.command("crosswalk", what, str(file), *said)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    assert "Loaded:" in done.stdout


def _says_what_a_payer_allows(ngozi: Any, house: House) -> None:
    ngozi.goto(f"{house.address}/agency/payers/")
    ngozi.get_by_label("Payer", exact=True).fill(PAYER)
    ngozi.get_by_label("Sessions for one child in a calendar year").fill("5")
    ngozi.get_by_label("Where it says so").fill("Its handbook, page 12 (invented)")
    _press(ngozi, "Keep this")
    expect(ngozi.get_by_role("cell", name=PAYER).or_(ngozi.get_by_role("rowheader", name=PAYER))).to_be_visible()
    steps.is_sound(ngozi)


# Visits, on a phone


def _opens(dana: Any, family: str) -> str:
    """Before any diagnosis is thought of: a question, and who pays."""
    dana.goto(family)
    dana.get_by_role("link", name="Begin an assessment").click()
    steps.is_sound(dana)
    dana.get_by_label("What do you and the family want to understand?").fill("Why does she go quiet when a door opens?")
    dana.get_by_label("Who pays for the visits?").select_option(PAYER)
    _press(dana, "Begin")
    expect(dana.get_by_text("No visit is counted yet.")).to_be_visible()
    steps.is_sound(dana)
    return str(dana.url)


def _writes_down(luz: Any, family: str, on: date, place: str, who: str) -> None:
    luz.goto(family)
    luz.get_by_role("link", name="Write down a visit", exact=True).first.click()
    luz.get_by_label("Day", exact=True).fill(str(on))
    luz.get_by_label(place, exact=True).check()
    luz.get_by_label("Alma Quintero", exact=True).check()
    luz.get_by_label(who, exact=True).check()
    luz.get_by_label("What did the baby show?").fill("She looked up, and then at the door.")
    steps.is_sound(luz)
    _press(luz, "Keep this visit")
    assert luz.locator(".error-summary").count() == 0, luz.locator(".error-summary").inner_text()


def _counts(luz: Any, assessment: str, times: int) -> None:
    """Each by a tap; nothing is typed again."""
    luz.goto(assessment)
    for number in range(times):
        luz.get_by_role("button", name=re.compile("^Count it")).first.click()
        expect(luz.get_by_text(f"{number + 1} visit{'s' if number else ''}", exact=True)).to_be_visible()
    _reads(luz, "180 minutes", "at home", "at child care", "at the agency")
    _reads(luz, re.compile(rf"\d of 5 sessions that {PAYER} allows in \d{{4}}"))
    assert luz.get_by_text("All of them were in one place").count() == 0
    steps.is_sound(luz)


def _is_no_place_for(luz: Any, assessment: str, words: str) -> None:
    """A home visitor of the team sees that a child is being assessed, with its visits, and nothing of the draft."""
    for hidden in ("The draft", "Axis", "go quiet when a door opens"):
        assert luz.get_by_text(hidden).count() == 0, hidden
    for part in ("head", "one", "five"):
        _is_refused(luz, f"{assessment}parts/{part}/", words)


# The draft, at a desk


def _goes_to(dana: Any, assessment: str, part: str) -> None:
    dana.goto(assessment)
    dana.get_by_role("link", name=part, exact=False).first.click()
    steps.is_sound(dana)


def _keeps(dana: Any, assessment: str) -> None:
    """Each field was saved as it was typed; back to the list of parts."""
    _press(dana, "Keep this, and go back")
    dana.wait_for_url(re.compile(f"^{re.escape(assessment)}(#.*)?$"))  # a browser carries the place on the page along


def _drafts(dana: Any, assessment: str, today: date) -> None:
    """Each axis on its page, but for the second."""
    dana.goto(f"{assessment}parts/head/")
    steps.is_sound(dana)
    dana.get_by_label("Strengths of the child, and of those around").fill("She finds the one person who sings.")
    dana.get_by_label("On which day was the child assessed?").fill(str(today))
    dana.get_by_label("By which edition of the manual?").select_option("dc-0-5-2")
    for name in (JOYCE, ROSA, ELENA):
        dana.get_by_label(re.compile(f"^{name}")).check()
    _keeps(dana, assessment)

    dana.goto(f"{assessment}parts/one/")
    dana.get_by_label("Which diagnosis?").first.select_option(AUTISM)
    dana.get_by_label("What speaks for it, and what against?").wait_for()
    _reads(dana, "within the ages that are known here")
    dana.get_by_label("working", exact=False).first.check()
    dana.get_by_label("What speaks for it, and what against?").fill(
        "Seen in three places; what she lived through speaks against."
    )
    dana.get_by_label(re.compile("^I looked up its criteria")).check()
    steps.is_sound(dana)
    _keeps(dana, assessment)

    dana.goto(f"{assessment}parts/three/")
    dana.get_by_label("A condition, or something about the child’s health").first.fill("Ear infections")
    dana.get_by_label("How is it known?").first.select_option("record")
    dana.get_by_label("Since which month of age?").first.fill("9")
    steps.is_sound(dana)
    _keeps(dana, assessment)

    dana.goto(f"{assessment}parts/four/")
    dana.get_by_label("Which stressor?").first.select_option("change-in-primary-caregiver")
    dana.get_by_label("From which month of the child’s age?").first.fill("19")
    dana.get_by_label("It still goes on").first.check()
    dana.get_by_label("How heavy is it for this child, in words?").first.fill("She looks for her grandmother at night.")
    steps.is_sound(dana)
    _keeps(dana, assessment)

    dana.goto(f"{assessment}parts/five/")
    _rates_by_keys(dana, "select[name^=r_]", [2, 3, 3, 2, 2])
    dana.get_by_label("The impression of the whole").fill("More with one person than with several.")
    steps.is_sound(dana)
    _keeps(dana, assessment)

    dana.goto(f"{assessment}parts/culture/")
    dana.get_by_label("How the family sees it").fill("Her grandmother says: quiet children are raised by quiet nights.")
    dana.get_by_label("Your own position beside the family’s").fill(
        "I was raised to speak up; I may hear quiet as loss."
    )
    steps.is_sound(dana)
    _keeps(dana, assessment)


def _rates_by_keys(dana: Any, which: str, places: Iterable[int]) -> None:
    """From field to field by tabulator, each answer by the arrow keys."""
    dana.locator(which).first.focus()
    for place in places:
        for _time in range(place):
            dana.keyboard.press("ArrowDown")
        dana.keyboard.press("Tab")


def _rates_each(dana: Any, assessment: str) -> list[str]:
    """Each primary caregiver on a page of her own, and one place; their addresses."""
    pages = []
    for name, level in ((JOYCE, 1), (ROSA, 3), (ELENA, 2)):
        given = name.split(" ", maxsplit=1)[0]
        _goes_to(dana, assessment, f"Axis II, part A: with {name}")
        pages.append(str(dana.url))
        dana.get_by_label("What is strong here").fill(f"They sing, canary{given.lower()}.")
        _rates_by_keys(dana, "select[name^=m_]", [1, 1, 2, 1])
        dana.get_by_label(f"Level {level}", exact=True).check()
        _keeps(dana, assessment)
    _goes_to(dana, assessment, "Axis II, part B: a caregiving environment")
    pages.append(str(dana.url))
    dana.get_by_label("What is this place called?").fill("At the foster home, canaryplace")
    dana.get_by_label(re.compile(f"^{JOYCE}")).check()
    dana.get_by_label("Level 2", exact=True).check()
    _keeps(dana, assessment)
    return pages


def _signs(dana: Any, assessment: str, number: int, why_new: str = "") -> str:
    """Read through as it will be signed, strengths first; then by name and credentials. The version's address."""
    dana.goto(assessment)
    dana.get_by_role("link", name="Read it through, and sign").click()
    assert dana.get_by_text("Before it can be signed").count() == 0, dana.locator("main").inner_text()
    _reads(dana, re.compile("Strengths.*She finds the one person who sings.*Axis I: diagnoses"), "canaryrosa")
    steps.is_sound(dana)
    if why_new:
        dana.get_by_label("What made a new version needed?").fill(why_new)
    dana.get_by_label("Your credentials, as you sign with them").fill("LCSW, IMH-E")
    _press(dana, "Sign this version")
    expect(dana.get_by_role("heading", name=f"Formulation, version {number}")).to_be_visible()
    _reads(
        dana, "working diagnosis", "The criteria were looked up in the manual.", "inconsistently present or emerging"
    )
    for name in (JOYCE, ROSA, ELENA):
        expect(dana.get_by_role("heading", name=re.compile(f"^With {name}")).first).to_be_visible()
    steps.is_sound(dana)
    return str(dana.url)


# Three months later


def _looks_again(dana: Any, family: str, today: date) -> str:
    """The draft begins with what the first version said; one relationship has grown."""
    dana.goto(family)
    dana.get_by_role("link", name="Begin an assessment").click()
    expect(dana.get_by_text(re.compile("The draft begins with what version 1 of"))).to_be_visible()
    _press(dana, "Begin")
    assessment = str(dana.url)
    dana.goto(f"{assessment}parts/head/")
    dana.get_by_label("On which day was the child assessed?").fill(str(today))
    _keeps(dana, assessment)
    dana.goto(f"{assessment}parts/one/")
    looked_up = dana.get_by_label(re.compile("^I looked up its criteria"))
    expect(looked_up).not_to_be_checked()  # it is said of each version anew
    looked_up.check()
    _keeps(dana, assessment)
    _goes_to(dana, assessment, f"Axis II, part A: with {ROSA}")
    expect(dana.get_by_label("Level 3", exact=True)).to_be_checked()
    dana.get_by_label("Level 2", exact=True).check()
    _keeps(dana, assessment)
    return _signs(dana, assessment, 2, "Her mother visits each week now.")


def _are_beside_each_other(dana: Any, first: str, second: str) -> None:
    dana.get_by_role("link", name="Beside version 1").click()
    _reads(dana, "Her mother visits each week now.")
    row = dana.get_by_role("row").filter(has_text=ROSA)
    assert row.locator("td, th").all_inner_texts()[1:] == ["Level 3", "Level 2"]
    assert dana.get_by_role("row").filter(has_text=JOYCE).count() == 0, "what did not change is not told as a change"
    steps.is_sound(dana)
    dana.goto(first)
    assert "Level 3" in dana.locator("main").inner_text(), "what was signed stays as it was"
    assert first != second


# What leaves


def _leaves_axis_ii_out_of_a_courts_paper(dana: Any, family: str) -> None:
    """Her mother agreed that counsel reads the formulation of the child: no rating of anybody goes with it."""
    dana.goto(family)
    dana.get_by_role("link", name="All of it, and what was told").first.click()
    dana.get_by_role("link", name=re.compile("court", re.IGNORECASE)).first.click()
    steps.is_sound(dana)
    dana.get_by_label("This is the counsel of every party").check()
    _press(dana, "Look at it")
    _is_without_axis_ii(dana)
    _press(dana, "Make this paper")
    dana.wait_for_url(re.compile("/told/files/"))
    steps.comes(dana, dana.get_by_role("button", name=re.compile("Take", re.IGNORECASE)))
    _is_without_axis_ii(dana)
    steps.is_sound(dana)


def _is_without_axis_ii(dana: Any) -> None:
    said = re.sub(r"\s+", " ", dana.locator("main .paper-said").inner_text())
    assert "how a relationship with the child was rated (DC:0-5, Axis II)" in said, said
    assert "She finds the one person who sings." in said
    assert "working diagnosis" in said
    assert not [word for word in OF_AXIS_II if word in said], said


def _asks_for_the_code(dana: Any, version: str, house: House, folder: Path, days: tuple[date, date]) -> None:
    """One version, two days of service: what carried a code on the one is a heading on the other, until the state's next table."""
    before, after = days
    dana.goto(version)
    dana.get_by_role("link", name=re.compile("code", re.IGNORECASE)).first.click()
    _asks(dana, before)
    _reads(dana, "Ready for the claim", "F84.9", "the old one")
    steps.is_sound(dana)
    _asks(dana, after)
    _reads(dana, "Not ready yet", "cannot be billed on that day", "F84.91", "F84.92", "the new one")
    steps.is_sound(dana)
    table = folder / "next.csv"
    table.write_text(f"disorder,code\n{AUTISM},F84.91\n", encoding="utf-8")
    turn = after - timedelta(days=3)
    said = ("--publisher", PAYER, "--edition", "2", "--since", str(turn), "--working", "yes", "--yes")
    _loads(house, table, "load", *said)
    answers = []
    for day in days:
        _asks(dana, day)
        _reads(dana, "Ready for the claim")
        answers.append(dana.locator("#answer .lead").inner_text().strip())
    assert answers == ["F84.9", "F84.91"]


def _asks(dana: Any, day: date) -> None:
    dana.get_by_label("Who pays").select_option(PAYER)
    dana.get_by_label("Day of the service").fill(str(day))
    _press(dana, "Show what it may carry")
    dana.wait_for_url(re.compile(f"on={day}"))
