"""The SWYC as one battery: the form by the child's age, its parts one after another, and what settles the due list."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import yaml
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.families import actions as families
from inmind.families.ages import ages
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.foundation import clock
from inmind.foundation.catalogs import BadCatalog
from inmind.foundation.errors import BadInput
from inmind.foundation.loading import parse
from inmind.foundation.values import month_reached
from inmind.screening import actions, battery, battery_file, due, paper, sittings
from inmind.screening.adapters.catalog import batteries, catalog, schedule
from inmind.screening.battery import Answered, Stands, next_part
from inmind.screening.models import Screen
from inmind.screening.schedule import State
from inmind.screening.scoring import Scored, score
from tests import make

SWYC = batteries()["swyc"]
CHILDS = {key for key, one in catalog().items() if one.is_about_a_child}
FILE = Path(battery_file.__file__).parent / "catalog" / "batteries" / "swyc.yaml"
FACTS = Path(__file__).resolve().parents[5] / "shared" / "domain" / "instruments.yaml"
KEYS = {
    "milestones": "swycmilestones",
    "bpsc": "bpsc",
    "ppsc": "ppsc",
    "posi": "posi",
    "epds": "epds",
    "parent_concerns": "swycconcerns",
    "family_7": "swycfamily7",
    "family_9": "swycfamily",
}


# Pure: the forms


@pytest.mark.skipif(not FACTS.exists(), reason="the field's own data stand outside the project")
def test_the_forms_are_those_of_the_facts() -> None:
    """Windows and parts, form by form, in the form's order; and the schedule's own list of forms says the same."""
    known = yaml.safe_load(FACTS.read_text(encoding="utf-8"))["instruments"]["swyc"]
    assert [(form.name, form.first, form.last, form.parts) for form in SWYC.forms] == [
        (
            str(one["form"]),
            one["min_month"]["value"],
            one["max_month"]["value"],
            tuple(KEYS[part] for part in one["components"]),
        )
        for one in known["forms"]
    ]
    early = known["prematurity"]
    assert SWYC.prematurity.early_weeks_min == early["born_early_weeks_min"]["value"]
    assert SWYC.prematurity.below_months == early["chronological_age_below_months"]["value"]


def test_the_schedule_knows_the_same_forms() -> None:
    """Two files tell of them; they agree, so that what is due is what can be begun."""
    tool = next(tool for one in schedule().asked for tool in one.tools if tool.key == "swyc")
    assert [(one.name, one.first, one.last) for one in tool.forms] == [
        (one.name, one.first, one.last) for one in SWYC.forms
    ]


@pytest.mark.parametrize("form", SWYC.forms, ids=lambda form: form.name)
@pytest.mark.parametrize("born", [date(2024, 2, 29), date(2023, 10, 31), date(2024, 6, 15)], ids=str)
def test_a_form_holds_from_its_first_day_to_its_last(form: battery.AgeForm, born: date) -> None:
    """Calendar months and days: on the day before its first one and on the day after its last one it is another."""
    first, last = month_reached(born, form.first), month_reached(born, form.last + 1) - timedelta(days=1)

    def at(day: date) -> battery.AgeForm | None:
        return SWYC.form_at(ages(born, 40, day, SWYC.prematurity).used.months)

    assert at(first) is at(last) is form
    assert at(first - timedelta(days=1)) is not form
    assert at(last + timedelta(days=1)) is not form


def test_a_child_born_early_has_the_form_of_its_corrected_age_under_two_years() -> None:
    """Eight weeks early: counted from the day it was due, until 24 months from birth; two weeks early: never."""
    born = date(2025, 1, 10)
    on = date(2026, 7, 12)  # 18 months from birth, 16 from the day it was due
    named = [SWYC.form_at(ages(born, weeks, on, SWYC.prematurity).used.months) for weeks in (32, 38, None)]
    assert [form and form.name for form in named] == ["15", "18", "18"]
    at_two = [ages(born, 32, date(2027, 1, day), SWYC.prematurity).used.months for day in (9, 10)]
    assert at_two == [22, 24]


def test_outside_all_windows_there_is_no_form() -> None:
    assert SWYC.form_at(0) is SWYC.form_at(66) is None
    assert SWYC.named("7") is None
    assert not SWYC.holds("posi", "7") and not SWYC.holds("posi", "9") and SWYC.holds("posi", "24")


def test_it_is_settled_by_the_childs_own_parts_on_the_right_form() -> None:
    """Every part about the child on one day; the adult's own answers are never asked for; a wrong form settles nothing."""
    on, form = date(2026, 3, 3), SWYC.named("18")
    assert form is not None
    parts = [part for part in form.parts if part in CHILDS]
    assert parts == ["swycmilestones", "ppsc", "posi", "swycconcerns"]
    done = [Answered(part, on, "18", 19) for part in parts]
    assert battery.settled(SWYC, CHILDS, done) == [on]
    assert battery.settled(SWYC, CHILDS, done[1:]) == []
    elsewhen = [Answered(parts[0], on + timedelta(days=1), "18", 19), *done[1:]]
    assert battery.settled(SWYC, CHILDS, elsewhen) == []
    assert battery.settled(SWYC, CHILDS, [Answered(one.instrument, on, "18", 24) for one in done]) == []


