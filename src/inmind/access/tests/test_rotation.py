"""The master key rotates while the house is served: words stay readable, a death costs nothing, the old key goes last."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import RequestFactory

from inmind import cli, installation
from inmind.access import audit, guard, health, proof, rotation, vault
from inmind.access.actors import machine, operator
from inmind.access.adapters import allauth
from inmind.access.archive import Reader
from inmind.access.commands import backup, keys
from inmind.access.models import AuditEntry, PersonKey
from inmind.access.vault import CannotUnseal
from inmind.families import actions as families
from inmind.families.models import Visit
from inmind.foundation import clock
from inmind.foundation.errors import NotNow, Refused
from inmind.foundation.registries import Grade
from inmind.jobs import runner
from inmind.jobs.models import Job
from tests import make

pytestmark = pytest.mark.django_db
PROUD = "María is proud that Mateo reaches for her"
WORDS = "four unrelated words here"


@pytest.fixture(autouse=True)
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Keys of its own around the test's database, so that replacing them is nobody else's concern."""
    home = tmp_path / "home"
    made = installation.begin(
        home, profile="network", name="Coastal", state="", zone="America/Chicago", languages=("en",)
    )
    for name in ("pages", "audit"):
        (home / "keys" / f"{name}.key").write_text(settings.INSTALLATION.key(name).hex())
    monkeypatch.setattr(settings, "INSTALLATION", made)
    return home


def visit(strength: str = PROUD) -> Visit:
    family = make.make_family()
    today = clock.today(make.ZONE)
    said = {"on": today, "place": "home", "minutes": 60, "strength": strength}
    return Visit.objects.get(pk=families.visit(family.by.actor, episode=family.episode, **said).pk)


def read(made: Visit) -> str:
    return Visit.objects.get(pk=made.pk).strength


def key_files(home: Path) -> list[str]:
    return sorted(file.name for file in (home / "keys").glob("*.key"))


def later(by: timedelta = rotation.KEPT_AT_LEAST) -> object:
    return clock.at(clock.now() + by + timedelta(seconds=5))


