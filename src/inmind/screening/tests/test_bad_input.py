"""What cannot be entered: a clear sentence, and nothing lost."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from inmind.access import guard
from inmind.families.intake import AdultFacts
from inmind.foundation import clock
from inmind.foundation.errors import NotNow
from inmind.foundation.identity import new_id
from inmind.screening import actions, queries
from inmind.screening.adapters.catalog import catalog
from inmind.screening.instruments import Catalog
from inmind.screening.models import Screen
from inmind.screening.result_views import spoken
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def family() -> make.Family:
    family = make.make_family(age_months=20)
    make.make_on_call(family.episode.organization)
    return family


@pytest.fixture
def draft(family: make.Family) -> Screen:
    """An EPDS with two answers saved as they were typed."""
    return make.make_screen(family, answers={"epds_1": 2, "epds_2": 1}, finished=False)


def sent(family: make.Family, screen: Screen, route: str = "screen_enter", **form: str) -> Any:
    said = {"key": str(new_id()), "save_key": str(new_id()), "version": str(screen.version), **form}
    return family.by.client.post(reverse(route, kwargs={"screen": screen.pk}), said)


def said_by(answer: Any) -> str:
    return answer.content.decode().replace("&#x27;", "'").replace("&quot;", '"')


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        pytest.param({"epds_4": "5"}, "cannot be an answer to epds_4", id="a place that the form does not have"),
        pytest.param({"epds_4": "-1"}, "cannot be an answer to epds_4", id="a place below the first"),
        pytest.param({"epds_4": "1.5"}, "cannot be an answer to epds_4", id="a place between two"),
        pytest.param({"epds_4": "two"}, "cannot be an answer to epds_4", id="a word for a place"),
        pytest.param({"epds_4": "٢"}, "cannot be an answer to epds_4", id="a digit of another script"),
        pytest.param({"epds_4": "9" * 5000}, "cannot be an answer to epds_4", id="five thousand digits"),
        pytest.param({"epds_11": "1"}, "EPDS has no item called epds_11", id="an item too many"),
        pytest.param({"epds_x": "1"}, "EPDS has no item called epds_x", id="an item that no form has"),
    ],
)
def test_an_answer_that_cannot_be_is_sent_back_and_the_draft_stays(
    family: make.Family, draft: Screen, form: dict[str, str], sentence: str
) -> None:
    """400 with its sentence; what was saved as typed stands, and what was marked beside it comes back marked."""
    answer = sent(family, draft, epds_3="2", **form)
    assert answer.status_code == 400
    assert sentence in said_by(answer)
    assert 'id="epds_3-2" name="epds_3" value="2" data-digits="2" checked' in answer.content.decode()
    kept = Screen.objects.get(pk=draft.pk)
    assert (kept.state, kept.answers, kept.version) == (Screen.State.OPEN, {"epds_1": 2, "epds_2": 1}, draft.version)


def test_an_item_too_many_is_refused_as_it_is_typed(family: make.Family, draft: Screen) -> None:
    """The script is told in the same words."""
    answer = sent(family, draft, "screen_save", epds_12="1")
    assert answer.status_code == 400
    assert "no item called epds_12" in answer.json()["error"]


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        pytest.param({"instrument": "gad77"}, "gad77", id="an unknown instrument"),
        pytest.param({"instrument": ""}, "required", id="no instrument"),
        pytest.param({"instrument": "mchatr"}, "mchatr", id="an instrument about a child, of an adult"),
        pytest.param({"instrument": "mchatrf"}, "mchatrf", id="a second stage by itself"),
        pytest.param({"on": "2999-01-01"}, "lies in the future", id="a day in the future"),
        pytest.param({"on": "1890-01-01"}, "before the agency began", id="a day 130 years ago"),
        pytest.param({"on": "2026-02-30"}, "valid date", id="a day that is none"),
        pytest.param({"on": "yesterday"}, "valid date", id="a day in words"),
        pytest.param({"follows": "x"}, "valid UUID", id="a first stage that is none"),
        pytest.param({"key": ""}, "Open it again", id="a page without its key"),
    ],
)
def test_a_screen_that_cannot_begin_says_why(family: make.Family, form: dict[str, str], sentence: str) -> None:
    """400 with its sentence, the form as it was typed, and no screen."""
    typed = {"key": str(new_id()), "instrument": "epds", "on": clock.today(make.ZONE).isoformat(), **form}
    address = reverse("screen_begin", args=[family.episode.pk, family.adult.pk])
    answer = family.by.client.post(address, typed)
    assert answer.status_code == 400
    assert sentence in said_by(answer)
    assert not Screen.objects.exists()
    if typed["instrument"] == "epds":
        assert "checked" in answer.content.decode()


def test_a_screen_of_a_child_needs_who_answered(family: make.Family) -> None:
    """The field says so, and no screen begins."""
    typed = {"key": str(new_id()), "instrument": "mchatr", "on": clock.today(make.ZONE).isoformat()}
    address = reverse("screen_begin", args=[family.episode.pk, family.child.pk])
    for informant in ({}, {"informant": str(family.child.pk)}, {"informant": "nobody"}):
        answer = family.by.client.post(address, {**typed, **informant})
        assert answer.status_code == 400
    assert not Screen.objects.exists()
    begun = family.by.client.post(address, {**typed, "informant": str(family.adult.pk)})
    assert begun.status_code == 302


def test_a_second_click_begins_and_finishes_nothing_twice(family: make.Family) -> None:
    """The same page sent twice finds the first one's answer."""
    typed = {"key": str(new_id()), "instrument": "phq2", "on": clock.today(make.ZONE).isoformat()}
    address = reverse("screen_begin", args=[family.episode.pk, family.adult.pk])
    first, second = (family.by.client.post(address, typed)["Location"] for _ in range(2))
    assert first == second
    screen = Screen.objects.get()
    form = {"key": str(new_id()), "version": "1", "phq2_1": "2", "phq2_2": "2"}
    done = [family.by.client.post(first, form)["Location"] for _ in range(2)]
    assert done[0] == done[1] == reverse("screen", kwargs={"screen": screen.pk})
    assert Screen.objects.get().points == 4


