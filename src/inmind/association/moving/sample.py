"""An invented member export, the same each time: for the demonstration, the tests and the bench. Nobody in it is anybody. Pure.

Four rows are planted that wait for a person: somebody twice, a mailbox that two share, a renewal with a wrong month, and a cell
that tells of a child. A column is called after children, and is never read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

HEADING = (
    *("User ID", "First name", "Last name", "Organization", "e-Mail", "Phone", "Archived", "Subscribed to emails"),
    *("Membership enabled", "Membership level", "Membership status", "Member since", "Renewal due"),
    *("Member bundle ID or email", "Member role", "Group participation", "Child's name (for the picnic)"),
)
GIVEN = (
    *("Amara", "Beatriz", "Carmen", "Dina", "Elena", "Fatima", "Grace", "Hana", "Imani", "Joy", "Keiko", "Luz", "Mei"),
    *("Nadia", "Olga", "Paz", "Quinn", "Rosa", "Sami", "Teresa", "Uma", "Vera", "Wanda", "Ximena", "Yara", "Zoe"),
    *("Ángel", "Bruno", "César", "Darius", "Emil", "Felix", "Gil", "Hugo", "Ivan", "Jonas", "Karim", "Leo", "Mateus"),
)
FAMILY = (
    *("Abbott", "Begaye", "Castillo", "Dunn", "Espinoza", "Fisher", "García", "Haddad", "Ibarra", "Jensen", "Kowalski"),
    *("Lopez", "Muñoz", "Nguyen", "Okafor", "Park", "Quispe", "Rivera", "Sato", "Torres", "Ueda", "Vang", "Whitehorse"),
    *("Xiong", "Yazzie", "Zimmer", "Ahmed", "Bowman", "Chen", "Delgado", "Ellis", "Flores", "Gomez", "Hall", "Ito"),
)
AGENCIES = (
    "Lakeside Early Years",
    "Prairie Home Visiting",
    "Northern Counseling",
    "Riverbend Head Start",
    "Self-employed",
)
LABELS = ("Consultants", "Policy committee", "Consultants, Policy committee", "", "", "")
FIRST_NUMBER = 40_001
IN_A_BUNDLE = 12  # an agency that pays for twelve
NOT_MEMBERS = 3  # archived, a contact without a level, somebody who has not paid yet


def export(members: int, on: date, also: Sequence[dict[str, str]] = ()) -> str:
    """An export of this many rows with a name, as the other product writes it on a day: some lapsed, most paid for to the end
    of the year. At least 45. also: more rows, of whoever is here already (`known`)."""
    rows = [_member(place, on) for place in range(members - IN_A_BUNDLE - NOT_MEMBERS - 2)]
    _plant(rows, on)
    rows += _bundle(members, on)
    rows += _not_members(members, on)
    twice = dict(rows[7])
    twice |= {"User ID": str(FIRST_NUMBER + members), "e-Mail": f"{_plain(twice['First name'])}.home@mail.example"}
    shares = _member(members + 60, on) | {
        "User ID": str(FIRST_NUMBER + members + 1),
        "e-Mail": rows[11]["e-Mail"],
        "Organization": rows[11]["Organization"],
    }
    rows += [twice, shares, *also]
    return "\n".join([_line(HEADING), *(_line(tuple(row.get(name, "") for name in HEADING)) for row in rows)]) + "\n"


def known(number: int, name: tuple[str, str], mail: str, paid: tuple[date, date]) -> dict[str, str]:
    """The row of somebody who is a member here already, paid from a day to before another."""
    return {
        "User ID": str(FIRST_NUMBER + 3_000_000 + number),
        "First name": name[0],
        "Last name": name[1],
        "e-Mail": mail,
        "Archived": "no",
        "Subscribed to emails": "yes",
        "Membership enabled": "yes",
        "Membership level": "Individual",
        "Membership status": "Active",
        "Member since": paid[0].isoformat(),
        "Renewal due": paid[1].isoformat(),
    }


def _member(place: int, on: date) -> dict[str, str]:
    given, family = name_of(place)
    lapsed = place % 17 == 5
    since = date(on.year - 1 - place % 9, 1 + place % 12, 1 + place % 28)
    until = date(on.year, 1, 1) if lapsed else date(on.year + 1, 1, 1)
    return {
        "User ID": str(FIRST_NUMBER + place),
        "First name": given,
        "Last name": family,
        "Organization": AGENCIES[place % len(AGENCIES)],
        "e-Mail": f"{_plain(given)}.{_plain(family)}@mail.example",
        "Phone": f"555-{100 + place // 10_000:03}-{place % 10_000:04}",
        "Archived": "no",
        "Subscribed to emails": "no" if place % 23 == 4 else "yes",
        "Membership enabled": "yes",
        "Membership level": "Student" if place % 13 == 2 else "Individual",
        "Membership status": "Lapsed" if lapsed else "Active",
        "Member since": since.isoformat(),
        "Renewal due": until.isoformat(),
        "Group participation": LABELS[place % len(LABELS)],
    }


def _plant(rows: list[dict[str, str]], on: date) -> None:
    """A renewal whose month went wrong, so that it lies before the beginning; a cell that tells of a child; a child's name."""
    rows[3] |= {
        "Membership status": "Active",
        "Member since": date(on.year - 1, 11, 3).isoformat(),
        "Renewal due": date(on.year - 1, 1, 1).isoformat(),
    }
    rows[19]["Organization"] = "mother of Mateo, age 2"
    rows[24]["Child's name (for the picnic)"] = "Mateo"


def _bundle(members: int, on: date) -> list[dict[str, str]]:
    """An agency that pays for twelve; who belongs to it has neither level nor dates of their own."""
    rows = [_member(members + place, on) for place in range(IN_A_BUNDLE)]
    for row in rows:
        row |= dict.fromkeys(("Membership level", "Membership status", "Member since", "Renewal due"), "")
        row |= {"Member bundle ID or email": rows[0]["User ID"], "Member role": "Bundle member"}
        row["Organization"] = "Harbor Family Services"
        row["User ID"] = str(int(row["User ID"]) + 1_000_000)
    head = rows[0]["User ID"]
    for row in rows:
        row["Member bundle ID or email"] = head
    rows[0] |= {
        "Member role": "Bundle coordinator",
        "Membership level": "Agency of twelve",
        "Membership status": "Active",
        "Member since": date(on.year - 2, 1, 1).isoformat(),
        "Renewal due": date(on.year + 1, 1, 1).isoformat(),
    }
    return rows


def _not_members(members: int, on: date) -> list[dict[str, str]]:
    rows = [_member(members + 30 + place, on) for place in range(NOT_MEMBERS)]
    rows[0]["Archived"] = "yes"
    rows[1] |= {"Membership level": "", "Membership status": "", "Membership enabled": "no"}
    rows[2]["Membership status"] = "Pending - New"
    for place, row in enumerate(rows):
        row["User ID"] = str(FIRST_NUMBER + 2_000_000 + place)
    return rows


def name_of(place: int) -> tuple[str, str]:
    """The name of an invented member; no two places share one within a hundred thousand."""
    given = GIVEN[place % len(GIVEN)]
    first = FAMILY[place // len(GIVEN) % len(FAMILY)]
    more = place // (len(GIVEN) * len(FAMILY))
    return given, first if not more else f"{first} {FAMILY[more % len(FAMILY)]}{'x' * (more // len(FAMILY))}"


def _plain(name: str) -> str:
    return name.casefold().replace(" ", "").translate(str.maketrans("áéíóúñ", "aeioun"))


def _line(cells: tuple[str, ...]) -> str:
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells)
