"""What became of the sessions of a service, as a file for somebody outside says it: the day, and who cancelled.

Why it did not come about is for those who serve the family, and a note is theirs alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inmind.access.consents import KINDS, Kind
from inmind.foundation.registries import Line, ToldOutside, Wanted, house
from inmind.foundation.values import N_
from inmind.services import outside
from inmind.services.adapters.catalog import programs
from inmind.services.listings.listing import Offers
from inmind.services.running.attendance import State
from inmind.services.running.models import ServiceSession

BECAME: dict[str, str] = {
    State.ATTENDED: N_("A session of %(n)s minutes with %(place)s took place."),
    State.BY_FAMILY: N_("A session with %(place)s was planned; the family cancelled it."),
    State.BY_PROGRAM: N_("A session with %(place)s was planned; the program cancelled it."),
    State.OTHER: N_("A session with %(place)s was planned; weather, or something that nobody chose, came between."),
    State.NO_ONE_CAME: N_("A session with %(place)s was planned; nobody was met."),
}


def offer() -> None:
    house.offer(
        ToldOutside("services.sessions", Kind.VISITS, 25, sessions),
        ToldOutside("services.early_sessions", Kind.EARLY_INTERVENTION, 65, early_sessions),
    )


def sessions(wanted: Wanted) -> Iterator[Line]:
    """The sessions of this person's services; what is only planned has no line."""
    return _sessions(wanted, Kind.VISITS)


def early_sessions(wanted: Wanted) -> Iterator[Line]:
    """The same of early intervention and of the school district, under the law of these."""
    return _sessions(wanted, Kind.EARLY_INTERVENTION)


def _sessions(wanted: Wanted, kind: Kind) -> Iterator[Line]:
    of = {"service__episode": wanted.episode, "service__about": wanted.person, "on__range": (wanted.first, wanted.last)}
    rows = ServiceSession.objects.filter(**of, state__in=BECAME).select_related("service__listing", "worker")
    for one in rows.order_by("on", "pk"):
        service, program = one.service, programs().get(one.service.program)
        offers = service.listing.offers if service.listing else Offers.PROGRAM
        category = program.category if program else ""
        if outside.kind_of(offers, service.program, category, Kind.VISITS) is not kind:
            continue
        words = _(BECAME[one.state])
        named, unnamed = (
            words % {"n": one.minutes, "place": place} for place in (service.name, _(outside.instead(offers, category)))
        )
        source = _("written down by %(who)s") % {"who": one.worker.name}
        yield Line(one.on, named, source, KINDS[kind].field, KINDS[kind].regime, service.name, unnamed)
