"""How a letter leaves: asked anew, at the moment of sending, whether it still holds and which ways are safe now."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from inmind.access import adult_links, office_links
from inmind.access.actors import machine
from inmind.foundation import clock
from inmind.jobs.models import Job
from inmind.jobs.runner import Hopeless
from inmind.messages import actions
from inmind.messages.adapters import mail, texts
from inmind.messages.errors import NotTaken, Stopped, TryLater
from inmind.messages.models import Letter
from inmind.messages.outcomes import IS_TO_BE_ASKED, Problem, next_try
from inmind.people import reaching
from inmind.people.models import Contact
from inmind.people.reaching import Choice, Saying, Way

MAIL, TEXT = Letter.Channel.MAIL.value, Letter.Channel.TEXT.value
log = logging.getLogger("inmind.messages")


@dataclass(frozen=True, slots=True)
class Left:
    """By which channel a letter left, whether it only went into the outbox folder, and how the carrier calls it."""

    channel: str
    stayed: bool
    reference: str = ""


def deliver(job: Job) -> None:
    """Send outside any transaction, then write down what happened. Killed in between, it leaves again under the same id."""
    letter = Letter.objects.select_related("to", "link__organization", "office_of", "office_link").get(
        pk=job.payload["letter"]
    )
    if letter.is_over:
        return
    said = {"key": f"job:{job.pk}", "letter_id": str(letter.pk)}
    if (letter.link is not None and not adult_links.stands(letter.link)) or (
        letter.office_link is not None and not office_links.stands(letter.office_link)
    ):
        actions.link_over(machine("messages.deliver"), **said)
        return
    try:
        chosen = _chosen(letter)
        if chosen.opens is not None:
            actions.postponed(machine("messages.deliver"), until=chosen.opens, **said)
            return
        left = send(letter, chosen.now)
    except TryLater as later:
        log.warning("letter %s was not taken: %s", letter.pk, later.why)
        rests = next_try(letter.tries + 1, is_patient=_is_patient(letter))
        if rests is not None:
            actions.held_up(machine("messages.deliver"), until=clock.now() + rests, **said)
            return
        _give_up(job, letter, Problem.LATER, later)
    except Stopped as stopped:
        _give_up(job, letter, stopped.problem, stopped)
    else:
        actions.delivered(
            machine("messages.deliver"),
            channel=left.channel,
            stayed=left.stayed,
            reference=left.reference,
            **said,
        )


def _give_up(job: Job, letter: Letter, problem: Problem, why: Exception) -> None:
    """Write down why it will not leave. Where whoever runs the machine can mend that, `inmind doctor` counts the job."""
    actions.undelivered(
        machine("messages.deliver"), key=f"failed:{job.pk}", letter_id=str(letter.pk), problem=problem.value
    )
    if not _is_patient(letter) or problem not in IS_TO_BE_ASKED:
        raise Hopeless from why


def _is_patient(letter: Letter) -> bool:
    """Whether it goes to somebody outside, who waits for it, and whom those who wrote can ask about a wrong address."""
    return letter.link_id is not None or letter.office_of_id is not None


def given_up(job: Job) -> None:
    """The job died without a word of its own: its runners were stopped, or the program failed."""
    if not Letter.objects.get(pk=job.payload["letter"]).is_over:
        actions.undelivered(
            machine("messages.deliver"),
            key=f"dead:{job.pk}",
            letter_id=job.payload["letter"],
            problem=Problem.LATER.value,
        )


def _chosen(letter: Letter) -> Choice:
    """By which ways of the reader's own it may go, or from when on. Raises Stopped where there is none."""
    if letter.to is None:
        return Choice((Way(MAIL, json.loads(letter.facts or "{}")["address"], safe=True, may_say=Saying.AGENCY),))
    if letter.to.erased_at is not None:
        raise Stopped(Problem.ERASED)
    ways = [contact.way for contact in Contact.in_use(person=letter.to_id).order_by("created_at", "pk")]
    for each in channels(letter):
        chosen = reaching.choose(ways, each, at=_on_her_clock(letter))
        if chosen.shut is None:
            return chosen
    raise Stopped(Problem(str(chosen.shut)))


def _on_her_clock(letter: Letter) -> datetime:
    zone = letter.link.organization.zone if letter.link is not None else settings.INSTALLATION.zone
    return clock.now().astimezone(ZoneInfo(zone))


def channels(letter: Letter) -> list[list[str]]:
    """The channels that a letter may take: those that leave this machine, and only where she has none of them all the others,
    whose letters wait in a folder."""
    if letter.channel:
        return [[letter.channel]]
    if not texts.has_form(letter.template):
        return [[MAIL]]
    leaving = [channel for channel, leaves in ((TEXT, texts.port().leaves), (MAIL, mail.leaves())) if leaves]
    return [leaving, [TEXT, MAIL]] if len(leaving) == 1 else [[TEXT, MAIL]]


def send(letter: Letter, ways: Iterable[Way]) -> Left:
    """Send a letter by each of these ways of the first channel that takes it. One way that is refused stops no other.

    Raises TryLater where no way took it and one may later, else NotTaken.
    """
    faults: list[NotTaken | TryLater] = []
    for _channel, there in groupby(ways, key=lambda way: way.channel):
        left: Left | None = None
        for way in there:
            try:
                left = _sent(letter, way)
            except (NotTaken, TryLater) as fault:
                faults.append(fault)
        if left is not None:
            return left
    raise next((fault for fault in faults if isinstance(fault, TryLater)), faults[0])


def _sent(letter: Letter, way: Way) -> Left:
    named, language = f"{letter.template}-{letter.pk.hex[-6:]}", _language(letter)
    if way.channel == MAIL:
        subject, body = mail.written(letter.template, _facts(letter, way.may_say), language)
        mail.send(to=way.address, subject=subject, body=body, named=named, id=str(letter.pk))
        return Left(MAIL, stayed=not mail.leaves())
    for may_say in (way.may_say, Saying.NOTHING):  # a long name gives way to the neutral words
        body = texts.written(letter.template, _facts(letter, may_say), language)
        if len(body) <= texts.MOST_WORDS:
            break
    port = texts.port()
    called = port.send(to=way.address, body=body, named=named, id=str(letter.pk))
    return Left(TEXT, stayed=not port.leaves, reference=called)


def _language(letter: Letter) -> str:
    """The reader's own; of one to an office, the language in which its page was asked for, where that is known."""
    said = letter.to.language if letter.to else json.loads(letter.facts or "{}").get("language", "")
    return said or "en"


def _facts(letter: Letter, may_say: Saying) -> dict[str, Any]:
    """What a letter's words are made of. To an adult of a family it names the agency, and what it is about, only where she
    said that this may be said."""
    return {
        **json.loads(letter.facts or "{}"),
        "installation": settings.INSTALLATION,
        "site": settings.SITE,
        "person": letter.to,
        "agency": letter.link.organization.name if letter.link is not None and may_say >= Saying.AGENCY else "",
        "office_of": letter.office_of,
        "says_all": may_say >= Saying.ANYTHING,
    }
