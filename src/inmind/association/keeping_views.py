"""What keeps an association: the list of its members, adding one, taking them out, and its levels with what a change changes."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened, refused
from inmind.access.models import Account
from inmind.association import actions, queries
from inmind.association.actions.levels import say
from inmind.association.beginning_views import begins
from inmind.association.dues import Change, changes
from inmind.association.forms import AddForm, LevelChangeForm, LevelForm, SoughtForm
from inmind.association.models import Belonging, Level, Member
from inmind.association.moving.models import Label
from inmind.association.periods import Kind
from inmind.association.queries import Sought
from inmind.association.standing import State
from inmind.association.views import STANDS
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import form_page
from inmind.foundation.leaving import CSV, flowing, sheet
from inmind.foundation.values import Period
from inmind.money.amounts import dollars
from inmind.people.models import Contact, Organization, Person

SEE = "association.see_members"
SHOWN = 50  # of whom a change would touch; the rest is counted


def kept(request: Asked, verb: str) -> Organization:
    """The association that is meant: the one in the address, or the actor's own."""
    there = list(policy.visible(request.actor, Organization.objects.filter(kind="association").order_by("name"), verb))
    asked = request.GET.get("association")
    meant = [one for one in there if str(one.pk) == asked] if asked else there
    if not meant:
        raise refused(request, verb)
    return meant[0]


@door(SEE)
def members(request: Asked) -> HttpResponse:
    """Members by name, fifty at once; narrowed by name, standing, level and agency."""
    there = kept(request, SEE)
    levels = [(str(one.pk), one.called(get_language() or "en")) for one in _levels(there)]
    agencies = [(str(pk), name) for pk, name in queries.agencies_of(there)]
    form = SoughtForm(levels, agencies, queries.labels(there), request.GET)
    sought = _sought(request, form)
    today = clock.today(there.zone)
    rows = queries.found(policy.visible(request.actor, Member.objects.all(), SEE), there, sought, today)
    page, more = rows[: queries.AT_ONCE], len(rows) > queries.AT_ONCE
    last = page[-1] if page else None
    query = request.GET.copy()
    if more and last is not None:
        query["after"], query["id"] = last.sorts_as, str(last.pk)
    context = {
        "association": there,
        "form": form,
        "is_sought": any((sought.words, sought.state, sought.level, sought.agency, sought.label, sought.look)),
        "is_first": sought.after is None,
        "rows": [_line(one, today) for one in page],
        "next_page": f"?{query.urlencode()}" if more else "",
        "may_invite": bool(policy.can(request.actor, "association.invite_members", there)),
        "may_add": bool(policy.can(request.actor, "association.add_member", there)),
    }
    return render(request, "association/members.html", context)


def _sought(request: Asked, form: SoughtForm) -> Sought:
    typed = form.cleaned_data if form.is_valid() else {}
    after: tuple[str, UUID] | None = None
    try:
        after = (request.GET["after"], UUID(request.GET["id"])) if "after" in request.GET else None
    except (KeyError, ValueError):
        after = None
    return Sought(
        words=typed.get("q", ""),
        state=typed.get("state", ""),
        level=UUID(typed["level"]) if typed.get("level") else None,
        agency=UUID(typed["agency"]) if typed.get("agency") else None,
        label=typed.get("label", ""),
        look=typed.get("look", ""),
        after=after,
    )


def _line(one: Member, today: date) -> dict[str, str]:
    return {
        "name": one.person.name,
        "url": reverse("member", kwargs={"member": one.pk}),
        "standing": _(STANDS[one.state(today)]),
        "left": _("has left") if one.left_on is not None else "",
        "through": clock.day(one.paid_until - queries.A_DAY) if one.paid_until else "–",
        "level": one.level.called(get_language() or "en") if one.level is not None else "",
    }


def _levels(there: Organization) -> list[Level]:
    return list(Level.objects.filter(association=there).order_by("name", "pk"))


@door("association.add_member")
def add(request: Asked) -> HttpResponse:
    there = kept(request, "association.add_member")
    levels = Level.objects.filter(association=there, for_agencies=False).order_by("name")
    form = AddForm(levels, request.POST or None)

    def save() -> HttpResponse:
        typed = {name: form.cleaned_data[name] for name in ("given_name", "family_name", "mail", "agency", "language")}
        row = actions.add_member(
            request.actor, key=form.cleaned_data["key"], association=there, level=form.chosen, **typed
        )
        is_known = row.person.account.last_login is not None
        words = _("%(name)s is a member.") if is_known else _("%(name)s is a member. An invitation is on its way.")
        messages.success(request, words % {"name": row.person.name})
        return redirect("member", member=Member.objects.get(person=row.person, association=there).pk)

    return form_page(request, form, "association/add.html", {"association": there}, save)


