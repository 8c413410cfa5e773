"""The gradient of position-sensitive RoIAlign by the map: weights worked by hand, differences, transposes."""

import numpy as np
import pytest
from gradients import boxes_anywhere, central_differences
from hypothesis import given
from hypothesis import strategies as st

import roikit
from roikit import ps_roi_align, ps_roi_align_backward, roi_align_backward

pytestmark = pytest.mark.usefixtures("backend")

FEW_ROUNDINGS = 1e-12


def give_back(box, grad=((8.0, 2.0),), channels=2, size=(1, 4), **options):
    """What one box's bins give to these maps, one channel of output."""
    grad = np.array(grad)[None, None]
    return ps_roi_align_backward(grad, [[0, *box]], (1, channels, *size), **options)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_each_bin_gives_to_the_neighbours_of_its_samples_on_its_own_map():
    """Samples at x = 0.5 and 1.5, halfway between two cells."""
    assert give_back([0.5, 0, 2.5, 1]) == [[[4, 4, 0, 0]], [[0, 1, 1, 0]]]


def test_without_the_half_cell():
    """The same samples of a box that starts half a cell further left."""
    assert give_back([0, 0, 2, 1], aligned=False) == [[[4, 4, 0, 0]], [[0, 1, 1, 0]]]


def test_bins_of_one_group_add_up():
    assert give_back([0.5, 0, 2.5, 1], channels=1, group_size=1) == [[[4, 5, 1, 0]]]


def test_an_unread_group_is_given_nothing():
    assert give_back([0.5, 0, 2.5, 1], [[4.0]], group_size=(1, 2)) == [[[1, 2, 1, 0]], [[0, 0, 0, 0]]]


def test_an_empty_box_gives_nothing_and_no_nan():
    assert not np.any(give_back([2, 0, 2, 0]))
    assert not np.any(give_back([9, 9, 12, 12], [[np.nan, 1.0]]))


def test_a_nan_stays_on_its_own_map():
    got = np.array(give_back([0.5, 0, 2.5, 1], [[np.nan, 2.0]]))
    assert np.argwhere(np.isnan(got)).tolist() == [[0, 0, 0], [0, 0, 1]]


# --- it is the gradient -----------------------------------------------------------------------------------


@st.composite
def problems(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    size = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    groups = draw(st.none() | st.integers(1, 2))
    GH, GW = size if groups is None else (groups, groups)
    features = rng.normal(size=(draw(st.integers(1, 2)), GH * GW * draw(st.integers(1, 2)), 4, 5))
    rois = boxes_anywhere(rng, draw(st.integers(0, 2)), len(features), 5)
    how = draw(st.sampled_from([1.0, 0.5])), draw(st.sampled_from([-1, 1, (0, 2)]))
    return rng, features, rois, size, how, {"group_size": groups, "aligned": draw(st.booleans())}


@given(problems())
def test_it_is_what_central_differences_say(problem):
    """Bins are linear in the map: the differences are exact but for rounding, on every border."""
    rng, features, rois, size, how, options = problem
    features = features[:1]
    rois[:, 0] = 0
    with roikit.use_backend("cpu"):
        grad = rng.normal(size=ps_roi_align(features, rois, size, *how, **options).shape)
        expected = central_differences(
            lambda maps: (grad * ps_roi_align(maps, rois, size, *how, **options)).sum(), features, step=1.0
        )
    got = ps_roi_align_backward(grad, rois, features.shape, *how, **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


@given(problems())
def test_it_is_the_transpose(problem):
    """<ps_roi_align(x), g> = <x, ps_roi_align_backward(g)>."""
    rng, features, rois, size, how, options = problem
    bins = ps_roi_align(features, rois, size, *how, **options)
    grad = rng.normal(size=bins.shape)
    back = ps_roi_align_backward(grad, rois, features.shape, *how, **options)
    assert abs(np.vdot(bins, grad) - np.vdot(features, back)) < FEW_ROUNDINGS


@pytest.mark.parametrize("aligned", [True, False])
def test_one_group_is_roi_align(aligned):
    grad, rois, _ = case()
    got = ps_roi_align_backward(grad, rois, (2, 3, 6, 7), group_size=1, aligned=aligned)
    assert np.array_equal(got, roi_align_backward(grad, rois, (2, 3, 6, 7), aligned=aligned))


@pytest.mark.parametrize("convention", ["roi_align", "chainercv_align"])
def test_a_convention_takes_the_place_of_aligned(convention):
    grad, rois, _ = case()
    got = ps_roi_align_backward(grad, rois, (2, 3, 6, 7), group_size=1, convention=convention)
    assert np.array_equal(got, roi_align_backward(grad, rois, (2, 3, 6, 7), convention=convention))


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64):
    rng = np.random.default_rng(1)
    return rng.normal(size=(5, 3, 2, 3)).astype(dtype), boxes_anywhere(rng, 5, 2, 6), (2, 18, 6, 7)


def test_more_channels_than_one_block_of_the_compiled_kernel():
    rng = np.random.default_rng(2)
    grad, rois = rng.normal(size=(4, 11, 1, 2)), boxes_anywhere(rng, 4, 2, 6)
    got = ps_roi_align_backward(grad, rois, (2, 22, 6, 7))
    for c in range(11):
        alone = ps_roi_align_backward(grad[:, c : c + 1], rois, (2, 2, 6, 7))
        assert np.array_equal(got[:, 2 * c : 2 * c + 2], alone)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_narrow_sums_are_rounded_once(dtype):
    grad, rois, shape = case(dtype)
    got = ps_roi_align_backward(grad, rois, shape)
    assert got.dtype == dtype
    assert np.array_equal(got, ps_roi_align_backward(grad.astype(np.float64), rois, shape).astype(dtype))


def test_channels_last_into_an_out_that_held_something():
    grad, rois, (N, M, H, W) = case()
    expected = ps_roi_align_backward(grad, rois, (N, M, H, W)).transpose(0, 2, 3, 1)
    out = np.full((N, H, W, M), np.nan)
    last = grad.transpose(0, 2, 3, 1).copy()
    assert ps_roi_align_backward(last, rois, (N, H, W, M), layout="NHWC", out=out) is out
    assert np.array_equal(out, expected)


def test_no_boxes_no_channels_and_no_images():
    got = ps_roi_align_backward(np.zeros((0, 3, 2, 2)), [], (2, 12, 4, 5))
    assert got.shape == (2, 12, 4, 5)
    assert not got.any()
    none, box = np.zeros((1, 0, 2, 2)), [[0, 0, 0, 1, 1]]
    assert ps_roi_align_backward(none, box, (1, 0, 4, 4), group_size=2**20).shape == (1, 0, 4, 4)
    assert ps_roi_align_backward(np.zeros((0, 3, 2, 2)), [], (0, 12, 4, 4)).shape == (0, 12, 4, 4)


def test_channels_that_do_not_fit():
    box = [[0, 0, 0, 1, 1]]
    with pytest.raises(ValueError, match=r"^input_shape must have channels in 2 × 2 groups, a multiple of 4"):
        ps_roi_align_backward(np.zeros((1, 1, 2, 2)), box, (1, 6, 4, 4))
    with pytest.raises(ValueError, match=r"for each 2 × 2 of the map: it has 3, and input_shape has 8$"):
        ps_roi_align_backward(np.zeros((1, 3, 2, 2)), box, (1, 8, 4, 4))
