"""Reads of families: who cares for a child, who serves it, whom a name may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext

from inmind.access import grants, policy
from inmind.access import queries as access
from inmind.access.actors import Actor
from inmind.access.models import Account, AuditSubject, RoleAssignment
from inmind.families import consent, rota
from inmind.families.intake import PARTS, AdultFacts, ChildFacts, Named
from inmind.families.models import (
    Assignment,
    Concern,
    ConsentHolder,
    Dyad,
    Episode,
    HandOver,
    Household,
    MapWish,
    Participation,
    Residence,
    Rota,
    RotaSpeaker,
    RotaTurn,
    Visit,
)
from inmind.foundation import clock, text
from inmind.foundation.models import asked_again, in_force
from inmind.foundation.values import Age
from inmind.people.models import Contact, EarlierFact, NameToken, Organization, Person, Relationship
from inmind.records import finding
from inmind.records.likeness import Plain
from inmind.tasks.models import Task

FOUND_AT_MOST = 20
HANDED_OVER_SHOWN = timedelta(days=14)  # ours
JOINED_SHOWN = timedelta(days=14)  # ours
JOINED_AT_MOST = 200
LOOKED_AT = 60  # families of one worker that Today looks at
FEW = 300  # families: up to here a search begins with them, beyond it with the words


@dataclass(frozen=True, slots=True)
class Adult:
    """An adult as the dyad page shows her: her name, and how she cares for the child (a word to translate, and its key)."""

    person: Person
    part: str
    key: str


@dataclass(frozen=True, slots=True)
class Caring:
    """How an adult of an episode cares for the child (a word to translate), or did, with the days."""

    person: Person
    key: str  # of `intake.PARTS`
    since: date
    until: date | None

    @property
    def part(self) -> str:
        return PARTS.get(self.key, "")


def circle(episode: Episode, on: date) -> list[Caring]:
    """Everybody of this episode who cares for the child or once did, in the order in which they came; the latest first of
    each. Adults of another side of the family are not in it."""
    return policy.once(("circle", episode.pk, on), lambda: _circle(episode, on))


def _circle(episode: Episode, on: date) -> list[Caring]:
    of_person: dict[UUID, list[Relationship]] = {}
    for edge in _caring_for(child=episode.dyad.child_id, on=on):
        of_person.setdefault(edge.from_person_id, []).append(edge)
    return [
        Caring(row.person, edge.part, edge.since, edge.until if edge.until and edge.until <= on else None)
        for row in _taking_part(episode=episode.pk)
        for edge in of_person.get(row.person_id, ())
    ]


@asked_again
def _caring_for(*, child: UUID, on: date) -> models.QuerySet:
    cares = Relationship.objects.filter(kind=Relationship.Kind.CARES_FOR, to_person=child, since__lte=on)
    return cares.order_by("-since", "-pk")


def adults(episode: Episode, on: date) -> list[Adult]:
    """The adults who take part in an episode, in the order in which they came; each as she cares for the child by the
    latest word."""
    caring: dict[UUID, Adult] = {}
    for one in circle(episode, on):
        if one.until is None:
            caring.setdefault(one.person.pk, Adult(one.person, one.part, one.key))
    return list(caring.values())


@asked_again
def _taking_part(*, episode: UUID) -> models.QuerySet:
    rows = Participation.objects.filter(episode=episode, part=Participation.Part.ADULT).select_related("person")
    return rows.order_by("created_at", "pk")


def homes(episode: Episode, on: date) -> dict[Household, list[Residence]]:
    """The households that this episode knows, each with who lives there on a day."""
    there: dict[Household, list[Residence]] = {}
    for row in _living(episode=episode.pk, on=on):
        there.setdefault(row.household, []).append(row)
    return there


def lives_elsewhere(home: Household, rows: list[Residence]) -> bool:
    """Whether a household says of one person alone that she lives elsewhere; nobody else ever lived there."""
    if home.address or len(rows) > 1:
        return False
    return not Residence.objects.filter(household=home.pk).exclude(pk=rows[0].pk).exists()


@asked_again
def _living(*, episode: UUID, on: date) -> models.QuerySet:
    rows = Residence.objects.filter(in_force(on), household__episode=episode).select_related("household", "person")
    return rows.order_by("household__created_at", "created_at", "pk")


def who_may_consent(episode: Episode, on: date) -> list[tuple[ConsentHolder, consent.Answer]]:
    """Who may consent for the child on a day, as this agency has seen it; `consent.who_may` says the order and why."""
    rows = _consent_seen(dyad=episode.dyad_id, organization=episode.organization_id)
    by_holder = {id(holder := _holder(row)): (row, holder) for row in rows}
    answers = consent.who_may([holder for _, holder in by_holder.values()], on)
    return [(by_holder[id(answer.holder)][0], answer) for answer in answers]


@asked_again
def _consent_seen(*, dyad: UUID, organization: UUID) -> models.QuerySet:
    rows = ConsentHolder.objects.filter(dyad=dyad, organization=organization)
    return rows.select_related("holder").order_by("since", "created_at")


def _holder(row: ConsentHolder) -> consent.Holder:
    name = row.holder.name if row.holder else row.name
    return consent.Holder(name, consent.Capacity(row.capacity), row.document, row.since, row.until)


def handed_over_to(actor: Actor) -> list[dict[str, Any]]:
    """What was handed over to this actor in the last two weeks and still is hers, newest first."""
    if actor.person is None:
        return []
    since = clock.now() - HANDED_OVER_SHOWN
    overs = _handed_over(taker=actor.person, since=since)
    if not overs:
        return []
    served = {episode.pk: episode for episode in caseload(actor).filter(assignments__came_with__in=overs)}
    return [
        {
            "giver": over.giver.name,
            "note": over.note or "",
            "by": over.by.name if over.by is not None and over.by_id != over.giver_id else "",
            "at": over.created_at,
            "zone": over.organization.zone,
            "families": families,
        }
        for over in overs
        if (
            families := [
                {"name": served[one.episode_id].dyad.called, "episode": served[one.episode_id]}
                for one in over.assignments.order_by("created_at", "pk")
                if one.episode_id in served
            ]
        )
    ]


@asked_again
def _handed_over(*, taker: UUID, since: datetime) -> models.QuerySet:
    rows = HandOver.objects.filter(taker=taker, created_at__gte=since).select_related("giver", "by", "organization")
    return rows.order_by("-created_at")


def gave_over(actor: Actor) -> bool:
    """Whether families of this worker were ever handed to somebody else."""
    return HandOver.objects.filter(giver=actor.person).exists()


def carrying(organization: Organization) -> list[Person]:
    """The workers on whose care team a family of an agency is today, those who have left among them, by name."""
    today = clock.today(settings.INSTALLATION.zone)
    held = Assignment.in_force(today).filter(in_force(today, "episode__"), episode__organization=organization)
    return list(Person.objects.filter(pk__in=held.values("worker")).order_by("given_name", "family_name"))


def carried_by(worker: Person, organization: Organization) -> list[Episode]:
    """The families of a worker at an agency, by name."""
    today = clock.today(settings.INSTALLATION.zone)
    held = Assignment.in_force(today).filter(worker=worker)
    rows = Episode.objects.filter(in_force(today), organization=organization, pk__in=held.values("episode"))
    return sorted(rows.select_related("dyad__child"), key=lambda one: text.folded(one.dyad.called))


def alone_with(worker: Person, organization: Organization) -> int:
    """How many families of an agency have this worker alone on their care team: nobody else on it works there today."""
    today = clock.today(settings.INSTALLATION.zone)
    held = Assignment.in_force(today).filter(in_force(today, "episode__"), episode__organization=organization)
    others = held.filter(worker__in=holding_role(organization)).exclude(worker=worker)
    return held.filter(worker=worker).exclude(episode__in=others.values("episode")).values("episode").distinct().count()


def ended(actor: Actor) -> models.QuerySet:
    """The episodes that have ended and that this actor may open again, the latest first."""
    rows = policy.visible(actor, Episode.objects.all(), "families.reopen")
    return rows.select_related("dyad__child", "organization").prefetch_related("ends").order_by("-until", "-pk")


def team(episode: Episode, on: date) -> list[Assignment]:
    """The care team today."""
    return _serving(episode=episode.pk, on=on)


def serving_here(episode: Episode, on: date, *roles: str, or_else: UUID | None = None) -> models.QuerySet:
    """Those of the care team who hold one of these roles at the agency today, and can open the family; or_else: somebody
    who counts without being on it, where she holds one."""
    there = {row.worker_id for row in team(episode, on)} | {or_else}
    return holding_role(episode.organization, *roles).filter(pk__in=there - {None})


def may_read(actor: Actor, episode: Episode) -> bool:
    """Whether somebody reads what a family said to its care team: who is on it, and by emergency access for some hours."""
    return any(policy.can(actor, verb, episode) for verb in ("families.visit", "families.see_in_emergency"))


@asked_again
def _serving(*, episode: UUID, on: date) -> models.QuerySet:
    return Assignment.in_force(on).filter(episode=episode).select_related("worker").order_by("since", "pk")


def work_ways(people: Iterable[UUID | None], organization: Organization) -> dict[UUID, tuple[str, str]]:
    """The work phone, and the mail at which the agency writes to them, of those of them who work there today; either may be
    empty."""
    here = [one.pk for one in holding_role(organization).filter(pk__in=[one for one in people if one])]
    rows = Contact.in_use(person__in=here, channel=Contact.Channel.MAIL, safe=True)
    mails = dict(rows.order_by("-created_at", "-pk").values_list("person", "address"))
    phones = access.work_phones(here)
    return {one: (phones.get(one, ""), mails.get(one, "")) for one in here}


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody whom somebody else put on care teams lately; `left`: she was taken off all of them again."""

    worker: Person
    by: Person
    episodes: tuple[Episode, ...]
    left: bool


