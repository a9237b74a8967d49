"""Early intervention beside a family, on Today, and in what a task says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.families import queries as families
from inmind.families.models import Dyad, Episode
from inmind.foundation import clock
from inmind.foundation.registries import Reason
from inmind.people.models import Person
from inmind.services.adapters.catalog import early_intervention
from inmind.services.early import actions, clocks
from inmind.services.early.case import ENDED, What
from inmind.services.early.clocks import Way, number
from inmind.services.early.models import (
    EarlyCase,
    Pause,
    TribalNotice,
)
from inmind.services.early.shown import address, label, late_by, notices
from inmind.tasks.models import Task

SEE = "services.early_see"
SHOWN = 12
NEAR = timedelta(days=14)  # ours: what Today says ahead


def panel(request: Any, *, dyad: Dyad, episode: Episode, on: Any) -> dict[str, Any] | None:
    """On the family's page: what comes next and by when, while a case runs; else until when it can begin, once that nears."""
    if dyad.birth_date is None or not policy.can(request.actor, SEE, episode):
        return None
    today = clock.today(episode.organization.zone)
    if (case := _open_of(request, episode)) is not None:
        return {"line": _line(case, dyad.called, today), "url": address(episode)}
    if (last := _nears(dyad.birth_date, today)) is None:
        return None
    words = _("If somebody wonders: until %(day)s early intervention looks at this child, then the school district.")
    return {"line": {"label": words % {"day": clock.day(last)}}, "url": address(episode)}


def way(request: Any, *, dyad: Dyad, episode: Episode, on: Any) -> dict[str, Any] | None:
    """Beside the worries of a family, where no case runs yet and the child is young enough: the way there."""
    born, today = dyad.birth_date, clock.today(episode.organization.zone)
    if born is None or clocks.way(early_intervention(), born, today) is Way.TOO_OLD or _nears(born, today):
        return None
    if not policy.can(request.actor, "services.early_begin", episode) or _open_of(request, episode) is not None:
        return None
    return {"url": address(episode)}


def _nears(born: date, today: date) -> date | None:
    """The last day on which a child is referred to early intervention, once the time before the third birthday has begun;
    None before and afterwards."""
    found = early_intervention()
    if today < clocks.transition(found, born).opens or clocks.way(found, born, today) is not Way.EARLY_INTERVENTION:
        return None
    return clocks.transition(found, born).ends - timedelta(number(found.late_referral_days_before))


def _open_of(request: Any, episode: Episode) -> EarlyCase | None:
    found: EarlyCase | None = policy.once(("early", episode.pk), lambda: actions.open_case(episode))
    return found


def _line(case: EarlyCase, name: str, today: date) -> dict[str, str]:
    """What comes next, as the case itself keeps it."""
    if not case.next_step:
        return {"label": _("Nothing is due now."), "due": "", "late": ""}
    what = What(case.next_step)
    ours = case.is_lead or what in (What.REFER, What.REFER_TO_DISTRICT)
    late = (today - case.next_on).days if case.next_on else 0
    due = _("by %(day)s") % {"day": clock.day(case.next_on)} if case.next_on else ""
    if what is What.PLAN and case.next_on is None:
        due = _("The days stand still, for what the family’s record says.")
    return {
        "label": label(what, ours=ours and what is not What.HEAR, name=name),
        "due": due,
        "late": late_by(late) if late > 0 else "",
    }


def today_panel(request: Any) -> dict[str, Any] | None:
    """On Today: what is due within two weeks in early intervention, the longest late first."""
    if not policy.can(request.actor, "services.early_note"):
        return None
    cases = _near(request.actor, SEE, until=clock.today(settings.INSTALLATION.zone) + NEAR)
    if not cases:
        return None
    shown = cases[:SHOWN]
    subjects = {("person", one.child_id) for one in shown} | {("episode", one.episode_id) for one in shown}
    audit.read(request.actor, SEE, policy.can(request.actor, SEE), subjects=subjects)
    rows = [
        {
            "name": one.episode.dyad.called,
            "url": address(one.episode),
            **_line(one, one.episode.dyad.called, clock.today(one.episode.organization.zone)),
        }
        for one in shown
    ]
    return {"rows": rows, "more": len(cases) > SHOWN, "asks": True}


