"""Two who load at once, where nothing is loaded yet. On both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from inmind.access.actors import operator
from inmind.diagnosis.codes import actions
from inmind.diagnosis.codes.models import CodeRelease, CrosswalkTable
from inmind.diagnosis.crosswalk import TwoTables
from inmind.diagnosis.releases import BadRelease, Release
from inmind.diagnosis.tests.invented import NEW, OLD, SOCIAL
from inmind.foundation.values import Period
from inmind.money.tests.test_races import together
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_first_releases_for_the_same_days_one_is_kept() -> None:
    make.make_network()
    days = Period(date(2025, 10, 1), date(2026, 10, 1))

    def load(name: str) -> Any:
        release = Release(name, days, OLD.codes)
        return actions.load_release(operator("tests"), release=release, file=f"{name}.xml", sha256=name)

    told = together([lambda: load("one"), lambda: load("other")])
    assert [type(one) for one in told if isinstance(one, Exception)] == [BadRelease]
    assert CodeRelease.objects.count() == 1


def test_of_two_first_tables_for_the_same_claims_one_is_kept() -> None:
    make.make_network()
    make.make_release(NEW)
    said = {"since": NEW.period.since, "payers": ("Medicaid",), "table": f"disorder,code\n{SOCIAL},F94.2\n"}

    def load(publisher: str) -> Any:
        return actions.load_table(operator("tests"), publisher=publisher, edition="1", **said)

    told = together([lambda: load("State"), lambda: load("Payer")])
    assert [type(one) for one in told if isinstance(one, Exception)] == [TwoTables]
    assert CrosswalkTable.objects.count() == 1
