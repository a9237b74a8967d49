"""What the rules found, in the reader's language: lines, amounts, editions, and what would close a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.endorsement import facts
from inmind.endorsement.closers import Closer
from inmind.endorsement.coverage import Domain, opens
from inmind.endorsement.models import WorkDone
from inmind.endorsement.portfolio import Training
from inmind.endorsement.readiness import Finding, Line, Readiness, Standing, Unit
from inmind.endorsement.sheet import TAGS, hours
from inmind.endorsement.standards import (
    Asked,
    Concentration,
    Degree,
    DegreeAtLeast,
    Edition,
    Needs,
    Number,
    Provider,
    Ratings,
    RscHours,
    Tag,
    TrainingHours,
    Years,
)
from inmind.foundation import clock
from inmind.foundation.catalogs import Sourced
from inmind.foundation.forms import fresh_key
from inmind.foundation.values import N_

STANDINGS = {Standing.MET: N_("met"), Standing.NOT_YET: N_("not yet"), Standing.CANNOT_TELL: N_("cannot tell yet")}
MARKS = {Standing.MET: "met", Standing.NOT_YET: "not-yet", Standing.CANNOT_TELL: "ask"}
CONFIDENCES = {"high": N_("well known"), "medium": N_("known from one page, or an older one"), "low": N_("not sure")}


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody is asked in place. kind: yes_no, degree, number, or work (which has a page of its own). work: the stretch of
    work that a question is about, None for any other; place: where that was."""

    fact: str
    question: str
    kind: str
    work: Any = None
    place: str = ""
    key: str = field(default_factory=fresh_key)


