"""A portfolio from what the other rooms know and what the person says: nothing is typed twice. Pure.

What comes from learning and reflection is read by its shape, so that a stand-in serves a test as well as the rooms themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol
from uuid import UUID

from inmind.endorsement.portfolio import Portfolio, Rating, Session, Training, Work
from inmind.endorsement.standards import Degree, Kind, Tag
from inmind.foundation.values import Period

# Who is the one is the other too, as the standards ask for both.
IMPLIED: Mapping[str, frozenset[str]] = {
    "current_supervisor": frozenset({"current_supervisor_or_teacher"}),
    "endorsed": frozenset({"endorsed_or_vetted"}),
}
# What is signed anew for each cycle: said in one, it says nothing of the next.
EACH_CYCLE = frozenset({"ethics_signed_again", "no_sanction_attested"})
BASES = {"FS": "endorsed_fs", "MHS": "endorsed_mhs"}  # what an add-on stands on


class Learned(Protocol):
    """A training that somebody attended, as `learning` tells it."""

    @property
    def id(self) -> UUID: ...
    @property
    def on(self) -> date: ...
    @property
    def minutes(self) -> int: ...
    @property
    def tags(self) -> frozenset[str]: ...
    @property
    def domains(self) -> Mapping[str, int]: ...
    @property
    def title(self) -> str: ...
    @property
    def association(self) -> str: ...


class Held(Protocol):
    """A session in which somebody was held, as `reflection` tells it."""

    @property
    def id(self) -> UUID: ...
    @property
    def on(self) -> date: ...
    @property
    def minutes(self) -> int: ...
    @property
    def provider(self) -> str: ...
    @property
    def provider_name(self) -> str: ...
    @property
    def provider_holds(self) -> frozenset[str] | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def about_rsc_given(self) -> bool | None: ...
    @property
    def confirmed(self) -> bool: ...


class Open(Protocol):
    """An open place with a provider, as `reflection` tells it."""

    @property
    def id(self) -> UUID: ...
    @property
    def minutes(self) -> int: ...
    @property
    def provider(self) -> str: ...
    @property
    def provider_name(self) -> str: ...
    @property
    def holds(self) -> frozenset[str] | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def about_rsc_given(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Statement:
    """What was said of a person about one thing: the words that the form took, and the day on which it was said."""

    fact: str
    answer: str
    on: date


@dataclass(frozen=True, slots=True)
class Told:
    """All that a person told by themselves, and the categories that they are known to hold."""

    statements: tuple[Statement, ...] = ()
    work: tuple[Work, ...] = ()
    ratings: tuple[Rating, ...] = ()
    holds: frozenset[str] = field(default_factory=frozenset)


def portfolio_of(
    told: Told, learned: Iterable[Learned] = (), held: Iterable[Held] = (), memberships: Iterable[Period] = ()
) -> Portfolio:
    """Everything that is known of one person."""
    degree: Degree | None = None
    facts: dict[str, bool | None] = {BASES[one]: True for one in sorted(told.holds) if one in BASES}
    numbers: dict[str, int | None] = {}
    for one in told.statements:
        if one.fact == "degree":
            degree = Degree[one.answer.upper()]
        elif one.answer in ("yes", "no"):
            facts[one.fact] = one.answer == "yes" or facts.get(one.fact)
        else:
            numbers[one.fact] = int(one.answer)
    return Portfolio(
        degree=degree,
        facts={fact: bool(said) for fact, said in facts.items()},
        numbers=numbers,
        memberships=tuple(memberships),
        trainings=tuple(training_of(one) for one in learned),
        sessions=tuple(session_of(one) for one in held),
        work=told.work,
        ratings=tuple(replace(one, roles=all_roles(one.roles)) for one in told.ratings),
    )


def in_cycle(told: Told, cycle: Period) -> Told:
    """The same for a cycle of renewal: what is signed anew for each counts only where it was said in this one."""
    return replace(
        told,
        statements=tuple(one for one in told.statements if one.fact not in EACH_CYCLE or cycle.holds_on(one.on)),
    )


def training_of(one: Learned) -> Training:
    return Training(
        on=one.on,
        minutes=one.minutes,
        tags=frozenset(Tag(tag) for tag in one.tags if tag in set(Tag)),
        domains=frozenset(one.domains),
        title=one.title,
        areas=dict(one.domains),
        key=str(one.id),
        by=one.association,
    )


def session_of(one: Held) -> Session:
    return Session(
        on=one.on,
        minutes=one.minutes,
        provider=one.provider,
        provider_holds=one.provider_holds,
        kind=Kind(one.kind),
        about_rsc_given=one.about_rsc_given,
        confirmed=one.confirmed,
        key=str(one.id),
        with_whom=one.provider_name,
    )


def session_at(one: Open, on: date) -> Session:
    """One session there, as it would be if its provider still held that day what they hold now."""
    return Session(
        on=on,
        minutes=one.minutes,
        provider=one.provider,
        provider_holds=one.holds,
        kind=Kind(one.kind),
        about_rsc_given=one.about_rsc_given,
        confirmed=True,
        key=str(one.id),
        with_whom=one.provider_name,
    )


def all_roles(roles: frozenset[str]) -> frozenset[str]:
    """What a rater is, with what that implies."""
    return roles.union(*(IMPLIED.get(one, frozenset()) for one in roles))
