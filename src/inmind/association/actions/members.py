"""Keep members: take them in, add, renew, correct, note, change level, end; and what they do by themselves."""

from __future__ import annotations

from datetime import date

from inmind.access import actions as access
from inmind.access.act import Act, action
from inmind.access.privacy import stop_if_erased
from inmind.association import queries
from inmind.association.actions.buying import buy, cancel_waiting
from inmind.association.actions.entries import find_anew
from inmind.association.actions.summing import belongs, member_of, sum_up
from inmind.association.models import Belonging, Entry, Level, Member, Membership
from inmind.association.periods import EARLIEST, LATEST
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.people.models import Organization, Person
from inmind.people.reaching import check_mail
from inmind.records import actions as records


@action("association.take_in", on="association")
def take_in(
    act: Act,
    *,
    association: Organization,
    person: Person,
    level: Level,
    since: date,
    until: date,
    agency: Organization | None = None,
) -> Membership:
    """Keep a membership as another product had it, already paid there; until: the first day on which it is over.

    The same once more answers with what is here already. Raises BadInput for days that cannot be, a level of another
    association, and what begins on a day on which something else was bought.
    """
    stop_if_erased([person.pk])
    if level.association_id != association.pk:
        raise BadInput(N_("This level is another association's."), N_("Choose one of its own."), field="level")
    if until <= since:
        raise BadInput(N_("It would end before it begins."), N_("The end lies after the first day."), field="until")
    if since < EARLIEST or until > LATEST:
        raise BadInput(
            N_("This day cannot be of a membership."),
            N_("It begins after 1900, and ends before 2200."),
            field="since" if since < EARLIEST else "until",
        )
    there = Membership.objects.filter(association=association, person=person, since=since, ended_at=None).first()
    if there is not None:
        if (there.level_id, there.until) != (level.pk, until):
            raise BadInput(
                N_("Another membership begins on this day already."),
                N_("There can be one."),
                N_("Look at this person's page, and end the other first if it is wrong."),
                field="since",
            )
        return there
    member, today = member_of(act, association, person), act.today(association.zone)
    if since > today and (member.counts_until is None or since > member.counts_until):
        raise BadInput(
            N_("This membership would begin in the future."),
            N_("One that follows what is paid for may."),
            field="since",
        )
    row = Membership.objects.create(
        association=association,
        person=person,
        level=level,
        since=since,
        until=until,
        grace_days=level.grace_days,
        agency=agency,
        settled_on=since,
    )
    if member.joined_on > since:
        member.joined_on = since
        member.save()
    if agency is not None and queries.with_grace((row.period, row.grace_days)) > today:
        belongs(member, agency, since)
        find_anew(member)
    sum_up(member)
    return row


@action("association.add_member", on="association")
def add_member(
    act: Act,
    *,
    association: Organization,
    given_name: str,
    family_name: str,
    mail: str,
    level: Level,
    agency: str = "",
    language: str = "en",
) -> Membership:
    """Make somebody a member who asked by telephone or on paper: an account by invitation, a membership, and its bill."""
    return enter(
        act,
        association,
        given_name=given_name,
        family_name=family_name,
        mail=mail,
        level=level,
        agency=agency,
        language=language,
    )


def enter(
    act: Act,
    association: Organization,
    *,
    given_name: str,
    family_name: str,
    mail: str,
    level: Level,
    agency: str = "",
    language: str = "en",
) -> Membership:
    """The same, within the action that is open. Raises NotNow for a member of this name at this address."""
    person = new_person(act, association, given_name=given_name, family_name=family_name, mail=mail, language=language)
    member, row = buy(act, association, person, level)
    belongs(member, agency, act.today(association.zone))
    return row


def new_person(
    act: Act, association: Organization, *, given_name: str, family_name: str, mail: str, language: str = "en"
) -> Person:
    """A person with an account by invitation, as a practitioner of the association; whoever has an account here already under
    this name and address is that person."""
    check_mail(mail.strip(), field="mail")
    if not text.tokens(f"{given_name} {family_name}"):
        raise BadInput(
            N_("The name is missing."),
            N_("It stands on certificates, so write it as it should be there."),
            field="given_name",
        )
    if queries.member_at(association, mail, given_name, family_name) is not None:
        raise NotNow(
            N_("Somebody of this name at this address is a member already."),
            N_("One person is one member."),
            N_("Find them in the list of members, and renew there."),
        )
    there = queries.person_at(mail, given_name, family_name)
    if there is not None:
        return there
    account = access.invite(
        act,
        organization=association,
        given_name=given_name,
        family_name=family_name,
        address=mail,
        username="",
        role="practitioner",
        language=language or "en",
    )
    return account.person


@action("association.join_as_oneself", on="level")
def join_as_oneself(act: Act, *, level: Level) -> Membership:
    """Become a member, as somebody who has an account here already."""
    if act.actor.person is None:
        raise NotNow(N_("Only a person becomes a member."))
    if not level.is_open:
        raise NotNow(N_("This level is not open now."), N_("Choose another, or ask the association."))
    _member, row = buy(act, level.association, Person.objects.get(pk=act.actor.person), level)
    return row


