"""Forms of the books: money that came in, that went back, that is on its way; days and accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inmind.foundation import clock
from inmind.foundation.errors import InMindError
from inmind.foundation.forms import DateInput, HouseForm, PlainForm, VersionedForm, choice_field, said
from inmind.money import journal
from inmind.money.amounts import check_amount, dollars, read_amount
from inmind.money.models import Invoice, Method, Promise

WAYS = [
    (Method.CHECK, _("Check")),
    (Method.TRANSFER, _("Bank transfer")),
    (Method.CASH, _("Cash")),
]
WAYS_BACK = [*WAYS, ("credit", _("Not sent: keep it as their credit"))]
PROMISES = [
    (Promise.Kind.CHECK, _("A check is in the mail")),
    (Promise.Kind.ORDER, _("We pay by purchase order")),
]


class AmountField(forms.CharField):
    """An amount as somebody writes it, in either language; cleaned to cents above zero."""

    def __init__(self, **named: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **named)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        try:
            return check_amount(read_amount(typed)) if typed else None
        except InMindError as refusal:
            raise forms.ValidationError(said(refusal)) from refusal


class SoughtForm(PlainForm):
    """Which invoices a list shows."""

    words = forms.CharField(label=_("Number or name"), max_length=80, required=False)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("open", _("what is owed")),
            ("overdue", _("what is overdue")),
            ("settled", _("what is paid")),
            ("cancelled", _("what was cancelled")),
        ],
    )


class TakeForm(HouseForm):
    """Money that came in: what it is for, how much, how."""

    invoices = forms.MultipleChoiceField(
        label=_("What is it for?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("No invoice is chosen. Choose what the money is for.")},
    )
    amount = AmountField(label=_("How much"), help_text=_("As it stands on the check, such as 720 or 1,200.50."))
    method = forms.ChoiceField(label=_("How"), choices=WAYS, initial=Method.CHECK)
    reference = forms.CharField(
        label=_("Number"),
        max_length=80,
        required=False,
        help_text=_("Of the check, or of the transfer. A check always has one."),
    )
    received_on = forms.DateField(label=_("Day it arrived"), widget=DateInput())
    payer = forms.ChoiceField(
        label=_("From whom"),
        required=False,
        help_text=_("Only where it is not from whom the invoice is for, or where you chose invoices of several."),
    )

    def __init__(self, rows: list[Invoice], payers: dict[str, str], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.rows = {str(row.pk): row for row in rows}
        choice_field(self, "invoices").choices = [(key, _owed(row)) for key, row in self.rows.items()]
        choice_field(self, "payer").choices = [("", gettext("whom the invoice is for")), *payers.items()]


def _owed(row: Invoice) -> str:
    facts = {"number": row.label, "name": row.payer_name, "sum": dollars(row.cents_owed), "day": clock.day(row.due_on)}
    return gettext("%(number)s · %(name)s · %(sum)s, due %(day)s") % facts


class ReturnForm(HouseForm):
    """A check that came back."""

    on = forms.DateField(label=_("Day it came back"), widget=DateInput())
    why = forms.CharField(
        label=_("Why, as the bank says"), max_length=200, required=False, help_text=_("No account numbers.")
    )


class RefundForm(VersionedForm):
    """Money that goes back, over the invoice as it was shown: of two tabs, one sends it."""

    amount = AmountField(label=_("How much goes back"))
    method = forms.ChoiceField(label=_("How"), choices=WAYS_BACK, initial=Method.CHECK)
    reference = forms.CharField(label=_("Number of the check or transfer"), max_length=80, required=False)
    on = forms.DateField(label=_("Day"), widget=DateInput())
    why = forms.CharField(label=_("Why"), max_length=200, required=False)
    still_owed = forms.BooleanField(
        label=_("It was paid by mistake and is still owed"),
        required=False,
        help_text=_("Otherwise the invoice asks for so much less."),
    )

    def __init__(self, by_card: bool, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if by_card:
            back = (Method.CARD.value, gettext("To the card it came from"))
            choice_field(self, "method").choices = [back, *WAYS_BACK]
            self.fields["method"].initial = Method.CARD


class CreditForm(HouseForm):
    """Credit that goes back to its owner."""

    amount = AmountField(label=_("How much goes back"))
    method = forms.ChoiceField(label=_("How"), choices=WAYS, initial=Method.CHECK)
    reference = forms.CharField(label=_("Number of the check or transfer"), max_length=80, required=False)
    on = forms.DateField(label=_("Day"), widget=DateInput())


class CancelForm(HouseForm):
    why = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("Whom the invoice is for reads it. Names of others do not belong here."),
    )


class PromiseForm(HouseForm):
    """That money is on its way."""

    kind = forms.ChoiceField(label=_("What is on its way?"), choices=PROMISES, widget=forms.RadioSelect)
    number = forms.CharField(label=_("Its number"), max_length=80)


class SendForm(HouseForm):
    """To whose office an invoice goes."""

    address = forms.EmailField(
        label=_("Email of the office that pays"),
        max_length=254,
        help_text=_("The letter says who writes, and holds a link. It names no sum and nobody."),
    )


class DaysForm(PlainForm):
    """The days of an export."""

    first = forms.DateField(label=_("From"), widget=DateInput())
    last = forms.DateField(label=_("To"), widget=DateInput())

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        first, last = typed.get("first"), typed.get("last")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last", gettext("This day lies before the first one."))
        return typed


class AccountsForm(HouseForm):
    """How an association's own books call their accounts."""

    def __init__(self, keys: list[str], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for key in keys:
            kind, _colon, about = key.partition(":")
            label = gettext(journal.ACCOUNTS[kind])
            self.fields[key] = forms.CharField(
                label=f"{label}: {about.rpartition('.')[2]}" if about else label, max_length=80, required=False
            )

    def names(self) -> dict[str, str]:
        return {key: value for key, value in self.cleaned_data.items() if key != "key"}
