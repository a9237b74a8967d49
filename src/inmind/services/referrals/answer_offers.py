"""What answering offers: who answers for a program, by which link, what is owed meanwhile, and where all of it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.actors import Standing, machine
from inmind.access.models import OfficeLink, RoleAssignment
from inmind.families import queries as families
from inmind.families.actions.serving import SERVING_ROLES
from inmind.foundation import clock
from inmind.foundation.events import ConsentWithdrawn, LetterUndelivered, ListingMoved, ReferralMoved, WayChanged
from inmind.foundation.registries import Finding, Grade, Hanging, NavItem, Panel, Path, Reach, Reason, house
from inmind.foundation.values import N_
from inmind.jobs.models import Job
from inmind.messages import queries as letters
from inmind.messages.models import Letter
from inmind.services.referrals import answer_actions as actions
from inmind.services.referrals import demo, face_actions, face_views, office, worklist
from inmind.services.referrals.actions import FOLLOWS, is_told
from inmind.services.referrals.answer_actions import BACK, FOLLOW, MOVED, NEXT, NO_MORE, NOT_ARRIVED, SAYS, WAY
from inmind.services.referrals.models import Referral
from inmind.services.referrals.referral import Why
from inmind.services.referrals.words import REASONS, STATES
from inmind.tasks.models import Task

EACH = 3600  # seconds between two looks for referrals whose day has come


def offer() -> None:
    house.demo_makers.append((47, demo.make))
    house.checks.append(can_be_called)
    house.office_pages[office.PURPOSE] = "office_referral"
    house.office_names[office.PURPOSE] = office.names
    house.office_stands[office.PURPOSE] = stands
    house.quiet_places.append(office.quiet_places)
    house.listens(ReferralMoved, "services.heed_move", actions.heed_move)
    FOLLOWS.append(face_actions.follow)
    house.listens(ConsentWithdrawn, "services.heed_withdrawal", actions.heed_withdrawal)
    house.listens(LetterUndelivered, "services.heed_letter", actions.heed_letter)
    house.listens(WayChanged, "services.heed_way", actions.heed_way)
    house.listens(ListingMoved, "services.heed_listing", actions.heed_listing)
    house.handles("services.look_after", look_after)
    house.every(EACH, "services.look_after", "services.look_after")
    for why in actions.OWED:
        house.explains(why, reason)
    house.could_own[office.KIND] = could_own
    house.hangs.append(hangs)
    house.open_here.append(worklist.open_here)
    house.offer(
        Path(
            "addressed",
            "services.Referral",
            holds=_is_addressed,
            q=_addressed,
            says="the referral was sent, by a consent, to the organization where they hold the role",
        ),
        Reach("services.Referral", "services.Referral"),
        Reach("services.Referral", "access.OfficeLink", through="access.OfficeLink", mine="about"),
        NavItem(
            "referrals",
            N_("Referrals"),
            "referrals",
            25,
            shown=lambda actor: bool(policy.can(actor, "services.see_worklist")),
        ),
        Panel("account", "face", 20, "services/face_account.html", face_views.on_account),
        Panel("today", "referrals", 27, "services/answer_today.html", worklist.today),
        Panel("referral", "answer", 10, "services/answer_panel.html", panel),
        Panel("hers_next", "referrals", 5, "services/answer_hers.html", worklist.hers),
    )


def _is_addressed(standing: Standing, referral: Referral, on: date) -> bool:
    return standing.organization is not None and referral.provider_id == standing.organization


def _addressed(standing: Standing, on: date) -> models.Q:
    return models.Q(provider=standing.organization, provider__isnull=False)


def can_be_called() -> Iterable[Finding]:
    """Agencies that serve families and whose telephone is not written down: a program with a question has nowhere to call."""
    if silent := [one.name for one in families.serving_agencies() if not one.phone]:
        yield Finding(
            "telephone",
            Grade.NOTE,
            f"No telephone is written down at {', '.join(silent)}: programs and families read no number to call.",
            "An administrator writes it down under Organizations.",
        )


def stands(link: OfficeLink) -> bool:
    """An office's link opens a referral while it may be told: asked each time."""
    rows = Referral.objects.select_related("episode__organization", "episode__dyad", "about", "to_call", "listing")
    row = rows.filter(pk=link.about).first()
    return row is not None and is_told(row, clock.now())


def look_after(job: Job) -> None:
    """Each referral whose day has come, in an action of its own."""
    for row in Referral.objects.filter(answer_by__lte=clock.now().date()).order_by("answer_by", "pk"):
        actions.look_after(machine("services.look_after"), referral=row)


