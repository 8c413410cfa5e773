"""Points: right earns, everything else does not, and our own failures are nobody's zero."""

import pytest

from grader import score
from grader.records import OUTCOMES, Assignment, CaseResult, RubricItem, Submission

LESSON = Assignment(
    "toy", "Toy", None, (), (RubricItem("scale", "Scale", 4.0), RubricItem("span", "Span", 3.0)), ()
)


def case(rubric, outcome, points, sentence=""):
    earned = score.of_case(outcome, points)
    return CaseResult(f"{rubric}-{outcome}", rubric, "idea", "public", outcome, earned, points, sentence)


def graded(*cases):
    return score.submission(LESSON, Submission("ada", "ada.py", None), cases)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_points_of_a_case(outcome):
    assert score.of_case(outcome, 2.0) == {"correct": 2.0, "internal_error": None}.get(outcome, 0.0)


def test_an_outcome_nobody_knows_earns_nothing():
    assert score.of_case("excellent", 2.0) == 0.0


def test_partial_credit():
    """2 of 4 and 3 of 3; the item says what its failing case said."""
    result = graded(
        case("scale", "correct", 2), case("scale", "wrong", 2, "got 1"), case("span", "correct", 3)
    )
    scale, span = result.items
    assert (scale.outcome, scale.score, scale.max_score, scale.sentence) == ("wrong", 2, 4, "got 1")
    assert (span.outcome, span.score, span.sentence) == ("correct", 3, "")
    assert (result.outcome, result.score, result.max_score) == ("wrong", 5, 7)


def test_the_worst_outcome_is_told():
    result = graded(
        case("scale", "wrong", 2, "w"), case("scale", "timeout", 2, "t"), case("span", "error", 3, "e")
    )
    assert [item.sentence for item in result.items] == ["t", "e"]
    assert result.outcome == "timeout"


def test_our_failure_is_not_graded():
    result = graded(case("scale", "internal_error", 4), case("span", "correct", 3))
    assert [item.score for item in result.items] == [None, 3]
    assert (result.outcome, result.score) == ("internal_error", None)


def test_an_item_without_cases_is_not_graded():
    result = graded(case("scale", "correct", 4))
    assert (result.items[1].outcome, result.items[1].score, result.score) == ("internal_error", None, None)


def test_a_refused_submission_scores_zero_and_says_why():
    result = score.without_cases(LESSON, Submission("ada", "ada.py", None, "no"), "refused", "no")
    assert (result.outcome, result.score, result.notes) == ("refused", 0.0, ("no",))
    assert [(item.outcome, item.score, item.sentence) for item in result.items] == [
        ("refused", 0.0, "no")
    ] * 2


def test_a_submission_that_was_not_run_is_not_graded():
    result = score.without_cases(LESSON, Submission("ada", "ada.py", None), "internal_error", "not graded: x")
    assert result.score is None
    assert all(item.score is None for item in result.items)


def test_tenths_add_up():
    assert score.total([0.1] * 10) == 1.0
    assert score.total([0.1, 0.2]) == 0.3
