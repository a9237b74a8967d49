"""The code that a claim may carry: by the payer's table, in the release of the day, and nothing chosen silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inmind.diagnosis import crosswalk
from inmind.diagnosis.adapters.catalog import manual, suggestions
from inmind.diagnosis.billing import Chosen, Claim, NoDay, Why, billable, check_day
from inmind.diagnosis.crosswalk import (
    Answer,
    Ending,
    Fault,
    KindOfParent,
    Mapped,
    NoTable,
    Outdated,
    Standing,
    Suggestion,
    Table,
    TwoTables,
    beside,
    broken_by,
    outdated,
    table_for,
    unmapped,
)
from inmind.diagnosis.formulation import Certainty, Diagnosis
from inmind.diagnosis.releases import NoRelease
from inmind.diagnosis.tests.invented import (
    ADHD,
    ATTACHMENT,
    AUTISM,
    BY_PARENT,
    CRYING,
    EATING,
    FOSTER,
    MOTHER,
    NEW,
    OLD,
    RELATIONSHIP,
    RELEASES,
    SOCIAL,
    TURN,
    diagnosis,
    table,
)
from inmind.foundation.catalogs import Confidence
from inmind.foundation.values import Period

DAY = date(2026, 5, 4)


def claim(*diagnoses: Diagnosis, rows: tuple[Mapped, ...] | Table = (), day: date = DAY, **named: object) -> Claim:
    tables = [rows if isinstance(rows, Table) else table(*rows)]
    return billable(diagnoses, "Medicaid", day, tables=tables, releases=RELEASES, **named)  # type: ignore[arg-type]


def why(found: Claim) -> list[Why]:
    return [one.why for one in found.open]


def test_one_diagnosis_one_code():
    found = claim(diagnosis(AUTISM), rows=(Mapped(AUTISM, "F84.9", dsm5="a name"),))
    assert found.codes == ("F84.9",) and found.is_ready
    assert (found.release, found.publisher, found.edition) == ("old", "State", "1")
    assert (found.coded[0].title, found.coded[0].dsm5, found.coded[0].why_chosen) == (
        "Development, unspecified",
        "a name",
        "",
    )


def test_no_code_leaves_without_a_table_of_the_payer():
    with pytest.raises(NoTable, match="No crosswalk for Medicaid is loaded"):
        billable([diagnosis(AUTISM)], "Medicaid", DAY, tables=[], releases=RELEASES)
    of_another = table(Mapped(AUTISM, "F84.9"), payers=frozenset(["Other plan"]))
    with pytest.raises(NoTable):
        claim(diagnosis(AUTISM), rows=of_another)
    over = table(Mapped(AUTISM, "F84.9"), period=Period(date(2020, 1, 1), DAY))
    with pytest.raises(NoTable):
        claim(diagnosis(AUTISM), rows=over)


def test_our_suggestions_never_code_a_claim():
    """What ships is of another kind than what a claim is made of: there is no way from one to the other."""
    assert not {type(one) for one in suggestions()} & {Mapped, Table}
    assert not any(getattr(crosswalk, name, None) for name in ("table_of_suggestions", "as_table"))
    with pytest.raises(NoTable, match="No crosswalk for all payers is loaded"):
        billable([diagnosis(AUTISM)], "", DAY, tables=(), releases=RELEASES)


def test_a_payers_own_table_comes_before_one_for_all():
    general = table(Mapped(AUTISM, "F84.9"))
    own = table(Mapped(AUTISM, "F90.1"), publisher="Plan", payers=frozenset(["Medicaid"]))
    found = billable([diagnosis(AUTISM)], "  MEDICAID ", DAY, tables=[general, own], releases=RELEASES)
    assert found.codes == ("F90.1",)
    with pytest.raises(TwoTables, match="State 1 and State 2 are both in force"):
        billable([], "Medicaid", DAY, tables=[general, table(edition="2")], releases=RELEASES)


def test_the_code_is_that_of_the_day_of_the_service():
    """The same formulation, two services on either side of a new release: the first goes out, the second asks."""
    rows = (Mapped(AUTISM, "F84.9"),)
    assert claim(diagnosis(AUTISM), rows=rows, day=TURN - timedelta(days=1)).is_ready
    after = claim(diagnosis(AUTISM), rows=rows, day=TURN)
    assert why(after) == [Why.NOT_BILLABLE] and not after.is_ready
    assert [(one.code, one.title) for one in after.open[0].choices] == [
        ("F84.91", "Development, few features"),
        ("F84.92", "Development, others"),
    ]
    with pytest.raises(NoRelease):
        claim(diagnosis(AUTISM), rows=rows, day=date(2025, 3, 1))


def test_a_heading_and_a_code_that_is_not_there_are_refused():
    assert why(claim(diagnosis(ADHD), rows=(Mapped(ADHD, "F90"),))) == [Why.NOT_BILLABLE]
    assert why(claim(diagnosis(ADHD), rows=(Mapped(ADHD, "F99.9"),))) == [Why.NOT_THERE]
    assert why(claim(diagnosis(ADHD), rows=(Mapped(AUTISM, "F84.9"),))) == [Why.NOT_IN_TABLE]


def test_one_to_many_asks_which_and_why():
    rows = (Mapped(ADHD, "F90.0", when="more of the first"), Mapped(ADHD, "F90.1"))
    asked = claim(diagnosis(ADHD), rows=rows)
    assert why(asked) == [Why.WHICH] and not asked.is_ready
    assert [(one.code, one.when) for one in asked.open[0].choices] == [("F90.0", "more of the first"), ("F90.1", "")]
    assert why(claim(diagnosis(ADHD), rows=rows, chosen=[Chosen(ADHD, "F90.0", "  ")])) == [Why.WHICH]
    told = claim(diagnosis(ADHD), rows=rows, chosen=[Chosen(ADHD, "F90.0", "seen at child care")])
    assert told.codes == ("F90.0",) and told.coded[0].why_chosen == "seen at child care"


def test_of_what_was_chosen_the_newest_that_the_table_names_holds():
    """Chosen for another payer's table, it leaves what was chosen for this one as it is."""
    rows = (Mapped(ADHD, "F90.0"), Mapped(ADHD, "F90.1"))
    chosen = [Chosen(ADHD, "F90.0", "one"), Chosen(ADHD, "F90.1", "two"), Chosen(ADHD, "F84.9", "another payer's")]
    found = claim(diagnosis(ADHD), rows=rows, chosen=chosen)
    assert found.codes == ("F90.1",) and found.coded[0].why_chosen == "two"
    assert [one.code for one in found.coded[0].choices] == ["F90.0", "F90.1"]


