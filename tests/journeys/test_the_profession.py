"""Stories of the people who do the work: who pays, who holds whom, where they go. In a house that keeps no family."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.journeys import plains as ground
from tests.journeys.harbor import Harbor
from tests.journeys.steps import go_to, is_sound_at_each_width

pytestmark = pytest.mark.both_databases


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def reads(page: Any, *words: str | re.Pattern[str]) -> None:
    """Each of these stands in the page's own part, in whatever element."""
    text = re.sub(r"\s+", " ", page.locator("main").inner_text())
    for one in words:
        assert re.search(one, text) if isinstance(one, re.Pattern) else one in text, f"{page.url}: {one}: {text}"


def test_an_agency_pays_by_check_for_twelve_and_one_leaves_it(plains: Harbor) -> None:
    """Marisol, at her desk on a Monday, sells twelve places to Harbor; Kim, who pays the bills there, reads whom they are for.
    In spring Noor goes to another agency: what is paid for is hers, and Kim reads her name no more. Ana works at both."""
    ground.lay(plains.house, "places_for_twelve")
    home = plains.house.address
    marisol, kim, noor, ana = plains.enter("Marisol"), plains.device(), plains.enter("Noor"), plains.enter("Ana")
    marisol.goto(f"{home}/places/add/")
    is_sound_at_each_width(marisol)
    marisol.get_by_label("Agency", exact=True).fill("Harbor Family Services")
    marisol.get_by_label("Email of who pays").fill("kim@harbor.example")
    marisol.get_by_label("For how many people").fill("12")
    marisol.get_by_label("Purchase order").fill("PO-4711")
    press(marisol, "Write the bill")
    for name in ("Luz", "Noor", "Ana"):
        marisol.get_by_label("First name").fill(name)
        marisol.get_by_label("Last name").fill("Example")
        marisol.get_by_label("Email", exact=True).fill(f"{name.lower()}@example.org")
        press(marisol, "Give a place")
        marisol.get_by_text(f"{name} Example has a place.").wait_for()
    ground.lay(plains.house, "nine_more")
    marisol.reload()
    is_sound_at_each_width(marisol)
    reads(marisol, "12 places", "$600.00 to be paid by")
    place = marisol.url

    noor.goto(f"{home}/membership/")
    reads(noor, "waits to be paid", "Harbor Family Services pays for it")
    kim.goto(plains.house.link_to("kim@harbor.example"))
    is_sound_at_each_width(kim)
    reads(kim, "$600.00 to be paid by", "Noor Example", "Worker9 Harbor")
    assert kim.get_by_label("Purchase order").input_value() == "PO-4711"

    marisol.goto(f"{home}/money/take/")
    marisol.get_by_role("checkbox", name=re.compile("Harbor Family Services")).check()
    marisol.get_by_label("How much").fill("600")
    marisol.locator("[name=reference]").fill("1029")
    press(marisol, "Write it down")
    marisol.get_by_text("$600.00 from Harbor Family Services is written down.").wait_for()
    is_sound_at_each_width(marisol)

    noor.reload()
    noor.get_by_text("Paid through").first.wait_for()  # the work that the check set off is done
    is_sound_at_each_width(noor)
    stood = noor.locator("main p.lead").inner_text()
    _works_at(noor, "Prairie Early Years", no_longer="Harbor Family Services")
    reads(noor, "Prairie Early Years", "Agency of twelve")
    assert noor.locator("main p.lead").inner_text() == stood

    ana.goto(f"{home}/membership/")
    _works_at(ana, "Prairie Early Years")
    reads(ana, "Harbor Family Services; Prairie Early Years")

    kim.reload()
    reads(kim, "paid: $600.00", "Ana Example", "Luz Example", "1 place went to somebody who no longer works with you.")
    assert kim.get_by_text("Noor").count() == 0
    assert kim.get_by_text("Prairie").count() == 0
    is_sound_at_each_width(kim)
    marisol.goto(place)
    reads(marisol, "Noor Example", "1 of them no longer works there, and keeps what is paid for.")


def _works_at(page: Any, agency: str, no_longer: str = "") -> None:
    page.locator("main a[href$='/agencies/']").click()
    is_sound_at_each_width(page)
    if no_longer:
        page.get_by_role("checkbox", name=no_longer).check()
    page.locator("[name=joins]").fill(agency)
    press(page, "Save")
    page.get_by_role("heading", name="How it stands").wait_for()