def test_the_same_key_with_other_answers_is_refused(family: make.Family, draft: Screen) -> None:
    """A form that was sent and changed in between: what was kept first stands, and the page says so."""
    key = str(new_id())
    assert sent(family, draft, key=key, epds_3="1").status_code == 302
    answer = sent(family, draft, key=key, epds_3="4")
    assert answer.status_code == 409
    assert "sent with other answers" in said_by(answer)
    assert Screen.objects.get(pk=draft.pk).answers["epds_3"] == 3


def test_two_tabs_lose_nothing(family: make.Family, draft: Screen) -> None:
    """The second tab is shown both texts, keeps what was typed in it, and saves over what it has now seen."""
    assert sent(family, draft, "screen_save", epds_1="1").status_code == 200
    answer = sent(family, draft, epds_1="4")
    assert answer.status_code == 409
    assert "Someone saved this while you were writing" in said_by(answer)
    assert 'id="epds_1-4" name="epds_1" value="4" data-digits="4" checked' in answer.content.decode()
    now = Screen.objects.get(pk=draft.pk)
    assert now.answers["epds_1"] == 0
    assert sent(family, now, epds_1="4").status_code == 302
    assert Screen.objects.get(pk=draft.pk).answers["epds_1"] == 3


def test_the_draft_waits_for_a_session_that_ended(family: make.Family, draft: Screen) -> None:
    """Half-way through the sign-in ends: the page leads to sign-in and back, and what was saved as typed is there."""
    address = reverse("screen_enter", kwargs={"screen": draft.pk})
    client = family.by.client
    assert client.get(address).status_code == 200
    with guard.permit("migrations"):
        client.session.flush()
    ended = client.post(address, {"key": str(new_id()), "version": str(draft.version), "epds_3": "1"})
    assert ended.status_code == 302 and address in ended["Location"]
    again = family.by.client.get(address).content.decode()
    for item, place in (("epds_1", 3), ("epds_2", 2)):
        assert f'id="{item}-{place}" name="{item}" value="{place}" data-digits="{place}" checked' in again
    assert Screen.objects.get(pk=draft.pk).state == Screen.State.OPEN


# Brief forms


def page_of(family: make.Family, screen: Screen) -> str:
    return said_by(family.by.client.get(reverse("screen", kwargs={"screen": screen.pk})))


SAFETY = "it says nothing about safety"


def test_a_positive_brief_screen_offers_the_full_one_at_once(family: make.Family) -> None:
    """One button for each full-length screen, for the same day; a negative one of that day closes it."""
    brief = make.make_screen(family, instrument="phq2", answers={"phq2_1": 2, "phq2_2": 1})
    page = page_of(family, brief)
    assert page.count("Begin it now") == 2
    make.make_screen(family, instrument="phq9")
    page = page_of(family, brief)
    assert "Begin it now" not in page
    assert "A full-length screen of the same day was negative: it closes this one." in page


def test_a_positive_full_screen_lets_the_brief_one_stand(family: make.Family) -> None:
    """Go on with that one."""
    brief = make.make_screen(family, instrument="epds3", answers={"epds3_1": 1, "epds3_2": 1, "epds3_3": 1})
    make.make_screen(family, instrument="epds", answers=make.calm_answers(epds_1=3, epds_2=3, epds_3=3, epds_4=1))
    page = page_of(family, brief)
    assert "was positive too: go on with that one" in page
    assert "Its publisher writes this total as 10 of 30." in page


def test_a_brief_screens_result_says_nothing_about_safety(family: make.Family) -> None:
    """PHQ-2 and EPDS-3 do not ask about self-harm, and say so on every result; the EPDS does ask."""
    for key in ("phq2", "epds3"):
        calm = make.make_screen(family, instrument=key)
        assert SAFETY in page_of(family, calm)
        assert "Begin it now" not in page_of(family, calm)
    assert SAFETY not in page_of(family, make.make_screen(family, instrument="epds"))


