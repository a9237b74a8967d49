"""Text columns that behave alike on both databases: a length the database checks, and no hostile characters."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext

from inmind.foundation import text
from inmind.foundation.errors import InMindError


class _Checked:
    """Adds CHECK(length) where the column type alone does not keep it, and refuses hostile text at the border."""

    max_length: int | None
    _check = staticmethod(text.checked)

    def db_check(self, connection: Any) -> str:
        return f"length({connection.ops.quote_name(self.column)}) <= {self.max_length}"  # type: ignore[attr-defined]

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]
        return self._check(value, self.max_length or 0, field=self.name) if isinstance(value, str) else value  # type: ignore[attr-defined]

    def validate(self, value: Any, instance: Any) -> None:
        try:
            self._check(value or "", self.max_length or 0)
        except InMindError as refusal:
            raise ValidationError(gettext(refusal.found) % refusal.facts) from refusal
        super().validate(value, instance)  # type: ignore[misc]


class ShortText(_Checked, models.CharField):
    """A line of text, at most `max_length` characters on either database."""

    _check = staticmethod(text.checked_line)


class LongText(_Checked, models.TextField):
    """Several lines of text, at most `max_length` characters on either database."""

    def __init__(self, *args: Any, max_length: int = 10_000, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)


class FoldedText(ShortText):
    """A folded word, compared letter by letter on either database, so that a prefix and its order are read from the index.

    Left to itself, PostgreSQL would compare as its locale does and sort all that begin so before it gives the first.
    """

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        return {**parameters, "collation": "C"} if connection.vendor == "postgresql" else parameters


@FoldedText.register_lookup
class StartsAt(models.Lookup):
    """`token__starts="mar"`: a prefix search that reads a half-open range of the index."""

    lookup_name = "starts"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", [*parameters, self.rhs, *parameters, _after(self.rhs)]


def _after(prefix: str) -> str:
    """The first text that no longer begins so; half of a character pair is none."""
    code = ord(prefix[-1]) + 1
    return prefix[:-1] + chr(0xE000 if 0xD800 <= code < 0xE000 else min(code, 0x10FFFF))
