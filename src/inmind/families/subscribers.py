"""What families do when they hear that one of them was opened by emergency access, that something was told outside without a
consent, or that an account may be its inviter's own, of which the privacy officer is told at once, that a task was handed
over, that a next step was not taken in time, or that nobody is left at an agency who answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.access.consents import GROUNDS, Ground
from inmind.access.disclosing import classes_said
from inmind.access.models import Account, AuditEntry, Disclosure, EmergencyAccess
from inmind.families.actions.answering import SUBPOENA
from inmind.families.actions.serving import SERVING_ROLES
from inmind.families.actions.watching import ask_who_watches
from inmind.families.following import ONE_TEAM, PAIR
from inmind.families.models import Episode
from inmind.families.queries import holding_role, serving_agencies, who_else
from inmind.foundation import clock
from inmind.foundation.events import (
    EmergencyOpened,
    PersonInvited,
    RoleEnded,
    TaskHandedOver,
    TaskUnanswered,
    ToldWithoutConsent,
)
from inmind.foundation.registries import Reason
from inmind.messages import actions as messages
from inmind.messages.models import Letter
from inmind.people.models import Organization, Person
from inmind.records.finding import plain_of
from inmind.records.likeness import WORDS, likeness
from inmind.tasks.models import Task
from inmind.tasks.queries import ANSWERS, TAKES_OVER, unanswered

ABOUT = "access.EmergencyAccess"
DISCLOSURE = "access.Disclosure"
CONCERN = "families.Concern"
REMINDERS = {CONCERN: "next_step_waits", PAIR: ONE_TEAM, SUBPOENA: "subpoena_waits"}
ACCOUNT = "access.Account"
LOOK_AT_LIKENESS = timedelta(days=3)  # ours
HANDED_ON = "task_handed_on"  # the letter, which Today repeats
SERVING = frozenset((*SERVING_ROLES, "agency_supervisor"))
HANDED_ON_SHOWN = timedelta(days=2)  # ours


def tell_privacy_officer(act: Act, event: EmergencyOpened) -> None:
    """A task for the agency's privacy officer, and a letter to each of them; where there is none, to its supervisors.

    Never to whoever opened it, who could otherwise close the question about themselves.
    """
    opened = EmergencyAccess.objects.select_related("organization").get(pk=event.access)
    episode = Episode.objects.select_related("dyad__child").get(pk=event.episode)
    act.concerns(episode)
    ask_who_watches(
        act,
        opened.organization,
        {opened.person_id},
        why="emergency_access",
        subject=episode.dyad.child,
        about_kind=ABOUT,
        about_id=opened.pk,
    )


def tell_who_runs_the_house(act: Act, event: RoleEnded) -> None:
    """The last of those who answer what needs a person has left an agency: a letter that names the agency alone, whether
    anything waits there or not, for that is the agency's to know (`protect.md` 3). One a day: Today says it until then."""
    if event.role not in (ANSWERS, TAKES_OVER):
        return
    told = Letter.objects.filter(template="nobody_left", about_id=event.organization)
    for agency in unanswered(serving_agencies().filter(pk=event.organization)):
        for person in () if told.filter(created_at__gt=act.now - timedelta(days=1)).exists() else who_else(agency):
            messages.tell(
                act,
                to=person,
                template="nobody_left",
                facts={"place": agency.name},
                about_kind="people.Organization",
                about_id=agency.pk,
            )


def emergency(actor: Any, task: Any) -> Reason:
    """The words of the task, for who watches over privacy."""
    opened = EmergencyAccess.objects.select_related("person", "organization").filter(pk=task.about_id).first()
    if opened is None:
        return Reason(_("A family was opened by emergency access"), "", calls=False)
    said = _("%(who)s opened this family at %(when)s and wrote: “%(why)s” Until %(until)s it stays open.") % {
        "who": opened.person.name,
        "when": clock.local(opened.created_at, opened.organization.zone),
        "why": opened.reason,
        "until": clock.local(opened.until, opened.organization.zone),
    }
    asks = _("Speak with them, look at who looked, end it if it should not go on, and write down what you found.")
    return Reason(
        _("A family was opened by emergency access"),
        f"{said} {asks}",
        reverse("privacy"),
        _("Emergency access"),
        calls=False,
    )


def tell_of_disclosure(act: Act, event: ToldWithoutConsent) -> None:
    """Something was told outside without a consent, or after one was withdrawn: a task and a letter for who watches over
    privacy, never for who told."""
    told = Disclosure.objects.select_related("about", "organization").get(pk=event.disclosure)
    act.concerns(told)
    ask_who_watches(
        act,
        told.organization,
        {told.told_by_id},
        why="told_without_consent",
        subject=told.about,
        about_kind=DISCLOSURE,
        about_id=told.pk,
    )


def told_without_consent(actor: Any, task: Any) -> Reason:
    """The words of the task, for who watches over privacy: neither which facts, nor what was told, nor the reason's words."""
    title = _("Something was told outside without a consent")
    told = Disclosure.objects.select_related("told_by").filter(pk=task.about_id).first()
    if told is None:
        return Reason(title, "", calls=False)
    said = _("%(who)s told %(recipient)s on %(day)s. By what: %(ground)s. What: %(classes)s.") % {
        "who": told.told_by.name,
        "recipient": told.recipient,
        "day": clock.day(told.on),
        "ground": _("a consent that was withdrawn before") if told.consent_id else _(GROUNDS[Ground(told.ground)]),
        "classes": ", ".join(classes_said(told.kinds)),
    }
    asks = _("Speak with them, and write down what you found.")
    return Reason(title, f"{said} {asks}", reverse("told_outside"), _("What was told outside"), calls=False)


