"""A care plan in the family's words: what stood is kept, and each adult reads what is hers and what another lets her read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmind.access.models import AuditEntry
from inmind.access.tests.test_privacy import erase
from inmind.families.intake import AdultFacts
from inmind.foundation import clock
from inmind.foundation.errors import BadInput, NotNow, Refused
from inmind.foundation.forms import fresh_key
from inmind.services.models import EarlierPlanItem, GivenHandout, HowSeen, PlanItem
from inmind.services.plans import actions
from inmind.services.plans import views as plan_views
from inmind.services.plans.care_plan import HowFar, Kind, LetGo, SeenBy
from inmind.services.running import actions as running_actions
from tests import make

pytestmark = pytest.mark.django_db

TODAY = clock.today(make.ZONE)
DAY = timedelta(days=1)
HERS, HIS, TOGETHER = "Canarysleep in my own bed", "Canarywork less at night", "Canarysing at the lake"


@pytest.fixture
def family() -> make.Family:
    """A mother and a father, whom Luz serves."""
    father = AdultFacts("Tomás", "Ñúñez", "father")
    return make.make_family(make.make_worker(name="Luz Ibarra"), adults=("Ana Ñúñez", father))


def says(family: make.Family, words: str, number: int = 0, kind: Kind = Kind.GOAL, **said: Any) -> PlanItem:
    """A line of an adult of the family."""
    there = {"episode": family.episode, "whose": family.adults[number]}
    return actions.add_to_plan(family.by.actor, kind=kind, words=words, **there, **said)


def phone(family: make.Family, number: int = 0) -> tuple[Client, str]:
    """The phone of an adult with her own page open, and what its forms carry."""
    made: list[Any] = []
    there = {"person": family.adults[number], "episode": family.episode.pk, "organization": family.episode.organization}
    make.together(lambda act: made.extend(make.adult_links.make(act, purpose=make.AdultLink.Purpose.OWN_PAGE, **there)))
    client = Client()
    client.get(f"/l/{made[1]}/")
    return client, str(made[0].pk)


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


# What is written down


def test_what_stood_before_is_kept_and_what_was_let_go_can_be_taken_up_again(family: make.Family) -> None:
    goal = says(family, "She sleeps in her bed.")
    actions.change_plan(family.by.actor, item=goal, words="She sleeps, wherever it is.")
    actions.let_go(family.by.actor, item=goal, why=LetGo.OURS)
    actions.let_go(family.by.actor, item=goal, why=None)
    goal.refresh_from_db()
    earlier = [(one.words, one.let_go_why) for one in goal.earlier.all()]
    assert (goal.words, goal.let_go_on) == ("She sleeps, wherever it is.", None)
    assert earlier == [("She sleeps in her bed.", ""), (goal.words, ""), (goal.words, "ours")]


def test_the_same_once_more_is_no_change(family: make.Family) -> None:
    goal = says(family, "We read.")
    actions.change_plan(family.by.actor, item=goal, words="We read.")
    assert not EarlierPlanItem.objects.exists()


def test_what_cannot_stand_in_a_plan_is_refused(family: make.Family) -> None:
    by, episode = family.by.actor, family.episode
    other = make.make_family(family.by, child="Rosa Ibarra", adults=("Eva Lund",)).adult
    goal, strategy = says(family, "We sing."), says(family, "We sing.", kind=Kind.STRATEGY, moment="At bath time")
    far = {"how_far": HowFar.OFTEN}
    wrong: list[tuple[type[Exception], Any]] = [
        (BadInput, lambda: says(family, " ")),
        (BadInput, lambda: says(family, "We sing.", moment="At bath time")),
        (BadInput, lambda: says(family, "We sing.", since=TODAY + DAY)),
        (BadInput, lambda: actions.add_to_plan(by, episode=episode, kind=Kind.GOAL, whose=other, words="No")),
        (BadInput, lambda: actions.add_to_plan(by, episode=episode, kind=Kind.GOAL, whose=family.child, words="No")),
        (BadInput, lambda: actions.say_how_seen(by, goal=strategy, by=SeenBy.WORKER, **far)),
        (BadInput, lambda: actions.say_how_seen(by, goal=goal, by=SeenBy.FAMILY, **far)),
        (BadInput, lambda: actions.say_how_seen(by, goal=goal, by=SeenBy.OTHER, **far)),
        (BadInput, lambda: actions.set_next_look(by, episode=episode, next_on=TODAY - DAY)),
        (BadInput, lambda: actions.give_handout(by, episode=episode, to=family.adult, handout="nothing")),
    ]
    for problem, act in wrong:
        with pytest.raises(problem):
            act()


def test_a_handout_is_given_to_one_adult_once(family: make.Family) -> None:
    given = actions.give_handout(family.by.actor, episode=family.episode, to=family.adult, handout="when-you-feel-low")
    with pytest.raises(NotNow):
        actions.give_handout(family.by.actor, episode=family.episode, to=family.adult, handout="when-you-feel-low")
    assert "When you feel low" in text(phone(family)[0].get("/for-you/"))
    assert "When you feel low" not in text(phone(family, 1)[0].get("/for-you/"))
    actions.take_off_handout(family.by.actor, given=given)
    assert "When you feel low" not in text(phone(family)[0].get("/for-you/"))


def test_who_does_not_serve_the_family_neither_reads_nor_writes_its_plan(family: make.Family) -> None:
    goal, page = says(family, HERS), reverse("care_plan", args=[family.episode.pk])
    coordinator = make.make_worker("family_service_coordinator", family.episode.organization)
    for other in (make.make_worker(), coordinator):
        assert other.client.get(page).status_code == 403
        with pytest.raises(Refused):
            actions.let_go(other.actor, item=goal, why=LetGo.LATER)
    make.join_team(family, coordinator)
    assert HERS in text(coordinator.client.get(page))


# The worker's pages


def test_a_plan_is_written_and_seen_side_by_side_on_its_pages(family: make.Family) -> None:
    luz, episode = family.by.client, family.episode
    form = {"key": fresh_key(), "kind": "goal", "whose": family.adult.pk, "about": family.child.pk, "since": TODAY}
    assert luz.post(reverse("plan_add", args=[episode.pk]), form | {"words": "We sleep."}).status_code == 302
    goal = PlanItem.objects.get()
    see = {"how_far": "a_little", "on": TODAY}
    for by, more in ((family.adult.pk, {}), ("worker", {}), ("other", {"named": "Ms. Lee, her teacher"})):
        sent = luz.post(
            reverse("plan_seen", args=[goal.pk]), {"key": fresh_key(), "by": by, "words": f"Seen {by}", **see, **more}
        )
        assert sent.status_code == 302
    look = {"key": fresh_key(), "next_on": TODAY + 28 * DAY}
    assert luz.post(reverse("plan_look", args=[episode.pk]), look).status_code == 302
    page = text(luz.get(reverse("care_plan", args=[episode.pk])))
    assert page.index("What they are proud of") < page.index("What they want") < page.index("In everyday life")
    assert page.count('class="seen-who"') == 3
    assert all(words in page for words in ("Ms. Lee, her teacher", "Seen worker", clock.day(TODAY + 28 * DAY)))
    other = HowSeen.objects.get(by="other")
    assert other.whose == family.adult
    for seen, again in ((other, 302), (other, 400)):
        sent = {"key": fresh_key(), "why": "Her teacher is Ms. Lane."}
        assert luz.post(reverse("plan_seen_back", args=[seen.pk]), sent).status_code == again
    page = text(luz.get(reverse("care_plan", args=[episode.pk])))
    assert "Her teacher is Ms. Lane." in page and "Seen other" not in page and page.count('class="seen-who"') == 2
    colleague = make.make_worker()
    make.join_team(family, colleague)
    with pytest.raises(NotNow, match="somebody else"):
        actions.take_back_seen(colleague.actor, seen=HowSeen.objects.get(by="worker"), why="Not mine.")
    change = reverse("plan_item", args=[goal.pk])
    assert luz.post(change, {"key": fresh_key(), "words": "We all sleep."}).status_code == 302
    assert "We sleep." in text(luz.get(change))
    assert luz.post(reverse("plan_let_go", args=[goal.pk]), {"key": fresh_key(), "why": "later"}).status_code == 302
    assert "Not now, perhaps another time" in text(luz.get(reverse("care_plan", args=[episode.pk])))


def test_a_refusal_shows_the_plan_with_its_sentence(family: make.Family) -> None:
    luz, there = family.by.client, [family.episode.pk]
    past = luz.post(reverse("plan_look", args=there), {"key": fresh_key(), "next_on": TODAY - DAY})
    nothing = luz.post(reverse("plan_look", args=there), {"key": fresh_key()})
    wrong = luz.post(reverse("plan_handout", args=there), {"key": fresh_key(), "to": family.adult.pk})
    assert [one.status_code for one in (past, nothing, wrong)] == [400, 400, 400]
    assert "no day for the next look" in past.content.decode()
    twice = {"to": family.adult.pk, "handout": "crying"}
    sent = [luz.post(reverse("plan_handout", args=there), {"key": fresh_key(), **twice}) for _ in range(2)]
    assert [one.status_code for one in sent] == [302, 400]
    off = reverse("plan_handout_off", args=[GivenHandout.objects.get().pk])
    assert luz.post(off, {"key": fresh_key()}).status_code == 302


# Per adult, never per family


def test_each_adult_reads_what_is_hers_and_what_another_lets_her_read(family: make.Family) -> None:
    """Her print and her own page alike (`protect.md` 4)."""
    says(family, HERS)
    says(family, HIS, 1)
    says(family, TOGETHER, 1, kind=Kind.STRATEGY, moment="On Sundays", is_shared=True)
    family_page, luz = [family.episode.pk], family.by.client
    prints = [text(luz.get(reverse("plan_print", args=[*family_page, one.pk]))) for one in family.adults]
    phones = [text(phone(family, number)[0].get("/for-you/plan/")) for number in (0, 1)]
    pages = [text(phone(family, number)[0].get("/for-you/")) for number in (0, 1)]
    for hers, his in (prints, phones, pages):
        assert [words in hers for words in (HERS, HIS, TOGETHER)] == [True, False, True]
        assert [words in his for words in (HERS, HIS, TOGETHER)] == [False, True, True]


def test_with_one_adult_at_the_table_nothing_that_another_keeps_stands_on_the_screen(family: make.Family) -> None:
    """Luz opens the plan in Ana's kitchen: his words, what he sees and what he was given to read are not there."""
    mine, his = says(family, HERS), says(family, HIS, 1)
    says(family, TOGETHER, 1, is_shared=True)
    his_view = {"by": SeenBy.FAMILY, "who": family.adults[1], "how_far": HowFar.NOT_YET}
    actions.say_how_seen(family.by.actor, goal=mine, words="Canaryhisview", **his_view)
    actions.give_handout(family.by.actor, episode=family.episode, to=family.adults[1], handout="when-you-feel-low")
    luz, where = family.by.client, reverse("care_plan", args=[family.episode.pk])
    whole, with_her = text(luz.get(where)), text(luz.get(where, {"with": family.adult.pk}))
    words = (HERS, HIS, TOGETHER, "Canaryhisview", "When you feel low</a>")
    assert [one in with_her for one in words] == [True, False, True, False, False]
    assert all(one in whole for one in words)
    folded = '<details class="folded no-print"><summary>Words of Tomás Ñúñez that the others do not read</summary>'
    assert whole.index(folded) < whole.index(his.words) and folded not in with_her
    assert luz.get(where, {"with": make.make_family().adult.pk}).status_code == 403, "a stranger sees nothing, not all"


