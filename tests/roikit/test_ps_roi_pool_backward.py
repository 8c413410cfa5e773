"""The gradient of position-sensitive pooling: shares worked by hand, differences, transposes."""

from dataclasses import replace

import numpy as np
import pytest
from gradients import boxes_anywhere, central_differences
from hypothesis import given
from hypothesis import strategies as st

import roikit
from roikit import CONVENTIONS, ps_roi_pool, ps_roi_pool_backward

pytestmark = pytest.mark.usefixtures("backend")

FEW_ROUNDINGS = 1e-12


def give_back(box, grad, channels, size=(2, 4), **options):
    """What one box's bins give to these maps, one channel of output."""
    grad = np.array(grad, np.float64)[None, None]
    return ps_roi_pool_backward(grad, [[0, *box]], (1, channels, *size), **options)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_each_bin_gives_equal_shares_to_its_cells_on_its_own_map():
    assert give_back([0, 0, 4, 2], [[8.0, 2.0]], 2) == [
        [[2, 2, 0, 0], [2, 2, 0, 0]],
        [[0, 0, 0.5, 0.5], [0, 0, 0.5, 0.5]],
    ]


def test_the_last_row_and_column_are_given_to():
    assert give_back([3, 1, 4, 2], [[6.0]], 1) == [[[0, 0, 0, 0], [0, 0, 0, 6]]]


def test_bins_that_share_a_group_add_up_where_they_overlap():
    """3 columns in 2 bins are columns 0, 1 and 1, 2."""
    assert give_back([0, 0, 3, 1], [[2.0, 20.0]], 1, group_size=1) == [[[1, 11, 10, 0], [0, 0, 0, 0]]]


def test_an_unread_group_is_given_nothing():
    got = give_back([0, 0, 4, 2], [[8.0]], 2, group_size=(1, 2))
    assert got == [[[1] * 4] * 2, [[0] * 4] * 2]


def test_shares_of_cells_off_the_map():
    """A bin of 2 × 2 cells, one of which is on the map: it is given all, or with "zero" its quarter."""
    zero = replace(CONVENTIONS["exclusive"], outside="zero")
    assert give_back([3, 1, 5, 3], [[4.0]], 1) == [[[0, 0, 0, 0], [0, 0, 0, 4]]]
    assert give_back([3, 1, 5, 3], [[4.0]], 1, convention=zero) == [[[0, 0, 0, 0], [0, 0, 0, 1]]]


def test_an_empty_bin_gives_nothing():
    assert not np.any(give_back([9, 9, 12, 12], [[1.0, 1.0]], 2))
    assert not np.any(give_back([9, 9, 12, 12], [[np.nan, 1.0]], 2))


def test_a_nan_goes_to_the_cells_of_its_bin():
    got = np.array(give_back([0, 0, 4, 2], [[np.nan, 2.0]], 2))
    assert np.argwhere(np.isnan(got)).tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1]]


def test_boxes_on_one_place_add_up_and_images_are_apart():
    grad, box = np.array([1.0, 10.0, 100.0]).reshape(3, 1, 1, 1), [1, 1, 2, 2]
    got = ps_roi_pool_backward(grad, [[0, *box], [1, *box], [0, *box]], (2, 1, 3, 3))
    assert got[:, 0, 1, 1].tolist() == [101, 10]
    assert got.sum() == 111


# --- it is the gradient -----------------------------------------------------------------------------------

CHOSEN = ["exclusive", "rfcn", "chainercv", replace(CONVENTIONS["disjoint"], outside="zero")]


