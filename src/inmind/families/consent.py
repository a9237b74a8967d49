"""Who may consent for a child on a day, and by which paper. Pure.

The rule reads what somebody has seen and written down; it decides no law. What is not known stays unknown, and the
answer then says what to ask. A lone "no" is given only where the paper itself says no.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_


class Capacity(StrEnum):
    """As what somebody would consent for the child."""

    PARENT = "parent"
    MINOR_PARENT = "minor_parent"
    LEGAL_GUARDIAN = "legal_guardian"
    FOSTER_WITH_CONSENT = "foster_with_consent"
    FOSTER_WITHOUT_CONSENT = "foster_without_consent"
    INDIAN_CUSTODIAN = "indian_custodian"
    COURT = "court"
    TRIBAL_COURT = "tribal_court"
    AGENCY = "agency"
    UNKNOWN = "unknown"


CAPACITIES: dict[Capacity, str] = {
    Capacity.PARENT: N_("parent"),
    Capacity.MINOR_PARENT: N_("parent who is a minor"),
    Capacity.LEGAL_GUARDIAN: N_("legal guardian"),
    Capacity.FOSTER_WITH_CONSENT: N_("foster parent who may consent"),
    Capacity.FOSTER_WITHOUT_CONSENT: N_("foster parent who may not consent"),
    Capacity.INDIAN_CUSTODIAN: N_("Indian custodian"),
    Capacity.COURT: N_("court"),
    Capacity.TRIBAL_COURT: N_("tribal court"),
    Capacity.AGENCY: N_("child welfare agency"),
    Capacity.UNKNOWN: N_("not known yet"),
}

DOCUMENTS: dict[str, str] = {
    "court_order": N_("court order"),
    "tribal_court_order": N_("order of a tribal court"),
    "guardianship": N_("guardianship papers"),
    "placement": N_("placement papers of the agency"),
    "written_by_parent": N_("written by the parent"),
    "tribal_custom": N_("tribal law or custom, as the tribe has said it"),
    "other": N_("another paper"),
}

# Capacities that somebody else has given: without the paper that gives it nobody here can say yes.
GIVEN_BY_PAPER = frozenset(
    {
        Capacity.MINOR_PARENT,
        Capacity.LEGAL_GUARDIAN,
        Capacity.FOSTER_WITH_CONSENT,
        Capacity.INDIAN_CUSTODIAN,
        Capacity.COURT,
        Capacity.TRIBAL_COURT,
        Capacity.AGENCY,
    }
)
# While one of these stands, what is left of a parent's own consent is written in the order.
BY_ORDER = frozenset(
    {
        Capacity.LEGAL_GUARDIAN,
        Capacity.FOSTER_WITH_CONSENT,
        Capacity.FOSTER_WITHOUT_CONSENT,
        Capacity.INDIAN_CUSTODIAN,
        Capacity.COURT,
        Capacity.TRIBAL_COURT,
        Capacity.AGENCY,
    }
)
# 25 U.S.C. 1903(6): legal custody under tribal law or custom or under State law, or given by the parent.
INDIAN_CUSTODIAN_SOURCE = "25 U.S.C. 1903(6)"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in a capacity. document: a key of DOCUMENTS, empty while no paper was seen."""

    name: str
    capacity: Capacity
    document: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """may: True, False, or None where it is not known. sentence: why, to be filled with `facts`; ask: what to ask next."""

    holder: Holder
    may: bool | None
    sentence: str
    ask: str = ""

    @property
    def facts(self) -> dict[str, str]:
        return {"name": self.holder.name}


def who_may(holders: Sequence[Holder], on: date) -> tuple[Answer, ...]:
    """Each holder's answer for a day: those who may first, then those to ask about, then those who may not."""
    today = [holder for holder in holders if holder.since <= on]
    standing = [holder for holder in today if holder.until is None or on < holder.until]
    ordered = any(holder.capacity in BY_ORDER for holder in standing)
    answers = [_answer(holder, ordered=ordered) if holder in standing else _ended(holder) for holder in today]
    return tuple(sorted(answers, key=lambda answer: (True, None, False).index(answer.may)))


def is_known(answers: Sequence[Answer]) -> bool:
    """Whether somebody may consent on that day, by what is written down here."""
    return any(answer.may for answer in answers)


NOBODY_KNOWN = N_("Nobody here knows who may consent for this child today. Ask the family, and ask to see the paper.")


def _answer(holder: Holder, *, ordered: bool) -> Answer:
    match holder.capacity:
        case Capacity.UNKNOWN:
            return Answer(
                holder,
                None,
                N_("It is not known whether %(name)s may consent."),
                N_("Ask who decides for the child with doctors and services, and which paper says so."),
            )
        case Capacity.FOSTER_WITHOUT_CONSENT:
            return Answer(
                holder, False, N_("%(name)s cares for the child, and the placement gives no right to consent.")
            )
        case Capacity.PARENT if ordered:
            return Answer(
                holder,
                None,
                N_("%(name)s is a parent, and somebody else stands here by an order or a placement too."),
                N_("Read in the order what is left to the parent, or ask counsel."),
            )
        case Capacity.PARENT:
            return Answer(holder, True, N_("%(name)s is a parent, and no order that says otherwise is known here."))
        case capacity if not holder.document:
            return Answer(holder, None, N_("No paper was seen that lets %(name)s consent."), _ASK[capacity])
    return Answer(holder, True, N_("%(name)s may consent, by the paper that was seen."))


def _ended(holder: Holder) -> Answer:
    return Answer(
        holder, None, N_("What let %(name)s consent has ended."), N_("Ask whether there is a new paper, and from when.")
    )


_ASK: dict[Capacity, str] = {
    Capacity.MINOR_PARENT: N_(
        "Whether a minor may consent for the child, and for herself, is the state's law. Ask your supervisor, and write "
        "down who is not told."
    ),
    Capacity.LEGAL_GUARDIAN: N_("Ask to see the guardianship papers."),
    Capacity.FOSTER_WITH_CONSENT: N_("Ask the agency that placed the child for the paper that gives this right."),
    Capacity.INDIAN_CUSTODIAN: N_(
        "Ask how the custody was given: by tribal law or custom, by state law, or by the parent."
    ),
    Capacity.COURT: N_("Ask for the order."),
    Capacity.TRIBAL_COURT: N_("Ask the tribe for the order."),
    Capacity.AGENCY: N_("Ask the agency for the order that gives it this right."),
}


def check(holder: Holder, *, today: date) -> None:
    """Raises BadInput for what cannot be so."""
    if not holder.name.strip():
        raise BadInput(
            N_("There is no name."), N_("Say who it is: an adult of the family, a court or an agency."), field="holder"
        )
    if holder.document and holder.document not in DOCUMENTS:
        raise BadInput(N_("This paper is not on the list."), N_("Choose one from the list."), field="document")
    if holder.since > today:
        raise BadInput(N_("This day lies in the future."), N_("It is written down when it holds."), field="since")
    if holder.until is not None and holder.until < holder.since:
        raise BadInput(
            N_("The end lies before the beginning."), N_("The end comes on the first day or after it."), field="until"
        )
