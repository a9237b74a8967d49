"""The standards, regimes of renewal and domains that are installed: ours, and a network's own laid over them; and the rules of an
association, as its coordinator took them up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path
from uuid import UUID

from django.conf import settings

from inmind.endorsement import adoption, coverage, numbers, renewal_file, standard_file
from inmind.endorsement.adoption import Adoption, gone_by
from inmind.endorsement.coverage import Domain
from inmind.endorsement.models import Rules
from inmind.endorsement.numbers import Known
from inmind.endorsement.renewal import Renewal
from inmind.endorsement.standards import Edition
from inmind.foundation import loading

ROOM = "endorsement"
FILE = "rules.yaml"  # what a file that came by a form is called in what is said about it


@dataclass(frozen=True, slots=True)
class RulesHere:
    """By what somebody is judged: an association's editions and renewal; or, where none is named, those that ship.

    is_said: whether a coordinator said by which days; until then several editions may bind.
    """

    editions: tuple[Edition, ...]
    renewal: Renewal
    is_said: bool


@lru_cache(maxsize=1)
def standards() -> tuple[Edition, ...]:
    """Every edition that ships, category by category; a network's own file of a category stands in for ours. Raises BadCatalog."""
    sheets = [*loading.ours(ROOM, "catalog/standards"), *loading.laid_over(f"{ROOM}/standards")]
    found: dict[str, tuple[Edition, ...]] = {}
    for editions in map(standard_file.load, sheets):
        found[editions[0].category] = editions
    return _in_order(found)


@lru_cache(maxsize=1)
def dated() -> Mapping[str, date]:
    """Of which day the file of each category is that ships, or that a network laid over it. Raises BadCatalog."""
    sheets = [*loading.ours(ROOM, "catalog/standards"), *loading.laid_over(f"{ROOM}/standards")]
    said = [sheet.mapping() for sheet in sheets]
    return {one["category"].text(): one["date"].day() for one in said}


def words_that_ship(category: str) -> str:
    """The file of a category as it ships, or as a network laid it over; empty where there is none. Raises BadCatalog."""
    home = Path(str(resources.files("inmind")))
    files = [(home / one.file, one) for one in loading.ours(ROOM, "catalog/standards")]
    files += [(Path(one.file), one) for one in loading.laid_over(f"{ROOM}/standards")]
    of = [path for path, sheet in files if sheet.mapping()["category"].text() == category]
    return of[-1].read_text(encoding="utf-8") if of else ""


@lru_cache(maxsize=1)
def renewals() -> Mapping[str, Renewal]:
    """Every regime of renewal by its key. Raises BadCatalog."""
    sheets = [*loading.ours(ROOM, "catalog/renewals"), *loading.laid_over(f"{ROOM}/renewals")]
    return {one.key: one for one in map(renewal_file.load, sheets)}


@lru_cache(maxsize=1)
def numbers_known() -> tuple[Known, ...]:
    """Every number that the sources say, and how it is held. Raises BadCatalog."""
    [sheet] = loading.ours(ROOM, "catalog/numbers")
    return numbers.load(sheet)


@lru_cache(maxsize=1)
def domains() -> tuple[Domain, ...]:
    """The competency domains, in their order. Raises BadCatalog."""
    sheets = [*loading.ours(ROOM, "catalog/competencies"), *loading.laid_over(f"{ROOM}/competencies")]
    return coverage.load(sheets[-1])


# The categories as they are shown beside one another: scopes of practice, and no ladder.
ORDER = ("FA", "FS", "MHS", "MHM-C", "MHM-P", "MHM-RF", "ERS", "FRS")


def _in_order(found: Mapping[str, tuple[Edition, ...]]) -> tuple[Edition, ...]:
    keys = [*(key for key in ORDER if key in found), *(key for key in found if key not in ORDER)]
    return tuple(edition for key in keys for edition in found[key])


def default_renewal(state: str) -> Renewal:
    """The regime of which a source says that a state goes by it, else the one for all that are not named."""
    named = [one for one in renewals().values() if state in one.named_by]
    return named[0] if named else next(one for one in renewals().values() if not one.named_by)


def rules_of(association: UUID | None) -> RulesHere:
    """The rules of an association as they are gone by now."""
    if association is None:
        return _made((), settings.INSTALLATION.state)
    rows = Rules.objects.filter(association=association, replaced_at=None).order_by("kind", "category")
    return _made(tuple(rows.values_list("kind", "words")), settings.INSTALLATION.state)


def rules_with(association: UUID, kind: str, category: str, words: str) -> RulesHere:
    """The same as they would be with another file."""
    rows = Rules.objects.filter(association=association, replaced_at=None).order_by("kind", "category")
    kept = [(row.kind, row.words) for row in rows if (row.kind, row.category) != (kind, category)]
    return _made((*kept, (kind, words)), settings.INSTALLATION.state)


@lru_cache(maxsize=64)
def _made(files: tuple[tuple[str, str], ...], state: str) -> RulesHere:
    editions = standards_with(words for kind, words in files if kind == Rules.Kind.STANDARD)
    said = [words for kind, words in files if kind == Rules.Kind.ADOPTION]
    if not said:
        return RulesHere(editions, default_renewal(state), is_said=False)
    here = adoption_of(said[0], editions)
    return RulesHere(gone_by(editions, here), renewals()[here.renewal], is_said=True)


def standards_with(files: Iterable[str]) -> tuple[Edition, ...]:
    """The editions that ship, with an association's own files laid over them. Raises BadCatalog."""
    found: dict[str, tuple[Edition, ...]] = {}
    for one in standards():
        found[one.category] = (*found.get(one.category, ()), one)
    for words in files:
        editions = standard_of(words)
        found[editions[0].category] = editions
    return _in_order(found)


def standard_of(words: str) -> tuple[Edition, ...]:
    """The editions of a file that came by a form. Raises BadCatalog."""
    sheet = loading.parse(words, FILE)
    editions = standard_file.load(sheet)
    if not editions:
        raise sheet.wrong("a standard has an edition at least")
    return editions


def adoption_of(words: str, editions: tuple[Edition, ...]) -> Adoption:
    """What a file of an association says. Raises BadCatalog."""
    return adoption.load(loading.parse(words, FILE), editions, frozenset(renewals()))
