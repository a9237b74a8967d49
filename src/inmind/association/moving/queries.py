"""Reads of member exports: which wait, what became of their rows, and totals side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.association.models import Level
from inmind.association.moving import taking
from inmind.association.moving.models import ContactRow, ContactSheet
from inmind.association.moving.verdicts import Verdict
from inmind.people.models import Organization

State = ContactSheet.State


def associations(actor: Actor) -> list[Organization]:
    """The associations into which this actor may move members."""
    rows = Organization.objects.filter(kind=Organization.Kind.ASSOCIATION)
    return list(policy.visible(actor, rows, "association.begin_moving").order_by("name"))


def exports(actor: Actor) -> QuerySet[ContactSheet]:
    """The exports that this actor may see, the newest first."""
    rows = policy.visible(actor, ContactSheet.objects.all(), "association.see_moving")
    return rows.select_related("association").order_by("-created_at", "-pk")


def waiting(actor: Actor) -> QuerySet[ContactSheet]:
    """Those that wait for a word."""
    states = (State.HEADING, State.LEVELS, State.LOOKED, State.STOPPED, State.TAKEN)
    return exports(actor).filter(state__in=states, text__isnull=False)


def undecided(sheet: ContactSheet) -> int:
    return doubtful(sheet).filter(decision="").count()


def doubtful(sheet: ContactSheet) -> QuerySet[ContactRow]:
    """The rows that wait for a decision, or for their decision to be carried out."""
    return ContactRow.objects.filter(sheet=sheet, verdict=Verdict.DOUBTFUL, taken=False)


def counted(sheet: ContactSheet) -> dict[str, int]:
    """How many rows there are of each verdict."""
    return dict(sheet.rows.values_list("verdict").annotate(Count("pk")).order_by())  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Beside:
    """One level, counted on both sides: who is paid for today as the file tells it, and here; of the file, who waits for a
    decision and who was left out."""

    level: str
    file: int
    here: int
    waits: int
    left_out: int

    @property
    def more(self) -> int:
        """How many are here beyond the file, or, below zero, are missing: nought where the totals agree."""
        return self.here + self.waits + self.left_out - self.file


def beside(sheet: ContactSheet, today: date) -> list[Beside]:
    """The file's members of each of our levels beside ours; a level that nobody mapped stands by its own word."""
    levels = taking.levels_of(sheet.association_id)
    of_level: dict[str, Counter[str]] = defaultdict(Counter)
    other = []
    for kind, *said in sheet.totals:
        if kind != "paid":
            continue
        key, written, count, waits, left_out = said
        if levels.get(key):
            of_level[levels[key]] += Counter(file=count, waits=waits, left_out=left_out)
        elif key not in levels:
            other.append(Beside(written, count, 0, waits, left_out))
    ours = taking.ours_today(sheet.association, today)
    rows = Level.objects.filter(association=sheet.association_id).order_by("name", "pk")
    found = [
        Beside(one.name, of["file"], ours[str(one.pk)], of["waits"], of["left_out"])
        for one in rows
        for of in [of_level[str(one.pk)]]
    ]
    return [one for one in found if one.file or one.here] + other


def by_status(sheet: ContactSheet) -> list[tuple[str, str, int, dict[str, int]]]:
    """The file's rows by level and status: the level, the status, how many, and of them each verdict."""
    return [(level, status, count, of[0]) for kind, level, status, count, *of in sheet.totals if kind == "row"]
