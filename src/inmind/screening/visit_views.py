"""The questions of one visit on somebody's own phone: before the first one, one question a page, help, and the end.

A page never shows what was answered: the same link may be opened by another hand. Help after a crisis answer is shown once, to
the browser that sent it, so that nobody finds it later by its address, by going back or by sending again. Nothing here
answers with "somebody saved first".
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.access.door import Asked, door
from inmind.access.roles import ROLES
from inmind.families import queries as families
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, KeyReused, NotNow
from inmind.foundation.forms import fresh_key, said
from inmind.foundation.values import N_
from inmind.records.queries import spoken
from inmind.screening import sending, sending_actions, sendings
from inmind.screening.forms import CallBackForm
from inmind.screening.help_views import help_context, lead_once, told_once, was_shown, who_reads_now
from inmind.screening.models import Screen, Sending
from inmind.screening.sending import Place
from inmind.screening.sendings import Part

RELATED = ("adult", "asked_by", "episode__organization", "episode__dyad__child")
View = Callable[..., HttpResponse]


def _sent(view: View) -> View:
    """Give a view what was sent by the link."""

    @functools.wraps(view)
    def with_it(request: Asked, **named: Any) -> HttpResponse:
        link = request.link
        sent = Sending.objects.select_related(*RELATED).filter(pk=link.about, adult=link.person_id).first()
        if sent is None:
            return redirect("link_over")
        return view(request, sent, **named)

    return with_it


@door("screening.answer_by_link", by_link="visit")
@_sent
def visit(request: Asked, sent: Sending) -> HttpResponse:
    """Before the first question: who reads this and when, what it leads to, what is acted on; or that all is done."""
    if sent.is_over:
        return _thanks(request, sent)
    audit.read(request.actor, VERB, policy.can(request.actor, VERB, sent), about=sent)
    parts = sendings.parts_of(sent)
    asked, organization = sendings.asked(parts), sent.episode.organization
    here = sending.goes_on(asked)
    context = {
        **_frame(sent),
        "is_begun": sending.is_begun(asked),
        "begin_url": _address(here) if here else reverse("caregiver_visit_end"),
        "roles": _roles(sent),
        "reads": who_reads_now(organization, sent.adult.language),
        "acts_on": any(part.instrument and part.instrument.asks_about_safety for part in parts),
        "parts": [_part_said(part) for part in parts if part.asked.places],
        "is_less": any(not part.verdict for part in parts),
        "until": sendings.until_said(request.link, organization.zone),
        "language_said": _language_said(sent) if any(part.wording for part in parts) else "",
    }
    return render(request, "screening/visit.html", context)


VERB = "screening.answer_by_link"


def _late_answer(request: Asked, sent: Sending, part: int, place: int) -> HttpResponse:
    """A crisis that is pressed on a page whose link is over calls a person all the same. Nothing else arrives by it."""
    there = next((one for one in sendings.parts_of(sent) if one.row.number == part), None)
    item = request.POST.get("item", "")[:40]
    points = _points(request, there, item)
    if there is None or not _is_crisis(there, item, points):
        return redirect("link_over")
    given = {"sending": sent, "part": part, "item": item, "points": points}
    try:
        screen = _once(sending_actions.answer_by_link, request, given)
    except (BadInput, NotNow):
        screen = _heeded(request, given)
    return _help(request, sent, screen, is_late=True)


@door("screening.answer_by_link", by_link="visit", late=_sent(_late_answer))
@_sent
def question(request: Asked, sent: Sending, part: int, place: int) -> HttpResponse:
    """One question; each of its answers is a button that saves it. Coming back to it shows that it was answered, not how."""
    if request.method == "POST":
        return _answered(request, sent, part)
    there = _found(sendings.parts_of(sent), part, place) if not sent.is_over else None
    if there is None:
        return redirect("caregiver_visit")
    return _question(request, sent, *there)


def _found(parts: Sequence[Part], number: int, place: int) -> tuple[Sequence[Part], Part, Place] | None:
    """The question at an address; None where there is none now."""
    part = next((one for one in parts if one.row.number == number), None)
    if part is None or not 1 <= place <= len(part.asked.places):
        return None
    return parts, part, Place(number, place)


def _question(
    request: Asked, sent: Sending, parts: Sequence[Part], part: Part, here: Place, problem: str = ""
) -> HttpResponse:
    asked = sendings.asked(parts)
    back, item = sending.before(asked, here), part.item(here.place)
    context = {
        **_frame(sent),
        "key": fresh_key(),
        "item_key": part.asked.places[here.place - 1],
        "item": item,
        "wording": part.wording,
        "wording_language": _other_language(part),
        "language_said": _language_said(sent) if here.place == 1 else "",
        "is_first": here.place == 1,
        "is_touched": part.asked.places[here.place - 1] in part.asked.touched,
        "progress": _progress(parts, part, here),
        "about_child": part.row.about_child,
        "back_url": _address(back) if back else reverse("caregiver_visit"),
        "on_url": _onward(asked),
        "problem": problem,
    }
    template = "screening/visit_check_in.html" if item is None else "screening/visit_question.html"
    return render(request, template, context, status=400 if problem else 200)


def _answered(request: Asked, sent: Sending, number: int) -> HttpResponse:
    """Keep what was pressed. A crisis answer makes help the very next page, kept or not."""
    parts = sendings.parts_of(sent)
    part = next((one for one in parts if one.row.number == number), None)
    item = request.POST.get("item", "")[:40]
    points = _points(request, part, item)
    if part is None or points is _UNREADABLE:
        return _asked_anew(request, sent, parts, part, item)
    given = {"sending": sent, "part": number, "item": item, "points": points}
    is_crisis = _is_crisis(part, item, points)
    try:
        kept = _once(sending_actions.answer_by_link, request, given)
    except (BadInput, NotNow) as refusal:
        if is_crisis:
            return _help_next(request, _heeded(request, given))
        if isinstance(refusal, BadInput):
            return _asked_anew(request, sent, parts, part, item)
        return render(request, "screening/visit_closed.html", {**_frame(sent), "sentence": said(refusal)})
    if is_crisis:
        return _help_next(request, kept)
    if part.row.is_check_in and request.POST.get("open"):
        return redirect("caregiver_check_in")
    return redirect(_onward(sendings.asked(sendings.parts_of(sent))))


_UNREADABLE: Any = object()


def _is_crisis(part: Part, item: str, points: Any) -> bool:
    is_answer = points is not None and points is not _UNREADABLE
    return is_answer and part.instrument is not None and sending_actions.is_crisis(part.instrument, item, points)


def _points(request: Asked, part: Part | None, item: str) -> Any:
    """The points of the answer that was pressed, by its place among those of the wording that was shown; None for a skip."""
    pressed = request.POST.get("answer", "")
    if pressed == "skip":
        return None
    wording = part.wording if part is not None else None
    shown = wording if wording is not None and str(wording.id) == request.POST.get("wording") else None
    if shown is None and part is not None:
        shown = sendings.wording_of(part.row, request.POST.get("wording", ""))
    choices = next((one.choices for one in shown.items if one.key == item), ()) if shown else ()
    if not (pressed.isascii() and pressed.isdigit() and len(pressed) < 4 and 1 <= int(pressed) <= len(choices)):
        return _UNREADABLE
    return choices[int(pressed) - 1].points


def _once(action: Callable[..., Any], request: Asked, given: dict[str, Any]) -> Any:
    """Do something under its page's key; a key that came with another answer, or cannot be one, keeps no answer away."""
    key = request.POST.get("key", "")
    try:
        return action(request.actor, key=key if len(key) <= 80 else "", **given)
    except KeyReused:
        return action(request.actor, **given)


