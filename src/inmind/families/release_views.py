"""A file for somebody outside: what goes into it, how far it has come, and taking it."""

from __future__ import annotations

import csv
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256
from io import SEEK_END, StringIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import audit, consents, disclosing, policy
from inmind.access.consents import Kind, NoConsent, Purpose
from inmind.access.door import Asked, door, opened, refused
from inmind.access.models import Disclosure
from inmind.documents.adapters.typesetter import pdf_of
from inmind.documents.paper import check_size
from inmind.families import actions, release_papers, releases
from inmind.families.actions import releasing
from inmind.families.actions.taking_part import born
from inmind.families.forms import PaperForm, ReleaseForm
from inmind.families.models import Episode
from inmind.families.releases import FORMS, Chosen, Form
from inmind.families.told_models import Release
from inmind.families.told_views import SEE, consent_of, head, limits, page_of, said, standing
from inmind.families.views import form_page, taking_part
from inmind.foundation import clock, leaving, text
from inmind.foundation.errors import NotNow
from inmind.foundation.forms import HouseForm, fresh_key
from inmind.foundation.forms import said as sentences
from inmind.foundation.identity import new_id
from inmind.people.models import Person

TAKE, MAKE = "families.take_release", "families.release"
PAPERS = frozenset(FORMS)


def url_of(row: Release) -> str:
    return page_of(row.episode, row.about, "family_release", release=row.pk)


@door(MAKE)
def release(request: Asked, dyad: UUID, person: UUID, consent: UUID) -> HttpResponse:
    """Ask for a file of what one consent covers, or of a part of it."""
    episode, there = taking_part(request, MAKE, dyad, person)
    row = consent_of(request, MAKE, episode, there, consent)
    agreed, today = disclosing.read(row, born(episode, there)), clock.today(episode.organization.zone)
    closed = releasing.closed(request.actor, episode)
    kinds = [kind for kind in Kind if kind in agreed.kinds]
    alone = len(kinds) == 1  # then there is nothing else to choose
    days = agreed.days
    initial = {
        "key": fresh_key(),
        "kinds": [kind for kind in kinds if alone or kind not in consents.CHOSEN_ALONE],
        "facts_since": days.first,
        "facts_until": min(days.last or today, today),
    }
    mine = {kind: why for kind, why in closed.items() if kind in kinds}
    form = ReleaseForm(kinds, request.POST or None, initial=initial, closed=mine)

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


@door(MAKE)
def paper(request: Asked, dyad: UUID, person: UUID) -> HttpResponse:
    """A letter, a summary or a release for a court: first looked at as it would be, with what is left out, then made."""
    episode, there = taking_part(request, MAKE, dyad, person)
    form_key = request.GET.get("paper", "")
    if form_key not in PAPERS or (FORMS[Form(form_key)].about_child and there.pk != episode.dyad.child_id):
        return redirect(page_of(episode, there))
    kind = Form(form_key)
    shape, now = FORMS[kind], clock.now()
    today = clock.today(episode.organization.zone)
    stands = [one for one in standing(episode, there) if one.purpose in shape.purposes]
    covered: dict[str, frozenset[Kind]] = {}
    for one in stands:
        covered[one.recipient] = covered.get(one.recipient, frozenset()) | one.kinds
    alone = shape.for_several or len(covered) == 1
    first = min((one.days.first for one in stands), default=episode.since)
    initial = {
        "key": fresh_key(),
        "purpose": stands[0].purpose if stands else shape.purposes[0],
        "recipients": "\n".join(covered) if alone else "",
        "kinds": [
            kind
            for _heading, kind in shape.parts
            if kind not in consents.CHOSEN_ALONE and stands and all(kind in some for some in covered.values())
        ],
        "facts_since": max(first, episode.since),
        "facts_until": min([today, *(one.days.last for one in stands if one.days.last)]),
    }
    is_child = there.pk == episode.dyad.child_id
    closed = releasing.closed(request.actor, episode)
    form = PaperForm(kind, covered, request.POST or None, initial=initial, about_child=is_child, closed=closed)
    context = head(episode, there) | {
        "title": _(shape.title),
        "none": not stands,
        "agree": page_of(episode, there, "family_agree"),
    }

    def act() -> HttpResponse:
        asked = form.asked(there.pk, about_child=is_child)
        how: dict[str, Any] = {"asked": asked, "language": translation.get_language() or "en", "form": kind}
        to = form.recipients_said()
        choice = ("purpose", "kinds", "facts_since", "facts_until")
        assert request.actor.person is not None
        mine = chosen_by(request) if shape.for_several else releasing.ALL
        row = releasing.drafted(request.actor.person, episode, there, recipients=to, chosen=mine, **how)
        looked = looked_at(row, now)
        mine = replace(mine, looked=looked.get("looked", ""))
        seen = releases.mark_of({"to": to, **asdict(mine)} | {name: str(form.cleaned_data[name]) for name in choice})
        is_seen = request.POST.get("seen") == seen  # what was looked at, line by line, and nothing else
        if "make" in request.POST and is_seen and not looked.get("speaks"):
            made = actions.release(
                request.actor,
                key=form.cleaned_data["key"],
                episode=episode,
                person=there,
                recipients=to,
                chosen=mine,
                **how,
            )
            return redirect(url_of(made))
        subjects = {("person", there.pk), ("episode", episode.pk)}
        audit.read(request.actor, MAKE, policy.can(request.actor, MAKE, episode), subjects=subjects)
        return render(request, "families/paper_form.html", {"form": form, "seen": seen, **context, **looked})

    return form_page(request, form, "families/paper_form.html", context, act)


