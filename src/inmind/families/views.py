"""Pages that change a family's record. Reading it stands in the workspace."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import grants, policy
from inmind.access.diagnosing import NAMES_WHOM
from inmind.access.door import Asked, door, opened, refused
from inmind.access.looks import Look, Reader, by_day
from inmind.access.queries import done_lately, lookers
from inmind.access.roles import ROLES
from inmind.families import actions, queries
from inmind.families.forms import AdultForm, IntakeForm, PersonChoice, SiblingForm, VisitForm
from inmind.families.intake import ChildFacts
from inmind.families.models import Dyad, Episode, Residence
from inmind.foundation import clock, text
from inmind.foundation.errors import NotNow
from inmind.foundation.forms import HouseForm, form_page
from inmind.foundation.models import asked_again
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.people.models import Organization, Person

CARRIED = (
    "arrival",
    "child_given_name",
    "birth_date",
    "gestation_weeks",
    "due_date",
    "child_family_name",
)  # what was typed of the child
JUST_NOW = timedelta(minutes=30)  # ours: so long, who registers a family anew is told that it is saved
SOMETHING_ELSE = N_("something else")  # a verb that has no words of its own


def own_organization(request: Asked, verb: str) -> Organization:
    """The agency at which this actor may do a verb."""
    ids = [standing.organization for standing in request.actor.standings if any(grants.of_role(standing.role, verb))]
    organizations = _first_by_name(ids=[pk for pk in ids if pk])
    if not organizations:
        raise refused(request, verb)
    return organizations[0]


@asked_again
def _first_by_name(*, ids: list[UUID]) -> QuerySet:
    return Organization.objects.filter(pk__in=ids).order_by("name")[:1]


def episode_of(request: Asked, verb: str, dyad: UUID) -> Episode:
    """The episode of a dyad through which this actor may do a verb; refused with the verb's sentence otherwise.

    Raises NotNow where several sides are hers and none was chosen: what one side says stays on its side.
    """
    family, _verdict = opened(request, "families.see", Dyad, dyad, related=["child"])
    chosen = request.GET.get("episode", "")
    episode = queries.open_episode(request.actor, family, verb, chosen)
    if episode is None:
        raise refused(request, verb, about=family)
    if not chosen and len(queries.sides(request.actor, family, verb)) > 1:
        raise NotNow(
            N_("This child is served on more than one side, and none was chosen."),
            N_("What one side says stays on its side."),
            N_("Open the family, choose the side there, and go on from its page."),
        )
    return episode


def taking_part(request: Asked, verb: str, dyad: UUID, person: UUID) -> tuple[Episode, Person]:
    """An adult (or the child) and the episode in which they take part; one refusal for all that is not there or not yours."""
    episode = episode_of(request, verb, dyad)
    row = episode.participations.filter(person=person).select_related("person").first()
    if row is None:
        raise refused(request, verb, about=episode)
    return episode, row.person


def way_back(episode: Episode, page: str = "dyad") -> str:
    """The family's page, or another one about it, on the side that was opened."""
    return f"{reverse(page, kwargs={'dyad': episode.dyad_id})}?episode={episode.pk}"


def _head(episode: Episode) -> dict[str, Any]:
    return {"dyad": episode.dyad, "back": way_back(episode)}


def people_of(episode: Episode) -> list[tuple[Person, str]]:
    """The child and the adults who care for it today, each under a name."""
    dyad = episode.dyad
    adults = queries.adults(episode, clock.today(settings.INSTALLATION.zone))
    called = queries.called(adults)
    return [(dyad.child, dyad.called), *((one.person, called[one.person.pk]) for one in adults)]


def homes_said(episode: Episode, on: date) -> list[str]:
    """Who lives with whom, one sentence for each home that this side knows. The address stands on each one's own page."""
    found = []
    for home, rows in queries.homes(episode, on).items():
        names = [row.person.given_name or episode.dyad.called for row in rows]
        if len(names) > 1:
            found.append(_("Live together: %(people)s") % {"people": ", ".join(names)})
        elif queries.lives_elsewhere(home, rows):
            found.append(_("%(name)s lives elsewhere, said on %(day)s.") % {"name": names[0], "day": said_on(rows[0])})
        elif home.address:
            found.append(_("%(name)s lives at an address that is known here.") % {"name": names[0]})
        else:
            found.append(_("%(name)s lives in a home whose address is not known here.") % {"name": names[0]})
    return found


def said_on(lives: Residence) -> str:
    """The day on which it was written down where somebody lives."""
    return clock.day(lives.created_at.astimezone(ZoneInfo(settings.INSTALLATION.zone)).date())


