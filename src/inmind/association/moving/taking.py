"""Takes a contact export in, some rows at a time: looks at each, makes new members, carries out what was decided."""

from __future__ import annotations

import hmac
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower

from inmind.access import vault
from inmind.access.act import Act
from inmind.access.models import RoleAssignment
from inmind.association.actions import take_in
from inmind.association.actions.mails import may_be_written_to
from inmind.association.models import Belonging, Level, Member, Membership
from inmind.association.moving import verdicts
from inmind.association.moving.contacts import Contact, is_mail
from inmind.association.moving.deciding import Decision, What, as_decided
from inmind.association.moving.models import AgencySaid, CameAs, ContactRow, ContactSheet, Label, LevelSaid
from inmind.association.moving.verdicts import Found, Line, Ours, Paid, Verdict, Why, word
from inmind.foundation import text as words
from inmind.foundation.errors import BadInput
from inmind.foundation.models import keep_together
from inmind.foundation.values import N_
from inmind.people.models import Contact as WayTo
from inmind.people.models import Organization, Person
from inmind.records import actions as records
from inmind.records import sheets
from inmind.records.columns import Order
from inmind.records.likeness import digits_of

AT_ONCE = 250  # rows in one action
NAMELESS = "\u2014"  # the name of a sheet that is gone: a file is often called after somebody
State, Phase = ContactSheet.State, ContactSheet.Phase


# What a sheet says


def sealed(sheet: ContactSheet, text: str) -> bytes:
    return vault.seal_for_house(zlib.compress(text.encode(), 6), _place(sheet.pk))


def _place(pk: UUID) -> str:
    return f"association_contactsheet.text:{pk}"


def _plain(pk: UUID, text: bytes) -> str:
    return zlib.decompress(vault.unseal_for_house(text, _place(pk))).decode()


def is_readable(sheet: ContactSheet) -> bool:
    """Whether a sheet is here, and a key that opens it."""
    try:
        return sheet.text is not None and bool(_plain(sheet.pk, bytes(sheet.text)))
    except vault.CannotUnseal:
        return False


def read(sheet: ContactSheet) -> sheets.Sheet:
    """A sheet as it was read. Raises BadInput for one that is gone."""
    if sheet.text is None:
        raise BadInput(N_("This export is gone: its import was closed, or it was discarded."))
    return sheets.read(_plain(sheet.pk, bytes(sheet.text)))


def lines(sheet: ContactSheet) -> list[Line]:
    """The rows of a sheet as they are read; the same for each stretch of it, so that they are read once."""
    return _told(sheet)[0]


def shared(sheet: ContactSheet) -> frozenset[str]:
    """The mailboxes that several names of a sheet have in common."""
    return _told(sheet)[1]


def _told(sheet: ContactSheet) -> tuple[list[Line], frozenset[str]]:
    if sheet.text is None:
        raise BadInput(N_("This export is gone: its import was closed, or it was discarded."))
    levels = tuple(sorted(levels_of(sheet.association_id).items()))
    on = sheet.created_at.date()
    return _lines(sheet.pk, bytes(sheet.text), tuple(sorted(sheet.columns.items())), sheet.order, levels, on)


@lru_cache(maxsize=2)
def _lines(
    pk: UUID,
    text: bytes,
    columns: tuple[tuple[str, str], ...],
    order: str,
    levels: tuple[tuple[str, str], ...],
    on: date,
) -> tuple[list[Line], frozenset[str]]:
    found = verdicts.lines_of(sheets.read(_plain(pk, text)), dict(columns), Order(order), dict(levels), on)
    return found, verdicts.shared_mailboxes(found)


def levels_of(association: UUID) -> dict[str, str]:
    """Which of our levels the words of other products are; empty where they are left out."""
    rows = LevelSaid.objects.filter(association=association).values_list("word", "level")
    return {said: str(level) if level else "" for said, level in rows}


