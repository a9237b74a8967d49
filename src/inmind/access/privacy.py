"""The privacy officer's work: legal holds, erasing a person, and the emergency access of others.

What a person's erasing means in each room, the room says itself (`Forgetting` in `foundation/registries.py`). Here it is
asked for, confirmed by a second person, stopped by a hold, and done: the key is destroyed, so that every sealed word is
gone, also where nobody thought of it; what identifies is blanked; and the trail stays, because it holds ids alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.utils.translation import gettext as _

from inmind.access import adult_links, erased, grants, policy
from inmind.access.act import Act, action
from inmind.access.actors import Standing
from inmind.access.models import Account, AuditSubject, EmergencyAccess, Erasure, LegalHold, PersonKey
from inmind.foundation import clock, events, text
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.registries import Forgetting, house
from inmind.foundation.values import N_
from inmind.people.models import Contact, EarlierFact, NameToken, Organization, Person, Relationship

HELD = (
    N_("There is a legal hold on this person's records."),
    N_("While it stands, nothing of them is erased, merged or deleted."),
    N_("The privacy officer who set it can lift it, with a reason and the document behind it."),
)


# Said for whatever an agency cannot settle by itself: that a record may be one with another, and everything that is another
# agency's (its records, its hold, its task, its asking). One sentence for all, so that none learns of another by it.
UNSETTLED = N_(
    "This record is not settled yet: it may belong together with another one. Speak with the data steward, then ask again."
)


def stop_if_held(people: Iterable[UUID]) -> None:
    """Raises NotNow where one of these persons is under a legal hold. To be asked, under its lock, by every verb that
    erases, merges or deletes."""
    if LegalHold.objects.filter(person__in=list(people), lifted_at__isnull=True).exists():
        raise NotNow(*HELD)


def stop_if_erased(people: Iterable[UUID]) -> None:
    """Raises NotNow where one of these persons was erased. To be asked by every verb that writes down something about
    somebody; she stays locked, so that no erasing comes between."""
    there = Person.objects.select_for_update(no_key=True).filter(pk__in=sorted(set(people))).order_by("pk")
    if any(person.erased_at is not None for person in there):
        raise NotNow(
            N_("This person was erased."),
            N_("Nothing is written down about somebody who was erased."),
            N_("Somebody who comes back is registered anew."),
        )


def _said(words: str, longest: int, field: str) -> str:
    if not text.tokens(words):
        raise BadInput(N_("This is missing."), N_("It stays as the proof of why this was done."), field=field)
    return text.checked(words.strip(), longest, field=field)


# Legal hold


@action("access.set_hold", on="person")
def set_hold(act: Act, *, person: Person, reason: str, document: str) -> LegalHold:
    """Keep everything about a person as it is. Raises NotNow when the agency holds her already or she was erased."""
    organization = _here(act)
    _is_there(person)
    if LegalHold.objects.filter(person=person, organization=organization, lifted_at__isnull=True).exists():
        raise NotNow(N_("Your agency has a legal hold on this person's records already."))
    hold = LegalHold.objects.create(
        person=person,
        organization=organization,
        reason=_said(reason, 400, "reason"),
        document=_said(document, 200, "document"),
        set_by_id=_person(act),
    )
    PersonKey.objects.filter(person=person).update(held=True)
    erased.take_back(_all_of(person), act.now)
    return hold


@action("access.lift_hold", on="hold")
def lift_hold(act: Act, *, hold: LegalHold, reason: str, document: str) -> LegalHold:
    """Let a hold go, with the reason and the document that allows it. Raises NotNow while a room needs it."""
    if hold.lifted_at is not None:
        raise NotNow(N_("This hold was lifted already."))
    for room in house.forgets.values():
        room.needs(hold)
    hold.lift_reason, hold.lift_document = _said(reason, 400, "reason"), _said(document, 200, "document")
    hold.lifted_at, hold.lifted_by_id = act.now, _person(act)
    hold.save()
    others = LegalHold.objects.filter(person=hold.person_id, lifted_at__isnull=True)
    PersonKey.objects.filter(person=hold.person_id).update(held=others.exists())
    return hold


# Erasing


@dataclass(frozen=True, slots=True)
class Outlook:
    """What erasing a person would do: what goes, what stays, and what stands in its way (sentences to translate).

    Of a record that is not settled neither is told: the counts may be another agency's.
    """

    goes: tuple[str, ...]
    stays: tuple[str, ...]
    stops: tuple[str, ...]


def outlook(person: Person, organization: Organization) -> Outlook:
    rooms = list(house.forgets.values())
    stops = _stops(person, organization)
    if UNSETTLED in stops:
        return Outlook((), (), stops)
    return Outlook(
        goes=tuple(line for room in rooms for line in room.goes(person)),
        stays=tuple(line for room in rooms for line in room.stays(person)),
        stops=stops,
    )


def _stops(person: Person, organization: Organization) -> tuple[str, ...]:
    """Why an agency cannot erase somebody now, in sentences to translate: what it may know first."""
    holds = LegalHold.objects.filter(person__in=_all_of(person), lifted_at__isnull=True)
    stops = [HELD[0]] if holds.filter(organization=organization).exists() else []
    stops += [sentence for room in house.forgets.values() for sentence in room.stops(person, organization)]
    asked = Erasure.objects.filter(person=person, outcome="").exclude(organization=organization)
    if asked.exists() or holds.exclude(organization=organization).exists():
        stops.append(UNSETTLED)
    return tuple(sorted(dict.fromkeys(stops), key=lambda sentence: sentence == UNSETTLED))


@action("access.ask_erasure", on="person")
def ask_erasure(act: Act, *, person: Person, reason: str, document: str) -> Erasure:
    """Ask that a person be erased. A second person does it, or withdraws it. Raises NotNow where it cannot be done."""
    organization = _here(act)
    _nothing_stops(person, organization)
    if Erasure.objects.filter(person=person, outcome="").exists():
        raise NotNow(N_("Somebody has asked for this already."), N_("It waits for a second person."))
    return Erasure.objects.create(
        person=person,
        organization=organization,
        reason=_said(reason, 400, "reason"),
        document=_said(document, 200, "document"),
        asked_by_id=_person(act),
    )


@action("access.withdraw_erasure", on="erasure")
def withdraw_erasure(act: Act, *, erasure: Erasure) -> Erasure:
    """Let a person be after all, also where doing it was stopped in the middle."""
    ended = _ended(act, erasure, Erasure.Outcome.WITHDRAWN)
    person = Person.objects.select_for_update(no_key=True).get(pk=erasure.person_id)
    if person.erased_at is None:
        erased.take_back(_all_of(person), act.now)
    return ended


@action("access.confirm_erasure", on="erasure")
def confirm_erasure(act: Act, *, erasure: Erasure) -> Erasure:
    """Erase the person, for good. Raises NotNow for whoever asked for it, and where anything stands in its way by now."""
    _is_open(erasure)
    if erasure.asked_by_id == _person(act):
        raise NotNow(
            N_("You asked for this yourself."),
            N_("Erasing takes two people, so that nobody is erased by a slip."),
            N_("Ask the other privacy officer or the supervisor of your agency."),
        )
    for room in house.forgets.values():
        room.holds_fast(erasure.person)
    person = Person.objects.select_for_update(no_key=True).get(pk=erasure.person_id)
    _nothing_stops(person, erasure.organization)
    _ended(act, erasure, Erasure.Outcome.DONE)
    gone = forget(act, person)
    erased.keep(erased.Line(one, act.now) for one in gone)
    return erasure


@action("access.erase_again")
def erase_again(act: Act, *, people: list[UUID]) -> tuple[int, int]:
    """Erase those whom a restored backup brought back. Returns how many were, and how many were not, because they are
    under a legal hold. Whether the others may be was decided when they were erased."""
    again = held = 0
    for person in Person.objects.filter(pk__in=people, erased_at__isnull=True).order_by("pk"):
        if LegalHold.objects.filter(person__in=_all_of(person), lifted_at__isnull=True).exists():
            held += 1
        else:
            forget(act, person)
            again += 1
    return again, held


def _ended(act: Act, erasure: Erasure, outcome: Erasure.Outcome) -> Erasure:
    _is_open(erasure)
    erasure.outcome, erasure.ended_at, erasure.ended_by_id = outcome, act.now, _person(act)
    erasure.save()
    return erasure


def _is_open(erasure: Erasure) -> None:
    if erasure.outcome:
        raise NotNow(N_("This was decided already."), N_("Its page says who did and when."))


def _nothing_stops(person: Person, organization: Organization) -> None:
    if not came_in(person):
        _is_there(person)
    for sentence in _stops(person, organization):
        raise NotNow(*HELD) if sentence == HELD[0] else NotNow(sentence)


def came_in(person: Person) -> bool:
    """Whether something is here about somebody who was erased, so that she can be erased once more."""
    return person.erased_at is not None and any(room.came_in(person) for room in house.forgets.values())


def _is_there(person: Person) -> None:
    if person.erased_at is not None:
        raise NotNow(N_("This person was erased already."))


def _all_of(person: Person) -> list[UUID]:
    """The person with the records that were merged into hers, also those merged into one of them."""
    found = [person.pk]
    while more := list(Person.objects.filter(merged_into__in=found).exclude(pk__in=found).values_list("pk", flat=True)):
        found += more
    return found


def forget(act: Act, person: Person) -> list[UUID]:
    """Erase a person with the records merged into hers, in every room. Returns the ids of all of them.

    From the top of the house down: each room still finds by her name what it kept of her. On SQLite what is blanked is
    overwritten in the file, too.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")
    everyone = list(Person.objects.filter(pk__in=_all_of(person)).order_by("pk"))
    for one in everyone:
        act.subjects.add(("person", one.pk))
        for room in reversed(house.forgets.values()):
            room.erase(act, one)
        PersonKey.objects.filter(person=one).delete()
        one.erased_at = act.now
        one.save()
    return [one.pk for one in everyone]


