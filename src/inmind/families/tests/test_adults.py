"""Several adults at once, each with the days; homes, languages, ways and consent; a pregnancy that becomes a child."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.urls import reverse

from inmind.access import policy
from inmind.access.models import AuditEntry
from inmind.families import actions, queries
from inmind.families.intake import AdultFacts
from inmind.families.models import ConsentHolder, Dyad, Household, Residence, SelfDescription
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.foundation.values import FieldClass
from inmind.people.models import Contact, Person, Relationship
from inmind.people.reaching import Saying, Way
from inmind.tasks.queries import safe_phones
from tests import make

pytestmark = pytest.mark.django_db

FOSTER = AdultFacts("Joyce", "Brown", "foster_mother")
GRANDMOTHER = AdultFacts("Elena", "Ñúñez", "grandmother")


def today() -> date:
    return clock.today(make.ZONE)


def now_around(family: make.Family) -> list[tuple[str, str]]:
    return [(one.person.given_name, one.part) for one in queries.adults(family.episode, today())]


def page(worker: make.Worker, name: str, **ids: Any) -> str:
    answer = worker.client.get(reverse(name, kwargs=ids))
    assert answer.status_code == 200
    return answer.content.decode()


def sent(worker: make.Worker, route: str, ids: dict[str, Any], **said: Any) -> Any:
    """What a form answers to what was typed; each sending is a form of its own."""
    return worker.client.post(reverse(route, kwargs=ids), {"key": fresh_key(), **said})


def test_three_adults_stand_around_one_child() -> None:
    """A birth mother, a foster mother and a grandmother, each by her own part."""
    family = make.make_family(adults=(AdultFacts("María", "Ñúñez", "birth_mother"), FOSTER))
    actions.add_adult(family.by.actor, episode=family.episode, adult=GRANDMOTHER)
    assert now_around(family) == [("María", "birth mother"), ("Joyce", "foster mother"), ("Elena", "grandmother")]


def test_a_foster_mother_adopts_and_what_was_before_stays() -> None:
    """The old edge ends on the day on which the new one begins."""
    family = make.make_family(adults=(AdultFacts("Joyce", "Brown", "foster_mother", since=date(2026, 1, 5)),))
    actions.change_care(
        family.by.actor, episode=family.episode, person=family.adult, part="adoptive_mother", since=date(2026, 10, 1)
    )
    around = [(one.part, one.since, one.until) for one in queries.circle(family.episode, today())]
    assert around == [
        ("adoptive mother", date(2026, 10, 1), None),
        ("foster mother", date(2026, 1, 5), date(2026, 10, 1)),
    ]
    assert now_around(family) == [("Joyce", "adoptive mother")]


def test_an_adult_who_no_longer_cares_stands_under_before() -> None:
    """Nothing is erased, and ending twice says so."""
    family = make.make_family(adults=("María Ñúñez", GRANDMOTHER))
    grandmother = family.adults[1]
    said: dict[str, Any] = {"episode": family.episode, "person": grandmother, "part": "", "since": today()}
    actions.change_care(family.by.actor, **said)
    assert now_around(family) == [("María", "mother")]
    assert "Elena" in page(family.by, "dyad", dyad=family.dyad.pk).split("Before")[1]
    with pytest.raises(NotNow, match="no longer cares"):
        actions.change_care(family.by.actor, **said)


def test_the_same_part_again_changes_nothing() -> None:
    """Two tabs, one family."""
    family = make.make_family()
    actions.change_care(family.by.actor, episode=family.episode, person=family.adult, part="mother", since=today())
    assert Relationship.objects.filter(to_person=family.child).count() == 1


def test_an_adult_twice_is_asked_about_and_nothing_is_lost() -> None:
    """The sentence, the typed words, and a way on for two people of one name."""
    family = make.make_family(adults=("María Ñúñez",))
    ids = {"dyad": family.dyad.pk}
    said = {"given_name": "maria", "family_name": "nunez", "part": "kin"}
    answer = sent(family.by, "family_add_adult", ids, **said)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "maria nunez is one of this family&#x27;s adults already." in text
    assert 'value="nunez"' in text and 'type="checkbox" name="is_somebody_else"' in text
    assert sent(family.by, "family_add_adult", ids, **said, is_somebody_else="on").status_code == 302
    assert len(now_around(family)) == 2


def test_somebody_of_another_family_is_not_reached_through_this_one() -> None:
    """Ids of strangers tell nothing and change nothing."""
    family, other = make.make_family(), make.make_family()
    for verb, named in (
        (actions.change_care, {"part": "kin", "since": today()}),
        (actions.describe_speech, {"language": "es", "spoken": "", "interpreter": None}),
        (actions.keep_way, {"way": Way("phone", "555-0100", True)}),
        (actions.describe_self, {"edition": "omb_2024", "said": (), "said_by": "self"}),
    ):
        with pytest.raises(BadInput, match="does not take part here"):
            verb(family.by.actor, episode=family.episode, person=other.adult, **named)
    address = reverse("family_adult", kwargs={"dyad": family.dyad.pk, "person": other.adult.pk})
    assert family.by.client.get(address).status_code == 403


# A pregnancy


def test_a_pregnancy_becomes_a_child_without_a_second_record() -> None:
    """The same dyad, the same person, the same episode; who was expecting is a mother from the birth on; found by the new name."""
    family = make.make_family(due_in_days=20, adults=(AdultFacts("Rosa", "Peña", "expecting"),), child="x Peña")
    born = today()
    answer = sent(
        family.by,
        "family_birth",
        {"dyad": family.dyad.pk},
        child_given_name="Iris",
        birth_date=born.isoformat(),
        child_family_name="Peña",
        gestation_weeks="37",
        **{f"part_{family.adult.pk}": "mother"},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    dyad = Dyad.objects.select_related("child").get()
    assert (dyad.pk, dyad.child_id, dyad.birth_date, dyad.gestation_weeks) == (
        family.dyad.pk,
        family.child.pk,
        born,
        37,
    )
    assert dyad.child.name == "Iris Peña" and dyad.due_date is not None
    assert now_around(family) == [("Rosa", "mother")]
    assert [hit.person.pk for hit in queries.find(family.by.actor, "iris")] == [family.child.pk]
    with pytest.raises(NotNow, match="born already"):
        actions.note_birth(family.by.actor, episode=family.episode, birth_date=born, given_name="Iris")


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"birth_date": "2099-01-01"}, "This birth date lies in the future."),
        ({"birth_date": "1896-01-01"}, "This birth date is 130 years ago."),
        ({"gestation_weeks": "10"}, "10 weeks cannot be right."),
        ({"gestation_weeks": "50"}, "50 weeks cannot be right."),
    ],
    ids=["in the future", "130 years ago", "ten weeks", "fifty weeks"],
)
def test_a_birth_that_cannot_be_is_refused_and_nothing_typed_is_lost(said: dict[str, str], sentence: str) -> None:
    """The baby stays on the way, and what was typed stays on the page."""
    family = make.make_family(due_in_days=20)
    given = {"child_given_name": "Iris", "birth_date": today().isoformat(), "gestation_weeks": "37", **said}
    answer = sent(family.by, "family_birth", {"dyad": family.dyad.pk}, **given)
    text = answer.content.decode()
    assert answer.status_code == 400 and sentence in text
    assert all(f'value="{value}"' in text for value in given.values())
    assert Dyad.objects.get().birth_date is None


def test_weeks_at_birth_can_be_said_later() -> None:
    """Of a baby who was registered after the birth; they stand on the family's page, and a corrected age while a tool counts by it."""
    family = make.make_family(age_months=6)
    assert sent(family.by, "family_birth", {"dyad": family.dyad.pk}, gestation_weeks="32").status_code == 302
    text = page(family.by, "dyad", dyad=family.dyad.pk)
    assert (
        "Born at 32 weeks." in text
        and "8 weeks before term." in text
        and "6 months old · corrected age 4 months" in text
    )
    expected = make.make_family(family.by, due_in_days=9)
    with pytest.raises(NotNow, match="not born yet"):
        actions.note_gestation(family.by.actor, episode=expected.episode, gestation_weeks=32)


