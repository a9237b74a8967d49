"""Where members are written to: changed by themselves with a letter, by the coordinator where nobody signs in, never taken over."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access.actors import VISITOR
from inmind.access.models import Account, AuditEntry, SignInLink
from inmind.association import actions, queries
from inmind.association.actions.mails import may_be_written_to
from inmind.association.models import MailChange, Member
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.foundation.registries import house
from inmind.jobs.runner import run_due
from inmind.messages.models import Letter
from inmind.people.models import Contact, Person
from inmind.records import actions as records
from tests import make

pytestmark = pytest.mark.django_db
NEW = "luz.new@example.org"


@pytest.fixture
def keeper(db: Any) -> make.Worker:
    return make.make_worker("association_coordinator")


@pytest.fixture
def luz(keeper: make.Worker) -> Member:
    """A member whose invitation nobody has opened."""
    return make.make_member(keeper, name="Luz Ortega", mail="luz@example.org")


def mails(member: Member) -> list[str]:
    rows = Contact.in_use(person=member.person, channel="mail", safe=True).order_by("created_at")
    return list(rows.values_list("address", flat=True))


def own(member: Member, address: str = "luz@example.org") -> Contact:
    return Contact.objects.get(person=member.person, address=address)


def comes_in(member: Member) -> None:
    """As if they had signed in once."""

    def work(_act: Any) -> None:
        Account.objects.filter(person=member.person).update(last_login=clock.now())

    make.together(work)


def letters() -> list[tuple[str, str]]:
    """The templates of letters to mailboxes, with the address they go to."""
    rows = Letter.objects.filter(to=None, about_kind="mail_change").order_by("created_at", "pk")
    return [(one.template, json.loads(one.facts or "{}").get("address", "")) for one in rows]


def secret() -> str:
    row = Letter.objects.filter(template="mail_confirm").latest("created_at")
    return str(json.loads(row.facts or "{}")["confirm"])


def fresh(member: Member) -> Member:
    return Member.objects.select_related("association", "person").get(pk=member.pk)


def test_a_member_changes_the_address_and_the_new_mailbox_confirms_it(luz: Member) -> None:
    """Asked on the page; nothing changes before the link is used; then the old address is told, and links there open nothing."""
    client = make.client_of(luz.person)
    comes_in(luz)
    page = client.get(reverse("member_mail", args=[luz.pk])).content.decode()
    assert "luz@example.org" in page
    typed = {"key": fresh_key(), "version": fresh(luz).version, "mail": NEW, "replaces": str(own(luz).pk)}
    answer = client.post(reverse("member_mail", args=[luz.pk]), typed, follow=True)
    assert "A letter waits in the new mailbox" in answer.content.decode()
    assert mails(luz) == ["luz@example.org"]
    assert letters() == [("mail_confirm", NEW)]
    link = secret()
    address = reverse("mail_by_letter", args=[link])
    nobody = Client()
    assert "Yes, this is my address" in nobody.get(address).content.decode()
    assert mails(luz) == ["luz@example.org"]  # opening it changes nothing
    for _click in range(2):
        assert "Thank you" in nobody.post(address, {"key": fresh_key()}).content.decode()
    assert mails(luz) == [NEW]
    assert letters()[1:] == [("mail_before", "luz@example.org")]
    assert not SignInLink.objects.filter(account__person=luz.person, used_at=None).exists()
    assert link not in str(list(MailChange.objects.values()))
    entry = AuditEntry.objects.filter(verb="association.confirm_mail", outcome="done").first()
    assert entry is not None


def test_a_link_to_confirm_is_over_after_its_days_and_when_asked_anew(luz: Member) -> None:
    """And the page says nothing of whose it was."""
    act = make.actor_of(luz.person)
    actions.ask_mail(act, member=luz, mail=NEW, replaces=own(luz))
    first = secret()
    actions.ask_mail(act, member=fresh(luz), mail="other@example.org", replaces=own(luz))
    answer = Client().post(reverse("mail_by_letter", args=[first]), {"key": fresh_key()})
    assert answer.status_code == 410
    assert "Luz" not in answer.content.decode()
    with pytest.raises(NotNow, match="over"):
        actions.confirm_mail(VISITOR, secret="nothing")
    assert mails(luz) == ["luz@example.org"]


def test_nobody_floods_a_mailbox_with_letters_to_confirm(luz: Member) -> None:
    """Three a day."""
    act = make.actor_of(luz.person)
    for number in range(3):
        actions.ask_mail(act, member=fresh(luz), mail=f"n{number}@example.org")
    with pytest.raises(NotNow, match="enough"):
        actions.ask_mail(act, member=fresh(luz), mail="n4@example.org")


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        pytest.param("luz at example", "not an email address", id="no address"),
        pytest.param("LUZ@example.org", "already", id="the one that is there, in other letters"),
        pytest.param("a@example.org, b@example.org", "not an email address", id="two at once"),
    ],
)
def test_what_is_no_new_address_is_refused(luz: Member, typed: str, says: str) -> None:
    """By whoever it is said."""
    with pytest.raises(BadInput, match=says):
        actions.ask_mail(make.actor_of(luz.person), member=luz, mail=typed)


def test_the_coordinator_puts_the_address_right_of_who_never_came_in(keeper: make.Worker, luz: Member) -> None:
    """The old one is told, the new one too; the invitation goes there, and the one before opens nothing any more."""
    run_due()
    client = keeper.client
    page = client.get(reverse("member", args=[luz.pk])).content.decode()
    assert reverse("member_mail_change", args=[luz.pk]) in page
    typed = {"key": fresh_key(), "version": fresh(luz).version, "mail": NEW, "replaces": str(own(luz).pk)}
    client.post(reverse("member_mail_change", args=[luz.pk]), typed)
    assert mails(luz) == [NEW]
    assert letters() == [("mail_before", "luz@example.org"), ("mail_now", NEW)]
    assert not SignInLink.objects.filter(account__person=luz.person, used_at=None).exists()
    run_due()
    waits = SignInLink.objects.get(account__person=luz.person, used_at=None)
    assert waits.purpose == SignInLink.Purpose.INVITATION


def test_a_coordinator_takes_over_no_account(keeper: make.Worker, luz: Member) -> None:
    """Of who has signed in: neither by the page nor by the action, nor by letting letters go to another mailbox. The sentence
    says who may."""
    comes_in(luz)
    shared = _shared_mailbox(luz)
    client = keeper.client
    typed = {"key": fresh_key(), "version": fresh(luz).version, "mail": NEW, "replaces": str(own(luz).pk)}
    answer = client.post(reverse("member_mail_change", args=[luz.pk]), typed, follow=True)
    assert "Only they can change it" in answer.content.decode()
    with pytest.raises(NotNow, match="signs in here"):
        actions.change_mail(keeper.actor, member=fresh(luz), mail=NEW)
    with pytest.raises(NotNow, match="signs in here"):
        actions.allow_mail(keeper.actor, member=fresh(luz), contact=shared)
    with pytest.raises(Refused):
        actions.ask_mail(keeper.actor, member=fresh(luz), mail=NEW)
    assert mails(luz) == ["luz@example.org"]


def test_an_account_that_opens_more_than_the_membership_is_not_redirected(keeper: make.Worker) -> None:
    """A home visitor who is invited by an agency and has not come in yet; and another coordinator."""
    for role in ("home_visitor", "association_coordinator"):
        worker = make.make_worker(role, None if role == "home_visitor" else keeper.agency)
        level = make.make_level(keeper, name=f"For {role}")
        day = clock.today(make.ZONE)
        actions.take_in(
            keeper.actor,
            association=keeper.agency,
            person=worker.person,
            level=level,
            since=day - timedelta(9),
            until=day + timedelta(90),
        )
        member = Member.objects.get(person=worker.person)
        with pytest.raises(NotNow, match="opens more"):
            actions.change_mail(keeper.actor, member=member, mail=NEW)


def test_ways_that_an_agency_keeps_for_a_family_are_not_shown_nor_changed(
    keeper: make.Worker, luz: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where somebody may safely be written to is not an association's to read."""
    monkeypatch.setattr(house, "serving", [lambda ids: {luz.person_id: {keeper.agency}}])
    page = keeper.client.get(reverse("member", args=[luz.pk])).content.decode()
    assert "luz@example.org" not in page
    assert "kept elsewhere in this house" in page
    with pytest.raises(NotNow, match="kept elsewhere"):
        actions.change_mail(keeper.actor, member=luz, mail=NEW)
    out = b"".join(keeper.client.get(reverse("members_export"))).decode()
    assert "Luz" in out
    assert "luz@example.org" not in out
    assert out.splitlines()[0].endswith("agencies,labels,account")


