"""Somebody outside, by a link: asked, confirming, saying what they hold, stopping."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings

from inmind.access import office_links
from inmind.access.act import Act, action
from inmind.access.models import OfficeLink
from inmind.foundation.errors import BadInput, NotNow, Stale
from inmind.foundation.events import LetterUndelivered
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people.reaching import check_mail
from inmind.reflection import queries
from inmind.reflection.actions.correcting import agree_for
from inmind.reflection.actions.held import said
from inmind.reflection.actions.hours import confirm_for, is_as_seen
from inmind.reflection.models import Agreement, Asking, Reminder, Session, Version

PURPOSE = OfficeLink.Purpose.HOURS.value
AGREEMENT, PLACE = Agreement._meta.label, Asking._meta.label


@action("reflection.ask_outside", on="agreement")
def ask_outside(act: Act, *, agreement: Agreement) -> Agreement:
    """Write to a provider outside now, once a day at most. Raises NotNow where there is nobody to write to."""
    if not agreement.outside_mail or agreement.outside_stopped_on is not None:
        raise NotNow(
            N_("Nobody outside reads mail about this agreement."), N_("Speak with them, and ask where to write.")
        )
    if agreement.outside_written_on == act.today(agreement.zone):
        raise NotNow(N_("They were written to today."), N_("Their word comes by the link in that letter."))
    write_outside(act, agreement)
    return agreement


def write_outside(act: Act, row: Agreement) -> None:
    days = settings.OFFICE_LINK_DAYS
    _link, secret, _code = office_links.make(
        act, organization=row.association, purpose=PURPOSE, about=row.pk, days=days
    )
    messages.tell_office(
        act,
        address=row.outside_mail,
        organization=row.association,
        template="office_hours",
        facts={"secret": secret, "days": days},
        about_kind=AGREEMENT,
        about_id=row.pk,
    )
    row.outside_written_on, row.outside_unreached_on = act.today(row.zone), None
    row.save()


@action("reflection.say_address", on="agreement")
def say_address(act: Act, *, agreement: Agreement, mail: str) -> Agreement:
    """Say anew where somebody outside reads mail, and write there. What was sent before opens nothing any more."""
    if not agreement.outside_name:
        raise NotNow(N_("Nobody outside is part of this agreement."))
    check_mail(mail, field="mail")
    check_other_mailbox(mail, agreement.places.values_list("person", flat=True))
    agreement.outside_mail, agreement.outside_stopped_on = mail.strip(), None
    write_outside(act, agreement)
    return agreement


def check_other_mailbox(mail: str, held: Iterable[UUID]) -> None:
    if queries.reads_mail_at(mail, held):
        raise BadInput(
            N_("This is the address of somebody who is held."),
            N_("The other side confirms by a mailbox of their own: nobody confirms their own word."),
            field="mail",
        )


def not_reached(act: Act, event: LetterUndelivered) -> None:
    """The letter to somebody outside did not arrive: those who are held see it, and say the address anew."""
    if event.about_kind != AGREEMENT:
        return
    row = Agreement.objects.select_for_update(of=("self",)).filter(pk=event.about).exclude(outside_name="").first()
    if row is not None:
        row.outside_unreached_on = act.today(row.zone)
        row.save()


@action("reflection.confirm_by_link", on="link")
def confirm_by_link(
    act: Act,
    *,
    link: OfficeLink,
    ids: frozenset[UUID],
    versions: frozenset[UUID] = frozenset(),
    seen: frozenset[str] = frozenset(),
) -> Agreement:
    """A provider outside says which sessions took place, and with that yes to the agreement. Raises Stale where one of them waits
    no more, or was changed since it was shown: nothing is kept, and they look again."""
    row = _agreement_of(link)
    waiting = {one.pk: one for one in queries.waits_outside(row)}
    if not ids and row.provider_said_on is not None and not versions:
        raise BadInput(N_("No session is marked."), N_("Mark those that took place, then confirm."), field="ids")
    if not ids <= waiting.keys() or not all(is_as_seen(waiting[pk], seen) for pk in ids):
        raise Stale(row)
    for pk in sorted(ids):
        session = Session.objects.select_for_update(of=("self",)).get(pk=pk)
        confirm_for(act, session, queries.OUTSIDE)
        act.concerns(session)
    for version in Version.objects.filter(pk__in=versions, session__agreement=row, state=Version.State.ASKED):
        agree_for(act, version, None, yes=True)
    row.refresh_from_db()
    if row.provider_said_on is None:
        row.provider_said_on = act.today(row.zone)
        row.save()
    act.concerns(row)
    return row


@action("reflection.say_holds_by_link", on="link")
def say_holds_by_link(act: Act, *, link: OfficeLink, holds: frozenset[str] | None) -> Agreement:
    """A provider outside says what they hold. It is asked for the sessions that are still to stand, and of which nobody
    knew it; what was known is frozen."""
    return said(act, _agreement_of(link), holds)


@action("reflection.stop_by_link", on="link")
def stop_by_link(act: Act, *, link: OfficeLink) -> Agreement | Reminder:
    """No more letters about sessions that wait: for somebody outside, or for who has an account and came from a letter."""
    reminder = Reminder.objects.filter(pk=link.about).first()
    if reminder is not None:
        reminder.stopped_on = act.today(link.organization.zone)
        reminder.save()
        return reminder
    row = _agreement_of(link)
    row.outside_stopped_on = act.today(row.zone)
    row.save()
    return row


def _agreement_of(link: OfficeLink) -> Agreement:
    row = Agreement.objects.select_for_update(of=("self",)).select_related("association").filter(pk=link.about).first()
    if row is None:
        raise NotNow(N_("This link opens something else."), N_("Open it again from its letter."))
    return row
