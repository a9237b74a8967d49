"""The screens of a demonstration: most are calm, some are worth a closer look, one answer needs a person now."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from django.conf import settings

from inmind.families import queries as families
from inmind.families.models import Assignment, Episode
from inmind.foundation import clock
from inmind.foundation.values import month_reached
from inmind.screening import actions, due, sittings
from inmind.screening.adapters.catalog import batteries, catalog
from inmind.screening.instruments import Answers, Instrument
from inmind.screening.models import Screen

SMALL = 500
ONE_IN = 4  # families of a large network with a screen
BATCH = 200


def make(network: Any, *, size: int, seed: int, said: Any) -> None:
    """Screen an adult in every second family of a small network, in every fourth of a large one."""
    random = Random(seed + 2)
    if size > SMALL:
        _screen_many(network, random, said)
        return
    episodes = list(Episode.objects.select_related("organization", "dyad__child").order_by("created_at", "pk"))
    today = clock.today(settings.INSTALLATION.zone)
    for number, episode in enumerate(episodes):
        if number % 2:
            continue
        serving = Assignment.in_force(today).filter(episode=episode).select_related("worker__account")
        worker = serving.order_by("since", "pk").first()
        adults = families.adults(episode, today)
        if worker is None or not adults:
            continue
        instrument = catalog().named("phq9" if number % 4 else "epds")
        calm = random.random() < 0.7
        _record(
            network.actor(worker.worker.account.username),
            episode,
            adults[0].person,
            instrument,
            _answers(random, instrument, calm),
            days=min(
                number % 9 + 1, (clock.today(episode.organization.zone) - worker.since).days
            ),  # nobody screens before she serves
        )
    _over_time(network, episodes)
    _of_a_child(network, episodes)
    _done_elsewhere(network, episodes)
    _one_that_needs_a_person(network, episodes)


def _over_time(network: Any, episodes: list[Episode]) -> None:
    """One mother answered three times, and a brief form today; what was first entered wrongly is corrected."""
    luz = network.actor("luz")
    mine = _served_by(luz, episodes)
    if not mine:
        return
    episode = mine[0]
    subject = families.adults(episode, clock.today(settings.INSTALLATION.zone))[0].person
    epds, phq2 = catalog().named("epds"), catalog().named("phq2")
    for days, total in ((56, 14), (28, 11), (0, 6)):
        if clock.today(episode.organization.zone) - timedelta(days=days) < episode.first_day:
            continue
        _record(luz, episode, subject, epds, _adding_up_to(epds, total), days=days)
    _record(luz, episode, subject, phq2, Answers({"phq2_1": 2, "phq2_2": 1}), days=0)
    first = Screen.objects.filter(episode=episode, subject=subject, instrument="epds").order_by("on", "pk").first()
    if first is not None:
        actions.correct(
            luz, screen=first, answers={"epds_9": 1}, reason="The mark at crying was read in the row above."
        )


def _of_a_child(network: Any, episodes: list[Episode]) -> None:
    """A toddler whose mother answered the M-CHAT-R, with some answers that are worth a closer look."""
    mchatr = catalog().named("mchatr")
    ages = mchatr.ages
    today = clock.today(settings.INSTALLATION.zone)
    luz = network.actor("luz")
    for episode in _served_by(luz, episodes):
        age = families.age(episode.dyad, today)
        if age is None or ages is None or not ages.low <= age.months <= ages.high:
            continue
        answers = {item.key: int(item.number in {2, 7, 9, 16}) for item in mchatr.items}
        adult = families.adults(episode, today)[0].person
        on = clock.today(episode.organization.zone)
        screen = actions.begin(
            luz, episode=episode, subject=episode.dyad.child, instrument=mchatr, on=on, informant=adult
        )
        actions.finish(luz, screen=screen, answers=answers)
        _swyc(luz, episode, adult)
        return


def _swyc(by: Any, episode: Episode, adult: Any) -> None:
    """The same day's SWYC, as far as the visit went: its first parts about the child; what is asked of the adult waits."""
    on, battery = clock.today(episode.organization.zone), batteries()["swyc"]
    ages = sittings.ages_of(battery, episode, on)
    form = battery.form_at(ages.used.months) if ages else None
    if form is None:
        return
    for part in form.parts[:2]:
        instrument = catalog().named(part)
        screen = actions.begin(
            by,
            episode=episode,
            subject=episode.dyad.child,
            instrument=instrument,
            on=on,
            informant=adult,
            form=form.name,
        )
        actions.finish(
            by, screen=screen, answers={item.key: item.number % len(item.values) for item in instrument.items}
        )


