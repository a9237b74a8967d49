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
from inmind.diagnosis.actions import cosign
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


def ready(row: Release) -> Release:
    run_due()
    row = Release.objects.get(pk=row.pk)
    assert row.state == Release.State.READY, row.stopped
    return row


def said(row: Release) -> str:
    return str(releasing.said(ready(row)))


def none_of(words: Iterable[str], there: str) -> bool:
    return not [one for one in words if one in there]


def test_what_is_told_of_a_child_is_strengths_first_and_nothing_of_an_adult(family: make.Family) -> None:
    """Without Axis II, without what it lived through, without the clinician's reasons; about the child alone."""
    told = lines(family, family.child, understood)
    assert told[0].startswith(f"Version 1 of the formulation of {family.child.name} by DC:0-5")
    assert told[1] == "Strengths: He laughs with his whole body."
    assert "Sleep Onset Disorder: working diagnosis" in told
    assert none_of((*RATED_WORDS, "Canaryreason", "Canarylived", "Canaryfoster"), "\n".join(told))
    assert lines(family, family.adult, understood) == []
    assert lines(family, family.child, rated) == []


def test_a_rating_is_told_about_the_adult_whom_it_rates_and_of_nobody_else(family: make.Family) -> None:
    """Strengths first; a diagnosis about the relationship with it; of the other adult her own alone."""
    hers, fosters = (lines(family, one, rated) for one in family.adults)
    assert hers[0].startswith(f"Version 1 of the formulation of {family.child.name} by DC:0-5")
    assert hers[1] == "Strengths: They play on the floor."
    assert hers[2].startswith("Level 2 of 4, a band")
    assert any(
        one.startswith("Relationship Specific Disorder") and one.endswith(": confirmed diagnosis") for one in hers
    )
    assert fosters
    assert none_of(("Relationship Specific",), "\n".join(fosters))
    assert "Ana" not in "\n".join(fosters)


def test_of_several_versions_the_newest_alone_is_told_and_each_line_says_which(
    clinician: make.Worker, family: make.Family
) -> None:
    """Of the one before only number and day: what was ruled out since stands nowhere as a working diagnosis."""
    one = One((Diagnosis("sleep-onset-disorder", Certainty.RULED_OUT, "He sleeps.", looked_up=True),))
    make.make_formulation(family, primary=family.adults, one=one)
    told = list(understood(Wanted(family.episode, family.child, DAYS.first, TODAY, None)))
    words = [line.words for line in told]
    assert words[0] == ("Version 1 was signed on this day. A later one took its place: what it said is not told here.")
    assert "Sleep Onset Disorder: ruled out" in words
    assert none_of(("working diagnosis",), "\n".join(words))
    assert {line.source.split(",")[0] for line in told[1:]} == {"Version 2"}
    hers = lines(family, family.adult, rated)
    assert hers[0].startswith("Version 1 was signed on this day.")
    assert sum(one.startswith("Level 2 of 4") for one in hers) == 1
    assert none_of(("Relationship Specific",), "\n".join(hers))


def test_a_version_of_earlier_days_says_that_a_later_one_was_signed(family: make.Family) -> None:
    """Who chooses the days of a paper chooses the version; it says that there is a later one, and not what or when."""
    with clock.at(clock.now() + timedelta(days=40)):
        make.make_formulation(family, primary=family.adults)
    for person, room in ((family.child, understood), (family.adult, rated)):
        told = lines(family, person, room)
        assert told[-1] == "A later version was signed since. It is not told here."
        assert none_of(("Version 2 was", "Version 2 of"), "\n".join(told))


def test_what_the_second_person_wrote_who_signed_stands_with_it(family: make.Family) -> None:
    """About the child; in a file about one adult that it was signed, and not words about the whole version."""
    second = make.make_worker("clinician")
    row = make.make_formulation(family, primary=family.adults, cosigner=second.person)
    cosign(second.actor, formulation=row, signed_as="LCSW", words="Canarydoubt: look again in May.")
    told = "\n".join(lines(family, family.child, understood))
    assert f"Signed, too, by {second.person.name} on " in told
    assert "Who signed, too, wrote: Canarydoubt: look again in May." in told
    hers = "\n".join(lines(family, family.adult, rated))
    assert f"Signed, too, by {second.person.name} on " in hers
    assert "Canarydoubt" not in hers


def test_what_an_adults_paper_says_it_leaves_out_is_not_in_it(clinician: make.Worker, family: make.Family) -> None:
    """A diagnosis about the relationship travels with the rating: its face says so, and says of the child's own that they are out."""
    agree(family, family.adult, Kind.RELATIONSHIPS)
    whole = said(release(family, clinician, family.adult, Kind.RELATIONSHIPS))
    assert "Relationship Specific Disorder" in whole
    assert "(DC:0-5, Axis II), and a diagnosis about that relationship" in whole
    assert "the child\u2019s own diagnoses" in whole, "left out"
    assert "Sleep Onset" not in whole
    assert family.child.name in whole


def test_each_axis_that_is_left_out_is_named_on_the_paper(clinician: make.Worker, family: make.Family) -> None:
    agree(family, family.child, Kind.FORMULATIONS)
    paper = releasing.said(ready(release(family, clinician, family.child, Kind.FORMULATIONS)))
    out = "; ".join(paper["left_out"])
    assert all(one in out for one in ("Axis II", "Axis IV", "cultural formulation", "reasons"))


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


def ticks(page: str) -> set[str]:
    return {one.split('"')[0] for one in page.split('name="kinds" value="')[1:]}


def test_no_tick_is_offered_that_is_always_refused(clinician: make.Worker, family: make.Family) -> None:
    """Axis II in no consent and no paper about the child; in those about the adult whom it rates it stands to be chosen."""
    for person, offered in ((family.child, False), (family.adult, True)):
        at, asked = {"dyad": family.dyad.pk, "person": person.pk}, f"?episode={family.episode.pk}"
        for url in (
            reverse("family_agree", kwargs=at) + asked,
            reverse("family_paper", kwargs=at) + f"{asked}&paper=court",
        ):
            found = ticks(clinician.client.get(url).content.decode())
            assert "formulations" in found
            assert ("relationships" in found) is offered, url


def test_who_may_not_read_a_formulation_is_told_so_before_choosing(clinician: make.Worker, family: make.Family) -> None:
    """A home visitor is not offered what would be refused after looking, and reads why."""
    luz = make.make_worker("home_visitor")
    make.join_team(family, luz)
    consent = agree(family, family.child, Kind.FORMULATIONS, Kind.SERVED)
    at, asked = {"dyad": family.dyad.pk, "person": family.child.pk}, f"?episode={family.episode.pk}"
    for url in (
        reverse("family_paper", kwargs=at) + f"{asked}&paper=court",
        reverse("family_ask_release", kwargs={**at, "consent": consent.pk}) + asked,
    ):
        page = unescape(luz.client.get(url).content.decode())
        assert ticks(page) & {"formulations", "served"} == {"served"}
        assert "A formulation is for the clinicians of this family's care team." in page
