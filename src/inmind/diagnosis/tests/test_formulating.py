"""An assessment from its opening to versions that are signed and signed too, through pages and actions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from inmind.access.models import AuditEntry, AuditSubject
from inmind.diagnosis import actions, queries, writing
from inmind.diagnosis.adapters.catalog import manual
from inmind.diagnosis.ages import NotOfThisAge
from inmind.diagnosis.crosswalk import KindOfParent
from inmind.diagnosis.errors import DraftChanged, NotWhole, SignedAlready
from inmind.diagnosis.formulation import Certainty, Competence, Diagnosis, Environment, Part, Relationship
from inmind.diagnosis.models import Formulation, Given, PayerAllowance, SignedRelationship
from inmind.families import actions as families
from inmind.families.models import Visit
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
AUTISM, RELATIONSHIP = "early-atypical-autism-spectrum-disorder", "relationship-specific-disorder"
DOMAINS = ("emotional", "social-relational", "language-social-communication", "cognitive", "movement-physical")


@pytest.fixture
def clinician() -> make.Worker:
    return make.make_worker("clinician")


@pytest.fixture
def family(clinician: make.Worker) -> make.Family:
    return make.make_family(clinician, age_months=30, adults=("María Ñúñez", "Ana Stone"))


def working(disorder: str = AUTISM, **said: Any) -> writing.One:
    return writing.One((Diagnosis(disorder, Certainty.WORKING, "Seen twice.", looked_up=True, **said),))


def today() -> date:
    return clock.today(make.ZONE)


def visit(family: make.Family, place: str = "home", **said: Any) -> Visit:
    return families.visit(family.by.actor, episode=family.episode, on=today(), place=place, minutes=60, **said)


# The story


def test_the_pages_from_opening_to_signing(family: make.Family, clinician: make.Worker) -> None:
    """A clinician opens an assessment, writes each part on its page, reads it through and signs it."""
    client = clinician.client
    page = client.get(f"/families/{family.episode.pk}/assessments/new/")
    assert page.status_code == 200
    opened = {"key": "a1", "question": "Why so quiet?", "payer": ""}
    response = client.post(f"/families/{family.episode.pk}/assessments/new/", opened)
    assert response.status_code == 302, response.content.decode()[:3000]
    home = response.headers["Location"]
    assert "Why so quiet?" in client.get(home).content.decode()
    for part in ("head", "one", "three", "four", "five", "culture"):
        assert client.get(f"{home}parts/{part}/").status_code == 200, part
    assert client.get(f"{home}relationships/{family.adult.pk}/").status_code == 200
    assert client.get(f"{home}environments/1/").status_code == 200
    lacks = client.get(f"{home}sign/").content.decode()
    assert "Before it can be signed" in lacks and "Sign this version" not in lacks
    head = {
        "key": "h1",
        "version": "0",
        "assessed_on": today().isoformat(),
        "edition": "dc-0-5-2",
        "strengths": "Looks.",
    }
    assert client.post(f"{home}parts/head/", head | {f"primary_{family.adult.pk}": "on"}).status_code == 302
    one = {"key": "o1", "version": "0", "d0_disorder": AUTISM, "strengths": ""}
    assert client.post(f"{home}parts/one/", one).status_code == 302
    shown = client.get(f"{home}parts/one/").content.decode()
    assert "What speaks for it, and what against?" in shown
    one |= {"key": "o2", "version": "1", "d0_certainty": "working", "d0_reasons": "Seen twice.", "d0_looked_up": "on"}
    assert client.post(f"{home}parts/one/", one).status_code == 302
    five = {"key": "f1", "version": "0", "impression": "Even.", "strengths": ""}
    five |= {f"r_{name}": "age-appropriate" for name in DOMAINS}
    assert client.post(f"{home}parts/five/", five).status_code == 302
    three = {"key": "t1", "version": "0", "h0_what": "Ear infections", "h0_source": "record", "h0_since_month": "4"}
    assert client.post(f"{home}parts/three/", three).status_code == 302
    four = {"key": "u1", "version": "0", "s0_key": "neglect", "s0_from_month": "2", "s0_goes_on": "on"}
    assert client.post(f"{home}parts/four/", four).status_code == 302
    culture = {
        "key": "c1",
        "version": "0",
        "family": "Grandparents raise children, too.",
        "own_position": "I do not know it.",
    }
    assert client.post(f"{home}parts/culture/", culture).status_code == 302
    rated = {"key": "r1", "version": "0", "level": "2", "m_comfort": "strength", "strengths": "They sing."}
    assert client.post(f"{home}relationships/{family.adult.pk}/", rated).status_code == 302
    place = {"key": "p1", "version": "0", "name": "At home", "level": "1", "m_sibling-harmony": "none"}
    assert client.post(f"{home}environments/1/", place | {f"who_{family.adult.pk}": "on"}).status_code == 302
    page = client.get(f"{home}sign/")
    assert page.context["missing"] == []
    signed = {"key": "s1", "seen": page.context["form"]["seen"].value(), "signed_as": "LCSW, IMH-E", "cosigner": ""}
    response = client.post(f"{home}sign/", signed)
    assert response.status_code == 302, response.content.decode()
    version = client.get(response.headers["Location"]).content.decode()
    for words in (
        "Formulation, version 1",
        "They sing.",
        "working diagnosis",
        "Ear infections",
        "Neglect",
        "I do not know it.",
    ):
        assert words in version, words
    assert version.index("They sing.") < version.index("Seen twice.")
    assert client.get(f"/families/{family.dyad.pk}/").content.decode().count("Version 1, assessed on") == 1


# An assessment and its visits


def test_visits_are_counted_by_a_tap_and_written_down_once(family: make.Family, clinician: make.Worker) -> None:
    """The family's own visit is counted; nothing of it is typed again, and the payer's sessions are said, never a stop."""
    make.together(
        lambda act: PayerAllowance.objects.create(
            organization=family.episode.organization, payer="Medicaid", sessions=1, source="its handbook"
        )
    )
    row = make.make_assessment(family, payer="Medicaid")
    first, second = visit(family, present=(family.adult, family.child)), visit(family, "child_care")
    client, home = clinician.client, f"/assessments/{row.pk}/"
    assert "Count it" in client.get(home).content.decode()
    for number, one in enumerate((first, second)):
        assert client.post(f"{home}visits/", {"visit": one.pk, "key": f"v{number}"}).status_code == 302
        said = client.get(home).content.decode()
        assert ("All of them were in one place" in said) == (number == 0)
    assert "2 visits" in said and "120 minutes" in said and "with María, Mateo" in said
    assert f"2 sessions in {today().year}; Medicaid allows 1 without asking." in said
    assert Visit.objects.count() == 2
    assert client.post(f"{home}visits/", {"visit": first.pk, "key": "v9", "out": "1"}).status_code == 302
    assert [one.pk for one in queries.counted(row)] == [second.pk]


def test_an_allowance_that_nobody_wrote_down_is_not_known(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family, payer="Medicaid")
    said = clinician.client.get(f"/assessments/{row.pk}/").content.decode()
    assert "How many it allows is not written down here." in said


def test_a_visit_counts_in_one_assessment_and_only_of_this_family(family: make.Family, clinician: make.Worker) -> None:
    row, one = make.make_assessment(family), visit(family)
    actions.count_visit(clinician.actor, assessment=row, visit=one)
    actions.close_assessment(clinician.actor, assessment=row)
    again = make.make_assessment(family)
    with pytest.raises(NotNow, match="Each visit counts once"):
        actions.count_visit(clinician.actor, assessment=again, visit=one)
    other = make.make_family(clinician, child="Ida Lund", age_months=20)
    elsewhere = visit(other)
    with pytest.raises(BadInput, match="to another family"):
        actions.count_visit(clinician.actor, assessment=again, visit=elsewhere)
    answer = clinician.client.post(f"/assessments/{again.pk}/visits/", {"visit": elsewhere.pk, "key": "x"})
    assert answer.status_code == 403
    assert clinician.client.post(f"/assessments/{again.pk}/visits/", {"visit": "no", "key": "y"}).status_code == 403


def test_one_assessment_is_open_at_a_time_and_none_before_birth(family: make.Family, clinician: make.Worker) -> None:
    make.make_assessment(family)
    with pytest.raises(NotNow, match="open already"):
        make.make_assessment(family)
    coming = make.make_family(clinician, due_in_days=40)
    with pytest.raises(NotNow, match="No birth date is written down"):
        make.make_assessment(coming)
    assert "Begin an assessment" not in clinician.client.get(f"/families/{coming.dyad.pk}/").content.decode()


def test_an_assessment_that_has_ended_takes_nothing_more(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family)
    client, home = clinician.client, f"/assessments/{row.pk}/"
    assert client.post(f"{home}close/", {"key": "c"}).status_code == 302
    assert "It ended on" in client.get(home).content.decode()
    assert client.post(f"{home}close/", {"key": "d"}).status_code == 409
    typed = {"key": "k", "version": "0", "family": "Typed after its end.", "own_position": ""}
    answer = client.post(f"{home}parts/culture/", typed)
    assert answer.status_code == 400 and "Typed after its end." in answer.content.decode()
    assert "takes nothing more" in answer.content.decode()
    with pytest.raises(SignedAlready):
        actions.count_visit(clinician.actor, assessment=row, visit=visit(family))
    assert client.get(f"{home}sign/").status_code == 302


# A draft as it is typed


def saved(client: Any, url: str, version: int, **fields: str) -> Any:
    return client.post(f"{url}save/", {"version": str(version), "save_key": str(fields) + str(version), **fields})


def test_what_is_asked_and_who_pays_is_said_anew_while_it_is_open(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family, payer="Medicad")
    client, url = clinician.client, f"/assessments/{row.pk}/change/"
    assert client.get(url).context["form"]["payer"].value() == "Medicad"
    sent = {"seen": "1", "payer": "Medicaid", "question": "Why so quiet?"}
    assert client.post(url, sent | {"key": "a"}).status_code == 302
    late = client.post(url, sent | {"key": "b", "question": "Mine."})
    assert late.status_code == 409 and "Why so quiet?" in late.content.decode() and "Mine." in late.content.decode()
    again = {name: late.context["form"][name].value() for name in ("key", "seen", "payer", "question")}
    assert client.post(url, again).status_code == 302
    row.refresh_from_db()
    assert (row.payer, row.question) == ("Medicaid", "Mine.")
    visitor = make.make_worker("home_visitor")
    make.join_team(family, visitor)
    assert visitor.client.get(f"/assessments/{row.pk}/").status_code == 200
    assert visitor.client.get(url).status_code == 403
    actions.close_assessment(clinician.actor, assessment=row)
    ended = client.post(url, again | {"key": "c", "seen": str(row.version), "question": "Too late."})
    assert ended.status_code == 400 and "Too late." in ended.content.decode()


def test_each_field_is_kept_as_it_is_typed(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family)
    client, url = clinician.client, f"/assessments/{row.pk}/parts/head/"
    assert saved(client, url, 0, strengths="He sings.").json() == {"version": 1}
    name = f"primary_{family.adult.pk}"
    assert saved(client, url, 1, **{name: "on"}).json() == {"version": 2}
    assert writing.head(row.parts.get().content).primary == {family.adult.pk}
    assert saved(client, url, 2, **{name: ""}).json() == {"version": 3}
    head = writing.head(row.parts.get().content)
    assert (head.primary, head.strengths) == (frozenset(), "He sings.")
    late = saved(client, url, 1, strengths="Mine.")
    assert late.status_code == 409 and "Someone saved this record" in late.json()["error"]
    future = saved(client, url, 3, assessed_on=(today() + timedelta(2)).isoformat())
    assert future.status_code == 400 and "lies in the future" in future.json()["error"]
    assert saved(client, url, 3, assessed_on="soon").status_code == 400


def test_from_each_part_one_press_leads_to_the_next(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family, by=clinician)
    client, home = clinician.client, f"/assessments/{row.pk}/"
    typed = {"key": "first", "version": "0", "name": "Home"}
    assert client.post(f"{home}environments/1/", typed).status_code == 302
    walked, url = [], f"{home}parts/head/"
    for number in range(12):
        page = client.get(url)
        walked.append(page.context["title"])
        if page.context["next"] is None:
            break
        typed = {"key": f"n{number}", "version": page.context["form"]["version"].value(), "next": "1"}
        url = client.post(url, typed).headers["Location"]
    assert len(walked) == len(set(walked)) == 9 and "Keep this, and go on" not in page.content.decode()
    assert row.parts.count() + row.relationships.count() == 0 and row.environments.count() == 1
    assert [one.label for one in client.get(home).context["draft"]["parts"]][:2] == walked[:2]
    assert client.post(url, {"key": "last", "version": "0", "next": "1"}).headers["Location"] == home


def test_a_diagnosis_that_is_chosen_shows_its_ages_at_once(family: make.Family, clinician: make.Worker) -> None:
    """With script the page is shown anew at that place; its words say what is known of ages, and never that any age fits."""
    row = make.make_assessment(family)
    client, url = clinician.client, f"/assessments/{row.pk}/parts/one/"
    assert saved(client, url, 0, d0_disorder=AUTISM).json() == {"version": 1, "go": f"{url}?v=1#d0"}
    assert "Say first on which day the child was assessed" in client.get(url).content.decode()
    content = writing.written(writing.Head("dc-0-5-2", today()))
    actions.keep_draft(clinician.actor, assessment=row, part=Part.HEAD, content=content, seen=0)
    assert "outside these ages" not in client.get(url).content.decode()
    assert saved(client, url, 1, d1_disorder="overactivity-disorder-of-toddlerhood").status_code == 200
    assert "we have no source." in client.get(url).content.decode()
    assert saved(client, url, 2, d1_out="on").status_code == 200
    assert len(writing.one(row.parts.get(part="one").content).diagnoses) == 1


@pytest.mark.parametrize(
    ("months", "disorder", "words"),
    [
        (40, AUTISM, "Its window ends with month 36. It can be given only with your own reason"),
        (36, AUTISM, "in the very month that ends its window"),
        (5, AUTISM, "It is given from 9 months on. It can be given only with your own reason"),
        (5, "night-waking-disorder", "One source alone says so"),
        (5, "sensory-over-responsivity-disorder", "The source is weak: take it as a hint"),
        (5, "inhibition-to-novelty-disorder", "The ages for which it may be given stand in the manual."),
    ],
)
def test_how_sure_a_limit_of_age_is_says_what_it_does(
    clinician: make.Worker, months: int, disorder: str, words: str
) -> None:
    """High stops, medium warns, low hints, unknown asks; each with its source."""
    family = make.make_family(clinician, age_months=months)
    row = make.make_assessment(family)
    there = {"assessment": row, "seen": 0}
    head = writing.written(writing.Head("dc-0-5-2", today()))
    actions.keep_draft(clinician.actor, part=Part.HEAD, content=head, **there)
    actions.keep_draft(clinician.actor, part=Part.ONE, content=writing.written(working(disorder)), **there)
    said = clinician.client.get(f"/assessments/{row.pk}/parts/one/").content.decode()
    assert words in said
    assert ("Why is it given outside these ages?" in said) == ("your own reason" in words)


def test_two_clinicians_on_one_part_get_both_texts(family: make.Family, clinician: make.Worker) -> None:
    """Who saves second sees what stands beside what was typed, and saves over what was read then."""
    row, second = make.make_assessment(family), make.make_worker("clinician", name="Ada Berg")
    make.join_team(family, second)
    url = f"/assessments/{row.pk}/parts/culture/"
    typed = {"version": "0", "own_position": "", "family": ""}
    assert second.client.post(url, typed | {"key": "a", "family": "Hers, and first."}).status_code == 302
    answer = clinician.client.post(url, typed | {"key": "b", "family": "Mine, and later."})
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "Hers, and first." in said and "Mine, and later." in said and "Ada Berg" in said
    again = {name: answer.context["form"][name].value() for name in ("key", "version", "family", "own_position")}
    assert clinician.client.post(url, again).status_code == 302
    assert writing.culture(row.parts.get().content).family == "Mine, and later."


def test_what_was_left_blank_beside_a_colleagues_words_erases_nothing(
    family: make.Family, clinician: make.Worker
) -> None:
    """Two wrote different fields of one part: both stand in what is kept next, and no text is shown beside nothing."""
    second = make.make_worker("clinician")
    make.join_team(family, second)
    row = make.make_assessment(family, by=clinician)
    url = f"/assessments/{row.pk}/parts/culture/"
    assert second.client.post(url, {"key": "a", "version": "0", "family": "Hers."}).status_code == 302
    answer = clinician.client.post(url, {"key": "b", "version": "0", "own_position": "Mine."})
    assert answer.status_code == 409 and answer.context["pairs"] == []
    assert "What they wrote stands in the fields that you had left blank" in answer.content.decode()
    again = {name: answer.context["form"][name].value() for name in ("key", "version", "family", "own_position")}
    assert clinician.client.post(url, again).status_code == 302
    kept = writing.culture(row.parts.get().content)
    assert (kept.family, kept.own_position) == ("Hers.", "Mine.")


def test_of_another_diagnosis_nothing_was_looked_up_yet(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family)
    content = writing.written(working())
    actions.keep_draft(clinician.actor, assessment=row, part=Part.ONE, content=content, seen=0)
    before = writing.one(content).diagnoses[0]
    url = f"/assessments/{row.pk}/parts/one/"
    other = "overactivity-disorder-of-toddlerhood"
    assert before.looked_up and saved(clinician.client, url, 1, d0_disorder=other).status_code == 200
    (now,) = writing.one(row.parts.get().content).diagnoses
    assert (now.disorder, now.looked_up, now.reasons) == (other, False, before.reasons)
    assert saved(clinician.client, url, 2, d0_looked_up="on").status_code == 200
    assert writing.one(row.parts.get().content).diagnoses[0].looked_up


def test_a_version_that_never_was_loses_no_words(family: make.Family, clinician: make.Worker) -> None:
    """An address or a field that somebody made by hand."""
    row = make.make_assessment(family, by=clinician)
    url = f"/assessments/{row.pk}/parts/culture/"
    answer = clinician.client.post(url, {"key": "a", "version": "3", "family": "Mine."})
    assert answer.status_code == 409 and "Mine." in answer.content.decode()
    again = {name: answer.context["form"][name].value() for name in ("key", "version", "family")}
    assert clinician.client.post(url, again).status_code == 302
    seen = make.make_draft(row, by=clinician, primary=[family.adult])
    named = " ".join(f"{name}={version}" for name, version in seen.items())
    sent = {"key": "s", "seen": f"{named} place:zz=3", "signed_as": "LCSW", "cosigner": ""}
    assert clinician.client.post(f"/assessments/{row.pk}/sign/", sent).status_code == 409


def test_a_long_text_is_answered_and_never_cut(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family, by=clinician)
    url = f"/assessments/{row.pk}/parts/culture/"
    assert "maxlength" not in clinician.client.get(url).content.decode()
    answer = clinician.client.post(url, {"key": "a", "version": "0", "family": "a" * 4_001})
    assert answer.status_code == 400 and "4000" in answer.content.decode() and "a" * 4_001 in answer.content.decode()


def test_two_clinicians_on_two_parts_do_not_meet(family: make.Family, clinician: make.Worker) -> None:
    row, second = make.make_assessment(family), make.make_worker("clinician")
    make.join_team(family, second)
    there = {"assessment": row, "seen": 0}
    actions.keep_draft(clinician.actor, part=Part.FIVE, content=writing.written(Competence()), **there)
    actions.keep_draft(second.actor, part=Part.THREE, content=writing.written(writing.Three()), **there)
    assert set(queries.parts_of(row)) == {"five", "three"}


def test_a_choice_on_which_two_differ_is_shown_in_words(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family)
    rated = writing.written(Relationship(family.adult.pk, 3))
    actions.rate_relationships(clinician.actor, assessment=row, caregiver=family.adult, content=rated, seen=0)
    url = f"/assessments/{row.pk}/relationships/{family.adult.pk}/"
    answer = clinician.client.post(url, {"key": "b", "version": "0", "level": "2", "m_comfort": "concern"})
    pairs = {one["label"]: (one["theirs"], one["yours"]) for one in answer.context["pairs"]}
    assert pairs["Level, by the manual’s own words for each"] == ("Level 3", "Level 2")
    assert "Comfort for distress" not in pairs  # beside nothing of theirs it stands
    assert answer.context["form"]["m_comfort"].value() == "concern"


@pytest.mark.parametrize(
    ("part", "typed", "said"),
    [
        ("four", {"s0_key": "neglect", "s0_from_month": "9", "s0_until_month": "3"}, "ends before it begins"),
        ("one", {"d0_disorder": AUTISM, "d1_disorder": AUTISM}, "stands here twice"),
        ("one", {"d0_disorder": "made-up"}, "made-up"),
        ("three", {"h0_what": "123-45-6789"}, "social security number"),
        ("head", {"assessed_on": "1999-01-01"}, "before the birth"),
    ],
)
def test_what_no_draft_can_hold_comes_back_as_typed(
    family: make.Family, clinician: make.Worker, part: str, typed: dict[str, str], said: str
) -> None:
    row = make.make_assessment(family)
    answer = clinician.client.post(f"/assessments/{row.pk}/parts/{part}/", {"key": "k", "version": "0", **typed})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    for value in typed.values():
        assert value in answer.content.decode()
    assert not row.parts.exists()


def test_somebody_who_never_cared_for_the_child_is_named_nowhere(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family)
    stranger = make.make_family(clinician, child="Ida Lund", adults=("Eva Lund",)).adult
    there, by = {"assessment": row, "seen": 0}, clinician.actor
    with pytest.raises(BadInput, match="never did"):
        head = writing.written(writing.Head(primary=frozenset((stranger.pk,))))
        actions.keep_draft(by, part=Part.HEAD, content=head, **there)
    with pytest.raises(BadInput, match="never did"):
        content = writing.written(working(RELATIONSHIP, caregiver=stranger.pk))
        actions.keep_draft(by, part=Part.ONE, content=content, **there)
    with pytest.raises(BadInput, match="never did"):
        content = writing.written(Relationship(stranger.pk, 1))
        actions.rate_relationships(by, caregiver=stranger, content=content, **there)
    with pytest.raises(BadInput, match="never did"):
        content = writing.written(Environment("x", frozenset((stranger.pk,)), 1))
        actions.rate_relationships(by, environment=1, content=content, **there)
    assert clinician.client.get(f"/assessments/{row.pk}/relationships/{stranger.pk}/").status_code == 403
    with pytest.raises(BadInput, match="no such caregiving environment"):
        actions.rate_relationships(
            by, environment=99, content=writing.written(Environment("x", frozenset(), 1)), **there
        )
    answer = clinician.client.get(f"/assessments/{row.pk}/parts/two/")
    assert answer.status_code == 409 and "no such part" in answer.content.decode()


# What a toy gets wrong


def test_a_relationship_disorder_names_the_caregiver_and_who_that_is(
    family: make.Family, clinician: make.Worker
) -> None:
    row = make.make_assessment(family)
    seen = make.make_draft(row, by=clinician, primary=[family.adult], one=working(RELATIONSHIP))
    with pytest.raises(NotWhole):
        actions.sign(clinician.actor, assessment=row, seen=seen, signed_as="LCSW")
    said = clinician.client.get(f"/assessments/{row.pk}/sign/").content.decode()
    assert "needs the caregiver whom it is about" in said and "needs who this caregiver is to the child" in said
    whose = {"d0_disorder": RELATIONSHIP, "d0_certainty": "working", "d0_reasons": "Seen.", "d0_looked_up": "on"}
    whose |= {"d0_caregiver": str(family.adult.pk), "d0_parent": "biological", "key": "k", "version": str(seen["one"])}
    assert clinician.client.post(f"/assessments/{row.pk}/parts/one/", whose).status_code == 302
    now = {name: one.version for name, one in queries.parts_of(row).items()}
    kept = actions.sign(clinician.actor, assessment=row, seen=now, signed_as="LCSW")
    given = Given.objects.get(formulation=kept)
    assert (given.caregiver_id, given.parent, given.certainty) == (family.adult.pk, "biological", "working")


def test_axis_two_is_rated_for_each_primary_caregiver_alone(family: make.Family, clinician: make.Worker) -> None:
    """One Axis II for a child is a toy's: each caregiver has a row of their own, sealed for that adult, and no average."""
    mother, aunt = family.adults
    row = make.make_assessment(family)
    seen = make.make_draft(row, by=clinician, primary=[mother])
    head = writing.written(writing.Head("dc-0-5-2", today(), frozenset((mother.pk, aunt.pk))))
    actions.keep_draft(clinician.actor, assessment=row, part=Part.HEAD, content=head, seen=seen["head"])
    (axis,) = clinician.client.get(f"/assessments/{row.pk}/sign/").context["missing"]
    missing = axis["rows"]
    assert [one["words"] for one in missing] == ["The relationship with Ana Stone has no level yet."]
    assert str(aunt.pk) in missing[0]["url"]
    rated = writing.written(Relationship(aunt.pk, 4))
    actions.rate_relationships(clinician.actor, assessment=row, caregiver=aunt, content=rated, seen=0)
    now = {name: one.version for name, one in queries.parts_of(row).items()}
    kept = actions.sign(clinician.actor, assessment=row, seen=now, signed_as="LCSW")
    assert {one.caregiver_id: one.SEALED_FOR for one in kept.relationships.all()} == {
        mother.pk: "caregiver_id",
        aunt.pk: "caregiver_id",
    }
    said = clinician.client.get(f"/formulations/{kept.pk}/").content.decode()
    assert "Level 2" in said and "Level 4" in said and "Level 3" not in said


