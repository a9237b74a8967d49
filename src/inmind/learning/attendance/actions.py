"""Who was there: a log is read, the door is open, somebody writes it down; and what stood before is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from inmind.access import vault
from inmind.access.act import Act, action
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.identity import new_id
from inmind.foundation.models import keep_together
from inmind.foundation.values import N_
from inmind.learning.attendance import call_log, presence, queries
from inmind.learning.attendance.call_log import Stay, Unread
from inmind.learning.attendance.matching import Doubt, Known, gathered, match
from inmind.learning.attendance.models import Attendance, CallLog, CountingRule, DoorCode, Rest, Sighting
from inmind.learning.attendance.presence import Rule, Sitting, Span
from inmind.learning.certificates import actions as certificates
from inmind.learning.trainings import guest_actions as guests
from inmind.learning.trainings import seat_actions as seating
from inmind.learning.trainings.guest_actions import Told
from inmind.learning.trainings.models import Meeting, Registration, Training
from inmind.people.models import Person

State, How = Sighting.State, Sighting.How


# Logs


@action("learning.take_log", on="meeting")
def take_log(act: Act, *, meeting: Meeting, text: str, zone: str) -> CallLog:
    """Read the participants' log of a meeting: who is known is counted, who is doubtful waits. The same log once more changes
    nothing. Raises BadInput where it is no log of this meeting."""
    mark = vault.keyed_hash("call log", f"{meeting.pk}\n{zone}\n{text}".encode())
    before = CallLog.objects.filter(meeting=meeting, mark=mark).first()
    if before is not None:
        return before
    found = call_log.read(text, hours=Span(meeting.starts_at, meeting.ends_at), zone=zone)
    log = CallLog(meeting=meeting, mark=mark, zone=zone, rows=len(found.stays), by_id=act.actor.person)
    log.save()
    people = queries.known(queries.registered(meeting.training))
    rows = [_seen(log, place, one, people) for place, one in enumerate(_everybody(found))]
    keep_together(rows)
    _empty_when_decided(log)
    recount(act, meeting, {row.person_id for row in rows if row.person_id})
    return log


def _everybody(found: call_log.Log) -> Iterable[tuple[str, str, tuple[Stay, ...], Unread | None]]:
    for seen in gathered(found.stays):
        yield seen.name, seen.mail, seen.stays, None
    for one in found.unread:
        yield one.name, one.mail, (), one


def _seen(
    log: CallLog, place: int, one: tuple[str, str, tuple[Stay, ...], Unread | None], people: list[Known]
) -> Sighting:
    name, mail, stays, unread = one
    row = Sighting(
        id=new_id(),
        meeting=log.meeting,
        log=log,
        place=place,
        said=queries.said_of(name, mail),
        stays=_moments(stay.span for stay in stays),
        away=sum(stay.away for stay in stays),
        found=unread.why if unread else "",
    )
    known = match(name, mail, people)
    if unread is None and known.person is not None:
        row.person_id, row.state, row.how = known.person, State.COUNTED, str(known.how)
    else:
        row.doubt = known.doubt or ""
    return row


def _moments(spans: Iterable[Span]) -> list[list[str]]:
    return [[one.since.isoformat(), one.until.isoformat()] for one in spans]


@action("learning.decide_sighting", on="sighting")
def decide(act: Act, *, sighting: Sighting, person: Person | None) -> Sighting:
    """Say who somebody was whom a log or the door shows, or that they are left out. Raises BadInput for somebody who has no seat,
    and NotNow where the log does not say when they were there."""
    meeting = _locked(sighting.meeting_id)
    if person is not None:
        _check_seat(meeting, person)
        if not sighting.stays:
            raise NotNow(
                N_("This row does not say when somebody was there."),
                N_("Nothing can be counted of it."),
                N_("Leave it out, and write the minutes down by hand."),
            )
    before = sighting.person_id
    sighting.person, sighting.state = person, State.COUNTED if person else State.LEFT_OUT
    sighting.how, sighting.decided_by_id = How.SOMEBODY if person else "", act.actor.person
    if sighting.log is None:
        sighting.said = None
    sighting.save()
    if sighting.log is not None:
        _empty_when_decided(sighting.log)
    recount(act, meeting, {one for one in (before, sighting.person_id) if one})
    act.concerns(*(one for one in (person,) if one))
    return sighting


def _empty_when_decided(log: CallLog) -> None:
    """Once nobody of a log waits, nothing of what it said of people is kept but who was there and when."""
    rows = Sighting.objects.filter(log=log)
    if not rows.filter(state=State.WAITS).exists():
        for row in rows.filter(said__isnull=False):
            row.said = None
            row.save(update_fields=["said"])


def reseal_all() -> int:
    """Names in logs and at doors that wait, sealed by today's master key. Returns how many were not yet."""
    field, done = Sighting._meta.get_field("said"), 0
    for row in Sighting.objects.select_for_update().filter(said__isnull=False).order_by("pk"):
        sealed, place = bytes(row.__dict__["said"]), field.place(row)  # type: ignore[union-attr]
        if not vault.is_sealed_today(sealed, place):
            row.said = str(row.said)  # opened, so that saving seals it
            row.save(update_fields=["said"])
            done += 1
    return done


