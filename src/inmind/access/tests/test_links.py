"""Signing in by a link: asked for, invited by, or shown by a demonstration. Each works once."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inmind.access import actions, guard, queries
from inmind.access.actors import VISITOR, operator
from inmind.access.models import Account, AuditEntry, InstallationMark, SignInLink
from inmind.access.roles import ROLES
from inmind.access.tests.coming_in import (
    PASSWORD,
    code_of,
    enrolled,
    mailed_secrets,
    signed_in_by_password,
    try_code,
    with_password,
)
from inmind.foundation import clock
from inmind.foundation.errors import NotNow, Refused
from inmind.foundation.identity import new_id
from inmind.jobs.models import Job
from inmind.jobs.runner import run_due
from inmind.people.models import Contact
from tests import make

pytestmark = pytest.mark.django_db
OVER = "This link no longer works"


@pytest.fixture(autouse=True)
def in_earnest(db: Any) -> None:
    """A house that is no demonstration: its letters leave."""
    make.make_network()
    run_due()
    marked(demo=False)


def marked(*, demo: bool) -> None:
    with transaction.atomic(), guard.acting(new_id().hex):
        InstallationMark.objects.update(is_demo=demo)


@pytest.fixture
def steward(db: Any, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Somebody whose role sees no name and gives no role, and so comes in with one factor."""
    monkeypatch.setattr(ROLES["administrator"], "gives_roles", False)
    account = make.make_worker("administrator", name="Ada Finch", mail="office@example.org").account
    run_due()
    mail.outbox.clear()
    return account


@pytest.fixture
def luz(db: Any) -> Account:
    """A home visitor, likewise."""
    account = make.make_worker("home_visitor", name="Luz Ortega", mail="luz@example.org").account
    run_due()
    mail.outbox.clear()
    return account


def ask(username: str, **extra: Any) -> Any:
    return Client().post("/sign-in/link/", {"username": username}, **extra)


def link_of(account: Account) -> str:
    """The secret of a link that this account asked for a moment ago."""
    before = len(mailed_secrets())
    minutes = len(SignInLink.objects.filter(account=account))
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        ask(account.username, REMOTE_ADDR=f"10.7.0.{minutes}")
    secrets = mailed_secrets_at(minutes)
    assert len(secrets) == before + 1
    return secrets[-1]


def mailed_secrets_at(minutes: int) -> list[str]:
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        return mailed_secrets()


def use(secret: str, client: Client | None = None) -> Any:
    return (client or Client()).post(f"/sign-in/link/{secret}/")


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


# Asking


def test_a_link_is_mailed_and_opens_the_door(steward: Account) -> None:
    assert ask(steward.username).url == "/sign-in/link/sent/"
    client = Client()
    assert use(mailed_secrets()[0], client).status_code == 302
    assert is_in(client)


def test_the_sign_in_page_asks_with_the_same_username(steward: Account) -> None:
    """Its second button sends what stands in its first field."""
    page = Client().get("/sign-in/").content.decode()
    assert 'formaction="/sign-in/link/"' in page
    assert Client().post("/sign-in/link/", {"login": steward.username, "password": ""}).url == "/sign-in/link/sent/"
    assert len(mailed_secrets()) == 1


def test_the_answer_is_the_same_for_a_username_that_is_not_there(steward: Account) -> None:
    """And no letter leaves, nor does one to somebody without a safe address, or with a closed account."""
    without_address = make.make_worker("administrator", mail="").account
    unsafe, closed = make.make_worker("administrator").account, make.make_worker("data_steward").account
    run_due()
    mail.outbox.clear()
    with guard.acting(new_id().hex):
        Contact.objects.filter(person=unsafe.person_id).update(safe=False)
        Account.objects.filter(pk=closed.pk).update(is_active=False)
    answers = {
        (answer.status_code, answer.url, answer.content)
        for answer in map(
            ask, ["nobody.here", without_address.username, unsafe.username, closed.username, steward.username]
        )
    }
    assert len(answers) == 1
    assert len(mailed_secrets()) == 1


