"""An adult of a family, and what is written down about the people of it: care, homes, languages, ways, consent, birth."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import audit, policy
from inmind.access.door import Asked, door, refused
from inmind.families import actions, background, consent, letter_views, queries, sharing, told_views
from inmind.families.forms import (
    LANGUAGES,
    BirthForm,
    CareForm,
    ConsentForm,
    EndConsentForm,
    HomeForm,
    SelfForm,
    SpeechForm,
    WayForm,
    WeeksForm,
)
from inmind.families.intake import PARTS
from inmind.families.models import Episode
from inmind.families.views import episode_of, form_page, homes_said, people_of, said_on, taking_part, way_back
from inmind.foundation import clock
from inmind.foundation.forms import HouseForm, fresh_key
from inmind.people.models import Contact, Person
from inmind.people.reaching import SAYINGS, Saying, may_reach, spaced

PAGE = "families/form_page.html"


def own_page(episode: Episode, person: Person) -> str:
    address = reverse("family_adult", kwargs={"dyad": episode.dyad_id, "person": person.pk})
    return f"{address}?episode={episode.pk}"


def _today(episode: Episode) -> Any:
    return {"key": fresh_key(), "since": clock.today(episode.organization.zone)}


@door("families.see_adult")
def adult(request: Asked, dyad: UUID, person: UUID) -> HttpResponse:
    """How an adult cares for the child, lives, speaks and is reached; what the child's other caregivers may be told."""
    episode, there = taking_part(request, "families.see_adult", dyad, person)
    on = clock.today(settings.INSTALLATION.zone)
    verdict = policy.can(request.actor, "families.see_adult", episode)
    audit.read(
        request.actor,
        "families.see_adult",
        verdict,
        subjects={("person", there.pk), ("episode", episode.pk)},
    )
    moment = clock.now().astimezone(ZoneInfo(episode.organization.zone))
    speech = getattr(there, "speech", None)
    described = there.described.order_by("-created_at", "-pk").first()
    homes = [
        {
            "address": policy.project(home, verdict).get("address", ""),
            "told": sharing.may_be_told(home.class_of("address"), is_own=False, shown_to_others=home.shown_to_others),
            "with": [row.person.given_name or episode.dyad.called for row in rows if row.person_id != there.pk],
            "since": clock.day(next(row.since for row in rows if row.person_id == there.pk)),
            "elsewhere_said": said_on(rows[0]) if queries.lives_elsewhere(home, rows) else "",
        }
        for home, rows in queries.homes(episode, on).items()
        if any(row.person_id == there.pk for row in rows)
    ]
    return render(
        request,
        "families/adult.html",
        {
            "dyad": episode.dyad,
            "person": there,
            "is_child": there.pk == episode.dyad.child_id,
            "name": there.name or episode.dyad.called,
            "back": way_back(episode),
            "query": f"?episode={episode.pk}",
            "circle": [
                {
                    "part": _(one.part) if one.part else "",
                    "since": clock.day(one.since),
                    "until": clock.day(one.until) if one.until else "",
                }
                for one in queries.circle(episode, on)
                if one.person == there
            ],
            "others": [
                {"name": one.dyad.called, "url": way_back(one)}
                for one in queries.other_children(request.actor, there, episode.dyad_id)
            ],
            "homes": homes,
            "ways": [way_said(contact, moment) for contact in Contact.in_use(person=there).order_by("created_at", "pk")]
            if there.pk != episode.dyad.child_id
            else [],
            "told": told_views.card(request.actor, episode, there),
            "letters": letter_views.card(request.actor, episode, there),
            "likes": _likes(there),
            "speech": speech,
            "described": described,
            "described_words": [_(one) for one in background.words(described.edition, described.said.split())]
            if described
            else [],
            "described_edition": _(background.EDITIONS[described.edition].name)
            if described and described.edition in background.EDITIONS
            else "",
            "described_on": clock.day(described.on) if described else "",
        },
    )