# By hand


@action("learning.enter_attendance", on="meeting")
def enter(act: Act, *, meeting: Meeting, person: Person, minutes: int, why: str = "") -> Attendance:
    """Write down for how many minutes somebody attended; a log does not change that any more. What stood before is kept.
    Raises BadInput for more minutes than the meeting has, for somebody without a seat, and for a correction without a reason."""
    _check_seat(meeting, person)
    of = queries.sitting_of(meeting).minutes
    if not 0 <= minutes <= of:
        raise BadInput(
            N_("These are %(minutes)s minutes."),
            N_("The meeting counts for %(of)s."),
            N_("Write how many of them this person attended."),
            field="minutes",
            facts={"minutes": minutes, "of": of},
        )
    before = Attendance.objects.filter(meeting=meeting, person=person, replaced_at__isnull=True).first()
    if before is not None and not why.strip():
        raise BadInput(
            N_("Why this is put right is missing."),
            N_("What stood before is kept beside it."),
            N_("Write one line, such as “was on the telephone”."),
            field="why",
        )
    row = Attendance(
        meeting=meeting, person=person, how=Attendance.How.HAND, minutes=minutes, of=of, why=why.strip()[:300]
    )
    return _stands(act, before, row)


@action("learning.count_again", on="attendance")
def count_again(act: Act, *, attendance: Attendance) -> Attendance | None:
    """Let what was seen count once more, in the place of what somebody wrote down by hand."""
    if attendance.replaced_at is not None:
        raise NotNow(N_("This was put right already."), "", N_("Open the page again to see what stands."))
    meeting = _locked(attendance.meeting_id)
    attendance.replaced_at = act.now
    attendance.save(update_fields=["replaced_at"])
    return _count(act, meeting, attendance.person_id)


@action("learning.set_counting", on="training")
def set_counting(act: Act, *, training: Training, step: int, leeway: int, credit_for_part: bool) -> CountingRule:
    """Say how a training counts presence; everybody who was seen is counted anew."""
    try:
        Rule(step, leeway)
    except ValueError as problem:
        raise BadInput(
            N_("This leeway is more than one step."),
            N_("It makes up for a late click, and never for a step."),
            N_("Choose less leeway, or a longer step."),
            field="leeway",
        ) from problem
    rule = CountingRule.objects.filter(training=training).first() or CountingRule(training=training)
    rule.step, rule.leeway, rule.credit_for_part = step, leeway, credit_for_part
    rule.save()
    changed = {
        one for meeting in Meeting.objects.filter(training=training) for one in _recount(act, meeting, _of(meeting))
    }
    certificates.renew(act, training, {*changed, *queries.attendees(training)})
    return rule


@action("learning.set_break", on="meeting")
def set_break(act: Act, *, meeting: Meeting, starts_at: datetime | None, ends_at: datetime | None) -> Meeting:
    """Say when a meeting had its break, or that it had none; everybody who was seen is counted anew."""
    there = Rest.objects.filter(meeting=meeting).first()
    if starts_at is None or ends_at is None:
        if there is not None:
            there.delete()
    else:
        try:
            Sitting(Span(meeting.starts_at, meeting.ends_at), meeting.minutes, (Span(starts_at, ends_at),))
        except ValueError as problem:
            raise BadInput(
                N_("With this break the meeting is shorter than the minutes that it counts for."),
                N_("A break begins before it ends, and leaves as many minutes as count."),
                N_("Choose other hours for it."),
                field="begins",
            ) from problem
        row = there or Rest(meeting=meeting)
        row.starts_at, row.ends_at = starts_at, ends_at
        row.save()
    recount(act, meeting, _of(meeting))
    return meeting


# At the door


@action("learning.open_door", on="meeting")
def open_door(act: Act, *, meeting: Meeting) -> DoorCode:
    """Make a code for the screen of the room; one from before opens nothing any more. Raises NotNow after the end."""
    if act.now >= meeting.ends_at:
        raise NotNow(
            N_("This meeting is over."),
            N_("A code opens its door while it lasts."),
            N_("Bring the log, or write down by hand who was there."),
        )
    for before in DoorCode.objects.filter(meeting=meeting, ended_at__isnull=True):
        before.ended_at = act.now
        before.save(update_fields=["ended_at"])
    pk = new_id()
    door = DoorCode(id=pk, meeting=meeting, code_hash=_hash_of(code_of(pk)))
    door.save()
    return door


