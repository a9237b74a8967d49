"""What fits one family among five thousand listings, the pure part: every listing looked at, each reason at hand.

Half of the listings say when there is a place, on many different days; all reach the family, which is the dearest case. Beside
it stands a plain way: each listing asked by itself, nothing asked once for all listings of a program.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from statistics import median
from time import process_time
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inmind.settings")

from bench.measured import Measured
from inmind.services.adapters.catalog import asked, not_at_once, programs
from inmind.services.fitting.eligibility import Family, eligible
from inmind.services.fitting.matching import Wish, matches
from inmind.services.listings.listing import Listing, Offers, Opening, Place

FEW, MANY, TURNS = 500, 5_000, 15
TODAY = date(2026, 11, 21)
FAMILY = Family(expected=TODAY + timedelta(days=98), answers={"first_birth": True, "low_income_or_low_resource": True})


def measure() -> Iterator[Measured]:
    wish = Wish(frozenset(Offers), frozenset({"es"}), "53033", Place(47.6, -122.3), (programs()["pat"],))
    listings = invented(MANY)
    large = median_of(lambda: fitting(wish, listings))
    small = median_of(lambda: fitting(wish, listings[:FEW]))
    yield Measured(f"matches of a family, {MANY:,} listings", large, "ms", at_most=50)
    yield Measured(
        f"matches for each listing, {MANY:,}", large / MANY, "ms", small / FEW, f"{FEW:,} listings", at_most=1.5
    )
    plain = median_of(lambda: by_themselves(listings))
    yield Measured(f"matches of a family, {MANY:,} listings", large, "ms", plain, "each by itself", at_most=1)


def fitting(wish: Wish, listings: list[Listing]) -> None:
    matches(FAMILY, wish, listings, TODAY, programs=programs(), questions=asked(), table=not_at_once())


def by_themselves(listings: list[Listing]) -> None:
    for one in listings:
        starts = one.opening.starts(TODAY) if one.opening else None
        if one.program:
            eligible(programs()[one.program], FAMILY, TODAY, questions=asked(), starts=starts)


def invented(count: int) -> list[Listing]:
    """Listings of one state, the same each time."""
    chance = random.Random(6)
    keys, others = sorted(programs()), [one for one in Offers if one is not Offers.PROGRAM]
    return [_invented(number, chance, keys, others) for number in range(count)]


def _invented(number: int, chance: random.Random, keys: list[str], others: list[Offers]) -> Listing:
    is_program = chance.random() < 0.7
    opening = Opening(TODAY, waits_days=chance.randrange(0, 200)) if chance.random() < 0.5 else None
    return Listing(
        UUID(int=chance.getrandbits(128)),
        f"Listing {number}",
        Offers.PROGRAM if is_program else chance.choice(others),
        TODAY - timedelta(chance.randrange(0, 200)),
        program=chance.choice(keys) if is_program else "",
        languages=frozenset(chance.sample(["en", "es", "so", "vi"], chance.randrange(0, 3))),
        reaches=frozenset({"53033", "53061"}) if chance.random() < 0.7 else frozenset(),
        place=Place(47 + chance.random(), -122 - chance.random()) if chance.random() < 0.8 else None,
        opening=opening,
    )


def median_of(work: Callable[[], None]) -> float:
    """Milliseconds of one processor, the middle one of some turns."""
    taken = []
    for _ in range(TURNS):
        begun = process_time()
        work()
        taken.append(1000 * (process_time() - begun))
    return median(taken)
