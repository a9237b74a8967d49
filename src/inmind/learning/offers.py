"""What learning offers the windows and the rooms above it."""

from __future__ import annotations

from inmind.access.profession_words import THEIRS_ALONE
from inmind.foundation.registries import Panel, Told, house
from inmind.foundation.values import N_
from inmind.learning import member_offers
from inmind.learning.attendance import offers as attendance_offers
from inmind.learning.held_queries import held
from inmind.learning.trainings import keeping_views
from inmind.learning.trainings import offers as training_offers


def offer() -> None:
    """Put it in its place."""
    training_offers.offer()
    house.first_steps.append(keeping_views.first_step)
    attendance_offers.offer()
    house.offer(
        Told(
            "learning",
            75,
            N_("Trainings and certificates"),
            held,
            THEIRS_ALONE,
            own=True,
            pages=(
                (N_("Your transcript as a PDF"), "transcript_pdf"),
                (N_("Your transcript as a sheet"), "transcript_csv"),
            ),
        ),
    )
    house.offer(Panel("member", "trainings", 20, "learning/of_member.html", member_offers.of_member))
    house.letters_to.append(member_offers.letters_to)
