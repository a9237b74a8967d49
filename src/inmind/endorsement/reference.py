"""The page of `docs/reference` that says what each standard asks: every rule with its source, and each number worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from inmind.endorsement import facts, said
from inmind.endorsement.adapters import catalog
from inmind.endorsement.examples import Example, of_edition, of_line
from inmind.endorsement.readiness import Standing
from inmind.endorsement.readings import READINGS
from inmind.endorsement.standards import Edition, Requirement
from inmind.endorsement.transfer import HONOURED_SOURCE, UNKNOWN, WHERE_SOURCE

DAY = date(2026, 11, 22)  # of the examples, so that the page is the same on any day
STANDS = {Standing.MET: "met", Standing.NOT_YET: "not yet", Standing.CANNOT_TELL: "cannot tell"}


def pages() -> Mapping[str, str | None]:
    return {"standards.md": "\n".join(_page())}


def _page() -> Iterable[str]:
    yield "# What each standard asks\n"
    yield (
        "Facts from the sources named with them, in InMind's own words. No publisher's text stands here. A number that no source "
        "says is asked of the association's coordinator, and is never met. Each number is worked out: somebody who just meets it, "
        "and somebody who just does not. The same examples are tests.\n"
    )
    yield "Categories are scopes of practice, not a ladder.\n"
    for edition in catalog.standards():
        yield from _edition(edition)
    for renewal in catalog.renewals().values():
        years = "every year" if renewal.years == 1 else f"every {renewal.years} years"
        yield f"## Renewal {years}\n"
        named = ", ".join(sorted(renewal.named_by)) or "all associations of which no source says otherwise"
        yield f"Of: {named}. A cycle ends with December 31.\n"
        for clause in renewal.clauses:
            whom = ", ".join([*sorted(clause.categories), *sorted(clause.only_if)]) or "all"
            some = list(of_line(clause.line, DAY))
            yield from _line(clause.line, renewal.sources, some, f"{facts.called(clause.line.key)} (of: {whom})")
    yield "## What InMind reads out of the sources\n"
    yield "Where a source leaves something open. Each reading is ours, is shown to coordinators as ours, and is a test.\n"
    for one in READINGS:
        yield f"- {one.says} Source: {one.source}."
    yield ""
    yield from _without_examples()
    yield "## A move to another state\n"
    yield f"The same category is honoured by another association of the Alliance. Source: {HONOURED_SOURCE}.\n"
    yield f"One applies where one lives, not where one works. Source: {WHERE_SOURCE}.\n"
    yield "No source says, and InMind asks: " + " ".join(UNKNOWN) + "\n"


def _without_examples() -> Iterable[str]:
    """The numbers of the sources that are no worked examples here, reason by reason."""
    yield "## Numbers of the sources that are not worked out here\n"
    yield "Known well, or from one page, and asked by no line. Each has its reason.\n"
    found: dict[str, list[str]] = {}
    for one in catalog.numbers_known():
        if one.why:
            found.setdefault(one.why, []).append(f"{one.at} ({one.value:g})")
    for why, some in found.items():
        yield f"- {why} {'; '.join(some)}."
    yield ""


def _edition(edition: Edition) -> Iterable[str]:
    yield f"## {said.category(edition)}, {edition.edition}\n"
    since = edition.since.isoformat() if edition.since else "a day that no source names"
    until = edition.until.isoformat() if edition.until else "no day that a source names"
    yield f"From {since} until {until}. Scope: {edition.scope}.\n"
    examples: dict[int, list[Example]] = {}
    for line, one in of_edition(edition, DAY):
        examples.setdefault(id(line), []).append(one)
    for line in edition.requirements:
        yield from _line(line, edition.sources, examples.get(id(line), []), facts.called(line.key))


def _line(line: Requirement, sources: Mapping[str, str], examples: Sequence[Example], title: str) -> Iterable[str]:
    days = "".join(
        [
            f", from {line.since.isoformat()}" if line.since else "",
            f", until {line.until.isoformat()}" if line.until else "",
        ]
    )
    yield f"### {title}{days}\n"
    yield (
        " or ".join(said.rule(one) for one in line.any_of)
        + ("" if line.gates else " (encouraged; it holds nobody back)")
        + "\n"
    )
    if line.note:
        yield f"{line.note}\n"
    yield f"Source: {sources.get(line.source, line.source)}. Confidence: {line.confidence}.\n"
    if examples:
        yield "| somebody has | it is | missing |\n| --- | --- | --- |"
        for one in examples:
            yield f"| {one.says} | {STANDS[one.standing]} | {one.missing or ''} |"
        yield ""
