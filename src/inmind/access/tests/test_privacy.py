"""Legal holds, erasing and what it leaves: who may, what stops it, and that the words are gone and the trail is whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.urls import reverse

from inmind.access import audit, erased, guard, health, privacy, proof, queries, vault
from inmind.access.actors import operator
from inmind.access.models import AuditEntry, AuditSubject, Erasure, LegalHold, PersonKey
from inmind.access.vault import CannotUnseal
from inmind.families import actions as families
from inmind.families.intake import AdultFacts
from inmind.families.models import Dyad, Visit
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.registries import house
from inmind.foundation.values import FieldClass
from inmind.people.models import Contact, NameToken, Person, Relationship
from inmind.screening.models import Flag, Screen
from inmind.tasks import actions as tasks
from inmind.tasks.actions import owe
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("list_of_erased")]
PROUD = "Proudword: she sings to him"
DONE = "Doneword: called her"
WHY = {"reason": "Asked for in writing", "document": "File 2026/17"}


@pytest.fixture
def family() -> make.Family:
    """A mother and her baby, with a visit, a finished screen and an answered crisis."""
    visitor = make.make_worker(name="Luz Ortega")
    there = make.make_family(visitor, child="Mateo Ñúñez", adults=("Rosaura Ñúñez",))
    on_call = make.make_on_call()
    today = clock.today(make.ZONE)
    families.visit(visitor.actor, episode=there.episode, on=today, place="home", minutes=50, strength=PROUD)
    make.make_screen(there, answers=make.calm_answers(epds_3=2))
    _screen, task = make.make_crisis(there)
    tasks.close(on_call.actor, task=task, done=DONE)
    return there


@pytest.fixture
def officer() -> make.Worker:
    return make.make_worker("privacy_officer", name="Priya Raman")


@pytest.fixture
def supervisor() -> make.Worker:
    return make.make_worker("agency_supervisor", name="Dana Reed")


def anew(thing: Any) -> Any:
    return type(thing).objects.get(pk=thing.pk)


def erase(person: Person, officer: make.Worker, second: make.Worker) -> Erasure:
    asked = privacy.ask_erasure(officer.actor, person=anew(person), **WHY)
    return privacy.confirm_erasure(second.actor, erasure=asked)


# Erasing


def test_erasing_a_mother_leaves_no_word_and_no_name_of_hers_in_any_table(
    family: make.Family, officer: make.Worker, supervisor: make.Worker
) -> None:
    """Every column of every table is read as it lies; what was sealed cannot be opened by anybody."""
    mother = family.adult
    screen = Screen.objects.filter(subject=mother).exclude(state="open").get()
    assert screen.points == 2
    result = make.correct_recorded(make.make_recorded(family), by=family.by, reason="Rosaura read it again")
    erase(mother, officer, supervisor)
    assert [where for where in whole_database() if "Rosaura" in where or "rosaura" in where] == []
    assert not PersonKey.objects.filter(person=mother).exists()
    assert not NameToken.objects.filter(person=mother).exists()
    assert not Contact.objects.filter(person=mother).exists()
    after = anew(screen)
    assert (after.answers, after.points, after.band, after.state) == ({}, None, "", "incomplete")
    assert anew(result).said == {} and not result.earlier.exists()
    assert "Nothing is left" in family.by.client.get(reverse("recorded", args=[result.pk])).content.decode()
    assert not Flag.objects.filter(screen__subject=mother).exists()
    assert anew(mother).name == "someone who was erased"
    assert queries.kept_people(officer.actor, "Rosaura", "access.see_kept") == []


def test_the_trail_stays_and_is_whole(family: make.Family, officer: make.Worker, supervisor: make.Worker) -> None:
    """Who looked at her before stands there after, under her id; and codes, blocks and row changes agree."""
    mother = family.adult
    audit.seal()
    before = list(AuditSubject.objects.filter(ref=mother.pk).values_list("entry__code", flat=True))
    assert before
    erase(mother, officer, supervisor)
    audit.seal()
    assert proof.verify() == []
    after = list(AuditSubject.objects.filter(ref=mother.pk).values_list("entry__code", flat=True))
    assert set(before) < set(after)
    entry = AuditEntry.objects.get(verb="access.confirm_erasure")
    assert (entry.actor, entry.outcome) == (supervisor.actor.key, "done")


def test_her_child_and_her_family_go_on(family: make.Family, officer: make.Worker, supervisor: make.Worker) -> None:
    """What is sealed for the child opens as before; she is no longer among those who care for him."""
    erase(family.adult, officer, supervisor)
    assert Visit.objects.get().strength == PROUD
    page = family.by.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk}))
    assert page.status_code == 200
    assert "Mateo" in page.content.decode()
    assert "Rosaura" not in page.content.decode()


def test_erasing_a_child_ends_the_service_and_keeps_of_the_dates_the_year(
    family: make.Family, officer: make.Worker, supervisor: make.Worker
) -> None:
    """The mother's own records stay hers; the child's words are gone, and its page is closed to those who served it."""
    born = family.dyad.birth_date
    assert born is not None
    erase(family.child, officer, supervisor)
    dyad = Dyad.objects.get(pk=family.dyad.pk)
    assert dyad.birth_date == date(born.year, 1, 1)
    assert dyad.called == "someone who was erased"
    assert Visit.objects.get().strength is None
    assert family.by.client.get(reverse("dyad", kwargs={"dyad": dyad.pk})).status_code == 403
    assert anew(family.adult).name == "Rosaura Ñúñez"
    edge = Relationship.objects.get(from_person=family.adult, kind="cares_for")
    assert edge.until is not None


def test_nothing_is_sealed_again_for_somebody_who_was_erased(
    family: make.Family, officer: make.Worker, supervisor: make.Worker
) -> None:
    """A late letter or note makes no fresh key; it is refused with a sentence."""
    erase(family.adult, officer, supervisor)
    with pytest.raises(vault.Erased, match="was erased"):
        vault.person_key(family.adult.pk, make=True)
    with pytest.raises(CannotUnseal):
        vault.person_key(family.adult.pk)


def whole_database() -> list[str]:
    """Every row of every table as it lies, each as one text after its table's name."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [f"{table}: {' '.join(map(as_text, row))}" for row in cursor.fetchall()]
    return found