@st.composite
def problems(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    size = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    groups = draw(st.none() | st.integers(1, 2))
    GH, GW = size if groups is None else (groups, groups)
    features = rng.normal(size=(draw(st.integers(1, 2)), GH * GW * draw(st.integers(1, 2)), 4, 5))
    rois = boxes_anywhere(rng, draw(st.integers(0, 3)), len(features), 5)
    options = {"group_size": groups, "convention": draw(st.sampled_from(CHOSEN))}
    return rng, features, rois, size, draw(st.sampled_from([1.0, 0.5])), options


@given(problems())
def test_it_is_what_central_differences_say(problem):
    """Bins are linear in the map: the differences are exact but for rounding."""
    rng, features, rois, size, scale, options = problem
    features = features[:1]
    rois[:, 0] = 0
    with roikit.use_backend("cpu"):
        grad = rng.normal(size=ps_roi_pool(features, rois, size, scale, **options).shape)
        expected = central_differences(
            lambda maps: (grad * ps_roi_pool(maps, rois, size, scale, **options)).sum(), features, step=1.0
        )
    got = ps_roi_pool_backward(grad, rois, features.shape, scale, **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


@given(problems())
def test_it_is_the_transpose(problem):
    """<ps_roi_pool(x), g> = <x, ps_roi_pool_backward(g)>."""
    rng, features, rois, size, scale, options = problem
    bins = ps_roi_pool(features, rois, size, scale, **options)
    grad = rng.normal(size=bins.shape)
    back = ps_roi_pool_backward(grad, rois, features.shape, scale, **options)
    assert abs(np.vdot(bins, grad) - np.vdot(features, back)) < FEW_ROUNDINGS


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64):
    rng = np.random.default_rng(1)
    return rng.normal(size=(5, 3, 2, 3)).astype(dtype), boxes_anywhere(rng, 5, 2, 6), (2, 18, 6, 7)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_narrow_sums_are_rounded_once(dtype):
    grad, rois, shape = case(dtype)
    got = ps_roi_pool_backward(grad, rois, shape)
    assert got.dtype == dtype
    assert np.array_equal(got, ps_roi_pool_backward(grad.astype(np.float64), rois, shape).astype(dtype))


def test_channels_last_into_an_out_that_held_something():
    grad, rois, (N, M, H, W) = case()
    expected = ps_roi_pool_backward(grad, rois, (N, M, H, W)).transpose(0, 2, 3, 1)
    out = np.full((N, H, W, M), np.nan)
    last = grad.transpose(0, 2, 3, 1).copy()
    assert ps_roi_pool_backward(last, rois, (N, H, W, M), layout="NHWC", out=out) is out
    assert np.array_equal(out, expected)


def test_no_boxes_no_channels_and_no_images():
    got = ps_roi_pool_backward(np.zeros((0, 3, 2, 2)), [], (2, 12, 4, 5))
    assert got.shape == (2, 12, 4, 5)
    assert not got.any()
    none = np.zeros((1, 0, 2, 2))
    assert ps_roi_pool_backward(none, [[0, 0, 0, 1, 1]], (1, 0, 4, 4), group_size=2**20).shape == (1, 0, 4, 4)
    assert ps_roi_pool_backward(np.zeros((0, 3, 2, 2)), [], (0, 12, 4, 4)).shape == (0, 12, 4, 4)


# --- errors -----------------------------------------------------------------------------------------------


def test_channels_that_do_not_fit():
    box = [[0, 0, 0, 1, 1]]
    with pytest.raises(ValueError, match=r"^input_shape must have channels in 2 × 2 groups, a multiple of 4"):
        ps_roi_pool_backward(np.zeros((1, 1, 2, 2)), box, (1, 6, 4, 4))
    with pytest.raises(ValueError, match=r"for each 2 × 2 of the map: it has 3, and input_shape has 8$"):
        ps_roi_pool_backward(np.zeros((1, 3, 2, 2)), box, (1, 8, 4, 4))


def test_a_row_for_each_box():
    with pytest.raises(ValueError, match="one row for each box: it has 2, and rois has 1"):
        ps_roi_pool_backward(np.zeros((2, 1, 2, 2)), [[0, 0, 0, 1, 1]], (1, 4, 4, 4))
