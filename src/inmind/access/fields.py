"""A column for clinical words and secrets: sealed per person from the first day, read as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models

from inmind.foundation import text


class Sealed(bytes):
    """A value as it lies in the database, not opened yet."""


class SealedText(models.BinaryField):
    """Text sealed with the key of the person whose words it holds.

    The model names the attribute with that person's id in `SEALED_FOR`; where a row is nobody's, the house's own key seals it,
    and its room seals it anew when that key rotates (`house.reseals`). The value is opened when it is first read, so a
    list that does not show it never opens it. `max_length` counts characters of the plain text.
    """

    _pyi_private_set_type: str | None
    _pyi_private_get_type: Any  # what the descriptor below answers with: text, or None

    def __init__(self, *args: Any, max_length: int = 10_000, **kwargs: Any) -> None:
        self.limit = max_length
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "max_length": self.limit}

    def contribute_to_class(self, cls: Any, name: str, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, **kwargs)
        setattr(cls, self.attname, _Opened(self))

    def from_db_value(self, value: Any, *_: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, instance: Any, add: bool) -> bytes | None:
        value = instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        from inmind.access import vault  # it stands on this room's tables, some of which hold sealed words

        text.checked(value, self.limit, field=self.name)
        whose = owner(instance)
        if whose is None:
            return vault.seal_for_house(value.encode(), self.place(instance))
        return vault.seal_with(vault.person_key(whose, make=True), value.encode(), self.place(instance))

    def place(self, instance: Any) -> str:
        return f"{instance._meta.db_table}.{self.column}:{instance.pk}"


class _Opened:
    """Reads the plain text; keeps what was set or already opened. Of somebody who was erased there is none."""

    def __init__(self, field: SealedText) -> None:
        self.field = field

    def __get__(self, instance: Any, owner_class: Any = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        value = instance.__dict__[self.field.attname]
        if isinstance(value, Sealed):
            from inmind.access import vault

            whose, place = owner(instance), self.field.place(instance)
            try:
                opened = (
                    vault.unseal_for_house(value, place)
                    if whose is None
                    else vault.unseal_with(vault.person_key(whose), value, place)
                )
            except vault.Erased:
                return None
            value = instance.__dict__[self.field.attname] = opened.decode()
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


def owner(instance: Any) -> Any:
    """The id of the person whose words a row holds."""
    return getattr(instance, instance.SEALED_FOR)


def open_together(rows: Sequence[models.Model]) -> None:
    """Open the sealed words of many rows, whose owners are known without a question, by one question for all their keys."""
    from inmind.access import vault

    keys = vault.person_keys({owner(row) for row in rows})
    for row in rows:
        for field in row._meta.concrete_fields:
            value = row.__dict__.get(field.attname)
            if isinstance(field, SealedText) and isinstance(value, Sealed):
                key = keys.get(owner(row))
                row.__dict__[field.attname] = (
                    vault.unseal_with(key, value, field.place(row)).decode() if key is not None else None
                )
