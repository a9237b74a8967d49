"""The page of the rota: looked at before it is saved, gaps said plainly, nothing lost in a second tab."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.urls import reverse

from inmind.access import actions as access
from inmind.access.models import AuditEntry, RowChange
from inmind.families import actions, queries, rota
from inmind.families.models import Rota
from inmind.families.rota import State, Turn
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, Refused, Stale
from tests import make

pytestmark = pytest.mark.django_db
WARNING = "has never signed in"
MONDAY = datetime(2027, 3, 1, 15, tzinfo=UTC)  # nine in the morning in Chicago


@pytest.fixture
def supervisor(db: Any) -> make.Worker:
    return make.make_worker("agency_supervisor")


def office_hours(*people: make.Worker, backup: make.Worker | None = None) -> dict[str, Any]:
    """What a supervisor types: Monday to Friday from eight to five, a row for each person."""
    said: dict[str, Any] = {"key": "k", "over": "", "seen": "", "weeks": len(people), "days": 1}
    said |= {"within_minutes": 60, "outside_minutes": 60}
    for number, person in enumerate(people):
        said |= {
            f"w{number}-weekdays": ["0", "1", "2", "3", "4"],
            f"w{number}-start": "08:00",
            f"w{number}-end": "17:00",
            f"w{number}-person": str(person.person.pk),
            f"w{number}-backup": str(backup.person.pk) if backup else "",
        }
    return said


def look(supervisor: make.Worker, said: dict[str, Any]) -> Any:
    return supervisor.client.post(reverse("on_call"), said)


def save(supervisor: make.Worker, said: dict[str, Any]) -> Any:
    """Look at the week, then save what was seen."""
    seen = look(supervisor, said).context["form"].data["seen"]
    return supervisor.client.post(reverse("on_call"), {**said, "seen": seen}, follow=True)


def test_nothing_is_saved_before_the_week_was_looked_at(supervisor: make.Worker) -> None:
    """The first sending shows the picture, its table and what is not covered; the same sent again saves it."""
    dana = make.make_worker("clinician", name="Dana Wells")
    page = look(supervisor, office_hours(dana)).content.decode()
    assert "not saved yet" in page
    assert "Save this week" in page
    assert queries.rota_of(supervisor.agency) is None
    assert "Saved. From now on" in save(supervisor, office_hours(dana)).content.decode()
    with clock.at(MONDAY):
        assert queries.on_call(supervisor.agency) == dana.person


def test_what_was_changed_after_looking_is_looked_at_again(supervisor: make.Worker) -> None:
    dana, noor = make.make_worker("clinician"), make.make_worker("clinician")
    seen = look(supervisor, office_hours(dana)).context["form"].data["seen"]
    again = look(supervisor, office_hours(noor) | {"seen": seen})
    assert "not saved yet" in again.content.decode()
    assert not Rota.objects.exists()


def test_hours_without_a_name_are_said_plainly_before_saving(supervisor: make.Worker) -> None:
    """Which hours, and what happens in them."""
    dana = make.make_worker("clinician")
    said = office_hours(dana) | {"weeks": 2, "w1-weekdays": ["5"], "w1-start": "09:00", "w1-end": "12:00"}
    with clock.at(MONDAY):
        page = look(supervisor, said).content.decode()
    assert "Nobody is named in these hours" in page
    assert "Saturday, March 6: 9 a.m. to noon" in page
    assert "March 13" not in page  # each week the same: said once
    with clock.at(MONDAY):
        once = {"d0-day": "2027-03-17", "d0-start": "12:00", "d0-end": "17:00"}
        page = look(supervisor, said | once).content.decode()
    assert "Wednesday, March 17: noon to 5 p.m." in page


def test_stretches_in_which_nobody_reads_are_said_plainly(supervisor: make.Worker) -> None:
    """They are allowed; no sentence may say that every hour has a name."""
    dana = make.make_worker("clinician")
    with clock.at(MONDAY):
        page = look(supervisor, office_hours(dana)).content.decode()
    assert "Outside of them, nobody reads in these stretches" in page
    assert "5 p.m. on Friday, March 5 to 8 a.m. on Monday, March 8" in page
    assert "at every hour" not in page
    always = office_hours(dana) | {"w0-weekdays": list("0123456"), "w0-start": "00:00", "w0-end": "00:00"}
    with clock.at(MONDAY):
        page = look(supervisor, always).content.decode()
    assert "Somebody is named at every hour of these days." in page
    assert "nobody reads in these stretches" not in page


def test_how_long_an_answer_may_wait_is_said_with_the_hours(supervisor: make.Worker) -> None:
    """In the hours and outside of them, looked at again when it changes; kept in the trail; by nobody but who names on call."""
    dana, agency = make.make_worker("clinician"), supervisor.agency
    save(supervisor, office_hours(dana))
    over = {"over": str(queries.rota_of(agency).pk), "key": "again"}
    assert (
        "Saved. From now on"
        in save(supervisor, office_hours(dana) | over | {"within_minutes": 20, "outside_minutes": 90}).content.decode()
    )
    agency.refresh_from_db()
    assert (agency.crisis_answer_minutes, queries.outside_minutes(agency)) == (20, 90)
    entry = AuditEntry.objects.filter(verb="families.name_on_call", outcome="done").latest("seq")
    assert RowChange.objects.filter(act=entry.id.hex, table_name="people_organization").count() == 1
    turns = tuple(make.at_all_hours(dana))
    for minutes in ({"within_minutes": 0}, {"outside_minutes": rota.LONGEST_WAIT + 1}):
        with pytest.raises(BadInput, match="minutes cannot be right"):
            actions.name_on_call(
                supervisor.actor, organization=agency, turns=turns, over=queries.rota_of(agency).pk, **minutes
            )
    with pytest.raises(Refused):
        actions.name_on_call(dana.actor, organization=agency, turns=turns, within_minutes=5)


def test_a_second_click_saves_once(supervisor: make.Worker) -> None:
    said = office_hours(make.make_worker("clinician"))
    said["seen"] = look(supervisor, said).context["form"].data["seen"]
    for _ in range(2):
        assert supervisor.client.post(reverse("on_call"), said).status_code == 302
    assert Rota.objects.count() == 1


def test_a_second_tab_sees_both_and_loses_nothing(supervisor: make.Worker) -> None:
    """Somebody else saved meanwhile: what stands and what was typed, side by side; sent again, it is looked at, and saved."""
    dana, noor = make.make_worker("clinician", name="Dana Wells"), make.make_worker("clinician", name="Noor Haddad")
    save(supervisor, office_hours(dana))
    mine = office_hours(noor) | {"key": "mine"}
    mine["seen"] = look(supervisor, mine).context["form"].data["seen"]
    both = supervisor.client.post(reverse("on_call"), mine)
    assert both.status_code == 409
    words = both.content.decode()
    assert "Someone saved this while you were writing" in words
    assert words.index("Dana Wells") < words.index("Noor Haddad")
    shown = both.context["form"].data
    page = save(supervisor, mine | {"over": shown["over"], "seen": shown["seen"]})
    assert "Saved. From now on" in page.content.decode()
    with clock.at(MONDAY):
        assert queries.on_call(supervisor.agency) == noor.person
    assert Rota.objects.filter(until__isnull=False).count() == 1


def test_more_rows_keep_what_was_typed(supervisor: make.Worker) -> None:
    said = office_hours(make.make_worker("clinician")) | {"w0-start": "07:45", "more": "yes"}
    form = look(supervisor, said).context["form"]
    assert (len(form.week_rows), len(form.day_rows)) == (2, 2)
    assert form.week_rows[0]["start"].value() == "07:45"
    assert not Rota.objects.exists()


@pytest.mark.sqlite  # refused by a rule, before anything is written
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"w0-weekdays": []}, "Say on which day."),
        ({"w0-end": ""}, "Hours have a beginning and an end."),
        ({"w0-start": "", "w0-end": ""}, "Say from when."),
        ({"w0-start": "25:00"}, "Enter a valid time."),
        ({"w0-person": ""}, "Say who reads first."),
        ({"w0-backup": "SAME"}, "Somebody else, for when the first does not answer."),
        ({"w0-person": "not-a-person"}, "Select a valid choice."),
        ({"d0-day": "2027-12-24", "d0-person": "SAME"}, "Say from when, or name nobody"),
        ({"outside_minutes": "0"}, "greater than or equal to 1"),
        ({"within_minutes": "1441"}, "less than or equal to 1440"),
        ({"weeks": "1", "w0-weekdays": [], "w0-start": "", "w0-end": "", "w0-person": "", "w0-backup": ""}, "empty"),
        ({"w0-start": "8\x00"}, "cannot be kept"),
    ],
    ids=str,
)
def test_what_cannot_be_a_turn_is_said_on_its_field(
    supervisor: make.Worker, typed: dict[str, Any], sentence: str
) -> None:
    dana, noor = make.make_worker("clinician"), make.make_worker("clinician")
    typed = {name: str(dana.person.pk) if value == "SAME" else value for name, value in typed.items()}
    answer = look(supervisor, office_hours(dana, backup=noor) | typed)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Rota.objects.exists()


def test_a_holiday_and_a_swap_take_the_place_of_the_week(supervisor: make.Worker) -> None:
    """Closed on the second; Noor instead of Dana on the morning of the third."""
    dana, noor = make.make_worker("clinician"), make.make_worker("clinician")
    swap = {"d1-day": "2027-03-03", "d1-start": "08:00", "d1-end": "12:00", "d1-person": str(noor.person.pk)}
    with clock.at(MONDAY):
        save(supervisor, office_hours(dana) | {"days": 2, "d0-day": "2027-03-02", **swap})
    on_call = {}
    for day, hour in ((1, 9), (2, 9), (3, 9), (3, 13)):
        with clock.at(datetime(2027, 3, day, hour + 6, tzinfo=UTC)):
            on_call[day, hour] = queries.on_call(supervisor.agency)
    assert on_call == {(1, 9): dana.person, (2, 9): None, (3, 9): noor.person, (3, 13): dana.person}


def test_a_saved_rota_comes_back_as_it_was_written(supervisor: make.Worker) -> None:
    """Days said together stand in one row; who speaks Spanish is ticked."""
    dana = make.make_worker("clinician")
    save(supervisor, office_hours(dana) | {"speakers": [str(dana.person.pk)]})
    page = supervisor.client.get(reverse("on_call"))
    form, row = page.context["form"], page.context["form"].week_rows[0]
    assert "No back-up is named." in page.content.decode() and "the back-up is told" not in page.content.decode()
    assert [one for one, _name in row.fields["backup"].choices] == [""], "nobody is her own back-up"
    assert (row["weekdays"].value(), row["start"].value()) == ([0, 1, 2, 3, 4], time(8))
    assert form["speakers"].value() == [str(dana.person.pk)]


def test_days_that_are_over_are_left_out(supervisor: make.Worker) -> None:
    dana = make.make_worker("clinician")
    past = Turn(None, None, day=date(2027, 2, 28))
    with clock.at(MONDAY):
        saved = make.make_rota(supervisor.agency, [*make.at_all_hours(dana), past], by=supervisor)
    assert saved.turns.filter(day__isnull=False).count() == 0


def test_who_has_left_is_on_call_no_more_and_the_back_up_steps_in(supervisor: make.Worker) -> None:
    dana, noor = make.make_worker("clinician"), make.make_worker("clinician")
    make.make_rota(supervisor.agency, make.at_all_hours(dana, noor), by=supervisor)
    assert queries.on_call(supervisor.agency) == dana.person
    for gone, state in ((dana, State.ON_CALL), (noor, State.NEVER)):
        access.end_role(make.make_network().admin.actor, assignment=gone.account.roles.get())
        assert queries.reading(supervisor.agency).state is state


def test_who_speaks_spanish_is_asked_first_where_the_family_likes_it(supervisor: make.Worker) -> None:
    dana, ines = make.make_worker("clinician"), make.make_worker("clinician")
    both = [*make.at_all_hours(dana), *make.at_all_hours(ines)]
    make.make_rota(supervisor.agency, both, by=supervisor, spanish=[ines])
    asked = [queries.on_call(supervisor.agency, language) for language in ("", "en", "es")]
    assert asked == [dana.person, dana.person, ines.person]


def test_a_stranger_cannot_be_put_on_call(supervisor: make.Worker) -> None:
    """Neither a clinician of another agency nor somebody here who is none."""
    for worker in (make.make_worker("clinician", make.make_network().agencies[1]), make.make_worker("home_visitor")):
        with pytest.raises(BadInput, match="not a clinician here"):
            make.make_rota(supervisor.agency, make.at_all_hours(worker), by=supervisor)


def test_only_the_supervisor_of_the_agency_says_who_is_on_call() -> None:
    harbor, prairie = make.make_network().agencies
    dana = make.make_worker("clinician", harbor)
    for other in (dana, make.make_worker("agency_supervisor", prairie), make.make_worker("home_visitor", harbor)):
        with pytest.raises(Refused):
            make.make_rota(harbor, make.at_all_hours(dana), by=other)


def test_a_version_that_was_not_seen_is_not_saved_over(supervisor: make.Worker) -> None:
    dana = make.make_worker("clinician")
    make.make_rota(supervisor.agency, make.at_all_hours(dana), by=supervisor)
    with pytest.raises(Stale):
        actions.name_on_call(supervisor.actor, organization=supervisor.agency, turns=tuple(make.at_all_hours(dana)))


def test_whoever_never_signed_in_may_be_named_with_a_warning(supervisor: make.Worker) -> None:
    """Before saving and on the page, as long as it is so."""
    dana = make.make_worker("clinician", name="Dana Wells")
    assert f"Dana Wells {WARNING}" in look(supervisor, office_hours(dana)).content.decode()
    save(supervisor, office_hours(dana))
    page = supervisor.client.get(reverse("on_call")).content.decode()
    assert WARNING in page and 'Dana Wells <span class="soft">no work phone yet' in page
    assert dana.client.get("/today/").status_code == 200
    assert WARNING not in supervisor.client.get(reverse("on_call")).content.decode()


def test_a_clinician_sees_her_own_turns_on_today(supervisor: make.Worker) -> None:
    """When she is on call, and when she is behind; nobody else's."""
    dana, noor, luz = (make.make_worker(role) for role in ("clinician", "clinician", "home_visitor"))
    monday = Turn(time(8), time(12), weekday=0, person=dana.person.pk, backup=noor.person.pk)
    with clock.at(MONDAY - timedelta(days=1)):
        make.make_rota(supervisor.agency, [monday], by=supervisor)
        pages = {
            who: worker.client.get("/today/").content.decode()
            for who, worker in {"dana": dana, "noor": noor, "luz": luz}.items()
        }
    words = "Monday, March 1: 8 a.m. to noon"
    assert words in pages["dana"]
    assert "back-up" not in pages["dana"]
    assert words in pages["noor"]
    assert "back-up" in pages["noor"]
    assert "When you are on call" not in pages["luz"]


@pytest.mark.parametrize(
    ("hours", "sentences"),
    [
        pytest.param(
            (time(8), time(12)), ["now, until noon on Monday, March 1", "Monday, March 8: 8 a.m. to noon"], id="a day"
        ),
        pytest.param((time(0), time(0)), ["now, and from now on"], id="always"),
    ],
)
def test_a_turn_ends_where_it_ends(supervisor: make.Worker, hours: tuple[time, time], sentences: list[str]) -> None:
    """Not where the page stops looking; one without an end says so."""
    dana = make.make_worker("clinician")
    days = range(7) if hours[0] == hours[1] else [0]
    turns = [Turn(*hours, weekday=day, person=dana.person.pk) for day in days]
    with clock.at(MONDAY):
        make.make_rota(supervisor.agency, turns, by=supervisor)
    with clock.at(MONDAY + timedelta(minutes=5)):
        page = dana.client.get("/today/").content.decode()
        said = supervisor.client.get(reverse("on_call")).content.decode()
    assert [one in page for one in sentences] == [True] * len(sentences)
    assert "9:05" not in page + said
