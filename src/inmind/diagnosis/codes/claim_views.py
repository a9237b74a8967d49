"""The code that a claim may carry for a signed version: asked for a payer and a day of service, and chosen where there are several."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.billing import Claim, Coded, Open, Why
from inmind.diagnosis.codes import actions, queries, words
from inmind.diagnosis.codes.forms import AskForm, ChooseForm
from inmind.diagnosis.codes.views import in_words
from inmind.diagnosis.formulation import Diagnosis
from inmind.diagnosis.models import Formulation, Given
from inmind.diagnosis.queries import asked_now, is_as_signed
from inmind.diagnosis.words import CERTAINTIES, PARENTS
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import said

SEE, CHOOSE = "diagnosis.see_claim", "diagnosis.choose_code"
RELATED = ("episode__dyad__child", "episode__organization", "assessment", "signed_by", "cosigner")


@door(SEE)
def claim(request: Asked, formulation: UUID) -> HttpResponse:
    """What a claim may carry, or what is still open and why. `as=json` says the same, with codes once all is ready."""
    signed = opened(request, SEE, Formulation, formulation, related=RELATED)[0]
    form = _ask_form(signed, request.GET if "on" in request.GET else None)
    is_asked = form.is_bound and form.is_valid()
    if request.GET.get("as") == "json":
        return _as_json(signed, form, is_asked)
    return _page(request, signed, form)


def _ask_form(signed: Formulation, asked: Any) -> AskForm:
    payer = signed.assessment.payer
    initial = {"payer": payer, "on": clock.today(signed.episode.organization.zone)}
    return AskForm(queries.payers_of(signed.episode.organization, payer), asked, initial=initial)


def _page(
    request: Asked, signed: Formulation, form: AskForm, refused: ChooseForm | None = None, *, status: int = 200
) -> HttpResponse:
    newer = next(iter(queries.later_than(signed)), None)
    context = {
        "signed": signed,
        "signed_on": clock.local(signed.signed_at, signed.episode.organization.zone),
        "back": reverse("dyad", kwargs={"dyad": signed.episode.dyad_id}),
        "form": form,
        "waits": {"asked": asked_now(signed)} if queries.waits_for_cosigner(signed) else None,
        "newer": newer,
        "newer_day": clock.day(newer.assessed_on) if newer is not None else "",
        "not_as_signed": not is_as_signed(signed),
        "status": status,
    }
    is_ours = context["waits"] is None and not context["not_as_signed"]
    if is_ours and form.is_bound and form.is_valid():
        asked = form.cleaned_data
        try:
            queries.check_codes(signed, asked["on"])
            found = queries.claim_of(signed, asked["payer"], asked["on"])
        except (BadInput, NotNow) as refusal:
            context |= {"none": said(in_words(refusal)), "is_of_tables": isinstance(refusal, BadInput)}
        else:
            may_choose = bool(policy.can(request.actor, CHOOSE, signed))
            context |= _found(signed, found, asked, refused, may_choose)
    return render(request, "diagnosis/claim.html", context, status=status if not form.errors else 400)


def _found(
    signed: Formulation, found: Claim, asked: dict[str, Any], refused: ChooseForm | None, may_choose: bool
) -> dict[str, Any]:
    """What was found, as the page draws it: each diagnosis in the order of the version."""
    release = queries.release_of(found.day, ())
    answers = {one.diagnosis: one for one in found.answers}
    return {
        "claim": found,
        "payer": asked["payer"] or _("a payer without a table of its own"),
        "day": clock.day(found.day),
        "may_be_over": release is not None and release.may_be_over(found.day),
        "questions": _questions(signed, found),
        "given": [
            _given(row, diagnosis, answers[diagnosis], asked, refused, may_choose)
            for row, diagnosis in queries.diagnoses_of(signed)
        ],
        "as_json": "?" + urlencode({"payer": asked["payer"], "on": asked["on"].isoformat(), "as": "json"}),
    }


def _questions(signed: Formulation, found: Claim) -> list[str]:
    """What is asked of whoever sends the claim; it keeps no code back."""
    if found.day >= signed.assessed_on:
        return []
    said = _(
        "This service was on %(day)s, and the child was assessed on %(assessed)s. Was it already for this diagnosis?"
    )
    return [said % {"day": clock.day(found.day), "assessed": clock.day(signed.assessed_on)}]


def _given(
    row: Given,
    diagnosis: Diagnosis,
    answer: Coded | Open,
    asked: dict[str, Any],
    refused: ChooseForm | None,
    may_choose: bool,
) -> dict[str, Any]:
    """One diagnosis with its code, or why there is none; and what there is to choose from."""
    about = [_(CERTAINTIES[diagnosis.certainty])]
    if row.caregiver is not None:
        about.append(_("with %(name)s") % {"name": row.caregiver.name})
    if decided := words.decides(diagnosis.parent, diagnosis.kind, "", _):
        about.append(decided)
    is_choice = may_choose and bool(answer.choices) and (isinstance(answer, Coded) or answer.why is Why.WHICH)
    form = None
    if is_choice:
        initial = {"given": row.pk, **asked, "code": answer.code if isinstance(answer, Coded) else None}
        form = ChooseForm(answer.choices, initial=initial, auto_id=f"{row.pk}-%s")
        if refused is not None and refused.data.get("given") == str(row.pk):
            form = refused
    return {
        "name": manual().disorder(diagnosis.disorder).name,
        "about": ", ".join(about),
        "coded": answer if isinstance(answer, Coded) else None,
        "why": _(answer.why.value) if isinstance(answer, Open) else "",
        "choices": [
            {"code": one.code, "title": one.title, "when": _when(one.when)}
            for one in answer.choices
            if isinstance(answer, Open)
        ],
        "form": form,
    }


def _when(said: str) -> str:
    """What decides for a code: a kind of parent or of a diagnosis in words, else the table's own."""
    parents = {key.value: label for key, label in PARENTS.items()}
    return _(parents[said]) if said in parents else _(words.of_kind(said)) if said in words.KINDS else said