def test_the_work_is_the_same_for_a_username_that_is_not_there(steward: Account) -> None:
    """Statement by statement, with values of the same shape: there is no difference that the time could tell. Again
    when the same is asked for once more, and when there were too many tries."""
    closed, without_address = (
        make.make_worker("administrator").account,
        make.make_worker("administrator", mail="").account,
    )
    with guard.acting(new_id().hex):
        Account.objects.filter(pk=closed.pk).update(is_active=False)
    ask("somebody.first")  # what a process reads once, such as the kinds of records
    with clock.at(clock.now()):
        works = [
            [work_of(username, f"10.4.{number}.{again}") for again in range(4)]
            for number, username in enumerate(
                [steward.username, "nobody.here", closed.username, without_address.username, "x" * 60]
            )
        ]
    assert all(len(first) > 8 for first, *_ in works)
    assert all(some == works[0] for some in works)
    jobs = [set(job.payload) for job in Job.objects.filter(kind="access.link_asked")]
    assert jobs == [{"account", "mailbox"}] * 6


def test_the_work_is_the_same_for_a_mail_address_that_is_not_there(steward: Account) -> None:
    """One person's, one that two share, one that nobody has, one of an account that is closed."""
    for name, mail_of in (("Ana One", "desk@example.org"), ("Eva Two", "desk@example.org"), ("Bo Three", "bo@x.org")):
        closed = make.make_worker("administrator", name=name, mail=mail_of).account
    with guard.acting(new_id().hex):
        Account.objects.filter(pk=closed.pk).update(is_active=False)
    own = Contact.objects.get(person=steward.person_id).address
    ask("somebody.first")
    asked = [own, "desk@example.org", "nobody@example.org", "bo@x.org"]
    with clock.at(clock.now()):
        works = [[work_of(one, f"10.5.{number}.{again}") for again in range(3)] for number, one in enumerate(asked)]
    assert all(some == works[0] for some in works)


def work_of(username: str, address: str) -> list[str]:
    """The statements by which one request is answered, without the values in them."""
    with CaptureQueriesContext(connection) as asked:
        ask(username, REMOTE_ADDR=address)
    return [re.sub(r"'[^']*'|\b[0-9a-f]{32}\b|\d+", "?", query["sql"]) for query in asked]


def test_an_empty_username_is_asked_for_again() -> None:
    answer = ask(" ")
    assert answer.status_code == 400
    assert "Please fill this in" in answer.content.decode()


def test_asking_many_times_from_one_address_sends_few_letters(steward: Account) -> None:
    """One a minute at most, and a while of none; the answer does not tell whose name it is."""
    for _ in range(2):
        assert ask(steward.username).status_code == 302
    assert len(mailed_secrets()) == 1
    for username in (steward.username, "nobody.here"):
        statuses = [ask(username, REMOTE_ADDR="10.0.0.1").status_code for _ in range(7)]
        assert statuses == [302] * 6 + [429]
    assert ask("somebody.else").status_code == 302


ELSEWHERE = [f"10.9.{number // 250}.{number % 250}" for number in range(5000)]


def asked_each(minutes: int, until: timedelta, username: str) -> list[tuple[Any, str]]:
    """Somebody asks for her links again and again, each time from another address; the letters that leave, with their time."""
    begins, before, letters = clock.now(), len(mailed_secrets()), []
    for number, address in zip(range(int(until / timedelta(minutes=minutes))), ELSEWHERE, strict=False):
        moment = begins + timedelta(minutes=minutes * number)
        with clock.at(moment):
            assert ask(username, REMOTE_ADDR=address).status_code == 302
            fresh = mailed_secrets()[before + len(letters) :]
            letters += [(moment, secret) for secret in fresh]
    return letters


