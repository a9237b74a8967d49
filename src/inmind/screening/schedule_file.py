"""Builds a schedule from its catalog file, or says what is wrong with the file. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from inmind.families.ages import PrematurityRule
from inmind.foundation.catalogs import Entry, Sourced, distinct, sourced
from inmind.screening.schedule import Asked, Form, Moment, Schedule, Tool, Whom, Window

OURS = "ours"  # the source that a file names for what is a network's own setting


def load(sheet: Entry) -> Schedule:
    """The schedule that one file describes. Raises BadCatalog with the file, the line and the reason."""
    said = sheet.fields("title edition date key licence sources catch_up brief_rule tools screens")
    said["date"].day()
    said["licence"].text()
    sources = {key: entry.text() for key, entry in said["sources"].mapping().items()}
    tools = [_tool(entry, sources) for entry in said["tools"].entries()]
    distinct(said["tools"].entries(), [one.key for one in tools])
    asked = [_asked(entry, sources, {one.key: one for one in tools}) for entry in said["screens"].entries()]
    distinct(said["screens"].entries(), [one.key for one in asked])
    for place, (entry, one) in enumerate(zip(said["screens"].entries(), asked, strict=True)):
        if one.unless and one.unless not in {before.key for before in asked[:place]}:
            raise entry.mapping()["unless"].wrong(f"there is no screen {one.unless} before this one")
    return Schedule(
        key=said["key"].text(),
        edition=said["edition"].text(),
        title=said["title"].text(),
        asked=tuple(asked),
        sources=sources,
        catch_up=sourced(said["catch_up"], sources, Entry.text),
        brief_rule=sourced(said["brief_rule"], sources, Entry.text),
    )


def _tool(entry: Entry, sources: Mapping[str, str]) -> Tool:
    said = entry.fields("key name youngest oldest", "forms prematurity positive_at brief")
    return Tool(
        key=said["key"].text(),
        name=said["name"].text(),
        youngest=sourced(said["youngest"], sources, Entry.whole).value,
        oldest=sourced(said["oldest"], sources, Entry.whole).value,
        forms=_forms(said["forms"], sources) if "forms" in said else (),
        prematurity=_prematurity(said["prematurity"], sources) if "prematurity" in said else None,
        positive_at=sourced(said["positive_at"], sources, Entry.whole).value if "positive_at" in said else None,
        is_brief="brief" in said and said["brief"].truth(),
    )


def _forms(entry: Entry, sources: Mapping[str, str]) -> tuple[Form, ...]:
    """The age forms in their order, none over another."""
    forms: list[Form] = []
    for one in entry.entries():
        said = one.fields("form from to")
        form = Form(str(said["form"].whole()), _known(said["from"], sources), _known(said["to"], sources))
        if form.last < form.first or (forms and form.first <= forms[-1].last):
            raise one.wrong("forms follow one another, each from its first month to its last")
        forms.append(form)
    return tuple(forms)


def _prematurity(entry: Entry, sources: Mapping[str, str]) -> PrematurityRule:
    said = entry.fields("weeks_early below_months")
    return PrematurityRule(
        early_weeks_min=_known(said["weeks_early"], sources),
        below_months=_known(said["below_months"], sources),
        source=sourced(said["weeks_early"], sources, Entry.whole).source or "",
    )


def _asked(entry: Entry, sources: Mapping[str, str], tools: Mapping[str, Tool]) -> Asked:
    said = entry.fields("key label label_es subject tools", "parts ages windows in_pregnancy each_visit unless")
    ways = [name for name in ("ages", "in_pregnancy", "each_visit") if name in said]
    if len(ways) != 1:
        raise entry.wrong("a screen is asked for at ages, in pregnancy or at each visit: one of the three")
    for one in said["tools"].entries():
        if one.text() not in tools:
            raise one.wrong(f"there is no tool {one.value} in this file")
    asks = ways[0]
    if asks != "each_visit" and not said["tools"].entries():
        raise said["tools"].wrong("a screen that is done or not is done with a tool")
    if asks == "ages":
        ages = sourced(said["ages"], sources, lambda found: tuple(one.whole() for one in found.entries()))
        windows = _windows(entry, said, ages, sources)
        rule: Sourced[object] = ages  # type: ignore[assignment]
    else:
        rule, windows = sourced(said[asks], sources, Entry.text), ()
    return Asked(
        key=said["key"].text(),
        label=said["label"].text(),
        label_es=said["label_es"].text(),
        whom=said["subject"].one_of(Whom),
        tools=tuple(tools[one.text()] for one in said["tools"].entries()),
        source=rule.source,
        confidence=rule.confidence.value,
        windows=windows,
        parts=frozenset(one.text() for one in said["parts"].entries()) if "parts" in said else frozenset(),
        in_pregnancy=asks == "in_pregnancy",
        each_visit=asks == "each_visit",
        unless=said["unless"].text() if "unless" in said else "",
    )


def _windows(
    entry: Entry, said: Mapping[str, Entry], ages: Sourced[tuple[int, ...]], sources: Mapping[str, str]
) -> tuple[Window, ...]:
    """One window around each age, in order, none reaching into the next."""
    if "windows" not in said:
        raise entry.wrong("`windows` is missing: one for each age")
    windows: list[Window] = []
    for one in said["windows"].entries():
        found = one.fields("age opens closes source confidence", "note")
        whole = Entry(
            {"value": found["age"], "source": found["source"], "confidence": found["confidence"]}, one.file, one.line
        )
        age = sourced(whole, sources, Entry.whole)
        window = Window(
            found["age"].whole(), _moment(found["opens"]), _moment(found["closes"]), age.source, age.source == OURS
        )
        opens, closes = (window.opens.months, window.opens.days), (window.closes.months, window.closes.days)
        before = (windows[-1].closes.months, windows[-1].closes.days) if windows else opens
        if closes <= opens or opens < before:
            raise one.wrong("a window closes after it opens, and opens after the one before it has closed")
        windows.append(window)
    if tuple(one.age for one in windows) != ages.value:
        raise said["windows"].wrong("there is one window for each age, in their order")
    return tuple(windows)


def _moment(entry: Entry) -> Moment:
    said = entry.fields("months", "days")
    moment = Moment(said["months"].whole(), said["days"].whole() if "days" in said else 0)
    if moment.months < 0 or not 0 <= moment.days <= 27:
        raise entry.wrong("months from 0 on, and days from 0 to 27 beyond them")
    return moment


def _known(entry: Entry, sources: Mapping[str, str]) -> int:
    """A number without which nothing can stand. Low confidence never gates anything."""
    found = sourced(entry, sources, Entry.whole)
    if found.value is None or not found.is_usable:
        raise entry.wrong("this number must be known, and with more than low confidence")
    return found.value
