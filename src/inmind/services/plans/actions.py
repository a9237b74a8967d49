"""The changes of a care plan: what the family says it wants, does and is proud of, and how each sees it. Nothing is lost."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from inmind.access.act import Act, action
from inmind.access.models import AdultLink
from inmind.access.privacy import stop_if_erased
from inmind.families.actions.taking_part import adults_of, check_taking_part
from inmind.families.models import Episode
from inmind.foundation import text
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.values import N_
from inmind.people.models import Person
from inmind.services.adapters.handouts import handouts
from inmind.services.plans import care_plan
from inmind.services.plans.care_plan import HowFar, Kind, LetGo, SeenBy
from inmind.services.plans.models import EarlierPlanItem, GivenHandout, HowSeen, PlanItem, PlanLook


@action("services.add_to_plan", on="episode")
def add_to_plan(
    act: Act,
    *,
    episode: Episode,
    kind: Kind,
    whose: Person,
    words: str,
    about: Person | None = None,
    moment: str = "",
    is_shared: bool = False,
    since: date | None = None,
) -> PlanItem:
    """Write down what an adult of the family says. about: for whom it is, the child unless somebody else is named."""
    about = about or episode.dyad.child
    check_taking_part(episode, whose, about)
    _check_adult(episode, whose)
    today = act.today(episode.organization.zone)
    return PlanItem.objects.create(
        episode=episode,
        kind=kind,
        whose=whose,
        about=about,
        words=care_plan.check_words(words),
        moment=care_plan.check_moment(moment, kind) or None,
        is_shared=is_shared,
        since=_not_to_come(since or today, today, "since"),
        worker_id=_worker(act),
    )


@action("services.change_plan", on="item")
def change_plan(act: Act, *, item: PlanItem, words: str, moment: str = "", is_shared: bool = False) -> PlanItem:
    """Write a line anew, as its adult says it now. What stood stays readable."""
    stop_if_erased([item.whose_id])
    words, moment = care_plan.check_words(words), care_plan.check_moment(moment, Kind(item.kind))
    return _changed(item, _worker(act), words=words, moment=moment or None, is_shared=is_shared)


@action("services.let_go", on="item")
def let_go(act: Act, *, item: PlanItem, why: LetGo | None) -> PlanItem:
    """Let a line stand in the plan no more, with what the family says of it; None: it stands there again."""
    today = act.today(item.episode.organization.zone)
    return _changed(
        item,
        _worker(act),
        let_go_on=today if why is not None else None,
        let_go_why=why.value if why is not None else "",
    )


@action("services.say_how_seen", on="goal")
def say_how_seen(
    act: Act,
    *,
    goal: PlanItem,
    by: SeenBy,
    how_far: HowFar,
    words: str = "",
    who: Person | None = None,
    named: str = "",
    is_shared: bool = False,
    on: date | None = None,
) -> HowSeen:
    """Write down how somebody sees a goal: an adult of the family (`who`), the worker, or somebody else (`named`)."""
    whose = goal.whose
    if (by is SeenBy.FAMILY) != (who is not None):
        raise BadInput(N_("Who sees it so is missing."), N_("Choose an adult of the family."), field="by")
    if who is not None:
        check_taking_part(goal.episode, who)
        _check_adult(goal.episode, who)
        whose = who
    today = act.today(goal.episode.organization.zone)
    return _seen(
        goal,
        by=by,
        whose=whose,
        worker_id=_worker(act),
        named=care_plan.check_seen(by, named),
        how_far=how_far,
        words=words,
        is_shared=is_shared and by is SeenBy.FAMILY,
        on=_not_to_come(on or today, today, "on"),
    )


@action("services.take_back_seen", on="seen")
def take_back_seen(act: Act, *, seen: HowSeen, why: str) -> HowSeen:
    """Take back how somebody sees a goal, where it was written down wrongly; it stays as it stood, with why. What a worker sees
    is hers to take back, and what an adult wrote on her own phone is that adult's; what was told, anybody's who serves them."""
    if seen.by_herself or (seen.by == SeenBy.WORKER and seen.worker_id != _worker(act)):
        raise NotNow(N_("These are somebody else’s words."), N_("Whoever said them takes them back."))
    return _taken_back(act, seen, why, _worker(act))


@action("services.set_next_look", on="episode")
def set_next_look(act: Act, *, episode: Episode, next_on: date) -> PlanLook:
    """The plan was looked at together today; on which day next."""
    today = act.today(episode.organization.zone)
    care_plan.check_look(next_on, today=today)
    return PlanLook.objects.create(episode=episode, on=today, next_on=next_on, worker_id=_worker(act))


@action("services.give_handout", on="episode")
def give_handout(act: Act, *, episode: Episode, to: Person, handout: str) -> GivenHandout:
    """Choose a hand-out for one adult. It stands on her page, and on no other's."""
    check_taking_part(episode, to)
    _check_adult(episode, to)
    known = handouts().get(handout)
    if known is None:
        raise BadInput(N_("There is no such hand-out."), N_("Choose one from the list."), field="handout")
    if GivenHandout.objects.filter(episode=episode, to=to, handout=handout, taken_off_on=None).exists():
        raise NotNow(N_("They have this hand-out already."), N_("It stands on their page."))
    on = act.today(episode.organization.zone)
    return GivenHandout.objects.create(
        episode=episode, to=to, handout=handout, edition=known.edition, on=on, worker_id=_worker(act)
    )


