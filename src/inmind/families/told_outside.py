"""What families put into a file for somebody outside, each kind about one person alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access.consents import Kind
from inmind.families import queries
from inmind.families.consent import CAPACITIES, DOCUMENTS, Capacity
from inmind.families.forms import VisitForm, WayForm
from inmind.families.models import Concern, ConsentHolder, Residence, Visit
from inmind.foundation import clock
from inmind.foundation.registries import Line, ToldOutside, Wanted, house
from inmind.foundation.values import FieldClass, Regime
from inmind.people.models import Contact

FAMILY, CLINICAL, WHEREABOUTS = FieldClass.FAMILY, FieldClass.CLINICAL, FieldClass.WHEREABOUTS


def offer() -> None:
    house.offer(
        ToldOutside("families.served", Kind.SERVED, 10, served),
        ToldOutside("families.visits", Kind.VISITS, 20, visits),
        ToldOutside("families.said", Kind.SAID, 30, said),
        ToldOutside("families.whereabouts", Kind.WHEREABOUTS, 40, whereabouts),
        ToldOutside("families.cares", Kind.CHILD_WELFARE, 10, cares),
    )


def served(wanted: Wanted) -> Iterator[Line]:
    """That the agency serves them, and from when to when as far as those days are covered."""
    episode, source = wanted.episode, _("the agency’s register")
    if wanted.first <= episode.since <= wanted.last:
        words = _("Served by %(agency)s since %(day)s.")
        facts = {"agency": episode.organization.name, "day": clock.day(episode.since)}
        yield Line(episode.since, words % facts, source, FAMILY)
    elif episode.since < wanted.first and (episode.until is None or wanted.first < episode.until):
        words = _("Served by %(agency)s on %(day)s.")
        facts = {"agency": episode.organization.name, "day": clock.day(wanted.first)}
        yield Line(wanted.first, words % facts, source, FAMILY)
    if episode.until is not None and wanted.first <= episode.until <= wanted.last:
        yield Line(episode.until, _("The service ended on %s.") % clock.day(episode.until), source, FAMILY)


def visits(wanted: Wanted) -> Iterator[Line]:
    """The visits of a child’s family; of an adult those at which she was."""
    for one in _visits(wanted):
        words = ngettext("Visit, %(n)s minute, %(place)s", "Visit, %(n)s minutes, %(place)s", one.minutes)
        place = str(VisitForm.PLACES[Visit.Place(one.place)])
        yield Line(one.on, words % {"n": one.minutes, "place": place}, _written_by(one), FAMILY)


def said(wanted: Wanted) -> Iterator[Line]:
    """Strengths and worries as they were said. About an adult, what was said at visits where no other adult was; the care
    team's own notes are not among it."""
    is_child = _is_child(wanted)
    for one in _visits(wanted):
        others = {there.person_id for there in one.present.all()} - {wanted.episode.dyad.child_id, wanted.person.pk}
        if one.strength and (is_child or not others):
            yield Line(one.on, one.strength, _written_by(one), CLINICAL)
        if one.showed and is_child:
            yield Line(one.on, one.showed, _written_by(one), CLINICAL)
    if not is_child:
        return  # a worry is about the child, whoever said it
    rows = Concern.objects.filter(episode=wanted.episode, on__range=(wanted.first, wanted.last))
    for worry in rows.select_related("episode__dyad").order_by("on", "pk"):
        if worry.words:
            yield Line(worry.on, worry.words, _("a worry, as it was said"), CLINICAL)


def whereabouts(wanted: Wanted) -> Iterator[Line]:
    """Where they live and how they are reached: the safe ways alone, and no home that is hidden from whoever agreed
    (`protect.md` 4)."""
    lived = Residence.objects.filter(person=wanted.person, household__episode=wanted.episode, until__isnull=True)
    for one in lived.exclude(household__address="").select_related("household").order_by("since", "pk"):
        there = Residence.objects.filter(household=one.household, until__isnull=True).values_list("person", flat=True)
        others = set(there) - {wanted.person.pk, wanted.episode.dyad.child_id, wanted.agreed_by}
        if one.household.shown_to_others or not others:
            yield Line(max(one.since, wanted.first), one.household.address, _("said by the family"), WHEREABOUTS)
    zone = ZoneInfo(wanted.episode.organization.zone)
    for way in Contact.in_use(person=wanted.person).filter(safe=True).order_by("created_at", "pk"):
        words = f"{WayForm.CHANNELS[Contact.Channel(way.channel)]}: {way.address}"
        said_on = way.created_at.astimezone(zone).date()
        yield Line(max(said_on, wanted.first), words, _("said by the family"), WHEREABOUTS)


def cares(wanted: Wanted) -> Iterator[Line]:
    """Who of this side cares for the child, as what, from when to when; and the papers about it that the agency has seen.
    Never where anybody lives."""
    if not _is_child(wanted):
        return
    source = _("the agency’s register")
    for one in queries.circle(wanted.episode, wanted.last):
        if one.until is None or wanted.first < one.until:
            words = _("%(who)s cares for the child since %(day)s")
            said = [words % {"who": one.person.name, "day": clock.day(one.since)}, _(one.part) if one.part else ""]
            if one.until is not None:
                said.append(_("until %(day)s") % {"day": clock.day(one.until)})
            yield _cares(max(one.since, wanted.first), ", ".join(filter(None, said)), source)
    rows = ConsentHolder.objects.filter(dyad=wanted.episode.dyad_id, organization=wanted.episode.organization_id)
    here = {None, *(row.person_id for row in wanted.episode.participations.all())}
    for row in (
        rows.filter(since__lte=wanted.last).exclude(document="").select_related("holder").order_by("since", "pk")
    ):
        if row.holder_id in here and (row.until is None or wanted.first < row.until):
            said = [f"{row.holder.name if row.holder else row.name}: {_(CAPACITIES[Capacity(row.capacity)])}"]
            said.append(_(DOCUMENTS[row.document]))
            if row.until is not None and row.until <= wanted.last:
                said.append(_("until %(day)s") % {"day": clock.day(row.until)})
            yield _cares(max(row.since, wanted.first), ", ".join(said), _("a paper that the agency has seen"))


def _cares(on: date, words: str, source: str) -> Line:
    return Line(on, words, source, FAMILY, Regime.CHILD_WELFARE)


def _visits(wanted: Wanted) -> list[Visit]:
    rows = Visit.objects.filter(episode=wanted.episode, on__range=(wanted.first, wanted.last))
    if not _is_child(wanted):
        rows = rows.filter(present__person=wanted.person)
    return list(rows.select_related("worker", "episode__dyad").prefetch_related("present").order_by("on", "pk"))


def _is_child(wanted: Wanted) -> bool:
    return bool(wanted.person.pk == wanted.episode.dyad.child_id)


def _written_by(visit: Visit) -> str:
    return _("written down at a visit by %(who)s") % {"who": visit.worker.name}