def test_the_next_part_is_the_first_that_is_not_finished() -> None:
    """After the one just left, then from the beginning; none when all are."""
    form = SWYC.forms[0]
    stands = dict.fromkeys(form.parts, Stands.NOT_BEGUN)
    assert next_part(form, stands) == "swycmilestones"
    assert next_part(form, stands | {"swycmilestones": Stands.DONE}) == "bpsc"
    assert next_part(form, stands | {"bpsc": Stands.DONE}, after="bpsc") == "swycconcerns"
    assert next_part(form, stands | {"epds": Stands.DONE}, after="epds") == "swycmilestones"
    assert next_part(form, dict.fromkeys(form.parts, Stands.DONE)) == ""


def test_a_number_of_another_ages_form_is_read_by_no_cut_off() -> None:
    """The total stands as counted; band, cut-offs and whether it is positive do not."""
    milestones = catalog()["swycmilestones"]
    low = score(milestones, {item.key: 0 for item in milestones.items}, ages(date(2025, 1, 1), 40, date(2026, 8, 1)))
    assert isinstance(low, Scored) and (low.band, low.is_positive) == ("needs_review", True)
    bare = battery.without_its_form(low)
    assert isinstance(bare, Scored)
    assert (bare.points, bare.band, bare.is_positive, bare.cutoffs, bare.notes) == (0, None, None, (), ())
    open_one = score(catalog()["posi"], {})
    assert battery.without_its_form(open_one).band is None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("to: {value: 3,", "to: {value: 0,", "without a gap"),
        ("from: {value: 4,", "from: {value: 5,", "without a gap"),
        ("[swycmilestones, bpsc, swycconcerns, swycfamily7, epds]", "[bpsc, bpsc]", "each of them once"),
        ("[swycmilestones, bpsc, swycconcerns, swycfamily7, epds]", "[]", "each of them once"),
        ("[swycmilestones, bpsc, swycconcerns, swycfamily7, epds]", "[bspc]", "there is no instrument bspc"),
        ("weeks_early: {value: 3,", "weeks_early: {value: null,", "must be known"),
    ],
)
def test_a_bad_file_is_refused(old: str, new: str, sentence: str) -> None:
    """With file, line and reason."""
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(BadCatalog, match=sentence):
        battery_file.load(parse(text.replace(old, new, 1), "swyc.yaml"), catalog())


# On pages


