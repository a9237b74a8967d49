"""The families of a demonstration: registered, served and visited by the network's own people."""

from __future__ import annotations

from datetime import time, timedelta
from random import Random
from typing import Any

from inmind.families import actions, invented, queries
from inmind.families.intake import AdultFacts
from inmind.families.models import Episode
from inmind.families.rota import Turn
from inmind.foundation import clock
from inmind.people.models import Relationship
from inmind.records import actions as records

SMALL = 500  # up to here each action stands alone, so that the trail reads as it would
EACH = 60  # families of a home visitor in a large network
VISITORS = 4
BATCH = EACH * VISITORS
SEASON_DAYS = 90


def make(network: Any, *, size: int, seed: int, said: Any) -> None:
    """Name who is on call, say who holds whom, then register the families over the past season."""
    _name_on_call(network)
    network.together(lambda act: _hold(network, act))
    today = min(clock.today(agency.zone) for agency in network.agencies)  # born by then, wherever that is
    families = list(invented.families(seed, size, today))
    random = Random(seed + 1)
    if size <= SMALL:
        for done, family in enumerate(families, start=1):
            _register(network, random, family, done)
            said(done, size, "families")
        return
    for start in range(0, size, BATCH):
        stretch = families[start : start + BATCH]
        network.together(lambda act, stretch=stretch, start=start: _register_many(network, act, stretch, start))
        said(start + len(stretch), size, "families")


def _name_on_call(network: Any) -> None:
    for agency, (supervisor, clinician) in zip(network.agencies, (("okafor", "dana"), ("tom", "ines")), strict=True):
        person = network.accounts[clinician].person.pk
        actions.name_on_call(
            network.actor(supervisor),
            organization=agency,
            turns=tuple(Turn(time(8), time(18), weekday=day, person=person) for day in range(5)),
            speaks=frozenset({(person, "es")} if clinician == "ines" else ()),
        )


def _hold(network: Any, act: Any) -> None:
    """Reflective supervision is an edge of its own: Ngozi Okafor holds Luz and Dana."""
    holder = network.accounts["okafor"].person
    for held in ("luz", "dana"):
        records.relate(
            act, kind=Relationship.Kind.HOLDS, person=holder, to=network.accounts[held].person, since=act.today()
        )


def _register(network: Any, random: Random, family: invented.Family, number: int) -> None:
    """One family at one agency, some days ago, with a visit; most are the first agency's home visitor's."""
    place, visitor, coordinator = (1, "sam", None) if number % 4 == 0 else (0, "luz", "pat")
    by = network.actor(coordinator if coordinator and number % 5 == 0 else visitor)
    born = family.child.birth_date
    days = random.randrange(1, SEASON_DAYS)
    if born is not None:
        days = min(days, max(0, (clock.today(network.agencies[place].zone) - born).days))
    with clock.at(clock.now() - timedelta(days=days)):
        _, episode = actions.register(
            by, organization=network.agencies[place], child=family.child, adults=family.adults
        )
        if coordinator and number % 5 == 0:
            actions.join_team(by, episode=episode, worker=network.accounts[visitor].person)
    if place == 0 and number % 3 == 0:
        actions.join_team(network.actor("pat"), episode=episode, worker=network.accounts["dana"].person)
    _visit(network.actor(visitor), random, episode, days)
    if number % 2 == 1:
        _tell(network.actor(visitor), Random(number), episode, number)
    if number % 6 == 2:
        _worry(network, coordinator or visitor, episode, number)


def _tell(by: Any, random: Random, episode: Episode, number: int) -> None:
    """What a family tells after a while: who else is around the child, who lives together, languages, who may consent."""
    today = clock.today(episode.organization.zone)
    around = queries.adults(episode, today)
    adults = [one.person for one in around]
    if number % 4 == 1:
        name = AdultFacts(random.choice(invented.GIVEN), adults[0].family_name, "kin", is_somebody_else=True)
        actions.add_adult(by, episode=episode, adult=name)
    actions.house_together(
        by,
        episode=episode,
        people=(episode.dyad.child, *adults),
        since=today,
        address=f"{random.randrange(1, 90)} {random.choice(invented.STREETS)}",
    )
    actions.describe_speech(
        by, episode=episode, person=adults[0], language=adults[0].language, spoken="", interpreter=False
    )
    if episode.dyad.birth_date is not None:
        actions.note_gestation(by, episode=episode, gestation_weeks=random.choice((34, 38, 39, 40)))
        capacity = "parent" if around[0].part in {"mother", "father"} else "unknown"
        actions.note_consent(by, episode=episode, holder=adults[0], capacity=capacity, since=episode.dyad.birth_date)


def _worry(network: Any, owner: str, episode: Episode, number: int) -> None:
    """Somebody around the child is worried: said today to whoever takes the next step, in the coming days."""
    today = clock.today(episode.organization.zone)
    actions.hear(
        network.actor(owner),
        episode=episode,
        words=invented.WORRIES[number % len(invented.WORRIES)],
        next_step=("call", "visit", "look")[number % 3],
        owner=network.accounts[owner].person,
        by=today + timedelta(days=2 + number % 5),
        said_by=queries.adults(episode, today)[-1].person,
    )


def _visit(by: Any, random: Random, episode: Episode, days: int) -> None:
    words = random.choice(invented.STRENGTHS)
    people = (episode.dyad.child, *(row.person for row in episode.participations.filter(part="adult")[:1]))
    with clock.at(clock.now() - timedelta(days=days // 2)):
        actions.visit(
            by,
            episode=episode,
            on=clock.today(episode.organization.zone),
            place=random.choice(("home", "home", "office", "online")),
            minutes=random.choice((45, 60, 60, 75)),
            strength=words,
            showed=invented.SHOWED[days % len(invented.SHOWED)] if episode.dyad.birth_date else "",
            present=people,
        )


def _register_many(network: Any, act: Any, families: list[invented.Family], start: int) -> None:
    """A large network: three of four families are the first agency's, and no home visitor serves more than `EACH`."""
    for place in range(min(VISITORS, len(families))):
        agency, visitor = _visitor(network, act, place, start // BATCH)
        actions.register_many(
            network.on_behalf(act, network.actor(visitor)),
            organization=network.agencies[agency],
            families=[(family.child, family.adults) for family in families[place::VISITORS]],
        )


def _visitor(network: Any, act: Any, place: int, number: int) -> tuple[int, str]:
    """The agency and the home visitor of a quarter of a batch: the two who are known, then new ones."""
    agency = 1 if place == 0 else 0
    if number == 0 and place < 2:
        return agency, ("sam", "luz")[place]
    several = number * VISITORS + place
    given, family = (words[several % len(words)] for words in (invented.GIVEN, invented.FAMILY))
    network.welcome(act, username := f"visitor{several}", given, family, "home_visitor", agency)
    return agency, username
