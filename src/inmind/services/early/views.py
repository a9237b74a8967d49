"""The pages of a child's way through early intervention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked, door, opened, refused
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import HouseForm, fresh_key
from inmind.foundation.values import N_, FieldClass
from inmind.services.adapters.catalog import early_intervention
from inmind.services.early import actions
from inmind.services.early.case import DELAYS, Day, Ended, Step
from inmind.services.early.clocks import number
from inmind.services.early.forms import (
    ELIGIBLE,
    BeginForm,
    ByLawForm,
    ChangeForm,
    CloseForm,
    DaysForm,
    DelayForm,
    NoticeForm,
    PauseForm,
    SentForm,
    StepForm,
)
from inmind.services.early.models import (
    Delay,
    EarlyCase,
    NoticeSent,
    Pause,
    TribalNotice,
)
from inmind.services.early.shown import (
    address,
    by_law_said,
    case_of,
    head,
    notice_said,
    notices,
    past,
    source,
    strength,
    tribe,
    where_to,
)

SEE = "services.early_see"

WAYS = ("begin", "days", "pause", "delay", "step", "close", "by_law", "notice")


@door(SEE, about=Episode)
def early(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    """The clock of a child: days that run and days that count, what stopped them, what comes next and whose that is.

    It is about the child alone: an adult's address leads there.
    """
    there, knows = _episode(request, SEE, episode)
    if person != there.dyad.child_id:
        if not there.participations.filter(person=person).exists():
            raise refused(request, SEE, about=there)
        return redirect(address(there))
    today = clock.today(there.organization.zone)
    cases = list(actions.with_all(EarlyCase.objects.filter(episode=there)).order_by("-created_at", "-pk"))
    case = next((one for one in cases if one.closed_on is None), None)
    context = {
        **head(there),
        "may_write": bool(policy.can(request.actor, "services.early_note", there)),
        "may_law": bool(policy.can(request.actor, "services.early_by_law", there)),
        "born": there.dyad.birth_date,
        "strength": strength(request, there, today),
        "case": case and case_of(case, today, knows=knows),
        "past": [past(one, knows=knows) for one in cases if one.closed_on is not None],
        "to": where_to(there, today, may=bool(policy.can(request.actor, "services.draft", there))),
        "by_law": by_law_said(there) if knows else [],
        "tribe": tribe(there, today) if knows else [],
        "notices": [notice_said(one, knows=knows) for one in notices(there)],
        "sources": sorted({source(one) for one in ("refer_within", "plan_within", "transition_due_days_before")}),
        "way": {name: address(there, f"early_{name}") for name in WAYS},
    }
    return render(request, "services/early.html", context)


def _episode(request: Asked, verb: str, episode: UUID) -> tuple[Episode, bool]:
    """The episode behind its door, and whether this reader may read clinical words of it."""
    there, verdict = opened(request, verb, Episode, episode, related=["organization", "dyad__child"])
    return there, FieldClass.CLINICAL in verdict.classes


def _page(
    request: Asked, episode: Episode, form: HouseForm, context: dict[str, Any], work: Callable[[], Any]
) -> HttpResponse:
    """Show a form; when it is sent whole, do it and go back to the child's page; when that is refused, show the sentence and
    everything typed."""
    if request.method == "POST" and form.is_valid():
        try:
            work()
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        except Stale as refusal:
            # Somebody wrote meanwhile: what was typed stays, and the next try is over what stands now.
            typed = request.POST.copy()
            typed["version"], typed["key"] = str(refusal.thing.version), fresh_key()  # type: ignore[attr-defined]
            form.data = typed
            form.take(refusal)
        else:
            messages.success(request, _("Written down."))
            return redirect(address(episode))
    status = 400 if form.errors else 200
    return render(request, "services/early_form.html", {**head(episode), "form": form, **context}, status=status)


def _running(request: Asked, verb: str, episode: UUID) -> tuple[Episode, EarlyCase, bool]:
    """The case that runs, behind its door."""
    there, knows = _episode(request, verb, episode)
    case = actions.open_case(there)
    if case is None:
        raise NotNow(N_("No clock runs for this child."), N_("Begin it first, on the child’s page."))
    case.episode = there
    return there, case, knows


@door("services.early_begin", about=Episode)
def begin(request: Asked, episode: UUID) -> HttpResponse:
    there, _knows = _episode(request, "services.early_begin", episode)
    form = BeginForm(request.POST or None, initial={"key": fresh_key()})

    def work() -> None:
        said = form.cleaned_data
        actions.begin(
            request.actor,
            key=said["key"],
            episode=there,
            **{name: said[name] for name in ("identified_on", "identified_by", "received_on", "is_lead")},
        )

    lead = _("From this day on there are %(n)s days to refer a child. A worry alone is enough.") % {
        "n": number(early_intervention().refer_within)
    }
    title = _("Begin with early intervention")
    return _page(request, there, form, {"title": title, "lead": lead, "source": source("refer_within")}, work)


@door("services.early_note", about=Episode)
def days(request: Asked, episode: UUID) -> HttpResponse:
    there, case, knows = _running(request, "services.early_note", episode)
    known = {one.value: getattr(case, one.value) for one in Day}
    eligible = next(word for word, value in ELIGIBLE.items() if value is case.eligible)
    also = {"identified_by": case.identified_by or "", "is_lead": case.is_lead, "eligible": eligible}
    first = {"key": fresh_key(), "version": case.version, **known, **also}
    form = DaysForm(request.POST or None, initial=first, knows=knows)

    def work() -> None:
        said = form.cleaned_data
        facts = {"is_lead": said["is_lead"]}
        if knows:
            facts |= {"eligible": ELIGIBLE[said["eligible"]], "identified_by": said["identified_by"]}
        actions.note(request.actor, key=said["key"], version=said["version"], case=case, days=form.days(), **facts)

    lead = _("Only what you know. What is changed here stays readable as it was.")
    return _page(request, there, form, {"title": _("The days"), "lead": lead}, work)


@door("services.early_pause", about=Episode)
def pause(request: Asked, episode: UUID) -> HttpResponse:
    there, case, _knows = _running(request, "services.early_pause", episode)
    form = PauseForm(early_intervention().pauses, request.POST or None, initial=_first(there))

    def work() -> None:
        said = form.cleaned_data
        facts = {name: said[name] for name in ("why", "since", "until", "words")}
        actions.pause(request.actor, key=said["key"], case=case, **facts)

    lead = _(
        "Only what the family’s own circumstances hold up, and what stands in the record, stops the days that count."
    )
    context = {"title": _("The family needs time"), "lead": lead, "source": source("plan_within")}
    return _page(request, there, form, context, work)


@door("services.early_delay", about=Episode)
def delay(request: Asked, episode: UUID) -> HttpResponse:
    there, case, _knows = _running(request, "services.early_delay", episode)
    form = DelayForm(DELAYS, request.POST or None, initial=_first(there))

    def work() -> None:
        said = form.cleaned_data
        facts = {name: said[name] for name in ("why", "since", "until", "words")}
        actions.delay(request.actor, key=said["key"], case=case, **facts)

    lead = _("What takes longer on the system’s side is written down as that. The days run on, and count.")
    return _page(request, there, form, {"title": _("It takes longer on our side"), "lead": lead}, work)


@door("services.early_change_pause", about=Episode)
def change_pause(request: Asked, episode: UUID, pause: UUID) -> HttpResponse:
    row, knows = _row(request, "services.early_change_pause", Pause, episode, pause)

    def work(key: str, version: int, said: dict[str, Any]) -> None:
        actions.change_pause(request.actor, key=key, version=version, pause=row, **said)

    return _changing(request, row, _("A pause of the days that count"), work, knows=knows)


@door("services.early_change_delay", about=Episode)
def change_delay(request: Asked, episode: UUID, delay: UUID) -> HttpResponse:
    row, knows = _row(request, "services.early_change_delay", Delay, episode, delay)

    def work(key: str, version: int, said: dict[str, Any]) -> None:
        actions.change_delay(request.actor, key=key, version=version, delay=row, **said)

    return _changing(request, row, _("A delay on our side"), work, knows=knows)


def _row(request: Asked, verb: str, model: Any, episode: UUID, pk: UUID) -> tuple[Any, bool]:
    related = ["case__episode__organization", "case__episode__dyad__child"]
    row, verdict = opened(request, verb, model, pk, related=related)
    if row.case.episode_id != episode:
        raise refused(request, verb, about=row)
    return row, FieldClass.CLINICAL in verdict.classes


def _changing(
    request: Asked, row: Any, title: str, work: Callable[[str, int, dict[str, Any]], None], *, knows: bool
) -> HttpResponse:
    known = {"since": row.since, "until": row.until, "taken_back": row.taken_back}
    known |= {"words": row.words or ""} if knows else {}
    first = {"key": fresh_key(), "version": row.version, **known}
    form = ChangeForm(request.POST or None, initial=first, knows=knows)

    def done() -> None:
        said = form.cleaned_data
        work(said["key"], said["version"], {name: said[name] for name in known})

    lead = _("Say when it ended, or put right what is wrong. What is changed here stays readable as it was.")
    return _page(request, row.case.episode, form, {"title": title, "lead": lead}, done)


@door("services.early_step", about=Episode)
def step(request: Asked, episode: UUID) -> HttpResponse:
    there, case, _knows = _running(request, "services.early_step", episode)
    form = StepForm(request.POST or None, initial={"key": fresh_key(), "on": clock.today(there.organization.zone)})

    def work() -> None:
        said = form.cleaned_data
        facts = {name: said[name] for name in ("on", "not_wanted", "words")}
        actions.step(request.actor, key=said["key"], case=case, kind=Step(said["kind"]), **facts)

    context = {"title": _("A step before the third birthday"), "source": source("transition_due_days_before")}
    return _page(request, there, form, context, work)


@door("services.early_close", about=Episode)
def close(request: Asked, episode: UUID) -> HttpResponse:
    there, case, _knows = _running(request, "services.early_close", episode)
    first = {"key": fresh_key(), "version": case.version, "on": clock.today(there.organization.zone)}
    form = CloseForm(request.POST or None, initial=first)

    def work() -> None:
        said = form.cleaned_data
        facts = {"why": Ended(said["why"]), "on": said["on"], "words": said["words"]}
        actions.close(request.actor, key=said["key"], version=said["version"], case=case, **facts)

    lead = _("The days stay readable. If somebody wonders about the child again, it begins anew.")
    return _page(request, there, form, {"title": _("Close this case"), "lead": lead}, work)


@door("services.early_by_law", about=Episode)
def by_law(request: Asked, episode: UUID) -> HttpResponse:
    there, _knows = _episode(request, "services.early_by_law", episode)
    form = ByLawForm(
        request.POST or None, initial={"key": fresh_key(), "told_on": clock.today(there.organization.zone)}
    )

    def work() -> None:
        said = form.cleaned_data
        facts = {name: said[name] for name in ("told_on", "said_by", "paper", "on")}
        actions.note_substantiated(request.actor, key=said["key"], episode=there, child=there.dyad.child, **facts)

    lead = _(
        "For %(name)s alone, and only where %(name)s is the subject of the case: never for a brother or a sister. It reports "
        "nobody, and tells nobody outside. While the child is under three, a law asks for a referral to early intervention: "
        "that becomes a task."
    ) % {"name": there.dyad.called}
    context = {"title": _("We were told of a substantiated case"), "lead": lead}
    return _page(request, there, form, context | {"source": source("must_refer_below_month")}, work)


@door("services.early_notice", about=Episode)
def notice(request: Asked, episode: UUID) -> HttpResponse:
    there, knows = _episode(request, "services.early_notice", episode)
    today = clock.today(there.organization.zone)
    people = actions.owners(there, today, request.actor.person)
    noted = tribe(there, today) if knows else []
    first = {"key": fresh_key(), "tribe": noted[0] if noted else "", "owner": str(people[0].pk) if people else ""}
    form = NoticeForm(people, request.POST or None, initial=first)

    def work() -> None:
        said = form.cleaned_data
        facts = {"tribe": said["tribe"], "owner": form.owners[said["owner"]], "by_day": said["by_day"]}
        actions.notice(request.actor, key=said["key"], episode=there, **facts)

    lead = _(
        "Who has to give notice, to whom, how and by when is for counsel to say (Indian Child Welfare Act, 25 U.S.C. 1912): "
        "ask first. A tribe decides on the release of what it keeps."
    )
    return _page(request, there, form, {"title": _("Notice to a tribe"), "lead": lead}, work)


@door("services.early_notice_sent", about=Episode)
def notice_sent(request: Asked, episode: UUID, notice: UUID) -> HttpResponse:
    verb = "services.early_notice_sent"
    row, _verdict = opened(
        request, verb, TribalNotice, notice, related=["episode__organization", "episode__dyad__child"]
    )
    if row.episode_id != episode:
        raise refused(request, verb, about=row)
    first = {"key": fresh_key(), "version": row.version, "on": clock.today(row.episode.organization.zone)}
    form = SentForm(request.POST or None, initial=first)

    def work() -> None:
        said = form.cleaned_data
        facts = {name: said[name] for name in ("to", "on", "words", "is_all")}
        how = NoticeSent.How(said["how"])
        actions.note_sent(request.actor, key=said["key"], version=said["version"], notice=row, how=how, **facts)

    return _page(request, row.episode, form, {"title": _("What was sent to the tribe")}, work)


def _first(episode: Episode) -> dict[str, Any]:
    return {"key": fresh_key(), "since": clock.today(episode.organization.zone)}


# On other pages
