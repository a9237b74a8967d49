"""What a caregiver may be told about another caregiver of the same child. Pure.

One child, several adults: some must not find each other. Whoever they are to the child, where somebody lives, how she is
reached and when she is seen stay hidden from the others, unless she said otherwise; what she was asked and answered
always does (`protect.md` 1, 4).
"""

from __future__ import annotations

from inmind.foundation.values import FieldClass

ALWAYS = frozenset({FieldClass.PUBLIC, FieldClass.PROFESSIONAL})
IF_SHE_SAID_SO = frozenset({FieldClass.WHEREABOUTS})


def may_be_told(kind: FieldClass, *, is_own: bool, shown_to_others: bool = False) -> bool:
    """Whether a caregiver may be told a fact of this class. is_own: it is about herself; secrets are nobody's to be told.

    FAMILY facts (that somebody is served, in which language) are told to herself alone: that another adult is served at
    all may be what must not be known.
    """
    if kind is FieldClass.SECRET:
        return False
    return is_own or kind in ALWAYS or (kind in IF_SHE_SAID_SO and shown_to_others)
