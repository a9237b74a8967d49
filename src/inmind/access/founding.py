"""Found an installation: its mark, the organization that runs it, its first administrator; in one transaction."""

from __future__ import annotations

from inmind.access import actions
from inmind.access.act import Act, action
from inmind.access.models import SignInLink
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
) -> str:
    """Keep the mark, the organization and the administrator. Returns the secret of her one-time link, shown once."""
    actions.mark(act, is_demo=demo)
    house = Organization.objects.create(name=name, kind=Organization.Kind.NETWORK, zone=zone)
    account = actions.invite(
        act,
        organization=house,
        given_name=given_name,
        family_name=family_name,
        address=address,
        username=username,
        role="administrator",
    )
    return actions.secret_link(act, account, SignInLink.Purpose.INVITATION)
