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

    def db_check(self, connection: Any) -> str:
        return f"length({connection.ops.quote_name(self.column)}) <= {self.max_length}"  # type: ignore[attr-defined]

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]
        return text.checked(value, self.max_length or 0, field=self.name) if isinstance(value, str) else value  # type: ignore[attr-defined]

    def validate(self, value: Any, instance: Any) -> None:
        try:
            text.checked(value or "", self.max_length or 0)
        except InMindError as refusal:
            raise ValidationError(gettext(refusal.found) % refusal.facts) from refusal
        super().validate(value, instance)  # type: ignore[misc]


class ShortText(_Checked, models.CharField):
    """A line of text, at most `max_length` characters on either database."""


class LongText(_Checked, models.TextField):
    """Several lines of text, at most `max_length` characters on either database."""

    def __init__(self, *args: Any, max_length: int = 10_000, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)


@ShortText.register_lookup
class StartsAt(models.Lookup):
    """`token__starts="mar"`: a prefix search that uses the index on either database.

    SQLite reads a half-open range of the ordinary index; PostgreSQL reads the pattern index that Django makes for an
    indexed text column. Neither scans.
    """

    lookup_name = "starts"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        prefix = self.rhs
        end = prefix[:-1] + chr(min(ord(prefix[-1]) + 1, 0x10FFFF))
        return f"({column} >= %s AND {column} < %s)", [*parameters, *parameters, prefix, end]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        escaped = self.rhs.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return f"{column} LIKE %s", [*parameters, escaped + "%"]
