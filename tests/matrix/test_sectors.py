"""The ten sectors of the field: what somebody in each sees and never sees here, by the roles that exist and the other ways.

Each row is a truth: `sees` names what opens it, `never` what would have to be there for it to be seen, and is not. What belongs to
a room that is not built names that room, so that the row is asked for on the day on which it is. Source of the rows:
`sectors.yaml`, itself from an association's page on ten sectors; where it is at hand, no row of it is missing here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from inmind.access.consents import PROCEEDINGS, Asked, Days, Gap, Ground, Kind, Purpose, barred
from inmind.access.door import routes, verb_of
from inmind.access.policy import ANYWHERE
from inmind.access.role import Grant
from inmind.access.roles import ROLES
from inmind.families.releases import FORMS, Form
from inmind.foundation import clock
from inmind.foundation.values import FieldClass
from tests.architecture import house

FACTS = Path(__file__).resolve().parents[3] / "shared" / "domain" / "sectors.yaml"
CLINICAL, FAMILY, WHEREABOUTS = FieldClass.CLINICAL, FieldClass.FAMILY, FieldClass.WHEREABOUTS
# The only ways to clinical words: each is a tie to this family, to a task, to oneself, or a referral told by consent.
TIES = {"care_team", "task_owner", "asked", "emergency", "own_account", "own_paper", "by_link", "own_episode"}
TOLD = {"addressed", "by_office_link"}  # what a program reads: its own referrals


@dataclass(frozen=True)
class Row:
    """One truth of a sector. needs: the room without which there is nothing of it; else `holds` says whether it is so."""

    says: str
    holds: Callable[[], bool] = lambda: True
    needs: str = ""


def grants(role: str, verb: str = "") -> list[Grant]:
    return [one for one in ROLES[role].grants if not verb or one.verb == verb]


def sees(verb: str, *roles: str, path: str) -> Row:
    return Row(f"{verb} by {path}", lambda: all(any(one.path == path for one in grants(role, verb)) for role in roles))


def public(*names: str) -> Row:
    def is_open() -> bool:
        doors = {name: verb_of(name, view) for _where, name, view in routes() if name in names}
        return doors.keys() == set(names) and all(not verb and reason for verb, reason in doors.values())

    return Row("pages for anybody: " + ", ".join(names), is_open)


def only_by(paths: set[str], *roles: str, of: FieldClass = CLINICAL) -> Row:
    """That these roles read words of a class by nothing but a tie of their own."""
    return Row(
        f"{of} words only by {', '.join(sorted(paths))}",
        lambda: all(one.path in paths for role in roles for one in grants(role) if of in one.classes),
    )


def no_role(*keys: str) -> Row:
    """That nobody of a sector can be given a standing sign-in: what it is told leaves the house on paper, or is public."""
    return Row("no role", lambda: not {role for role in ROLES if any(key in role for key in keys)})


def never_told(kind: Kind, *forms: Form) -> Row:
    return Row(f"{kind} in no {', '.join(forms)}", lambda: all(kind not in FORMS[form].kinds for form in forms))


def told(kind: Kind, form: Form) -> Row:
    return Row(f"{kind} in {form}, where agreed to", lambda: kind in FORMS[form].kinds)


def _bars(kind: Kind, gap: Gap) -> bool:
    """Whether a proceeding is told this kind of an adult by nothing that somebody agrees to, short of its own consent."""
    today = clock.today("America/Chicago")
    found = set()
    for purpose in PROCEEDINGS:
        asked = Asked("her", "a court", purpose, frozenset({kind}), Days(today, today), about_child=False)  # type: ignore[arg-type]
        why = barred(asked, Ground.REQUIRED_BY_LAW)
        found.add(why.gap if why else None)
    return found == {gap}


RECORDS_OF_CLIENTS = Row(
    "nothing of a family is anybody's by role alone",
    lambda: all(
        one.path != ANYWHERE for role in ROLES for one in grants(role) if one.classes & {CLINICAL, FAMILY, WHEREABOUTS}
    ),
)
NOTES = Row(
    "what the care team writes for itself is of no kind that may be told",
    lambda: not {kind for kind in Kind if "note" in kind and kind is not Kind.COUNSELLING},
)
PUBLIC_PAGES = public("front", "help", "finder", "handouts")

SECTORS: dict[str, tuple[dict[str, Row], dict[str, Row]]] = {
    "early_childhood_education": (
        {
            name: Row("a room of its own", needs="consultation")
            for name in ("own_site_requests", "own_plans", "own_measures")
        },
        {
            "consultant_private_notes": Row("a room of its own", needs="consultation"),
            "other_sites": Row("a room of its own", needs="consultation"),
            "child_therapy_records": RECORDS_OF_CLIENTS,
        },
    ),
    "child_welfare": (
        {
            "referral_status": told(Kind.SERVED, Form.COURT),
            "attendance_if_consented": told(Kind.VISITS, Form.COURT),
            "court_ready_summary": told(Kind.CHILD_WELFARE, Form.COURT),
        },
        {
            "reflective_supervision": Row(
                "nothing of it among what is told outside, and no role",
                lambda: not [kind for kind in Kind if "reflect" in kind] and no_role("child_welfare").holds(),
            ),
            "substance_use_records_without_part2_consent_or_order": Row(
                "barred", lambda: _bars(Kind.SUBSTANCE_USE, Gap.PROCEEDING)
            ),
            "psychotherapy_notes": never_told(Kind.COUNSELLING, *FORMS.keys() - {Form.TABLE}),
        },
    ),
    "mental_health_clinicians": (
        {"own_clients": sees("screening.see", "clinician", path="care_team")},
        {"other_agencies_records_without_release": only_by(TIES | TOLD, "clinician")},
    ),
    "judicial": (
        {"court_ready_summary": told(Kind.SERVED, Form.COURT)},
        {
            "raw_notes": NOTES,
            "screening_items": never_told(Kind.SCREENS, Form.COURT),
            "substance_use_records_without_order": Row("barred", lambda: _bars(Kind.SUBSTANCE_USE, Gap.PROCEEDING)),
        },
    ),
    "early_intervention": (
        {"own_referrals": sees("services.answer", "clinician", "family_service_coordinator", path="addressed")},
        {
            "sender_records_beyond_referral": Row(
                "of what was sent to it a program answers referrals, and opens nothing else",
                lambda: (
                    {
                        one.verb
                        for role in ROLES
                        for one in grants(role)
                        if one.path in TOLD and one.classes & {CLINICAL, WHEREABOUTS}
                    }
                    == {"services.answer"}
                ),
            )
        },
    ),
    "home_visiting": (
        {"own_families": sees("families.see", "home_visitor", path="care_team")},
        {"other_model_notes": only_by(TIES, "home_visitor")},
    ),
    "health_care": (
        {
            "referrals_sent": sees("services.see_referral", "clinician", "home_visitor", path="care_team"),
            "feedback_consented": told(Kind.SERVED, Form.PRIMARY_CARE),
        },
        {
            "consultation_notes": Row("a room of its own", needs="consultation"),
            "home_visit_notes": NOTES,
            "court_documents": never_told(Kind.CHILD_WELFARE, Form.PRIMARY_CARE),
        },
    ),
    "faith_community": (
        {"public_pages": PUBLIC_PAGES, "own_events": public("trainings", "training")},
        {"any_client_record": RECORDS_OF_CLIENTS},
    ),
    "policy": (
        {"suppressed_aggregates": Row("a window of its own", needs="insights")},
        {
            "row_level_data": no_role("policy", "funder", "legislat"),
            "previews_before_suppression": Row("a window of its own", needs="insights"),
        },
    ),
    "libraries": (
        {"public_pages": PUBLIC_PAGES, "own_events_counts": Row("a room of its own", needs="insights")},
        {"any_client_record": RECORDS_OF_CLIENTS},
    ),
}
WITHOUT_SIGN_IN = ("early_childhood", "child_welfare", "judge", "court", "faith", "policy", "librar")
ROWS = [
    (sector, "sees" if place == 0 else "never sees", what, row)
    for sector, both in SECTORS.items()
    for place, side in enumerate(both)
    for what, row in side.items()
]


@pytest.mark.parametrize(("sector", "how", "what", "row"), ROWS, ids=[f"{one[0]} {one[1]} {one[2]}" for one in ROWS])
def test_what_each_sector_sees_and_never_sees(sector: str, how: str, what: str, row: Row) -> None:
    """A row of a room that is not built fails on the day on which it is: then it is written out."""
    assert row.needs not in house.rooms(), f"{sector} {how} {what}: {row.needs} is built; say how this row holds"
    assert row.holds(), f"{sector} {how} {what}: {row.says}"


def test_courts_child_welfare_and_the_public_have_no_standing_sign_in() -> None:
    """`protect.md` 7: what they are told leaves on paper, dated; everybody else finds, learns and asks without an account."""
    assert no_role(*WITHOUT_SIGN_IN).holds()
    assert Purpose.COURT in FORMS[Form.COURT].purposes
    assert FORMS[Form.COURT].for_several


def test_no_row_of_the_facts_is_missing() -> None:
    if not FACTS.exists():
        pytest.skip("the facts of the field are not beside this project")
    known = {one["id"]: one for one in yaml.safe_load(FACTS.read_text(encoding="utf-8"))["sectors"]}
    assert {key: (set(there["sees"]), set(there["never_sees"])) for key, there in known.items()} == {
        key: (set(sees_here), set(never)) for key, (sees_here, never) in SECTORS.items()
    }
