"""A consent on somebody's own phone: a worker asks, and an adult signs, says no or takes back by her link."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import audit, consents, disclosing, policy
from inmind.access.consents import NoConsent
from inmind.access.door import Asked, door
from inmind.access.models import AdultLink, Consent
from inmind.families import actions, queries
from inmind.families.actions import signing
from inmind.families.forms import ProposeForm, SignForm
from inmind.families.told_views import capacity_said, head, limits, page_of, said, signed_copy, wanted_for
from inmind.families.views import form_page, taking_part
from inmind.foundation import clock, text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, fresh_key
from inmind.foundation.registries import house

SEE = "families.see_agreements"


@door("families.propose")
def propose(request: Asked, dyad: UUID, person: UUID) -> HttpResponse:
    """Ask somebody to sign on her own page; a court or an agency signs on paper."""
    episode, there = taking_part(request, "families.propose", dyad, person)
    today = clock.today(episode.organization.zone)
    known = queries.may_agree(episode, there, today)
    may = [holder for holder, _ask in known if holder.may and holder.person is not None]
    words = [" · ".join(filter(None, (one.name, capacity_said(one.capacity)))) for one in may]
    wanted = wanted_for(request, episode, there)
    initial = {"key": fresh_key(), "facts_since": episode.since, **wanted}
    is_child = there.pk == episode.dyad.child_id
    form = ProposeForm(may, words, request.POST or None, initial=initial, about_child=is_child)

    def act() -> HttpResponse:
        agreed = form.agreed(there.pk, since=today)
        actions.propose(request.actor, key=form.cleaned_data["key"], episode=episode, person=there, agreed=agreed)
        messages.success(request, _("It waits on their own page. Nothing is told by it until they sign."))
        return redirect(wanted.get("back") or page_of(episode, there))

    context = head(episode, there) | {
        **{name: wanted[name] for name in ("back", "shows") if name in wanted},
        "title": _("Ask for a signature on their phone"),
        "nobody": not may,
        "limits": limits(episode, there, [consents.Kind.SCREENS]),
        "asks": [one for _holder, one in known if one],
        "who_url": f"{reverse('family_consent', kwargs={'dyad': episode.dyad_id})}?episode={episode.pk}",
    }
    return form_page(request, form, "families/propose.html", context, act)


@door("families.take_back_proposal")
@require_POST
def take_back(request: Asked, dyad: UUID, person: UUID, proposal: UUID) -> HttpResponse:
    episode, there = taking_part(request, "families.take_back_proposal", dyad, person)
    form = HouseForm(request.POST)
    if form.is_valid():
        _say(
            request,
            lambda: actions.take_back_proposal(
                request.actor, key=form.cleaned_data["key"], episode=episode, proposal=proposal
            ),
            _("Nobody is asked for it any more."),
        )
    return redirect(page_of(episode, there))


# By her link


def panel(request: Any, *, sent: tuple[UUID, SignForm] | None = None, **_about: Any) -> dict[str, Any]:
    """What the adult of this link is asked to agree to and what she agreed to, for her own page. sent: what she typed and
    was refused."""
    link: AdultLink = request.link
    language = get_language() or "en"
    asked = []
    for row in signing.of_adult(link):
        lines = signing.lines_of(row, language)
        seen = {"key": fresh_key(), "seen": signing.mark_of(signing.text_of(row, language))}
        form = SignForm(initial=seen)
        if sent is not None and sent[0] == row.pk:
            form = sent[1]
            typed = {name: form.data[name] for name in form.data}
            form.data = {**typed, "seen": seen["seen"]}  # of the text that stands beside it now
        form.auto_id = f"id_{row.pk}_%s"
        asked.append(
            {
                "sections": _sections(lines),
                "form": form,
                "yes": reverse("own_agree", kwargs={"proposal": row.pk}),
                "no": reverse("own_decline", kwargs={"proposal": row.pk}),
            }
        )
    given = Consent.objects.filter(given_by=link.person_id, episode=link.episode)
    quiet = {tuple(text.tokens(name)) for room in house.quiet_places for name in room(link.episode)}
    return {
        "asked": asked,
        "given": [
            said(row)
            | {
                "about": row.about.name if row.about_id != link.person_id else "",
                "kinds": disclosing.kinds_said(row.kinds, to_whom_it_is_about=row.about_id == link.person_id),
                "is_quiet": tuple(text.tokens(row.recipient)) in quiet,
                "signed": signed_copy(row),
                "withdraw": reverse("own_withdraw", kwargs={"consent": row.pk}),
            }
            for row in given.select_related("about", "given_by", "organization").order_by("-created_at", "-pk")
        ],
        "form": HouseForm(),
    }


def _sections(lines: list[dict[str, object]]) -> list[dict[str, Any]]:
    """Lines under their headings; points that follow one another stand in one list."""
    sections: list[dict[str, Any]] = []
    for kind, some in groupby(lines, lambda line: (line["heading"], line["point"])):
        words = [line["words"] for line in some]
        if kind == (True, False):
            sections += [{"heading": one, "blocks": []} for one in words]
        elif kind == (False, True):
            sections[-1]["blocks"].append({"points": words})
        else:
            sections[-1]["blocks"] += [{"words": one} for one in words]
    return sections


@door(SEE, by_link="own_page")
def agreements(request: Asked) -> HttpResponse:
    return _page(request)


def _page(request: Asked, *, sent: tuple[UUID, SignForm] | None = None) -> HttpResponse:
    verdict = policy.can(request.actor, SEE, request.link)
    audit.read(request.actor, SEE, verdict, about=request.link)
    context = {"panel": panel(request, sent=sent)}
    return render(request, "families/own_agreements.html", context, status=400 if sent else 200)


@door("families.agree_by_link", by_link="own_page")
def agree(request: Asked, proposal: UUID) -> HttpResponse:
    """She signs. Where a name is missing or the words have changed, the page says so and keeps what she typed."""
    if request.method != "POST":
        return redirect("own_agreements")
    form = SignForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.agree_by_link(
                request.actor,
                key=given["key"],
                link=request.link,
                proposal=proposal,
                seen=given["seen"],
                name=given["name"],
                language=get_language() or "en",
            )
        except BadInput as refusal:
            form.take(refusal)
        except NoConsent:
            sentence = _("You cannot sign this today. Who may decide about it has changed: ask your care team.")
            messages.error(request, sentence)
            return redirect("own_agreements")
        except NotNow as refusal:
            messages.error(request, _(refusal.found))
            return redirect("own_agreements")
        else:
            messages.success(request, _("You agreed. You can take it back here at any time."))
            return redirect("own_agreements")
    return _page(request, sent=(proposal, form))


@door("families.decline_by_link", by_link="own_page")
def decline(request: Asked, proposal: UUID) -> HttpResponse:
    form = HouseForm(request.POST)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]
        _say(
            request,
            lambda: actions.decline_by_link(request.actor, key=key, link=request.link, proposal=proposal),
            _("You said no. Nothing changes by it."),
        )
    return redirect("own_agreements")


@door("families.withdraw_by_link", by_link="own_page")
def withdraw(request: Asked, consent: UUID) -> HttpResponse:
    form = HouseForm(request.POST)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]
        _say(
            request,
            lambda: actions.withdraw_by_link(request.actor, key=key, link=request.link, consent=consent),
            _("You took it back. Nothing more is told by it."),
        )
    return redirect("own_agreements")


def _say(request: Asked, act: Any, done: str) -> None:
    """Do it, and say that it is done or why not."""
    try:
        act()
    except (BadInput, NotNow) as refusal:
        messages.error(request, _(refusal.found))
    else:
        messages.success(request, done)
