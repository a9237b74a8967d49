"""What leaves a formulation on paper: strengths first, what was left out on its face, and nothing of an adult's by accident."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from inmind.access import grants, policy
from inmind.access.models import AuditEntry
from inmind.diagnosis import actions, paper_views, papers, summary_actions
from inmind.diagnosis.formulation import (
    Certainty,
    Competence,
    Culture,
    Diagnosis,
    Health,
    HealthSource,
    KindOfParent,
    Stressor,
)
from inmind.diagnosis.models import FamilySummary, Formulation
from inmind.diagnosis.writing import Four, One, Three
from inmind.documents.paper import Paper
from inmind.foundation.errors import BadInput, NotNow, Refused
from tests import make

pytestmark = pytest.mark.django_db
RELATIONSHIP, SLEEP = "relationship-specific-disorder", "sleep-onset-disorder"
WORDS = {
    "strengths": "Canarylaugh: he laughs with his whole body.",
    "understood": "New people scare him. He looks for you.",
    "next_steps": "We meet on Tuesday.",
}
MOTHER = "Canarymother"


@pytest.fixture
def clinician() -> make.Worker:
    return make.make_worker("clinician")


@pytest.fixture
def family(clinician: make.Worker) -> make.Family:
    return make.make_family(clinician, age_months=30, adults=(MOTHER, "Canaryfoster"))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Paper]:
    """The papers that would be typeset."""
    kept: list[Paper] = []
    monkeypatch.setattr(paper_views, "pdf_of", lambda paper: kept.append(paper) or b"%PDF-")
    return kept


def signed(family: make.Family, **said: Any) -> Formulation:
    """A version with something on every axis."""
    mother = family.adult.pk
    facts: dict[str, Any] = {
        "one": One(
            (
                Diagnosis(SLEEP, Certainty.WORKING, "He wakes.", looked_up=True),
                Diagnosis(
                    RELATIONSHIP,
                    Certainty.CONFIRMED,
                    "With one person alone.",
                    looked_up=True,
                    caregiver=mother,
                    parent=KindOfParent.BIOLOGICAL,
                ),
            )
        ),
        "three": Three((Health("Ear infections", HealthSource.RECORD, 9),)),
        "four": Four((Stressor("foster-care-placement", "", 20, goes_on=True, severity="heavy at first"),)),
        "five": Competence(
            {"emotional": "not-meeting", "social-relational": "exceeds"} | EVEN, "Even.", "He draws suns."
        ),
        "culture": Culture("Spanish at home.", "I grew up elsewhere."),
        **said,
    }
    row = make.make_formulation(family, primary=family.adults, **facts)
    return Formulation.objects.get(pk=row.pk)


EVEN = dict.fromkeys(("language-social-communication", "cognitive", "movement-physical"), "age-appropriate")


def words_of(paper: Paper) -> str:
    cells = [cell for part in paper.parts if part.table for row in part.table.rows for cell in row]
    parts = [words for part in paper.parts for words in (part.heading, *part.paragraphs, *part.items)]
    return "\n".join(
        (paper.title, *(f"{label}: {words}" for label, words in paper.facts), *parts, *cells, paper.footer)
    )


def printed(worker: make.Worker, name: str, row: Formulation, made: list[Paper], **asked: str) -> Paper:
    answer = worker.client.get(reverse(name, kwargs={"formulation": row.pk}), asked)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return made[-1]


def write(worker: make.Worker, row: Formulation, **said: Any) -> FamilySummary:
    return summary_actions.write_summary(worker.actor, formulation=row, **{"language": "en", **WORDS, **said})


# The report


def test_the_report_leaves_axis_ii_out_and_says_so(
    clinician: make.Worker, family: make.Family, made: list[Paper]
) -> None:
    """Also the name in a diagnosis about a relationship; on its face stands what was left out."""
    row = signed(family)
    paper = printed(clinician, "formulation_report_paper", row, made)
    said = words_of(paper)
    assert "Left out, whether or not anything of it is kept: Axis II: how relationships were rated;" in said
    assert "the criteria of the manual" in said
    assert "a caregiver, not named here" in said
    assert MOTHER not in said
    assert "Level" not in said
    for there in ("Sleep Onset Disorder", "Ear infections", "still going on", "heavy at first", "Spanish at home."):
        assert there in said


def test_the_report_has_axis_ii_where_it_was_chosen_and_the_trail_names_whom_it_rates(
    clinician: make.Worker, family: make.Family, made: list[Paper]
) -> None:
    """Each adult who is rated reads in "who looked" that it was read."""
    row = signed(family)
    paper = printed(clinician, "formulation_report_paper", row, made, axis_two="1")
    said = words_of(paper)
    assert f"Axis II, with {MOTHER}" in said
    assert "Level 2 of 4" in said
    assert "Axis II: how relationships were rated" not in said
    entry = AuditEntry.objects.filter(verb="diagnosis.see_relationships", about=str(row.pk)).get()
    refs = {ref for kind, ref in entry.subjects.values_list("kind", "ref") if kind == "person"}
    assert {str(one.pk) for one in family.adults} <= {str(ref) for ref in refs}


def test_who_may_not_see_relationships_gets_no_axis_ii_by_asking_for_it(
    clinician: make.Worker, family: make.Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tick is not there, and an address that was typed is refused and recorded."""
    row = signed(family)
    asked = policy.can

    def without_ratings(actor: Any, verb: str, thing: Any = None) -> Any:
        return grants.refusal(verb, has_verb=True) if verb == paper_views.RATINGS else asked(actor, verb, thing)

    monkeypatch.setattr(policy, "can", without_ratings)
    page = clinician.client.get(reverse("formulation_report", kwargs={"formulation": row.pk}))
    assert 'name="axis_two"' not in page.content.decode()
    answer = clinician.client.get(
        reverse("formulation_report_paper", kwargs={"formulation": row.pk}), {"axis_two": "1"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("role", ["home_visitor", "family_service_coordinator", "agency_supervisor", "privacy_officer"])
def test_the_report_is_for_the_clinicians_of_the_care_team(family: make.Family, role: str) -> None:
    """Also a home visitor of the team reads the summary alone."""
    row, other = signed(family), make.make_worker(role)
    if role == "home_visitor":
        make.join_team(family, other)
    for name in ("formulation_report", "formulation_report_paper"):
        assert other.client.get(reverse(name, kwargs={"formulation": row.pk})).status_code == 403


# What holds for both


def test_protect_11_strengths_stand_first_in_every_paper(
    clinician: make.Worker, family: make.Family, made: list[Paper]
) -> None:
    """`protect.md` 11: before any diagnosis, rating or worry."""
    row = signed(family)
    write(clinician, row)
    report = printed(clinician, "formulation_report_paper", row, made)
    assert (report.parts[0].heading, report.parts[0].paragraphs[0]) == ("Strengths", "He laughs with his whole body.")
    assert any("He draws suns." in words for words in report.parts[0].paragraphs)
    summary = printed(clinician, "formulation_summary_paper", row, made)
    assert summary.parts[0].paragraphs == (WORDS["strengths"],)
    assert summary.parts[1].items[0].startswith("Being with others: does more")


def test_each_page_says_that_a_second_signature_is_awaited(
    clinician: make.Worker, family: make.Family, made: list[Paper]
) -> None:
    """The footer stands on each page of a paper; once it is signed, too, it says so no more."""
    second = make.make_worker("clinician")
    row = signed(family, cosigner=second.person)
    write(clinician, row)
    report = printed(clinician, "formulation_report_paper", row, made)
    assert report.footer.startswith(f"Waits for the second signature, of {second.person.name}. It is not final.")
    assert printed(clinician, "formulation_summary_paper", row, made).footer.startswith(
        "A second person of our team still reads this."
    )
    actions.cosign(second.actor, formulation=row, signed_as="LCSW", words="I see it the same way.")
    after = printed(clinician, "formulation_report_paper", row, made)
    assert "Waits" not in words_of(after)
    assert "I see it the same way." in words_of(after)
    assert "still reads" not in words_of(printed(clinician, "formulation_summary_paper", row, made))


def test_protect_1_a_caregivers_screen_is_in_no_paper_of_a_formulation(
    clinician: make.Worker, family: make.Family, made: list[Paper]
) -> None:
    """`protect.md` 1: neither its band nor its total, nor that there was one."""
    make.make_on_call()
    make.make_screen(family, by=clinician, instrument="epds", answers=make.calm_answers("epds", epds_1=3, epds_2=3))
    row = signed(family)
    write(clinician, row)
    for name, asked in (
        ("formulation_report_paper", {}),
        ("formulation_report_paper", {"axis_two": "1"}),
        ("formulation_summary_paper", {}),
    ):
        said = words_of(printed(clinician, name, row, made, **asked))
        assert "EPDS" not in said
        assert "Edinburgh" not in said
    page = clinician.client.get(reverse("formulation_report", kwargs={"formulation": row.pk})).content.decode()
    assert "seem to speak of a screen" not in page


def test_words_that_speak_of_a_screen_are_shown_before_the_report_is_printed(
    clinician: make.Worker, family: make.Family
) -> None:
    """Somebody wrote it down with the best of intentions; whoever prints it is asked to look."""
    row = signed(family, culture=Culture("Her EPDS total was 19.", ""))
    page = clinician.client.get(reverse("formulation_report", kwargs={"formulation": row.pk})).content.decode()
    assert "These words seem to speak of a screen." in page


def test_a_paper_is_a_tagged_pdf_that_leaves_under_a_name_of_nobody(
    clinician: make.Worker, family: make.Family
) -> None:
    """Made by the typesetter itself, once."""
    row = signed(family)
    answer = clinician.client.get(reverse("formulation_report_paper", kwargs={"formulation": row.pk}))
    assert answer.content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in answer.content or b"StructTreeRoot" in answer.content
    assert 'filename="report-version-1-20' in answer["Content-Disposition"]
    assert AuditEntry.objects.filter(verb="diagnosis.print_record", about=str(row.pk)).exists()


def test_names_in_typed_words_are_shown_before_a_report_without_axis_ii_is_printed(
    clinician: make.Worker, family: make.Family, made: list[Paper]
) -> None:
    """Leaving Axis II out changes no word of the clinician: the page says so, and shows each sentence that names an adult."""
    one = One(
        (Diagnosis(SLEEP, Certainty.WORKING, f"He wakes. At {MOTHER}'s he freezes. Not so here.", looked_up=True),)
    )
    row = signed(family, one=one)
    address = reverse("formulation_report", kwargs={"formulation": row.pk})
    page = unescape(clinician.client.get(address).content.decode())
    assert "Names stand in your own words" in page
    assert f"<li>At {MOTHER}'s he freezes. <span" in page
    assert "<li>He wakes." not in page
    assert "is printed as it is, word for word" in page
    said = words_of(printed(clinician, "formulation_report_paper", row, made))
    assert "stand as they were written, also where they name somebody" in said
    chosen = unescape(clinician.client.get(address, {"axis_two": "1"}).content.decode())
    assert "Names stand in your own words" not in chosen


def test_the_pictures_of_the_page_stand_on_the_paper_too(clinician: make.Worker, family: make.Family) -> None:
    """Below their tables, with words for who does not see them; the typesetter takes them."""
    of = paper_views.version_of(signed(family), relationships=False)
    parts = {part.heading: part for part in papers.report_parts(of, relationships=False)}
    life, grows = (parts[name].drawing for name in ("Axis IV: stressors", "Axis V: competence"))
    assert life is not None and grows is not None
    assert "Foster care placement" in life.alt and "still going on" in life.alt
    assert life.svg.count("<rect") == 1 and grows.svg.count("<circle") == 20
    assert "Movement and Physical: " in grows.alt
    none = paper_views.version_of(signed(family, four=Four(())), relationships=False)
    parts = {part.heading: part for part in papers.report_parts(none, relationships=False)}
    assert parts["Axis IV: stressors"].drawing is None


def test_an_earlier_version_says_on_each_paper_that_a_later_one_stands(
    clinician: make.Worker, family: make.Family, made: list[Paper]
) -> None:
    """The report by its number; the family's paper as one says it; the family's page that its words are of the earlier one."""
    row = signed(family)
    write(clinician, row)
    later = signed(family)
    report = printed(clinician, "formulation_report_paper", row, made)
    assert "A later version stands: version 2, signed on" in dict(report.facts)["Version"]
    assert report.footer.startswith("A later version stands: version 2")
    summary = printed(clinician, "formulation_summary_paper", row, made)
    assert dict(summary.facts)["Good to know"].startswith("We looked again since")
    assert "We looked again since" in summary.footer
    assert "later version" not in words_of(printed(clinician, "formulation_report_paper", later, made))
    home = clinician.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk})).content.decode()
    assert "Plain words are written for version 1. For version 2, which took its place" in home
    page = clinician.client.get(reverse("formulation_summary", kwargs={"formulation": row.pk})).content.decode()
    assert "Version 2 was signed after this one." in page