def registered(born: date, *, weeks: int | None = None) -> make.Family:
    """A family with one mother, registered by a home visitor long enough ago."""
    with clock.at(datetime.combine(max(born, date(2024, 1, 1)), time(18), UTC) + timedelta(days=1)):
        worker = make.make_worker()
        dyad, episode = families.register(
            worker.actor,
            organization=worker.agency,
            child=ChildFacts("Mia", "Begay", born),
            adults=(AdultFacts("Ana", "Begay", "mother"),),
        )
        family = make.Family(dyad, episode, worker)
        if weeks is not None:
            families.note_gestation(worker.actor, episode=episode, gestation_weeks=weeks)
        make.make_on_call(episode.organization)
    return family


NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)
TODAY = NOON.date()


@pytest.fixture
def toddler() -> make.Family:
    """19 months old: the 18-month form."""
    return registered(date(2025, 4, 1))


def sitting_of(family: make.Family, form: str = "18", on: date = TODAY) -> str:
    return sittings.address(SWYC, family.episode.pk, family.adult.pk, on, form)


def enter(family: make.Family, part: str, form: str = "18", **points: int) -> Screen:
    """One part as the visitor does it: begin from the sitting, mark each item, finish."""
    client, page = family.by.client, sitting_of(family, form)
    begun = client.post(page, {"part": part})
    assert begun.status_code == 302, begun.content.decode()
    screen = Screen.objects.filter(instrument=part).latest("created_at")
    items = catalog()[part].items
    sheet = {item.key: 0 for item in items} | points
    marked = paper.marked(catalog()[part], sheet)
    done = client.post(begun["Location"], {**marked, "key": f"finish-{part}", "version": str(screen.version)})
    assert done.status_code == 302, done.content.decode()
    screen.refresh_from_db()
    return screen


@pytest.mark.django_db
def test_part_by_part_and_one_page_at_the_end(toddler: make.Family) -> None:
    """From the due list to the end: the form is found, each part is a screen of its own, the due line is settled."""
    family, client = toddler, toddler.by.client
    with clock.at(NOON):
        begin = reverse("screen_battery", args=[family.episode.pk, family.child.pk, "swyc"])
        assert begin in client.get(reverse("dyad", args=[family.dyad.pk])).content.decode()
        page = client.get(begin).content.decode()
        assert '<option value="18" selected>' in page and "Today it is the 18-month form" in page
        sent = {"key": "k", "informant": str(family.adult.pk), "on": TODAY.isoformat(), "form": "18"}
        later = client.post(begin, {**sent, "on": (TODAY + timedelta(days=1)).isoformat(), "form": "24"})
        assert later.status_code == 400 and "lies in the future" in later.content.decode()
        assert client.post(begin, sent)["Location"] == sitting_of(family)
        page = client.get(sitting_of(family)).content.decode()
        assert "0 of 5 parts are finished." in page and "Next part" in page
        milestones = enter(family, "swycmilestones")
        begun = client.post(sitting_of(family), {"part": "ppsc"})["Location"]
        assert "Mia, Nov. 20, 2026, answered by Ana" in client.get(begun).content.decode()
        assert (milestones.form, milestones.age_months, milestones.points, milestones.band) == (
            "18",
            19,
            0,
            "needs_review",
        )
        enter(family, "ppsc", ppsc_1=2)
        posi = enter(family, "posi", posi_1=1, posi_2=1, posi_6=1)
        assert (posi.points, posi.band, posi.is_positive) == (3, "positive", True)
        assert due_state(family) is State.DUE
        dyad, own = reverse("dyad", args=[family.dyad.pk]), Screen.objects.filter(subject=family.adult)
        page = client.get(dyad).content.decode()
        assert (
            "Go on: SWYC" in page
            and "3 of 4 parts about Mia" in page
            and f'href="{sitting_of(family)}"' in page
            and not own.exists()
        )
        with clock.at(NOON + timedelta(days=1)):
            assert f'href="{sitting_of(family)}"' in client.get(dyad).content.decode()
            assert "begun on Nov. 20, 2026" in client.get(sitting_of(family)).content.decode()
        concerns = enter(family, "swycconcerns", swycconcerns_2=1)
        page = client.get(dyad).content.decode()
        assert "Go on: SWYC" not in page and "Begin: SWYC" not in page
        assert "Asked for again at the next visit." in page
        assert (concerns.points, concerns.lowest, concerns.band, concerns.is_positive) == (None, None, "", True)
        assert due_state(family) is State.DONE  # the adult's own part is not asked for
        page = client.get(sitting_of(family)).content.decode()
        assert "4 of 5 parts are finished." in page and "SWYC Family Questions" in page
        own = enter(family, "swycfamily", swycfamily_2=1, swycfamily_8=1, swycfamily_9=2)
        assert (own.subject, own.informant, own.form) == (family.adult, None, "")
        page = client.get(sitting_of(family)).content.decode()
        assert "All parts are finished." in page and "To talk about: 2. behavior concern." in page
        closer = "SWYC Milestones, Parent&#x27;s Observations of Social Interactions, Parent&#x27;s concerns."
        assert f"Worth a closer look: {closer}" in page
        in_the_fold = page.index("Finished. Show what it came to")
        assert "Ana alone" not in page[:in_the_fold].replace("They belong to Ana alone", "")
        assert in_the_fold < page.index("</summary>", in_the_fold) < page.index("To talk about with Ana")
        assert page.index("no-print") < page.index("To talk about with Ana alone: 2. substance overuse, 9.")
        chart = client.get(reverse("caregiver", args=[family.episode.pk, family.child.pk])).content.decode()
        assert sitting_of(family) in chart and str(own.pk) not in chart and str(posi.pk) in chart


