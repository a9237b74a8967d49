"""Releases and tables as they are loaded, ended and withdrawn; which code was chosen; what payers allow; and who may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from inmind.access.actors import operator
from inmind.access.models import AuditEntry, RowChange
from inmind.diagnosis.billing import Why
from inmind.diagnosis.codes import actions, queries
from inmind.diagnosis.codes.models import (
    ChosenCode,
    CodeBlock,
    CodeRelease,
    CrosswalkRow,
    CrosswalkTable,
    PayerAllowance,
)
from inmind.diagnosis.crosswalk import NoTable, TwoTables
from inmind.diagnosis.releases import BadRelease, NoRelease, Release
from inmind.diagnosis.tests.invented import (
    ADHD,
    ATTACHMENT,
    AUTISM,
    CRYING,
    NEW,
    OLD,
    RELATIONSHIP,
    SOCIAL,
    TURN,
)
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused, Stale
from inmind.foundation.values import Period
from tests import make

pytestmark = pytest.mark.django_db
BEFORE = TURN - timedelta(days=1)


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    """After both releases began, and while the children of these stories are small."""
    with clock.at(datetime(2026, 11, 20, 15, tzinfo=UTC)):
        yield


# Releases


def test_a_release_is_kept_by_category_and_a_later_one_ends_it() -> None:
    make.make_network()
    old = make.make_release(OLD)
    assert (old.codes, old.until, old.blocks.count()) == (len(OLD.codes), TURN, 7)
    new = make.make_release(NEW)
    old.refresh_from_db()
    assert (old.until, new.until) == (TURN, None)
    assert queries.with_codes(old, ["F94.1"]).codes.keys() == {"F94", "F94.1", "F94.2"}
    found = queries.releases(TURN, ["F84.9"])
    assert found.on(TURN).leaves("F84.9") == ("F84.91", "F84.92") and found.on(BEFORE).codes == {}


def test_a_release_of_which_nobody_knew_the_end_ends_with_the_next() -> None:
    make.make_network()
    old = make.make_release()
    assert old.until is None
    make.make_release(NEW)
    assert next((row.pk, period.until) for row, period in queries.loaded()) == (old.pk, TURN)


def test_the_same_file_twice_changes_nothing() -> None:
    make.make_network()
    first = make.make_release(OLD)
    before = (CodeRelease.objects.count(), CodeBlock.objects.count(), first.version)
    again = make.make_release(OLD)
    assert again == first and (CodeRelease.objects.count(), CodeBlock.objects.count(), again.version) == before
    another_day = Release("old", Period(date(2024, 1, 1), date(2025, 1, 1)), OLD.codes)
    with pytest.raises(BadRelease, match="This file was loaded before as old, in force from 2025-10-01 on"):
        actions.load_release(operator("tests"), release=another_day, file="x.xml", sha256=first.sha256)


def test_an_overlapping_release_is_refused_and_leaves_nothing() -> None:
    make.make_network()
    make.make_release(OLD)
    with pytest.raises(BadRelease, match="old and again are both in force on 2026-02-01"):
        make.make_release(Release("again", Period(date(2026, 2, 1)), NEW.codes))
    with pytest.raises(BadRelease, match="older and old are both in force on 2025-10-01"):
        make.make_release(Release("older", Period(date(2024, 10, 1), date(2026, 1, 1)), NEW.codes))
    older = make.make_release(Release("older", Period(date(2024, 10, 1), date(2025, 10, 1)), NEW.codes))
    assert [one.name for one in CodeRelease.objects.order_by("since")] == ["older", "old"] and older.until


def test_the_list_of_april_is_loaded_after_that_of_october() -> None:
    """Nobody has to say its end, and October's of the year before ends with it."""
    make.make_network()
    for name, since, of in (
        ("October 2025", date(2025, 10, 1), OLD),
        ("October 2026", date(2026, 10, 1), NEW),
        ("April 2026", date(2026, 4, 1), OLD),
    ):
        make.make_release(Release(name, Period(since), of.codes))
    assert [(row.name, period.until) for row, period in queries.loaded()] == [
        ("October 2025", date(2026, 4, 1)),
        ("April 2026", date(2026, 10, 1)),
        ("October 2026", None),
    ]
    make.make_table(f"{ADHD},F90.0")
    signed = make.make_coded(make.make_family(age_months=24), {"disorder": ADHD})
    assert [queries.claim_of(signed, "", day).release for day in (date(2026, 3, 31), BEFORE, TURN)] == [
        "October 2025",
        "April 2026",
        "October 2026",
    ]


