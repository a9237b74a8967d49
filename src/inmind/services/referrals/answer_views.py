"""The pages on which a program answers, by a link, a code or its inbox; and those of whoever looks after a referral meanwhile."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inmind.access import audit, office_links, policy
from inmind.access.door import Asked, door, opened
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import HouseForm, fresh_key
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.services.matches import closing_views
from inmind.services.referrals import actions as referral_actions
from inmind.services.referrals import answer_actions as actions
from inmind.services.referrals import face_views, office, worklist
from inmind.services.referrals.answer_actions import Says
from inmind.services.referrals.answer_forms import ANSWERS, AnswerForm, IntroducedForm, WorkForm
from inmind.services.referrals.face_queries import own_face_of
from inmind.services.referrals.models import Referral, ReferralStep
from inmind.services.referrals.referral import MOVES, By, State, Why
from inmind.services.referrals.told import told
from inmind.services.referrals.words import REASONS, STATES

ANSWER, FOLLOWS, WORK = "services.answer", "services.say_code", "services.see_worklist"
RELATED = ("episode__organization", "episode__dyad__child", "about", "to_call", "listing__keeper", "worker")


# The program answers


@door(ANSWER, by_office="referral")
@require_http_methods(["GET", "HEAD", "POST"])
def office_referral(request: Asked) -> HttpResponse:
    """By an office's link. Nobody is named before somebody says that they have it: mail is opened by scanners, too."""
    row, _verdict = opened(request, ANSWER, Referral, request.link.about, related=RELATED)
    return _answering(request, row, "services/answer_office.html", shows=row.stands is not State.SENT)


@door(ANSWER)
def referrals_in(request: Asked) -> HttpResponse:
    """The inbox: what was sent to this program, what waits first. Whom it is about stands on its own page."""
    page = Paginator(worklist.addressed(request.actor), worklist.ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "url": reverse("referral_in", args=[row.pk]),
            "from": row.episode.organization.name,
            "program": row.listing.name,
            "state": _state_in(row),
            "sent": clock.day(row.sent_on) if row.sent_on else "",
            "days": (clock.today(row.episode.organization.zone) - row.sent_on).days if row.sent_on else 0,
            "waits": row.stands in {State.SENT, State.RECEIVED},
        }
        for row in page
    ]
    return render(request, "services/answer_inbox.html", {"rows": rows, "page": page})


@door(ANSWER, about=Referral)
def referral_in(request: Asked, referral: UUID) -> HttpResponse:
    """One referral of the inbox: what was told of it as the consent stands now, and what can be answered."""
    row, _verdict = opened(request, ANSWER, Referral, referral, related=RELATED)
    return _answering(request, row, "services/answer_in.html", shows=True)


def _answering(request: Asked, row: Referral, template: str, *, shows: bool) -> HttpResponse:
    """The page of one referral for its program; where an answer is sent, it is kept, or it says why not and loses nothing."""
    sent: AnswerForm | None = None
    missed = False  # that somebody answered meanwhile, so that what was sent is no answer any more
    if request.method == "POST" and referral_actions.is_told(row, clock.now()):
        chosen = next((one for one in ANSWERS if one.value == request.POST.get("to")), None)
        form: AnswerForm | None = ANSWERS[chosen][2](request.POST) if chosen is not None else None
        sent = form
        if chosen is not None and form is not None and form.is_valid():
            try:
                _answer(request, row, chosen, form)
            except (BadInput, NotNow) as refusal:
                form.take(refusal)
                row.listing.refresh_from_db(fields=["free"])
            except Stale:
                row = Referral.objects.select_related(*RELATED).get(pk=row.pk)
                again = request.POST.copy()
                again["version"] = str(row.version)
                sent = ANSWERS[chosen][2](again)
                sent.add_error(
                    None, _("Somebody answered meanwhile. Look at how it stands now; does yours still hold?")
                )
            else:
                messages.success(request, _("Kept. Whoever sent this reads it now. Thank you."))
                return redirect(request.get_full_path())
        missed = chosen not in _ways(row)
    stands = referral_actions.is_told(row, clock.now())
    own = own_face_of(request.actor)
    first = {"caller": own.name, "calls_said": own.says} if own else {}
    is_named = request.actor.kind != "link"
    context = {
        "row": row,
        "stands": stands,
        "lines": told(row) if stands and shows else [],
        "missed": missed,
        "typed": _typed(sent) if missed else [],
        "state": _state_in(row),
        "facts": _answered(row) if stands else [],
        "answers": [_offered(row, to, sent, first, is_named=is_named) for to in _ways(row)] if stands else [],
        "is_own": row.provider_id == row.episode.organization_id,
        "agency": row.episode.organization,
        "program": row.listing.name,
        "sent": clock.day(row.sent_on) if row.sent_on else "",
        "shows": shows,
        "face": face_views.on_answer(request, row) if stands else None,
    }
    return render(
        request,
        template,
        context,
        status=409 if missed or (sent is not None and sent.non_field_errors()) else 400 if sent is not None else 200,
    )


