"""Which program a family can enter on a day: now, from a later day on, no, or not before something is asked. Pure.

Everything is reckoned for the day on which service could start, after the program's waiting list: a child of 22 months on a
list of three months is not 22 months old when its place comes. Ages are chronological. What nobody knows is asked, and is
never a no; what a source leaves open is open here too, until the network says how its sites read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from inmind.foundation.catalogs import Sourced
from inmind.foundation.values import N_, month_reached
from inmind.services.fitting.program import Criterion, Program, Reading, Until
from inmind.services.fitting.questions import Of, Question

TERM = timedelta(days=280)  # forty weeks, as a due day is counted
BORN_OR_EXPECTED = "born_or_expected"
WEEK, MONTH, AIM, SCHOOL = "reading_of_week", "reading_of_month", "aim_of_program", "school_entry"
TOO_LATE = N_("A place would come too late: it closes on %(day)s.")
BEFORE_BIRTH, AFTER_BIRTH, CRITERIA = "before_birth", "after_birth", "criteria"


class State(StrEnum):
    """How a program stands to a family on a day."""

    NOW = "now"
    LATER = "later"
    ASK = "ask"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Family:
    """What is known: the day the child was born, or is expected; answers by question, None or absent where nobody knows;
    the day on which the child enters kindergarten."""

    born: date | None = None
    expected: date | None = None
    answers: Mapping[str, bool | None] = field(default_factory=dict)
    school: date | None = None


@dataclass(frozen=True, slots=True)
class Readings:
    """How the sites of this network read what the sources leave open; every one a setting, shown as the network's own.

    week: by program, which day "by the 28th week" ends on. wider: programs whose sites take the wider of two readings of an
    age. school_not_before: below so many completed months nobody asks when a child enters kindergarten (ours: four years).
    """

    week: Mapping[str, Reading] = field(default_factory=dict)
    wider: frozenset[str] = frozenset()
    school_not_before: int = 48


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule, in a sentence, as it holds for this family: True, False, or None where something has to be asked."""

    rule: str
    holds: bool | None
    says: str
    source: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """How a program stands to a family for a day of service, and why.

    opens: from which day on, where it is later. closes: the first day on which it is surely or perhaps too late; None: no day
    is known. asks: what has to be asked, and of whom, before anybody says more.
    """

    program: str
    state: State
    on: date
    reasons: tuple[Reason, ...]
    opens: date | None = None
    closes: date | None = None
    asks: tuple[str, ...] = ()

    @property
    def days_left(self) -> int | None:
        """Days from the day of service to the first on which it is too late; None where no such day is known."""
        return None if self.closes is None else (self.closes - self.on).days


@dataclass(frozen=True, slots=True)
class Span:
    """When a program is open to a family: from `opens`, surely before `closes`, and by a wider reading before `perhaps`."""

    opens: date | None
    closes: date | None
    reason: Reason
    perhaps: date | None = None
    asks: str = ""  # what has to be asked between `closes` and `perhaps`, or all the time where `closes` is not known


def eligible(
    program: Program,
    family: Family,
    on: date,
    *,
    questions: Mapping[str, Question],
    starts: date | None = None,
    readings: Readings | None = None,
) -> Match:
    """How a program stands to a family for service that starts on a day.

    on: the day of asking. starts: the day on which service could start, where it is later. Never raises for what is unknown.
    Source: `programs.yaml`, matching_rules_for_software; each number the program's own source.
    """
    return prepared(program, family, questions=questions, readings=readings)(on, starts)


def prepared(
    program: Program, family: Family, *, questions: Mapping[str, Question], readings: Readings | None = None
) -> Callable[[date, date | None], Match]:
    """The same for many days of service: what does not depend on the day is reckoned once.

    The answer is called with the day of asking and the day on which service could start.
    """
    span = window(program, family, readings or Readings())
    criteria = tuple(_criteria(program, family, questions))
    is_out = any(reason.holds is False for reason in criteria)
    open_ones = tuple(dict.fromkeys(key for reason in criteria if reason.holds is None for key in _asked_by(reason)))

    def on_day(on: date, starts: date | None) -> Match:
        day = max(on, starts or on)
        window, opens, closes = _entered(span, day, on)
        asks = open_ones if window.holds is not None else tuple(dict.fromkeys((*_asked_by(window), *open_ones)))
        if is_out or window.holds is False:
            state = State.NO
        elif opens is not None and day < opens:
            state = State.LATER
        else:
            state = State.ASK if asks else State.NOW
        return Match(
            program.key, state, day, (window, *criteria), opens if state is State.LATER else None, closes, asks
        )

    return on_day


