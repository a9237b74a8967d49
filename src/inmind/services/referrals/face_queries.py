"""Which face stands beside which referral: of somebody who works there still, from the yes until it has begun."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from inmind.access.actors import Actor
from inmind.services.referrals.face_models import Face
from inmind.services.referrals.models import Referral
from inmind.services.referrals.referral import State

SHOWN = (State.ACCEPTED, State.CONTACTED)


def faces_of(referrals: Iterable[Referral]) -> dict[UUID, Face]:
    """The face beside each of these referrals, by the referral's id; none for those without."""
    rows = [row for row in referrals if row.stands in SHOWN]
    if not rows:
        return {}
    callers = {row.called_by_id for row in rows} - {None}
    here = Q(person__in=callers, person__account__is_active=True)
    faces = {face.person_id or face.referral_id: face for face in Face.objects.filter(Q(referral__in=rows) | here)}
    there = {row.pk: faces.get(row.pk) or faces.get(row.called_by_id) for row in rows}
    return {pk: face for pk, face in there.items() if face is not None}


def face_of(row: Referral) -> Face | None:
    return faces_of([row]).get(row.pk)


def own_face_of(actor: Actor) -> Face | None:
    """The face that somebody keeps with her own account."""
    return Face.objects.filter(person=actor.person).first() if actor.person is not None else None
