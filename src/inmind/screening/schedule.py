"""Which screen is due at a visit: for a child by its age, for the adults by the child's, and before a birth. Pure.

The schedule is data (`catalog/schedules/`): ages are their publishers', windows around them a network's own setting.
Ages are completed calendar months on the visit's local day. A tool with a rule for children born early counts its months
from the corrected birth, while that rule holds; no other tool does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from inmind.families.ages import PrematurityRule, ages, weeks_early
from inmind.foundation.catalogs import Sourced
from inmind.foundation.values import N_, Age, month_reached


class Whom(StrEnum):
    """Whose screen it is."""

    CHILD = "child"
    CAREGIVER = "caregiver"


class State(StrEnum):
    """How a screen stands on a day."""

    OVERDUE = "overdue"  # its window has passed: at the earliest possible time
    DUE = "due"
    EACH_VISIT = "each_visit"
    NOT_YET = "not_yet"
    DONE = "done"
    NOT_ASKED = "not_asked"  # not at this age, or not of this adult

    @property
    def is_open(self) -> bool:
        """Whether somebody is asked to do something."""
        return self in {State.DUE, State.OVERDUE}


@dataclass(frozen=True, slots=True)
class Moment:
    """An age as a boundary: so many completed months, and days beyond them."""

    months: int
    days: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """One age form of a tool, from its first month to the last completed month at which it is used."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Tool:
    """An instrument as the schedule needs it. oldest: the last completed month at which it is used; None: not known.

    positive_at: from how many points on a finished one counts as positive; is_brief: whether a full one closes it.
    """

    key: str
    name: str
    youngest: int | None = None
    oldest: int | None = None
    forms: tuple[Form, ...] = ()
    prematurity: PrematurityRule | None = None
    positive_at: int | None = None
    is_brief: bool = False

    def fits(self, age: Age | None) -> bool:
        """Whether it is used at a child's age, as far as that is known; before the birth there is none."""
        if age is None:
            return True
        is_young = self.youngest is not None and age.months < self.youngest
        return not is_young and (self.oldest is None or age.months <= self.oldest)

    def form_at(self, age: Age) -> Form | None:
        return next((form for form in self.forms if form.first <= age.months <= form.last), None)


@dataclass(frozen=True, slots=True)
class Window:
    """Around one of the ages: open from the day `opens` is reached up to, not including, the day `closes` is."""

    age: int
    opens: Moment
    closes: Moment
    source: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One screen that the schedule asks for. parts: as which adults care for the child of whom it is asked; none: of all.

    Exactly one of: windows (around ages), in_pregnancy, each_visit. unless: another screen that takes its place when due.
    """

    key: str
    label: str
    label_es: str
    whom: Whom
    tools: tuple[Tool, ...]
    source: str
    confidence: str
    windows: tuple[Window, ...] = ()
    parts: frozenset[str] = frozenset()
    in_pregnancy: bool = False
    each_visit: bool = False
    unless: str = ""

    def label_in(self, language: str) -> str:
        return self.label_es if language.startswith("es") else self.label

    @property
    def counted_by(self) -> PrematurityRule | None:
        """The prematurity rule by which this screen's ages are counted: its first tool's."""
        return self.tools[0].prematurity if self.tools else None

    @property
    def oldest(self) -> int | None:
        """The last completed month at which it can still be caught up: the first tool's."""
        return self.tools[0].oldest if self.tools else None


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that is asked for, in one edition. catch_up, brief_rule: the rule in its source's words."""

    key: str
    edition: str
    title: str
    asked: tuple[Asked, ...]
    sources: Mapping[str, str]
    catch_up: Sourced[str]
    brief_rule: Sourced[str]
    is_ours: bool = True  # False: a network laid its own file over ours

    def of(self, whom: Whom) -> Iterator[Asked]:
        return (one for one in self.asked if one.whom is whom)