def joined(actor: Actor) -> list[Joined]:
    """Who joined the care teams that this actor is on or watches over, but for herself, the latest first."""
    found: dict[tuple[UUID, UUID | None], list[Assignment]] = {}
    for row in _joined_lately(actor, "families.see_joined", since=clock.now() - JOINED_SHOWN, person=actor.person):
        found.setdefault((row.worker_id, row.by_id), []).append(row)
    return [
        Joined(
            some[0].worker,
            some[0].by,
            tuple(dict.fromkeys(one.episode for one in some)),
            all(one.until is not None for one in some),
        )
        for some in found.values()
        if some[0].by is not None
    ]


@policy.visible_again
def _joined_lately(seen: policy.Seen, *, since: datetime, person: UUID) -> models.QuerySet:
    lately = Assignment.objects.filter(created_at__gte=since, by__isnull=False)
    rows = seen(lately.exclude(worker=person).exclude(by=person))
    return rows.select_related("worker", "by", "episode__dyad__child").order_by("-created_at", "-pk")[:JOINED_AT_MOST]


def who_watches(organization: Organization, about: Iterable[UUID | None] = ()) -> list[Person]:
    """Who watches over privacy at an agency, but for those whom it is about: its privacy officers; where there is none, its
    supervisors."""
    for role in ("privacy_officer", "agency_supervisor"):
        if people := list(holding_role(organization, role).exclude(pk__in=[one for one in about if one])):
            return people
    return []


