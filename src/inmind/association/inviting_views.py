"""Who of the members has an account, and inviting those who have none: one from their own page, or all together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inmind.access import policy
from inmind.access.door import Asked, door, opened, refused
from inmind.access.models import RoleAssignment
from inmind.association import actions, queries
from inmind.association.actions.inviting import AGAIN_AFTER
from inmind.association.models import Member
from inmind.association.queries import Reach
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.forms import HouseForm, VersionedForm, form_page, said
from inmind.foundation.values import N_
from inmind.messages.models import Letter
from inmind.messages.outcomes import LEFT_BY, PROBLEMS, SAYS, Problem, state_of
from inmind.people.models import Organization, Person
from inmind.records.models import Pair

SEE, ONE, ALL = "association.see_members", "association.invite_member", "association.invite_members"
NO_LETTER: dict[Reach, str] = {
    Reach.UNASKED: N_("No letter reaches them until somebody has asked whether it is safe to write to their address."),
    Reach.UNSAFE: N_("No letter reaches them: they said that it is not safe to write to their address."),
    Reach.NONE: N_("No letter reaches them until an email address is known."),
}


NOT_TO_CALL: dict[bool | None, str] = {
    None: N_("nobody has asked yet whether it is safe to call"),
    False: N_("not safe to call"),
}


def standing_of_account(row: Member) -> dict[str, Any]:
    """What the coordinator is shown of a member's account, and whether an invitation can leave now."""
    account, reach = queries.account_of(row.person_id), queries.reach_of(row)
    letter = Letter.objects.filter(to=row.person_id, template="invitation").order_by("-created_at", "-pk").first()
    has_come = account is not None and account.last_login is not None
    rests = letter is not None and letter.created_at > clock.now() - AGAIN_AFTER and letter.failed_at is None
    says = _("They have no account yet, so that nothing here is theirs to see.")
    if account is not None:
        says = _("Their username is %(username)s.") % {"username": account.username}
        says += " " + (_("They have signed in.") if has_come else _("They are invited and have not signed in yet."))
    return {
        "says": says,
        "letter": "" if letter is None or has_come else _fate(letter, row.association.zone),
        "no_letter": _(NO_LETTER[reach]) if reach in NO_LETTER else "",
        "may_invite": reach is Reach.GOES and not has_come and not rests,
        "is_again": account is not None,
        "alike": _alike(row),
        "phones": [
            {"term": one.address, "value": _("safe to call") if one.safe else _(NOT_TO_CALL[one.safe])}
            for one in queries.phones_of(row.person_id)
        ],
        "unread": queries.unread_of(row.person_id) if reach is Reach.NONE else [],
        "form": VersionedForm(initial={"version": row.version}),
    }


def _fate(letter: Letter, zone: str) -> str:
    state, at = state_of(letter)
    words = LEFT_BY.get(letter.sent_by, SAYS[state]) if state == "left" else SAYS[state]
    told = _(words) % {"when": clock.local(at, zone) if at else ""}
    why = [_(one) for one in PROBLEMS[Problem(letter.problem)] if one] if letter.problem else []
    return " ".join([_("The invitation: %(what)s.") % {"what": told}, *why])


def _alike(row: Member) -> list[tuple[str, str]]:
    """Others of the association whose records may be this person's, with their pages as members."""
    pairs = Pair.objects.filter(state=Pair.State.OPEN)
    others = {*pairs.filter(one=row.person_id).values_list("other", flat=True)}
    others |= {*pairs.filter(other=row.person_id).values_list("one", flat=True)}
    there = Member.objects.filter(association=row.association_id, person__in=others).select_related("person")
    members = {one.person_id: reverse("member", kwargs={"member": one.pk}) for one in there}
    works = RoleAssignment.objects.filter(organization=row.association_id, until=None, account__person__in=others)
    people = Person.objects.filter(pk__in={*members, *works.values_list("account__person", flat=True)})
    return [(one.name, members.get(one.pk, "")) for one in people.order_by("family_name", "given_name", "pk")]


def known_here(actor: Any, organization: Organization, name: str, address: str) -> list[tuple[str, str]]:
    """The member of this name at this address, for whoever may see the members, before somebody is invited a second time."""
    if organization.kind != Organization.Kind.ASSOCIATION or not policy.can(actor, SEE, organization):
        return []
    there = queries.member_at(organization, address, name, "")
    if there is None:
        return []
    page = reverse("member", kwargs={"member": there.pk})
    if queries.account_of(there.person_id) is not None:
        return [(_("A member of this name and address is here and has an account."), page)]
    return [(_("A member of this name and address is here and has no account: invite them from their page."), page)]


@door(ONE, about=Member)
@require_POST
def invite(request: Asked, member: UUID) -> HttpResponse:
    """Send one member an invitation."""
    row, _verdict = opened(request, ONE, Member, member, related=("association", "person"))
    form = VersionedForm(request.POST)
    if form.is_valid():
        asked = {"key": form.cleaned_data["key"], "version": form.cleaned_data["version"]}
        try:
            actions.invite_member(request.actor, member=row, **asked)
        except (BadInput, NotNow, Stale) as refusal:
            messages.warning(request, said(refusal))
        else:
            messages.success(request, _("An invitation to %(name)s is on its way.") % {"name": row.person.name})
    return redirect("member", member=row.pk)


@door(ALL)
def invite_all(request: Asked) -> HttpResponse:
    """How many letters would leave, to whom none does and why; then one button."""
    there = _kept(request)
    form, today = HouseForm(request.POST or None), clock.today(there.zone)
    waiting = queries.without_account(there, today)
    left_out = [
        (_(words), waiting.filter(queries.reach_is(reach)).count(), f"?look={reach.value}")
        for reach, words in NO_LETTER.items()
    ]
    gone = Member.objects.filter(queries.has_no_account(), association=there)
    over = gone.count() - waiting.count()
    left_out.append((_("They have left, or their membership has lapsed: invite them from their page."), over, ""))
    context = {
        "association": there,
        "count": waiting.filter(queries.reach_is(Reach.GOES)).count(),
        "left_out": [one for one in left_out if one[1]],
    }

    def save() -> HttpResponse:
        actions.invite_members(request.actor, key=form.cleaned_data["key"], association=there)
        messages.success(request, _("The invitations are on their way. Each member's page says what became of theirs."))
        return redirect("members")

    return form_page(request, form, "association/invite_all.html", context, save)


def _kept(request: Asked) -> Organization:
    """The association that is meant: the one in the address, or the actor's own."""
    there = list(policy.visible(request.actor, Organization.objects.filter(kind="association").order_by("name"), ALL))
    asked = request.GET.get("association")
    meant = [one for one in there if str(one.pk) == asked] if asked else there
    if not meant:
        raise refused(request, ALL)
    return meant[0]
