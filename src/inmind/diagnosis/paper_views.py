"""What leaves a formulation on paper and in pictures: the report, the family's summary, the course from version to version.

Papers are made outside of any transaction; each is in the trail before it leaves. Axis II is in a report only where its
reader may see it and chose it, and then the trail names each adult whom it rates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inmind.access import audit, policy
from inmind.access.door import Asked, door, opened, refused
from inmind.diagnosis import papers, pictures, queries, summary_actions, writing
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.course import Rated
from inmind.diagnosis.models import FamilySummary, Formulation
from inmind.diagnosis.papers import Plain, Signed, Version
from inmind.documents.adapters.typesetter import pdf_of
from inmind.documents.paper import Paper
from inmind.families.models import Episode
from inmind.families.screen_words import speaks_of_a_screen
from inmind.foundation import leaving, text
from inmind.foundation.errors import NotNow
from inmind.foundation.forms import ToldForm, form_page, fresh_key
from inmind.foundation.registries import house
from inmind.foundation.values import N_
from inmind.people.models import Person

SEE, RATINGS, CLAIM = "diagnosis.see_formulation", "diagnosis.see_relationships", "diagnosis.see_claim"
REPORT, SUMMARY, WRITE = "diagnosis.print_record", "diagnosis.print_summary", "diagnosis.write_summary"
RELATED = ("episode__organization", "episode__dyad__child", "signed_by", "cosigner")
LANGUAGES = {"en": gettext_lazy("English"), "es": gettext_lazy("Spanish")}


# A version as papers read it


def version_of(row: Formulation, *, relationships: bool) -> Version:
    """relationships: with Axis II, which whoever calls has asked for."""
    whole, episode = queries.whole(row, relationships=relationships), row.episode
    ids = {one.caregiver for one in whole.diagnoses if one.caregiver is not None}
    ids |= {each.caregiver for each in whole.relationships}
    ids |= {who for place in whole.environments for who in place.caregivers}
    newest = queries.last_signed(row.episode_id)
    return Version(
        child=episode.dyad.called,
        agency=episode.organization.name,
        phone=episode.organization.phone,
        zone=episode.organization.zone,
        number=row.number,
        whole=whole,
        signed=Signed(
            row.signed_by.name,
            row.signed_as,
            row.signed_at,
            _second(row),
            row.cosigned_at,
            row.cosigner_said or "",
        ),
        names={one: person.name for one, person in queries.named(ids).items()},
        mark=row.mark,
        is_as_signed=queries.is_as_signed(row),
        why_new=row.why_new or "",
        later=(newest.number, newest.signed_at) if newest is not None and newest.number > row.number else None,
        born_now=episode.dyad.birth_date,
    )


def _second(row: Formulation) -> str:
    """Who signed a version, too, or is asked to now; empty where nobody has to."""
    if row.cosigner is None:
        return ""
    if row.cosigned_at is not None:
        return ", ".join(filter(None, (row.cosigner.name, row.cosigned_as)))
    asked = queries.asked_now(row)
    return asked.name if asked else _("a clinician who is still to be asked")


def life_line_of(row: Formulation) -> dict[str, Any]:
    """The drawing of Axis IV of a signed version, for `diagnosis/life_line.html`."""
    of = version_of(row, relationships=False)
    return pictures.life_line_said(manual(), of.whole.stressors, of.age.months)


def course_of(rows: list[Formulation]) -> dict[str, Any] | None:
    """The drawing of Axis V across signed versions, for `diagnosis/competence.html`."""
    wholes = [(row, queries.whole(row, relationships=False)) for row in rows]
    rated = [Rated(row.number, row.assessed_on, whole.competence.ratings) for row, whole in wholes]
    return pictures.course_said(manual(), rated)


# From version to version


@door(SEE)
@require_safe
def course(request: Asked, episode: UUID) -> HttpResponse:
    """What the child lived through, and how it grows, across everything that was signed."""
    there, _verdict = opened(request, SEE, Episode, episode, related=("organization", "dyad__child"))
    rows = list(policy.visible(request.actor, queries.versions(there.pk).select_related(*RELATED), SEE))
    altered = [row for row in rows if not queries.is_as_signed(row)]
    # of a child who was erased nothing is left
    rows = [row for row in rows if row not in altered and row.content is not None]
    context = {
        "name": there.dyad.called,
        "back": house.pages["families.Episode"](there),
        "course": course_of(rows),
        "life": life_line_of(rows[0]) if rows else None,
        "strengths": list(_strengths(rows)),
        "newest": rows[0].number if rows else None,
        "waits": [row.number for row in rows if row.cosigner_id is not None and row.cosigned_at is None],
        "not_as_signed": [row.number for row in altered],
    }
    return render(request, "diagnosis/course.html", context)


def _strengths(rows: list[Formulation]) -> Iterator[str]:
    if rows:
        whole = queries.whole(rows[0], relationships=False)
        yield from (one for one in (whole.strengths, whole.competence.strengths) if one.strip())


# The report for the record


@door(REPORT)
@require_safe
def report(request: Asked, formulation: UUID) -> HttpResponse:
    """What the report holds and what it leaves out, before it is printed."""
    row, _verdict = opened(request, REPORT, Formulation, formulation, related=RELATED)
    of, with_two = _asked_for(request, row)
    paper = papers.report(of, relationships=with_two, printed=queries.today_of(row.episode), by=_reader(request))
    context = {
        **_head(row),
        "paper": paper,
        "may_two": bool(policy.can(request.actor, RATINGS, row)),
        "with_two": with_two,
        "not_as_signed": not of.is_as_signed,
        "waits": papers.waits_said(of.signed) if of.signed.waits else "",
        "speaks": _speaks(paper),
        "names": [] if with_two else _names_left_out(row, of, paper),
        "later": of.later_said,
        "url": _way("formulation_report_paper", row, **({"axis_two": "1"} if with_two else {})),
        "life": pictures.life_line_said(manual(), of.whole.stressors, of.age.months),
        "course": course_of([row]),
    }
    return render(request, "diagnosis/report.html", context)


@door(REPORT)
@require_safe
def report_paper(request: Asked, formulation: UUID) -> HttpResponse:
    """The report itself."""
    row, _verdict = opened(request, REPORT, Formulation, formulation, related=RELATED)
    of, with_two = _asked_for(request, row)
    paper = papers.report(of, relationships=with_two, printed=queries.today_of(row.episode), by=_reader(request))
    return leaving.paper(pdf_of(paper), f"report-version-{row.number}")


def _asked_for(request: Asked, row: Formulation) -> tuple[Version, bool]:
    """The version, with Axis II where that was chosen. Raises Refused where it was and is not this reader's."""
    queries.check_opens(row)
    if row.content is None:
        raise NotNow(N_("Nothing is left of this formulation."), N_("The child it was about was erased here."))
    with_two = request.GET.get("axis_two") == "1"
    if with_two:
        verdict = policy.can(request.actor, RATINGS, row)
        if not verdict:
            raise refused(request, RATINGS, about=row)
        of = version_of(row, relationships=True)
        audit.read(
            request.actor, RATINGS, verdict, about=row, subjects={("person", one) for one in writing.rated(of.whole)}
        )
        return of, True
    return version_of(row, relationships=False), False


