"""The sheet ready to paste: what a person has, in the order in which an application is filled in. Pure.

Headings are ours and no publisher's wording. One row a line; as text its cells are parted by tabs, as a table program copies them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from inmind.endorsement.facts import FACTS, NUMBERS, OF_WORK, ROLES, WORK
from inmind.endorsement.portfolio import Portfolio, Session, Training
from inmind.endorsement.standards import Kind, Tag
from inmind.foundation import text
from inmind.foundation.values import N_

Words = Callable[[str], str]
KINDS = {
    Kind.INDIVIDUAL: N_("individual"),
    Kind.GROUP: N_("group"),
    Kind.PEER: N_("among peers"),
    Kind.ADMINISTRATIVE: N_("administrative"),
    Kind.CASE_REVIEW: N_("case review"),
}
TAGS = {
    Tag.GIVING_RSC: N_("about giving reflective supervision"),
    Tag.EQUITY: N_("about diversity, equity and inclusion"),
    Tag.ABOUT_RSC_GIVEN: N_("about supervision that I give"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the sheet; its rows as long as its heads."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sheet(
    name: str,
    has: Portfolio,
    on: date,
    say: Words = str,
    domain: Words = str,
    degree: str = "",
    paid: date | None = None,
) -> tuple[Section, ...]:
    """All of it up to a day. say: puts our words into the reader's language; domain: an area's key into its name. paid: the last
    day for which dues are paid, which no grace moves; None: not known."""
    held = [one for one in has.sessions if one.on <= on and one.confirmed]
    learned = [one for one in has.trainings if one.on <= on]
    sections = (
        Section(say(N_("About me")), (say(N_("What")), say(N_("Answer"))), tuple(_about(name, has, on, say, degree, paid))),
        Section(
            say(N_("Work")),
            (say(N_("Kind of work")), say(N_("From")), say(N_("Until")), say(N_("Answers"))),
            tuple(_work(has, say)),
        ),
        Section(
            say(N_("Training")),
            (say(N_("Day")), say(N_("Title")), say(N_("Given by")), say(N_("Clock hours")), say(N_("Domains")), say(N_("About"))),
            tuple(_training(one, say, domain) for one in sorted(learned, key=lambda one: (one.on, one.title, one.key))),
        ),
        Section(
            say(N_("Reflective supervision, by provider")),
            (say(N_("Provider")), say(N_("Held on those days")), say(N_("Kind")), say(N_("First")), say(N_("Last")),
             say(N_("Clock hours")), say(N_("Of them about supervision that I give"))),
            tuple(_by_provider(held, say)),
        ),
        Section(
            say(N_("Reflective supervision, each session")),
            (say(N_("Day")), say(N_("Provider")), say(N_("Kind")), say(N_("Clock hours"))),
            tuple(
                (one.on.isoformat(), one.with_whom, say(KINDS[one.kind]), hours(one.minutes))
                for one in sorted(held, key=lambda one: (one.on, one.with_whom, one.key))
            ),
        ),
        Section(
            say(N_("References")),
            (say(N_("Day")), say(N_("Who they are to me"))),
            tuple(
                (one.on.isoformat(), ", ".join(say(ROLES[role]) for role in sorted(one.roles) if role in ROLES))
                for one in sorted(has.ratings, key=lambda one: (one.on, sorted(one.roles)))
            ),
        ),
    )  # fmt: skip
    return tuple(one for one in sections if one.rows)


def hours(minutes: int) -> str:
    """Minutes as hours, with two places at most and none that say nothing; never rounded up."""
    whole, part = divmod(minutes * 100 // 60, 100)
    return str(whole) if not part else f"{whole}.{part:02d}".rstrip("0")


def _about(
    name: str, has: Portfolio, on: date, say: Words, degree: str, paid: date | None
) -> Iterable[tuple[str, ...]]:
    yield say(N_("Name")), name
    if degree:
        yield say(N_("Highest degree")), degree
    if any(one.holds_on(on) for one in has.memberships):
        yield say(N_("Membership paid through")), paid.isoformat() if paid else ""
    for fact, question in FACTS.items():
        if (said := has.facts.get(fact)) is not None:
            yield say(question), say(N_("yes")) if said else say(N_("no"))
    for fact, question in NUMBERS.items():
        if (number := has.numbers.get(fact)) is not None:
            yield say(question), str(number)


def _work(has: Portfolio, say: Words) -> Iterable[tuple[str, ...]]:
    for one in sorted(has.work, key=lambda one: (one.period.since, one.of)):
        until = one.period.until.isoformat() if one.period.until else say(N_("today"))
        yes = ", ".join(say(OF_WORK[key]) for key, said in sorted(one.answers.items()) if said and key in OF_WORK)
        yield say(WORK[one.of]), one.period.since.isoformat(), until, yes


def _training(one: Training, say: Words, domain: Words) -> tuple[str, ...]:
    areas = ", ".join(f"{domain(key)} {hours(part)}" for key, part in sorted(one.areas.items()))
    about = ", ".join(say(TAGS[tag]) for tag in sorted(one.tags))
    return one.on.isoformat(), one.title, one.by, hours(one.minutes), areas, about


def _by_provider(held: Iterable[Session], say: Words) -> Iterable[tuple[str, ...]]:
    groups: dict[tuple[str, str, Kind], list[Session]] = {}
    for one in held:
        groups.setdefault((one.with_whom, str(one.provider), one.kind), []).append(one)
    for (name, _provider, kind), some in sorted(groups.items()):
        known = sorted({code for one in some for code in one.provider_holds or ()})
        about = sum(one.minutes for one in some if one.about_rsc_given)
        days = sorted(one.on for one in some)
        total = sum(one.minutes for one in some)
        yield (
            *(name, " ".join(known), say(KINDS[kind])),
            *(days[0].isoformat(), days[-1].isoformat(), hours(total), hours(about)),
        )


def as_text(sections: Iterable[Section]) -> str:
    """Ready to paste: a title, its heads, its rows, cells parted by tabs, an empty line between."""
    parts = []
    for one in sections:
        lines = [one.title, "\t".join(one.heads), *("\t".join(map(_line, row)) for row in one.rows)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _line(cell: str) -> str:
    return " ".join(cell.split())


def as_csv(sections: Iterable[Section]) -> str:
    """The same as a file; no cell is one that a spreadsheet takes for a formula."""
    rows: list[tuple[str, ...]] = []
    for one in sections:
        rows += [(one.title,), one.heads, *one.rows, ()]
    return "".join(",".join(_plain(cell) for cell in row) + "\r\n" for row in rows)


def _plain(cell: str) -> str:
    return '"' + text.cell(cell).replace('"', '""') + '"'
