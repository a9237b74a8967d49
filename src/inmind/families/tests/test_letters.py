"""What happened to each letter, as the care team reads it: never where it went, nor anybody else's (`protect.md` 4)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.families import actions, letter_views
from inmind.families.intake import AdultFacts
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.forms import fresh_key
from inmind.jobs.runner import run_due
from inmind.messages.adapters import mail
from inmind.messages.models import Letter
from inmind.people.reaching import Way
from tests import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, tzinfo=ZoneInfo(make.ZONE))
NUMBER, AT_TWO = "+12025550142", time(14)


@pytest.fixture
def family(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(mail, "is_demo", lambda: False)
    with clock.at(NOON):
        yield make.make_family()


def keep(family: make.Family, way: Way) -> None:
    actions.keep_way(family.by.actor, episode=family.episode, person=family.adult, way=way)


def page(worker: make.Worker, family: make.Family, name: str = "family_letters", **ids: Any) -> Any:
    address = reverse(name, kwargs={"dyad": family.dyad.pk, **ids})
    return worker.client.get(f"{address}?episode={family.episode.pk}")


def words(worker: make.Worker, family: make.Family, name: str = "family_letters", **ids: Any) -> str:
    answer = page(worker, family, name, **ids)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_care_team_reads_what_happened_to_a_letter(family: make.Family) -> None:
    """That it waits and until when, that it left and how, why it could not; on its own page and, in a line, the adult's."""
    keep(family, Way("text", NUMBER, True, AT_TWO))
    make.make_letter(family, channel="text")
    run_due()
    for name, ids in (("family_letters", {}), ("family_adult", {"person": family.adult.pk})):
        assert "Waits until Nov. 21, 2026, 2 p.m., when they can be written to safely" in words(
            family.by, family, name, **ids
        )
    with clock.at(NOON + timedelta(hours=2)):
        run_due()
    told = words(family.by, family)
    assert "The letter with the link for a visit" in told
    assert "Written into the outbox folder on Nov. 21, 2026, 2 p.m.; from this machine nothing is carried on" in told
    keep(family, Way("mail", "rosa@example.org", True))
    make.make_letter(family, "own_page_link", channel="mail")
    run_due()
    told = words(family.by, family)
    assert "The letter with the link to their own page" in told and "Left by email on Nov. 21, 2026, noon" in told
    keep(family, Way("mail", "rosa@example.org", False))
    make.make_letter(family, channel="mail")
    run_due()
    told = words(family.by, family)
    assert "They said that it is not safe to write to them. Speak with them instead" in told
    assert AuditEntry.objects.filter(verb="messages.see_letters", subjects__ref=family.adult.pk).exists()


def test_protect_4_no_address_and_no_word_of_a_letter_stands_on_the_page(family: make.Family) -> None:
    keep(family, Way("mail", "rosa@example.org", True))
    letter = make.make_letter(family)
    secret = letter.facts
    run_due()
    told = words(family.by, family)
    assert not [one for one in ("rosa@example.org", NUMBER, secret, "/l/", "that you were told about") if one in told]


def test_protect_4_letters_to_the_adult_of_another_side_are_not_shown(family: make.Family) -> None:
    """Two homes that must not know of each other: each care team reads of its own letters, and no id opens another's."""
    ana = make.make_worker()
    other = actions.open_side(
        make.make_worker("family_service_coordinator").actor,
        episode=family.episode,
        side="Foster home",
        adult=AdultFacts("Canaryfoster", "Peña", "foster_mother"),
        worker=ana.person,
    )
    beside = make.Family(family.dyad, other, ana)
    there = make.make_letter(beside)
    make.make_letter(family)
    assert "Canaryfoster" not in words(family.by, family)
    assert page(family.by, family, "family_letter_again", letter=there.pk).status_code == 403
    assert page(family.by, beside).status_code == 403
    with pytest.raises(BadInput):
        actions.take_back(family.by.actor, episode=family.episode, letter=there.pk)


@pytest.mark.parametrize("role", ["family_service_coordinator", "agency_supervisor", "privacy_officer", "clinician"])
def test_protect_4_who_is_not_on_the_care_team_reads_of_no_letter(role: str, family: make.Family) -> None:
    letter, worker = make.make_letter(family), make.make_worker(role)
    for name, ids in (("family_letters", {}), ("family_letter_again", {"letter": letter.pk})):
        assert page(worker, family, name, **ids).status_code == 403
    if role == "family_service_coordinator":
        assert "What happened to each letter" not in words(worker, family, "family_adult", person=family.adult.pk)


@pytest.mark.parametrize(
    ("name", "lead", "said"),
    [
        (
            "family_letter_again",
            "the earlier one opens nothing any more",
            "It is on its way, or waits for a safe hour.",
        ),
        ("family_letter_back", "it never does", "Its link opens nothing any more."),
    ],
)
def test_a_letter_is_sent_again_or_taken_back_once_that_was_confirmed(
    name: str, lead: str, said: str, family: make.Family
) -> None:
    """Looking changes nothing; a second click does nothing twice."""
    keep(family, Way("mail", "rosa@example.org", True, AT_TWO))
    letter = make.make_letter(family)
    run_due()
    assert lead in words(family.by, family, name, letter=letter.pk)
    browser, form = family.by.client, {"key": fresh_key()}
    address = f"{reverse(name, kwargs={'dyad': family.dyad.pk, 'letter': letter.pk})}?episode={family.episode.pk}"
    for _ in range(2):
        answer = browser.post(address, form, follow=True)
        assert said in answer.content.decode()
    letter.refresh_from_db()
    assert (letter.taken_back_at is None) == (name == "family_letter_again")
    with clock.at(NOON + timedelta(hours=2)):
        run_due()
    assert Letter.objects.get(link=letter.link_id).sent_at == (
        NOON + timedelta(hours=2) if name == "family_letter_again" else None
    )
    if name == "family_letter_back":
        assert "Send the letter again" not in words(family.by, family)
        answer = browser.post(address.replace("/back/", "/again/"), {"key": fresh_key()})
        assert answer.status_code == 400 and "What this letter was sent for is over." in answer.content.decode()


def test_what_is_held_about_somebody_says_what_happened_to_her_letters(family: make.Family) -> None:
    """On the print of those who may read what was asked; the privacy officer's says that it is left out."""
    keep(family, Way("mail", "rosa@example.org", True))
    make.make_letter(family)
    run_due()
    officer = make.make_worker("privacy_officer")
    address = reverse("held", kwargs={"person": family.adult.pk})
    hers, left_out = (worker.client.get(address).content.decode() for worker in (family.by, officer))
    assert "Left by email on Nov. 21, 2026, noon" in hers and "rosa@example.org" in hers, (
        "the way itself is her own fact"
    )
    assert "Left by email" not in left_out and "Letters with links to you: the care team prints" in left_out


def test_a_long_list_has_pages(family: make.Family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letter_views, "ON_A_PAGE", 2)
    for _ in range(3):
        make.make_letter(family)
    assert "Page 1 of 2" in words(family.by, family)
