"""Early intervention in the reader's language: its clocks, steps and what the law asks for, as its pages show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access.door import Asked
from inmind.families import queries as families
from inmind.families.consent import Capacity
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.services.adapters.catalog import early_intervention
from inmind.services.early import actions, clocks
from inmind.services.early import case as rules
from inmind.services.early import picture as early_picture
from inmind.services.early.case import DAYS, DELAYS, ENDED, PAUSES, STEPS, Case, Day, Ended, Next, What
from inmind.services.early.clocks import Way, number
from inmind.services.early.forms import HOW
from inmind.services.early.models import (
    Delay,
    EarlyBefore,
    EarlyCase,
    Pause,
    Substantiated,
    TribalNotice,
)
from inmind.services.listings.listing import Standing
from inmind.services.listings.models import Listing
from inmind.services.settled import terms
from inmind.tasks.models import Task

LISTED = 8
TRIBAL = frozenset({Capacity.TRIBAL_COURT, Capacity.INDIAN_CUSTODIAN})
TRIBAL_PAPERS = frozenset({"tribal_court_order", "tribal_custom"})
ELIGIBLE_SAID = {True: N_("The child is eligible"), False: N_("The child is not eligible"), None: ""}


def address(episode: Episode, page: str = "early", **named: Any) -> str:
    """The page of this episode's child, or another one on its way."""
    child = {"person": episode.dyad.child_id} if page == "early" else {}
    return reverse(page, kwargs={"episode": episode.pk, **child, **named})


def head(episode: Episode) -> dict[str, Any]:
    return {
        "name": episode.dyad.called,
        "back": house.pages["families.Episode"](episode),
        "page": address(episode),
    }


def strength(request: Asked, episode: Episode, on: date) -> dict[str, Any] | None:
    """What the family's page holds in mind first stands here too, before what is waited for."""
    shown = (one for one in house.panels["dyad"] if one.key == "strength")
    drawn = ((one, one.context(request, dyad=episode.dyad, episode=episode, on=on)) for one in shown)
    return next(({"template": one.template, **context} for one, context in drawn if context is not None), None)


def source(name: str) -> str:
    found = early_intervention()
    return clocks.cited(found, getattr(found, name))


def case_of(case: EarlyCase, today: date, *, knows: bool) -> dict[str, Any]:
    """A case as its page shows it: what comes next, the clock, its days, its stretches and its steps."""
    born = case.episode.dyad.birth_date
    assert born is not None, "a case begins after the birth"
    said, earlier = case.as_case(born), _earlier(case)
    owners = {task.why: task.owner.name for task in _open_tasks(case)}
    until = said.clock_stops_on
    return {
        "row": case,
        "next": [
            _next(one, case, said, today, owners.get(actions.WHY.get(one.what, ""), ""), knows=knows)
            for one in rules.next_steps(early_intervention(), said, today)
        ],
        "clock": _clock(case, said, min(today, until or today)),
        "facts": [_fact(one, case, earlier) for one in _facts(said)],
        "by": (case.identified_by or "") if knows else "",
        "eligible": _(ELIGIBLE_SAID[case.eligible]) if knows and case.eligible is not None else "",
        "pauses": [_stretch(one, PAUSES, earlier, knows=knows) for one in case.pauses.all()],
        "delays": [_stretch(one, DELAYS, earlier, knows=knows) for one in case.delays.all()],
        "steps": _steps(case, said, today),
        "referral": reverse("referral", args=[case.referral_id]) if case.referral_id else "",
    }


def _open_tasks(case: EarlyCase) -> QuerySet[Task]:
    return Task.objects.filter(about_kind=actions.CASE, about_id=case.pk, closed_at__isnull=True).select_related(
        "owner"
    )


def _earlier(case: EarlyCase) -> dict[tuple[UUID, str], list[str]]:
    """What stood in each field before it was written anew, the first one first."""
    found: dict[tuple[UUID, str], list[str]] = {}
    for one in EarlyBefore.objects.filter(case=case):
        found.setdefault((one.row, one.name), []).append(_was(one))
    return found


def _was(one: EarlyBefore) -> str:
    try:
        return clock.day(date.fromisoformat(one.was or ""))
    except ValueError:
        return one.was or ""


def _facts(said: Case) -> Iterator[Day]:
    """The days that are shown: those that are known, and those that could be on this way."""
    for one in Day:
        if one in said.days or (one is not Day.DISTRICT and Day.DISTRICT not in said.days):
            yield one


def _fact(one: Day, case: EarlyCase, earlier: dict[tuple[UUID, str], list[str]]) -> dict[str, Any]:
    on, before = getattr(case, one.value), earlier.get((case.pk, one.value), [])
    note = _("Before: %(days)s") % {"days": ", ".join(before)} if before else ""
    return {"term": _(DAYS[one]), "value": clock.day(on) if on else "", "note": note}


