"""Agencies that pay: places for people who work there, on one bill. Of a member an agency learns the name that it pays for."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from inmind.access import office_links
from inmind.access.act import Act, action
from inmind.access.models import OfficeLink
from inmind.association.actions.buying import PAID_WITHIN_DAYS, bill_line, last_paid
from inmind.association.actions.entries import find_anew
from inmind.association.actions.members import new_person
from inmind.association.actions.summing import belongs, member_of, sum_up
from inmind.association.dues import due
from inmind.association.models import Bundle, Level, Member, Membership
from inmind.association.periods import bought
from inmind.association.queries import places_given
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.money import actions as money
from inmind.money.amounts import Item
from inmind.people.models import Organization, Person
from inmind.people.reaching import check_mail
from inmind.records import actions as records

ABOUT, PURPOSE = "agency_places", "places"
MOST_PLACES = 1000


@action("association.sell_places", on="association")
def sell_places(
    act: Act,
    *,
    association: Organization,
    agency: str,
    level: Level,
    places: int,
    mail: str = "",
    asked_for: str = "",
    purchase_order: str = "",
) -> Bundle:
    """Let an agency have places for people who work there, and ask it for the dues by one bill.

    agency: its name; one that is not an organization of this house becomes one. mail: where the link goes by which it sees
    the bill and the names that it pays for.
    """
    if level.association_id != association.pk:
        raise BadInput(N_("This level is another association's."), N_("Choose one of its own."), field="level")
    if not 1 <= places <= MOST_PLACES or (level.for_agencies and places % level.seats):
        raise BadInput(
            N_("This number of places cannot be."),
            N_("At this level places come by %(seats)s."),
            field="places",
            facts={"seats": level.seats},
        )
    if mail.strip():
        check_mail(mail.strip(), field="mail")
    payer, today = _agency(act, association, agency), act.today(association.zone)
    period = bought(level.as_rule, today)
    each = due(level.as_fee, level.as_rule, period)
    bundle = Bundle.objects.create(
        association=association,
        agency=payer,
        level=level,
        places=places,
        since=period.since,
        until=period.until,
        mail=text.checked_line(mail.strip(), 254, field="mail"),
        asked_for=text.checked_line(asked_for.strip(), 120, field="asked_for"),
        purchase_order=text.checked_line(purchase_order.strip(), 60, field="purchase_order"),
    )
    quantity = places // level.seats if level.for_agencies else places
    invoice = money.bill(
        act,
        association=association,
        payer=None,
        payer_organization=payer,
        items=[Item(bill_line(level, period), each, quantity, about_kind=ABOUT, about=bundle.pk)],
        due_on=today + timedelta(days=PAID_WITHIN_DAYS),
        reference=bundle.purchase_order,
    )
    bundle.invoice, bundle.settled_on = invoice.pk, None if each else today
    bundle.save()
    if bundle.mail:
        _write(act, bundle)
    return bundle


@action("association.write_to_agency", on="bundle")
def write_to_agency(act: Act, *, bundle: Bundle, mail: str) -> Bundle:
    """Send the agency its link once more, there or elsewhere; the one before opens nothing any more."""
    check_mail(mail.strip(), field="mail")
    bundle.mail = text.checked_line(mail.strip(), 254, field="mail")
    bundle.save()
    _write(act, bundle)
    return bundle


@action("association.give_place", on="bundle")
def give_place(
    act: Act,
    *,
    bundle: Bundle,
    member: Member | None = None,
    given_name: str = "",
    family_name: str = "",
    mail: str = "",
    language: str = "en",
) -> Membership:
    """Give a place to a member, or to somebody new, who is invited. What they paid for themselves runs first.

    Raises NotNow where every place is given, and for whoever has more already.
    """
    given = Membership.objects.filter(bundle=bundle)
    if places_given(bundle).count() >= bundle.places:
        raise NotNow(N_("Every place is given."), N_("The agency pays for so many."), N_("Sell it more places first."))
    association, today = bundle.association, act.today(bundle.association.zone)
    if today >= bundle.until or bundle.ended_on is not None:
        raise NotNow(N_("These places are over."), N_("The agency buys others for the next year."))
    if member is None:
        words = {"given_name": given_name, "family_name": family_name, "mail": mail}
        person: Person = new_person(act, association, language=language, **words)
        member = member_of(act, association, person)
    elif member.association_id != association.pk:
        raise BadInput(N_("This is a member of another association."), field="member")
    else:
        member = member_of(act, association, member.person)
    last = last_paid(member)
    since = max(today, bundle.since, last.until) if last is not None and last.until else max(today, bundle.since)
    waits = Membership.objects.filter(
        person=member.person_id, association=association, ended_at=None, settled_on=None, until__gt=today
    )
    if since >= bundle.until or given.filter(person=member.person_id, ended_at=None).exists():
        raise NotNow(N_("This person has as much already."), N_("Give the place to somebody else."))
    if waits.exists():
        raise NotNow(
            N_("A membership waits to be paid already."),
            N_("Nobody is asked for the same days twice."),
            N_("Pay its bill, or take it back first."),
        )
    row = Membership.objects.create(
        association=association,
        person=member.person,
        level=bundle.level,
        since=since,
        until=bundle.until,
        grace_days=bundle.level.grace_days,
        agency=bundle.agency,
        bundle=bundle,
        settled_on=bundle.settled_on and today,
    )
    belongs(member, bundle.agency, today)
    find_anew(member)
    member.left_on = None
    member.save()
    sum_up(member)
    return row


@action("association.take_back_place", on="bundle")
def take_back_place(act: Act, *, bundle: Bundle, member: Member) -> Membership:
    """A place was given to the wrong person: it is free again, and their membership by it never counted from now on.

    Raises NotNow where they have none of this agency's places.
    """
    row = bundle.given.select_for_update(of=("self",)).filter(person=member.person_id, ended_at=None).first()
    if row is None or member.association_id != bundle.association_id:
        raise NotNow(N_("This person has no place here any more."), N_("Look at the list again."))
    row.ended_at, row.ended_why = act.now, Membership.Why.MISTAKE
    row.save()
    sum_up(member)
    return row


@action("association.note_purchase_order", on="bundle")
def note_purchase_order(act: Act, *, bundle: Bundle, purchase_order: str) -> Bundle:
    """Keep the agency's own number beside its bill."""
    bundle.purchase_order = text.checked_line(purchase_order.strip(), 60, field="purchase_order")
    bundle.save()
    return bundle


