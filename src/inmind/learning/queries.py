"""What other rooms read of learning."""

from __future__ import annotations

from inmind.learning.certificates.queries import Learned as Learned
from inmind.learning.certificates.queries import learned_by as learned_by
from inmind.learning.trainings.queries import Ahead as Ahead
from inmind.learning.trainings.queries import ahead as ahead
