"""Publishers' wording for the data steward: which is here, a file looked at question by question, brought, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.foundation import clock
from inmind.foundation import text as texts
from inmind.foundation.errors import BadInput, InMindError, NotNow
from inmind.people.models import Organization
from inmind.screening import house_wordings, questionnaire_reader
from inmind.screening.adapters.catalog import shipped
from inmind.screening.errors import UnknownInstrument
from inmind.screening.instruments import Instrument
from inmind.screening.models import HouseWording
from inmind.screening.questionnaire_reader import NO_INSTRUCTIONS, Outcome, Reading, Told
from inmind.screening.wording import WordedItem, Wording
from inmind.screening.wording_forms import FileForm, LicenceForm, TellForm, WithdrawWordingForm, language_said

MOST_ROWS = 200  # of a file with faults, that are shown
SEE, BRING, WITHDRAW = "screening.see_wordings", "screening.bring_wording", "screening.withdraw_wording"


@door(SEE)
def overview(request: Asked) -> HttpResponse:
    """The wordings that were brought, how each stands, and for which instruments there is none."""
    every = list(HouseWording.objects.select_related("by", "organization").order_by("instrument", "-number"))
    today = _today()
    stands = {row.pk: house_wordings.standing(row, _same(row, every), today) for row in every}
    rows = [
        [
            {
                "text": f"{_name_of(row.instrument)}, {language_said(row.language)}",
                "url": reverse("wording", kwargs={"wording": row.pk}),
            },
            {"text": row.holder},
            {"text": _whose(row)},
            {"text": _days(row)},
            {"text": _(stands[row.pk])},
        ]
        for row in every
    ]
    may_bring = bool(policy.can(request.actor, BRING))
    sent = {row.instrument for row in every if stands[row.pk] == house_wordings.Standing.USED}
    labels = (_("Wording"), _("Holder"), _("Who may use it"), _("License"), _("Now"))
    context = {
        "rows": rows,
        "columns": [{"label": label} for label in labels],
        "instruments": [_waiting(one, one.key in sent, may_bring) for one in shipped().values()],
        "instrument_columns": [{"label": label} for label in (_("Instrument"), _("Now"), _("Whose words they are"))],
        "may_bring": may_bring,
    }
    return render(request, "screening/wordings.html", context)


def _waiting(instrument: Instrument, is_sent: bool, may_bring: bool) -> list[dict[str, str]]:
    """An instrument in the list: the way to bring its wording, whether it may be sent, and whose its words are."""
    way = {"url": reverse("wording_look", kwargs={"instrument": instrument.key})} if may_bring else {}
    now = _("may be sent") if is_sent else _("its wording is not here: it is given on paper")
    return [{"text": instrument.short_name, **way}, {"text": now}, {"text": instrument.licence.holder}]


@door(BRING)
def look(request: Asked, instrument: str) -> HttpResponse:
    """A file, looked at question by question; nothing is kept before somebody says so."""
    known = _instrument(instrument)
    form = FileForm(known, request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid() or form.questionnaire is None:
        return _looked(request, known, {"form": form}, 400 if form.errors else 200)
    alone = questionnaire_reader.read(form.questionnaire, known, Told(language=form.cleaned_data["written_in"]))
    # What was said of the questions of another file is not said of this one's.
    is_new = "file" in request.FILES
    telling = TellForm(
        alone, known, get_language() or "en", {"only": list(alone.languages)} if is_new else request.POST
    )
    if not telling.is_valid():
        return _looked(request, known, {"form": FileForm(known), "telling": telling} | _carried(form), 400)
    told = telling.told(form.cleaned_data)
    reading = questionnaire_reader.read(form.questionnaire, known, told)
    about = {"form": FileForm(known), "telling": telling, "reading": reading} | _carried(form)
    if reading.faults:
        return _looked(request, known, about, 200)
    before = house_wordings.last_number(known.key)
    licence = LicenceForm(_agencies(), initial={"before": before, "starts": _today()})
    status = 200
    if request.POST.get("do") == "bring":
        licence = LicenceForm(_agencies(), request.POST)
        status = 400
        if licence.is_valid():
            try:
                rows = _brought(request, known, form, licence, told, reading)
            except InMindError as refusal:
                licence.take(refusal)
                status = refusal.status
                shown: Any = request.POST.copy()
                shown["before"] = str(before)  # beside the questions stands what there is now
                licence.data = shown
            else:
                messages.success(request, _("It is kept. Forms in these words can be sent from its first day on."))
                return redirect("wording", wording=rows[0].pk) if len(rows) == 1 else redirect("wordings")
    return _looked(request, known, about | {"licence": licence, "told": telling.pairs()}, status)


def _brought(
    request: Asked, known: Instrument, form: FileForm, licence: LicenceForm, told: Told, reading: Reading
) -> list[HouseWording]:
    """The wording in each language, each kept by an action of its own; sent twice, each answers as it did."""
    named = dict(licence.cleaned_data)
    key, before = named.pop("key"), named.pop("before")
    assert form.questionnaire is not None
    return [
        house_wordings.bring(
            request.actor,
            key=f"{key}-{language}",
            instrument=known.key,
            language=language,
            file=form.questionnaire.text,
            name=form.cleaned_data["name"],
            told=told,
            before=before + place,
            **named,
        )
        for place, language in enumerate(reading.words)
    ]


def _carried(form: FileForm) -> dict[str, Any]:
    """What goes along with each further form: the file as it came, and what was said of it as a whole."""
    said = form.cleaned_data
    carried = [("packed", form.packed_again()), ("name", said["name"]), ("written_in", said["written_in"])]
    carried += [("by_position", "on")] if said.get("by_position") else []
    return {"carried": carried, "file_name": said["name"]}


def _looked(request: Asked, known: Instrument, about: dict[str, Any], status: int) -> HttpResponse:
    reading: Reading | None = about.get("reading")
    context = {
        "instrument": known,
        "faults": [],
        "languages": [],
        "left_out": [],
        "warned": "",
        **about,
    }
    if reading is not None:
        context["faults"] = [
            (fault.at, " ".join(_(part) % fault.facts for part in fault.sentences)) for fault in reading.faults
        ]
        context["left_out"] = [
            (row.at, row.text, _(row.why)) for row in reading.rows if row.outcome is Outcome.LEFT_OUT
        ]
        context["languages"] = [
            {"name": language_said(code), "code": code, "words": words, "items": list(_items(known, words.items))}
            for code, words in reading.words.items()
        ]
        context["unread"] = [] if reading.words else list(_rows(reading))[:MOST_ROWS]
        context["warned"] = _(NO_INSTRUCTIONS) if reading.words and reading.has_no_instructions else ""
    return render(request, "screening/wording_look.html", context, status=status)


def _items(known: Instrument, items: tuple[WordedItem, ...]) -> Iterator[dict[str, Any]]:
    """Our own item beside the publisher's words, in the order of the form."""
    for item in items:
        ours = known.item(item.key)
        label = ours.label_in(get_language() or "en")
        yield {"number": ours.number, "label": label, "key": ours.key, "worded": item}


