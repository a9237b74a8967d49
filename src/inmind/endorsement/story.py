"""The profession's part of the board's story: an association with its groups and consultants, one training on a Saturday, another
still to come, and Luz, who is one hour and one tap from what endorsement asks.

What is dropped in while the story is shown lies as files in the installation's folder, under `story`: a member export, and the log
of Saturday's call. All people, fees and letters are invented.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from inmind.association import actions as association
from inmind.association.moving import sample
from inmind.endorsement import demo
from inmind.endorsement.demo import LEVELS, NAME, invited, name_of, username_of
from inmind.foundation import clock
from inmind.learning.models import Training
from inmind.people.models import Organization
from inmind.records import actions as records
from inmind.reflection import actions as reflection

GROUPS, GIVERS, IN_A_GROUP = 9, 14, 4
MEMBERS = GIVERS + GROUPS * IN_A_GROUP - 1  # who have an account, and Luz
PAID = (date(2026, 1, 1), date(2028, 1, 1))
EXPORTED = 170  # with those who have an account, the association's 220
BEGINS = date(2026, 7, 8)
HELD = 23  # sessions of Luz's group that stand; one more waits for her
SATURDAY = date(2027, 2, 27)
# Trainings that are over: day, hours, title and the area that they are about.
OVER = (
    (date(2026, 8, 15), 6, "How babies tell us what they need", "theoretical_foundations"),
    (date(2026, 9, 12), 6, "Watching, wondering, waiting", "direct_service_skills"),
    (date(2026, 10, 17), 6, "Serving families together", "systems_expertise"),
    (date(2026, 11, 14), 6, "Listening so that parents speak", "communicating"),
    (date(2027, 1, 16), 5, "When a family and a helper disagree", "working_with_others"),
)


def tell(story: Any) -> None:
    """Add the association's scenes, where it is a room of this house."""
    story.scene("2026-07-02 10:00", _found)
    story.scene("2026-07-06 10:00", _begin_groups)
    for day, hours, title, domain in OVER:
        story.scene(
            f"{day - timedelta(days=30)} 11:00", _announce, title, day, time(9), time(9 + hours), {domain: hours * 60}
        )
        story.scene(f"{day + timedelta(days=1)} 11:00", _was_there, title, hours * 60)
    for number in range(HELD):
        story.scene(f"{BEGINS + timedelta(days=10 * number)} 17:30", _meet, number)
    story.scene("2027-01-25 11:00", _announce, "The first hour with a family", SATURDAY, time(9, 30), time(12), _HOURS)
    story.scene(
        *("2027-02-10 11:00", _announce, "What the law asks of a home visitor", date(2027, 3, 20), time(10), time(11)),
        {"law_regulation_agency_policy": 60},
    )
    story.scene("2027-02-12 16:00", _says_of_herself)
    story.scene("2027-03-01 17:30", _meet, HELD, False)
    story.scene("2027-03-02 18:00", _lay_files)


_HOURS = {"direct_service_skills": 90, "theoretical_foundations": 60}


def _found(story: Any) -> None:
    """The association, its coordinator, its members with an account, and one level of membership."""
    admin, network = story.actor("admin"), story.network
    home: Organization = records.add_organization(admin, name=NAME, zone=story.zone, kind=Organization.Kind.ASSOCIATION)
    story.made["association"] = home
    network.accounts["marisol"] = invited(admin, home, *demo.COORDINATOR)
    coordinator = story.actor("marisol")
    level, *_others = [
        association.keep_level(coordinator, association=home, name=name, cents=cents, **said)
        for name, cents, said in LEVELS
    ]
    for place in range(MEMBERS):
        one = (username_of(place), *name_of(place), "practitioner")
        network.accounts[one[0]] = invited(coordinator, home, *one)
    everybody = [
        story.person("luz"),
        *(story.person(username_of(place)) for place in range(MEMBERS)),
    ]

    def take_in(act: Any) -> None:
        for person in everybody:
            association.take_in(
                network.on_behalf(act, coordinator),
                association=home,
                person=person,
                level=level,
                since=PAID[0],
                until=PAID[1],
            )

    network.together(take_in)


