"""Each row of a contact export has one verdict, whatever the order of the rows; the same file twice changes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmind.association.moving import verdicts
from inmind.association.moving.contacts import Contact, Status
from inmind.association.moving.verdicts import (
    SENTENCES,
    Found,
    Line,
    Member,
    Ours,
    Paid,
    Verdict,
    Why,
    bundled,
    compared,
    judge,
    lines_of,
    times_of,
)
from inmind.records.columns import Order
from inmind.records.sheets import read

TODAY = date(2026, 2, 3)
LEVELS = {"individual": "one", "agency": "many", "friend": ""}
HEADING = "User ID,First name,Last name,Email,Phone,Organization,Level,Status,Since,Due,Bundle,Role,Archived,Suspended,Member,Groups"
KEYS = (
    *("number", "given_name", "family_name", "mail", "phone", "organization", "level", "status", "since"),
    *("renewal_due", "bundle", "role", "archived", "suspended", "is_member", "labels"),
)
NOBODY = Ours((), {})
ADA = Member(
    UUID(int=7),
    "Ada Stone",
    frozenset({"ada@example.org"}),
    frozenset({"5550142000"}),
    (Paid("one", date(2024, 1, 1), date(2026, 1, 1)),),
)


def sheet(*rows: str) -> list[Line]:
    text = "\n".join((HEADING, *rows)) + "\n"
    mapping = dict(zip(HEADING.split(","), KEYS, strict=True))
    return lines_of(read(text), mapping, Order.UNKNOWN, LEVELS, TODAY)


def row(**said: str) -> str:
    """A whole row, of an active member, but for what is said."""
    usual = {
        "given_name": "Ada",
        "family_name": "Stone",
        "level": "Individual",
        "status": "Active",
        "since": "2024-01-01",
        "renewal_due": "2027-01-01",
    }
    return ",".join((usual | said).get(key, "") for key in KEYS)


def of(line: Line, ours: Ours = NOBODY, before: Why | None = None) -> tuple[str, str]:
    found = judge(line, ours, LEVELS, before)
    return found.verdict.value, (found.why or "").__str__()


@pytest.mark.parametrize(
    ("said", "verdict", "why"),
    [
        ({}, "new", ""),
        ({"given_name": "", "family_name": "-"}, "out", "no_name"),
        ({"given_name": "A\u202eda"}, "out", "text"),
        ({"archived": "yes"}, "out", "archived"),
        ({"suspended": "yes"}, "out", "suspended"),
        ({"level": ""}, "out", "no_member"),
        ({"is_member": "no"}, "out", "no_member"),
        ({"status": "Pending - New"}, "out", "not_paid"),
        ({"level": "Friend"}, "out", "level_out"),
        ({"status": "Pending - Renewal"}, "new", ""),
        ({"organization": "mother of Mateo"}, "doubtful", "family"),
        ({"since": "31/02/2024"}, "doubtful", "no_day"),
        ({"since": "03/04/2024"}, "doubtful", "two_days"),
        ({"renewal_due": ""}, "doubtful", "no_dates"),
        ({"since": ""}, "doubtful", "no_dates"),
        ({"since": "01/01/0001"}, "doubtful", "far"),
        ({"renewal_due": "9999-12-31"}, "doubtful", "far"),
        ({"since": "2025-06-01", "renewal_due": "2025-01-01"}, "doubtful", "turned"),
        ({"since": "2026-03-01"}, "doubtful", "ahead"),
        ({"status": "Lapsed"}, "doubtful", "still_paid"),
        ({"status": "Lapsed", "renewal_due": "2025-01-01"}, "new", ""),
        ({"status": "Honored"}, "doubtful", "status"),
        ({"level": "Student"}, "doubtful", "level"),
        ({"mail": "ada at example"}, "doubtful", "mail"),
        ({"bundle": "99"}, "doubtful", "bundle"),
        ({"bundle": "99", "archived": "yes"}, "out", "archived"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_row_by_itself(said: dict[str, str], verdict: str, why: str) -> None:
    """Worked examples: what a row says of itself, and its verdict."""
    (line,) = sheet(row(**said))
    assert of(line) == (verdict, why)


def test_a_row_with_another_number_of_fields_is_not_taken() -> None:
    first, second = sheet("Ada,Stone", row())
    assert of(first) == ("out", "unreadable")
    assert of(second) == ("new", "")


def test_rows_of_one_file_beside_each_other() -> None:
    """The row that comes first by its content is the one that others are like, wherever in the file it stands."""
    rows = [
        row(number="12", given_name="Tess", mail="desk@example.org"),
        row(number="11", given_name="Noa", mail="desk@example.org"),
        row(number="13", mail="ada@example.org"),
        row(number="14", mail="ada@home.example"),
        row(number="14", given_name="Leo", mail="leo@example.org"),
        row(number="11", given_name="Noa", mail="desk@example.org"),
    ]
    lines = sheet(*rows)
    assert [of(line) for line in lines] == [
        ("doubtful", "shared"),
        ("new", ""),
        ("new", ""),
        ("doubtful", "twin"),
        ("doubtful", "twin"),
        ("same", "row"),
    ]
    assert [line.twin.row for line in lines if line.twin] == [3, 4, 5, 3]
    turned = sheet(*reversed(rows))
    assert Counter(of(line) for line in turned) == Counter(of(line) for line in lines)


def test_a_bundle_lends_level_dates_and_who_pays() -> None:
    """Named by the number or the mailbox of its coordinator, whose own row may leave it empty."""
    plain = {"level": "", "status": "", "since": "", "renewal_due": ""}
    lines = sheet(
        row(number="1", mail="boss@harbor.example", organization="Harbor", level="Agency"),
        row(number="2", given_name="Tess", bundle="1", **plain),
        row(
            number="3",
            given_name="Noa",
            bundle="BOSS@harbor.example",
            since="2025-05-05",
            level="",
            status="",
            renewal_due="",
        ),
        row(
            number="4", given_name="Leo", bundle="B7", role="Bundle coordinator", level="Agency", organization="Prairie"
        ),
        row(number="5", given_name="Mia", bundle="b7", role="Bundle member", **plain),
    )
    assert [of(line)[0] for line in lines] == ["new"] * 5
    assert [line.payer for line in lines] == ["Harbor", "Harbor", "Harbor", "Prairie", "Prairie"]
    assert {line.said.level for line in lines} == {"Agency"}
    assert lines[2].said.since == date(2025, 5, 5) and lines[1].said.since == date(2024, 1, 1)


def test_who_is_here_is_known_by_number_or_by_name_and_mailbox() -> None:
    ours = Ours([ADA], {"44": ADA.id})
    until = {"renewal_due": "2026-01-01"}
    (line,) = sheet(row(number="44", phone="555 014 2000", **until))
    assert of(line, ours) == ("same", "here")
    (line,) = sheet(row(mail="ADA@example.org", **until))
    assert of(line, ours) == ("same", "here")
    (line,) = sheet(
        row(number="44", family_name="Ortiz", mail="ortiz@example.org", phone="555-014-2009", labels="Policy")
    )
    found = judge(line, ours, LEVELS)
    assert (found.verdict, found.person, found.why) == (Verdict.DIFFERS, ADA.id, Why.OTHER)
    assert found.adds == ("mail", "phone", "labels", "renewal_due") and found.other == ("name",)


def test_a_row_with_a_wrong_date_says_which_member_it_is_about() -> None:
    """So that whoever puts the date right does not make a second record of somebody who is here."""
    (line,) = sheet(row(number="44", renewal_due="2023-01-01"))
    found = judge(line, Ours([ADA], {"44": ADA.id}), LEVELS)
    assert (found.verdict, found.why, found.person) == (Verdict.DOUBTFUL, Why.TURNED, ADA.id)


def test_who_may_be_here_waits_for_a_person() -> None:
    ours = Ours([ADA, replace(ADA, id=UUID(int=8), name="")], {"44": ADA.id, "45": UUID(int=9)})
    for said, why in (
        ({"number": "44", "given_name": "Leo", "family_name": "Park"}, "like_here"),
        ({"mail": "ada@home.example"}, "like_here"),
        ({"given_name": "Bo", "mail": "ada@example.org"}, "shared_here"),
        ({"given_name": "Bo", "number": "45", "mail": "bo@example.org"}, ""),
    ):
        (line,) = sheet(row(**said))
        assert of(line, ours) == ("doubtful" if why else "new", why)


def test_another_level_for_the_same_time_is_told_and_not_taken() -> None:
    ours = Ours([ADA], {})
    (line,) = sheet(row(mail="ada@example.org", level="Agency", renewal_due="2025-06-01"))
    found = judge(line, ours, LEVELS)
    assert (found.adds, found.other) == ((), ("level",))


def test_what_was_decided_before_is_not_asked_again() -> None:
    (line,) = sheet(row(level="Student"))
    assert of(line, before=Why.BEFORE) == ("same", "before")
    assert of(line, before=Why.LEFT_OUT) == ("out", "left_out")


def test_times_of_membership_as_the_years_of_the_file_tell_them() -> None:
    """A gap stays a gap; the last run of years ends on the day that the file says."""
    whole = Contact(since=date(2016, 3, 15), until=date(2027, 1, 1))
    assert times_of(whole, "one") == (Paid("one", date(2016, 3, 15), date(2027, 1, 1)),)
    assert times_of(replace(whole, years=(2016, 2017, 2020, 2025)), "one") == (
        Paid("one", date(2016, 3, 15), date(2018, 1, 1)),
        Paid("one", date(2020, 1, 1), date(2021, 1, 1)),
        Paid("one", date(2025, 1, 1), date(2027, 1, 1)),
    )


def test_nothing_that_is_here_is_made_shorter() -> None:
    longer = (Paid("one", date(2024, 1, 1), date(2028, 1, 1)),)
    said = Contact(since=date(2024, 1, 1), until=date(2027, 1, 1))
    assert verdicts.missing(said, longer, "one") is None
    assert verdicts.missing(said, (), "one") == Paid("one", date(2024, 1, 1), date(2027, 1, 1))
    assert verdicts.missing(replace(said, since=None), (), "one") is None


def test_totals_count_each_row_once() -> None:
    lines = sheet(
        row(number="1"), row(given_name="Tess", level="Agency"), row(given_name="Bo", level="Friend"), row(number="1")
    )
    found = [judge(line, NOBODY, LEVELS).verdict for line in lines]
    totals = verdicts.totals(lines, found)
    assert [(one.level, one.status, one.rows, dict(one.of)) for one in totals] == [
        ("Agency", Status.ACTIVE, 1, {Verdict.NEW: 1}),
        ("Friend", Status.ACTIVE, 1, {Verdict.OUT: 1}),
        ("Individual", Status.ACTIVE, 2, {Verdict.NEW: 1, Verdict.SAME: 1}),
    ]
    assert verdicts.paid_on(lines, TODAY) == {"individual": 1, "agency": 1}
    assert verdicts.level_words(lines) == {"agency": "Agency", "friend": "Friend", "individual": "Individual"}


def test_organizations_of_rows_that_come_in_are_counted_folded() -> None:
    lines = sheet(
        row(organization="Café Ñ"),
        row(given_name="Bo", organization="CAFE N"),
        row(given_name="C", organization="X", archived="yes"),
    )
    assert verdicts.organization_words(lines) == ({"cafe n": "CAFE N"}, {"cafe n": 2})


def test_mailboxes_of_several_names_are_shared() -> None:
    lines = sheet(row(mail="desk@x.org"), row(given_name="Bo", mail="Desk@x.org; bo@x.org"), row(mail="desk@x.org"))
    assert verdicts.shared_mailboxes(lines) == {"desk@x.org"}


def test_each_reason_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Why)


# Properties

names = st.sampled_from(["Ada Stone", "Áda Stone", "Bo Park", "Cy Dunn", "Di Ray", ""])
mails = st.sampled_from([(), ("a@x.org",), ("b@x.org",), ("A@x.org", "c@x.org"), ("no mail",)])
days = st.sampled_from([None, date(2020, 1, 1), date(2025, 6, 1), date(2026, 1, 1), date(2027, 1, 1)])


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    given_name, _, family_name = draw(names).partition(" ")
    return Contact(
        number=draw(st.sampled_from(["", "1", "2", "3", "x"])),
        given_name=given_name,
        family_name=family_name,
        mails=draw(mails),
        level=draw(st.sampled_from(["Individual", "Agency", "Friend", "Student", ""])),
        status=draw(st.sampled_from(list(Status))),
        since=draw(days),
        until=draw(days),
        archived=draw(st.sampled_from([False, False, True])),
        bundle=draw(st.sampled_from(["", "", "1", "a@x.org", "9"])),
        coordinates=draw(st.booleans()),
        labels=draw(st.sampled_from([(), ("Policy",)])),
    )


def as_lines(said: list[Contact]) -> list[Line]:
    read_rows = [Line(number, one) for number, one in enumerate(said, 2)]
    return compared([verdicts._judged(line, LEVELS, TODAY) for line in bundled(read_rows)])


def taken(lines: list[Line], ours: Ours) -> Ours:
    """The people of an association after a file was taken in: new ones are made, what is added is added, the rest stays."""
    members, numbers = dict(ours.members), dict(ours.numbers)
    for line in lines:
        said, found = line.said, judge(line, ours, LEVELS)
        level = LEVELS.get(said.level.casefold(), "")
        if found.verdict is Verdict.NEW:
            one = Member(
                UUID(int=1000 + line.number),
                said.name,
                frozenset(said.mailboxes),
                frozenset(),
                times_of(said, level),
                frozenset(said.labels),
            )
        elif found.verdict is Verdict.DIFFERS:
            assert found.person is not None
            was = members[found.person]
            more = verdicts.missing(said, was.paid, level)
            one = replace(
                was,
                mails=was.mails | set(said.mailboxes),
                paid=(*was.paid, *filter(None, [more])),
                labels=was.labels | set(said.labels),
            )
        else:
            continue
        members[one.id] = one
        if said.number:
            numbers.setdefault(said.number, one.id)
    return Ours(members.values(), numbers)


@given(st.lists(contacts(), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(said: list[Contact], chance: object) -> None:
    """Each row gets exactly one verdict, and the same ones wherever in the file it stands."""
    turned = list(said)
    chance.shuffle(turned)  # type: ignore[attr-defined]

    def counted(some: list[Contact]) -> Counter[tuple[object, ...]]:
        lines = as_lines(some)
        assert len(lines) == len(some)
        return Counter((verdicts.words_of(line.said), judge(line, NOBODY, LEVELS).verdict) for line in lines)

    assert counted(said) == counted(turned)


@given(st.lists(contacts(), max_size=8))
def test_the_same_file_twice_changes_nothing(said: list[Contact]) -> None:
    """After it was taken in once, none of its rows is new, and none adds anything."""
    lines = as_lines(said)
    once = taken(lines, NOBODY)
    again = [judge(line, once, LEVELS) for line in lines]
    assert not [found for found in again if found.verdict is Verdict.NEW]
    assert taken(lines, once).members == once.members


@given(st.lists(contacts(), max_size=8))
def test_nobody_is_made_of_a_doubtful_row_or_of_one_that_is_left_out(said: list[Contact]) -> None:
    lines = as_lines(said)
    new = [line for line in lines if judge(line, NOBODY, LEVELS) == verdicts.NEW]
    assert len(taken(lines, NOBODY).members) == len(new)
    assert all(line.said.since and line.said.until and line.said.since < line.said.until for line in new)


def test_a_verdict_stands_for_itself() -> None:
    assert Found(Verdict.NEW) == verdicts.NEW
