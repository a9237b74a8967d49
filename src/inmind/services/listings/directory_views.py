"""A directory on a page: chosen, looked at service by service, sorted by its own terms, then taken in whole. And ours, taken out."""

from __future__ import annotations

import binascii
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmind.access.door import Asked, door
from inmind.foundation import clock, leaving, text
from inmind.foundation.errors import BadInput, InMindError
from inmind.foundation.forms import DateInput, HouseForm, choice_field
from inmind.foundation.values import N_
from inmind.people.models import Organization
from inmind.records.columns import guess
from inmind.records.queries import mapping_of
from inmind.services.adapters import directory_file, spreadsheet
from inmind.services.adapters.catalog import programs
from inmind.services.listings import directory_actions as actions
from inmind.services.listings import export as listing_export
from inmind.services.listings import words as listing_words
from inmind.services.listings.directory import ANY, Kind, Note, kind_named
from inmind.services.listings.directory_actions import Judged, Looked, Outcome, Told
from inmind.services.listings.hsds import Package
from inmind.services.listings.plain_sheet import COLUMNS, services_of
from inmind.services.listings.views import SEE, keepers

TAKE = "services.take_in_listings"
MOST_PACKED = 5_000_000  # characters; a form carries no more
MOST_ON_A_PAGE = 5_000  # services; more are taken in at the command line, where nobody waits before a page
TERMS = 30  # that are asked about, the most used first
SHOWN = 50  # services of each outcome


class FileForm(HouseForm):
    """A directory, to be looked at."""

    keeper = forms.ChoiceField(label=gettext_lazy("Kept by"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "HSDS 3.0: a ZIP of its CSV tables, or its services in JSON. Or any sheet with one offer a row, below the names of its "
            "columns: CSV or XLSX."
        ),
    )

    def __init__(self, places: dict[str, Organization], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        choice_field(self, "keeper").choices = [(key, one.name) for key, one in places.items()]


@dataclass(frozen=True, slots=True)
class Brought:
    """What stands in a file. heading, columns: of a plain sheet, the names of its columns, and what each of them holds."""

    package: Package
    heading: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)


class TakeForm(HouseForm):
    """A file that was looked at, once more, what its terms are here and, of a plain sheet, what its columns hold. packed: the
    file itself; seen, sorts: marks of what was shown of it, and of the terms that were."""

    keeper = forms.ChoiceField(widget=forms.HiddenInput)
    name = forms.CharField(widget=forms.HiddenInput, max_length=200)
    packed = forms.CharField(widget=forms.HiddenInput, max_length=MOST_PACKED)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    sorts = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    assured_on = forms.DateField(
        label=gettext_lazy("Services that name no day: when were they last checked?"),
        widget=DateInput,
        required=False,
        help_text=gettext_lazy("As whoever keeps the directory says. Left blank, those are left out."),
    )

    def __init__(
        self, brought: Brought, terms: list[tuple[str, int]], places: dict[str, Organization], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "keeper").choices = [(key, one.name) for key, one in places.items()]
        self.heading = brought.heading
        holds = [("", _("left out")), *((key, _(name)) for key, (name, _words) in COLUMNS.items())]
        for place, name in enumerate(brought.heading):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name or _("without a name"),
                choices=holds,
                required=False,
                initial=brought.columns.get(name, ""),
            )
        self.terms = [*(term for term, _count in terms[:TERMS]), ANY]
        choices = [("", _("leave out")), *listing_words.kinds()]
        labels = [*(f"{term} ({count})" for term, count in terms[:TERMS]), _("all others")]
        for place, label in enumerate(labels):
            self.fields[f"term_{place}"] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.fields["assured_on"] = self.fields.pop("assured_on")  # asked last

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        held: set[str] = set()
        for place in range(len(self.heading)):
            key = said.get(f"column_{place}") or ""
            if key and key in held:
                self.add_error(f"column_{place}", _("Two columns are said to hold the same. Choose one of them."))
            held.add(key)
        return said

    def of_columns(self) -> list[forms.BoundField]:
        return [self[f"column_{place}"] for place in range(len(self.heading))]

    def of_terms(self) -> list[forms.BoundField]:
        return [one for one in self.visible_fields() if not one.name.startswith("column_")]

    def kinds(self) -> dict[str, Kind]:
        """What each term is here, as far as somebody said."""
        said = {term: self.cleaned_data.get(f"term_{place}") for place, term in enumerate(self.terms)}
        found = {term: kind_named(word, programs()) for term, word in said.items() if word}
        return {term if term == ANY else text.folded(term): kind for term, kind in found.items() if kind}