def _names_go(person: Person) -> Iterator[str]:
    yield _("The name, the language and every word by which a search finds this person.")
    contacts = Contact.objects.filter(person=person).count()
    if contacts:
        yield _("Ways to reach them: %(count)s.") % {"count": contacts}
    if EarlierFact.objects.filter(person=person).exists():
        yield _("The names and dates that stood here before they were corrected.")
    yield _("Why somebody asked for emergency access to the family, in their words.")
    yield _("The key to everything written in free text about them: no such word can be read again, by anybody.")


def _trail_stays(person: Person) -> Iterator[str]:
    entries = AuditSubject.objects.filter(kind="person", ref=person.pk).count()
    yield _("The trail of who looked and who changed what: %(count)s entries. It holds no name and no words.") % {
        "count": entries
    }
    edges = Relationship.objects.filter(Q(from_person=person) | Q(to_person=person)).count()
    if edges:
        yield _("That somebody without a name stood in a relationship: %(count)s. It ends today.") % {"count": edges}


def _not_a_worker(person: Person, organization: Organization) -> Iterator[str]:
    if Account.objects.filter(person=person).exists():
        yield N_("This person works here: what they did stands in the trail under their name, and stays.")


def _blank_names(act: Act, person: Person) -> None:
    episodes = [one.pk for one in policy.anchors(person, "families.Episode")]
    for opened in EmergencyAccess.objects.filter(episode__in=episodes):
        opened.reason = "\u2014"
        opened.save()
    person.given_name = person.family_name = person.language = ""
    NameToken.objects.filter(person=person).delete()
    EarlierFact.objects.filter(person=person).delete()
    Contact.objects.filter(person=person).delete()
    adult_links.end_all(act, person)
    for edge in Relationship.objects.filter(Q(from_person=person) | Q(to_person=person), until__isnull=True):
        edge.until = max(act.today(), edge.since)
        edge.save()