def _asked_by(reason: Reason) -> Iterator[str]:
    yield from reason.facts.get("asks", reason.rule).split()


def _entered(span: Span, day: date, on: date) -> tuple[Reason, date | None, date | None]:
    """The window's reason on the day of service, when it opens, and from when on it may be too late."""
    if span.opens is not None and day < span.opens:
        facts = {**span.reason.facts, "day": span.opens.isoformat()}
        return Reason("window", True, N_("It opens on %(day)s."), span.reason.source, facts), span.opens, span.closes
    last = span.perhaps or span.closes
    if last is not None and day >= last:
        facts = {**span.reason.facts, "day": last.isoformat()}
        was_open = on < last and (span.opens is None or on >= span.opens)
        says = TOO_LATE if was_open else N_("It has closed: %(day)s was too late.")
        return Reason("window", False, says, span.reason.source, facts), None, last
    if span.asks and (span.closes is None or day >= span.closes):
        return Reason(span.asks, None, span.reason.says, span.reason.source, span.reason.facts), None, last
    if span.closes is None:
        return (
            Reason("window", True, N_("It is open, and no day is known on which it closes."), span.reason.source),
            None,
            None,
        )
    facts = {**span.reason.facts, "day": span.closes.isoformat()}
    return (
        Reason("window", True, N_("It is open until the day before %(day)s."), span.reason.source, facts),
        None,
        span.closes,
    )


def window(program: Program, family: Family, readings: Readings) -> Span:
    """When a program is open to a family, whatever else it asks for."""
    if family.born is not None:
        return _after(program, family, family.born, readings)
    if family.expected is not None:
        return _before(program, family, family.expected, readings)
    says = N_("Whether a child is born or expected, and when, is not written down.")
    return Span(None, None, Reason(BORN_OR_EXPECTED, None, says), asks=BORN_OR_EXPECTED)


def _before(program: Program, family: Family, expected: date, readings: Readings) -> Span:
    """While a child is expected. What comes after the birth is counted from the day it is expected on."""
    window = program.window
    if window.before_birth is None:
        says = N_("No source says whether it may begin before the birth.")
        return Span(None, None, Reason(BEFORE_BIRTH, None, says), asks=BEFORE_BIRTH)
    if not window.before_birth:
        return _after(program, family, expected, readings)
    if window.before_birth_said is not None:
        said = window.before_birth_said
        facts = {"words": said.value or ""}
        reason = Reason(
            BEFORE_BIRTH, None, N_("When in the pregnancy is known in words alone: %(words)s."), said.source, facts
        )
        return Span(None, None, reason, expected if window.after_birth is False else None, asks=BEFORE_BIRTH)
    if window.to_week is not None:
        return _by_week(program.key, window.to_week, expected - TERM, readings)
    if window.after_birth:
        later = _after(program, family, expected, readings)
        return Span(None, later.closes, later.reason, later.perhaps, later.asks)
    closes = expected if window.after_birth is False else None
    return Span(None, closes, Reason("window", True, N_("It is for the time before the birth.")))


def _by_week(key: str, to_week: Sourced[int], began: date, readings: Readings) -> Span:
    """ "By the 28th week": one day by the network's reading, or a week of which nobody has said how it is read."""
    assert to_week.value is not None
    week = began + timedelta(weeks=to_week.value)
    facts = {"week": str(to_week.value)}
    reading = readings.week.get(key)
    if reading is not None:
        closes = week + {Reading.BEFORE: timedelta(0), Reading.ON: timedelta(1), Reading.THROUGH: timedelta(7)}[reading]
        return Span(
            None, closes, Reason("window", True, N_("By the week %(week)s of the pregnancy."), to_week.source, facts)
        )
    says = N_("By the week %(week)s of the pregnancy: whether this week still counts, the program says.")
    return Span(None, week, Reason(WEEK, None, says, to_week.source, facts), week + timedelta(7), WEEK)


