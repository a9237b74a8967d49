"""What stands beside a result so that nobody leans on it too hard: weeks at birth that are not known or were written down
since, a table that was withdrawn, a cut-off from a second hand. Nothing is changed by it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from inmind.families.ages import PrematurityRule, ages
from inmind.families.models import Episode
from inmind.foundation import clock
from inmind.foundation.catalogs import Confidence
from inmind.screening import house_tables, queries, steward_table, words
from inmind.screening.actions import ages_now
from inmind.screening.due import child_of
from inmind.screening.errors import NoRuleForAge
from inmind.screening.instruments import Instrument
from inmind.screening.models import RecordedResult, Screen
from inmind.screening.recorded import RecordedTool, misfit


def weeks_unknown(episode: Episode, rule: PrematurityRule | None, on: date | None = None) -> str:
    """That the tool could count another age than from the birth, for nobody wrote down the weeks; empty where it could not."""
    child, day = child_of(episode.dyad), on or clock.today(episode.organization.zone)
    if rule is None or child.born is None or not child.is_born(day):
        return ""
    if not rule.waits_for(child.gestation_weeks, ages(child.born, None, day).chronological):
        return ""
    said = _(
        "Weeks at birth are not known here. If the child came at least %(weeks)s weeks early, this tool counts another age."
    )
    return said % {"weeks": rule.early_weeks_min}


def read_now(screen: Screen, instrument: Instrument) -> str:
    """What a finished screen would say by the weeks that are known now, where that is another result than the one that
    stands; else empty."""
    now = ages_now(screen, instrument)
    if now is None or screen.state == Screen.State.OPEN:
        return ""
    allowed = instrument.ages
    facts: dict[str, object] = {"months": now.used.months}
    if allowed is not None and not allowed.low <= now.used.months <= allowed.high:
        return _("With the weeks that are known now this tool is not for this age: %(months)s months.") % facts
    try:
        found, here = queries.score(screen, screen.answers, now), instrument.at(now.used.months)
    except NoRuleForAge:
        return ""
    if (found.band or "", found.is_positive) == (screen.band, screen.is_positive):
        return ""
    if not found.band:
        said = _(
            "With the weeks that are known now this tool would go by %(months)s months and give no band. "
            "Correct the result, or leave it."
        )
        return said % facts
    numbers = ", ".join(str(cutoff.value) for cutoff in here.cutoffs if cutoff.by_default)
    facts |= {"band": _(words.BANDS.get(found.band, found.band)), "cutoff": numbers or "—"}
    said = _(
        "With the weeks that are known now this tool would read: %(band)s, cut-off %(cutoff)s. "
        "Correct the result, or leave it."
    )
    return said % facts


def fits_now(result: RecordedResult, tool: RecordedTool) -> str:
    """That a licensed form is, or is not any more, the one for the child's age by what is known of the birth now, where that
    is not how it was read; else empty."""
    kept, child = result.said, child_of(result.episode.dyad)
    if not kept.get("ages") or child.born is None or not child.is_born(result.on):
        return ""
    now = ages(child.born, child.gestation_weeks, result.on, tool.prematurity)
    fits = misfit(tool, kept["form"], now) is None
    if fits == kept["fits"]:
        return ""
    return _(words.FITS_NOW if fits else words.FITS_NO_MORE)


def withdrawn(made: Screen | RecordedResult) -> str:
    """That the table which read a result was withdrawn, when and why; empty where none was, or it still stands."""
    key = made.instrument if isinstance(made, Screen) else made.tool
    return withdrawn_of(key, made.edition)


def withdrawn_of(key: str, edition: str) -> str:
    table = house_tables.withdrawn_of(key, edition)
    if table is None or table.withdrawn_from is None:
        return ""
    facts = {"table": table.edition, "day": clock.day(table.withdrawn_from), "why": table.withdrawn_why}
    return (
        _("Read with the table %(table)s, which was withdrawn on %(day)s: %(why)s (as the data steward said).") % facts
    )


def how_sure(here: Instrument) -> str:
    """How surely the cut-offs are known by which a result was read; empty where they are known well, or are an official
    table's. here: its rules at the child's age."""
    read_by = [one for one in here.cutoffs if one.by_default and one.confidence != Confidence.HIGH]
    ours = [one.source for one in read_by if not steward_table.is_of_a_table(one.source)]
    return _(words.SECOND_HAND if words.SECOND_HANDS.intersection(ours) else words.LESS_SURE) if ours else ""