@door("association.export_members")
def export(request: Asked) -> Any:
    """All members as a file that other programs read; the reading stands in the trail."""
    verb = "association.export_members"
    there = kept(request, verb)
    audit.read(request.actor, verb, policy.can(request.actor, verb, there), about=there)
    rows = policy.visible(request.actor, Member.objects.filter(association=there), verb)
    return flowing(sheet(_file(rows)), CSV, f"members-{clock.today(there.zone):%Y-%m-%d}.csv")


HEADINGS = (
    *(
        "member_id",
        "given_name",
        "family_name",
        "email",
        "level",
        "standing",
        "paid_through",
        "member_since",
        "left_on",
    ),
    *("agencies", "labels", "account"),
)


def _file(rows: Any) -> Iterator[Any]:
    yield HEADINGS
    rows = rows.select_related("person", "level", "association")
    after: tuple[str, Any] | None = None
    while True:
        some = list(queries.following(rows, after)[:500])
        if not some:
            return
        people = [one.person_id for one in some]
        elsewhere = queries.served(people)  # how to write to them safely is kept there
        mails = dict(
            Contact.in_use(person__in=[one for one in people if one not in elsewhere], channel=Contact.Channel.MAIL)
            .order_by("-created_at")
            .values_list("person", "address")
        )
        works: dict[Any, list[str]] = {}
        said: dict[Any, list[str]] = {}
        for label in Label.objects.filter(person__in=people, association__in={one.association_id for one in some}):
            said.setdefault((label.person_id, label.association_id), []).append(label.said)
        signs_in = set(Account.objects.filter(person__in=people).values_list("person", flat=True))
        for place in Belonging.objects.filter(member__in=some, until=None).select_related("agency"):
            works.setdefault(place.member_id, []).append(place.name)
        for one in some:
            yield (
                *(one.pk, one.person.given_name, one.person.family_name, mails.get(one.person_id, "")),
                *(one.level.name if one.level else "", one.state(clock.today(one.association.zone)).value),
                *(one.paid_until - queries.A_DAY if one.paid_until else "", one.joined_on, one.left_on or ""),
                "; ".join(sorted(works.get(one.pk, ()))),
                "; ".join(sorted(said.get((one.person_id, one.association_id), ()))),
                "yes" if one.person_id in signs_in else "no",
            )
        after = (some[-1].sorts_as, some[-1].pk)


# Levels


@door("association.see_levels")
def levels(request: Asked) -> HttpResponse:
    there = kept(request, "association.see_levels")
    rows = [
        [
            {"text": one.name, "url": reverse("level", kwargs={"level": one.pk}), "note": one.name_es},
            {"text": dollars(one.cents), "note": _("by the month") if one.by_month else ""},
            {"text": rule_words(one), "note": _grace(one)},
            _who(one),
        ]
        for one in _levels(there)
    ]
    columns = [{"label": label} for label in (_("Level"), _("Fee"), _("How long"), _("Who buys it"))]
    return render(request, "association/levels.html", {"association": there, "rows": rows, "columns": columns})


@door("association.keep_level")
def level_add(request: Asked) -> HttpResponse:
    there = kept(request, "association.keep_level")
    form = LevelForm(request.POST or None)

    def save() -> HttpResponse:
        made = actions.keep_level(request.actor, key=form.cleaned_data["key"], association=there, **form.said())
        messages.success(request, _("%(level)s is added.") % {"level": made.name})
        return redirect("levels")

    return form_page(request, form, "association/level.html", {"association": there, "level": None}, save)


@door("association.change_level", about=Level)
def level(request: Asked, level: UUID) -> HttpResponse:
    """A level. What a change would mean for those who are members is shown before it holds; what is paid for stays."""
    there, _verdict = opened(request, "association.change_level", Level, level, related=("association",))
    form = LevelChangeForm(request.POST) if request.method == "POST" else LevelChangeForm.of(there)
    context: dict[str, Any] = {"level": there, "association": there.association, "rule": rule_words(there)}
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                then = say(copy(there), form.said())
                if form.cleaned_data["seen"] != "yes":
                    return render(
                        request, "association/level_preview.html", context | _preview(request, there, then, form)
                    )
                actions.change_level(
                    request.actor,
                    key=form.cleaned_data["key"],
                    version=form.cleaned_data["version"],
                    level=there,
                    **form.said(),
                )
            except (BadInput, NotNow) as refusal:
                form.take(refusal)
            except Stale as refusal:
                newest = Level.objects.get(pk=there.pk)
                form.data = {
                    **{one: form.data.get(one) for one in form.data},
                    "version": str(newest.version),
                    "seen": "",
                }
                form.take(refusal)
                status = 409
            else:
                messages.success(request, _("It holds from now on. What is paid for stays as it is."))
                return redirect("levels")
    return render(request, "association/level.html", context | {"form": form}, status=status)


