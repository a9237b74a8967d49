"""What stops a letter. Each says which kind of stop it is; none repeats an address, or what a server said of one. Pure."""

from __future__ import annotations

from inmind.foundation.errors import InMindError
from inmind.messages.outcomes import PROBLEMS, Problem


class Stopped(InMindError):
    """A letter cannot leave, and trying the same again cannot help."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(*PROBLEMS[problem])


class NotTaken(Stopped):
    """Whoever carries it refused this address or number for good."""

    def __init__(self) -> None:
        super().__init__(Problem.NOT_TAKEN)


class TryLater(InMindError):
    """Whoever carries it cannot, or will not, take it now. `why` is for whoever runs the machine: a class and a code."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(*PROBLEMS[Problem.LATER])
