"""The instruments that are known, by key, edition and language. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from inmind.screening.errors import SwitchedOff, UnknownInstrument
from inmind.screening.instrument import Instrument
from inmind.screening.instrument_parts import Version


class Catalog(Mapping[str, Instrument]):
    """Instruments by key, each in the edition that new screens use; earlier editions stay within reach of `of`."""

    def __init__(self, editions: Iterable[Instrument]) -> None:
        """editions: every instrument known; of one key the last is the current one."""
        self._editions = {(each.key, each.edition): each for each in editions}
        self._current = {each.key: each for each in self._editions.values()}

    def __getitem__(self, key: str) -> Instrument:
        return self._current[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._current)

    def __len__(self) -> int:
        return len(self._current)

    def editions(self) -> Iterable[Instrument]:
        """Every edition that is known, of one key the current one last."""
        return self._editions.values()

    def named(self, key: str) -> Instrument:
        """The current edition. Raises UnknownInstrument, naming those that are known."""
        if key not in self._current:
            raise UnknownInstrument(key, sorted(self._current))
        return self._current[key]

    def of(self, key: str, edition: str) -> Instrument | None:
        """The edition that a record was made with, or None when it is not installed."""
        return self._editions.get((key, edition))

    def offered(self, key: str) -> Instrument:
        """As `named`, for whoever wants to use it. Raises SwitchedOff for one that is switched off."""
        if self.named(key).is_off_by_default:
            raise SwitchedOff(self[key].short_name)
        return self[key]

    def switched_on(self, keys: Iterable[str]) -> Catalog:
        """With some of those turned on that are switched off. Raises UnknownInstrument for a key that is none."""
        on = {self.named(key).key for key in keys}
        return Catalog(
            replace(each, is_off_by_default=False) if each.key in on else each for each in self._editions.values()
        )

    def in_language(self, key: str, language: str) -> Instrument:
        """What scores answers in this language: the version that has cut-offs of its own from a study in it; the instrument,
        where it was studied in it; else its points alone, for another language's cut-offs are never taken over.
        Raises UnknownInstrument and, for a version that is switched off, SwitchedOff.
        """
        original = self.named(key)
        for each in self.versions(key):
            if each.version == Version(key, language):
                return self.offered(each.key)
        if language in original.studied_in:
            return original
        return original.not_studied(language)

    def versions(self, key: str) -> tuple[Instrument, ...]:
        """The versions of an instrument in other languages, each an instrument of its own."""
        return tuple(each for each in self.values() if each.version and each.version.of == key)