def test_words_are_read_before_in_the_middle_and_after_a_rotation(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some keys are sealed anew, some are not yet: all are read, and new words are sealed by the fresh key."""
    monkeypatch.setattr(rotation, "BATCH", 2)
    before = [visit() for _ in range(3)]
    old, _ = vault.master()
    rotation.begin()
    fresh, _ = vault.master()
    assert fresh != old
    assert [read(one) for one in before] == [PROUD] * 3
    rotation.go_on(machine("tests"))
    assert sorted(PersonKey.objects.values_list("master", flat=True).distinct()) == sorted({old, fresh})
    during = visit("written in the middle")
    assert PersonKey.objects.get(pk=during.child_id).master == fresh
    assert [read(one) for one in (*before, during)] == [*[PROUD] * 3, "written in the middle"]
    with later():
        while rotation.go_on(machine("tests")):
            pass
    assert key_files(house) == ["audit.key", "master.key", "pages.key"]
    assert set(PersonKey.objects.values_list("master", flat=True)) == {fresh}
    assert [read(one) for one in (*before, during)] == [*[PROUD] * 3, "written in the middle"]


def test_the_jobs_of_the_house_bring_it_to_its_end_a_batch_a_job(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch leaves the next in its own transaction; the clock's hourly job removes the earlier key."""
    monkeypatch.setattr(rotation, "BATCH", 1)
    for _ in range(3):
        visit()
    count = PersonKey.objects.count()
    rotation.begin()
    rotation.ask(operator("keys"))
    runner.run_due()
    assert Job.objects.filter(kind=rotation.REWRAP, done_at__isnull=False).count() == count + 1
    assert rotation.progress().waiting == 0
    assert len(key_files(house)) == 4, "the earlier key went before its time"
    with later(timedelta(hours=1)):
        runner.tick()
        runner.run_due()
    assert key_files(house) == ["audit.key", "master.key", "pages.key"]
    assert AuditEntry.objects.filter(verb="jobs.retire_key").count() == 1
    audit.seal()
    assert proof.verify() == []


def test_a_death_between_file_and_work_or_between_batches_costs_nothing(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file was replaced and nobody left a job: the clock does. A batch that fails leaves its keys as they were."""
    made = visit()
    rotation.begin()
    rotation.begin()  # asked again, it begins no second one
    assert len(key_files(house)) == 4
    old = rotation.progress().earlier[0]
    calls = []

    def dies(*_: object) -> None:
        calls.append(1)
        raise RuntimeError("stopped")

    with monkeypatch.context() as patch:
        patch.setattr(vault, "rewrapped", dies)
        runner.tick()
        runner.run_due()
    assert calls
    assert read(made) == PROUD
    assert PersonKey.objects.get(pk=made.child_id).master == old
    with later(timedelta(hours=2)):
        runner.tick()
        runner.run_due()
        runner.run_due()
    assert rotation.progress().is_under_way is False
    assert read(made) == PROUD


def test_the_earlier_key_stays_while_one_thing_needs_it(house: Path) -> None:
    """However long ago the fresh one was made."""
    made = visit()
    rotation.begin()
    with later(timedelta(days=30)):
        rotation.go_on(machine("tests"))
        assert rotation.progress().is_under_way
        old = rotation.progress().earlier[0]
        with guard.permit("migrations"):  # as a restored backup of an older day would bring it
            row = PersonKey.objects.get(pk=made.child_id)
            plain = vault.unwrapped(row.pk, row.master, bytes(row.wrapped))
            wrapped = vault.seal_with(vault.masters()[old], plain, f"person:{row.pk}")
            PersonKey.objects.filter(pk=row.pk).update(master=old, wrapped=wrapped)
        assert read(made) == PROUD
        assert rotation.go_on(machine("tests"))
        assert rotation.progress().waiting == 0
        assert rotation.progress().is_under_way
        while rotation.go_on(machine("tests")):
            pass
    assert not rotation.progress().is_under_way
    assert read(made) == PROUD


def test_a_key_that_is_destroyed_in_the_middle_does_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealing anew changes what is there, and makes nothing."""
    made = visit()
    rotation.begin()
    really = vault.rewrapped

    def destroyed_meanwhile(person: object, *rest: object) -> object:
        answer = really(person, *rest)  # type: ignore[arg-type]
        PersonKey.objects.filter(pk=person).delete()
        return answer

    monkeypatch.setattr(vault, "rewrapped", destroyed_meanwhile)
    rotation.go_on(machine("tests"))
    assert not PersonKey.objects.filter(pk=made.child_id).exists()
    with pytest.raises(CannotUnseal):
        read(made)


def test_authenticators_open_through_a_rotation_and_after_it() -> None:
    """Their secrets are sealed by the master key itself; recovery codes as well."""
    worker = make.make_worker()
    with guard.permit("migrations"):
        data = {"secret": allauth.seal(worker.account, allauth.AUTHENTICATOR, "A SECRET"), "last_step": 0}
        app = Authenticator.objects.create(user=worker.account, type=Authenticator.Type.TOTP, data=data)
        allauth.PaperCodes.activate(worker.account)
        codes = allauth.PaperCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    rotation.begin()
    for _ in range(2):
        secret = Authenticator.objects.get(pk=app.pk).data["secret"]
        assert allauth.unseal(worker.account, allauth.AUTHENTICATOR, secret) == "A SECRET"
        with later():
            while rotation.go_on(machine("tests")):
                pass
    assert len(vault.masters()) == 1
    assert allauth.PaperCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes() == codes


def test_an_authenticator_being_enrolled_under_a_key_that_is_gone_is_begun_anew() -> None:
    """Its page shows a fresh key to type; it does not fail."""
    worker = make.make_worker()
    request = RequestFactory().get("/")
    request.user, request.session = worker.account, {}  # type: ignore[assignment]
    began = allauth.pending_secret(request)
    rotation.begin()
    assert allauth.pending_secret(request) == began
    with later():
        while rotation.go_on(machine("tests")):
            pass
    anew = allauth.pending_secret(request)
    assert anew != began
    assert allauth.pending_secret(request) == anew


def test_only_the_operator_begins_one_and_only_the_machine_goes_on() -> None:
    admin = make.make_network().admin
    with pytest.raises(Refused):
        rotation.ask(admin.actor)
    with pytest.raises(Refused):
        rotation.rewrap_some(operator("tests"))


def test_a_backup_holds_the_keys_of_its_moment_even_when_they_go_meanwhile(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken across a rotation: each person's key in it has its master key in it, too."""
    visit()
    old, _ = vault.master()
    really = backup.Layout

    class Rotated(really):  # type: ignore[misc,valid-type]
        """The rows were read under the earlier key; by the time the files are, it is gone."""

        def counts(self) -> dict[str, int]:
            counted = super().counts()
            installation.replace_key(house, "master")
            return counted

    monkeypatch.setattr(backup, "Layout", Rotated)
    file = io.BytesIO()
    backup.write_archive(file, WORDS)
    file.seek(0)
    archive = Reader(file, WORDS)
    held = {name: b"".join(pieces) for name, pieces in archive.files()}
    named = {vault.name_of(bytes.fromhex(held[name].decode())) for name in held if "master" in name}
    rows = {
        dict(zip(table.columns, row, strict=True))["master"]
        for table in archive.tables()
        if table.name == "access_personkey"
        for row in table.rows
    }
    assert rows == {old}
    assert rows <= named
    assert f"keys/master.{old}.key" in held


def test_the_doctor_sees_a_rotation_that_stands_still_and_a_master_key_that_is_lost(house: Path) -> None:
    made = visit()
    assert found() is Grade.WELL
    rotation.begin()
    assert found() is Grade.NOTE
    old = vault.masters()
    with clock.at(clock.now() + timedelta(days=2)):
        assert found() is Grade.HAND
    (house / "keys" / f"master.{list(old)[1]}.key").unlink()
    assert found() is Grade.HAND
    with pytest.raises(CannotUnseal):
        read(made)


def found() -> Grade:
    return next(one.grade for one in health.findings() if one.what == "sealed words")


def test_the_command_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    """Begun, done here, and said; asked again it goes on and begins no second one."""
    visit()
    assert cli_says(capsys, "rotate") == [
        "A fresh master key seals from now on.",
        "The house is not served now: it goes on when it is, or run this with --here.",
    ]
    assert cli_says(capsys, "rotate", "--here")[0] == "A rotation was under way; it goes on."
    said = cli_says(capsys, "status")
    assert said == []
    assert rotation.progress().waiting == 0


def cli_says(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The lines of the command that hold no name of a key and no count."""
    assert cli.main(["keys", *words]) == 0
    return [line for line in capsys.readouterr().out.splitlines() if not any(map(str.isdigit, line))]


def test_the_key_of_the_sessions_is_not_replaced_under_those_who_are_signed_in(house: Path) -> None:
    """Some workers would know one key and some the other."""
    before = settings.INSTALLATION.key("pages")
    runner.beat("jobs")
    with pytest.raises(NotNow, match="is served now"):
        keys._end_sessions(None)  # type: ignore[arg-type]
    assert settings.INSTALLATION.key("pages") == before
    with clock.at(clock.now() + timedelta(hours=1)):
        keys._end_sessions(None)  # type: ignore[arg-type]
    assert settings.INSTALLATION.key("pages") != before
    assert AuditEntry.objects.filter(verb="access.rotate_pages").count() == 1


def test_a_fresh_key_file_is_private_and_whole(house: Path) -> None:
    rotation.begin()
    for file in (house / "keys").iterdir():
        assert os.stat(file).st_mode & 0o777 == 0o600
        assert not file.name.endswith(".part")
    assert replace(settings.INSTALLATION).key("master")
