"""What is due, read for families: the schedule's rules over what was finished. A few questions, however many families.

A child's list is made of the child's own facts alone. An adult's is made only for those who may read her screens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet

from inmind.access import grants, policy
from inmind.access.actors import Actor
from inmind.families.ages import weeks_at_birth
from inmind.families.models import Assignment, Dyad, Episode, Participation
from inmind.foundation import clock
from inmind.foundation.models import asked_again, in_force
from inmind.people.models import Person, Relationship
from inmind.screening.adapters.catalog import batteries, schedule, shipped, shipped_tools
from inmind.screening.battery import Answered, settled
from inmind.screening.models import DoneElsewhere, RecordedResult, Screen
from inmind.screening.recorded import RecordedTool
from inmind.screening.schedule import Asked, Child, Due, State, Taken, Tool, Whom, for_adult, for_child

SEE = "screening.see_due"
ON_A_PAGE = 25  # families
STRETCH = 300  # families that are worked out and put in order at once


@dataclass(frozen=True, slots=True)
class OfAdult:
    """What is asked of one adult, for those who may read her screens. pk, given_name: the person's."""

    pk: UUID
    given_name: str
    items: list[Due]


@dataclass(frozen=True, slots=True)
class OfFamily:
    """A family's episode with what is asked for the child, and of each adult whose screens the reader may see."""

    episode: Episode
    on: date
    child: list[Due]
    adults: list[OfAdult] = field(default_factory=list)

    def open(self, *states: State) -> Iterator[tuple[OfAdult | None, Due]]:
        """What somebody is asked to do, in the order of these states, in each by `Due.order`; the adult is None for the
        child's."""
        every = [(None, one) for one in self.child] + [(adult, one) for adult in self.adults for one in adult.items]
        wanted = states or (State.OVERDUE, State.DUE)
        some = [pair for pair in every if pair[1].state in wanted]
        return iter(sorted(some, key=lambda pair: (wanted.index(pair[1].state), pair[1].order)))

    def need(self, *states: State) -> tuple[int, date]:
        """Where this family stands among those of which something is open: by the first thing that is."""
        _adult, first = next(self.open(*states))
        return states.index(first.state), first.order


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a worklist, and by which ids the next begins (`page`); empty at the end. in_stretches: whether there are more
    families than are put in order at once."""

    families: list[OfFamily]
    following: dict[str, UUID]
    in_stretches: bool


def episodes_of(actor: Actor) -> Any:
    """The episodes whose lists this actor may see.

    Who reaches them by care teams alone is asked about her assignments: their families are few, and PostgreSQL would
    else walk through the agency's to find them in their order.
    """
    paths = {grant.path for one in actor.standings for grant in grants.of_role(one.role, SEE)}
    if paths != {"care_team"}:
        return policy.visible(actor, Episode.objects.all(), SEE)
    mine = Assignment.in_force(clock.today(settings.INSTALLATION.zone)).filter(worker=actor.person)
    return Episode.objects.filter(pk__in=list(policy.visible(actor, mine, SEE).values_list("episode", flat=True)))


def page(
    actor: Actor, episodes: Any, states: tuple[State, ...], after: UUID | None = None, past: UUID | None = None
) -> Page:
    """The next families of a list in which something is in one of these states, the longest overdue first, then what ends
    soonest; of one day the newest family.

    What is due is found out family by family, and so only a stretch of them is put in order at once, the newest families
    first: that which begins after one of them. past: whom of this stretch the page before ended with.
    """
    rows = episodes.select_related("dyad__child", "organization").order_by("-created_at", "-pk")
    some = list(_following(rows, after)[: STRETCH + 1])
    found = [one for one in of_families(actor, some[:STRETCH]) if next(one.open(*states), None)]
    found.sort(key=lambda one: one.need(*states))
    start = next((place for place, one in enumerate(found, 1) if one.episode.pk == past), 0)
    shown, is_long = found[start : start + ON_A_PAGE], len(some) > STRETCH
    following: dict[str, UUID] = {}
    if start + ON_A_PAGE < len(found):
        following = ({"after": after} if after else {}) | {"past": shown[-1].episode.pk}
    elif is_long:
        following = {"after": some[STRETCH - 1].pk}
    return Page(shown, following, in_stretches=is_long or after is not None)


def _following(rows: Any, after: UUID | None) -> Any:
    last = Episode.objects.filter(pk=after).values_list("created_at", flat=True).first() if after else None
    if last is None:
        return rows
    return rows.filter(Q(created_at__lt=last) | Q(created_at=last, pk__lt=after))


def teams(families: Sequence[OfFamily]) -> dict[UUID, list[str]]:
    """The names of those on each family's care team today."""
    names: dict[UUID, list[str]] = defaultdict(list)
    on = clock.today(settings.INSTALLATION.zone)
    rows = Assignment.in_force(on).filter(episode__in=[one.episode.pk for one in families])
    for row in rows.select_related("worker").order_by("since", "pk"):
        names[row.episode_id].append(row.worker.name)
    return names