# Homes


def living(family: make.Family) -> list[set[str]]:
    return [{row.person.given_name for row in rows} for rows in queries.homes(family.episode, today()).values()]


def test_who_lives_with_whom_has_its_days() -> None:
    """The child moves from one home to another; the first home's days stay."""
    family = make.make_family(adults=("María Ñúñez", GRANDMOTHER))
    mother, grandmother = family.adults
    by, episode = family.by.actor, family.episode
    first = date(2026, 5, 1)
    actions.house_together(by, episode=episode, people=(family.child, mother), since=first)
    actions.house_together(by, episode=episode, people=(family.child, grandmother), since=today())
    assert living(family) == [{"María"}, {"Mateo", "Elena"}]
    ended = Residence.objects.get(until__isnull=False)
    assert (ended.person_id, ended.since, ended.until) == (family.child.pk, first, today())


def test_a_child_may_have_two_homes_and_move_out_of_them() -> None:
    """Shared between two homes, then with neither of those known here."""
    family = make.make_family(adults=("María Ñúñez", GRANDMOTHER))
    mother, grandmother = family.adults
    by, episode = family.by.actor, family.episode
    actions.house_together(by, episode=episode, people=(family.child, mother), since=date(2026, 5, 1))
    actions.house_together(
        by, episode=episode, people=(family.child, grandmother), since=date(2026, 6, 1), keeps_others=True
    )
    assert living(family) == [{"Mateo", "María"}, {"Mateo", "Elena"}]
    actions.move_out(by, episode=episode, people=(family.child,), since=today())
    assert living(family) == [{"María"}, {"Elena"}, {"Mateo"}]
    said = page(family.by, "dyad", dyad=family.dyad.pk)
    assert "Mateo lives elsewhere, said on" in said
    assert "María lives in a home whose address is not known here." in said