def _done_elsewhere(network: Any, episodes: list[Episode]) -> None:
    """Every second toddler's screen at nine months was done at a clinic, as the papers that the mother brought say."""
    luz = network.actor("luz")
    asked = due.asked_for("developmental")
    assert asked is not None
    for episode in _served_by(luz, episodes)[::2]:
        born = episode.dyad.birth_date
        if born is not None and (on := month_reached(born, 9)) < clock.today(episode.organization.zone):
            actions.note_done(luz, episode=episode, asked=asked, on=on)


def _served_by(worker: Any, episodes: list[Episode]) -> list[Episode]:
    today = clock.today(settings.INSTALLATION.zone)
    return [one for one in episodes if any(row.worker_id == worker.person for row in families.team(one, today))]


def _adding_up_to(instrument: Instrument, total: int) -> Answers:
    """Answers of this total, none of them about self-harm."""
    critical = {each.item for each in instrument.critical}
    points: dict[str, int | None] = {}
    for item in instrument.items:
        points[item.key] = 0 if item.key in critical else min(item.values[-1], total)
        total -= points[item.key] or 0
    return Answers(points)


def _record(by: Any, episode: Episode, subject: Any, instrument: Instrument, answers: Answers, *, days: int) -> None:
    with clock.at(clock.now() - timedelta(days=days)):
        on = clock.today(episode.organization.zone)
        screen = actions.begin(by, episode=episode, subject=subject, instrument=instrument, on=on)
        actions.finish(by, screen=screen, answers=dict(answers))


def _screen_many(network: Any, random: Random, said: Any) -> None:
    """By the home visitors of a large network, today, in batches on their behalf; nobody needs a person now."""
    today = clock.today(settings.INSTALLATION.zone)
    serving = Assignment.in_force(today).order_by("worker", "pk").values_list("pk", flat=True)
    chosen = list(serving)[::ONE_IN]
    for start in range(0, len(chosen), BATCH):
        stretch = chosen[start : start + BATCH]
        network.together(lambda act, stretch=stretch: _record_many(network, act, random, stretch))
        said(start + len(stretch), len(chosen), "screens")


def _record_many(network: Any, act: Any, random: Random, chosen: list[Any]) -> None:
    rows = Assignment.objects.filter(pk__in=chosen).order_by("worker", "pk")
    by: dict[str, Any] = {}
    for row in rows.select_related("worker__account", "episode__organization", "episode__dyad__child"):
        username = row.worker.account.username
        if username not in by:
            by[username] = network.on_behalf(act, network.actor(username))
        instrument = catalog().named(random.choice(("epds", "phq9")))
        on = clock.today(row.episode.organization.zone)
        subject = families.adults(row.episode, on)[0].person
        answers = dict(_answers(random, instrument, random.random() < 0.7))
        actions.record(
            by[username],
            episode=row.episode,
            subject=subject,
            instrument=instrument,
            answers=answers,
            on=on,
        )


def _answers(random: Random, instrument: Instrument, calm: bool) -> Answers:
    """Invented answers; nothing about self-harm, and now and then a blank."""
    critical = {each.item for each in instrument.critical}
    points = {
        item.key: 0 if item.key in critical else random.choice((0, 0, 0, 1) if calm else (0, 1, 2, 3))
        for item in instrument.items
    }
    marked: dict[str, int | None] = dict(points)
    if random.random() < 0.2:
        marked[instrument.items[0].key] = None
    return Answers(marked)


def _one_that_needs_a_person(network: Any, episodes: list[Episode]) -> None:
    """Ten minutes ago, in a family of the first agency's home visitor; its on-call clinician sees it first on Today."""
    luz = network.actor("luz")
    mine = _served_by(luz, episodes)
    if not mine:
        return
    episode = mine[-1]
    subject = families.adults(episode, clock.today(settings.INSTALLATION.zone))[0].person
    instrument = catalog().named("epds")
    with clock.at(clock.now() - timedelta(minutes=10)):
        screen = actions.begin(
            luz, episode=episode, subject=subject, instrument=instrument, on=clock.today(episode.organization.zone)
        )
        actions.answer(luz, screen=screen, answers={"epds_10": 1})
