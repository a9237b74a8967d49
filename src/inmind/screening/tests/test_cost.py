"""How often the database is asked while a screen is recorded: each question is a way there and back for somebody who waits."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.screening import paper, sending_actions
from inmind.screening.adapters.catalog import catalog
from inmind.screening.models import Screen
from tests import make, wordings

pytestmark = pytest.mark.django_db(transaction=True)  # within another transaction, what was found is asked anew
# Eight say who asks, which record it is and whether she may. The act opens its transaction, locks the row, asks again
# whether she may, finds the key of the words, writes them, and leaves its entry, its subjects and its kept answer. Last,
# whether help comes first.
AT_MOST = {"sqlite": 19, "postgresql": 20}  # on PostgreSQL one more tells the triggers who acts


@pytest.mark.parametrize(
    ("typed", "more"), [({}, 0), ({"epds_1": 1}, 1)], ids=["at once", "after it was saved as typed"]
)
def test_recording_a_screen_asks_the_database_a_few_times_only(typed: dict[str, int], more: int) -> None:
    family = make.make_family()
    screens = [make.make_screen(family, finished=False, answers=typed) for _ in range(2)]
    browser = family.by.client
    marked = paper.marked(catalog().named("epds"), make.calm_answers("epds"))
    for screen in screens:  # what is made once, as the key of her words, is there for the second one
        with CaptureQueriesContext(connection) as asked:
            form = {**marked, "key": fresh_key(), "version": str(screen.version)}
            answer = browser.post(reverse("screen_enter", kwargs={"screen": screen.pk}), form)
        assert answer.status_code == 302
    assert Screen.objects.get(pk=screens[1].pk).state == Screen.State.COMPLETE
    said = [one["sql"] for one in asked]
    assert len(said) <= AT_MOST[connection.vendor] + more, "\n".join(said)


# As a screen, and whose child it is, who may answer, how old the child is, and that it was not recorded already.
RESULT_AT_MOST = {"sqlite": 28, "postgresql": 29}


def test_recording_a_result_and_listing_them_asks_a_few_times_whatever_there_is() -> None:
    family = make.make_family(age_months=12)
    browser, own = family.by.client, (family.episode.pk, family.child.pk)
    listed = []
    for tool, scale in (("asqse2", "total"), ("asq3", "communication")):
        form = {"key": fresh_key(), "on": str(clock.today(make.ZONE)), "informant": str(family.adult.pk), "form": "12"}
        with CaptureQueriesContext(connection) as asked:
            answer = browser.post(reverse("recorded_new", args=[*own, tool]), form | {f"scale_{scale}": "40"})
        assert answer.status_code == 302
        said = [one["sql"] for one in asked]
        browser.get(reverse("caregiver", args=own))  # statements that are made once
        with CaptureQueriesContext(connection) as listing:
            browser.get(reverse("caregiver", args=own))
        listed.append(len(listing))
    assert len(said) <= RESULT_AT_MOST[connection.vendor], "\n".join(said)
    assert listed[0] == listed[1]


# Of a caregiver on her own phone: who she is and whether her link stands, what was sent and its parts, whether somebody could
# answer, the wording of each part; and for an answer the act itself, with all of that asked once more under its lock.
SHOWN_AT_MOST, ANSWERED_AT_MOST = {"sqlite": 8, "postgresql": 8}, {"sqlite": 35, "postgresql": 37}


def test_a_question_on_her_own_phone_asks_the_database_a_few_times_however_many_were_answered() -> None:
    family = make.make_family()
    make.make_on_call()
    wordings.make_wording("epds", languages=("en",))
    given = {"episode": family.episode, "adult": family.adult, "on": clock.today(make.ZONE), "language": "en"}
    sent = sending_actions.send(family.by.actor, parts=("epds",), by_letter=False, **given)
    browser = Client()
    browser.get(f"/l/{sending_actions.hand_over_link(family.by.actor, sending=sent)}/")
    asked = []
    for place in (1, 2, 3):
        address = f"/for-you/visit/1/{place}/"
        with CaptureQueriesContext(connection) as showing:
            shown = browser.get(address).context
        form = {"key": fresh_key(), "item": shown["item_key"], "wording": str(shown["wording"].id), "answer": "1"}
        with CaptureQueriesContext(connection) as answering:
            assert browser.post(address, form | {"link": str(shown["request"].link.pk)}).status_code == 302
        asked.append((len(showing), len(answering)))
    assert asked[1] == asked[2]
    assert asked[2][0] <= SHOWN_AT_MOST[connection.vendor], "\n".join(one["sql"] for one in showing)
    assert asked[2][1] <= ANSWERED_AT_MOST[connection.vendor], "\n".join(one["sql"] for one in answering)
