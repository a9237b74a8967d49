"""A letter with a link to an adult of a family: sent again, or taken back, by those who serve her."""

from __future__ import annotations

from uuid import UUID

from inmind.access.act import Act, action
from inmind.families.actions.taking_part import check_taking_part
from inmind.families.models import Episode
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.messages import queries
from inmind.messages.models import Letter


@action("messages.send_again", on="episode")
def send_again(act: Act, *, episode: Episode, letter: UUID) -> None:
    """Send what a letter carries once more, by the ways that are safe then."""
    messages.send_again(act, _of(act, episode, letter))


@action("messages.take_back", on="episode")
def take_back(act: Act, *, episode: Episode, letter: UUID) -> None:
    """Let a letter's link open nothing any more. A letter that has not left never does."""
    messages.take_back(act, _of(act, episode, letter))


def _of(act: Act, episode: Episode, letter: UUID) -> Letter:
    row = queries.of_episode(episode.pk).filter(pk=letter).first()
    if row is None or row.to is None:
        raise BadInput(N_("This letter is not one of this family here."), N_("Choose one from the list."))
    check_taking_part(episode, row.to)
    act.concerns(row.link)
    return row
