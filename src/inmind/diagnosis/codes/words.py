"""What is said of diagnoses and codes on a screen, marked for translation. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inmind.diagnosis.billing import Claim, Coded, Open
from inmind.diagnosis.codes import lookup
from inmind.diagnosis.codes.lookup import Looked, OfTable, Row, Suggested
from inmind.diagnosis.crosswalk import KindOfParent, Standing
from inmind.diagnosis.manual import Manual
from inmind.diagnosis.releases import Release
from inmind.diagnosis.words import PARENTS
from inmind.foundation.catalogs import Confidence
from inmind.foundation.values import N_

KINDS = {"hoarding": N_("hoarding"), "pica": N_("pica"), "rumination": N_("rumination")}
STANDING = {Standing.CANDIDATE: lookup.OURS, Standing.PUBLISHED: lookup.READ, Standing.TRAP: lookup.A_TRAP}
SURE = {
    Confidence.HIGH: N_("high confidence"),
    Confidence.MEDIUM: N_("medium confidence"),
    Confidence.LOW: N_("low confidence"),
}
TO_BE_READ = N_("To be read, and never put on a claim. A claim follows a table of the state or the payer.")

Say = Callable[[str], str]


def of_kind(kind: str) -> str:
    """A kind in words; one that only a network's own manual has stays as it is written there."""
    return KINDS.get(kind, kind)


def decides(parent: KindOfParent | None, kind: str, when: str, say: Say) -> str:
    """What decides for a row, in words: who the caregiver is, the kind of the diagnosis, what the table says."""
    said = (say(PARENTS[parent]) if parent else "", say(of_kind(kind)) if kind else "", when)
    return "; ".join(one for one in said if one)


def claim_as_data(claim: Claim, release: Release, manual: Manual, say: Say) -> dict[str, Any]:
    """A claim's codes for a program that reads them. `codes` is empty unless all of it is ready to leave."""
    return {
        "ready": claim.is_ready,
        "codes": list(claim.codes) if claim.is_ready else [],
        "first_may_be_refused": claim.first_may_be_refused,
        "service_date": claim.day.isoformat(),
        "release": _release(release, claim.day),
        "table": {"publisher": claim.publisher, "edition": claim.edition},
        "diagnoses": [
            *(_coded(one, manual) for one in claim.coded),
            *(_open(one, manual, say) for one in claim.open),
        ],
        "excluded": [{"codes": [one.one, one.other], "note": one.note} for one in claim.clashes],
    }


def _diagnosis(one: Coded | Open, manual: Manual) -> dict[str, Any]:
    given = one.diagnosis
    return {
        "disorder": given.disorder,
        "name": manual.disorder(given.disorder).name,
        "certainty": given.certainty.value,
        "parent": given.parent.value if given.parent else "",
        "kind": given.kind,
    }


def _coded(one: Coded, manual: Manual) -> dict[str, Any]:
    return {
        **_diagnosis(one, manual),
        "code": one.code,
        "title": one.title,
        "dsm5": one.dsm5,
        "why_chosen": one.why_chosen,
        "may_be_refused_first": one.may_be_refused_first,
    }


def _open(one: Open, manual: Manual, say: Say) -> dict[str, Any]:
    choices = [{"code": choice.code, "title": choice.title, "when": choice.when} for choice in one.choices]
    return {**_diagnosis(one, manual), "open": one.why.name.lower(), "says": say(one.why.value), "choices": choices}


def looked_as_data(looked: Looked, say: Say) -> dict[str, Any]:
    """What was found of a diagnosis, for a program that reads it."""
    return {
        "disorder": looked.disorder.key,
        "name": looked.disorder.name,
        "on": looked.day.isoformat(),
        "release": _release(looked.release, looked.day) if looked.release else None,
        "codes_a_claim": looked.codes_a_claim,
        "tables": [_table(one, say) for one in looked.tables],
        "suggestions": [_suggestion(one, say) for one in looked.suggestions],
        "suggestions_are": say(TO_BE_READ),
    }


def _release(release: Release, day: Any) -> dict[str, Any]:
    return {
        "name": release.name,
        "since": release.period.since.isoformat(),
        "until": release.period.until.isoformat() if release.period.until else None,
        "may_be_over": release.may_be_over(day),
    }


def _table(one: OfTable, say: Say) -> dict[str, Any]:
    table = one.table
    return {
        "publisher": table.publisher,
        "edition": table.edition,
        "since": table.period.since.isoformat(),
        "until": table.period.until.isoformat() if table.period.until else None,
        "payers": list(one.payers),
        "left_out": one.is_left_out,
        "rows": [_row(row, say) for row in one.rows],
    }


def _row(row: Row, say: Say) -> dict[str, Any]:
    return {
        "code": row.mapped.code,
        "title": row.title,
        "dsm5": row.mapped.dsm5,
        "kind": row.mapped.kind,
        "parent": row.mapped.parent.value if row.mapped.parent else "",
        "when": row.mapped.when,
        "fault": say(row.fault.value) if row.fault else "",
        "leaves": list(row.leaves),
    }


def _suggestion(one: Suggested, say: Say) -> dict[str, Any]:
    ours = one.suggestion
    return {
        "code": ours.code,
        "title": ours.title,
        "standing": ours.standing.value,
        "says": say(STANDING[ours.standing]),
        "confidence": ours.confidence.value,
        "dsm5": ours.dsm5,
        "source": ours.source,
        "fault": say(one.fault.value) if one.fault else "",
        "leaves": list(one.leaves),
    }
