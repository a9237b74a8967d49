"""`python -m bench.ground.taken PEOPLE`: how long a sheet takes, looked at and taken in, and a plain insert, as JSON."""

from __future__ import annotations

import csv
import io
import json
import random
import sys
import time
from datetime import date, timedelta

from inmind import cli

cli.set_up()

from django.db import connection, transaction  # noqa: E402

from inmind.access import guard  # noqa: E402
from inmind.access.actors import machine, operator  # noqa: E402
from inmind.people.models import Organization  # noqa: E402
from inmind.records import actions, queries  # noqa: E402
from inmind.records.models import SheetImport  # noqa: E402

HEADING = ("child_given_name", "child_family_name", "birth_date", "given_name", "family_name", "part", "phone")
LETTERS = "bdfghklmnprstvz", "aeiou"
TWICE, WRONG = 0.05, 0.02


def main(people: int) -> dict[str, float]:
    text = sheet(people // 2)
    agency = Organization.objects.filter(kind=Organization.Kind.AGENCY).order_by("name")[0]
    began = time.monotonic()
    taken = actions.begin_import(operator("bench"), organization=agency, name="bench.csv", text=text)
    taken = _to_its_end(actions.map_columns(operator("bench"), sheet=taken, columns=taken.columns))
    taken = _to_its_end(actions.carry_on_import(operator("bench"), sheet=taken))
    ours = time.monotonic() - began
    counts = {"same": 0, "doubtful": 0, "refused": 0} | queries.verdicts(taken)
    return counts | {"ours": ours, "plain": plain(text)}


def _to_its_end(taken: SheetImport) -> SheetImport:
    while taken.state == SheetImport.State.WORKING:
        taken = actions.import_rows(machine("bench"), sheet=taken, start=taken.done)
    return taken


def sheet(families: int) -> str:
    """A sheet of invented families, one child and one adult a row; the same each time."""
    chance = random.Random(7)
    rows = [_family(chance, number) for number in range(families)]
    for place in chance.sample(range(families // 2, families), int(families * (TWICE + WRONG))):
        rows[place] = _wrong(rows[place]) if chance.random() < WRONG / (TWICE + WRONG) else _again(chance, rows)
    text = io.StringIO()
    csv.writer(text).writerows([HEADING, *rows])
    return text.getvalue()


def _family(chance: random.Random, number: int) -> list[str]:
    born = date(2022, 1, 1) + timedelta(days=chance.randrange(1500))
    family = _name(chance, 3)
    return [_name(chance, 2), family, born.isoformat(), _name(chance, 3), family, "mother", f"555{number:07}"]


def _name(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice(LETTERS[0]) + chance.choice(LETTERS[1]) for _ in range(syllables)).title()


def _wrong(row: list[str]) -> list[str]:
    return [*row[:2], "2025-02-30", *row[3:]]


def _again(chance: random.Random, rows: list[list[str]]) -> list[str]:
    """An earlier family, as it was typed once more: in capitals, or with a digit of its birth date mistaken."""
    row = rows[chance.randrange(len(rows) // 2)]
    if chance.random() < 0.5:
        return [row[0].upper(), row[1].upper(), *row[2:]]
    year, month, day = row[2].split("-")
    return [*row[:2], f"{year}-{month}-{int(day) % 28 + 1:02}", *row[3:]]


def plain(text: str) -> float:
    """The same people in one bare table, inserted together."""
    rows = [(row[at], row[at + 1], row[2], row[6]) for row in list(csv.reader(io.StringIO(text)))[1:] for at in (0, 3)]
    with guard.permit("migrations"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_plain (given text, family text, born text, phone text)")
        began = time.monotonic()
        cursor.executemany("INSERT INTO bench_plain VALUES (%s, %s, %s, %s)", rows)
        seconds = time.monotonic() - began
        cursor.execute("DROP TABLE bench_plain")
    return seconds


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
