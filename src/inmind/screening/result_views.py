"""A result: points, band, what it asks of us, the words for the family, and what it said before it was corrected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.families.ages import ages
from inmind.foundation import clock, reviews
from inmind.foundation.components import Band, Cutoff, RangePicture
from inmind.foundation.entries import Clock, clock_of
from inmind.foundation.forms import fresh_key
from inmind.foundation.values import N_
from inmind.people.models import Person
from inmind.screening import (
    caveats,
    closer_views,
    due,
    due_views,
    plain,
    queries,
    scoring,
    sendings,
    sittings,
    tables,
    taken_back_views,
    words,
)
from inmind.screening.adapters.catalog import catalog
from inmind.screening.follow_on import FollowOn
from inmind.screening.instruments import Instrument
from inmind.screening.models import EarlierResult, Screen
from inmind.screening.said import (
    answer_said,
    counted,
    name_of,
    note_said,
    numbered,
    part_names,
    taken_back_said,
    verdict_of,
)

RELATED = ("subject", "informant", "follows", "episode__organization", "episode__dyad")
# What a full-length screen of the same day makes of a positive brief one.
_ANSWERED = {
    FollowOn.CLOSED: N_("A full-length screen of the same day was negative: it closes this one."),
    FollowOn.STANDS: N_("A full-length screen of the same day was positive too: go on with that one."),
}
_PART_ANSWERED = {
    FollowOn.CLOSED: N_(
        "A full-length screen of the same day was negative: it closes the part on mood, and no other answer."
    ),
    FollowOn.STANDS: N_("A full-length screen of the same day was positive too: for mood, go on with that one."),
}
SPOKEN = ("en", "es")  # the languages in which the words for the family are written


def spoken(language: str) -> str:
    """In which of them somebody is told: in her language; where that is not known or none of them, in the reader's."""
    return next(each for each in (language[:2], (get_language() or "")[:2], *SPOKEN) if each in SPOKEN)


@door("screening.see")
def see(request: Asked, screen: UUID) -> HttpResponse:
    """The result: points, band, cut-offs, source and licence; or the possible range while answers are blank."""
    there, _verdict = opened(request, "screening.see", Screen, screen, related=RELATED)
    if there.taken_back_at is not None:
        return taken_back_views.shown(request, there, name_of(there))
    instrument = queries.instrument_of(there)
    if there.state == Screen.State.OPEN and policy.can(request.actor, "screening.answer", there):
        return redirect("screen_enter", screen=there.pk)
    is_closed = there.state != Screen.State.OPEN
    leads = queries.leads_to(there) if is_closed else FollowOn.NOTHING
    result = queries.result_of(there)
    may_begin = bool(policy.can(request.actor, "screening.begin", there.episode))
    context = {
        "screen": there,
        "result": shown_result(there, instrument),
        "is_crisis": queries.is_crisis(there),
        "changed": changed_since(there, with_answers=True),
        "may_team": may_begin,
        "may_correct": is_closed and bool(policy.can(request.actor, "screening.correct", there)),
        "may_take_back": is_closed and bool(policy.can(request.actor, "screening.take_back", there)),
        "is_corrected": there.earlier.exists(),
        "rule": instrument.prematurity,
        "says_nothing_about_safety": ""
        if instrument.is_about_a_child or instrument.asks_about_safety
        else _(words.SAYS_NOTHING_ABOUT_SAFETY),
        "parts": _parts(result, instrument),
        "part_columns": [{"label": label} for label in (_("Part"), _("Points"), _("Cut-off"))],
        "parts_decide": any(part.subscale.counts for part in result.parts),
        "to_talk_about": [numbered(instrument, flag.item) for flag in result.flags if not flag.is_crisis],
        "sitting": sittings.sitting_of(request, there),
        "next_step": None if leads in _ANSWERED else _next_step(there, instrument),
        "stands": _((_ANSWERED if instrument.full_length else _PART_ANSWERED)[leads]) if leads in _ANSWERED else "",
        "ways": _ways(there, instrument, leads) if may_begin and is_closed else [],
        "is_closer": is_closed
        and leads not in _ANSWERED
        and queries.is_to_talk_about(instrument, there.band, there.is_positive),
        "plan_url": closer_views.plan_url(request, there.episode),
        "family": _for_the_family(there, instrument) if is_closed else None,
    }
    return render(request, "screening/result.html", context)


