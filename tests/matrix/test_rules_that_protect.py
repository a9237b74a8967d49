"""Rules of `protect.md` that hold for the house as a whole, and stand in no single room's tests."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse

from inmind.access.grants import VERBS
from inmind.access.models import EmergencyAccess
from inmind.families import actions as families
from inmind.foundation import clock
from inmind.jobs.runner import run_due
from inmind.messages import actions as messages
from inmind.messages.adapters.mail import written
from inmind.messages.models import Letter
from inmind.people.models import Person
from inmind.screening.adapters.catalog import catalog
from inmind.tasks.models import Task
from tests import make
from tests.architecture import house

pytestmark = pytest.mark.django_db
LETTERS = sorted(path.stem for path in (Path(get_template("letters/sign_in.txt").origin.name).parent).glob("*.txt"))
# Words that would tell who somebody is to us, or what was asked or answered.
TELLING = re.compile(
    r"baby|child|mother|father|famil|screen|question|\banswers\b|depress|harm|suicid|crisis|clinic|visit|mental|health"
    r"|bebé|niñ|madre|padre|cuestionario|respuesta|depresi|daño|suicid|crisis|clínic|visita|mental|salud",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_neutral_whoever_reads_it_over_a_shoulder(letter: str, language: str) -> None:
    """`protect.md` 4: its subject tells nothing, nor does a line of it; its sender has no name of ours."""
    facts = {
        "person": Person(given_name="Robin"),
        "installation": settings.INSTALLATION,
        "site": "https://x.org",
        "secret": "s",
        "by": "Robin",
        "whose": "",
        "task": "0",
        "head": "1:a",
        "command": "c",
    }
    subject, body = written(letter, facts, language)
    assert subject
    assert not TELLING.search(subject), subject
    told = re.sub(r"https://\S+", "", body)
    assert not TELLING.search(told), told
    assert not any(one.short_name in body or one.name in body for one in catalog().values())
    assert "InMind" not in subject


def test_a_letter_goes_only_where_it_is_safe() -> None:
    """`protect.md` 4: whoever has a safe address is written to; an address that nobody called safe gets nothing."""
    safe, unsafe = make.make_worker("clinician"), make.make_worker("clinician", mail="")
    make.together(lambda act: unsafe.person.contacts.create(channel="mail", address="home@example.org", safe=False))
    for worker in (safe, unsafe):
        make.together(lambda act, worker=worker: messages.tell(act, to=worker.person, template="handed_over"))
    run_due()
    left = {one.to_id: (one.sent_at is not None, one.failed_at is not None) for one in handed_over()}
    assert left == {safe.person.pk: (True, False), unsafe.person.pk: (False, True)}


def handed_over() -> Any:
    return Letter.objects.filter(template="handed_over")


@pytest.mark.parametrize("known", ["not asked", "ended", "may not"])
def test_serving_a_family_never_waits_for_consent_to_share(known: str) -> None:
    """`protect.md` 5: register, visit, screen and answer go on, whoever may consent and until when."""
    on_call = make.make_on_call()
    family = make.make_family()
    today = clock.today(make.ZONE)
    said: dict[str, Any] = {"holder": family.adult, "since": today - timedelta(days=2)}
    if known == "ended":
        row = families.note_consent(
            family.by.actor, episode=family.episode, capacity="legal_guardian", document="guardianship", **said
        )
        families.end_consent(family.by.actor, episode=family.episode, consent_holder=row.pk, until=today)
    if known == "may not":
        families.note_consent(family.by.actor, episode=family.episode, capacity="foster_without_consent", **said)
    families.visit(family.by.actor, episode=family.episode, on=today, place="home", minutes=30, strength="She sings")
    screen, task = make.make_crisis(family)
    page = family.by.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk}))
    assert page.status_code == 200
    assert Task.objects.get(pk=task.pk).owner == on_call.person
    assert family.by.client.get(reverse("screen_help", kwargs={"screen": screen.pk})).status_code == 200


def test_no_page_and_no_action_of_service_asks_for_a_consent_to_share() -> None:
    """`protect.md` 5: the rule, and the refusal it gives, are known to those alone who keep and show what is told outside."""
    words = re.compile(r"\bmay_tell\b|\bNoConsent\b")
    known = {
        house.key_of(path)
        for path in house.modules()
        if not house.is_test(path) and words.search(path.read_text(encoding="utf-8"))
    }
    telling = {"told_views", "release_views", "signing_views", "actions/releasing", "actions/signing"}
    # What a referral tells is told by a consent, on a page and in a sheet alike: both ask `referrals/actions.is_told`.
    referring = {f"services/referrals/{one}" for one in ("actions", "views")}
    assert known == {"access/consents", "access/disclosing", *(f"families/{one}" for one in telling), *referring}


def test_nothing_here_reports_a_family() -> None:
    """`protect.md` 6: no verb, and so no button, no rule and no job, sends a family anywhere; what is done in its name is a
    person's next step."""
    assert not [verb for verb in VERBS if re.search("report|refer_to_state|notify_state|hotline", verb)]
    assert {"families.hear", "tasks.close"} <= VERBS


def test_emergency_access_is_told_and_never_silent() -> None:
    """`protect.md` 3, 4: whoever opens a family so stands in `who looked`, by name at her own agency; the privacy officer is
    asked about it. Beside it, ordinary work of the care team asks nobody."""
    from inmind.access import privacy

    officer, opener, family = make.make_worker("privacy_officer"), make.make_worker("clinician"), make.make_family()
    family.by.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk}))
    run_due()
    assert not Task.objects.filter(owner=officer.person).exists()
    privacy.ask_emergency(opener.actor, person=family.adult, episode=family.episode.pk, reason="She is in danger")
    run_due()
    assert Task.objects.get(owner=officer.person).about_id == EmergencyAccess.objects.get().pk
    looked = officer.client.get(reverse("family_looked", kwargs={"dyad": family.dyad.pk})).content.decode()
    assert opener.person.name in looked
    assert "emergency access" in looked
