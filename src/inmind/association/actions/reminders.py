"""Letters about dues: one to a person in one run, before the end, at the end and in the last days of grace."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import translation

from inmind.access import vault
from inmind.access.act import Act, action
from inmind.association import queries
from inmind.association.models import Member, Reminded, ReminderDays
from inmind.association.standing import CRITICAL, Plan, Reminder, reminder
from inmind.foundation import clock
from inmind.foundation.errors import NotNow
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Organization

ABOUT = "member"
AT_ONCE = 200  # members of one transaction
OURS = Plan()


@action("jobs.remind_members")
def remind_members(act: Act, *, after: UUID | None = None) -> Member | None:
    """Write to members whose time has come, some at a time, in the order of people. Returns the last one looked at.

    Who is a member twice has one letter in a run, about what ends first; the other waits for the next run.
    """
    today = act.today()
    said = ReminderDays.objects.order_by("-before_days").values_list("before_days", flat=True).first() or 0
    near = Q(
        paid_until__lte=today + timedelta(days=max(OURS.before_days, said) + 1),
        counts_until__gte=today - timedelta(days=1),
    )
    rows = Member.objects.filter(near, left_on=None, person__erased_at=None, person__merged_into=None)
    people = list(
        (rows.filter(person__gt=after) if after else rows)
        .order_by("person")
        .values_list("person", flat=True)
        .distinct()[:AT_ONCE]
    )
    last = None
    held = rows.filter(person__in=people).select_for_update(of=("self",)).select_related("person", "association")
    by_person: dict[UUID, list[Member]] = {}
    for member in held.order_by("person", "paid_until", "pk"):
        by_person.setdefault(member.person_id, []).append(member)
        last = member
    sent_by = queries.reminded_of(member.pk for members in by_person.values() for member in members)
    follow = queries.followed(one for members in by_person.values() for one in members)
    for members in by_person.values():
        _one_letter(act, members, sent_by, follow)
    return last


def _one_letter(act: Act, members: Iterable[Member], sent_by: dict[UUID, list[Reminded]], follow: set[UUID]) -> None:
    for member in members:
        sent = sent_by.get(member.pk, [])
        owing = queries.owing(member, has_next=member.pk in follow, sent=sent)
        today = act.today(member.association.zone)
        if any(one.created_at.date() == act.now.date() for one in sent):
            return
        kind = reminder(owing, today, queries.plan_of(member.association_id)) if owing is not None else None
        if kind is not None:
            _write(act, member, kind)
            return


def _write(act: Act, member: Member, kind: Reminder) -> None:
    secret = secrets.token_urlsafe(32)
    assert member.paid_until is not None
    assert member.counts_until is not None
    with translation.override(member.person.language or "en"):
        last_day, last_grace = (clock.day(one - timedelta(days=1)) for one in (member.paid_until, member.counts_until))
    letter = messages.tell(
        act,
        to=member.person,
        template=f"dues_{kind.value}",
        facts={
            "association": member.association.name,
            "last_day": last_day,
            "last_grace": last_grace,
            "stop": "" if kind in CRITICAL else secret,
        },
        about_kind=ABOUT,
        about_id=member.pk,
    )
    Reminded.objects.create(
        member=member,
        kind=kind,
        about_until=member.paid_until,
        letter=letter.pk,
        stop_hash=hash_of(secret) if kind not in CRITICAL else "",
    )
    act.concerns(member)


@action("association.keep_reminders", on="association")
def keep_reminders(act: Act, *, association: Organization, before_days: int, last_days: int) -> ReminderDays:
    """Say when letters about dues leave: the first so many days before the end, the last so many before grace is over. The
    letter at the end itself always leaves. What was written already is not written again."""
    plan = Plan(before_days, last_days).check()
    row = ReminderDays.objects.filter(association=association).first() or ReminderDays(association=association)
    row.before_days, row.last_days = plan.before_days, plan.last_days
    row.save()
    return row


@action("association.choose_letters", on="member")
def choose_letters(act: Act, *, member: Member, wanted: bool) -> Member:
    """Want the letters that nothing hangs on, or not."""
    member.stops_letters = not wanted
    member.save()
    return member


@action("association.stop_letters")
def stop_letters(act: Act, *, secret: str) -> Member:
    """The same, by the link in such a letter; without signing in. Raises NotNow for a link that is none."""
    member = stopped_by(secret)
    if member is None:
        raise NotNow(N_("This link stops nothing."), N_("Sign in, and choose on your membership's page."))
    row = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if not row.stops_letters:
        row.stops_letters = True
        row.save()
    act.concerns(row)
    return row


def hash_of(secret: str) -> str:
    return vault.keyed_hash("stopping letters", secret.encode())


def stopped_by(secret: str) -> Member | None:
    """Whose letters a link stops; None for one that is none."""
    if not secret:
        return None
    row = Reminded.objects.select_related("member__association").filter(stop_hash=hash_of(secret)).first()
    return row.member if row is not None else None
