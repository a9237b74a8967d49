"""A link for one adult: what it opens, for how long, and that it tells nothing when it is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from inmind.access import adult_links, policy
from inmind.access.door import door
from inmind.access.models import AdultLink, AuditEntry
from inmind.foundation import clock
from inmind.foundation.registries import house
from tests import make

pytestmark = pytest.mark.django_db


@door("access.open_link", by_link="visit")
def opened(request: Any) -> HttpResponse:
    return HttpResponse(str(request.link.pk))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> tuple[AdultLink, str]:
    monkeypatch.setitem(house.link_pages, "visit", "help")
    return make.make_link(make.make_family(make.make_worker("home_visitor")))


def came(link: AdultLink, method: str = "get", data: dict[str, str] | None = None, **headers: Any) -> HttpResponse:
    """What the page answers in a browser in which this link was opened."""
    request = getattr(RequestFactory(), method)("/", data or {}, headers=headers)
    kept = HttpResponse()
    adult_links.keep_open(kept, link)
    request.COOKIES = {name: morsel.value for name, morsel in kept.cookies.items()}
    return opened(request)


def test_a_link_opens_and_its_secret_stands_in_no_further_address(sent: tuple[AdultLink, str], client: Client) -> None:
    link, secret = sent
    answer = client.get(f"/l/{secret}/")
    assert answer.status_code == 302
    assert secret not in answer["Location"]
    assert secret not in str(answer.cookies)
    assert answer.cookies["inmind_visit"]["httponly"]
    entry = AuditEntry.objects.get(verb="access.open_link")
    assert entry.person == link.person_id
    assert entry.outcome == "read"
    assert client.get(f"/l/{secret}/").status_code == 302, "a mail program that looked first used nothing up"


@pytest.mark.parametrize(("chosen", "speaks"), [("", "es"), ("en", "en")])
def test_it_speaks_her_language_where_this_browser_chose_none(
    sent: tuple[AdultLink, str], client: Client, chosen: str, speaks: str
) -> None:
    person = sent[0].person
    person.language = "es"
    make.together(lambda act: person.save())
    if chosen:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = chosen
    client.get(f"/l/{sent[1]}/")
    assert f'<html lang="{speaks}"' in client.get("/help/").content.decode()


def test_over_ended_and_unknown_are_one_page_with_help(sent: tuple[AdultLink, str], client: Client) -> None:
    """protect.md 2: help is never hidden by an expired or used link."""
    link, secret = sent
    pages = [client.get(f"/l/{'x' * 43}/", follow=True)]
    with clock.at(link.expires_at):
        pages.append(client.get(f"/l/{secret}/", follow=True))
    end(link)
    pages.append(client.get(f"/l/{secret}/", follow=True))
    assert {page.status_code for page in pages} == {410}
    assert all("988" in page.content.decode() for page in pages)
    assert len({page.content.decode().split("<main")[1].split("</main")[0] for page in pages}) == 1


def test_the_page_of_a_link_is_asked_for_anew_at_each_request(sent: tuple[AdultLink, str]) -> None:
    link, _secret = sent
    assert came(link).content.decode() == str(link.pk)
    end(link)
    assert came(link).status_code == 302


def test_a_page_left_for_too_long_closes(sent: tuple[AdultLink, str]) -> None:
    link, _secret = sent
    request = RequestFactory().get("/")
    kept = HttpResponse()
    adult_links.keep_open(kept, link)
    request.COOKIES = {name: morsel.value for name, morsel in kept.cookies.items()}
    with clock.at(clock.now() + timedelta(minutes=29)):
        assert opened(request).status_code == 200
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert opened(request).status_code == 302


def test_what_is_typed_on_the_page_of_one_link_never_reaches_another(sent: tuple[AdultLink, str]) -> None:
    link, _secret = sent
    assert came(link, "post").status_code == 302
    assert came(link, "post", {"link": str(uuid4())}).status_code == 302
    assert came(link, "post", {"link": str(link.pk)}).status_code == 200
    assert came(link, "post", {}, **{"X-Link": str(link.pk)}).status_code == 200


def test_a_room_closes_a_link_whose_matter_is_over(
    sent: tuple[AdultLink, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    link, _secret = sent
    monkeypatch.setattr(house, "link_stands", [lambda one: one.pk != link.pk])
    assert came(link).status_code == 302


def test_a_link_reaches_itself_and_no_other(sent: tuple[AdultLink, str]) -> None:
    link, _secret = sent
    other, _ = make.make_link(make.make_family(make.make_worker("home_visitor")))
    actor = adult_links.actor_of(link)
    assert policy.can(actor, "access.open_link", link)
    assert not policy.can(actor, "access.open_link", other)
    assert list(policy.visible(actor, AdultLink.objects.all(), "access.open_link")) == [link]
    assert not policy.can(actor, "families.see")


def test_a_second_link_takes_the_place_of_the_first(sent: tuple[AdultLink, str]) -> None:
    link, secret = sent
    again: list[Any] = []
    make.together(
        lambda act: again.extend(
            adult_links.make(
                act,
                person=link.person,
                episode=link.episode,
                organization=link.organization,
                purpose=AdultLink.Purpose.VISIT,
            )
        )
    )
    assert adult_links.by_secret(secret) is None
    assert adult_links.by_secret(again[1]) == again[0]


def test_leaving_forgets_the_link_in_this_browser(sent: tuple[AdultLink, str], client: Client) -> None:
    client.get(f"/l/{sent[1]}/")
    answer = client.get("/l/leave/")
    assert answer["Location"].startswith("https://")
    assert not answer.cookies["inmind_visit"].value


def end(link: AdultLink) -> None:
    make.together(lambda act: adult_links.end(act, AdultLink.objects.get(pk=link.pk)))