def test_what_a_second_person_wrote_stands_by_itself(
    clinician: make.Worker, family: make.Family, made: list[Paper]
) -> None:
    """And not behind a time of day with two full stops between."""
    second = make.make_worker("clinician")
    row = signed(family, cosigner=second.person)
    actions.cosign(second.actor, formulation=row, signed_as="LCSW", words="I read it twice.")
    facts = dict(printed(clinician, "formulation_report_paper", row, made).facts)
    assert facts["Written beside it"] == "I read it twice."
    assert ".." not in facts["Second signature"]


def test_a_spanish_paper_says_that_nobody_reviewed_its_words(
    clinician: make.Worker, family: make.Family, made: list[Paper]
) -> None:
    """And that the manual's names stay as the manual gives them; an English one says neither."""
    row = signed(family)
    write(clinician, row, language="es")
    write(clinician, row)
    spanish = printed(clinician, "formulation_summary_paper", row, made, language="es")
    english = printed(clinician, "formulation_summary_paper", row, made, language="en")
    assert len(spanish.facts) == len(english.facts) + 1
    of = paper_views.version_of(row, relationships=False)
    with translation.override("es"):
        report = papers.report(of, relationships=False, printed=row.assessed_on, by="Dana")
    assert gettext_in("es", papers.UNREVIEWED) in words_of(report)
    assert gettext_in("es", papers.NAMES_AS_THEY_ARE) in words_of(report)


