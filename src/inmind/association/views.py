"""A membership: one's own, or as the coordinator of the association keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.actors import Actor
from inmind.access.door import Asked, door, opened
from inmind.association import actions, queries
from inmind.association.actions.buying import following, last_paid
from inmind.association.directory import Audience
from inmind.association.dues import due
from inmind.association.forms import (
    AgenciesForm,
    EndForm,
    EntryForm,
    LevelChoiceForm,
    NameForm,
    NoteForm,
    RenewForm,
)
from inmind.association.inviting_views import standing_of_account
from inmind.association.models import Entry, Level, Member, Membership, Reminded
from inmind.association.standing import Reminder, State, why_none
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import HouseForm, VersionedForm, choice_field, said
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.messages.models import Letter
from inmind.messages.outcomes import LEFT_BY, PROBLEMS, SAYS, Problem, state_of
from inmind.money.amounts import dollars
from inmind.money.queries import standing_of
from inmind.people.models import Organization

SEE = "association.see_membership"
RELATED = ("association", "person", "level")
LETTERS = 12  # the newest, on one page


@door("association.see_own")
def own(request: Asked) -> HttpResponse:
    """One's own memberships; where there is none, how to join."""
    actor = request.actor
    mine = Member.objects.filter(person=actor.person).select_related(*RELATED).order_by("created_at", "pk")
    rows = list(policy.visible(actor, mine, SEE))
    if len(rows) == 1:
        return redirect("member", member=rows[0].pk)
    there = {row.association_id for row in rows}
    others = [one for one in associations() if one.pk not in there and queries.levels_open(one).exists()]
    return render(request, "association/own.html", {"rows": [(row, chip(row)) for row in rows], "others": others})


