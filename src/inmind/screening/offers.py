"""What screening offers: how a screen is reached, and what it does when it hears that nobody answered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.roles import ROLES
from inmind.families import adult_views
from inmind.families import queries as families
from inmind.families.actions import SERVING_ROLES
from inmind.foundation import clock
from inmind.foundation.events import LetterUndelivered, TaskUnanswered
from inmind.foundation.registries import Holding, NavItem, Panel, Reach, Reason, Told, house
from inmind.foundation.templatetags.house import dial
from inmind.foundation.values import N_, FieldClass, Verdict
from inmind.people.models import Person
from inmind.screening import (
    carrying,
    check_in_actions,
    check_in_views,
    closer_views,
    demo,
    due_views,
    house_tables,
    house_wordings,
    own_page_views,
    queries,
    recorded_result_views,
    recorded_views,
    sending_actions,
    sending_views,
    sendings,
    story,
    subscribers,
    told_outside,
    words,
    worries,
)
from inmind.screening.adapters.catalog import batteries, catalog, of_the_house, recorded, schedule
from inmind.screening.check_in_models import CheckIn
from inmind.screening.erasing import SCREENS
from inmind.screening.models import RecordedResult, Screen
from inmind.screening.result_views import came_late, changed_since
from inmind.screening.said import (
    answer_said,
    band_of,
    is_for_its_own_page,
    name_of,
    numbered,
    points_of,
    taken_back_said,
)
from inmind.screening.subscribers import CRISES


def offer() -> None:
    of_the_house(house_tables.HouseCatalog, house_tables.HouseTools)
    house_tables.follow_requests()
    carrying.offer()
    house.checks += (house_tables.lie_over_what_ships, house_wordings.may_be_sent)
    house.demo_makers.append((20, demo.make))
    house.story_makers.append((20, story.tell))
    house.files += (catalog, batteries, recorded, schedule)
    house.offer(
        Reach("screening.Screen", "families.Episode", prefix="episode"),
        Reach("screening.Screen", "tasks.Task", through="tasks.Task", mine="about_id"),
    )
    house.offer(Reach("screening.DoneElsewhere", "families.Episode", prefix="episode"))
    house.offer(
        NavItem("due", N_("Due"), "due", 25, shown=lambda actor: bool(policy.can(actor, "screening.see_due"))),
        NavItem(
            "tables", N_("Cut-offs"), "tables", 80, shown=lambda actor: bool(policy.can(actor, "screening.see_tables"))
        ),
        NavItem(
            "wordings",
            N_("Wording"),
            "wordings",
            81,
            shown=lambda actor: bool(policy.can(actor, "screening.see_wordings")),
        ),
        Panel("today", "due", 30, "screening/due_today.html", due_views.today_panel),
    )
    house.offer(
        Panel("dyad", "closer", 15, "screening/closer_panel.html", closer_views.dyad_panel),
        Panel("today", "closer", 28, "screening/closer_today.html", closer_views.today_panel),
    )
    house.offer(Panel("dyad", "due", 20, "screening/due_panel.html", due_views.dyad_panel))
    house.offer(Panel("visit", "due", 10, "screening/due_visit.html", due_views.visit_panel))
    house.offer(SCREENS, told_outside.SCREENS)
    house.screen_names.append(told_outside.names)
    house.offer(
        Reach("screening.RecordedResult", "families.Episode", prefix="episode"),
        Panel("service", "before_and_since", 10, "screening/before_since.html", own_page_views.before_and_since),
        Panel("own", "recorded", 10, "screening/recorded_panel.html", recorded_views.own_panel),
        Holding("screening.Screen", "subject", sealed=lambda screen: screen.earlier.all()),
        Holding("screening.RecordedResult", "subject", sealed=lambda result: result.earlier.all()),
    )
    house.offer(
        Reach("screening.Sending", "families.Episode", prefix="episode"),
        Reach("screening.Sending", "access.AdultLink", through="access.AdultLink", mine="about"),
        Panel("own", "sendings", 5, "screening/sendings_panel.html", sending_views.own_panel),
    )
    house.link_pages["visit"] = "caregiver_visit"
    house.handles(sending_actions.CLOSES, sending_actions.close_sending)
    house.owed.append(sending_actions.owed)
    house.offer(Panel("dyad", "screening", 30, "screening/dyad_panel.html", dyad_panel))
    house.offer(
        Told(
            "screening",
            40,
            N_("Questionnaires you answered, and how you said it goes"),
            held,
            N_("Whether you answered questionnaires, and how: the care team that asked prints it."),
        )
    )
    house.offer(
        Reach("screening.CheckIn", "families.Episode", prefix="episode"),
        Reach("screening.CheckIn", "tasks.Task", through="tasks.Task", mine="about_id"),
        Panel("dyad", "check_ins", 31, "screening/check_in_panel.html", check_in_views.dyad_panel),
        Panel("hers", "answered", 10, "screening/answered.html", check_in_views.hers),
        Panel("today", "sendings", 29, "screening/sending_today.html", sending_views.today_panel),
        Panel("today", "check_ins", 29, "screening/check_in_today.html", check_in_views.today_panel),
    )
    house.strengths.append(check_in_views.strengths)
    house.worries.append(worries.of_screens)
    house.explains(check_in_actions.WOULD_TALK, check_in_views.would_talk)
    house.could_own["screening.CheckIn"] = could_answer
    house.explains("crisis_answer", crisis)
    house.listens(TaskUnanswered, "screening.tell_again", subscribers.tell_again)
    house.listens(LetterUndelivered, "screening.climb_at_once", subscribers.climb_at_once)


def dyad_panel(request: Any, *, dyad: Any, episode: Any, on: Any) -> dict[str, Any] | None:
    """For each adult of the episode, and for a child that is born, the way to the own page; nothing here tells whether
    anybody was ever screened. Who may read and not begin (by emergency access) is led to the page that is for reading."""
    actor = request.actor
    page = "caregiver" if policy.can(actor, "screening.begin", episode) else "caregiver_read"
    if page == "caregiver_read" and not policy.can(actor, "screening.see", episode):
        return None
    may_send = bool(policy.can(actor, "screening.send", episode))
    rows: list[dict[str, Any]] = [
        {
            "name": adult.person.given_name,
            "url": reverse(page, kwargs={"episode": episode.pk, "person": adult.person.pk}),
            "send_url": may_send and reverse("visit_send", args=[episode.pk, adult.person.pk]),
        }
        for adult in families.adults(episode, on)
    ]
    if rows and families.age(dyad, on) is not None:
        url = reverse(page, kwargs={"episode": episode.pk, "person": dyad.child_id})
        rows.append({"name": dyad.child.given_name or _("baby"), "url": url, "is_child": True})
    if not rows:
        return None
    begins = {"head_way": {"label": _("Enter a screen"), "url": "#own-pages"}} if page == "caregiver" else {}
    return {"rows": rows, **begins}


def held(actor: Any, person: Any, verdict: Verdict) -> list[dict[str, str]] | None:
    """Her own screens, for those who may read them; never those of somebody else."""
    if FieldClass.CLINICAL not in verdict.classes:
        return None
    own = policy.visible(actor, Screen.objects.filter(subject=person), "screening.see").order_by("on", "pk")
    results = policy.visible(actor, RecordedResult.objects.filter(subject=person), "screening.see")
    return [
        *map(_told, own),
        *map(recorded_result_views.told, results.order_by("on", "pk")),
        *check_in_views.held(actor, person),
        *sendings.held(actor, person),
    ]


def _told(screen: Screen) -> dict[str, str]:
    """A screen as her own page and its history show it: points, band, a flag, and each item with what was marked; or that it
    was taken back."""
    if screen.taken_back_at is not None:
        return {name_of(screen): clock.day(screen.on), _("Taken back"): taken_back_said(screen)}
    told = {name_of(screen): clock.day(screen.on), _("Points"): points_of(screen), _("Band"): band_of(screen) or "—"}
    if queries.is_crisis(screen):
        told[_("What was seen")] = _(words.FLAG_MEANING)
    if catalog().of(screen.instrument, screen.edition) is None or is_for_its_own_page(screen):
        return told
    instrument = queries.instrument_of(screen)
    answers = {
        numbered(instrument, one.key): answer_said(instrument, screen.answers, one.key) for one in instrument.items
    }
    return told | answers


def crisis(actor: Any, task: Any) -> Reason:
    """The words of a crisis task, for those who answer it."""
    kind = CRISES[task.about_kind]
    screen = kind.objects.select_related("subject", "worker", "episode__organization").filter(pk=task.about_id).first()
    may_read = screen is not None and bool(policy.can(actor, "screening.see", screen))
    call = _(
        "Call now, on a number that is safe. Ask how things are, stay on the line until help is near, "
        "then write down what you did."
    )
    if task.calls_back is not None:
        call = _(
            "What was chosen about being called stands below. Keep to it. Ask how things are, stay until help is near, "
            "then write down what you did."
        )
    known: dict[str, Any] = {}
    if screen is not None:
        known = {"facts": partial(_before_calling, actor, task, screen)}
    if isinstance(screen, CheckIn):
        url = reverse("check_in", args=[screen.pk]) if may_read else ""
        if screen.given_at is not None:
            known["notes"] = partial(_late, screen.given_at, screen.created_at, screen.zone)
        return Reason(_("Somebody asked for help now"), call, url=url, button=_("Read what was said"), **known)
    if screen is not None:
        known["notes"] = partial(changed_since, screen, with_answers=may_read)
    return Reason(
        _("An answer about self-harm"),
        call,
        url=reverse("screen", kwargs={"screen": task.about_id}) if may_read else "",
        button=_("Read the answers"),
        **known,
    )


def _late(*facts: Any) -> list[str]:
    return [came_late(*facts)]


def could_answer(task: Any) -> Any:
    """Who could own the task of a check-in: where a person is needed now the agency's clinicians, else the care team."""
    made = CheckIn.objects.select_related("episode__organization").filter(pk=task.about_id).first()
    if task.red or made is None:
        return families.holding_role(task.organization, "clinician")
    return families.serving_here(made.episode, clock.today(settings.INSTALLATION.zone), *SERVING_ROLES)


