"""What a worker takes along to screen without a signal, and how the answers come back from it.

Taken along are what is due and the forms it is answered on, in our own short labels: no earlier answer, no result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.act import Act
from inmind.access.actors import Actor
from inmind.families.models import Episode, Participation
from inmind.foundation.entries import Done, Entry
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.identity import new_id
from inmind.foundation.registries import Brought, Carried, house
from inmind.foundation.values import N_
from inmind.people.models import Person
from inmind.screening import actions, due, due_views, paper, queries, scoring, sittings
from inmind.screening.adapters.catalog import batteries, catalog
from inmind.screening.check_in import DOORS, LONGEST, Door
from inmind.screening.check_in_actions import check_in
from inmind.screening.check_in_models import CheckIn
from inmind.screening.crisis_items import crisis_of
from inmind.screening.instruments import Answers, Instrument
from inmind.screening.models import Screen
from inmind.screening.own_page_views import offered
from inmind.screening.said import choice_said
from inmind.screening.schedule import Due, State
from inmind.screening.views import how

NOW = (State.OVERDUE, State.DUE, State.EACH_VISIT)


def offer() -> None:
    house.offer(
        Carried("screening", 20, carried),
        Brought("check_in", "screening.check_in", say, owner=_adult, said=_check_in_said, heed=heed_check_in),
        Brought("screen_begin", "screening.begin", begin, owner=_subject_said, said=_begun_said, by_hand=_own_page),
        *(
            Brought(kind, verb, take, owner=_subject, said=_answers_said, by_hand=_form, heed=heed)
            for kind, verb, take in (
                ("screen_answers", "screening.answer", answer),
                ("screen_finish", "screening.finish", finish),
            )
        ),
    )


# Taken along


def carried(actor: Actor, episodes: Sequence[Episode]) -> tuple[dict[str, Any], dict[UUID, dict[str, Any]]]:
    """What is due for each child, and for each adult whom the actor may ask; and the forms, each once: those that are due, and
    all that an adult can be asked at any time.

    A line says whose it is by `subject`: what is asked of an adult is hers, and stands in nothing of the child's.
    """
    seen = policy.visible(actor, Episode.objects.filter(pk__in=[one.pk for one in episodes]), due.SEE)
    reached = set(seen.values_list("pk", flat=True))
    forms: dict[str, dict[str, Any]] = {}
    families = {}
    for family in due.of_families(actor, [one for one in episodes if one.pk in reached]):
        lines: list[dict[str, Any]] = []
        for person, item in family.open(*NOW):
            subject = str(person.pk if person else family.episode.dyad.child_id)
            begun = {(line["subject"], line["form"]) for line in lines if line["form"]}
            asked = [{**line, "subject": subject} for line in _lines(item, forms)]
            lines += [line for line in asked if (subject, line["form"]) not in begun]  # asked for twice, and done once
        families[family.episode.pk] = {"due": lines}
    for instrument in offered(about_a_child=False) if families else ():
        _put(forms, instrument, instrument, f"{instrument.key}@{instrument.edition}")
    return {"forms": forms}, families


def _lines(item: Due, forms: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One line; of a battery one for each part that is about the child, with the age form on which it is printed."""
    tool, last = due.tool_at_hand(item), item.facts.get("last")
    line = {
        "what": due_views.title(item),
        "instrument": None,
        "informant": None,
        "by": last.isoformat() if isinstance(last, date) else None,
        "late": item.state is State.OVERDUE,
        "form": None,
        "printed": "",
    }
    battery = batteries().get(tool.key) if tool else None
    printed = battery.form_at(item.age.months) if battery and item.age else None
    of_child = [catalog()[part] for part in printed.parts if catalog()[part].is_about_a_child] if printed else []
    instrument = catalog().get(tool.key) if tool else None
    if instrument is not None:
        yield {**line, "instrument": instrument.key, "form": _form_key(instrument, item, forms)}
    for part in of_child:
        what = f"{line['what']}: {part.short_name}"
        form = _form_key(part, item, forms) if part.fits_a_page else None
        yield {**line, "what": what, "instrument": part.key, "form": form, "printed": printed.name if printed else ""}
    if instrument is None and not of_child:
        yield line


