"""What this room says when a formulation cannot be kept or signed as it was asked. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from inmind.foundation.errors import NotNow
from inmind.foundation.values import N_


class DraftChanged(NotNow):
    """Something in the draft was saved after it was read; it is signed only as it was read. parts: which, by their names."""

    def __init__(self, parts: Iterable[str]) -> None:
        self.parts = tuple(parts)
        super().__init__(
            N_("The draft was changed after you opened this page, so nothing was signed."),
            N_("A formulation is signed as it was read."),
            N_("What changed stands below. Read it, and sign again."),
        )


class NotWhole(NotNow):
    """Something is missing before it can be signed."""

    def __init__(self) -> None:
        super().__init__(
            N_("Something is still missing, so nothing was signed."),
            N_("What is missing stands below, axis by axis."),
            N_("The draft is kept as it is. Add what is missing, and sign again."),
        )


class SignedAlready(NotNow):
    """An assessment that has ended takes nothing more."""

    def __init__(self) -> None:
        super().__init__(
            N_("This assessment has ended, and its draft takes nothing more."),
            N_("What was signed is never changed."),
            N_("Open a new assessment: it begins with what was signed last."),
        )


class NotAsSigned(NotNow):
    """What stands in a version is not what was signed. It is shown with that word beside it, and nothing is made of it."""

    def __init__(self) -> None:
        super().__init__(
            N_("This version is not as it was signed. Do not use it."),
            N_("Something in it was changed after it was signed."),
            N_("Tell whoever runs this house: a backup and the trail say what it was."),
        )


class NotBornYet(NotNow):
    """A formulation is of a child who is born."""

    def __init__(self) -> None:
        super().__init__(
            N_("No birth date is written down for this child."),
            N_("Ages are looked at from the day of birth."),
            N_("Write down the birth on the family’s page first."),
        )
