"""The pages about settings and help lines say what the code does."""

from __future__ import annotations

import pytest

from inmind.environment import Setting
from inmind.foundation import reference
from inmind.foundation.helplines import help_lines


def test_every_variable_the_code_reads_is_on_the_page() -> None:
    """A new setting joins the page in the same commit."""
    page = reference.pages()["settings.md"]
    assert "INMIND_HOME" in reference.read_from_environment()
    assert not [name for name in reference.read_from_environment() if f"| `{name}` |" not in page]


def test_a_setting_nobody_reads_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page promises nothing that the code does not keep."""
    promised = {"Promised": (Setting("INMIND_WISHED_FOR", "", ""),)}
    monkeypatch.setattr(reference, "SETTINGS", {**reference.SETTINGS, **promised})
    with pytest.raises(ValueError, match="INMIND_WISHED_FOR"):
        reference.pages()


def test_every_line_stands_with_its_source_and_day() -> None:
    """`protect.md` 3. A number in a help text has a source and a date."""
    page = reference.pages()["help-lines.md"]
    assert help_lines()
    for line in help_lines():
        assert line.name in page
        assert line.source in page
        assert line.checked.isoformat() in page
