"""The screens of a demonstration, whatever its size and seed."""

from __future__ import annotations

import pytest

from inmind.demo.network import Network
from inmind.screening import demo
from inmind.screening.models import Screen
from tests import make

pytestmark = pytest.mark.django_db


def test_nobody_screens_before_she_serves() -> None:
    """A family that came today was refused a screen of nine days ago, and the whole demonstration with it."""
    harbor = make.make_network()
    luz = make.make_worker("home_visitor", name="Luz Ibarra")
    make.make_on_call()
    families = [make.make_family(luz, child=f"{name} Ñúñez", age_months=2) for name in ("Ana", "Bao", "Eli")]
    network = Network(harbor.house, harbor.agencies, {"luz": luz.account, luz.account.username: luz.account})
    demo.make(network, size=len(families), seed=7, said=None)
    screened = set(Screen.objects.values_list("episode", flat=True))
    assert {families[0].episode.pk, families[2].episode.pk} <= screened
    assert all(screen.on >= screen.episode.since for screen in Screen.objects.select_related("episode"))
