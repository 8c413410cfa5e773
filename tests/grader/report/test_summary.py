"""The numbers of a class, the signs, and what is kept from a student's page."""

from dataclasses import replace

import pytest

from grader.report.summary import for_student, number, score_text, sign, stops, summarize


def test_the_class_in_numbers(make_class):
    """Scores 20, 0 and 17 of 20: mean 37 / 3, median 17; a fourth is not graded and counts nowhere."""
    items = make_class({"ada": {}}).submissions[0].items
    everything = {case.case: ("error", "no") for item in items for case in item.cases}
    result = make_class(
        {
            "ada": {},
            "bob": everything,
            "cy": {"test_overlap": ("wrong", "expected 7, got 6")},
            "di": {"test_overlap": ("internal_error", "ours")},
        }
    )
    numbers = summarize(result)
    assert (numbers.students, numbers.graded, numbers.not_graded, numbers.full) == (4, 3, 1, 1)
    assert numbers.mean == pytest.approx(37 / 3)
    assert numbers.median == 17
    assert [bar.count for bar in numbers.bars] == [1, 0, 0, 0, 0, 0, 0, 0, 1, 1]
    assert (numbers.bars[8].low, numbers.bars[8].high) == (16, 18)

    conventions = numbers.items[3]
    assert (conventions.graded, conventions.correct, conventions.share) == (3, 1, pytest.approx(1 / 3))
    assert [said.text for said in conventions.said] == ["no", "expected 7, got 6", "ours"]


def test_a_class_of_nobody_has_no_mean(make_class):
    numbers = summarize(make_class({}))
    assert (numbers.mean, numbers.median, numbers.items[0].share) == (None, None, None)


@pytest.mark.parametrize(
    ("outcome", "score", "symbol", "tone"),
    [
        ("correct", 3.0, "✓", "good"),
        ("wrong", 0.0, "✗", "bad"),
        ("wrong", 1.0, "◐", "part"),
        ("timeout", 0.0, "T", "bad"),
        ("timeout", 1.0, "T", "part"),
        ("internal_error", None, "?", "none"),
    ],
)
def test_a_sign_tells_outcome_and_score(make_class, outcome, score, symbol, tone):
    item = replace(make_class({"ada": {}}).submissions[0].items[0], outcome=outcome, score=score)
    assert (sign(item).symbol, sign(item).tone) == (symbol, tone)


def test_numbers_as_people_write_them():
    assert [number(x) for x in (0.1 + 0.2, 3.0, 2 / 3, 12345.5, None)] == ["0.3", "3", "0.67", "12345.5", "–"]
    assert score_text(2.5, 3.0) == "2.5 / 3"
    assert score_text(None, 3.0) == "not graded"


# ------------------------------------------------------------------ what a student may see
def test_of_a_hidden_case_only_idea_outcome_and_points_are_left(make_class):
    secret = "RoI 0, channel 2, bin (0, 0): expected -0.21, got 0"
    result = make_class({"dorothy": {"test_negative": ("wrong", secret), "test_batch": ("error", secret)}})
    item = for_student(result.submissions[0]).items[2]
    assert (item.outcome, item.score) == ("error", 4.0)

    for case in item.cases[2:]:
        assert case.idea
        assert (case.sentence, case.picture, case.traceback) == ("", "", "")
        assert case.seconds == 0.0
    assert sum(case.score for case in item.cases) == item.score  # a student can add them up
    assert secret not in repr(item)
    assert item.sentence == "Does not hold yet (wrong): A map of negative values has a negative maximum."


def test_an_items_sentence_comes_from_a_public_case_where_there_is_one(make_class):
    failures = {"test_channels": ("wrong", "secret"), "test_worked_example": ("wrong", "got 0.69")}
    item = for_student(make_class({"joan": failures}).submissions[0]).items[2]
    assert item.sentence == "got 0.69"


def test_a_file_that_does_not_run_is_said_once(make_class):
    failures = {
        "test_floor": ("error", "quantize is not defined: pool.py raised SyntaxError"),
        "test_five": ("error", "bin_edges is not defined: pool.py raised SyntaxError"),
    }
    stopped = stops(for_student(make_class({"joan": failures}).submissions[0]))
    assert stopped == ("quantize is not defined: pool.py raised SyntaxError",)


def test_a_refused_submission_keeps_its_sentence(make_class):
    submission = make_class({"eve": {}}).submissions[0]
    item = replace(submission.items[0], outcome="refused", cases=(), sentence="the file is not a notebook")
    assert for_student(replace(submission, items=(item,))).items[0].sentence == "the file is not a notebook"
