"""Lay one's picture where a family reads who will call, and take it away: by its owner alone, at once, wherever it is shown."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import date

from inmind.access.act import Act, action
from inmind.access.models import Account
from inmind.documents.actions import PIECE
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.models import keep_together
from inmind.foundation.values import N_
from inmind.services.referrals.answer_actions import check_told
from inmind.services.referrals.face_models import Face, FacePiece
from inmind.services.referrals.face_queries import SHOWN, own_face_of
from inmind.services.referrals.models import Referral
from inmind.services.referrals.referral import State


@action("services.lay_face", on="account")
def lay_face(act: Act, *, account: Account, name: str, says: str = "", kind: str = "", body: str = "") -> Face:
    """Keep one's own picture (`kinds.cleaned`, as base64), the name that families hear and a word about oneself; it takes the
    place of the one before. Without a picture, the one that is kept stays. Raises BadInput where there is none."""
    row = Face.objects.filter(person=account.person).first()
    if row is None and not body:
        raise BadInput(N_("The picture is missing."), N_("Choose a photo of yourself."), field="file")
    said = text.checked_line(name.strip(), 120, field="name")
    if not said:
        raise BadInput(N_("Your name is missing."), N_("The name that families will hear."), field="name")
    row = row or Face(person_id=account.person_id, sealed_for_id=account.person_id)
    row.name, row.says = said, text.checked_line(says.strip(), 300, field="says")
    if body:
        return _keep(row, kind, body)
    row.save()
    return row


@action("services.remove_face", on="account")
def remove_face(act: Act, *, account: Account) -> None:
    """Take one's own picture away, from every page at once."""
    forget(Face.objects.filter(person=account.person))
    for row in Referral.objects.select_for_update(of=("self",)).filter(called_by=account.person):
        row.called_by = None
        row.save(update_fields=["called_by"])


@action("services.show_face", on="referral")
def show_face(act: Act, *, referral: Referral, kind: str = "", body: str = "") -> Referral:
    """Show a family whom it will hear from. In a program of this house one's own picture, with the name and the word kept with
    it; by an office's link a picture that is kept for this referral alone. Raises NotNow before a yes, and once it has begun."""
    check_told(referral, act.now)
    if referral.stands not in SHOWN:
        raise NotNow(N_("A face belongs beside a first call."), N_("Say yes, and who calls, first."))
    if act.actor.person is None:
        if not body:
            raise BadInput(N_("The picture is missing."), N_("Choose a photo of whoever calls."), field="file")
        there = Face.objects.filter(referral=referral).first()
        _keep(there or Face(referral=referral, sealed_for_id=referral.about_id), kind, body)
        return referral
    own = own_face_of(act.actor)
    if own is None:
        raise NotNow(N_("No picture of yours is kept."), N_("Lay one on your account first."))
    referral.called_by_id, referral.caller = act.actor.person, own.name
    referral.calls_said = referral.calls_said or own.says
    referral.save(update_fields=["called_by", "caller", "calls_said"])
    return referral


@action("services.hide_face", on="referral")
def hide_face(act: Act, *, referral: Referral) -> Referral:
    """Take a picture away from one referral: its owner, or whoever came by the office's link that laid it."""
    if act.actor.person is None:
        forget(Face.objects.filter(referral=referral))
    elif referral.called_by_id == act.actor.person:
        referral.called_by = None
        referral.save(update_fields=["called_by"])
    else:
        raise NotNow(N_("Whose picture it is takes it away."), N_("Ask them."))
    return referral


def follow(act: Act, referral: Referral, to: State, on: date) -> None:
    """A face goes once the family is with the program, or it is over; and with a new yes, which may name somebody else."""
    if to is State.CONTACTED:
        return
    forget(Face.objects.filter(referral=referral))
    if referral.called_by_id is not None:
        referral.called_by = None
        referral.save(update_fields=["called_by"])


def _keep(row: Face, kind: str, body: str) -> Face:
    plain = base64.b64decode(body)
    row.kind, row.size = kind, len(plain)
    row.save()
    row.pieces.all().delete()
    keep_together(
        FacePiece(
            face=row,
            sealed_for_id=row.sealed_for_id,
            number=number,
            body=base64.b64encode(plain[at : at + PIECE]).decode(),
        )
        for number, at in enumerate(range(0, len(plain), PIECE))
    )
    return row


def forget(faces: Iterable[Face]) -> None:
    for face in faces:
        face.pieces.all().delete()
        face.delete()
