"""Letters about what waits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from inmind.access import office_links
from inmind.access.act import Act, action
from inmind.messages import actions as messages
from inmind.people.models import Organization, Person
from inmind.reflection import hours, queries
from inmind.reflection.actions.outside import PURPOSE, write_outside
from inmind.reflection.actions.seats import acting
from inmind.reflection.models import Agreement, Reminder, Session

AT_ONCE = 100  # letters of one transaction


@action("reflection.choose_letters")
def choose_letters(act: Act, *, wanted: bool) -> Reminder:
    """Whether somebody wants a letter when sessions wait for them."""
    row, _made = Reminder.objects.get_or_create(person_id=acting(act))
    row.stopped_on = None if wanted else act.today()
    row.save()
    return row


@action("jobs.reflection_letters")
def remind(act: Act) -> int:
    """Write to whoever has sessions to confirm, once a month at most, and never after they stopped it. Returns how many."""
    today, written = act.today(), 0
    waiting = Session.objects.filter(taken_back_on__isnull=True).prefetch_related("presences")
    open_ones = waiting.filter(giver_said_at__isnull=True) | waiting.filter(presences__said_at__isnull=True)
    people: dict[UUID, Organization] = {}
    outside: dict[UUID, Agreement] = {}
    for row in open_ones.distinct().select_related("agreement__association"):
        waits: Iterable[Any] = row.said.waits_for
        for one in waits:
            if one == queries.OUTSIDE:
                outside[row.agreement_id] = row.agreement
            else:
                people[one] = row.agreement.association
    for pk in sorted(people):
        if written < AT_ONCE and _remind(act, pk, people[pk], today):
            written += 1
    for there in (outside[pk] for pk in sorted(outside)):
        is_open = bool(there.outside_mail) and there.outside_stopped_on is None
        if written < AT_ONCE and is_open and hours.may_write(there.outside_written_on, today):
            write_outside(act, there)
            written += 1
    return written


def _remind(act: Act, person: UUID, association: Organization, today: date) -> bool:
    row, _made = Reminder.objects.get_or_create(person_id=person)
    if row.stopped_on is not None or not hours.may_write(row.written_on, today):
        return False
    days = settings.OFFICE_LINK_DAYS
    _link, secret, _code = office_links.make(act, organization=association, purpose=PURPOSE, about=row.pk, days=days)
    to = Person.objects.get(pk=person)
    messages.tell(act, to=to, template="reflection_waits", facts={"secret": secret})
    row.written_on = today
    row.save()
    return True
