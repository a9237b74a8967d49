"""What stands in a care plan, who reads it, and how each sees a goal side by side."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inmind.foundation.errors import BadInput
from inmind.services.plans import care_plan
from inmind.services.plans.care_plan import HOW_FAR, LET_GO, HowFar, Kind, LetGo, Seen, SeenBy

SET = date(2026, 9, 1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("whose", "is_shared", "is_shown"),
    [
        pytest.param("Ana", False, True, id="her own"),
        pytest.param("Tom", False, False, id="his, unless he says so"),
        pytest.param("Tom", True, True, id="his, since he says so"),
    ],
)
def test_an_adults_words_are_shown_to_another_when_they_say_so(whose: str, is_shared: bool, is_shown: bool) -> None:
    assert care_plan.is_shown("Ana", whose=whose, is_shared=is_shared) is is_shown


def test_words_are_kept_as_they_are_said() -> None:
    assert care_plan.check_words("  We sing. ") == "We sing."
    assert care_plan.check_moment(" At bath time ", Kind.STRATEGY) == "At bath time"
    assert care_plan.check_moment("", Kind.GOAL) == ""
    assert care_plan.check_seen(SeenBy.OTHER, " Grandmother Rosa ") == "Grandmother Rosa"
    assert care_plan.check_seen(SeenBy.WORKER, "") == ""
    care_plan.check_look(SET, today=SET)


def test_what_cannot_be_kept_is_refused_at_its_field() -> None:
    wrong = [
        ("words", lambda: care_plan.check_words(" … ")),
        ("words", lambda: care_plan.check_words("a" * 601)),
        ("moment", lambda: care_plan.check_moment("At bath time", Kind.GOAL)),
        ("named", lambda: care_plan.check_seen(SeenBy.OTHER, " ")),
        ("named", lambda: care_plan.check_seen(SeenBy.FAMILY, "Rosa")),
        ("next_on", lambda: care_plan.check_look(SET - DAY, today=SET)),
        ("next_on", lambda: care_plan.check_look(SET + 367 * DAY, today=SET)),
    ]
    for field, act in wrong:
        with pytest.raises(BadInput) as refusal:
            act()
        assert refusal.value.field == field


def test_how_far_is_said_in_words_and_never_in_a_number() -> None:
    """Our own four words; and kind ones for what is let go."""
    assert set(HOW_FAR) == set(HowFar) and set(LET_GO) == set(LetGo)
    said = " ".join([*HOW_FAR.values(), *LET_GO.values()]).lower()
    assert not any(letter.isdigit() for letter in said)
    assert not any(word in said for word in ("fail", "non-compl", "refus", "score", "poor"))


def test_each_has_a_line_of_their_own_the_family_first() -> None:
    seen = [
        Seen("Ms. Lee", SeenBy.OTHER, SET + 10 * DAY, HowFar.OURS),
        Seen("Luz", SeenBy.WORKER, SET + 20 * DAY, HowFar.A_LITTLE),
        Seen("Ana", SeenBy.FAMILY, SET + 20 * DAY, HowFar.OFTEN),
        Seen("Ana", SeenBy.FAMILY, SET, HowFar.NOT_YET),
    ]
    drawn = care_plan.lanes(seen, since=SET, today=SET + 20 * DAY)
    assert [lane.who for lane in drawn.lanes] == ["Ana", "Luz", "Ms. Lee"]
    ana, luz, other = (lane.marks for lane in drawn.lanes)
    assert [(one.x, one.filled) for one in ana] == [("16.0", "0.0"), ("404.0", "6.0")]
    assert (luz[0].x, other[0].x, other[0].filled) == ("404.0", "210.0", "9.0")
    assert len({lane.line_y for lane in drawn.lanes}) == 3
    assert drawn.foot == drawn.height - 6
    assert (drawn.first, drawn.last) == (SET, SET + 20 * DAY)


def test_what_was_said_on_the_first_day_stands_in_the_middle() -> None:
    drawn = care_plan.lanes([Seen("Ana", SeenBy.FAMILY, SET, HowFar.OFTEN)], since=SET, today=SET)
    assert drawn.lanes[0].marks[0].x == "210.0"