def test_what_is_chosen_for_one_relationship_is_not_chosen_for_another():
    rows = (Mapped(RELATIONSHIP, "Z62.1"), Mapped(RELATIONSHIP, "F94.1"))
    both = [diagnosis(RELATIONSHIP, caregiver=one) for one in (MOTHER, FOSTER)]
    found = claim(*both, rows=rows, chosen=[Chosen(RELATIONSHIP, "F94.1", "with her", caregiver=MOTHER)])
    assert [one.diagnosis.caregiver for one in found.coded] == [MOTHER]
    assert [(one.diagnosis.caregiver, one.why) for one in found.open] == [(FOSTER, Why.WHICH)]


def test_one_code_that_two_rows_name_is_no_question():
    rows = (Mapped(EATING, "F98.3"), Mapped(EATING, "F98.3", kind="pica", dsm5="Pica"))
    found = claim(diagnosis(EATING, kind="pica"), rows=rows)
    assert found.codes == ("F98.3",) and found.coded[0].choices == ()


def test_a_code_that_the_table_does_not_name_cannot_be_chosen():
    found = claim(diagnosis(ADHD), rows=(Mapped(ADHD, "F90.0"),), chosen=[Chosen(ADHD, "F90.1", "better paid")])
    assert found.codes == ("F90.0",) and found.coded[0].why_chosen == ""


def test_many_to_one_is_one_code_and_two_labels():
    """Counts use the label of DC:0-5: two diagnoses stay two, though the claim carries one code."""
    found = claim(diagnosis(ADHD), diagnosis(AUTISM), rows=(Mapped(ADHD, "F90.1"), Mapped(AUTISM, "F90.1")))
    assert found.codes == ("F90.1",) and found.is_ready
    assert [one.diagnosis.disorder for one in found.coded] == [ADHD, AUTISM]


def test_nothing_leads_from_a_code_back_to_a_diagnosis():
    names = [name for name in (*dir(crosswalk), *dir(Table)) if "disorder" in name.casefold() or "from_code" in name]
    assert names == []


def test_two_codes_that_exclude_each_other_do_not_leave_together():
    rows = (Mapped(ATTACHMENT, "F94.1"), Mapped(SOCIAL, "F94.2"))
    found = claim(diagnosis(ATTACHMENT), diagnosis(SOCIAL), rows=rows)
    assert not found.is_ready
    assert [(one.one, one.other, one.note) for one in found.clashes] == [
        ("F94.1", "F94.2", "the other of them (F94.2)")
    ]


def test_a_code_of_a_symptom_comes_after_the_others_and_is_named_where_it_stands_alone():
    rows = (Mapped(CRYING, "R68.1"), Mapped(AUTISM, "F84.9"))
    assert claim(diagnosis(CRYING), diagnosis(AUTISM), rows=rows).codes == ("F84.9", "R68.1")
    alone = claim(diagnosis(CRYING), rows=rows)
    assert alone.first_may_be_refused and alone.is_ready
    assert not claim(rows=rows).first_may_be_refused