def _begin_groups(story: Any) -> None:
    """Fourteen who are endorsed to give; nine of them hold a group. Luz is in the first."""
    home, coordinator = story.made["association"], story.actor("marisol")
    for place in range(GIVERS):
        demo.endorsed(coordinator, home, story.person(username_of(place)), ("MHS", "ERS"), date(2026, 6, 1))
    story.made["groups"] = []
    for group in range(GROUPS):
        names = [username_of(GIVERS + group * IN_A_GROUP + seat - 1) for seat in range(IN_A_GROUP)]
        if group == 0:
            names[0] = "luz"
        giver = username_of(group)
        held = [(story.actor(name), story.person(name)) for name in names]
        terms = {"provider": story.person(giver), "seats": 6}
        row = demo.agreed(story.actor(giver), home, held, date(2026, 7, 6), **terms)
        story.made["groups"].append((row, names))


def _meet(story: Any, number: int, confirmed: bool = True) -> None:
    """Luz's group meets each time, the others in turn; whoever was there says so with one tap, but for Luz the last time."""
    chosen = [0] if number % GROUPS == 0 else [0, number % GROUPS]
    for group in chosen:
        row, names = story.made["groups"][group]
        there = [story.person(name).pk for name in names]
        session = demo.met(story.actor(username_of(group)), row, clock.today(story.zone), there)
        for name in names:
            if confirmed or name != "luz":
                reflection.confirm(story.actor(name), session=session)


def _announce(story: Any, title: str, day: date, begins: time, ends: time, domains: dict[str, int]) -> None:
    """A training by video, open to all; thirty-one take a seat where it is long enough to be worth a certificate."""
    coming = [story.actor(name) for name in _comes(title)]
    to = (story.actor("marisol"), story.made["association"], title, day, (begins, ends), domains, coming)
    story.made[title] = demo.announced(*to).pk


def _comes(title: str) -> list[str]:
    if title.startswith("What the law"):
        return [username_of(place) for place in range(5)]
    if title.startswith("The first hour"):
        return [username_of(place) for place in range(31)]
    return ["luz", *(username_of(place) for place in range(GIVERS, GIVERS + 5))]


def _was_there(story: Any, title: str, minutes: int) -> None:
    """Everybody stayed to the end, as the coordinator writes down; certificates are made."""
    row = Training.objects.get(pk=story.made[title])
    demo.all_came(story.actor("marisol"), row, [story.person(name) for name in _comes(title)], minutes)


def _says_of_herself(story: Any) -> None:
    """What nobody but Luz knows, said once; and toward what she works."""
    rated = [date(2027, 1, 10 + place) for place in range(3)]
    works = (date(2023, 5, 1), "Harbor Family Services")
    demo.says_of_oneself(story.actor("luz"), story.person("luz"), story.made["association"], works=works, rated=rated)


def _lay_files(story: Any) -> None:
    """What the coordinator drops in while the story is shown."""
    folder = settings.INSTALLATION.home / "story"
    folder.mkdir(exist_ok=True)
    here = [
        sample.known(number, (one.given_name, one.family_name), f"{username}@example.org", PAID)
        for number, username in enumerate(["luz", *map(username_of, range(MEMBERS))])
        for one in [story.person(username)]
    ]
    export = sample.export(EXPORTED, date(2027, 3, 2), here)
    (folder / "members.csv").write_text(export, encoding="utf-8")
    (folder / "saturday-call.csv").write_text(_call_log(story), encoding="utf-8")


def _call_log(story: Any) -> str:
    """As a video product writes it: one came half an hour late, one left and came again."""
    zone = ZoneInfo(story.zone)

    def at(hour: int, minute: int) -> str:
        return datetime.combine(SATURDAY, time(hour, minute), zone).strftime("%m/%d/%Y %I:%M:%S %p")

    lines = ["Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest"]
    for place, name in enumerate(_comes("The first hour")):
        who = story.person(name).name
        if place == 4:
            stays = [((10, 1), (12, 0))]
        elif place == 9:
            stays = [((9, 27), (10, 40)), ((10, 43), (12, 1))]
        else:
            stays = [((9, 20 + place % 10), (12, place % 5))]
        lines += [
            f"{who},{name}@example.org,{at(*came)},{at(*left)},{_between(came, left)},Yes" for came, left in stays
        ]
    return "\n".join(lines) + "\n"


def _between(came: tuple[int, int], left: tuple[int, int]) -> int:
    return (left[0] - came[0]) * 60 + left[1] - came[1]