def asked_for(key: str) -> Asked | None:
    """A child's screen that the schedule asks for at an age, by its key."""
    return next((one for one in schedule().of(Whom.CHILD) if one.key == key and one.windows), None)


def tool_at_hand(due: Due) -> Tool | None:
    """The first tool of a screen that is used at this age, is installed, and can be begun here; a battery by its parts."""
    known = shipped()
    used = (tool for tool in due.asked.tools if tool.fits(due.age))
    at_hand = (tool for tool in used if tool.key in batteries() or tool.key in known)
    return next((tool for tool in at_hand if tool.key in batteries() or known[tool.key].fits_a_page), None)


def tool_on_paper(due: Due) -> RecordedTool | None:
    """The first licensed tool that stands for a screen: answered on paper, and its result recorded here."""
    return next(
        (shipped_tools()[tool.key] for tool in due.asked.tools if tool.key in shipped_tools() and tool.fits(due.age)),
        None,
    )


def of_child(episode: Episode, on: date) -> list[Due]:
    """What is asked for the child of an episode. Whoever is given it may see what is due."""
    return for_child(schedule(), child_of(episode.dyad), on, _taken_by_children([episode])[episode.pk])


def of_adult(actor: Actor, episode: Episode, person: Person, on: date) -> list[Due]:
    """What is asked of one adult. Whoever is given it may read her screens."""
    taken = _taken_by_adults(actor, [episode.pk], [person.pk])[person.pk]
    part = next((part for _, pk, _, part in _caring(ids=[episode.pk], on=on) if pk == person.pk), "")
    return for_adult(schedule(), child_of(episode.dyad), part, on, taken)


def of_families(actor: Actor, episodes: Sequence[Episode]) -> list[OfFamily]:
    """What is due in each of these families, at the local day of its agency. Adults only where the actor may ask them."""
    days = {one.pk: clock.today(one.organization.zone) for one in episodes}
    children = _taken_by_children(episodes)
    serves = set(_serves(actor, "screening.begin", ids=[one.pk for one in episodes]))
    mine = [one for one in episodes if one.pk in serves]
    adults = _adults(actor, mine, days)
    return [
        OfFamily(
            episode=one,
            on=days[one.pk],
            child=for_child(schedule(), child_of(one.dyad), days[one.pk], children[one.pk]),
            adults=adults[one.pk],
        )
        for one in episodes
    ]


@policy.visible_again
def _serves(seen: policy.Seen, *, ids: list[UUID]) -> QuerySet:
    return seen(Episode.objects.filter(pk__in=ids)).values_list("pk", flat=True)


def child_of(dyad: Dyad) -> Child:
    """The child as the schedule sees it. Weeks of gestation as written down, else from the day it was expected on."""
    weeks = dyad.gestation_weeks
    if weeks is None and dyad.birth_date is not None and dyad.due_date is not None:
        weeks = weeks_at_birth(dyad.birth_date, dyad.due_date)
    return Child(dyad.birth_date, dyad.due_date, weeks)


def _adults(actor: Actor, episodes: Sequence[Episode], days: dict[UUID, date]) -> dict[UUID, list[OfAdult]]:
    found: dict[UUID, list[OfAdult]] = defaultdict(list)
    if not episodes:
        return found
    by_pk = {one.pk: one for one in episodes}
    caring = {(pk, person): rest for pk, person, *rest in _caring(ids=list(by_pk), on=min(days[pk] for pk in by_pk))}
    taken = _taken_by_adults(actor, list(by_pk), [person for _, person in caring])
    for (pk, person), (given_name, part) in caring.items():
        items = for_adult(schedule(), child_of(by_pk[pk].dyad), part, days[pk], taken[person])
        found[pk].append(OfAdult(person, given_name, items))
    return found


@asked_again
def _caring(*, ids: list[UUID], on: date) -> QuerySet:
    """The adults of episodes who care for the child on a day, in the order in which they came, and as what."""
    edge = "person__edges_out__"
    cares = {f"{edge}kind": Relationship.Kind.CARES_FOR, f"{edge}to_person": F("episode__dyad__child")}
    rows = Participation.objects.filter(in_force(on, edge), episode__in=ids, part=Participation.Part.ADULT, **cares)
    return rows.order_by("created_at", "pk").values_list("episode", "person", "person__given_name", f"{edge}part")


