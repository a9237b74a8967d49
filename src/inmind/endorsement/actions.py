"""Every change of endorsement. The decision is the association's; what is kept of it is written down once and stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from inmind.access.act import Act, action
from inmind.access.privacy import stop_if_erased
from inmind.association import actions as association_actions
from inmind.endorsement import queries
from inmind.endorsement.adapters import catalog
from inmind.endorsement.facts import DEGREES, FACTS, NUMBERS, OF_WORK, RATERS, WORK
from inmind.endorsement.held_file import Verdict
from inmind.endorsement.list_queries import judged
from inmind.endorsement.models import (
    CREDENTIALS,
    Decision,
    Endorsement,
    Goal,
    RatingReceived,
    RegistryName,
    Renewed,
    Rules,
    Share,
    Statement,
    WorkDone,
)
from inmind.endorsement.portfolios import EACH_CYCLE
from inmind.foundation import loading
from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.events import EndorsementWritten
from inmind.foundation.values import N_
from inmind.people.models import Organization, Person

FROM_A_LIST = "List"  # where it stands, with its number there
MOST = 10_000  # of what a person counts
SHARE_DAYS = 366  # ours: how long something is shown at most before its owner is asked anew


# What a person says of themselves


@action("endorsement.say", on="person")
def say(act: Act, *, person: Person, fact: str, answer: str) -> Statement:
    """Write down what somebody says of themselves, once; what was said before stays as what was said then."""
    _check_answer(fact, answer)
    return _said(act, person, fact, answer)


def _check_answer(fact: str, answer: str) -> None:
    if fact == "degree":
        if answer not in DEGREES:
            raise BadInput(N_("This is no degree that is known here."), N_("Choose one of the list."), field="answer")
    elif fact in NUMBERS:
        if not (answer.isascii() and answer.isdigit() and int(answer) <= MOST):
            raise BadInput(N_("This is no number."), N_("Write a whole number, such as 12."), field="answer")
    elif fact not in FACTS:
        raise BadInput(N_("No standard asks for this."), N_("Open the page again."), field="fact")
    elif answer not in ("yes", "no"):
        raise BadInput(N_("This is neither yes nor no."), N_("Choose one of the two."), field="answer")


def _said(act: Act, person: Person, fact: str, answer: str) -> Statement:
    stop_if_erased([person.pk])
    for earlier in Statement.objects.filter(person=person, fact=fact, ended_at=None):
        earlier.ended_at = act.now
        earlier.save()
    return Statement.objects.create(
        person=person, fact=fact, answer=answer, said_on=act.today(), said_by_id=act.actor.person
    )


@action("endorsement.say_work", on="person")
def say_work(
    act: Act,
    *,
    person: Person,
    of: str,
    since: date,
    until: date | None,
    place: str = "",
    answers: Mapping[str, bool] | None = None,
) -> WorkDone:
    """Write down a stretch of work. until: the day on which it was over; None: it goes on."""
    if of not in WORK:
        raise BadInput(N_("This kind of work is not known here."), N_("Choose one of the list."), field="of")
    if since > act.today():
        raise BadInput(N_("This day lies in the future."), N_("Work begins today or before."), field="since")
    if until is not None and until < since:
        raise BadInput(N_("It ends before it begins."), N_("The last day comes after the first."), field="until")
    said = {key: bool(answer) for key, answer in (answers or {}).items() if key in OF_WORK}
    stop_if_erased([person.pk])
    return WorkDone.objects.create(
        person=person,
        of=of,
        place=place,
        since=since,
        until=until,
        yes=" ".join(sorted(key for key, answer in said.items() if answer)),
        no=" ".join(sorted(key for key, answer in said.items() if not answer)),
        said_on=act.today(),
    )


@action("endorsement.answer_of_work", on="work")
def answer_of_work(act: Act, *, work: WorkDone, question: str, answer: bool) -> WorkDone:
    """Answer one question about a stretch of work, or answer it anew."""
    if question not in OF_WORK:
        raise BadInput(N_("No standard asks for this."), N_("Open the page again."), field="fact")
    yes, no = set(work.yes.split()) - {question}, set(work.no.split()) - {question}
    (yes if answer else no).add(question)
    work.yes, work.no = " ".join(sorted(yes)), " ".join(sorted(no))
    work.save()
    return work


@action("endorsement.take_back_work", on="work")
def take_back_work(act: Act, *, work: WorkDone) -> WorkDone:
    """It is said no more; that it was said stays."""
    work.ended_at = work.ended_at or act.now
    work.save()
    return work


@action("endorsement.note_rating", on="person")
def note_rating(
    act: Act, *, person: Person, on: date, roles: Iterable[str], unknown_answers: int | None
) -> RatingReceived:
    """Write down that a reference rating came, from whom in what role; never what it says."""
    chosen = sorted(set(roles))
    if not chosen or set(chosen) - set(RATERS):
        raise BadInput(N_("Who they are to you is missing."), N_("Choose one or more of the list."), field="roles")
    if on > act.today():
        raise BadInput(N_("This day lies in the future."), N_("It came today or before."), field="on")
    stop_if_erased([person.pk])
    return RatingReceived.objects.create(
        person=person, on=on, roles=" ".join(chosen), unknown_answers=unknown_answers, said_on=act.today()
    )


@action("endorsement.take_back_rating", on="rating")
def take_back_rating(act: Act, *, rating: RatingReceived) -> RatingReceived:
    rating.ended_at = rating.ended_at or act.now
    rating.save()
    return rating


# Toward what somebody works, and to whom they show it


@action("endorsement.set_goal", on="person")
def set_goal(
    act: Act,
    *,
    person: Person,
    association: Organization,
    category: str,
    credential: str,
    applied_on: date | None = None,
) -> Goal:
    """Work toward a category with an association. Its coordinator may read how near, from now until this goal is ended."""
    _check_category(association, category, credential)
    if applied_on is not None and applied_on > act.today():
        raise BadInput(N_("This day lies in the future."), N_("Leave it empty until then."), field="applied_on")
    stop_if_erased([person.pk])
    there = Goal.objects.filter(
        person=person, association=association, category=category, credential=credential, until=None
    ).first()
    if there is not None:
        there.applied_on = applied_on
        there.save()
        return there
    return Goal.objects.create(
        person=person,
        association=association,
        category=category,
        credential=credential,
        applied_on=applied_on,
        since=act.begins(association.zone),
    )


def _check_category(association: Organization, category: str, credential: str) -> None:
    if association.kind != Organization.Kind.ASSOCIATION:
        raise BadInput(N_("This is no association."), N_("Choose one of the list."), field="association")
    editions = [one for one in catalog.rules_of(association.pk).editions if one.category == category]
    if not editions:
        raise BadInput(N_("This category is not known there."), N_("Choose one of the list."), field="category")
    if credential not in dict(CREDENTIALS):
        raise BadInput(N_("This credential is not known."), N_("Choose one of the list."), field="credential")


@action("endorsement.end_goal", on="goal")
def end_goal(act: Act, *, goal: Goal) -> Goal:
    """Work toward it no longer; from this moment on its coordinator reads nothing of it."""
    goal.until = goal.until or max(goal.since, act.begins(goal.association.zone))
    goal.save()
    return goal


@action("endorsement.share", on="person")
def share(
    act: Act,
    *,
    person: Person,
    category: str,
    association: Organization | None,
    until: date,
    to_person: Person | None = None,
    to_organization: Organization | None = None,
) -> Share:
    """Show how near one is to a category, to one person or to one employer, until a day."""
    today = act.today()
    if (to_person is None) == (to_organization is None):
        raise BadInput(N_("Nobody is chosen."), N_("Choose one person or one employer."), field="to")
    if to_person is not None and to_person.pk == person.pk:
        raise BadInput(N_("This is you."), N_("You see it anyway."), field="to")
    if not today <= until <= today + timedelta(days=SHARE_DAYS):
        raise BadInput(
            N_("This day is not within a year from today."), N_("Choose a day up to which it is shown."), field="until"
        )
    rules = catalog.rules_of(association.pk if association else None)
    if category not in {one.category for one in rules.editions}:
        raise BadInput(N_("This category is not known there."), N_("Choose one of the list."), field="category")
    if to_organization is not None and to_organization.pk not in {
        one.pk for one in queries.employers_of(person.pk, today)
    }:
        raise BadInput(N_("You do not work there today."), N_("Choose one of the list."), field="to")
    stop_if_erased([person.pk])
    return Share.objects.create(
        person=person,
        category=category,
        association=association,
        to_person=to_person,
        to_organization=to_organization,
        since=today,
        until=until,
    )


@action("endorsement.end_share", on="share")
def end_share(act: Act, *, share: Share) -> Share:
    """Show it no longer, at once."""
    share.ended_at = share.ended_at or act.now
    share.save()
    return share


# What an association decided


@action("endorsement.record_decision", on="association")
def record_decision(
    act: Act,
    *,
    association: Organization,
    person: Person,
    category: str,
    credential: str,
    outcome: Decision.Outcome,
    on: date,
    came_from: str,
    edition: str = "",
    degree: str = "",
    until: date | None = None,
) -> Decision:
    """Write down what was decided in the Alliance's own system. What is endorsed is held from that day on, and its goal is
    reached; a decision that was written down is never changed."""
    _check_category(association, category, credential)
    if not queries.decidable(association.pk, act.today()).filter(pk=person.pk).exists():
        raise BadInput(
            N_("This person is no member of your association and has no goal with it."),
            N_("Add them as a member first; an account is not needed."),
            field="person",
        )
    if on > act.today(association.zone):
        raise BadInput(N_("This day lies in the future."), N_("It was decided today or before."), field="on")
    if not came_from.strip():
        raise BadInput(N_("Where it was decided is missing."), N_("Such as: letter of March 3."), field="came_from")
    if degree and degree not in DEGREES:
        raise BadInput(N_("This is no degree that is known here."), N_("Choose one of the list."), field="degree")
    if until is not None and until < on:
        raise BadInput(N_("It ends before it begins."), N_("The last day comes after the first."), field="until")
    stop_if_erased([person.pk])
    decision = Decision.objects.create(
        person=person,
        association=association,
        category=category,
        credential=credential,
        edition=edition,
        outcome=outcome,
        on=on,
        came_from=came_from.strip(),
        recorded_by_id=act.actor.person,
    )
    if outcome in Decision.GIVES:
        _give(act, decision, degree, until)
        act.announce(EndorsementWritten(person=person.pk))
    act.concerns(person)
    return decision


@action("endorsement.take_in_list", on="association")
def take_in_list(act: Act, *, association: Organization, words: str) -> int:
    """Write down each endorsement of a list that is new here, as it was decided elsewhere; what was taken in before changes
    nothing. Returns how many were written down. Raises BadInput for a list that cannot be read."""
    done = 0
    for row in judged(association, words, act.today(association.zone)):
        if row.verdict is not Verdict.NEW or row.person is None or row.on is None:
            continue
        record_decision(
            act,
            association=association,
            person=Person.objects.get(pk=row.person),
            category=row.category,
            credential=row.credential,
            outcome=Decision.Outcome.ENDORSED,
            on=row.on,
            came_from=f"{FROM_A_LIST}: {row.number}" if row.number else FROM_A_LIST,
            until=row.until,
        )
        done += 1
    return done


def _give(act: Act, decision: Decision, degree: str, until: date | None) -> None:
    of = {
        "person": decision.person,
        "association": decision.association,
        "category": decision.category,
        "credential": decision.credential,
    }
    is_emerging = decision.outcome == Decision.Outcome.EMERGING
    for before in Endorsement.objects.filter(until=None, **of):
        if before.is_emerging == is_emerging or before.since > decision.on:
            raise NotNow(
                N_("They hold this already."),
                N_("One endorsement of a category is held at a time."),
                N_("End the other one first if it is over."),
            )
        before.until, before.ended_why = decision.on, Endorsement.Why.MOVED
        before.save()
    Endorsement.objects.create(
        decision=decision, is_emerging=is_emerging, degree=degree, since=decision.on, until=until, **of
    )
    if not is_emerging:
        for goal in Goal.objects.filter(until=None, **of):
            goal.until = max(goal.since, act.begins(goal.association.zone))
            goal.save()


@action("endorsement.end_endorsement", on="endorsement")
def end_endorsement(act: Act, *, endorsement: Endorsement, until: date, why: Endorsement.Why) -> Endorsement:
    """It is held up to the day before this one. Set down by mistake, it never was."""
    if endorsement.until is not None and endorsement.ended_why:
        raise NotNow(N_("It has ended already."), N_("An endorsement ends once."))
    if until < endorsement.since:
        raise BadInput(N_("It ends before it begins."), N_("The last day comes after the first."), field="until")
    endorsement.until, endorsement.ended_why = until, why
    endorsement.in_registry = False
    endorsement.names.all().delete()
    endorsement.save()
    return endorsement


@action("endorsement.show_in_registry", on="endorsement")
def show_in_registry(act: Act, *, endorsement: Endorsement, shown: bool) -> Endorsement:
    """Let the public registry name its holder, or no longer: name, category, credential, association; nothing else."""
    if shown and endorsement.until is not None and endorsement.until <= act.today():
        raise NotNow(N_("This endorsement has ended."), N_("The registry shows what is held today."))
    endorsement.names.all().delete()
    if shown:
        RegistryName.objects.bulk_create(RegistryName.of(endorsement, endorsement.person.name))
    endorsement.in_registry = shown
    endorsement.save()
    return endorsement


@action("endorsement.confirm_renewal", on="person")
def confirm_renewal(act: Act, *, person: Person, association: Organization, since: date, dues: bool = False) -> None:
    """Confirm a cycle of everything that is held with an association, once: the code of ethics signed again, and no sanction by
    a board. since: the first day of the cycle that was shown; dues: renew the membership there too, where it may be now."""
    today = act.today(association.zone)
    renewal = catalog.rules_of(association.pk).renewal
    cycle = renewal.cycle(today)
    if cycle.since != since or cycle.until is None:
        raise NotNow(N_("A new cycle has begun since."), N_("Look at it first, then confirm it."))
    held = list(queries.held_now(Endorsement.objects.filter(person=person, association=association), today))
    if not held:
        raise NotNow(N_("You hold no endorsement there today."), N_("Ask its coordinator how one comes back."))
    confirmed = set(Renewed.objects.filter(endorsement__in=held, since=since).values_list("endorsement", flat=True))
    if len(confirmed) == len(held):
        return
    if dues and (member := queries.membership_to_renew(person.pk, association, today)) is not None:
        assert member.level is not None
        association_actions.renew(act, member=member, level=member.level)
    for fact in sorted(EACH_CYCLE):
        _said(act, person, fact, "yes")
    for one in held:
        if one.pk not in confirmed:
            Renewed.objects.create(
                person=person,
                endorsement=one,
                since=cycle.since,
                until=cycle.until,
                regime=renewal.key,
                confirmed_on=today,
            )


# Rules


@action("endorsement.accept_rules", on="association")
def accept_rules(act: Act, *, association: Organization, words: str, over: str) -> Rules:
    """Go by a file of rules from now on. over: the id of the file it stands in for, as it was looked at; empty: none.

    Past decisions stay what they were: they name the edition by which they were made.
    """
    kind, category, edition = read_rules(association, words)
    before = Rules.objects.filter(association=association, kind=kind, category=category, replaced_at=None).first()
    if (str(before.pk) if before else "") != over:
        raise NotNow(
            N_("Somebody took up other rules since you looked."), N_("Look at the change again, then accept it.")
        )
    if before is not None:
        before.replaced_at = act.now
        before.save()
    return Rules.objects.create(
        association=association,
        kind=kind,
        category=category,
        edition=edition,
        words=words,
        accepted_on=act.today(association.zone),
        accepted_by_id=act.actor.person,
    )


def read_rules(association: Organization, words: str) -> tuple[Rules.Kind, str, str]:
    """What a file is: its kind, category and edition. Raises BadInput with the line and the reason."""
    try:
        said = loading.parse(words, catalog.FILE).mapping()
        edition = said["edition"].text() if "edition" in said else ""
        if "editions" in said:
            found = catalog.standard_of(words)
            catalog.rules_with(association.pk, Rules.Kind.STANDARD, found[0].category, words)
            return Rules.Kind.STANDARD, found[0].category, edition
        catalog.rules_with(association.pk, Rules.Kind.ADOPTION, "", words)
    except BadCatalog as fault:
        raise BadInput(
            N_("Line %(line)s of this file cannot be used: %(reason)s."),
            N_("Correct it, or ask whoever sent it."),
            field="words",
            facts={"line": fault.line, "reason": fault.reason},
        ) from fault
    return Rules.Kind.ADOPTION, "", edition
