"""Results of licensed tools on pages: recorded in one page, read by public numbers alone, corrected and never lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.families import actions as families
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused, Stale
from inmind.foundation.identity import new_id
from inmind.screening import due, house_tables
from inmind.screening.adapters.catalog import recorded
from inmind.screening.models import EarlierRecorded, RecordedResult
from inmind.screening.recorded_actions import OnPaper, correct_result, record_result
from inmind.screening.schedule import State
from tests import make
from tests.screening_tables import GUIDE, LICENCE

pytestmark = pytest.mark.django_db
AREAS = ("communication", "gross_motor", "fine_motor", "problem_solving", "personal_social")
WHY = "Two numbers were swapped."


def form_of(family: make.Family, *numbers: str, **more: Any) -> dict[str, Any]:
    """What is sent for an ASQ-3 of the child, answered by the first adult."""
    scales = {f"scale_{area}": number for area, number in zip(AREAS, numbers, strict=False)}
    today = clock.today(make.ZONE).isoformat()
    return {"key": str(new_id()), "on": today, "form": "12", "informant": str(family.adult.pk), **scales, **more}


def address(family: make.Family, tool: str = "asq3", person: Any = None) -> str:
    return reverse("recorded_new", args=[family.episode.pk, (person or family.child).pk, tool])


def recorded_of(family: make.Family, *numbers: int | str, form: str = "12", **more: Any) -> RecordedResult:
    """An ASQ-3 kept through the action."""
    typed = {area: str(number) for area, number in zip(AREAS, numbers, strict=False)}
    return make.make_recorded(family, tool="asq3", typed=typed, form=form, **more)


def page(client: Any, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200, where
    return str(answer.content.decode())


@pytest.fixture
def family() -> make.Family:
    return make.make_family(age_months=12)


def test_five_areas_from_the_kitchen_table(family: make.Family) -> None:
    """From the child's page: one form, and the result says of each area what its public cut-off says, and has no total."""
    client = family.by.client
    own = page(client, reverse("caregiver", args=[family.episode.pk, family.child.pk]))
    assert address(family) in own and "Record ASQ-3" in own
    assert "Today, from the birth: 12 months" in page(client, address(family))
    answer = client.post(address(family), form_of(family, "15", "40", "34.5", "27,5", ""))
    result = RecordedResult.objects.get()
    assert answer["Location"] == reverse("recorded", args=[result.pk])
    assert (result.subject, result.informant, result.worker) == (family.child, family.adult, family.by.person)
    kept = result.said
    talking = kept["scales"]["communication"]
    assert (talking["value"], talking["band"], talking["confidence"]) == ("15", "below_cutoff_refer", "high")
    assert "Environ Health" in talking["source"]
    assert kept["scales"]["problem_solving"]["value"] == "27.5" and "personal_social" not in kept["scales"]
    assert (kept["form"], kept["ages"]["birth"][0], kept["ages"]["used"], kept["fits"]) == ("12", 12, "birth", True)
    said = page(client, answer["Location"])
    for words in ("ASQ-3, 12-month form", "below the cut-off: worth a closer look now", "cut-off 15.64", "not scored"):
        assert words in said
    assert "15 of 60" in said and "of 300" not in said
    assert "Some of it is worth a closer look together: communication" in said
    assert answer["Location"] in page(client, reverse("caregiver", args=[family.episode.pk, family.child.pk]))


def test_a_form_whose_cutoffs_are_not_public_has_no_band_and_names_the_table() -> None:
    """24 months; never a band by guess."""
    family = make.make_family(age_months=24)
    said = page(family.by.client, reverse("recorded", args=[recorded_of(family, 15, form="24").pk]))
    assert "No cut-off of this form is known well here" in said
    assert "the publisher’s table" in said or "the publisher&#x27;s table of ASQ-3 cut-offs, by license" in said
    assert "below the cut-off" not in said


