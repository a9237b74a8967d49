"""Forms of families. Labels are whole words a worker says; no field asks for status, origin or numbers of the state."""

from inmind.families.forms.adults import (
    BirthForm,
    CareForm,
    ConsentForm,
    CorrectionForm,
    EndConsentForm,
    HomeForm,
    SelfForm,
    SpeechForm,
    WayForm,
    WeeksForm,
)
from inmind.families.forms.agreeing import (
    AgreeForm,
    ProposeForm,
    ReleaseForm,
    ScanForm,
    SignForm,
    TellForm,
    WithdrawForm,
)
from inmind.families.forms.leaving import AnswerForm, CloseSubpoenaForm, PaperForm, SubpoenaForm
from inmind.families.forms.registering import AdultForm, IntakeForm, SiblingForm
from inmind.families.forms.serving import EndForm, HandOverForm, PersonChoice, ReopenForm, SideForm, VisitForm
from inmind.families.forms.told import LANGUAGES, ToldForm

__all__ = (
    "LANGUAGES",
    "AdultForm",
    "AgreeForm",
    "AnswerForm",
    "BirthForm",
    "CareForm",
    "CloseSubpoenaForm",
    "ConsentForm",
    "CorrectionForm",
    "EndConsentForm",
    "EndForm",
    "HandOverForm",
    "HomeForm",
    "IntakeForm",
    "PaperForm",
    "PersonChoice",
    "ProposeForm",
    "ReleaseForm",
    "ReopenForm",
    "ScanForm",
    "SelfForm",
    "SiblingForm",
    "SideForm",
    "SignForm",
    "SpeechForm",
    "SubpoenaForm",
    "TellForm",
    "ToldForm",
    "VisitForm",
    "WayForm",
    "WeeksForm",
    "WithdrawForm",
)