def test_that_somebody_lives_elsewhere_is_kept_and_shown() -> None:
    """It was thrown away: on the family's page, the form, and his own page, until a home of his is known."""
    family = make.make_family(adults=("María Ñúñez", AdultFacts("Raúl", "Ñúñez", "father")))
    father = family.adults[1]
    ids, raul = {"dyad": family.dyad.pk}, [str(father.pk)]
    own, since = {**ids, "person": father.pk}, today().isoformat()
    answer = sent(family.by, "family_home", ids, people=raul, living="together", since=since)
    assert answer.status_code == 400 and "One person is chosen, and no address." in answer.content.decode()
    said = {"key": fresh_key(), "people": raul, "living": "away", "since": since}
    back = family.by.client.post(reverse("family_home", kwargs=ids), said, follow=True).content.decode()
    sentence = f"Raúl lives elsewhere, said on {clock.day(today())}."
    assert "It is kept: who lives with whom" in back and sentence in back
    assert sentence in page(family.by, "family_home", **ids)
    his = page(family.by, "family_adult", **own)
    assert "Lives elsewhere; where is not known here." in his and "not told this address" not in his
    sent(family.by, "family_home", ids, people=raul, living="together", since=since, address="12 Elm Street")
    shown = page(family.by, "dyad", **ids)
    assert "Raúl lives at an address that is known here." in shown and "lives elsewhere" not in shown
    assert "12 Elm Street" in page(family.by, "family_adult", **own)


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"since": "2026-04-30"}, "The end lies before the beginning."),
        ({"since": "2099-01-01"}, "This day lies in the future."),
        ({"since": "2099-01-01", "living": "away"}, "This day lies in the future."),
        ({"since": "2026-11-01", "people": []}, "Please choose one."),
    ],
    ids=["before the home before", "from the future", "away from the future", "nobody"],
)
def test_a_home_that_cannot_be_is_refused_at_its_field(said: dict[str, Any], sentence: str) -> None:
    """With the address still there."""
    family = make.make_family()
    actions.house_together(
        family.by.actor, episode=family.episode, people=(family.child,), since=date(2026, 5, 1), address="1 Elm"
    )
    given = {"people": [str(family.child.pk)], "living": "together", "address": "12 Canary Street", **said}
    answer = sent(family.by, "family_home", {"dyad": family.dyad.pk}, **given)
    assert answer.status_code == 400
    assert sentence in answer.content.decode() and 'value="12 Canary Street"' in answer.content.decode()
    assert Household.objects.count() == 1