def gettext_in(language: str, words: str) -> str:
    with translation.override(language):
        return gettext(words)


# The summary


def test_the_page_for_the_family_shows_all_that_stands_on_its_paper(
    clinician: make.Worker, family: make.Family, made: list[Paper]
) -> None:
    """Every line: how the child grows, and whom to call, too."""
    row = signed(family)
    write(clinician, row, says_names=True)
    page = unescape(
        clinician.client.get(reverse("formulation_summary", kwargs={"formulation": row.pk})).content.decode()
    )
    paper = printed(clinician, "formulation_summary_paper", row, made)
    lines = [words for part in paper.parts for words in (part.heading, *part.paragraphs, *part.items)]
    lines += [words for fact in paper.facts for words in fact]
    assert not [words for words in (*lines, paper.footer) if words not in page]
    assert "no rating of anybody" not in page


def test_the_summary_names_no_code_no_level_and_no_adult(
    clinician: make.Worker, family: make.Family, made: list[Paper]
) -> None:
    """A diagnosis about a relationship is talked about with that adult; the child's own has its name where that was chosen."""
    row = signed(family)
    write(clinician, row)
    said = words_of(printed(clinician, "formulation_summary_paper", row, made))
    assert not [
        word for word in (MOTHER, "Axis", "Level", "Relationship Specific", "Sleep Onset", "F51") if word in said
    ]
    write(clinician, row, says_names=True, seen=row.summaries.get().pk)
    said = words_of(printed(clinician, "formulation_summary_paper", row, made))
    assert "Sleep Onset Disorder. We are not sure yet, and look again." in said
    assert "Relationship Specific" not in said


