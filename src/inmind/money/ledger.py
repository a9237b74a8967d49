"""What an invoice's entries say: what is owed, what was paid, and how it stands. Pure.

Entries are never changed or taken away; what was wrong is put right by another one. The order in which they came does not
matter. Each moves its amount from one account to another, so that the books are even by their shape.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_
from inmind.money.amounts import dollars


class Kind(StrEnum):
    """What an entry says happened."""

    BILLED = "billed"  # asked for
    LET_GO = "let_go"  # asked for no more
    PAID = "paid"  # money that came in, for an invoice
    KEPT = "kept"  # money that came in beyond what was owed: the payer's credit
    APPLIED = "applied"  # credit that pays an invoice
    MOVED = "moved"  # money of an invoice that becomes credit
    BOUNCED = "bounced"  # money that was written down and did not come: a check that came back
    UNKEPT = "unkept"  # the same of what had become credit
    REFUNDED = "refunded"  # money of an invoice that went back to the payer
    RETURNED = "returned"  # credit that went back to the payer


class Account(StrEnum):
    """The accounts of the books. `MONEY` is one of several, by how the money came or went."""

    RECEIVABLE = "receivable"
    INCOME = "income"
    CREDIT = "credit"
    MONEY = "money"


POSTED: dict[Kind, tuple[Account, Account]] = {  # debit, credit
    Kind.BILLED: (Account.RECEIVABLE, Account.INCOME),
    Kind.LET_GO: (Account.INCOME, Account.RECEIVABLE),
    Kind.PAID: (Account.MONEY, Account.RECEIVABLE),
    Kind.KEPT: (Account.MONEY, Account.CREDIT),
    Kind.APPLIED: (Account.CREDIT, Account.RECEIVABLE),
    Kind.MOVED: (Account.RECEIVABLE, Account.CREDIT),
    Kind.BOUNCED: (Account.RECEIVABLE, Account.MONEY),
    Kind.UNKEPT: (Account.CREDIT, Account.MONEY),
    Kind.REFUNDED: (Account.RECEIVABLE, Account.MONEY),
    Kind.RETURNED: (Account.CREDIT, Account.MONEY),
}
OF_AN_INVOICE = frozenset(kind for kind, accounts in POSTED.items() if Account.RECEIVABLE in accounts)
OF_CREDIT = frozenset(kind for kind, accounts in POSTED.items() if Account.CREDIT in accounts)


class State(StrEnum):
    """How an invoice stands."""

    OPEN = "open"
    SETTLED = "settled"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount above zero that moved, on a day. about_kind: what it was billed for, which names the income it belongs to."""

    kind: Kind
    cents: int
    on: date | None = None
    about_kind: str = ""

    def __post_init__(self) -> None:
        if self.cents <= 0:
            raise ValueError("an entry moves an amount above zero")


@dataclass(frozen=True, slots=True)
class Sums:
    """An invoice's entries added up: billed less what was let go; paid less what went back; both in cents."""

    billed: int
    paid: int
    is_cancelled: bool = False

    @property
    def owed(self) -> int:
        return self.billed - self.paid

    @property
    def state(self) -> State:
        if self.owed > 0:
            return State.OPEN
        return State.CANCELLED if self.is_cancelled else State.SETTLED


def add_up(entries: Iterable[Entry]) -> Sums:
    """What the entries of one invoice say, in whatever order. An invoice of which everything was let go, and that holds no
    money, is cancelled; one of nothing is settled."""
    of: dict[Kind, int] = dict.fromkeys(Kind, 0)
    for entry in entries:
        of[entry.kind] += entry.cents
    paid = of[Kind.PAID] + of[Kind.APPLIED] - of[Kind.BOUNCED] - of[Kind.REFUNDED] - of[Kind.MOVED]
    billed = of[Kind.BILLED] - of[Kind.LET_GO]
    return Sums(billed, paid, is_cancelled=of[Kind.LET_GO] > 0 and billed == 0 and paid == 0)


def credit_of(entries: Iterable[Entry]) -> int:
    """The credit that one payer's entries leave, in cents."""
    total = 0
    for entry in entries:
        if entry.kind in OF_CREDIT:
            total += entry.cents if POSTED[entry.kind][1] is Account.CREDIT else -entry.cents
    return total


def unplaced(credit: int, kept: Iterable[int]) -> list[int]:
    """How much of each amount that became credit still is, in cents: what came first was used first.

    credit: what the payer has now. kept: the amounts that became credit, in the order in which they did.
    """
    left, found = max(credit, 0), []
    for one in reversed(list(kept)):
        found.append(min(one, left))
        left -= found[-1]
    return found[::-1]


def check(sums: Sums) -> Sums:
    """The same sums. Raises ValueError where they cannot be: an action let more go back than there was."""
    if sums.billed < 0 or sums.paid < 0 or sums.owed < 0:
        raise ValueError(f"an invoice's sums are never below zero: {sums}")
    return sums


@dataclass(frozen=True, slots=True)
class Spread:
    """How money that came in is shared: to each invoice by its place, in cents, and what is left over."""

    shares: tuple[int, ...]
    left: int


def spread(cents: int, owed: Iterable[int]) -> Spread:
    """Money shared among invoices in their order, each as far as it is owed; what is left over is the payer's credit."""
    shares, left = [], cents
    for one in owed:
        share = min(left, max(one, 0))
        shares.append(share)
        left -= share
    return Spread(tuple(shares), left)


def check_refund(cents: int, sums: Sums) -> None:
    """Raises BadInput where more would go back than was paid."""
    if cents > sums.paid:
        raise BadInput(
            N_("%(paid)s of this invoice is here."),
            N_("No more than that can go back."),
            facts={"paid": dollars(sums.paid)},
            field="amount",
        )


class Age(StrEnum):
    """How long what is owed has been due."""

    NOT_YET = "not_yet"
    TO_30 = "to_30"
    TO_60 = "to_60"
    TO_90 = "to_90"
    OVER_90 = "over_90"


def age(due_on: date, today: date) -> Age:
    """Which of the usual columns of a list of open invoices one belongs to; the day on which it is due is not over yet."""
    days = (today - due_on).days
    if days <= 0:
        return Age.NOT_YET
    return next(
        (one for limit, one in ((30, Age.TO_30), (60, Age.TO_60), (90, Age.TO_90)) if days <= limit), Age.OVER_90
    )