def who_else(organization: Organization, about: Iterable[UUID | None] = ()) -> list[Person]:
    """Who hears that nobody at an agency watches over privacy but those whom it is about: who runs the house, and where
    nobody else does, everybody else who works at the agency."""
    today = RoleAssignment.today(clock.today(settings.INSTALLATION.zone)).filter(account__is_active=True)
    runs = Person.objects.filter(account__roles__in=today.filter(role="administrator")).distinct()
    for people in (runs, holding_role(organization)):
        if left := list(people.exclude(pk__in=[one for one in about if one]).order_by("given_name", "family_name")):
            return left
    return []


@asked_again
def who_holds(*, workers: list[UUID], on: date) -> models.QuerySet:
    """Who holds these workers in reflective supervision on a day. A gap is never told (`protect.md` 10, 13)."""
    rows = Relationship.objects.filter(in_force(on), kind=Relationship.Kind.HOLDS, to_person__in=workers)
    return rows.select_related("from_person", "to_person").order_by("since", "pk")


def on_map(episode: Episode, on: date) -> set[UUID]:
    """Everybody who can stand on the map of this episode: its adults, its care team, and who holds those."""
    serving = {row.worker_id for row in team(episode, on)}
    holding = {edge.from_person_id for edge in who_holds(workers=list(serving), on=on)}
    return {one.person.pk for one in adults(episode, on)} | serving | holding


