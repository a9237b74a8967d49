"""Members who came in with a file come to an account: invited one by one, all together, or by asking to join."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access.models import Account
from inmind.association.models import Level, Member
from inmind.association.moving import actions as moving
from inmind.association.moving.models import ContactRow
from inmind.association.moving.tests.test_moving import look, rows, take
from inmind.association.tests.test_membership import asks, letter_link, letters, sent, spring, typed
from inmind.foundation.forms import fresh_key
from inmind.jobs.runner import run_due
from inmind.messages.models import Letter
from inmind.people.models import Contact, Person
from inmind.records.models import Pair
from tests import make

pytestmark = pytest.mark.django_db
__all__ = ("sent", "spring")
UNTIL = "Individual,Active,2025-01-01,2027-01-01"
ROWS = rows(
    f"1,Ada,Stone,ada@x.org,,{UNTIL}",
    f"2,Bea,Lake,home@x.org,,{UNTIL}",
    f"3,Cal,Marsh,home@x.org,,{UNTIL}",
    f"4,Dot,Field,,,{UNTIL}",
    "5,Eli,Brook,eli@x.org,,Individual,Lapsed,2023-01-01,2024-01-01",
)


@pytest.fixture
def ana() -> make.Worker:
    keeper = make.make_worker("association_coordinator", name="Ana Keeper")
    make.make_level(keeper)
    sheet = take(keeper, look(keeper, ROWS))
    level = str(Level.objects.get().pk)
    for number in ContactRow.objects.filter(sheet=sheet, verdict="doubtful").values_list("number", flat=True):
        said = {"what": "new", "level": level, "since": "2025-01-01", "until": "2027-01-01", "key": fresh_key()}
        assert keeper.client.post(f"/association/moving/{sheet.pk}/rows/{number}/", said).status_code == 302
    moving.close_moving(keeper.actor, sheet=sheet)
    run_due()
    return keeper


def member(name: str) -> Member:
    return Member.objects.select_related("association", "person").get(person__given_name=name)


def page_of(name: str) -> str:
    return reverse("member", args=[member(name).pk])


def invite(client: Client, name: str, **said: Any) -> str:
    page = reverse("member_invite", args=[member(name).pk])
    return client.post(
        page, {"key": fresh_key(), "version": member(name).version, **said}, follow=True
    ).content.decode()


def come_in(sent: list[Any], where: str = "sign-in/link") -> Client:
    """Whoever holds the newest letter opens its link, and signs in."""
    client, link = Client(), letter_link(sent, where)
    assert client.get(link).status_code == 200
    assert client.post(link, {"key": fresh_key()}).status_code == 302
    return client


def test_an_imported_member_is_invited_from_her_page_and_signs_in_as_herself(ana: make.Worker, sent: list[Any]) -> None:
    """No second person: the account is that of the member, with the role practitioner. A second tab writes nothing more."""
    assert "They have no account yet" in ana.client.get(page_of("Ada")).content.decode()
    people = Person.objects.count()
    for _tab in range(2):
        answer = invite(ana.client, "Ada")
    assert "An invitation left within the last day" in answer
    run_due()
    assert Person.objects.count() == people
    account = Account.objects.get(person=member("Ada").person)
    assert [one.role for one in account.roles.all()] == ["practitioner"]
    (letter,) = [one for one in sent if one.to == ["ada@x.org"]]
    assert "Hello Ada" in letter.body and "Stone" not in letter.body
    assert "The invitation: " in ana.client.get(page_of("Ada")).content.decode()
    client = come_in(sent)
    shown = client.get(reverse("membership"), follow=True).content.decode()
    assert "Paid through" in shown and "Your membership" in shown
    shown = ana.client.get(page_of("Ada")).content.decode()
    assert "They have signed in." in shown and "Send the invitation" not in shown


def test_all_without_an_account_are_invited_together_once(ana: make.Worker, sent: list[Any]) -> None:
    """The page says how many letters leave, to whom none does and why; asked again, nobody gets a second one."""
    page = reverse("members_invite")
    shown = ana.client.get(page).content.decode()
    assert "1 letter leaves" in shown
    assert re.search(r"<dt>2</dt><dd>No letter reaches them until somebody has asked", shown)
    assert re.search(r"<dt>1</dt><dd>No letter reaches them until an email address is known", shown)
    assert re.search(r"<dt>1</dt><dd>They have left, or their membership has lapsed", shown)
    for bea_and_cal in Contact.objects.filter(address="home@x.org"):
        make.together(lambda act, way=bea_and_cal: _asked(act, way))
    assert "3 letters leave" in ana.client.get(page).content.decode()
    before = len(letters("invitation"))
    for _twice in range(2):
        ana.client.post(page, {"key": fresh_key()})
    run_due()
    assert len(letters("invitation")) - before == 3, "one to a person"
    at_home = sorted(re.findall(r"Hello (\w+)\.", one.body)[0] for one in sent if one.to == ["home@x.org"])
    assert at_home == ["Bea", "Cal"]
    assert not [one for one in sent if "Lake" in one.body]
    assert "No letter would leave" in ana.client.get(page).content.decode()


def _asked(act: Any, way: Contact) -> None:
    way.safe = True
    way.save()


def test_whom_no_letter_reaches_is_said_on_the_page_and_found_in_the_list(ana: make.Worker) -> None:
    """A mailbox of two of whom nobody has asked; no address at all. Nothing can be sent there by a button."""
    shown = ana.client.get(page_of("Bea")).content.decode()
    assert "No letter reaches them until somebody has asked" in shown and "Invite to an account" not in shown
    assert "until an email address is known" in ana.client.get(page_of("Dot")).content.decode()
    assert "No letter reaches this member now" in invite(ana.client, "Bea")
    listed = ana.client.get(f"{reverse('members')}?look=letter").content.decode()
    assert re.findall(r'href="/members/[^"]+-[^"]+/">([^<]+)</a></span></th>', listed) == [
        "Dot Field",
        "Bea Lake",
        "Cal Marsh",
    ]
    why = {"none": ["Dot"], "unasked": ["Bea", "Cal"], "unsafe": [], "bounced": []}
    for reason, names in why.items():
        shown = ana.client.get(reverse("members"), {"look": reason}).content.decode()
        assert [name for name in ("Ada", "Bea", "Cal", "Dot") if f">{name} " in shown] == names, reason
    invite(ana.client, "Ada")
    assert "Ada Stone" not in ana.client.get(f"{reverse('members')}?look=account").content.decode()


def test_what_stood_in_the_file_and_cannot_be_read_stands_on_the_page(ana: make.Worker) -> None:
    """As it stood; nothing is ever sent there, and the same file once more adds nothing."""
    text = rows(f"6,Fay,Reed,fay at home,(402) 555-0134,{UNTIL}")
    level = str(Level.objects.get().pk)
    sheet = look(ana, text)
    (number,) = ContactRow.objects.filter(sheet=sheet, verdict="doubtful").values_list("number", flat=True)
    sheet = take(ana, sheet)
    said = {"what": "new", "level": level, "since": "2025-01-01", "until": "2027-01-01", "key": fresh_key()}
    assert ana.client.post(f"/association/moving/{sheet.pk}/rows/{number}/", said).status_code == 302
    moving.close_moving(ana.actor, sheet=sheet)
    run_due()
    look(ana, text)
    shown = ana.client.get(page_of("Fay")).content.decode()
    assert "could not be read: <q>fay at home</q>" in shown
    assert "(402) 555-0134" in shown and "nobody has asked yet whether it is safe to call" in shown
    assert "until an email address is known" in shown
    assert Contact.objects.filter(address="fay at home").count() == 1


def test_asking_to_join_brings_a_known_member_to_her_account(ana: make.Worker, sent: list[Any]) -> None:
    """Not a word on the page; one letter, one button, and she is in. The mailbox that she answered from is hers to be
    written to from then on."""
    level = Level.objects.get()
    ada = {"given_name": "Ada", "family_name": "Stone", "mail": "ada@x.org"}
    known, unknown = asks(level, **ada), asks(level, mail="new@example.org")
    token = re.compile(rb'csrfmiddlewaretoken" value="\w+"')
    assert token.sub(b"", known.content) == token.sub(b"", unknown.content)
    asks(level, given_name="Bea", family_name="Lake", mail="home@x.org")
    run_due()
    by = {one.to[0]: one for one in sent}
    assert not Account.objects.filter(person=member("Ada").person).exists(), "asking alone makes nothing"
    assert "You are a member there already, and have no account" in by["ada@x.org"].body
    for address, name in (("ada@x.org", "Ada"), ("home@x.org", "Bea")):
        client, link = Client(), letter_link([by[address]], "join/letter")
        assert "You are a member already" in client.get(link).content.decode()
        onward = client.post(link, {"key": fresh_key()})
        assert onward.status_code == 302 and "/sign-in/link/" in onward.url
        client.post(onward.url)
        assert "Paid through" in client.get(reverse("membership"), follow=True).content.decode()
        assert Contact.objects.get(person=member(name).person).safe is True
        again = Client().post(link, {"key": fresh_key()})
        assert "/sign-in/link/" not in again.headers.get("Location", ""), "the letter works once"
    assert Person.objects.filter(given_name__in=("Ada", "Bea")).count() == 2
    assert Contact.objects.get(person=member("Cal").person).safe is None


def test_who_has_an_account_is_sent_a_link_when_asking_to_join(ana: make.Worker, sent: list[Any]) -> None:
    """And nothing at all is written where she said that it is not safe."""
    invite(ana.client, "Ada")
    run_due()
    level, ada = Level.objects.get(), {"given_name": "Ada", "family_name": "Stone", "mail": "ADA@x.org"}
    sent.clear()
    asks(level, **ada)
    run_due()
    assert "This link signs you in once" in sent[-1].body
    assert come_in(sent).get(reverse("membership"), follow=True).status_code == 200
    there = Contact.objects.get(person=member("Ada").person)
    make.together(lambda act: _unsafe(act, there))
    before = Letter.objects.count()
    asks(level, **ada)
    assert Letter.objects.count() == before


def _unsafe(act: Any, way: Contact) -> None:
    way.safe = False
    way.save()


def test_inviting_a_known_member_on_people_offers_her_instead(ana: make.Worker) -> None:
    """The coordinator, who may see her, is asked first; the administrator, who may not, is told nothing and makes a pair that
    the data steward puts together."""
    page = f"{reverse('invite')}?organization={ana.agency.pk}"
    said = {"given_name": "Ada", "family_name": "Stone", "address": "ada@x.org", "username": "", "role": "practitioner"}
    form = {**said, "language": "en"}
    people = Person.objects.count()
    asked = ana.client.post(page, typed(ana.client, page, **form))
    assert asked.status_code == 409 and "Is it the same person?" in asked.content.decode()
    assert page_of("Ada") in asked.content.decode() and Person.objects.count() == people
    admin = make.make_network().admin.client
    assert admin.post(page, typed(admin, page, **form)).status_code == 302
    assert Person.objects.count() == people + 1
    run_due()
    ada = Member.objects.get(person__given_name="Ada").person_id
    assert Pair.objects.filter(one=ada).exists() or Pair.objects.filter(other=ada).exists()
    shown = ana.client.get(page_of_first("Ada")).content.decode()
    assert "There may be a second record of this person" in shown and "Whoever holds the role of data steward" in shown
    other = {**form, "address": "else@x.org"}
    assert ana.client.post(page, typed(ana.client, page, **other)).status_code == 302
    assert ana.client.post(page, typed(ana.client, page, anyway="yes", **form)).status_code == 302


def page_of_first(name: str) -> str:
    return reverse("member", args=[Member.objects.filter(person__given_name=name).order_by("created_at")[0].pk])
