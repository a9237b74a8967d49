"""Joining, renewing, leaving by oneself; an agency that pays; the directory; letters; each through the pages."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access.models import Account
from inmind.association import actions, offers, queries
from inmind.association.actions import joining
from inmind.association.directory import Audience
from inmind.association.models import Belonging, Bundle, Joining, Level, Member, Membership, Reminded
from inmind.association.standing import State
from inmind.foundation import clock
from inmind.foundation.errors import NotNow
from inmind.foundation.forms import fresh_key
from inmind.jobs.models import Job
from inmind.jobs.runner import run_due
from inmind.messages.adapters import mail
from inmind.messages.models import Letter
from inmind.money import actions as money
from inmind.money.models import Invoice
from inmind.people.models import Organization
from tests import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 5, 12, tzinfo=ZoneInfo(make.ZONE))
DAY = timedelta(days=1)


def at(day: date) -> Any:
    return clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(make.ZONE)))


@pytest.fixture(autouse=True)
def spring() -> Any:
    with clock.at(NOON):
        yield


@pytest.fixture
def ana() -> make.Worker:
    """The coordinator."""
    return make.make_worker("association_coordinator", name="Ana Keeper")


def typed(client: Client, page: str, **said: Any) -> dict[str, Any]:
    """A form of a page as a browser sends it: its hidden fields, and what somebody types."""
    html = client.get(page).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(key|version|level|seen)" value="([^"]+)"', html))
    return {**hidden, "key": fresh_key(), **said}


def letters(template: str) -> list[Letter]:
    return list(Letter.objects.filter(template=template).order_by("created_at", "pk"))


def letter_link(mailoutbox: list[Any], where: str) -> str:
    found = [link for one in mailoutbox for link in re.findall(rf"(/{where}/\S+/)", one.body)]
    assert found, [one.body for one in mailoutbox]
    return found[-1]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]) -> list[Any]:
    """Letters leave."""
    monkeypatch.setattr(mail, "is_demo", lambda: False)
    return mailoutbox


# Joining


def asks(level: Level, **said: Any) -> Any:
    client, page = Client(), reverse("join", args=[level.association_id])
    form = {"given_name": "Luz", "family_name": "Ríos", "mail": "luz@example.org", "level": str(level.pk), "site": ""}
    return client.post(page, typed(client, page, **form | said), follow=True)


def test_somebody_joins_by_a_letter_and_counts_once_the_dues_are_paid(ana: make.Worker, sent: list[Any]) -> None:
    """The public page, the letter's link, one button; then an account by invitation, and one bill."""
    level = make.make_level(ana)
    assert "Check your mail" in asks(level, agency="Harbor Family Services").content.decode()
    run_due()
    page = letter_link(sent, "join/letter")
    first, second = Client(), Client()
    assert "Yes, become a member" in first.get(page).content.decode()
    assert not Membership.objects.exists(), "opening it changes nothing: mail is opened by scanners first"
    for tab in (first, second, first):
        assert "it is written down" in tab.post(page, {"key": fresh_key()}).content.decode()

    row = Membership.objects.get()
    assert (row.period.since, row.until, row.cents) == (NOON.date(), date(2027, 1, 1), 6000)
    assert Invoice.objects.get().pk == row.invoice
    account = Account.objects.get(person=row.person)
    assert account.roles.get().role == "practitioner"
    assert Belonging.objects.get().agency == Organization.objects.get(name="Harbor Family Services")
    assert queries.members([row.person_id], NOON.date()) == frozenset()
    run_due()
    assert any("Open this link within seven days" in one.body for one in sent)
    for _twice in range(2):
        make.settle(row.invoice)
    assert queries.members([row.person_id], NOON.date()) == {row.person_id}
    assert "Paid through" in make.client_of(row.person).get(reverse("membership"), follow=True).content.decode()


