"""What the board's story shows, as the guide says it: each line by the pages of the people who would open them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inmind.access import policy, proof
from inmind.access.commands import serve
from inmind.access.models import Account
from inmind.access.queries import actor_for
from inmind.association.models import Member
from inmind.association.moving.tests.test_moving_pages import chosen
from inmind.demo import story
from inmind.foundation import clock
from inmind.foundation.forms import fresh_key
from inmind.jobs import runner
from inmind.jobs.models import Job
from inmind.learning.models import Certificate, Training
from inmind.people.models import Organization
from inmind.records.models import SheetImport
from inmind.screening.models import RecordedResult, Screen
from inmind.screening.queries import crisis_task
from inmind.services.models import Referral
from inmind.services.referrals import invented_face
from inmind.tasks.models import Task
from tests import make
from tests.story.telling import Told, episode, family, own_page, screen, told

__all__ = ["told"]

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def text(page: str) -> str:
    """The words of a page, in one line."""
    plain = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(plain.replace("&#x27;", "'").replace("&quot;", '"').split())


def test_at_night_nobody_reads_before_eight_and_then_dana_calls_on_the_safe_number(told: Told) -> None:
    """The mother answered four questions and the ninth. Help first, with the truth; on Dana's side whom to call, and when."""
    asked = screen("Theo", "phq9")
    page = text(told.page("luz", f"/screens/{asked.pk}/help/"))
    assert "Nobody here reads this before 8 a.m. on Wednesday, March 3 (in 30 minutes). Call or text 988 now." in page
    assert page.index("988 Suicide & Crisis Lifeline".replace("&", "&amp;")) < page.index("Who knows about this answer")
    assert "Written down: please call." in page
    assert asked.state == Screen.State.INCOMPLETE
    task = crisis_task(asked)
    assert task is not None
    assert "An answer about self-harm" in text(told.page("dana", "/today/"))
    told_dana = text(told.page("dana", f"/tasks/{task.pk}/"))
    assert "Please call back, on this number alone: 555-0142 When it is safe: at eight · Leave no message." in told_dana
    assert "today by 9 a.m." in told_dana


def test_an_outsider_is_refused_with_the_sentence_and_sees_no_red_mark(told: Told) -> None:
    """Another agency's home visitor, clinician and supervisor, the administrator, the data steward."""
    asked = screen("Theo", "phq9")
    for username in ("sam", "ines", "tom", "june", "admin", "steward"):
        assert "self-harm" not in told.page(username, "/today/")
        for path in (family("Theo"), own_page("Theo", "Amara"), f"/screens/{asked.pk}/"):
            answer = told.get(username, path)
            assert answer.status_code == 403
            assert "Amara" not in answer.content.decode()
    assert policy.can(
        actor_for(Account.objects.get(username="sam"), second_factor=True), "families.see", episode("Iris")
    )


def test_a_program_answers_from_the_letter_in_the_outbox_and_her_page_says_who_calls_with_a_face(told: Told) -> None:
    """Nobody of this house wrote the answer down: it came by the link. Two weeks before, another was answered so, and began."""
    eli = episode("Eli")
    row = Referral.objects.get(episode=eli)
    steps = {(step.state, step.by, step.person, step.link is None) for step in row.steps.all()}
    assert {("received", "program", None, False), ("accepted", "program", None, False)} <= steps
    page = told.page("nadia", f"/referrals/{row.pk}/")
    assert "Rosa calls on Tuesday, March 9, 2027." in page and f"/referrals/{row.pk}/face/" in page
    face = told.get("nadia", f"/referrals/{row.pk}/face/")
    assert face["Content-Type"] == "image/png" and face.content == invented_face.drawn()
    began = Referral.objects.get(listing__provider_name="Lakeside Nurses")
    assert began.state == "started" and all(step.link for step in began.steps.exclude(by="sender"))


def test_the_plan_of_mateos_mother_is_in_her_words_and_seen_side_by_side(told: Told) -> None:
    page = text(told.page("luz", f"/families/{episode('Mateo').pk}/plan/"))
    assert "That the three of us sleep, and I wake up as myself." in page and "Four nights of seven." in page
    assert told.get("rosa", f"/families/{episode('Mateo').pk}/plan/").status_code == 403


def test_a_premature_childs_list_on_both_sides_of_a_boundary(told: Told) -> None:
    """Mateo reaches nine corrected months today; Ángel, a day younger, tomorrow."""
    due = re.compile(r"Development: SWYC, 9-month form due Asked for at 9 months.*?corrected age, 9 months")
    assert due.search(text(told.page("luz", family("Mateo"))))
    assert not due.search(text(told.page("luz", family("Ángel"))))
    assert due.search(text(told.page("luz", family("Ángel"), after=DAY)))