def test_a_wrong_release_is_withdrawn_with_a_reason_and_loaded_anew() -> None:
    """It stays, and so does what was in it; the one before it holds until the right one is there, from its right day on."""
    make.make_network()
    make.make_release()
    wrong = make.make_release(Release("new", Period(date(2026, 9, 1)), NEW.codes))
    with pytest.raises(BadInput, match="The reason is missing"):
        actions.withdraw_release(operator("tests"), release=wrong, why=" . ")
    gone = actions.withdraw_release(operator("tests"), release=wrong, why="It begins a month later")
    assert (gone.withdrawn_on, gone.blocks.count()) == (date(2026, 11, 20), 7)
    with pytest.raises(NotNow, match="withdrawn already"):
        actions.withdraw_release(operator("tests"), release=gone, why="Again")
    assert queries.releases(TURN, ()).on(TURN).name == "old"
    right = actions.load_release(operator("tests"), release=NEW, file="new.xml", sha256=wrong.sha256)
    assert right.pk != wrong.pk and queries.releases(TURN, ()).on(BEFORE).name == "old"
    assert [row.pk for row, _ in queries.every_release()] == [right.pk, wrong.pk, queries.loaded()[0][0].pk]
    assert [one.release.name for one in queries.check(date(2026, 5, 4))] == ["old", "new"]
    assert queries.earlier_than(Release("one", Period(TURN), {}), ())[0].name == "old"


@pytest.mark.parametrize("since", [date(9999, 10, 1), date(2029, 1, 1), date(1999, 10, 1)])
def test_a_release_of_a_day_without_sense_is_not_kept(since: date) -> None:
    make.make_network()
    with pytest.raises(BadRelease, match="these limits are ours"):
        make.make_release(Release("one", Period(since), OLD.codes))
    assert not CodeRelease.objects.exists()


def test_a_part_of_a_list_is_not_taken_for_the_list_unless_somebody_says_so() -> None:
    make.make_network()
    make.make_release()
    part = Release("part", Period(TURN), dict(list(OLD.codes.items())[:2]))
    with pytest.raises(BadRelease, match="The file has 2 codes; old has 18"):
        actions.load_release(operator("tests"), release=part, file="part.xml", sha256="part")
    assert CodeRelease.objects.count() == 1
    assert actions.load_release(operator("tests"), release=part, file="part.xml", sha256="part", anyway=True).codes == 2


def test_a_new_edition_for_one_payer_ends_no_other_payers() -> None:
    make.make_network()
    first = make.make_table(f"{ADHD},F90.0", payers=("Plan", "Sunny"))
    make.make_table(f"{ADHD},F90.1", publisher="Everybody")
    signed = make.make_coded(make.make_family(), {"disorder": ADHD})
    make.make_table(f"{ADHD},F90.1", edition="2027", since=BEFORE, payers=(" plan",))
    first.refresh_from_db()
    assert first.until is None and [(one.payer, one.since) for one in first.ends.all()] == [("Plan", BEFORE)]
    codes = [queries.claim_of(signed, payer, BEFORE).codes for payer in ("Plan", "Sunny", "")]
    assert codes == [("F90.1",), ("F90.0",), ("F90.1",)]
    assert queries.claim_of(signed, "Plan", BEFORE - timedelta(days=1)).codes == ("F90.0",)
    make.make_table(f"{ADHD},F90.1", edition="2028", since=TURN, payers=("Sunny",))
    first.refresh_from_db()
    assert first.until == TURN  # nobody is left to keep it


