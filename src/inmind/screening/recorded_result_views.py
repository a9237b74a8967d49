"""The result of a licensed tool: each number with what public cut-offs say of it, and what it said before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked, door, opened
from inmind.families.ages import Ages, ages
from inmind.foundation import clock, reviews
from inmind.screening import caveats, recorded_plain, recorded_words, tables, taken_back_views, words
from inmind.screening.adapters.catalog import recorded
from inmind.screening.due import child_of
from inmind.screening.models import EarlierRecorded, RecordedResult
from inmind.screening.recorded import Kind, RecordedTool, Scale, together
from inmind.screening.recorded_forms import first_large
from inmind.screening.result_views import spoken
from inmind.screening.said import taken_back_said

RELATED = ("subject", "informant", "worker", "episode__organization", "episode__dyad__child")


@door("screening.see")
def see(request: Asked, result: UUID) -> HttpResponse:
    """What was recorded: each number with what public cut-offs say of it, both ages, and what stood before a correction."""
    there, _verdict = opened(request, "screening.see", RecordedResult, result, related=RELATED)
    if there.taken_back_at is not None:
        return taken_back_views.shown(request, there, titled(there))
    tool = _made_with(there)
    earlier = list(there.earlier.select_related("by", "informant", "result").order_by("number"))
    may_begin = bool(policy.can(request.actor, "screening.begin", there.episode))
    context = {
        "result": there,
        "title": titled(there),
        "about": _about(there),
        "scales": _scales(there, tool),
        "rule": tool.prematurity if tool else None,
        "notes": list(filter(None, [caveats.fits_now(there, tool) if tool else "", caveats.withdrawn(there)])),
        "lines": _lines(there, tool),
        "facts": _facts(there, tool),
        "versions": _versions(there, tool, earlier),
        "version_columns": [
            {"label": label} for label in (_("Version"), _("When"), _("Who"), _("Why"), _("What stood there"))
        ],
        "family": _for_the_family(there, tool) if tool is not None and there.said else None,
        "may_begin": may_begin,
        "may_take_back": bool(policy.can(request.actor, "screening.take_back", there)),
        "may_correct": bool(tool and there.said and policy.can(request.actor, "screening.correct_result", there)),
    }
    return render(request, "screening/recorded_result.html", context)


def _made_with(result: RecordedResult) -> RecordedTool | None:
    """The tool in the edition that the result was made with; where that is not installed any more, in today's."""
    return recorded().of(result.tool, result.edition) or recorded().get(result.tool)


def name_of(tool: str, form: str = "") -> str:
    """What a tool is called, with its form where it has one."""
    known = recorded().get(tool)
    name = known.short_name if known else tool
    return _("%(tool)s, %(form)s-month form") % {"tool": name, "form": form} if form else name


def titled(result: RecordedResult) -> str:
    return name_of(result.tool, result.said.get("form", ""))


def who_answered(result: RecordedResult | EarlierRecorded) -> str:
    """Who answered about the child; empty where somebody answered about herself."""
    if result.by_carer:
        return _("a teacher or carer outside the family")
    return result.informant.name if result.informant else ""


def _about(result: RecordedResult) -> str:
    facts = {"day": clock.day(result.on), "informant": who_answered(result)}
    if not result.is_about_a_child:
        return _("%(day)s, from the licensed form") % facts
    return _("%(day)s, answered by %(informant)s, from the licensed form") % facts


def _scales(result: RecordedResult, tool: RecordedTool | None) -> list[dict[str, Any]]:
    """Each scale as recorded_scales.html draws it; a number and its percentile as one. None of somebody who was erased."""
    kept = result.said.get("scales", {})
    if tool is None or not kept:
        return [{"label": key, "number": one["value"]} for key, one in kept.items()]
    return [_scale(scales, kept, result, tool) for scales in together(tool)]