def test_a_mentors_hours_are_split_by_what_they_were_about(plains: Harbor) -> None:
    """Noor, on the train home, has met Ana about the supervision that she gives to Luz. Ana says so in the evening. Each hour
    counts where it belongs, and what she gave counts nowhere as received."""
    ground.lay(plains.house, "a_mentor")
    home = plains.house.address
    noor, ana = plains.enter("Noor"), plains.enter("Ana")
    noor.goto(f"{home}/endorsement/")
    is_sound_at_each_width(noor)
    rsc = noor.locator("[id$='MHM-C-rsc']").first
    assert "5 of 50 hours" in rsc.inner_text()
    assert "Among these: 2 of 25 hours about supervision that I give." in rsc.inner_text()

    noor.goto(f"{home}/reflection/")
    about_giving = noor.locator(".held-agreement", has_text="supervision given").filter(has_text="Ana Example")
    about_giving.get_by_role("button", name="We met today").click()
    noor.get_by_text("The other side confirms it.").first.wait_for()
    noor.goto(f"{home}/reflection/hours/")
    held, given = _sums(noor)
    assert held == {"In all": "5 h", "About work with families": "3 h", "About supervision given": "2 h"} | {
        "Waits for the other side": "1 h"
    }
    assert given["In all"] == "2 h"

    ana.reload()
    press(ana, "Yes, we met")
    ana.get_by_text("Confirmed. Thank you.").wait_for()
    noor.reload()
    held, given = _sums(noor)
    assert (held["About work with families"], held["About supervision given"]) == ("3 h", "3 h")
    is_sound_at_each_width(noor)

    # One that was written down as about families was about supervision given: it moves once Ana agrees, and none is added.
    noor.get_by_text("Each session").first.click()
    noor.locator("main a[href*='/sessions/']", has_text="with Ana Example").last.click()
    reads(noor, "My own work with families")
    noor.get_by_role("link", name="Put it right, or take it back").click()
    is_sound_at_each_width(noor)
    noor.locator("input[name=about][value=rsc_given]").check()
    press(noor, "Save")
    noor.get_by_text("It holds once the other side agrees.").first.wait_for()
    ana.goto(noor.url)
    press(ana, "Yes, so it was")
    ana.get_by_text("You agreed.").wait_for()
    is_sound_at_each_width(ana)
    noor.goto(f"{home}/endorsement/")
    assert "6 of 50 hours" in rsc.inner_text()
    assert "Among these: 4 of 25 hours about supervision that I give." in rsc.inner_text()


def _sums(page: Any) -> tuple[dict[str, str], dict[str, str]]:
    """What was received and what was given, as the page adds it up."""
    parts = []
    for facts in page.locator("main dl.facts").all():
        lines = [one.split("\n") for one in facts.locator("div").all_inner_texts()]
        parts.append({line[0]: line[-1] for line in lines if line[0] != "One to one"})
    return parts[0], parts[1]


def test_she_moves_to_another_state_and_nothing_is_lost(plains: Harbor) -> None:
    """Luz follows her family to the coast, boxes still unpacked. What counts there, what is still missing, what she has to ask;
    her hours come along, and what was decided stays as it was decided."""
    ground.lay(plains.house, "two_states")
    home = plains.house.address
    luz, marisol = plains.enter("Luz"), plains.enter("Marisol")
    luz.goto(f"{home}/endorsement/")
    reads(luz, "3 of 24 hours", "Infant Family Associate (IFA)", "Edition “2022 changes”")
    held = luz.locator("section", has_text="What you hold").inner_text()
    luz.get_by_role("link", name="I move to another state").click()
    is_sound_at_each_width(luz)
    luz.get_by_role("link", name=ground.COAST).click()
    is_sound_at_each_width(luz)
    reads(luz, "The same category is honoured", "What does a transfer cost?", "Nothing you gathered is lost.")
    reads(luz, "Edition “2017”", "Degree: here not asked, there not yet")

    luz.goto(f"{home}/endorsement/goals/")
    luz.get_by_label("With which association?").select_option(label=ground.COAST)
    luz.get_by_label("Toward which category?").select_option("FS")
    press(luz, "Make it my goal")
    theirs = luz.locator("section.card", has_text=f"You work toward this with {ground.PLAINS}")
    theirs.get_by_role("button", name="It is my goal no longer").click()
    luz.wait_for_load_state()
    luz.goto(f"{home}/endorsement/")
    is_sound_at_each_width(luz)
    reads(luz, f"You work toward this with {ground.COAST}.", "3 of 24 hours", "Edition “2017”")
    assert luz.locator("section", has_text="What you hold").inner_text() == held
    luz.goto(f"{home}/endorsement/hours/")
    luz.locator("main a[href*='/endorsement/hours/']").first.click()
    is_sound_at_each_width(luz)
    reads(luz, "Ana Example")

    go_to(marisol, "Endorsements")
    assert marisol.locator("table", has_text="How it stands").get_by_text("Luz Example").count() == 0
    reads(marisol, re.compile(r"Luz Example\s+Infant Family Associate"))