@dataclass(frozen=True, slots=True)
class Child:
    """What the schedule needs to know of a child, born or expected. gestation_weeks None: not known, so nothing is corrected."""

    born: date | None
    expected: date | None = None
    gestation_weeks: int | None = None

    @property
    def weeks_early(self) -> int:
        return weeks_early(self.gestation_weeks)

    def is_born(self, on: date) -> bool:
        return self.born is not None and self.born <= on


@dataclass(frozen=True, slots=True)
class Taken:
    """A screen that was finished, by the key of its tool: done, also with items left blank, for every item may be skipped.

    points: those that are certain (the lowest possible total where items are blank); None: not known here.
    """

    tool: str
    on: date
    points: int | None = None
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """How one screen stands. reason: a sentence to translate; facts fill its places (dates and numbers as they are).

    form: of a tool with age forms, the one for this day; age, is_corrected: as this screen counts it.
    """

    asked: Asked
    state: State
    reason: str
    facts: Mapping[str, date | int | str] = field(default_factory=dict)
    window: Window | None = None
    form: str = ""
    age: Age | None = None
    is_corrected: bool = False

    @property
    def order(self) -> date:
        """By which those that are open stand in order: the last day of the time for it, so that the longest overdue comes
        first and then what ends soonest; the day of the short screen that a full one follows; without a day, at the end."""
        day = self.facts.get("last", self.facts.get("done"))
        return day if isinstance(day, date) else date.max


def for_child(schedule: Schedule, child: Child, on: date, taken: Sequence[Taken] = ()) -> list[Due]:
    """What is asked for the child on a day, in the schedule's order; nothing before its birth.

    Never handed an adult's screens, so it cannot depend on whether one was screened (`protect.md` 1).
    """
    if not child.is_born(on):
        return []
    found: dict[str, Due] = {}
    for asked in schedule.of(Whom.CHILD):
        if asked.unless and asked.unless in found and found[asked.unless].state.is_open:
            continue
        found[asked.key] = (
            _each_visit(asked, child, on, taken) if asked.each_visit else _by_age(asked, child, on, taken)
        )
    return list(found.values())


def for_adult(schedule: Schedule, child: Child, part: str, on: date, taken: Sequence[Taken] = ()) -> list[Due]:
    """What is asked of an adult who cares for the child as `part`; before the birth only what is asked in pregnancy.

    Somebody of whom nothing is asked may be asked all the same: a schedule closes no door.
    """
    return [
        _in_pregnancy(asked, taken) if asked.in_pregnancy else _by_age(asked, child, on, taken)
        for asked in schedule.of(Whom.CAREGIVER)
        if asked.in_pregnancy is not child.is_born(on) and (not asked.parts or part in asked.parts)
    ]


def age_on(child: Child, rule: PrematurityRule | None, on: date) -> tuple[Age, bool]:
    """A born child's age as a tool counts it, and whether it was corrected. Before the corrected birth it is nought."""
    assert child.born is not None
    both = ages(child.born, child.gestation_weeks, on, rule)
    return both.used, both.corrected is not None


def reached(child: Child, rule: PrematurityRule | None, moment: Moment) -> date:
    """The first day on which a child has an age, as a tool counts it."""
    assert child.born is not None
    if moment == Moment(0):
        return child.born
    plain = month_reached(child.born, moment.months) + timedelta(days=moment.days)
    if rule is None or not rule.is_for(child.gestation_weeks):
        return plain
    term = child.born + timedelta(weeks=child.weeks_early)
    corrected = month_reached(term, moment.months) + timedelta(days=moment.days)
    as_everyone = month_reached(child.born, rule.below_months)  # from this day on nothing is corrected
    return corrected if corrected < as_everyone else max(plain, as_everyone)


def is_positive(tool: Tool, taken: Taken) -> bool | None:
    """Whether a finished screen reaches its tool's positive cut-off; None where that is not known."""
    if tool.positive_at is None or taken.points is None:
        return None
    if taken.points >= tool.positive_at:
        return True
    return False if taken.is_complete else None


