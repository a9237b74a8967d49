"""What is due, as pages and panels show it: on the family's page, on an adult's own page, in worklists, on Today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from inmind.access import audit, grants, policy
from inmind.access.door import Asked, door, opened
from inmind.access.queries import workers_named
from inmind.families import queries as families
from inmind.families.actions import SERVING_ROLES
from inmind.families.ages import PrematurityRule
from inmind.families.models import Assignment, Episode, Visit
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.forms import DateInput, HouseForm, PlainForm, choice_field, fresh_key
from inmind.foundation.models import asked_again
from inmind.foundation.registries import house
from inmind.people.models import Organization, Person
from inmind.screening import actions, due, sittings, words
from inmind.screening.adapters.catalog import batteries, schedule
from inmind.screening.schedule import Due, State, Tool, Whom

TAGS = {
    State.OVERDUE: gettext_lazy("overdue"),
    State.DUE: gettext_lazy("due"),
    State.EACH_VISIT: gettext_lazy("each visit"),
    State.NOT_YET: gettext_lazy("not yet"),
    State.DONE: gettext_lazy("done"),
    State.NOT_ASKED: gettext_lazy("not asked for"),
}
ORDER = tuple(TAGS)
NOW = (State.OVERDUE, State.DUE, State.EACH_VISIT)
SHOWN = 6


class DoneForm(HouseForm):
    """That a screen was done elsewhere: which, and on which day."""

    screen = forms.ChoiceField(label=gettext_lazy("Which screen?"), widget=forms.RadioSelect)
    on = forms.DateField(label=gettext_lazy("Done on"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [one for one in schedule().of(Whom.CHILD) if one.windows]
        choice_field(self, "screen").choices = [(one.key, one.label_in(get_language() or "en")) for one in asked]


def dyad_panel(request: Any, *, dyad: Any, episode: Episode, on: date) -> dict[str, Any] | None:
    """Due at this visit, for the child: made of the child's own facts, whoever else was screened (`protect.md` 1)."""
    if not dyad.birth_date or not policy.can(request.actor, due.SEE, episode):
        return None
    today = clock.today(episode.organization.zone)
    items = due.of_child(episode, today)
    may_begin, early = _may(request, "screening.begin", episode), due.child_of(dyad).weeks_early > 0
    rows = _rows(items, episode, dyad.child, may_begin=may_begin, came_early=early)
    _go_on(rows, episode, today)
    if _may(request, "screening.note_done", episode):
        for row in rows:
            if row["is_open"] and row["by_age"]:
                row["note_url"] = f"{reverse('screen_done_elsewhere', args=[episode.pk])}?screen={row['key']}"
    lists = {"now": [row for row in rows if row["now"]], "later": [row for row in rows if not row["now"]], **_ours()}
    return {**lists, "head_fact": corrected} if (corrected := _corrected(items)) else lists


def _go_on(rows: list[dict[str, Any]], episode: Episode, today: date) -> None:
    """Where a sitting is half done, the way to it in the place of the way to a new one."""
    ways = {reverse("screen_battery", args=[episode.pk, episode.dyad.child_id, key]): key for key in batteries()}
    if not any(row["begin_url"] in ways for row in rows):
        return
    going = sittings.half_done(episode, today)
    for row in rows:
        if (key := ways.get(row["begin_url"], "")) in going:
            row["begin_url"], done, of = going[key]
            facts = {"done": done, "all": of, "name": episode.dyad.child.given_name or _("baby")}
            begun = _("%(done)s of %(all)s parts about %(name)s are finished.") % facts
            row["reason"] = f"{begun} {row['reason']}"
            row["button"] = _("Go on: %(tool)s") % {"tool": batteries()[key].name}


def visit_panel(request: Any, *, episode: Episode) -> dict[str, Any] | None:
    """Due at this visit, for the child and for those adults whom this reader may ask: a line each, with the way to it."""
    if not policy.can(request.actor, due.SEE, episode):
        return None
    (family,) = due.of_families(request.actor, [episode])
    _read(request, [family], NOW)
    lines = [{**_line(family, person, item), "is_child": person is None} for person, item in family.open(*NOW)]
    return {"lines": lines} if lines else None