def _next(one: Next, case: EarlyCase, said: Case, today: date, owner: str, *, knows: bool) -> dict[str, Any]:
    """One line of what comes next: what, by when, whose, and that late is the system's."""
    late = (today - one.due).days if one.due is not None and one.is_late(today) and not one.waits else 0
    return {
        "label": label(one.what, ours=one.ours, name=case.episode.dyad.called),
        "why": _why(one, case, said, knows=knows),
        "due": _due(one),
        "late": late_by(late) if late else "",
        "whose": _("With %(name)s") % {"name": owner} if owner else "" if one.ours else _("Theirs to do; you ask"),
    }


def label(what: What, *, ours: bool, name: str) -> str:
    """What comes next, as a title."""
    words = {
        (What.REFER, True): _("Refer %(name)s to early intervention"),
        (What.REFER_TO_DISTRICT, True): _("Refer %(name)s to the school district, with consent"),
        (What.HEAR, False): _("Hear from early intervention that it has the referral of %(name)s"),
        (What.PLAN, True): _("Hold the first plan meeting of %(name)s"),
        (What.PLAN, False): _("Ask whether the first plan meeting of %(name)s was held"),
        (What.STEPS, True): _("Take the steps before the third birthday of %(name)s"),
        (What.STEPS, False): _("Ask for the steps before the third birthday of %(name)s"),
    }[what, ours]
    return words % {"name": name}


def _due(one: Next) -> str:
    if one.waits:
        return _("The days stand still. If they went on today: by %(day)s") % {"day": clock.day(one.due or date.min)}
    return _("by %(day)s") % {"day": clock.day(one.due)} if one.due else _("as soon as it can be")


def late_by(days: int) -> str:
    words = ngettext(
        "%(n)s day late. This is the system’s to put right, not the family’s.",
        "%(n)s days late. This is the system’s to put right, not the family’s.",
        days,
    )
    return words % {"n": days}


def _why(one: Next, case: EarlyCase, said: Case, *, knows: bool) -> str:
    """The rule behind a step, with its numbers; and that the third birthday comes before its days are over."""
    rule, last = _rule(one, case, said, knows=knows), clocks.transition(early_intervention(), said.born).last_day
    if one.due != last:
        return rule
    words = _("The third birthday comes first: early intervention ends on %(day)s, then the school district goes on.")
    return f"{rule} {words % {'day': clock.day(last)}}"


def _rule(one: Next, case: EarlyCase, said: Case, *, knows: bool) -> str:
    found = early_intervention()
    if one.what is What.REFER:
        words = _("At most %(n)s days after somebody saw that the child should be looked at.")
        asked = _("A law asks for it: the agency was told of a substantiated case of which the child is the subject.")
        told = words % {"n": number(found.refer_within)}
        by_law = knows and Substantiated.objects.filter(episode=case.episode_id).exists()
        return f"{asked} {told}" if by_law else told
    if one.what is What.REFER_TO_DISTRICT:
        words = _("Fewer than %(n)s days are left before the third birthday: the district evaluates now.")
        return words % {"n": number(found.late_referral_days_before)}
    if one.what is What.PLAN:
        words = _("%(n)s days from the day on which early intervention had the referral.")
        return words % {"n": number(found.plan_within)}
    if one.what is What.STEPS:
        words = _("At least %(n)s days before the third birthday, on %(day)s.")
        ends = clocks.transition(found, said.born).ends
        return words % {"n": number(found.transition_due_days_before), "day": clock.day(ends)}
    return ""


def _clock(case: EarlyCase, said: Case, on: date) -> dict[str, Any] | None:
    """The picture of the clock with its numbers behind it; None before early intervention had the referral."""
    if case.received_on is None:
        return None
    drawn = early_picture.picture(early_intervention(), case.received_on, on, said.pauses)
    there, stands = drawn.there, said.clock_stops_on is None
    last = min(there.due, clocks.transition(early_intervention(), said.born).last_day)
    left, due = (last - on).days, clock.day(last)
    facts = {"run": there.elapsed, "count": there.countable, "due": due}
    says = _("%(run)s days run, %(count)s days count. The last day for the first plan meeting: %(due)s.") % facts
    lines = [
        (_("Early intervention has the referral since"), clock.day(case.received_on)),
        (_("Days that run"), str(there.elapsed)),
        (_("Days that count"), str(there.countable)),
        (_("Last day for the first plan meeting"), due),
    ]
    if drawn.without:
        lines.append((_("Without the pauses it would be"), clock.day(drawn.first_due)))
    if stands and not there.stands_still and left >= 0:
        lines.append((_("Days left"), str(left)))
    if not stands:
        lines.append((_("The clock stopped on"), clock.day(on)))
    return {
        "picture": drawn,
        "says": says,
        "within": number(early_intervention().plan_within),
        "since": clock.day(case.received_on),
        "due": due,
        "stands_still": there.stands_still and stands,
        "facts": [{"term": term, "value": value} for term, value in lines],
    }


