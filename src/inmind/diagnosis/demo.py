"""Formulations of a demonstration: a child in two versions with the words for the family, and a draft that is under way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from inmind.diagnosis import actions, queries, summary_actions, writing
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.formulation import (
    Certainty,
    Competence,
    Culture,
    Diagnosis,
    Environment,
    Health,
    HealthSource,
    Part,
    Relationship,
    Stressor,
)
from inmind.diagnosis.manual import DimensionRating
from inmind.diagnosis.models import Assessment, Formulation
from inmind.families import queries as families
from inmind.families.models import Assignment, Episode
from inmind.foundation import clock
from inmind.people.models import Person

SMALL = 500
YOUNGEST, OLDEST = 18, 60  # months, so that what is told fits the child's age
APART = timedelta(days=90)
CREDENTIALS = "LSCSW, IMH-E"


def make(network: Any, *, size: int, seed: int, said: Any) -> None:
    """Dana formulates with two families of the first agency whose care team she is on. A large network needs none."""
    dana = network.actor("dana") if size <= SMALL else None
    if dana is None:
        return
    for number, (episode, adult) in enumerate(_families(dana, network.agencies[0])):
        row = actions.open_assessment(
            dana, episode=episode, question="What would make the nights easier?", payer="State plan"
        )
        if number == 0:
            first = _signed(dana, row, adult, FIRST, queries.today_of(episode) - APART)
            again = actions.open_assessment(dana, episode=episode, payer="State plan")
            _count(dana, again)
            newest = _signed(dana, again, adult, SECOND, queries.today_of(episode), after=first)
            for language, words in WORDS.items():
                summary_actions.write_summary(
                    dana,
                    formulation=newest,
                    language=language,
                    says_names=True,
                    **dict(zip(FIELDS, words, strict=True)),
                )
        else:
            _count(dana, row)
            _draft(dana, row, adult)


def _count(dana: Any, row: Assessment) -> None:
    """The visits that the demonstration wrote down for this family."""
    for one in row.episode.visits.order_by("on", "pk"):
        actions.count_visit(dana, assessment=row, visit=one)


def _families(dana: Any, agency: Any) -> Iterator[tuple[Episode, Person]]:
    """The first two with a child of a fitting age who has an adult."""
    today = clock.today(agency.zone)
    serving = Assignment.in_force(today).filter(worker=dana.person).values("episode")
    born = (today - timedelta(days=31 * OLDEST), today - timedelta(days=31 * YOUNGEST))
    rows = Episode.objects.filter(pk__in=serving, until__isnull=True, dyad__birth_date__range=born)
    found = 0
    for episode in rows.select_related("organization", "dyad__child").order_by("created_at", "pk"):
        adults = families.adults(episode, today)
        if adults and found < 2:
            found += 1
            yield episode, adults[0].person


# What is said in each: everybody is invented

FIRST: dict[str, Any] = {
    "level": 3,
    "ratings": (
        "age-appropriate",
        "inconsistent-or-emerging",
        "inconsistent-or-emerging",
        "age-appropriate",
        "exceeds",
    ),
    "certainty": Certainty.WORKING,
    "impression": "Moves with joy. In a new place words and play come late.",
}
SECOND: dict[str, Any] = {
    "level": 2,
    "ratings": ("age-appropriate", "age-appropriate", "inconsistent-or-emerging", "age-appropriate", "exceeds"),
    "certainty": Certainty.CONFIRMED,
    "impression": "Plays with other children now, when somebody known is near.",
}
FIELDS = ("strengths", "understood", "next_steps")
WORDS: dict[str, tuple[str, str, str]] = {
    "en": (
        "Your child climbs everything, and comes back to you to show it. You know each kind of crying by its sound.",
        "The nights got hard after the move. A known song and the same order each evening help more than anything else.",
        "Dana comes on the first Tuesday of each month. In three months we look again together, at your table.",
    ),
    "es": (
        "Su hijo o hija trepa a todo y vuelve para enseñárselo. Usted conoce cada llanto por su sonido.",
        "Las noches se pusieron difíciles después de la mudanza. Una canción conocida y el mismo orden cada noche son lo que "
        "más ayuda.",
        "Dana viene el primer martes de cada mes. En tres meses lo vemos de nuevo, en su mesa.",
    ),
}


def _keep(dana: Any, row: Assessment, part: Part, said: object, seen: int = 0) -> None:
    actions.keep_draft(dana, assessment=row, part=part, content=writing.written(said), seen=seen)


def _draft(dana: Any, row: Assessment, adult: Person) -> None:
    """What stands in a draft after a visit."""
    head = writing.Head(list(manual().editions)[-1], None, frozenset((adult.pk,)), "Laughs before anybody else does.")
    _keep(dana, row, Part.HEAD, head)
    stressors = (Stressor("birth-of-a-sibling", "", 14, severity="hard at first, easier now"),)
    _keep(dana, row, Part.FOUR, writing.Four(stressors, "The grandmother cooks on Sundays."))


def _signed(
    dana: Any, row: Assessment, adult: Person, said: dict[str, Any], on: date, after: Formulation | None = None
) -> Formulation:
    book = manual()
    there = {name: one.version for name, one in queries.parts_of(row).items()}
    born = row.episode.dyad.birth_date
    months = (on - born).days // 31 if born else YOUNGEST
    ratings = dict(zip([one.key for one in book.domains], said["ratings"], strict=True))
    parts: dict[Part, object] = {
        Part.HEAD: writing.Head(
            list(book.editions)[-1],
            max(on, born) if born else on,
            frozenset((adult.pk,)),
            "Climbs everything, and comes back to be held. At home there is singing.",
        ),
        Part.ONE: writing.One(
            (
                Diagnosis(
                    "sleep-onset-disorder",
                    said["certainty"],
                    "Falling asleep takes long on most nights, in both homes where the child was seen.",
                    looked_up=True,
                ),
            ),
            strengths="Sleeps well after a day outside.",
        ),
        Part.THREE: writing.Three((Health("Two ear infections", HealthSource.RECORD, min(9, months)),)),
        Part.FOUR: writing.Four(
            (
                Stressor("change-in-primary-caregiver", "", min(8, months), min(10, months), severity="hard"),
                Stressor("", "The family moved twice", None, min(12, months), severity="a lot at once"),
                Stressor("family-social-isolation", "", min(12, months), goes_on=True, severity="easing"),
            ),
            "The neighbors of the first home still call.",
        ),
        Part.FIVE: Competence(ratings, said["impression"], "Draws with both hands."),
        Part.CULTURE: Culture(
            "Two languages at home, and both are loved.", "I speak one of them, and asked about the other."
        ),
    }
    for part, one in parts.items():
        _keep(dana, row, part, one, there.get(part.value, 0))
    rated = Relationship(
        adult.pk,
        said["level"],
        {
            "comfort": DimensionRating.STRENGTH,
            "play": DimensionRating.STRENGTH,
            "structure-routines": DimensionRating.CONCERN,
        },
        "The nights are short for everybody.",
        "Finds the song that helps.",
    )
    home = Environment("At home", frozenset((adult.pk,)), 2, {}, "Everybody eats at one table.")
    actions.rate_relationships(
        dana,
        assessment=row,
        caregiver=adult,
        content=writing.written(rated),
        seen=there.get(f"with:{adult.pk}", 0),
    )
    actions.rate_relationships(
        dana, assessment=row, environment=1, content=writing.written(home), seen=there.get("place:1", 0)
    )
    return actions.sign(
        dana,
        assessment=row,
        seen={name: one.version for name, one in queries.parts_of(row).items()},
        signed_as=CREDENTIALS,
        why_new="Three months have passed, and much has changed." if after is not None else "",
    )
