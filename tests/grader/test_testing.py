"""`expect` as a test's author meets it."""

import pytest

from grader.testing import Mismatch, StudentFailure, expect


def test_agreement_is_silent():
    assert expect([1.0, 2.0], (1, 2)) is None


def test_a_mismatch_is_an_assertion_with_a_sentence():
    with pytest.raises(Mismatch) as caught:
        expect([1.0, 3.0], (1, 2), axes=("point",))
    assert isinstance(caught.value, AssertionError)
    assert caught.value.sentence == "point 1: expected 2, got 3"
    assert caught.value.comparison.index == (1,)


def test_a_failed_call_is_no_assertion():
    """So that it is never taken for a wrong answer."""
    assert not issubclass(StudentFailure, AssertionError)


class Drawing:
    """Stands for an Explanation: remembers what it was asked to draw."""

    svg = "<svg/>"

    def picture(self, index=None, expected=None, got=None):
        self.asked = (index, expected.tolist(), None if got is None else got.tolist())
        return self


def test_the_picture_shows_the_first_bin_that_differs():
    drawing = Drawing()
    with pytest.raises(Mismatch) as caught:
        expect([[[[1, 2], [0, 0]]]], [[[[1, 2], [3, 4]]]], explanation=drawing)
    assert caught.value.picture() == "<svg/>"
    assert drawing.asked == ((0, 0, 1, 0), [[[[1, 2], [3, 4]]]], [[[[1, 2], [0, 0]]]])


def test_a_result_of_another_shape_is_not_drawn():
    drawing = Drawing()
    with pytest.raises(Mismatch) as caught:
        expect("a" * 1000, [[[[1.0]]]], explanation=lambda: drawing)
    assert caught.value.picture() == "<svg/>"
    assert drawing.asked == (None, [[[[1.0]]]], None)


def test_an_explanation_is_not_made_when_all_is_well():
    expect(1, 1, explanation=lambda: pytest.fail("was made"))
