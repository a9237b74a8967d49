"""Every instrument that stands on a page: its result said truly there, in its history, in lists, and on paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse

from inmind.access import policy
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import FieldClass
from inmind.screening import actions, due, offers, paper
from inmind.screening.adapters.catalog import catalog, shipped
from inmind.screening.models import EarlierResult, Screen
from inmind.screening.schedule import State
from tests import make

pytestmark = pytest.mark.django_db


def said_of(family: make.Family, screen: Screen, route: str = "screen") -> str:
    answer = family.by.client.get(reverse(route, kwargs={"screen": screen.pk}))
    assert answer.status_code == 200
    return answer.content.decode()


def list_of(family: make.Family, person: object = None) -> str:
    address = reverse("caregiver", args=[family.episode.pk, (person or family.adult).pk])  # type: ignore[attr-defined]
    return family.by.client.get(address).content.decode()


@pytest.mark.parametrize(
    ("months", "form", "keys"),
    [
        pytest.param(5, "4", ("bpsc", "swycconcerns", "swycfamily7", "epds", "gad7"), id="five months"),
        pytest.param(19, "18", ("swycmilestones", "ppsc", "posi", "swycfamily", "mchatr"), id="nineteen months"),
        pytest.param(60, "", ("psc35",), id="five years"),
    ],
)
def test_what_stands_on_a_page_is_entered_and_said(months: int, form: str, keys: tuple[str, ...]) -> None:
    """Each is marked through its form, all at the most; its result, history and correction open; no total is invented."""
    family = make.make_family(age_months=months)
    for key in keys:
        instrument = catalog()[key]
        screen = make.make_screen(family, instrument=key, answers={}, finished=False, form=form)
        rows = said_of(family, screen, "screen_enter").count('<fieldset class="answer')
        assert rows == (31 if key == "psc35" else len(instrument.items))
        most = {item.key: item.values[-1] for item in instrument.items}
        sent = {**paper.marked(instrument, most), "key": f"k-{key}", "version": str(screen.version)}
        family.by.client.post(reverse("screen_enter", kwargs={"screen": screen.pk}), sent)
        screen.refresh_from_db()
        assert screen.state == Screen.State.COMPLETE
        assert (screen.points is not None) == instrument.has_total == screen.has_total
        page = said_of(family, screen)
        assert ("Its publisher makes no total of it." in page) == (not instrument.has_total)
        assert ("points on a scale from" in page) == instrument.has_total
        said_of(family, screen, "screen_history")
        assert "worth a closer look" in page or key in {"gad7", "mchatr", "epds", "swycmilestones"}


def test_a_part_that_reaches_its_cut_off_says_so_with_its_source_and_stays_when_corrected() -> None:
    """BPSC: three subscales, no total. What was corrected keeps the parts as they stood."""
    family = make.make_family(age_months=5)
    answers = make.calm_answers("bpsc", bpsc_1=2, bpsc_2=1)
    screen = make.make_screen(family, instrument="bpsc", form="4", answers=answers)
    assert (screen.is_positive, screen.parts["inflexibility"]) == (True, (3, 3, True))
    page = said_of(family, screen)
    assert "3 points or more: reached" in page and "3 points or more: not reached" in page
    assert "A part bands nothing by itself" not in page and "BPSC scoring directions" in page
    actions.correct(family.by.actor, screen=screen, answers={"bpsc_1": 0}, reason="Read in the wrong row.")
    screen.refresh_from_db()
    earlier = EarlierResult.objects.get()
    assert (earlier.is_positive, earlier.parts["inflexibility"], earlier.lowest) == (True, (3, 3, True), None)
    assert (screen.is_positive, screen.parts["inflexibility"]) == (False, (1, 1, False))
    history = said_of(family, screen, "screen_history")
    assert "Inflexibility 3; Irritability 0" in history and "Inflexibility 1; Irritability 0" in history
    assert "Inflexibility 1; Irritability 0" in list_of(family, family.child)


def test_an_unknown_cut_off_names_the_table_to_load() -> None:
    """Milestones at five months: the total stands, no band, and the sentence that says what would give one."""
    family = make.make_family(age_months=5)
    screen = make.make_screen(family, instrument="swycmilestones", form="4", answers={"swycmilestones_1": 2})
    assert (screen.points, screen.band, screen.is_positive) == (2, "", None)
    page = said_of(family, screen)
    assert (
        "ask the data steward of this house for: the official SWYC Milestones scoring table of the steward (TEAM UP Center)"
        in page
    )
    assert "Cut-off:" not in page
    blanks = "By the publisher&#x27;s rule each counts as the lowest answer. Answered, the total could be 2 to 20."
    assert blanks in page


def test_answers_to_talk_about_stand_on_the_adults_own_page_alone() -> None:
    """The family questions: each by its row, never on the child's page nor on the family's; and no alarm is raised."""
    family = make.make_family(age_months=19)
    screen = make.make_screen(family, instrument="swycfamily", answers=make.calm_answers("swycfamily", swycfamily_2=1))
    page = said_of(family, screen)
    assert "To talk about with María alone, on the same visit:" in page and "2. substance overuse" in page
    assert "Read them yourself." in page and "load:" not in page
    dyad = family.by.client.get(reverse("dyad", args=[family.dyad.pk])).content.decode()
    assert "substance" not in list_of(family, family.child) + dyad and str(screen.pk) not in dyad
    assert {flag.is_crisis for flag in screen.flags.all()} == {False}


def test_two_questions_on_mood_lead_where_the_phq2_leads() -> None:
    """A positive pair offers a full-length screen at once, and her list of what is due waits for it."""
    family = make.make_family(age_months=2)
    answers = make.calm_answers("swycfamily", swycfamily_6=2, swycfamily_7=1)
    screen = make.make_screen(family, instrument="swycfamily", answers=answers)
    assert (screen.is_positive, screen.parts["phq2"]) == (True, (3, 3, True))
    page = said_of(family, screen)
    assert "The two questions on mood (PHQ-2)" in page and 'value="phq9"' in page
    mood = due.of_adult(family.by.actor, family.episode, family.adult, screen.on)[0]
    assert mood.state is State.DUE and "A full one follows" in mood.reason
    make.make_screen(family, instrument="phq9")
    assert "it closes the part on mood, and no other answer." in said_of(family, screen)
    assert due.of_adult(family.by.actor, family.episode, family.adult, screen.on)[0].state is State.DONE


# What is switched off


def test_what_is_switched_off_is_neither_offered_nor_begun() -> None:
    family = make.make_family()
    assert "ACE" not in list_of(family)
    with pytest.raises(NotNow, match="switched off"):
        make.make_screen(family, instrument="ace10")


@pytest.fixture(scope="module")
def switched_on() -> Iterator[None]:
    """From here on: an agency that has agreed how answers about adverse experiences are met."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("INMIND_INSTRUMENTS_ON", "ace10, pearlschild")
        _read_anew()
        yield
    _read_anew()