@policy.visible_again
def _near(seen: policy.Seen, *, until: date) -> QuerySet:
    rows = seen(EarlyCase.objects.filter(closed_on__isnull=True, next_on__lte=until))
    return rows.select_related("episode__dyad__child", "episode__organization").order_by("next_on", "pk")[: SHOWN + 1]


def asked_at_end(episode: Episode) -> tuple[str, str, list[tuple[str, str]]] | None:
    """Whoever ends the service of a family is told before that a clock runs, and says what becomes of it."""
    if actions.open_case(episode) is None:
        return None
    known = _(
        "It is closed on that day, with its days kept and its tasks closed: nobody here opens the family afterwards. If "
        "somebody here still answers for it, do not end the service; hand the family over to them."
    )
    words = _("The clock of early intervention runs for %(name)s. What becomes of it?") % {"name": episode.dyad.called}
    return words, known, [(one.value, _(why)) for one, why in ENDED.items()]


def open_here(actor: Any, episode: Episode) -> Iterator[str]:
    """What is still to be sent to a tribe when an agency's time with a family ends."""
    if not policy.can(actor, SEE, episode):
        return
    for one in notices(episode).filter(closed_on__isnull=True):
        facts = {"name": one.owner.name, "day": clock.day(one.by_day)}
        yield _("A notice to a tribe, by %(day)s, with %(name)s: let it be sent and written down first.") % facts


# The words of its tasks


def reason(actor: Any, task: Task) -> Reason:
    """What a step asks of its owner."""
    case = EarlyCase.objects.select_related("episode__dyad__child").filter(pk=task.about_id).first()
    what = {actions.REFER: What.REFER, actions.PLAN: What.PLAN, actions.STEPS: What.STEPS}[task.why]
    if case is None:
        return Reason(_("Early intervention"), "", calls=False)
    ours = case.is_lead or what is What.REFER
    if what is What.REFER and case.next_step == What.REFER_TO_DISTRICT:
        what = What.REFER_TO_DISTRICT
    sentence = _("It closes by itself once it is written down on the child’s page.")
    return _reason(actor, case.episode, label(what, ours=ours, name=case.episode.dyad.called), sentence)


def of_pause(actor: Any, task: Task) -> Reason:
    """Whether what holds a family up still does."""
    row = Pause.objects.select_related("case__episode__dyad__child").filter(pk=task.about_id).first()
    if row is None:
        return Reason(_("Early intervention"), "", calls=False)
    title = _("Ask whether the family of %(name)s still needs time") % {"name": row.case.episode.dyad.called}
    sentence = _("The days have stood still since %(day)s. Write down when that ended: then this closes by itself.")
    return _reason(actor, row.case.episode, title, sentence % {"day": clock.day(row.since)})


def of_notice(actor: Any, task: Task) -> Reason:
    """A notice to a tribe, for who sees to it."""
    row = TribalNotice.objects.select_related("episode__dyad__child").filter(pk=task.about_id).first()
    if row is None:
        return Reason(_("Notice to a tribe"), "", calls=False)
    sentence = _(
        "Tribe: %(tribe)s. Ask counsel how; write down each thing that was sent. This closes once all of it is."
    )
    return _reason(actor, row.episode, _("Notice to a tribe"), sentence % {"tribe": row.tribe or ""}, calls=False)


def _reason(actor: Any, episode: Episode, title: str, sentence: str, *, calls: bool = True) -> Reason:
    may = bool(policy.can(actor, SEE, episode))
    whom = tuple(one.person for one in families.adults(episode, clock.today(episode.organization.zone))) if may else ()
    url = address(episode) if may else ""
    return Reason(title, sentence, url, _("Open early intervention"), calls=calls and bool(whom), whom=whom)


def could_own(task: Task) -> QuerySet[Person]:
    """To whom such a task can be handed: the care team, and the agency's coordinators."""
    if task.about_kind == actions.PAUSE:
        episode = Pause.objects.select_related("case__episode__organization").get(pk=task.about_id).case.episode
    else:
        model: Any = EarlyCase if task.about_kind == actions.CASE else TribalNotice
        episode = model.objects.select_related("episode__organization").get(pk=task.about_id).episode
    people = actions.owners(episode, clock.today(episode.organization.zone))
    return Person.objects.filter(pk__in=[one.pk for one in people]).order_by("given_name", "family_name")