def _scale(
    scales: tuple[Scale, ...], kept: dict[str, dict[str, str]], result: RecordedResult, tool: RecordedTool
) -> dict[str, Any]:
    found = [(scale, kept[scale.key]) for scale in scales if scale.key in kept]
    label = first_large(scales[0].label_in(get_language() or "en"))
    if not found:
        return {"label": label, "number": _(recorded_words.NOT_SCORED), "is_blank": True}
    scale, one = next(((scale, one) for scale, one in found if one.get("band")), found[0])
    return {
        "label": label,
        "number": ", ".join(number_said(scale, one["value"]) for scale, one in found),
        "bar": _bar(scale, Decimal(one["value"]), _cutoff(scale, result, tool)),
        "is_closer": recorded_plain.asks(one.get("band", ""), ""),
        **_said_of(scale, one, result, tool),
        **_zone_of(one),
    }


def _bar(scale: Scale, value: Decimal, cutoff: Decimal | None) -> dict[str, str] | None:
    """Where a number stands between the ends of its scale, beside its cut-off; none of a number that says nothing by itself.

    As text, so that no language turns its point into a comma.
    """
    high = scale.high
    if high is None or (cutoff is None and scale.kind is not Kind.PERCENTILE) or not scale.lowest <= value <= high:
        return None

    def place(number: Decimal) -> str:
        return f"{100 * (number - scale.lowest) / (high - scale.lowest):.2f}%"

    return {"x": place(value), "cut": "" if cutoff is None else place(cutoff)}


def _cutoff(scale: Scale, result: RecordedResult, tool: RecordedTool) -> Decimal | None:
    """The cut-off by which a number was read; None where there was none, or it was another edition's."""
    found = scale.cutoffs.get(result.said["form"])
    return found.value if found is not None and tool.edition == result.edition and result.said["fits"] else None


def number_said(scale: Scale, value: str) -> str:
    """A number with what kind of number it is."""
    if scale.kind is Kind.T:
        return _("T score %(value)s") % {"value": value}
    if scale.kind is Kind.PERCENTILE:
        return _("percentile %(value)s") % {"value": value}
    return _("%(points)s of %(highest)s") % {"points": value, "highest": scale.high} if scale.high else value


def _said_of(scale: Scale, one: dict[str, str], result: RecordedResult, tool: RecordedTool) -> dict[str, str]:
    band = one.get("band", "")
    if not band:
        return {"says": _(recorded_words.NO_BAND) if scale.bands or scale.needs_table else ""}
    cutoff = _cutoff(scale, result, tool)
    notes = [] if cutoff is None else [_("cut-off %(number)s") % {"number": cutoff}]
    notes += [] if one.get("confidence") == "high" else [_(recorded_words.LESS_SURE)]
    return {"says": _(recorded_words.BANDS.get(band, band)), "note": ", ".join(notes)}


def _zone_of(one: dict[str, str]) -> dict[str, Any]:
    """What the form itself says of a number, as it was copied, and whether our cut-off says something else."""
    zone, band = one.get("zone", ""), one.get("band", "")
    if not zone:
        return {}
    return {
        "zone": _(recorded_words.ZONES.get(zone, zone)),
        "zone_is_closer": recorded_plain.asks("", zone),
        "zone_from": _(recorded_words.AS_ON_FORM),
        "disagree": _(recorded_words.DISAGREE) if recorded_plain.disagree(band, zone) else "",
    }


def _lines(result: RecordedResult, tool: RecordedTool | None) -> list[str]:
    """What stands under the numbers: what has no band and why, and what the page does not know."""
    kept = result.said
    if not kept:
        return []
    bands = {one.get("band", "") for one in kept["scales"].values()}
    lines = []
    if not kept["fits"]:
        lines.append(_(recorded_words.NOT_FOR_AGE))
    elif tool is not None and (unread := _unread(kept, tool)):
        now = recorded().get(tool.key, tool)
        is_loaded = any(one.key in unread and kept["form"] in one.cutoffs for one in now.scales)
        lines.append(
            _(recorded_words.LOADED_SINCE if is_loaded else recorded_words.TABLE_ASKED)
            % {"guide": tool.guide_in(get_language() or "en")}
        )
    if recorded_words.OPEN_ABOVE & bands:
        lines.append(_(recorded_words.ZONE_UNKNOWN))
    return [*lines, _(words.MEANING)]


