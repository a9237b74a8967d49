"""What families hold about a person, as that person may read it: with the agency of whoever prints it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.consents import GROUNDS, MANNERS, PURPOSES, Ground, Manner, Purpose
from inmind.access.disclosing import classes_said, kinds_said
from inmind.access.models import Consent, Disclosure
from inmind.access.roles import ROLES
from inmind.families import told_views
from inmind.families.forms import VisitForm
from inmind.families.intake import PARTS
from inmind.families.models import Assignment, Dyad, Episode, Residence, Visit
from inmind.foundation import clock
from inmind.foundation.registries import Told, house
from inmind.foundation.values import N_, FieldClass, Verdict
from inmind.messages import queries
from inmind.people.models import Person, Relationship


def offer() -> None:
    house.offer(
        Told("families", 20, N_("Children and services"), served),
        Told(
            "homes",
            25,
            N_("Where you live"),
            homes,
            N_("Your address: the care team prints it."),
            always=N_("With whom you live, and what was said and written down about calling you back."),
        ),
        Told(
            "visits",
            30,
            N_("Visits"),
            visits,
            always=N_("Visits at which you were not, and what was written down where you were not the only adult."),
        ),
        Told(
            "strengths",
            31,
            N_("What was written down at visits"),
            strengths,
            N_("What was written down at visits: the care team prints it."),
        ),
        Told(
            "letters",
            45,
            N_("Letters with links"),
            letters,
            N_("Letters with links to you: the care team prints what happened to them."),
        ),
        Told(
            "agreed",
            50,
            N_("What was agreed to"),
            agreed,
            N_("What may be told about the child: the care team prints it."),
        ),
        Told(
            "told",
            51,
            N_("What was told, and to whom"),
            told,
            N_("What was told about the child: the care team prints it."),
            always=N_("What was told because a law required it: ask the privacy officer of the agency."),
        ),
    )


def _episodes(actor: Any, person: Person) -> list[Episode]:
    """The episodes in which she takes part, of those that this reader may print from, or she herself opens by her link."""
    own = Episode.objects.filter(participations__person=person).select_related("dyad__child", "organization")
    verb = "families.own_page" if actor.kind == "link" else "records.see_held"
    return [one for one in own.order_by("since", "pk") if policy.can(actor, verb, one)]


def served(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]]:
    """Each child she cares for here (or she herself, a child), since when, and who serves them."""
    rows = []
    for episode in _episodes(actor, person):
        edge = Relationship.objects.filter(
            kind=Relationship.Kind.CARES_FOR, from_person=person, to_person=episode.dyad.child_id
        ).first()
        team = Assignment.objects.filter(episode=episode).select_related("worker").order_by("since", "pk")
        row = {_("Child"): episode.dyad.called}
        if edge is not None:
            row[_("Cares for the child as")] = _(PARTS.get(edge.part, edge.part))
        row[_("Served since")] = clock.day(episode.since)
        row[_("Care team")] = ", ".join(
            f"{one.worker.name} ({_(ROLES[one.role].name)})" for one in team if one.role in ROLES
        )
        rows.append(row)
    return rows


def homes(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]] | None:
    """The addresses at which she lives or has lived, to the end of her own days there."""
    if FieldClass.WHEREABOUTS not in verdict.classes:
        return None
    lived = Residence.objects.filter(person=person, household__episode__in=_episodes(actor, person))
    return [
        {_("Address"): one.household.address, _("Since"): clock.day(one.since)}
        | ({_("Until"): clock.day(one.until)} if one.until else {})
        for one in lived.exclude(household__address="").select_related("household").order_by("since", "pk")
    ]


def visits(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]]:
    places = VisitForm.PLACES
    return [
        {_("Day"): clock.day(one.on), _("Where"): str(places[Visit.Place(one.place)]), _("Minutes"): str(one.minutes)}
        for one in _visits(actor, person)
    ]


def strengths(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]] | None:
    if FieldClass.CLINICAL not in verdict.classes:
        return None
    return [
        {clock.day(one.on): words}
        for one in _visits(actor, person)
        if _was_the_only_adult(one, person)
        for words in (one.strength, one.note)
        if words
    ]


def letters(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]] | None:
    """What happened to each, for whoever may read what it asked about: that there was one tells as much (`protect.md` 1)."""
    if FieldClass.CLINICAL not in verdict.classes:
        return None
    return [
        {said["kind"]: ". ".join(filter(None, (said["state"], said["problem"])))}
        for episode in _episodes(actor, person)
        for letter in queries.of_episode(episode.pk).filter(to=person)
        for said in [queries.said(letter, episode.organization.zone)]
    ]


def agreed(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]] | None:
    """What she agreed to, about herself and about her child; of a child, what was agreed to on the side that prints it."""
    if _is_child_elsewhere(person, verdict):
        return None
    hers = Q(about=person) | Q(given_by=person)
    rows = Consent.objects.filter(hers, episode__in=[one.pk for one in _episodes(actor, person)])
    found = []
    for row in rows.select_related("about", "given_by", "organization").order_by("since", "created_at"):
        words = told_views.said(row)
        found.append(
            {_("Who may be told"): row.recipient}
            | _what(row, verdict, person)
            | {_("From"): words["since"], _("How"): words["how"], _("Text"): words["text"]}
            | ({_("Ends on"): words["until"]} if row.until else {})
            | ({_("Ends at the hearing of"): words["hearing"]} if row.hearing else {})
            | ({_("Withdrawn on"): words["revoked"]} if row.revoked_at else {})
        )
    return found


def told(actor: Any, person: Person, verdict: Verdict) -> list[dict[str, str]] | None:
    """What was told about her, or by a consent of hers: to whom, when, why, by what. Not what a law required to be told: who
    reports is nobody's to learn (`protect.md` 4, 6)."""
    if _is_child_elsewhere(person, verdict):
        return None
    hers = Q(about=person) | Q(consent__given_by=person)
    rows = Disclosure.objects.filter(hers, episode__in=[one.pk for one in _episodes(actor, person)])
    found = []
    for row in rows.exclude(ground=Ground.REQUIRED_BY_LAW).select_related("about", "consent").order_by("on", "pk"):
        ground = _(GROUNDS[Ground(row.ground)])
        by = _("the consent of %(day)s") % {"day": clock.day(row.consent.since)} if row.consent else ground
        found.append(
            {_("Who was told"): row.recipient, _("Day"): clock.day(row.on)}
            | _what(row, verdict, person)
            | {_("How"): _(MANNERS[Manner(row.manner)]), _("By what"): by}
            | ({_("In words"): row.words} if row.words and FieldClass.CLINICAL in verdict.classes else {})
        )
    return found


