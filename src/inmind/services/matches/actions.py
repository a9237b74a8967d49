"""Write down what a program needs to know of a family, and look each day at the windows of referrals that wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from uuid import UUID

from inmind.access.act import Act, action
from inmind.families.actions.taking_part import check_taking_part
from inmind.families.models import Episode
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.models import keep_together
from inmind.foundation.values import N_
from inmind.people.models import Person
from inmind.services.adapters.catalog import asked, programs
from inmind.services.matches import queries
from inmind.services.matches.family_facts import Said, about_whom, is_theirs
from inmind.services.matches.models import FamilyAnswer, FamilyPlace, FamilyProgram, ReferralWindow
from inmind.services.referrals.models import Referral

AT_ONCE = 500  # referrals looked at together
_NOT_ASKED = N_("This is not something that a family is asked here.")


@action("services.keep_answer", on="episode")
def keep_answer(act: Act, *, episode: Episode, person: Person, question: str, said: Said) -> FamilyAnswer:
    """Keep what was answered on one person's page. What was answered before stays beneath it.

    Raises BadInput for a question that is not in the catalog, or that only the program itself can answer.
    """
    check_taking_part(episode, person)
    if not is_theirs(question, asked()):
        raise BadInput(_NOT_ASKED, N_("Choose one of the questions on the page."), field="question")
    row = FamilyAnswer(
        episode=episode,
        about_id=about_whom(asked()[question], person.pk, episode.dyad.child_id),
        question=question,
        said=said.value,
        on=act.today(episode.organization.zone),
        by_id=_writer(act),
    )
    row.save()
    return row


@action("services.keep_place", on="episode")
def keep_place(act: Act, *, episode: Episode, county: str, school_on: date | None) -> FamilyPlace:
    """Keep in which county this side of a family lives and, where that is known, on which day the child enters
    kindergarten; empty: not known."""
    row = FamilyPlace.objects.filter(episode=episode).first() or FamilyPlace(episode=episode)
    born = episode.dyad.birth_date
    if school_on is not None and born is not None and school_on <= born:
        raise BadInput(N_("This day lies before the child's birth."), N_("Check the date."), field="school_on")
    row.county = text.checked_line(county.strip(), 60, field="county")
    row.school_on = school_on
    row.save()
    return row


@action("services.enter_program", on="episode")
def enter_program(act: Act, *, episode: Episode, person: Person, program: str) -> FamilyProgram:
    """Keep that somebody is in a program already, where nobody here referred them."""
    check_taking_part(episode, person)
    if program not in programs():
        raise BadInput(
            N_("This is not a program that the house knows."), N_("Choose one from the list."), field="program"
        )
    there = FamilyProgram.objects.filter(episode=episode, about=person, program=program, until__isnull=True)
    if there.exists():
        raise NotNow(N_("This is written down already."))
    today = act.today(episode.organization.zone)
    row = FamilyProgram(episode=episode, about=person, program=program, since=today, by_id=_writer(act))
    row.save()
    return row


@action("services.leave_program", on="episode")
def leave_program(act: Act, *, episode: Episode, entered: UUID) -> FamilyProgram:
    """Keep that somebody is in a program no more."""
    row = FamilyProgram.objects.filter(episode=episode, pk=entered, until__isnull=True).first()
    if row is None:
        raise NotNow(N_("This is not open any more."), N_("Look at how it stands now."))
    row.until = act.today(episode.organization.zone)
    row.save()
    return row


@action("jobs.look_at_windows")
def look_at_windows(act: Act, *, after: UUID | None = None) -> int:
    """Note for each referral that waits when its window closes and whether a place would come too late; a stretch at a time,
    the next one in a job of its own. Returns how many were looked at."""
    rows = list(islice(queries.waiting(after), AT_ONCE))
    _note(act, rows)
    if len(rows) == AT_ONCE:
        act.later("services.windows", {"after": str(rows[-1].pk)})
    return len(rows)


@action("jobs.look_at_window")
def look_at_window(act: Act, *, referral: UUID) -> int:
    """The same for one referral that has moved; one that waits no more loses its note."""
    rows = list(Referral.objects.filter(pk=referral).select_related(*queries.LEADS_TO))
    _note(act, rows)
    return len(rows)


def look_at_windows_of(act: Act, *, dyad: UUID) -> None:
    """The same for the referrals of a child and its adults, whose birth date says something else now."""
    _note(act, list(Referral.objects.filter(episode__dyad=dyad).select_related(*queries.LEADS_TO)))


def _note(act: Act, rows: list[Referral]) -> None:
    there = {one.referral_id: one for one in ReferralWindow.objects.filter(referral__in=rows)}
    keep_together(_notes(act, rows, there))


def _notes(act: Act, rows: list[Referral], there: dict[UUID, ReferralWindow]) -> Iterator[ReferralWindow]:
    """The notes that are new. One that is there is changed where something in it is different, and goes where nothing is
    left to note."""
    for row, look in queries.windows_of(rows):
        noted = there.get(row.pk)
        if look is None:
            if noted is not None:
                noted.delete()
            continue
        today = act.today(row.episode.organization.zone)
        if noted is None:
            yield ReferralWindow(
                referral=row, closes=look.closes, place=look.place, too_late=look.too_late, looked_on=today
            )
        elif (noted.closes, noted.place, noted.too_late) != (look.closes, look.place, look.too_late):
            noted.closes, noted.place, noted.too_late, noted.looked_on = look.closes, look.place, look.too_late, today
            noted.save()


def _writer(act: Act) -> UUID:
    if act.actor.person is None:
        raise NotNow(N_("Only a person writes down what a family says."))
    return act.actor.person
