"""What the kinds of a formulation are called on a page, as words to translate. The manual's own names stay its own. Pure."""

from __future__ import annotations

from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.formulation import Axis, Certainty, HealthSource, Part
from inmind.diagnosis.manual import DimensionRating
from inmind.diagnosis.visits import Place
from inmind.foundation.values import N_

CERTAINTIES: dict[Certainty, str] = {
    Certainty.WORKING: N_("working diagnosis"),
    Certainty.CONFIRMED: N_("confirmed diagnosis"),
    Certainty.RULED_OUT: N_("ruled out"),
}
PARENTS: dict[KindOfParent, str] = {
    KindOfParent.BIOLOGICAL: N_("parent by birth"),
    KindOfParent.ADOPTIVE: N_("adoptive parent"),
    KindOfParent.FOSTER: N_("foster parent"),
    KindOfParent.STEP: N_("stepparent"),
    KindOfParent.OTHER: N_("somebody else who cares for the child"),
}
SOURCES: dict[HealthSource, str] = {
    HealthSource.RECORD: N_("from a record"),
    HealthSource.CAREGIVER: N_("a caregiver said so"),
    HealthSource.SEEN: N_("seen by the clinician"),
}
RATINGS: dict[DimensionRating, str] = {
    DimensionRating.STRENGTH: N_("a strength"),
    DimensionRating.NOT_A_CONCERN: N_("not a concern"),
    DimensionRating.CONCERN: N_("a concern"),
}
PLACES: dict[Place, str] = {
    Place.HOME: N_("at home"),
    Place.OFFICE: N_("at the agency"),
    Place.CHILD_CARE: N_("at child care"),
    Place.ONLINE: N_("by video or phone"),
    Place.ELSEWHERE: N_("somewhere else"),
}
# What the parts of a draft are called, in the order in which they are written.
PARTS: dict[Part, str] = {
    Part.HEAD: N_("To begin with"),
    Part.ONE: N_("Axis I: diagnoses"),
    Part.THREE: N_("Axis III: health"),
    Part.FOUR: N_("Axis IV: stressors"),
    Part.FIVE: N_("Axis V: competence"),
    Part.CULTURE: N_("Cultural formulation"),
}
AXES: dict[Axis, str] = {
    Axis.HEAD: N_("To begin with"),
    Axis.ONE: N_("Axis I: diagnoses"),
    Axis.TWO: N_("Axis II: relationships"),
    Axis.THREE: N_("Axis III: health"),
    Axis.FOUR: N_("Axis IV: stressors"),
    Axis.FIVE: N_("Axis V: competence"),
    Axis.CULTURE: N_("Cultural formulation"),
}