def _what(row: Consent | Disclosure, verdict: Verdict, reader: Person) -> dict[str, str]:
    """What, about whom, why, and of which days; by its class alone for who prints without being on the care team."""
    said = kinds_said if FieldClass.CLINICAL in verdict.classes else classes_said
    until = clock.day(row.facts_until) if row.facts_until else _("and what comes later")
    about = {} if row.about_id == reader.pk else {_("About"): row.about.name or _("the child")}
    return about | {
        _("What"): ", ".join(said(row.kinds)),
        _("What for"): _(PURPOSES[Purpose(row.purpose)]),
        _("Facts of"): f"{clock.day(row.facts_since)} – {until}",
    }


def _is_child_elsewhere(person: Person, verdict: Verdict) -> bool:
    """A child's record printed by who is on no care team, and would print what each of several sides keeps to itself."""
    return FieldClass.CLINICAL not in verdict.classes and Dyad.objects.filter(child=person).exists()


def _visits(actor: Any, person: Person) -> list[Visit]:
    """Those at which she was there."""
    rows = Visit.objects.filter(episode__in=_episodes(actor, person), present__person=person)
    return list(rows.select_related("episode__dyad").prefetch_related("present").order_by("on", "pk"))


def _was_the_only_adult(visit: Visit, person: Person) -> bool:
    """Whose words a visit keeps is not written down: with another adult there, they may be the other's."""
    return {one.person_id for one in visit.present.all()} - {visit.episode.dyad.child_id} == {person.pk}
