"""What is known of a family, read for the rules; what fits it; and how the windows of referrals stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import models

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.families.models import Assignment, Episode, Participation, Speech
from inmind.foundation import clock
from inmind.foundation.models import asked_again, in_force
from inmind.people.models import Person
from inmind.services.adapters.catalog import asked, not_at_once, programs, readings
from inmind.services.early.models import EarlyCase
from inmind.services.fitting import matching
from inmind.services.fitting.eligibility import Family
from inmind.services.fitting.matching import Terms, Wish
from inmind.services.fitting.program import Program
from inmind.services.listings.listing import Offers
from inmind.services.listings.shelf import all_listings
from inmind.services.matches import family_facts
from inmind.services.matches.board import Board, board
from inmind.services.matches.family_facts import Answered, Said
from inmind.services.matches.models import FamilyAnswer, FamilyPlace, FamilyProgram
from inmind.services.matches.windows import Look, look
from inmind.services.referrals.models import Referral, ReferralStep
from inmind.services.referrals.referral import State
from inmind.services.settled import terms

OVER = [one.value for one in State if one.is_over]
DECIDED = State.ACCEPTED  # by the program's own yes: its window asks nothing any more
WAITS = [one.value for one in State if not (one.is_over or one.is_connected or one is DECIDED)]
LEADS_TO = ("episode__dyad", "episode__organization", "listing")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a family on one person's page. enrolled: programs, each with the row that says so, None where a
    referral that has begun does."""

    family: Family
    said: Mapping[str, Said]
    languages: frozenset[str]
    place: FamilyPlace | None
    enrolled: Mapping[str, FamilyProgram | None]

    @property
    def programs(self) -> tuple[Program, ...]:
        return tuple(programs()[key] for key in self.enrolled if key in programs())

    def wish(self, needs: Iterable[Offers]) -> Wish:
        county = self.place.county if self.place else ""
        return Wish(frozenset(needs), self.languages, county, None, self.programs)


def known(episode: Episode, person: Person, on: date, *, reads_answers: bool) -> Known:
    """What is known of this side of a family on one person's page; what was answered only for those who may read it."""
    rows = [one for row in _answers(episode) if (one := row.as_answered)] if reads_answers else []
    return _known(episode, person, on, rows)


def _answers(episode: Episode) -> models.QuerySet:
    return FamilyAnswer.objects.filter(episode=episode).order_by("created_at", "pk")


def _known(episode: Episode, person: Person, on: date, rows: list[Answered]) -> Known:
    dyad = episode.dyad
    said = family_facts.answers(rows, asked(), person=person.pk, child=dyad.child_id)
    place = FamilyPlace.objects.filter(episode=episode).first()
    adults = [person] if person.pk != dyad.child_id else _adults(episode)
    spoken = Speech.objects.filter(person__in=adults).values_list("spoken", flat=True)
    return Known(
        family=family_facts.family(
            born=dyad.birth_date, expected=dyad.due_date, said=said, school=place.school_on if place else None
        ),
        said=said,
        languages=family_facts.languages([one.language for one in adults], spoken),
        place=place,
        enrolled=_enrolled(episode, on),
    )


def _adults(episode: Episode) -> list[Person]:
    rows = episode.participations.filter(part=Participation.Part.ADULT).select_related("person")
    return [row.person for row in rows]


def _enrolled(episode: Episode, on: date) -> dict[str, FamilyProgram | None]:
    """The programs that this side of a family is in: begun by a referral from here, or told to be from elsewhere."""
    begun = Referral.objects.filter(episode=episode, state=State.STARTED.value).exclude(program="")
    found: dict[str, FamilyProgram | None] = dict.fromkeys(begun.values_list("program", flat=True))
    told = FamilyProgram.objects.filter(episode=episode, since__lte=on, until__isnull=True).order_by("created_at")
    return {row.program: row for row in told} | found