def test_no_diagnosis_rests_on_axis_two(family: make.Family, clinician: make.Worker) -> None:
    """Axis II is no evidence: whatever is rated, nothing is added to or taken from Axis I, and the page says so."""
    kept = make.make_formulation(family)
    assert not Given.objects.filter(formulation=kept).exists()
    assert "no evidence about a parent" in clinician.client.get(f"/formulations/{kept.pk}/").content.decode()


def test_no_criteria_of_the_manual_stand_anywhere(family: make.Family, clinician: make.Worker) -> None:
    """A disorder has a name and ages; what is to be looked up is looked up, and the clinician says that it was."""
    assert {one for one in type(manual().disorders[AUTISM]).__dataclass_fields__ if "criteri" in one} == set()
    row = make.make_assessment(family)
    there = {"assessment": row, "seen": 0}
    unread = writing.One((Diagnosis(AUTISM, Certainty.CONFIRMED, "Seen."),))
    actions.keep_draft(clinician.actor, part=Part.ONE, content=writing.written(unread), **there)
    assert "I looked up its criteria in our copy of the manual" in (
        clinician.client.get(f"/assessments/{row.pk}/parts/one/").content.decode()
    )
    missing = clinician.client.get(f"/assessments/{row.pk}/sign/").content.decode()
    assert "Say that you checked the criteria of Early Atypical Autism" in missing