def _shared_mailbox(member: Member) -> Contact:
    """An address that came with an export and that several have."""
    found: list[Contact] = []

    def work(act: Any) -> None:
        person = Person.objects.get(pk=member.person_id)
        found.append(records.keep_contact(act, person=person, channel="mail", address="office@example.org", safe=None))

    make.together(work)
    return found[0]


def test_a_shared_mailbox_is_seen_and_used_once_somebody_says_so(keeper: make.Worker, luz: Member) -> None:
    """Letters wait until then; who reads it, too, is told to the coordinator and not to a member."""
    ana = make.make_member(keeper, name="Ana Gray", mail="office@example.org")
    shared = _shared_mailbox(luz)
    page = keeper.client.get(reverse("member", args=[luz.pk])).content.decode()
    assert "Ana Gray reads this mailbox, too." in page
    assert "Letters wait" in page
    assert ana.person.name in queries.mailboxes_of(luz)[-1].shared_with
    keeper.client.post(reverse("member_mail_allow", args=[luz.pk]), {"key": fresh_key(), "contact": str(shared.pk)})
    assert mails(luz) == ["luz@example.org", "office@example.org"]
    with pytest.raises(NotNow, match="already"):
        actions.allow_mail(keeper.actor, member=fresh(luz), contact=own(luz))
    seen = make.client_of(luz.person).get(reverse("member", args=[luz.pk])).content.decode()
    assert "office@example.org" in seen
    assert "Ana Gray" not in seen


