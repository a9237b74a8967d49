"""What is gone through with a family, written down in plain words."""

from __future__ import annotations

from uuid import UUID

from inmind.access.act import Act, action
from inmind.access.privacy import stop_if_erased
from inmind.diagnosis.models import FamilySummary, Formulation
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_

LANGUAGES = ("en", "es")


@action("diagnosis.write_summary", on="formulation")
def write_summary(
    act: Act,
    *,
    formulation: Formulation,
    language: str,
    strengths: str,
    understood: str,
    next_steps: str,
    says_names: bool = False,
    seen: UUID | None = None,
) -> FamilySummary:
    """Keep the words for the family in one language. seen: the words that stood there when it was opened; None: none.

    Raises BadInput for an empty one, NotNow where somebody else wrote since.
    """
    stop_if_erased([formulation.episode.dyad.child_id])
    if language not in LANGUAGES:
        raise BadInput(
            N_("A summary is written in English or in Spanish."), N_("Choose one of the two."), field="language"
        )
    newest = formulation.summaries.filter(language=language).order_by("-created_at", "-pk").first()
    if newest is not None and newest.pk != seen:
        raise NotNow(
            N_("Somebody else wrote these words anew while you did."),
            N_("Theirs stand below yours now. Bring both together, and keep it once more."),
        )
    said = {"strengths": strengths, "understood": understood, "next_steps": next_steps}
    for field, words in said.items():
        if not text.tokens(words):
            raise BadInput(N_("Something is missing here."), N_("A few plain words are enough."), field=field)
    assert act.actor.person is not None
    return FamilySummary.objects.create(
        formulation=formulation,
        language=language,
        by_id=act.actor.person,
        says_names=says_names,
        **{field: text.checked(words.strip(), FamilySummary.LONGEST, field=field) for field, words in said.items()},
    )
