"""What the keeping of listings offers: its pages, who reaches a listing, and what waits to be confirmed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from inmind.access import policy
from inmind.access.actors import Standing, machine
from inmind.foundation.events import LetterUndelivered
from inmind.foundation.registries import NavItem, Panel, Path, Reach, house
from inmind.foundation.values import N_
from inmind.jobs.models import Job
from inmind.services.listings import asking_actions, demo
from inmind.services.listings import views as listing_views
from inmind.services.listings.models import Listing

ASK = "services.ask_listings"


def offer() -> None:
    house.offer(
        Reach("services.Listing", "people.Organization", prefix="keeper"),
        Reach("services.Listing", "services.Listing"),
        Path(
            "offered_here",
            "services.Listing",
            holds=_is_offered_here,
            q=_offered_here,
            says="the listing is of something that the organization offers where they hold the role",
        ),
        NavItem(
            "listings",
            N_("Listings"),
            "listings",
            46,
            shown=lambda actor: bool(policy.can(actor, listing_views.SEE)),
        ),
        Panel("today", "listings", 48, "services/listing_today.html", listing_views.today_panel),
    )
    house.office_pages[asking_actions.ABOUT] = "listing_asked"
    house.office_stands[asking_actions.ABOUT] = asking_actions.stands
    house.listens(LetterUndelivered, "services.listing_not_reached", asking_actions.not_reached)
    house.handles(ASK, ask_listings)
    house.every(86_400, ASK, ASK)
    house.demo_makers.append((15, demo.make))


def ask_listings(job: Job) -> None:
    """Each stretch is an action of its own, whose key is the job's: asked again, nobody is written to twice."""
    number = 0
    while asking_actions.ask_listings(machine(ASK), key=f"job:{job.pk}:{number}"):
        number += 1


def _is_offered_here(standing: Standing, listing: Listing, on: date) -> bool:
    return standing.organization is not None and listing.provider_id == standing.organization


def _offered_here(standing: Standing, on: date) -> Any:
    return Q(provider=standing.organization, provider__isnull=False)
