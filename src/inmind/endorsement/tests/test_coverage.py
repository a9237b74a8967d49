"""Hours are a floor: what they are about is the test, and a domain with nothing in it is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inmind.endorsement import coverage as covering
from inmind.endorsement.coverage import coverage, opens
from inmind.endorsement.portfolio import Training
from inmind.foundation import loading
from inmind.foundation.catalogs import BadCatalog

DOMAINS = covering.load(loading.ours("endorsement", "catalog/competencies")[0])
DAY = date(2026, 11, 22)
LAW = "law_regulation_agency_policy"


def training(minutes: int, *areas: str, on: date = DAY) -> Training:
    return Training(on, minutes, domains=frozenset(areas), areas=dict.fromkeys(areas, minutes))


def test_there_are_eight_domains_each_with_its_source() -> None:
    """endorsement.yaml: competency_domains.count, high."""
    assert len(DOMAINS) == 8 and all(one.source for one in DOMAINS)
    assert {one.key for one in DOMAINS if one.rated} == {"reflection", "working_with_others", "thinking"}


def test_thirty_hours_that_leave_out_the_law_leave_it_open() -> None:
    """The training minimum is not enough: 30 hours, and none of them on law, regulation and agency policy."""
    rows = [training(1800, "theoretical_foundations", "direct_service_skills", "systems_expertise", "communicating")]
    found = coverage(DOMAINS, rows, {}, DAY)
    assert [one.key for one in found.open] == [LAW]
    assert coverage(DOMAINS, [*rows, training(60, LAW)], {}, DAY).open == ()


def test_what_references_tell_of_is_never_open() -> None:
    """Reflection, working with others and thinking are rated mainly by references."""
    assert {one.key for one in coverage(DOMAINS, [], {}, DAY).open} == {
        *("theoretical_foundations", LAW, "systems_expertise", "direct_service_skills", "communicating")
    }


def test_an_area_counts_for_its_domain_and_the_future_for_nothing() -> None:
    rows = [training(90, "ethics"), training(60, on=DAY), training(60, LAW, on=DAY + timedelta(days=1))]
    found = coverage(DOMAINS, rows, {"ethics": LAW}, DAY)
    law = next(one for one in found.rows if one.domain.key == LAW)
    assert (law.minutes, dict(law.areas), found.unnamed) == (90, {"ethics": 90}, 60)


def test_an_event_says_which_open_domain_it_would_be_the_first_in() -> None:
    still_open = coverage(DOMAINS, [], {}, DAY).open
    assert [one.key for one in opens(training(60, "ethics", "reflection"), still_open, {"ethics": LAW})] == [LAW]


def test_a_domain_stands_once() -> None:
    text = (
        "title: a\nedition: '1'\ndate: 2026-01-31\nlicence: ours\nsources: {a: b}\ndomains:\n"
        "- {key: x, name: X, source: a, confidence: high}\n- {key: x, name: X, source: a, confidence: high}\n"
    )
    with pytest.raises(BadCatalog, match="twice"):
        covering.load(loading.parse(text, "a.yaml"))
