"""What is left of a member who is erased; and how two records of one member become one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.association.actions.summing import summed
from inmind.association.models import Belonging, Entry, Joining, MailChange, Member, Membership, Reminded
from inmind.foundation.registries import Forgetting, Holding
from inmind.people.models import Person


def _goes(person: Person) -> Iterator[str]:
    if Member.objects.filter(person=person).exists():
        yield _(
            "What stands in the directory of an association, where this person works, and notes about the membership."
        )


def _stays(person: Person) -> Iterator[str]:
    if Membership.objects.filter(person=person).exists():
        yield _("That somebody was a member of an association, from when to when, for its books; without a name.")


def _erase(act: Act, person: Person) -> None:
    Joining.objects.filter(person=person).delete()
    for member in Member.objects.filter(person=person):
        Entry.objects.filter(member=member).delete()
        Belonging.objects.filter(member=member).delete()
        Reminded.objects.filter(member=member).delete()
        MailChange.objects.filter(member=member).delete()
        member.sorts_as, member.note = "", ""
        member.left_on = member.left_on or act.today(member.association.zone)
        member.stops_letters = True
        member.save()


def _follows(mover: Any, row: Member, to: Person) -> None:
    """Where the record that stays is a member of the same association, what hangs on this one hangs on that."""
    other = Member.objects.filter(person=to, association=row.association_id).exclude(pk=row.pk).first()
    if other is not None:
        for model in (Belonging, Entry, Reminded, MailChange):
            for hanging in model._default_manager.filter(member=row).order_by("pk"):
                mover.change(hanging, "member", other)
    for bought in Membership.objects.filter(person=row.person_id, association=row.association_id).order_by("pk"):
        twin = _begins_with(bought, to)
        if twin is not None and _worth(twin) < _worth(bought):
            mover.set_aside(twin)
        mover.change(bought, "person", to)
    mover.change(row, "person", to)
    now = Member.objects.select_related("association").filter(person=to, association=row.association_id).first()
    if now is not None:
        _stands(mover, now, row)


def _begins_with(bought: Membership, to: Person) -> Membership | None:
    """The membership of the record that stays that begins on the same day: of two, one can stand."""
    there = Membership.objects.filter(person=to, association=bought.association_id, since=bought.since, ended_at=None)
    return there.first() if bought.ended_at is None else None


def _worth(one: Membership) -> tuple[bool, date]:
    return one.settled_on is not None, one.until


def _stands(mover: Any, now: Member, gone: Member) -> None:
    """How the one member stands that two have become, each value as a step, so that parting them undoes it."""
    paid_until, counts_until, level = summed(now)
    known = {
        "counts_until": counts_until,  # before what is paid: it never counts for less
        "paid_until": paid_until,
        "level": level,
        "joined_on": min(now.joined_on, gone.joined_on),
        "left_on": now.left_on and gone.left_on and max(now.left_on, gone.left_on),
        "stops_letters": now.stops_letters or gone.stops_letters,
        "note": "\n".join(dict.fromkeys(filter(None, (now.note, gone.note))))[:2000],
    }
    for name, value in known.items():
        if getattr(now, name) != value:
            mover.change(now, name, value)


MEMBERS = Forgetting(
    "association",
    frozenset(
        f"association.{name}"
        for name in ("Member", "Membership", "Belonging", "Joining", "Entry", "Reminded", "MailChange")
    ),
    goes=_goes,
    stays=_stays,
    erase=_erase,
)
FOLLOWS = Holding("association.Member", "person", follow=_follows)