def _speaks(paper: Paper) -> list[str]:
    """Words of a paper that seem to speak of a screen (`protect.md` 1): whoever prints it looks at them first."""
    names = tuple(name for room in house.screen_names for name in room())
    return [words for words in _words_of(paper) if speaks_of_a_screen(words, names)]


def _words_of(paper: Paper) -> list[str]:
    said = [words for _label, words in paper.facts]
    said += [words for part in paper.parts for words in (*part.paragraphs, *part.items)]
    return said + [cell for part in paper.parts if part.table for row in part.table.rows for cell in row]


SHORTEST_NAME = 3  # ours: letters; a shorter one is a word of every other sentence
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def _names_left_out(row: Formulation, of: Version, paper: Paper) -> list[dict[str, str]]:
    """Sentences of a paper without Axis II in which an adult of this family is named, by any of their names: what was typed is
    printed as it is, and whoever prints it knows. Names that the child has, too, tell nothing."""
    people = {one.person.name for one in queries.caregivers(row.episode, queries.today_of(row.episode)).values()}
    childs = set(text.name_tokens(of.child))
    everybody = sorted(people | set(of.names.values()))
    names = {token: name for name in everybody for token in text.name_tokens(name) if len(token) >= SHORTEST_NAME}
    found: dict[str, str] = {}
    for sentence in (one for words in _words_of(paper) for one in SENTENCE.split(words)):
        if who := [names[token] for token in text.name_tokens(sentence) if token in names and token not in childs]:
            found[sentence] = ", ".join(dict.fromkeys(who))
    return [{"sentence": sentence, "who": who} for sentence, who in found.items()]