def test_nothing_of_how_anybody_sees_it_stands_on_a_print_or_her_page(family: make.Family) -> None:
    goal = says(family, HERS)
    actions.say_how_seen(
        family.by.actor, goal=goal, by=SeenBy.WORKER, how_far=HowFar.NOT_YET, words="Canaryworker: it is hard."
    )
    printed = text(family.by.client.get(reverse("plan_print", args=[family.episode.pk, family.adult.pk])))
    assert "Canaryworker" not in printed + text(phone(family)[0].get("/for-you/"))
    assert "Canaryworker" in text(family.by.client.get(reverse("care_plan", args=[family.episode.pk])))


def test_she_says_herself_how_she_sees_it_and_who_may_read_her_words(family: make.Family) -> None:
    goal, her = says(family, HERS), phone(family)
    client, link = her
    form = {"key": fresh_key(), "link": link, "how_far": "often", "words": "Canarymine"}
    assert client.post(reverse("own_plan_seen", args=[goal.pk]), form).status_code == 302
    seen = HowSeen.objects.get()
    assert (seen.by, seen.whose, seen.worker, seen.by_herself) == ("family", family.adult, None, True)
    again = reverse("own_plan_seen", args=[goal.pk])
    assert "Canarymine" not in text(client.get("/for-you/")) + text(client.get(again))
    with pytest.raises(NotNow, match="somebody else"):
        actions.take_back_seen(family.by.actor, seen=seen, why="A mistake.")
    back = {"key": fresh_key(), "link": link, "seen": str(seen.pk), "why": "I meant the other goal."}
    assert client.post(reverse("own_plan_seen_back", args=[goal.pk]), back).status_code == 302
    assert client.get(again).context["back"] is None
    plan = text(family.by.client.get(reverse("care_plan", args=[family.episode.pk])))
    assert (
        "I meant the other goal." in plan and "Canarymine" not in plan and HowSeen.objects.get().words == "Canarymine"
    )
    share = {"link": link, "item": str(goal.pk), "shared": "yes"}
    assert client.post(reverse("own_plan_share"), share).status_code == 302
    assert HERS in text(phone(family, 1)[0].get("/for-you/"))
    client, link = phone(family)
    assert client.post(reverse("own_plan_share"), share | {"link": link, "shared": "no"}).status_code == 302
    assert HERS not in text(phone(family, 1)[0].get("/for-you/"))


