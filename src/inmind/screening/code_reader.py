"""Reads the codes by which others know an instrument, its items and its answers from a catalog file. Pure."""

from __future__ import annotations

import re

from inmind.foundation.catalogs import Entry
from inmind.screening.instruments import Codes, Item, Unscored
from inmind.screening.sheet_reader import SheetReader

_LOINC = re.compile(r"[0-9]{1,7}-[0-9]\Z")
_ANSWER_CODE = re.compile(r"LA[0-9]+-[0-9]\Z")


def is_loinc(code: str) -> bool:
    """Whether a LOINC code has its form and its check digit.

    Luhn: from the right, double every second digit of the body starting with its right-most, sum the digits; the check
    digit fills the sum to the next ten. Source: the LOINC rule as given in the domain file, `meta.loinc_check_digit`.
    """
    if not _LOINC.match(code):
        return False
    body, check = code.split("-")
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return (10 - sum(digit // 10 + digit % 10 for digit in doubled) % 10) % 10 == int(check)


class CodeReader(SheetReader):
    """LOINC and SNOMED codes; one that is not confirmed is left out and named among the unknowns."""

    def _points_of_code(self, items: tuple[Item, ...]) -> dict[str, int]:
        codes: dict[str, int] = {}
        for entry in self._list("options"):
            said = entry.fields("points loinc_answer")
            points = said["points"].whole()
            if any(points not in item.values for item in items):
                raise said["points"].wrong(f"{points} is not an answer")
            code = self._maybe(f"answer code for {points} points", said["loinc_answer"], self._answer_code)
            if code in codes or points in codes.values():
                raise entry.wrong("each answer has one code and each code one answer")
            if code is not None:
                codes[code] = points
        return codes

    def _unscored(self, entry: Entry) -> Unscored:
        said = entry.fields("label label_es loinc answers")
        return Unscored(
            label=said["label"].text(),
            label_es=said["label_es"].text(),
            loinc=self._maybe(f"LOINC code of {said['label'].text()}", said["loinc"], self._loinc) or "",
            answers=tuple(self._answer_code(part) for part in said["answers"].entries()),
        )

    def _codes(self) -> Codes:
        said = self.said["codes"].fields("loinc_panel loinc_total", "loinc_items snomed_score")
        if "loinc_items" in said:
            self._maybe("LOINC codes of the items", said["loinc_items"], Entry.text)
        return Codes(
            panel=self._maybe("LOINC code of the panel", said["loinc_panel"], self._loinc) or "",
            total=self._maybe("LOINC code of the total", said["loinc_total"], self._loinc) or "",
            snomed_score=self._maybe("SNOMED code of the score", said["snomed_score"], Entry.text) or ""
            if "snomed_score" in said
            else "",
        )

    def _loinc(self, entry: Entry) -> str:
        if not is_loinc(entry.text()):
            raise entry.wrong(f"{entry.text()} is not a LOINC code: its form or its check digit is wrong")
        return entry.text()

    def _answer_code(self, entry: Entry) -> str:
        return self._matching(entry, _ANSWER_CODE, "a LOINC answer code looks like LA6568-5")
