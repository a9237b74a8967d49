"""The services of a family as its holding map draws them: those that run, and those that were asked for and have not come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.components import Service
from inmind.services.matches.queries import referrals
from inmind.services.referrals import worklist
from inmind.services.referrals.referral import State
from inmind.services.running.models import ServiceEpisode


def drawn(actor: Actor, episode: Episode, on: date, child_only: bool) -> Iterator[Service]:
    """What this actor may see of them; what a family carries there itself waits for nobody. child_only: no adult's."""
    if not policy.can(actor, "services.see_referral", episode):
        return
    child = episode.dyad.child_id
    sent = [row for row in referrals(episode.pk) if row.sent_on and not row.stands.is_over]
    asked = [row for row in sent if row.about_id == child or not child_only]
    hidden, unnamed = worklist.unnamed(actor, asked), _("a program")
    begun = {
        row.pk: (unnamed if row.pk in hidden else row.listing.name, row.state_on)
        for row in asked
        if row.stands is State.STARTED
    }
    if policy.can(actor, "services.see_service", episode):
        running = ServiceEpisode.objects.filter(episode=episode, since__lte=on, until__isnull=True)
        for one in running.order_by("since", "pk"):
            if one.about_id == child or not child_only:
                begun[one.referral_id or one.pk] = (unnamed if one.referral_id in hidden else one.name, one.since)
    for name, since in sorted(begun.values(), key=lambda one: one[1]):
        yield Service(name, _("since %(day)s") % {"day": clock.day(since)}, runs=True)
    for row in sorted(asked, key=lambda row: row.sent_on or on):
        if row.stands is not State.STARTED and not row.by_family and row.sent_on is not None:
            days = max(0, (on - row.sent_on).days)
            words = ngettext("asked on %(day)s, waiting %(n)s day", "asked on %(day)s, waiting %(n)s days", days)
            yield Service(
                unnamed if row.pk in hidden else row.listing.name, words % {"day": clock.day(row.sent_on), "n": days}
            )