def test_a_table_that_was_loaded_since_reads_new_results_and_old_ones_when_asked_to(family: make.Family) -> None:
    """What stands keeps what it said; a correction reads it anew, by the edition that holds the table."""
    unread = make.make_recorded(family, tool="asqse2", typed={"total": "70"}, form="12")
    table = f"form,scale,cut_off,source,licence\n12,total,50,{GUIDE},{LICENCE}\n"
    named = {"instrument": "asqse2", "edition": "invented", "dated": clock.today(make.ZONE), "before": 0}
    house_tables.load(make.make_worker("data_steward").actor, table=table, **named)
    client, where = family.by.client, reverse("recorded", args=[unread.pk])
    said = page(client, where)
    assert "was loaded since" in said and "at the cut-off or above" not in said
    typed = {"key": "k", "version": "1", "on": str(unread.on), "form": "12", "informant": str(family.adult.pk)}
    again = client.post(f"{where}correct/", typed | {"scale_total": "70", "reason": "Our table was loaded."})
    assert again.status_code == 302
    said = page(client, where)
    assert "at the cut-off or above: worth a closer look" in said and "cut-off 50" in said
    assert RecordedResult.objects.get(pk=unread.pk).edition == "2026+invented"


def test_both_ages_are_kept_and_which_was_used() -> None:
    """Born ten weeks early: the ASQ-3 goes by the corrected age, the DECA by the birth, for it has no rule here."""
    family = make.make_family(age_months=12)
    families.note_gestation(family.by.actor, episode=family.episode, gestation_weeks=30)
    asq = recorded_of(family, 40, 40, form="10").said["ages"]
    assert (asq["birth"][0], asq["corrected"][0], asq["used"]) == (12, 9, "corrected")
    deca = make.make_recorded(family, tool="decai").said["ages"]
    assert (deca["birth"], deca["corrected"], deca["used"]) == (asq["birth"], None, "birth")
    said = page(family.by.client, reverse("recorded", args=[RecordedResult.objects.get(tool="asq3").pk]))
    assert "The form goes by this age." in said and "was changed since" not in said
    families.note_gestation(family.by.actor, episode=family.episode, gestation_weeks=39)
    said = page(family.by.client, reverse("recorded", args=[RecordedResult.objects.get(tool="asq3").pk]))
    assert "was changed since: by it the tool counts 12 months" in said
    assert said.index("this form is not the one for the child’s age: its numbers would have no band") < said.index(
        "40 of 60"
    )


def test_a_teacher_may_answer_where_the_publisher_says_so(family: make.Family) -> None:
    """A DECA, with the strengths first; the teacher is no person of the family."""
    said = {"key": "k", "on": clock.today(make.ZONE).isoformat(), "informant": "carer"}
    scales = {"scale_initiative": "38", "scale_attachment_relationships": "61"}
    answer = family.by.client.post(address(family, "decai"), said | scales)
    result = RecordedResult.objects.get()
    assert (result.by_carer, result.informant) == (True, None)
    words = page(family.by.client, answer["Location"])
    assert "answered by a teacher or carer outside the family" in words
    assert words.index("strengths of Mateo: attachment and relationships") < words.index(
        "closer look together: initiative"
    )


def test_a_form_that_is_not_the_childs_is_asked_about_and_then_kept_without_a_band(family: make.Family) -> None:
    """Twelve months old and the form of three years: a slip is caught; where it was used, it is kept and nothing rests on it."""
    client = family.by.client
    typed = form_of(family, "15", "40", form="36")
    answer = client.post(address(family), typed)
    assert answer.status_code == 400 and not RecordedResult.objects.exists()
    said = answer.content.decode()
    assert "34 months 16 days to 38 months 30 days" in said and 'name="as_it_stands"' in said and 'value="15"' in said
    assert client.post(address(family), typed | {"as_it_stands": "on"}).status_code == 302
    result = RecordedResult.objects.get()
    assert not result.counts and "band" not in result.said["scales"]["communication"]
    assert "not the one for the child’s age" in page(client, reverse("recorded", args=[result.pk]))


