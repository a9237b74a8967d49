"""What an association holds about one person, as that person reads it: membership, where they work, the directory, letters."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmind.association import queries
from inmind.association.directory import FIELDS, LANGUAGES, Audience
from inmind.association.models import Belonging, Entry, Member, Membership, Reminded
from inmind.foundation import clock
from inmind.foundation.values import N_, Verdict
from inmind.people.models import Person

FOR = {
    Audience.NOBODY: N_("Not in the directory."),
    Audience.MEMBERS: N_("In the directory, for members."),
    Audience.PUBLIC: N_("In the directory, for anybody."),
}


def held(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]]:
    """Each association with its periods, workplaces, entry and letters, the oldest first."""
    members = Member.objects.filter(person=person).select_related("association", "level").order_by("joined_on", "pk")
    rows = [_member(one) for one in members]
    bought = Membership.objects.filter(person=person).select_related("association", "level", "agency")
    rows += [_bought(one) for one in bought.order_by("since", "created_at")]
    places = Belonging.objects.filter(member__person=person).select_related("agency").order_by("since", "pk")
    rows += [
        {
            _("Where you work"): one.name,
            _("From"): clock.day(one.since),
            _("Through"): clock.day(one.until - queries.A_DAY) if one.until else _("goes on"),
        }
        for one in places
    ]
    rows += [_entry(one) for one in Entry.objects.filter(member__person=person).select_related("member")]
    letters = Reminded.objects.filter(member__person=person).order_by("created_at", "pk")
    return rows + [
        {
            _("A letter about dues"): clock.day(one.created_at.date()),
            _("Dues paid through"): clock.day(one.about_until - queries.A_DAY),
        }
        for one in letters
    ]


def _member(one: Member) -> dict[str, str]:
    return {
        _("Member of"): one.association.name,
        _("Since"): clock.day(one.joined_on),
        _("Level"): one.level.called(get_language() or "en") if one.level else _("none yet"),
        _("Counts through"): clock.day(one.counts_until - queries.A_DAY) if one.counts_until else _("nothing paid yet"),
        _("Left"): clock.day(one.left_on) if one.left_on else _("no"),
        _("Early reminders"): _("stopped") if one.stops_letters else _("come"),
    }


def _bought(one: Membership) -> dict[str, str]:
    if one.agency is not None:
        paid = _("paid by %(agency)s") % {"agency": one.agency.name}
    else:
        paid = _("paid") if one.settled_on else _("not paid yet")
    return {
        _("Membership"): one.level.called(get_language() or "en"),
        _("From"): clock.day(one.since),
        _("Through"): clock.day(one.until - queries.A_DAY),
        _("Dues"): paid,
        _("Ended early"): clock.local(one.ended_at, one.association.zone) if one.ended_at else _("no"),
    }


def _entry(one: Entry) -> dict[str, str]:
    return {
        _("The directory"): _(FOR[Audience(one.audience)]),
        _("Shown there"): ", ".join(_(FIELDS[key]) for key in one.shows.split() if key in FIELDS),
        _("City"): one.city,
        _("Languages"): ", ".join(LANGUAGES[code] for code in one.languages.split() if code in LANGUAGES),
        _("What you offer"): one.offers,
    }
