"""Clinical words are sealed for one person at one place: not in the database in clear, not movable, gone with the key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from inmind.access import guard, vault
from inmind.access.fields import SealedText
from inmind.access.models import AuditEntry, PersonKey
from inmind.access.vault import CannotUnseal
from inmind.families import actions as families
from inmind.families.models import Visit
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, HostileText
from inmind.foundation.identity import new_id
from inmind.messages.models import Letter
from inmind.screening.models import Screen
from inmind.tasks import actions as tasks
from inmind.tasks.models import Task
from tests import make

PROUD = "María is proud that Mateo reaches for her"
DONE = "Called María at her sister's; she is safe tonight"
KEY = bytes(range(32))


def visit(family: make.Family, strength: str = PROUD) -> Visit:
    """Written down today by whoever registered the family."""
    made = families.visit(
        family.by.actor,
        episode=family.episode,
        on=clock.today(make.ZONE),
        place="home",
        minutes=60,
        strength=strength,
    )
    return Visit.objects.get(pk=made.pk)


@contextmanager
def by_hand() -> Iterator[Any]:
    """Somebody who may write into the database as it lies there, and holds no key."""
    with guard.permit("migrations"), connection.cursor() as cursor:
        yield cursor


def lies(thing: models.Model, column: str) -> bytes | None:
    """A value as it lies in its row."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{thing._meta.db_table}" WHERE id = %s', [id_of(thing)])
        value = cursor.fetchone()[0]
    return None if value is None else bytes(value)


def put(thing: models.Model, column: str, value: bytes) -> None:
    with by_hand() as cursor:
        cursor.execute(f'UPDATE "{thing._meta.db_table}" SET "{column}" = %s WHERE id = %s', [value, id_of(thing)])


def id_of(thing: models.Model) -> Any:
    return thing.pk.hex if connection.vendor == "sqlite" else thing.pk


def anew(thing: Any) -> Any:
    """The same row, read again."""
    return type(thing).objects.get(pk=thing.pk)


# In clear nowhere


@pytest.mark.django_db
def test_what_was_written_is_read_again_and_lies_sealed() -> None:
    """A version, a nonce, and nothing of the words."""
    made = visit(make.make_family())
    sealed = lies(made, "strength")
    assert made.strength == PROUD
    assert sealed is not None
    assert sealed[:1] == b"\x01"
    assert len(sealed) == 1 + 12 + len(PROUD.encode()) + 16
    assert PROUD.encode() not in sealed


@pytest.mark.django_db
def test_no_row_of_any_table_holds_clinical_words_in_clear() -> None:
    """Visits, screens, tasks, letters, kept answers, jobs, the trail: every column of every table is read as it lies."""
    words = words_of_a_family()
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                whole = b" ".join(value.encode() if isinstance(value, str) else as_bytes(value) for value in row)
                found += [f"{table}: {word}" for word in words if word.encode() in whole]
    assert not found


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_the_database_file_and_its_log_hold_no_clinical_words() -> None:
    """Not in freed pages nor in the write-ahead log either."""
    words = words_of_a_family()
    name = connection.settings_dict["NAME"]
    files = [path for path in Path(name).parent.glob(Path(name).name + "*") if path.is_file()]
    whole = b"".join(path.read_bytes() for path in files)
    assert b"Harbor Family Services" in whole  # the rows are in what was read
    assert not [word for word in words if word.encode() in whole]


def words_of_a_family() -> list[str]:
    """Words written at each place that is sealed; the answers' and the letter's as they are kept."""
    family = make.make_family()
    clinician = make.make_on_call()
    visit(family)
    screen, task = make.make_crisis(family)
    tasks.close(clinician.actor, key="one", task=task, done=DONE)
    assert anew(screen).answers == {"epds_10": 1}
    assert Letter.objects.filter(about_id=screen.pk).exists()
    return [PROUD, DONE, '"epds_10"', f'{{"task": "{task.pk}"}}']


def as_bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


