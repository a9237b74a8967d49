"""Every number that the sources say with high or medium confidence, worked out; and that the files say the same numbers."""

from __future__ import annotations

from datetime import date

import pytest

from inmind.endorsement import renewal_file, standard_file
from inmind.endorsement.examples import Example, of_edition, of_line, of_renewal
from inmind.endorsement.readiness import look
from inmind.endorsement.standards import (
    Number,
    Provider,
    Ratings,
    Requirement,
    RscHours,
    Tag,
    TrainingHours,
    Years,
)
from inmind.foundation import loading
from inmind.foundation.catalogs import Confidence, Sourced

DAY = date(2026, 11, 22)
EDITIONS = [one for sheet in loading.ours("endorsement", "catalog/standards") for one in standard_file.load(sheet)]
RENEWALS = [renewal_file.load(sheet) for sheet in loading.ours("endorsement", "catalog/renewals")]
WORKED = [
    pytest.param(one, id=f"{edition.category} {edition.edition}, {line.key}: {one.says}")
    for edition in EDITIONS
    for line, one in of_edition(edition, DAY)
] + [
    pytest.param(one, id=f"renewal {renewal.key}, {whom}, {line.key}: {one.says}")
    for renewal in RENEWALS
    for whom, line, one in of_renewal(renewal, DAY)
]


@pytest.mark.parametrize("example", WORKED)
def test_each_number_is_worked_out(example: Example) -> None:
    line = look(example.needs, example.has, example.on)
    assert (line.standing, line.missing) == (example.standing, example.missing)


# As `endorsement.yaml` says them: hours or years at least, and of them by what they are about.
SAID = [
    ("FA", "2017", "training", 30, {}),
    ("FA", "2017", "eligibility", 2, {}),
    ("FA", "2017", "ratings", 3, {}),
    ("FS", "2017", "work", 2, {}),
    ("FS", "2017", "families", 10, {}),
    ("FS", "2017", "training", 30, {}),
    ("FS", "2017", "rsc", 24, {}),
    ("FS", "2022", "work", 2, {}),
    ("FS", "2022", "training", 30, {}),
    ("FS", "2022", "rsc", 24, {}),
    ("FRS", "2022", "work", 2, {}),
    ("FRS", "2022", "leadership", 1, {}),
    ("FRS", "2022", "training", 48, {Tag.GIVING_RSC: 15, Tag.EQUITY: 3}),
    ("FRS", "2022", "rsc", 24, {}),
    ("MHS", "2017", "work", 2, {}),
    ("MHS", "2017", "training", 30, {}),
    ("MHS", "2017", "rsc", 50, {}),
    ("MHS", "2025", "work", 2, {}),
    ("MHS", "2025", "training", 33, {}),
    ("MHS", "2025", "rsc", 50, {}),
    ("MHM-C", "2017", "rsc_given", 3, {}),
    ("MHM-C", "2017", "leadership", 3, {}),
    ("MHM-C", "2017", "training", 48, {Tag.GIVING_RSC: 15, Tag.EQUITY: 3}),
    ("MHM-C", "2017", "rsc", 50, {Tag.ABOUT_RSC_GIVEN: 25}),
    ("MHM-P", "2017", "work", 3, {}),
    ("MHM-P", "2017", "leadership", 3, {}),
    ("MHM-P", "2017", "training", 33, {Tag.EQUITY: 3}),
    ("MHM-RF", "2017", "training", 33, {Tag.EQUITY: 3}),
    ("ERS", "2024", "rsc_given", 1, {}),
    ("ERS", "2024", "rsc", 12, {Tag.ABOUT_RSC_GIVEN: 12}),
    ("ERS", "2024", "training", 15, {Tag.GIVING_RSC: 15}),
    ("ERS", "2024", "ratings", 2, {}),
]


@pytest.mark.parametrize(("category", "edition", "key", "least", "within"), SAID)
def test_the_files_say_the_numbers_of_the_sources(
    category: str, edition: str, key: str, least: int, within: dict[Tag, int]
) -> None:
    [one] = [one for one in EDITIONS if one.category == category and one.edition.startswith(edition)]
    [line] = [line for line in one.requirements if line.key == key and line.stands_on(DAY)]
    found = [
        (bound(needs), dict(getattr(needs, "within", {})))
        for needs in line.any_of
        if isinstance(needs, TrainingHours | RscHours | Years | Number | Ratings)
    ]
    assert (least, within) in found


def bound(needs: TrainingHours | RscHours | Years | Number | Ratings) -> int | None:
    return needs.total.value if isinstance(needs, Ratings) else needs.least.value


def test_before_2024_mentors_needed_thirty_hours() -> None:
    for category, within in (("MHM-C", {Tag.GIVING_RSC: 15}), ("MHM-P", {}), ("MHM-RF", {})):
        [one] = [one for one in EDITIONS if one.category == category]
        [line] = [line for line in one.requirements if line.key == "training" and line.stands_on(date(2023, 12, 31))]
        [needs] = line.any_of
        assert isinstance(needs, TrainingHours) and (needs.least.value, dict(needs.within)) == (30, within)


@pytest.mark.parametrize(
    ("regime", "whom", "key", "least"),
    [
        ("annual", "not_the_first", "training", 15),
        ("annual", "not_the_first", "equity", 1),
        ("annual", "gives_rsc", "giving_rsc", 3),
        ("annual", "FS", "rsc", 12),
        ("annual", "held_less", "rsc", 12),
        ("annual", "held_three_years", "rsc", 10),
        ("triennial", "all", "training", 45),
        ("triennial", "gives_rsc", "giving_rsc", 9),
        ("triennial", "FS", "rsc", 36),
    ],
)
def test_the_renewals_say_the_numbers_of_the_sources(regime: str, whom: str, key: str, least: int) -> None:
    [one] = [one for one in RENEWALS if one.key == regime]
    found = [
        bound(needs)
        for place, line, example in of_renewal(one, DAY)
        if whom in place and line.key == key and isinstance(needs := example.needs, TrainingHours | RscHours)
    ]
    assert least in found


def test_what_no_source_says_has_no_example() -> None:
    nothing: Sourced[int] = Sourced(None, "", Confidence.MEDIUM)
    giver = Provider(frozenset({"MHM-C"}))
    needs = (
        TrainingHours(nothing),
        RscHours(nothing, (giver,)),
        Years("a", nothing),
        Number("a", nothing),
        Ratings(nothing),
    )
    assert list(of_line(Requirement("a", needs, "s", "medium"), DAY)) == []


def test_an_hour_about_one_thing_alone_has_its_own_examples() -> None:
    """Where all of the hours are about one thing, there is no shorter whole."""
    one = Sourced(1, "s", Confidence.HIGH)
    found = list(of_line(Requirement("a", (TrainingHours(one, {Tag.EQUITY: 1}),), "s", "high"), DAY))
    assert [example.missing for example in found] == [0, 60]
    some = RscHours(one, (Provider(frozenset({"MHM-C"})),), {Tag.ABOUT_RSC_GIVEN: 1})
    assert [example.missing for example in of_line(Requirement("a", (some,), "s", "high"), DAY)] == [0, 60]
