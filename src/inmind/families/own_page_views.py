"""An adult's own page, by a link of her own: what happens next, what is held, who looked, what she agreed to; and its sending.

Nothing of another adult stands on it, no answer and no clinical word of a worker: a phone may be taken from a hand. What is
clinical of her own is printed by her care team (`records/held_views.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmind.access import audit, grants, policy
from inmind.access.actors import Standing
from inmind.access.door import Asked, door
from inmind.access.looks import Look, by_day
from inmind.access.models import AdultLink, AuditEntry
from inmind.access.queries import BY_OFFICE, is_demo, lookers
from inmind.access.roles import ROLES
from inmind.families import actions, map_views, queries, signing_views, told_views
from inmind.families import consent as consenting
from inmind.families.forms import WayForm
from inmind.families.models import Episode, Participation, Presence
from inmind.families.views import taking_part, way_back
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, KeyReused, NotNow
from inmind.foundation.forms import HouseForm, fresh_key
from inmind.foundation.registries import house
from inmind.people.models import Contact, Person
from inmind.people.reaching import Way
from inmind.tasks import queries as tasks
from inmind.tasks.models import Task

OWN_PAGE = AdultLink.Purpose.OWN_PAGE
SEND = "families.send_own_page"
LOOKS, STRENGTHS = 60, 3


# What a link needs in order to stand, and what it reaches


def link_stands(link: AdultLink) -> bool:
    """A link opens while its adult takes part in the episode and is herself. One for a visit ends with the service; her own
    page stays until its own last day, so that she can still read what is held (decision 0024)."""
    if link.person.erased_at is not None or link.person.merged_into_id is not None:
        return False
    part = Participation.objects.filter(episode=link.episode, person=link.person_id, part=Participation.Part.ADULT)
    row = part.select_related("episode").first()
    if row is None:
        return False
    until = row.episode.until
    return link.purpose == OWN_PAGE or until is None or clock.today(settings.INSTALLATION.zone) < until


def is_own_episode(standing: Standing, episode: Episode, on: date) -> bool:
    return _opened_own_page(standing) and Episode.objects.filter(_own(standing), pk=episode.pk).exists()


def own_episodes(standing: Standing, on: date) -> models.Q:
    return _own(standing) if _opened_own_page(standing) else models.Q(pk__in=[])


def _own(standing: Standing) -> models.Q:
    hers = Participation.objects.filter(person=standing.person, part=Participation.Part.ADULT)
    return models.Q(organization=standing.organization, pk__in=hers.values("episode"))


def _opened_own_page(standing: Standing) -> bool:
    return standing.link is not None and AdultLink.objects.filter(pk=standing.link, purpose=OWN_PAGE).exists()


# Her page


@door("families.own_page", by_link=OWN_PAGE)
def own_page(request: Asked) -> HttpResponse:
    link, episode = request.link, _episode(request)
    verdict = policy.can(request.actor, "families.own_page", episode)
    audit.read(request.actor, "families.own_page", verdict, about=link)
    today = clock.today(episode.organization.zone)
    first = house.drawn("hers_next", request, episode=episode, person=link.person)
    context = {
        "agency": episode.organization.name,
        "has_ended": episode.until is not None and episode.until <= today,
        "closes": clock.day(link.expires_at.astimezone(ZoneInfo(episode.organization.zone)).date()),
        "printed": clock.day(today),
        "strengths": [
            {"words": words, "day": clock.day(day)} for day, words in list(_strengths(episode, link.person))[:STRENGTHS]
        ],
        "next": _next(request, episode, link.person),
        "team": _team(episode),
        "first": first,
        "says_next": any(not one.get("is_bare") for one in first),
        "panels": house.drawn("hers", request, episode=episode, person=link.person),
        "agreements": signing_views.panel(request),
        "minor": _minor(episode, link.person, today),
        "held": _held(request, link.person, verdict),
        "looked": _looked(episode, link.person),
        "language_form": LanguageForm(initial={"key": fresh_key(), "language": link.person.language}),
        "ways": [_way(one) for one in Contact.in_use(person=link.person).order_by("created_at", "pk")],
        "key": fresh_key(),
    }
    return render(request, "families/own_page.html", context)


def _episode(request: Asked) -> Episode:
    return Episode.objects.select_related("organization", "dyad__child").get(pk=request.link.episode)


def _strengths(episode: Episode, person: Person) -> list[tuple[date, str]]:
    """What she said that she is proud of: at visits where no other adult was, and what other rooms know; the newest first."""
    alone = [
        (visit.on, visit.strength)
        for visit in queries.latest_visits(episode)
        if visit.strength and _adults_at(visit.present.all(), episode) == {person.pk}
    ]
    said = [one for room in house.strengths for one in room(episode, person)]
    return sorted([*alone, *said], key=lambda one: one[0], reverse=True)


def _adults_at(there: Iterable[Presence], episode: Episode) -> set[UUID]:
    return {one.person_id for one in there} - {episode.dyad.child_id}


def _next(request: Asked, episode: Episode, person: Person) -> list[str]:
    """Who gets in touch with her by when, without what it is about; each once. That she wants no call is her earlier answer,
    which is not shown again."""
    left = Task.objects.filter(subject=person, organization=episode.organization, closed_at__isnull=True)
    calls = [
        task
        for task in left.select_related("owner", "backup", "organization").order_by("due_at")
        if task.why in house.reasons
        and house.reasons[task.why](request.actor, task).calls
        and task.calls_back is not False
    ]
    there = tasks.with_whom(calls)
    return list(dict.fromkeys(_call(task, there[task.pk]) for task in calls))


def _call(task: Task, there: list[Person]) -> str:
    if not there:
        return _(
            "Somebody is to get in touch with you, and whoever was asked works there no more. Ask for somebody else."
        )
    if task.red:  # when somebody reads it is told where she answered; a time of the house's own would promise more
        return _("%(name)s is asked to get in touch with you.") % {"name": there[0].name}
    last = task.due_at - timedelta(seconds=1)  # due by midnight is due on the day before
    day = clock.day(last.astimezone(ZoneInfo(task.organization.zone)).date())
    if task.due_at < clock.now():
        return _("%(name)s was to get in touch with you by %(day)s. You can call them.") % {
            "name": there[0].name,
            "day": day,
        }
    return _("%(name)s gets in touch with you by %(day)s.") % {"name": there[0].name, "day": day}


def _team(episode: Episode) -> list[dict[str, str]]:
    """Who serves her today, with the work phone of those who still work there."""
    team = queries.team(episode, clock.today(settings.INSTALLATION.zone))
    ways = queries.work_ways([row.worker_id for row in team], episode.organization)
    return [
        {
            "name": row.worker.name,
            "role": _(ROLES[row.role].name) if row.role in ROLES else "",
            "phone": ways[row.worker_id][0],
        }
        for row in team
        if row.worker_id in ways
    ]


def _minor(episode: Episode, person: Person, on: date) -> list[dict[str, str]]:
    """For a parent who is a minor: whether she decides, and who is not told, as it was written down (`protect.md` 5)."""
    return [
        {"sentence": _(answer.sentence) % answer.facts, "not_told": row.not_told}
        for row, answer in queries.who_may_consent(episode, on)
        if row.holder_id == person.pk and row.capacity == consenting.Capacity.MINOR_PARENT
    ]


def _held(request: Asked, person: Person, verdict: Any) -> dict[str, Any]:
    """What each room holds about her, as its print says it to who is not on the care team: no answer, no clinical word, no
    address; what is left out, and who prints it, stands below."""
    sections, left_out = [], [_("What others said in confidence, and what is held about other people.")]
    for told in house.told:
        rows = None if told.own else told.rows(request.actor, person, verdict)
        if rows is None:
            left_out.append(_(told.left_out))
        elif rows:
            sections.append({"title": _(told.title), "rows": rows})
        if rows is not None and told.always:
            left_out.append(_(told.always))
    return {"sections": sections, "left_out": list(dict.fromkeys(left_out))}


def _looked(episode: Episode, person: Person) -> list[dict[str, Any]]:
    """Who looked at what is hers: role and agency, by day. Another agency is not named, for it may be a shelter; and what
    was told outside, and who asked, stands in its own place, or nowhere where a law required it (`protect.md` 4, 6)."""
    looks, _older = lookers(
        [("person", person.pk)],
        named_at=None,
        zone=episode.organization.zone,
        most=LOOKS,
        but=queries.looked_at_elsewhere(episode),
    )
    found = []
    for day in by_day([look for look in looks if _is_shown(look)], episode.organization.zone):
        did: dict[str, dict[str, None]] = {}
        for one in day.readers:
            who, words = _reader(one.newest, one.looks, episode.organization.name)
            did.setdefault(who, {}).update(dict.fromkeys(words))
        readers = [{"who": who, "did": ", ".join(words)} for who, words in did.items()]
        found.append({"day": clock.day(day.on), "readers": readers})
    return found


def _is_shown(look: Look) -> bool:
    return look.roles != ("machine",) and grants.WORDS.get(look.verb) not in (None, grants.TOLD, grants.PRIVACY)


def _reader(newest: Look, looks: Iterable[Look], here: str) -> tuple[str, list[str]]:
    """Who it was and what was done, each in words."""
    if newest.roles == ("caregiver_by_link",):
        return _("You, or whoever had your link"), [_("opened this page, or changed something on it")]
    role = ", ".join(_(ROLES[role].name) for role in newest.roles) or _("somebody without a role on that day")
    if newest.roles == (BY_OFFICE,):  # it is not the agency's that sent the link
        return role, [_(grants.WORDS[look.verb]) for look in looks]
    places = list(dict.fromkeys(one if one == here else _("another agency") for one in newest.organizations))
    return ", ".join([role, *places]), [_(grants.WORDS[look.verb]) for look in looks]


def _way(contact: Contact) -> dict[str, Any]:
    return {
        "pk": contact.pk,
        "by": str(WayForm.CHANNELS[Contact.Channel(contact.channel)]),
        "end": contact.address[contact.address.find("@") :] if "@" in contact.address else contact.address[-2:],
        "safe": contact.safe,
        "after": contact.after,
        "before": contact.before,
    }


# What she changes herself


class LanguageForm(HouseForm):
    language = forms.ChoiceField(
        label=gettext_lazy("Which language do you like?"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class OwnWayForm(HouseForm):
    """A number or address of hers, and when it is safe. It is shown once more, and kept only when she says yes."""

    channel = forms.ChoiceField(label=gettext_lazy("By"), widget=forms.RadioSelect)
    address = forms.CharField(
        label=gettext_lazy("Your number or email"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    after = forms.TimeField(
        label=gettext_lazy("Safe from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    before = forms.TimeField(
        label=gettext_lazy("Safe until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Both empty: at any time."),
    )
    is_sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = (Contact.Channel.TEXT, Contact.Channel.MAIL, Contact.Channel.PHONE)
        self.fields["channel"].choices = [(one, WayForm.CHANNELS[one]) for one in channels]  # type: ignore[attr-defined]

    def way(self) -> Way:
        said = self.cleaned_data
        return Way(said["channel"], said["address"], True, said["after"], said["before"])


def _changed(request: Asked, sentence: str, part: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(f"{reverse('own_page')}#{part}")


def _last_word(action: Callable[..., Any], request: Asked, key: str, **said: Any) -> None:
    """What she touched counts, also where the key of its page came with something else before: another touch on the same
    page, or on the page as the browser kept it."""
    try:
        action(request.actor, key=key, link=request.link, **said)
    except KeyReused:
        action(request.actor, link=request.link, **said)


@door("families.choose_my_language", by_link=OWN_PAGE)
def language(request: Asked) -> HttpResponse:
    """The language she likes; this browser speaks it from now on."""
    form = LanguageForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return redirect("own_page")
    said = form.cleaned_data
    _last_word(actions.choose_my_language, request, said["key"], language=said["language"])
    response = redirect(f"{reverse('own_page')}#yours")
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, said["language"], samesite="Lax")
    return response


@door("families.say_my_way", by_link=OWN_PAGE)
def way(request: Asked) -> HttpResponse:
    """A way that is safe: first what she typed, then the question whether it is safe, and only then it is kept."""
    form = OwnWayForm(request.POST or None, initial={"key": fresh_key()})
    asks = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        asks = _asks(form)
        if said["is_sure"]:
            try:
                actions.say_my_way(request.actor, key=said["key"], link=request.link, way=form.way(), is_sure=True)
            except (BadInput, NotNow) as refusal:
                form.take(refusal)
                asks = ""
            else:
                return _changed(request, _("Kept. From now on we use it."), "yours")
    return render(request, "families/own_way.html", {"form": form, "asks": asks}, status=400 if form.errors else 200)


def _asks(form: OwnWayForm) -> str:
    said = form.cleaned_data
    by = WayForm.CHANNELS[Contact.Channel(said["channel"])]
    facts = {"by": by, "address": said["address"]}
    if said["after"] or said["before"]:
        return _("We would reach you by %(by)s at %(address)s, at the hours that you chose.") % facts
    return _("We would reach you by %(by)s at %(address)s, at any time.") % facts


@door("families.my_way_is_not_safe", by_link=OWN_PAGE)
def way_ends(request: Asked) -> HttpResponse:
    """One touch: nobody writes or calls there any more."""
    try:
        chosen = UUID(request.POST.get("way", ""))
    except ValueError:
        return redirect("own_page")
    try:
        _last_word(actions.my_way_is_not_safe, request, request.POST.get("key", "")[:80], way=chosen)
    except BadInput:
        return redirect("own_page")  # it was said anew meanwhile, on another page
    return _changed(request, _("Kept. Nobody writes or calls there any more."), "yours")


@door("families.change_my_map", by_link=OWN_PAGE)
def own_map(request: Asked) -> HttpResponse:
    """The names on her map: her own, and of those who serve. Other adults of the family stand on their own page."""
    episode = _episode(request)
    on = clock.today(settings.INSTALLATION.zone)
    others = {str(one.person.pk) for one in queries.adults(episode, on)} - {str(request.link.person_id)}
    people = [one for one in map_views.everyone(episode, on) if one.key not in others]
    form = map_views.form_of(episode, people, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["key"]
            actions.change_my_map(request.actor, key=key, link=request.link, wishes=form.wishes())
        except BadInput as refusal:
            form.take(refusal)
        else:
            return _changed(request, _("Kept. Your map is drawn as you want it."), "yours")
    return render(request, "families/own_map.html", {"form": form}, status=400 if form.errors else 200)


# Sending it, by the care team


def sent(episode: Episode) -> dict[UUID, dict[str, Any]]:
    """The newest link of each adult to her own page: until when it opens, and when it was opened first."""
    links: dict[UUID, AdultLink] = {}
    for link in AdultLink.objects.filter(episode=episode.pk, purpose=OWN_PAGE).order_by("created_at", "pk"):
        links[link.person_id] = link
    opened: dict[str, Any] = {}
    if links:
        ids = [str(link.pk) for link in links.values()]
        trail = AuditEntry.objects.filter(verb="access.open_link", about__in=ids, outcome=AuditEntry.Outcome.READ)
        opened = dict(trail.order_by("-seq").values_list("about", "at"))
    return {person: _sent(link, opened.get(str(link.pk)), episode) for person, link in links.items()}


def _sent(link: AdultLink, at: Any, episode: Episode) -> dict[str, Any]:
    zone = episode.organization.zone
    facts = {
        "made": clock.local(link.created_at, zone),
        "until": clock.day(link.expires_at.astimezone(ZoneInfo(zone)).date()),
        "opened": clock.local(at, zone) if at else "",
    }
    if link.ended_at is not None:
        says = _("A link of %(made)s was taken back.")
    elif link.expires_at <= clock.now():
        says = _("A link of %(made)s is over.")
    else:
        says = _("A link of %(made)s opens until %(until)s.")
    was = _("First opened: %(opened)s") if at else _("It was not opened.")
    return {"says": f"{says} {was}" % facts, "is_open": link.ended_at is None and link.expires_at > clock.now()}


def panel(request: Any, *, dyad: Any, episode: Episode, on: date) -> dict[str, Any] | None:
    """For each adult the way to send her the link to her own page, and what became of it."""
    if not policy.can(request.actor, SEND, episode):
        return None
    known = sent(episode)
    rows = [
        {
            "name": one.person.given_name,
            "says": known[one.person.pk]["says"] if one.person.pk in known else "",
            "url": _send_url(episode, one.person),
        }
        for one in queries.adults(episode, on)
    ]
    return {"rows": rows, "aside": True} if rows else None


def _send_url(episode: Episode, person: Person) -> str:
    return f"{reverse('family_own_page', args=[episode.dyad_id, person.pk])}?episode={episode.pk}"


@door(SEND)
def send(request: Asked, dyad: UUID, person: UUID) -> HttpResponse:
    """Send the link, show it once on this screen, or take it back."""
    episode, there = taking_part(request, SEND, dyad, person)
    form = HouseForm(request.POST or None, initial={"key": fresh_key()})
    code = address = ""
    if request.method == "POST" and form.is_valid():
        about = {"episode": episode, "person": there}
        key = form.cleaned_data["key"]
        try:
            match request.POST.get("do"):
                case "hand":
                    address = (
                        f"{settings.SITE}{reverse('open_link', args=[actions.hand_own_page(request.actor, **about)])}"
                    )
                    code = _code(address)
                case "end":
                    actions.end_own_page(request.actor, key=key, **about)
                    messages.success(request, _("Taken back. The link opens nothing any more."))
                case _:
                    actions.send_own_page(request.actor, key=key, **about)
                    messages.success(request, _("The link is on its way, by the way that is safe."))
        except (BadInput, NotNow) as refusal:
            form.take(refusal)
        else:
            if not code:
                return redirect(_send_url(episode, there))
    ways = [_(one.channel) for one in Contact.in_use(person=there, channel__in=actions.WRITTEN, safe=True)]
    context = {
        "form": form,
        "key": fresh_key(),
        "code": code,
        # No phone reads the address of a demonstration on one machine: whoever shows it opens it in another window.
        "address": address if settings.ON_LOOPBACK and is_demo() else "",
        "person": there,
        "back": way_back(episode),
        "crumb": episode.dyad.called,
        "sent": sent(episode).get(there.pk),
        "may_write": bool(ways),
        "not_told": told_views.not_told(episode, clock.today(episode.organization.zone)),
        "days": settings.LINK_DAYS,
    }
    return render(request, "families/own_page_send.html", context, status=400 if form.errors else 200)


def _code(address: str) -> str:
    """The link as a picture to be read by her own phone; drawn with attributes only, from our own address."""
    picture = segno.make(address, error="m").svg_inline(
        scale=5, border=4, svgclass="qr", lineclass=None, omitsize=True, title=_("The link to their own page")
    )
    return mark_safe(picture)
