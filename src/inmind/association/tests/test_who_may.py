"""Who may see and change what of a member: role and relation in, yes or the sentence out."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access import policy
from inmind.access.actors import VISITOR, Actor, by_office_link
from inmind.access.profession_words import ASSOCIATION_REFUSED
from inmind.association import actions
from inmind.association.models import Member
from inmind.foundation.errors import Refused
from tests import make

pytestmark = pytest.mark.django_db

# Whose it is, the coordinator of that association; nobody else, whatever they run and wherever the member works.
OWN = (
    "see_membership",
    "renew",
    "leave",
    "change_name",
    "change_agencies",
    "keep_entry",
    "choose_letters",
    "take_back",
)
KEPT = ("note_member", "end_membership", "change_level_of", "see_members", "export_members")
BOTH = {"see_membership", "renew", "change_name", "change_agencies", "take_back"}
WHO = {
    "self": set(OWN),
    "coordinator here": {*KEPT, *BOTH},
    "coordinator of another association": set(),
    "another member": set(),
    "supervisor where she works": set(),
    "privacy officer where she works": set(),
    "administrator": set(),
    "data steward": set(),
    "visitor": set(),
    "agency by its link": set(),
}


@pytest.fixture
def there(db: Any) -> tuple[Member, dict[str, Actor]]:
    """A member who works at an agency, and each of those who might ask."""
    keeper = make.make_worker("association_coordinator")
    agency = make.make_network().agencies[0]
    member = make.make_member(keeper, name="Luz Ríos")
    actions.change_agencies(make.actor_of(member.person), member=member, joins=agency.name)
    elsewhere = make.make_worker("association_coordinator", make.make_association("Hills Association"))
    link, _secret, _code = make.make_office_link("places", member.pk)
    member.refresh_from_db()
    return member, {
        "self": make.actor_of(member.person),
        "coordinator here": keeper.actor,
        "coordinator of another association": elsewhere.actor,
        "another member": make.actor_of(make.make_member(keeper).person),
        "supervisor where she works": make.make_worker("agency_supervisor", agency).actor,
        "privacy officer where she works": make.make_worker("privacy_officer", agency).actor,
        "administrator": make.make_network().admin.actor,
        "data steward": make.make_worker("data_steward").actor,
        "visitor": VISITOR,
        "agency by its link": by_office_link(link.pk, link.organization_id),
    }


def test_member_data_by_role_and_relation(there: tuple[Member, dict[str, Actor]]) -> None:
    """The truth table: yes, or a sentence that names what would make it possible; and lists say the same."""
    member, actors = there
    for who, actor in actors.items():
        for name in (*OWN, *KEPT):
            verb = f"association.{name}"
            verdict = policy.can(actor, verb, member)
            assert bool(verdict) == (name in WHO[who]), (who, verb)
            seen = policy.visible(actor, Member.objects.filter(pk=member.pk), verb).exists()
            assert seen == bool(verdict), (who, verb)
            if not verdict:
                assert verdict.sentence, (who, verb)
    assert "Nobody where somebody works sees it." in ASSOCIATION_REFUSED["association.see_membership"]


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("role", ["agency_supervisor", "administrator", "data_steward", "privacy_officer"])
def test_no_employer_opens_a_members_page(there: tuple[Member, dict[str, Actor]], role: str) -> None:
    """An agency's supervisor or administrator sees nothing of anybody's membership (`protect.md` 13)."""
    member, _actors = there
    at = make.make_network().agencies[0] if role in {"agency_supervisor", "privacy_officer"} else None
    client = make.make_worker(role, at).client
    for route in ("member", "member_name", "member_entry"):
        answer = client.get(reverse(route, args=[member.pk]))
        assert answer.status_code == 403
        assert "Luz" not in answer.content.decode()
    assert "Luz" not in client.get(reverse("members"), follow=True).content.decode()


def test_nobody_acts_for_a_member_by_an_action_either(there: tuple[Member, dict[str, Actor]]) -> None:
    """What the pages refuse, the actions refuse."""
    member, actors = there
    for who, actor in actors.items():
        if who not in ("self", "coordinator here"):
            with pytest.raises(Refused):
                actions.change_name(actor, member=member, given_name="Else", family_name="")
            with pytest.raises(Refused):
                actions.end_membership(actor, member=member, note="Else")
    assert Client().get(reverse("member", args=[member.pk])).status_code == 302


def test_a_coordinator_gives_only_the_roles_of_an_association(there: tuple[Member, dict[str, Actor]]) -> None:
    """The form of the invitation offers what its inviter may give, and nothing of an agency or of the house."""
    keeper = make.make_worker("association_coordinator")
    page = keeper.client.get(f"{reverse('invite')}?organization={keeper.agency.pk}").content.decode()  # type: ignore[union-attr]
    assert 'value="practitioner"' in page
    assert 'value="administrator"' not in page
    assert 'value="home_visitor"' not in page
    assert 'value="data_steward"' not in page
