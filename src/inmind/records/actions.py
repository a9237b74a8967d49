"""Register, correct and relate people and organizations; put two records of one person together, and part them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import Q

from inmind.access.act import Act, action
from inmind.access.models import Account
from inmind.access.privacy import stop_if_erased, stop_if_held
from inmind.foundation import text
from inmind.foundation import text as text_of
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.events import NameChanged, WayChanged
from inmind.foundation.identity import new_id
from inmind.foundation.models import insert, keep_together
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.people.models import Contact, EarlierFact, NameToken, Organization, Person, Relationship
from inmind.people.reaching import Way
from inmind.records import finding, importing, merging, queries, sheets
from inmind.records.columns import Order, Verdict, check_mapping
from inmind.records.models import ColumnMapping, LikenessKey, Merge, Pair, SheetImport, SheetRow


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
def list_names(
    act: Act,
    *,
    people: Sequence[Person],
    organization: Organization,
    earlier: Mapping[UUID, Sequence[str]] | None = None,
) -> None:
    """Let those who may search at an organization find these people by name; who may be somebody else is noticed.

    earlier: names by which they are found too (`EarlierFact.found_by`); none where the people are new.
    """
    _list(people, [organization], earlier or {})
    finding.notice(act, [person.pk for person in people])


def _list(people: Sequence[Person], places: Sequence[Organization], earlier: Mapping[UUID, Sequence[str]]) -> None:
    tokens = [
        token
        for person in people
        for place in places
        for token in NameToken.of(person, place, earlier.get(person.pk, ()))
    ]
    insert(tokens, or_leave=True)


@action("records.correct_person")
def correct_person(
    act: Act,
    *,
    person: Person,
    given_name: str | None = None,
    family_name: str | None = None,
    language: str | None = None,
    found_at: Sequence[Organization] = (),
    still_found: bool = False,
    earlier: Mapping[str, str] | None = None,
) -> Person:
    """Say anew how a person is called or likes to be spoken to; None leaves it. What stood before is kept beside it.

    found_at: whose search finds the name, beside those where it was listed already. still_found: the earlier name was right
    once, and search goes on finding by it; else it finds nobody any more. earlier: what stood before of facts that another
    room keeps and has changed, by its `EarlierFact.Field`.
    """
    stop_if_erased([person.pk])
    before = {name: getattr(person, name) for name in EarlierFact.NAMES}
    if given_name is not None:
        person.given_name = text.checked(given_name.strip(), 80, field="given_name")
    if family_name is not None:
        person.family_name = text.checked(family_name.strip(), 80, field="family_name")
    if language is not None:
        person.language = text.checked(language, 12, field="language")
    person.save()
    act.subjects.add(("person", person.pk))
    stood = {name: said for name, said in before.items() if said != getattr(person, name)}
    for name, said in (stood | dict(earlier or {})).items():
        if said:
            finds = still_found and name in stood
            EarlierFact.objects.create(person=person, field=name, said=said, finds=finds, by_id=act.actor.person)
    if stood or earlier:
        _list_anew(person, found_at)
        finding.notice(act, [person.pk])
        finding.look_again(act, person.pk)
    if set(stood) & {"given_name", "family_name"}:
        act.announce(NameChanged(person=person.pk))
    return person


@action("records.find_no_more")
def find_no_more(act: Act, *, person: Person, earlier: Sequence[UUID]) -> None:
    """Let search find a person no more by these earlier names; that they stood here is kept."""
    stop_if_erased([person.pk])
    for row in EarlierFact.objects.filter(person=person, pk__in=list(earlier), finds=True).order_by("pk"):
        row.finds = False
        row.save()
    _list_anew(person)
    finding.index([person.pk])
    finding.look_again(act, person.pk)
    act.subjects.add(("person", person.pk))


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
    stop_if_erased([person.pk])
    address = text.checked(address.strip(), 254, field="address")
    how = manner or Way(channel, address, safe)
    said = {
        "safe": safe,
        "after": how.after,
        "before": how.before,
        "weekdays": how.weekdays,
        "may_say": how.may_say,
        "shown_to_others": shown_to_others,
        "ended_at": None,
    }
    contact, is_new = Contact.objects.update_or_create(person=person, channel=channel, address=address, defaults=said)
    if not is_new:
        act.announce(WayChanged(person=person.pk))
    return contact


@action("records.end_contact")
def end_contact(act: Act, *, person: Person, contact: UUID) -> Contact | None:
    """Use a way no more, whose row is kept; None where it is not, or no longer, one of this person's."""
    there = Contact.in_use(person=person, pk=contact).first()
    if there is not None:
        there.ended_at = act.now
        there.save()
        act.announce(WayChanged(person=person.pk))
    return there


