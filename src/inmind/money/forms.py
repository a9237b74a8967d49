"""Forms of the books: money that came in, that went back, that is on its way; days and accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inmind.foundation import clock
from inmind.foundation.errors import InMindError
from inmind.foundation.forms import DateInput, HouseForm, PlainForm, VersionedForm, choice_field, said
from inmind.foundation.registries import house
from inmind.money import journal
from inmind.money.amounts import MOST_PIECES, Item, check_amount, dollars, read_amount
from inmind.money.models import Invoice, Method, Promise
from inmind.money.queries import SoughtPayments

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


class SoughtPaymentsForm(PlainForm):
    """Which payments a list shows."""

    words = forms.CharField(label=_("Name, or number of the check"), max_length=80, required=False)
    method = forms.ChoiceField(
        label=_("How"), required=False, choices=[("", _("any way")), *WAYS, (Method.CARD, _("Card"))]
    )
    first = forms.DateField(label=_("From"), widget=DateInput(), required=False)
    last = forms.DateField(label=_("To"), widget=DateInput(), required=False)
    left = forms.BooleanField(label=_("Only with something left over"), required=False)

    def sought(self) -> SoughtPayments:
        """What can be read of it; a day that cannot be one narrows nothing, and its field says so."""
        self.is_valid()
        typed = self.cleaned_data
        return SoughtPayments(
            typed.get("words", ""),
            typed.get("method", ""),
            typed.get("first"),
            typed.get("last"),
            typed.get("left", False),
        )


LINES = 3  # shown at once; more are asked for
MOST_LINES = 40  # ours: of an invoice that is written by hand


class WriteForm(HouseForm):
    """An invoice by hand: who pays, by when, and its lines."""

    payer = forms.ChoiceField(label=_("Who pays"))
    due_on = forms.DateField(label=_("Due by"), widget=DateInput())
    reference = forms.CharField(
        label=_("Their reference"),
        max_length=80,
        required=False,
        help_text=_("Such as the number of a purchase order."),
    )
    count = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_LINES, required=False)

    def __init__(self, payers: Mapping[str, str], count: int, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.payers = payers
        self.places = range(count)
        choice_field(self, "payer").choices = [("", gettext("choose")), *payers.items()]
        self.initial.setdefault("count", count)
        for place in self.places:
            self.fields[f"text_{place}"] = forms.CharField(label=gettext("What for"), max_length=200, required=False)
            self.fields[f"pieces_{place}"] = forms.IntegerField(
                label=gettext("How many"), min_value=1, max_value=MOST_PIECES, required=False, initial=1
            )
            self.fields[f"amount_{place}"] = AmountField(label=gettext("Each"), required=False)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The fields of each line, as a page shows them."""
        names = ("text", "pieces", "amount")
        return [{"number": place + 1, **{one: self[f"{one}_{place}"] for one in names}} for place in self.places]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for place in self.places:
            words, amount = typed.get(f"text_{place}"), typed.get(f"amount_{place}")
            if words and amount is None and f"amount_{place}" not in self.errors:
                self.add_error(f"amount_{place}", gettext("The amount of this line is missing."))
            if amount is not None and not words and f"text_{place}" not in self.errors:
                self.add_error(f"text_{place}", gettext("Say in a few words what it is for."))
        return typed

    def items(self) -> list[Item]:
        """The lines that say something."""
        typed = self.cleaned_data
        return [
            Item(typed[f"text_{place}"], typed[f"amount_{place}"], typed[f"pieces_{place}"] or 1)
            for place in self.places
            if typed[f"text_{place}"]
        ]


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


def _billed(about: str) -> str:
    """What a line of a bill is about, in words, where the room that bills for it has said so."""
    return gettext(house.billed[about]) if about in house.billed else about.rpartition(".")[2]


class AccountsForm(HouseForm):
    """How an association's own books call their accounts."""

    def __init__(self, keys: list[str], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for key in keys:
            kind, _colon, about = key.partition(":")
            label = gettext(journal.ACCOUNTS[kind])
            self.fields[key] = forms.CharField(
                label=f"{label}: {_billed(about)}" if about else label, max_length=80, required=False
            )

    def names(self) -> dict[str, str]:
        return {key: value for key, value in self.cleaned_data.items() if key != "key"}
