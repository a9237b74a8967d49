"""What is left of a member who is erased; and how two records of one member become one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.association.actions.summing import sum_up
from inmind.association.models import Belonging, Entry, Joining, Member, Membership, Reminded
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
        member.sorts_as, member.note = "", ""
        member.left_on = member.left_on or act.today(member.association.zone)
        member.stops_letters = True
        member.save()


def _follows(mover: Any, row: Member, to: Person) -> None:
    """Where the record that stays is a member of the same association, what hangs on this one hangs on that."""
    other = Member.objects.filter(person=to, association=row.association_id).exclude(pk=row.pk).first()
    if other is not None:
        for model in (Belonging, Entry, Reminded):
            for hanging in model._default_manager.filter(member=row).order_by("pk"):
                mover.change(hanging, "member", other)
    for bought in Membership.objects.filter(person=row.person_id, association=row.association_id).order_by("pk"):
        mover.change(bought, "person", to)
    mover.change(row, "person", to)
    now = Member.objects.filter(person=to, association=row.association_id).first()
    if now is not None:
        sum_up(now)


MEMBERS = Forgetting(
    "association",
    frozenset(f"association.{name}" for name in ("Member", "Membership", "Belonging", "Joining", "Entry", "Reminded")),
    goes=_goes,
    stays=_stays,
    erase=_erase,
)
FOLLOWS = Holding("association.Member", "person", follow=_follows)
