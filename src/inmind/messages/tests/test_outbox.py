"""Letters as files: found by their names, which tell nobody's."""

from __future__ import annotations

import email
import re
from email import policy
from pathlib import Path
from typing import Any

import pytest

from inmind.jobs import runner
from inmind.messages.adapters import mail
from tests import make


@pytest.mark.django_db
def test_a_letter_is_found_by_its_day_and_kind_and_names_nobody(settings: Any, tmp_path: Path) -> None:
    """Two of one kind stand beside each other; whoever owns the folder alone may read them."""
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = mail.OUTBOX, tmp_path / "outbox"
    make.make_on_call()
    for _ in range(2):
        make.make_crisis()
    runner.run_due()
    names = sorted(file.name for file in (tmp_path / "outbox").iterdir())
    found = [name for name in names if re.fullmatch(r"\d{4}-\d\d-\d\d-\d{6}-needs_a_person-[0-9a-f]{6}\.eml", name)]
    assert len(found) == 2 and not any("mateo" in name.lower() or "dana" in name.lower() for name in names)
    file = tmp_path / "outbox" / found[0]
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert email.message_from_bytes(file.read_bytes(), policy=policy.default)["To"]
