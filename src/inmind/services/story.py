"""The referrals of the board's story: one that waited and began, one that was answered from a letter, one whose caller she can
see before the first call, one without a place; and a care plan in a family's own words."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

from django.conf import settings

from inmind.access import audit, consents, office_links, policy
from inmind.access.actors import Actor
from inmind.access.consents import SELF, Days, Holder, Purpose
from inmind.families import actions as families
from inmind.families.story import adult
from inmind.foundation import clock
from inmind.services.listings.actions import add_listing, say_opening
from inmind.services.listings.listing import Offers
from inmind.services.models import Listing
from inmind.services.plans import actions as plans
from inmind.services.plans.care_plan import HowFar, Kind, SeenBy
from inmind.services.plans.models import PlanItem
from inmind.services.referrals import actions, answer_actions, face_actions, invented_face
from inmind.services.referrals.models import Referral
from inmind.services.referrals.referral import State, Why
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task

# What is offered near Harbor: key, what it is, and what is said of it. All invented.
LISTINGS: tuple[tuple[str, Offers, Mapping[str, Any]], ...] = (
    (
        "nurses",
        Offers.PROGRAM,
        {
            "program": "nfp",
            "name": "A nurse who comes home, before the birth and after",
            "provider_name": "Lakeside Nurses",
            "refer_mail": "intake@lakeside.example",
            "phone": "555-0161",
            "languages": ("en", "es", "so"),
            "comes_home": True,
            "is_free": True,
        },
    ),
    (
        "talking",
        Offers.PROGRAM,
        {
            "program": "ipt_perinatal",
            "name": "Talking therapy for mothers",
            "provider_name": "Larkspur Women's Clinic",
            "refer_mail": "referrals@larkspur.example",
            "phone": "555-0162",
            "languages": ("en", "es"),
            "comes_home": False,
        },
    ),
    (
        "play",
        Offers.PROGRAM,
        {
            "program": "pcit_t",
            "name": "Therapy for parent and child together",
            "provider_name": "Ninth Street Child Center",
            "refer_phone": "555-0163",
            "phone": "555-0163",
            "languages": ("en",),
            "comes_home": False,
        },
    ),
    (
        "together",
        Offers.PROGRAM,
        {
            "program": "pat",
            "name": "Someone who plays with you at home",
            "provider_name": "Northside Parents Together",
            "refer_mail": "hello@northside.example",
            "phone": "555-0165",
            "languages": ("en", "es"),
            "comes_home": True,
            "is_free": True,
        },
    ),
    (
        "storytime",
        Offers.COMPANY,
        {
            "name": "Storytime for babies and who loves them",
            "provider_name": "Eastside Library",
            "phone": "555-0164",
            "languages": ("en", "es"),
            "hours": "Tuesdays and Thursdays at ten",
            "is_free": True,
        },
    ),
)


def tell(story: Any) -> None:
    """Add the scenes of listings and referrals."""
    story.scene("2026-07-15 15:00", _list, "nurses", "talking", "play", "storytime")
    story.scene("2027-02-15 15:00", _list, "together")
    story.scene("2026-07-15 15:10", _say_openings)
    story.scene("2026-07-30 11:00", _refer, "mateo", "luz", "talking", "Somebody to talk to while Mateo naps.")
    story.scene("2026-08-06 09:30", _note, "mateo", "luz", State.WAITLISTED, {"waits_until": "2026-09-28"})
    story.scene(
        "2026-09-28 14:00", _note, "mateo", "luz", State.CONTACTED, {"note": "They called her; Monday at nine."}
    )
    story.scene("2026-10-05 16:00", _note, "mateo", "luz", State.STARTED, {})
    story.scene("2027-01-13 10:00", _refer, "expected", "nadia", "nurses", "A woman who has seen many births.")
    nurses = ("expected", "intake@lakeside.example")
    story.scene("2027-01-13 16:20", _answers, *nurses, State.RECEIVED, {})
    story.scene(
        *("2027-01-15 12:00", _answers, *nurses, State.ACCEPTED),
        {
            "caller": "Grace Marsh",
            "calls_on": "2027-01-19",
            "calls_said": "Nurse since 2009, mother of two; speaks Somali.",
        },
    )
    story.scene("2027-01-19 17:00", _answers, *nurses, State.CONTACTED, {})
    story.scene("2027-01-26 17:00", _answers, *nurses, State.STARTED, {})
    story.scene("2027-03-01 10:00", _refer, "eli", "nadia", "together", "Somebody who plays with us. I am new here.")
    together = ("eli", "hello@northside.example")
    story.scene("2027-03-01 15:30", _answers, *together, State.RECEIVED, {})
    story.scene(
        *("2027-03-02 11:15", _answers, *together, State.ACCEPTED),
        {
            "caller": "Rosa",
            "calls_on": "2027-03-09",
            "calls_said": "I have visited families for twelve years, and I bring a bag of toys.",
        },
    )
    story.scene("2027-03-02 11:20", _shows_her_face, *together)
    story.scene("2026-10-20 11:00", _plan)
    story.scene("2026-12-15 11:00", _look_at_the_plan)
    story.scene("2027-02-24 11:00", _look_again)
    story.scene("2027-02-08 10:00", _refer, "oscar", "june", "play", "To play with him without being so tired.")
    story.scene("2027-02-15 10:00", _note, "oscar", "june", State.DECLINED, {"why": Why.NO_PLACE})
    story.scene("2027-02-17 14:00", _looked_for_next, "oscar", "june")


def _list(story: Any, *names: str) -> None:
    rosa, keeper = story.actor("rosa"), story.network.agencies[0]
    for key, offers, said in LISTINGS:
        if key in names:
            story.made[f"listing, {key}"] = add_listing(
                rosa, keeper=keeper, offers=offers, how=Listing.How.CALL, **said
            )


def _say_openings(story: Any) -> None:
    rosa = story.actor("rosa")
    say_opening(rosa, listing=story.made["listing, nurses"], free=3)
    say_opening(rosa, listing=story.made["listing, talking"], free=0, waits_days=56)


def _refer(story: Any, name: str, by: str, listing: str, hopes: str) -> None:
    """The first adult agrees, for herself, and is referred."""
    worker, episode, about, today = story.actor(by), story.made[name], adult(story, name), clock.today(story.zone)
    there: Listing = story.made[f"listing, {listing}"]
    agreed = consents.Consent(
        about=about.pk,
        about_child=False,
        recipient=there.provider_name,
        purpose=Purpose.CARE,
        kinds=frozenset({consents.Kind.SERVED, consents.Kind.WHEREABOUTS, consents.Kind.SAID}),
        days=Days(today),
        given_by=Holder(about.pk, about.name, SELF, None),
        since=today,
        until=today + timedelta(days=180),
        paper="In the family's folder",
        covered=True,
    )
    families.agree(worker, episode=episode, person=about, agreed=agreed, language="en", interpreter=False, edition="1")
    row = actions.draft(worker, episode=episode, about=about, to_call=about, listing=there, hopes=hopes)
    story.made[f"{name}, referral"] = actions.send(worker, referral=row).pk


def _note(story: Any, name: str, by: str, to: State, said: Mapping[str, Any]) -> None:
    actions.note_step(story.actor(by), referral=_of(story, name), to=to, on=clock.today(story.zone), **_with_days(said))


def _looked_for_next(story: Any, name: str, by: str) -> None:
    owed = Task.objects.get(about_id=_of(story, name).pk, why=answer_actions.NEXT, closed_at__isnull=True)
    done = "Looked together for what fits next. He would like to wait for a place there, and asks again in spring."
    tasks.close(story.actor(by), task=owed, done=done)


def _of(story: Any, name: str) -> Referral:
    return Referral.objects.get(pk=story.made[f"{name}, referral"])


def _with_days(said: Mapping[str, Any]) -> dict[str, Any]:
    return {**said, **{key: date.fromisoformat(said[key]) for key in ("calls_on", "waits_until") if key in said}}


# A program without an account: it opens the letter that lies in the outbox, and answers by its link.


def _answers(story: Any, name: str, address: str, to: State, said: Mapping[str, Any]) -> None:
    row = _of(story, name)
    answer_actions.answer(_opened(row, address), referral=row, to=to, on=clock.today(story.zone), **_with_days(said))


def _shows_her_face(story: Any, name: str, address: str) -> None:
    row, picture = _of(story, name), base64.b64encode(invented_face.drawn()).decode()
    face_actions.show_face(_opened(row, address), referral=row, kind="png", body=picture)


def _opened(row: Referral, address: str) -> Actor:
    """Whoever opens the letter about this referral, as the link in it lets them in; the opening is in the trail."""
    for letter in sorted(settings.EMAIL_FILE_PATH.glob("*.eml"), reverse=True):
        written = message_from_bytes(letter.read_bytes(), policy=default)
        body = written.get_body()
        found = re.search(r"/o/([^/\s]+)/", body.get_content() if body is not None else "")
        link = office_links.by_secret(found[1]) if found and written["To"] == address else None
        if link is not None and link.about == row.pk:
            actor = office_links.actor_of(link)
            audit.read(actor, "access.open_link", policy.can(actor, "access.open_link", link), about=link)
            return actor
    raise LookupError(f"no letter to {address} opens its referral")


# A plan in a mother's words, and how each sees it


def _plan(story: Any) -> None:
    luz, episode, elena = story.actor("luz"), story.made["mateo"], adult(story, "mateo")

    def line(kind: Kind, words: str, **more: Any) -> PlanItem:
        return plans.add_to_plan(luz, episode=episode, kind=kind, whose=elena, words=words, **more)

    line(Kind.STRENGTH, "I know each of his cries by now.")
    story.made["mateo, goal"] = line(Kind.GOAL, "That the three of us sleep, and I wake up as myself.", is_shared=True)
    line(Kind.STRATEGY, "Daniel takes the first hour, and I lie down.", moment="After supper", is_shared=True)
    plans.set_next_look(luz, episode=episode, next_on=date(2026, 12, 15))


def _seen(story: Any, by: SeenBy, how_far: HowFar, words: str) -> None:
    who = adult(story, "mateo") if by is SeenBy.FAMILY else None
    goal = story.made["mateo, goal"]
    plans.say_how_seen(story.actor("luz"), goal=goal, by=by, who=who, how_far=how_far, words=words)


def _look_at_the_plan(story: Any) -> None:
    _seen(story, SeenBy.FAMILY, HowFar.A_LITTLE, "Some nights. Before, there was none.")
    _seen(story, SeenBy.WORKER, HowFar.A_LITTLE, "She laughed today while she told me of the night.")
    plans.set_next_look(story.actor("luz"), episode=story.made["mateo"], next_on=date(2027, 2, 24))


def _look_again(story: Any) -> None:
    _seen(story, SeenBy.FAMILY, HowFar.OFTEN, "Four nights of seven.")
    plans.give_handout(
        story.actor("luz"), episode=story.made["mateo"], to=adult(story, "mateo"), handout="reading-together"
    )
    plans.set_next_look(story.actor("luz"), episode=story.made["mateo"], next_on=date(2027, 4, 7))