TITLES = {
    FOLLOW: N_("Look after a referral: %(program)s"),
    NOT_ARRIVED: N_("The letter to %(program)s did not arrive"),
    SAYS: N_("A family said how it goes with %(program)s"),
    NO_MORE: N_("%(program)s can read its referral no more"),
    WAY: N_("A safe way changed: call %(program)s"),
    MOVED: N_("%(program)s is said to be somebody else’s, or to read its mail elsewhere"),
    BACK: N_("What %(program)s may be told was taken back"),
    NEXT: N_("%(program)s could not take it on: look for what fits next"),
}
ASKS = {
    FOLLOW: N_("It was sent on %(sent)s, and is %(state)s. That is not the family's to mend: call the program."),
    NOT_ARRIVED: N_(
        "Call them, and read out a code by which they open it: their mail may be blocked, or the address wrong."
    ),
    SAYS: N_(
        "Read it on the referral, and confirm it or call. Where they would rather not go on, it is closed already."
    ),
    WAY: N_(
        "It reads only what is safe now, and may have written the old way down. Ask it to open the referral again before it "
        "calls, and to use what stands there."
    ),
    MOVED: N_(
        "What was mailed to them opens nothing any more. Call whom you sent it to, and read out a code; if it is somebody else’s "
        "now, close it and ask the family anew."
    ),
    NO_MORE: N_("No consent stands by which it may be told. Ask who may agree now, or close it with its reason."),
    BACK: N_(
        "The program reads nothing more, and what had not begun is closed. Nothing that the family is given here changes; "
        "if a paper was handed over, ask for it back."
    ),
    NEXT: N_(
        "They said: %(why)s. Its page names what fits next; choose with the family, and tell them what was tried."
    ),
}


def reason(actor: Any, task: Task) -> Reason:
    """The words of a task about a referral, for who looks after it."""
    row = Referral.objects.select_related("listing", "episode").filter(pk=task.about_id).first()
    if row is None or not policy.can(actor, "services.see_referral", row):
        return Reason(
            _("A referral"), _("You serve this family no more. Ask the coordinator to take it over."), calls=False
        )
    facts = {
        "program": worklist.called(actor, [row])[row.pk],
        "sent": clock.day(row.sent_on) if row.sent_on else "",
        "state": _(STATES[row.stands]),
        "why": _(REASONS[Why(row.why)]) if row.why else "",
    }
    more = ((reverse("referral_code", args=[row.pk]), _("Read out a code")),) if task.why == NOT_ARRIVED else ()
    title, asks = _(TITLES[task.why]) % facts, _(ASKS[task.why]) % facts
    return Reason(title, asks, house.pages[office.KIND](row), _("Open the referral"), more=more, calls=False)


def panel(request: Any, *, referral: Referral) -> dict[str, Any] | None:
    """On the page of a referral for who sent it: how the program hears of it, and a hand-off in person."""
    if not office.is_under_way(referral) or not policy.can(request.actor, "services.say_code", referral):
        return None
    letter = Letter.objects.filter(about_kind=office.KIND, about_id=referral.pk).order_by("-created_at", "-pk").first()
    return {
        "inbox": referral.recipient if referral.provider_id else "",
        "letter": letters.said(letter, referral.episode.organization.zone) if letter is not None else None,
        "code": reverse("referral_code", args=[referral.pk]) if is_told(referral, clock.now()) else "",
        "introduced": reverse("referral_introduced", args=[referral.pk]),
    }


def could_own(task: Task) -> models.QuerySet:
    """Who looks after a referral: the care team, or who coordinates at the agency."""
    row = Referral.objects.select_related("episode__organization").get(pk=task.about_id)
    today = clock.today(row.episode.organization.zone)
    team = families.serving_here(row.episode, today, *SERVING_ROLES).values("pk")
    here = families.holding_role(row.episode.organization, "family_service_coordinator").values("pk")
    people = families.holding_role(row.episode.organization)
    return people.filter(models.Q(pk__in=team) | models.Q(pk__in=here))


def hangs(actor: Any, held: RoleAssignment) -> Any:
    """How many referrals under way a worker looks after, for who arranges that there."""
    if held.organization is None or not policy.can(actor, "services.see_worklist"):
        return
    rows = worklist.under_way(actor).filter(worker=held.account.person, episode__organization=held.organization)
    if number := rows.count():
        says = _("%(n)s referrals under way") % {"n": number}
        yield Hanging(says, reverse("referrals"), _("Open the referrals"))