def _unread(kept: dict[str, Any], tool: RecordedTool) -> list[str]:
    """The scales whose number no cut-off has read, of those that are read by one of their form."""
    there = [scale.key for scale in tool.scales if scale.needs_table and scale.key in kept["scales"]]
    return [key for key in there if not kept["scales"][key].get("band") and not kept["scales"][key].get("zone")]


def _facts(result: RecordedResult, tool: RecordedTool | None) -> list[dict[str, str]]:
    """How old the child was, what is known of the tool, where its numbers come from, and whose it is."""
    kept = result.said
    if not kept:
        return []
    facts = []
    if tool is not None and kept.get("ages"):
        lines = [
            *ages_said(kept["ages"], tool, came_early=child_of(result.episode.dyad).weeks_early > 0),
            *_changed(result, tool),
        ]
        facts.append({"term": _("Age on this day"), "value": lines[0], "note": " ".join(lines[1:])})
    facts.append({"term": _("Studied with people like this?"), "value": _(recorded_words.STUDIED)})
    if tool is None:
        return facts
    used = dict.fromkeys(one["source"] for one in kept.get("scales", {}).values() if one.get("source"))
    sources = "; ".join(used) or _("no public number was used")
    sentence, said = tables.said_of(tool)
    notes = [_(sentence) % said] if sentence else []
    if kept.get("fits") and tool.edition == result.edition:
        notes += [_(tables.IN_PLACE) % facts for facts in tables.replaced_at(tool, kept["form"], kept["scales"])]
    facts.append({"term": _("Where the cut-offs come from"), "value": sources, "note": " ".join(notes)})
    facts.append({"term": _("License"), "value": tool.licence.holder, "note": _(recorded_words.AS_ENTERED)})
    return facts


def _changed(result: RecordedResult, tool: RecordedTool) -> list[str]:
    """Where what is written down of the birth was changed since: the age by it, as the tool counts it."""
    child = child_of(result.episode.dyad)
    if child.born is None or result.on < child.born:
        return []
    now = ages_data(ages(child.born, child.gestation_weeks, result.on, tool.prematurity))
    if now == {name: result.said["ages"][name] for name in now}:
        return []
    age = _age_said(now["corrected"] or now["birth"])
    return [_("What is written down of the birth was changed since: by it the tool counts %(age)s.") % {"age": age}]


def numbers_said(one: RecordedResult | EarlierRecorded, tool: RecordedTool | None) -> str:
    """All numbers of a result in one line."""
    scales = one.said.get("scales", {})
    if tool is None:
        return ", ".join(f"{key} {said['value']}" for key, said in scales.items())
    language = get_language() or "en"
    return ", ".join(
        f"{each.label_in(language)} {scales[each.key]['value']}{_copied(scales[each.key])}"
        for each in tool.scales
        if each.key in scales
    )


def _copied(one: dict[str, str]) -> str:
    zone = one.get("zone", "")
    return f" ({_(recorded_words.ZONES.get(zone, zone))})" if zone else ""


