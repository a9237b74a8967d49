"""`python -m bench.ground.worklists`: the seconds of processor and the questions that pages of what is due cost in this house,
as JSON. On PostgreSQL, what its server took for them is counted too."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from inmind import cli

cli.set_up()

from django.core.paginator import Paginator  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.ground.lists import _actor, _big_tables, _read_whole  # noqa: E402
from inmind.access import guard, policy  # noqa: E402
from inmind.access.actors import operator  # noqa: E402
from inmind.access.models import Account  # noqa: E402
from inmind.demo.network import batch  # noqa: E402
from inmind.families.models import Episode  # noqa: E402
from inmind.foundation import clock  # noqa: E402
from inmind.foundation.models import keep_together  # noqa: E402
from inmind.screening import due  # noqa: E402
from inmind.screening.schedule import State  # noqa: E402
from inmind.services.models import Listing, Referral  # noqa: E402
from inmind.services.referrals import worklist  # noqa: E402

OPEN = (State.OVERDUE, State.DUE)
TIMES = 21


def main() -> None:
    if connection.vendor == "postgresql":
        with guard.permit("migrations"), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    big = _big_tables()
    print(json.dumps([_measured(name, ask, big) for name, ask in _pages().items()]))


def _pages() -> dict[str, Callable[[], Any]]:
    visitor, supervisor = _actor("luz"), _actor("okafor")

    def page(actor: Any, states: tuple[State, ...], **where: Any) -> Callable[[], Any]:
        return lambda: due.page(actor, due.episodes_of(actor), states, **where)

    deep: dict[str, Any] = {}
    for _ in range(8):
        deep = page(supervisor, OPEN, **deep)().following or deep
    referrals = _referrals(supervisor)
    return {
        "referrals under way, an agency's first page of ten thousand": referrals,
        "what is due, a home visitor's first page": page(visitor, OPEN),
        "what is due, an agency's first page": page(supervisor, OPEN),
        "what is due, an agency's ninth page": page(supervisor, OPEN, **deep),
        "what is found nowhere, a whole search": page(supervisor, (State.DONE,)),
    }


def _referrals(actor: Any) -> Callable[[], Any]:
    """The page of an agency with ten thousand referrals under way: its rows and how many pages there are."""
    episodes = list(
        policy.visible(actor, Episode.objects.all(), worklist.VERB).values_list("pk", "dyad__child")[:10_000]
    )
    agency = Episode.objects.get(pk=episodes[0][0]).organization
    worker = Account.objects.get(username="luz").person_id
    day = clock.today(agency.zone)

    def make(_act: Any) -> None:
        listing = Listing.objects.filter(keeper=agency).first() or Listing.objects.first()
        rows = [
            Referral(
                about_id=child,
                episode_id=pk,
                to_call_id=child,
                listing=listing,
                recipient=listing.provider_name,
                purpose="care",
                by_family=True,
                worker_id=worker,
                state="sent",
                state_on=day,
                sent_on=day,
                answer_by=day + timedelta(days=number % 60),
            )
            for number, (pk, child) in enumerate(episodes)
        ]
        keep_together(rows)

    batch(operator("bench"), network_key="bench", work=make)

    def page() -> Any:
        shown = Paginator(worklist.listed(actor), worklist.ON_A_PAGE).get_page(1)
        return worklist.rows_of(shown), shown.paginator.num_pages

    return page


def _processor() -> float:
    """Seconds of processor that this process took so far, and the server's for its connection; the wall's seconds, which are
    never fewer, where the server is not seen from here."""
    taken = time.process_time()
    if connection.vendor != "postgresql":
        return taken
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    seen = Path(f"/proc/{pid}/stat")
    if not seen.exists():
        return time.perf_counter()
    fields = seen.read_text().rsplit(")", 1)[1].split()
    return taken + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _measured(name: str, ask: Callable[[], Any], big: set[str]) -> dict[str, Any]:
    ask()
    began = _processor()
    for _ in range(TIMES):
        ask()
    took = (_processor() - began) / TIMES
    with CaptureQueriesContext(connection) as questions:
        ask()
    whole = [f"{', '.join(sorted(read & big))} by {sql}" for sql, read in _read_whole(ask) if read & big]
    return {"page": name, "seconds": took, "questions": len(questions), "whole": whole}


if __name__ == "__main__":
    main()
