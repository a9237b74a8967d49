"""What is offered to learn, who goes there, and what came of it."""

from __future__ import annotations

from inmind.learning.attendance.models import Attendance as Attendance
from inmind.learning.attendance.models import CallLog as CallLog
from inmind.learning.attendance.models import CountingRule as CountingRule
from inmind.learning.attendance.models import DoorCode as DoorCode
from inmind.learning.attendance.models import Rest as Rest
from inmind.learning.attendance.models import Sighting as Sighting
from inmind.learning.certificates.models import Certificate as Certificate
from inmind.learning.certificates.models import CertificateRun as CertificateRun
from inmind.learning.certificates.models import Elsewhere as Elsewhere
from inmind.learning.trainings.models import AskedSeat as AskedSeat  # Django looks for tables here
from inmind.learning.trainings.models import Credit as Credit
from inmind.learning.trainings.models import DomainMinutes as DomainMinutes
from inmind.learning.trainings.models import FeedKey as FeedKey
from inmind.learning.trainings.models import Meeting as Meeting
from inmind.learning.trainings.models import Registration as Registration
from inmind.learning.trainings.models import SaidOfSelf as SaidOfSelf
from inmind.learning.trainings.models import Series as Series
from inmind.learning.trainings.models import Training as Training
