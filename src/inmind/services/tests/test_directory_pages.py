"""A coordinator without engineers takes a directory in: looks, says what its words are here, looks again, takes it in."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.services.listings import directory_views
from inmind.services.listings.models import Listing
from tests import make

pytestmark = pytest.mark.django_db

PAGE = "/listings/directory/"
TODAY = str(clock.today(make.ZONE))


@pytest.fixture
def pat() -> make.Worker:
    return make.make_worker("family_service_coordinator", make.make_network().agencies[0])


def a_directory(*terms: str) -> bytes:
    said = [
        {
            "id": str(UUID(int=number)),
            "name": f"Service {number}",
            "status": "active",
            "attributes": [{"taxonomy_term": {"code": "", "name": term}}],
        }
        for number, term in enumerate(terms, start=1)
    ]
    return json.dumps(said).encode()


def chosen(client: Any, keeper: Any, data: bytes, name: str = "oct.json") -> Any:
    form = {"key": fresh_key(), "keeper": str(keeper.pk), "file": SimpleUploadedFile(name, data)}
    return client.post(PAGE, form)


def hidden(page: str) -> dict[str, str]:
    own = page.split("What are these here?")[0]
    return dict(re.findall(r'type="hidden" name="(key|keeper|name|packed|seen|sorts)" value="([^"]*)"', own))


def test_it_is_looked_at_sorted_and_taken_in(pat: make.Worker) -> None:
    client = pat.client
    page = chosen(client, pat.agency, a_directory("Pantries", "Pantries", "Tax help")).content.decode()
    assert "Pantries (2)" in page
    assert "Nobody has said what it is here: Tax help." in page
    sorted_so = {"term_0": "food", "assured_on": TODAY}
    look = client.post(PAGE, hidden(page) | sorted_so | {"do": "look"}).content.decode()
    assert "new: 2" in look
    assert not Listing.objects.exists()
    unseen = client.post(PAGE, hidden(page) | sorted_so | {"do": "take"})
    assert unseen.status_code == 409
    assert not Listing.objects.exists(), "what was not shown so is not taken in"
    for _click in range(2):
        assert client.post(PAGE, hidden(look) | sorted_so | {"do": "take"}).status_code == 302
    assert Listing.objects.filter(offers="food").count() == 2
    assert "Nothing would change" in chosen(client, pat.agency, a_directory("Pantries")).content.decode()
    assert "In this directory no more" in chosen(client, pat.agency, a_directory("Pantries")).content.decode()


def test_what_is_no_directory_is_refused_with_what_is_expected(
    pat: make.Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = pat.client
    for data, says in ((b"%PDF-1", "This is a PDF."), (b"[]", "HSDS"), (b"", "empty")):
        answer = chosen(client, pat.agency, data)
        assert answer.status_code == 400
        assert says in answer.content.decode()
    page = chosen(client, pat.agency, a_directory("Pantries")).content.decode()
    for wrong in ({"packed": "!"}, {"packed": "AAAA"}, {"keeper": "elsewhere"}):
        assert client.post(PAGE, hidden(page) | wrong).status_code == 400
    assert client.post(PAGE, hidden(page) | {"term_0": "everything", "do": "take"}).status_code == 400
    monkeypatch.setattr(directory_views, "MOST_ON_A_PAGE", 0)
    assert "too large for a page" in chosen(client, pat.agency, a_directory("Pantries")).content.decode()


def test_who_keeps_no_listings_takes_nothing_in_and_whoever_reads_them_takes_them_out(pat: make.Worker) -> None:
    visitor = make.make_worker("home_visitor", pat.agency)
    assert chosen(visitor.client, pat.agency, a_directory("Pantries")).status_code == 403
    prairie = make.make_network().agencies[1]
    assert chosen(pat.client, prairie, a_directory("Pantries")).status_code == 400
    make.make_listing(pat.agency)
    answer = visitor.client.get(f"{PAGE}hsds.zip")
    assert answer["Content-Type"] == "application/zip"
    assert make.make_worker("privacy_officer", pat.agency).client.get(f"{PAGE}hsds.zip").status_code == 403
