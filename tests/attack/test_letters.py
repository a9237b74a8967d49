"""A letter is plain text: a name stands in it as it is written."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from inmind.messages.adapters import mail


@pytest.mark.parametrize("template", ["invitation", "sign_in", "needs_a_person", "nobody_answered", "factor_forgotten"])
def test_a_name_stands_in_a_letter_as_it_is_written(template: str) -> None:
    """Apostrophes and ampersands are not escaped as on a page."""
    facts = {"person": SimpleNamespace(given_name="D'Arcy"), "installation": SimpleNamespace(name="Tea & Toys")}
    _subject, body = mail.written(
        template, {**facts, "site": "https://house.example", "secret": "s", "task": "t"}, "en"
    )
    assert "Hello D'Arcy." in body
    assert "&amp;" not in body