def map_wishes(episode: Episode) -> dict[UUID, MapWish]:
    """The newest wish of the family for each person on its map, by the person's id."""
    return {one.person_id: one for one in _wishes(episode=episode.pk)}


@asked_again
def _wishes(*, episode: UUID) -> models.QuerySet:
    return MapWish.objects.filter(episode=episode).order_by("created_at", "pk")


def concerns(episode: Episode) -> list[tuple[Concern, Task | None]]:
    """The worries that were heard in an episode, the newest first, each with the task of its next step."""
    heard = _heard(episode=episode.pk)
    if not heard:
        return []
    steps = {task.about_id: task for task in _next_steps(ids=[one.pk for one in heard])}
    return [(one, steps.get(one.pk)) for one in heard]


@asked_again
def _heard(*, episode: UUID) -> models.QuerySet:
    rows = Concern.objects.filter(episode=episode).select_related("said_by", "heard_by", "episode__dyad")
    return rows.order_by("-on", "-pk")[:20]


@asked_again
def _next_steps(*, ids: list[UUID]) -> models.QuerySet:
    rows = Task.objects.filter(about_kind=Concern._meta.label, about_id__in=ids)
    return rows.select_related("owner", "closed_by", "organization")


def latest_visits(episode: Episode) -> list[Visit]:
    """The latest twenty visits, the last one first, each with who went and who of the family was there."""

    def latest() -> list[Visit]:
        rows = _visits(episode=episode.pk)
        models.prefetch_related_objects(rows, "present__person")
        return rows

    return policy.once(("visits", episode.pk), latest)


@asked_again
def _visits(*, episode: UUID) -> models.QuerySet:
    rows = Visit.objects.filter(episode=episode).select_related("worker", "episode__dyad")
    return rows.order_by("-on", "-pk")[:20]


def other_children(actor: Actor, person: Person, dyad: UUID) -> list[Episode]:
    """The families of other children for whom an adult cares, of those that this actor may see."""
    taking_part = Participation.objects.filter(person=person, part=Participation.Part.ADULT)
    theirs = Episode.objects.filter(pk__in=taking_part.values("episode")).exclude(dyad=dyad)
    rows = policy.visible(actor, theirs.select_related("dyad__child"), "families.see")
    return list(rows.order_by("since", "created_at", "pk"))


def of_the_same_adults(actor: Actor, episode: Episode) -> list[Episode]:
    """The families of other children for whom this side's adults care, one for each child, of those this actor may see."""
    grown = Participation.objects.filter(part=Participation.Part.ADULT)
    theirs = grown.filter(person__in=grown.filter(episode=episode).values("person")).values("episode")
    rows = Episode.objects.filter(pk__in=theirs).exclude(dyad=episode.dyad_id).select_related("dyad__child")
    seen = policy.visible(actor, rows, "families.see").order_by("since", "created_at", "pk")
    return list({one.dyad_id: one for one in reversed(seen)}.values())[::-1]