def as_text(value: Any) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def test_it_takes_two_people(family: make.Family, officer: make.Worker, supervisor: make.Worker) -> None:
    """Not who asked for it, not a home visitor, not another agency; the other officer and the supervisor may."""
    asked = privacy.ask_erasure(officer.actor, person=family.adult, **WHY)
    with pytest.raises(NotNow, match="asked for this yourself"):
        privacy.confirm_erasure(officer.actor, erasure=asked)
    elsewhere = make.make_network().agencies[1]
    for stranger in (
        family.by,
        make.make_worker("clinician"),
        make.make_worker("privacy_officer", elsewhere),
        make.make_worker("agency_supervisor", elsewhere),
        make.make_network().admin,
    ):
        with pytest.raises(Refused):
            privacy.confirm_erasure(stranger.actor, erasure=anew(asked))
    assert anew(family.adult).name == "Rosaura Ñúñez"
    other = make.make_worker("privacy_officer")
    privacy.confirm_erasure(other.actor, erasure=anew(asked))
    assert anew(family.adult).erased_at is not None
    with pytest.raises(NotNow, match="decided already"):
        privacy.confirm_erasure(supervisor.actor, erasure=anew(asked))


def test_only_a_privacy_officer_of_an_agency_that_keeps_the_records_asks_for_it(family: make.Family) -> None:
    elsewhere = make.make_network().agencies[1]
    for stranger in (
        *(make.make_worker(role) for role in ("home_visitor", "clinician", "agency_supervisor", "administrator")),
        make.make_worker("privacy_officer", elsewhere),
    ):
        for verb in (privacy.ask_erasure, privacy.set_hold):
            with pytest.raises(Refused):
                verb(stranger.actor, person=family.adult, **WHY)


