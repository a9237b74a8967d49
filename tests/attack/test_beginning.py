"""Silly words to `inmind init` are answered with a sentence, and nothing is written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

WHOLE = {"--profile": "network", "--name": "House"}


@pytest.mark.parametrize(
    ("option", "typed"),
    [
        ("--zone", "America"),
        ("--zone", "../../etc/passwd"),
        ("--name", ""),
        ("--name", "two\nlines"),
        ("--name", "x" * 121),
        ("--state", "T\nX"),
        ("--admin-name", " "),
        ("--admin-mail", "not a mail"),
        ("--admin-mail", "a@example.org\nBcc: b@example.org"),
    ],
)
def test_silly_words_are_answered_with_a_sentence(option: str, typed: str, tmp_path: Path) -> None:
    """No stack trace, exit code 2, an empty folder."""
    words = [word for pair in ({**WHOLE, option: typed}).items() for word in pair]
    said = subprocess.run(
        [sys.executable, "-m", "inmind.cli", "init", *words],
        env={**os.environ, "INMIND_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode == 2
    assert said.stderr.count("\n") <= 2
    assert "Traceback" not in said.stderr
    assert not list(tmp_path.iterdir())
