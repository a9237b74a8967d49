"""What the columns of a contact export hold, and what a row of it says."""

from __future__ import annotations

from datetime import date

import pytest

from inmind.association.moving import contacts
from inmind.association.moving.contacts import COLUMNS, Status, check_mapping, contact_of
from inmind.foundation.errors import BadInput
from inmind.records.columns import Order, guess

# The headings of a member export, in the style of Wild Apricot.
HEADING = (
    *("User ID", "First name", "Last name", "Organization", "e-Mail", "Phone", "Archived", "Subscribed to emails"),
    *("Membership enabled", "Membership level", "Membership status", "Member since", "Renewal due"),
    *("Member bundle ID or email", "Member role", "Group participation", "Access to profile by others", "Notes"),
)


def test_the_columns_of_such_an_export_are_guessed_by_their_names() -> None:
    """What decides about the directory there, and notes, are no columns of ours: nobody is shown because a file says so."""
    found = guess(HEADING, COLUMNS)
    assert found == {
        "User ID": "number",
        "First name": "given_name",
        "Last name": "family_name",
        "Organization": "organization",
        "e-Mail": "mail",
        "Phone": "phone",
        "Archived": "archived",
        "Subscribed to emails": "mailings",
        "Membership enabled": "is_member",
        "Membership level": "level",
        "Membership status": "status",
        "Member since": "since",
        "Renewal due": "renewal_due",
        "Member bundle ID or email": "bundle",
        "Member role": "role",
        "Group participation": "labels",
    }
    check_mapping(found)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"A": "mail", "B": "mail"}, "Two columns are said to hold the same."),
        ({"A": "given_name", "B": "level", "C": "shoe"}, "holds what nobody knows|hold what nobody knows"),
        ({"A": "given_name", "B": "level", "Child's name": "labels"}, "speaks of children or families"),
        ({"A": "given_name"}, "A column is missing."),
        ({"A": "level", "B": "mail"}, "A column is missing."),
        ({"A": "given_name", "B": "level", "C": "renewal_due", "D": "paid_through"}, "a day apart"),
    ],
    ids=["twice", "unknown", "family", "no level", "no name", "two ends"],
)
def test_a_mapping_that_cannot_be_is_said(mapping: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        check_mapping(mapping)


@pytest.mark.parametrize(
    ("heading", "speaks"),
    [
        ("Child's name", True),
        ("Name of your baby", True),
        ("Nombre del niño", True),
        ("Hijos", True),
        ("Parent or caregiver?", True),
        ("client_initials", True),
        ("First name", False),
        ("Family name", False),
        ("Organization", False),
        ("Personal website", False),
    ],
)
def test_a_column_that_is_called_by_a_family_is_told_from_others(heading: str, speaks: bool) -> None:
    assert contacts.speaks_of_families(heading) is speaks


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("mother of Mateo", True),
        ("mamá de Lucía", True),
        ("works with her son Leo", True),
        ("baby named Noa", True),
        ("twins born 3/2024", True),
        ("Child, age 3", True),
        ("Harbor Family Services", False),
        ("Mother and Baby Clinic", False),
        ("Parent to Parent", False),
        ("Infant Mental Health Program", False),
        ("", False),
    ],
)
def test_a_cell_that_tells_of_a_family_is_told_from_the_names_of_this_field(cell: str, told: bool) -> None:
    """Organizations of this field are called after mothers and babies; only a turn of phrase tells."""
    assert contacts.told_of_a_family(cell) is told


def test_a_column_with_sentences_is_free_text() -> None:
    assert contacts.is_free_text(["", "She called on Tuesday and said that she would rather wait"])
    assert not contacts.is_free_text(["Consultants", "Policy committee; Spring institute"])


def test_a_row_is_read_with_what_its_cells_hold() -> None:
    said = contact_of(
        {
            "number": "10044",
            "given_name": " María ",
            "family_name": "Ñúñez-Ortiz",
            "mail": "maria@example.org; M.Nunez@Example.org",
            "phone": "555-014-2000",
            "organization": "Harbor  Family Services",
            "level": "Individual",
            "status": "Pending - Renewal",
            "since": "3/15/2019",
            "renewal_due": "2026-01-01",
            "years": "2019-2021, 2023",
            "is_member": "yes",
            "archived": "no",
            "suspended": "",
            "bundle": "10001",
            "role": "Bundle administrator",
            "labels": "Consultants, Policy committee,Consultants",
            "mailings": "No",
            "language": "Español",
        },
        Order.UNKNOWN,
    )
    assert said.name == "María Ñúñez-Ortiz" and said.folded_name == "maria nunez ortiz"
    assert said.mails == ("maria@example.org", "M.Nunez@Example.org")
    assert said.mailboxes == ("maria@example.org", "m.nunez@example.org")
    assert (said.organization, said.status, said.coordinates) == (
        "Harbor Family Services",
        Status.PENDING_RENEWAL,
        True,
    )
    assert (said.since, said.until) == (date(2019, 3, 15), date(2026, 1, 1))
    assert said.years == (2019, 2020, 2021, 2023)
    assert (said.is_member, said.archived, said.suspended, said.wants_mailings) == (True, False, False, False)
    assert said.labels == ("Consultants", "Policy committee") and said.language == "es"


def test_paid_through_is_a_day_earlier_than_renewal_due() -> None:
    """The last day that is paid for, and the first that is not, are one membership."""
    assert contact_of({"paid_through": "9999-12-31"}, Order.UNKNOWN).until == date.max, "a program's word for never"
    through = contact_of({"paid_through": "2026-12-31"}, Order.UNKNOWN)
    due = contact_of({"renewal_due": "2027-01-01"}, Order.UNKNOWN)
    assert through.until == due.until == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("cell", "no_day", "two_days"),
    [
        ("31/02/2024", True, False),
        ("soon", True, False),
        ("03/04/2024", False, True),
        ("Never", False, False),
        ("2024-03-04", False, False),
    ],
)
def test_a_date_that_cannot_be_read_leaves_the_rest_of_its_row(cell: str, no_day: bool, two_days: bool) -> None:
    said = contact_of({"given_name": "Ada", "since": cell}, Order.UNKNOWN)
    assert (said.given_name, said.no_day, said.two_days) == ("Ada", no_day, two_days)
    assert said.unread_days == ((("since", cell),) if no_day or two_days else ())


def test_text_that_cannot_be_kept_is_refused() -> None:
    with pytest.raises(BadInput):
        contact_of({"given_name": "A\u0000da"}, Order.UNKNOWN)
    with pytest.raises(BadInput):
        contact_of({"family_name": "a" * 81}, Order.UNKNOWN)


@pytest.mark.parametrize(
    ("typed", "holds"),
    [("a@b.org", True), ("a b@c.org", False), ("a@b", False), ("@b.org", False), ("a" * 250 + "@b.org", False)],
)
def test_what_may_be_an_address(typed: str, holds: bool) -> None:
    assert contacts.is_mail(typed) is holds


def test_words_for_other_languages_and_statuses_are_kept_as_other() -> None:
    said = contact_of({"language": "Somali", "status": "Honored", "labels": "x" * 90 + ";Friends"}, Order.UNKNOWN)
    assert (said.language, said.status, said.labels) == ("other", Status.UNKNOWN, ("Friends",))
