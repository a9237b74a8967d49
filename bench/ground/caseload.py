"""`python -m bench.ground.caseload FAMILIES`: put one home visitor on the care teams of so many families; her session, as JSON."""

from __future__ import annotations

import json
import sys

from inmind import cli

cli.set_up()

from django.conf import settings  # noqa: E402

from bench.ground.prepare import _session  # noqa: E402
from inmind.access.models import Account, RoleAssignment  # noqa: E402
from inmind.access.queries import actor_for  # noqa: E402
from inmind.families import actions  # noqa: E402
from inmind.families.models import Episode  # noqa: E402
from inmind.foundation import clock  # noqa: E402


def main(wanted: int) -> None:
    held = RoleAssignment.today(clock.today(settings.INSTALLATION.zone))
    coordinator = Account.objects.get(pk=held.filter(role="family_service_coordinator").values("account")[:1])
    agency = held.get(account=coordinator, role="family_service_coordinator").organization
    worker = Account.objects.get(pk=held.filter(role="home_visitor", organization=agency).values("account")[:1])
    serving = Episode.objects.filter(organization=agency, until=None)
    own = serving.filter(assignments__worker=worker.person).distinct()
    actor = actor_for(coordinator, second_factor=True)
    for episode in serving.exclude(pk__in=own).order_by("pk")[: max(0, wanted - own.count())]:
        actions.join_team(actor, episode=episode, worker=worker.person)
    print(json.dumps({"families": own.count(), "session": _session(worker)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
