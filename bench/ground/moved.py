"""`python -m bench.ground.moved CONTACTS`: how long a member export takes, looked at and taken in, as JSON."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from inmind import cli

cli.set_up()

from inmind.access.actors import machine, operator  # noqa: E402
from inmind.association.models import Level  # noqa: E402
from inmind.association.moving import actions, queries, sample, taking, verdicts  # noqa: E402
from inmind.association.moving.models import ContactSheet  # noqa: E402
from inmind.demo.network import batch  # noqa: E402
from inmind.foundation import clock  # noqa: E402
from inmind.people.models import Organization  # noqa: E402


def main(words: list[str]) -> None:
    association = _association()
    zone = association.zone
    text = sample.export(int(words[0]), clock.today(zone))
    started = time.perf_counter()
    by = operator("bench")
    sheet = actions.begin_moving(by, association=association, name="bench.csv", text=text)
    sheet = actions.say_columns(by, sheet=sheet, columns=sheet.columns)
    level = str(Level.objects.filter(association=association).values_list("pk", flat=True)[0])
    levels = dict.fromkeys(verdicts.level_words(taking.lines(sheet)), level)
    sheet = _to_its_end(actions.say_levels(by, sheet=sheet, levels=levels))
    looked = time.perf_counter() - started
    sheet = _to_its_end(actions.carry_on_moving(by, sheet=sheet))
    whole = time.perf_counter() - started
    print(json.dumps({"looked": looked, "ours": whole} | queries.counted(sheet)))


def _association() -> Organization:
    """An association with one level, beside whatever this house holds."""
    made = Organization(name="Bench Association", kind=Organization.Kind.ASSOCIATION, zone="America/Chicago")

    def work(_act: Any) -> None:
        made.save()
        Level.objects.create(association=made, key="one", name="Individual", cents=0)

    batch(operator("bench"), network_key="bench", work=work)
    return made


def _to_its_end(sheet: ContactSheet) -> ContactSheet:
    while sheet.state == ContactSheet.State.WORKING:
        said = {"phase": sheet.phase, "start": sheet.done}
        sheet = actions.move_in(machine("association.move_in"), sheet=sheet, **said)
    return sheet


if __name__ == "__main__":
    main(sys.argv[1:])