def test_what_was_withdrawn_erases_nobody(family: make.Family, officer: make.Worker, supervisor: make.Worker) -> None:
    asked = privacy.ask_erasure(officer.actor, person=family.adult, **WHY)
    privacy.withdraw_erasure(officer.actor, erasure=asked)
    with pytest.raises(NotNow, match="decided already"):
        privacy.confirm_erasure(supervisor.actor, erasure=anew(asked))
    assert anew(family.adult).name == "Rosaura Ñúñez"
    assert not erased.file().exists()
    assert privacy.ask_erasure(officer.actor, person=anew(family.adult), **WHY).outcome == ""


def test_an_open_task_stops_it_and_closing_it_lets_it_go_on(officer: make.Worker) -> None:
    """Somebody may need help now: nobody is erased out of a red task."""
    family = make.make_family()
    on_call = make.make_on_call()
    _, task = make.make_crisis(family)
    with pytest.raises(NotNow, match="still owes this person something"):
        privacy.ask_erasure(officer.actor, person=family.adult, **WHY)
    tasks.close(on_call.actor, task=task, done=DONE)
    assert privacy.ask_erasure(officer.actor, person=family.adult, **WHY).outcome == ""


def test_what_is_said_before_does_not_tell_whether_she_was_screened(family: make.Family, officer: make.Worker) -> None:
    """`protect.md` 1: the privacy officer is not on the care team; a screen changes no line of what she reads."""
    other = make.make_family(family.by, child="Noa Kim", adults=("Ida Kim",))
    here = family.by.agency
    assert here is not None
    families.visit(
        family.by.actor, episode=other.episode, on=clock.today(make.ZONE), place="home", minutes=50, strength="Sings"
    )
    told = [privacy.outlook(person, here) for person in (family.adult, other.adult)]
    screened, not_screened = ([*one.goes, *one.stays] for one in told)
    assert [words for words in screened if "entries" not in words] == [
        words for words in not_screened if "entries" not in words
    ]


def test_a_worker_is_not_erased(officer: make.Worker, family: make.Family) -> None:
    """What she did stands in the trail under her name."""
    with pytest.raises((NotNow, Refused)):
        privacy.ask_erasure(officer.actor, person=family.by.person, **WHY)
    assert list(privacy._not_a_worker(family.by.person, family.by.agency))  # type: ignore[arg-type]


def keeps(act: Any, family: make.Family, other: Any) -> None:
    from inmind.families.models import Episode, Participation

    episode = Episode.objects.create(dyad=family.dyad, organization=other, since=act.today())
    Participation.objects.create(episode=episode, person=family.adult, part="adult")
    Visit.objects.create(
        episode=episode, on=act.today(), zone=make.ZONE, place="home", minutes=5, worker=family.by.person
    )


def holds(act: Any, family: make.Family, other: Any) -> None:
    LegalHold.objects.create(
        person=family.adult, organization=other, reason="x", document="y", set_by_id=family.by.person.pk
    )


def asks(act: Any, family: make.Family, other: Any) -> None:
    Erasure.objects.create(
        person=family.adult, organization=other, reason="x", document="y", asked_by_id=family.by.person.pk
    )


def owes(act: Any, family: make.Family, other: Any) -> None:
    owed = {"organization": other, "subject": family.adult, "why": "crisis_answer", "about_kind": "screening.Screen"}
    owe(act, to=family.by.person, about_id=family.dyad.pk, within=timedelta(hours=1), **owed)


def is_like_another(act: Any, family: make.Family, other: Any) -> None:
    """At the same agency: what everybody meets now and then."""
    from inmind.records.models import Pair

    one, two = sorted((family.adult.pk, family.child.pk), key=lambda pk: pk.int)
    Pair.objects.create(one_id=one, other_id=two, points=6, reasons="same_name")