def _typed(sent: AnswerForm | None) -> list[dict[str, str]]:
    """What was typed into an answer that cannot be given any more, to be said elsewhere."""
    fields = sent.visible_fields() if sent is not None else []
    return [{"term": str(one.label), "value": str(one.value())} for one in fields if one.value() and one.name != "why"]


def _ways(row: Referral) -> list[State]:
    return [to for to in ANSWERS if By.PROGRAM in MOVES[row.stands].get(to, ())]


def _answer(request: Asked, row: Referral, to: State, form: AnswerForm) -> None:
    said = form.answered()
    today = clock.today(row.episode.organization.zone)
    seen = {"key": form.cleaned_data["key"], "version": form.cleaned_data["version"]}
    actions.answer(request.actor, **seen, referral=row, to=to, **{"on": today} | said)


def _offered(
    row: Referral, to: State, sent: AnswerForm | None, known: dict[str, str], *, is_named: bool
) -> dict[str, Any]:
    """One answer that can be given: its words, and its form as it was sent, where it was refused. Whether there is a place is
    asked where none is counted free; a name, of whoever is not signed in (is_named). known: what whoever answers has said of
    herself already."""
    title, button, made = ANSWERS[to]
    is_sent = sent is not None and sent.data.get("to") == to.value
    first = {
        **known,
        "key": fresh_key(),
        "version": row.version,
        "to": to.value,
        "on": clock.today(row.episode.organization.zone),
    }
    form = sent if is_sent and sent is not None else made(initial=first)
    form.auto_id = f"id_{to.value}_%s"
    if row.has_place or row.listing.free != 0:
        form.fields.pop("has_room", None)
    if is_named:
        form.fields.pop("said_by", None)
    return {"to": to.value, "title": title, "button": button, "form": form, "open": is_sent}


def _answered(row: Referral) -> list[dict[str, str]]:
    """What the program has answered so far, as it reads it again."""
    is_to_call = row.stands is State.ACCEPTED
    lines = [
        (_("Who calls"), row.caller if is_to_call else ""),
        (_("Calls on"), worklist.by_day(row.calls_on) if is_to_call and row.calls_on else ""),
        (_("Place named for"), clock.day(row.waits_until) if row.waits_until else ""),
    ]
    return [{"term": term, "value": value} for term, value in lines if value]


def _state_in(row: Referral) -> str:
    """How a referral stands, as its program reads it: why a family took it back is not the program's to know."""
    if row.stands is State.CLOSED:
        return _("taken back")
    words = _(STATES[row.stands])
    return f"{words}: {_(REASONS[Why(row.why)])}" if row.why else words


# Whoever sent it looks after it


@door(WORK)
def referrals(request: Asked) -> HttpResponse:
    """Referrals under way, whose next look comes first; for who serves the families, or answers for the agency."""
    form = WorkForm(request.GET)
    form.fields["state"].choices = [("", _("Any")), *((one.value, _(STATES[one])) for one in State)]  # type: ignore[attr-defined]
    said = form.cleaned_data if form.is_valid() else {}
    listed = worklist.listed(
        request.actor,
        own=said.get("whose") == "own",
        state=said.get("state") or "",
        due=clock.today(settings.INSTALLATION.zone) if said.get("due") else None,
    )
    page = Paginator(listed, worklist.ON_A_PAGE).get_page(request.GET.get("page"))
    rows = worklist.rows_of(page)
    seen = Referral.objects.filter(pk__in=[row.pk for row in rows])
    may = set(policy.visible(request.actor, seen, "services.see_referral").values_list("pk", flat=True))
    subjects = {("person", row.about_id) for row in rows} | {("episode", row.episode_id) for row in rows}
    if subjects:
        audit.read(request.actor, WORK, policy.can(request.actor, WORK), subjects=subjects)
    names = worklist.called(request.actor, rows)
    context = {
        "form": form,
        "page": page,
        "rows": [_row(row, names[row.pk], may=row.pk in may) for row in rows],
        "panel": closing_views.panel(request) if page.number == 1 else None,
    }
    return render(request, "services/answer_worklist.html", context)


