"""What follows when somebody's roles end: her devices take nothing along any more."""

from __future__ import annotations

from inmind.access.act import Act
from inmind.access.models import Account
from inmind.away import actions, queries
from inmind.away.models import Device
from inmind.foundation.events import RoleEnded


def cut_off_who_left(act: Act, event: RoleEnded) -> None:
    """Whoever holds no role any more that takes families along; her devices are told at their next contact."""
    for account in Account.objects.filter(person=event.person):
        if not queries.may_still(account):
            for device in Device.objects.filter(account=account, cut_off_at__isnull=True).order_by("pk"):
                actions.cut_off(act, device=device, why=Device.Why.ROLES_ENDED)
