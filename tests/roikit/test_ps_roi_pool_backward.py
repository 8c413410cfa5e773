"""The gradient of position-sensitive pooling: shares worked by hand, differences, transposes."""

from dataclasses import replace

import numpy as np
import pytest
from gradients import boxes_anywhere, central_differences
from hypothesis import given
from hypothesis import strategies as st

import roikit
from roikit import CONVENTIONS, ps_roi_pool, ps_roi_pool_backward, roi_pool, roi_pool_backward

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


# --- of maxima, by hand -----------------------------------------------------------------------------------


def to_maxima(box, grad, maps, **options):
    maps = np.array(maps, np.float64)
    return give_back(box, grad, len(maps), maps.shape[1:], mode="max", features=maps[None], **options)


def test_only_the_largest_has_the_gradient_and_of_several_the_first():
    maps = [[[1, 3, 9, 9], [4, 4, 9, 9]], [[5, 5, -2, -2], [5, 5, -1, -2]]]
    assert to_maxima([0, 0, 4, 2], [[8.0, 2.0]], maps) == [
        [[0, 0, 0, 0], [8, 0, 0, 0]],
        [[0, 0, 0, 0], [0, 0, 2, 0]],
    ]


def test_the_first_nan_is_the_largest():
    maps = [[[1, np.nan, 9, np.nan]]]
    assert to_maxima([0, 0, 4, 1], [[3.0]], maps) == [[[0, 3, 0, 0]]]


def test_a_bin_whose_maximum_is_no_cells_gives_nothing():
    """It is empty, or cells off the map are larger, which are 0 where the convention has it."""
    zero = replace(CONVENTIONS["exclusive"], outside="zero")
    maps = [[[-1, -2, -3, -4]]]
    assert to_maxima([2, 0, 6, 1], [[7.0]], maps) == [[[0, 0, 7, 0]]]
    assert to_maxima([2, 0, 6, 1], [[7.0]], maps, convention=zero) == [[[0, 0, 0, 0]]]
    assert to_maxima([5, 0, 6, 1], [[np.nan]], maps) == [[[0, 0, 0, 0]]]


def test_a_nan_gradient_goes_to_the_maximum_alone():
    got = np.array(to_maxima([0, 0, 4, 1], [[np.nan]], [[[1, 2, 3, 2]]]))
    assert np.isnan(got).tolist() == [[[False, False, True, False]]]


def test_two_bins_with_one_maximum_add_up():
    """3 columns in 2 bins are columns 0, 1 and 1, 2."""
    assert to_maxima([0, 0, 3, 1], [[2.0, 20.0]], [[[0, 9, 0]]], group_size=1) == [[[0, 22, 0]]]


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


@given(problems())
def test_of_maxima_it_is_what_central_differences_say(problem):
    """Cells are at least 0.01 apart: where one is the largest, it stays that."""
    rng, features, rois, size, scale, options = problem
    features = rng.permutation(features.size).reshape(features.shape) / 100.0 + 0.005
    options = {**options, "mode": "max"}
    with roikit.use_backend("cpu"):
        grad = rng.normal(size=ps_roi_pool(features, rois, size, scale, **options).shape)
        expected = central_differences(
            lambda maps: (grad * ps_roi_pool(maps, rois, size, scale, **options)).sum(), features, step=2e-3
        )
    got = ps_roi_pool_backward(grad, rois, features.shape, scale, features=features, **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-10)


def test_of_maxima_with_one_group_it_is_that_of_roi_pool():
    grad, rois, _ = case()
    features = np.random.default_rng(3).integers(-2, 3, (2, 3, 6, 7)).astype(np.float64)  # with ties
    options = {"convention": "caffe"}
    _, argmax = roi_pool(features, rois, (2, 3), return_argmax=True, **options)
    expected = roi_pool_backward(grad, rois, argmax, features.shape)
    options |= {"group_size": 1, "mode": "max", "features": features}
    assert np.array_equal(ps_roi_pool_backward(grad, rois, features.shape, **options), expected)


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


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_of_maxima_in_narrow_arrays_and_channels_last(dtype):
    grad, rois, shape = case(dtype)
    features = np.random.default_rng(2).normal(size=shape).astype(dtype)
    exact = {"mode": "max", "features": features.astype(np.float64)}
    expected = ps_roi_pool_backward(grad.astype(np.float64), rois, shape, **exact).astype(dtype)
    assert np.array_equal(ps_roi_pool_backward(grad, rois, shape, mode="max", features=features), expected)
    last = {"mode": "max", "features": features.transpose(0, 2, 3, 1), "layout": "NHWC"}
    (N, M, H, W), turned = shape, grad.transpose(0, 2, 3, 1)
    got = ps_roi_pool_backward(turned, rois, (N, H, W, M), **last)
    assert np.array_equal(got.transpose(0, 3, 1, 2), expected)


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


def test_features_of_maxima():
    grad, box = np.zeros((1, 1, 2, 2)), [[0, 0, 0, 1, 1]]
    maps = np.zeros((1, 4, 4, 4))

    def gives(error, start, **options):
        with pytest.raises(error, match="^" + start):
            ps_roi_pool_backward(grad, box, maps.shape, **options)

    gives(TypeError, "mode 'max' needs features=, the maps that the maxima are from$", mode="max")
    for mode in ("avg", "max"):
        gives(TypeError, "grad must be float32, as features is", mode=mode, features=maps.astype(np.float32))
        gives(
            ValueError, r"features must have the shape input_shape, \(1, 4, 4, 4\); got \(1, 4, 4, 3\)$",
            mode=mode, features=maps[..., :3],
        )
    gives(ValueError, "out must not share memory with features$", mode="max", features=maps, out=maps)
    assert ps_roi_pool_backward(grad, box, maps.shape, features=maps, out=maps) is maps  # not read
