"""The gradient of position-sensitive crop_and_resize by the maps: by hand, its definition, the transpose."""

import numpy as np
import pytest
from drawn import case
from gradients import central_differences
from hypothesis import given
from test_fast import close, magnitude

import roikit
from roikit import ps_crop_and_resize, ps_crop_and_resize_backward
from roikit.reference.ps_crop_and_resize_backward import ps_crop_and_resize_backward as definition

pytestmark = pytest.mark.usefixtures("backend")

FEW_ROUNDINGS = 1e-12


def give_back(box, grad, channels, group_size, size=(1, 4), **options):
    grad = np.array(grad, np.float64).reshape(1, -1, 1, len(grad))
    given = {"group_size": group_size, "coordinates": "cells", **options}
    return ps_crop_and_resize_backward(grad, [[0, *box]], (1, channels, *size), **given)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_each_part_gives_its_share_to_its_own_map():
    """Points at columns 0.75 and 2.25, and half of the gradient each."""
    assert give_back([0, 0, 3, 0], [8.0], 2, (1, 2)) == [[[1, 3, 0, 0]], [[0, 0, 3, 1]]]
    assert give_back([0, 0, 3, 0], [8.0], 2, (1, 2), method="nearest") == [[[0, 4, 0, 0]], [[0, 0, 4, 0]]]


def test_channels_of_one_part_lie_side_by_side():
    got = ps_crop_and_resize_backward(
        np.array([2.0, 20.0]).reshape(1, 2, 1, 1), [[0, 0, 0, 0, 0]], (1, 4, 1, 1), group_size=(2, 1)
    )
    assert got.ravel().tolist() == [1, 10, 1, 10]


def test_what_lies_off_the_map_is_lost():
    assert give_back([0, 0, 12, 0], [8.0], 2, (1, 2)) == [[[0, 0, 0, 4]], [[0, 0, 0, 0]]]


def test_a_nan_goes_where_its_points_read():
    got = np.array(give_back([0, 0, 3, 0], [np.nan], 2, (1, 2)))
    assert np.isnan(got).tolist() == [[[True, True, False, False]], [[False, False, True, True]]]


# --- it is the gradient -----------------------------------------------------------------------------------


@given(case("ps_crop_and_resize_backward"))
def test_it_is_what_the_definition_says(drawn):
    (grad, rois, shape), options = drawn
    groups = options["group_size"]
    GH, GW = groups if isinstance(groups, tuple) else (groups, groups)
    got = ps_crop_and_resize_backward(grad, rois, shape, **options)
    expected = np.empty_like(got)
    definition(grad, rois, expected, options["method"], options["coordinates"], (GH, GW))
    if grad.dtype == np.float64:
        np.testing.assert_array_equal(got, expected)
    else:
        close(got, expected, magnitude(grad) * max(grad.size, 1))


def random_case(seed):
    rng = np.random.default_rng(seed)
    rois = np.column_stack([rng.integers(0, 2, 3), rng.uniform(-0.2, 1.2, (3, 4))])
    return rng.normal(size=(3, 2, 2, 3)), rng.normal(size=(2, 12, 4, 5)), rois, {"group_size": (3, 2)}


@pytest.mark.parametrize("method", ["bilinear", "nearest"])
def test_it_is_the_transpose(method):
    grad, features, rois, options = random_case(0)
    options |= {"method": method}
    crops = ps_crop_and_resize(features, rois, (2, 3), **options)
    back = ps_crop_and_resize_backward(grad, rois, features.shape, **options)
    assert abs(np.vdot(crops, grad) - np.vdot(features, back)) < FEW_ROUNDINGS


def test_it_is_what_central_differences_say():
    """Crops are linear in the map: the differences are exact but for rounding."""
    grad, features, rois, options = random_case(1)
    with roikit.use_backend("cpu"):
        expected = central_differences(
            lambda maps: (grad * ps_crop_and_resize(maps, rois, (2, 3), **options)).sum(), features, step=1.0
        )
    got = ps_crop_and_resize_backward(grad, rois, features.shape, **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


# --- the arrays -------------------------------------------------------------------------------------------


def test_channels_last_into_an_out_that_held_something():
    grad, features, rois, options = random_case(2)
    expected = ps_crop_and_resize_backward(grad, rois, features.shape, **options).transpose(0, 2, 3, 1)
    out = np.full(expected.shape, np.nan)
    last = grad.transpose(0, 2, 3, 1).copy()
    options |= {"layout": "NHWC", "out": out}
    assert ps_crop_and_resize_backward(last, rois, expected.shape, **options) is out
    assert np.array_equal(out, expected)


@pytest.mark.parametrize(("dtype", "bound"), [(np.float16, 5e-3), (np.float32, 1e-6)])
def test_narrow_gradients(dtype, bound):
    grad, features, rois, options = random_case(3)
    narrow = grad.astype(dtype)
    got = ps_crop_and_resize_backward(narrow, rois, features.shape, **options)
    assert got.dtype == dtype
    expected = ps_crop_and_resize_backward(narrow.astype(np.float64), rois, features.shape, **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=bound * np.abs(expected).max())


def test_no_boxes_no_channels_and_no_images():
    got = ps_crop_and_resize_backward(np.zeros((0, 3, 2, 2)), [], (2, 12, 4, 5), group_size=2)
    assert got.shape == (2, 12, 4, 5)
    assert not got.any()
    none, box = np.zeros((1, 0, 2, 2)), [[0, 0, 0, 1, 1]]
    assert ps_crop_and_resize_backward(none, box, (1, 0, 4, 4), group_size=2**20).shape == (1, 0, 4, 4)
    nothing = np.zeros((0, 3, 2, 2))
    assert ps_crop_and_resize_backward(nothing, [], (0, 12, 4, 4), group_size=2).shape == (0, 12, 4, 4)


def test_channels_and_rows_that_do_not_fit():
    box = [[0, 0, 0, 1, 1]]
    with pytest.raises(ValueError, match=r"^input_shape must have channels in 2 × 2 groups, a multiple of 4"):
        ps_crop_and_resize_backward(np.zeros((1, 1, 2, 2)), box, (1, 6, 4, 4), group_size=2)
    with pytest.raises(ValueError, match=r"for each 2 × 2 of the map: it has 3, and input_shape has 8$"):
        ps_crop_and_resize_backward(np.zeros((1, 3, 2, 2)), box, (1, 8, 4, 4), group_size=2)
    with pytest.raises(ValueError, match="one row for each box: it has 2, and rois has 1"):
        ps_crop_and_resize_backward(np.zeros((2, 1, 2, 2)), box, (1, 4, 4, 4), group_size=2)
