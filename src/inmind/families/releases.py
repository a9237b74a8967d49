"""What goes into a file or a paper for somebody outside, what its face says was left out. Pure.

It is about one person and asks the one rule of every telling (`access/consents.py`), for each of its recipients. Here no
line gets in that the consent does not cover: not of another class, another law or another day than was agreed to. What a
kind of paper holds at the most stands in FORMS.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from inmind.access.consents import CHOSEN_ALONE, KINDS, PROCEEDINGS, Asked, Days, Kind, Purpose
from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.registries import Line
from inmind.foundation.values import N_, Regime


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a file, once it is in it. place: whom outside it speaks of, named or not; mark: by which it is left out, the same
    whether or not that place is named."""

    kind: Kind
    on: date
    words: str
    source: str
    place: str = ""
    mark: str = field(default="", compare=False)

    def as_data(self) -> list[str]:
        return [self.kind.value, self.on.isoformat(), self.words, self.source]

    @classmethod
    def from_data(cls, data: Sequence[str]) -> Entry:
        kind, on, words, source = data
        return cls(Kind(kind), date.fromisoformat(on), words, source)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What whoever prepares a paper for a court chose in it, each by itself.

    out: marks of lines that are left out. places: those that are named. looked: the mark of all lines as they were looked at,
    which alone are made; empty where the paper is read before it is taken.
    """

    out: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    looked: str = ""

    def leave(self, lines: Iterable[Entry]) -> list[Entry]:
        return [one for one in lines if one.mark not in self.out]


class Form(StrEnum):
    """As what it leaves."""

    TABLE = "table"
    EARLY_INTERVENTION = "early_intervention"
    PRIMARY_CARE = "primary_care"
    COURT = "court"


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of paper: its title, which names nobody; what it is for; what it holds at the most, in parts with a heading each;
    whether it is about a child alone, and whether several get the same copy. opens: what stands before everything else."""

    title: str
    purposes: tuple[Purpose, ...]
    parts: tuple[tuple[str, Kind], ...]
    about_child: bool = False
    for_several: bool = False
    opens: tuple[str, ...] = ()

    @property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(kind for _heading, kind in self.parts)


# What counsel of each party reads: nobody is asked to fill it, and nothing is concluded from what is not there.
HOW_TO_READ: tuple[str, ...] = (
    N_("Every party’s counsel named here gets this same copy."),
    N_(
        "Where somebody waited for a place or for an answer, that is the system’s delay and not the family’s. Where a visit did "
        "not take place, its line says who cancelled it, as far as that was written down."
    ),
    N_("What is not here was left out, or was never written down. Nothing can be concluded from it."),
)
UNDERSTOOD = N_("What was understood of the child (DC:0-5), without Axis II")
FORMS: dict[Form, Shape] = {
    Form.EARLY_INTERVENTION: Shape(
        N_("Letter to early intervention"),
        (Purpose.EARLY_INTERVENTION,),
        (
            (N_("Why we write: what was seen"), Kind.SCREENS),
            (N_("Why we write: what was said"), Kind.SAID),
            (UNDERSTOOD, Kind.FORMULATIONS),
            (N_("Since when we serve this family"), Kind.SERVED),
            (N_("Visits and appointments"), Kind.VISITS),
            (N_("Where they live and how they are reached"), Kind.WHEREABOUTS),
            (N_("Records of early intervention"), Kind.EARLY_INTERVENTION),
        ),
        about_child=True,
    ),
    Form.PRIMARY_CARE: Shape(
        N_("Summary for primary care"),
        (Purpose.CARE,),
        (
            (N_("Strengths and worries as they were said"), Kind.SAID),
            (N_("Screens and what they showed"), Kind.SCREENS),
            (UNDERSTOOD, Kind.FORMULATIONS),
            (N_("Since when we serve this family"), Kind.SERVED),
            (N_("Visits and appointments"), Kind.VISITS),
            (N_("Where they live and how they are reached"), Kind.WHEREABOUTS),
        ),
    ),
    # No screen of anybody, no map (`protect.md` 1, 7, 10); no address, for each party's counsel reads it (4); treatment for
    # substance use leaves with its notice and its consent, as a file. A rating of a relationship speaks of an adult: it is in no
    # paper about a child, and in one about that adult only where it was agreed to and chosen (decision 33).
    Form.COURT: Shape(
        N_("Release for a court or a child welfare case"),
        (Purpose.COURT, Purpose.CHILD_WELFARE),
        (
            (N_("Who cares for the child, and by which papers"), Kind.CHILD_WELFARE),
            (N_("Services: asked for, started, waiting"), Kind.SERVED),
            (N_("Visits and appointments"), Kind.VISITS),
            (N_("Strengths and worries as they were said"), Kind.SAID),
            (UNDERSTOOD, Kind.FORMULATIONS),
            (N_("How a relationship with the child was rated (Axis II), and a diagnosis about it"), Kind.RELATIONSHIPS),
            (N_("What a tribe keeps"), Kind.TRIBAL),
        ),
        for_several=True,
        opens=HOW_TO_READ,
    ),
}
NO_SCREENS = N_("A release for a court or a child welfare case holds nobody’s screens, whoever agrees to it.")
MOST_RECIPIENTS = 8  # ours
# By the order of a court: what a tribe keeps is the tribe's to decide (`protect.md` 8), and a rating of a relationship leaves by
# consent alone.
BY_CONSENT_ALONE: frozenset[Kind] = frozenset({Kind.TRIBAL}) | CHOSEN_ALONE
BY_ORDER: tuple[Kind, ...] = tuple(kind for _h, kind in FORMS[Form.COURT].parts if kind not in BY_CONSENT_ALONE)


