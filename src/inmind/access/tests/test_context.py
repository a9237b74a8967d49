"""What every page is given."""

from __future__ import annotations

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def test_the_name_of_the_agency_stands_at_the_top_where_the_rooms_leave_it_room_and_in_the_persons_menu_always() -> (
    None
):
    """Who keeps an association has many rooms: its long name would push the menu onto a second line of the page."""
    many = make.make_worker("association_coordinator")
    few = make.make_worker("privacy_officer")
    crowded, free = (who.client.get("/today/").content.decode() for who in (many, few))
    assert '<span class="agency">' not in crowded and make.make_association().name in crowded
    assert '<span class="agency">' in free
