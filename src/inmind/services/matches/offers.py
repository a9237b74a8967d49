"""What matching and referring offer: the card on a family's page, the daily look at windows, and what is left of answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.act import Act
from inmind.access.actors import machine
from inmind.families import queries as families
from inmind.foundation import clock
from inmind.foundation.events import BirthChanged, ReferralMoved
from inmind.foundation.registries import Forgetting, Panel, Reach, house
from inmind.jobs.models import Job
from inmind.people.models import Person
from inmind.services.erasing import erase_answers
from inmind.services.matches import actions, closing, closing_views, queries
from inmind.services.matches.models import FamilyAnswer, FamilyProgram
from inmind.services.matches.views import page_of
from inmind.services.matches.windows import Look
from inmind.services.referrals import views as refer_views
from inmind.services.referrals.models import Referral
from inmind.services.referrals.referral import Why
from inmind.services.referrals.words import AS_SENT, REASONS
from inmind.services.referrals.worklist import called

WINDOWS = "services.windows"
A_DAY = 86_400


def offer() -> None:
    house.handles(WINDOWS, look_at_windows)
    house.every(A_DAY, WINDOWS, WINDOWS)
    house.listens(ReferralMoved, "services.look_at_window", look_again)
    house.listens(BirthChanged, "services.windows_follow_birth", follow_birth)
    house.pages["services.Referral"] = refer_views.page
    house.set_going.append(queries.set_going)
    house.consent_asked["referral"] = refer_views.asks_consent
    house.consent_shows.append(refer_views.consent_shows)
    house.consent_asked["referral, of her"] = refer_views.asks_her_consent
    house.offer(
        Panel("today", "closing", 25, "services/closing.html", closing_views.panel),
        Panel("dyad", "referrals", 12, "services/referral_panel.html", panel),
        *(
            Reach(f"services.{name}", "families.Episode", prefix="episode")
            for name in ("FamilyAnswer", "FamilyProgram", "FamilyPlace")
        ),
        Reach("services.ReferralWindow", "families.Episode", prefix="referral__episode"),
        Forgetting(
            "family_answers",
            frozenset(
                {"services.FamilyAnswer", "services.FamilyProgram", "services.FamilyPlace", "services.ReferralWindow"}
            ),
            goes=_goes,
            stays=_stays,
            erase=erase_answers,
        ),
    )


def look_at_windows(job: Job) -> None:
    after = job.payload.get("after")
    actions.look_at_windows(machine(WINDOWS), key=f"job:{job.pk}", after=UUID(after) if after else None)


def look_again(act: Act, event: ReferralMoved) -> None:
    actions.look_at_window(act, referral=event.referral)


def follow_birth(act: Act, event: BirthChanged) -> None:
    actions.look_at_windows_of(act, dyad=event.dyad)


def panel(request: Any, *, dyad: Any, episode: Any, on: date) -> dict[str, Any] | None:
    """Each referral with its state in words, those that are over apart, and for those who may look the ways to what fits."""
    may_match = bool(policy.can(request.actor, "services.match", episode))
    if not policy.can(request.actor, "services.see_referral", episode):
        return None
    there = list(queries.referrals(episode.pk))
    names = called(request.actor, there)
    rows = [_row(one, names[one.pk], dyad, on) for one in there]
    people = [
        (dyad.child_id, dyad.called),
        *((one.person.pk, one.person.given_name) for one in families.adults(episode, on)),
    ]
    ways = [{"text": name, "url": page_of(episode, pk)} for pk, name in people] if may_match else []
    return {
        "rows": [row for row in rows if not row["is_over"]],
        "over": [row for row in rows if row["is_over"]],
        "ways": ways,
    }


def _row(one: Referral, name: str, dyad: Any, on: date) -> dict[str, Any]:
    return {
        "name": name,
        "who": dyad.called if one.about_id == dyad.child_id else one.about.given_name,
        "stands": _(AS_SENT[one.stands]),
        "since": clock.day(one.state_on),
        "why": _(REASONS[Why(one.why)]) if one.why else "",
        "is_over": one.stands.is_over,
        "note": _note(one, on),
        "url": reverse("referral", kwargs={"referral": one.pk}),
    }


def _note(one: Referral, on: date) -> str:
    """What the daily look found, as of today."""
    noted = getattr(one, "window", None)
    if noted is None or one.state not in queries.WAITS:
        return ""
    look = Look(noted.closes, noted.place, noted.too_late or noted.closes <= on)
    if look.too_late:
        return _(closing.TOO_LATE)
    return _("It closes on %(day)s.") % {"day": clock.day(look.closes)} if look.is_near(on) else ""


def _goes(person: Person) -> Iterator[str]:
    if FamilyAnswer.objects.filter(about=person).exists() or FamilyProgram.objects.filter(about=person).exists():
        yield _("What was answered to the questions of programs, and in which programs they are from elsewhere.")


def _stays(person: Person) -> Iterator[str]:
    yield from ()
