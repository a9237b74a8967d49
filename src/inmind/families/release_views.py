"""A file for somebody outside: what goes into it, how far it has come, and taking it."""

from __future__ import annotations

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import consents, disclosing
from inmind.access.consents import Kind, NoConsent, Purpose
from inmind.access.door import Asked, door, opened, refused
from inmind.access.models import Disclosure
from inmind.families import actions, releases
from inmind.families.actions import releasing
from inmind.families.actions.taking_part import born
from inmind.families.forms import ReleaseForm
from inmind.families.models import Episode
from inmind.families.told_models import Release
from inmind.families.told_views import consent_of, head, limits, page_of, said
from inmind.families.views import form_page, taking_part
from inmind.foundation import clock
from inmind.foundation.errors import NotNow
from inmind.foundation.forms import HouseForm, fresh_key
from inmind.foundation.identity import new_id
from inmind.people.models import Person

TAKE = "families.take_release"


def url_of(row: Release) -> str:
    return page_of(row.episode, row.about, "family_release", release=row.pk)


@door("families.release")
def release(request: Asked, dyad: UUID, person: UUID, consent: UUID) -> HttpResponse:
    """Ask for a file of what one consent covers, or of a part of it."""
    episode, there = taking_part(request, "families.release", dyad, person)
    row = consent_of(request, "families.release", episode, there, consent)
    agreed, today = disclosing.read(row, born(episode, there)), clock.today(episode.organization.zone)
    kinds = [kind for kind in Kind if kind in agreed.kinds]
    days = agreed.days
    initial = {
        "key": fresh_key(),
        "kinds": kinds,
        "facts_since": days.first,
        "facts_until": min(days.last or today, today),
    }
    form = ReleaseForm(kinds, request.POST or None, initial=initial)

    def act() -> HttpResponse:
        asked = form.asked(agreed, about_child=there.pk == episode.dyad.child_id)
        made = actions.release(
            request.actor,
            key=form.cleaned_data["key"],
            episode=episode,
            person=there,
            asked=asked,
            language=translation.get_language() or "en",
        )
        return redirect(url_of(made))

    context = head(episode, there) | {
        "title": _("A file for %(recipient)s") % {"recipient": row.recipient},
        "lead": _(
            "What this consent covers, as it is kept here, as a file to print or for a spreadsheet. Less than all is often "
            "enough. It is made in parts, asks before each whether it may still be told, and is removed after a short time."
        ),
        "known": limits(episode, there, agreed.kinds),
        "button": _("Make the file"),
    }
    return form_page(request, form, "families/release_form.html", context, act)


@door("families.see_told")
def released(request: Asked, dyad: UUID, person: UUID, release: UUID) -> HttpResponse:
    """How far a file has come, and the ways to take it or to remove it; where it was stopped, what is missing."""
    episode, there = taking_part(request, "families.see_told", dyad, person)
    row = _row(request, "families.see_told", episode, there, release)
    if request.method == "POST":
        form = HouseForm(request.POST)
        if form.is_valid():
            actions.remove_release(request.actor, key=form.cleaned_data["key"], release=row)
            messages.success(request, _("The file is removed."))
        return redirect(url_of(row))
    context = head(episode, there) | {
        "row": row,
        "kinds": disclosing.kinds_said(row.kinds),
        "purpose": _(consents.PURPOSES[Purpose(row.purpose)]),
        "since": clock.day(row.facts_since),
        "last": clock.day(row.facts_until),
        "until": clock.local(row.until, episode.organization.zone) if row.until else "",
        "is_mine": row.asked_by_id == request.actor.person,
        "is_over": row.until is not None and row.until <= clock.now(),
        "form": HouseForm(),
        "take": page_of(episode, there, "family_take_release", release=row.pk),
    }
    return render(request, "families/release.html", context)


