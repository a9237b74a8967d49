"""Where a member is written to, the labels of members, and when letters about dues leave."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.actors import VISITOR
from inmind.access.door import Asked, door, opened
from inmind.association import actions, addresses, queries
from inmind.association.actions.mails import OPEN_DAYS, asked_by, holder_of
from inmind.association.forms import LabelForm, MailForm, RemindersForm, RenameForm
from inmind.association.keeping_views import kept
from inmind.association.models import Member, ReminderDays
from inmind.association.standing import Plan
from inmind.association.views import RELATED, one_form
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, form_page, fresh_key, said
from inmind.people.models import Contact

ASK, CHANGE, ALLOW = "association.ask_mail", "association.change_mail", "association.allow_mail"
LABELS, LABEL, UNLABEL = "association.see_labels", "association.label_member", "association.unlabel_member"
RENAME, REMOVE = "association.rename_label", "association.remove_label"
REMINDERS = "association.see_reminders"


@door(ASK)
def ask(request: Asked, member: UUID) -> HttpResponse:
    """Ask to be written to elsewhere; a letter to the new address makes sure that it is one's own."""
    row, _verdict = opened(request, ASK, Member, member, related=RELATED)
    form = MailForm(_mails(row), request.POST or None, initial={"version": row.version})

    def work(key: str, version: int) -> None:
        typed = {"mail": form.cleaned_data["mail"], "replaces": form.replaced}
        actions.ask_mail(request.actor, key=key, version=version, member=row, **typed)

    done = ngettext(
        "A letter is on its way to the new address. Open its link within %(n)s day.",
        "A letter is on its way to the new address. Open its link within %(n)s days.",
        OPEN_DAYS,
    ) % {"n": OPEN_DAYS}
    return one_form(request, row, form, work, _("Where letters go"), done)


@door(CHANGE)
def change(request: Asked, member: UUID) -> HttpResponse:
    """Change the address of somebody who does not sign in."""
    row, _verdict = opened(request, CHANGE, Member, member, related=RELATED)
    try:
        addresses.check_kept_here(holder_of(row))
    except NotNow as refusal:
        messages.warning(request, said(refusal))
        return redirect("member", member=row.pk)
    form = MailForm(_mails(row), request.POST or None, initial={"version": row.version})

    def work(key: str, version: int) -> None:
        typed = {"mail": form.cleaned_data["mail"], "replaces": form.replaced}
        actions.change_mail(request.actor, key=key, version=version, member=row, **typed)

    return one_form(request, row, form, work, _("Where letters go"), _("Letters go there from now on."))


@door(ALLOW)
@require_POST
def allow(request: Asked, member: UUID) -> HttpResponse:
    """Letters may go to a mailbox that several share."""
    row, _verdict = opened(request, ALLOW, Member, member, related=RELATED)
    form = HouseForm(request.POST)
    contact = next((one for one in _mails(row) if str(one.pk) == request.POST.get("contact")), None)
    if form.is_valid() and contact is not None:
        try:
            actions.allow_mail(request.actor, key=form.cleaned_data["key"], member=row, contact=contact)
        except NotNow as refusal:
            messages.warning(request, said(refusal))
        else:
            messages.success(request, _("Letters go there from now on."))
    return redirect("member", member=row.pk)


def _mails(row: Member) -> list[Contact]:
    return [one.contact for one in queries.mailboxes_of(row)]


@door(public="whoever holds the letter's secret says that the new address is theirs; opening it changes nothing")
@never_cache
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    asked = asked_by(secret)
    if asked is None:
        return render(request, "association/mail_by_letter.html", {"over": True}, status=410)
    form = HouseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_mail(VISITOR, secret=secret)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            asked.refresh_from_db()
    context = {"asked": asked, "association": asked.member.association, "form": form}
    return render(request, "association/mail_by_letter.html", context, status=409 if form.errors else 200)


# Labels


