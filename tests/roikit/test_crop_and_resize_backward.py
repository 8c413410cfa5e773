"""The gradient of crop_and_resize by the map: weights worked by hand, differences, the transpose."""

import numpy as np
import pytest
from gradients import central_differences
from hypothesis import given
from hypothesis import strategies as st

import roikit
from roikit import crop_and_resize, crop_and_resize_backward

pytestmark = pytest.mark.usefixtures("backend")

FEW_ROUNDINGS = 1e-12


def give_back(box, grad=((1.0,),), size=(3, 4), **options):
    """What the points of one box give to one channel's map of this size; boxes in cells."""
    grad = np.array(grad)[None, None]
    got = crop_and_resize_backward(grad, [[0, *box]], (1, 1, *size), coordinates="cells", **options)
    return got[0, 0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_a_point_gives_to_its_four_neighbours_by_their_weights():
    """It lies at y = 0.5, x = 1.25."""
    assert give_back([1, 0, 1.5, 1], [[8.0]]) == [[0, 3, 1, 0], [0, 3, 1, 0], [0, 0, 0, 0]]


def test_nearest_gives_all_to_one_cell():
    assert give_back([1, 0, 1.5, 1], [[8.0]], method="nearest") == [[0] * 4, [0, 8, 0, 0], [0] * 4]


def test_points_that_read_the_same_cells_add_up():
    """At x = 0.5 and 1.5: column 1 is a neighbour of both."""
    assert give_back([0.5, 0, 1.5, 0], [[4.0, 40.0]], size=(1, 3)) == [[2, 22, 20]]
    assert give_back([0.5, 0, 1.5, 0], [[4.0, 40.0]], size=(1, 3), method="nearest") == [[0, 4, 40]]


def test_a_point_off_the_map_gives_nothing():
    assert give_back([-0.5, 0, 3.5, 0], [[1.0, 10.0, 100.0]]) == [[0, 5, 5, 0], [0] * 4, [0] * 4]
    assert not np.any(give_back([-0.5, 0, -0.5, 0], [[np.nan]]))


def test_a_nan_goes_to_all_four_neighbours_also_by_weight_0():
    got = give_back([1, 1, 1, 1], [[np.nan]], size=(4, 4))
    assert np.argwhere(np.isnan(got)).tolist() == [[1, 1], [1, 2], [2, 1], [2, 2]]
    got = give_back([1, 1, 1, 1], [[np.nan]], size=(4, 4), method="nearest")
    assert np.argwhere(np.isnan(got)).tolist() == [[1, 1]]


def test_images_are_apart():
    grad, box = np.array([1.0, 10.0, 100.0]).reshape(3, 1, 1, 1), [0.5, 0.5, 0.5, 0.5]
    got = crop_and_resize_backward(grad, [[0, *box], [1, *box], [0, *box]], (2, 1, 3, 3))
    assert got[:, 0, 1, 1].tolist() == [101, 10]
    assert got.sum() == 111


# --- it is the gradient -----------------------------------------------------------------------------------


@st.composite
def problems(draw):
    """Features, boxes, and the other arguments of both directions; points' gradients are drawn apart."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = draw(st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(1, 5), st.integers(1, 5)))
    K = draw(st.integers(0, 3))
    ends = rng.uniform(-0.4, 1.4, (K, 4))
    ends = np.where(rng.random((K, 4)) < 0.4, np.round(4 * ends) / 4, ends)
    rois = np.column_stack([rng.integers(0, shape[0], K), ends])
    size = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    return rng, rng.normal(size=shape), rois, size, {"method": draw(st.sampled_from(["bilinear", "nearest"]))}


@given(problems())
def test_it_is_what_central_differences_say(problem):
    """Crops are linear in the map: the differences are exact but for rounding."""
    rng, features, rois, size, options = problem
    grad = rng.normal(size=(len(rois), features.shape[1], *size))
    with roikit.use_backend("cpu"):
        expected = central_differences(
            lambda maps: (grad * crop_and_resize(maps, rois, size, **options)).sum(), features, step=1.0
        )
    got = crop_and_resize_backward(grad, rois, features.shape, **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


@given(problems())
def test_it_is_the_transpose(problem):
    rng, features, rois, size, options = problem
    crops = crop_and_resize(features, rois, size, **options)
    grad = rng.normal(size=crops.shape)
    back = crop_and_resize_backward(grad, rois, features.shape, **options)
    assert abs(np.vdot(crops, grad) - np.vdot(features, back)) < FEW_ROUNDINGS


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64):
    """11 channels are more than one block of the compiled kernel."""
    rng = np.random.default_rng(1)
    rois = np.column_stack([rng.integers(0, 2, 5), rng.uniform(-0.2, 1.2, (5, 4))])
    return rng.normal(size=(5, 11, 2, 3)).astype(dtype), rois, (2, 11, 6, 7)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_added_up_in_float64_and_rounded_once(dtype):
    grad, rois, shape = case(dtype)
    wide = crop_and_resize_backward(grad.astype(np.float64), rois, shape)
    got = crop_and_resize_backward(grad, rois, shape)
    assert got.dtype == dtype
    assert np.array_equal(got, wide.astype(dtype))


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_out_is_written_over_whatever_it_held(layout):
    grad, rois, shape = case()
    expected = crop_and_resize_backward(grad, rois, shape)
    if layout == "NHWC":
        grad, shape, expected = grad.transpose(0, 2, 3, 1), (2, 6, 7, 11), expected.transpose(0, 2, 3, 1)
    out = np.full((2 * shape[0], *shape[1:]), np.nan)[::2]
    assert crop_and_resize_backward(grad, rois, shape, layout=layout, out=out, num_threads=1) is out
    assert np.array_equal(out, expected)


def test_no_boxes_give_nothing():
    got = crop_and_resize_backward(np.zeros((0, 3, 2, 2)), [], (2, 3, 4, 5))
    assert got.shape == (2, 3, 4, 5)
    assert not got.any()


# --- errors -----------------------------------------------------------------------------------------------


def test_a_row_for_each_box_and_the_channels_of_the_map():
    with pytest.raises(ValueError, match="grad must have one row for each box: it has 2, and rois has 1"):
        crop_and_resize_backward(np.zeros((2, 1, 1, 1)), [[0, 0, 0, 1, 1]], (1, 1, 3, 3))
    with pytest.raises(ValueError, match="the map's channels: it has 1, and input_shape has 2"):
        crop_and_resize_backward(np.zeros((1, 1, 1, 1)), [[0, 0, 0, 1, 1]], (1, 2, 3, 3))
    with pytest.raises(ValueError, match="method must be 'bilinear' or 'nearest'"):
        crop_and_resize_backward(np.zeros((1, 1, 1, 1)), [[0, 0, 0, 1, 1]], (1, 1, 3, 3), method="area")