def test_somebody_elses_asking_never_stops_hers(steward: Account) -> None:
    """Her own asking is answered, and at each moment of a day of asking by others a letter in her mailbox still opens."""
    begins = clock.now()
    letters = asked_each(7, timedelta(hours=8), steward.username)
    assert 12 < len(letters) <= 12 + 8
    for minute in range(0, 8 * 60, 9):
        with clock.at(begins + timedelta(minutes=minute, seconds=30)):
            assert any(queries.open_link(secret) for _moment, secret in letters), f"none opens after {minute} minutes"
    with clock.at(begins + timedelta(hours=8)):
        assert ask(steward.username, REMOTE_ADDR="10.1.1.1").status_code == 302
        client = Client()
        last = next(secret for _moment, secret in reversed(letters) if queries.open_link(secret))
        assert use(last, client).status_code == 302
        assert is_in(client)


def test_a_mailbox_is_not_flooded_by_whoever_knows_a_username(steward: Account) -> None:
    """Three at once, twelve a day that nobody used, then one an hour; nobody's name costs the same answers."""
    assert len(asked_each(1, timedelta(minutes=9), steward.username)) == 3
    with clock.at(clock.now() + timedelta(hours=12)):
        before = len(mail.outbox)
        asked_each(10, timedelta(hours=6), steward.username)
    assert len(mail.outbox) - before <= 12 + 6
    assert asked_each(5, timedelta(minutes=30), "nobody.here") == []


def test_links_that_are_used_are_not_counted(steward: Account) -> None:
    """Whoever comes by a link each time is not taken for a flood."""
    begins = clock.now()
    for number in range(14):
        with clock.at(begins + timedelta(minutes=2 * number)):
            ask(steward.username, REMOTE_ADDR=ELSEWHERE[number])
            assert use(mailed_secrets()[-1]).status_code == 302, number
    lives = {link.expires_at - link.created_at for link in SignInLink.objects.filter(purpose="sign_in")}
    assert max(lives) < timedelta(minutes=21), "none was made for a mailbox that is flooded"


def test_an_address_cannot_ask_for_everybody() -> None:
    statuses = [ask(f"name{number}", REMOTE_ADDR="10.2.0.1").status_code for number in range(21)]
    assert statuses == [302] * 20 + [429]
    assert "Too many tries" in ask("name99", REMOTE_ADDR="10.2.0.1").content.decode()


def test_asking_is_in_the_trail_and_nobody_else_may_ask_for_a_visitor(steward: Account) -> None:
    ask(steward.username)
    ask("nobody.here")
    asked = AuditEntry.objects.filter(verb="access.ask_link")
    assert {(entry.actor, entry.about, entry.outcome) for entry in asked} == {("nobody:", "", "done")}
    run_due()
    found = AuditEntry.objects.filter(verb="jobs.link_asked").order_by("seq")
    assert [(entry.actor, entry.about) for entry in found] == [
        ("machine:access.link_asked", str(steward.pk)),
        ("machine:access.link_asked", ""),
    ]
    with pytest.raises(Refused):
        actions.ask_link(queries.actor_for(steward), username=steward.username)
    with pytest.raises(Refused):
        actions.end_sessions(VISITOR, account=steward)


# Using


def test_looking_at_the_page_uses_nothing_up(steward: Account) -> None:
    """Mail scanners open every link; only the button signs in."""
    secret = link_of(steward)
    scanner = Client()
    for _ in range(3):
        page = scanner.get(f"/sign-in/link/{secret}/")
        assert page.status_code == 200
        assert "Welcome, Ada" in page.content.decode()
        assert scanner.head(f"/sign-in/link/{secret}/").status_code == 200
    assert not is_in(scanner)
    assert SignInLink.objects.filter(account=steward, purpose="sign_in", used_at=None).exists()
    client = Client()
    use(secret, client)
    assert is_in(client)


