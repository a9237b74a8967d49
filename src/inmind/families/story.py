"""The families of the board's story: who cares for them, what they are proud of, what they worry about. Nobody is anybody."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from inmind.access import consents
from inmind.families import actions, queries
from inmind.families.intake import AdultFacts, ChildFacts
from inmind.families.models import Episode
from inmind.families.rota import Turn
from inmind.foundation import clock
from inmind.people.models import Relationship
from inmind.records import actions as records
from inmind.records.models import SheetImport

WEEK = range(5)
NIGHT_MINUTES = 480  # at night nobody is woken: an answer climbs once somebody could have read it

# By name: on which day, by whom, at which agency; the child; the adults.
FAMILIES: tuple[tuple[str, str, str, int, ChildFacts, tuple[AdultFacts, ...]], ...] = (
    (
        "mateo",
        "2026-07-20 10:20",
        "luz",
        0,
        ChildFacts("Mateo", "Reyes", date(2026, 4, 15), gestation_weeks=33),
        (
            AdultFacts("Elena", "Reyes", "mother", "es", "555-0121", True),
            AdultFacts("Daniel", "Reyes", "father", "en", "555-0122", True),
            AdultFacts("Carmen", "Solís", "grandmother", "es"),
            AdultFacts("Víctor", "Solís", "kin", "es", since=date(2026, 7, 1)),
        ),
    ),
    (
        "angel",
        "2026-08-03 09:40",
        "luz",
        0,
        ChildFacts("Ángel", "Peña", date(2026, 4, 16), gestation_weeks=33),
        (AdultFacts("Sofía", "Peña", "mother", "es", "555-0131", True),),
    ),
    (
        "wren",
        "2026-09-08 14:00",
        "luz",
        0,
        ChildFacts("Wren", "Begay", date(2025, 10, 2), gestation_weeks=39),
        (AdultFacts("Ruth", "Begay", "grandmother", "en", "555-0135", True),),
    ),
    (
        "bao",
        "2026-10-06 11:00",
        "luz",
        0,
        ChildFacts("Bao", "Nguyễn", date(2025, 6, 28), gestation_weeks=40),
        (
            AdultFacts("Thu", "Nguyễn", "mother", "other", "555-0141", True),
            AdultFacts("Quang", "Nguyễn", "father", "other", "555-0141", None),
        ),
    ),
    (
        "luna",
        "2026-10-19 15:10",
        "luz",
        0,
        ChildFacts("Luna", "Castillo", date(2026, 5, 10), gestation_weeks=38),
        (AdultFacts("Jessa", "Castillo", "birth_mother", "en", "555-0147", False),),
    ),
    (
        "maria",
        "2026-12-14 09:15",
        "luz",
        0,
        ChildFacts("Noé", "Hernández", date(2026, 11, 27)),
        (AdultFacts("María", "Hernández", "mother", "es", "555-0117", True),),
    ),
    (
        "maria again",
        "2027-02-15 16:30",
        "rosa",
        0,
        ChildFacts("Noe", "Hernandez", date(2026, 11, 27)),
        (AdultFacts("Maria", "Hernandez", "mother", "es", "(555) 0117", None, is_somebody_else=True),),
    ),
    (
        "expected",
        "2027-01-11 13:00",
        "nadia",
        0,
        ChildFacts(family_name="Yusuf", due_date=date(2027, 4, 20)),
        (AdultFacts("Hawa", "Yusuf", "expecting", "other", "555-0151", True),),
    ),
    (
        "eli",
        "2027-01-25 10:00",
        "nadia",
        0,
        ChildFacts("Eli", "Martin", date(2026, 12, 30), gestation_weeks=40),
        (AdultFacts("Zoë", "Martin", "mother", "en", "555-0155", True),),
    ),
    (
        "theo",
        "2027-02-02 10:30",
        "luz",
        0,
        ChildFacts("Theo", "Johnson", date(2027, 1, 19), gestation_weeks=39),
        (AdultFacts("Amara", "Johnson", "mother", "en", "555-0142", True),),
    ),
    (
        "iris",
        "2026-11-02 10:00",
        "sam",
        1,
        ChildFacts("Iris", "Jørgensen", date(2026, 2, 8), gestation_weeks=39),
        (AdultFacts("Peter", "Jørgensen", "father", "en", "555-0161", True),),
    ),
    (
        "amal",
        "2026-12-01 10:00",
        "sam",
        1,
        ChildFacts("Amal", "Okoye", date(2026, 9, 21)),
        (AdultFacts("Imani", "Okoye", "mother", "en", "555-0162", None),),
    ),
    (
        "mia",
        "2026-12-03 10:00",
        "june",
        2,
        ChildFacts("Mía", "López", date(2026, 6, 14)),
        (AdultFacts("Ana", "López", "mother", "es", "555-0171", True),),
    ),
    (
        "oscar",
        "2027-01-07 10:00",
        "june",
        2,
        ChildFacts("Óscar", "Muñoz", date(2025, 12, 3)),
        (AdultFacts("Renée", "Muñoz", "foster_mother", "en", "555-0172", True),),
    ),
)
VISITS: tuple[tuple[str, str, str, str, int, str, str], ...] = (
    # family, when, by whom, place, minutes, what the caregiver is proud of, what the baby showed
    (
        "mateo",
        "2026-07-28 10:00",
        "luz",
        "home",
        75,
        "He is here, and he is ours.",
        "Opened his eyes at Elena's voice.",
    ),
    ("mateo", "2026-10-20 10:00", "luz", "home", 60, "He slept on my chest and I felt calm.", ""),
    ("mateo", "2026-12-15 10:00", "luz", "home", 60, "", "Laughed at Carmen's song before it began."),
    (
        *("mateo", "2027-02-24 10:00", "luz", "home", 60),
        *("He turns to my voice even when he is crying.", "Reached out both hands and waited to be picked up."),
    ),
    (
        "angel",
        "2027-02-17 09:30",
        "luz",
        "home",
        45,
        "She finds my face in every room, my sister says. So does he.",
        "",
    ),
    ("wren", "2027-03-02 15:00", "luz", "home", 60, "She saves the last blueberry for me.", "Pointed at the window."),
    ("bao", "2027-02-10 11:00", "luz", "home", 60, "He carries his father's shoes to the door.", "Stacked four cups."),
    ("luna", "2027-02-18 15:00", "luz", "office", 60, "She knew me at once.", "Held on to Jessa's sleeve."),
    ("eli", "2027-03-02 13:20", "nadia", "home", 60, "He calms down when I hum.", ""),
    (
        "theo",
        "2027-02-16 10:30",
        "luz",
        "home",
        60,
        "We found a way to feed that works.",
        "Looked long at Amara's face.",
    ),
    ("iris", "2027-02-23 10:00", "sam", "home", 60, "She claps when I come home.", ""),
    ("oscar", "2027-02-25 10:00", "june", "home", 60, "He sleeps through in his own bed now.", ""),
)
CONCERN = "She used to babble all day. Now she is so quiet, and I lie awake over it."
# Who may be told of Iris, what for, and what.
IRISS_DOCTOR: dict[str, Any] = {
    "recipient": "Dr. Lena Ruiz, Prairie Children's Clinic",
    "purpose": consents.Purpose.CARE,
    "kinds": frozenset({consents.Kind.SCREENS}),
}
SHEET = """Child first name,Child last name,Birth date,First name,Last name,Relationship,Language,Phone
Sami,Haddad,2026-08-30,Leila,Haddad,mother,,555-0181
Nayeli,Cruz,2026-02-11,Rosario,Cruz,mother,Spanish,555-0182
Mia,López,2026-06-14,Beatriz,Ortega,grandmother,Spanish,555-0183
Oscar,Munos,2025-12-03,Renée,Muñoz,mother,English,555-0172
Jude,Brown,2062-01-05,Grace,Brown,mother,English,555-0184
Nayeli,Cruz,2026-02-11,Rosario,Cruz,mother,Spanish,555-0182
"""


def tell(story: Any) -> None:
    """Add the scenes of the families."""
    story.scene("2026-07-01 11:00", _say_who_reads)
    story.scene("2026-07-01 12:00", _hold)
    for name, at, by, agency, child, adults in FAMILIES:
        story.scene(at, _register, name, by, agency, child, adults)
    for name, at, *told in VISITS:
        story.scene(at, _visit, name, *told)
    story.scene("2026-07-20 10:50", _around_mateo)
    story.scene("2026-07-21 09:00", _join, "mateo", "dana")
    story.scene("2026-12-15 10:40", _draw_as_they_wish)
    story.scene("2026-09-08 14:30", _around_wren)
    story.scene("2026-10-06 11:30", _around_bao)
    story.scene("2026-12-07 09:00", _open_foster_side)
    story.scene("2027-01-11 13:30", _languages_of_hawa)
    story.scene("2027-01-12 09:30", _agree_about_iris)
    story.scene("2027-02-24 09:00", _tell_iriss_doctor)
    story.scene("2027-02-02 11:00", _join, "theo", "dana")
    story.scene("2027-02-22 09:00", _take_in_a_sheet)
    story.scene("2027-02-22 09:20", _carry_on)
    story.scene("2027-03-02 15:40", _hear_ruth)


def adult(story: Any, name: str, place: int = 0) -> Any:
    """One of the adults of a family of the story, in the order in which they were written down."""
    episode: Episode = story.made[name]
    return queries.adults(episode, clock.today(story.zone))[place].person


def _say_who_reads(story: Any) -> None:
    """In office hours somebody reads, and a second one is asked next; at Harbor on five days from eight to six."""
    for place, supervisor, first, second, opens, closes, spanish in (
        (0, "okafor", "dana", "kofi", 8, 18, "dana"),
        (1, "tom", "ines", "", 9, 17, "ines"),
        (2, "greta", "amir", "", 8, 16, ""),
    ):
        person = story.person(first).pk
        behind = story.person(second).pk if second else None
        actions.name_on_call(
            story.actor(supervisor),
            organization=story.network.agencies[place],
            turns=tuple(Turn(time(opens), time(closes), weekday=day, person=person, backup=behind) for day in WEEK),
            speaks=frozenset({(story.person(spanish).pk, "es")} if spanish else ()),
            outside_minutes=NIGHT_MINUTES,
        )


def _hold(story: Any) -> None:
    """Reflective supervision: who holds whom."""

    def relate(act: Any) -> None:
        for held in ("luz", "nadia", "dana"):
            holder, to = story.person("okafor"), story.person(held)
            records.relate(act, kind=Relationship.Kind.HOLDS, person=holder, to=to, since=act.today())

    story.network.together(relate)


def _register(story: Any, name: str, by: str, agency: int, child: ChildFacts, adults: tuple[AdultFacts, ...]) -> None:
    _, story.made[name] = actions.register(
        story.actor(by), organization=story.network.agencies[agency], child=child, adults=adults
    )


def _join(story: Any, name: str, worker: str) -> None:
    actions.join_team(story.actor("rosa"), episode=story.made[name], worker=story.person(worker))


def _visit(story: Any, name: str, by: str, place: str, minutes: int, strength: str, showed: str) -> None:
    episode = story.made[name]
    actions.visit(
        story.actor(by),
        episode=episode,
        on=clock.today(story.zone),
        place=place,
        minutes=minutes,
        strength=strength,
        showed=showed,
        present=(episode.dyad.child, adult(story, name)),
    )


def _around_mateo(story: Any) -> None:
    """Three adults in one home; two may consent, two like to speak Spanish, and one of those Mixtec before it."""
    luz, episode = story.actor("luz"), story.made["mateo"]
    elena, daniel, carmen = (adult(story, "mateo", place) for place in range(3))
    since = date(2026, 4, 15)
    actions.house_together(
        luz,
        episode=episode,
        people=(episode.dyad.child, elena, daniel, carmen),
        since=clock.today(story.zone),
        address="12 Harbor Road",
    )
    for person in (elena, daniel):
        actions.note_consent(luz, episode=episode, holder=person, capacity="parent", since=since)
    for person, spoken, interpreter in ((elena, "Spanish, some English", True), (carmen, "Mixtec, Spanish", True)):
        actions.describe_speech(
            luz, episode=episode, person=person, language="es", spoken=spoken, interpreter=interpreter
        )


def _draw_as_they_wish(story: Any) -> None:
    """On the family's own map the grandmother is called as Mateo will call her, and an uncle who moved away is left out."""
    carmen, victor = adult(story, "mateo", 2), adult(story, "mateo", 3)
    actions.change_map(
        story.actor("luz"),
        episode=story.made["mateo"],
        wishes={str(carmen.pk): ("Abue", False), str(victor.pk): ("", True)},
    )


