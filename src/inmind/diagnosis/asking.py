"""What is asked before a formulation is signed, and never stops it: visits, days, and who a caregiver is to the child. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.formulation import Axis, Formulation, Missing
from inmind.diagnosis.visits import Visit, places
from inmind.foundation.values import N_

# What `families.intake.PARTS` says of a caregiver, where it says it for sure; "mother" may be any of these.
KINDS: dict[str, KindOfParent] = {
    **dict.fromkeys(("birth_mother", "birth_father"), KindOfParent.BIOLOGICAL),
    **dict.fromkeys(("adoptive_mother", "adoptive_father"), KindOfParent.ADOPTIVE),
    **dict.fromkeys(("foster_mother", "foster_father"), KindOfParent.FOSTER),
    "step_parent": KindOfParent.STEP,
    **dict.fromkeys(("grandmother", "grandfather", "kin", "other"), KindOfParent.OTHER),
}


def asked(
    formulation: Formulation, visits: Sequence[Visit], began: date, registered: Mapping[UUID, str]
) -> Iterator[Missing]:
    """What somebody may want to look at again before signing. visits: of the assessment; began: the agency's first day with the
    family; registered: by caregiver, how they care for the child by the family's page."""
    if not visits:
        yield Missing(
            Axis.HEAD, N_("No visit is counted for this assessment. Was the child seen in one that is missing here?")
        )
    elif len(places(visits)) == 1:
        yield Missing(Axis.HEAD, N_("All visits were in one place. Is a visit somewhere else possible?"))
    if formulation.assessed_on < began:
        yield Missing(
            Axis.HEAD,
            N_(
                "The day of the assessment, %(day)s, lies before your first day with this family, %(began)s. Is it right?"
            ),
            facts={"day": formulation.assessed_on, "began": began},
        )
    for one in formulation.diagnoses:
        part = registered.get(one.caregiver, "") if one.caregiver is not None else ""
        if one.parent is not None and part in KINDS and KINDS[part] is not one.parent:
            yield Missing(
                Axis.ONE,
                N_("%(name)s stands on the family’s page as: %(part)s. Here it says: %(parent)s. Which is right?"),
                str(one.caregiver),
                {"part": part, "parent": one.parent},
            )