@dataclass(frozen=True, slots=True)
class Way:
    """Something ahead that brings a line nearer. on: its day, or what else is known of it."""

    name: str
    on: str
    says: str
    url: str
    closes: bool
    first_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it is drawn. has, waits: widths of its bar in percent, as text; empty where nothing is measured."""

    key: str
    title: str
    mark: str
    standing: str
    amount: str
    says: str
    missing: str
    waiting: str
    rule: str
    note: str
    source: str
    confidence: str
    gates: bool
    has: str = ""
    waits: str = ""
    met_on: str = ""
    asks: tuple[Ask, ...] = ()
    ways: tuple[Way, ...] = ()


def amount(value: int, unit: Unit) -> str:
    """So much of a unit."""
    match unit:
        case Unit.MINUTES:
            said = hours(value)
            return _("1 hour") if said == "1" else _("%(n)s hours") % {"n": said}
        case Unit.MONTHS:
            years, months = divmod(value, 12)
            if not months and years:
                return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
            return ngettext("%(n)s month", "%(n)s months", value) % {"n": value}
        case Unit.RATINGS:
            return ngettext("%(n)s reference", "%(n)s references", value) % {"n": value}
    return str(value)


def row(finding: Finding, sources: Mapping[str, str], ways: tuple[Way, ...] = (), work: Iterable[WorkDone] = ()) -> Row:
    """One line, with its rule, where that stands, and what is still asked. work: of the person, where she is asked about it."""
    line, of = finding.line, finding.requirement
    needs = line.needs or 0
    there = max(needs - line.missing, 0) if line.missing else line.has or 0
    return Row(
        key=of.key,
        title=_(facts.called(of.key)),
        mark=MARKS[line.standing],
        standing=_(STANDINGS[line.standing]),
        amount=_amount(line),
        says=_says(line),
        missing=_("%(much)s still to come") % {"much": amount(line.missing, line.unit)} if line.missing else "",
        waiting=_("Waiting to be confirmed, or to be known better: %(much)s")
        % {"much": amount(line.waiting, line.unit)}
        if line.waiting
        else "",
        rule=_(" or ").join(rule(one) for one in of.any_of),
        note=of.note,
        source=sources.get(of.source, of.source),
        confidence=_(CONFIDENCES[of.confidence]),
        gates=of.gates,
        has=_percent(there, needs) if needs else "",
        waits=_percent(min(there + line.waiting, needs), needs) if needs and line.waiting else "",
        met_on=clock.day(line.met_on) if line.met_on else "",
        asks=tuple(_asks(finding, list(work))) if line.standing is Standing.CANNOT_TELL else (),
        ways=ways,
    )


def _percent(value: int, of: int) -> str:
    return f"{min(value / of, 1) * 100:.1f}"


def _amount(line: Line) -> str:
    if line.has is None or line.needs is None or (line.missing and line.has >= line.needs):
        return ""
    if line.unit is Unit.MINUTES:
        return _("%(has)s of %(needs)s hours") % {"has": hours(line.has), "needs": hours(line.needs)}
    if line.unit is Unit.MONTHS and line.has % 12:  # both in one unit
        return ngettext("%(has)s of %(needs)s month", "%(has)s of %(needs)s months", line.needs) % {
            "has": line.has,
            "needs": line.needs,
        }
    has = line.has // 12 if line.unit is Unit.MONTHS and not line.needs % 12 else line.has
    return _("%(has)s of %(needs)s") % {"has": has, "needs": amount(line.needs, line.unit)}


def _says(line: Line) -> str:
    return " ".join(filter(None, (_why(line), _parts(line))))


def _parts(line: Line) -> str:
    """Of hours that have to be about something, how many are there."""
    if not line.parts:
        return ""
    said = [
        f"{_('%(has)s of %(needs)s hours') % {'has': hours(has), 'needs': hours(needs)}} {_(TAGS[tag])}"
        for tag, has, needs in line.parts
    ]
    return _("Among these: %(parts)s.") % {"parts": ", ".join(said)}


def _why(line: Line) -> str:
    if line.has is not None and not line.facts and not line.met_on:
        return ""  # the amount says it
    told = dict(line.facts)
    if "roles" in told:
        told["roles"] = ", ".join(_(facts.ROLES.get(one, one)) for one in told["roles"].split(", "))
    if "of" in told:
        told["of"] = ", ".join(_(TAGS[Tag(one)]) for one in told["of"].split(", "))
    return _(line.says) % told if told else _(line.says)


def _asks(finding: Finding, work: list[WorkDone]) -> Iterator[Ask]:
    of = {one.of for one in finding.requirement.any_of if isinstance(one, Years)}
    for fact in finding.line.asks:
        if fact in facts.OF_WORK:
            for one in work:
                if one.of in of and fact not in (one.yes + " " + one.no).split():
                    yield Ask(fact, _(facts.OF_WORK[fact]), "of_work", one.pk, one.place or clock.day(one.since))
        elif found := ask(fact):
            yield found


def ask(fact: str) -> Ask | None:
    """What somebody is asked by the name of a fact; None where a page of its own asks."""
    if fact == "degree":
        return Ask(fact, _("What is the highest degree you hold?"), "degree")
    if fact in facts.FACTS:
        return Ask(fact, _(facts.FACTS[fact]), "yes_no")
    if fact in facts.NUMBERS:
        return Ask(fact, _(facts.NUMBERS[fact]), "number")
    if fact in facts.WORK:
        return Ask(fact, _(facts.WORK[fact]), "work")
    return None


def rule(needs: Needs) -> str:
    """What one need asks, in a sentence's part."""
    match needs:
        case Asked(fact):
            return _(facts.FACTS[fact]) if fact in facts.FACTS else facts.called(fact)
        case DegreeAtLeast(least):
            return _("%(degree)s or higher") % {"degree": degree(least)}
        case Years(of, least, condition):
            kind = _(facts.WORK.get(of, of))
            said = f"{_much(least, Unit.MONTHS, 12)}: {kind}"
            return f"{said}. {_(facts.OF_WORK[condition])}" if condition in facts.OF_WORK else said
        case Number(of, least):
            return f"{_much(least, Unit.COUNT)}: {_(facts.NUMBERS.get(of, of))}"
        case Ratings(total, of_role):
            roles = ", ".join(f"{n} {_(facts.ROLES.get(role, role))}" for role, n in of_role.items())
            said = _much(total, Unit.RATINGS)
            return _("%(said)s, among them: %(roles)s") % {"said": said, "roles": roles} if roles else said
        case TrainingHours(least, within):
            said = _("%(much)s of training") % {"much": _much(least, Unit.MINUTES, 60)}
            return _with_tags(said, within)
        case RscHours(least):
            return _rsc(needs)
        case Concentration(others):
            return ngettext(
                "Most hours with one provider, the rest with one other at most",
                "Most hours with one provider, the rest with %(n)s others at most",
                others,
            ) % {"n": others}


def _rsc(needs: RscHours) -> str:
    said = _("%(much)s of reflective supervision") % {"much": _much(needs.least, Unit.MINUTES, 60)}
    said = _with_tags(said, needs.within)
    low, high = needs.window.least, needs.window.most
    if low is not None and high is not None and low.value is not None and high.value is not None:
        said += ", " + _("gathered within %(low)s to %(high)s months") % {"low": low.value, "high": high.value}
    giving = "; ".join(_provider(one) for one in needs.providers)
    return _("%(said)s. From whoever then held: %(giving)s") % {"said": said, "giving": giving} if giving else said