def looked_at(row: Release, now: datetime) -> dict[str, Any]:
    """What a paper would say, or what is missing for whom; nothing is kept. Raises BadInput where it would be too long."""
    if missing := releasing.not_told(row, now):
        return {"missing": missing}
    every, mine = releasing.lines_of(row, now), releasing.chosen(row)
    lines = mine.leave(every)
    would = releasing.drawn(row, lines, now)
    check_size(would)
    found = {"would": would, "looked": releases.mark_of_lines(lines)}
    if row.purpose not in consents.PROCEEDINGS:
        return found
    single = [
        {
            "mark": one.mark,
            "day": clock.day(one.on),
            "words": one.words,
            "speaks": releasing.speaks(row, one),
            "is_out": one.mark in mine.out,
        }
        for one in every
    ]
    return found | {
        "speaks": any(one["speaks"] and not one["is_out"] for one in single),
        "single": sorted(single, key=lambda one: not one["speaks"]),
        "places": [(name, name in mine.places) for name in dict.fromkeys(one.place for one in every if one.place)],
    }


def chosen_by(request: Asked) -> Chosen:
    """The lines that are left out, and the places that are named, as they were ticked."""
    out, places = (tuple(sorted(set(request.POST.getlist(name)))) for name in ("out", "places"))
    return Chosen(out, places)


@door(SEE)
def released(request: Asked, dyad: UUID, person: UUID, release: UUID) -> HttpResponse:
    """How far a file has come, and the ways to take it or to remove it; where it was stopped, what is missing."""
    episode, there = taking_part(request, SEE, dyad, person)
    row = _row(request, SEE, episode, there, release)
    if request.method == "POST":
        form = HouseForm(request.POST)
        if form.is_valid():
            actions.remove_release(request.actor, key=form.cleaned_data["key"], release=row)
            messages.success(request, _("The file is removed."))
        return redirect(url_of(row))
    subjects = {("person", there.pk), ("episode", episode.pk)}
    if row.said:  # the page shows it
        audit.read(request.actor, SEE, policy.can(request.actor, SEE, episode), subjects=subjects)
    context = head(episode, there) | {
        "row": row,
        "called": release_papers.called(row),
        "recipients": "; ".join(row.named),
        "paper": releasing.said(row),
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
    way = request.POST.get("as", "page") if row.form == Form.TABLE else "paper"
    made = pdf_of_row(row) if way == "paper" and row.said else b""
    try:
        # Each of the two ways is told by itself; a double click on one is told once.
        key, digest = f"{form.cleaned_data['key']}-{way}", sha256(made).hexdigest() if made else ""
        told = actions.take_release(request.actor, key=key, release=row, digest=digest)
    except NoConsent:
        actions.remove_release(request.actor, key=f"stop:{new_id()}", release=row)
        return redirect(url_of(row))
    except NotNow as refusal:
        messages.error(request, sentences(refusal))
        return redirect(url_of(row))
    row.refresh_from_db()
    if row.is_open and not releasing.may_leave(
        row, clock.now()
    ):  # a second click, under the key of one that was answered
        actions.remove_release(request.actor, key=f"stop:{new_id()}", release=row)
        return redirect(url_of(row))
    if not row.is_open:
        return redirect(url_of(row))
    if way == "paper":
        return leaving.paper(made)
    with translation.override(row.language):
        face = _face(episode, there, row, told[0])
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


def pdf_of_row(row: Release) -> bytes:
    """The bytes of a paper, always the same. Made before anything is written down as told, and outside of any transaction."""
    with translation.override(row.language):
        paper = release_papers.paper_of(releasing.said(row))
    return pdf_of(paper)


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
        "recipient": row.recipients,
        "name": there.name or episode.dyad.called,
        "purpose": _(consents.PURPOSES[Purpose(row.purpose)]),
        "kinds": disclosing.kinds_said(row.kinds),
        "days": f"{clock.day(row.facts_since)} – {clock.day(row.facts_until)}",
        "taken": clock.local(told.created_at, episode.organization.zone),
        "by": told.told_by.name,
        "travels": [_(one) for one in travels],
        "left_out": [_(one) for one in releases.left_out(kinds, Purpose(row.purpose))],
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
        (_("Who sends it"), face["agency"]),
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
    file = StringIO("\ufeff", newline="")
    file.seek(0, SEEK_END)
    # Each cell in quotes: programs that also part at semicolons make no new cell out of a part of one.
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(map(text.cell, row) for row in (*top, (), heading, *rows))
    return leaving.leaving(file.getvalue(), "text/csv; charset=utf-8", "copy.csv")


def _row(request: Asked, verb: str, episode: Episode, person: Person, pk: UUID) -> Release:
    row, _verdict = opened(request, verb, Release, pk, related=["episode__dyad", "episode__organization", "about"])
    if row.episode_id != episode.pk or row.about_id != person.pk or row.subpoena_id is not None:
        raise refused(request, verb, about=episode)
    return row
