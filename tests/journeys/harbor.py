"""An agency on its first day, for the stories that begin after it: made once through actions, then copied.

How people are invited, come by their letters and enrol is told, and looked at, by the first story (`test_first_family`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from tests.journeys.installation import House

HARBOR = "Harbor Family Services"
ZONE = "America/Chicago"
WORKERS = {
    "Luz": "home_visitor",
    "Ana": "home_visitor",
    "Pat": "family_service_coordinator",
    "Dana": "clinician",
    "Noor": "clinician",
}
BEGIN = """
from inmind import cli
cli.set_up()
from tests.journeys import harbor
harbor.first_day()
"""
LATER = """
import sys
from inmind import cli
cli.set_up()
from tests.journeys import harbor
harbor.goes_on(float(sys.argv[1]))
"""


@dataclass(frozen=True, slots=True)
class Harbor:
    """The house that is served, and its people's devices."""

    house: House
    signed_in: dict[str, Any]
    device: Callable[..., Any]

    def enter(self, name: str) -> Any:
        """The page of Robin (administrator), Ngozi (supervisor), Luz, Ana, Pat, Dana or Noor, who is signed in."""
        page = self.device(storage_state=self.signed_in[name])
        page.goto(f"{self.house.address}/today/")
        return page

    def later(self, span: timedelta) -> Harbor:
        """The same house, served again when so much time has passed: whoever was signed in comes in anew."""
        self.house.stop()
        sessions = json.loads(self.house.does(LATER, str(span.total_seconds())))
        self.house.serve()
        return replace(self, signed_in=kept_by(sessions))


def harbor_begins(house: House) -> dict[str, Any]:
    """Robin makes the agency and invites Ngozi, who invites the others; all have come in. What their browsers keep."""
    said = ("--profile", "network", "--name", "Coastal Network", "--state", "TX", "--zone", ZONE)
    house.begin(*said, "--admin-name", "Robin Vance")
    return kept_by(json.loads(house.does(BEGIN)))


def kept_by(sessions: dict[str, str]) -> dict[str, Any]:
    """What the browser of each keeps, whose session has this key."""
    cookie = {"name": "inmind_session", "domain": "localhost", "path": "/", "httpOnly": True, "sameSite": "Lax"}
    return {name: {"cookies": [{**cookie, "value": key}], "origins": []} for name, key in sessions.items()}


def first_day() -> None:
    """Inside the house: the agency and its people, enrolled by the pages, and by name the session of each.

    Their invitations have left, and not into the outbox: a story reads the letters of its own day.
    """
    from django.test.utils import setup_test_environment

    from inmind.access import actions
    from inmind.access.models import Account
    from inmind.access.tests import coming_in
    from inmind.jobs import runner
    from tests import make

    setup_test_environment()
    robin = make.Worker(Account.objects.get(), None)
    agency = make.make_network(HARBOR).agencies[0]
    everybody = {"Robin": robin}
    for name, role in {"Ngozi": "agency_supervisor", **WORKERS}.items():
        account = actions.invite(
            everybody.get("Ngozi", robin).actor,
            organization=agency,
            given_name=name,
            family_name="Example",
            address=f"{name.lower()}@example.org",
            username="",
            role=role,
        )
        everybody[name] = make.Worker(account, agency)
    runner.run_due()
    clients = {name: coming_in.enrolled(coming_in.with_password(worker.account)) for name, worker in everybody.items()}
    print(json.dumps({name: client.session.session_key for name, client in clients.items()}))


def goes_on(seconds: float) -> None:
    """Inside the house: from now on it tells a story (`access/telling.py`), which stands so much later. By name the session of
    each who has an account."""
    from inmind.access.models import Account, InstallationMark
    from inmind.foundation import clock
    from tests import make

    stands = clock.now() + timedelta(seconds=seconds)
    make.together(lambda act: InstallationMark.objects.update(is_demo=True, told_at=stands))
    with clock.at(stands):
        accounts = Account.objects.select_related("person")
        print(json.dumps({one.person.given_name: make.signed_in(one).session.session_key for one in accounts}))
