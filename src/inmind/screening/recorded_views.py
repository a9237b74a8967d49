"""Pages for the result of a licensed tool: entering what stands on its form, what it says, and correcting it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from inmind.access import policy
from inmind.access.door import Asked, door, opened, refused
from inmind.families import queries as families
from inmind.families.ages import Ages, ages
from inmind.families.models import Episode, Participation
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, InMindError, KeyReused, NotNow, Stale
from inmind.foundation.forms import DateInput, HouseForm, choice_field, fresh_key, said
from inmind.people.models import Person
from inmind.screening import recorded_words, words
from inmind.screening.actions import REASON_LENGTH
from inmind.screening.adapters.catalog import recorded
from inmind.screening.due import child_of
from inmind.screening.errors import NotForThisAge, NotOnScale
from inmind.screening.recorded import TABLE_NEEDED, Informant, Kind, RecordedTool, Scale
from inmind.screening.recorded_actions import OnPaper, correct_result, record_result
from inmind.screening.recorded_models import EarlierRecorded, RecordedResult

RELATED = ("subject", "informant", "worker", "episode__organization", "episode__dyad__child")
CARER = "carer"
SCALE = "scale_"
REFUSED = (BadInput, NotNow, KeyReused)


class ResultForm(HouseForm):
    """What stands on a licensed form: its day, which age form, who answered, and a number for each scale.

    as_it_stands is asked for only after a form was refused as not the one for the child's age. A correction brings its
    version and its reason too.
    """

    on = forms.DateField(label=gettext_lazy("Answered on"), widget=DateInput())
    form = forms.ChoiceField(label=gettext_lazy("Which form?"))
    informant = forms.ChoiceField(label=gettext_lazy("Who answered?"), widget=forms.RadioSelect)

    def __init__(
        self,
        tool: RecordedTool,
        answering: list[tuple[Person, str]],
        data: Any = None,
        *,
        corrects: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self._answering = {str(person.pk): person for person, _name in answering}
        self._tool = tool
        months = [(form, _("%(months)s months") % {"months": form}) for form in tool.forms]
        choice_field(self, "form").choices = [("", _("Choose the form")), *months]
        who = [(str(person.pk), name) for person, name in answering]
        if tool.informant is Informant.PARENT_OR_CARER:
            who.append((CARER, _("A teacher or carer outside the family")))
        choice_field(self, "informant").choices = who
        if len(who) == 1 and data is None:
            self.initial.setdefault("informant", who[0][0])
        for name, is_asked in (("form", tool.forms), ("informant", tool.is_about_a_child)):
            if not is_asked:
                del self.fields[name]
        for scale in tool.scales:
            self.fields[SCALE + scale.key] = _number(scale)
        if corrects:
            self.fields["reason"] = forms.CharField(
                label=_("Why it is corrected"),
                help_text=_(
                    "One sentence, for example: two numbers were swapped. Those who may read this result read it too."
                ),
                max_length=REASON_LENGTH,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
        if data is not None and data.get("as_it_stands"):
            self._ask_as_it_stands()

    def _ask_as_it_stands(self) -> None:
        self.fields["as_it_stands"] = forms.BooleanField(
            label=_("It was this form, on this day. Keep its numbers without a band."), required=False
        )

    def take(self, refusal: InMindError) -> None:
        """A number's refusal stands at its scale, by the name that its reader knows it by."""
        if isinstance(refusal, NotOnScale):
            refusal.facts["scale"] = self._tool.scale(refusal.field).label_in(get_language() or "en")
        if isinstance(refusal, NotForThisAge):
            self._ask_as_it_stands()
        at = next((name for name in (refusal.field, SCALE + refusal.field) if name in self.fields), None)
        self.add_error(at, said(refusal))

    def paper(self) -> OnPaper:
        """What stands on the form, as it was typed."""
        found = self.cleaned_data
        return OnPaper(
            on=found["on"],
            typed={scale.key: found[SCALE + scale.key] for scale in self._tool.scales},
            form=found.get("form", ""),
            informant=self._answering.get(found.get("informant", "")),
            by_carer=found.get("informant") == CARER,
            as_it_stands=found.get("as_it_stands", False),
        )


