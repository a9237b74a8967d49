"""A referral as its sender sees it: drafted in the family's words, sent once a consent permits it, and followed to its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import disclosing, policy
from inmind.access.actors import Actor
from inmind.access.consents import NoConsent
from inmind.access.door import Asked, door, opened, refused
from inmind.families.models import Episode, Participation, Proposal
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import VersionedForm, fresh_key
from inmind.foundation.models import row_of
from inmind.foundation.registries import house
from inmind.foundation.values import N_, FieldClass, Verdict
from inmind.people.models import Contact, Person
from inmind.services.adapters.catalog import programs
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing
from inmind.services.matches import queries
from inmind.services.matches.views import COUNTED, page_of, there
from inmind.services.referrals import actions, office, worklist
from inmind.services.referrals.face_queries import face_of
from inmind.services.referrals.forms import CloseForm, ReferralForm, SaidForm, SendForm, TryForm, purpose_for
from inmind.services.referrals.models import Referral, ReferralStep
from inmind.services.referrals.referral import By, State, Why
from inmind.services.referrals.told import told
from inmind.services.referrals.words import AS_SENT, REASONS, STEPS

SEE, DRAFT = "services.see_referral", "services.draft"
RELATED = (
    *("episode__dyad__child", "episode__organization", "about", "to_call", "listing", "worker"),
    "consent__given_by",
)
NEXT_SHOWN = 3
UNREACHED = N_("No safe way to reach them is named: a program that cannot reach her cannot call.")
TO_SEND = timedelta(days=30)  # ours: so long a consent that is asked for a draft lets it be sent


@door(DRAFT, about=Episode)
def referral_draft(request: Asked, episode: UUID, person: UUID, listing: UUID) -> HttpResponse:
    """Begin a referral. Where one stands open already, the way leads there."""
    row, about = there(request, DRAFT, episode, person)
    offered = row_of(Listing, listing)
    if offered is None:
        raise refused(request, DRAFT, about=row)
    open_one = (
        Referral.objects.filter(episode=row, about=about, listing=offered).exclude(state__in=queries.OVER).first()
    )
    if open_one is not None:
        return redirect("referral", referral=open_one.pk)
    adults = _adults(row, about)
    form = ReferralForm(adults, _safe_ways(adults), request.POST or None)
    program = programs().get(offered.program)
    purpose = purpose_for(
        is_program=offered.offers == Offers.PROGRAM, is_right=program is not None and program.is_entitlement
    )

    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.draft(
                request.actor,
                key=form.cleaned_data["key"],
                episode=row,
                about=about,
                to_call=form.adults[form.cleaned_data["to_call"]],
                listing=offered,
                purpose=purpose,
                is_early_intervention=offered.program == "part_c",
                **form.referral(),
            )
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The draft is kept. Nothing was told to anybody yet."))
            return redirect("referral", referral=kept.pk)
    context = {
        "form": form,
        "title": _("Refer to %(name)s") % {"name": offered.name},
        "name": about.name or row.dyad.called,
        "by": offered.provider_name,
        "back": page_of(row, about),
        "nobody": not adults,
        "ways": [] if form.ways else [{"name": one.given_name, "url": _page_of(row, one)} for one in adults],
    }
    return render(request, "services/refer.html", context, status=400 if form.errors else 200)


@door("services.change_draft")
def referral_change(request: Asked, referral: UUID) -> HttpResponse:
    """Change a draft. Where somebody changed it meanwhile, both texts stand side by side."""
    row, _verdict = opened(request, "services.change_draft", Referral, referral, related=RELATED)
    if row.stands is not State.DRAFTED:
        return redirect("referral", referral=row.pk)
    initial = {
        "key": fresh_key(),
        "version": row.version,
        "to_call": str(row.to_call_id),
        "hopes": row.hopes or "",
        "tells": row.tells or "",
        "reach": ReferralForm.KEEP,
        "who": "carry" if row.by_family else "send",
    }
    ways, sent = _safe_ways([row.to_call]), request.POST or None
    form = ReferralForm([row.to_call], ways, sent, initial=initial, kept=row.reach or "")
    pairs: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or row.version
        try:
            actions.change_draft(
                request.actor, key=form.cleaned_data["key"], version=version, referral=row, **form.referral()
            )
        except Stale:
            row = row_of(Referral, row.pk, *RELATED)
            pairs = _pairs(form, row)
            form.data = _over(request, row)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The draft is kept. Nothing was told to anybody yet."))
            return redirect("referral", referral=row.pk)
    context = {
        "form": form,
        "pairs": pairs,
        "title": _("Change the draft for %(name)s") % {"name": row.listing.name},
        "name": row.about.name or row.episode.dyad.called,
        "by": row.recipient,
        "back": reverse("referral", kwargs={"referral": row.pk}),
        "ways": [] if form.ways else [{"name": row.to_call.given_name, "url": _page_of(row.episode, row.to_call)}],
    }
    status = 409 if pairs else (400 if form.errors else 200)
    return render(request, "services/refer.html", context, status=status)


def _over(request: Asked, row: Referral) -> Any:
    """What was sent, to be sent once more over what stands now."""
    sent = request.POST.copy()
    sent["version"], sent["key"] = str(row.version), fresh_key()
    return sent


def _pairs(form: ReferralForm, row: Referral) -> list[dict[str, Any]]:
    """What was typed beside what somebody else kept meanwhile."""
    mine = form.referral()
    labels = {
        "hopes": form.fields["hopes"].label,
        "tells": form.fields["tells"].label,
        "reach": form.fields["reach"].label,
    }
    return [
        {"label": label, "theirs": getattr(row, name) or "", "yours": mine[name]}
        for name, label in labels.items()
        if (getattr(row, name) or "") != mine[name]
    ] or [{"label": form.fields["hopes"].label, "theirs": row.hopes or "", "yours": mine["hopes"]}]


def _adults(episode: Episode, about: Person) -> list[Person]:
    """Whom a program may call: the adult for whom it is; for the child, the adults of this side."""
    if about.pk != episode.dyad.child_id:
        return [about]
    rows = episode.participations.filter(part=Participation.Part.ADULT, person__erased_at__isnull=True)
    return [row.person for row in rows.select_related("person").order_by("created_at", "pk")]


def _safe_ways(adults: Iterable[Person]) -> list[Contact]:
    rows = Contact.in_use(person__in=list(adults), safe=True).select_related("person")
    return list(rows.order_by("created_at", "pk"))


@door(SEE)
def referral(request: Asked, referral: UUID) -> HttpResponse:
    """One referral: how it stands, what was told, and what comes next. What is typed is never lost."""
    row, verdict = opened(request, SEE, Referral, referral, related=RELATED)
    if request.method != "POST":
        return _page(request, row, verdict, {})
    what = request.POST.get("what", "")
    form = _form(what, row, request.POST)
    if form is None:
        return _page(request, row, verdict, {}, status=400)
    status, missing = 400, tuple[str, ...]()
    if form.is_valid():
        try:
            words = _done(request.actor, what, form, row)
        except Stale as refusal:
            row = row_of(Referral, row.pk, *RELATED)
            form = _form(what, row, _over(request, row)) or form
            form.is_valid()
            form.take(refusal)
            status = 409
        except NoConsent as refusal:
            missing, status = refusal.sentences, 409
            row = row_of(Referral, row.pk, *RELATED)
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            messages.success(request, words)
            return redirect("referral", referral=row.pk)
    return _page(request, row, verdict, {what: form}, missing=missing, status=status)


def _form(what: str, row: Referral, sent: Any = None) -> VersionedForm | None:
    """The form of one step, empty or as it was sent; None for a step that there is not."""
    today = clock.today(row.episode.organization.zone)
    first: dict[str, Any] = {"initial": {"key": fresh_key(), "version": row.version, "on": today}}
    first["auto_id"] = f"{what}_%s"
    match what:
        case "send" | "carry":
            return SendForm(sent, **first)
        case "said":
            return SaidForm(row, sent, **first)
        case "try":
            return TryForm(sent, **first)
        case "close":
            return CloseForm(sent, **first)
    return None


def _done(actor: Actor, what: str, form: VersionedForm, row: Referral) -> str:
    """Do one step, and say that it is done."""
    how: dict[str, Any] = {
        "key": form.cleaned_data["key"],
        "version": form.cleaned_data["version"],
        "referral": row,
    }
    match form:
        case SaidForm():
            actions.note_step(actor, **how, **form.step())
            return _("It is kept.")
        case TryForm():
            actions.note_try(actor, **how, **form.attempt())
            return _("It is kept. The referral stands as it stood.")
        case CloseForm():
            actions.note_step(actor, **how, **form.step())
            return _("The referral is closed, and why is kept.")
        case _ if what == "carry":
            actions.change_draft(actor, **how, by_family=True)
            return _("The family carries it there itself. We tell nobody anything.")
        case _ if not row.by_family and not row.reach:
            raise NotNow(UNREACHED)
        case _:
            actions.send(actor, **how)
            return _("It is sent.")


def _page(
    request: Asked,
    row: Referral,
    verdict: Verdict,
    typed: Mapping[str, VersionedForm],
    *,
    missing: Iterable[str] = (),
    status: int = 200,
) -> HttpResponse:
    actor, episode = request.actor, row.episode
    reads = FieldClass.CLINICAL in verdict.classes
    here = row.stands
    over = _told_no_more(row)
    may = {
        one: bool(policy.can(actor, f"services.{one}", row))
        for one in ("send", "change_draft", "note_step", "note_try")
    }
    forms: dict[str, VersionedForm | None] = {
        "said": _offered("said", row, typed)
        if may["note_step"] and here not in {State.DRAFTED} and not here.is_over
        else None,
        "try": _offered("try", row, typed)
        if may["note_try"] and here not in {State.DRAFTED} and not here.is_over
        else None,
        "close": _offered("close", row, typed) if may["note_step"] and _may_close(here) else None,
    }
    context = {
        "row": row,
        "dyad": episode.dyad,
        "title": row.listing.name,
        "name": row.about.name or episode.dyad.called,
        "back": f"{reverse('dyad', kwargs={'dyad': episode.dyad_id})}?episode={episode.pk}",
        "crumb": episode.dyad.called,
        "stands": _(AS_SENT[here]),
        "since": clock.day(row.state_on),
        "why": _(REASONS[Why(row.why)]) if row.why else "",
        "is_the_systems": here is State.WAITLISTED or (bool(row.why) and Why(row.why).is_the_systems),
        "reads": reads,
        "told": told(row) if reads and not row.by_family and not over else [],
        "over": over,
        "carried": _carried(row.listing) if row.by_family else [],
        "is_draft": here is State.DRAFTED,
        "steps": _steps(row, reads=reads),
        "calls": worklist.calls(row, clock.today(episode.organization.zone)),
        "look_again": clock.day(row.answer_by) if row.answer_by else "",
        "window": _window(row),
        "panels": house.drawn("referral", request, referral=row),
        "has_face": face_of(row) is not None,
        "forms": forms,
        "form": next(iter(typed.values()), None),
        "missing": list(missing),
        "may": may,
        "change": reverse("referral_change", kwargs={"referral": row.pk}),
        **_consent(request, row, may, typed),
        **_next(request, row),
    }
    return render(request, "services/referral.html", context, status=status)


def _told_no_more(row: Referral) -> list[str]:
    """Why nothing of what was sent may be told any more: asked anew each time; empty while it may."""
    if row.consent is None or (answer := actions.may_tell(row, clock.now())):
        return []
    back = row.consent.revoked_at
    if back is None:
        return [disclosing.said(one) for one in answer.missing]
    day = clock.day(back.astimezone(ZoneInfo(row.episode.organization.zone)).date())
    return [_("What was agreed to was taken back on %(day)s.") % {"day": day}]


def _carried(listing: Listing) -> list[dict[str, str]]:
    """What a family takes along that carries a referral there itself: public facts of the listing."""
    facts = [
        (_("Who offers it"), listing.provider_name),
        (_("Phone"), listing.phone),
        (_("Email"), listing.mail),
        (_("Web"), listing.url),
        (_("Where"), listing.address),
        (_("When"), listing.hours),
        (_("What to bring"), listing.bring),
    ]
    return [{"term": term, "value": words} for term, words in facts if words]


def _offered(what: str, row: Referral, typed: Mapping[str, VersionedForm]) -> VersionedForm | None:
    return typed.get(what) or _form(what, row)


def _may_close(here: State) -> bool:
    return State.CLOSED in actions.rules.MOVES[here]


def _steps(row: Referral, *, reads: bool) -> list[dict[str, Any]]:
    """Each step on its day: how it stood, who said so, and what was tried between."""
    tried = {**TryForm.TRIED, **TryForm.BESIDE}
    found = []
    rows = list(row.steps.select_related("person"))
    for step in rows:
        label = tried[ReferralStep.Tried(step.tried)] if step.tried else _(STEPS[State(step.state)])
        met = step.tried == ReferralStep.Tried.INTRODUCED
        ours = step.person.name if step.person and (met or not step.said_by) else ""
        who = ", ".join(filter(None, (step.said_by, ours))) or _("the program itself")
        by = _("as the program said, written down by %(who)s") if step.by == By.PROGRAM and step.person else "%(who)s"
        notes = [
            by % {"who": who},
            _(REASONS[Why(step.why)]) if step.why else "",
            _("cancelled by: %(who)s") % {"who": TryForm.WHO[step.cancelled_by]} if step.cancelled_by else "",
            (step.note or "") if reads else "",
        ]
        is_last = step is rows[-1]
        found.append(
            {
                "label": label,
                "when": clock.day(step.on),
                "note": " · ".join(filter(None, map(str, notes))),
                "state": "now" if is_last and not row.stands.is_over else "done",
                "waits": is_last and row.stands is State.WAITLISTED,
            }
        )
    return found


def _window(row: Referral) -> dict[str, Any] | None:
    """Until when the program is open to this family, reckoned now, and what a place would come to."""
    if row.state not in queries.WAITS:
        return None
    today = clock.today(row.episode.organization.zone)
    look = next((look for _row, look in queries.windows_of([row])), None)
    if look is None:
        return None
    days = (look.closes - today).days
    return {
        "closes": clock.day(look.closes),
        "days": days,
        "is_counted": days <= COUNTED,
        "place": clock.day(look.place) if look.place else "",
        "too_late": look.too_late,
        "is_near": look.is_near(today),
    }


def _consent(
    request: Asked, row: Referral, may: Mapping[str, bool], typed: Mapping[str, VersionedForm]
) -> dict[str, Any]:
    """Which consent permits that it is sent, or that it goes on being read; or what is missing and one step to ask for it."""
    if row.stands.is_over or not may["send"]:
        return {}
    found: dict[str, Any] = {"send_form": typed.get("send") or _form("send", row), "carry_form": _form("carry", row)}
    if row.by_family:
        return found
    now = clock.now()
    answer, today = actions.may_tell(row, now), clock.today(row.episode.organization.zone)
    if answer and row.stands is not State.DRAFTED:
        return {}
    # That somebody else agreed for the child is not enough: how she is reached is hers.
    asks_her = not answer and bool(actions.may_tell_about(row, now))
    person = row.to_call if asks_her else row.about
    where = {"dyad": row.episode.dyad_id, "person": person.pk}
    query = f"?episode={row.episode_id}&for={row.pk}"
    waits = Proposal.objects.filter(episode=row.episode, about=person, state=Proposal.State.OPEN)
    return found | {
        "no_number": ""
        if row.episode.organization.phone
        else _("No telephone of %(agency)s is written down: a program that has a question cannot call.")
        % {"agency": row.episode.organization.name},
        "may_tell": bool(answer) and bool(row.reach),
        "by": answer.consent.given_by.name if answer and answer.consent else "",
        "by_since": clock.day(answer.consent.since) if answer and answer.consent else "",
        "asks_her": row.to_call.name if asks_her else "",
        "lacks": [*(disclosing.said(one) for one in answer.missing), *([] if row.reach else [_(UNREACHED)])],
        "asks_consent": not answer,
        "nobody": not any(holder.may for holder in actions.holders(row, today)),
        "who_url": f"{reverse('family_consent', kwargs={'dyad': row.episode.dyad_id})}?episode={row.episode_id}",
        "reach_url": "" if row.reach else _page_of(row.episode, row.to_call),
        "travels": [_(one) for one in (*answer.travels, *answer.asks)] if answer else [],
        "propose": reverse("family_propose", kwargs=where) + query,
        "agree": reverse("family_agree", kwargs=where) + query,
        "waits_for": [
            {"name": one.asked.name, "url": _page_of(row.episode, one.asked, "family_own_page")}
            for one in waits.select_related("asked")
            if one.recipient == row.recipient
        ],
    }


def _page_of(episode: Episode, person: Person, page: str = "family_adult") -> str:
    """A page of an adult of this family: her own facts and ways, or that by which she is handed her own page."""
    return f"{reverse(page, args=[episode.dyad_id, person.pk])}?episode={episode.pk}"


def _next(request: Asked, row: Referral) -> dict[str, Any]:
    """What fits next, where this did not come about or would come too late."""
    window = _window(row)
    is_lost = row.stands is State.DECLINED or (row.stands is State.CLOSED and row.why != Why.FAMILY_CHOSE_OTHERWISE)
    if not (is_lost or (window and window["too_late"])) or not policy.can(request.actor, "services.match", row.episode):
        return {}
    today = clock.today(row.episode.organization.zone)
    reads = bool(policy.can(request.actor, "services.keep_answer", row.episode))
    known = queries.known(row.episode, row.about, today, reads_answers=reads)
    board = queries.fitting(known, today, [Offers(row.listing.offers)])
    there = [
        one for one in queries.referrals(row.episode_id) if one.about_id == row.about_id and not one.stands.is_over
    ]
    lists = {row.listing_id, *(one.listing_id for one in there)}
    found = (one.listing for one in (*board.now, *board.ask))
    fitting = [one for one in found if one.id not in lists and one.program not in known.enrolled]
    return {
        "next": [
            {
                "name": one.name,
                "url": reverse(
                    "referral_draft",
                    kwargs={"episode": row.episode_id, "person": row.about_id, "listing": one.id},
                ),
            }
            for one in fitting[:NEXT_SHOWN]
        ],
        "matches": page_of(row.episode, row.about),
        "asks_next": True,
    }


def asks_consent(actor: Actor, pk: UUID) -> dict[str, Any] | None:
    """What a referral tells, or would, for the pages on which somebody agrees to it, and the way back here; None where it is not
    this actor's to send."""
    row = row_of(Referral, pk, *RELATED)
    if row is None or row.stands.is_over or not policy.can(actor, "services.send", row):
        return None
    verdict = policy.can(actor, SEE, row)
    today = clock.today(row.episode.organization.zone)
    asked = actions.asked_of(row, today)
    return {
        "episode": row.episode_id,
        "about": row.about_id,
        "recipient": row.recipient,
        "purpose": row.purpose,
        "kinds": [kind.value for kind in asked.kinds],
        "facts_until": today + TO_SEND,
        "shows": told(row) if {FieldClass.CLINICAL, FieldClass.WHEREABOUTS} <= verdict.classes else [],
        "back": reverse("referral", kwargs={"referral": row.pk}),
    }