def test_an_address_is_seen_by_those_who_serve_the_family_and_by_nobody_else() -> None:
    """Its class is granted to the care team and the coordinator; the supervisor's projection has none (`protect.md` 4)."""
    family = make.make_family()
    home = actions.house_together(
        family.by.actor,
        episode=family.episode,
        people=(family.child, family.adult),
        since=today(),
        address="12 Canary Street",
    )
    contact = actions.keep_way(
        family.by.actor, episode=family.episode, person=family.adult, way=Way("phone", "555-0187", True)
    )
    ids = {"dyad": family.dyad.pk, "person": family.adult.pk}
    for worker in (family.by, make.make_worker("family_service_coordinator")):
        text = page(worker, "family_adult", **ids)
        assert "12 Canary Street" in text and "Other caregivers of the child are not told this address." in text
        verdict = policy.can(worker.actor, "families.see_adult", family.episode)
        assert policy.project(home, verdict)["address"] == "12 Canary Street"
        assert policy.project(contact, verdict)["address"] == "555-0187"
    read = AuditEntry.objects.filter(verb="families.see_adult", outcome="read").last()
    assert read is not None
    assert {(one.kind, one.ref) for one in read.subjects.all()} == {
        ("person", family.adult.pk),
        ("episode", family.episode.pk),
    }
    for role in ("agency_supervisor", "privacy_officer", "home_visitor"):
        worker = make.make_worker(role)
        assert worker.client.get(reverse("family_adult", kwargs=ids)).status_code == 403
        seen = worker.client.get(reverse("dyad", kwargs={"dyad": family.dyad.pk})).content.decode()
        assert "12 Canary Street" not in seen and "555-0187" not in seen
    supervisor = policy.can(make.make_worker("agency_supervisor").actor, "families.see", family.episode)
    assert supervisor and FieldClass.WHEREABOUTS not in supervisor.classes
    assert "address" not in policy.project(home, supervisor) and "address" not in policy.project(contact, supervisor)


# Ways


def test_a_way_keeps_whether_when_and_how_much() -> None:
    """Through its page: a text message, not a call; weekdays until three; who is calling, not what about."""
    family = make.make_family()
    ids = {"dyad": family.dyad.pk, "person": family.adult.pk}
    answer = sent(
        family.by,
        "family_way",
        ids,
        channel="text",
        address="(202) 555-0142",
        safe="yes",
        may_say="1",
        after="09:00",
        before="15:00",
        weekdays=["5", "1"],
    )
    assert answer.status_code == 302, answer.context["form"].errors
    contact = Contact.objects.get(person=family.adult)
    assert contact.way == Way("text", "+12025550142", True, time(9), time(15), "15", Saying.AGENCY)
    assert contact.shown_to_others is False
    again = family.by.client.get(reverse("family_way", kwargs=ids), {"way": str(contact.pk)}).content.decode()
    assert 'value="+12025550142"' in again
    assert re.search(r'name="channel" value="text"[^>]*checked', again)
    shown = page(family.by, "family_adult", **ids)
    assert "+1 202 555 0142" in shown and "Other caregivers of the child are not told." in shown


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("way", "field"),
    [
        (Way("phone", " ", True), "address"),
        (Way("pigeon", "555-0142", True), "channel"),
        (Way("text", "555-0142", True), "address"),
        (Way("mail", "rosa@example.org, ana@example.org", True), "address"),
    ],
    ids=["no number", "no such way", "a text without an area", "two readers in one address"],
)
def test_a_way_that_cannot_be_is_refused_at_its_field(way: Way, field: str) -> None:
    """Before anything is kept."""
    family = make.make_family()
    with pytest.raises(BadInput) as refusal:
        actions.keep_way(family.by.actor, episode=family.episode, person=family.adult, way=way)
    assert refusal.value.field == field and not Contact.objects.filter(person=family.adult).exists()


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize("number", ["call after 6", "555-01", "555-0142 call after 6"])
def test_words_are_no_phone_number(number: str) -> None:
    """Neither as a way nor with a new adult, whose form keeps what was typed."""
    family = make.make_family()
    ids = {"dyad": family.dyad.pk}
    by_call = sent(
        family.by, "family_way", {**ids, "person": family.adult.pk}, channel="phone", address=number, may_say="0"
    )
    joining = sent(
        family.by, "family_add_adult", ids, given_name="Elena", part="grandmother", phone=number, phone_is_safe="yes"
    )
    for answer in (by_call, joining):
        assert answer.status_code == 400
        assert (
            "This is not a phone number." in answer.content.decode() and f'value="{number}"' in answer.content.decode()
        )
    assert not Contact.objects.filter(address=number).exists()


