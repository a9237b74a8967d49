"""Says on a page that the weeks at birth are not known, where a tool could count another age by them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from inmind.families.ages import PrematurityRule
from inmind.families.models import Episode
from inmind.screening import caveats

register = template.Library()


@register.inclusion_tag("screening/weeks.html")
def weeks_unknown(
    episode: Episode, rule: PrematurityRule | None, on: date | None = None, may_write: bool = True
) -> dict[str, Any]:
    """`{% weeks_unknown episode rule on %}`. on: today, where it is left out; may_write: whether the way to write the weeks
    down is shown."""
    return {"weeks": caveats.weeks_unknown(episode, rule, on), "dyad": episode.dyad_id, "may_write": may_write}