def test_a_recorded_result_fulfils_what_the_schedule_asks_for() -> None:
    """Of the right form; not one that was for another age. What was done elsewhere still counts beside it."""
    family = make.make_family(age_months=10)
    today = clock.today(make.ZONE)

    def state() -> State:
        return next(one for one in due.of_child(family.episode, today) if one.asked.key == "developmental").state

    result = recorded_of(family, 40, form="36", as_it_stands=True)
    assert state() is State.DUE
    assert address(family) in page(family.by.client, reverse("dyad", args=[family.dyad.pk]))
    corrected(result, family.by, form="10")
    assert state() is State.DONE


def test_an_adults_result_is_hers_alone() -> None:
    """`protect.md` 1: on her own page; not on the child's, the family's or the list of what is due, and no entry names him."""
    family = make.make_family(age_months=12)
    client, child_page = family.by.client, reverse("caregiver", args=[family.episode.pk, family.child.pk])
    before = [page(client, where) for where in (child_page, reverse("dyad", args=[family.dyad.pk]), reverse("due"))]
    answer = client.post(
        address(family, "psi4sf", family.adult),
        {"key": "k", "on": clock.today(make.ZONE).isoformat(), "scale_total": "99", "scale_total_percentile": "91"},
    )
    result = RecordedResult.objects.get()
    said = page(client, answer["Location"])
    assert (
        "percentile 91" in said and "very high: worth a closer look now" in said and "not known with certainty" in said
    )
    assert result.said["ages"] is None
    assert "PSI-4-SF" in page(client, reverse("caregiver", args=[family.episode.pk, family.adult.pk]))
    after = [page(client, where) for where in (child_page, reverse("dyad", args=[family.dyad.pk]), reverse("due"))]
    for one, other in zip(before, after, strict=True):
        assert "PSI" not in other and str(result.pk) not in other
        assert len(re.findall("<section", one)) == len(re.findall("<section", other))
    entries = AuditEntry.objects.filter(about=str(result.pk))
    assert {entry.verb for entry in entries} == {"screening.record_result", "screening.see"}
    assert {(one.kind, one.ref) for entry in entries for one in entry.subjects.all()} == {
        ("person", family.adult.pk),
        ("episode", family.episode.pk),
    }


def test_a_tool_is_never_recorded_of_somebody_it_is_not_about(family: make.Family) -> None:
    """The stress of a parent in the child's chart, or a child's form in hers: the page leads back, the action refuses."""
    client = family.by.client
    for tool, person in (("psi4sf", family.child), ("asq3", family.adult), ("bayley", family.child)):
        where = address(family, tool, person)
        back = reverse("caregiver", args=[family.episode.pk, person.pk])
        assert [client.get(where)["Location"], client.post(where, {})["Location"]] == [back, back]
    on = clock.today(make.ZONE)
    with pytest.raises(BadInput, match="takes no part"):
        record_result(
            family.by.actor,
            episode=family.episode,
            subject=family.child,
            tool=recorded()["psi4sf"],
            paper=OnPaper(on=on, typed={"total": "99"}),
        )


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        pytest.param({"scale_communication": "61"}, "61 cannot stand on communication.", id="beyond the scale"),
        pytest.param({"scale_communication": "-5"}, "-5 cannot stand on communication.", id="below it"),
        pytest.param({"scale_communication": "1e1"}, "1e1 cannot stand", id="no number"),
        pytest.param({"scale_communication": ""}, "No number of the ASQ-3 was entered.", id="nothing at all"),
        pytest.param({"form": "13"}, "Select a valid choice", id="a form that is not there"),
        pytest.param({"form": ""}, "Choose the form that was used.", id="no form"),
        pytest.param({"informant": "carer"}, "Select a valid choice", id="a teacher, of a tool that a parent answers"),
        pytest.param({"on": "2999-01-01"}, "This day lies in the future.", id="tomorrow"),
        pytest.param({"on": "2020-01-01"}, "before the agency began", id="before the agency served them"),
    ],
)
def test_what_cannot_be_is_sent_back_with_all_that_was_typed(
    family: make.Family, more: dict[str, str], sentence: str
) -> None:
    """Nothing is kept; the sentence stands at its field."""
    answer = family.by.client.post(address(family), form_of(family, "20") | more)
    assert answer.status_code == 400
    said = answer.content.decode()
    assert sentence in said
    assert not RecordedResult.objects.exists()