def test_she_writes_a_goal_into_the_plan_herself_and_it_stands_as_hers(family: make.Family) -> None:
    browser, link = phone(family)
    assert "You can begin." in text(browser.get("/for-you/"))
    words = {"key": fresh_key(), "link": link, "words": "Canarygoal: one evening for myself."}
    assert browser.post("/for-you/plan/goal/", words)["Location"] == "/for-you/#plan"
    (row,) = PlanItem.objects.all()
    assert (row.whose, row.worker, row.is_shared, row.since) == (family.adult, None, False, TODAY)
    assert "Canarygoal" in text(browser.get("/for-you/")) and "Canarygoal" not in text(
        phone(family, 1)[0].get("/for-you/")
    )
    plan = reverse("care_plan", args=[family.episode.pk])
    assert "written on their own page" in text(family.by.client.get(plan))
    browser.post("/for-you/plan/share/", {"key": fresh_key(), "link": link, "item": str(row.pk), "shared": "yes"})
    assert "written on their own page" in text(family.by.client.get(plan)), "who may read her words changes no words"
    actions.change_plan(family.by.actor, item=PlanItem.objects.get(), words="An evening for herself.")
    assert "written on their own page" not in text(family.by.client.get(plan))
    empty = browser.post("/for-you/plan/goal/", {"key": fresh_key(), "link": link, "words": " "})
    assert empty.status_code == 400 and PlanItem.objects.count() == 1
    assert Client().get("/for-you/plan/goal/").status_code == 302