def marks_of(association: UUID, some: Sequence[Line]) -> list[str]:
    """What tells each row again, whichever file brings it: a keyed hash of what it says, for one association."""
    key = vault.keyed_hash("contact rows", str(association).encode()).encode()
    return [hmac.digest(key, verdicts.words_of(line.said).encode(), "sha256").hex() for line in some]


def reseal_all() -> int:
    """The sheets that are on their way in, each sealed by today's master key. Returns how many were not yet; one that no key
    opens is passed over."""
    done = 0
    for pk in ContactSheet.objects.filter(text__isnull=False).order_by("pk").values_list("pk", flat=True):
        sheet = ContactSheet.objects.select_for_update().get(pk=pk)
        if sheet.text is None or vault.is_sealed_today(bytes(sheet.text), _place(pk)) or not is_readable(sheet):
            continue
        again = vault.seal_for_house(vault.unseal_for_house(bytes(sheet.text), _place(pk)), _place(pk))
        ContactSheet.objects.filter(pk=pk).update(text=again)
        done += 1
    return done


def discard(sheet: ContactSheet) -> None:
    """Empty a sheet that nobody goes on with: its words, its name and the rows of which nothing was made."""
    ContactRow.objects.filter(sheet=sheet, taken=False).delete()
    sheet.text, sheet.name, sheet.state = None, NAMELESS, State.GONE


def take_out(sheet: ContactSheet, names: set[str], places: set[int]) -> bool:
    """Take the rows out of a sheet that name somebody (all these words of a name in one row), and those at these places.
    Whether there were any. A sheet that no key opens is emptied: nobody can say whether it names them."""
    if sheet.text is None:
        return False
    if not is_readable(sheet):
        discard(sheet)
        return True
    told, gone = sheets.without(
        _plain(sheet.pk, bytes(sheet.text)),
        lambda place, row: place in places or (len(names) > 1 and names <= set(words.tokens(row))),
    )
    if gone:
        sheet.text = sealed(sheet, told)
        rows = ContactRow.objects.filter(sheet=sheet, place__in=gone, taken=False)
        rows.update(verdict=Verdict.OUT, why=Why.UNREADABLE, decision="", decided={}, person=None)
    return bool(gone)


# Some rows at a time


def go_on(act: Act, sheet: ContactSheet) -> None:
    """The next rows of the phase that a sheet is in; at its end the sheet says so."""
    every = lines(sheet)
    places = range(sheet.done, min(sheet.done + AT_ONCE, len(every)))
    {Phase.LOOK: _look, Phase.TAKE: _take, Phase.DECIDE: _decide}[Phase(sheet.phase)](act, sheet, every, places)
    sheet.done = places.stop
    if sheet.done >= sheet.total:
        ContactSheet.objects.filter(pk=sheet.pk).update(state=_at_end(sheet))
        sheet.state = _at_end(sheet)
        sheet.totals = _totals(sheet, every, act.today(sheet.association.zone))
        if sheet.state == State.CLOSED:
            forget(act, sheet)
    sheet.save()
    if sheet.state == State.WORKING:
        act.later("association.move_in", {"sheet": str(sheet.pk), "phase": sheet.phase, "start": sheet.done})


def _at_end(sheet: ContactSheet) -> ContactSheet.State:
    """Where a sheet stands after the last row of its phase; with nothing to decide it is closed by itself."""
    if sheet.phase == Phase.LOOK:
        return State.LOOKED
    waits = ContactRow.objects.filter(sheet=sheet, verdict=Verdict.DOUBTFUL, taken=False).exists()
    return State.TAKEN if sheet.phase == Phase.TAKE and waits else State.CLOSED


def forget(act: Act, sheet: ContactSheet) -> None:
    """What an export said is not kept beside what was made of it."""
    sheet.text, sheet.name, sheet.closed_at = None, NAMELESS, act.now


