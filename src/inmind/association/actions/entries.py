"""The directory: what a member lets stand there, field by field, for whom."""

from __future__ import annotations

from collections.abc import Collection

from inmind.access.act import Act, action
from inmind.association import directory, queries
from inmind.association.directory import Audience
from inmind.association.models import Entry, Member
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_


@action("association.keep_entry", on="member")
def keep_entry(
    act: Act,
    *,
    member: Member,
    audience: Audience,
    shows: Collection[str],
    city: str = "",
    languages: Collection[str] = (),
    offers: str = "",
) -> Entry:
    """Say what stands in the directory, and for whom. Nothing is shown that was not chosen."""
    if member.left_on is not None and audience is not Audience.NOBODY:
        raise NotNow(N_("Whoever has left is not in the directory."), N_("Renew first."))
    try:
        chosen = directory.kept(shows)
    except KeyError:
        raise BadInput(N_("The directory has no such field."), N_("Choose from the list."), field="shows") from None
    entry = Entry.objects.filter(member=member).first() or Entry(member=member)
    entry.audience, entry.shows = audience, chosen
    entry.city = text.checked_line(city.strip(), 80, field="city")
    entry.languages = text.checked_line(" ".join(sorted(set(languages))), 120, field="languages")
    entry.offers = text.checked(offers.strip(), 500, field="offers")
    entry.found_by = directory.found_by(member.person.name, queries.said_of(entry), chosen.split())
    entry.save()
    return entry


def find_anew(member: Member) -> None:
    """What an entry is found by, after a name or an agency was said anew."""
    for entry in Entry.objects.filter(member=member):
        found_by = directory.found_by(member.person.name, queries.said_of(entry), entry.shows.split())
        if found_by != entry.found_by:
            entry.found_by = found_by
            entry.save()