# The summary for the family


class SummaryForm(ToldForm):
    """The words for the family, in one language."""

    strengths = forms.CharField(
        label=gettext_lazy("What is going well"),
        help_text=gettext_lazy("What the child shows, and what the family is proud of. It stands first."),
        max_length=FamilySummary.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    understood = forms.CharField(
        label=gettext_lazy("What we understood together"),
        help_text=gettext_lazy(
            "Short sentences, as you would say them at the kitchen table. Nothing about another adult."
        ),
        max_length=FamilySummary.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    next_steps = forms.CharField(
        label=gettext_lazy("What comes next"),
        help_text=gettext_lazy("Who does what, and when you meet again."),
        max_length=FamilySummary.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    says_names = forms.BooleanField(label=gettext_lazy("Say what it is called"), required=False)
    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, names: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alone = _("A diagnosis about a relationship is never on this paper: talk about it with that adult alone.")
        self.fields["says_names"].help_text = f"{', '.join(names)}. {alone}"
        if not names:
            del self.fields["says_names"]


def newest(row: Formulation, language: str) -> FamilySummary | None:
    """The words for the family that hold, in one language."""
    return row.summaries.filter(language=language).select_related("by").order_by("-created_at", "-pk").first()


@door(SUMMARY)
def summary(request: Asked, formulation: UUID) -> HttpResponse:
    """The words for the family: read by the care team, written by whoever formulates; and the way to the paper."""
    row, _verdict = opened(request, SUMMARY, Formulation, formulation, related=RELATED)
    queries.check_opens(row)
    language = _language(request)
    there, may_write = newest(row, language), bool(policy.can(request.actor, WRITE, row))
    first = queries.whole(row, relationships=False).strengths if may_write and language == "en" and row.content else ""
    said = _plain(there) if there else Plain(first, "", "")
    initial = {
        "key": fresh_key(),
        "seen": there.pk if there else None,
        "strengths": said.strengths,
        "understood": said.understood,
        "next_steps": said.next_steps,
        "says_names": there is not None and there.says_names,
    }
    names = [papers.diagnosis_name(manual(), one) for one in _given(row)]
    paper, later = _summary_of(row, there, language), queries.last_signed(row.episode_id)
    if request.method == "POST" and not may_write:
        raise refused(request, WRITE, about=row)
    form = SummaryForm(names, request.POST or None, initial=initial)

    def act() -> HttpResponse:
        typed = form.cleaned_data
        summary_actions.write_summary(
            request.actor,
            key=typed["key"],
            formulation=row,
            language=language,
            seen=typed["seen"],
            says_names=bool(typed.get("says_names")),
            **{name: typed[name] for name in ("strengths", "understood", "next_steps")},
        )
        messages.success(request, _("Kept. Read it aloud once before you go through it together."))
        return redirect(_way("formulation_summary", row, language=language))

    context = {
        **_head(row),
        "language": language,
        "languages": [
            {"words": words, "url": _way("formulation_summary", row, language=key), "is_here": key == language}
            for key, words in LANGUAGES.items()
        ],
        "paper": paper,
        "by": there.by.name if there else "",
        "may_write": may_write,
        "later": {"number": later.number, "url": _way("formulation_summary", later)}
        if later is not None and later.number > row.number
        else None,
        "url": _way("formulation_summary_paper", row, language=language),
        "waits": row.cosigner_id is not None and row.cosigned_at is None,
        "not_as_signed": not queries.is_as_signed(row),
    }
    return form_page(request, form, "diagnosis/summary.html", context, act)


@door(SUMMARY)
@require_safe
def summary_paper(request: Asked, formulation: UUID) -> HttpResponse:
    """The summary itself, in the language that was chosen."""
    row, _verdict = opened(request, SUMMARY, Formulation, formulation, related=RELATED)
    queries.check_opens(row)
    language = _language(request)
    there = newest(row, language)
    paper = _summary_of(row, there, language)
    if paper is None:
        raise NotNow(
            N_("The words for the family are not written yet in this language."),
            N_("Whoever formulated writes them first."),
        )
    return leaving.paper(pdf_of(paper), f"for-the-family-{language}-version-{row.number}")


def _summary_of(row: Formulation, there: FamilySummary | None, language: str) -> Paper | None:
    """The paper for the family in one language, for its page and for print; None where it is not written."""
    if there is None or row.content is None:
        return None
    with translation.override(language):
        of = version_of(row, relationships=False)
        return papers.summary(of, _plain(there), names_diagnoses=there.says_names)


def _given(row: Formulation) -> list[Any]:
    if row.content is None:
        return []
    whole = queries.whole(row, relationships=False)
    return [one for one in papers.childs_own(whole.diagnoses) if one.certainty in papers.GIVEN]


def _plain(one: FamilySummary) -> Plain:
    return Plain(one.strengths or "", one.understood or "", one.next_steps or "")


def _language(request: Asked) -> str:
    """The language that was asked for; else the reader's, where a summary is written in it."""
    asked = request.GET.get("language", "")
    mine = (get_language() or "en")[:2]
    return asked if asked in LANGUAGES else mine if mine in LANGUAGES else "en"


def _head(row: Formulation) -> dict[str, Any]:
    return {"row": row, "name": row.episode.dyad.called, "back": house.pages["families.Episode"](row.episode)}


def _way(name: str, row: Formulation, **asked: str) -> str:
    there = reverse(name, kwargs={"formulation": row.pk})
    return f"{there}?{urlencode(asked)}" if asked else there


def _reader(request: Asked) -> str:
    return Person.objects.get(pk=request.actor.person).name if request.actor.person else ""


# Where the papers are found


def papers_panel(request: Any, *, formulation: Formulation) -> dict[str, Any] | None:
    """On the page of a version: its papers and pictures, for its care team; not for who is asked to sign this one, too."""
    verbs = (REPORT, SUMMARY, SEE, CLAIM)
    may = {verb: bool(policy.can(request.actor, verb, formulation.episode)) for verb in verbs}
    ways = [
        (REPORT, _("Report for the record"), _way("formulation_report", formulation)),
        (SUMMARY, _("For the family"), _way("formulation_summary", formulation)),
        (SEE, _("In pictures, from version to version"), reverse("formulation_course", args=[formulation.episode_id])),
        (CLAIM, _("The code for a claim"), _way("formulation_claim", formulation)),
    ]
    shown = [{"label": label, "url": url} for verb, label, url in ways if may[verb]]
    return {"ways": shown} if shown else None


def understood_panel(request: Any, *, dyad: Any, episode: Episode, on: Any) -> dict[str, Any] | None:
    """On the family's page: the words that were written for the family, for the whole care team."""
    if not policy.can(request.actor, SUMMARY, episode):
        return None
    row = queries.last_signed(episode.pk)
    if row is None or (queries.is_as_signed(row) and row.content is None):
        return None
    clinician = bool(policy.can(request.actor, SEE, episode))
    earlier = queries.versions(episode.pk).filter(number__lt=row.number, summaries__isnull=False).first()
    return {
        "url": _way("formulation_summary", row),
        "number": row.number,
        "is_written": row.summaries.exists(),
        "earlier": {"number": earlier.number, "url": _way("formulation_summary", earlier)} if earlier else None,
        "course": reverse("formulation_course", args=[episode.pk]) if clinician else "",
    }