def _stretch(
    one: Pause | Delay, words: Mapping[str, str], earlier: dict[tuple[UUID, str], list[str]], *, knows: bool
) -> dict[str, Any]:
    kind = "pause" if isinstance(one, Pause) else "delay"
    shown = ("since", "until", "words") if knows else ("since", "until")
    before = [was for name in shown for was in earlier.get((one.pk, name), [])]
    return {
        "why": _(words[one.why]) if one.why in words else one.why.replace("_", " "),
        "since": clock.day(one.since),
        "until": clock.day(one.until) if one.until else "",
        "words": (one.words or "") if knows else "",
        "taken_back": one.taken_back,
        "before": before,
        "url": address(one.case.episode, f"early_change_{kind}", **{kind: one.pk}),
    }


def _steps(case: EarlyCase, said: Case, today: date) -> dict[str, Any] | None:
    """The steps before the third birthday, once their time has come or one of them is taken."""
    before = clocks.transition(early_intervention(), said.born)
    taken = {one.kind: one for one in case.steps.all()}
    if today < before.opens and not taken:
        return None
    rows = [
        {
            "label": _(words),
            "when": clock.day(taken[kind].on) if kind in taken else "",
            "note": _("The family did not want it") if kind in taken and taken[kind].not_wanted else "",
            "state": "done" if kind in taken else "now",
        }
        for kind, words in STEPS.items()
    ]
    days = {name: clock.day(getattr(before, name)) for name in ("opens", "due", "ends")}
    return {"rows": rows, **days}


def past(case: EarlyCase, *, knows: bool) -> dict[str, str]:
    first = min(case.days.values())
    return {
        "from": clock.day(first),
        "to": clock.day(case.closed_on or first),
        "why": _(ENDED[Ended(case.closed_why)]),
        "words": (case.closed_words or "") if knows else "",
    }


def where_to(episode: Episode, today: date, *, may: bool) -> dict[str, Any] | None:
    """Where a child is referred to on a day, who offers that and, for who may, the way; None before the birth."""
    if episode.dyad.birth_date is None:
        return None
    way = clocks.way(early_intervention(), episode.dyad.birth_date, today)
    program = rules.PART_C if way is Way.EARLY_INTERVENTION else rules.DISTRICT_PROGRAM
    term, grace = terms()
    rows = Listing.objects.filter(program=program, closed_on__isnull=True).order_by("name", "pk")[: LISTED * 4]
    shown = [one for one in rows if one.as_listing.stands(today, term, grace) is not Standing.EXPIRED][:LISTED]
    return {
        "way": way.value,
        "days": number(early_intervention().late_referral_days_before),
        "rows": [
            {
                "name": one.name,
                "provider": one.provider_name,
                "phone": one.refer_phone or one.phone,
                "url": reverse("referral_draft", args=[episode.pk, episode.dyad.child_id, one.pk]) if may else "",
            }
            for one in shown
        ],
    }


def by_law_said(episode: Episode) -> list[dict[str, str]]:
    return [
        {
            "told": clock.day(one.told_on),
            "on": clock.day(one.on) if one.on else "",
            "who": one.said_by or "",
            "paper": one.paper or "",
        }
        for one in Substantiated.objects.filter(episode=episode).order_by("told_on", "pk")
    ]


def tribe(episode: Episode, today: date) -> list[str]:
    """The tribe, or who stands for it, as who may consent says; empty where nothing of one is written down."""
    rows = (row for row, _answer in families.who_may_consent(episode, today))
    tribal = (row for row in rows if row.capacity in TRIBAL or row.document in TRIBAL_PAPERS)
    return [row.name or (row.holder.name if row.holder else "") for row in tribal]


def notices(episode: Episode) -> QuerySet[TribalNotice]:
    rows = TribalNotice.objects.filter(episode=episode).select_related("owner", "episode")
    return rows.prefetch_related("sent").order_by("by_day", "pk")


def notice_said(one: TribalNotice, *, knows: bool) -> dict[str, Any]:
    return {
        "tribe": (one.tribe or "") if knows else "",
        "owner": one.owner.name,
        "by": clock.day(one.by_day),
        "closed": clock.day(one.closed_on) if one.closed_on else "",
        "sent": [
            {"on": clock.day(sent.on), "to": sent.to or "", "how": str(HOW[sent.how]), "words": sent.words or ""}
            for sent in (one.sent.all() if knows else ())
        ],
        "url": "" if one.closed_on else address(one.episode, "early_notice_sent", notice=one.pk),
    }


# What is written down