def test_what_a_table_says_is_kept_whole() -> None:
    make.make_network()
    make.make_release()
    said: dict[str, Any] = {"publisher": "Plan", "edition": "1", "since": OLD.period.since}
    text = f"disorder,code,dsm5\n{ADHD},F90.0,{'d' * 300}\n"
    assert actions.load_table(operator("tests"), table=text, **said).rows.get().dsm5 == "d" * 300


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"payer": "Somebody else"}, "This table is not for Somebody else. It is for Plan."),
        ({"since": date(2020, 1, 1)}, "This table does not hold on 2020-01-01"),
        ({"source": " . "}, "Where the payer says so is missing"),
    ],
)
def test_an_answer_that_is_not_whole_is_not_kept(said: dict[str, Any], sentence: str) -> None:
    make.make_network()
    table = make.make_table(f"{AUTISM},F84.9", payers=("Plan",))
    facts = {"table": table, "since": BEFORE, "takes": True, "source": "Letter", "payer": "plan", **said}
    with pytest.raises(BadInput) as refusal:
        actions.keep_answer(operator("tests"), **facts)
    assert sentence in refusal.value.in_english() and not table.answers.exists()


def test_loading_that_is_stopped_leaves_nothing_half() -> None:
    make.make_network()
    first = make.make_release()
    heard: list[tuple[int, int]] = []

    def stop(done: int, of: int) -> None:
        heard.append((done, of))
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.load_release(operator("tests"), release=NEW, file="new.xml", sha256="new", told=stop)
    first.refresh_from_db()
    assert heard == [(0, 7), (7, 7)] and first.until is None
    assert (CodeRelease.objects.count(), CodeBlock.objects.count()) == (1, 7)


def test_the_trail_has_one_line_for_each_category() -> None:
    make.make_network()
    release = make.make_release(OLD)
    blocks = {str(pk) for pk in release.blocks.values_list("pk", flat=True)}
    rows = RowChange.objects.filter(table_name="diagnosis_codeblock").values_list("row_id", flat=True)
    assert {str(one).replace("-", "") for one in rows} == {one.replace("-", "") for one in blocks} and len(blocks) == 7
    assert AuditEntry.objects.get(verb="diagnosis.load_release").outcome == "done"


# Tables


def test_a_table_is_taken_whole_and_kept_as_it_was_read() -> None:
    make.make_network()
    kept = make.make_table(
        f"{AUTISM},f849",
        f"{RELATIONSHIP},Z62.2,,foster,lives there",
        payers=("Plan", " Sunny  Health"),
        source="A page",
    )
    assert kept.payers == "Plan\nSunny Health" and kept.rows.count() == 2
    ((one,), (other,)) = (queries.table_of(kept, [key]).rows for key in (AUTISM, RELATIONSHIP))
    assert (one.code, other.code, other.parent, other.when) == ("F84.9", "Z62.2", "foster", "lives there")


def test_a_table_with_a_row_that_cannot_be_taken_is_not_taken() -> None:
    """An unknown code, a heading, an expired one: which rows, and nothing is lost of what was there."""
    make.make_network()
    make.make_release(Release("first", Period(date(2024, 10, 1), date(2025, 10, 1)), NEW.codes))
    make.make_release()
    with pytest.raises(BadInput, match="3 rows cannot be taken: 2, 3, 4"):
        make.make_table(f"{ADHD},F99.9", f"{ADHD},F90", f"{AUTISM},F84.92", f"{ADHD},F90.0")
    assert not CrosswalkTable.objects.exists() and not CrosswalkRow.objects.exists()
    said = actions.judge(f"disorder,code\n{AUTISM},F84.92\n", date(2025, 10, 1), None, date(2026, 5, 4))
    assert "it has expired" in said[0].verdict.sentence


def test_a_table_is_judged_by_the_release_of_the_day_it_is_used_from() -> None:
    make.make_network()
    make.make_release(OLD)
    make.make_release(NEW)
    typed = f"disorder,code\n{AUTISM},F84.9\n"
    today = date(2026, 5, 4)
    assert actions.judge(typed, date(2025, 10, 1), None, today)[0].verdict
    assert not actions.judge(typed, date(2025, 10, 1), None, TURN)[0].verdict
    assert not actions.judge(typed, TURN, None, today)[0].verdict
    assert actions.judge(typed, date(2025, 10, 1), date(2026, 1, 1), TURN)[0].verdict
    with pytest.raises(NoRelease, match="No release of ICD-10-CM is loaded for 2020-01-01"):
        actions.judge(typed, date(2020, 1, 1), date(2020, 2, 1), today)