def test_a_second_click_finds_the_first_and_a_second_tab_is_told(family: make.Family) -> None:
    """One form is recorded once; under another key it is refused with the way on."""
    client, typed = family.by.client, form_of(family, "20")
    first, second = (client.post(address(family), typed)["Location"] for _ in range(2))
    assert first == second
    answer = client.post(address(family), form_of(family, "25"))
    assert answer.status_code == 400 and "was recorded already" in answer.content.decode()
    assert RecordedResult.objects.count() == 1


def test_what_was_typed_waits_for_a_session_that_ended(family: make.Family) -> None:
    """Nothing is lost: the page sends it once more after signing in."""
    client, typed = family.by.client, form_of(family, "20")
    client.logout()
    said = client.post(address(family), typed, headers={"Sec-Fetch-Site": "same-origin"}).content.decode()
    assert all(f'<textarea name="{name}" hidden>\n{value}</textarea>' in said for name, value in typed.items())


def corrected(result: RecordedResult, by: make.Worker, reason: str = WHY, **more: Any) -> RecordedResult:
    return make.correct_recorded(result, by=by, reason=reason, **more)


def test_a_correction_keeps_what_stood_with_who_and_why(family: make.Family) -> None:
    """Its number, its form and its day can be wrong; every version is on the page."""
    result = recorded_of(family, 15, 40)
    client, where = family.by.client, reverse("recorded_correct", args=[result.pk])
    assert 'value="15"' in page(client, where)
    typed = form_of(family, "40", "15", version=str(result.version), reason=WHY)
    assert client.post(where, typed)["Location"] == reverse("recorded", args=[result.pk])
    result.refresh_from_db()
    again = corrected(result, family.by, "It was the 14-month form.", form="14", as_it_stands=True)
    first, second = EarlierRecorded.objects.order_by("number")
    assert (first.said["scales"]["communication"]["value"], first.by, first.reason) == ("15", family.by.person, WHY)
    assert (second.kept_at, second.said["form"]) == (first.created_at, "12")
    assert again.said["form"] == "14"
    said = page(client, reverse("recorded", args=[result.pk]))
    for words in (WHY, "It was the 14-month form.", "communication 15, gross motor 40", "3, as it stands"):
        assert words in said


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("reason", "more", "sentence"),
    [
        pytest.param(" . ", {"form": "14"}, "The reason is missing", id="no reason"),
        pytest.param("x" * 501, {"form": "12", "typed": {"fine_motor": "20"}}, "500", id="a reason beyond its room"),
        pytest.param(WHY, {"form": "12"}, "Nothing is different", id="nothing else"),
        pytest.param(WHY, {"typed": {"speech": "20"}}, "no item called speech", id="a scale too many"),
    ],
)
def test_what_cannot_be_a_correction_changes_nothing(
    family: make.Family, reason: str, more: dict[str, Any], sentence: str
) -> None:
    result = recorded_of(family, 15)
    with pytest.raises(BadInput) as refusal:
        corrected(result, family.by, reason, **more)
    assert sentence in refusal.value.in_english()
    assert not EarlierRecorded.objects.exists()