def test_a_relationship_is_coded_by_who_the_caregiver_is():
    assert why(claim(diagnosis(RELATIONSHIP), rows=BY_PARENT)) == [Why.NO_CAREGIVER]
    asked = claim(diagnosis(RELATIONSHIP, caregiver=FOSTER), rows=BY_PARENT)
    assert why(asked) == [Why.KIND_OF_PARENT]
    assert [one.when for one in asked.open[0].choices] == ["biological", "foster"]
    foster = diagnosis(RELATIONSHIP, caregiver=FOSTER, parent=KindOfParent.FOSTER)
    assert claim(foster, rows=BY_PARENT).codes == ("Z62.2",)
    step = diagnosis(RELATIONSHIP, caregiver=FOSTER, parent=KindOfParent.STEP)
    assert why(claim(step, rows=BY_PARENT)) == [Why.NOT_IN_TABLE]


def test_a_diagnosis_of_several_kinds_is_coded_by_its_kind():
    rows = (Mapped(EATING, "F98.3", kind="pica"), Mapped(EATING, "F98.2", kind="hoarding"))
    asked = claim(diagnosis(EATING), rows=rows)
    assert why(asked) == [Why.KIND] and [one.when for one in asked.open[0].choices] == ["pica", "hoarding"]
    assert claim(diagnosis(EATING, kind="pica"), rows=rows).codes == ("F98.3",)


def test_what_was_ruled_out_has_no_code_and_keeps_nothing_back():
    rows = (Mapped(AUTISM, "F84.9"),)
    found = claim(diagnosis(AUTISM), diagnosis(ADHD, Certainty.RULED_OUT), rows=rows)
    assert why(found) == [Why.RULED_OUT] and found.is_ready
    assert [one.diagnosis.disorder for one in found.answers] == [AUTISM, ADHD]
    assert not claim(diagnosis(ADHD, Certainty.RULED_OUT), rows=rows).is_ready


@pytest.mark.parametrize(("said", "expected"), [(None, [Why.WORKING]), (False, [Why.WORKING_NOT_TAKEN]), (True, [])])
def test_whether_a_working_diagnosis_is_billed_is_the_payers_to_say(said, expected):
    rows = table(Mapped(AUTISM, "F84.9"), working_may_be_billed=said)
    assert why(claim(diagnosis(AUTISM, Certainty.WORKING), rows=rows)) == expected


def test_a_new_release_breaks_rows_and_says_which():
    rows = (Mapped(AUTISM, "F84.9"), Mapped(ADHD, "F99.9"), Mapped(ATTACHMENT, "F94.1"))
    assert [one.row.code for one in broken_by(OLD, rows)] == ["F99.9"]
    broken = broken_by(NEW, rows)
    assert [(one.row.code, one.fault, one.leaves) for one in broken] == [
        ("F84.9", Fault.NOT_BILLABLE, ("F84.91", "F84.92")),
        ("F99.9", Fault.NOT_THERE, ()),
    ]


def test_a_table_says_what_it_leaves_out():
    assert len(unmapped(table(Mapped(AUTISM, "F84.9")), manual().disorders)) == 41


@pytest.mark.parametrize(
    ("there", "new", "ended"),
    [
        ({}, {"edition": "2", "period": Period(DAY)}, True),
        ({"period": Period(date(2025, 1, 1), DAY)}, {"edition": "2", "period": Period(DAY)}, False),
        ({"payers": frozenset(["Plan"])}, {"publisher": "Other", "period": Period(DAY)}, False),
        ({"payers": frozenset(["Plan"])}, {"payers": frozenset(["Sunny"]), "period": Period(DAY)}, False),
        ({"payers": frozenset(["Plan"])}, {"payers": frozenset([" plan", "Sunny"]), "period": Period(DAY)}, True),
    ],
    ids=["its next edition", "after it", "beside all payers", "of other payers", "of one payer of both"],
)
def test_a_later_edition_ends_the_one_before_it(there, new, ended):
    before, after = table(**there), table(**new)
    assert beside([before], after) == ((Ending(before),) if ended else ())