def test_the_anxiety_part_stands_beside_the_epds_with_its_cut_off(family: make.Family) -> None:
    """Shown as the network's choice, with all that were published; it is no band."""
    screen = make.make_screen(family, answers=make.calm_answers(epds_3=3, epds_4=2))
    page = page_of(family, screen)
    assert "EPDS-3A, anxiety subscale" in page
    assert re.search(r"5, a setting of this house, not the publisher.{1,6}s: reached", page)
    assert "Published cut-offs: 4, 5, 6. There is no single agreed one." in page
    assert (screen.band, screen.flags.count()) == ("below_cutoff", 0)


# Over time, and in the family's words


def test_repeated_screens_are_a_picture_with_its_table_where_they_can_be_read(family: make.Family) -> None:
    """On her own page, for the care team; one screen alone is no trend, and a colleague sees neither."""
    address = reverse("caregiver", args=[family.episode.pk, family.adult.pk])
    make.make_screen(family, answers=make.calm_answers(epds_1=3))
    assert "trend-picture" not in said_by(family.by.client.get(address))
    make.make_screen(family, answers=make.calm_answers(epds_1=None))
    page = said_by(family.by.client.get(address))
    assert page.count("trend-picture") == 1
    assert "2 results of EPDS" in page and "0 to 3" in page
    colleague = make.make_worker("clinician", family.episode.organization)
    assert "trend-picture" not in said_by(colleague.client.get(address))


def test_the_words_for_the_family_are_in_the_language_she_answered_in(family: make.Family) -> None:
    """Marked as such for a screen reader; in the reader's where we have none of hers, or hers is not written down."""
    spanish = make.make_family(family.by, adults=(AdultFacts("Ana", "Ruiz", "mother"),))
    screen = make.make_screen(spanish)
    for language, meant in (("es", "es"), ("es-MX", "es"), ("so", "en"), ("", "en")):
        make.together(lambda act, language=language: Screen.objects.filter(pk=screen.pk).update(language=language))
        assert f'card-strength result" lang="{meant}"' in page_of(spanish, screen)
    with translation.override("es"):
        assert [spoken(language) for language in ("", "so", "en")] == ["es", "es", "en"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        pytest.param("es", "Studied in Spanish: Instruction manual", id="studied in the language of the answers"),
        pytest.param("en", "how well this works for people who answer in English.", id="not known in this one"),
        pytest.param(
            "other", "how well this works for people who answer in this language.", id="a language without a name"
        ),
        pytest.param(
            "", "how well this works for people who answer in this language.", id="a language nobody asked about"
        ),
    ],
)
def test_whether_it_was_studied_in_this_language_stands_beside_the_band(
    family: make.Family, monkeypatch: pytest.MonkeyPatch, language: str, sentence: str
) -> None:
    """`protect.md` 12: each result says so, or says that it is not known; between the band and its picture."""
    studied = replace(catalog()["phq9"], studied_in={"es": "phqmanual"})
    monkeypatch.setattr(queries, "catalog", lambda: Catalog([studied]))
    screen = make.make_screen(family, instrument="phq9")
    make.together(lambda act: Screen.objects.filter(pk=screen.pk).update(language=language))
    page = page_of(family, screen)
    assert page.index('class="band"') < page.index(sentence) < page.index('class="range"')


def test_an_instrument_is_never_offered_to_the_wrong_person(family: make.Family) -> None:
    """A mother is offered the caregivers' screens, the child the child's for its age; a second stage is offered to nobody."""
    client = family.by.client
    for person, is_child in ((family.adult, False), (family.child, True)):
        page = client.get(reverse("caregiver", args=[family.episode.pk, person.pk])).content.decode()
        offered = {one.key for one in catalog().values() if f'value="{one.key}"' in page}
        assert offered == {
            one.key
            for one in catalog().values()
            if one.is_about_a_child == is_child
            and one.follows is None
            and not one.parent
            and one.fits_a_page
            and (one.ages is None or one.ages.low <= 20 <= one.ages.high)
        }


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("psc17", "several orders"),
        ("ace10", "switched off"),
    ],
)
def test_what_a_page_cannot_say_is_not_begun_past_its_form(family: make.Family, key: str, why: str) -> None:
    """With the reason for which it is not offered."""
    with pytest.raises(NotNow, match=why):
        actions.begin(
            family.by.actor,
            episode=family.episode,
            subject=family.adult,
            instrument=catalog()[key],
            on=clock.today(make.ZONE),
        )
    assert not Screen.objects.exists()


def test_nothing_of_a_refused_beginning_is_left(family: make.Family) -> None:
    """Neither a screen nor a half one."""
    with pytest.raises(Exception, match="future"):
        actions.begin(
            family.by.actor,
            episode=family.episode,
            subject=family.adult,
            instrument=catalog()["epds"],
            on=clock.today(make.ZONE).replace(year=2999),
        )
    assert not Screen.objects.exists()