def test_the_page_never_tells_that_an_address_is_a_members(ana: make.Worker, sent: list[Any]) -> None:
    """The same words; the letter alone says to sign in. Another name at a shared mailbox joins as itself."""
    level = make.make_level(ana)
    make.make_member(ana, name="Luz Ríos", mail="luz@example.org")
    known, unknown = asks(level), asks(level, mail="new@example.org")
    token = re.compile(rb'csrfmiddlewaretoken" value="\w+"')
    assert token.sub(b"", known.content) == token.sub(b"", unknown.content)
    assert known.redirect_chain == unknown.redirect_chain
    run_due()
    bodies = {one.to[0]: one.body for one in sent if "Joining" in one.subject}
    assert "/join/letter/" not in bodies["luz@example.org"]
    assert "/membership/" in bodies["luz@example.org"]
    assert "/join/letter/" in bodies["new@example.org"]
    asks(level, given_name="Rosa")
    assert Joining.objects.filter(mail="luz@example.org", used_at=None).count() == 1


def test_asking_again_and_again_fills_no_mailbox(ana: make.Worker) -> None:
    """Nor does a second letter make a second member."""
    level = make.make_level(ana)
    for _time in range(joining.AT_ONE_ADDRESS + 2):
        asks(level)
    assert len(letters("join")) == joining.AT_ONE_ADDRESS
    assert "over" in Client().get(reverse("join_by_letter", args=["not-a-secret"])).content.decode()
    assert asks(level, mail="x@example.org", site="http://spam.example").status_code == 200
    assert not Joining.objects.filter(mail="x@example.org").exists()


def test_a_level_that_is_closed_meanwhile_is_joined_by_nobody(ana: make.Worker, sent: list[Any]) -> None:
    """The letter's page says what it costs now; closed, it says so, and asks for nothing."""
    level = make.make_level(ana)
    asks(level)
    run_due()
    page = letter_link(sent, "join/letter")
    actions.change_level(ana.actor, level=level, cents=9000)
    assert "$90.00" in Client().get(page).content.decode()
    actions.change_level(ana.actor, level=level, is_open=False)
    answer = Client().post(page, {"key": fresh_key()})
    assert answer.status_code == 409
    assert "not open any more" in answer.content.decode()
    assert not Membership.objects.exists()


def test_a_fee_that_changes_while_the_page_is_open_is_charged_to_nobody_unseen(ana: make.Worker) -> None:
    """Joining and renewing say so, show what it costs now, and take it when it is sent once more."""
    level, luz = make.make_level(ana), make.make_worker("practitioner", ana.agency)
    member = make.make_member(ana, until=date(2026, 5, 20), level=level)
    join, own = reverse("join_as_oneself", args=[level.association_id]), reverse("member", args=[member.pk])
    hers = make.client_of(member.person)
    joining, renewing = typed(luz.client, join), typed(hers, own)
    actions.change_level(ana.actor, level=level, cents=9000)
    again = luz.client.post(join, joining)
    assert (again.status_code, "$90.00" in again.content.decode()) == (400, True)
    told = hers.post(reverse("member_renew", args=[member.pk]), renewing, follow=True).content.decode()
    assert "The levels have changed" in told
    assert "$90.00" in told
    assert not Invoice.objects.exists()
    (seen,) = re.findall(r'name="seen" value="(\w+)"', again.content.decode())
    luz.client.post(join, {**joining, "seen": seen})
    hers.post(reverse("member_renew", args=[member.pk]), typed(hers, own))
    assert set(Invoice.objects.values_list("cents_billed", flat=True)) == {9000}


def test_who_has_an_account_joins_with_it(ana: make.Worker) -> None:
    """A home visitor of an agency becomes a member without a second account; two tabs are one membership."""
    level, luz = make.make_level(ana), make.make_worker("home_visitor")
    client = make.client_of(luz.person)
    assert "You are not a member here yet" in client.get(reverse("membership")).content.decode()
    page = reverse("join_as_oneself", args=[level.association_id])
    for _tab in range(2):
        client.post(page, typed(client, page, level=str(level.pk)))
    assert Membership.objects.filter(person=luz.person).count() == 1
    assert Invoice.objects.count() == 1


# Renewing, changing, leaving