@pytest.mark.django_db
def test_a_list_that_does_not_show_the_words_does_not_open_them() -> None:
    """Opened when first read, and by nothing else; what was not opened is saved again as it lay."""
    made = visit(make.make_family())
    before = lies(made, "strength")
    row = anew(made)
    with by_hand():
        PersonKey.objects.all().delete()
        row.minutes = 45
        row.save()
    assert lies(made, "strength") == before


# Bound to its place


@pytest.mark.django_db
def test_a_value_moved_to_another_row_cannot_be_read() -> None:
    """Of the same person, in the same column."""
    family = make.make_family()
    one, other = visit(family), visit(family, "Mateo smiles")
    put(other, "strength", lies(one, "strength") or b"")
    with pytest.raises(CannotUnseal):
        _ = anew(other).strength
    assert anew(one).strength == PROUD


@pytest.mark.django_db
def test_a_value_moved_to_another_column_cannot_be_read() -> None:
    """Of the same person; her screen's answers in the place of what was done about them."""
    screen, task = make.make_crisis()
    owner = make.Worker(task.owner.account, task.organization)
    tasks.close(owner.actor, task=task, done=DONE)
    assert anew(task).subject_id == anew(screen).subject_id
    put(task, "done", lies(screen, "answers_text") or b"")
    with pytest.raises(CannotUnseal):
        _ = anew(task).done
    assert anew(screen).answers == {"epds_10": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("at", [0, 1, 12, 13, 30, -16, -1], ids=str)
def test_an_altered_value_cannot_be_read(at: int) -> None:
    """Version, nonce, words or tag: one bit is enough."""
    made = visit(make.make_family())
    sealed = bytearray(lies(made, "strength") or b"")
    sealed[at] ^= 1
    put(made, "strength", bytes(sealed))
    with pytest.raises(CannotUnseal):
        _ = anew(made).strength


@pytest.mark.django_db
@pytest.mark.parametrize("length", [0, 1, 5, 13, 28])
def test_a_value_cut_short_cannot_be_read(length: int) -> None:
    """It is told like every other value that cannot be opened."""
    made = visit(make.make_family())
    put(made, "strength", (lies(made, "strength") or b"")[:length])
    with pytest.raises(CannotUnseal):
        _ = anew(made).strength


@pytest.mark.django_db
def test_the_key_of_another_person_opens_nothing() -> None:
    """A wrapped key is bound to its person, so that it cannot be put in another's place."""
    one, other = visit(make.make_family()), visit(make.make_family(child="Sofía Peña"))
    theirs = PersonKey.objects.get(pk=other.child_id).wrapped
    with by_hand():
        PersonKey.objects.filter(pk=one.child_id).update(wrapped=bytes(theirs))
    with pytest.raises(CannotUnseal):
        _ = anew(one).strength


@pytest.mark.django_db
def test_the_same_words_never_lie_alike() -> None:
    """Two visits with the same words cannot be told to be the same."""
    family = make.make_family()
    assert lies(visit(family), "strength") != lies(visit(family), "strength")


# Gone with the key


@pytest.mark.django_db
def test_destroying_a_persons_key_makes_her_words_unreadable_while_the_trail_stands() -> None:
    """What the child's visits say is gone; the caregiver's screen, under her own key, is not; nor who did what."""
    family = make.make_family()
    made = visit(family)
    screen = make.make_screen(family)
    trail = list(AuditEntry.objects.order_by("seq").values())
    with by_hand():
        PersonKey.objects.filter(pk=family.child.pk).delete()
    with pytest.raises(CannotUnseal) as gone:
        _ = anew(made).strength
    assert "their key is not here" in gone.value.in_english()
    assert anew(made).minutes == 60
    assert anew(screen).answers == make.calm_answers()
    assert list(AuditEntry.objects.order_by("seq").values()) == trail


@pytest.mark.django_db
def test_a_key_sealed_by_another_master_is_not_taken_for_ours() -> None:
    """Its name is asked before it is tried."""
    made = visit(make.make_family())
    with by_hand():
        PersonKey.objects.filter(pk=made.child_id).update(master="0" * 16)
    with pytest.raises(CannotUnseal):
        _ = anew(made).strength


@pytest.mark.django_db
def test_the_master_key_is_not_in_the_database() -> None:
    """A person's key lies wrapped, and names the master without telling it."""
    visit(make.make_family())
    master = settings.INSTALLATION.key("master")
    for row in PersonKey.objects.all():
        assert row.master == vault.master()[0]
        assert len(bytes(row.wrapped)) == 1 + 12 + 32 + 16
        assert master not in bytes(row.wrapped)
        assert master.hex()[:16] != row.master


# What may be sealed


@pytest.mark.django_db
def test_empty_and_unknown_stay_apart() -> None:
    """Nothing was said is not the same as an empty sentence."""
    screen = make.make_screen(answers={}, finished=False)
    assert lies(screen, "answers_text") is None
    assert anew(screen).answers_text is None
    with by_hand():
        screen.answers_text = ""
        screen.save()
    assert lies(screen, "answers_text") is not None
    assert anew(screen).answers_text == ""


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["a\x00b", "half \ud83d of a pair", "\udc00"], ids=["zero", "half", "other half"])
def test_hostile_text_is_refused_before_it_is_sealed(words: str) -> None:
    """Sealed, no database would notice it; it is refused as it would be in clear."""
    family = make.make_family()
    with pytest.raises(HostileText):
        visit(family, words)
    assert not Visit.objects.exists()
    made = Visit(id=new_id(), episode=family.episode, strength=words)
    with pytest.raises(HostileText):
        field("strength").pre_save(made, True)