def test_a_new_edition_for_some_payers_leaves_the_others_their_own():
    """One of two payers has a new edition: the other goes on by the earlier one, and not by the table for all."""
    both = table(Mapped(ADHD, "F90.0"), payers=frozenset(["Plan", "Sunny"]))
    new = table(Mapped(ADHD, "F90.1"), edition="2", payers=frozenset(["plan"]), period=Period(DAY))
    assert beside([both], new) == (Ending(both, ("Plan",)),)
    both = replace(both, ended=(("Plan", DAY),))
    everybody = table(Mapped(ADHD, "F90.1"), publisher="Everybody")
    by = {
        (payer, day): table_for([both, new, everybody], payer, day)
        for payer in ("Plan", "SUNNY ")
        for day in (DAY - timedelta(days=1), DAY)
    }
    assert [one.edition for one in by.values()] == ["1", "2", "1", "1"] and everybody not in by.values()
    assert both.payers_on(DAY) == ("Sunny",) and both.is_read_on(DAY)
    last = table(edition="3", payers=frozenset(["Sunny"]), period=Period(DAY))
    assert beside([both, new], last) == (Ending(both),)  # nobody is left to keep it
    assert not replace(both, ended=(("Plan", DAY), ("Sunny", DAY))).is_read_on(DAY)
    with pytest.raises(TwoTables):
        beside([both, new], table(edition="3", payers=frozenset(["Plan"]), period=Period(DAY - timedelta(days=9))))


@pytest.mark.parametrize(
    ("payer", "day", "taken"),
    [
        ("Plan", DAY - timedelta(days=1), None),
        ("Plan", DAY, False),
        ("Sunny", DAY, True),
        ("Sunny", DAY + timedelta(days=30), False),
        ("Plan", DAY + timedelta(days=30), False),
        ("PLAN ", DAY + timedelta(days=60), True),
    ],
)
def test_what_a_payer_answers_of_working_diagnoses_holds_from_its_day_on(payer, day, taken):
    """The table stays what it is; the newest answer holds, and one of this payer before one for all."""
    later = DAY + timedelta(days=30)
    plans = (Answer(DAY, False, "Plan"), Answer(DAY + timedelta(days=60), True, "plan"))
    rows = table(Mapped(AUTISM, "F84.9"), answers=(*plans, Answer(DAY, True), Answer(later, False)))
    assert rows.takes_working(payer, day) is taken
    assert claim(diagnosis(AUTISM, Certainty.WORKING), rows=rows).is_ready


def test_a_diagnosis_whose_row_was_left_out_is_not_called_unnamed():
    rows = table(left_out=frozenset([ADHD]))
    assert why(claim(diagnosis(ADHD), rows=rows)) == [Why.LEFT_OUT]
    assert ADHD not in unmapped(rows, manual().disorders)


BORN_ON, LATEST = date(2024, 3, 15), date(2026, 5, 4)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (BORN_ON - timedelta(days=1), "is before this child was born"),
        (LATEST + timedelta(days=1), "has not come yet"),
        (date(9999, 12, 31), "has not come yet"),
    ],
)
def test_a_service_before_birth_or_not_yet_there_has_no_code(day, sentence):
    with pytest.raises(NoDay, match=sentence):
        check_day(day, born=BORN_ON, today=LATEST)


@pytest.mark.parametrize(("day", "born"), [(BORN_ON, BORN_ON), (LATEST, BORN_ON), (date(2020, 1, 1), None)])
def test_a_day_of_service_from_birth_until_today_is_asked_for(day, born):
    check_day(day, born=born, today=LATEST)


@pytest.mark.parametrize(
    "new",
    [
        {"publisher": "Other", "period": Period(DAY)},
        {"edition": "2", "period": Period(date(2025, 1, 1))},
        {"edition": "0", "period": Period(date(2024, 1, 1))},
    ],
    ids=["another publisher", "from the same day", "from before"],
)
def test_two_tables_that_would_both_decide_are_not_both_loaded(new):
    with pytest.raises(TwoTables, match="would both be in force"):
        beside([table()], table(**new))
    assert beside([table()], table(edition="0", period=Period(date(2024, 1, 1), date(2025, 1, 1)))) == ()


def test_a_release_that_outdates_our_suggestions_says_which():
    """A suggestion is only to be read, and still never shown as if a release bore it out that does not."""

    def ours(code: str, title: str, standing: Standing = Standing.CANDIDATE) -> Suggestion:
        return Suggestion(ADHD, code, title, standing, "", "a list", Confidence.HIGH)

    still = (ours("F90.0", "Activity, first kind"), ours("F90", "Group of activity", Standing.TRAP))
    assert outdated(OLD, still) == ()
    gone, heading = ours("F99.9", "Gone"), ours("F84.9", "Development, unspecified")
    trap, other = ours("F90.1", "Activity, second kind", Standing.TRAP), ours("F90.0", "Disturbance of activity")
    assert outdated(NEW, (gone, heading, trap, other)) == (
        Outdated(gone, Fault.NOT_THERE),
        Outdated(heading, Fault.NOT_BILLABLE),
        Outdated(trap, Fault.NO_TRAP),
        Outdated(other, None, "Activity, first kind"),
    )