def test_a_later_edition_ends_the_one_before_and_two_that_decide_are_refused() -> None:
    make.make_network()
    first = make.make_table(f"{AUTISM},F84.9")
    second = make.make_table(f"{AUTISM},F90.1", edition="2027", since=date(2026, 3, 1))
    first.refresh_from_db()
    assert (first.until, second.until) == (date(2026, 3, 1), None)
    with pytest.raises(TwoTables, match="would both be in force"):
        make.make_table(f"{AUTISM},F90.1", publisher="Somebody else", since=date(2026, 4, 1))
    with pytest.raises(BadInput, match="State Medicaid 2027 is loaded already"):
        make.make_table(f"{AUTISM},F90.1", edition="2027")
    assert CrosswalkTable.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"until": date(2025, 10, 1)}, "before it begins"),
        ({"publisher": "  "}, "Who published the table"),
        ({"edition": ""}, "Who published the table"),
        ({"payers": tuple(f"Plan {number}" for number in range(41))}, "41 payers are named"),
    ],
)
def test_a_table_that_is_not_named_is_not_loaded(said: dict[str, Any], sentence: str) -> None:
    make.make_network()
    with pytest.raises(BadInput, match=sentence):
        make.make_table(f"{AUTISM},F84.9", **said)


def test_a_withdrawn_table_gives_no_code_and_stays() -> None:
    make.make_network()
    family = make.make_family()
    signed = make.make_coded(family, {"disorder": AUTISM})
    table = make.make_table(f"{AUTISM},F84.9")
    assert queries.claim_of(signed, "", BEFORE).codes == ("F84.9",)
    with pytest.raises(BadInput, match="The reason is missing"):
        actions.withdraw_table(operator("tests"), table=table, why=" . ")
    gone = actions.withdraw_table(operator("tests"), table=table, why="A page was left out")
    assert gone.withdrawn_on and gone.rows.count() == 1
    with pytest.raises(NoTable):
        queries.claim_of(signed, "", BEFORE)
    with pytest.raises(NotNow, match="withdrawn already"):
        actions.withdraw_table(operator("tests"), table=gone, why="Again")
    assert make.make_table(f"{AUTISM},F84.9").pk != gone.pk  # the same edition, loaded anew


def test_a_new_release_breaks_rows_of_tables_and_says_which() -> None:
    make.make_network()
    make.make_table(f"{AUTISM},F84.9", f"{ADHD},F90.0")
    make.make_release(NEW)
    today, later = queries.check(date(2026, 5, 4))
    assert today.rows == ()
    assert [(table.publisher, one.row.code, one.leaves) for table, one in later.rows] == [
        ("State Medicaid", "F84.9", ("F84.91", "F84.92"))
    ]
    assert [one.release.name for one in queries.check(TURN)] == ["new"]
    assert {one.suggestion.code for one in today.suggestions} > {"F84.0"}  # the invented list has other codes


# The code of a claim


def test_the_code_is_that_of_the_day_of_the_service() -> None:
    """One version, two days of service on either side of a release: the first has its code, the second asks."""
    make.make_network()
    make.make_table(f"{AUTISM},F84.9")
    make.make_release(NEW)
    signed = make.make_coded(make.make_family(), {"disorder": AUTISM})
    first, second = queries.claim_of(signed, "", BEFORE), queries.claim_of(signed, "", TURN)
    assert (first.codes, first.release, first.is_ready) == (("F84.9",), "old", True)
    assert (second.release, second.is_ready, second.open[0].why) == ("new", False, Why.NOT_BILLABLE)


