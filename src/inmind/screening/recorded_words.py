"""The words of what is recorded of licensed tools. Ours; where a word is the publisher's own, the page says so. Pure."""

from __future__ import annotations

from inmind.foundation.values import N_

BANDS: dict[str, str] = {
    "below_cutoff_refer": N_("below the cut-off: worth a closer look now"),
    "not_below_cutoff": N_("not below the cut-off"),
    "below_cutoff": N_("below the cut-off"),
    "at_or_above_cutoff": N_("at the cut-off or above: worth a closer look"),
    "area_of_need": N_("worth a closer look"),
    "typical": N_("typical"),
    "strength": N_("a strength"),
    "protective_need": N_("worth a closer look"),
    "protective_strength": N_("a strength"),
    "behavioural_typical": N_("typical"),
    "behavioural_concern": N_("worth a closer look"),
    "normal": N_("in the usual range"),
    "high": N_("high"),
    "clinically_significant": N_("very high: worth a closer look now"),
    "defensive_responding": N_("so low that the answers may be guarded"),
}
# What a licensed form itself says of a number, as it was copied. Ours: the form's own words are its publisher's.
ZONES: dict[str, str] = {
    "well_above": N_("well above the cut-off"),
    "close_above": N_("close to the cut-off: watch"),
    "below": N_("below the cut-off"),
    "well_below": N_("well below the cut-off"),
    "close_below": N_("close to the cut-off: watch"),
    "above": N_("above the cut-off"),
}
AS_ON_FORM = N_("as it stands on the licensed form")
DISAGREE = N_(
    "The cut-off known here and what was copied from the form say different things. Both are kept as they are: look at the "
    "form again."
)
# The bands for which no zone above the cut-off is public, so that nothing more may be read into them.
OPEN_ABOVE = frozenset({"not_below_cutoff"})
ZONE_UNKNOWN = N_(
    "Above the cut-off its publisher has a zone to watch. Where that begins is not public: look at the licensed form."
)
NO_BAND = N_("no band")
NOT_SCORED = N_("not scored")
NOT_FOR_AGE = N_(
    "The form was not the one for the child’s age, so its numbers have no band, and nothing that is due is done by it."
)
TABLE_ASKED = N_(
    "No cut-off of this form is known well here, and none is made from other forms, so the number alone says nothing. What "
    "you and the family see counts. To have a band, ask the data steward of this house for: %(guide)s."
)
LOADED_SINCE = N_(
    "A table with a cut-off for this form was loaded since. To read this result by it, correct it and say why."
)
LESS_SURE = N_("not known with certainty")
STUDIED = N_("How well it works in the family’s language, and with families like this one, is not known here.")
AS_ENTERED = N_(
    "The numbers stand as on the licensed form, which the agency keeps. "
    "Nothing is added up: where the tool has no total, there is none."
)