# Signing


def test_what_was_signed_is_never_overwritten(family: make.Family, clinician: make.Worker) -> None:
    """A later version begins with the last one, is numbered after it, and says why; the first still says what it said."""
    first = make.make_formulation(family, one=working())
    before = (first.content, first.mark)
    with pytest.raises(SignedAlready):
        content = writing.written(writing.One(no_diagnosis=True))
        actions.keep_draft(clinician.actor, assessment=first.assessment, part=Part.ONE, content=content, seen=1)
    row = make.make_assessment(family)
    assert row.after == first.pk
    begun = queries.draft_of(queries.parts_of(row))
    assert [(one.disorder, one.looked_up) for one in begun.one.diagnoses] == [(AUTISM, False)]
    assert begun.head.assessed_on is None and [one.level for one in begun.relationships] == [2]
    said = clinician.client.get(f"/assessments/{row.pk}/sign/").content.decode()
    assert "Say on which day the child was assessed." in said
    sure = writing.One((Diagnosis(AUTISM, Certainty.CONFIRMED, "Seen again.", looked_up=True),))
    seen = make.make_draft(row, by=clinician, primary=[family.adult], one=sure)
    with pytest.raises(BadInput, match="what made a new version needed"):
        actions.sign(clinician.actor, assessment=row, seen=seen, signed_as="LCSW")
    second = actions.sign(clinician.actor, assessment=row, seen=seen, signed_as="LCSW", why_new="He speaks now.")
    kept = Formulation.objects.get(pk=first.pk)
    assert (kept.content, kept.mark, kept.version) == (*before, 1)
    assert (second.number, second.why_new) == (2, "He speaks now.")
    beside = clinician.client.get(f"/formulations/{first.pk}/beside/{second.pk}/").content.decode()
    assert "He speaks now." in beside and "working diagnosis" in beside and "confirmed" in beside