@door(TAKE)
def bring(request: Asked) -> HttpResponse:
    """Look at a directory; nothing is changed before somebody says so."""
    places = {str(one.pk): one for one in keepers(request.actor)}
    if request.method == "POST" and "packed" in request.POST:
        return _again(request, places)
    form = FileForm(places, request.POST or None, request.FILES or None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read(directory_file.MOST_BYTES + 1)
        keeper = places[form.cleaned_data["keeper"]]
        try:
            brought = _brought(data, file.name, keeper, None)
        except BadInput as refusal:
            refusal.field = refusal.field or "file"
            form.take(refusal)
        else:
            terms = actions.terms_of(brought.package)
            first = {"keeper": str(keeper.pk), "name": file.name[-200:], "packed": _packed(data)}
            judged = actions.judge(keeper, brought.package, Told(file.name, {}), clock.today(keeper.zone))
            taking = TakeForm(brought, terms, places, initial=first | {"seen": judged.mark, "sorts": _sorts(terms)})
            context = _looked(taking, judged, keeper, terms)
    return render(request, "services/directory.html", {"form": form, **context}, status=400 if form.errors else 200)


def _again(request: Asked, places: dict[str, Organization]) -> HttpResponse:
    """The file once more, with what its terms are: looked at anew, or taken in as it was shown."""
    status, keeper = 200, places.get(request.POST.get("keeper", ""))
    try:
        if keeper is None:
            raise _lost()
        data = _unpacked(request.POST["packed"])
        brought = _brought(data, request.POST.get("name", ""), keeper, request.POST)
    except BadInput as refusal:
        choosing = FileForm(places, {"keeper": ""})
        choosing.errors.clear()
        choosing.take(refusal)
        return render(request, "services/directory.html", {"form": choosing}, status=400)
    package = brought.package
    terms = actions.terms_of(package)
    sent: Any = request.POST.copy()
    if sent.get("sorts", _sorts(terms)) != _sorts(
        terms
    ):  # other columns hold other terms: what was said is of those before
        sent = QueryDict(mutable=True)
        sent.update({name: value for name, value in request.POST.items() if not name.startswith("term_")})
    form = TakeForm(brought, terms, places, sent)
    told = Told(request.POST.get("name", "")[:200], {})
    if form.is_valid():
        said = form.cleaned_data
        told = Told(said["name"], form.kinds(), said["assured_on"], brought.heading, brought.columns)
    judged = actions.judge(keeper, package, told, clock.today(keeper.zone))
    if form.is_valid() and request.POST.get("do") == "take":
        try:
            new, changed, closed = actions.take_in(
                request.actor, key=said["key"], keeper=keeper, looked=Looked(judged, said["seen"])
            )
        except InMindError as refusal:
            form.take(refusal)
            status = refusal.status
        else:
            words = _("Taken in: %(new)s new, %(changed)s changed, %(closed)s not offered any more.")
            messages.success(request, words % {"new": new, "changed": changed, "closed": closed})
            return redirect("listings")
    shown: Any = sent.copy()
    shown["seen"], shown["sorts"] = judged.mark, _sorts(terms)
    form.data = shown
    context = {"form": FileForm(places), **_looked(form, judged, keeper, terms)}
    return render(request, "services/directory.html", context, status=400 if form.errors and status == 200 else status)


def _looked(form: TakeForm, judged: Judged, keeper: Organization, terms: list[tuple[str, int]]) -> dict[str, Any]:
    counts = judged.counts
    groups = []
    for outcome in (one for one in Outcome if counts[one]):
        some = [one for one in judged.verdicts if one.outcome is outcome]
        groups.append(
            {
                "word": _(outcome.value),
                "count": len(some),
                "rows": [(one.service.name, [_said(note) for note in one.notes]) for one in some[:SHOWN]],
                "more": len(some) - SHOWN if len(some) > SHOWN else 0,
            }
        )
    return {
        "taking": form,
        "keeper": keeper,
        "groups": groups,
        "gone": judged.gone,
        "changing": judged.changing,
        "more_terms": max(0, len(terms) - TERMS),
    }


def _said(note: Note) -> str:
    """A note in the reader's language; what a column expects is a sentence of its own."""
    return _(note.says) % {name: _(fact) if name == "expected" else fact for name, fact in note.facts.items()}


def _sorts(terms: list[tuple[str, int]]) -> str:
    """A mark of the terms that are asked about."""
    return sha256(repr([term for term, _count in terms[:TERMS]]).encode()).hexdigest()


def _brought(data: bytes, name: str, keeper: Organization, said: Mapping[str, Any] | None) -> Brought:
    """The services of a file. said: what its columns hold, as somebody chose; None: as it was the last time, else as their
    names say."""
    sheet = spreadsheet.sheet_of(data, name)
    if sheet is None:
        return Brought(_checked(directory_file.of_bytes(data, name), data))
    if said is None:
        known = mapping_of(keeper, (actions.SHEET, *sheet.heading))
        columns = known.columns if known else guess(sheet.heading, COLUMNS)
    else:
        chosen = ((one, said.get(f"column_{place}", "")) for place, one in enumerate(sheet.heading))
        columns = {one: key for one, key in chosen if key in COLUMNS}
    return Brought(_checked(services_of(sheet, columns, keeper.pk), data), sheet.heading, columns)


def _checked(package: Package, data: bytes) -> Package:
    if len(package.services) > MOST_ON_A_PAGE or len(_packed(data)) > MOST_PACKED:
        raise BadInput(
            N_("This directory is too large for a page."),
            N_("Up to 5,000 services are taken in here."),
            N_("Whoever runs the machine takes it in by `inmind listings import`."),
            field="file",
        )
    return package


def _packed(data: bytes) -> str:
    return b64encode(zlib.compress(data)).decode()


def _unpacked(said: str) -> bytes:
    """The file that a page carried. Raises BadInput for what no page of ours carries, or what unfolds without an end."""
    try:
        unfolding = zlib.decompressobj()
        data = unfolding.decompress(b64decode(said, validate=True), directory_file.MOST_BYTES + 1)
    except (binascii.Error, ValueError, zlib.error) as fault:
        raise _lost() from fault
    return data


def _lost() -> BadInput:
    return BadInput(N_("The file was lost on its way."), N_("Choose it again. Nothing was taken in."), field="file")


@door(SEE)
def take_out(request: Asked) -> HttpResponse:
    """Every listing as a directory (HSDS 3.0), with what is public of it."""
    file = BytesIO()
    directory_file.write_csv(listing_export.services(clock.today(settings.INSTALLATION.zone)), file)
    return leaving.leaving(file.getvalue(), "application/zip", "listings-hsds.zip")
