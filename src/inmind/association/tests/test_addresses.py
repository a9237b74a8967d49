"""Who may say where somebody is written to."""

from __future__ import annotations

import pytest

from inmind.association.addresses import Holder, check_kept_here
from inmind.foundation.errors import NotNow


@pytest.mark.parametrize(
    ("holder", "says"),
    [
        pytest.param(Holder(has_come_in=True), "signs in here", id="who has come in by an account"),
        pytest.param(Holder(opens_more=True), "opens more", id="an account that opens more than the membership"),
        pytest.param(Holder(is_served=True), "kept elsewhere", id="whose family an agency serves"),
        pytest.param(
            Holder(has_come_in=True, is_served=True), "kept elsewhere", id="both: nothing of the account is told"
        ),
    ],
)
def test_a_coordinator_takes_over_no_account_by_changing_an_address(holder: Holder, says: str) -> None:
    """Letters to an address open the account: who has one changes it alone."""
    with pytest.raises(NotNow, match=says):
        check_kept_here(holder)


def test_the_address_of_who_has_opened_nothing_is_put_right_by_the_coordinator() -> None:
    """An invitation to a misspelled address would wait for ever."""
    check_kept_here(Holder())