def own_list(request: Any, episode: Episode, adult: Person) -> dict[str, Any]:
    """What is due of an adult, on her own page; whoever opens it may read her screens."""
    today = clock.today(episode.organization.zone)
    rows = _rows(due.of_adult(request.actor, episode, adult, today), episode, adult, may_begin=True)
    return {"now": [row for row in rows if row["now"]], "later": [row for row in rows if not row["now"]], **_ours()}


@door("screening.note_done")
def done_elsewhere(request: Asked, episode: UUID) -> HttpResponse:
    """Write down that a child's screen was done: by somebody else, or on a paper kept elsewhere."""
    there, _verdict = opened(request, "screening.note_done", Episode, episode, related=["organization", "dyad__child"])
    today = clock.today(there.organization.zone)
    back = house.pages["families.Episode"](there)
    first = {"key": fresh_key(), "on": today, "screen": request.GET.get("screen", "")}
    form = DoneForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            asked = due.asked_for(said["screen"])
            assert asked is not None  # one of the form's choices
            actions.note_done(request.actor, key=said["key"], episode=there, asked=asked, on=said["on"])
        except BadInput as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Kept. The list of what is due has changed."))
            return redirect(back)
    status = 400 if form.errors else 200
    return render(
        request, "screening/done_elsewhere.html", {"form": form, "dyad": there.dyad, "back": back}, status=status
    )


