"""`python -m bench.ground.readers USERS EACH`: sign home visitors in, with families to open and to register and a screen, as JSON."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

from inmind import cli

cli.set_up()

from django.conf import settings  # noqa: E402

from bench.ground.prepare import _begun, _session  # noqa: E402
from inmind.access.models import Account, RoleAssignment  # noqa: E402
from inmind.access.queries import actor_for  # noqa: E402
from inmind.families import queries as families  # noqa: E402
from inmind.families.invented import FAMILY, GIVEN  # noqa: E402
from inmind.foundation import clock  # noqa: E402
from inmind.people.models import Person  # noqa: E402


def main(users: int, each: int) -> None:
    today = clock.today(settings.INSTALLATION.zone)
    held = RoleAssignment.today(today).filter(role="home_visitor").values("account")
    random = Random(1)
    readers: list[Any] = []
    for account in Account.objects.filter(pk__in=held, is_active=True).order_by("created_at", "pk"):
        own = [str(one.dyad_id) for one in families.caseload(actor_for(account, second_factor=True))[:each]]
        if own:
            forms = [_form(random) for _ in range(each)]
            screen, session = _begun(account, 1)[0], _session(account)
            some = list(islice(cycle(own), each))
            readers.append({"session": session, "families": some, "forms": forms, "screen": screen})
        if len(readers) == users:
            break
    print(json.dumps({"people": Person.objects.count(), "readers": readers}))


def _form(random: Random) -> dict[str, str]:
    """A family as it is typed; the names are as common as in the demonstration, so that others may be alike."""
    born = clock.today(settings.INSTALLATION.zone) - timedelta(days=random.randrange(10, 700))
    family = random.choice(FAMILY)
    return {
        "arrival": "born",
        "child_given_name": random.choice(GIVEN),
        "child_family_name": family,
        "birth_date": born.isoformat(),
        "given_name": random.choice(GIVEN),
        "family_name": family,
        "part": "mother",
        "language": "en",
        "phone": f"555{random.randrange(10**7):07}",
        "others": "1",  # those who are alike were looked at, and it is somebody else
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
