"""A name and a face before the first call: laid by its owner alone, seen by whoever may read that referral, gone at once."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from inmind.documents.tests.test_kinds import FRAME, PDF, PICTURE, SCAN, exif, jpeg
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.services.models import Face, FacePiece, Listing, Referral
from inmind.services.referrals import face_actions
from inmind.services.referrals.answer_actions import answer
from inmind.services.referrals.face_forms import MOST
from inmind.services.referrals.referral import State
from inmind.services.tests.test_answering import Case, refer
from tests import make

pytestmark = pytest.mark.django_db
PHOTO = jpeg(exif(), FRAME, SCAN)


def sent(body: bytes = PHOTO, **said: str) -> dict[str, Any]:
    there = BytesIO(body)
    there.name = "rosa-at-home.jpg"
    return {"key": fresh_key(), "file": there, **said}


def hers(case: Case) -> Client:
    browser, (_link, secret) = Client(), make.make_link(case.family, "own_page")
    browser.get(f"/l/{secret}/")
    return browser


@pytest.fixture
def case() -> Case:
    """A program without an account has said yes: Rosa will call."""
    made = refer()
    made.calls()
    made.says("accepted", caller="Rosa", calls_said="I am a nurse.")
    return made


def test_by_a_mailed_link_a_face_stands_beside_who_calls_and_leaves_nothing_of_a_camera(case: Case) -> None:
    browser, there = hers(case), f"/for-you/referrals/{case.row.pk}/face/"
    assert browser.get(there).status_code == 403 and there not in browser.get("/for-you/").content.decode()
    said = sent(link=str(case.link.pk))
    assert case.office.post("/referrals/answer/face/", said)["Location"] == "/referrals/answer/"
    assert there in browser.get("/for-you/").content.decode()
    seen = browser.get(there)
    assert (seen.status_code, seen["Content-Type"]) == (200, "image/jpeg")
    assert seen.content.startswith(b"\xff\xd8") and b"CANARY" not in seen.content
    assert "no-store" in seen["Cache-Control"] and seen["X-Content-Type-Options"] == "nosniff"
    assert case.office.get("/referrals/answer/face/").content == seen.content
    assert "rosa-at-home" not in case.page()
    there_too = make.signed_in(case.family.by.account)
    assert there_too.get(f"/referrals/{case.row.pk}/face/").content == seen.content
    assert f"/referrals/{case.row.pk}/face/" in there_too.get(f"/referrals/{case.row.pk}/").content.decode()


def test_it_is_taken_away_at_once_and_goes_when_the_service_has_begun(case: Case) -> None:
    browser, there = hers(case), f"/for-you/referrals/{case.row.pk}/face/"
    link = {"link": str(case.link.pk)}
    case.office.post("/referrals/answer/face/", sent(**link))
    case.office.post("/referrals/answer/face/", {"key": fresh_key(), "do": "hide", **link})
    assert browser.get(there).status_code == 403 and not FacePiece.objects.exists()
    case.office.post("/referrals/answer/face/", sent(**link))
    case.says("contacted", on=str(case.now.state_on))
    assert browser.get(there).status_code == 200
    case.says("started", on=str(case.now.state_on))
    assert browser.get(there).status_code == 403 and not Face.objects.exists() and not FacePiece.objects.exists()


def test_nobody_else_opens_it(case: Case) -> None:
    """Another adult of the family, another family's worker, another office, whoever has no link: each is refused."""
    case.office.post("/referrals/answer/face/", sent(link=str(case.link.pk)))
    other = refer()
    other.calls()
    assert other.office.get("/referrals/answer/face/").status_code == 403
    assert hers(other).get(f"/for-you/referrals/{case.row.pk}/face/").status_code == 403
    for role in ("home_visitor", "agency_supervisor", "privacy_officer"):
        stranger = make.signed_in(make.make_worker(role, case.family.by.agency).account)
        assert stranger.get(f"/referrals/{case.row.pk}/face/").status_code == 403
    nobody = Client()
    assert nobody.get("/referrals/answer/face/")["Location"].startswith("/o/")
    assert nobody.get(f"/for-you/referrals/{case.row.pk}/face/").status_code == 302
    assert nobody.get(f"/referrals/{case.row.pk}/face/").status_code == 302
    assert nobody.get("/account/face/picture/").status_code == 302


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    "body", [b"", b"x" * (MOST + 1), PDF, b"<svg/>"], ids=["none", "too large", "a paper", "a drawing"]
)
def test_what_is_no_small_picture_is_refused_in_a_sentence(case: Case, body: bytes) -> None:
    answer = case.office.post("/referrals/answer/face/", sent(body, link=str(case.link.pk)), follow=True)
    assert 'class="message' in answer.content.decode() and not Face.objects.exists()