def speech_said(person: Person) -> list[str]:
    """The language that somebody likes to speak, and whether an interpreter is wanted."""
    speech = getattr(person, "speech", None)
    wanted = {
        True: _("Would like an interpreter."),
        False: _("Needs no interpreter."),
        None: _("Nobody has asked yet whether an interpreter is wanted."),
    }[speech.interpreter if speech else None]
    return [_likes(person), wanted]


def _likes(person: Person) -> str:
    return str(dict(LANGUAGES).get(person.language, person.language))


def never_safe(person: Person, *, is_call_said: bool) -> list[str]:
    """The channels by which the person said that it is never safe, and has named no safe way; never an address.

    is_call_said: somebody asked since about being called, and what was answered holds instead.
    """
    ways = [one for one in Contact.in_use(person=person) if not (is_call_said and one.channel == Contact.Channel.PHONE)]
    shut = {one.channel for one in ways if one.safe is False} - {one.channel for one in ways if one.safe}
    return [str(words) for channel, words in WayForm.CHANNELS.items() if channel in shut]


def way_said(contact: Contact, moment: datetime) -> dict[str, Any]:
    """A way to reach somebody, with the rule's own sentence for this moment of her own clock: her agency's."""
    verdict = may_reach(contact.way, at=moment)
    days = dict(WayForm.base_fields["weekdays"].choices)  # type: ignore[attr-defined]
    return {
        "pk": contact.pk,
        "by": str(WayForm.CHANNELS[Contact.Channel(contact.channel)]),
        "address": spaced(contact.address),
        "may": bool(verdict),
        "dials": contact.channel == Contact.Channel.PHONE and bool(verdict),
        "is_never": contact.safe is False,
        "sentence": _(verdict.sentence),
        "may_say": _(SAYINGS[Saying(contact.may_say)]),
        "after": contact.after,
        "before": contact.before,
        "days": ", ".join(str(days[day]) for day in contact.weekdays),
        "told": sharing.may_be_told(contact.class_of("address"), is_own=False, shown_to_others=contact.shown_to_others),
    }


@door("families.change_care")
def care(request: Asked, dyad: UUID, person: UUID) -> HttpResponse:
    episode, there = taking_part(request, "families.change_care", dyad, person)
    form = CareForm(request.POST or None, initial=_today(episode))

    def act() -> HttpResponse:
        said = form.cleaned_data
        actions.change_care(
            request.actor, key=said["key"], episode=episode, person=there, part=form.part_said(), since=said["since"]
        )
        return redirect(own_page(episode, there))

    context = {
        "title": _("How %(name)s cares for the child") % {"name": there.given_name},
        "lead": _("What was before stays, with its days."),
        "back": own_page(episode, there),
        "crumb": there.name,
    }
    return form_page(request, form, PAGE, context, act)


@door("families.describe_speech")
def speech(request: Asked, dyad: UUID, person: UUID) -> HttpResponse:
    episode, there = taking_part(request, "families.describe_speech", dyad, person)
    known = getattr(there, "speech", None)
    initial = {
        "key": fresh_key(),
        "language": there.language,
        "spoken": known.spoken if known else "",
        "interpreter": {True: "yes", False: "no"}.get(known.interpreter, "") if known else "",
    }
    form = SpeechForm(request.POST or None, initial=initial)

    def act() -> HttpResponse:
        said = form.cleaned_data
        actions.describe_speech(
            request.actor,
            key=said["key"],
            episode=episode,
            person=there,
            language=said["language"],
            spoken=said["spoken"],
            interpreter={"yes": True, "no": False}.get(said["interpreter"]),
        )
        return redirect(own_page(episode, there))

    context = {"title": _("Languages"), "back": own_page(episode, there), "crumb": there.name}
    return form_page(request, form, PAGE, context, act)


