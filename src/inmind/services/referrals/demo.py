"""The referrals of a demonstration: one in each state a referral can be in, of families of Luz whom it fits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings

from inmind.access import consents
from inmind.access.consents import SELF, Days, Holder, Kind, Purpose
from inmind.families import actions as families
from inmind.families.models import Assignment, Episode
from inmind.families.queries import adults
from inmind.foundation import clock
from inmind.people.models import Person
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing
from inmind.services.matches import queries
from inmind.services.referrals import actions
from inmind.services.referrals.models import Referral
from inmind.services.referrals.referral import State, Why

SMALL = 500
HOLDS = 300  # days of a consent
TOLD = frozenset({Kind.SERVED, Kind.WHEREABOUTS, Kind.SAID})
DAYS = ("calls_on", "waits_until")  # said as so many days after the answer
# How many days ago it was sent, to which listing, what the family hopes for, and each answer: days ago, state, what is said.
# The one for which the fewest families can be asked stands first.
COURSES: tuple[tuple[int, str, str, tuple[tuple[int, State, Mapping[str, Any]], ...]], ...] = (
    (
        6,
        "Nurses at home",
        "A woman who has seen many births.",
        (
            (
                3,
                State.ACCEPTED,
                {
                    "caller": "Rosa Marsh",
                    "calls_on": 4,
                    "calls_said": "Nurse since 2009, mother of two; speaks Spanish.",
                },
            ),
        ),
    ),
    (
        60,
        "A room for families, and help with the rent",
        "A door of our own.",
        (
            (57, State.WAITLISTED, {"waits_until": 14}),
            (45, State.CONTACTED, {}),
            (43, State.STARTED, {}),
            (8, State.ENDED, {"why": Why.COMPLETED, "note": "They have a place of their own."}),
        ),
    ),
    (
        55,
        "Parents as Teachers at Harbor",
        "Somebody who plays with us and has ideas.",
        (
            (53, State.RECEIVED, {}),
            (50, State.WAITLISTED, {"waits_until": 35}),
            (14, State.CONTACTED, {"note": "They called her; Monday at nine."}),
            (7, State.STARTED, {}),
        ),
    ),
    (
        34,
        "Early Head Start, Prairie",
        "A place for the first years, near my work.",
        ((27, State.DECLINED, {"why": Why.NO_PLACE, "note": "Full until the summer."}),),
    ),
    (
        30,
        "Storytime for babies",
        "To meet other parents.",
        ((22, State.CLOSED, {"why": Why.FAMILY_CHOSE_OTHERWISE, "note": "Her sister comes on Wednesdays now."}),),
    ),
    (
        25,
        "Talking and playing together, after something frightening",
        "That the nights become quiet again.",
        ((20, State.WAITLISTED, {"waits_until": 50}),),
    ),
    (
        15,
        "Mothers’ morning",
        "One hour in which somebody else holds the baby.",
        ((13, State.ACCEPTED, {}), (9, State.CONTACTED, {})),
    ),
    (9, "Early Head Start, Prairie", "Somebody to ask, and later a place while I am at work.", ()),
    (3, "Parents as Teachers at Harbor", "To know that we are doing well.", ((1, State.RECEIVED, {}),)),
    (0, "Food shelf at the pier", "Enough until Friday.", ()),
)


def make(network: Any, *, size: int, seed: int, said: Any) -> None:
    """Refer families of Luz, each once. A course that fits none whom she served so long is left out; a large network needs none."""
    luz = network.actor("luz") if size <= SMALL else None
    if luz is None:
        return
    listings, referred = {row.name: row for row in Listing.objects.all()}, set[Any]()
    for ago, name, hopes, answers in COURSES:
        with clock.at(clock.now() - timedelta(days=ago)):
            found = _whom_it_fits(luz.person, listings[name], referred)
            if found is None:
                continue
            referred.add(found[0].pk)
            row = _refer(luz, *found, listings[name], hopes, is_sent=ago > 0)
        for days, to, words in answers:
            with clock.at(clock.now() - timedelta(days=days)):
                on = clock.today(settings.INSTALLATION.zone)
                named = {one: on + timedelta(days=words[one]) for one in DAYS if one in words}
                actions.note_step(luz, referral=row, to=to, on=on, **{**words, **named})


def _whom_it_fits(worker: Any, listing: Listing, referred: set[Any]) -> tuple[Episode, Person] | None:
    """A family that is served on this day and was not referred yet, and its first adult, for whom this is open or to be asked."""
    on = clock.today(settings.INSTALLATION.zone)
    serving = Assignment.in_force(on).filter(worker=worker).exclude(episode__in=referred).values("episode")
    rows = Episode.objects.filter(pk__in=serving).select_related("dyad__child", "organization")
    for episode in rows.order_by("created_at", "pk"):
        about = next((one.person for one in adults(episode, on)), None)
        if about is not None:
            known = queries.known(episode, about, on, reads_answers=True)
            board = queries.fitting(known, on, [Offers(listing.offers)])
            if any(one.listing.id == listing.pk for one in (*board.now, *board.ask)):
                return episode, about
    return None


def _refer(luz: Any, episode: Episode, about: Person, listing: Listing, hopes: str, *, is_sent: bool) -> Referral:
    """She agrees, for herself, and is referred; a draft waits for her to agree."""
    row = actions.draft(luz, episode=episode, about=about, to_call=about, listing=listing, hopes=hopes)
    if not is_sent:
        return row
    today = clock.today(episode.organization.zone)
    agreed = consents.Consent(
        about=about.pk,
        about_child=False,
        recipient=listing.provider_name,
        purpose=Purpose.CARE,
        kinds=TOLD,
        days=Days(today),
        given_by=Holder(about.pk, about.name, SELF, None),
        since=today,
        until=today + timedelta(days=HOLDS),
        paper="In the family’s folder",
        covered=True,
    )
    families.agree(luz, episode=episode, person=about, agreed=agreed, language="en", interpreter=False, edition="1")
    return actions.send(luz, referral=row)
