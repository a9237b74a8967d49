"""One certificate on its owner's page, its paper, making them for everybody, and whether one is genuine."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.adapters import allauth
from inmind.access.door import Asked, door, opened
from inmind.documents.adapters.typesetter import pdf_of
from inmind.foundation.errors import InMindError
from inmind.foundation.forms import HouseForm, said
from inmind.foundation.leaving import paper
from inmind.learning.attendance import said as words
from inmind.learning.attendance.models import Attendance
from inmind.learning.attendance.views import SEE, day_of
from inmind.learning.certificates import actions, papers
from inmind.learning.certificates.certificate import as_code
from inmind.learning.certificates.forms import NumberForm
from inmind.learning.certificates.models import Certificate
from inmind.learning.trainings.models import Training

OWN = "learning.see_certificate"
WITH_ALL = ("training__association", "person", "replaced_by")


@door("learning.begin_certificates")
@require_POST
def begin(request: Asked, training: UUID) -> HttpResponse:
    """Make certificates for everybody who attended."""
    row, _verdict = opened(request, SEE, Training, training, related=("association",))
    form = HouseForm(request.POST)
    if form.is_valid():
        try:
            actions.begin(request.actor, key=form.cleaned_data["key"], training=row)
        except InMindError as refusal:
            messages.warning(request, said(refusal))
        else:
            messages.success(request, _("They are being made. Everybody has a letter with the way to their own page."))
    return redirect("attendance", training=row.pk)


@door(OWN)
def one(request: Asked, certificate: UUID) -> HttpResponse:
    """One certificate, with why its hours are what they are."""
    row, _verdict = opened(request, OWN, Certificate, certificate, related=WITH_ALL)
    attended = Attendance.objects.filter(
        meeting__training=row.training_id, person=row.person_id, replaced_at__isnull=True
    ).select_related("meeting")
    context = {
        "row": row,
        "title": papers.title_of(row),
        "stands": papers.stands(row) if row.replaced_at else "",
        "newer": reverse("certificate", args=[row.replaced_by_id]) if row.replaced_by_id else "",
        "facts": [
            {"term": _("Name"), "value": row.name},
            {"term": _("Given by"), "value": row.said["association"]},
            {"term": _("Attended on"), "value": papers.days_of(row)},
            {"term": _("Clock hours"), "value": words.of_hours(row.minutes, row.said["of"])},
            {"term": _("Issued on"), "value": papers.issued_on(row)},
            {"term": _("Number"), "value": row.code},
        ],
        "why": [
            {"day": day_of(one.meeting), "hours": words.of_hours(one.minutes, one.of), "sentences": words.why(one)}
            for one in attended.order_by("meeting__starts_at")
        ]
        if row.replaced_at is None
        else [],
        "areas": [list(pair) for pair in papers.areas_of(row.said["domains"])],
        "area_columns": [{"label": _("Competency area")}, {"label": _("Clock hours"), "number": True}],
        "credits": [list(line) for line in papers.credits_of(row.said)],
        "credit_columns": [
            {"label": _("Kind of license")},
            {"label": _("Credit hours"), "number": True},
            {"label": _("Approval")},
        ],
        "is_own": row.person_id == request.actor.person,
        "verify": papers.address_of(row),
        "may_see_all": bool(policy.can(request.actor, SEE, row.training)),
    }
    return render(request, "learning/certificate.html", context)


@door(OWN)
def pdf(request: Asked, certificate: UUID) -> HttpResponse:
    """The same as a tagged PDF."""
    row, _verdict = opened(request, OWN, Certificate, certificate, related=WITH_ALL)
    return paper(pdf_of(papers.paper_of(row)), "certificate")


@door(public="anybody may ask whether a certificate is genuine")
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """A number is typed."""
    form = NumberForm(request.GET or None)
    if form.is_bound and form.is_valid():
        code = as_code(form.cleaned_data["number"])
        if code:
            return redirect("verify_one", code=code)
        form.add_error(
            "number",
            _(
                "A number has twelve letters and digits, such as 7K2M-Q9XD-4TRB. Read it once more from the certificate."
            ),
        )
    return render(request, "learning/verify.html", {"form": form}, status=400 if form.errors else 200)


@door(public="anybody may ask whether a certificate is genuine")
@never_cache
def verify_one(request: HttpRequest, code: str) -> HttpResponse:
    """What a certificate of this number says, and whether it stands; nothing else of whose it is."""
    if allauth.within_limit("certificate", allauth.network_of(request)) is None:
        return render(request, "learning/verify.html", {"form": NumberForm(), "many": True}, status=429)
    number = as_code(code)
    row = Certificate.objects.filter(code=number).first() if number else None
    if row is None or not row.name:
        form = NumberForm(initial={"number": code[:40]})
        return render(request, "learning/verify.html", {"form": form, "missing": True}, status=404)
    context = {
        "form": NumberForm(),
        "row": row,
        "stands": papers.stands(row),
        "facts": [
            {"term": _("Training"), "value": papers.title_of(row)},
            {"term": _("Given by"), "value": row.said["association"]},
            {"term": _("Attended on"), "value": papers.days_of(row)},
            {"term": _("Clock hours"), "value": words.of_hours(row.minutes, row.said["of"])},
            {"term": _("Name on the certificate"), "value": row.name},
        ],
    }
    return render(request, "learning/verify.html", context)
