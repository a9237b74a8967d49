"""Register, correct and relate people and organizations."""

from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inmind.access.act import Act, action
from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.identity import new_id
from inmind.foundation.values import N_
from inmind.people.models import Contact, NameToken, Organization, Person, Relationship


@action("records.register_person")
def register_person(
    act: Act, *, given_name: str, family_name: str, language: str = "", id: UUID | None = None
) -> Person:
    """Keep a person and the folded words of the name. Called by the rooms that know why the person is kept."""
    person = Person(
        id=id or new_id(),
        given_name=text.checked(given_name.strip(), 80, field="given_name"),
        family_name=text.checked(family_name.strip(), 80, field="family_name"),
        language=language,
    )
    person.save(force_insert=True)
    NameToken.objects.bulk_create(NameToken.of(person))
    return person


@action("records.relate")
def relate(
    act: Act,
    *,
    kind: Relationship.Kind,
    person: Person,
    to: Person | Organization,
    since: date,
    part: str = "",
    until: date | None = None,
) -> Relationship:
    """Join a person with another or with an organization, from a day on."""
    other = {"to_person": to} if isinstance(to, Person) else {"to_organization": to}
    return Relationship.objects.create(kind=kind, from_person=person, part=part, since=since, until=until, **other)


@action("records.keep_contact")
def keep_contact(act: Act, *, person: Person, channel: Contact.Channel, address: str, safe: bool | None) -> Contact:
    """Keep a way to reach a person. `safe` None means nobody has asked yet whether it is safe to write there."""
    address = text.checked(address.strip(), 254, field="address")
    contact, _ = Contact.objects.update_or_create(
        person=person, channel=channel, address=address, defaults={"safe": safe}
    )
    return contact


@action("records.add_organization")
def add_organization(
    act: Act, *, name: str, zone: str, kind: str = Organization.Kind.AGENCY, crisis_text: str = ""
) -> Organization:
    """Keep an agency. Raises BadInput for a name that is there already or a time zone nobody knows."""
    name = text.checked(name.strip(), 120, field="name")
    if not name:
        raise BadInput(N_("The name is empty."), N_("An organization needs a name that families know."), field="name")
    if Organization.objects.filter(name__iexact=name).exists():
        raise BadInput(
            N_("There is an organization of this name already."),
            N_("Two cannot share one name."),
            N_("Add its town to the name."),
            field="name",
        )
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise BadInput(
            N_("The time zone is not known."), N_("It is a name such as America/New_York."), field="zone"
        ) from fault
    return Organization.objects.create(name=name, zone=zone, kind=kind, crisis_text=crisis_text)