def test_an_office_lays_none_before_a_yes() -> None:
    case = refer()
    case.calls()
    case.says("received")
    case.office.post("/referrals/answer/face/", sent(link=str(case.link.pk)))
    assert not Face.objects.exists()


@pytest.fixture
def here() -> tuple[make.Worker, make.Family, Referral]:
    """A program of this house has said yes; Rosa of it has an account."""
    prairie = make.make_network().agencies[1]
    rosa = make.make_worker("family_service_coordinator", prairie, name="Rosa Marsh")
    listing: Listing = make.make_listing(prairie, provider=prairie)
    family = make.make_family(make.make_worker(name="Luz Ibarra"))
    row = make.make_referral(family, listing)
    return rosa, family, answer(rosa.actor, referral=row, to=State.ACCEPTED, on=row.sent_on, caller="Somebody")


def test_in_this_house_ones_own_picture_is_kept_with_the_account_and_shown_where_she_says_so(
    here: tuple[make.Worker, make.Family, Referral],
) -> None:
    rosa, family, row = here
    browser = make.signed_in(rosa.account)
    assert "/account/face/" in browser.get("/account/").content.decode()
    assert browser.post("/account/face/", sent(PICTURE, name="Rosa", says="Nurse.")).status_code == 302
    assert browser.get("/account/face/picture/")["Content-Type"] == "image/png"
    shown = Referral.objects.get(pk=row.pk)
    assert shown.called_by is None, "it is shown nowhere before she says so"
    browser.post(f"/referrals/in/{row.pk}/face/", {"key": fresh_key()})
    shown = Referral.objects.get(pk=row.pk)
    assert (shown.called_by, shown.caller, shown.calls_said) == (rosa.account.person, "Rosa", "Nurse.")
    assert "/account/face/picture/" in browser.get(f"/referrals/in/{row.pk}/").content.decode()
    phone, there = hers(Case(family, row)), f"/for-you/referrals/{row.pk}/face/"
    page = phone.get("/for-you/").content.decode()
    assert there in page and "A picture of Rosa" in page and phone.get(there).status_code == 200
    browser.post("/account/face/remove/", {"key": fresh_key()})
    assert not Face.objects.exists() and Referral.objects.get(pk=row.pk).called_by is None
    assert phone.get(there).status_code == 403 and browser.get("/account/face/picture/").status_code == 403


def test_a_colleague_neither_lays_nor_takes_away_what_is_hers(here: tuple[make.Worker, make.Family, Referral]) -> None:
    rosa, _family, row = here
    face_actions.lay_face(rosa.actor, account=rosa.account, name="Rosa", kind="png", body="aGk=")
    face_actions.show_face(rosa.actor, referral=row)
    ana = make.make_worker("clinician", rosa.agency)
    for act in (face_actions.show_face, face_actions.hide_face):
        with pytest.raises(NotNow):
            act(ana.actor, referral=row)
    for act in (face_actions.lay_face, face_actions.remove_face):
        with pytest.raises(Refused):
            act(ana.actor, account=rosa.account, **({"name": "Ana"} if act is face_actions.lay_face else {}))
    with pytest.raises(BadInput):
        face_actions.lay_face(ana.actor, account=ana.account, name="Ana")
    assert Referral.objects.get(pk=row.pk).called_by == rosa.account.person