def test_a_signature_on_a_stale_draft_is_answered_with_what_changed(
    family: make.Family, clinician: make.Worker
) -> None:
    """Nothing is signed and nothing typed is lost; the draft is shown as it is now, and is signed once that was read."""
    second = make.make_worker("clinician", name="Ada Berg")
    make.join_team(family, second)
    row = make.make_assessment(family)
    make.make_draft(row, by=clinician, primary=[family.adult])
    client, url = clinician.client, f"/assessments/{row.pk}/sign/"
    seen = client.get(url).context["form"]["seen"].value()
    culture = writing.written(writing.Culture("Said since."))
    actions.keep_draft(second.actor, assessment=row, part=Part.CULTURE, content=culture, seen=0)
    sent = {"key": "k", "seen": seen, "signed_as": "LCSW, IMH-E", "cosigner": ""}
    answer = client.post(url, sent)
    said = answer.content.decode()
    assert answer.status_code == 409 and not Formulation.objects.exists()
    assert "The draft was changed after you opened this page" in said
    assert "Cultural formulation" in said and "Ada Berg" in said and "Said since." in said
    assert answer.context["form"]["signed_as"].value() == "LCSW, IMH-E"
    again = sent | {name: answer.context["form"][name].value() for name in ("key", "seen")}
    assert client.post(url, again).status_code == 302
    assert Formulation.objects.get().number == 1