def test_another_adults_line_is_not_hers_to_see_or_to_share(family: make.Family) -> None:
    """Not by its id either; and what he lets her read she may see her own way, and not hand on."""
    his, client_link = says(family, HIS, 1), phone(family)
    client, link = client_link
    assert client.get(reverse("own_plan_seen", args=[his.pk])).status_code == 302
    client.post(reverse("own_plan_share"), {"link": link, "item": str(his.pk), "shared": "yes"})
    his.refresh_from_db()
    assert his.is_shared is False
    row = make.AdultLink.objects.get(pk=link)
    actor = make.adult_links.actor_of(row)
    for act in (
        lambda: actions.share_mine(actor, link=row, item=his.pk, is_shared=True),
        lambda: actions.say_how_i_see(actor, link=row, goal=his.pk, how_far=HowFar.OURS),
    ):
        with pytest.raises(BadInput):
            act()
    actions.change_plan(family.by.actor, item=his, words=HIS, is_shared=True)
    with pytest.raises(BadInput):
        actions.share_mine(actor, link=row, item=his.pk, is_shared=False)
    assert actions.say_how_i_see(actor, link=row, goal=his.pk, how_far=HowFar.OURS).whose == family.adult
    actions.let_go(family.by.actor, item=his, why=LetGo.CHANGED)
    with pytest.raises(NotNow):
        actions.say_how_i_see(actor, link=row, goal=his.pk, how_far=HowFar.OURS)