def test_the_summary_is_written_by_a_clinician_and_printed_by_the_whole_care_team(
    clinician: make.Worker, family: make.Family, made: list[Paper]
) -> None:
    """A home visitor prints what was written, and writes nothing."""
    row, luz = signed(family), make.make_worker("home_visitor")
    make.join_team(family, luz)
    address = reverse("formulation_summary", kwargs={"formulation": row.pk})
    assert "Whoever formulated writes it." in luz.client.get(address).content.decode()
    assert luz.client.get(reverse("formulation_summary_paper", kwargs={"formulation": row.pk})).status_code == 409
    assert luz.client.post(address, WORDS).status_code == 403
    with pytest.raises(Refused):
        write(luz, row)
    write(clinician, row)
    assert WORDS["understood"] in words_of(printed(luz, "formulation_summary_paper", row, made))
    assert make.make_worker("home_visitor").client.get(address).status_code == 403


def test_the_summary_is_written_on_its_page_and_each_language_has_its_own_words(
    clinician: make.Worker, family: make.Family, made: list[Paper]
) -> None:
    """The English one begins with the strengths that were signed; Spanish is written, never translated by itself."""
    row = signed(family)
    address = reverse("formulation_summary", kwargs={"formulation": row.pk})
    page = clinician.client.get(address).content.decode()
    assert "He laughs with his whole body." in page
    key = {"key": "one-key"}
    answer = clinician.client.post(f"{address}?language=es", {**key, **WORDS, "understood": "Le asusta lo nuevo."})
    assert answer.status_code == 302
    paper = printed(clinician, "formulation_summary_paper", row, made, language="es")
    assert paper.language == "es"
    assert "Le asusta lo nuevo." in words_of(paper)
    assert (
        clinician.client.get(
            reverse("formulation_summary_paper", kwargs={"formulation": row.pk}), {"language": "en"}
        ).status_code
        == 409
    )


