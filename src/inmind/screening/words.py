"""The words of results: bands, cut-offs, answers, what a band asks of us. Ours; the rules are the publisher's. Pure."""

from __future__ import annotations

from inmind.foundation.values import N_

BANDS: dict[str, str] = {
    "below_cutoff": N_("below the cut-off"),
    "possible_depression": N_("worth a closer look"),
    "probable_depression": N_("worth a closer look soon"),
    "minimal": N_("minimal"),
    "mild": N_("mild"),
    "moderate": N_("moderate"),
    "moderately_severe": N_("moderately severe"),
    "severe": N_("severe"),
    "positive": N_("worth a closer look"),
    "low": N_("low"),
    "high": N_("high"),
    "negative": N_("below the cut-off"),
    "positive_follow_up": N_("worth a closer look now"),
    "needs_review": N_("worth a closer look"),
    "appears_to_meet_expectations": N_("appears to meet expectations"),
    "intermediate_or_high": N_("intermediate, or high where associated conditions go with it"),
}
POSITIVE = N_("worth a closer look")  # of a result that counts as positive and has no band
# Where there is no total: what the parts and the answers come to.
VERDICTS: dict[bool | None, str] = {
    True: POSITIVE,
    False: N_("nothing reached a cut-off"),
    None: N_("open: read its answers yourself"),
}
CUTOFFS: dict[str, str] = {
    "possible_depression": N_("the publisher's lower cut-off"),
    "probable_depression": N_("the publisher's higher cut-off"),
    "positive": N_("counts as positive"),
    "at_risk": N_("counts as positive"),
    "total_positive": N_("counts as positive"),
    "needs_review": N_("counts as worth a review"),
}
# What a counting rule finds beside a total; never a diagnosis.
FINDINGS: dict[str, str] = {
    "major": N_(
        "Beside the total: by the manual's counting rule five or more answers count, low interest or low mood among them. "
        "It is no diagnosis."
    ),
    "other": N_(
        "Beside the total: by the manual's counting rule two to four answers count, low interest or low mood among them. "
        "It is no diagnosis."
    ),
}
# Answers that are words on paper. A path of the Follow-Up that ends in a concern is never called a failure.
ANSWERS: dict[str, str] = {
    "yes": N_("yes"),
    "no": N_("no"),
    "pass": N_("settled"),
    "fail": N_("closer look"),
    "none": N_("none"),
    "some": N_("some"),
    "most": N_("most"),
    "not applicable": N_("does not apply"),
    "option 1": N_("1st"),
    "option 2": N_("2nd"),
    "option 3": N_("3rd"),
    "option 4": N_("4th"),
    "option 5": N_("5th"),
}
SUBSCALES: dict[str, str] = {
    "epds3a": N_("EPDS-3A, anxiety subscale"),
    "inflexibility": N_("Inflexibility"),
    "irritability": N_("Irritability"),
    "routines": N_("Difficulty with routines"),
    "internalizing": N_("Internalizing"),
    "attention": N_("Attention"),
    "externalizing": N_("Externalizing"),
    "phq2": N_("The two questions on mood (PHQ-2)"),
    "part2": N_("Second part, counted apart"),
}
# What the publisher's rule says to do next, by the key that the catalog gives a band.
NEXT_STEPS: dict[str, str] = {
    "full_length": N_("Give a full-length screen, best at once."),
    "screen_again_if_young": N_("No Follow-Up. Under 24 months, screen again at 24 months or after 3 months."),
    "second_stage": N_("Give the Follow-Up, only for the answers that are worth a closer look."),
    "refer_both_now": N_("Refer now to both early intervention and diagnostic evaluation."),
    "screen_again_at_visits": N_("Screen again at later visits if there is a concern."),
}
# A screen is not a diagnosis, and a low total never closes a worry (`protect.md` 12).
TASK_STAYS = N_(
    "Whose answer it was is to be asked. What is open because of it stays until a person has closed it, and the answer is "
    "entered anew for whom it is about."
)
MEANING = N_(
    "A screen is not a diagnosis. Talk about it together. A worry is reason enough to act, whatever the number."
)
# Of an instrument that counts what happened to somebody (`protect.md` 12).
OF_MANY = N_("It tells something about many people together and little about one. Talk about what would help now.")
ASK_WHETHER_TO_ASK = N_(
    "Ask first whether this may be asked at all, and say what must be reported by law and what an answer leads to."
)
SAYS_NOTHING_ABOUT_SAFETY = N_(
    "This screen does not ask about self-harm. Whatever its result, it says nothing about safety: ask."
)
FLAG_MEANING = N_("An answer about self-harm was given. It is looked at whatever the total.")
# How surely a cut-off is known that is not known well, by the keys of sources that only copy the publisher's.
SECOND_HANDS = frozenset({"kyapp"})
SECOND_HAND = N_("Read from a second-hand table whose authors call it unverified.")
LESS_SURE = N_("Read by a cut-off that is not known with certainty.")
NUMBER_ALONE = N_(
    "At %(months)s months no cut-off is known here, so the number alone says nothing. What you and the family see counts; "
    "talk about it. To have a band, ask the data steward of this house for: %(guide)s."
)
# Of a licensed form whose child's birth is known better now.
FITS_NOW = N_(
    "With what is known of the birth now this form is the one for the child’s age, and its numbers would be read. "
    "Correct the result, or leave it."
)
FITS_NO_MORE = N_(
    "With what is known of the birth now this form is not the one for the child’s age: its numbers would have no band. "
    "Correct the result, or leave it."
)
AGE_FROM_BIRTH = N_("The age is counted from birth. No rule of the publisher for children born early is known here.")