def tell_of_likeness(act: Act, event: PersonInvited) -> None:
    """An account that may be the inviter's own: a task and a letter for who watches over privacy. A mailbox in common is
    enough, or a name that is alike; nothing is refused, for sisters share a name and colleagues a mailbox."""
    by = Person.objects.get(pk=event.by)
    account = Account.objects.select_related("person").get(pk=event.account)
    organization = Organization.objects.get(pk=event.organization)
    if not alike(by, account.person):
        return
    ask_who_watches(
        act,
        organization,
        {by.pk, account.person_id},
        why="account_alike",
        subject=account.person,
        about_kind=ACCOUNT,
        about_id=account.pk,
        within=LOOK_AT_LIKENESS,
    )


def tell_of_hand_over(act: Act, event: TaskHandedOver) -> None:
    """A letter to whoever had a red task until now and still works there; Today says it too. Who hands a task to herself
    comes to read what it is about: who watches over privacy is told at once, and asks."""
    task = Task.objects.select_related("organization").get(pk=event.task)
    act.concerns(task)
    if task.red:
        lost = {str(event.giver), event.beside} - {"", str(event.by), str(event.taker)}
        for person in holding_role(task.organization).filter(pk__in=lost):
            messages.tell(act, to=person, template=HANDED_ON, about_kind="tasks.Task", about_id=task.pk)
    if event.by == event.taker:
        # The question names the worker and nobody of the family: that somebody was screened is not the officer's to know.
        by = Person.objects.select_related("account").get(pk=event.by)
        ask_who_watches(
            act,
            task.organization,
            {by.pk},
            why="task_to_oneself",
            subject=by,
            about_kind=ACCOUNT,
            about_id=by.account.pk,
        )


def task_to_oneself(actor: Any, task: Any) -> Reason:
    """The words of the question, for who watches over privacy."""
    said = _("%(who)s handed a task to themselves at %(when)s, and can read what it is about from then on.") % {
        "who": task.subject.name,
        "when": clock.local(task.created_at, task.organization.zone),
    }
    asks = _("Speak with them and with whoever had the task before, and write down what you found.")
    return Reason(_("Somebody handed a task to themselves"), f"{said} {asks}", calls=False)


def handed_on(request: Any) -> dict[str, Any] | None:
    """For two days: a red task that was this reader's was handed to somebody else. It names nobody, as its letter."""
    if SERVING.isdisjoint(one.role for one in request.actor.standings):
        return None  # nobody else is ever called: without a clinician or a supervisor, a worker who serves families is
    since = clock.now() - HANDED_ON_SHOWN
    rows = Letter.objects.filter(to=request.actor.person, template=HANDED_ON, created_at__gte=since)
    at = [clock.local(row.created_at, settings.INSTALLATION.zone) for row in rows.order_by("-created_at")[:5]]
    return {"rows": at} if at else None


def alike(one: Person, other: Person) -> list[str]:
    """In what two workers are alike, in words to translate: their names, and a mailbox in common."""
    mine, theirs = plain_of([one.pk])[one.pk], plain_of([other.pk])[other.pk]
    reasons = [WORDS[reason] for reason in likeness(mine, theirs).reasons]
    mailbox = WORDS["same_mail"]
    if mailbox not in reasons and {m.casefold() for m in mine.mails} & {m.casefold() for m in theirs.mails}:
        reasons.append(mailbox)
    return reasons


def account_alike(actor: Any, task: Any) -> Reason:
    """The words of the task, for who watches over privacy."""
    title = _("Is this a second account of one person?")
    account = Account.objects.select_related("person").filter(pk=task.about_id).first()
    made = AuditEntry.objects.filter(verb="access.invite", about_kind=ACCOUNT, about=str(task.about_id)).first()
    by = Person.objects.filter(pk=made.person).first() if made is not None and made.person else None
    if account is None or by is None:
        return Reason(title, "", calls=False)
    said = _("%(by)s invited %(whom)s (username %(username)s): %(why)s.") % {
        "by": by.name,
        "whom": account.person.name,
        "username": account.username,
        "why": ", ".join(_(one) for one in alike(by, account.person)),
    }
    asks = _("See the two of them, not only their letters; see what the new account opened; write down what you found.")
    return Reason(title, f"{said} {asks}", calls=False)


def remind(act: Act, event: TaskUnanswered) -> None:
    """Write to its owner, unless she has left the agency, and to the agency's supervisors, who can hand it over."""
    template = REMINDERS.get(event.about_kind)
    if template is None:
        return
    task = Task.objects.select_related("owner", "organization").get(pk=event.task)
    if task.closed_at is None:
        remind_of(act, task, template)


def remind_of(act: Act, task: Task, template: str) -> None:
    """A letter to its owner and to the agency's supervisors that an open task waits."""
    people = set(holding_role(task.organization, "agency_supervisor"))
    if holding_role(task.organization).filter(pk=task.owner_id).exists():
        people.add(task.owner)
    act.concerns(task)
    for person in sorted(people, key=lambda one: str(one.pk)):
        messages.tell(
            act,
            to=person,
            template=template,
            facts={"task": str(task.pk)},
            about_kind=task.about_kind,
            about_id=task.about_id,
        )
