"""One child of the demonstration on its way through early intervention: day 38 of 45, with a pause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from inmind.families import actions as families
from inmind.families import queries
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.services.early import actions
from inmind.services.early.case import Day

YOUNGEST, OLDEST = 4, 30  # months, so that the days fit before the third birthday and after the birth


def make(network: Any, *, size: int, seed: int, said: Any) -> None:
    """The first child of the second agency that is old enough; Inés keeps its days, and Sam saw it first."""
    agency, ines = network.agencies[1], network.accounts["ines"].person
    today = clock.today(agency.zone)
    born = (today - timedelta(days=OLDEST * 30), today - timedelta(days=YOUNGEST * 31))
    rows = Episode.objects.filter(organization=agency, until__isnull=True, dyad__birth_date__range=born)
    episode = rows.order_by("created_at", "pk").first()
    if episode is None:
        return
    if not episode.assignments.filter(worker=ines).exists():
        families.join_team(network.actor("tom"), episode=episode, worker=ines)
    by = network.actor("ines")
    parent = next((one.person for one in queries.adults(episode, today) if one.part in {"mother", "father"}), None)
    if parent is not None:  # who decides for the child reads of it on their own page
        families.note_consent(by, episode=episode, holder=parent, capacity="parent", since=episode.dyad.birth_date)
    case = actions.begin(
        by,
        episode=episode,
        identified_on=today - timedelta(days=41),
        identified_by="Sam Whitehorse",
        received_on=today - timedelta(days=38),
        is_lead=True,
    )
    actions.note(by, case=case, days={Day.REFERRED: today - timedelta(days=40)})
    actions.pause(
        by,
        case=case,
        why="family_circumstances",
        since=today - timedelta(days=24),
        until=today - timedelta(days=19),
        words="Her grandmother was in hospital; the calls of both days stand in the notes.",
    )
    actions.delay(
        by,
        case=case,
        why="no_interpreter",
        since=today - timedelta(days=12),
        until=today - timedelta(days=9),
        words="The interpreter was ill.",
    )