def test_one_confirmation_renews_and_a_double_click_is_charged_once(ana: make.Worker) -> None:
    """Two tabs and two clicks: one bill. It follows what was paid for to the day."""
    member = make.make_member(ana, until=date(2026, 5, 20))
    client, page = make.client_of(member.person), reverse("member", args=[member.pk])
    said = typed(client, page)
    other = typed(client, page)
    renew = reverse("member_renew", args=[member.pk])
    for form in (said, said, other):
        answer = client.post(renew, form, follow=True).content.decode()
    assert "bought already" in answer or "renewed" in answer
    row = Membership.objects.get(settled_on=None)
    assert (row.since, row.until) == (date(2026, 5, 20), date(2027, 1, 1))
    assert Invoice.objects.count() == 1
    assert "waits to be paid" in client.get(page).content.decode()

    client.post(reverse("member_take_back", args=[member.pk]), typed(client, page))
    row.refresh_from_db()
    assert row.ended_why == "not_paid"
    assert Invoice.objects.get().state == "cancelled"
    assert "Yes, renew" in client.get(page).content.decode()


def test_money_that_went_back_leaves_grace_and_no_more(ana: make.Worker) -> None:
    """A check that bounced: what it paid for counts for the days of grace that begin then."""
    level = make.make_level(ana, grace_days=10)
    row = actions.add_member(
        ana.actor, association=ana.agency, given_name="Luz", family_name="Ríos", mail="l@example.org", level=level
    )
    make.settle(row.invoice)
    with at(date(2026, 6, 1)):
        make.settle(row.invoice, went_back=True)
    assert queries.memberships_of([row.person_id])[row.person_id][-1].until == date(2026, 6, 11)
    make.settle(row.invoice)
    assert Member.objects.get(person=row.person).paid_until == date(2027, 1, 1)


@pytest.mark.parametrize("why", ["ended", "the check came back"])
def test_what_is_over_before_it_begins_never_counts(ana: make.Worker, why: str) -> None:
    """Next year's dues are paid early; then the membership is ended, or the money of both years is gone."""
    luz, row = joined(ana)
    make.settle(row.invoice)
    member = Member.objects.get(person=luz.person)
    after = actions.renew(luz.actor, member=member, level=row.level)
    make.settle(after.invoice)
    with at(date(2026, 6, 1)):
        if why == "ended":
            actions.end_membership(ana.actor, member=member, note="Asked by letter.")
        else:
            make.settle(row.invoice, went_back=True)
            make.settle(after.invoice, went_back=True)
    member.refresh_from_db()
    assert (member.paid_until, member.state(date(2026, 6, 1))) == (date(2026, 6, 1), State.LAPSED)
    assert queries.members([luz.person.pk], date(2026, 6, 1)) == frozenset()


def test_a_part_that_is_given_back_ends_nothing(ana: make.Worker) -> None:
    """What is asked for now is paid, so it counts as before."""
    luz, row = joined(ana)
    make.settle(row.invoice)
    money.refund(ana.actor, invoice=bill(row), cents=1000, method="cash", on=NOON.date(), why="Found a cheaper hall")
    run_due()
    assert queries.members([luz.person.pk], NOON.date()) == {luz.person.pk}


@pytest.mark.parametrize("is_paid", [True, False], ids=["given back whole", "cancelled before it was paid"])
def test_a_bill_that_is_asked_for_no_more_stands_in_nobodys_way(ana: make.Worker, is_paid: bool) -> None:
    """What it was for is over that day; her page asks her for nothing, and she may renew."""
    luz, row = joined(ana)
    if is_paid:
        make.settle(row.invoice)
        money.refund(ana.actor, invoice=bill(row), cents=6000, method="cash", on=NOON.date(), why="She asked for it")
    else:
        money.cancel(ana.actor, invoice=bill(row), why="She asked for it")
    run_due()
    member = Member.objects.get(person=luz.person)
    assert queries.members([luz.person.pk], NOON.date()) == frozenset()
    page = make.client_of(luz.person).get(reverse("member", args=[member.pk])).content.decode()
    assert "waits to be paid" not in page
    assert ("ended by the association" if is_paid else "taken back before it was paid") in page
    assert actions.renew(luz.actor, member=member, level=row.level).since == NOON.date()


