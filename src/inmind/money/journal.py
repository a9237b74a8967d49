"""The books as another program takes them: two lines for each entry, what is debited and what is credited. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from inmind.foundation.values import N_
from inmind.money.ledger import POSTED, Account, Entry

INCOME = "income"
BY_METHOD = ("check", "cash", "transfer", "card")
# Ours, until an association says how its own books call them: a name for each account.
ACCOUNTS: dict[str, str] = {
    "receivable": N_("Accounts receivable"),
    "credit": N_("Credit of payers"),
    "check": N_("Undeposited funds"),
    "cash": N_("Cash"),
    "transfer": N_("Bank"),
    "card": N_("Card payments"),
    INCOME: N_("Income"),
}
HEADING = ("date", "account", "debit", "credit", "reference", "what")


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry with how its money came or went (`check`, `card` …; empty where none did) and the number it stands under."""

    entry: Entry
    method: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal; one of the two amounts is zero."""

    on: date | None
    account: str
    debit: int
    credit: int
    reference: str
    what: str


def lines(entries: Iterable[Posted], names: Mapping[str, str]) -> Iterator[Line]:
    """The journal, in the order of the entries. names: how the association calls its accounts, by their keys."""
    for one in entries:
        debit, credit = (named(_key(account, one), names) for account in POSTED[one.entry.kind])
        on, cents, what = one.entry.on, one.entry.cents, one.entry.kind.value
        yield Line(on, debit, cents, 0, one.reference, what)
        yield Line(on, credit, 0, cents, one.reference, what)


def _key(account: Account, one: Posted) -> str:
    """The key of an account: money by how it came, income by what was billed."""
    if account is Account.MONEY:
        return one.method or "transfer"
    if account is Account.INCOME and one.entry.about_kind:
        return f"{INCOME}:{one.entry.about_kind}"
    return account.value


def named(key: str, names: Mapping[str, str]) -> str:
    """What an account is called: as the association says, else what stands behind it, else as we do."""
    parent = key.partition(":")[0]
    return names.get(key) or names.get(parent) or ACCOUNTS[parent]