@door("families.describe_self")
def described(request: Asked, dyad: UUID, person: UUID) -> HttpResponse:
    """Race and ethnicity, in the edition that was asked for; the newer one unless the older is chosen."""
    episode, there = taking_part(request, "families.describe_self", dyad, person)
    asked = request.POST.get("edition") or request.GET.get("edition", "")
    edition = background.EDITIONS.get(asked, background.OMB_2024)
    other = background.OMB_1997 if edition is background.OMB_2024 else background.OMB_2024
    form = SelfForm(edition, request.POST or None, initial={"key": fresh_key(), "edition": edition.key})

    def act() -> HttpResponse:
        actions.describe_self(
            request.actor,
            key=form.cleaned_data["key"],
            episode=episode,
            person=there,
            edition=edition.key,
            said=form.said(),
            said_by=form.cleaned_data["said_by"],
        )
        return redirect(own_page(episode, there))

    context = {
        "title": _("Race and ethnicity, as they say it"),
        "lead": _(background.WHY_ASKED),
        "source": edition.source,
        "other": {"name": _(other.name), "url": f"?episode={episode.pk}&edition={other.key}"},
        "back": own_page(episode, there),
        "crumb": there.name or episode.dyad.called,
    }
    return form_page(request, form, PAGE, context, act)


@door("families.keep_way")
def way(request: Asked, dyad: UUID, person: UUID) -> HttpResponse:
    """Add a way to reach an adult, or say one anew: what is kept then takes its place."""
    episode, there = taking_part(request, "families.keep_way", dyad, person)
    if there.pk == episode.dyad.child_id and request.method != "POST":
        raise refused(request, "families.keep_way", about=episode)
    known = next((one for one in Contact.in_use(person=there) if str(one.pk) == request.GET.get("way")), None)
    form = WayForm(request.POST or None, initial=_said_of(known) if known else {"key": fresh_key()})

    def act() -> HttpResponse:
        said = form.cleaned_data
        actions.keep_way(
            request.actor,
            key=said["key"],
            episode=episode,
            person=there,
            way=form.way(),
            shown_to_others=said["shown_to_others"],
            instead_of=known.pk if known else None,
        )
        return redirect(own_page(episode, there))

    context = {
        "title": _("How to reach %(name)s safely") % {"name": there.given_name},
        "lead": _("What nobody has asked yet counts as not safe: no letter goes there."),
        "back": own_page(episode, there),
        "crumb": there.name,
    }
    return form_page(request, form, PAGE, context, act)


@door("families.end_way")
def way_ends(request: Asked, dyad: UUID, person: UUID, way: UUID) -> HttpResponse:
    """Take a way away once that was confirmed; one that is taken away already leads back to the page."""
    episode, there = taking_part(request, "families.end_way", dyad, person)
    known = Contact.in_use(person=there, pk=way).first()
    if known is None:
        return redirect(own_page(episode, there))
    form = HouseForm(request.POST or None, initial={"key": fresh_key()})

    def act() -> HttpResponse:
        actions.end_way(request.actor, key=form.cleaned_data["key"], episode=episode, person=there, way=way)
        return redirect(own_page(episode, there))

    context = {
        "title": _("%(address)s is no longer right?") % {"address": known.address},
        "lead": _("It is no longer shown, and nobody is told to call or write there. That it stood here is kept."),
        "button": _("It is no longer right: take it away"),
        "back": own_page(episode, there),
        "crumb": there.name,
    }
    return form_page(request, form, PAGE, context, act)


def _said_of(contact: Contact) -> dict[str, Any]:
    return {
        "key": fresh_key(),
        "channel": contact.channel,
        "address": contact.address,
        "safe": {True: "yes", False: "no"}.get(contact.safe, ""),  # type: ignore[arg-type]
        "may_say": contact.may_say,
        "after": contact.after,
        "before": contact.before,
        "weekdays": list(contact.weekdays),
        "shown_to_others": contact.shown_to_others,
    }