def test_a_strength_of_the_plan_stands_first_on_her_page_and_on_the_familys(family: make.Family) -> None:
    says(family, "Canaryproud: she laughs with me.", kind=Kind.STRENGTH)
    assert "Canaryproud" in text(phone(family)[0].get("/for-you/"))
    assert "Canaryproud" not in text(phone(family, 1)[0].get("/for-you/"))
    assert "Canaryproud" in text(family.by.client.get(f"/families/{family.dyad.pk}/"))
    assert [words for _on, words in plan_views.strengths(family.episode, family.adults[1])] == []


def test_reading_a_plan_is_audited_about_those_whose_words_it_holds(family: make.Family) -> None:
    says(family, HERS)
    family.by.client.get(reverse("care_plan", args=[family.episode.pk]))
    named = {one.ref for row in AuditEntry.objects.filter(verb="services.see_plan") for one in row.subjects.all()}
    assert family.adult.pk in named and family.child.pk not in named


def test_her_care_team_prints_all_that_is_held_and_nobody_elses(family: make.Family) -> None:
    """On paper stands how her goal was seen; not what he keeps, nor how he sees hers without saying so."""
    mine, his = says(family, HERS), says(family, HIS, 1)
    by = family.by.actor
    actions.say_how_seen(by, goal=mine, by=SeenBy.OTHER, named="Ms. Lee", how_far=HowFar.OFTEN, words="Canarylee")
    his_view = {"by": SeenBy.FAMILY, "who": family.adults[1], "how_far": HowFar.NOT_YET}
    actions.say_how_seen(by, goal=mine, words="Canaryhisview", **his_view)
    actions.let_go(by, item=mine, why=LetGo.OURS)
    running_actions.begin_service(by, episode=family.episode, about=family.adult, name="Canarygroup")
    paper = text(family.by.client.get(reverse("held", args=[family.adult.pk])))
    told = (HERS, "Canarylee", "Canarygroup", "It is a part of our days now", his.words, "Canaryhisview")
    assert [one in paper for one in told] == [True, True, True, True, False, False]
    assert "Canarylee" not in text(phone(family)[0].get("/for-you/"))


def test_what_was_said_goes_with_the_key_when_somebody_is_erased(family: make.Family, list_of_erased: Path) -> None:
    """Her words, who else was named, what she was given; that there was a plan and a service stays."""
    goal = says(family, HERS)
    other = {"by": SeenBy.OTHER, "named": "Canaryteacher", "how_far": HowFar.OFTEN}
    seen = actions.say_how_seen(family.by.actor, goal=goal, **other)
    actions.give_handout(family.by.actor, episode=family.episode, to=family.adult, handout="crying")
    service = running_actions.begin_service(
        family.by.actor, episode=family.episode, about=family.adult, name="Baby group"
    )
    officers = [make.make_worker("privacy_officer", family.episode.organization) for _ in range(2)]
    preview = " ".join(officers[0].client.get(reverse("kept_person", args=[family.adult.pk])).content.decode().split())
    assert "The words of the care plan" in preview and "That there was a plan" in preview
    erase(family.adult, *officers)
    assert PlanItem.objects.get().words is None
    seen.refresh_from_db()
    service.refresh_from_db()
    assert (seen.named, service.name) == ("…", "Baby group")
    assert not GivenHandout.objects.exists()