def _number(scale: Scale) -> forms.CharField:
    return forms.CharField(
        label=_first_large(scale.label_in(get_language() or "en")),
        help_text=_range(scale),
        max_length=8,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


def _first_large(label: str) -> str:
    return label[:1].upper() + label[1:]


def _range(scale: Scale) -> str:
    if scale.kind is Kind.T:
        return _("T score")
    if scale.high is None:
        return _("points")
    return _("%(lowest)s to %(highest)s") % {"lowest": scale.lowest, "highest": scale.high}


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose result it is, in which episode."""

    episode: Episode
    person: Person
    is_child: bool


def _whose(request: Asked, episode: UUID, person: UUID) -> _Whose:
    """Somebody who takes part in the episode; one refusal for all that is not there or not yours."""
    verb = "screening.record_result"
    there, _verdict = opened(request, verb, Episode, episode, related=["organization", "dyad__child"])
    row = there.participations.filter(person=person).select_related("person").first()
    if row is None:
        raise refused(request, verb, about=there)
    return _Whose(there, row.person, row.part == Participation.Part.CHILD)


def _answering(episode: Episode, tool: RecordedTool, known: Person | None = None) -> list[tuple[Person, str]]:
    """The adults who may have answered about the child; `known` too, who is said to have."""
    if not tool.is_about_a_child:
        return []
    there = families.adults(episode, clock.today(episode.organization.zone))
    called = families.called(there)
    found = [(one.person, called[one.person.pk]) for one in there]
    return found if known is None or known.pk in called else [*found, (known, known.name)]


@door("screening.record_result")
def new(request: Asked, episode: UUID, person: UUID, tool: str) -> HttpResponse:
    """Enter what stands on a licensed form that was answered and reckoned on paper."""
    whose = _whose(request, episode, person)
    chosen = recorded().get(tool)
    if chosen is None or chosen.is_about_a_child != whose.is_child:
        return redirect("caregiver", episode=whose.episode.pk, person=whose.person.pk)
    today = clock.today(whose.episode.organization.zone)
    form = ResultForm(
        chosen,
        _answering(whose.episode, chosen),
        request.POST if request.method == "POST" else None,
        initial={"key": fresh_key(), "on": today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            done = record_result(
                request.actor,
                key=form.cleaned_data["key"],
                episode=whose.episode,
                subject=whose.person,
                tool=chosen,
                paper=form.paper(),
            )
        except REFUSED as refusal:
            form.take(refusal)
        else:
            messages.success(
                request,
                _("Kept. The list of what is due has changed.") if done.counts and whose.is_child else _("Kept."),
            )
            return redirect("recorded", result=done.pk)
    context = {"form": form, "whose": whose, "tool": chosen, "age": _age_today(whose, chosen)}
    return render(request, "screening/recorded_new.html", context, status=400 if form.errors else 200)


def _age_today(whose: _Whose, tool: RecordedTool) -> list[str]:
    """How old the child is today as the tool counts it, to choose the form by."""
    today = clock.today(whose.episode.organization.zone)
    child = child_of(whose.episode.dyad)
    if not whose.is_child or child.born is None or child.born > today:
        return []
    return _ages_said(_ages_data(ages(child.born, child.gestation_weeks, today, tool.prematurity)), tool, is_today=True)


def _ages_data(both: Ages) -> dict[str, Any]:
    corrected = both.corrected and [both.corrected.months, both.corrected.days]
    return {"birth": [both.chronological.months, both.chronological.days], "corrected": corrected}


def _ages_said(found: dict[str, Any], tool: RecordedTool, *, is_today: bool = False) -> list[str]:
    """Both ages in words, and which of them the tool counts."""
    birth, corrected, rule = found["birth"], found["corrected"], tool.prematurity
    from_birth = (
        _("From the birth: %(months)s months and %(days)s days today.")
        if is_today
        else _("From the birth: %(months)s months and %(days)s days.")
    )
    lines = [from_birth % _age_facts(birth)]
    if corrected:
        lines.append(
            _("Corrected: %(months)s months and %(days)s days. The form goes by this age.") % _age_facts(corrected)
        )
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


def _age_facts(age: list[int]) -> dict[str, int]:
    return {"months": age[0], "days": age[1]}


@door("screening.see")
def see(request: Asked, result: UUID) -> HttpResponse:
    """What was recorded: each number with what public cut-offs say of it, both ages, and what stood before a correction."""
    there, _verdict = opened(request, "screening.see", RecordedResult, result, related=RELATED)
    tool = recorded().get(there.tool)
    earlier = list(there.earlier.select_related("by", "informant", "result").order_by("number"))
    may_begin = bool(policy.can(request.actor, "screening.begin", there.episode))
    context = {
        "result": there,
        "title": _titled(there),
        "about": _about(there),
        "rows": _rows(there, tool),
        "columns": [{"label": _("Scale")}, {"label": _("Number")}, {"label": _("What it says")}],
        "lines": _lines(there, tool),
        "facts": _facts(there, tool),
        "versions": _versions(there, tool, earlier),
        "version_columns": [
            {"label": label} for label in (_("Version"), _("When"), _("Who"), _("Why"), _("What stood there"))
        ],
        "may_begin": may_begin,
        "may_correct": bool(tool and there.said and policy.can(request.actor, "screening.correct_result", there)),
    }
    return render(request, "screening/recorded_result.html", context)


def name_of(tool: str, form: str = "") -> str:
    """What a tool is called, with its form where it has one."""
    known = recorded().get(tool)
    name = known.short_name if known else tool
    return _("%(tool)s, %(form)s-month form") % {"tool": name, "form": form} if form else name


def _titled(result: RecordedResult) -> str:
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


def _rows(result: RecordedResult, tool: RecordedTool | None) -> list[list[dict[str, str]]]:
    scales = result.said.get("scales", {})
    if tool is None or not scales:  # of somebody who was erased nothing is left
        return [[{"text": key}, {"text": one["value"]}, {"text": "—"}] for key, one in scales.items()]
    return [_row(scale, scales.get(scale.key), result, tool) for scale in tool.scales]


def _row(scale: Scale, one: dict[str, str] | None, result: RecordedResult, tool: RecordedTool) -> list[dict[str, str]]:
    label = {"text": _first_large(scale.label_in(get_language() or "en"))}
    if one is None:
        return [label, {"text": _(recorded_words.NOT_SCORED)}, {"text": "—"}]
    return [label, {"text": number_said(scale, one["value"])}, _said_of(scale, one, result, tool)]


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
        return {"text": _(recorded_words.NO_BAND) if scale.bands or scale.needs_table else "—"}
    notes = []
    cutoff = scale.cutoffs.get(result.said["form"])
    if cutoff is not None and tool.edition == result.edition:
        notes.append(_("cut-off %(number)s") % {"number": cutoff.value})
    if one.get("confidence") != "high":
        notes.append(_(recorded_words.ONE_SOURCE))
    return {"text": _(recorded_words.BANDS.get(band, band)), "note": ", ".join(notes)}


def _lines(result: RecordedResult, tool: RecordedTool | None) -> list[str]:
    """What stands under the numbers: what has no band and why, and what the page does not know."""
    kept = result.said
    if not kept:
        return []
    bands = [one.get("band", "") for one in kept["scales"].values()]
    lines = []
    if not kept["fits"]:
        lines.append(_(recorded_words.NOT_FOR_AGE))
    elif (
        tool is not None
        and any(scale.needs_table and scale.key in kept["scales"] for scale in tool.scales)
        and "" in bands
    ):
        lines.append(_(TABLE_NEEDED) % {"guide": tool.guide})
    if recorded_words.OPEN_ABOVE & set(bands):
        lines.append(_(recorded_words.ZONE_UNKNOWN))
    return [*lines, _(words.MEANING)]


def _facts(result: RecordedResult, tool: RecordedTool | None) -> list[dict[str, str]]:
    """How old the child was, what is known of the tool, where its numbers come from, and whose it is."""
    kept = result.said
    if not kept:
        return []
    facts = []
    if tool is not None and kept.get("ages"):
        lines = [*_ages_said(kept["ages"], tool), *_changed(result, tool)]
        facts.append({"term": _("Age on this day"), "value": lines[0], "note": " ".join(lines[1:])})
    facts.append({"term": _("Studied with people like this?"), "value": _(recorded_words.STUDIED)})
    if tool is None:
        return facts
    used = dict.fromkeys(one["source"] for one in kept.get("scales", {}).values() if one.get("source"))
    sources = "; ".join(used) or _("no public number was used")
    facts.append({"term": _("Where the cut-offs come from"), "value": sources})
    facts.append({"term": _("License"), "value": tool.licence.holder, "note": _(recorded_words.AS_ENTERED)})
    return facts


def _changed(result: RecordedResult, tool: RecordedTool) -> list[str]:
    """Where what is written down of the birth was changed since: the age by it, as the tool counts it."""
    child = child_of(result.episode.dyad)
    if child.born is None or result.on < child.born:
        return []
    now = _ages_data(ages(child.born, child.gestation_weeks, result.on, tool.prematurity))
    if now == {name: result.said["ages"][name] for name in now}:
        return []
    facts = _age_facts(now["corrected"] or now["birth"])
    return [
        _(
            "What is written down of the birth was changed since: by it the tool counts %(months)s months and %(days)s days."
        )
        % facts
    ]


def numbers_said(one: RecordedResult | EarlierRecorded, tool: RecordedTool | None) -> str:
    """All numbers of a result in one line."""
    scales = one.said.get("scales", {})
    if tool is None:
        return ", ".join(f"{key} {said['value']}" for key, said in scales.items())
    language = get_language() or "en"
    return ", ".join(
        f"{each.label_in(language)} {scales[each.key]['value']}" for each in tool.scales if each.key in scales
    )


def _versions(
    result: RecordedResult, tool: RecordedTool | None, earlier: list[EarlierRecorded]
) -> list[list[dict[str, str]]]:
    """Each version with who entered it, when and why; none where nothing was corrected."""
    if not earlier:
        return []
    first = (result.worker.name if result.worker else "—", _("entered from paper"))
    whys = [first, *((one.by.name, one.reason or "—") for one in earlier)]
    moments = [*(one.kept_at for one in earlier), earlier[-1].created_at]
    return [
        [
            {"text": str(number) if one is not result else _("%(number)s, as it stands") % {"number": number}},
            {"text": clock.local(at, result.zone)},
            {"text": who},
            {"text": why},
            {"text": numbers_said(one, tool) or "—", "note": _facts_said(one)},
        ]
        for number, (one, at, (who, why)) in enumerate(zip([*earlier, result], moments, whys, strict=True), start=1)
    ]


def _facts_said(one: RecordedResult | EarlierRecorded) -> str:
    form = one.said.get("form", "")
    said = [clock.day(one.on), _("%(months)s months") % {"months": form} if form else "", who_answered(one)]
    return ", ".join(part for part in said if part)


@door("screening.correct_result")
def correct(request: Asked, result: UUID) -> HttpResponse:
    """Put right what was entered wrongly, with a reason. Somebody who saved first is shown beside what was typed."""
    there, _verdict = opened(request, "screening.correct_result", RecordedResult, result, related=RELATED)
    tool = recorded().get(there.tool)
    if tool is None:
        return redirect("recorded", result=there.pk)
    form = _correcting(there, tool, request.POST if request.method == "POST" else None)
    pairs: list[dict[str, str]] = []
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                correct_result(
                    request.actor,
                    key=form.cleaned_data["key"],
                    version=form.cleaned_data["version"],
                    result=there,
                    tool=tool,
                    paper=form.paper(),
                    reason=form.cleaned_data["reason"],
                )
            except Stale as refusal:
                now = RecordedResult.objects.select_related(*RELATED).get(pk=there.pk)
                pairs, status = _pairs(form, _correcting(now, tool)), refusal.status
                form.add_error(None, said(refusal))
                form.data = {**form.data.dict(), "version": str(now.version), "key": fresh_key()}
            except REFUSED as refusal:
                form.take(refusal)
                status = refusal.status
            else:
                return redirect("recorded", result=there.pk)
    context = {"form": form, "result": there, "title": _titled(there), "pairs": pairs}
    return render(request, "screening/recorded_correct.html", context, status=status)


def _correcting(result: RecordedResult, tool: RecordedTool, data: Any = None) -> ResultForm:
    kept = result.said
    stands = {SCALE + key: one["value"] for key, one in kept.get("scales", {}).items()}
    stands |= {
        "key": fresh_key(),
        "version": result.version,
        "on": result.on,
        "form": kept.get("form", ""),
        "informant": CARER if result.by_carer else str(result.informant_id or ""),
    }
    return ResultForm(tool, _answering(result.episode, tool, result.informant), data, corrects=True, initial=stands)


def _pairs(yours: ResultForm, theirs: ResultForm) -> list[dict[str, str]]:
    """Both texts of each field that differs, in the words of the page."""
    shown: Callable[[ResultForm, str, Any], str] = lambda form, name, value: dict(  # noqa: E731
        getattr(form.fields[name], "choices", ())
    ).get(str(value), str(value or ""))
    return [
        {"label": str(field.label), "theirs": theirs_say, "yours": yours_say}
        for name, field in yours.fields.items()
        if name not in {"key", "version", "reason", "as_it_stands"}
        and (theirs_say := shown(theirs, name, theirs.initial.get(name)))
        != (yours_say := shown(yours, name, yours.cleaned_data.get(name)))
    ]


def own_panel(
    request: Any, *, episode: Episode, person: Person, is_child: bool, may_record: bool
) -> dict[str, Any] | None:
    """On somebody's own page: what was recorded of licensed tools, and the ways to record one. Whoever opens that page may
    read her screens."""
    mine = RecordedResult.objects.filter(episode=episode, subject=person).select_related("informant")
    results = list(policy.visible(request.actor, mine, "screening.see").order_by("-on", "-created_at"))
    ways = _ways(episode, person, is_child=is_child) if may_record else []
    if not results and not ways:
        return None
    rows = [
        [
            {"text": clock.day(one.on), "url": reverse("recorded", kwargs={"result": one.pk})},
            {"text": _titled(one), "note": who_answered(one)},
            {"text": numbers_said(one, recorded().get(one.tool)) or "—"},
        ]
        for one in results
    ]
    return {
        "rows": rows,
        "columns": [{"label": label} for label in (_("Day"), _("Tool"), _("Numbers"))],
        "ways": [way for way in ways if way["fits"]],
        "others": [way for way in ways if not way["fits"]],
    }


def _ways(episode: Episode, person: Person, *, is_child: bool) -> list[dict[str, Any]]:
    """The tools about this person; those for the child's age today first, the others within reach for a form of an earlier day."""
    today, child = clock.today(episode.organization.zone), child_of(episode.dyad)
    ways = []
    for tool in recorded().values():
        if tool.is_about_a_child != is_child or (is_child and (child.born is None or child.born > today)):
            continue
        fits = True
        if child.born is not None and is_child and tool.ages is not None:
            months = ages(child.born, child.gestation_weeks, today, tool.prematurity).used.months
            fits = tool.ages.low <= months <= tool.ages.high
        names = {"episode": episode.pk, "person": person.pk, "tool": tool.key}
        ways.append(
            {
                "button": _("Record %(tool)s") % {"tool": tool.short_name},
                "name": tool.short_name,
                "full": tool.name,
                "url": reverse("recorded_new", kwargs=names),
                "fits": fits,
            }
        )
    return ways


def told(result: RecordedResult) -> dict[str, str]:
    """A recorded result as somebody is told of it who asks what is held about her: each number, and what it was said to be."""
    rows = _rows(result, recorded().get(result.tool))
    facts = {_titled(result): clock.day(result.on)}
    return facts | {row[0]["text"]: f"{row[1]['text']}, {row[2]['text']}" for row in rows}
