"""Who comes in, in the tests of signing in. Read before Django is set up, so what needs Django is imported when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from inmind.access.models import Account


@pytest.fixture
def luz(db: Any) -> Account:
    """A home visitor with a password."""
    return _with_password("home_visitor", "Luz Ortega")


@pytest.fixture
def steward(db: Any, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Somebody whose role sees no name and gives no role, and so comes in with one factor."""
    from inmind.access.roles import ROLES

    monkeypatch.setattr(ROLES["administrator"], "gives_roles", False)
    return _with_password("administrator", "Ada Finch")


def _with_password(role: str, name: str) -> Account:
    from inmind.access.tests.coming_in import with_password
    from tests import make

    return with_password(make.make_worker(role, name=name).account)