def _read_anew() -> None:
    for known in (catalog, shipped):
        known.cache_clear()


def test_adverse_experiences_stand_on_their_own_page_and_in_no_list(switched_on: None) -> None:
    """`protect.md` 12: neither points nor band in her list, in a trend, on paper or on the family's page."""
    family = make.make_family(age_months=19)
    screens = [
        make.make_screen(family, instrument="ace10", answers=make.calm_answers("ace10", ace10_1=1, ace10_6=1))
        for _ in range(2)
    ]
    screens.append(make.make_screen(family, instrument="pearlschild", answers=make.calm_answers("pearlschild")))
    assert "2 points on a scale from 0 to 10." in said_of(family, screens[0])
    for person in (family.adult, family.child):
        page = list_of(family, person)
        assert "on its own page" in page and "over time" not in page and "intermediate" not in page
    verdict = policy.can(family.by.actor, "screening.see", family.episode)
    assert FieldClass.CLINICAL in verdict.classes
    told = offers.held(family.by.actor, family.adult, verdict) or []
    assert [list(one.values())[1:] for one in told] == [["on its own page", "—"]] * 2
    others = [reverse("dyad", args=[family.dyad.pk]), reverse("today"), reverse("due")]
    assert not any("ACE-10" in family.by.client.get(address).content.decode() for address in others)
    plain = said_of(family, screens[2])
    assert "few signs" not in plain and "This is not a diagnosis." in plain


def test_a_form_that_gives_its_count_alone(switched_on: None) -> None:
    """Nobody is asked for the answers; a count and answers together are refused; a wrong one is put right."""
    family = make.make_family()
    screen = make.make_screen(family, instrument="ace10", answers={}, finished=False)
    address = reverse("screen_enter", kwargs={"screen": screen.pk})
    sent = {"key": "one", "version": str(screen.version)}
    for wrong, sentence in (({"count": "11"}, "cannot be an answer"), ({"count": "x"}, "not a whole number")):
        refusal = family.by.client.post(address, {**sent, **wrong})
        assert refusal.status_code == 400 and sentence in refusal.content.decode()
    both = family.by.client.post(address, {**sent, "key": "two", "count": "4", "ace10_1": "2"})
    assert "Answers are marked, and a count is given too." in both.content.decode()
    family.by.client.post(address, {**sent, "key": "three", "count": "4"})
    screen.refresh_from_db()
    assert (screen.points, screen.band, screen.state, screen.answers) == (4, "high", "complete", {})
    assert "The form gave its count alone." in said_of(family, screen, "screen_history")
    sent = {"key": "four", "version": str(screen.version), "count": "3", "reason": "A slip of the hand."}
    family.by.client.post(reverse("screen_correct", kwargs={"screen": screen.pk}), sent)
    screen.refresh_from_db()
    assert (screen.points, screen.earlier.get().points) == (3, 4)
    with pytest.raises(BadInput, match="Nothing is different"):
        actions.correct(family.by.actor, screen=screen, answers={}, count=3, reason="Again.")
