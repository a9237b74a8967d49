"""Invented people: names, birth dates and answers from a seed. Nobody here is anybody. Pure but for the seed's generator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from inmind.families.intake import AdultFacts, ChildFacts

GIVEN = (
    *(
        "Ana",
        "María",
        "Rosa",
        "Elena",
        "Lucía",
        "Sofía",
        "Inés",
        "Noemí",
        "Zoë",
        "Renée",
        "Amara",
        "Ayşe",
        "Chloé",
        "Dana",
        "Eun-ji",
    ),
    *(
        "Fátima",
        "Grace",
        "Hawa",
        "Imani",
        "Jesús",
        "José",
        "Kofi",
        "Liam",
        "Malik",
        "Nuño",
        "Omar",
        "Peter",
        "Quang",
        "Søren",
        "Tomás",
    ),
)
FAMILY = (
    *(
        "Ñúñez",
        "García",
        "Peña",
        "Muñoz",
        "Hernández",
        "O'Brien",
        "Nguyễn",
        "Okafor",
        "Begay",
        "Smith",
        "Jørgensen",
        "Kim",
        "Łukasik",
    ),
    *(
        "Martínez",
        "Johnson",
        "López",
        "Brown",
        "Castañeda",
        "Diaz-Ortega",
        "Åkesson",
        "Williams",
        "Yılmaz",
        "Tran",
        "Whitehorse",
    ),
)
BABIES = (
    "Mateo",
    "Luna",
    "Noah",
    "Mía",
    "Ángel",
    "Iris",
    "Eli",
    "Nayeli",
    "Theo",
    "Amal",
    "Júlia",
    "Bao",
    "Sami",
    "Wren",
    "Óscar",
)
STRENGTHS = (
    "He turns to my voice even when he is crying.",
    "She laughs when her brother comes home.",
    "We sing the same song every night and she waits for it.",
    "He slept on my chest and I felt calm for the first time.",
    "She looks for me across the room.",
)


SHOWED = (
    "Reached out both hands and waited to be picked up.",
    "Calmed down as soon as the song began.",
    "Looked from the toy to the window and back, and smiled.",
)
WORRIES = (
    "He startles at every sound, and I do not know why.",
    "She stopped saying the two words she had.",
    "I love him, and some days I feel nothing at all.",
)
STREETS = ("Elm Street", "Harbor Road", "Prairie Lane")


@dataclass(frozen=True, slots=True)
class Family:
    """An invented family, as it would be told at intake."""

    child: ChildFacts
    adults: tuple[AdultFacts, ...]


def families(seed: int, count: int, today: date) -> Iterator[Family]:
    """Invented families, always the same for a seed and a day."""
    random = Random(seed)
    for _ in range(count):
        family_name = random.choice(FAMILY)
        expected = random.random() < 0.1
        child = (
            ChildFacts(family_name=family_name, due_date=today + timedelta(days=random.randrange(10, 200)))
            if expected
            else ChildFacts(random.choice(BABIES), family_name, today - timedelta(days=random.randrange(5, 1000)))
        )
        first = (
            "expecting"
            if expected
            else random.choice(("mother", "mother", "mother", "father", "foster_mother", "grandmother"))
        )
        adults = [_adult(random, family_name, first)]
        if random.random() < 0.4:
            adults.append(
                _adult(random, random.choice(FAMILY), random.choice(("father", "grandmother", "kin", "step_parent")))
            )
        yield Family(child, tuple(adults))


def _adult(random: Random, family_name: str, part: str) -> AdultFacts:
    return AdultFacts(
        given_name=random.choice(GIVEN),
        family_name=family_name,
        part=part,
        language=random.choice(("en", "en", "es", "")),
        phone=f"555-01{random.randrange(100):02d}",  # numbers kept for fiction
        phone_is_safe=random.choice((True, True, None, False)),
        is_somebody_else=True,  # chance may give two of them one name
    )
