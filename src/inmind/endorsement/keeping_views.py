"""Pages of an association's coordinator: who works toward what, decisions, renewals, rules. And what an employer and anybody reads:
endorsements that were issued."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.access.actors import Actor
from inmind.access.door import Asked, door, opened
from inmind.endorsement import actions, facts, list_queries, queries, said
from inmind.endorsement.adapters import catalog
from inmind.endorsement.adoption import Change, changes
from inmind.endorsement.card_views import bound, cards, name_of, today, without_questions
from inmind.endorsement.forms import OUTCOMES, AcceptForm, DecisionForm, EndForm, RulesForm, SoughtForm
from inmind.endorsement.models import Decision, Endorsement, Goal, Renewed, Rules
from inmind.endorsement.portfolio import Portfolio
from inmind.endorsement.readiness import Readiness, Standing, readiness
from inmind.endorsement.readings import READINGS
from inmind.endorsement.renewal import Renewal
from inmind.endorsement.standards import Edition
from inmind.foundation import clock, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import form_page, fresh_key
from inmind.foundation.values import Period
from inmind.people.models import Organization
from inmind.reflection import counts

GOALS, READ = "endorsement.see_goals", "endorsement.see_readiness"
ON_A_PAGE = 50
MOST_NAMED = 200


def _places(actor: Actor, verb: str) -> list[Organization]:
    """The associations for which this actor does a verb."""
    return list(policy.visible(actor, Organization.objects.order_by("name"), verb))


@door(GOALS)
def goals(request: Asked) -> HttpResponse:
    """Who works toward what here, and how it stands; reading it stands in each one's trail."""
    on = today()
    rows = policy.visible(request.actor, Goal.objects.all(), READ).select_related("person", "association")
    page = Paginator(rows.order_by("category", "since", "pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    people = {one.person_id for one in page}
    has = queries.portfolios_of(people, on) if people else {}
    if people:
        first = next(iter(page))
        audit.read(
            request.actor, READ, policy.can(request.actor, READ, first), subjects={("person", one) for one in people}
        )
    lines = [_goal_line(one, has[one.person_id], on) for one in page]
    held = policy.visible(request.actor, Endorsement.objects.all(), "endorsement.end_endorsement")
    context = {
        "columns": [{"label": label} for label in (_("Name"), _("Works toward"), _("How it stands"), _("Not yet"))],
        "rows": lines,
        "page": page,
        "places": _places(request.actor, "endorsement.see_rules"),
        "held": [_held_line(one) for one in queries.held_now(held, on).select_related("person", "association")[:200]],
        "held_columns": [{"label": label} for label in (_("Name"), _("Endorsement"), _("Since"), _("In the registry"))],
    }
    return render(request, "endorsement/goals.html", context)


def _goal_line(goal: Goal, has: Portfolio, on: date) -> list[Any]:
    url = reverse("endorsement_goal", kwargs={"goal": goal.pk})
    found = [
        readiness(edition, has, on)
        for edition in bound(catalog.rules_of(goal.association_id), goal.category, goal.applied_on or on)
    ]
    if not found:
        return [{"text": goal.person.name, "url": url}, name_of(goal), "", ""]
    newest = found[-1]
    met, of = said.met(newest)
    missing = [
        _(facts.called(one.requirement.key))
        for one in newest.findings
        if one.requirement.gates and one.line.standing is not Standing.MET
    ]
    return [
        {"text": goal.person.name, "url": url},
        name_of(goal),
        _("%(met)s of %(of)s lines met") % {"met": met, "of": of},
        ", ".join(missing) or _("nothing"),
    ]


def _held_line(one: Endorsement) -> list[Any]:
    return [
        {"text": one.person.name, "url": reverse("endorsement_end", kwargs={"endorsement": one.pk})},
        name_of(one),
        clock.day(one.since),
        _("yes") if one.in_registry else _("no"),
    ]


@door(READ)
def goal(request: Asked, goal: UUID) -> HttpResponse:
    """How near somebody is who works toward it here; their hours themselves are theirs."""
    row, _verdict = opened(request, READ, Goal, goal, related=("person", "association"))
    on = today()
    has = queries.portfolios_of([row.person_id], on)[row.person_id]
    rules = catalog.rules_of(row.association_id)
    decisions = Decision.objects.filter(person=row.person, association=row.association).order_by("-on", "-pk")
    context = {
        "goal": row,
        "name": name_of(row),
        "cards": without_questions(cards(has, bound(rules, row.category, row.applied_on or on), on)),
        "is_said": rules.is_said,
        "decisions": [decision_line(one) for one in decisions],
        "record_url": f"{reverse('endorsement_record', kwargs={'association': row.association_id})}"
        f"?person={row.person_id}&category={row.category}&credential={row.credential}",
    }
    return render(request, "endorsement/goal_read.html", context)


def decision_line(one: Decision) -> dict[str, str]:
    return {
        "on": clock.day(one.on),
        "outcome": str(OUTCOMES[Decision.Outcome(one.outcome)]),
        "category": one.category,
        "edition": one.edition,
        "came_from": one.came_from,
    }


@door("endorsement.record_decision")
def record(request: Asked, association: UUID) -> HttpResponse:
    """Write down what was decided."""
    place, _verdict = opened(request, "endorsement.record_decision", Organization, association)
    rules = catalog.rules_of(place.pk)
    categories = {one.category: said.category(one) for one in rules.editions}
    words, chosen = request.GET.get("q", "")[:120], request.POST.get("person") or request.GET.get("person", "")
    people, is_long = list_queries.choosable(place, words, today(), but=chosen)
    first = {name: request.GET.get(name, "") for name in ("person", "category", "credential")} | {"on": today()}
    editions = list(dict.fromkeys(one.edition for one in rules.editions))
    form = DecisionForm(people, categories.items(), editions, request.POST or None, initial=first)

    def save() -> HttpResponse:
        typed = form.cleaned_data
        names = ("category", "credential", "on", "edition", "came_from", "degree")
        made = actions.record_decision(
            request.actor,
            key=typed["key"],
            association=place,
            person=form.people[typed["person"]],
            outcome=Decision.Outcome(typed["outcome"]),
            **{name: typed[name] for name in names},
        )
        messages.success(request, _("It is written down: %(name)s.") % {"name": made.person.name})
        return redirect("endorsements")

    context = {"place": place, "is_long": is_long, "words": words, "is_nobody": not people}
    return form_page(request, form, "endorsement/record.html", context, save)


@door("endorsement.end_endorsement")
def end(request: Asked, endorsement: UUID) -> HttpResponse:
    """An endorsement, the decision behind it, and that it has ended."""
    row, _verdict = opened(
        request, "endorsement.end_endorsement", Endorsement, endorsement, related=("person", "association", "decision")
    )
    form = EndForm(request.POST or None, initial={"until": today()})

    def save() -> HttpResponse:
        typed = form.cleaned_data
        why = Endorsement.Why(typed["why"])
        actions.end_endorsement(request.actor, key=typed["key"], endorsement=row, until=typed["until"], why=why)
        messages.success(request, _("It is written down: from that day on it is held no longer."))
        return redirect("endorsements")

    context = {"row": row, "name": name_of(row), "decision": decision_line(row.decision), "since": clock.day(row.since)}
    return form_page(request, form, "endorsement/end.html", context, save)


@door("endorsement.see_renewals")
def renewals(request: Asked, association: UUID) -> HttpResponse:
    """Who has confirmed this cycle; what their hours are is theirs."""
    place, _verdict = opened(request, "endorsement.see_renewals", Organization, association)
    on = clock.today(place.zone)
    renewal = catalog.rules_of(place.pk).renewal
    cycle = renewal.cycle(on)
    held = queries.held_now(Endorsement.objects.filter(association=place), on).select_related("person")
    page = Paginator(held.order_by("person__family_name", "person__given_name", "pk"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    confirmed = dict(
        Renewed.objects.filter(endorsement__in=list(page), since=cycle.since).values_list("endorsement", "confirmed_on")
    )
    rows = [
        [one.person.name, name_of(one), clock.day(confirmed[one.pk]) if one.pk in confirmed else _("not yet")]
        for one in page
    ]
    total = held.count()
    there = Renewed.objects.filter(endorsement__in=held, since=cycle.since).count()
    context = {
        "place": place,
        "last": clock.day(_last(cycle, on)),
        "says": _("%(there)s of %(total)s have confirmed this cycle.") % {"there": there, "total": total},
        "columns": [{"label": label} for label in (_("Name"), _("Endorsement"), _("Confirmed on"))],
        "rows": rows,
        "page": page,
    }
    return render(request, "endorsement/renewals.html", context)


# Rules


@door("endorsement.see_rules")
def rules(request: Asked, association: UUID) -> HttpResponse:
    """By which editions and which renewal an association goes, since when, and what it took up."""
    place, _verdict = opened(request, "endorsement.see_rules", Organization, association)
    here, on = catalog.rules_of(place.pk), clock.today(place.zone)
    taken = Rules.objects.filter(association=place).select_related("accepted_by").order_by("-created_at")
    context = {
        "place": place,
        "unsaid": list(dict.fromkeys(said.category(one) for one in here.editions if _has_no_day(one, on))),
        "renewal": here.renewal,
        "columns": [
            {"label": label} for label in (_("Category"), _("Edition"), _("From"), _("Until"), _("Only encouraged"))
        ],
        "rows": [
            [
                {"text": said.category(one), "note": _("in a file: %(code)s") % {"code": one.category}},
                one.edition,
                said.day(one.since) or _("no day is known"),
                said.day(one.until),
                ", ".join(_(facts.called(line.key)) for line in one.requirements if not line.gates),
            ]
            for one in here.editions
        ],
        "taken": [
            {
                "says": _("%(kind)s %(edition)s, taken up on %(day)s by %(name)s")
                % {
                    "kind": one.category or _("Days and renewal"),
                    "edition": one.edition,
                    "day": clock.day(one.accepted_on),
                    "name": one.accepted_by.name,
                },
                "is_over": one.replaced_at is not None,
                "words": one.words,
            }
            for one in taken
        ],
        "again": _again(place, list(taken)),
        "form": RulesForm(),
        "readings": [{"says": _(one.says), "source": one.source} for one in READINGS],
        "example": example(place.pk),
    }
    return render(request, "endorsement/rules.html", context)


def _has_no_day(edition: Edition, on: date) -> bool:
    """Whether nobody said since when an edition is gone by that may stand today."""
    return edition.since is None and not edition.retired and edition.may_stand_on(on)


def _again(place: Organization, taken: list[Rules]) -> list[dict[str, str]]:
    """What can be gone by again, of each kind and category the newest first: the files before the one that holds, and what ships.
    It is looked at and accepted as any file is."""
    found = []
    for now in (one for one in taken if one.replaced_at is None):
        kind = now.category or _("Days and renewal")
        before = {
            one.words: _("%(kind)s %(edition)s, as taken up on %(day)s")
            % {"kind": kind, "edition": one.edition, "day": clock.day(one.accepted_on)}
            for one in reversed(taken)
            if (one.kind, one.category) == (now.kind, now.category)
        }
        ships = _without_days(place) if now.kind == Rules.Kind.ADOPTION else catalog.words_that_ship(now.category)
        before = {ships: _("%(kind)s, as they come with InMind") % {"kind": kind}} | before
        found += [
            {"words": words, "says": says} for words, says in reversed(before.items()) if words and words != now.words
        ]
    return [one | {"key": fresh_key()} for one in found]


def _without_days(place: Organization) -> str:
    """A file that says no day and encourages nothing: as it stands where a coordinator has said nothing yet."""
    renewal = catalog.default_renewal(settings.INSTALLATION.state).key
    return (
        f"title: As it comes with InMind\nedition: '0'\ndate: {place.created_at.date().isoformat()}\n"
        f"association: ours\nrenewal: {renewal}\nencouraged: []\ndays: []\n"
    )


def example(association: Any) -> str:
    """A file to begin with: the renewal by which this association goes, and every edition that ships, with its day where one is
    known."""
    lines = ["title: Our rules", "edition: '1'", f"date: {today().isoformat()}", "association: ours"]
    lines.append(f"renewal: {catalog.rules_of(association).renewal.key}")
    rows, unsaid = [], []
    for one in catalog.standards():
        row = f"{{category: {one.category}, edition: '{one.edition}', since: "
        if one.since is not None:
            rows.append(f"- {row}{one.since.isoformat()}}}")
        elif not one.retired:
            unsaid.append(f"# - {row}YEAR-MM-DD}}  # {next(iter(one.names.values()), '')}")
    more = ["# " + _("Of these no day is known. Take away the first # of a line, and write its day:"), *unsaid]
    return "\n".join([*lines, "encouraged: []", "days:", *rows, *(more if unsaid else ())]) + "\n"


@door("endorsement.accept_rules")
def preview(request: Asked, association: UUID) -> HttpResponse:
    """A file of rules before it is taken up: whom it would change; names of those alone who have a goal here. Sent again with
    the second button, it is taken up."""
    place, _verdict = opened(request, "endorsement.accept_rules", Organization, association)
    if request.POST.get("do") == "accept":
        return _accept(request, place)
    form = RulesForm(request.POST or None, request.FILES or None) if request.method == "POST" else RulesForm()
    context: dict[str, Any] = {"place": place, "form": form}
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        try:
            kind, category, edition = actions.read_rules(place, words)
        except BadInput as refusal:
            form.take(refusal)
        else:
            before = Rules.objects.filter(association=place, kind=kind, category=category, replaced_at=None).first()
            first = {"words": words, "over": str(before.pk) if before else ""}
            context |= {
                "kind": category or _("Days and renewal"),
                "edition": edition,
                "accept": AcceptForm(initial=first),
                **_whom(request.actor, place, kind, category, words),
            }
            return render(request, "endorsement/preview.html", context)
    return render(request, "endorsement/preview.html", context, status=400 if form.errors else 200)


def _accept(request: Asked, place: Organization) -> HttpResponse:
    form = AcceptForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            actions.accept_rules(
                request.actor,
                key=typed["key"],
                association=place,
                words=request.POST.get("words", "").replace("\r\n", "\n"),
                over=typed["over"],
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Your association goes by these rules now. What was decided before stays."))
            return redirect("endorsement_rules", association=place.pk)
    for sentence in form.non_field_errors():
        messages.warning(request, str(sentence))
    return redirect("endorsement_preview", association=place.pk)


def _whom(actor: Actor, place: Organization, kind: str, category: str, words: str) -> dict[str, Any]:
    """Whom a file would change. Of those who have a goal here, by name and line. Of all others who were known here at the end of
    the last quarter a count that points at nobody: a file can be made to ask anything, and who is known here is the asker's to
    change."""
    on = clock.today(place.zone)
    before, after = catalog.rules_of(place.pk), catalog.rules_with(place.pk, kind, category, words)
    rows = list(
        policy.visible(actor, Goal.objects.filter(association=place), READ)
        .select_related("person")
        .order_by("since", "pk")
    )
    rows_of: dict[Any, list[Goal]] = {}
    for one in rows:
        rows_of.setdefault(one.person_id, []).append(one)
    mine = set(rows_of)
    _first, quarter = counts.as_of(on)
    others = set(queries.known_here(place.pk, quarter).values_list("pk", flat=True)) - mine
    if rows:
        audit.read(actor, READ, policy.can(actor, READ, rows[0]), subjects={("person", one) for one in mine})
    moved: dict[Any, list[tuple[str, str, str]]] = {}
    for person, has in queries.each_portfolio((one.person_id for one in rows), on):
        for one in rows_of[person]:
            moved[one.pk] = _moved(has, before, after, one.category, one.applied_on or on)
            moved[one.pk] = [*_editions(before, after, one.category, one.applied_on or on), *moved[one.pk]]
    named = [
        {"name": one.person.name, "category": name_of(one), "changes": moved[one.pk]} for one in rows if moved[one.pk]
    ]
    categories = [
        one
        for one in dict.fromkeys(one.category for one in before.editions)
        if bound(before, one, on)[-1:] != bound(after, one, on)[-1:]
    ]
    count = sum(
        any(_moved(has, before, after, category, on) for category in categories)
        for _person, has in (queries.each_portfolio(sorted(others), on) if categories else ())
    )
    (told,) = counts.told([counts.Row("others", len(others), count, 0)])
    if told.held.at_least is None:
        says = _(
            "Of others whom your association knows, no number is said: where only a few are changed, or nearly all, it could point "
            "at somebody."
        )
    else:
        says = _("Of others whom your association knows, %(n)s or more are changed.") % {"n": told.held.at_least}
    return {
        "named": named,
        "others": says,
        "goals": len(rows),
        "renewal": _renewal(place, before.renewal, after.renewal, on),
    }


def _renewal(place: Organization, was: Renewal, becomes: Renewal, on: date) -> dict[str, Any] | None:
    """Whose day of renewal would move, and to when; None where the renewal stays as it is. Whom an association endorsed is its own
    to know."""
    if was.key == becomes.key:
        return None
    days = [clock.day(_last(one.cycle(on), on)) for one in (was, becomes)]
    held = queries.held_now(Endorsement.objects.filter(association=place), on).select_related("person")
    rows = held.order_by("person__family_name", "person__given_name", "pk")
    return {
        "was": was,
        "becomes": becomes,
        "before": days[0],
        "after": days[1],
        "moves": days[0] != days[1],
        "names": [f"{one.person.name}, {name_of(one)}" for one in rows[:MOST_NAMED]],
        "count": held.count(),
    }


def _last(cycle: Period, on: date) -> date:
    return (cycle.until or on) - date.resolution


def _moved(
    has: Portfolio, before: catalog.RulesHere, after: catalog.RulesHere, category: str, on: date
) -> list[tuple[str, str, str]]:
    """The lines that stand differently by the newest edition that binds before, and after."""
    was, becomes = _newest(has, before, category, on), _newest(has, after, category, on)
    if was is None or becomes is None:
        return []
    return [_change(one) for one in changes(was, becomes)]


def _editions(
    before: catalog.RulesHere, after: catalog.RulesHere, category: str, on: date
) -> list[tuple[str, str, str]]:
    """Which editions may bind somebody who applied on a day, where a file changes that: they see others from then on."""
    was, becomes = (
        ", ".join(_(one.edition) for one in bound(rules, category, on)) or _("none") for rules in (before, after)
    )
    return [(_("Editions that may bind"), was, becomes)] if was != becomes else []


def _newest(has: Portfolio, rules: catalog.RulesHere, category: str, on: date) -> Readiness | None:
    editions = bound(rules, category, on)
    return readiness(editions[-1], has, on) if editions else None


def _change(one: Change) -> tuple[str, str, str]:
    return _(facts.called(one.key)), _stood(one.before), _stood(one.after)


def _stood(standing: int | None) -> str:
    return _("not asked") if standing is None else _(said.STANDINGS[Standing(standing)])


# What others read: endorsements that were issued


@door("endorsement.see_issued")
def issued(request: Asked) -> HttpResponse:
    """Who is endorsed of those who work here, once it is issued; never how near anybody is."""
    rows = policy.visible(request.actor, Endorsement.objects.all(), "endorsement.see_issued")
    held = list(
        rows.select_related("person", "association").order_by("person__family_name", "person__given_name", "pk")
    )
    if held:
        verdict = policy.can(request.actor, "endorsement.see_issued", held[0])
        audit.read(
            request.actor, "endorsement.see_issued", verdict, subjects={("person", one.person_id) for one in held}
        )
    context = {
        "columns": [{"label": label} for label in (_("Name"), _("Endorsement"), _("Since"), _("Association"))],
        "rows": [[one.person.name, name_of(one), clock.day(one.since), one.association.name] for one in held],
    }
    return render(request, "endorsement/issued.html", context)


def people_panel(request: Any, **about: Any) -> dict[str, Any] | None:
    """The way to who is endorsed, for whoever answers for the work of an agency."""
    return {} if policy.can(request.actor, "endorsement.see_issued") else None


@door(public="whoever let the registry name them is found by anybody")
def registry(request: HttpRequest) -> HttpResponse:
    """The public registry: name and category of those who chose to stand there."""
    form = SoughtForm(request.GET or None)
    words = text.tokens(form.cleaned_data["name"])[:4] if form.is_bound and form.is_valid() else []
    page = Paginator(queries.in_registry(words, today()), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_sought": bool(words),
        "columns": [{"label": label} for label in (_("Name"), _("Endorsement"), _("Association"))],
        "rows": _shown(page),
        "page": page,
    }
    return render(request, "endorsement/registry.html", context)


def _shown(rows: Iterable[Endorsement]) -> list[list[str]]:
    return [
        [
            one.person.name,
            _("%(name)s, emerging") % {"name": name_of(one)} if one.is_emerging else name_of(one),
            one.association.name,
        ]
        for one in rows
    ]
