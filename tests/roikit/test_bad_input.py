"""Whatever an operation is given, it computes the same bits on both backends, or says what is wrong."""

import random

import numpy as np
import pytest
from hostile_calls import CALLS, EXPLAINED, Call, attempt, check
from hostile_values import DTYPES, JUNK, LAYOUTS, Reads, huge_map
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import roikit
from roikit import bilinear_interpolate, bin_edges, explain, quantize_rois, roi_align, roi_pool

MAPS = np.arange(32.0).reshape(2, 1, 4, 4)
BOX = [[0, 0, 0, 2, 2]]


# --- at random --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CALLS, ids=lambda kind: kind.__name__)
@settings(max_examples=150, suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow])
@given(draw=st.randoms(use_true_random=False))
def test_any_call(kind, draw):
    check(kind(draw))


@pytest.mark.parametrize("kind", CALLS, ids=lambda kind: kind.__name__)
def test_the_random_calls_are_good_and_bad(kind):
    outcomes = [check(kind(random.Random(seed)), compare=False) for seed in range(200)]
    refused = sum(outcome.error is not None for outcome in outcomes)
    assert 5 < refused < 150


# --- and the check can fail -------------------------------------------------------------------------------


def test_the_check_sees_an_argument_changed():
    with pytest.raises(AssertionError, match="an argument was changed"):
        check(Call(lambda array: array.fill(7), {"array": np.zeros(3)}), compare=False)


def test_the_check_sees_a_result_that_is_an_argument():
    with pytest.raises(AssertionError, match="the result is a view"):
        check(Call(lambda array: array[1:], {"array": np.zeros(3)}))


@pytest.mark.parametrize("answers", [(0.0, -0.0), (1.0, np.float32(1)), (1.0, 1.0 + 2**-52)])
def test_the_check_sees_backends_apart(answers):
    def operation():
        return np.array(answers[roikit._dispatch.backend() == "cpu"])

    with pytest.raises(AssertionError, match="the definition gives"):
        check(Call(operation, {}))


@pytest.mark.parametrize(
    "error", [ValueError("wrong"), ValueError("features are\nwrong"), IndexError("rois are wrong"),
              UnicodeDecodeError("ascii", b"", 0, 1, "a kind of ValueError")],
)
def test_the_check_sees_an_error_without_its_sentence(error):
    def operation():
        raise error

    with pytest.raises((AssertionError, IndexError)):
        check(Call(operation, {}))


# --- every kind of array ----------------------------------------------------------------------------------

TAKERS = {
    "features": lambda array: Call(roi_pool, {"features": array, "rois": BOX, "output_size": 2}),
    "rois": lambda array: Call(roi_align, {"features": MAPS, "rois": array, "output_size": 2}),
    "boxes of an image": lambda array: Call(quantize_rois, {"rois": [array, array]}),
    "planes": lambda array: Call(bilinear_interpolate, {"features": array, "y": 0.5, "x": [0, 1]}),
    "y": lambda array: Call(bilinear_interpolate, {"features": MAPS, "y": array, "x": 1}),
}
SHAPES = {"features": (1, 1, 2, 2), "rois": (1, 5), "boxes of an image": (1, 4), "planes": (2, 2), "y": (3,)}


@pytest.mark.parametrize("argument", TAKERS)
@pytest.mark.parametrize("dtype", DTYPES, ids=repr)
def test_every_dtype_is_taken_or_refused(argument, dtype):
    outcome = check(TAKERS[argument](np.zeros(SHAPES[argument], dtype)))
    taken = dtype.char in "efd" if argument in ("features", "planes") else dtype.kind in "iuf"
    assert (outcome.error is None) == taken
    if not taken:
        assert isinstance(outcome.error, TypeError)