@door("families.register")
def register(request: Asked) -> HttpResponse:
    organization = own_organization(request, "families.register")
    return _registering(request, IntakeForm(request.POST or None), organization)


@door("families.register", about=Dyad)
def register_sibling(request: Asked, dyad: UUID) -> HttpResponse:
    """Register a brother or sister of a child; who cares for both is taken in as she is known, and stays one person.

    What was typed on the page of a new family may be carried here: then it is shown, and nothing is saved yet.
    """
    beside = episode_of(request, "families.see_adult", dyad)
    organization = beside.organization
    if not policy.can(request.actor, "families.register", organization):
        raise refused(request, "families.register", about=beside.dyad)
    known = queries.adults(beside, clock.today(settings.INSTALLATION.zone))
    is_carried = "carried" in request.POST
    typed = {name: said for name in CARRIED if is_carried and (said := request.POST.get(name))}
    form = SiblingForm(
        known,
        clock.today(organization.zone),
        beside.dyad,
        None if is_carried else request.POST or None,
        initial={"child_family_name": beside.dyad.child.family_name} | typed,
    )
    return _registering(request, form, organization, beside)


def _registering(
    request: Asked, form: IntakeForm, organization: Organization, beside: Episode | None = None
) -> HttpResponse:
    """The page on which a family is registered; whom the typist may know is asked about before anything is kept."""
    context: dict[str, Any] = {"organization": organization, "beside": beside}
    if beside is not None:
        context |= {"back": way_back(beside), "action": way_back(beside, "family_sibling")}

    def act() -> HttpResponse:
        alike = queries.alike(request.actor, form.child(), form.adults())
        if alike and "others" not in request.POST:
            since = clock.now() - JUST_NOW
            dyads = {("dyad", one.dyad.pk) for one in alike if _is_the_same(one, form.child())}
            sent = done_lately(request.actor, "families.register", dyads, since=since)
            told: list[dict[str, Any]] = [
                {"hit": one, "sibling": way_back(one.episode, "family_sibling")} for one in alike
            ]
            found = {
                "alike": [one for one in told if one["hit"].dyad.pk not in sent],
                "just_now": {one.dyad.pk: one.dyad for one in alike if one.dyad.pk in sent}.values(),
            }
            return render(request, "families/register.html", {"form": form, **context, **found})
        dyad, _episode = actions.register(
            request.actor,
            key=form.cleaned_data["key"],
            organization=organization,
            child=form.child(),
            adults=form.adults(),
            beside=beside,
        )
        messages.success(request, _("The family is registered."))
        return redirect("dyad", dyad=dyad.pk)

    return form_page(request, form, "families/register.html", context, act)


def _is_the_same(hit: queries.Found, child: ChildFacts) -> bool:
    """Whether this very child was registered: by name and day, and not a twin."""
    told, kept = f"{child.given_name} {child.family_name}", (hit.dyad.birth_date, hit.dyad.due_date)
    is_named_so = text.tokens(told) == text.tokens(hit.person.name)
    return hit.is_child and is_named_so and kept == (child.birth_date, child.due_date)


@door("families.add_adult", about=Dyad)
def add_adult(request: Asked, dyad: UUID) -> HttpResponse:
    episode = episode_of(request, "families.add_adult", dyad)
    form = AdultForm(request.POST or None)

    def act() -> HttpResponse:
        actions.add_adult(request.actor, key=form.cleaned_data["key"], episode=episode, adult=form.adult())
        return redirect(way_back(episode))

    return form_page(request, form, "families/add_adult.html", _head(episode), act)


@door("families.visit", about=Dyad)
def visit(request: Asked, dyad: UUID) -> HttpResponse:
    episode = episode_of(request, "families.visit", dyad)
    form = VisitForm(
        people_of(episode),
        request.POST or None,
        initial={"on": clock.today(episode.organization.zone), "key": HouseForm().fields["key"].initial},
    )

    def act() -> HttpResponse:
        said = form.cleaned_data
        actions.visit(
            request.actor,
            key=said["key"],
            episode=episode,
            on=said["on"],
            place=said["place"],
            minutes=said["minutes"],
            strength=said["strength"],
            showed=said["showed"],
            note=said["note"],
            present=form.there(),
        )
        return redirect(way_back(episode))

    panels = house.drawn("visit", request, episode=episode)
    return form_page(request, form, "families/visit.html", {**_head(episode), "panels": panels}, act)


