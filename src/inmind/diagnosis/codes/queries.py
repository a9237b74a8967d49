"""Reads of releases and tables: of a release the categories that are asked for, of a table the diagnoses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings

from inmind.access.fields import open_together
from inmind.access.models import AuditEntry
from inmind.diagnosis import billing, crosswalk
from inmind.diagnosis import queries as diagnosis
from inmind.diagnosis.adapters.catalog import suggestions
from inmind.diagnosis.billing import Chosen, Claim
from inmind.diagnosis.codes import blocks, lookup
from inmind.diagnosis.codes.lookup import Looked
from inmind.diagnosis.codes.models import (
    ChosenCode,
    CodeBlock,
    CodeRelease,
    CrosswalkRow,
    CrosswalkTable,
    PayerAllowance,
)
from inmind.diagnosis.crosswalk import Answer, Broken, KindOfParent, Mapped, Outdated, Table
from inmind.diagnosis.formulation import Certainty, Diagnosis
from inmind.diagnosis.manual import Disorder
from inmind.diagnosis.models import Formulation, Given
from inmind.diagnosis.releases import NoRelease, Release, Releases
from inmind.foundation import clock
from inmind.foundation.errors import NotNow
from inmind.foundation.values import N_, Period
from inmind.people.models import Organization

CODED = ("diagnosis.see_claim", "diagnosis.choose_code")  # where codes for a claim are looked at

# Releases


def period_of(row: CodeRelease | CrosswalkTable) -> Period:
    return Period(row.since, row.until)


def bare(row: CodeRelease) -> Release:
    """A release without its codes."""
    return Release(row.name, period_of(row), {})


def loaded() -> list[tuple[CodeRelease, Period]]:
    """The releases that are not withdrawn, each with the days on which it is in force: until the next begins, where nobody said."""
    rows = list(CodeRelease.objects.filter(withdrawn_on=None).select_related("by").order_by("since"))
    return [(row, one.period) for row, one in zip(rows, Releases.of(map(bare, rows)).each, strict=True)]


def every_release() -> list[tuple[CodeRelease, Period]]:
    """Every release, the latest first, also those that were withdrawn, with the days for which each was or is."""
    gone = CodeRelease.objects.exclude(withdrawn_on=None)
    every = [*loaded(), *((row, period_of(row)) for row in gone)]
    return sorted(every, key=lambda one: (one[1].since, one[0].withdrawn_on is None), reverse=True)


def with_codes(row: CodeRelease, codes: Iterable[str], period: Period | None = None) -> Release:
    """A release as far as these codes ask for it: with all of their categories."""
    wanted = {blocks.category_of(one) for one in codes}
    found = CodeBlock.objects.filter(release=row, category__in=wanted).order_by("category")
    bodies = found.values_list("body", flat=True)
    return Release(row.name, period or period_of(row), {one.code: one for one in blocks.codes_of(bodies)})


def releases(day: date, codes: Iterable[str]) -> Releases:
    """All releases; that of a day with what these codes ask for, the others without codes."""
    return Releases.of(
        with_codes(row, codes, period) if period.holds_on(day) else Release(row.name, period, {})
        for row, period in loaded()
    )


def release_of(day: date, codes: Iterable[str]) -> Release | None:
    """The release in force on a day; None where none is loaded."""
    try:
        return releases(day, codes).on(day)
    except NoRelease:
        return None


def earlier_than(release: Release, codes: Iterable[str]) -> list[Release]:
    """The releases before one, the last first."""
    rows = CodeRelease.objects.filter(withdrawn_on=None, since__lt=release.period.since).order_by("-since")
    return [with_codes(row, codes) for row in rows]


def days_coded(row: CodeRelease) -> list[date]:
    """On which days somebody looked at codes for a claim since a release was loaded. For which day of service is not kept."""
    read = AuditEntry.objects.filter(verb__in=CODED, at__gte=row.created_at).exclude(outcome=AuditEntry.Outcome.REFUSED)
    zone = ZoneInfo(settings.INSTALLATION.zone)
    return [one.date() for one in read.datetimes("at", "day", tzinfo=zone)]


# Tables


def tables(disorders: Iterable[str] | None = None) -> list[Table]:
    """The tables that are not withdrawn, with their rows for these diagnoses; None: for all."""
    rows = CrosswalkTable.objects.filter(withdrawn_on=None).prefetch_related("ends", "answers").order_by("since")
    return [table_of(row, disorders) for row in rows]


def table_of(row: CrosswalkTable, disorders: Iterable[str] | None = None) -> Table:
    rows = row.rows.order_by("pk")
    if disorders is not None:
        rows = rows.filter(disorder__in=set(disorders))
    return Table(
        publisher=row.publisher,
        edition=row.edition,
        period=period_of(row),
        rows=tuple(mapped(one) for one in rows),
        payers=frozenset(row.payers.splitlines()),
        working_may_be_billed=row.working_may_be_billed,
        answers=tuple(
            Answer(one.since, one.takes, one.payer)
            for one in sorted(row.answers.all(), key=lambda one: (one.created_at, one.pk))
        ),
        ended=tuple((one.payer, one.since) for one in row.ends.all()),
        left_out=frozenset(disorder for disorder, _code in left_out(row)),
    )


def left_out(row: CrosswalkTable) -> list[tuple[str, str]]:
    """The rows that were not taken since their code is a heading: diagnosis and code."""
    return [(disorder, code) for disorder, _blank, code in (line.partition(" ") for line in row.left_out.splitlines())]


def mapped(row: CrosswalkRow) -> Mapped:
    parent = KindOfParent(row.parent) if row.parent else None
    return Mapped(row.disorder, row.code, dsm5=row.dsm5, kind=row.kind, parent=parent, when=row.when)


def used_from(since: date, until: date | None, today: date) -> date:
    """The first day on which a table is used from now on: today, where it is in force already and still."""
    return today if since < today and (until is None or today < until) else since


# What is read


def look_up(disorder: Disorder, day: date, publisher: str = "") -> Looked:
    here = tables([disorder.key])
    ours = [one for one in suggestions() if one.disorder == disorder.key]
    codes = {row.code for table in here for row in table.rows} | {one.code for one in ours}
    return lookup.look_up(
        disorder, day, tables=here, release=release_of(day, codes), suggestions=ours, publisher=publisher
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """A release in force today or later, and what it breaks: rows, each with its table; and suggestions of ours."""

    release: Release
    rows: tuple[tuple[Table, Broken], ...]
    suggestions: tuple[Outdated, ...]


def check(today: date) -> list[Checked]:
    """What each release breaks that is in force today or begins later."""
    found, here, ours = [], tables(), suggestions()
    codes = {row.code for table in here for row in table.rows} | {one.code for one in ours}
    for row, period in loaded():
        if period.until is not None and period.until <= today:
            continue
        release = with_codes(row, codes, period)
        rows = [
            (table, broken)
            for table in here
            if crosswalk.meet(table.period, release.period)
            and (table.period.until is None or today < table.period.until)
            for broken in crosswalk.broken_by(release, table.rows)
        ]
        found.append(Checked(release, tuple(rows), crosswalk.outdated(release, ours)))
    return found


# A claim


def later_than(formulation: Formulation) -> list[Formulation]:
    """The versions that were signed after one, the newest first."""
    rows = Formulation.objects.filter(episode=formulation.episode_id, number__gt=formulation.number)
    return list(rows.order_by("-number"))


def overtaken_by(formulation: Formulation, day: date) -> Formulation | None:
    """The later version that holds on a day of service: from the day on which it was assessed, whether or not it waits for its
    second signature. None: this one holds."""
    return next((one for one in later_than(formulation) if one.assessed_on <= day), None)


def check_codes(formulation: Formulation, day: date) -> None:
    """Raises where no code leaves by this version on a day: NotAsSigned; NotNow where it waits, or a later version holds."""
    diagnosis.check_as_signed(formulation)
    if waits_for_cosigner(formulation):
        raise NotNow(
            N_("This version waits for a second signature."),
            N_("Codes are given once both have signed."),
            N_("Ask the colleague who was asked to sign too."),
        )
    if (later := overtaken_by(formulation, day)) is not None:
        raise NotNow(
            N_("On this day a later version holds, %(number)s, assessed on %(day)s."),
            N_("A version codes services before the next one was assessed."),
            N_("Take the code from the later version."),
            facts={"number": later.number, "day": later.assessed_on},
        )


def waits_for_cosigner(formulation: Formulation) -> bool:
    return formulation.cosigner_id is not None and formulation.cosigned_at is None


def diagnoses_of(formulation: Formulation) -> list[tuple[Given, Diagnosis]]:
    """What a signed version gives, in its order, as the rules read it."""
    rows = formulation.given.select_related("caregiver").order_by("pk")
    return [(row, as_read(row)) for row in rows]


def as_read(row: Given) -> Diagnosis:
    """A diagnosis of a signed version as the rules read it. Where two caregivers turned out to be one, two of them name the
    same disorder and adult, and are told apart by all that is said."""
    return Diagnosis(
        row.disorder,
        Certainty(row.certainty),
        reasons="",
        caregiver=row.caregiver_id,
        parent=KindOfParent(row.parent) if row.parent else None,
        kind=row.kind,
    )


def claim_of(formulation: Formulation, payer: str, day: date) -> Claim:
    """What a claim may carry. Raises as `billing.billable`, and NoDay for a day on which there was no service."""
    today = clock.today(formulation.episode.organization.zone)
    billing.check_day(day, born=formulation.episode.dyad.birth_date, today=today)
    diagnoses = [one for _, one in diagnoses_of(formulation)]
    here = tables({one.disorder for one in diagnoses})
    codes = {row.code for table in here for row in table.rows}
    return billing.billable(
        diagnoses, payer, day, tables=here, releases=releases(day, codes), chosen=chosen_of(formulation)
    )


def chosen_of(formulation: Formulation) -> list[Chosen]:
    """What was chosen for its diagnoses, the newest last."""
    rows = list(
        ChosenCode.objects.filter(formulation=formulation)
        .select_related("given", "formulation__episode__dyad")
        .order_by("created_at", "pk")
    )
    open_together(rows)
    return [Chosen(row.given.disorder, row.code, row.why or "", row.given.caregiver_id) for row in rows]


def payers_of(organization: Organization, *more: str) -> list[str]:
    """The payers that can be asked for: those that the agency keeps, that loaded tables name, and these."""
    kept = PayerAllowance.objects.filter(organization=organization).values_list("payer", flat=True)
    named = CrosswalkTable.objects.filter(withdrawn_on=None).values_list("payers", flat=True)
    every = [*kept, *(line for lines in named for line in lines.splitlines()), *more]
    found = {one.casefold(): one for one in reversed(every) if one.strip()}
    return sorted(found.values(), key=str.casefold)
