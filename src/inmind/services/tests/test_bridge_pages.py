"""Referrals taken along as a sheet or on paper, and answers brought back: for whom, what of it, and each row by itself."""

from __future__ import annotations

import csv

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inmind.access.consents import Back, Withdrawal
from inmind.access.models import Consent
from inmind.families import actions as families
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.services.referrals import actions
from inmind.services.referrals.referral import State, Why
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
HOPES = "Somebody who comes home."


def sheet_of(worker: make.Worker, page: str) -> list[dict[str, str]]:
    taken = worker.client.get(reverse(page))
    assert taken["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(taken.content.decode().splitlines()))


def bring(worker: make.Worker, page: str, *lines: str, do: str = "look") -> str:
    file = SimpleUploadedFile("answers.csv", "\n".join(["referral,state,on,why", *lines, ""]).encode())
    return worker.client.post(reverse(page), {"key": fresh_key(), "do": do, "file": file}).content.decode()


def test_who_referred_takes_the_sheet_and_brings_answers_back_row_by_row() -> None:
    family = make.make_family()
    row, by = make.make_referral(family, hopes=HOPES), family.by
    (line,) = sheet_of(by, "referrals_sheet_file")
    assert (line["referral"], line["state"], line["hopes"]) == (str(row.pk), State.SENT, HOPES)
    good, bad = f"{row.pk},declined,{TODAY},no_place", f"{row.pk},started,{TODAY},"
    seen = bring(by, "referrals_sheet", good, bad)
    assert "Nothing is kept yet" in seen
    assert "cannot go there from where it stands" in seen
    row.refresh_from_db()
    assert row.state == State.SENT
    kept = bring(by, "referrals_sheet", good, bad, do="keep")
    assert "1 answer is kept" in kept
    row.refresh_from_db()
    assert (row.state, row.why) == (State.DECLINED, Why.NO_PLACE)


def test_a_program_of_this_house_takes_what_was_sent_to_it_and_nothing_once_it_was_taken_back() -> None:
    network = make.make_network()
    harbor, prairie = network.agencies[:2]
    family = make.make_family(make.make_worker("home_visitor", harbor))
    listing = make.make_listing(harbor, provider=prairie, provider_name=prairie.name)
    row = make.make_referral(family, listing, hopes=HOPES)
    program, stranger = make.make_worker("family_service_coordinator", prairie), make.make_worker("clinician", harbor)
    assert [line["hopes"] for line in sheet_of(program, "referrals_in_sheet_file")] == [HOPES]
    assert sheet_of(stranger, "referrals_in_sheet_file") == []
    assert "There is no such referral here" in bring(stranger, "referrals_in_sheet", f"{row.pk},received,{TODAY},")
    assert program.client.get(reverse("referral_in_paper", args=[row.pk])).content.startswith(b"%PDF")
    for do in ("look", "keep"):
        assert "Who calls the family is missing" in bring(
            program, "referrals_in_sheet", f"{row.pk},accepted,{TODAY},", do=do
        )
    assert "waitlisted" in program.client.get(reverse("referrals_in_sheet")).content.decode()
    shown = program.client.get(reverse("referral_in", args=[row.pk])).content.decode()
    assert "Say yes" in shown and "Your name" not in shown, "whoever is signed in has one"
    assert "1 answer is kept" in bring(program, "referrals_in_sheet", f"{row.pk},received,{TODAY},", do="keep")
    other = make.make_family(family.by)
    over = make.make_referral(other, listing, hopes=HOPES)
    actions.note_step(family.by.actor, referral=over, to=State.CLOSED, on=TODAY, why=Why.FAMILY_CHOSE_OTHERWISE)
    assert [line["hopes"] for line in sheet_of(program, "referrals_in_sheet_file")].count(HOPES) == 1, "one is over"
    assert program.client.get(reverse("referral_in_paper", args=[over.pk])).status_code == 409
    ended = make.make_referral(make.make_family(family.by, child="Ana Paz"), listing, hopes=HOPES)
    families.end_episode(family.by.actor, episode=ended.episode, until=TODAY, reason="moved")
    assert str(sheet_of(program, "referrals_in_sheet_file")).count(HOPES) == 1, "its agency serves that family no more"
    assert program.client.get(reverse("referral_in_paper", args=[ended.pk])).status_code == 409
    assert HOPES not in program.client.get(reverse("referral_in", args=[ended.pk])).content.decode()
    consent = Consent.objects.get(pk=row.consent_id)
    there = {"episode": family.episode, "person": family.adult, "consent": consent.pk}
    families.withdraw(family.by.actor, **there, back=Withdrawal("Ana", Back.CALL))
    assert HOPES not in str(sheet_of(program, "referrals_in_sheet_file"))
    assert program.client.get(reverse("referral_in_paper", args=[row.pk])).status_code in {403, 404, 409}


def test_paper_and_sheet_are_for_who_may_read_them() -> None:
    family = make.make_family()
    row = make.make_referral(family, hopes=HOPES)
    assert family.by.client.get(reverse("referral_paper", args=[row.pk])).content.startswith(b"%PDF")
    supervisor, steward = make.make_worker("agency_supervisor"), make.make_worker("data_steward")
    assert supervisor.client.get(reverse("referral_paper", args=[row.pk])).status_code == 403
    assert steward.client.get(reverse("referrals_sheet_file")).status_code == 403
    assert HOPES not in str(sheet_of(make.make_worker("family_service_coordinator"), "referrals_sheet_file"))
    assert "more or fewer cells" in bring(family.by, "referrals_sheet", "one")
    assert (
        "The file is empty"
        in family.by.client.post(
            reverse("referrals_sheet"), {"key": fresh_key(), "file": SimpleUploadedFile("a.csv", b" ")}
        ).content.decode()
    )
