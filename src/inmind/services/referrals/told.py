"""What a program reads of a referral, and nothing beyond: the preview of whoever sends it and the page of the program alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations

from django.conf import settings
from django.utils.dateformat import format as format_day
from django.utils.translation import gettext as _
from django.utils.translation import override

from inmind.families.models import Participation
from inmind.foundation import clock
from inmind.people.models import Contact, Person
from inmind.people.reaching import Way
from inmind.services.referrals.forms import called, way_said
from inmind.services.referrals.models import Referral
from inmind.services.referrals.safe_words import unsafe_in
from inmind.services.said import language


@dataclass(frozen=True, slots=True)
class Words:
    """The free words of a referral as a program may read them at this moment. changed: how the adult is reached safely is
    not what it was when it was sent."""

    hopes: str
    tells: str
    reach: str
    changed: bool


def ways_of(person: Person) -> list[Way]:
    """The ways to reach somebody as they stand now; one that was taken away is not safe."""
    return [replace(one.way, safe=bool(one.safe) and one.ended_at is None) for one in person.contacts.all()]


def is_unsafe(referral: Referral, *words: str) -> bool:
    """Whether these words, in any order, tell a way that is not safe now of any adult of this side of the family. What is safe
    for the adult who is called may be told, whoever else is reached by it."""
    called = ways_of(referral.to_call)
    rows = referral.episode.participations.all()
    others = [
        row.person for row in rows if row.part == Participation.Part.ADULT and row.person_id != referral.to_call_id
    ]
    known = [called, *(ways_of(one) + [way for way in called if way.safe] for one in others)]
    orders = {" ".join(one) for one in permutations(filter(None, words))}
    return any(unsafe_in(one, ways) for one in orders for ways in known)


def words_now(referral: Referral) -> Words:
    """What was sent, as far as it is safe now: where a way is not any more, or at other times, those that are stand in its
    place, and other words that tell it are not shown. A draft is shown as it was typed; it is not sent so."""
    hopes, tells, reach = (words or "" for words in (referral.hopes, referral.tells, referral.reach))
    if referral.sent_on is None:
        return Words(hopes, tells, reach, changed=False)
    held = _("Not shown any more: a way to reach them stands in it that is not safe now. Ask who sent this.")
    hopes, tells = (held if is_unsafe(referral, words) else words for words in (hopes, tells))
    safe = [one for one in referral.to_call.contacts.all() if one.safe and one.ended_at is None]
    if not is_unsafe(referral, reach) and not any(_at_other_times(one, reach) for one in safe):
        return Words(hopes, tells, reach, changed=False)
    safe.sort(key=lambda one: (one.created_at, one.pk))
    no_way = _("No way is known to be safe now. Call and write to nobody of them; ask who sent this.")
    beside = reach.partition(" · ")[2]  # what else is good to know when they call
    known = [way_said(one) for one in safe] or [no_way]
    if beside and not is_unsafe(referral, beside):
        known.append(beside)
    return Words(hopes, tells, " · ".join(known), changed=True)


def _at_other_times(contact: Contact, reach: str) -> bool:
    """Whether these words tell this way, in whatever language they were written, with other times or words than are safe now."""
    found = False
    for spoken, _name in settings.LANGUAGES:
        with override(spoken):
            if way_said(contact) in reach:
                return False
            found = found or called(contact) in reach
    return found


def told(referral: Referral) -> list[dict[str, str]]:
    """The lines of a referral as the program reads them, the family's own words first; each a term and its words."""
    episode, about, words = referral.episode, referral.about, words_now(referral)
    anew = _("The way to reach them. Use what stands here now, and no way that you read or wrote down before.")
    agency = " · ".join(filter(None, (episode.organization.name, episode.organization.phone)))
    lines = [
        (_("Changed since it was sent"), anew if words.changed else ""),
        (_("What the family hopes for"), words.hopes),
        (_("For whom"), about.name or episode.dyad.called),
        (_("The child"), _child(referral)),
        (_("Please call"), referral.to_call.name),
        (_("In which language"), _language(referral.to_call)),
        (_("How to reach them safely, and in no other way"), words.reach),
        (_("What we write"), words.tells),
        (
            _("Who sends it"),
            _("%(agency)s, where they are served since %(day)s") % {"agency": agency, "day": _since(referral)},
        ),
        (_("Who answers for it here"), _worker(referral.worker)),
    ]
    return [{"term": term, "value": value} for term, value in lines if value]


def _child(referral: Referral) -> str:
    """The month in which the child was born or is expected: enough to know whether the program's window is open."""
    dyad = referral.episode.dyad
    day = dyad.birth_date or dyad.due_date
    if day is None:
        return ""
    month = {"month": format_day(day, "F Y")}
    return _("born in %(month)s") % month if dyad.birth_date else _("expected in %(month)s") % month


def _language(person: Person) -> str:
    """What they like to speak and what else they named, and whether an interpreter is wanted; empty where nobody has said."""
    speech = getattr(person, "speech", None)
    liked = language(person.language) if person.language not in {"", "other"} else ""
    named = speech.spoken if speech else ""
    wanted = {True: _("an interpreter is wanted"), False: _("no interpreter is needed")}
    if not (liked or named or (speech and speech.interpreter)):
        return ""
    said = (liked, named if named != liked else "", wanted.get(speech.interpreter, "") if speech else "")
    return " · ".join(filter(None, said))


def _since(referral: Referral) -> str:
    return clock.day(referral.episode.since)


def _worker(worker: Person) -> str:
    return worker.name
