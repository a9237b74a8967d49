"""An assessment beside a family, and in what a task says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.diagnosis import actions, cosigning_actions, queries
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.models import Formulation, Given
from inmind.families import queries as families
from inmind.families.models import Dyad, Episode
from inmind.foundation import clock
from inmind.foundation.registries import Reason
from inmind.people.models import Person
from inmind.tasks.models import Task

SEE, SEE_FORMULATION, OPEN = "diagnosis.see_assessment", "diagnosis.see_formulation", "diagnosis.open_assessment"


def panel(request: Any, *, dyad: Dyad, episode: Episode, on: Any) -> dict[str, Any] | None:
    """On the family's page: what is under way, what was signed (for its clinicians), and the way to begin."""
    if not policy.can(request.actor, SEE, episode):
        return None
    there = queries.open_assessment(episode.pk)
    signs = bool(policy.can(request.actor, SEE_FORMULATION, episode))
    may_begin = there is None and dyad.birth_date is not None and bool(policy.can(request.actor, OPEN, episode))
    versions = [
        {
            "url": reverse("formulation", args=[one.pk]),
            "label": _("Version %(n)s, assessed on %(day)s") % {"n": one.number, "day": clock.day(one.assessed_on)},
            "waits": one.cosigner_id is not None and one.cosigned_at is None,
        }
        for one in (queries.versions(episode.pk) if signs else ())
    ]
    if there is None and not versions and not may_begin:
        return None
    return {
        "open": {
            "url": reverse("assessment", args=[there.pk]),
            "since": clock.day(there.opened_on),
            "visits": there.visits.count(),
        }
        if there
        else None,
        "versions": versions,
        "begin_url": reverse("assessment_open", args=[episode.pk]) if may_begin else "",
    }


def to_cosign(actor: Any, task: Task) -> Reason:
    """Somebody is asked to sign a version, too."""
    row = Formulation.objects.select_related("episode__dyad__child", "signed_by").filter(pk=task.about_id).first()
    if row is None:
        return Reason(_("Sign a formulation, too"), "", calls=False)
    url = reverse("formulation", args=[row.pk]) if policy.can(actor, SEE_FORMULATION, row) else ""
    words = _(
        "%(who)s signed it and asks you to read it and sign, too. This closes by itself once you have, or have said that you "
        "do not sign it."
    )
    return Reason(
        _("Sign a formulation, too"), words % {"who": row.signed_by.name}, url, _("Open the formulation"), calls=False
    )


def to_ask_anew(actor: Any, task: Task) -> Reason:
    """Whoever was asked to sign a version, too, does not or cannot any more."""
    title = _("Ask another clinician to sign a formulation, too")
    row = Formulation.objects.select_related("episode__dyad__child").filter(pk=task.about_id).first()
    url = reverse("formulation", args=[row.pk]) if row and policy.can(actor, SEE_FORMULATION, row) else ""
    words = _(
        "Whoever was asked did not sign it, or cannot any more. Its page says which, and there you ask somebody else."
    )
    return Reason(title, words, url, _("Open the formulation"), calls=False)


def to_look_again(actor: Any, task: Task) -> Reason:
    """A diagnosis is given only until an age that is near: the child is assessed again before."""
    row = Given.objects.select_related("formulation__episode__dyad__child").filter(pk=task.about_id).first()
    if row is None:
        return Reason(_("Assess this child again"), "", calls=False)
    episode = row.formulation.episode
    may = bool(policy.can(actor, SEE_FORMULATION, episode))
    disorder = manual().disorders.get(row.disorder)
    facts = {"name": disorder.name if disorder and may else _("A diagnosis")}
    title = _("Assess %(name)s again") % {"name": episode.dyad.called} if may else _("Assess this child again")
    words = _("%(name)s is given only until an age that this child nears. This closes by itself with the next version.")
    there = queries.open_assessment(episode.pk)
    url = reverse("assessment", args=[there.pk]) if there else reverse("assessment_open", args=[episode.pk])
    return Reason(title, words % facts, url if may else "", _("Go on there"), calls=False)


def could_cosign(task: Task) -> QuerySet[Person]:
    """To whom it can be handed: the agency's clinicians, but for who signed; asking anew, the clinicians of the care team."""
    row = Formulation.objects.select_related("episode__organization").get(pk=task.about_id)
    if task.why == actions.ASK_ANEW:
        team: QuerySet[Person] = families.serving_here(row.episode, queries.today_of(row.episode), "clinician")
        return team
    return queries.could_cosign(row.episode.organization, row.signed_by_id)


def could_look_again(task: Task) -> QuerySet[Person]:
    """The clinicians of the family's care team."""
    row = Given.objects.select_related("formulation__episode__organization").get(pk=task.about_id)
    episode = row.formulation.episode
    found: QuerySet[Person] = families.serving_here(episode, queries.today_of(episode), "clinician")
    return found


def not_yet(task: Task) -> tuple[str, ...]:
    """A formulation is signed too by signing it, not by closing the task."""
    first = {actions.COSIGN: actions.SIGN_FIRST, actions.ASK_ANEW: cosigning_actions.ASK_FIRST}.get(task.why)
    return (first,) if first else ()


def open_here(actor: Any, episode: Episode) -> Iterator[str]:
    """What is under way when an agency's time with a family ends."""
    if not policy.can(actor, SEE, episode):
        return
    if queries.open_assessment(episode.pk) is not None:
        yield _("An assessment of the child is open. Its draft can be signed, or ended, only before.")
    if queries.versions(episode.pk).filter(cosigner__isnull=False, cosigned_at=None).exists():
        yield _("A formulation still waits to be signed by a second clinician.")
