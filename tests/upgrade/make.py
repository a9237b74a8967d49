"""`python -m tests.upgrade.make` keeps the archive of this edition: run it once, when the edition is released.

It begins a network in a scratch folder, furnishes it through actions, backs it up into `archives/<edition>.inmind`, and
refuses to replace an archive that is there: what a release wrote never changes.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from inmind import __version__
from tests.journeys.installation import House

ARCHIVES = Path(__file__).parent / "archives"
PASSPHRASE = "open for every later edition"  # no secret: everybody in these archives is invented
# Legal text that is easily hurt on its way: accents composed and not, other scripts, a joined face, what looks like markup.
CHILD = "Zoë Ñúñez-O’Brien"
ADULT = "María José שרה\u200f 日本 👩🏽\u200d🍼"
PROUD = "She hums: \"a\tb\\n</script>'; DROP'\u2028" + "e\u0301\U0010ffff"


def main() -> int:
    target = ARCHIVES / f"{__version__}.inmind"
    if target.exists():
        print(f"{target.name} is there already; what a release wrote never changes.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        archived = begun(House(Path(folder) / "house"))
        back_up(archived, target)
    print(f"Kept {target.relative_to(Path.cwd())} ({target.stat().st_size} bytes).")
    return 0


def begun(house: House, profile: str = "network") -> House:
    """An installation with its first days behind it."""
    house.begin("--profile", profile, "--name", "Coastal Network", "--state", "TX", "--zone", "America/Chicago")
    if profile != "association":
        run_in(house, "furnish")
    return house


def back_up(house: House, target: Path) -> None:
    done = house.command("backup", str(target), "--passphrase-file", str(passphrase_file(house)))
    assert done.returncode == 0, done.stderr


def passphrase_file(house: House, words: str = PASSPHRASE) -> Path:
    file = house.home.with_name("passphrase.txt")
    file.write_text(words + "\n", encoding="utf-8")
    return file


def run_in(house: House, function: str) -> Any:
    """Call a function of this module inside an installation, in a process of its own. Returns what it returned."""
    import subprocess

    words = f"from tests.upgrade import make; make.called({function!r})"
    done = subprocess.run(
        [sys.executable, "-c", words],
        env=house.environment(),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def called(function: str) -> None:
    from inmind import cli

    cli.set_up()
    print(json.dumps(globals()[function]()))


def furnish() -> None:
    """A family whose mother answered an EPDS, a crisis answer that somebody closed, letters and jobs; some still open."""
    from inmind.families import actions as families
    from inmind.foundation import clock
    from inmind.jobs import runner
    from inmind.tasks import actions as tasks
    from tests import make

    visitor = make.make_worker(name="Luz Ortega")
    on_call = make.make_on_call()
    family = make.make_family(visitor, child=CHILD, adults=(ADULT,))
    today = clock.today(make.ZONE)
    families.visit(visitor.actor, episode=family.episode, on=today, place="home", minutes=50, strength=PROUD)
    make.make_screen(family, answers=make.calm_answers(epds_3=2))
    _, task = make.make_crisis(make.make_family(visitor, child="Noa Kim"))
    runner.run_due()
    tasks.close(on_call.actor, task=task, done=f"Called her; she is safe. {PROUD}")
    make.make_crisis(make.make_family(visitor, child="Ada Lund", due_in_days=60, adults=("Ida Lund",)))


def go_on() -> None:
    """The same home visitor registers one more family and visits it."""
    from inmind.access.models import Account
    from inmind.families import actions as families
    from inmind.foundation import clock
    from tests import make

    account = Account.objects.select_related("person").get(person__given_name="Luz")
    visitor = make.Worker(account, account.roles.get().organization)
    family = make.make_family(visitor)
    families.visit(
        visitor.actor, episode=family.episode, on=clock.today(make.ZONE), place="office", minutes=30, strength="Sings."
    )


def erase_the_mother() -> str:
    """Two people erase the mother whose screens were answered. Returns her id."""
    from inmind.access import actions, privacy
    from inmind.people.models import Person
    from tests import make

    network = make.make_network()
    who = {"organization": network.agencies[0], "family_name": "Raman", "address": ""}
    officer, other = (
        make.Worker(
            actions.invite(network.admin.actor, given_name=name, username=name, role="privacy_officer", **who),
            network.agencies[0],
        )
        for name in ("priya", "noor")
    )
    mother = Person.objects.get(family_name=ADULT.partition(" ")[2])
    asked = privacy.ask_erasure(officer.actor, person=mother, reason="Asked for in writing", document="File 17")
    privacy.confirm_erasure(other.actor, erasure=asked)
    return str(mother.pk)


def readable() -> dict[str, Any]:
    """What an installation holds of everybody: the names, who was erased, and who has a key."""
    from inmind.access.models import PersonKey
    from inmind.people.models import Person

    return {
        "names": sorted(Person.objects.values_list("family_name", flat=True)),
        "erased": [str(pk) for pk in Person.objects.filter(erased_at__isnull=False).values_list("pk", flat=True)],
        "keys": [str(pk) for pk in PersonKey.objects.values_list("pk", flat=True)],
    }


def story() -> dict[str, Any]:
    """What an installation that was furnished can still tell, sealed words among it."""
    from inmind.access import audit
    from inmind.access.models import Account, AuditEntry
    from inmind.families.models import Visit
    from inmind.people.models import NameToken, Person
    from inmind.screening.models import Flag, Screen
    from inmind.tasks.models import Task

    of_restoring = ("access.restore", audit.GUARDS)
    return {
        "names": sorted(person.name for person in Person.objects.all()),
        "tokens": NameToken.objects.count(),
        "accounts": sorted(Account.objects.values_list("username", flat=True)),
        "proud": [visit.strength for visit in Visit.objects.all()],
        "answers": [screen.answers for screen in Screen.objects.order_by("pk")],
        "bands": [[screen.band, screen.points] for screen in Screen.objects.order_by("pk")],
        "flags": list(Flag.objects.order_by("pk").values_list("key", flat=True)),
        "done": [task.done for task in Task.objects.order_by("pk")],
        "actions": sorted(AuditEntry.objects.exclude(verb__in=of_restoring).values_list("verb", flat=True)),
    }


if __name__ == "__main__":
    sys.exit(main())
