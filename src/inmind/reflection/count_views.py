"""How many are held, for those who lead an agency's work or keep an association: counts that point at nobody."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from inmind.access import policy
from inmind.access.door import Asked, door
from inmind.foundation import clock
from inmind.people.models import Organization
from inmind.reflection import counts, queries

SEE = "reflection.see_counts"


@door(SEE)
def told(request: Asked) -> HttpResponse:
    """As of the end of the last quarter, in steps of five, and only where nobody can be made out (`protect.md` 13)."""
    places = policy.visible(request.actor, Organization.objects.order_by("name"), SEE)
    found = queries.counted_of(places, clock.now())
    rows = [
        {
            "name": place.name,
            "held": found[place.pk].told.held.at_least,
            "met": found[place.pk].told.met.at_least,
            "on": clock.day(found[place.pk].on),
        }
        for place in places
    ]
    return render(request, "reflection/counts.html", {"rows": rows, "enough": counts.ENOUGH})