@action("records.add_organization")
def add_organization(
    act: Act,
    *,
    name: str,
    zone: str,
    kind: str = Organization.Kind.AGENCY,
    address: str = "",
    phone: str = "",
    crisis_text: str = "",
    crisis_text_es: str = "",
) -> Organization:
    """Keep an agency. Raises BadInput for a name that is there already or a time zone nobody knows."""
    return Organization.objects.create(
        name=_fresh_name(name),
        zone=_known_zone(zone),
        kind=kind,
        address=address.strip(),
        phone=phone.strip(),
        crisis_text=crisis_text.strip(),
        crisis_text_es=crisis_text_es.strip(),
    )


@action("records.correct_organization", on="organization")
def correct_organization(
    act: Act,
    *,
    organization: Organization,
    name: str,
    zone: str,
    address: str | None = None,
    phone: str | None = None,
    crisis_text: str | None = None,
    crisis_text_es: str | None = None,
) -> Organization:
    """Say anew how an organization is called, where it is, how it is called up, where its clock stands, and how it answers
    someone in a crisis.

    crisis_text, crisis_text_es: its own words in a language. None leaves a word as it is.
    """
    organization.name = _fresh_name(name, but=organization)
    organization.zone = _known_zone(zone)
    said = {"address": address, "phone": phone, "crisis_text": crisis_text, "crisis_text_es": crisis_text_es}
    for field, words in said.items():
        if words is not None:
            setattr(organization, field, words.strip())
    organization.save()
    return organization


@action("records.merge", on="pair")
def merge(act: Act, *, pair: Pair, stays: Person, chosen: Mapping[str, str]) -> Merge:
    """Put two records of one person together, all of it in this one action; the id of the other leads here from now on.

    chosen: for each field that differs, `stays` or `gone`: whose is right. Two people whom different agencies serve are
    linked only, so that no agency learns of another. Raises NotNow where they cannot be put together.
    """
    gone = pair.other if pair.one_id == stays.pk else pair.one
    if stays.pk not in {pair.one_id, pair.other_id}:
        raise BadInput(N_("This record is none of the two."), N_("Choose which of them stays."), field="stays")
    _open_pair(pair)
    stop_if_erased([stays.pk, gone.pk])
    stays, gone = Person.objects.get(pk=stays.pk), Person.objects.get(pk=gone.pk)
    stop_if_held([stays.pk, gone.pk])
    _may_be_put_together(stays, gone)
    pair.state, pair.decided_by_id, pair.decided_at = Pair.State.ONE, act.actor.person, act.now
    pair.save()
    merged = Merge(stays=stays, gone=gone, by_id=act.actor.person, linked=queries.are_apart(stays, gone))
    merged.save()
    if merged.linked:
        _settle(act, pair)
        return merged
    for ask in house.may_be_one:
        ask(act, stays, gone)
    mover = merging.Mover(act, merged, chosen)
    mover.follow(gone, stays)
    for field in CHOSEN:
        if chosen.get(field) == "gone":
            mover.change(stays, field, getattr(gone, field))
    mover.change(gone, "merged_into", stays)
    mover.forward(gone, stays)
    _names_follow(stays, gone)
    act.announce(NameChanged(person=stays.pk))
    _settle(act, pair)
    return merged


@action("records.ask_first", on="pair")
def ask_first(act: Act, *, pair: Pair) -> int:
    """Ask those who can clear what stands between two records; not twice. Returns 1 where somebody is asked, else 0."""
    _open_pair(pair)
    return int(_settle(act, pair))


def _settle(act: Act, pair: Pair) -> bool:
    return sum(settle(act, pair) for settle in house.settles) > 0