def _form_key(instrument: Instrument, item: Due, forms: dict[str, dict[str, Any]]) -> str | None:
    """The form's place in the parcel, where it is put when it is first wanted; None for one that cannot be taken along.

    One whose items differ by age stands there once for each age at which it is wanted.
    """
    here, key = instrument, f"{instrument.key}@{instrument.edition}"
    if instrument.needs_age and item.age is not None:
        here = instrument.at(item.age.months)
        if here.items != instrument.items:
            key += f":{item.age.months}"
    return key if _put(forms, instrument, here, key) else None


def _put(forms: dict[str, dict[str, Any]], instrument: Instrument, here: Instrument, key: str) -> bool:
    """Put a form into the parcel, once; whether it can be taken along."""
    if key not in forms:
        try:
            forms[key] = form_of(instrument, here)
        except NotNow:
            return False
    return True


def form_of(instrument: Instrument, here: Instrument) -> dict[str, Any]:
    """A form as the page on a device draws it: our labels, and the points that each answer stands for. here: its rules at the
    child's age. Raises NotNow for one whose crisis answers a device could not tell."""
    language = get_language() or "en"
    asked = {item.key for item in here.items}
    return {
        "instrument": instrument.key,
        "edition": instrument.edition,
        "title": instrument.name,
        "about": "child" if instrument.is_about_a_child else "adult",
        "items": [
            {
                "key": item.key,
                "label": item.label_in(language),
                "number": item.number,
                "choices": [
                    {
                        "points": item.from_first[choice.value - 1] if choice.is_position else choice.value,
                        "label": (words := choice_said(choice))["long"],
                        "short": words["short"],
                        "digit": words["digits"],
                    }
                    for choice in paper.choices(instrument, item)
                ],
            }
            for item in here.items
        ],
        "crisis": [one for one in crisis_of(instrument) if one["item"] in asked],
        "note": " ".join(how(here, instrument)),
    }


# Brought back


def say(actor: Actor, entry: Entry) -> Done:
    """A check-in, with the adult of whom the entry is. Who asked for help is called about now."""
    episode = Episode.objects.select_related("organization", "dyad__child").filter(pk=entry.episode).first()
    adult = _person(episode, entry, "about") if episode is not None else None
    if episode is None or adult is None:
        raise BadInput(N_("Nobody is named whom this is about."), field="about")
    made = check_in(actor, key=str(entry.id), episode=episode, adult=adult, **_said_at_a_door(entry))
    return Done(made, reverse("check_in", args=[made.pk]), made.door == Door.NOW)


def _said_at_a_door(entry: Entry) -> dict[str, Any]:
    words = {"door": entry.words("door", 8), "about": entry.words("topic", 12), "text": entry.words("text", LONGEST)}
    return {**words, "id": entry.id, "given_at": entry.at}


def _adult(entry: Entry, _earlier: Sequence[Entry]) -> UUID | None:
    return entry.id_or_none("about")


def _check_in_said(entry: Entry) -> Iterator[tuple[str, str]]:
    door = entry.words("door", 8)
    yield _("Said"), _(DOORS[Door(door)]) if door in set(Door) else door
    if words := entry.words("text", LONGEST):
        yield _("In her words"), words


def heed_check_in(act: Act, entry: Entry, _earlier: Sequence[Entry], episode: Episode) -> None:
    """Help was asked for, and that cannot be kept as it came: it is, dated today, and a person is called."""
    adult = _hers(episode, entry, "about")
    taken = CheckIn.objects.filter(pk=entry.id).exists()
    if entry.body.get("door") == Door.NOW and adult is not None and not taken:
        act.concerns(check_in(act, episode=episode, adult=adult, door=Door.NOW, id=entry.id, given_at=entry.at))


