"""What is held about me by profession: all five rooms on one page and in one file, for its owner alone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from inmind.association import actions as association
from inmind.endorsement import actions
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.foundation.registries import house
from inmind.learning.attendance import actions as attendance
from inmind.reflection import actions as reflection
from tests import make

pytestmark = pytest.mark.django_db
OWN = ("money", "membership", "learning", "reflection", "endorsement")


def somebody() -> tuple[make.Worker, make.Worker]:
    """Luz, of whom every room holds something, and who keeps her association."""
    there = make.make_attended("Luz Ortega")
    [luz], keeper = there.people, there.by
    log = make.make_log(("Luz Ortega", "", "10:00:00 AM", "12:30:00 PM"))
    attendance.take_log(keeper.actor, meeting=there.meeting, text=log, zone=make.ZONE)
    association.join_as_oneself(luz.actor, level=make.make_level(keeper))
    make.make_goal(luz, keeper.agency)
    actions.say(luz.actor, person=luz.person, fact="degree", answer="bachelor")
    ana, ofelia = make.make_worker("practitioner", name="Ana Ruiz"), make.make_worker("practitioner", name="Ofelia Paz")
    session = make.make_session(make.make_agreement(ana, luz, ofelia), luz, days_ago=3)
    reflection.confirm(ana.actor, session=session)
    make.make_endorsed(luz, "FA", since=clock.today(make.ZONE) - timedelta(days=30), by=keeper)
    return luz, keeper


def test_all_five_rooms_tell_their_person_what_they_hold() -> None:
    """Read on a page and taken along as a file, the same in both; of others in a group no name is in it."""
    luz, _keeper = somebody()
    assert {one.key for one in house.told if one.own} == set(OWN)
    answer = luz.client.get(reverse("held_about_me"))
    page = answer.content.decode()
    said = json.loads(luz.client.get(reverse("held_about_me"), {"as": "json"}).content)
    for words in (
        "Luz Ortega",
        "Member of",  # association
        "Invoices and payments",  # money
        "2.5 hours",  # learning
        "Ana Ruiz",  # reflection
        "What is the highest degree you hold?",
        "Working toward",
        "You hold",
    ):
        assert words in page, words
        assert words in json.dumps(said, ensure_ascii=False), words
    assert "Ofelia" not in page and "Ofelia" not in json.dumps(said)
    for name in ("reflection_take_out", "my_sheet", "transcript_pdf", "transcript_csv", "money_mine"):
        assert reverse(name) in page, name
        assert luz.client.get(reverse(name)).status_code == 200, name
    assert reverse("held_about_me") in luz.client.get(reverse("own_account")).content.decode()


def test_it_is_read_by_its_owner_alone() -> None:
    """A coordinator who asks reads of themselves; no address names somebody else, and a print by others leaves it out."""
    luz, keeper = somebody()
    page = keeper.client.get(reverse("held_about_me")).content.decode()
    assert "Luz Ortega" not in page and "Ana Ruiz" not in page
    home = make.make_worker("home_visitor")
    family = make.make_family(home)
    for told in house.told:
        if told.own:
            assert told.left_out, told.key
    print_of_others = home.client.get(reverse("held", kwargs={"person": family.adult.pk})).content.decode()
    assert print_of_others.count("through their own work in the field") == 1, "one sentence, the same for everybody"
    assert "Membership</h2>" not in print_of_others
    assert luz.client.get(reverse("held", kwargs={"person": luz.person.pk})).status_code == 403
    anybody = make.make_worker("practitioner").client
    anybody.logout()
    assert anybody.get(reverse("held_about_me")).status_code in (302, 403)


def test_what_was_taken_back_is_said_as_such() -> None:
    """What she said before stands beside what she says now, each with its day."""
    luz, _keeper = somebody()
    for answer in ("master",):
        luz.client.post(
            reverse("endorsement_say"), {"key": fresh_key(), "fact": "degree", "answer": answer, "back": ""}
        )
    page = " ".join(luz.client.get(reverse("held_about_me")).content.decode().split())
    assert page.count("What is the highest degree you hold?") == 2
    assert "no longer" in page and "stands" in page


def test_somebody_new_reads_that_there_is_little() -> None:
    """A page that is nearly empty is a page."""
    page = make.make_worker("practitioner", name="Iris Novak").client.get(reverse("held_about_me")).content.decode()
    assert "Iris Novak" in page and "Invoices and payments</h2>" not in page