def test_a_rating_that_changed_makes_a_draft_stale_too(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family)
    seen = make.make_draft(row, by=clinician, primary=[family.adult])
    rated = writing.written(Relationship(family.adult.pk, 4))
    there = {"assessment": row, "caregiver": family.adult, "content": rated}
    actions.rate_relationships(clinician.actor, seen=seen[f"with:{family.adult.pk}"], **there)
    place = writing.written(Environment("Elsewhere", frozenset(), 1))
    actions.rate_relationships(clinician.actor, assessment=row, environment=2, content=place, seen=0)
    with pytest.raises(DraftChanged) as refused:
        actions.sign(clinician.actor, assessment=row, seen=seen, signed_as="LCSW")
    assert refused.value.parts == (f"with:{family.adult.pk}", "place:2")
    sent = {"key": "k", "seen": " ".join(f"{name}={one}" for name, one in seen.items()), "signed_as": "LCSW"}
    said = clinician.client.post(f"/assessments/{row.pk}/sign/", sent).content.decode()
    assert "Axis II, part A: with María Ñúñez" in said and "Axis II, part B: Elsewhere" in said


def test_a_formulation_for_a_six_year_old_is_a_clear_sentence(clinician: make.Worker) -> None:
    """None is opened, and none is signed for a day after the sixth birthday; what was written until then stays."""
    family, other = (make.make_family(clinician, child=name, age_months=71) for name in ("Ida Lund", "Per Lund"))
    row = make.make_assessment(family)
    seen = make.make_draft(row, by=clinician, primary=[family.adult])
    with clock.at(clock.now() + timedelta(days=60)):
        with pytest.raises(NotOfThisAge, match="younger than 72 months, that is until the sixth birthday"):
            make.make_assessment(other)
        client, home = clinician.client, f"/assessments/{row.pk}/"
        answer = client.post(f"/families/{other.episode.pk}/assessments/new/", {"key": "o", "question": "Typed, too."})
        assert answer.status_code == 400 and "Typed, too." in answer.content.decode()
        typed = {"key": "k", "version": "1", "assessed_on": today().isoformat(), "strengths": "Typed, and kept here."}
        answer = client.post(f"{home}parts/head/", typed)
        said = answer.content.decode()
        assert answer.status_code == 400 and "younger than 72 months" in said and "Typed, and kept here." in said
        assert row.parts.count() == 3
        kept = actions.sign(clinician.actor, assessment=row, seen=seen, signed_as="LCSW")
    assert kept.assessed_on == today()


