"""A subpoena or an order of a court: written down by whoever received it, and from then on the privacy officer's alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from inmind.access import disclosing, privacy
from inmind.access.act import Act, action
from inmind.access.consents import Asked, Days, Kind, Purpose
from inmind.access.models import Disclosure, LegalHold
from inmind.documents import actions as documents
from inmind.families import subpoenas
from inmind.families.actions.releasing import ALL, ANSWER, begin, drafted, end, taken
from inmind.families.actions.taking_part import check_taking_part
from inmind.families.actions.watching import WITHIN, ask_who_watches
from inmind.families.models import Episode
from inmind.families.releases import Chosen, Form
from inmind.families.subpoenas import Basis, Paper, Step
from inmind.families.told_models import Release, Subpoena, SubpoenaStep
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.people.models import Organization, Person
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task

SUBPOENA = "families.Subpoena"
CLOSED = N_("This is closed already.")


@action("families.note_subpoena", on="episode")
def note_subpoena(
    act: Act,
    *,
    episode: Episode,
    person: Person,
    paper: Paper,
    sender: str,
    came_on: date,
    answer_by: date | None,
    asks: str,
    scan: tuple[str, str] | None = None,
) -> Subpoena:
    """Write down that a subpoena or an order came; in the same transaction it is a task of who watches over privacy. scan: what
    `documents/kinds.py` cleaned, its kind and its bytes as base64. Raises BadInput."""
    check_taking_part(episode, person)
    subpoenas.check_note(sender, came_on, answer_by, act.today(episode.organization.zone))
    if not text.tokens(asks):
        raise BadInput(N_("It is not said what it asks for."), N_("Write it as the paper does."), field="asks")
    row = Subpoena(
        about=person,
        episode=episode,
        kind=paper,
        sender=text.checked_line(sender.strip(), 200, field="sender"),
        came_on=came_on,
        answer_by=answer_by,
        asks=text.checked(asks.strip(), 4000, field="asks"),
        noted_by_id=_person(act),
    )
    row.save()
    if scan is not None:
        kind, body = scan
        documents.keep(
            act, about=person, organization=episode.organization, proves=(SUBPOENA, row.pk), kind=kind, body=body
        )
    _step(act, row, Step.NOTED)
    ask_who_watches(
        act,
        episode.organization,
        set(),
        why="subpoena",
        subject=person,
        about_kind=SUBPOENA,
        about_id=row.pk,
        within=_within(answer_by, act.now, episode.organization),
    )
    act.concerns(row)
    return row


@action("families.take_up_subpoena", on="subpoena")
def take_up_subpoena(act: Act, *, subpoena: Subpoena) -> Task:
    """Make it one's own task where nobody has one: nobody watched over privacy when it came. Raises NotNow while somebody has
    it; a supervisor hands that task on."""
    _is_open(subpoena)
    if Task.objects.filter(about_kind=SUBPOENA, about_id=subpoena.pk, closed_at__isnull=True).exists():
        raise NotNow(N_("Somebody else has this task."), N_("They answer it, or your supervisor hands it to you."))
    organization = subpoena.episode.organization
    return tasks.owe(
        act,
        to=Person.objects.get(pk=_person(act)),
        organization=organization,
        subject=subpoena.about,
        why="subpoena",
        about_kind=SUBPOENA,
        about_id=subpoena.pk,
        within=_within(subpoena.answer_by, act.now, organization),
    )


@action("families.hold_for_subpoena", on="subpoena")
def hold_for_subpoena(act: Act, *, subpoena: Subpoena) -> Subpoena:
    """Keep everything about this person as it is: the agency's legal hold, set now or standing already."""
    _is_open(subpoena)
    if subpoena.is_held:
        raise NotNow(N_("Your agency has a legal hold on this person's records already."))
    standing = LegalHold.objects.filter(
        person=subpoena.about_id, organization=subpoena.episode.organization_id, lifted_at__isnull=True
    )
    hold = standing.order_by("created_at", "pk").first()
    if hold is None:
        came = f"{subpoena.kind}, {subpoena.came_on:%Y-%m-%d}"  # a hold names nobody: it stays
        hold = privacy.set_hold(act, person=subpoena.about, reason=came, document=str(subpoena.pk))
    subpoena.hold = hold
    subpoena.save()
    _step(act, subpoena, Step.HELD)
    return subpoena