def _rows(reading: Reading) -> Iterator[dict[str, Any]]:
    """Each question of a file with faults, as far as it was read."""
    for row in reading.rows:
        choices = [{"points": "?" if one.points is None else one.points, "text": one.text.base} for one in row.choices]
        label = row.item.label_in(get_language() or "en") if row.item else ""
        ours = {"number": row.item.number if row.item else "", "label": label, "key": row.item.key if row.item else ""}
        link = texts.marked(row.link[:60])
        yield {**ours, "link": link, "text": row.text, "choices": choices, "outcome": _(row.outcome.value)}


@door(SEE)
def brought(request: Asked, wording: UUID) -> HttpResponse:
    """One wording: its words beside our items, by what right it is used, how it stands. From here it is withdrawn."""
    there, _verdict = opened(request, SEE, HouseWording, wording, related=["by", "organization", "withdrawn_by"])
    may_withdraw = bool(policy.can(request.actor, WITHDRAW, there)) and there.withdrawn_at is None
    form = WithdrawWordingForm(request.POST or None, initial={"version": there.version})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                house_wordings.withdraw(request.actor, wording=there, **form.cleaned_data)
            except (BadInput, NotNow) as refusal:
                form.take(refusal)
                status = refusal.status
            else:
                messages.success(request, _("Withdrawn. It is sent no more; what was answered in it stays."))
                return redirect("wording", wording=there.pk)
    words: Wording = house_wordings.of(there)
    every = HouseWording.objects.filter(instrument=there.instrument)
    known = shipped().of(there.instrument, there.edition)
    zone = settings.INSTALLATION.zone
    context = {
        "row": there,
        "name": _name_of(there.instrument),
        "spoken": language_said(there.language),
        "standing": _(house_wordings.standing(there, every, _today())),
        "whose": _whose(there),
        "days": _days(there),
        "brought": clock.local(there.created_at, zone),
        "by": _who(there.by),
        "withdrawn": clock.local(there.withdrawn_at, zone) if there.withdrawn_at else "",
        "withdrawn_by": _who(there.withdrawn_by),
        "words": words,
        "items": list(_items(known, words.items)) if known else [],
        "form": form if may_withdraw else None,
    }
    return render(request, "screening/wording.html", context, status=status)


def _instrument(key: str) -> Instrument:
    try:
        return house_wordings.named(key)
    except UnknownInstrument as refusal:
        raise Http404 from refusal


def _agencies() -> Any:
    return Organization.objects.filter(kind=Organization.Kind.AGENCY).order_by("name")


def _same(row: HouseWording, every: list[HouseWording]) -> list[HouseWording]:
    return [one for one in every if one.instrument == row.instrument]


def _name_of(key: str) -> str:
    found = shipped().get(key)
    return found.short_name if found else key


def _whose(row: HouseWording) -> str:
    return row.organization.name if row.organization else _("the whole house")


def _days(row: HouseWording) -> str:
    if row.ends is None:
        return _("from %(day)s on, with no end that is known") % {"day": clock.day(row.starts)}
    return _("%(first)s to %(last)s") % {"first": clock.day(row.starts), "last": clock.day(row.ends)}


def _who(person: Any) -> str:
    return person.name if person else _("whoever runs the house, at the command line")


def _today() -> Any:
    return clock.today(settings.INSTALLATION.zone)