@action("services.take_off_handout", on="given")
def take_off_handout(act: Act, *, given: GivenHandout) -> GivenHandout:
    """Let a hand-out stand on her page no more."""
    given.taken_off_on = given.taken_off_on or act.today(given.episode.organization.zone)
    given.save()
    return given


# By herself

HERS_AT_MOST = 20  # ours: so many goals of one adult stand in a plan; a page lies open to whoever holds the phone


@action("services.add_my_goal", on="link")
def add_my_goal(act: Act, *, link: AdultLink, words: str, is_shared: bool = False) -> PlanItem:
    """A goal that an adult writes into the plan herself, on her own page. Raises NotNow where very many stand there, or the
    agency serves her no more."""
    episode = Episode.objects.select_related("organization", "dyad__child").get(pk=link.episode)
    today = act.today(episode.organization.zone)
    if link.purpose != AdultLink.Purpose.OWN_PAGE or (episode.until is not None and episode.until <= today):
        raise NotNow(N_("Nobody keeps this plan any more."), N_("You can still read what stands in it."))
    _check_adult(episode, link.person)
    stop_if_erased([link.person_id])
    standing = PlanItem.objects.filter(episode=episode, whose=link.person, kind=Kind.GOAL, let_go_on=None)
    if standing.count() >= HERS_AT_MOST:
        raise NotNow(
            N_("Very many goals of yours stand in the plan."), N_("Look through them together with your worker first.")
        )
    row = PlanItem.objects.create(
        episode=episode,
        kind=Kind.GOAL,
        whose=link.person,
        about=episode.dyad.child,
        words=care_plan.check_words(words),
        is_shared=is_shared,
        since=today,
    )
    act.concerns(row)
    return row


@action("services.say_how_i_see", on="link")
def say_how_i_see(
    act: Act, *, link: AdultLink, goal: UUID, how_far: HowFar, words: str = "", is_shared: bool = False
) -> HowSeen:
    """How she sees a goal that she may read, on her own page."""
    row = _hers(link, goal)
    if row.kind != Kind.GOAL or row.let_go_on is not None:
        raise NotNow(N_("This goal does not stand in the plan any more."), N_("Open your page again."))
    return _seen(
        row,
        by=SeenBy.FAMILY,
        whose=link.person,
        how_far=how_far,
        words=words,
        is_shared=is_shared,
        by_herself=True,
        on=act.today(row.episode.organization.zone),
    )


