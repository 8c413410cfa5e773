"""Expected against actual: every sentence by hand first, then whatever a student may return."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.compare import compare
from grader.feedback import mismatch

POOLED = [[[[0.85, 0.84], [0.97, 0.96]]]]  # the 8×8 map's answer


def told(actual, expected=POOLED, **options):
    """The sentence of a comparison; empty when the two agree."""
    found = compare(actual, expected, **options)
    return "" if found.matches else mismatch(found)


# ------------------------------------------------------------------ told by hand
@pytest.mark.parametrize(
    ("actual", "sentence"),
    [
        (POOLED, ""),
        (np.array(POOLED, np.float32), ""),
        (
            [[[[0.85, 0.84], [0.69, 0.88]]]],
            "RoI 0, channel 0, bin (1, 0): expected 0.97, got 0.69 (and 1 more of 4 differ)",
        ),
        ([[[[0.85, 0.84], [0.97, 0.95]]]], "RoI 0, channel 0, bin (1, 1): expected 0.96, got 0.95"),
        (
            np.full((1, 1, 2, 2), np.nan),
            "RoI 0, channel 0, bin (0, 0): expected 0.85, got nan (and 3 more of 4 differ)",
        ),
        (np.zeros((2, 2)), "the result has shape (2, 2), expected (1, 1, 2, 2)"),
        ([], "the result has shape (0,), expected (1, 1, 2, 2)"),
        (0.85, "the result is a single number, expected shape (1, 1, 2, 2)"),
        (None, "the result is None: is a `return` missing?"),
        ("0.85", "the result is text, expected numbers of shape (1, 1, 2, 2)"),
        ({}, "the result is a dict, expected numbers of shape (1, 1, 2, 2)"),
        (np.zeros((1, 1, 2, 2), bool), "the result is booleans, expected numbers of shape (1, 1, 2, 2)"),
        (
            [[[[1, 2], [3]]]],
            "the rows of the result have different lengths, expected shape (1, 1, 2, 2)",
        ),
        (
            [[[[1, 2], [3, "4"]]]],
            "the result is a sequence with text in it, expected numbers of shape (1, 1, 2, 2)",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_output_of_a_layer(actual, sentence):
    assert told(actual) == sentence


@pytest.mark.parametrize(
    ("actual", "expected", "options", "sentence"),
    [
        ((0, 3, 7, 8), (0, 3, 7, 8), {}, ""),
        (np.array([0, 3, 7, 8]), (0, 3, 7, 8), {}, ""),
        ([0.0, 3.0, 7.0, 8.0], (0, 3, 7, 8), {}, ""),  # np.floor gives floats
        ((0, 3, 7, 9), (0, 3, 7, 8), {"axes": ("end",)}, "end 3: expected 8, got 9"),
        ((0, 3, 7, 9), (0, 3, 7, 8), {}, "entry 3: expected 8, got 9"),
        ([(0, 2), (2, 6)], [(0, 2), (2, 5)], {"axes": ("bin", "edge")}, "bin 1, edge 1: expected 5, got 6"),
        (np.array([[0, 2], [2, 5]]), [(0, 2), (2, 5)], {}, ""),
        ([np.array([0, 2]), np.array([2, 5])], [(0, 2), (2, 5)], {}, ""),
        (
            np.zeros((2, 3)),
            np.eye(2, 3),
            {"axes": ("channel", "point")},
            "channel 0, point 0: expected 1, got 0 (and 1 more of 6 differ)",
        ),
        (0.5000001, 0.5, {}, ""),
        (0.50001, 0.5, {}, "expected 0.5, got 0.50001"),
        (1.00000123, 1.0, {"rtol": 0, "atol": 1e-9}, "expected 1, got 1.00000123"),  # digits enough to see it
        (2**53 + 1, 2**53, {}, f"expected {2**53}, got {2**53 + 1}"),  # integers are compared exactly
        (True, True, {}, ""),
        (1, True, {}, "the result is numbers, expected true or false"),
        ([1, 2], 1, {}, "the result has shape (2,), expected a single number"),
        (np.zeros((0, 2, 3, 3)), np.zeros((0, 2, 3, 3)), {}, ""),
    ],
    ids=lambda value: str(value)[:30],
)
def test_other_results(actual, expected, options, sentence):
    assert told(actual, expected, **options) == sentence


def test_exact_dtype():
    wanted = np.zeros(3, np.float32)
    assert told(wanted, wanted, dtype=np.float32) == ""
    assert told(np.zeros(3), wanted, dtype=np.float32) == (
        "the result is an array of dtype float64, expected an array of dtype float32"
    )
    assert told([0.0] * 3, wanted, dtype="f4") == "the result is a list, expected an array of dtype float32"


def test_family_of_dtypes():
    assert told((0, 3), (0, 3), dtype=np.integer) == ""
    assert told((0.0, 3.0), (0, 3), dtype=np.integer) == (
        "the result is floating-point numbers, expected integers"
    )


def test_nan_and_infinities():
    """NaN equals NaN alone, an infinity itself alone."""
    wanted = [np.nan, np.inf, -np.inf, 1.0]
    assert told(wanted, wanted) == ""
    for at in range(4):
        for other in (np.nan, np.inf, -np.inf, 1.0, 1e300):
            got = list(wanted)
            got[at] = other
            same = other == wanted[at] or (at == 0 and other is np.nan)
            assert (told(got, wanted) == "") is same, (at, other)


def test_tolerance_is_relative_and_absolute():
    assert told(1e9 + 900, 1e9) == ""
    assert told(1e9 + 1100, 1e9) != ""
    assert told(0.9e-6, 0.0) == ""


def test_a_test_that_expects_no_numbers_is_at_fault():
    with pytest.raises(ValueError, match="expected must hold real numbers"):
        compare(1, ["a"])
    with pytest.raises(ValueError, match="axes must name the 1 axes"):
        compare([1], [1], axes=("bin", "edge"))


# ------------------------------------------------------------------ whatever comes
HOSTILE = {
    "huge integer": 10**5000,
    "huge integers": [[[[10**5000, -(10**5000)], [2**63, -(2**63)]]]],
    "megabytes of text": "x" * 10_000_000,
    "long text in a list": [[[["x" * 10_000_000, 1.0], [1.0, 1.0]]]],
    "long list": [0.0] * 1_000_000,
    "large array": np.zeros(10_000_000),
    "object array": np.array([[[[None, 1], [2, 3]]]], dtype=object),
    "complex": np.zeros((1, 1, 2, 2), complex),
    "record": np.zeros(4, [("a", "f4")]),
    "text array": np.array([[[["a", "b"], ["c", "d"]]]]),
    "0-d": np.array(1.0),
    "empty": np.zeros((1, 0, 2, 2)),
    "bytes": b"\0" * 1000,
    "set": {1, 2},
    "arrays of other shapes": [np.zeros((3, 3)), np.zeros(2)],
    "overflow": np.full((1, 1, 2, 2), np.finfo(float).max),
    "unsigned": np.full((1, 1, 2, 2), 2**64 - 1, np.uint64),
}


def deep_list(depth):
    value = [1.0]
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("value", [*HOSTILE.values(), deep_list(5000)], ids=[*HOSTILE, "deep list"])
@pytest.mark.parametrize("expected", [POOLED, (1, 2), 0.5, [True]], ids=str)
def test_a_hostile_value_is_one_short_sentence(value, expected):
    sentence = told(value, expected)
    assert 0 < len(sentence) < 300


def test_a_list_that_holds_itself():
    value = []
    value.append(value)
    assert told(value).startswith("the result has shape (1, 1, 1,")


leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.just(10**400),
    st.binary(max_size=3),
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(leaves, inner, max_size=2),
)


@given(values, hnp.arrays(np.float64, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)))
def test_any_value_is_told(value, expected):
    assert isinstance(told(value, expected), str)


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)))
def test_an_array_agrees_with_itself_in_every_form(array):
    assert told(array, array) == ""
    assert told(array.tolist(), array) == "" or array.size == 0  # an empty list has lost its shape
    assert told(array.copy(order="F"), array) == ""


def test_positions_may_have_names():
    """The third of four ends is x2, not end 2."""
    ends = ("x1", "y1", "x2", "y2")
    assert mismatch(compare((0, 0, 19, 20), (0, 0, 20, 20), axes=(ends,))) == "x2: expected 20, got 19"
    axes = (("low", "high"), "point")
    told = mismatch(compare([[1.0, 2.0], [3.0, 5.0]], [[1.0, 2.0], [3.0, 4.0]], axes=axes))
    assert told == "high, point 1: expected 4, got 5"