def test_a_way_said_anew_takes_the_place_of_the_one_before() -> None:
    """The wrong number is neither shown nor called; its row stays, with the moment."""
    family = make.make_family()
    ids = {"dyad": family.dyad.pk, "person": family.adult.pk}
    wrong = actions.keep_way(
        family.by.actor, episode=family.episode, person=family.adult, way=Way("phone", "555-0187", True)
    )
    query = f"?way={wrong.pk}"
    said = {"channel": "phone", "address": "555-0142", "safe": "yes", "may_say": "0"}
    address = reverse("family_way", kwargs=ids) + query
    assert family.by.client.post(address, {"key": fresh_key(), **said}).status_code == 302
    text = page(family.by, "family_adult", **ids)
    assert "555-0142" in text and "555-0187" not in text
    assert safe_phones(family.adult, make.ZONE) == ["555-0142"]
    wrong.refresh_from_db()
    assert (wrong.ended_at is not None, wrong.safe, wrong.version) == (True, True, 2)
    again = {**said, "address": "555-0142", "safe": "no"}
    right = Contact.in_use(person=family.adult).get()
    assert (
        family.by.client.post(
            reverse("family_way", kwargs=ids) + f"?way={right.pk}", {"key": fresh_key(), **again}
        ).status_code
        == 302
    )
    right.refresh_from_db()
    assert (right.ended_at, right.safe) == (None, False)


def test_a_way_that_is_no_longer_right_is_taken_away_once_that_is_confirmed() -> None:
    """Asked on its page; gone from the adult's page and from who is called; said again later, it holds again."""
    family = make.make_family()
    ids = {"dyad": family.dyad.pk, "person": family.adult.pk}
    wrong = actions.keep_way(
        family.by.actor, episode=family.episode, person=family.adult, way=Way("phone", "555-0187", True)
    )
    there = reverse("family_way_ends", kwargs={**ids, "way": wrong.pk})
    assert there in page(family.by, "family_adult", **ids)
    assert "555-0187 is no longer right?" in family.by.client.get(there).content.decode()
    assert safe_phones(family.adult, make.ZONE) == ["555-0187"]
    assert family.by.client.post(there, {"key": fresh_key()}).status_code == 302
    assert "555-0187" not in page(family.by, "family_adult", **ids)
    assert safe_phones(family.adult, make.ZONE) == []
    held = family.by.client.get(reverse("held", kwargs={"person": family.adult.pk})).content.decode()
    assert "555-0187 (no longer right)" in held
    assert family.by.client.get(there).status_code == 302
    with pytest.raises(NotNow, match="not among theirs"):
        actions.end_way(family.by.actor, episode=family.episode, person=family.adult, way=wrong.pk)
    actions.keep_way(family.by.actor, episode=family.episode, person=family.adult, way=Way("phone", "555-0187", True))
    assert safe_phones(family.adult, make.ZONE) == ["555-0187"]