def _by_age(asked: Asked, child: Child, on: date, taken: Sequence[Taken]) -> Due:
    rule = asked.counted_by
    age, is_corrected = age_on(child, rule, on)
    tool = asked.tools[0]
    form = tool.form_at(age)
    last: tuple[Window, date] | None = None
    following: tuple[Window, date] | None = None
    for one in asked.windows:
        if (first := reached(child, rule, one.opens)) > on:
            following = one, first
            break
        last = one, first

    def due(state: State, reason: str, window: Window | None = None, **facts: date | int | str) -> Due:
        shown = form.name if form and state.is_open else ""
        return Due(asked, state, reason, facts, window, shown, age, is_corrected)

    if last is None:
        assert following is not None
        window, opens = following
        return due(State.NOT_YET, N_("Asked for from %(opens)s on."), window, opens=opens)
    window, opens = last
    done = _done(asked, [one for one in taken if opens <= one.on <= on])
    if done.waits_for_full:
        return due(
            State.DUE,
            N_("The short screen on %(done)s was positive. A full one follows, best on the same day."),
            window,
            done=done.waits_for_full,
        )
    if done.last and following:
        reason = N_("Done on %(done)s. Asked for again from %(opens)s on.")
        return due(State.DONE, reason, window, done=done.last, opens=following[1])
    if done.last:
        return due(State.DONE, N_("Done on %(done)s. It is not asked for again."), window, done=done.last)
    closes = reached(child, rule, window.closes)
    if on < closes:
        reason = N_("Asked for at %(months)s months. Its time ends on %(last)s.")
        return due(State.DUE, reason, window, months=window.age, last=closes - timedelta(days=1))
    if asked.oldest is not None and age.months > asked.oldest:
        reason = N_("No longer asked for: %(tool)s is not used at this age.")
        return due(State.NOT_ASKED, reason, window, tool=tool.name)
    return due(
        State.OVERDUE,
        N_("Asked for at %(months)s months, until %(last)s. Do it at the earliest possible time."),
        window,
        months=window.age,
        last=closes - timedelta(days=1),
    )


def _in_pregnancy(asked: Asked, taken: Sequence[Taken]) -> Due:
    done = _done(asked, taken)
    if done.waits_for_full:
        reason = N_("The short screen on %(done)s was positive. A full one follows, best on the same day.")
        return Due(asked, State.DUE, reason, {"done": done.waits_for_full})
    if done.last:
        return Due(asked, State.DONE, N_("Done on %(done)s."), {"done": done.last})
    return Due(asked, State.DUE, N_("Asked for at least once in pregnancy."))


def _each_visit(asked: Asked, child: Child, on: date, taken: Sequence[Taken]) -> Due:
    """Asked for anew on each day: what was done on this one is settled for it."""
    age, is_corrected = age_on(child, asked.counted_by, on)
    form = asked.tools[0].form_at(age) if asked.tools else None
    if done := _done(asked, [one for one in taken if one.on == on]).last:
        return Due(
            asked, State.DONE, N_("Done on %(done)s. Asked for again at the next visit."), {"done": done}, age=age
        )
    reason = N_("Asked for at each visit without a formal screen.") if asked.unless else N_("Asked for at each visit.")
    return Due(asked, State.EACH_VISIT, reason, form=form.name if form else "", age=age, is_corrected=is_corrected)


@dataclass(frozen=True, slots=True)
class _Done:
    """last: the day of the latest screen that counts; waits_for_full: of a positive brief one that no full one followed."""

    last: date | None
    waits_for_full: date | None = None


def _done(asked: Asked, taken: Sequence[Taken]) -> _Done:
    tools = {tool.key: tool for tool in asked.tools}
    ours = [one for one in taken if one.tool in tools]
    last_full = max((one.on for one in ours if not tools[one.tool].is_brief), default=None)
    waiting = [
        one.on
        for one in ours
        if tools[one.tool].is_brief and is_positive(tools[one.tool], one) and (last_full is None or last_full < one.on)
    ]
    return _Done(max((one.on for one in ours), default=None), max(waiting, default=None))