def shown_result(screen: Screen, instrument: Instrument) -> dict[str, Any]:
    """A result in the words of parts/result.html."""
    result, here = queries.result_of(screen), queries.asked_at(screen)
    return {
        "id": f"screen-{screen.pk}",
        "title": instrument.name,
        "about": _about(screen),
        "picture": _picture(screen, here, result) if here.has_total else None,
        "verdict": "" if here.has_total else _(words.VERDICTS[result.is_positive]),
        "band": verdict_of(screen) or None,
        "beside_band": _studied(instrument, screen.language),
        "notes": [
            *filter(None, [caveats.read_now(screen, instrument), caveats.withdrawn(screen)]),
            *_form_said(screen, instrument),
            *(note_said(instrument, note) for note in result.notes),
        ],
        "how_sure": caveats.how_sure(here),
        "meaning": " ".join(_meaning(screen, instrument)),
        "blanks": _blanks_said(result, instrument),
        "sources": [*_sources(here), *_in_place(screen, here, instrument)],
        "licence": f"{instrument.licence.holder or _('Holder not known')}. {instrument.licence.terms}",
        "in_words": sendings.wording_said(screen),
    }


def _blanks_said(result: scoring.Scored | scoring.Incomplete, instrument: Instrument) -> str:
    """What was left blank; and where blanks count as the lowest answer, what the total could be without them."""
    if not result.blanks:
        return ""
    said = _("Left blank: %(items)s.") % {"items": ", ".join(numbered(instrument, key) for key in result.blanks)}
    if not isinstance(result, scoring.Scored):
        return said
    counts = _("By the publisher's rule each counts as the lowest answer.")
    if result.possible is None:
        return f"{said} {counts}"
    facts = {"lowest": result.possible[0], "highest": result.possible[1]}
    return f"{said} {counts} " + _("Answered, the total could be %(lowest)s to %(highest)s.") % facts


def _picture(screen: Screen, here: Instrument, result: scoring.Scored | scoring.Incomplete) -> RangePicture:
    return RangePicture(
        lowest=here.minimum,
        highest=here.maximum,
        bands=tuple(Band(band.low, band.high, _(words.BANDS.get(band.code, band.code))) for band in here.bands),
        cutoffs=tuple(
            Cutoff(cutoff.value, _(words.CUTOFFS.get(cutoff.label, cutoff.label)), cutoff.at_or_below)
            for cutoff in here.cutoffs
            if cutoff.by_default
        ),
        points=screen.points,
        possible=result.possible,
    )


def _about(screen: Screen) -> str:
    facts = {"name": screen.subject.name, "day": clock.day(screen.on), "months": screen.age_months}
    by_link = screen.mode == Screen.Mode.LINK
    if screen.informant is None:
        words = (
            _("%(name)s, %(day)s, answered alone by a link") if by_link else _("%(name)s, %(day)s, entered from paper")
        )
        return words % facts
    facts["informant"] = screen.informant.name
    said = _("%(name)s at %(months)s months, answered by %(informant)s, %(day)s, entered from paper") % facts
    if by_link:
        said = _("%(name)s at %(months)s months, answered alone by %(informant)s by a link, %(day)s") % facts
    battery = queries.battery_of(queries.instrument_of(screen))
    if battery is None or not screen.form:
        return said
    form = _("%(tool)s, %(form)s-month form") % {"tool": battery.name, "form": screen.form}
    return f"{said}. {form}"


def _form_said(screen: Screen, instrument: Instrument) -> list[str]:
    """That the paper was the form of another age, where its items are others and its number cannot be read by this age."""
    battery, ages = queries.battery_of(instrument), screen.ages
    if battery is None or ages is None or not screen.form or battery.is_right(screen.form, ages.used.months):
        return []
    right = battery.form_at(ages.used.months)
    facts = {"form": screen.form, "right": right.name if right else "—", "months": ages.used.months}
    said = [_("This is the %(form)s-month form. At %(months)s months the %(right)s-month form is asked.") % facts]
    if not queries.has_right_form(screen):
        said.append(_("Its questions are those of another age, so that this number has no cut-off here."))
    return [" ".join(said)]


def _meaning(screen: Screen, instrument: Instrument) -> list[str]:
    said = [_(words.MEANING), *([_(words.OF_MANY)] if instrument.takes_a_count else [])]
    if screen.age_months is not None:
        said += [*_ages_said(screen, instrument), *_corrected(screen, instrument)]
    total = instrument.published_total
    if total is not None and screen.points is not None:
        facts = {"points": total.shown(screen.points), "highest": total.maximum}
        said.append(_("Its publisher writes this total as %(points)s of %(highest)s.") % facts)
    if screen.finding in words.FINDINGS:
        said.append(_(words.FINDINGS[screen.finding]))
    return said