def test_only_those_who_serve_the_family_take_a_way_away() -> None:
    """The refusal has a sentence of its own; and nobody ends the way of another family's adult through this one."""
    family, other = make.make_family(), make.make_family()
    way = actions.keep_way(
        family.by.actor, episode=family.episode, person=family.adult, way=Way("phone", "555-0187", True)
    )
    said: dict[str, Any] = {"person": family.adult, "way": way.pk}
    with pytest.raises(Refused, match="take away a way to reach"):
        actions.end_way(make.make_worker("agency_supervisor").actor, episode=family.episode, **said)
    with pytest.raises(BadInput, match="does not take part here"):
        actions.end_way(other.by.actor, episode=other.episode, **said)
    with pytest.raises(NotNow):
        actions.end_way(other.by.actor, episode=other.episode, person=other.adult, way=way.pk)
    coordinator = make.make_worker("family_service_coordinator").actor
    assert actions.end_way(coordinator, episode=family.episode, **said).ended_at is not None


# Languages, race and ethnicity


def test_languages_and_an_interpreter() -> None:
    """Liked, spoken, wanted; said anew when it changes."""
    family = make.make_family()
    ids = {"dyad": family.dyad.pk, "person": family.adult.pk}
    assert (
        sent(family.by, "family_speech", ids, language="es", spoken="Mam, Spanish", interpreter="yes").status_code
        == 302
    )
    text = page(family.by, "family_adult", **ids)
    assert "Speaks: Mam, Spanish" in text and "Would like an interpreter." in text
    assert Person.objects.get(pk=family.adult.pk).language == "es"
    assert sent(family.by, "family_speech", ids, language="es", spoken="", interpreter="no").status_code == 302
    assert "Needs no interpreter." in page(family.by, "family_adult", **ids)


def test_race_and_ethnicity_are_kept_with_their_edition_and_what_was_said_before_stays() -> None:
    """Two questions of 1997, then the one of 2024; the reason stands on the page; nothing is required."""
    family = make.make_family()
    ids = {"dyad": family.dyad.pk, "person": family.adult.pk}
    address = reverse("family_described", kwargs=ids)
    asked = family.by.client.get(address).content.decode()
    assert "Why we ask" in asked and "Middle Eastern or North African" in asked and "89 FR 22182" in asked
    older = family.by.client.get(address, {"edition": "omb_1997"}).content.decode()
    assert "Not Hispanic or Latino" in older and "Middle Eastern" not in older and "62 FR 58782" in older
    said = {"edition": "omb_1997", "said_by": "self", "ethnicity": "hispanic_or_latino", "race": ["white", "asian"]}
    assert sent(family.by, "family_described", ids, **said).status_code == 302
    assert "Hispanic or Latino, Asian, White" in page(family.by, "family_adult", **ids)
    assert sent(family.by, "family_described", ids, edition="omb_2024", said_by="self").status_code == 302
    assert "Asked, and left out." in page(family.by, "family_adult", **ids)
    kept = SelfDescription.objects.order_by("created_at").values_list("edition", "said")
    assert list(kept) == [("omb_1997", "hispanic_or_latino white asian"), ("omb_2024", "")]


def test_nobody_else_says_it_for_them() -> None:
    """Not the worker who looks at them."""
    family = make.make_family()
    with pytest.raises(BadInput, match="not said who answered"):
        actions.describe_self(
            family.by.actor,
            episode=family.episode,
            person=family.adult,
            edition="omb_2024",
            said=(),
            said_by="observer",
        )


# Consent


