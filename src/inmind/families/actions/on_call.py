"""Who reads for an agency, and when."""

from __future__ import annotations

from uuid import UUID

from inmind.access.act import Act, action
from inmind.families import queries, rota
from inmind.families.models import Rota, RotaSpeaker, RotaTurn
from inmind.foundation.errors import BadInput, Stale
from inmind.foundation.models import keep_together
from inmind.foundation.values import N_
from inmind.people.models import Organization


@action("families.name_on_call", on="organization")
def name_on_call(
    act: Act,
    *,
    organization: Organization,
    turns: tuple[rota.Turn, ...],
    speaks: frozenset[tuple[UUID, str]] = frozenset(),
    within_minutes: int | None = None,
    outside_minutes: int = 60,
    over: UUID | None = None,
) -> Rota:
    """Say anew in which hours somebody reads for this agency, and who; what was said before ends now.

    within_minutes, outside_minutes: how long an answer may wait in these hours and outside of them before others are
    told; None leaves the first as it is. over: the rota that was seen; Stale where another one holds by now. Days that are
    over are left out.
    """
    before = Rota.objects.filter(organization=organization, until__isnull=True).first()
    if (before.pk if before else None) != over:
        raise Stale(before)
    today = act.today(organization.zone)
    kept = tuple(turn for turn in turns if turn.day is None or turn.day >= today)
    rota.check(kept, set(queries.holding_role(organization, "clinician").values_list("pk", flat=True)))
    within = organization.crisis_answer_minutes if within_minutes is None else within_minutes
    for name, minutes in (("within_minutes", within), ("outside_minutes", outside_minutes)):
        if not 1 <= minutes <= rota.LONGEST_WAIT:
            raise BadInput(N_("The minutes cannot be right."), N_("Between 1 and 1440 minutes."), field=name)
    if within != organization.crisis_answer_minutes:
        organization.crisis_answer_minutes = within
        organization.save()
    if before is not None:
        before.until = act.now
        before.save()
    saved = Rota.objects.create(
        organization=organization, since=act.now, saved_by_id=act.actor.person, outside_minutes=outside_minutes
    )
    named = {one for turn in kept for one in (turn.person, turn.backup)}
    keep_together(
        [
            *(
                RotaTurn(
                    rota=saved,
                    place=place,
                    weekday=turn.weekday,
                    day=turn.day,
                    start=turn.start,
                    end=turn.end,
                    person_id=turn.person,
                    backup_id=turn.backup,
                )
                for place, turn in enumerate(kept)
            ),
            *(
                RotaSpeaker(rota=saved, person_id=person, language=language)
                for person, language in sorted(speaks)
                if person in named
            ),
        ]
    )
    return saved
