"""Found an installation: its mark, the organization that runs it, its first administrator; in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from inmind.access import actions, guard, triggers
from inmind.access.act import Act, action
from inmind.access.models import RoleAssignment, SignInLink
from inmind.access.tables import Layout
from inmind.people.models import Organization


@action("access.found")
def found(
    act: Act,
    *,
    name: str,
    zone: str,
    username: str,
    given_name: str,
    family_name: str,
    address: str,
    demo: bool = False,
    told_at: datetime | None = None,
) -> str:
    """Keep the mark, the organization and the administrator. Returns the secret of her one-time link, shown once.

    Whoever founds an association keeps it, too, until somebody else does: nobody else is there who could give that role.

    told_at: the moment at which the story of a demonstration begins.
    """
    actions.mark(act, is_demo=demo, told_at=told_at)
    is_association = settings.INSTALLATION.profile == "association"
    kind = Organization.Kind.ASSOCIATION if is_association else Organization.Kind.NETWORK
    house = Organization.objects.create(name=name, kind=kind, zone=zone)
    account = actions.invite(
        act,
        organization=house,
        given_name=given_name,
        family_name=family_name,
        address=address,
        username=username,
        role="administrator",
    )
    if is_association:
        RoleAssignment.objects.create(
            account=account, role="association_coordinator", organization=house, since=act.today()
        )
    return actions.secret_link(act, account, SignInLink.Purpose.INVITATION)


@contextmanager
def whole_or_nothing() -> Iterator[None]:
    """Leave the database without a row when the work within fails or is stopped: half a demonstration looks like one.

    For a database that was empty before, and is nobody's but ours.
    """
    try:
        yield
    except BaseException:
        connection.close()  # whatever it was in the middle of
        with guard.permit("migrations"), connection.constraint_checks_disabled(), transaction.atomic():
            triggers.remove(connection)
            layout = Layout()
            layout.empty()
            layout.set_counters()
            if connection.vendor == "sqlite":  # its counters go on, and the trail would seem to lack what is gone
                with connection.cursor() as cursor:
                    cursor.execute("DELETE FROM sqlite_sequence")
        triggers.install(connection)
        (settings.INSTALLATION.home / "keys" / "heads.log").unlink(missing_ok=True)  # heads of a trail that is gone
        raise
