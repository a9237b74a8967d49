"""Send somebody the questions of a visit, take them back, and keep what she answers by her link.

What she answers goes through the same actions as a worker's entry, so that a crisis answer is acted on as it is saved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Max

from inmind.access import adult_links
from inmind.access.act import Act, action
from inmind.access.actors import machine
from inmind.access.models import AdultLink
from inmind.access.privacy import stop_if_erased
from inmind.families import queries as families
from inmind.families.actions import send_own_page
from inmind.families.models import Episode, Participation
from inmind.foundation.errors import BadInput, NotNow
from inmind.foundation.registries import Owed
from inmind.foundation.values import N_
from inmind.jobs.models import Job
from inmind.messages import actions as messages
from inmind.people.models import Person
from inmind.screening import actions, queries, scoring, sending, sendings
from inmind.screening.adapters.catalog import catalog
from inmind.screening.instruments import Instrument
from inmind.screening.models import Screen, Sending, SendingPart
from inmind.screening.sendings import Part
from inmind.tasks.models import Task

CLOSES = "screening.close_sending"
ALL_ANSWERED = timedelta(hours=1)  # ours: so long she can still change an answer after the last one


@action("screening.send", on="episode")
def send(
    act: Act, *, episode: Episode, adult: Person, parts: Sequence[str], on: date, language: str, by_letter: bool
) -> Sending:
    """Send an adult of this episode the questions of a visit.

    parts: keys of instruments, or `check_in`, in the order in which she is asked. on: the day of the visit. by_letter: a
    letter with her link leaves at once; else the worker shows her the code. Refused where no wording may be used, where nobody
    could answer a crisis, and where no safe way to write to her is known.
    """
    stop_if_erased([adult.pk])
    if not Participation.objects.filter(episode=episode, person=adult, part=Participation.Part.ADULT).exists():
        raise BadInput(
            N_("This person takes no part in this episode."),
            N_("Questions are sent to an adult whom the agency serves."),
        )
    if not episode_runs(act, episode):
        raise NotNow(N_("The agency serves this family no more."), N_("Questions belong to a visit that is to come."))
    if not parts or len(set(parts)) < len(parts):
        raise BadInput(N_("Nothing is chosen."), N_("At least one part is sent."), field="parts")
    _check_visit(act, episode, on)
    answered = families.can_be_answered(episode.organization)
    rows = [_row(act, episode, key, language, answered, number) for number, key in enumerate(parts, start=1)]
    sent = Sending.objects.create(episode=episode, adult=adult, on=on, language=language, asked_by_id=_worker(act))
    for row in rows:
        row.sending = sent
        row.save()
    if by_letter:
        _write(act, sent)
    return sent


def episode_runs(act: Act, episode: Episode) -> bool:
    return episode.runs_on(act.today(episode.organization.zone))


def _check_visit(act: Act, episode: Episode, on: date) -> None:
    if on < act.today(episode.organization.zone):
        raise BadInput(N_("This day lies in the past."), N_("The visit is today or later."), field="on")


def _worker(act: Act) -> UUID:
    if act.actor.person is None:
        raise NotNow(N_("Only a person can send questions."))
    return act.actor.person


def _row(act: Act, episode: Episode, key: str, language: str, answered: bool, number: int) -> SendingPart:
    if key == sending.CHECK_IN:
        return SendingPart(number=number)
    instrument = catalog().get(key)
    if instrument is None or instrument.follows is not None or queries.battery_of(instrument) is not None:
        raise BadInput(N_("One of these cannot be sent by itself."), N_("Choose from the list."), field="parts")
    today = act.today(episode.organization.zone)
    wording, verdict = sendings.may_ask(episode, instrument, language=language, on=today, can_be_answered=answered)
    if wording is None:
        raise NotNow(verdict.sentence, facts={"instrument": instrument.short_name, **verdict.facts})
    about_child = instrument.is_about_a_child
    return SendingPart(number=number, instrument=key, edition=instrument.edition, about_child=about_child)


def _link(act: Act, sent: Sending) -> str:
    """A new link, which ends the one before; what waits until it is over is left to the clock."""
    link, secret = adult_links.make(
        act,
        person=sent.adult,
        episode=sent.episode_id,
        organization=sent.episode.organization,
        purpose=AdultLink.Purpose.VISIT,
        about=sent.pk,
    )
    _close_after(act, sent, link)
    return secret


def _close_after(act: Act, sent: Sending, link: AdultLink) -> None:
    act.later(CLOSES, {"sending": str(sent.pk)}, key=f"sending:{link.pk}", due_at=link.expires_at)


def _write(act: Act, sent: Sending) -> None:
    if not sendings.may_be_written_to(sent.episode, sent.adult):
        raise NotNow(
            N_("No safe way to write to them is known."),
            N_("A link is sent only where they said that it is safe."),
            N_("Ask, and write it down on their page; or show the code."),
            field="how",
        )
    messages.tell(
        act,
        to=sent.adult,
        template="visit_link",
        facts={"secret": _link(act, sent)},
        about_kind="screening.Sending",
        about_id=sent.pk,
    )


@action("screening.send_again", on="sending")
def send_again(act: Act, *, sending: Sending) -> Sending:
    """A new letter with a new link; the old one opens nothing any more. What she answered is kept."""
    _stop_if_over(sending)
    stop_if_erased([sending.adult_id])
    _write(act, sending)
    return sending


@action("screening.hand_over_link", on="sending")
def hand_over_link(act: Act, *, sending: Sending) -> str:
    """A new link to be shown to her as a code: its secret, told once and kept nowhere."""
    _stop_if_over(sending)
    stop_if_erased([sending.adult_id])
    return _link(act, sending)


@action("screening.take_back_sending", on="sending")
def take_back_sending(act: Act, *, sending: Sending) -> Sending:
    """Let the link open nothing from the next request on. What she answered by then stays, closed as it is."""
    _stop_if_over(sending)
    for link in AdultLink.objects.filter(about=sending.pk, ended_at=None):
        adult_links.end(act, link)
    _close(act, sending)
    sending.taken_back_at = act.now
    sending.save(update_fields={"taken_back_at"})
    return sending


@action("screening.answer_by_link", on="sending")
def answer_by_link(act: Act, *, sending: Sending, part: int, item: str, points: int | None) -> Screen | SendingPart:
    """Keep one answer of one question, or that it was skipped (None); a crisis answer is acted on at once.

    item: the key of a question, or `check_in` where she goes past it. The last word counts, on whichever device it was said.
    """
    _stop_if_over(sending)
    there = _asked(sending, part, item)
    if there.row.is_check_in:
        there.row.passed_at = there.row.passed_at or act.now
        there.row.save(update_fields={"passed_at"})
        return there.row
    assert there.wording is not None
    assert there.instrument is not None
    if points is not None and points not in {choice.points for choice in there.wording.item(item).choices}:
        raise BadInput(N_("This is not one of the answers."), N_("Choose one of those below, or skip it."), field=item)
    screen = actions.answer(act, screen=_screen(act, sending, there.row, there.instrument), answers={item: points})
    if there.row.wording_id != there.wording.id:
        there.row.wording_id = there.wording.id
        there.row.save(update_fields={"wording"})
    if is_all_answered(sending):
        payload = {"sending": str(sending.pk)}
        act.later(CLOSES, payload, key=f"sending:{sending.pk}:all", due_at=act.now + ALL_ANSWERED)
    return screen


def _asked(sent: Sending, number: int, item: str) -> Part:
    """The part that is asked now. Raises BadInput for a question that it does not have, NotNow where it cannot be asked."""
    part = next((one for one in sendings.parts_of(sent) if one.row.number == number), None)
    if part is not None and part.instrument is not None and not part.asked.places:
        facts = {"instrument": part.instrument.short_name, **part.verdict.facts}
        sentence = N_("This part is finished.") if part.verdict else part.verdict.sentence
        raise NotNow(sentence, facts=facts)
    if part is None or item not in part.asked.places:
        raise BadInput(N_("This is not one of the questions."), N_("Go on with the questions that you were sent."))
    return part


def _screen(act: Act, sent: Sending, row: SendingPart, instrument: Instrument) -> Screen:
    """The screen of a part as it stands now, held; begun with its first answer."""
    if row.screen_id is not None:
        return Screen.objects.select_for_update(of=("self",)).get(pk=row.screen_id)
    episode, about_child = sent.episode, row.about_child
    row.screen = actions.begin(
        act,
        episode=episode,
        subject=episode.dyad.child if about_child else sent.adult,
        instrument=instrument,
        on=act.today(episode.organization.zone),
        language=sent.language,
        informant=sent.adult if about_child else None,
        mode=Screen.Mode.LINK,
        asked_by=sent.asked_by,
    )
    row.save(update_fields={"screen"})
    return row.screen


@action("screening.finish_by_link", on="sending")
def finish_by_link(act: Act, *, sending: Sending) -> Sending:
    """She is done: each part is closed, complete, or incomplete with what was left blank."""
    _stop_if_over(sending)
    _close(act, sending)
    sending.finished_at = act.now
    sending.save(update_fields={"finished_at"})
    return sending


@action("screening.heed_by_link", on="sending")
def heed_by_link(act: Act, *, sending: Sending, part: int, item: str, points: int) -> Screen | None:
    """Act on a crisis among what cannot be kept any more: the questions were finished meanwhile, or their wording withdrawn.

    Where no answer of this part stands yet, this one begins it and closes it.
    """
    row = sending.parts.filter(number=part).first()
    instrument = catalog().of(row.instrument, row.edition) if row is not None else None
    if row is None or instrument is None or not is_crisis(instrument, item, points):
        return None
    if row.screen_id is not None:
        return actions.heed(act, screen=_screen(act, sending, row, instrument), answers={item: points})
    return actions.finish(act, screen=_screen(act, sending, row, instrument), answers={item: points})


def is_crisis(instrument: Instrument, item: str, points: int | None) -> bool:
    """Whether an answer by itself needs a person now."""
    try:
        return any(flag.is_crisis for flag in scoring.flags(instrument, {item: points}))
    except BadInput:
        return False


@action("screening.ask_call_back_by_link", on="sending")
def ask_call_back_by_link(
    act: Act, *, sending: Sending, wanted: bool, number: str = "", when: str = "", may_leave_message: bool = False
) -> Screen:
    """What she chose about being called back, for whoever answers any of what she said here. Answers with the last."""
    screens = _waited_for(sending)
    if not screens:
        raise NotNow(
            N_("Nobody is waiting to call you now."), N_("If you need somebody now, the lines on this page answer.")
        )
    said = {"wanted": wanted, "number": number, "when": when, "may_leave_message": may_leave_message}
    for screen in screens:
        actions.ask_call_back(act, screen=screen, **said)
    return screens[0]


@action("screening.ask_own_page_by_link", on="sending")
def ask_own_page_by_link(act: Act, *, sending: Sending) -> AdultLink:
    """Send her the link to a page of her own, where she said that it is safe; a letter of today is enough."""
    lately = AdultLink.objects.filter(
        person=sending.adult,
        episode=sending.episode_id,
        purpose=AdultLink.Purpose.OWN_PAGE,
        letters__isnull=False,
    )
    there = lately.filter(ended_at=None, created_at__gt=act.now - timedelta(days=1)).first()
    return there or send_own_page(act, episode=sending.episode, person=sending.adult)


def waiting(sent: Sending) -> Screen | None:
    """The screen for whose answer somebody is called now; the latest where there are several."""
    return next(iter(_waited_for(sent)), None)


def _waited_for(sent: Sending) -> list[Screen]:
    screens = [pk for pk in sent.parts.values_list("screen", flat=True) if pk]
    open_tasks = Task.objects.filter(about_id__in=screens, why=queries.CRISIS, closed_at__isnull=True)
    return [Screen.objects.get(pk=pk) for pk in open_tasks.order_by("-pk").values_list("about_id", flat=True)]


def _stop_if_over(sent: Sending) -> None:
    if sent.is_over:
        raise NotNow(N_("These questions are closed."), N_("What was answered by then is kept."))


def _close(act: Act, sent: Sending) -> None:
    """Close what was begun and not finished. Its crisis answers were acted on as they came."""
    begun = Screen.objects.select_for_update(of=("self",)).filter(sent_part__sending=sent, state=Screen.State.OPEN)
    for screen in begun.order_by("pk"):
        actions.finish(act, screen=screen, answers={})


def is_all_answered(sent: Sending) -> bool:
    """Whether each part that becomes a screen has no question left."""
    rows = SendingPart.objects.filter(sending=sent).exclude(instrument="").select_related("screen__episode__dyad")
    return all(
        row.screen is not None
        and {item.key for item in queries.asked_at(row.screen).items} <= row.screen.answers.keys()
        for row in rows
    )


@action("jobs.close_sending")
def close_late(act: Act, *, sending_id: str) -> Sending | None:
    """Close what nobody goes on with: all answered a while ago, or its link over. A link that still runs is waited for."""
    sent = Sending.objects.select_for_update().filter(pk=sending_id).first()
    if sent is None or sent.is_over:
        return None
    link = sendings.link_of(sent)
    is_answered = sent.parts.exclude(instrument="").exists() and is_all_answered(sent)
    if link is not None and sendings.is_running(link) and not is_answered:
        _close_after(act, sent, link)
        return None
    _close(act, sent)
    sent.finished_at = act.now
    sent.save(update_fields={"finished_at"})
    return sent


def close_sending(job: Job) -> None:
    close_late(machine(CLOSES), key=f"job:{job.pk}", sending_id=job.payload["sending"])


def owed() -> Iterator[Owed]:
    """Each sending that is not over has a job that closes it when its link is."""
    running = Sending.objects.filter(finished_at=None, taken_back_at=None).values("pk")
    links = AdultLink.objects.filter(about__in=running, purpose=AdultLink.Purpose.VISIT)
    for pk, until in links.values_list("about").annotate(until=Max("expires_at")):
        yield Owed(CLOSES, {"sending": str(pk)}, until)