def test_a_caregiver_who_left_after_being_rated_stays_readable_and_in_the_version(
    family: make.Family, clinician: make.Worker
) -> None:
    mother, aunt = family.adults
    row = make.make_assessment(family)
    seen = make.make_draft(row, by=clinician, primary=[mother, aunt])
    families.change_care(clinician.actor, episode=family.episode, person=aunt, part="", since=today())
    client = clinician.client
    words = "Ana Stone no longer cares for the child since"
    for url in ("", f"relationships/{aunt.pk}/", "sign/"):
        assert words in client.get(f"/assessments/{row.pk}/{url}").content.decode(), url
    kept = actions.sign(clinician.actor, assessment=row, seen=seen, signed_as="LCSW")
    assert {one.caregiver_id for one in kept.relationships.all()} == {mother.pk, aunt.pk}
    assert "With Ana Stone" in client.get(f"/formulations/{kept.pk}/").content.decode()
    begun = queries.draft_of(queries.parts_of(make.make_assessment(family)))
    assert begun.head.primary == {mother.pk}


def test_what_was_signed_is_held_to_its_mark(family: make.Family, clinician: make.Worker) -> None:
    """The mark is over all of it, Axis II too, and stands in the trail; a word changed behind our back is said on the page."""
    kept = make.make_formulation(family)
    entry = AuditEntry.objects.get(verb="diagnosis.sign", outcome=AuditEntry.Outcome.DONE)
    assert kept.mark in entry.parts
    assert queries.is_as_signed(Formulation.objects.get(pk=kept.pk))

    def tamper(act: Any) -> None:
        row = SignedRelationship.objects.get(formulation=kept)
        row.content = writing.written(Relationship(family.adult.pk, 4))
        row.save()

    make.together(tamper)
    assert not queries.is_as_signed(Formulation.objects.get(pk=kept.pk))
    assert "Not as it was signed" in clinician.client.get(f"/formulations/{kept.pk}/").content.decode()


def test_damaged_words_are_said_and_left_as_they_are(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family)
    culture = writing.written(writing.Culture("x"))
    actions.keep_draft(clinician.actor, assessment=row, part=Part.CULTURE, content=culture, seen=0)

    def damage(act: Any) -> None:
        part = row.parts.get()
        part.content = "{"
        part.save()

    make.together(damage)
    answer = clinician.client.get(f"/assessments/{row.pk}/parts/culture/")
    assert answer.status_code == 400 and "cannot be read" in answer.content.decode()
    assert "cannot be read" in clinician.client.get(f"/assessments/{row.pk}/sign/").content.decode()


# Signed too, and looked at again


def test_a_second_clinician_signs_where_the_agency_asks_for_it(family: make.Family, clinician: make.Worker) -> None:
    """The supervisor switches it; who is asked reads that version alone, signs it, too, and the task closes by itself."""
    supervisor = make.make_worker("agency_supervisor")
    page = supervisor.client.get("/formulations/signing/")
    form = {"key": "k", "seen": page.context["form"]["seen"].value(), "needs_cosigner": "on", "again_days": "45"}
    assert supervisor.client.post("/formulations/signing/", form).status_code == 302
    stale = supervisor.client.post("/formulations/signing/", form | {"key": "l", "again_days": "20"})
    assert stale.status_code == 409
    senior = make.make_worker("clinician", name="Ada Berg")
    row = make.make_assessment(family)
    seen = make.make_draft(row, by=clinician, primary=[family.adult])
    with pytest.raises(BadInput, match="a second clinician signs, too"):
        actions.sign(clinician.actor, assessment=row, seen=seen, signed_as="LCSW")
    for nobody in (clinician.person, supervisor.person):
        with pytest.raises(BadInput, match="another clinician of this agency"):
            actions.sign(clinician.actor, assessment=row, seen=seen, signed_as="LCSW", cosigner=nobody)
    kept = actions.sign(clinician.actor, assessment=row, seen=seen, signed_as="LCSW", cosigner=senior.person)
    assert "It waits for Ada Berg to sign, too." in clinician.client.get(f"/formulations/{kept.pk}/").content.decode()
    task = Task.objects.get(why=actions.COSIGN)
    assert "Sign a formulation, too" in senior.client.get("/today/").content.decode()
    with pytest.raises(NotNow, match="closes by itself"):
        tasks.close(senior.actor, task=task, done="Looked at it.")
    read = senior.client.get(f"/formulations/{kept.pk}/").content.decode()
    assert "They play on the floor." in read and "Sign this version, too" in read
    assert senior.client.get(f"/assessments/{row.pk}/").status_code == 403
    answer = clinician.client.post(
        f"/formulations/{kept.pk}/cosign/", {"key": "x", "signed_as": "LCSW", "words": "I sign for both."}
    )
    assert answer.status_code == 403
    answer = senior.client.post(
        f"/formulations/{kept.pk}/cosign/", {"key": "x", "signed_as": "Ph.D.", "words": "I would watch his sleep."}
    )
    assert answer.status_code == 302, answer.content.decode()
    done = Formulation.objects.get(pk=kept.pk)
    assert done.cosigned_at is not None and queries.is_as_signed(done)
    assert Task.objects.get(pk=task.pk).closed_by == senior.person
    assert "I would watch his sleep." in clinician.client.get(f"/formulations/{kept.pk}/").content.decode()
    with pytest.raises(NotNow, match="any more"):
        actions.cosign(senior.actor, formulation=done, signed_as="LCSW")


def test_the_signer_may_ask_a_colleague_and_the_task_may_be_handed_on(
    family: make.Family, clinician: make.Worker
) -> None:
    """Whoever took it over signs; who only was asked before reads it no more."""
    first, other = make.make_worker("clinician"), make.make_worker("clinician", name="Eva Holm")
    kept = make.make_formulation(family, cosigner=first.person)
    task = Task.objects.get(why=actions.COSIGN)
    tasks.hand_over(make.make_worker("agency_supervisor").actor, task=task, to=other.person)
    assert first.client.get(f"/formulations/{kept.pk}/").status_code == 403
    done = actions.cosign(other.actor, formulation=kept, signed_as="LCSW")
    assert done.cosigner == other.person


def test_a_window_that_closes_sets_its_own_reassessment(family: make.Family, clinician: make.Worker) -> None:
    """Early atypical autism ends with month 36: the signer has a task before that day, which a later version closes."""
    family = make.make_family(clinician, age_months=34)
    kept = make.make_formulation(family, one=working())
    task = Task.objects.get(why=actions.AGAIN)
    third = family.dyad.birth_date.replace(year=family.dyad.birth_date.year + 3)
    due = task.due_at.astimezone(clock.local_zone(make.ZONE)) if hasattr(clock, "local_zone") else task.due_at
    assert (third - due.date()).days in {28, 29, 30}
    assert (task.owner, task.about_id) == (clinician.person, kept.given.get().pk)
    page = clinician.client.get(f"/tasks/{task.pk}/").content.decode()
    assert "Early Atypical Autism Spectrum Disorder is given only until an age" in page
    make.make_formulation(family, one=writing.One(no_diagnosis=True))
    assert Task.objects.get(pk=task.pk).closed_at is not None
    assert not Task.objects.filter(why=actions.AGAIN, closed_at=None).exists()


