"""What is offered, who was referred to it, and what came of it."""

from __future__ import annotations

from inmind.services.early.models import Delay as Delay  # Django looks for tables here
from inmind.services.early.models import EarlyBefore as EarlyBefore
from inmind.services.early.models import EarlyCase as EarlyCase
from inmind.services.early.models import NoticeSent as NoticeSent
from inmind.services.early.models import Pause as Pause
from inmind.services.early.models import Substantiated as Substantiated
from inmind.services.early.models import TransitionStep as TransitionStep
from inmind.services.early.models import TribalNotice as TribalNotice
from inmind.services.finder.models import SelfReferral as SelfReferral
from inmind.services.listings.models import Listing as Listing
from inmind.services.matches.models import FamilyAnswer as FamilyAnswer
from inmind.services.matches.models import FamilyPlace as FamilyPlace
from inmind.services.matches.models import FamilyProgram as FamilyProgram
from inmind.services.matches.models import ReferralWindow as ReferralWindow
from inmind.services.plans.models import EarlierPlanItem as EarlierPlanItem
from inmind.services.plans.models import GivenHandout as GivenHandout
from inmind.services.plans.models import HowSeen as HowSeen
from inmind.services.plans.models import PlanItem as PlanItem
from inmind.services.plans.models import PlanLook as PlanLook
from inmind.services.referrals.face_models import Face as Face
from inmind.services.referrals.face_models import FacePiece as FacePiece
from inmind.services.referrals.models import Referral as Referral
from inmind.services.referrals.models import ReferralStep as ReferralStep
from inmind.services.running.models import EarlierSession as EarlierSession
from inmind.services.running.models import ServiceEpisode as ServiceEpisode
from inmind.services.running.models import ServiceSession as ServiceSession