def test_a_link_works_once(steward: Account) -> None:
    secret = link_of(steward)
    assert use(secret).status_code == 302
    again = Client()
    assert use(secret, again).status_code == 410
    assert not is_in(again)


def test_used_over_and_unknown_say_the_same_with_help_and_a_way_on(steward: Account) -> None:
    """`protect.md` 2. The same sentence whether it is opened or its button pressed; help at hand is never hidden."""
    used, late = link_of(steward), link_of(steward)
    use(used)
    said = set()
    with clock.at(clock.now() + timedelta(minutes=30)):
        for secret in (used, late, "not-a-secret-of-ours"):
            for answer in (use(secret), Client().get(f"/sign-in/link/{secret}/")):
                assert answer.status_code == 410
                page = answer.content.decode()
                assert OVER in page
                assert 'href="/sign-in/link/"' in page
                assert "988" in page
                said.add(re.sub(r'value="[^"]*"|/sign-in/link/[\w-]+/', "", page))
    assert len(said) == 1


def test_a_link_lives_twenty_minutes(steward: Account) -> None:
    secret = link_of(steward)
    made = SignInLink.objects.filter(account=steward).latest("created_at").created_at
    with clock.at(made + timedelta(minutes=20)):
        assert use(secret).status_code == 410
    with clock.at(made + timedelta(minutes=19)):
        assert use(secret).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_at_once_and_one_comes_in(steward: Account) -> None:
    """The row is held while it is spent: of many who press the button together, one signs in."""
    secret = link_of(steward)
    ready = threading.Barrier(4)
    statuses: list[int] = []

    def press() -> None:
        client = Client()
        try:
            ready.wait(10)
            statuses.append(use(secret, client).status_code)
        finally:
            connection.close()

    crowd = [threading.Thread(target=press) for _ in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(60)
    assert sorted(statuses) == [302, 410, 410, 410]


def test_only_the_hash_of_a_secret_is_kept(steward: Account) -> None:
    secret = link_of(steward)
    for link in SignInLink.objects.all():
        assert secret not in str(vars(link))
    assert use(SignInLink.objects.filter(account=steward).latest("created_at").secret_hash).status_code == 410


def test_the_second_factor_is_still_asked_for(luz: Account) -> None:
    """A mailed link is one factor."""
    enrolled(with_password(luz))
    client = Client()
    assert use(link_of(luz), client).url == "/sign-in/code/"
    assert not is_in(client)
    assert try_code(client, "000000").status_code == 200
    assert not is_in(client)
    assert try_code(client, code_of(luz, later=1)).url == "/today/"
    assert client.get("/today/").status_code == 200
    assert AuditEntry.objects.filter(verb="access.sign_in", actor=f"user:{luz.pk}").latest("seq").purpose == "link, mfa"


def test_a_link_signs_whoever_was_there_out_first(steward: Account, luz: Account) -> None:
    """On a shared computer nothing of the first person's session is left to the second."""
    client = enrolled(with_password(luz))
    client.get("/today/")
    before = client.session.session_key
    use(link_of(steward), client)
    assert "Ada Finch" in client.get("/account/").content.decode()
    assert client.session.session_key != before
    other = Client()
    use(link_of(luz), client := signed_in_by_password(with_password(steward)))
    assert not is_in(client), "she has one factor yet, and the steward's session has ended"
    assert not is_in(other)


def test_a_factor_of_one_account_is_none_of_another(luz: Account, steward: Account) -> None:
    """What a session proved for one person does not count for the next in the same browser."""
    client = enrolled(with_password(luz))
    other = make.make_worker("home_visitor").account
    run_due()
    mail.outbox.clear()
    use(link_of(other), client)
    assert client.get("/today/").url == "/account/second-factor/"


def test_a_closed_account_is_not_opened_by_a_link(steward: Account) -> None:
    secret = link_of(steward)
    with guard.acting(new_id().hex):
        Account.objects.filter(pk=steward.pk).update(is_active=False)
    client = Client()
    assert use(secret, client).url == "/account/closed/"
    assert not is_in(client)


def test_a_used_link_that_is_tried_again_is_in_the_trail(steward: Account) -> None:
    secret = link_of(steward)
    use(secret)
    use(secret)
    use("not-a-secret-of-ours")
    refusal = AuditEntry.objects.get(verb="access.sign_in", outcome="refused")
    assert (refusal.actor, refusal.about, refusal.purpose) == ("nobody:", str(steward.pk), "link")


def test_signing_out_everywhere_closes_open_links(steward: Account) -> None:
    secret = link_of(steward)
    actions.end_sessions(queries.actor_for(steward), account=steward)
    assert use(secret).status_code == 410


# Two people, one mailbox


def test_two_people_share_a_mailbox_and_each_comes_in_as_herself(db: Any) -> None:
    """Usernames tell them apart; each letter names only the first name, so that both know whose it is."""
    ana = make.make_worker("administrator", name="Ana Quintero", mail="desk@example.org").account
    eva = make.make_worker("administrator", name="Eva Lindqvist", mail="desk@example.org").account
    run_due()
    invitations = list(mail.outbox)
    mail.outbox.clear()
    for account in (ana, eva):
        ask(account.username)
    run_due()
    assert [letter.to for letter in mail.outbox] == [["desk@example.org"]] * 2
    for letters in (invitations, mail.outbox):
        for letter, own, other in zip(letters, ("Ana", "Eva"), ("Eva", "Ana"), strict=True):
            text = letter.subject + letter.body
            assert own in text
            for word in (other, "Quintero", "Lindqvist", ana.username, eva.username):
                assert word not in text
    for letter, whole in zip(mail.outbox, ("Ana Quintero", "Eva Lindqvist"), strict=True):
        secret = re.search(r"/sign-in/link/([\w-]+)/", letter.body).group(1)  # type: ignore[union-attr]
        client = Client()
        use(secret, client)
        assert whole in client.get("/account/").content.decode()


def test_a_mail_address_does_where_one_account_alone_has_it(steward: Account) -> None:
    """In whatever letters it was typed; where two have it, the letter there names nobody and asks for the username."""
    own = Contact.objects.get(person=steward.person_id).address
    assert ask(own.upper()).url == "/sign-in/link/sent/"
    (secret,) = mailed_secrets()
    client = Client()
    assert use(secret, client).status_code == 302
    assert is_in(client)
    ana = make.make_worker("administrator", name="Ana Quintero", mail="desk@example.org").account
    eva = make.make_worker("administrator", name="Eva Lindqvist", mail="desk@example.org").account
    run_due()
    mail.outbox.clear()
    for address in ("10.6.0.1", "10.6.0.2"):
        assert ask("desk@example.org", REMOTE_ADDR=address).url == "/sign-in/link/sent/"
        run_due()
    (letter,) = mail.outbox
    assert letter.to == ["desk@example.org"] and "Write your username in place of the address" in letter.body
    for word in ("Ana", "Eva", "Quintero", "Lindqvist", ana.username, eva.username):
        assert word not in letter.subject + letter.body
    with guard.acting(new_id().hex):
        Contact.objects.filter(person=eva.person_id).update(safe=None)
    with clock.at(clock.now() + timedelta(minutes=3)):
        ask("desk@example.org", REMOTE_ADDR="10.6.0.3")
        run_due()
    assert "Hello Ana" in mail.outbox[-1].body, "Eva has never said that she may be written to there"
    mail.outbox.clear()
    ask("nobody@example.org")
    run_due()
    assert not mail.outbox


# Invitations


def test_an_invitation_leads_to_the_first_steps_and_then_to_enrolment(db: Any) -> None:
    """A password is offered, not asked for; the second factor is, where the role sees families."""
    account = make.make_worker("home_visitor", name="Luz Ortega").account
    secret = mailed_secrets()[0]
    client = Client()
    assert use(secret, client).url == "/account/first/"
    page = client.get("/account/first/").content.decode()
    assert account.username in page
    assert 'href="/account/password/"' in page
    assert 'href="/account/second-factor/"' in page
    assert client.get("/today/").url == "/account/second-factor/"
    typed = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/account/password/", typed).url == "/account/second-factor/"
    assert client.get("/account/second-factor/").status_code == 200, "she proved herself a moment ago"
    assert enrolled(account).get("/today/").status_code == 200


@pytest.mark.parametrize("gives_roles", [True, False], ids=["as it is", "if it gave none"])
def test_an_administrators_invitation_leads_to_the_second_factor(
    db: Any, gives_roles: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the sake of the roles that it gives; one that gives none and sees no name would need no second factor."""
    monkeypatch.setattr(ROLES["administrator"], "gives_roles", gives_roles)
    make.make_worker("administrator")
    client = Client()
    assert use(mailed_secrets()[0], client).url == "/account/first/"
    page = client.get("/account/first/").content.decode()
    assert ('href="/account/second-factor/"' in page) is gives_roles
    assert client.get("/today/").status_code == (302 if gives_roles else 200)


def test_the_first_steps_are_shown_once(db: Any) -> None:
    """Whoever always comes by link goes straight to the day from the second time on."""
    account = make.make_worker("administrator").account
    assert use(mailed_secrets()[0]).url == "/account/first/"
    assert use(link_of(account)).url == "/today/"


def test_an_invitation_lives_seven_days_and_a_new_link_can_be_had_after(db: Any) -> None:
    account = make.make_worker("administrator").account
    secret = mailed_secrets()[0]
    with clock.at(clock.now() + timedelta(days=7)):
        assert use(secret).status_code == 410
        ask(account.username)
        client = Client()
        assert use(mailed_secrets()[-1], client).url == "/account/first/"
        assert is_in(client)


# Demonstrations


@pytest.fixture
def demonstration(in_earnest: None) -> None:
    marked(demo=True)


def test_a_demonstrations_link_stands_in_for_both_factors(luz: Account, demonstration: None) -> None:
    secret = actions.demo_link(operator("demo"), account=luz)
    client = Client()
    assert use(secret, client).url == "/today/"
    assert client.get("/today/").status_code == 200
    assert use(secret).status_code == 410
    assert AuditEntry.objects.filter(verb="access.sign_in", actor=f"user:{luz.pk}").latest("seq").purpose == "link"


def test_a_demonstrations_link_opens_also_where_an_authenticator_was_tried_out(
    luz: Account, demonstration: None
) -> None:
    enrolled(with_password(luz))
    client = Client()
    assert use(actions.demo_link(operator("demo"), account=luz), client).url == "/today/"
    assert client.get("/today/").status_code == 200


def test_a_demonstrations_link_opens_nothing_in_a_house_that_is_none(
    luz: Account, demonstration: None, settings: Any
) -> None:
    """Neither once the mark is gone nor when the house is served to others; sessions begun with it fall back too."""
    secret, second = (actions.demo_link(operator("demo"), account=luz) for _ in range(2))
    client = Client()
    use(second, client)
    settings.ON_LOOPBACK = False
    assert use(secret).status_code == 410
    assert client.get("/today/").url == "/account/second-factor/"
    with pytest.raises(NotNow):
        actions.demo_link(operator("demo"), account=luz)
    settings.ON_LOOPBACK = True
    marked(demo=False)
    assert use(secret).status_code == 410
    assert client.get("/today/").url == "/account/second-factor/"
    with pytest.raises(NotNow):
        actions.demo_link(operator("demo"), account=luz)


def test_nobody_signed_in_makes_a_demonstrations_link(luz: Account, demonstration: None) -> None:
    with pytest.raises(Refused):
        actions.demo_link(make.make_network().admin.actor, account=luz)