def _row(row: Referral, program: str, *, may: bool) -> dict[str, Any]:
    day = clock.today(row.episode.organization.zone)
    return {
        "name": _named(row),
        "url": house.pages[office.KIND](row) if may else _family(row),
        "program": program,
        "state": _(STATES[row.stands]),
        "days": (day - row.state_on).days,
        "is_theirs": not row.by_family
        and (row.stands in {State.SENT, State.RECEIVED} or (row.stands is State.ACCEPTED and row.calls_on is None)),
        "next": clock.day(row.answer_by) if row.answer_by else "",
        "is_due": row.answer_by is not None and row.answer_by <= day,
        "place": clock.day(row.waits_until) if row.waits_until else "",
        "calls": worklist.calls(row, day),
        "worker": row.worker.name,
        "code": reverse("referral_code", args=[row.pk])
        if may and row.stands is State.SENT and not row.by_family
        else "",
    }


@door(FOLLOWS, about=Referral)
def referral_code(request: Asked, referral: UUID) -> HttpResponse:
    """What to do by telephone: whom to call, what to say, and a code that is read out, shown once."""
    row, _verdict = opened(request, FOLLOWS, Referral, referral, related=RELATED)
    form, code = HouseForm(request.POST or None, initial={"key": fresh_key()}), ""
    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["key"]
            link = actions.say_code(request.actor, key=key, referral=row, seed=key)
        except NotNow as refusal:
            form.take(refusal)
        else:
            code = office_links.code_of(key)
            if not office_links.opens_by(link, code):
                messages.error(request, _("Another code has taken the place of this one. Make a new one."))
                return redirect(request.path)
    context = {
        "row": row,
        "form": form,
        "code": code,
        "back": _family(row),
        "name": _named(row),
        "phone": row.listing.refer_phone or row.listing.phone,
        "state": _(STATES[row.stands]),
        "can": office.is_under_way(row) and not row.by_family,
        "place": request.build_absolute_uri(reverse("office_code")),
        "introduced": reverse("referral_introduced", args=[row.pk]),
    }
    return render(request, "services/answer_code.html", context, status=400 if form.errors else 200)


@door("services.note_try", about=Referral)
def introduced(request: Asked, referral: UUID) -> HttpResponse:
    """A warm hand-off in one room: who was there, and when."""
    row, _verdict = opened(request, "services.note_try", Referral, referral, related=RELATED)
    today = clock.today(row.episode.organization.zone)
    form = IntroducedForm(request.POST or None, initial={"key": fresh_key(), "on": today})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        key = said.pop("key")
        try:
            tried = ReferralStep.Tried.INTRODUCED
            referral_actions.note_try(request.actor, key=key, referral=row, tried=tried, **said)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Kept: they have met."))
            return redirect(house.pages[office.KIND](row))
    context = {"form": form, "back": _family(row), "name": _named(row), "program": row.listing.name}
    return render(request, "services/answer_introduced.html", context, status=400 if form.errors else 200)


def _family(row: Referral) -> str:
    return house.pages["families.Episode"](row.episode)


def _named(row: Referral) -> str:
    return row.about.name or row.episode.dyad.called


# On her own page


@door("services.say_by_link", by_link="own_page")
def say_by_link(request: Asked, referral: UUID) -> HttpResponse:
    """What she says of it on her own page. That she would rather not go on holds at once, so it is asked first."""
    form = HouseForm(request.POST or None, initial={"key": fresh_key()})
    rows = Referral.objects.filter(pk=referral, episode=request.link.episode, to_call=request.link.person_id)
    row = rows.select_related("listing").first()
    says = next((one for one in Says if one.value == request.POST.get("says")), Says.NOT_ON)
    if row is not None and says is Says.NOT_ON and "is_sure" not in request.POST and worklist.may_leave(row):
        context = {"program": row.listing.name, "form": HouseForm(initial={"key": fresh_key()})}
        return render(request, "services/answer_leave.html", context)
    if row is not None and form.is_valid():
        try:
            actions.say_by_link(request.actor, key=form.cleaned_data["key"], link=request.link, referral=row, says=says)
        except NotNow as refusal:
            messages.error(request, _(refusal.found))
        else:
            messages.success(request, _(HEARD[says]))
    return redirect("own_page")


HEARD = {
    Says.CALLED: N_("Thank you. Your worker reads it and writes it down."),
    Says.BEGUN: N_("Thank you. Your worker reads it and writes it down."),
    Says.NOT_ON: N_("It is closed, and your worker knows. Nothing else changes by it; you can ask again at any time."),
}
