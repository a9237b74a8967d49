"""A check-in in our own words: the caregiver's own pages by a link, and what her care team writes down with her and reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened
from inmind.families import queries as families
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, KeyReused, NotNow
from inmind.foundation.forms import DateInput, HouseForm, fresh_key
from inmind.foundation.registries import Reason, house
from inmind.people.models import Person
from inmind.screening import actions, check_in_actions, queries
from inmind.screening.check_in import DOORS, LONGEST, TOPICS, Door, until
from inmind.screening.check_in_models import CheckIn
from inmind.screening.forms import CallBackForm
from inmind.screening.help_views import chosen, help_context, lead_once, told_once, was_shown, who_reads_now
from inmind.screening.models import RecordedResult, Screen
from inmind.screening.own_page_views import whose_page
from inmind.tasks.models import Task

SHOWN, LATELY = 5, 20
SHOWN_ON_TODAY = timedelta(days=7)
RELATED = ("subject", "worker", "concern__episode__dyad", "episode__organization", "episode__dyad")
SAID = {Door.WELL: "well", Door.TALK: "talk"}


class _WordsForm(HouseForm):
    door: forms.Field = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 4}))


class WellForm(_WordsForm):
    """What she is proud of."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What are you proud of?")
        self.fields["text"].help_text = _(
            "About yourself, your baby, or both. A few words are enough; none are needed."
        )


