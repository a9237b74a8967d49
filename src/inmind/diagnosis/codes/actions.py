"""Releases and tables as they are loaded and withdrawn, which code was chosen, and what a payer allows. Each change an action."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from inmind.access.act import Act, action
from inmind.diagnosis import crosswalk, releases, table_file
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.billing import Coded, Why
from inmind.diagnosis.codes import blocks, queries
from inmind.diagnosis.codes.models import (
    ChosenCode,
    CodeBlock,
    CodeRelease,
    CrosswalkAnswer,
    CrosswalkEnd,
    CrosswalkRow,
    CrosswalkTable,
    PayerAllowance,
)
from inmind.diagnosis.crosswalk import Ending, Table
from inmind.diagnosis.models import Formulation, Given
from inmind.diagnosis.releases import BadRelease, Release, Releases, spelled
from inmind.diagnosis.table_file import Judged
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.models import keep_together
from inmind.foundation.values import N_, Period
from inmind.people.models import Organization

TOGETHER = 50  # categories that are kept by one statement, and after which it is said how far it is
MOST_PAYERS = 40  # of one table; ours
MOST_SESSIONS = 365  # a calendar year has no more days


def _quiet(done: int, of: int) -> None:
    """Nobody asked how far it is."""


def _one_at_a_time() -> None:
    """Held until this act ends, also where nothing is loaded yet: what is in force on a day is decided by one after another."""
    list(Organization.objects.select_for_update(no_key=True).order_by("pk")[:1])


# Releases


def check_release(release: Release, sha256: str, today: date, *, anyway: bool = False) -> CodeRelease | None:
    """The same file, where it was loaded before. Raises BadRelease where the release cannot be, by its days or beside those that
    are there. anyway: also one with far fewer codes than the one beside it."""
    releases.check_days(release.period, today)
    there = CodeRelease.objects.filter(sha256=sha256, withdrawn_on=None).first()
    if there is not None and there.since != release.period.since:
        raise BadRelease(
            N_("This file was loaded before as %(name)s, in force from %(since)s on."),
            N_("A release begins on one day."),
            N_(
                "Look whether it is the right file; one that was loaded wrongly is withdrawn first. Nothing was changed."
            ),
            field="file",
            facts={"name": there.name, "since": there.since},
        )
    if there is None:
        rows = [row for row, _period in queries.loaded()]
        Releases.of([*map(queries.bare, rows), release])
        beside = Releases.of(map(queries.bare, rows)).beside(release.period.since)
        if beside is not None and not anyway:
            codes = next(row.codes for row in rows if row.since == beside.period.since)
            releases.check_size(len(release.codes), codes, beside.name)
    return there


@action("diagnosis.load_release")
def load_release(
    act: Act,
    *,
    release: Release,
    file: str,
    sha256: str,
    anyway: bool = False,
    told: Callable[[int, int], None] = _quiet,
) -> CodeRelease:
    """Keep a release whole, category by category; it holds until the next begins, and the one before it until it does.

    The same file again changes nothing. told: hears after some categories how many are kept, and of how many. Stopped on its
    way, nothing of it is left.
    """
    _one_at_a_time()
    if (there := check_release(release, sha256, act.today(), anyway=anyway)) is not None:
        return there
    kept = CodeRelease.objects.create(
        name=text.checked_line(release.name, 80, field="name"),
        since=release.period.since,
        until=release.period.until,
        codes=len(release.codes),
        file=text.checked_line(file[-120:], 120, field="file"),
        sha256=sha256,
        by_id=act.actor.person,
    )
    rows = [CodeBlock(release=kept, category=key, body=body) for key, body in blocks.by_category(release).items()]
    for start in range(0, len(rows), TOGETHER):
        told(start, len(rows))
        keep_together(rows[start : start + TOGETHER])
    told(len(rows), len(rows))
    return kept


@action("diagnosis.withdraw_release", on="release")
def withdraw_release(act: Act, *, release: CodeRelease, why: str) -> CodeRelease:
    """Let no code be looked up in a release any more; it stays, with the reason. The one before it holds until the next begins."""
    if release.withdrawn_on is not None:
        raise NotNow(
            N_("This release is withdrawn already."),
            N_("No code is looked up in it."),
            N_("Load another one if there is one."),
        )
    if not text.tokens(why):
        raise BadInput(
            N_("The reason is missing."), N_("One sentence says why a release is used no more."), field="why"
        )
    release.withdrawn_on, release.withdrawn_why = act.today(), text.checked_line(why.strip(), 300, field="why")
    release.save(update_fields=["withdrawn_on", "withdrawn_why"])
    return release


# Tables


def judge(typed: str, since: date, until: date | None, today: date) -> tuple[Judged, ...]:
    """The verdict of every row of a table that holds from a day on, beside the release of the first day on which it is used.
    Raises NoRelease where none of that day is loaded, and BadInput as `table_file.judged`."""
    codes, day = table_file.codes_named(typed), queries.used_from(since, until, today)
    release = queries.releases(day, codes).on(day)
    return table_file.judged(typed, manual(), release, queries.earlier_than(release, codes))


def check_named(named: Table) -> tuple[Ending, ...]:
    """The tables that would end with a new one. Raises BadInput for a name that is taken, TwoTables where two would decide."""
    if CrosswalkTable.objects.filter(publisher=named.publisher, edition=named.edition, withdrawn_on=None).exists():
        raise BadInput(
            N_("%(publisher)s %(edition)s is loaded already."),
            N_("A table is never changed: claims were made by it."),
            N_("Name the edition as its publisher does, or withdraw the one that is there."),
            field="edition",
            facts={"publisher": named.publisher, "edition": named.edition},
        )
    return crosswalk.beside(queries.tables(), named)


def named(
    publisher: str, edition: str, since: date, until: date | None, payers: tuple[str, ...], working: bool | None
) -> Table:
    """A table without rows. Raises BadInput for what cannot name one."""
    if until is not None and until <= since:
        raise BadInput(
            N_("It would end on %(until)s, before it begins."),
            N_("The last day lies after the first."),
            field="until",
            facts={"until": until},
        )
    for name, said, longest in (("publisher", publisher, 120), ("edition", edition, 80)):
        if not text.checked_line(said, longest, field=name).strip():
            raise BadInput(N_("Who published the table, and which edition it is, has to be said."), field=name)
    if len(payers) > MOST_PAYERS:
        raise BadInput(
            N_("%(count)s payers are named; a table can name %(most)s."),
            N_("A table for every payer names none."),
            field="payers",
            facts={"count": len(payers), "most": MOST_PAYERS},
        )
    lines = frozenset(line for one in payers if (line := " ".join(text.checked_line(one, 80, field="payers").split())))
    return Table(publisher.strip(), edition.strip(), Period(since, until), (), lines, working)


@action("diagnosis.load_table")
def load_table(
    act: Act,
    *,
    publisher: str,
    edition: str,
    since: date,
    until: date | None = None,
    payers: tuple[str, ...] = (),
    working_may_be_billed: bool | None = None,
    source: str = "",
    table: str,
    without_headings: bool = False,
) -> CrosswalkTable:
    """Keep a state's or a payer's table; from its first day on claims to its payers carry its codes.

    table: the file's text; every row is judged here once more, and one that cannot be taken keeps all back; without_headings:
    but those whose code is a heading, which are written down as left out. An earlier edition of the same publisher ends on its
    first day, for the payers of both. Raises BadInput, NoRelease or TwoTables.
    """
    new = named(publisher, edition, since, until, payers, working_may_be_billed)
    _one_at_a_time()
    ended = {(one.table.publisher, one.table.edition): one.payers for one in check_named(new)}
    judged = judge(table, since, until, act.today())
    rows = table_file.taken(judged, without_headings=without_headings)
    for before in CrosswalkTable.objects.filter(withdrawn_on=None):
        some = ended.get((before.publisher, before.edition))
        if some:
            keep_together(CrosswalkEnd(table=before, payer=one, since=since) for one in some)
        elif some is not None:
            before.until = since
            before.save(update_fields=["until"])
    kept = CrosswalkTable.objects.create(
        publisher=new.publisher,
        edition=new.edition,
        since=since,
        until=until,
        payers="\n".join(sorted(new.payers)),
        working_may_be_billed=working_may_be_billed,
        source=source.strip(),
        left_out="\n".join(f"{one.disorder} {one.code}" for one in judged if one.is_heading),
        by_id=act.actor.person,
    )
    keep_together(
        CrosswalkRow(
            table=kept,
            disorder=one.disorder,
            code=one.code,
            dsm5=one.dsm5,
            kind=one.kind,
            parent=one.parent.value if one.parent else "",
            when=one.when,
        )
        for one in rows
    )
    return kept


@action("diagnosis.withdraw_table", on="table")
def withdraw_table(act: Act, *, table: CrosswalkTable, why: str) -> CrosswalkTable:
    """Let no code leave by a table any more, from today on; it stays, with the reason. No earlier table comes back by itself."""
    if table.withdrawn_on is not None:
        raise NotNow(
            N_("This table is withdrawn already."),
            N_("No code leaves by it."),
            N_("Load another one if there is one."),
        )
    if not text.tokens(why):
        raise BadInput(N_("The reason is missing."), N_("One sentence says why a table is used no more."), field="why")
    table.withdrawn_on, table.withdrawn_why = act.today(), text.checked_line(why.strip(), 300, field="why")
    table.save(update_fields=["withdrawn_on", "withdrawn_why"])
    return table


@action("diagnosis.keep_answer", on="table")
def keep_answer(
    act: Act, *, table: CrosswalkTable, since: date, takes: bool, source: str, payer: str = ""
) -> CrosswalkAnswer:
    """Write down whether working diagnoses are taken from a day on, as a payer answered; the table stays as it was published.

    payer empty: it is so for each payer of the table. What was written down before stays, and holds for the days before.
    """
    if table.withdrawn_on is not None:
        raise NotNow(N_("This table is withdrawn."), N_("No code leaves by it."), N_("Write it down with another one."))
    named = " ".join(text.checked_line(payer, 80, field="payer").split())
    whole = queries.table_of(table, ())
    if named and not whole.is_for(named):
        raise BadInput(
            N_("This table is not for %(payer)s."),
            N_("It is for %(payers)s."),
            field="payer",
            facts={"payer": named, "payers": ", ".join(sorted(whole.payers))},
        )
    if not whole.period.holds_on(since):
        raise BadInput(
            N_("This table does not hold on %(since)s."),
            N_("An answer holds from a day on which the table does."),
            N_("Name that day, or write it down with the table that holds then."),
            field="since",
            facts={"since": since},
        )
    if not text.tokens(source):
        raise BadInput(
            N_("Where the payer says so is missing."),
            N_("An answer without its source cannot be looked up again."),
            N_("Name the page of its manual, its letter, or who said so on which day."),
            field="source",
        )
    return CrosswalkAnswer.objects.create(
        table=table,
        payer=named,
        since=since,
        takes=takes,
        source=text.checked_line(source.strip(), 300, field="source"),
        by_id=act.actor.person,
    )


# Which code


@action("diagnosis.choose_code", on="formulation")
def choose_code(
    act: Act, *, formulation: Formulation, given: Given, code: str, why: str, payer: str, on: date
) -> ChosenCode:
    """Choose one of the codes that the payer's table names for a diagnosis, and say why. What was chosen before stays readable.

    payer, on: for which claim it was asked. Raises BadInput for a code that is none of them, and as
    `queries.check_codes` and `claim_of`.
    """
    queries.check_codes(formulation, on)
    code = spelled(code)
    if code not in _open_codes(formulation, given, payer, on):
        raise BadInput(
            N_("%(code)s is none of the codes that the table names for this diagnosis."),
            N_("One of those that are shown can be chosen."),
            N_("Look at the codes once more."),
            field="code",
            facts={"code": code},
        )
    if not text.tokens(why):
        raise BadInput(
            N_("The reason is missing."), N_("One sentence says why this code and not another."), field="why"
        )
    assert act.actor.person is not None
    return ChosenCode.objects.create(
        formulation=formulation,
        given=given,
        code=code,
        why=text.checked_line(why.strip(), 300, field="why"),
        by_id=act.actor.person,
    )


def _open_codes(formulation: Formulation, given: Given, payer: str, on: date) -> set[str]:
    """The codes of which one can be chosen for a diagnosis of this version."""
    claim = queries.claim_of(formulation, payer, on)
    found = [one for one in claim.answers if isinstance(one, Coded) or one.why is Why.WHICH]
    mine = queries.as_read(given)
    is_its_own = given.formulation_id == formulation.pk
    return {choice.code for one in found if is_its_own and one.diagnosis == mine for choice in one.choices}


# What a payer allows


@action("diagnosis.keep_payer", on="organization")
def keep_payer(
    act: Act, *, organization: Organization, payer: str, sessions: int | None, source: str, seen: int = 0
) -> PayerAllowance:
    """Write down what a payer allows in a calendar year, and where it says so. sessions None: asked, and not known.

    seen: the version of what stood there when somebody looked, 0 for nothing. Raises Stale where somebody saved since.
    """
    name = " ".join(text.checked_line(payer, 80, field="payer").split())
    if not name:
        raise BadInput(N_("The payer’s name is missing."), N_("Name it as your agency does."), field="payer")
    if sessions is not None and not 0 <= sessions <= MOST_SESSIONS:
        raise BadInput(
            N_("%(found)s sessions cannot be a year’s."),
            N_("A payer allows from 0 to %(most)s in a calendar year."),
            field="sessions",
            facts={"found": sessions, "most": MOST_SESSIONS},
        )
    source = text.checked_line(source.strip(), 300, field="source")
    if sessions is not None and not source:
        raise BadInput(
            N_("Where the payer says so is missing."),
            N_("A number without its source cannot be looked up again."),
            N_("Name the page of its manual, its letter, or who said so on which day."),
            field="source",
        )
    there = next(
        (
            one
            for one in PayerAllowance.objects.select_for_update().filter(organization=organization)
            if one.payer.casefold() == name.casefold()
        ),
        None,
    )
    if there is None:
        return PayerAllowance.objects.create(
            organization=organization, payer=name, sessions=sessions, source=source, by_id=act.actor.person
        )
    if there.version != seen:
        raise Stale(there)
    there.payer, there.sessions, there.source, there.by_id = name, sessions, source, act.actor.person
    there.save(update_fields=["payer", "sessions", "source", "by"])
    return there
