"""What association offers the windows and the rooms above it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inmind.access import policy
from inmind.access.actors import Actor, machine
from inmind.access.models import OfficeLink
from inmind.access.profession_words import THEIRS_ALONE
from inmind.access.roles import AT_AN_ASSOCIATION
from inmind.association import actions, beginning_views, inviting_views, join_views, keeping_views, queries, views
from inmind.association.actions import agencies, buying, erasing, inviting
from inmind.association.held_queries import held
from inmind.association.models import Bundle
from inmind.association.moving import offers as moving_offers
from inmind.foundation import clock
from inmind.foundation.events import InvoiceCancelled, InvoiceReopened, InvoiceSettled, PersonInvited
from inmind.foundation.registries import NavItem, Panel, Reach, Told, house
from inmind.foundation.values import N_
from inmind.jobs.models import Job

REMIND = "association.remind"


def offer() -> None:
    """Put it in its place."""
    house.members = queries.members
    moving_offers.offer()
    house.offer(
        *(
            Reach(f"association.{model}", "people.Organization", prefix="association")
            for model in ("Level", "Member", "Bundle", "Membership", "Joining", "ReminderDays")
        ),
        *(
            Reach(f"association.{model}", "people.Organization", prefix="member__association")
            for model in ("Belonging", "Entry", "Reminded", "MailChange")
        ),
        *(Reach(f"association.{model}", "people.Person", prefix="person") for model in ("Member", "Membership")),
        *(
            Reach(f"association.{model}", "people.Person", prefix="member__person")
            for model in ("Belonging", "Entry", "Reminded", "MailChange")
        ),
        erasing.MEMBERS,
        erasing.FOLLOWS,
    )
    house.offer(
        Told(
            "membership",
            60,
            N_("Membership"),
            held,
            THEIRS_ALONE,
            always=N_("A note that the association’s coordinator keeps beside your membership: ask for it."),
            own=True,
            pages=((N_("Your membership"), "membership"),),
        ),
        NavItem("membership", N_("Membership"), "membership", 85, shown=_belongs),
        NavItem(
            "members", N_("Members"), "members", 41, shown=lambda actor: bool(policy.can(actor, keeping_views.SEE))
        ),
        Panel("today", "membership", 45, "association/today_own.html", views.today_own),
        Panel("today", "first_steps", 12, "association/first_steps.html", beginning_views.today),
        Panel("today", "members", 46, "association/today_kept.html", keeping_views.today_kept),
        Panel("front", "associations", 40, "association/front.html", join_views.front),
    )
    house.office_pages[agencies.PURPOSE] = "agency_dues"
    house.office_stands[agencies.PURPOSE] = _stands
    house.office_names[agencies.PURPOSE] = _agencies_called
    house.listens(InvoiceSettled, "association.paid", buying.stand_anew)
    house.listens(InvoiceReopened, "association.unpaid", buying.stand_anew)
    house.listens(InvoiceCancelled, "association.cancelled", buying.stand_anew)
    house.billed |= {buying.ABOUT: N_("Memberships"), agencies.ABOUT: N_("Places that agencies pay for")}
    house.handles(REMIND, remind)
    house.every(86_400, REMIND, REMIND)
    house.letters_to.append(views.letters_to)
    house.handles(inviting.INVITE, invite)
    house.listens(PersonInvited, "association.found_by_name", inviting.find_by_name)
    house.first_steps.append(beginning_views.steps)
    house.known_here.append(inviting_views.known_here)
    house.pages["association.Member"] = views.member_url


def _belongs(actor: Actor) -> bool:
    return any(one.role in AT_AN_ASSOCIATION for one in actor.standings)


def _stands(link: OfficeLink) -> bool:
    """An agency reads what it pays for until the places are over."""
    return Bundle.objects.filter(pk=link.about, until__gt=clock.today(link.organization.zone)).exists()


def _agencies_called(ids: Any) -> dict[Any, str]:
    return dict(Bundle.objects.filter(pk__in=list(ids)).values_list("pk", "agency__name"))


def remind(job: Job) -> None:
    """Some members at a time, each stretch an action whose key is the job's: asked again, nobody is written to twice."""
    number, after = 0, None
    while (last := actions.remind_members(machine(REMIND), key=f"job:{job.pk}:{number}", after=after)) is not None:
        number, after = number + 1, last.person_id


def invite(job: Job) -> None:
    """Invite members some at a time, as `remind` goes."""
    number, after, there = 0, None, UUID(job.payload["association"])
    by = machine(inviting.INVITE)
    while (last := actions.invite_some(by, key=f"job:{job.pk}:{number}", association=there, after=after)) is not None:
        number, after = number + 1, last.person_id
