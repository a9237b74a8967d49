"""Finds who may be the same person, by keys that are indexed; nobody is ever compared with everyone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from uuid import UUID

from django.conf import settings
from django.db.models import FilteredRelation, Q, QuerySet

from inmind.access import policy
from inmind.access.act import Act
from inmind.access.actors import Actor
from inmind.foundation.models import asked_again, insert, keep_together
from inmind.foundation.registries import house
from inmind.people.models import Contact, EarlierFact, Person
from inmind.records.likeness import Likeness, Plain, Thresholds, keys, likeness
from inmind.records.models import LikenessKey, Pair

GIVEN, FAMILY = EarlierFact.Field.GIVEN_NAME.value, EarlierFact.Field.FAMILY_NAME.value
AT_ONCE = 400  # keys asked for in one question
TOO_COMMON = 60  # people under one key: it tells nobody apart any more, and the other keys are asked


def thresholds() -> Thresholds:
    """From how many points on two records are doubtful, and taken for one: this network's, else ours."""
    return Thresholds(doubtful=settings.LIKENESS_DOUBTFUL, same=settings.LIKENESS_SAME)


def plain_of(people: Iterable[UUID]) -> dict[UUID, Plain]:
    """What is known of these people, as far as it tells them apart, in a few questions."""
    ids = list(people)
    births: dict[UUID, object] = {}
    for told in house.births:
        births |= told(ids)
    phones: dict[UUID, set[str]] = defaultdict(set)
    mails: dict[UUID, set[str]] = defaultdict(set)
    names: dict[UUID, dict[str, list[str]]] = {}
    for person, given, family, channel, address, field, said in _known(people=ids):
        there = names.setdefault(person, {GIVEN: [given], FAMILY: [family]})
        if channel:
            (phones if channel == Contact.Channel.PHONE else mails)[person].add(address)
        if field:
            there[field].append(said)
    return {
        pk: Plain(
            *(there[GIVEN][0], there[FAMILY][0], births.get(pk)),  # type: ignore[arg-type]
            *(frozenset(phones[pk]), frozenset(mails[pk]), pk),
            frozenset(list(product(there[GIVEN], there[FAMILY]))[1:]),
        )
        for pk, there in names.items()
    }


@asked_again
def _known(*, people: list[UUID]) -> QuerySet:
    """Each with her names, once for each way to reach her that is in use and each name that she had and is found by."""
    ways = FilteredRelation("contacts", condition=Q(contacts__ended_at=None))
    was = FilteredRelation("earlier_facts", condition=Q(earlier_facts__finds=True))
    rows = Person.objects.filter(pk__in=people).annotate(way=ways, was=was)
    return rows.values_list("pk", GIVEN, FAMILY, "way__channel", "way__address", "was__field", "was__said")


def like(plains: Sequence[Plain], *, but: Iterable[UUID] = ()) -> list[list[tuple[UUID, Likeness]]]:
    """For each of some people who is doubtful or the same, the likest first; themselves and `but` left out."""
    wanted = [keys(one) for one in plains]
    under = _under(set().union(*wanted)) if wanted else {}
    near = [{person for key in some for person in under.get(key, ())} for some in wanted]
    there = plain_of(set().union(*near)) if near else {}
    left_out, found = set(but), []
    for one, candidates in zip(plains, near, strict=True):
        alike = [(pk, likeness(one, there[pk])) for pk in candidates - left_out - {one.id} if pk in there]
        doubtful = [pair for pair in alike if pair[1].is_doubtful(thresholds())]
        found.append(sorted(doubtful, key=lambda pair: (-pair[1].points, str(pair[0]))))
    return found


def _under(words: set[str]) -> Mapping[str, list[UUID]]:
    """Who stands under each of these keys; a key with too many people under it is passed over."""
    asked, under = sorted(words), defaultdict(list)
    for start in range(0, len(asked), AT_ONCE):
        for key, person in _standing_under(keys=asked[start : start + AT_ONCE]):
            under[key].append(person)
    return {key: people for key, people in under.items() if len(people) <= TOO_COMMON}


@asked_again
def _standing_under(*, keys: list[str]) -> QuerySet:
    return LikenessKey.objects.filter(key__in=keys).values_list("key", "person")


def like_and_seen(actor: Actor, *plains: Plain) -> list[Person]:
    """Who may be the same as those who are being registered, among those this actor may find; nobody else is told."""
    ids = list(dict.fromkeys(pk for alike in like(plains) for pk, _ in alike))
    if not ids:
        return []
    there = {person.pk: person for person in _found(actor, "families.find", ids=ids)}
    return [there[pk] for pk in ids if pk in there]


@policy.visible_again
def _found(seen: policy.Seen, *, ids: list[UUID]) -> QuerySet:
    return seen(Person.objects.filter(pk__in=ids, merged_into__isnull=True))


def index(people: Iterable[UUID]) -> list[Plain]:
    """Write down the keys of people who are new or have changed, in place of their old ones."""
    plains = list(plain_of(people).values())
    LikenessKey.objects.filter(person__in=[one.id for one in plains]).delete()
    rows = [LikenessKey(person_id=one.id, key=key) for one in plains for key in sorted(keys(one))]
    insert(rows, or_leave=True)
    return plains


def notice(act: Act, people: Iterable[UUID]) -> None:
    """Index people who were kept just now, and leave each pair that may be one person to the data steward."""
    plains = index(people)
    found = like(plains)
    pairs = {}
    for one, alike in zip(plains, found, strict=True):
        for other, why in alike[:5]:
            first, second = sorted((one.id, other), key=lambda pk: pk.int)  # type: ignore[union-attr,arg-type]
            pairs[first, second] = Pair(one_id=first, other_id=second, points=why.points, reasons=",".join(why.reasons))
    for known in _pairs(firsts=[one for one, _ in pairs]):
        pairs.pop(known, None)
    keep_together(pairs.values())


@asked_again
def _pairs(*, firsts: list[UUID]) -> QuerySet:
    return Pair.objects.filter(one__in=firsts).values_list("one", "other")


def look_again(act: Act, person: UUID) -> None:
    """Say anew why a person who was corrected may be somebody else, or that she is like them no more, in each pair that
    nobody has decided about; what was asked about a pair that is none any more is settled with it."""
    for pair in Pair.objects.filter(Q(one=person) | Q(other=person), state=Pair.State.OPEN).order_by("pk"):
        plain = plain_of([pair.one_id, pair.other_id])
        why = likeness(plain[pair.one_id], plain[pair.other_id])
        if not why.is_doubtful(thresholds()):
            pair.state = Pair.State.TWO
            for settle in house.settles:
                settle(act, pair)
            pair.delete()
        elif (pair.points, pair.reasons) != (why.points, ",".join(why.reasons)):
            pair.points, pair.reasons = why.points, ",".join(why.reasons)
            pair.save()
