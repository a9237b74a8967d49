"""What is left of a family when one of it is erased."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.access.models import LegalHold
from inmind.access.privacy import UNSETTLED
from inmind.families.models import (
    Concern,
    ConsentHolder,
    Dyad,
    EarlierVisit,
    Episode,
    Household,
    MapWish,
    Participation,
    Presence,
    Proposal,
    Release,
    Residence,
    SelfDescription,
    Speech,
    Subpoena,
    Visit,
)
from inmind.foundation import clock
from inmind.foundation.errors import NotNow
from inmind.foundation.registries import Forgetting
from inmind.foundation.values import N_
from inmind.people.models import Organization, Person


def _episodes(person: Person) -> list[Episode]:
    """Those in which she takes part, with any agency."""
    taking_part = Participation.objects.filter(person=person)
    return list(Episode.objects.filter(pk__in=taking_part.values("episode")).select_related("dyad").order_by("pk"))


def _is_child(person: Person) -> bool:
    return Dyad.objects.filter(child=person).exists()


def _goes(person: Person) -> Iterator[str]:
    if _is_child(person):
        yield _("The child's birth date, but for its year (kept as the first of January), and a due date likewise.")
        yield _("Being served: what the agency has open with this family ends today.")
    else:
        yield _(
            "Worries in this person's words; what they were proud of, and what happened, at visits where no other adult was."
        )
    yield _("Homes and addresses, languages, race and ethnicity as they were said, and names on the family's own map.")


def _stays(person: Person) -> Iterator[str]:
    episodes = _episodes(person)
    if not episodes:
        return
    visits = Visit.objects.filter(episode__in=episodes).count()
    yield _("That a family was served by your agency, from when to when.")
    if visits:
        yield _("Visits with day, place and minutes, and who went: %(count)s.") % {"count": visits}
    if not _is_child(person):
        yield _(
            "What was written about the child or said by somebody else, also where it speaks of this person, until the child "
            "is erased: what the baby showed at visits, worries of others, visits where another adult was, too."
        )
    yield _(
        "A note for the next worker, from when families were handed over: it is the worker's, and may name a family."
    )
    if Subpoena.objects.filter(about=person).exists():
        yield _("That a court asked about this person, when, and who answered, without names and words.")
    if _shared_homes(person).exists():
        yield _("An address where somebody else of the family lives.")


def _stops(person: Person, organization: Organization) -> Iterator[str]:
    """What was said to one of a family stands in the records of all of it: a court that asks about one, and a hold on the
    child, keep the others, too."""
    episodes = _episodes(person)
    if any(episode.organization_id != organization.pk for episode in episodes):
        yield UNSETTLED
    asked = Subpoena.objects.filter(episode__in=episodes, episode__organization=organization, closed_at__isnull=True)
    if asked.filter(about=person).exists():
        yield N_("A court has asked about this person, and that is not closed yet.")
    elif asked.exists():
        yield N_("A court has asked about somebody of this family, and that is not closed yet.")
    held = LegalHold.objects.filter(person__in=_children(episodes) - {person.pk}, lifted_at__isnull=True)
    if held.filter(organization=organization).exists():
        yield N_("There is a legal hold on the records of a child of this family.")
    if held.exclude(organization=organization).exists():
        yield UNSETTLED


def _hold_fast(person: Person) -> None:
    """Her episodes, so that no court's asking is written down meanwhile; and their children, so that no hold is set."""
    episodes = _episodes(person)
    locked = Episode.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in episodes])
    children = Person.objects.select_for_update(no_key=True).filter(pk__in=_children(episodes) | {person.pk})
    list(locked.order_by("pk"))
    list(children.order_by("pk"))


def _children(episodes: list[Episode]) -> set[UUID]:
    return {one.dyad.child_id for one in episodes}


def _needs(hold: LegalHold) -> None:
    waits = Subpoena.objects.filter(Q(about=hold.person_id) | Q(hold=hold), closed_at__isnull=True)
    came = waits.filter(episode__organization=hold.organization_id).order_by("came_on", "pk").first()
    if came is not None:
        raise NotNow(
            N_("A court has asked about this person: %(sender)s, on %(day)s. That is not closed yet."),
            N_("The hold is lifted once it is answered and closed."),
            facts={"sender": came.sender, "day": clock.day(came.came_on)},
        )


