"""Makes a tagged PDF (PDF/UA-1) of a paper: the same bytes of the same paper, with no clock, name or place in them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from inmind.documents.adapters.typeset import SECONDS, UNPRINTABLE
from inmind.documents.paper import Paper, Part, as_data
from inmind.foundation.errors import InMindError
from inmind.foundation.values import N_

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # where there is no such lock, papers are made side by side
    fcntl = None

PROGRAM = Path(__file__).with_name("typeset.py")
# Nothing of our own environment; on a machine of many cores as few threads, and as little address space, as on a small one.
SURROUNDINGS = {"RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}


class NotMade(InMindError):
    """The typesetter ended without a paper."""

    status = 500

    def __init__(self) -> None:
        super().__init__(
            N_("This paper could not be made."),
            N_("Nothing of it was kept or told."),
            N_("Ask your administrator, and tell it in another way."),
        )


def pdf_of(paper: Paper) -> bytes:
    """A paper as a tagged PDF. Raises BadInput for one that is too long, and NotMade."""
    for strictly in (False, True):
        if (made := _typeset(as_data(paper, strictly=strictly))) is not None:
            return made
    raise NotMade


def prints_other_scripts() -> bool:
    """Whether a paper comes out whole, with a name in each other script that is printed here; else those stand in brackets.
    Raises NotMade where no paper comes out at all."""
    names = ("Μαρία", "Мария", "מרים", "مريم")
    tried = Paper("InMind", "en", (), (Part("InMind", names),), "InMind")
    if _typeset(as_data(tried)) is not None:
        return True
    pdf_of(tried)
    return False


def _typeset(said: dict[str, object]) -> bytes | None:
    """The bytes; None where letters do not fit together. In a process of its own: what it takes is bounded, and whatever
    becomes of it, the house goes on."""
    command = [sys.executable, "-I", str(PROGRAM)]
    sent = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    try:
        with Path(__file__).open(
            "rb"
        ) as turn:  # one paper at a time on a machine, so that their memory does not add up
            if fcntl is not None:
                fcntl.flock(turn, fcntl.LOCK_EX)
            done = subprocess.run(
                command, input=sent, capture_output=True, timeout=2 * SECONDS, env=SURROUNDINGS, check=False
            )
    except subprocess.TimeoutExpired as problem:
        raise NotMade from problem
    if done.returncode == UNPRINTABLE:
        return None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise NotMade
    return done.stdout