@door("families.house")
def home(request: Asked, dyad: UUID) -> HttpResponse:
    episode = episode_of(request, "families.house", dyad)
    form = HomeForm(people_of(episode), request.POST or None, initial=_today(episode))

    def act() -> HttpResponse:
        said = form.cleaned_data
        if said["living"] == HomeForm.AWAY:
            actions.move_out(request.actor, key=said["key"], episode=episode, people=form.chosen(), since=said["since"])
        else:
            actions.house_together(
                request.actor,
                key=said["key"],
                episode=episode,
                people=form.chosen(),
                since=said["since"],
                address=said["address"],
                shown_to_others=said["shown_to_others"],
                keeps_others=said["keeps_others"],
            )
        messages.success(request, _("It is kept: who lives with whom stands on this page."))
        return redirect(way_back(episode))

    context = {
        "title": _("Who lives with whom"),
        "known": homes_said(episode, clock.today(episode.organization.zone)),
        "back": way_back(episode),
        "crumb": episode.dyad.called,
    }
    return form_page(request, form, PAGE, context, act)


@door("families.note_birth")
def birth(request: Asked, dyad: UUID) -> HttpResponse:
    """The baby is born: the same record gets a name and a birthday. Born already: only the weeks can be said."""
    episode = episode_of(request, "families.note_birth", dyad)
    context = {"back": way_back(episode), "crumb": episode.dyad.called, "title": _("The birth")}
    if episode.dyad.birth_date is not None:
        weeks = WeeksForm(
            request.POST or None, initial={"key": fresh_key(), "gestation_weeks": episode.dyad.gestation_weeks}
        )

        def say_weeks() -> HttpResponse:
            actions.note_gestation(
                request.actor,
                key=weeks.cleaned_data["key"],
                episode=episode,
                gestation_weeks=weeks.cleaned_data["gestation_weeks"],
            )
            return redirect(way_back(episode))

        return form_page(request, weeks, PAGE, context, say_weeks)
    adults = queries.adults(episode, clock.today(settings.INSTALLATION.zone))
    expecting = [one.person for one in adults if one.part == PARTS["expecting"]]
    child = episode.dyad.child
    initial = {
        "key": fresh_key(),
        "child_given_name": child.given_name,
        "child_family_name": child.family_name,
    }
    form = BirthForm(expecting, request.POST or None, initial=initial)

    def act() -> HttpResponse:
        said = form.cleaned_data
        actions.note_birth(
            request.actor,
            key=said["key"],
            episode=episode,
            birth_date=said["birth_date"],
            given_name=said["child_given_name"],
            family_name=said["child_family_name"],
            gestation_weeks=said["gestation_weeks"],
            parts=form.parts(),
        )
        messages.success(request, _("The birth is written down. Everything from before stays on this page."))
        return redirect(way_back(episode))

    return form_page(request, form, PAGE, context, act)


@door("families.note_consent")
def consents(request: Asked, dyad: UUID) -> HttpResponse:
    """Who may consent, and by which paper; and that a paper holds no more."""
    episode = episode_of(request, "families.note_consent", dyad)
    ends = "consent_holder" in request.POST
    today = _today(episode)
    ending = EndConsentForm(request.POST if ends else None)
    form = ConsentForm(people_of(episode)[1:], request.POST if request.POST and not ends else None, initial=today)

    def act() -> HttpResponse:
        actions.note_consent(request.actor, key=form.cleaned_data["key"], episode=episode, **form.facts())
        return redirect(way_back(episode))

    def end() -> HttpResponse:
        said = ending.cleaned_data
        actions.end_consent(
            request.actor,
            key=said["key"],
            episode=episode,
            consent_holder=said["consent_holder"],
            until=said["until"],
        )
        return redirect(way_back(episode))

    known = queries.who_may_consent(episode, clock.today(episode.organization.zone))
    context = {
        "dyad": episode.dyad,
        "back": way_back(episode),
        "note_form": form,
        "ends": [
            {
                "holder": answer.holder.name,
                "capacity": _(consent.CAPACITIES[answer.holder.capacity]),
                "form": EndConsentForm(
                    initial={"key": fresh_key(), "consent_holder": row.pk, "until": today["since"]},
                    auto_id=f"id_{row.pk}_%s",
                ),
            }
            for row, answer in known
            if row.until is None
        ],
    }
    return form_page(request, ending if ends else form, "families/consent_page.html", context, end if ends else act)
