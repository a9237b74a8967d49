"""Two people save the same in the same moment: the second hears it in a sentence."""

from __future__ import annotations

import pytest

from inmind.access import act
from inmind.access.actors import operator
from inmind.foundation.errors import Taken
from inmind.people.models import Organization
from tests import make

pytestmark = pytest.mark.django_db


def test_a_second_row_where_there_can_be_one_is_refused_with_a_sentence() -> None:
    """The check before saving saw nothing, and the database held the line."""
    network = make.make_network()

    def work(_: object) -> None:
        Organization.objects.create(name=network.agencies[0].name, zone="America/Chicago")

    with pytest.raises(Taken) as refused:
        act._perform(operator("tests"), "access.demo_link", work, "", "", None, {})
    assert "Somebody saved the same" in refused.value.in_english()
