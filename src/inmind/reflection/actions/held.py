"""What a provider held on the day of a session: asked when its first hours stand, and where nobody knew it, once it is known."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from inmind.access.act import Act, action
from inmind.foundation.errors import NotNow
from inmind.foundation.events import EndorsementWritten
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.reflection import terms
from inmind.reflection.actions.seats import acting
from inmind.reflection.models import Agreement, Session

HOUSE = "house"


def held_then(row: Session) -> tuple[str | None, str]:
    """What the provider held on the session's day, and who said so: the registry of this house before anybody's word."""
    if row.provider_id is not None:
        known = house.endorsed([row.provider_id], row.on)
        if row.provider_id in known:
            return terms.codes(known[row.provider_id]), HOUSE
    there = row.agreement
    return (there.outside_holds, there.outside_holds_by) if there.outside_holds is not None else (None, "")


@action("reflection.say_holds", on="agreement")
def say_holds(act: Act, *, agreement: Agreement, holds: frozenset[str] | None) -> Agreement:
    """A provider says what they hold, where the registry of this house does not know it. Raises NotNow for anybody else."""
    if agreement.provider_id != acting(act):
        raise NotNow(N_("What somebody holds is theirs to say."), N_("Ask them to say it in this agreement."))
    row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    return said(act, row, holds)


def said(act: Act, row: Agreement, holds: frozenset[str] | None) -> Agreement:
    """Keep what a provider says of themselves, for the sessions that are still to stand and for those of which nobody knew."""
    row.outside_holds = None if holds is None else terms.codes(holds)
    row.outside_holds_by = "" if holds is None else Agreement.SaidBy.PROVIDER
    row.save()
    _fill(act, _standing().filter(agreement=row, provider_holds=None))
    return row


def become_known(act: Act, event: EndorsementWritten) -> None:
    """An endorsement was written down: the sessions that its holder gave on days on which it was held, and of which the registry
    knew nothing, know it now. What the registry knew before stays as it was frozen."""
    _fill(act, _standing().filter(provider=event.person).exclude(holds_by=HOUSE))


def _standing() -> QuerySet[Session]:
    rows = Session.objects.filter(giver_said_at__isnull=False, taken_back_on=None)
    return rows.select_related("agreement").select_for_update(of=("self",)).order_by("pk")


def _fill(act: Act, rows: Iterable[Session]) -> None:
    for row in rows:
        holds, by = held_then(row)
        if holds is not None and (holds, by) != (row.provider_holds, row.holds_by):
            row.provider_holds, row.holds_by = holds, by
            row.save()
            act.concerns(row)