def due_state(family: make.Family) -> State:
    found = due.of_child(family.episode, TODAY)
    return next(one.state for one in found if one.asked.key == "developmental")


@pytest.mark.django_db
def test_a_closer_look_waits_until_a_next_step_is_written_down(toddler: make.Family) -> None:
    """On the family's page, on Today and on its own page; of the child's screens alone; again after a correction."""
    family, client, heading = toddler, toddler.by.client, "Worth a closer look together"
    pages = [reverse("dyad", args=[family.dyad.pk]), reverse("today")]

    def shown() -> list[bool]:
        return [heading in client.get(page).content.decode() for page in pages]

    with clock.at(NOON):
        enter(family, "swycfamily", swycfamily_2=1)
        ppsc = enter(family, "ppsc", ppsc_1=2)
        assert shown() == [False, False]
        assert "Write down a next step" not in client.get(reverse("screen", args=[ppsc.pk])).content.decode()
        posi = enter(family, "posi", posi_1=1, posi_2=1, posi_6=1)
        assert shown() == [True, True]
        page = client.get(pages[0]).content.decode()
        assert reverse("screen", args=[posi.pk]) in page and reverse("screen", args=[ppsc.pk]) not in page
        page = client.get(reverse("screen", args=[posi.pk])).content.decode()
        assert "What comes next" in page and "InMind’s own" in page
        assert reverse("family_concern", args=[family.dyad.pk]) in page
    with clock.at(NOON + timedelta(hours=1)):
        hear = {"words": "She wonders.", "next_step": "call", "owner": family.by.person, "by": TODAY}
        families.hear(family.by.actor, episode=family.episode, **hear)
        assert shown() == [False, False]
    with clock.at(NOON + timedelta(hours=2)):
        actions.correct(family.by.actor, screen=posi, answers={"posi_3": 1}, reason="A mark was read in the wrong row.")
        assert shown() == [True, True]
        make.make_referral(family)
        assert shown() == [True, True], "of the mother"
        make.make_referral(family, make.make_listing(name="Others"), about=family.child, sent=False)
        assert shown() == [True, True], "a draft"
        make.make_referral(family, make.make_listing(provider_name="Others"), about=family.child)
        assert shown() == [False, False]