def _preview(request: Asked, now: Level, then: Level, form: LevelChangeForm) -> dict[str, Any]:
    today = clock.today(now.association.zone)
    seen = policy.visible(request.actor, Member.objects.all(), SEE)
    rows = seen.filter(level=now, left_on=None, counts_until__gt=today).order_by("sorts_as", "pk")
    there = rows.values_list("person", "joined_on", "paid_until")
    held = [(person, Period(min(joined, until), until)) for person, joined, until in there]
    found = changes((now.as_rule, now.as_fee), (then.as_rule, then.as_fee), held, today)
    names = {one.pk: one.name for one in Person.objects.filter(pk__in=[one.person for one in found[:SHOWN]])}
    again = {name: form.data.get(name) for name in form.data if name != "csrfmiddlewaretoken"}
    fields = {name: value for name, value in again.items() if name != "seen"}
    return {
        "then_rule": rule_words(then),
        "now_fee": dollars(now.cents),
        "then_fee": dollars(then.cents),
        "now_grace": _grace(now),
        "then_grace": _grace(then),
        "members": len(held),
        "count": len(found),
        "dearer": sum(one.cents_more > 0 for one in found),
        "cheaper": sum(one.cents_more < 0 for one in found),
        "columns": [
            {"label": label}
            for label in (_("Name"), _("Paid through"), _("Next, as it is now"), _("Next, as it would be"))
        ],
        "rows": [_change(names[one.person], one) for one in found[:SHOWN]],
        "rest": max(0, len(found) - SHOWN),
        "fields": fields,
    }


def _change(name: str, one: Change) -> list[Any]:
    def told(renewal: Any) -> dict[str, str]:
        through = clock.day(renewal.until - queries.A_DAY)
        return {"text": dollars(renewal.cents), "note": _("through %(day)s") % {"day": through}}

    return [name, clock.day(one.paid_until - queries.A_DAY), told(one.before), told(one.after)]


def rule_words(level: Level) -> str:
    """When a level ends, in words."""
    from django.utils.dates import MONTHS

    facts: dict[str, Any] = {"years": level.years, "month": MONTHS[level.begins_month], "day": level.begins_day}
    if level.rule == Kind.ANNIVERSARY:
        words = _("a year from the day") if level.years == 1 else _("%(years)s years from the day")
    elif level.rule == Kind.FIXED:
        words = _("a term of %(years)s years for everybody")
    elif level.years == 1:
        words = _("to the end of the year that begins on %(month)s %(day)s")
    else:
        words = _("%(years)s years that begin on %(month)s %(day)s")
    said = words % facts
    if level.cut_off_month:
        cut = {"month": MONTHS[level.cut_off_month], "day": level.cut_off_day}
        said += "; " + _("bought after %(month)s %(day)s (not on that day), to the end of the next") % cut
    return said


def _grace(level: Level) -> str:
    return _("%(days)s days of grace") % {"days": level.grace_days} if level.grace_days else _("no grace")


def _who(level: Level) -> str:
    if level.for_agencies:
        return _("agencies, for %(seats)s people at once") % {"seats": level.seats}
    return _("people, by themselves") if level.is_open else _("nobody by themselves")


def today_kept(request: Any) -> dict[str, Any] | None:
    """On Today of whoever keeps an association: who has asked and not paid, and whose grace runs out; as counts."""
    actor = request.actor
    if not policy.can(actor, SEE):
        return None
    rows: list[tuple[Organization, int | None, int | None]] = []
    for there in policy.visible(actor, Organization.objects.filter(kind="association").order_by("name"), SEE):
        today = clock.today(there.zone)
        mine = policy.visible(actor, Member.objects.filter(association=there), SEE)
        grace = mine.filter(queries.in_state(State.GRACE, today), left_on=None).count()
        pending = mine.filter(queries.in_state(State.PENDING, today), left_on=None).count()
        if begins(there):
            continue  # the first steps say it
        if not Level.objects.filter(association=there).exists():
            rows.append((there, None, None))
        elif grace or pending:
            rows.append((there, grace, pending))
    return {"rows": rows, "asks": any(grace is None for _there, grace, _pending in rows)} if rows else None
