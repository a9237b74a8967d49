"""Forms of what may be told outside: a consent, a telling, and taking a consent back."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from inmind.access import consents
from inmind.access.consents import Asked, Back, Days, Ground, Holder, How, Kind, Manner, Purpose, Withdrawal
from inmind.documents import kinds
from inmind.families.forms.told import LANGUAGES, SAFE, YES_NO, ToldForm
from inmind.foundation.errors import BadInput
from inmind.foundation.forms import DateInput, HouseForm, TimeInput, choice_field
from inmind.foundation.values import N_


def _words(of: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [(str(key), _(getattr(words, "words", words))) for key, words in of.items()]


def _sent_as(holder: Holder) -> str:
    """Whom a choice means, also once somebody else has come or gone: in another tab a place in a list is another's."""
    return f"{holder.capacity}:{holder.person or holder.name}"


class ToWhomForm(ToldForm):
    """To whom, why, what, and of which days: what a consent covers, and what is asked. What is seldom needed is folded."""

    FOLDED: tuple[str, ...] = ()
    NEEDED: tuple[str, ...] = ()  # may be empty here, and is asked for by what else is said
    summary: Any = ""

    recipient = forms.CharField(
        label=_("Who is told"),
        max_length=200,
        help_text=_("The place, and the person where you know: Valley Pediatrics, Dr. Chen."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    purpose = forms.ChoiceField(label=_("What for"), choices=[("", _("choose")), *_words(consents.PURPOSES)])
    kinds = forms.MultipleChoiceField(
        label=_("What is told"), choices=_words(consents.KINDS), widget=forms.CheckboxSelectMultiple
    )
    facts_since = forms.DateField(label=_("Facts from this day on"), widget=DateInput())
    facts_until = forms.DateField(label=_("Facts up to this day"), required=False, widget=DateInput())

    def plain(self) -> list[forms.BoundField]:
        return [one for one in self.visible_fields() if one.name not in self.FOLDED]

    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FOLDED]

    def is_open(self) -> bool:
        """Whether something that is folded was said, or has an error."""
        return any(one.errors or one.value() not in {None, "", one.initial} for one in self.folded())

    def days(self) -> Days:
        return Days(self.cleaned_data["facts_since"], self.cleaned_data["facts_until"])

    def kinds_said(self) -> frozenset[Kind]:
        return frozenset(map(Kind, self.cleaned_data["kinds"]))


class _AgreedForm(ToWhomForm):
    """What somebody is asked to agree to, or has agreed to."""

    field_order: Sequence[str] = (
        *("giver", "recipient", "covered", "purpose", "kinds", "facts_since", "facts_until"),
        *("since", "until", "how", "paper", "edition", "language", "interpreter", "counsel", "hearing"),
    )
    FOLDED = ("counsel", "hearing")
    summary = _("In an open court case")
    giver = forms.ChoiceField(label=_("Who agrees"), widget=forms.RadioSelect)
    covered = forms.ChoiceField(
        label=_("Is the one who is told bound by HIPAA?"),
        choices=SAFE,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Health care and health plans are; a community organization often is not. Ask them."),
    )
    until = forms.DateField(
        label=_("Ends on"), required=False, widget=DateInput(), help_text=_("Empty: until it is withdrawn.")
    )
    counsel = forms.CharField(
        label=_("Their counsel"),
        max_length=200,
        required=False,
        help_text=_("Speak with counsel first. The consent ends at the next hearing unless it is renewed."),
    )
    hearing = forms.DateField(label=_("The day of the next hearing"), required=False, widget=DateInput())

    def __init__(
        self, holders: Sequence[Holder], words: Sequence[str], *args: Any, about_child: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        some = consents.agreed_about(about_child=about_child)
        choice_field(self, "kinds").choices = [(kind.value, _(consents.KINDS[kind].words)) for kind in some]
        self.holders = {_sent_as(holder): holder for holder in holders}
        called = zip(map(_sent_as, holders), words, strict=True)
        choice_field(self, "giver").choices = list(dict(called).items())
        if len(holders) == 1:
            self.fields["giver"].initial = _sent_as(holders[0])
        self.fields["facts_until"].help_text = _("Empty: whatever comes later, too.")

    def agreed(self, about: UUID, **how: Any) -> consents.Consent:
        said = self.cleaned_data
        return consents.Consent(
            about=about,
            recipient=said["recipient"],
            purpose=Purpose(said["purpose"]),
            kinds=self.kinds_said(),
            days=self.days(),
            given_by=self.holders[said["giver"]],
            until=said["until"],
            covered=YES_NO.get(said["covered"]),
            counsel=said["counsel"],
            hearing=said["hearing"],
            **how,
        )


class ProposeForm(_AgreedForm):
    """What an adult is asked to sign on her own page."""

    def agreed(self, about: UUID, **how: Any) -> consents.Consent:
        return super().agreed(about, how=How.PHONE, **how)


class AgreeForm(_AgreedForm):
    """What somebody agreed to, as it stands on the paper."""

    NEEDED = ("paper",)
    since = forms.DateField(label=_("Holds from"), widget=DateInput())
    how = forms.ChoiceField(
        label=_("How they agreed"),
        choices=[(one, words) for one, words in _words(consents.HOW) if one != How.PHONE],  # that leaves its own proof
        widget=forms.RadioSelect,
    )
    paper = forms.CharField(
        label=_("Where the signed paper is kept"),
        max_length=200,
        required=False,
        help_text=_("Needed where it was signed on paper. Where nobody knows, write: not known."),
    )
    edition = forms.CharField(label=_("Which text, in which edition"), max_length=80)
    language = forms.ChoiceField(label=_("Explained in"), choices=[("", _("choose")), *LANGUAGES[1:]])
    interpreter = forms.ChoiceField(
        label=_("Was an interpreter there?"), choices=SAFE[1:], required=False, widget=forms.RadioSelect
    )

    def agreed(self, about: UUID, **how: Any) -> consents.Consent:
        said = self.cleaned_data
        return super().agreed(about, since=said["since"], how=How(said["how"]), paper=said["paper"], **how)


class SignForm(HouseForm):
    """A name, typed by whoever signs, and the mark of the text that was on the page."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


def closed_said(closed: Mapping[Kind, str]) -> str:
    """Why kinds are not offered that whoever makes a file may not read themselves."""
    return " ".join(dict.fromkeys(closed.values()))


class ReleaseForm(HouseForm):
    """What goes into a file, of what one consent covers."""

    kinds = forms.MultipleChoiceField(label=_("What goes into the file"), widget=forms.CheckboxSelectMultiple)
    facts_since = forms.DateField(label=_("Facts from this day on"), widget=DateInput())
    facts_until = forms.DateField(label=_("Facts up to this day"), widget=DateInput())

    def __init__(self, some: Iterable[Kind], *args: Any, closed: Mapping[Kind, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [kind for kind in some if kind not in closed]
        choice_field(self, "kinds").choices = [(kind.value, _(consents.KINDS[kind].words)) for kind in mine]
        self.fields["kinds"].help_text = closed_said(closed)

    def asked(self, agreed: consents.Consent, *, about_child: bool) -> Asked:
        said = self.cleaned_data
        days = Days(said["facts_since"], said["facts_until"])
        kinds = frozenset(map(Kind, said["kinds"]))
        return Asked(agreed.about, agreed.recipient, agreed.purpose, kinds, days, about_child=about_child)


class ScanForm(HouseForm):
    """One file; its name is not read."""

    file = forms.FileField(
        label=_("Scan or photo"),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
        allow_empty_file=True,  # said in our own words
        help_text=_(
            "PDF, JPEG, PNG or WebP. The place and time that a camera writes into a photo are taken out; what stands in a PDF "
            "stays. The name of the file is not kept."
        ),
    )

    def cleaned(self) -> tuple[kinds.Kind, str]:
        """What it is, and its bytes as base64. Raises BadInput."""
        sent, most = self.cleaned_data["file"], settings.FILE_MEGABYTES * 1_000_000
        kind, body = kinds.cleaned(sent.read(most + 1), most=most)
        return kind, base64.b64encode(body).decode()


class WithdrawForm(ToldForm):
    """Who took a consent back, how, and from when on."""

    said_by = forms.CharField(
        label=_("Who said so"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    how = forms.ChoiceField(
        label=_("How they said it"),
        choices=[(one, words) for one, words in _words(consents.BACK) if one != Back.OWN_PAGE],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(
        label=_("On an earlier day"),
        required=False,
        widget=DateInput(),
        help_text=_("Empty: from now on. Only where somebody truly said it before."),
    )
    at = forms.TimeField(
        label=_("At what time"), required=False, widget=TimeInput(), help_text=_("Empty: from the start of that day.")
    )

    def back(self) -> Withdrawal:
        said = self.cleaned_data
        return Withdrawal(said["said_by"], Back(said["how"]), said["on"], said["at"])


class TellForm(ToWhomForm):
    """What was told, or would be: it can be looked at first, and nothing is kept."""

    FOLDED = ("ground", "reason", "order")
    NEEDED = ("manner", "words")
    summary = _("Without a consent")

    on = forms.DateField(label=_("Told on"), widget=DateInput())
    at = forms.TimeField(
        label=_("At what time"),
        required=False,
        widget=TimeInput(),
        help_text=_("Where a consent was withdrawn on that day: what was told before still stands on it."),
    )
    manner = forms.ChoiceField(
        label=_("How it was told"),
        choices=[one for one in _words(consents.MANNERS) if one[0] != Manner.PAGE],  # that is told by the house itself
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Needed once it was told. Not yet when you only ask whether you may."),
    )
    words = forms.CharField(
        label=_("What was told, with its days"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed once it was told. Not yet when you only ask whether you may."),
    )
    notice_went = forms.BooleanField(
        label=_("The notice, and a copy of the consent, went with it"),
        required=False,
        help_text=_("Needed for treatment for substance use."),
        widget=forms.HiddenInput,
    )
    ground = forms.ChoiceField(
        label=_("By what"),
        choices=_words(consents.GROUNDS),
        initial=Ground.CONSENT,
        widget=forms.RadioSelect,
        help_text=_("Talk with your supervisor first. The privacy officer is told."),
    )
    reason = forms.CharField(
        label=_("Why it was told"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Of something told more than 30 days ago: why it is written down only now."),
    )
    order = forms.CharField(label=_("Where the order of the court is kept"), max_length=200, required=False)

    def __init__(self, recipients: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if {Kind.SUBSTANCE_USE, Kind.COUNSELLING} & set(self["kinds"].value() or ()):
            self.reveal("notice_went")
        known = ", ".join(dict.fromkeys(recipients))
        if known:
            self.fields["recipient"].help_text = _("Written as in the consent: %(names)s.") % {"names": known}

    def asked(self, about: UUID, *, about_child: bool) -> Asked:
        said = self.cleaned_data
        if said["facts_until"] is None:
            raise BadInput(
                N_("The last day of these facts is missing."),
                N_("What is told is of certain days."),
                field="facts_until",
            )
        return Asked(
            about, said["recipient"], Purpose(said["purpose"]), self.kinds_said(), self.days(), about_child=about_child
        )

    def told(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not said["manner"]:
            raise BadInput(N_("It is not said how it was told."), N_("Choose one."), field="manner")
        kept = {name: said[name] for name in ("on", "at", "words", "reason", "order", "notice_went")}
        return kept | {"ground": Ground(said["ground"]), "manner": Manner(said["manner"])}