@pytest.mark.django_db
def test_two_tabs_begin_one_part(toddler: make.Family) -> None:
    """The second is the same screen; stopped in between, its answers stand there."""
    with clock.at(NOON):
        first, second = (toddler.by.client.post(sitting_of(toddler), {"part": "ppsc"}) for _ in range(2))
        assert first["Location"] == second["Location"]
        screen = Screen.objects.get()
        actions.answer(toddler.by.actor, screen=screen, answers={"ppsc_1": 2})
        page = toddler.by.client.get(sitting_of(toddler)).content.decode()
        assert "Go on" in page and "not finished" in page


@pytest.mark.django_db
def test_the_form_of_another_age_is_said_and_kept_as_what_it_is(toddler: make.Family) -> None:
    """Said before the first part; entered all the same, its milestones have no band, and the due list is not settled."""
    family, client = toddler, toddler.by.client
    begin = reverse("screen_battery", args=[family.episode.pk, family.child.pk, "swyc"])
    sent = {"key": "k", "informant": str(family.adult.pk), "on": TODAY.isoformat(), "form": "24"}
    with clock.at(NOON):
        refusal = client.post(begin, sent)
        assert refusal.status_code == 400
        said = refusal.content.decode()
        assert "This is the 24-month form. At 19 months the 18-month form is asked." in said and 'name="anyway"' in said
        assert client.post(begin, {**sent, "anyway": "on"})["Location"] == sitting_of(family, "24")
        screen = enter(family, "swycmilestones", "24")
        assert (screen.points, screen.band, screen.is_positive, screen.form) == (0, "", None, "24")
        for part in ("ppsc", "posi", "swycconcerns"):
            enter(family, part, "24")
        assert Screen.objects.get(instrument="ppsc").band == "below_cutoff"  # its items are the same on every form
        assert due_state(family) is State.DUE
        page = client.get(reverse("screen", args=[screen.pk])).content.decode()
        assert "Its questions are those of another age, so that this number has no cut-off here." in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("weeks", "form", "used"),
    [pytest.param(32, "15", 16, id="eight weeks early"), pytest.param(38, "18", 18, id="two weeks early")],
)
def test_both_ages_are_kept_and_which_one_counted(weeks: int, form: str, used: int) -> None:
    """The corrected one stands beside the other; the rule of the instrument says which one it went by."""
    family = registered(date(2025, 5, 18), weeks=weeks)
    with clock.at(NOON):
        page = family.by.client.get(reverse("screen_battery", args=[family.episode.pk, family.child.pk, "swyc"]))
        assert f'<option value="{form}" selected>' in page.content.decode()
        screen = make.make_screen(family, instrument="swycmilestones", form=form)
        assert (screen.age_months, screen.goes_by_corrected) == (18, weeks == 32)
        assert screen.ages is not None and screen.ages.used.months == used
        assert screen.corrected_months == (16 if weeks == 32 else 17)
        families.note_gestation(family.by.actor, episode=family.episode, gestation_weeks=40)
        said = family.by.client.get(reverse("screen", args=[screen.pk])).content.decode()
        assert f"From birth 18 months, from the day it was due {screen.corrected_months}." in said
        assert ("At 16 months no cut-off is known here" in said) == (weeks == 32)
        assert ("By them this tool goes by 18 months on this day." in said) == (weeks == 32)
        families.note_gestation(family.by.actor, episode=family.episode, gestation_weeks=weeks)
        mchatr = make.make_screen(family, instrument="mchatr")
        assert (mchatr.corrected_months, mchatr.goes_by_corrected) == (screen.corrected_months, False)