@pytest.mark.parametrize("why", [keeps, holds, asks, owes, is_like_another], ids=lambda why: why.__name__)
def test_no_agency_learns_of_another_by_what_stops_an_erasing(
    family: make.Family, officer: make.Worker, why: Any
) -> None:
    """Another agency's records, hold, asking and task: one sentence, which a record that may be a double has too; no count,
    no name, and the same page (`protect.md` 3, 4). Beside it, what is the agency's own is told as before."""
    other, here = make.make_network().agencies[1], family.by.agency
    assert here is not None
    before = privacy.outlook(family.adult, here)
    assert before.goes and before.stays and not before.stops
    make.together(lambda act: why(act, family, other))
    assert privacy.outlook(family.adult, here) == privacy.Outlook((), (), (privacy.UNSETTLED,))
    with pytest.raises(NotNow) as refusal:
        privacy.ask_erasure(officer.actor, person=family.adult, **WHY)
    assert refusal.value.in_english() == privacy.UNSETTLED
    page = officer.client.get(reverse("kept_person", kwargs={"person": family.adult.pk})).content.decode()
    assert privacy.UNSETTLED in page
    assert other.name not in page
    assert "What goes, for good" not in page
    assert "None stands." in page


@pytest.mark.parametrize("missing", ["reason", "document"])
def test_reason_and_document_are_needed(family: make.Family, officer: make.Worker, missing: str) -> None:
    for verb in (privacy.ask_erasure, privacy.set_hold):
        with pytest.raises(BadInput) as refusal:
            verb(officer.actor, person=family.adult, **(WHY | {missing: " . "}))
        assert refusal.value.field == missing


# Legal hold


def test_a_hold_stops_erasing_before_and_after_it_is_asked_for(
    family: make.Family, officer: make.Worker, supervisor: make.Worker
) -> None:
    asked = privacy.ask_erasure(officer.actor, person=family.adult, **WHY)
    hold = privacy.set_hold(officer.actor, person=family.adult, reason="Subpoena", document="Court 3")
    assert PersonKey.objects.get(person=family.adult).held
    with pytest.raises(NotNow, match="legal hold"):
        privacy.confirm_erasure(supervisor.actor, erasure=asked)
    with pytest.raises(NotNow, match="legal hold"):
        privacy.stop_if_held([family.child.pk, family.adult.pk])
    privacy.stop_if_held([family.child.pk])
    assert anew(asked).outcome == ""
    privacy.lift_hold(officer.actor, hold=hold, reason="Case closed", document="Court 4")
    assert not PersonKey.objects.get(person=family.adult).held
    privacy.confirm_erasure(supervisor.actor, erasure=anew(asked))
    assert anew(family.adult).erased_at is not None
    assert LegalHold.objects.get().lift_document == "Court 4"


def test_a_hold_on_what_was_merged_into_her_stops_it_too(family: make.Family, officer: make.Worker) -> None:
    """And erasing her erases the merged record with her."""
    twin = make.make_family(family.by, adults=("Rosaura Twin",)).adult

    def merge(act: Any) -> None:
        twin.merged_into = family.adult
        twin.save()

    hold = privacy.set_hold(officer.actor, person=twin, **WHY)
    make.together(merge)
    with pytest.raises(NotNow, match="legal hold"):
        privacy.ask_erasure(officer.actor, person=family.adult, **WHY)
    privacy.lift_hold(officer.actor, hold=hold, **WHY)
    erase(family.adult, officer, make.make_worker("privacy_officer"))
    assert anew(twin).given_name == ""
    assert [line.person for line in erased.read(erased.file())] == sorted([family.adult.pk, twin.pk])


def test_who_may_lift_a_hold(family: make.Family, officer: make.Worker) -> None:
    hold = privacy.set_hold(officer.actor, person=family.adult, **WHY)
    with pytest.raises(NotNow, match="already"):
        privacy.set_hold(officer.actor, person=family.adult, **WHY)
    for stranger in (
        make.make_worker("agency_supervisor"),
        make.make_worker("privacy_officer", make.make_network().agencies[1]),
    ):
        with pytest.raises(Refused):
            privacy.lift_hold(stranger.actor, hold=hold, **WHY)
    privacy.lift_hold(make.make_worker("privacy_officer").actor, hold=anew(hold), **WHY)
    with pytest.raises(NotNow, match="lifted already"):
        privacy.lift_hold(officer.actor, hold=anew(hold), **WHY)


