"""A link for an office without an account: opened by a letter or by a spoken code, for one thing, while that stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from inmind.access import adult_links, office_links, policy, vault
from inmind.access.adapters.allauth import LIMITS
from inmind.access.door import door
from inmind.access.models import AuditEntry, AuditSubject, OfficeLink
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.registries import house
from inmind.jobs.runner import run_due
from inmind.messages import actions as messages
from inmind.messages.adapters import mail
from inmind.messages.models import Letter
from inmind.messages.outcomes import State, state_of
from inmind.messages.queries import said
from tests import make

pytestmark = pytest.mark.django_db


@door("access.open_link", by_office="listing")
def opened(request: Any) -> HttpResponse:
    return HttpResponse(str(request.link.pk))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> tuple[OfficeLink, str, str]:
    monkeypatch.setitem(house.office_pages, "listing", "help")
    monkeypatch.setitem(house.office_stands, "listing", lambda link: True)
    return make.make_office_link(episode=uuid4())


def came(link: OfficeLink, method: str = "get", data: dict[str, str] | None = None) -> HttpResponse:
    """What the page answers in a browser in which this link was opened."""
    request = getattr(RequestFactory(), method)("/", data or {})
    kept = HttpResponse()
    office_links.keep_open(kept, link)
    request.COOKIES = {name: morsel.value for name, morsel in kept.cookies.items()}
    return opened(request)


def test_a_letter_s_link_opens_again_and_again_and_its_secret_stays_behind(
    sent: tuple[OfficeLink, str, str], client: Client
) -> None:
    link, secret, _code = sent
    for _scanner_then_reader in range(2):
        answer = client.get(f"/o/{secret}/")
        assert answer.status_code == 302
        assert secret not in answer["Location"] + str(answer.cookies)
    entry = AuditEntry.objects.filter(verb="access.open_link").first()
    assert entry is not None
    assert (entry.actor, entry.person, entry.role) == (f"link:{link.pk}", None, "program_by_link")
    assert AuditSubject.objects.filter(entry=entry, kind="episode", ref=link.episode).exists()
    assert came(link).content.decode() == str(link.pk)


def test_a_code_that_is_said_aloud_opens_the_same_and_guessing_is_counted(
    sent: tuple[OfficeLink, str, str], client: Client
) -> None:
    """For a program whose mail is blocked. However it is typed; a right one is not counted."""
    _link, _secret, code = sent
    assert client.post("/o/", {"code": f" {code.replace(' ', '-')} "}).status_code == 302
    assert client.get("/o/").status_code == 200
    for wrong in ("", "12", *(f"{number:010}" for number in range(9))):
        assert client.post("/o/", {"code": wrong}).status_code == 400
    assert client.post("/o/", {"code": "0000000009"}).status_code == 429
    assert client.post("/o/", {"code": code}).status_code == 429


def test_wrong_codes_from_everywhere_close_no_code_to_whom_it_was_told(
    sent: tuple[OfficeLink, str, str], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever guesses from many networks spends the house's attempts; another network still has a few of its own."""
    _link, _secret, code = sent
    monkeypatch.setitem(LIMITS, "office_codes", "4/h/key")
    for number in range(4):
        assert client.post("/o/", {"code": f"{number:010}"}, REMOTE_ADDR=f"198.51.{number}.7").status_code == 400
    assert client.post("/o/", {"code": code}, REMOTE_ADDR="203.0.113.9").status_code == 302
    tries = [client.post("/o/", {"code": f"{n:010}"}, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(1, 5)]
    assert tries == [400, 400, 400, 429], "a network waits its turn, whichever of its addresses asks"


def test_over_ended_and_unknown_are_one_page_that_says_whom_to_call(
    sent: tuple[OfficeLink, str, str], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, secret, _code = sent
    pages = [client.get(f"/o/{'x' * 43}/", follow=True)]
    with clock.at(link.expires_at):
        pages.append(client.get(f"/o/{secret}/", follow=True))
    with monkeypatch.context() as patched:
        patched.setitem(house.office_stands, "listing", lambda one: one.pk != link.pk)
        pages.append(client.get(f"/o/{secret}/", follow=True))
        assert came(link).status_code == 302, "what it was sent for is over: asked at each request"
    assert came(link).status_code == 200
    make.together(lambda act: office_links.end(act, OfficeLink.objects.get(pk=link.pk)))
    pages.append(client.get(f"/o/{secret}/", follow=True))
    assert {page.status_code for page in pages} == {410}
    assert len({page.content.decode().split("<main")[1].split("</main")[0] for page in pages}) == 1
    assert came(link).status_code == 302


def test_two_letters_open_in_one_browser_are_each_answered_from_their_own_page(
    sent: tuple[OfficeLink, str, str], client: Client
) -> None:
    """Nothing that is typed about one family reaches another; a page that lay open all day still arrives."""
    link, secret, _code = sent
    other, second, _ = make.make_office_link()
    client.get(f"/o/{secret}/")
    client.get(f"/o/{second}/")
    request = RequestFactory().post("/", {"link": str(link.pk)})
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    with clock.at(clock.now() + timedelta(hours=9)):
        assert opened(request).content.decode() == str(link.pk)
    assert came(link, "post").status_code == 302, "from nowhere"
    assert came(link, "post", {"link": str(other.pk)}).status_code == 302, "not opened here"


def test_it_reaches_itself_alone_and_no_caregiver_s_page(sent: tuple[OfficeLink, str, str]) -> None:
    link, _secret, _code = sent
    other, _, _ = make.make_office_link()
    hers, _ = make.make_link(make.make_family(make.make_worker("home_visitor")))
    actor = office_links.actor_of(link)
    assert policy.can(actor, "access.open_link", link)
    assert not policy.can(actor, "access.open_link", other)
    assert not policy.can(actor, "access.open_link", hers)
    assert not policy.can(adult_links.actor_of(hers), "access.open_link", link)
    assert list(policy.visible(actor, OfficeLink.objects.all(), "access.open_link")) == [link]
    assert not policy.can(actor, "families.see")


def test_a_second_link_about_the_same_takes_the_place_of_the_first(sent: tuple[OfficeLink, str, str]) -> None:
    link, secret, code = sent
    make.make_office_link(about=link.about)
    assert office_links.by_secret(secret) is None
    assert office_links.by_code(code) is None


def write(link: OfficeLink, secret: str, address: str = "intake@lakeside.example") -> Letter:
    kept: list[Letter] = []
    facts = {"secret": secret, "days": 14}
    here = {"organization": link.organization, "template": "office_referral", "about_id": link.about}
    make.together(lambda act: kept.append(messages.tell_office(act, address=address, facts=facts, **here)))
    return kept[0]


def test_a_letter_to_an_office_leaves_neutral_and_nothing_of_it_is_kept(
    sent: tuple[OfficeLink, str, str], mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "is_demo", lambda: False)
    link, secret, _code = sent
    letter = write(link, secret)
    raw = bytes(Letter.objects.values_list("facts", flat=True).get(pk=letter.pk))
    assert b"lakeside" not in raw, "the address and the secret lie sealed"
    run_due()
    [written] = [one for one in mailoutbox if "/o/" in one.body]
    assert written.to == ["intake@lakeside.example"]
    assert f"/o/{secret}/" in written.body
    assert link.organization.name in written.body
    letter.refresh_from_db()
    assert state_of(letter)[0] in {State.LEFT, State.STAYED}
    assert letter.facts is None
    assert said(letter, make.ZONE)["to"] == ""


def test_a_letter_whose_link_is_over_never_leaves_and_a_wrong_address_is_refused(
    sent: tuple[OfficeLink, str, str], mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "is_demo", lambda: False)
    link, secret, _code = sent
    letter = write(link, secret)
    make.together(lambda act: office_links.end(act, OfficeLink.objects.get(pk=link.pk)))
    run_due()
    assert not [one for one in mailoutbox if "/o/" in one.body]
    letter.refresh_from_db()
    assert state_of(letter)[0] is State.TAKEN_BACK
    with pytest.raises(BadInput):
        write(*make.make_office_link()[:2], address="a@lakeside.example, b@elsewhere.example")


def test_what_waits_to_leave_is_sealed_anew_when_the_house_s_key_rotates(
    sent: tuple[OfficeLink, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    link, secret, _code = sent
    letter = write(link, secret)
    before = bytes(Letter.objects.values_list("facts", flat=True).get(pk=letter.pk))
    assert messages.reseal_all() == 0
    monkeypatch.setattr(vault, "is_sealed_today", lambda sealed, place: False)
    make.together(lambda act: messages.reseal_all())
    fresh = Letter.objects.get(pk=letter.pk)
    assert bytes(Letter.objects.values_list("facts", flat=True).get(pk=letter.pk)) != before
    assert secret in fresh.facts