def test_exclusions_and_symptoms_are_found_through_what_is_kept() -> None:
    make.make_network()
    make.make_table(f"{ATTACHMENT},F94.1", f"{SOCIAL},F94.2", f"{CRYING},R68.1")
    both = make.make_coded(make.make_family(), {"disorder": ATTACHMENT}, {"disorder": SOCIAL})
    assert [one.note for one in queries.claim_of(both, "", BEFORE).clashes] == ["the other of them (F94.2)"]
    crying = make.make_coded(make.make_family(), {"disorder": CRYING})
    assert queries.claim_of(crying, "", BEFORE).first_may_be_refused


def test_which_of_several_codes_is_chosen_with_a_reason_and_it_only_grows() -> None:
    make.make_network()
    make.make_table(f"{ADHD},F90.0", f"{ADHD},F90.1")
    family = make.make_family()
    dana = make.make_worker("clinician")
    make.join_team(family, dana)
    signed = make.make_coded(family, {"disorder": ADHD}, by=dana)
    given = signed.given.get()
    said: dict[str, Any] = {"formulation": signed, "given": given, "payer": "", "on": BEFORE}
    assert not queries.claim_of(signed, "", BEFORE).is_ready
    with pytest.raises(BadInput, match="The reason is missing"):
        actions.choose_code(dana.actor, code="F90.0", why=" ", **said)
    with pytest.raises(BadInput, match=r"F84\.9 is none of the codes"):
        actions.choose_code(dana.actor, code="F84.9", why="better paid", **said)
    actions.choose_code(dana.actor, code="f900", why="Seen at child care", **said)
    kept = queries.claim_of(signed, "", BEFORE)
    assert kept.codes == ("F90.0",) and kept.coded[0].why_chosen == "Seen at child care"
    actions.choose_code(dana.actor, code="F90.1", why="Looked again", **said)
    assert queries.claim_of(signed, "", BEFORE).codes == ("F90.1",) and ChosenCode.objects.count() == 2
    assert b"Seen at child care" not in bytes(ChosenCode.objects.values_list("why", flat=True).first() or b"")


def test_a_diagnosis_of_another_version_is_not_chosen_for() -> None:
    make.make_network()
    make.make_table(f"{ADHD},F90.0", f"{ADHD},F90.1")
    family, dana = make.make_family(), make.make_worker("clinician")
    make.join_team(family, dana)
    signed = make.make_coded(family, {"disorder": ADHD}, by=dana)
    another = make.make_coded(family, {"disorder": ADHD}, by=dana).given.get()
    with pytest.raises(BadInput, match="is none of the codes"):
        actions.choose_code(dana.actor, formulation=signed, given=another, code="F90.0", why="x", payer="", on=BEFORE)


def test_nothing_is_chosen_while_a_second_signature_is_missing() -> None:
    make.make_network()
    make.make_table(f"{ADHD},F90.0", f"{ADHD},F90.1")
    family, dana, ines = make.make_family(), make.make_worker("clinician"), make.make_worker("clinician")
    make.join_team(family, dana)
    signed = make.make_coded(family, {"disorder": ADHD}, by=dana, cosigner=ines.person)
    assert queries.waits_for_cosigner(signed)
    with pytest.raises(NotNow, match="waits for a second signature"):
        actions.choose_code(
            dana.actor, formulation=signed, given=signed.given.get(), code="F90.0", why="x", payer="", on=BEFORE
        )


# What payers allow


def test_what_a_payer_allows_is_kept_with_its_source() -> None:
    supervisor = make.make_worker("agency_supervisor")
    there = {"organization": supervisor.agency}
    kept = actions.keep_payer(supervisor.actor, payer=" Sunny  Plan", sessions=5, source="Manual, page 3", **there)
    assert (kept.payer, kept.sessions, kept.by) == ("Sunny Plan", 5, supervisor.person)
    with pytest.raises(Stale):
        actions.keep_payer(supervisor.actor, payer="sunny plan", sessions=6, source="Manual, page 4", **there)
    again = actions.keep_payer(
        supervisor.actor, payer="Sunny Plan", sessions=None, source="", seen=kept.version, **there
    )
    assert again.pk == kept.pk and again.sessions is None
    assert queries.payers_of(supervisor.agency, "sunny plan", "Other") == ["Other", "Sunny Plan"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"payer": " ", "sessions": 5, "source": "a"}, "payer"),
        ({"payer": "Plan", "sessions": 366, "source": "a"}, "sessions"),
        ({"payer": "Plan", "sessions": 5, "source": " "}, "source"),
    ],
)
def test_a_number_without_name_or_source_is_not_kept(said: dict[str, Any], field: str) -> None:
    supervisor = make.make_worker("agency_supervisor")
    with pytest.raises(BadInput) as refusal:
        actions.keep_payer(supervisor.actor, organization=supervisor.agency, **said)
    assert refusal.value.field == field and not PayerAllowance.objects.exists()


