"""What fits a family: open now, to be asked first, later; each saying why, and what is missing asked right there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmind.access import policy
from inmind.access.door import Asked, door, opened, refused
from inmind.families.models import Episode, Participation
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.forms import HouseForm, fresh_key
from inmind.people.models import Person
from inmind.services import said
from inmind.services.adapters.catalog import asked, programs, readings
from inmind.services.fitting.eligibility import SCHOOL, Match, Reason, State, prepared
from inmind.services.fitting.matching import Found
from inmind.services.listings.listing import Offers
from inmind.services.listings.models import Listing
from inmind.services.matches import actions, queries
from inmind.services.matches.board import Board
from inmind.services.matches.family_facts import Said, is_theirs, left_to_program, needs_school, to_ask
from inmind.services.matches.forms import SAID, AnswerForm, PlaceForm, ProgramForm
from inmind.services.referrals.models import Referral
from inmind.services.referrals.words import AS_SENT

SHOWN, OFFICES, ASKED_FIRST, NOT_SHOWN = 8, 3, 4, 15  # of a list; of a right; of questions; of what does not fit
COUNTED = 120  # days: what closes later is told by its day alone
A_YEAR = timedelta(days=365)  # ours: a right that opens later is not shown yet
AT_ONCE = frozenset({"opening", "language", "county", "where", "confirmed"})  # reasons that stand open on the page
SEE = "services.match"


def page_of(episode: Episode, person: Person | UUID, needs: Sequence[Offers] = ()) -> str:
    address = reverse("matches", kwargs={"episode": episode.pk, "person": getattr(person, "pk", person)})
    return f"{address}?{'&'.join(f'needs={one.value}' for one in needs)}" if needs else address


def there(request: Asked, verb: str, episode: UUID, person: UUID) -> tuple[Episode, Person]:
    """One who takes part in an episode; one refusal for all that is not there or not yours."""
    row, _verdict = opened(request, verb, Episode, episode, related=["dyad__child", "organization"])
    part = row.participations.filter(person=person).select_related("person").first()
    if part is None:
        raise refused(request, verb, about=row)
    return row, part.person


@door(SEE, about=Episode)
def matches(request: Asked, episode: UUID, person: UUID) -> HttpResponse:
    """The listings beside one person of a family. What is missing is asked here, and the page answers anew."""
    row, about = there(request, SEE, episode, person)
    needs = _needs(request)
    typed: dict[str, HouseForm] = {}
    if request.method == "POST":
        form, act = _sent(request, row, about)
        if form.is_valid():
            try:
                act()
            except (BadInput, NotNow) as refusal:
                form.take(refusal)
            else:
                messages.success(request, _("It is kept. The page answers anew."))
                there_again = page_of(row, about, needs)
                is_answer = request.POST.get("what") == "answer"
                return redirect(f"{there_again}{'&' if needs else '?'}answered#ask" if is_answer else there_again)
        typed = {request.POST.get("what", ""): form}
    status = 400 if typed else 200
    return render(request, "services/matches.html", _page(request, row, about, needs, typed), status=status)


def _needs(request: Asked) -> list[Offers]:
    known = {one.value: one for one in Offers}
    return [known[one] for one in dict.fromkeys(request.GET.getlist("needs")) if one in known]


def _sent(request: Asked, episode: Episode, person: Person) -> tuple[HouseForm, Callable[[], object]]:
    """The form that was sent, and what it asks for."""
    actor, sent = request.actor, request.POST
    about: dict[str, Any] = {"episode": episode}
    match sent.get("what"):
        case "place":
            place = PlaceForm(queries.counties(), sent)
            names = ("county", "school_on")
            return place, lambda: actions.keep_place(
                actor, key=place.cleaned_data["key"], **about, **{name: place.cleaned_data[name] for name in names}
            )
        case "program":
            program = ProgramForm(_programs(), sent)
            return program, lambda: actions.enter_program(
                actor,
                key=program.cleaned_data["key"],
                person=person,
                program=program.cleaned_data["program"],
                **about,
            )
        case "left":
            left = HouseForm(sent)
            entered = _id(sent.get("entered", ""))
            return left, lambda: actions.leave_program(actor, key=left.cleaned_data["key"], entered=entered, **about)
        case _:
            answer = AnswerForm(sent)
            return answer, lambda: actions.keep_answer(
                actor,
                key=answer.cleaned_data["key"],
                person=person,
                question=answer.cleaned_data["question"],
                said=Said(answer.cleaned_data["said"]),
                **about,
            )


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)  # nobody's


def _page(
    request: Asked, episode: Episode, person: Person, needs: list[Offers], typed: Mapping[str, HouseForm]
) -> dict[str, Any]:
    today = clock.today(episode.organization.zone)
    may_answer = bool(policy.can(request.actor, "services.keep_answer", episode))
    known = queries.known(episode, person, today, reads_answers=may_answer)
    board = queries.fitting(known, today, needs or [Offers.PROGRAM])
    show = _Shown(request, episode, person, board, known, today)
    names = {key: one.name for key, one in programs().items()}
    questions = to_ask((*board.ask, *board.rights), asked(), known.said, names) if may_answer else ()
    rows = [_question(one.question, one.programs, typed) for one in questions]
    return {
        "dyad": episode.dyad,
        "person": person,
        "name": person.name or episode.dyad.called,
        "back": f"{reverse('dyad', kwargs={'dyad': episode.dyad_id})}?episode={episode.pk}",
        "crumb": episode.dyad.called,
        "others": _others(episode, person, needs),
        "needs": _ways(episode, person, needs),
        "when": _when(known.family, today),
        "lists": [
            {"title": _("Open now"), "rows": show.rows(board.now, "now"), "more": show.more(board.now, "now")},
            {
                "title": _("Ask first"),
                "asks": True,
                "lead": _("Something is not known yet. It decides whether this is open."),
                "rows": show.rows(board.ask, "ask"),
                "more": show.more(board.ask, "ask"),
            },
            {"title": _("Later"), "rows": show.rows(board.later, "later"), "more": show.more(board.later, "later")},
        ],
        "is_empty": not (board.now or board.ask or board.later),
        "rights": _rights(known, today, show) if Offers.PROGRAM in (needs or [Offers.PROGRAM]) else [],
        "not_now": show.each(board.not_now[:NOT_SHOWN]),
        "not_now_left": max(0, len(board.not_now) - NOT_SHOWN),
        "said_there": "answered" in request.GET and bool(rows),
        "questions": rows[:ASKED_FIRST],
        "more_questions": rows[ASKED_FIRST:],
        "answered": _answered(known, typed),
        "may_answer": may_answer,
        **_forms(episode, known, board, today, typed, may_answer=may_answer),
    }


def _forms(
    episode: Episode,
    known: queries.Known,
    board: Board,
    today: date,
    typed: Mapping[str, HouseForm],
    *,
    may_answer: bool,
) -> dict[str, Any]:
    place, counties = known.place, queries.counties()
    first = {"county": place.county if place else "", "school_on": place.school_on if place else None}
    asks_school = bool(first["school_on"]) or needs_school(board.ask)
    enrolled = [
        {
            "name": programs()[key].name if key in programs() else key,
            "entered": row.pk if row else None,
            "form": HouseForm(initial={"key": fresh_key()}, auto_id=False),
        }
        for key, row in known.enrolled.items()
    ]
    form = typed.get("place") or PlaceForm(
        counties, initial=first | {"key": fresh_key()}, asks_school=asks_school, auto_id="place_%s"
    )
    return {
        "place_form": form if may_answer and (counties or asks_school or "place" in typed) else None,
        "place_open": "place" in typed,
        "asks_school": asks_school,
        "county": said.county(place.county) if place and place.county else "",
        "school_on": clock.day(place.school_on) if place and place.school_on else "",
        "enrolled": enrolled,
        "program_form": (typed.get("program") or ProgramForm(_programs(), auto_id="program_%s"))
        if may_answer
        else None,
        "program_open": "program" in typed,
        "form": typed.get("answer") or typed.get("place") or typed.get("program") or typed.get("left"),
    }


def _programs() -> list[tuple[str, str]]:
    return sorted(((key, one.name) for key, one in programs().items()), key=lambda one: one[1].casefold())


def _others(episode: Episode, person: Person, needs: list[Offers]) -> list[dict[str, Any]]:
    """For whom else of the family one can look."""
    parts = episode.participations.select_related("person").order_by("part", "created_at", "pk")
    return [
        _way(
            episode.dyad.called if row.part == Participation.Part.CHILD else row.person.given_name,
            here=row.person_id == person.pk,
            url=page_of(episode, row.person, needs),
        )
        for row in parts
        if row.person.erased_at is None
    ]


def _ways(episode: Episode, person: Person, needs: list[Offers]) -> list[dict[str, Any]]:
    chosen = needs or [Offers.PROGRAM]
    words = [_(said.OFFERS[one]) for one in Offers]
    return [
        _way(word, here=[one] == chosen, url=page_of(episode, person, [one]))
        for one, word in zip(Offers, words, strict=True)
    ] + [_way(_("all of it"), here=len(chosen) > 1, url=page_of(episode, person, list(Offers)))]


def _way(text: str, *, here: bool, url: str) -> dict[str, Any]:
    return {"text": text, "url": "" if here else url, "here": here}


def _when(family: Any, today: date) -> str:
    """The child's age, or the week of the pregnancy, on the day on which everything here is reckoned."""
    if family.born is not None:
        return _("The child was born on %(day)s.") % {"day": clock.day(family.born)}
    if family.expected is None:
        return ""
    weeks, days = divmod(280 - (family.expected - today).days, 7)
    return _("Week %(weeks)s and %(days)s days of the pregnancy; expected on %(day)s.") % {
        "weeks": weeks,
        "days": days,
        "day": clock.day(family.expected),
    }


