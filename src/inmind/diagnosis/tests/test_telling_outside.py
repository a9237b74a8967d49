"""What of a formulation is told outside: the child's by consent for the child, a rating by the adult's own; to a court, too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from inmind.access import privacy
from inmind.access.consents import Asked, Days, Holder, Kind, NoConsent, Purpose
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.formulation import Certainty, Competence, Diagnosis, KindOfParent, Stressor
from inmind.diagnosis.models import Formulation
from inmind.diagnosis.told_outside import rated, understood
from inmind.diagnosis.writing import Four, One
from inmind.families import actions
from inmind.families.actions import releasing
from inmind.families.models import Release
from inmind.families.releases import BY_ORDER, FORMS, Form
from inmind.families.subpoenas import Basis, check_answer
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.foundation.registries import Wanted
from inmind.jobs.runner import run_due
from inmind.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
TODAY = clock.today(make.ZONE)
DAYS = Days(TODAY - timedelta(days=30), TODAY)
COUNSEL = "Adams, counsel of the mother"
RATED_WORDS = ("Level 2 of 4", "They play on the floor.", "Relationship Specific Disorder", "Axis II, with")


@pytest.fixture
def clinician() -> make.Worker:
    return make.make_worker("clinician")


@pytest.fixture
def family(clinician: make.Worker) -> make.Family:
    """A child with a mother and a foster mother, and a signed version with something on every axis."""
    family = make.make_family(clinician, age_months=30, adults=("Ana", "Canaryfoster"))
    one = One(
        (
            Diagnosis("sleep-onset-disorder", Certainty.WORKING, "Canaryreason", looked_up=True),
            Diagnosis(
                "relationship-specific-disorder",
                Certainty.CONFIRMED,
                "Canaryreason",
                looked_up=True,
                caregiver=family.adult.pk,
                parent=KindOfParent.BIOLOGICAL,
            ),
        )
    )
    four = Four((Stressor("domestic-violence", "Canarylived", 3),))
    make.make_formulation(family, primary=family.adults, one=one, four=four)
    actions.note_consent(
        clinician.actor,
        episode=family.episode,
        holder=family.adult,
        capacity="parent",
        since=TODAY - timedelta(days=60),
    )
    return family


def agree(family: make.Family, about: Person, *kinds: Kind) -> Any:
    """The mother for the child; about an adult, that adult."""
    other = {} if about.pk == family.child.pk else {"given_by": Holder(about.pk, about.name, "self", None)}
    return make.make_consent(
        family, COUNSEL, about=about, kinds=frozenset(kinds), purpose=Purpose.COURT, days=DAYS, **other
    )


def lines(family: make.Family, person: Person, room: Any) -> list[str]:
    return [one.words for one in room(Wanted(family.episode, person, DAYS.first, TODAY, None))]


def release(family: make.Family, by: make.Worker, about: Person, *kinds: Kind) -> Release:
    asked = Asked(about.pk, COUNSEL, Purpose.COURT, frozenset(kinds), DAYS, about_child=about.pk == family.child.pk)
    return actions.release(
        by.actor,
        episode=family.episode,
        person=about,
        asked=asked,
        language="en",
        form=Form.COURT,
        recipients=(COUNSEL,),
    )


def said(row: Release) -> str:
    run_due()
    row = Release.objects.get(pk=row.pk)
    assert row.state == Release.State.READY, row.stopped
    return str(releasing.said(row))


def none_of(words: Iterable[str], there: str) -> bool:
    return not [one for one in words if one in there]


def test_what_is_told_of_a_child_is_strengths_first_and_nothing_of_an_adult(family: make.Family) -> None:
    """Without Axis II, without what it lived through, without the clinician's reasons; about the child alone."""
    told = lines(family, family.child, understood)
    assert told[0].startswith("Version 1 of the formulation by DC:0-5")
    assert told[1] == "Strengths: He laughs with his whole body."
    assert "Sleep Onset Disorder: working diagnosis" in told
    assert none_of((*RATED_WORDS, "Canaryreason", "Canarylived", "Canaryfoster"), "\n".join(told))
    assert lines(family, family.adult, understood) == []
    assert lines(family, family.child, rated) == []


def test_a_rating_is_told_about_the_adult_whom_it_rates_and_of_nobody_else(family: make.Family) -> None:
    """Strengths first; a diagnosis about the relationship with it; of the other adult her own alone."""
    hers, fosters = (lines(family, one, rated) for one in family.adults)
    assert hers[0] == "Strengths: They play on the floor."
    assert hers[1].startswith("Level 2 of 4, a band")
    assert any(one.startswith("Relationship Specific Disorder") and one.endswith(": confirmed") for one in hers)
    assert fosters
    assert none_of(("Relationship Specific",), "\n".join(fosters))
    assert "Ana" not in "\n".join(fosters)


def test_only_versions_signed_in_the_days_that_were_agreed_to_are_told(family: make.Family) -> None:
    before = Wanted(family.episode, family.child, DAYS.first, TODAY - timedelta(days=1), None)
    assert list(understood(before)) == []
    assert list(rated(Wanted(family.episode, family.adult, DAYS.first, TODAY - timedelta(days=1), None))) == []


def test_a_version_that_waits_for_its_second_signature_says_so(family: make.Family) -> None:
    """Who reads it outside knows that it is not final."""
    second = make.make_worker("clinician")
    make.make_formulation(family, primary=family.adults, cosigner=second.person)
    assert "It waits for its second signature, and is not final." in lines(family, family.child, understood)


