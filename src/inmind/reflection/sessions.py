"""What a session of reflective supervision can be, who says that it took place, and how it is put right. Pure.

Never what was said in it: a session is a day, minutes, a kind, what it was about in one of two words, and who was there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_, Period

MOST_MINUTES = 24 * 60  # of one day; no shortest and no longest session was found in any source
OUTSIDE = "outside"  # a provider who has no record here, and answers by a link


class Kind(StrEnum):
    """What a session was. Which of them count for endorsement is said by its standards, and not here."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    PEER = "peer"  # among equals, without somebody who gives it
    ADMINISTRATIVE = "administrative"
    CASE_REVIEW = "case_review"  # without reflective content


class About(StrEnum):
    """What it was about: one's own work with families, or the supervision that one gives to others."""

    DIRECT = "direct"
    RSC_GIVEN = "rsc_given"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session as it lies in time. begins: a moment, None where nobody said the hour."""

    id: Hashable
    agreement: Hashable
    on: date
    minutes: int
    begins: datetime | None = None

    @property
    def ends(self) -> datetime | None:
        """In UTC: on a wall the clock may be put forward or back meanwhile."""
        return None if self.begins is None else self.begins.astimezone(UTC) + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Frame:
    """The agreement that a session belongs to: when it runs, who gives it (None among peers), and who is held since when."""

    runs: Period
    provider: Hashable | None
    seats: Mapping[Hashable, Period]


def check(
    meeting: Meeting,
    kind: Kind,
    there: Iterable[Hashable],
    frame: Frame,
    *,
    today: date,
    others: Mapping[Hashable, Sequence[Meeting]],
    by: Hashable,
) -> None:
    """Raises BadInput for what cannot have been. others: what else is written down of each person on these days; by: who asks,
    and is told nothing of sessions in which only others were."""
    people = tuple(there)
    _check_length(meeting)
    _check_day(meeting, frame, today)
    _check_people(meeting, kind, people, frame)
    for person in (*people, *((frame.provider,) if frame.provider not in (None, OUTSIDE) else ())):
        _check_beside(meeting, [one for one in others.get(person, ()) if one.id != meeting.id], is_own=person == by)


def _check_length(meeting: Meeting) -> None:
    if meeting.minutes < 1:
        raise BadInput(
            N_("A session has at least one minute."),
            N_("What counts is clock time: how long you really met."),
            field="minutes",
        )
    if meeting.minutes > MOST_MINUTES:
        raise BadInput(
            N_("A day has 24 hours, and this session would have more."),
            N_("Write the minutes of one session: 90 for an hour and a half."),
            field="minutes",
        )


def _check_day(meeting: Meeting, frame: Frame, today: date) -> None:
    if meeting.on > today:
        raise BadInput(N_("This day is still to come."), N_("Write a session down once you have met."), field="on")
    if meeting.on < frame.runs.since:
        raise BadInput(
            N_("This day is before your agreement begins, on %(since)s."),
            N_("A session belongs to an agreement that ran on its day."),
            N_("If you did meet then, write down that agreement too, with its own dates."),
            field="on",
            facts={"since": frame.runs.since},
        )
    if not frame.runs.holds_on(meeting.on):
        raise BadInput(
            N_("This day is after your agreement ended, on %(until)s."),
            N_("A session belongs to an agreement that ran on its day."),
            N_("If you go on meeting, make a new agreement."),
            field="on",
            facts={"until": frame.runs.until},
        )


def _check_people(meeting: Meeting, kind: Kind, people: Sequence[Hashable], frame: Frame) -> None:
    if not people:
        raise BadInput(N_("Nobody was marked as there."), N_("Mark at least one person who was held."), field="there")
    if frame.provider is not None and frame.provider in people:
        raise BadInput(
            N_("Nobody is held by themselves."),
            N_("Whoever gives the session is not among those who are held in it."),
            field="there",
        )
    if any(one not in frame.seats or not frame.seats[one].holds_on(meeting.on) for one in people):
        raise BadInput(
            N_("Somebody marked here was not part of this agreement on that day."),
            N_("Each person who is held has a place in the agreement from a day on."),
            field="there",
        )
    if (kind is Kind.PEER) != (frame.provider is None):
        raise BadInput(
            N_("This kind does not fit your agreement."),
            N_("Peers meet without somebody who gives the session; every other kind has one who does."),
            field="kind",
        )
    if kind is Kind.INDIVIDUAL and len(people) > 1:
        raise BadInput(
            N_("One to one is one person who is held."), N_("With more people it is a group."), field="there"
        )
    if kind is Kind.PEER and len(people) < 2:
        raise BadInput(N_("Peers are at least two."), N_("Mark who else was there."), field="there")


def _check_beside(meeting: Meeting, others: Sequence[Meeting], *, is_own: bool) -> None:
    """Raises BadInput where one person cannot have been in this session and in the others as well."""
    for other in others:
        is_same = other.agreement == meeting.agreement and other.on == meeting.on
        if overlap(meeting, other) or (is_same and (other.begins is None or meeting.begins is None)):
            if not (is_own or other.agreement == meeting.agreement):
                raise BadInput(
                    N_("Somebody who was there has another session at that time."),
                    N_("Nobody is in two sessions at once."),
                    N_("Check when this one began, and speak with each other."),
                    field="begins",
                )
            raise BadInput(
                N_("Another session at that time is written down already, on %(on)s for %(minutes)s minutes."),
                N_("Nobody is in two sessions at once."),
                N_("If you met twice that day, say when each began."),
                field="on",
                facts={"on": other.on, "minutes": other.minutes},
            )
    minutes = meeting.minutes + sum(one.minutes for one in others if one.on == meeting.on)
    if minutes > MOST_MINUTES:
        raise BadInput(
            N_("With this session that day would have more than 24 hours."),
            N_("Look at the sessions of that day."),
            field="minutes",
        )


def around(on: date) -> tuple[date, date]:
    """The days beside a day, on which a session may reach into it; at either end of the calendar the day itself."""
    a_day = timedelta(days=1)
    return (on if on == date.min else on - a_day, on if on == date.max else on + a_day)


def overlap(one: Meeting, other: Meeting) -> bool:
    """Whether two sessions lie over one another; never, where the hour of one is not known."""
    if one.begins is None or one.ends is None or other.begins is None or other.ends is None:
        return False
    return one.begins.astimezone(UTC) < other.ends and other.begins.astimezone(UTC) < one.ends


# Who says that it took place


@dataclass(frozen=True, slots=True)
class Said:
    """Who has said that a session took place.

    provider: who gave it, OUTSIDE, or None among peers. giver: whether the giving side said so; among peers another one who
    was there. there: of each person who was held, whether it was said for them on the side of those who are held.
    """

    provider: Hashable | None
    logged_by: Hashable
    giver: bool
    there: Mapping[Hashable, bool]

    @property
    def stands(self) -> frozenset[Hashable]:
        """Whose hours stand: both sides have said so."""
        return frozenset(person for person, said in self.there.items() if self.giver and said)

    @property
    def waits_for(self) -> frozenset[Hashable]:
        """Who can say so with one tap. Never whoever wrote it down."""
        mine = {person for person, said in self.there.items() if not said}
        if not self.giver:
            mine |= set(self.there) - {self.logged_by} if self.provider is None else {self.provider}
        return frozenset(mine)


def logged(provider: Hashable | None, by: Hashable, there: Iterable[Hashable]) -> Said:
    """A session as it stands when somebody has written it down: their own side has spoken, the other has not.

    Raises BadInput where whoever writes it down was not in it.
    """
    people = tuple(there)
    is_giver = provider is not None and by == provider
    if not is_giver and by not in people:
        raise BadInput(
            N_("You are not marked as there."),
            N_("A session is written down by somebody who was in it."),
            field="there",
        )
    return Said(provider, by, is_giver, dict.fromkeys(people, not is_giver))


def confirmed(said: Said, by: Hashable) -> Said:
    """The same once this person has said yes: for the giving side, or for themselves alone.

    Raises NotNow where there is nothing for them to say: most of all for who wrote it down, for nobody confirms what they
    themselves said.
    """
    if by not in said.waits_for:
        if by == said.logged_by:
            raise NotNow(
                N_("You wrote this session down yourself."),
                N_("The other side says that it took place: nobody confirms their own word."),
                N_("They see it on Today, or by the link in their letter."),
            )
        raise NotNow(N_("There is nothing for you to confirm here."), N_("Open the session to see how it stands."))
    there = {person: yes or person == by for person, yes in said.there.items()}
    is_giver = by == said.provider or (said.provider is None and by != said.logged_by)
    return replace(said, giver=said.giver or is_giver, there=there)


def asked_to_agree(said: Said, by: Hashable) -> frozenset[Hashable]:
    """Who has to agree before what this person puts right holds; nobody, while nobody else has spoken.

    What both sides have said is changed only by both: by who gave it, where somebody who was held asks; by each whose hours
    stand, where the giver asks. Raises NotNow where it is not theirs to put right.
    """
    if by != said.provider and by not in said.there:
        raise NotNow(N_("Only those who were in a session put it right."))
    if not said.stands:
        return frozenset() if by == said.logged_by else frozenset({said.logged_by})
    if said.provider is None or by == said.provider:
        return said.stands - {by}
    return frozenset({said.provider})