def _question(question: Any, needed_by: Iterable[str], typed: Mapping[str, HouseForm]) -> dict[str, Any]:
    sent = typed.get("answer")
    is_this = sent is not None and sent.data.get("question") == question.key
    return {
        "key": question.key,
        "asks": said.asks(question),
        "programs": ", ".join(needed_by),
        "is_clinicians": question.of == "clinician",
        "form_key": fresh_key(),
        "errors": sent.errors if is_this and sent else None,
        "choices": [{"value": value, "label": label} for value, label in SAID],
    }


def _answered(known: queries.Known, typed: Mapping[str, HouseForm]) -> list[dict[str, Any]]:
    """What was answered, each with a way to say it anew."""
    words = dict(SAID)
    return [
        _question(asked()[key], (), typed) | {"said": words[one]}
        for key, one in sorted(known.said.items())
        if key in asked() and asked()[key].fact == key
    ]


class _Shown:
    """The rows of a page: of each listing that is shown what it says, why, and how one goes on from there."""

    def __init__(
        self, request: Asked, episode: Episode, person: Person, board: Board, known: queries.Known, today: date
    ) -> None:
        self.episode, self.person, self.board, self.known, self.today = episode, person, board, known, today
        self.more_of = request.GET.getlist("all")
        self.needs = _needs(request)
        self.may_draft = bool(policy.can(request.actor, "services.draft", episode))
        every = (
            *(one for name in ("now", "ask", "later") for one in self._some(getattr(board, name), name)),
            *(one for key in programs() for one in self._right(key)),
            *board.not_now[:NOT_SHOWN],
        )
        rows = Listing.objects.filter(pk__in=[one.listing.id for one in every])
        self.listings = {row.pk: row for row in rows}
        open_ones = Referral.objects.filter(episode=episode, about=person).exclude(state__in=queries.OVER)
        self.referred = {row.listing_id: row for row in open_ones}

    def _some(self, found: Sequence[Found], name: str) -> Sequence[Found]:
        return found if name in self.more_of else found[:SHOWN]

    def _right(self, program: str) -> list[Found]:
        """The first offices of a right; every one of them is the right."""
        return [one for one in self.board.rights if one.listing.program == program][:OFFICES]

    def right(self, program: str) -> list[dict[str, Any]]:
        return self.each(self._right(program))

    def rows(self, found: Sequence[Found], name: str) -> list[dict[str, Any]]:
        return self.each(self._some(found, name))

    def each(self, found: Sequence[Found]) -> list[dict[str, Any]]:
        return [self.row(one) for one in found if one.listing.id in self.listings]

    def more(self, found: Sequence[Found], name: str) -> dict[str, Any] | None:
        left = len(found) - len(self._some(found, name))
        if not left:
            return None
        address = page_of(self.episode, self.person, self.needs)
        return {"count": left, "url": f"{address}{'&' if '?' in address else '?'}all={name}"}

    def row(self, found: Found) -> dict[str, Any]:
        one, program = self.listings[found.listing.id], programs().get(found.listing.program)
        instead = self.board.instead_of(found)
        referral = self.referred.get(one.pk)
        refer = {"episode": self.episode.pk, "person": self.person.pk, "listing": one.pk}
        return {
            "name": one.name,
            "by": one.provider_name,
            "program": program.name if program else _(said.OFFERS[found.listing.offers]),
            "state": found.state.value,
            "why": [said.line(reason, program) for reason in found.why],
            "says": [said.said(reason) for reason in found.why if reason.rule in AT_ONCE],
            "closes": closing(found.match, self.today),
            "said_on": clock.day(one.said_on) if one.said_on else "",
            "confirmed_on": clock.day(one.confirmed_on),
            "languages": [said.language(code) for code in sorted(one.languages.split())],
            "cost": _("free") if one.is_free else one.cost,
            "km": None if found.km is None else round(found.km),
            "asks_program": found.match is not None and left_to_program(found.match, asked(), self.known.said),
            "asks": self._asks(found.match),
            "rather_not": self._rather_not(found.match),
            "evidence": said.evidence(program) if program else [],
            "warning": program.warning if program else "",
            "reading": reading_of(program.key) if program else "",
            "instead": instead.listing.name if instead else "",
            "refer": reverse("referral_draft", kwargs=refer) if self.may_draft and referral is None else "",
            "referral": reverse("referral", kwargs={"referral": referral.pk}) if referral else "",
            "stands": _(AS_SENT[referral.stands]) if referral else "",
        }

    def _asks(self, match: Match | None) -> list[str]:
        """What is open and the family or a clinician can answer: each in the words of its question; of some of which one is
        enough, just that."""
        found = []
        for reason in match.reasons if match is not None and match.state is State.ASK else ():
            keys = [key for key in reason.facts.get("asks", reason.rule).split() if key not in self.known.said]
            theirs = [key for key in keys if is_theirs(key, asked())]
            if reason.holds is None and (theirs or SCHOOL in keys):
                found.append(self._open(reason, theirs))
        return found

    def _open(self, reason: Reason, theirs: Sequence[str]) -> str:
        if len(theirs) > 1:
            return said.said(reason)
        return said.asks(asked()[theirs[0]]) if theirs else _("On which day does the child enter kindergarten?")

    def _rather_not(self, match: Match | None) -> bool:
        return match is not None and any(self.known.said.get(key) is Said.RATHER_NOT for key in match.asks)