def test_two_who_correct_at_once_see_both_texts(family: make.Family) -> None:
    """The second sees the first's beside her own, and can keep hers from the same page."""
    result = recorded_of(family, 15)
    client, where = family.by.client, reverse("recorded_correct", args=[result.pk])
    assert client.post(where, form_of(family, "20", version="1", reason=WHY)).status_code == 302
    second = client.post(where, form_of(family, "25", version="1", reason="Mine is another."))
    said = second.content.decode()
    assert second.status_code == 409
    assert (
        "Someone saved this while you were writing" in said and "Mine is another." in said and "Communication" in said
    )
    now = RecordedResult.objects.get()
    assert f'name="version" value="{now.version}"' in said
    key = re.search(r'name="key" value="([^"]+)"', said)
    assert key is not None
    again = form_of(family, "25", version=str(now.version), reason="Mine is another.", key=key[1])
    assert client.post(where, again).status_code == 302
    assert EarlierRecorded.objects.count() == 2
    with pytest.raises(Stale):
        correct_result(
            family.by.actor,
            version=1,
            result=result,
            tool=recorded()["asq3"],
            paper=OnPaper(on=result.on, typed={"fine_motor": "5"}, form="12", informant=family.adult),
            reason=WHY,
        )


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("role", ["agency_supervisor", "privacy_officer", "family_service_coordinator", "clinician"])
def test_nobody_outside_the_care_team_records_reads_or_corrects(family: make.Family, role: str) -> None:
    """The same door as a screen's."""
    result = recorded_of(family, 15)
    outsider = make.make_worker(role, family.episode.organization)
    with pytest.raises(Refused):
        corrected(result, outsider, form="14")
    for where in (
        address(family),
        reverse("recorded", args=[result.pk]),
        reverse("recorded_correct", args=[result.pk]),
    ):
        assert outsider.client.get(where).status_code == 403
    with pytest.raises(NotNow):
        recorded_of(family, 20)


def test_what_the_form_itself_says_is_copied_and_shown_as_the_forms_own(family: make.Family) -> None:
    """Never as a band of ours; where our public cut-off says something else, both stay and somebody looks again."""
    client = family.by.client
    assert "Communication: where the form puts it" in page(client, address(family))
    assert "where the form puts it" not in page(client, address(family, "decai"))
    copied = {"zone_communication": "well_above", "zone_fine_motor": "below", "zone_problem_solving": "close_above"}
    answer = client.post(address(family), form_of(family, "15", "40", "34.5", "27,5", "", **copied))
    kept = RecordedResult.objects.get().said["scales"]
    assert (kept["communication"]["zone"], kept["communication"]["band"]) == ("well_above", "below_cutoff_refer")
    assert "zone" not in kept["gross_motor"]
    said = page(client, answer["Location"])
    assert said.count("as it stands on the licensed form") == 3 and said.count("look at the form again") == 2
    assert "<strong>below the cut-off</strong>" in said and "fine motor" in said
    again = page(client, f"{answer['Location']}correct/")
    assert '<option value="close_above" selected>' in again
    alone = client.post(address(family), form_of(family, "15", zone_gross_motor="below", on="2026-01-01"))
    assert alone.status_code == 400


@pytest.mark.sqlite  # refused by a rule, before anything is written
def test_every_number_that_cannot_stand_is_said_at_once(family: make.Family) -> None:
    answer = family.by.client.post(address(family), form_of(family, "63", "33", "abc", "40,5", "-1"))
    said = str(answer.content.decode())
    assert answer.status_code == 400
    for words in ("63 cannot stand on communication", "abc cannot stand on fine motor", "-1 cannot stand on personal"):
        assert words in said, words
    assert "33 cannot" not in said and "40,5 cannot" not in said


def test_a_list_marks_what_was_corrected(family: make.Family) -> None:
    client, own = family.by.client, reverse("caregiver", args=[family.episode.pk, family.child.pk])
    result = recorded_of(family, 15, 40)
    assert "corrected" not in page(client, own)
    make.correct_recorded(result, by=family.by, reason=WHY)
    assert "corrected" in page(client, own)
