"""What is one's own beside a seat: what one says of oneself, and the address of one's calendar."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from inmind.access import vault
from inmind.access.act import Act, action
from inmind.access.privacy import stop_if_erased
from inmind.foundation.errors import NotNow
from inmind.foundation.values import N_
from inmind.learning.trainings import self_said
from inmind.learning.trainings.models import FeedKey, SaidOfSelf


@action("learning.say_of_self")
def say_of_self(act: Act, *, races: Sequence[str], languages: Sequence[str]) -> SaidOfSelf:
    """Say something about oneself, or say nothing any more (both empty)."""
    if act.actor.person is None:
        raise NotNow(N_("Only a person says something about themselves."))
    stop_if_erased([act.actor.person])
    row = SaidOfSelf.objects.filter(person=act.actor.person).first() or SaidOfSelf(person_id=act.actor.person)
    row.edition, row.on = self_said.EDITION, act.today()
    row.races = self_said.joined(races, self_said.RACES)
    row.languages = self_said.joined(languages, self_said.LANGUAGES)
    row.save()
    return row


@action("learning.feed")
def make_feed(act: Act) -> str:
    """A fresh secret for the address of one's own calendar; the address before opens nothing any more."""
    if act.actor.person is None:
        raise NotNow(N_("Only a person has a calendar of their own."))
    secret = secrets.token_urlsafe(32)
    row = FeedKey.objects.filter(person=act.actor.person).first() or FeedKey(person_id=act.actor.person)
    row.secret_hash = hash_of(secret)
    row.save()
    return secret


def hash_of(secret: str) -> str:
    return vault.keyed_hash("own calendar", secret.encode())
