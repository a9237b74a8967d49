"""Puts two records of one person together, row by row, and parts them again by going back over each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction

from inmind.access.fields import SealedText
from inmind.foundation.models import Kept, asked_again
from inmind.foundation.registries import Holding, house
from inmind.records.models import Forwarding, Merge, MergeStep

MOST_HOPS = 8


class Mover:
    """Moves rows in the name of one merge, and writes down each value that it changes."""

    def __init__(self, act: Any, merge: Merge, chosen: Mapping[str, str]) -> None:
        self.act, self.merge, self.chosen = act, merge, chosen

    def follow(self, gone: models.Model, stays: models.Model) -> None:
        """Let everything that hangs on a record hang on the other, each as its room says."""
        for model, field, holding in followers(type(gone)):
            if holding is not None and holding.stays:
                continue
            for row in model._default_manager.filter(**{field: gone}).order_by("pk"):
                if holding is not None and holding.follow is not None:
                    holding.follow(self, row, stays)
                else:
                    self.change(row, field, stays)

    def change(self, row: models.Model, field: str, to: Any) -> None:
        """Let a field hold another value (for a foreign key: another record). A row that is there already, under the
        record that stays, is set aside until the two are parted."""
        before = _as_data(row, field)
        try:
            with transaction.atomic():
                _carry(row, field, to)
        except IntegrityError:
            self.set_aside(type(row)._default_manager.get(pk=row.pk))
            return
        self._note(row, field, before, _as_data(row, field))

    def set_aside(self, row: models.Model) -> None:
        """Take a row away that would stand twice, and keep all of it."""
        whole = {field.attname: field.value_to_string(row) for field in row._meta.concrete_fields if _has(row, field)}
        self._note(row, "", whole, None)
        row.delete()

    def forward(self, gone: models.Model, stays: models.Model) -> None:
        Forwarding.objects.create(old=gone.pk, new=stays.pk, merge=self.merge)

    def _note(self, row: models.Model, field: str, before: Any, after: Any) -> None:
        MergeStep.objects.create(
            merge=self.merge, model=row._meta.label, row=row.pk, field=field, before=before, after=after
        )


def go_back(merge: Merge) -> int:
    """Undo each step of a merge, the last one first. Returns how many could not be: the value was changed since."""
    left = 0
    for step in merge.steps.order_by("-pk"):
        model: Any = apps.get_model(step.model)
        if not step.field:
            left += not _put_back(model, step.before or {})
            continue
        row = model._default_manager.filter(pk=step.row).first()
        if row is None or _as_data(row, step.field) != step.after:
            left += 1
            continue
        field = model._meta.get_field(step.field)
        to = step.before
        if field.is_relation and to is not None:
            to = field.related_model._default_manager.get(pk=to)
        elif not field.is_relation:
            to = field.to_python(to)
        left += not _carried_back(row, step.field, to)
    merge.forwardings.all().delete()
    return left


def _carried_back(row: models.Model, field: str, to: Any) -> bool:
    holding = house.holdings.get((row._meta.label, field))
    if holding is not None and holding.back is not None:
        return holding.back(row, lambda there: _carry(row, field, there), to)
    _carry(row, field, to)
    return True


def _put_back(model: Any, whole: dict[str, str | None]) -> bool:
    named = {field.attname: field for field in model._meta.concrete_fields}
    row = model(**{name: None if value is None else named[name].to_python(value) for name, value in whole.items()})
    try:
        with transaction.atomic():
            model._default_manager.bulk_create([row])
    except IntegrityError:
        return False
    return True


def _has(row: models.Model, field: Any) -> bool:
    return getattr(row, field.attname) is not None


def _carry(row: models.Model, field: str, to: Any) -> None:
    """Change one value; words that are sealed for another person from then on are sealed anew."""
    holding = house.holdings.get((row._meta.label, field))
    others = list(holding.sealed(row)) if holding is not None and holding.sealed is not None else []
    opened = [(one, words) for one in others if (words := _words(one))]
    own = _words(row)  # opened here, so that saving seals them under the new owner's key
    setattr(row, field, to)
    row.save(update_fields=[field, *own])
    for one, words in opened:
        again: Any = type(one)._default_manager.get(pk=one.pk)
        for name, plain in words.items():
            setattr(again, name, plain)
        again.save(update_fields=list(words))


def _words(row: models.Model) -> dict[str, str]:
    """The sealed words of a row, opened."""
    sealed = [field.attname for field in row._meta.concrete_fields if isinstance(field, SealedText)]
    return {name: plain for name in sealed if (plain := getattr(row, name)) is not None}


def _as_data(row: models.Model, field: str) -> Any:
    value = getattr(row, row._meta.get_field(field).attname)  # type: ignore[union-attr]
    return value if value is None or isinstance(value, bool | int) else str(value)


def followers(model: type[models.Model]) -> Iterator[tuple[Any, str, Holding | None]]:
    """Each foreign key of a kept record that leads to records of this model, with what its room says of it."""
    for other in apps.get_models():
        if not issubclass(other, Kept) or other._meta.app_label == "records":
            continue
        for field in other._meta.concrete_fields:
            if field.is_relation and field.related_model is model:
                yield other, field.name, house.holdings.get((other._meta.label, field.name))


@asked_again
def _forwardings(*, ids: list[UUID]) -> models.QuerySet:
    return Forwarding.objects.filter(old__in=ids).values_list("old", "new")


def forwarded(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Where these ids lead since a merge; ids that lead nowhere else are left out."""
    found: dict[UUID, UUID] = {}
    asked = {one: one for one in ids}
    for _ in range(MOST_HOPS):
        rows = dict(_forwardings(ids=list(asked.values())))
        asked = {first: rows[now] for first, now in asked.items() if now in rows}
        found |= asked
        if not asked:
            break
    return found
