"""What early intervention and referrals put into a file for somebody outside: dated facts of one person, with their source.

Days and words of the house alone. What documents a pause can be about somebody else of the family, and stays here; so does
what child welfare told, and anything of a tribe.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from inmind.access.consents import KINDS, Kind
from inmind.foundation import clock
from inmind.foundation.registries import Line, ToldOutside, Wanted, house
from inmind.foundation.values import N_
from inmind.services import outside
from inmind.services.adapters.catalog import programs
from inmind.services.early.case import DAYS, DELAYS, ENDED, PAUSES, STEPS, Ended, Step
from inmind.services.early.models import Delay, EarlyCase, Pause
from inmind.services.referrals.models import Referral, ReferralStep
from inmind.services.referrals.referral import State, Why
from inmind.services.referrals.words import REASONS


def offer() -> None:
    house.offer(
        ToldOutside("services.referrals", Kind.SERVED, 15, referrals),
        ToldOutside("services.early_referrals", Kind.EARLY_INTERVENTION, 55, early_referrals),
        ToldOutside("services.early", Kind.EARLY_INTERVENTION, 60, early),
    )


def early(wanted: Wanted) -> Iterator[Line]:
    """The days of a child's cases, what held them up and on which side, and the steps before the third birthday."""
    if wanted.person.pk != wanted.episode.dyad.child_id:
        return
    rows = EarlyCase.objects.filter(episode=wanted.episode, child=wanted.person).order_by("created_at", "pk")
    for case in rows.prefetch_related("pauses", "delays", "steps"):
        for on, words in sorted(_of_case(case), key=lambda one: one[0]):
            if wanted.first <= on <= wanted.last:
                source = _("the agency’s record of early intervention")
                yield Line(
                    on, words, source, KINDS[Kind.EARLY_INTERVENTION].field, KINDS[Kind.EARLY_INTERVENTION].regime
                )


def _of_case(case: EarlyCase) -> Iterator[tuple[date, str]]:
    for day, on in case.days.items():
        yield on, f"{_(DAYS[day])}."
    if case.evaluated_on and case.eligible is not None:
        yield case.evaluated_on, _("The child is eligible.") if case.eligible else _("The child is not eligible.")
    for pause in case.pauses.all():
        if not pause.taken_back:
            yield pause.since, _stretch(pause, _("The days stood still for the family: %(why)s, %(days)s."), PAUSES)
    for delay in case.delays.all():
        if not delay.taken_back:
            yield delay.since, _stretch(delay, _("The system took longer: %(why)s, %(days)s."), DELAYS)
    for step in case.steps.all():
        words = _(STEPS[Step(step.kind)])
        yield step.on, _("%(step)s: the family did not want it.") % {"step": words} if step.not_wanted else f"{words}."
    if case.closed_on is not None:
        yield case.closed_on, _("Closed: %(why)s.") % {"why": _(ENDED[Ended(case.closed_why)])}


def _stretch(one: Pause | Delay, words: str, known: dict[str, str] | object) -> str:
    why = known.get(one.why, "")  # type: ignore[union-attr]
    facts = {"since": clock.day(one.since), "until": clock.day(one.until) if one.until else ""}
    days = _("from %(since)s to %(until)s") if one.until else _("since %(since)s")
    return words % {"why": _(why) if why else one.why.replace("_", " "), "days": days % facts}


def referrals(wanted: Wanted) -> Iterator[Line]:
    """What this person was referred to, what began, what ended, and what is waited for and why: the system's waiting is named
    as that. A referral to safety at home, and to a program for her mood, is told by nobody here."""
    return _referrals(wanted, Kind.SERVED)


def early_referrals(wanted: Wanted) -> Iterator[Line]:
    """The same of early intervention and of the school district, under the law of these."""
    return _referrals(wanted, Kind.EARLY_INTERVENTION)


def _referrals(wanted: Wanted, kind: Kind) -> Iterator[Line]:
    field, regime, source = KINDS[kind].field, KINDS[kind].regime, _("the agency’s record of referrals")
    rows = Referral.objects.filter(about=wanted.person, episode=wanted.episode, sent_on__isnull=False)
    for one in rows.select_related("listing").prefetch_related("steps").order_by("created_at", "pk"):
        program = programs().get(one.program)
        offers, category = one.listing.offers, program.category if program else ""
        if outside.kind_of(offers, one.program, category, Kind.SERVED) is not kind:
            continue
        unnamed = _(outside.instead(offers, category))
        before = ""
        for step in one.steps.all():
            if not step.tried and step.state in OF_STEP and wanted.first <= step.on <= wanted.last:
                words = _of_step(one.recipient, step, before)
                yield Line(step.on, words, source, field, regime, one.recipient, _of_step(unnamed, step, before))
            before = step.state


OF_STEP: dict[str, str] = {
    State.SENT: N_("Referred to %(place)s on %(day)s."),
    State.WAITLISTED: N_("Waiting since %(day)s for a place at %(place)s: the program had none."),
    State.STARTED: N_("Started at %(place)s on %(day)s."),
    State.ENDED: N_("Ended at %(place)s on %(day)s: %(why)s."),
    State.DECLINED: N_("Not taken on by %(place)s, %(day)s: %(why)s."),
    State.CLOSED: N_("The referral to %(place)s ended on %(day)s before it began: %(why)s."),
}
NO_LONGER = N_("Waited until %(day)s for a place at %(place)s: the program had none.")


def _of_step(place: str, step: ReferralStep, before: str) -> str:
    """A step in words. What ended while the program had no place is told as the waiting that it was, whatever else was said."""
    why = _(REASONS[Why(step.why)]) if step.why else ""
    words = NO_LONGER if (before, step.state) == (State.WAITLISTED, State.CLOSED) else OF_STEP[step.state]
    return _(words) % {"place": place, "day": clock.day(step.on), "why": why}
