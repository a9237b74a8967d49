"""Register, correct and relate people and organizations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inmind.access.act import Act, action
from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.identity import new_id
from inmind.foundation.models import keep_together
from inmind.foundation.values import N_
from inmind.people.models import Contact, NameToken, Organization, Person, Relationship
from inmind.people.reaching import Way


def new_person(given_name: str, family_name: str, language: str = "", id: UUID | None = None) -> Person:
    """A person, not kept yet. Raises BadInput for a name that cannot be kept."""
    return Person(
        id=id or new_id(),
        given_name=text.checked(given_name.strip(), 80, field="given_name"),
        family_name=text.checked(family_name.strip(), 80, field="family_name"),
        language=text.checked(language, 12, field="language"),
    )


@action("records.register_people")
def register_people(act: Act, *, people: Sequence[Person]) -> None:
    """Keep people, in a few statements."""
    keep_together(people)


@action("records.list_names")
def list_names(act: Act, *, people: Sequence[Person], organization: Organization) -> None:
    """Let those who may search at an organization find these people by name."""
    tokens = [token for person in people for token in NameToken.of(person, organization)]
    NameToken.objects.bulk_create(tokens, batch_size=500, ignore_conflicts=True)


@action("records.correct_person")
def correct_person(
    act: Act,
    *,
    person: Person,
    given_name: str | None = None,
    family_name: str | None = None,
    language: str | None = None,
    found_at: Sequence[Organization] = (),
) -> Person:
    """Say anew how a person is called or likes to be spoken to; None leaves it. found_at: whose search finds the name."""
    if given_name is not None:
        person.given_name = text.checked(given_name.strip(), 80, field="given_name")
    if family_name is not None:
        person.family_name = text.checked(family_name.strip(), 80, field="family_name")
    if language is not None:
        person.language = text.checked(language, 12, field="language")
    person.save()
    for organization in found_at:
        list_names(act, people=[person], organization=organization)
    act.subjects.add(("person", person.pk))
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
def keep_contact(
    act: Act,
    *,
    person: Person,
    channel: Contact.Channel,
    address: str,
    safe: bool | None,
    manner: Way | None = None,
    shown_to_others: bool = False,
) -> Contact:
    """Keep a way to reach a person. `safe` None means nobody has asked yet whether it is safe to write there.

    manner: when it is safe and how much may be said there; left out, neutral words at any time.
    """
    address = text.checked(address.strip(), 254, field="address")
    how = manner or Way(channel, address, safe)
    said = {
        "safe": safe,
        "after": how.after,
        "before": how.before,
        "weekdays": how.weekdays,
        "may_say": how.may_say,
        "shown_to_others": shown_to_others,
    }
    contact, _ = Contact.objects.update_or_create(person=person, channel=channel, address=address, defaults=said)
    return contact


@action("records.add_organization")
def add_organization(
    act: Act, *, name: str, zone: str, kind: str = Organization.Kind.AGENCY, crisis_text: str = ""
) -> Organization:
    """Keep an agency. Raises BadInput for a name that is there already or a time zone nobody knows."""
    return Organization.objects.create(
        name=_fresh_name(name), zone=_known_zone(zone), kind=kind, crisis_text=crisis_text.strip()
    )


@action("records.correct_organization", on="organization")
def correct_organization(
    act: Act, *, organization: Organization, name: str, zone: str, crisis_text: str, crisis_answer_minutes: int
) -> Organization:
    """Say anew how an organization is called, where its clock stands, and how it answers someone in a crisis."""
    if not 1 <= crisis_answer_minutes <= LONGEST_WAIT:
        raise BadInput(
            N_("This is no time to wait for an answer."),
            N_("It lies between 1 minute and 24 hours."),
            field="crisis_answer_minutes",
        )
    organization.name = _fresh_name(name, but=organization)
    organization.zone = _known_zone(zone)
    organization.crisis_text = crisis_text.strip()
    organization.crisis_answer_minutes = crisis_answer_minutes
    organization.save()
    return organization


LONGEST_WAIT = 24 * 60  # ours


def _fresh_name(typed: str, but: Organization | None = None) -> str:
    """A name that no other organization has, accents and capitals aside."""
    name = text.checked(typed.strip(), 120, field="name")
    if not name:
        raise BadInput(N_("The name is empty."), N_("An organization needs a name that families know."), field="name")
    others = Organization.objects.exclude(pk=but.pk) if but else Organization.objects.all()
    if text.folded(name) in map(text.folded, others.values_list("name", flat=True)):
        raise BadInput(
            N_("There is an organization of this name already."),
            N_("Two cannot share one name."),
            N_("Add its town to the name."),
            field="name",
        )
    return name


def _known_zone(zone: str) -> str:
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise BadInput(
            N_("The time zone is not known."), N_("It is a name such as America/New_York."), field="zone"
        ) from fault
