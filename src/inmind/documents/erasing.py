"""What is left of files when somebody is erased."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inmind.access.act import Act
from inmind.documents.models import StoredFile, StoredPiece
from inmind.foundation.registries import Forgetting
from inmind.people.models import Person


def _goes(person: Person) -> Iterator[str]:
    if StoredPiece.objects.filter(about=person).exists():
        yield _("Scans and photos of papers about this person.")


def _stays(person: Person) -> Iterator[str]:
    if count := StoredFile.objects.filter(about=person).count():
        yield _("That scans or photos of papers were kept, and when: %(count)s.") % {"count": count}


def _erase(act: Act, person: Person) -> None:
    StoredPiece.objects.filter(about=person).delete()
    for file in StoredFile.objects.filter(about=person, removed_at__isnull=True):
        file.removed_at = act.now
        file.save()


FILES = Forgetting(
    "documents",
    frozenset(("documents.StoredFile", "documents.StoredPiece")),
    goes=_goes,
    stays=_stays,
    erase=_erase,
)