def _ages_said(screen: Screen, instrument: Instrument) -> list[str]:
    """By which age the result goes, and the other one beside it where the child came early."""
    rule, corrected = instrument.prematurity, screen.corrected_age
    if rule is None:
        said = [_(words.AGE_FROM_BIRTH)]
    elif corrected is None:
        return []
    else:
        used = screen.ages.used.months if screen.ages else 0
        said = [due_views.counted_by(rule, used, is_corrected=screen.goes_by_corrected)]
    if corrected is not None:
        both = {"months": screen.age_months, "corrected": corrected.months}
        said.append(_("From birth %(months)s months, from the day it was due %(corrected)s.") % both)
    return said


def _corrected(screen: Screen, instrument: Instrument) -> list[str]:
    """Where the child's birth date or weeks were corrected since: the age by them, beside the one at which it was given."""
    child, then = due.child_of(screen.episode.dyad), screen.ages
    if child.born is None or child.born > screen.on or then is None:
        return [_("The birth date was corrected since. By it the child was not born yet on this day.")]
    now = ages(child.born, child.gestation_weeks, screen.on, instrument.prematurity)
    if now.chronological.months == then.chronological.months:
        if now.used.months == then.used.months:
            return []
        said = _("The weeks at birth were corrected since. By them this tool goes by %(months)s months on this day.")
        return [said % {"months": now.used.months}]
    said = _("The birth date was corrected since. By it the child was %(months)s months old on this day.")
    lines = [said % {"months": now.chronological.months}]
    allowed = instrument.ages
    if allowed is not None and not allowed.low <= now.used.months <= allowed.high:
        facts = {"instrument": instrument.short_name, "low": allowed.low, "high": allowed.high}
        lines.append(_("%(instrument)s is for children of %(low)s to %(high)s months.") % facts)
    return lines


def _studied(instrument: Instrument, language: str) -> str:
    """Whether the tool was studied in the language in which it was answered; not known is said, and what that asks of
    whoever reads the number (`protect.md` 12)."""
    name = _language(language)
    source = instrument.studied_in.get(language)
    if source is None:
        return _(
            "Nothing kept here says how well this works for people who answer in %(language)s. "
            "Take the number as a way to begin talking, never as the last word."
        ) % {"language": name}
    return _("Studied in %(language)s: %(source)s") % {"language": name, "source": instrument.sources[source]}


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return _("this language")


def _parts(result: scoring.Scored | scoring.Incomplete, instrument: Instrument) -> list[list[dict[str, str]]]:
    """Each subscale with its cut-off: the publisher's where it decides, else the network's own choice, which bands nothing."""
    rows, names = [], part_names(instrument)
    for part in result.parts:
        points = str(part.lowest) if part.lowest == part.highest else f"{part.lowest}–{part.highest}"
        of = _("%(points)s of %(highest)s") % {"points": points, "highest": part.subscale.maximum}
        rows.append([{"text": names[part.subscale.key]}, {"text": of}, _cutoff_said(part, instrument)])
    return rows


def _cutoff_said(part: scoring.PartScore, instrument: Instrument) -> dict[str, str]:
    applied = part.subscale.applied
    known = ", ".join(str(cutoff.value) for cutoff in part.subscale.cutoffs)
    note = _("Published cut-offs: %(numbers)s. There is no single agreed one.") % {"numbers": known} if known else ""
    if applied is None:
        return {"text": _("none applied") if known else _("none published"), "note": note}
    reached = {True: _("reached"), False: _("not reached"), None: _("open")}[part.reaches]
    facts = {"number": applied.value, "reached": reached}
    source = instrument.sources[applied.source]
    if part.subscale.counts:
        return {"text": _("%(number)s points or more: %(reached)s") % facts, "note": source}
    said = _("%(number)s, a setting of this house, not the publisher's: %(reached)s") % facts
    return {"text": said, "note": f"{note} {source}"}


def _next_step(screen: Screen, instrument: Instrument) -> dict[str, str] | None:
    """What the publisher's rule says to do next for this band, with its source."""
    band = instrument.band(screen.band) if screen.state != Screen.State.OPEN else None
    if band is None or not band.next_step:
        return None
    sentence = words.NEXT_STEPS.get(band.next_step, band.next_step)
    return {"sentence": _(sentence), "source": instrument.sources[band.source]}


