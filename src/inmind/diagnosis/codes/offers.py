"""What codes offer: their pages, and what the doctor looks at."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from inmind.access import policy
from inmind.diagnosis.codes import queries
from inmind.foundation import clock
from inmind.foundation.registries import Finding, Grade, NavItem, house
from inmind.foundation.values import N_


def offer() -> None:
    house.checks.append(codes_stand)
    house.offer(
        NavItem(
            "crosswalk",
            N_("Codes"),
            "crosswalk",
            82,
            shown=lambda actor: bool(policy.can(actor, "diagnosis.see_crosswalk")),
        ),
        NavItem(
            "payers", N_("Payers"), "payers", 83, shown=lambda actor: bool(policy.can(actor, "diagnosis.see_payers"))
        ),
    )


def codes_stand() -> Iterator[Finding]:
    """For the doctor: rows of loaded tables that a release breaks, and a list of codes whose year is over."""
    today = clock.today(settings.INSTALLATION.zone)
    tables = [one for one in queries.tables(()) if one.period.until is None or today < one.period.until]
    if not tables:
        return
    checked = queries.check(today)
    for one in checked:
        if one.rows:
            rows = ", ".join(f"{table.publisher} {broken.row.disorder} {broken.row.code}" for table, broken in one.rows)
            yield Finding(
                "codes",
                Grade.HAND,
                f"{len(one.rows)} rows of loaded tables cannot be billed in ICD-10-CM {one.release.name}: {rows}.",
                "`inmind crosswalk check` says what stands below each; load the publisher's next edition.",
            )
    now = next((one.release for one in checked if one.release.period.holds_on(today)), None)
    if now is None:
        yield Finding(
            "codes",
            Grade.HAND,
            "No release of ICD-10-CM is loaded that is in force today, so no code leaves for a claim.",
            "Load it by `inmind crosswalk load-release FILE --since DATE`.",
        )
    elif now.may_be_over(today):
        yield Finding(
            "codes",
            Grade.NOTE,
            f"The list of ICD-10-CM that is loaded, {now.name}, is for a year that is over; a later one may be in force.",
            "Take the next one from its publisher, and load it by `inmind crosswalk load-release FILE --since DATE`.",
        )