def test_words_for_the_family_are_lost_by_nobody(clinician: make.Worker, family: make.Family) -> None:
    """Who wrote meanwhile is not written over; what is empty comes back with what was typed."""
    row = signed(family)
    write(clinician, row)
    address = reverse("formulation_summary", kwargs={"formulation": row.pk})
    answer = clinician.client.post(address, {"key": "k", **WORDS, "understood": "Mine.", "seen": ""})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Somebody else wrote these words anew" in page
    assert "Mine." in page
    assert WORDS["understood"] in page
    with pytest.raises(NotNow):
        write(clinician, row)
    with pytest.raises(BadInput):
        write(clinician, row, understood=" . ", seen=row.summaries.get().pk)
    with pytest.raises(BadInput):
        write(clinician, row, language="fr")
    assert row.summaries.count() == 1


# In pictures


def test_the_course_shows_every_version_in_pictures_with_tables_beside(
    clinician: make.Worker, family: make.Family
) -> None:
    """Two versions of Axis V, and the newest life line."""
    signed(family)
    signed(
        family,
        five=Competence(
            {"emotional": "age-appropriate"} | dict.fromkeys(EVEN | {"social-relational": ""}, "exceeds"), "Better."
        ),
    )
    page = clinician.client.get(reverse("formulation_course", kwargs={"episode": family.episode.pk})).content.decode()
    assert "Version 2" in page
    assert "Foster care placement" in page
    assert page.count("<table") == 2
    assert page.index("Strengths") < page.index("How the child grows")
    assert "grows-line" in page


def test_the_course_of_a_child_without_a_signed_version_says_so(clinician: make.Worker, family: make.Family) -> None:
    address = reverse("formulation_course", kwargs={"episode": family.episode.pk})
    assert "Nothing is signed yet." in clinician.client.get(address).content.decode()
    luz = make.make_worker("home_visitor")
    make.join_team(family, luz)
    assert luz.client.get(address).status_code == 403
    assert papers.AXIS_TWO in papers.left_out(relationships=False)


def test_the_ways_to_the_papers_stand_on_the_version_and_on_the_familys_page(
    clinician: make.Worker, family: make.Family
) -> None:
    """For the care team: a home visitor finds the summary alone, and who signs too no paper at all."""
    second, luz = make.make_worker("clinician"), make.make_worker("home_visitor")
    make.join_team(family, luz)
    row = signed(family, cosigner=second.person)
    version = reverse("formulation", kwargs={"formulation": row.pk})
    ways = [reverse(name, kwargs={"formulation": row.pk}) for name in ("formulation_report", "formulation_summary")] + [
        reverse("formulation_course", kwargs={"episode": family.episode.pk})
    ]
    page = clinician.client.get(version).content.decode()
    assert [way in page for way in ways] == [True, True, True]
    page = second.client.get(version).content.decode()
    assert [way in page for way in ways] == [False, False, False]
    home = luz.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk})).content.decode()
    assert [way in home for way in ways] == [False, True, False]
