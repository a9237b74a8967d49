"""Which answers need a person now, as data that a device without a signal can act on. Pure.

Read off the instrument's own flags (`scoring.flags`), not written down a second time; an instrument whose rule cannot be said
as `item, from so many points on` is refused, and is not taken along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from inmind.foundation.errors import NotNow
from inmind.foundation.values import N_
from inmind.screening.instruments import Instrument
from inmind.screening.scoring import flags


def crisis_of(instrument: Instrument) -> list[dict[str, Any]]:
    """The items of which an answer needs a person now, each with the points from which on it does.

    Raises NotNow where that is not all of the rule: where a worse answer needs nobody, or answers do together what none does
    alone, or a blank does.
    """
    found, calm = [], dict[str, int | None]()
    for item in instrument.items:
        calling = [points for points in sorted(item.values) if _calls(instrument, {item.key: points})]
        quiet = [points for points in sorted(item.values) if points not in calling]
        if calling and quiet and quiet[-1] > calling[0]:
            raise _unsayable(instrument)
        if calling:
            found.append({"item": item.key, "at_least": calling[0]})
        calm[item.key] = quiet[-1] if quiet else None
    if _calls(instrument, calm) or _calls(instrument, dict.fromkeys(calm)) or _calls(instrument, {}):
        raise _unsayable(instrument)
    return found


def _calls(instrument: Instrument, answers: Mapping[str, int | None]) -> bool:
    return any(flag.is_crisis for flag in flags(instrument, answers))


def _unsayable(instrument: Instrument) -> NotNow:
    return NotNow(
        N_("%(instrument)s cannot be taken along on a visit without a signal."),
        N_("Which of its answers need a person now depends on more than one answer."),
        N_("Keep it on paper, and enter it when there is a signal."),
        facts={"instrument": instrument.short_name},
    )


def helps(crisis: list[dict[str, Any]], answers: Mapping[str, int | None]) -> bool:
    """Whether help is shown at once: what the page on the device does, said here so that both can be compared."""
    return any(
        (answers.get(one["item"]) or 0) >= one["at_least"] and answers.get(one["item"]) is not None for one in crisis
    )


def cases(instrument: Instrument) -> Iterator[dict[str, Any]]:
    """Answers with whether help must show by the instrument's own rule: each answer of each item that can need a person, alone
    and beside the worst and the mildest of all others; each item alone; nothing; a blank."""
    worst = {item.key: max(item.values) for item in instrument.items}
    mildest = {item.key: min(item.values) for item in instrument.items}
    critical = [item for item in instrument.items if item.key in {one["item"] for one in crisis_of(instrument)}]
    some: list[dict[str, int | None]] = [{}, {**worst}, {**mildest}, dict.fromkeys(worst)]
    for item in critical:
        for points in (*sorted(item.values), None):
            some += [{item.key: points}, {**mildest, item.key: points}, {**worst, item.key: points}]
    some += [{item.key: max(item.values)} for item in instrument.items]
    for answers in some:
        yield {"answers": answers, "help": _calls(instrument, answers)}


def table(instruments: Iterable[Instrument]) -> dict[str, Any]:
    """The cases of some instruments with the data by which a device decides them: one table that both sides are tried by."""
    forms = {f"{one.key}@{one.edition}": one for one in instruments if crisis_of(one)}
    return {
        "forms": {key: crisis_of(one) for key, one in forms.items()},
        "cases": [{"form": key, **case} for key, one in forms.items() for case in cases(one)],
    }
