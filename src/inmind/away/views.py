"""The page of a visit without a signal, and what its script asks for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from inmind.access import audit, policy
from inmind.access.door import Asked, door
from inmind.access.middleware import too_much
from inmind.access.models import Account
from inmind.access.vault import keyed_hash
from inmind.away import actions, queries, receiving, taking
from inmind.away.models import Device
from inmind.away.receiving import State
from inmind.away.shell_views import spoken
from inmind.foundation.entries import as_id
from inmind.foundation.errors import InMindError
from inmind.foundation.forms import said

View = Callable[..., HttpResponse]


def told(view: View) -> View:
    """Before its door: a device that is cut off, and whoever is not signed in with both factors, is told so as JSON."""

    @functools.wraps(view)
    def answered(request: Asked, *args: Any, **named: Any) -> HttpResponse:
        actor, device = request.actor, request.GET.get("device", "")
        may = bool(policy.can(actor, "away.send"))
        state = receiving.state_of(
            signed_in=actor.signed_in and not actor.needs_second_factor,
            may=may,
            hers=may or queries.is_under(actor.account, device),  # of who may, the view itself looks at the device
            cut_off=queries.is_cut_off(device),
        )
        if state is not State.KNOWN:
            return _stopped(state)
        try:
            return view(request, *args, **named)
        except InMindError as refusal:
            return JsonResponse({"error": said(refusal), "field": refusal.field}, status=refusal.status)

    return answered


def _stopped(state: State) -> JsonResponse:
    return JsonResponse({"state": state, "wipe": state is State.CUT_OFF}, status=403)


def _device(request: Asked, named: object) -> Device | JsonResponse:
    """The device that a request names, or what it is told where it is cut off, or not of this account."""
    device = Device.objects.filter(pk=as_id(named, "device")).first()
    state = receiving.state_of(
        signed_in=True,
        may=True,
        hers=device is not None and device.account_id == request.actor.account,
        cut_off=device is not None and device.cut_off_at is not None,
    )
    if device is not None and state is State.KNOWN:
        return device
    answer = _stopped(state)
    answer["X-CSRFToken"] = get_token(request)  # one that is not known yet makes itself known by what it posts next
    return answer


def _sent(request: HttpRequest) -> dict[str, Any]:
    try:
        return dict(receiving.parsed(request.body))
    except RequestDataTooBig:
        raise too_much() from None


@door("away.prepare")
@require_GET
def page(request: Asked) -> HttpResponse:
    """The page itself, the same for everybody: a browser keeps it. What is taken along is asked for by its script."""
    return render(request, "away/page.html", {"words": spoken()})


@told
@door("away.prepare")
@require_GET
def state(request: Asked) -> HttpResponse:
    """Whether this device is known and still trusted. token: for what the page sends next; next: the number it goes on with;
    families: those that may stay on it. Asked without a device, as before one is made known, it says whose session this is."""
    common = {"worker": str(request.actor.account), "token": get_token(request)}
    if "device" not in request.GET:
        return JsonResponse({"state": State.UNKNOWN, **common})
    device = _device(request, request.GET["device"])
    if isinstance(device, JsonResponse):
        return device
    return JsonResponse(
        {
            "state": State.KNOWN,
            **common,
            "name": device.name,
            "next": device.taken + 1,
            "families": [str(one.pk) for one in queries.served(request.actor)],
        }
    )


@told
@door("away.add_device")
@require_POST
def devices(request: Asked) -> HttpResponse:
    """Make this browser known under one's own account."""
    sent = _sent(request)
    pk, name = as_id(sent.get("id"), "id"), sent.get("name")
    if queries.is_cut_off(str(pk)):
        return _stopped(State.CUT_OFF)
    account = Account.objects.get(pk=request.actor.account)
    device = actions.add_device(request.actor, account=account, id=pk, name=name if isinstance(name, str) else "")
    return JsonResponse({"id": str(device.pk), "wipe_after_hours": settings.AWAY_HOURS, "next": device.taken + 1})


@told
@door("away.prepare")
@require_GET
def parcel(request: Asked) -> HttpResponse:
    """The families to take along. Each is read by it, and the trail says so before the answer leaves."""
    device = _device(request, request.GET.get("device"))
    if isinstance(device, JsonResponse):
        return device
    made = queries.parcel(request.actor, device)
    if request.headers.get("If-None-Match") == made.etag:
        return HttpResponse(status=304, headers={"ETag": made.etag})
    actions.note_contact(request.actor, device=device)
    verdict = policy.can(request.actor, queries.PREPARE)
    with audit.together():
        for subjects in filter(None, (made.children, made.adults)):
            audit.read(request.actor, queries.PREPARE, verdict, subjects=subjects)
    return HttpResponse(made.text, content_type="application/json", headers={"ETag": made.etag})


@told
@door("away.send")
@require_POST
def entries(request: Asked) -> HttpResponse:
    """What was written down without a signal, taken in order, each once."""
    sent = _sent(request)
    device = _device(request, sent.get("device"))
    if isinstance(device, JsonResponse):
        return device
    came = receiving.read(sent, functools.partial(_digest, device.pk))
    answers, wants = taking.take(request.actor, device, came)
    return JsonResponse({"state": State.KNOWN, "answers": [one.as_data() for one in answers], "wants": wants})


def _digest(device: UUID, raw: str) -> str:
    return keyed_hash(f"entry:{device}", raw.encode())