def test_axis_ii_never_in_a_court_release_unless_chosen_with_consent(
    clinician: make.Worker, family: make.Family
) -> None:
    """In none about the child, whoever agreed; in one about the adult only where she agreed and it was chosen."""
    agree(family, family.child, Kind.FORMULATIONS, Kind.SERVED)
    whole = said(release(family, clinician, family.child, Kind.FORMULATIONS, Kind.SERVED))
    assert "Sleep Onset Disorder: working diagnosis" in whole
    assert none_of(RATED_WORDS, whole)
    assert "how a relationship with the child was rated (DC:0-5, Axis II)" in whole, "its face says what was left out"
    with pytest.raises(NoConsent):
        release(family, clinician, family.child, Kind.RELATIONSHIPS)
    with pytest.raises(BadInput):
        agree(family, family.child, Kind.RELATIONSHIPS)
    with pytest.raises(NoConsent):
        release(family, clinician, family.adult, Kind.RELATIONSHIPS)
    agree(family, family.adult, Kind.RELATIONSHIPS, Kind.SERVED)
    assert none_of(RATED_WORDS, said(release(family, clinician, family.adult, Kind.SERVED)))
    chosen = said(release(family, clinician, family.adult, Kind.SERVED, Kind.RELATIONSHIPS))
    assert "Level 2 of 4" in chosen
    assert "Canaryfoster" not in chosen


def test_a_rating_is_ticked_beforehand_on_no_page(clinician: make.Worker, family: make.Family) -> None:
    """Also where the consent covers it: whoever makes the paper chooses it."""
    consent = agree(family, family.adult, Kind.RELATIONSHIPS, Kind.SERVED)
    at = {"dyad": family.dyad.pk, "person": family.adult.pk}
    asked = f"?episode={family.episode.pk}"
    pages = [
        reverse("family_paper", kwargs=at) + f"{asked}&paper=court",
        reverse("family_ask_release", kwargs={**at, "consent": consent.pk}) + asked,
    ]
    for url in pages:
        page = unescape(clinician.client.get(url).content.decode())
        box = page.split('value="relationships"')[1].split(">")[0]
        assert "checked" not in box
        assert "checked" in page.split('value="served"')[1].split(">")[0]


def test_a_letter_and_a_summary_have_no_part_for_axis_ii() -> None:
    """No letter holds it, whatever is agreed to; referrals tell what a consent of theirs names, and none names it."""
    holding = {form for form, shape in FORMS.items() if Kind.RELATIONSHIPS in shape.kinds}
    assert holding == {Form.COURT}
    assert all(Kind.FORMULATIONS in shape.kinds for shape in FORMS.values())


def test_who_puts_a_formulation_into_a_paper_may_read_it(clinician: make.Worker, family: make.Family) -> None:
    """A home visitor of the team makes papers, and none with what she may not read: the paper says so, and is not made."""
    luz = make.make_worker("home_visitor")
    make.join_team(family, luz)
    agree(family, family.child, Kind.FORMULATIONS, Kind.SERVED)
    with pytest.raises(NoConsent) as refused:
        release(family, luz, family.child, Kind.FORMULATIONS)
    assert refused.value.said == ("A formulation is for the clinicians of this family's care team.",)
    assert said(release(family, luz, family.child, Kind.SERVED))


def test_protect_1_a_screen_in_the_words_of_a_formulation_stops_a_courts_paper(
    clinician: make.Worker, family: make.Family
) -> None:
    """`protect.md` 1: a caregiver's screen never appears in a formulation's paper for court, also where it was written down."""
    make.make_on_call()
    make.make_screen(family, by=clinician, instrument="epds", answers=make.calm_answers("epds", epds_1=3))
    agree(family, family.child, Kind.FORMULATIONS)
    assert "EPDS" not in said(release(family, clinician, family.child, Kind.FORMULATIONS))
    ratings = dict.fromkeys((one.key for one in manual().domains), "exceeds")
    five = Competence(ratings, "Even.", "Her EPDS total was 19.")
    make.make_formulation(family, primary=family.adults, five=five)
    row = release(family, clinician, family.child, Kind.FORMULATIONS)
    run_due()
    row = Release.objects.get(pk=row.pk)
    assert (row.state, row.said) == (Release.State.STOPPED, None)


def test_by_the_order_of_a_court_no_rating_is_in_a_paper(family: make.Family) -> None:
    """What an order asks beyond the paper is answered by a person, and stands in the log."""
    assert Kind.RELATIONSHIPS not in BY_ORDER
    assert Kind.FORMULATIONS in BY_ORDER
    kinds = frozenset({Kind.RELATIONSHIPS})
    asked = Asked(family.adult.pk, COUNSEL, Purpose.COURT, kinds, DAYS, about_child=False)
    with pytest.raises(BadInput) as refused:
        check_answer(Basis.ORDER, "The order asks for it.", "Safe", (COUNSEL,), kinds, DAYS, asked)
    assert "consent of the adult alone" in refused.value.found


def test_of_an_erased_child_nothing_is_told(family: make.Family) -> None:
    make.together(lambda act: privacy.forget(act, family.child))
    assert lines(family, family.child, understood) == []
    assert lines(family, family.adult, rated) == []
    assert Formulation.objects.exists()