def begin(actor: Actor, entry: Entry) -> Done:
    """Begin a screen under the id that the device gave it."""
    episode = Episode.objects.select_related("organization", "dyad__child").filter(pk=entry.episode).first()
    instrument = catalog().of(entry.words("instrument", 40), entry.words("edition", 40))
    if episode is None or instrument is None:
        raise BadInput(
            N_("The form that was answered is not here in this edition, or its family is not."),
            N_("A screen is begun with the rules that it was answered by."),
            N_("Enter it from what was marked."),
        )
    subject, informant = _person(episode, entry, "subject"), _person(episode, entry, "informant")
    if subject is None:
        raise BadInput(N_("Nobody is named whom this is about."), field="subject")
    made = actions.begin(
        actor,
        key=str(entry.id),
        episode=episode,
        subject=subject,
        instrument=instrument,
        on=entry.day("on"),
        language=entry.words("language", 12),
        informant=informant,
        form=entry.words("form", 8) or _form_of_the_day(instrument, episode, entry.day("on")),
        id=entry.id_of("id"),
    )
    return Done(made, reverse("screen_enter", args=[made.pk]))


def _form_of_the_day(instrument: Instrument, episode: Episode, on: date) -> str:
    """Of a part of a battery, the age form for the child on that day, which is what the device named; empty for all else."""
    battery = queries.battery_of(instrument) if instrument.is_about_a_child else None
    ages = sittings.ages_of(battery, episode, on) if battery else None
    form = battery.form_at(ages.used.months) if battery and ages else None
    return form.name if form else ""


def _person(episode: Episode, entry: Entry, name: str) -> Person | None:
    """Somebody of the episode, as the record stands since a merge; None where nobody is named. Raises BadInput."""
    pk = entry.id_or_none(name)
    if pk is None:
        return None
    there = house.forwarded([pk]).get(pk, pk)
    found = Person.objects.filter(pk=there, participations__episode=episode).first()
    if found is None:
        raise BadInput(N_("This person takes no part in this episode."), field=name)
    return found


def _hers(episode: Episode, entry: Entry | None, name: str) -> Person | None:
    """The adult of the family whom an entry names; where it names none that can be found, the only one that there is."""
    try:
        named = entry.id_or_none(name) if entry is not None else None
    except BadInput:
        named = None
    there = house.forwarded([named]).get(named, named) if named else None
    part = Participation.Part.ADULT
    adults = list(Person.objects.filter(participations__episode=episode, participations__part=part).distinct()[:50])
    alone = adults[0] if len(adults) == 1 else None
    return next((one for one in adults if one.pk == there), alone)


def _free(entry: Entry) -> UUID | None:
    """The id of a screen that is nowhere yet: what an entry says, or a fresh one; None where its screen is another family's."""
    try:
        pk = entry.id_of("screen")
    except BadInput:
        return new_id()
    return None if Screen.objects.filter(pk=pk).exists() else pk


def answer(actor: Actor, entry: Entry) -> Done:
    """Keep answers as they were given; one that needs a person calls one now, and says when it was given."""
    screen = _screen(entry)
    before = screen.answers
    kept = actions.answer(actor, key=str(entry.id), screen=screen, answers=entry.points("answers"), given_at=entry.at)
    return _done(kept, before)


def finish(actor: Actor, entry: Entry) -> Done:
    screen = _screen(entry)
    before = screen.answers
    said = entry.points("answers") if "answers" in entry.body else {}
    kept = actions.finish(actor, key=str(entry.id), screen=screen, answers=said, given_at=entry.at)
    return _done(kept, before)


def _done(screen: Screen, before: Mapping[str, int | None]) -> Done:
    helps = bool(scoring.new_crises(queries.instrument_of(screen), before, screen.answers))
    page = "screen_enter" if screen.state == Screen.State.OPEN else "screen"
    return Done(screen, reverse("screen_help" if helps else page, args=[screen.pk]), helps)


def _there(entry: Entry) -> Screen | None:
    """The screen that an entry names, within the family that it names."""
    rows = Screen.objects.select_related("subject", "episode__organization", "episode__dyad")
    try:
        return rows.filter(pk=entry.id_or_none("screen"), episode=entry.episode).first()
    except BadInput:
        return None


