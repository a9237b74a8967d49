"""Certificates are made for everybody at once, put right when what was attended is put right, and never silently changed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from inmind.access.act import Act, action
from inmind.access.models import Account
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.learning.attendance import queries as attended
from inmind.learning.certificates.certificate import CreditLine, Offered, code_from, content
from inmind.learning.certificates.models import Certificate, CertificateRun, Elsewhere
from inmind.learning.trainings import letter_actions
from inmind.learning.trainings.models import Credit, DomainMinutes, Registration, Training
from inmind.messages import actions as messages
from inmind.people.models import Person

AT_ONCE = 25  # people in one action
MAKE = "learning.make_certificates"
GIVING_RSC, EQUITY = "giving_rsc", "equity"


@action("learning.begin_certificates", on="training")
def begin(act: Act, *, training: Training) -> CertificateRun:
    """Let certificates be made for everybody who attended, some at a time. Raises NotNow where nobody did, before the end, and
    while it is under way."""
    people = attended.attendees(training)
    if not people:
        raise NotNow(
            N_("Nobody has attended this training yet."),
            N_("A certificate says how long somebody was there."),
            N_("Bring the log of a meeting, or write down who was there."),
        )
    if training.ends_at is not None and training.ends_at > act.now:
        raise NotNow(
            N_("This training is not over yet."),
            N_("A certificate says how long somebody was there in all."),
            N_("Come back after its last meeting."),
        )
    if CertificateRun.objects.filter(training=training, ended_at__isnull=True).exists():
        raise NotNow(N_("These certificates are being made."), "", N_("Look again in a moment."))
    run = CertificateRun(training=training, total=len(people), by_id=act.actor.person)
    run.save()
    _later(act, run, after=None)
    return run


def _later(act: Act, run: CertificateRun, after: UUID | None) -> None:
    payload = {"run": str(run.pk), "after": str(after) if after else ""}
    act.later(MAKE, payload, key=f"certificates:{run.pk}:{after or ''}")


@action("jobs.make_certificates", on="run")
def make_some(act: Act, *, run: CertificateRun, after: str) -> CertificateRun:
    """The next certificates of a run, each once: who has one that says the same keeps it. Leaves the job of the next ones."""
    if run.ended_at is not None:
        return run
    people = attended.attendees(run.training, UUID(after) if after else None)
    some = people[:AT_ONCE]
    for person in Person.objects.filter(pk__in=some):
        run.made += _make(act, run.training, person, by=run.by_id) is not None
    run.done = min(run.done + len(some), run.total)
    if len(people) > AT_ONCE:
        _later(act, run, after=some[-1])
    else:
        run.ended_at, run.done = act.now, run.total
    run.save()
    return run


def renew(act: Act, training: Training, people: Iterable[UUID]) -> None:
    """What was attended was put right: who has a certificate has a new one, and the one before says so. Part of the action that
    put it right."""
    held = Certificate.objects.filter(training=training, person__in=list(people), replaced_at__isnull=True)
    for one in held.select_related("person"):
        _make(act, training, one.person, by=act.actor.person)


def _make(act: Act, training: Training, person: Person, *, by: UUID | None) -> Certificate | None:
    """The certificate of somebody as it stands now; None where nothing changed, or nothing was attended."""
    days = attended.attended_by(training, person.pk)
    said = content(offered(training), days)
    minutes = sum(count for _on, count in days)
    before = Certificate.objects.filter(training=training, person=person, replaced_at__isnull=True).first()
    if before is not None and before.minutes == minutes and before.said == said:
        return None
    if before is not None:
        before.replaced_at = act.now
        before.save(update_fields=["replaced_at"])
    if not minutes:
        if before is not None:
            _tell(act, person, "certificate_withdrawn", before)
        return None
    made = Certificate(
        training=training,
        person=person,
        code=code_from(secrets.token_bytes(8)),
        name=person.name[:170],
        on=max(on for on, _count in days),
        minutes=minutes,
        said=said,
        by_id=by,
    )
    made.save()
    if before is not None:
        before.replaced_by = made
        before.save(update_fields=["replaced_by"])
    act.concerns(made)
    _tell(act, person, "certificate_anew" if before is not None else "certificate", made)
    return made


def _tell(act: Act, person: Person, template: str, certificate: Certificate) -> None:
    """A letter with the way to their own page, and nothing attached; without an account, to the page of the seat they had."""
    facts = {"training": certificate.training.title, "certificate": str(certificate.pk)}
    about: dict[str, Any] = {"about_kind": "learning.Certificate", "about_id": certificate.pk}
    if not Account.is_open_for(person):
        seat = Registration.objects.filter(training=certificate.training, person=person).first()
        if seat is not None and letter_actions.tell_guest(
            act, seat, template, facts, days=letter_actions.LONGEST, **about
        ):
            return
    messages.tell(act, to=person, template=template, facts=facts, **about)


def offered(training: Training) -> Offered:
    """A training as its certificates say it."""
    tagged = {GIVING_RSC: training.giving_rsc_minutes, EQUITY: training.equity_minutes}
    return Offered(
        title=training.title,
        title_es=training.title_es,
        association=training.association.name,
        minutes=attended.planned(training),
        domains=dict(
            DomainMinutes.objects.filter(training=training).order_by("domain").values_list("domain", "minutes")
        ),
        tagged={tag: minutes for tag, minutes in tagged.items() if minutes},
        credits=[
            CreditLine(one.licence_kind, one.hours_hundredths, one.approval)
            for one in Credit.objects.filter(training=training).order_by("licence_kind")
        ],
        credit_for_part=attended.gives_part_of_credit(training),
    )


# Elsewhere


@action("learning.note_elsewhere", on="person")
def note_elsewhere(
    act: Act, *, person: Person, title: str, provider: str, on: date, minutes: int, domains: dict[str, int]
) -> Elsewhere:
    """Keep what somebody says that they learned elsewhere. Raises BadInput for a day that has not come, for no minutes or too many,
    and for areas that together have more minutes than there were."""
    if on > act.today():
        raise BadInput(N_("This day has not come yet."), "", N_("Write it down once you were there."), field="on")
    if not 1 <= minutes <= 6000:
        raise BadInput(
            N_("These are %(minutes)s minutes."),
            N_("From one minute to a hundred hours can be written down."),
            N_("Write longer ones down in parts."),
            field="hours",
            facts={"minutes": minutes},
        )
    if sum(domains.values()) > minutes:
        raise BadInput(
            N_("The competency areas together have more time than the training."),
            N_("Each minute is of one area at most."),
            N_("Write less time for some of them."),
            field="hours",
        )
    row = Elsewhere(
        person=person, title=title.strip(), provider=provider.strip(), on=on, minutes=minutes, domains=domains
    )
    row.save()
    return row


@action("learning.take_back_elsewhere", on="elsewhere")
def take_back_elsewhere(act: Act, *, elsewhere: Elsewhere) -> Elsewhere:
    """Take back what was said; it stands in history and counts for nothing."""
    if elsewhere.taken_back_at is None:
        elsewhere.taken_back_at = act.now
        elsewhere.save(update_fields=["taken_back_at"])
    return elsewhere


def forget(act: Act, person: Person) -> None:
    """Of somebody who is erased no name stands on a certificate, and nothing that they said of elsewhere stays."""
    for one in Certificate.objects.filter(person=person):
        one.name, one.replaced_at = "", one.replaced_at or act.now
        one.save(update_fields=["name", "replaced_at"])
    for row in Elsewhere.objects.filter(person=person):
        row.title, row.provider, row.taken_back_at = gettext("erased"), "", row.taken_back_at or act.now
        row.save(update_fields=["title", "provider", "taken_back_at"])