@pytest.mark.django_db
def test_no_entry_names_the_child_beside_the_adults_own_answers(toddler: make.Family) -> None:
    """`protect.md` 1: reading a sitting leaves an entry for the child's parts and one of hers, which names no child."""
    with clock.at(NOON):
        enter(toddler, "swycconcerns")
        enter(toddler, "swycfamily", swycfamily_2=1)
        toddler.by.client.get(sitting_of(toddler))
    child = {("person", toddler.child.pk), ("dyad", toddler.dyad.pk)}
    entries = AuditEntry.objects.filter(subjects__ref=toddler.adult.pk, verb__startswith="screening.")
    named = [{(one.kind, one.ref) for one in entry.subjects.all()} for entry in entries]
    assert named and not any(child & one for one in named)


@pytest.mark.django_db
def test_what_cannot_be_a_sitting_is_refused(toddler: make.Family) -> None:
    """Another battery, form, day or person: the same sentence as for what is not yours; and who is not on the team."""
    family = toddler
    good = sitting_of(family)
    supervisor = make.make_worker("agency_supervisor")
    with clock.at(NOON):
        assert family.by.client.get(good).status_code == 200
        for bad in (
            good.replace("/swyc/", "/asq/"),
            good.replace("/18/", "/7/"),
            good.replace(TODAY.isoformat(), "today"),
            good.replace(str(family.adult.pk), str(family.child.pk)),
            reverse("screen_battery", args=[family.episode.pk, family.adult.pk, "swyc"]),
            reverse("screen_battery", args=[family.episode.pk, family.child.pk, "asq"]),
        ):
            assert family.by.client.get(bad).status_code == 403, bad
        for address in (good, reverse("screen_battery", args=[family.episode.pk, family.child.pk, "swyc"])):
            assert supervisor.client.get(address).status_code == 403
        nothing = family.by.client.post(good, {"part": "phq9"})
        assert nothing.status_code == 200 and not Screen.objects.exists()
        later = family.by.client.post(sitting_of(family, on=TODAY + timedelta(days=1)), {"part": "ppsc"})
        assert later.status_code == 400 and "lies in the future" in later.content.decode()
        with pytest.raises(BadInput, match="does not stand on this form"):
            make.make_screen(family, instrument="swycmilestones")
        with pytest.raises(BadInput, match="does not stand on this form"):
            make.make_screen(family, instrument="posi", form="9")


@pytest.mark.django_db
def test_a_crisis_in_a_part_makes_help_the_next_page() -> None:
    """The EPDS on the 6-month form: its tenth question calls a person as ever, and the sitting says who is asked."""
    family = registered(date(2026, 5, 1))
    client = family.by.client
    with clock.at(NOON):
        begun = client.post(sitting_of(family, "6"), {"part": "epds"})
        screen = Screen.objects.get()
        sent = {"epds_10": "3", "key": "f", "version": str(screen.version)}
        done = client.post(begun["Location"], sent)
        assert done["Location"] == reverse("screen_help", args=[screen.pk]) + "?form=6"
        assert sitting_of(family, "6") in client.get(done["Location"]).content.decode()
        assert "is asked" in client.get(sitting_of(family, "6")).content.decode()


@pytest.mark.django_db
def test_the_pages_speak_spanish(toddler: make.Family) -> None:
    """Each page of the journey opens in the other language too."""
    with clock.at(NOON):
        screen = enter(toddler, "posi", posi_1=1)
        enter(toddler, "swycfamily")
        client = toddler.by.client
        client.cookies["django_language"] = "es"
        begin = reverse("screen_battery", args=[toddler.episode.pk, toddler.child.pk, "swyc"])
        for address in (begin, sitting_of(toddler), reverse("screen", args=[screen.pk])):
            page = client.get(address, headers={"accept-language": "es"})
            assert page.status_code == 200 and 'lang="es"' in page.content.decode()
            said = page.content.decode()
            assert "partner tension" not in said and ("8. tensión con la pareja" in said) == (
                address == sitting_of(toddler)
            )
