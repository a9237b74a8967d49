"""Buy what follows: the one place where a period is sold to a person, and where its bill is settled or opened again."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext, override

from inmind.access.act import Act
from inmind.association import periods, queries
from inmind.association.actions.summing import member_of, sum_up
from inmind.association.dues import due
from inmind.association.models import Bundle, Level, Member, Membership
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.events import InvoiceCancelled, InvoiceReopened, InvoiceSettled
from inmind.foundation.values import N_, Period
from inmind.money import actions as money
from inmind.money.amounts import Item
from inmind.money.ledger import State
from inmind.money.queries import standing_of
from inmind.people.models import Organization, Person

ABOUT = "membership"  # what the lines of its bills are about
LINE = 200  # letters of a line on a bill
PAID_WITHIN_DAYS = 30  # ours: how long a bill for dues may stay open before it is late


def buy(act: Act, association: Organization, person: Person, level: Level) -> tuple[Member, Membership]:
    """Let somebody have what follows what they have, and ask them for the dues.

    Raises NotNow where it was bought already: nobody is charged twice for the same days.
    """
    if level.for_agencies or level.association_id != association.pk:
        raise BadInput(N_("This level is not for one person."), N_("Choose another."), field="level")
    member = member_of(act, association, person)
    today = act.today(association.zone)
    period = following(member, level, today)
    cents = due(level.as_fee, level.as_rule, period)
    row = Membership.objects.create(
        association=association,
        person=person,
        level=level,
        since=period.since,
        until=period.until,
        grace_days=level.grace_days,
        cents=cents,
    )
    words = bill_line(level, period, person.language)
    invoice = money.bill(
        act,
        association=association,
        payer=person,
        payer_organization=None,
        items=[Item(words, cents, about_kind=ABOUT, about=row.pk, person=person.pk)],
        due_on=max(today, period.since) if period.since > today else today + timedelta(days=PAID_WITHIN_DAYS),
    )
    row.invoice = invoice.pk
    if not cents:
        row.settled_on = today
    row.save()
    member.left_on = None
    member.save()
    return sum_up(member), row


def bill_line(level: Level, period: Period, language: str = "") -> str:
    """What stands on a bill for a membership: its level and its days, in the payer's language; a name that is too long is cut."""
    with override(language or "en"):
        days = {"since": clock.day(period.since), "last": clock.day(_last(period))}
        line = gettext("Membership %(level)s, %(since)s to %(last)s")
        room = LINE - len(line % {"level": "", **days})
        return line % {"level": level.called(language or "en")[:room], **days}


def _last(period: Period) -> date:
    assert period.until is not None
    return period.until - date.resolution


def following(member: Member, level: Level, today: date) -> Period:
    """What a member would have next. Raises NotNow where that is bought already."""
    open_rows = Membership.objects.filter(
        person=member.person_id, association=member.association_id, ended_at=None, until__gt=today
    )
    waiting = open_rows.filter(settled_on=None).order_by("since").first()
    if waiting is not None:
        raise NotNow(
            N_("A membership waits to be paid already."),
            N_("Nobody is asked for the same days twice."),
            N_("Pay its bill, or take it back first."),
        )
    if open_rows.filter(since__gt=today).exists():
        raise NotNow(
            N_("The next membership is bought already."), N_("There is nothing more to do until it begins to run out.")
        )
    last = last_paid(member)
    if last is None:
        return periods.bought(level.as_rule, today)
    return periods.renewed(level.as_rule, last, today, member.counts_until)


def last_paid(member: Member) -> Period | None:
    """The latest stretch that a member has paid for."""
    rows = Membership.objects.filter(person=member.person_id, association=member.association_id)
    found = [one[0] for row in rows if (one := queries.counting(row, member.association.zone)) is not None]
    return max(found, key=lambda one: one.until or date.max, default=None)


def stand_anew(act: Act, event: InvoiceSettled | InvoiceReopened | InvoiceCancelled) -> None:
    """A bill for dues is paid, owed again or asked for no more: what it was for stands as the bill does now, in whatever order
    this is heard."""
    bill = standing_of([event.invoice]).get(event.invoice)
    if bill is None:
        return
    rows = list(
        Membership.objects.select_for_update(of=("self",)).filter(invoice=event.invoice).select_related("association")
    )
    bundles = Bundle.objects.select_for_update(of=("self",)).filter(invoice=event.invoice)
    for bundle in bundles.select_related("association"):
        today = act.today(bundle.association.zone)
        _pay(bundle, bill.state, today)
        if bill.state == State.CANCELLED:
            bundle.ended_on = bundle.ended_on or today
        bundle.save()
        rows += bundle.given.select_for_update(of=("self",)).select_related("association")
    for row in rows:
        _pay(row, bill.state, act.today(row.association.zone))
        if bill.state == State.CANCELLED and row.ended_at is None:
            row.ended_at = act.now
            row.ended_why = Membership.Why.ENDED if row.reopened_on else Membership.Why.NOT_PAID
        row.save()
        member = Member.objects.filter(person=row.person_id, association=row.association_id).first()
        if member is not None:
            sum_up(member)
        act.concerns(row)


def _pay(bought: Membership | Bundle, state: str, today: date) -> None:
    """Let it count from its first day, or count no more after the grace that begins today; once."""
    is_paid = state == State.SETTLED
    if (bought.settled_on is not None) != is_paid:
        bought.settled_on, bought.reopened_on = (today, None) if is_paid else (None, today)


def cancel_waiting(act: Act, member: Member, why: Membership.Why) -> None:
    """Take back what was asked for and is not paid, with its bill; an agency's is the agency's."""
    rows = Membership.objects.filter(
        person=member.person_id, association=member.association_id, ended_at=None, settled_on=None, bundle=None
    )
    for row in rows.select_for_update(of=("self",)):
        row.ended_at, row.ended_why = act.now, why
        row.save()
        if row.invoice is not None and (bill := queries.invoice_of(row.invoice)) is not None:
            money.cancel(act, invoice=bill, why="The membership was taken back before it was paid.")
