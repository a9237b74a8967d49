"""What screening puts into a file for somebody outside: the finished screens of one person, as this episode has them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from inmind.access.consents import Kind
from inmind.foundation.registries import Line, ToldOutside, Wanted
from inmind.foundation.values import FieldClass
from inmind.screening import recorded_result_views
from inmind.screening.adapters.catalog import shipped, shipped_tools
from inmind.screening.models import RecordedResult, Screen
from inmind.screening.said import band_of, counted, is_for_its_own_page, name_of


def screens(wanted: Wanted) -> Iterator[Line]:
    """Never somebody else's: a caregiver's own stand under a consent about her (`protect.md` 1). Nor one that was taken back,
    is not finished, or has its result on its own page alone."""
    of = {"subject": wanted.person, "episode": wanted.episode, "on__range": (wanted.first, wanted.last)}
    own = Screen.objects.filter(**of, taken_back_at__isnull=True).exclude(state=Screen.State.OPEN)
    for screen in own.select_related("worker").order_by("on", "pk"):
        said = () if is_for_its_own_page(screen) else (counted(screen), band_of(screen))
        if screen.state == Screen.State.INCOMPLETE:
            said = (*said, _("some answers are blank"))
        words = f"{name_of(screen)}: {', '.join(filter(None, said)) or _('done')}"
        yield Line(screen.on, words, _by(_("a screen"), screen), FieldClass.CLINICAL)
    recorded = RecordedResult.objects.filter(**of, taken_back_at__isnull=True).select_related("worker")
    for result in recorded.order_by("on", "pk"):
        told = recorded_result_views.told(result)
        (name, _day), *numbers = told.items()
        words = f"{name}: {'; '.join(f'{label} {number}' for label, number in numbers)}"
        yield Line(result.on, words, _by(_("a licensed form"), result), FieldClass.CLINICAL)


def _by(source: str, result: Screen | RecordedResult) -> str:
    return _("%(source)s, entered by %(who)s") % {"source": source, "who": result.worker.name if result.worker else "—"}


def names() -> Iterator[str]:
    """What every instrument is called, long and short."""
    for of in (shipped(), shipped_tools()):
        yield from (name for one in of.editions() for name in (one.name, one.short_name))


SCREENS = ToldOutside("screening.screens", Kind.SCREENS, 10, screens)