def test_places_whose_bill_is_cancelled_hold_nobody(ana: make.Worker) -> None:
    """The agency never paid: no place of it is given any more, and whoever had one buys their own."""
    level = make.make_level(ana)
    bundle = actions.sell_places(ana.actor, association=ana.agency, agency="Harbor", level=level, places=2)
    luz, rosa = (make.make_member(ana, until=date(2026, 5, 20), level=level) for _ in range(2))
    actions.give_place(ana.actor, bundle=bundle, member=luz)
    money.cancel(ana.actor, invoice=bill(bundle), why="The agency closed")
    run_due()
    with pytest.raises(NotNow, match="over"):
        actions.give_place(ana.actor, bundle=bundle, member=rosa)
    assert "Give a place" not in make.client_of(ana.person).get(reverse("place", args=[bundle.pk])).content.decode()
    assert actions.renew(make.actor_of(luz.person), member=luz, level=level).since == date(2026, 5, 20)


def joined(ana: make.Worker) -> tuple[make.Worker, Membership]:
    """Somebody who has joined by herself, and what she is asked to pay for."""
    luz = make.make_worker("practitioner", ana.agency)
    return luz, actions.join_as_oneself(luz.actor, level=make.make_level(ana))


def bill(row: Membership | Bundle) -> Invoice:
    return Invoice.objects.get(pk=row.invoice)


def test_a_level_of_nothing_counts_at_once(ana: make.Worker) -> None:
    """Where a level costs nothing, nobody waits."""
    level, luz = make.make_level(ana, cents=0), make.make_worker("practitioner", ana.agency)
    actions.join_as_oneself(luz.actor, level=level)
    run_due()
    assert queries.members([luz.person.pk], NOON.date()) == {luz.person.pk}


def test_she_changes_her_name_and_her_agency_by_herself(ana: make.Worker) -> None:
    """Lists find both names. She works at two places, and leaves one."""
    member = make.make_member(ana, name="Luz Ríos")
    client = make.client_of(member.person)
    name, places = (reverse(f"member_{one}", args=[member.pk]) for one in ("name", "agencies"))
    client.post(name, typed(client, name, given_name="Luz", family_name="Ángel", was_right="on"))
    for place in ("Harbor Family Services", "Clínica del Lago"):
        client.post(places, typed(client, places, joins=place))
    there = list(Belonging.objects.filter(member=member, until=None).order_by("created_at"))
    assert [one.name for one in there] == ["Harbor Family Services", "Clínica del Lago"]
    client.post(places, typed(client, places, leaves=[str(there[0].pk)], joins=""))
    assert Belonging.objects.filter(until=None).get().name == "Clínica del Lago"
    keeper = make.client_of(ana.person)
    for words in ("angel", "RIOS luz"):
        assert "Luz Ángel" in keeper.get(reverse("members"), {"q": words}).content.decode()
    assert "Nobody is found" in keeper.get(reverse("members"), {"q": "nadie"}).content.decode()


def test_who_saves_second_loses_nothing_that_was_typed(ana: make.Worker) -> None:
    """The coordinator saved meanwhile: both are told, and what she typed is still there."""
    member = make.make_member(ana, name="Luz Ríos")
    client, page = make.client_of(member.person), reverse("member_name", args=[member.pk])
    said = typed(client, page, given_name="Lucía", family_name="Ríos")
    actions.note_member(ana.actor, member=member, note="Called.")
    answer = client.post(page, said)
    assert answer.status_code == 409
    assert "Lucía" in answer.content.decode()


