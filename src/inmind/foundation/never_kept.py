"""What somebody who types free text is warned about: what InMind has no field for (`protect.md` 9), and what does not leave
with a family's words (`protect.md` 1). Pure."""

from __future__ import annotations

import re

# Nine digits as they are printed on a social security card: three, two, four; or nine in a row.
_SSN = re.compile(r"(?<![\w-])\d{3}([- \u2010-\u2013.])\d{2}\1\d{4}(?![\w-])|(?<![\w+-])\d{9}(?![\w-])")


def looks_like_ssn(text: str) -> bool:
    """Whether a text holds something that is written like a social security number. A phone number is not."""
    return _SSN.search(text) is not None