class TalkForm(_WordsForm):
    """What she would like to talk about."""

    about = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[(key, gettext_lazy(topic.words)) for key, topic in TOPICS.items()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("In your own words")
        self.fields["text"].help_text = _("You can also leave this empty and say it when you talk.")
        self.order_fields(["about", "text"])


class WithForm(TalkForm):
    """A check-in as a worker writes it down with her."""

    door = forms.ChoiceField(
        label=gettext_lazy("What do they say?"),
        widget=forms.RadioSelect,
        choices=[(one.value, gettext_lazy(words)) for one, words in DOORS.items()],
        error_messages={"required": gettext_lazy("Choose one of the three. Nothing else has to be said.")},
    )
    on = forms.DateField(label=gettext_lazy("On which day"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].label = _("If they would like to talk: about what?")
        self.fields["text"].label = _("In their own words")
        self.fields["text"].help_text = _(
            "What they are proud of, or would like to talk about. Leave out papers, countries and numbers of the state."
        )
        self.order_fields(["door", "about", "text", "on"])


# By the caregiver herself


def _help_is_called(request: Asked) -> CheckIn | None:
    """A person is called for who asks for help now, under whatever key it came; None where nothing can be kept about her."""
    key = request.POST.get("key", "")
    for one in (key if len(key) <= 80 else "", ""):
        with suppress(KeyReused):
            try:
                return check_in_actions.check_in_by_link(request.actor, key=one, link=request.link, door=Door.NOW)
            except (BadInput, NotNow):
                return None
    return None


def _late(request: Asked) -> HttpResponse:
    """Who asks for help on a page whose link is over is heard all the same. Nothing else arrives by it."""
    made = _help_is_called(request) if request.POST.get("door") == Door.NOW else None
    return redirect("link_over") if made is None else _help_page(request, made)


@door("screening.check_in_by_link", by_link="visit", late=_late)
def by_link(request: Asked) -> HttpResponse:
    """Three doors. The first two lead to a few words, which may be left out; the third to help at once."""
    asked = request.POST.get("door") if request.method == "POST" else request.GET.get("door")
    if request.method == "POST" and asked == Door.NOW:
        made = _help_is_called(request)
        return redirect("help") if made is None else lead_once(request, "caregiver_check_in_help", "now")
    kinds: dict[str | None, type[_WordsForm]] = {Door.WELL: WellForm, Door.TALK: TalkForm}
    make = kinds.get(asked)
    form = make(request.POST if request.method == "POST" else None, initial={"door": asked}) if make else None
    if request.method == "POST" and form is not None and form.is_valid():
        given = form.cleaned_data
        try:
            check_in_actions.check_in_by_link(
                request.actor,
                key=given["key"],
                link=request.link,
                door=str(asked),
                about=given.get("about", ""),
                text=given["text"],
            )
        except (BadInput, NotNow, KeyReused) as refusal:
            form.take(refusal)
        else:
            return redirect(f"{reverse('caregiver_check_in')}?said={asked}")
    organization, episode = request.link.organization, Episode.objects.get(pk=request.link.episode)
    context = {
        "form": form,
        "asked": asked if form else "",
        "said": request.GET.get("said") if request.GET.get("said") in (Door.WELL, Door.TALK) else "",
        "key": fresh_key(),
        "agency": organization.name,
        "reads": who_reads_now(organization, request.link.person.language),
        "by": _day_said(organization.zone),
        "is_read": families.serving_here(episode, clock.today(settings.INSTALLATION.zone)).exists()
        or families.holding_role(organization, "agency_supervisor").exists(),
    }
    return render(request, "screening/check_in.html", context, status=400 if form and form.errors else 200)


def _day_said(zone: str) -> str:
    return clock.day(until(clock.today(zone), settings.CHECK_IN_DAYS))


def _late_call_back(request: Asked) -> HttpResponse:
    return _call_back(request, is_late=True)


@door("screening.call_me_back", by_link="visit", late=_late_call_back)
def help_by_link(request: Asked) -> HttpResponse:
    """Help first, after she asked for it: numbers that answer now, who knows and when they read it, and being called back.

    Shown once to the browser that asked: whoever holds the phone later does not learn of it.
    """
    if request.method == "POST":
        return _call_back(request)
    made = check_in_actions.asked_for_help(request.link) if told_once(request) else None
    if made is None:
        return redirect("caregiver_check_in")
    return was_shown(_help_page(request, made), "caregiver_check_in_help")


def _call_back(request: Asked, *, is_late: bool = False) -> HttpResponse:
    made = check_in_actions.asked_for_help(request.link)
    if made is None:
        return redirect("link_over" if is_late else "caregiver_check_in")
    form = CallBackForm(request.POST)
    if not form.is_valid():
        return _help_page(request, made, form)
    try:
        _keep_call_back(check_in_actions.call_me_back, request, form, link=request.link)
    except (BadInput, NotNow, KeyReused) as refusal:
        form.take(refusal)
        return _help_page(request, made, form)
    return _help_page(request, made) if is_late else lead_once(request, "caregiver_check_in_help", "now")


def _help_page(request: Asked, made: CheckIn, form: CallBackForm | None = None) -> HttpResponse:
    context = {**_help(made, form), "by_herself": True}
    return render(request, "screening/check_in_help.html", context, status=400 if form else 200)


def _keep_call_back(keep: Any, request: Asked, form: CallBackForm, **about: Any) -> None:
    said = form.cleaned_data
    keep(
        request.actor,
        key=said["key"],
        wanted=said["wanted"] == CallBackForm.YES,
        number=said["number"],
        when=said["when"],
        may_leave_message=said["may_leave_message"],
        **about,
    )


def _help(made: CheckIn, form: CallBackForm | None) -> dict[str, Any]:
    """What the page of help says; where nobody was there to be called, it says so."""
    task = queries.crisis_task(made)
    is_open = task is not None and task.closed_at is None
    known = help_context(made)
    if task is None:
        known["reads"] = who_reads_now(made.episode.organization, made.subject.language)
    return {
        **known,
        "with_worker": False,
        "call_back_form": form or (CallBackForm(initial={"key": fresh_key()}) if is_open else None),
        "chosen": chosen(task) if task and is_open else "",
        "made": made,
    }


# With her, and for her care team


@door("screening.check_in")
def new(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    """Write down with a caregiver how it goes."""
    whose = whose_page(request, "screening.check_in", episode, person)
    today = clock.today(whose.episode.organization.zone)
    form = WithForm(request.POST or None, initial={"key": fresh_key(), "on": today})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = check_in_actions.check_in(
                request.actor,
                key=said["key"],
                episode=whose.episode,
                adult=whose.person,
                door=said["door"],
                about=said["about"],
                text=said["text"],
                on=said["on"],
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            if made.door == Door.NOW:
                return redirect("check_in_help", check_in=made.pk)
            messages.success(request, _("Kept, in their own words."))
            return redirect("check_in", check_in=made.pk)
    context = {
        "form": form,
        "person": whose.person,
        "back": house.pages["families.Episode"](whose.episode),
        "by": _day_said(whose.episode.organization.zone),
    }
    return render(request, "screening/check_in_new.html", context, status=400 if form.errors else 200)


@door("screening.see")
def see(request: Asked, check_in: UUID) -> HttpResponse:
    """One check-in, for the care team, and for the clinician who is asked to answer it."""
    made, _verdict = opened(request, "screening.see", CheckIn, check_in, related=RELATED)
    task = _task_of(made)
    may_team = bool(policy.can(request.actor, "families.see", made.episode))
    context = {
        "made": made,
        "words": made.her_words,
        "says": said_of(made),
        "day": clock.day(made.on),
        "is_safety": made.about == "safety",
        "task": task,
        "task_url": reverse("task", args=[task.pk]) if task and policy.can(request.actor, "tasks.see", task) else "",
        "back": house.pages["families.Episode"](made.episode) if may_team else "",
        "may_help": made.door == Door.NOW and bool(policy.can(request.actor, "screening.ask_call_back", made)),
    }
    return render(request, "screening/check_in_read.html", context)


@door("screening.ask_call_back")
def help_now(request: Asked, check_in: UUID) -> HttpResponse:
    """Help first, where a worker wrote it down with her; and whether she likes to be called back."""
    made, _verdict = opened(request, "screening.ask_call_back", CheckIn, check_in, related=RELATED)
    form = CallBackForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            _keep_call_back(actions.ask_call_back, request, form, screen=made)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Written down. Whoever answers reads it first."))
            return redirect("check_in_help", check_in=made.pk)
    context = {**_help(made, form), "back": reverse("check_in", args=[made.pk])}
    return render(request, "screening/check_in_with_help.html", context, status=400 if form and form.errors else 200)


def _task_of(made: CheckIn) -> Task | None:
    about = made.concern_id or made.pk
    return Task.objects.filter(about_id=about).order_by("-created_at").first()


def said_of(made: CheckIn) -> str:
    """A check-in in a line, without her words."""
    topic = TOPICS.get(made.about)
    match made.door:
        case Door.WELL:
            return _("They are well.")
        case Door.NOW:
            return _("They asked for help now.")
    return (
        _("They would like to talk: %(topic)s.") % {"topic": _(topic.words)} if topic else _("They would like to talk.")
    )


def dyad_panel(request: Any, *, dyad: Any, episode: Episode, on: Any) -> dict[str, Any] | None:
    """Who checked in lately and with what, without a word of theirs; and the way to write one down with each adult."""
    actor = request.actor
    may = bool(policy.can(actor, "screening.check_in", episode))
    if not may:
        return None
    made = _lately(episode)[:SHOWN]
    if made:
        _read(request, made)
    rows = [
        {
            "name": one.subject.given_name,
            "says": said_of(one),
            "day": clock.day(one.on),
            "url": reverse("check_in", args=[one.pk]),
        }
        for one in made
    ]
    new = [
        {"name": one.person.given_name, "url": reverse("check_in_new", args=[episode.pk, one.person.pk])}
        for one in families.adults(episode, on)
    ]
    return {"rows": rows, "new": new} if rows or new else None


def today_panel(request: Any) -> dict[str, Any] | None:
    """The check-ins of the last seven days that caregivers sent by themselves to the families that this reader serves."""
    actor = request.actor
    if not policy.can(actor, "screening.check_in"):
        return None
    since = clock.today(settings.INSTALLATION.zone) - SHOWN_ON_TODAY
    lately = CheckIn.objects.filter(on__gt=since, worker__isnull=True).exclude(door=Door.NOW)
    rows = policy.visible(actor, lately, "screening.check_in").select_related("subject")
    made = list(rows.order_by("-on", "-pk")[: SHOWN + 1])
    if not made:
        return None
    _read(request, made[:SHOWN])
    shown = [
        {
            "title": one.subject.name,
            "reason": f"{said_of(one)} {clock.day(one.on)}",
            "url": reverse("check_in", args=[one.pk]),
        }
        for one in made[:SHOWN]
    ]
    return {"rows": shown, "more": len(made) > SHOWN}


def _read(request: Any, made: list[CheckIn]) -> None:
    """Audit what is shown of them: about her and the episode, never the child."""
    people = {("person", one.subject_id) for one in made}
    subjects = people | {("episode", one.episode_id) for one in made}
    audit.read(request.actor, "screening.see", policy.can(request.actor, "screening.see"), subjects=subjects)


def would_talk(actor: Any, task: Task) -> Reason:
    """The words of the task of who would like to talk, for who answers it; hers for those alone who may read them."""
    made = CheckIn.objects.select_related(*RELATED).filter(pk=task.about_id).first()
    title = _("%(name)s would like to talk") % {"name": task.subject.given_name}
    if made is None:
        return Reason(title, "")
    may_read = bool(policy.can(actor, "screening.see", made))
    sentence = _("Call on a way that is safe, and listen first.")
    if may_read and made.about:
        sentence = f"{_(TOPICS[made.about].words)}. {sentence}"
    return Reason(
        title,
        sentence,
        url=reverse("check_in", args=[made.pk]) if may_read else "",
        button=_("Read what was said"),
    )


def strengths(episode: Episode, person: Any = None) -> Iterator[tuple[date, str]]:
    """What caregivers of an episode, or one of them, said lately in check-ins that they are proud of, the newest first."""
    for one in _lately(episode):
        if one.door == Door.WELL and person in (None, one.subject) and one.words:
            yield one.on, one.words


def _lately(episode: Episode) -> list[CheckIn]:
    """The latest check-ins of an episode, read once a request."""

    def latest() -> list[CheckIn]:
        rows = CheckIn.objects.filter(episode=episode).select_related("subject").order_by("-on", "-pk")
        return list(rows[:LATELY])

    return policy.once(("check_ins", episode.pk), latest)


def hers(request: Any, *, episode: Episode, person: Person) -> dict[str, Any] | None:
    """On her own page: when she answered questions about herself for this agency, and when she said how it goes. No tool, no
    answer, no points and no word: a phone may be taken from a hand."""
    here = {"subject": person, "episode__organization": episode.organization}
    screens = Screen.objects.filter(**here, informant__isnull=True, taken_back_at__isnull=True)
    results = RecordedResult.objects.filter(**here, informant__isnull=True, taken_back_at__isnull=True)
    days = {*screens.values_list("on", flat=True), *results.values_list("on", flat=True)}
    found = {(on, _("You answered questions.")) for on in days}
    found |= {(one.on, _("You said how it goes.")) for one in CheckIn.objects.filter(**here)}
    rows = [{"day": clock.day(on), "name": name} for on, name in sorted(found, reverse=True)]
    return {"rows": rows} if rows else None


def held(actor: Any, person: Any) -> list[dict[str, str]]:
    """Her own check-ins, as she may read them."""
    rows = policy.visible(actor, CheckIn.objects.filter(subject=person), "screening.see").select_related(*RELATED)
    return [
        {_("How you said it goes"): clock.day(one.on), _("What you chose"): _(DOORS[Door(one.door)])}
        | ({_("About"): _(TOPICS[one.about].words)} if one.about else {})
        | ({_("In your words"): one.her_words} if one.her_words else {})
        for one in rows.order_by("on", "pk")
    ]
