"""Where somebody stands among the questions that she was sent."""

from __future__ import annotations

import pytest

from inmind.screening.sending import Asked, Place, before, goes_on, is_begun, last, left

ONE, TWO = Asked(1, ("a", "b")), Asked(3, ("c",))


@pytest.mark.parametrize(
    ("touched", "here"),
    [((), Place(1, 1)), (("a",), Place(1, 2)), (("b",), Place(1, 1)), (("a", "b"), Place(3, 1))],
    ids=["nothing yet", "one answered", "one left out before it", "the next part"],
)
def test_she_goes_on_with_the_first_question_that_is_open(touched: tuple[str, ...], here: Place) -> None:
    """On whichever device, and whichever she answered first."""
    assert goes_on([Asked(1, ("a", "b"), touched), Asked(2, ()), TWO]) == here


def test_after_the_last_answer_nothing_is_open() -> None:
    """A part that cannot be asked now is passed over."""
    done = [Asked(1, ("a",), {"a"}), Asked(2, ())]
    assert goes_on(done) is None
    assert (left(done), left([ONE, TWO])) == (0, 3)
    assert (is_begun(done), is_begun([ONE])) == (True, False)


def test_back_goes_over_the_border_of_a_part_and_ends_before_the_first() -> None:
    """To the last question of the part before, past one that is not asked."""
    assert before([ONE, Asked(2, ()), TWO], Place(3, 1)) == Place(1, 2)
    assert before([ONE, TWO], Place(1, 1)) is None
    assert (last([ONE, TWO, Asked(4, ())]), last([])) == (Place(3, 1), None)
