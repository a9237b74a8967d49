"""What a page says of a second signature: who is asked now, who did not sign, and whom one could ask."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked
from inmind.diagnosis import queries
from inmind.diagnosis.forms import AskAnotherForm, CosignForm, DeclineForm
from inmind.diagnosis.models import Formulation
from inmind.families import queries as families
from inmind.foundation.forms import fresh_key
from inmind.people.models import Organization

COSIGN, DECLINE, ASK = "diagnosis.cosign", "diagnosis.decline_cosign", "diagnosis.ask_cosigner"


def cosigning(request: Asked, row: Formulation, *, waits: bool, form: Any) -> dict[str, Any]:
    """For the page of a version. form: one that was sent and comes back; else each begins empty."""
    asked, reader = queries.asked_now(row) if waits else None, request.actor.person
    is_asked = asked is not None and asked.pk == reader
    may_sign = is_asked and bool(policy.can(request.actor, COSIGN, row))
    may_say_no = is_asked and bool(policy.can(request.actor, DECLINE, row))
    may_ask = waits and bool(policy.can(request.actor, ASK, row))
    first = {"key": fresh_key()}
    return {
        "asked": asked,
        "declined": [
            {"by": one.by.name, "words": one.words or "", "at": one.created_at}
            for one in row.declined.select_related("by").order_by("created_at", "pk")
        ],
        "cosign_form": (form if isinstance(form, CosignForm) else CosignForm(initial=first)) if may_sign else None,
        "decline_form": (form if isinstance(form, DeclineForm) else DeclineForm(initial=first)) if may_say_no else None,
        "ask_form": (form if isinstance(form, AskAnotherForm) else ask_form(row)) if may_ask else None,
        "alone": alone_said(request, row.episode.organization) if may_ask else None,
    }


def ask_form(row: Formulation, data: Any = None) -> AskAnotherForm:
    """Whom one could ask: each clinician of the agency, but for who signed and who is asked already."""
    organization, asked = row.episode.organization, queries.asked_now(row)
    people = queries.could_cosign(organization, row.signed_by_id).exclude(pk=asked.pk if asked else None)
    needed = queries.rule_of(organization).needs_cosigner
    return AskAnotherForm(people, data, initial={"key": fresh_key()}, needed=needed)


def alone_said(request: Asked, organization: Organization) -> dict[str, str] | None:
    """That there is no second clinician at an agency, and who can help; None where there is one."""
    if queries.could_cosign(organization, None).count() > 1:
        return None
    above = families.holding_role(organization, "agency_supervisor")
    helping = ", ".join(one.name for one in above) or _("whoever runs this house")
    may = bool(policy.can(request.actor, "access.invite", organization))
    url = f"{reverse('invite')}?organization={organization.pk}" if may else ""
    return {"place": organization.name, "who": helping, "url": url}
