"""What a family tells when it is registered, and what cannot be so. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from inmind.families import ages
from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_, Age
from inmind.people import reaching

# Ours, and shown as ours: the house is for the time before birth to age five.
OLDEST_CHILD_YEARS = 6
LONGEST_WAIT_FOR_BIRTH = timedelta(days=300)

# How an adult cares for the child. Keys are stored; the words are ours.
PARTS: dict[str, str] = {
    "mother": N_("mother"),
    "father": N_("father"),
    "birth_mother": N_("birth mother"),
    "birth_father": N_("birth father"),
    "expecting": N_("expecting parent"),
    "foster_mother": N_("foster mother"),
    "foster_father": N_("foster father"),
    "adoptive_mother": N_("adoptive mother"),
    "adoptive_father": N_("adoptive father"),
    "grandmother": N_("grandmother"),
    "grandfather": N_("grandfather"),
    "step_parent": N_("step parent"),
    "kin": N_("other family"),
    "other": N_("someone close"),
}


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """The child, or the pregnancy: a birth date or a due date, never neither."""

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    due_date: date | None = None
    gestation_weeks: int | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AdultFacts:
    """An adult who cares for the child. `phone_is_safe` None: not asked yet. since None: from the day she is written down.

    is_somebody_else: whoever types knows that another adult of this name is here already. known: `id` is somebody who is
    kept already.
    """

    given_name: str
    family_name: str
    part: str
    language: str = ""
    phone: str = ""
    phone_is_safe: bool | None = None
    since: date | None = None
    is_somebody_else: bool = False
    id: UUID | None = None
    mail: str = ""
    known: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """What a record says of who somebody is, to be corrected. Dates are a child's alone: a birth date once it is born, a due
    date while it is on the way."""

    given_name: str
    family_name: str = ""
    birth_date: date | None = None
    due_date: date | None = None

    @property
    def mark(self) -> str:
        """What tells whether it still says what somebody has seen."""
        said = (self.given_name, self.family_name, str(self.birth_date), str(self.due_date))
        return sha256("\x1f".join(said).encode()).hexdigest()


def check(child: ChildFacts, adults: tuple[AdultFacts, ...], *, today: date, there: Sequence[str] = ()) -> None:
    """Raises BadInput with the field for what cannot be so. there: the names of adults who are here already and can be taken
    in as they are known."""
    if child.birth_date is not None:
        _check_birth(child.birth_date, today)
    elif child.due_date is not None:
        _check_due(child.due_date, today)
    else:
        raise BadInput(
            N_("There is neither a birth date nor a due date."),
            N_("One of them is needed; a guess is fine for a due date."),
            field="birth_date",
        )
    if child.birth_date is not None:
        _check_babys_name(child.given_name)
    ages.check_gestation(child.gestation_weeks)
    if not adults:
        raise BadInput(
            N_("There is no adult."),
            N_("A baby is never a record alone: someone cares for this child."),
            field="given_name",
        )
    for place, adult in enumerate(adults):
        check_adult(adult, [*there, *map(name_of, adults[:place])], today=today)


def name_of(adult: AdultFacts) -> str:
    return f"{adult.given_name} {adult.family_name}".strip()


def check_adult(adult: AdultFacts, there: Sequence[str] = (), *, today: date | None = None) -> None:
    """Raises BadInput for an adult without a first name, without a way of caring for the child, or who is there already.

    there: the names of the adults who are. today None: the day is not looked at.
    """
    _check_adults_name(adult.given_name)
    if adult.part not in PARTS:
        raise BadInput(
            N_("How this adult cares for the child is missing."), N_("Choose one from the list."), field="part"
        )
    if adult.since is not None and today is not None and adult.since > today:
        raise BadInput(N_("This day lies in the future."), N_("It is written down when it is so."), field="since")
    if adult.phone.strip():
        reaching.check_number(adult.phone, field="phone")
    if not (adult.is_somebody_else or adult.known) and text.folded(name_of(adult)) in map(text.folded, there):
        raise BadInput(
            N_("%(name)s is one of this family's adults already."),
            N_("Each adult stands here once."),
            N_("If this is somebody else of the same name, say so below and send it again."),
            field="given_name",
            facts={"name": name_of(adult)},
        )


def check_change(part: str, since: date, *, before: date | None, today: date) -> None:
    """Another way of caring from a day on, or (part empty) none any more. before: since when the present one holds."""
    if part and part not in PARTS:
        raise BadInput(
            N_("How this adult cares for the child is missing."), N_("Choose one from the list."), field="part"
        )
    if since > today:
        raise BadInput(N_("This day lies in the future."), N_("It is written down when it is so."), field="since")
    check_end(before, since, field="since")


def check_end(since: date | None, until: date, *, field: str = "until") -> None:
    """Raises BadInput for an end before its beginning."""
    if since is not None and until < since:
        raise BadInput(
            N_("The end lies before the beginning."), N_("The end comes on the first day or after it."), field=field
        )


def of_one_birth(one: date | None, other: date | None) -> bool:
    """Whether two children can have come in one birth: on one day, or on both sides of a midnight."""
    return one is not None and other is not None and abs((one - other).days) <= 1


def check_birth(given_name: str, birth_date: date, gestation_weeks: int | None, *, today: date) -> None:
    """A baby who was on the way is born."""
    _check_babys_name(given_name)
    _check_birth(birth_date, today)
    ages.check_gestation(gestation_weeks)


def check_correction(known: Named, said: Named, *, served_since: date, today: date) -> None:
    """Who somebody is, said anew: only what changes is looked at. served_since: the first day on which an agency served the
    child, who was under six then and may be older by now. Raises BadInput.
    """
    if known.birth_date is None and known.due_date is None:
        _check_adults_name(said.given_name)
    elif known.birth_date is None:
        if said.due_date is None:
            raise BadInput(
                N_("The day on which the baby is expected is missing."), N_("A guess is fine."), field="due_date"
            )
        if said.due_date != known.due_date:
            _check_due(said.due_date, today)
    else:
        _check_babys_name(said.given_name, field="given_name")
        if said.birth_date is None:
            raise BadInput(N_("The day of birth is missing."), N_("A child who is born has one."), field="birth_date")
        if said.birth_date != known.birth_date:
            _check_birth(said.birth_date, today, served_since)


def _check_babys_name(given_name: str, field: str = "child_given_name") -> None:
    if not given_name.strip():
        raise BadInput(
            N_("The baby's name is empty."),
            N_("A baby who is born has a name, or is called Baby for now."),
            field=field,
        )


def _check_adults_name(given_name: str) -> None:
    if not given_name.strip():
        raise BadInput(N_("The adult's name is empty."), N_("A first name is enough."), field="given_name")


def _check_birth(born: date, today: date, under_six_on: date | None = None) -> None:
    if born > today:
        raise BadInput(
            N_("This birth date lies in the future."),
            N_("A baby on the way has a due date instead."),
            N_("Move the date to the due date."),
            field="birth_date",
        )
    on = today if under_six_on is None else max(born, under_six_on)
    if Age.between(born, on).years >= OLDEST_CHILD_YEARS:
        raise BadInput(
            N_("This birth date is %(years)s years ago."),
            N_("InMind is for the time before birth to age five."),
            N_("Check the year."),
            field="birth_date",
            facts={"years": str(Age.between(born, today).years)},
        )


def _check_due(due: date, today: date) -> None:
    if due - today > LONGEST_WAIT_FOR_BIRTH or today - due > LONGEST_WAIT_FOR_BIRTH:
        raise BadInput(
            N_("This due date is too far from today."),
            N_("A pregnancy is shorter than that."),
            N_("Check the month and the year."),
            field="due_date",
        )