def _totals(sheet: ContactSheet, every: Sequence[Line], today: date) -> list[list[Any]]:
    """The file counted, as it can be kept. `row`: a level, a status, rows, of them each verdict. `paid`: a level as it is
    remembered and as it is written, who is paid for today, of them those who wait, and those who were left out."""
    rows = list(ContactRow.objects.filter(sheet=sheet).order_by("place").values_list("verdict", flat=True))
    counted = verdicts.totals(every, [Verdict(one) for one in rows])
    paid, waits, left_out = (
        verdicts.paid_on([line for line, verdict in zip(every, rows, strict=True) if verdict in some], today)
        for some in (set(Verdict), {Verdict.DOUBTFUL}, {Verdict.OUT})
    )
    written = verdicts.level_words(every)
    said: list[list[Any]] = [["row", one.level[:200], one.status, one.rows, dict(one.of)] for one in counted]
    return said + [
        ["paid", key, written.get(key, "")[:200], count, waits[key], left_out[key]]
        for key, count in sorted(paid.items())
    ]


def _look(act: Act, sheet: ContactSheet, every: Sequence[Line], places: range) -> None:
    some = [every[place] for place in places]
    found, marks = judge(act, sheet, some), marks_of(sheet.association_id, some)
    rows = [
        _said(ContactRow(sheet=sheet, place=place, number=line.number, mark=mark), one)
        for place, line, one, mark in zip(places, some, found, marks, strict=True)
    ]
    ContactRow.objects.bulk_create(rows, batch_size=500)


def _said(row: ContactRow, found: Found) -> ContactRow:
    row.verdict, row.why, row.about = found.verdict.value, (found.why or ""), found.row or None
    row.person, row.adds, row.other = found.person, ",".join(found.adds), ",".join(found.other)
    return row


def judge(act: Act, sheet: ContactSheet, some: Sequence[Line]) -> list[Found]:
    """The verdict on each of these lines as the records stand now; whoever this sheet made is left out."""
    levels, marks = levels_of(sheet.association_id), marks_of(sheet.association_id, some)
    ours = ours_for(sheet.association, [line.said for line in some], but=sheet)
    act.subjects |= {("person", pk) for pk in ours.members}  # that a file asked about them stands in *who looked*
    before: dict[str, Why] = {}
    known = ContactRow.objects.filter(mark__in=marks).exclude(sheet=sheet, taken=False)
    for mark, taken, decision in known.values_list("mark", "taken", "decision"):
        if taken:
            before[mark] = Why.BEFORE
        elif decision == ContactRow.Decision.LEAVE:
            before.setdefault(mark, Why.LEFT_OUT)
    return [verdicts.judge(line, ours, levels, before.get(mark)) for line, mark in zip(some, marks, strict=True)]


def ours_for(association: Organization, said: Sequence[Contact], *, but: ContactSheet | None = None) -> Ours:
    """Who of an association's people these rows may be about: its members, and whoever has a role there. Nobody else, so that
    a verdict tells nothing of people whom other agencies know."""
    numbers = dict(
        CameAs.objects.filter(association=association, number__in={one.number for one in said} - {""}).values_list(
            "number", "person"
        )
    )
    names = {Member.sorted_as(one.given_name, one.family_name) for one in said} - {""}
    mails = set(filter(is_mail, (mail for one in said for mail in one.mailboxes)))
    here = Member.objects.filter(association=association)
    found = set(here.filter(sorts_as__in=names).values_list("person", flat=True))
    ways = WayTo.in_use(channel=WayTo.Channel.MAIL).annotate(folded=Lower("address")).filter(folded__in=mails)
    found |= set(ways.filter(person__in=here.values("person")).values_list("person", flat=True))
    found |= set(numbers.values())
    today = RoleAssignment.objects.filter(organization=association, until__isnull=True)
    found |= set(today.exclude(account__person__in=here.values("person")).values_list("account__person", flat=True))
    if but is not None:
        found -= set(
            ContactRow.objects.filter(sheet=but, taken=True, became__in=found).values_list("became", flat=True)
        )
    return Ours(members_as_read(association, found), numbers)