@action("services.take_back_mine", on="link")
def take_back_mine(act: Act, *, link: AdultLink, seen: UUID, why: str) -> HowSeen:
    """She takes back how she sees a goal, on her own page: what she wrote there, or told somebody who wrote it down."""
    rows = HowSeen.objects.select_for_update(of=("self",)).select_related("goal__episode__organization")
    row = rows.filter(pk=seen, goal__episode=link.episode, whose=link.person_id, by=SeenBy.FAMILY).first()
    if row is None:
        raise BadInput(N_("This does not stand on your page."), N_("Open your page again to see what is there now."))
    return _taken_back(act, row, why, None)


@action("services.share_mine", on="link")
def share_mine(act: Act, *, link: AdultLink, item: UUID, is_shared: bool) -> PlanItem:
    """Whether the other adults of the family may read a line of hers."""
    row = _hers(link, item)
    if row.whose_id != link.person_id:
        raise BadInput(N_("These are somebody else’s words."), N_("Whoever said them says who may read them."))
    return _changed(row, row.worker_id, is_shared=is_shared)


def _hers(link: AdultLink, item: UUID) -> PlanItem:
    """A line that this adult may read: hers, or one that another shares. Raises BadInput for any other alike."""
    rows = PlanItem.objects.select_for_update(of=("self",)).select_related("episode__organization")
    row = rows.filter(pk=item, episode=link.episode).first()
    if row is None or not care_plan.is_shown(link.person_id, whose=row.whose_id, is_shared=row.is_shared):
        raise BadInput(N_("This does not stand on your page."), N_("Open your page again to see what is there now."))
    stop_if_erased([row.whose_id, link.person_id])
    return row


def _changed(item: PlanItem, worker: UUID | None, **now: Any) -> PlanItem:
    """Keep what stood, and write what stands now. worker: who wrote its words; None: she herself."""
    if all(getattr(item, name) == value for name, value in now.items()):
        return item
    EarlierPlanItem.objects.create(
        item=item,
        number=item.earlier.count() + 1,
        **{
            name: getattr(item, name)
            for name in ("whose_id", "words", "moment", "is_shared", "let_go_on", "let_go_why", "worker_id")
        },
    )
    for name, value in now.items():
        setattr(item, name, value)
    item.worker_id = worker
    item.save()
    return item


def _seen(goal: PlanItem, *, words: str, **said: Any) -> HowSeen:
    if goal.kind != Kind.GOAL:
        raise BadInput(N_("Only of a goal is said how it is seen."), N_("Choose a goal."))
    kept = text.checked(words.strip(), care_plan.LONGEST, field="words") or None
    stop_if_erased([said["whose"].pk])
    return HowSeen.objects.create(goal=goal, words=kept, **said)


def _taken_back(act: Act, seen: HowSeen, why: str, worker: UUID | None) -> HowSeen:
    """worker: who took it back; None: she herself."""
    stop_if_erased([seen.whose_id])
    if seen.taken_back_on is not None:
        raise NotNow(N_("It is taken back already."))
    if not text.tokens(why):
        raise BadInput(N_("Why is missing."), N_("One sentence is enough."), field="why")
    seen.taken_back_on, seen.taken_back_by_id = act.today(seen.goal.episode.organization.zone), worker
    seen.taken_back_why = text.checked(why.strip(), care_plan.LONGEST, field="why")
    seen.save()
    return seen


def _check_adult(episode: Episode, person: Person) -> None:
    if person.pk not in {row.person_id for row in adults_of(episode)}:
        raise BadInput(
            N_("This is no adult of this family."), N_("A plan holds the words of its adults."), field="whose"
        )


def _not_to_come(on: date, today: date, field: str) -> date:
    if on > today:
        raise BadInput(N_("This day lies in the future."), N_("Check the date."), field=field)
    return on


def _worker(act: Act) -> UUID:
    if act.actor.person is None:
        raise NotNow(N_("Only a person writes in a care plan."))
    return act.actor.person
