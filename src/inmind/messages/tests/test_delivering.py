"""A letter with a caregiver's link: which way it takes, what it says there, and what becomes of it (`protect.md` 4)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test.utils import override_settings

from inmind.access import adult_links, privacy
from inmind.access.models import AdultLink
from inmind.families import actions as families
from inmind.families.intake import AdultFacts
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.registries import Grade, house
from inmind.jobs.models import Job
from inmind.jobs.runner import run_due
from inmind.messages import carriers, delivering
from inmind.messages.adapters import mail, texts
from inmind.messages.errors import NotTaken, TryLater
from inmind.messages.models import Letter
from inmind.messages.offers import letters_arrive
from inmind.messages.outcomes import Problem, State, state_of
from inmind.people.models import Person
from inmind.people.reaching import Saying, Way
from inmind.records import actions as records
from inmind.records.models import Pair
from tests import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, tzinfo=ZoneInfo(make.ZONE))
PHONE, SAFE = "+12025550142", {"channel": "text", "address": "+12025550142", "safe": True}
BY_MAIL = Way("mail", "rosa@example.org", True)


@dataclass
class Carried:
    """Whatever left, by which channel, to where, in which words. `says` makes an address be refused, or a channel wait."""

    left: list[tuple[str, str, str]] = field(default_factory=list)
    says: dict[str, Exception] = field(default_factory=dict)
    leaves: bool = True

    def take(self, channel: str, to: str, words: str) -> None:
        if "/l/" not in words:  # an invitation of somebody who works here
            return
        if fault := self.says.get(to) or self.says.get(channel):
            raise fault
        self.left.append((channel, to, words))

    def send(self, *, to: str, body: str, named: str, id: str) -> str:
        self.take("text", to, body)
        return "m-1"

    def ways(self) -> list[tuple[str, str]]:
        return [(channel, to) for channel, to, _ in self.left]


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> Carried:
    """A house whose mail and texts leave, and what left."""
    there = Carried()
    monkeypatch.setattr(mail, "is_demo", lambda: False)
    monkeypatch.setattr(texts, "port", lambda: there)
    monkeypatch.setattr(
        mail, "send", lambda *, to, subject, body, named, id: there.take("mail", to, f"{subject}\n{body}")
    )
    return there


@pytest.fixture
def family() -> Iterator[make.Family]:
    with clock.at(NOON):
        yield make.make_family()


def keep(family: make.Family, *ways: Way, person: Person | None = None) -> None:
    for way in ways:
        families.keep_way(family.by.actor, episode=family.episode, person=person or family.adult, way=way)


def tell(family: make.Family, template: str = "visit_link", **named: Any) -> tuple[Letter, str]:
    """A letter with a link to the first adult, and the link's secret."""
    letter = make.make_letter(family, template, **named)
    return letter, json.loads(letter.facts)["secret"]


def after(letter: Letter) -> tuple[State, datetime | None]:
    letter.refresh_from_db()
    return state_of(letter)


def run_at(moment: datetime) -> None:
    with clock.at(moment):
        run_due()


def test_protect_4_a_letter_takes_the_way_that_is_safe_at_that_hour(family: make.Family, carried: Carried) -> None:
    """Nothing before nine; then the text alone; never the address that is not safe. What was queued is asked anew."""
    keep(
        family,
        Way("mail", "home@example.org", False),
        Way("mail", "rosa@example.org", None),
        Way("text", PHONE, True, time(14), time(15)),
    )
    letter, secret = tell(family)
    run_at(NOON)
    assert after(letter) == (State.WAITS, NOON.replace(hour=14)) and not carried.left
    run_at(NOON.replace(hour=14))
    assert after(letter) == (State.LEFT, NOON.replace(hour=14))
    [(channel, to, words)] = carried.left
    assert (channel, to) == ("text", PHONE) and words.endswith(f"/l/{secret}/")
    assert (letter.sent_by, letter.reference, letter.stayed, letter.facts) == ("text", "m-1", False, "{}")


@pytest.mark.parametrize("change", ["ended", "unsafe", "unasked", "another hour"])
def test_protect_4_a_way_that_was_taken_away_meanwhile_gets_nothing(
    change: str, family: make.Family, carried: Carried
) -> None:
    keep(family, Way("text", PHONE, True))
    letter, _ = tell(family)
    if change == "ended":
        families.end_way(
            family.by.actor, episode=family.episode, person=family.adult, way=family.adult.contacts.get().pk
        )
    else:
        safe = {"unsafe": False, "unasked": None, "another hour": True}[change]
        keep(family, Way("text", PHONE, safe, time(13) if safe else None))
    run_at(NOON)
    assert not carried.left
    state, _ = after(letter)
    waits = {"ended": Problem.NO_WAY, "unsafe": Problem.UNSAFE, "unasked": Problem.UNASKED}.get(change, "")
    assert (state, letter.problem) == (State.WAITS if change == "another hour" else State.FAILED, waits)


