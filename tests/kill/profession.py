"""Kill whoever takes an export in, makes certificates of a call log, or confirms a month; look at what is left; go on.

`python -m tests.kill.profession SEED` prints what was found, as JSON. A work is done in a forked process that is killed
(SIGKILL) before one of its questions to the database, at a number taken by chance, and then let go on to its end.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.kill import clinic

KILLS = 14  # of each work at most; then it is let go on
FARTHER = 20  # questions that each may ask more than the one before
LATER = timedelta(minutes=2)  # until whoever goes on begins: what was leased is free again
CONTACTS, OTHERS, SESSIONS, HELD = 150, 40, 12, 4


@dataclass(frozen=True, slots=True)
class Work:
    """go: all of it, from wherever it stands. broken, ended: what breaks a promise, in words; after each kill, and at the end."""

    go: Callable[[], Any]
    broken: Callable[[], Iterator[str]]
    ended: Callable[[], Iterator[str]]


def moving() -> Work:
    """An export of contacts, looked at already, is taken in some rows at a time."""
    from inmind.association.models import CameAs, Member, Membership
    from inmind.association.moving import actions, queries, sample, taking, verdicts
    from inmind.association.moving.models import ContactRow, ContactSheet
    from inmind.foundation import clock
    from inmind.jobs.runner import run_due
    from inmind.people.models import NameToken, Person
    from tests import make

    taking.AT_ONCE = 40  # type: ignore[misc]
    by = make.make_worker("association_coordinator")
    level = make.make_level(by)
    text = sample.export(CONTACTS, clock.today(make.ZONE))
    sheet = actions.begin_moving(by.actor, association=by.agency, name="members.csv", text=text)
    sheet = actions.say_columns(by.actor, sheet=sheet, columns=sheet.columns)
    levels = dict.fromkeys(verdicts.level_words(taking.lines(sheet)), str(level.pk))
    actions.say_levels(by.actor, sheet=sheet, levels=levels)
    run_due()
    actions.carry_on_moving(by.actor, sheet=ContactSheet.objects.get(pk=sheet.pk))
    people = Person.objects.count()
    new = ContactRow.objects.filter(sheet=sheet, verdict=verdicts.Verdict.NEW).count()

    def broken() -> Iterator[str]:
        now = ContactSheet.objects.get(pk=sheet.pk)
        taken = ContactRow.objects.filter(sheet=sheet, taken=True)
        became = list(taken.values_list("became", flat=True))
        if early := taken.filter(place__gte=now.done).count():
            yield f"{early} rows are taken in beyond the {now.done} that are said to be done"
        if late := ContactRow.objects.filter(
            sheet=sheet, taken=False, verdict=verdicts.Verdict.NEW, place__lt=now.done
        ).count():
            yield f"{late} new rows of the {now.done} that are said to be done are not taken in"
        members = Member.objects.filter(association=by.agency)
        counted = {
            "members": members.count(),
            "people": Person.objects.count() - people,
            "people with a membership": len(set(Membership.objects.values_list("person", flat=True))),
            "people who came": CameAs.objects.filter(association=by.agency).count(),
            "people who are found by name": len(
                set(NameToken.objects.filter(person__in=members.values("person")).values_list("person", flat=True))
            ),
        }
        if len(set(became)) != len(became):
            yield "somebody came of two rows"
        yield from (
            f"{len(became)} rows are taken in, and there are {n} {w}" for w, n in counted.items() if n != len(became)
        )

    def ended() -> Iterator[str]:
        now = ContactSheet.objects.get(pk=sheet.pk)
        if (now.done, now.rows.count()) != (now.total, now.total):
            yield f"of {now.total} rows {now.rows.count()} are there, and {now.done} are done"
        if (taken := now.rows.filter(taken=True).count()) != new or not new:
            yield f"{new} rows were new, and {taken} are taken in"
        for one in queries.beside(now, clock.today(make.ZONE)):
            if one.more:
                yield f"of {one.level} the file has {one.file} and the house {one.here}"

    return Work(run_due, broken, ended)


def certificates() -> Work:
    """A call log is taken in, and everybody who was there has a certificate and a letter about it."""
    from inmind.jobs.runner import run_due
    from inmind.learning.attendance import actions as attendance
    from inmind.learning.certificates import actions
    from inmind.learning.certificates.models import CertificateRun
    from inmind.learning.models import Attendance, CallLog, Certificate, Sighting
    from inmind.messages.models import Letter
    from tests import make

    actions.AT_ONCE = 12
    there = make.make_attended("Ana Díaz", others=OTHERS)
    everybody = OTHERS + 1
    text = make.make_log(*((one.person.name, "", "09:58:12 AM", "12:31:40 PM") for one in there.people))

    def go() -> None:
        attendance.take_log(there.by.actor, key="log", meeting=there.meeting, text=text, zone=make.ZONE)
        if not CertificateRun.objects.filter(training=there.training).exists():
            actions.begin(there.by.actor, key="certificates", training=there.training)
        run_due()

    def broken() -> Iterator[str]:
        seen = Sighting.objects.filter(meeting=there.meeting).count()
        present = Attendance.objects.filter(meeting=there.meeting, replaced_at=None).count()
        read = CallLog.objects.filter(meeting=there.meeting).count()
        if (seen, present) != ((everybody, everybody) if read else (0, 0)):
            yield f"{read} logs are read, {seen} lines of it kept, and {present} people were there"
        made = list(Certificate.objects.values_list("person", flat=True))
        if len(set(made)) != len(made):
            yield "somebody has two certificates"
        letters = Letter.objects.filter(template="certificate").count()
        said = sum(CertificateRun.objects.values_list("made", flat=True))
        if not len(made) == letters == said:
            yield f"{len(made)} certificates are there, {said} are said to be made, and {letters} letters tell of them"

    def ended() -> Iterator[str]:
        runs = list(CertificateRun.objects.all())
        if [one.ended_at is not None for one in runs] != [True]:
            yield "they were not made once to the end"
        if (made := Certificate.objects.filter(replaced_at=None).count()) != everybody:
            yield f"{everybody} people were there, and {made} have a certificate"

    return Work(go, broken, ended)


def months() -> Work:
    """Each person of a group confirms a month of sessions with one tap."""
    from inmind.access.models import AuditEntry, StoredAnswer
    from inmind.reflection import actions
    from inmind.reflection.models import Presence
    from tests import make

    giver, held = make.make_worker("practitioner"), [make.make_worker("practitioner") for _ in range(HELD)]
    agreement = make.make_agreement(giver, *held)
    month = frozenset(make.make_session(agreement, giver, days_ago=day).pk for day in range(1, SESSIONS + 1))
    verb = "reflection.confirm_all"

    def go() -> None:
        for one in held:
            actions.confirm_all(one.actor, key="month", ids=month)

    def broken() -> Iterator[str]:
        for one in held:
            said = Presence.objects.filter(session__in=month, person=one.person, said_at__isnull=False).count()
            answers = StoredAnswer.objects.filter(verb=verb, actor=one.actor.key).count()
            entries = AuditEntry.objects.filter(verb=verb, actor=one.actor.key, outcome=AuditEntry.Outcome.DONE).count()
            if (said, answers, entries) not in {(0, 0, 0), (SESSIONS, 1, 1)}:
                yield f"of {SESSIONS} sessions {said} are confirmed, with {answers} answers and {entries} entries"

    def ended() -> Iterator[str]:
        if (said := Presence.objects.filter(session__in=month, said_at__isnull=False).count()) != SESSIONS * HELD:
            yield f"{said} of {SESSIONS * HELD} are confirmed"

    return Work(go, broken, ended)


WORKS: dict[str, Callable[[], Work]] = {"moving": moving, "certificates": certificates, "months": months}


def live(work: Work, number: int, questions: int) -> None:
    """The life of whoever works: to the end, or until so many questions were asked of the database."""
    from django.db import connection

    from inmind.foundation import clock
    from tests import make

    left = questions

    def count(execute: Any, *asked: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*asked)

    try:
        connection.ensure_connection()
        with connection.execute_wrapper(count), clock.at(make.AFTER + number * LATER):
            work.go()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def killed(work: Work, chance: random.Random) -> dict[str, Any]:
    """Begin it again and again; kill it each time, until it has come to its end. Then do it all once more."""
    from django.db import connection

    from tests.kill import aftermath

    kills, left = 0, []
    for number in range(1, KILLS + 3):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()
        farthest = chance.randrange(number * FARTHER) if number <= KILLS else 1_000_000
        if (pid := os.fork()) == 0:
            live(work, number, farthest)
        _, status = os.waitpid(pid, 0)
        kills += os.WIFSIGNALED(status)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            return {"kills": kills, "left": [*left, "it failed by itself"], "ended": []}
        aftermath.wait_until_alone()
        left += work.broken()
        if not os.WIFSIGNALED(status) and number > KILLS:
            break
    return {
        "kills": kills,
        "left": left,
        "ended": [*work.ended(), *aftermath._broken_trail(), *aftermath._broken_database()],
    }


def main(seed: int) -> None:
    clinic.set_up()
    from inmind.access.commands.migrate import bring_up_to_date
    from inmind.foundation import clock
    from tests import make

    bring_up_to_date()
    found = {}
    for name, begun in WORKS.items():
        with clock.at(make.AFTER):
            work = begun()
        found[name] = killed(work, random.Random(f"{seed} {name}"))
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
