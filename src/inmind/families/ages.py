"""The two ages of a child who came early: counted from the birth, and from the day the birth was due. Pure.

Both are stored facts' consequences and are worked out anew each time. The corrected age is used only where a tool has a
rule for it; everything else (a program's window, a law's age limit) counts from the birth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from inmind.foundation.errors import BadInput
from inmind.foundation.values import N_, Age

TERM_WEEKS = 40
# Ours, and shown as ours: what can be a number of completed weeks at a live birth, and not a slip of the finger.
FEWEST_WEEKS, MOST_WEEKS = 20, 45


@dataclass(frozen=True, slots=True)
class PrematurityRule:
    """When a tool counts from the due day. early_weeks_min: weeks before term, at least; below_months: counted from the
    birth, the child is younger than this. source: where the tool's publisher says so."""

    early_weeks_min: int
    below_months: int
    source: str

    def is_for(self, gestation_weeks: int | None) -> bool:
        """Whether a child born after so many weeks came early enough; not where nobody knows them."""
        return weeks_early(gestation_weeks) >= max(self.early_weeks_min, 1)

    def waits_for(self, gestation_weeks: int | None, age: Age) -> bool:
        """Whether weeks that nobody wrote down could still make the tool count another age."""
        return gestation_weeks is None and age.months < self.below_months


@dataclass(frozen=True, slots=True)
class Ages:
    """chronological: from the birth. corrected: from the due day, where the tool has a rule and it applies, else None;
    no months and no days until the due day has come. A tool goes by `used`."""

    chronological: Age
    corrected: Age | None = None

    @property
    def used(self) -> Age:
        return self.corrected or self.chronological


def weeks_early(gestation_weeks: int | None) -> int:
    """Weeks before term; 0 at term, after it, and while nobody has said."""
    return 0 if gestation_weeks is None else max(0, TERM_WEEKS - gestation_weeks)


def weeks_at_birth(born: date, expected: date) -> int:
    """The weeks of gestation that a birth and the day it was expected on tell, where nobody wrote them down."""
    return TERM_WEEKS + (born - expected).days // 7


def ages(born: date, gestation_weeks: int | None, on: date, rule: PrematurityRule | None = None) -> Ages:
    """Both ages on a day, in completed calendar months. `rule` None: the tool has none, and there is no corrected age.

    Corrected: weeks before term, seven days each, taken from the chronological age. Raises ValueError before the birth.
    Source: `instruments.yaml`, meta.age_rule.
    """
    chronological = Age.between(born, on)
    if rule is None or not rule.is_for(gestation_weeks) or chronological.months >= rule.below_months:
        return Ages(chronological)
    term = born + timedelta(weeks=weeks_early(gestation_weeks))
    return Ages(chronological, Age.between(term, max(on, term)))


def check_gestation(weeks: int | None) -> None:
    """Raises BadInput for a number of weeks that no birth has. None: not known."""
    if weeks is not None and not FEWEST_WEEKS <= weeks <= MOST_WEEKS:
        raise BadInput(
            N_("%(weeks)s weeks cannot be right."),
            N_("A pregnancy that ends in a birth lasts between %(fewest)s and %(most)s weeks."),
            N_("Type the completed weeks, or leave it empty if nobody knows."),
            field="gestation_weeks",
            facts={"weeks": str(weeks), "fewest": str(FEWEST_WEEKS), "most": str(MOST_WEEKS)},
        )
