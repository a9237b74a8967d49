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
}
CUTOFFS: dict[str, str] = {
    "possible_depression": N_("the publisher's lower cut-off"),
    "probable_depression": N_("the publisher's higher cut-off"),
    "positive": N_("counts as positive"),
}
# Answers that are words on paper. A path of the Follow-Up that ends in a concern is never called a failure.
ANSWERS: dict[str, str] = {
    "yes": N_("yes"),
    "no": N_("no"),
    "pass": N_("settled"),
    "fail": N_("closer look"),
}
SUBSCALES: dict[str, str] = {"epds3a": N_("EPDS-3A, anxiety subscale")}
# What the publisher's rule says to do next, by the key that the catalog gives a band.
NEXT_STEPS: dict[str, str] = {
    "full_length": N_("Give a full-length screen, best at once."),
    "screen_again_if_young": N_("No Follow-Up. Under 24 months, screen again at 24 months or after 3 months."),
    "second_stage": N_("Give the Follow-Up, only for the answers that are worth a closer look."),
    "refer_both_now": N_("Refer now to both early intervention and diagnostic evaluation."),
    "screen_again_at_visits": N_("Screen again at later visits if there is a concern."),
}
# A screen is not a diagnosis, and a low total never closes a worry (`protect.md` 12).
MEANING = N_(
    "A screen is not a diagnosis. Talk about it together. A worry is reason enough to act, whatever the number."
)
SAYS_NOTHING_ABOUT_SAFETY = N_(
    "This screen does not ask about self-harm. Whatever its result, it says nothing about safety: ask."
)
FLAG_MEANING = N_("An answer about self-harm was given. It is looked at whatever the total.")
AGE_FROM_BIRTH = N_("The age is counted from birth. No rule of the publisher for children born early is known here.")