def looked_at_elsewhere(episode: Episode) -> models.Q | None:
    """Of the trail's rows of subjects, those about an adult of this episode which another family of hers left: what she was
    asked there is that care team's (`protect.md` 1). None where nobody has another.

    What was done on her own page, or about a task of it, leads here only where it names this episode.
    """
    grown = Participation.objects.filter(part=Participation.Part.ADULT)
    theirs = grown.filter(person__in=grown.filter(episode=episode).values("person")).exclude(episode=episode)
    people, episodes = {row.person_id for row in theirs}, {row.episode_id for row in theirs}
    if not people:
        return None
    of_entry = AuditSubject.objects.filter(entry=models.OuterRef("entry"), kind="episode")
    own_page = [verb for verb, words in grants.WORDS.items() if words == grants.OWN_PAGE]
    here = [str(task.pk) for task in Task.objects.filter(subject__in=people) if _is_of(task, episode)]
    untold = models.Q(entry__verb__in=own_page) & ~models.Exists(of_entry.filter(ref=episode.pk))
    return models.Q(kind="person", ref__in=people) & (
        models.Exists(of_entry.filter(ref__in=episodes)) | untold & ~models.Q(entry__about__in=here)
    )


def _is_of(task: Task, episode: Episode) -> bool:
    about = apps.get_model(task.about_kind)._default_manager.filter(pk=task.about_id).first()
    return about is not None and episode in policy.anchors(about, Episode._meta.label)


def named(person: Person, dyad: Dyad | None) -> Named:
    """What a record says of who somebody is. dyad: her own, of a child."""
    if dyad is None:
        return Named(person.given_name, person.family_name)
    due = dyad.due_date if dyad.birth_date is None else None
    return Named(person.given_name, person.family_name, dyad.birth_date, due)


def age(dyad: Dyad, on: date) -> Age | None:
    """The child's age, None before birth."""
    return Age.between(dyad.birth_date, on) if dyad.birth_date and dyad.birth_date <= on else None


def sides(actor: Actor, dyad: Dyad, verb: str = "families.see") -> list[Episode]:
    """The episodes of a dyad that this actor may see, or reach for another verb, the first one first."""
    return policy.once(("sides", actor, dyad.pk, verb), lambda: _sides(actor, verb, dyad=dyad.pk))


@policy.visible_again
def _sides(seen: policy.Seen, *, dyad: UUID) -> models.QuerySet:
    of_dyad = seen(Episode.objects.filter(dyad=dyad)).select_related("organization", "dyad__child")
    return of_dyad.order_by("since", "created_at", "pk")


def open_episode(actor: Actor, dyad: Dyad, verb: str = "families.see", chosen: str = "") -> Episode | None:
    """The episode through which this actor may see a dyad: the one whose id was chosen, and no other; nothing chosen, the
    first. What is written asks for a choice where there are several (`views.episode_of`)."""
    episodes = sides(actor, dyad, verb)
    return next((one for one in episodes if chosen in ("", str(one.pk))), None)


def caseload(actor: Actor) -> models.QuerySet:
    """The episodes of the families that this actor serves, newest first.

    The policy is asked about her assignments, not about the episodes: who reaches a whole agency's would otherwise lead
    SQLite through all of them.
    """
    mine = Assignment.in_force(clock.today(settings.INSTALLATION.zone)).filter(worker=actor.person)
    served = Episode.objects.filter(pk__in=policy.visible(actor, mine, "families.see").values("episode"))
    return served.select_related("dyad__child", "organization").order_by("-created_at")


def newest(actor: Actor) -> dict[UUID, str]:
    """The ids of the newest of these, at most `LOOKED_AT`, each with its agency's zone."""
    on = clock.today(settings.INSTALLATION.zone)
    return policy.once(("newest", actor), lambda: dict(_newest(actor, "families.see", worker=actor.person, on=on)))


@policy.visible_again
def _newest(seen: policy.Seen, *, worker: UUID, on: date) -> models.QuerySet:
    served = seen(Assignment.in_force(on).filter(worker=worker)).values("episode")
    rows = Episode.objects.filter(pk__in=served).order_by("-created_at")
    return rows.values_list("pk", "organization__zone")[:LOOKED_AT]