def _after(program: Program, family: Family, born: date, readings: Readings) -> Span:
    """Once a child is born, or from the day on which it is expected."""
    window = program.window
    if window.after_birth is None:
        says = N_("No source says whether it may begin after the birth.")
        return Span(None, None, Reason(AFTER_BIRTH, None, says), asks=AFTER_BIRTH)
    if not window.after_birth:
        return Span(None, born, Reason("window", True, N_("It begins before the birth.")))
    opens = month_reached(born, window.from_month.value) if window.from_month and window.from_month.value else born
    closes, perhaps, bound, asks = _closes(program, family, born, readings)
    source = bound.source if bound else ""
    says = {
        MONTH: N_("Sources read this age in two ways: until %(months)s months, or longer. The program says which."),
        AIM: N_(
            "It aims at families with a child of up to %(months)s months, and refuses nobody for that. The program says."
        ),
        SCHOOL: N_("Until the child enters kindergarten. That day is not written down."),
    }.get(asks, N_("Until the child is %(months)s months old."))
    facts = {"months": str(bound.value)} if bound else {}
    return Span(opens, closes, Reason(asks or "window", None if asks else True, says, source, facts), perhaps, asks)


def _closes(
    program: Program, family: Family, born: date, readings: Readings
) -> tuple[date | None, date | None, Sourced[int] | None, str]:
    """When a window closes surely and perhaps, by which bound, and what has to be asked in between."""
    window = program.window
    if window.until is not None:
        if family.school is not None:
            return family.school, None, None, ""
        six = month_reached(born, 72) if window.until is Until.KINDERGARTEN_OR_AGE_SIX else None
        return month_reached(born, readings.school_not_before), six or date.max, None, SCHOOL
    if window.aims_at_month is not None:  # what a program aims at refuses nobody
        said = [one.to_month for one in window.exceptions if family.answers.get(one.when)]
        bound = max([window.aims_at_month, *said], key=lambda one: one.value or 0)
        serves = program.serves_to_month.value if program.serves_to_month else None
        last = date.max if serves is None else month_reached(born, serves)
        return month_reached(born, bound.value or 0), last, bound, AIM
    if window.to_month is None:
        return None, None, None, ""
    bound, wider = window.to_month, window.to_month_for_some
    closes = month_reached(born, bound.value or 0)
    if wider is None:
        return closes, None, bound, ""
    later = month_reached(born, wider.value or 0)
    return (later, None, wider, "") if program.key in readings.wider else (closes, later, bound, MONTH)


def _criteria(program: Program, family: Family, questions: Mapping[str, Question]) -> Iterator[Reason]:
    criteria = program.criteria
    if not criteria.is_known:
        yield Reason(CRITERIA, None, N_("Who it is for was not found in any source. The program says."))
    for one in criteria.all_of:
        yield _condition(one, family, questions[one.ask])
    if criteria.any_of:
        yield _any_of(criteria.any_of, family, criteria.program_may_decide)


def _condition(one: Criterion, family: Family, question: Question) -> Reason:
    if question.of is Of.EVERYONE:
        return Reason(one.ask, True, N_("This holds for every family."), one.source)
    if question.of is Of.PROGRAM:
        return Reason(one.ask, True, N_("The program looks at this itself."), one.source)
    answer = family.answers.get(one.ask)
    if answer is None:
        return Reason(one.ask, None, N_("This is not known yet."), one.source)
    if answer is False and one.may_be_waived:
        return Reason(one.ask, None, N_("This does not hold; some sites take a family without it."), one.source)
    return Reason(one.ask, answer, N_("This holds.") if answer else N_("This does not hold."), one.source)


def _any_of(any_of: tuple[Criterion, ...], family: Family, program_may_decide: bool) -> Reason:
    """One reason for all: the first condition that holds; else those that nobody knows; else a no, where the program may not
    decide for itself."""
    answers = {one: family.answers.get(one.ask) for one in any_of}
    for one, answer in answers.items():
        if answer and not one.only_in_some_states:
            return Reason(one.ask, True, N_("This holds, and one is enough."), one.source)
    open_ones = [one for one, answer in answers.items() if answer is None or (answer and one.only_in_some_states)]
    if open_ones:
        facts = {"asks": " ".join(one.ask for one in open_ones)}
        return Reason(
            "any_of", None, N_("One of these is enough, and it is not known yet."), open_ones[0].source, facts
        )
    first = any_of[0]
    if program_may_decide:
        return Reason(
            CRITERIA, None, N_("None of these holds; the program may still decide for a family."), first.source
        )
    return Reason("any_of", False, N_("None of these holds, and one is needed."), first.source)
