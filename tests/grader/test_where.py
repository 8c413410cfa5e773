"""Where a public case went wrong: a call that can be typed, and expected beside got."""

import numpy as np
import pytest

import roikit
from grader import where, written
from grader.records import CallOutcome, CallRecord
from grader.testing import Mismatch, StudentFailure, expect
from roikit import examples

NAMES = {"np": np, "examples": examples}


def called(*args, value=None, **kwargs):
    return CallRecord("pool", args, kwargs, CallOutcome("returned", value=value))


def found(got, expected, **options):
    with pytest.raises(Mismatch) as caught:
        expect(got, expected, **options)
    return caught.value


def table(got, expected, **options):
    return where.of(found(got, expected, **options), [called(value=got)]).table.split("\n")


# ------------------------------------------------------------------ expected beside got
def test_one_row():
    assert table([2, 5], [2, 4]) == ["expected    got", "2  4        2   5*"]


def test_places_with_names():
    axes = ("bin", ("start", "end"))
    assert table([(0, 4), (3, 7)], [(0, 3), (3, 7)], axes=axes) == [
        "expected      got",
        "start  end    start   end",
        "    0    3        0     4*",
        "    3    7        3     7",
    ]
    assert table([[1, 2], [3, 5]], [[1, 2], [3, 4]], axes=(("low", "high"), "point")) == [
        "expected      got",
        " low  1  2     low  1   2",
        "high  3  4    high  3   5*",
    ]


def test_of_many_numbers_those_around_the_first_that_differs():
    got = np.zeros((2, 3, 20, 20))
    expected = got.copy()
    expected[1, 2, 15, 1] = 7
    lines = table(got, expected)
    assert len(lines) == 1 + where.WINDOW
    assert sum(line.count("7") for line in lines) == 1
    assert sum(line.count("*") for line in lines) == 1


def test_numbers_have_as_many_digits_as_tell_them_apart():
    assert table([1 / 3, 2.00001], [1 / 3, 2.0])[1] == "0.333333  2    0.333333   2.00001*"
    assert table([1.0, 1e-5], [1.0, 0.0], atol=1e-9)[1].split() == ["1", "0", "1", "1e-05*"]


def test_nan_where_nan_is_expected_is_no_difference():
    assert table([np.nan, 2.0], [np.nan, 1.0])[1].split() == ["nan", "1", "nan", "2*"]


@pytest.mark.parametrize(("got", "expected"), [(3.0, 4.0), ([1, 2], [1, 2, 3]), (None, [1])])
def test_no_table_where_the_sentence_says_it_all(got, expected):
    assert where.of(found(got, expected), [called(value=got)]).table == ""


# ------------------------------------------------------------------ the bin, and the call
def test_the_bin_in_words():
    explanation = roikit.explain.roi_pool(
        examples.MAP_8X8_BATCH, examples.ROI_8X8, (2, 2), convention="disjoint"
    )
    got = [[[[0.85, 0.84], [0.5, 0.96]]]]
    raised = found(got, [[[[0.85, 0.84], [0.97, 0.96]]]], explanation=explanation)
    assert where.of(raised, []).bin == (
        "bin (1, 0) of RoI 0, channel 0: rows 5..7, columns 0..2; maximum 0.97 at (7, 2)."
    )


def test_an_explanation_that_fails_costs_nothing_else():
    raised = found([1, 3], [1, 2], explanation=lambda: 1 / 0)
    shown = where.of(raised, [called(1, value=[1, 3])])
    assert str(shown) == "pool(1)\nexpected    got\n1  2        1   3*"


def test_of_several_calls_the_one_that_was_compared():
    calls = [called(1, value=np.array([5.0])), called(2, value=np.array([6.0])), called(3, value="x")]
    assert where.of(found([6.0], [7.0]), calls).call == "pool(2)"
    assert where.of(found([8.0], [7.0]), calls).call == ""  # worked out by the test: nobody can tell
    assert where.of(StudentFailure(CallOutcome("error", "x")), calls).call == "pool(3)"


def test_of_a_stub_there_is_nothing_to_see():
    unwritten = CallOutcome("error", "pool is not written yet (it raises NotImplementedError)")
    assert str(where.of(StudentFailure(unwritten), [called(1)])) == ""


def test_of_a_case_that_holds_nothing():
    assert str(where.of(None, [called(1)])) == ""


# ------------------------------------------------------------------ Python that a person can type
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (examples.MAP_8X8_BATCH, "examples.MAP_8X8_BATCH"),
        (examples.MAP_8X8_BATCH[0], "examples.MAP_8X8[None]"),
        (examples.ROI_8X8.copy(), "examples.ROI_8X8"),
        (examples.ramp(25, 25)[None, None], "examples.ramp(25, 25)[None, None]"),
        (examples.ramp(3, 4, a=-2.0, b=4.0, c=1.0), "examples.ramp(3, 4, a=-2.0, b=4.0, c=1.0)"),
        (np.ones((1, 1, 4, 4)), "np.ones((1, 1, 4, 4))"),
        (np.zeros((3, 4), np.float32), "np.zeros((3, 4), dtype=np.float32)"),
        (np.full((3, 4), 7), "np.full((3, 4), 7)"),
        (np.array([[0.0, 2.0]]), "np.array([[0.0, 2.0]])"),
        (np.array([1, -np.inf, np.nan]), "np.array([1.0, -np.inf, np.nan])"),
        (np.array([1, 2], np.int32), "np.array([1, 2], dtype=np.int32)"),
        (np.float64(0.25), "0.25"),
        ([(0, 3), (3,)], "[(0, 3), (3,)]"),
        ("avg", "'avg'"),
        (np.zeros(0), "np.array([])"),
        (np.array(3.0), "np.array(3.0)"),
    ],
)
def test_a_value(value, text):
    assert written.value(value) == text
    np.testing.assert_equal(eval(text, NAMES), value)
    if isinstance(value, np.ndarray):
        assert eval(text, NAMES).dtype == value.dtype


def test_of_a_large_array_its_shape():
    assert written.value(np.arange(999.0)) == "<float64 array (999,)>"
    assert written.value(np.arange(300.0) / 7) == "<float64 array (300,)>"


def test_a_call_with_what_it_needs():
    assert written.call(called(examples.MAP_8X8, np.array([1.5]), size=(2, 2))).split("\n") == [
        "import numpy as np",
        "from roikit import examples",
        "pool(examples.MAP_8X8, np.array([1.5]), size=(2, 2))",
    ]


def test_every_public_case_of_the_course_is_a_call_that_runs():
    """... as it stands, to the very values with which the tests call."""
    from grader import assignment, cases
    from grader.diagnosis import load

    for name in assignment.names():
        lesson = assignment.load(name)
        right = load(lesson).candidate()

        def records(attempts, right=right):
            return [record for attempt in attempts(right) for record in attempt.calls]

        for record in cases.with_attempts(lesson, 0, records, visibility="public"):
            heard = {record.function: lambda *args, **kwargs: (args, kwargs)}
            *imports, line = written.call(record).split("\n")
            exec("\n".join(imports), heard)
            np.testing.assert_equal(eval(line, heard), (record.args, dict(record.kwargs)))
