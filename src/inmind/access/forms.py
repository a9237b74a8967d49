"""Forms of signing in, of one's own account and of the people page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm, SetPasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgain
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from inmind.access import queries, totp
from inmind.access.actors import Actor
from inmind.access.adapters import allauth
from inmind.access.models import Account, SignOn
from inmind.access.roles import ROLES
from inmind.foundation import clock, text
from inmind.foundation.forms import HouseForm, PlainForm
from inmind.people.models import Organization

_AS_TYPED = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
_DIGITS = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 12, **_AS_TYPED}


def _username_input() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "username", "maxlength": 254, **_AS_TYPED})


class SignInForm(PlainForm, LoginForm):
    """Username, or a mail address that nobody else here has, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or email")
        self.fields["login"].widget = _username_input()
        self.fields["password"].widget.attrs.pop("placeholder", None)


class OfficeCodeForm(PlainForm):
    """A code that was said aloud over the telephone."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Ten digits, as they were read out to you."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", **_AS_TYPED}),
    )

    def opens_nothing(self) -> None:
        self.add_error(
            "code", gettext("This code opens nothing. Listen to it once more; codes are over after some days.")
        )


class PasswordAgainForm(PlainForm, ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs.pop("placeholder", None)


def _rules() -> str:
    return " ".join(password_validators_help_texts())


class PasswordForm(PlainForm, SetPasswordForm):
    """A first password, or another one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = lazy(_rules, str)()
        self.fields["password2"].label = _("The same again")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LinkForm(PlainForm):
    """Ask for a link by mail."""

    username = forms.CharField(label=_("Username or email"), max_length=254, widget=_username_input())


class _SpendsCode(PlainForm):
    """A code of the authenticator, or one of the recovery codes: each works once, wherever and whenever it is typed."""

    user: Account

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].widget = forms.TextInput(attrs=dict(_DIGITS))

    def clean_code(self) -> str:
        attempt = _attempt(self.user)
        code = self.cleaned_data["code"]
        spent = allauth.spend_code(self.user, code)
        if spent is None:
            authentication_failed.send(
                sender=Authenticator, request=context.request, user=self.user, authenticator=None
            )
            raise get_adapter().validation_error("incorrect_code")
        attempt.rollback()
        spent.user = self.user
        self.authenticator = spent
        return code