def _around_wren(story: Any) -> None:
    """A grandmother who is the child's guardian: a home of two, and no gap in it."""
    luz, episode, ruth = story.actor("luz"), story.made["wren"], adult(story, "wren")
    actions.house_together(luz, episode=episode, people=(episode.dyad.child, ruth), since=clock.today(story.zone))
    actions.describe_speech(
        luz, episode=episode, person=ruth, language="en", spoken="Diné bizaad, English", interpreter=False
    )
    actions.note_consent(
        luz,
        episode=episode,
        holder=ruth,
        capacity="legal_guardian",
        document="guardianship",
        since=date(2026, 6, 1),
    )


def _around_bao(story: Any) -> None:
    luz, episode = story.actor("luz"), story.made["bao"]
    for place in range(2):
        actions.describe_speech(
            luz,
            episode=episode,
            person=adult(story, "bao", place),
            language="other",
            spoken="Tiếng Việt",
            interpreter=True,
        )


def _open_foster_side(story: Any) -> None:
    """A foster home served apart, by another worker: what one side says stays on its side."""
    foster = AdultFacts("Miriam", "Cole", "foster_mother", "en", "555-0148", True)
    story.made["luna, foster home"] = actions.open_side(
        story.actor("rosa"),
        episode=story.made["luna"],
        side="foster home",
        adult=foster,
        worker=story.person("nadia"),
    )


