"""Give members an account who have none: those who came in with a file, one by one or all together."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from inmind.access import actions as access
from inmind.access.act import Act, action
from inmind.access.models import Account, SignInLink
from inmind.access.privacy import stop_if_erased
from inmind.association import queries
from inmind.association.models import Member
from inmind.foundation.errors import NotNow
from inmind.foundation.events import LinkAsked, PersonInvited
from inmind.foundation.values import N_
from inmind.people.models import Organization, Person
from inmind.records import actions as records

ROLE = "practitioner"
AT_ONCE = 100  # accounts of one transaction
INVITE = "association.invite_members"  # the job
AGAIN_AFTER = timedelta(days=1)  # ours: how long one invitation is left alone before another may be sent


@action("association.invite_member", on="member")
def invite_member(act: Act, *, member: Member) -> Account:
    """Invite a member who has no account, or once more one who has never come in. Raises NotNow where that leads nowhere."""
    stop_if_erased([member.person_id])
    if not queries.reached(member):
        raise NotNow(
            N_("No letter reaches this member now."),
            N_("An invitation goes to an email address of which is known that it is safe to write there."),
            N_("Ask them for one, and write it down on this page."),
        )
    account = Account.objects.select_for_update(no_key=True).filter(person=member.person_id).first()
    member.save()  # the page that showed the button is older now, so that a second tab asks nothing twice
    if account is None:
        return access.account_for(act, person=member.person, organization=member.association, role=ROLE)
    if account.last_login is not None or not account.is_active:
        raise NotNow(N_("They have come in already."), N_("At sign-in they have a link sent to their email."))
    lately = account.links.filter(
        purpose=SignInLink.Purpose.INVITATION, used_at=None, created_at__gt=act.now - AGAIN_AFTER
    )
    if account.created_at > act.now - AGAIN_AFTER or lately.exists():
        raise NotNow(N_("An invitation left within the last day."), N_("Its link opens for seven days."))
    act.announce(LinkAsked(account=account.pk, purpose=SignInLink.Purpose.INVITATION))
    return account


@action("association.invite_members", on="association")
def invite_members(act: Act, *, association: Organization) -> None:
    """Let every member be invited who is one today, has no account and can be written to: one letter to a person. The letters
    leave some at a time, and whoever has an account by then gets none."""
    act.later(INVITE, {"association": str(association.pk)}, key=f"{INVITE}:{act.entry}")


@action("jobs.invite_members")
def invite_some(act: Act, *, association: UUID, after: UUID | None = None) -> Member | None:
    """Invite some of them, in the order of people. Returns the last one; None where nobody is left."""
    there = Organization.objects.get(pk=association)
    rows = queries.to_invite(there, act.today(there.zone)).select_related("person", "association")
    some = list((rows.filter(person__gt=after) if after else rows).order_by("person")[:AT_ONCE])
    for member in some:
        access.account_for(act, person=member.person, organization=there, role=ROLE)
        act.concerns(member)
    return some[-1] if some else None


def find_by_name(act: Act, event: PersonInvited) -> None:
    """Whoever is invited at an association is found there by name; who may be a member already is left to the data steward."""
    there = Organization.objects.filter(pk=event.organization, kind=Organization.Kind.ASSOCIATION).first()
    if there is not None:
        records.list_names(act, people=[Person.objects.get(account=event.account)], organization=there)
