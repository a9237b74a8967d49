"""What services offer: how a referral and a listing are reached, and what is left of them."""

from __future__ import annotations

from inmind.foundation.registries import Reach, house
from inmind.services import story
from inmind.services.adapters.catalog import (
    asked,
    early_intervention,
    known_counties,
    not_at_once,
    programs,
    readings,
)
from inmind.services.early import offers as early_offers
from inmind.services.erasing import REFERRALS
from inmind.services.finder import offers as finder_offers
from inmind.services.listings import offers as listing_offers
from inmind.services.matches import offers as matches_offers
from inmind.services.plans import offers as plan_offers
from inmind.services.referrals import answer_offers
from inmind.services.running import map_queries


def offer() -> None:
    answer_offers.offer()
    house.files += (asked, programs, early_intervention, not_at_once, readings, known_counties)
    matches_offers.offer()
    early_offers.offer()
    plan_offers.offer()
    house.story_makers.append((30, story.tell))
    house.on_map.append(map_queries.drawn)
    house.offer(
        Reach("services.Referral", "families.Episode", prefix="episode"),
        REFERRALS,
    )
    listing_offers.offer()
    finder_offers.offer()