def _languages_of_hawa(story: Any) -> None:
    actions.describe_speech(
        story.actor("nadia"),
        episode=story.made["expected"],
        person=adult(story, "expected"),
        language="other",
        spoken="Soomaali",
        interpreter=True,
    )


def _agree_about_iris(story: Any) -> None:
    """Her father agrees that her doctor may be told of her screens, for half a year; the paper is signed."""
    sam, episode, father = story.actor("sam"), story.made["iris"], adult(story, "iris")
    today, child = clock.today(story.zone), episode.dyad.child
    actions.note_consent(sam, episode=episode, holder=father, capacity="parent", since=episode.dyad.birth_date)
    holder = next(one for one, _ask in queries.may_agree(episode, child, today) if one.person == father.pk)
    agreed = consents.Consent(
        **IRISS_DOCTOR,
        about=child.pk,
        days=consents.Days(episode.since, None),
        given_by=holder,
        since=today,
        until=date(2027, 7, 12),
        paper="Family folder, first page",
        covered=True,
    )
    edition = f"InMind, edition {consents.EDITION}"
    actions.agree(sam, episode=episode, person=child, agreed=agreed, language="en", interpreter=False, edition=edition)


def _tell_iriss_doctor(story: Any) -> None:
    """A letter with what a licensed form showed, by that consent."""
    episode = story.made["iris"]
    days = consents.Days(date(2027, 2, 4), date(2027, 2, 4))
    actions.tell(
        story.actor("sam"),
        episode=episode,
        person=episode.dyad.child,
        asked=consents.Asked(**IRISS_DOCTOR, about=episode.dyad.child_id, days=days),
        ground=consents.Ground.CONSENT,
        manner=consents.Manner.LETTER,
        on=clock.today(story.zone),
        words="The ASQ-3 of February 4, and that its gross motor score is worth a closer look.",
    )


def _hear_ruth(story: Any) -> None:
    """A worry alone, without any screen, with a next step on Tuesday; Rosa joins the care team, and takes it."""
    actions.join_team(story.actor("okafor"), episode=story.made["wren"], worker=story.person("rosa"))
    actions.hear(
        story.actor("luz"),
        episode=story.made["wren"],
        words=CONCERN,
        next_step="call",
        owner=story.person("rosa"),
        by=date(2027, 3, 9),
        said_by=adult(story, "wren"),
    )


def _take_in_a_sheet(story: Any) -> None:
    """A contractor's sheet for River Bend: new rows come in, doubtful ones wait, one is refused, one was there already."""
    steward = story.actor("steward")
    sheet = records.begin_import(
        steward, organization=story.network.agencies[2], name="referred-families-february.csv", text=SHEET
    )
    story.made["sheet"] = records.map_columns(steward, sheet=sheet, columns=sheet.columns).pk


def _carry_on(story: Any) -> None:
    """Once each row was looked at."""
    records.carry_on_import(story.actor("steward"), sheet=SheetImport.objects.get(pk=story.made["sheet"]))