def test_who_may_consent_today_stands_on_the_family_page() -> None:
    """Unknown asks; a parent may; beside an order the parent is asked about; an ended order is, too."""
    family = make.make_family()
    ids = {"dyad": family.dyad.pk}
    assert "Nobody here knows who may consent" in page(family.by, "dyad", **ids)
    holder = {"holder": str(family.adult.pk), "capacity": "parent", "since": "2026-03-01"}
    assert sent(family.by, "family_consent", ids, **holder).status_code == 302
    assert "no order that says otherwise is known here" in page(family.by, "dyad", **ids)
    order = {"holder": "-", "name": "Tribal Court", "capacity": "tribal_court", "document": "tribal_court_order"}
    assert sent(family.by, "family_consent", ids, **order, since="2026-05-01", not_told="his father").status_code == 302
    text = page(family.by, "dyad", **ids)
    assert "Tribal Court may consent, by the paper that was seen." in text and "Read in the order" in text
    assert "Not to be told: his father" in text
    row = ConsentHolder.objects.get(holder=None)
    assert "This has ended" in page(family.by, "family_consent", **ids)
    answer = sent(family.by, "family_consent", ids, consent_holder=str(row.pk), until=today().isoformat())
    assert answer.status_code == 302, answer.context["form"].errors
    text = page(family.by, "dyad", **ids)
    assert "no order that says otherwise is known here" in text and "What let Tribal Court consent has ended." in text


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"capacity": "parent", "since": "2026-03-01", "until": "2026-02-01"}, "The end lies before the beginning."),
        ({"capacity": "parent", "since": "2099-01-01"}, "This day lies in the future."),
        ({"holder": "-", "capacity": "court", "since": "2026-03-01"}, "There is no name."),
        ({"capacity": "", "since": "2026-03-01"}, "Please choose one."),
        ({"consent_holder": "0198a000-0000-7000-8000-000000000000", "until": "2026-03-01"}, "not written down here"),
    ],
    ids=["an end before the start", "from the future", "a court without a name", "no capacity", "an end of nothing"],
)
def test_consent_that_cannot_be_is_refused(said: dict[str, str], sentence: str) -> None:
    """With its sentence."""
    family = make.make_family()
    answer = sent(family.by, "family_consent", {"dyad": family.dyad.pk}, **{"holder": str(family.adult.pk), **said})
    assert answer.status_code == 400 and sentence in answer.content.decode()
    assert not ConsentHolder.objects.exists()


# Visits and strengths


def test_a_visit_keeps_who_was_there_and_strengths_stand_above_everything_else() -> None:
    """Proud of, and what the baby shows: the first card of the page (`protect.md` 11)."""
    family = make.make_family(adults=("María Ñúñez", GRANDMOTHER))
    answer = sent(
        family.by,
        "family_visit",
        {"dyad": family.dyad.pk},
        on=today().isoformat(),
        place="home",
        minutes="60",
        present=[str(family.child.pk), str(family.adults[1].pk)],
        strength="Canaryproud: he sleeps.",
        showed="Canaryshowed: he reached out.",
        note="Canarynote: we walked to the library.",
    )
    assert answer.status_code == 302
    text = page(family.by, "dyad", dyad=family.dyad.pk)
    assert "with Mateo, Elena" in text
    assert text.index("What we hold in mind") < text.index("Canaryproud") < text.index("Canaryshowed")
    assert text.index('<details class="folded no-print"><summary>What happened') < text.index("Canarynote")
    assert text.index("Canaryshowed") < min(text.index(f"<h2>{card}") for card in ("Around", "Who may", "Visits"))
    supervisor = make.make_worker("agency_supervisor")
    assert "Canary" not in page(supervisor, "dyad", dyad=family.dyad.pk)


def test_somebody_of_another_family_was_not_at_this_visit() -> None:
    """Only those who take part."""
    family, other = make.make_family(), make.make_family()
    with pytest.raises(BadInput, match="does not take part here"):
        actions.visit(
            family.by.actor, episode=family.episode, on=today(), place="home", minutes=60, present=(other.adult,)
        )


# What has no field


