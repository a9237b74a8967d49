"""What endorsement does when another room announces something; twice the same changes nothing more."""

from __future__ import annotations

from inmind.access.act import Act
from inmind.endorsement.models import Endorsement, RegistryName
from inmind.foundation.events import NameChanged


def called_anew(act: Act, event: NameChanged) -> None:
    """The public registry finds its people by the names they have now, and by no earlier one."""
    rows = Endorsement.objects.filter(person=event.person).select_related("person").order_by("pk")
    for row in rows.select_for_update(of=("self",)):
        row.names.all().delete()
        if row.in_registry and row.person.erased_at is None:
            RegistryName.objects.bulk_create(RegistryName.of(row, row.person.name))
