"""What an association goes by, and whom a change of rules changes."""

from __future__ import annotations

from datetime import date

import pytest

from inmind.endorsement import adoption, standard_file
from inmind.endorsement.adoption import Adoption, changes, gone_by
from inmind.endorsement.portfolio import Portfolio, Work
from inmind.endorsement.readiness import Standing, readiness
from inmind.endorsement.standards import Degree, binding
from inmind.foundation import loading
from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.values import Period

EDITIONS = tuple(
    one
    for sheet in loading.ours("endorsement", "catalog/standards")
    for one in standard_file.load(sheet)
    if one.category in {"FS", "MHS"}
)
WHOLE = """
title: Ours
edition: '1'
date: 2026-01-31
association: here
renewal: annual
encouraged: [member]
days:
- {category: FS, edition: '2017', since: 2018-01-01}
- {category: FS, edition: '2022 changes', since: 2022-07-01}
"""
FS = [one for one in EDITIONS if one.category == "FS"]


def load(text: str) -> Adoption:
    return adoption.load(loading.parse(text, "ours.yaml"), EDITIONS, frozenset({"annual", "triennial"}))


def test_until_an_association_says_its_days_two_editions_may_bind() -> None:
    assert [one.edition for one in binding(FS, date(2023, 1, 1))] == ["2017", "2022 changes"]
    ours = [one for one in gone_by(EDITIONS, load(WHOLE)) if one.category == "FS"]
    assert [(one.since, one.until) for one in ours] == [
        (date(2018, 1, 1), date(2022, 6, 30)),
        (date(2022, 7, 1), None),
    ]
    assert [one.edition for one in binding(ours, date(2022, 6, 30))] == ["2017"]
    assert [one.edition for one in binding(ours, date(2022, 7, 1))] == ["2022 changes"]
    other = [one for one in gone_by(EDITIONS, load(WHOLE)) if one.category == "MHS"]
    assert other[0].until == date(2024, 12, 31), "what a source says stands where nobody says otherwise"


def test_what_an_association_only_encourages_holds_nobody_back() -> None:
    """Tennessee and an older page of Kansas encourage membership."""
    lines = {line.key: line.gates for line in gone_by(EDITIONS, load(WHOLE))[0].requirements}
    assert not lines["member"] and lines["training"]
    assert load(WHOLE.replace("encouraged: [member]\n", "")).encouraged == frozenset()


def test_whom_an_update_changes_is_known_before_it_is_accepted() -> None:
    """The degree falls away with the changes of 2022; a past finding is what it was."""
    has = Portfolio(degree=Degree.ASSOCIATE, work=(Work("paid_work", Period(date(2020, 1, 1))),))
    before, after = (readiness(one, has, date(2023, 1, 1)) for one in FS)
    found = {one.key: (one.before, one.after) for one in changes(before, after)}
    assert found["degree"] == (Standing.NOT_YET, None)
    assert found["work"] == (Standing.CANNOT_TELL, Standing.MET)
    assert "training" not in found and changes(before, before) == ()
    assert {one.key: (one.before, one.after) for one in changes(after, before)}["degree"] == (None, Standing.NOT_YET)


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        ("renewal: annual", "renewal: daily", "expected one of annual, triennial"),
        ("edition: '2022 changes'", "edition: '2031'", "there is no edition 2031 of FS; FS has '2017', '2022 changes'"),
        ("category: FS, edition: '2022", "category: IFS, edition: '2022", "there is no category IFS; write one of "),
        ("edition: '2022 changes'", "edition: '2017'", "2017 of FS stands here twice"),
        ("since: 2022-07-01", "since: 2017-07-01", "editions follow one another"),
        ("[member]", "[remember]", "there is no line remember"),
    ],
)
def test_what_is_wrong_is_said(was: str, becomes: str, reason: str) -> None:
    with pytest.raises(BadCatalog, match=reason):
        load(WHOLE.replace(was, becomes, 1))