def test_protect_9_something_like_a_social_security_number_is_warned_about_and_nothing_is_lost() -> None:
    """`protect.md` 9. The typist may say that it is something else."""
    family = make.make_family()
    ids = {"dyad": family.dyad.pk}
    said = {"on": today().isoformat(), "place": "home", "minutes": "60", "strength": "She said 000-12-3456 aloud."}
    answer = sent(family.by, "family_visit", ids, **said)
    text = answer.content.decode()
    assert answer.status_code == 400 and "This looks like a social security number." in text
    assert "She said 000-12-3456 aloud." in text and 'type="checkbox" name="is_something_else"' in text
    assert not family.episode.visits.exists()
    assert sent(family.by, "family_visit", ids, **said, is_something_else="on").status_code == 302


def test_protect_9_no_field_asks_for_status_origin_or_numbers_of_the_state() -> None:
    """`protect.md` 9: of no table of ours, and of no form of families."""
    from django.apps import apps

    from inmind.families import forms
    from inmind.foundation.forms import HouseForm

    never = ("immigra", "citizen", "visa", "country", "birthplace", "born_in", "ssn", "social_security", "alien")
    columns = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("inmind.")
        for field in model._meta.concrete_fields
    ]
    asked = [
        f"{form.__name__}.{name}"
        for form in vars(forms).values()
        if isinstance(form, type) and issubclass(form, HouseForm)
        for name in form.base_fields
    ]
    assert len(asked) > 40
    assert not [name for name in (*columns, *asked) if any(word in name.lower() for word in never)]


def test_a_days_old_edge_cannot_end_before_it_began() -> None:
    """End before start, at its field, and the edge stays as it was."""
    family = make.make_family()
    ids = {"dyad": family.dyad.pk, "person": family.adult.pk}
    before = (today() - timedelta(days=1)).isoformat()
    answer = sent(family.by, "family_care", ids, part="ended", since=before)
    assert answer.status_code == 400 and "The end lies before the beginning." in answer.content.decode()
    assert now_around(family) == [("María", "mother")]
    assert sent(family.by, "family_care", ids, part="birth_mother", since=today().isoformat()).status_code == 302
    assert now_around(family) == [("María", "birth mother")]


def test_only_somebody_of_this_family_moves_out() -> None:
    family, other = make.make_family(), make.make_family(child="Ada Stone", adults=("Tess Stone",))
    for one in (family, other):
        actions.house_together(one.by.actor, episode=one.episode, people=(one.adult, one.child), since=today())
    with pytest.raises(BadInput, match="does not take part here"):
        actions.move_out(family.by.actor, episode=family.episode, people=(family.adult, other.adult), since=today())
    assert not Residence.objects.filter(until__isnull=False).exists()
    named = AuditEntry.objects.filter(verb="families.move_out", subjects__ref=other.adult.pk)
    assert not named.exists(), "no entry of a change names the stranger"
    actions.move_out(family.by.actor, episode=family.episode, people=(family.adult,), since=today())
    assert Residence.objects.get(until__isnull=False).person == family.adult


def test_a_way_is_kept_with_an_adult_and_never_with_the_child() -> None:
    """Every side reads the child's record: a number of the birth home would stand in the foster home's print of it."""
    family = make.make_family()
    coordinator, joyce = make.make_worker("family_service_coordinator"), make.make_worker(name="Joy Visitor")
    actions.open_side(coordinator.actor, episode=family.episode, side="foster home", adult=FOSTER, worker=joyce.person)
    said = {"channel": "phone", "address": "555-7777", "safe": "yes", "may_say": "0"}
    of_child, of_mother = ({"dyad": family.dyad.pk, "person": one.pk} for one in (family.child, family.adult))
    answer = sent(family.by, "family_way", of_child, **said)
    assert answer.status_code == 400
    assert "A child is reached through an adult." in answer.content.decode()
    assert family.by.client.get(reverse("family_way", kwargs=of_child)).status_code == 403
    assert not Contact.objects.filter(person=family.child).exists()
    printed = joyce.client.get(reverse("held", kwargs={"person": family.child.pk}) + "?as=json")
    assert (printed.status_code, "555-7777" in printed.content.decode()) == (200, False)
    assert sent(family.by, "family_way", of_mother, **said).status_code == 302
    assert Contact.objects.get(person=family.adult).address == "555-7777"