def test_who_leaves_keeps_what_is_paid_for(ana: make.Worker) -> None:
    """Out of the directory, no letters; a member until the end; and welcome back."""
    member = make.make_member(ana, until=date(2026, 5, 25))
    client, page = make.client_of(member.person), reverse("member_leave", args=[member.pk])
    assert "runs to its end" in client.post(page, typed(client, page), follow=True).content.decode()
    assert queries.members([member.person_id], date(2026, 5, 24)) == {member.person_id}
    assert run_reminders() == []
    with pytest.raises(NotNow):
        actions.leave(make.actor_of(member.person), member=member)
    level = Level.objects.get()
    actions.renew(make.actor_of(member.person), member=member, level=level)
    member.refresh_from_db()
    assert member.left_on is None


def test_the_coordinator_ends_changes_level_and_notes(ana: make.Worker) -> None:
    """Each with its own page; an end says why, and counts to its day."""
    member = make.make_member(ana)
    student = make.make_level(ana, name="Student", cents=2000)
    client = make.client_of(ana.person)
    level, note, end = (reverse(f"member_{one}", args=[member.pk]) for one in ("level", "note", "end"))
    client.post(level, typed(client, level, level=str(student.pk)))
    member.refresh_from_db()
    assert member.level == student
    assert member.paid_until == NOON.date() + 200 * DAY
    assert len(queries.memberships_of([member.person_id])[member.person_id]) == 1, "without a seam"
    client.post(note, typed(client, note, note="Prefers to be called."))
    assert "Prefers to be called." in client.get(reverse("member", args=[member.pk])).content.decode()
    assert client.post(end, typed(client, end, note=".")).status_code == 400
    client.post(end, typed(client, end, note="Asked by letter."))
    member.refresh_from_db()
    assert "Asked by letter." in member.note
    assert member.state(NOON.date()) is State.LAPSED


# Levels


def test_a_change_of_a_rule_is_seen_on_the_real_members_before_it_holds(ana: make.Worker) -> None:
    """Whom it touches and by how much; nothing holds until it is switched on; what is paid for stays."""
    level = make.make_level(ana)
    members = [make.make_member(ana, level=level, name=f"Member {word}") for word in ("One", "Two")]
    before = list(Membership.objects.order_by("pk").values())
    client, page = make.client_of(ana.person), reverse("level", args=[level.pk])
    said = {"name": "Individual", "fee": "65", "rule": "calendar", "years": 1, "begins_month": 7, "begins_day": 1}
    said |= {"grace_days": 0, "seats": 1, "is_open": "on", "cut_off_month": "", "cut_off_day": ""}
    shown = client.post(page, typed(client, page, **said)).content.decode()
    assert "The next renewals of 2 members would be different." in shown
    assert "2 would pay more." in shown
    assert "Member Two" in shown
    assert "$65.00" in shown
    level.refresh_from_db()
    assert level.cents == 6000
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown))
    client.post(page, form)
    level.refresh_from_db()
    assert (level.cents, level.begins_month) == (6500, 7)
    assert list(Membership.objects.order_by("pk").values()) == before
    assert members[0].paid_until == Member.objects.get(pk=members[0].pk).paid_until


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"fee": "1.200"}, "two ways"),
        ({"cut_off_month": "2", "cut_off_day": "30"}, "no such day"),
        ({"cut_off_month": "2"}, "A month and a day"),
        ({"rule": "fixed"}, "first day is missing"),
        ({"name": "…"}, "name is missing"),
        ({"fee": "20000"}, "This fee cannot be"),
    ],
    ids=lambda one: "" if isinstance(one, str) else str(one),
)
def test_a_level_that_cannot_be_is_told_and_stays_typed(ana: make.Worker, said: dict[str, str], words: str) -> None:
    """What was found, what is expected; nothing typed is lost."""
    client, page = make.client_of(ana.person), reverse("level_add")
    known = {"name": "Individual", "fee": "60", "rule": "calendar", "years": 1, "begins_month": 1, "begins_day": 1}
    known |= {"grace_days": 0, "seats": 1, "name_es": "Persona"}
    answer = client.post(page, typed(client, page, **known | said))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "Persona" in answer.content.decode()


# Agencies that pay