# A restore


def test_the_list_outside_the_database_is_ours_alone_and_names_nobody(
    family: make.Family, officer: make.Worker, supervisor: make.Worker, tmp_path: Any
) -> None:
    erase(family.adult, officer, supervisor)
    text = erased.file().read_text()
    assert "Rosaura" not in text
    assert erased.file().stat().st_mode & 0o777 == 0o600
    assert [line.person for line in erased.read(erased.file())] == [family.adult.pk]
    forged = tmp_path / "forged.erased"
    forged.write_text(text.replace(str(family.adult.pk), str(family.child.pk)))
    assert not erased.is_ours(forged)
    with pytest.raises(BadInput, match="Line 1 of forged.erased was not written by this installation"):
        list(erased.read(forged))
    with pytest.raises(BadInput, match="cannot be read"):
        list(erased.read(tmp_path / "none"))


def test_who_came_back_by_a_backup_is_erased_again_unless_a_hold_stands(
    family: make.Family, officer: make.Worker
) -> None:
    """It was decided when it was done; only the operator who restores does it, and a hold stops that, too."""
    hold = privacy.set_hold(officer.actor, person=family.adult, **WHY)
    both = [family.adult.pk, family.child.pk]
    with pytest.raises(Refused):
        privacy.erase_again(officer.actor, people=both)
    assert privacy.erase_again(operator("restore"), people=both) == (1, 1)
    assert anew(family.adult).erased_at is None
    assert anew(family.child).erased_at is not None
    privacy.lift_hold(officer.actor, hold=hold, **WHY)
    assert privacy.erase_again(operator("restore"), people=both) == (1, 0)
    assert anew(family.adult).name == "someone who was erased"
    assert privacy.erase_again(operator("restore"), people=both) == (0, 0)


class Killed(BaseException):
    """The machine stops between the line on the disk and the end of the transaction."""


def killed_in_the_middle(
    family: make.Family, officer: make.Worker, supervisor: make.Worker, monkeypatch: pytest.MonkeyPatch
) -> Erasure:
    """The list names her, and nothing of it was kept."""
    asked = privacy.ask_erasure(officer.actor, person=family.adult, **WHY)
    keep = erased.keep

    def keep_and_die(lines: Any) -> None:
        keep(lines)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(erased, "keep", keep_and_die)
        privacy.confirm_erasure(supervisor.actor, erasure=asked)
    assert anew(family.adult).erased_at is None
    assert erased.standing(erased.read(erased.file())) == {family.adult.pk}
    return anew(asked)


def said_of_the_list() -> str:
    return " ".join(finding.says for finding in health._erased())