def of_ids(ids: list[UUID]) -> dict[UUID, Episode]:
    """Episodes by their ids, with what a list says of child and agency."""
    known: dict[UUID, Episode] = policy.once("episodes of lists", dict)
    known |= {row.pk: row for row in _of_ids(ids=[one for one in ids if one not in known])}
    return {one: known[one] for one in ids if one in known}


@asked_again
def _of_ids(*, ids: list[UUID]) -> models.QuerySet:
    child = ("given_name", "family_name", "erased_at")
    dyad = ("child", "birth_date", "due_date", "gestation_weeks", *(f"child__{name}" for name in child))
    rows = Episode.objects.filter(pk__in=ids).select_related("dyad__child", "organization")
    return rows.only("dyad", "organization", "organization__zone", *(f"dyad__{name}" for name in dyad))


@dataclass(frozen=True, slots=True)
class Found:
    """A person whom a search found, with the dyad to open and what she is in it; says: by what she is told apart."""

    person: Person
    dyad: Dyad
    is_child: bool
    episode: Episode
    before: str = ""  # earlier names, by which a search finds her too
    says: str = ""  # who they are there, since when, and with whom


def find(actor: Actor, words: str) -> list[Found]:
    """People whose names hold words that begin so, accents or not, among those this actor may see; `FOUND_AT_MOST`.

    Who serves few families is searched from those; who reaches a whole agency's, from the words listed there. Either
    way the time does not grow with the number of people that others keep.
    """
    tokens = sorted({token[:80] for token in text.tokens(words)}, key=len, reverse=True)
    if not tokens:
        return []
    episodes = policy.visible(actor, Episode.objects.all(), "families.find")
    few = list(episodes.order_by("-created_at", "-pk").values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        taking_part = Participation.objects.filter(episode__in=few)
        near = NameToken.objects.filter(person__in=list(taking_part.values_list("person_id", flat=True)))
        return _said(actor, _first(_named(near, tokens), lambda people: _together(taking_part, people)))
    agencies = {standing.organization for standing in actor.standings if standing.organization}
    near = NameToken.objects.filter(organization__in=agencies)
    return _said(actor, _first(_named(near, tokens), lambda people: _allowed(actor, people)))


def _said(actor: Actor, found: list[Found]) -> list[Found]:
    lines = access.told_apart(actor, [one.person for one in found], "families.find") if found else {}
    return [replace(one, says=lines[one.person.pk]) for one in found]


def _found(row: Participation) -> Found:
    return Found(row.person, row.episode.dyad, row.part == Participation.Part.CHILD, row.episode)


def alike(actor: Actor, child: ChildFacts, adults: Iterable[AdultFacts]) -> list[Found]:
    """People who may be this child or one of these new adults, among those that this actor may find; nobody learns of anybody
    else."""
    plains = (
        Plain(child.given_name, child.family_name, child.birth_date),
        *(
            Plain(adult.given_name, adult.family_name, None, frozenset({adult.phone} - {""}))
            for adult in adults
            if not adult.known
        ),
    )
    ids = [person.pk for person in finding.like_and_seen(actor, *plains)]
    rows = {row.person_id: row for row in _allowed(actor, ids)}
    return _said(actor, [_found(row) for row in rows.values()])


def told_apart(actor: Actor, people: Iterable[UUID], verb: str) -> dict[tuple[UUID, UUID], str]:
    """For each of these people, in each episode that a verb reaches, who they are there, since when, and with whom; the
    year of birth alone. The child is named where the reader finds the family in her list anyway."""
    rows = policy.visible(actor, Participation.objects.filter(person__in=list(people)), verb)
    related = rows.select_related("person", "episode__dyad__child", "episode__organization")
    return {
        (row.person_id, row.episode_id): _told_apart(
            row, is_named=verb == "families.find" or bool(policy.can(actor, "families.find", row.episode))
        )
        for row in related.order_by("episode__since", "episode__created_at", "pk")
    }


def _told_apart(row: Participation, *, is_named: bool) -> str:
    if row.person.erased_at is not None:
        return ""
    dyad, facts = row.episode.dyad, {"name": row.episode.dyad.called}
    who = {
        (True, True): gettext("born in %(year)s"),
        (True, False): gettext("not born yet"),
        (False, True): gettext("cares for a child born in %(year)s"),
        (False, False): gettext("cares for a child who is expected"),
    }[row.part == Participation.Part.CHILD, dyad.birth_date is not None]
    if row.part != Participation.Part.CHILD and is_named:
        who = gettext("cares for %(name)s")
    year = {"year": dyad.birth_date.year} if dyad.birth_date else {}
    since = {"agency": row.episode.organization.name, "day": clock.day(row.episode.since)}
    return f"{who % (facts | year)}, {gettext('with %(agency)s since %(day)s') % since}"


def called(adults: Iterable[Adult]) -> dict[UUID, str]:
    """What each of a family's adults is called where one is chosen; two of one name also by how they care for the child."""
    told = {}
    for one in adults:
        part = gettext(one.part) if one.part else ""
        told[one.person.pk] = (one.person.name, part, access.mark_of_record(one.person.pk))
    return text.apart(told)


def _named(near: models.QuerySet, tokens: list[str]) -> models.QuerySet:
    """The ids of those with all these words among some name tokens, the longest word leading, in its order."""
    for token in tokens[1:]:
        # Of the same listing: the whole name stands in each, and one index leads to it.
        same = {"person": models.OuterRef("person_id"), "organization": models.OuterRef("organization_id")}
        other = NameToken.objects.filter(**same, token__starts=token)
        near = near.filter(models.Exists(other))
    return near.filter(token__starts=tokens[0]).order_by("token", "person_id").values_list("person_id", flat=True)


def _first(ids: models.QuerySet, rows_of: Callable[[list[UUID]], Iterable[Participation]]) -> list[Found]:
    """The first people found, read in stretches of growing length until there are enough."""
    found: dict[UUID, Found] = {}
    start, length = 0, FOUND_AT_MOST * 3
    while len(found) < FOUND_AT_MOST:
        some = list(ids[start : start + length])
        by_person: dict[UUID, Found] = {}
        for row in rows_of(some):
            if row.person.merged_into_id is None:
                by_person.setdefault(row.person_id, _found(row))
        found |= {pk: by_person[pk] for pk in some if pk in by_person}
        if len(some) < length:
            break
        start, length = start + length, length * 4
    earlier = EarlierFact.found_by(found)
    return [replace(one, before=", ".join(earlier.get(pk, ()))) for pk, one in list(found.items())[:FOUND_AT_MOST]]


def _together(taking_part: models.QuerySet, people: list[UUID]) -> models.QuerySet:
    rows = taking_part.filter(person__in=people).select_related("person", "episode__dyad__child")
    return rows.order_by("-episode__created_at")


def _allowed(actor: Actor, people: list[UUID]) -> Iterator[Participation]:
    """Asked row by row: as a condition of the query, SQLite would begin with all the agency's episodes."""
    rows = _together(Participation.objects.all(), people)
    return (row for row in rows if policy.can(actor, "families.find", row))


def rota_of(organization: Organization) -> Rota | None:
    """What an agency last said about its hours and turns."""
    return next(iter(_last_rota(organization=organization.pk)), None)


@asked_again
def _last_rota(*, organization: UUID) -> models.QuerySet:
    return Rota.objects.filter(organization=organization, until__isnull=True).order_by("pk")[:1]


def plan_of(organization: Organization, *, speaks: bool = True) -> rota.Rota:
    """An agency's turns as they were said, and who speaks what, where that is asked; empty where nothing was said yet."""
    turns = (rota.Turn(*row) for row in _turns(organization=organization.pk))
    languages = _speakers(organization=organization.pk) if speaks else ()
    return rota.Rota(organization.zone, tuple(turns), frozenset(languages))


@asked_again
def _turns(*, organization: UUID) -> models.QuerySet:
    rows = RotaTurn.objects.filter(rota__organization=organization, rota__until__isnull=True).order_by("place")
    return rows.values_list("start", "end", "weekday", "day", "person", "backup")


@asked_again
def _speakers(*, organization: UUID) -> models.QuerySet:
    rows = RotaSpeaker.objects.filter(rota__organization=organization, rota__until__isnull=True)
    return rows.values_list("person", "language")


def plan_that_holds(organization: Organization, *, speaks: bool = True) -> rota.Rota:
    """The same with those alone who are clinicians there today: who has left answers no more."""
    plan = plan_of(organization, speaks=speaks)
    named = {one for turn in plan.turns for one in (turn.person, turn.backup) if one is not None}
    on = clock.today(settings.INSTALLATION.zone)
    return plan.only(set(_clinicians(organization=organization.pk, among=list(named), on=on)))


@asked_again
def _clinicians(*, organization: UUID, among: list[UUID], on: date) -> models.QuerySet:
    held = RoleAssignment.today(on).filter(organization=organization, role="clinician", account__is_active=True)
    return held.filter(account__person__in=among).values_list("account__person", flat=True)


def reading(organization: Organization, language: str = "") -> rota.Reading:
    """Who reads for an agency now, or from when on somebody does; language: the one the family likes to speak."""
    return rota.reading(plan_that_holds(organization, speaks=bool(language)), clock.now(), language)


def outside_minutes(organization: Organization) -> int:
    """How long before an answer that comes outside of an agency's hours climbs."""
    saved = rota_of(organization)
    return saved.outside_minutes if saved else Rota._meta.get_field("outside_minutes").default


def on_call(organization: Organization, language: str = "") -> Person | None:
    """Who is asked first for an agency now; None outside of its hours, and where nobody is named who can still answer."""
    now = reading(organization, language)
    return Person.objects.get(pk=now.asked[0]) if now.state is rota.State.ON_CALL else None


def can_be_answered(organization: Organization) -> bool:
    """Whether an answer that needs a person would reach one: somebody has turns, or a supervisor is there."""
    return (
        reading(organization).state is not rota.State.NEVER or holding_role(organization, "agency_supervisor").exists()
    )


def when(moment: datetime, zone: str) -> str:
    """A moment of the coming days in words: `8 a.m. on Monday, November 23`."""
    local = moment.astimezone(ZoneInfo(zone))
    words = {
        "time": date_format(local, "TIME_FORMAT"),
        "weekday": date_format(local, "l"),
        "day": date_format(local, "MONTH_DAY_FORMAT"),
    }
    return gettext("%(time)s on %(weekday)s, %(day)s") % words


def serving_agencies() -> models.QuerySet:
    """The agencies with an episode that runs today."""
    running = Episode.objects.filter(in_force(clock.today(settings.INSTALLATION.zone)))
    return Organization.objects.filter(pk__in=running.values("organization")).order_by("name")


def agencies() -> list[Organization]:
    """Every agency, also one that serves no family yet."""
    return list(Organization.objects.filter(kind=Organization.Kind.AGENCY).order_by("name"))


def never_signed_in(people: Iterable[UUID]) -> set[UUID]:
    """Those of them who have not signed in once."""
    wanted = Account.objects.filter(person__in=list(people), last_login__isnull=True)
    return set(wanted.values_list("person_id", flat=True))


def holding_role(organization: Organization, *roles: str) -> models.QuerySet:
    """The people who hold one of these roles at an organization today."""
    held = RoleAssignment.today(clock.today(settings.INSTALLATION.zone)).filter(
        organization=organization, account__is_active=True
    )
    if roles:
        held = held.filter(role__in=roles)
    return Person.objects.filter(account__roles__in=held).distinct().order_by("given_name", "family_name")