@door(LABEL)
@require_POST
def label(request: Asked, member: UUID) -> HttpResponse:
    row, _verdict = opened(request, LABEL, Member, member, related=RELATED)
    form = LabelForm(request.POST)
    if form.is_valid():
        try:
            actions.label_member(
                request.actor, key=form.cleaned_data["key"], member=row, said=form.cleaned_data["said"]
            )
        except BadInput as refusal:
            messages.warning(request, said(refusal))
    else:
        messages.warning(request, " ".join(str(one) for problems in form.errors.values() for one in problems))
    return redirect(f"{reverse('member', args=[row.pk])}#labels")


@door(UNLABEL)
@require_POST
def unlabel(request: Asked, member: UUID) -> HttpResponse:
    row, _verdict = opened(request, UNLABEL, Member, member, related=RELATED)
    form = LabelForm(request.POST)
    if form.is_valid():
        actions.unlabel_member(request.actor, key=form.cleaned_data["key"], member=row, said=form.cleaned_data["said"])
    return redirect(f"{reverse('member', args=[row.pk])}#labels")


@door(LABELS)
def labels(request: Asked) -> HttpResponse:
    """The labels of an association's members, and how many have each."""
    there = kept(request, LABELS)
    at = {"association": str(there.pk)}
    rows = [
        [
            {"text": word, "url": f"{reverse('members')}?{_query(at | {'label': word})}"},
            str(count),
            {"text": _("Rename or remove"), "url": f"{reverse('label')}?{_query(at | {'said': word})}"},
        ]
        for word, count in queries.labels(there)
    ]
    columns = [{"label": _("Label")}, {"label": _("Members"), "number": True}, {"label": _("Change")}]
    return render(request, "association/labels.html", {"association": there, "rows": rows, "columns": columns})


def _query(named: dict[str, str]) -> str:
    from urllib.parse import urlencode

    return urlencode(named)


@door(RENAME)
def rename(request: Asked) -> HttpResponse:
    """Another name for a label, or none any more."""
    there = kept(request, RENAME)
    word = request.GET.get("said", "")
    count = dict(queries.labels(there)).get(word, 0)
    if not count:
        messages.warning(request, _("Nobody has this label any more."))
        return redirect("labels")
    form = RenameForm(request.POST or None, initial={"key": fresh_key(), "to": word})

    def save() -> HttpResponse:
        typed = form.cleaned_data
        actions.rename_label(request.actor, key=typed["key"], association=there, said=word, to=typed["to"])
        messages.success(request, _("It is called so from now on."))
        return redirect("labels")

    context = {"association": there, "word": word, "count": count, "remove": HouseForm()}
    return form_page(request, form, "association/label.html", context, save)


@door(REMOVE)
@require_POST
def remove(request: Asked) -> HttpResponse:
    there = kept(request, REMOVE)
    form = HouseForm(request.POST)
    if form.is_valid():
        word = request.GET.get("said", "")
        actions.remove_label(request.actor, key=form.cleaned_data["key"], association=there, said=word)
        messages.success(request, _("The label is removed. The members stay as they are."))
    return redirect("labels")


# When letters about dues leave


@door(REMINDERS)
def reminders(request: Asked) -> HttpResponse:
    there = kept(request, REMINDERS)
    plan, ours = queries.plan_of(there.pk), Plan()
    first = {"key": fresh_key(), "before_days": plan.before_days, "last_days": plan.last_days}
    form = RemindersForm(request.POST or None, initial=first)

    def save() -> HttpResponse:
        typed = {name: form.cleaned_data[name] for name in ("before_days", "last_days")}
        actions.keep_reminders(request.actor, key=form.cleaned_data["key"], association=there, **typed)
        messages.success(request, _("It is saved."))
        return redirect("reminders")

    is_said = ReminderDays.objects.filter(association=there).exists()
    context: dict[str, Any] = {"association": there, "ours": ours, "is_said": is_said}
    context["may_keep"] = bool(policy.can(request.actor, "association.keep_reminders", there))
    return form_page(request, form, "association/reminders.html", context, save)