@action("records.part", on="merge")
def part(act: Act, *, merge: Merge) -> Merge:
    """Part two records that were put together, exactly as they were; what came since stays with the one that stayed."""
    if merge.parted_at is not None:
        raise NotNow(N_("These two are parted already."))
    if Person.objects.filter(pk__in=(merge.stays_id, merge.gone_id), erased_at__isnull=False).exists():
        raise NotNow(N_("One of them was erased."), N_("What the two records said before was erased with the person."))
    stop_if_held([merge.stays_id, merge.gone_id])
    later = Merge.objects.filter(parted_at__isnull=True, created_at__gt=merge.created_at)
    both = (merge.stays_id, merge.gone_id)
    if later.filter(Q(gone__in=both) | Q(stays__in=both)).exclude(pk=merge.pk).exists():
        raise NotNow(
            N_("One of them was put together with somebody else since."),
            N_("The later one is parted first."),
            N_("Open it in the list below the queue."),
        )
    merging.go_back(merge)
    merge.parted_at, merge.parted_by_id = act.now, act.actor.person
    merge.save()
    stays, gone = Person.objects.get(pk=merge.stays_id), Person.objects.get(pk=merge.gone_id)
    _names_follow(stays, gone)
    for one in (stays, gone):
        act.announce(NameChanged(person=one.pk))
    first, second = sorted(both, key=lambda pk: pk.int)
    for pair in Pair.objects.filter(one=first, other=second):
        pair.state = Pair.State.OPEN
        pair.decided_by = pair.decided_at = None
        pair.save()
    return merge


@action("records.keep_apart", on="pair")
def keep_apart(act: Act, *, pair: Pair) -> Pair:
    """Say that two records are two people; they do not come up again."""
    _open_pair(pair)
    pair.state, pair.decided_by_id, pair.decided_at = Pair.State.TWO, act.actor.person, act.now
    pair.save()
    _settle(act, pair)
    return pair


@action("records.begin_import", on="organization")
def begin_import(act: Act, *, organization: Organization, name: str, text: str) -> SheetImport:
    """Keep a sheet, sealed, until somebody has said what its columns hold. Raises BadInput where it cannot be read."""
    if house.intake is None:
        raise NotNow(N_("This house keeps no families, so that none are taken in."))
    there = sheets.read(text)
    columns, order = queries.remembered(organization, there.heading)
    sheet = SheetImport(
        organization=organization,
        by_id=act.actor.person,
        name=text_of.marked(name)[-120:],
        columns=columns,
        order=order,
        total=len(there.rows),
    )
    sheet.text = importing.sealed(sheet, text)
    sheet.save()
    return sheet


@action("records.map_columns", on="sheet")
def map_columns(act: Act, *, sheet: SheetImport, columns: Mapping[str, str], order: str = "") -> SheetImport:
    """Say what the columns of a sheet hold, remember it for this agency, and look at each row; nothing is taken in yet."""
    if sheet.state != SheetImport.State.HEADING:
        raise NotNow(N_("The columns of this sheet were said already."))
    check_mapping(columns)
    sheet.columns, sheet.order, sheet.state = dict(columns), Order(order), SheetImport.State.WORKING
    sheet.save()
    remember_columns(sheet.organization, importing.heading(sheet), columns, order)
    act.later("records.import", {"sheet": str(sheet.pk), "start": 0})
    return sheet


def remember_columns(
    organization: Organization, heading: Iterable[str], columns: Mapping[str, str], order: str = ""
) -> None:
    """Keep what the columns of this heading hold, for the next sheet of the agency; within the caller's transaction."""
    kept = {"columns": dict(columns), "order": order}
    ColumnMapping.objects.update_or_create(organization=organization, heading=queries.digest_of(heading), defaults=kept)


@action("records.carry_on_import", on="sheet")
def carry_on_import(act: Act, *, sheet: SheetImport) -> SheetImport:
    """Take the new rows of a sheet in, once each was looked at; or go on where it was stopped."""
    if sheet.state == SheetImport.State.LOOKED:
        sheet.phase, sheet.done = SheetImport.Phase.TAKE, 0
    elif sheet.state != SheetImport.State.STOPPED:
        raise NotNow(N_("This sheet is being worked on, or is done."))
    sheet.state = SheetImport.State.WORKING
    sheet.save()
    act.later("records.import", {"sheet": str(sheet.pk), "start": sheet.done})
    return sheet


@action("records.stop_import", on="sheet")
def stop_import(act: Act, *, sheet: SheetImport) -> SheetImport:
    """Stop after the rows that are being worked on; what is taken in stays, and it can go on later."""
    if sheet.state != SheetImport.State.WORKING:
        raise NotNow(N_("This sheet is not being worked on."))
    sheet.state = SheetImport.State.STOPPED
    sheet.save()
    return sheet


@action("records.discard_import", on="sheet")
def discard_import(act: Act, *, sheet: SheetImport) -> SheetImport:
    """Empty a sheet that nobody goes on with. What was taken in of it stays."""
    if sheet.state in {SheetImport.State.DONE, SheetImport.State.GONE} and sheet.text is None:
        raise NotNow(N_("Nothing of this sheet is kept any more."))
    importing.discard(sheet)
    sheet.save()
    return sheet


