"""What a paper for somebody outside says, in the reader's language: on the page before it is made, and then as a PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inmind.access import consents, disclosing
from inmind.access.consents import Answer, Asked, Kind, Purpose
from inmind.documents.paper import Paper, Part, Table
from inmind.families import consent, releases
from inmind.families.releases import FORMS, Entry, Form
from inmind.families.told_models import Release
from inmind.foundation import clock


def said(
    row: Release, lines: Sequence[Entry], answers: Iterable[tuple[Asked, Answer]], now: datetime
) -> dict[str, Any]:
    """All of a paper in words: its face, how it is to be read, what was left out, its parts with their lines; and its mark.
    The language is that in which it is asked for."""
    form, kinds = Form(row.form), list(map(Kind, row.kinds.split()))
    shape, agreed = FORMS[form], [(asked, answer.consent) for asked, answer in answers]
    whole = {
        "title": _(shape.title),
        "language": row.language,
        "facts": [list(one) for one in _face(row, agreed, now)],
        "opens": [_(one) for one in shape.opens],
        "goes_with": _goes_with(row, agreed, kinds),
        "left_out": [_(one) for one in releases.left_out(kinds, Purpose(row.purpose))],
        "parts": [
            [_(heading), [[clock.day(one.on), one.words, one.source] for one in some]]
            for heading, some in releases.parts(form, kinds, lines)
        ],
        "call": _whom_to_call(row, kinds),
    }
    return whole | {"mark": releases.mark_of(whole)}


def _face(
    row: Release, agreed: Sequence[tuple[Asked, consents.Consent | None]], now: datetime
) -> Iterable[tuple[str, str]]:
    agency, child = row.episode.organization, row.episode.dyad
    yield _("Who sends it"), " · ".join(filter(None, (agency.name, agency.address, agency.phone)))
    yield _("For"), "; ".join(row.named)
    name = row.about.name or child.called
    if row.about_id == child.child_id and child.birth_date:  # by which whoever reads it finds the right child
        name = _("%(name)s, born on %(day)s") % {"name": name, "day": clock.day(child.birth_date)}
    yield _("About"), name
    yield _("What for"), _(consents.PURPOSES[Purpose(row.purpose)])
    yield _("What is told"), "; ".join(disclosing.kinds_said(row.kinds))
    yield _("Facts of"), f"{clock.day(row.facts_since)} – {clock.day(row.facts_until)}"
    if row.subpoena is not None and not any(one for _asked, one in agreed):
        words = _("The order of a court: %(order)s. %(sender)s sent it; it came on %(day)s.")
        facts = {"order": row.subpoena.order, "sender": row.subpoena.sender, "day": clock.day(row.subpoena.came_on)}
        yield _("By what"), words % facts
    for asked, one in agreed:
        if one is not None:
            yield _("By which consent"), _agreed(asked, one)
    yield _("Made on"), f"{clock.local(now, agency.zone)}, {row.asked_by.name}"


def _agreed(asked: Asked, by: consents.Consent) -> str:
    """Whose consent it is for one of those who get it, and to what."""
    giver = by.given_by
    capacity = "" if giver.capacity == consents.SELF else _(consent.CAPACITIES[consent.Capacity(giver.capacity)])
    return _("%(who)s agreed on %(day)s, %(how)s, that %(recipient)s is told: %(kinds)s") % {
        "who": f"{giver.name} ({capacity})" if capacity else giver.name,
        "day": clock.day(by.since),
        "how": _(consents.HOW[by.how]),
        "recipient": asked.recipient,
        "kinds": ", ".join(disclosing.kinds_said(disclosing.joined(asked.kinds))),
    }


def _goes_with(
    row: Release, agreed: Iterable[tuple[Asked, consents.Consent | None]], kinds: Sequence[Kind]
) -> list[str]:
    found = [line for _asked, one in agreed if one is not None for line in consents.travels(one)]
    found += consents.limits(kinds, about_child=row.about_id == row.episode.dyad.child_id)
    return [_(one) for one in dict.fromkeys(found)]


def _whom_to_call(row: Release, kinds: Sequence[Kind]) -> list[str]:
    """Who answers a question about it. Where the safe ways to the family are not among what was agreed to, through us."""
    agency = row.episode.organization
    words = _("%(who)s at %(agency)s.") % {"who": row.asked_by.name, "agency": agency.name}
    found = [f"{words} {agency.phone}".strip()]
    if row.form == Form.EARLY_INTERVENTION:
        found.append(
            _("Reach the family by the ways named here and by no other: they are the safe ones.")
            if Kind.WHEREABOUTS in kinds
            else _("Please reach the family through us. How they are reached was not agreed to be told.")
        )
    return found


def paper_of(said: dict[str, Any]) -> Paper:
    """The same as a paper to be typeset."""
    parts = [Part(_("Left out, whether or not anything of it is kept"), ("; ".join(said["left_out"]),))]
    if said["opens"]:
        parts.append(Part(_("How to read this"), tuple(said["opens"])))
    if said["goes_with"]:
        parts.append(Part(_("What goes with it"), tuple(said["goes_with"])))
    columns = (_("Day"), _("What"), _("Source"))
    for heading, lines in said["parts"]:
        table = Table(columns, tuple(map(tuple, lines)), (3, 8, 5)) if lines else None
        parts.append(Part(heading, () if lines else (_("Nothing of this is kept here."),), table=table))
    parts.append(Part(_("Whom to call"), tuple(said["call"])))
    return Paper(
        title=said["title"],
        language=said["language"],
        facts=(*((label, words) for label, words in said["facts"]), (_("Mark of this paper"), said["mark"])),
        parts=tuple(parts),
        footer=_("This paper may name a family: keep it as you would keep their trust."),
        brackets=_(
            "What stands in brackets as a name or a number is a character that this paper’s letters do not hold."
        ),
    )


def called(row: Release) -> str:
    """What is made, in words: a file, or which paper."""
    return _("A file of facts as a table") if row.form == Form.TABLE else _(FORMS[Form(row.form)].title)