def _named_again(person: Person) -> bool:
    rows = (NameToken, EarlierFact, Contact, PersonKey)
    said = person.given_name or person.family_name or person.language
    return bool(said) or any(model.objects.filter(person=person).exists() for model in rows)  # type: ignore[attr-defined]


PERSONS = Forgetting(
    "people",
    frozenset(
        (
            *("people.Person", "people.NameToken", "people.EarlierFact", "people.Contact", "people.Relationship"),
            *("access.LegalHold", "access.Erasure", "access.EmergencyAccess", "access.AdultLink"),
            "access.OfficeLink",  # its room ends it with what it was sent for
        )
    ),
    goes=_names_go,
    stays=_trail_stays,
    stops=_not_a_worker,
    erase=_blank_names,
    came_in=_named_again,
)


# Emergency access


def lasts() -> timedelta:
    return timedelta(hours=settings.EMERGENCY_HOURS)


def runs(at: Any = None) -> Q:
    return Q(until__gt=at or clock.now())


@action("access.ask_emergency", on="person")
def ask_emergency(act: Act, *, person: Person, episode: UUID, reason: str) -> EmergencyAccess:
    """Open a family of the agency for some hours. Its privacy officer is told at once; it ends by itself.

    person: whom of the family she looked for; episode: one of the agency's in which this person takes part.
    """
    there = next((one for one in policy.anchors(person, "families.Episode") if one.pk == episode), None)
    verdict = policy.can(act.actor, act.verb, there) if there is not None else None
    if not verdict:
        raise Refused(grants.refusal(act.verb, has_verb=True))
    mine = EmergencyAccess.objects.filter(person=_person(act), organization=verdict.organization, episode=episode)
    if mine.filter(runs(act.now)).exists():
        raise NotNow(N_("You have emergency access to this family already."), N_("It stands in your list below."))
    opened = EmergencyAccess.objects.create(
        person_id=_person(act),
        organization_id=UUID(verdict.organization),
        episode=episode,
        reason=_said(reason, 400, "reason"),
        until=act.now + lasts(),
    )
    act.announce(events.EmergencyOpened(access=opened.pk, episode=episode, organization=opened.organization_id))
    return opened


