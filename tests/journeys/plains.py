"""An association on its first day, where no family is kept, for the stories of the profession: made once, then copied."""

from __future__ import annotations

import json
from typing import Any

from tests.journeys.harbor import ZONE, kept_by
from tests.journeys.installation import House

PLAINS = "Plains Association for Infant Mental Health"
COORDINATOR, MEMBERS = "Marisol", ("Luz", "Noor", "Ana")
BEGIN = """
from inmind import cli
cli.set_up()
from tests.journeys import plains
plains.first_day()
"""


def plains_begins(house: House) -> dict[str, Any]:
    """Robin invites Marisol, who keeps the association and invites its members. What their browsers keep."""
    said = ("--profile", "association", "--name", PLAINS, "--state", "NE", "--zone", ZONE)
    house.begin(*said, "--admin-name", "Robin Vance")
    return kept_by(json.loads(house.does(BEGIN)))


def first_day() -> None:
    """Inside the house: its people, and by name the session of each. Their invitations have left already."""
    from django.test.utils import setup_test_environment

    from inmind.access import actions
    from inmind.access.models import Account
    from inmind.access.queries import actor_for
    from inmind.access.tests import coming_in
    from inmind.jobs import runner
    from inmind.people.models import Organization

    setup_test_environment()
    home = Organization.objects.get()
    accounts = {"Robin": Account.objects.get()}
    for name in (COORDINATOR, *MEMBERS):
        giver = accounts.get(COORDINATOR, accounts["Robin"])
        accounts[name] = actions.invite(
            actor_for(giver, second_factor=True),
            organization=home,
            given_name=name,
            family_name="Example",
            address=f"{name.lower()}@example.org",
            username="",
            role="association_coordinator" if name == COORDINATOR else "practitioner",
        )
    runner.run_due()
    clients = {name: coming_in.enrolled(coming_in.with_password(account)) for name, account in accounts.items()}
    print(json.dumps({name: client.session.session_key for name, client in clients.items()}))