@pytest.mark.parametrize("template", ["visit_link", "own_page_link"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_protect_4_a_letter_says_no_more_than_may_be_said_there(
    template: str, language: str, family: make.Family, carried: Carried
) -> None:
    """The agency where it may be named; what it is about where that may be said too; else neither, and no name at all."""
    make.together(lambda act: records.correct_person(act, person=family.adult, language=language))
    for number, says in enumerate(Saying):
        keep(family, Way("text", f"+1202555014{number}", True, may_say=says))
        keep(family, Way("mail", f"r{number}@example.org", True, may_say=says))
    for channel in ("text", "mail"):
        tell(family, template, channel=channel)
        run_at(NOON)
    about = re.compile(r"visit|page|visita|página", re.IGNORECASE)
    for channel, to, words in carried.left:
        says = int(re.sub(r"@.*", "", to)[-1])
        told = re.sub(r"http\S+", "", words)
        assert ("Harbor" in told) == (says >= 1) and bool(about.search(told)) == (says == 2), told
        assert not any(name in told for name in ("Mateo", "Ñúñez", family.by.person.given_name))
        assert ("María" in told) == (channel == "mail" and says >= 1)
        assert channel == "mail" or len(words) <= texts.MOST_WORDS
    assert len(carried.left) == 6


@override_settings(SITE=f"https://{'w' * 50}.example.org")
def test_a_text_stays_short_whatever_the_agency_is_called(family: make.Family, carried: Carried) -> None:
    """In both languages and for each letter at most 300 characters with a long name; a still longer one gives way."""
    facts = {"agency": "A" * 100, "says_all": True, "site": f"https://{'w' * 50}.example.org", "secret": "s" * 43}
    for language in ("en", "es"):
        for template in ("visit_link", "own_page_link"):
            assert 100 < len(texts.written(template, facts, language)) <= texts.MOST_WORDS
    keep(family, Way("text", PHONE, True, may_say=Saying.ANYTHING))
    letter, _ = tell(family)
    letter.link.organization.name = "STOP " * 60
    delivering.send(letter, [Way("text", PHONE, True, may_say=Saying.ANYTHING)])
    assert "STOP" not in carried.left[0][2] and len(carried.left[0][2]) <= texts.MOST_WORDS


def test_one_bad_address_stops_no_other_and_one_channel_steps_in_for_the_other(
    family: make.Family, carried: Carried
) -> None:
    keep(family, Way("text", PHONE, True), Way("mail", "gone@example.org", True), BY_MAIL)
    carried.says = {"gone@example.org": NotTaken(), PHONE: TryLater("HTTP 503")}
    letter, _ = tell(family)
    run_at(NOON)
    assert carried.ways() == [("mail", "rosa@example.org")] and after(letter)[0] is State.LEFT


def test_what_may_pass_is_tried_again_and_what_is_for_good_is_not(family: make.Family, carried: Carried) -> None:
    """The care team reads when, and what would help; whoever runs the machine is asked only for what is hers to mend."""
    keep(family, BY_MAIL)
    carried.says = {"mail": TryLater("SMTPRecipientsRefused 451")}
    letter, _ = tell(family)
    run_at(NOON)
    assert after(letter) == (State.HELD_UP, NOON + timedelta(seconds=10)) and letter.problem == Problem.LATER
    carried.says = {"mail": NotTaken()}
    run_at(NOON + timedelta(seconds=10))
    assert after(letter)[0] is State.FAILED and letter.problem == Problem.NOT_TAKEN
    with clock.at(NOON):
        assert not Job.objects.dead().exists() and [one.grade for one in letters_arrive()] == [Grade.WELL]
        families.send_again(family.by.actor, episode=family.episode, letter=letter.pk)
        carried.says = {}
    run_at(NOON + timedelta(minutes=1))
    assert after(letter)[0] is State.LEFT and carried.ways() == [("mail", "rosa@example.org")]


def test_a_carrier_that_never_takes_it_is_given_up_after_most_of_a_day(family: make.Family, carried: Carried) -> None:
    """And that is for whoever runs the machine to see."""
    keep(family, BY_MAIL)
    carried.says = {"mail": TryLater("ConnectionRefusedError")}
    letter, _ = tell(family)
    moment = NOON
    for _ in range(40):
        run_at(moment)
        if after(letter)[0] is not State.HELD_UP:
            break
        moment = letter.waits_until
    assert after(letter)[0] is State.FAILED and letter.problem == Problem.LATER
    assert timedelta(hours=20) < letter.failed_at - NOON < timedelta(hours=25)
    assert Job.objects.dead().get().problem.startswith("TryLater: ")
    with clock.at(moment):
        assert [one.grade for one in letters_arrive()] == [Grade.HAND]


@pytest.mark.parametrize("why", ["ended", "another one", "expired", "what it was for is over"])
def test_a_letter_whose_link_is_over_never_leaves(
    why: str, family: make.Family, carried: Carried, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for a safe hour; when that comes, there is nothing left to send, and its secret is forgotten."""
    keep(family, Way("text", PHONE, True, time(14)))
    letter, secret = tell(family)
    run_at(NOON)
    moment = NOON + timedelta(hours=3)
    match why:
        case "ended":
            make.together(lambda act: adult_links.end(act, letter.link))
        case "another one":
            make.make_link(family)
        case "expired":
            moment += timedelta(days=31)
        case _:
            monkeypatch.setattr(house, "link_stands", [lambda link: False])
    run_at(moment)
    assert after(letter)[0] is State.TAKEN_BACK and not carried.left and secret not in letter.facts


def test_nothing_leaves_for_somebody_who_was_erased_meanwhile(
    family: make.Family, carried: Carried, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Her links are over with her; and where one was not, whatever its room says, nobody is there to write to."""
    keep(family, Way("text", PHONE, True, time(14)))
    letter, _ = tell(family)
    other, _ = tell(family, "own_page_link")
    link = other.link
    make.together(lambda act: privacy.forget(act, family.adult))
    run_at(NOON + timedelta(hours=3))
    assert [after(one)[0] for one in (letter, other)] == [State.TAKEN_BACK] * 2 and not carried.left
    monkeypatch.setattr(house, "link_stands", [])
    make.together(
        lambda act: AdultLink.objects.filter(pk=link.pk).update(ended_at=None)
    )  # as if one had been forgotten
    make.together(lambda act: Letter.objects.filter(pk=other.pk).update(taken_back_at=None))
    with clock.at(NOON), house.lease_writes():
        Job.objects.put("messages.deliver", {"letter": str(other.pk)})
    run_at(NOON)
    assert after(other)[0] is State.FAILED and other.problem == Problem.ERASED


def test_a_letter_follows_its_reader_when_two_records_of_her_are_put_together(carried: Carried) -> None:
    with clock.at(NOON):
        luz = make.make_worker()
        tess = AdultFacts("Tess", "Stonefield", "mother", phone="202-555-0142", mail="t@example.org")
        first = make.make_family(luz, child="Ada Stonefield", adults=(tess,))
        second = make.make_family(luz, child="Bo Stonefield", age_months=40, adults=(tess,))
        keep(first, Way("text", PHONE, True))
        letter, _ = tell(second)
        pair = Pair.objects.get(one__in=(first.adult, second.adult))
        records.merge(make.make_worker("data_steward").actor, pair=pair, stays=first.adult, chosen={})
    run_at(NOON)
    assert after(letter)[0] is State.LEFT
    assert letter.to == first.adult and carried.ways() == [("text", PHONE)]


def test_protect_4_two_people_with_one_phone_are_each_asked_for_herself(family: make.Family, carried: Carried) -> None:
    """The same number, safe for one of them: the other's letter does not go there."""
    families.add_adult(family.by.actor, episode=family.episode, adult=AdultFacts("Elena", "Ñúñez", "grandmother"))
    elena = family.adults[1]
    keep(family, Way("text", PHONE, True))
    keep(family, Way("text", PHONE, False), person=elena)
    tell(family)
    run_at(NOON)
    assert carried.ways() == [("text", PHONE)]
    with pytest.raises(ValueError, match="its reader's own link"):
        tell(family, to=elena)


def test_what_no_letter_is_made_of_is_not_queued(family: make.Family) -> None:
    """A text of what has no short form, a channel that there is not, ten megabytes."""
    for said in ({"template": "handed_over", "channel": "text"}, {"channel": "post"}):
        with pytest.raises(ValueError, match="does not go by"):
            tell(family, **{"facts": {"secret": ""}} | said)
    with pytest.raises(BadInput):
        tell(family, "handed_over", facts={"secret": "x" * 10_000_000})
    assert not Letter.objects.filter(to=family.adult).exists()


@pytest.mark.parametrize(
    ("mail_leaves", "text_leaves", "ways", "by", "stayed"),
    [
        (True, True, ("mail", "text"), "text", False),
        (True, False, ("mail", "text"), "mail", False),
        (True, False, ("text",), "text", True),
        (False, True, ("mail", "text"), "text", False),
        (False, False, ("mail", "text"), "text", True),
    ],
)
def test_a_way_that_leaves_this_machine_goes_before_one_that_does_not(
    mail_leaves: bool,
    text_leaves: bool,
    ways: tuple[str, ...],
    by: str,
    stayed: bool,
    family: make.Family,
    carried: Carried,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And what stays in the folder is never told as sent."""
    monkeypatch.setattr(mail, "leaves", lambda: mail_leaves)
    carried.leaves = text_leaves
    keep(family, *(one for one in (BY_MAIL, Way("text", PHONE, True)) if one.channel in ways))
    letter, _ = tell(family)
    run_at(NOON)
    assert after(letter)[0] is (State.STAYED if stayed else State.LEFT) and letter.sent_by == by


def test_a_letter_that_was_left_again_keeps_no_secret_and_opens_by_one_link(
    family: make.Family, carried: Carried
) -> None:
    """Sent again after it left: another secret, the earlier link is over. Taken back: neither opens anything."""
    keep(family, BY_MAIL)
    letter, secret = tell(family)
    run_at(NOON)
    families.send_again(family.by.actor, episode=family.episode, letter=letter.pk)
    run_at(NOON)
    first, second = (re.search(r"/l/([\w-]+)/", words)[1] for _, _, words in carried.left)  # type: ignore[index]
    assert first == secret != second
    assert adult_links.by_secret(first) is None and adult_links.by_secret(second) is not None
    with pytest.raises(NotNow, match="is over"):
        families.send_again(family.by.actor, episode=family.episode, letter=letter.pk)
    again = Letter.objects.exclude(pk=letter.pk).get(template="visit_link")
    families.take_back(family.by.actor, episode=family.episode, letter=again.pk)
    assert adult_links.by_secret(second) is None and after(again)[0] is State.LEFT
    assert again.asked_by == family.by.person


def test_a_letter_that_was_taken_back_before_its_hour_never_leaves(family: make.Family, carried: Carried) -> None:
    keep(family, Way("text", PHONE, True, time(14)))
    letter, secret = tell(family)
    run_at(NOON)
    families.take_back(family.by.actor, episode=family.episode, letter=letter.pk)
    run_at(NOON + timedelta(hours=3))
    assert after(letter)[0] is State.TAKEN_BACK and not carried.left and adult_links.by_secret(secret) is None


def test_a_delivery_that_dies_without_a_word_is_told(
    family: make.Family, carried: Carried, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the program, or a runner that is stopped each time: the letter does not wait for ever."""
    keep(family, BY_MAIL)
    letter, _ = tell(family)
    monkeypatch.setattr(mail, "written", lambda *_: 1 / 0)
    for hours in range(9):
        run_at(NOON + timedelta(hours=hours))
    assert after(letter)[0] is State.FAILED and letter.problem == Problem.LATER


def test_doctor_names_what_a_letter_would_tell_and_what_nobody_carries(
    family: make.Family, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Nothing of it in a demonstration, whose letters stay here."""
    keep(family, Way("text", PHONE, True))
    settings.NEUTRAL_SENDER, settings.SITE = "Harbor", "https://pages.example.org"
    assert list(carriers.answer()) == []
    monkeypatch.setattr(carriers, "is_demo", lambda: False)
    found = {one.what: one for one in carriers.answer()}
    assert found.keys() == {"text messages", "neutral letters"} and {one.grade for one in found.values()} == {
        Grade.NOTE
    }
    assert found["text messages"].says.startswith("Safe by text: 1. No gateway is named")
    assert "says: harbor." in found["neutral letters"].says


@pytest.mark.parametrize(
    ("fault", "state"),
    [(None, State.LEFT), (TryLater("HTTP 503"), State.TAKEN_BACK), (NotTaken(), State.TAKEN_BACK)],
    ids=["it left", "it was held up", "it was refused"],
)
def test_a_letter_that_is_taken_back_while_it_leaves(
    fault: Exception | None, state: State, family: make.Family, carried: Carried, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What left has left, and its link is over; what did not is not tried again, and nobody is told that it failed."""
    keep(family, BY_MAIL)
    letter, secret = tell(family)

    def taken_back(_channel: str, _to: str, words: str) -> None:
        if secret in words:
            families.take_back(family.by.actor, episode=family.episode, letter=letter.pk)
        if secret in words and fault is not None:
            raise fault

    monkeypatch.setattr(carried, "take", taken_back)
    run_at(NOON)
    run_at(NOON + timedelta(hours=1))
    assert after(letter)[0] is state and adult_links.by_secret(secret) is None
    assert not Job.objects.dead().exists() and letter.problem == ""