def fitting(there: Known, on: date, needs: Iterable[Offers]) -> Board:
    """What fits a family on a day, in its lists."""
    term, grace = terms()
    found = matching.matches(
        there.family,
        there.wish(needs),
        all_listings(),
        on,
        programs=programs(),
        questions=asked(),
        table=not_at_once(),
        readings=readings(),
        terms=Terms(term, grace),
    )
    return board(found, programs())


def counties() -> list[str]:
    """The counties that listings name."""
    return sorted({county for one in all_listings() for county in one.reaches})


def waiting(after: UUID | None = None) -> Iterator[Referral]:
    """The referrals that wait for a program, or are drafted, by their ids; those after one."""
    rows = Referral.objects.filter(state__in=WAITS).exclude(program="").order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return rows.select_related(*LEADS_TO)[:1000].iterator(chunk_size=250)


def windows_of(rows: Iterable[Referral]) -> Iterator[tuple[Referral, Look | None]]:
    """How the window of each of these stands today; None where nothing has to be looked at, or no day is known.

    What was answered is not read: an answer moves no window but one, and the machine opens no sealed word.
    """
    of_episode = {
        row.episode_id: row.school_on
        for row in FamilyPlace.objects.filter(episode__in={row.episode_id for row in rows}, school_on__isnull=False)
    }
    for row in rows:
        program = programs().get(row.program)
        if row.state not in WAITS or program is None:
            yield row, None
            continue
        today = clock.today(row.episode.organization.zone)
        dyad = row.episode.dyad
        family = Family(born=dyad.birth_date, expected=dyad.due_date, school=of_episode.get(row.episode_id))
        place = place_of(row, today)
        yield row, look(program, family, today, place=place, questions=asked(), readings=readings())


def place_of(row: Referral, today: date) -> date | None:
    """The day on which a place would come: as the program named it for this referral, else as its listing says, counted from
    when the family came onto the list; None where nobody has said."""
    if row.waits_until is not None:
        return max(row.waits_until, today)
    opening = row.listing.as_listing.opening
    there = opening.starts(row.state_on if row.state == State.WAITLISTED else today) if opening is not None else None
    return None if there is None else max(there, today)


def closing_soon(actor: Actor) -> models.QuerySet:
    """The referrals that this actor may see and whose place would come too late, or whose window closes within thirty days
    (ours), the one first that closes first. Each has its note as `window`."""
    near = models.Q(window__too_late=True) | models.Q(
        window__closes__lte=clock.today(settings.INSTALLATION.zone) + matching.SOON
    )
    rows = Referral.objects.filter(near, state__in=WAITS)
    return (
        policy.visible(actor, rows, "services.see_referral")
        .select_related("window", "about", "listing", "episode__dyad", "episode__organization")
        .order_by("window__closes", "pk")
    )


def closing_for(actor: Actor) -> models.QuerySet:
    """Of these, the ones of the families that this actor holds: on whose care team they are, or whose referral is theirs."""
    on = clock.today(settings.INSTALLATION.zone)
    held = Assignment.objects.filter(in_force(on), worker=actor.person)
    theirs = models.Q(worker=actor.person) | models.Q(episode__in=held.values("episode"))
    return closing_soon(actor).filter(theirs).select_related("episode__dyad__child")


def set_going(ids: Iterable[UUID]) -> Iterator[tuple[UUID, datetime]]:
    """When a child of these episodes was referred, or its way through early intervention began."""
    sent = ReferralStep.objects.filter(
        referral__episode__in=list(ids), about=models.F("referral__episode__dyad__child"), state=State.SENT, tried=""
    )
    yield from sent.values_list("referral__episode", "created_at")
    yield from EarlyCase.objects.filter(episode__in=list(ids)).values_list("episode", "created_at")


def referrals(episode: UUID) -> list[Referral]:
    """The referrals of a side of a family, the newest first, each with its note where there is one."""
    return _referrals(episode=episode)


@asked_again
def _referrals(*, episode: UUID) -> models.QuerySet:
    rows = Referral.objects.filter(episode=episode)
    return rows.select_related("listing", "about", "window").order_by("-created_at", "-pk")
