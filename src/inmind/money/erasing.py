"""What is left of the books when somebody is erased: numbers, days and amounts; no word that names them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.foundation.registries import Forgetting
from inmind.money.models import Invoice, InvoiceLine, Payment, Refund
from inmind.people.models import Person


def _goes(person: Person) -> Iterator[str]:
    if _lines(person).exists():
        yield _("The words of invoices about this person.")


def _stays(person: Person) -> Iterator[str]:
    if Invoice.objects.filter(payer=person).exists() or Payment.objects.filter(payer=person).exists():
        yield _("The numbers, days and amounts of invoices and payments, for the association’s books.")


def _erase(act: Act, person: Person) -> None:
    for line in _lines(person).exclude(text=""):
        line.text = ""
        line.save()
    for invoice in Invoice.objects.filter(payer=person).exclude(reference="", cancelled_why=""):
        invoice.reference = invoice.cancelled_why = ""
        invoice.save()
    for payment in Payment.objects.filter(payer=person).exclude(returned_why=""):
        payment.returned_why = ""
        payment.save()
    for refund in Refund.objects.filter(payer=person).exclude(why=""):
        refund.why = ""
        refund.save()


def _lines(person: Person) -> QuerySet[InvoiceLine]:
    return InvoiceLine.objects.filter(Q(person=person) | Q(invoice__payer=person))


MONEY = Forgetting(
    "money",
    frozenset(f"money.{one}" for one in ("Invoice", "InvoiceLine", "Payment", "Refund", "Entry")),
    goes=_goes,
    stays=_stays,
    erase=_erase,
)