@action("association.purchase_order_by_link", on="link")
def purchase_order_by_link(act: Act, *, link: OfficeLink, purchase_order: str) -> Bundle:
    """The agency says its own number by itself."""
    bundle = Bundle.objects.select_for_update(of=("self",)).get(pk=link.about)
    bundle.purchase_order = text.checked_line(purchase_order.strip(), 60, field="purchase_order")
    bundle.save()
    return bundle


def _agency(act: Act, association: Organization, name: str) -> Organization:
    said = text.checked_line(name.strip(), 120, field="agency")
    if not text.tokens(said):
        raise BadInput(N_("The agency's name is missing."), N_("It stands on the bill."), field="agency")
    known = Organization.objects.filter(name__iexact=said).first()
    if known is not None and known.kind != Organization.Kind.AGENCY:
        raise BadInput(N_("This is the name of an association or of the house."), field="agency")
    return known or records.add_organization(act, name=said, zone=association.zone)


def _write(act: Act, bundle: Bundle) -> None:
    _link, secret, _code = office_links.make(
        act, organization=bundle.association, purpose=PURPOSE, about=bundle.pk, days=settings.OFFICE_LINK_DAYS
    )
    messages.tell_office(
        act,
        address=bundle.mail,
        organization=bundle.association,
        template="office_dues",
        facts={"secret": secret, "days": settings.OFFICE_LINK_DAYS},
        about_kind=ABOUT,
        about_id=bundle.pk,
    )