@action("jobs.discard_sheets")
def discard_sheets(act: Act) -> int:
    """Discard the sheets that nobody has brought to their end for a long time. Returns how many."""
    long_ago = act.now - timedelta(days=settings.SHEET_DAYS)
    old = SheetImport.objects.filter(created_at__lt=long_ago, text__isnull=False).select_for_update(no_key=True)
    for sheet in (found := list(old.order_by("pk"))):
        importing.discard(sheet)
        sheet.save()
    return len(found)


@action("records.decide_row", on="sheet")
def decide_row(act: Act, *, sheet: SheetImport, number: int, take: bool) -> SheetImport:
    """Take a doubtful row in as somebody new, or leave it out as somebody who is here already."""
    row = SheetRow.objects.filter(sheet=sheet, number=number, verdict=Verdict.DOUBTFUL, taken=False).first()
    if row is None or sheet.state != SheetImport.State.DONE:
        raise NotNow(N_("This row does not wait, or the others are still on their way."))
    row.verdict, row.found, row.facts = Verdict.SAME, N_("Left out by the data steward."), {}
    if take:
        row.verdict, row.found = Verdict.NEW, ""
        importing.take_in(act, sheet, importing.lines(sheet), {row.place: None}, {row.place: row})
    row.save()
    importing.forget_when_decided(sheet)
    sheet.save()
    return sheet


@action("jobs.import_rows", on="sheet")
def import_rows(act: Act, *, sheet: SheetImport, start: int) -> SheetImport:
    """The next rows of a sheet, if nobody has worked on them since this was left to be done."""
    if sheet.state == SheetImport.State.WORKING and sheet.done == start:
        importing.go_on(act, sheet)
    return sheet


@action("records.export")
def export(act: Act, *, plain: bool) -> None:
    """Write down that everything was exported, and by whom, before it is."""


@action("records.take_over")
def take_over(act: Act, *, archive: Any, manifest: Mapping[str, Any]) -> int:
    """Keep every row of an export."""
    from inmind.records.commands import everything

    total = everything.read_all(act, archive, dict(manifest))
    waits = Q(rows__verdict=Verdict.DOUBTFUL, rows__taken=False) | ~Q(state=SheetImport.State.DONE)
    for sheet in SheetImport.objects.filter(waits, text__isnull=True).distinct():
        importing.discard(sheet)  # what a sheet says is not exported: nobody can go on with it here
        sheet.save()
    return total


CHOSEN = ("given_name", "family_name", "language")  # what is chosen field by field; a child's birth date by its dyad


def _open_pair(pair: Pair) -> None:
    if pair.state != Pair.State.OPEN:
        raise NotNow(N_("Somebody has decided about these two already."))


def _may_be_put_together(stays: Person, gone: Person) -> None:
    if stays.merged_into_id or gone.merged_into_id:
        raise NotNow(N_("One of these records was put together with another already."))
    if Account.objects.filter(person__in=(stays, gone)).exists():
        _stop_where_served(stays, gone)
        if Account.objects.filter(person=gone).exists():
            raise NotNow(
                N_("The record that would go signs in here."),
                N_("The record with the account stays, and takes in one without."),
                N_("Choose the other to stay. Where both sign in, one of the accounts is ended first."),
            )


def _stop_where_served(stays: Person, gone: Person) -> None:
    """A guest's record may become a member's who signs in; a family's never becomes a worker's."""
    both = [stays.pk, gone.pk]
    if any(places for served in house.serving for places in served(both).values()):
        raise NotNow(
            N_("One of these two works here and signs in."),
            N_("What a worker is as a family stays apart from what she is at work."),
        )


def _names_follow(stays: Person, gone: Person) -> None:
    """Search and the finding of duplicates by the names as they stand now; whoever is gone is found no more."""
    for person in (stays, gone):
        _list_anew(person)
    finding.index([stays.pk, gone.pk])
    if gone.merged_into_id:
        LikenessKey.objects.filter(person=gone).delete()


def _list_anew(person: Person, found_at: Sequence[Organization] = ()) -> None:
    """Let a person be found by the names as they stand now and by no others, wherever she was, and at these too."""
    listed = NameToken.objects.filter(person=person)
    places = Organization.objects.filter(
        Q(pk__in=listed.values("organization")) | Q(pk__in=[one.pk for one in found_at])
    )
    there = list(places)
    listed.delete()
    _list([person], there, EarlierFact.found_by([person.pk]))


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