def check(form: Form, recipients: Sequence[str], asked: Asked) -> None:
    """Raises BadInput for what such a paper never is or holds. asked: for one of its recipients."""
    if asked.purpose in PROCEEDINGS and Kind.SCREENS in asked.kinds and (asked.about_child or form is not Form.TABLE):
        raise BadInput(NO_SCREENS, N_("Leave them out."), field="kinds")
    shape = FORMS.get(form)
    most = MOST_RECIPIENTS if shape is not None and shape.for_several else 1
    if not recipients or not all(text.tokens(one) for one in recipients):
        raise BadInput(N_("It is not said who gets it."), N_("Name at least one."), field="recipients")
    if len(recipients) > most or len({tuple(text.tokens(one)) for one in recipients}) < len(recipients):
        raise BadInput(
            N_("This paper is not for so many."),
            N_("A letter or a summary goes to one; a release for a court to each party’s counsel, each once."),
            field="recipients",
        )
    if shape is None:
        return
    if asked.purpose not in shape.purposes:
        raise BadInput(
            N_("This paper is not for that."), N_("Choose another paper, or facts as a table."), field="purpose"
        )
    if shape.about_child and not asked.about_child:
        raise BadInput(N_("This letter is about a child."), N_("Open the child’s page."), field="form")
    if not asked.kinds <= shape.kinds:
        raise BadInput(
            N_("This paper does not hold all of that."),
            N_("Leave the rest out, or make a file of facts as a table."),
            field="kinds",
        )


def askings(form: Form, recipients: Sequence[str], asked: Asked) -> list[Asked]:
    """Each question that the rule is to answer with yes: one for each recipient and, in a release for a court, for each law,
    each of which has a consent of its own. One no is a no to all of it."""
    laws: list[frozenset[Kind]] = [asked.kinds]
    if form is Form.COURT:
        laws = [some for law in Regime if (some := frozenset(k for k in asked.kinds if KINDS[k].regime is law))]
    return [
        Asked(asked.about, one, asked.purpose, kinds, asked.days, about_child=asked.about_child)
        for one in recipients
        for kinds in laws
    ]


def parts(form: Form, kinds: Iterable[Kind], lines: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """The parts of a paper that were asked for, each with its heading and its lines, whether or not there are any."""
    there = frozenset(kinds)
    return [
        (heading, [one for one in lines if one.kind is kind]) for heading, kind in FORMS[form].parts if kind in there
    ]


def mark_of(said: Mapping[str, Any]) -> str:
    """The mark of everything that a paper says, by which two copies are known to say the same: SHA-256, in groups of eight.

    A file cannot hold a digest of its own bytes; this one is of its words, before the mark is added to them.
    """
    whole = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


# In every paper of a court, whether or not there were any: it tells of no screen that there was one.
SINGLE = N_(
    "single lines that speak of a screen, or that whoever made this left out; and names of places, but for those here"
)
# Of a kind that is in it, what is left out all the same, axis by axis (decision 33).
LEFT_OF: dict[Kind, str] = {
    Kind.FORMULATIONS: N_(
        "of the formulation by DC:0-5: diagnoses about a relationship, how relationships were rated (Axis II), what the child "
        "lived through (Axis IV), the cultural formulation, and the reasons of whoever made it"
    ),
    Kind.RELATIONSHIPS: N_(
        "of the formulation by DC:0-5: Axes I, III, IV and V, but for a diagnosis about this relationship, of Axis II how others and "
        "whole homes were rated, the words beside, the cultural formulation, and what a second person wrote who signed"
    ),
}
# Whatever was agreed to. The map is in no file at all (`protect.md` 10); what an adult answered about herself is told by
# her own consent, in a file about her (`protect.md` 1).
ALWAYS_OUT: tuple[str, ...] = (
    N_("what others of the family said or answered about themselves"),
    N_("notes that the care team writes for itself"),
    N_("the family’s own map"),
)


def entries(kind: Kind, lines: Iterable[Line], days: Days, named: Collection[str] | None = None) -> list[Entry]:
    """Of what the rooms keep of one kind, the lines that a consent to it covers, by day. named: in a court's paper the places that
    have their name there, since a shelter's or a clinic's tells what nobody agreed to; None: all of them."""
    facts = KINDS[kind]
    covered = [
        one
        for one in lines
        if (one.field, one.regime) == (facts.field, facts.regime) and days.hold(Days(one.on, one.on))
    ]
    found = []
    for one in sorted(covered, key=lambda line: line.on):
        words = one.words if named is None or not one.place or one.place in named else one.unnamed
        mark = mark_of({"kind": kind, "on": one.on.isoformat(), "words": one.words, "source": one.source})
        found.append(Entry(kind, one.on, words, one.source, one.place, mark[:17]))
    return found


def mark_of_lines(lines: Iterable[Entry]) -> str:
    return mark_of({"lines": [one.as_data() for one in lines]})


def left_out(kinds: Iterable[Kind], purpose: Purpose) -> tuple[str, ...]:
    """Every kind that is not in a file, and of one that is what never is, whether or not anything of it is kept: that something was
    left out tells nothing."""
    there, single = frozenset(kinds), (SINGLE,) if purpose in PROCEEDINGS else ()
    of_these = (words for kind, words in LEFT_OF.items() if kind in there)
    return (*(facts.words for kind, facts in KINDS.items() if kind not in there), *of_these, *single, *ALWAYS_OUT)