@pytest.mark.parametrize("argument", TAKERS)
@given(shape=st.lists(st.sampled_from([0, 1, 2, 4, 5]), max_size=6).map(tuple))
@settings(max_examples=60)
def test_any_shape_is_taken_or_refused(argument, shape):
    outcome = check(TAKERS[argument](np.zeros(shape)))
    taken = {
        "features": len(shape) == 4 and 0 not in (shape[0], *shape[2:]),
        "rois": shape == (0,) or (len(shape) == 2 and shape[1] == 5),
        "boxes of an image": shape in [(0,), (5,)] or (len(shape) == 2 and shape[1] == 4),
        "planes": len(shape) >= 2 and 0 not in shape[-2:],
        "y": True,
    }
    assert (outcome.error is None) == taken[argument]


@pytest.mark.parametrize("argument", ["features", "rois", "planes", "y"])
@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: type(junk).__name__)
def test_junk_gets_a_sentence(argument, junk):
    check(TAKERS[argument](junk))


@given(
    sides=st.tuples(*[st.integers(0, 3)] * 2, *[st.integers(1, 3)] * 2), boxes=st.integers(0, 2),
    bins=st.tuples(st.integers(1, 3), st.integers(1, 3)),
)
@settings(max_examples=60)
def test_nothing_of_anything_gives_nothing(sides, boxes, bins):
    """No image, no channel, no box, one cell."""
    features, rois = np.ones(sides), [[0, 0, 0, 1, 1]] * (boxes if sides[0] else 0)
    for operation in (roi_pool, roi_align):
        outcome = check(Call(operation, {"features": features, "rois": rois, "output_size": bins}))
        assert outcome.value.shape == (len(rois), sides[1], *bins)


@pytest.mark.parametrize("layout", LAYOUTS, ids=range(len(LAYOUTS)))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_any_memory_gives_what_plain_memory_gives(layout, dtype):
    """Strides of either sign, of 0 and beyond 2**31, unaligned, read-only, subclasses that lie."""
    features = layout(np.arange(2 * 3 * 3 * 4).reshape(2, 3, 3, 4).astype(dtype))
    plain = np.array(features)
    rois = np.array([[1, 0, 0, 3, 3], [0, -1, 1.5, 4, 9]])
    for operation in (roi_pool, roi_align):
        got = check(Call(operation, {"features": features, "rois": layout(rois), "output_size": (3, 2)}))
        assert np.array_equal(got.value, operation(plain, np.array(layout(rois)), (3, 2)))
    got = check(Call(bilinear_interpolate, {"features": features, "y": layout(rois[:, 1]), "x": 0.5}))
    assert np.array_equal(got.value, bilinear_interpolate(plain, np.array(layout(rois[:, 1])), 0.5))


def test_a_map_may_be_larger_than_memory():
    point = [[0, 0, 0, 0, 0]]
    for seed in range(40):
        features = huge_map(random.Random(seed))
        for operation in (roi_pool, roi_align):
            outcome = check(Call(operation, {"features": features, "rois": point, "output_size": 1}))
            H, W = features.shape[2:]
            fits = features.shape[1] == 1 and H * W <= 2**40 and features.dtype.isnative
            assert (outcome.error is None) == fits
            assert not fits or outcome.value.item() == 1.5


def test_planes_are_read_where_they_are():
    """No copy is made, whatever the strides: this one would take 4 TiB."""
    features = np.broadcast_to(np.array([2.0, 3.0])[:, None, None, None], (2, 2**38, 1, 1)).swapaxes(0, 1)
    got = bilinear_interpolate(features[: 2**20], 0, 0)
    assert got.shape == (2**20, 2)
    assert got[-1].tolist() == [2, 3]


# --- numbers ----------------------------------------------------------------------------------------------

BEYOND = [np.nan, np.inf, -np.inf, 2.0**40 + 1, 2.0**63, -1e308, np.longdouble("1e4000")]


@pytest.mark.parametrize("value", BEYOND)
@pytest.mark.parametrize("column", range(5))
def test_numbers_beyond_every_map_are_refused(value, column):
    rois = np.zeros((2, 5), np.longdouble)
    rois[1, column] = value
    for operation in (roi_pool, roi_align, explain.roi_pool, explain.roi_align):
        outcome = check(Call(operation, {"features": MAPS, "rois": rois, "output_size": 2}), compare=False)
        assert str(outcome.error).startswith("rois[1] ")


