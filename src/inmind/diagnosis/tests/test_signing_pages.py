"""What a clinician reads before and after signing: what is asked, what was taken over, what differs between two versions."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from inmind.access.actors import machine
from inmind.diagnosis import actions, ages, panel_views, queries, writing
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.errors import NotWhole
from inmind.diagnosis.formulation import (
    Certainty,
    Competence,
    Culture,
    Diagnosis,
    Environment,
    Health,
    HealthSource,
    Part,
    Stressor,
)
from inmind.diagnosis.models import Formulation
from inmind.diagnosis.tests.invented import ADHD, AUTISM, RELATIONSHIP
from inmind.families import actions as families
from inmind.families.intake import AdultFacts
from inmind.families.models import Visit
from inmind.foundation import clock
from inmind.foundation.errors import BadInput
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician() -> make.Worker:
    return make.make_worker("clinician")


@pytest.fixture
def family(clinician: make.Worker) -> make.Family:
    return make.make_family(clinician, age_months=30, adults=("María Ñúñez", "Ana Stone"))


def today() -> date:
    return clock.today(make.ZONE)


def read(who: make.Worker, url: str) -> str:
    answer = who.client.get(url)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return unescape(" ".join(answer.content.decode().split()))


def given(disorder: str = AUTISM, reasons: str = "Seen twice.", **said: Any) -> writing.One:
    return writing.One((Diagnosis(disorder, Certainty.WORKING, reasons, looked_up=True, **said),))


# Two versions side by side


def test_words_that_changed_stand_beside_each_other(family: make.Family, clinician: make.Worker) -> None:
    """Reasons, culture, the impression, an adult who is primary no more: each is shown, and what is the same named once."""
    first = make.make_formulation(
        family, one=given(), culture=Culture("As with the grandparents.", ""), primary=family.adults
    )
    second = make.make_formulation(
        family,
        one=given(reasons="At home, too."),
        culture=Culture("As with the aunt.", ""),
        five=Competence({"emotional": "exceeds"} | dict.fromkeys(DOMAINS[1:], "age-appropriate"), "He speaks."),
    )
    said = read(clinician, f"/formulations/{first.pk}/beside/{second.pk}/")
    for words in (
        *("Seen twice.", "At home, too.", "As with the grandparents.", "As with the aunt."),
        *("Even across domains.", "He speaks.", "Primary caregivers"),
    ):
        assert said.count(words) == 1, words
    same = said.partition("The same in both")[2]
    assert "Axis III" in same and "Axis IV" in same and "Axis V" not in same and "Cultural" not in same


DOMAINS = ("emotional", "social-relational", "language-social-communication", "cognitive", "movement-physical")


def test_a_stressor_whose_end_nobody_knows_is_not_called_over(family: make.Family, clinician: make.Worker) -> None:
    """On no page, no picture and no paper."""
    row = make.make_formulation(family, four=writing.Four((Stressor("neglect", "", 2),)))
    for url in (
        f"/formulations/{row.pk}/",
        f"/formulations/{row.pk}/report/",
        f"/families/{row.episode_id}/formulations/course/",
    ):
        said = read(clinician, url)
        assert "Neglect" in said and "over, and" not in said, url


# What is asked before the signature


def sign_page(family: make.Family, clinician: make.Worker, **parts: Any) -> tuple[Any, str]:
    row = make.make_assessment(family)
    make.make_draft(row, by=clinician, primary=[family.adult], **parts)
    return row, read(clinician, f"/assessments/{row.pk}/sign/")


def test_ages_and_visits_stand_where_one_signs_and_on_the_version(family: make.Family, clinician: make.Worker) -> None:
    """ADHD at thirty months: the hint stands on the page for signing, on the version, and so before a second signer."""
    row, said = sign_page(family, clinician, one=given(ADHD))
    hint = "The child was 30 months old. It is given from 36 months on."
    assert hint in said and "No visit is counted for this assessment." in said and "Sign this version" in said
    seen = {name: one.version for name, one in queries.parts_of(row).items()}
    kept = actions.sign(clinician.actor, assessment=row, seen=seen, signed_as="LCSW")
    version = read(clinician, f"/formulations/{kept.pk}/")
    assert hint in version and "It rests on: no visit is counted" in version
    families.visit(clinician.actor, episode=family.episode, on=today(), place="home", minutes=50)
    again = make.make_assessment(family)
    actions.count_visit(clinician.actor, assessment=again, visit=Visit.objects.get())
    said = read(clinician, f"/assessments/{again.pk}/sign/")
    assert "1 visit in 1 place, 50 minutes" in said and "Is a visit somewhere else possible?" in said


@pytest.mark.parametrize(
    "parts",
    [
        {"four": writing.Four((Stressor("neglect", "", 70, None, True),))},
        {"four": writing.Four((Stressor("neglect", "", 3, 70),))},
        {"three": writing.Three((Health("ears", HealthSource.RECORD, 70),))},
    ],
    ids=["from", "until", "health"],
)
def test_a_month_that_the_child_has_not_reached_is_not_signed(
    family: make.Family, clinician: make.Worker, parts: Any
) -> None:
    row, said = sign_page(family, clinician, **parts)
    assert "month 70 of the child’s age lies after the assessment, at 30 months" in said
    seen = {name: one.version for name, one in queries.parts_of(row).items()}
    with pytest.raises(NotWhole):
        actions.sign(clinician.actor, assessment=row, seen=seen, signed_as="LCSW")


def test_a_day_before_the_last_versions_is_answered_with_a_sentence(
    family: make.Family, clinician: make.Worker
) -> None:
    first = make.make_formulation(family)
    row = make.make_assessment(family)
    seen = make.make_draft(row, by=clinician, primary=[family.adult])
    early = writing.Head(first.edition, today() - timedelta(days=300), frozenset([family.adult.pk]), "s")
    with pytest.raises(BadInput, match="before the assessment of the last version"):
        content = writing.written(early)
        actions.keep_draft(clinician.actor, assessment=row, part=Part.HEAD, content=content, seen=seen["head"])
    make.together(lambda act: Formulation.objects.filter(pk=first.pk).update(assessed_on=today() + timedelta(days=9)))
    assert "A new one is not assessed on a day before it." in read(clinician, f"/assessments/{row.pk}/sign/")


def test_who_a_caregiver_is_by_the_familys_page_is_asked_and_blocks_nothing(clinician: make.Worker) -> None:
    mother = AdultFacts("Keisha", "Stone", "birth_mother")
    family = make.make_family(clinician, age_months=30, adults=[mother])
    about = {"caregiver": family.adult.pk, "parent": KindOfParent.FOSTER}
    _row, said = sign_page(family, clinician, one=given(RELATIONSHIP, **about))
    assert (
        "Keisha Stone stands on the family’s page as: birth mother. Here it says: foster parent. Which is right?"
        in said
    )
    assert "Sign this version" in said


def test_two_environments_of_one_name_are_named_with_the_way_there(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family)
    make.make_draft(row, by=clinician, primary=[family.adult])
    place = writing.written(Environment("at home", frozenset(), 4))
    actions.rate_relationships(clinician.actor, assessment=row, environment=2, content=place, seen=0)
    said = read(clinician, f"/assessments/{row.pk}/sign/")
    assert "Two caregiving environments are called at home." in said
    assert f"/assessments/{row.pk}/environments/2/" in said


def test_without_a_day_no_age_is_said_and_each_axis_stands_once(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family)
    said = read(clinician, f"/assessments/{row.pk}/sign/")
    assert "The day of the assessment is not said yet." in said and "at 30 months" not in said
    assert said.partition("Sign")[2].count("<strong>Axis V: competence</strong>") == 1


def test_an_assessment_that_is_open_is_one_press_away(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family)
    url = f"/families/{family.episode.pk}/assessments/new/"
    assert f'href="/assessments/{row.pk}/"' in read(clinician, url)
    answer = clinician.client.post(url, {"key": "k", "question": "typed", "payer": ""})
    assert f'href="/assessments/{row.pk}/"' in answer.content.decode() and "typed" in answer.content.decode()


def test_numbers_beyond_limits_are_answered_in_our_own_words(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family)
    sent = {"key": "k", "version": "0", "h0_what": "ears", "h0_since_month": "73"}
    said = unescape(clinician.client.post(f"/assessments/{row.pk}/parts/three/", sent).content.decode())
    assert "This is a month of age, from 0 to 72." in said and "Ensure" not in said and "ears" in said
    supervisor = make.make_worker("agency_supervisor", family.episode.organization)
    said = supervisor.client.post("/formulations/signing/", {"key": "k", "seen": "0", "again_days": "999"})
    assert "between 1 and 180 days" in said.content.decode() and "Ensure" not in said.content.decode()


# What was taken over


def test_a_part_that_was_taken_over_says_so_until_somebody_keeps_it(
    family: make.Family, clinician: make.Worker
) -> None:
    """A re-assessment is not signed in a minute without a word that nobody looked."""
    make.make_formulation(family)
    row = make.make_assessment(family)
    home, taken = f"/assessments/{row.pk}/", "as in version 1, not looked at yet"
    assert read(clinician, home).count(taken) == len(queries.parts_of(row))
    assert "last written by" not in read(clinician, home)
    page = read(clinician, f"{home}relationships/{family.adult.pk}/")
    assert "This part stands as in version 1, not looked at yet." in page
    same = row.relationships.get().content
    kept = actions.rate_relationships(clinician.actor, assessment=row, caregiver=family.adult, content=same, seen=1)
    assert (kept.taken_over, kept.version) == (False, 2)
    assert read(clinician, home).count(taken) == len(queries.parts_of(row)) - 1
    said = read(clinician, f"{home}sign/").partition("nobody has looked at them since:")[2].partition("It rests on")[0]
    assert "Axis III: health" in said and "Axis II, part A" not in said


def test_an_assessment_that_has_ended_is_not_saved_as_you_type(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family)
    assert "as you type" in read(clinician, f"/assessments/{row.pk}/")
    actions.close_assessment(clinician.actor, assessment=row)
    said = read(clinician, f"/assessments/{row.pk}/")
    assert "as you type" not in said and "not begun" not in said and "nothing was written" in said


# A birth date that was wrong, and when somebody is asked again


def test_a_corrected_birth_date_moves_who_is_asked_and_is_said_on_the_version(clinician: make.Worker) -> None:
    family = make.make_family(clinician, age_months=34)
    row = make.make_formulation(family, one=given())
    first = Task.objects.get(why=actions.AGAIN)
    assert "Assess Mateo Ñúñez again" in read(clinician, "/today/")
    make.correct_birth(family, today() - timedelta(days=4 * 366))
    later = Task.objects.get(why=actions.AGAIN, closed_at=None)
    first.refresh_from_db()
    assert first.closed_at is not None and later.due_at < first.due_at
    assert later.due_at <= clock.now() + timedelta(days=1) and later.owner == first.owner
    said = read(clinician, f"/formulations/{row.pk}/")
    assert "Signed with another date of birth" in said and "the child was 48 months old" in said
    assert "Signed with another date of birth" in read(clinician, f"/formulations/{row.pk}/report/")
    make.correct_birth(family, make.born(age_months=20))
    assert not Task.objects.filter(why=actions.AGAIN, closed_at=None).exists(), "it is a year ahead again"


def test_nobody_is_asked_a_year_ahead_and_the_day_comes_by_itself(clinician: make.Worker) -> None:
    """The day stands on the version; the task, with the child's name, comes sixty days before it."""
    family = make.make_family(clinician, age_months=20)
    row = make.make_formulation(family, one=given())
    assert not Task.objects.filter(why=actions.AGAIN).exists()
    assert "assess the child again by" in read(clinician, f"/formulations/{row.pk}/")
    window = ages.closes_on(manual().disorders[AUTISM], family.dyad.birth_date)
    assert window is not None
    for days, is_asked in ((92, False), (89, True), (88, True)):
        with clock.at(clock.now() + (window - timedelta(days=days) - today())):
            actions.assess_again(machine(actions.LOOK), key=f"look {days}")
            assert Task.objects.filter(why=actions.AGAIN, closed_at=None).count() == is_asked
            if is_asked:
                task = Task.objects.get(why=actions.AGAIN)
                assert panel_views.to_look_again(clinician.actor, task).title == "Assess Mateo Ñúñez again"
