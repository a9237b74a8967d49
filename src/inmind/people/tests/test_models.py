"""People as they are stored: folded names, edges and their days, and what both databases refuse."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from inmind.access import guard
from inmind.access.act import Act
from inmind.foundation.errors import BadInput, HostileText
from inmind.foundation.identity import new_id
from inmind.foundation.models import in_force
from inmind.people.models import Contact, NameToken, Organization, Person, Relationship
from inmind.records import actions as records
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
ONE = timedelta(days=1)
CARES_FOR, WORKS_AT = Relationship.Kind.CARES_FOR, Relationship.Kind.WORKS_AT


@pytest.fixture
def agency(db: Any) -> Organization:
    return make.make_network().agencies[0]


def writing() -> AbstractContextManager[Any]:
    """A write below the actions, undone at its end where it was refused."""
    stack = ExitStack()
    stack.enter_context(transaction.atomic())
    stack.enter_context(guard.acting(new_id().hex))
    return stack


def kept(row: Any) -> Any:
    with writing():
        row.save()
    return row


def someone(given: str = "María", family: str = "Ñúñez") -> Person:
    return kept(Person(given_name=given, family_name=family))


def listed(person: Person, *agencies: Organization) -> None:
    for agency in agencies:
        make.together(lambda act, agency=agency: records.list_names(act, people=[person], organization=agency))


# Names


@pytest.mark.parametrize(
    ("given", "family", "tokens"),
    [
        ("María José", "Ñúñez", {"maria", "jose", "nunez"}),
        ("Zoë", "O’Brien", {"zoe", "obrien", "o", "brien"}),
        ("Ana", "Ana", {"ana"}),
        ("", "", set()),
        ("", "Łukasik", {"lukasik"}),
        ("梅", "阮氏", {"梅", "阮氏"}),
    ],
    ids=["accents", "apostrophe", "twice the same", "no name yet", "one word", "another script"],
)
def test_the_folded_words_of_a_name(agency: Organization, given: str, family: str, tokens: set[str]) -> None:
    """Each once; nobody who has no name yet is found by one."""
    assert {token.token for token in NameToken.of(Person(given_name=given, family_name=family), agency)} == tokens


def test_a_word_that_folding_makes_longer_is_cut_to_its_column(agency: Organization) -> None:
    """One sign may fold into eighteen; what is kept of it is still found by its beginning."""
    person = someone("\ufdfa" * 80, "")
    listed(person, agency)
    lengths = {len(row.token) for row in NameToken.objects.filter(person=person)}
    assert max(lengths) <= 80
    words = list(NameToken.objects.filter(person=person).values_list("token", flat=True))
    assert words
    assert all(NameToken.objects.filter(token__starts=word, person=person).exists() for word in words)


def test_a_name_is_listed_once_at_each_agency(agency: Organization) -> None:
    """Listing it again changes nothing; another agency lists it for itself."""
    person, other = someone(), make.make_network().agencies[1]
    listed(person, agency, agency, other)
    rows = NameToken.objects.filter(person=person)
    assert sorted(rows.values_list("organization", "token")) == sorted(
        (one.pk, token) for one in (agency, other) for token in ("maria", "nunez")
    )


@pytest.mark.parametrize(
    ("typed", "found"),
    [("nu", True), ("nunez", True), ("nunezz", False), ("unez", False), ("o", False), ("n", True)],
)
def test_a_search_reads_words_from_their_beginning(agency: Organization, typed: str, found: bool) -> None:
    person = someone()
    listed(person, agency)
    assert NameToken.objects.filter(organization=agency, token__starts=typed).exists() is found


def test_a_person_who_has_no_name_yet_is_somebody(db: Any) -> None:
    """A baby that is expected."""
    baby = someone("", "")
    assert (baby.name, baby.initial, str(baby)) == ("", "", "")
    assert (someone("Łucja", "").name, someone("łucja", "").initial) == ("Łucja", "Ł")


# Edges


@pytest.mark.parametrize(
    ("on", "holds"),
    [(DAY - ONE, False), (DAY, True), (DAY + ONE, True), (DAY + 2 * ONE, False), (DAY + 3 * ONE, False)],
    ids=["the day before", "its first day", "its last day", "the day it ended", "later"],
)
def test_an_edge_holds_from_its_first_day_until_the_day_it_ends(on: date, holds: bool) -> None:
    """The first day counts and the day of its end does not."""
    edge = kept(
        Relationship(kind=CARES_FOR, from_person=someone(), to_person=someone("Mateo"), since=DAY, until=DAY + 2 * ONE)
    )
    assert Relationship.objects.filter(in_force(on), pk=edge.pk).exists() is holds
    through = Person.objects.filter(in_force(on, "edges_out__"), edges_out=edge)
    assert through.exists() is holds


def test_an_edge_that_ends_on_its_first_day_never_held_and_an_open_one_goes_on(db: Any) -> None:
    person, child = someone(), someone("Mateo")
    never = kept(Relationship(kind=CARES_FOR, from_person=person, to_person=child, since=DAY, until=DAY))
    open_one = kept(Relationship(kind=CARES_FOR, from_person=person, to_person=child, since=DAY))
    for on in (DAY, DAY + 36_500 * ONE):
        assert list(Relationship.objects.filter(in_force(on), from_person=person)) == [open_one]
    assert not Relationship.objects.filter(in_force(DAY - ONE)).filter(pk__in=[never.pk, open_one.pk]).exists()


def test_people_are_related_by_the_action_to_a_person_or_to_an_organization(agency: Organization) -> None:
    edges: list[Relationship] = []
    person, child = someone(), someone("Mateo")

    def work(act: Act) -> None:
        edges.append(records.relate(act, kind=CARES_FOR, person=person, to=child, since=DAY, part="mother"))
        edges.append(records.relate(act, kind=WORKS_AT, person=person, to=agency, since=DAY))

    make.together(work)
    assert [(edge.to_person, edge.to_organization, edge.part) for edge in edges] == [
        (child, None, "mother"),
        (None, agency, ""),
    ]


# What both databases refuse


def an_edge(**other: Any) -> Relationship:
    return Relationship(**{"kind": CARES_FOR, "from_person": someone(), "since": DAY} | other)


REFUSED: dict[str, tuple[str, Callable[[], models.Model]]] = {
    "an edge to nobody": ("relationship_has_one_other_end", lambda: an_edge()),
    "an edge to a person and a place": (
        "relationship_has_one_other_end",
        lambda: an_edge(to_person=someone("Mateo"), to_organization=make.make_network().agencies[0]),
    ),
    "an edge to oneself": ("relationship_joins_two", lambda: to_herself(someone())),
    "an edge that ends before it begins": (
        "relationship_period_is_whole",
        lambda: an_edge(to_person=someone("Mateo"), until=DAY - ONE),
    ),
    "a second organization of one name": (
        "name",
        lambda: Organization(name=make.AGENCIES[0], zone=make.ZONE),
    ),
    "the same contact twice": ("contact|address", lambda: twice(someone())),
    "the same word twice at an agency": ("name_token|token", lambda: word_twice(someone())),
}


def to_herself(person: Person) -> Relationship:
    return an_edge(from_person=person, to_person=person)


def twice(person: Person) -> Contact:
    kept(Contact(person=person, channel=Contact.Channel.MAIL, address="maria@example.org"))
    return Contact(person=person, channel=Contact.Channel.MAIL, address="maria@example.org", safe=True)


def word_twice(person: Person) -> NameToken:
    agency = make.make_network().agencies[0]
    kept(NameToken(person=person, organization=agency, token="maria"))
    return NameToken(person=person, organization=agency, token="maria")


@pytest.mark.parametrize("what", REFUSED)
def test_both_databases_refuse(what: str) -> None:
    """Below the actions, and by the constraint that is meant."""
    make.make_network()
    constraint, made = REFUSED[what]
    row = made()
    with pytest.raises(IntegrityError, match=constraint), writing():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("row", "field", "limit"),
    [
        (lambda value: Person(given_name=value), "given_name", 80),
        (lambda value: Contact(person=someone(), channel="mail", address=value), "address", 254),
        (lambda value: Organization(name=value, zone=make.ZONE), "name", 120),
    ],
    ids=["a name", "an address", "an organization"],
)
def test_text_is_refused_alike_before_it_reaches_either(row: Callable[[str], Any], field: str, limit: int) -> None:
    """As many letters as there is room for are kept, of any script; one more, or a character no database of ours may
    hold, is refused with its field."""
    make.make_network()
    for value, refusal in (("ñ" * (limit + 1), BadInput), ("a\x00", HostileText), ("\ud800", HostileText)):
        with pytest.raises(refusal) as refused, writing():
            row(value).save()
        assert refused.value.field == field
    whole = kept(row("ñ" * limit))
    assert getattr(type(whole).objects.get(pk=whole.pk), field) == "ñ" * limit


def test_two_people_may_share_an_address_and_nothing_is_safe_before_it_was_asked(db: Any) -> None:
    contacts = [kept(Contact(person=someone(), channel=Contact.Channel.MAIL, address="desk@example.org")) for _ in "12"]
    assert [contact.safe for contact in contacts] == [None, None]


def test_a_contact_that_is_kept_again_says_anew_whether_it_is_safe(db: Any) -> None:
    person = someone()
    for safe in (None, True, False):
        make.together(
            lambda act, safe=safe: records.keep_contact(
                act, person=person, channel=Contact.Channel.PHONE, address=" 555 0100 ", safe=safe
            )
        )
        assert list(person.contacts.values_list("address", "safe")) == [("555 0100", safe)]