def _erase(act: Act, person: Person) -> None:
    _forget_what_was_said(person)
    for dyad in Dyad.objects.filter(child=person):
        dyad.birth_date, dyad.due_date = _year(dyad.birth_date), _year(dyad.due_date)
        dyad.gestation_weeks = None
        dyad.save()
        for episode in dyad.episodes.filter(until__isnull=True):
            episode.until = max(act.today(), episode.since)
            episode.save()
            for assignment in episode.assignments.filter(until__isnull=True):
                assignment.until = max(act.today(), assignment.since)
                assignment.save()


def _forget_what_was_said(person: Person) -> None:
    """What tells who she is, where she lives and what she said of herself; sealed words go with her key."""
    SelfDescription.objects.filter(person=person).delete()
    Speech.objects.filter(person=person).delete()
    MapWish.objects.filter(person=person).delete()
    homes = Household.objects.filter(residences__person=person).exclude(pk__in=_shared_homes(person).values("pk"))
    for home in homes.distinct():
        home.address = ""
        home.save()
    for concern in Concern.objects.filter(said_by=person):
        concern.said_by = concern.words = None
        concern.save()
    EarlierVisit.objects.filter(visit__in=_alone_with(person)).delete()
    for visit in _alone_with(person):
        visit.strength = visit.note = None
        visit.save()
    for release in Release.objects.filter(about=person):
        release.recipients, release.digest = "—", ""
        release.lines = release.said = release.stopped = release.chosen = None
        release.state = Release.State.OVER
        release.save()
    for came in Subpoena.objects.filter(about=person):
        came.sender, came.recipients, came.order = "—", "", ""
        came.asks = came.basis = came.done = None
        came.save()
    for asked in Proposal.objects.filter(Q(asked=person) | Q(about=person)):
        asked.recipient, asked.counsel, asked.shown, asked.signed = "—", "", None, None
        if asked.state == Proposal.State.OPEN:
            asked.state = Proposal.State.TAKEN_BACK
        asked.save()
    for row in ConsentHolder.objects.filter(Q(holder=person) | Q(dyad__child=person)):
        row.not_told = ""
        if row.holder_id is None:
            row.name = "—"
        row.save()


def _shared_homes(person: Person) -> QuerySet:
    """Homes of hers where somebody else of the family lives now."""
    others = Residence.objects.filter(until__isnull=True).exclude(person=person)
    return Household.objects.filter(residences__person=person, pk__in=others.values("household")).distinct()


def _alone_with(person: Person) -> QuerySet:
    """Visits at which she was the only adult of the family."""
    adults = Presence.objects.exclude(person=person).exclude(person=F("visit__episode__dyad__child"))
    return Visit.objects.filter(present__person=person).exclude(pk__in=adults.values("visit"))


def _came_in(person: Person) -> bool:
    about = (SelfDescription, Speech, MapWish)
    return any(model.objects.filter(person=person).exists() for model in about) or (  # type: ignore[attr-defined]
        ConsentHolder.objects.filter(holder=person).exclude(not_told="").exists()
    )


def _year(day: date | None) -> date | None:
    return day.replace(month=1, day=1) if day else None


FAMILIES = Forgetting(
    "families",
    frozenset(
        (
            *("families.Dyad", "families.Episode", "families.Participation", "families.Assignment"),
            *("families.Visit", "families.Presence", "families.EpisodeEnd", "families.HandOver", "families.Household"),
            *("families.Residence", "families.Speech", "families.SelfDescription", "families.ConsentHolder"),
            *("families.Concern", "families.MapWish", "families.Release", "families.Proposal", "families.EarlierVisit"),
            *("families.Subpoena", "families.SubpoenaStep"),
        )
    ),
    goes=_goes,
    stays=_stays,
    stops=_stops,
    erase=_erase,
    came_in=_came_in,
    holds_fast=_hold_fast,
    needs=_needs,
)
