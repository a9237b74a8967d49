"""Builds a program from its catalog file, or says what is wrong with the file. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from inmind.foundation.catalogs import Confidence, Entry, Sourced, distinct, known_source, sourced
from inmind.services.fitting.program import Continuum, Criteria, Criterion, Program, Rating, Until, WiderBound, Window

OPTIONAL = (
    "named_by_association serves_to_month lasts_months_at_least criteria criteria_known settings facts evidence evidence_said "
    "warning not_to_be_confused_with"
)


def load(sheet: Entry, questions: frozenset[str]) -> Program:
    """The program that one file describes. Raises BadCatalog with the file, the line and the reason.

    questions: the keys of what may be asked of a family (`catalog/questions.yaml`); a criterion names one of them.
    """
    said = sheet.fields("title edition date key licence sources category continuum whom window", OPTIONAL)
    said["licence"].text()
    sources = sources_of(said["sources"])
    key = said["key"].text()
    return Program(
        key=key,
        edition=said["edition"].text(),
        dated=said["date"].day(),
        name=said["title"].text(),
        category=said["category"].text(),
        continuum=said["continuum"].one_of(Continuum),
        whom=said["whom"].text(),
        window=_window(said["window"], sources, questions),
        sources=sources,
        criteria=_criteria(said, sources, questions),
        serves_to_month=_whole(said, "serves_to_month", sources),
        lasts_months_at_least=_whole(said, "lasts_months_at_least", sources),
        settings=tuple(one.text() for one in said["settings"].entries()) if "settings" in said else (),
        facts=_facts(said["facts"], sources) if "facts" in said else {},
        evidence=tuple(_rating(one, sources) for one in said["evidence"].entries()) if "evidence" in said else (),
        evidence_said=_words(said, "evidence_said"),
        warning=_words(said, "warning") or _words(said, "not_to_be_confused_with"),
        named_by_association="named_by_association" in said and said["named_by_association"].truth(),
    )


def sources_of(entry: Entry) -> Mapping[str, str]:
    """What each source is, and whether it was read or is recalled."""
    found: dict[str, str] = {}
    for key, one in entry.mapping().items():
        said = one.fields("what read")
        found[key] = said["what"].text() if said["read"].truth() else f"{said['what'].text()} (not read again)"
    return found


def _window(entry: Entry, sources: Mapping[str, str], questions: frozenset[str]) -> Window:
    numbers = "to_week from_month to_month to_month_for_some aims_at_month"
    said = entry.fields("before_birth after_birth", f"{numbers} before_birth_said until exceptions")
    bounds = {name: _bound(said, name, sources) for name in numbers.split()}
    low, high, some = bounds["from_month"], bounds["to_month"], bounds["to_month_for_some"]
    for later, earlier, name in ((high, low, "to_month"), (some, high, "to_month_for_some")):
        if later is not None and earlier is not None and _number(later) <= _number(earlier):
            raise said[name].wrong("a window closes after it opens, and a wider reading is wider")
    return Window(
        before_birth=_perhaps(said["before_birth"]),
        after_birth=_perhaps(said["after_birth"]),
        before_birth_said=sourced(said["before_birth_said"], sources, Entry.text)
        if "before_birth_said" in said
        else None,
        until=said["until"].one_of(Until) if "until" in said else None,
        exceptions=_exceptions(said["exceptions"], sources, questions) if "exceptions" in said else (),
        **bounds,
    )


def _exceptions(entry: Entry, sources: Mapping[str, str], questions: frozenset[str]) -> tuple[WiderBound, ...]:
    found = []
    for one in entry.entries():
        said = one.fields("when to_month")
        bound = _bound(said, "to_month", sources)
        assert bound is not None
        found.append(WiderBound(_question(said["when"], questions), bound))
    return tuple(found)


def _criteria(said: Mapping[str, Entry], sources: Mapping[str, str], questions: frozenset[str]) -> Criteria:
    is_known = "criteria_known" not in said or said["criteria_known"].truth()
    if "criteria" not in said:
        return Criteria(is_known=is_known)
    if not is_known:
        raise said["criteria_known"].wrong("criteria that are not known cannot stand here")
    found = said["criteria"].fields("", "all_of any_of for_some program_may_decide")
    rows = {
        name: tuple(_criterion(one, sources, questions) for one in found[name].entries())
        for name in ("all_of", "any_of", "for_some")
        if name in found
    }
    for name, criteria in rows.items():
        distinct(found[name].entries(), [one.ask for one in criteria])
    return Criteria(
        all_of=rows.get("all_of", ()),
        any_of=rows.get("any_of", ()),
        for_some=rows.get("for_some", ()),
        program_may_decide="program_may_decide" in found and found["program_may_decide"].truth(),
    )


def _criterion(entry: Entry, sources: Mapping[str, str], questions: frozenset[str]) -> Criterion:
    said = entry.fields("ask source confidence", "note may_be_waived only_in_some_states")
    return Criterion(
        ask=_question(said["ask"], questions),
        source=known_source(said["source"], sources),
        confidence=said["confidence"].one_of(Confidence).value,
        note=_words(said, "note"),
        may_be_waived="may_be_waived" in said and said["may_be_waived"].truth(),
        only_in_some_states="only_in_some_states" in said and said["only_in_some_states"].truth(),
    )


def _question(entry: Entry, questions: frozenset[str]) -> str:
    key = entry.text()
    if key not in questions:
        raise entry.wrong(f"there is no question {key} in questions.yaml")
    return key


def _rating(entry: Entry, sources: Mapping[str, str]) -> Rating:
    said = entry.fields("by rating reviewed source confidence", "handbook miechv_eligible note")
    return Rating(
        by=said["by"].text(),
        rating=None if said["rating"].is_null else said["rating"].text(),
        reviewed=None if said["reviewed"].is_null else said["reviewed"].whole(),
        source=known_source(said["source"], sources),
        confidence=said["confidence"].one_of(Confidence).value,
        handbook=_words(said, "handbook"),
        miechv_eligible=said["miechv_eligible"].truth() if "miechv_eligible" in said else None,
        note=_words(said, "note"),
    )


def _facts(entry: Entry, sources: Mapping[str, str]) -> Mapping[str, Sourced[object]]:
    rows = [one.fields("what fact") for one in entry.entries()]
    names = [one["what"].text() for one in rows]
    distinct(entry.entries(), names)
    return {name: sourced(one["fact"], sources, _any) for name, one in zip(names, rows, strict=True)}


def _any(entry: Entry) -> object:
    """A number, two numbers from and to, or words."""
    if isinstance(entry.value, tuple):
        return tuple(one.number() for one in entry.entries())
    return entry.text() if isinstance(entry.value, str) else entry.number()


def _bound(said: Mapping[str, Entry], name: str, sources: Mapping[str, str]) -> Sourced[int] | None:
    """A number that opens or closes a window: never one that is hardly known."""
    found = _whole(said, name, sources)
    if found is not None and not found.is_usable:
        raise said[name].wrong("a bound must be known, and with more than low confidence")
    if found is not None and _number(found) < 0:
        raise said[name].wrong("a number of weeks or months is not negative")
    return found


def _whole(said: Mapping[str, Entry], name: str, sources: Mapping[str, str]) -> Sourced[int] | None:
    return sourced(said[name], sources, Entry.whole) if name in said else None


def _number(found: Sourced[int]) -> int:
    return found.value or 0


def _perhaps(entry: Entry) -> bool | None:
    return None if entry.is_null else entry.truth()


def _words(said: Mapping[str, Entry], name: str) -> str:
    return said[name].text() if name in said else ""