@door("association.join_as_oneself")
def join_as_oneself(request: Asked, association: UUID) -> HttpResponse:
    """Become a member, as somebody who has an account here."""
    there = association_of(association)
    form = LevelChoiceForm(queries.levels_open(there), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.join_as_oneself(request.actor, key=form.cleaned_data["key"], level=form.chosen)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Welcome. Here is what comes next."))
            return redirect("member", member=Member.objects.get(person=row.person, association=row.association).pk)
    context = {"form": form, "association": there}
    return render(request, "association/join_as_oneself.html", context, status=400 if form.errors else 200)


@door(SEE, about=Member)
def member(request: Asked, member: UUID) -> HttpResponse:
    """One member: how they stand, what comes next, what was bought, and what can be done."""
    row, _verdict = opened(request, SEE, Member, member, related=RELATED)
    return render(request, "association/member.html", _page(request, row))


def _page(request: Asked, row: Member) -> dict[str, Any]:
    actor, today = request.actor, clock.today(row.association.zone)
    is_own = row.person_id == actor.person
    bought = list(
        Membership.objects.filter(person=row.person_id, association=row.association_id)
        .select_related("level", "agency")
        .order_by("-since", "-created_at")
    )
    bills = standing_of(one.invoice for one in bought if one.invoice)
    waiting = next(
        (one for one in bought if one.settled_on is None and one.ended_at is None and one.until > today), None
    )
    entry = Entry.objects.filter(member=row).first()
    keeps = bool(policy.can(actor, "association.note_member", row))
    ways = keeps and not queries.is_served(row.person_id)
    form = renew_form(row, keeps=keeps)
    return {
        "member": row,
        "is_own": is_own,
        "keeps": keeps,
        "chips": [chip(row)],
        "says": says(row),
        "waiting": waiting,
        "waiting_bill": _bill(waiting, bills),
        "next": form,
        "is_quiet": row.state(today) is State.ACTIVE,
        "renewal": _renewal(row, form),
        "bought": [_bought(one, bills, keeps=keeps) for one in bought],
        "columns": [{"label": _("From")}, {"label": _("Through")}, {"label": _("Level")}, {"label": _("Dues")}],
        "agencies": list(row.belongings.filter(until=None).select_related("agency")),
        "entry": entry,
        "shows": _shows(entry),
        "version_form": VersionedForm(initial={"version": row.version}),
        "mails": [_mailbox(one, is_own=is_own) for one in queries.mailboxes_of(row)] if is_own or ways else [],
        "mail_elsewhere": keeps and not is_own and not ways,
        "mail_is_asked": is_own and row.mail_changes.filter(used_at=None, expires_at__gt=clock.now()).exists(),
        "is_bounced": (is_own or keeps) and queries.bounced().filter(to=row.person_id).exists(),
        "form": HouseForm(),
        "labels": queries.labels_of(row) if keeps else [],
        "known_labels": [said for said, _count in queries.labels(row.association)] if keeps else [],
        "panels": house.drawn("member", request, person=row.person_id, association=row.association) if keeps else [],
        "letters": _letters(row) if keeps or is_own else [],
        "why_no_letter": why_no_letter(row) if keeps or is_own else "",
        "critical_only": row.stops_letters,
        "account": standing_of_account(row) if keeps and not is_own else None,
    }


# What a member does, and who keeps the association for them


@door("association.renew", about=Member)
@require_POST
def renew(request: Asked, member: UUID) -> HttpResponse:
    row, _verdict = opened(request, "association.renew", Member, member, related=RELATED)
    keeps = bool(policy.can(request.actor, "association.note_member", row))
    form = renew_form(row, keeps=keeps, data=request.POST)
    if form is None:
        messages.warning(request, _("The next membership is bought already."))
        return redirect("member", member=row.pk)
    done = _("Thank you. It is renewed; what is to be paid stands below.")
    return _done(
        request, row, form, lambda key: actions.renew(request.actor, key=key, member=row, level=form.chosen), done
    )


@door("association.take_back", about=Member)
@require_POST
def take_back(request: Asked, member: UUID) -> HttpResponse:
    return _button(
        request, member, "association.take_back", actions.take_back, _("It is taken back. Nothing is owed for it.")
    )


@door("association.leave", about=Member)
def leave(request: Asked, member: UUID) -> HttpResponse:
    row, _verdict = opened(request, "association.leave", Member, member, related=RELATED)
    form = VersionedForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST":
        done = _("You have left. What is paid for runs to its end. Thank you for the time together.")
        return _button(request, member, "association.leave", actions.leave, done)
    return render(request, "association/leave.html", {"form": form, "member": row, "says": says(row)})


@door("association.choose_letters", about=Member)
@require_POST
def letters(request: Asked, member: UUID) -> HttpResponse:
    wanted = "wanted" in request.POST

    def choose(by: Actor, **named: Any) -> Member:
        return actions.choose_letters(by, wanted=wanted, **named)

    done = (
        _("Early reminders come again.") if wanted else _("Early reminders stop. What you must not miss still comes.")
    )
    return _button(request, member, "association.choose_letters", choose, done)


@door("association.change_name", about=Member)
def name(request: Asked, member: UUID) -> HttpResponse:
    row, _verdict = opened(request, "association.change_name", Member, member, related=RELATED)
    there = {"given_name": row.person.given_name, "family_name": row.person.family_name, "version": row.version}
    form = NameForm(request.POST or None, initial=there)

    def work(key: str, version: int) -> None:
        typed = {one: form.cleaned_data[one] for one in ("given_name", "family_name", "was_right")}
        actions.change_name(request.actor, key=key, version=version, member=row, **typed)

    return one_form(request, row, form, work, _("Name"), _("The name is saved."))


@door("association.change_agencies", about=Member)
def agencies(request: Asked, member: UUID) -> HttpResponse:
    row, _verdict = opened(request, "association.change_agencies", Member, member, related=RELATED)
    there = row.belongings.filter(until=None).select_related("agency").order_by("since", "pk")
    form = AgenciesForm(there, request.POST or None, initial={"version": row.version})

    def work(key: str, version: int) -> None:
        leaves = frozenset(form.cleaned_data.get("leaves", ()))
        joins = form.cleaned_data["joins"]
        actions.change_agencies(request.actor, key=key, version=version, member=row, leaves=leaves, joins=joins)

    return one_form(request, row, form, work, _("Where you work"), _("It is saved."))


@door("association.keep_entry", about=Member)
def entry(request: Asked, member: UUID) -> HttpResponse:
    row, _verdict = opened(request, "association.keep_entry", Member, member, related=RELATED)
    form = EntryForm.of(row, Entry.objects.filter(member=row).first(), request.POST or None)

    def work(key: str, version: int) -> None:
        typed = {one: form.cleaned_data[one] for one in ("shows", "city", "languages", "offers")}
        audience = Audience(form.cleaned_data["audience"])
        actions.keep_entry(request.actor, key=key, version=version, member=row, audience=audience, **typed)

    return one_form(request, row, form, work, _("The directory"), _("It is saved."))


# What the coordinator does besides


@door("association.note_member", about=Member)
def note(request: Asked, member: UUID) -> HttpResponse:
    row, _verdict = opened(request, "association.note_member", Member, member, related=RELATED)
    form = NoteForm(request.POST or None, initial={"note": row.note, "version": row.version})

    def work(key: str, version: int) -> None:
        words = form.cleaned_data["note"]
        actions.note_member(request.actor, key=key, version=version, member=row, note=words)

    return one_form(request, row, form, work, _("Note"), _("It is saved."))


@door("association.end_membership", about=Member)
def end(request: Asked, member: UUID) -> HttpResponse:
    row, _verdict = opened(request, "association.end_membership", Member, member, related=RELATED)
    form = EndForm(request.POST or None, initial={"version": row.version})

    def work(key: str, version: int) -> None:
        words = form.cleaned_data["note"]
        actions.end_membership(request.actor, key=key, version=version, member=row, note=words)

    return one_form(request, row, form, work, _("End this membership today"), _("It has ended."))


@door("association.change_level_of", about=Member)
def level_of(request: Asked, member: UUID) -> HttpResponse:
    row, _verdict = opened(request, "association.change_level_of", Member, member, related=RELATED)
    levels = Level.objects.filter(association=row.association, for_agencies=False).exclude(pk=row.level_id)
    form = RenewForm(levels.order_by("name"), request.POST or None, initial={"version": row.version})

    def work(key: str, version: int) -> None:
        actions.change_level_of(request.actor, key=key, version=version, member=row, level=form.chosen)

    return one_form(request, row, form, work, _("Another level"), _("It goes on at this level. No money has moved."))


# What the pages share


def one_form(
    request: Asked, row: Member, form: HouseForm, work: Callable[[str, int], None], title: str, done: str
) -> HttpResponse:
    """A page with one form about a member; what was typed stays whatever is refused."""
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                work(form.cleaned_data["key"], form.cleaned_data["version"])
            except Stale as refusal:
                form.data = {**_typed(form), "version": str(Member.objects.get(pk=row.pk).version)}
                form.take(refusal)
                status = 409
            except (BadInput, NotNow) as refusal:
                form.take(refusal)
            else:
                messages.success(request, done)
                return redirect("member", member=row.pk)
    context = {"form": form, "member": row, "title": title, "is_own": row.person_id == request.actor.person}
    return render(request, "association/member_form.html", context, status=status)


def _typed(form: HouseForm) -> dict[str, Any]:
    data = form.data
    if not hasattr(data, "getlist"):
        return dict(data)
    many = {one for one in ("shows", "languages", "leaves") if one in form.fields}
    return {one: data.getlist(one) if one in many else data.get(one) for one in data}


def _done(request: Asked, row: Member, form: HouseForm, work: Callable[[str], object], done: str) -> HttpResponse:
    """What a form on the member's page does; refused, the page says so."""
    if form.is_valid():
        try:
            work(form.cleaned_data["key"])
        except (BadInput, NotNow, Stale) as refusal:
            messages.warning(request, said(refusal))
        else:
            messages.success(request, done)
    else:
        for problem in form.errors.get("level", [_("Please choose a level.")]):
            messages.warning(request, str(problem))
    return redirect("member", member=row.pk)


def _button(request: Asked, pk: UUID, verb: str, work: Callable[..., object], done: str) -> HttpResponse:
    row, _verdict = opened(request, verb, Member, pk, related=RELATED)
    form = VersionedForm(request.POST)
    return _done(request, row, form, lambda key: work(request.actor, key=key, member=row), done)


def association_of(pk: UUID) -> Organization:
    """The association of a public address."""
    there = Organization.objects.filter(pk=pk, kind=Organization.Kind.ASSOCIATION).first()
    if there is None:
        raise Http404
    return there


def associations() -> list[Organization]:
    return list(Organization.objects.filter(kind=Organization.Kind.ASSOCIATION).order_by("name"))


STANDS = {
    State.ACTIVE: N_("paid"),
    State.GRACE: N_("in grace"),
    State.LAPSED: N_("lapsed"),
    State.PENDING: N_("nothing paid yet"),
}


def chip(row: Member) -> dict[str, str]:
    """How a member stands, in one word."""
    return {"text": _(STANDS[row.state(clock.today(row.association.zone))])}


def says(row: Member) -> str:
    """How a member stands, in a sentence with its day."""
    state = row.state(clock.today(row.association.zone))
    if row.paid_until is None or row.counts_until is None:
        return _("The membership begins to count when the dues are paid.")
    last, grace = (clock.day(one - queries.A_DAY) for one in (row.paid_until, row.counts_until))
    if row.left_on is not None and state is State.ACTIVE:
        return _("Left. What is paid for runs through %(day)s.") % {"day": last}
    return {
        State.ACTIVE: _("Paid through %(day)s."),
        State.GRACE: _("Paid through %(day)s. In grace through %(grace)s: who renews by then loses nothing."),
        State.LAPSED: _("Paid through %(day)s. It has lapsed, and can be renewed at any time."),
    }[state] % {"day": last, "grace": grace}


def renew_form(row: Member, *, keeps: bool, data: Any = None) -> RenewForm | None:
    """The one confirmation of a renewal; None where there is nothing to renew now."""
    today = clock.today(row.association.zone)
    levels = list(
        Level.objects.filter(association=row.association, for_agencies=False).order_by("name")
        if keeps
        else queries.levels_open(row.association)
    )
    if row.level is not None and not row.level.for_agencies and row.level not in levels:
        levels.append(row.level)
    levels.sort(key=lambda one: one.pk != row.level_id)
    try:
        for one in levels[:1]:
            following(row, one, today)
    except NotNow:
        return None
    if not levels:
        return None
    held = str(row.level_id) if any(one.pk == row.level_id for one in levels) else None
    form = RenewForm(levels, data, initial={"version": row.version, "level": held})
    choice_field(form, "level").choices = [
        (key, f"{one['term']}: {one['value']}, {one['note']}")
        for key, one in zip(form.levels, _renewal(row, form), strict=True)
    ]
    return form


def _renewal(row: Member, form: RenewForm | None) -> list[dict[str, str]]:
    """What each level would be: until when, and for how much."""
    if form is None:
        return []
    today, language = clock.today(row.association.zone), get_language() or "en"
    found = []
    for level in form.levels.values():
        period = following(row, level, today)
        assert period.until is not None
        through = clock.day(period.until - queries.A_DAY)
        cents = due(level.as_fee, level.as_rule, period)
        found.append(
            {"term": level.called(language), "value": dollars(cents), "note": _("through %(day)s") % {"day": through}}
        )
    return found


def _bill(one: Membership | None, bills: Any) -> dict[str, Any] | None:
    if one is None or one.invoice is None or one.invoice not in bills:
        return None
    bill = bills[one.invoice]
    page = house.pages.get("money.Invoice")
    there = queries.invoice_of(one.invoice)
    return {
        "owed": dollars(bill.cents_billed - bill.cents_paid),
        "due_on": clock.day(bill.due_on),
        "url": page(there) if page and there else "",
    }


def _bought(one: Membership, bills: Any, *, keeps: bool) -> list[Any]:
    language = get_language() or "en"
    note = ""
    if one.ended_at is not None:
        note = {
            Membership.Why.LEFT: _("ended as they wished"),
            Membership.Why.ENDED: _("ended by the association"),
            Membership.Why.NOT_PAID: _("taken back before it was paid"),
            Membership.Why.CHANGED: _("went on at another level"),
            Membership.Why.MISTAKE: _("given by mistake, and taken back"),
        }[Membership.Why(one.ended_why)]
    elif one.reopened_on is not None and one.settled_on is None:
        note = _("the money went back")
    elif one.settled_on is None:
        note = _("not paid yet")
    paid: Any = dollars(one.cents) if one.cents is not None and one.bundle_id is None else ""
    if one.agency is not None:
        paid = _("paid by %(agency)s") % {"agency": one.agency.name}
        if keeps and one.bundle_id is not None:
            paid = {"text": paid, "url": reverse("place", args=[one.bundle_id])}
    return [
        clock.day(one.since),
        {"text": clock.day(one.until - queries.A_DAY), "note": note},
        one.level.called(language),
        paid or _("paid before moving here"),
    ]


def _mailbox(one: queries.Mailbox, *, is_own: bool) -> dict[str, Any]:
    """An address, and what stands in the way of letters there."""
    contact, shared = one.contact, one.shared_with
    note = ""
    if contact.safe is False:
        note = _("No letters go there, as was said.")
    elif shared and not is_own:
        note = ngettext("%(names)s reads this mailbox, too.", "%(names)s read this mailbox, too.", len(shared)) % {
            "names": ", ".join(shared)
        }
    return {"contact": contact, "note": note, "waits": contact.safe is None}


def _shows(entry: Entry | None) -> str:
    if entry is None or entry.audience == Audience.NOBODY:
        return _("Not in the directory.")
    if entry.audience == Audience.MEMBERS:
        return _("In the directory, for members.")
    return _("In the directory, for anybody.")


def _letters(row: Member) -> list[dict[str, str]]:
    """What became of each letter of the association's rooms; never an address."""
    names = {pk: name for told in house.letters_to for pk, name in told(row.person_id, row.association_id)}
    found = []
    for letter in Letter.objects.filter(pk__in=list(names)).order_by("-created_at", "-pk")[:LETTERS]:
        state, at = state_of(letter)
        words = LEFT_BY.get(letter.sent_by, SAYS[state]) if state == "left" else SAYS[state]
        value = _(words) % {"when": clock.local(at, row.association.zone) if at else ""}
        note = " ".join(_(one) for one in PROBLEMS[Problem(letter.problem)] if one) if letter.problem else ""
        found.append({"term": names[letter.pk], "value": value, "note": note})
    return found


def letters_to(person: UUID, association: UUID) -> list[tuple[UUID, str]]:
    """The letters about dues."""
    names = {
        Reminder.BEFORE: _("Early reminder"),
        Reminder.END: _("Letter at the end"),
        Reminder.LAST: _("Letter in the last days of grace"),
    }
    rows = Reminded.objects.filter(member__person=person, member__association=association, letter__isnull=False)
    return [
        (pk, names[Reminder(kind)]) for pk, kind in rows.order_by("-created_at").values_list("letter", "kind")[:LETTERS]
    ]


def why_no_letter(row: Member) -> str:
    """Why no letter about dues is due today, in a sentence; empty where one is."""
    owing = queries.owing(
        row, has_next=row.pk in queries.followed([row]), sent=queries.reminded_of([row.pk]).get(row.pk, [])
    )
    if owing is None:
        return _("Letters begin when a membership that was paid comes near its end.")
    if not queries.reached(row):
        return _("No letter reaches this member now.")
    plan = queries.plan_of(row.association_id)
    days = plan.before_days
    early = ngettext(
        "The first letter leaves %(n)s day before the end.", "The first letter leaves %(n)s days before the end.", days
    ) % {"n": days}
    why = why_none(owing, clock.today(row.association.zone), plan)
    return {
        "": _("A letter is due, and leaves with the next run, within a day."),
        "left": _("No letter goes to somebody who has left."),
        "renewed": _(
            "The next membership is bought and waits to be paid. If it is not paid by the end, a letter leaves on that day."
        ),
        "early": early,
        "over": _("The membership has lapsed. Nobody is written to again and again."),
        "sent": _("The letter of these days was written already. It stands below."),
        "stopped": _("Early reminders were stopped. What must not be missed still comes."),
    }[why]


def today_own(request: Any) -> dict[str, Any] | None:
    """On Today: how one stands oneself, and what to do next; only where something is to be done, or is near."""
    actor = request.actor
    if actor.person is None or not policy.can(actor, "association.see_own"):
        return None
    rows = list(Member.objects.filter(person=actor.person).select_related(*RELATED).order_by("created_at", "pk"))
    if not rows:
        return None
    asks = any(_asks(row) for row in rows)
    return {"rows": [(row, chip(row), says(row), _asks(row)) for row in rows], "asks": asks}


def _asks(row: Member) -> str:
    """What somebody is asked to do, as a button; empty: nothing."""
    today = clock.today(row.association.zone)
    waiting = Membership.objects.filter(
        person=row.person_id,
        association=row.association_id,
        settled_on=None,
        ended_at=None,
        until__gt=today,
        bundle=None,
    )
    if waiting.exists():
        return _("See what is to be paid")
    if row.left_on is not None or row.pk in queries.followed([row]):
        return ""
    near = (
        row.paid_until is not None
        and row.paid_until <= today + queries.A_DAY * queries.plan_of(row.association_id).before_days
    )
    last = last_paid(row) if near else None
    return _("Renew") if near and last is not None and last.until == row.paid_until else ""


def member_url(row: Member) -> str:
    return reverse("member", kwargs={"member": row.pk})