def code_of(door: UUID) -> str:
    """What stands in the code on the screen: made by this installation's key, so that it is kept nowhere."""
    return vault.keyed_hash("door of a meeting", door.bytes)[:24]


def _hash_of(code: str) -> str:
    return vault.keyed_hash("door's code", code.encode())


def door_of(code: str) -> DoorCode | None:
    """The door that a code opens now; None where it opens none, before its time and after the end alike."""
    door = (
        DoorCode.objects.filter(code_hash=_hash_of(code), ended_at__isnull=True)
        .select_related("meeting__training__association")
        .first()
    )
    return door if door is not None and queries.is_open(door.meeting) else None


@action("learning.check_in")
def check_in(act: Act, *, code: str) -> Sighting:
    """Somebody who is signed in says that they are there. Twice is once. Raises NotNow where the code opens nothing now."""
    meeting = _through(code)
    person = Person.objects.get(pk=act.actor.person)
    there = Sighting.objects.filter(meeting=meeting, log=None, person=person, state=State.COUNTED).first()
    if there is not None:
        return there
    if _has_seat(meeting, person):
        row = Sighting(meeting=meeting, person=person, state=State.COUNTED, how=How.DOOR)
    else:
        row = _at_door(meeting, person.name, "", Doubt.UNKNOWN)
        if (same := _same(row)) is not None:
            return same
    return _comes_in(act, row)


@action("learning.check_in_at_door")
def check_in_at_door(act: Act, *, code: str, name: str, mail: str) -> Sighting:
    """Somebody without an account says that they are there. Counted where name and address are one person's who has a seat, else
    it waits; whoever says it is never told which. Raises NotNow where the code opens nothing now."""
    meeting = _through(code)
    people = queries.known(queries.registered(meeting.training))
    by_both = [one for one in people if mail.strip().lower() in one.mails and match(name, "", [one]).person is not None]
    if len(by_both) == 1:
        said = {"meeting": meeting, "log": None, "person_id": by_both[0].id, "state": State.COUNTED}
        if (there := Sighting.objects.filter(**said).first()) is not None:
            return there
        row = Sighting(**said, how=How.MAIL)
    else:
        row = _at_door(meeting, name, mail, match(name, mail, people).doubt or Doubt.UNKNOWN)
        if (same := _same(row)) is not None:
            return same
    return _comes_in(act, row)


def _through(code: str) -> Meeting:
    door = door_of(code)
    if door is None:
        raise NotNow(
            N_("This code opens nothing now."),
            N_("It opens while the meeting lasts."),
            N_("If you are in the room, ask whoever leads the meeting."),
        )
    return _locked(door.meeting_id)


def _at_door(meeting: Meeting, name: str, mail: str, doubt: str) -> Sighting:
    return Sighting(meeting=meeting, said=queries.said_of(name.strip(), mail.strip()), doubt=doubt)


def _same(row: Sighting) -> Sighting | None:
    """What the same words said at this door already."""
    waiting = Sighting.objects.filter(meeting=row.meeting, log=None, state=State.WAITS)
    return next((one for one in waiting if one.said == row.said), None)


def _comes_in(act: Act, row: Sighting) -> Sighting:
    row.stays = _moments([Span(max(act.now, row.meeting.starts_at), row.meeting.ends_at)])
    row.save()
    if row.person_id:
        recount(act, row.meeting, {row.person_id})
    return row


# Counting


def recount(act: Act, meeting: Meeting, people: Iterable[UUID]) -> None:
    """Count for these people what was seen of them, and put their certificates right. What somebody wrote down by hand stays."""
    certificates.renew(act, meeting.training, _recount(act, meeting, people))


def _recount(act: Act, meeting: Meeting, people: Iterable[UUID]) -> set[UUID]:
    """Of whom something else stands now."""
    people = set(people)
    if not people:
        return set()
    spans: dict[UUID, list[Span]] = {}
    for seen in Sighting.objects.filter(meeting=meeting, person__in=people, state=State.COUNTED):
        spans.setdefault(seen.person_id, []).extend(seen.spans)  # type: ignore[arg-type]
    standing = {
        one.person_id: one
        for one in Attendance.objects.filter(meeting=meeting, person__in=people, replaced_at__isnull=True)
    }
    sitting, rule = queries.sitting_of(meeting), queries.rule_of(meeting.training)
    gone: list[Attendance] = []
    new: list[Attendance] = []
    for person in sorted(people):
        before = standing.get(person)
        if before is not None and before.how == Attendance.How.HAND:
            continue
        row = _counted(meeting, person, sitting, spans[person], rule) if person in spans else None
        if row is not None and before is not None and _says(row) == _says(before):
            continue
        gone += [before] if before is not None else []
        new += [row] if row is not None else []
    for one in gone:
        one.replaced_at = act.now
        one.save(update_fields=["replaced_at"])
    for one in new:
        one.by_id = act.actor.person
    keep_together(new)
    act.concerns(*new)
    return {one.person_id for one in (*gone, *new)}


