"""What InMind says when it cannot do what was asked: what was found, what is expected, what to do next. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from inmind.foundation.values import N_, Verdict


class InMindError(Exception):
    """A refusal in plain words. No stack trace reaches a person; these sentences do.

    found, expected, next_step: whole sentences, marked for translation; `facts` fill their named places.
    field: the form field it concerns, where there is one. source: the document behind the rule, where there is one.
    """

    status = 400

    def __init__(
        self,
        found: str,
        expected: str = "",
        next_step: str = "",
        *,
        field: str = "",
        source: str = "",
        facts: Mapping[str, object] | None = None,
    ) -> None:
        self.found, self.expected, self.next_step = found, expected, next_step
        self.field, self.source, self.facts = field, source, dict(facts or {})
        super().__init__(self.in_english())

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(part for part in (self.found, self.expected, self.next_step) if part)

    def in_english(self) -> str:
        return " ".join(part % self.facts if self.facts else part for part in self.sentences)


class BadInput(InMindError):
    """What was typed or sent cannot be kept as it is."""


class HostileText(BadInput):
    """Text that no database of ours may hold: a zero character or half of a character pair."""


class Refused(InMindError):
    """The policy said no; the verdict carries the sentence."""

    status = 403

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(verdict.sentence, facts=verdict.facts)


class Stale(InMindError):
    """Somebody saved first; both texts are shown and nothing is lost."""

    status = 409

    def __init__(self, thing: object) -> None:
        self.thing = thing
        super().__init__(
            N_("Someone saved this record after you opened it."),
            N_("You can only save over the version you have seen."),
            N_("Compare the two texts below, keep what is right, and save again."),
        )


class KeyReused(InMindError):
    """The same idempotency key came with a different body."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            N_("This form was already sent with other answers."),
            N_("One form can be saved once."),
            N_("Open the page again to see what was kept, then change it there."),
        )


class NotNow(InMindError):
    """The record's own state forbids it: this may not happen to this record now."""

    status = 409


class WaitsFor(NotNow):
    """Somebody else can clear what stands in the way, and can be asked to."""


class Taken(NotNow):
    """Somebody saved the same in the same moment, and there can be only one of it."""

    def __init__(self) -> None:
        super().__init__(
            N_("Somebody saved the same at this moment."),
            N_("There can be only one of it."),
            N_("Open the page again to see what was kept, then change it there."),
        )
