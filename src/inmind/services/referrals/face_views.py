"""A face before the first call: laid by its owner, and served to nobody but her, who serves the family, and the family itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened, refused
from inmind.access.models import Account, AdultLink
from inmind.documents.kinds import Kind
from inmind.documents.queries import Altered, joined
from inmind.documents.serving import shown
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, fresh_key, said
from inmind.services.referrals import face_actions as actions
from inmind.services.referrals.face_forms import FaceForm, PictureForm
from inmind.services.referrals.face_models import Face
from inmind.services.referrals.face_queries import SHOWN, face_of, own_face_of
from inmind.services.referrals.models import Referral

LAY, SHOW, ANSWER, SEE, OWN_PAGE = (
    *("services.lay_face", "services.show_face", "services.answer", "services.see_referral"),
    "families.own_page",
)


def _picture(face: Face) -> HttpResponse:
    letters = [piece.body for piece in face.pieces.order_by("number")]
    body = joined(one or "" for one in letters)
    if len(body) != face.size:
        raise Altered
    return shown(Kind(face.kind), body)


# Her own, on her account


@door(LAY)
def own_face(request: Asked) -> HttpResponse:
    """One's own picture, name and word, as families read them; kept with the account."""
    account = Account.objects.select_related("person").get(pk=request.actor.account)
    there = own_face_of(request.actor)
    first = {"name": there.name, "says": there.says} if there else {"name": account.person.given_name}
    form = FaceForm(request.POST or None, request.FILES or None, initial={"key": fresh_key(), **first})
    form.fields["file"].required = there is None
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("name", "says")}
        try:
            actions.lay_face(request.actor, key=form.cleaned_data["key"], account=account, **words, **form.picture())
        except BadInput as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Kept. It is shown where you say that you call."))
            return redirect("own_face")
    context = {"form": form, "face": there, "key": fresh_key()}
    return render(request, "services/face.html", context, status=400 if form.errors else 200)


@door(LAY)
def own_picture(request: Asked) -> HttpResponse:
    """One's own picture."""
    face = own_face_of(request.actor)
    if face is None:
        raise refused(request, LAY)
    return _picture(face)


@door("services.remove_face")
@require_POST
def remove(request: Asked) -> HttpResponse:
    form = HouseForm(request.POST)
    if form.is_valid():
        account = Account.objects.get(pk=request.actor.account)
        actions.remove_face(request.actor, key=form.cleaned_data["key"], account=account)
        messages.success(request, _("It is taken away, from every page."))
    return redirect("own_face")


def on_account(request: Any) -> dict[str, Any] | None:
    """On one's account, for those who answer for a program: the way to one's picture."""
    if not policy.can(request.actor, LAY):
        return None
    kept = own_face_of(request.actor) is not None
    return {"is_kept": kept, "url": reverse("own_face")}


# With a referral, by its program


def on_answer(request: Any, row: Referral) -> dict[str, Any] | None:
    """On the page where a program answers: what the family sees beside who calls, and the way to change it."""
    if row.stands not in SHOWN or not row.caller:
        return None
    by_link = request.actor.kind == "link"
    face = face_of(row)
    own = None if by_link else own_face_of(request.actor)
    return {
        "form": PictureForm(initial={"key": fresh_key()}, auto_id="id_face_%s") if by_link else None,
        "key": fresh_key(),
        "is_shown": face is not None,
        "is_own": face is not None and (by_link or face == own),
        "has_own": own is not None,
        "action": reverse("office_face") if by_link else reverse("referral_in_face", args=[row.pk]),
        "picture": reverse("office_face") if by_link else reverse("own_picture"),
    }


@door(SHOW, about=Referral)
@require_POST
def in_face(request: Asked, referral: UUID) -> HttpResponse:
    """Show one's own picture with a referral of the inbox, or take it away from there."""
    row, _verdict = opened(request, SHOW, Referral, referral)
    _change(request, row, HouseForm(request.POST))
    return redirect("referral_in", referral=row.pk)


@door(SHOW, by_office="referral")
def office_face(request: Asked) -> HttpResponse:
    """By an office's link: the picture that it laid, laying another, taking it away."""
    row, _verdict = opened(request, SHOW, Referral, request.link.about)
    if request.method == "POST":
        _change(request, row, PictureForm(request.POST, request.FILES))
        return redirect("office_referral")
    face = face_of(row)
    if face is None or face.referral_id is None:
        raise refused(request, SHOW, about=row)
    return _picture(face)


def _change(request: Asked, row: Referral, form: HouseForm) -> None:
    if not form.is_valid():
        return
    key = form.cleaned_data["key"]
    try:
        if request.POST.get("do") == "hide":
            actions.hide_face(request.actor, key=key, referral=row)
            messages.success(request, _("It is taken away."))
        else:
            picture = form.picture() if isinstance(form, PictureForm) else {}
            actions.show_face(request.actor, key=key, referral=row, **picture)
            messages.success(request, _("The family sees it now, beside who will call."))
    except (BadInput, NotNow) as refusal:
        messages.error(request, said(refusal))


# For those who serve the family, and on the family's own page


@door(SEE, about=Referral)
def referral_face(request: Asked, referral: UUID) -> HttpResponse:
    row, _verdict = opened(request, SEE, Referral, referral)
    face = face_of(row)
    if face is None:
        raise refused(request, SEE, about=row)
    return _picture(face)


@door(OWN_PAGE, by_link=AdultLink.Purpose.OWN_PAGE)
def hers(request: Asked, referral: UUID) -> HttpResponse:
    """The face of who calls her, on her own page and its print. Of another adult's referral there is none here."""
    link = request.link
    row = Referral.objects.filter(pk=referral, episode=link.episode, to_call=link.person_id).first()
    face = face_of(row) if row is not None else None
    if face is None:
        raise refused(request, OWN_PAGE, about=link)
    audit.read(request.actor, OWN_PAGE, policy.can(request.actor, OWN_PAGE), about=link)
    return _picture(face)
