"""The worker's side of what is sent to a caregiver's own phone: choose, send, show the code, send again, take back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened
from inmind.families import queries as families
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, KeyReused, NotNow
from inmind.foundation.forms import DateInput, HouseForm, choice_field, fresh_key, said
from inmind.messages import queries as letters
from inmind.messages.models import Letter
from inmind.people.models import Person
from inmind.screening import due, sending, sending_actions, sendings
from inmind.screening.forms import named
from inmind.screening.help_views import who_reads_now
from inmind.screening.instruments import Instrument
from inmind.screening.models import Sending
from inmind.screening.own_page_views import Whose, whose_page

RELATED = ("adult", "asked_by", "episode__organization", "episode__dyad__child")


SHOWN = 10
SHOWN_ON_TODAY = timedelta(days=7)


class SendForm(HouseForm):
    """Which parts, for which visit, in which language, and how the link reaches her."""

    LETTER, CODE = "letter", "code"
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What would you like to ask?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    on = forms.DateField(label=gettext_lazy("For the visit on"), widget=DateInput())
    how = forms.ChoiceField(label=gettext_lazy("How does the link get there?"), widget=forms.RadioSelect)
    language = forms.CharField(widget=forms.HiddenInput, max_length=12)

    def __init__(self, parts: list[tuple[str, str]], has_way: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = parts  # type: ignore[attr-defined]
        letter = [(self.LETTER, _("By a letter, to where it is safe by their own word"))] if has_way else []
        choice_field(self, "how").choices = [*letter, (self.CODE, _("I show a code to scan, on my screen"))]


@door("screening.send")
def send(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    """Choose what an adult is asked before a visit; what cannot be sent says why."""
    whose = whose_page(request, "screening.send", episode, person)
    if whose.is_child:
        return redirect("caregiver", episode=episode, person=person)
    language = _language(request, whose.person)
    ready, not_ready = _choices(request, whose, language)
    has_way = sendings.may_be_written_to(whose.episode, whose.person)
    first = {
        "key": fresh_key(),
        "on": clock.today(whose.episode.organization.zone),
        "language": language,
        "parts": [key for key, _label, is_due in ready if is_due],
        "how": SendForm.LETTER if has_way else SendForm.CODE,
    }
    form = SendForm([(key, label) for key, label, _is_due in ready], has_way, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            sent = sending_actions.send(
                request.actor,
                key=typed["key"],
                episode=whose.episode,
                adult=whose.person,
                parts=tuple(typed["parts"]),
                on=typed["on"],
                language=language,
                by_letter=typed["how"] == SendForm.LETTER,
            )
        except (BadInput, NotNow, KeyReused) as refusal:
            form.take(refusal)
        else:
            if typed["how"] == SendForm.LETTER:
                messages.success(request, _("The letter with the link leaves now."))
            return redirect("visit_sent", sending=sent.pk)
    context = {
        "form": form,
        "person": whose.person,
        "episode": whose.episode,
        "back": reverse("caregiver", kwargs={"episode": episode, "person": person}),
        "not_ready": not_ready,
        "languages": [
            {"label": name, "url": f"?language={code}", "current": code == language}
            for code, name in settings.LANGUAGES
        ],
        "no_way": not has_way,
        "adult_url": reverse("family_adult", kwargs={"dyad": whose.episode.dyad_id, "person": person}),
        "reads": who_reads_now(whose.episode.organization, whose.person.language),
    }
    return render(request, "screening/visit_send.html", context, status=400 if form.errors else 200)


def _language(request: Asked, person: Person) -> str:
    """In which language she is asked: what was chosen here, else her own, where the house has it."""
    known = dict(settings.LANGUAGES)
    wanted = (request.POST.get("language"), request.GET.get("language"), person.language[:2])
    return next((one for one in wanted if one in known), settings.LANGUAGE_CODE)


def _choices(request: Asked, whose: Whose, language: str) -> tuple[list[tuple[str, str, bool]], list[dict[str, str]]]:
    """What can be sent now (key, label, whether it is due), and what cannot, with the sentence that says why."""
    episode, today = whose.episode, clock.today(whose.episode.organization.zone)
    asked_now = _due(request, whose)
    can_be_answered = families.can_be_answered(episode.organization)
    ready = [(sending.CHECK_IN, _("A check-in in our own words, without any score"), False)]
    not_ready = []
    for one in sorted(sendings.offered(episode), key=lambda one: (one.key not in asked_now, one.is_about_a_child)):
        wording, verdict = sendings.may_ask(episode, one, language=language, on=today, can_be_answered=can_be_answered)
        if wording is not None:
            ready.append((one.key, _labelled(one, one.key in asked_now), one.key in asked_now))
        else:
            why = _(verdict.sentence) % {"instrument": one.short_name, **verdict.facts}
            not_ready.append({"name": _labelled(one, one.key in asked_now), "why": why})
    return ready, not_ready


def _labelled(one: Instrument, is_due: bool) -> str:
    label = _("%(name)s (about the child)") % {"name": one.short_name} if one.is_about_a_child else named(one)
    return _("%(name)s, due now") % {"name": label} if is_due else label


def _due(request: Asked, whose: Whose) -> set[str]:
    """The instruments that are due of her, and of the child."""
    today = clock.today(whose.episode.organization.zone)
    items = [*due.of_adult(request.actor, whose.episode, whose.person, today), *due.of_child(whose.episode, today)]
    tools = (due.tool_at_hand(item) for item in items if item.state.is_open)
    return {tool.key for tool in tools if tool is not None}


def _opened(request: Asked, verb: str, pk: UUID) -> Sending:
    there, _verdict = opened(request, verb, Sending, pk, related=RELATED)
    return there


@door("screening.see")
def see(request: Asked, sending: UUID) -> HttpResponse:
    """How a sending stands: each part, its link, its letters."""
    return _page(request, _opened(request, "screening.see", sending))


def today_panel(request: Any) -> dict[str, Any] | None:
    """Who finished what was sent in the last seven days, for the care team that talks with her about it: no answer, no band."""
    if not policy.can(request.actor, "screening.see"):
        return None
    since = clock.now() - SHOWN_ON_TODAY
    done = Sending.objects.filter(finished_at__gt=since, taken_back_at__isnull=True, parts__screen__isnull=False)
    rows = policy.visible(request.actor, done, "screening.see").select_related("adult", "episode__organization")
    found = list(rows.distinct().order_by("-finished_at", "-pk")[: SHOWN + 1])
    if not found:
        return None
    subjects = {one for row in found[:SHOWN] for one in row.audit_subjects()}
    audit.read(request.actor, "screening.see", policy.can(request.actor, "screening.see"), subjects=subjects)
    shown = [
        {"title": row.adult.name, "reason": sendings.state_said(row), "url": reverse("visit_sent", args=[row.pk])}
        for row in found[:SHOWN]
    ]
    return {"rows": shown, "more": len(found) > SHOWN}


def _page(request: Asked, there: Sending, **more: Any) -> HttpResponse:
    episode = there.episode
    link = sendings.link_of(there)
    own = {"episode": episode.pk, "person": there.adult_id}
    context = {
        "sent": there,
        "state": sendings.state_said(there),
        "parts": [
            {
                "title": sendings.part_said(part),
                "state": sendings.part_state(part),
                "url": reverse("screen", kwargs={"screen": part.screen_id}) if part.screen_id else "",
            }
            for part in there.parts.select_related("screen")
        ],
        "letters": [letters.said(one, episode.organization.zone) for one in _letters(there)],
        "has_link": link is not None,
        "until": sendings.until_said(link, episode.organization.zone) if link and sendings.is_running(link) else "",
        "may_send": not there.is_over and bool(policy.can(request.actor, "screening.send", episode)),
        "has_way": sendings.may_be_written_to(episode, there.adult),
        "back": reverse("caregiver", kwargs=own),
        "key": fresh_key(),
        **more,
    }
    return render(request, "screening/visit_sent.html", context)


def _letters(there: Sending) -> list[Letter]:
    rows = Letter.objects.filter(about_kind="screening.Sending", about_id=there.pk)
    return list(rows.select_related("to", "link", "asked_by").order_by("created_at"))


@door("screening.send_again")
@require_POST
def again(request: Asked, sending: UUID) -> HttpResponse:
    """A new letter with a new link."""
    there = _opened(request, "screening.send_again", sending)
    try:
        sending_actions.send_again(request.actor, key=request.POST.get("key", ""), sending=there)
    except (BadInput, NotNow, KeyReused) as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("A new letter leaves now. The link of the letter before opens nothing any more."))
    return redirect("visit_sent", sending=there.pk)


@door("screening.hand_over_link")
@require_POST
def code(request: Asked, sending: UUID) -> HttpResponse:
    """A new link as a code to scan. It is told this once; another click makes another, and ends this one."""
    there = _opened(request, "screening.hand_over_link", sending)
    try:
        secret = sending_actions.hand_over_link(request.actor, sending=there)
    except NotNow as refusal:
        messages.error(request, said(refusal))
        return redirect("visit_sent", sending=there.pk)
    there = Sending.objects.select_related(*RELATED).get(pk=there.pk)
    address = f"{settings.SITE}{reverse('open_link', kwargs={'secret': secret})}"
    drawn = segno.make(address, error="m").svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True)
    return _page(request, there, picture=mark_safe(drawn), address=address)  # drawn from our own address


@door("screening.take_back_sending")
@require_POST
def take_back(request: Asked, sending: UUID) -> HttpResponse:
    """Let the link open nothing any more; what she answered stays."""
    there = _opened(request, "screening.take_back_sending", sending)
    try:
        sending_actions.take_back_sending(request.actor, key=request.POST.get("key", ""), sending=there)
    except (NotNow, KeyReused) as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("Taken back. The link opens nothing any more but help."))
    return redirect("visit_sent", sending=there.pk)


def own_panel(
    request: Any, *, episode: Episode, person: Person, is_child: bool, may_record: bool
) -> dict[str, Any] | None:
    """On an adult's own page: what she was sent, and the way to send more."""
    if is_child:
        return None
    may_send = may_record and bool(policy.can(request.actor, "screening.send", episode))
    rows = [
        [
            {"text": clock.day(one.on), "url": reverse("visit_sent", kwargs={"sending": one.pk})},
            {"text": ", ".join(sendings.part_said(part) for part in one.parts.all())},
            {"text": sendings.state_said(one)},
        ]
        for one in sendings.of_adult(episode, person)[:SHOWN]
    ]
    if not rows and not may_send:
        return None
    url = reverse("visit_send", kwargs={"episode": episode.pk, "person": person.pk}) if may_send else ""
    columns = [{"label": label} for label in (_("For the visit on"), _("What"), _("How it stands"))]
    return {"rows": rows, "columns": columns, "url": url}
