"""The gradient of maxima of samples by the boxes: the slope of the map where the largest sample lies."""

import numpy as np
import pytest
from gradients import central_differences
from hypothesis import assume, given
from hypothesis import strategies as st
from test_roi_align_backward_rois import far_from_kinks

import roikit
from roikit import (
    CONVENTIONS,
    Convention,
    examples,
    ps_roi_align,
    ps_roi_align_backward_rois,
    roi_align,
    roi_align_backward_rois,
)

pytestmark = pytest.mark.usefixtures("backend")

#: y * 10 + x
RAMP = examples.ramp(6, 6, a=10.0, b=1.0)
NAN, INF = float("nan"), float("inf")


def by_box(box, features=RAMP, mode="max", sampling_ratio=2, grad=((1.0,),), **options):
    """The gradient of one box's bins by x1, y1, x2, y2."""
    maps, grad = np.array(features, np.float64)[None, None], np.array(grad)[None, None]
    how = {"sampling_ratio": sampling_ratio, "mode": mode, **options}
    return roi_align_backward_rois(grad, maps, [[0, *box]], **how)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_the_last_sample_of_a_ramp_is_at_three_quarters():
    """x1 moves it by 1/4, x2 by 3/4, on a map that rises by 1 a column and 10 a row."""
    assert by_box([1, 1, 3, 4]) == [0.25, 2.5, 0.75, 7.5]
    assert by_box([1, 1, 3, 4], -RAMP) == [-0.75, -7.5, -0.25, -2.5]


def test_samples_are_not_averaged():
    """The sum over bins at 1/8 3/8 | 5/8 7/8 of the width: their last ones, at 3/8 and 7/8."""
    assert by_box([1, 1, 3, 4], sampling_ratio=(1, 2), grad=[[1.0, 0.0]]) == [0.625, 5, 0.375, 5]
    assert by_box([1, 1, 3, 4], sampling_ratio=(1, 2), grad=[[1.0, -1.0]]) == [0.5, 0, -0.5, 0]


def test_of_weighted_neighbours_it_is_how_the_weight_grows():
    """At (0.5, 0.75) of 0 0 / 0 16 the part is 16 * 1/2 * 3/4: by x it grows by 8 a cell, by y by 12."""
    maps, box = [[0, 0], [0, 16]], [0.25, 0, 1.25, 1]
    assert by_box(box, maps, "max_corners", 1) == [4, 6, 4, 6]
    flipped = [[16, 0], [0, 0]]  # a quarter of a half: by x it falls by 8, by y by 4
    assert by_box(box, flipped, "max_corners", 1) == [-4, -2, -4, -2]


def test_of_equals_the_first_moves():
    """A roof whose two sides are alike: the left sample counts, which rises."""
    roof = [[0, 1, 1, 0]] * 2
    assert by_box([0, 0, 3, 1], roof, sampling_ratio=(1, 2)) == [0.75, 0, 0.25, 0]


def test_a_zero_off_the_map_that_is_the_largest_does_not_move():
    below = RAMP - 100
    assert by_box([-2, 1, 0.5, 2], below, sampling_ratio=(1, 2)) == [0, 0, 0, 0]
    left_out = Convention("none", "exclusive", "sampled", empty_value=-INF)
    assert by_box([-3, 1, 2, 2], below, sampling_ratio=(1, 2), convention=left_out) == [0.25, 5, 0.75, 5]
    assert by_box([9, 9, 12, 12], grad=[[NAN]]) == [0, 0, 0, 0]


def test_a_sample_that_is_clamped_does_not_move_along_that_axis():
    assert by_box([-1, 1, 0, 2], sampling_ratio=1) == [0, 5, 0, 5]


def test_the_first_nan_moves():
    maps = RAMP.copy()
    maps[:, 2] = NAN
    assert by_box([1, 1, 1.5, 1.25], maps, sampling_ratio=1, aligned=True)[1] == 5  # no NaN near
    assert np.isnan(by_box([1, 1, 3, 4], maps)).all()


def test_channels_add_up_and_each_has_a_largest_of_its_own():
    maps, grad = np.stack([RAMP, -RAMP])[None], np.ones((1, 2, 1, 1))
    got = roi_align_backward_rois(grad, maps, [[0, 1, 1, 3, 4]], 1.0, 2, mode="max")
    assert got.tolist() == [[-0.5, -5, 0.5, 5]]


def test_without_samples_there_is_nothing_to_move():
    assert by_box([2, 2, 1, 1], sampling_ratio=-1, aligned=True) == [0, 0, 0, 0]


# --- it is the gradient -----------------------------------------------------------------------------------


def check(forward, gradient, rng, channels, bins, aligned, options):
    """Against differences of the operation itself, wherever no sample is near a kink."""
    rois = np.column_stack([rng.integers(0, 2, 2), rng.uniform(-2, 9, (2, 4))])
    features = rng.normal(size=(2, channels, 6, 5))
    sampling = rng.choice([1.0, 0.5]), int(rng.integers(1, 4))
    assume(far_from_kinks(rois, features.shape, bins, *sampling, aligned))
    grad = rng.normal(size=forward(features, rois, bins, *sampling, aligned=aligned, **options).shape)

    def loss(boxes):
        table = np.column_stack([rois[:, 0], boxes])
        values = forward(features, table, bins, *sampling, aligned=aligned, **options)
        return np.sum(grad * np.where(np.isfinite(values), values, 0))

    with roikit.use_backend("cpu"):
        expected = central_differences(loss, rois[:, 1:])
    got = gradient(grad, features, rois, *sampling, aligned=aligned, **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-7)


LEFT_OUT = Convention("none", "exclusive", "sampled", empty_value=-INF)
seeds = st.integers(0, 2**32)


@given(seed=seeds, mode=st.sampled_from(["max", "max_corners"]), aligned=st.booleans())
def test_it_is_what_central_differences_say(seed, mode, aligned):
    check(roi_align, roi_align_backward_rois, np.random.default_rng(seed), 3, (2, 3), aligned, {"mode": mode})


@given(seed=seeds, mode=st.sampled_from(["max", "max_corners"]))
def test_also_where_samples_are_left_out(seed, mode):
    options = {"mode": mode, "convention": LEFT_OUT}
    check(roi_align, roi_align_backward_rois, np.random.default_rng(seed), 3, (2, 3), False, options)


@given(seed=seeds, aligned=st.booleans())
def test_of_groups_of_channels(seed, aligned):
    rng = np.random.default_rng(seed)
    check(ps_roi_align, ps_roi_align_backward_rois, rng, 8, (2, 2), aligned, {"mode": "max"})


def test_one_group_is_roi_align():
    rng = np.random.default_rng(0)
    features, grad = rng.normal(size=(1, 3, 6, 5)), rng.normal(size=(2, 3, 2, 3))
    rois = np.column_stack([np.zeros(2), rng.uniform(-2, 9, (2, 4))])
    options = {"mode": "max", "sampling_ratio": 2, "convention": CONVENTIONS["chainercv_align"]}
    expected = roi_align_backward_rois(grad, features, rois, **options)
    assert np.array_equal(ps_roi_align_backward_rois(grad, features, rois, group_size=1, **options), expected)


def test_a_wrong_mode_is_one_sentence():
    with pytest.raises(ValueError, match=r"^mode must be 'avg', 'max' or 'max_corners'; got 'most'$"):
        by_box([1, 1, 3, 4], mode="most")
    with pytest.raises(ValueError, match=r"^convention must have empty_value 0 where mode is 'avg'"):
        by_box([1, 1, 3, 4], mode="avg", convention=LEFT_OUT)