def test_an_address_that_takes_no_letters_is_seen_until_another_one_is_said(keeper: make.Worker, luz: Member) -> None:
    """On the page and in the list."""

    def fails(act: Any) -> None:
        row = Letter.objects.create(to=luz.person, template="dues_end", facts="{}")
        row.failed_at, row.problem = act.now, "not_taken"
        row.save()

    make.make_member(keeper, name="Ana Gray")
    make.together(fails)
    listed = keeper.client.get(reverse("members"), {"look": "bounced"}).content.decode()
    assert "Luz Ortega" in listed
    assert "Ana Gray" not in listed
    assert "did not arrive" in keeper.client.get(reverse("member", args=[luz.pk])).content.decode()
    actions.change_mail(keeper.actor, member=fresh(luz), mail=NEW, replaces=own(luz))
    assert not queries.bounced().exists()
    seen = make.client_of(luz.person).get(reverse("member", args=[luz.pk])).content.decode()
    assert NEW in seen
    assert "did not arrive" not in seen
    assert "Luz Ortega" not in keeper.client.get(reverse("members"), {"look": "bounced"}).content.decode()


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("role", ["association_coordinator", "agency_supervisor", "administrator", "practitioner"])
def test_nobody_else_says_where_a_member_is_written_to(luz: Member, role: str) -> None:
    """Another association's coordinator, an employer, whoever runs the house, another member."""
    at = make.make_association("Hills Association") if role == "association_coordinator" else None
    other = make.make_worker(role, at)
    for route in ("member_mail", "member_mail_change"):
        assert other.client.get(reverse(route, args=[luz.pk])).status_code == 403
    for work in (actions.ask_mail, actions.change_mail):
        with pytest.raises(Refused):
            work(other.actor, member=luz, mail=NEW)


def test_an_address_beside_the_old_one_is_told_to_the_old_one(luz: Member) -> None:
    """Letters to the second one open the same account."""
    actions.ask_mail(make.actor_of(luz.person), member=luz, mail=NEW)
    actions.confirm_mail(VISITOR, secret=secret())
    assert mails(luz) == ["luz@example.org", NEW]
    assert letters()[1:] == [("mail_before", "luz@example.org")]
    assert json.loads(Letter.objects.get(template="mail_before").facts or "{}")["stays"]


def test_an_address_that_comes_with_an_export_opens_no_account_that_is_anothers(luz: Member) -> None:
    """Of who has come in, it waits for their own word; of who never did, it is used."""
    assert may_be_written_to(luz, True) is True
    assert may_be_written_to(luz, None) is None
    comes_in(luz)
    assert may_be_written_to(luz, True) is None
