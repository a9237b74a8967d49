"""What an adult reads before she signs on her own phone, in our own short words. Pure.

Nobody has reviewed these words; their edition is kept with each signature, and so is what she read, letter by letter. Each
sentence says one thing, in words of everyday (the aim is the sixth year of school).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from inmind.access.consents import KINDS, PURPOSES, Consent, Kind, limits
from inmind.foundation.values import N_, Regime

EDITION = "2"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, a heading, or a point of a list, as words to translate. facts: names, days, and words to translate."""

    words: str
    facts: Mapping[str, str | date | tuple[str, ...]] = field(default_factory=dict)
    is_heading: bool = False
    is_point: bool = False


def text(asked: Consent, *, agency: str, name: str, shown: Sequence[str] = ()) -> tuple[Said, ...]:
    """The whole text. name: of the child; where she is asked about herself, it is not said. shown: what would be told, word by
    word, where it is known; else its kinds stand."""
    return tuple(_lines(asked, agency, name, shown))


def _lines(asked: Consent, agency: str, name: str, shown: Sequence[str]) -> Iterator[Said]:
    yield Said(N_("What you are asked"), is_heading=True)
    who = {"agency": agency, "recipient": asked.recipient, "name": name}
    if asked.about_child:
        yield Said(N_("%(agency)s asks you: may they tell %(recipient)s these things about %(name)s?"), who)
    else:
        yield Said(N_("%(agency)s asks you: may they tell %(recipient)s these things about you?"), who)
    for kind in Kind:
        if kind in asked.kinds and not shown:
            yield Said(KINDS[kind].said(to_whom_it_is_about=not asked.about_child), is_point=True)
    if shown:
        yield Said(N_("This is what they would read, and no more:"))
    for line in shown:
        yield Said("%(line)s", {"line": line}, is_point=True)
    yield Said(N_("What for: %(purpose)s."), {"purpose": (PURPOSES[asked.purpose],)})
    if asked.days.last is None:
        yield Said(N_("From %(first)s on. Also what comes later."), {"first": asked.days.first})
    else:
        days = {"first": asked.days.first, "last": asked.days.last}
        yield Said(N_("From %(first)s to %(last)s. Nothing from other days."), days)
    if asked.until is None:
        yield Said(N_("Your yes lasts until you take it back."))
    else:
        yield Said(N_("Your yes ends on %(until)s, or when you take it back."), {"until": asked.until})
    if asked.hearing is not None:
        yield Said(
            N_("There is an open court case. Talk with %(counsel)s before you sign."), {"counsel": asked.counsel}
        )
        yield Said(
            N_("Your yes ends at the hearing on %(hearing)s. After that you are asked again."),
            {"hearing": asked.hearing},
        )
    for one in limits(asked.kinds, about_child=asked.about_child):
        yield Said(one)
    yield from _afterwards(asked)
    yield Said(N_("You do not have to say yes"), is_heading=True)
    yield Said(N_("You can say no. Nothing changes: not your place, not your visits, not who helps you."))
    yield Said(N_("Nobody asks you why."))
    yield Said(N_("You can change your mind"), is_heading=True)
    yield Said(N_("You can take your yes back at any time: on this page, or by telling anybody on your care team."))
    yield Said(N_("After that they tell nothing more. What they told before cannot be called back."))
    yield Said(N_("You can ask"), is_heading=True)
    yield Said(N_("You can ask at any time who was told what, when and why."))


def _afterwards(asked: Consent) -> Iterator[Said]:
    """What becomes of it at the one who is told."""
    if Regime.PART_2 in asked.regimes:
        yield Said(N_("Federal law (42 CFR Part 2) protects what is told about treatment for substance use."))
        yield Said(N_("Whoever is told may not tell it on, unless you agree again or that law allows it."))
        yield Said(N_("They are given a copy of this page too."))
    else:
        yield Said(N_("Whoever is told may tell it to others."))
    if asked.covered is False:
        yield Said(
            N_("The federal law on health privacy (HIPAA) does not bind them. It no longer protects what they know.")
        )
    elif asked.covered is None:
        yield Said(
            N_(
                "We do not know if the federal law on health privacy (HIPAA) binds them. If not, it no longer protects what they know."
            )
        )
