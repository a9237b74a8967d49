"""A child's way through early intervention as its family reads it: who coordinates, and which step comes by when. Pure.

Of what holds a case up nothing is said, for it can be another adult's; nor what was found, or by whom. Late is the system's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from inmind.foundation.values import N_
from inmind.services.early.case import Next, What
from inmind.services.referrals.onward import Sentence

DUE = {
    What.REFER: N_("By %(day)s we ask early intervention to look at %(name)s with you, once you agree."),
    What.REFER_TO_DISTRICT: N_("By %(day)s we ask the school district to look at %(name)s with you, once you agree."),
    What.PLAN: N_("By %(day)s you meet for the first plan of %(name)s: you, and those who will help."),
    What.STEPS: N_("By %(day)s you hear what can come after the third birthday of %(name)s, and plan it together."),
}
SOON = {
    What.REFER: N_("We ask early intervention to look at %(name)s with you, as soon as you agree."),
    What.REFER_TO_DISTRICT: N_("We ask the school district to look at %(name)s with you, as soon as you agree."),
    What.HEAR: N_("We asked early intervention to look at %(name)s. They answer us; that is theirs to do, not yours."),
    What.PLAN: N_("The day of the first plan meeting of %(name)s is not set. Ask at any time."),
    What.STEPS: N_("You hear now what can come after the third birthday of %(name)s, and plan it together."),
}
LATE = {
    What.REFER: N_("We were to ask early intervention to look at %(name)s by %(day)s. It is late, and that is ours."),
    What.REFER_TO_DISTRICT: N_(
        "We were to ask the school district to look at %(name)s by %(day)s. It is late, and that is ours."
    ),
    What.PLAN: N_("The first plan meeting of %(name)s was to be by %(day)s. It is late, and that is not yours."),
    What.STEPS: N_(
        "By %(day)s you were to hear what can come after the third birthday of %(name)s. It is late, and that is not yours."
    ),
}


def sentences(steps: Iterable[Next], on: date, *, name: str, who: str, is_lead: bool) -> Iterator[Sentence]:
    """What the family reads. who: of this agency, who coordinates, or asks for them where early intervention is elsewhere."""
    for step in steps:
        facts: dict[str, str | date] = {"name": name}
        if step.due is None or step.waits:
            yield Sentence(SOON[step.what], facts)
        else:
            words = LATE if step.is_late(on) else DUE
            yield Sentence(words[step.what], facts | {"day": step.due})
    if who:
        words_of = N_("%(who)s coordinates it.") if is_lead else N_("%(who)s asks there for you. Ask for anything.")
        yield Sentence(words_of, {"who": who})
