"""Two records of one person: noticed, put together with all that hangs on them, and parted again exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.families import actions as families
from inmind.families import queries as family_queries
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.families.models import Dyad
from inmind.foundation import clock
from inmind.foundation.errors import NotNow, Refused, Stale
from inmind.foundation.identity import new_id
from inmind.foundation.models import Kept
from inmind.jobs.runner import run_due
from inmind.messages import queries as letters
from inmind.messages.models import Letter
from inmind.people.models import Contact, Person
from inmind.records import actions
from inmind.records.models import Forwarding, Merge, Pair
from inmind.screening import actions as screening
from inmind.screening.models import EarlierRecorded, EarlierResult, Screen
from inmind.tasks import queries as task_queries
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
MARIA = AdultFacts("María", "Ñúñez", "mother", phone="555-014-2000", phone_is_safe=True)
MARIA_AGAIN = AdultFacts("Maria", "Nunez", "mother", language="es", phone="(555) 014-2000")


@pytest.fixture
def network(db: Any) -> make.Network:
    return make.make_network()


def two_marias(network: make.Network, *, second_at: int = 0) -> tuple[make.Family, make.Family, Pair]:
    """María, registered twice with another child each time; at one agency, or at two."""
    first = make.make_family(make.make_worker(at=network.agencies[0]), child="Mateo Ñúñez", adults=(MARIA,))
    second = make.make_family(
        make.make_worker(at=network.agencies[second_at]), child="Lucía Peña", age_months=30, adults=(MARIA_AGAIN,)
    )
    return first, second, Pair.objects.get()


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every kept row of every room, but for versions, sealed bytes (fresh each time) and what the merge itself wrote."""
    found = {}
    for model in apps.get_models():
        if issubclass(model, Kept) and model._meta.app_label not in {"records"}:
            names = [
                field.attname
                for field in model._meta.concrete_fields
                if field.name != "version" and field.get_internal_type() != "BinaryField"
            ]
            found[model._meta.label] = sorted(model._default_manager.values_list(*names), key=str)
    return found


def test_who_may_be_somebody_else_goes_to_the_steward_and_to_nobody_who_may_not_see_her(network: make.Network) -> None:
    """Registered at another agency: the pair waits for the steward, who sees neither her name nor the agencies."""
    _first, second, pair = two_marias(network, second_at=1)
    steward = make.make_worker("data_steward").client
    today = steward.get("/today/").content.decode()
    assert "1 pair of records" in today and "Nothing waits for you" not in today
    listed = today + steward.get("/duplicates/").content.decode()
    page = steward.get(f"/duplicates/{pair.pk}/").content.decode()
    assert "the same name, accents and capitals aside" in page
    for words in (
        "María",
        "Maria",
        "Ñúñez",
        "Nunez",
        "014-2000",
        "0142000",
        *(place.name for place in network.agencies),
    ):
        assert words not in listed + page, words
    assert "·" in page
    assert second.by.client.get("/duplicates/").status_code == 403


@pytest.mark.sqlite  # who may: the policy, whose answers are compared on both databases
@pytest.mark.parametrize("role", ["home_visitor", "agency_supervisor", "privacy_officer", "administrator"])
def test_only_the_steward_works_duplicates(network: make.Network, role: str) -> None:
    _, _, pair = two_marias(network)
    worker = make.make_worker(role)
    with pytest.raises(Refused):
        actions.merge(worker.actor, pair=pair, stays=pair.one, chosen={})
    assert worker.client.get("/duplicates/").status_code == 403
    assert actions.keep_apart(make.make_worker("data_steward").actor, pair=pair).state == Pair.State.TWO