def test_a_ruled_out_diagnosis_sets_nothing(family: make.Family) -> None:
    out = writing.One((Diagnosis(AUTISM, Certainty.RULED_OUT, "Seen, and not."),), no_diagnosis=True)
    kept = make.make_formulation(family, one=out)
    assert kept.given.get().certainty == "ruled_out" and not Task.objects.exists()


def test_days_that_cannot_be_are_not_kept() -> None:
    supervisor = make.make_worker("agency_supervisor")
    with pytest.raises(BadInput, match="between 1 and 180"):
        actions.keep_signing(
            supervisor.actor, organization=supervisor.agency, needs_cosigner=False, again_days=0, seen=0
        )


# Who may


ROLES = ("home_visitor", "clinician", "family_service_coordinator", "agency_supervisor", "privacy_officer")
# What of a family's assessment each may, on its care team and at its agency without being on it.
TRUTH = {
    "diagnosis.see_assessment": {"home_visitor", "clinician"},
    "diagnosis.count_visit": {"home_visitor", "clinician"},
    "diagnosis.open_assessment": {"clinician"},
    "diagnosis.change_assessment": {"clinician"},
    "diagnosis.close_assessment": {"clinician"},
    "diagnosis.see_draft": {"clinician"},
    "diagnosis.keep_draft": {"clinician"},
    "diagnosis.see_relationships": {"clinician"},
    "diagnosis.rate_relationships": {"clinician"},
    "diagnosis.sign": {"clinician"},
    "diagnosis.see_formulation": {"clinician"},
    "diagnosis.cosign": set(),
}


@pytest.mark.parametrize("role", ROLES)
def test_who_may_what_of_a_formulation(family: make.Family, role: str) -> None:
    """By role and path: the care team's clinicians, its home visitors a little; the same role elsewhere nothing at all."""
    from inmind.access import policy

    kept = make.make_formulation(family)
    row = make.make_assessment(family)
    on_team = role in families.SERVING_ROLES
    mine, other = make.make_worker(role), make.make_worker(role, make.make_network().agencies[1])
    colleague = make.make_worker(role)
    if on_team:
        make.join_team(family, mine)
    for verb, may in TRUTH.items():
        thing = {"sign": row, "cosign": kept, "see_formulation": kept, "open_assessment": family.episode}.get(
            verb.partition(".")[2], row
        )
        assert bool(policy.can(mine.actor, verb, thing)) == (role in may and on_team), verb
        for stranger in (other, colleague):
            assert not policy.can(stranger.actor, verb, thing), verb
    addresses = {
        f"/assessments/{row.pk}/": "diagnosis.see_assessment",
        f"/assessments/{row.pk}/parts/one/": "diagnosis.see_draft",
        f"/assessments/{row.pk}/relationships/{family.adult.pk}/": "diagnosis.see_relationships",
        f"/assessments/{row.pk}/environments/1/": "diagnosis.see_relationships",
        f"/assessments/{row.pk}/sign/": "diagnosis.sign",
        f"/formulations/{kept.pk}/": "diagnosis.see_formulation",
    }
    client = mine.client
    for address, verb in addresses.items():
        answer = client.get(address)
        assert (answer.status_code == 200) == (role in TRUTH[verb] and on_team), address
        if answer.status_code != 200:
            assert answer.status_code == 403 and "They play on the floor." not in answer.content.decode()


def test_each_reading_is_in_who_looked(family: make.Family, clinician: make.Worker) -> None:
    """An assessment, a draft, an Axis II rating and a version: each names the child's family, a rating the adult, too."""
    kept = make.make_formulation(family)
    row = make.make_assessment(family)
    reader = make.make_worker("clinician")
    make.join_team(family, reader)
    client = reader.client
    for address, verb, adult in (
        (f"/assessments/{row.pk}/", "diagnosis.see_assessment", False),
        (f"/assessments/{row.pk}/parts/one/", "diagnosis.see_draft", False),
        (f"/assessments/{row.pk}/relationships/{family.adult.pk}/", "diagnosis.see_relationships", True),
        (f"/assessments/{row.pk}/sign/", "diagnosis.see_relationships", True),
        (f"/formulations/{kept.pk}/", "diagnosis.see_formulation", False),
        (f"/formulations/{kept.pk}/", "diagnosis.see_relationships", True),
    ):
        last = AuditEntry.objects.order_by("-seq").values_list("seq", flat=True)[0]
        assert client.get(address).status_code == 200
        read = AuditEntry.objects.filter(seq__gt=last, verb=verb, outcome=AuditEntry.Outcome.READ)
        subjects = set(AuditSubject.objects.filter(entry__in=read).values_list("kind", "ref"))
        assert ("episode", str(family.episode.pk)) in {(kind, str(ref)) for kind, ref in subjects}, address
        assert (("person", str(family.adult.pk)) in {(kind, str(ref)) for kind, ref in subjects}) == adult, address


def test_who_cares_for_the_child_in_a_rated_place_learns_that_it_was_read(
    family: make.Family, clinician: make.Worker
) -> None:
    """Part B of Axis II, too, speaks of adults: in a draft, when it is signed, in a version, in its report and beside another."""
    ana, rosa = family.adults
    row = make.make_assessment(family)
    make.make_draft(row, by=clinician, primary=[ana])
    place = writing.written(Environment("Rosa's home", frozenset({rosa.pk}), 4, words="She shouts."))

    def names_rosa(do: Any) -> Any:
        last = AuditEntry.objects.order_by("-seq").values_list("seq", flat=True)[0]
        answer = do()
        seen = AuditSubject.objects.filter(entry__seq__gt=last, kind="person").values_list("ref", flat=True)
        assert str(rosa.pk) in {str(one) for one in seen}
        return answer

    facts = {"assessment": row, "environment": 2, "content": place, "seen": 0}
    names_rosa(lambda: actions.rate_relationships(clinician.actor, **facts))
    for way in ("environments/2/", "sign/"):
        page = names_rosa(lambda way=way: clinician.client.get(f"/assessments/{row.pk}/{way}"))
        assert "She shouts." in page.content.decode()
    seen = {name: one.version for name, one in queries.parts_of(row).items()}
    kept = names_rosa(lambda: actions.sign(clinician.actor, assessment=row, seen=seen, signed_as="LCSW"))
    for way in ("", "report/?axis_two=1", "report/paper/?axis_two=1", f"beside/{kept.pk}/"):
        names_rosa(lambda way=way: clinician.client.get(f"/formulations/{kept.pk}/{way}"))


