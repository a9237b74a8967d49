"""What a second attacker found: each a line that held nothing, and now does."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access import actions as access
from inmind.foundation import text
from inmind.foundation.errors import BadInput
from inmind.foundation.identity import new_id
from inmind.jobs import runner
from inmind.messages.models import Letter
from inmind.screening.models import Screen
from inmind.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
WORST = "1"


def who_looked(reader: make.Worker, screen: Screen) -> str:
    page = reader.client.get(reverse("family_looked", kwargs={"dyad": screen.episode.dyad_id}))
    assert page.status_code == 200
    return page.content.decode()


def test_who_looked_never_tells_whom_a_red_task_is_about() -> None:
    """A supervisor is refused at a task that names nobody; no family's list shows her refusal to those outside its team."""
    screen, task = make.make_crisis()
    supervisor = make.make_worker("agency_supervisor", screen.episode.organization, "Ngozi Okafor")
    before = who_looked(supervisor, screen).count("was refused")
    form = {"key": str(new_id()), "version": str(task.version), "done": "x"}
    assert supervisor.client.post(reverse("task_close", kwargs={"task": task.pk}), form).status_code == 403
    assert who_looked(supervisor, screen).count("was refused") == before


@pytest.mark.parametrize("unseen", ["\u3164", "\u115f\u1160", "\uffa0 ."], ids=ascii)
def test_a_letter_that_nobody_sees_says_nothing(unseen: str) -> None:
    """A red task is not closed, and nobody is named, by a character without a shape."""
    assert text.tokens(unseen) == []


@pytest.mark.parametrize("route", ["screen_enter", "screen_save"])
def test_a_number_too_long_to_be_read_does_not_hide_a_crisis_beside_it(route: str) -> None:
    """Thousands of digits are one wrong answer; the crisis answer beside them is heeded."""
    screen = make.make_screen(answers={}, finished=False)
    worker = make.Worker(screen.worker.account, screen.episode.organization)
    form = {"key": str(new_id()), "version": str(screen.version), "epds_1": "1" * 5000, "epds_10": WORST}
    answer = worker.client.post(reverse(route, kwargs={"screen": screen.pk}), form)
    assert answer.status_code in {200, 400}
    assert Task.objects.filter(about_id=screen.pk, red=True).exists()


class TestAnEndedSession:
    """What was typed waits on the page, with help at hand."""

    @pytest.fixture
    def screen(self) -> Screen:
        return make.make_screen(answers={}, finished=False)

    def sent(self, screen: Screen, browser: Client, **headers: str) -> tuple[int, str]:
        form = {"key": str(new_id()), "version": str(screen.version), "epds_10": WORST}
        answer = browser.post(reverse("screen_enter", kwargs={"screen": screen.pk}), form, **headers)
        return answer.status_code, answer.content.decode()

    def test_keeps_what_was_typed_and_shows_help(self, screen: Screen) -> None:
        """Sent from our own page: 988 at once, the answers ready to be sent once more after signing in."""
        status, page = self.sent(screen, Client(HTTP_HOST="127.0.0.1"), **HERE)
        assert status == 403
        assert "988" in page
        assert f'name="epds_10" hidden>\n{WORST}</textarea>' in page
        assert not Task.objects.exists()

    def test_keeps_nothing_that_another_site_sent(self, screen: Screen) -> None:
        """A form from elsewhere is never offered for sending."""
        status, page = self.sent(screen, Client(HTTP_HOST="127.0.0.1"), HTTP_SEC_FETCH_SITE="cross-site")
        assert status == 302
        assert "epds_10" not in page

    def test_token_of_an_older_sign_in_keeps_what_was_typed(self, screen: Screen) -> None:
        """The same where the session goes on and only the page is older; another site's form gets the plain refusal."""
        worker = make.Worker(screen.worker.account, screen.episode.organization)
        strict = Client(enforce_csrf_checks=True, HTTP_HOST="127.0.0.1")
        strict.cookies = worker.client.cookies
        status, page = self.sent(screen, strict, **HERE)
        assert (status, "988" in page, 'name="epds_10"' in page) == (403, True, True)
        status, page = self.sent(screen, strict, HTTP_SEC_FETCH_SITE="cross-site")
        assert (status, 'name="epds_10"' in page) == (403, False)


def test_a_saved_answer_sent_again_counts_once() -> None:
    """The answer to a save was lost: the same key brings the same answer, and no `somebody saved this`."""
    screen = make.make_screen(answers={}, finished=False)
    worker = make.Worker(screen.worker.account, screen.episode.organization)
    form = {"save_key": str(new_id()), "version": str(screen.version), "epds_1": "1"}
    answers = [worker.client.post(reverse("screen_save", kwargs={"screen": screen.pk}), form) for _ in range(2)]
    assert [answer.json() for answer in answers] == [{"version": screen.version + 1}] * 2


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/health/"])
def test_a_body_in_an_unknown_encoding_is_a_bad_request(path: str) -> None:
    """Nobody gets a stack trace for naming an encoding that forms do not have."""
    answer = Client(HTTP_HOST="127.0.0.1").post(
        path, b"a=b", content_type="application/x-www-form-urlencoded; charset=utf-16"
    )
    assert answer.status_code in {400, 403, 405}


def test_a_red_task_of_somebody_who_leaves_is_told_at_once() -> None:
    """The supervisors learn of it when her role ends, not when it is due."""
    screen, task = make.make_crisis()
    agency = screen.episode.organization
    supervisor = make.make_worker("agency_supervisor", agency, "Ngozi Okafor")
    runner.run_due()
    assert not Letter.objects.filter(to=supervisor.person, about_id=screen.pk).exists()
    role = task.owner.account.roles.get(organization=agency, role="clinician")
    access.end_role(supervisor.actor, assignment=role)
    runner.run_due()
    assert Letter.objects.filter(to=supervisor.person, about_id=screen.pk).exists()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028"], ids=ascii)
def test_a_name_is_one_line(end: str) -> None:
    """A second line in a name could stand for a heading of its own in a list or a letter."""
    with pytest.raises(BadInput, match="more than one line"):
        make.make_family(adults=[f"Noemí{end}Bcc: x@example.org"])
