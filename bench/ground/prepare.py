"""`python -m bench.ground.prepare SCREENS USERS`: begin screens and sign a worker in so often; says how as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from itertools import cycle, islice

from inmind import cli

cli.set_up()

from django.conf import settings  # noqa: E402

from bench.ground import plain  # noqa: E402
from inmind.access.models import Account  # noqa: E402
from inmind.access.queries import FACTORS, FACTORS_OF, actor_for  # noqa: E402
from inmind.families import queries as families  # noqa: E402
from inmind.foundation import clock  # noqa: E402
from inmind.screening import actions, paper  # noqa: E402
from inmind.screening.adapters.catalog import catalog  # noqa: E402
from tests import make  # noqa: E402

INSTRUMENT = "epds"


def main(screens: int, users: int) -> None:
    plain.make_table()
    account = Account.objects.get(username="luz")
    instrument = catalog().named(INSTRUMENT)
    calm = paper.marked(instrument, make.calm_answers(INSTRUMENT))
    said = {"screens": _begun(account, screens), "sessions": [_session(account) for _ in range(users)], "answers": calm}
    print(json.dumps(said))


def _begun(account: Account, count: int) -> list[str]:
    """Open screens of the adults whom this worker serves, begun on her behalf."""
    luz = actor_for(account, second_factor=True)
    today = clock.today(settings.INSTALLATION.zone)
    adults = [(episode, families.adults(episode, today)[0].person) for episode in families.caseload(luz)]
    begun: list[str] = []

    def begin(act: make.Act) -> None:
        hers = replace(act, actor=luz)
        for episode, subject in islice(cycle(adults), count):
            one = actions.begin(
                hers, episode=episode, subject=subject, instrument=catalog().named(INSTRUMENT), on=today
            )
            begun.append(str(one.pk))

    make.together(begin)
    return begun


def _session(account: Account) -> str:
    """A session that has signed in with both factors, as the sign-in pages leave it."""
    client = make.signed_in(account)
    session = client.session
    del session[make.BOTH_FACTORS]
    session[FACTORS_OF] = str(account.pk)
    session[FACTORS] = [{"method": "mfa", "type": "totp", "at": clock.now().timestamp()}]
    session.save()
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