@door(TAKE)
@require_POST
def take(request: Asked, dyad: UUID, person: UUID, release: UUID) -> HttpResponse:
    """The file itself; on record as told before it leaves. Where it may not be told any more, it is gone."""
    episode, there = taking_part(request, TAKE, dyad, person)
    row = _row(request, TAKE, episode, there, release)
    form = HouseForm(request.POST)
    if not form.is_valid():
        return redirect(url_of(row))
    way = "table" if request.POST.get("as") == "table" else "page"
    try:
        # Each of the two ways is told by itself; a double click on one is told once.
        told = actions.take_release(request.actor, key=f"{form.cleaned_data['key']}-{way}", release=row)
    except NoConsent:
        actions.remove_release(request.actor, key=f"stop:{new_id()}", release=row)
        return redirect(url_of(row))
    except NotNow as refusal:
        messages.error(request, _(refusal.found))
        return redirect(url_of(row))
    row.refresh_from_db()
    if row.is_open and not releasing.may_leave(
        row, clock.now()
    ):  # a second click, under the key of one that was answered
        actions.remove_release(request.actor, key=f"stop:{new_id()}", release=row)
        return redirect(url_of(row))
    if not row.is_open:
        return redirect(url_of(row))
    with translation.override(row.language):
        face = _face(episode, there, row, told)
        lines = [
            {
                "on": clock.day(one.on),
                "kind": _(consents.KINDS[one.kind].words),
                "words": one.words,
                "source": one.source,
            }
            for one in releasing.entries(row)
        ]
        if way == "table":
            return _as_table(face, lines)
        return render(request, "families/release_print.html", {"face": face, "lines": lines, "back": url_of(row)})


def _face(episode: Episode, there: Person, row: Release, told: Disclosure) -> dict[str, Any]:
    """What stands above the facts: to whom, by what, what goes with them, and what was left out."""
    assert told.consent is not None
    agreed = disclosing.read(told.consent, born(episode, there))
    travels = consents.travels(agreed)
    kinds = frozenset(map(Kind, row.kinds.split()))
    return {
        "agency": " · ".join(
            filter(None, (episode.organization.name, episode.organization.address, episode.organization.phone))
        ),
        "recipient": row.recipient,
        "name": there.name or episode.dyad.called,
        "purpose": _(consents.PURPOSES[Purpose(row.purpose)]),
        "kinds": disclosing.kinds_said(row.kinds),
        "days": f"{clock.day(row.facts_since)} – {clock.day(row.facts_until)}",
        "taken": clock.local(told.created_at, episode.organization.zone),
        "by": told.told_by.name,
        "travels": [_(one) for one in travels],
        "left_out": [_(one) for one in releases.left_out(kinds)],
        "limits": limits(episode, there, kinds),
        "consent": said(told.consent),
        "shows_consent": consents.PART_2_COPY in travels,
    }


def _as_table(face: dict[str, Any], lines: list[dict[str, str]]) -> HttpResponse:
    agreed = face["consent"]
    by = _("%(who)s agreed on %(day)s, %(how)s") % {
        "who": agreed["giver"],
        "day": agreed["since"],
        "how": agreed["how"],
    }
    top = [
        (_("From"), face["agency"]),
        (_("For"), face["recipient"]),
        (_("About"), face["name"]),
        (_("What for"), face["purpose"]),
        (_("What is told"), "; ".join(face["kinds"])),
        (_("Facts of"), face["days"]),
        (_("By which consent"), by),
        (_("Taken on"), f"{face['taken']}, {face['by']}"),
        *((_("Goes with it"), one) for one in (*face["travels"], *face["limits"])),
        (_("Left out, whether or not anything of it is kept"), "; ".join(face["left_out"])),
    ]
    if face["shows_consent"]:
        until = agreed["until"] or _("until it is taken back")
        copy = "; ".join(
            (*agreed["kinds"], agreed["purpose"], agreed["recipient"], agreed["since"], until, agreed["text"])
        )
        top.append((_("Copy of the consent"), copy))
    rows = [(one["on"], one["kind"], one["words"], one["source"]) for one in lines]
    heading = (_("Day"), _("Kind"), _("What"), _("Source"))
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    # Each cell in quotes: programs that also part at semicolons make no new cell out of a part of one.
    csv.writer(answer, quoting=csv.QUOTE_ALL).writerows(map(releases.cell, row) for row in (*top, (), heading, *rows))
    answer["Content-Disposition"] = 'attachment; filename="copy.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _row(request: Asked, verb: str, episode: Episode, person: Person, pk: UUID) -> Release:
    row, _verdict = opened(request, verb, Release, pk, related=["episode__dyad", "episode__organization", "about"])
    if row.episode_id != episode.pk or row.about_id != person.pk:
        raise refused(request, verb, about=episode)
    return row