def _versions(
    result: RecordedResult, tool: RecordedTool | None, earlier: list[EarlierRecorded]
) -> list[list[dict[str, str]]]:
    """Each version with who entered it, when and why; none where nothing was corrected."""
    if not earlier:
        return []
    first = (result.worker.name if result.worker else "—", _("entered from paper"))
    whys = [first, *((one.by.name, one.reason or "—") for one in earlier)]
    moments = [*(one.kept_at for one in earlier), earlier[-1].created_at]
    versions: list[RecordedResult | EarlierRecorded] = [*earlier, result]
    return [
        [
            {"text": str(number) if one is not result else _("%(number)s, as it stands") % {"number": number}},
            {"text": clock.local(at, result.zone)},
            {"text": who},
            {"text": why},
            {"text": numbers_said(one, tool) or "—", "note": _facts_said(one)},
        ]
        for number, (one, at, (who, why)) in enumerate(zip(versions, moments, whys, strict=True), start=1)
    ]


def _facts_said(one: RecordedResult | EarlierRecorded) -> str:
    form = one.said.get("form", "")
    said = [clock.day(one.on), _("%(months)s months") % {"months": form} if form else "", who_answered(one)]
    return ", ".join(part for part in said if part)


def ages_data(both: Ages) -> dict[str, Any]:
    corrected = both.corrected and [both.corrected.months, both.corrected.days]
    return {"birth": [both.chronological.months, both.chronological.days], "corrected": corrected}


def ages_said(found: dict[str, Any], tool: RecordedTool, *, came_early: bool, is_today: bool = False) -> list[str]:
    """Both ages in words, and for a child who came early which of them the tool counts, and why."""
    birth, corrected, rule = found["birth"], found["corrected"], tool.prematurity
    from_birth = _("Today, from the birth: %(age)s.") if is_today else _("From the birth: %(age)s.")
    lines = [from_birth % {"age": _age_said(birth)}]
    if corrected:
        lines.append(_("Corrected: %(age)s. The form goes by this age.") % {"age": _age_said(corrected)})
    if not came_early:
        return lines
    if rule is None:
        lines.append(_(words.AGE_FROM_BIRTH))
    elif not corrected:
        facts = {"weeks": rule.early_weeks_min, "below": rule.below_months}
        lines.append(
            _(
                "The age is counted from birth: it is corrected only for a child born at least %(weeks)s weeks early "
                "and younger than %(below)s months."
            )
            % facts
        )
    return lines


def _age_said(age: list[int]) -> str:
    """Completed months, and the days beyond them."""
    months, days = age
    said = [ngettext("%(count)s month", "%(count)s months", months) % {"count": months}]
    said += [ngettext("%(count)s day", "%(count)s days", days) % {"count": days}] if days else []
    return " ".join(said)


def _for_the_family(result: RecordedResult, tool: RecordedTool) -> dict[str, Any]:
    """The result in plain words for whoever answered, in the language of the family; a teacher is not the family."""
    person = result.informant or result.subject
    language = spoken(person.language)
    kept = result.said["scales"]
    bands, zones = (
        {scale.key: kept[scale.key].get(what, "") for scale in tool.scales if scale.key in kept}
        for what in ("band", "zone")
    )
    with translation.override(language):
        return {
            "language": language,
            "title": _("In plain words, for %(name)s") % {"name": person.given_name}
            if not result.by_carer
            else _("In plain words, for the family"),
            "is_unread": not reviews.is_source(language) and reviews.of(language, "work") is None,
            "unread": _("The Spanish words on this page have not yet been reviewed by a named person."),
            "sentences": [
                _(sentence)
                % {
                    "child": result.subject.given_name or _("baby"),
                    "scales": ", ".join(tool.scale(key).label_in(language) for key in keys),
                }
                for sentence, keys in recorded_plain.sentences(tool, bands, zones)
            ],
        }


def told(result: RecordedResult) -> dict[str, str]:
    """A recorded result as somebody is told of it who asks what is held about her: each number, and what it was said to be."""
    facts = {titled(result): clock.day(result.on)}
    if result.taken_back_at is not None:
        return facts | {_("Taken back"): taken_back_said(result)}
    for one in _scales(result, _made_with(result)):
        facts[one["label"]] = ", ".join(filter(None, (one["number"], one.get("says"), one.get("zone"))))
    return facts
