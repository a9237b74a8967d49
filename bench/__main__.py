"""`make bench`: runs the measurements of this folder and prints their ratios.

Each module here has `measure() -> Iterable[Measured]`. `make bench` runs them all; `python -m bench NAME …` runs some.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from bench.measured import table

HERE = Path(__file__).parent
NOT_MEASUREMENTS = {"__init__", "__main__", "measured", "extras", "with_fhirpathpy", "with_spark"}
BY_NAME = {"away_histories"}  # takes minutes


def main(names: list[str]) -> int:
    """Measure, print, and fail when a limit was passed."""
    known = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_MEASUREMENTS)
    every = [name for name in known if name not in BY_NAME]
    if unknown := set(names) - set(known):
        print(f"There is no measurement {', '.join(sorted(unknown))}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    found = []
    try:
        for name in names or every:
            print(f"measuring {name} …", file=sys.stderr, flush=True)
            found += list(import_module(f"bench.{name}").measure())
    finally:  # what was measured before a fault took minutes, too
        print(table(found))
    return 1 if any(not one.holds for one in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