def _as_json(signed: Formulation, form: AskForm, is_asked: bool) -> HttpResponse:
    if not is_asked:
        return JsonResponse({"error": form.errors.get_json_data()}, status=400)
    asked = form.cleaned_data
    data: dict[str, Any] = {
        "formulation": str(signed.pk),
        "version": signed.number,
        "edition": signed.edition,
        "payer": asked["payer"],
    }
    data["later_version"] = _later(signed, asked["on"])
    none = {"ready": False, "codes": [], "service_date": asked["on"].isoformat()}
    try:
        queries.check_codes(signed, asked["on"])
        found = queries.claim_of(signed, asked["payer"], asked["on"])
    except (BadInput, NotNow) as refusal:
        return _json(data | none | {"says": said(in_words(refusal))})
    release = queries.release_of(found.day, ())
    assert release is not None  # a claim was looked up in it
    data |= {"questions": _questions(signed, found)}
    return _json(data | words.claim_as_data(found, release, manual(), _))


def _later(signed: Formulation, day: date) -> dict[str, Any] | None:
    """The later version that holds on the day of service, else the newest one; None where this is the newest."""
    there = queries.overtaken_by(signed, day)
    later = there or next(iter(queries.later_than(signed)), None)
    if later is None:
        return None
    return {
        "formulation": str(later.pk),
        "version": later.number,
        "assessed_on": later.assessed_on.isoformat(),
        "holds_on_service_date": there is not None,
    }


def _json(data: dict[str, Any]) -> HttpResponse:
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})


@door(CHOOSE)
@require_POST
def choose(request: Asked, formulation: UUID) -> HttpResponse:
    """One of several codes, with its reason; refused, everything typed is shown again."""
    signed = opened(request, CHOOSE, Formulation, formulation, related=RELATED)[0]
    ask = _ask_form(signed, {"payer": request.POST.get("payer", ""), "on": request.POST.get("on", "")})
    given = signed.given.filter(pk=_uuid(request.POST.get("given", ""))).first()
    if given is None or not ask.is_valid():
        return _page(request, signed, ask, status=400)
    form = ChooseForm(_choices(signed, given, ask.cleaned_data), request.POST, auto_id=f"{given.pk}-%s")
    status = 400
    if form.is_valid():
        named = {name: form.cleaned_data[name] for name in ("key", "code", "why", "payer", "on")}
        try:
            actions.choose_code(request.actor, formulation=signed, given=given, **named)
        except (BadInput, NotNow) as refusal:
            form.take(in_words(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Kept, with its reason."))
            where = {"payer": named["payer"], "on": named["on"].isoformat()}
            return redirect(f"{reverse('formulation_claim', kwargs={'formulation': signed.pk})}?{urlencode(where)}")
    return _page(request, signed, ask, form, status=status)


def _choices(signed: Formulation, given: Given, asked: dict[str, Any]) -> Any:
    try:
        found = queries.claim_of(signed, asked["payer"], asked["on"])
    except BadInput:
        return ()
    mine = queries.as_read(given)
    return next((one.choices for one in found.answers if one.diagnosis == mine), ())


def _uuid(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None