# Who may

ROLES = ("clinician", "home_visitor", "family_service_coordinator", "agency_supervisor", "privacy_officer")
EVERYBODY = (*ROLES, "data_steward", "administrator", "association_coordinator")


def _loads(worker: make.Worker) -> Any:
    return actions.load_release(worker.actor, release=NEW, file="new.xml", sha256="new")


def _loads_table(worker: make.Worker) -> Any:
    table = f"disorder,code\n{AUTISM},F84.9\n"
    since = date(2024, 10, 1)
    return actions.load_table(
        worker.actor,
        publisher="Plan",
        edition="1",
        since=OLD.period.since,
        payers=("Plan",),
        source=str(since),
        table=table,
    )


def _withdraws(worker: make.Worker) -> Any:
    return actions.withdraw_table(worker.actor, table=CrosswalkTable.objects.get(), why="A page was left out")


def _withdraws_release(worker: make.Worker) -> Any:
    return actions.withdraw_release(worker.actor, release=CodeRelease.objects.get(), why="Another file")


def _keeps_answer(worker: make.Worker) -> Any:
    table = CrosswalkTable.objects.get()
    return actions.keep_answer(worker.actor, table=table, since=BEFORE, takes=True, source="Letter")


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize(
    "work",
    [_loads, _withdraws_release, _loads_table, _withdraws, _keeps_answer],
    ids=["load_release", "withdraw_release", "load_table", "withdraw_table", "keep_answer"],
)
def test_only_the_data_steward_loads_and_withdraws(role: str, work: Callable[[make.Worker], Any]) -> None:
    """Who serves families does not change the rules that code their claims; the operator does both by the command line."""
    make.make_network()
    make.make_table(f"{AUTISM},F84.9")
    worker = make.make_worker(role)
    if role == "data_steward":
        assert work(worker)
        return
    with pytest.raises(Refused) as refusal:
        work(worker)
    assert "data steward" in str(refusal.value)


@pytest.mark.parametrize("role", EVERYBODY)
def test_only_a_clinician_of_the_care_team_chooses_a_code(role: str) -> None:
    make.make_network()
    make.make_table(f"{ADHD},F90.0", f"{ADHD},F90.1")
    family = make.make_family()
    signed = make.make_coded(family, {"disorder": ADHD})
    worker = make.make_worker(role)
    said: dict[str, Any] = {"given": signed.given.get(), "code": "F90.0", "why": "Seen", "payer": "", "on": BEFORE}
    with pytest.raises(Refused):
        actions.choose_code(worker.actor, formulation=signed, **said)
    if role in ("home_visitor", "clinician"):
        make.join_team(family, worker)
        if role == "clinician":
            assert actions.choose_code(worker.actor, formulation=signed, **said).code == "F90.0"
            return
        with pytest.raises(Refused, match="clinicians of this family"):
            actions.choose_code(worker.actor, formulation=signed, **said)


@pytest.mark.parametrize("role", EVERYBODY)
def test_only_the_agencys_own_supervisor_keeps_payers(role: str) -> None:
    harbor, prairie = make.make_network().agencies[:2]
    worker = make.make_worker(role)
    said: dict[str, Any] = {"payer": "Plan", "sessions": 5, "source": "Manual"}
    with pytest.raises(Refused):
        actions.keep_payer(worker.actor, organization=prairie, **said)
    if role == "agency_supervisor":
        assert actions.keep_payer(worker.actor, organization=harbor, **said).organization == harbor
        return
    with pytest.raises(Refused):
        actions.keep_payer(worker.actor, organization=harbor, **said)
