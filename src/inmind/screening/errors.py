"""What screening refuses, each with its sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from inmind.foundation.errors import BadInput
from inmind.foundation.nearest import nearest
from inmind.foundation.values import N_

_LAST_NUMBER = re.compile("[0-9]+$")


class UnknownItem(BadInput):
    """An answer to a question that the instrument does not ask."""

    def __init__(self, instrument: str, item: str, known: Sequence[str]) -> None:
        near = ", ".join(nearest(item, known))
        super().__init__(
            N_("%(instrument)s has no item called %(item)s."),
            N_("Did you mean %(near)s? Its items are %(known)s.") if near else N_("Its items are %(known)s."),
            N_("Choose one of them."),
            field=item,
            facts={"instrument": instrument, "item": item[:60], "near": near, "known": ", ".join(known)},
        )


class OutOfRange(BadInput):
    """Something that cannot be an answer to this item."""

    def __init__(self, item: str, found: object, values: Sequence[int], source: str = "") -> None:
        super().__init__(
            N_("%(found)s cannot be an answer to %(item)s."),
            N_("An answer is one of %(values)s, or left blank."),
            N_("Look at the form again and enter what is marked there."),
            field=item,
            source=source,
            facts={"found": repr(found)[:60], "item": item, "values": ", ".join(map(str, values))},
        )


class NoPositions(BadInput):
    """Positions on paper cannot be turned into points, because the order on paper is not known."""

    def __init__(self, instrument: str) -> None:
        super().__init__(
            N_("In which order the form of %(instrument)s prints its answers is not known here."),
            N_("Its answers are entered as points."),
            N_("Enter the points that stand on the form."),
            facts={"instrument": instrument},
        )


class AgeNeeded(BadInput):
    """An instrument whose rules differ by age, and no age."""

    def __init__(self, instrument: str) -> None:
        super().__init__(
            N_("%(instrument)s cannot be scored without the child's age."),
            N_("Its rules differ by completed months."),
            N_(
                "Give the date of birth and the day it was answered, and the weeks of gestation for a child born early."
            ),
            field="ages",
            facts={"instrument": instrument},
        )


class NoRuleForAge(BadInput):
    """An age for which an instrument has no rule at all."""

    def __init__(self, instrument: str, months: int, low: int, high: int) -> None:
        super().__init__(
            N_("%(instrument)s has no rule for a child of %(months)s months."),
            N_("It is for children of %(low)s to %(high)s completed months."),
            N_("Check the date, or choose another screen. A worry is reason enough to act without one."),
            field="ages",
            facts={"instrument": instrument, "months": str(months), "low": str(low), "high": str(high)},
        )


class NoCountAlone(BadInput):
    """A bare count for an instrument that is scored by its answers."""

    def __init__(self, instrument: str) -> None:
        super().__init__(
            N_("%(instrument)s is scored by its answers, not by a count alone."),
            next_step=N_("Enter the answers."),
            facts={"instrument": instrument},
        )


class SwitchedOff(BadInput):
    """An instrument that an agency has not turned on."""

    def __init__(self, instrument: str) -> None:
        super().__init__(
            N_("%(instrument)s is switched off here."),
            N_("It needs consent, a plan of how its answers are met, and a policy on mandated reports."),
            N_("When those are agreed, turn it on with the setting INMIND_INSTRUMENTS_ON."),
            facts={"instrument": instrument},
        )


class NotOnScale(BadInput):
    """A number that a scale of a licensed tool cannot hold."""

    def __init__(self, key: str, scale: str, found: object, low: int, high: int | None) -> None:
        expected = N_("A number from %(low)s to %(high)s can; a T score or a percentile is whole.")
        if high is None:
            expected = N_("A number from %(low)s on can; a T score or a percentile is whole.")
        super().__init__(
            N_("%(found)s cannot stand on %(scale)s."),
            expected,
            N_("Look at the licensed form again and enter what stands there."),
            field=key,
            facts={"found": str(found)[:60], "scale": scale, "low": str(low), "high": str(high)},
        )


class ZoneAlone(BadInput):
    """What a licensed form says of a number, without the number, or in words that it does not have."""

    def __init__(self, key: str, scale: str) -> None:
        super().__init__(
            N_("What the form says of %(scale)s stands here without its number."),
            N_("Where a number falls is copied beside it."),
            N_("Enter the number too, or leave both empty."),
            field=key,
            facts={"scale": scale},
        )


class NothingEntered(BadInput):
    """A result of a licensed tool without a single number."""

    def __init__(self, tool: str) -> None:
        super().__init__(
            N_("No number of the %(tool)s was entered."),
            N_("A scale that was not scored stays empty; at least one was."),
            N_("Enter what stands on the licensed form."),
            facts={"tool": tool},
        )


class NotForThisAge(BadInput):
    """A form that is not the one for the child's age on that day, and nobody said that it was used all the same."""

    def __init__(self, sentence: str, facts: Mapping[str, object], field: str, source: str) -> None:
        super().__init__(
            sentence,
            next_step=N_(
                "Look at the form and the day again. If it was this form all the same, say so below: its numbers are kept "
                "without a band, and nothing that is due is done by it."
            ),
            field=field,
            source=source,
            facts=facts,
        )