class Parted(PlainForm):
    """By whom, by state and by visit a worklist is parted. What is chosen stands in the address."""

    MINE, NOBODY = "mine", "nobody"
    OPEN = {"": (State.OVERDUE, State.DUE), "overdue": (State.OVERDUE,), "due": (State.DUE,)}
    team = forms.ChoiceField(label=gettext_lazy("Care team"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=[
            ("", gettext_lazy("overdue and due")),
            ("overdue", gettext_lazy("overdue")),
            ("due", gettext_lazy("due")),
        ],
    )
    visited = forms.DateField(label=gettext_lazy("Visited on"), required=False, widget=DateInput())

    def __init__(self, said: Any, workers: Sequence[Person], *, by_team: bool) -> None:
        super().__init__(said)
        everyone = [("", gettext_lazy("everyone")), (self.MINE, gettext_lazy("families I serve"))]
        everyone.append((self.NOBODY, gettext_lazy("no worker yet")))
        choice_field(self, "team").choices = [*everyone, *workers_named(workers)]
        if not by_team:
            del self.fields["team"]

    def chosen(self, name: str) -> Any:
        return self.cleaned_data.get(name) if self.is_valid() else None


@door("screening.see_due")
def worklist(request: Asked) -> HttpResponse:
    """The families in which something is due: of one's own care teams, or of the agency whose care teams one arranges."""
    actor = request.actor
    agencies = _arranges(request)
    workers = [one for place in agencies for one in families.holding_role(place, *SERVING_ROLES)]
    parted = Parted(request.GET, list(dict.fromkeys(workers)), by_team=bool(agencies))
    episodes = _parted(due.episodes_of(actor), parted, actor.person)
    states = Parted.OPEN[parted.chosen("state") or ""]
    page = due.page(actor, episodes, states, *(_id(request.GET.get(name, "")) for name in ("after", "past")))
    _read(request, page.families, states)
    team = due.teams(page.families)
    rows = [_family_row(one, states, team[one.episode.pk]) for one in page.families]
    chosen = {name: value for name, value in request.GET.items() if name not in ("after", "past")}
    is_further = len(chosen) < len(request.GET)
    context = {
        "parted": parted,
        "is_parted": any(parted.chosen(name) for name in parted.fields),
        "rows": rows,
        "next": urlencode(chosen | page.following) if page.following else "",
        "first": urlencode(chosen) if is_further else None,
        "page": page,
        "stretch": due.STRETCH,
        "agencies": agencies,
        **_ours(),
    }
    return render(request, "screening/worklist.html", context)


def _arranges(request: Asked) -> list[Organization]:
    """The agencies whose care teams this actor arranges."""
    at = [one.organization for one in request.actor.standings if any(grants.of_role(one.role, "families.join_team"))]
    return list(Organization.objects.filter(pk__in=[pk for pk in at if pk]).order_by("name"))


def _parted(episodes: Any, parted: Parted, reader: UUID | None) -> Any:
    on_teams = Assignment.in_force(clock.today(settings.INSTALLATION.zone))
    team, visited = parted.chosen("team"), parted.chosen("visited")
    if team == Parted.NOBODY:
        episodes = episodes.exclude(Exists(on_teams.filter(episode=OuterRef("pk"))))
    elif team:
        worker = reader if team == Parted.MINE else UUID(team)
        episodes = episodes.filter(pk__in=on_teams.filter(worker=worker).values("episode"))
    if visited:
        episodes = episodes.filter(Exists(Visit.objects.filter(episode=OuterRef("pk"), on=visited)))
    return episodes


def _id(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None


def _read(request: Asked, shown: Sequence[due.OfFamily], states: tuple[State, ...]) -> None:
    """Audit what a list shows: the children, and apart from them the adults, whose entry names no child."""
    if not shown:
        return
    children = {("dyad", one.episode.dyad_id) for one in shown} | {
        ("person", one.episode.dyad.child_id) for one in shown
    }
    adults: set[tuple[str, UUID]] = set()
    for family in shown:
        for person, _item in family.open(*states):
            if person is not None:
                adults |= {("person", person.pk), ("episode", family.episode.pk)}
    with audit.together():
        audit.read(request.actor, due.SEE, policy.can(request.actor, due.SEE), subjects=children)
        if adults:
            audit.read(request.actor, "screening.begin", policy.can(request.actor, "screening.begin"), subjects=adults)


def _family_row(family: due.OfFamily, states: tuple[State, ...], team: list[str]) -> dict[str, Any]:
    """A family in a list: each thing due with the way to where it is done."""
    return {
        "name": family.episode.dyad.called,
        "url": house.pages["families.Episode"](family.episode),
        "team": ", ".join(team),
        "lines": [_line(family, person, item) for person, item in family.open(*states)],
    }


def _line(family: due.OfFamily, person: due.OfAdult | None, item: Due) -> dict[str, Any]:
    own = person and reverse("caregiver", kwargs={"episode": family.episode.pk, "person": person.pk})
    return {
        "title": title(item) if person is None else f"{person.given_name}: {title(item)}",
        "tag": TAGS[item.state],
        "overdue": item.state is State.OVERDUE,
        "reason": said(item),
        "url": own or house.pages["families.Episode"](family.episode),
    }


def today_panel(request: Any) -> dict[str, Any] | None:
    """Due in the families this reader serves, those first who are visited today, then the longest overdue: a line each."""
    if not policy.can(request.actor, "screening.begin"):
        return None
    here = {pk: clock.today(zone) for pk, zone in families.newest(request.actor).items()}
    visits = _visits(ids=list(here), days=sorted(set(here.values())))
    visited = {pk for pk, on in visits if here[pk] == on}
    states = (State.OVERDUE, State.DUE)
    worked_out = due.of_families(request.actor, list(families.of_ids(list(here)).values()))
    shown = [one for one in worked_out if next(one.open(*states), None)]
    shown.sort(key=lambda one: (one.episode.pk not in visited, one.need(*states)))
    if not shown:
        return None
    _read(request, shown[:SHOWN], states)
    rows = [
        {
            **_line(one, *next(one.open(*states))),
            "name": one.episode.dyad.called,
            "more": len(list(one.open(*states))) - 1,
            "visited": one.episode.pk in visited,
        }
        for one in shown[:SHOWN]
    ]
    return {"rows": rows, "there_are_more": len(shown) > SHOWN, "asks": True}


@asked_again
def _visits(*, ids: list[UUID], days: list[date]) -> QuerySet:
    return Visit.objects.filter(episode__in=ids, on__in=days).values_list("episode", "on")


def _may(request: Any, verb: str, episode: Episode) -> bool:
    return bool(policy.can(request.actor, verb, episode))


def _rows(
    items: Iterable[Due], episode: Episode, person: Person, *, may_begin: bool, came_early: bool = False
) -> list[dict[str, Any]]:
    """The lines of a due list, the longest overdue first; each with its reason, its age, its source and what begins it."""
    by_need = sorted(items, key=lambda one: (ORDER.index(one.state), one.order if one.state.is_open else date.min))
    lines = [_row(one, episode, person, may_begin=may_begin, came_early=came_early) for one in by_need]
    ways = [line["begin_url"] for line in lines]
    for place, line in enumerate(lines):
        if not line["posts"] and line["begin_url"] in ways[:place]:
            line["begin_url"] = ""  # one button for what is asked for twice
    return lines


def _row(item: Due, episode: Episode, person: Person, *, may_begin: bool, came_early: bool) -> dict[str, Any]:
    is_now = item.state.is_open or item.state is State.EACH_VISIT
    tool = due.tool_at_hand(item) if may_begin and is_now else None
    paper = due.tool_on_paper(item) if may_begin and item.state.is_open else None
    is_own = (
        item.asked.whom is Whom.CAREGIVER
    )  # about a child somebody answers: who, is asked on the child's page first
    return {
        "key": item.asked.key,
        "title": title(item),
        "state": item.state,
        "tag": TAGS[item.state],
        "is_open": item.state.is_open,
        "by_age": bool(item.asked.windows),
        "now": is_now,
        "overdue": item.state is State.OVERDUE,
        "reason": said(item),
        "age": counted(item, came_early=came_early) if is_now else "",
        "source": schedule().sources.get(item.asked.source, ""),
        "window_is_ours": item.window is not None and item.window.is_ours and item.state is not State.DONE,
        "begin_url": _begins(tool, episode, person, is_own=is_own) if tool else "",
        "posts": is_own,
        "button": _("Begin: %(tool)s") % {"tool": tool.name} if tool else "",
        "record_url": reverse("recorded_new", args=[episode.pk, person.pk, paper.key]) if paper else "",
        "record": _("Record %(tool)s") % {"tool": paper.short_name} if paper else "",
        "hidden": [
            {"name": "instrument", "value": tool.key},
            {"name": "on", "value": clock.today(episode.organization.zone).isoformat()},
            {"name": "key", "value": fresh_key()},
        ]
        if tool
        else [],
    }


def _begins(tool: Tool, episode: Episode, person: Person, *, is_own: bool) -> str:
    """Where a tool is begun: at once for an adult; for a child where it is asked who answers."""
    if tool.key in batteries():
        return reverse("screen_battery", args=[episode.pk, person.pk, tool.key])
    return reverse("screen_begin" if is_own else "caregiver", args=[episode.pk, person.pk])


def title(item: Due) -> str:
    """What it is called, with the tool's form for this day where it has one."""
    label = item.asked.label_in(get_language() or "en")
    if not item.form:
        return label
    form = _("%(tool)s, %(form)s-month form") % {"tool": item.asked.tools[0].name, "form": item.form}
    return f"{label}: {form}"


def said(item: Due) -> str:
    """Its reason in words, days as the reader's language writes them."""
    facts = {name: clock.day(fact) if isinstance(fact, date) else fact for name, fact in item.facts.items()}
    return _(item.reason) % facts if facts else _(item.reason)


def counted(item: Due, *, came_early: bool) -> str:
    """How a child's age was counted, where a tool corrects it, and why not, where the child came early and it does not."""
    rule = item.asked.counted_by
    if item.age is None or not item.asked.tools or not (came_early or item.is_corrected):
        return ""
    if rule is None:
        return _(words.AGE_FROM_BIRTH)
    return counted_by(rule, item.age.months, is_corrected=item.is_corrected)


def counted_by(rule: PrematurityRule, months: int, *, is_corrected: bool) -> str:
    """By which age a tool with a rule for children born early goes, and why."""
    facts = {"months": months, "weeks": rule.early_weeks_min, "below": rule.below_months}
    corrected = _(
        "Counted with the corrected age, %(months)s months: "
        "born at least %(weeks)s weeks early and younger than %(below)s months."
    )
    from_birth = _(
        "The age is counted from birth: it is corrected only for a child born at least %(weeks)s weeks early "
        "and younger than %(below)s months."
    )
    return (corrected if is_corrected else from_birth) % facts


def _corrected(items: Iterable[Due]) -> str:
    """The corrected age in words, while a tool on the list counts by it; it is never an age by itself."""
    ages = [item.age for item in items if item.is_corrected and item.age is not None]
    if not ages:
        return ""
    if not ages[0].months:
        return _("corrected age less than a month")
    months = ages[0].months
    return ngettext("corrected age %(months)s month", "corrected age %(months)s months", months) % {"months": months}


def _ours() -> dict[str, Any]:
    """What is shown as a network's own setting, and the catch-up rule with its source."""
    there = schedule()
    return {
        "is_ours": there.is_ours,
        "edition": there.edition,
        "catch_up": there.catch_up,
        "catch_up_source": there.sources.get(there.catch_up.source, ""),
    }
