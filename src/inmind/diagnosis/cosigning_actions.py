"""Who is asked to sign a version, too: somebody who does not, and somebody else instead."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from inmind.access.act import Act, action
from inmind.access.privacy import stop_if_erased
from inmind.diagnosis import actions, queries
from inmind.diagnosis.models import DeclinedCosign, Formulation
from inmind.families import queries as families
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.events import RoleEnded
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.models import Person
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task

ASK_FIRST = N_("It closes by itself once another clinician is asked.")
LONGEST = 2000


@action("diagnosis.decline_cosign", on="formulation")
def decline_cosign(act: Act, *, formulation: Formulation, words: str) -> DeclinedCosign:
    """Say, with words, that one does not sign a version, too. Whoever signed it is told, and asks somebody else."""
    _check_waits(formulation)
    stop_if_erased([formulation.episode.dyad.child_id])
    asked = queries.asked_now(formulation)
    if asked is None or act.actor.person != asked.pk:
        raise NotNow(N_("Somebody else is asked to sign this version by now."), N_("You need do nothing more."))
    if not text.tokens(words):
        raise BadInput(
            N_("What speaks against it is missing."),
            N_("Whoever signed it reads your words, and thinks about them."),
            N_("Write a sentence."),
            field="words",
        )
    said = text.checked(words.strip(), LONGEST, field="words")
    row = DeclinedCosign.objects.create(formulation=formulation, by=asked, words=said)
    _ask_anew(act, formulation, _("Not signed, with words for whoever signed it first."))
    return row


@action("diagnosis.ask_cosigner", on="formulation")
def ask_cosigner(act: Act, *, formulation: Formulation, cosigner: Person | None) -> Formulation:
    """Ask another clinician to sign a version, too; or nobody, where the agency does not ask for it. Raises NotAsSigned."""
    _check_waits(formulation)
    episode = formulation.episode
    stop_if_erased([episode.dyad.child_id])
    queries.check_as_signed(formulation)
    chosen = actions.chosen_cosigner(episode, cosigner, formulation.signed_by_id)
    done = _("Another clinician is asked.") if chosen else _("It stands with one signature.")
    _settle(act, formulation, done, actions.COSIGN, actions.ASK_ANEW)
    formulation.cosigner = chosen
    # The mark says whether a second signature is asked.
    formulation.mark = queries.mark_of(formulation, queries.pieces_of(formulation))
    formulation.save()
    if chosen is not None:
        actions.ask_to_cosign(act, formulation, act.today(episode.organization.zone))
    return formulation


def left(act: Act, event: RoleEnded) -> None:
    """Somebody who was asked works here no more as a clinician: whoever signed is told."""
    there = Task.objects.filter(
        why=actions.COSIGN, owner=event.person, organization=event.organization, closed_at__isnull=True
    )
    for task in there.order_by("pk"):
        row = Formulation.objects.select_related(*queries.RELATED, "signed_by", "cosigner").get(pk=task.about_id)
        if not queries.could_cosign(row.episode.organization, row.signed_by_id).filter(pk=event.person).exists():
            act.concerns(row)
            _ask_anew(act, row, _("Who was asked is no clinician here any more. Somebody else is asked."))


def _check_waits(row: Formulation) -> None:
    if row.cosigner_id is None or row.cosigned_at is not None:
        raise NotNow(N_("Nobody is asked to sign this version any more."), N_("Who signed stands on its page."))


def _ask_anew(act: Act, row: Formulation, done: str) -> None:
    """A task for whoever signed: to ask another clinician. Where that person is not on the care team any more, another
    clinician of it."""
    today = act.today(row.episode.organization.zone)
    _settle(act, row, done, actions.COSIGN)
    here = families.serving_here(row.episode, today, "clinician")
    owner = here.filter(pk=row.signed_by_id).first() or here.first() or row.signed_by
    by = date.fromordinal(today.toordinal() + actions.COSIGN_WITHIN_DAYS)
    task = actions.owe(act, row, actions.ASK_ANEW, row, owner, by)
    messages.tell(
        act,
        to=owner,
        template="next_step_waits",
        facts={"task": str(task.pk)},
        about_kind=row._meta.label,
        about_id=row.pk,
    )


def _settle(act: Act, row: Formulation, done: str, *why: str) -> None:
    about: dict[str, Any] = {"about_kind": row._meta.label, "about_id": row.pk}
    tasks.settle(act, done, why__in=why, **about)