def _ways(screen: Screen, instrument: Instrument, leads: FollowOn) -> list[dict[str, Any]]:
    """The screens that this one leads to: a second stage, or a full-length one at once where a brief one is positive."""
    begin = reverse("screen_begin", kwargs={"episode": screen.episode_id, "person": screen.subject_id})
    today = clock.today(screen.episode.organization.zone).isoformat()
    ways: list[dict[str, Any]] = []
    for second in catalog().values():
        stage = second.follows
        if stage is None or stage.instrument != instrument.key or screen.points is None:
            continue
        begun = screen.followed_by.filter(taken_back_at=None).first()
        if begun is not None:
            ways.append(
                {
                    "title": second.short_name,
                    "url": reverse("screen", kwargs={"screen": begun.pk}),
                    "button": _("Open it"),
                    "reason": clock.day(begun.on),
                }
            )
        elif stage.low <= screen.points <= stage.high:
            ways.append(
                {
                    "title": second.short_name,
                    "reason": _("Only for the answers that are worth a closer look."),
                    "url": begin,
                    "button": _("Begin it now"),
                    "hidden": _hidden(second, today, informant=screen.informant_id, follows=screen.pk),
                }
            )
    brief = queries.brief_of(screen) if leads is FollowOn.OFFER else None
    if brief is not None:
        for key in brief[0].full_length:
            full = catalog().named(key)
            ways.append(
                {
                    "title": full.short_name,
                    "reason": _("A full-length screen, on the same day: a negative one closes this brief one.")
                    if brief[0].full_length_closes
                    else _("A full-length screen asks more."),
                    "url": begin,
                    "button": _("Begin it now"),
                    "hidden": _hidden(full, screen.on.isoformat()),
                }
            )
    return ways


def _hidden(instrument: Instrument, on: str, **more: Any) -> list[dict[str, str]]:
    said = {"key": fresh_key(), "instrument": instrument.key, "on": on, **{k: str(v) for k, v in more.items() if v}}
    return [{"name": name, "value": value} for name, value in said.items()]


def _for_the_family(screen: Screen, instrument: Instrument) -> dict[str, Any]:
    """The result in plain words, in the language in which it was answered where we write that one."""
    language = spoken(screen.language)
    said = plain.sentences(
        instrument,
        screen.band,
        is_finished=screen.state == Screen.State.COMPLETE,
        is_crisis=any(flag.is_crisis for flag in scoring.flags(instrument, screen.answers)),
        is_positive=screen.is_positive,
    )
    person = screen.informant or screen.subject
    with translation.override(language):
        return {
            "language": language,
            "title": _("In plain words, for %(name)s") % {"name": person.given_name},
            "is_unread": not reviews.is_source(language) and reviews.of(language, "work") is None,
            "unread": _("The Spanish words on this page have not yet been reviewed by a named person."),
            "sentences": [_(one) % {"child": screen.subject.given_name} for one in said],
        }


def _sources(instrument: Instrument) -> list[str]:
    """Where the numbers on the page come from: the table of this house, if one lies over the rules, and each source once."""
    used = [band.source for band in instrument.bands]
    used += [cutoff.source for cutoff in instrument.cutoffs if cutoff.by_default]
    used += [part.applied.source for part in instrument.subscales if part.counts and part.applied]
    sentence, facts = tables.said_of(instrument)
    said = [_(sentence) % facts] if sentence else []
    return said + [instrument.sources[key] for key in dict.fromkeys(used)]


def _in_place(screen: Screen, here: Instrument, instrument: Instrument) -> list[str]:
    """That the cut-off is an official table's, in place of one that is known here."""
    if screen.ages is None or not here.cutoffs:
        return []
    return [_(tables.IN_PLACE) % facts for facts in tables.replaced_at(instrument, str(screen.ages.used.months))]


def changed_since(screen: Screen, *, with_answers: bool) -> list[str]:
    """What is known of a crisis answer that came late or stands no more, for who may know of it: when it was given, how it
    was changed and by whom, what stands now (for who may read answers); and, while somebody is asked, that it still is open.
    """
    if screen.taken_back_at is not None:
        return [taken_back_said(screen), _(words.TASK_STAYS)] if queries.is_crisis(screen) else []
    late = list(_without_a_signal(screen))
    changed = queries.changed(screen)
    if not changed:
        return late
    instrument = queries.instrument_of(screen)
    names = {one.pk: one.name for one in Person.objects.filter(pk__in={who for one in changed for who in one.by})}
    lines = late
    for one in changed:
        said = _how_it_changed(one, screen.zone, ", ".join(names[who] for who in one.by if who in names))
        if with_answers:
            facts = {
                "item": numbered(instrument, one.item),
                "answer": answer_said(instrument, screen.answers, one.item),
            }
            said += " " + _("Now it says: %(item)s: %(answer)s.") % facts
        lines.append(said)
    if (task := queries.crisis_task(screen)) and task.closed_at is None:
        lines.append(_("Whether it was a slip or was taken back is not known. It is still to be asked about."))
    return lines