@pytest.mark.parametrize("tiny", [5e-324, -5e-324, 1e-310, -0.0])
def test_denormal_boxes_and_scales_are_numbers_like_others(tiny):
    for scale in (1.0, 5e-324, 1e-310):
        for operation in (roi_pool, roi_align):
            given = {"features": MAPS * 1e-310, "rois": [[0, tiny, tiny, 1 + tiny, 1]], "output_size": 2}
            assert check(Call(operation, {**given, "spatial_scale": scale})).error is None


def test_a_large_scale_meets_a_batch_index():
    features = np.zeros((4, 1, 2, 2))
    assert check(Call(roi_align, {"features": features, "rois": [[3, 0, 0, 0, 0]], "output_size": 1,
                                  "spatial_scale": 1.7e308})).error is None


@pytest.mark.parametrize("mode", ["max", "avg"])
def test_zeros_have_the_same_sign_on_both_backends(mode):
    features = np.copysign(np.zeros((1, 1, 5, 5)), np.random.default_rng(0).choice([-1, 1], (1, 1, 5, 5)))
    for box in ([0, 0, 0, 4, 4], [0, -2, -2, 1, 1], [0, 2, 2, 9, 9]):
        for operation in (roi_pool, roi_align):
            given = {"rois": [box], "output_size": 3, "mode": mode}
            for maps in (features, np.full_like(features, -0.0)):
                check(Call(operation, {"features": maps, **given}))


# --- everything else that is public -----------------------------------------------------------------------


@pytest.mark.parametrize("function", [of for _, of, _ in EXPLAINED], ids=lambda of: of.__name__)
def test_explanations_say_what_their_operation_says(function):
    operation = getattr(roikit, {"bins": "bin_edges"}.get(function.__name__, function.__name__))
    names = {"bins": ("length", "bins"), "bilinear_interpolate": ("features", "y", "x")}
    names = names.get(function.__name__, ("features", "rois", "output_size"))
    refused = [attempt(Call(operation, dict.fromkeys(names, junk))).error for junk in JUNK]
    explained = [attempt(Call(function, dict.fromkeys(names, junk))).error for junk in JUNK]
    assert list(map(repr, explained)) == list(map(repr, refused))
    assert len(refused) - refused.count(None) > 40


def test_one_value_of_a_huge_output_is_explained():
    """Of 2**36 bins with 2**24 samples each, one is looked at."""
    bins, ratio = (2**20, 2**16), (4096, 1)
    for explanation in (explain.roi_pool(MAPS, BOX, bins), explain.roi_align(MAPS, BOX, bins, 1.0, ratio)):
        assert explanation.shape == (1, 1, *bins)
        assert explanation.bin(0, 0, 2**20 - 1, 7).result > 0
        assert "<svg" in explanation.picture((0, 0, 5, 7)).svg
        assert "<svg" in explanation.picture(result=True).svg


@pytest.mark.parametrize("far", [1e308, -1e308, 2.0**63])
def test_a_point_at_the_end_of_all_numbers_is_drawn(far):
    explanation = explain.bilinear_interpolate(np.ones((20, 20)), [far, 0], [0, far])
    assert "<svg" in explanation.picture((0,)).svg
    assert "<svg" in explanation.picture(result=True).svg


def test_an_error_of_an_argument_stays_to_be_seen():
    """Its own words are in the sentence, and it is the cause."""
    with pytest.raises(TypeError, match="features cannot be read as an array: no division today") as caught:
        roi_pool(Reads(ZeroDivisionError("no division today")), BOX, 2)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_convention_is_checked_again():
    """Its fields cannot be set, but Python has ways."""
    convention = roikit.Convention("floor", "exclusive", "overlap")
    object.__setattr__(convention, "minimum_size", 2**62)
    with pytest.raises(ValueError, match=r"Convention: minimum_size must lie within 0 \.\. 2\*\*40 cells"):
        roi_pool(MAPS, BOX, 3, convention=convention)
    with pytest.raises(ValueError, match="Convention: minimum_size"):
        bin_edges(5, 2, convention=convention)