def members_as_read(association: Organization, people: Iterable[UUID]) -> list[verdicts.Member]:
    """What is known of these people, as far as a row can be compared with them."""
    ids = list(people)
    mails: dict[UUID, set[str]] = defaultdict(set)
    phones: dict[UUID, set[str]] = defaultdict(set)
    paid: dict[UUID, list[Paid]] = defaultdict(list)
    labels: dict[UUID, set[str]] = defaultdict(set)
    for person, channel, address in WayTo.in_use(person__in=ids).values_list("person", "channel", "address"):
        (mails if channel == WayTo.Channel.MAIL else phones)[person].add(address)
    bought = Membership.objects.filter(association=association, person__in=ids, ended_at=None)
    for person, level, since, until in bought.values_list("person", "level", "since", "until"):
        paid[person].append(Paid(str(level), since, until))
    for person, said in Label.objects.filter(association=association, person__in=ids).values_list("person", "said"):
        labels[person].add(said)
    there = Person.objects.filter(pk__in=ids, merged_into=None, erased_at=None)
    return [
        verdicts.Member(
            one.pk,
            one.name,
            frozenset(mail.casefold() for mail in mails[one.pk]),
            frozenset(digits_of(phones[one.pk])),
            tuple(paid[one.pk]),
            frozenset(labels[one.pk]),
        )
        for one in there
    ]


def _take(act: Act, sheet: ContactSheet, every: Sequence[Line], places: range) -> None:
    rows = {row.place: row for row in ContactRow.objects.filter(sheet=sheet, place__in=list(places))}
    due = [place for place in places if rows[place].verdict in {Verdict.NEW, Verdict.DIFFERS} and not rows[place].taken]
    found = dict(zip(due, judge(act, sheet, [every[place] for place in due]), strict=True))
    levels = levels_of(sheet.association_id)
    fresh: dict[int, tuple[Contact, str]] = {}
    for place, one in found.items():
        _said(rows[place], one)
        if one.verdict is Verdict.NEW:
            fresh[place] = every[place].said, levels[word(every[place].said.level)]
        elif one.verdict is Verdict.DIFFERS and one.person is not None:
            said = every[place].said
            try:
                add_to(act, sheet, one.person, every[place], said, levels[word(said.level)])
            except BadInput:
                _said(rows[place], Found(Verdict.DOUBTFUL, Why.CLASH, person=one.person))
            else:
                rows[place].taken, rows[place].became = True, one.person
    made = make_members(act, sheet, every, fresh)
    for place, person in made.items():
        rows[place].taken, rows[place].became = True, person
    _put(sheet, rows)


def _put(sheet: ContactSheet, rows: Mapping[int, ContactRow]) -> None:
    """Put rows anew: many times quicker than changing each."""
    ContactRow.objects.filter(sheet=sheet, place__in=list(rows)).delete()
    ContactRow.objects.bulk_create(rows.values(), batch_size=500)


def _decide(act: Act, sheet: ContactSheet, every: Sequence[Line], places: range) -> None:
    """Carry out what was decided of these rows. Of two that were said to be one person, the one that others are like is first."""
    rows = {row.place: row for row in ContactRow.objects.filter(sheet=sheet, place__in=list(places))}
    before = ContactRow.objects.filter(mark__in=[row.mark for row in rows.values()], taken=True).exclude(sheet=sheet)
    elsewhere = dict(before.values_list("mark", "became"))
    for place in sorted(rows, key=lambda one: (rows[one].decision != What.NEW, one)):
        row = rows[place]
        if row.verdict != Verdict.DOUBTFUL or row.taken or not row.decision:
            continue
        if row.mark in elsewhere:  # the same file waited twice, and this row of the other was carried out meanwhile
            row.became = elsewhere[row.mark]
            _said(row, Found(Verdict.SAME, Why.BEFORE, person=row.became))
            continue
        decision = Decision.of({"what": row.decision, **row.decided})
        if decision.what is What.LEAVE:
            _said(row, Found(Verdict.OUT, Why.LEFT_OUT))
            continue
        said = as_decided(every[place].said, decision)
        person = _meant(sheet, row, rows, decision)
        if person is None:
            person = make_members(act, sheet, every, {place: (said, str(decision.level))})[place]
        else:
            try:
                add_to(act, sheet, person, every[place], said, str(decision.level))
            except BadInput:
                _said(row, Found(Verdict.DOUBTFUL, Why.CLASH, person=person))
                row.decision, row.decided = "", {}
                continue
        row.taken, row.became = True, person
        row.verdict = Verdict.NEW if decision.what is What.NEW else Verdict.SAME
    _put(sheet, rows)