@door("families.join_team", about=Dyad)
def join_team(request: Asked, dyad: UUID) -> HttpResponse:
    episode = episode_of(request, "families.join_team", dyad)
    form = PersonChoice(list(queries.holding_role(episode.organization, *actions.SERVING_ROLES)), request.POST or None)

    def act() -> HttpResponse:
        actions.join_team(request.actor, key=form.cleaned_data["key"], episode=episode, worker=form.chosen())
        return redirect(way_back(episode))

    return form_page(request, form, "families/team.html", {**_head(episode), "episode": episode}, act)


@door("access.see_lookers", about=Dyad)
def looked(request: Asked, dyad: UUID) -> HttpResponse:
    """Who looked at this family: each day's readers, every entry within; older days a page further."""
    family, _verdict = opened(request, "access.see_lookers", Dyad, dyad, related=["child"])
    chosen = request.GET.get("episode", "")
    episode = queries.open_episode(request.actor, family, "access.see_lookers", chosen)
    if episode is None and chosen:
        raise refused(request, "access.see_lookers", about=family)
    subjects = [("dyad", family.pk), ("person", family.child_id)]
    if episode is not None:
        subjects.append(("episode", episode.pk))
        subjects += [("person", row.person_id) for row in episode.participations.all()]
    zone = episode.organization.zone if episode else "UTC"
    before = request.GET.get("before", "")
    number = int(before[:18]) if before.isdecimal() else None
    named_at = episode.organization_id if episode else None
    but = queries.looked_at_elsewhere(episode) if episode else None
    whom = frozenset(
        verb for verb, needs in NAMES_WHOM.items() if episode and policy.can(request.actor, needs, episode)
    )
    looks, older = lookers(subjects, named_at=named_at, zone=zone, before=number, but=but, whom=whom)
    if episode is None or not policy.can(request.actor, "screening.see", episode):
        looks = [look for look in looks if not _tells_of_a_screen(look)]
    days = [(day.on, [_reader(reader, zone) for reader in day.readers]) for day in by_day(looks, zone)]
    return render(
        request, "families/looked.html", {"dyad": family, "days": days, "older": older, "is_newest": number is None}
    )


def _tells_of_a_screen(look: Look) -> bool:
    """Whether a line would tell readers outside the care team that a caregiver was screened (`protect.md` 1): whatever was
    changed on her own page, what InMind itself did there, who was asked to answer, and who was refused there, which is
    how a task that names nobody would tell whom it is about; and that a link was opened, for where no look at the page of
    her own follows, it was for questions. That the page itself was opened, or its door stayed shut, does not: it is there
    for each caregiver."""
    is_own_page = grants.WORDS.get(look.verb) == grants.OWN_PAGE or look.verb == "access.open_link"
    page_itself = look.verb == "screening.begin" and look.outcome in {"read", "refused"}
    return is_own_page and not page_itself


def _reader(reader: Reader, zone: str) -> dict[str, Any]:
    """One reader on one day: who, where, what in all, and line by line. A stranger stands under role and agency alone."""
    newest = reader.newest
    roles = ", ".join(_(ROLES[role].name) for role in newest.roles) or _("no role on that day")
    return {
        "who": newest.person or roles,
        "also": ", ".join([*([roles] if newest.person else []), *newest.organizations]),
        "when": _from_to(reader.begun, newest.at, zone),
        "did": [word % {"times": times} for key, word in _in_all(reader) if (times := reader.times(key))],
        "refused": _refused(times) % {"times": times} if (times := reader.times("refused")) else "",
        "emergency": reader.by_emergency,
        "lines": [_line(look, zone) for look in reader.looks],
    }


def _in_all(reader: Reader) -> list[tuple[str, str]]:
    return [
        ("read", ngettext("looked once", "looked %(times)s times", reader.times("read"))),
        ("done", ngettext("changed once", "changed %(times)s times", reader.times("done"))),
    ]


def _refused(times: int) -> str:
    return ngettext("was refused once", "was refused %(times)s times", times)


def _line(look: Look, zone: str) -> dict[str, Any]:
    return {
        "when": _from_to(look.begun, look.at, zone),
        "where": _(grants.WORDS.get(look.verb, SOMETHING_ELSE)),
        "whom": ", ".join(look.whom),
        "did": {"read": _("looked"), "done": _("changed"), "refused": _("was refused")}[look.outcome],
        "is_more": look.outcome != "read",
        "times": look.times,
        "emergency": look.is_emergency and not look.verb.endswith("_emergency"),
    }


def _from_to(first: datetime, last: datetime, zone: str) -> str:
    """A time of day; of several, the first and the last."""
    begun, ended = (date_format(one.astimezone(ZoneInfo(zone)), "TIME_FORMAT") for one in (first, last))
    return ended if begun == ended else _("%(first)s to %(last)s") % {"first": begun, "last": ended}
