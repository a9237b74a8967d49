"""Two small invented releases in the shape of ICD-10-CM, and a child's formulation. Nothing here is a real code's meaning."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from inmind.diagnosis.crosswalk import KindOfParent, Mapped, Table
from inmind.diagnosis.formulation import (
    Certainty,
    Competence,
    Diagnosis,
    Environment,
    Formulation,
    Relationship,
)
from inmind.diagnosis.manual import Manual
from inmind.diagnosis.releases import Code, Release, Releases
from inmind.foundation.values import Period

AUTISM = "early-atypical-autism-spectrum-disorder"
ADHD = "attention-deficit-hyperactivity-disorder"
RELATIONSHIP = "relationship-specific-disorder"
EATING = "atypical-eating-disorder"
ATTACHMENT, SOCIAL = "reactive-attachment-disorder", "disinhibited-social-engagement-disorder"
CRYING = "excessive-crying-disorder"

BORN = date(2024, 3, 15)
MOTHER, FOSTER, GRANDMOTHER = (UUID(int=number) for number in (1, 2, 3))
TURN = date(2026, 10, 1)  # the day on which the second release begins


def _release(name: str, period: Period, *codes: Code) -> Release:
    return Release(name, period, {one.code: one for one in codes})


OLD = _release(
    "old",
    Period(date(2025, 10, 1), TURN),
    Code("F84", "Group of developments"),
    Code("F84.9", "Development, unspecified", "F84"),
    Code("F90", "Group of activity"),
    Code("F90.0", "Activity, first kind", "F90"),
    Code("F90.1", "Activity, second kind", "F90"),
    Code("F94", "Group of social functioning"),
    Code("F94.1", "Social, first", "F94", excludes=("the other of them (F94.2)", "a note without a code")),
    Code("F94.2", "Social, second", "F94"),
    Code("F98", "Group of feeding", excludes=("whatever is at (R60-R68)",)),
    Code("F98.2", "Feeding, second kind", "F98"),
    Code("F98.3", "Feeding, third kind", "F98"),
    Code("R68", "Group of symptoms"),
    Code("R68.1", "Symptom of an infant", "R68"),
    Code("T74", "Group of injuries", sevenths=frozenset("AD")),
    Code("T74.0", "Injury", "T74"),
    Code("Z62", "Group of circumstances"),
    Code("Z62.1", "With a parent by birth", "Z62"),
    Code("Z62.2", "With a foster parent", "Z62"),
)
NEW = _release(
    "new",
    Period(TURN),
    *(one for one in OLD.codes.values() if one.code != "F84.9"),
    Code("F84.9", "Development, unspecified", "F84"),
    Code("F84.91", "Development, few features", "F84.9"),
    Code("F84.92", "Development, others", "F84.9"),
)
RELEASES = Releases.of((NEW, OLD))


def as_published(release: Release) -> str:
    """A release in its publisher's own format."""
    return (
        "<ICD10CM.tabular><version>0</version><chapter><name>0</name><section id='all'>"
        + "".join(_as_published(release, one) for one in release.below(""))
        + "</section></chapter></ICD10CM.tabular>"
    )


def _as_published(release: Release, code: str) -> str:
    one = release.codes[code]
    signs = "".join(f"<extension char='{sign}'>x</extension>" for sign in sorted(one.sevenths))
    return (
        f"<diag><name>{code}</name><desc>{one.title}</desc>"
        + "".join(f"<excludes1><note>{note}</note></excludes1>" for note in one.excludes)
        + (f"<sevenChrDef>{signs}</sevenChrDef>" if signs else "")
        + "".join(_as_published(release, below) for below in release.below(code))
        + "</diag>"
    )


def table(*rows: Mapped, **named: object) -> Table:
    """A state's table of these rows."""
    facts = {"publisher": "State", "edition": "1", "period": Period(date(2025, 1, 1)), **named}
    return Table(rows=rows, **facts)  # type: ignore[arg-type]


BY_PARENT = (
    Mapped(RELATIONSHIP, "Z62.1", parent=KindOfParent.BIOLOGICAL),
    Mapped(RELATIONSHIP, "Z62.2", parent=KindOfParent.FOSTER),
)


def diagnosis(disorder: str, certainty: Certainty = Certainty.CONFIRMED, **named: object) -> Diagnosis:
    return Diagnosis(disorder, certainty, "what was seen", looked_up=True, **named)  # type: ignore[arg-type]


def whole(manual: Manual, *diagnoses: Diagnosis, **named: object) -> Formulation:
    """A formulation that lacks nothing, of a child of two in foster care."""
    facts: dict[str, object] = {
        "edition": "dc-0-5-2",
        "born": BORN,
        "assessed_on": date(2026, 4, 20),
        "primary": frozenset((MOTHER, FOSTER)),
        "diagnoses": diagnoses,
        "no_diagnosis": not diagnoses,
        "relationships": (Relationship(MOTHER, 3), Relationship(FOSTER, 1)),
        "environments": (Environment("foster home", frozenset((FOSTER,)), 2),),
        "competence": Competence({one.key: manual.ratings[1].key for one in manual.domains}, "even across domains"),
        **named,
    }
    return Formulation(**facts)  # type: ignore[arg-type]