def _heeded(request: Asked, given: dict[str, Any]) -> Screen | None:
    """A crisis among what cannot be kept calls a person all the same; help stands on the page whether or not it can."""
    try:
        return _once(sending_actions.heed_by_link, request, given)
    except (BadInput, NotNow):
        return None


def _asked_anew(request: Asked, sent: Sending, parts: Sequence[Part], part: Part | None, item: str) -> HttpResponse:
    """What was sent is no answer of a question that is asked now: the same question once more, else where she goes on."""
    if part is None or sent.is_over or item not in part.asked.places:
        return redirect("caregiver_visit")
    here = Place(part.row.number, part.asked.places.index(item) + 1)
    return _question(
        request, sent, parts, part, here, _("This did not come through. Choose one of the answers, please.")
    )


WRITTEN_DOWN = {
    "yes": N_("Written down: somebody calls you, on that number only."),
    "no": N_("Written down: nobody calls you."),
}


def _help_next(request: Asked, screen: Screen | None, chosen: str = "") -> HttpResponse:
    """Lead to help, which this browser is shown once. chosen: what was written down about a call."""
    return lead_once(request, "caregiver_visit_help", f"{screen.pk if screen else ''} {chosen}")


@door("screening.answer_by_link", by_link="visit")
@_sent
def help_now(request: Asked, sent: Sending) -> HttpResponse:
    """Help first, with the truth about who knows and by when somebody reads it; once."""
    told = told_once(request)
    if told is None:
        return redirect("caregiver_visit")
    pk, chosen = told.split(" ")
    page = _help(request, sent, _screen_of(sent, pk), chosen=_(WRITTEN_DOWN[chosen]) if chosen else "")
    return was_shown(page, "caregiver_visit_help")