def _meant(sheet: ContactSheet, row: ContactRow, rows: Mapping[int, ContactRow], decision: Decision) -> UUID | None:
    """Who is here already and is meant by a decision; None: somebody new."""
    if decision.what is not What.SAME:
        return None
    if decision.person is not None:
        return decision.person
    here = next((one for one in rows.values() if one.number == row.about), None)
    other = here or ContactRow.objects.filter(sheet=sheet, number=row.about).first()
    return other.became if other is not None else None


# Members


def make_members(
    act: Act, sheet: ContactSheet, every: Sequence[Line], fresh: Mapping[int, tuple[Contact, str]]
) -> dict[int, UUID]:
    """Make members of rows that are nobody's yet, in a few statements: the person, the ways to reach them, times, agency and
    labels. place -> what it says and our level. Nothing of a directory is taken: that is each member's own word.
    """
    if not fresh:
        return {}
    association = sheet.association
    today = act.today(association.zone)
    mailboxes, agencies = shared(sheet), agencies_of(association)
    levels = {str(one.pk): one for one in Level.objects.filter(association=association)}
    people = {
        place: records.new_person(said.given_name, said.family_name, said.language)
        for place, (said, _) in fresh.items()
    }
    records.register_people(act, people=list(people.values()))
    rows: list[Any] = []
    numbers = {one.number: place for place, (one, _) in reversed(list(fresh.items())) if one.number}
    taken = set(CameAs.objects.filter(association=association, number__in=numbers).values_list("number", flat=True))
    for place, (said, key) in fresh.items():
        person, level = people[place], levels[key]
        rows += ways_of(person, said, mailboxes) + unread(act, person, said)
        if said.number and said.number not in taken and numbers[said.number] == place:
            rows.append(CameAs(association=association, number=said.number, person=person))
        rows += [Label(association=association, person=person, said=one) for one in dict.fromkeys(said.labels)]
        rows += _membership(association, person, said, level, agencies, every[place].payer, today)
    keep_together(rows)
    listed = list(people.values())
    records.list_names(act, people=listed, organization=association)
    act.subjects |= {("person", one.pk) for one in listed}
    return {place: person.pk for place, person in people.items()}


def ways_of(person: Person, said: Contact, mailboxes: frozenset[str]) -> list[WayTo]:
    """The ways to reach somebody. An address that several have is theirs all; nobody asked yet whether it is safe to write
    there to one of them."""
    mails = [
        WayTo(
            person=person, channel=WayTo.Channel.MAIL, address=mail, safe=None if mail.casefold() in mailboxes else True
        )
        for mail in said.mails
    ]
    phones = [WayTo(person=person, channel=WayTo.Channel.PHONE, address=one[:254]) for one in said.phones]
    return [*mails, *phones]


def unread(act: Act, person: Person, said: Contact) -> list[WayTo]:
    """What stood in the file as an address and is none: kept as it stood, beside the ways that are used, until somebody asks."""
    mail = WayTo.Channel.MAIL
    return [WayTo(person=person, channel=mail, address=one[:254], ended_at=act.now) for one in said.unread]