def test_everything_follows_and_parting_gives_each_back_what_she_had(network: make.Network) -> None:
    """Relationships, episodes, contacts, screens with their sealed answers, tasks, letters; then back, row by row."""
    first, second, pair = two_marias(network)
    screen, task = make.make_crisis(second)
    finished = make.make_screen(second)
    screening.correct(second.by.actor, screen=finished, answers={"epds_1": 1}, reason="A slip")
    result = make.make_recorded(second)
    make.correct_recorded(result, by=second.by, reason="A slip")
    steward = make.make_worker("data_steward").actor
    stays, gone = first.adult, second.adult
    before, answers = everything(), screen.answers
    merged = actions.merge(
        steward, pair=pair, stays=stays, chosen={"given_name": "stays", "family_name": "stays", "language": "gone"}
    )
    stays.refresh_from_db()
    assert stays.language == "es"
    screen = Screen.objects.get(pk=screen.pk)
    assert (screen.subject_id, screen.answers) == (stays.pk, answers), "sealed under her own key now, and readable"
    assert EarlierResult.objects.get().reason == EarlierRecorded.objects.get().reason == "A slip"
    assert Task.objects.get(pk=task.pk).subject_id == stays.pk
    assert {edge.to_person_id for edge in stays.edges_out.all()} == {first.child.pk, second.child.pk}
    assert second.adults == [stays]
    assert not Contact.objects.filter(person=gone).exists()
    actions.part(steward, merge=merged)
    assert everything() == before
    assert Screen.objects.get(pk=screen.pk).answers == answers
    assert EarlierResult.objects.get().reason == EarlierRecorded.objects.get().reason == "A slip"
    assert not Forwarding.objects.exists()
    assert Pair.objects.get().state == Pair.State.OPEN


def test_no_kept_row_still_points_to_whoever_is_gone(network: make.Network) -> None:
    """Every foreign key to a person of every room, also of rooms that are built later: none is forgotten."""
    first, second, pair = two_marias(network)
    make.make_crisis(second)
    gone = second.adult
    actions.merge(make.make_worker("data_steward").actor, pair=pair, stays=first.adult, chosen={})
    assert list(_pointing_to(gone)) == []


def _pointing_to(person: Person) -> Iterator[str]:
    for model in apps.get_models():
        if issubclass(model, Kept) and model._meta.app_label != "records":
            for field in model._meta.concrete_fields:
                leads_here = field.is_relation and field.related_model is Person and field.name != "merged_into"
                if leads_here and model._default_manager.filter(**{field.name: person}).exists():
                    yield f"{model._meta.label}.{field.name}"


