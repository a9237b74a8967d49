"""What every change of a membership leaves behind: how the member stands now, and the name under which lists find them."""

from __future__ import annotations

from datetime import date

from inmind.access.act import Act
from inmind.association import queries
from inmind.association.models import Belonging, Level, Member, Membership
from inmind.foundation import text
from inmind.people.models import NameToken, Organization, Person
from inmind.records import actions as records


def member_of(act: Act, association: Organization, person: Person) -> Member:
    """The row of a member, held until the transaction ends; made where there is none, and found by name from then on."""
    held = Member.objects.select_for_update(of=("self",)).filter(person=person, association=association).first()
    if held is not None:
        return held
    if not NameToken.objects.filter(person=person, organization=association).exists():
        records.list_names(act, people=[person], organization=association)
    return Member.objects.create(
        association=association,
        person=person,
        sorts_as=Member.sorted_as(person.given_name, person.family_name),
        joined_on=act.today(association.zone),
    )


def sum_up(member: Member) -> Member:
    """Write down how a member stands by their memberships; nothing where nothing changed."""
    paid_until, counts_until, level = summed(member)
    if (member.paid_until, member.counts_until, member.level) != (paid_until, counts_until, level):
        member.paid_until, member.counts_until, member.level = paid_until, counts_until, level
        member.save()
    return member


def summed(member: Member) -> tuple[date | None, date | None, Level | None]:
    """To when a member has paid, to when that counts, and at which level the latest is, by the memberships."""
    there = Membership.objects.filter(person=member.person_id, association=member.association_id)
    rows = list(there.select_related("level").order_by("since"))
    counting = [(row, one) for row in rows if (one := queries.counting(row, member.association.zone)) is not None]
    paid_until = max((period.until for _row, (period, _days) in counting if period.until), default=None)
    counts_until = max((queries.with_grace(one) for _row, one in counting), default=None)
    standing = [row for row in rows if row.ended_at is None] or [row for row, _one in counting] or rows
    latest = max(standing, key=lambda row: (row.since, row.until), default=None)
    return paid_until, counts_until, latest.level if latest else member.level


def belongs(member: Member, agency: Organization | str, since: date) -> Belonging | None:
    """That a member works at an agency, by itself or by its name as somebody wrote it; once. None for no name."""
    if isinstance(agency, str):
        said = text.checked_line(agency.strip(), 120, field="agency")
        if not text.tokens(said):
            return None
        known = Organization.objects.filter(kind=Organization.Kind.AGENCY, name__iexact=said).first()
        if known is None:
            there = Belonging.objects.filter(member=member, said__iexact=said, until=None).first()
            return there or Belonging.objects.create(member=member, said=said, since=since)
        agency = known
    there = Belonging.objects.filter(member=member, agency=agency, until=None).first()
    return there or Belonging.objects.create(member=member, agency=agency, since=since)
