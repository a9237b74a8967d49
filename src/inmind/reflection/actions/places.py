"""Being found, and asking for a place."""

from __future__ import annotations

from datetime import date

from inmind.access.act import Act, action
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Organization, Person
from inmind.reflection import queries, terms
from inmind.reflection.actions.agreements import add, propose
from inmind.reflection.actions.outside import PLACE
from inmind.reflection.actions.seats import acting
from inmind.reflection.finding import Format, Meets
from inmind.reflection.models import Agreement, Asking, Offering
from inmind.reflection.sessions import About


@action("reflection.offer")
def offer(
    act: Act,
    *,
    association: Organization,
    format: Format,
    meets: Meets,
    zone: str,
    languages: frozenset[str],
    cents: int | None = None,
    free: int | None = None,
    minutes: int = 60,
    agreement: Agreement | None = None,
) -> Offering:
    """Let oneself be found as somebody who holds others: chosen by the provider alone."""
    me = acting(act)
    if agreement is not None and (agreement.provider_id != me or agreement.format != Format.GROUP):
        raise BadInput(N_("This is not a group that you give."), N_("Choose one of yours."), field="agreement")
    if cents is not None and not 0 <= cents <= terms.MOST_CENTS:
        raise BadInput(N_("This price cannot be right."), N_("Write it in dollars, such as 45."), field="price")
    return Offering.objects.create(
        association=association,
        provider_id=me,
        agreement=agreement,
        format=format.value,
        meets=meets.value,
        zone=zone,
        languages=" ".join(sorted(languages)),
        cents=cents,
        free=free,
        minutes=minutes,
        said_on=act.today(zone),
    )


@action("reflection.show_offering", on="offering")
def show_offering(act: Act, *, offering: Offering, shown: bool, free: int | None = None) -> Offering:
    """Say anew whether one can be found, and how many places are open."""
    offering.is_shown, offering.free, offering.said_on = shown, free, act.today(offering.zone)
    offering.save()
    return offering


@action("reflection.ask_place", on="offering")
def ask_place(act: Act, *, offering: Offering) -> Asking:
    """Ask a provider for a place. They are written to, and answer here."""
    me = acting(act)
    if offering.provider_id == me:
        raise NotNow(N_("This is your own offer."), N_("Nobody is held by themselves."))
    if not offering.is_shown or queries.free_places(offering) == 0:
        raise NotNow(N_("There is no open place here now."), N_("Look for another one."))
    if Asking.objects.filter(offering=offering, person=me, answered_on__isnull=True).exists():
        raise NotNow(N_("You have asked already."), N_("They answer here, and you get a letter."))
    row = Asking.objects.create(offering=offering, person_id=me)
    to = Person.objects.get(pk=offering.provider_id)
    messages.tell(act, to=to, template="reflection_place_asked", about_kind=PLACE, about_id=row.pk)
    return row


@action("reflection.answer_place", on="asking")
def answer_place(act: Act, *, asking: Asking, yes: bool, since: date | None = None) -> Asking:
    """The provider answers. With a yes an agreement is written down, to which whoever asked still says yes."""
    if asking.answered_on is not None:
        raise NotNow(N_("This was answered already."))
    there = asking.offering
    asking.answered_on, asking.is_yes = act.today(there.zone), yes
    if yes:
        asking.agreement = _given(act, there, asking.person, since or act.today(there.zone))
        if there.agreement is None and there.free:
            there.free -= 1
            there.save()
    asking.save()
    messages.tell(act, to=asking.person, template="reflection_place_answered", about_kind=PLACE, about_id=asking.pk)
    return asking


def _given(act: Act, there: Offering, person: Person, since: date) -> Agreement:
    group = there.agreement
    if group is not None:
        locked = Agreement.objects.select_for_update(of=("self",)).select_related("provider").get(pk=group.pk)
        add(act, locked, person, since, says_yes=False)
        return locked
    return propose(
        act,
        association=there.association,
        format=Format(there.format),
        about=About.DIRECT,
        meets=Meets(there.meets),
        since=since,
        held=(person,),
        provider=there.provider,
        minutes=there.minutes,
        cents=there.cents,
        languages=frozenset(there.languages.split()),
        zone=there.zone,
    )