def _taken_by_children(episodes: Sequence[Episode]) -> dict[UUID, list[Taken]]:
    """The children's own screens, and what was done elsewhere. An adult's screen is never read here."""
    found: dict[UUID, list[Taken]] = defaultdict(list)
    born = [one for one in episodes if one.dyad.birth_date is not None]
    if not born:
        return found
    ids, children = [one.pk for one in born], [one.dyad.child_id for one in born]
    answered: dict[UUID, list[Answered]] = defaultdict(list)
    for (episode, _child), screen, form, months in _finished_of(ids, children):
        found[episode].append(screen)
        if form:
            answered[episode].append(Answered(screen.tool, screen.on, form, months))
    of_child = {key for key, one in shipped().items() if one.is_about_a_child}
    for battery in batteries().values() if answered else ():
        for pk, parts in answered.items():
            found[pk] += [Taken(battery.key, on) for on in settled(battery, of_child, parts)]
    for episode, tool, on in _done_elsewhere(ids=ids):
        found[episode].append(Taken(tool, on))
    return found


def _taken_by_adults(actor: Actor, episodes: list[UUID], people: list[UUID]) -> dict[UUID, list[Taken]]:
    """What adults finished in these episodes, and as those who care for a brother or sister in others whose screens the actor
    may take and read too: nobody is asked twice. Of another care team's screens nothing is told by it (`protect.md` 1)."""
    if others := set(_also_in(people=people)) - set(episodes):
        episodes = [*episodes, *_serves(actor, "screening.begin", ids=list(others))]
    found: dict[UUID, list[Taken]] = defaultdict(list)
    for (_episode, subject), screen, _form, _months in _finished_of(episodes, people):
        found[subject].append(screen)
    for subject, part in _taken_as_parts(episodes, [pk for pk, screens in found.items() if _holds_a_brief(screens)]):
        found[subject].append(part)
    return found


def _brief_parts() -> dict[str, list[str]]:
    """The instruments of which a part is a brief screen by itself, with those parts."""
    known = shipped()
    parts = {key: [part.key for part in one.subscales if part.key in known] for key, one in known.items()}
    return {key: held for key, held in parts.items() if held}


def _holds_a_brief(screens: Iterable[Taken]) -> bool:
    held = _brief_parts()
    return any(one.tool in held for one in screens)


def _taken_as_parts(episodes: list[UUID], people: list[UUID]) -> Iterator[tuple[UUID, Taken]]:
    """The brief screens that adults answered as a part of another one. Opened only where something counted: else none did."""
    held = _brief_parts()
    rows = Screen.objects.filter(episode__in=episodes, subject__in=people, instrument__in=held, taken_back_at=None)
    for one in rows.exclude(state=Screen.State.OPEN) if people else ():
        parts = one.parts if one.is_positive else {}
        for key in held[one.instrument]:
            low, high, _reaches = parts.get(key, (0, 0, None))
            yield one.subject_id, Taken(key, one.on, low, low == high)


@asked_again
def _also_in(*, people: list[UUID]) -> QuerySet:
    grown = Participation.objects.filter(person__in=people, part=Participation.Part.ADULT)
    return grown.values_list("episode", flat=True)


def _finished_of(ids: list[UUID], people: list[UUID]) -> Iterator[tuple[tuple[UUID, UUID], Taken, str, int]]:
    """Whose, what, on which age form (empty: on none), and at how many months as its rule counted them."""
    for episode, subject, tool, on, lowest, state, form, *ages in _finished(ids=ids, people=people):
        months, corrected, goes_by_corrected = ages
        taken = Taken(tool, on, lowest, state == Screen.State.COMPLETE)
        yield (episode, subject), taken, form, (corrected if goes_by_corrected else months) or 0


@asked_again
def _finished(*, ids: list[UUID], people: list[UUID]) -> QuerySet:
    rows = Screen.objects.filter(episode__in=ids, subject__in=people, taken_back_at=None)
    closed = rows.exclude(state=Screen.State.OPEN).order_by("on", "created_at")
    ages = ("age_months", "corrected_months", "goes_by_corrected")
    return closed.values_list("episode", "subject", "instrument", "on", "lowest", "state", "form", *ages)


@asked_again
def _done_elsewhere(*, ids: list[UUID]) -> QuerySet:
    """What somebody else took, and what was recorded of licensed tools, whose numbers are of no matter here."""
    recorded = RecordedResult.objects.filter(episode__in=ids, about=RecordedResult.About.CHILD, counts=True)
    elsewhere = DoneElsewhere.objects.filter(episode__in=ids).values_list("episode", "tool", "on")
    return elsewhere.union(recorded.values_list("episode", "tool", "on"), all=True)
