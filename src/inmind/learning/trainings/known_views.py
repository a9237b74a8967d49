"""Somebody whom an association knows already is found by name, so that nothing is typed twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inmind.access import audit, policy
from inmind.access.door import Asked
from inmind.foundation import text
from inmind.learning.trainings.guest_actions import known_to
from inmind.money.queries import named
from inmind.people.models import Contact, Organization, Person

MOST_FOUND = 20  # of one search; whoever has a common name is found by both


def chosen(request: Asked, at: Organization) -> Person | None:
    """Whom the page's address names, where the association knows them."""
    try:
        key = UUID(request.GET.get("person", ""))
    except ValueError:
        return None
    return known_to(at).filter(pk=key).first()


def sought(request: Asked, at: Organization, verb: str) -> dict[str, Any]:
    """What the page shows of a search by name: the words, and who was found, each of which the trail notes."""
    typed = request.GET.get("name", "")[:120].strip()
    words = typed.split()
    known = chosen(request, at)
    found: list[Person] = []
    if any(text.name_tokens(word) for word in words):
        rows = known_to(at)
        for word in words:
            rows = rows.filter(pk__in=Person.objects.filter(named(word)).values("pk"))
        found = list(rows.order_by("family_name", "given_name", "pk")[:MOST_FOUND])
    looked = [*found, *([known] if known else [])]
    if looked:
        subjects = {("person", one.pk) for one in looked}
        audit.read(request.actor, verb, policy.can(request.actor, verb, at), subjects=subjects)
    ways = Contact.in_use(person__in=looked, channel=Contact.Channel.MAIL, safe=True).order_by("created_at", "pk")
    mails: dict[UUID, str] = {}
    for person, address in ways.values_list("person", "address"):
        mails.setdefault(person, address)
    return {
        "name": typed,
        "found": [{"pk": one.pk, "name": one.name, "mail": mails.get(one.pk, "")} for one in found],
        "known": known,
        "known_mail": mails.get(known.pk, "") if known else "",
    }