def test_the_old_address_leads_to_the_new_one_and_the_trail_keeps_both(network: make.Network) -> None:
    first, second, pair = two_marias(network)
    where = reverse("caregiver", kwargs={"episode": second.episode.pk, "person": second.adult.pk})
    merged = actions.merge(make.make_worker("data_steward").actor, pair=pair, stays=first.adult, chosen={})
    answer = second.by.client.get(where, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[0][0].endswith(f"/people/{first.adult.pk}/")
    entry = AuditEntry.objects.get(verb="records.merge")
    assert {("person", first.adult.pk), ("person", second.adult.pk)} <= set(entry.subjects.values_list("kind", "ref"))
    actions.part(make.make_worker("data_steward").actor, merge=merged)
    assert second.by.client.get(where).status_code == 200


def test_two_care_teams_of_one_agency_do_not_learn_each_others_numbers(network: make.Network) -> None:
    """Known by different ones she is put together once the same workers are on both teams, and not before."""
    harbor, steward = network.agencies[0], make.make_worker("data_steward").actor
    tess = AdultFacts("Tess", "Stonefield", "mother", phone="555-222-1111", mail="t@example.org")
    first = make.make_family(make.make_worker(at=harbor), child="Ada Stonefield", adults=(tess,))
    other = replace(tess, phone="555-333-2222")
    second = make.make_family(make.make_worker(at=harbor), child="Bo Stonefield", age_months=40, adults=(other,))
    pair = Pair.objects.get()
    with pytest.raises(NotNow, match="two care teams know them"):
        actions.merge(steward, pair=pair, stays=first.adult, chosen={})
    assert second.adult != first.adult
    for family, worker in ((first, second.by), (second, first.by)):
        families.join_team(
            make.make_worker("family_service_coordinator", harbor).actor, episode=family.episode, worker=worker.person
        )
    actions.merge(steward, pair=pair, stays=first.adult, chosen={})
    assert second.adult == first.adult
    assert first.adult.contacts.filter(channel="phone").count() == 2


def test_the_supervisor_is_asked_for_one_care_team_and_told_nothing_that_either_was_told(network: make.Network) -> None:
    """The steward's try leaves one task and one letter, however often; it closes when the teams are alike, and by whoever
    made them so. A pair that is kept apart closes it too."""
    harbor, steward = network.agencies[0], make.make_worker("data_steward")
    okafor = make.make_worker("agency_supervisor", harbor, name="Ada Okafor")
    tess = AdultFacts("Tess", "Stonefield", "mother", phone="555-222-1111", phone_is_safe=True, mail="t@example.org")
    luz, sam = (make.make_worker(at=harbor, name=name) for name in ("Luz Ibarra", "Sam Ortiz"))
    first = make.make_family(luz, child="Ada Stonefield", adults=(tess,))
    second = make.make_family(sam, child="Bo Stonefield", age_months=40, adults=(replace(tess, phone="555-333-2222"),))
    pair = Pair.objects.get()
    address, form = f"/duplicates/{pair.pk}/", {"version": 1, "stays": "one"}
    for key in ("a", "b"):
        page = steward.client.post(address, form | {"key": key}).content.decode()
        assert "is asked now, in a task" in page
    task = Task.objects.get()
    assert (task.owner, task.why, task.red) == (okafor.person, "one_team", False)
    letters = Letter.objects.filter(about_id=pair.pk)
    assert [(one.to, one.template) for one in letters] == [(okafor.person, "one_team")]
    said = okafor.client.get(reverse("task", args=[task.pk])).content.decode()
    for words in (
        "Ada Stonefield",
        "Bo Stonefield",
        "Luz Ibarra, Sam Ortiz",
        reverse("family_team", args=[second.dyad.pk]),
    ):
        assert words in said, words
    for words in ("555-014", "5550142", "t@example.org", "same phone", "Safe to call", "No number is known"):
        assert words not in said, words
    assert list(task_queries.could_own(task)) == [okafor.person]
    families.join_team(okafor.actor, episode=first.episode, worker=sam.person)
    assert Task.objects.get().closed_at is None
    families.join_team(okafor.actor, episode=second.episode, worker=luz.person)
    closed = Task.objects.get()
    assert (closed.closed_by, closed.done) == (okafor.person, "The same workers are on both care teams.")
    make.join_team(first, other := make.make_worker(at=harbor))
    assert "is asked now" in steward.client.post(address, form | {"key": "c"}).content.decode()
    waits = Task.objects.get(closed_at=None)
    with clock.at(waits.due_at):
        run_due()
        run_due()
    assert letters.filter(to=okafor.person).count() == 3, "a reminder when nobody answered"
    actions.keep_apart(steward.actor, pair=Pair.objects.get())
    assert Task.objects.get(pk=waits.pk).closed_by == steward.person
    assert other.client.get(reverse("task", args=[waits.pk])).status_code == 403


def test_what_was_asked_about_a_pair_that_is_alike_no_more_is_settled_and_stops_no_page(network: make.Network) -> None:
    """A name is corrected while the supervisor is asked: the pair is gone, and her Today must not go with it."""
    steward, okafor = make.make_worker("data_steward").actor, make.make_worker("agency_supervisor")
    make.make_family(child="Mateo Ñúñez", adults=("Rosa Ñúñez",))
    second = make.make_family(child="Mateo Nunez", adults=("Ana Peña",))
    assert actions.ask_first(steward, pair=Pair.objects.get()) == 1
    known = family_queries.named(second.child, second.dyad)
    said = replace(known, given_name="Zoe", family_name="Lund")
    families.correct_person(second.by.actor, episode=second.episode, person=second.child, said=said, over=known.mark)
    task = Task.objects.get()
    assert not Pair.objects.exists() and task.closed_by == second.by.person
    for address in ("/today/", reverse("task", args=[task.pk])):
        assert okafor.client.get(address).status_code == 200


def test_an_id_that_is_gone_tells_a_stranger_nothing(network: make.Network) -> None:
    """Refused as an id that nobody ever had, and recorded so; whoever serves her is led on."""
    first, second, pair = two_marias(network)
    gone = second.adult.pk
    actions.merge(make.make_worker("data_steward").actor, pair=pair, stays=first.adult, chosen={})
    stranger = make.make_worker("home_visitor", network.agencies[1])
    own = make.make_family(stranger, child="Ida Lund", adults=("Tess Lund",))
    for unknown in (gone, new_id()):
        before = AuditEntry.objects.filter(outcome="refused").count()
        answer = stranger.client.get(reverse("family_adult", kwargs={"dyad": own.dyad.pk, "person": unknown}))
        assert (answer.status_code, answer.headers.get("Location")) == (403, None)
        assert AuditEntry.objects.filter(outcome="refused").count() == before + 1
    where = {"episode": second.episode.pk, "person": gone}
    led = second.by.client.get(reverse("caregiver", kwargs=where))
    assert led.status_code == 302
    assert str(first.adult.pk) in led.headers["Location"]


def test_a_merge_across_agencies_lets_nobody_see_more(network: make.Network) -> None:
    """Two agencies that serve her do not learn of each other: every page reads as before, word for word."""
    first, second, pair = two_marias(network, second_at=1)
    pages = [
        (family.by.client, address)
        for family in (first, second)
        for address in (
            "/families/",
            reverse("dyad", kwargs={"dyad": family.dyad.pk}),
            reverse("caregiver", kwargs={"episode": family.episode.pk, "person": family.adult.pk}),
        )
    ]
    before = [_said(client, address) for client, address in pages]
    steward = make.make_worker("data_steward").actor
    before_rows = everything()
    merged = actions.merge(steward, pair=pair, stays=pair.one, chosen={"language": "gone"})
    assert merged.linked
    assert [_said(client, address) for client, address in pages] == before
    assert everything() == before_rows
    other = reverse("dyad", kwargs={"dyad": second.dyad.pk})
    assert first.by.client.get(other).status_code == 403


def _said(client: Any, address: str) -> str:
    page = client.get(address).content.decode()
    return re.sub(r'(name="csrfmiddlewaretoken"|name="key"|nonce=)[^>]*', "", page)


def test_two_records_of_one_child_at_one_agency_need_the_same_care_team(network: make.Network) -> None:
    """Else each team would read what the other was told; with the same workers on both, the episodes become one."""
    luz, tess = make.make_worker(), make.make_worker()
    first = make.make_family(luz, child="Mateo Ñúñez", adults=("Rosa Ñúñez",))
    second = make.make_family(tess, child="Mateo Nunez", adults=("Ana Peña",))
    families.visit(
        tess.actor,
        episode=second.episode,
        on=clock.today(network.agencies[0].zone),
        place="home",
        minutes=50,
        strength="She sings.",
    )
    pair, steward = Pair.objects.get(), make.make_worker("data_steward").actor
    with pytest.raises(NotNow, match="same workers on both care teams"):
        actions.merge(steward, pair=pair, stays=first.child, chosen={})
    assert Pair.objects.get().state == Pair.State.OPEN
    make.join_team(first, tess)
    make.join_team(second, luz)
    client, letter = luz.client, make.make_letter(second)
    before = everything()
    merged = actions.merge(steward, pair=pair, stays=first.child, chosen={})
    assert list(letters.of_episode(first.episode.pk)) == [letter], "her link and its letter follow her episode"
    page = client.get(reverse("dyad", kwargs={"dyad": second.dyad.pk}), follow=True)
    assert page.redirect_chain[0][0].endswith(f"/families/{first.dyad.pk}/")
    assert "She sings." in page.content.decode(), "sealed for the child that stays"
    assert {one.given_name for one in first.adults} == {"Rosa", "Ana"}
    assert list(_pointing_to(second.child)) == ["families.Dyad.child"]  # the old dyad leads to the new one
    actions.part(steward, merge=merged)
    assert everything() == before
    assert Dyad.objects.get(pk=second.dyad.pk).episodes.get().visits.get().strength == "She sings."


def test_twins_are_warned_about_and_nobody_is_said_to_know_who_is_not_served(network: make.Network) -> None:
    """Camila and Camilla: only the letter that differs shows; of two care teams nothing is said where one has nobody."""
    tess, registrar = make.make_worker(), make.make_worker("family_service_coordinator")
    first = make.make_family(tess, child="Camila Peña", adults=(MARIA,))
    known = replace(MARIA, id=first.adult.pk, known=True)
    twin = ChildFacts("Noa", "Peña", first.dyad.birth_date)
    dyad, episode = families.register(
        registrar.actor, organization=network.agencies[0], child=twin, adults=(known,), beside=first.episode
    )
    steward = make.make_worker("data_steward")
    was = family_queries.named(dyad.child, dyad)
    families.correct_person(
        registrar.actor, episode=episode, person=dyad.child, said=replace(was, given_name="Camilla"), over=was.mark
    )
    pair = Pair.objects.get()
    page = steward.client.get(reverse("pair", kwargs={"pair": pair.pk})).content.decode()
    assert "They may be twins" in page and "<span>·····l·</span>" in page and "Camil" not in page
    with pytest.raises(NotNow, match="nobody is on the care team of one of them"):
        actions.merge(steward.actor, pair=pair, stays=first.child, chosen={"given_name": "stays"})


def test_a_worker_is_not_put_together_with_a_family(network: make.Network) -> None:
    luz = make.make_worker(name="María Ñúñez", mail="maria@example.org")
    family = make.make_family(adults=(AdultFacts("María", "Ñúñez", "mother"),))
    low, high = sorted((luz.person, family.adult), key=lambda one: one.pk.int)
    with pytest.raises(NotNow, match="works here"):
        actions._may_be_put_together(low, high)


def test_what_is_decided_is_decided_once_and_the_later_merge_is_parted_first(network: make.Network) -> None:
    first, _second, pair = two_marias(network)
    third = make.make_family(make.make_worker(), child="Noa Peña", age_months=50, adults=(MARIA,))
    steward = make.make_worker("data_steward").actor
    one = actions.merge(steward, version=pair.version, pair=pair, stays=first.adult, chosen={})
    with pytest.raises((NotNow, Stale)):
        actions.merge(steward, version=pair.version, pair=pair, stays=first.adult, chosen={})
    again = Pair.objects.get(one=first.adult, other=third.adult)
    two = actions.merge(steward, pair=again, stays=third.adult, chosen={})
    with pytest.raises(NotNow, match="later one"):
        actions.part(steward, merge=one)
    assert actions.part(steward, merge=two).parted_at
    assert actions.part(steward, merge=Merge.objects.get(pk=one.pk)).parted_at
    with pytest.raises(NotNow):
        actions.part(steward, merge=one)


def test_what_came_since_stays_when_two_are_parted(network: make.Network) -> None:
    first, second, pair = two_marias(network)
    steward = make.make_worker("data_steward").actor
    merged = actions.merge(steward, pair=pair, stays=first.adult, chosen={})
    since = make.make_screen(second, by=second.by, subject=first.adult)
    actions.part(steward, merge=merged)
    assert Screen.objects.get(pk=since.pk).subject_id == first.adult.pk


def test_finding_asks_the_index_whatever_the_number_of_people(
    network: make.Network, django_assert_max_num_queries: Any
) -> None:
    """Nobody is compared with everyone: the questions do not grow with those who are kept."""
    from inmind.records import finding
    from inmind.records.likeness import Plain

    for number in range(12):
        make.make_family(child=f"Child{number} Stone", adults=(f"Adult{number} Stone",))
    with django_assert_max_num_queries(5):
        assert finding.like([Plain("María", "Ñúñez")]) == [[]]
    assert connection.vendor in {"sqlite", "postgresql"}
