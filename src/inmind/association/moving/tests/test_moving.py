"""A member export, dropped in: each row its verdict, taken in once; stopped and gone on with; doubtful rows decided."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from inmind.access.actors import machine, operator
from inmind.access.models import Account, AuditEntry
from inmind.association.actions import take_in
from inmind.association.actions.summing import sum_up
from inmind.association.models import Belonging, Entry, Level, Member, Membership
from inmind.association.moving import actions, erasing, queries, sample, taking
from inmind.association.moving.deciding import Decision, What
from inmind.association.moving.models import CameAs, ContactRow, ContactSheet, Label
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.jobs.runner import run_due
from inmind.people.models import Contact, Organization, Person
from inmind.records.sheets import MOST_BYTES
from tests import make

pytestmark = pytest.mark.django_db
State = ContactSheet.State
WORDS = {"individual": "Individual", "student": "Student", "agency of twelve": "Agency of twelve"}


@pytest.fixture
def ana(db: Any) -> make.Worker:
    """A coordinator whose association has three levels."""
    worker = make.make_worker("association_coordinator", name="Ana Ruiz")
    for name in WORDS.values():
        make.make_level(worker, name=name)
    return worker


def today() -> date:
    return clock.today(make.ZONE)


def look(by: make.Worker, text: str, **columns: str) -> ContactSheet:
    """An export of which each row was looked at; its levels are called as ours."""
    sheet = actions.begin_moving(by.actor, association=by.agency, name="members.csv", text=text)
    if sheet.state == State.HEADING:
        sheet = actions.say_columns(by.actor, sheet=sheet, columns=sheet.columns | columns)
    if sheet.state == State.LEVELS:
        ours = {one.name: str(one.pk) for one in Level.objects.filter(association=by.agency)}
        sheet = actions.say_levels(
            by.actor, sheet=sheet, levels={word: ours[name] for word, name in WORDS.items() if word in text.casefold()}
        )
    return ran(sheet)


def ran(sheet: ContactSheet) -> ContactSheet:
    run_due()
    sheet.refresh_from_db()
    return sheet


def take(by: make.Worker, sheet: ContactSheet) -> ContactSheet:
    return ran(actions.carry_on_moving(by.actor, sheet=sheet))


def rows(*said: str) -> str:
    return (
        "User ID,First name,Last name,Email,Phone,Membership level,Membership status,Member since,Renewal due\n"
        + "".join(f"{one}\n" for one in said)
    )


def counted() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Person, Contact, Member, Membership, CameAs, Label)}


ADA = "1,Ada,Stone,ada@x.org,555-014-2000,Individual,Active,2024-01-01,2027-01-01"


def test_the_story_of_the_export(ana: make.Worker) -> None:
    """A verdict per row, four doubtful; nothing is written before somebody says so; again, and nothing changes."""
    people, organizations = Person.objects.count(), Organization.objects.count()
    sheet = look(ana, sample.export(220, today()))
    assert sheet.state == State.LOOKED
    assert queries.counted(sheet) == {"new": 213, "doubtful": 4, "out": 3}
    assert Person.objects.count() == people
    sheet = take(ana, sheet)
    assert (sheet.state, Person.objects.count()) == (State.TAKEN, people + 213)
    harbor = Membership.objects.filter(level__name="Agency of twelve")
    assert harbor.count() == 12
    assert Organization.objects.count() == organizations, "no agency is kept that nobody said"
    assert Entry.objects.count() == 0, "nobody stands in the directory because a file says so"
    before = counted()
    again = look(ana, sample.export(220, today()))
    assert queries.counted(again) == {"same": 213, "doubtful": 4, "out": 3}
    take(ana, again)
    assert counted() == before


def test_a_doubtful_row_that_waits_in_two_exports_is_taken_in_once(ana: make.Worker) -> None:
    """The same file came twice, each time its row was decided alike, and both are closed."""
    text = rows(ADA, "2,Bo,Park,bo@x.org,,Individual,Active,31/02/2024,2027-01-01")
    both = [take(ana, look(ana, text)) for _twice in range(2)]
    level = Level.objects.get(name="Individual").pk
    decision = Decision(What.NEW, level, date(2024, 2, 28), date(2027, 1, 1))
    for sheet in both:
        actions.decide_contact(ana.actor, sheet=sheet, number=3, decision=decision)
    for sheet in both:
        assert ran(actions.close_moving(ana.actor, sheet=sheet)).state == State.CLOSED
    assert Member.objects.count() == 2
    assert list(ContactRow.objects.filter(number=3).order_by("pk").values_list("verdict", "why")) == [
        ("new", "no_day"),
        ("same", "before"),
    ]


def test_one_cell_that_is_far_too_long_holds_up_no_other_row(ana: make.Worker) -> None:
    """What stands as an address is none, and its row waits; the others have their verdicts."""
    sheet = look(ana, rows(ADA, f"2,Bo,Park,{'b' * 300}@x.org,,Individual,Active,2024-01-01,2027-01-01"))
    assert (sheet.state, queries.counted(sheet)) == (State.LOOKED, {"new": 1, "doubtful": 1})


def test_a_heading_that_was_said_before_is_not_asked_about_again(ana: make.Worker) -> None:
    look(ana, rows(ADA))
    sheet = actions.begin_moving(ana.actor, association=ana.agency, name="next.csv", text=rows(ADA))
    assert sheet.state == State.WORKING


def test_new_members_are_as_if_each_had_been_taken_in_alone(ana: make.Worker) -> None:
    """The rows that come in together stand as `take_in` leaves them one by one."""
    text = rows(ADA, "2,Bo,Park,bo@x.org,,Student,Lapsed,2020-05-05,2021-05-05")
    take(ana, look(ana, text))
    for member in Member.objects.all():
        said = {
            name: getattr(member, name) for name in ("paid_until", "counts_until", "level_id", "joined_on", "sorts_as")
        }
        make.together(lambda act, one=member: sum_up(one) and None)
        member.refresh_from_db()
        assert {name: getattr(member, name) for name in said} == said
        bought = Membership.objects.get(person=member.person)
        answer = take_in(
            ana.actor,
            association=ana.agency,
            person=member.person,
            level=bought.level,
            since=bought.since,
            until=bought.until,
        )
        assert answer == bought
    ada = Person.objects.get(given_name="Ada")
    assert set(Contact.objects.filter(person=ada).values_list("address", "safe")) == {
        ("ada@x.org", True),
        ("555-014-2000", None),
    }


def test_years_of_the_file_become_times_of_membership(ana: make.Worker) -> None:
    text = "First name,Last name,Membership level,Member since,Renewal due,Membership history\nAda,Stone,Individual,2016-03-15,2027-01-01,2016-2017; 2025\n"
    take(ana, look(ana, text))
    assert list(Membership.objects.order_by("since").values_list("since", "until")) == [
        (date(2016, 3, 15), date(2018, 1, 1)),
        (date(2025, 1, 1), date(2027, 1, 1)),
    ]
    assert Member.objects.get().joined_on == date(2016, 3, 15)


def test_a_later_export_adds_what_was_paid_since_and_changes_nothing_else(ana: make.Worker) -> None:
    take(ana, look(ana, rows(ADA)))
    later = rows("1,Ada,Stone-Ortiz,ada@x.org; ortiz@x.org,555-014-2000,Individual,Active,2024-01-01,2028-01-01")
    sheet = look(ana, later)
    row = sheet.rows.get()  # type: ignore[attr-defined]
    assert (row.verdict, row.adds, row.other) == ("differs", "mail,renewal_due", "name")
    take(ana, sheet)
    person = Person.objects.get(given_name="Ada")
    assert person.family_name == "Stone"
    assert set(Contact.objects.filter(person=person, channel="mail").values_list("address", flat=True)) == {
        "ada@x.org",
        "ortiz@x.org",
    }
    assert list(Membership.objects.order_by("since").values_list("since", "until")) == [
        (date(2024, 1, 1), date(2027, 1, 1)),
        (date(2027, 1, 1), date(2028, 1, 1)),
    ]
    before = counted()
    take(ana, look(ana, later))
    assert counted() == before


def test_an_export_opens_nobodys_account_at_another_address(ana: make.Worker) -> None:
    """Of somebody who signs in here, an address that comes with a file waits for their own word."""
    take(ana, look(ana, rows(ADA)))
    person = Person.objects.get(given_name="Ada")

    def comes_in(_act: Any) -> None:
        account = Account(username="ada", person=person, last_login=clock.now())
        account.set_unusable_password()
        account.save()

    make.together(comes_in)
    later = rows("1,Ada,Stone,ada@x.org; ortiz@x.org,555-014-2000,Individual,Active,2024-01-01,2028-01-01")
    take(ana, look(ana, later))
    there = Contact.objects.filter(person=person, channel="mail").values_list("address", "safe")
    assert set(there) == {("ada@x.org", True), ("ortiz@x.org", None)}


def test_doubtful_rows_are_decided_and_carried_out_when_the_import_is_closed(ana: make.Worker) -> None:
    """The same person, a new one, a date put right, and one that is left out; undone until then."""
    sheet = take(ana, look(ana, sample.export(220, today())))
    levels = {one.name: one.pk for one in Level.objects.all()}
    of = {row.why: row for row in queries.doubtful(sheet)}
    level = {"level": levels["Individual"], "since": date(2024, 1, 1), "until": date(2027, 1, 1)}
    before = counted()
    actions.decide_contact(ana.actor, sheet=sheet, number=of["twin"].number, decision=Decision(What.SAME, **level))
    actions.decide_contact(ana.actor, sheet=sheet, number=of["shared"].number, decision=Decision(What.NEW, **level))
    actions.decide_contact(ana.actor, sheet=sheet, number=of["turned"].number, decision=Decision(What.NEW, **level))
    actions.decide_contact(ana.actor, sheet=sheet, number=of["family"].number, decision=Decision(What.NEW, **level))
    actions.undo_contact(ana.actor, sheet=sheet, number=of["family"].number)
    assert counted() == before and queries.undecided(sheet) == 1
    with pytest.raises(NotNow, match="not decided yet"):
        actions.close_moving(ana.actor, sheet=sheet)
    actions.decide_contact(ana.actor, sheet=sheet, number=of["family"].number, decision=Decision(What.LEAVE))
    sheet = ran(actions.close_moving(ana.actor, sheet=sheet))
    assert (sheet.state, sheet.text, sheet.name) == (State.CLOSED, None, taking.NAMELESS)
    assert Person.objects.count() == before["Person"] + 2
    shared = Contact.objects.filter(
        address=Contact.objects.get(person=_became(sheet, of["shared"]), channel="mail").address
    )
    assert shared.count() == 2 and set(shared.values_list("safe", flat=True)) == {None}
    twin = _became(sheet, of["twin"])
    assert Contact.objects.filter(person=twin, channel="mail").count() == 2
    again = look(ana, sample.export(220, today()))
    assert queries.counted(again) == {"same": 216, "out": 4}
    with pytest.raises(NotNow):
        actions.undo_contact(ana.actor, sheet=sheet, number=of["family"].number)


def _became(sheet: ContactSheet, row: ContactRow) -> Any:
    return ContactRow.objects.get(sheet=sheet, number=row.number).became


def test_whoever_shares_a_mailbox_may_be_decided_at_once(ana: make.Worker) -> None:
    text = rows(
        *(
            f"{n},{name},Stone,desk@x.org,,Individual,Active,2024-01-01,2027-01-01"
            for n, name in enumerate(("Ada", "Bo", "Cy", "Di"), 1)
        )
    )
    sheet = take(ana, look(ana, text))
    decision = Decision(What.NEW, Level.objects.get(name="Individual").pk, date(2024, 1, 1), date(2027, 1, 1))
    actions.decide_contact(ana.actor, sheet=sheet, number=3, decision=decision, all_of_the_mailbox=True)
    assert queries.undecided(sheet) == 0
    ran(actions.close_moving(ana.actor, sheet=sheet))
    assert Contact.objects.filter(address="desk@x.org", safe=None).count() == 4


def test_what_nobody_decided_comes_up_again(ana: make.Worker) -> None:
    sheet = take(ana, look(ana, rows(ADA, "2,Ada,Stone,home@x.org,,Individual,Active,2024-01-01,2027-01-01")))
    sheet = ran(actions.close_moving(ana.actor, sheet=sheet, leave_the_rest=True))
    assert sheet.state == State.CLOSED
    assert queries.counted(look(ana, rows(ADA, "2,Ada,Stone,home@x.org,,Individual,Active,2024-01-01,2027-01-01"))) == {
        "same": 1,
        "doubtful": 1,
    }


def test_a_decision_is_about_somebody_of_this_association(ana: make.Worker) -> None:
    sheet = take(ana, look(ana, rows(ADA, "2,Bo,Park,b,,Individual,Active,2024-01-01,2027-01-01")))
    stranger = make.make_worker("association_coordinator", make.make_association("Coast Association"), name="Eva Sol")
    level = Level.objects.get(name="Individual").pk
    days = {"since": date(2024, 1, 1), "until": date(2027, 1, 1)}
    with pytest.raises(BadInput, match="no member here"):
        actions.decide_contact(
            ana.actor, sheet=sheet, number=3, decision=Decision(What.SAME, level, person=stranger.person.pk, **days)
        )
    with pytest.raises(BadInput, match="Nobody was chosen"):
        actions.decide_contact(ana.actor, sheet=sheet, number=3, decision=Decision(What.SAME, level, **days))
    with pytest.raises(BadInput, match="another association"):
        actions.decide_contact(
            ana.actor, sheet=sheet, number=3, decision=Decision(What.NEW, make.make_level(stranger).pk, **days)
        )
    ada = Person.objects.get(given_name="Ada")
    actions.decide_contact(ana.actor, sheet=sheet, number=3, decision=Decision(What.SAME, level, person=ada.pk, **days))
    ran(actions.close_moving(ana.actor, sheet=sheet))
    assert Person.objects.filter(given_name="Bo").count() == 0
    assert set(CameAs.objects.values_list("number", "person")) == {("1", ada.pk), ("2", ada.pk)}


def test_agencies_are_proposed_and_made_only_where_somebody_says_so(ana: make.Worker) -> None:
    harbor = make.make_network().agencies[0]
    sheet = look(ana, sample.export(220, today()))
    proposed = {word: count for word, _written, count in taking.proposed(sheet)}
    assert harbor.name == "Harbor Family Services" and "harbor family services" not in proposed
    said = {"lakeside early years": "new", "prairie home visiting": str(harbor.pk), "self-employed": ""}
    assert set(said) < set(proposed)
    with pytest.raises(BadInput, match="no agency of this house"):
        actions.say_agencies(ana.actor, sheet=sheet, agencies={"self-employed": str(ana.agency.pk)})
    actions.say_agencies(ana.actor, sheet=sheet, agencies=said)
    assert set(said) & {word for word, *_rest in taking.proposed(sheet)} == set()
    take(ana, sheet)
    lakeside = Organization.objects.get(name="Lakeside Early Years")
    assert Belonging.objects.filter(agency=lakeside).count() > 10
    assert Membership.objects.filter(agency=harbor).count() == 12, "the bundle is paid by its agency"
    assert not Organization.objects.filter(name__in=("Self-employed", "Northern Counseling")).exists()


def test_an_export_is_stopped_and_gone_on_with(ana: make.Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stretch was the last, a job that comes twice or late does nothing twice."""
    monkeypatch.setattr(taking, "AT_ONCE", 50)
    sheet = look(ana, sample.export(220, today()))
    actions.carry_on_moving(ana.actor, sheet=sheet)
    run_due(limit=2)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.done) == (State.WORKING, 100)
    actions.stop_moving(ana.actor, sheet=sheet)
    run_due()
    members = Member.objects.count()
    assert 80 < members < 101
    with pytest.raises(NotNow):
        actions.stop_moving(ana.actor, sheet=ContactSheet.objects.get(pk=sheet.pk))
    actions.carry_on_moving(ana.actor, sheet=sheet)
    late = actions.move_in(machine("association.move_in"), sheet=sheet, phase="take", start=0)
    assert late.done == 100
    sheet = ran(sheet)
    assert (sheet.state, Member.objects.count()) == (State.TAKEN, 213)