def test_an_agency_pays_for_twelve_and_one_leaves(ana: make.Worker, sent: list[Any]) -> None:
    """One bill to the agency, twelve memberships; who leaves keeps hers to its end, and the agency reads her name no more."""
    level, client = make.make_level(ana), make.client_of(ana.person)
    page = reverse("place_add")
    said = {"agency": "Harbor Family Services", "places": 12, "level": str(level.pk), "mail": "pay@harbor.example"}
    client.post(page, typed(client, page, **said, purchase_order="PO 4711"))
    bundle = Bundle.objects.get()
    bill = Invoice.objects.get()
    assert (bill.payer_organization, bill.cents_billed, bill.reference) == (bundle.agency, 72000, "PO 4711")
    own = make.make_member(ana, name="Luz Ríos", mail="luz@example.org", until=date(2026, 5, 20))
    give = reverse("place_give", args=[bundle.pk])
    for number in range(11):
        form = {"key": fresh_key(), "given_name": f"Worker{number}", "mail": f"place{number}@example.org"}
        assert client.post(give, form).status_code == 302
    form = {"key": fresh_key(), "given_name": "Luz", "family_name": "Ríos", "mail": "LUZ@example.org"}
    client.post(give, form)
    assert bundle.given.get(person=own.person).since == date(2026, 5, 20), "what she paid for herself runs first"
    again = client.post(give, {**form, "key": fresh_key(), "given_name": "Thirteenth", "mail": "13@example.org"})
    assert "Every place is given" in again.content.decode()
    assert queries.members(bundle.given.values_list("person", flat=True), NOON.date()) == {own.person_id}
    make.settle(bundle.invoice)
    assert len(queries.members(bundle.given.values_list("person", flat=True), NOON.date())) == 12

    run_due()
    outside = Client()
    names = outside.get(letter_link(sent, "o"), follow=True).content.decode()
    assert "Luz Ríos" in names
    assert "luz@example.org" not in names
    order = reverse("agency_dues_order")
    link = re.search(r'name="(\w+)" value="([0-9a-f-]{36})"', names)
    assert link
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', names))
    outside.post(order, {**fields, "purchase_order": "PO 4712"})
    bundle.refresh_from_db()
    assert bundle.purchase_order == "PO 4712"

    hers, places = make.client_of(own.person), reverse("member_agencies", args=[own.pk])
    there = Belonging.objects.get(member=own)
    hers.post(places, typed(hers, places, leaves=[str(there.pk)], joins="Prairie Early Years"))
    after = outside.get(reverse("agency_dues")).content.decode()
    assert "Luz" not in after
    assert "1 place went to somebody who no longer works with you." in after
    assert queries.memberships_of([own.person_id])[own.person_id][-1].until == date(2027, 1, 1)
    assert "Harbor Family Services" in hers.get(reverse("member", args=[own.pk])).content.decode(), "her history"


def test_a_place_given_by_mistake_is_free_again(ana: make.Worker) -> None:
    """Taken back by one button, and given to whom it was meant for; who left on her own keeps hers."""
    level, client = make.make_level(ana), make.client_of(ana.person)
    page = reverse("place_add")
    said = {"agency": "Harbor Family Services", "places": 1, "level": str(level.pk), "mail": "pay@harbor.example"}
    client.post(page, typed(client, page, **said))
    bundle = Bundle.objects.get()
    make.settle(bundle.invoice)
    give = reverse("place_give", args=[bundle.pk])
    client.post(give, {"key": fresh_key(), "given_name": "Zoe", "family_name": "Park", "mail": "zoe@example.org"})
    zoe = Member.objects.get(person__given_name="Zoe")
    back = reverse("place_take_back", args=[bundle.pk, zoe.pk])
    other = make.make_worker("association_coordinator", make.make_association("Hills Association"))
    assert other.client.post(back, {"key": fresh_key()}).status_code == 403
    assert queries.members([zoe.person_id], NOON.date())
    key = fresh_key()
    for _twice in range(2):
        shown = client.post(back, {"key": key}, follow=True).content.decode()
    assert "1 place is free" in shown
    assert not queries.members([zoe.person_id], NOON.date())
    assert "has no place here any more" in client.post(back, {"key": fresh_key()}, follow=True).content.decode()
    client.post(give, {"key": fresh_key(), "given_name": "Ada", "family_name": "Park", "mail": "ada@example.org"})
    ada = Member.objects.get(person__given_name="Ada")
    actions.end_membership(ana.actor, member=ada, note="moved away")
    shown = client.get(reverse("place", args=[bundle.pk])).content.decode()
    assert "ended; the place is used up" in shown
    assert "is free" not in shown