def test_a_worry_without_a_screen_has_an_owner_and_a_day(told: Told) -> None:
    """Ruth was never screened; Rosa calls by Tuesday."""
    ruth = episode("Wren").participations.get(person__given_name="Ruth").person
    assert not Screen.objects.filter(subject=ruth).exists()
    page = text(told.page("luz", family("Wren")))
    assert re.search(r"Worry heard .*?March 2, 2027 .*?Call and listen .*?by March 9, 2027 Rosa Delgado", page)
    assert "Call and listen, with Ruth by March 9, 2027 Open" in text(told.page("rosa", "/today/"))


def test_a_red_task_was_answered_by_the_second_person(told: Told) -> None:
    """Dana did not answer within the hour; Kofi, her back-up, did, and the home visitor learns that much."""
    task = crisis_task(screen("Eli", "epds"))
    assert task is not None
    assert (task.owner.given_name, task.closed_by.given_name, task.step) == ("Dana", "Kofi", 1)
    page = text(told.page("nadia", "/today/"))
    assert "Zoë Martin" in page
    assert "Kofi Mensah" in page
    assert "her sister" not in page


def test_months_are_a_trend_and_a_correction_says_why(told: Told) -> None:
    """On Elena's own page, never on the child's; Spanish is her language."""
    first = screen("Mateo", "epds")
    page = text(told.page("luz", own_page("Mateo", "Elena")))
    assert "EPDS over time" in page
    assert (
        "July 28, 2026 15, corrected worth a closer look soon Oct. 20, 2026 11 worth a closer look Dec. 15, 2026 6"
        in page
    )
    assert "read in the row above" in text(told.page("luz", f"/screens/{first.pk}/history/"))
    assert first.language == "es"
    assert "EPDS" not in told.page("luz", family("Mateo"))


def test_the_map_is_drawn_as_the_family_wishes(told: Told) -> None:
    """The grandmother by the name Mateo will call her; the uncle who moved away is left out, and cares for him as before."""
    drawn = text(told.page("luz", f"{family('Mateo')}map/print/"))
    assert "Abue , grandmother" in drawn
    assert not {"Carmen", "Víctor"} & set(re.findall(r"\w+", drawn))
    assert "Víctor , other family" in text(told.page("luz", family("Mateo")))


def test_a_foster_home_is_served_apart(told: Told) -> None:
    """Who serves the foster home opens neither the birth mother's page nor her name."""
    birth, foster = episode("Luna", "Jessa"), episode("Luna", "Miriam")
    assert birth.side != foster.side
    assert told.get("nadia", own_page("Luna", "Jessa")).status_code == 403
    assert "Jessa" not in told.page("nadia", family("Luna"))
    assert "Miriam" not in told.page("luz", family("Luna"))


def test_duplicates_and_doubtful_rows_wait_with_the_data_steward(told: Told) -> None:
    """Two Marias and their baby, blind; and a sheet: two rows taken in, two doubtful, one refused, one twice."""
    page = text(told.page("steward", "/duplicates/"))
    assert page.count("the same name, accents and capitals aside") == 2
    assert not {"María", "Maria", "Hernández"} & set(re.findall(r"\w+", page))
    rows = SheetImport.objects.get().rows.order_by("number")
    assert [row.verdict for row in rows] == ["new", "new", "doubtful", "doubtful", "refused", "same"]
    assert [row.taken for row in rows][:2] == [True, True]
    assert told.get("steward", f"/imports/{SheetImport.objects.get().pk}/").status_code == 200


def test_a_screen_done_elsewhere_is_asked_for_no_more(told: Told) -> None:
    """Wren's at nine months, at a clinic."""
    assert not re.search(r"Development: \S+ \S+ form (over)?due", text(told.page("luz", family("Wren"))))


def test_licensed_forms_a_consent_and_what_was_told_are_there_to_be_seen(told: Told) -> None:
    """Iris's ASQ-3 and DECA, another family's PSI, and the letter to her doctor by her father's consent."""
    iris = episode("Iris")
    page = text(told.page("sam", f"/episodes/{iris.pk}/people/{iris.dyad.child_id}/"))
    assert "ASQ-3" in page and "DECA" in page
    psi = RecordedResult.objects.get(tool="psi4sf")
    assert "94 of 180" in text(told.page("june", f"/results/{psi.pk}/"))
    page = text(told.page("sam", f"{family('Iris')}people/{iris.dyad.child_id}/told/"))
    assert "Dr. Lena Ruiz" in page and "gross motor score is worth a closer look" in page


def test_nothing_is_left_that_is_late_and_the_trail_is_whole(told: Told) -> None:
    """The machine ran between the scenes: what is open lies ahead, letters have left, the trail proves itself."""
    at = story.told_at()
    assert list(Task.objects.filter(closed_at__isnull=True, due_at__lt=at).values_list("why", "due_at")) == []
    assert not Job.objects.waiting().filter(due_at__lt=at).exists()
    assert not Job.objects.dead().exists()
    with clock.at(at):
        assert proof.verify() == []


