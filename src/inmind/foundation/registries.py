"""What rooms offer, so that windows know no room by import and a profile without a room shows less.

Each room's `offers.py` fills these when it is installed. Nothing here reads a table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from inmind.foundation.values import FieldClass, Regime


@dataclass(frozen=True, slots=True)
class Panel:
    """A piece of a page that another room draws.

    place: `front` (the first page, for anybody), `today`, `dyad`, `visit`, `own` (somebody's page as her care team reads it),
    `hers` (as she does, by a link, among what is held), `hers_next` (there, after what happens next), `service` (beside a
    service that runs: what was before it began, and since), `privacy`, `kept_person`, `emergency`, `account`, `people`,
    `formulation` (beside a signed version), `member` (beside somebody who belongs to an association, as its coordinator reads
    it: `person` and `association` are told);
    order: where it stands, lowest first; template and context: what is drawn.
    `context(request, **about)` returns the template's context, or None when there is nothing for this reader.
    On a family's page it may also bring what stands at its head: `head_way` (label, url) and `head_fact`, some words;
    on Today it says by `asks` that it asks its reader for something, rather than tells.
    """

    place: str
    key: str
    order: int
    template: str
    context: Callable[..., dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class NavItem:
    """A line of the signed-in navigation, shown to readers for whom `shown(actor)` holds."""

    key: str
    label: str
    url_name: str
    order: int
    shown: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Path:
    """A way from an actor's standing to an anchor, in its two executions (design decision 4).

    anchor: the model's label, such as `families.Episode`.
    holds(standing, anchor, on): whether this anchor is reached. q(standing, on): the same as a filter over the anchor.
    says: the way in words, for whoever reads the table of grants. asks: that `q` depends on more than the standing's ids and
    the day, on what it finds in the database or on the hour, so that its words are never kept (`policy.visible_again`).
    """

    key: str
    anchor: str
    holds: Callable[[Any, Any, Any], bool]
    q: Callable[[Any, Any], Any]
    says: str = ""
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """How a record is connected with an anchor.

    prefix: foreign keys from the record (or from `through`) to the anchor, joined by `__`; empty for the anchor itself.
    through, mine: a table between, with its foreign key to the record, where one record has several anchors.
    """

    model: str
    anchor: str
    prefix: str = ""
    through: str = ""
    mine: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """How rows that hang on a record by a foreign key follow it, when two records turn out to be one.

    Without a word from their room they are pointed to the record that stays (`records/merging.py`).
    follow(mover, row, to): how a row follows where that is not all. sealed(row): other rows whose words are sealed for
    somebody else once this one points elsewhere. stays: why rows do not follow at all. back(row, carry, to): how a row goes
    back when the two are parted, where `carry(to)` is not all of it; False: it cannot.
    """

    model: str
    field: str
    follow: Callable[[Any, Any, Any], None] | None = None
    sealed: Callable[[Any], Iterable[Any]] | None = None
    stays: str = ""
    back: Callable[[Any, Callable[[Any], None], Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Keyed:
    """A column that holds a hash which one installation's key alone can make, by which a changed record is seen (decision 34).

    holds(row): whether it still is what it was made of. made(row): the hash, made by the key that is here. Those of one room are
    made anew in the order in which they are offered.
    """

    model: str
    field: str
    holds: Callable[[Any], bool]
    made: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Told:
    """What a room holds about a person, as that person may read it on paper (`what is held about me`).

    rows(actor, person, verdict): one dictionary of words for each row, None where this reader may not print it. What others
    said in confidence, and other people's facts, are left out by the room; `left_out` says so,
    `always` what is left out of every print.

    own: of somebody's own profession, read by that person alone, signed in; in every other print `left_out` stands for it. pages:
    routes of that person's own where the same is read in full or taken along as a file, each with its label.
    """

    key: str
    order: int
    title: str
    rows: Callable[..., list[dict[str, str]] | None]
    left_out: str = ""
    always: str = ""
    own: bool = False
    pages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which facts of one kind are to be told outside: about one person of an episode, from a first to a last day.

    agreed_by: the id of whoever agreed, None where that is a court or an agency.
    """

    episode: Any
    person: Any
    first: date
    last: date
    agreed_by: Any


@dataclass(frozen=True, slots=True)
class Worry:
    """That there was something to talk about with somebody: a flag of a screen, a result worth a closer look, a worry said
    aloud; never which of them. talked: the day on which somebody who serves the family did; None: not yet."""

    subject: Any
    episode: Any
    on: date
    talked: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A dated fact as somebody outside reads it: in words, where it comes from, its class, and the law it stands under.

    place: whom outside the words name, whose name can say more than the fact; unnamed: the same without that name, for a court.
    """

    on: date
    words: str
    source: str
    field: FieldClass
    regime: Regime = Regime.HIPAA
    place: str = ""
    unnamed: str = ""


@dataclass(frozen=True, slots=True)
class ToldOutside:
    """What a room can put into a file for somebody outside: facts of one kind (a key of `access/consents.py: Kind`).

    lines(wanted): each such fact about that person alone, in the reader's language. What others said in confidence and what
    one adult's address would tell another is left out by the room. verb: what whoever makes the file needs for that episode
    beyond making one; a court's asking is answered without.
    """

    key: str
    kind: str
    order: int
    lines: Callable[[Wanted], Iterable[Line]]
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """The words of a task, from the room that asked: what it is, what is expected, and where to read more."""

    title: str
    sentence: str
    url: str = ""
    button: str = ""
    more: tuple[tuple[str, str], ...] = ()  # further places to go: address and label
    # What is to be known before anything is done, asked only where it is shown: sentences; and facts, each a label with its
    # lines of words, a link's words and its address.
    notes: Callable[[], Iterable[str]] = tuple
    facts: Callable[[], Iterable[tuple[str, Iterable[tuple[str, str, str]]]]] = tuple
    calls: bool = True  # whether whom it is about is to be reached; else it is a question among those who work here
    whom: tuple[Any, ...] = ()  # the adults who are reached instead, where it is about a child


@dataclass(frozen=True, slots=True)
class Hanging:
    """What somebody has open at an agency, asked before a role of hers ends there: counted, never named, in the reader's
    language; and where it is handed over, where this reader may. afterwards: what the agency cannot do without her."""

    says: str
    url: str = ""
    button: str = ""
    red: bool = False  # somebody waits for her now
    afterwards: bool = False


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What a room does with its records about a person who is erased.

    tables: the labels of the models that it looks after. goes(person), stays(person): what will be gone and what will
    be left, as sentences in the reader's language, before anything is done. stops(person, organization): why that
    organization cannot erase her now, in sentences to translate; empty when nothing stands in the way. holds_fast(person):
    lock what `stops` looks at, before it is asked for the last time. needs(hold): raises NotNow where a legal hold cannot be
    let go yet.
    erase(act, person): blank what identifies; sealed words need no hand, they go with the person's key.
    came_in(person): whether something that `erase` blanks is here about somebody who was erased already.
    """

    key: str
    tables: frozenset[str]
    goes: Callable[[Any], Iterable[str]]
    stays: Callable[[Any], Iterable[str]]
    erase: Callable[[Any, Any], None]
    stops: Callable[[Any, Any], Iterable[str]] = lambda person, organization: ()
    came_in: Callable[[Any], bool] = lambda person: False
    holds_fast: Callable[[Any], None] = lambda person: None
    needs: Callable[[Any], None] = lambda hold: None


@dataclass(frozen=True, slots=True)
class Carried:
    """A room's part of what a worker takes along on visits without a signal.

    of(actor, episodes): what stands once in the parcel, and a part of each family, by the episode's id; both as JSON can say
    them. Asked for all families at once, in a few questions however many they are, of care teams that the actor is on.
    """

    key: str
    order: int
    of: Callable[[Any, Any], tuple[Mapping[str, Any], Mapping[Any, Mapping[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Brought:
    """A kind of entry that a device brings back from a visit without a signal (`foundation/entries.py`).

    verb: what it asks of the policy.
    take(actor, entry): do it by one action of the room's own, whose key is the entry's id; answers with `entries.Done`. Raises
    an InMindError where it cannot be kept, `Stale` where another edit came between.
    owner(entry, earlier): the id of the person whose words it holds, None where that is not known; earlier: the entries of the
    same device and family that were not kept either.
    said(entry), now(entry): what was typed, and what stands in its place, as labels and words in the reader's language.
    changes(entry): the id of the record that it changes; None where it makes one.
    afresh(entry, both): the entry as it is taken over what stands now; both: with what stands beside what was typed.
    by_hand(entry): the address of the page on which the same is entered with a signal; empty where there is none.
    heed(act, entry, earlier, episode): act on what cannot wait in an entry that is not kept.
    """

    kind: str
    verb: str
    take: Callable[[Any, Any], Any]
    owner: Callable[[Any, Any], Any]
    said: Callable[[Any], Iterable[tuple[str, str]]]
    now: Callable[[Any], Iterable[tuple[str, str]]] = lambda entry: ()
    changes: Callable[[Any], Any] = lambda entry: None
    afresh: Callable[[Any, bool], Any] = lambda entry, both: entry
    by_hand: Callable[[Any], str] = lambda entry: ""
    heed: Callable[[Any, Any, Any, Any], None] = lambda act, entry, earlier, episode: None


@dataclass(frozen=True, slots=True)
class AtEnd:
    """Something that cannot run on once an agency's time with a family ends: whoever ends it is asked what becomes of it.

    asks(episode): the question, what is good to know with it, and the answers, each with its words, all in the reader's
    language; None where nothing runs. end(act, episode, on, said): let it be as was said on that day. Raises BadInput, with
    `key` as its field, where nothing was.
    """

    key: str
    asks: Callable[[Any], tuple[str, str, list[tuple[str, str]]] | None]
    end: Callable[[Any, Any, date, str], None]


class Grade(StrEnum):
    """How something stands that was looked at."""

    WELL = "well"
    NOTE = "worth knowing"
    HAND = "needs a hand"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that `inmind doctor` looked at: how it stands, in a sentence, and what to do about it."""

    what: str
    grade: Grade
    says: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """A job that should be waiting: its kind, its payload of short words and numbers, and when it is due."""

    kind: str
    payload: dict[str, Any]
    due_at: datetime


@dataclass(frozen=True, slots=True)
class FirstStep:
    """Something to do once where an organization begins: its place among the others, what and why in the reader's language, and
    where it is done; no address: by whoever runs the machine."""

    order: int
    title: str
    sentence: str
    url: str = ""


@dataclass(slots=True)
class House:
    """All registries. One instance, `house`, is filled while the rooms are installed."""

    panels: dict[str, list[Panel]] = field(default_factory=lambda: defaultdict(list))
    nav: list[NavItem] = field(default_factory=list)
    paths: dict[str, Path] = field(default_factory=dict)
    reaches: dict[tuple[str, str], Reach] = field(default_factory=dict)
    subscribers: dict[str, dict[str, Callable[..., None]]] = field(default_factory=lambda: defaultdict(dict))
    handlers: dict[str, Callable[..., None]] = field(default_factory=dict)
    schedules: dict[str, tuple[int, str]] = field(default_factory=dict)
    # Opened by the jobs machine around its leases; `access` puts the guard's named exception here.
    lease_writes: Callable[[], AbstractContextManager[Any]] = nullcontext
    demo_makers: list[tuple[int, Callable[..., None]]] = field(default_factory=list)
    story_makers: list[tuple[int, Callable[..., None]]] = field(default_factory=list)  # each adds its scenes
    # Whom a demonstration shows besides one person of each role: what they are there, and their account; None: nobody.
    demo_parts: list[tuple[str, Callable[[], Any]]] = field(default_factory=list)
    reasons: dict[str, Callable[..., Reason]] = field(default_factory=dict)
    owed: list[Callable[[], Iterable[Owed]]] = field(default_factory=list)  # jobs that should be waiting now
    forgets: dict[str, Forgetting] = field(default_factory=dict)
    # Where a record has a page of its own: its model's label -> its address.
    pages: dict[str, Callable[[Any], str]] = field(default_factory=dict)
    checks: list[Callable[[], Iterable[Finding]]] = field(default_factory=list)  # what `inmind doctor` looks at
    # What is read once from files, and kept: before the first page, so that nobody waits for it and a bad file is told then.
    files: list[Callable[[], Any]] = field(default_factory=list)
    holdings: dict[tuple[str, str], Holding] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    told_outside: list[ToldOutside] = field(default_factory=list)
    # By what words a screen is known in what somebody wrote: `names()` answers with those of all instruments.
    screen_names: list[Callable[[], Iterable[str]]] = field(default_factory=list)
    # Asked before two records become one: `may_be_one(act, one, other)` raises NotNow where that would tell somebody more.
    may_be_one: list[Callable[[Any, Any, Any], None]] = field(default_factory=list)
    # What rooms keep sealed for the child of episodes that they know by its family alone: `words(episodes)` answers with the rows of
    # a filter over episodes, which are sealed anew once the family is another child's.
    child_words: list[Callable[[Any], Iterable[Any]]] = field(default_factory=list)
    # Told how a pair of records stands: `settle(act, pair)` asks whoever can clear what is between the two, once, and closes
    # what was asked when nothing is any more. Whether somebody is asked.
    settles: list[Callable[[Any, Any], bool]] = field(default_factory=list)
    # Who could own an open task about this kind of record: `people(task)`; without a word, the agency's clinicians.
    could_own: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    # Why a task about this kind of record cannot be closed yet, in sentences to translate: `not_yet(task)`; empty: it can be.
    not_yet: dict[str, Callable[[Any], tuple[str, ...]]] = field(default_factory=dict)
    # What hangs on a role that somebody holds at an organization, as far as this reader may know: `hangs(actor, held)`.
    hangs: list[Callable[[Any, Any], Iterable[Hanging]]] = field(default_factory=list)
    # What each room seals by the master key itself: `reseal()` seals it by today's, and answers how many were not yet.
    reseals: list[Callable[[], int]] = field(default_factory=list)
    # What rooms know of people by which they are told apart: `births(ids)` answers with the birth dates that are known.
    births: list[Callable[[Iterable[Any]], Mapping[Any, Any]]] = field(default_factory=list)
    # Who takes part where: `serving(ids)` answers with the organizations that serve each of these people.
    serving: list[Callable[[Iterable[Any]], Mapping[Any, set[Any]]]] = field(default_factory=list)
    # By what a reader tells people of one name apart: `line(actor, ids, verb)` answers, for each person and each record in
    # which she stands and that the verb reaches, with a line.
    tells_apart: list[Callable[[Any, Iterable[Any], str], Mapping[tuple[Any, Any], str]]] = field(default_factory=list)
    keyed: dict[tuple[str, str], Keyed] = field(default_factory=dict)
    # Where ids lead since their records were put together with others; `records` puts its answer here.
    forwarded: Callable[[Iterable[Any]], Mapping[Any, Any]] = lambda ids: {}
    carried: list[Carried] = field(default_factory=list)
    brought: dict[str, Brought] = field(default_factory=dict)
    # Where a link leads, by what it was sent for: the name of a route.
    link_pages: dict[str, str] = field(default_factory=dict)
    # Whether what a link was sent for still stands: each answers for its own room; one no closes the link.
    link_stands: list[Callable[[Any], bool]] = field(default_factory=list)
    # The same for the links of offices: the route of a purpose, and whether what one was sent for still stands.
    office_pages: dict[str, str] = field(default_factory=dict)
    # What the offices are called that such links were sent to, by the ids of what they open; one that is named nowhere is
    # left out.
    billed: dict[str, str] = field(default_factory=dict)  # what a line of a bill is about, in words, by its kind
    office_names: dict[str, Callable[[Iterable[Any]], Mapping[Any, str]]] = field(default_factory=dict)
    office_stands: dict[str, Callable[[Any], bool]] = field(default_factory=dict)
    # For whom an agency serves a side of a family apart: `sides(ids)` answers with the words of those episodes that have any.
    sides: Callable[[Iterable[Any]], Mapping[Any, str]] = lambda ids: {}
    # The services of a side of a family, drawn on its map: `on_map(actor, episode, on, child_only)` answers with
    # `components.Service`, what of it this actor may see; child_only: what any adult of the family may read.
    on_map: list[Callable[..., Iterable[Any]]] = field(default_factory=list)
    # What caregivers say that they are proud of, in check-ins and care plans: `strengths(episode, person=None)` answers with
    # days and words, of one adult or of all, the newest first.
    strengths: list[Callable[..., Iterable[tuple[Any, str]]]] = field(default_factory=list)
    # Names of places of an episode that an adult's own page folds away, for somebody else may hold her phone:
    # `quiet_places(episode)`.
    quiet_places: list[Callable[[Any], Iterable[str]]] = field(default_factory=list)
    # What there was to talk about in some episodes, from a first to a last day: `worries(ids, first, last)`. It tells that there
    # was a screen: whoever asks shows it to those alone who may know that, or as a count of enough families.
    worries: list[Callable[[Iterable[Any], date, date], Iterable[Worry]]] = field(default_factory=list)
    # What was set going for the children of some episodes: `set_going(ids)` answers with episodes and the moments of it.
    set_going: list[Callable[[Iterable[Any]], Iterable[tuple[Any, datetime]]]] = field(default_factory=list)
    # What is still under way for a family when an agency's time with it ends, as sentences: `open_here(actor, episode)`.
    open_here: list[Callable[[Any, Any], Iterable[str]]] = field(default_factory=list)
    at_end: dict[str, AtEnd] = field(default_factory=dict)
    # What waits for a consent, by its kind: `asks(actor, id)` answers with what would be told (episode, about, recipient,
    # purpose, kinds) and the way back to it (back), or None where it is not this actor's to tell.
    consent_asked: dict[str, Callable[[Any, Any], Mapping[str, Any] | None]] = field(default_factory=dict)
    # What somebody who is asked to agree would let be told, word by word: `shows(proposal)` answers with terms and words.
    consent_shows: list[Callable[[Any], Iterable[tuple[str, str]]]] = field(default_factory=list)
    # What people hold of endorsement on a day, as codes of categories: `endorsed(ids, on)`; `endorsement` puts its answer here.
    # Nothing is said of somebody of whom it is not known.
    endorsed: Callable[[Iterable[Any], date], Mapping[Any, frozenset[str]]] = lambda ids, on: {}
    # The letters that an association's rooms wrote to somebody: `letters_to(person, association)` answers with ids of letters and
    # what each is called, the newest first; of nobody else's rooms.
    letters_to: list[Callable[[Any, Any], Iterable[tuple[Any, str]]]] = field(default_factory=list)
    # Who of these people is a member on a day: `members(ids, on)`; `association` puts its answer here.
    members: Callable[[Iterable[Any], date], frozenset[Any]] = lambda ids, on: frozenset()
    # What is to be done once where an organization begins, and is gone when done: `steps(actor, organization)` answers with
    # those that this reader may do and that are not done.
    first_steps: list[Callable[[Any, Any], Iterable[FirstStep]]] = field(default_factory=list)
    # Who is here already under a name and an address that somebody is about to invite at an organization, as far as this reader
    # may know: `known(actor, organization, name, address)` answers with sentences, each with the address of a page or none.
    known_here: list[Callable[[Any, Any, str, str], Iterable[tuple[str, str]]]] = field(default_factory=list)
    intake: Any = None  # how a room takes in many families at once; see `records/importing.py`

    def offer(
        self,
        *things: Panel
        | NavItem
        | Path
        | Reach
        | Holding
        | Keyed
        | Told
        | ToldOutside
        | Forgetting
        | Carried
        | Brought
        | AtEnd,
    ) -> None:
        """Put what a room offers in its place. A second offer under the same key is a mistake and is refused."""
        for thing in things:
            match thing:
                case Panel():
                    self.panels[thing.place].append(thing)
                    self.panels[thing.place].sort(key=lambda panel: panel.order)
                case NavItem():
                    self.nav.append(thing)
                    self.nav.sort(key=lambda item: item.order)
                case Path():
                    _once(self.paths, thing.key, thing)
                case Forgetting():
                    _once(self.forgets, thing.key, thing)
                case Reach():
                    _once(self.reaches, (thing.model, thing.anchor), thing)
                case Holding():
                    _once(self.holdings, (thing.model, thing.field), thing)
                case Keyed():
                    _once(self.keyed, (thing.model, thing.field), thing)
                case Carried():
                    self.carried.append(thing)
                    self.carried.sort(key=lambda carried: carried.order)
                case Brought():
                    _once(self.brought, thing.kind, thing)
                case AtEnd():
                    _once(self.at_end, thing.key, thing)
                case Told():
                    self.told.append(thing)
                    self.told.sort(key=lambda told: told.order)
                case ToldOutside():
                    self.told_outside.append(thing)
                    self.told_outside.sort(key=lambda told: told.order)

    def drawn(self, place: str, request: Any, **about: Any) -> list[dict[str, Any]]:
        """The panels of a place that have something for this reader, in their order: key, template and context."""
        drawn = ((panel, panel.context(request, **about)) for panel in self.panels[place])
        return [
            {"key": panel.key, "template": panel.template, **context} for panel, context in drawn if context is not None
        ]

    def listens(self, event: type, key: str, subscriber: Callable[..., None]) -> None:
        """Call `subscriber(act, event)` once in effect for each announcement of this class, in a job of its own.

        key: stored with the job, so that it outlives a renamed function.
        """
        _once(self.subscribers[event.__name__], key, subscriber)

    def handles(self, kind: str, handler: Callable[..., None]) -> None:
        """Run `handler(job)` for jobs of this kind."""
        _once(self.handlers, kind, handler)

    def explains(self, why: str, words: Callable[..., Reason]) -> None:
        """Say what a task with this reason is about: `words(actor, task)`."""
        _once(self.reasons, why, words)

    def every(self, seconds: int, kind: str, name: str) -> None:
        """Let the clock start a job of this kind every so many seconds, once however many clocks run."""
        self.schedules[name] = (seconds, kind)

    def reaches_of(self, model: str) -> Iterable[Reach]:
        return (reach for (label, _), reach in self.reaches.items() if label == model)


def _once(registry: dict[Any, Any], key: Any, thing: Any) -> None:
    if registry.setdefault(key, thing) != thing:
        raise ValueError(f"{key} is offered twice")


house = House()