def test_an_erasing_that_was_killed_and_withdrawn_is_not_done_by_a_later_restore(
    family: make.Family, officer: make.Worker, supervisor: make.Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its line is taken back; asked for and confirmed later on, it stands again."""
    asked = killed_in_the_middle(family, officer, supervisor, monkeypatch)
    assert "names 1 who are not" in said_of_the_list()
    privacy.withdraw_erasure(officer.actor, erasure=asked)
    assert erased.standing(erased.read(erased.file())) == set()
    assert erased.is_ours(erased.file())
    assert "Whoever the list names is erased" in said_of_the_list()
    erase(family.adult, officer, supervisor)
    assert erased.standing(erased.read(erased.file())) == {family.adult.pk}


def test_an_erasing_that_was_killed_is_taken_back_by_a_hold(
    family: make.Family, officer: make.Worker, supervisor: make.Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_in_the_middle(family, officer, supervisor, monkeypatch)
    privacy.set_hold(officer.actor, person=family.adult, **WHY)
    assert erased.standing(erased.read(erased.file())) == set()
    text = erased.file().read_text()
    forged = erased.file().with_name("forged.erased")
    forged.write_text(text.splitlines()[0].replace(str(family.adult.pk), f"-{family.adult.pk}"))
    assert not erased.is_ours(forged), "a line is not turned into its opposite"
    forged.unlink()


# The pages


def test_the_officer_walks_from_a_name_to_the_second_persons_word(
    family: make.Family, officer: make.Worker, supervisor: make.Worker
) -> None:
    """Found, read what goes and what stays, asked for; the supervisor finds it on Today and confirms."""
    client = officer.client
    found = client.post(reverse("privacy"), {"words": "nunez rosaura"}).content.decode()
    assert f"/privacy/people/{family.adult.pk}/" in found
    kept = client.get(reverse("kept_person", kwargs={"person": family.adult.pk})).content.decode()
    assert "What goes, for good" in kept
    assert "older backup" in kept
    page = reverse("ask_erasure", kwargs={"person": family.adult.pk})
    assert client.post(page, {"key": "one", "reason": "", "document": "x"}).status_code == 400
    asked = client.post(page, {"key": "one", **WHY})
    assert asked.status_code == 302
    own = client.get(asked.url).content.decode()
    assert "Erase this person for good" not in own
    assert "You asked for this yourself" in own
    second = supervisor.client
    assert asked.url in second.get("/today/").content.decode()
    assert "Waits for a second person" not in client.get("/today/").content.decode()
    confirm = second.get(asked.url).content.decode()
    assert "Erase this person for good" in confirm
    version = Erasure.objects.get().version
    assert second.post(asked.url, {"key": "two", "version": version}).status_code == 302
    assert anew(family.adult).erased_at is not None
    done = client.get(asked.url).content.decode()
    assert "older backup" in done
    assert "Rosaura" not in done


def test_people_of_one_name_are_told_apart_wherever_one_is_chosen() -> None:
    """By what the privacy officer may see: for whom they care, since when, at which agency, the year of birth; where that is
    alike too, by a mark of the record. In choices likewise. Never by how they are reached, nor by another agency's facts."""
    harbor, prairie = make.make_network().agencies
    luz = make.make_worker(at=harbor, name="Luz Ibarra")
    tess = AdultFacts("Tess", "Stone", "mother", phone="555-0187", phone_is_safe=True)
    first = make.make_family(luz, child="Ada Stone", adults=(tess, replace(tess, part="kin", is_somebody_else=True)))
    twins = [make.make_family(luz, child="Bo Stone", age_months=30, adults=("Ida Lund",)) for _ in range(2)]
    make.make_family(make.make_worker(at=prairie), child="Cleo Stone", adults=("Tess Stone",))
    client = make.make_worker("privacy_officer", harbor).client
    born = f"born in {twins[0].dyad.birth_date.year}, with {harbor.name} since"  # type: ignore[union-attr]
    shown = {word: client.post(reverse("privacy"), {"words": word}).context["found"] for word in ("Tess", "Bo")}
    for word, lines in shown.items():
        assert len({(person.name, told) for person, told in lines}) == len(lines) == 2, word
    assert all("cares for Ada Stone, with Harbor" in told and "record " in told for _person, told in shown["Tess"])
    assert all(born in told for _person, told in shown["Bo"])
    assert client.get(reverse("kept_person", args=[first.adult.pk])).content.decode().count("cares for Ada Stone") == 1
    listed = [row[0]["note"] for row in client.get(reverse("families")).context["rows"]]
    assert len(set(listed)) == 3
    assert not [words for words in ("555-014", "Cleo", prairie.name) if words in f"{shown}{listed}"]
    clinician = make.make_worker("clinician", harbor)
    asked = clinician.client.post(reverse("emergency"), {"words": "Bo Stone", "reason": "She is alone"})
    told = [line for _person, line, _form in asked.context["found"]]
    assert len(set(told)) == 2 and all(born in line for line in told)
    asked = clinician.client.post(reverse("emergency"), {"words": "Ida Lund", "reason": "She is alone"})
    assert all(line.startswith("cares for a child born in") for _person, line, _form in asked.context["found"])
    found = luz.client.post(reverse("families"), {"words": "Bo"}).context["found"]
    assert len({one.says for one in found}) == 2
    worry = luz.client.get(reverse("family_concern", args=[first.dyad.pk])).context["form"]
    assert [label for _pk, label in worry.fields["said_by"].choices][:2] == [
        "Tess Stone (mother)",
        "Tess Stone (other family)",
    ]
    again = make.make_worker("clinician", harbor, name="Luz Ibarra")
    names = [f"Luz Ibarra ({one.account.username})" for one in (luz, again)]
    assert [label for _pk, label in queries.workers_named([luz.person, again.person])] == names


def test_a_stopped_erasure_says_why_and_has_no_button(
    family: make.Family, officer: make.Worker, supervisor: make.Worker
) -> None:
    asked = privacy.ask_erasure(officer.actor, person=family.adult, **WHY)
    privacy.set_hold(officer.actor, person=family.adult, **WHY)
    address = reverse("erasure", kwargs={"erasure": asked.pk})
    page = supervisor.client.get(address).content.decode()
    assert "legal hold" in page
    assert "Erase this person for good" not in page
    sent = supervisor.client.post(address, {"key": "k", "version": asked.version})
    assert sent.status_code == 400
    assert "legal hold" in sent.content.decode()


def test_holds_are_set_and_lifted_by_the_pages(family: make.Family, officer: make.Worker) -> None:
    client = officer.client
    address = reverse("set_hold", kwargs={"person": family.adult.pk})
    assert client.get(address).status_code == 200
    assert client.post(address, {"key": "one", **WHY}).status_code == 302
    hold = LegalHold.objects.get()
    assert reverse("hold", kwargs={"hold": hold.pk}) in client.get(reverse("privacy")).content.decode()
    lift = reverse("hold", kwargs={"hold": hold.pk})
    assert "File 2026/17" in client.get(lift).content.decode()
    sent = {"key": "two", "version": hold.version, "reason": "Closed", "document": "File 18"}
    assert client.post(lift, sent).status_code == 302
    assert anew(hold).lifted_at is not None


def test_the_pages_are_closed_to_everybody_else(family: make.Family, officer: make.Worker) -> None:
    hold = privacy.set_hold(officer.actor, person=family.adult, **WHY)
    addresses = [
        reverse("kept_person", kwargs={"person": family.adult.pk}),
        reverse("hold", kwargs={"hold": hold.pk}),
        reverse("privacy"),
    ]
    strangers = [make.make_worker("clinician"), make.make_worker("administrator"), family.by]
    elsewhere = make.make_worker("privacy_officer", make.make_network().agencies[1])
    for stranger in strangers:
        assert [stranger.client.get(address).status_code for address in addresses] == [403, 403, 403]
    assert [elsewhere.client.get(address).status_code for address in addresses] == [403, 403, 200]
    found = elsewhere.client.post(reverse("privacy"), {"words": "Rosaura"}).content.decode()
    assert "Your agency keeps no records" in found
    assert str(family.adult.pk) not in found


# The law


def test_every_table_with_facts_of_families_is_looked_after_by_a_room_that_forgets() -> None:
    """A new table with such a field says what becomes of it when somebody is erased, or this fails."""
    looked_after = {label for room in house.forgets.values() for label in room.tables}
    with_facts = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("inmind.")
        and {FieldClass.FAMILY, FieldClass.CLINICAL} & set(model.CLASSES.values())  # type: ignore[attr-defined]
    }
    assert with_facts - looked_after == set()
    assert looked_after <= {model._meta.label for model in apps.get_models()}


def test_the_scratch_list_is_of_this_installation() -> None:
    assert erased.file() == settings.INSTALLATION.home / "keys" / "erased.log"
    assert guard.opened_by() is None
