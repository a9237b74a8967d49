"""The windows of a hundred thousand families, every program asked for each: flat in time and memory, whatever the number."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from time import process_time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inmind.settings")

from bench.measured import Measured
from inmind.services.adapters.catalog import programs
from inmind.services.fitting.eligibility import Family
from inmind.services.matches.windows import windows

FEW, MANY = 2_000, 100_000
TODAY = date(2026, 11, 21)


def measure() -> Iterator[Measured]:
    walk(FEW)  # what is read once
    small, large = (seconds(count) for count in (FEW, MANY))
    yield Measured(f"windows of {MANY:,} families", large, "s")
    yield Measured(
        f"windows for each of {MANY:,} families",
        1e6 * large / MANY,
        "µs",
        1e6 * small / FEW,
        f"{FEW:,} families",
        at_most=1.5,
    )
    few, many = (memory(count) for count in (FEW, 10 * FEW))
    yield Measured(f"memory for windows of {10 * FEW:,} families", many, "kB", few, f"{FEW:,} families", at_most=1.5)


def seconds(count: int) -> float:
    begun = process_time()
    walk(count)
    return process_time() - begun


def memory(count: int) -> float:
    """The most that was held at once, in kilobytes."""
    tracemalloc.start()
    walk(count)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1000


def walk(count: int) -> int:
    return sum(1 for _ in windows(invented(count), programs().values(), TODAY))


def invented(count: int) -> Iterator[tuple[int, Family]]:
    """Families with a child of up to six years, every tenth expecting one, and what most are asked first."""
    for number in range(count):
        day = TODAY - timedelta(number * 37 % 2190)
        answers = {"low_income": number % 3 == 0, "first_birth": number % 2 == 0}
        if number % 10:
            yield number, Family(born=day, answers=answers)
        else:
            yield number, Family(expected=TODAY + timedelta(number % 270), answers=answers)
