"""The consents that an agency keeps about somebody, for its privacy officer: by class, and to be withdrawn, also after the
service has ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import audit, consents, disclosing, policy
from inmind.access.door import Asked, door, refused
from inmind.access.models import Consent
from inmind.families import actions
from inmind.families.forms import WithdrawForm
from inmind.families.models import Episode
from inmind.families.views import form_page
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.people.models import Person

VERB = "families.withdraw_kept"


def panel(request: Any, *, person: Person, **_about: Any) -> dict[str, Any] | None:
    """What somebody agreed to about this person that was not taken back. Neither in which words nor which kinds: that there
    was a screen is not hers to know (`protect.md` 1)."""
    kept = policy.visible(request.actor, Episode.objects.all(), VERB).values("pk")
    rows = Consent.objects.filter(about=person, revoked_at__isnull=True, episode__in=kept).order_by(
        "-created_at", "-pk"
    )
    if not policy.can(request.actor, VERB):
        return None
    return {
        "rows": [
            {
                "recipient": row.recipient,
                "purpose": _(consents.PURPOSES[consents.Purpose(row.purpose)]),
                "classes": disclosing.classes_said(row.kinds),
                "since": clock.day(row.since),
                "until": clock.day(row.until) if row.until else "",
                "url": reverse("withdraw_kept", kwargs={"consent": row.pk}),
            }
            for row in rows
        ]
    }


@door(VERB)
def withdraw(request: Asked, consent: UUID) -> HttpResponse:
    """Write down that a consent was taken back, by word of whoever gave it."""
    row = Consent.objects.filter(pk=consent).select_related("about").first()
    episode = Episode.objects.filter(pk=row.episode).select_related("organization").first() if row else None
    verdict = policy.can(request.actor, VERB, episode) if episode is not None else None
    if row is None or episode is None or not verdict:
        raise refused(request, VERB, about=episode)
    audit.read(request.actor, VERB, verdict, subjects={("person", row.about_id), ("episode", episode.pk)})
    back = reverse("kept_person", kwargs={"person": row.about_id})
    if row.revoked_at is not None:
        return redirect(back)
    form = WithdrawForm(request.POST or None, initial={"key": fresh_key()})

    def act() -> HttpResponse:
        key, said = form.cleaned_data["key"], form.back()
        actions.withdraw_kept(request.actor, key=key, episode=episode, consent=row.pk, back=said)
        messages.success(request, _("It is withdrawn. Nothing more is told by it."))
        return redirect(back)

    context = {
        "back": back,
        "crumb": row.about.name or _("a child without a name yet"),
        "title": _("Withdraw this consent?"),
        "lead": _("From now on %(recipient)s is told nothing more by it. What was told before cannot be called back.")
        % {"recipient": row.recipient},
        "button": _("Withdraw it"),
    }
    return form_page(request, form, "families/form_page.html", context, act)