def test_a_home_visitor_of_the_team_sees_visits_and_no_word_of_the_draft(family: make.Family) -> None:
    row = make.make_assessment(family, question="Does she hurt him?")
    visitor = make.make_worker("home_visitor")
    make.join_team(family, visitor)
    said = visitor.client.get(f"/assessments/{row.pk}/").content.decode()
    assert "Visits of this assessment" in said
    assert "Axis" not in said and "Does she hurt him?" not in said
    panel = visitor.client.get(f"/families/{family.dyad.pk}/").content.decode()
    assert "An assessment is under way" in panel and "Begin an assessment" not in panel


def test_an_adults_own_page_shows_nothing_of_it(family: make.Family, clinician: make.Worker) -> None:
    make.make_formulation(family)
    assert not [one for one in ("hers", "hers_next", "own") if any("formulat" in panel.key for panel in _panels(one))]


def _panels(place: str) -> list[Any]:
    from inmind.foundation.registries import house

    return house.panels[place]


def test_an_open_assessment_is_said_when_the_agencys_time_ends(family: make.Family, clinician: make.Worker) -> None:
    from inmind.foundation.registries import house

    make.make_formulation(family, cosigner=make.make_worker("clinician").person)
    make.make_assessment(family)
    said = [words for room in house.open_here for words in room(clinician.actor, family.episode)]
    assert any("An assessment of the child is open" in one for one in said)
    assert any("waits to be signed by a second clinician" in one for one in said)


# While it is typed, entry by entry


def test_an_entry_may_be_begun_anywhere_and_nothing_of_it_is_lost(family: make.Family, clinician: make.Worker) -> None:
    """Its source may be chosen before its words; what is still open is asked before signing."""
    row = make.make_assessment(family)
    client, url = clinician.client, f"/assessments/{row.pk}/parts/three/"
    assert saved(client, url, 0, h0_source="record").json() == {"version": 1}
    assert "Say what it is about the child’s health." in client.get(f"/assessments/{row.pk}/sign/").content.decode()
    assert saved(client, url, 1, h0_what="Ear infections").json() == {"version": 2}
    assert saved(client, url, 2, h1_what="Small").json() == {"version": 3}
    kept = writing.three(row.parts.get().content).health
    assert [(one.what, one.source) for one in kept] == [("Ear infections", "record"), ("Small", None)]


def test_an_entry_that_goes_shows_the_page_anew(family: make.Family, clinician: make.Worker) -> None:
    """The entries after it stand elsewhere then: a page that stayed would write into the wrong one."""
    row = make.make_assessment(family)
    client, url = clinician.client, f"/assessments/{row.pk}/parts/four/"
    typed = {"key": "k", "version": "0", "s0_words": "Moved twice.", "s1_key": "neglect"}
    assert client.post(url, typed).status_code == 302
    assert saved(client, url, 1, s0_words="").json() == {"version": 2, "go": f"{url}?v=2#"}
    assert [one.key for one in writing.four(row.parts.get().content).stressors] == ["neglect"]


def test_a_number_said_to_be_something_else_is_not_asked_about_with_each_field(
    family: make.Family, clinician: make.Worker
) -> None:
    row = make.make_assessment(family)
    client, url = clinician.client, f"/assessments/{row.pk}/parts/culture/"
    assert saved(client, url, 0, family="123-45-6789").status_code == 400
    typed = {"key": "k", "version": "0", "family": "Case 123-45-6789", "own_position": "", "is_something_else": "on"}
    assert client.post(url, typed).status_code == 302
    assert saved(client, url, 1, own_position="I listen.").json() == {"version": 2}


def test_a_caregivers_two_records_that_become_one_are_one_in_a_version(
    family: make.Family, clinician: make.Worker
) -> None:
    """A version names people by ids; since a merge they lead to the record that stays, and its mark still holds."""
    mother, twin = family.adults
    one = working(RELATIONSHIP, caregiver=twin.pk, parent=KindOfParent.OTHER)
    kept = make.make_formulation(family, one=one, primary=[mother])
    make.merge(mother, twin)
    row = Formulation.objects.get(pk=kept.pk)
    assert queries.whole(row, relationships=True).diagnoses[0].caregiver == mother.pk
    assert queries.is_as_signed(row)
    begun = queries.draft_of(queries.parts_of(make.make_assessment(family)))
    assert begun.one.diagnoses[0].caregiver == mother.pk


def test_the_supervisor_finds_what_is_asked_where_formulations_are_signed() -> None:
    supervisor, visitor = make.make_worker("agency_supervisor"), make.make_worker("home_visitor")
    assert "/formulations/signing/" in supervisor.client.get("/today/").content.decode()
    assert "/formulations/signing/" not in visitor.client.get("/today/").content.decode()
    assert visitor.client.get("/formulations/signing/").status_code == 403


def test_who_cared_for_the_child_on_that_day_may_be_primary_though_gone_since(
    family: make.Family, clinician: make.Worker
) -> None:
    """The child was assessed before the foster mother left: she is a primary caregiver of that day, and gets a page."""
    aunt = family.adults[1]
    with clock.at(clock.now() + timedelta(days=20)):
        families.change_care(clinician.actor, episode=family.episode, person=aunt, part="", since=today())
        row = make.make_assessment(family)
        client, url = clinician.client, f"/assessments/{row.pk}/parts/head/"
        assert "Ana Stone" not in client.get(url).content.decode()
        assessed = (today() - timedelta(days=5)).isoformat()
        assert saved(client, url, 0, assessed_on=assessed).json() == {"version": 1}
        assert "Ana Stone, mother (until" in client.get(url).content.decode()
        assert saved(client, url, 1, **{f"primary_{aunt.pk}": "on"}).json() == {"version": 2}
        assert "Axis II, part A: with Ana Stone" in client.get(f"/assessments/{row.pk}/").content.decode()


def test_a_refusal_stands_once_on_the_page_for_signing(family: make.Family, clinician: make.Worker) -> None:
    row = make.make_assessment(family)
    seen = make.make_draft(row, by=clinician, primary=[family.adult])
    sent = {"key": "k", "seen": " ".join(f"{name}={one}" for name, one in seen.items()), "signed_as": ""}
    answer = clinician.client.post(f"/assessments/{row.pk}/sign/", sent)
    assert answer.status_code == 400
    assert answer.content.decode().count("Please look at this again") == 1