def _count(act: Act, meeting: Meeting, person: UUID) -> Attendance | None:
    recount(act, meeting, [person])
    certificates.renew(act, meeting.training, [person])
    return Attendance.objects.filter(meeting=meeting, person=person, replaced_at__isnull=True).first()


def _counted(meeting: Meeting, person: UUID, sitting: Sitting, spans: list[Span], rule: Rule) -> Attendance:
    found = presence.counted(sitting, spans, rule)
    return Attendance(
        id=new_id(),
        meeting=meeting,
        person_id=person,
        how=Attendance.How.SEEN,
        minutes=found.minutes,
        present=found.present,
        of=found.of,
        step=rule.step,
        leeway=rule.leeway,
    )


def _says(row: Attendance) -> tuple[object, ...]:
    return row.minutes, row.present, row.of, row.step, row.leeway


def _stands(act: Act, before: Attendance | None, row: Attendance) -> Attendance:
    if before is not None:
        before.replaced_at = act.now
        before.save(update_fields=["replaced_at"])
    row.by_id = act.actor.person
    row.save()
    certificates.renew(act, row.meeting.training, [row.person_id])
    return row


def _of(meeting: Meeting) -> set[UUID]:
    """Whom anything was seen of."""
    rows = Sighting.objects.filter(meeting=meeting, person__isnull=False)
    return set(rows.values_list("person", flat=True))


def _locked(meeting: UUID) -> Meeting:
    """A meeting as it stands now, held until the transaction ends: two logs of it are read one after the other."""
    return Meeting.objects.select_for_update(of=("self",)).select_related("training__association").get(pk=meeting)


def _has_seat(meeting: Meeting, person: Person) -> bool:
    seats = Registration.objects.filter(training=meeting.training_id, state=Registration.State.REGISTERED)
    return seats.filter(person=person).exists()


# Who came without a registration


@action("learning.walk_in", on="meeting")
def walk_in(
    act: Act,
    *,
    meeting: Meeting,
    told: Told | None = None,
    person: Person | None = None,
    minutes: int,
    is_billed: bool = False,
) -> Attendance:
    """Add somebody who stands on the sheet that was signed and was not registered: a seat, and minutes by hand. Whoever is known
    by this name at this address is that person. Raises NotNow before the training has begun, BadInput as `enter` and
    `guests.whose`."""
    training = seating.locked(meeting.training_id)
    person = guests.whose(act, training, told, person)
    seating.walk_in(act, training, person, is_billed=is_billed)
    there = Attendance.objects.filter(meeting=meeting, person=person, replaced_at__isnull=True).first()
    if there is not None:
        raise BadInput(
            N_("Something is written down about this person already."),
            N_("Put it right on their own page."),
            field="mail",
        )
    return enter(act, meeting=meeting, person=person, minutes=minutes)


@action("learning.walk_in_seen", on="sighting")
def walk_in_seen(
    act: Act, *, sighting: Sighting, told: Told | None = None, person: Person | None = None, is_billed: bool = False
) -> Sighting:
    """Add somebody whom a log or the door shows and who was not registered: a seat, and the minutes as they were seen."""
    if sighting.state != State.WAITS:
        raise NotNow(N_("This was decided already."), N_("Somebody may have done so meanwhile."))
    training = seating.locked(sighting.meeting.training_id)
    person = guests.whose(act, training, told, person)
    seating.walk_in(act, training, person, is_billed=is_billed)
    return decide(act, sighting=sighting, person=person)


def _check_seat(meeting: Meeting, person: Person) -> None:
    if not _has_seat(meeting, person):
        raise BadInput(
            N_("This person has no seat at this training."),
            N_("Minutes count for those who have one."),
            N_("Choose somebody who has a seat, or leave it out."),
            field="person",
        )


def forget(person: Person) -> None:
    """Nothing that a log or a door said of somebody stays; that somebody was there does."""
    for row in Sighting.objects.filter(person=person, said__isnull=False):
        row.said = json.dumps({})
        row.save(update_fields=["said"])
