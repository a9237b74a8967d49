"""The pages of moving in: the file, its columns and levels, each row's verdict, the doubtful ones, totals side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inmind.access import audit
from inmind.access.door import Asked, door, opened
from inmind.association.models import Level
from inmind.association.moving import actions, queries, taking, verdicts
from inmind.association.moving.contacts import (
    COLUMNS,
    STATUS_WORDS,
    Status,
    is_free_text,
    speaks_of_families,
    told_of_a_family,
)
from inmind.association.moving.deciding import Decision, What
from inmind.association.moving.forms import AgenciesForm, ColumnsForm, DecisionForm, ExportForm, LevelsForm
from inmind.association.moving.models import ContactRow, ContactSheet
from inmind.association.moving.verdicts import SENTENCES, Line, Verdict, Why
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, form_page
from inmind.foundation.values import Verdict as Permitted
from inmind.people.models import Organization, Person
from inmind.records import sheets

ON_A_PAGE = 50
MOST_PROPOSED = 100  # organizations on one page; the next ones come once these are said
WORDS = {
    Verdict.NEW: gettext_lazy("new"),
    Verdict.SAME: gettext_lazy("here already"),
    Verdict.DIFFERS: gettext_lazy("here, with something new"),
    Verdict.DOUBTFUL: gettext_lazy("doubtful"),
    Verdict.OUT: gettext_lazy("not taken"),
}
DECIDED = {
    What.NEW: gettext_lazy("decided: somebody new"),
    What.SAME: gettext_lazy("decided: the same person"),
    What.LEAVE: gettext_lazy("decided: left out"),
}
State = ContactSheet.State


@door("association.see_moving")
def moving(request: Asked) -> HttpResponse:
    """The exports that came, and the form for another."""
    form = ExportForm(queries.associations(request.actor), request.POST or None, request.FILES or None)

    def begin() -> HttpResponse:
        said = form.cleaned_data
        sheet = actions.begin_moving(
            request.actor,
            key=said["key"],
            association=form.places[said["association"]],
            name=said["file"].name,
            text=actions.opened(said["file"].read(sheets.MOST_BYTES + 1), said["encoding"]),
        )
        return redirect("moved", moved=sheet.pk)

    before = [
        [
            {"text": _name(one), "url": reverse("moved", kwargs={"moved": one.pk})},
            {"text": clock.local(one.created_at, one.association.zone)},
            {"text": one.total},
            {"text": _stands(one), "chip": one.text is not None},
        ]
        for one in queries.exports(request.actor)[:ON_A_PAGE]
    ]
    labels = (_("File"), _("Brought"), _("Rows"), _("Now"))
    columns = [{"label": label, "number": place == 2} for place, label in enumerate(labels)]
    return form_page(request, form, "association/moving/moving.html", {"rows": before, "columns": columns}, begin)


def _name(sheet: ContactSheet) -> str:
    return _("An export") if sheet.name == taking.NAMELESS else sheet.name


def _stands(sheet: ContactSheet) -> str:
    """How an export stands."""
    return {
        State.HEADING: _("waits for its columns to be said"),
        State.LEVELS: _("waits for its levels to be said"),
        State.WORKING: _("being worked on"),
        State.LOOKED: _("looked at; nothing of it is taken in yet"),
        State.STOPPED: _("stopped; it can go on"),
        State.TAKEN: _("taken in; doubtful rows wait"),
        State.CLOSED: _("closed"),
        State.GONE: _("discarded; what was taken in stays"),
    }[State(sheet.state)]


def _opened(request: Asked, moved: UUID) -> tuple[ContactSheet, Permitted]:
    return opened(request, "association.see_moving", ContactSheet, moved, related=["association"])


@door("association.see_moving")
def sheet(request: Asked, moved: UUID) -> HttpResponse:
    """One export, as far as it has come."""
    there, verdict = _opened(request, moved)
    asks = request.POST.get("do", "") == "" and taking.is_readable(there)
    again = request.GET.get("say") == "columns" and there.state in {State.LEVELS, State.LOOKED}
    if asks and (there.state == State.HEADING or again):
        return _columns(request, there)
    if asks and there.state == State.LEVELS:
        return _levels(request, there)
    form = HouseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _do(request, there, form.cleaned_data["key"])
        except (BadInput, NotNow) as refusal:
            messages.error(request, " ".join(_(part) for part in refusal.sentences))
        return redirect("moved", moved=there.pk)
    return render(request, "association/moving/sheet.html", _context(request, there, verdict))


def _do(request: Asked, there: ContactSheet, key: str) -> None:
    doing: dict[str, Callable[[], Any]] = {
        "go_on": lambda: actions.carry_on_moving(request.actor, key=key, sheet=there),
        "stop": lambda: actions.stop_moving(request.actor, key=key, sheet=there),
        "discard": lambda: actions.discard_moving(request.actor, key=key, sheet=there),
        "close": lambda: actions.close_moving(request.actor, key=key, sheet=there),
        "close_rest": lambda: actions.close_moving(request.actor, key=key, sheet=there, leave_the_rest=True),
    }
    if (do := doing.get(request.POST.get("do", ""))) is not None:
        do()


def _columns(request: Asked, there: ContactSheet) -> HttpResponse:
    read = taking.read(there)
    form = ColumnsForm(there, read.heading, request.POST or None)

    def say() -> HttpResponse:
        said = form.cleaned_data
        columns, order = form.columns(), said["order"]
        actions.say_columns(request.actor, key=said["key"], sheet=there, columns=columns, order=order)
        return redirect("moved", moved=there.pk)

    mapped = set(there.columns)
    texts = [
        name
        for place, name in enumerate(read.heading)
        if name not in mapped and is_free_text(row.cells[place] for row in read.rows[:500] if row.cells)
    ]
    context = {
        "sheet": there,
        "name": _name(there),
        "of_families": [name for name in read.heading if speaks_of_families(name)],
        "free_texts": [name for name in texts if not speaks_of_families(name)],
        "nameless": sum(not name for name in read.heading),
        "days": settings.SHEET_DAYS,
    }
    return form_page(request, form, "association/moving/columns.html", context, say)


def _levels(request: Asked, there: ContactSheet) -> HttpResponse:
    levels = list(Level.objects.filter(association=there.association).order_by("name", "pk"))
    words, known = verdicts.level_words(taking.lines(there)), taking.levels_of(there.association_id)
    form = LevelsForm(words, known, levels, request.POST or None)

    def say() -> HttpResponse:
        said = {"key": form.cleaned_data["key"], "levels": form.levels()}
        actions.say_levels(request.actor, sheet=there, **said)
        return redirect("moved", moved=there.pk)

    context = {"sheet": there, "name": _name(there), "has_levels": bool(levels), "days": settings.SHEET_DAYS}
    return form_page(request, form, "association/moving/levels.html", context, say)


def _context(request: Asked, there: ContactSheet, verdict: Permitted) -> dict[str, Any]:
    counted, chosen = queries.counted(there), request.GET.get("verdict")
    if chosen is None and counted.get(Verdict.DOUBTFUL):
        chosen = Verdict.DOUBTFUL.value  # what asks for somebody stands first
    rows = there.rows.order_by("place")  # type: ignore[attr-defined]
    rows = rows.filter(verdict=chosen) if chosen in set(WORDS) else rows
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    is_readable = taking.is_readable(there)
    every = taking.lines(there) if is_readable and there.state not in {State.HEADING, State.LEVELS} else None
    may_decide = there.state in {State.LOOKED, State.STOPPED, State.TAKEN} and there.phase != ContactSheet.Phase.DECIDE
    if every is not None:
        _looked_at(request, there, list(page), verdict)
    beside = queries.beside(there, clock.today(there.association.zone))
    proposed = taking.proposed(there) if may_decide and is_readable else []
    return {
        "sheet": there,
        "name": _name(there),
        "days": settings.SHEET_DAYS,
        "is_shut": there.text is not None and not is_readable,
        "form": HouseForm(),
        "counts": [(key.value, word, counted.get(key, 0)) for key, word in WORDS.items()],
        "chosen": chosen,
        "chosen_word": WORDS[Verdict(chosen)] if chosen in set(WORDS) else "",
        "fresh": counted.get(Verdict.NEW, 0) + counted.get(Verdict.DIFFERS, 0),
        "doubtful": counted.get(Verdict.DOUBTFUL, 0),
        "undecided": queries.undecided(there),
        "taken": there.rows.filter(taken=True).count(),  # type: ignore[attr-defined]
        "proposed": len(proposed),
        "page": page,
        "rows": [_row(there, row, every[row.place] if every else None, may_decide) for row in page],
        "row_columns": [{"label": label} for label in (_("Row"), _("Who"), _("Verdict"), _("Why"))],
        "beside": [_beside(one) for one in beside],
        "beside_columns": [
            {"label": _("Level")},
            *(
                {"label": label, "number": True}
                for label in (_("Paid for today in the file"), _("Here today"), _("Waits"), _("Left out"))
            ),
            {"label": _("Compared")},
        ],
        "agrees": all(one.more == 0 for one in beside),
        "statuses": [_by_status(*one) for one in queries.by_status(there)],
        "status_columns": [
            {"label": _("Level and status in the file")},
            {"label": _("Rows"), "number": True},
            *({"label": word, "number": True} for word in WORDS.values()),
        ],
    }


def _beside(one: queries.Beside) -> list[dict[str, Any]]:
    if one.more == 0:
        says = _("the same")
    elif one.more > 0:
        says = ngettext("%(n)s more here", "%(n)s more here", one.more) % {"n": one.more}
    else:
        says = ngettext("%(n)s more in the file", "%(n)s more in the file", -one.more) % {"n": -one.more}
    return [{"text": one.level}, *({"text": n} for n in (one.file, one.here, one.waits, one.left_out)), {"text": says}]


def _by_status(level: str, status: str, count: int, of: dict[str, int]) -> list[dict[str, Any]]:
    words = f"{level or _('without a level')}, {_(STATUS_WORDS[Status(status)])}"
    return [{"text": words}, {"text": count}, *({"text": of.get(key, 0)} for key in WORDS)]


def _row(there: ContactSheet, row: ContactRow, line: Line | None, may_decide: bool) -> list[dict[str, Any]]:
    """A row of the list. Who it is shows as long as the export is here; afterwards its number alone."""
    waits = row.verdict == Verdict.DOUBTFUL and not row.taken
    first: dict[str, Any] = {"text": _("Row %(number)s") % {"number": row.number}}
    if waits and may_decide:
        first["url"] = reverse("moved_row", kwargs={"moved": there.pk, "number": row.number})
    word = DECIDED[What(row.decision)] if waits and row.decision else WORDS[Verdict(row.verdict)]
    return [
        first,
        {"text": (line.said.name if line else "") or "—"},
        {"text": word, "chip": waits},
        {"text": _why(row) or "—"},
    ]


def _why(row: ContactRow) -> str:
    if not row.why:
        return ""
    said = _(SENTENCES[Why(row.why)]) % ({"row": row.about} if row.about else {})
    adds = ", ".join(_(COLUMNS[key][0]) for key in row.adds.split(",") if key)
    other = ", ".join(str(_OTHER[key]) for key in row.other.split(",") if key)
    if adds:
        said += " " + _("New in the file: %(what)s.") % {"what": adds}
    if other:
        said += " " + _("Stays as it is here: %(what)s.") % {"what": other}
    return said


_OTHER = {"name": gettext_lazy("the name"), "level": gettext_lazy("the level")}


def _looked_at(request: Asked, there: ContactSheet, rows: list[ContactRow], verdict: Permitted) -> None:
    """That these people were read about stands in *who looked*."""
    subjects = {("person", pk) for row in rows for pk in (row.person, row.became) if pk}
    if subjects:
        audit.read(request.actor, "association.see_moving", verdict, about=there, subjects=subjects)


@door("association.see_moving")
def agencies(request: Asked, moved: UUID) -> HttpResponse:
    """The organizations of an export that are not here: which agency each is."""
    there, _verdict = _opened(request, moved)
    if there.text is None or there.state not in {State.LOOKED, State.STOPPED, State.TAKEN}:
        return redirect("moved", moved=there.pk)
    proposed = taking.proposed(there)[:MOST_PROPOSED]
    ours = list(Organization.objects.filter(kind=Organization.Kind.AGENCY).order_by("name"))
    form = AgenciesForm(proposed, ours, request.POST or None)

    def say() -> HttpResponse:
        said = {"key": form.cleaned_data["key"], "agencies": form.agencies()}
        actions.say_agencies(request.actor, sheet=there, **said)
        return redirect("moved", moved=there.pk)

    context = {"sheet": there, "name": _name(there), "proposed": len(proposed)}
    return form_page(request, form, "association/moving/agencies.html", context, say)


@door("association.see_moving")
def row(request: Asked, moved: UUID, number: int) -> HttpResponse:
    """One doubtful row: what the file says, who is here, and the decision."""
    there, verdict = _opened(request, moved)
    found = queries.doubtful(there).filter(number=number).first()
    if found is None or not taking.is_readable(there):
        raise Http404
    every = taking.lines(there)
    line = every[found.place]
    other, other_name, sides = _beside_row(request, there, found, every, verdict)
    form = _decision_form(request, there, found, line, other_name)
    if request.method == "POST" and request.POST.get("do") == "undo":
        plain = HouseForm(request.POST)
        if plain.is_valid():
            actions.undo_contact(request.actor, key=plain.cleaned_data["key"], sheet=there, number=number)
        return redirect("moved_row", moved=there.pk, number=number)

    def decide() -> HttpResponse:
        said = form.cleaned_data
        more = {"all_of_the_mailbox": said.get("all_of_the_mailbox", False)}
        decision = form.decision()
        actions.decide_contact(request.actor, key=said["key"], sheet=there, number=number, decision=decision, **more)
        after = queries.doubtful(there).filter(decision="").order_by("place").first()
        messages.success(request, _("Kept. It is carried out when you close the import."))
        if after is not None:
            return redirect("moved_row", moved=there.pk, number=after.number)
        return redirect("moved", moved=there.pk)

    context = {
        "sheet": there,
        "number": number,
        "why": _why(found),
        "unread": [(_(COLUMNS[key][0]), _cell_shown(cell)) for key, cell in line.said.unread_days],
        "other": other,
        "is_of_dates": found.why in verdicts.OF_DATES,
        "decided": DECIDED[What(found.decision)] if found.decision else "",
        "undo": HouseForm(),
        "columns": [{"label": label} for label in (_("What"), _("The file says"), other) if label],
        "rows": sides,
        "left": queries.undecided(there),
    }
    return form_page(request, form, "association/moving/row.html", context, decide)


def _decision_form(request: Asked, there: ContactSheet, found: ContactRow, line: Line, other: str) -> DecisionForm:
    said = line.said
    choices = [(What.NEW.value, _("Somebody new: take %(name)s in") % {"name": said.name or _("this person")})]
    if other:
        key = What.SAME.value if found.about else f"{What.SAME.value}:{found.person}"
        choices.append((key, _("The same person as %(name)s") % {"name": other}))
    choices.append((What.LEAVE.value, _("Leave this row out")))
    levels = list(Level.objects.filter(association=there.association).order_by("name", "pk"))
    known = taking.levels_of(there.association_id).get(verdicts.word(said.level), "")
    initial: dict[str, Any] = {"level": known, "since": said.since, "until": said.until}
    if found.decision:
        kept = Decision.of({"what": found.decision, **found.decided})
        what = f"{kept.what}:{kept.person}" if kept.person else kept.what.value
        initial = {"what": what, "level": str(kept.level or ""), "since": kept.since, "until": kept.until}
    shared = found.why in {Why.SHARED, Why.SHARED_HERE}
    return DecisionForm(choices, levels, shared, request.POST or None, initial=initial)


def _beside_row(
    request: Asked, there: ContactSheet, found: ContactRow, every: list[Line], verdict: Permitted
) -> tuple[str, str, list[list[dict[str, Any]]]]:
    """The heading of the other side, who stands there, and both sides field by field."""
    said = every[found.place].said
    mine = _told(said.name, said.mails, said.phones, said.organization, said.level, said.since, said.until, said.labels)
    for key, cell in said.unread_days:
        mine[5 if key == "since" else 6] = _cell_shown(cell)
    theirs: list[str] = []
    heading, name = "", ""
    if found.about is not None:
        line = next((one for one in every if one.number == found.about), None)
        if line is not None:
            of = line.said
            name, heading = of.name, _("Row %(number)s") % {"number": found.about}
            theirs = _told(of.name, of.mails, of.phones, of.organization, of.level, of.since, of.until, of.labels)
    elif found.person is not None:
        read = taking.members_as_read(there.association, [found.person])
        person = Person.objects.filter(pk=found.person, erased_at=None).first()
        if read and person is not None:
            audit.read(request.actor, "association.see_moving", verdict, about=there, subjects={("person", person.pk)})
            one = read[0]
            latest = max(one.paid, key=lambda paid: paid.until, default=None)
            level = Level.objects.get(pk=latest.level).name if latest else ""
            since, until = (latest.since, latest.until) if latest else (None, None)
            name, heading = person.name, _("Here")
            theirs = _told(one.name, sorted(one.mails), sorted(one.phones), "", level, since, until, sorted(one.labels))
    labels = (
        *(_("Name"), _("Mail"), _("Phone"), _("Agency or organization"), _("Membership level"), _("Member since")),
        *(_("Renewal due"), _("Groups or labels")),
    )
    sides = (labels, mine, theirs) if theirs else (labels, mine)
    rows = [[{"text": cell or "—"} for cell in told] for told in zip(*sides, strict=True)]
    return heading, name, rows


def _cell_shown(cell: str) -> str:
    return _("a cell that speaks of a family; it is not taken") if told_of_a_family(cell) else f"“{cell}”"


def _told(
    name: str, mails: Any, phones: Any, organization: str, level: str, since: Any, until: Any, labels: Any
) -> list[str]:
    organization = (
        _("a cell that speaks of a family; it is not taken") if told_of_a_family(organization) else organization
    )
    days = [clock.day(day) if day else "" for day in (since, until)]
    shown = [one for one in labels if not told_of_a_family(one)]
    return [name, ", ".join(mails), ", ".join(phones), organization, level, *days, ", ".join(shown)]