@action("association.renew", on="member")
def renew(act: Act, *, member: Member, level: Level) -> Membership:
    """Buy what follows, by one confirmation. By oneself only at a level that is open, or the one that was held."""
    if not (level.is_open or level.pk == member.level_id):
        raise NotNow(N_("This level is not open now."), N_("Choose another, or ask the association."))
    _member, row = buy(act, member.association, member.person, level)
    return row


@action("association.take_back", on="member")
def take_back(act: Act, *, member: Member) -> Member:
    """Take back what was asked for and is not paid yet: its bill is cancelled. What is paid for stays."""
    cancel_waiting(act, member, Membership.Why.NOT_PAID)
    return sum_up(member)


@action("association.change_name", on="member")
def change_name(act: Act, *, member: Member, given_name: str, family_name: str, was_right: bool = True) -> Member:
    """Say anew how a member is called. was_right: the earlier name was, so that a search still finds them by it."""
    if not text.tokens(f"{given_name} {family_name}"):
        raise BadInput(N_("The name is missing."), field="given_name")
    records.correct_person(
        act,
        person=member.person,
        given_name=given_name,
        family_name=family_name,
        found_at=[member.association],
        still_found=was_right,
    )
    for row in Member.objects.filter(person=member.person_id).exclude(pk=member.pk).select_related("person"):
        row.sorts_as = Member.sorted_as(given_name, family_name)
        row.save()
        find_anew(row)
    member.sorts_as = Member.sorted_as(given_name, family_name)
    member.save()
    find_anew(Member.objects.select_related("person").get(pk=member.pk))
    return member


@action("association.change_agencies", on="member")
def change_agencies(act: Act, *, member: Member, leaves: frozenset[str] = frozenset(), joins: str = "") -> Member:
    """Say where a member works. leaves: the ids of what is over from today on; a membership that an agency paid for runs to
    its end all the same. joins: the name of one more."""
    today = act.today(member.association.zone)
    for row in Belonging.objects.filter(member=member, until=None):
        if str(row.pk) in leaves:
            row.until = max(today, row.since)
            row.save()
    belongs(member, joins, today)
    member.save()
    find_anew(member)
    return member


@action("association.leave", on="member")
def leave(act: Act, *, member: Member) -> Member:
    """End it by oneself: nothing more is asked or written, the directory shows nothing; what is paid for runs to its end."""
    if member.left_on is not None:
        raise NotNow(N_("You have left already."), N_("What is paid for runs to its end."))
    cancel_waiting(act, member, Membership.Why.LEFT)
    _hide(member)
    member.left_on = act.today(member.association.zone)
    member.save()
    return sum_up(member)


@action("association.end_membership", on="member")
def end_membership(act: Act, *, member: Member, note: str) -> Member:
    """End what is paid for, too, from today on; with why, for whoever reads it later."""
    if not text.tokens(note):
        raise BadInput(N_("Say why it ends."), N_("One sentence is enough; it stands on this page."), field="note")
    cancel_waiting(act, member, Membership.Why.ENDED)
    today = act.today(member.association.zone)
    rows = Membership.objects.filter(
        person=member.person_id, association=member.association_id, ended_at=None, until__gt=today
    )
    for row in rows.select_for_update(of=("self",)):
        row.ended_at, row.ended_why = act.now, Membership.Why.ENDED
        row.save()
    _hide(member)
    member.left_on = member.left_on or today
    _add_note(act, member, note)
    member.save()
    return sum_up(member)


@action("association.note_member", on="member")
def note_member(act: Act, *, member: Member, note: str) -> Member:
    """Keep a note of the association's own about a member; the member may read it."""
    member.note = text.checked(note.strip(), 2000, field="note")
    member.save()
    return member


@action("association.change_level_of", on="member")
def change_level_of(act: Act, *, member: Member, level: Level) -> Membership:
    """Let what is paid for go on at another level from today, to the same end. No money moves: a difference is billed or
    given back by itself, by whoever decides that."""
    if level.association_id != member.association_id or level.for_agencies:
        raise BadInput(N_("This level is not for one person."), N_("Choose another."), field="level")
    today = act.today(member.association.zone)
    row = (
        Membership.objects.select_for_update(of=("self",))
        .filter(
            person=member.person_id,
            association=member.association_id,
            ended_at=None,
            settled_on__isnull=False,
            since__lte=today,
            until__gt=today,
        )
        .order_by("-until")
        .first()
    )
    if row is None or row.level_id == level.pk:
        raise NotNow(
            N_("There is nothing paid for today that could change its level."),
            N_("The next membership may be at any level."),
        )
    row.ended_at, row.ended_why = act.now, Membership.Why.CHANGED
    row.save()
    made = Membership.objects.create(
        association=member.association,
        person=member.person,
        level=level,
        since=today,
        until=row.until,
        grace_days=row.grace_days,
        agency=row.agency,
        bundle=row.bundle,
        invoice=row.invoice,
        cents=row.cents,
        settled_on=row.settled_on,
    )
    sum_up(member)
    return made


def _add_note(act: Act, member: Member, note: str) -> None:
    words = f"{act.today(member.association.zone):%Y-%m-%d}: {note.strip()}"
    member.note = text.checked(f"{words}\n{member.note}".strip(), 2000, field="note")


def _hide(member: Member) -> None:
    for entry in Entry.objects.filter(member=member).exclude(audience="nobody"):
        entry.audience = "nobody"
        entry.save()
