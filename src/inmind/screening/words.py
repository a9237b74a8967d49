"""The words of results: bands, cut-offs, what a band asks of us. Ours; the rules are the publisher's. Pure."""

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
}
CUTOFFS: dict[str, str] = {
    "possible_depression": N_("the publisher's lower cut-off"),
    "probable_depression": N_("the publisher's higher cut-off"),
    "positive": N_("counts as positive"),
}
# A screen is not a diagnosis, and a low total never closes a worry (`protect.md` 12).
MEANING = N_(
    "A screen is not a diagnosis. Talk about it together. A worry is reason enough to act, whatever the number."
)
FLAG_MEANING = N_("An answer about self-harm was given. It is looked at whatever the total.")