def _provider(one: Provider) -> str:
    said = " + ".join(sorted(one.holds))
    if one.until is not None:
        said += " " + _("(until %(day)s)") % {"day": clock.day(one.until)}
    if one.since is not None:
        said += " " + _("(from %(day)s)") % {"day": clock.day(one.since)}
    return said


def _with_tags(said: str, within: Mapping[Tag, int]) -> str:
    for tag, most in within.items():
        said += ", " + _("%(much)s of them %(about)s") % {
            "much": amount(most * 60, Unit.MINUTES),
            "about": _(TAGS[tag]),
        }
    return said


def _much(bound: Sourced[int], unit: Unit, times: int = 1) -> str:
    return amount(bound.value * times, unit) if bound.value is not None else _("how much no source says")


def degree(least: Degree) -> str:
    return _(facts.DEGREES[least.name.lower()])


def category(edition: Edition) -> str:
    """The published names of a category, one for each credential that is not alike."""
    return " / ".join(dict.fromkeys(edition.names.values())) or edition.category


def stands(edition: Edition) -> str:
    """Which edition, and on which days."""
    told = {"edition": _(edition.edition)}
    if edition.since and edition.until:
        told |= {"since": clock.day(edition.since), "until": clock.day(edition.until)}
        return _("Edition “%(edition)s”, from %(since)s to %(until)s") % told
    if edition.since:
        return _("Edition “%(edition)s”, from %(since)s on") % (told | {"since": clock.day(edition.since)})
    if edition.until:
        return _("Edition “%(edition)s”, until %(until)s") % (told | {"until": clock.day(edition.until)})
    return _("Edition “%(edition)s”; no source says since which day it holds, your association can") % told


def scope(edition: Edition) -> str:
    """The scope of practice, in the reader's language."""
    return _(edition.scope) if edition.scope else ""


def met(found: Readiness) -> tuple[int, int]:
    """How many of the lines that gate are met, and how many there are."""
    gates = [one for one in found.findings if one.requirement.gates]
    return sum(one.line.standing is Standing.MET for one in gates), len(gates)


def way(
    closer: Closer, ahead: Mapping[str, Any], still_open: Sequence[Domain], of_area: Mapping[str, str], unit: Unit
) -> Way:
    """A training ahead, as it stands beside a line."""
    one = ahead[closer.offer.key]
    adds = next(part for part in closer.offer.adds if isinstance(part, Training))
    if closer.closes:
        says = _("It would close this line.")
    else:
        says = _("Afterwards %(much)s would still be to come.") % {"much": amount(closer.missing, unit)}
    if one.seats is not None:
        says += " " + ngettext("%(n)s seat is free.", "%(n)s seats are free.", one.seats) % {"n": one.seats}
    return Way(
        name=one.title,
        on=clock.day(one.on),
        says=says,
        url=one.address,
        closes=closer.closes,
        first_in=tuple(_(domain.name) for domain in opens(adds, still_open, of_area)),
    )


def place(closer: Closer, one: Any, unit: Unit) -> Way:
    """An open place with somebody who holds others, as it stands beside a line; `one` as `reflection` tells it."""
    times = closer.times
    if closer.closes:
        says = ngettext(
            "%(n)s session there would close this line.", "%(n)s sessions there would close this line.", times
        ) % {"n": times}
    elif closer.missing:
        says = ngettext(
            "After %(n)s session there %(much)s would still be to come, and not from there.",
            "After %(n)s sessions there %(much)s would still be to come, and not from there.",
            times,
        ) % {"n": times, "much": amount(closer.missing, unit)}
    else:
        says = ngettext(
            "%(n)s session there would bring the hours; they must go on over more months.",
            "%(n)s sessions there would bring the hours; they must go on over more months.",
            times,
        ) % {"n": times}
    if one.seats is None:
        says += " " + _("Ask whether there is a place.")
    else:
        says += " " + ngettext("%(n)s place is open.", "%(n)s places are open.", one.seats) % {"n": one.seats}
    name = _("A place with %(name)s") % {"name": one.provider_name}
    return Way(name=name, on=", ".join(one.says), says=says, url=one.address, closes=closer.closes)


def best_first(ways: Iterable[Way]) -> tuple[Way, ...]:
    """Those that close a line, of these those in a domain where nothing is yet; then the soonest."""
    return tuple(sorted(ways, key=lambda one: (not one.closes, not one.first_in)))


def day(on: date | None) -> str:
    return clock.day(on) if on else ""
