"""Luz photographs the signed paper: it is kept sealed, once, and leaves it as nothing that runs."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inmind.access import privacy
from inmind.access.models import AuditEntry
from inmind.documents import queries
from inmind.documents.models import StoredFile, StoredPiece
from inmind.documents.tests.test_kinds import FRAME, PDF, PICTURE, SCAN, exif, jpeg
from inmind.families.tests.test_told import agree, at, holds, read
from inmind.foundation.forms import fresh_key
from tests import make

pytestmark = pytest.mark.django_db

PHOTO = jpeg(exif(), FRAME, SCAN)


@pytest.fixture
def family() -> make.Family:
    family = make.make_family(make.make_worker(name="Luz Ibarra"))
    holds(family, family.adult, "parent")
    return family


def send(family: make.Family, consent: Any, body: bytes, key: str = "", name: str = "maria-signed.html") -> Any:
    file = SimpleUploadedFile(name, body, content_type="text/html")
    address = at(family, "family_scans", consent=consent.pk)
    return family.by.client.post(address, {"key": key or fresh_key(), "file": file})


def test_a_photo_is_kept_without_its_place_and_leaves_as_nothing_that_runs(family: make.Family) -> None:
    """Whatever the device says that it is; under no name of the device's; sealed as it lies."""
    consent = agree(family)
    assert send(family, consent, PHOTO)["Location"] == at(family, "family_scans", consent=consent.pk)
    row = StoredFile.objects.get()
    answer = family.by.client.get(at(family, "family_scan", consent=consent.pk, file=row.pk))
    assert answer.content == queries.bytes_of(row) and b"CANARY" not in answer.content
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("image/jpeg", 'attachment; filename="scan.jpeg"')
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    assert AuditEntry.objects.filter(verb="families.see_scan", outcome="read", about=str(row.pk)).count() == 1
    page = read(family.by, at(family, "family_scans", consent=consent.pk))
    assert "photo (JPEG)" in page and "maria-signed" not in page
    assert "1 scan" in read(family.by, at(family, "family_told"))
    lies = b"".join(bytes(piece) for piece in StoredPiece.objects.values_list("body", flat=True))
    assert b"/9j/" not in lies  # how every JPEG begins in letters


def test_the_same_paper_is_kept_once_however_often_it_is_sent(family: make.Family) -> None:
    """A double click, and another tab."""
    consent, key = agree(family), fresh_key()
    for again in (key, key, fresh_key()):
        send(family, consent, PDF, again)
    assert StoredFile.objects.count() == 1
    big = PDF.replace(b"...", b"." * 150_000)
    send(family, consent, big)
    row = StoredFile.objects.order_by("pk").last()
    assert row is not None and queries.bytes_of(row) == big and row.pieces.count() == 4


def test_what_is_no_scan_is_refused_and_keeps_nothing(family: make.Family, settings: Any) -> None:
    """Nothing, a page, more than there is room for, and more than a page may send."""
    settings.FILE_MEGABYTES = 1
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
    consent = agree(family)
    for body, said in (
        (b"", "This file is empty."),
        (b"<script>alert(1)</script>", "no scan that can be kept"),
        (PDF.replace(b"...", b"." * 1_000_001), "There is room for 1 MB."),
        (PDF.replace(b"...", b"." * 2_000_001), "What was sent is too large to be read."),
    ):
        answer = send(family, consent, body)
        assert answer.status_code == 400 and said in unescape(answer.content.decode())
    assert not StoredFile.objects.exists()


def test_a_scan_is_removed_by_the_care_team_but_not_under_a_legal_hold(family: make.Family) -> None:
    consent = agree(family)
    send(family, consent, PICTURE)
    row = StoredFile.objects.get()
    there = {"consent": consent.pk, "file": row.pk}
    officer = make.make_worker("privacy_officer")
    hold = privacy.set_hold(officer.actor, person=family.child, reason="A court asks", document="File 17")
    family.by.client.post(at(family, "family_remove_scan", **there), {"key": fresh_key()})
    assert StoredPiece.objects.exists()
    privacy.lift_hold(officer.actor, hold=hold, reason="It is over", document="File 18")
    for _twice in range(2):
        family.by.client.post(at(family, "family_remove_scan", **there), {"key": fresh_key()})
    row.refresh_from_db()
    assert row.removed_by == family.by.person and not StoredPiece.objects.exists()
    assert family.by.client.get(at(family, "family_scan", **there)).status_code == 403


def test_nobody_else_reaches_a_scan(family: make.Family) -> None:
    """Not the agency outside the care team, not another family's worker by its own address, not beside another consent."""
    consent, other = agree(family), agree(family, recipient="Prairie School")
    send(family, consent, PICTURE)
    row, stranger = StoredFile.objects.get(), make.make_family(child="Noa Berg")
    for worker in (make.make_worker("clinician"), make.make_worker("privacy_officer"), stranger.by):
        assert worker.client.get(at(family, "family_scan", consent=consent.pk, file=row.pk)).status_code == 403
    assert stranger.by.client.get(at(stranger, "family_scan", consent=consent.pk, file=row.pk)).status_code == 403
    assert family.by.client.get(at(family, "family_scan", consent=other.pk, file=row.pk)).status_code == 403


def test_a_changed_byte_is_seen(family: make.Family) -> None:
    consent = agree(family)
    send(family, consent, PDF)
    row = StoredFile.objects.get()
    make.together(lambda act: row.pieces.all().delete())
    with pytest.raises(queries.Altered):
        queries.bytes_of(row)


@pytest.mark.usefixtures("list_of_erased")
def test_erasing_somebody_removes_their_papers(family: make.Family) -> None:
    send(family, agree(family), PDF)
    officer, second = make.make_worker("privacy_officer"), make.make_worker("agency_supervisor")
    why = {"reason": "Asked for in writing", "document": "File 17"}
    privacy.confirm_erasure(second.actor, erasure=privacy.ask_erasure(officer.actor, person=family.child, **why))
    row = StoredFile.objects.get()
    assert row.removed_at is not None and not StoredPiece.objects.exists()
