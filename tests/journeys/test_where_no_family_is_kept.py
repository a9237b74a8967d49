"""An association's house: every page of its rooms opens, at both widths and without a barrier, and none of a family is there."""

from __future__ import annotations

import pytest

from tests.journeys.harbor import Harbor
from tests.journeys.steps import go_to, is_sound, is_sound_at_each_width

KEEPS = ("members/", "members/add/", "levels/", "levels/add/", "places/", "association/moving/", "keep/trainings/")
KEEPS_TOO = ("keep/trainings/add/", "money/", "money/take/", "money/export/", "endorsements/", "people/")
OWN = ("membership/", "learning/", "transcript/", "trainings/", "reflection/", "reflection/hours/", "reflection/find/")
OWN_TOO = (
    "endorsement/",
    "endorsement/about-me/",
    "endorsement/coverage/",
    "endorsement/sheet/",
    "registry/",
    "verify/",
)
OF_FAMILIES = ("families/", "due/", "referrals/", "away/")


@pytest.mark.both_databases
def test_the_rooms_of_an_association_open_and_no_family_has_a_place(plains: Harbor) -> None:
    """Marisol, who keeps it, and Luz, who belongs to it; each page as a phone and as a desk shows it."""
    home = plains.house.address
    for name, paths in {"Marisol": (*KEEPS, *KEEPS_TOO), "Luz": (*OWN, *OWN_TOO)}.items():
        page = plains.enter(name)
        is_sound(page)
        for path in paths:
            assert page.goto(f"{home}/{path}").status == 200, path
            is_sound_at_each_width(page)
        for path in OF_FAMILIES:
            assert page.goto(f"{home}/{path}").status == 404, path
    luz = plains.enter("Luz")
    for path in (*KEEPS[:2], *KEEPS_TOO[:3]):
        assert luz.goto(f"{home}/{path}").status == 403, path


@pytest.mark.both_databases
def test_a_supervisor_outside_confirms_by_link_and_her_line_moves(plains: Harbor) -> None:
    """Luz says toward what she works and who holds her, and writes an hour down; Vera, who has no account, says that they met."""
    home, house = plains.house.address, plains.house
    luz, vera = plains.enter("Luz"), plains.device()
    luz.goto(f"{home}/endorsement/")
    luz.get_by_role("link", name="Choose a goal").click()
    is_sound_at_each_width(luz)
    luz.get_by_label("Toward which category?").select_option("FS")
    luz.locator("main form button.button").last.click()
    luz.get_by_text("0 of 24 hours").first.wait_for()

    luz.goto(f"{home}/reflection/")
    luz.get_by_role("link", name="Somebody holds me").click()
    is_sound_at_each_width(luz)
    luz.get_by_label("Who holds you?").fill("Vera Outside")
    luz.get_by_label("Their email").fill("vera@outside.example")
    luz.locator("input[name=format][value=individual]").check()
    luz.locator("input[name=about][value=direct]").check()
    luz.locator("input[name=meets][value=video]").check()
    luz.locator("main form button.button").last.click()
    luz.goto(f"{home}/reflection/")
    luz.get_by_role("button", name="We met today").click()
    is_sound_at_each_width(luz)

    vera.goto(house.link_to("vera@outside.example"))
    is_sound_at_each_width(vera)
    vera.locator("input[name=known][value=some]").check()
    vera.locator("input[name=holds][value='MHM-C']").check()
    vera.get_by_role("button", name="Save", exact=True).click()
    vera.get_by_role("button", name="Yes, these took place").click()
    vera.get_by_text("Nothing waits.").wait_for()
    is_sound_at_each_width(vera)

    luz.goto(f"{home}/endorsement/")
    luz.get_by_text("1 of 24 hours").first.wait_for()
    marisol = plains.enter("Marisol")
    go_to(marisol, "Endorsements")
    marisol.get_by_role("link", name="Luz Example").click()
    is_sound_at_each_width(marisol)
    assert marisol.get_by_text("Vera").count() == 0