def _before_calling(
    actor: Any, task: Any, screen: Screen | CheckIn
) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """What whoever calls needs: the language, the channels that are not safe (never an address), who knows the person, with
    their work phone and mail while they work there; and the family's page, for whom it is open to."""
    person, episode = screen.subject, screen.episode
    yield _("Likes to speak"), [(words, "", "") for words in adult_views.speech_said(person)]
    if shut := adult_views.never_safe(person, is_call_said=task.calls_back is not None):
        yield _("Not safe, as was said"), [(", ".join(shut), "", "")]
    team = families.team(episode, clock.today(settings.INSTALLATION.zone))
    ways = families.work_ways([*(row.worker_id for row in team), screen.worker_id], episode.organization)

    def reached(worker: Person, role: str = "") -> list[tuple[str, str, str]]:
        phone, mail = ways.get(worker.pk, ("", ""))
        words = [worker.name, *([_(ROLES[role].name)] if role in ROLES else [])]
        words += [gave] if worker == screen.worker else []
        links = [(phone, f"tel:{dial(phone)}"), (mail, f"mailto:{mail}")]
        said = [(link, address) for link, address in links if link] or [("", "")]
        return [(", ".join(words) if place == 0 else "", *one) for place, one in enumerate(said)]

    gave = _("gave the screen") if isinstance(screen, Screen) else _("wrote it down")
    there = {row.worker: row.role for row in team}
    if there:
        yield _("On the care team"), [line for one in there.items() for line in reached(*one)]
    if screen.worker is not None and screen.worker not in there:
        yield _("No longer on the care team"), reached(screen.worker)
    if policy.can(actor, "families.see", episode):
        yield _("The family"), [("", _("Open the family’s page"), house.pages["families.Episode"](episode))]
