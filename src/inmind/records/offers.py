"""What records offer: the organizations, for those who keep them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import policy
from inmind.access.actors import machine
from inmind.foundation import clock
from inmind.foundation.registries import NavItem, Panel, Reach, Told, house
from inmind.foundation.values import N_, Verdict
from inmind.jobs.models import Job
from inmind.people.models import Contact, EarlierFact, Person
from inmind.records import actions, held_views, importing, merging, queries
from inmind.records.erasing import RECORDS
from inmind.records.models import SheetImport


def offer() -> None:
    house.offer(RECORDS)
    house.offer(Told("person", 10, N_("Name and ways to reach you"), person))
    house.offer(Panel("account", "held", 40, "records/held_account.html", held_views.account_panel))
    house.offer(Panel("kept_person", "held", 10, "records/held_panel.html", held_panel))
    house.offer(
        Panel("today", "records_queue", 25, "records/queue.html", queue),
        Reach("records.SheetImport", "people.Organization", prefix="organization"),
        NavItem(
            "sheets",
            N_("Sheets"),
            "sheets",
            47,
            shown=lambda actor: bool(policy.can(actor, "records.see_sheets")) and house.intake is not None,
        ),
    )
    house.handles("records.import", import_rows)
    house.handles("records.discard", discard_sheets)
    house.every(86_400, "records.discard", "records.discard")
    house.forwarded = merging.forwarded
    house.reseals.append(importing.reseal_all)
    house.offer(
        NavItem(
            "imports",
            N_("Imports"),
            "imports",
            74,
            shown=lambda actor: bool(policy.can(actor, "records.see_imports")) and house.intake is not None,
        ),
        NavItem(
            "duplicates",
            N_("Duplicates"),
            "duplicates",
            72,
            shown=lambda actor: bool(policy.can(actor, "records.see_duplicates")),
        ),
    )
    house.offer(
        NavItem(
            "organizations",
            N_("Organizations"),
            "organizations",
            70,
            shown=lambda actor: bool(policy.can(actor, "records.see_organizations")),
        )
    )


# What stood on a record before it was corrected, as it is told to whom it is about.
CORRECTED = {
    EarlierFact.Field.GIVEN_NAME: N_("First name before"),
    EarlierFact.Field.FAMILY_NAME: N_("Last name before"),
    EarlierFact.Field.BIRTH_DATE: N_("Birth date before"),
    EarlierFact.Field.DUE_DATE: N_("Due date before"),
}


def queue(request: Any) -> dict[str, Any] | None:
    """How much waits for a data steward, without a name: pairs, doubtful rows, sheets that nobody goes on with."""
    if not policy.can(request.actor, "records.see_duplicates"):
        return None
    pairs, rows, sheets = queries.waiting().count(), queries.doubtful_rows().count(), queries.on_their_way().count()
    lines = [
        {"title": title, "reason": reason, "url": reverse(page), "button": _("Open")}
        for count, title, reason, page in (
            (
                pairs,
                ngettext("%(count)s pair of records", "%(count)s pairs of records", pairs) % {"count": pairs},
                _("Each may be one person. The likest stands first."),
                "duplicates",
            ),
            (
                rows,
                ngettext("%(count)s doubtful row", "%(count)s doubtful rows", rows) % {"count": rows},
                _("Of sheets that are taken in: somebody new, or here already?"),
                "imports",
            ),
            (
                sheets,
                ngettext("%(count)s sheet on its way", "%(count)s sheets on their way", sheets) % {"count": sheets},
                _("It waits until somebody says what comes next."),
                "imports",
            ),
        )
        if count
    ]
    return {"rows": lines, "asks": True} if lines else None


def held_panel(request: Any, *, person: Person) -> dict[str, Any] | None:
    """The way to what is held about somebody, for those who may hand it over."""
    if not policy.can(request.actor, "records.see_held", person):
        return None
    return {"url": reverse("held", kwargs={"person": person.pk})}


def import_rows(job: Job) -> None:
    """The next rows of a sheet; each stretch leaves the job of the next one."""
    sheet = SheetImport.objects.get(pk=job.payload["sheet"])
    actions.import_rows(machine("records.import"), key=f"job:{job.pk}", sheet=sheet, start=job.payload["start"])


def discard_sheets(job: Job) -> None:
    actions.discard_sheets(machine("records.discard"), key=f"job:{job.pk}")


def person(actor: Any, there: Person, verdict: Verdict) -> list[dict[str, str]]:
    """What is kept of a person whatever she is to others."""
    safe = {True: _("safe"), False: _("not safe"), None: _("not asked yet")}
    rows = [{_("Name"): there.name, _("Likes to speak"): queries.spoken(there.language)}]
    contacts = Contact.objects.filter(person=there).order_by("channel", "address")
    ended = _("no longer right")
    names = {"phone": _("Phone"), "mail": _("Mail")}
    until = _("until %(day)s")
    rows += [
        {
            _(
                CORRECTED[EarlierFact.Field(one.field)]
            ): f"{one.said} ({until % {'day': clock.day(one.created_at.date())}})"
        }
        for one in EarlierFact.objects.filter(person=there).order_by("created_at", "pk")
    ]
    # On her own page, which lies on a phone that somebody may take, by its end alone.
    shown = {one: f"…{one.address[-2:]}" if actor.kind == "link" else one.address for one in contacts}
    return rows + [
        {names.get(one.channel, one.channel): f"{shown[one]} ({ended if one.ended_at else safe[one.safe]})"}
        for one in contacts
    ]
