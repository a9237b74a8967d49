"""For an agency that keeps another record system: its referrals as a sheet or on paper, and answers brought back as a sheet.

Two sides, each with its own verb: whoever looks after referrals that were sent, and the program that answers in its inbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inmind.access import audit, policy
from inmind.access.actors import Actor
from inmind.access.door import Asked, door, opened
from inmind.documents.adapters.typesetter import pdf_of
from inmind.documents.paper import Paper, Part
from inmind.foundation import clock, leaving
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import HouseForm
from inmind.foundation.forms import said as sentences
from inmind.foundation.values import N_, FieldClass
from inmind.records import sheets
from inmind.services.referrals import actions as referral_actions
from inmind.services.referrals import answer_actions, bridge, worklist
from inmind.services.referrals.bridge import Answer, Unread
from inmind.services.referrals.models import Referral
from inmind.services.referrals.referral import By, State
from inmind.services.referrals.told import told, words_now
from inmind.services.referrals.words import REASONS, STATES

RELATED = ("episode__organization", "episode__dyad__child", "about", "to_call", "listing", "worker")
WAYS = (
    "to_call__contacts",
    "episode__participations__person__contacts",
)  # to see whether words tell one that is not safe
_NOT_THERE = N_("There is no such referral here, or it is not yours.")


@dataclass(frozen=True, slots=True)
class Side:
    """Who takes a sheet along and brings one back. sees: what it asks of the policy; notes: what it asks to move a referral."""

    sees: str
    notes: str
    rows: Callable[[Actor], Any]
    page: str
    file: str

    def act(self, actor: Actor, row: Referral, answer: Answer, key: str) -> None:
        said: dict[str, Any] = {"to": answer.state, "on": answer.on, "why": answer.why, "note": answer.note}
        said |= {"caller": answer.caller, "calls_on": answer.calls_on, "waits_until": answer.waits_until}
        if self.notes == "services.answer":
            # What another system says has happened there is kept, whatever was counted here.
            answer_actions.answer(actor, key=key, referral=row, has_room=True, **said)
        else:
            referral_actions.note_step(actor, key=key, referral=row, **said)


SENT = Side(
    "services.see_worklist", "services.note_step", worklist.under_way, "referrals_sheet", "referrals_sheet_file"
)
HERE = Side("services.answer", "services.answer", worklist.addressed, "referrals_in_sheet", "referrals_in_sheet_file")


class AnswersForm(HouseForm):
    """A sheet of answers: chosen, and once it was looked at, sent again as it was read."""

    file = forms.FileField(
        label=gettext_lazy("Sheet of answers"),
        required=False,
        help_text=gettext_lazy(
            "CSV with the columns referral, state and on; why, note, who_calls, calls_on and waits_until."
        ),
    )
    text = forms.CharField(widget=forms.HiddenInput, required=False, max_length=sheets.MOST_BYTES // 10)

    def read(self) -> str:
        """The text of the sheet. Raises BadInput."""
        if self.cleaned_data.get("file"):
            return sheets.decoded(self.cleaned_data["file"].read(sheets.MOST_BYTES + 1))
        if not self.cleaned_data.get("text"):
            raise BadInput(N_("No file was chosen."), N_("Choose the sheet of answers."), field="file")
        return str(self.cleaned_data["text"])


@door("services.see_worklist")
def sheet(request: Asked) -> HttpResponse:
    """The sheet of what was sent, and answers as they were told."""
    return _page(request, SENT)


@door("services.answer")
def sheet_in(request: Asked) -> HttpResponse:
    """The same for the program, of what was sent to it."""
    return _page(request, HERE)


@door("services.see_worklist")
@require_safe
def sheet_file(request: Asked) -> HttpResponse:
    return _file(request, SENT)


@door("services.answer")
@require_safe
def sheet_in_file(request: Asked) -> HttpResponse:
    return _file(request, HERE)


@door("services.see_referral")
def paper(request: Asked, referral: UUID) -> HttpResponse:
    """A referral that was sent, on paper: what the program reads, and nothing beyond."""
    row, verdict = opened(request, "services.see_referral", Referral, referral, related=RELATED)
    if row.stands is State.DRAFTED or not {FieldClass.CLINICAL, FieldClass.WHEREABOUTS} <= verdict.classes:
        raise NotNow(N_("There is no paper of this referral for you."), N_("It is made once it was sent."))
    _check_told(row)
    return _pdf(row)


@door("services.answer")
def paper_in(request: Asked, referral: UUID) -> HttpResponse:
    """The same for the program, while it may still be told."""
    row, _verdict = opened(request, "services.answer", Referral, referral, related=RELATED)
    _check_told(row)
    return _pdf(row)


def _check_told(row: Referral) -> None:
    if not referral_actions.is_told(row, clock.now()):
        raise NotNow(N_("This referral is over, or was taken back. Nothing of it is shown any more."))


def _pdf(row: Referral) -> HttpResponse:
    made = pdf_of(
        Paper(
            title=_("A referral"),
            language=get_language() or "en",
            facts=(
                (_("To"), row.recipient),
                (_("Who sends it"), row.episode.organization.name),
                (_("Sent on"), clock.day(row.sent_on) if row.sent_on else ""),
                (_("Number"), str(row.pk)),
            ),
            parts=tuple(Part(one["term"], (one["value"],)) for one in told(row)),
            footer=_("This paper may name a family: keep it as you would keep their trust."),
            brackets=_(
                "What stands in brackets as a name or a number is a character that this paper’s letters do not hold."
            ),
        )
    )
    return leaving.paper(made)


def _file(request: Asked, side: Side) -> HttpResponse:
    """The sheet itself; each person on it stands in the trail before it leaves."""
    rows = list(side.rows(request.actor).select_related(*RELATED).prefetch_related(*WAYS)[: bridge.MOST + 1])
    if len(rows) > bridge.MOST:
        raise NotNow(N_("There are more referrals than one sheet holds."), N_("A sheet holds 2,000 of them."))
    lines, hidden = [], worklist.unnamed(request.actor, rows) if side is SENT else set()
    for row in rows:
        verdict = policy.can(request.actor, "services.see_referral" if side is SENT else side.sees, row)
        if verdict:
            is_told = side is SENT or referral_actions.is_told(row, clock.now())
            lines.append(_line(row, verdict.classes, is_told=is_told, is_named=row.pk not in hidden))
    subjects = {subject for row in rows for subject in row.audit_subjects()}
    audit.read(request.actor, side.sees, policy.can(request.actor, side.sees), subjects=subjects)
    return leaving.leaving("".join(bridge.sheet(lines)), "text/csv; charset=utf-8", "referrals.csv")


def _line(row: Referral, classes: frozenset[FieldClass], *, is_told: bool, is_named: bool) -> dict[str, str]:
    """A row of the sheet: of each class what this reader may read. What may not be told any more has its state alone; of a
    quiet referral its care team alone reads where it goes."""
    line = {"referral": str(row.pk), "state": row.state, "state_on": row.state_on.isoformat()}
    if not is_told:
        return line
    dyad, child = row.episode.dyad, row.about_id == row.episode.dyad.child_id
    line |= {
        "sent_on": row.sent_on.isoformat() if row.sent_on else "",
        "program": row.listing.name if is_named else "",
        "offered_by": row.recipient if is_named else "",
        "person": row.about.name,
        "born": dyad.birth_date.isoformat() if child and dyad.birth_date else "",
        "expected": dyad.due_date.isoformat() if dyad.due_date and not dyad.birth_date else "",
        "to_call": row.to_call.name,
        "language": row.to_call.language,
    }
    words = words_now(row)
    if FieldClass.WHEREABOUTS in classes:
        line["reach"] = f"{_('Changed since it was sent')}: {words.reach}" if words.changed else words.reach
    if FieldClass.CLINICAL in classes:
        line |= {"hopes": words.hopes, "tells": words.tells}
    return line


def _page(request: Asked, side: Side) -> HttpResponse:
    form = AnswersForm(request.POST or None, request.FILES or None)
    shown: dict[str, Any] = {"form": form, "side": side, "states": _words(STATES), "reasons": _words(REASONS)}
    if request.method == "POST" and form.is_valid():
        try:
            text = form.read()
            answers = bridge.answers(sheets.read(text))
        except BadInput as refusal:
            form.take(refusal)
        else:
            does = request.POST.get("do") == "keep"
            rows = list(_verdicts(request.actor, side, answers, key=form.cleaned_data["key"] if does else ""))
            shown |= {"rows": rows, "text": text, "kept": does, "good": sum(one["good"] for one in rows)}
    return render(request, "services/bridge.html", shown, status=400 if form.errors else 200)


def _words(known: Mapping[Any, str]) -> list[dict[str, str]]:
    """The words that a sheet may hold, each with what it says; a draft is in no sheet of answers."""
    return [{"term": key.value, "value": _(words)} for key, words in known.items() if key not in bridge.NEVER]


def _verdicts(actor: Actor, side: Side, answers: list[Answer | Unread], *, key: str) -> Iterator[dict[str, Any]]:
    """What becomes of each row, or what became of it once it was kept under a key; one row takes no other with it."""
    mine = policy.visible(actor, Referral.objects.all(), side.notes).select_related("episode__organization", "listing")
    found = {row.pk: row for row in mine.filter(pk__in=[one.referral for one in answers if isinstance(one, Answer)])}
    for one in answers:
        good, words = False, ""
        if isinstance(one, Unread):
            words = _(one.says) % one.facts
        elif (row := found.get(one.referral)) is None:
            words = _(_NOT_THERE)
        else:
            try:
                if key:
                    side.act(actor, row, one, f"{key}:{one.line}")
                else:
                    _check(side, row, one)
                good, words = True, f"{row.listing.name}: {_(STATES[one.state])}"
            except (BadInput, NotNow, Refused) as refusal:
                words = sentences(refusal)
        yield {"line": one.line, "says": words, "good": good}


def _check(side: Side, row: Referral, one: Answer) -> None:
    """Whether it could be kept as it stands now, asked as `Side.act` will ask it."""
    by = By.PROGRAM
    if side is HERE:
        answer_actions.check_answer(row, clock.now(), one.state, one.caller)
    elif one.state is State.CLOSED:
        by = By.SENDER
    days = {"calls_on": one.calls_on, "waits_until": one.waits_until}
    today = clock.today(row.episode.organization.zone)
    referral_actions.check_step(row, one.state, by, one.why, on=one.on, today=today, **days)