# The directory


def test_the_directory_shows_what_was_chosen_to_whom_it_was(ana: make.Worker) -> None:
    """Off until she says otherwise; field by field; found without accents; and by nothing that she hides."""
    luz, rosa = (make.make_member(ana, name=name) for name in ("Luz Ángel", "Rosa Lee"))
    public, inside = (reverse(one, args=[luz.association_id]) for one in ("directory_public", "directory"))
    hers = make.client_of(luz.person)
    assert "Luz" not in Client().get(public).content.decode()
    page = reverse("member_entry", args=[luz.pk])
    said = {
        "audience": "public",
        "shows": ["city", "languages"],
        "city": "León",
        "languages": ["es"],
        "offers": "Groups",
    }
    hers.post(page, typed(hers, page, **said))
    shown = Client().get(public, {"q": "leon ANGEL"}).content.decode()
    assert "Luz Ángel" in shown
    assert "Español" in shown
    assert "Luz" not in Client().get(public, {"q": "groups"}).content.decode(), "what she hides finds nobody"
    hers.post(page, typed(hers, page, **said | {"audience": "members"}))
    assert "Luz" not in Client().get(public).content.decode()
    assert "Luz Ángel" in make.client_of(rosa.person).get(inside).content.decode()
    stranger = make.make_worker("home_visitor")
    assert "Luz" not in make.client_of(stranger.person).get(inside).content.decode()
    with at(date(2027, 6, 1)):
        assert "Luz Ángel" not in make.client_of(ana.person).get(inside).content.decode(), "lapsed"


def test_the_directory_finds_by_what_it_shows_now(ana: make.Worker) -> None:
    """A name and an agency that were said anew, in every association; never by the name that was."""
    luz = make.make_member(ana, name="Luz Ríos")
    hills = make.make_worker("association_coordinator", make.make_association("Hills Association"))
    level = make.make_level(hills)
    year = {"since": date(2026, 1, 1), "until": date(2026, 7, 1)}
    actions.take_in(hills.actor, association=hills.agency, person=luz.person, level=level, **year)
    there = Member.objects.get(association=hills.agency)
    hers, shows = make.actor_of(luz.person), ["agency"]
    actions.keep_entry(hers, member=there, audience=Audience.PUBLIC, shows=shows)
    actions.change_name(hers, member=luz, given_name="Max", family_name="Otero", was_right=False)
    bundle = actions.sell_places(hills.actor, association=hills.agency, agency="Harbor", level=level, places=1)
    actions.give_place(hills.actor, bundle=bundle, member=there)
    page = reverse("directory_public", args=[hills.agency.pk])  # type: ignore[union-attr]
    found = {
        word: "Max Otero" in Client().get(page, {"q": word}).content.decode() for word in ("rios", "otero", "harbor")
    }
    assert found == {"rios": False, "otero": True, "harbor": True}


# Letters


def run_reminders() -> list[Letter]:
    """What the clock's job writes."""
    before = {one.pk for one in Letter.objects.all()}
    offers.remind(Job(kind=offers.REMIND, payload={}))
    return [one for one in Letter.objects.filter(template__startswith="dues_").order_by("pk") if one.pk not in before]


def test_letters_come_before_at_the_end_and_last_once_each(ana: make.Worker, sent: list[Any]) -> None:
    """And say on the member's page what became of each."""
    level = make.make_level(ana, grace_days=30)
    member = make.make_member(ana, until=date(2026, 6, 1), level=level)
    found = []
    for day in range(70):
        with at(NOON.date() + day * DAY):
            found += [(one.template, NOON.date() + day * DAY) for one in run_reminders()]
            if found or day % 10 == 0:
                run_reminders()
    assert found == [
        ("dues_before", date(2026, 5, 5)),
        ("dues_end", date(2026, 6, 1)),
        ("dues_last", date(2026, 6, 24)),
    ]
    run_due()
    told = make.client_of(ana.person).get(reverse("member", args=[member.pk])).content.decode()
    assert "Early reminder" in told
    assert "Left by email on" in told
    assert any("/membership/" in one.body for one in sent)