def test_there_is_a_link_for_everybody(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """A story is shown with one window for each person, and says at which moment it stands."""
    monkeypatch.setattr(clock, "is_told", lambda: True)
    with clock.at(story.told_at()):
        lines = serve.demo_links()
    assert (
        lines[1]
        == "A story is told here. Its clock stands at March 3, 2027, 7:30 a.m., and goes on while it is served."
    )
    assert (
        sum("/sign-in/link/" in line for line in lines) == len(story.CAST.workers) + 3
    )  # the administrator, the association's coordinator, one member
    assert "  Home visitor: Luz Ibarra, Harbor Family Services" in lines


def test_pages_say_at_their_foot_that_it_is_a_story(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed in and at the door; never on a page of help, which has one purpose."""
    monkeypatch.setattr(clock, "is_told", lambda: True)
    says = "An invented story, told at March 3, 2027, 7:30 a.m.: nobody here is anybody."
    assert says in told.page("luz", "/today/")
    assert says in told.page("luz", "/")
    assert says not in told.page("luz", "/help/")


# The association's half: what the coordinator drops in, and how near Luz is


def dropped(name: str) -> SimpleUploadedFile:
    """A file of the story, as it lies beside it."""
    return SimpleUploadedFile(name, (settings.INSTALLATION.home / "story" / name).read_bytes())


def test_a_member_export_has_a_verdict_for_each_row_and_changes_nothing_the_second_time(told: Told) -> None:
    """0:00: four doubtful, totals agree; dropped in again, nothing is new."""
    home = Organization.objects.get(kind=Organization.Kind.ASSOCIATION)

    def drop() -> str:
        with clock.at(story.told_at()):
            marisol = make.signed_in(Account.objects.get(username="marisol"))
            sent = {"key": fresh_key(), "association": str(home.pk), "file": dropped("members.csv")}
            page = marisol.post("/association/moving/", sent).url
            for _columns_then_levels in range(2):
                asked = marisol.get(page).content.decode()
                if "<select" in asked:
                    marisol.post(page, {"key": fresh_key()} | chosen(asked))
            runner.run_due()
            looked = text(marisol.get(page).content.decode())
            marisol.post(page, {"key": fresh_key(), "do": "go_on"})
            runner.run_due()
            assert "The totals agree." in text(marisol.get(page).content.decode())
            return looked

    before = Member.objects.count()
    assert "doubtful: 4" in drop()
    taken = Member.objects.count()
    assert taken > before + 100
    assert "doubtful: 4" in drop()
    assert Member.objects.count() == taken


def test_saturdays_call_log_becomes_thirty_one_certificates(told: Told) -> None:
    """0:45: one person came late, and her page says why 2.0 and not 2.5."""
    training = Training.objects.get(title="The first hour with a family")
    with clock.at(story.told_at()):
        marisol = make.signed_in(Account.objects.get(username="marisol"))
        sent = {"key": fresh_key(), "file": dropped("saturday-call.csv"), "zone": make.ZONE, "encoding": ""}
        marisol.post(reverse("meeting_log", args=[training.meetings.get().pk]), sent)
        marisol.post(reverse("certificates_begin", args=[training.pk]), {"key": fresh_key()})
        runner.run_due()
        runner.run_due()
    certificates = Certificate.objects.filter(training=training)
    assert certificates.count() == 31
    late = certificates.get(person=Account.objects.get(username="member5").person)
    page = text(told.page("member5", f"/certificates/{late.pk}/"))
    assert "2 of 2.5 hours" in page or "2.0 of 2.5 hours" in page
    assert "Joined at 10:01 a.m., after the beginning." in page


def test_one_tap_moves_luz_to_twenty_four_hours_and_her_employer_sees_none_of_it(told: Told) -> None:
    """1:30: nothing retyped; the hour that is missing, the event that closes it, with source and edition."""
    page = text(told.page("luz", "/endorsement/"))
    assert "29 of 30 hours" in page and "23 of 24 hours" in page
    assert "What the law asks of a home visitor" in page
    assert "Edition “2022 changes”" in page
    with clock.at(story.told_at()):
        luz = make.signed_in(Account.objects.get(username="luz"))
        waits = re.search(r"/reflection/sessions/[0-9a-f-]{36}/confirm/", luz.get("/today/").content.decode())
        assert waits is not None
        luz.post(waits.group(), {"key": fresh_key(), "version": 1})
    assert "24 of 24 hours" in text(told.page("luz", "/endorsement/"))
    for username, paths in {"okafor": ("/today/", "/people/"), "marisol": ("/people/",)}.items():
        for path in paths:
            shown = text(told.page(username, path))
            assert "of 24 hours" not in shown and "of 30 hours" not in shown and "lines met" not in shown
    assert told.get("okafor", "/endorsements/").status_code == 403