@action(ANSWER, on="subpoena")
def answer_subpoena(
    act: Act,
    *,
    subpoena: Subpoena,
    basis: Basis,
    why: str,
    recipients: Sequence[str] = (),
    kinds: frozenset[Kind] = frozenset(),
    days: Days | None = None,
    order: str = "",
    language: str = "en",
    chosen: Chosen = ALL,
) -> Subpoena:
    """Decide what is told, by what, to whom, and why that is the least; and let its paper be made, of the lines chosen.
    What was decided before is replaced, and a paper of it that stands is removed. Raises BadInput, and as `begin` does."""
    _is_open(subpoena)
    asked = question(subpoena, basis, why, order, recipients, kinds, days)
    if not subpoena.is_held:
        raise NotNow(
            N_("There is no legal hold yet."),
            N_("Set it first, so that nothing of what is asked for is lost meanwhile."),
        )
    for paper in subpoena.releases.filter(state__in=(Release.State.MAKING, Release.State.READY)):
        end(paper, act.now)
    tells = basis is not Basis.OBJECTION
    subpoena.rests_on, subpoena.decided_at, subpoena.decided_by_id = basis, act.now, _person(act)
    subpoena.basis = text.checked(why.strip(), 2000, field="basis")
    subpoena.order = text.checked_line(order.strip(), 200, field="order") if basis is Basis.ORDER else ""
    subpoena.recipients = "\n".join(one.strip() for one in recipients) if tells else ""
    subpoena.kinds = disclosing.joined(kinds) if tells else ""
    subpoena.facts_since, subpoena.facts_until = (days.first, days.last) if tells and days else (None, None)
    subpoena.save()
    _step(act, subpoena, Step.DECIDED, f"{_(subpoenas.BASES[basis])}. {subpoena.basis}")
    if tells:
        paper = drafted(_person(act), subpoena.episode, subpoena.about, asked, language, Form.COURT, recipients, chosen)
        paper.subpoena = subpoena
        begin(act, paper)
    return subpoena


@action("families.take_answer", on="subpoena")
def take_answer(act: Act, *, subpoena: Subpoena, release: UUID, digest: str) -> tuple[Disclosure, ...]:
    """Take the paper that answers; each time is on record as told, to each of its recipients."""
    _is_open(subpoena)
    paper = Release.objects.select_for_update(of=("self",), no_key=True).filter(pk=release, subpoena=subpoena).first()
    if paper is None:
        raise NotNow(N_("This file is not there any more."))
    told = taken(act, paper, digest)
    _step(act, subpoena, Step.TOLD, told[0].words or "")
    return told


@action("families.close_subpoena", on="subpoena")
def close_subpoena(act: Act, *, subpoena: Subpoena, done: str) -> Subpoena:
    """Close it with what was done, and its task with it. Raises BadInput where that is not said, NotNow before it is decided."""
    _is_open(subpoena)
    if not subpoena.rests_on:
        raise NotNow(N_("Nothing is decided yet."), N_("Decide what it rests on; an objection is an answer, too."))
    if not text.tokens(done):
        raise BadInput(N_("What you did is missing."), N_("It is closed only with what was done."), field="done")
    subpoena.done = text.checked(done.strip(), 4000, field="done")
    subpoena.closed_at, subpoena.closed_by_id = act.now, _person(act)
    subpoena.save()
    _step(act, subpoena, Step.CLOSED, subpoena.done)
    for paper in subpoena.releases.filter(state__in=(Release.State.MAKING, Release.State.READY)):
        end(paper, act.now)
    for task in Task.objects.filter(about_kind=SUBPOENA, about_id=subpoena.pk, closed_at__isnull=True):
        tasks.close(act, task=task, done=subpoena.done)
    return subpoena


def question(
    subpoena: Subpoena,
    basis: Basis,
    why: str,
    order: str,
    recipients: Sequence[str],
    kinds: frozenset[Kind],
    days: Days | None,
) -> Asked:
    """What would be told by a decision, to the first of its recipients. Raises BadInput for one that is not whole."""
    asked = Asked(
        subpoena.about_id,
        recipients[0] if recipients else "",
        Purpose.COURT,
        kinds,
        days or Days(subpoena.came_on, subpoena.came_on),
        about_child=subpoena.about_id == subpoena.episode.dyad.child_id,
    )
    subpoenas.check_answer(basis, why, order, recipients, kinds, days, asked)
    return asked


def _within(answer_by: date | None, now: datetime, organization: Organization) -> timedelta:
    """How long there is: until the morning of the day by which it is to be answered, an hour at least; a day where the paper
    names none."""
    if answer_by is None:
        return WITHIN
    morning = datetime.combine(answer_by, time(9), ZoneInfo(organization.zone))
    return max(morning - now, timedelta(hours=1))


def _step(act: Act, subpoena: Subpoena, what: Step, words: str = "") -> None:
    SubpoenaStep.objects.create(
        subpoena=subpoena, about_id=subpoena.about_id, what=what, by_id=_person(act), words=words or None
    )


def _is_open(subpoena: Subpoena) -> None:
    if subpoena.closed_at is not None:
        raise NotNow(CLOSED, N_("What was done stands on its page."))


def _person(act: Act) -> UUID:
    if act.actor.person is None:
        raise NotNow(N_("A person writes this down."))
    return act.actor.person