def test_one_button_in_the_letter_stops_what_nothing_hangs_on(ana: make.Worker, sent: list[Any]) -> None:
    """Opening it changes nothing; the letter at the end still comes; and the page says why the early one did not."""
    level = make.make_level(ana, grace_days=30)
    member = make.make_member(ana, until=date(2026, 6, 1), level=level)
    run_reminders()
    run_due()
    page = letter_link(sent, "letters/stop")
    assert "Stop them" in Client().get(page).content.decode()
    member.refresh_from_db()
    assert not member.stops_letters
    assert "They are stopped." in Client().post(page, {"key": fresh_key()}).content.decode()
    with at(date(2026, 6, 1)):
        (end,) = run_reminders()
        run_due()
    assert end.template == "dues_end"
    assert "/letters/stop/" not in sent[-1].body
    assert Client().get(reverse("stop_letters", args=["not-a-secret"])).status_code == 410
    other = make.make_member(ana, until=date(2026, 6, 1), level=level)
    actions.choose_letters(make.actor_of(other.person), member=other, wanted=False)
    assert run_reminders() == []
    assert (
        "Early reminders were stopped"
        in make.client_of(ana.person).get(reverse("member", args=[other.pk])).content.decode()
    )


def test_who_is_a_member_twice_has_one_letter_in_a_run(ana: make.Worker) -> None:
    """About what ends first; the other waits for the next day."""
    member = make.make_member(ana, until=date(2026, 5, 20))
    other = make.make_worker("association_coordinator", make.make_association("Hills Association"))
    level = make.make_level(other)
    days = {"since": date(2025, 6, 1), "until": date(2026, 5, 25)}
    actions.take_in(other.actor, association=other.agency, person=member.person, level=level, **days)
    assert len(run_reminders()) == 1
    assert run_reminders() == []
    with at(NOON.date() + DAY):
        assert len(run_reminders()) == 1
    assert Reminded.objects.values("member").distinct().count() == 2


def test_whoever_cannot_be_written_to_is_told_of_on_the_page(ana: make.Worker) -> None:
    """Why did she not get it?"""
    member = make.make_member(ana, until=date(2026, 5, 20), mail="")
    run_reminders()
    run_due()
    told = make.client_of(ana.person).get(reverse("member", args=[member.pk])).content.decode()
    assert "No email address and no number for texts is known." in told


def test_who_has_an_account_here_is_made_a_member_as_that_person(ana: make.Worker) -> None:
    """Luz came by an invitation before she was a member: a place, or a membership on paper, is hers, and nobody is doubled."""
    luz = make.make_worker("practitioner", ana.agency, "Luz Ríos", mail="luz@example.org")
    noor = make.make_worker("practitioner", ana.agency, "Noor Haddad", mail="noor@example.org")
    level, people = make.make_level(ana), Account.objects.count()
    twelve = make.make_level(ana, name="Twelve", for_agencies=True, seats=12)
    bundle = actions.sell_places(ana.actor, association=ana.agency, agency="Harbor", level=twelve, places=12)
    place = actions.give_place(ana.actor, bundle=bundle, given_name="luz", family_name="RIOS", mail="LUZ@example.org")
    said = {"given_name": "Noor", "family_name": "Haddad", "mail": "noor@example.org", "level": level}
    assert place.person == luz.person
    assert actions.add_member(ana.actor, association=ana.agency, **said).person == noor.person
    assert Account.objects.count() == people
    other = actions.give_place(ana.actor, bundle=bundle, given_name="Rosa", family_name="Ríos", mail="luz@example.org")
    assert other.person != luz.person, "one mailbox may be several people's"