def test_what_cannot_have_been_is_told_with_its_rule_and_nothing_typed_is_lost(plains: Harbor) -> None:
    """Luz, tired, writes down last week's hours on the sofa: a slip of the thumb, a wrong month, an hour that lies over another.
    Each time the page says which rule, and what was typed stands there still. Ana cannot say of her own word that it is so."""
    ground.lay(plains.house, "held_by_ana")
    home = plains.house.address
    luz, ana = plains.enter("Luz"), plains.enter("Ana")
    luz.goto(f"{home}/reflection/")
    luz.get_by_role("link", name="Another day or length").click()
    is_sound_at_each_width(luz)
    page = luz.url

    def writes(on: str = "", minutes: str = "60", begins: str = "") -> None:
        if on:
            luz.get_by_label("Day").fill(on)
        luz.get_by_label("Minutes").fill(minutes)
        luz.get_by_label("Began at").fill(begins)
        press(luz, "Write it down")
        luz.wait_for_load_state()

    def stands(**typed: str) -> None:
        assert {name: luz.locator(f"[name={name}]").input_value() for name in typed} == typed

    today = luz.get_by_label("Day").input_value()
    writes(minutes="1500", begins="09:00")
    reads(luz, "A day has 24 hours, and this session would have more.", "90 for an hour and a half")
    stands(on=today, minutes="1500", begins="09:00")
    is_sound_at_each_width(luz)

    long_ago = f"{int(today[:4]) - 1}{today[4:8]}03"
    writes(on=long_ago, minutes="45")
    reads(luz, re.compile("This day is before your agreement begins, on .+ 20"), "write down that agreement too")
    stands(on=long_ago, minutes="45", begins="")

    writes(on=today, minutes="60", begins="00:00")
    luz.get_by_text("The other side confirms it.").first.wait_for()
    luz.goto(page)
    writes(on=today, minutes="50", begins="00:30")
    reads(luz, "Another session at that time is written down already", "Nobody is in two sessions at once.")
    stands(on=today, minutes="50", begins="00:30")
    is_sound_at_each_width(luz)

    # Ana gave it, and writes one down too: of her own there is no button, and none that was kept would help.
    ana.goto(page)
    ana.get_by_label("Began at").fill("02:00")
    press(ana, "Write it down")
    ana.get_by_text("The other side confirms it.").first.wait_for()
    ana.goto(f"{home}/reflection/")
    theirs = ana.locator("form[action*='/confirm/']").first.get_attribute("action")
    ana.goto(page.replace("log/", ""))
    sessions = ana.locator("main a[href*='/sessions/']").evaluate_all("links => links.map(one => one.pathname)")
    [own] = {path for path in sessions if f"{path}confirm/" != theirs}
    ana.goto(home + own)
    assert ana.get_by_role("button", name="Yes, we met").count() == 0
    reads(ana, "Written down by Ana Example")
    ana.goto(f"{home}/reflection/")
    form = ana.locator("form[action*='/confirm/']").first
    form.evaluate("(form, to) => form.setAttribute('action', to)", f"{own}confirm/")
    form.locator("[name=seen]").evaluate("mark => mark.remove()")  # else it would be told that this is another session
    form.get_by_role("button").first.click()
    reads(ana, "You wrote this session down yourself.", "nobody confirms their own word")
    is_sound_at_each_width(ana)