def closing(match: Match | None, on: date) -> str:
    """Until when it is open, and how many days that leaves, where they are few enough to be counted."""
    if match is None or match.closes is None or match.state in {State.NO, State.LATER}:
        return ""
    left, facts = match.days_left or 0, {"day": clock.day(match.closes), "days": match.days_left}
    if left > COUNTED:
        return _("Closes on %(day)s.") % facts
    if match.on > on:
        return _("Closes on %(day)s: %(days)s days after a place could come.") % facts
    return (
        ngettext("Closes on %(day)s: %(days)s day is left.", "Closes on %(day)s: %(days)s days are left.", left) % facts
    )


def reading_of(program: str) -> str:
    """How this network reads a bound that its sources leave open, where it has said so."""
    week = readings().week.get(program)
    if week is not None:
        to_week = programs()[program].window.to_week
        return _("By week %(week)s is read here as: %(reading)s. That is this network's own reading.") % {
            "week": to_week.value if to_week else "",
            "reading": _(said.READINGS[week]),
        }
    return (
        _("The wider of two ages is read here. That is this network's own reading.")
        if program in readings().wider
        else ""
    )


def _rights(known: queries.Known, today: date, show: _Shown) -> list[dict[str, Any]]:
    """What a law gives to every child who qualifies, whether or not a listing of it is kept here."""
    found = []
    for key, program in programs().items():
        if not program.is_entitlement:
            continue
        match = prepared(program, known.family, questions=asked(), readings=readings())(today, None)
        if match.state is not State.NO and (match.opens is None or match.opens <= today + A_YEAR):
            found.append(
                {
                    "name": program.name,
                    "state": match.state.value,
                    "why": [said.line(reason, program) for reason in match.reasons],
                    "closes": closing(match, today),
                    "opens": clock.day(match.opens) if match.opens else "",
                    "rows": show.right(key),
                }
            )
    return sorted(found, key=lambda one: bool(one["opens"]))