def test_a_process_that_is_killed_within_a_stretch_leaves_none_of_it(
    ana: make.Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stretch is one action: its members and how far it came stand together, or neither; its job does it once more."""
    sheet = look(ana, rows(ADA))
    before = counted()
    real = taking.records.list_names
    monkeypatch.setattr(
        taking.records, "list_names", lambda *_args, **_named: (_ for _ in ()).throw(RuntimeError("killed"))
    )
    actions.carry_on_moving(ana.actor, sheet=sheet)
    run_due()
    sheet.refresh_from_db()
    assert (counted(), sheet.state, sheet.done) == (before, State.WORKING, 0)
    monkeypatch.setattr(taking.records, "list_names", real)
    with clock.at(clock.now() + timedelta(hours=6)):
        run_due()
    sheet.refresh_from_db()
    assert (sheet.state, Member.objects.count()) == (State.CLOSED, 1)


def test_what_a_file_says_is_sealed_and_gone_when_it_is_closed_or_discarded(ana: make.Worker) -> None:
    sheet = look(ana, rows(ADA, "2,Ada,Stone,home@x.org,,Individual,Active,2024-01-01,2027-01-01"))
    assert b"Stone" not in bytes(sheet.text or b"")
    actions.discard_moving(ana.actor, sheet=sheet)
    sheet.refresh_from_db()
    assert (sheet.text, sheet.name, sheet.state, sheet.rows.count()) == (None, taking.NAMELESS, State.GONE, 0)  # type: ignore[attr-defined]
    with pytest.raises(NotNow):
        actions.discard_moving(ana.actor, sheet=sheet)
    with pytest.raises(NotNow):
        actions.carry_on_moving(ana.actor, sheet=sheet)
    old = look(ana, rows(ADA))
    with clock.at(clock.now() + timedelta(days=100)):
        assert actions.discard_contacts(machine("association.discard_contacts")) == 1
    old.refresh_from_db()
    assert old.text is None


def test_only_the_coordinator_of_this_association_and_the_command_line_may(ana: make.Worker) -> None:
    """Truth table: role and where it is held -> yes, or the sentence."""
    sheet = look(ana, rows(ADA))
    coast = make.make_association("Coast Association")
    no = "The members of an association are moved in by its coordinator, and by nobody else."
    for role, at in (
        ("association_coordinator", coast),
        ("practitioner", None),
        ("agency_supervisor", None),
        ("administrator", None),
        ("data_steward", None),
    ):
        actor = make.make_worker(role, at).actor
        with pytest.raises(Refused) as refusal:
            actions.carry_on_moving(actor, sheet=sheet)
        assert refusal.value.found == no or at is coast
        with pytest.raises(Refused):
            actions.begin_moving(actor, association=ana.agency, name="x.csv", text=rows(ADA))
    assert actions.carry_on_moving(operator("members"), sheet=sheet).state == State.WORKING


def test_the_trail_says_who_was_compared_and_who_came_in(ana: make.Worker) -> None:
    take(ana, look(ana, rows(ADA)))
    entry = AuditEntry.objects.filter(verb="jobs.move_in").latest("at")
    ada = Person.objects.get(given_name="Ada")
    assert ("person", ada.pk) in {(one.kind, one.ref) for one in entry.subjects.all()}


def test_whoever_is_erased_stands_in_no_export_and_is_not_brought_back(ana: make.Worker) -> None:
    """Their rows in exports on their way are taken out, number and labels go; a row that was taken in is known by its mark."""
    take(ana, look(ana, rows(ADA)))
    later = look(
        ana,
        rows(
            "1,Ada,Stone,ada@x.org,,Individual,Active,2024-01-01,2028-01-01",
            "2,Bo,Park,,,Individual,Active,2024-01-01,2027-01-01",
        ),
    )
    ada = Person.objects.get(given_name="Ada")
    told = [*erasing.EXPORTS.goes(ada), *erasing.EXPORTS.stays(ada)]
    assert any("number and the labels" in one for one in told) and any("A mark" in one for one in told)
    make.together(lambda act: erasing.EXPORTS.erase(act, ada))
    later.refresh_from_db()
    assert not CameAs.objects.filter(person=ada).exists()
    assert [line.said.given_name for line in taking.lines(later)] == ["", "Bo"]
    assert queries.counted(look(ana, rows(ADA))) == {"same": 1}
    take(ana, later)
    assert Membership.objects.filter(person=ada).count() == 1
    assert Person.objects.filter(given_name="Bo").exists()


def test_sheets_are_sealed_again_when_keys_rotate(ana: make.Worker) -> None:
    look(ana, rows(ADA))
    assert taking.reseal_all() == 0, "they are sealed by today's key already"


def test_members_of_other_associations_are_nobody_here(ana: make.Worker) -> None:
    """A verdict tells nothing of people whom another association knows."""
    eva = make.make_worker("association_coordinator", make.make_association("Coast Association"))
    make.make_level(eva, name="Individual")
    take(eva, look(eva, rows(ADA)))
    assert queries.counted(look(ana, rows(ADA))) == {"new": 1}


def test_somebody_with_an_account_here_is_known_before_being_a_member(ana: make.Worker) -> None:
    """Whoever was invited first is found by name and address, and becomes a member."""
    bo = make.make_worker("practitioner", ana.agency, name="Bo Park", mail="bo@x.org")
    sheet = look(ana, rows("5,Bo,Park,BO@x.org,,Individual,Active,2024-01-01,2027-01-01"))
    assert queries.counted(sheet) == {"differs": 1}
    take(ana, sheet)
    assert Member.objects.get().person == bo.person


@pytest.mark.sqlite  # what is read from a file, or said in a letter, is the same on both
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04rest", "This is a workbook"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 40, "This is a workbook"),
        (b"name,level\n\x00\x01", "This file is no text.|encoding"),
        (b"x" * (MOST_BYTES + 1), "larger than 20 megabytes"),
        (b"name,name\na,b\n", "Two columns have the same name."),
        ((",".join(f"c{n}" for n in range(300)) + "\na\n").encode(), "more than 200 columns"),
        (b"Name,Level\n", "no row below the heading"),
        (b'a,b\n"x,y\n', "ends in the middle"),
    ],
    ids=["empty", "xlsx", "xls", "binary", "large", "twins", "wide", "heading alone", "cut"],
)
def test_bad_files_are_refused_with_what_to_do(ana: make.Worker, data: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        actions.begin_moving(ana.actor, association=ana.agency, name="x.csv", text=actions.opened(data))
    assert ContactSheet.objects.count() == 0


@pytest.mark.sqlite  # what is read from a file, or said in a letter, is the same on both
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_of_other_encodings_and_delimiters_are_read(ana: make.Worker, encoding: str, delimiter: str) -> None:
    text = (
        "First name,Last name,Membership level,Member since,Renewal due\nMaría,Ñúñez,Individual,2024-01-01,2027-01-01\n"
    )
    data = text.replace(",", delimiter).encode(encoding)
    assert queries.counted(look(ana, actions.opened(data))) == {"new": 1}


def test_totals_agree_side_by_side(ana: make.Worker) -> None:
    """What the file counts as paid for today is here, waits for a decision, or was left out; who is here and not in the file
    shows as more."""
    sheet = take(ana, look(ana, sample.export(220, today())))
    found = {one.level: one for one in queries.beside(sheet, today())}
    assert found["Agency of twelve"] == queries.Beside("Agency of twelve", 12, 12, 0, 0)
    assert all(one.more == 0 for one in found.values())
    assert sum(one.waits for one in found.values()) == 3, "the row whose dates are turned is paid for on no day"
    assert sum(count for _level, _status, count, _of in queries.by_status(sheet)) == 220
    levels = {one.name: one.pk for one in Level.objects.all()}
    for row in queries.doubtful(sheet):
        actions.decide_contact(ana.actor, sheet=sheet, number=row.number, decision=Decision(What.LEAVE))
    sheet = ran(actions.close_moving(ana.actor, sheet=sheet))
    found = {one.level: one for one in queries.beside(sheet, today())}
    assert (sum(one.waits for one in found.values()), sum(one.left_out for one in found.values())) == (0, 3)
    take_in(
        ana.actor,
        association=ana.agency,
        person=ana.person,
        level=Level.objects.get(pk=levels["Student"]),
        since=date(2024, 1, 1),
        until=date(2030, 1, 1),
    )
    assert {one.level: one.more for one in queries.beside(sheet, today())}["Student"] == 1