def _screen_of(sent: Sending, pk: str) -> Screen | None:
    related = ("episode__organization", "episode__dyad", "subject")
    return Screen.objects.select_related(*related).filter(pk=pk, sent_part__sending=sent).first() if pk else None


def _help(
    request: Asked,
    sent: Sending,
    screen: Screen | None,
    form: CallBackForm | None = None,
    *,
    chosen: str = "",
    is_late: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {**_frame(sent), "chosen": chosen}
    if screen is not None:
        context |= help_context(screen)
        context["call_back_form"] = None if chosen else form or CallBackForm(initial={"key": fresh_key()})
    asked = [] if sent.is_over or is_late else sendings.asked(sendings.parts_of(sent))
    context |= {"with_worker": False, "on_url": _onward(asked) if asked else ""}
    return render(request, "screening/visit_help.html", context, status=400 if form else 200)


def _late_call_back(request: Asked, sent: Sending) -> HttpResponse:
    """What she chose on the page of help is kept also when the link is over by then."""
    return _call_back(request, sent, is_late=True)


@door("screening.ask_call_back_by_link", by_link="visit", late=_sent(_late_call_back))
@_sent
def call_back(request: Asked, sent: Sending) -> HttpResponse:
    """What she chose about being called back, kept for whoever answers. The number is shown again to nobody."""
    return _call_back(request, sent)


def _call_back(request: Asked, sent: Sending, *, is_late: bool = False) -> HttpResponse:
    waits = sending_actions.waiting(sent) if request.method == "POST" else None
    if waits is None:
        return redirect("link_over" if is_late else "caregiver_visit")
    form = CallBackForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        given = {name: typed[name] for name in ("number", "when", "may_leave_message")}
        wanted = typed["wanted"]
        try:
            _once(
                sending_actions.ask_call_back_by_link,
                request,
                {**given, "sending": sent, "wanted": wanted == CallBackForm.YES},
            )
        except BadInput as refusal:
            form.take(refusal)
        except NotNow:  # whoever was called answered in this moment
            return redirect("link_over" if is_late else "caregiver_visit")
        else:
            if is_late:
                return _help(request, sent, waits, chosen=_(WRITTEN_DOWN[wanted]), is_late=True)
            return _help_next(request, waits, wanted)
    return _help(request, sent, _screen_of(sent, str(waits.pk)), form, is_late=is_late)


@door("screening.finish_by_link", by_link="visit")
@_sent
def end(request: Asked, sent: Sending) -> HttpResponse:
    """After the last question: she says that she is done. What was left out stays left out."""
    if request.method == "POST":
        with suppress(NotNow):  # another tab said so first
            _once(sending_actions.finish_by_link, request, {"sending": sent})
        return redirect("caregiver_visit")
    if sent.is_over:
        return redirect("caregiver_visit")
    asked = sendings.asked(sendings.parts_of(sent))
    left, last = sending.left(asked), sending.last(asked)
    context = {
        **_frame(sent),
        "key": fresh_key(),
        "left": ngettext("%(count)s question is still open.", "%(count)s questions are still open.", left)
        % {"count": left}
        if left
        else "",
        "on_url": _onward(asked),
        "back_url": _address(last) if last else reverse("caregiver_visit"),
    }
    return render(request, "screening/visit_end.html", context)


@door("screening.ask_own_page_by_link", by_link="visit")
@_sent
def own_page(request: Asked, sent: Sending) -> HttpResponse:
    """She would like the link to a page of her own: it goes where she said that it is safe, and is not shown here."""
    if request.method != "POST" or not sent.is_over:
        return redirect("caregiver_visit")
    with suppress(BadInput, NotNow):  # no way is safe any more, or it is not hers: this page never tells whether it was
        _once(sending_actions.ask_own_page_by_link, request, {"sending": sent})
    return _thanks(request, sent, is_asked=True)


def _thanks(request: Asked, sent: Sending, *, is_asked: bool = False) -> HttpResponse:
    """Thanks, and what comes next; nothing of what was said."""
    context = {**_frame(sent), "worker": sent.asked_by.name, "key": fresh_key(), "is_asked": is_asked}
    return render(request, "screening/visit_thanks.html", context)


def _frame(sent: Sending) -> dict[str, Any]:
    return {"sent": sent, "agency": sent.episode.organization.name}


def _address(here: Place) -> str:
    return reverse("caregiver_question", kwargs={"part": here.part, "place": here.place})


def _onward(asked: Sequence[sending.Asked]) -> str:
    here = sending.goes_on(asked)
    return _address(here) if here else reverse("caregiver_visit_end")


def _roles(sent: Sending) -> list[str]:
    """As what the people of her care team work, each once."""
    today = clock.today(sent.episode.organization.zone)
    keys = dict.fromkeys(row.role for row in families.team(sent.episode, today))
    return [str(_(ROLES[key].name)).lower() for key in keys if key in ROLES]


def _part_said(part: Part) -> str:
    """A part before it is opened: whom it is about and how long it is, not by its name."""
    count = len(part.asked.places)
    if part.row.is_check_in:
        return _("How things are, in your own words")
    words = (
        ngettext("About your child: %(count)s question", "About your child: %(count)s questions", count)
        if part.row.about_child
        else ngettext("About you: %(count)s question", "About you: %(count)s questions", count)
    )
    return words % {"count": count}


def _progress(parts: Sequence[Part], part: Part, here: Place) -> dict[str, Any]:
    """How far she is, in words."""
    shown = [one for one in parts if one.asked.places]
    facts = {"place": here.place, "of": len(part.asked.places), "part": shown.index(part) + 1, "parts": len(shown)}
    words = _("Question %(place)s of %(of)s") % facts
    if len(shown) > 1:
        part_words = _("Part %(part)s of %(parts)s") % facts
        words = part_words if part.row.is_check_in else f"{part_words}. {words}"
    return {"sentence": words, "value": here.place, "highest": len(part.asked.places)}


def _other_language(part: Part) -> str:
    """The language of the words where it is another than the page's."""
    language = part.wording.language if part.wording else ""
    return language if language and language[:2] != (get_language() or "en")[:2] else ""


def _language_said(sent: Sending) -> str:
    """That the questions are in another language than the page, said in the page's."""
    code = sent.language[:2]
    if code == (get_language() or "en")[:2]:
        return ""
    return _(
        "The questions are in %(language)s, as their publisher wrote them; this page can be in another language."
    ) % {"language": str(spoken(sent.language))}