def consent_shows(asked: Proposal) -> Iterator[tuple[str, str]]:
    """What the draft for which somebody is asked would tell, for her own page. Only to whom the program would call: how she is
    reached and what she hopes for is nobody else's to read."""
    rows = Referral.objects.filter(
        *(Q(episode=asked.episode_id), Q(about=asked.about_id), Q(to_call=asked.asked_id)),
        *(Q(recipient=asked.recipient), Q(purpose=asked.purpose), Q(state=State.DRAFTED, by_family=False)),
    )
    row = rows.select_related(*RELATED).order_by("-created_at", "-pk").first()
    if row is not None and not office.is_quiet(row):
        yield _("The program"), row.listing.name
        yield from ((one["term"], one["value"]) for one in told(row))


def asks_her_consent(actor: Actor, pk: UUID) -> dict[str, Any] | None:
    """The same of the adult whom a draft for a child would let a program call."""
    found = asks_consent(actor, pk)
    row = row_of(Referral, pk, "episode__organization") if found else None
    if found is None or row is None or row.to_call_id == row.about_id:
        return None
    asked = actions.asked_of_her(row, clock.today(row.episode.organization.zone))
    return found | {"about": row.to_call_id, "kinds": [kind.value for kind in asked.kinds]}


def page(thing: Any) -> str:
    return reverse("referral", kwargs={"referral": thing.pk})
