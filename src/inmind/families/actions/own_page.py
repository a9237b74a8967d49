"""An adult's own page: sent, handed over and taken back by the care team; and what she changes on it herself, by its link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.conf import settings

from inmind.access import adult_links
from inmind.access.act import Act, action
from inmind.access.models import AdultLink
from inmind.access.privacy import stop_if_erased
from inmind.families import queries
from inmind.families.actions.people import describe_speech, keep_way
from inmind.families.actions.visits import change_map
from inmind.families.models import Episode
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.messages import actions as messages
from inmind.people import reaching
from inmind.people.models import Contact, Person
from inmind.people.reaching import Saying, Way
from inmind.records.likeness import digits_of

WRITTEN = (Contact.Channel.MAIL, Contact.Channel.TEXT)  # by which a letter with a link can leave


@action("families.send_own_page", on="episode")
def send_own_page(act: Act, *, episode: Episode, person: Person) -> AdultLink:
    """Send an adult the link to her own page, by a way that she said is safe. It takes the place of the one before."""
    _check_adult(act, episode, person)
    if not Contact.in_use(person=person, channel__in=WRITTEN, safe=True).exists():
        raise NotNow(
            N_("No safe way to write to them is known."),
            N_("A link goes only where they said that it is safe."),
            N_("Ask them, or show the link on your screen while you are together."),
        )
    link, secret = _made(act, episode, person)
    messages.tell(
        act,
        to=person,
        template="own_page_link",
        facts={"secret": secret},
        about_kind=AdultLink._meta.label,
        about_id=link.pk,
    )
    return link


@action("families.hand_own_page", on="episode")
def hand_own_page(act: Act, *, episode: Episode, person: Person) -> str:
    """Make the same link, to be shown once on the worker's screen; its secret stands nowhere else."""
    _check_adult(act, episode, person)
    return _made(act, episode, person)[1]


@action("families.end_own_page", on="episode")
def end_own_page(act: Act, *, episode: Episode, person: Person) -> None:
    """Take the link back: it opens nothing from the next request on."""
    act.subjects.add(("person", person.pk))
    for link in AdultLink.objects.filter(
        person=person, episode=episode.pk, purpose=AdultLink.Purpose.OWN_PAGE, ended_at__isnull=True
    ):
        adult_links.end(act, link)


def _check_adult(act: Act, episode: Episode, person: Person) -> None:
    if person.pk not in {one.person.pk for one in queries.adults(episode, act.today())}:
        raise BadInput(
            N_("This person takes no part in this episode."), N_("Choose an adult of this family."), field="person"
        )
    stop_if_erased([person.pk])


def _made(act: Act, episode: Episode, person: Person) -> tuple[AdultLink, str]:
    act.subjects.add(("person", person.pk))
    return adult_links.make(
        act,
        person=person,
        episode=episode.pk,
        organization=episode.organization,
        purpose=AdultLink.Purpose.OWN_PAGE,
    )


# By herself


def _episode(link: AdultLink) -> Episode:
    return Episode.objects.select_related("organization", "dyad__child").get(pk=link.episode)


@action("families.choose_my_language", on="link")
def choose_my_language(act: Act, *, link: AdultLink, language: str) -> None:
    """The language that she likes; which others she speaks, and an interpreter, stay as they were said."""
    if language not in dict(settings.LANGUAGES):
        raise BadInput(N_("This language is not on the list."), N_("Choose one from the list."), field="language")
    known = getattr(link.person, "speech", None)
    describe_speech(
        act,
        episode=_episode(link),
        person=link.person,
        language=language,
        spoken=known.spoken if known else "",
        interpreter=known.interpreter if known else None,
    )


@action("families.say_my_way", on="link")
def say_my_way(act: Act, *, link: AdultLink, way: Way, is_sure: bool) -> Contact:
    """A way to reach her that she says is safe, once she was asked whether it is; only neutral words go there. The number
    or address that is known already is the same way, with other hours."""
    if not is_sure:
        raise BadInput(N_("Nothing is kept as safe before you said so."), N_("Say that it is safe."), field="is_sure")
    is_text = way.channel == Contact.Channel.TEXT
    address = reaching.text_number(way.address, field="address") if is_text else way.address.strip()
    known = Contact.in_use(person=link.person, channel=way.channel, address=address).first()
    said = replace(
        way, address=address, safe=True, may_say=Saying(known.may_say) if known and known.safe else Saying.NOTHING
    )
    return keep_way(act, episode=_episode(link), person=link.person, way=said, instead_of=known.pk if known else None)


@action("families.my_way_is_not_safe", on="link")
def my_way_is_not_safe(act: Act, *, link: AdultLink, way: UUID) -> Contact:
    """Nobody writes or calls there any more, from now on: a number that is known for texts and for calls is safe for neither."""
    known = Contact.in_use(person=link.person, pk=way).first()
    if known is None:
        raise BadInput(N_("This way is not known here."), N_("Choose one from the list."), field="way")
    number = digits_of([known.address])
    ways = [one for one in Contact.in_use(person=link.person, safe=True) if number & digits_of([one.address])]
    for one in (*(other for other in ways if other.pk != known.pk), known):
        kept = keep_way(
            act,
            episode=_episode(link),
            person=link.person,
            way=replace(one.way, safe=False),
            shown_to_others=one.shown_to_others,
            instead_of=one.pk,
        )
    return kept


@action("families.change_my_map", on="link")
def change_my_map(act: Act, *, link: AdultLink, wishes: Mapping[str, tuple[str, bool]]) -> None:
    """Draw the map as she wants it: herself and those who serve. Another adult of the family is not hers to rename."""
    episode = _episode(link)
    others = {str(one.person.pk) for one in queries.adults(episode, act.today())} - {str(link.person_id)}
    if others & set(wishes):
        raise BadInput(
            N_("Somebody here does not stand on your map."), N_("Open the page again to see who is there now.")
        )
    change_map(act, episode=episode, wishes=wishes)