@pytest.mark.django_db
def test_the_length_is_that_of_the_plain_text() -> None:
    """Letters are counted, not bytes."""
    family = make.make_family()
    assert visit(family, "ñ" * 2000).strength == "ñ" * 2000
    with pytest.raises(BadInput, match="There is room for 2000"):
        visit(family, "ñ" * 2001)


def field(name: str) -> SealedText:
    found = Visit._meta.get_field(name)
    assert isinstance(found, SealedText)
    return found


def test_every_sealed_column_says_whose_words_it_holds() -> None:
    """Each model that seals names the person in `SEALED_FOR`."""
    sealed = {
        model for model in apps.get_models() if any(isinstance(one, SealedText) for one in model._meta.concrete_fields)
    }
    assert {Visit, Screen, Task, Letter} <= sealed
    assert all(hasattr(model, model.SEALED_FOR) for model in sealed)


TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
legal = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=TURNING), st.sampled_from(["\n", "\r", "\t"])
    ),
    max_size=300,
)
places = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@given(legal, places)
def test_every_legal_text_comes_back_as_it_was(words: str, place: str) -> None:
    """Letters of every script, line ends and spaces at the ends included."""
    sealed = vault.seal_with(KEY, words.encode(), place)
    assert vault.unseal_with(KEY, sealed, place).decode() == words


@given(legal, places, places, st.integers(0, 10_000), st.integers(1, 255))
def test_no_other_place_key_or_byte_opens_it(words: str, place: str, other: str, at: int, change: int) -> None:
    """For all words, and all bytes of the sealed value."""
    sealed = vault.seal_with(KEY, words.encode(), place)
    altered = bytearray(sealed)
    altered[at % len(sealed)] ^= change
    tries = [(KEY, bytes(altered), place), (KEY[::-1], sealed, place)]
    for key, value, where in tries + ([(KEY, sealed, other)] if other != place else []):
        with pytest.raises(CannotUnseal):
            vault.unseal_with(key, value, where)


@pytest.mark.django_db
def test_every_legal_text_comes_back_from_the_database_as_it_was() -> None:
    """Through the column itself, kept and read again."""
    screen = make.make_screen(finished=False)

    @given(legal)
    @examples(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    def kept(words: str) -> None:
        with by_hand():
            screen.answers_text = words
            screen.save()
        assert anew(screen).answers_text == words

    kept()