def _membership(
    association: Organization,
    person: Person,
    said: Contact,
    level: Level,
    agencies: Mapping[str, Organization],
    payer: str,
    today: date,
) -> list[Any]:
    """The rows of a new member, as `take_in` would leave them one by one."""
    paying = agencies.get(word(payer)) if payer else None
    times = verdicts.times_of(said, str(level.pk))
    grace = timedelta(days=level.grace_days)
    member = Member(
        association=association,
        person=person,
        level=level,
        paid_until=times[-1].until,
        counts_until=times[-1].until + grace,
        sorts_as=Member.sorted_as(person.given_name, person.family_name),
        joined_on=times[0].since,
        stops_letters=said.wants_mailings is False,
    )
    bought = [
        Membership(
            association=association,
            person=person,
            level=level,
            since=one.since,
            until=one.until,
            grace_days=level.grace_days,
            agency=paying if one is times[-1] else None,
            settled_on=one.since,
        )
        for one in times
    ]
    at = dict.fromkeys(
        one for one in (agencies.get(word(said.organization)) if said.organization else None, paying) if one is not None
    )
    is_here = times[-1].until + grace > today
    since = times[-1].since
    return [member, *bought, *(Belonging(member=member, agency=one, since=since) for one in at if is_here)]


def add_to(act: Act, sheet: ContactSheet, person: UUID, line: Line, said: Contact, level: str) -> None:
    """Add what a row says to somebody who is here: another way to reach them, labels, a later time that is paid for. What it
    says otherwise stays as it is here. Raises BadInput where another membership stands in the way.
    """
    association = sheet.association
    there = Person.objects.get(pk=person)
    (known,) = members_as_read(association, [person])
    agencies = agencies_of(association)
    more = verdicts.missing(said, known.paid, level)
    if more is not None:
        paying = agencies.get(word(line.payer)) if line.payer else None
        bought = {"level": Level.objects.get(pk=level), "since": more.since, "until": more.until}
        take_in(act, association=association, person=there, agency=paying, **bought)
    row = Member.objects.select_related("association").filter(association=association, person=there).first()
    for way in ways_of(there, said, shared(sheet)):
        known_already = known.mails if way.channel == WayTo.Channel.MAIL else known.phones
        key = way.address.casefold() if way.channel == WayTo.Channel.MAIL else "".join(digits_of([way.address]))
        if key not in known_already:
            channel = WayTo.Channel(way.channel)
            safe = may_be_written_to(row, way.safe) if row is not None and channel == WayTo.Channel.MAIL else way.safe
            records.keep_contact(act, person=there, channel=channel, address=way.address, safe=safe)
    for way in unread(act, there, said):
        if not WayTo.objects.filter(person=there, channel=way.channel, address=way.address).exists():
            way.save()
    for one in dict.fromkeys(said.labels):
        Label.objects.get_or_create(association=association, person=there, said=one)
    if said.number:
        CameAs.objects.get_or_create(association=association, number=said.number, defaults={"person": there})
    act.subjects.add(("person", person))


def agencies_of(association: Organization) -> dict[str, Organization]:
    """The agencies by the words by which files call them: as was said, else by their own name, folded."""
    named = {word(one.name): one for one in Organization.objects.filter(kind=Organization.Kind.AGENCY)}
    for said in AgencySaid.objects.filter(association=association).select_related("agency"):
        if said.agency is None:
            named.pop(said.word, None)
        else:
            named[said.word] = said.agency
    return named


def proposed(sheet: ContactSheet) -> list[tuple[str, str, int]]:
    """The organizations of a file that nobody has said anything about and that are not here: word, as written, rows; those
    that most rows name first."""
    if sheet.text is None:
        return []
    written, counted = verdicts.organization_words(lines(sheet))
    known = set(agencies_of(sheet.association)) | set(
        AgencySaid.objects.filter(association=sheet.association_id).values_list("word", flat=True)
    )
    left = [(key, written[key], counted[key]) for key in written if key not in known]
    return sorted(left, key=lambda one: (-one[2], one[0]))


def ours_today(association: Organization, today: date) -> Counter[str]:
    """How many members each level has today, by what is paid for."""
    rows = Membership.objects.filter(
        Q(settled_on__isnull=False), association=association, ended_at=None, since__lte=today, until__gt=today
    )
    return Counter(str(level) for level in dict(rows.values_list("person", "level")).values())