class CodeForm(_SpendsCode, AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(_SpendsCode, CodeAgain):
    """Proving again within a session."""


class EnrolForm(PlainForm):
    """The first code of an authenticator that is being enrolled. `step` is the step of time it belongs to."""

    code = forms.CharField(
        label=_("The six digits it shows now"), max_length=12, widget=forms.TextInput(attrs=dict(_DIGITS))
    )

    def __init__(self, *args: Any, user: Account, secret: str, **kwargs: Any) -> None:
        self.user, self.secret, self.step = user, secret, -1
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        attempt = _attempt(self.user)
        step = totp.step_of(self.cleaned_data["code"], self.secret, clock.now())
        if step is None:
            raise ValidationError(_("This code is not right. Check the clock of your phone, and type the next code."))
        attempt.rollback()
        self.step = step
        return self.cleaned_data["code"]


def _attempt(account: Account) -> Any:
    """Count one try at a code. Raises ValidationError when there were too many."""
    attempt = allauth.within_limit("second_factor", str(account.pk))
    if attempt is None:
        raise ValidationError(_("There were too many tries. Wait five minutes and type the code that is shown then."))
    return attempt


class PasskeyForm(PlainForm):
    """A passkey that a device just made, and the name by which its owner knows the device."""

    name = forms.CharField(
        label=_("A name for this device"),
        max_length=60,
        help_text=_("So that you know it again in the list on your account's page."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credential = forms.CharField(
        max_length=20_000,
        widget=forms.HiddenInput,
        error_messages={"required": _("Nothing came from your device. Try once more.")},
    )


class LanguageForm(HouseForm):
    """The language of pages and letters, where the house speaks several."""

    language = forms.ChoiceField(label=_("Language of pages and letters"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages()  # type: ignore[attr-defined]


class WorkPhoneForm(HouseForm):
    """A number of somebody's work, for colleagues."""

    phone = forms.CharField(
        label=_("Work phone"),
        max_length=40,
        required=False,
        help_text=_(
            "Of the work, not your own at home. Colleagues of the agency read it where somebody needs a person now: on call, "
            "in an emergency, beside a task. No family is shown it."
        ),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )


def languages() -> list[tuple[str, str]]:
    """The languages of the house, each by its own name."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code in settings.INSTALLATION.languages]


class RoleForm(HouseForm):
    """Choose one of the roles that somebody may give at an organization, each with its sentence."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(
        self, by: Actor, organization: Organization, *args: Any, without: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        here = [key for key in queries.roles_to_give(by, organization) if key not in set(without)]
        self.fields["role"].choices = [(key, ROLES[key].name) for key in here]  # type: ignore[attr-defined]

    def role_cards(self) -> list[dict[str, Any]]:
        """Each role's radio beside its name and its sentence."""
        return [
            {"choice": choice, "name": gettext(role.name), "sentence": gettext(role.sentence)}
            for choice in self["role"].subwidgets
            if (role := ROLES[choice.data["value"]])
        ]


class InvitationForm(RoleForm):
    """Invite a worker with one role. Two people may share a mail address; usernames are one person's alone."""

    field_order = ("given_name", "family_name", "address", "username", "language", "role")

    given_name = forms.CharField(
        label=_("First name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    family_name = forms.CharField(
        label=_("Last name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address = forms.EmailField(
        label=_("Work email"),
        help_text=_("Letters go there. Two people may share one; each letter names only the first name."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    username = forms.CharField(
        label=_("Username"),
        max_length=60,
        required=False,
        help_text=_("Leave it empty and we make one from the name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", **_AS_TYPED}),
    )
    language = forms.ChoiceField(label=_("Language of their letters"), widget=forms.RadioSelect)

    def __init__(self, by: Actor, organization: Organization, *args: Any, **kwargs: Any) -> None:
        super().__init__(by, organization, *args, **kwargs)
        self.fields["language"].choices = languages()  # type: ignore[attr-defined]
        self.fields["language"].initial = settings.INSTALLATION.languages[0]


class ReasonForm(HouseForm):
    """Why, and where the document behind it is kept. Both stay as the proof of what was done."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("This stays for good. Write no name and nothing about health or the family."),
    )
    document = forms.CharField(
        label=_("Document"),
        max_length=200,
        help_text=_("Where the request or the order is kept: a file number, not what it says."),
    )


class VersionedReasonForm(ReasonForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class SignOnForm(HouseForm):
    """The settings of an agency's own sign-in. A secret that is kept already is not shown, and stays when left empty."""

    issuer = forms.CharField(
        label=_("Address of the agency's sign-in (issuer)"),
        max_length=300,
        help_text=_("As it names itself, without “/.well-known/…”, such as https://login.agency.example."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", **_AS_TYPED}),
    )
    client_id = forms.CharField(
        label=_("What this house is called there (client ID)"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", **_AS_TYPED}),
    )
    secret = forms.CharField(
        label=_("Its secret (client secret)"),
        max_length=400,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    second_factor = forms.CharField(
        label=_("Which of its words count as a second factor"),
        max_length=200,
        required=False,
        help_text=_(
            "Values of “amr” or “acr” in its tokens, such as mfa, parted by spaces. Empty, our own setting: none counts, "
            "and the second factor of this house is asked for."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", **_AS_TYPED}),
    )

    def __init__(self, *args: Any, held: SignOn | None, **kwargs: Any) -> None:
        names = ("issuer", "client_id", "second_factor")
        super().__init__(*args, initial={name: getattr(held, name) for name in names} if held else {}, **kwargs)
        if held:
            self.fields["secret"].help_text = _("One is kept, sealed, and shown to nobody. Leave it empty to keep it.")

    def clean_issuer(self) -> str:
        return self.cleaned_data["issuer"].strip()


class KeptSearch(PlainForm):
    """Whose records are meant. Sent by POST, so that no name stands in an address."""

    words = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
    )


class EmergencySearch(PlainForm):
    """Whom somebody must see at once, and why."""

    words = forms.CharField(
        label=_("First and last name of the child or of an adult"),
        max_length=160,
        help_text=_("The whole name, as it is registered; accents do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Why it cannot wait"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The privacy officer reads this at once. Write no name and nothing about health."),
    )

    def clean_words(self) -> str:
        words = self.cleaned_data["words"]
        if len(text.tokens(words)) < 2:
            raise ValidationError(_("One word finds too many. Write the first and the last name."))
        return words


class OpenForm(HouseForm):
    """Open one of the families that were found."""

    person = forms.UUIDField(widget=forms.HiddenInput)
    episode = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(max_length=400, widget=forms.HiddenInput)
