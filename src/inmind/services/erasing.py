"""What is left of the referrals of somebody who is erased, and of what was answered where a program asks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from inmind.access import office_links
from inmind.access.act import Act
from inmind.foundation.registries import Forgetting
from inmind.people.models import Person
from inmind.services.matches.models import FamilyAnswer, FamilyPlace, FamilyProgram, ReferralWindow
from inmind.services.referrals import face_actions, office
from inmind.services.referrals.face_models import Face
from inmind.services.referrals.models import Referral, ReferralStep


def _goes(person: Person) -> Iterator[str]:
    if Face.objects.filter(person=person).exists():
        yield _("The picture that families saw before this person called them.")
    if _of(person).exists():
        yield _("What referrals said: what the family hopes for, what was written to a program, how they are reached.")


def _stays(person: Person) -> Iterator[str]:
    if _of(person).exists():
        yield _("That there was a referral, to which program, on which days and how it ended.")


def _erase(act: Act, person: Person) -> None:
    """What was said of her is sealed and goes with the key. Of a child whose program calls her, what was written with the
    child's key goes too: her own words, and how she is reached. No office opens either any more. A face goes with its owner, or
    with the family."""
    face_actions.forget(Face.objects.filter(sealed_for=person))
    of_hers = _of(person)
    for row in Referral.objects.filter(called_by=person).exclude(pk__in=of_hers.values("pk")):
        row.called_by = None
        row.save()
    for row in of_hers:
        row.caller, row.calls_said, row.called_by = "", "", None
        row.hopes = row.tells = row.reach = None
        row.save()
        office_links.end_about(act, office.PURPOSE, row.pk)
    for step in ReferralStep.objects.filter(about=person).exclude(said_by=""):
        step.said_by = ""
        step.save()


def _of(person: Person) -> QuerySet[Referral]:
    return Referral.objects.filter(Q(about=person) | Q(to_call=person))


def erase_answers(act: Act, person: Person) -> None:
    """What was answered is sealed and goes with the key; that a question was asked goes with it. Of the child, also the
    county, the day of kindergarten, and the days on which programs close to it."""
    FamilyAnswer.objects.filter(about=person).delete()
    FamilyProgram.objects.filter(about=person).delete()
    ReferralWindow.objects.filter(Q(referral__about=person) | Q(referral__episode__dyad__child=person)).delete()
    for row in FamilyPlace.objects.filter(episode__dyad__child=person):
        row.county, row.school_on = "", None
        row.save()


REFERRALS = Forgetting(
    "services",
    frozenset({"services.Referral", "services.ReferralStep", "services.Face", "services.FacePiece"}),
    goes=_goes,
    stays=_stays,
    erase=_erase,
)