class UnknownForm(BadInput):
    """An age form that a licensed tool does not have."""

    def __init__(self, tool: str, found: str, known: Sequence[str]) -> None:
        super().__init__(
            N_("%(tool)s has no form %(found)s."),
            N_("Its forms are %(known)s."),
            N_("Enter the form that was used."),
            field="form",
            facts={"tool": tool, "found": found[:20] or "-", "known": ", ".join(known) or "-"},
        )


class NoTable(BadInput):
    """A table of cut-offs for an instrument that takes none."""

    def __init__(self, instrument: str) -> None:
        super().__init__(
            N_("%(instrument)s has no cut-offs by month, nor by age form."),
            N_("A table is laid over one that has."),
            N_("Name the instrument that the table is for."),
            facts={"instrument": instrument},
        )


class BadTable(BadInput):
    """A file that is no table of cut-offs, or holds nothing that could be taken."""


class BadWording(BadInput):
    """A file that holds no wording which could be taken, or what was said of it cannot be."""


class TableNeedsEdition(BadInput):
    """Other numbers under the name of an edition that is taken."""

    def __init__(self, known_by: str) -> None:
        super().__init__(
            N_("%(known_by)s is taken by the rules without this table."),
            N_("Other numbers have an edition of their own, so that earlier results mean what they meant."),
            N_("Give the edition a name of its own."),
            field="edition",
            facts={"known_by": known_by},
        )


class UnknownInstrument(BadInput):
    """No instrument of this name is in the catalog."""

    def __init__(self, found: str, known: Sequence[str]) -> None:
        near = ", ".join(nearest(found, known))
        super().__init__(
            N_("There is no instrument called %(found)s here."),
            N_("Did you mean %(near)s? Known are %(known)s.") if near else N_("Known are %(known)s."),
            N_("Choose one of them, or add its rules to the catalog."),
            facts={"found": found[:60], "near": near, "known": ", ".join(known)},
        )


class RecordedAlone(BadInput):
    """A licensed tool where answers were to be scored: its publisher's form does that."""

    def __init__(self, tool: str) -> None:
        super().__init__(
            N_("%(tool)s is not scored here: its items, norms and most of its cut-offs are its publisher's."),
            N_("Its result, reckoned with the licensed form, is recorded."),
            N_("Enter what stands on the form."),
            facts={"tool": tool},
        )


class BadMapping(BadInput):
    """What was said about where a file keeps its answers cannot be."""

    def __init__(self, reason: str, expected: str) -> None:
        facts = {"reason": reason, "expected": expected}
        super().__init__("%(reason)s", "%(expected)s", facts=facts)


class MissingColumns(BadInput):
    """The file's heading does not name the columns that hold the answers."""

    def __init__(self, found: Sequence[str], missing: Sequence[str]) -> None:
        shown = ", ".join(name[:40] for name in found[:30]) + (", …" if len(found) > 30 else "")
        near = ", ".join(f"{like} ({name})" for name in missing for like in _same_number(name, found)[:1])
        super().__init__(
            N_("The file has the columns %(found)s."),
            N_("Expected but not found: %(missing)s. Did you mean %(near)s?")
            if near
            else N_("Expected but not found: %(missing)s."),
            N_(
                "Say where the items are with --column ITEM=COLUMN, or with a --mapping file. In a CSV the names of the "
                "columns stand in the first line."
            ),
            facts={"found": shown or "(none)", "missing": ", ".join(missing), "near": near},
        )


def _same_number(name: str, found: Sequence[str]) -> tuple[str, ...]:
    """The columns whose name is near and ends in the same number: the next item's is no misspelling of this one's."""
    number = _LAST_NUMBER.findall(name)
    return nearest(name, [column for column in found if _LAST_NUMBER.findall(column) == number])


class _AboutAFile(BadInput):
    """What was found, and what to do about it."""

    def __init__(self, found: str, next_step: str) -> None:
        super().__init__("%(found)s", next_step="%(next_step)s", facts={"found": found, "next_step": next_step})


class UnreadableFile(_AboutAFile):
    """A file of answers of which nothing can be read."""


class WrongPlace(_AboutAFile):
    """A result cannot be written where it was asked for."""


class TooLittleMemory(_AboutAFile):
    """The work does not fit into the memory it was given."""


class MissingEngine(_AboutAFile):
    """What was chosen to score a file with is not installed."""
