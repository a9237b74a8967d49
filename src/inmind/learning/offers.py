"""What learning offers the windows and the rooms above it."""

from __future__ import annotations

from inmind.learning.attendance import offers as attendance_offers
from inmind.learning.trainings import offers as training_offers


def offer() -> None:
    """Put it in its place."""
    training_offers.offer()
    attendance_offers.offer()