def _without_a_signal(screen: Screen) -> Iterator[str]:
    for flag in screen.flags.filter(is_crisis=True, given_at__isnull=False).order_by("created_at", "pk"):
        yield came_late(flag.given_at, flag.created_at, screen.zone)  # type: ignore[arg-type]


def came_late(given: datetime, arrived: datetime, zone: str) -> str:
    """When something was said without a signal, and when it arrived; a clock that cannot be right is told, and not believed."""
    facts = {"given": clock.local(given, zone), "arrived": clock.local(arrived, zone)}
    if clock_of(given, arrived) is Clock.FITS:
        return _("It was answered at %(given)s without a signal, and arrived at %(arrived)s by our clock.") % facts
    return (
        _(
            "It was answered without a signal, and when is not known: the clock of the device said %(given)s, and it "
            "arrived at %(arrived)s by our clock."
        )
        % facts
    )


def _how_it_changed(one: queries.Changed, zone: str, by: str) -> str:
    given = {"given": clock.shortly(one.given_at, zone)}
    if not one.is_kept:
        return _("An answer about self-harm was marked at %(given)s in a form that could not be kept any more.") % given
    words = _("An answer about self-harm was given at %(given)s and changed afterwards; by whom is not known.")
    if one.since and one.until and by:
        given |= {"since": clock.shortly(one.since, zone), "until": clock.shortly(one.until, zone), "by": by}
        words = _("An answer about self-harm was given at %(given)s and changed at %(until)s by %(by)s.")
        if given["since"] != given["until"]:
            words = _(
                "An answer about self-harm was given at %(given)s and changed between %(since)s and %(until)s by %(by)s."
            )
    return words % given


def _gave_its_count(screen: Screen) -> bool:
    """Whether the form gave its count alone: there are no answers to show."""
    return queries.instrument_of(screen).takes_a_count and not queries.is_marked(screen)


def _aged(one: Screen | EarlierResult) -> str:
    """The age by which a version was read; empty of an adult's."""
    return _("%(months)s months") % {"months": one.ages.used.months} if one.ages else ""


@door("screening.see")
def history(request: Asked, screen: UUID) -> HttpResponse:
    """The answers, as they stand and as they stood before each correction: who, when, why."""
    there, _verdict = opened(request, "screening.see", Screen, screen, related=(*RELATED, "worker"))
    if there.taken_back_at is not None:
        return redirect("screen", screen=there.pk)
    instrument = queries.instrument_of(there)
    earlier = list(there.earlier.select_related("by", "screen").order_by("number"))
    zone = there.zone
    first = {"by": there.worker.name if there.worker else "—", "why": _("entered from paper")}
    if there.mode == Screen.Mode.LINK:
        first = {"by": (there.informant or there.subject).name, "why": _("answered alone by a link")}
    whys = [first, *({"by": one.by.name, "why": one.reason} for one in earlier)]
    results = [*earlier, there]
    versions = [
        [
            {"text": str(number) if one is not there else _("%(number)s, as it stands") % {"number": number}},
            {"text": clock.local(one.finished_at, zone) if one.finished_at else _("not finished")},
            {"text": why["by"]},
            {"text": why["why"]},
            {"text": counted(one)},
            {"text": verdict_of(one) or "—", "note": _aged(one)},
        ]
        for number, (one, why) in enumerate(zip(results, whys, strict=True), start=1)
    ]
    heading = (_("Version"), _("When"), _("Who"), _("Why"), _("Points"), _("Band"))
    answers = [
        [
            {"text": numbered(instrument, item.key)},
            *({"text": answer_said(instrument, one.answers, item.key)} for one in results),
        ]
        for item in instrument.items
    ]
    columns = [_("Answer"), *(_("Version %(number)s") % {"number": number} for number in range(1, len(results) + 1))]
    context = {
        "screen": there,
        "withdrawn": caveats.withdrawn(there),
        "instrument": instrument,
        "changed": changed_since(there, with_answers=True),
        "versions": versions,
        "version_columns": [{"label": label} for label in heading],
        "answers": [] if _gave_its_count(there) else answers,
        "answer_columns": [{"label": label} for label in columns],
    }
    return render(request, "screening/history.html", context)