@action("access.end_emergency", on="emergency")
def end_emergency(act: Act, *, emergency: EmergencyAccess) -> EmergencyAccess:
    """End it now: by whoever asked for it, or by the privacy officer."""
    if emergency.until <= act.now:
        raise NotNow(N_("This access has ended already."))
    emergency.until, emergency.ended_by_id = act.now, _person(act)
    emergency.save()
    return emergency


def is_open_to(standing: Standing, episode: Any, on: object) -> bool:
    """Whether emergency access to an episode runs for who stands so: the path `emergency`."""
    if standing.person is None or standing.organization is None or episode.organization_id != standing.organization:
        return False
    return _running(standing).filter(episode=episode.pk).exists()


def open_to(standing: Standing, on: object) -> Q:
    """The same for many. They are few and most often none: then no list has to look for them (`policy.NOBODY_ELSE`)."""
    open_now = list(_running(standing).values_list("episode", flat=True))
    return Q(pk__in=open_now, organization=standing.organization) if open_now else Q(pk__in=[])


def _running(standing: Standing) -> Any:
    return EmergencyAccess.objects.filter(runs(), person=standing.person, organization=standing.organization)


def page_of(emergency: EmergencyAccess) -> str:
    """The address of the family's page; empty where there is none."""
    model = apps.get_model("families.Episode") if apps.is_installed("inmind.families") else None
    episode = model._default_manager.filter(pk=emergency.episode).first() if model else None
    return house.pages["families.Episode"](episode) if episode is not None else ""


def newest_first(rows: Any) -> Any:
    return rows.select_related("person", "organization").order_by(F("created_at").desc())


def _here(act: Act) -> Organization:
    """The agency in whose name it is done: that of the role by which it is permitted."""
    return Organization.objects.get(pk=act.verdict.organization)


def _person(act: Act) -> UUID:
    if act.actor.person is None:
        raise NotNow(N_("Only a person can do this."))
    return act.actor.person
