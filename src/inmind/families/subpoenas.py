"""What a subpoena or an order of a court is here: a question that the privacy officer alone answers. Pure.

Nothing here says what a law asks for: whether a paper binds, and to what, is decided by whoever answers, with counsel.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum

from inmind.access.consents import CHOSEN_ALONE, Asked, Days, Kind
from inmind.families import releases
from inmind.families.releases import BY_ORDER, Form
from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_


class Paper(StrEnum):
    """What came."""

    SUBPOENA = "subpoena"
    COURT_ORDER = "court_order"


PAPERS: dict[Paper, str] = {
    Paper.SUBPOENA: N_("a subpoena"),
    Paper.COURT_ORDER: N_("an order of a court"),
}


class Basis(StrEnum):
    """On what the answer rests."""

    ORDER = "order"
    CONSENT = "consent"
    OBJECTION = "objection"


BASES: dict[Basis, str] = {
    Basis.ORDER: N_("an order of a court: what it names, and no more"),
    Basis.CONSENT: N_("consents, one for each who gets it"),
    Basis.OBJECTION: N_("an objection is raised: nothing is told now"),
}


class Step(StrEnum):
    """What happened on the way, as the log says it."""

    NOTED = "noted"
    HELD = "held"
    DECIDED = "decided"
    TOLD = "told"
    CLOSED = "closed"


STEPS: dict[Step, str] = {
    Step.NOTED: N_("written down that it came"),
    Step.HELD: N_("a legal hold was set"),
    Step.DECIDED: N_("decided"),
    Step.TOLD: N_("told"),
    Step.CLOSED: N_("closed"),
}

NOT_YOURS = N_(
    "You do not answer it yourself, hand nothing over and say nothing about this family: not to a court, counsel or an "
    "investigator. Say that the privacy officer will answer. Nothing is taken out of the record or changed because of it."
)


def check_note(sender: str, came_on: date, answer_by: date | None, today: date) -> None:
    """Raises BadInput for what cannot be written down so."""
    if not text.tokens(sender):
        raise BadInput(N_("It is not said who sent it."), N_("Name them as the paper does."), field="sender")
    if came_on > today:
        raise BadInput(N_("This day lies in the future."), N_("It is the day on which it came."), field="came_on")
    if answer_by is not None and answer_by < came_on:
        raise BadInput(N_("It would be answered before it came."), N_("Look at the paper again."), field="answer_by")


def check_answer(
    basis: Basis,
    why: str,
    order: str,
    recipients: Sequence[str],
    kinds: Collection[Kind],
    days: Days | None,
    asked: Asked,
) -> None:
    """Raises BadInput for a decision that is not whole: why in any case; where something is told, the least of it, and by an
    order where that is kept."""
    if not text.tokens(why):
        raise BadInput(
            N_("It is not said why."),
            N_("Say what it rests on, and why this is the least that answers it."),
            field="basis",
        )
    if basis is Basis.OBJECTION:
        return
    if not kinds:
        raise BadInput(N_("It is not said what is told."), N_("Choose the least that answers it."), field="kinds")
    if days is None or days.last is None or days.last < days.first:
        raise BadInput(
            N_("The days of these facts are not whole."),
            N_("The last day is the first one or lies after it."),
            field="facts_until",
        )
    releases.check(Form.COURT, recipients, asked)
    if basis is Basis.ORDER:
        if not text.tokens(order):
            raise BadInput(N_("The order is missing."), N_("Say where it is kept."), field="order")
        if CHOSEN_ALONE & set(kinds):
            raise BadInput(
                N_("How a relationship was rated leaves by the consent of the adult alone."),
                N_("Leave it out, and say so to the court."),
                field="kinds",
            )
        if not set(kinds) <= set(BY_ORDER):
            raise BadInput(N_("A tribe decides on what it keeps."), N_("Ask the tribe."), field="kinds")
