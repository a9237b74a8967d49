"""Certificates and transcripts as papers, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmind.documents.paper import Paper, Part, Picture, Table
from inmind.foundation import clock
from inmind.learning.attendance.hours import in_hours
from inmind.learning.certificates.certificate import hours_of
from inmind.learning.certificates.models import Certificate
from inmind.learning.certificates.transcript import Line, Sum, Transcript
from inmind.learning.trainings.adapters.catalog import domains
from inmind.people.models import Person


def language() -> str:
    return (get_language() or "en")[:2]


def title_of(certificate: Certificate) -> str:
    """The training's title as it stood on that day, in the reader's language where it was written in it."""
    said = certificate.said
    return str((said["title_es"] if language() == "es" else "") or said["title"])


def area(key: str) -> str:
    """The name of a competency area; its key where the house has no name for it any more."""
    found = domains().get(key)
    return found.said(language()) if found else key


def days_of(certificate: Certificate) -> str:
    days = [date.fromisoformat(on) for on, _minutes in certificate.said["days"]]
    return "; ".join(clock.day(on) for on in days)


def issued_on(certificate: Certificate) -> str:
    """The day on which it was made, where the training was held."""
    return clock.day(certificate.created_at.astimezone(ZoneInfo(certificate.training.zone)).date())


def areas_of(minutes: Mapping[str, int]) -> list[tuple[str, str]]:
    order = list(domains())
    keys = sorted(minutes, key=lambda one: (order.index(one) if one in order else len(order), one))
    return [(area(key), in_hours(minutes[key])) for key in keys]


def credits_of(said: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Kind of licence, hours, and the approval's number; as the association entered them."""
    return [(one["kind"], hours_of(one["hundredths"]), one["approval"]) for one in said["credits"]]


def address_of(certificate: Certificate) -> str:
    return f"{settings.SITE}{reverse('verify_one', args=[certificate.code])}"


def paper_of(certificate: Certificate) -> Paper:
    """A certificate of attendance."""
    said = certificate.said
    parts = []
    if rows := areas_of(said["domains"]):
        columns = (_("Competency area"), _("Clock hours"))
        parts.append(Part(_("Hours by competency area"), table=Table(columns, tuple(rows), (4, 1))))
    if credit := credits_of(said):
        labels = (_("Kind of license"), _("Credit hours"), _("Approval"))
        parts.append(Part(_("Credit"), table=Table(labels, tuple(credit), (3, 1, 2))))
    if certificate.minutes < said["of"]:
        part = _("Of %(all)s hours, %(some)s were attended. Each competency area has the same share of them.") % {
            "all": in_hours(said["of"]),
            "some": in_hours(certificate.minutes),
        }
        parts.append(Part(_("A part of the training"), (part,)))
    if certificate.replaced_at is not None:
        parts.insert(0, Part(_("This certificate does not stand any more"), (stands(certificate),)))
    parts.append(
        Part(
            _("Is it genuine?"),
            (_("Anybody can read at this address whether this certificate stands."), address_of(certificate)),
        )
    )
    facts = [
        (_("Training"), title_of(certificate)),
        (_("Given by"), str(said["association"])),
        (_("Attended on"), days_of(certificate)),
        (_("Clock hours"), in_hours(certificate.minutes)),
        (_("Issued on"), issued_on(certificate)),
        (_("Number"), certificate.code),
    ]
    drawn = Picture(svg_of(address_of(certificate)), _("A code that opens the address above on a phone."))
    return Paper(
        title=_("Certificate of attendance"),
        language=language(),
        facts=tuple(facts),
        parts=tuple(parts),
        footer=f"{said['association']} · {certificate.code}",
        brackets=_("What could not be printed stands in brackets."),
        picture=drawn,
        honored=certificate.name,
    )


def stands(certificate: Certificate) -> str:
    """Whether a certificate stands, in a sentence."""
    if certificate.replaced_at is None:
        return _("This certificate stands.")
    on = clock.day(certificate.replaced_at.date())
    if certificate.replaced_by_id is not None:
        return _("It was replaced on %(day)s by one that was put right.") % {"day": on}
    return _("It was withdrawn on %(day)s.") % {"day": on}


def svg_of(address: str) -> str:
    """An address of ours as a drawing."""
    drawn = segno.make(address, error="m").svg_inline(scale=4, border=2, svgclass=None, lineclass=None)
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def transcript_paper(person: Person, of: Transcript) -> Paper:
    """Everything that somebody learned, year by year."""
    columns = (_("Day"), _("Training"), _("Given by"), _("Clock hours"), _("Known by"))
    parts = [
        Part(
            str(year),
            (sum_said(total),),
            table=Table(columns, tuple(row(one) for one in of.lines if one.on.year == year), (3, 5, 4, 1, 3)),
        )
        for year, total in of.by_year
    ]
    if of.by_area:
        rows = tuple((area(key), in_hours(one.known), in_hours(one.said)) for key, one in of.by_area)
        labels = (_("Competency area"), _("Attended here"), _("Said by myself"))
        parts.append(Part(_("Hours by competency area"), table=Table(labels, rows, (4, 1, 1))))
    return Paper(
        title=_("Transcript"),
        language=language(),
        facts=(
            (_("Name"), person.name),
            (_("Clock hours"), sum_said(of.total)),
            (_("Printed on"), clock.day(clock.now().date())),
        ),
        parts=tuple(parts),
        footer=_("Transcript"),
        brackets=_("What could not be printed stands in brackets."),
    )


def row(one: Line) -> tuple[str, str, str, str, str]:
    return clock.day(one.on), one.title, one.by, in_hours(one.minutes), known_by(one)


def known_by(one: Line) -> str:
    return _("said by myself") if one.said else one.certificate or _("attended")


def sum_said(one: Sum) -> str:
    """`12.5 hours attended here, and 3 said by myself`."""
    if not one.said:
        return _("%(known)s hours attended here") % {"known": in_hours(one.known)}
    if not one.known:
        return _("%(said)s hours said by myself") % {"said": in_hours(one.said)}
    return _("%(known)s hours attended here, and %(said)s said by myself") % {
        "known": in_hours(one.known),
        "said": in_hours(one.said),
    }