def _screen(entry: Entry) -> Screen:
    screen = _there(entry)
    if screen is None:
        raise BadInput(
            N_("The screen that these answers belong to is not here."),
            N_("It could not be begun, or belongs to another family."),
            N_("Begin it by hand, and enter what was marked."),
        )
    return screen


def heed(act: Act, entry: Entry, earlier: Sequence[Entry], episode: Episode) -> None:
    """Answers that cannot be kept may still need a person now: somebody is called, as if they had been kept."""
    screen = _there(entry)
    instrument = queries.instrument_of(screen) if screen else _instrument_of(_points(entry))
    said = _readable(entry, instrument)
    if instrument is None or not any(flag.is_crisis for flag in scoring.flags(instrument, said)):
        return
    if screen is not None:
        act.concerns(actions.heed(act, screen=screen, answers=said, given_at=entry.at))
        return
    subject = _hers(episode, _begun(entry, earlier), "subject")
    pk = _free(entry)
    if subject is not None and pk is not None and not instrument.is_about_a_child:
        actions.heed_anew(
            act, episode=episode, subject=subject, instrument=instrument, answers=said, id=pk, given_at=entry.at
        )


def _points(entry: Entry) -> dict[str, int | None]:
    """Whatever stands where answers do, and is a number or left blank."""
    said = entry.body.get("answers")
    given = said.items() if isinstance(said, Mapping) else ()
    return {key: points for key, points in given if points is None or type(points) is int}


def _readable(entry: Entry, instrument: Instrument | None) -> Answers:
    """As much of the answers as can be one; the rest is left out."""
    items = {item.key: item.values for item in instrument.items} if instrument else {}
    found = _points(entry).items()
    return Answers({key: points for key, points in found if points is None or points in items.get(key, ())})


def _instrument_of(answers: Mapping[str, int | None]) -> Instrument | None:
    """The instrument whose items these are."""
    known = (one for one in catalog().values() if any(item.key in answers for item in one.items))
    return next(known, None)


def _subject(entry: Entry, earlier: Sequence[Entry]) -> UUID | None:
    """Whose answers these are: of the screen, or of the one that could not be begun."""
    screen, begun = _there(entry), _begun(entry, earlier)
    if screen is not None:
        return screen.subject_id
    return begun.id_or_none("subject") if begun is not None else None


def _begun(entry: Entry, earlier: Sequence[Entry]) -> Entry | None:
    """The beginning of an entry's screen, where that was not kept."""
    pk = entry.body.get("screen")
    return next((one for one in earlier if one.kind == "screen_begin" and one.body.get("id") == pk), None)


def _subject_said(entry: Entry, _earlier: Sequence[Entry]) -> UUID | None:
    return entry.id_or_none("subject")


def _own_page(entry: Entry) -> str:
    """Her own page, where a screen is begun."""
    subject = entry.id_or_none("subject")
    there = subject and Participation.objects.filter(episode=entry.episode, person=subject).exists()
    return reverse("caregiver", args=[entry.episode, subject]) if there else ""


def _form(entry: Entry) -> str:
    """The form into which what was marked is entered, where its screen is there."""
    screen = _there(entry)
    return reverse("screen_enter", args=[screen.pk]) if screen else ""


def _begun_said(entry: Entry) -> Iterator[tuple[str, str]]:
    instrument = catalog().of(str(entry.body.get("instrument")), str(entry.body.get("edition")))
    yield _("Screen"), instrument.short_name if instrument else str(entry.body.get("instrument", ""))
    yield _("Day"), str(entry.body.get("on", ""))


def _answers_said(entry: Entry) -> Iterator[tuple[str, str]]:
    """What was marked, item by item, as it stands on paper."""
    instrument = _instrument_of(_points(entry))
    if instrument is None:
        return
    said = _readable(entry, instrument)
    for item in instrument.items:
        if item.key in said:
            choice = paper.choice_of(instrument, item, said[item.key])
            label = f"{item.number}. {item.label_in(get_language() or 'en')}"
            yield label, choice_said(choice)["long"] if choice else _("left blank")
