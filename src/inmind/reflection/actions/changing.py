"""What is agreed, said anew while it runs. What was held stays as it was written down."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from inmind.access.act import Act, action
from inmind.foundation.errors import NotNow
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.reflection import queries
from inmind.reflection.actions.outside import AGREEMENT
from inmind.reflection.actions.seats import acting, follow_end
from inmind.reflection.finding import Format
from inmind.reflection.models import TERM_NAMES, Agreement, EarlierTerms, Seat, Session
from inmind.reflection.terms import Terms, check_terms, may_say


@action("reflection.change_terms", on="agreement")
def change_terms(act: Act, *, agreement: Agreement, terms: Terms) -> Agreement:
    """Say anew what is agreed, from now on. What was held stays as it was written down, and what stood before is kept; the others
    are told. Raises BadInput for what cannot be agreed, NotNow where it has ended or is not theirs to say."""
    me = acting(act)
    today = act.today(agreement.zone)
    if agreement.declined_on is not None or (agreement.until is not None and agreement.until <= today):
        raise NotNow(N_("This agreement has ended already."), N_("If you go on meeting, make a new agreement."))
    if queries.awaits_yes(agreement, me):
        raise NotNow(N_("You have not said yes to this agreement yet."), N_("Say yes first, then change it."))
    if not may_say(Format(agreement.format), agreement.giver, me):
        raise NotNow(
            N_("Whoever gives a group says what is agreed in it."), N_("Speak with them; your own place you can end.")
        )
    latest = Session.objects.filter(agreement=agreement, taken_back_on__isnull=True).order_by("-on").first()
    check_terms(terms, since=agreement.since, last=latest.on if latest else None)
    before = {name: getattr(agreement, name) for name in TERM_NAMES}
    after: dict[str, Any] = {"until": terms.until, "minutes": terms.minutes, "weeks": terms.weeks, "cents": terms.cents}
    after["about"] = terms.about.value
    moved = [one for one in queries.told_of(agreement, me) if one.is_manager != _manages(one, agreement, terms, today)]
    if before == after and not moved:
        return agreement
    for seat in (None, *moved) if before != after else moved:
        was = seat.is_manager if seat else None
        EarlierTerms.objects.create(agreement=agreement, on=today, by_id=me, seat=seat, was_manager=was, **before)
    for name, said in after.items():
        setattr(agreement, name, said)
    agreement.save()
    for seat in moved:
        seat.is_manager = not seat.is_manager
        seat.save()
    if before["until"] != after["until"]:
        follow_end(agreement)
    _tell_others(act, agreement, me)
    return agreement


def _manages(seat: Seat, agreement: Agreement, terms: Terms, on: date) -> bool:
    """As it is said; and where it is written down besides, nobody says it away."""
    provider = agreement.provider_id
    found = provider is not None and queries.is_manager(provider, seat.person_id, on)
    return found or seat.person_id in terms.managed


def _tell_others(act: Act, agreement: Agreement, me: UUID) -> None:
    """Whoever else is part of an agreement hears that it says something else now: never what."""
    seats = agreement.places.filter(until__isnull=True, declined_on__isnull=True).select_related("person")
    people = {one.person_id: one.person for one in seats}
    if agreement.provider is not None:
        people[agreement.provider.pk] = agreement.provider
    for key in sorted(set(people) - {me}):
        messages.tell(act, to=people[key], template="reflection_terms", about_kind=AGREEMENT, about_id=agreement.pk)
